//! How large a request is: its bytes as they are sent, and its tokens where they are counted.

use crate::facts::{
    Severity::{Error, Note, Warning},
    limits::limits_of,
    tokenizers::{Standing, tokenizer_of},
};

use crate::lint::{
    document::Value,
    finding::{Correction, Findings, said},
    kind::{Kind, field},
    request::{Request, Service},
    rule::{Example, Rule, good},
};
use crate::tokens::{
    Counter, Vocabulary,
    body::{Api, Asked, Body, Kind as Part, Place, Tally},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] =
    &[&TOO_LARGE, &LARGE, &OVER_WINDOW, &MAY_BE_OVER_WINDOW, &SHARED_WINDOW, &SMALL_MESSAGE];

const FILES_PAGE: &str = "https://ai.google.dev/gemini-api/docs/file-input-methods";
const TOKENS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/tokens";

const GOOD: &[Example] =
    &[good("gemini-3.8-flash", r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}"#)];

const TOO_LARGE: Rule = Rule {
    id: "size-over-limit",
    title: "The body has more bytes than are taken",
    severity: Error,
    fix: Some("payload-too-large"),
    answer: "Request payload size exceeds the limit: … bytes.",
    why: "A request may have 100 MB, with everything that is encoded in it; base64 makes a file longer by a third.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[],
    good: GOOD,
};
const LARGE: Rule = Rule {
    id: "size-over-older-limit",
    title: "The body has more bytes than were taken until January 2026",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The limit was 20 MB and was raised to 100 MB. Gateways, proxies and the limit of 50 MB for a PDF are below that.",
    ..TOO_LARGE
};
const OVER_WINDOW: Rule = Rule {
    id: "size-over-window",
    title: "The request has more tokens than the model takes",
    fix: Some("input-tokens-exceeded"),
    answer: "The input token count (…) exceeds the maximum number of tokens allowed (…).",
    why: "Nothing is cut off: a request that does not fit is refused as a whole. The texts alone are more than the model takes, also when the count is off by as much as was ever measured.",
    docs: &[TOKENS_PAGE],
    ..TOO_LARGE
};
const MAY_BE_OVER_WINDOW: Rule = Rule {
    id: "size-near-window",
    title: "The request may have more tokens than the model takes",
    severity: Warning,
    fix: None,
    answer: "",
    why: "By an estimate it does not fit; the count of the model's own vocabulary may be some percent off either way. countTokens tells it for sure.",
    ..OVER_WINDOW
};
const SHARED_WINDOW: Rule = Rule {
    id: "size-window-is-shared",
    title: "The answer that is asked for does not fit beside the request",
    why: "The model has one window for what it reads and what it writes.",
    ..MAY_BE_OVER_WINDOW
};
const SMALL_MESSAGE: Rule = Rule {
    id: "size-long-session",
    title: "A short message is sent with a very long history",
    severity: Note,
    why: "Each message is paid with all that was said before it. A cache, a summary or a new session makes it cheaper and quicker.",
    ..MAY_BE_OVER_WINDOW
};

/// What was taken until January 2026, and was named in answers.
const OLDER_LIMIT: usize = 20_971_520;
/// What is taken since.
const LIMIT: usize = 104_857_600;
/// A history from here on is long.
const LONG_SESSION: u64 = 100_000;

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    if matches!(request.kind, Kind::Generate | Kind::Count | Kind::Chat) {
        bytes(request.body.document().root().unwrap_or(request.body), found);
    }
    let body = request.counts.then(|| Body::read(request.body.raw()).ok()).flatten();
    if let Some(body) = body {
        tokens(request, &body, found);
    }
}

fn bytes(root: Value<'_>, found: &mut Findings<'_>) {
    let length = root.span().len();
    let (rule, limit) = match length {
        _ if length > LIMIT => (&TOO_LARGE, LIMIT),
        _ if length > OLDER_LIMIT => (&LARGE, OLDER_LIMIT),
        _ => return,
    };
    let start = root.span().start;
    // The whole is no place to point at.
    found.add(rule, root.document(), start..start + 1, || {
        said(format!(
            "the body has {} bytes, and the limit is {}",
            grouped(length as u64),
            grouped(limit as u64)
        ))
        .with(Correction::advice("Upload media by the Files API and name them in fileData"))
    });
}

fn tokens(request: &Request<'_>, body: &Body, found: &mut Findings<'_>) {
    let model = request.model.as_deref().unwrap_or_default();
    let vocabulary = Vocabulary::gemma3();
    let standing = tokenizer_of(model).standing(vocabulary.name());
    let doubt = match &standing {
        Standing::Exact => None,
        Standing::Estimate { because, .. } => Some(because.as_str()),
    };
    let api = match request.service {
        Service::Developer => Api::Developer,
        Service::Cloud => Api::Vertex,
    };
    let mut counter = Counter::new(&vocabulary);
    let tally = body.count(Asked { model, api, doubt }, |text| counter.count(text));
    judge(request, (body, &tally), &standing, found);
}

fn judge(
    request: &Request<'_>,
    (body, tally): (&Body, &Tally),
    standing: &Standing,
    found: &mut Findings<'_>,
) {
    let limits = limits_of(request.model.as_deref().unwrap_or_default());
    let total = tally.total();
    if let Some(window) = limits.input {
        let asked = body.max_output.filter(|_| limits.shared).unwrap_or(0);
        let rule = match () {
            () if at_least(tally, standing).is_some_and(|least| least > window) => &OVER_WINDOW,
            () if total > window => &MAY_BE_OVER_WINDOW,
            () if asked > 0 && total.saturating_add(asked) > window => &SHARED_WINDOW,
            () => return small_message(request, tally, found),
        };
        let at = last_turn(request).unwrap_or(request.body);
        found.at(rule, at, || {
            let (total, window) = (grouped(total), grouped(window));
            let asked = match asked {
                0 => String::new(),
                asked => format!(" with {} for the answer", grouped(asked)),
            };
            said(format!(
                "the request has about {total} tokens{asked}, and {} takes {window}",
                request.model_words()
            ))
        });
        return;
    }
    small_message(request, tally, found);
}

