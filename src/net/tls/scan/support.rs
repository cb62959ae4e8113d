//! What the answers to a scan tell, and what they leave untold.
//!
//! Pure: probes in, facts out.

use super::Probe;
use super::plan::{GROUPS, Plan, Question, RARE, is_doubtful};
use crate::facts::{Failure, Fault};
use crate::net::tls::hello::{Alert, Broken, Group, KeyExchange, Spoken, Suite, Version};

/// What a server supports.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// Each version that was asked for, oldest first.
    pub versions: Vec<(Version, Told<Offer>)>,
    /// Each group, with the version it was shown with.
    pub groups: Vec<(Group, Told<Option<Version>>)>,
    /// One that is taken of those that clients no longer offer.
    pub rare_group: Told<Option<Group>>,
    /// The group that the server picks of all.
    pub preferred_group: Told<Group>,
    /// What the key exchange of TLS 1.2 is over.
    pub key_exchange: Told<KeyExchange>,
    /// What becomes of each protocol that is offered by itself.
    pub alpn: Vec<(&'static str, Told<Picked>)>,
    /// The chain as it is sent with TLS 1.2, leaf first.
    pub chain: Told<Vec<Vec<u8>>>,
    /// Which leaf comes without SNI, beside the one that comes with it.
    pub without_name: Told<Leaf>,
    /// Which leaf comes for another name.
    pub other_name: Told<Leaf>,
    /// Whether a certificate is asked of the client; whether one must be given, nobody tells.
    pub asks_for_certificate: Told<bool>,
    /// Whether a hello passes that is as large as that of clients with post-quantum key exchange.
    pub large: Told<Passage>,
    /// Whether a small hello passes in two packets.
    pub split: Told<Passage>,
    /// The alert that all hellos with the name were refused with, if it was one and the same; versions of
    /// old may be refused in a way of their own.
    pub refusal: Option<Alert>,
    /// What is spoken instead of TLS.
    pub spoken: Option<Spoken>,
    /// The probes, in the order in which they were asked.
    pub probes: Vec<Probe>,
}

/// A fact, or why it was not told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told<T> {
    /// It was told.
    Is(T),
    /// It was not.
    Not(Why),
}

/// Why something was not told.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The connection failed: reset, closed, silent.
    Failed(Failure),
    /// It was refused for another reason.
    Refused(Alert),
    /// Only TLS 1.3 is spoken, which shows it to those alone who finish the handshake.
    Hidden,
    /// The version is not spoken that it belongs to.
    Without(Version),
    /// What is spoken is not TLS.
    NotTls(Spoken),
    /// The answer cannot be read.
    Unreadable(Broken),
    /// Another group is preferred that has to be offered beside it.
    Outranked,
    /// It was not asked.
    NotAsked,
}

/// Whether a version is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Yes, and this is the cipher suite that is picked.
    Yes(Suite),
    /// No: it is refused with this alert, or another version is picked.
    No(Option<Alert>),
}

/// What becomes of a protocol that is offered by ALPN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// It is picked.
    Yes,
    /// Nothing is picked, as by a server that knows no ALPN or lets unknown ones pass.
    Nothing,
    /// Another one is picked, which nobody offered.
    Other(String),
    /// The handshake is refused.
    Refused,
}

/// The leaf that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// The same as with the name.
    Same,
    /// Another one.
    Other(Vec<u8>),
    /// None: the handshake is refused.
    Refused(Alert),
}

/// Whether a hello passes.
#[derive(Clone, Debug, PartialEq)]
pub enum Passage {
    /// It is answered.
    Passes,
    /// It is not, twice, while another one was.
    Dies(Failure),
}

impl Support {
    /// Reads the probes of a plan.
    pub fn of(plan: &Plan, probes: Vec<Probe>) -> Self {
        let answers = Answers(&probes);
        Self {
            versions: answers.versions(plan),
            groups: GROUPS.iter().map(|group| (*group, answers.group(*group))).collect(),
            rare_group: answers.rare_group(),
            preferred_group: answers.preferred_group(),
            key_exchange: answers.in_the_clear(|probe| probe.answer.key_exchange),
            alpn: ["h2", "http/1.1"].map(|word| (word, answers.alpn(word))).to_vec(),
            chain: answers.in_the_clear(|probe| probe.answer.certificates.clone()),
            without_name: answers.leaf(Question::WithoutName),
            other_name: answers.leaf(Question::OtherName),
            asks_for_certificate: answers.in_the_clear(|probe| {
                probe.answer.is_whole.then_some(probe.answer.asks_for_certificate)
            }),
            large: answers.passage(Question::Large),
            split: answers.passage(Question::Split),
            refusal: answers.refusal(),
            spoken: probes.iter().find_map(|probe| probe.answer.spoken),
            probes,
        }
    }

