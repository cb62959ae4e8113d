//! All that is told of a count: the sentence, the lines beneath it, how it ends. Judges; prints nothing.

use serde_json::Value;

use super::{
    Basis, Compared, CountTokens, Input, Place, Prices, Standing,
    context::{Context, Granted},
    data::{self, Parts},
    gate::{Gate, Passes},
    hidden::{self, Cleaned},
    input::Total,
    notes,
    pace::Pace,
    plan::{self, Planned},
    sheets,
    words::{counted, grouped},
};
use crate::{
    facts::{Class, Status},
    local::inputs::Trouble,
    report::document::{Remark, Sheet},
};

/// What a finished count is told with.
pub struct Told {
    /// How it went.
    pub status: Status,
    /// What fails the run, if anything does.
    pub class: Option<Class>,
    /// The word of the headline; empty where there is nothing to judge.
    pub word: &'static str,
    /// Its sentence.
    pub sentence: String,
    /// The command's own data.
    pub data: Value,
    /// Its tables.
    pub sheets: Vec<Sheet>,
    /// What is worth a line.
    pub remarks: Vec<Remark>,
    /// What this does not show.
    pub limits: Vec<String>,
}

/// What was found beside the inputs.
#[derive(Debug, Default)]
pub struct Aside {
    /// What was named and not counted.
    pub troubles: Vec<Trouble>,
    /// Files of directories that are no text.
    pub skipped: Vec<String>,
    /// Files that were named more than once.
    pub repeated: u64,
    /// Whether somebody stopped the run.
    pub is_stopped: bool,
    /// The chunks that were asked for.
    pub planned: Option<Planned>,
    /// The clean copy that was asked for.
    pub cleaned: Option<Cleaned>,
}

/// Tells a count.
pub fn told(
    args: &CountTokens,
    basis: &Basis,
    inputs: &[Input],
    aside: &Aside,
    prices: Option<&Prices>,
) -> Told {
    let total = Total::of(inputs, &aside.troubles, basis);
    let context = Context::of(&total, granted(inputs), basis);
    let context = context.as_ref();
    let is_counted = total.inputs > 0;
    let gate = args.max.filter(|_| is_counted).map(|max| Gate::of(max, &total));
    let pace = args.tpm.filter(|_| is_counted).map(|quota| Pace::of(quota, &total));
    let prices = prices.filter(|_| is_counted);
    let cost = prices.and_then(|prices| prices.cost(&basis.model, &total));
    let compared = inputs.iter().map(|input| input.seen.compared).reduce(both).flatten();
    let hidden = (args.hidden_chars.is_wanted() && is_counted).then(|| hidden::of(inputs));
    let (status, class, word) = ending(aside, &total, context, gate.as_ref());
    let mut remarks = Vec::new();
    let mut line = |label, text: Option<String>| {
        remarks.extend(text.map(|text| Remark { label, text, command: None }));
    };
    for trouble in &aside.troubles {
        line("unread", Some(format!("{}: {}", trouble.name, trouble.why)));
    }
    line("text", size(inputs, &total));
    line("overhead", overhead(inputs, basis));
    line("message", inputs.iter().find_map(message));
    line("gate", gate.as_ref().and_then(|gate| gate.line(&total)));
    line("SDK", inputs.iter().find_map(|input| sdk(input, basis)));
    line("model", basis.unknown.clone().filter(|_| is_counted));
    line("model", (basis.is_picked && is_counted).then(|| picked(basis)));
    line("context", context.and_then(Context::left_line));
    line("output", context.and_then(Context::output_line));
    line("output", context.and_then(Context::granted_line));
    line("ceiling", context.filter(|context| context.is_high()).map(|_| ceiling()));
    line("pace", pace.map(Pace::line));
    line("cost", cost.as_ref().map(|cost| cost.line(&total)));
    line("cost", (prices.is_some() && cost.is_none()).then(|| unpriced(basis)));
    line("OpenAI", compared.map(|compared| compare(compared, total.tokens)));
    line("hidden", hidden.as_deref().map(hidden::line));
    hidden::name_lines(&hidden::names(inputs))
        .into_iter()
        .for_each(|text| line("name", Some(text)));
    line("copy", aside.cleaned.as_ref().map(Cleaned::line));
    line("chunks", aside.planned.as_ref().map(plan::line));
    notes::notes(inputs, aside).into_iter().for_each(|note| line("note", Some(note)));
    let parts = Parts {
        basis,
        inputs,
        total: &total,
        context,
        gate: gate.as_ref(),
        pace,
        cost: cost.as_ref(),
        compared,
        aside,
        hidden: hidden.as_deref(),
    };
    let mut sheets = sheets::sheets(inputs, &total, basis, args.list);
    sheets.extend(hidden.as_deref().and_then(hidden::sheet));
    sheets.extend(aside.cleaned.as_ref().and_then(Cleaned::sheet));
    sheets.extend(aside.planned.as_ref().map(plan::sheet));
    Told {
        status,
        class,
        word,
        sentence: sentence(&total, basis, context, gate.as_ref(), aside),
        data: data::data(&parts),
        sheets,
        remarks,
        limits: limits(inputs, basis, &total),
    }
}

