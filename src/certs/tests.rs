//! Chains of real shapes, each with its cause, and bytes that are no certificates.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType, SigningKey,
};

use super::ocsp::{self, Age, Answer, Proof, Status};
use super::*;
use crate::facts::Fault;

const HOST: &str = "api.example";
/// A moment in 2026: no result may depend on the day of the run.
const NOW: i64 = 1_795_132_800;
const DAY: i64 = 86_400;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn named(parts: &[(DnType, &str)]) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    for (kind, text) in parts {
        name.push(kind.clone(), *text);
    }
    name
}

fn ca_params(parts: &[(DnType, &str)]) -> CertificateParams {
    let mut params = dated(CertificateParams::default(), -400, 4000);
    params.distinguished_name = named(parts);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn root(organisation: &str, common: &str) -> Authority {
    let parts = [(DnType::OrganizationName, organisation), (DnType::CommonName, common)];
    let parts = if organisation.is_empty() { &parts[1..] } else { &parts[..] };
    Authority::self_signed(ca_params(parts), KeyPair::generate().unwrap()).unwrap()
}

fn below(parent: &Authority, organisation: &str, common: &str) -> Authority {
    let parts = [(DnType::OrganizationName, organisation), (DnType::CommonName, common)];
    signed_ca(ca_params(&parts), parent)
}

fn signed_ca(params: CertificateParams, parent: &Authority) -> Authority {
    Authority::signed_by(params, KeyPair::generate().unwrap(), parent).unwrap()
}

/// A good leaf's parameters, for these names.
fn leaf_params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = dated(CertificateParams::new(names).unwrap(), -10, 80);
    params.distinguished_name = named(&[(DnType::CommonName, HOST)]);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn dated(mut params: CertificateParams, from: i64, to: i64) -> CertificateParams {
    let at = |days: i64| {
        let seconds = std::time::Duration::from_secs((NOW + days * DAY) as u64);
        rcgen::date_time_ymd(1970, 1, 1) + seconds
    };
    (params.not_before, params.not_after) = (at(from), at(to));
    params
}

fn issue(params: &CertificateParams, issuer: &Issuer<'_, impl SigningKey>) -> Vec<u8> {
    params.signed_by(&KeyPair::generate().unwrap(), issuer).unwrap().der().to_vec()
}

fn alone(params: &CertificateParams) -> Vec<u8> {
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
}

fn leaf(issuer: &Authority) -> Vec<u8> {
    issue(&leaf_params(&[HOST]), issuer)
}

fn der(authority: &Authority) -> Vec<u8> {
    authority.der().to_vec()
}

/// `authorityInfoAccess` with one address where the issuer is to be got.
fn access(uri: &str) -> CustomExtension {
    let mut location = vec![0x86, uri.len() as u8];
    location.extend(uri.as_bytes());
    let mut description = vec![0x06, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2];
    description.extend(location);
    let content = der::sequence(&der::sequence(&description));
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], content)
}

/// A policy of the CA/Browser Forum: validated by domain.
fn public_policy() -> CustomExtension {
    let content = der::sequence(&der::sequence(&[0x06, 6, 0x67, 0x81, 0x0c, 1, 2, 1]));
    CustomExtension::from_oid_content(&[2, 5, 29, 32], content)
}

fn with(mut params: CertificateParams, extension: CustomExtension) -> CertificateParams {
    params.custom_extensions.push(extension);
    params
}

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/src/certs/fixtures/{name}.der", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

/// The server's certificate of one of the simulator's files.
fn simulated(name: &str) -> Vec<u8> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let path = format!("{}/src/simulate/bodies/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    CertificateDer::from_pem_file(path).unwrap().to_vec()
}

/// One row of the table: what it is, the chain, what was said, and the causes in their order.
struct Case {
    what: &'static str,
    sent: Vec<Vec<u8>>,
    host: &'static str,
    said: Said,
    in_date: Option<Said>,
    faults: &'static [Fault],
    words: &'static [&'static str],
}

