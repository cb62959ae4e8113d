//! Flag, variable, `.env`, config file, default: all in one folder, each value with its origin.
//!
//! Flags win over the environment, it over `.env`, that over the config file, that over the default;
//! a profile named on the command line counts as a flag. Opens no socket and prints nothing.

pub mod adc;
pub mod collector;
pub mod config;
pub mod decode;
pub mod dotenv;
pub mod given;
pub mod key;
mod layers;
mod models_file;
pub mod network;
pub mod origin;
pub mod output;
mod sdk;
mod toml_file;
mod trust;
pub mod variables;
pub mod world;

use std::{path::PathBuf, time::Duration};

pub use adc::Adc;
pub use config::Config;
pub use decode::{is_null_device, read_text};
pub use given::{ApiChoice, ColorChoice, Given, HttpVersion, Shell, WithoutKey};
pub use key::{KeyChoice, KeySource, Place, read_source};
pub use network::{Family, Network, ProxySetting, ResolveOverride};
pub use origin::{Origin, Sourced};
pub use output::Output;
pub use trust::Trust;
pub use variables::{VARIABLES, Variable, env_example};
pub use world::World;

pub use crate::facts::nearest;

use crate::{
    error::UserError,
    facts::{
        Api, Endpoint, HostKind, LocalFact,
        endpoint::{DEFAULT_API_VERSION, DEFAULT_BASE_URL},
        location, looks_like_key,
        models::ModelTable,
    },
};
use dotenv::Dotenv;
use layers::Layers;

/// Everything a run was told, with where each value came from.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where requests go.
    pub endpoint: Sourced<Endpoint>,
    /// The model, if one was named.
    pub model: Option<Sourced<String>>,
    /// The key, and how it was found.
    pub key: KeyChoice,
    /// What there is for the cloud platform.
    pub adc: Adc,
    /// What a run without a key is.
    pub without_key: WithoutKey,
    /// How the network is to be used.
    pub network: Network,
    /// What may be spent.
    pub budget: Budget,
    /// How the result is to be shown.
    pub output: Output,
    /// Where each request is logged.
    pub log: Option<PathBuf>,
    /// The seed of everything random.
    pub seed: u64,
    /// The dated table of models.
    pub model_table: ModelTable,
    /// The scenario to run against.
    pub simulate: Option<String>,
    /// What the SDKs' variables and the `.env` file show; the key's notes are with the key.
    pub facts: Vec<(LocalFact, String)>,
    /// What else is worth a line on standard error.
    pub remarks: Vec<String>,
    /// The `.env` file that was read, for a look at how it is kept, where a key stands in it.
    pub env_file: Option<PathBuf>,
}

/// What may be spent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The most requests.
    pub max_requests: Option<u64>,
    /// The most tokens.
    pub max_tokens: Option<u64>,
    /// The longest run.
    pub deadline: Option<Duration>,
    /// Whether paid calls are agreed to.
    pub yes: bool,
    /// Whether nothing is to be sent.
    pub dry_run: bool,
}

impl Settings {
    /// Works out what was meant. An error is a contradiction or an impossible value; a key that
    /// cannot be found or read is a fact for the report.
    pub fn resolve(given: &Given, world: &World) -> Result<Self, UserError> {
        refuse_real_sources_in_simulation(given)?;
        let config = Config::load(world)?;
        let layers = Layers::new(given, &config)?;
        let dotenv = Dotenv::find(given.env_file.as_deref(), world)?;
        let adc = Adc::find(given, world)?;
        let endpoint = endpoint(given, &layers, &adc)?;
        refuse_http2_without_tls(given, &endpoint.value)?;
        refuse_token_without_tls(&endpoint.value)?;
        let mut key = key::choose(given, world, &config, &dotenv)?;
        let mut facts: Vec<(LocalFact, String)> =
            dotenv.facts().into_iter().chain(sdk::facts(world)).collect();
        // Where the platform is asked, nobody has to be told of it.
        let is_asked = matches!(endpoint.value.api, Api::Vertex { .. });
        let is_meant = is_asked || adc.has_login();
        let switch = is_meant.then(|| sdk::meant_switch(&mut facts)).flatten();
        let switch = switch.filter(|_| !is_asked);
        if let Some(switch) = switch.as_ref().filter(|_| key.key.is_none()) {
            key.notes.push((LocalFact::LoginInstead, switch.clone()));
        }
        Ok(Self {
            endpoint,
            model: model(given, world, &dotenv, &layers)?,
            key,
            adc,
            without_key: given.without_key.unwrap_or_default(),
            network: Network::resolve(given, world, &layers)?,
            budget: budget(given)?,
            output: Output::resolve(given, world),
            log: given.log.clone(),
            seed: given.seed.unwrap_or_else(|| fastrand::u64(..)),
            model_table: model_table(given, world)?,
            simulate: given.simulate.clone(),
            facts,
            remarks: remarks(&dotenv, world).into_iter().chain(switch).collect(),
            env_file: dotenv.holds_key().then_some(dotenv.path).flatten(),
        })
    }

