//! What is hidden is found where it is, what is needed is left, and a second clean-up finds nothing.

use super::{scan::Scanner, *};
use crate::tokens::{Counter, Vocabulary};

/// Code point, kind, what takes its place, name; each alone between two ASCII letters.
const POINTS: &[(char, &str, &str, &str)] = &[
    ('\0', "control", "", "CONTROL-0000"),
    ('\u{8}', "control", "", "CONTROL-0008"),
    ('\u{B}', "control", "\n", "CONTROL-000B"),
    ('\u{C}', "control", "\n", "CONTROL-000C"),
    ('\u{1B}', "control", "", "CONTROL-001B"),
    ('\u{7F}', "control", "", "CONTROL-007F"),
    ('\u{85}', "control", "\n", "CONTROL-0085"),
    ('\u{9B}', "control", "", "CONTROL-009B"),
    ('\u{A0}', "nbsp", " ", "NO-BREAK SPACE"),
    ('\u{AD}', "soft-hyphen", "", "SOFT HYPHEN"),
    ('\u{34F}', "zero-width", "", "COMBINING GRAPHEME JOINER"),
    ('\u{61C}', "bidi-control", "", "ARABIC LETTER MARK"),
    ('\u{115F}', "filler", "", "HANGUL CHOSEONG FILLER"),
    ('\u{1160}', "filler", "", "HANGUL JUNGSEONG FILLER"),
    ('\u{180B}', "variation-selector", "", "MONGOLIAN FREE VARIATION SELECTOR ONE"),
    ('\u{180E}', "zero-width", "", "MONGOLIAN VOWEL SEPARATOR"),
    ('\u{2003}', "nbsp", " ", "EM SPACE"),
    ('\u{2007}', "nbsp", " ", "FIGURE SPACE"),
    ('\u{2009}', "nbsp", " ", "THIN SPACE"),
    ('\u{200A}', "nbsp", " ", "HAIR SPACE"),
    ('\u{200B}', "zero-width", "", "ZERO WIDTH SPACE"),
    ('\u{200C}', "zero-width", "", "ZERO WIDTH NON-JOINER"),
    ('\u{200D}', "zero-width", "", "ZERO WIDTH JOINER"),
    ('\u{200E}', "bidi-control", "", "LEFT-TO-RIGHT MARK"),
    ('\u{200F}', "bidi-control", "", "RIGHT-TO-LEFT MARK"),
    ('\u{2018}', "typographic-quote", "'", "LEFT SINGLE QUOTATION MARK"),
    ('\u{2019}', "typographic-quote", "'", "RIGHT SINGLE QUOTATION MARK"),
    ('\u{201A}', "typographic-quote", "'", "SINGLE LOW-9 QUOTATION MARK"),
    ('\u{201C}', "typographic-quote", "\"", "LEFT DOUBLE QUOTATION MARK"),
    ('\u{201D}', "typographic-quote", "\"", "RIGHT DOUBLE QUOTATION MARK"),
    ('\u{201E}', "typographic-quote", "\"", "DOUBLE LOW-9 QUOTATION MARK"),
    ('\u{2028}', "line-separator", "\n", "LINE SEPARATOR"),
    ('\u{2029}', "line-separator", "\n", "PARAGRAPH SEPARATOR"),
    ('\u{202A}', "bidi-control", "", "LEFT-TO-RIGHT EMBEDDING"),
    ('\u{202E}', "bidi-control", "", "RIGHT-TO-LEFT OVERRIDE"),
    ('\u{202F}', "nbsp", " ", "NARROW NO-BREAK SPACE"),
    ('\u{2060}', "zero-width", "", "WORD JOINER"),
    ('\u{2062}', "invisible-operator", "", "INVISIBLE TIMES"),
    ('\u{2066}', "bidi-control", "", "LEFT-TO-RIGHT ISOLATE"),
    ('\u{2069}', "bidi-control", "", "POP DIRECTIONAL ISOLATE"),
    ('\u{206A}', "control", "", "INHIBIT SYMMETRIC SWAPPING"),
    ('\u{2800}', "filler", "", "BRAILLE PATTERN BLANK"),
    ('\u{3000}', "full-width", " ", "IDEOGRAPHIC SPACE"),
    ('\u{301D}', "typographic-quote", "\"", "REVERSED DOUBLE PRIME QUOTATION MARK"),
    ('\u{3164}', "filler", "", "HANGUL FILLER"),
    ('\u{FE00}', "variation-selector", "", "VARIATION SELECTOR-1"),
    ('\u{FE0F}', "variation-selector", "", "VARIATION SELECTOR-16"),
    ('\u{FEFF}', "zero-width", "", "ZERO WIDTH NO-BREAK SPACE"),
    ('\u{FF01}', "full-width", "!", "FULLWIDTH EXCLAMATION MARK"),
    ('\u{FF11}', "full-width", "1", "FULLWIDTH DIGIT ONE"),
    ('\u{FF21}', "full-width", "A", "FULLWIDTH LATIN CAPITAL LETTER A"),
    ('\u{FF5E}', "full-width", "~", "FULLWIDTH TILDE"),
    ('\u{FFA0}', "filler", "", "HALFWIDTH HANGUL FILLER"),
    ('\u{FFF9}', "control", "", "INTERLINEAR ANNOTATION ANCHOR"),
    ('\u{FFFD}', "replacement", "\u{FFFD}", "REPLACEMENT CHARACTER"),
    ('\u{1D173}', "control", "", "MUSICAL SYMBOL BEGIN BEAM"),
    ('\u{E0001}', "tag", "", "LANGUAGE TAG"),
    ('\u{E0041}', "tag", "", "TAG LATIN CAPITAL LETTER A"),
    ('\u{E007F}', "tag", "", "CANCEL TAG"),
    ('\u{E0100}', "variation-selector", "", "VARIATION SELECTOR-17"),
    ('\u{E01EF}', "variation-selector", "", "VARIATION SELECTOR-256"),
    ('\u{430}', "confusable", "a", "CYRILLIC SMALL LETTER A"),
    ('\u{3BF}', "confusable", "o", "GREEK SMALL LETTER OMICRON"),
];