    /// Whether a version is spoken.
    pub fn speaks(&self, version: Version) -> Option<bool> {
        let (_, told) = self.versions.iter().find(|(one, _)| *one == version)?;
        told.known().map(|offer| matches!(offer, Offer::Yes(_)))
    }

    /// The newest version that is known to be spoken.
    pub fn newest(&self) -> Option<Version> {
        let spoken = self.versions.iter().filter(|(_, told)| told.is(|offer| offer.is_yes()));
        spoken.map(|(version, _)| *version).max()
    }

    /// Whether it is known that nothing is spoken that is not too old: neither TLS 1.2 nor 1.3.
    pub fn is_too_old(&self) -> bool {
        let is_spoken = |version| self.speaks(version) == Some(true);
        self.newest().is_some_and(Version::is_too_old)
            && !is_spoken(Version::Tls12)
            && !is_spoken(Version::Tls13)
    }

    /// The cipher suite that a version is spoken with.
    pub fn suite(&self, version: Version) -> Option<Suite> {
        let (_, told) = self.versions.iter().find(|(one, _)| *one == version)?;
        match told.known()? {
            Offer::Yes(suite) => Some(*suite),
            Offer::No(_) => None,
        }
    }

    /// Whether TLS is spoken of today, and only with cipher suites that clients of today do not offer.
    pub fn has_no_modern_suite(&self) -> bool {
        let versions = [Version::Tls12, Version::Tls13];
        let mut picked = versions.into_iter().filter_map(|version| self.suite(version)).peekable();
        let is_known = versions.into_iter().all(|version| self.speaks(version).is_some());
        is_known && picked.peek().is_some() && picked.all(|suite| !suite.is_modern())
    }

    /// Whether groups are shared, and none of those that all clients of today offer.
    pub fn has_no_modern_group(&self) -> bool {
        let of = |wanted: Group| self.groups.iter().find(|(group, _)| *group == wanted);
        let is_missing = |wanted| of(wanted).is_some_and(|(_, told)| told.is(Option::is_none));
        let is_taken = |told: &Told<Option<Version>>| told.is(Option::is_some);
        MODERN.into_iter().all(is_missing)
            && (self.groups.iter().any(|(_, told)| is_taken(told))
                || self.rare_group.is(Option::is_some))
    }

    /// What a handshake was refused for that an alert alone did not tell.
    pub fn refused_for(&self) -> Option<Fault> {
        match () {
            () if self.is_too_old() => Some(Fault::TlsTooOld),
            () if self.has_no_modern_suite() => Some(Fault::TlsNoCipher),
            () if self.has_no_modern_group() => Some(Fault::TlsNoGroup),
            () => None,
        }
    }

    /// Whether TCP connects each time, and each hello is answered with a reset.
    pub fn is_reset(&self) -> bool {
        let reset = |probe: &Probe| {
            let failure = probe.failure.as_ref();
            let is_reset = failure.is_some_and(|failure| failure.fault == Fault::Reset);
            probe.connect_ms.is_some() && is_reset && !probe.answer.is_tls()
        };
        !self.probes.is_empty() && self.probes.iter().all(reset)
    }

    /// Whether the large hello dies where a small one passes.
    pub fn breaks_large_hello(&self) -> bool {
        self.large.is(|passage| matches!(passage, Passage::Dies(_)))
    }

    /// Whether the certificate, or whether there is an answer at all, hangs on the name.
    pub fn depends_on_name(&self) -> bool {
        let differs = |told: &Told<Leaf>| told.is(|leaf| *leaf != Leaf::Same);
        differs(&self.without_name) || differs(&self.other_name)
    }
}

impl<T> Told<T> {
    /// The fact, if it was told.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Is(fact) => Some(fact),
            Self::Not(_) => None,
        }
    }

    /// Whether it was told and fits.
    pub fn is(&self, fits: impl FnOnce(&T) -> bool) -> bool {
        self.known().is_some_and(fits)
    }
}

impl Offer {
    /// Whether the version is spoken.
    pub fn is_yes(self) -> bool {
        matches!(self, Self::Yes(_))
    }
}

