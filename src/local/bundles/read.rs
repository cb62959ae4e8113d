//! Reads certificates out of files and directories: PEM, and the key stores of Java. Bounded in size
//! and in number; what a certificate says is not read here.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::keystore::{self, Content};

/// Twenty times the size of the largest public bundle.
const LARGEST: u64 = 8 * 1024 * 1024;
/// More files than any directory of roots has.
const MOST_FILES: usize = 2000;
/// More certificates than any bundle has.
pub(super) const MOST_CERTIFICATES: usize = 5000;

/// What a file or a directory holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The certificates in DER, in the order of the file, each once.
    pub certificates: Vec<Vec<u8>>,
    /// How many are there that cannot be read.
    pub unreadable: usize,
    /// How it is written.
    pub format: Format,
    /// Whether there was more than is read.
    pub cut: bool,
}

/// How certificates are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One file in PEM.
    #[default]
    Pem,
    /// A directory of such files; OpenSSL finds only those with a hash for a name.
    Directory {
        /// How many certificates have such a name.
        hashed: usize,
    },
    /// Java's older key store.
    Jks,
    /// The key store of newer Javas, without a password.
    Pkcs12,
}

/// Why nothing can be had from a place. Closed: whoever adds one is led by the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// There is nothing at that path.
    Missing,
    /// The file is empty, or the directory is.
    Empty,
    /// It is a directory where a file is wanted, or the other way round.
    WrongKind(&'static str),
    /// It holds no certificate in a form that its readers understand; the words say what it holds.
    NoCertificate(String),
    /// The key store is locked with a password.
    Protected,
    /// It is larger than is read.
    TooLarge,
    /// The operating system does not let us; the words are its own.
    Denied(String),
}

impl Format {
    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pem => "pem",
            Self::Directory { .. } => "directory",
            Self::Jks => "jks",
            Self::Pkcs12 => "pkcs12",
        }
    }
}

impl Broken {
    /// A fragment that fits behind "it" and the path.
    pub fn words(&self) -> String {
        match self {
            Self::Missing => "does not exist".to_owned(),
            Self::Empty => "is empty".to_owned(),
            Self::WrongKind(what) => (*what).to_owned(),
            Self::NoCertificate(holds) => format!("holds no certificate that is read: {holds}"),
            Self::Protected => "is protected by a password; read it with keytool -list".to_owned(),
            Self::TooLarge => "is larger than any bundle is".to_owned(),
            Self::Denied(words) => format!("cannot be read: {words}"),
        }
    }
}

/// Reads one file, whatever its form.
pub(super) fn file(path: &Path) -> Result<Contents, Broken> {
    let bytes = bytes(path)?;
    match keystore::read(&bytes) {
        Some(Content::Certificates(contents)) => Ok(contents),
        Some(Content::Protected) => Err(Broken::Protected),
        Some(Content::Damaged(what)) => Err(Broken::NoCertificate(what.to_owned())),
        None => pem_file(&bytes),
    }
}

/// Reads directories as variables list them: those of one kind of name first, each certificate once.
pub(super) fn directories(list: &[PathBuf]) -> Result<Contents, Broken> {
    let mut found = Gathered::default();
    for directory in list {
        found.directory(directory)?;
    }
    if found.files == 0 {
        return Err(Broken::Empty);
    }
    let mut contents = found.contents;
    if contents.certificates.is_empty() {
        return Err(Broken::NoCertificate("no file in it is in PEM".to_owned()));
    }
    contents.format = Format::Directory { hashed: found.hashed };
    Ok(contents)
}

/// What was found in directories so far.
#[derive(Default)]
struct Gathered {
    contents: Contents,
    seen: BTreeSet<Vec<u8>>,
    hashed: usize,
    files: usize,
}

impl Gathered {
    fn directory(&mut self, directory: &Path) -> Result<(), Broken> {
        let entries = fs::read_dir(directory).map_err(|error| why_not(directory, &error))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut paths: Vec<PathBuf> = paths.take(MOST_FILES + 1).collect();
        self.contents.cut |= paths.len() > MOST_FILES;
        paths.truncate(MOST_FILES);
        // Names that are hashes come first, so that a certificate with two names counts as found.
        paths.sort_by_key(|path| (!is_hashed(path), path.clone()));
        for path in &paths {
            self.file(path);
        }
        Ok(())
    }

