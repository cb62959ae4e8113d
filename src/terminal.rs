//! The only writer of stdout and stderr, and of report files. Everything passes the redactor on its
//! way. Decides colour, width and characters once; reads no variables itself.

mod progress;
mod screen;

use std::{
    borrow::Cow,
    fs::{self, OpenOptions},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{
        RwLock, RwLockReadGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::redact::Redactor;

use progress::Progress;
use screen::Screen;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// As the environment and the terminal say.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

/// What was typed and what the environment holds, as far as it concerns the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--color`.
    pub color: ColorChoice,
    /// Whether `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// Whether `CLICOLOR_FORCE` is set and neither empty nor 0.
    pub force_color: bool,
    /// Whether `TERM` is `dumb`.
    pub dumb: bool,
    /// `COLUMNS`, where it is a number.
    pub columns: Option<usize>,
    /// Whether the locale's characters are UTF-8.
    pub utf8: bool,
    /// `--quiet`: no progress and no notes.
    pub quiet: bool,
}

/// The streams, and how to write to them.
#[derive(Debug)]
pub struct Terminal {
    redactor: RwLock<Redactor>,
    color: bool,
    width: usize,
    unicode: bool,
    quiet: bool,
    pipe_closed: AtomicBool,
    progress: Progress,
    screen: Screen,
}

impl Terminal {
    /// Looks at the streams once, and settles colour for the whole process.
    pub fn new(options: &Options, redactor: Redactor) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let terminal = Self::on(options, redactor, is_terminal, terminal_width());
        colored::control::set_override(terminal.color);
        #[cfg(windows)]
        let _ = colored::control::set_virtual_terminal(true);
        terminal
    }

    /// Has the redactor know more from now on, also where a panic is told of.
    pub fn hide(&self, learn: impl FnOnce(&mut Redactor)) {
        let mut redactor = self.redactor.write().expect("no holder of this lock panics");
        learn(&mut redactor);
        install_panic_hook(redactor.clone());
    }

    fn redactor(&self) -> RwLockReadGuard<'_, Redactor> {
        self.redactor.read().expect("no holder of this lock panics")
    }

    /// Whether stdout gets colours.
    pub const fn color(&self) -> bool {
        self.color
    }

    /// Columns of stdout; 0 where it has no width.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Whether more than ASCII can be shown.
    pub const fn unicode(&self) -> bool {
        self.unicode
    }

    /// Whether the reader of stdout has gone away.
    pub fn is_pipe_closed(&self) -> bool {
        self.pipe_closed.load(Ordering::Relaxed)
    }

    /// Writes to stdout. A reader who has read enough is no error.
    pub fn print(&self, text: &str) -> io::Result<()> {
        self.clear();
        self.write(&mut io::stdout().lock(), text)
    }

    /// Writes to stderr, where stdout belongs to another program.
    pub fn print_aside(&self, text: &str) {
        self.clear();
        to_stderr(&self.redactor().scrub(text));
    }

    /// Writes a warning to stderr.
    pub fn warn(&self, text: &str) {
        self.tell("warning: ", text);
    }

    /// Writes a remark to stderr, unless all is to be quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.tell("note: ", text);
        }
    }

    /// Writes a remark that ends in a key of the simulator, which a client must be able to copy. Only
    /// a key that says of itself that it is made up is spared by the redactor.
    pub fn note_made_up_key(&self, text: &str, key: &str) {
        if !key.contains("FAKE") {
            self.note(&format!("{text}{key}"));
        } else if !self.quiet {
            self.clear();
            to_stderr(&format!("note: {}{}\n", self.redactor().scrub(text), visible(key)));
        }
    }

    /// Asks a question that is answered with yes or no; no where nobody can answer.
    pub fn ask(&self, question: &str) -> bool {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return false;
        }
        self.clear();
        to_stderr(&format!("{} [y/N] ", visible(&self.redactor().scrub(question))));
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
    }

    /// Writes to stderr why the program could not do its job.
    pub fn error(&self, text: &str) {
        self.tell("error: ", text);
    }

    /// The text as it may be written to a file that somebody else keeps open.
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.redactor().scrub(text)
    }

    /// A text as it is shown and written: without secrets.
    pub fn scrubbed(&self, text: &str) -> String {
        self.redactor().scrub(text).into_owned()
    }

    /// Writes a file at once or not at all.
    pub fn write_file(&self, path: &Path, text: &str) -> io::Result<()> {
        replace(path, self.redactor().scrub(text).as_bytes())
    }

    /// Writes a file of the caller's own words, at once or not at all: a part or a copy of a text that
    /// stands beside it anyway, and must be that text byte for byte.
    pub fn write_copy(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        replace(path, text)
    }

    /// The same of a text that is too long to be held: it is written piece by piece.
    pub fn write_long_copy(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        replace_by(path, |file| {
            let mut pieces = io::BufWriter::with_capacity(1 << 18, file);
            write(&mut pieces)?;
            pieces.flush()
        })
    }

    /// Adds to a file, and leaves what it holds as it is. A pipe, which might be waited for, is
    /// refused.
    pub fn append_to_file(&self, path: &Path, text: &str) -> io::Result<()> {
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(self.redactor().scrub(text).as_bytes())
    }

    /// Says what is being done now. On a terminal it is shown at once; elsewhere it becomes a line
    /// when the run has become a long one.
    pub fn progress(&self, what: &str) {
        self.progress.say(&self.redactor().scrub(&visible(what).replace('\n', " ")));
    }

    /// Keeps the progress alive. To be called now and then, and not while something is timed.
    pub fn pulse(&self) {
        self.progress.pulse();
    }

    /// Whether there is a terminal on which lines can be drawn in place.
    pub const fn can_draw(&self) -> bool {
        self.screen.is_live()
    }

    /// Draws lines at the end of stderr in the place of those that were drawn there before. What is told meanwhile
    /// stands above them.
    pub fn draw(&self, lines: &[String]) {
        self.progress.clear();
        let clean = |line: &String| self.redactor().scrub(&visible(line)).into_owned();
        self.screen.draw(&lines.iter().map(clean).collect::<Vec<_>>());
    }

    /// Columns of the terminal that is drawn on.
    pub fn drawing_width(&self) -> usize {
        Screen::width().unwrap_or(80)
    }

    /// Takes away what is drawn in place, before something else is written.
    fn clear(&self) {
        self.progress.clear();
        self.screen.clear();
    }

    fn on(options: &Options, redactor: Redactor, is_terminal: bool, width: Option<usize>) -> Self {
        Self {
            redactor: RwLock::new(redactor),
            color: colours(options, is_terminal),
            width: width.or(options.columns).unwrap_or(0),
            unicode: options.utf8,
            quiet: options.quiet,
            pipe_closed: AtomicBool::new(false),
            progress: Progress::new(options.quiet, options.dumb),
            screen: Screen::new(options.quiet, options.dumb),
        }
    }

    fn write(&self, stream: &mut impl Write, text: &str) -> io::Result<()> {
        let text = self.redactor().scrub(text);
        match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.pipe_closed.store(true, Ordering::Relaxed);
                Ok(())
            }
            other => other,
        }
    }

    /// Where stderr cannot be written to, there is nobody left to tell.
    fn tell(&self, label: &str, text: &str) {
        self.clear();
        to_stderr(&format!("{label}{}\n", self.redactor().scrub(visible(text).trim_end())));
    }
}