impl Why {
    /// A fragment that says it.
    pub fn words(&self) -> String {
        match self {
            Self::Failed(failure) => failure.detail.clone(),
            Self::Refused(alert) => format!("refused with {alert}"),
            Self::Hidden => "only TLS 1.3 is spoken, which hides it".to_owned(),
            Self::Without(version) => format!("{version} is not spoken"),
            Self::NotTls(spoken) => format!("what answers is {}, not TLS", spoken.word()),
            Self::Unreadable(_) => "the answer cannot be read".to_owned(),
            Self::Outranked => "another group is preferred that must be offered too".to_owned(),
            Self::NotAsked => "it was not asked".to_owned(),
        }
    }
}

/// The probes, to be looked up by their questions.
#[derive(Clone, Copy)]
struct Answers<'a>(&'a [Probe]);

impl<'a> Answers<'a> {
    /// The latest answer to a question.
    fn to(self, question: Question) -> Option<&'a Probe> {
        self.0.iter().rev().find(|probe| probe.question == question)
    }

    fn versions(self, plan: &Plan) -> Vec<(Version, Told<Offer>)> {
        let asked = |version: &Version| *version != Version::Ssl3 || plan.ssl3;
        let versions = Version::ALL.into_iter().filter(asked);
        versions.map(|version| (version, self.version(version))).collect()
    }

    fn version(self, version: Version) -> Told<Offer> {
        if version == Version::Tls12 {
            return self.tls12();
        }
        self.to(Question::Version(version))
            .map_or(Told::Not(Why::NotAsked), |probe| self.offer(version, probe))
    }

    fn offer(self, version: Version, probe: &Probe) -> Told<Offer> {
        self.refused_whatever(probe).map_or_else(|| offer(version, probe), not)
    }

    /// The alert of a hello that was refused as all of them were, and so not for what it asked: only of
    /// the version there is an alert of its own.
    fn refused_whatever(self, probe: &Probe) -> Option<Alert> {
        let is_it = |alert: &Alert| probe.answer.refusal() == Some(*alert);
        let alert = self.refusal().filter(is_it)?;
        (probe.answer.hello.is_none() && alert.code != Alert::PROTOCOL_VERSION).then_some(alert)
    }

    /// Whichever of the hellos of TLS 1.2 was answered best: one may be refused for its ALPN alone, or
    /// for its name.
    fn tls12(self) -> Told<Offer> {
        let told = || self.of_tls12().map(|probe| self.offer(Version::Tls12, probe));
        let is_known = |told: &Told<Offer>| told.known().is_some();
        let is_yes = |told: &Told<Offer>| told.is(|offer| offer.is_yes());
        told()
            .find(is_yes)
            .or_else(|| told().find(is_known))
            .or_else(|| told().next())
            .unwrap_or(Told::Not(Why::NotAsked))
    }

    fn of_tls12(self) -> impl Iterator<Item = &'a Probe> {
        let with_name = self.named();
        let rest = [Question::WithoutName, Question::OtherName];
        with_name.chain(rest.into_iter().filter_map(move |question| self.to(question)))
    }

    /// The hellos of TLS 1.2 that hold the name.
    fn named(self) -> impl Iterator<Item = &'a Probe> {
        let asked = [Question::Alpn("http/1.1"), Question::Alpn("h2")];
        asked.into_iter().filter_map(move |question| self.to(question))
    }

    fn speaks_tls13(self) -> bool {
        self.version(Version::Tls13).is(|offer| offer.is_yes())
    }

    /// Why an answer of TLS 1.2 does not show what it should.
    fn why_not(self, probe: &Probe) -> Why {
        match refused_version(probe) {
            true if self.speaks_tls13() => Why::Hidden,
            true => Why::Without(Version::Tls12),
            false => why(probe),
        }
    }

    /// What an answer with the name shows before anything is encrypted.
    fn in_the_clear<T>(self, read: impl Fn(&Probe) -> Option<T>) -> Told<T> {
        let shown = self.named().find_map(&read);
        match (shown, self.named().next()) {
            (Some(shown), _) => Told::Is(shown),
            (None, Some(probe)) => Told::Not(self.why_not(probe)),
            (None, None) => Told::Not(Why::NotAsked),
        }
    }

    fn group(self, group: Group) -> Told<Option<Version>> {
        let asked = self.0.iter().rev().filter(|probe| match probe.question {
            Question::Groups(groups) => groups.contains(&group),
            Question::BeforeCurves(first) => first == group,
            _ => false,
        });
        let told: Vec<Told<Option<Version>>> =
            asked.map(|probe| self.taken(group, probe)).collect();
        let best = told.iter().find(|told| told.known().is_some()).or(told.first());
        let doubtful = || self.0.iter().any(|probe| self.is_doubtful(group, probe));
        match best {
            Some(Told::Is(None)) if doubtful() => Told::Not(Why::Outranked),
            best => best.cloned().unwrap_or(Told::Not(Why::NotAsked)),
        }
    }

    fn taken(self, group: Group, probe: &Probe) -> Told<Option<Version>> {
        self.refused_whatever(probe).map_or_else(|| taken(group, probe), not)
    }

    /// Whether a group was refused by itself and not picked where the certificate's curve was offered too,
    /// so that nobody knows for what it was refused.
    fn is_doubtful(self, group: Group, alone: &Probe) -> bool {
        let again = self.to(Question::BeforeCurves(group));
        alone.question.is_of(group)
            && is_doubtful(alone)
            && again.is_some_and(|probe| probe.answer.hello.is_some())
    }

    fn rare_group(self) -> Told<Option<Group>> {
        let Some(probe) = self.to(Question::Groups(RARE)) else { return Told::Not(Why::NotAsked) };
        if let Some(alert) = self.refused_whatever(probe) {
            return not(alert);
        }
        match (&probe.answer.hello, probe.answer.refusal()) {
            (Some(_), _) => Told::Is(probe.answer.group().filter(|group| RARE.contains(group))),
            (None, Some(alert)) if NOT_TAKEN.contains(&alert.code) => Told::Is(None),
            (None, _) => Told::Not(why(probe)),
        }
    }

    fn preferred_group(self) -> Told<Group> {
        let of_tls13 = self.to(Question::Version(Version::Tls13));
        let shown = of_tls13.and_then(|probe| probe.answer.hello.as_ref()?.group);
        match shown {
            Some(group) => Told::Is(group),
            None => self.in_the_clear(|probe| probe.answer.group()),
        }
    }

    fn alpn(self, word: &'static str) -> Told<Picked> {
        let Some(probe) = self.to(Question::Alpn(word)) else { return Told::Not(Why::NotAsked) };
        let code = probe.answer.refusal().map(|alert| alert.code);
        match &probe.answer.hello {
            Some(hello) => Told::Is(match hello.alpn.as_deref() {
                None => Picked::Nothing,
                Some(picked) if picked == word => Picked::Yes,
                Some(other) => Picked::Other(other.to_owned()),
            }),
            None if code == Some(Alert::NO_APPLICATION_PROTOCOL) => Told::Is(Picked::Refused),
            None => Told::Not(self.why_not(probe)),
        }
    }

    /// Where the name itself is refused in every hello, whatever else comes is another one than its own.
    fn leaf(self, question: Question) -> Told<Leaf> {
        let Some(probe) = self.to(question) else { return Told::Not(Why::NotAsked) };
        let usual = match self.in_the_clear(leaf_of) {
            Told::Is(usual) => Some(usual),
            Told::Not(_) if self.refusal().is_some() => None,
            Told::Not(why) => return Told::Not(why),
        };
        match (leaf_of(probe), probe.answer.refusal()) {
            (Some(leaf), _) if usual.as_ref() == Some(&leaf) => Told::Is(Leaf::Same),
            (Some(leaf), _) => Told::Is(Leaf::Other(leaf)),
            (None, Some(alert)) if usual.is_some() => Told::Is(Leaf::Refused(alert)),
            (None, _) => Told::Not(why(probe)),
        }
    }

    /// A hello that dies says nothing where no hello passes, nor where it does not die again.
    fn passage(self, question: Question) -> Told<Passage> {
        let asked = || self.0.iter().filter(|probe| probe.question == question);
        let Some(last) = asked().next_back() else { return Told::Not(Why::NotAsked) };
        if asked().any(|probe| probe.answer.is_tls()) {
            return Told::Is(Passage::Passes);
        }
        let is_confirmed = asked().count() > 1;
        let is_reached = last.connect_ms.is_some();
        let small = self.to(Question::Version(Version::Tls13));
        match &last.failure {
            Some(failure)
                if is_confirmed
                    && is_reached
                    && small.is_some_and(|probe| probe.answer.is_tls()) =>
            {
                Told::Is(Passage::Dies(failure.clone()))
            }
            _ => Told::Not(why(last)),
        }
    }

    fn refusal(self) -> Option<Alert> {
        let is_named =
            |probe: &&Probe| !matches!(probe.question, Question::WithoutName | Question::OtherName);
        let mut with_name = self.0.iter().filter(is_named);
        let first = with_name.clone().find(|probe| old_version(probe).is_none())?;
        let alert = first.answer.refusal()?;
        let is_refused = |probe: &Probe| {
            let of_old = old_version(probe);
            let said = probe.answer.refusal().filter(|_| probe.answer.hello.is_none());
            said.is_some_and(|said| {
                said == alert || of_old.is_some_and(|version| is_about_version(said, version))
            })
        };
        with_name.all(is_refused).then_some(alert)
    }
}

