//! Plans for texts that are hard to cut, held against their promises. Nothing here knows how tokens are counted.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{cuts::boundary_at, *};
use crate::tokens::{Pieces, Vocabulary};

fn counter() -> Counter {
    Counter::new(&Vocabulary::gemma3())
}

/// Letters of one sort, some thousand.
fn random(random: &mut fastrand::Rng, letters: &[&str], pieces: usize) -> String {
    (0..pieces).map(|_| letters[random.usize(..letters.len())]).collect()
}

fn any_unicode(random: &mut fastrand::Rng, length: usize) -> String {
    (0..length).map(|_| random.char(..)).collect()
}

const PROSE: &[&str] =
    &["The ", "quick ", "brown fox. ", "jumps! ", "over\n", "\"lazy\" ", "dogs.\n\n", "a, ", "b? "];
const CODE: &[&str] =
    &["let x = 1;\n", "    ", "}\n", "\n", "fn f(a: &str) {\n", "// Hi. Ho.\n", "a.b();\n"];
const CHINESE: &[&str] = &["我", "们", "的", "。", "！", "，", "「", "」", "說", "話"];
const MARKS: &[&str] = &["e", "\u{301}", "\u{300}", "\u{323}", "\u{20DD}", " ", "\u{FE0F}", "\n"];
const JAMO: &[&str] = &["\u{1100}", "\u{1161}", "\u{11A8}", "각", "가", " ", "\u{115F}"];
const EMOJI: &[&str] = &[
    "👨",
    "\u{200D}",
    "👩",
    "👧",
    "🏽",
    "❤\u{FE0F}",
    "🇩",
    "🇪",
    "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "1\u{FE0F}\u{20E3}",
    " ",
];
const INDIC: &[&str] =
    &["क", "\u{94D}", "ष", "\u{200D}", "ि", "\u{200C}", " ", "।", "ത", "\u{D4D}", "\u{D4E}"];
const BREAKS: &[&str] =
    &["\r", "\n", "\r\n", "a", " ", "\t", "\u{2028}", "\u{85}", "\0", "\r\n\r\n"];
const CONTROLS: &[&str] =
    &["<bos>", "<eos>", "<", "start_of_turn>", "[PAD]", "\u{2581}", " ", "<0x41>"];
const UNSEEN: &[&str] = &["\u{200B}", "\u{200C}", "\u{200D}", "\u{FEFF}", "\u{2060}", "\u{AD}"];

fn nasty(seed: u64) -> Vec<String> {
    let mut dice = fastrand::Rng::with_seed(seed);
    let sorts = [PROSE, CODE, CHINESE, MARKS, JAMO, EMOJI, INDIC, BREAKS, CONTROLS, UNSEEN];
    let mut texts: Vec<String> = sorts.iter().map(|sort| random(&mut dice, sort, 700)).collect();
    texts.push(any_unicode(&mut dice, 700));
    texts.push(random(&mut dice, &sorts.concat(), 1500));
    texts.extend(
        ["a", " ", "\n", "\r\n", "\u{200B}", "🇩", "é", "語", "ab"].map(|it| it.repeat(900)),
    );
    texts.push(format!("a{}b", "\u{301}".repeat(900)));
    texts.push((0..900).map(|_| char::from(dice.u8(b'!'..=b'~'))).collect());
    texts
}

/// Everything that a plan promises.
fn hold(text: &str, cap: u64, overlap: u64) -> Result<Plan, Refusal> {
    let plan = plan(text, cap, overlap, &mut counter())?;
    let mut counter = counter();
    let ends: std::collections::BTreeSet<usize> =
        text.grapheme_indices(true).map(|(place, _)| place).chain([text.len()]).collect();
    let (mut end, mut earliest, mut line) = (0, 0, 1);
    for chunk in &plan.chunks {
        let (range, own) = (chunk.range.clone(), chunk.own.clone());
        let tokens = counter.count(&text[range.clone()]);
        let repeated = counter.count(&text[range.start..own.start]);
        let first_line = line - text[range.start..own.start].matches('\n').count() as u64;
        let held = own.start == end
            && own.end > own.start
            && range.end == own.end
            && (earliest..=own.start).contains(&range.start)
            && ends.contains(&range.start)
            && ends.contains(&range.end)
            && chunk.tokens == tokens
            && tokens <= cap
            && repeated <= overlap
            && chunk.first_line == first_line
            && (chunk.ends == Boundary::End) == (range.end == text.len());
        assert!(held, "{chunk:?} of {cap}/{overlap}, counted {tokens} and {repeated}: {text:?}");
        line += text[own.clone()].matches('\n').count() as u64;
        (end, earliest) = (own.end, range.start);
    }
    assert_eq!(end, text.len(), "nothing is left over");
    assert_eq!(plan.tokens, counter.count(text));
    Ok(plan)
}

