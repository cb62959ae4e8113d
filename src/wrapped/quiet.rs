//! Runs a command out of sight: nothing but a file comes on its stdin, what it says is kept and not passed on, and it
//! is ended, with all that it started, when whoever runs it has seen enough.

use std::{fs::File, future::Future, path::PathBuf, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    time::timeout,
};

use super::{Ended, could_not, kept::Transcript, never_began, no_command, signals};
use crate::error::UserError;

/// For so long what was said last may still be on its way.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// What a command is started with, beside its own words.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Variables that it gets.
    pub set: Vec<(String, String)>,
    /// Variables that it must not have.
    pub unset: Vec<&'static str>,
    /// The file that comes on its stdin; nothing comes where there is none.
    pub input: Option<PathBuf>,
}

/// What is kept of a command that ran out of sight.
#[derive(Clone, PartialEq, Eq)]
pub struct Quiet {
    /// What it said.
    pub said: Vec<u8>,
    /// How it ended; none where it was ended.
    pub ended: Option<Ended>,
}

/// Tells how much was said and not what, since it may hold a key.
impl std::fmt::Debug for Quiet {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Quiet {{ {} bytes, {:?} }}", self.said.len(), self.ended)
    }
}

/// Runs a command to its end, or until that.
pub async fn quietly(
    words: &[std::ffi::OsString],
    around: &Surroundings,
    until: impl Future<Output = ()>,
) -> Result<Quiet, UserError> {
    let Some((program, arguments)) = words.split_first() else { return Err(no_command()) };
    let mut command = Command::new(program);
    command.args(arguments).envs(around.set.iter().cloned()).kill_on_drop(true);
    for name in &around.unset {
        command.env_remove(name);
    }
    let input = around.input.as_ref().map(File::open).transpose();
    let input = input.map_err(|error| could_not("open what the command is to read", &error))?;
    command
        .stdin(input.map_or_else(Stdio::null, Stdio::from))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    signals::lead_a_group(&mut command);
    match command.spawn() {
        Ok(child) => watched(child, until).await,
        Err(error) => {
            let ran = never_began(program, &error)?;
            Ok(Quiet { said: ran.said, ended: Some(ran.ended) })
        }
    }
}

async fn watched(mut child: Child, until: impl Future<Output = ()>) -> Result<Quiet, UserError> {
    let kept = Transcript::default();
    let group = Group(child.id());
    let out = tokio::spawn(keep(child.stdout.take(), kept.clone()));
    let err = tokio::spawn(keep(child.stderr.take(), kept.clone()));
    let status = tokio::select! {
        status = child.wait() => Some(status),
        () = until => None,
    };
    let ended = match status {
        Some(status) => {
            Some(status.map_err(|error| could_not("wait for the command", &error))?.into())
        }
        None => None,
    };
    drop(group);
    if ended.is_none() {
        // Where there are no groups it is ended alone; one that is gone already needs no end.
        let _ = child.kill().await;
    }
    let both = async { tokio::join!(out, err) };
    let _ = timeout(LAST_WORDS, both).await;
    Ok(Quiet { said: kept.take().0, ended })
}

/// What a command has started. It ends with the wait for that command, whatever ends the wait.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        self.0.into_iter().for_each(signals::end_group);
    }
}

async fn keep(stream: Option<impl AsyncRead + Unpin>, kept: Transcript) {
    let Some(mut stream) = stream else { return };
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        kept.add(&buffer[..read]);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{ffi::OsString, future::pending};

    use super::*;

    fn shell(script: &str) -> Vec<OsString> {
        ["sh", "-c", script].map(OsString::from).to_vec()
    }

    #[tokio::test]
    async fn a_command_gets_its_variables_and_is_heard() {
        let around = Surroundings {
            set: vec![("EXAM".to_owned(), "yes".to_owned())],
            unset: vec!["PATH_THAT_IS_NOT_THERE"],
            input: None,
        };
        let script = "printf %s \"$EXAM\"; printf no >&2; exit 3";
        let quiet = quietly(&shell(script), &around, pending()).await.expect("it runs");
        assert_eq!(quiet.ended, Some(Ended::Code(3)));
        let mut said = quiet.said;
        said.sort_unstable();
        assert_eq!(String::from_utf8_lossy(&said), "enosy");
    }

    #[tokio::test]
    async fn a_command_reads_its_file() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("input");
        std::fs::write(&path, "hello").expect("written");
        let around = Surroundings { input: Some(path), ..Surroundings::default() };
        let quiet = quietly(&shell("cat"), &around, pending()).await.expect("it runs");
        assert_eq!(quiet.said, b"hello");
    }

    #[tokio::test]
    async fn a_command_is_ended_when_enough_was_seen() {
        let folder = tempfile::tempdir().expect("a directory");
        let sign = folder.path().join("begun");
        let script = format!("echo > {}; sleep 600 & wait", sign.display());
        let until = async {
            while !sign.exists() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let quiet = quietly(&shell(&script), &Surroundings::default(), until).await;
        assert_eq!(quiet.expect("it ran").ended, None);
    }

    #[tokio::test]
    async fn a_command_that_is_not_there_never_began() {
        let command = [OsString::from("no-such-client-of-gemini-doctor")];
        let quiet = quietly(&command, &Surroundings::default(), pending()).await.expect("an end");
        assert!(matches!(quiet.ended, Some(Ended::NotFound(_))), "{quiet:?}");
    }
}
