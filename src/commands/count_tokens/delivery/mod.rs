//! The live part of `count-tokens`: what it takes, the plan that this becomes, and how its results read. Must
//! neither ask nor print.

mod data;
mod sheets;
mod words;

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::{
    error::UserError,
    facts::{self, Class, models::Thinking},
    gemini::needles,
    probe::{
        Plan, Then,
        key::Depth,
        tokens::{Arm, Ask, Delivered, DeliveryPlan, Payload},
    },
    report::document::{Remark, Sheet},
    settings::{Origin, Settings},
    tokens::{
        Counter, Vocabulary,
        body::{Api, Asked, Body},
        delivery::{self, Books, ToolsVerdict},
    },
};

use super::{
    super::{own_text::OwnText, plans},
    amount,
    gate::{Gate, Passes},
};

/// How long an answer to a long prompt may take, where nobody says otherwise.
const PATIENCE: Duration = Duration::from_secs(300);

const HEADING: &str = "Asking the service";

/// What the live part takes.
#[derive(Args, Clone, Debug, Default)]
pub struct DeliveryArgs {
    /// ask the service's own countTokens as well, which is free
    #[arg(long, conflicts_with_all = ["prove_delivery", "find_ceiling"], help_heading = HEADING)]
    pub verify: bool,
    /// prove that a long prompt arrives whole: needles at seven depths and three counts (paid)
    #[arg(long, conflicts_with_all = ["find_ceiling", "max"], help_heading = HEADING)]
    pub prove_delivery: bool,
    /// with --prove-delivery, send the same once more with an empty list of tools
    #[arg(long, value_name = "WHAT", requires = "prove_delivery", help_heading = HEADING)]
    pub ab: Option<Compared>,
    /// look for the prompt size above which calls fail, by halving (paid, up to 24 calls)
    #[arg(long, conflicts_with = "max", help_heading = HEADING)]
    pub find_ceiling: bool,
    /// the tokens of the text that --prove-delivery makes up [default: 220k]
    #[arg(
        long,
        value_name = "N",
        value_parser = amount::made_up,
        requires = "prove_delivery",
        help_heading = HEADING
    )]
    pub tokens: Option<u64>,
    /// where the caller's own text may go
    #[command(flatten)]
    pub own_text: OwnText,
}

/// What a prompt can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compared {
    /// An empty list of tools.
    Tools,
}

/// The caller's own prompt, as it was read and counted.
#[derive(Clone, Debug)]
pub struct Own {
    /// What is sent of it.
    pub payload: Payload,
    /// What this program counts for it.
    pub tokens: u64,
    /// No fewer than its tokens; none where no such number is known.
    pub at_most: Option<u64>,
}

/// What a finished run is told with.
pub struct Told {
    /// The command's own data.
    pub data: Value,
    /// Its tables.
    pub sheets: Vec<Sheet>,
    /// What is worth a line.
    pub remarks: Vec<Remark>,
    /// What this does not show.
    pub limits: Vec<String>,
    /// The word of the headline.
    pub word: &'static str,
    /// Its sentence.
    pub sentence: String,
    /// Whether it stands whatever else was found.
    pub decided: bool,
    /// What fails the run, where the calls went well.
    pub class: Option<Class>,
}

impl DeliveryArgs {
    /// Whether anything is to be sent.
    pub fn is_live(&self) -> bool {
        self.verify || self.prove_delivery || self.find_ceiling
    }

    /// The command to ask again with.
    pub fn again(&self) -> String {
        let mode = match (self.prove_delivery, self.find_ceiling) {
            (true, _) => " --prove-delivery",
            (_, true) => " --find-ceiling",
            _ => " --verify",
        };
        let ab = if self.ab.is_some() { " --ab tools" } else { "" };
        let tokens = self.tokens.map(|tokens| format!(" --tokens {tokens}"));
        let (tokens, host) = (tokens.unwrap_or_default(), self.own_text.options());
        format!("gemini-doctor count-tokens{mode}{ab}{tokens}{host}")
    }

    /// The plan for these arguments. `own` is the caller's own input, where there is one, and `limit` the largest
    /// size that a search tries.
    pub fn plan(
        &self,
        own: Option<&Own>,
        vocabulary: &Vocabulary,
        limit: Option<u64>,
        settings: &Settings,
    ) -> Result<Plan, UserError> {
        refuse_openai(settings)?;
        let ask = self.ask(limit)?;
        let payload = self.payload(own.map(|own| own.payload.clone()), ask)?;
        self.refuse_host(&payload, settings)?;
        let timeout = &settings.network.timeout.origin;
        let mut plan = DeliveryPlan {
            ask,
            payload,
            local: own.map(|own| own.tokens).filter(|_| ask == Ask::Verify),
            at_most: own.and_then(|own| own.at_most),
            seed: settings.seed,
            patience: (*timeout == Origin::Default).then_some(PATIENCE),
        };
        if let Ask::Prove { .. } = ask {
            let model = settings.model.as_ref().map(|model| model.value.as_str());
            plan.local = with_needles(&plan, model, vocabulary);
        }
        let key = plans::key_plan(settings, Depth::Free);
        Ok(Plan { key, then: Then::Delivery(Box::new(plan)) })
    }

