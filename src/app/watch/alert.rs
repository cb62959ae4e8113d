//! Runs the command of `--on-change`: its facts in variables and on standard input, no key in its environment, and
//! a bound on its time. That it fails is a remark.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::{io::AsyncWriteExt, process::Command};

use crate::{facts::looks_like_key, secret::ApiKey, settings::World};

/// Long enough for a slow web hook.
const PATIENCE: Duration = Duration::from_secs(30);

/// The variables of this machine that hold no key.
pub(super) fn environment(machine: &World, secrets: &[&ApiKey]) -> Vec<(String, String)> {
    let is_secret = |value: &str| {
        let holds = |key: &&ApiKey| key.expose().len() >= 8 && value.contains(key.expose());
        looks_like_key(value) || secrets.iter().any(holds)
    };
    let is_named_so = |name: &str| {
        let known = crate::settings::key::KEY_VARIABLES;
        known.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let clean =
        machine.variables.iter().filter(|(name, value)| !is_named_so(name) && !is_secret(value));
    clean.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// What the command is told, free of keys: whoever makes one of these has seen to it.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) variables: &'a [(&'static str, String)],
    /// The JSON on its standard input.
    pub(super) document: &'a str,
}

/// Runs it to its end. The error says in a few words how it failed.
pub(super) async fn run(
    line: &str,
    told: Told<'_>,
    environment: &[(String, String)],
    directory: &Path,
) -> Result<(), String> {
    run_within(PATIENCE, line, told, environment, directory).await
}

async fn run_within(
    patience: Duration,
    line: &str,
    told: Told<'_>,
    environment: &[(String, String)],
    directory: &Path,
) -> Result<(), String> {
    let mut command = shell(line);
    command
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .envs(told.variables.iter().map(|(name, value)| (name, value)))
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| format!("it did not start: {error}"))?;
    let mut group = Group::of(&child);
    let stdin = child.stdin.take();
    let told_and_ended = async {
        if let Some(mut stdin) = stdin {
            // A command need not read what it is told.
            let _ = stdin.write_all(told.document.as_bytes()).await;
        }
        child.wait().await
    };
    let ended = tokio::time::timeout(patience, told_and_ended).await;
    if ended.is_ok() {
        group.is_let_go();
    }
    match ended {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("it ended with {status}")),
        Ok(Err(error)) => Err(format!("waiting for it failed: {error}")),
        Err(_) => Err(format!("it took longer than {} s, and was ended", patience.as_secs())),
    }
}

/// A command with all that it started. It is ended when nobody waits for it any more: its time is over, or the watch is.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(child: &tokio::process::Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    /// The command itself is ended when it is let go.
    #[cfg(not(unix))]
    fn of(_: &tokio::process::Child) -> Self {
        Self {}
    }

    /// It ended by itself; what it left running is meant to go on.
    fn is_let_go(&mut self) {
        #[cfg(unix)]
        {
            self.leader = None;
        }
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    // The line is the user's own; quoting it again would change its meaning.
    command.arg("/C").raw_arg(line);
    command
}

#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    // A group of its own, so that Ctrl-C ends the watch first, and a bound ends all of it.
    command.arg("-c").arg(line).process_group(0);
    command
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const KEY: &str = "AQ.FAKEexample_of-a-key-0123456789";

    fn within(seconds: u64, line: &str, folder: &Path) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let path = [("PATH".to_owned(), "/usr/bin:/bin".to_owned())];
        let variables = [("GEMINI_DOCTOR_VERDICT", "failing".to_owned())];
        let document = r#"{"type":"change","verdict":"failing"}"#;
        let told = Told { variables: &variables, document };
        runtime.block_on(run_within(Duration::from_secs(seconds), line, told, &path, folder))
    }

    #[test]
    fn it_finds_the_facts_in_variables_and_on_standard_input() {
        let folder = tempfile::tempdir().unwrap();
        let line = "cat > told.json; echo $GEMINI_DOCTOR_VERDICT > verdict";
        within(30, line, folder.path()).unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("verdict"), "failing\n");
        assert_eq!(read("told.json"), r#"{"type":"change","verdict":"failing"}"#);
    }

    #[test]
    fn a_failure_and_a_command_without_an_end_are_remarks() {
        let folder = tempfile::tempdir().unwrap();
        let failed = within(30, "exit 3", folder.path()).unwrap_err();
        assert!(failed.contains('3'), "{failed}");
        let late = within(0, "sleep 60 & sleep 60", folder.path()).unwrap_err();
        assert!(late.contains("was ended"), "{late}");
    }

    #[test]
    fn what_it_started_ends_with_the_watch() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let path = [("PATH".to_owned(), "/usr/bin:/bin".to_owned())];
        let told = Told { variables: &[], document: "{}" };
        let line = "sleep 600 & echo $! > id; wait";
        let id = folder.path().join("id");
        runtime.block_on(async {
            let written = async {
                while !std::fs::read_to_string(&id).is_ok_and(|text| text.ends_with('\n')) {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            tokio::select! {
                _ = run(line, told, &path, folder.path()) => panic!("it does not end by itself"),
                () = written => {}
            }
        });
        let id = std::fs::read_to_string(id).unwrap().trim().parse().unwrap();
        let id = rustix::process::Pid::from_raw(id).unwrap();
        let is_there = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", id.as_raw_nonzero()));
            // One that ended and was not asked for yet is gone as well.
            stat.map_or_else(
                |_| rustix::process::test_kill_process(id).is_ok(),
                |stat| !stat.contains(") Z "),
            )
        };
        for _ in 0..500 {
            if !is_there() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it goes on");
    }

    #[test]
    fn no_key_is_in_its_environment() {
        let mut machine = World::bare(PathBuf::from("/"));
        for (name, value) in [
            ("GEMINI_API_KEY", "whatever"),
            ("MY_KEY", KEY),
            ("URL", "https://h.example/?k=9f8e7d6c5b"),
            ("PATH", "/bin"),
        ] {
            machine.variables.insert(name.to_owned(), value.to_owned());
        }
        let used = ApiKey::new("9f8e7d6c5b");
        let names: Vec<String> =
            environment(&machine, &[&used]).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["PATH"]);
    }
}
