//! Every entry keeps its promises: ids, examples, near-misses, links between entries, and lawful words.

use super::{KnownFix, all, families, find};
use crate::{
    diagnose::{matcher, read},
    facts::{Clue, Confidence, time},
};

/// Families of what happens inside the caller's program, before or after any server: their texts are
/// their proof.
const WITHOUT_SERVER: &[&str] = &["sdk", "setup", "live"];

/// What a simulation on this machine's loopback cannot show honestly: it cannot take away the network
/// or the local ports without harming the machine, and an unknown failure is known once it is simulated.
/// Nor can this program play the part of others: it speaks no gRPC and breaks no call of its own off.
/// A client of another make that stops a key asks no server, and whoever pays for another project gets
/// the answer of a used-up day, word for word.
const WITHOUT_SCENARIO: &[&str] = &[
    "network-unreachable-fetch-failed",
    "local-port-exhaustion",
    "not-recognised",
    "grpc-unreachable",
    "client-aborted-request",
    "client-rejects-new-key-format",
    "billing-not-applied-free-tier-quota",
    // A simulated world has no other programs than this one.
    "tls-runtime-distrusts",
    // A simulated world has names of its own, none of which was looked up.
    "dns-wrong-address",
    // A simulated world goes by this machine's clock.
    "clock-impossible",
    // It takes the document of an earlier run.
    "latency-regressed",
    // It stands beside the refusal whose details are gone, and never first.
    "gateway-hides-details",
];

/// The one entry that no clue leads to: the program names it when nothing else fits, so no example of
/// it can exist.
fn is_made_by_the_program(id: &str) -> bool {
    id == "not-recognised"
}

fn is_of_the_callers_program(id: &str) -> bool {
    let mut families = families().iter().filter(|(name, _)| WITHOUT_SERVER.contains(name));
    families.any(|(_, fixes)| fixes.iter().any(|fix| fix.id == id))
}

fn first_of(clues: &[Clue]) -> Option<&'static KnownFix> {
    matcher::candidates(clues).first().map(|candidate| candidate.fix)
}

#[test]
fn ids_are_unique_words() {
    let mut ids: Vec<&str> = all().map(|fix| fix.id).collect();
    ids.sort_unstable();
    for pair in ids.windows(2) {
        assert_ne!(pair[0], pair[1]);
    }
    for id in ids {
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        assert!(id.chars().all(plain), "{id}");
    }
}

#[test]
fn links_between_entries_lead_somewhere() {
    for fix in all() {
        let named = fix.splits.iter().map(|split| split.id).chain(fix.hides.iter().copied());
        for id in named {
            assert!(find(id).is_some() && id != fix.id, "{} names {id}", fix.id);
        }
    }
}

#[test]
fn every_entry_is_complete() {
    for fix in all() {
        let id = fix.id;
        assert!(!fix.when.is_empty(), "{id} matches nothing");
        assert!(!fix.fix.is_empty() && !fix.why.is_empty() && !fix.confirm.is_empty(), "{id}");
        assert!(
            fix.seen_as.len() >= 2 || fix.live.len() >= 2 || is_made_by_the_program(id),
            "{id} needs two texts or two sets of signs"
        );
        assert!(!fix.not.is_empty(), "{id} needs a near-miss");
        assert!(time::days(fix.as_of).is_some(), "{id}: {}", fix.as_of);
        assert!(!fix.title.ends_with('.') && fix.title.len() <= 72, "{id}: {}", fix.title);
        let unseen = WITHOUT_SCENARIO.contains(&id) || is_of_the_callers_program(id);
        assert_eq!(fix.reproduce.is_empty(), unseen, "{id}'s scenario");
        for step in fix.fix {
            assert!(!step.action.ends_with('.'), "{id}: {}", step.action);
        }
    }
}

#[test]
fn texts_are_explained_by_their_own_fix_or_a_declared_split() {
    for fix in all() {
        for text in fix.seen_as {
            let found = first_of(&read::read(text)).map_or("nothing", |found| found.id);
            let split = fix.splits.iter().any(|split| split.id == found);
            assert!(found == fix.id || split, "{}: {text:?} is explained by {found}", fix.id);
            let listed =
                matcher::candidates(&read::read(text)).iter().any(|one| one.fix.id == fix.id);
            assert!(listed, "{}: {text:?} does not list it", fix.id);
        }
    }
}

