//! What the live commands share on the way from settings to a plan.

use std::path::Path;

use crate::{
    error::UserError,
    facts::{Api, LocalFact, looks_like_key},
    gemini::{
        credentials::{self, Credentials},
        key_shape::{self, Shape},
    },
    local::dotenv_hygiene,
    probe::{
        cloud::{CloudPlan, Said},
        key::{Depth, KeyPlan, Source},
    },
    secret::ApiKey,
    settings::{Given, Origin, Settings, Sourced, WithoutKey, read_text},
};

/// The longest run.
const LONGEST_S: f64 = 7.0 * 86_400.0;

/// The key's stages for these settings.
pub fn key_plan(settings: &Settings, depth: Depth) -> KeyPlan {
    let cloud = cloud(settings, depth).map(Box::new);
    KeyPlan {
        source: match &cloud {
            Some(login) => Source { origin: login.words(), ..Source::default() },
            None => source(settings),
        },
        shape: shape(settings).filter(|_| cloud.is_none()),
        model: settings.model.as_ref().map(|model| model.value.clone()),
        table: settings.model_table.clone(),
        depth,
        skip_without_key: settings.without_key == WithoutKey::Skip,
        cloud,
        health: None,
    }
}

/// The login for the cloud platform, where that is asked with one.
pub fn cloud(settings: &Settings, depth: Depth) -> Option<CloudPlan> {
    let Api::Vertex { .. } = &settings.endpoint.value.api else { return None };
    Some(login(settings, depth))
}

/// The login that this machine holds, whatever is asked.
pub fn login(settings: &Settings, depth: Depth) -> CloudPlan {
    let adc = &settings.adc;
    let mut shape = match &adc.text {
        Some(text) => Some(credentials::read(text.expose())),
        None if adc.is_named || !adc.notes.is_empty() => None,
        None => Some(credentials::not_from_a_file()),
    };
    let login = shape.as_mut().and_then(|shape| shape.credentials.as_mut());
    if let Some(source) = login.and_then(Credentials::subject_file) {
        read_proof(source);
    }
    let said =
        |from: &Sourced<String>| Said { value: from.value.clone(), by: from.origin.to_string() };
    let of_file = |value: fn(&credentials::Shape) -> Option<&String>| {
        let value = shape.as_ref().and_then(value)?;
        Some(Said { value: value.clone(), by: "the credentials' own".to_owned() })
    };
    CloudPlan {
        origin: adc.text.as_ref().and(adc.origin.as_ref()).map(|origin| match &adc.path {
            Some(path) if !matches!(origin, Origin::File(_)) => {
                format!("{origin} {}", path.display())
            }
            _ => origin.to_string(),
        }),
        is_named: adc.is_named,
        places: adc.places.clone(),
        notes: adc.notes.clone(),
        metadata_host: adc.metadata_host.clone(),
        project: adc.project.as_ref().map(said).or_else(|| of_file(|shape| shape.project.as_ref())),
        location: said(&adc.location),
        quota_project: adc
            .quota_project
            .as_ref()
            .map(said)
            .or_else(|| of_file(|shape| shape.quota_project.as_ref())),
        model: settings.model.as_ref().map(|model| model.value.clone()),
        skip_without_login: settings.without_key == WithoutKey::Skip,
        asks_endpoint: depth == Depth::Deep,
        proxies: Vec::new(),
        shape,
    }
}

/// Far beyond any proof that a provider gives out.
const MOST_OF_A_PROOF: u64 = 64 * 1024;

fn read_proof(source: &mut credentials::Source) {
    if let credentials::Source::File { path, text, .. } = source {
        let read = read_text(path, MOST_OF_A_PROOF);
        *text = Some(read.map(|decoded| ApiKey::new(decoded.text)));
    }
}

/// The secrets of that login, which nothing may show.
pub fn secrets_of_login(settings: &Settings) -> Vec<ApiKey> {
    let adc = &settings.adc;
    let inside = adc.text.iter().flat_map(|text| credentials::read(text.expose()).secrets);
    adc.misplaced.iter().cloned().chain(inside).collect()
}

/// What the key looks like, where there is one.
pub fn shape(settings: &Settings) -> Option<Shape> {
    let shape = settings.key.key.as_ref().map(|key| key_shape::shape(key.expose()))?;
    let googles = settings.endpoint.value.is_googles();
    Some(if googles { shape } else { shape.for_another_host() })
}

/// The key as it may be sent, where it may.
pub fn sendable(settings: &Settings) -> Option<ApiKey> {
    shape(settings).and_then(|shape| shape.sendable)
}

fn source(settings: &Settings) -> Source {
    let key = &settings.key;
    let origin = key.origin.as_ref().zip(key.key.as_ref());
    Source {
        origin: origin.map(|(origin, key)| format!("{origin} {}", key.fingerprint())),
        places: key
            .places
            .iter()
            .map(|place| format!("{} ({})", place.name, place.found))
            .collect(),
        notes: notes(settings),
        misnamed: key.misnamed.clone(),
    }
}

