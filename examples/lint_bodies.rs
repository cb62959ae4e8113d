//! Request bodies that the API takes, for readers that are not ours, a line of JSON each: what it is sent to, its model, the
//! version, and the text of the body.
//!
//! `lint_bodies SEED COUNT`: the bodies of so many seeds. `lint_bodies SEED COUNT broken`: with each fault that finds a place
//! in one of them, once, and what it is.

use std::{
    env,
    error::Error,
    io::{self, BufWriter, Write},
};

use serde_json::{Value, json};

#[path = "../src/lint/proof/mod.rs"]
#[expect(dead_code, reason = "tests use the rest")]
mod proof;

use proof::{case::Case, generate::generate, mutate::mutations};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [first, count, rest @ ..] = words.as_slice() else {
        return Err("lint_bodies SEED COUNT [broken]".into());
    };
    let first: u64 = first.parse()?;
    let seeds = first..first + count.parse::<u64>()?;
    let mut out = BufWriter::new(io::stdout().lock());
    if rest.is_empty() {
        for case in seeds.map(generate) {
            writeln!(out, "{}", line(&case, &format!("seed {}", case.seed), &case.body()))?;
        }
    } else {
        let cases: Vec<Case> = seeds.map(generate).collect();
        for mutation in mutations() {
            let Some(broken) = cases.iter().find_map(|case| mutation.apply_to(case.clone())) else {
                continue;
            };
            let name = format!("{}, seed {}", mutation.name, broken.case.seed);
            writeln!(out, "{}", line(&broken.case, &name, &String::from_utf8_lossy(&broken.text)))?;
        }
    }
    Ok(out.flush()?)
}

fn line(case: &Case, name: &str, body: &str) -> Value {
    json!({
        "kind": case.kind.word(),
        "model": case.model.name,
        "version": case.version,
        "name": name,
        "body": body,
    })
}