    fn ask(&self, limit: Option<u64>) -> Result<Ask, UserError> {
        match (self.prove_delivery, self.find_ceiling) {
            (true, _) => Ok(Ask::Prove { tools: self.ab.is_some() }),
            (_, true) if limit > Some(DeliveryPlan::MOST_TOKENS) => Err(UserError::usage(
                format!("could not search above {} tokens", DeliveryPlan::MOST_TOKENS),
                "give --limit the largest size that makes sense for the model",
            )),
            (_, true) => Ok(Ask::Ceiling { limit, sizes: DeliveryPlan::SIZES }),
            _ if self.verify => Ok(Ask::Verify),
            _ => Err(UserError::usage(
                "could not tell what to send",
                "name --verify, --prove-delivery or --find-ceiling",
            )),
        }
    }

    fn payload(&self, own: Option<Payload>, ask: Ask) -> Result<Payload, UserError> {
        let made_up = Payload::Filler { tokens: self.tokens.unwrap_or(DeliveryPlan::TOKENS) };
        match (own, ask) {
            (Some(_), _) if self.tokens.is_some() => Err(UserError::usage(
                "could not use --tokens with an input: its size is its own",
                "leave out --tokens, or the input",
            )),
            (None, Ask::Verify) => Err(UserError::usage(
                "could not verify a count: there is no input",
                "name a file, or --request FILE, or pipe a text in",
            )),
            (Some(own), Ask::Prove { .. }) if !has_text(&own) => Err(UserError::usage(
                "could not prove a delivery: the input has no text to hide needles in",
                "nothing was sent; leave the input out, and a text is made up",
            )),
            // A search makes up texts of many sizes.
            (own, Ask::Prove { .. } | Ask::Verify) => Ok(own.unwrap_or(made_up)),
            (_, Ask::Ceiling { .. }) => Ok(made_up),
        }
    }

    /// A text that is made up is nobody's secret; the caller's own goes elsewhere only where that host is named.
    fn refuse_host(&self, payload: &Payload, settings: &Settings) -> Result<(), UserError> {
        match payload {
            Payload::Filler { .. } => Ok(()),
            _ => self.own_text.may_go_to(&settings.endpoint.value, settings),
        }
    }
}

fn refuse_openai(settings: &Settings) -> Result<(), UserError> {
    match settings.endpoint.value.api {
        facts::Api::OpenAi => Err(UserError::usage(
            "could not ask for a count over OpenAI's API: it has no such call",
            "leave out --api openai, or count offline, without the modes that ask the service",
        )),
        _ => Ok(()),
    }
}

fn has_text(own: &Payload) -> bool {
    match own {
        Payload::Filler { .. } => true,
        Payload::Text(text) => !text.trim().is_empty(),
        Payload::Body(body) => needles::has_text(body),
    }
}

/// What this program counts for the prompt with its needles.
fn with_needles(plan: &DeliveryPlan, model: Option<&str>, vocabulary: &Vocabulary) -> Option<u64> {
    let body = plan.body(Thinking::Unknown, "v1beta", false);
    let body = Body::read(&body.to_string()).ok()?;
    let asked = Asked { model: model.unwrap_or_default(), api: Api::Developer, doubt: None };
    let mut counter = Counter::new(vocabulary);
    Some(body.count(asked, |text| counter.count(text)).total())
}

/// All that is told of a finished run, beside what was counted offline. `max` is a bound for the service's count.
pub fn told(delivered: &Delivered, offline: Option<Value>, max: Option<u64>) -> Told {
    let counted = delivered.verified.as_ref().map(|counted| counted.total);
    let gate = max.zip(counted).map(|(max, tokens)| Gate::counted(max, tokens));
    let (word, sentence, decided) = words::headline(delivered, gate.as_ref());
    let mut live = data::data(delivered);
    live["gate"] = gate.as_ref().map_or(Value::Null, Gate::json);
    Told {
        remarks: words::remarks(delivered, offline.as_ref()),
        limits: words::limits(delivered, offline.as_ref()),
        data: super::data::joined(offline, live),
        sheets: sheets::sheets(delivered),
        word,
        sentence,
        decided,
        class: gate.filter(|gate| gate.result == Passes::No).map(|_| Class::Yours),
    }
}

/// What the calls of a prompt were counted as; the first answer's count is taken.
fn books(arm: &Arm) -> Books {
    arm.samples.first().map(|sample| sample.books).unwrap_or_default()
}

fn tools_verdict(delivered: &Delivered) -> Option<ToolsVerdict> {
    let [without, with] = &delivered.arms[..] else { return None };
    Some(delivery::compare(&without.verdict, &with.verdict))
}

fn why(verdict: &ToolsVerdict) -> Option<&str> {
    match verdict {
        ToolsVerdict::NoEffect => None,
        ToolsVerdict::Changes { what } => Some(what),
        ToolsVerdict::Unclear { because } => Some(because),
    }
}
