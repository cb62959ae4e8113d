//! `bisect`: reads the body that is to be searched, and has it tried by a program or by the service.

mod input;
mod oracle;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{
    bisect::{self, Body, Difference, Outcome, Step},
    commands::bisect::{Bisect, Source, Story, Told, told},
    error::UserError,
    exit::Exit,
    lint::{Service, Version},
    probe::{
        Plan,
        bisect::{Bisected, Way},
    },
    report::{Holds, document::Remark},
    settings::{self, Given, Origin, Settings, Shell, World},
};

use super::{
    live::{self, Live},
    output::Output,
    refuse,
};

use self::input::Input;

/// `bisect`.
pub(super) fn run(args: &Bisect, machine: &World) -> Exit {
    if let Some(line) = &args.oracle {
        return oracle::run(args, line, machine);
    }
    match Searching::of(args, machine) {
        Ok(searching) => live::run(&Live::Bisect(&searching), machine),
        Err(error) => {
            let output = Output::without_files(&args.given, machine, Holds::Places);
            refuse(&output, "bisect", &error)
        }
    }
}

/// A search that the service leads.
pub(super) struct Searching<'a> {
    /// What was typed.
    pub(super) args: &'a Bisect,
    /// It, with the model that the body names.
    pub(super) given: Given,
    /// The body as it was given, and where it stands.
    input: Input,
    /// The body as it is sent.
    sent: Body,
    /// How many texts were replaced in it.
    replaced: usize,
    /// The shell that commands are printed for.
    shell: Shell,
}

impl<'a> Searching<'a> {
    fn of(args: &'a Bisect, machine: &World) -> Result<Self, UserError> {
        args.refuse_to_overwrite()?;
        let shell = settings::Output::resolve(&args.given, machine).shell;
        let input = Input::read(args, shell)?;
        let (sent, replaced) = match args.keep_text {
            true => (input.body.clone(), 0),
            false => bisect::filled(&input.body),
        };
        let given = as_the_command_says(&args.given, &input);
        Ok(Self { args, given, input, sent, replaced, shell })
    }

    /// The command that leads on from what was found.
    pub(super) fn again(&self, data: &Value) -> String {
        self.args.next(data["outcome"].as_str().unwrap_or("stopped"), self.shell)
    }

    /// A model that the file names, by the URL that the body is sent to, is no option's.
    pub(super) fn tell_origin(&self, settings: &mut Settings) {
        let is_named = self.args.given.model.is_some() || self.input.model.is_none();
        if let Some(model) = settings.model.as_mut().filter(|_| !is_named) {
            model.origin = Origin::File(self.args.file.clone());
        }
    }

    /// What is asked.
    pub(super) fn plan(&self, settings: &Settings) -> Result<Plan, UserError> {
        let is_clouds = self.input.service == Some(Service::Cloud);
        let endpoint = &settings.endpoint.value;
        if is_clouds && self.given.api.is_none() && !endpoint.is_cloud() {
            let (name, host) = (&self.input.name, &endpoint.host);
            let what = format!(
                "could not search: {name} is sent to the cloud platform, and this run would ask {host}"
            );
            let hint = "--api vertex asks the cloud platform; --api gemini asks the Developer API all the same";
            return Err(UserError::usage(what, hint));
        }
        self.args.plan((&self.sent, &self.input.body), self.replaced, settings)
    }

    /// What came of it, with the files to write; nothing where the body was never asked about.
    pub(super) fn told(&self, bisected: &Bisected) -> Option<(Told, Vec<(PathBuf, String)>)> {
        if bisected.tries.is_empty() {
            return None;
        }
        let mut answer = bisected.search.so_far();
        self.input.locate(&mut answer);
        let ended = self.ended(bisected, &answer.outcome);
        let story = Story {
            file: &self.input.name,
            source: Source::Service,
            answer: &answer,
            tried: &self.sent,
            own: &self.input.body,
            replaced: self.replaced,
            tries: &bisected.tries,
            way: bisected.way.map(Way::word),
            ended: ended.as_deref(),
            passes_shortened: bisected.passes_shortened(&answer),
            foreseen: &bisected.foreseen,
            twice: &self.input.twice,
            path: &self.input.path,
            shell: self.shell,
        };
        Some((told(self.args, &story), self.args.files(&story)))
    }

