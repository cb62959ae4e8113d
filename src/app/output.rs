//! Where a run's words go: standard output in one format, files in others, and CI's own places.

use std::{
    cell::{Cell, RefCell},
    path::{Path, PathBuf},
    rc::Rc,
    time::Duration,
};

use crate::{
    diagnose,
    error::UserError,
    exit::Exit,
    facts::Status,
    net::proxy::ProxyUrl,
    probe::Step,
    redact::Redactor,
    report::{self, Event, Format, Holds, Report, Style},
    secret::ApiKey,
    settings::{self, ColorChoice, Given, ProxySetting, Settings, World},
    terminal::{self, Terminal},
};

use super::request_log::RequestLog;

/// How often the progress moves.
const PULSE: Duration = Duration::from_millis(200);

/// The streams and files of one run.
pub(super) struct Output {
    terminal: Rc<Terminal>,
    /// What nothing may show.
    secrets: Vec<ApiKey>,
    wanted: settings::Output,
    options: terminal::Options,
    format: Format,
    files: Vec<(Format, PathBuf)>,
    /// Texts that are written beside the report.
    texts: RefCell<Vec<(PathBuf, String)>>,
    /// Whether events were streamed already, so that the end only adds what is new.
    streaming: Cell<bool>,
    /// Whether nobody reads standard output any more.
    is_alone: Cell<bool>,
    /// Whether rows are told at the end, since only the end says what they mean.
    rows_at_end: bool,
}

impl Output {
    /// The output that was asked for, of a command whose report holds this.
    pub(super) fn new(given: &Given, world: &World, holds: Holds) -> Result<Self, UserError> {
        let hint = "gemini-doctor help COMMAND shows what each option takes";
        let usage = |what: String| UserError::usage(format!("could not use {what}"), hint);
        let parse = |word| Format::parse(word, holds);
        let format = given.format.as_deref().map_or(Ok(Format::Table), parse);
        let files = given.report.iter().map(|text| {
            let (format, path) =
                Format::parse_file(text, holds).map_err(|why| usage(format!("--report: {why}")))?;
            Ok((format, PathBuf::from(path)))
        });
        let files = files.collect::<Result<Vec<_>, UserError>>()?;
        let format = format.map_err(|why: String| usage(format!("--format: {why}")))?;
        Ok(Self { format, files, ..Self::of(given, world) })
    }

    /// A table, and no files: for what goes wrong before more is known.
    pub(super) fn plain(world: &World) -> Self {
        Self::of(&Given::default(), world)
    }

    /// The format that was asked for, where there is such a one, and no files: for telling what was
    /// wrong with the rest.
    pub(super) fn without_files(given: &Given, world: &World, holds: Holds) -> Self {
        let format = given.format.as_deref().and_then(|word| Format::parse(word, holds).ok());
        Self { format: format.unwrap_or(Format::Table), ..Self::of(given, world) }
    }

    fn of(given: &Given, world: &World) -> Self {
        let wanted = settings::Output::resolve(given, world);
        let options = terminal::Options {
            // The environment's wishes are part of the choice already.
            color: match wanted.color {
                ColorChoice::Auto => terminal::ColorChoice::Auto,
                ColorChoice::Always => terminal::ColorChoice::Always,
                ColorChoice::Never => terminal::ColorChoice::Never,
            },
            columns: wanted.columns.map(usize::from),
            utf8: wanted.utf8,
            quiet: wanted.quiet,
            dumb: world.variable("TERM") == Some("dumb"),
            ..terminal::Options::default()
        };
        let terminal = Rc::new(Terminal::new(&options, Redactor::new(&[])));
        let (streaming, is_alone) = (Cell::new(false), Cell::new(false));
        let (secrets, files) = (Vec::new(), Vec::new());
        let texts = RefCell::default();
        let format = Format::Table;
        let rows_at_end = false;
        Self {
            terminal,
            secrets,
            wanted,
            options,
            format,
            files,
            texts,
            streaming,
            is_alone,
            rows_at_end,
        }
    }

    /// Learns the secrets of the settings, and tells what was noticed while they were read.
    pub(super) fn know(&mut self, settings: &Settings) {
        self.learn(secrets_of(settings));
        for remark in &settings.remarks {
            self.terminal.note(remark);
        }
    }

