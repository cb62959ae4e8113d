//! The search itself, written as if every answer were there at once. It is played from the beginning each time: where
//! an answer is missing, it ends with the question.
//!
//! The parts stand in the order of the text, and the smallest beginning of them that fails ends with a part that is
//! needed. So one part is found in as many questions as its place has binary digits, and where it does not fail
//! alone, the next one is found before it. A cut that is refused for another reason shows nothing of the fault.

use std::collections::HashMap;

use super::{
    answer::{Aim, Judge, Limits, Outcome, Question, Signature, Verdict},
    body::{Body, Cut},
    tree::Id,
};

/// The times that a body must pass that is said to pass.
const PASSES: usize = 3;
/// The times that what stands for the body must fail before no part of it is to blame.
const BLAMELESS: usize = 5;
/// More faults than a body is searched for.
const MOST_FAULTS: usize = 6;
/// Parts of one fault that are tried one by one.
const MOST_TRIED: usize = 8;
/// Parts which are all needed if one of them is, because they are counted.
const COUNTED: usize = 4;
/// How often more a result is asked about that came about in a strange way.
const DOUBTED: usize = 3;

/// Why the course cannot go on.
pub(super) enum Halt {
    Ask(Question),
    End(Outcome),
}

type Going<T> = Result<T, Halt>;

/// What is known of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Passes,
    Fails(Signature),
    /// Asked, and nobody said yes or no.
    Nothing,
}

/// How a body stands to the fault that is sought.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shows {
    It,
    /// Another fault, or nobody says how it stands.
    Another(Option<Signature>),
    Nothing,
}

/// A fault that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) guilty: Vec<Id>,
    /// What has to go with them.
    pub(super) gone: Vec<Id>,
    pub(super) around: Vec<Id>,
    pub(super) cut: Cut,
    pub(super) signature: Signature,
    pub(super) confirmed: bool,
    pub(super) judge: Judge,
}

pub(super) struct Course<'a> {
    body: &'a Body,
    limits: Limits,
    told: &'a [Verdict],
    /// Who is asked now. What one says binds no other.
    pub(super) judge: Judge,
    at: usize,
    seen: HashMap<(Judge, Cut), Said>,
    /// How often each body was taken, and how often refused.
    counted: HashMap<(Judge, Cut), (usize, usize)>,
    /// What was asked, in its order.
    order: Vec<(Judge, Cut)>,
    untold: usize,
    /// The signatures of other faults that cuts have shown.
    others: Vec<Signature>,
    /// Whether something came out in a way that one steady fault does not explain.
    doubtful: bool,
    sought: Signature,
    pub(super) whole: Option<Signature>,
    pub(super) found: Vec<Found>,
    /// What can still be guilty.
    pub(super) suspects: Vec<Id>,
    pub(super) passing: Option<Cut>,
    pub(super) failing: Option<Cut>,
    pub(super) passing_confirmed: bool,
    /// Whether the rest was taken by whoever sees every fault, where another one was asked.
    pub(super) passes_beyond: bool,
    /// Whether what is left without the guilty parts is refused for what no cut can mend.
    pub(super) still_refused: bool,
}

