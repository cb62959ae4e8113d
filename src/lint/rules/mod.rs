//! The rules, one topic a file. Each is a constant and is found by the function of its file; which rules there are is a table, so
//! that tests, help and pages iterate over it.

/// A body of generateContent with one turn and what else is given, for the examples of rules.
macro_rules! request {
    ($rest:expr) => {
        concat!(r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "#, $rest, "}")
    };
}

mod batch;
mod cache;
mod calls;
mod chat;
mod count;
mod embed;
mod generation;
mod hidden;
mod instruction;
mod media;
mod model;
pub mod names;
mod parts;
pub mod routes;
mod safety;
pub mod schema;
mod signatures;
mod size;
pub mod syntax;
#[cfg(test)]
mod tests;
mod thinking;
mod tools;
mod turns;
pub mod types;

use super::{
    command,
    finding::Findings,
    kind::{Kind, field},
    look::requests,
    request::Request,
    rule::Rule,
    shape, unknown,
};

/// The rules of each topic.
const TOPICS: &[&[&Rule]] = &[
    syntax::RULES,
    names::RULES,
    types::RULES,
    turns::RULES,
    parts::RULES,
    calls::RULES,
    signatures::RULES,
    media::RULES,
    tools::RULES,
    schema::RULES,
    generation::RULES,
    thinking::RULES,
    safety::RULES,
    cache::RULES,
    instruction::RULES,
    model::RULES,
    size::RULES,
    hidden::RULES,
    chat::RULES,
    embed::RULES,
    count::RULES,
    batch::RULES,
    routes::RULES,
    unknown::RULES,
    command::RULES,
];

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    TOPICS.iter().flat_map(|rules| rules.iter().copied())
}

/// A line of a batch that asks for vectors, which has content and no contents.
fn is_line_of_vectors(whole: &Request<'_>) -> bool {
    let request = (whole.kind == Kind::BatchLine).then(|| field(whole.body, "request")).flatten();
    request.is_some_and(|request| {
        field(request, "content").is_some() && field(request, "contents").is_none()
    })
}

/// What a body is made of, of whatever form; nothing where that is in no table.
fn made_of(whole: &Request<'_>) -> Option<&'static shape::Message> {
    match whole.kind {
        Kind::Chat => Some(&shape::CHAT),
        Kind::ChatEmbeddings => Some(&shape::CHAT_EMBEDDINGS),
        Kind::Schema => schema::own_form(whole.body),
        kind => kind.message(),
    }
}

/// Holds a body against all of them, what makes it no JSON aside.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    if is_line_of_vectors(whole) {
        syntax::look_at_duplicates(whole.body, Some(&shape::EMBED_LINE), found);
        return names::look(whole, &shape::EMBED_LINE, found);
    }
    syntax::look_at_duplicates(whole.body, made_of(whole), found);
    if let Some(message) = whole.kind.message() {
        names::look(whole, message, found);
    }
    for look in [
        chat::look,
        embed::look,
        count::look,
        batch::look,
        routes::look,
        schema::look_at_file,
        model::look_at_whole,
    ] {
        look(whole, found);
    }
    for request in requests(whole) {
        for look in [
            turns::look,
            parts::look,
            calls::look,
            signatures::look,
            media::look,
            tools::look,
            schema::look,
            generation::look,
            thinking::look,
            safety::look,
            cache::look,
            instruction::look,
            model::look,
            size::look,
            hidden::look,
        ] {
            look(&request, found);
        }
    }
}
