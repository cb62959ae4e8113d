//! Words that logs use: for a status, for batch and online work, for the quota that refused.

/// Whether a call is part of a batch, or somebody waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Batch,
    Online,
}

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counts {
    RequestsPerMinute,
    TokensPerMinute,
    RequestsPerDay,
}

const BATCH: [&str; 8] =
    ["batch", "offline", "async", "bulk", "backfill", "nightly", "cron", "background"];
const ONLINE: [&str; 7] =
    ["online", "interactive", "realtime", "real-time", "sync", "chat", "user"];

/// The kind that a word tells.
pub(super) fn kind(word: &str) -> Option<Kind> {
    let has = |words: &[&str]| words.iter().any(|one| contains(word, one));
    match () {
        () if word.is_empty() => None,
        () if has(&BATCH) => Some(Kind::Batch),
        () if has(&ONLINE) => Some(Kind::Online),
        () => None,
    }
}

/// The word for a flag called `batch`.
pub(super) const fn of_flag(is_batch: bool) -> &'static str {
    if is_batch { "batch" } else { "online" }
}

/// The HTTP status that a word stands for.
pub(super) fn status_of_word(word: &str) -> Option<u16> {
    const WORDS: [(&str, u16); 19] = [
        ("ok", 200),
        ("success", 200),
        ("succeeded", 200),
        ("completed", 200),
        ("invalid_argument", 400),
        ("failed_precondition", 400),
        ("out_of_range", 400),
        ("unauthenticated", 401),
        ("permission_denied", 403),
        ("not_found", 404),
        ("resource_exhausted", 429),
        ("rate_limited", 429),
        ("cancelled", 499),
        ("internal", 500),
        ("data_loss", 500),
        ("unimplemented", 501),
        ("unavailable", 503),
        ("overloaded", 503),
        ("deadline_exceeded", 504),
    ];
    WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, status)| *status)
}

/// The name of a quota in a text: the word round `PerDay` or `PerMinute`, or a metric's name.
pub(super) fn quota_named(text: &str) -> Option<&str> {
    const MARKS: [&str; 5] = ["PerDay", "PerMinute", "per_day", "per_minute", "_requests"];
    let at = MARKS.iter().find_map(|mark| text.find(mark))?;
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let from = at - text[..at].chars().rev().take_while(|letter| is_part(*letter)).count();
    let to = text[at..].find(|letter| !is_part(letter)).map_or(text.len(), |length| at + length);
    Some(&text[from..to])
}

/// What a quota of that name counts.
pub(super) fn counts(quota: &str) -> Option<Counts> {
    let per_day = ["perday", "per_day", "daily", "rpd"].iter().any(|one| contains(quota, one));
    let per_minute =
        ["perminute", "per_minute", "rpm", "tpm"].iter().any(|one| contains(quota, one));
    let tokens = ["token", "tpm"].iter().any(|one| contains(quota, one));
    match (per_day, per_minute, tokens) {
        (true, _, _) => Some(Counts::RequestsPerDay),
        (_, true, true) => Some(Counts::TokensPerMinute),
        (_, true, false) => Some(Counts::RequestsPerMinute),
        _ => None,
    }
}

/// Whether a word stands in a text, whatever its case.
fn contains(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_batch_from_online() {
        assert_eq!(kind("nightly-Batch"), Some(Kind::Batch));
        assert_eq!(kind("async"), Some(Kind::Batch));
        assert_eq!(kind("interactive"), Some(Kind::Online));
        assert_eq!((kind("summary"), kind("")), (None, None));
    }

    #[test]
    fn a_quota_is_named_in_the_words_of_the_answer() {
        let body = r#"{"quotaId":"GenerateContentInputTokensPerModelPerMinute-FreeTier"}"#;
        let name = quota_named(body).unwrap();
        assert_eq!(name, "GenerateContentInputTokensPerModelPerMinute-FreeTier");
        assert_eq!(counts(name), Some(Counts::TokensPerMinute));
        assert_eq!(
            counts("GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
            Some(Counts::RequestsPerDay)
        );
        assert_eq!(
            counts("GenerateRequestsPerMinutePerProjectPerModel"),
            Some(Counts::RequestsPerMinute)
        );
        assert_eq!(
            (quota_named("too many"), counts("generate_content_free_tier_requests")),
            (None, None)
        );
    }
}
