//! Arbitrary bytes as a text that is counted whole, in pieces, and cut in two, as a request's body, and as a tokenizer's
//! file. It asserts what holds for every text, and never what one particular text comes to.

#![no_main]

use gemini_doctor::tokens::{
    Counter, Stream, Vocabulary,
    body::{Api, Asked, Body},
    chunks, hidden, model_file,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((size, bytes)) = bytes.split_first() else { return };
    let size = usize::from(*size).max(1);
    let mut counter = Counter::new(&Vocabulary::gemma3());
    let text = String::from_utf8_lossy(bytes);
    let tokens = counter.count(&text);
    assert!(tokens <= text.len() as u64, "a token has at least a byte");
    assert_adds_up(&mut counter, &text, tokens);
    assert_streams(&mut counter, bytes, size);
    assert_plans(&mut counter, &text, size as u64 + 16);
    let cleaned = hidden::normalize(&text, &hidden::Kind::ALL).text;
    assert_eq!(hidden::normalize(&cleaned, &hidden::Kind::ALL).text, cleaned, "clean stays clean");
    assert_body(&mut counter, &text);
    assert_file(bytes, &text);
});

fn assert_body(counter: &mut Counter, text: &str) {
    let Ok(body) = Body::read(text) else { return };
    let asked = Asked { model: "gemini-2.5-flash", api: Api::Developer, doubt: None };
    let tally = body.count(asked, |text| counter.count(text));
    let sum = tally.lines.iter().fold(0_u64, |sum, line| sum.saturating_add(line.tokens));
    assert_eq!(tally.total(), sum);
}

/// An error names what is wrong with a file; most files are none.
fn assert_file(bytes: &[u8], text: &str) {
    match model_file::read(bytes) {
        Err(error) => assert!(!error.is_empty()),
        Ok(pieces) => {
            if let Ok(vocabulary) = Vocabulary::of("a file", &pieces) {
                assert!(Counter::new(&vocabulary).count(text) <= text.len() as u64);
            }
        }
    }
}

fn assert_adds_up(counter: &mut Counter, text: &str, tokens: u64) {
    let (mut end, mut sum) = (0, 0);
    counter.stretches(text, |range, tokens| {
        assert_eq!(range.start, end, "no gap");
        (end, sum) = (range.end, sum + tokens);
    });
    assert_eq!((end, sum), (text.len(), tokens));
}

fn assert_streams(counter: &mut Counter, bytes: &[u8], size: usize) {
    let mut counted = |size: usize| {
        let mut stream = Stream::new(counter);
        bytes.chunks(size).for_each(|piece| stream.push(piece));
        stream.finish()
    };
    let whole = counted(usize::MAX);
    assert_eq!(counted(size), whole, "where a stream is broken does not matter");
    assert_eq!(whole.bytes, bytes.len() as u64);
}

fn assert_plans(counter: &mut Counter, text: &str, cap: u64) {
    let Ok(plan) = chunks::plan(text, cap, cap / 4, counter) else { return };
    let own: String = plan.chunks.iter().map(|chunk| &text[chunk.own.clone()]).collect();
    assert_eq!(own, text, "nothing is lost");
    for chunk in &plan.chunks {
        assert_eq!(counter.count(&text[chunk.range.clone()]), chunk.tokens);
        assert!(chunk.tokens <= cap);
    }
}
