use crate::{
    facts::models::ModelTable,
    lint::{Given, look},
};

use super::RULES;

/// A conversation in short: `u` is a text of the user, `m` one of the model; `f1+g2` are calls of f and g with the ids 1 and 2,
/// and `<f1+g2` their responses. What is found, as "rule at place".
fn told(model: &str, turns: &str) -> Vec<String> {
    let contents: Vec<String> = turns.split_whitespace().map(turn).collect();
    let body = format!("{{\"contents\": [{}]}}", contents.join(", "));
    let table = ModelTable::embedded();
    let given = Given {
        model: Some(model).filter(|model| !model.is_empty()),
        ..Given::on(&table, "2026-11-20")
    };
    let looked = look(&body, &given);
    let of_this_topic = looked
        .findings
        .iter()
        .filter(|finding| RULES.iter().any(|rule| rule.id == finding.rule.id));
    let short = |path: &str| path.replace("contents", "").replace("parts", "");
    of_this_topic.map(|finding| format!("{} {}", finding.rule.id, short(&finding.path))).collect()
}

fn turn(word: &str) -> String {
    let text = |role| format!("{{\"role\": \"{role}\", \"parts\": [{{\"text\": \"x\"}}]}}");
    match word {
        "u" => return text("user"),
        "m" => return text("model"),
        _ => {}
    }
    let (role, member, names) = match word.strip_prefix('<') {
        Some(names) => ("user", "functionResponse", names),
        None => ("model", "functionCall", word),
    };
    let parts: Vec<String> = names.split('+').map(|name| part(member, name)).collect();
    format!("{{\"role\": \"{role}\", \"parts\": [{}]}}", parts.join(", "))
}

fn part(member: &str, name: &str) -> String {
    let (name, id) = name.split_at(1);
    let id = if id.is_empty() { String::new() } else { format!(", \"id\": \"{id}\"") };
    format!("{{\"{member}\": {{\"name\": \"{name}\"{id}}}, \"thoughtSignature\": \"QUJD\"}}")
}

#[test]
fn calls_and_responses_belong_together() {
    for (turns, expected) in [
        ("u f <f", &[][..]),
        ("u f <f g <g m u", &[]),
        ("u f1+f2 <f2+f1", &[]),
        ("u f+g <g+f u", &[]),
        ("u f <f u f <f", &[]),
        ("f <f", &["call-out-of-place [0].[0].functionCall"]),
        ("u m f <f", &["call-out-of-place [2].[0].functionCall"]),
        ("<f", &["response-without-call [0].[0].functionResponse"]),
        ("u <f", &["response-without-call [1].[0].functionResponse"]),
        ("u f <f <f", &["response-without-call [3].[0].functionResponse"]),
        (
            "u f u <f",
            &[
                "call-without-response [1].[0].functionCall",
                "response-without-call [3].[0].functionResponse",
            ],
        ),
        ("u f g <g", &["call-without-response [1].[0].functionCall"]),
        ("u f+g <f", &["response-count [2]."]),
        ("u f+g+f <f <g <f", &["response-count [2]."]),
        ("u f+g <f u", &["response-count [2]."]),
        ("u f <f+f", &["response-count [2].[1].functionResponse"]),
        ("u f", &["history-ends-with-call-later-refused [1].[0].functionCall"]),
        ("u f <g", &["response-matches-no-call-later-refused [2].[0].functionResponse.name"]),
        ("u f1 <f2", &["response-matches-no-call-later-refused [2].[0].functionResponse.id"]),
        ("u f1 <f", &["response-matches-no-call-later-refused [2].[0].functionResponse"]),
        ("u f <f1", &[]),
        ("u f1+f1 <f1+f1", &["call-id-repeated [1].[1].functionCall.id"]),
        (
            "u f1+g2 <g1+f2",
            &[
                "response-matches-no-call-later-refused [2].[0].functionResponse.id",
                "response-matches-no-call-later-refused [2].[1].functionResponse.id",
            ],
        ),
    ] {
        assert_eq!(told("gemini-2.5-flash", turns), expected, "{turns}");
        assert_eq!(told("", turns), expected, "{turns}");
    }
}

#[test]
fn later_models_refuse_what_earlier_ones_take() {
    for (model, turns, expected) in [
        ("gemini-3.5-flash", "u f", "history-ends-with-call-later-refused"),
        ("gemini-3.6-flash", "u f", "history-ends-with-call"),
        ("gemini-3.5-flash", "u f <g", "response-matches-no-call"),
        ("gemini-3.6-flash", "u f1 <f2", "response-matches-no-call"),
        ("gemini-3.6-flash", "u f1 <f", "response-matches-no-call-later-refused"),
        ("gemini-3.8-flash", "u f1 <f2", "response-matches-no-call"),
        ("gemini-3.8-flash", "u f <f1", "response-matches-no-call"),
        ("gemini-9-flash", "u f1 <f2", "response-matches-no-call-later-refused"),
    ] {
        let told = told(model, turns);
        let ids: Vec<_> = told.iter().filter_map(|told| told.split(' ').next()).collect();
        assert_eq!(ids, [expected], "{model}: {turns}");
    }
}

#[test]
fn what_was_cut_off_lacks_nothing() {
    let table = ModelTable::embedded();
    let given = Given { model: Some("gemini-3.8-flash"), ..Given::on(&table, "2026-11-20") };
    let whole = format!("{{\"contents\": [{}, {}, {}]}}", turn("u"), turn("f+g"), turn("<f+g"));
    for end in 1..whole.len() {
        let looked = look(&whole[..end], &given);
        let told: Vec<_> = looked
            .findings
            .iter()
            .filter(|finding| RULES.iter().any(|rule| rule.id == finding.rule.id))
            .map(|finding| finding.rule.id)
            .collect();
        assert!(told.is_empty(), "{told:?}: {}", &whole[..end]);
    }
}
