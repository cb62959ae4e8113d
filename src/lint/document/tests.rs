use super::{Document, End, FaultKind, Form, Line, Lines};

fn faults(text: &str) -> Vec<(FaultKind, usize)> {
    let document = Document::read(text);
    document.faults().iter().map(|fault| (fault.kind, fault.span.start)).collect()
}

#[test]
fn values_know_their_places_and_names() {
    let text = r#"{"a": [1, {"b\n": "x\"y"}], "c": null, "d": {}, "e": []}"#;
    let document = Document::read(text);
    let root = document.root().expect("a value");
    assert_eq!(document.faults(), []);
    assert_eq!(root.raw(), text);
    let kinds: Vec<Form> = root.members().map(|member| member.kind()).collect();
    assert_eq!(kinds, [Form::List, Form::Null, Form::Object, Form::List]);
    let inner = root.member("a").and_then(|list| list.items().nth(1)).expect("an item");
    let text = inner.members().next().expect("a member");
    assert_eq!((text.key().as_deref(), text.text().as_deref()), (Some("b\n"), Some("x\"y")));
    assert_eq!(text.path(), "a[1][\"b\\n\"]");
    assert_eq!(root.member("e").map(|list| list.items().count()), Some(0));
    assert_eq!(root.member("nothing"), None);
}

#[test]
fn each_fault_is_told_where_it_stands_and_the_rest_is_read() {
    for (text, expected) in [
        ("", vec![(FaultKind::Empty, 0)]),
        ("  \n", vec![(FaultKind::Empty, 3)]),
        ("{\"a\": 1,}", vec![(FaultKind::TrailingComma, 7)]),
        ("[1, 2,\n]", vec![(FaultKind::TrailingComma, 5)]),
        ("{\"a\": 1 \"b\": 2}", vec![(FaultKind::MissingComma, 7)]),
        ("{\"a\" 1}", vec![(FaultKind::MissingColon, 4)]),
        ("{// x\n\"a\": 1}", vec![(FaultKind::Comment, 1)]),
        ("{\"a\": /* x */ 1}", vec![(FaultKind::Comment, 6)]),
        ("{\"a\": NaN}", vec![(FaultKind::NotFinite, 6)]),
        ("{\"a\": -Infinity}", vec![(FaultKind::NotFinite, 6)]),
        ("{\"a\": True}", vec![(FaultKind::PythonWord, 6)]),
        ("{'a': 1}", vec![(FaultKind::SingleQuotes, 1)]),
        ("{a: 1}", vec![(FaultKind::BareName, 1)]),
        ("{\"a\": \"x\ny\"}", vec![(FaultKind::ControlCharacter, 8)]),
        ("{\"a\": \"\\x\"}", vec![(FaultKind::BadEscape, 7)]),
        ("{\"a\": \"\\ud800\"}", vec![(FaultKind::LoneSurrogate, 7)]),
        ("{\"a\": \"\\ud83d\\ude00\"}", vec![]),
        ("{\"a\": 01}", vec![(FaultKind::BadNumber, 6)]),
        ("{\"a\": 1.}", vec![(FaultKind::BadNumber, 6)]),
        ("{\"a\": 1, \"a\": 2}", vec![(FaultKind::DuplicateKey, 9)]),
        ("{\"a\": [1}", vec![(FaultKind::WrongEnd, 8)]),
        ("{\"a\": ?}", vec![(FaultKind::Unexpected, 6)]),
        ("{} {}", vec![(FaultKind::AfterTheEnd, 3)]),
        ("\u{feff}{}", vec![(FaultKind::ByteOrderMark, 0)]),
    ] {
        assert_eq!(faults(text), expected, "{text}");
    }
}

#[test]
fn one_fault_hides_nothing_behind_it() {
    let document = Document::read("{\"a\": [1, 2,], 'b': {\"c\": NaN,}, \"d\": 4}");
    let root = document.root().expect("a value");
    assert_eq!(root.members().count(), 3);
    assert_eq!(root.member("d").and_then(|value| value.number()), Some(4.0));
    assert_eq!(document.faults().len(), 4);
}

#[test]
fn many_names_are_looked_through_as_few_are() {
    let names: Vec<String> = (0..100).map(|number| format!("\"n{number}\": 0")).collect();
    assert_eq!(faults(&format!("{{{}}}", names.join(","))), []);
    let twice = format!("{{{}, \"n7\": 1}}", names.join(","));
    assert_eq!(faults(&twice).len(), 1);
}

#[test]
fn a_text_that_was_cut_anywhere_ends_as_such() {
    let text = r#"{"a": [1, {"b": "x\u00e9y"}], "c": true}"#;
    for end in 1..text.len() {
        let document = Document::read(&text[..end]);
        assert_eq!(document.end(), End::CutOff, "{}", &text[..end]);
        assert!(!document.faults().is_empty());
    }
    assert_eq!(Document::read(text).end(), End::Whole);
}

#[test]
fn depth_is_told_once_and_costs_no_stack() {
    let deep = "[".repeat(200_000);
    let document = Document::read(&deep);
    let kinds: Vec<FaultKind> = document.faults().iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, [FaultKind::TooDeep, FaultKind::CutOff]);
    assert_eq!(document.faults()[0].span.start, 100);
}

#[test]
fn values_and_faults_have_bounds() {
    let many = format!("[{}]", vec!["1"; 1000].join(","));
    let document = Document::read_at_most(&many, 100);
    assert_eq!((document.end(), document.len()), (End::TooMany, 100));
    let faulty = format!("[{}]", vec!["NaN"; 1000].join(","));
    let document = Document::read(&faulty);
    assert_eq!((document.faults().len(), document.more_faults()), (50, 950));
}

/// Whatever stands there, reading ends, and agrees with another parser on what is JSON.
#[test]
fn random_texts_are_json_where_another_parser_says_so() {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\"",
        "'c'",
        "1",
        "-0.5e3",
        "01",
        "true",
        "nul",
        "null",
        " ",
        "\n",
        "\"\\u00e9\"",
        "\"\\q\"",
        "\"",
        "//",
        "NaN",
        "\u{feff}",
        "é",
    ];
    let mut state = 7_u64;
    for _ in 0..200_000 {
        let mut text = String::new();
        for _ in 0..=(next(&mut state) % 9) {
            let index = usize::try_from(next(&mut state)).unwrap_or_default() % pieces.len();
            text.push_str(pieces[index]);
        }
        let ours = Document::read(&text);
        let duplicates = ours.faults().iter().all(|fault| fault.kind == FaultKind::DuplicateKey);
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        assert_eq!(duplicates, theirs, "{text:?}: {:?}", ours.faults());
    }
}

fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn lines_and_columns_count_from_one_and_columns_in_characters() {
    let text = "ä\nbcd\n\ne";
    let mut lines = Lines::of(text);
    for (offset, line, column) in
        [(0, 1, 1), (2, 1, 2), (3, 2, 1), (5, 2, 3), (8, 4, 1), (9, 4, 2), (3, 2, 1)]
    {
        assert_eq!(lines.place(offset), Line { line, column }, "{offset}");
    }
}
