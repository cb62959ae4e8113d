//! What is to be searched, and what came of it so far.

use crate::{
    bisect::{Answer, Body, Fault, Limits, Search, Style, Try, Verdict},
    facts::{Clue, Method, check::Evidence},
    gemini::generation,
    lint::{Service, Version},
};

use super::foreseen::{Foreseen, said_of_list, said_within};

/// Tokens of an answer at most, thinking included, for a statement of cost.
const MOST_ANSWER: u64 = 64;
/// Tokens of input that are paid for without being asked about, over a whole search.
pub const UNASKED_INPUT: u64 = 200_000;
/// How often the whole body's tokens are paid for where answers lead a search, as a rule: its halves are taken, and
/// what is refused costs nothing.
const OFTEN: u64 = 8;
/// Bytes of a token, as a rule.
const BYTES_A_TOKEN: u64 = 4;
/// A word more or less around a body.
const AROUND: u64 = 64;

/// A search that the service leads.
#[derive(Clone, Debug)]
pub struct BisectPlan {
    /// The body as it is sent: with fillers, where the caller's texts stay here.
    pub body: Body,
    /// The body as it was given, for the rules of `lint`.
    pub given: String,
    /// Which of the two APIs it is for.
    pub service: Service,
    /// Its version.
    pub version: Version,
    /// How many texts were replaced in it.
    pub replaced: usize,
    /// What the search may use.
    pub limits: Limits,
    /// How many answers may be generated.
    pub most_generated: u32,
    /// How many tokens of input may be paid for.
    pub most_input: u64,
}

/// By which call a body shows its fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `countTokens`, which is free.
    Count,
    /// An answer that is as short as it can be.
    Short,
    /// An answer, with nothing in the body changed.
    Plain,
}

/// What a run brought.
#[derive(Clone, Debug)]
pub struct Bisected {
    /// What was to be searched.
    pub plan: BisectPlan,
    /// The model that was asked.
    pub model: Option<String>,
    /// The search.
    pub search: Search,
    /// By which call the fault shows.
    pub way: Option<Way>,
    /// Every body that was sent.
    pub tries: Vec<Try>,
    /// Why no more was sent, where something was left to send.
    pub ended: Option<String>,
    /// What rules say of the body as it was given.
    pub foreseen: Vec<Foreseen>,
    /// The answers to them, in the same order.
    pub(super) evidence: Vec<Evidence>,
    /// Answers that were asked for.
    pub(super) generated: u32,
    /// Tokens of input that answers were given for.
    pub(super) paid_input: u64,
    /// Whether the row is there.
    pub(super) is_recorded: bool,
}

impl BisectPlan {
    /// The calls at most.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        let counts = u32::try_from(self.limits.calls).unwrap_or(u32::MAX);
        vec![(Method::Count, counts), (Method::Generate, self.most_generated)]
    }

    /// What the search is likely to pay for in tokens of input, where no count shows the fault.
    pub fn likely_input(&self) -> u64 {
        let bytes = self.body.text(&self.body.whole(), Style::Compact).len();
        input_tokens(bytes).saturating_mul(OFTEN.min(self.limits.calls as u64))
    }

    /// Whether that is more than may be spent without a yes.
    pub fn is_large(&self) -> bool {
        self.most_input <= UNASKED_INPUT && self.likely_input() > self.most_input
    }

    /// Takes the yes that a large body needs.
    pub fn agree_to_its_size(&mut self) {
        if self.is_large() {
            self.most_input = u64::MAX;
        }
    }

    /// No fewer than the tokens of a call, sent and received: a token has a byte at least.
    pub fn tokens_a_call(&self) -> u64 {
        let bytes = self.body.text(&self.body.whole(), Style::Compact).len() as u64;
        bytes + AROUND + MOST_ANSWER
    }
}

/// The tokens of a body, as a rule.
pub(super) fn input_tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(BYTES_A_TOKEN)
}

impl Bisected {
    /// Nothing so far.
    pub fn of(plan: &BisectPlan) -> Self {
        Self {
            plan: plan.clone(),
            model: None,
            search: Search::new(plan.body.clone(), plan.limits),
            way: None,
            tries: Vec::new(),
            ended: None,
            foreseen: Vec::new(),
            evidence: Vec::new(),
            generated: 0,
            paid_input: 0,
            is_recorded: false,
        }
    }

    /// The answers that the search goes by: one for each fault, else the first refusal, else the last answer that
    /// said neither yes nor no.
    pub(super) fn decisive(&self, answer: &Answer) -> Vec<Evidence> {
        let of = |wanted: &dyn Fn(&Verdict) -> bool| {
            let place = self.tries.iter().position(|one| wanted(&one.verdict))?;
            self.evidence.get(place).cloned()
        };
        let of_fault = |fault: &Fault| {
            of(&|verdict| matches!(verdict, Verdict::Fails(own) if own.shares(&fault.signature)))
        };
        let of_faults: Vec<Evidence> = answer.faults.iter().filter_map(of_fault).collect();
        if !of_faults.is_empty() {
            return of_faults;
        }
        let refusal = of(&|verdict| matches!(verdict, Verdict::Fails(_)));
        let open = || of(&|verdict| matches!(verdict, Verdict::CannotTell(_)));
        refusal.or_else(open).into_iter().collect()
    }

    /// What rules say of the faults that were found, where that is one thing and leads to a known fix.
    pub(super) fn explained(&self, answer: &Answer) -> Vec<Evidence> {
        let of = |fault: &Fault| {
            let parts = || fault.guilty.iter();
            let mut known: Vec<&Foreseen> =
                parts().flat_map(|place| said_within(&self.foreseen, &place.path)).collect();
            if known.is_empty() {
                known =
                    parts().flat_map(|place| said_of_list(&self.foreseen, &place.path)).collect();
            }
            let first = known.first()?;
            let is_one = known.iter().all(|other| other.fix == first.fix);
            let text = format!("{}: {} ({})", first.path, first.said, first.rule);
            let fix = first.fix.filter(|_| is_one)?;
            Some(Evidence { attempt: None, text, clues: vec![Clue::Foreseen(fix)] })
        };
        answer.faults.iter().filter_map(of).collect()
    }

    /// Whether what passes was only asked for with another length of its answer than it says.
    pub fn passes_shortened(&self, answer: &Answer) -> bool {
        let text = |cut| self.search.body().text(cut, Style::Compact);
        let is_short = self.way.is_some_and(|way| way != Way::Plain);
        is_short && answer.passing.as_ref().is_some_and(|cut| generation::says_how_long(&text(cut)))
    }

    /// What was said when the body was refused first.
    pub fn said(&self) -> Option<&str> {
        let refused = self.tries.iter().find(|one| matches!(one.verdict, Verdict::Fails(_)));
        refused.map(|one| one.said.as_str())
    }
}

impl Way {
    /// The method that is called.
    pub const fn method(self) -> Method {
        match self {
            Self::Count => Method::Count,
            Self::Short | Self::Plain => Method::Generate,
        }
    }

    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Count => "countTokens",
            Self::Short => "generateContent, shortened",
            Self::Plain => "generateContent",
        }
    }
}
