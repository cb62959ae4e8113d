//! One body after the other, by the cheapest call that shows the fault.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::{
    bisect::{Aim, Judge, Question, Signature, Step, Style, Try, Verdict},
    facts::{Clue, Party, clue},
    gemini::{Call, generation},
};

use super::{
    super::{Runner, Tried, runner::Told},
    Bisected, Way, is_over,
    plan::input_tokens,
};

/// A quota that asks for a longer pause than this is not waited for.
const LONGEST_PAUSE_MS: u64 = 120_000;
/// The first pause before a body is sent again; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest of them.
const LONGEST_PAUSE: Duration = Duration::from_secs(16);
/// How often a body is sent again before the search begins.
const AGAIN: usize = 3;

/// A search and whom it asks.
pub(super) struct Asking<'a, 'r> {
    model: &'a str,
    runner: &'a mut Runner<'r>,
    bisected: &'a mut Bisected,
    /// Calls in a row that said neither yes nor no.
    in_a_row: u32,
}

impl<'a, 'r> Asking<'a, 'r> {
    pub(super) fn new(
        model: &'a str,
        runner: &'a mut Runner<'r>,
        bisected: &'a mut Bisected,
    ) -> Self {
        Self { model, runner, bisected, in_a_row: 0 }
    }

    /// Finds out by which call the whole body shows its fault, and tells the search how it stands.
    pub(super) async fn begin(&mut self) {
        let cut = self.bisected.search.body().whole();
        let whole = Question { cut, aim: Aim::Whole, judge: Judge::Full };
        let Some(counted) = self.patiently(&whole, Way::Count).await else { return };
        let Some(short) = self.patiently(&whole, Way::Short).await else { return };
        let Verdict::Fails(shown) = &short else {
            return self.begin_with_what_passes(&whole, short).await;
        };
        if matches!(&counted, Verdict::Fails(other) if shown.shares(other)) {
            self.bisected.search.ask_first(Judge::Cheap);
            return self.tell_whole(Way::Count, [counted, short]);
        }
        // A shorter answer must not be what is refused.
        match self.patiently(&whole, Way::Plain).await {
            None => {}
            Some(Verdict::Fails(plain)) if plain.shares(shown) => {
                self.tell_whole(Way::Short, [short, Verdict::Fails(plain)]);
            }
            Some(other) => {
                self.bisected.way = Some(Way::Plain);
                self.bisected.search.tell(other);
            }
        }
    }

    /// A body that is taken once its answer is made short may be refused for the length that it asks for.
    async fn begin_with_what_passes(&mut self, whole: &Question, short: Verdict) {
        let asks = self.bisected.search.body().text(&whole.cut, Style::Compact);
        let is_changed = shortened(&asks) != asks && generation::says_how_long(&asks);
        if !matches!(short, Verdict::Passes) || !is_changed {
            self.bisected.way = Some(Way::Short);
            return self.bisected.search.tell(short);
        }
        if let Some(plain) = self.patiently(whole, Way::Plain).await {
            let way = if matches!(plain, Verdict::Passes) { Way::Short } else { Way::Plain };
            self.bisected.way = Some(way);
            self.bisected.search.tell(plain);
        }
    }

    fn tell_whole(&mut self, way: Way, verdicts: [Verdict; 2]) {
        self.bisected.way = Some(way);
        for verdict in verdicts {
            self.bisected.search.tell(verdict);
        }
    }

    /// Leads the search to its end, or to that of the budget.
    pub(super) async fn search(&mut self) {
        while !is_over(self.bisected) {
            let Step::Ask(question) = self.bisected.search.next() else { return };
            let way = match (self.bisected.way, question.judge) {
                (None, _) => return,
                (Some(Way::Count), Judge::Full) => Way::Short,
                (Some(way), _) => way,
            };
            let Some(verdict) = self.ask(&question, way).await else { return };
            self.bisected.search.tell(verdict);
        }
    }

    /// Asks until somebody says yes or no, a few times.
    async fn patiently(&mut self, question: &Question, way: Way) -> Option<Verdict> {
        let mut verdict = self.ask(question, way).await?;
        for _ in 0..AGAIN {
            if !matches!(verdict, Verdict::CannotTell(_)) {
                break;
            }
            verdict = self.ask(question, way).await?;
        }
        Some(verdict)
    }

