//! What a server speaks that does not speak TLS, by the first bytes that it says.
//!
//! Knows the greetings and complaints of what is mostly found behind a wrong port, and guesses at
//! nothing else.

/// What is spoken instead of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// HTTP in the clear.
    Http {
        /// The status of the answer, where it has one.
        status: Option<u16>,
        /// Whether it complains that HTTP was sent to a port for HTTPS: TLS is spoken there, behind
        /// somebody who takes it off.
        wants_tls: bool,
    },
    /// SSH.
    Ssh,
    /// SMTP.
    Smtp,
    /// FTP.
    Ftp,
    /// IMAP.
    Imap,
    /// POP3.
    Pop3,
    /// MySQL or MariaDB.
    MySql,
    /// PostgreSQL.
    Postgres,
    /// Redis or one of its kind.
    Redis,
    /// Nothing that is known.
    Unreadable,
}

impl Spoken {
    /// The word for a report.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Http { .. } => "HTTP",
            Self::Ssh => "SSH",
            Self::Smtp => "SMTP",
            Self::Ftp => "FTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::MySql => "MySQL",
            Self::Postgres => "PostgreSQL",
            Self::Redis => "Redis",
            Self::Unreadable => "nothing readable",
        }
    }

    /// By the first bytes of an answer.
    pub fn of(bytes: &[u8]) -> Self {
        let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
        if is_http(bytes) {
            return Self::Http { status: status(bytes), wants_tls: wants_tls(bytes) };
        }
        let by_greeting = GREETINGS.iter().find(|(start, _)| bytes.starts_with(start));
        match by_greeting {
            Some((_, spoken)) => *spoken,
            None if bytes.starts_with(b"220") || bytes.starts_with(b"421") => of_220(bytes),
            None if is_mysql(bytes) => Self::MySql,
            None if is_postgres(bytes) => Self::Postgres,
            None => Self::Unreadable,
        }
    }
}

/// How many bytes are looked at.
const LOOKED_AT: usize = 4096;

const GREETINGS: &[(&[u8], Spoken)] = &[
    (b"SSH-", Spoken::Ssh),
    (b"* OK", Spoken::Imap),
    (b"* PREAUTH", Spoken::Imap),
    (b"* BYE", Spoken::Imap),
    (b"* BAD", Spoken::Imap),
    (b"+OK", Spoken::Pop3),
    // POP3 writes -ERR as well, but never before its greeting.
    (b"-ERR", Spoken::Redis),
    (b"-NOAUTH", Spoken::Redis),
    (b"-DENIED", Spoken::Redis),
    (b"-LOADING", Spoken::Redis),
    (b"554", Spoken::Smtp),
    (b"500 OOPS", Spoken::Ftp),
];

/// An answer with a head, the bare page of a server that takes nonsense for HTTP/0.9, or the settings
/// of HTTP/2.
fn is_http(bytes: &[u8]) -> bool {
    let lower = bytes[..bytes.len().min(16)].to_ascii_lowercase();
    let is_page = lower.starts_with(b"<html") || lower.starts_with(b"<!doctype html");
    bytes.starts_with(b"HTTP/") || is_page || is_http2(bytes)
}

/// A frame of settings, which is whole pairs of six bytes, on stream 0.
fn is_http2(bytes: &[u8]) -> bool {
    match bytes {
        [0, 0, length, 4, 0 | 1, 0, 0, 0, 0, ..] => length % 6 == 0,
        _ => false,
    }
}

fn status(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"HTTP/")?.get(4..7)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn wants_tls(bytes: &[u8]) -> bool {
    [
        "plain HTTP request was sent to HTTPS port",
        "speaking plain HTTP to an SSL-enabled server port",
        "Client sent an HTTP request to an HTTPS server",
    ]
    .iter()
    .any(|words| holds(bytes, words))
}

/// Mail and files greet, or send away, with the same numbers; whoever does not say which is for files, since RFC 5321
/// wants mail servers to.
fn of_220(bytes: &[u8]) -> Spoken {
    let is_mail = ["smtp", "mail", "postfix", "exim"].iter().any(|word| holds(bytes, word));
    if is_mail && !holds(bytes, "ftp") { Spoken::Smtp } else { Spoken::Ftp }
}

/// A packet whose head is true of what follows: three bytes of length and number 0, then version 10
/// of the protocol, or an error.
fn is_mysql(bytes: &[u8]) -> bool {
    match bytes {
        [low, high, 0, 0, kind @ (10 | 0xff), ..] => {
            let length = usize::from(*low) | usize::from(*high) << 8;
            let is_whole = bytes.len() >= 4 + length.min(LOOKED_AT - 4);
            is_whole && length > 8 && (*kind == 0xff || bytes[5].is_ascii_digit())
        }
        _ => false,
    }
}

/// The one byte that answers the wish for encryption, or an error with its fields.
fn is_postgres(bytes: &[u8]) -> bool {
    match bytes {
        [b'N' | b'S'] => true,
        [b'E', 0, 0, _, _, b'S', ..] => holds(bytes, "FATAL") || holds(bytes, "ERROR"),
        _ => false,
    }
}

/// Whether words stand in the text, case aside.
fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window.eq_ignore_ascii_case(words.as_bytes()))
}
