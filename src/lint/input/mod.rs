//! From a text to the bodies in it: JSON alone, one body a line, the data of commands, the requests that a browser kept.
//!
//! Pure. What else stands in a command, such as headers and the query of a URL, is left where it is, since keys stand there. It
//! must not judge a body.

mod commands;
mod har;
mod heredoc;
mod lines;
mod map;
mod powershell;
mod shell;
#[cfg(test)]
mod tests;
mod url;

use std::borrow::Cow;

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
    /// Where it is to be found, if it does not stand in the text.
    pub elsewhere: Option<Elsewhere>,
}

/// Where a body stands that a command only names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// In a file.
    File(String),
    /// In what the shell puts in: a variable, the output of another command.
    Shell,
}

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
            elsewhere: None,
        }
    }

    fn elsewhere(place: Elsewhere, at: usize) -> Self {
        Self { elsewhere: Some(place), ..Self::of(Cow::Borrowed(""), Offsets::straight(at)) }
    }

    fn asked(self, target: url::Target) -> Self {
        let url::Target { kind, model, version, service } = target;
        Self { kind, model, version, service, ..self }
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
    commands::bodies(text).unwrap_or_else(|| vec![whole(text)])
}

/// Where a place of a body stands in the text.
pub fn place(body: &Body<'_>, offset: usize) -> usize {
    body.offsets.place(offset)
}

fn whole(text: &str) -> Body<'_> {
    Body::of(Cow::Borrowed(text), Offsets::straight(0))
}
