//! What a count rests on: which vocabulary stands for a model, how sure that is, and the model's limits.
//! Looks up; counts nothing.

use super::{CountTokens, Limits, Standing};
use crate::{
    facts::{
        limits::limits_of,
        models::ModelTable,
        tokenizers::{bare, tokenizer_of},
    },
    settings::{Sourced, nearest},
    tokens::body::{Api, overhead_of},
};

/// The model that is meant: the option's, or else the request's, or else the settings', or else the table's.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What the settings say, with where they have it from.
    pub named: Option<Sourced<String>>,
    /// Whether that is the option, which comes before a request.
    pub by_option: bool,
    /// The dated table.
    pub table: ModelTable,
    /// Whether the vocabulary is one that is known by its bytes, whatever it is called.
    pub is_known_vocabulary: bool,
}

/// What a count rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Basis {
    /// The model that is meant.
    pub model: String,
    /// Where its name came from.
    pub model_source: String,
    /// Whether nobody named it.
    pub is_picked: bool,
    /// The vocabulary that is counted with.
    pub tokenizer: String,
    /// What a count by it is worth.
    pub standing: Standing,
    /// Whether Google's SDK counts this model with it.
    pub is_the_sdks: bool,
    /// By how much an estimate may be off at most, in percent, as the caller says.
    pub margin: Option<f64>,
    /// What is said of a name that no table has.
    pub unknown: Option<String>,
    /// What the model takes and gives.
    pub limits: Limits,
    /// Tokens that the service adds for each message, as far as that was measured.
    pub role_tokens: Option<u64>,
}

impl Choice {
    /// The name, where it came from, and whether nobody said it.
    pub fn model(&self, of_request: Option<&str>) -> (String, String, bool) {
        let of_request = of_request.map(|name| name.strip_prefix("models/").unwrap_or(name));
        match (&self.named, of_request) {
            (Some(named), _) if self.by_option => {
                (named.value.clone(), named.origin.to_string(), false)
            }
            (_, Some(name)) => (name.to_owned(), "the request".to_owned(), false),
            (Some(named), None) => (named.value.clone(), named.origin.to_string(), false),
            (None, None) => {
                let day = &self.table.as_of;
                let source = format!("picked: the newest stable flash of the table of {day}");
                (self.table.default_model().to_owned(), source, true)
            }
        }
    }
}

impl Choice {
    /// What to say of a name that the table does not have; aliases are no such names.
    fn unknown(&self, model: &str) -> Option<String> {
        let bare = bare(model);
        if limits_of(bare) != Limits::default() || bare.ends_with("-latest") {
            return None;
        }
        let names: Vec<&str> = self.table.entries.iter().map(|entry| entry.name.as_str()).collect();
        let meant = nearest(bare, &names).map(|name| format!("; did you mean {name}?"));
        let day = &self.table.as_of;
        Some(format!("{model} is in no table of {day}{}", meant.unwrap_or_default()))
    }
}

impl Basis {
    /// For the model that is meant.
    pub fn of(
        args: &CountTokens,
        choice: &Choice,
        of_request: Option<&str>,
        tokenizer: &str,
    ) -> Self {
        let (model, model_source, is_picked) = choice.model(of_request);
        let limits = limits_of(&model);
        let known = tokenizer_of(&model);
        let standing = || known.standing(tokenizer);
        Self {
            tokenizer: tokenizer.to_owned(),
            is_the_sdks: known.is_the_sdks(tokenizer),
            standing: if choice.is_known_vocabulary { standing() } else { as_given() },
            margin: args.margin,
            unknown: choice.table.find(&model).is_none().then(|| choice.unknown(&model)).flatten(),
            limits: Limits { input: args.limit.or(limits.input), ..limits },
            role_tokens: Some(overhead_of(Api::Developer, &model).role_tokens)
                .filter(|tokens| *tokens > 0),
            model,
            model_source,
            is_picked,
        }
    }

    /// Why it is no more than an estimate.
    pub fn doubt(&self) -> Option<&str> {
        match &self.standing {
            Standing::Exact => None,
            Standing::Estimate { because, .. } => Some(because),
        }
    }

    /// Whether counts with it are the model's own.
    pub fn is_exact(&self) -> bool {
        self.standing == Standing::Exact
    }
}

/// What a tokenizer's file is called by those who publish it, by the SHA-256 of the file.
pub fn known_vocabulary(sha256: &str) -> Option<&'static str> {
    FILES.iter().find(|(_, known)| *known == sha256).map(|(name, _)| *name)
}

/// The vocabularies that the table of models speaks of.
const FILES: &[(&str, &str)] = &[
    ("gemma2", "61a7b147390c64585d6c3543dd6fc636906c9af3865a5548f27f31aee1d4c8e2"),
    ("gemma3", "1299c11d7cf632ef3b4e11937501358ada021bbdf7c47638d13c0ee982f2e79c"),
];

/// Whoever names a vocabulary says that it is the model's.
fn as_given() -> Standing {
    let because =
        "whether this vocabulary is the model's own is not known to this program".to_owned();
    Standing::Estimate { because, error: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Origin;

    #[test]
    fn an_option_comes_before_a_request_and_that_before_a_variable() {
        let named = |by_option| Choice {
            named: Some(Sourced::new("gemini-2.5-pro".to_owned(), Origin::Default)),
            by_option,
            table: ModelTable::embedded(),
            is_known_vocabulary: true,
        };
        assert_eq!(named(true).model(Some("models/gemini-x")).0, "gemini-2.5-pro");
        assert_eq!(named(false).model(Some("models/gemini-x")).0, "gemini-x");
        assert_eq!(named(false).model(None).0, "gemini-2.5-pro");
        let none = Choice { named: None, ..named(false) };
        assert_eq!((none.model(None).2, none.model(Some("y")).2), (true, false));
    }
}