impl<'a> Course<'a> {
    pub(super) fn new(
        body: &'a Body,
        limits: Limits,
        (told, judge): (&'a [Verdict], Judge),
    ) -> Self {
        Self {
            body,
            limits,
            told,
            judge,
            at: 0,
            seen: HashMap::new(),
            counted: HashMap::new(),
            order: Vec::new(),
            untold: 0,
            others: Vec::new(),
            doubtful: false,
            sought: Signature::default(),
            whole: None,
            found: Vec::new(),
            suspects: body.parts().to_vec(),
            passing: None,
            failing: None,
            passing_confirmed: false,
            passes_beyond: false,
            still_refused: false,
        }
    }

    /// Goes as far as the answers lead.
    pub(super) fn run(&mut self) -> Halt {
        match self.search() {
            Ok(outcome) => Halt::End(outcome),
            Err(halt) => halt,
        }
    }

    fn search(&mut self) -> Going<Outcome> {
        let whole = self.body.whole();
        if let Some(outcome) = self.ask_whole(&whole)? {
            return Ok(outcome);
        }
        if let Some(outcome) = self.ask_empty()? {
            return Ok(outcome);
        }
        let mut rest = whole.clone();
        loop {
            rest = self.find_all(rest)?;
            rest = self.drop_makings(&whole, rest)?;
            if !self.is_refused_beyond(&rest)? {
                return self.confirm(rest);
            }
        }
    }

    /// The whole body must fail, and twice, or there is nothing to search for.
    fn ask_whole(&mut self, whole: &Cut) -> Going<Option<Outcome>> {
        match self.ask(whole, Aim::Whole)? {
            Said::Nothing => {
                return Ok(Some(Outcome::CannotTell(self.last_words())));
            }
            Said::Passes => {
                for _ in 1..PASSES {
                    self.again(whole, &Said::Passes)?;
                }
                self.suspects.clear();
                self.passing = Some(whole.clone());
                self.passing_confirmed = true;
                return Ok(Some(Outcome::Passes));
            }
            Said::Fails(signature) => {
                self.whole = Some(signature.clone());
                self.sought = signature;
            }
        }
        let before = Said::Fails(self.sought.clone());
        self.again(whole, &before)?;
        Ok(None)
    }

    fn ask_empty(&mut self) -> Going<Option<Outcome>> {
        let empty = self.body.only([]);
        if self.shows(&empty, Aim::Empty)? != Shows::It {
            return Ok(None);
        }
        let before = Said::Fails(self.sought.clone());
        for _ in 1..BLAMELESS {
            self.again(&empty, &before)?;
        }
        self.suspects.clear();
        Ok(Some(Outcome::NoPart))
    }

    /// Finds one fault after the other, until what is left passes.
    fn find_all(&mut self, whole: Cut) -> Going<Cut> {
        let mut rest = whole;
        loop {
            let found = self.find(&self.parts_of(&rest))?;
            if found.guilty.is_empty() {
                // What stands for the rest is refused, and there is nothing left to cut.
                self.still_refused = true;
                return Ok(rest);
            }
            let before = rest;
            rest = self.body.without(&before, &found.gone);
            self.found.push(found);
            self.suspects = self.parts_of(&rest);
            let mut said = self.ask(&rest, Aim::Rest)?;
            if matches!(&said, Said::Fails(same) if self.sought.shares(same)) {
                (rest, said) = self.without_partners(&before, rest, said)?;
            }
            match said {
                Said::Passes | Said::Nothing => return Ok(rest),
                Said::Fails(_) if self.found.len() == MOST_FAULTS => {
                    return Err(Halt::End(Outcome::Stopped));
                }
                Said::Fails(signature) => self.sought = signature,
            }
        }
    }

    /// What whoever does not see every fault takes, the other one may refuse, and goes on then.
    fn is_refused_beyond(&mut self, rest: &Cut) -> Going<bool> {
        let key = (Judge::Cheap, rest.clone());
        if self.judge == Judge::Full || self.seen.get(&key) != Some(&Said::Passes) {
            return Ok(false);
        }
        let said = self.answer(rest, Aim::Beyond, Judge::Full)?;
        self.keep(Judge::Full, rest, &said);
        let Said::Fails(signature) = said else {
            self.passes_beyond = said == Said::Passes;
            return Ok(false);
        };
        self.judge = Judge::Full;
        self.sought = signature;
        self.others.clear();
        self.passing = None;
        self.suspects = self.parts_of(rest);
        match self.found.len() == MOST_FAULTS {
            true => Err(Halt::End(Outcome::Stopped)),
            false => Ok(true),
        }
    }

    fn parts_of(&self, cut: &Cut) -> Vec<Id> {
        self.body.parts().iter().copied().filter(|id| self.body.has(cut, *id)).collect()
    }

    /// What stands for one half of a pair can be refused as the half itself was, and then both have to go.
    fn without_partners(&mut self, before: &Cut, rest: Cut, said: Said) -> Going<(Cut, Said)> {
        let nth = self.found.len() - 1;
        let gone = self.body.with_partners(&self.found[nth].guilty);
        if gone.len() == self.found[nth].guilty.len() {
            return Ok((rest, said));
        }
        let other = self.body.without(before, &gone);
        match self.ask(&other, Aim::Rest)? {
            Said::Fails(same) if self.sought.shares(&same) => Ok((rest, said)),
            said => {
                self.found[nth].gone = gone;
                Ok((other, said))
            }
        }
    }

    /// The smallest set of parts that shows the fault.
    fn find(&mut self, parts: &[Id]) -> Going<Found> {
        let (mut list, mut needed) = (parts.to_vec(), Vec::new());
        if self.shows(&self.body.only([]), Aim::Empty)? == Shows::It {
            // No part decides this one.
            list.clear();
        }
        let mut guesses = true;
        while !list.is_empty() {
            let last = self.last_needed(&list, &needed)?;
            needed.push(list[last]);
            list.truncate(last);
            if self.shows(&self.body.only(needed.iter().copied()), Aim::Alone)? == Shows::It {
                break;
            }
            if std::mem::take(&mut guesses)
                && let Some(better) = self.guess(&list, needed[0])?
            {
                list = better;
                if self.are_counted(&list, needed[0])? {
                    needed.append(&mut list);
                }
            }
        }
        self.prune(needed)
    }

    /// The place of the last part without which no beginning fails, behind what is needed anyway.
    fn last_needed(&mut self, list: &[Id], needed: &[Id]) -> Going<usize> {
        let (mut low, mut high) = (0, list.len());
        while high - low > 1 {
            self.suspects = list[low..high].iter().chain(needed).copied().collect();
            let middle = self.middle(list, low, high);
            match self.beginning(list, middle, needed)? {
                Shows::It => high = middle,
                Shows::Nothing => low = middle,
                Shows::Another(other) => {
                    match self.elsewhere(list, (low, middle, high), needed, other)? {
                        Some((place, true)) => high = place,
                        Some((place, false)) => low = place,
                        None => low = middle,
                    }
                }
            }
        }
        Ok(high - 1)
    }

    fn beginning(&mut self, list: &[Id], length: usize, needed: &[Id]) -> Going<Shows> {
        let cut = self.body.only(list[..length].iter().chain(needed).copied());
        self.shows(&cut, Aim::Half)
    }

    /// Near the middle the cut that goes through the fewest parts.
    fn middle(&self, list: &[Id], low: usize, high: usize) -> usize {
        let (middle, reach) = (usize::midpoint(low, high), (high - low) / 10);
        self.shallowest(list, (middle - reach).max(low + 1), (middle + reach).min(high - 1), middle)
    }

    fn shallowest(&self, list: &[Id], from: usize, to: usize, near: usize) -> usize {
        let depth = |at: usize| self.body.tree().node(list[at]).depth;
        (from..=to).min_by_key(|at| (depth(*at), at.abs_diff(near))).unwrap_or(near)
    }

    /// A cut that made a fault of its own tells nothing; another one nearby may. A fault that is known by now is
    /// not gone round a second time: it is there by itself.
    fn elsewhere(
        &mut self,
        list: &[Id],
        (low, middle, high): (usize, usize, usize),
        needed: &[Id],
        other: Option<Signature>,
    ) -> Going<Option<(usize, bool)>> {
        if other.as_ref().is_some_and(|other| self.others.contains(other)) {
            return Ok(None);
        }
        self.others.extend(other);
        let sides = [(low + 1, middle.saturating_sub(1)), (middle + 1, high.saturating_sub(1))];
        for (from, to) in sides {
            if from > to {
                continue;
            }
            let place = self.shallowest(list, from, to, middle);
            match self.beginning(list, place, needed)? {
                Shows::It => return Ok(Some((place, true))),
                Shows::Nothing => return Ok(Some((place, false))),
                Shows::Another(_) => {}
            }
        }
        Ok(None)
    }

    /// Parts that fail only together are often of one name, or stand side by side.
    fn guess(&mut self, list: &[Id], last: Id) -> Going<Option<Vec<Id>>> {
        let tree = self.body.tree();
        let parent = tree.node(last).parent;
        let alike = |id: &Id| match tree.name(last) {
            Some(name) => tree.name(*id) == Some(name),
            None => tree.node(*id).parent == parent,
        };
        let beside = |id: &Id| *id > parent && *id < tree.node(parent).end;
        let alike: Vec<Id> = list.iter().copied().filter(alike).collect();
        let beside: Vec<Id> = list.iter().copied().filter(beside).collect();
        for guess in [alike, beside] {
            if guess.is_empty() || guess.len() == list.len() {
                continue;
            }
            let cut = self.body.only(guess.iter().copied().chain([last]));
            if self.shows(&cut, Aim::Half)? == Shows::It {
                return Ok(Some(guess));
            }
        }
        Ok(None)
    }

    /// Where one of many that are alike may not be missing, their number is what counts.
    fn are_counted(&mut self, list: &[Id], last: Id) -> Going<bool> {
        if list.len() < COUNTED {
            return Ok(false);
        }
        let but_one = list[1..].iter().copied().chain([last]);
        Ok(self.shows(&self.body.only(but_one), Aim::Half)? != Shows::It)
    }

    /// Takes away what is not needed after all, and tells guilty parts from those without which another fault
    /// comes first.
    fn prune(&mut self, mut needed: Vec<Id>) -> Going<Found> {
        needed.sort_unstable();
        let (mut guilty, mut around) = (Vec::new(), Vec::new());
        let tried: Vec<Id> = needed.iter().copied().take(MOST_TRIED).collect();
        if needed.len() > 1 {
            self.suspects.clone_from(&needed);
            for part in tried {
                let others = needed.iter().copied().filter(|id| *id != part);
                match self.shows(&self.body.only(others), Aim::Alone)? {
                    Shows::It => {
                        needed.retain(|id| *id != part);
                        self.doubtful = true;
                    }
                    Shows::Nothing => guilty.push(part),
                    Shows::Another(_) => around.push(part),
                }
            }
        }
        let untried = needed.iter().copied().filter(|id| !around.contains(id));
        if guilty.is_empty() {
            around.clear();
            guilty.clone_from(&needed);
        } else {
            guilty = untried.collect();
        }
        let cut = self.body.only(needed.iter().copied());
        self.failing = Some(cut.clone());
        let signature = self.sought.clone();
        let gone = guilty.clone();
        let judge = self.judge;
        Ok(Found { guilty, gone, around, cut, signature, confirmed: false, judge })
    }

    /// Where several faults seem to be there, each must be one in the whole body as well: what only a cut made is
    /// none.
    fn drop_makings(&mut self, whole: &Cut, mut rest: Cut) -> Going<Cut> {
        let mut nth = 0;
        while self.found.len() > 1 && nth < self.found.len() {
            let others = self.found.iter().enumerate().filter(|(at, _)| *at != nth);
            let others: Vec<Id> = others.flat_map(|(_, found)| found.gone.clone()).collect();
            let cut = self.body.without(whole, &others);
            if self.ask(&cut, Aim::Rest)? != Said::Passes {
                nth += 1;
                continue;
            }
            match self.around(nth) {
                // To cut it out made a fault, so that all around it had to go.
                Some(around) if self.found[around].guilty.len() == 1 => {
                    self.found.remove(around);
                    nth = 0;
                }
                // It is in one of several parts that are guilty together, for a reason of its own.
                Some(_) => {
                    nth += 1;
                    continue;
                }
                None => {
                    self.found.remove(nth);
                }
            }
            self.doubtful = true;
            rest = cut;
        }
        Ok(rest)
    }

    /// The fault one of whose parts has another fault's parts in it.
    fn around(&self, nth: usize) -> Option<usize> {
        let inner = &self.found[nth].guilty;
        let holds = |part: &Id| {
            let end = self.body.tree().node(*part).end;
            inner.iter().all(|id| part < id && *id < end)
        };
        self.found.iter().position(|found| found.guilty.iter().any(holds))
    }

    /// The minimal bodies must fail again, and what is left must pass again.
    fn confirm(&mut self, rest: Cut) -> Going<Outcome> {
        let more = if self.doubtful { DOUBTED } else { 0 };
        self.suspects.clear();
        for nth in 0..self.found.len() {
            let Found { cut, signature, judge, .. } = self.found[nth].clone();
            let before = Said::Fails(signature);
            for _ in 0..=more {
                self.found[nth].confirmed = self.again_by(judge, &cut, &before)?;
            }
        }
        if self.seen.get(&(self.judge, rest.clone())) == Some(&Said::Passes) {
            for _ in 0..=more {
                self.passing_confirmed = self.again(&rest, &Said::Passes)?;
            }
            self.passing = Some(rest);
        } else {
            self.passing = None;
        }
        self.doubt()?;
        Ok(Outcome::Found)
    }

    /// A body that passed though it holds one that fails, or failed though it is a part of one that passes: one of
    /// the two may have been an accident.
    fn doubt(&mut self) -> Going<()> {
        let mut strange = Vec::new();
        for key in &self.order {
            let (judge, cut) = key;
            let holds = |found: &Found| found.judge == *judge && found.cut.is_in(cut);
            let is_held = self.passing.as_ref().is_some_and(|passing| cut.is_in(passing));
            match &self.seen[key] {
                Said::Passes if self.found.iter().any(holds) => strange.push(key.clone()),
                Said::Fails(other) if is_held && self.sought.shares(other) => {
                    strange.push(key.clone());
                }
                _ => {}
            }
        }
        for (judge, cut) in strange.into_iter().take(DOUBTED) {
            let before = self.seen[&(judge, cut.clone())].clone();
            self.again_by(judge, &cut, &before)?;
            self.again_by(judge, &cut, &before)?;
        }
        Ok(())
    }

    fn shows(&mut self, cut: &Cut, aim: Aim) -> Going<Shows> {
        Ok(match self.ask(cut, aim)? {
            Said::Fails(signature) if self.sought.shares(&signature) => {
                self.sought = self.sought.narrowed(&signature);
                self.failing = Some(cut.clone());
                Shows::It
            }
            Said::Fails(signature) => Shows::Another(Some(signature)),
            Said::Passes => {
                if self.passing.as_ref().is_none_or(|passing| passing.is_in(cut)) {
                    self.passing = Some(cut.clone());
                }
                Shows::Nothing
            }
            Said::Nothing => Shows::Another(None),
        })
    }

    /// What is known of a body, from before if it was asked about before.
    fn ask(&mut self, cut: &Cut, aim: Aim) -> Going<Said> {
        let judge = self.judge;
        if let Some(said) = self.seen.get(&(judge, cut.clone())) {
            return Ok(said.clone());
        }
        let said = self.answer(cut, aim, judge)?;
        self.keep(judge, cut, &said);
        Ok(said)
    }

    fn keep(&mut self, judge: Judge, cut: &Cut, said: &Said) {
        self.seen.insert((judge, cut.clone()), said.clone());
        self.order.push((judge, cut.clone()));
    }

    /// Asks once more what is known. Whether it came out the same; where it did not, nothing can be said.
    fn again(&mut self, cut: &Cut, before: &Said) -> Going<bool> {
        self.again_by(self.judge, cut, before)
    }

    fn again_by(&mut self, judge: Judge, cut: &Cut, before: &Said) -> Going<bool> {
        match (before, self.answer(cut, Aim::Again, judge)?) {
            (Said::Passes, Said::Passes) => Ok(true),
            (Said::Fails(one), Said::Fails(other)) => Ok(one.shares(&other)),
            (Said::Passes, Said::Fails(_)) | (Said::Fails(_), Said::Passes) => {
                let (passed, failed) = self.counted[&(judge, cut.clone())];
                Err(Halt::End(Outcome::Flaky { passed, failed }))
            }
            (_, Said::Nothing) | (Said::Nothing, _) => Ok(false),
        }
    }

    /// The next answer that says yes or no.
    fn answer(&mut self, cut: &Cut, aim: Aim, judge: Judge) -> Going<Said> {
        for _ in 0..=self.limits.again {
            let Some(verdict) = self.told.get(self.at) else {
                return Err(Halt::Ask(Question { cut: cut.clone(), aim, judge }));
            };
            self.at += 1;
            let (passed, failed) = self.counted.entry((judge, cut.clone())).or_default();
            match verdict {
                Verdict::Passes => {
                    *passed += 1;
                    return Ok(Said::Passes);
                }
                Verdict::Fails(signature) => {
                    *failed += 1;
                    return Ok(Said::Fails(signature.clone()));
                }
                Verdict::CannotTell(why) => {
                    self.untold += 1;
                    if self.untold == self.limits.untold {
                        return Err(Halt::End(Outcome::CannotTell(why.clone())));
                    }
                }
            }
        }
        self.doubtful = true;
        Ok(Said::Nothing)
    }

    fn last_words(&self) -> String {
        match self.told[..self.at].last() {
            Some(Verdict::CannotTell(why)) => why.clone(),
            _ => String::new(),
        }
    }
}
