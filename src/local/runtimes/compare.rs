//! Why one client of this machine connects and another does not: one sentence for each that fails where
//! another works, with the variable to set. From facts alone.
//!
//! Must not advise to verify less: what is advised gives a client a root that this machine trusts.

use std::path::PathBuf;

use super::{Connected, RuntimeFact, one_line};
use crate::facts::trust::StoreVerdict;
use crate::local::bundles::{Bundle, Format, Origin, Reader, Readership, State, table};
use crate::local::machine::Machine;

/// What is compared. Whatever is not known is left empty.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What the runtimes showed; empty where none was run.
    pub runtimes: &'a [RuntimeFact],
    /// The bundles of this machine.
    pub found: &'a [Bundle],
    /// What each of them alone says of the chain, in the same order; `None` where nothing was read.
    pub verdicts: &'a [Option<StoreVerdict>],
    /// What each client would trust.
    pub readers: &'a [Readership],
    /// What each client's bundles together say of the chain, in the same order; `None` where they were not
    /// judged.
    pub reader_verdicts: &'a [Option<StoreVerdict>],
}

/// One client that fails where another works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// What it is, why, and what helps: one sentence.
    pub sentence: String,
    /// The variable to set, or to correct.
    pub variable: Option<&'static str>,
    /// The file to set it to; `None` where it is to be corrected or nothing on this machine helps.
    pub file: Option<PathBuf>,
}

/// Why a client fails, as far as its words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Trust,
    Strict,
    Name,
    Date,
    Other,
}

/// A client and how it fares.
struct Stand {
    who: String,
    reader: Reader,
    /// `None` where it works.
    fails: Option<(Trouble, String)>,
    /// Whether it really connected, or would by its bundles.
    ran: bool,
}

/// A bundle with fewer roots is an addition and no list of the public ones.
const FEWEST_ROOTS: usize = 50;

/// Words by which clients tell what is wrong, in lower case; the first that fits counts.
const WORDS: &[(Trouble, &[&str])] = &[
    (
        Trouble::Strict,
        &[
            "missing authority key identifier",
            "missing subject key identifier",
            "not marked critical",
            "does not include key usage",
            "pathlen invalid",
        ],
    ),
    (
        Trouble::Name,
        &[
            "hostname mismatch",
            "altname",
            "alternative",
            "valid for",
            "no name matching",
            "address mismatch",
        ],
    ),
    (Trouble::Date, &["expired", "not yet valid", "notafter", "notbefore"]),
    (
        Trouble::Trust,
        &[
            "local issuer",
            "issuer_cert",
            "self-signed",
            "self signed",
            "self_signed",
            "unable to verify",
            "unable_to_verify",
            "pkix path",
            "trustanchors",
            "unknown authority",
            "not trusted",
            "no certificate or crl found",
            "filenotfounderror",
            "suitable tls ca",
            "untrusted",
            "certificate verify failed",
        ],
    ),
];

/// One sentence for each client that fails where another works, and one for each variable by which a
/// client would connect without looking.
pub fn compare(evidence: &Evidence<'_>) -> Vec<Disagreement> {
    let stands = evidence.stands();
    let Some(works) = stands
        .iter()
        .find(|stand| stand.ran && stand.fails.is_none())
        .or_else(|| stands.iter().find(|stand| stand.fails.is_none()))
    else {
        return Vec::new();
    };
    stands
        .iter()
        .filter_map(|stand| {
            let (trouble, words) = stand.fails.as_ref()?;
            Some(evidence.disagreement(works, stand, *trouble, words))
        })
        .collect()
}

/// The variables of this machine that switch a client's verification off, each with what follows.
pub fn unverified(machine: &Machine) -> Vec<Disagreement> {
    let off = machine.variable("NODE_TLS_REJECT_UNAUTHORIZED") == Some("0");
    let sentence = "NODE_TLS_REJECT_UNAUTHORIZED=0 is set: Node programs connect to anybody who \
                    answers, so that they work where others rightly fail, and whoever stands in \
                    between reads the key; unset it";
    let node = Disagreement {
        sentence: sentence.to_owned(),
        variable: Some("NODE_TLS_REJECT_UNAUTHORIZED"),
        file: None,
    };
    off.then_some(node).into_iter().collect()
}

