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
    let stdin = child.stdin.take();
    let told_and_ended = async {
        if let Some(mut stdin) = stdin {
            // A command need not read what it is told.
            let _ = stdin.write_all(told.document.as_bytes()).await;
        }
        child.wait().await
    };
    match tokio::time::timeout(patience, told_and_ended).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("it ended with {status}")),
        Ok(Err(error)) => Err(format!("waiting for it failed: {error}")),
        Err(_) => {
            end(&child);
            Err(format!("it took longer than {} s, and was ended", patience.as_secs()))
        }
    }
}

/// Ends it with all that it started.
#[cfg(unix)]
fn end(child: &tokio::process::Child) {
    let group =
        child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

/// It is ended when it is let go.
#[cfg(not(unix))]
fn end(_: &tokio::process::Child) {}

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
