//! `watch`: a loop of looks until its time or its budget is over, or somebody stops it. Each look has a runner of its
//! own, so that memory stays as it is; what lasts is in `crate::watch`, which has bounds.

mod alert;
mod ask;
mod collector;
mod cost;
mod going;
mod hangup;
mod keys;
mod log;
mod metrics;
#[cfg(feature = "otlp")]
mod post;
mod report;
mod show;

use crate::{
    commands::{
        plans,
        watch::{Wanted, Watch},
    },
    error::UserError,
    exit::Exit,
    probe::{Clock, key},
    report::{Holds, Report},
    settings::{Given, Settings, World},
};

use super::{
    build,
    live::{Session, may_be_written},
    network,
    output::Output,
    refuse,
    simulated::{self, Simulated},
};

use self::{going::Going, metrics::Metrics};

const NAME: &str = "watch";

/// What every step of a watch needs to know.
struct Around<'a> {
    args: &'a Watch,
    wanted: &'a Wanted,
    /// The settings as they were at the start; the key of later ones may be another.
    settings: &'a Settings,
    given: &'a Given,
    world: &'a World,
    /// The machine itself, also where the world is a simulated one.
    machine: &'a World,
    simulated: Option<&'a Simulated>,
    session: &'a Session<'a>,
    output: &'a Output,
}

/// Runs a watch to its exit code.
pub(super) fn run(args: &Watch, machine: &World) -> Exit {
    let mut output = match Output::new(&args.given, machine, Holds::Checks) {
        Ok(output) => output,
        Err(error) => {
            let output = Output::without_files(&args.given, machine, Holds::Checks);
            return refuse(&output, NAME, &error);
        }
    };
    match prepare(args, machine, &mut output) {
        Ok(exit) => exit,
        Err(error) => refuse(&output, NAME, &error),
    }
}

fn prepare(args: &Watch, machine: &World, output: &mut Output) -> Result<Exit, UserError> {
    let simulated = simulated::start(&args.given)?;
    let (given, world) = match &simulated {
        Some(simulated) => simulated::surroundings(&args.given, machine, simulated),
        None => (args.given.clone(), machine.clone()),
    };
    let settings = Settings::resolve(&given, &world)?;
    output.know(&settings);
    let mut wanted = args.wanted(&settings)?;
    output.learn(plans::secrets_of_login(&settings));
    network::lead_login(&mut wanted.plan.key, &settings)?;
    let session = session(&settings, simulated.as_ref(), &wanted, &given)?;
    let around = Around {
        args,
        wanted: &wanted,
        settings: &settings,
        given: &given,
        world: &world,
        machine,
        simulated: simulated.as_ref(),
        session: &session,
        output,
    };
    settings_allow(&around)?;
    let (report, has_hung_up) =
        if settings.budget.dry_run { (report::dry_run(&around), false) } else { watch(&around)? };
    if has_hung_up {
        // Files are written, and the code stays the report's.
        output.is_left_alone();
    }
    output.steps(&report);
    output.report(&report)
}

fn session<'a>(
    settings: &'a Settings,
    simulated: Option<&'a Simulated>,
    wanted: &Wanted,
    given: &Given,
) -> Result<Session<'a>, UserError> {
    let (paid, free) = wanted.calls();
    let clock = match simulated {
        Some(simulated) => Clock::start()
            .on_day(&settings.model_table.as_of)
            .ahead_by(simulated.simulation.time())
            .still(),
        None => Clock::start(),
    };
    Ok(Session {
        command: NAME,
        settings,
        simulated,
        clock,
        named: (!wanted.model_was_picked).then(|| wanted.plan.models.join(", ")),
        hosts: Vec::new(),
        saved_url: None,
        fail_on: build::fail_on(given.fail_on.as_deref())?,
        expect: build::expected(given)?,
        requests_max: settings.budget.max_requests.unwrap_or(paid + free),
    })
}

/// The report, and whether the terminal was closed meanwhile.
fn watch(around: &Around<'_>) -> Result<(Report, bool), UserError> {
    let (rows, next) = key::local_rows(&around.wanted.plan.key);
    if next.is_err() {
        return Ok((report::without_key(around, rows), false));
    }
    cost::afford(around)?;
    let mut going = Going::begin(around, rows)?;
    around.output.begin(&build::opening(around.session));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| UserError::internal(format!("could not start the event loop: {error}")))?;
    let stopped = runtime.block_on(going.run());
    // A name server that never answers must not keep the program.
    runtime.shutdown_background();
    Ok((report::finished(around, &going, stopped?), going.has_hung_up))
}

/// What cannot work is said before it costs anything, and in a dry run too.
fn settings_allow(around: &Around<'_>) -> Result<(), UserError> {
    Metrics::begin(around)?;
    around.settings.log.as_deref().map_or(Ok(()), may_be_written)?;
    let simulation = around.simulated.map(|simulated| &simulated.simulation);
    network::how(around.settings, simulation).map(drop)
}