    /// Such directories hold other things too, which are passed over.
    fn file(&mut self, path: &Path) {
        let Ok(bytes) = bytes(path) else { return };
        self.files += 1;
        let read = pem(&bytes);
        self.contents.unreadable += read.unreadable;
        for certificate in read.certificates {
            self.one(certificate, is_hashed(path));
        }
    }

    fn one(&mut self, certificate: Vec<u8>, hashed: bool) {
        if self.contents.certificates.len() == MOST_CERTIFICATES {
            self.contents.cut = true;
        } else if self.seen.insert(certificate.clone()) {
            self.contents.certificates.push(certificate);
            self.hashed += usize::from(hashed);
        }
    }
}

/// `5ed36f99.0`: what OpenSSL looks for.
fn is_hashed(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some((hash, number)) = name.split_once('.') else { return false };
    let hexadecimal = hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn bytes(path: &Path) -> Result<Vec<u8>, Broken> {
    let data = fs::metadata(path).map_err(|error| why_not(path, &error))?;
    if data.is_dir() {
        return Err(Broken::WrongKind("is a directory, and a file is wanted"));
    }
    if !data.is_file() {
        return Err(Broken::WrongKind("is no ordinary file"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(data.len().min(LARGEST)).unwrap_or(0));
    let file = File::open(path).map_err(|error| why_not(path, &error))?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| why_not(path, &error))?;
    match bytes.len() as u64 {
        0 => Err(Broken::Empty),
        length if length > LARGEST => Err(Broken::TooLarge),
        _ => Ok(bytes),
    }
}

fn why_not(path: &Path, error: &std::io::Error) -> Broken {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => Broken::Missing,
        Kind::NotADirectory if path.is_file() => {
            Broken::WrongKind("is a file, and a directory is wanted")
        }
        Kind::NotADirectory => Broken::Missing,
        _ => Broken::Denied(super::one_line(&error.to_string())),
    }
}

fn pem_file(bytes: &[u8]) -> Result<Contents, Broken> {
    let contents = pem(bytes);
    if contents.certificates.is_empty() {
        return Err(holds_instead(bytes, contents.unreadable));
    }
    Ok(contents)
}

fn holds_instead(bytes: &[u8], damaged: usize) -> Broken {
    let text = |what: &str| Broken::NoCertificate(what.to_owned());
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Broken::Empty;
    }
    match bytes {
        _ if damaged > 0 => text("its certificates are damaged"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => text("it is UTF-16, as PowerShell's > writes"),
        [0x30, ..] if is_whole(bytes) => text("it is one in DER, and PEM is wanted"),
        _ => text("it has no -----BEGIN CERTIFICATE-----"),
    }
}

/// The certificates of a text in PEM, and how many are damaged. Other blocks are passed over.
pub(super) fn pem(bytes: &[u8]) -> Contents {
    let mut contents = Contents::default();
    let mut seen = BTreeSet::new();
    let mut inside: Option<Vec<u8>> = None;
    for line in bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        match line {
            b"-----BEGIN CERTIFICATE-----" | b"-----BEGIN X509 CERTIFICATE-----" => {
                contents.unreadable += usize::from(inside.is_some());
                inside = Some(Vec::with_capacity(2048));
            }
            b"-----END CERTIFICATE-----" | b"-----END X509 CERTIFICATE-----" => {
                let block = inside.take().unwrap_or_default();
                match decoded(&block) {
                    _ if contents.certificates.len() == MOST_CERTIFICATES => contents.cut = true,
                    Some(der) if seen.insert(der.clone()) => contents.certificates.push(der),
                    Some(_) => {}
                    None => contents.unreadable += 1,
                }
            }
            line => {
                if let Some(block) = &mut inside {
                    block.extend_from_slice(line);
                }
            }
        }
    }
    contents.unreadable += usize::from(inside.is_some());
    contents
}

fn decoded(block: &[u8]) -> Option<Vec<u8>> {
    STANDARD.decode(block).ok().filter(|der| is_whole(der))
}

/// Whether the bytes are one sequence and nothing else.
fn is_whole(der: &[u8]) -> bool {
    keystore::value(der).is_some_and(|(tag, _, rest)| tag == keystore::SEQUENCE && rest.is_empty())
}
