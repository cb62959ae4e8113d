//! The search as its callers see it: one question at a time, and an answer whenever one is wanted.

use super::{
    answer::{Answer, Fault, Judge, Limits, Outcome, Step, Verdict},
    body::Body,
    course::{Course, Found, Halt},
    tree::{Id, Place},
};

/// Suspects that are named.
const MOST_NAMED: usize = 8;

/// A search.
#[derive(Clone, Debug)]
pub struct Search {
    body: Body,
    told: Vec<Verdict>,
    /// Who is asked as long as that is enough.
    first: Judge,
    limits: Limits,
}

impl Search {
    /// A search in a body, within limits.
    pub fn new(body: Body, limits: Limits) -> Self {
        Self { body, told: Vec::new(), first: Judge::Full, limits }
    }

    /// The body that is searched.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// How many bodies were tried.
    pub fn calls(&self) -> usize {
        self.told.len()
    }

    /// What is to be done next. It changes nothing.
    pub fn next(&self) -> Step {
        let mut course = Course::new(&self.body, self.limits, (&self.told, self.first));
        match course.run() {
            Halt::Ask(question) if self.told.len() < self.limits.calls => Step::Ask(question),
            Halt::Ask(_) => Step::Done(Box::new(self.answer(course, Outcome::Stopped))),
            Halt::End(outcome) => Step::Done(Box::new(self.answer(course, outcome))),
        }
    }

    /// Takes what became of the body that [`Search::next`] asked for.
    pub fn tell(&mut self, verdict: Verdict) {
        self.told.push(verdict);
    }

    /// Says who is to be asked first, before anything was told.
    pub fn ask_first(&mut self, judge: Judge) {
        self.first = judge;
    }

    /// What is known so far, for a search that is not led to its end.
    pub fn so_far(&self) -> Answer {
        let mut course = Course::new(&self.body, self.limits, (&self.told, self.first));
        match course.run() {
            Halt::Ask(_) => self.answer(course, Outcome::Stopped),
            Halt::End(outcome) => self.answer(course, outcome),
        }
    }

    fn answer(&self, course: Course<'_>, outcome: Outcome) -> Answer {
        let suspected = course.suspects.len();
        Answer {
            outcome,
            faults: course.found.into_iter().map(|found| self.fault(found)).collect(),
            passing: course.passing,
            failing: course.failing,
            passing_confirmed: course.passing_confirmed,
            judge: course.judge,
            passes_beyond: course.passes_beyond,
            still_refused: course.still_refused,
            suspects: self.outermost(&course.suspects),
            suspected,
            cleared: self.body.parts().len() - suspected,
            calls: self.told.len(),
            signature: course.whole,
        }
    }

    fn fault(&self, found: Found) -> Fault {
        let Found { guilty, around, cut, signature, confirmed, judge, .. } = found;
        let places = |ids: Vec<Id>| ids.into_iter().map(|id| self.body.tree().place(id)).collect();
        Fault { guilty: places(guilty), around: places(around), cut, signature, confirmed, judge }
    }

    /// Parts that stand in no other of them.
    fn outermost(&self, parts: &[Id]) -> Vec<Place> {
        let tree = self.body.tree();
        let mut sorted = parts.to_vec();
        sorted.sort_unstable();
        let (mut outermost, mut end) = (Vec::new(), 0);
        for id in sorted {
            if id >= end {
                end = tree.node(id).end;
                outermost.push(id);
            }
        }
        // A place takes a look through the text before it.
        outermost.truncate(MOST_NAMED);
        outermost.into_iter().map(|id| tree.place(id)).collect()
    }
}
