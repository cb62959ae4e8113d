//! The fields of an error by their names, in whatever form they are written: JSON with its quotes
//! eaten, cut in the middle or escaped over and over, text protos, Go's and gRPC's own forms.
//!
//! One pass over the text. It takes what stands beside a name and never asks how names are nested,
//! so that no form needs a rule of its own.

use serde_json::{Map, Value, json};

/// The longest value that is taken.
const LONGEST: usize = 8 * 1024;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Message,
    Code,
    Status,
    Reason,
    /// The word of a token endpoint.
    Grant,
    Delay,
    Link,
    Field,
    Quota(&'static str),
    /// A text proto's `key`, whose `value` follows.
    Key,
    Value,
    Meta(&'static str),
}

/// The names, in lower case and without underscores.
const NAMES: &[(&str, Kind)] = &[
    ("message", Kind::Message),
    ("desc", Kind::Message),
    ("grpcmessage", Kind::Message),
    ("errordescription", Kind::Message),
    ("code", Kind::Code),
    ("statuscode", Kind::Code),
    ("httpstatus", Kind::Code),
    ("status", Kind::Status),
    ("reason", Kind::Reason),
    ("error", Kind::Grant),
    ("errorsubtype", Kind::Grant),
    ("retrydelay", Kind::Delay),
    ("url", Kind::Link),
    ("field", Kind::Field),
    ("quotaid", Kind::Quota("quotaId")),
    ("quotavalue", Kind::Quota("quotaValue")),
    ("quotametric", Kind::Quota("quotaMetric")),
    ("key", Kind::Key),
    ("value", Kind::Value),
    ("service", Kind::Meta("service")),
    ("consumer", Kind::Meta("consumer")),
    ("containerinfo", Kind::Meta("containerInfo")),
    ("activationurl", Kind::Meta("activationUrl")),
    ("methodname", Kind::Meta("methodName")),
    ("permission", Kind::Meta("permission")),
    ("resource", Kind::Meta("resource")),
    ("quotalimitvalue", Kind::Meta("quota_limit_value")),
    ("quotaresetdelay", Kind::Meta("quotaResetDelay")),
    ("domain", Kind::Meta("domain")),
];

/// What token endpoints refuse with.
const GRANTS: &[&str] = &["invalid_grant", "invalid_rapt", "invalid_client", "unauthorized_client"];

/// Everything taken, in the shape of the API's own error object. `None` where the text has too
/// little of one.
pub(super) fn harvest(text: &str) -> Option<Value> {
    let mut taken = Taken::default();
    let mut at = 0;
    while let Some((kind, after)) = next_name(text, &mut at) {
        if let Some((value, end)) = value(text, after, kind) {
            taken.take(kind, value);
            at = end.max(at);
        }
    }
    taken.is_an_error().then(|| taken.object())
}

#[derive(Default)]
struct Taken {
    message: Option<String>,
    code: Option<u16>,
    status: Option<String>,
    reasons: Vec<String>,
    delay: Option<String>,
    links: Vec<Value>,
    fields: Vec<Value>,
    violations: Vec<Map<String, Value>>,
    metadata: Map<String, Value>,
    key: Option<String>,
}

impl Taken {
    fn take(&mut self, kind: Kind, value: String) {
        match kind {
            Kind::Message => self.take_message(value),
            Kind::Code | Kind::Status => self.take_status(&value),
            Kind::Reason => self.take_reason(&value),
            Kind::Grant if GRANTS.contains(&value.as_str()) => self.reasons.push(value),
            Kind::Grant => {}
            Kind::Delay => self.delay = self.delay.take().or(Some(value)),
            Kind::Link => self.links.push(json!({ "url": value })),
            Kind::Field => self.fields.push(json!({ "field": value })),
            Kind::Quota(name) => self.take_quota(name, value),
            Kind::Key => self.key = Some(value),
            Kind::Value => {
                if let Some(key) = self.key.take() {
                    self.metadata.insert(key, Value::String(value));
                }
            }
            Kind::Meta(name) => {
                self.metadata.entry(name).or_insert(Value::String(value));
            }
        }
    }

    /// A wrapped line may have broken it.
    fn take_reason(&mut self, value: &str) {
        let reason: String = value.split_whitespace().collect();
        if super::words::is_constant(&reason) {
            self.reasons.push(reason);
        }
    }

    /// The first message that says more than a word.
    fn take_message(&mut self, value: String) {
        if !value.contains(char::is_alphanumeric) {
            return;
        }
        let better = value.contains(' ') && self.message.is_none();
        if better || self.message.is_none() {
            self.message = Some(value);
        }
    }

    fn take_status(&mut self, value: &str) {
        if let Ok(code) = value.parse::<u16>() {
            self.code = self.code.or((300..600).contains(&code).then_some(code));
        } else if let Some(rpc) = super::words::rpc(value) {
            self.status = self.status.take().or(Some(rpc));
        }
    }

    fn take_quota(&mut self, name: &str, value: String) {
        let begins = self.violations.last().is_none_or(|last| last.contains_key(name));
        if begins {
            self.violations.push(Map::new());
        }
        let last = self.violations.last_mut().expect("one was pushed");
        last.insert(name.to_owned(), Value::String(value));
    }

    fn is_an_error(&self) -> bool {
        let named = self.status.is_some() || self.code.is_some();
        !self.reasons.is_empty()
            || self.violations.iter().any(|violation| violation.contains_key("quotaId"))
            || (named && self.message.is_some())
    }

    fn object(self) -> Value {
        let mut details = vec![json!({
            "@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": self.violations,
        })];
        let metadata = Value::Object(self.metadata);
        details.push(json!({ "metadata": metadata }));
        details.extend(self.reasons.into_iter().map(|reason| json!({ "reason": reason })));
        details.push(json!({"@type": "x.Help", "links": self.links}));
        details.push(json!({"@type": "x.BadRequest", "fieldViolations": self.fields}));
        if let Some(delay) = self.delay {
            details.push(json!({"@type": "x.RetryInfo", "retryDelay": delay}));
        }
        let mut error = json!({ "details": details });
        let said = [("message", self.message.map(Value::String))];
        let status = [("status", self.status.map(Value::String))];
        let code = [("code", self.code.map(Value::from))];
        for (name, value) in said.into_iter().chain(status).chain(code) {
            if let Some(value) = value {
                error[name] = value;
            }
        }
        json!({ "error": error })
    }
}

/// The next known name from a place on, and the place behind it.
fn next_name(text: &str, at: &mut usize) -> Option<(Kind, usize)> {
    let bytes = text.as_bytes();
    while *at < bytes.len() {
        let start = *at;
        if !bytes[start].is_ascii_alphabetic() {
            *at += 1;
            continue;
        }
        let length = bytes[start..].iter().take_while(|byte| is_name_byte(**byte)).count();
        *at = start + length;
        let closes_a_tag = start > 0 && bytes[start - 1] == b'/';
        if let Some(kind) = kind(&text[start..start + length]).filter(|_| !closes_a_tag) {
            return Some((kind, start + length));
        }
    }
    None
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn kind(word: &str) -> Option<Kind> {
    if word.len() > 20 {
        return None;
    }
    let plain = word.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase());
    NAMES.iter().find(|(name, _)| name.bytes().eq(plain.clone())).map(|(_, kind)| *kind)
}

/// The value that follows a name, and the place behind it.
fn value(text: &str, after: usize, kind: Kind) -> Option<(String, usize)> {
    let rest = &text[after..];
    let closed =
        rest.trim_start_matches(|letter: char| is_quote(letter) || matches!(letter, '\\' | ']'));
    let separated = match closed.trim_start().strip_prefix([':', '=', '>']) {
        Some(separated) => separated.trim_start_matches('>'),
        // `reason API_KEY_INVALID` stands in sentences too.
        None if kind == Kind::Reason && closed.starts_with(' ') => closed,
        None => return None,
    };
    let opened = separated.trim_start();
    let begin = text.len() - opened.len();
    let slashes = opened.bytes().take_while(|byte| *byte == b'\\').count();
    match opened[slashes..].chars().next()? {
        quote if is_quote(quote) => {
            let from = begin + slashes + quote.len_utf8();
            let end = from + quoted_length(&text[from..], quote, slashes);
            Some((unescaped(&text[from..end]), end))
        }
        // Without quotes a value stands on the line of its name.
        _ if separated.trim_start_matches([' ', '\t']).starts_with('\n') => None,
        _ => {
            let length = bare_length(opened, kind);
            let word = opened[..length].trim();
            (!word.is_empty()).then(|| (word.to_owned(), begin + length))
        }
    }
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '`' | '“' | '”' | '‘' | '’')
}

