//! Runs one program: bounded in time and in what is kept of its words, in a process group of its own that
//! ends with it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    pin::pin,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    time::timeout,
};

/// As much of each stream as is kept.
const KEPT: usize = 64 * 1024;
/// As much of each stream as is read; a program that says more finds its stream closed.
const READ: usize = 4 * 1024 * 1024;
/// How long what a program left behind may keep its streams open.
const GRACE: Duration = Duration::from_millis(500);

/// What is to be run.
#[derive(Debug)]
pub(super) struct Order {
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// All that the program finds in its environment.
    pub environment: BTreeMap<String, String>,
    pub directory: PathBuf,
    pub patience: Duration,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Ran {
    pub out: String,
    pub err: String,
    pub end: End,
}

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By itself, with an exit code.
    Code(i32),
    /// By a signal.
    Killed,
    /// By us, after this long.
    TimedOut(Duration),
    /// It never began.
    NotStarted(String),
}

/// Runs a program to its end, or to the end of our patience.
pub(super) async fn run(order: Order) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let end = match start(&order) {
        Ok(child) => accompany(child, &mut out, &mut err, order.patience).await,
        Err(error) => End::NotStarted(error.to_string()),
    };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { out: text(out), err: text(err), end }
}

fn start(order: &Order) -> io::Result<Child> {
    let mut command = Command::new(&order.program);
    command.args(&order.arguments).current_dir(&order.directory);
    command.env_clear().envs(&order.environment).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    command.process_group(0);
    command.spawn()
}

async fn accompany(
    mut child: Child,
    out: &mut Vec<u8>,
    err: &mut Vec<u8>,
    patience: Duration,
) -> End {
    let mut group = Group::of(&child);
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let all = async {
        let mut streams = pin!(async { tokio::join!(read(stdout, out), read(stderr, err)) });
        tokio::select! {
            _ = &mut streams => (child.wait().await, true),
            status = child.wait() => (status, timeout(GRACE, &mut streams).await.is_ok()),
        }
    };
    match timeout(patience, all).await {
        Ok((status, nobody_left)) => {
            group.is_over = nobody_left;
            status.map_or_else(|error| End::NotStarted(error.to_string()), End::from)
        }
        Err(_) => {
            drop(group);
            let _ = child.wait().await;
            End::TimedOut(patience)
        }
    }
}

/// Reads to the end or to the bound, and keeps the beginning.
async fn read(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let (mut part, mut total) = ([0; 4096], 0);
    while let Ok(count @ 1..) = stream.read(&mut part).await {
        let room = KEPT - kept.len();
        kept.extend_from_slice(&part[..count.min(room)]);
        total += count;
        if total > READ {
            return;
        }
    }
}

/// The process group of a program. What is left of it ends when this is dropped, also where nobody waits
/// for the program any more.
struct Group {
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has process groups"))]
    id: Option<u32>,
    is_over: bool,
}

impl Group {
    fn of(child: &Child) -> Self {
        Self { id: child.id(), is_over: false }
    }
}

impl Drop for Group {
    #[cfg(unix)]
    fn drop(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let id = self.id.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id.filter(|_| !self.is_over) {
            // It may have ended by itself at this very moment, which is as good.
            let _ = kill_process_group(id, Signal::KILL);
        }
    }

    /// The program itself ends with its handle.
    #[cfg(not(unix))]
    fn drop(&mut self) {
        self.is_over = true;
    }
}

impl From<ExitStatus> for End {
    fn from(status: ExitStatus) -> Self {
        status.code().map_or(Self::Killed, Self::Code)
    }
}

/// A directory for programs to stand in, which goes afterwards with all that was written there.
#[derive(Debug)]
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn new() -> io::Result<Self> {
        let (process, number) = (std::process::id(), fastrand::u64(..));
        let name = format!("gemini-doctor-runtimes-{process:x}-{number:016x}");
        let path = std::env::temp_dir().join(name);
        make(&path)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and tells its path.
    pub(super) fn file(&self, name: &str, text: &str) -> io::Result<String> {
        let path = self.0.join(name);
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    }
}

/// Other users of this machine have no business there.
#[cfg(unix)]
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

impl Drop for Place {
    fn drop(&mut self) {
        // What cannot be removed is in the system's own place for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}
