//! Why *we* could not do the job, with a hint. A network failure is never one of these: it is a fact.

use crate::exit::Exit;

/// Something only the user, or a bug fix of ours, can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// A lower-case fragment that says what was wrong, and where.
    pub what: String,
    /// What to do about it.
    pub hint: String,
    /// How the run ends.
    pub exit: Exit,
}

impl UserError {
    /// Wrong arguments or configuration.
    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), exit: Exit::Usage }
    }

    /// A key where a name belongs, which would carry it into URLs and logs.
    pub fn key_as_name(place: &str) -> Self {
        Self::usage(
            format!("could not use {place}: it looks like an API key, and nothing was sent"),
            "a key goes into GEMINI_API_KEY, --key-file or --key-stdin; replace this one if a shell or a log kept it",
        )
    }

    /// A fault of this program.
    pub fn internal(what: impl Into<String>) -> Self {
        let hint = "this is a bug of gemini-doctor; please report it with the command line used";
        Self { what: what.into(), hint: hint.to_owned(), exit: Exit::Internal }
    }
}

impl std::fmt::Display for UserError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}\nhint: {}", self.what, self.hint)
    }
}

impl std::error::Error for UserError {}
