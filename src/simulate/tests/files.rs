//! Scenario files: the documented example runs, and mistakes are told with their line.

use super::super::{find, parse_file};
use super::{ask, start_scenario};

const EXAMPLE: &str = include_str!("../bodies/example.toml");

#[test]
fn the_example_says_what_it_says() {
    let scenario = parse_file(EXAMPLE).unwrap();
    assert_eq!((scenario.id, scenario.layer, scenario.exit), ("rainy-monday", "backend", 3));
    assert_eq!(scenario.fix, Some("alias-backend-missing"));
    assert_eq!(scenario.command, ["doctor", "--model", "gemini-3.5-flash"]);
    assert_eq!(scenario.seed, 7);
}

#[tokio::test]
async fn the_example_runs() {
    let simulation = start_scenario(&parse_file(EXAMPLE).unwrap());
    let began = std::time::Instant::now();
    assert_eq!(ask(&simulation, "GET /v1beta/models", "").await.status, 200);
    assert!(began.elapsed().as_millis() >= 20);
    let count = "POST /v1beta/models/gemini-3.5-flash:countTokens";
    let body = "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}";
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(ask(&simulation, count, body).await.status);
    }
    assert_eq!(statuses, [200, 200, 503]);
    let generate = "POST /v1beta/models/gemini-3.5-flash:generateContent";
    assert_eq!(ask(&simulation, generate, body).await.status, 200);
    let gone = ask(&simulation, generate, body).await;
    assert_eq!(gone.message(), "Model not found: models/gemini-3.5-flash-b2");
    let dotenv = std::fs::read_to_string(simulation.client().directory.join(".env")).unwrap();
    assert_eq!(dotenv, "GEMINI_MODEL=gemini-3.5-flash\n");
}

#[test]
fn an_almost_empty_file_is_a_healthy_world() {
    let scenario = parse_file("id = \"mine\"").unwrap();
    let healthy = find("healthy").unwrap();
    assert_eq!((scenario.exit, scenario.fix, scenario.command), (0, None, healthy.command));
    assert_eq!(scenario.local.variables, healthy.local.variables);
}

#[test]
fn mistakes_are_told_with_their_line() {
    let error = |text: &str| parse_file(text).unwrap_err();
    assert!(error("id = \"x\"\nexxit = 3").starts_with("line 2: unknown field `exxit`"));
    assert!(error("id = \"x\"\nexit = \"three\"").starts_with("line 2: invalid type"));
    assert!(error("summary = \"x\"").contains("missing field `id`"));
    assert!(error("id = \"No Good\"").contains("`No Good`"));
    let act = error("id = \"x\"\n[[rules]]\nact = \"explode\"");
    assert!(act.contains("line 3") && act.contains("an act is"), "{act}");
    let status = error("id = \"x\"\n[[rules]]\nact = { status = 99 }");
    assert_eq!(status, "rule 1: status 99 is not between 200 and 999");
    let header = error("id = \"x\"\n[[rules]]\nact = { status = 200, type = \"a\\nb\" }");
    assert!(header.contains("not a legal header"));
    let alias = error("id = \"x\"\n[[aliases]]\nmodel = \"gemini-3.5-flash\"\nbuilds = []");
    assert_eq!(alias, "alias `gemini-3.5-flash` has no build that could be picked");
    let alias = error("id = \"x\"\n[[aliases]]\nmodel = \"m\"\nbuilds = []");
    assert_eq!(alias, "alias `m` is not a model that the simulator lists");
    assert!(error("id = \"x\"\nproxy = \"work\"").contains("no URL"));
}
