//! From a text to the bodies in it: JSON alone, one body a line, the data of commands, the requests that a browser or an editor
//! kept.
//!
//! Pure. What else stands in a command, such as headers and the query of a URL, is left where it is, since keys stand there. It
//! must not judge a body.

mod commands;
mod har;
mod heredoc;
mod http;
mod lines;
mod logged;
mod map;
mod powershell;
mod python;
mod shell;
#[cfg(test)]
mod tests;
mod url;

use std::{borrow::Cow, ops::Range};

use super::{
    kind::Kind,
    request::{Service, Version},
};

pub use map::Offsets;

/// A body, and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body<'t> {
    /// The body; empty where it stands elsewhere.
    pub text: Cow<'t, str>,
    /// From it back to the text.
    pub offsets: Offsets,
    /// Its kind, where what stands round it tells.
    pub kind: Option<Kind>,
    /// The model, by the URL.
    pub model: Option<String>,
    /// The version of the API, by the URL.
    pub version: Option<Version>,
    /// The API, by the URL.
    pub service: Option<Service>,
    /// Which of several bodies it is, as `line 7`; empty for the only one.
    pub name: String,
    /// Why it is not judged, if it is not.
    pub unjudged: Option<Unjudged>,
    /// Pieces of it that a shell or a template puts in when it is sent: what stands there is a name.
    pub unknown: Vec<Range<usize>>,
    /// What is wrong with the command that sends it.
    pub slips: Vec<Slip>,
}

/// What is wrong with a command, and where in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Where it stands.
    pub span: Range<usize>,
    /// What it is.
    pub what: Wrong,
}

/// A way in which a command sends something else than stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A blank stands behind the mark that was to continue the line.
    Cut,
    /// PowerShell before 7.3 takes the quotes off.
    QuotesLost,
    /// PowerShell since 7.3 sends the backslashes before quotes along.
    BackslashesSent,
}

/// Why a body is not judged that a command sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// It is what a file holds.
    File(String),
    /// It is what the shell puts in: a variable, the output of another command.
    Shell,
    /// It is for a call that no rule knows: `:predict`.
    Call(String),
    /// It goes to an address that is none of the APIs that are known.
    Address(String),
}

/// More pieces that are put in than anybody writes.
const MOST_UNKNOWN: usize = 500;

impl<'t> Body<'t> {
    fn of(text: Cow<'t, str>, offsets: Offsets) -> Self {
        Self {
            text,
            offsets,
            kind: None,
            model: None,
            version: None,
            service: None,
            name: String::new(),
            unjudged: None,
            unknown: Vec::new(),
            slips: Vec::new(),
        }
    }

    fn mapped(mapped: map::Mapped) -> Self {
        let (text, offsets, unknown) = mapped.finish();
        let unjudged = (unknown.len() > MOST_UNKNOWN).then_some(Unjudged::Shell);
        Self { unknown, unjudged, ..Self::of(Cow::Owned(text), offsets) }
    }

    fn unjudged(why: Unjudged, at: usize) -> Self {
        Self { unjudged: Some(why), ..Self::of(Cow::Borrowed(""), Offsets::straight(at)) }
    }

    /// What its URL tells. A call that is not judged says more than where its body stands.
    fn asked(self, target: url::Target) -> Self {
        let url::Target { kind, model, version, service, other } = target;
        let unjudged = other.map(Unjudged::Call).or(self.unjudged);
        Self { kind, model, version, service, unjudged, ..self }
    }

    fn called(self, name: String) -> Self {
        Self { name, ..self }
    }
}

/// The bodies of a text, in the order in which they stand there. A text that is nothing else is one body; commands without
/// data have none.
pub fn bodies(text: &str) -> Vec<Body<'_>> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with(['{', '[']) {
        return har::bodies(text)
            .or_else(|| lines::bodies(text))
            .unwrap_or_else(|| vec![whole(text)]);
    }
    let found = http::bodies(text).or_else(|| commands::bodies(text));
    found.or_else(|| logged::bodies(text)).unwrap_or_else(|| vec![whole(text)])
}

/// Where a place of a body stands in the text.
pub fn place(body: &Body<'_>, offset: usize) -> usize {
    body.offsets.place(offset)
}

fn whole(text: &str) -> Body<'_> {
    Body::of(Cow::Borrowed(text), Offsets::straight(0))
}