fn case(
    what: &'static str,
    sent: Vec<Vec<u8>>,
    said: Said,
    faults: &'static [Fault],
    words: &'static [&'static str],
) -> Case {
    Case { what, sent, host: HOST, said, in_date: None, faults, words }
}

impl Case {
    fn host(self, host: &'static str) -> Self {
        Self { host, ..self }
    }

    fn in_date(self, said: Said) -> Self {
        Self { in_date: Some(said), ..self }
    }

    fn check(&self) {
        let chain = Chain::read(&self.sent);
        let asked = Asked {
            in_date: self.in_date.clone(),
            ..Asked::new(self.host, NOW, self.said.clone())
        };
        let causes = causes(&chain, &asked);
        let faults: Vec<Fault> = causes.iter().map(|cause| cause.fault).collect();
        assert_eq!(faults, self.faults, "{}: {causes:#?}", self.what);
        let told = causes.iter().map(|cause| cause.detail.as_str()).collect::<Vec<_>>().join("\n");
        for word in self.words {
            assert!(told.contains(word), "{}: {word:?} is not in {told}", self.what);
        }
    }
}

const GOOGLE: &str = "generativelanguage.googleapis.com";

#[test]
fn who_nobody_vouches_for_is_told_by_the_chain() {
    use Fault::*;
    use Said::UnknownIssuer as Unknown;
    let plain = root("", "Example Root R1");
    let issuing = below(&plain, "", "Example Issuing CA 3");
    let deep = below(&issuing, "", "Example Servers");
    let company = root("Example Corp", "Example Corp Root CA");
    let company_issuing = below(&company, "Example Corp", "Example Corp Issuing CA 3");
    let directory = Authority::self_signed(
        ca_params(&[
            (DnType::CustomDnType(vec![0, 9, 2342, 19200300, 100, 1, 25]), "ad"),
            (DnType::CommonName, "dc01"),
        ]),
        KeyPair::generate().unwrap(),
    )
    .unwrap();
    let in_house = root("Häuser & Söhne", "Ausgabe 1");
    let mut own_leaf = leaf_params(&[HOST]);
    own_leaf.distinguished_name =
        named(&[(DnType::OrganizationName, "Häuser & Söhne"), (DnType::CommonName, HOST)]);
    let inspecting = root("Example Corp", "Example TLS Inspection CA");
    let zscaler = root("Zscaler Inc.", "Zscaler Root CA");
    let zscaler_sub = below(&zscaler, "Zscaler Inc.", "Zscaler Intermediate Root CA (zscaler.net)");
    let mitmproxy = root("mitmproxy", "mitmproxy");
    let mkcert = root("mkcert development CA", "mkcert ann@box");
    let staging = root("(STAGING) Let's Encrypt", "(STAGING) Artificial Apricot R3");
    let superfish = root("Superfish, Inc.", "Superfish, Inc.");
    let origin = root("CloudFlare, Inc.", "CloudFlare Origin Certificate Authority");
    let google = root("Google Trust Services", "WR2");
    let google_root = root("Google Trust Services LLC", "GTS Root R1");
    let google_sub = below(&google_root, "Google Trust Services", "WR2");
    let aia = with(leaf_params(&[HOST]), access("http://pki.example/issuing.crt"));
    for case in [
        case(
            "a root that nobody knows",
            vec![leaf(&plain)],
            Unknown,
            &[CertUnknownIssuer],
            &["Example Root R1"],
        ),
        case(
            "the same, sent along",
            vec![leaf(&plain), der(&plain)],
            Unknown,
            &[CertUnknownIssuer],
            &["its own root"],
        ),
        case(
            "the same for a host of Google's",
            vec![issue(&leaf_params(&[GOOGLE]), &plain), der(&plain)],
            Unknown,
            &[CertSelfSigned],
            &["Google Trust Services signs"],
        )
        .host(GOOGLE),
        case(
            "an intermediate by its name",
            vec![leaf(&issuing)],
            Unknown,
            &[CertMissingIntermediate],
            &["Example Issuing CA 3", "was not sent", "no address"],
        ),
        case(
            "an intermediate by its address",
            vec![issue(&aia, &below(&plain, "", "Example Servers"))],
            Unknown,
            &[CertMissingIntermediate],
            &["http://pki.example/issuing.crt"],
        ),
        case(
            "an address of a company's root",
            vec![issue(&aia, &company)],
            Unknown,
            &[CertCompanyCa],
            &["Example Corp Root CA"],
        ),
        case(
            "an address of a company's authority, which says of itself what it is",
            vec![issue(&aia, &company_issuing)],
            Unknown,
            &[CertMissingIntermediate],
            &["Example Corp Issuing CA 3", "http://pki.example/issuing.crt"],
        ),
        case(
            "the wrong intermediate was sent",
            vec![leaf(&issuing), der(&below(&plain, "", "Example Issuing CA 2"))],
            Unknown,
            &[CertMissingIntermediate],
            &["1 other certificates"],
        ),
        case(
            "the upper of two intermediates",
            vec![leaf(&deep), der(&deep)],
            Unknown,
            &[CertMissingIntermediate],
            &["Example Issuing CA 3"],
        ),
        case(
            "an intermediate of a public authority",
            vec![issue(&with(leaf_params(&[HOST]), public_policy()), &google)],
            Unknown,
            &[CertMissingIntermediate],
            &["WR2 (Google Trust Services)"],
        ),
        case(
            "a public root that is missing here",
            vec![
                issue(&with(leaf_params(&[HOST]), public_policy()), &google_sub),
                der(&google_sub),
            ],
            Unknown,
            &[CertUnknownIssuer],
            &["that public root is missing here", "GTS Root R1"],
        ),
        case(
            "a borrowed name",
            vec![leaf(&google)],
            Unknown,
            &[CertUnknownIssuer],
            &["borrowed its name"],
        ),
        case(
            "a company",
            vec![leaf(&company)],
            Unknown,
            &[CertCompanyCa],
            &["Example Corp Root CA", "\"Corp\""],
        ),
        case(
            "a company's directory",
            vec![leaf(&directory)],
            Unknown,
            &[CertCompanyCa],
            &["directory"],
        ),
        case(
            "an organisation's own",
            vec![issue(&own_leaf, &in_house)],
            Unknown,
            &[CertCompanyCa],
            &["one organisation"],
        ),
        case(
            "a company's, sent along",
            vec![leaf(&company), der(&company)],
            Unknown,
            &[CertCompanyCa],
            &["its own root"],
        ),
        case(
            "an origin authority",
            vec![leaf(&origin)],
            Unknown,
            &[CertCompanyCa],
            &["Cloudflare's origin"],
        ),
        case(
            "a company that looks into TLS",
            vec![leaf(&inspecting), der(&inspecting)],
            Unknown,
            &[CertSelfSigned],
            &["inspection", "its own root"],
        ),
        case(
            "a product",
            vec![issue(&leaf_params(&[GOOGLE]), &zscaler_sub), der(&zscaler_sub)],
            Unknown,
            &[CertInspectionProduct],
            &["it says it is signed by", "Zscaler", "known by", "Google Trust Services signs"],
        )
        .host(GOOGLE),
        case(
            "mitmproxy",
            vec![leaf(&mitmproxy), der(&mitmproxy)],
            Unknown,
            &[CertMitmproxy],
            &["mitmproxy"],
        ),
        case(
            "a developer's authority",
            vec![leaf(&mkcert)],
            Unknown,
            &[CertTestCa],
            &["mkcert", "development"],
        ),
        case("a staging authority", vec![leaf(&staging)], Unknown, &[CertTestCa], &["staging"]),
        case(
            "an authority with a public key",
            vec![leaf(&superfish), der(&superfish)],
            Unknown,
            &[CertTestCa],
            &["private key is public"],
        ),
    ] {
        case.check();
    }
}