fn closes(quote: char, letter: char) -> bool {
    match quote {
        '“' | '”' => matches!(letter, '“' | '”' | '"'),
        '‘' | '’' => matches!(letter, '‘' | '’' | '\''),
        _ => letter == quote,
    }
}

/// How far a quoted value goes: to the quote of its own depth behind which a value may end.
fn quoted_length(text: &str, quote: char, depth: usize) -> usize {
    let mut slashes = 0;
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < LONGEST) {
        if letter == '\\' {
            slashes += 1;
            continue;
        }
        if closes(quote, letter) && slashes <= depth && may_end(&text[at + letter.len_utf8()..]) {
            return at - slashes;
        }
        slashes = 0;
    }
    text.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST).unwrap_or(text.len())
}

/// Whether what follows a quote lets it close a value: an inner quote is followed by more words.
fn may_end(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t']);
    let bare = rest.trim_start_matches('\\');
    let breaks = bare.len() < rest.len() && bare.starts_with(['n', 'r']);
    breaks
        || begins_a_field(bare)
        || bare.is_empty()
        || bare.starts_with([',', '}', ']', ')', ';', '\n', '\r', '>', '|'])
}

/// `value: "x"` may follow `key: "y"` without a comma.
fn begins_a_field(text: &str) -> bool {
    let length = text.bytes().take_while(|byte| is_name_byte(*byte)).count();
    kind(&text[..length]).is_some() && text[length..].starts_with([':', '='])
}

