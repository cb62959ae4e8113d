//! The text of a lock: TOML with one field a line, in the order of the names, so that a difference of two versions of it reads
//! as what changed. Opens no file, and never holds a key.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use serde::Deserialize;

use crate::{
    error::UserError,
    facts::Endpoint,
    probe::lock::{Lock, Locked},
};

/// The version of this form. A greater first number is one that this program cannot read.
const SCHEMA_VERSION: &str = "1.0";
const HINT: &str = "write it anew: gemini-doctor list-models NAME --lock FILE";

/// What stands above the models.
pub(super) struct Head<'a> {
    /// When the list was read.
    pub(super) locked_at: &'a str,
    /// Who gave it.
    pub(super) endpoint: &'a Endpoint,
    /// The scenario, if nothing was real.
    pub(super) simulated: Option<&'a str>,
}

/// The text of a lock.
pub(super) fn write(head: &Head<'_>, models: &[Locked]) -> String {
    let endpoint = head.endpoint;
    let simulated = head.simulated.map(|name| ("simulated", name.to_owned()));
    let told = [
        ("schema_version", SCHEMA_VERSION.to_owned()),
        ("locked_at", head.locked_at.to_owned()),
        ("base_url", endpoint.base_url()),
        ("api", endpoint.api.word().to_owned()),
        ("api_version", endpoint.api_version.clone()),
    ];
    let mut text =
        "# Models as they were listed; written by gemini-doctor list-models --lock.\n".to_owned();
    for (name, value) in told.into_iter().chain(simulated) {
        line(&mut text, name, &quoted(&value));
    }
    models.iter().for_each(|model| section(&mut text, model));
    text
}

/// One model. What the list does not tell is left out.
fn section(text: &mut String, model: &Locked) {
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let methods: Vec<String> = model.methods.iter().map(|method| quoted(method)).collect();
    let fields = [
        ("version", model.version.as_deref().map(quoted)),
        ("input_token_limit", number(model.input_token_limit)),
        ("output_token_limit", number(model.output_token_limit)),
        ("methods", Some(format!("[{}]", methods.join(", ")))),
        ("thinking", Some(model.thinking.to_string())),
        ("stage", model.stage.as_deref().map(quoted)),
    ];
    writeln!(text, "\n[models.{}]", quoted(&model.name)).expect("a string takes every text");
    for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        line(text, name, &value);
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    writeln!(text, "{name} = {value}").expect("a string takes every text");
}

/// A text of TOML on one line, whatever it holds.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            _ if character.is_control() => {
                write!(out, "\\u{:04X}", u32::from(character)).expect("a string takes every text");
            }
            _ => out.push(character),
        }
    }
    out + "\""
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema_version: String,
    locked_at: String,
    base_url: String,
    api: String,
    #[serde(rename = "api_version")]
    _api_version: String,
    simulated: Option<String>,
    #[serde(default)]
    models: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    version: Option<String>,
    input_token_limit: Option<u64>,
    output_token_limit: Option<u64>,
    #[serde(default)]
    methods: Vec<String>,
    #[serde(default)]
    thinking: bool,
    stage: Option<String>,
}

/// The lock that a text is.
pub(super) fn read(path: &Path, text: &str) -> Result<Lock, UserError> {
    let name = path.display();
    let refuse =
        |why: String| UserError::usage(format!("could not use the lock {name}{why}"), HINT);
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        refuse(format!(":{line}: {}", error.message().lines().next().unwrap_or_default()))
    })?;
    if file.schema_version.split('.').next() != SCHEMA_VERSION.split('.').next() {
        let version = file.schema_version;
        return Err(refuse(format!(": it is of version {version:?}, and this program reads 1.x")));
    }
    if file.models.is_empty() {
        return Err(refuse(": it holds no model".to_owned()));
    }
    Ok(Lock {
        file: name.to_string(),
        locked_at: file.locked_at,
        base_url: file.base_url,
        api: file.api,
        simulated: file.simulated,
        models: file.models.into_iter().map(locked).collect(),
    })
}

fn locked((name, entry): (String, Entry)) -> Locked {
    let mut methods = entry.methods;
    methods.sort_unstable();
    Locked {
        name,
        version: entry.version,
        input_token_limit: entry.input_token_limit,
        output_token_limit: entry.output_token_limit,
        methods,
        thinking: entry.thinking,
        stage: entry.stage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models() -> Vec<Locked> {
        let bare = Locked { name: "gateway/odd \"name\"\n".to_owned(), ..Locked::default() };
        let whole = Locked {
            name: "gemini-3.5-flash".to_owned(),
            version: Some("back\\slash".to_owned()),
            input_token_limit: Some(1_048_576),
            output_token_limit: Some(65_536),
            methods: vec!["countTokens".to_owned(), "generateContent".to_owned()],
            thinking: true,
            stage: Some("GA".to_owned()),
        };
        vec![bare, whole]
    }

    #[test]
    fn what_is_written_is_read_back() {
        let endpoint = Endpoint::parse("https://generativelanguage.googleapis.com", "v1beta");
        let endpoint = endpoint.expect("an endpoint");
        let head =
            Head { locked_at: "2026-11-30T23:00:00.000Z", endpoint: &endpoint, simulated: None };
        let text = write(&head, &models());
        let lock = read(Path::new("models.lock"), &text).expect("a lock");
        assert_eq!(lock.models, models());
        assert_eq!((lock.api.as_str(), lock.simulated), ("gemini", None));
        assert!(text.contains("\ninput_token_limit = 1048576\n"), "{text}");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let head = "schema_version = \"1.0\"\nlocked_at = \"\"\nbase_url = \"\"\napi = \"gemini\"\napi_version = \"\"\n";
        for (text, words) in [
            ("", "missing field"),
            ("schema_version = 1", "models.lock:1"),
            (head, "holds no model"),
            (
                &format!("{head}[models.a]\nversoin = \"1\""),
                "models.lock:7: unknown field `versoin`",
            ),
            (&format!("{}[models.a]", head.replace("1.0", "2.0")), "version \"2.0\""),
        ] {
            let error = read(Path::new("models.lock"), text).expect_err(text);
            assert!(error.what.contains(words), "{}", error.what);
        }
    }
}
