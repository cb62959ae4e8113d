//! Runs somebody else's command as if nobody stood in between, and keeps a copy of what it said.
//!
//! What the command writes passes through byte for byte, and without the redactor: a wrapped command
//! must look and pipe as it does alone, and what it shows is its own doing. That is why this room
//! writes to the streams itself, beside `terminal`. It says nothing of its own, and it does not
//! understand what it keeps; the copy may hold secrets, and whoever shows a part of it scrubs it. A command
//! can also be run out of sight (`quiet`), in surroundings of the caller's making.

mod kept;
mod outlets;
mod pass;
mod quiet;
mod signals;
#[cfg(test)]
mod tests;

use std::{
    ffi::{OsStr, OsString},
    fmt,
    future::pending,
    io::{self, Write},
    process::ExitStatus,
};

use tokio::{
    process::{Child, Command},
    runtime::Builder,
    sync::{mpsc::UnboundedReceiver, watch},
    time::sleep,
};

use crate::error::UserError;

pub use self::quiet::{Quiet, Surroundings, quietly};
use self::{kept::Transcript, outlets::Outlets, pass::Patience, signals::Signal};

/// What is kept of a command that ran, or could not.
#[derive(Clone, PartialEq, Eq)]
pub struct Ran {
    /// What it wrote to stdout and stderr in the order of arrival: all, or the beginning and the end
    /// with a line break between them.
    pub said: Vec<u8>,
    /// The bytes that were left out in the middle.
    pub dropped: u64,
    /// How it ended.
    pub ended: Ended,
}

impl Ran {
    fn never(ended: Ended) -> Self {
        Self { said: Vec::new(), dropped: 0, ended }
    }
}

/// Tells how much was said and not what, since it may hold a key.
impl fmt::Debug for Ran {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { said, dropped, ended } = self;
        write!(formatter, "Ran {{ {} bytes, {dropped} dropped, {ended:?} }}", said.len())
    }
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With an exit code.
    Code(i32),
    /// By a signal, on systems that have them.
    Signal(i32),
    /// It never began: there is no such command. The text is a fragment that says so.
    NotFound(String),
    /// It never began: the system would not run it. The text is a fragment that says why.
    NotExecutable(String),
}

impl Ended {
    /// The exit code that a shell gives for this end. A code that does not fit, as Windows has them,
    /// becomes 255, so that no failure turns into a success.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Code(code) => u8::try_from(*code).unwrap_or(u8::MAX),
            Self::Signal(signal) => u8::try_from(128 + signal).unwrap_or(u8::MAX),
            Self::NotFound(_) => 127,
            Self::NotExecutable(_) => 126,
        }
    }
}

impl From<ExitStatus> for Ended {
    #[cfg(unix)]
    fn from(status: ExitStatus) -> Self {
        use std::os::unix::process::ExitStatusExt;
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Code(code),
            (None, Some(signal)) => Self::Signal(signal),
            (None, None) => unreachable!("a process that was waited for has exited or was killed"),
        }
    }

    #[cfg(not(unix))]
    fn from(status: ExitStatus) -> Self {
        Self::Code(status.code().expect("where there are no signals, each process has a code"))
    }
}

/// Runs a command with our stdin, stdout and stderr, and waits for its end. Signals that reach us are
/// handed on to it. From then on they do not end this process by themselves any more.
pub fn run(command: &[OsString]) -> Result<Ran, UserError> {
    let outlets = Outlets::of_this_process().map_err(|error| could_not("write", &error))?;
    run_into(command, outlets, signals::listen)
}

/// `run` with everything that is the process's own as a parameter. Listening begins when the command
/// runs: a signal that was ignored before, as by `nohup`, stays ignored for the command.
fn run_into<S: Write + Send + 'static>(
    command: &[OsString],
    outlets: Outlets<S>,
    listen: impl FnOnce() -> UnboundedReceiver<Signal>,
) -> Result<Ran, UserError> {
    let Some((program, arguments)) = command.split_first() else { return Err(no_command()) };
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| could_not("prepare for the command", &error))?;
    let ran = runtime.block_on(async {
        let mut command = Command::new(program);
        command.args(arguments);
        match outlets.start(command) {
            Ok((child, streams)) => accompany(child, streams, listen()).await,
            Err(error) => never_began(program, &error),
        }
    });
    // A write that nobody takes, or on some systems a read, may still wait in a thread.
    runtime.shutdown_background();
    ran
}

/// Passes on what comes and what is signalled until the command has ended and all was passed on, or
/// until a grandchild that keeps the pipes open has had its grace.
async fn accompany<S: Write + Send + 'static>(
    mut child: Child,
    streams: outlets::Streams<S>,
    mut signals: UnboundedReceiver<Signal>,
) -> Result<Ran, UserError> {
    let kept = Transcript::default();
    let (end, ended) = watch::channel(false);
    let passing = tokio::spawn(streams.pass(kept.clone(), Patience::new(ended)));
    let status = end_of(&mut child, &mut signals)
        .await
        .map_err(|error| could_not("wait for the command", &error))?;
    end.send_replace(true);
    tokio::select! { _ = passing => {}, () = told_to_end(&mut signals) => {} }
    let (said, dropped) = kept.take();
    Ok(Ran { said, dropped, ended: status.into() })
}

async fn end_of(
    child: &mut Child,
    signals: &mut UnboundedReceiver<Signal>,
) -> io::Result<ExitStatus> {
    loop {
        tokio::select! {
            status = child.wait() => return status,
            Some(signal) = signals.recv() => if let Some(id) = child.id() {
                signals::hand_on(signal, id);
            },
        }
    }
}

/// Ends when somebody wants us to end although there is more to pass on. The signal that ended the
/// command may reach us after its end, and is no such wish.
async fn told_to_end(signals: &mut UnboundedReceiver<Signal>) {
    sleep(pass::GRACE).await;
    while signals.try_recv().is_ok() {}
    while let Some(signal) = signals.recv().await {
        if signals::ends_by_default(signal) {
            return;
        }
    }
    pending::<()>().await;
}

/// What cannot be run is the command's end. What this machine has no room for is ours.
fn never_began(program: &OsStr, error: &io::Error) -> Result<Ran, UserError> {
    let name = program.to_string_lossy();
    let ended = match error.kind() {
        io::ErrorKind::NotFound => {
            Ended::NotFound(format!("could not run {name}: there is no such command"))
        }
        io::ErrorKind::WouldBlock | io::ErrorKind::OutOfMemory => {
            return Err(could_not("start the command", error));
        }
        _ => Ended::NotExecutable(format!("could not run {name}: {error}")),
    };
    Ok(Ran::never(ended))
}

fn no_command() -> UserError {
    UserError::usage(
        "could not run a command: none was given",
        "put it behind two dashes, as in: gemini-doctor explain -- python app.py",
    )
}

fn could_not(what: &str, error: &io::Error) -> UserError {
    UserError::usage(
        format!("could not {what}: {error}"),
        "run the command alone, and give its error text to gemini-doctor explain",
    )
}
