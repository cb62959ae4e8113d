//! What is compared, and what comes of it.

use crate::{
    compare::{Form, Judged, Seen},
    facts::{
        Clue, Endpoint, Method,
        check::{Evidence, Observation},
        models::ModelTable,
    },
    gemini::wire::Model,
    net::How,
    secret::ApiKey,
    transport::Limits,
};

use super::{super::key::KeyPlan, super::models, LOOKS};

/// Sides that are asked the same.
#[derive(Clone, Debug)]
pub struct ComparePlan {
    /// The sides: two, or several in a row.
    pub sides: Vec<SidePlan>,
    /// Whether each leads to the next one, the nearest to the API last.
    pub in_a_row: bool,
    /// Rounds of free calls at most.
    pub rounds: u32,
    /// Rounds of answers, which cost money.
    pub generate: u32,
    /// The time for each kind of round at most, in milliseconds.
    pub most_ms: f64,
    /// The seed of everything random.
    pub seed: u64,
    /// The dated table of models.
    pub table: ModelTable,
}

/// One side.
#[derive(Clone, Debug)]
pub struct SidePlan {
    /// `a`, `b`, or the number of a hop.
    pub label: String,
    /// What it is, in the words that were typed.
    pub described: String,
    /// Where its facts come from.
    pub source: Source,
}

/// Where the facts of a side come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// It is asked.
    Live(Box<LiveSide>),
    /// It was asked in an earlier run.
    Saved(Box<SavedSide>),
}

/// A side that is asked.
#[derive(Clone, Debug)]
pub struct LiveSide {
    /// Where calls go.
    pub endpoint: Endpoint,
    /// Its key, and how that was found.
    pub key_plan: KeyPlan,
    /// The key that is sent.
    pub key: ApiKey,
    /// How connections are made.
    pub how: How,
    /// The limits of one exchange.
    pub limits: Limits,
    /// What is known of every call.
    pub context: Vec<Clue>,
    /// The model, where one was named.
    pub model: Option<String>,
}

/// A side of an earlier run.
#[derive(Clone, Debug)]
pub struct SavedSide {
    /// Which command saved it.
    pub command: String,
    /// When it was asked.
    pub started_at: String,
    /// The model it was asked about.
    pub model: Option<String>,
    /// Where it went.
    pub base_url: String,
    /// What it showed.
    pub seen: Seen,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The sides.
    pub sides: Vec<SideSeen>,
    /// Which sides were held against each other, and what that shows.
    pub pairs: Vec<Pair>,
    /// Whether each side leads to the next one.
    pub in_a_row: bool,
    /// The free call that was timed.
    pub method: Option<Method>,
    /// The rounds that were done.
    pub rounds: u32,
    /// Why it ended early.
    pub cut: Option<String>,
}

/// What one side showed.
#[derive(Clone, Debug)]
pub struct SideSeen {
    /// `a`, `b`, or the number of a hop.
    pub label: String,
    /// What it is, in the words that were typed.
    pub described: String,
    /// Where it leads.
    pub base_url: String,
    /// The command and the time of the earlier run that it is from.
    pub saved: Option<(String, String)>,
    /// The model it was asked about.
    pub model: Option<String>,
    /// What it showed.
    pub seen: Seen,
    /// Its own checks, which are judged apart from those of the others.
    pub rows: Vec<Observation>,
    /// What is to become a check of it.
    pub(super) pieces: Vec<Observation>,
    /// What its list has, as far as it came.
    pub(super) listed: Vec<Model>,
    /// What there is to say if a list is missing and nothing else works.
    pub(super) missing_list: Option<Observation>,
    /// The free calls that worked.
    pub(super) works: Vec<Method>,
    /// A few of the calls that failed in rounds.
    pub(super) failures: Vec<Evidence>,
    /// Whether there is no use in asking it more.
    pub(super) is_lost: bool,
}

/// Two sides, by their places, and what they show of each other.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The first.
    pub a: usize,
    /// The second.
    pub b: usize,
    /// What they show.
    pub judged: Judged,
}

