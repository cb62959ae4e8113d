//! What a run shows, in sentences: the headline, the remarks under the tables, and the limits. Works
//! out no figure and must not judge: a word here may say no more than the engine has found.

use crate::{
    alias::{
        Cause, End, Sample, Verdict, Why,
        causes::compares_clients,
        figures::{self, Rate, latency, percent},
        forced::Forced,
        sample,
    },
    facts::{Client, models::ModelTable, time},
    report::document::Remark,
};

use super::{Judged, data::moment};

/// A last few calls without a word about the name are an end, one may be chance.
const AN_END: usize = 2;
/// The options that bound a run.
const BOUNDS: &str = "--max-requests, --max-tokens or --deadline";

/// The word and the sentence of a finished run.
pub(super) fn headline(judged: &Judged<'_>) -> (String, String) {
    let said = said(judged);
    let glue = if said.starts_with("answer") { " " } else { ": " };
    let model = &judged.probed.plan.model;
    (judged.conclusion.verdict.word().to_owned(), format!("{model}{glue}{said}."))
}

/// The sentence of a run that somebody stopped.
pub(super) fn so_far(judged: &Judged<'_>) -> String {
    let (model, word) = (&judged.probed.plan.model, judged.conclusion.verdict.word());
    format!("{model}: {word} so far: {}.", said(judged))
}

/// What the name is by itself, where something else broke the run.
pub(super) fn itself(judged: &Judged<'_>) -> String {
    let (verdict, rate) = (judged.conclusion.verdict, &judged.rate);
    if verdict != Verdict::Healthy || rate.failures > 0 {
        return format!("The name itself is {}: {}.", verdict.word(), said(judged));
    }
    let empty = sample::count(&judged.probed.samples, End::Empty);
    let how = if empty > 0 { " with content, none with a 404" } else { "" };
    format!(
        "The name itself is HEALTHY: it answered {} of {} calls that reached it{how} (a rate of \
         404s below {} %).",
        rate.calls,
        rate.calls + empty,
        percent(rate.clean_bound())
    )
}

/// What is said of the name, without the name.
fn said(judged: &Judged<'_>) -> String {
    let rate = &judged.rate;
    let because = &judged.conclusion.because;
    let now = || format!("{}{}{}", rate_words(present(judged)), since(judged), then(judged));
    match judged.conclusion.verdict {
        Verdict::Healthy if judged.conclusion.has_changed() => format!("answers again: {because}"),
        Verdict::Healthy if rate.failures == 0 => clean(judged),
        Verdict::Healthy => {
            format!("{}, which the rates of this run call healthy", rate_words(rate))
        }
        Verdict::Flaky => now(),
        Verdict::Down if rate.failures < rate.calls => now(),
        Verdict::Down => {
            format!("{}, and none is answered{}", rate_words(rate), then(judged))
        }
        Verdict::Rerouted => format!("answers, but {because}"),
        Verdict::Inconclusive => format!("{because}{}", spent(judged)),
        Verdict::WrongName => because.clone(),
    }
}

/// A name without a 404, and whatever else came instead of answers.
fn clean(judged: &Judged<'_>) -> String {
    let (calls, bound) = (judged.rate.calls, percent(judged.rate.clean_bound()));
    match apart(&judged.probed.samples) {
        (0, _) => format!(
            "answered {calls} of {calls} calls, which shows a failure rate below {bound} % at 95 %"
        ),
        (others, words) => format!(
            "answered {calls} of {} calls, and none got a 404, which shows a rate of 404s below \
             {bound} % at 95 %; the rest: {words}",
            calls + others
        ),
    }
}

/// The calls that say nothing of the name, and what became of them.
fn apart(samples: &[Sample]) -> (usize, String) {
    let kinds = End::OTHERS.map(|end| (sample::count(samples, end), end.meaning()));
    let came = kinds.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = came.map(|(count, meaning)| format!("{count} {meaning}")).collect();
    (kinds.iter().map(|(count, _)| count).sum(), words.join(", "))
}

