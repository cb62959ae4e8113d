//! How a body is written down: names in either spelling, and the layout.

use super::super::{
    case::{Kind, Spelling},
    chance::Chance,
    tree::{self, Json},
    write::Layout,
};

pub(super) const COMPACT: Layout = Layout {
    indent: None,
    spaced: false,
    newline: "\n",
    escaped: false,
    newline_at_the_end: false,
};

pub(super) fn layout(kind: Kind, chance: &mut Chance) -> Layout {
    let mut layout = Layout {
        indent: *chance.pick(&[None, None, Some("  "), Some("  "), Some("    "), Some("\t")]),
        spaced: chance.in_hundred(60),
        newline: if chance.in_hundred(10) { "\r\n" } else { "\n" },
        escaped: chance.in_hundred(15),
        newline_at_the_end: chance.in_hundred(70),
    };
    if kind == Kind::BatchLines {
        layout.indent = None;
    }
    layout
}

/// Respells the names of the API's fields. The compatible routes have one spelling.
pub(super) fn spell(documents: &mut [Json], kind: Kind, chance: &mut Chance) -> Spelling {
    let spelling = match chance.below(10) {
        _ if kind == Kind::Chat => Spelling::Snake,
        0..=5 => Spelling::Camel,
        6..=8 => Spelling::Snake,
        _ => Spelling::Mixed,
    };
    if kind != Kind::Chat {
        for document in documents {
            respell(document, spelling, chance);
        }
    }
    spelling
}

fn respell(value: &mut Json, spelling: Spelling, chance: &mut Chance) {
    match value {
        Json::Object(entries) => {
            for entry in entries {
                let is_snake = match spelling {
                    Spelling::Camel => false,
                    Spelling::Snake => true,
                    Spelling::Mixed => chance.in_hundred(50),
                };
                if entry.field && is_snake {
                    entry.written = tree::snake_case(&entry.name);
                }
                respell(&mut entry.value, spelling, chance);
            }
        }
        Json::List(items) => items.iter_mut().for_each(|item| respell(item, spelling, chance)),
        _ => {}
    }
}