fn both(left: Option<Compared>, right: Option<Compared>) -> Option<Compared> {
    Some(left?.and(right?))
}

/// What could not be counted comes before what was: the number is not the one that was asked for.
fn ending(
    aside: &Aside,
    total: &Total,
    context: Option<&Context<'_>>,
    gate: Option<&Gate>,
) -> (Status, Option<Class>, &'static str) {
    let troubles = &aside.troubles;
    match gate.map(|gate| gate.result) {
        _ if aside.is_stopped => (Status::Inconclusive, None, "STOPPED"),
        _ if total.inputs == 0 => (Status::Fail, Some(Class::Usage), "NOT COUNTED"),
        _ if !troubles.is_empty() => (Status::Fail, Some(Class::Usage), "INCOMPLETE"),
        Some(Passes::No) => (Status::Fail, Some(Class::Yours), "FAIL"),
        Some(Passes::Unclear) => (Status::Inconclusive, Some(Class::Unknown), "UNCLEAR"),
        _ if context.is_some_and(Context::is_over) => (Status::Warn, None, "WARN"),
        Some(Passes::Yes) => (Status::Pass, None, "PASS"),
        None => (Status::Pass, None, ""),
    }
}

fn sentence(
    total: &Total,
    basis: &Basis,
    context: Option<&Context<'_>>,
    gate: Option<&Gate>,
    aside: &Aside,
) -> String {
    let troubles = &aside.troubles;
    let failed = counted(troubles.len() as u64, "input");
    if total.inputs == 0 {
        return format!("nothing was counted: {}.", nothing(aside, &failed));
    }
    let several = if total.inputs == 1 {
        String::new()
    } else {
        format!(" in {}", counted(total.inputs, "input"))
    };
    let about = match (total.is_whole, total.is_exact) {
        (false, _) => "at least ",
        (true, false) => "about ",
        (true, true) => "",
    };
    let sure = match (basis.is_exact(), basis.is_the_sdks && total.is_all_text) {
        (true, _) => "exact",
        (false, true) => "an estimate, but just what Google's SDK counts offline",
        (false, false) => "an estimate",
    };
    let share =
        context.and_then(Context::phrase).map(|phrase| format!(": {phrase}")).unwrap_or_default();
    let refused = if context.is_some_and(Context::is_over) {
        ", and the API refuses what is above"
    } else {
        ""
    };
    let gate = gate.map(|gate| format!("; {}", gate.phrase())).unwrap_or_default();
    let rest = if troubles.is_empty() {
        String::new()
    } else {
        format!("; {failed} could not be counted")
    };
    format!(
        "{about}{}{several}, {sure} for {} ({} vocabulary){share}{refused}{gate}{rest}.",
        counted(total.tokens, "token"),
        basis.model,
        basis.tokenizer
    )
}

fn nothing(aside: &Aside, failed: &str) -> String {
    match (aside.troubles.is_empty(), aside.skipped.len() as u64) {
        (false, _) => format!("{failed} could not be read"),
        (true, 0) => "there are no files in what was named, unless some that are hidden or ignored"
            .to_owned(),
        (true, skipped) => format!("no text is among {}", counted(skipped, "file")),
    }
}

/// What the request itself allows; there is one at most.
fn granted(inputs: &[Input]) -> Granted {
    let request = inputs.iter().find_map(|input| input.seen.request.as_ref());
    request.map_or_else(Granted::default, |request| request.granted)
}

