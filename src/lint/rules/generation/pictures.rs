//! What the answer is made of: text, pictures or speech, and how those are to be.

use crate::facts::{
    Severity::{Error, Warning},
    accepts::Line,
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::Request,
    rule::{Example, Rule, UNQUOTED, bad, good},
};

use super::{API_PAGE, FLASH};

const IMAGE_PAGE: &str = "https://ai.google.dev/gemini-api/docs/image-generation";
const SPEECH_PAGE: &str = "https://ai.google.dev/gemini-api/docs/speech-generation";
const IMAGE: &str = "gemini-3.1-flash-image";

const GOOD: &[Example] = &[
    good(
        IMAGE,
        settings!(
            r#""responseModalities": ["TEXT", "IMAGE"], "imageConfig": {"aspectRatio": "21:9", "imageSize": "2K"}"#
        ),
    ),
    good(FLASH, request!(r#""generation_config": {"response_modalities": ["TEXT"]}"#)),
    good(
        "gemini-2.5-flash-preview-tts",
        settings!(
            r#""responseModalities": ["AUDIO"], "speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}}"#
        ),
    ),
];

pub(super) const MODALITY: Rule = Rule {
    id: "response-modality-unsupported",
    title: "The model does not answer in this form",
    severity: Error,
    fix: Some("feature-not-enabled-for-model"),
    answer: "The requested combination of response modalities (…) is not supported by the model.",
    why: "Models for text answer in text; pictures come from the image models, and speech from those with -tts.",
    docs: &[API_PAGE, IMAGE_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            settings!(r#""responseModalities": ["TEXT", "IMAGE"]"#),
            "generationConfig.responseModalities[1]",
        ),
        bad(
            FLASH,
            request!(r#""generation_config": {"response_modalities": ["AUDIO"]}"#),
            "generation_config.response_modalities[0]",
        ),
        bad(
            IMAGE,
            settings!(r#""responseModalities": ["AUDIO"]"#),
            "generationConfig.responseModalities[0]",
        ),
    ],
    good: GOOD,
};

pub(super) const SPEECH_WITHOUT_AUDIO: Rule = Rule {
    id: "speech-without-audio",
    title: "A voice is set, and no speech is asked for",
    severity: Warning,
    fix: None,
    answer: "",
    why: "speechConfig says how speech is to sound; without AUDIO in responseModalities there is none.",
    docs: &[SPEECH_PAGE],
    bad: &[bad(
        FLASH,
        settings!(r#""speechConfig": {"languageCode": "en-US"}"#),
        "generationConfig.speechConfig",
    )],
    ..MODALITY
};

pub(super) const RATIO: Rule = Rule {
    id: "image-ratio-unknown",
    title: "Pictures come in no such ratio",
    fix: Some("invalid-argument-generic"),
    answer: UNQUOTED,
    why: "A picture has one of the documented ratios; the narrow ones are of some models only.",
    docs: &[IMAGE_PAGE],
    bad: &[
        bad(
            IMAGE,
            settings!(r#""imageConfig": {"aspectRatio": "16x9"}"#),
            "generationConfig.imageConfig.aspectRatio",
        ),
        bad(
            IMAGE,
            settings!(r#""imageConfig": {"aspectRatio": "7:5"}"#),
            "generationConfig.imageConfig.aspectRatio",
        ),
    ],
    ..MODALITY
};

pub(super) const SIZE: Rule = Rule {
    id: "image-size-unknown",
    title: "Pictures come in no such size",
    fix: Some("invalid-argument-generic"),
    answer: UNQUOTED,
    why: "A picture is of size 512, 1K, 2K or 4K, written with a capital K.",
    docs: &[IMAGE_PAGE],
    bad: &[
        bad(
            IMAGE,
            settings!(r#""imageConfig": {"imageSize": "2k"}"#),
            "generationConfig.imageConfig.imageSize",
        ),
        bad(
            IMAGE,
            request!(r#""generation_config": {"image_config": {"image_size": "1024"}}"#),
            "generation_config.image_config.image_size",
        ),
    ],
    ..MODALITY
};

pub(super) const IMAGE_CONFIG_ELSEWHERE: Rule = Rule {
    id: "image-config-on-text-model",
    title: "A model for text is told how pictures are to be",
    severity: Warning,
    fix: None,
    answer: "",
    why: "imageConfig is for models that make pictures; others make none, or refuse the field.",
    docs: &[IMAGE_PAGE],
    bad: &[bad(
        FLASH,
        settings!(r#""imageConfig": {"aspectRatio": "1:1"}"#),
        "generationConfig.imageConfig",
    )],
    ..MODALITY
};

const RATIOS: &[&str] = &[
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8",
    "8:1",
];
const SIZES: &[&str] = &["512", "1K", "2K", "4K"];

/// Looks at what the answer is to be made of.
pub(super) fn look(request: &Request<'_>, config: Value<'_>, found: &mut Findings<'_>) {
    let modalities = field(config, "responseModalities");
    if let Some(list) = modalities {
        list.each().for_each(|item| modality(request, item, found));
    }
    if let Some(speech) = field(config, "speechConfig") {
        let has_audio = modalities.is_some_and(|list| {
            list.each()
                .any(|item| item.quoted().is_none_or(|word| word.eq_ignore_ascii_case("AUDIO")))
        });
        if !has_audio {
            found.at_name(&SPEECH_WITHOUT_AUDIO, speech, || {
                said("speechConfig stands there, and responseModalities has no AUDIO")
                    .with(Correction::advice("Ask for [\"AUDIO\"], or leave speechConfig out"))
            });
        }
    }
    if let Some(image) = field(config, "imageConfig").filter(|it| it.kind() == Form::Object) {
        picture(request, image, found);
    }
}

/// What a line of models answers in; nothing of lines of which it is not known.
fn answers(line: Line) -> Option<&'static [&'static str]> {
    match line {
        Line::Text | Line::Pro | Line::Gemma => Some(&["TEXT"]),
        Line::Image => Some(&["TEXT", "IMAGE"]),
        Line::Speech | Line::Embedding | Line::Other => None,
    }
}

fn modality(request: &Request<'_>, item: Value<'_>, found: &mut Findings<'_>) {
    let asked = item.quoted().map(str::to_ascii_uppercase);
    let known = request.accepts.and_then(|accepts| answers(accepts.line));
    let (Some(asked), Some(known)) = (asked, known) else { return };
    let is_word = matches!(asked.as_str(), "IMAGE" | "AUDIO" | "VIDEO" | "DOCUMENT");
    if !is_word || known.contains(&asked.as_str()) {
        return;
    }
    found.at(&MODALITY, item, || {
        let other = match asked.as_str() {
            "IMAGE" => "an image model, such as gemini-3.1-flash-image",
            "AUDIO" => "a model for speech, with -tts in its name",
            _ => "another API: none of these models makes it",
        };
        said(format!("{} answers in {}, and not {asked}", request.model_words(), known.join(", ")))
            .with(Correction::advice(format!("Leave it out, or ask {other}")))
    });
}

fn picture(request: &Request<'_>, image: Value<'_>, found: &mut Findings<'_>) {
    if request.accepts.is_some_and(|accepts| matches!(accepts.line, Line::Text | Line::Pro)) {
        found.at_name(&IMAGE_CONFIG_ELSEWHERE, image, || {
            said(format!("{} makes no pictures", request.model_words()))
                .with(Correction::advice("Leave imageConfig out, or ask an image model"))
        });
        return;
    }
    for (rule, name, known) in [(&RATIO, "aspectRatio", RATIOS), (&SIZE, "imageSize", SIZES)] {
        let value = field(image, name).and_then(|value| Some((value, value.text()?)));
        let Some((value, word)) = value.filter(|(_, word)| !known.contains(&word.as_ref())) else {
            continue;
        };
        found.at(rule, value, || {
            said(format!("{name} is {}, and not {word:?}", known.join(", "))).with_any(
                meant(&word, known).map(|meant| {
                    let edits = vec![edit::replace(value, edit::quoted(meant))];
                    Correction::mechanical(format!("Write {meant}"), edits)
                }),
            )
        });
    }
}

/// The same in another spelling: `16x9`, `16/9`, `2k`.
fn meant(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let plain = word.trim().to_ascii_uppercase().replace(['X', '/', '×'], ":").replace(' ', "");
    known.iter().copied().find(|own| *own == plain)
}
