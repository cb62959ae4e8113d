//! A `tokenizer.json`: of the kinds there are, BPE with byte fallback whose only change to a text is `▁` for spaces.

use serde::Deserialize;
use serde_json::Value;

use crate::tokens::{Merges, Pieces};

use super::single;

/// Names that only control tokens have; another special token that stands in a text is that token.
const CONTROL: &[&str] = &["<pad>", "<eos>", "<bos>", "<unk>", "<s>", "</s>"];

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<Added>,
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    model: Model,
}

#[derive(Deserialize)]
struct Added {
    content: String,
    #[serde(default)]
    special: bool,
    #[serde(default)]
    lstrip: bool,
    #[serde(default)]
    rstrip: bool,
    #[serde(default)]
    single_word: bool,
    #[serde(default)]
    normalized: bool,
}

#[derive(Deserialize)]
struct Model {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    #[serde(default)]
    continuing_subword_prefix: Option<String>,
    #[serde(default)]
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    vocab: Value,
    #[serde(default)]
    merges: Vec<Merge>,
}

/// A merge in the newer or in the older form.
#[derive(Deserialize)]
#[serde(untagged)]
enum Merge {
    Pair(String, String),
    Line(String),
}

/// The pieces of a `tokenizer.json`.
pub fn tokenizer_json(bytes: &[u8]) -> Result<Pieces, String> {
    let file: File = serde_json::from_slice(bytes)
        .map_err(|error| format!("it is no tokenizer.json: {error}"))?;
    refuse_what_changes_the_text(&file)?;
    let vocab = file.model.vocab.as_object().ok_or("model.vocab is no object")?;
    if let Some(byte) = (0..=255).find(|byte| !vocab.contains_key(&format!("<0x{byte:02X}>"))) {
        return Err(format!(
            "model.vocab has no byte piece <0x{byte:02X}>, which is not supported"
        ));
    }
    let (control, literal): (Vec<&Added>, Vec<&Added>) =
        file.added_tokens.iter().partition(|added| added.is_control());
    let texts = |added: &[&Added]| {
        let found = added.iter().filter(|added| added.may_stand_in_a_text());
        found.map(|added| added.content.clone()).collect()
    };
    Ok(Pieces {
        letters: vocab.keys().filter_map(|piece| single(piece)).collect(),
        merges: Merges::Of(
            file.model.merges.into_iter().map(Merge::pair).collect::<Result<_, _>>()?,
        ),
        literal: texts(&literal),
        control: texts(&control),
    })
}

fn refuse_what_changes_the_text(file: &File) -> Result<(), String> {
    let model = &file.model;
    let unsupported = |what: &str| Err(format!("{what} is not supported"));
    match model.kind.as_deref() {
        None | Some("BPE") => {}
        Some(kind) => return unsupported(&format!("model.type {kind}")),
    }
    if !model.byte_fallback {
        return unsupported("a model without byte_fallback");
    }
    if model.ignore_merges {
        return unsupported("model.ignore_merges");
    }
    let affixes = [&model.continuing_subword_prefix, &model.end_of_word_suffix];
    if affixes.into_iter().flatten().any(|affix| !affix.is_empty()) {
        return unsupported("a model with marks at the ends of words");
    }
    if !marks_spaces(&file.normalizer) {
        return unsupported(&format!("the normalizer {}", kind(&file.normalizer)));
    }
    if !splits_nothing(&file.pre_tokenizer) {
        return unsupported(&format!("the pre_tokenizer {}", kind(&file.pre_tokenizer)));
    }
    match file.added_tokens.iter().find(|added| added.lstrip || added.rstrip || added.single_word) {
        Some(added) => unsupported(&format!("the added token {:?}, which strips", added.content)),
        None => Ok(()),
    }
}

/// Whether all that is done to a text is to write its spaces as `▁`.
fn marks_spaces(normalizer: &Value) -> bool {
    let is_the_replacement = |step: &Value| {
        step["type"] == "Replace"
            && step["pattern"]["String"] == " "
            && step["content"] == "\u{2581}"
    };
    match normalizer["normalizers"].as_array() {
        Some(steps) => matches!(steps.as_slice(), [step] if is_the_replacement(step)),
        None => is_the_replacement(normalizer),
    }
}

/// Whether a text stays in one: a split at spaces finds none, since they were replaced.
fn splits_nothing(pre_tokenizer: &Value) -> bool {
    pre_tokenizer.is_null()
        || pre_tokenizer["type"] == "Split" && pre_tokenizer["pattern"]["String"] == " "
}

fn kind(step: &Value) -> String {
    match &step["type"] {
        Value::String(kind) => kind.clone(),
        _ => "none".to_owned(),
    }
}

impl Added {
    fn is_control(&self) -> bool {
        self.special && CONTROL.contains(&self.content.as_str())
    }

    /// What is looked for before spaces are marked cannot hold the mark, but for texts that have it themselves.
    fn may_stand_in_a_text(&self) -> bool {
        self.normalized || !self.content.contains('\u{2581}')
    }
}

impl Merge {
    fn pair(self) -> Result<(String, String), String> {
        match self {
            Self::Pair(left, right) => Ok((left, right)),
            Self::Line(line) => match line.split_once(' ') {
                Some((left, right)) => Ok((left.to_owned(), right.to_owned())),
                None => Err(format!("the merge {line:?} names no two pieces")),
            },
        }
    }
}
