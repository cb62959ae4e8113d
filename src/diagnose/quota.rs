//! The violated quotas of an error, each as what is limited, how far, for which model, and until when.

use serde::Serialize;

use crate::facts::{Clue, clue, pacific, time};

/// The instants that matter, in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// When the error was written, where that is known.
    pub said_at: Option<i64>,
    /// The present.
    pub now: i64,
}

/// One violated quota.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Quota {
    /// The id the server gives.
    pub id: String,
    /// `requests`, `input tokens`, or what else is counted.
    pub counts: String,
    /// `minute`, `day`, or `null` where the id does not say.
    pub per: Option<&'static str>,
    /// The limit, as the server writes it.
    pub limit: Option<String>,
    /// The model it is for.
    pub model: Option<String>,
    /// Whether it is the free tier's; `null` where the id does not say.
    pub free_tier: Option<bool>,
    /// When it is lifted, in words.
    pub resets: String,
    /// Which question about a 429 it settles.
    pub settles: &'static str,
}

/// Every violated quota among clues: those of the details, else those that the message names.
pub fn quotas(clues: &[Clue], when: When) -> Vec<Quota> {
    let of_details = of_details(clues, when);
    if of_details.is_empty() { of_words(clues, when) } else { of_details }
}

/// `Quota exceeded for metric: NAME, limit: N, model: NAME`, as clients print that drop the details.
fn of_words(clues: &[Clue], when: When) -> Vec<Quota> {
    const METRIC: &str = "Quota exceeded for metric:";
    let message = clue::message(clues).unwrap_or_default();
    let mut quotas = Vec::new();
    for part in message.split(METRIC).skip(1).take(MOST) {
        let Some(metric) = word_at(part) else { continue };
        let named = |name: &str| word_at(&part[part.find(name)? + name.len()..]);
        let limit = named("limit:").map(str::to_owned);
        let model = named("model:").map(str::to_owned);
        let mut quota = Quota { id: metric.to_owned(), limit, model, ..Quota::default() };
        quota.complete(metric, false, when);
        if !quotas.contains(&quota) {
            quotas.push(quota);
        }
    }
    quotas
}

/// No error names more quotas.
const MOST: usize = 16;

/// The name that a text begins with.
fn word_at(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    Some(text[..end].trim_end_matches('.')).filter(|word| !word.is_empty())
}

fn of_details(clues: &[Clue], when: When) -> Vec<Quota> {
    let mut quotas: Vec<Quota> = Vec::new();
    let mut metrics: Vec<&str> = Vec::new();
    for clue in clues {
        match clue {
            Clue::QuotaId(id) => {
                quotas.push(Quota { id: id.clone(), ..Quota::default() });
                metrics.push("");
            }
            Clue::Meta(name, value) => match (name.as_str(), quotas.last_mut()) {
                ("quotaValue" | "quota_limit_value", Some(last)) => {
                    last.limit.get_or_insert_with(|| value.clone());
                }
                ("quota_model", Some(last)) => last.model = Some(value.clone()),
                ("quotaMetric", Some(_)) => *metrics.last_mut().expect("one a quota") = value,
                _ => {}
            },
            _ => {}
        }
    }
    let zero = clues.contains(&Clue::LimitZero);
    for (quota, metric) in quotas.iter_mut().zip(metrics) {
        quota.complete(metric, zero, when);
    }
    quotas.dedup();
    quotas
}

impl Quota {
    fn complete(&mut self, metric: &str, zero: bool, when: When) {
        let id = self.id.to_ascii_lowercase();
        self.counts =
            counted(&id).or_else(|| counted(metric)).unwrap_or("something else").to_owned();
        self.per = window(&id);
        self.free_tier = (id.contains("freetier") || metric.contains("free_tier"))
            .then_some(true)
            .or(id.contains("paidtier").then_some(false));
        // A free tier that does not exist is left out of the violation, and only the words tell.
        if zero && self.limit.is_none() {
            self.limit = Some("0".to_owned());
        }
        let never = self.limit.as_deref() == Some("0");
        self.resets =
            if never { "never: the limit is 0".to_owned() } else { resets(self.per, when) };
        self.settles = settles(never, self.per, &self.counts);
    }
}

fn counted(names: &str) -> Option<&'static str> {
    let known = [
        ("input_token", "input tokens"),
        ("inputtoken", "input tokens"),
        ("token", "tokens"),
        ("image", "images"),
        ("session", "sessions"),
        ("request", "requests"),
    ];
    known.iter().find(|(part, _)| names.contains(part)).map(|(_, word)| *word)
}

fn window(id: &str) -> Option<&'static str> {
    if id.contains("perday") {
        Some("day")
    } else if id.contains("perminute") {
        Some("minute")
    } else {
        None
    }
}

/// When a quota is lifted that was used up when the error was written.
fn resets(per: Option<&str>, when: When) -> String {
    let said_at = when.said_at.unwrap_or(when.now);
    match per {
        Some("day") => day_ends(pacific::next_midnight(said_at), when.now),
        Some("minute") if said_at + 60 < when.now => {
            format!("within a minute of {} UTC, so long ago", clock(said_at))
        }
        Some("minute") => "within a minute".to_owned(),
        _ => "not said".to_owned(),
    }
}

fn day_ends(end: i64, now: i64) -> String {
    let (left, hour) = (end - now, 3600);
    match left {
        ..=0 => format!(
            "since midnight Pacific time, {} UTC: {} ago, so that this error is over",
            clock(end),
            span(-left)
        ),
        _ => format!(
            "at midnight Pacific time: {} UTC, in {} h {} min",
            clock(end),
            left / hour,
            left % hour / 60
        ),
    }
}

