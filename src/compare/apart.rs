//! What two sides cannot be held against each other by, because one of them has no way to show it. Such a thing is
//! no difference: it says which API is spoken, and everybody who compares knows that.

use super::{Seen, Topic, seen::Form};

const NO_COUNT: &str = "OpenAI's API has no countTokens";
const NO_LIST: &str =
    "with a key alone the cloud platform has neither a list nor entries of models";
const OTHER_ENTRIES: &str = "each API says other things of a model";
const OTHER_ERRORS: &str = "each API words its errors in a form of its own";

/// Why a topic is not comparable here, where it is not.
pub(super) fn because(topic: Topic, a: &Seen, b: &Seen) -> Option<&'static str> {
    let any = |lacks: fn(Form) -> bool| lacks(a.form) || lacks(b.form);
    match topic {
        Topic::Tokens | Topic::WrongField if any(|form| !form.counts()) => Some(NO_COUNT),
        Topic::Missing | Topic::Added | Topic::Listed | Topic::Entry | Topic::WrongName
            if any(|form| !form.lists()) =>
        {
            Some(NO_LIST)
        }
        Topic::Listed if a.list_form != b.list_form => Some(OTHER_ENTRIES),
        Topic::Entry if a.form != b.form => Some(OTHER_ENTRIES),
        Topic::WrongName if a.form != b.form => Some(OTHER_ERRORS),
        _ => None,
    }
}

/// All of them, with the reason of each.
pub(super) fn all(a: &Seen, b: &Seen) -> Vec<(Topic, &'static str)> {
    Topic::all().filter_map(|topic| Some((topic, because(topic, a, b)?))).collect()
}
