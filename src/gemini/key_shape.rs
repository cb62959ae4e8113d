//! What the text of a key shows before it is sent: its kind, what copying did to it, and whether a header
//! can carry it. Never fails a kind it does not know, and never repeats any part of the text.

mod characters;
mod phrases;
#[cfg(test)]
mod tests;

use crate::{
    facts::{KeyFlaw, KeyKind},
    secret::ApiKey,
};

/// Where keys are made.
const MAKE: &str = "https://aistudio.google.com/api-keys";
/// The length of every standard key.
const STANDARD_LENGTH: usize = 39;
/// The least that follows `AQ.`; their exact length is not documented.
const AUTH_LEAST: usize = 20;
/// How many wrappings are taken off: quotes in quotes behind a prefix, and no further.
const MOST_WRAPPINGS: usize = 6;

/// What the text of a key shows.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The kind it looks like, inside of quotes and prefixes.
    pub kind: KeyKind,
    /// What is wrong with the text.
    pub flaws: Vec<KeyFlaw>,
    /// The text as a header can carry it; `None` where none can.
    pub sendable: Option<ApiKey>,
    /// What all this means, most important first; nothing of the text is in them.
    pub notes: Vec<String>,
    /// Whether it is for a host that gives out keys of its own, of whatever shape.
    pub elsewhere: bool,
}

/// Looks at the text of a key.
pub fn shape(text: &str) -> Shape {
    let mut shape = Shape {
        kind: KeyKind::None,
        flaws: Vec::new(),
        sendable: None,
        notes: Vec::new(),
        elsewhere: false,
    };
    let trimmed = text.trim_matches(|character: char| character.is_ascii_whitespace());
    if trimmed.is_empty() {
        shape.note("there is no key in it".to_owned());
    } else if let Some((kind, note)) = phrases::document(trimmed) {
        shape.kind = kind;
        shape.note(note.to_owned());
    } else {
        shape.look_at(text, trimmed);
    }
    shape
}

impl Shape {
    /// The same for a host that is not the provider's: there a key of another kind is as good as any.
    #[must_use]
    pub fn for_another_host(mut self) -> Self {
        self.elsewhere = true;
        if self.kind == KeyKind::Other {
            self.flaws.retain(|flaw| *flaw != KeyFlaw::OtherProvider);
        }
        self
    }

    /// What is known of every call with it.
    pub fn is_telling(&self) -> bool {
        !self.elsewhere || matches!(self.kind, KeyKind::StandardKey | KeyKind::AuthKey)
    }

    fn look_at(&mut self, text: &str, trimmed: &str) {
        let inner = self.unwrap(trimmed);
        self.classify(inner);
        for (flaw, note) in characters::odd(trimmed) {
            self.flaw(flaw, note);
        }
        if inner.contains(' ') && !self.is_no_key() {
            self.flaw(KeyFlaw::Control, "there is a space inside of it".to_owned());
        }
        if text.len() != trimmed.len() {
            self.flaw(KeyFlaw::Padded, "blanks around it were taken off".to_owned());
        }
        if characters::fit_a_header(trimmed) && self.kind != KeyKind::None {
            self.sendable = Some(ApiKey::new(trimmed));
        }
    }

    /// Whether the text stands in for a key, so that its words need no further look.
    fn is_no_key(&self) -> bool {
        [KeyFlaw::Unexpanded, KeyFlaw::Placeholder].iter().any(|flaw| self.flaws.contains(flaw))
    }

    /// Takes off quotes and what was copied along in front, layer by layer.
    fn unwrap<'t>(&mut self, text: &'t str) -> &'t str {
        let mut inner = text;
        for _ in 0..MOST_WRAPPINGS {
            if let Some(rest) = phrases::without_quotes(inner) {
                self.flaw(KeyFlaw::Quoted, "there are quotes around it".to_owned());
                inner = rest;
            } else if let Some((rest, what)) = phrases::without_prefix(inner) {
                self.flaw(KeyFlaw::Prefixed, format!("in front of it stands {what}"));
                inner = rest;
            } else {
                break;
            }
        }
        inner
    }

    /// Names the kind. What nobody would send on purpose is looked for before what it resembles.
    fn classify(&mut self, inner: &str) {
        self.kind = kind(inner);
        if self.kind == KeyKind::None {
            self.note("there is no key inside".to_owned());
        } else if let Some(what) = phrases::unexpanded(inner) {
            self.flaw(KeyFlaw::Unexpanded, format!("{what}; nothing put a value in its place"));
        } else if let Some(what) = phrases::placeholder(inner) {
            self.flaw(KeyFlaw::Placeholder, format!("{what}; make a key: {MAKE}"));
        } else if let Some(provider) = phrases::other_provider(inner) {
            self.flaw(
                KeyFlaw::OtherProvider,
                format!("it looks like a key of {provider}; keys for this API are made at {MAKE}"),
            );
        } else {
            self.explain(inner);
        }
    }

    fn explain(&mut self, inner: &str) {
        let length = inner.chars().count();
        match self.kind {
            KeyKind::StandardKey => self.explain_standard(length),
            KeyKind::AuthKey => self.explain_auth(length),
            KeyKind::OauthToken => self.note(
                "access token: it goes into an Authorization header, lasts about an hour, and is no \
                 API key"
                    .to_owned(),
            ),
            _ => match phrases::other_credential(inner) {
                Some(what) => self.note(what.to_owned()),
                None => self.note(format!(
                    "its kind is not known here, which says nothing against it; length {length}"
                )),
            },
        }
    }

    fn explain_standard(&mut self, length: usize) {
        if length < STANDARD_LENGTH {
            let what =
                format!("cut off: {length} characters, and such keys have {STANDARD_LENGTH}");
            self.flaw(KeyFlaw::Truncated, what);
        } else if length > STANDARD_LENGTH {
            self.note(format!(
                "longer than its kind: {length} characters, and such keys have {STANDARD_LENGTH}"
            ));
        }
        self.note(format!(
            "standard key: refused since 2026, without restrictions from June on and all of them from \
             September on; AI Studio makes auth keys now, which start with AQ: {MAKE}"
        ));
    }

    fn explain_auth(&mut self, length: usize) {
        if length < "AQ.".len() + AUTH_LEAST {
            let what = format!("cut off: {length} characters, and such keys have more");
            self.flaw(KeyFlaw::Truncated, what);
        }
        self.note(format!(
            "auth key: the kind made today, bound to a service account; it goes into its own header, \
             never behind Bearer; made at {MAKE}"
        ));
    }

    fn flaw(&mut self, flaw: KeyFlaw, note: String) {
        if !self.flaws.contains(&flaw) {
            self.flaws.push(flaw);
        }
        self.note(note);
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// The kind by the first characters alone.
fn kind(inner: &str) -> KeyKind {
    if inner.is_empty() {
        KeyKind::None
    } else if inner.starts_with("AIza") {
        KeyKind::StandardKey
    } else if inner.starts_with("AQ.") {
        KeyKind::AuthKey
    } else if inner.starts_with("ya29.") || phrases::is_jwt(inner) {
        KeyKind::OauthToken
    } else {
        KeyKind::Other
    }
}