/// That the run was not allowed to go on until it is decided.
fn spent(judged: &Judged<'_>) -> &'static str {
    match judged.probed.why {
        Some(Why::Budget) => "; the run's budget or time ended before",
        _ => "",
    }
}

/// What came after the last word about the name, where it is that which ended the run.
fn then(judged: &Judged<'_>) -> &'static str {
    let sent = || judged.probed.samples.iter().rev().filter(|it| it.end != End::NotSent);
    let Some(last) = sent().next().map(|sample| sample.end) else { return "" };
    let lasts = sent().take_while(|sample| sample.end == last).count() >= AN_END;
    match last {
        End::Quota if judged.probed.why == Some(Why::Quota) => "; then a quota ended it",
        End::Lost if lasts => "; then nobody answered any more",
        End::Refused if lasts => "; then every call was refused",
        End::Busy if lasts => "; then every call got a 5xx",
        End::Stranger if lasts => "; then somebody else than the API answered",
        _ => "",
    }
}

/// What the letters of a strip stand for; a call that was never sent has one as well.
pub(super) fn legend(samples: &[Sample]) -> String {
    let unsent = sample::count(samples, End::NotSent) > 0;
    let unsent = unsent.then(|| format!("{} {}", End::NotSent.letter(), End::NotSent.meaning()));
    let sent = Some(figures::legend(samples)).filter(|text| !text.is_empty());
    sent.into_iter().chain(unsent).collect::<Vec<_>>().join(", ")
}

/// `1 address`, `2 addresses`.
pub(super) fn some(count: usize, noun: &str) -> String {
    let ending = match (count, noun.ends_with('s')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{count} {noun}{ending}")
}

/// The rate of the time that the verdict is about.
pub(super) fn present<'a>(judged: &'a Judged<'_>) -> &'a Rate {
    let once = !judged.conclusion.comes_and_goes();
    judged.present.as_ref().filter(|_| once).unwrap_or(&judged.rate)
}

/// `17 of 25 calls fail with 404 (68 %, 95 % interval 48-83 %)`.
fn rate_words(rate: &Rate) -> String {
    let value = rate.value().unwrap_or(0.0) * 100.0;
    let (failures, calls) = (rate.failures, rate.calls);
    format!(
        "{failures} of {calls} calls fail with 404 ({value:.0} %, 95 % interval {})",
        rate.words()
    )
}

fn since(judged: &Judged<'_>) -> String {
    if !judged.conclusion.has_changed() || judged.conclusion.comes_and_goes() {
        return String::new();
    }
    let start = judged.conclusion.present().start;
    let at = moment(judged, start).map(time::rfc3339).unwrap_or_default();
    format!(", since call {} at {at}", start + 1)
}

/// What failures go with, and what came of putting it to the test.
pub(super) fn cause(judged: &Judged<'_>) -> String {
    let tried = judged.causes.len();
    let Some(cause) = &judged.leading else {
        return match (tried, judged.rate.failures) {
            (_, 0) => "nothing failed".to_owned(),
            (0, _) => "too few calls, or all alike, to tell what failures go with".to_owned(),
            _ => format!("failures go with none of {tried} factors: {}", tried_words(judged)),
        };
    };
    let evidence = format!(
        "failures go with {} ({})",
        cause.factor.phrase(),
        cause.evidence(&some(tried, "factor"))
    );
    format!("{evidence}; {}", tested(judged.probed.forced.as_ref(), cause))
}

/// What came of forcing it.
fn tested(forced: Option<&Forced>, cause: &Cause) -> String {
    let Some(forced) = forced.filter(|forced| forced.factor == cause.factor) else {
        return "not put to the test".to_owned();
    };
    format!("put to the test in {}: {}", some(forced.samples.len(), "more call"), forced.words())
}

fn tried_words(judged: &Judged<'_>) -> String {
    let words = judged.causes.iter().map(|cause| cause.factor.word());
    words.collect::<Vec<_>>().join(", ")
}

/// The remarks of a run, in the order in which they are read.
pub(super) fn remarks(judged: &Judged<'_>, table: &ModelTable) -> Vec<Remark> {
    if judged.probed.samples.is_empty() {
        return Vec::new();
    }
    let failing = judged.rate.failures > 0;
    [
        Some(remark("checked", checked(judged))),
        controls(judged).map(|text| remark("controls", text)),
        served(judged).map(|text| remark("served", text)),
        announced(judged, table).map(|text| remark("announced", text)),
        latency_words(judged).map(|text| remark("latency", text)),
        dressed(judged).map(|text| remark("dressed", text)),
        builds(judged).map(|text| remark("builds", text)),
        failing.then(|| remark("cause", cause(judged))),
        changed(judged),
        ended(judged).map(|text| remark("ended", text)),
        judged.advice.as_ref().map(|advice| remark("retry", advice.text.clone())),
        route(judged, table),
        judged.advice.as_ref().map(|advice| remark("do first", advice.policy.clone())),
    ]
    .into_iter()
    .flatten()
    .chain(judged.probed.notes.iter().map(|note| remark("note", note.clone())))
    .collect()
}

fn remark(label: &'static str, text: String) -> Remark {
    Remark { label, text, command: None }
}

/// `listed yes, models.get 200, countTokens 200, generate 8 of 25`.
fn checked(judged: &Judged<'_>) -> String {
    let known = &judged.probed.known;
    let status = |status: Option<u16>| status.map_or("not asked".to_owned(), |it| it.to_string());
    let listed = match known.listed {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not asked",
    };
    format!(
        "listed {listed}, models.get {}, countTokens {}, generate {} of {}",
        status(known.get),
        status(known.count),
        judged.answered(),
        judged.attempts()
    )
}

/// Which test the p-values of the table come from, and in which direction it looks.
fn controls(judged: &Judged<'_>) -> Option<String> {
    let corrected = match judged.compared.each.len() {
        0 => return None,
        1 => "",
        _ => "; those of single controls are corrected for their number (Holm)",
    };
    Some(format!(
        "Fisher's exact test, one-sided: whether the name fails more often than they do{corrected}"
    ))
}

/// Why there are no more calls, where it is not that enough were made.
fn ended(judged: &Judged<'_>) -> Option<String> {
    let early = match judged.probed.why {
        Some(Why::Done) => None,
        Some(Why::Budget) => Some(format!("{} ({BOUNDS})", Why::Budget.phrase())),
        Some(Why::Cap) => Some(format!("{} (--cap)", Why::Cap.phrase())),
        Some(why) => Some(why.phrase().to_owned()),
        None => Some("the run was stopped".to_owned()),
    };
    let calls = some(judged.attempts(), "call");
    let controls =
        judged.probed.siblings.iter().map(|one| sample::count(&one.samples, End::NotSent));
    match (early, controls.sum::<usize>()) {
        (Some(why), _) => Some(format!("after {calls}: {why}")),
        (None, 0) => None,
        (None, _) => {
            Some(format!("with the controls: the budget or the time was used up ({BOUNDS})"))
        }
    }
}

fn served(judged: &Judged<'_>) -> Option<String> {
    let versions = counted(&judged.versions);
    let own = &judged.probed.plan.model;
    let only_own = judged.versions.iter().all(|(version, _)| version == own);
    (!judged.versions.is_empty() && !only_own).then(|| format!("answers came from {versions}"))
}

/// What the dated table says of the name's end.
fn announced(judged: &Judged<'_>, table: &ModelTable) -> Option<String> {
    let entry = table.find(&judged.probed.plan.model)?;
    let day = entry.retires.as_deref()?;
    let then = match &entry.routed_to {
        Some(other) => format!("answered by {other}"),
        None => "shut down".to_owned(),
    };
    Some(format!("{then} from {day} on (table of {})", table.as_of))
}

/// Of answers only: a failure is quick, and says nothing of how long an answer takes.
fn latency_words(judged: &Judged<'_>) -> Option<String> {
    let samples = &judged.probed.samples;
    let p50 = latency(samples, 0.5)?;
    let p95 = latency(samples, 0.95)
        .map_or_else(|| "p95 takes 20 answers".to_owned(), |ms| format!("p95 {ms:.0} ms"));
    Some(format!("of {} answers: p50 {p50:.0} ms, {p95}", judged.answered()))
}

/// How calls ended by the client they were dressed as.
fn dressed(judged: &Judged<'_>) -> Option<String> {
    let samples = &judged.probed.samples;
    if !compares_clients(samples) {
        return None;
    }
    let words = [Client::Plain, judged.probed.plan.client].map(|client| {
        let own: Vec<_> = samples.iter().filter(|it| it.client == client).cloned().collect();
        let rate = Rate::of_samples(&own, judged.rate.method);
        format!("as {} {} of {} failed", client.word(), rate.failures, rate.calls)
    });
    Some(words.join(", "))
}

fn builds(judged: &Judged<'_>) -> Option<String> {
    match (judged.rate.failures, judged.builds.is_empty()) {
        (0, _) => None,
        (_, false) => Some(format!("404s name {}, not your model", counted(&judged.builds))),
        (_, true) => Some("404s name no other model than yours".to_owned()),
    }
}

fn counted(names: &[(String, usize)]) -> String {
    names.iter().map(|(name, count)| format!("{name} ({count})")).collect::<Vec<_>>().join(", ")
}

/// Since when it is as it is, or that this run cannot know.
fn changed(judged: &Judged<'_>) -> Option<Remark> {
    let conclusion = &judged.conclusion;
    let model = &judged.probed.plan.model;
    if conclusion.has_changed() {
        let stretches = conclusion.segments.iter().map(|segment| {
            let calls = segment.end - segment.start;
            let began = moment(judged, segment.start).map(time::rfc3339).unwrap_or_default();
            let between = [segment.earliest.saturating_sub(1), segment.latest]
                .map(|at| moment(judged, at).map(time::rfc3339).unwrap_or_default());
            match segment.start {
                0 => format!("{} of {calls} failed at first", segment.failures),
                _ => format!(
                    "{} of {calls} from {began} on (95 % between {} and {})",
                    segment.failures, between[0], between[1]
                ),
            }
        });
        return Some(remark("since", stretches.collect::<Vec<_>>().join("; ")));
    }
    matches!(conclusion.verdict, Verdict::Flaky | Verdict::Down).then(|| Remark {
        label: "since",
        text:
            "not known from this run, which saw no other time; a longer one would tell when it ends \
             (about 600 short calls; asks first)"
                .to_owned(),
        command: Some(format!("gemini-doctor probe-alias {model} --duration 10m")),
    })
}

fn route(judged: &Judged<'_>, table: &ModelTable) -> Option<Remark> {
    if !matches!(judged.conclusion.verdict, Verdict::Flaky | Verdict::Down | Verdict::Inconclusive)
        || judged.probed.siblings.is_empty()
    {
        return None;
    }
    let Some(one) = judged.route(table) else {
        return Some(remark("route to", nowhere(judged).to_owned()));
    };
    let calls = one.rate().calls;
    let bound = percent(one.rate().clean_bound());
    let entry = table.find(&one.name);
    let moving = if one.name.ends_with("-latest") { ", which model it leads to next" } else { "" };
    let known = if entry.is_none() && moving.is_empty() { ", its day of retirement" } else { "" };
    Some(Remark {
        label: "route to",
        text: format!(
            "{} (0/{calls}: below {bound} %); not known: its answers to your prompts, its price and \
             limits{moving}{known}",
            one.name
        ),
        command: Some(format!("GEMINI_MODEL={}", one.name)),
    })
}

/// Why no control is a place to go to.
fn nowhere(judged: &Judged<'_>) -> &'static str {
    match judged.probed.siblings.iter().any(|one| one.rate().failures > 0) {
        true => "no control answered every call: this is not about the one name alone",
        false => {
            "no control is shown to be better: none got a 404, and not all calls were answered"
        }
    }
}

/// What this run does not show, in words.
pub(super) fn limits(judged: &Judged<'_>) -> Vec<String> {
    let samples = &judged.probed.samples;
    let (connections, addresses) = judged.spread();
    let mut limits = Vec::new();
    let present = judged.present.as_ref().unwrap_or(&judged.rate);
    if present.failures == 0 && present.calls > 0 {
        limits.push(format!(
            "0 of {} on {} only shows a failure rate below {} % at 95 %; below 1 % takes 299 clean \
             calls",
            present.calls,
            judged.probed.plan.model,
            percent(present.clean_bound())
        ));
    }
    if judged.rate.calls > 0 && judged.rate.failures == 0 && connections > 0 {
        let bound = Rate::of(0, connections, judged.rate.method).clean_bound();
        limits.push(format!(
            "{} to {}: where builds keep to connections, it only shows a share of bad ones below {} %",
            some(connections, "connection"),
            some(addresses, "address"),
            percent(bound)
        ));
    }
    limits.extend(clean_controls(judged));
    let cut = samples.iter().filter(|sample| sample.cut).count();
    if cut > 0 {
        limits.push(format!(
            "{} cut by this probe's own small limit: the name served, and nothing is known of what \
             it would have said",
            some(cut, "answer")
        ));
    }
    limits
}

/// What clean controls show and do not show, those with as many calls together.
fn clean_controls(judged: &Judged<'_>) -> Vec<String> {
    let mut lots: Vec<(usize, Vec<&str>)> = Vec::new();
    for one in judged.probed.siblings.iter().filter(|one| one.is_healthy()) {
        let calls = one.rate().calls;
        match lots.iter_mut().find(|(known, _)| *known == calls) {
            Some((_, names)) => names.push(&one.name),
            None => lots.push((calls, vec![&one.name])),
        }
    }
    let words = |(calls, names): (usize, Vec<&str>)| {
        let bound = percent(Rate::of(0, calls, judged.rate.method).clean_bound());
        let each = if names.len() > 1 { " each" } else { "" };
        let names = names.join(", ");
        format!("0 of {calls} on {names}{each} only shows a failure rate below {bound} % at 95 %")
    };
    lots.into_iter().map(words).collect()
}