/// Makes a panic say in two lines what to do about it, and nothing that is secret.
pub fn install_panic_hook(redactor: Redactor) {
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
        let payload = info.payload_as_str().unwrap_or_default();
        to_stderr(&panic_message(&redactor, payload, place.as_deref()));
    }));
}

fn panic_message(redactor: &Redactor, payload: &str, place: Option<&str>) -> String {
    let first = payload.lines().next().unwrap_or_default();
    let is_clean = !first.is_empty() && redactor.scrub(first) == first;
    let what = if is_clean { format!(": {first}") } else { String::new() };
    let place = place.map_or_else(String::new, |place| format!(" (at {place})"));
    format!(
        "gemini-doctor stopped by a bug of its own{what}{place}\n\
         please report it, with the command line but without the key\n"
    )
}

/// A message may quote what a server said, which must not steer the terminal.
fn visible(text: &str) -> String {
    text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect()
}

fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// The option, then `NO_COLOR`, then `CLICOLOR_FORCE`, then the terminal.
fn colours(options: &Options, is_terminal: bool) -> bool {
    match options.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if options.no_color => false,
        ColorChoice::Auto => options.force_color || (is_terminal && !options.dumb),
    }
}

/// Some terminals say that they have no columns.
fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0)).filter(|width| *width > 0)
}

/// Writes beside the file and renames, so that no reader ever sees half of it. What is no ordinary
/// file, such as a pipe or a device, is written to directly.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_by(path, |file| file.write_all(bytes))
}

fn replace_by(path: &Path, write: impl FnOnce(&mut fs::File) -> io::Result<()>) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
        return write(&mut OpenOptions::new().write(true).open(&target)?);
    }
    let beside = beside(&target)?;
    let written = write_new(&beside, write, &target).and_then(|()| fs::rename(&beside, &target));
    written.inspect_err(|_| drop(fs::remove_file(&beside)))
}