    /// Whether there is something that stands for the caller, where the API that is asked wants it.
    pub fn has_credential(&self) -> bool {
        match self.endpoint.value.api {
            Api::Vertex { .. } => !self.adc.is_named || self.adc.text.is_some(),
            Api::Gemini | Api::Express | Api::OpenAi => self.key.key.is_some(),
        }
    }

    /// Everything noticed on this machine so far, the key's notes first.
    pub fn local_facts(&self) -> impl Iterator<Item = &(LocalFact, String)> {
        self.key.notes.iter().chain(&self.facts)
    }
}

/// A simulated run reads nothing of the machine; an explicit wish to do so contradicts it.
fn refuse_real_sources_in_simulation(given: &Given) -> Result<(), UserError> {
    let real = [
        ("--key-file", given.key_file.is_some()),
        ("--key-stdin", given.key_stdin),
        ("--key-command", given.key_command.is_some()),
        ("--env-file", given.env_file.is_some()),
        ("--credentials", given.credentials.is_some()),
        ("--proxy", given.proxy.is_some()),
        ("--resolve", !given.resolve.is_empty()),
    ];
    match real.iter().find(|(_, is_given)| *is_given && given.simulate.is_some()) {
        Some((option, _)) => Err(UserError::usage(
            format!(
                "could not use {option} with --simulate: a scenario brings its own key and network, \
                 and nothing of this machine is read"
            ),
            format!("leave out {option}, or leave out --simulate"),
        )),
        None => Ok(()),
    }
}

/// A token opens a whole project for an hour, and whoever reads along could use it.
fn refuse_token_without_tls(endpoint: &Endpoint) -> Result<(), UserError> {
    let is_login = matches!(endpoint.api, Api::Vertex { .. });
    if !is_login || endpoint.secure || endpoint.host_kind() == HostKind::Loopback {
        return Ok(());
    }
    let what = format!(
        "could not use --api vertex with {}: an access token would be sent without TLS",
        endpoint.base_url()
    );
    Err(UserError::usage(what, "give an https:// URL"))
}

/// Over TLS both sides agree on HTTP/2; without it there is nothing to agree in.
fn refuse_http2_without_tls(given: &Given, endpoint: &Endpoint) -> Result<(), UserError> {
    if endpoint.secure || given.http != Some(HttpVersion::Http2) {
        return Ok(());
    }
    let what = format!("could not use --http 2 with {}: it needs https://", endpoint.base_url());
    Err(UserError::usage(what, "leave out --http 2, or give an https:// URL"))
}

fn endpoint(given: &Given, layers: &Layers<'_>, adc: &Adc) -> Result<Sourced<Endpoint>, UserError> {
    let api = api(given, adc)?;
    let usual = usual(&api);
    let url = layers.pick(given.base_url.clone(), "--base-url", |table| table.base_url.clone());
    let url = url.unwrap_or_else(|| Sourced::new(usual.base_url, Origin::Default));
    let version =
        layers.pick(given.api_version.clone(), "--api-version", |table| table.api_version.clone());
    let version = version.as_ref().map(api_version).transpose()?;
    let origin = url.origin.clone();
    let parse = |url: String| endpoint_of(url.trim(), version, (api, usual.version));
    url.try_map(parse).map_err(|why: String| {
        UserError::usage(
            format!("could not use the base URL of {origin}: {why}"),
            format!("write it as {DEFAULT_BASE_URL}"),
        )
    })
}

/// Where an API is, and which version of it, unless somebody says otherwise.
struct Usual {
    base_url: String,
    version: &'static str,
}

fn usual(api: &Api) -> Usual {
    let cloud = |place: &str| Usual { base_url: location::base_url(place), version: "v1" };
    match api {
        Api::Gemini | Api::OpenAi => {
            Usual { base_url: DEFAULT_BASE_URL.to_owned(), version: DEFAULT_API_VERSION }
        }
        Api::Express => cloud(location::GLOBAL),
        // What cannot be a location is in no host's name: its own check says so.
        Api::Vertex { location, .. } if !location::is_location(location) => cloud(location::GLOBAL),
        Api::Vertex { location, .. } => cloud(location),
    }
}

/// A base URL where one of the ways to the models is spoken.
fn endpoint_of(
    url: &str,
    version: Option<&str>,
    (api, usual): (Api, &str),
) -> Result<Endpoint, String> {
    match api {
        Api::OpenAi => Endpoint::parse_openai(url, version),
        api => Ok(Endpoint::parse(url, version.unwrap_or(usual))?.speaking(api)),
    }
}