    /// Learns more secrets, which no stream and no file may show from now on.
    pub(super) fn learn(&mut self, more: impl IntoIterator<Item = ApiKey>) {
        self.secrets.extend(more);
        terminal::install_panic_hook(Redactor::new(&self.secrets));
        self.terminal = Rc::new(Terminal::new(&self.options, Redactor::new(&self.secrets)));
    }

    /// Has nothing show this from now on, while streams and files stay as they are.
    pub(super) fn hide(&self, secret: &ApiKey) {
        self.terminal.hide(|redactor| redactor.learn(secret));
    }

    /// The text as it may be written to a file that is kept open.
    pub(super) fn scrub(&self, text: &str) -> String {
        self.terminal.scrub(text).into_owned()
    }

    /// Learns that nobody reads standard output any more, so that not to reach them is no failure.
    pub(super) fn is_left_alone(&self) {
        self.is_alone.set(true);
    }

    /// Whether nothing is to be told before the end.
    pub(super) const fn is_quiet(&self) -> bool {
        self.wanted.quiet
    }

    /// The terminal on which lines can be drawn in place, if there is one: its columns, and whether it shows more
    /// than ASCII.
    pub(super) fn drawing(&self) -> Option<(usize, bool)> {
        let terminal = &self.terminal;
        terminal.can_draw().then(|| (terminal.drawing_width(), terminal.unicode()))
    }

    /// Draws lines in the place of those before.
    pub(super) fn draw(&self, lines: &[String]) {
        self.terminal.draw(lines);
    }

    /// A line on standard error that stays.
    pub(super) fn tell(&self, line: &str) {
        let line: String = line.chars().filter(|letter| !letter.is_control()).collect();
        self.terminal.print_aside(&format!("{line}\n"));
    }

    /// Keeps the rows of a stream back until the report is there.
    pub(super) fn hold_rows(&mut self) {
        self.rows_at_end = true;
    }

    /// The shell that commands are printed for, as it was asked for.
    pub(super) fn wanted_shell(&self) -> settings::Shell {
        self.wanted.shell
    }

    /// The shell that commands are printed for.
    pub(super) fn shell(&self) -> diagnose::Shell {
        match self.wanted.shell {
            settings::Shell::Sh => diagnose::Shell::Sh,
            settings::Shell::Powershell => diagnose::Shell::PowerShell,
        }
    }

    /// Keeps a text that is to be written when the report is.
    pub(super) fn also_write(&self, path: PathBuf, text: String) {
        self.texts.borrow_mut().push((path, text));
    }

    /// A text as it would be written to a file of the caller's: without secrets.
    pub(super) fn scrubbed(&self, text: &str) -> String {
        self.terminal.scrubbed(text)
    }

    /// Asks somebody at the terminal; no where nobody is there.
    pub(super) fn ask(&self, question: &str) -> bool {
        self.terminal.ask(question)
    }

    /// A text that is no report.
    pub(super) fn text(&self, text: &str) {
        // A reader who went away has seen enough, and there is nobody to tell about another failure.
        let _ = self.terminal.print(text);
    }

    /// A remark beside the result.
    pub(super) fn note(&self, text: &str) {
        self.terminal.note(text);
    }

    /// A remark that ends in a key of the simulator.
    pub(super) fn note_made_up_key(&self, text: &str, key: &str) {
        self.terminal.note_made_up_key(text, key);
    }

    /// A file of the caller's own.
    pub(super) fn file(&self, path: &Path, text: &str) -> Result<(), UserError> {
        self.terminal.write_file(path, text).map_err(|error| {
            let what = format!("could not write {}: {error}", path.display());
            UserError::usage(what, "give a path in a directory that can be written")
        })
    }

    /// Refuses reports into folders that are not there: once the calls are paid it is too late to be told.
    pub(super) fn has_folders(&self) -> Result<(), UserError> {
        self.files.iter().try_for_each(|(_, path)| has_folder("--report", path))
    }

