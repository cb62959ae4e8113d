//! The reader of files on whole, damaged and wrong ones, and statements that hold.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use super::*;
use crate::facts::{KeyKind, LocalFact};

/// A key of this run, which nobody ever used.
fn key() -> (KeyPair, String) {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let der: Pkcs8V1Der<'_> = pair.as_der().expect("its bytes");
    let body = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("text")).collect();
    let pem =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
    (pair, pem)
}

fn service_account(pem: &str) -> Value {
    json!({
        "type": "service_account", "project_id": "p-1", "private_key_id": "FAKE-id",
        "private_key": pem, "client_email": "svc@p-1.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token", "universe_domain": "googleapis.com",
    })
}

fn user() -> Value {
    json!({
        "type": "authorized_user", "client_id": "1.apps.googleusercontent.com",
        "client_secret": "GOCSPX-FAKE-secret", "refresh_token": "1//0FAKE-refresh-token-of-a-test",
        "quota_project_id": "q-1",
    })
}

fn facts(shape: &Shape) -> Vec<LocalFact> {
    shape.flaws.iter().map(|(fact, _)| *fact).collect()
}

fn of(value: &Value) -> Shape {
    read(&value.to_string())
}

#[test]
fn a_whole_file_gives_credentials_and_whose_they_are() {
    let (_, pem) = key();
    let shape = of(&service_account(&pem));
    assert_eq!((shape.kind, facts(&shape)), (KeyKind::ServiceAccount, vec![]));
    assert_eq!(shape.key, Some(KeyLook::Signs(2048)));
    assert_eq!(shape.project.as_deref(), Some("p-1"));
    let member = "serviceAccount:svc@p-1.iam.gserviceaccount.com";
    assert_eq!(shape.member.as_deref(), Some(member));
    assert!(matches!(shape.credentials, Some(Credentials::ServiceAccount(_))));
    let shape = of(&user());
    assert_eq!((shape.kind, facts(&shape)), (KeyKind::AuthorizedUser, vec![]));
    assert_eq!(shape.quota_project.as_deref(), Some("q-1"));
}

#[test]
fn what_a_damaged_file_lacks_is_told() {
    let (_, pem) = key();
    let whole = service_account(&pem);
    let without = |name: &str| {
        let mut value = whole.clone();
        value.as_object_mut().expect("an object").remove(name);
        value
    };
    let with = |name: &str, value: Value| {
        let mut changed = whole.clone();
        changed[name] = value;
        changed
    };
    let half = &pem[..pem.len() / 2];
    for (value, fact) in [
        (without("client_email"), LocalFact::CredentialsCorrupt),
        (without("private_key"), LocalFact::CredentialsCorrupt),
        (without("type"), LocalFact::CredentialsCorrupt),
        (with("client_email", json!(3)), LocalFact::CredentialsCorrupt),
        (with("client_email", json!("your-service-account@x")), LocalFact::CredentialsPlaceholder),
        (with("private_key", json!("YOUR_PRIVATE_KEY")), LocalFact::CredentialsPlaceholder),
        (with("private_key", json!(half)), LocalFact::PrivateKeyDamaged),
        (with("private_key", json!(pem.replace('\n', "\\n"))), LocalFact::PrivateKeyDamaged),
        (with("private_key", json!("FAKE and no key")), LocalFact::PrivateKeyDamaged),
        (with("type", json!("oauth_robot")), LocalFact::CredentialsOther),
        (with("type", json!("gdch_service_account")), LocalFact::CredentialsNotFollowed),
        (with("universe_domain", json!("example.cloud")), LocalFact::ForeignUniverse),
        (with("token_uri", json!("https://evil.example/token")), LocalFact::ForeignTokenHost),
        (with("token_uri", json!("http://oauth2.googleapis.com")), LocalFact::ForeignTokenHost),
        (with("token_uri", json!("http://x.localhost/token")), LocalFact::ForeignTokenHost),
        (with("token_uri", json!("not a url")), LocalFact::CredentialsCorrupt),
        (json!({"installed": {"client_id": "x"}}), LocalFact::CredentialsOther),
        (json!({"web": {}}), LocalFact::CredentialsOther),
        (json!({"kty": "RSA"}), LocalFact::CredentialsOther),
        (json!([1]), LocalFact::CredentialsCorrupt),
    ] {
        let shape = of(&value);
        assert_eq!(facts(&shape).first(), Some(&fact), "{:?}", shape.flaws);
        assert!(shape.credentials.is_none(), "{:?}", shape.flaws);
    }
}