#[test]
fn what_is_wrong_with_a_certificate_has_its_own_cause() {
    use Fault::*;
    let good = root("", "Example Root R2");
    let sub = below(&good, "", "Example Issuing CA 4");
    let chain = |params: &CertificateParams| vec![issue(params, &sub), der(&sub)];
    let old = |params: CertificateParams| dated(params, -97, -7);
    let early = dated(leaf_params(&[HOST]), 7, 90);
    let many = ["a.example.org", "apis.example", "www.test", "b.test", "c.test", "d.test"];
    let mut cn_only = leaf_params(&[]);
    cn_only.subject_alt_names.clear();
    let mut nameless = cn_only.clone();
    nameless.distinguished_name = DistinguishedName::new();
    let mut by_text = leaf_params(&[]);
    by_text.subject_alt_names = vec![SanType::DnsName("192.0.2.7".try_into().unwrap())];
    let mut as_ca = leaf_params(&[HOST]);
    as_ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let mut for_clients = leaf_params(&[HOST]);
    for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let mut odd = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
    odd.set_criticality(true);
    let mut short = ca_params(&[(DnType::CommonName, "Example Issuing CA 5")]);
    short.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let short = signed_ca(short, &good);
    let lower = below(&short, "", "Example Issuing CA 6");
    let mut no_ca = leaf_params(&["signer.example"]);
    no_ca.distinguished_name = named(&[(DnType::CommonName, "signer.example")]);
    let no_ca = Authority::signed_by(no_ca, KeyPair::generate().unwrap(), &sub).unwrap();
    let twin = root("", "Example Root R2");
    for case in [
        case(
            "expired",
            chain(&old(leaf_params(&[HOST]))),
            Said::Expired,
            &[CertExpired],
            &["expired 7 days ago", "clock"],
        )
        .in_date(Said::Accepted),
        case(
            "too early",
            chain(&early),
            Said::NotYetValid,
            &[CertNotYetValid],
            &["begins in 7 days"],
        )
        .in_date(Said::Accepted),
        case(
            "expired, and nobody knows who signed",
            vec![issue(&old(leaf_params(&[HOST])), &root("Example Corp", "Example Corp CA"))],
            Said::Expired,
            &[CertCompanyCa, CertExpired],
            &["expired 7 days ago"],
        )
        .in_date(Said::UnknownIssuer),
        case(
            "expired, and no more is known",
            chain(&old(leaf_params(&[HOST]))),
            Said::Expired,
            &[CertExpired],
            &[],
        ),
        case(
            "expired and for another host",
            chain(&old(leaf_params(&["other.example"]))),
            Said::Expired,
            &[CertExpired, CertWrongName],
            &["for other.example, not for api.example"],
        )
        .in_date(Said::WrongName),
        case(
            "for another host",
            chain(&leaf_params(&many)),
            Said::WrongName,
            &[CertWrongName],
            &["and 1 more, not for api.example", "apis.example comes nearest"],
        ),
        case(
            "a star too far",
            chain(&leaf_params(&["*.example"])),
            Said::WrongName,
            &[CertWrongName],
            &["the star of *.example stands for exactly one part"],
        )
        .host("a.api.example"),
        case(
            "an address as a name",
            chain(&by_text),
            Said::WrongName,
            &[CertWrongName],
            &["stands there as a name"],
        )
        .host("192.0.2.7"),
        case(
            "a common name only",
            chain(&cn_only),
            Said::WrongName,
            &[CertCnOnly],
            &["api.example stands only in the common name"],
        ),
        case(
            "another common name only",
            chain(&cn_only),
            Said::WrongName,
            &[CertCnOnly],
            &["not b.example"],
        )
        .host("b.example"),
        case(
            "no name at all",
            chain(&nameless),
            Said::WrongName,
            &[CertWrongName],
            &["for no host at all"],
        ),
        case(
            "an authority as a server",
            chain(&as_ca),
            Said::Other("x".to_owned()),
            &[CertCaAsLeaf],
            &["authority's"],
        ),
        case(
            "for clients",
            chain(&for_clients),
            Said::WrongPurpose,
            &[CertWrongUsage],
            &["clientAuth"],
        ),
        case(
            "a server that signs",
            vec![leaf(&no_ca), der(&no_ca), der(&sub)],
            Said::Other("x".to_owned()),
            &[CertWrongUsage],
            &["signer.example", "is no authority's"],
        ),
        case(
            "one authority too many",
            vec![leaf(&lower), der(&lower), der(&short)],
            Said::Other("x".to_owned()),
            &[CertWrongUsage],
            &["may stand above 0 authorities, not 1"],
        ),
        case(
            "an extension that nobody knows",
            chain(&with(leaf_params(&[HOST]), odd)),
            Said::Other("x".to_owned()),
            &[CertUnreadable],
            &["1.3.6.1.4.1.99999.1"],
        ),
        case(
            "signed itself",
            vec![alone(&leaf_params(&[HOST]))],
            Said::UnknownIssuer,
            &[CertSelfSignedLeaf],
            &["signed itself"],
        ),
        case(
            "signed itself for somebody else",
            vec![alone(&leaf_params(&["localhost"]))],
            Said::UnknownIssuer,
            &[CertSelfSignedLeaf, CertWrongName],
            &[],
        ),
        case(
            "signed itself, and calls itself an authority, as OpenSSL makes them",
            vec![alone(&as_ca)],
            Said::Other("CaUsedAsEndEntity".to_owned()),
            &[CertSelfSignedLeaf, CertCaAsLeaf],
            &[],
        ),
        case(
            "an authority's own certificate",
            vec![der(&root("", "Example Root R3"))],
            Said::Other("CaUsedAsEndEntity".to_owned()),
            &[CertCaAsLeaf, CertCnOnly],
            &["its own authority's"],
        ),
        case(
            "an authority made anew",
            vec![leaf(&twin), der(&twin)],
            Said::BadSignature,
            &[CertRecreatedCa],
            &["a trusted root has the name", "another key"],
        ),
        case(
            "an authority made anew, the old one sent",
            vec![leaf(&twin), der(&good)],
            Said::BadSignature,
            &[CertRecreatedCa],
            &["that was sent has another key"],
        ),
        case(
            "SHA-1",
            vec![simulated("FAKE-weak-signature")],
            Said::WeakSignature,
            &[CertWeakSignature],
            &["RSA with SHA-1"],
        )
        .host(GOOGLE),
        case(
            "nothing",
            Vec::new(),
            Said::Unreadable("x".to_owned()),
            &[CertUnreadable],
            &["no certificate was sent"],
        ),
        case(
            "no certificate",
            vec![vec![1, 2, 3], der(&sub)],
            Said::Unreadable("x".to_owned()),
            &[CertUnreadable],
            &["the server's certificate cannot be read"],
        ),
        case("all is well", chain(&leaf_params(&[HOST])), Said::Accepted, &[], &[]),
        case(
            "other words",
            chain(&leaf_params(&[HOST])),
            Said::Other("quite odd".to_owned()),
            &[CertInvalid],
            &["quite odd"],
        ),
        case(
            "another key in the handshake",
            chain(&leaf_params(&[HOST])),
            Said::BadHandshake,
            &[TlsCorrupted],
            &["another key"],
        ),
    ] {
        case.check();
    }
}