    /// One body. None where it could not be sent any more.
    async fn ask(&mut self, question: &Question, way: Way) -> Option<Verdict> {
        if way != Way::Count && self.bisected.generated >= self.bisected.plan.most_generated {
            let most = self.bisected.plan.most_generated;
            self.bisected.ended =
                Some(format!("no more than {most} answers may be asked for (--yes for more)"));
            return None;
        }
        let most = self.bisected.plan.limits.calls;
        if self.bisected.tries.len() >= most {
            self.bisected.ended = Some(format!("no more than {most} bodies may be tried"));
            return None;
        }
        let text = self.bisected.search.body().text(&question.cut, Style::Compact);
        let input = if way == Way::Count { 0 } else { input_tokens(text.len()) };
        let most = self.bisected.plan.most_input;
        if self.bisected.paid_input.saturating_add(input) > most {
            self.bisected.ended = Some(format!(
                "answers for more than about {most} tokens of input may not be asked for (--yes for more)"
            ));
            return None;
        }
        let call = match way {
            Way::Count => Call::count_text(self.model, &without_model(&text)),
            Way::Short => Call::generate_text(self.model, &shortened(&text)),
            Way::Plain => Call::generate_text(self.model, &text),
        };
        let tried = self.runner.call(&call).await;
        if let Told::OutOfBudget(why) = &tried.told {
            self.bisected.ended = Some(why.clone());
            return None;
        }
        self.bisected.generated += u32::from(way != Way::Count);
        let verdict = verdict(&tried);
        if verdict == Verdict::Passes {
            self.bisected.paid_input += input;
        }
        self.bisected.evidence.push(tried.evidence());
        self.bisected.tries.push(Try {
            aim: question.aim,
            by: way.method().name(),
            bytes: text.len(),
            verdict: verdict.clone(),
            said: tried.summary().to_owned(),
            took_ms: tried.took_ms(),
        });
        self.wait(&tried, &verdict).await;
        Some(verdict)
    }

    /// Lets a service that has no time come to itself. A quota that lasts ends the search.
    async fn wait(&mut self, tried: &Tried, verdict: &Verdict) {
        if !matches!(verdict, Verdict::CannotTell(_)) {
            self.in_a_row = 0;
            return;
        }
        let lasts = tried.clues().iter().any(|clue| match clue {
            Clue::LimitZero => true,
            Clue::QuotaId(id) => id.contains("PerDay"),
            _ => false,
        });
        let asked = tried.clues().iter().find_map(|clue| match clue {
            Clue::RetryAfterMs(ms) => Some(*ms),
            _ => None,
        });
        if lasts || asked.is_some_and(|ms| ms > LONGEST_PAUSE_MS) {
            self.bisected.ended = Some(format!("the service says {}", tried.summary()));
            return;
        }
        let usual = LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.pow(self.in_a_row.min(6)));
        self.in_a_row += 1;
        let pause = asked.map_or(usual, Duration::from_millis);
        self.runner.clock.wait(pause).await;
    }
}

/// What an answer says of the body.
fn verdict(tried: &Tried) -> Verdict {
    if tried.success().is_some() {
        return Verdict::Passes;
    }
    let cannot_tell = || Verdict::CannotTell(tried.summary().to_owned());
    let Some(reply) = tried.reply() else { return cannot_tell() };
    let says_no = match reply.status {
        408 | 409 | 425 | 429 | 499 => false,
        400 | 413 | 422 => true,
        401..=499 => reply.party == Party::Api,
        _ => false,
    };
    if !says_no {
        return cannot_tell();
    }
    let message = clue::message(tried.clues()).unwrap_or_else(|| tried.summary());
    Verdict::Fails(Signature::of(Some(reply.status), message))
}

/// The body without the name of its model, which what is counted has already: a second one is refused.
fn without_model(text: &str) -> String {
    let mut body = serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    match body.remove("model") {
        Some(_) => Value::Object(body).to_string(),
        None => text.to_owned(),
    }
}

/// The body with the shortest answer, where it can be changed.
fn shortened(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(body) => generation::shortest(body).to_string(),
        Err(_) => text.to_owned(),
    }
}
