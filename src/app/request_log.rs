//! `--log FILE`: one JSON line a request, for audits and for reading back. Never a key, never a text.

use std::{
    cell::RefCell,
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
};

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    error::UserError,
    facts::{Attempt, time},
    terminal::Terminal,
};

use super::live::Session;

/// The log of a run, if there is one.
pub(super) struct RequestLog {
    file: Option<RefCell<File>>,
    task: &'static str,
    started_unix_ms: u64,
    run_started: String,
}

/// One line. Unknown values are `null`, never missing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogLine {
    /// The version of this line's form.
    pub schema_version: String,
    /// When the request began, RFC 3339 in UTC.
    pub at: String,
    /// Unique to the request: the start of its run and the attempt's id.
    pub request_id: String,
    /// `gemini`.
    pub provider: String,
    /// The command that sent it.
    pub task_type: String,
    /// The business tag of the call; this program's own calls have none.
    pub business_tag: Option<String>,
    /// The team of the call; this program's own calls have none.
    pub team_id: Option<String>,
    /// The method of the API.
    pub method: Option<String>,
    /// The model asked for.
    pub model_used: Option<String>,
    /// The model that served, as the answer says.
    pub model_version: Option<String>,
    /// The HTTP status.
    pub status_code: Option<u16>,
    /// Where it failed on the wire, as `stage.fault`.
    pub failure: Option<String>,
    /// How long it took.
    pub latency_ms: Option<f64>,
    /// How often it was sent again; this program sends nothing again by itself.
    pub retry_count: u32,
    /// Tokens sent.
    pub input_tokens: Option<u64>,
    /// Tokens received, thinking included.
    pub output_tokens: Option<u64>,
    /// The host asked.
    pub host: String,
    /// The address reached.
    pub remote: Option<String>,
    /// The version of HTTP.
    pub http: Option<String>,
    /// The id the service gave its answer.
    pub response_id: Option<String>,
    /// When the first text came, where the answer was a stream.
    pub first_token_ms: Option<f64>,
    /// The look of a watch that it belongs to, counted from 1; other commands have none.
    pub look: Option<u64>,
    /// The id of the known fix that it was judged by, where it failed in a watch; other commands judge later.
    pub cause: Option<String>,
}

/// Whose line it is, and when it was written.
pub(super) struct Stamp<'a> {
    /// The command that sent the request.
    pub(super) task: &'a str,
    /// Unique to the run.
    pub(super) run: &'a str,
    /// When the request began, in milliseconds since 1970.
    pub(super) at_ms: u64,
}

impl LogLine {
    /// The line of a request.
    pub(super) fn of(attempt: &Attempt, stamp: &Stamp<'_>) -> Self {
        let failure = attempt.failure.as_ref().map(|failure| {
            let fault = serde_json::to_value(failure.fault).unwrap_or_default();
            format!("{}.{}", failure.stage.word(), fault.as_str().unwrap_or("other"))
        });
        Self {
            schema_version: crate::report::document::SCHEMA_VERSION.to_owned(),
            at: time::rfc3339(stamp.at_ms),
            request_id: format!("{}-{}", stamp.run, attempt.id),
            provider: "gemini".to_owned(),
            task_type: stamp.task.to_owned(),
            business_tag: None,
            team_id: None,
            method: attempt.method.map(|method| method.name().to_owned()),
            model_used: attempt.model.clone(),
            model_version: attempt.model_version.clone(),
            status_code: attempt.status,
            failure,
            latency_ms: attempt.phases.total_ms,
            retry_count: 0,
            input_tokens: attempt.input_tokens,
            output_tokens: attempt.output_tokens,
            host: attempt.host.clone(),
            remote: attempt.remote.clone(),
            http: attempt.http.clone(),
            response_id: attempt.response_id.clone(),
            first_token_ms: attempt.phases.first_token_ms,
            look: None,
            cause: None,
        }
    }
}

impl RequestLog {
    /// Opens the file for appending, so that a log that cannot be written stops the run before it costs.
    pub(super) fn open(path: Option<&Path>, session: &Session<'_>) -> Result<Self, UserError> {
        let open = |path: &Path| {
            OpenOptions::new().create(true).append(true).open(path).map(RefCell::new).map_err(
                |error| {
                    let what = format!("could not write the log {}: {error}", path.display());
                    UserError::usage(what, "give --log a path in a directory that can be written")
                },
            )
        };
        let started_unix_ms = session.clock.started_unix_ms();
        Ok(Self {
            file: path.map(open).transpose()?,
            task: session.command,
            started_unix_ms,
            run_started: format!("{started_unix_ms:x}"),
        })
    }

    /// Appends a request. A server may give a key back in any field, so the line is scrubbed as all
    /// output is. A disk that is full must not end a diagnosis.
    pub(super) fn write(&self, attempt: &Attempt, terminal: &Terminal) {
        let Some(file) = &self.file else { return };
        if let Ok(line) = serde_json::to_string(&self.line(attempt)) {
            let line = format!("{}\n", terminal.scrub(&line));
            let _ = file.borrow_mut().write_all(line.as_bytes());
        }
    }

    fn line(&self, attempt: &Attempt) -> LogLine {
        let at_ms = self.started_unix_ms + attempt.at_ms as u64;
        LogLine::of(attempt, &Stamp { task: self.task, run: &self.run_started, at_ms })
    }
}
