//! The parts of turns: what each of them holds, and what stands beside that for nothing.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{End, Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::{Request, parts},
    rule::{Rule, bad, good},
    shape::PART,
};

use super::turns::{Role, role_of};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &WITHOUT_DATA,
    &WITH_TWO_DATA,
    &THOUGHT_OF_USER,
    &SETTING_WITHOUT_MEDIA,
    &RESOLUTION_BEFORE_3,
];

const PARTS_PAGE: &str = "https://ai.google.dev/api/caching#Part";
const RESOLUTION_PAGE: &str = "https://ai.google.dev/gemini-api/docs/media-resolution";
const FLASH: &str = "gemini-3.8-flash";

const WITHOUT_DATA: Rule = Rule {
    id: "part-without-data",
    title: "A part holds nothing",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: "* GenerateContentRequest.contents[…].parts[…].data: required oneof field 'data' must have one initialized field",
    why: "Every part has one member with something in it: text, data, a file, a call or a response. Mostly it is a part of a kind that a client could not translate.",
    docs: &[PARTS_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}, {}]}]}"#,
            "contents[0].parts[1]",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": null}]}]}"#,
            "contents[0].parts[0]",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"media_resolution": {"level": "MEDIA_RESOLUTION_LOW"}}]}]}"#,
            "contents[0].parts[0]",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "", "thoughtSignature": "QUJD"}]}, {"role": "user", "parts": [{"inline_data": {"mime_type": "text/plain", "data": "YQ=="}}]}]}"#,
    )],
};
const WITH_TWO_DATA: Rule = Rule {
    id: "part-with-two-data",
    title: "A part holds more than one thing",
    severity: Error,
    fix: Some("field-value-refused"),
    answer: "Invalid value at 'contents[…].parts[…]' (oneof), oneof field 'data' is already set.",
    why: "A part holds exactly one of text, data, file, call and response; a picture and the words about it are two parts of one turn.",
    docs: &[PARTS_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a", "inline_data": {"mime_type": "text/plain", "data": "YQ=="}}]}]}"#,
        "contents[0].parts[0].inline_data",
    )],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a", "fileData": null}, {"inlineData": {"mimeType": "text/plain", "data": "YQ=="}}]}]}"#,
    )],
};
const THOUGHT_OF_USER: Rule = Rule {
    id: "thought-in-user-turn",
    title: "A part of the user is marked as a thought of the model",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Thoughts are what the model wrote on the way to its answer. In a turn of the user the mark has no meaning, and the text may be left out as a thought is.",
    docs: &["https://ai.google.dev/gemini-api/docs/thinking"],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a", "thought": true}]}]}"#,
        "contents[0].parts[0].thought",
    )],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a", "thought": false}]}, {"role": "model", "parts": [{"text": "b", "thought": true}, {"text": "c"}]}, {"role": "user", "parts": [{"text": "d"}]}]}"#,
    )],
};
const SETTING_WITHOUT_MEDIA: Rule = Rule {
    id: "media-setting-without-media",
    title: "A setting for media stands in a part without any",
    severity: Warning,
    fix: None,
    answer: "",
    why: "videoMetadata and mediaResolution say how the data of their own part is read: they belong beside inlineData or fileData.",
    docs: &[PARTS_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a", "videoMetadata": {"fps": 1}}]}]}"#,
            "contents[0].parts[0].videoMetadata",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a", "media_resolution": {"level": "MEDIA_RESOLUTION_LOW"}}]}]}"#,
            "contents[0].parts[0].media_resolution",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://www.youtube.com/watch?v=abc"}, "videoMetadata": {"fps": 1}, "mediaResolution": {"level": "MEDIA_RESOLUTION_LOW"}}]}]}"#,
    )],
};
const RESOLUTION_BEFORE_3: Rule = Rule {
    id: "part-resolution-before-gemini-3",
    title: "A part says its resolution to a model that knows one for the whole request only",
    severity: Warning,
    fix: None,
    answer: "",
    why: "mediaResolution of a part is for Gemini 3 and later; before, generationConfig.mediaResolution holds for all parts, and has no ULTRA_HIGH.",
    docs: &[RESOLUTION_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        "gemini-2.5-flash",
        r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/plain", "data": "YQ=="}, "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}}]}]}"#,
        "contents[0].parts[0].mediaResolution",
    )],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/plain", "data": "YQ=="}, "mediaResolution": {"level": "MEDIA_RESOLUTION_ULTRA_HIGH"}}]}]}"#,
        ),
        good(
            "",
            r#"{"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "text/plain", "data": "YQ=="}, "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}}]}]}"#,
        ),
    ],
};

/// What a part holds, read in one pass over its members.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held<'d> {
    /// The member with the part's data, and the name of its field.
    pub(super) data: Option<(&'static str, Value<'d>)>,
    /// One more of another field, which may not be there.
    pub(super) second: Option<Value<'d>>,
    pub(super) signature: Option<Value<'d>>,
    pub(super) thought: Option<Value<'d>>,
    pub(super) video: Option<Value<'d>>,
    pub(super) resolution: Option<Value<'d>>,
    /// Whether it has a member of which is not known what it holds.
    pub(super) has_unknown: bool,
}

impl<'d> Held<'d> {
    /// Reads a part.
    pub(super) fn of(part: Value<'d>) -> Self {
        let mut held = Self::default();
        part.members().for_each(|member| held.take(member));
        held
    }