/// The version that is asked for alone, if it is one that servers no longer have.
fn old_version(probe: &Probe) -> Option<Version> {
    match probe.question {
        Question::Version(version) if version.is_too_old() => Some(version),
        _ => None,
    }
}

fn not<T>(alert: Alert) -> Told<T> {
    Told::Not(Why::Refused(alert))
}

fn leaf_of(probe: &Probe) -> Option<Vec<u8>> {
    probe.answer.certificates.as_ref()?.first().cloned()
}

fn offer(version: Version, probe: &Probe) -> Told<Offer> {
    if let Some(hello) = &probe.answer.hello {
        let is_it = hello.version == Some(version);
        return Told::Is(if is_it { Offer::Yes(hello.suite) } else { Offer::No(None) });
    }
    match probe.answer.refusal() {
        Some(alert) if is_about_version(alert, version) => Told::Is(Offer::No(Some(alert))),
        _ => Told::Not(why(probe)),
    }
}

/// Of old versions servers that no longer have them say so in many ways. Of the others only one alert
/// tells: that they have nothing else in common says nothing of the version.
fn is_about_version(alert: Alert, version: Version) -> bool {
    const INTERNAL_ERROR: u8 = 80;
    const OF_OLD: [u8; 3] =
        [Alert::HANDSHAKE_FAILURE, Alert::INSUFFICIENT_SECURITY, INTERNAL_ERROR];
    alert.code == Alert::PROTOCOL_VERSION || version.is_too_old() && OF_OLD.contains(&alert.code)
}

