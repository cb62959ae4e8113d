//! Chains of every kind put to stores of every kind.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair,
};

use super::*;

const HOST: &str = "api.example";

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn authority(name: &str) -> Issuer {
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(authority_params(name), key).expect("a root")
}

fn below(name: &str, issuer: &Issuer) -> Issuer {
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::signed_by(authority_params(name), key, issuer).expect("an authority")
}

fn leaf_params() -> CertificateParams {
    let mut params = CertificateParams::new([HOST.to_owned()]).expect("a name");
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(4000, 1, 1);
    params
}

fn signed(params: &CertificateParams, issuer: &Issuer) -> CertificateDer<'static> {
    let key = KeyPair::generate().expect("a key");
    params.signed_by(&key, issuer).expect("a certificate").der().clone()
}

fn leaf(issuer: &Issuer) -> CertificateDer<'static> {
    signed(&leaf_params(), issuer)
}

fn store(issuers: &[&Issuer]) -> Store {
    Store::of_certificates(issuers.iter().map(|issuer| issuer.der().to_vec()))
}

/// The first day of 2026.
fn now() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(1_767_225_600))
}

fn ask(store: &Store, chain: &[CertificateDer<'_>]) -> StoreVerdict {
    judge(store, chain, HOST, &[], now())
}

#[track_caller]
fn why(verdict: &StoreVerdict) -> Distrust {
    match &verdict.trust {
        ChainTrust::Refused { why, .. } => *why,
        ChainTrust::Trusted(by) => panic!("trusted by {by:?}"),
    }
}

#[track_caller]
fn by(verdict: &StoreVerdict) -> &Voucher {
    match &verdict.trust {
        ChainTrust::Trusted(Some(voucher)) => voucher,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_store_that_knows_the_root_trusts_and_says_which() {
    let (root, other) = (authority("Root"), authority("Other"));
    let middle = below("Middle", &root);
    let chain = [leaf(&middle), middle.der().clone()];
    let verdict = ask(&store(&[&other, &root]), &chain);
    assert!(verdict.right_name);
    let voucher = by(&verdict);
    assert!(voucher.subject.contains("CN=Root"), "{voucher:?}");
    assert_eq!(voucher.sha256.as_deref(), Some(sha256(root.der()).as_str()));
    assert!(voucher.self_issued && !voucher.expired, "{voucher:?}");
}

#[test]
fn the_print_of_a_key_is_that_of_the_whole_spki() {
    let root = authority("Root");
    let verdict = ask(&store(&[&root]), &[leaf(&root)]);
    let (_, parsed) = X509Certificate::from_der(root.der()).expect("a certificate");
    assert_eq!(by(&verdict).spki_sha256, sha256(parsed.public_key().raw));
}

#[test]
fn the_name_is_judged_apart() {
    let root = authority("Root");
    for (host, right) in [(HOST, true), ("else.example", false), ("", false), ("a b", false)] {
        let verdict = judge(&store(&[&root]), &[leaf(&root)], host, &[], now());
        assert_eq!((verdict.trusts(), verdict.right_name), (true, right), "{host:?}");
    }
    let refused = judge(&Store::mozilla(), &[leaf(&root)], HOST, &[], now());
    assert_eq!((refused.trusts(), refused.right_name), (false, true));
}

#[test]
fn reasons_are_told_apart() {
    let (root, twin, other) = (authority("Root"), authority("Root"), authority("Other"));
    let chain = [leaf(&root)];
    assert_eq!(why(&ask(&store(&[&other]), &chain)), Distrust::UnknownIssuer);
    assert_eq!(why(&ask(&Store::mozilla(), &chain)), Distrust::UnknownIssuer);
    assert_eq!(why(&ask(&store(&[&twin]), &chain)), Distrust::OtherKey);
    assert_eq!(why(&ask(&Store::default(), &chain)), Distrust::EmptyStore);
    assert_eq!(why(&ask(&store(&[&root]), &[])), Distrust::Unreadable);
    let root_alone = [root.der().clone()];
    assert_eq!(why(&ask(&store(&[&root]), &root_alone)), Distrust::CaAsLeaf);
}

#[test]
fn what_a_certificate_says_of_itself_counts_in_every_store() {
    let root = authority("Root");
    let with = |change: fn(&mut CertificateParams)| {
        let mut params = leaf_params();
        change(&mut params);
        [signed(&params, &root)]
    };
    let expired = with(|params| params.not_after = rcgen::date_time_ymd(2021, 1, 1));
    let early = with(|params| params.not_before = rcgen::date_time_ymd(3000, 1, 1));
    let client =
        with(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    let known = store(&[&root]);
    assert_eq!(why(&ask(&known, &expired)), Distrust::Expired);
    assert_eq!(why(&ask(&Store::mozilla(), &expired)), Distrust::Expired);
    assert_eq!(why(&ask(&known, &early)), Distrust::NotYetValid);
    assert_eq!(why(&ask(&known, &client)), Distrust::WrongUsage);
}

/// A leaf that the authority beside it did not sign is no word about the store.
#[test]
fn a_damaged_leaf_is_no_other_key() {
    let root = authority("Root");
    let middle = below("Middle", &root);
    let mut damaged = leaf(&middle).to_vec();
    *damaged.last_mut().expect("a signature") ^= 1;
    let chain = [CertificateDer::from(damaged), middle.der().clone()];
    let reason = why(&ask(&store(&[&root]), &chain));
    assert_eq!(reason, Distrust::BadSignature);
    let twin = authority("Root");
    let whole = [leaf(&middle), middle.der().clone()];
    assert_eq!(why(&ask(&store(&[&twin]), &whole)), Distrust::OtherKey);
}

#[test]
fn of_two_roots_of_one_name_the_one_that_signed_vouches() {
    let (root, twin) = (authority("Root"), authority("Root"));
    let verdict = ask(&store(&[&twin, &root]), &[leaf(&root)]);
    assert_eq!(by(&verdict).sha256.as_deref(), Some(sha256(root.der()).as_str()));
}

#[test]
fn an_old_root_vouches_only_where_no_newer_one_does() {
    let key = KeyPair::generate().expect("a key");
    let old = || {
        let mut params = authority_params("Root");
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        params
    };
    let expired = old().self_signed(&key).expect("a root").der().to_vec();
    let root = CertifiedIssuer::self_signed(authority_params("Root"), key).expect("a root");
    let chain = [leaf(&root)];
    let only_old = Store::of_certificates([expired.clone()]);
    assert!(by(&ask(&only_old, &chain)).expired);
    let both = Store::of_certificates([expired, root.der().to_vec()]);
    assert!(!by(&ask(&both, &chain)).expired);
}

#[test]
fn an_intermediate_in_a_store_is_told_from_a_root() {
    let middle = below("Middle", &authority("Root"));
    assert!(!by(&ask(&store(&[&middle]), &[leaf(&middle)])).self_issued);
}

#[test]
fn node_adds_to_its_own_roots() {
    let root = authority("Root");
    let node = Store::mozilla().with([root.der().to_vec()]);
    assert_eq!(node.len(), webpki_roots::TLS_SERVER_ROOTS.len() + 1);
    assert!(ask(&node, &[leaf(&root)]).trusts());
}

#[test]
fn a_self_signed_certificate_is_trusted_where_it_is_kept() {
    let key = KeyPair::generate().expect("a key");
    let alone = leaf_params().self_signed(&key).expect("a certificate").der().clone();
    let kept = Store::of_certificates([alone.to_vec()]);
    assert!(ask(&kept, std::slice::from_ref(&alone)).trusts());
    assert_eq!(why(&ask(&Store::mozilla(), &[alone])), Distrust::UnknownIssuer);
}

#[test]
fn an_embedded_root_is_named() {
    let anchor = &webpki_roots::TLS_SERVER_ROOTS[0];
    let candidate = Candidate { anchor: anchor.clone(), whole: None };
    let voucher = candidate.voucher(now());
    assert!(voucher.subject.contains('='), "{voucher:?}");
    assert_eq!((voucher.sha256, voucher.spki_sha256.len()), (None, 64));
}

#[test]
fn what_cannot_be_read_is_counted_and_harms_nothing() {
    let root = authority("Root");
    let whole = root.der().to_vec();
    let cut = (0..whole.len()).map(|length| whole[..length].to_vec());
    let store = Store::of_certificates(cut.chain([whole.clone(), b"not a certificate".to_vec()]));
    assert_eq!((store.len(), store.unreadable()), (1, whole.len() + 1));
    assert!(ask(&store, &[leaf(&root)]).trusts());
    assert_eq!(Store::of_pem(&root.pem()).len(), 1);
    assert!(Store::of_pem("no PEM at all").is_empty());
}

#[test]
fn broken_chains_are_judged_without_a_panic() {
    let root = authority("Root");
    let known = store(&[&root]);
    let whole = leaf(&root).to_vec();
    for length in 0..whole.len() {
        let cut = CertificateDer::from(whole[..length].to_vec());
        assert_eq!(why(&ask(&known, std::slice::from_ref(&cut))), Distrust::Unreadable);
        assert!(ask(&known, &[leaf(&root), cut]).trusts());
    }
    for place in 0..whole.len() {
        let mut odd = whole.clone();
        odd[place] ^= 0xff;
        assert!(!ask(&known, &[CertificateDer::from(odd)]).trusts(), "byte {place}");
    }
}

#[test]
fn a_chain_of_fifty_is_judged() {
    let mut issuers = vec![authority("Root")];
    for number in 0..50 {
        issuers.push(below(&format!("Middle {number}"), issuers.last().expect("one")));
    }
    let last = issuers.last().expect("one");
    let chain: Vec<_> = std::iter::once(leaf(last))
        .chain(issuers.iter().rev().map(|issuer| issuer.der().clone()))
        .collect();
    let verdict = ask(&store(&[&issuers[0]]), &chain);
    assert!(!verdict.trusts(), "no client follows fifty");
}

#[test]
fn many_roots_of_one_name_are_bounded() {
    let root = authority("Root");
    let many = std::iter::repeat_n(root.der().to_vec(), 500);
    let store = Store::of_certificates(many);
    let question = Question { leaf: &leaf(&root), others: &[], now: now() };
    assert_eq!(store.candidates(question).len(), MOST_CANDIDATES);
}

/// The platform is asked about the chain alone, whatever host was asked for.
#[test]
fn the_platform_refuses_a_root_of_ours() {
    let root = authority("Root");
    for host in [HOST, "else.example"] {
        let verdict = judge(&Store::platform(), &[leaf(&root)], host, &[], now());
        let reason = why(&verdict);
        assert!(reason.depends_on_the_store(), "{host}: {verdict:?}");
    }
}