    fn take(&mut self, member: Value<'d>) {
        let Some(known) = member.name().and_then(|name| PART.find(name)) else {
            self.has_unknown = true;
            return;
        };
        if member.kind() == Form::Null {
            return;
        }
        match (known.one_of, known.name) {
            (true, name) => match self.data {
                Some((other, _)) if other != name => self.second = Some(member),
                _ => self.data = Some((name, member)),
            },
            (_, "thoughtSignature") => self.signature = Some(member),
            (_, "thought") => self.thought = Some(member),
            (_, "videoMetadata") => self.video = Some(member),
            (_, "mediaResolution") => self.resolution = Some(member),
            (_, "partMetadata") => {}
            _ => self.has_unknown = true,
        }
    }

    /// The data, where it is of this field.
    pub(super) fn data_of(&self, name: &str) -> Option<Value<'d>> {
        self.data.filter(|(own, _)| *own == name).map(|(_, value)| value)
    }

    pub(super) fn text(&self) -> Option<Value<'d>> {
        self.data_of("text")
    }

    pub(super) fn call(&self) -> Option<Value<'d>> {
        self.data_of("functionCall")
    }

    pub(super) fn response(&self) -> Option<Value<'d>> {
        self.data_of("functionResponse")
    }
}

/// Whether the text may have been cut off within a value, so that what it lacks may have stood behind.
pub(super) fn is_cut(value: Value<'_>) -> bool {
    let document = value.document();
    match document.end() {
        End::Whole => false,
        End::TooMany => true,
        End::CutOff => value.span().end >= document.text().trim_end().len(),
    }
}

/// The turns that are objects.
pub(super) fn turns<'d>(request: &Request<'d>) -> impl Iterator<Item = Value<'d>> + use<'d> {
    request.turns().filter(|turn| turn.kind() == Form::Object)
}

/// The parts that are objects.
pub(super) fn each_part(turn: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    parts(turn).filter(|part| part.kind() == Form::Object)
}

/// The parts of a turn as a list.
pub(super) fn list_of_parts(turn: Value<'_>) -> Option<Value<'_>> {
    field(turn, "parts").filter(|list| list.kind() == Form::List)
}

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    for turn in turns(request) {
        for part in each_part(turn) {
            one(request, turn, part, found);
        }
    }
}

fn one<'d>(request: &Request<'d>, turn: Value<'d>, part: Value<'d>, found: &mut Findings<'_>) {
    let held = Held::of(part);
    if let Some(second) = held.second {
        two(turn, part, &held, second, found);
    }
    if held.data.is_none() {
        nothing(turn, part, &held, found);
        return;
    }
    if let Some(thought) = held.thought.filter(|thought| thought.flag() == Some(true)) {
        thought_of_user(turn, thought, found);
    }
    settings(request, &held, found);
}

fn nothing<'d>(turn: Value<'d>, part: Value<'d>, held: &Held<'d>, found: &mut Findings<'_>) {
    if held.has_unknown || held.signature.is_some() || is_cut(part) {
        return;
    }
    found.at(&WITHOUT_DATA, part, || {
        let list = list_of_parts(turn).filter(|list| list.items().nth(1).is_some());
        let empty = list.filter(|_| part.members().next().is_none());
        said("the part holds no text, data, file, call or response").with_any(
            empty.map(|list| Correction::mechanical("Take it out", vec![edit::remove(list, part)])),
        )
    });
}

fn two<'d>(
    turn: Value<'d>,
    part: Value<'d>,
    held: &Held<'d>,
    second: Value<'d>,
    found: &mut Findings<'_>,
) {
    found.at_name(&WITH_TWO_DATA, second, || {
        let first = held.data.map_or("something", |(name, _)| name);
        let words = format!(
            "the part holds {first} already, and {} as well",
            second.name().unwrap_or_default()
        );
        said(words).with(split(turn, part, held).unwrap_or_else(|| {
            Correction::advice("Make two parts of it, each with one of the two")
        }))
    });
}

/// Two parts of one, where nothing beside the two tells to which it belongs.
fn split<'d>(turn: Value<'d>, part: Value<'d>, held: &Held<'d>) -> Option<Correction> {
    list_of_parts(turn)?;
    let mut members = part.members();
    let (first, second) = (members.next()?, members.next()?);
    let are_all = members.next().is_none()
        && held.data.is_some_and(|(_, data)| data == first)
        && held.second == Some(second);
    let text = part.document().text();
    let raw = |member: Value<'d>| text.get(member.key_span()?.start..member.span().end);
    let two = format!("{{{}}}, {{{}}}", raw(first)?, raw(second)?);
    are_all.then(|| Correction::mechanical("Make two parts of it", vec![edit::replace(part, two)]))
}

fn thought_of_user(turn: Value<'_>, thought: Value<'_>, found: &mut Findings<'_>) {
    if role_of(turn) == Role::User {
        found.at_name(&THOUGHT_OF_USER, thought, || {
            said("thought is true in a turn of the user").with(Correction::advice(
                "Take the mark out, or send the part in the turn of the model that it came in",
            ))
        });
    }
}

fn settings(request: &Request<'_>, held: &Held<'_>, found: &mut Findings<'_>) {
    let has_media = matches!(held.data, Some(("inlineData" | "fileData", _)));
    for setting in [held.video, held.resolution].into_iter().flatten() {
        if !has_media {
            found.at_name(&SETTING_WITHOUT_MEDIA, setting, || {
                let name = setting.name().unwrap_or_default();
                said(format!("{name} stands in a part without inlineData or fileData"))
                    .with(Correction::advice("Put it into the part that holds the media"))
            });
        }
    }
    if let Some(resolution) = held.resolution.filter(|_| has_media && request.is_before(3, 0)) {
        found.at_name(&RESOLUTION_BEFORE_3, resolution, || {
            let model = request.model_words();
            said(format!("{model} is before Gemini 3, which first took a resolution for each part"))
                .with(Correction::advice("Set generationConfig.mediaResolution"))
        });
    }
}