/// The groups that every client of today offers one of, and this program all.
const MODERN: [Group; 4] =
    [Group::X25519_MLKEM768, Group::X25519, Group::SECP256R1, Group::SECP384R1];

/// How servers say that there is no group among those that are offered.
const NOT_TAKEN: [u8; 3] =
    [Alert::HANDSHAKE_FAILURE, Alert::ILLEGAL_PARAMETER, Alert::INSUFFICIENT_SECURITY];

/// The version with which a group was taken, or that it was not.
fn taken(group: Group, probe: &Probe) -> Told<Option<Version>> {
    let is_alone = probe.question.is_of(group);
    match &probe.answer.hello {
        Some(hello) if probe.question == Question::BeforeCurves(group) => {
            let is_first = probe.answer.group() == Some(group);
            return if is_first { Told::Is(hello.version) } else { Told::Not(Why::Outranked) };
        }
        Some(hello) if hello.group == Some(group) => return Told::Is(hello.version),
        Some(hello) if hello.version == Some(Version::Tls13) => {
            return Told::Not(Why::NotAsked);
        }
        Some(hello) if is_alone && hello.suite.has_curve() => return Told::Is(hello.version),
        Some(_) => return without_tls13(group),
        None => {}
    }
    match probe.answer.refusal() {
        Some(alert) if NOT_TAKEN.contains(&alert.code) => Told::Is(None),
        Some(_) if refused_version(probe) => without_tls13(group),
        _ => Told::Not(why(probe)),
    }
}

/// Hybrids are for TLS 1.3 alone.
fn without_tls13(group: Group) -> Told<Option<Version>> {
    if group.is_post_quantum() { Told::Is(None) } else { Told::Not(Why::Without(Version::Tls13)) }
}

fn refused_version(probe: &Probe) -> bool {
    probe.answer.refusal().is_some_and(|alert| alert.code == Alert::PROTOCOL_VERSION)
}

/// Why an answer does not show what was asked.
fn why(probe: &Probe) -> Why {
    let answer = &probe.answer;
    match (answer.spoken, answer.broken, answer.refusal(), &probe.failure) {
        (Some(spoken), ..) => Why::NotTls(spoken),
        (_, _, Some(alert), _) => Why::Refused(alert),
        (_, Some(broken), ..) => Why::Unreadable(broken),
        (_, _, _, Some(failure)) => Why::Failed(failure.clone()),
        (None, None, None, None) => Why::NotAsked,
    }
}
