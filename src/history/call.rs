//! One call as a log tells it, whatever the names and the forms of its values. Kept in buffers that are used again.

use super::{
    fields::{Field, Meaning},
    instant::{Instants, of_number},
    json::Value,
    kinds,
};

/// The latencies that are believed: a day at most.
const LONGEST_US: f64 = 86_400e6;
/// The counts that are believed: a thousand times what any model takes.
const MOST: f64 = 1e9;

/// One call.
#[derive(Debug)]
pub struct Call {
    /// When it began, in milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long it took, in microseconds.
    pub latency_us: Option<u64>,
    /// How often it had been sent before.
    pub retry_count: Option<u32>,
    /// Tokens sent.
    pub input_tokens: Option<u64>,
    /// Tokens received.
    pub output_tokens: Option<u64>,
    /// What stands for the id that attempts share.
    pub request: Option<u64>,
    texts: [String; Field::COUNT],
    ranks: [u8; Field::COUNT],
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With an answer.
    Answered,
    /// With a status that is no answer.
    Refused(u16),
    /// Without any, or with one that was cut.
    Failed,
    /// The log does not say.
    Untold,
}

impl Default for Call {
    fn default() -> Self {
        Self {
            at_ms: None,
            status: None,
            latency_us: None,
            retry_count: None,
            input_tokens: None,
            output_tokens: None,
            request: None,
            texts: std::array::from_fn(|_| String::new()),
            ranks: [u8::MAX; Field::COUNT],
        }
    }
}

impl Call {
    /// How it ended.
    pub fn end(&self) -> End {
        match self.status {
            Some(200..=299) if self.text(Field::Failure).is_empty() => End::Answered,
            Some(200..=299) => End::Failed,
            Some(status) => End::Refused(status),
            None if self.text(Field::Failure).is_empty() => End::Untold,
            None => End::Failed,
        }
    }

