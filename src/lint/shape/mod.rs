//! The messages of the API as tables: which fields each has, of which kind, and who knows them.
//!
//! Constants and how to look them up. It must not judge what stands in a field; from the published definitions and
//! the SDK's converters, checked on the day in `AS_OF`.

mod content;
mod embed;
mod generate;
mod openai;
mod schema;
mod tools;
mod words;

pub use content::{CONTENT, PART};
pub use embed::{BATCH, BATCH_LINE, EMBED, EMBED_BATCH, EMBED_LINE};
pub use generate::{COUNT, GENERATE};
pub use openai::{CHAT, CHAT_EMBEDDINGS, EFFORTS, NATIVE, NOT_TAKEN, PART_TYPES, ROLES};
pub use schema::{JSON_SCHEMA_KEYWORDS, SCHEMA};
pub use tools::TOOL;

/// The day the tables were put together.
pub const AS_OF: &str = "2026-11-20";

/// An object of the API.
#[derive(Debug)]
pub struct Message {
    /// Its name in the published definitions.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A field of a message.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in JSON; the service takes it with underscores, too.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether it holds a list of that.
    pub is_list: bool,
    /// Who knows it.
    pub known: Known,
    /// Whether it is one of a group of which only one may be there.
    pub one_of: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// A text.
    Text,
    /// Bytes, in base64.
    Bytes,
    /// `true` or `false`.
    Flag,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits, which may be written as a text.
    Int64,
    /// A number.
    Number,
    /// A word of a closed set.
    Word(&'static Words),
    /// An object of the API.
    Object(&'static Message),
    /// Names that the caller chooses, each with an object of the API.
    Named(&'static Message),
    /// An object of the caller's own.
    Struct,
    /// Anything.
    Anything,
}

/// A closed set of words.
#[derive(Debug)]
pub struct Words {
    /// Its name in the published definitions.
    pub name: &'static str,
    /// Its words.
    pub words: &'static [&'static str],
    /// Whether their case counts: what documents show in small letters is taken in either.
    pub any_case: bool,
}

/// Who knows a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The published `v1` of the Developer API.
    pub v1: bool,
    /// The Developer API.
    pub developer: bool,
    /// The cloud platform.
    pub cloud: bool,
}

const V1BETA: Known = Known { v1: false, developer: true, cloud: true };

const fn field(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, is_list: false, known: V1BETA, one_of: false }
}

const fn text(name: &'static str) -> Field {
    field(name, Holds::Text)
}

const fn flag(name: &'static str) -> Field {
    field(name, Holds::Flag)
}

const fn int(name: &'static str) -> Field {
    field(name, Holds::Int32)
}

const fn int64(name: &'static str) -> Field {
    field(name, Holds::Int64)
}

const fn number(name: &'static str) -> Field {
    field(name, Holds::Number)
}

const fn word(name: &'static str, words: &'static Words) -> Field {
    field(name, Holds::Word(words))
}

const fn object(name: &'static str, message: &'static Message) -> Field {
    field(name, Holds::Object(message))
}

impl Field {
    const fn list(self) -> Self {
        Self { is_list: true, ..self }
    }

    /// It is in the published `v1` as well.
    const fn v1(self) -> Self {
        Self { known: Known { v1: true, ..self.known }, ..self }
    }

    /// The cloud platform has not.
    const fn developer(self) -> Self {
        Self { known: Known { cloud: false, ..self.known }, ..self }
    }

    /// Only the cloud platform has.
    const fn cloud(self) -> Self {
        Self { known: Known { developer: false, v1: false, cloud: true }, ..self }
    }

    const fn one_of(self) -> Self {
        Self { one_of: true, ..self }
    }

    /// Whether a name is the field's, in one of the two spellings that the service takes.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || is_snake_of(name, self.name)
    }

    /// The message that it holds, if it holds any.
    pub const fn message(&self) -> Option<&'static Message> {
        match self.holds {
            Holds::Object(message) | Holds::Named(message) => Some(message),
            _ => None,
        }
    }
}

impl Message {
    /// The field of a name, in either spelling.
    pub fn find(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.is_called(name))
    }

    /// The names of its fields.
    pub fn names(&self) -> Vec<&'static str> {
        self.fields.iter().map(|field| field.name).collect()
    }
}

/// Whether a name is another one with underscores: `system_instruction` of `systemInstruction`.
pub fn is_snake_of(name: &str, camel: &str) -> bool {
    let mut letters = name.bytes();
    camel.bytes().all(|letter| {
        if letter.is_ascii_uppercase() {
            letters.next() == Some(b'_') && letters.next() == Some(letter.to_ascii_lowercase())
        } else {
            letters.next() == Some(letter)
        }
    }) && letters.next().is_none()
}

/// A name with underscores in the way that documents write it.
pub fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut raise = false;
    for letter in name.chars() {
        match letter {
            '_' => raise = !out.is_empty(),
            letter if raise => {
                out.extend(letter.to_uppercase());
                raise = false;
            }
            letter => out.push(letter),
        }
    }
    out
}

/// A name with underscores, as the service's errors write it.
pub fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_name_and_no_third_is() {
        for (name, is) in [
            ("systemInstruction", true),
            ("system_instruction", true),
            ("SystemInstruction", false),
            ("system_Instruction", false),
            ("systeminstruction", false),
            ("system_instructions", false),
        ] {
            assert_eq!(text("systemInstruction").is_called(name), is, "{name}");
        }
        assert_eq!(snake("responseJsonSchema"), "response_json_schema");
        assert_eq!(camel("response_json_schema"), "responseJsonSchema");
    }

    #[test]
    fn no_message_has_a_field_twice() {
        let mut messages = vec![
            &GENERATE,
            &COUNT,
            &EMBED,
            &EMBED_BATCH,
            &BATCH,
            &BATCH_LINE,
            &CHAT,
            &CHAT_EMBEDDINGS,
        ];
        let mut at = 0;
        while at < messages.len() {
            let names = messages[at].names();
            for (index, name) in names.iter().enumerate() {
                assert!(!names[..index].contains(name), "{}.{name}", messages[at].name);
            }
            for message in messages[at].fields.iter().filter_map(Field::message) {
                if !messages.iter().any(|known| std::ptr::eq(*known, message)) {
                    messages.push(message);
                }
            }
            at += 1;
        }
        assert!(at > 30, "only {at} messages are reached");
    }
}