#[test]
fn texts_that_are_no_json_are_named() {
    for (text, fact, words) in [
        ("", LocalFact::CredentialsCorrupt, "empty"),
        (" \n", LocalFact::CredentialsCorrupt, "empty"),
        ("<!DOCTYPE html><p>Sign in", LocalFact::CredentialsCorrupt, "web page"),
        ("{\"type\": \"service_acc", LocalFact::CredentialsCorrupt, "cut"),
        ("{'type': 1}", LocalFact::CredentialsCorrupt, "line 1, column 2"),
        ("AQ.FAKE-key-in-the-wrong-file-0001", LocalFact::CredentialsOther, "a key"),
        ("-----BEGIN PRIVATE KEY-----\nRkFLRQ==\n", LocalFact::CredentialsOther, "PEM"),
    ] {
        let shape = read(text);
        assert_eq!(facts(&shape), [fact], "{text}");
        assert!(shape.flaws[0].1.contains(words), "{}", shape.flaws[0].1);
    }
}

#[test]
fn what_stands_behind_another_is_read_too() {
    let url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/t@p.iam.gserviceaccount.com:generateAccessToken";
    let shape = of(&json!({
        "type": "impersonated_service_account", "service_account_impersonation_url": url,
        "source_credentials": user(), "delegates": [],
    }));
    assert_eq!((shape.kind, facts(&shape)), (KeyKind::Impersonated, vec![]));
    let member = "serviceAccount:t@p.iam.gserviceaccount.com";
    assert_eq!(shape.member.as_deref(), Some(member));
    let urls = shape.credentials.expect("whole").urls().len();
    assert_eq!(urls, 2);
    let mut nested = user();
    nested.as_object_mut().expect("an object").remove("refresh_token");
    let broken = of(&json!({
        "type": "impersonated_service_account", "service_account_impersonation_url": url,
        "source_credentials": nested,
    }));
    assert!(broken.flaws[0].1.contains("refresh_token"), "{:?}", broken.flaws);
}

#[test]
fn sources_of_proof_are_followed_or_named() {
    let external = |source: Value| {
        of(&json!({
            "type": "external_account", "audience": "//iam.googleapis.com/projects/1/x",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": "https://sts.googleapis.com/v1/token", "credential_source": source,
        }))
    };
    let json_format = json!({"type": "json", "subject_token_field_name": "value"});
    for good in [
        json!({"file": "/var/run/token"}),
        json!({"url": "http://169.254.169.254/x?api=1", "headers": {"Metadata": "True"},
               "format": json_format}),
    ] {
        let shape = external(good);
        assert_eq!(facts(&shape), [], "{:?}", shape.flaws);
        assert!(shape.credentials.is_some());
    }
    for named in [
        json!({"executable": {"command": "/bin/x"}}),
        json!({"environment_id": "aws1", "regional_cred_verification_url": "https://sts"}),
        json!({"certificate": {}}),
    ] {
        assert_eq!(facts(&external(named)), [LocalFact::CredentialsNotFollowed]);
    }
    assert_eq!(facts(&external(json!({}))), [LocalFact::CredentialsCorrupt]);
}

