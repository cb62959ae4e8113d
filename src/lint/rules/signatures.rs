//! Thought signatures: that the calls of the current turn come back with theirs, and that none was altered on the way.

use crate::facts::{Severity::Error, accepts::Line};

use crate::lint::{
    document::{Form, Value},
    finding::{Correction, Findings, said},
    kind::{Kind, field},
    request::Request,
    rule::{Rule, bad, good},
};

use super::{
    media,
    parts::{Held, each_part, is_cut, turns},
    turns::{Role, role_of},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[&LACKING, &ALTERED];

const SIGNATURES_PAGE: &str = "https://ai.google.dev/gemini-api/docs/thought-signatures";
const FLASH: &str = "gemini-3.8-flash";

const LACKING: Rule = Rule {
    id: "signature-missing",
    title: "A call came back without its thought signature",
    severity: Error,
    fix: Some("thought-signature-missing"),
    answer: "Function call is missing a thought_signature in functionCall parts.",
    why: "From Gemini 3 on, the first call of each turn of the model since the user's last word carries a thoughtSignature beside it, which comes back as it was. Calls after it in the same turn have none, and those of earlier turns are not looked at.",
    docs: &[SIGNATURES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
            "contents[1].parts[0].functionCall",
        ),
        bad(
            "gemini-3-flash-preview",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}, {"function_call": {"name": "f"}}, {"function_call": {"name": "g"}, "thought_signature": "QUJD"}]}, {"role": "user", "parts": [{"function_response": {"name": "f", "response": {}}}, {"function_response": {"name": "g", "response": {}}}]}]}"#,
            "contents[1].parts[1].function_call",
        ),
    ],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}, {"role": "model", "parts": [{"text": "b"}]}, {"role": "user", "parts": [{"text": "c"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": "QUJD"}, {"functionCall": {"name": "f"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}, {"functionResponse": {"name": "f", "response": {}}}]}]}"#,
        ),
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"function_call": {"name": "f"}, "thought_signature": "skip_thought_signature_validator"}]}, {"role": "user", "parts": [{"function_response": {"name": "f", "response": {}}}]}]}"#,
        ),
        good(
            "gemini-2.5-flash",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
        ),
        good(
            "gemini-3-pro-image",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
        ),
    ],
};
const ALTERED: Rule = Rule {
    id: "signature-not-base64",
    title: "A thought signature is no base64",
    severity: Error,
    fix: Some("thought-signature-not-base64"),
    answer: "Invalid value at 'contents[…].parts[…].thought_signature' (TYPE_BYTES), Base64 decoding failed for \"…\"",
    why: "A signature comes back letter by letter. One that is no base64 was cut, joined from the pieces of a stream, or encoded once more.",
    docs: &[SIGNATURES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b", "thoughtSignature": "QUJ…"}]}, {"role": "user", "parts": [{"text": "c"}]}]}"#,
            "contents[1].parts[0].thoughtSignature",
        ),
        bad(
            "",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b", "thought_signature": "QUI=QUI="}]}, {"role": "user", "parts": [{"text": "c"}]}]}"#,
            "contents[1].parts[0].thought_signature",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b", "thoughtSignature": "context_engineering_is_the_way_to_go"}, {"text": "c", "thoughtSignature": "a\/-_Zw=="}]}, {"role": "user", "parts": [{"text": "c"}]}]}"#,
    )],
};

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let are_required = are_required(request);
    let mut lacking: Vec<Value<'_>> = Vec::new();
    for turn in turns(request) {
        let of_user = matches!(role_of(turn), Role::User | Role::Function | Role::Missing);
        let mut is_first = true;
        for part in each_part(turn) {
            let held = Held::of(part);
            held.signature.into_iter().for_each(|signature| altered(signature, found));
            match held.call() {
                Some(call) if is_first => {
                    is_first = false;
                    lacking.extend(is_lacking(part, call, &held).then_some(call));
                }
                // The user's word begins a new turn; what was before it is not looked at.
                None if of_user && held.response().is_none() => lacking.clear(),
                _ => {}
            }
        }
    }
    for call in lacking.into_iter().filter(|_| are_required) {
        found.at_name(&LACKING, call, || told(call));
    }
}

/// Whether the model is known to want them.
fn are_required(request: &Request<'_>) -> bool {
    let wants = |line| matches!(line, Line::Text | Line::Pro);
    request.is_since(3, 0)
        && request.kind != Kind::Count
        && request.accepts.is_some_and(|accepts| wants(accepts.line))
}

