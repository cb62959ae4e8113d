//! A key from a command, such as a password manager's: bounded in time and output, and explained when
//! it fails. Its output is never shown; of its error output the last line is.

use std::{
    io::Read,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use super::file;
use crate::{secret::ApiKey, settings::decode};

/// Long enough to unlock a vault by hand.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How long output may still come after the end, from something the command left behind.
const GRACE: Duration = Duration::from_millis(500);
/// How often the command is asked whether it has ended.
const TICK: Duration = Duration::from_millis(5);
/// How much of its error output is kept.
const ERROR_LIMIT: u64 = 16 * 1024;

/// Runs a line in the system's shell. The error is a fragment that says how it failed.
pub(super) fn run(line: &str, directory: &Path) -> Result<ApiKey, String> {
    run_within(PATIENCE, line, directory)
}

fn run_within(patience: Duration, line: &str, directory: &Path) -> Result<ApiKey, String> {
    let mut child = start(line, directory).map_err(|error| format!("it did not start: {error}"))?;
    let output = collect(child.stdout.take(), file::LIMIT);
    let errors = collect(child.stderr.take(), ERROR_LIMIT);
    let status = wait(&mut child, patience)?;
    let output = gather(&output);
    if !status.success() {
        return Err(failed(status, &gather(&errors)));
    }
    if output.len() as u64 > file::LIMIT {
        return Err(format!("it wrote more than {} KiB", file::LIMIT / 1024));
    }
    let text = decode::decode(&output).map_err(|what| format!("of its output: {what}"))?.text;
    file::key_in(&text).map_err(|what| format!("of its output: {what}"))
}

/// A command that asks for a password does so at the terminal, so its standard input stays closed.
fn start(line: &str, directory: &Path) -> std::io::Result<Child> {
    shell(line)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("cmd");
    // The line is the user's own; quoting it again would change its meaning.
    command.arg("/C").raw_arg(line);
    command
}

#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}

/// Reads a pipe beside the command, which would stand still once the pipe is full. Stops keeping,
/// not reading, beyond the limit.
fn collect(pipe: Option<impl Read + Send + 'static>, limit: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let Some(mut pipe) = pipe else { return };
        let mut left = usize::try_from(limit + 1).unwrap_or(usize::MAX);
        let mut buffer = [0; 4096];
        while left > 0 {
            let room = buffer.len().min(left);
            // A pipe that breaks ends the output like one that closes.
            let count = pipe.read(&mut buffer[..room]).unwrap_or(0);
            if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                return;
            }
            left -= count;
        }
        drop(sender);
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    });
    receiver
}

/// What came through a pipe by the time its command ended. Something left running in the background
/// may hold the pipe open, and is not waited for.
fn gather(pieces: &Receiver<Vec<u8>>) -> Vec<u8> {
    let end = Instant::now() + GRACE;
    let left = || end.saturating_duration_since(Instant::now());
    let mut bytes = Vec::new();
    while let Ok(piece) = pieces.recv_timeout(left()) {
        bytes.extend(piece);
    }
    bytes
}

fn wait(child: &mut Child, patience: Duration) -> Result<ExitStatus, String> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if start.elapsed() < patience => std::thread::sleep(TICK),
            Ok(None) => return Err(stop(child, patience)),
            Err(error) => return Err(format!("waiting for it failed: {error}")),
        }
    }
}

fn stop(child: &mut Child, patience: Duration) -> String {
    // It may end by itself at this very moment, which is as good.
    let _ = child.kill();
    let _ = child.wait();
    format!("it did not end within {} s", patience.as_secs())
}

fn failed(status: ExitStatus, errors: &[u8]) -> String {
    let how = match status.code() {
        Some(127) if cfg!(not(windows)) => "it exited with code 127: no such command".to_owned(),
        Some(code) => format!("it exited with code {code}"),
        None => "it was ended by a signal".to_owned(),
    };
    match last_line(errors) {
        Some(line) => format!("{how}; its last line of errors: {line}"),
        None => how,
    }
}

/// The last line that is not blank, without control characters, at most 200 characters of it.
fn last_line(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(line.trim().chars().filter(|character| !character.is_control()).take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(line: &str) -> Result<String, String> {
        let directory = tempfile::tempdir().expect("a directory");
        run(line, directory.path()).map(|key| key.expose().to_owned())
    }

    #[test]
    fn its_output_is_the_key() {
        assert_eq!(here("echo AQ.FAKE").as_deref(), Ok("AQ.FAKE"));
    }

    #[cfg(unix)]
    #[test]
    fn a_failure_names_the_code_and_the_last_line() {
        assert_eq!(
            here("echo one >&2; echo 'vault is sealed' >&2; echo >&2; exit 3"),
            Err("it exited with code 3; its last line of errors: vault is sealed".to_owned())
        );
        assert_eq!(here("exit 4"), Err("it exited with code 4".to_owned()));
        assert_eq!(here("kill -9 $$"), Err("it was ended by a signal".to_owned()));
        assert!(here("no-such-command-FAKE").expect_err("none").contains("127: no such command"));
    }

    #[cfg(unix)]
    #[test]
    fn an_output_that_is_no_key_is_named() {
        assert_eq!(here("true"), Err("of its output: it is empty".to_owned()));
        let endless = here("yes AQ.FAKE | head -c 2000000");
        assert_eq!(endless, Err("it wrote more than 64 KiB".to_owned()));
        let binary = here("printf 'a\\000b'").expect_err("binary");
        assert!(binary.contains("NUL"), "{binary}");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_does_not_end_is_stopped() {
        let start = Instant::now();
        let found = run_within(Duration::from_millis(50), "sleep 20", Path::new("."));
        assert!(found.expect_err("stopped").contains("did not end within"));
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[cfg(unix)]
    #[test]
    fn what_it_leaves_behind_does_not_hold_the_run_up() {
        let start = Instant::now();
        assert_eq!(here("sleep 20 & echo AQ.FAKE").as_deref(), Ok("AQ.FAKE"));
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[cfg(unix)]
    #[test]
    fn it_does_not_read_standard_input() {
        assert_eq!(here("cat; echo AQ.FAKE").as_deref(), Ok("AQ.FAKE"));
    }
}