/// The most tokens that one cluster has.
fn largest_grapheme(text: &str) -> u64 {
    let mut counter = counter();
    text.graphemes(true).map(|cluster| counter.count(cluster)).max().unwrap_or(0)
}

#[test]
fn plans_keep_their_promises_whatever_the_text() {
    for seed in 0..2 {
        for text in nasty(seed) {
            for cap in [1, 2, 3, 5, 8, 13, 40, 150, 100_000] {
                let refused = hold(&text, cap, 0).is_err();
                assert!(!refused || largest_grapheme(&text) > cap, "{cap} of {text:?}");
            }
        }
    }
}

#[test]
fn overlaps_keep_their_promises_whatever_the_text() {
    for text in nasty(7) {
        for (cap, overlap) in [(2, 1), (13, 3), (40, 10), (40, 39), (150, 20), (150, 75)] {
            let refused = hold(&text, cap, overlap).is_err();
            assert!(!refused || largest_grapheme(&text) > cap, "{cap}/{overlap} of {text:?}");
        }
    }
}

#[test]
fn chunks_are_nearly_as_few_as_they_can_be() {
    for text in nasty(11) {
        let cap = (6 * largest_grapheme(&text)).max(24);
        let plan = hold(&text, cap, 0).unwrap();
        let fewest = plan.tokens.div_ceil(cap);
        let chunks = plan.chunks.len() as u64;
        assert!(chunks <= fewest * 2, "{chunks} instead of {fewest}: {text:?}");
    }
}

#[test]
fn an_overlap_repeats_what_it_can() {
    let text = random(&mut fastrand::Rng::with_seed(3), PROSE, 3000);
    let plan = hold(&text, 400, 60).unwrap();
    let mut counter = counter();
    for chunk in &plan.chunks[1..] {
        let repeated = counter.count(&text[chunk.range.start..chunk.own.start]);
        assert!(repeated >= 20, "{repeated} of 60 in {chunk:?}");
    }
    assert!(plan.chunks[0].range == plan.chunks[0].own, "nothing is before the first");
}

fn ends(text: &str, cap: u64) -> Vec<(&str, Boundary)> {
    let plan = hold(text, cap, 0).unwrap();
    plan.chunks.iter().map(|chunk| (&text[chunk.range.clone()], chunk.ends)).collect()
}

#[test]
fn the_best_end_near_the_limit_is_taken() {
    let mut counter = counter();
    let filler = "word and ".repeat(60);
    for (tail, kind) in [
        ("end here.\n\nThen a. Then b.\nAnd so on ", Boundary::Paragraph),
        ("end here.\r\n \t\r\nThen a. Then b.\r\nAnd so on ", Boundary::Paragraph),
        ("end (here.) Then on ", Boundary::Sentence),
        ("到此為止。然後", Boundary::Sentence),
        ("到此為止！」然後", Boundary::Sentence),
        ("end here,\nthen on ", Boundary::Line),
        ("then on ", Boundary::Word),
    ] {
        let text = format!("{filler}{tail}{filler}");
        let cap = counter.count(&format!("{filler}{tail}and "));
        let plan = hold(&text, cap, 0).unwrap();
        assert_eq!(plan.chunks[0].ends, kind, "{tail:?} {:?}", &text[plan.chunks[0].range.clone()]);
    }
}

#[test]
fn where_no_word_ends_a_letter_does() {
    let plan = hold(&"a".repeat(3000), 50, 0).unwrap();
    assert_eq!(plan.chunks[0].ends, Boundary::Grapheme);
    let ends = ends("我們的話", 2);
    assert!(
        ends.iter().all(|(_, kind)| matches!(kind, Boundary::Word | Boundary::End)),
        "{ends:?}"
    );
}

#[test]
fn the_same_counts_for_what_ends_a_place() {
    let at = |before: &str, after: &str| boundary_at(&format!("{before}{after}"), before.len());
    assert_eq!(at("a\n\n", "b"), Some(Boundary::Paragraph));
    assert_eq!(at("a.\n", "b"), Some(Boundary::Sentence));
    assert_eq!(at("a. ", "b"), Some(Boundary::Sentence));
    assert_eq!(at("a.", " b"), None);
    assert_eq!(at("a. ", " b"), None);
    assert_eq!(at("3.", "14"), None);
    assert_eq!(at("a ", "b"), Some(Boundary::Word));
    assert_eq!(at("好。", "好"), Some(Boundary::Sentence));
    assert_eq!(at("好。", "」好"), None);
    assert_eq!(at("好。」", "好"), Some(Boundary::Sentence));
    assert_eq!(at("好」", "好"), None);
    assert_eq!(at("है। ", "व"), Some(Boundary::Sentence));
    assert_eq!(at("", "a"), None);
}