/// The way to the models. The project of the credentials is known later on.
fn api(given: &Given, adc: &Adc) -> Result<Api, UserError> {
    let choice = given.api.unwrap_or_default();
    let of_cloud = [
        ("--project", given.project.is_some()),
        ("--location", given.location.is_some()),
        ("--credentials", given.credentials.is_some()),
    ];
    if let Some((option, _)) = of_cloud.iter().find(|(_, is_given)| *is_given)
        && choice != ApiChoice::Vertex
    {
        let what = format!("could not use {option}: only the cloud platform has such a thing");
        return Err(UserError::usage(what, "add --api vertex, or leave the option out"));
    }
    Ok(match choice {
        ApiChoice::Gemini => Api::Gemini,
        ApiChoice::OpenAi => Api::OpenAi,
        ApiChoice::Express => Api::Express,
        ApiChoice::Vertex => Api::Vertex {
            project: adc.project.as_ref().map(|project| project.value.clone()).unwrap_or_default(),
            location: adc.location.value.clone(),
            quota_project: adc.quota_project.as_ref().map(|project| project.value.clone()),
        },
    })
}

/// The version as it stands in a path; `none` for no such part.
fn api_version(version: &Sourced<String>) -> Result<&str, UserError> {
    let text = version.value.trim_matches('/');
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    match text {
        "none" => Ok(""),
        text if !text.is_empty() && text.chars().all(is_plain) => Ok(text),
        _ => Err(UserError::usage(
            format!("could not use the API version of {}: {text:?}", version.origin),
            "write v1beta, v1 or v1alpha, or none for a URL without one",
        )),
    }
}

fn model(
    given: &Given,
    world: &World,
    dotenv: &Dotenv,
    layers: &Layers<'_>,
) -> Result<Option<Sourced<String>>, UserError> {
    let variable = || {
        let value = world.variable("GEMINI_MODEL")?.to_owned();
        Some(Sourced::new(value, Origin::Variable("GEMINI_MODEL".to_owned())))
    };
    let named = layers.named(given.model.clone(), "--model", |table| table.model.clone());
    let model = named
        .or_else(variable)
        .or_else(|| model_of_dotenv(dotenv))
        .or_else(|| layers.top(|table| table.model.clone()));
    let model = model.map(|model| model.map(|name| bare_model(&name).to_owned()));
    match model {
        Some(model) if looks_like_key(&model.value) => {
            Err(UserError::key_as_name(&format!("the model of {}", model.origin)))
        }
        Some(model) if model.value.is_empty() => Err(UserError::usage(
            format!("could not use the model of {}: it is empty", model.origin),
            "name a model, such as gemini-3.5-flash, or leave the option out",
        )),
        model => Ok(model),
    }
}

fn model_of_dotenv(dotenv: &Dotenv) -> Option<Sourced<String>> {
    let entry = dotenv.last("GEMINI_MODEL").filter(|entry| !entry.value.is_empty())?;
    Some(Sourced::new(entry.value.clone(), entry.origin(dotenv)))
}

/// The API lists models as `models/x`; people name them either way.
fn bare_model(name: &str) -> &str {
    let bare = name.strip_prefix("publishers/google/").unwrap_or(name);
    bare.strip_prefix("models/").unwrap_or(bare)
}

fn budget(given: &Given) -> Result<Budget, UserError> {
    for (option, value) in
        [("--max-requests", given.max_requests), ("--max-tokens", given.max_tokens)]
    {
        if value == Some(0) {
            let what = format!("could not use {option}: 0 allows nothing");
            return Err(UserError::usage(what, "give 1 or more, or --dry-run to send nothing"));
        }
    }
    let deadline = given.deadline.map(|value| network::seconds(value, "--deadline")).transpose()?;
    Ok(Budget {
        max_requests: given.max_requests,
        max_tokens: given.max_tokens,
        deadline,
        yes: given.yes,
        dry_run: given.dry_run,
    })
}

fn model_table(given: &Given, world: &World) -> Result<ModelTable, UserError> {
    match &given.models_file {
        Some(path) => models_file::read(&world.path(path)),
        None => Ok(ModelTable::embedded()),
    }
}

fn remarks(dotenv: &Dotenv, world: &World) -> Vec<String> {
    let odd = world.not_unicode.iter().filter(|name| variables::find(name).is_some());
    let odd = odd.map(|name| format!("the value of {name} is not Unicode"));
    dotenv.notes.iter().cloned().chain(odd).collect()
}

#[cfg(test)]
mod tests;
