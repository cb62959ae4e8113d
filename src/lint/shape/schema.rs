//! The schema of parameters and answers: a part of OpenAPI's; and what its counterpart in JSON Schema takes.

use super::{Holds, Message, field, flag, int64, number, object, text, word, words};

pub static SCHEMA: Message = Message {
    name: "Schema",
    fields: &[
        word("type", &words::TYPE),
        text("format"),
        text("title"),
        text("description"),
        flag("nullable"),
        text("enum").list(),
        object("items", &SCHEMA),
        int64("maxItems"),
        int64("minItems"),
        field("properties", Holds::Named(&SCHEMA)),
        text("required").list(),
        int64("minProperties"),
        int64("maxProperties"),
        number("minimum"),
        number("maximum"),
        int64("minLength"),
        int64("maxLength"),
        text("pattern"),
        field("example", Holds::Anything),
        object("anyOf", &SCHEMA).list(),
        text("propertyOrdering").list(),
        field("default", Holds::Anything),
    ],
};

/// The keywords that `responseJsonSchema` and `parametersJsonSchema` follow.
pub use crate::facts::schema::JSON_KEYWORDS as JSON_SCHEMA_KEYWORDS;

#[cfg(test)]
mod tests {
    use super::SCHEMA;

    #[test]
    fn the_message_has_the_keywords_that_the_api_takes() {
        assert_eq!(SCHEMA.names(), crate::facts::schema::OWN_KEYWORDS);
    }
}
