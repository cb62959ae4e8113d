//! The commands that ask nothing of the world: help, the catalogue, completions, the simulator.

use std::time::Duration;

use serde_json::json;

use crate::{
    cli::{self, Help, topics},
    commands::{
        self, completions::Completions, fixes::Fixes, fixes_page, plans::OfflineOutput,
        simulate::Simulate, welcome,
    },
    error::UserError,
    exit::Exit,
    report::{Format, Holds, Report},
    settings::{Given, Settings, World},
    simulate::{Options, Scenario, Simulation},
};

use super::{build, grade, live::may_be_written, output::Output, refuse, simulated, stop};

/// The bare program: what it would use, and what to type for what.
pub(super) fn welcome(machine: &World) -> Exit {
    let mut output = Output::plain(machine);
    match Settings::resolve(&Given { dry_run: true, ..Given::default() }, machine) {
        Ok(settings) => {
            output.know(&settings);
            output.text(&format!("{}\n", welcome::lines(&settings).join("\n")));
            Exit::Healthy
        }
        Err(error) => refuse(&output, "gemini-doctor", &error),
    }
}

/// `help`.
pub(super) fn help(args: &Help, machine: &World) -> Exit {
    let output = Output::plain(machine);
    match topics::text(args.topic.as_deref()) {
        Ok(text) => {
            output.text(&text);
            Exit::Healthy
        }
        Err(error) => refuse(&output, "help", &error),
    }
}

/// `completions`.
pub(super) fn completions(args: &Completions, machine: &World) -> Exit {
    Output::plain(machine).text(&cli::generate::completion(args.shell));
    Exit::Healthy
}

/// `fixes`.
pub(super) fn fixes(args: &Fixes, machine: &World) -> Exit {
    let whole = args.id.is_none() && args.search.is_none();
    if whole && args.output.format.as_deref() == Some(Format::Markdown.word()) {
        Output::plain(machine).text(&fixes_page::page());
        return Exit::Healthy;
    }
    offline("fixes", &args.output, machine, |output| {
        let (sentence, data, sheets) = args.results(output.shell())?;
        Ok(build::offline("fixes", &sentence, data, sheets))
    })
}

/// `simulate`: the list, or the server until somebody stops it.
pub(super) fn simulate(args: &Simulate, machine: &World) -> Exit {
    if args.grade {
        return grade::run(args, machine);
    }
    offline("simulate", &args.output, machine, |output| {
        if let Some(text) = &args.list {
            let (sentence, data, sheets) = commands::simulate::list(text)?;
            return Ok(build::offline("simulate", &sentence, data, sheets));
        }
        serve(args, output)
    })
}

pub(super) fn offline(
    command: &str,
    wanted: &OfflineOutput,
    machine: &World,
    results: impl FnOnce(&Output) -> Result<Report, UserError>,
) -> Exit {
    let given = wanted.given(&[]);
    let output = match Output::new(&given, machine, Holds::Tables) {
        Ok(output) => output,
        Err(error) => return refuse(&Output::plain(machine), command, &error),
    };
    let done = results(&output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, command, &error))
}

/// The simulator serves nobody elsewhere.
pub(super) fn stays_here(args: &Simulate) -> Result<(), UserError> {
    if args.listen.ip().is_loopback() {
        return Ok(());
    }
    let what = format!("could not listen on {}: it is not a loopback address", args.listen);
    Err(UserError::usage(what, "the simulator is for this machine only: 127.0.0.1 or [::1]"))
}

pub(super) fn could_not_start(error: &str) -> UserError {
    let hint = "choose another port with --listen 127.0.0.1:PORT, or port 0 for any";
    UserError::usage(format!("could not start the simulator: {error}"), hint)
}

