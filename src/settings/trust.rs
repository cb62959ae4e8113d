//! Which certificates are trusted besides the built-in ones, or instead of them. Checks that a file
//! holds certificates at all, so that a wrong file is named here and not blamed on the network.

use std::path::{Path, PathBuf};

use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::{
    Given, World, decode,
    layers::Layers,
    origin::{Origin, Sourced},
};
use crate::error::UserError;

/// Ten times the size of the largest public bundle.
const LIMIT: u64 = 4 * 1024 * 1024;
/// More files than any directory of roots has.
const MOST_FILES: usize = 2000;

/// Which certificates are trusted.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// PEM texts that are trusted too.
    pub added: Vec<Sourced<String>>,
    /// PEM texts that replace all other roots; `None` where nothing replaces them.
    pub instead: Option<Vec<Sourced<String>>>,
}

/// Reads every file that options, the config file and variables name.
pub(super) fn resolve(
    given: &Given,
    world: &World,
    layers: &Layers<'_>,
) -> Result<Trust, UserError> {
    let flags =
        given.ca_file.iter().map(|path| Sourced::new(path.clone(), Origin::Flag("--ca-file")));
    let configured = layers
        .pick(None, "--ca-file", |table| table.ca_file.clone())
        .filter(|_| given.ca_file.is_empty());
    let added =
        flags.chain(configured).map(|file| read_file(&file, world)).collect::<Result<_, _>>()?;
    Ok(Trust { added, instead: instead(world)? })
}

fn instead(world: &World) -> Result<Option<Vec<Sourced<String>>>, UserError> {
    let named = |name: &str| {
        let value = world.variable(name)?;
        Some(Sourced::new(PathBuf::from(value), Origin::Variable(name.to_owned())))
    };
    let mut texts = Vec::new();
    if let Some(file) = named("SSL_CERT_FILE") {
        texts.push(read_file(&file, world)?);
    }
    if let Some(list) = named("SSL_CERT_DIR") {
        texts.extend(read_directories(&list, world)?);
    }
    Ok(Some(texts).filter(|texts| !texts.is_empty()))
}

fn read_file(file: &Sourced<PathBuf>, world: &World) -> Result<Sourced<String>, UserError> {
    match pem_of(&world.path(&file.value)) {
        Ok(text) => Ok(Sourced::new(text, file.origin.clone())),
        Err(what) => Err(unusable(file, &what)),
    }
}

/// `SSL_CERT_DIR` lists directories as `PATH` does. Files without a certificate are passed over: such
/// directories hold other things too.
fn read_directories(
    list: &Sourced<PathBuf>,
    world: &World,
) -> Result<Vec<Sourced<String>>, UserError> {
    let mut texts = Vec::new();
    for directory in std::env::split_paths(&list.value) {
        let entries = std::fs::read_dir(world.path(&directory));
        let entries = entries.map_err(|_| unusable(list, "it is no directory that can be read"))?;
        let files = entries.filter_map(|entry| Some(entry.ok()?.path())).take(MOST_FILES);
        texts.extend(files.filter_map(|path| pem_of(&path).ok()));
    }
    if texts.is_empty() {
        return Err(unusable(list, "no file in it holds a certificate in PEM"));
    }
    Ok(texts.into_iter().map(|text| Sourced::new(text, list.origin.clone())).collect())
}

fn unusable(file: &Sourced<PathBuf>, what: &str) -> UserError {
    let hint = match &file.origin {
        Origin::Variable(name) => format!("correct {name} or unset it"),
        _ => "name a file with at least one -----BEGIN CERTIFICATE----- block".to_owned(),
    };
    let (origin, path) = (&file.origin, file.value.display());
    UserError::usage(format!("could not use the certificates of {origin}, {path}: {what}"), hint)
}

/// The text of a file with at least one certificate, or what it holds instead.
fn pem_of(path: &Path) -> Result<String, String> {
    let bytes = decode::read_bounded(path, LIMIT)?;
    let text = match decode::decode(&bytes) {
        Ok(decoded) => decoded.text,
        Err(_) if x509_parser::parse_x509_certificate(&bytes).is_ok() => {
            return Err(
                "it is a certificate in DER; convert it with openssl x509 -inform der".to_owned()
            );
        }
        Err(what) => return Err(what),
    };
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes()).filter_map(Result::ok);
    let mut sound = certificates.filter(|der| x509_parser::parse_x509_certificate(der).is_ok());
    match sound.next() {
        Some(_) => Ok(text),
        None => Err(found_instead(&text)),
    }
}