    /// Tells of the run's beginning, where the format is a stream.
    pub(super) fn begin(&self, opening: &Report) {
        if self.format == Format::Ndjson {
            self.streaming.set(true);
            self.event(&Event::Run(Box::new(report::event::opening(opening))));
        }
        self.terminal
            .progress(&format!("{}: looking at {}", opening.run.command, opening.target.base_url));
    }

    /// Writes a copy of the caller's own text, byte for byte.
    pub(super) fn copy(&self, path: &Path, text: &[u8]) -> std::io::Result<()> {
        self.terminal.write_copy(path, text)
    }

    /// Writes a long copy of the caller's own text, piece by piece.
    pub(super) fn long_copy(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        self.terminal.write_long_copy(path, write)
    }

    /// Says what is being done now.
    pub(super) fn doing(&self, what: &str) {
        self.terminal.progress(what);
    }

    /// Shows that the program is alive, for as long as it is polled. Rarely, so that nothing that is
    /// timed beside it waits for a drawing.
    pub(super) async fn keep_alive(&self) {
        loop {
            tokio::time::sleep(PULSE).await;
            self.terminal.pulse();
        }
    }

    /// Passes every step on: to the log, to the stream of events, to the progress.
    pub(super) fn listener(&self, log: RequestLog) -> impl FnMut(Step<'_>) + 'static {
        let terminal = Rc::clone(&self.terminal);
        let streams = self.format == Format::Ndjson;
        let rows_at_end = self.rows_at_end;
        move |step| {
            let (event, doing) = match step {
                Step::Attempt(attempt) => {
                    log.write(attempt, &terminal);
                    let doing = attempt.method.map_or("connection", |method| method.name());
                    (Event::Attempt(Box::new(attempt.clone())), doing)
                }
                // Nothing that is timed waits for a line on a terminal.
                Step::Sample(sample) if streams => {
                    let event = Event::Sample(Box::new(sample.clone()));
                    let _ = terminal.print(&format!("{}\n", report::render_event(&event)));
                    return;
                }
                Step::Sample(_) => return,
                Step::Check(check) => (Event::Check(Box::new(check.clone())), check.title.as_str()),
                Step::News(news) => return terminal.note(news),
                Step::Secret(secret) => return terminal.hide(|redactor| redactor.learn(secret)),
            };
            if streams && !(rows_at_end && matches!(step, Step::Check(_))) {
                let _ = terminal.print(&format!("{}\n", report::render_event(&event)));
            }
            if !matches!(step, Step::Check(check) if check.status == Status::Skip) {
                terminal.progress(&format!("{doing} ..."));
            }
        }
    }

    /// Writes the finished report everywhere it is wanted. The code is the report's own, unless a
    /// file could not be written: that is told beside the result, since a second document on
    /// standard output would spoil the first.
    pub(super) fn report(&self, document: &Report) -> Result<Exit, UserError> {
        let style = self.style();
        let written = if self.streaming.get() {
            self.rest_of_stream(document)
        } else {
            self.terminal.print(&report::render(document, self.format, &style))
        };
        let mut written = match written {
            Err(error) if !self.is_alone.get() => {
                let what = format!("could not write to standard output: {error}");
                Err(UserError::usage(what, "is the disk full?"))
            }
            Ok(()) | Err(_) => Ok(()),
        };
        // Each file is tried, whatever became of what was written before it; the first error is told.
        for (format, path) in &self.files {
            // A dry run has measured nothing, and numbers of that must not take the place of real ones.
            if document.run.dry_run && format.is_measured() {
                continue;
            }
            let text = report::render(document, *format, &Style::PLAIN);
            written = written.and(self.file(path, &text));
        }
        for (path, text) in self.texts.borrow().iter() {
            written = written.and(self.file(path, text));
        }
        if self.wanted.github_actions && self.format == Format::Table {
            self.tell_github(document, &style);
        }
        Ok(match written {
            Ok(()) => exit_of(document.verdict.exit_code),
            Err(error) => {
                self.terminal.error(&error.to_string());
                error.exit
            }
        })
    }

    /// Writes the finished report beside what another program wrote: to standard error, and to files.
    pub(super) fn report_aside(&self, document: &Report) -> Result<(), UserError> {
        let style = Style { color: false, ..self.style() };
        self.terminal.print_aside(&report::render(document, self.format, &style));
        let mut written = Ok(());
        for (format, path) in &self.files {
            let text = report::render(document, *format, &Style::PLAIN);
            written = written.and(self.file(path, &text));
        }
        written
    }

    fn style(&self) -> Style {
        Style {
            width: self.terminal.width(),
            color: self.terminal.color(),
            unicode: self.terminal.unicode(),
        }
    }

    /// Tells why the job could not be done: in words on standard error, and as a document for programs.
    pub(super) fn refuse(&self, document: &Report, error: &UserError) {
        let has_place = self.files.iter().any(|(_, path)| has_folder("--report", path).is_ok());
        if self.format.tells_errors() || self.format.is_numbers() || has_place {
            // A second failure to write would not help anybody who missed the first.
            let _ = self.report(document);
        }
        if !self.format.tells_errors() {
            self.terminal.error(&error.to_string());
        }
    }

    /// Tells of wrong arguments, in the words of whoever read them.
    pub(super) fn complain(&self, text: &str) {
        self.terminal.error(text.trim_start_matches("error: "));
    }

    fn rest_of_stream(&self, document: &Report) -> std::io::Result<()> {
        let rest = report::events_of(document).into_iter().filter(|event| match event {
            Event::Finding(_) | Event::Report(_) => true,
            Event::Check(_) => self.rows_at_end,
            Event::Run(_) | Event::Attempt(_) | Event::Sample(_) => false,
        });
        for event in rest {
            self.terminal.print(&format!("{}\n", report::render_event(&event)))?;
        }
        Ok(())
    }

    /// Streams the steps of a run that kept them to its end.
    pub(super) fn steps(&self, document: &Report) {
        if self.streaming.get() {
            let steps = report::events_of(document).into_iter();
            let steps = steps.filter(|event| matches!(event, Event::Attempt(_) | Event::Check(_)));
            steps.for_each(|step| self.event(&step));
        }
    }

    fn event(&self, event: &Event) {
        self.text(&format!("{}\n", report::render_event(event)));
    }

    /// Annotations in the job's log, and the job's summary, without being asked: what becomes of them
    /// changes no result. The summary holds what other steps wrote, so it is only added to.
    fn tell_github(&self, document: &Report, style: &Style) {
        self.text(&report::render(document, Format::Github, style));
        let Some(path) = &self.wanted.github_step_summary else { return };
        if let Err(error) = self.terminal.append_to_file(path, &report::step_summary(document)) {
            self.terminal
                .warn(&format!("could not add to the summary {}: {error}", path.display()));
        }
    }
}

/// Whether the folder of a file is there, which an option asks to be written.
pub(super) fn has_folder(option: &str, path: &Path) -> Result<(), UserError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let missing = folder.filter(|folder| !folder.is_dir());
    let (folder, path) = match (missing, path.is_dir()) {
        (None, false) => return Ok(()),
        (folder, _) => (folder, path.display()),
    };
    let why = folder.map_or("it is a directory".to_owned(), |folder| {
        format!("there is no directory {}", folder.display())
    });
    let what = format!("could not write {path}: {why}");
    Err(UserError::usage(what, format!("give {option} a path in a directory that can be written")))
}

/// Every key that was read, and the login of every proxy that may be asked.
pub(super) fn secrets_of(settings: &Settings) -> Vec<ApiKey> {
    let urls: Vec<&str> = match &settings.network.proxy {
        ProxySetting::Off => Vec::new(),
        ProxySetting::Url(url) => vec![&url.value],
        ProxySetting::FromVariables(variables) => variables.values().map(String::as_str).collect(),
    };
    let logins = urls.into_iter().filter_map(|url| ProxyUrl::parse(url).ok());
    let logins = logins.flat_map(|proxy| proxy.secrets());
    settings.key.key.iter().chain(&settings.key.unused).cloned().chain(logins).collect()
}

/// The exit code of a document.
pub(super) fn exit_of(code: u8) -> Exit {
    Exit::ALL.into_iter().find(|exit| exit.code() == code).unwrap_or(Exit::Internal)
}
