//! Where the command's streams lead. If our stdout and stderr are one place, as at a terminal or with
//! `2>&1`, the command gets one pipe for both: only then does the order of its lines survive.

use std::{
    fs::File,
    io::{self, Write},
    process::Stdio,
};

use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use super::{
    kept::Transcript,
    pass::{Patience, pass},
};

/// Where to write.
#[derive(Debug)]
pub(super) enum Outlets<S> {
    /// Both streams end in one place.
    One(S),
    /// Each has its own.
    Two {
        /// For the command's stdout.
        out: S,
        /// For its stderr.
        err: S,
    },
}

impl Outlets<File> {
    /// Our own stdout and stderr, without any buffer between.
    pub(super) fn of_this_process() -> io::Result<Self> {
        let (out, err) = system::own_streams()?;
        Ok(if system::are_one_place(&out, &err) { Self::One(out) } else { Self::Two { out, err } })
    }
}

impl<S: Write + Send + 'static> Outlets<S> {
    /// Starts a command whose stdout and stderr lead here. The command is used up, since it would keep
    /// the pipes open.
    pub(super) fn start(self, mut command: Command) -> io::Result<(Child, Streams<S>)> {
        let (out, err, both) = match self {
            Self::One(both) => (None, None, Some(both)),
            Self::Two { out, err } => (Some(out), Some(err), None),
        };
        let shared = match &both {
            Some(_) => Some(system::share_a_pipe(&mut command)?),
            None => {
                command.stdout(Stdio::piped()).stderr(Stdio::piped());
                None
            }
        };
        let mut child = command.spawn()?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        Ok((child, Streams { out: (stdout, out), err: (stderr, err), both: (shared, both) }))
    }
}

/// The pipes of a command that runs, each with its outlet.
#[derive(Debug)]
pub(super) struct Streams<S> {
    out: (Option<ChildStdout>, Option<S>),
    err: (Option<ChildStderr>, Option<S>),
    both: (Option<system::SharedPipe>, Option<S>),
}

impl<S: Write + Send + 'static> Streams<S> {
    /// Copies everything to its outlet and into what is kept.
    pub(super) async fn pass(self, kept: Transcript, patience: Patience) {
        tokio::join!(
            pass(self.out.0, self.out.1, kept.clone(), patience.clone()),
            pass(self.err.0, self.err.1, kept.clone(), patience.clone()),
            pass(self.both.0, self.both.1, kept, patience),
        );
    }
}

#[cfg(unix)]
mod system {
    use std::{
        fs::File,
        io::{self, pipe},
        os::{
            fd::{AsFd, OwnedFd},
            unix::fs::MetadataExt,
        },
    };

    use tokio::{net::unix::pipe::Receiver, process::Command};

    pub(super) type SharedPipe = Receiver;

    pub(super) fn own_streams() -> io::Result<(File, File)> {
        let out = io::stdout().as_fd().try_clone_to_owned()?;
        let err = io::stderr().as_fd().try_clone_to_owned()?;
        Ok((out.into(), err.into()))
    }

    pub(super) fn are_one_place(out: &File, err: &File) -> bool {
        match (out.metadata(), err.metadata()) {
            (Ok(out), Ok(err)) => (out.dev(), out.ino()) == (err.dev(), err.ino()),
            _ => false,
        }
    }

    /// One pipe for stdout and stderr of a command.
    pub(super) fn share_a_pipe(command: &mut Command) -> io::Result<SharedPipe> {
        let (reader, writer) = pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        Receiver::from_owned_fd(OwnedFd::from(reader))
    }
}

#[cfg(not(unix))]
mod system {
    use std::{fs::File, io, os::windows::io::AsHandle};

    use tokio::process::{ChildStdout, Command};

    pub(super) type SharedPipe = ChildStdout;

    pub(super) fn own_streams() -> io::Result<(File, File)> {
        let out = io::stdout().as_handle().try_clone_to_owned()?;
        let err = io::stderr().as_handle().try_clone_to_owned()?;
        Ok((out.into(), err.into()))
    }

    pub(super) const fn are_one_place(_: &File, _: &File) -> bool {
        false
    }

    pub(super) fn share_a_pipe(_: &mut Command) -> io::Result<SharedPipe> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
