//! Whether the log of somebody's calls has the fields that an incident or a bill is explained by. Looks at names
//! of fields in the first lines; what the values mean is no business of this file.

use std::collections::BTreeSet;

use serde_json::Value;

/// So many calls show which fields a log has.
const MOST_CALLS: usize = 1000;

/// A field with the names it goes by.
pub struct Field {
    /// What it is, in a word or two.
    pub name: &'static str,
    names: &'static [&'static str],
}

/// The fields that are needed.
pub const FIELDS: &[Field] = &[
    field("request id", &["request_id", "id", "trace_id", "correlation_id", "response_id"]),
    field("task", &["task_type", "task", "business_tag", "use_case", "feature", "operation"]),
    field("team", &["team_id", "team", "tenant", "tenant_id", "business_unit", "business_tag"]),
    field("model", &["model", "model_used", "model_name", "model_version"]),
    field("status", &["status", "status_code", "http_status", "code"]),
    field("latency", &["latency_ms", "latency", "duration_ms", "duration", "elapsed_ms"]),
    field("repeats", &["retry_count", "retries", "attempt", "attempts", "retry"]),
    field(
        "input tokens",
        &["input_tokens", "prompt_tokens", "prompt_token_count", "tokens_in", "input_token_count"],
    ),
    field(
        "output tokens",
        &[
            "output_tokens",
            "completion_tokens",
            "candidates_token_count",
            "tokens_out",
            "output_token_count",
        ],
    ),
];

const fn field(name: &'static str, names: &'static [&'static str]) -> Field {
    Field { name, names }
}

/// What a log has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// How many calls were looked at.
    pub calls: usize,
    /// The needed fields that no call has.
    pub missing: Vec<&'static str>,
}

/// Looks at JSON lines, a JSON array or CSV. None where it is none of them.
pub fn look(text: &str) -> Option<Fields> {
    let calls = rows(text)?;
    let has = |field: &Field| {
        calls.iter().any(|call| field.names.iter().any(|name| call.contains(*name)))
    };
    let missing = FIELDS.iter().filter(|field| !has(field)).map(|field| field.name).collect();
    Some(Fields { calls: calls.len(), missing })
}

/// The fields of each call that have a value, by their names in one spelling.
fn rows(text: &str) -> Option<Vec<BTreeSet<String>>> {
    let text = text.trim_start();
    let rows: Vec<BTreeSet<String>> = match text.chars().next()? {
        '[' => {
            let all: Vec<Value> = serde_json::from_str(text).ok()?;
            all.iter().take(MOST_CALLS).map(names_of).collect()
        }
        '{' => text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .take(MOST_CALLS)
            .map(|value| names_of(&value))
            .collect(),
        _ => of_csv(text)?,
    };
    (!rows.is_empty()).then_some(rows)
}

/// The names of an object's fields, those of objects in it as well: usage often has one of its own.
fn names_of(value: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        let Value::Object(fields) = value else { continue };
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            names.insert(spelt(name));
            waiting.push(value);
        }
    }
    names
}

/// Values with quoted commas would move the columns, so that a column counts where any row fills it.
fn of_csv(text: &str) -> Option<Vec<BTreeSet<String>>> {
    let mut lines = text.lines();
    let head: Vec<String> = lines.next()?.split([',', ';', '\t']).map(spelt).collect();
    if head.len() < 2 {
        return None;
    }
    let row = |line: &str| {
        let cells = line.split([',', ';', '\t']);
        let filled =
            head.iter().zip(cells).filter(|(_, cell)| !cell.trim_matches([' ', '"']).is_empty());
        filled.map(|(name, _)| name.clone()).collect()
    };
    Some(lines.filter(|line| !line.trim().is_empty()).take(MOST_CALLS).map(row).collect())
}

/// `promptTokenCount`, `Prompt-Token-Count` and `prompt_token_count` are one name.
fn spelt(name: &str) -> String {
    let mut out = String::new();
    let mut small = false;
    for letter in name.trim_matches([' ', '"', '\r']).chars() {
        match letter {
            'A'..='Z' if small => out.extend(['_', letter.to_ascii_lowercase()]),
            '-' | ' ' | '.' => out.push('_'),
            _ => out.push(letter.to_ascii_lowercase()),
        }
        small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{"requestId":"r","taskType":"t","teamId":"a","model":"m","status":200,"latencyMs":8,"retryCount":0,"usage":{"promptTokenCount":1,"candidatesTokenCount":2}}"#;

    #[test]
    fn names_are_found_in_every_spelling_and_place() {
        assert_eq!(look(WHOLE), Some(Fields { calls: 1, missing: Vec::new() }));
        let array = format!("[{WHOLE},{WHOLE}]");
        assert_eq!(look(&array), Some(Fields { calls: 2, missing: Vec::new() }));
    }

    #[test]
    fn what_no_call_has_is_missing() {
        let log = "{\"model\":\"m\",\"status\":200,\"latency_ms\":5}\n{\"model\":\"m\",\"status\":429,\"team\":null}\n";
        let fields = look(log).expect("a log");
        assert_eq!(fields.calls, 2);
        assert_eq!(
            fields.missing,
            ["request id", "task", "team", "repeats", "input tokens", "output tokens"]
        );
    }

    #[test]
    fn a_table_of_commas_is_a_log_too() {
        let log = "request_id,model,status,latency_ms,input_tokens\nr1,m,200,5,\n";
        let missing = look(log).expect("a log").missing;
        assert_eq!(missing, ["task", "team", "repeats", "input tokens", "output tokens"]);
    }

    #[test]
    fn what_is_no_log_is_none() {
        for text in ["", "hello", "[1, 2", "{oops"] {
            assert_eq!(look(text), None, "{text:?}");
        }
    }
}
