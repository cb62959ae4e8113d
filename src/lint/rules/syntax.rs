//! What makes a text no JSON, or JSON that parsers read differently.

use std::collections::HashSet;

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{Document, End, Fault, FaultKind, Form, Value},
    edit::quoted,
    finding::{Correction, Edit, Findings, said},
    rule::{Example, Rule, bad, good},
    shape::{Holds, Message},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &EMPTY,
    &CUT_OFF,
    &TRAILING_COMMA,
    &MISSING_COMMA,
    &MISSING_COLON,
    &COMMENT,
    &NOT_FINITE,
    &PYTHON_WORD,
    &SINGLE_QUOTES,
    &BARE_NAME,
    &CONTROL_CHARACTER,
    &BAD_ESCAPE,
    &LONE_SURROGATE,
    &BAD_NUMBER,
    &DUPLICATE_KEY,
    &DUPLICATE_KEY_INSIDE,
    &TOO_DEEP,
    &WRONG_END,
    &UNEXPECTED,
    &AFTER_THE_END,
    &BYTE_ORDER_MARK,
    &WIDE,
    &TOO_MANY_VALUES,
    &NO_OBJECT,
];

const FORMAT_PAGE: &str = "https://www.rfc-editor.org/rfc/rfc8259";
const FLASH: &str = "gemini-3.8-flash";
const GOOD: &[Example] = &[good(
    FLASH,
    r#"{"contents": [{"role": "user", "parts": [{"text": "a, 'b' // \\ \n NaN,"}]}]}"#,
)];

const fn no_json(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    bad: &'static [Example],
) -> Rule {
    Rule {
        id,
        title,
        severity: Error,
        fix: Some("invalid-argument-generic"),
        answer: "Invalid JSON payload received.",
        why,
        docs: &[FORMAT_PAGE],
        as_of: "2026-11-20",
        bad,
        good: GOOD,
    }
}

