//! Counts against SentencePiece's own (`expected.jsonl`), and against merging as it is defined.

use std::collections::HashMap;

use serde_json::Value;

use super::{Counter, Merges, Pieces, Vocabulary};

fn gemma3() -> Counter {
    Counter::new(&Vocabulary::gemma3())
}

#[test]
fn counts_are_those_of_sentencepiece() {
    let mut counter = gemma3();
    for row in include_str!("expected.jsonl").lines() {
        let row: Value = serde_json::from_str(row).expect("a row of JSON");
        let times = row["times"].as_u64().expect("times") as usize;
        let text = row["text"].as_str().expect("text").repeat(times);
        assert_eq!(counter.count(&text), row["tokens"], "{row}");
    }
}

#[test]
fn known_sentences() {
    let mut counter = gemma3();
    for (text, tokens) in [
        ("", 0),
        ("Hello, world!", 4),
        ("What is your name?", 5),
        ("The quick brown fox jumps over the lazy dog.", 10),
        ("naïve café 日本語 🙂", 7),
        ("  two  spaces\n\n\ttab", 7),
        ("<start_of_turn>user\nhi<end_of_turn>", 5),
    ] {
        assert_eq!(counter.count(text), tokens, "{text:?}");
    }
}

#[test]
fn names_of_control_tokens_are_text() {
    let mut counter = gemma3();
    for name in ["<bos>", "<eos>", "<pad>", "<unk>"] {
        assert!(counter.count(name) > 1, "{name}");
        assert_eq!(counter.walk(name, name.len(), |_, _| ()).0.lookalikes, 1);
    }
    let text = "say <bos>, not <start_of_turn> or <bo s>";
    assert_eq!(counter.walk(text, text.len(), |_, _| ()).0.lookalikes, 1);
}

#[test]
fn stretches_are_the_text_and_add_up() {
    let mut counter = gemma3();
    for text in
        ["one two  three\n\nfour", "日本語とemoji🙂🙂", "</table>x<unused7>", "\u{2581}\u{2581}a"]
    {
        let mut stretches = Vec::new();
        counter.stretches(text, |range, tokens| stretches.push((range, tokens)));
        let parts: String = stretches.iter().map(|(range, _)| &text[range.clone()]).collect();
        assert_eq!(parts, text);
        for (range, tokens) in &stretches {
            assert_eq!(counter.count(&text[range.clone()]), *tokens, "{text:?} {range:?}");
        }
        assert_eq!(stretches.iter().map(|(_, tokens)| tokens).sum::<u64>(), counter.count(text));
    }
}

/// Random vocabularies over few letters: pieces that never come about, ranks in any order, texts in many windows.
#[test]
fn any_vocabulary_merges_as_it_is_defined() {
    let random = &mut fastrand::Rng::with_seed(11);
    for round in 0..150 {
        let alphabet: Vec<char> = "abcdé日".chars().take(random.usize(2..=6)).collect();
        let word = |random: &mut fastrand::Rng, most: usize| -> String {
            (0..random.usize(2..=most)).map(|_| alphabet[random.usize(..alphabet.len())]).collect()
        };
        let mut pieces: Vec<String> = (0..random.usize(1..60)).map(|_| word(random, 6)).collect();
        pieces.sort_unstable();
        pieces.dedup();
        random.shuffle(&mut pieces);
        let mut counter = counter(&alphabet, Merges::Into(pieces.clone()));
        let ranks = pieces.iter().cloned().zip(0..).collect();
        for _ in 0..10 {
            let text = word(random, 200);
            let wanted = by_definition(&text, &ranks);
            assert_eq!(counter.count(&text), wanted, "round {round}: {pieces:?} {text}");
        }
    }
}

/// Each pair is better than the one before it, so that the end of a text decides about its beginning.
#[test]
fn a_chain_that_is_decided_at_its_end_takes_longer_windows() {
    let alphabet: Vec<char> = (0x4E00..0x4E00 + 400).filter_map(char::from_u32).collect();
    let pairs = alphabet.windows(2).rev().map(|pair| pair.iter().collect());
    let pieces: Vec<String> = pairs.collect();
    let ranks = pieces.iter().cloned().zip(0..).collect();
    let mut counter = counter(&alphabet, Merges::Into(pieces));
    for length in [47, 48, 49, 96, 97, 255, 256, 399, 400] {
        let text: String = alphabet[..length].iter().collect();
        assert_eq!(counter.count(&text), by_definition(&text, &ranks), "{length}");
    }
}

/// A list of merges may leave out a way to make a piece, and its order is that of pairs.
#[test]
fn listed_merges_are_the_only_ones() {
    let pair = |left: &str, right: &str| (left.to_owned(), right.to_owned());
    let merges = vec![pair("b", "c"), pair("a", "b"), pair("ab", "c"), pair("c", "c")];
    let mut counter = counter(&['a', 'b', 'c'], Merges::Of(merges));
    for (text, tokens) in [("ab", 1), ("abc", 2), ("bcc", 2), ("aab", 2), ("ccc", 2), ("abab", 2)] {
        assert_eq!(counter.count(text), tokens, "{text}");
    }
}

fn counter(alphabet: &[char], merges: Merges) -> Counter {
    let pieces = Pieces { letters: alphabet.to_vec(), merges, ..Pieces::default() };
    Counter::new(&Vocabulary::of("made up", &pieces).expect("a vocabulary"))
}

/// Merging as SentencePiece defines it: of all neighbours that make a piece the best, the leftmost of equal ones.
fn by_definition(text: &str, ranks: &HashMap<String, usize>) -> u64 {
    let mut parts: Vec<String> = text.chars().map(String::from).collect();
    loop {
        let merges = parts
            .windows(2)
            .enumerate()
            .filter_map(|(at, pair)| ranks.get(&pair.concat()).map(|rank| (*rank, at)));
        let Some((_, at)) = merges.min() else { return parts.len() as u64 };
        let right = parts.remove(at + 1);
        parts[at].push_str(&right);
    }
}
