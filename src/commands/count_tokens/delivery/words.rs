//! The sentences of the live part. Says no more than counts and needles showed.

use serde_json::Value;

use crate::{
    probe::tokens::{Arm, Delivered},
    report::document::Remark,
    tokens::delivery::{Books, Ceiling, ToolsVerdict, Verdict},
};

use super::{
    super::{
        gate::{Gate, Passes},
        words::{self, grouped},
    },
    books, tools_verdict,
};

pub(super) fn headline(delivered: &Delivered, gate: Option<&Gate>) -> (&'static str, String, bool) {
    if let Some((search, _)) = &delivered.ceiling {
        return ceiling_headline(search.found());
    }
    if let Some(arm) = delivered.arms.first() {
        return arm_headline(arm);
    }
    match &delivered.verified {
        Some(counted) => counted_headline(counted.total, gate),
        None => ("UNCLEAR", "Nothing was counted.".to_owned(), false),
    }
}

fn counted_headline(total: u64, gate: Option<&Gate>) -> (&'static str, String, bool) {
    let counts = format!("The service counts {}", words::counted(total, "token"));
    let Some(gate) = gate else { return ("COUNTED", format!("{counts}."), false) };
    let is_above = gate.result == Passes::No;
    let word = if is_above { "FAIL" } else { "PASS" };
    (word, format!("{counts}: {}.", gate.phrase()), is_above)
}

fn arm_headline(arm: &Arm) -> (&'static str, String, bool) {
    let whole = books(arm).counted.or(books(arm).local);
    let whole = whole.map_or("The prompt".to_owned(), |tokens| {
        format!("A prompt of {} tokens", grouped(tokens))
    });
    match &arm.verdict {
        Verdict::Delivered { by_books: true } => (
            "DELIVERED",
            format!("{whole} arrived whole: it was counted so, and every needle came back."),
            false,
        ),
        Verdict::Delivered { by_books: false } => (
            "DELIVERED",
            format!("{whole} arrived as far as its seven needles tell: each came back."),
            false,
        ),
        Verdict::Shortened(how) => {
            let side =
                how.side.map_or(String::new(), |side| format!(" Its {} was dropped.", side.word()));
            let sentence = format!(
                "{whole} was shortened at about {} without a word.{side}",
                grouped(how.at_about)
            );
            ("SHORTENED", sentence, true)
        }
        Verdict::Rejected { limit, .. } => {
            let limit =
                limit.map_or(String::new(), |limit| format!(", the limit is {}", grouped(limit)));
            ("REJECTED", format!("{whole} was refused for its length{limit}."), true)
        }
        Verdict::CountedNotRecalled { missing } => {
            let sentence = format!(
                "{whole} arrived whole by the books, and {} of seven needles were not recalled.",
                missing.len()
            );
            ("NOT RECALLED", sentence, false)
        }
        Verdict::Inconclusive { because } => {
            ("UNCLEAR", format!("It cannot be told: {because}."), false)
        }
    }
}

fn ceiling_headline(found: Ceiling) -> (&'static str, String, bool) {
    match found {
        Ceiling::Found { low: 0, .. } | Ceiling::Open => {
            ("UNCLEAR", "No ceiling was found: the search came to no end.".to_owned(), false)
        }
        Ceiling::Found { at_about, low, high } => {
            let [at_about, low, high] = [at_about, low, high].map(grouped);
            let sentence = format!(
                "Calls fail above about {at_about} tokens: {low} passed, and {high} failed twice."
            );
            ("CEILING", sentence, true)
        }
        Ceiling::NotBelow(tokens) => (
            "NO CEILING",
            format!("{} tokens passed, twice: no ceiling lies below.", grouped(tokens)),
            false,
        ),
    }
}

pub(super) fn remarks(delivered: &Delivered, offline: Option<&Value>) -> Vec<Remark> {
    let say = |label, text: String| Remark { label, text, command: None };
    let tools = tools_verdict(delivered).map(|verdict| match verdict {
        ToolsVerdict::NoEffect => {
            say("tools", "an empty list of tools changes nothing here".to_owned())
        }
        ToolsVerdict::Changes { what } => {
            say("tools", format!("an empty list of tools makes a difference: {what}"))
        }
        ToolsVerdict::Unclear { because } => say(
            "tools",
            format!("whether an empty list of tools matters cannot be told: {because}"),
        ),
    });
    let off = delivered.arms.first().and_then(|arm| local_off(&books(arm)));
    let difference = difference(delivered, offline).map(|text| say("difference", text));
    let tools = tools.into_iter().chain(difference);
    tools.chain(off.map(|text| say("local", text))).collect()
}