fn cleaned(text: &str) -> String {
    normalize(text, &Kind::ALL).text
}

fn at(line: u64, column: u64, offset: u64) -> Place {
    Place { line, column, offset }
}

#[test]
fn each_is_found_named_and_cleaned() {
    for (point, kind, instead, name) in POINTS {
        let text = format!("x{point}y");
        let found = find(&text);
        assert_eq!(found.total(), 1, "{name}");
        let tally = &found.tallies[0];
        assert_eq!((tally.character, tally.kind.word(), &*tally.name()), (*point, *kind, *name));
        assert_eq!(tally.places, [at(1, 2, 1)], "{name}");
        assert_eq!(cleaned(&text), format!("x{instead}y"), "{name}");
    }
}

#[test]
fn what_is_needed_is_left_and_told() {
    for (text, kept) in [
        ("family 👨\u{200D}👩\u{200D}👧\u{200D}👦!", 3),
        ("❤\u{FE0F}\u{200D}🔥 and 🏃🏽\u{200D}♂\u{FE0F}", 4),
        ("☎\u{FE0E} ↔\u{FE0F}", 2),
        ("keys 1\u{FE0F}\u{20E3} #\u{FE0F}\u{20E3}", 2),
        ("flag 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 6),
        ("🏴\u{E0075}\u{E0073}\u{E0063}\u{E0061}\u{E007F}\u{200D}🔥", 6),
        ("🇩🇪 has none", 0),
        ("می\u{200C}خواهم", 1),
        ("ه\u{200D} alone", 1),
        ("क\u{94D}\u{200D}ष र\u{94D}\u{200C}य", 2),
        ("ភាសា\u{200B}ខ្មែរ", 1),
        ("ᠠ\u{180B}ᠨ\u{180E}ᠠ\u{202F}ᠢ", 3),
        ("葛\u{E0100}城 ≨\u{FE00}", 2),
        ("שלום!\u{200F} (a)", 1),
        ("\u{200F}(שלום)", 1),
        ("C++\u{200E} بالعربية", 1),
        ("你好，世界！（真）", 4),
        ("（1）介紹", 2),
        ("\u{115F}\u{1161} \u{1100}\u{1160}", 2),
        ("⠓\u{2800}⠺", 1),
    ] {
        let found = find(text);
        assert_eq!((found.total(), found.kept()), (0, kept), "{text:?} {found:?}");
        assert_eq!(cleaned(text), text);
    }
}

#[test]
fn the_same_characters_are_findings_where_nothing_needs_them() {
    for (text, clean) in [
        ("👨\u{200D} 👩", "👨 👩"),
        ("👨\u{200D}", "👨"),
        ("x\u{200D}👩", "x👩"),
        ("👨\u{FE0F}\u{FE0F}\u{FE01}", "👨\u{FE0F}"),
        ("1\u{FE0F}2", "12"),
        ("x\u{FE0F}\u{200D}👩", "x👩"),
        ("🏴\u{E0067}\u{E0062} no end", "🏴 no end"),
        ("🏴\u{E0068}\u{E0069}\u{E0064}\u{E0065}\u{E006E}\u{E0074}\u{E0065}\u{E007F}", "🏴"),
        ("🎏\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "🎏"),
        ("می\u{200B}خ", "میخ"),
        ("پ\u{202E}پ", "پپ"),
        ("שלום\nab\u{200F}c", "שלום\nabc"),
        ("\u{200F}abc שלום", "abc שלום"),
        ("שלום\n\u{200F}abc", "שלום\nabc"),
        ("a，b\n你", "a,b\n你"),
        ("你\na，b", "你\na,b"),
        ("\u{FEFF}a\u{FEFF}", "a"),
        ("if (isAdmin\u{202E}\u{2066}) {", "if (isAdmin) {"),
        ("\u{115F}\u{1160}", ""),
    ] {
        assert_eq!(cleaned(text), clean, "{text:?}");
        assert_eq!(
            find(text).total() as usize,
            text.chars().count() - shared(text, clean),
            "{text:?}"
        );
    }
}

/// The characters of a text that are in its clean copy as they were.
fn shared(text: &str, clean: &str) -> usize {
    let replaced = text.chars().filter(|character| *character == '，').count();
    clean.chars().count() - replaced
}

#[test]
fn a_byte_order_mark_is_one_at_the_beginning_only() {
    let found = find("\u{FEFF}a\u{FEFF}");
    let kinds: Vec<_> = found.tallies.iter().map(|tally| (tally.kind, tally.found)).collect();
    assert_eq!(kinds, [(Kind::ZeroWidth, 1), (Kind::Bom, 1)]);
    assert_eq!(normalize("\u{FEFF}a\u{FEFF}", &[Kind::Bom]).text, "a\u{FEFF}");
    assert_eq!(normalize("\u{FEFF}a\u{FEFF}", &[Kind::ZeroWidth]).text, "\u{FEFF}a");
}

#[test]
fn spaces_that_french_and_numbers_use_weigh_little() {
    for (text, minor) in [
        ("Quoi\u{A0}?", 1),
        ("«\u{A0}Oui\u{202F}»", 2),
        ("10\u{A0}000\u{202F}€", 2),
        ("a\u{A0}b", 0),
        ("a\u{A0}", 0),
    ] {
        let found = find(text);
        assert_eq!(found.tallies.iter().map(|tally| tally.minor).sum::<u64>(), minor, "{text}");
        assert_eq!(found.total() as usize, text.matches(['\u{A0}', '\u{202F}']).count());
        assert_eq!(cleaned(text), text.replace(['\u{A0}', '\u{202F}'], " "));
    }
}

#[test]
fn words_of_two_alphabets_are_found_and_words_of_one_are_not() {
    for (text, clean) in [
        ("p\u{430}yp\u{430}l", "paypal"),
        ("\u{430}pple g\u{3BF}\u{3BF}gle", "apple google"),
        ("g\u{200B}\u{43E}\u{AD}ogle", "google"),
        ("\u{43E}\u{FF4B}", "ok"),
        ("gpt4\u{43E}", "gpt4o"),
        ("рост сор он", "рост сор он"),
        ("SMSка IT-отдел", "SMSка IT-отдел"),
        ("Ελλάδα ο Β", "Ελλάδα ο Β"),
        ("Δx а b", "Δx а b"),
        ("caf\u{435}\u{301} é\u{430}", "cafe\u{301} éa"),
    ] {
        assert_eq!(cleaned(text), clean, "{text}");
    }
    let endless = format!("a{}", "\u{43E}".repeat(70));
    assert!(find(&endless).total() <= 64, "what no word can be is none");
}

#[test]
fn look_alikes_in_names_are_told_with_their_place() {
    let told = |name: &str| -> Vec<(u64, char)> {
        confusables(name).iter().map(|it| (it.column, it.looks_like)).collect()
    };
    assert_eq!(told("gemini-2.5-flash"), []);
    assert_eq!(told("g\u{435}mini"), [(2, 'e')]);
    assert_eq!(told("gemini\u{2011}2.5\u{2013}pro"), [(7, '-'), (11, '-')]);
    assert_eq!(told("ｇemini．x"), [(1, 'g'), (7, '.')]);
    assert_eq!(told("\u{1D420}emini\u{1D7D0}\u{1D6A3}x"), [(1, 'g'), (7, '2'), (8, 'z')]);
    assert_eq!(told("AIza\u{200B}\u{3B1}"), [(6, 'a')]);
    assert_eq!(told("модель"), []);
    assert_eq!(told("имя_a"), []);
    assert_eq!(told("сор"), []);
    assert_eq!(confusables("é\u{43E}x"), []);
    assert_eq!(confusables("x\u{43E}")[0].offset, 1);
}

#[test]
fn lines_end_with_a_line_feed_and_columns_count_characters() {
    let found = find("añ\u{200B}\r\n\u{200B}b\u{200B}\n\n你\u{200B}");
    assert_eq!(found.tallies[0].places, [at(1, 3, 3), at(2, 1, 8), at(2, 3, 12), at(4, 2, 20)]);
}

#[test]
fn places_are_bounded_and_counts_are_not() {
    let found = find(&"\u{200B}a".repeat(100_000));
    assert_eq!((found.total(), found.tallies[0].places.len()), (100_000, 20));
    assert_eq!(found.by_kind()[&Kind::ZeroWidth], 100_000);
}

/// Characters that meet each other in unusual ways.
const MIX: &str = "aZ9_ .,!\n\r\t#é—ñ\u{301}аоксжБοωΔ你好、ー\
    ب\u{64E}یשअ\u{94D}កᠠ👨👩🏽❤♂🏴🇩«»%€⠓ᄀ\u{1161}\u{20E3}≨\u{FEFF}\u{FEFF}";

fn random_text(random: &mut fastrand::Rng) -> String {
    let hiding: Vec<char> =
        POINTS.iter().map(|(point, ..)| *point).chain(['\u{E0067}'; 9]).collect();
    let mix: Vec<char> = MIX.chars().collect();
    let length = random.usize(0..90);
    let mut next = |_| match random.u8(..10) {
        0 => random.char(..),
        1..=4 => hiding[random.usize(..hiding.len())],
        _ => mix[random.usize(..mix.len())],
    };
    (0..length).map(&mut next).collect()
}

fn random_kinds(random: &mut fastrand::Rng) -> Vec<Kind> {
    let share = random.f64();
    Kind::ALL.into_iter().filter(|_| random.f64() < share).collect()
}

#[test]
fn a_second_clean_up_changes_nothing() {
    let mut random = fastrand::Rng::with_seed(72);
    for _ in 0..20_000 {
        let (text, kinds) = (random_text(&mut random), random_kinds(&mut random));
        let once = normalize(&text, &kinds);
        let twice = normalize(&once.text, &kinds);
        assert_eq!(twice.text, once.text, "{text:?} {kinds:?}");
        assert_eq!(twice.changes, [], "{text:?} {kinds:?}");
    }
}

#[test]
fn nothing_but_what_is_told_is_touched() {
    let mut random = fastrand::Rng::with_seed(73);
    for _ in 0..5_000 {
        let (text, kinds) = (random_text(&mut random), random_kinds(&mut random));
        let normalized = normalize(&text, &kinds);
        let mut changes = normalized.changes.iter();
        let mut change = changes.next();
        let mut expected = String::new();
        for (offset, character) in text.char_indices() {
            match change.filter(|change| change.place.offset == offset as u64) {
                Some(told) => {
                    assert_eq!(told.from, character);
                    assert!(kinds.contains(&told.kind) || kinds.contains(&Kind::Bom));
                    expected.extend(told.to);
                    change = changes.next();
                }
                None => expected.push(character),
            }
        }
        assert_eq!((expected, change), (normalized.text, None), "{text:?}");
    }
}

#[test]
fn a_clean_up_changes_what_was_found_and_only_that() {
    let mut random = fastrand::Rng::with_seed(74);
    for _ in 0..5_000 {
        let text = random_text(&mut random);
        let found = find(&text).by_kind();
        let mut changed = std::collections::BTreeMap::new();
        for change in normalize(&text, &Kind::ALL).changes {
            *changed.entry(change.kind).or_default() += 1_u64;
        }
        let cleanable = found.into_iter().filter(|(kind, _)| *kind != Kind::Replacement);
        assert_eq!(cleanable.collect::<std::collections::BTreeMap<_, _>>(), changed, "{text:?}");
    }
}

#[test]
fn the_pieces_that_a_text_comes_in_make_no_difference() {
    let mut random = fastrand::Rng::with_seed(75);
    for _ in 0..5_000 {
        let (text, kinds) = (random_text(&mut random), random_kinds(&mut random));
        let (mut finder, mut normalizer) = (Finder::new(), Normalizer::new(&kinds));
        let mut pieces = Normalized::default();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(rest.ceil_char_boundary(random.usize(1..20)));
            finder.push(piece);
            let released = normalizer.push(piece);
            pieces.text.push_str(&released.text);
            pieces.changes.extend(released.changes);
            rest = more;
        }
        let released = normalizer.finish();
        pieces.text.push_str(&released.text);
        pieces.changes.extend(released.changes);
        assert_eq!(finder.finish(), find(&text), "{text:?}");
        assert_eq!(pieces, normalize(&text, &kinds), "{text:?}");
    }
}

/// The state after eight bytes at a time is that after one at a time.
#[test]
fn plain_text_is_skipped_and_nothing_else() {
    let mut random = fastrand::Rng::with_seed(76);
    for _ in 0..2_000 {
        let bytes: String = (0..random.usize(..70)).map(|_| char::from(random.u8(..128))).collect();
        let controls = |it: &char| it.is_control() && !matches!(it, '\t' | '\n' | '\r');
        assert_eq!(find(&bytes).total() as usize, bytes.chars().filter(controls).count());
        let mut scanner = Scanner::new();
        scanner.push(&bytes);
        assert_eq!(scanner.settled(), bytes.len() as u64);
    }
}

#[test]
fn a_diff_shows_what_nobody_sees() {
    let text = "fine\r\nzero\u{200B}width \u{43E}k\r\n\u{FEFF}\u{2028}end “q”\u{3000}👨\u{200D}👩";
    let normalized = normalize(text, &Kind::ALL);
    let shown = diff(text, &normalized.changes, 10);
    assert_eq!(
        shown.text,
        "@@ -2 +2 @@\n-zero<U+200B>width <U+043E>k\n+zerowidth ok\n\
         @@ -3 +3 @@\n-<U+FEFF><U+2028>end “q”<U+3000>👨\u{200D}👩\n+\n+end \"q\" 👨\u{200D}👩\n"
    );
    let shorter = diff(text, &normalized.changes, 1);
    assert_eq!((shorter.text.lines().count(), shorter.left_out), (3, 1));
}

#[test]
fn a_diff_of_a_long_line_is_short() {
    let text = format!("{}\u{200B}{}\n", "b".repeat(100_000), "\u{200B}a".repeat(100_000));
    let shown = diff(&text, &normalize(&text, &[Kind::ZeroWidth]).changes, 10);
    assert!(shown.text.len() < 1500, "{}", shown.text);
    assert!(shown.text.contains("-…bbb") && shown.text.contains("a…\n"), "{}", shown.text);
}

#[test]
fn a_diff_never_turns_the_terminal_round() {
    let text = "\u{202E}a\u{1B}[1m\u{200B}";
    let shown = diff(text, &normalize(text, &[Kind::ZeroWidth]).changes, 9);
    assert_eq!(shown.text, "@@ -1 +1 @@\n-<U+202E>a<U+001B>[1m<U+200B>\n+<U+202E>a<U+001B>[1m\n");
}

#[test]
fn what_hidden_characters_cost_is_what_their_absence_saves() {
    let mut counter = Counter::new(&Vocabulary::gemma3());
    let text = "“Zero\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}width” text".repeat(20);
    let cost = cost(&text, &Kind::ALL, &mut counter);
    let without = text.replace('\u{200B}', "");
    let straight = text.replace(['“', '”'], "\"");
    let neither = without.replace(['“', '”'], "\"");
    let mut saved = |clean: &str| (counter.count(&text) - counter.count(clean)) as i64;
    assert_eq!(cost.total(), saved(&neither));
    assert_eq!(
        cost.by_kind,
        [(Kind::ZeroWidth, saved(&without)), (Kind::TypographicQuote, saved(&straight))]
    );
    assert!(cost.total() > 0);
}

#[test]
fn a_clean_text_costs_nothing() {
    let mut counter = Counter::new(&Vocabulary::gemma3());
    let cost = cost("plain", &Kind::ALL, &mut counter);
    assert_eq!((cost.total(), cost.by_kind), (0, Vec::new()));
}

#[test]
fn words_name_kinds() {
    for kind in Kind::ALL {
        assert_eq!(Kind::of_word(kind.word()), Some(kind));
    }
    assert_eq!(Kind::of_word("emoji"), None);
}
