//! What is to be sent, and what came of it so far.

use std::time::Duration;

use serde_json::Value;

use crate::{
    facts::{Method, models::Thinking},
    gemini::needles,
    tokens::delivery::{Haystack, QUESTION, Sample, Search, Verdict},
};

use super::count::Counted;

/// Tokens of an answer at most, thinking included, for a statement of cost.
const MOST_ANSWER: u64 = 700;

/// What to ask about long prompts.
#[derive(Clone, Debug)]
pub struct DeliveryPlan {
    /// The question.
    pub ask: Ask,
    /// What is sent.
    pub payload: Payload,
    /// What this program counts for the prompt as it is sent; none where it was not counted.
    pub local: Option<u64>,
    /// No fewer than the tokens of the caller's own prompt; none where no such number is known.
    pub at_most: Option<u64>,
    /// The seed of the needles and of the text that is made up.
    pub seed: u64,
    /// How long an answer may take; none for what the settings say.
    pub patience: Option<Duration>,
}

/// One of the questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What does the service count for this body? Free.
    Verify,
    /// Does it arrive whole?
    Prove {
        /// Also with an empty list of tools.
        tools: bool,
    },
    /// Above which size do calls fail?
    Ceiling {
        /// The largest size to try; none for the model's limit.
        limit: Option<u64>,
        /// How many sizes are tried at most.
        sizes: usize,
    },
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// A text of about so many tokens that is made up.
    Filler {
        /// Tokens.
        tokens: u64,
    },
    /// A text of the caller's own.
    Text(String),
    /// A request body of the caller's own.
    Body(Value),
}

/// What a run brought.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// What was to be asked.
    pub plan: DeliveryPlan,
    /// The model that was asked.
    pub model: Option<String>,
    /// Its input limit, as the list has it.
    pub limit: Option<u64>,
    /// The service's count, where that was all that was asked.
    pub verified: Option<Counted>,
    /// The prompt without an empty list of tools, and then with one.
    pub arms: Vec<Arm>,
    /// The search for a ceiling, and why it ended early, if it did.
    pub ceiling: Option<(Search, Option<String>)>,
}

/// What became of one prompt.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Whether it had an empty list of tools.
    pub tools: bool,
    /// The service's count.
    pub counted: Option<Counted>,
    /// The calls with it.
    pub samples: Vec<Sample>,
    /// What they show.
    pub verdict: Verdict,
}

impl DeliveryPlan {
    /// The sizes that a search tries, where nobody says otherwise.
    pub const SIZES: usize = 8;
    /// The tokens of a text that is made up, where nobody says otherwise: above the 200,000 at which prompts are
    /// said to be shortened, and below what a free project may send in a minute.
    pub const TOKENS: u64 = 220_000;
    /// The largest prompt of the usual models.
    pub const USUAL_LIMIT: u64 = 1_048_576;
    /// The largest prompt that is made up: far more than any model takes, and little enough to be held.
    pub const MOST_TOKENS: u64 = 10_000_000;

    /// The needles, which hang on the seed alone.
    pub fn haystack(&self) -> Haystack {
        Haystack::new(self.seed)
    }

    /// The body as it is sent to be answered, for a local count.
    pub fn body(&self, thinking: Thinking, api_version: &str, tools: bool) -> Value {
        let haystack = self.haystack();
        let body = self.payload.body(&haystack);
        let body = needles::planted(body, &haystack.needles(), QUESTION, (thinking, api_version));
        if tools { needles::with_empty_tools(body) } else { body }
    }

    /// The calls that it can make at most.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        match self.ask {
            Ask::Verify => vec![(Method::Count, 1)],
            // A second call each where only that can settle it.
            Ask::Prove { tools } => {
                let arms = 1 + u32::from(tools);
                vec![(Method::Count, arms), (Method::Generate, 2 * arms)]
            }
            Ask::Ceiling { sizes, .. } => {
                vec![(Method::Count, 2), (Method::Generate, Search::most_calls(sizes))]
            }
        }
    }

    /// The tokens of a call, sent and received: the most that they can be, where `has_bound` says so.
    pub fn tokens_a_call(&self) -> u64 {
        let sent = match (self.ask, &self.payload) {
            (Ask::Ceiling { limit, .. }, _) => limit.unwrap_or(Self::USUAL_LIMIT),
            (_, Payload::Filler { tokens }) => {
                tokens.saturating_add(tokens / 20).saturating_add(self.haystack().most_added())
            }
            (_, Payload::Text(_) | Payload::Body(_)) => self.own_tokens(),
        };
        sent.saturating_add(MOST_ANSWER)
    }

    /// Whether a call has no more tokens than that. Media and tools are counted as the least that they can be.
    pub fn has_bound(&self) -> bool {
        let is_made_up = matches!(self.payload, Payload::Filler { .. });
        is_made_up || self.at_most.is_some()
    }

    fn own_tokens(&self) -> u64 {
        let most = self.at_most.map(|most| most.saturating_add(self.haystack().most_added()));
        most.or(self.local).unwrap_or(0)
    }
}

impl Payload {
    /// It as a body, without needles.
    pub fn body(&self, haystack: &Haystack) -> Value {
        match self {
            Self::Filler { tokens } => needles::plain(&haystack.filler(*tokens)),
            Self::Text(text) => needles::plain(text),
            Self::Body(body) => body.clone(),
        }
    }
}

impl Delivered {
    /// Nothing so far.
    pub fn of(plan: &DeliveryPlan) -> Self {
        Self {
            plan: plan.clone(),
            model: None,
            limit: None,
            verified: None,
            arms: Vec::new(),
            ceiling: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(payload: Payload, local: Option<u64>, at_most: Option<u64>) -> DeliveryPlan {
        let ask = Ask::Prove { tools: false };
        DeliveryPlan { ask, payload, local, at_most, seed: 1, patience: None }
    }

    #[test]
    fn a_call_is_bounded_only_where_a_bound_is_known() {
        let text = || Payload::Text("word".to_owned());
        let bounded = plan(text(), Some(300), Some(4));
        assert!(bounded.has_bound() && bounded.tokens_a_call() > 4 + MOST_ANSWER);
        let open = plan(text(), Some(300), None);
        assert_eq!((open.has_bound(), open.tokens_a_call()), (false, 300 + MOST_ANSWER));
    }

    #[test]
    fn needles_and_question_add_no_more_than_is_said() {
        let text = "word ".repeat(500);
        let plan = plan(Payload::Text(text.clone()), None, None);
        let body = plan.body(Thinking::None, "v1beta", false);
        let planted = body["contents"][0]["parts"][0]["text"].as_str().expect("a text");
        assert_eq!((planted.len() - text.len()) as u64, plan.haystack().most_added());
    }

    #[test]
    fn no_number_is_too_large_to_be_added_up() {
        let filler = plan(Payload::Filler { tokens: u64::MAX }, None, None);
        assert_eq!((filler.has_bound(), filler.tokens_a_call()), (true, u64::MAX));
        let own = plan(Payload::Text(String::new()), None, Some(u64::MAX));
        assert_eq!(own.tokens_a_call(), u64::MAX);
    }
}
