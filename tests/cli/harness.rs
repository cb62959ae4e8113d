//! Runs the binary in an empty directory with no variables but those that are named, and compares
//! committed files.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use gemini_doctor::simulate::{self, AUTH_KEY, Options, Scenario, Simulation};
use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

/// The program with nothing of this machine's around it.
pub struct Doctor {
    command: Command,
    directory: TempDir,
}

impl Doctor {
    /// The program with these arguments.
    pub fn new<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Self {
        Self::other(env!("CARGO_BIN_EXE_gemini-doctor"), arguments)
    }

    /// Another program in the same surroundings.
    pub fn other<S: AsRef<std::ffi::OsStr>>(program: &str, arguments: &[S]) -> Self {
        let directory = tempfile::tempdir().expect("a scratch directory");
        let mut command = Command::new(program);
        command.env_clear().current_dir(directory.path()).args(arguments).stdin(Stdio::null());
        // Windows programs do not start without this one; PATH is for git and sh.
        for name in ["SystemRoot", "PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Self { command, directory }
    }

    /// The program with a command line given in words.
    pub fn line(line: &str) -> Self {
        Self::new(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// With more arguments.
    pub fn args<S: AsRef<std::ffi::OsStr>>(mut self, arguments: &[S]) -> Self {
        self.command.args(arguments);
        self
    }

    /// With a file in its directory.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.directory.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a directory")).expect("made");
        std::fs::write(path, content).expect("a file in a scratch directory");
        self
    }

    /// With a variable.
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The directory it runs in.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The command as it would be run.
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// What was typed, to be named when a test fails.
    pub fn words(&self) -> String {
        let words = self.command.get_args().map(|word| word.to_string_lossy());
        words.collect::<Vec<_>>().join(" ")
    }

    /// Runs it to its end.
    pub fn run(self) -> Ran {
        self.run_and_keep().0
    }

    /// Runs it to its end with this coming through a pipe on its standard input.
    pub fn fed(mut self, input: impl AsRef<[u8]> + Send) -> Ran {
        let streams = self.command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = streams.stderr(Stdio::piped()).spawn().expect("started");
        let mut stdin = child.stdin.take().expect("a pipe");
        let output = std::thread::scope(|scope| {
            // A program that does not read to the end is no fault of the writer.
            scope.spawn(move || stdin.write_all(input.as_ref()).unwrap_or_default());
            child.wait_with_output().expect("it ends")
        });
        Ran::new(&output)
    }

    /// Runs it to its end; the directory with what it wrote is kept for a look.
    pub fn run_and_keep(mut self) -> (Ran, TempDir) {
        let output = self.command.output().expect("the binary runs");
        (Ran::new(&output), self.directory)
    }

    /// The command itself, for tests that need its streams.
    pub fn into_command(self) -> (Command, TempDir) {
        (self.command, self.directory)
    }
}

/// A run that ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// A simulation in this process, so that a test sees what arrived.
pub struct Server {
    pub simulation: Simulation,
    folder: TempDir,
}

impl Server {
    /// Runs a built-in scenario and logs to a file of its own.
    pub fn start(scenario: &str) -> Self {
        Self::serve(simulate::find(scenario).expect("a built-in scenario"))
    }

    /// Runs a scenario that is written out.
    pub fn of(text: &str) -> Self {
        Self::serve(&simulate::parse_file(text).expect("a scenario"))
    }

    fn serve(scenario: &Scenario) -> Self {
        let folder = tempfile::tempdir().expect("a scratch directory");
        let log_file = Some(folder.path().join("log.ndjson"));
        let options = Options { log_file, ..Options::for_scenario(scenario) };
        let simulation = Simulation::start(scenario, &options).expect("a simulation");
        std::fs::write(folder.path().join("ca.pem"), simulation.ca_pem()).expect("written");
        Self { simulation, folder }
    }

    /// The program, led here by options alone, with a good key.
    pub fn doctor(&self, line: &str) -> Doctor {
        let base_url = format!("https://{}", self.simulation.address());
        let ca = self.folder.path().join("ca.pem");
        Doctor::line(line)
            .args(&["--base-url", &base_url, "--ca-file", &ca.display().to_string()])
            .env("GEMINI_API_KEY", AUTH_KEY)
    }

    /// The file with the certificate that clients have to trust.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The file of one line a request.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log.ndjson")).expect("a log")
    }
}

/// Runs a command line given in words.
pub fn doctor(line: &str) -> Ran {
    Doctor::line(line).run()
}

/// Whether a program that only a test needs can be run here; if not, the reason is printed.
pub fn has(program: &str, argument: &str) -> bool {
    let tried = Command::new(program).arg(argument).stdin(Stdio::null()).output();
    let here = tried.is_ok_and(|output| output.status.success());
    if !here {
        eprintln!("skipped: {program} cannot be run here");
    }
    here
}

/// Compares a text with a committed file; with `GEMINI_DOCTOR_BLESS=1` it is written instead.
pub fn check_file(path: &str, actual: &str) {
    let full = root().join(path);
    if std::env::var_os("GEMINI_DOCTOR_BLESS").is_some() {
        std::fs::create_dir_all(full.parent().expect("a file has a directory"))
            .expect("a directory");
        std::fs::write(&full, actual).expect("a file that can be written");
        return;
    }
    let committed = std::fs::read_to_string(&full).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == actual,
        "{path} is not what the program makes; GEMINI_DOCTOR_BLESS=1 cargo test writes it.\n{actual}"
    );
}

