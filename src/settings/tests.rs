//! What was meant, over all the layers at once.

use super::*;

fn world(directory: &tempfile::TempDir, variables: &[(&str, &str)]) -> World {
    let mut world = World::bare(directory.path().to_owned());
    for (name, value) in variables {
        world.variables.insert((*name).to_owned(), (*value).to_owned());
    }
    world
}

fn scratch(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        std::fs::write(directory.path().join(name), text).expect("written");
    }
    directory
}

fn complaint(given: &Given) -> UserError {
    Settings::resolve(given, &world(&scratch(&[]), &[])).expect_err("impossible")
}

#[test]
fn nothing_said_gives_the_defaults() {
    let directory = scratch(&[]);
    let settings = Settings::resolve(&Given::default(), &world(&directory, &[])).expect("resolved");
    assert_eq!(settings.endpoint.value.base_url(), DEFAULT_BASE_URL);
    assert_eq!(settings.endpoint.value.api_version, DEFAULT_API_VERSION);
    assert_eq!(settings.endpoint.origin, Origin::Default);
    assert!(settings.model.is_none() && settings.env_file.is_none() && settings.facts.is_empty());
    assert_eq!(settings.budget, Budget::default());
    assert_eq!(settings.without_key, WithoutKey::Fail);
}

#[test]
fn the_model_is_taken_from_the_first_layer_that_names_one() {
    let directory = scratch(&[
        (".env", "X=1\nGEMINI_MODEL=models/from-dotenv\n"),
        ("config.toml", "model = 'from-config'\n[profile.p]\nmodel = 'from-profile'\n"),
    ]);
    let model = |given: &Given, variables: &[(&str, &str)], env_file: bool| {
        let mut world = world(&directory, variables);
        world.config_file = Some(directory.path().join("config.toml"));
        if !env_file {
            world.directory = std::path::PathBuf::from("/nowhere");
        }
        let model = Settings::resolve(given, &world).expect("resolved").model.expect("a model");
        (model.value, model.origin.to_string())
    };
    let pair = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    let variable = &[("GEMINI_MODEL", "from-variable")][..];
    let (bare, profile) =
        (Given::default(), Given { profile: Some("p".into()), ..Given::default() });
    let flag = Given { model: Some("models/from-flag".into()), ..profile.clone() };
    assert_eq!(model(&flag, variable, true), pair("from-flag", "--model"));
    assert_eq!(model(&profile, variable, true), pair("from-profile", "profile:p"));
    assert_eq!(model(&bare, variable, true), pair("from-variable", "env:GEMINI_MODEL"));
    assert_eq!(
        model(&bare, &[("GEMINI_MODEL", "")], true),
        pair("from-dotenv", ".env:2 GEMINI_MODEL")
    );
    let config = format!("config:{}", directory.path().join("config.toml").display());
    assert_eq!(model(&bare, &[], false), pair("from-config", &config));
}

