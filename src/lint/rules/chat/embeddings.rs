//! Bodies of `embeddings`, in the form of OpenAI's API.

use crate::lint::{
    document::{Form, Value},
    finding::{Correction, Findings, said},
    kind::Kind,
    request::Request,
    rule::{Example, Rule, bad, good},
    rules::embed,
};

use super::{is_whole, refused, rule};

const MODEL: &str = "gemini-embedding-001";

const GOOD: &[Example] = &[good(
    MODEL,
    r#"{"model": "gemini-embedding-001", "input": ["a", "b"], "dimensions": 768, "encoding_format": "float"}"#,
)
.of(Kind::ChatEmbeddings)];

pub(super) const INPUT_MISSING: Rule = refused(
    &rule(
        "openai-input-missing",
        "There is nothing to embed",
        "input is a text or a list of texts.",
        (
            &[
                bad(MODEL, r#"{"model": "gemini-embedding-001"}"#, "$").of(Kind::ChatEmbeddings),
                bad(MODEL, r#"{"model": "gemini-embedding-001", "input": []}"#, "input")
                    .of(Kind::ChatEmbeddings),
            ],
            GOOD,
        ),
    ),
    "empty-contents-or-parts",
    "content is not specified",
);
pub(super) const INPUT_SHAPE: Rule = rule(
    "openai-input-shape",
    "An input is no text",
    "OpenAI takes lists of its own tokens as well, and clients made for it send them. They mean nothing to another model's vocabulary.",
    (
        &[bad(MODEL, r#"{"model": "gemini-embedding-001", "input": [[9906, 1917]]}"#, "input[0]")
            .of(Kind::ChatEmbeddings)],
        GOOD,
    ),
);
pub(super) const TOO_MANY: Rule = rule(
    "openai-input-too-long",
    "More than 100 texts are to be embedded at once",
    "A list becomes one batch, and a batch of more than 100 requests is refused.",
    (&[], GOOD),
);

/// The most requests of a batch.
const MOST: usize = 100;

/// Looks at a body.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    if let Some(size) = whole.field("dimensions") {
        embed::dimensions(whole, size, found);
    }
    let Some(input) = whole.field("input") else {
        if is_whole(whole.body) {
            found.at(&INPUT_MISSING, whole.body, || said("there is no input"));
        }
        return;
    };
    let is_empty = input.quoted() == Some("") || input.raw() == "[]";
    if is_empty && is_whole(input) {
        found.at(&INPUT_MISSING, input, || said("the input is empty"));
    }
    let other = input.each().find(|one| !matches!(one.kind(), Form::Text | Form::Other));
    if let Some(other) = other {
        found.at(&INPUT_SHAPE, other, || {
            said(format!("an input is a text, and this is {}", other.kind().words()))
        });
    }
    too_many(input, found);
}

fn too_many(input: Value<'_>, found: &mut Findings<'_>) {
    if input.items().nth(MOST).is_some() {
        found.at(&TOO_MANY, input, || {
            let count = input.items().count();
            said(format!("the list has {count} texts, and {MOST} are taken at once"))
                .with(Correction::advice("Send them in several calls"))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::{document::Document, finding::Findings};

    #[test]
    fn a_hundred_texts_are_taken_and_one_more_is_not() {
        for (count, expected) in [(100, 0), (101, 1)] {
            let text = format!("[{}]", vec!["\"a\""; count].join(","));
            let document = Document::read(&text);
            let mut found = Findings::of(&[], false);
            super::too_many(document.root().expect("a list"), &mut found);
            assert_eq!(found.finish().0.len(), expected, "{count}");
        }
    }
}
