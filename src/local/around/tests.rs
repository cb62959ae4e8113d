//! Machines that are made of variables and files: what is told of each, and that usual ones are quiet.

use super::*;
use crate::local::scratch::Scratch;

const NOW: Duration = Duration::from_secs(1_796_000_000);

fn answers(scratch: &Scratch, variables: &[(&str, &str)]) -> Vec<Answer> {
    look(&scratch.machine(variables), NOW, NOW)
}

fn about(about: About, variables: &[(&str, &str)]) -> Answer {
    let all = answers(&Scratch::new(), variables);
    all.into_iter().find(|answer| answer.about == about).expect("answered")
}

fn facts(variables: &[(&str, &str)]) -> Vec<LocalFact> {
    let all = answers(&Scratch::new(), variables).into_iter();
    all.flat_map(|answer| answer.facts).map(|(fact, _)| fact).collect()
}

#[test]
fn a_bare_machine_and_a_usual_one_are_quiet() {
    assert_eq!(facts(&[]), []);
    let usual = [
        ("GEMINI_API_KEY", "AQ.FAKE-one"),
        ("OPENAI_API_KEY", "sk-FAKE"),
        ("HTTPS_PROXY", "http://proxy.example:3128"),
        ("https_proxy", "http://proxy.example:3128"),
        ("NO_PROXY", "localhost,.corp.example"),
        ("GOOGLE_GENAI_USE_VERTEXAI", "false"),
        ("CI", "true"),
        ("KUBERNETES_SERVICE_HOST", "10.0.0.1"),
    ];
    assert_eq!(facts(&usual), []);
}

#[test]
fn the_key_that_each_sdk_takes_is_told_and_never_shown() {
    let both = [("GOOGLE_API_KEY", "AIzaFAKE-one"), ("GEMINI_API_KEY", "AQ.FAKE-two")];
    let detail = about(About::Variables, &both).detail;
    assert!(detail.contains("SDKs: GOOGLE_API_KEY (sha256:"), "{detail}");
    assert!(detail.contains("and not GEMINI_API_KEY (sha256:"), "{detail}");
    assert!(detail.contains("Antigravity: GEMINI_API_KEY"), "{detail}");
    assert!(!detail.contains("FAKE"), "{detail}");
    let same = [("GOOGLE_API_KEY", "AQ.FAKE-one"), ("GEMINI_API_KEY", " AQ.FAKE-one ")];
    let detail = about(About::Variables, &same).detail;
    assert!(detail.contains("(GEMINI_API_KEY holds the same)"), "{detail}");
    let vercel = about(About::Variables, &[("GOOGLE_GENERATIVE_AI_API_KEY", "FAKE")]).detail;
    assert!(vercel.starts_with("the AI SDK of Vercel: "), "{vercel}");
}

#[test]
fn a_switch_that_sdks_take_for_a_no_is_told() {
    let name = "GOOGLE_GENAI_USE_VERTEXAI";
    for (value, expected) in
        [("yes", true), ("ON", true), ("true", false), ("0", false), ("", false)]
    {
        let expected: Vec<_> =
            expected.then_some(LocalFact::SwitchNotUnderstood).into_iter().collect();
        assert_eq!(facts(&[(name, value)]), expected, "{value}");
    }
    let conflict = [(name, "true"), ("GOOGLE_GENAI_USE_ENTERPRISE", "false")];
    assert_eq!(facts(&conflict), [LocalFact::SwitchesConflict]);
    assert_eq!(facts(&[(name, "true"), ("GOOGLE_GENAI_USE_ENTERPRISE", "1")]), []);
    let cloud = about(About::Variables, &[(name, "1"), ("GOOGLE_CLOUD_LOCATION", "eu")]).detail;
    assert!(cloud.contains("cloud platform, with no project and location eu"), "{cloud}");
}

#[test]
fn settings_that_lead_to_another_provider_are_told() {
    let google = "https://generativelanguage.googleapis.com/v1beta/openai/";
    for (variables, crosses) in [
        (vec![("OPENAI_BASE_URL", google), ("OPENAI_API_KEY", "sk-proj-FAKE")], true),
        (vec![("OPENAI_BASE_URL", google), ("OPENAI_API_KEY", "AQ.FAKE")], false),
        (vec![("OPENAI_API_KEY", "AIzaFAKE")], true),
        (
            vec![("OPENAI_BASE_URL", "https://gateway.example/v1"), ("OPENAI_API_KEY", "AQ.FAKE")],
            false,
        ),
        (
            vec![("OPENAI_BASE_URL", "https://gateway.example/v1"), ("OPENAI_API_KEY", "sk-FAKE")],
            false,
        ),
        (vec![("ANTHROPIC_API_KEY", "AQ.FAKE")], true),
        (vec![("GOOGLE_GEMINI_BASE_URL", "https://api.openai.com/v1")], true),
        (vec![("GOOGLE_GEMINI_BASE_URL", "https://gateway.example")], false),
    ] {
        let expected: Vec<_> = crosses.then_some(LocalFact::ProvidersCross).into_iter().collect();
        assert_eq!(facts(&variables), expected, "{variables:?}");
        let shown = format!("{:?}", answers(&Scratch::new(), &variables));
        assert!(!shown.contains("FAKE"), "{shown}");
    }
}