fn found_instead(text: &str) -> String {
    if text.trim().is_empty() {
        return "it is empty".to_owned();
    }
    let label = text.lines().find_map(|line| {
        line.trim().strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----"))
    });
    match label {
        Some("CERTIFICATE") => "its certificate is damaged".to_owned(),
        Some(label) => format!("it holds no certificate; it starts with a block {label:?}"),
        None => "it holds no certificate in PEM".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::config::Config;

    fn certificate() -> rcgen::CertifiedKey<rcgen::KeyPair> {
        rcgen::generate_simple_self_signed(["ca.example".to_owned()]).expect("generated")
    }

    /// Resolves with one file as `--ca-file`.
    fn with_file(bytes: &[u8]) -> Result<Trust, UserError> {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("ca.pem"), bytes).expect("written");
        let given = Given { ca_file: vec!["ca.pem".into()], ..Given::default() };
        with(&given, &World::bare(directory.path().to_owned()))
    }

    fn with(given: &Given, world: &World) -> Result<Trust, UserError> {
        let config = Config::default();
        resolve(given, world, &Layers::new(given, &config)?)
    }

    #[test]
    fn a_certificate_is_found_among_other_things() {
        let pem = format!("# a comment\r\n{}", certificate().cert.pem());
        assert_eq!(with_file(pem.as_bytes()).expect("usable").added.len(), 1);
        let marked = [b"\xEF\xBB\xBF", pem.as_bytes()].concat();
        assert!(with_file(&marked).is_ok());
    }

    #[test]
    fn a_file_without_one_says_what_it_holds() {
        let certificate = certificate();
        let key = certificate.signing_key.serialize_pem();
        let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (bytes, part) in [
            (&b""[..], "it is empty"),
            (b"hello", "it holds no certificate in PEM"),
            (key.as_bytes(), "starts with a block \"PRIVATE KEY\""),
            (certificate.cert.der(), "a certificate in DER"),
            (b"\x00\x01\xFF", "it is not text"),
            (damaged.as_bytes(), "its certificate is damaged"),
        ] {
            let error = with_file(bytes).expect_err("unusable");
            assert!(error.what.contains(part), "{error}");
            assert!(error.what.contains("--ca-file, ca.pem"), "{error}");
        }
    }

    #[test]
    fn variables_replace_the_roots_and_are_named_when_wrong() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut world = World::bare(directory.path().to_owned());
        assert!(with(&Given::default(), &world).expect("usable").instead.is_none());
        world.variables.insert("SSL_CERT_FILE".into(), "roots.pem".into());
        let error = with(&Given::default(), &world).expect_err("missing");
        assert!(error.what.contains("env:SSL_CERT_FILE, roots.pem: no such file"), "{error}");
        assert_eq!(error.hint, "correct SSL_CERT_FILE or unset it");
        std::fs::write(directory.path().join("roots.pem"), certificate().cert.pem())
            .expect("written");
        let trust = with(&Given::default(), &world).expect("usable");
        assert_eq!(trust.instead.expect("replaced").len(), 1);
    }

    #[test]
    fn a_directory_of_roots_is_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut world = World::bare(directory.path().to_owned());
        world.variables.insert("SSL_CERT_DIR".into(), "roots".into());
        assert!(with(&Given::default(), &world).is_err());
        let roots = directory.path().join("roots");
        std::fs::create_dir(&roots).expect("made");
        std::fs::write(roots.join("README"), "none here").expect("written");
        let error = with(&Given::default(), &world).expect_err("none");
        assert!(error.what.contains("no file in it holds"), "{error}");
        std::fs::write(roots.join("a.0"), certificate().cert.pem()).expect("written");
        let trust = with(&Given::default(), &world).expect("usable");
        assert_eq!(trust.instead.expect("replaced").len(), 1);
    }
}