/// How long, in the greatest unit that has two or more.
fn span(seconds: i64) -> String {
    match seconds {
        172_800.. => format!("{} days", seconds / 86_400),
        7200.. => format!("{} h", seconds / 3600),
        _ => format!("{} min", seconds / 60),
    }
}

/// `2026-05-29 22:00`.
fn clock(unix_seconds: i64) -> String {
    let instant = time::rfc3339(u64::try_from(unix_seconds).unwrap_or(0) * 1000);
    let (date, clock) = instant.split_once('T').unwrap_or((&instant, ""));
    format!("{date} {}", &clock[..clock.len().min(5)])
}

/// A used-up quota answers one of the questions that a 429 raises: a burst of requests, long inputs,
/// who shares the quota, retries from several machines, or the limits themselves.
fn settles(never: bool, per: Option<&str>, counts: &str) -> &'static str {
    match (never, per, counts) {
        (true, ..) => "the limits of this project and model: there is nothing to use up",
        (_, Some("minute"), "input tokens" | "tokens") => "long inputs, not the number of requests",
        (_, Some("minute"), "requests") => "the number of requests, not their length",
        (_, Some("day"), _) => "the day's use by all who share the project, batch jobs among them",
        _ => "nothing more: the limits of the project and the model stand in the console",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: When = When { said_at: None, now: 1_795_176_000 };

    fn clues(id: &str, metric: &str, value: Option<&str>) -> Vec<Clue> {
        let meta = |name: &str, value: &str| Clue::Meta(name.to_owned(), value.to_owned());
        let mut clues = vec![Clue::QuotaId(id.to_owned()), meta("quotaMetric", metric)];
        clues.extend(value.map(|value| meta("quotaValue", value)));
        clues.push(meta("quota_model", "gemini-3.5-flash"));
        clues
    }

    #[test]
    fn ids_say_what_is_counted_and_for_how_long() {
        for (id, metric, counts, per, free) in [
            (
                "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
                "x/free_tier_requests",
                "requests",
                Some("day"),
                Some(true),
            ),
            (
                "GenerateContentInputTokensPerModelPerMinute-FreeTier",
                "x/input_token_count",
                "input tokens",
                Some("minute"),
                Some(true),
            ),
            (
                "GenerateContentPaidTierInputTokensPerModelPerMinute",
                "x",
                "input tokens",
                Some("minute"),
                Some(false),
            ),
            ("GenerateRequestsPerMinutePerProjectPerModel", "x", "requests", Some("minute"), None),
            ("Whatever", "x", "something else", None, None),
        ] {
            let found = quotas(&clues(id, metric, Some("20")), NOON);
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].counts.as_str(), found[0].per), (counts, per), "{id}");
            assert_eq!(found[0].free_tier, free, "{id}");
            assert_eq!(found[0].limit.as_deref(), Some("20"));
        }
    }

    #[test]
    fn a_day_ends_at_midnight_pacific_and_a_zero_never() {
        let day = &quotas(&clues("RequestsPerDay", "m", Some("20")), NOON)[0];
        assert!(day.resets.contains("08:00 UTC, in 20 h 0 min"), "{}", day.resets);
        let mut zero = clues("RequestsPerDay-FreeTier", "m", None);
        zero.push(Clue::LimitZero);
        assert!(quotas(&zero, NOON)[0].resets.starts_with("never"));
    }

    #[test]
    fn a_limit_in_words_is_a_row_and_says_no_window() {
        let said = "429. * Quota exceeded for metric: g.googleapis.com/generate_content_free_tier_requests, \
                    limit: 10, model: gemini-2.5-flash\\n* Quota exceeded for metric: \
                    g.googleapis.com/input_token_count, limit: 250000\nPlease retry in 23.1s.";
        let found = quotas(&[Clue::Message(said.to_owned())], NOON);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!((found[0].limit.as_deref(), found[0].per), (Some("10"), None));
        assert_eq!(found[0].model.as_deref(), Some("gemini-2.5-flash"));
        assert_eq!((found[0].free_tier, found[0].counts.as_str()), (Some(true), "requests"));
        assert_eq!((found[1].limit.as_deref(), found[1].model.as_deref()), (Some("250000"), None));
        assert_eq!(found[0].resets, "not said");
    }

    #[test]
    fn an_old_error_is_lifted_since_its_own_midnight() {
        let old = When { said_at: Some(NOON.now - 10 * 86_400), now: NOON.now };
        let day = &quotas(&clues("RequestsPerDay", "m", Some("20")), old)[0];
        assert!(day.resets.contains("9 days ago"), "{}", day.resets);
        let minute = &quotas(&clues("RequestsPerMinute", "m", Some("5")), old)[0];
        assert!(minute.resets.contains("long ago"), "{}", minute.resets);
    }

    #[test]
    fn every_violation_is_a_row() {
        let mut both = clues("ARequestsPerMinute", "x/requests", Some("5"));
        both.extend(clues("BRequestsPerDay-FreeTier", "x/free_tier_requests", Some("20")));
        both.extend(clues("CPerMinute", "x/input_token_count", Some("9")));
        let found = quotas(&both, NOON);
        let counts: Vec<_> = found.iter().map(|quota| quota.counts.as_str()).collect();
        assert_eq!(counts, ["requests", "requests", "input tokens"]);
        assert_eq!(
            found.iter().map(|quota| quota.free_tier).collect::<Vec<_>>(),
            [None, Some(true), None]
        );
        assert_eq!(
            found.iter().map(|quota| quota.limit.as_deref()).collect::<Vec<_>>(),
            [Some("5"), Some("20"), Some("9")]
        );
        assert!(quotas(&[], NOON).is_empty());
    }
}