impl Disagreement {
    /// What to type in a Unix shell; `None` where there is no file to set.
    pub fn sh(&self) -> Option<String> {
        let (name, file) = (self.variable?, self.file.as_ref()?.to_str()?);
        Some(format!("export {name}='{}'", file.replace('\'', "'\\''")))
    }

    /// What to type in PowerShell.
    pub fn powershell(&self) -> Option<String> {
        let (name, file) = (self.variable?, self.file.as_ref()?.to_str()?);
        Some(format!("$Env:{name} = '{}'", file.replace('\'', "''")))
    }
}

impl Evidence<'_> {
    /// Those that were run, and then those of which only the bundles are known.
    fn stands(&self) -> Vec<Stand> {
        let mut stands: Vec<Stand> = self.runtimes.iter().filter_map(Stand::of_runtime).collect();
        let of_bundles = self.readers.iter().zip(self.reader_verdicts);
        let others: Vec<Stand> = of_bundles
            .filter(|(readership, _)| stands.iter().all(|stand| stand.reader != readership.reader))
            .filter_map(|(readership, verdict)| {
                Some(Stand::of_bundles(readership.reader, verdict.as_ref()?))
            })
            .collect();
        stands.extend(others);
        stands
    }

    fn disagreement(
        &self,
        works: &Stand,
        stand: &Stand,
        trouble: Trouble,
        words: &str,
    ) -> Disagreement {
        let begins =
            format!("{} {} and {} {}", works.who, works.good(), stand.who, stand.bad(words));
        let alone = |what: &str| Disagreement {
            sentence: format!("{begins}: {what}"),
            variable: None,
            file: None,
        };
        match trouble {
            Trouble::Trust => self.trust(&begins, stand),
            Trouble::Strict => alone(
                "it looks at the authority's certificate more strictly than others, as Python does \
                 since 3.13, and whoever runs that authority must issue its certificate anew with \
                 the fields that are missing",
            ),
            Trouble::Name => {
                alone("they reach different servers, or one of them does not look at the name")
            }
            Trouble::Date => {
                alone("it refuses an expired root that others pass over; update its list of roots")
            }
            Trouble::Other => alone("not for want of a root"),
        }
    }

    fn trust(&self, begins: &str, stand: &Stand) -> Disagreement {
        if let Some((name, trouble)) = self.broken(stand.reader) {
            let sentence = format!("{begins}: {trouble}; correct {name} or unset it");
            return Disagreement { sentence, variable: Some(name), file: None };
        }
        let own = self.own_words(stand.reader);
        let Some((place, bundle)) = self.donor() else {
            let sentence = format!(
                "{begins}: {own} does not trust this chain, and no bundle in PEM on this machine that \
                 does was found"
            );
            return Disagreement { sentence, variable: None, file: None };
        };
        let trusting = self.words_of(place);
        let file = bundle.path.clone();
        let shown = file.as_ref().map_or_else(String::new, |path| path.display().to_string());
        let begins = format!("{begins}: {trusting} trusts this chain and {own} does not");
        if stand.reader == Reader::Java {
            let sentence = format!(
                "{begins}; Java reads no PEM, so import the company's CA out of {shown}: keytool \
                 -importcert -cacerts -alias company-ca -file CA.pem"
            );
            return Disagreement { sentence, variable: None, file: None };
        }
        let variable = stand.reader.variable();
        let held = bundle.contents().map_or(0, |read| read.certificates.len());
        let is_whole = bundle.origin == Origin::System || held >= FEWEST_ROOTS;
        if stand.reader != Reader::Node && !is_whole {
            // The variable replaces all other roots, and who follows would lose every public host.
            let sentence = format!(
                "{begins}; {shown} holds {held} only and {variable} takes the place of all others, so \
                 join it with the public roots and set {variable} to the sum: cat \"$(python3 -m \
                 certifi)\" {shown} > bundle.pem"
            );
            return Disagreement { sentence, variable: None, file: None };
        }
        let sentence = format!("{begins}; set {variable} to {shown}");
        Disagreement { sentence, variable: Some(variable), file }
    }

    /// A bundle in PEM that trusts the chain: the system's before those of other programs.
    fn donor(&self) -> Option<(usize, &Bundle)> {
        let trusts = |place: &usize| {
            self.verdicts.get(*place).and_then(Option::as_ref).is_some_and(StoreVerdict::trusts)
        };
        let in_pem = |bundle: &Bundle| {
            bundle.contents().is_some_and(|contents| contents.format == Format::Pem)
        };
        let mut all = self.found.iter().enumerate();
        all.find(|(place, bundle)| trusts(place) && in_pem(bundle))
    }

    /// A variable of this client that leads nowhere.
    fn broken(&self, reader: Reader) -> Option<(&'static str, String)> {
        let readership = self.readers.iter().find(|one| one.reader == reader)?;
        let bundles = readership.bundles.iter().filter_map(|place| self.found.get(*place));
        let is_broken = |bundle: &&Bundle| matches!(bundle.state, State::Broken(_));
        let mut bundles = bundles.filter(|bundle| is_broken(bundle) && !bundle.is_locked());
        bundles.find_map(|bundle| match bundle.origin {
            Origin::Variable(name) => Some((name, bundle.trouble()?)),
            _ => None,
        })
    }

    /// What a client trusts, in words.
    fn own_words(&self, reader: Reader) -> String {
        let Some(readership) = self.readers.iter().find(|one| one.reader == reader) else {
            return "its own list".to_owned();
        };
        let own = readership.mozilla.then(|| "its own list".to_owned());
        let bundles = readership.bundles.iter().map(|place| self.words_of(*place));
        let words: Vec<String> = own.into_iter().chain(bundles).collect();
        if words.is_empty() { "its own list".to_owned() } else { words.join(" with ") }
    }

    fn words_of(&self, place: usize) -> String {
        let Some(bundle) = self.found.get(place) else { return "another bundle".to_owned() };
        match bundle.origin {
            Origin::Variable(name) => {
                let read_by = table::find(name).filter(|variable| !variable.for_sdks);
                let read_by =
                    read_by.map_or_else(String::new, |by| format!(", read by {},", by.read_by));
                format!("the bundle of {name}{read_by}")
            }
            ref origin => origin.words(),
        }
    }
}

