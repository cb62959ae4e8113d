//! The body that is searched, out of the text that was named: JSON alone, or what a command, a line, or a browser's log
//! holds. Places in the body lead back to that text.

use crate::{
    bisect::{self, Answer, Body},
    commands::{bisect::Bisect, shell_word::shell_word},
    error::UserError,
    lint::{
        self, Kind, Service, Version,
        document::{Document, Form, Lines},
        input::{self as found, Offsets, Unjudged},
    },
    local::inputs::{self, Place, Unread},
    settings::Shell,
};

use super::super::lint::path_for_others;

/// More than any service takes.
const MOST: u64 = 256 << 20;
/// Bodies that are named where one must be chosen.
const MOST_NAMED: usize = 6;

/// A body, and where it was found.
pub(super) struct Input {
    pub(super) body: Body,
    /// What it is called in sentences: the file, and which body of it.
    pub(super) name: String,
    /// The file, as other programs know it.
    pub(super) path: String,
    /// What the command says of it that sends it.
    pub(super) model: Option<String>,
    pub(super) version: Option<Version>,
    pub(super) service: Option<Service>,
    /// Names that stand twice in one object.
    pub(super) twice: Vec<bisect::Place>,
    origin: Origin,
}

/// The text in which the body was found, and the way back to it.
struct Origin {
    text: String,
    offsets: Offsets,
    /// Where what was read begins in the body that was found.
    begins: usize,
}

impl Input {
    /// Reads the file. A program that decides takes any JSON, the service bodies for an answer alone.
    pub(super) fn read(args: &Bisect, shell: Shell) -> Result<Self, UserError> {
        let text = text(args)?;
        let name = args.name();
        let chosen = chosen(found::bodies(&text), args, (&name, shell))?;
        let name = match chosen.name.as_str() {
            "" => name,
            which => format!("{name}, {which}"),
        };
        let own = match args.oracle {
            Some(_) => 0..chosen.text.len(),
            None => for_an_answer(&chosen, &name)?,
        };
        let marked = chosen.text[own.clone()].starts_with('\u{feff}');
        let begins = own.start + if marked { '\u{feff}'.len_utf8() } else { 0 };
        let own = &chosen.text[begins..own.end];
        let body = Body::read(own).map_err(|wrong| {
            let what = format!("could not read {name} as JSON: {wrong}");
            UserError::usage(what, "no service reads it either: mend that place first")
        })?;
        let mut twice = body.names_twice();
        let (version, service) = (chosen.version, chosen.service);
        let model = chosen.model.or_else(|| own_model(own));
        let offsets = chosen.offsets;
        let path = path_for_others(&place(args), &args.name());
        let origin = Origin { text, offsets, begins };
        origin.lead_back(twice.iter_mut());
        Ok(Self { body, name, path, model, version, service, twice, origin })
    }

    /// Places in the body become places in the file.
    pub(super) fn locate(&self, answer: &mut Answer) {
        let faults = answer.faults.iter_mut();
        let of_faults = faults.flat_map(|fault| fault.guilty.iter_mut().chain(&mut fault.around));
        self.origin.lead_back(of_faults.chain(&mut answer.suspects));
    }
}

impl Origin {
    fn lead_back<'p>(&self, places: impl Iterator<Item = &'p mut bisect::Place>) {
        let mut lines = Lines::of(&self.text);
        for place in places {
            place.offset = self.offsets.place(self.begins + place.offset);
            let line = lines.place(place.offset);
            (place.line, place.column) = (line.line, line.column);
        }
    }
}

/// The model that a body names itself.
fn own_model(body: &str) -> Option<String> {
    let document = Document::read(body);
    let named = document.root()?.member("model")?;
    let name = named.text()?;
    let name = name.strip_prefix("models/").unwrap_or(&name);
    (!name.is_empty()).then(|| name.to_owned())
}

fn place(args: &Bisect) -> Place {
    match args.is_standard() {
        true => Place::Standard,
        false => Place::Path(args.file.clone()),
    }
}

fn text(args: &Bisect) -> Result<String, UserError> {
    let could_not = |why: String| {
        let what = format!("could not read {}: {why}", args.name());
        UserError::usage(what, "give the JSON body of the request that is refused")
    };
    let (bytes, _) = inputs::read_whole_of_any_width(&place(args), MOST).map_err(|unread| {
        could_not(match unread {
            Unread::Binary => "it is no text".to_owned(),
            Unread::Failed(why) => why,
        })
    })?;
    String::from_utf8(bytes).map_err(|_| could_not("it is not UTF-8".to_owned()))
}