fn serve(args: &Simulate, output: &Output) -> Result<Report, UserError> {
    stays_here(args)?;
    let limit = limit(args.seconds)?;
    args.log.as_deref().map_or(Ok(()), may_be_written)?;
    let scenario = simulated::find(&args.scenario)?;
    let options = Options {
        bind: args.listen,
        seed: args.seed.unwrap_or(scenario.seed),
        log_file: args.log.clone(),
        also_ipv6: false,
    };
    let simulation =
        Simulation::start(&scenario, &options).map_err(|error| could_not_start(&error))?;
    announce(args, &scenario, &simulation, output)?;
    wait(limit)?;
    summary(args, &scenario, &simulation)
}

fn announce(
    args: &Simulate,
    scenario: &Scenario,
    simulation: &Simulation,
    output: &Output,
) -> Result<(), UserError> {
    output.note(&format!("simulating {}: {}", scenario.id, scenario.summary));
    places(args, simulation, output)
}

/// What a client needs to come here.
pub(super) fn places(
    args: &Simulate,
    simulation: &Simulation,
    output: &Output,
) -> Result<(), UserError> {
    if let Some(path) = &args.ca_out {
        output.file(path, simulation.ca_pem())?;
    }
    let base_url = format!("https://{}", simulation.address());
    output.note(&format!("base URL  {base_url}"));
    for address in &simulation.addresses()[1..] {
        output.note(&format!("and       https://{address}"));
    }
    if let Some(proxy) = simulation.proxy_address() {
        output.note(&format!("proxy     http://{proxy}"));
    }
    let keys = simulation.client().variables.iter().find(|(name, _)| name == "GEMINI_API_KEY");
    if let Some((_, key)) = keys {
        output.note_made_up_key("key       ", key);
    }
    tell_of_login(simulation, output);
    match &args.ca_out {
        Some(path) => output.note(&format!("CA        {}", path.display())),
        None => output
            .note("CA        add --ca-out FILE to write the certificate that clients must trust"),
    }
    Ok(())
}

/// What a client needs to log in to the simulated cloud platform, where the scenario has one.
fn tell_of_login(simulation: &Simulation, output: &Output) {
    let is_place = |name: &str| name.starts_with("GOOGLE_CLOUD") || name.ends_with("CREDENTIALS");
    let variables = simulation.client().variables.iter();
    for (name, value) in variables.filter(|(name, _)| is_place(name)) {
        output.note(&format!("variable  {name}={value}"));
    }
    if let Some(address) = simulation.metadata_address() {
        output.note(&format!("variable  GCE_METADATA_HOST={address}"));
    }
}

pub(super) fn limit(seconds: Option<f64>) -> Result<Option<Duration>, UserError> {
    seconds.map(Duration::try_from_secs_f64).transpose().map_err(|error| {
        UserError::usage(format!("could not use --for: {error}"), "give seconds, such as 30")
    })
}

fn wait(limit: Option<Duration>) -> Result<(), UserError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| UserError::internal(format!("could not start the event loop: {error}")))?;
    runtime.block_on(async {
        let over = async {
            match limit {
                Some(limit) => tokio::time::sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! { _ = stop::asked() => {}, () = over => {} }
    });
    Ok(())
}

fn summary(
    args: &Simulate,
    scenario: &Scenario,
    simulation: &Simulation,
) -> Result<Report, UserError> {
    let requests = simulation.requests();
    let count = requests.len() as u64;
    let generating = requests.iter().filter(|seen| seen.generating).count();
    if let Some(expected) = args.expect_calls.filter(|expected| count < *expected) {
        return Err(UserError {
            what: format!(
                "the simulator got {count} requests, and at least {expected} were expected"
            ),
            hint: "the client never came here: check its base URL, its CA and its proxy".to_owned(),
            exit: Exit::Yours,
        });
    }
    let data = json!({
        "scenario": scenario.id,
        "requests": count,
        "generating_requests": generating,
        "connections": simulation.connections(),
    });
    let requests = if count == 1 { "1 request".to_owned() } else { format!("{count} requests") };
    let sentence = format!("The simulator got {requests}, {generating} of them generating.");
    Ok(build::offline("simulate", &sentence, data, Vec::new()))
}