/// Whether a call has none; one that stands in it is told as a name that is unknown there.
fn is_lacking(part: Value<'_>, call: Value<'_>, held: &Held<'_>) -> bool {
    let is_there = held.signature.is_some_and(|signature| signature.quoted() != Some(""));
    let is_within = field(call, "thoughtSignature").is_some();
    !is_there && !is_within && call.kind() == Form::Object && !is_cut(part)
}

fn told(call: Value<'_>) -> crate::lint::finding::Said {
    let name = field(call, "name").and_then(Value::text).unwrap_or_default();
    said(format!("the call of {name:?} has no thoughtSignature beside it")).with(
        Correction::advice(
            "Send the part back as it came, thoughtSignature included; for a call that no Gemini 3 model made the documented value is skip_thought_signature_validator",
        ),
    )
}

fn altered(signature: Value<'_>, found: &mut Findings<'_>) {
    let Some(quoted) = signature.quoted().filter(|_| signature.kind() == Form::Text) else {
        return;
    };
    let Err(broken) = media::base64::check(quoted) else { return };
    if is_cut(signature) {
        return;
    }
    found.add(&ALTERED, signature.document(), media::place(signature, &broken), || {
        said(format!("the signature is no base64: {}", broken.words())).with(Correction::advice(
            "Keep the signature whole and with its own part; where it is lost, begin a new conversation",
        ))
    });
}

#[cfg(test)]
mod tests {
    use crate::{
        facts::models::ModelTable,
        lint::{Given, look},
    };

    use super::LACKING;

    /// A conversation in short: `u` is a text of the user, `m` one of the model, `f` a call without a signature, `s` one with
    /// it, `<` a response; letters that stand together are one turn. How many signatures are missed, and where the first is.
    fn lacking(model: &str, turns: &str) -> (usize, Option<String>) {
        let contents: Vec<String> = turns.split_whitespace().map(turn).collect();
        let body = format!("{{\"contents\": [{}]}}", contents.join(", "));
        let table = ModelTable::embedded();
        let given = Given {
            model: Some(model).filter(|model| !model.is_empty()),
            ..Given::on(&table, "2026-11-20")
        };
        let looked = look(&body, &given);
        let mut found = looked.findings.iter().filter(|finding| finding.rule.id == LACKING.id);
        let first = found.next().map(|finding| finding.path.clone());
        (found.count() + usize::from(first.is_some()), first)
    }

    fn turn(word: &str) -> String {
        let parts: Vec<&str> = word.chars().map(part).collect();
        let role = if word.contains(['u', '<']) { "user" } else { "model" };
        format!("{{\"role\": \"{role}\", \"parts\": [{}]}}", parts.join(", "))
    }

    fn part(letter: char) -> &'static str {
        match letter {
            'f' => r#"{"functionCall": {"name": "f"}}"#,
            's' => r#"{"functionCall": {"name": "f"}, "thoughtSignature": "QUJD"}"#,
            '<' => r#"{"functionResponse": {"name": "f", "response": {}}}"#,
            _ => r#"{"text": "x"}"#,
        }
    }

    #[test]
    fn only_the_first_calls_of_the_current_turn_need_signatures() {
        for (turns, expected) in [
            ("u s <", (0, None)),
            ("u sf <<", (0, None)),
            ("u f <", (1, Some("contents[1].parts[0].functionCall"))),
            ("u fs <<", (1, Some("contents[1].parts[0].functionCall"))),
            ("u mf <", (1, Some("contents[1].parts[1].functionCall"))),
            ("u s < f <", (1, Some("contents[3].parts[0].functionCall"))),
            ("u f < f <", (2, Some("contents[1].parts[0].functionCall"))),
            ("u f < m u", (0, None)),
            ("u f < m u s <", (0, None)),
            ("u f < m u f <", (1, Some("contents[5].parts[0].functionCall"))),
            ("u f <u", (0, None)),
            ("u m u", (0, None)),
        ] {
            let expected = (expected.0, expected.1.map(str::to_owned));
            assert_eq!(lacking("gemini-3.8-flash", turns), expected, "{turns}");
        }
    }

    #[test]
    fn nothing_is_claimed_of_models_that_do_not_want_them() {
        for (model, count) in [
            ("gemini-3-pro-preview", 1),
            ("gemini-3.1-pro-preview", 1),
            ("gemini-flash-latest", 1),
            ("gemini-2.5-pro", 0),
            ("gemini-3-pro-image-preview", 0),
            ("gemini-9-flash", 0),
            ("", 0),
        ] {
            assert_eq!(lacking(model, "u f <").0, count, "{model}");
        }
    }
}