/// How far a value without quotes goes: a word, or for a message its line up to the next name, and
/// the points listed under it.
fn bare_length(text: &str, kind: Kind) -> usize {
    let far = floor(text, LONGEST);
    if kind != Kind::Message {
        let is_end = |letter: char| letter.is_whitespace() || ",}]);{[<\"'\\".contains(letter);
        return text[..far].find(is_end).unwrap_or(far);
    }
    let line = text[..far].match_indices('\n').find(|(at, _)| !goes_on(&text[at + 1..]));
    let line = line.map_or(far, |(at, _)| at);
    let next = text[..line].match_indices([',', '}', '<']).find(|(at, mark)| match *mark {
        "<" => text[at + 1..].starts_with('/'),
        _ => ends_message(&text[at + 1..]),
    });
    next.map_or(line, |(at, _)| at)
}

/// Whether a line is one more point of the message before it.
fn goes_on(line: &str) -> bool {
    line.trim_start_matches([' ', '\t']).starts_with("* ")
}

fn ends_message(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '"', '\'', '\\']);
    let length = rest.bytes().take_while(|byte| is_name_byte(*byte) || *byte == b'@').count();
    let (name, after) = rest.split_at(length);
    let named =
        kind(name).is_some() || ["details", "errors"].contains(&name.to_ascii_lowercase().as_str());
    rest.is_empty() || rest.starts_with(['}', ']']) || (named && after.starts_with([':', '=']))
}

/// The greatest place up to a length where a character begins.
fn floor(text: &str, length: usize) -> usize {
    (0..=length.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Without the marks of quoting, however deep it was.
fn unescaped(text: &str) -> String {
    text.replace("\\\\n", " ").replace("\\n", " ").replace('\\', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Value {
        harvest(text).unwrap_or_else(|| panic!("nothing in {text}"))["error"].take()
    }

    #[test]
    fn every_form_gives_the_same_fields() {
        for text in [
            r#"{"error":{"code":400,"message":"Key not valid, sorry.","status":"INVALID_ARGUMENT","reason":"API_KEY_INVALID"#,
            "{error:{code:400,message:Key not valid, sorry.,status:INVALID_ARGUMENT,reason:API_KEY_INVALID}}",
            r#"x {\"code\": 400, \"message\": \"Key not valid, sorry.\", \"status\": \"INVALID_ARGUMENT\", \"reason\": \"API_KEY_INVALID\"}"#,
            "Error 400, Message: Key not valid, sorry., Status: INVALID_ARGUMENT, Details: [map[reason:API_KEY_INVALID code:400]]",
            "“code”: 400, “message”: “Key not valid, sorry.”, “status”: “INVALID_ARGUMENT”, “reason”: “API_KEY_INVALID”",
            "{'code': 400, 'message': 'Key not valid, sorry.', 'status': 'INVALID_ARGUMENT', 'details': [{'reason': 'API_KEY_INVALID', 'met",
            "<code>400</code><message>Key not valid, sorry.</message><status>INVALID_ARGUMENT</status><reason>API_KEY_INVALID</reason>",
            "error:\n  code: 400\n  message: Key not valid, sorry.\n  status: INVALID_ARGUMENT\n  reason: API_KEY_INVALID",
            "HTTP status: 400, message: Key not valid, sorry., status: INVALID_ARGUMENT, (reason API_KEY_INVALID)",
            "code: 400 message: \"Key not valid, sorry.\"\nstatus: INVALID_ARGUMENT [reason: \"API_KEY_INVALID\"",
        ] {
            let error = error(text);
            assert_eq!(error["code"], 400, "{text}");
            assert_eq!(error["message"], "Key not valid, sorry.", "{text}");
            assert_eq!(error["status"], "INVALID_ARGUMENT", "{text}");
            assert!(error.to_string().contains("API_KEY_INVALID"), "{text}");
        }
    }

    #[test]
    fn a_message_keeps_the_quotes_within_it() {
        let error = error(r#"code: 403, message: "Permission 'a.b' denied on "x" now.", z: 1"#);
        assert_eq!(error["message"], "Permission 'a.b' denied on \"x\" now.");
    }

    #[test]
    fn a_message_keeps_the_points_listed_under_it() {
        let text =
            "Error 400, Message: Two faults:\n  * a[0]: no\n  * b: no, Status: INVALID_ARGUMENT";
        assert_eq!(error(text)["message"], "Two faults:\n  * a[0]: no\n  * b: no");
    }

    #[test]
    fn keys_and_values_of_a_text_proto_are_metadata() {
        let error =
            error("[reason: \"API_KEY_X\"\nmetadata {\n key: \"service\"\n value: \"a.b\"\n}");
        assert!(error["details"].to_string().contains(r#""service":"a.b""#), "{error}");
    }

    #[test]
    fn prose_and_settings_hold_no_error() {
        for text in ["", "status: fine", "message: hello", "code: 12, status: 200", "{\"message\":"]
        {
            assert_eq!(harvest(text), None, "{text}");
        }
    }
}