impl ComparePlan {
    /// The sides that are asked.
    pub fn live(&self) -> impl Iterator<Item = (usize, &LiveSide)> {
        self.sides.iter().enumerate().filter_map(|(index, side)| match &side.source {
            Source::Live(live) => Some((index, &**live)),
            Source::Saved(_) => None,
        })
    }

    /// The calls it can make at most.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        let sides = u32::try_from(self.live().count()).unwrap_or(u32::MAX);
        if sides == 0 {
            return Vec::new();
        }
        // What differs beyond chance is asked once more; what a hop adds has its interval.
        let sets = if self.in_a_row { 1 } else { 2 };
        let rounds = self.rounds.saturating_mul(sets);
        let times = |calls: u32| calls.saturating_mul(sides);
        let mut calls = vec![
            (Method::List, times(LOOKS * models::MOST_PAGES)),
            (Method::Get, times((2 * LOOKS).saturating_add(rounds))),
            (Method::Count, times(2 * LOOKS)),
        ];
        let steps =
            |live: &LiveSide| live.key_plan.cloud.as_ref().map_or(0, |login| login.most_steps());
        let steps: u32 = self.live().map(|(_, live)| steps(live)).sum();
        if steps > 0 {
            calls.push((Method::Token, steps));
        }
        if self.generate > 0 {
            calls.push((Method::Generate, times(self.generate)));
        }
        calls
    }

    /// Where the first side led, if nothing is asked.
    pub fn saved_url(&self) -> Option<String> {
        let first = self.sides.first().filter(|_| self.live().next().is_none())?;
        match &first.source {
            Source::Saved(saved) => Some(saved.base_url.clone()),
            Source::Live(_) => None,
        }
    }

    /// Where calls go besides the first side's URL.
    pub fn other_urls(&self) -> Vec<String> {
        let mut urls: Vec<String> = Vec::new();
        for (_, live) in self.live() {
            let url = live.endpoint.base_url();
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        urls.into_iter().skip(1).collect()
    }

    /// The sides that are held against each other.
    pub(super) fn pairs(&self) -> Vec<[usize; 2]> {
        (1..self.sides.len()).map(|next| [next - 1, next]).collect()
    }
}

impl Compared {
    /// Before anything was asked.
    pub fn of(plan: &ComparePlan) -> Self {
        Self {
            sides: plan.sides.iter().map(SideSeen::of).collect(),
            pairs: Vec::new(),
            in_a_row: plan.in_a_row,
            method: None,
            rounds: 0,
            cut: None,
        }
    }
}

impl Compared {
    /// The model that was picked for all sides, where none was named.
    pub fn picked(&self, plan: &ComparePlan) -> Option<String> {
        let nobody_named = plan.live().all(|(_, live)| live.model.is_none());
        let (index, _) = plan.live().next().filter(|_| nobody_named)?;
        self.sides[index].model.clone()
    }

    /// Whether the sides have rows of their own to be judged by.
    pub fn has_rows(&self) -> bool {
        self.sides.iter().any(|side| !side.rows.is_empty())
    }
}

impl SideSeen {
    fn of(side: &SidePlan) -> Self {
        let (base_url, saved, model, seen) = match &side.source {
            Source::Live(live) => {
                let (host, form) = (live.endpoint.host.clone(), Form::of(&live.endpoint.api));
                let seen = Seen { host, form, list_form: form, ..Seen::default() };
                (live.endpoint.base_url(), None, live.model.clone(), seen)
            }
            Source::Saved(saved) => (
                saved.base_url.clone(),
                Some((saved.command.clone(), saved.started_at.clone())),
                saved.model.clone(),
                saved.seen.clone(),
            ),
        };
        Self {
            label: side.label.clone(),
            described: side.described.clone(),
            base_url,
            saved,
            model,
            seen,
            rows: Vec::new(),
            pieces: Vec::new(),
            listed: Vec::new(),
            missing_list: None,
            works: Vec::new(),
            failures: Vec::new(),
            is_lost: false,
        }
    }
}
