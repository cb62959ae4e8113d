//! `CONNECT`, written by hand: libraries keep neither the status nor the headers of a refusal.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use super::{Login, refused};
use crate::facts::{Failure, Fault, Stage};
use crate::net::words::one_line;
use crate::net::{Target, classify};
use crate::secret::ApiKey;

/// More than any honest answer to `CONNECT` has.
const MOST_OF_HEAD: usize = 16 * 1024;
/// As much of a refusal's body as is looked at.
const MOST_OF_BODY: usize = 1024;
/// How long a refusal's body is waited for: the status has said the most of it.
const BODY_WAIT: std::time::Duration = std::time::Duration::from_millis(300);

/// Asks for the tunnel; after `Ok` the stream leads to the target.
pub(super) async fn open<S: AsyncRead + AsyncWrite + Unpin>(
    target: &Target,
    login: Option<&Login>,
    stream: &mut S,
) -> Result<(), Failure> {
    let question = question(target, login);
    stream.write_all(question.as_bytes()).await.map_err(|error| lost(&error))?;
    stream.flush().await.map_err(|error| lost(&error))?;
    let secrets = login.map(Login::secrets).unwrap_or_default();
    let head = Head::read(stream, &secrets).await?;
    match head.status {
        200..=299 => Ok(()),
        // Tinyproxy answers a wrong login with 401; before the tunnel stands that is its own word too.
        401 | 407 => Err(head.wants_login(login.is_some())),
        _ => Err(head.refusal(&first_line_of_body(stream, &secrets).await)),
    }
}

fn question(target: &Target, login: Option<&Login>) -> Zeroizing<String> {
    let address = target.address();
    let mut text = Zeroizing::new(format!("CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n"));
    if let Some(Login { user, password }) = login {
        let pair = Zeroizing::new(format!("{}:{}", user.expose(), password.expose()));
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()));
        text.push_str(&format!("Proxy-Authorization: Basic {}\r\n", encoded.as_str()));
    }
    text.push_str("\r\n");
    text
}

/// Status line and headers of the proxy's answer.
struct Head {
    status: u16,
    line: String,
    headers: Vec<(String, String)>,
}

impl Head {
    /// Reads byte by byte: what follows the head belongs to the tunnel.
    async fn read<S: AsyncRead + Unpin>(
        stream: &mut S,
        secrets: &[ApiKey],
    ) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") && !bytes.ends_with(b"\n\n") {
            if bytes.len() == MOST_OF_HEAD {
                return Err(refused("its answer's headers do not end"));
            }
            bytes.push(stream.read_u8().await.map_err(|error| lost(&error))?);
            if bytes.len() == 5 && bytes != b"HTTP/" {
                return Err(refused("its answer is not HTTP; is it a proxy of another kind?"));
            }
        }
        Self::parse(&without(secrets, &bytes))
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        let mut lines = text.lines();
        let line = one_line(lines.next().unwrap_or_default());
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status =
            status.ok_or_else(|| refused(format!("its answer has no status: {line:?}")))?;
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Ok(Self { status, line, headers })
    }

    /// The kinds of login the proxy takes: the first word of each challenge.
    fn schemes(&self) -> Vec<String> {
        let mut schemes: Vec<String> = Vec::new();
        let challenge = |name: &str| matches!(name, "proxy-authenticate" | "www-authenticate");
        for (_, value) in self.headers.iter().filter(|(name, _)| challenge(name)) {
            for part in list_items(value) {
                let word = one_line(part.split_whitespace().next().unwrap_or_default());
                if !word.is_empty() && !word.contains('=') && !schemes.contains(&word) {
                    schemes.push(word);
                }
            }
        }
        schemes
    }

    fn wants_login(&self, sent: bool) -> Failure {
        let schemes = self.schemes();
        let named = if schemes.is_empty() { "none".to_owned() } else { schemes.join(", ") };
        let tried = if sent { "; the login of the proxy's URL was not accepted" } else { "" };
        let basic =
            schemes.is_empty() || schemes.iter().any(|one| one.eq_ignore_ascii_case("basic"));
        let fault = if basic { Fault::ProxyWantsLogin } else { Fault::ProxyWantsOtherLogin };
        Failure::new(Stage::Proxy, fault, format!("{}; logins offered: {named}{tried}", self.line))
    }

    fn refusal(&self, body: &str) -> Failure {
        match body {
            "" => refused(self.line.clone()),
            body => refused(format!("{}: {body}", self.line)),
        }
    }
}

/// The items of a list in a header: a comma within quotes separates nothing.
fn list_items(value: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    value.split(move |character| {
        quoted ^= character == '"';
        character == ',' && !quoted
    })
}

/// The first line of the body that says anything.
async fn first_line_of_body<S: AsyncRead + Unpin>(stream: &mut S, secrets: &[ApiKey]) -> String {
    let mut bytes = Vec::new();
    let mut body = stream.take(MOST_OF_BODY as u64);
    let _ = tokio::time::timeout(BODY_WAIT, body.read_to_end(&mut bytes)).await;
    let text = without(secrets, &bytes);
    text.lines().map(one_line).find(|line| !line.is_empty()).unwrap_or_default()
}

/// The text of a proxy that may give the login back, before anything of it is cut.
fn without(secrets: &[ApiKey], bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    secrets.iter().fold(text, |text, secret| secret.scrub(&text).into_owned())
}

fn lost(error: &std::io::Error) -> Failure {
    classify::failure(error, Stage::Proxy)
}
