//! Arbitrary bytes through all that is read of a server's certificates: one by one, as a chain, as a
//! stapled OCSP answer, and for the cause of a refusal. It asserts what holds for all bytes: no panic, one
//! bounded line a text, and a cause for every refusal.

#![no_main]

use gemini_doctor::certs::{
    Asked, Certificate, Chain, Name, Said, causes, flaws, names, ocsp::Answer,
};
use libfuzzer_sys::fuzz_target;

/// A moment in 2026; results must not depend on the day of the run.
const NOW: i64 = 1_795_132_800;
/// The host that is asked for; inputs that name it reach further.
const HOST: &str = "api.example";
/// What one detail may hold: a few names, of 200 letters each, each letter perhaps as its number.
const DETAIL: usize = 40_000;
/// As many certificates as one input is taken apart into.
const MOST: usize = 64;

fuzz_target!(|bytes: &[u8]| {
    let _ = Certificate::read(bytes).map(|one| assert_certificate(&one));
    let _ = Name::of_parts(bytes);
    let staple = Answer::read(bytes).ok();
    let pieces = pieces(bytes);
    let chain = Chain::read(&pieces);
    assert_chain(&chain, pieces.len());
    if let Some(answer) = &staple {
        for one in chain.readable() {
            let _ = answer.proof(Some(one));
        }
    }
    for said in says() {
        let asked = Asked { staple: staple.as_ref(), ..Asked::new(HOST, NOW, said) };
        let causes = causes(&chain, &asked);
        assert!(!causes.is_empty(), "a refusal has a cause");
        causes.iter().for_each(|cause| assert_line(&cause.detail, DETAIL));
    }
    flaws(&chain, "[2001:db8::1]", i64::MIN / 2);
    flaws(&chain, "", i64::MAX / 2);
});

fn says() -> [Said; 6] {
    [
        Said::UnknownIssuer,
        Said::BadSignature,
        Said::Expired,
        Said::WrongName,
        Said::WeakSignature,
        Said::Other("x".to_owned()),
    ]
}

/// The input as several certificates: each begins with two bytes that tell how long it is.
fn pieces(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut pieces, mut rest) = (Vec::new(), bytes);
    while let [high, low, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(tail.len());
        let (piece, after) = tail.split_at(length);
        pieces.push(piece);
        rest = after;
        if pieces.len() == MOST {
            break;
        }
    }
    pieces
}

fn assert_certificate(one: &Certificate) {
    assert_line(&one.subject.full, 8_000);
    assert_line(&one.issuer.short(), 2_000);
    one.names.iter().for_each(|name| assert_line(&name.to_string(), 8_000));
    assert!(one.fingerprint.len() == 64 && one.pin.starts_with("sha256//"));
    let _ = (one.signs_itself(), one.hosts().len(), names::matches(&one.names, HOST));
    let _ = names::nearest(&one.names, HOST);
}

fn assert_chain(chain: &Chain, sent: usize) {
    assert_eq!(chain.sent.len(), sent);
    assert!(chain.path.len() <= sent);
    let known = chain.path.len() + chain.duplicates.len() + chain.surplus().count();
    assert!(known + chain.unreadable().count() <= sent, "each certificate is one thing");
    let _ = (chain.missing(), chain.is_in_order(), chain.roots_in_vain().count());
    let _ = chain.moment_in_date();
}

fn assert_line(text: &str, most: usize) {
    assert!(text.chars().count() <= most, "{} letters", text.chars().count());
    assert!(!text.contains(char::is_control), "{text:?}");
}