impl Stand {
    fn of_runtime(fact: &RuntimeFact) -> Option<Self> {
        let fails = match &fact.connected {
            Connected::Yes => None,
            Connected::No(words) => Some((trouble(words), words.clone())),
            Connected::NotTried(_) => return None,
        };
        let who = fact.runtime.words().to_owned();
        Some(Self { who, reader: fact.runtime.reader(), fails, ran: true })
    }

    fn of_bundles(reader: Reader, verdict: &StoreVerdict) -> Self {
        let words = verdict.words();
        let fails = (!verdict.trusts()).then(|| (Trouble::Trust, words.to_owned()));
        Self { who: reader.words().to_owned(), reader, fails, ran: false }
    }

    const fn good(&self) -> &'static str {
        if self.ran { "connects" } else { "would connect" }
    }

    fn bad(&self, words: &str) -> String {
        let does = if self.ran { "does not" } else { "would not" };
        format!("{does} ({})", one_line(words))
    }
}

fn trouble(words: &str) -> Trouble {
    let words = words.to_ascii_lowercase();
    let fits = |(_, parts): &&(Trouble, &[&str])| parts.iter().any(|part| words.contains(part));
    WORDS.iter().find(fits).map_or(Trouble::Other, |(trouble, _)| *trouble)
}

impl RuntimeFact {
    /// Whether it came as far as the certificates and refused them, as far as its words tell.
    pub fn distrusts(&self) -> bool {
        self.trouble().is_some_and(|trouble| trouble != Trouble::Other)
    }