/// The fewest tokens that the texts can have; none where nobody measured how far the count may be off.
fn at_least(tally: &Tally, standing: &Standing) -> Option<u64> {
    let is_text =
        |part: Part| matches!(part, Part::Text | Part::FunctionCall | Part::FunctionResponse);
    let texts: u64 =
        tally.lines.iter().filter(|line| is_text(line.kind)).map(|line| line.tokens).sum();
    match standing {
        Standing::Exact => Some(texts),
        Standing::Estimate { error: Some(error), .. } => {
            Some((texts as f64 / (1.0 + error.highest_percent.max(0.0) / 100.0)) as u64)
        }
        Standing::Estimate { error: None, .. } => None,
    }
}

fn small_message(request: &Request<'_>, tally: &Tally, found: &mut Findings<'_>) {
    let (total, message) = (tally.total(), tally.of(Place::Message));
    if total < LONG_SESSION || message.saturating_mul(100) >= total {
        return;
    }
    if let Some(turn) = last_turn(request) {
        found.at(&SMALL_MESSAGE, turn, || {
            said(format!(
                "a message of {} tokens in a session of about {}",
                grouped(message),
                grouped(total)
            ))
        });
    }
}

/// The turn that is new.
fn last_turn<'d>(request: &Request<'d>) -> Option<Value<'d>> {
    let turns = request.field("contents").or_else(|| request.field("messages"))?;
    let is_models = |turn: &Value<'_>| {
        let role = field(*turn, "role").and_then(Value::quoted);
        matches!(role, Some("model" | "assistant"))
    };
    turns.each().filter(|turn| !is_models(turn)).last()
}

/// `1,048,576`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::ModelTable,
        lint::{Given, look as look_through},
    };

    fn told(body: &str, model: &str) -> Vec<(&'static str, String, String)> {
        let table = ModelTable::embedded();
        let given = Given { model: Some(model), counts: true, ..Given::on(&table, "2026-11-20") };
        let of_size = |id: &str| id.starts_with("size-");
        let findings = look_through(body, &given).findings;
        let own = findings.into_iter().filter(|finding| of_size(finding.rule.id));
        own.map(|finding| (finding.rule.id, finding.path, finding.said)).collect()
    }

    /// A history of so many words, and a short message.
    fn session(words: usize) -> String {
        let history = "word ".repeat(words);
        format!(
            r#"{{"contents": [{{"role": "user", "parts": [{{"text": "{history}"}}]}}, {{"role": "model", "parts": [{{"text": "Yes."}}]}}, {{"role": "user", "parts": [{{"text": "Go on."}}]}}]}}"#
        )
    }

    #[test]
    fn a_short_message_in_a_long_session_is_told_with_both_numbers() {
        let found = told(&session(101_000), "gemini-3.8-flash");
        let [(id, path, said)] = &found[..] else { panic!("{found:?}") };
        assert_eq!((*id, path.as_str()), ("size-long-session", "contents[2]"));
        assert!(said.starts_with("a message of 4 tokens in a session of about 101,0"), "{said}");
        assert_eq!(told(&session(90_000), "gemini-3.8-flash"), []);
    }

    #[test]
    fn what_does_not_fit_is_an_error_only_where_the_count_is_sure() {
        let ids = |words, model| {
            told(&session(words), model).into_iter().map(|(id, ..)| id).collect::<Vec<_>>()
        };
        assert_eq!(ids(1_200_000, "gemini-2.5-flash"), ["size-over-window"]);
        assert_eq!(ids(1_060_000, "gemini-2.5-flash"), ["size-near-window"]);
        assert_eq!(ids(1_200_000, "gemini-3.8-flash"), ["size-near-window"]);
        assert_eq!(ids(1_200_000, "gemini-9-x"), ["size-long-session"]);
    }

    #[test]
    fn one_window_is_shared_by_request_and_answer() {
        let body = |most: u32| {
            session(1_000_000).replacen(
                '{',
                &format!("{{\"generationConfig\": {{\"maxOutputTokens\": {most}}}, "),
                1,
            )
        };
        let ids = |most, model| {
            told(&body(most), model).into_iter().map(|(id, ..)| id).collect::<Vec<_>>()
        };
        assert_eq!(ids(60_000, "gemini-4-argon"), ["size-window-is-shared"]);
        assert_eq!(ids(9_000, "gemini-4-argon"), ["size-long-session"]);
        assert_eq!(ids(60_000, "gemini-3.8-flash"), ["size-long-session"]);
    }

    #[test]
    fn bytes_are_held_against_both_limits() {
        let ids = |length: usize| {
            let text = format!("[\"{}\"]", "a".repeat(length - 4));
            let document = crate::lint::document::Document::read(&text);
            let mut found = Findings::of(&[], false);
            bytes(document.root().unwrap(), &mut found);
            found.finish().0.iter().map(|finding| finding.rule.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(OLDER_LIMIT), Vec::<&str>::new());
        assert_eq!(ids(OLDER_LIMIT + 1), ["size-over-older-limit"]);
        assert_eq!(ids(LIMIT), ["size-over-older-limit"]);
        assert_eq!(ids(LIMIT + 1), ["size-over-limit"]);
    }
}