fn size(inputs: &[Input], total: &Total) -> Option<String> {
    let bytes = inputs.iter().map(|input| input.seen.counted.bytes).sum::<u64>();
    // Of requests and of other encodings the bytes are not those of the text.
    let is_plain = bytes == total.bytes && total.is_all_text;
    let each = (total.tokens > 0 && is_plain)
        .then(|| format!(", {:.1} bytes a token", bytes as f64 / total.tokens as f64));
    let sizes = [counted(total.bytes, "byte"), counted(total.line_feeds, "line feed")].join(", ");
    (!inputs.is_empty()).then(|| format!("{sizes}{}", each.unwrap_or_default()))
}

/// What is new in a conversation, and what is carried along.
fn message(input: &Input) -> Option<String> {
    let tally = &input.seen.request.as_ref()?.tally;
    let (new, before) = (tally.of(Place::Message), tally.of(Place::History));
    (before > 0).then(|| {
        format!(
            "your message is {}, the conversation before it {}",
            counted(new, "token"),
            grouped(before)
        )
    })
}

/// What the caller's own program counts, if it counts offline.
fn sdk(input: &Input, basis: &Basis) -> Option<String> {
    let tokens = input.seen.request.as_ref()?.tally.sdk.filter(|_| basis.is_the_sdks)?;
    Some(format!(
        "Google's SDK counts {} offline: texts alone, and no turns",
        counted(tokens, "token")
    ))
}

fn picked(basis: &Basis) -> String {
    format!("{}, {}; for another one: --model NAME", basis.model, basis.model_source)
}

/// A text by itself is one message.
fn overhead(inputs: &[Input], basis: &Basis) -> Option<String> {
    let is_text = inputs.iter().all(|input| input.seen.request.is_none());
    let tokens = basis.role_tokens.filter(|_| is_text && !inputs.is_empty())?;
    Some(format!(
        "the Developer API adds {} for the role of each message that this is sent as; not part of the count above",
        counted(tokens, "token")
    ))
}

fn ceiling() -> String {
    "people have reported that answers stop being stable above 800,000 tokens, below the limit; to see for yourself: \
     --find-ceiling"
        .to_owned()
}

fn unpriced(basis: &Basis) -> String {
    format!("the file of prices does not name {}", basis.model)
}

fn compare(compared: Compared, tokens: u64) -> String {
    if compared.failed > 0 {
        return format!("its engine gave up on {} of this text", counted(compared.failed, "piece"));
    }
    let one = |name: &str, count: u64| {
        let off = (count as f64 - tokens as f64) / tokens.max(1) as f64 * 100.0;
        format!("{name} {} ({off:+.1} %)", grouped(count))
    };
    let forced = match compared.forced_cuts {
        0 => String::new(),
        cuts => format!(", about: {} by force", counted(cuts, "cut")),
    };
    format!(
        "{}, {}{forced}",
        one("o200k_base", compared.o200k),
        one("cl100k_base", compared.cl100k)
    )
}

fn limits(inputs: &[Input], basis: &Basis, total: &Total) -> Vec<String> {
    let mut limits = Vec::new();
    if let (Standing::Estimate { because, error }, false) = (&basis.standing, inputs.is_empty()) {
        limits.push(match error {
            Some(error) => format!(
                "an estimate: {because}; on {} counts were off by {:+.1} % to {:+.1} %",
                error.on, error.lowest_percent, error.highest_percent
            ),
            None => format!("an estimate: {because}, and its error was not measured"),
        });
    }
    let requests = inputs.iter().filter_map(|input| input.seen.request.as_ref());
    let doubts = requests.flat_map(|request| request.tally.doubts.iter());
    limits.extend(doubts.filter(|doubt| basis.doubt() != Some(doubt)).cloned());
    let cuts: u64 = inputs.iter().map(|input| input.seen.counted.forced_cuts).sum();
    if cuts > 0 {
        limits.push(format!(
            "no longer exact: a stretch without any place to cut was too long to hold, and was cut {} all the same",
            counted(cuts, "time")
        ));
    }
    if !total.is_whole && total.inputs > 0 {
        limits.push("something was not counted, so this is the least that it can be".to_owned());
    }
    if basis.limits.input.is_none() && !inputs.is_empty() {
        limits.push(format!(
            "the table of models has no input limit for {}: give --limit N",
            basis.model
        ));
    }
    limits
}
