//! How a `.env` file is kept: whether version control has it or would take it, and who may read it.
//! Reads its place and its rights, never what it holds.

use std::{
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::facts::LocalFact;

/// Longer than git ever takes for one file, even on a slow disk.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often git is asked whether it has ended.
const TICK: Duration = Duration::from_millis(2);
/// Deeper than anybody keeps a project.
const MOST_PARENTS: usize = 64;

/// Variables that would lead git to another repository.
const REDIRECTING: [&str; 4] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_LITERAL_PATHSPECS"];
/// Variables that may hold a key or a proxy's login, which are no business of git's or its filters.
const SECRETS: [&str; 8] = [
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// What is to be reported about a `.env` file. Nothing when it is not there.
pub fn look(env_file: &Path) -> Vec<(LocalFact, String)> {
    let path = std::path::absolute(env_file).unwrap_or_else(|_| env_file.to_owned());
    if !path.is_file() {
        return Vec::new();
    }
    let shown = env_file.file_name().unwrap_or(env_file.as_os_str()).to_string_lossy();
    version_control(&path, &shown).into_iter().chain(readable_by_others(&path, &shown)).collect()
}

fn version_control(path: &Path, shown: &str) -> Option<(LocalFact, String)> {
    let directory = path.parent()?;
    let repository =
        directory.ancestors().take(MOST_PARENTS).find(|above| above.join(".git").exists())?;
    let place = repository.display();
    let name = path.file_name()?.to_str()?;
    if git(directory, &["ls-files", "--error-unmatch", "--", name])? == Answer::Yes {
        let detail = format!("{shown} is tracked by the git repository {place}");
        return Some((LocalFact::DotenvTracked, detail));
    }
    if git(directory, &["check-ignore", "-q", "--", name])? == Answer::No {
        let detail = format!("no ignore rule of the git repository {place} covers {shown}");
        return Some((LocalFact::DotenvNotIgnored, detail));
    }
    None
}

/// What git says to a question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
}

/// Asks git by its exit code. `None` when it is not installed, does not answer in time, or refuses.
fn git(directory: &Path, arguments: &[&str]) -> Option<Answer> {
    match run(&mut question(directory, arguments), PATIENCE)?.code()? {
        0 => Some(Answer::Yes),
        1 => Some(Answer::No),
        _ => None,
    }
}

fn question(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // A hook that a repository names would be run by the first question otherwise.
    command.args(["-c", "core.fsmonitor=false"]).args(arguments).current_dir(directory);
    for name in REDIRECTING.iter().chain(&SECRETS) {
        command.env_remove(name);
    }
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
    command
}

fn run(command: &mut Command, patience: Duration) -> Option<ExitStatus> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let start = Instant::now();
    while start.elapsed() < patience {
        if let Some(status) = child.try_wait().ok()? {
            return Some(status);
        }
        std::thread::sleep(TICK);
    }
    // It may end by itself at this very moment, which is as good.
    let _ = child.kill();
    let _ = child.wait();
    None
}

#[cfg(unix)]
fn readable_by_others(path: &Path, shown: &str) -> Option<(LocalFact, String)> {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.metadata().ok()?.permissions().mode() & 0o777;
    let detail = format!("{shown} has mode {mode:04o}: every user of this machine may read it");
    (mode & 0o004 != 0).then_some((LocalFact::DotenvReadable, detail))
}

/// Rights on Windows are lists of their own; nothing is claimed about them.
#[cfg(not(unix))]
fn readable_by_others(_: &Path, _: &str) -> Option<(LocalFact, String)> {
    None
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    struct Scratch(tempfile::TempDir);

    impl Scratch {
        /// A directory with a `.env` that only its owner may read.
        fn new() -> Self {
            let scratch = Self(tempfile::tempdir().expect("a directory"));
            std::fs::write(scratch.env_file(), "GEMINI_API_KEY=AQ.FAKE\n").expect("written");
            scratch.mode(0o600);
            scratch
        }

        fn env_file(&self) -> PathBuf {
            self.0.path().join(".env")
        }

        fn mode(&self, mode: u32) {
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let rights = std::fs::Permissions::from_mode(mode);
                std::fs::set_permissions(self.env_file(), rights).expect("set");
            }
            #[cfg(not(unix))]
            let _ = mode;
        }

        /// Runs git here; false where it is not installed.
        fn git(&self, arguments: &[&str]) -> bool {
            let mut command = Command::new("git");
            command.args(arguments).current_dir(self.0.path());
            run(&mut command, Duration::from_secs(10)).is_some_and(|status| status.success())
        }

        fn facts(&self) -> Vec<LocalFact> {
            look(&self.env_file()).into_iter().map(|(fact, _)| fact).collect()
        }
    }

    #[test]
    fn git_is_given_no_key_and_no_login() {
        let command = question(Path::new("."), &["status"]);
        let removed = command.get_envs().filter(|(_, value)| value.is_none());
        let removed: Vec<_> = removed.filter_map(|(name, _)| name.to_str()).collect();
        for name in ["GEMINI_API_KEY", "GOOGLE_API_KEY", "HTTPS_PROXY", "all_proxy"] {
            assert!(removed.contains(&name), "{name}: {removed:?}");
        }
    }

    #[test]
    fn a_missing_file_is_no_fact() {
        let directory = tempfile::tempdir().expect("a directory");
        assert!(look(&directory.path().join(".env")).is_empty());
        assert!(look(directory.path()).is_empty());
    }

    #[test]
    fn without_a_repository_only_the_mode_counts() {
        let scratch = Scratch::new();
        assert_eq!(scratch.facts(), []);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_named() {
        let scratch = Scratch::new();
        for (mode, facts) in [(0o644, 1), (0o604, 1), (0o640, 0), (0o600, 0)] {
            scratch.mode(mode);
            assert_eq!(scratch.facts().len(), facts, "{mode:o}");
        }
        scratch.mode(0o644);
        assert!(look(&scratch.env_file())[0].1.starts_with(".env has mode 0644"));
    }

    #[test]
    fn version_control_is_asked() {
        let scratch = Scratch::new();
        if !scratch.git(&["init", "-q"]) {
            return;
        }
        assert_eq!(scratch.facts(), [LocalFact::DotenvNotIgnored]);
        std::fs::write(scratch.0.path().join(".gitignore"), ".env\n").expect("written");
        assert_eq!(scratch.facts(), []);
        assert!(scratch.git(&["add", "-f", ".env"]));
        assert_eq!(scratch.facts(), [LocalFact::DotenvTracked]);
    }

    #[test]
    fn a_broken_repository_is_no_fact() {
        let scratch = Scratch::new();
        std::fs::create_dir(scratch.0.path().join(".git")).expect("made");
        assert_eq!(scratch.facts(), []);
    }

    #[cfg(unix)]
    #[test]
    fn a_question_without_an_answer_is_given_up() {
        let start = Instant::now();
        assert!(run(Command::new("sleep").arg("20"), Duration::from_millis(20)).is_none());
        assert!(start.elapsed() < Duration::from_secs(5));
        assert!(run(&mut Command::new("no-such-program-FAKE"), PATIENCE).is_none());
    }
}