    pub(super) fn trouble(&self) -> Option<Trouble> {
        match &self.connected {
            Connected::No(words) => Some(trouble(words)),
            Connected::Yes | Connected::NotTried(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Runtime;
    use super::*;
    use crate::facts::{ChainTrust, Distrust};
    use crate::local::bundles::{Broken, Contents};
    use crate::local::scratch::Scratch;

    fn fact(runtime: Runtime, connected: Connected) -> RuntimeFact {
        RuntimeFact::new(runtime, None, connected)
    }

    fn no(words: &str) -> Connected {
        Connected::No(words.to_owned())
    }

    fn bundle(origin: Origin, path: &str, state: Option<Broken>) -> Bundle {
        let read = || State::Read(Arc::new(Contents::default()));
        let state = state.map_or_else(read, State::Broken);
        Bundle { origin, path: Some(path.into()), state, notes: Vec::new() }
    }

    fn trusts() -> StoreVerdict {
        StoreVerdict { trust: ChainTrust::Trusted(None), right_name: true }
    }

    fn refuses() -> StoreVerdict {
        let trust = ChainTrust::Refused { why: Distrust::UnknownIssuer, detail: String::new() };
        StoreVerdict { trust, right_name: true }
    }

    fn reads(reader: Reader, bundles: &[usize]) -> Readership {
        Readership { reader, mozilla: false, platform: false, bundles: bundles.to_vec() }
    }

    /// The system trusts the chain, certifi does not, and there are Node and Java.
    struct Company {
        found: Vec<Bundle>,
        verdicts: Vec<Option<StoreVerdict>>,
        readers: Vec<Readership>,
        unjudged: Vec<Reader>,
    }

    impl Company {
        fn new() -> Self {
            let system = bundle(Origin::System, "/etc/ssl/roots.crt", None);
            let certifi = bundle(Origin::Certifi("/bin/python3".into()), "/certifi.pem", None);
            Self {
                found: vec![system, certifi],
                verdicts: vec![Some(trusts()), Some(refuses())],
                readers: vec![
                    reads(Reader::Httpx, &[1]),
                    reads(Reader::Requests, &[1]),
                    Readership { mozilla: true, ..reads(Reader::Node, &[]) },
                    reads(Reader::Java, &[]),
                    reads(Reader::Curl, &[0]),
                ],
                unjudged: Vec::new(),
            }
        }

        fn compare(&self, runtimes: &[RuntimeFact]) -> Vec<Disagreement> {
            let by_itself = |readership: &Readership| match readership.reader {
                Reader::Curl => Some(trusts()),
                _ if self.unjudged.contains(&readership.reader) => None,
                _ => Some(refuses()),
            };
            compare(&Evidence {
                runtimes,
                found: &self.found,
                verdicts: &self.verdicts,
                readers: &self.readers,
                reader_verdicts: &self.readers.iter().map(by_itself).collect::<Vec<_>>(),
            })
        }
    }

    #[test]
    fn works_in_openssl_and_fails_in_python() {
        let local = "SSLCertVerificationError: unable to get local issuer certificate";
        let said = Company::new().compare(&[
            fact(Runtime::OpenSsl, Connected::Yes),
            fact(Runtime::PythonHttpx, no(local)),
            fact(Runtime::PythonRequests, no(local)),
            fact(Runtime::Node, no("UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unable to get")),
            fact(Runtime::Java, no("SSLHandshakeException: PKIX path building failed")),
        ]);
        let variables: Vec<_> = said.iter().map(|one| one.variable).collect();
        let expected =
            [Some("SSL_CERT_FILE"), Some("REQUESTS_CA_BUNDLE"), Some("NODE_EXTRA_CA_CERTS"), None];
        assert_eq!(variables, expected);
        assert_eq!(
            said[1].sentence,
            format!(
                "openssl connects and Python's requests does not ({local}): the operating system's \
                 store trusts this chain and certifi of /bin/python3 does not; set \
                 REQUESTS_CA_BUNDLE to /etc/ssl/roots.crt"
            )
        );
        assert_eq!(said[1].sh().as_deref(), Some("export REQUESTS_CA_BUNDLE='/etc/ssl/roots.crt'"));
        let powershell = "$Env:REQUESTS_CA_BUNDLE = '/etc/ssl/roots.crt'";
        assert_eq!(said[1].powershell().as_deref(), Some(powershell));
        assert!(said[3].sentence.contains("keytool -importcert -cacerts"), "{:?}", said[3]);
    }

    #[test]
    fn without_running_anything_the_bundles_tell_the_same() {
        let said = Company::new().compare(&[]);
        assert_eq!(said.len(), 4, "{said:?}");
        let begins =
            "curl would connect and Python's httpx (google-genai) would not (does not know";
        assert!(said[0].sentence.starts_with(begins), "{:?}", said[0]);
    }

    #[test]
    fn of_one_that_was_not_judged_nothing_is_said() {
        let company = Company { unjudged: vec![Reader::Java], ..Company::new() };
        let said = company.compare(&[]);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said.iter().all(|one| !one.sentence.contains("Java")), "{said:?}");
    }

    #[test]
    fn a_variable_that_leads_nowhere_is_the_cause() {
        let mut company = Company::new();
        let broken = Origin::Variable("REQUESTS_CA_BUNDLE");
        company.found.push(bundle(broken, "/nope.pem", Some(Broken::Missing)));
        company.verdicts.push(None);
        company.readers[1].bundles = vec![2];
        let words = "OSError: Could not find a suitable TLS CA certificate bundle";
        let said = company.compare(&[
            fact(Runtime::OpenSsl, Connected::Yes),
            fact(Runtime::PythonHttpx, Connected::Yes),
            fact(Runtime::PythonRequests, no(words)),
            fact(Runtime::Node, Connected::Yes),
            fact(Runtime::Java, Connected::Yes),
        ]);
        assert_eq!(
            (said.len(), said[0].variable, said[0].sh()),
            (1, Some("REQUESTS_CA_BUNDLE"), None)
        );
        let ends = "correct REQUESTS_CA_BUNDLE or unset it";
        assert!(said[0].sentence.ends_with(ends), "{:?}", said[0]);
    }

    #[test]
    fn another_programs_variable_gives_the_file() {
        let mut company = Company::new();
        company.verdicts[0] = Some(refuses());
        company.found.push(bundle(Origin::Variable("PIP_CERT"), "/company.pem", None));
        company.verdicts.push(Some(trusts()));
        let said = company.compare(&[
            fact(Runtime::Go, Connected::Yes),
            fact(Runtime::PythonHttpx, no("unable to get local issuer certificate")),
        ]);
        let httpx = said.iter().find(|one| one.sentence.contains("httpx")).expect("said");
        assert!(httpx.sentence.contains("PIP_CERT, read by pip and no Gemini SDK"), "{httpx:?}");
        // One root by itself would take all public ones away.
        assert!(httpx.sentence.contains("cat \"$(python3 -m certifi)\" /company.pem"), "{httpx:?}");
        assert_eq!((httpx.variable, httpx.sh()), (None, None));
    }

    #[test]
    fn where_no_bundle_helps_nothing_is_to_be_set() {
        let mut company = Company::new();
        company.verdicts = vec![None, Some(refuses())];
        let said = company.compare(&[]);
        assert!(said.iter().all(|one| one.variable.is_none() && one.file.is_none()), "{said:?}");
    }

    #[test]
    fn what_is_no_want_of_a_root_sets_nothing() {
        for (words, part) in [
            ("Missing Authority Key Identifier", "more strictly"),
            ("Hostname mismatch, certificate is not valid for 'x'", "different servers"),
            ("certificate has expired", "expired root"),
            ("ECONNREFUSED", "not for want of a root"),
        ] {
            let said = Company::new().compare(&[
                fact(Runtime::OpenSsl, Connected::Yes),
                fact(Runtime::PythonHttpx, no(words)),
                fact(Runtime::PythonRequests, Connected::Yes),
                fact(Runtime::Node, Connected::Yes),
                fact(Runtime::Java, Connected::Yes),
            ]);
            assert_eq!((said.len(), said[0].variable), (1, None), "{words}");
            assert!(said[0].sentence.contains(part), "{:?}", said[0]);
        }
    }

    #[test]
    fn where_all_fail_or_all_work_there_is_no_disagreement() {
        let mut company = Company::new();
        company.readers.clear();
        for connected in [Connected::Yes, no("refused"), Connected::NotTried(String::new())] {
            let all = Runtime::ALL.map(|runtime| fact(runtime, connected.clone()));
            assert_eq!(company.compare(&all), [], "{connected:?}");
        }
    }

    #[test]
    fn nobody_is_told_to_verify_less() {
        let off = Scratch::new().machine(&[("NODE_TLS_REJECT_UNAUTHORIZED", "0")]);
        assert!(unverified(&off)[0].sentence.ends_with("; unset it"));
        let on = Scratch::new().machine(&[("NODE_TLS_REJECT_UNAUTHORIZED", "1")]);
        assert_eq!(unverified(&on), []);
    }

    #[test]
    fn a_path_with_a_quote_stays_one_word() {
        let odd = Disagreement {
            sentence: String::new(),
            variable: Some("SSL_CERT_FILE"),
            file: Some("/it's here".into()),
        };
        assert_eq!(odd.sh().as_deref(), Some("export SSL_CERT_FILE='/it'\\''s here'"));
        assert_eq!(odd.powershell().as_deref(), Some("$Env:SSL_CERT_FILE = '/it''s here'"));
    }
}
