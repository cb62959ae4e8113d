//! Runs a printed policy through scenarios, as driver.py does. It is compiled with the policy beside it.

mod policy;

use policy::{Attempt, Failure, Surroundings, ThisMachine, generate};
use std::{cell::Cell, io::Read, time::Duration};

/// Time that only passes when it is told to.
struct Pretended<'a> {
    now: &'a Cell<Duration>,
    chance: Option<f64>,
    machine: ThisMachine,
}

impl Surroundings for Pretended<'_> {
    fn now(&self) -> Duration {
        self.now.get()
    }
    fn sleep(&mut self, pause: Duration) {
        self.now.set(self.now.get() + pause);
        println!("sleep\t{}", pause.as_millis());
    }
    fn chance(&mut self) -> u64 {
        self.chance.map_or_else(|| self.machine.chance(), |chance| (chance * 500.0) as u64)
    }
}

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    for scenario in input.split("scenario\t").skip(1) {
        let mut lines = scenario.lines().map(|line| line.split('\t').collect::<Vec<_>>());
        let head = lines.next().unwrap();
        run(&head, &lines.collect::<Vec<_>>());
    }
}

fn run(head: &[&str], steps: &[Vec<&str>]) {
    let [name, models, chance, fallback] = head else { panic!("{head:?}") };
    let now = Cell::new(Duration::from_secs(1000));
    let call = |attempt: &Attempt| {
        let step = &steps[(attempt.number as usize).min(steps.len()) - 1];
        let Attempt { model, left, new_connection, .. } = attempt;
        println!("attempt\t{model}\t{}\t{}", left.as_millis(), u8::from(*new_connection));
        now.set(now.get() + Duration::from_millis(step[2].parse().unwrap()));
        if step[1] == "ok" { Ok("answer") } else { Err(failure(step)) }
    };
    println!("scenario\t{name}");
    let instead = |_: &Failure| (*fallback == "fallback").then_some("instead");
    let mut world =
        Pretended { now: &now, chance: chance.parse().ok(), machine: ThisMachine::start() };
    match generate(call, &models.split(',').collect::<Vec<_>>(), instead, &mut world) {
        Ok(answer) => println!("end\t{answer}\t"),
        Err(gave_up) => {
            println!("end\tgave up\t{}", gave_up.why);
            assert!(gave_up.attempts > 0 && !gave_up.last.body.is_empty());
        }
    }
}

fn failure(step: &[&str]) -> Failure {
    Failure {
        status: step[1].parse().ok(),
        retry_after: Some(step[3].to_owned()).filter(|after| after != "-"),
        body: step[4].to_owned(),
    }
}