const EMPTY: Rule = no_json(
    "json-empty",
    "The body is empty",
    "A request without a body has no contents.",
    &[bad(FLASH, " \n", "$")],
);
const CUT_OFF: Rule = no_json(
    "json-cut-off",
    "The body ends in the middle of a value",
    "What was to come is missing: the file was cut, or a writer stopped. Nothing that may have stood behind it is judged.",
    &[bad(FLASH, r#"{"contents": [{"parts": [{"text": "a"#, "contents[0].parts[0].text")],
);
const TRAILING_COMMA: Rule = no_json(
    "json-trailing-comma",
    "A comma stands before the end of an object or a list",
    "JSON has commas between values only; JavaScript and Python take one more.",
    &[bad(FLASH, r#"{"contents": [{"parts": [{"text": "a"},]}]}"#, "contents[0].parts")],
);
const MISSING_COMMA: Rule = no_json(
    "json-missing-comma",
    "There is no comma between two values",
    "Each value but the last has a comma behind it.",
    &[bad(
        FLASH,
        r#"{"contents": [{"parts": [{"text": "a"} {"text": "b"}]}]}"#,
        "contents[0].parts",
    )],
);
const MISSING_COLON: Rule = no_json(
    "json-missing-colon",
    "There is no colon after a name",
    "A name and its value are held apart by a colon.",
    &[bad(FLASH, r#"{"contents" [{"parts": [{"text": "a"}]}]}"#, "contents")],
);
const COMMENT: Rule = no_json(
    "json-comment",
    "There is a comment",
    "JSON has no comments.",
    &[bad(
        FLASH,
        "{\"contents\": [{\"parts\": [ // the prompt\n{\"text\": \"a\"}]}]}",
        "contents[0].parts",
    )],
);
const NOT_FINITE: Rule = no_json(
    "json-not-finite",
    "A number is NaN or infinite",
    "JSON has no word for it; Python's json module writes one all the same.",
    &[bad(
        FLASH,
        r#"{"contents": [{"parts": [{"text": "a"}]}], "generationConfig": {"temperature": NaN}}"#,
        "generationConfig.temperature",
    )],
);
const PYTHON_WORD: Rule = no_json(
    "json-python-word",
    "True, False or None stand where JSON has true, false and null",
    "The text was printed by Python and not written as JSON: json.dumps writes it.",
    &[bad(
        FLASH,
        r#"{"contents": [{"parts": [{"text": "a", "thought": True}]}]}"#,
        "contents[0].parts[0].thought",
    )],
);
const SINGLE_QUOTES: Rule = no_json(
    "json-single-quotes",
    "A text stands in single quotes",
    "JSON has double quotes only. Shells and Python's print leave single ones.",
    &[bad(FLASH, r#"{"contents": [{"parts": [{"text": 'a'}]}]}"#, "contents[0].parts[0].text")],
);
const BARE_NAME: Rule = no_json(
    "json-bare-name",
    "A name stands without quotes",
    "JavaScript takes names without quotes, and JSON does not.",
    &[bad(FLASH, r#"{contents: [{"parts": [{"text": "a"}]}]}"#, "contents")],
);
const CONTROL_CHARACTER: Rule = no_json(
    "json-control-character",
    "A line feed or another control character stands within a text",
    "Within a text they are written as \\n, \\t and \\u00XX; a shell that expands \\n leaves a real one.",
    &[bad(
        FLASH,
        "{\"contents\": [{\"parts\": [{\"text\": \"a\nb\"}]}]}",
        "contents[0].parts[0].text",
    )],
);
const BAD_ESCAPE: Rule = no_json(
    "json-bad-escape",
    "A backslash stands before what may not follow one",
    "JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits; a backslash of a path or a pattern is written twice.",
    &[bad(
        FLASH,
        r#"{"contents": [{"parts": [{"text": "C:\Users"}]}]}"#,
        "contents[0].parts[0].text",
    )],
);
const LONE_SURROGATE: Rule = no_json(
    "json-lone-surrogate",
    "Half of a character is missing",
    "Characters beyond \\uffff are written as two escapes. A text was cut between them, which no UTF-8 can hold.",
    &[bad(
        FLASH,
        r#"{"contents": [{"parts": [{"text": "a\ud83d"}]}]}"#,
        "contents[0].parts[0].text",
    )],
);
const BAD_NUMBER: Rule = no_json(
    "json-bad-number",
    "A number has another form than JSON's",
    "JSON has no leading zero or plus, no hexadecimal numbers, and digits on both sides of the point.",
    &[bad(
        FLASH,
        r#"{"contents": [{"parts": [{"text": "a"}]}], "generationConfig": {"temperature": .5}}"#,
        "generationConfig.temperature",
    )],
);
const TOO_DEEP: Rule = no_json(
    "json-too-deep",
    "Values lie in more than 100 levels",
    "The service's parser follows 100 levels and refuses what lies deeper.",
    &[bad(
        FLASH,
        DEEP,
        "contents[0].parts[0].functionCall.args.a[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]",
    )],
);
const DEEP: &str = r#"{"contents": [{"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}}]}]}"#;
const WRONG_END: Rule = no_json(
    "json-wrong-end",
    "A bracket ends what another kind of bracket began",
    "A bracket was forgotten, or there is one too many.",
    &[bad(FLASH, r#"{"contents": [{"parts": [{"text": "a"}}]}"#, "contents[0]")],
);
const UNEXPECTED: Rule = no_json(
    "json-unexpected",
    "Something stands there that is no JSON",
    "Where a value is expected stand objects, lists, texts in double quotes, numbers, true, false and null.",
    &[bad(
        FLASH,
        r#"{"contents": [{"parts": [{"text": undefined}]}]}"#,
        "contents[0].parts[0].text",
    )],
);
const AFTER_THE_END: Rule = no_json(
    "json-after-the-end",
    "Something stands behind the end of the body",
    "A body is one value. Two of them, or the rest of a command, are refused.",
    &[bad(FLASH, r#"{"contents": [{"parts": [{"text": "a"}]}]} {}"#, "$")],
);
/// Parsers may step over it, so that it is no error.
const BYTE_ORDER_MARK: Rule = Rule {
    severity: Warning,
    fix: None,
    answer: "",
    ..no_json(
        "json-byte-order-mark",
        "A mark of the byte order stands in the body",
        "Editors and PowerShell put it before a text. JSON that is sent must not have one: some parsers refuse it, others step over it.",
        &[bad(FLASH, "\u{feff}{\"contents\": [{\"parts\": [{\"text\": \"a\"}]}]}", "$")],
    )
};
/// Only the caller knows it, who read the file.
const WIDE: Rule = Rule {
    severity: Warning,
    fix: None,
    answer: "",
    bad: &[],
    good: &[],
    ..no_json(
        "json-utf-16",
        "The file is UTF-16",
        "JSON that is sent is UTF-8. PowerShell's > writes UTF-16; a client that sends the file as it is sends no JSON.",
        &[],
    )
};
const DUPLICATE_KEY: Rule = Rule {
    severity: Error,
    answer: "Invalid JSON payload received.",
    ..no_json(
        "json-duplicate-key",
        "A name stands twice in one object",
        "The service refuses a field of its own that is there twice. Parsers in between keep the last and say nothing, or the first.",
        &[
            bad(
                FLASH,
                r#"{"contents": [{"parts": [{"text": "a", "text": "b"}]}]}"#,
                "contents[0].parts[0].text",
            ),
            bad(
                FLASH,
                r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"b": {"type": "STRING", "type": "NUMBER"}}}}]}]}"#,
                "tools[0].functionDeclarations[0].parameters.properties.b.type",
            ),
        ],
    )
};
const DUPLICATE_KEY_INSIDE: Rule = Rule {
    severity: Warning,
    fix: None,
    answer: "",
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "{\"a\": 1, \"a\": 2}"}]}]}"#,
    )],
    ..no_json(
        "json-duplicate-key-inside",
        "A name stands twice in an object of the caller's own",
        "Arguments, results, JSON schemas and the names of properties are the caller's: the service keeps one of the two or refuses the body, and which of them is not known for sure.",
        &[
            bad(
                FLASH,
                r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"b": 1, "b": 2}}, "thoughtSignature": "QUJD"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
                "contents[1].parts[0].functionCall.args.b",
            ),
            bad(
                FLASH,
                r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"b": {"type": "STRING"}, "b": {"type": "NUMBER"}}}}]}]}"#,
                "tools[0].functionDeclarations[0].parameters.properties.b",
            ),
            bad(
                FLASH,
                r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"responseMimeType": "application/json", "responseJsonSchema": {"type": "string", "type": "string"}}}"#,
                "generationConfig.responseJsonSchema.type",
            ),
        ],
    )
};
const TOO_MANY_VALUES: Rule = Rule {
    severity: Warning,
    fix: None,
    answer: "",
    bad: &[],
    good: &[],
    ..no_json(
        "json-too-many-values",
        "The body has more values than are looked through",
        "Memory is bounded, so that the rest was not looked at.",
        &[],
    )
};
const NO_OBJECT: Rule = no_json(
    "body-no-object",
    "The body is no object",
    "A request is one object with fields; its turns stand in the field contents.",
    &[bad(FLASH, r#"[{"parts": [{"text": "a"}]}]"#, "$"), bad(FLASH, "\"hello\"", "$")],
);

/// Tells the faults of a text.
pub fn look(document: &Document<'_>, is_wide: bool, found: &mut Findings<'_>) {
    if is_wide {
        found.add(&WIDE, document, 0..0, || {
            said("the file is UTF-16, and JSON that is sent is UTF-8")
                .with(Correction::advice("Write it as UTF-8; what --fix writes is"))
        });
    }
    let faults = document.faults().iter().filter(|fault| fault.kind != FaultKind::DuplicateKey);
    for fault in faults {
        found.add(rule_of(fault.kind), document, fault.span.clone(), || {
            said(words(document, fault)).with_any(correction(document, fault))
        });
    }
    let Some(root) = document.root() else { return };
    if document.end() == End::TooMany {
        let end = document.text().len();
        found.add(&TOO_MANY_VALUES, document, end..end, || {
            said(format!("the first {} values were looked through, and no more", document.len()))
        });
    }
    if root.kind() != Form::Object {
        found.at(&NO_OBJECT, root, || {
            said(format!("a request is an object, and this is {}", root.kind().words()))
                .with_any(turns_as_body(root))
        });
    }
}

/// Tells names that stand twice in one object, where it is known what the body is made of: of some bodies nothing is.
pub fn look_at_duplicates(
    root: Value<'_>,
    message: Option<&'static Message>,
    found: &mut Findings<'_>,
) {
    let document = root.document();
    let twice: Vec<&Fault> =
        document.faults().iter().filter(|fault| fault.kind == FaultKind::DuplicateKey).collect();
    if twice.is_empty() {
        return;
    }
    let mut own =
        Own { wanted: twice.iter().map(|fault| fault.span.start).collect(), met: HashSet::new() };
    if let Some(message) = message {
        own.object(message, root, 0);
    }
    for fault in twice {
        let is_own = own.met.contains(&fault.span.start);
        let rule: &'static Rule = if is_own { &DUPLICATE_KEY } else { &DUPLICATE_KEY_INSIDE };
        found.add(rule, document, fault.span.clone(), || said(words(document, fault)));
    }
}

/// The names that are fields of the API, among those that are looked for by where they stand.
struct Own {
    wanted: HashSet<usize>,
    met: HashSet<usize>,
}

/// Deeper values are told by the syntax.
const MOST_DEPTH: usize = 120;

impl Own {
    fn object(&mut self, message: &'static Message, object: Value<'_>, depth: usize) {
        if depth > MOST_DEPTH {
            return;
        }
        for member in object.members() {
            let start = member.key_span().map(|span| span.start);
            self.met.extend(start.filter(|start| self.wanted.contains(start)));
            match member.name().and_then(|name| message.find(name)).map(|field| field.holds) {
                Some(Holds::Object(message)) => {
                    member.each().for_each(|one| self.object(message, one, depth + 1));
                }
                // Their names are the caller's, and what each is made of is not.
                Some(Holds::Named(message)) => {
                    member.members().for_each(|one| self.object(message, one, depth + 1));
                }
                _ => {}
            }
        }
    }
}

/// A list of turns is most of a body.
fn turns_as_body(root: Value<'_>) -> Option<Correction> {
    let are_turns = root.kind() == Form::List
        && root.items().count() > 0
        && root.items().all(|item| item.member("parts").is_some());
    let text = format!("{{\"contents\": {}}}", root.raw());
    are_turns.then(|| {
        Correction::mechanical(
            "Put the turns into contents",
            vec![Edit { span: root.span(), text }],
        )
    })
}

fn rule_of(kind: FaultKind) -> &'static Rule {
    match kind {
        FaultKind::Empty => &EMPTY,
        FaultKind::CutOff => &CUT_OFF,
        FaultKind::TrailingComma => &TRAILING_COMMA,
        FaultKind::MissingComma => &MISSING_COMMA,
        FaultKind::MissingColon => &MISSING_COLON,
        FaultKind::Comment => &COMMENT,
        FaultKind::NotFinite => &NOT_FINITE,
        FaultKind::PythonWord => &PYTHON_WORD,
        FaultKind::SingleQuotes => &SINGLE_QUOTES,
        FaultKind::BareName => &BARE_NAME,
        FaultKind::ControlCharacter => &CONTROL_CHARACTER,
        FaultKind::BadEscape => &BAD_ESCAPE,
        FaultKind::LoneSurrogate => &LONE_SURROGATE,
        FaultKind::BadNumber => &BAD_NUMBER,
        FaultKind::DuplicateKey => &DUPLICATE_KEY,
        FaultKind::TooDeep => &TOO_DEEP,
        FaultKind::WrongEnd => &WRONG_END,
        FaultKind::Unexpected => &UNEXPECTED,
        FaultKind::AfterTheEnd => &AFTER_THE_END,
        FaultKind::ByteOrderMark => &BYTE_ORDER_MARK,
    }
}

fn words(document: &Document<'_>, fault: &Fault) -> String {
    let raw = document.text().get(fault.span.clone()).unwrap_or_default();
    let short: String = raw.chars().take(40).collect();
    match fault.kind {
        FaultKind::ControlCharacter => {
            format!("the control character {:?} stands within a text", short)
        }
        FaultKind::DuplicateKey => format!("{short} stands in this object before"),
        FaultKind::TrailingComma | FaultKind::MissingComma | FaultKind::MissingColon => {
            fragment(rule_of(fault.kind).title)
        }
        FaultKind::ByteOrderMark => fragment(rule_of(fault.kind).title),
        _ if short.trim().is_empty() => fragment(rule_of(fault.kind).title),
        _ => format!("{short}: {}", fragment(rule_of(fault.kind).title)),
    }
}

/// A title within a sentence. Words that are JSON's or Python's own stay as they are written.
fn fragment(title: &str) -> String {
    let own = ["True", "False", "None", "NaN", "JSON", "UTF-16"];
    let is_own = own.iter().any(|word| title.starts_with(word));
    let mut letters = title.chars();
    match letters.next().filter(|_| !is_own) {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => title.to_owned(),
    }
}

/// Whether a quote or a bracket is missing somewhere, so that what stands behind it is read as something else.
fn is_torn(document: &Document<'_>) -> bool {
    use FaultKind::{BareName, CutOff, MissingColon, MissingComma, Unexpected, WrongEnd};
    let has = |kind: FaultKind| document.faults().iter().any(|fault| fault.kind == kind);
    let structure = [BareName, MissingColon, MissingComma].into_iter().filter(|kind| has(*kind));
    has(Unexpected) || has(WrongEnd) || has(CutOff) || structure.count() > 1
}

/// A comment that reaches over what may belong to the body.
fn swallows(raw: &str) -> bool {
    !raw.starts_with("/*") && raw.contains(['"', '{', '}', '[', ']'])
}

/// What a machine can put right without knowing what was meant.
fn correction(document: &Document<'_>, fault: &Fault) -> Option<Correction> {
    let raw = document.text().get(fault.span.clone()).unwrap_or_default();
    let is_of_structure = matches!(
        fault.kind,
        FaultKind::BareName | FaultKind::MissingColon | FaultKind::MissingComma
    );
    if is_of_structure && is_torn(document) {
        let words = "Look for a quote or a bracket before it that is missing, or a quote in a text without its backslash";
        return Some(Correction::advice(words));
    }
    if fault.kind == FaultKind::Comment && swallows(raw) {
        return Some(Correction::advice("Take the comment out, and keep what belongs to the body"));
    }
    if fault.kind == FaultKind::Unexpected && raw.len() > 1 && raw.ends_with(['"', '\'']) {
        return Some(Correction::advice(
            "Write out the text that the program makes of it, as JSON",
        ));
    }
    if fault.kind == FaultKind::SingleQuotes && in_double_quotes(raw).is_none() {
        let words = "Write it in double quotes, with JSON's escapes in place of those it has";
        return Some(Correction::advice(words));
    }
    let (words, text) = match fault.kind {
        FaultKind::TrailingComma => ("Take the comma out", String::new()),
        FaultKind::MissingComma => ("Put a comma in", ",".to_owned()),
        FaultKind::MissingColon => ("Put a colon in", ":".to_owned()),
        FaultKind::Comment => ("Take the comment out", String::new()),
        FaultKind::ByteOrderMark => ("Take the mark out", String::new()),
        FaultKind::PythonWord => ("Write JSON's word", python_word(raw).to_owned()),
        FaultKind::SingleQuotes => ("Write double quotes", in_double_quotes(raw)?),
        FaultKind::BareName => ("Write it in quotes", quoted(raw)),
        FaultKind::ControlCharacter => ("Write it as an escape", escaped(raw)),
        FaultKind::BadEscape if raw == "\\'" => ("Write the quote alone", "'".to_owned()),
        FaultKind::BadEscape => ("Write the backslash twice", format!("\\{raw}")),
        FaultKind::BadNumber => ("Write it as JSON does", number(raw)?),
        _ => return None,
    };
    Some(Correction::mechanical(words, vec![Edit { span: fault.span.clone(), text }]))
}

fn python_word(raw: &str) -> &str {
    match raw {
        "True" => "true",
        "False" => "false",
        _ => "null",
    }
}

/// With the escapes that mean the same in Python and JavaScript; with others it is left to people.
fn in_double_quotes(raw: &str) -> Option<String> {
    let inner = raw.strip_prefix('\'')?.strip_suffix('\'')?;
    let mut out = String::from("\"");
    let mut rest = inner;
    while let Some(letter) = rest.chars().next() {
        let (piece, length) = match letter {
            '\\' => escape_of_json(rest)?,
            '"' => ("\\\"".to_owned(), 1),
            letter if letter.is_control() => {
                (escaped(&rest[..letter.len_utf8()]), letter.len_utf8())
            }
            letter => (letter.to_string(), letter.len_utf8()),
        };
        out.push_str(&piece);
        rest = &rest[length..];
    }
    out.push('"');
    Some(out)
}

/// The escape that a text begins with as JSON writes it, and how long it was.
fn escape_of_json(text: &str) -> Option<(String, usize)> {
    let digits = |count: usize| {
        let digits = text.get(2..2 + count)?;
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(digits)
    };
    Some(match text[1..].chars().next()? {
        '\'' => ("'".to_owned(), 2),
        own @ ('"' | '\\' | 'b' | 'f' | 'n' | 'r' | 't') => (format!("\\{own}"), 2),
        'v' => ("\\u000b".to_owned(), 2),
        'x' => (format!("\\u00{}", digits(2)?), 4),
        'u' => (format!("\\u{}", digits(4)?), 6),
        _ => return None,
    })
}

fn escaped(raw: &str) -> String {
    raw.chars()
        .map(|letter| match letter {
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            letter => format!("\\u{:04x}", u32::from(letter)),
        })
        .collect()
}

/// The same digits as JSON writes them. Zeros before a number may belong to it, so that these are left to people.
fn number(raw: &str) -> Option<String> {
    let raw = raw.strip_prefix('+').unwrap_or(raw);
    let (sign, digits) = match raw.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", raw),
    };
    let before = if digits.starts_with('.') { "0" } else { "" };
    let behind = if digits.ends_with('.') { "0" } else { "" };
    let text = format!("{sign}{before}{digits}{behind}");
    serde_json::from_str::<serde_json::Number>(&text).is_ok().then_some(text)
}
