//! The search in bodies that are made from seeds over all features of the API, each with a fault that somebody else put
//! in and knows the place of, judged by the simulator. None of the three knows the others.

use crate::{
    bisect::{Answer, Body, Fault, Outcome, Search, Signature, Step, Style, Verdict, filled},
    lint::proof::{
        case::{Case, Kind},
        generate::generate,
        mutate::{Broken, Mutation, mutations},
        write::Spot,
    },
    simulate::{self, Refusal},
};

use super::{MOST, paths};

/// Bodies in which a place for a mutation is looked for.
const SEEDS: u64 = 200;

/// What a body is sent with, and to whom.
struct Sent {
    model: &'static str,
    version: &'static str,
    /// Whether every refusal is the one sentence that names nothing.
    bare: bool,
}

impl Sent {
    fn refusal(&self, text: &str) -> Option<Refusal> {
        let scenario = if self.bare { "refusals-bare" } else { "healthy" };
        let scenario = simulate::find(scenario).expect("it is built in");
        simulate::refusal_in(scenario, text, self.model, self.version, "generateContent")
    }
}

/// Bodies that the service takes.
fn taken(bare: bool) -> Vec<(Sent, Case)> {
    let all = (0..SEEDS).map(generate).filter_map(|case| {
        let sent = Sent { model: case.model.name, version: case.version, bare };
        let generates = matches!(case.kind, Kind::GenerateContent | Kind::StreamGenerateContent);
        (generates && sent.refusal(&case.body()).is_none()).then_some((sent, case))
    });
    all.collect()
}

/// A body with a mutation, where the service refuses it for that and the search can read it.
fn broken(mutation: &Mutation, sent: &Sent, case: &Case) -> Option<(String, Vec<Spot>)> {
    let Broken { text, spots, .. } = mutation.apply_to(case.clone())?;
    let text = String::from_utf8(text).ok()?;
    let is_fault = sent.refusal(&text).is_some() && Body::read(&text).is_ok();
    (is_fault && spots.iter().any(|spot| !spot.path.is_empty())).then_some((text, spots))
}

fn lead(text: &str, sent: &Sent) -> Answer {
    let body = Body::read(text).expect("a body");
    let mut search = Search::new(filled(&body).0, MOST);
    loop {
        match search.next() {
            Step::Done(answer) => return *answer,
            Step::Ask(question) => {
                let text = search.body().text(&question.cut, Style::Compact);
                let refusal = sent.refusal(&text);
                search.tell(refusal.map_or(Verdict::Passes, |refusal| {
                    Verdict::Fails(Signature::of(Some(refusal.status), refusal.message()))
                }));
            }
        }
    }
}

/// Whether the fault is among those that were found. What was broken can break other things: those are found beside
/// it. What is not there at all is in no part.
fn is_found(answer: &Answer, places: &[&str]) -> bool {
    let is_it = |fault: &Fault| paths(fault).iter().any(|path| places.contains(path));
    match answer.outcome {
        Outcome::Found => answer.faults.iter().any(is_it),
        Outcome::NoPart => places.contains(&"$"),
        _ => false,
    }
}

/// Searches bodies with each mutation, so many of each: how many there were, what went wrong, how many faults were
/// found beside those that were put in, and how many took more than 25 calls.
fn search_all(each: usize, bare: bool) -> (usize, Vec<String>, usize, usize) {
    let (mut all, mut wrong, mut beside, mut slow) = (0, Vec::new(), 0, 0);
    let taken = taken(bare);
    for mutation in mutations() {
        let bodies = taken.iter().filter_map(|(sent, case)| {
            let (text, spots) = broken(mutation, sent, case)?;
            Some((sent, case.seed, text, spots))
        });
        for (sent, seed, text, spots) in bodies.take(each) {
            all += 1;
            let answer = lead(&text, sent);
            let places: Vec<&str> = spots.iter().map(|spot| spot.path.as_str()).collect();
            if !is_found(&answer, &places) {
                let found: Vec<&str> = answer.faults.iter().flat_map(paths).collect();
                let (name, outcome) = (mutation.name, &answer.outcome);
                wrong.push(format!("{name} {seed}: {places:?}, and {outcome:?} {found:?}"));
            }
            beside += answer.faults.len().saturating_sub(1);
            slow += usize::from(answer.calls > 25);
        }
    }
    (all, wrong, beside, slow)
}

#[test]
fn what_somebody_else_broke_is_found_where_they_broke_it() {
    let (all, wrong, beside, slow) = search_all(2, false);
    assert!(all > 250, "{all}");
    let seen = format!("{beside} beside, {slow} slow, of {all}:\n{}", wrong.join("\n"));
    assert!(wrong.len() * 100 <= all, "{} wrong, {seen}", wrong.len());
    assert!(beside * 16 <= all && slow * 20 <= all, "{seen}");
}

#[test]
fn it_is_found_where_the_service_names_nothing() {
    let (all, wrong, beside, slow) = search_all(2, true);
    let seen = format!("{beside} beside, {slow} slow, of {all}:\n{}", wrong.join("\n"));
    assert!(wrong.len() * 50 <= all, "{} wrong, {seen}", wrong.len());
}
