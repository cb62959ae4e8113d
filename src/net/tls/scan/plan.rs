//! What a scan asks, with how many connections, and the hello of each question.
//!
//! Opens nothing.

use std::time::Duration;

use super::Probe;
use crate::net::tls::hello::{Alert, Filling, Group, Hello, Shares, Suite, Version};

/// The most connections that a scan opens, SSL 3.0 aside, which costs one more.
pub const CONNECTIONS: usize = 25;

/// The groups that are asked for, in the order of today's clients.
pub const GROUPS: &[Group] = &[
    Group::X25519_MLKEM768,
    Group::X25519,
    Group::SECP256R1,
    Group::SECP384R1,
    Group::SECP521R1,
    Group::X448,
    Group::SECP256R1_MLKEM768,
    Group::SECP384R1_MLKEM1024,
    Group::FFDHE2048,
    Group::FFDHE3072,
    Group::FFDHE4096,
    Group::FFDHE6144,
    Group::FFDHE8192,
];

/// The name that no server has a certificate for.
pub const OTHER_NAME: &str = "another-name.invalid";

/// What is to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The name for SNI; `None` where the host is an address.
    pub name: Option<String>,
    /// Whether SSL 3.0 is asked for.
    pub ssl3: bool,
    /// How long all of it may take.
    pub timeout: Duration,
}

