//! What `count-tokens` sends of the caller's own, for the modes that ask the service: it is counted here first.

use serde_json::Value;

use crate::{
    commands::{
        count_tokens::{Body, CountTokens, Input, Prices, delivery::Own},
        plans,
    },
    error::UserError,
    exit::Exit,
    probe::tokens::Payload,
    settings::{Given, Settings, World},
    tokens::Vocabulary,
};

use super::{
    super::live::{self, Live},
    Output, counted, prices,
    vocabulary::vocabulary,
};
use crate::app::refuse;
use crate::report::{Holds, document::Remark};

/// A run that asks the service.
pub(in crate::app) struct Sending<'a> {
    /// What was typed.
    pub(in crate::app) args: &'a CountTokens,
    /// It, with the model that a request names.
    pub(in crate::app) given: Given,
    /// The caller's own prompt, where there is one.
    pub(in crate::app) own: Option<Own>,
    /// What prompts are counted with.
    pub(in crate::app) vocabulary: Vocabulary,
    /// What was counted of it offline.
    pub(in crate::app) offline: Option<Value>,
    /// The caller's prices.
    prices: Option<Prices>,
    /// What is worth a line of that.
    pub(in crate::app) remarks: Vec<Remark>,
    /// Why that is no exact count.
    pub(in crate::app) limits: Vec<String>,
}

impl Sending<'_> {
    /// What prompts cost, in words.
    pub(in crate::app) fn price(
        &self,
        settings: &Settings,
        prompts: u64,
        tokens_each: (&str, u64),
    ) -> String {
        let Some(prices) = &self.prices else {
            return "at a price that only --prices FILE can tell".to_owned();
        };
        let model = settings.model.as_ref().map(|model| model.value.as_str());
        let price = model.and_then(|model| prices.of_prompts(model, prompts, tokens_each));
        price.unwrap_or_else(|| {
            "at a price that the file does not have: name a --model of it".to_owned()
        })
    }
}

/// `count-tokens` with a mode that asks the service.
pub(super) fn run(args: &CountTokens, machine: &World) -> Exit {
    match sending(args, machine) {
        Ok(sending) => live::run(&Live::CountTokens(&sending), machine),
        Err(error) => {
            let output = Output::without_files(&args.given, machine, Holds::Checks);
            refuse(&output, "count-tokens", &error)
        }
    }
}

fn sending<'a>(args: &'a CountTokens, machine: &World) -> Result<Sending<'a>, UserError> {
    let names_something = !args.paths.is_empty() || args.request.is_some();
    // Where standard input has the key, or nothing was named, there is no text of the caller's own.
    let may_be_piped = args.delivery.verify && !args.given.key_stdin;
    let mut sending = Sending {
        args,
        given: args.given.clone(),
        own: None,
        vocabulary: Vocabulary::gemma3(),
        offline: None,
        prices: args.prices.as_deref().map(prices).transpose()?,
        remarks: Vec::new(),
        limits: Vec::new(),
    };
    if !names_something && !may_be_piped {
        sending.vocabulary = vocabulary(args)?.0;
        return Ok(sending);
    }
    let output = Output::without_files(&args.given, machine, Holds::Tables);
    let counted = counted(args, machine, &output)?;
    if let Some(trouble) = counted.aside.troubles.first() {
        let what = format!("could not send {}: {}", trouble.name, trouble.why);
        return Err(UserError::usage(what, "nothing was sent; name what can be read"));
    }
    let told = counted.told(args);
    let requests = counted.inputs.iter().filter_map(|input| input.seen.request.as_ref());
    let of_request = requests.filter_map(|request| request.model.as_ref()).next();
    let of_request = || plans::bare_name(of_request?).ok();
    sending.given.model = sending.given.model.or_else(of_request);
    sending.own = Some(own(&counted.inputs, &told.data)?);
    sending.offline = Some(told.data);
    let offline = Remark {
        label: "offline",
        text: told.sentence.trim_end_matches('.').to_owned(),
        command: None,
    };
    sending.remarks = vec![offline];
    sending.remarks.extend(told.remarks);
    // The run says itself which model it asked.
    sending.remarks.retain(|remark| remark.label != "model");
    sending.limits = told.limits;
    sending.vocabulary = counted.vocabulary;
    Ok(sending)
}

/// It with what was counted of it. No token is less than a byte of a text; of media and tools no bound is known.
fn own(inputs: &[Input], told: &Value) -> Result<Own, UserError> {
    let tokens = inputs.iter().map(|input| input.seen.counted.tokens).sum();
    let payload = payload(inputs)?;
    let at_most = match &payload {
        // What the lines between texts add is no more than one each.
        Payload::Text(_) if told["total"]["exact"] == true => Some(tokens + inputs.len() as u64),
        Payload::Text(text) => Some(text.len() as u64),
        Payload::Body(_) => Some(tokens).filter(|_| told["total"]["exact"] == true),
        Payload::Filler { .. } => None,
    };
    Ok(Own { payload, tokens, at_most })
}

/// One body, or all texts in one.
fn payload(inputs: &[Input]) -> Result<Payload, UserError> {
    let texts: Option<Vec<&str>> = inputs.iter().map(|input| input.seen.text.as_deref()).collect();
    let Some(texts) = texts else {
        let what = "could not send an input of more than 256 MiB: the service takes less";
        return Err(UserError::usage(what, "count it offline: leave out the modes that send it"));
    };
    match inputs {
        [only] if only.seen.request.is_some() => {
            let body = Body::sendable(texts[0]).map_err(|trouble| {
                UserError::usage(
                    format!("could not send {}: {trouble}", only.name),
                    "nothing was sent; it is counted offline without the modes that ask the service",
                )
            })?;
            Ok(Payload::Body(body))
        }
        inputs if inputs.iter().any(|input| input.seen.request.is_some()) => {
            let what = "could not send a request together with texts";
            Err(UserError::usage(what, "name the one or the other"))
        }
        _ => Ok(Payload::Text(texts.join("\n"))),
    }
}