fn beside(path: &Path) -> io::Result<PathBuf> {
    let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "the path names no file");
    let name = path.file_name().ok_or_else(no_name)?.to_string_lossy();
    Ok(path.with_file_name(format!(".{name}.{}.tmp", std::process::id())))
}

/// A file that was not there before, with the permissions of the one whose place it will take.
fn write_new(
    path: &Path,
    write: impl FnOnce(&mut fs::File) -> io::Result<()>,
    model: &Path,
) -> io::Result<()> {
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    if let Ok(found) = fs::metadata(model) {
        file.set_permissions(found.permissions())?;
    }
    write(&mut file)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AQ.FAKEexample_of-a-key-0123456789";

    fn redactor() -> Redactor {
        Redactor::new(&[])
    }

    fn plain() -> Terminal {
        Terminal::on(&Options::default(), redactor(), false, None)
    }

    /// A stream that fails in one way.
    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_option_comes_before_the_variables_and_they_before_the_terminal() {
        use ColorChoice::{Always, Auto, Never};
        let decided = |color, no_color, force_color, dumb, is_terminal| {
            let options = Options { color, no_color, force_color, dumb, ..Options::default() };
            colours(&options, is_terminal)
        };
        assert!(decided(Always, true, false, true, false));
        assert!(!decided(Never, false, true, false, true));
        assert!(!decided(Auto, true, true, false, true));
        assert!(decided(Auto, false, true, true, false));
        assert!(decided(Auto, false, false, false, true));
        assert!(!decided(Auto, false, false, true, true));
        assert!(!decided(Auto, false, false, false, false));
    }

    #[test]
    fn the_terminal_knows_its_width_better_than_a_variable() {
        let width = |columns, seen| {
            let options = Options { columns, ..Options::default() };
            Terminal::on(&options, redactor(), true, seen).width()
        };
        assert_eq!((width(Some(100), Some(60)), width(Some(100), None)), (60, 100));
        assert_eq!(width(None, None), 0);
    }

    #[test]
    fn what_is_written_is_scrubbed() {
        let mut out = Vec::new();
        plain().write(&mut out, &format!("key {KEY}\n")).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("key [redacted AQ.") && !text.contains(KEY), "{text}");
    }

    #[test]
    fn a_message_cannot_steer_the_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\u{9b}c\rd\ne"), "a[2Jbcd\ne");
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        plain().write_file(&path, "new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_closed_pipe_is_remembered_and_no_error() {
        let terminal = plain();
        assert!(terminal.write(&mut Failing(io::ErrorKind::StorageFull), "x").is_err());
        assert!(!terminal.is_pipe_closed());
        terminal.write(&mut Failing(io::ErrorKind::BrokenPipe), "x").unwrap();
        assert!(terminal.is_pipe_closed());
    }

    #[test]
    fn a_file_is_replaced_whole_and_scrubbed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "an older and longer text").unwrap();
        plain().write_file(&path, &format!("{{\"k\":\"{KEY}\"}}")).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("{\"k\":\"[redacted AQ.") && text.ends_with("\"}"), "{text}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary is left");
    }

    #[test]
    fn a_copy_is_the_text_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part.001.txt");
        let text = [KEY.as_bytes(), b"\xff\r\n"].concat();
        plain().write_copy(&path, &text).unwrap();
        assert_eq!(fs::read(&path).unwrap(), text);
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("no-such-folder").join("report.json");
        assert!(plain().write_file(&nowhere, "x").is_err());
        assert!(plain().write_file(folder.path(), "x").is_err(), "a folder is no file");
        assert!(plain().write_file(Path::new(".."), "x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_added_to_a_file_is_scrubbed_and_spoils_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.md");
        fs::write(&path, b"\xff before\n").unwrap();
        plain().append_to_file(&path, KEY).unwrap();
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.starts_with(b"\xff before\n[redacted AQ."), "{bytes:?}");
        assert!(plain().append_to_file(folder.path(), "x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        plain().write_file(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        plain().write_file(Path::new("/dev/null"), "x").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn a_panic_is_told_without_secrets() {
        let told = |payload| panic_message(&redactor(), payload, Some("src/app.rs:7"));
        let clean = told("index out of bounds\nmore");
        assert!(
            clean.starts_with(
                "gemini-doctor stopped by a bug of its own: index out of bounds (at src/app.rs:7)\n"
            ),
            "{clean}"
        );
        assert!(clean.contains("please report it") && clean.lines().count() == 2, "{clean}");
        let secret = told(&format!("bad header value {KEY}"));
        assert!(
            secret.starts_with("gemini-doctor stopped by a bug of its own (at src/app.rs:7)\n"),
            "{secret}"
        );
    }
}