/// What was noticed on this machine; facts that matter only without a key are left out with one.
fn notes(settings: &Settings) -> Vec<(LocalFact, String)> {
    let hygiene = settings.env_file.as_deref().map(look_at).unwrap_or_default();
    let has_key = settings.key.key.is_some();
    let notes = settings.local_facts().cloned().chain(hygiene);
    notes.filter(|(fact, _)| !has_key || !fact.is_of_no_key()).collect()
}

fn look_at(env_file: &Path) -> Vec<(LocalFact, String)> {
    dotenv_hygiene::look(env_file)
}

/// A model's name where this is spoken: gateways put their providers' names in front.
pub fn name_for(name: &str, api: &Api) -> Result<String, UserError> {
    match (name.rsplit_once('/'), api) {
        (Some((provider, own)), Api::OpenAi) if provider != "models" => {
            let is_plain = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
            let bare = bare_name(own)?;
            match provider.split('/').all(is_plain) && !looks_like_key(provider) {
                true => Ok(format!("{provider}/{bare}")),
                false => bare_name(name),
            }
        }
        _ => bare_name(name),
    }
}

/// A name with `models/` in front is the same name; anything with another slash is none of ours.
pub fn bare_name(name: &str) -> Result<String, UserError> {
    let bare = name.strip_prefix("publishers/google/").unwrap_or(name);
    let bare = bare.strip_prefix("models/").unwrap_or(bare);
    if looks_like_key(bare) {
        return Err(UserError::key_as_name("NAME"));
    }
    if bare.is_empty() || bare.contains(['/', '?', '&', '#']) || bare.contains(char::is_whitespace)
    {
        let what = format!("{name:?} is no model's name");
        return Err(UserError::usage(
            what,
            "names look like gemini-3.5-flash: gemini-doctor list-models",
        ));
    }
    Ok(bare.to_owned())
}

/// `90`, `90s`, `10m`, `2h`, in milliseconds.
pub fn duration_ms(option: &str, text: &str) -> Result<f64, UserError> {
    let (number, seconds) = match text.trim().char_indices().next_back() {
        Some((at, 's')) => (&text.trim()[..at], 1.0),
        Some((at, 'm')) => (&text.trim()[..at], 60.0),
        Some((at, 'h')) => (&text.trim()[..at], 3600.0),
        _ => (text.trim(), 1.0),
    };
    let duration = number.parse::<f64>().ok().map(|number| number * seconds);
    match duration.filter(|seconds| *seconds > 0.0 && *seconds <= LONGEST_S) {
        Some(seconds) => Ok(seconds * 1000.0),
        None => Err(UserError::usage(
            format!("could not use {option} {text:?}: it is no time of up to seven days"),
            format!("for example {option} 90s, 10m or 2h"),
        )),
    }
}

/// How a command that asks nothing of the world prints.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct OfflineOutput {
    /// write the result as table, plain, json, ndjson or markdown [default: table]
    #[arg(long, value_name = "F", help_heading = "Output")]
    pub format: Option<String>,
    /// when to use colour [default: auto]
    #[arg(long, value_name = "WHEN", help_heading = "Output")]
    pub color: Option<crate::settings::ColorChoice>,
    /// print commands for this shell [default: the one in use]
    #[arg(long, value_name = "SHELL", help_heading = "Output")]
    pub shell: Option<crate::settings::Shell>,
}

impl OfflineOutput {
    /// The same as what every command is given, with these reports beside it.
    pub fn given(&self, reports: &[String]) -> Given {
        Given {
            format: self.format.clone(),
            color: self.color,
            shell: self.shell,
            report: reports.to_vec(),
            ..Given::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_gateways_have_names_with_slashes() {
        assert_eq!(
            name_for("gemini/gemini-3.5-flash", &Api::OpenAi).expect("a name"),
            "gemini/gemini-3.5-flash"
        );
        assert_eq!(
            name_for("models/gemini-3.5-flash", &Api::OpenAi).expect("a name"),
            "gemini-3.5-flash"
        );
        for (name, api) in
            [("a/b", Api::Gemini), ("/b", Api::OpenAi), ("a /b", Api::OpenAi), ("a/", Api::OpenAi)]
        {
            assert!(name_for(name, &api).is_err(), "{name}");
        }
    }

    #[test]
    fn durations_have_units_or_are_seconds() {
        for (text, ms) in [("90", 90_000.0), ("1.5s", 1500.0), ("10m", 600_000.0), ("2h", 7.2e6)] {
            assert_eq!(duration_ms("--duration", text).expect(text), ms);
        }
        for text in ["", "0", "-1s", "m", "10d", "1e99h", "NaN"] {
            assert!(duration_ms("--duration", text).is_err(), "{text}");
        }
    }
}