/// The only body, or the one that was asked for.
fn chosen<'t>(
    bodies: Vec<found::Body<'t>>,
    args: &Bisect,
    (name, shell): (&str, Shell),
) -> Result<Chosen, UserError> {
    let usage = |what: String, hint: String| Err(UserError::usage(what, hint));
    let list = listed(&bodies);
    let example = bodies.first().map(|body| shell_word(&body.name, shell)).unwrap_or_default();
    let body = match (&args.body, bodies.len()) {
        (_, 0) => {
            let what = format!("could not find a request to this API in {name}");
            return usage(what, "give the JSON body of the request that is refused".to_owned());
        }
        (None, 1) => bodies.into_iter().next(),
        (None, count) => {
            let what = format!("could not choose a body: {name} holds {count}: {list}");
            return usage(what, format!("name the one that is refused, as in --body {example}"));
        }
        (Some(wanted), _) => {
            let wanted = wanted.trim();
            let is_it = |body: &found::Body<'_>| {
                body.name == wanted || body.name.rsplit(' ').next() == Some(wanted)
            };
            bodies.into_iter().find(is_it)
        }
    };
    let Some(body) = body else {
        let wanted = args.body.as_deref().unwrap_or_default();
        let has = match list.is_empty() {
            true => "it is one body, and leaves no choice".to_owned(),
            false => format!("it holds {list}"),
        };
        let what = format!("could not find --body {wanted} in {name}: {has}");
        return usage(what, "leave out --body, or name one that is there".to_owned());
    };
    match &body.unjudged {
        None if body.unknown.is_empty() => Ok(Chosen::of(body)),
        None | Some(Unjudged::Shell) => {
            let what = format!(
                "could not read the body in {name} as it is sent: values are put in when it is sent"
            );
            usage(what, "print the body, and give it in a file of its own".to_owned())
        }
        Some(Unjudged::File(path)) => {
            let file = shell_word(path, shell);
            let what =
                format!("could not find the body in {name}: the command sends the file {path}");
            usage(what, format!("gemini-doctor bisect {file}"))
        }
        Some(Unjudged::Call(call)) => {
            let what = format!("could not search in {name}: it is for the call {call}");
            usage(what, "let a program ask, as in --oracle './send.sh {}'".to_owned())
        }
        Some(Unjudged::Address(address)) => {
            let what = format!("could not search in {name}: it goes to {address}");
            usage(
                what,
                "name that host with --base-url, and give the body in a file of its own".to_owned(),
            )
        }
    }
}

/// A body that no longer hangs on the text.
struct Chosen {
    text: String,
    offsets: Offsets,
    name: String,
    kind: Option<Kind>,
    model: Option<String>,
    version: Option<Version>,
    service: Option<Service>,
}

impl Chosen {
    fn of(body: found::Body<'_>) -> Self {
        let found::Body { text, offsets, name, kind, model, version, service, .. } = body;
        Self { text: text.into_owned(), offsets, name, kind, model, version, service }
    }
}

/// `entry 1 (generate, gemini-3.5-flash), entry 4 (count)`
fn listed(bodies: &[found::Body<'_>]) -> String {
    let one = |body: &found::Body<'_>| {
        let kind = body.kind.map(|kind| kind.word().to_owned());
        let about: Vec<String> = kind.into_iter().chain(body.model.clone()).collect();
        match about.is_empty() {
            true => body.name.clone(),
            false => format!("{} ({})", body.name, about.join(", ")),
        }
    };
    let named = bodies.iter().filter(|body| !body.name.is_empty());
    let mut words: Vec<String> = named.take(MOST_NAMED).map(one).collect();
    if bodies.len() > MOST_NAMED {
        words.push(format!("and {} more", bodies.len() - MOST_NAMED));
    }
    words.join(", ")
}

/// The body for an answer, which a line of a batch has in it; an error where it is for something else.
fn for_an_answer(chosen: &Chosen, name: &str) -> Result<std::ops::Range<usize>, UserError> {
    let document = Document::read(&chosen.text);
    let root = document.root();
    let model = chosen.model.clone().or_else(|| own_model(&chosen.text));
    let kind = chosen.kind.or_else(|| root.map(|root| Kind::of_model(root, model.as_deref())));
    if let Some(why) = root.and_then(lint::other_call).filter(|_| chosen.kind.is_none()) {
        let what = format!("could not search in {name}: {why}");
        return Err(UserError::usage(what, "let a program ask, as in --oracle './send.sh {}'"));
    }
    let inside = |member: &str| root.and_then(|root| root.member(member));
    if let (Some(Kind::BatchLine), Some(request)) = (kind, inside("request"))
        && request.kind() == Form::Object
    {
        return Ok(request.span());
    }
    let is_wrapped = kind == Some(Kind::Count) && inside("generateContentRequest").is_some();
    refuse_other_kinds(kind, is_wrapped, name)?;
    Ok(0..chosen.text.len())
}

/// Counts and answers take bodies for an answer; the others would be refused for their form alone.
fn refuse_other_kinds(kind: Option<Kind>, is_wrapped: bool, name: &str) -> Result<(), UserError> {
    let (what, hint) = match kind {
        Some(Kind::Embed | Kind::EmbedBatch | Kind::ChatEmbeddings) => (
            "a body for embeddings",
            "no free call judges one: let a program ask, as in --oracle './send.sh {}'; if it is for generateContent, its turns stand in contents",
        ),
        Some(Kind::Chat) => (
            "a body in OpenAI's form",
            "let a program ask, as in --oracle './send.sh {}', or give the body in Google's own form",
        ),
        Some(Kind::Batch | Kind::BatchLine) => {
            ("a body for a batch", "give the request in it that is refused, in a file of its own")
        }
        _ if is_wrapped => (
            "a body for countTokens with a request in it",
            "give what stands in generateContentRequest, without its model, in a file of its own",
        ),
        _ => return Ok(()),
    };
    let what = format!(
        "could not search in {name}: it is {what}, and the search asks countTokens and generateContent"
    );
    Err(UserError::usage(what, hint))
}
