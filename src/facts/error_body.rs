//! Reads an error as the API writes it, in any of its dresses, into clues.
//!
//! Pure. The live side gives it a body, the reading of pasted text gives it what it found.

use serde_json::Value;

use super::Clue;

/// How often a body may be wrapped in a string of another before we stop unwrapping.
const MAX_WRAPS: usize = 4;
/// Deeper than any answer of the API, and well below what a parser can take.
pub const MAX_DEPTH: usize = 100;

/// The clues of an error body; empty where there is none in it.
pub fn read(body: &str) -> Vec<Clue> {
    if depth(body) > MAX_DEPTH {
        return Vec::new();
    }
    serde_json::from_str::<Value>(body).map(|value| read_value(&value)).unwrap_or_default()
}

/// The clues of an error that is already parsed.
pub fn read_value(value: &Value) -> Vec<Clue> {
    let mut clues = Vec::new();
    read_grant(value, &mut clues);
    if let Some(error) = find_error(value).filter(|_| clues.is_empty()) {
        read_error(error, &mut clues, MAX_WRAPS);
    }
    clues
}

/// How deep brackets are nested in a text, quoted ones aside. Linear, and safe for any input.
pub fn depth(text: &str) -> usize {
    let (mut now, mut most, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// Whether an error object bears the marks of the provider's own: its status word, or a typed detail.
pub fn is_googles(error: &Value) -> bool {
    let is_word = |status: &str| {
        status.len() > 1 && status.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    let is_typed = |detail: &Value| {
        detail["@type"].as_str().is_some_and(|kind| kind.starts_with("type.googleapis.com/"))
    };
    error["status"].as_str().is_some_and(is_word) || items(&error["details"]).any(is_typed)
}

/// The object that stands in a text, whatever follows it; also one whose quotes or lines are escaped once more.
pub fn quoted(text: &str) -> Option<Value> {
    let rest = &text[text.find(['{', '['])?..];
    if depth(rest) > MAX_DEPTH {
        return None;
    }
    let first = |text: &str| serde_json::Deserializer::from_str(text).into_iter().next()?.ok();
    let unescaped = || rest.replace("\\n", "\n").replace("\\\"", "\"");
    first(rest).or_else(|| first(&unescaped()))
}

/// `{"error": …}`, `[{"error": …}]`, a gateway's `{"errors": […]}`, or the error object itself.
fn find_error(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(items) => items.iter().find_map(find_error),
        Value::Object(fields) => match fields.get("error") {
            Some(error @ (Value::Object(_) | Value::String(_))) => Some(error),
            Some(errors @ Value::Array(_)) => find_error(errors),
            _ if is_error(value) => Some(value),
            _ => fields.get("errors").and_then(find_error),
        },
        _ => None,
    }
}

/// An error without its wrapper. A line of a log may have a message and a status as well, but not a
/// status of the API's kind.
fn is_error(value: &Value) -> bool {
    let number = |name: &str| value[name].as_u64().is_some_and(|code| !(100..400).contains(&code));
    let constant = value["status"].as_str().is_some_and(|status| {
        status.len() > 3 && status.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    });
    value["message"].is_string() && (constant || number("code") || number("status"))
}

fn read_error(error: &Value, clues: &mut Vec<Clue>, wraps: usize) {
    if let Value::String(text) = error {
        return read_message(text, clues, wraps);
    }
    // Some gateways put the provider's answer beside their own words, and that answer decides.
    let raw = error["metadata"]["raw"].as_str().filter(|_| wraps > 0).and_then(quoted);
    if let Some(inner) = raw.as_ref().and_then(find_error).filter(|inner| is_googles(inner)) {
        return read_error(inner, clues, wraps - 1);
    }
    read_code(&error["code"], clues);
    if let Some(rpc) = error["status"].as_str() {
        clues.push(Clue::Rpc(rpc.to_owned()));
    }
    if let Some(message) = error["message"].as_str() {
        read_message(message, clues, wraps);
    }
    for detail in items(&error["details"]) {
        read_detail(detail, clues);
    }
    for legacy in items(&error["errors"]) {
        if let Some(reason) = legacy["reason"].as_str() {
            push_new(clues, Clue::Reason(reason.to_owned()));
        }
    }
}

/// The error of a token endpoint: a word, and beside it its description.
fn read_grant(value: &Value, clues: &mut Vec<Clue>) {
    let Some(description) = value["error_description"].as_str() else { return };
    clues.push(Clue::Message(description.to_owned()));
    for name in ["error", "error_subtype"] {
        clues.extend(value[name].as_str().map(|word| Clue::Reason(word.to_owned())));
    }
    let subtype = value["error_subtype"].as_str();
    clues.extend(subtype.map(|word| Clue::Meta("error_subtype".to_owned(), word.to_owned())));
}

/// A number is a status; a word is the reason of the newer error shape.
fn read_code(code: &Value, clues: &mut Vec<Clue>) {
    // Gateways write it as a text.
    let number = code.as_u64().or_else(|| code.as_str()?.parse().ok());
    match (number.and_then(|code| u16::try_from(code).ok()), code.as_str()) {
        (Some(status), _) if (100..600).contains(&status) => clues.push(Clue::Status(status)),
        (_, Some(word)) => clues.push(Clue::Reason(word.to_owned())),
        _ => {}
    }
}

/// A message may be the whole error once more, as text.
fn read_message(text: &str, clues: &mut Vec<Clue>, wraps: usize) {
    let inner = text.find(['{', '[']).filter(|_| wraps > 0 && depth(text) <= MAX_DEPTH);
    let whole = inner.and_then(|start| serde_json::from_str::<Value>(text[start..].trim()).ok());
    // Gateways write words of their own behind the provider's error.
    let googles = |value: &Value| find_error(value).is_some_and(is_googles);
    let parsed = whole.or_else(|| inner.and_then(|_| quoted(text)).filter(googles));
    if let Some(error) = parsed.as_ref().and_then(find_error) {
        return read_error(error, clues, wraps - 1);
    }
    read_limits(text, clues);
    clues.push(Clue::Message(text.to_owned()));
}

/// Limits and delays that stand in the words only.
fn read_limits(text: &str, clues: &mut Vec<Clue>) {
    let zero = text.split("limit:").skip(1).any(|rest| {
        let rest = rest.trim_start();
        let more = rest.strip_prefix('0').map(|more| more.strip_prefix('.').unwrap_or(more));
        more.is_some_and(|more| !more.starts_with(|next: char| next.is_ascii_digit()))
    });
    if zero {
        push_new(clues, Clue::LimitZero);
    }
    let said = text.split("retry in ").nth(1).and_then(leading_duration_ms);
    let known = clues.iter().any(|clue| matches!(clue, Clue::RetryAfterMs(_)));
    if let Some(ms) = said.filter(|_| !known) {
        clues.push(Clue::RetryAfterMs(ms));
    }
}

fn read_detail(detail: &Value, clues: &mut Vec<Clue>) {
    let kind = detail["@type"].as_str().unwrap_or_else(|| kind_by_fields(detail));
    match kind.rsplit('.').next().unwrap_or_default() {
        "QuotaFailure" => items(&detail["violations"]).for_each(|one| read_violation(one, clues)),
        "RetryInfo" => {
            let delay = detail["retryDelay"].as_str().and_then(leading_duration_ms);
            clues.extend(delay.map(Clue::RetryAfterMs));
        }
        "Help" => items(&detail["links"])
            .filter_map(|link| link["url"].as_str())
            .for_each(|url| clues.push(Clue::Link(url.to_owned()))),
        "BadRequest" => {
            items(&detail["fieldViolations"]).for_each(|one| read_refused_field(one, clues));
        }
        _ => read_info(detail, clues),
    }
}

/// Some clients drop the type of a detail; its fields still tell it.
fn kind_by_fields(detail: &Value) -> &'static str {
    const KINDS: [(&str, &str); 3] = [
        ("violations", "QuotaFailure"),
        ("retryDelay", "RetryInfo"),
        ("fieldViolations", "BadRequest"),
    ];
    let known = KINDS.iter().find(|(field, _)| !detail[*field].is_null());
    known.map_or("ErrorInfo", |(_, kind)| kind)
}

/// A generic message may say only here what is wrong.
fn read_refused_field(violation: &Value, clues: &mut Vec<Clue>) {
    if let Some(field) = violation["field"].as_str() {
        clues.push(Clue::Meta("field".to_owned(), field.to_owned()));
    }
    if let Some(description) = violation["description"].as_str() {
        push_new(clues, Clue::Message(description.to_owned()));
    }
}

/// Names of details that this program gives itself; no server writes those.
const OURS: &[&str] = &[
    "aside",
    "author",
    "field",
    "hop",
    "key_seen",
    "model",
    "named_field",
    "near",
    "quota_model",
    "refused_by",
    "sdk",
    "served",
    "sibling",
    "successor",
    "unmarked",
    "unnamed_field",
    "url",
    "variable",
];

fn read_info(detail: &Value, clues: &mut Vec<Clue>) {
    if let Some(reason) = detail["reason"].as_str() {
        clues.push(Clue::Reason(reason.to_owned()));
    }
    let Some(metadata) = detail["metadata"].as_object() else { return };
    for (name, value) in metadata {
        let Some(value) = value.as_str().filter(|_| !OURS.contains(&name.as_str())) else {
            continue;
        };
        if name == "quota_limit_value" && value == "0" {
            push_new(clues, Clue::LimitZero);
        }
        clues.push(Clue::Meta(name.clone(), value.to_owned()));
    }
}

fn read_violation(violation: &Value, clues: &mut Vec<Clue>) {
    if let Some(id) = violation["quotaId"].as_str() {
        clues.push(Clue::QuotaId(id.to_owned()));
    }
    for name in ["quotaMetric", "quotaValue"] {
        if let Some(value) = violation[name].as_str() {
            clues.push(Clue::Meta(name.to_owned(), value.to_owned()));
        }
    }
    if violation["quotaValue"].as_str() == Some("0") {
        push_new(clues, Clue::LimitZero);
    }
    if let Some(model) = violation["quotaDimensions"]["model"].as_str() {
        clues.push(Clue::Meta("quota_model".to_owned(), model.to_owned()));
    }
}

/// `37s`, `34.07s`, `500ms` at the start of a text, in milliseconds.
fn leading_duration_ms(text: &str) -> Option<u64> {
    let end = text.find(|character: char| !character.is_ascii_digit() && character != '.')?;
    let number: f64 = text[..end].parse().ok()?;
    let factor = match &text[end..] {
        unit if unit.starts_with("ms") => 1.0,
        unit if unit.starts_with('s') => 1000.0,
        _ => return None,
    };
    Some((number * factor) as u64)
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn push_new(clues: &mut Vec<Clue>, clue: Clue) {
    if !clues.contains(&clue) {
        clues.push(clue);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVALID: &str = r#"{"error":{"code":400,"message":"API key not valid.","status":
        "INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",
        "reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"g"}}]}}"#;

    fn said(clues: &[Clue], text: &str) -> bool {
        clues.contains(&Clue::Message(text.to_owned()))
    }

    #[test]
    fn one_error_reads_the_same_in_every_dress() {
        let plain = read(INVALID);
        assert!(plain.contains(&Clue::Reason("API_KEY_INVALID".to_owned())));
        assert!(plain.contains(&Clue::Status(400)) && said(&plain, "API key not valid."));
        assert_eq!(read(&format!("[{INVALID}]")), plain);
        let wrapped = serde_json::json!({"error": {"message": INVALID, "code": 400}}).to_string();
        let unwrapped = read(&wrapped);
        assert!(plain.iter().all(|clue| unwrapped.contains(clue)));
        assert_eq!(read(&serde_json::json!({ "error": INVALID }).to_string()), plain);
    }

    #[test]
    fn quota_bodies_give_ids_limits_and_delays() {
        let clues = read(
            r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":
            "Quota exceeded for metric: m, limit: 0, model: x\nPlease retry in 35.5s.","details":[
            {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"PerDay"}]}]}}"#,
        );
        assert!(clues.contains(&Clue::LimitZero) && clues.contains(&Clue::RetryAfterMs(35_500)));
        assert!(clues.contains(&Clue::QuotaId("PerDay".to_owned())));
        let limited =
            read(r#"{"error":{"code":429,"message":"limit: 05, limit: 20, retry in 9ms"}}"#);
        assert!(!limited.contains(&Clue::LimitZero));
        assert!(limited.contains(&Clue::RetryAfterMs(9)));
    }

    #[test]
    fn what_a_gateway_puts_beside_its_own_words_is_read_too() {
        let body = serde_json::json!({"error": {"message": "Provider returned error", "code": 400,
            "metadata": {"raw": INVALID, "provider_name": "Google AI Studio"}}});
        let clues = read_value(&body);
        assert!(clues.contains(&Clue::Reason("API_KEY_INVALID".to_owned())), "{clues:?}");
        let array =
            r#"{"success":false,"error":[{"code":2001,"message":"Please configure the gateway"}]}"#;
        assert!(said(&read(array), "Please configure the gateway"));
    }

    #[test]
    fn a_gateways_list_of_errors_gives_its_first_message() {
        let clues = read(r#"{"success":false,"errors":[{"code":7000,"message":"No route"}]}"#);
        assert_eq!(clues, [Clue::Message("No route".to_owned())]);
    }

    #[test]
    fn the_providers_error_is_found_in_a_gateways_words() {
        let plain = read(INVALID);
        let text = format!(
            "litellm.AuthenticationError: GeminiException - {INVALID}\n\nLiteLLM: it failed."
        );
        let body = serde_json::json!({"error": {"message": text, "type": "auth", "code": "401"}});
        let clues = read_value(&body);
        assert!(plain.iter().all(|clue| clues.contains(clue)), "{clues:?}");
        assert!(clues.contains(&Clue::Status(401)), "{clues:?}");
        // Whoever quotes something else keeps their own words.
        let other = r#"{"error":{"message":"bad thing {\"a\": 1} happened","code":500}}"#;
        assert!(said(&read(other), "bad thing {\"a\": 1} happened"));
    }

    #[test]
    fn what_is_not_an_error_gives_no_clue() {
        for text in ["", "{}", "[]", "null", "{\"models\":[]}", "<html>", "{\"error\":", "7"] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn nesting_is_counted_without_recursion() {
        assert_eq!(depth(&"[".repeat(100_000)), 100_000);
        assert_eq!(depth(r#"{"a":"[[[[\"[["}"#), 1);
        assert_eq!(read(&"[".repeat(100_000)), []);
    }
}
