//! Values of another type than their field's: a text for a number, an unknown word, one object for a list.

use crate::facts::{
    Severity::{Error, Warning},
    nearest,
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind,
    rule::{Rule, bad, good},
    shape::{Field, Holds, Words},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] =
    &[&WRONG_TYPE, &UNKNOWN_WORD, &WORD_CASE, &LIST_FOR_ONE, &ONE_FOR_LIST];

const API_PAGE: &str = "https://ai.google.dev/api/generate-content";
const JSON_PAGE: &str = "https://protobuf.dev/programming-guides/json/";
const FLASH: &str = "gemini-3.8-flash";

pub(super) const WRONG_TYPE: Rule = Rule {
    id: "value-of-wrong-type",
    title: "A value has another type than its field",
    severity: Error,
    fix: Some("field-value-refused"),
    answer: "Invalid value at '…' (TYPE_…), …",
    why: "Each field has one type. Numbers may be written as texts, and nothing else is converted.",
    docs: &[JSON_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"maxOutputTokens": 1.5}}"#,
            "generationConfig.maxOutputTokens",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": 5}]}]}"#,
            "contents[0].parts[0].text",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": "Be brief"}"#,
            "systemInstruction",
        ),
        bad(FLASH, r#"{"contents": "hello"}"#, "contents"),
        bad(
            "gemini-2.5-flash",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"topK": 40.5}}"#,
            "generationConfig.topK",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": 1.5}]}"#,
            "safetySettings[0].threshold",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": 1.5}}}"#,
            "generationConfig.responseSchema.type",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT", "properties": {"b": "string"}}}}"#,
            "generationConfig.responseSchema.properties.b",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"city": [{"type": "STRING"}]}}}]}]}"#,
            "tools[0].functionDeclarations[0].parameters.properties.city",
        ),
    ],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "5"}]}], "generationConfig": {"maxOutputTokens": "90", "topK": 40.0, "seed": null}, "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": 1}]}"#,
        ),
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT", "properties": {"b": {"type": "STRING"}}}}}"#,
        ),
    ],
};

const UNKNOWN_WORD: Rule = Rule {
    id: "word-unknown",
    title: "A word is none of those that its field takes",
    severity: Error,
    fix: Some("field-value-refused"),
    answer: "Invalid value at '…' (type.googleapis.com/…), \"…\"",
    why: "The field takes the words of a closed list, exactly as they are written there.",
    docs: &[API_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "toolConfig": {"functionCallingConfig": {"mode": "REQUIRED"}}}"#,
            "toolConfig.functionCallingConfig.mode",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "NONE"}]}"#,
            "safetySettings[0].threshold",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "toolConfig": {"functionCallingConfig": {"mode": "NONE"}}, "generationConfig": {"thinkingConfig": {"thinkingLevel": "low"}}}"#,
    )],
};

const WORD_CASE: Rule = Rule {
    id: "word-in-other-case",
    title: "A word is written in another case than the published one",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Samples of Google's own write some words in small letters, so that they seem to be taken; the published lists have capitals, and SDKs and gateways may insist on them.",
    docs: &[API_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "toolConfig": {"functionCallingConfig": {"mode": "none"}}}"#,
            "toolConfig.functionCallingConfig.mode",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"mediaResolution": "media_resolution_low"}}"#,
            "generationConfig.mediaResolution",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}], "generationConfig": {"thinkingConfig": {"thinkingLevel": "low"}}}"#,
    )],
};

const LIST_FOR_ONE: Rule = Rule {
    id: "list-for-one-value",
    title: "A list stands where one value belongs",
    severity: Error,
    fix: Some("field-value-refused"),
    answer: "Invalid JSON payload received. Proto field is not repeating, cannot start list.",
    why: "The field holds one value.",
    docs: &[JSON_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": [{"temperature": 1}]}"#,
        "generationConfig",
    )],
    good: &[],
};

