//! What failed, by status and cause, with the first and the last time of each.

use std::collections::HashMap;

use super::{
    call::{Call, End},
    fields::Field,
    figures::{Failure, at},
};

/// So many kinds are kept apart; the others share a row of their status.
const MOST: usize = 256;
/// Causes are no longer than this.
const LONGEST: usize = 80;

/// All failures of a log.
#[derive(Debug, Default)]
pub(super) struct Failures {
    kinds: HashMap<(u16, String), Kind>,
    key: (u16, String),
    pub(super) overflowed: bool,
}

#[derive(Debug, Default)]
struct Kind {
    calls: u64,
    first_ms: Option<i64>,
    last_ms: Option<i64>,
}

impl Failures {
    pub(super) fn add(&mut self, call: &Call) {
        self.key.0 = match call.end() {
            End::Refused(status) => status,
            End::Failed => call.status.unwrap_or(0),
            End::Answered | End::Untold => return,
        };
        same_words(call.text(Field::Failure), &mut self.key.1);
        if !self.kinds.contains_key(&self.key) {
            if self.kinds.len() >= MOST {
                self.overflowed = true;
                self.key.1.clear();
            }
            self.kinds.entry(self.key.clone()).or_default();
        }
        let kind = self.kinds.get_mut(&self.key).expect("it was added");
        kind.calls += 1;
        kind.first_ms = [kind.first_ms, call.at_ms].into_iter().flatten().min();
        kind.last_ms = kind.last_ms.max(call.at_ms);
    }

    /// Those with the most calls first.
    pub(super) fn figures(&self, calls: u64) -> Vec<Failure> {
        let figure = |((status, cause), kind): (&(u16, String), &Kind)| Failure {
            status: (*status > 0).then_some(*status),
            cause: (!cause.is_empty()).then(|| cause.clone()),
            calls: kind.calls,
            share: kind.calls as f64 / calls.max(1) as f64,
            first_at: kind.first_ms.map(at),
            last_at: kind.last_ms.map(at),
        };
        let mut figures: Vec<Failure> = self.kinds.iter().map(figure).collect();
        figures.sort_by(|a, b| {
            let names = |one: &Failure| (one.status, one.cause.clone());
            b.calls.cmp(&a.calls).then_with(|| names(a).cmp(&names(b)))
        });
        figures
    }
}

/// A cause without what differs from call to call: words with digits in them, unless they are short. An id stays.
fn same_words(cause: &str, into: &mut String) {
    into.clear();
    if cause.len() <= LONGEST && is_id(cause) {
        return into.push_str(cause);
    }
    for word in cause.split_whitespace() {
        if into.len() + word.len() > LONGEST {
            break;
        }
        if !into.is_empty() {
            into.push(' ');
        }
        let has_number = word.len() > 4 && word.bytes().any(|byte| byte.is_ascii_digit());
        let is_name = word.starts_with("gemini-") || word.starts_with("models/");
        into.push_str(if has_number && !is_name { "#" } else { word });
    }
}

/// Whether a text is the id of a cause: words in small letters, and one number that may be a status, the code of a
/// closed stream or a year.
fn is_id(cause: &str) -> bool {
    let is_word = |part: &str| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_named = |part: &str| {
        is_word(part.trim_end_matches(|letter: char| letter.is_ascii_digit()))
            || part.len() == 2 && part.starts_with('h')
    };
    let is_number =
        |part: &str| matches!(part.parse(), Ok(400_u16..=599 | 1000..=1015 | 2020..=2039));
    let parts = || cause.split(['-', '_', '.']);
    parts().all(|part| !part.is_empty() && (is_named(part) || is_number(part)))
        && parts().any(is_word)
        && parts().filter(|part| is_number(part)).count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_that_differ_in_numbers_are_one() {
        let same = |text| {
            let mut into = String::new();
            same_words(text, &mut into);
            into
        };
        assert_eq!(same("no answer after 10253ms from 10.0.0.7:443"), "no answer after # from #");
        assert_eq!(same("HTTP 503 of models/gemini-2.5-pro"), "HTTP 503 of models/gemini-2.5-pro");
        assert_eq!(same("tcp.refused"), "tcp.refused");
        for id in ["service-unavailable-503", "h2-goaway-each", "live-session-closed-1007"] {
            assert_eq!(same(id), id);
        }
        for varies in ["request-8f3a12bc-404", "call-12345", "shard-17"] {
            assert_eq!(same(varies), "#");
        }
        assert_eq!(same("550e8400-e29b-41d4-a716-446655440000"), "#");
        assert!(same(&"word ".repeat(100)).len() <= LONGEST);
    }
}
