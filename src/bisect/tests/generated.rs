//! The search in bodies that are made from seeds over all features of the API, each with a fault that somebody else put
//! in and knows the place of, judged by the simulator. None of the three knows the others.

use crate::{
    bisect::{Answer, Body, Outcome, Search, Signature, Step, Style, Verdict, filled},
    lint::proof::{
        case::Kind,
        generate::generate,
        mutate::{Broken, Mutation, mutations},
    },
    simulate::{self, Refusal},
};

use super::{MOST, paths};

/// Bodies in which a place for a mutation is looked for.
const SEEDS: u64 = 400;

/// What a body is sent with.
struct Sent {
    model: &'static str,
    version: &'static str,
}

impl Sent {
    fn refusal(&self, text: &str) -> Option<Refusal> {
        simulate::refusal(text, self.model, self.version, "generateContent")
    }
}

/// The next body from a seed on that the service takes, and does not with the mutation in it.
fn broken(mutation: &Mutation, from: u64) -> Option<(u64, Sent, Broken)> {
    (from..SEEDS).find_map(|seed| {
        let case = generate(seed);
        if !matches!(case.kind, Kind::GenerateContent | Kind::StreamGenerateContent) {
            return None;
        }
        let sent = Sent { model: case.model.name, version: case.version };
        if sent.refusal(&case.body()).is_some() {
            return None;
        }
        let broken = mutation.apply_to(case)?;
        let text = String::from_utf8(broken.text.clone()).ok()?;
        let is_fault = sent.refusal(&text).is_some() && Body::read(&text).is_ok();
        (is_fault && broken.spots.iter().any(|spot| !spot.path.is_empty()))
            .then_some((seed, sent, broken))
    })
}

fn lead(text: &str, sent: &Sent) -> (Search, Answer) {
    let body = Body::read(text).expect("a body");
    let mut search = Search::new(filled(&body).0, MOST);
    loop {
        match search.next() {
            Step::Done(answer) => return (search, *answer),
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

#[test]
fn what_somebody_else_broke_is_found_where_they_broke_it() {
    let (mut wrong, mut all, mut slow) = (Vec::new(), 0, Vec::new());
    for mutation in mutations() {
        let mut from = 0;
        for _ in 0..6 {
            let Some((seed, sent, broken)) = broken(mutation, from) else { break };
            from = seed + 1;
            all += 1;
            let text = String::from_utf8(broken.text).expect("a text");
            let (search, answer) = lead(&text, &sent);
            let found: Vec<&str> = answer.faults.iter().flat_map(paths).collect();
            let places: Vec<&str> = broken.spots.iter().map(|spot| spot.path.as_str()).collect();
            let is_right = !found.is_empty() && found.iter().all(|path| places.contains(path));
            if answer.outcome != Outcome::Found || !is_right {
                let said = sent
                    .refusal(&text)
                    .map(|it| it.message().chars().take(100).collect::<String>());
                wrong.push(format!(
                    "{} {seed}: {places:?}; {:?} {found:?} {} calls; {said:?}",
                    mutation.name, answer.outcome, answer.calls
                ));
            } else if answer.calls > 25 {
                slow.push(format!(
                    "{} {seed}: {} calls for {} values",
                    mutation.name,
                    answer.calls,
                    search.body().values()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {all}:\n{}\nslow:\n{}",
        wrong.len(),
        wrong.join("\n"),
        slow.join("\n")
    );
}
