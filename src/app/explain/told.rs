//! What the caller tells of the call beside its error, and what of it is worth a remark.

use crate::{
    commands::{explain::Explain, plans},
    diagnose::read::Around,
    error::UserError,
    facts::{Clue, credential},
    settings::{Given, Settings, World},
};

use super::{Output, body::GivenBody};

/// Client libraries that their maker gave up, and what took their place.
const RETIRED: &[(&str, &str)] = &[
    ("google-generativeai", "google-genai"),
    ("@google/generative-ai", "@google/genai"),
    ("vertexai.generative_models", "google-genai with vertexai=True"),
    ("generative-ai-go", "google.golang.org/genai"),
];

/// What is known of the call.
pub(super) fn around(
    args: &Explain,
    machine: &World,
    body: Option<&GivenBody>,
    output: &mut Output,
) -> Result<Around, UserError> {
    let mut around = Around { day: super::today(), ..Around::default() };
    around.url = args.url.as_deref().map(checked_url).transpose()?;
    around.model = args.model.as_deref().map(checked_model).transpose()?;
    around.request = body.map(GivenBody::ordered).transpose()?;
    if args.use_key_shape {
        around.told = key_shape(machine, output)?;
    }
    if let Some(sdk) = &args.sdk {
        around.told.push(Clue::Meta("sdk".to_owned(), sdk.clone()));
        around.remarks.extend(retired(sdk));
        if !is_a_client(sdk) {
            output.note(&format!(
                "--sdk: {sdk:?} is no client library that this program knows, so nothing is made of it"
            ));
        }
    }
    Ok(around)
}

fn checked_url(url: &str) -> Result<String, UserError> {
    let good = ["https://", "http://", "wss://"].iter().any(|scheme| url.starts_with(scheme));
    if good {
        // A key in a query is nobody's business here.
        return Ok(url.split(['?', '#']).next().unwrap_or_default().to_owned());
    }
    let hint = "write all of it, as in --url https://host/v1beta/models/NAME:generateContent";
    Err(UserError::usage("could not use --url: it does not begin with https://", hint))
}

fn checked_model(name: &str) -> Result<String, UserError> {
    if credential::looks_like_key(name) {
        return Err(UserError::key_as_name("--model"));
    }
    Ok(name.strip_prefix("models/").unwrap_or(name).to_owned())
}

/// The shape of the key that this program would use.
fn key_shape(machine: &World, output: &mut Output) -> Result<Vec<Clue>, UserError> {
    let settings = Settings::resolve(&Given::default(), machine)?;
    output.know(&settings);
    let Some(shape) = plans::shape(&settings) else {
        output.note("--use-key-shape: no key was found, so nothing is known of its shape");
        return Ok(Vec::new());
    };
    let origin = settings.key.origin.as_ref().map(ToString::to_string).unwrap_or_default();
    let seen = format!("--use-key-shape looked at {origin}: {}", shape.kind.phrase());
    let flaws = shape.flaws.iter().map(|flaw| Clue::Flaw(*flaw));
    let seen = [Clue::Key(shape.kind), Clue::Meta("key_seen".to_owned(), seen)];
    Ok(seen.into_iter().chain(flaws).collect())
}

/// Beginnings of the names of clients that are known; others say nothing to the catalogue.
const CLIENTS: &[&str] = &[
    "google",
    "@google",
    "genai",
    "gemini",
    "vertex",
    "langchain",
    "litellm",
    "openai",
    "llama",
    "ai-sdk",
    "@ai-sdk",
    "vercel",
    "haystack",
    "autogen",
    "crewai",
    "pydantic",
    "instructor",
    "spring",
    "firebase",
    "generative-ai",
    "semantic-kernel",
    "dspy",
    "curl",
    "requests",
    "httpx",
    "axios",
    "fetch",
    "n8n",
    "adk",
    "aider",
    "cline",
    "continue",
    "mastra",
    "genkit",
    "rig",
    "go",
    "java",
    "python",
    "node",
];

fn is_a_client(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    CLIENTS.iter().any(|known| name.starts_with(known))
}

fn retired(sdk: &str) -> Option<String> {
    let name = sdk.split(['=', '<', '>', ' ']).next().unwrap_or_default();
    let (_, successor) = RETIRED.iter().find(|(old, _)| old.eq_ignore_ascii_case(name))?;
    Some(format!("{name} is not maintained any more; {successor} took its place"))
}
