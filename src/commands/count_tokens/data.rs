//! The command's own part of the document. What is not known, or was not asked for, is null.

use serde_json::{Value, json};

use super::{
    Aside, Basis, Compared, Input, Line, Place, Standing,
    context::Context,
    cost::Cost,
    gate::Gate,
    hidden::{self, Hidden},
    input::Total,
    pace::Pace,
    plan,
};
use crate::{facts::tokenizers, local::inputs::Trouble};

/// What was worked out.
pub(super) struct Parts<'a> {
    pub(super) basis: &'a Basis,
    pub(super) inputs: &'a [Input],
    pub(super) total: &'a Total,
    pub(super) context: Option<&'a Context<'a>>,
    pub(super) gate: Option<&'a Gate>,
    pub(super) pace: Option<Pace>,
    pub(super) cost: Option<&'a Cost>,
    pub(super) compared: Option<Compared>,
    pub(super) aside: &'a Aside,
    pub(super) hidden: Option<&'a [Hidden]>,
}

pub(super) fn data(parts: &Parts<'_>) -> Value {
    let counted = parts.inputs.iter().map(|one| input(one, parts.basis));
    json!({
        "inputs": counted.chain(parts.aside.troubles.iter().map(not_counted)).collect::<Vec<_>>(),
        "total": total(parts),
        "tokenizer": tokenizer(parts.basis),
        "context": parts.context.map(Context::json),
        "gate": parts.gate.map(Gate::json),
        "tpm": parts.pace.map(Pace::json),
        "cost": parts.cost.map(Cost::json),
        "compare": parts.compared.map(|compared| compare(compared, parts.total.tokens)),
        "skipped": parts.aside.skipped,
        "hidden": parts.hidden.map(|hidden| {
            hidden::json(hidden, &hidden::names(parts.inputs), parts.aside.cleaned.as_ref())
        }),
        "plan": parts.aside.planned.as_ref().map(plan::json),
        // What only the service can tell.
        "model": null,
        "input_token_limit": null,
        "verify": null,
        "delivery": null,
        "tools": null,
        "ceiling": null,
    })
}

/// What was counted offline together with what the service told; the members are those of either.
pub(super) fn joined(offline: Option<Value>, live: Value) -> Value {
    let mut joined = offline.unwrap_or_else(nothing);
    if let (Some(joined), Value::Object(live)) = (joined.as_object_mut(), live) {
        let told = live
            .into_iter()
            .filter(|(name, value)| !(value.is_null() && joined.contains_key(name)));
        joined.extend(told.collect::<Vec<_>>());
    }
    joined
}

/// Every member, where nothing was counted here.
fn nothing() -> Value {
    json!({
        "inputs": [], "total": null, "tokenizer": null, "context": null, "gate": null, "tpm": null, "cost": null,
        "compare": null, "skipped": [], "hidden": null, "plan": null,
    })
}

fn input(one: &Input, basis: &Basis) -> Value {
    let seen = &one.seen;
    let invalid = seen.counted.invalid_utf8 + seen.read.broken_units;
    let tally = seen.request.as_ref().map(|request| &request.tally);
    json!({
        "name": one.name,
        "tokens": seen.counted.tokens,
        "exact": seen.is_exact(basis),
        "tokenizer": basis.tokenizer,
        "bytes": seen.read.bytes,
        "line_feeds": seen.counted.line_feeds,
        "encoding": seen.read.encoding.word(),
        "invalid_sequences": invalid,
        "first_invalid_byte": seen.counted.first_invalid.or(seen.read.first_broken),
        "control_lookalikes": seen.counted.control_lookalikes,
        "conversation_marks": seen.counted.conversation_marks,
        "forced_cuts": seen.counted.forced_cuts,
        "parts": tally.map(|tally| tally.lines.iter().map(line).collect::<Vec<_>>()),
        "message_tokens": tally.map(|tally| tally.of(Place::Message)),
        "history_tokens": tally.map(|tally| tally.of(Place::History)),
        "error": null,
    })
}

fn line(line: &Line) -> Value {
    let place = match line.place {
        Place::Message => "message",
        Place::History => "history",
        Place::System => "system",
        Place::Setup => "setup",
    };
    json!({
        "label": line.label,
        "path": line.path,
        "place": place,
        "tokens": line.tokens,
        "certainty": line.certainty.word().replace(' ', "_"),
        "note": line.note,
    })
}

fn not_counted(trouble: &Trouble) -> Value {
    json!({
        "name": trouble.name, "tokens": null, "exact": null, "tokenizer": null, "bytes": null,
        "line_feeds": null, "encoding": null, "invalid_sequences": null, "first_invalid_byte": null,
        "control_lookalikes": null, "conversation_marks": null, "forced_cuts": null, "parts": null,
        "message_tokens": null, "history_tokens": null,
        "error": trouble.why,
    })
}

fn total(parts: &Parts<'_>) -> Value {
    let total = parts.total;
    json!({
        "tokens": total.tokens,
        "exact": total.is_exact,
        "at_least": total.low,
        "at_most": total.high,
        "inputs": total.inputs,
        "not_counted": parts.aside.troubles.len(),
        "bytes": total.bytes,
        "line_feeds": total.line_feeds,
    })
}

fn tokenizer(basis: &Basis) -> Value {
    let (error, because) = match &basis.standing {
        Standing::Exact => (None, None),
        Standing::Estimate { because, error } => (error.as_ref(), Some(because)),
    };
    json!({
        "name": basis.tokenizer,
        "as_of": tokenizers::AS_OF,
        "exact_for_model": basis.is_exact(),
        "exact_for_sdk": basis.is_the_sdks,
        "because": because,
        "measured_texts": error.map(|error| error.texts),
        "measured_on": error.map(|error| error.on),
        "error_percent_low": error.map(|error| error.lowest_percent),
        "error_percent_high": error.map(|error| error.highest_percent),
        "role_tokens_per_message": basis.role_tokens,
    })
}

fn compare(compared: Compared, tokens: u64) -> Value {
    let is_good = compared.failed == 0;
    let one = |count: u64| {
        let off = (count as f64 - tokens as f64) / tokens as f64 * 100.0;
        json!({
            "tokens": is_good.then_some(count),
            "off_by_percent": (is_good && tokens > 0).then_some(off),
        })
    };
    json!({
        "o200k_base": one(compared.o200k),
        "cl100k_base": one(compared.cl100k),
        "forced_cuts": compared.forced_cuts,
        "failed_pieces": compared.failed,
    })
}