/// An RSA key of another's, of which only the public half is here.
struct Short(Vec<u8>);

impl rcgen::PublicKeyData for Short {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

#[test]
fn a_short_key_is_told_where_it_signed() {
    use rustls::pki_types::{SubjectPublicKeyInfoDer, pem::PemObject};
    let path = format!("{}/src/simulate/bodies/FAKE-weak-key.pem", env!("CARGO_MANIFEST_DIR"));
    let spki = SubjectPublicKeyInfoDer::from_pem_file(path).unwrap().to_vec();
    let short = Short(spki[spki.len() - 140..].to_vec());
    let name = [
        (DnType::OrganizationName, "gemini-doctor simulation"),
        (DnType::CommonName, "gemini-doctor Simulated Issuer With A Short Key"),
    ];
    let middle = ca_params(&name).signed_by(&short, &*root("", "Example Root R4")).unwrap();
    let sent = [simulated("FAKE-weak-key"), middle.der().to_vec()];
    let chain = Chain::read(&sent);
    let keys: Vec<String> = chain.way().map(|one| one.key.to_string()).collect();
    assert_eq!(keys, ["EC P-256", "RSA 1024"]);
    let way: Vec<&Certificate> = chain.way().collect();
    assert_eq!(way[0].signed_by(way[1]), Signed::Yes, "the short key really signed");
    let causes = causes(&chain, &Asked::new(GOOGLE, NOW, Said::BadSignature));
    assert_eq!(causes[0].fault, Fault::CertWeakKey);
    assert!(causes[0].detail.contains("RSA 1024"), "{causes:?}");
}

#[test]
fn kin_and_trusted_leaves_change_the_cause() {
    let lab = root("Lab", "Lab Root");
    let chain = Chain::read(&[leaf(&below(&lab, "Lab", "Lab CA 7"))]);
    let asked = Asked::new(HOST, NOW, Said::UnknownIssuer);
    assert_eq!(causes(&chain, &asked)[0].fault, Fault::CertUnknownIssuer);
    let asked = Asked { kin: Some("Lab Root (Lab)".to_owned()), ..asked };
    let cause = &causes(&chain, &asked)[0];
    assert_eq!(cause.fault, Fault::CertMissingIntermediate);
    assert!(cause.detail.contains("of the same organisation is trusted here"), "{cause:?}");

    let mut own = leaf_params(&[HOST]);
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let chain = Chain::read(&[alone(&own)]);
    let said = Said::Other("CaUsedAsEndEntity".to_owned());
    let asked = Asked { leaf_is_a_root: true, ..Asked::new(HOST, NOW, said) };
    let faults: Vec<Fault> = causes(&chain, &asked).iter().map(|cause| cause.fault).collect();
    assert_eq!(faults, [Fault::CertCaAsLeaf]);
}

#[test]
fn a_chain_is_put_in_order_and_what_does_not_belong_is_told() {
    let top = root("", "Example Root R5");
    let upper = below(&top, "", "Example Issuing CA 7");
    let lower = below(&upper, "", "Example Issuing CA 8");
    let stranger = root("", "Example Stranger");
    let server = leaf(&lower);
    let chain = Chain::read(&[server.clone(), der(&lower), der(&upper)]);
    assert!(chain.is_in_order() && chain.end == End::Open);
    assert_eq!(chain.missing().map(Name::short).as_deref(), Some("Example Root R5"));

    let sent = [server.clone(), der(&top), der(&upper), der(&stranger), der(&lower), server];
    let chain = Chain::read(&sent);
    assert_eq!((chain.path.as_slice(), chain.end), (&[0, 4, 2, 1][..], End::Root));
    assert!(!chain.is_in_order() && chain.missing().is_none());
    assert_eq!(chain.duplicates, [5]);
    let surplus: Vec<String> = chain.surplus().map(|one| one.subject.short()).collect();
    assert_eq!(surplus, ["Example Stranger"]);
    assert_eq!(chain.roots_in_vain().count(), 2);
}

#[test]
fn of_several_issuers_of_one_name_the_one_that_signed_is_taken() {
    let (one, other) = (root("", "Example Twin"), root("", "Example Twin"));
    let chain = Chain::read(&[leaf(&other), der(&one), der(&other)]);
    assert_eq!(chain.path, [0, 2]);
}

#[test]
fn a_long_chain_and_a_circle_come_to_an_end() {
    let mut authorities = vec![root("", "Example Root R6")];
    for at in 0..60 {
        authorities.push(below(&authorities[at], "", &format!("Example Issuing CA {at}")));
    }
    let mut sent = vec![leaf(&authorities[60])];
    sent.extend(authorities.iter().map(der));
    let chain = Chain::read(&sent);
    assert_eq!((chain.path.len(), chain.end, chain.is_in_order()), (62, End::Root, false));

    let (left, right) = (root("", "Example Left"), root("", "Example Right"));
    let left_by_right = below(&right, "", "Example Left");
    let crossed = Authority::signed_by(
        ca_params(&[(DnType::CommonName, "Example Right")]),
        KeyPair::generate().unwrap(),
        &left,
    );
    let chain = Chain::read(&[leaf(&left), der(&left_by_right), der(&crossed.unwrap())]);
    assert!(chain.path.len() <= 3);
}

#[test]
fn a_certificate_is_read_as_openssl_reads_it() {
    let one = Certificate::read(&fixture("leaf")).unwrap();
    assert_eq!(one.subject.full, "CN=api.example");
    assert_eq!(one.issuer.full, "O=Example Fixtures, CN=Example Fixture Issuer");
    assert_eq!(one.issuer.short(), "Example Fixture Issuer (Example Fixtures)");
    assert_eq!((one.serial.as_str(), one.version), ("1001", 3));
    assert_eq!(
        (one.key.to_string(), one.signature.name.as_str()),
        ("EC P-256".to_owned(), "ECDSA with SHA-256")
    );
    assert_eq!((one.not_before, one.not_after), (1_577_836_800, 4_733_510_400));
    assert_eq!(one.hosts(), ["api.example"]);
    assert_eq!(one.purposes.as_deref(), Some(&["serverAuth".to_owned()][..]));
    assert!(!one.is_ca() && !one.is_self_issued() && one.fingerprint.len() == 64);
    assert!(one.pin.starts_with("sha256//") && one.pin.len() == 8 + 44);

    let issuer = Certificate::read(&fixture("issuer")).unwrap();
    assert_eq!(one.signed_by(&issuer), Signed::Yes);
    assert_eq!((issuer.signs_itself(), issuer.signed_by(&one)), (Signed::Yes, Signed::No));
    assert!(issuer.is_ca() && issuer.key_usage.is_some_and(KeyUsage::signs_certificates));
    assert_eq!(issuer.key_usage.map(KeyUsage::words), Some(vec!["keyCertSign", "cRLSign"]));
}

#[test]
fn a_stapled_answer_is_read_and_its_signature_told() {
    let issuer = Certificate::read(&fixture("issuer")).unwrap();
    let leaf = Certificate::read(&fixture("leaf")).unwrap();
    for (name, status, proof) in [
        ("ocsp-good", Status::Good, Proof::ByIssuer),
        (
            "ocsp-revoked",
            Status::Revoked { at: 1_748_779_200, reason: Some("keyCompromise") },
            Proof::ByIssuer,
        ),
        ("ocsp-unknown", Status::Unknown, Proof::ByIssuer),
        (
            "ocsp-delegate",
            Status::Revoked { at: 1_748_779_200, reason: Some("keyCompromise") },
            Proof::ByDelegate,
        ),
    ] {
        let answer = Answer::read(&fixture(name)).unwrap();
        let entry = answer.about(&leaf.serial).unwrap();
        assert_eq!((&entry.status, answer.proof(Some(&issuer))), (&status, proof), "{name}");
        assert_eq!(answer.proof(None), Proof::NotChecked);
        assert_eq!(answer.proof(Some(&leaf)), Proof::Wrong, "{name}");
        assert!(answer.about("1002").is_none() && answer.produced_at == entry.this_update);
    }
    let good = Answer::read(&fixture("ocsp-good")).unwrap();
    let at = good.entries[0].this_update;
    let age = |moment: i64| good.entries[0].age(moment);
    assert_eq!([age(at - 1), age(at), age(at + 4 * DAY)], [Age::Early, Age::Current, Age::Stale]);
    let later = Answer::read(&[0x30, 3, 0x0a, 1, 3]).unwrap_err();
    assert!(later.why.contains("try later"), "{later}");
    assert!(Answer::read(b"").is_err() && Answer::read(&fixture("leaf")).is_err());
}

#[test]
fn a_revoked_certificate_comes_first_and_says_who_said_so() {
    let answer = Answer::read(&fixture("ocsp-revoked")).unwrap();
    let now = answer.produced_at + 5;
    for (sent, words) in [
        (vec![fixture("leaf"), fixture("issuer")], "the issuer's key signed that answer"),
        (vec![fixture("leaf")], "that answer's signature was not checked"),
    ] {
        let chain = Chain::read(&sent);
        let asked = Asked { staple: Some(&answer), ..Asked::new(HOST, now, Said::Accepted) };
        let causes = causes(&chain, &asked);
        assert_eq!(causes[0].fault, Fault::CertRevoked);
        assert!(causes[0].detail.contains("revoked on 2025-06-01T12:00:00Z (keyCompromise)"));
        assert!(causes[0].detail.contains(words), "{causes:?}");
    }
}

#[test]
fn hostile_names_stay_on_one_bounded_line() {
    let issuer = root("", "Example Root R7");
    let mut params = leaf_params(&[]);
    let long = "x".repeat(10_000);
    params.distinguished_name = named(&[
        (DnType::CommonName, "good.example\0.evil\n\u{1b}[31m\u{202e}"),
        (DnType::OrganizationName, &long),
    ]);
    let mut names: Vec<SanType> = (0..1000)
        .map(|at| SanType::DnsName(format!("n{at}.example").try_into().unwrap()))
        .collect();
    names.push(SanType::DnsName("api.example\0.evil".try_into().unwrap()));
    names.push(SanType::DnsName(long.as_str().try_into().unwrap()));
    names.push(SanType::DnsName("xn--bcher-kva.example".try_into().unwrap()));
    names.push(SanType::IpAddress("2001:db8::1".parse().unwrap()));
    params.subject_alt_names = names;
    let one = Certificate::read(&issue(&params, &issuer)).unwrap();
    assert_eq!(one.names.len(), 1004);
    assert!(
        one.subject.full.starts_with("CN=good.example\\u{0}.evil\\u{a}\\u{1b}[31m"),
        "{}",
        one.subject
    );
    assert!(!names::matches(&one.names, HOST));
    for host in ["xn--bcher-kva.example", "[2001:db8::1]", "n999.example"] {
        assert!(names::matches(&one.names, host), "{host}");
    }
    let texts = one.names.iter().map(ToString::to_string).chain([one.subject.full.clone()]);
    for text in texts {
        assert!(text.chars().count() < 600 && !text.contains(char::is_control), "{text}");
    }
    let chain = Chain::of(vec![Ok(one)]);
    for cause in causes(&chain, &Asked::new(HOST, NOW, Said::UnknownIssuer)) {
        assert!(cause.detail.chars().count() < 2000 && !cause.detail.contains(char::is_control));
    }
}

/// Every byte of a certificate, a chain and an answer changed, cut or doubled, in a fixed order.
#[test]
fn no_bytes_bring_the_reader_down() {
    let mut random = fastrand::Rng::with_seed(6);
    let seeds: Vec<Vec<u8>> =
        ["leaf", "issuer", "ocsp-revoked", "ocsp-delegate"].map(fixture).to_vec();
    for round in 0..6000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..random.usize(1..5) {
            mutate(&mut bytes, &mut random);
        }
        look_at(&bytes, &seeds);
    }
    for byte in 0..=255 {
        look_at(&vec![byte; usize::from(byte)], &seeds);
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) {
    let at = random.usize(0..bytes.len().max(1));
    match random.u8(0..5) {
        0 if !bytes.is_empty() => bytes[at] = random.u8(..),
        1 if !bytes.is_empty() => bytes[at] ^= 1 << random.u8(0..8),
        2 => bytes.truncate(at),
        3 => bytes.insert(at.min(bytes.len()), random.u8(..)),
        _ => bytes.extend_from_within(at.min(bytes.len())..),
    }
}

fn look_at(bytes: &[u8], seeds: &[Vec<u8>]) {
    let staple = Answer::read(bytes).ok();
    let chain = Chain::read(&[bytes, &seeds[1], bytes]);
    for said in [Said::UnknownIssuer, Said::BadSignature, Said::Expired] {
        let asked = Asked { staple: staple.as_ref(), ..Asked::new(HOST, NOW, said) };
        let causes = causes(&chain, &asked);
        assert!(!causes.is_empty(), "a refusal has a cause");
        for cause in &causes {
            assert!(!cause.detail.contains(char::is_control), "{cause:?}");
        }
    }
    if let (Ok(one), Some(answer)) = (Certificate::read(bytes), &staple) {
        assert_ne!(answer.proof(Some(&one)), ocsp::Proof::ByDelegate);
    }
}