#[test]
fn the_endpoint_is_taken_apart_or_explained() {
    let directory = scratch(&[]);
    let given = Given {
        base_url: Some("https://gateway.example/gemini/".into()),
        api_version: Some("none".into()),
        ..Given::default()
    };
    let settings = Settings::resolve(&given, &world(&directory, &[])).expect("resolved");
    assert_eq!(settings.endpoint.value.path("models"), "/gemini/models");
    assert_eq!(settings.endpoint.origin.to_string(), "--base-url");
    for (url, part) in [("gateway.example", "scheme"), ("https://u:hunter2@h", "password")] {
        let error = complaint(&Given { base_url: Some(url.into()), ..Given::default() });
        assert!(error.what.contains("--base-url") && error.what.contains(part), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    for version in ["", "v1 beta", "v1?x"] {
        let error = complaint(&Given { api_version: Some(version.into()), ..Given::default() });
        assert!(error.what.contains("--api-version"), "{error}");
    }
}

#[test]
fn a_login_goes_nowhere_without_tls() {
    let given = |url: &str| Given {
        api: Some(ApiChoice::Vertex),
        project: Some("example-project".to_owned()),
        base_url: Some(url.to_owned()),
        ..Given::default()
    };
    assert!(complaint(&given("http://gateway.example")).to_string().contains("without TLS"));
    for url in ["https://gateway.example", "http://127.0.0.1:8080"] {
        assert!(Settings::resolve(&given(url), &world(&scratch(&[]), &[])).is_ok(), "{url}");
    }
}

#[test]
fn base_url_variables_are_reported_and_not_obeyed() {
    let directory = scratch(&[(".env", "GOOGLE_GEMINI_BASE_URL=https://other.example\n")]);
    let variables = [("GOOGLE_GEMINI_BASE_URL", "https://gateway.example")];
    let settings = Settings::resolve(&Given::default(), &world(&directory, &variables));
    let settings = settings.expect("resolved");
    assert_eq!(settings.endpoint.value.base_url(), DEFAULT_BASE_URL);
    let facts: Vec<LocalFact> = settings.local_facts().map(|(fact, _)| *fact).collect();
    assert_eq!(facts, [LocalFact::NoKey, LocalFact::DotenvSetting, LocalFact::BaseUrlVariable]);
}

#[test]
fn impossible_values_name_their_option() {
    let bare = Given::default;
    for (given, part) in [
        (Given { model: Some(String::new()), ..bare() }, "--model: it is empty"),
        (Given { model: Some("models/".into()), ..bare() }, "--model: it is empty"),
        (Given { max_requests: Some(0), ..bare() }, "--max-requests"),
        (Given { max_tokens: Some(0), ..bare() }, "--max-tokens"),
        (Given { deadline: Some(0.0), ..bare() }, "--deadline"),
        (
            Given { models_file: Some("missing.toml".into()), ..bare() },
            "missing.toml: no such file",
        ),
        (Given { env_file: Some("missing.env".into()), ..bare() }, "--env-file"),
        (Given { profile: Some("p".into()), ..bare() }, "the profile \"p\""),
    ] {
        let error = complaint(&given);
        assert!(error.what.contains(part) && !error.hint.is_empty(), "{error}");
        assert_eq!(error.exit.code(), 2);
    }
}

#[test]
fn a_simulation_refuses_what_reads_this_machine() {
    let simulated = || Given { simulate: Some("healthy".into()), ..Given::default() };
    for (given, option) in [
        (Given { key_file: Some("k".into()), ..simulated() }, "--key-file"),
        (Given { key_stdin: true, ..simulated() }, "--key-stdin"),
        (Given { key_command: Some("c".into()), ..simulated() }, "--key-command"),
        (Given { env_file: Some("e".into()), ..simulated() }, "--env-file"),
        (Given { proxy: Some("http://p".into()), ..simulated() }, "--proxy"),
        (Given { resolve: vec!["h:443:127.0.0.1".into()], ..simulated() }, "--resolve"),
    ] {
        let error = complaint(&given);
        assert!(error.what.contains(&format!("{option} with --simulate")), "{error}");
    }
    let directory = scratch(&[]);
    assert!(Settings::resolve(&simulated(), &world(&directory, &[])).is_ok());
}

#[test]
fn a_seed_is_kept_and_otherwise_drawn() {
    let directory = scratch(&[]);
    let seed =
        |given: &Given| Settings::resolve(given, &world(&directory, &[])).expect("resolved").seed;
    assert_eq!(seed(&Given { seed: Some(7), ..Given::default() }), 7);
    assert_ne!(seed(&Given::default()), seed(&Given::default()));
}

#[test]
fn odd_files_and_variables_are_remarked_on() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(directory.path().join(".env")).expect("made");
    let mut world = world(&directory, &[]);
    world.not_unicode = vec!["HTTPS_PROXY".into(), "UNRELATED".into()];
    let settings = Settings::resolve(&Given::default(), &world).expect("resolved");
    assert_eq!(
        settings.remarks,
        [".env was not read: it is a directory", "the value of HTTPS_PROXY is not Unicode"]
    );
}

#[test]
fn debug_shows_no_secret() {
    let directory = scratch(&[(".env", "GEMINI_API_KEY=AQ.FAKE-hunter2\n")]);
    let given = Given { proxy: Some("http://u:hunter2@p".into()), ..Given::default() };
    let variables = [("GOOGLE_API_KEY", "AQ.FAKE-hunter2-too")];
    let settings = Settings::resolve(&given, &world(&directory, &variables)).expect("resolved");
    assert!(!format!("{settings:?}").contains("hunter2"), "{settings:?}");
}

#[test]
fn every_variable_read_in_this_room_is_in_the_table() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("world.rs"),
        include_str!("output.rs"),
        include_str!("sdk.rs"),
        include_str!("trust.rs"),
        include_str!("network.rs"),
        include_str!("key.rs"),
    ];
    let name = |quoted: &str| {
        let upper = |letter: char| letter.is_ascii_uppercase() || letter == '_';
        quoted.len() > 3 && quoted.chars().all(upper)
    };
    for source in sources {
        let code = source.split("mod tests {").next().unwrap_or_default();
        for word in code.split('"').skip(1).step_by(2).filter(|word| name(word)) {
            // A label of PEM, and the one word that looks like a variable without being one.
            let known = variables::find(word).is_some() || word == "CERTIFICATE";
            assert!(known, "{word}");
        }
    }
}