#[test]
fn what_cannot_be_done_is_refused_with_its_reason() {
    let mut counter = counter();
    assert_eq!(plan("a", 0, 0, &mut counter), Err(Refusal::NoRoom));
    let refusal = plan("a", 4, 4, &mut counter).unwrap_err();
    assert_eq!(refusal, Refusal::OverlapTooLarge { overlap: 4, cap: 4 });
    let storm = format!("one\ntwo e{} three", "\u{301}".repeat(400));
    let refusal = plan(&storm, 20, 0, &mut counter).unwrap_err();
    let Refusal::GraphemeTooLarge { line, column, offset, tokens, cap } = refusal else {
        panic!("{refusal}");
    };
    assert_eq!((line, column, offset, cap), (2, 5, 8, 20));
    assert_eq!(tokens, counter.count(&storm[8..8 + 801]));
    assert!(refusal.to_string().starts_with("the character at line 2, column 5 alone has"));
}

#[test]
fn an_empty_text_has_no_chunks() {
    assert_eq!(plan("", 5, 1, &mut counter()), Ok(Plan::default()));
}

#[test]
fn boundaries_found_from_the_middle_are_those_found_from_the_start() {
    for text in nasty(5) {
        let ends: Vec<usize> =
            text.grapheme_indices(true).map(|(place, _)| place).chain([text.len()]).collect();
        let graphemes = Graphemes::of(&text);
        let mut dice = fastrand::Rng::with_seed(text.len() as u64);
        for _ in 0..60 {
            let at = dice.usize(..=text.len());
            let floor = text.floor_char_boundary(at);
            let index = ends.partition_point(|end| *end <= floor) - 1;
            let known = ends[dice.usize(..=index)];
            assert_eq!(graphemes.floor(known, at), ends[index], "{at} in {text:?}");
        }
    }
}

#[test]
fn runs_that_are_one_token_are_counted_anew_where_a_chunk_begins_in_one() {
    for text in [
        "\n".repeat(12_000),
        " ".repeat(12_000),
        "\t".repeat(12_000),
        format!("{}a", "\n".repeat(37)).repeat(300),
        "<table><tr><td>\n\n\n    </td></tr>".repeat(300),
    ] {
        for (cap, overlap) in [(3, 0), (50, 0), (50, 7), (401, 0), (401, 30)] {
            hold(&text, cap, overlap)
                .unwrap_or_else(|refusal| panic!("{refusal} {:?}", &text[..9]));
        }
    }
}

#[test]
fn what_cannot_be_cut_is_cut_between_characters() {
    for piece in ["a", "🇩", "é", "\u{200B}", "👨\u{200D}👩\u{200D}👧"] {
        let text = piece.repeat(120_000 / piece.len());
        let plan = hold(&text, 700, 50).unwrap();
        assert!(plan.chunks.len() > 3, "{piece}");
    }
}

/// Where a chunk begins, another literal token may be found than in the whole text, and other tokens after it.
#[test]
fn literal_tokens_that_overlap_do_not_break_the_cap() {
    let literal = ["ab", "bcdef", "fab", "c d"].map(str::to_owned).to_vec();
    let pieces = Pieces { letters: "abcdef ".chars().collect(), literal, ..Pieces::default() };
    let vocabulary = Vocabulary::of("made up", &pieces).expect("a vocabulary");
    let dice = &mut fastrand::Rng::with_seed(13);
    for _ in 0..60 {
        let text: String = (0..400).map(|_| char::from(b"abcdef "[dice.usize(..7)])).collect();
        for (cap, overlap) in [(3, 0), (7, 0), (7, 3), (20, 6)] {
            let mut counter = Counter::new(&vocabulary);
            let plan = plan(&text, cap, overlap, &mut counter).expect("letters fit");
            let own: String = plan.chunks.iter().map(|chunk| &text[chunk.own.clone()]).collect();
            assert_eq!(own, text);
            for chunk in &plan.chunks {
                assert_eq!(counter.count(&text[chunk.range.clone()]), chunk.tokens);
                assert!(chunk.tokens <= cap, "{text} {chunk:?}");
            }
        }
    }
}