    /// A field that is a text; empty where it is not there.
    pub fn text(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    /// Whether the log says this of the call.
    pub fn has(&self, field: Field) -> bool {
        self.ranks[field as usize] < u8::MAX
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        for (text, rank) in self.texts.iter_mut().zip(&mut self.ranks) {
            text.clear();
            *rank = u8::MAX;
        }
        (self.at_ms, self.status, self.latency_us, self.retry_count) = (None, None, None, None);
        (self.input_tokens, self.output_tokens, self.request) = (None, None, None);
    }

    /// Learns a value, unless a better name told it already.
    pub(super) fn learn(
        &mut self,
        meaning: Meaning,
        value: &Value<'_>,
        instants: &mut Instants,
    ) -> bool {
        let is_learnt = meaning.rank < self.ranks[meaning.field as usize]
            && self.take(meaning, value, instants);
        if is_learnt {
            self.ranks[meaning.field as usize] = meaning.rank;
        }
        is_learnt
    }

    /// Whether the value says anything.
    fn take(&mut self, meaning: Meaning, value: &Value<'_>, instants: &mut Instants) -> bool {
        match meaning.field {
            Field::At => {
                let at = at(value, meaning.per_second, instants);
                self.at_ms = at.or(self.at_ms);
                at.is_some()
            }
            Field::Status => self.take_status(value),
            Field::Failure => self.take_failure(value),
            Field::Latency => {
                let taken = latency_us(value, meaning.per_second);
                self.latency_us = taken.or(self.latency_us);
                taken.is_some()
            }
            Field::RetryCount => {
                let count = whole(value).and_then(|count| u32::try_from(count).ok());
                self.retry_count = count.or(self.retry_count);
                count.is_some()
            }
            Field::InputTokens => {
                let count = whole(value);
                self.input_tokens = count.or(self.input_tokens);
                count.is_some()
            }
            Field::OutputTokens => {
                let count = whole(value);
                self.output_tokens = count.or(self.output_tokens);
                count.is_some()
            }
            Field::RequestId => {
                let id = text_of(value).map(hash);
                self.request = id.or(self.request);
                id.is_some()
            }
            _ => self.take_text(meaning.field, value),
        }
    }

    fn take_text(&mut self, field: Field, value: &Value<'_>) -> bool {
        let word = match value {
            // `batch: true` says what the text would.
            Value::Bool(is_batch) if field == Field::Mode => Some(kinds::of_flag(*is_batch)),
            other => text_of(other),
        };
        let Some(word) = word else { return false };
        let word = if field == Field::Model { bare_model(word) } else { word };
        let text = &mut self.texts[field as usize];
        text.clear();
        text.push_str(word);
        true
    }

    /// A number, or a word for one.
    fn take_status(&mut self, value: &Value<'_>) -> bool {
        let Some(word) = text_of(value) else { return false };
        let digits = word.split([' ', '.']).next().and_then(|digits| digits.parse::<u16>().ok());
        match digits.or_else(|| kinds::status_of_word(word)) {
            Some(status @ 100..=599) => self.status = Some(status),
            // Clients write 0 for a call without an answer.
            Some(0) => self.set_failure("no answer"),
            // A number that is no status says nothing.
            Some(_) => return false,
            None if word.parse::<f64>().is_ok() => return false,
            None => self.set_failure(word),
        }
        true
    }

    fn take_failure(&mut self, value: &Value<'_>) -> bool {
        const NOTHING: [&str; 8] = ["none", "null", "nil", "ok", "-", "false", "0", "success"];
        let word = match value {
            Value::Bool(true) => Some("error"),
            other => text_of(other),
        };
        let is_nothing = |word: &&str| !NOTHING.iter().any(|no| word.eq_ignore_ascii_case(no));
        let Some(word) = word.filter(is_nothing) else { return false };
        self.set_failure(word);
        true
    }

    fn set_failure(&mut self, word: &str) {
        let text = &mut self.texts[Field::Failure as usize];
        text.clear();
        text.push_str(word);
    }

    /// Keeps the quota that a refusal names anywhere in its line.
    pub(super) fn find_quota(&mut self, line: &str) {
        if self.status == Some(429)
            && !self.has(Field::Quota)
            && let Some(name) = kinds::quota_named(line)
        {
            self.texts[Field::Quota as usize].push_str(name);
        }
    }
}

/// A model's name without the path that some clients put before it.
fn bare_model(name: &str) -> &str {
    name.rsplit_once("models/").map_or(name, |(_, name)| name)
}

/// A text that says something, or a number as it is written.
fn text_of<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    match value {
        Value::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number),
        Value::Null | Value::Bool(_) => None,
    }
}

fn at(value: &Value<'_>, per_second: Option<f64>, instants: &mut Instants) -> Option<i64> {
    match value {
        Value::Number(number) => of_number(number, per_second),
        Value::Text(text) => instants.of_text(text),
        Value::Null | Value::Bool(_) => None,
    }
}

/// A count that can be one; fractions go.
fn whole(value: &Value<'_>) -> Option<u64> {
    let number: f64 = text_of(value)?.parse().ok()?;
    (0.0..=MOST).contains(&number).then_some(number as u64)
}

/// Milliseconds, unless the name or the value has another unit.
fn latency_us(value: &Value<'_>, per_second: Option<f64>) -> Option<u64> {
    let text = text_of(value)?;
    let letters =
        text.find(|letter: char| letter.is_ascii_alphabetic() && letter != 'e' && letter != 'E');
    let (digits, unit) = text.split_at(letters.unwrap_or(text.len()));
    let per_second = match unit {
        "" => per_second.unwrap_or(1e3),
        "ms" => 1e3,
        "s" => 1.0,
        "us" => 1e6,
        "ns" => 1e9,
        _ => return None,
    };
    let us = digits.trim().parse::<f64>().ok()? / per_second * 1e6;
    (0.0..=LONGEST_US).contains(&us).then_some(us.round() as u64)
}