#[cfg(not(windows))]
#[test]
fn proxies_are_told_without_their_logins() {
    let one = [
        ("HTTPS_PROXY", "http://me:FAKE-word@one.example:3128"),
        ("https_proxy", "http://two.example"),
    ];
    let answer = about(About::Proxy, &one);
    assert_eq!(answer.facts[0].0, LocalFact::ProxyVariablesConflict);
    assert!(answer.facts[0].1.contains("HTTPS_PROXY leads to one.example:3128"), "{answer:?}");
    assert!(!format!("{answer:?}").contains("FAKE"), "{answer:?}");
    let detail = |variables: &[(&str, &str)]| about(About::Proxy, variables).detail;
    assert_eq!(detail(&[]), "");
    assert!(detail(&[("HTTP_PROXY", "http://p")]).starts_with("only HTTP_PROXY"));
    for (list, out) in [
        ("*", true),
        (".googleapis.com", true),
        ("localhost, *.googleapis.com", true),
        ("generativelanguage.googleapis.com", true),
        ("apis.com", false),
        ("", false),
    ] {
        let said = detail(&[("https_proxy", "http://p.example"), ("NO_PROXY", list)]);
        assert_eq!(said.contains("takes the API's host out"), out, "{list}: {said}");
    }
}

#[test]
fn certificates_that_cannot_be_used_are_told_with_what_becomes_of_it() {
    let scratch = Scratch::new();
    scratch.file("good.pem", "# roots\n-----BEGIN CERTIFICATE-----\n");
    scratch.file("empty.pem", "");
    scratch.file("other.txt", "hello");
    for (name, value, part) in [
        ("REQUESTS_CA_BUNDLE", "good.pem", None),
        ("REQUESTS_CA_BUNDLE", ".", None),
        ("REQUESTS_CA_BUNDLE", "no.pem", Some("which is not there: requests raises OSError")),
        ("NODE_EXTRA_CA_CERTS", "empty.pem", Some("which is empty: Node prints")),
        ("NODE_EXTRA_CA_CERTS", ".", Some("which is a directory")),
        ("CURL_CA_BUNDLE", "other.txt", Some("holds no certificate in PEM")),
        ("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "no.pem", Some("which is not there")),
        ("SSL_CERT_DIR", "no-such", Some("no directory")),
        ("AWS_CA_BUNDLE", "no.pem", None),
    ] {
        let all = answers(&scratch, &[(name, value)]).into_iter().flat_map(|answer| answer.facts);
        let all: Vec<String> = all.map(|(_, detail)| detail).collect();
        assert_eq!(all.len(), usize::from(part.is_some()), "{name}={value}: {all:?}");
        assert!(part.is_none_or(|part| all[0].contains(part)), "{all:?}");
    }
    assert_eq!(facts(&[("NODE_TLS_REJECT_UNAUTHORIZED", "0")]), [LocalFact::VerificationOff]);
    assert_eq!(facts(&[("NODE_TLS_REJECT_UNAUTHORIZED", "1")]), []);
}

#[test]
fn the_kind_of_place_is_a_fact() {
    let place = |variables: &[(&str, &str)]| about(About::Place, variables).detail;
    assert_eq!(place(&[]), "nothing shows a container or a CI system");
    assert_eq!(
        place(&[("CI", "true"), ("GITHUB_ACTIONS", "true")]),
        "this looks like a job of GitHub Actions"
    );
    assert_eq!(place(&[("CI", "false")]), "nothing shows a container or a CI system");
    let scratch = Scratch::new();
    scratch.file(".dockerenv", "");
    let all = answers(&scratch, &[("KUBERNETES_SERVICE_HOST", "10.0.0.1")]);
    let place = &all.iter().find(|answer| answer.about == About::Place).unwrap().detail;
    assert_eq!(place, "this looks like a container of Docker, Kubernetes");
    let mut simulated = scratch.machine(&[]);
    simulated.root = None;
    let all = look(&simulated, NOW, NOW);
    assert!(all.iter().any(|answer| answer.detail.starts_with("nothing shows")), "{all:?}");
}

#[test]
fn only_a_time_that_cannot_be_is_told() {
    let day = Duration::from_secs(86_400);
    let told =
        |now| clock::look(now, NOW).1.into_iter().map(|(_, detail)| detail).collect::<Vec<_>>();
    assert!(
        told(NOW).is_empty() && told(NOW - day / 2).is_empty() && told(NOW + 400 * day).is_empty()
    );
    assert!(
        told(Duration::ZERO)[0]
            .contains("the clock shows 1970-01-01T00:00:00.000Z, and this program")
    );
    assert!(told(NOW + 4000 * day)[0].contains("long before"));
}