/// The headers of such a URL are secrets, and so is its answer.
#[test]
fn a_proof_is_asked_for_where_nobody_can_listen() {
    let external = |url: &str, header: &str| {
        of(&json!({
            "type": "external_account", "audience": "//iam.googleapis.com/projects/1/x",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": "https://sts.googleapis.com/v1/token",
            "credential_source": {"url": url, "headers": {header: "FAKE-of-a-header-0001"}},
        }))
    };
    for (url, header, told) in [
        (
            "https://ci.example/token?x=1",
            "Authorization",
            "ci.example, with the header Authorization",
        ),
        (
            "http://127.0.0.1:41/msi",
            "X-IDENTITY-HEADER",
            "127.0.0.1, with the header X-IDENTITY-HEADER",
        ),
        ("http://[::1]/token", "Authorization", "::1"),
        ("http://localhost:8080/token", "Authorization", "localhost"),
        ("http://169.254.169.254/x", "metadata", "169.254.169.254, with the header metadata"),
        ("http://[fe80::1]/x", "Metadata-Flavor", "fe80::1"),
    ] {
        let shape = external(url, header);
        assert_eq!(facts(&shape), [], "{url}: {:?}", shape.flaws);
        let proof = shape.proof.expect("the host is told");
        assert!(proof.contains(told) && !proof.contains("FAKE"), "{proof}");
    }
    for (url, header) in [
        ("http://attacker.example:18765/proof", "Authorization"),
        ("http://attacker.example/proof", "Metadata"),
        ("http://metadata.localhost/proof", "Metadata"),
        ("http://10.0.0.1/proof", "Metadata"),
        ("http://169.254.1.1.example/x", "Metadata"),
        ("http://169.254.169.254/x", "Authorization"),
    ] {
        let shape = external(url, header);
        assert_eq!(facts(&shape), [LocalFact::ForeignTokenHost], "{url}");
        assert!(shape.credentials.is_none() && !shape.flaws[0].1.contains("FAKE"));
    }
}

#[test]
fn an_endpoint_on_this_machine_is_told() {
    let mut file = user();
    file["token_uri"] = json!("http://127.0.0.1:9/token");
    assert_eq!(of(&file).to_this_machine, ["token_uri"]);
    assert!(of(&user()).to_this_machine.is_empty());
}

#[test]
fn a_statement_holds_what_the_provider_asks_for() {
    let (pair, pem) = key();
    let Some(Credentials::ServiceAccount(account)) = of(&service_account(&pem)).credentials else {
        panic!("a service account");
    };
    for (purpose, has, lacks) in
        [(Purpose::Bearer, "sub", "aud"), (Purpose::Exchange, "aud", "sub")]
    {
        let token = sign(&account, purpose, 1_000_000).expect("signed");
        let parts: Vec<&str> = token.expose().split('.').collect();
        let json = |part: &str| -> Value {
            let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
            serde_json::from_slice(&bytes).expect("JSON")
        };
        let (header, claims) = (json(parts[0]), json(parts[1]));
        assert_eq!(header, json!({"alg": "RS256", "typ": "JWT", "kid": "FAKE-id"}));
        assert_eq!(claims["exp"].as_u64().zip(claims["iat"].as_u64()), Some((1_003_590, 999_990)));
        assert!(claims.get(has).is_some() && claims.get(lacks).is_none(), "{claims}");
        let public = UnparsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA256,
            pair.public_key().as_ref().to_vec(),
        );
        let signature = URL_SAFE_NO_PAD.decode(parts[2]).expect("base64");
        let stated = format!("{}.{}", parts[0], parts[1]);
        public.verify(stated.as_bytes(), &signature).expect("the signature holds");
    }
}

/// Any damage gives a shape, nothing panics, and no word for people holds a part of a secret.
#[test]
fn broken_texts_are_read_without_a_panic_and_without_a_leak() {
    let (_, pem) = key();
    let texts = [service_account(&pem).to_string(), user().to_string()];
    let secrets: Vec<&str> =
        pem.lines().filter(|line| !line.starts_with('-')).chain(["FAKE-secret", "0FAKE"]).collect();
    let mut dice = fastrand::Rng::with_seed(7);
    for round in 0..4000 {
        let mut bytes = texts[round % 2].clone().into_bytes();
        for _ in 0..dice.usize(1..4) {
            let at = dice.usize(..bytes.len());
            match dice.u8(..4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = dice.u8(..),
                2 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"{}[]\",:\\n<"[dice.usize(..10)]),
            }
            if bytes.is_empty() {
                bytes.push(b'{');
            }
        }
        let shape = read(&String::from_utf8_lossy(&bytes));
        let words: Vec<&str> = shape.flaws.iter().map(|(_, text)| text.as_str()).collect();
        let words = format!("{} {}", shape.words, words.join(" "));
        assert!(!secrets.iter().any(|secret| words.contains(secret)), "{words}");
        assert_eq!(shape.credentials.is_none(), !shape.flaws.is_empty(), "{words}");
    }
}