/// FNV-1a: two ids of one log that agree in it are the same id.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::history::fields::Names;

    fn call(values: &[(&str, Value<'_>)]) -> Call {
        let (mut call, names) = (Call::default(), Names::new(&[]));
        for (name, value) in values {
            let meaning = names.meaning(name).expect("a known name");
            call.learn(meaning, value, &mut Instants::default());
        }
        call
    }

    fn text(text: &str) -> Value<'_> {
        Value::Text(Cow::Borrowed(text))
    }

    #[test]
    fn a_status_is_a_number_or_a_word_for_one() {
        for (value, end) in [
            (Value::Number("200"), End::Answered),
            (text("200"), End::Answered),
            (text("ok"), End::Answered),
            (Value::Number("429"), End::Refused(429)),
            (text("429 Too Many Requests"), End::Refused(429)),
            (text("RESOURCE_EXHAUSTED"), End::Refused(429)),
            (Value::Number("0"), End::Failed),
            (text("timeout"), End::Failed),
            (Value::Null, End::Untold),
            (Value::Number("99999"), End::Untold),
            (Value::Number("1e400"), End::Untold),
            (text("-1"), End::Untold),
        ] {
            assert_eq!(call(&[("status", value.clone())]).end(), end, "{value:?}");
        }
        let cut = call(&[("status", Value::Number("200")), ("failure", text("stream.cut"))]);
        assert_eq!(cut.end(), End::Failed);
        let fine = call(&[("status", Value::Number("200")), ("error", text("none"))]);
        assert_eq!(fine.end(), End::Answered);
    }

    #[test]
    fn the_better_name_wins_in_whatever_order() {
        let one =
            call(&[("error.code", Value::Number("500")), ("status_code", Value::Number("200"))]);
        let other =
            call(&[("status_code", Value::Number("200")), ("error.code", Value::Number("500"))]);
        assert_eq!((one.status, other.status), (Some(200), Some(200)));
    }

    #[test]
    fn a_model_has_one_name_whatever_its_path() {
        for name in [
            "gemini-2.5-flash",
            "models/gemini-2.5-flash",
            "publishers/google/models/gemini-2.5-flash",
        ] {
            assert_eq!(call(&[("model", text(name))]).text(Field::Model), "gemini-2.5-flash");
        }
        assert_eq!(call(&[("model", text("tunedModels/x"))]).text(Field::Model), "tunedModels/x");
    }

    #[test]
    fn the_cause_that_was_recognised_comes_before_what_was_seen() {
        let one = call(&[
            ("failure", text("tls.cert_unknown_issuer")),
            ("cause", text("tls-ca-missing")),
        ]);
        assert_eq!(one.text(Field::Failure), "tls-ca-missing");
    }

    #[test]
    fn latencies_have_units() {
        for (name, value, us) in [
            ("latency_ms", Value::Number("850"), Some(850_000)),
            ("latency", Value::Number("0.5"), Some(500)),
            ("duration_s", Value::Number("1.25"), Some(1_250_000)),
            ("latency", text("1.5s"), Some(1_500_000)),
            ("latency", text("850ms"), Some(850_000)),
            ("latency", text("fast"), None),
            ("latency_ms", Value::Number("-1"), None),
        ] {
            assert_eq!(call(&[(name, value.clone())]).latency_us, us, "{name} {value:?}");
        }
    }

    #[test]
    fn a_count_that_no_model_has_is_none() {
        for (value, count) in [
            (Value::Number("0"), Some(0)),
            (text("1200"), Some(1200)),
            (Value::Number("1.9e3"), Some(1900)),
            (Value::Number("1000000000"), Some(1_000_000_000)),
            (Value::Number("1000000001"), None),
            (Value::Number("9007199254740993"), None),
            (Value::Number("18446744073709551615"), None),
            (Value::Number("-1"), None),
        ] {
            assert_eq!(call(&[("input_tokens", value.clone())]).input_tokens, count, "{value:?}");
        }
    }

    #[test]
    fn nothing_is_left_of_the_call_before() {
        let mut used = call(&[("status", Value::Number("429")), ("team", text("red"))]);
        used.clear();
        assert!(!used.has(Field::Team) && used.text(Field::Team).is_empty());
        assert_eq!(used.end(), End::Untold);
    }
}