/// The root of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A text in which everything that differs from run to run has a fixed stand-in.
pub fn settle(text: &str) -> String {
    VOLATILE.iter().fold(settle_times(text), |text, (pattern, stand_in)| {
        pattern.replace_all(&text, *stand_in).into_owned()
    })
}

/// What differs from run to run, and what stands in its place.
static VOLATILE: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"\[::1\]:\d+", "[::1]:PORT"),
        (r"\b\d+(\.\d+)? s\b", "0.1 s"),
        (r"IPv4 \d+ ms, ", "IPv4 0 ms, "),
        (r"IPv6 \d+ ms", "IPv6 0 ms"),
        (r"\b[0-9a-f]{8}(\s+\(gemini-doctor)", "00000000$1"),
        (r"(?m)^(  ms: )\d+$", "${1}0"),
        (r"(?m)^(check \d+ [^:]+: \w+, )\d+ ms, ", "${1}0 ms, "),
        (r"(?m)^(\| \d+ [^|]+\|[^|]+\|) +\d+ \|", "${1}    0 |"),
        (r"gemini-doctor 0\.1\.\d+", "gemini-doctor 0.1.N"),
    ]
    .into_iter()
    .map(|(pattern, stand_in)| (Regex::new(pattern).expect("a good pattern"), stand_in))
    .collect()
});

/// A row of a table with its milliseconds.
static TIMED_ROW: LazyLock<Regex> = LazyLock::new(|| {
    let row = r"(?m)^(  \d+ .*?(?:ok|FAIL|warn|unsure)(?:\x1b\[[0-9;]*m)? +)(\d+)(  )";
    Regex::new(row).expect("a good pattern")
});

/// The column of milliseconds of a table, whose width stays as it is.
fn settle_times(text: &str) -> String {
    let zero = |found: &regex::Captures<'_>| {
        format!("{}{:>width$}{}", &found[1], 0, &found[3], width = found[2].len())
    };
    TIMED_ROW.replace_all(text, zero).into_owned()
}

/// What a run shows, settled. A machine that is busy may need three digits of milliseconds, which
/// move the columns; such a run is repeated.
pub fn steady(doctor: impl Fn() -> Doctor) -> String {
    for _ in 0..20 {
        let stdout = doctor().run().stdout;
        if !TIMED_ROW.captures_iter(&stdout).any(|row| row[2].len() > 2) {
            return settle(&stdout);
        }
    }
    panic!("this machine is too busy to show a table");
}

/// Sends a signal to a program that a test has started.
#[cfg(unix)]
pub fn signal(child: &std::process::Child, name: &str) {
    let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success(), "the program runs still");
}