/// Why the service counts another number than this program does for the same input.
fn difference(delivered: &Delivered, offline: Option<&Value>) -> Option<String> {
    let service = delivered.verified.as_ref()?.total;
    let local = delivered.plan.local?;
    if local == service {
        return Some("none: this program counts the same".to_owned());
    }
    let off = (local as f64 - service as f64) / service.max(1) as f64 * 100.0;
    let off = format!("this program counts {}, {off:+.1} % against the service", grouped(local));
    let Some(offline) = offline else { return Some(off) };
    let bound = |name: &str| offline["total"][name].as_u64();
    let inputs = offline["inputs"].as_array().into_iter().flatten();
    let parts = inputs.filter_map(|input| input["parts"].as_array()).flatten();
    let has_lower_bounds = parts.into_iter().any(|part| part["certainty"] == "lower_bound");
    let because = match (bound("at_least"), bound("at_most")) {
        _ if has_lower_bounds && service > local => {
            "tools, files and media are counted as the least that they can be here, and the rest is the service's to know"
        }
        (Some(low), Some(high)) if (low..=high).contains(&service) => {
            match &offline["tokenizer"]["measured_on"] {
                Value::Null => "the error of this vocabulary for this model was not measured",
                _ => "within the error that was measured of this vocabulary for this model",
            }
        }
        (_, None) => "the input has parts that nothing here bounds from above",
        _ => {
            "more than the known error of this vocabulary explains, so that other things are counted than the input"
        }
    };
    Some(format!("{off}: {because}"))
}

/// The local book, where it is not that of the service.
fn local_off(books: &Books) -> Option<String> {
    let (local, counted) = (books.local?, books.counted?);
    let off = (local as f64 - counted as f64) / counted as f64 * 100.0;
    (off.abs() >= 1.0).then(|| {
        format!(
            "this program counts {} tokens, {off:+.0} % against the service, which decides here",
            grouped(local)
        )
    })
}

/// Which model it was counted for here, where that is not the one that was asked: it was picked afterwards.
fn other_model(delivered: &Delivered, offline: Option<&Value>) -> Option<String> {
    let counted_for = offline?["context"]["model"].as_str()?;
    let asked = delivered.model.as_deref()?;
    (counted_for != asked).then(|| {
        format!("what was counted here is for {counted_for}, and {asked} was asked: --model NAME")
    })
}

pub(super) fn limits(delivered: &Delivered, offline: Option<&Value>) -> Vec<String> {
    let mut limits: Vec<String> = other_model(delivered, offline).into_iter().collect();
    if let Some(arm) = delivered.arms.first() {
        limits.push("one prompt at one moment: it says nothing of longer ones".to_owned());
        if !matches!(arm.verdict, Verdict::Delivered { by_books: true }) {
            limits.push(
                "a needle that is missing alone says only that it was not recalled".to_owned(),
            );
        }
        if matches!(arm.verdict, Verdict::Delivered { by_books: false }) {
            limits.push(
                "a gap between two needles is not excluded without the service's two counts"
                    .to_owned(),
            );
        }
    }
    if delivered.ceiling.is_some() {
        limits.push(
            "a size failed where two of its calls did; a ceiling that moves with the load is another one later"
                .to_owned(),
        );
    }
    limits
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::probe::tokens::{Ask, Counted, DeliveryPlan, Payload};

    fn verified(local: u64, service: u64) -> Delivered {
        let plan = DeliveryPlan {
            ask: Ask::Verify,
            payload: Payload::Text("a text".to_owned()),
            local: Some(local),
            at_most: None,
            seed: 1,
            patience: None,
        };
        let counted = Counted { total: service, ..Counted::default() };
        let model = Some("gemini-b".to_owned());
        Delivered { verified: Some(counted), model, ..Delivered::of(&plan) }
    }

    fn offline(high: Option<u64>, measured_on: Option<&str>) -> Value {
        json!({
            "total": {"at_least": 90, "at_most": high}, "tokenizer": {"measured_on": measured_on},
            "context": {"model": "gemini-a"}, "inputs": [],
        })
    }

    #[test]
    fn an_error_is_known_only_where_one_was_measured() {
        let told = |service, high, on| {
            difference(&verified(100, service), Some(&offline(high, on))).expect("a difference")
        };
        assert!(told(105, Some(110), Some("texts")).contains("within the error that was measured"));
        assert!(told(105, Some(400), None).ends_with("was not measured"));
        assert!(told(105, None, None).contains("nothing here bounds"));
        assert!(told(500, Some(110), Some("texts")).contains("more than the known error"));
        assert!(told(100, Some(110), None).starts_with("none"));
    }

    #[test]
    fn a_model_that_was_picked_afterwards_is_told_apart() {
        let told = |name: &str| {
            let mut offline = offline(None, None);
            offline["context"]["model"] = json!(name);
            limits(&verified(1, 1), Some(&offline))
        };
        assert!(told("gemini-a")[0].contains("for gemini-a, and gemini-b was asked"));
        assert_eq!(told("gemini-b"), Vec::<String>::new());
    }
}
