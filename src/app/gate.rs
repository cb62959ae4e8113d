//! `gate`: what needs no run, and a run with its gate read beforehand, so that a file that cannot be used costs
//! nothing.

use serde_json::json;

use crate::{
    commands::gate::{FILE, GateArgs},
    error::UserError,
    exit::Exit,
    gate::{Gate, commented, toml},
    report::{Holds, Report},
    settings::World,
};

use super::{
    build,
    live::{self, Live},
    output::Output,
    refuse,
};

/// A gate that is to be run.
pub(super) struct Gating<'a> {
    /// What was typed.
    pub(super) args: &'a GateArgs,
    /// What must hold.
    pub(super) gate: Gate,
}

/// `gate`.
pub(super) fn run(args: &GateArgs, machine: &World) -> Exit {
    if args.init || args.print {
        return offline(args, machine);
    }
    match args.gate(machine) {
        Ok(gate) => live::run(&Live::Gate(&Gating { args, gate }), machine),
        Err(error) => {
            let output = Output::new(&args.given, machine, Holds::Checks);
            let plain = |_| Output::without_files(&args.given, machine, Holds::Checks);
            refuse(&output.unwrap_or_else(plain), "gate", &error)
        }
    }
}

fn offline(args: &GateArgs, machine: &World) -> Exit {
    let output = match Output::new(&args.given, machine, Holds::Checks) {
        Ok(output) => output,
        Err(error) => {
            let output = Output::without_files(&args.given, machine, Holds::Checks);
            return refuse(&output, "gate", &error);
        }
    };
    let done = match args.print {
        true => print(args, machine, &output),
        false => init(args, machine, &output).and_then(|report| output.report(&report)),
    };
    done.unwrap_or_else(|error| refuse(&output, "gate", &error))
}

fn print(args: &GateArgs, machine: &World, output: &Output) -> Result<Exit, UserError> {
    output.text(&toml(&args.gate(machine)?));
    Ok(Exit::Healthy)
}

fn init(args: &GateArgs, machine: &World, output: &Output) -> Result<Report, UserError> {
    let path = args.file.clone().unwrap_or_else(|| FILE.into());
    let name = path.display().to_string();
    if machine.path(&path).exists() && !args.force {
        let what = format!("could not write {name}: it is there already, and stays as it is");
        return Err(UserError::usage(what, "name another file, or add --force to write over it"));
    }
    output.file(&machine.path(&path), &commented(args.has_login()))?;
    let sentence =
        format!("wrote {name}. Change it to what must hold, and: gemini-doctor gate {name}");
    Ok(build::offline("gate", &sentence, json!({"written": name}), Vec::new()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{
        super::{
            evidence_tests::observed_within,
            simulated::{self, Simulated},
        },
        *,
    };
    use crate::{
        cli::{Cli, Command},
        facts::{Level, Measure},
        gate::{ALIAS, Budget},
        probe::runner::Bounds,
        simulate::{Options, Simulation},
    };

    /// Runs to one server.
    const RUNS: usize = 25;

    #[test]
    fn no_run_spends_more_than_its_budget_whatever_fails() {
        spends_no_more(8);
    }

    #[test]
    #[ignore = "a thousand runs take long; .ci/long gate makes them"]
    fn of_a_thousand_runs_none_spends_more_than_its_budget() {
        spends_no_more(40);
    }

    /// Runs with faults of any kind, to so many servers.
    fn spends_no_more(servers: usize) {
        let mut random = fastrand::Rng::with_seed(9);
        let mut reached = 0;
        for _ in 0..servers {
            let simulated = server(&mut random);
            for _ in 0..RUNS {
                reached += usize::from(spends_its_whole_budget(&simulated, &mut random));
            }
        }
        assert!(
            reached > servers * RUNS / 10,
            "only {reached} runs came to the end of their budget"
        );
    }

    /// Whether a run came to the end of its budget, and not beyond it.
    fn spends_its_whole_budget(simulated: &Simulated, random: &mut fastrand::Rng) -> bool {
        let cli = Cli::try_parse_from(["gemini-doctor", "gate", "--simulate", "healthy"]);
        let command = cli.expect("a command line").command.expect("a command");
        let Command::Gate(args) = &command else { panic!("it is another command") };
        let gating = Gating { args, gate: gate(random) };
        let budget = gating.gate.budget;
        let bounds = Bounds {
            requests: budget.requests.expect("it has one"),
            tokens: budget.tokens,
            deadline: None,
        };
        let before = simulated.simulation.requests().len();
        let journal = observed_within(bounds, &Live::Gate(&gating), simulated);
        let sent = (simulated.simulation.requests().len() - before) as u64;
        let counted = journal.requests();
        assert!(
            sent <= bounds.requests,
            "{sent} of {} were sent: {:?}",
            bounds.requests,
            gating.gate
        );
        assert!(counted <= bounds.requests && sent <= counted, "{counted} counted, {sent} sent");
        let (input, output) = journal.tokens();
        assert!(bounds.tokens.is_none_or(|most| input + output <= most), "{:?}", gating.gate);
        sent == bounds.requests
    }

    fn gate(random: &mut fastrand::Rng) -> Gate {
        let mut gate = Gate::smoke(false);
        gate.checks.retain(|_| random.u8(..) > 60);
        let extra = ["stream.whole", "api.tool", "api.structured", "api.route", "net.protocol"];
        let more = extra.into_iter().filter(|_| random.bool()).map(str::to_owned);
        gate.checks.extend(more.collect::<Vec<_>>());
        gate.checks.retain(|id| id != ALIAS);
        gate.levels.clear();
        for measure in Measure::LEVELS.into_iter().chain([Measure::Alias]) {
            if random.u8(..) > 170 {
                let level = Level::new(measure, f64::from(random.u32(1..90)));
                gate.levels.push(Level { calls: random.u32(1..12), ..level });
            }
        }
        gate.budget = Budget {
            requests: Some(random.u64(0..16)),
            tokens: random.bool().then(|| random.u64(1..4000)),
            seconds: None,
        };
        gate
    }

    fn server(random: &mut fastrand::Rng) -> Simulated {
        const ACTS: [&str; 7] = [
            r#""disconnect""#,
            r#""reset""#,
            r#""honest""#,
            r#"{ status = 503, body = "busy" }"#,
            r#"{ status = 429, google = true, body = '{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Resource has been exhausted."}}' }"#,
            r#"{ status = 404, google = true, body = '{"error": {"code": 404, "status": "NOT_FOUND", "message": "models/x is not found"}}' }"#,
            r#"{ status = 200, body = "{}" }"#,
        ];
        let mut text = "id = \"random-faults\"\n".to_owned();
        for route in ["list", "get", "count", "generate", "stream"] {
            let act = ACTS[random.usize(..ACTS.len())];
            let share = [0.0, 0.1, 0.3, 1.0][random.usize(..4)];
            text += &format!(
                "[[rules]]\nroute = \"{route}\"\nwhen = {{ ratio = {share:?} }}\nact = {act}\n"
            );
        }
        let scenario = crate::simulate::parse_file(&text).expect("a scenario");
        let options = Options { seed: random.u64(..), ..Options::for_scenario(&scenario) };
        let simulation = Simulation::start(&scenario, &options).expect("a simulation");
        simulated::of(scenario, simulation)
    }
}