/// What one connection asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// That version alone.
    Version(Version),
    /// TLS 1.2 with this protocol alone for ALPN.
    Alpn(&'static str),
    /// TLS 1.2 without SNI.
    WithoutName,
    /// TLS 1.2 with a name that is not the server's.
    OtherName,
    /// A hello that does not fit in one packet, as that of clients with post-quantum key exchange.
    Large,
    /// A small hello in two packets.
    Split,
    /// These groups alone, without a share for them: a server that has one of them asks for it. One group
    /// by itself is asked for with TLS 1.2 as well.
    Groups(&'static [Group]),
    /// This group first, with TLS 1.2 alone, and behind it the curves that certificates are of: where they
    /// are not offered, TLS 1.2 refuses the certificate.
    BeforeCurves(Group),
}

/// Groups that most servers have: each is asked for by itself.
const COMMON: usize = 6;
/// Where those begin of which most servers have none: they are asked for together first.
const HYBRIDS: usize = COMMON;
const PRIMES: usize = HYBRIDS + 2;

/// Groups that clients no longer offer, or never did.
pub(super) const RARE: &[Group] = &[
    Group(0x001f),
    Group(0x0020),
    Group(0x0021),
    Group(0x001a),
    Group(0x001b),
    Group(0x001c),
    Group(0x0016),
    Group(0x0015),
    Group(0x0013),
    Group(0x000d),
    Group(0x000e),
    Group(0x000b),
    Group(0x000c),
    Group(0x0009),
    Group(0x000a),
    Group(0x0029),
];

/// The curves that certificates are of.
const OF_CERTIFICATES: [Group; 3] = [Group::SECP256R1, Group::SECP384R1, Group::SECP521R1];

impl Plan {
    /// The most connections that this plan opens.
    pub fn connections(&self) -> usize {
        let later = GROUPS.len() - COMMON - 2;
        let repeated = 2;
        self.first().len() + later + repeated
    }

    /// What is asked at once.
    pub(super) fn first(&self) -> Vec<Question> {
        use Question::{Alpn, Groups, Large, OtherName, Split, WithoutName};
        let old = [Version::Tls10, Version::Tls11, Version::Tls13].map(Question::Version);
        let mut questions = old.to_vec();
        questions.extend([Alpn("h2"), Alpn("http/1.1"), Large, Split]);
        if self.ssl3 {
            questions.push(Question::Version(Version::Ssl3));
        }
        if self.name.is_some() {
            questions.extend([WithoutName, OtherName]);
        }
        questions.extend(GROUPS[..COMMON].chunks(1).map(Groups));
        questions.extend([
            Groups(&GROUPS[HYBRIDS..PRIMES]),
            Groups(&GROUPS[PRIMES..]),
            Groups(RARE),
        ]);
        questions
    }

    /// What the answers leave open: the other groups of those that were asked for together, where one
    /// was taken; those that TLS 1.2 may have refused for the certificate alone; and whether the large
    /// hello, or one in two packets, dies again.
    pub(super) fn rest(&self, probes: &[Probe]) -> Vec<Question> {
        let mut questions = Vec::new();
        let hangs_on_curve = hangs_on_curve(probes);
        for probe in probes {
            match probe.question {
                Question::Groups(groups) if groups == RARE => {}
                Question::Groups([group]) if hangs_on_curve && is_doubtful(probe) => {
                    questions.push(Question::BeforeCurves(*group));
                }
                Question::Groups(groups) if groups.len() > 1 => {
                    questions.extend(others(groups, probe));
                }
                Question::Large | Question::Split if is_dead(probe) => {
                    questions.push(probe.question);
                }
                _ => {}
            }
        }
        let is_answered = probes.iter().any(|probe| probe.answer.is_tls());
        if is_answered { questions } else { Vec::new() }
    }

    pub(super) fn hello(&self, question: Question, filling: &Filling) -> Vec<u8> {
        use Version::{Tls12, Tls13};
        let name = self.name.as_deref();
        let usual = Hello {
            versions: &[Tls12],
            suites: SUITES,
            groups: &GROUPS[1..COMMON],
            shares: Shares::Empty,
            alpn: &[],
            name,
        };
        let modern = Hello { versions: &[Tls13, Tls12], groups: GROUPS, ..usual };
        let curves = before_curves(question);
        let hello = match question {
            Question::Version(Tls13) => Hello { versions: &[Tls13], groups: GROUPS, ..usual },
            Question::Version(ref version) => {
                Hello { versions: std::slice::from_ref(version), ..usual }
            }
            Question::Alpn(ref protocol) => Hello { alpn: std::slice::from_ref(protocol), ..usual },
            Question::WithoutName => Hello { name: None, ..usual },
            Question::OtherName => Hello { name: Some(OTHER_NAME), ..usual },
            Question::Large => Hello { shares: Shares::Of(SHARED), ..modern },
            Question::Split => modern,
            Question::Groups(groups @ [_]) => Hello { groups, suites: &SUITES[..CURVES], ..modern },
            Question::Groups(groups) if groups == RARE => Hello { groups, ..modern },
            Question::Groups(groups) => Hello { versions: &[Tls13], groups, ..usual },
            Question::BeforeCurves(_) => {
                Hello { suites: &SUITES[..CURVES], groups: &curves, ..usual }
            }
        };
        hello.bytes(filling)
    }
}

impl Question {
    /// Whether it is about that group alone.
    pub(super) fn is_of(self, group: Group) -> bool {
        matches!(self, Self::Groups([one]) if *one == group)
    }

    /// The words for a report.
    pub fn words(self) -> String {
        match self {
            Self::Version(version) => format!("{version} alone"),
            Self::Alpn(protocol) => format!("TLS 1.2 with {protocol} for ALPN"),
            Self::WithoutName => "TLS 1.2 without SNI".to_owned(),
            Self::OtherName => format!("TLS 1.2 for {OTHER_NAME}"),
            Self::Large => "a hello larger than a packet".to_owned(),
            Self::Split => "a hello in two packets".to_owned(),
            Self::Groups(groups) => {
                let names: Vec<String> = groups.iter().map(Group::to_string).collect();
                format!("the groups {}", names.join(", "))
            }
            Self::BeforeCurves(group) => format!("the group {group} first, with TLS 1.2"),
        }
    }
}

/// Each of the groups that were not named in the answer by itself.
fn others(groups: &'static [Group], probe: &Probe) -> Vec<Question> {
    let named = probe.answer.hello.as_ref().and_then(|hello| hello.group);
    let is_other = |group: &&[Group]| named.is_some_and(|named| group != &[named]);
    groups.chunks(1).filter(is_other).map(Question::Groups).collect()
}

/// The group of the question, if it has one of its own, and behind it the curves of certificates.
fn before_curves(question: Question) -> Vec<Group> {
    let first = match question {
        Question::BeforeCurves(group) => Some(group),
        _ => None,
    };
    let others = OF_CERTIFICATES.into_iter().filter(|curve| Some(*curve) != first);
    first.into_iter().chain(others).collect()
}

/// Whether TLS 1.2 is the newest that is spoken, and groups may be refused there because the curve of the
/// certificate is not offered. A server that takes two groups by themselves does not look at that.
fn hangs_on_curve(probes: &[Probe]) -> bool {
    let answers = || probes.iter().filter_map(|probe| probe.answer.hello.as_ref());
    let is_newer = answers().any(|hello| hello.version == Some(Version::Tls13));
    let is_alone = |question| matches!(question, Question::Groups([_]));
    let taken =
        probes.iter().filter(|probe| is_alone(probe.question) && probe.answer.hello.is_some());
    !is_newer && taken.count() < 2 && answers().any(|hello| hello.suite.is_by_ecdsa())
}

/// Whether a group was refused with an alert that may be about the certificate.
pub(super) fn is_doubtful(probe: &Probe) -> bool {
    probe.answer.refusal().is_some_and(|alert| alert.code == Alert::HANDSHAKE_FAILURE)
}

/// Whether nothing came back at all.
fn is_dead(probe: &Probe) -> bool {
    probe.failure.is_some() && !probe.answer.is_tls() && probe.connect_ms.is_some()
}

/// The shares of the large hello.
const SHARED: &[Group] = &[Group::X25519_MLKEM768, Group::X25519];

/// So many of the suites are those of TLS 1.3 and those over an ephemeral curve.
const CURVES: usize = 27;

/// Cipher suites, best first, down to what only the oldest servers pick.
const SUITES: &[Suite] = &[
    Suite(0x1302),
    Suite(0x1303),
    Suite(0x1301),
    Suite(0x1304),
    Suite(0x1305),
    Suite(0xc02c),
    Suite(0xc030),
    Suite(0xcca9),
    Suite(0xcca8),
    Suite(0xc02b),
    Suite(0xc02f),
    Suite(0xc0ad),
    Suite(0xc0ac),
    Suite(0xc0af),
    Suite(0xc0ae),
    Suite(0xc024),
    Suite(0xc028),
    Suite(0xc023),
    Suite(0xc027),
    Suite(0xc00a),
    Suite(0xc014),
    Suite(0xc009),
    Suite(0xc013),
    Suite(0xc008),
    Suite(0xc012),
    Suite(0xc007),
    Suite(0xc011),
    Suite(0x009f),
    Suite(0xccaa),
    Suite(0x009e),
    Suite(0xc09f),
    Suite(0xc09e),
    Suite(0x006b),
    Suite(0x0067),
    Suite(0x0039),
    Suite(0x0033),
    Suite(0x009d),
    Suite(0x009c),
    Suite(0xc09d),
    Suite(0xc09c),
    Suite(0x003d),
    Suite(0x003c),
    Suite(0x0035),
    Suite(0x002f),
    Suite(0x0016),
    Suite(0x000a),
    Suite(0x0005),
    Suite(0x0004),
];