    /// What can be said where the body was never asked about, for want of calls.
    pub(super) fn untried(&self, bisected: &Bisected) -> Option<String> {
        let why = bisected.ended.as_deref().filter(|_| bisected.tries.is_empty())?;
        let sent = "what was sent shows that the service answers and takes the key, and says nothing of the body";
        Some(format!(
            "the body was not tried, because {why}: {sent}. A search takes mostly up to 25 calls."
        ))
    }

    /// Why it is not over.
    fn ended(&self, bisected: &Bisected, outcome: &Outcome) -> Option<String> {
        let is_open = *outcome == Outcome::Stopped;
        let spent = matches!(bisected.search.next(), Step::Done(_));
        let most = self.args.most_tries();
        let spent = spent.then(|| format!("no more than {most} bodies may be tried"));
        bisected.ended.clone().or(spent).filter(|_| is_open)
    }
}

/// What a command says by its URL holds, unless somebody says otherwise.
fn as_the_command_says(given: &Given, input: &Input) -> Given {
    let mut given = given.clone();
    if given.model.is_none() {
        given.model.clone_from(&input.model);
    }
    let is_usual = given.api.is_none() && given.base_url.is_none();
    let is_v1 = input.version == Some(Version::V1) && input.service == Some(Service::Developer);
    if given.api_version.is_none() && is_usual && is_v1 {
        given.api_version = Some("v1".to_owned());
    }
    given
}

/// Tells what is taken out of files on their way there, since no secret is written: where, and what stands in its place.
pub(super) fn tell_taken_out(
    files: &[(PathBuf, String)],
    output: &Output,
    (data, remarks): (&mut Value, &mut Vec<Remark>),
) {
    let all: Vec<TakenOut> =
        files.iter().flat_map(|(path, text)| TakenOut::all(path, text, output)).collect();
    remarks.extend(all.iter().map(TakenOut::remark));
    if data.is_object() {
        data["taken_out"] = all.iter().map(TakenOut::data).collect();
    }
}

/// A secret that a file was not given.
struct TakenOut {
    file: String,
    /// Where, where the file is still the same JSON.
    place: Option<Difference>,
}

impl TakenOut {
    fn all(path: &Path, text: &str, output: &Output) -> Vec<Self> {
        let file = path.display().to_string();
        match bisect::differences(text, &output.scrubbed(text)) {
            Some(places) => {
                let one = |place| Self { file: file.clone(), place: Some(place) };
                places.into_iter().map(one).collect()
            }
            None => vec![Self { file, place: None }],
        }
    }

    fn remark(&self) -> Remark {
        let file = &self.file;
        let text = match &self.place {
            Some(Difference { path, now }) => format!(
                "{file} has {now} at {path}, in the place of what looks like a secret: put your own back there"
            ),
            None => format!(
                "{file} is no longer the same JSON: what looks like a secret was taken out, and more with it"
            ),
        };
        Remark { label: "taken out", text, command: None }
    }

    fn data(&self) -> Value {
        let place = self.place.as_ref();
        let (path, now) = (place.map(|place| &place.path), place.map(|place| &place.now));
        json!({"file": self.file, "path": path, "now": now})
    }
}

/// A file of the caller's own that was not there before.
fn write_new(path: &Path, text: &str, output: &Output) -> Result<(), UserError> {
    if path.exists() {
        let what = format!("could not write {}: it is there by now", path.display());
        return Err(UserError::usage(what, "name another file"));
    }
    output.file(path, text)
}
