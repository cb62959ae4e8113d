//! The models that the simulated key may list, as they were in November 2026.
//!
//! Retired names are left out on purpose: asking for one must fail as it does at the real service.

use serde_json::{Value, json};

use super::super::call::Call;
use super::super::fault::Bend;
use super::error::ApiError;

/// One entry of the model list.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    display: &'static str,
    version: &'static str,
    pub(super) input: u32,
    output: u32,
    methods: &'static [&'static str],
    pub(super) thinking: Thinking,
    /// The model that answers when this name is only another name for it.
    target: Option<&'static str>,
}

/// How a model's thinking is steered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thinking {
    /// It does not think.
    None,
    /// By a number of tokens, 2.5 style.
    Budget { least: i64, most: i64, can_be_off: bool },
    /// By a level, from Gemini 3 on.
    Level { minimal: bool, usual: &'static str },
}

const GENERATE: &[&str] =
    &["generateContent", "countTokens", "createCachedContent", "batchGenerateContent"];
const GEMMA: &[&str] = &["generateContent", "countTokens"];
const EMBED: &[&str] = &["embedContent", "countTextTokens", "asyncBatchEmbedContent"];

const WITH_MINIMAL: Thinking = Thinking::Level { minimal: true, usual: "medium" };
const MINIMAL_FIRST: Thinking = Thinking::Level { minimal: true, usual: "minimal" };
const NO_MINIMAL: Thinking = Thinking::Level { minimal: false, usual: "medium" };
const PRO: Thinking = Thinking::Level { minimal: false, usual: "high" };

/// Every listed model, in the list's order.
pub(super) const ALL: &[Model] = &[
    gemini(
        "gemini-2.5-flash",
        "Gemini 2.5 Flash",
        "001",
        Thinking::Budget { least: 0, most: 24_576, can_be_off: true },
    ),
    gemini(
        "gemini-2.5-pro",
        "Gemini 2.5 Pro",
        "2.5",
        Thinking::Budget { least: 128, most: 32_768, can_be_off: false },
    ),
    gemini(
        "gemini-2.5-flash-lite",
        "Gemini 2.5 Flash-Lite",
        "001",
        Thinking::Budget { least: 512, most: 24_576, can_be_off: true },
    ),
    gemini(
        "gemini-3-flash-preview",
        "Gemini 3 Flash Preview",
        "3-flash-preview-12-2025",
        Thinking::Level { minimal: true, usual: "high" },
    ),
    gemini("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", "3.1-pro-preview-02-2026", PRO),
    gemini(
        "gemini-3.1-flash-lite",
        "Gemini 3.1 Flash-Lite",
        "3.1-flash-lite-05-2026",
        MINIMAL_FIRST,
    ),
    gemini("gemini-3.5-flash", "Gemini 3.5 Flash", "3.5-flash-05-2026", WITH_MINIMAL),
    gemini(
        "gemini-3.5-flash-lite",
        "Gemini 3.5 Flash-Lite",
        "3.5-flash-lite-07-2026",
        MINIMAL_FIRST,
    ),
    gemini("gemini-3.6-flash", "Gemini 3.6 Flash", "3.6-flash-07-2026", WITH_MINIMAL),
    gemini("gemini-3.7-flash", "Gemini 3.7 Flash", "3.7-flash-08-2026", NO_MINIMAL),
    gemini("gemini-3.8-flash", "Gemini 3.8 Flash", "3.8-flash-09-2026", NO_MINIMAL),
    gemini("gemini-4-argon", "Gemini 4 Argon", "4-argon-10-2026", NO_MINIMAL),
    alias("gemini-flash-latest", "Gemini Flash Latest", NO_MINIMAL, "gemini-3.8-flash"),
    alias(
        "gemini-flash-lite-latest",
        "Gemini Flash-Lite Latest",
        MINIMAL_FIRST,
        "gemini-3.5-flash-lite",
    ),
    alias("gemini-pro-latest", "Gemini Pro Latest", PRO, "gemini-3.1-pro-preview"),
    Model {
        id: "gemma-4-31b-it",
        display: "Gemma 4 31B IT",
        version: "001",
        input: 256_000,
        output: 8_192,
        methods: GEMMA,
        thinking: Thinking::None,
        target: None,
    },
    Model {
        id: "gemini-embedding-001",
        display: "Gemini Embedding 001",
        version: "001",
        input: 2_048,
        output: 1,
        methods: EMBED,
        thinking: Thinking::None,
        target: None,
    },
];

/// The model of that id, or of that alias.
pub(super) fn find(id: &str) -> Option<&'static Model> {
    ALL.iter().find(|model| model.id == id)
}

/// The model that can move on, the version that it then has, and the room for answers.
const MOVED: (&str, &str, u32) = ("gemini-3.5-flash", "moved-11-2026", 32_768);

