//! Arbitrary bytes as the answer to a ClientHello, in one piece and in many. It asserts what holds for
//! every answer, and never what one particular answer means.

#![no_main]

use gemini_doctor::net::tls::hello::{Answer, MOST, Reader, Spoken};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The first byte says how the rest is split.
    let Some((size, bytes)) = bytes.split_first() else { return };
    let whole = Answer::of(bytes);
    assert_answer(&whole, bytes.len());
    let mut reader = Reader::default();
    for piece in bytes.chunks(usize::from(*size).max(1)) {
        reader.take(piece);
        assert_answer(reader.so_far(), bytes.len());
    }
    assert_eq!(reader.end(), whole, "one answer has one reading");
    assert!(!Spoken::of(bytes).word().is_empty());
});

fn assert_answer(answer: &Answer, length: usize) {
    assert!(answer.spoken.is_none() || !answer.is_tls(), "either TLS or not: {answer:?}");
    assert!(answer.alerts.len() <= 4, "{answer:?}");
    let certificates = answer.certificates.iter().flatten();
    let bytes: usize = certificates.map(Vec::len).sum();
    assert!(bytes <= length.min(MOST), "no byte is read twice");
    for alert in &answer.alerts {
        assert!(alert.to_string().ends_with(&format!("({})", alert.code)));
    }
    if let Some(hello) = &answer.hello {
        assert!(!hello.suite.to_string().is_empty() && hello.session.len() < 256);
    }
    if let Some(group) = answer.group() {
        assert!(!group.to_string().is_empty());
    }
}