const ONE_FOR_LIST: Rule = Rule {
    id: "one-value-for-list",
    title: "One value stands where a list belongs",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Samples of Google's own show it for contents and parts, so that it seems to be taken; it is documented nowhere, and SDKs and gateways refuse it.",
    docs: &[API_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(FLASH, r#"{"contents": {"role": "user", "parts": {"text": "a"}}}"#, "contents")],
    good: &[good(FLASH, r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}"#)],
};

/// Looks at the value of a field of an object; whether what is in it can be looked at further.
pub(super) fn container(
    owner: Value<'_>,
    value: Value<'_>,
    field: &Field,
    found: &mut Findings<'_>,
) -> bool {
    match (value.kind(), field.is_list) {
        (Form::List, true) => {
            value.items().for_each(|item| {
                one(owner, item, field, found);
            });
            true
        }
        (Form::List, false) if !matches!(field.holds, Holds::Anything) => {
            list_for_one(value, field, found);
            false
        }
        (_, true) => {
            let fits = one(owner, value, field, found);
            if fits && !matches!(field.holds, Holds::Anything) {
                found.at(&ONE_FOR_LIST, value, || {
                    let list = edit::replace(value, format!("[{}]", value.raw()));
                    said(format!(
                        "{} holds a list, and this is {}",
                        field.name,
                        value.kind().words()
                    ))
                    .with(Correction::mechanical("Write a list of one", vec![list]))
                });
            }
            fits
        }
        (_, false) => one(owner, value, field, found),
    }
}

/// Looks at one of the objects that the caller named; whether what is in it can be looked at further. What is `null` stands for
/// nothing there as everywhere.
pub(super) fn named(value: Value<'_>, found: &mut Findings<'_>) -> bool {
    let form = value.kind();
    if !matches!(form, Form::Object | Form::Null | Form::Other) {
        found.at(&WRONG_TYPE, value, || {
            let name = value.name().unwrap_or_default();
            said(format!("{name} holds an object, and this is {}", told(value)))
        });
    }
    form == Form::Object
}

fn list_for_one(value: Value<'_>, field: &Field, found: &mut Findings<'_>) {
    // Several types are told by the rules of schemas, which know what they are short for.
    if matches!(field.holds, Holds::Word(words) if words.name == "Type") {
        return;
    }
    found.at(&LIST_FOR_ONE, value, || {
        let mut items = value.items();
        let only = items.next().filter(|_| items.next().is_none());
        said(format!("{} holds one value, and this is a list", field.name)).with_any(only.map(
            |item| {
                Correction::mechanical(
                    "Write the one value",
                    vec![edit::replace(value, item.raw())],
                )
            },
        ))
    });
}

/// Whether one value fits its field; what does not is told.
fn one(owner: Value<'_>, value: Value<'_>, field: &Field, found: &mut Findings<'_>) -> bool {
    if fits(value, field.holds) {
        return true;
    }
    // What is no JSON was told.
    if matches!(value.kind(), Form::Other) {
        return false;
    }
    match field.holds {
        Holds::Word(words) if value.kind() == Form::Text => {
            if let Some(word) = words.but_for_case(value) {
                word_case(value, word, found);
                return true;
            }
            unknown_word(value, field, words, found);
        }
        _ => found.at(&WRONG_TYPE, value, || {
            said(format!(
                "{} holds {}, and this is {}",
                field.name,
                expected(field.holds),
                told(value)
            ))
            .with_any(converted(owner, value, field))
        }),
    }
    false
}

fn fits(value: Value<'_>, holds: Holds) -> bool {
    let form = value.kind();
    match holds {
        Holds::Text | Holds::Bytes => form == Form::Text,
        Holds::Flag => form == Form::Flag,
        Holds::Int32 => is_whole_of_32_bits(value),
        Holds::Int64 => is_whole(value, -9.3e18, 9.3e18),
        Holds::Number => value.number_in_any_form().is_some(),
        Holds::Word(words) => {
            let is_number = form == Form::Number && is_whole_of_32_bits(value);
            is_number || value.quoted().is_some_and(|word| words.has(word))
        }
        Holds::Object(_) | Holds::Named(_) | Holds::Struct => form == Form::Object,
        Holds::Anything => true,
    }
}

fn is_whole_of_32_bits(value: Value<'_>) -> bool {
    is_whole(value, f64::from(i32::MIN), f64::from(i32::MAX))
}

fn is_whole(value: Value<'_>, least: f64, most: f64) -> bool {
    value
        .number_in_any_form()
        .is_some_and(|number| number.fract() == 0.0 && (least..=most).contains(&number))
}

impl Words {
    fn has(&self, word: &str) -> bool {
        let is =
            |own: &&str| if self.any_case { own.eq_ignore_ascii_case(word) } else { *own == word };
        self.words.iter().any(is)
    }

    /// The word that a text is but for its case.
    fn but_for_case(&self, value: Value<'_>) -> Option<&'static str> {
        let text = value.text()?;
        self.words.iter().copied().find(|own| own.eq_ignore_ascii_case(&text))
    }
}

fn expected(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "a text",
        Holds::Bytes => "a text in base64",
        Holds::Flag => "true or false",
        Holds::Int32 => "a whole number of 32 bits",
        Holds::Int64 => "a whole number",
        Holds::Number => "a number",
        Holds::Word(_) => "a word",
        Holds::Object(_) | Holds::Named(_) | Holds::Struct => "an object",
        Holds::Anything => "anything",
    }
}

fn told(value: Value<'_>) -> String {
    match value.kind() {
        Form::Number => value.raw().chars().take(30).collect(),
        form => form.words().to_owned(),
    }
}

/// What to do about a text that a program wrote in the place of an object: what was in it is lost.
fn lost_object(value: Value<'_>) -> Option<&'static str> {
    let text = value.quoted()?;
    let is_of_powershell = ["System.Collections.", "System.Object", "System.Management.", "@{"]
        .iter()
        .any(|start| text.starts_with(start));
    match text {
        "[object Object]" => Some(
            "Put the object itself in, and make a text of the whole body once, with JSON.stringify",
        ),
        _ if is_of_powershell => Some(
            "Give ConvertTo-Json a -Depth of 20: by itself it writes two levels, and below them such words",
        ),
        _ => None,
    }
}

/// The same value in the field's type, where there is only one way to write it.
fn converted(owner: Value<'_>, value: Value<'_>, field: &Field) -> Option<Correction> {
    if is_word_of_another_type(owner, field) {
        return Some(Correction::advice(
            "Make it a STRING with texts in enum, or say the values in the description",
        ));
    }
    if let (Holds::Object(_) | Holds::Named(_) | Holds::Struct, Some(advice)) =
        (field.holds, lost_object(value))
    {
        return Some(Correction::advice(advice));
    }
    let text = match (field.holds, value.kind()) {
        (Holds::Text, Form::Number | Form::Flag) => edit::quoted(value.raw()),
        (Holds::Flag, Form::Text) if matches!(value.quoted(), Some("true" | "false")) => {
            value.quoted()?.to_owned()
        }
        (Holds::Object(message), Form::Text) if message.name == "Content" => {
            let turn = format!("{{\"parts\": [{{\"text\": {}}}]}}", value.raw());
            if field.is_list { turn.replacen('{', "{\"role\": \"user\", ", 1) } else { turn }
        }
        (Holds::Object(message), Form::Text) if message.name == "Part" => {
            format!("{{\"text\": {}}}", value.raw())
        }
        _ => return None,
    };
    let words = format!("Write it as {}", expected(field.holds));
    Some(Correction::mechanical(words, vec![edit::replace(value, text)]))
}

fn word_case(value: Value<'_>, word: &'static str, found: &mut Findings<'_>) {
    found.at(&WORD_CASE, value, || {
        let edits = vec![edit::replace(value, edit::quoted(word))];
        said(format!("{} is not the published spelling, which is {word}", value.raw()))
            .with(Correction::mechanical(format!("Write {word}"), edits))
    });
}

/// Whether words are listed for a schema of numbers and the like: as texts they would be refused there all the same.
fn is_word_of_another_type(owner: Value<'_>, field: &Field) -> bool {
    let kind = || kind::field(owner, "type");
    let is_string =
        |kind: Value<'_>| kind.quoted().is_some_and(|word| word.eq_ignore_ascii_case("string"));
    field.name == "enum" && kind().is_some_and(|kind| !is_string(kind))
}

fn unknown_word(value: Value<'_>, field: &Field, words: &Words, found: &mut Findings<'_>) {
    let Some(word) = value.text() else { return };
    found.at(&UNKNOWN_WORD, value, || {
        let meant = meant(&word, words);
        let list = words
            .words
            .iter()
            .filter(|word| !word.ends_with("UNSPECIFIED"))
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        said(format!("{} takes {list}, and not {word:?}", field.name)).with_any(meant.map(|word| {
            Correction::mechanical(
                format!("Write {word}"),
                vec![edit::replace(value, edit::quoted(word))],
            )
        }))
    });
}

/// The word that was probably meant: with other signs between its words, without its beginning, or misspelt.
fn meant(word: &str, words: &Words) -> Option<&'static str> {
    let upper = word.to_ascii_uppercase().replace(['-', ' '], "_");
    let known = words.words.iter().copied().filter(|own| !own.ends_with("UNSPECIFIED"));
    let same = known.clone().find(|own| own.eq_ignore_ascii_case(&upper));
    let mut ending =
        known.clone().filter(|own| upper.len() > 2 && own.ends_with(&format!("_{upper}")));
    let only = ending.next().filter(|_| ending.next().is_none());
    let list: Vec<&str> = known.collect();
    same.or(only)
        .or_else(|| nearest(&upper, &list).filter(|name| name.len() > 4 && upper.len() > 4))
}

#[cfg(test)]
mod tests {
    use crate::facts::models::ModelTable;
    use crate::lint::{Given, fix, look};

    /// Whether the number in a schema's enum is told with a correction that a program may make.
    fn is_mechanical(kind: &str) -> bool {
        let body = format!(
            r#"{{"contents": [{{"role": "user", "parts": [{{"text": "a"}}]}}], "generationConfig": {{"responseMimeType": "application/json", "responseSchema": {{{kind}"enum": [1]}}}}}}"#
        );
        let table = ModelTable::embedded();
        let looked = look(&body, &Given::on(&table, "2026-11-20"));
        let told = looked.findings.iter().find(|finding| finding.rule.id == "value-of-wrong-type");
        told.unwrap().correction.as_ref().unwrap().is_mechanical
    }

    #[test]
    fn numbers_of_an_enum_become_texts_only_where_the_type_is_one() {
        assert!(is_mechanical(r#""type": "STRING", "#));
        assert!(is_mechanical(""));
        assert!(!is_mechanical(r#""type": "INTEGER", "#));
        assert!(!is_mechanical(r#""type": "number", "#));
    }

    #[test]
    fn an_object_that_a_program_lost_is_not_made_up_again() {
        let table = ModelTable::embedded();
        let given = Given { model: Some(super::FLASH), ..Given::on(&table, "2026-11-20") };
        for (word, expected) in [
            ("System.Collections.Hashtable", "-Depth"),
            ("@{text=hi}", "-Depth"),
            ("[object Object]", "JSON.stringify"),
            ("hi", "Write it as an object"),
        ] {
            let body =
                format!("{{\"contents\": [{{\"role\": \"user\", \"parts\": [\"{word}\"]}}]}}");
            let looked = look(&body, &given);
            let [finding] = &looked.findings[..] else { panic!("{:?}", looked.findings) };
            let correction = finding.correction.as_ref().expect("what to do");
            assert!(correction.words.contains(expected), "{}", correction.words);
            assert_eq!(fix(&body, &given).text == body, word != "hi", "{word}");
        }
    }
}