/// An example that another entry claims as surely, and as weightily, is no example of the one alone.
#[test]
fn no_other_entry_is_as_sure_of_an_example_without_declaring_it() {
    let mut offences = Vec::new();
    for fix in all() {
        for text in fix.seen_as {
            let found = matcher::candidates(&read::read(text));
            let Some(own) = found.iter().find(|one| one.fix.id == fix.id) else { continue };
            let as_good = found.iter().filter(|one| {
                one.case.sure == Confidence::High
                    && one.weight + NEARLY >= own.weight
                    && !is_known(one.fix, fix)
            });
            offences.extend(as_good.map(|one| format!("{}: {} by {text:?}", fix.id, one.fix.id)));
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// How much lighter a rival may be and still come in the way: the weight of a word of context.
const NEARLY: u32 = 8;

/// Entries that the signs of one of them satisfy alike must know of each other: one hides the other,
/// or one names the other as what the evidence cannot tell from it.
#[test]
fn no_two_entries_claim_the_same_clues_without_declaring_it() {
    let mut offences = Vec::new();
    for fix in all() {
        for case in fix.when {
            let clues: Vec<Clue> = case.all.iter().filter_map(sample).collect();
            let found = matcher::candidates(&clues);
            let Some(own) = found.iter().find(|one| one.fix.id == fix.id) else { continue };
            let rivals = found
                .iter()
                .filter(|one| one.weight + NEARLY >= own.weight && !is_known(one.fix, fix));
            offences.extend(rivals.map(|one| format!("{} {:?}: {}", fix.id, case.all, one.fix.id)));
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

fn is_known(one: &KnownFix, other: &KnownFix) -> bool {
    let names = |fix: &KnownFix, id: &str| {
        fix.id == id || fix.hides.contains(&id) || fix.splits.iter().any(|split| split.id == id)
    };
    names(one, other.id) || names(other, one.id)
}

#[test]
fn live_signs_are_explained_by_their_own_fix() {
    for fix in all() {
        for signs in fix.live {
            let clues: Vec<Clue> = signs.iter().filter_map(sample).collect();
            let found = first_of(&clues).map_or("nothing", |found| found.id);
            assert_eq!(found, fix.id, "{signs:?}");
        }
    }
}

#[test]
fn six_ways_for_a_socket_to_close_have_six_answers() {
    for (id, text) in [
        ("connection-refused", "Error: connect ECONNREFUSED 192.0.2.10:443"),
        ("connection-reset", "curl: (35) Recv failure: Connection reset by peer"),
        ("connection-reset-after-tls", "Error: aborted\n  code: 'ECONNRESET'"),
        ("h2-goaway", "Error [ERR_HTTP2_GOAWAY_SESSION]: New streams cannot be created"),
        ("server-disconnected", "http: server closed idle connection"),
        ("answer-cut", "curl: (18) transfer closed with 4700 bytes remaining to read"),
    ] {
        let found = first_of(&read::read(text)).map_or("nothing", |found| found.id);
        assert_eq!(found, id, "{text}");
    }
    for text in [
        "Error: Socket closed",
        "<_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.UNAVAILABLE\n\tdetails = \"Socket closed\"\n>",
    ] {
        let bare = matcher::candidates(&read::read(text))[0];
        assert_eq!(bare.case.sure, Confidence::Low, "{text}");
        for id in [
            "connection-refused",
            "connection-reset",
            "connection-reset-after-tls",
            "h2-goaway",
            "answer-cut",
        ] {
            assert!(bare.fix.splits.iter().any(|split| split.id == id), "{}: {id}", bare.fix.id);
        }
    }
}

#[test]
fn every_kind_of_wire_failure_has_its_fix() {
    use crate::facts::{Fault::*, Stage::*};
    for (id, stage, fault) in [
        ("dns-failure", Dns, NameNotFound),
        ("dns-failure", Dns, NameTryAgain),
        ("dns-failure", Dns, NameFailed),
        ("dns-failure", Dns, TimedOut),
        ("connection-refused", Tcp, Refused),
        ("connect-timeout", Tcp, TimedOut),
        ("network-unreachable-fetch-failed", Tcp, Unreachable),
        ("network-unreachable-fetch-failed", Tcp, Forbidden),
        ("local-port-exhaustion", Tcp, NoLocalAddress),
        ("connection-reset", Tcp, Reset),
        ("connection-reset", Tls, Reset),
        ("connection-reset-after-tls", Request, Reset),
        ("connection-reset-after-tls", Head, Reset),
        ("connection-reset-after-tls", Body, Reset),
        ("tls-eof", Tls, Closed),
        ("tls-handshake-timeout", Tls, TimedOut),
        ("tls-protocol-mismatch", Tls, NotTls),
        ("tls-protocol-mismatch", Proxy, NotTls),
        ("tls-handshake-refused", Tls, TlsRefused),
        ("tls-too-old", Tls, TlsTooOld),
        ("tls-no-common-cipher", Tls, TlsNoCipher),
        ("tls-no-common-group", Tls, TlsNoGroup),
        ("tls-no-common-alpn", Tls, TlsNoAlpn),
        ("tls-client-certificate", Tls, TlsWantsCertificate),
        ("tls-client-certificate", Head, TlsWantsCertificate),
        ("tls-sni-dependent", Tls, TlsNameRefused),
        ("tls-record-corrupted-by-middlebox", Tls, TlsCorrupted),
        ("tls-record-corrupted-by-middlebox", Body, TlsCorrupted),
        ("tls-ca-missing", Tls, CertUnknownIssuer),
        ("tls-ca-missing", Tls, CertInvalid),
        ("tls-self-signed-interception", Tls, CertSelfSigned),
        ("tls-missing-intermediate", Tls, CertMissingIntermediate),
        ("tls-company-ca", Tls, CertCompanyCa),
        ("tls-inspection-product", Tls, CertInspectionProduct),
        ("tls-mitmproxy", Tls, CertMitmproxy),
        ("tls-test-ca", Tls, CertTestCa),
        ("tls-recreated-ca", Tls, CertRecreatedCa),
        ("tls-self-signed-leaf", Tls, CertSelfSignedLeaf),
        ("tls-ca-as-leaf", Tls, CertCaAsLeaf),
        ("tls-cn-only", Tls, CertCnOnly),
        ("tls-weak-key", Tls, CertWeakKey),
        ("tls-weak-signature", Tls, CertWeakSignature),
        ("tls-wrong-usage", Tls, CertWrongUsage),
        ("tls-certificate-unreadable", Tls, CertUnreadable),
        ("tls-certificate-revoked", Tls, CertRevoked),
        ("tls-certificate-expired", Tls, CertExpired),
        ("tls-certificate-not-yet-valid", Tls, CertNotYetValid),
        ("tls-hostname-mismatch", Tls, CertWrongName),
        ("proxy-unreachable", Proxy, Refused),
        ("proxy-unreachable", Proxy, TimedOut),
        ("proxy-unreachable", Proxy, NameNotFound),
        ("proxy-unreachable", Proxy, NameTryAgain),
        ("proxy-unreachable", Proxy, NameFailed),
        ("proxy-unreachable", Proxy, Unreachable),
        ("proxy-unreachable", Proxy, Closed),
        ("proxy-unreachable", Proxy, Reset),
        ("proxy-unreachable", Proxy, NotHttp),
        ("proxy-auth-required", Proxy, ProxyWantsLogin),
        ("proxy-auth-ntlm", Proxy, ProxyWantsOtherLogin),
        ("proxy-refused-tunnel", Proxy, ProxyRefused),
        ("proxy-scheme-unsupported", Proxy, ProxyScheme),
        ("client-read-timeout", Request, TimedOut),
        ("client-read-timeout", Head, TimedOut),
        ("client-read-timeout", Body, TimedOut),
        ("server-disconnected", Request, Closed),
        ("server-disconnected", Head, Closed),
        ("answer-cut", Body, Closed),
        ("answer-cut", Body, BodyCut),
        ("answer-too-large", Body, BodyTooLarge),
        ("headers-too-large", Head, HeadersTooLarge),
        ("http-malformed", Head, NotHttp),
        ("h2-goaway", Head, GoAway),
        ("h2-stream-reset", Head, StreamReset),
    ] {
        let clues = [Clue::At(stage), Clue::Fault(fault), Clue::Message("detail".to_owned())];
        let found = first_of(&clues).map_or("nothing", |found| found.id);
        assert_eq!(found, id, "{stage:?} {fault:?}");
    }
}

#[test]
fn near_misses_are_not_explained_by_it() {
    for fix in all() {
        for text in fix.not {
            let found = first_of(&read::read(text)).map_or("nothing", |found| found.id);
            assert_ne!(found, fix.id, "{text:?}");
        }
    }
}

#[test]
fn no_fix_advises_what_is_unlawful_or_unsafe() {
    const FORBIDDEN: &[&str] = &[
        "vpn",
        "bypass",
        "circumvent",
        "verify=false",
        "--insecure",
        "curl -k",
        "rejectunauthorized",
        "disable verification",
        "turn off verification",
        "share the key",
        "share your key",
        "strict_ssl",
        "no-check-certificate",
        "pythonhttpsverify",
        "node_tls_reject",
        "verify: false",
        "another country",
        "another region",
        "its proxy or its gateway in",
        "proxy in a supported",
        "gateway in a supported",
        "through a supported",
        "via a supported",
        "exit node",
        "change your location",
        "hide your location",
        "different country",
    ];
    for fix in all() {
        let steps = fix.fix.iter().flat_map(|step| {
            let commands = step.command.map(|command| [command.sh, command.powershell]);
            std::iter::once(step.action).chain(commands.into_iter().flatten())
        });
        for text in steps.chain([fix.why, fix.confirm]) {
            let lower = text.to_lowercase();
            for word in FORBIDDEN {
                assert!(!lower.contains(word), "{}: {text:?} holds {word:?}", fix.id);
            }
        }
    }
}

#[test]
fn a_high_confidence_case_rests_on_more_than_a_status() {
    for fix in all() {
        for case in fix.when.iter().filter(|case| case.sure == Confidence::High) {
            let weight: u32 = case.all.iter().map(|sign| sign.weight()).sum();
            assert!(weight >= 24, "{}: {:?}", fix.id, case.all);
        }
    }
}

/// A clue that a sign is found in.
pub(crate) fn sample(sign: &super::Sign) -> Option<Clue> {
    use super::Sign;
    Some(match *sign {
        Sign::By(party) => Clue::By(party),
        Sign::Status(status) => Clue::Status(status),
        Sign::StatusIn(statuses) => Clue::Status(statuses[0]),
        Sign::Rpc(word) => Clue::Rpc(word.to_owned()),
        Sign::Reason(word) => Clue::Reason(word.to_owned()),
        Sign::Meta(name, part) => Clue::Meta(name.to_owned(), part.to_owned()),
        Sign::QuotaId(part) => Clue::QuotaId(part.to_owned()),
        Sign::LimitZero => Clue::LimitZero,
        Sign::Says(part) => Clue::Message(part.to_owned()),
        Sign::SaysOne(parts) => Clue::Message(parts[0].to_owned()),
        Sign::At(stage) => Clue::At(stage),
        Sign::Fault(fault) => Clue::Fault(fault),
        Sign::Key(kind) => Clue::Key(kind),
        Sign::Flaw(flaw) => Clue::Flaw(flaw),
        Sign::Local(fact) => Clue::Local(fact),
        Sign::Host(kind) => Clue::Host(kind),
        Sign::Route(flaw) => Clue::Route(flaw),
        Sign::Method(method) => Clue::Method(method),
        Sign::Model(fact) => Clue::Model(fact),
        Sign::Shown(shown) => Clue::Shown(shown),
        Sign::ViaProxy => Clue::ViaProxy,
        Sign::Closed(code) => Clue::Closed(code),
        Sign::SentAs(way) => Clue::SentAs(way),
        Sign::OneOf(signs) => return signs.first().and_then(sample),
        Sign::Not(_) => return None,
    })
}