/// One page of the list, as far as it is honest.
pub(super) fn page(call: &Call, cap: usize, bend: &Bend) -> Result<Value, ApiError> {
    let size = page_size(call.query("pageSize"))?.min(cap);
    let start = page_start(call.query("pageToken"))?;
    let end = (start + size).min(ALL.len());
    let mut models: Vec<Value> = ALL[start..end].iter().map(Model::describe).collect();
    let moved = ALL[start..end].iter().position(|model| model.id == MOVED.0);
    if let Some(place) = moved.filter(|_| bend.moved) {
        models[place]["version"] = MOVED.1.into();
        models[place]["outputTokenLimit"] = MOVED.2.into();
    }
    let mut page = json!({"models": models});
    if bend.same_page {
        page["nextPageToken"] = token(size.min(ALL.len() - 1)).into();
    } else if end < ALL.len() {
        page["nextPageToken"] = token(end).into();
    }
    Ok(page)
}

fn page_size(text: Option<&str>) -> Result<usize, ApiError> {
    let wrong = |text: &str| {
        ApiError::invalid(format!("Invalid value at 'page_size' (TYPE_INT32), \"{text}\""))
    };
    match text.map(|text| text.parse::<i32>().map_err(|_| wrong(text))).transpose()? {
        None | Some(0) => Ok(50),
        Some(size) => usize::try_from(size.min(1000)).map_err(|_| wrong(&size.to_string())),
    }
}

/// A token says where its page starts, disguised so that nobody takes it for a number.
fn token(start: usize) -> String {
    format!("Ch{start:04x}SimulatedPage")
}

fn page_start(token: Option<&str>) -> Result<usize, ApiError> {
    let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(0) };
    let digits = token.strip_prefix("Ch").and_then(|rest| rest.strip_suffix("SimulatedPage"));
    let start = digits.and_then(|digits| usize::from_str_radix(digits, 16).ok());
    let start = start.filter(|start| *start < ALL.len());
    start.ok_or_else(|| ApiError::invalid("page token is not valid"))
}

impl Model {
    /// Whether a method may be called on it; streaming goes with generating, many texts with one.
    pub(super) fn offers(&self, method: &str) -> bool {
        let method = match method {
            "streamGenerateContent" => "generateContent",
            "batchEmbedContents" => "embedContent",
            method => method,
        };
        self.methods.contains(&method)
    }

    /// The name that the model's answers bear.
    pub(super) fn answers_as(&self) -> &'static str {
        self.target.unwrap_or(self.id)
    }

    /// Its generation, 2.5 as `(2, 5)`; that of models of other families is before all.
    pub(super) fn generation(&self) -> (u32, u32) {
        let Some(rest) = self.answers_as().strip_prefix("gemini-") else { return (0, 0) };
        let number = rest.split('-').next().unwrap_or_default();
        let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
        (major.parse().unwrap_or(0), minor.parse().unwrap_or(0))
    }

    /// The most tokens of an answer.
    pub(super) fn output(&self) -> u32 {
        self.output
    }

    /// Whether it keeps the rules that came with Gemini 3.
    pub(super) fn is_gemini_3_or_later(&self) -> bool {
        matches!(self.thinking, Thinking::Level { .. })
    }

    /// The model as `models.get` and `models.list` show it.
    pub(super) fn describe(&self) -> Value {
        let mut model = json!({
            "name": format!("models/{}", self.id),
            "version": self.version,
            "displayName": self.display,
            "description": format!("{} of the gemini-doctor simulator.", self.display),
            "inputTokenLimit": self.input,
            "outputTokenLimit": self.output,
            "supportedGenerationMethods": self.methods,
        });
        if self.offers("generateContent") {
            model["temperature"] = 1.into();
            model["topP"] = 0.95.into();
            model["topK"] = 64.into();
            model["maxTemperature"] = 2.into();
        }
        if self.thinking != Thinking::None {
            model["thinking"] = true.into();
        }
        model
    }

    /// The model as the OpenAI-compatible list shows it.
    pub(super) fn describe_for_open_ai(&self) -> Value {
        let name = format!("models/{}", self.id);
        json!({"id": name, "object": "model", "owned_by": "google", "display_name": self.display})
    }
}

const fn gemini(
    id: &'static str,
    display: &'static str,
    version: &'static str,
    thinking: Thinking,
) -> Model {
    Model {
        id,
        display,
        version,
        input: 1_048_576,
        output: 65_536,
        methods: GENERATE,
        thinking,
        target: None,
    }
}

const fn alias(
    id: &'static str,
    display: &'static str,
    thinking: Thinking,
    target: &'static str,
) -> Model {
    Model { target: Some(target), ..gemini(id, display, "latest", thinking) }
}
