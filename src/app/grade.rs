//! `simulate --grade`: puts the questions of the exam to a client, which is started here or by somebody else,
//! and has what it did graded.

use std::{
    ffi::OsString,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

use crate::{
    commands::simulate::{
        Simulate,
        exam::{UNSET, told, variables},
    },
    error::UserError,
    exit::Exit,
    probe::Clock,
    report::{Holds, Report, verdict::Stop},
    settings::World,
    simulate::{
        self, AUTH_KEY, Options, Seen, Simulation,
        exam::{self, End, Question, SITTINGS, Sitting},
    },
    wrapped::{self, Ended, Surroundings},
};

use super::{build, offline, output::Output, refuse, stop};

/// How often it is looked at what came.
const LOOK: Duration = Duration::from_millis(50);

/// `simulate --grade`.
pub(super) fn run(args: &Simulate, machine: &World) -> Exit {
    let given = args.output.given(&args.report);
    let output = match Output::new(&given, machine, Holds::Checks) {
        Ok(output) => output,
        Err(error) => return refuse(&Output::plain(machine), "simulate", &error),
    };
    let done = examined(args, &output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, "simulate", &error))
}

fn examined(args: &Simulate, output: &Output) -> Result<Report, UserError> {
    let clock = Clock::start();
    let fail_on = build::fail_on(args.fail_on.as_deref())?;
    let times = Times::of(args)?;
    if args.scenario != "healthy" {
        let what = format!("could not grade with the scenario {:?}", args.scenario);
        return Err(UserError::usage(
            what,
            "an exam brings its own failures: leave the scenario out",
        ));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| UserError::internal(format!("could not start the event loop: {error}")))?;
    let sittings = runtime.block_on(async {
        tokio::select! {
            sittings = sittings(args, times, output) => sittings,
            () = output.keep_alive() => Ok(Vec::new()),
        }
    })?;
    let program = args.command.first().map(|program| program.to_string_lossy().into_owned());
    let told = told(program.as_deref(), &sittings);
    let judged = build::Judged {
        word: told.word,
        sentence: told.sentence,
        checks: told.checks,
        data: told.data,
        sheets: told.sheets,
        remarks: Vec::new(),
        limits: told.limits,
        next: Some(told.next.to_owned()),
    };
    let mut report = build::judged("simulate", judged, &fail_on);
    build::time(&mut report, &clock);
    Ok(report)
}

/// The bounds of an exam.
#[derive(Clone, Copy)]
struct Times {
    /// For one run of the client.
    limit: Duration,
    /// Without a request, until a question is over.
    pause: Duration,
    /// For all of it.
    all: Option<Duration>,
}

impl Times {
    fn of(args: &Simulate) -> Result<Self, UserError> {
        let seconds = |option: &str, value: f64| {
            Duration::try_from_secs_f64(value).map_err(|error| {
                let what = format!("could not use {option}: {error}");
                UserError::usage(what, "give seconds, such as 30")
            })
        };
        Ok(Self {
            limit: seconds("--limit", args.limit)?,
            pause: seconds("--pause", args.pause)?,
            all: offline::limit(args.seconds)?,
        })
    }
}

fn stopped(stop: Stop) -> UserError {
    let exit = if stop == Stop::Terminated { Exit::Terminated } else { Exit::Interrupted };
    UserError {
        what: "could not finish the exam: it was stopped".to_owned(),
        hint: "a part of an exam is no grade; --jobs 8 makes it shorter".to_owned(),
        exit,
    }
}

async fn sittings(
    args: &Simulate,
    times: Times,
    output: &Output,
) -> Result<Vec<Sitting>, UserError> {
    match args.command.as_slice() {
        [] => served(args, times, output).await,
        command => tokio::select! {
            sittings = started(command, args.jobs, times, output) => sittings,
            stop = stop::asked() => Err(stopped(stop)),
        },
    }
}

fn question(id: &str) -> &'static Question {
    exam::find(id).expect("every sitting has its question")
}

/// Starts the client once for each question, several side by side.
async fn started(
    command: &[OsString],
    jobs: u8,
    times: Times,
    output: &Output,
) -> Result<Vec<Sitting>, UserError> {
    output.doing(&format!("exam: the client is run {} times", SITTINGS.len()));
    let permits = Arc::new(Semaphore::new(usize::from(jobs)));
    let mut running = JoinSet::new();
    for (place, id) in SITTINGS.iter().enumerate() {
        let run = Run {
            question: question(id),
            command: command.to_vec(),
            limit: times.limit,
            permits: Arc::clone(&permits),
        };
        running.spawn(async move { (place, run.sit().await) });
    }
    let mut done = Vec::new();
    while let Some(joined) = running.join_next().await {
        let (place, sat) = joined
            .map_err(|error| UserError::internal(format!("could not run the client: {error}")))?;
        done.push((place, sat?));
        output.doing(&format!("exam: {} of {} runs", done.len(), SITTINGS.len()));
    }
    done.sort_by_key(|(place, _)| *place);
    let (sittings, said): (Vec<Sitting>, Vec<Vec<u8>>) =
        done.into_iter().map(|(_, sat)| sat).unzip();
    match sittings.iter().any(|sitting| asked(&sitting.seen)) {
        true => Ok(sittings),
        false => Err(nobody_came(said.iter().find(|said| !said.is_empty()))),
    }
}

fn asked(seen: &[Seen]) -> bool {
    seen.iter().any(|seen| seen.generating)
}

/// A client that never called cannot be graded. What it said last is often the reason.
fn nobody_came(said: Option<&Vec<u8>>) -> UserError {
    let text = said.map(|said| String::from_utf8_lossy(said).into_owned()).unwrap_or_default();
    let last = text.lines().rfind(|line| !line.trim().is_empty()).map(str::trim);
    let last = last.map(|line| format!("; it said last: {line}")).unwrap_or_default();
    UserError {
        what: format!("could not grade the client: it never asked a model here{last}"),
        hint:
            "it must take base URL and certificate from GOOGLE_GEMINI_BASE_URL and SSL_CERT_FILE, \
               or from OPENAI_BASE_URL and REQUESTS_CA_BUNDLE: gemini-doctor help simulate"
                .to_owned(),
        exit: Exit::Yours,
    }
}

/// One run of a client.
struct Run {
    question: &'static Question,
    command: Vec<OsString>,
    limit: Duration,
    permits: Arc<Semaphore>,
}

impl Run {
    /// The sitting, and what the client said.
    async fn sit(self) -> Result<(Sitting, Vec<u8>), UserError> {
        let _permit = self.permits.acquire().await.expect("nobody closes this semaphore");
        let simulation = begin(&Options::default())?;
        simulation.examine(self.question);
        let around = surroundings(&simulation)?;
        let mut ended = End::Done;
        let until = async { ended = over(self.question, &simulation, self.limit).await };
        let quiet = wrapped::quietly(&self.command, &around, until).await?;
        if let Some(Ended::NotFound(why) | Ended::NotExecutable(why)) = quiet.ended {
            return Err(UserError::usage(why, "behind the two dashes stands a command of yours"));
        }
        let sitting = Sitting { question: self.question, seen: simulation.requests(), ended };
        Ok((sitting, quiet.said))
    }
}

fn begin(options: &Options) -> Result<Simulation, UserError> {
    let healthy = simulate::find("healthy").expect("the healthy world is built in");
    Simulation::start(healthy, options).map_err(|error| offline::could_not_start(&error))
}

/// The certificate goes where the simulation has its own files, which go with it.
fn surroundings(simulation: &Simulation) -> Result<Surroundings, UserError> {
    let ca = simulation.client().directory.join("exam-ca.pem");
    std::fs::write(&ca, simulation.ca_pem()).map_err(|error| {
        let what = format!("could not write {}: {error}", ca.display());
        UserError::usage(what, "is the disk full?")
    })?;
    let base_url = format!("https://{}", simulation.address());
    Ok(Surroundings {
        set: variables(&base_url, AUTH_KEY, &ca.display().to_string()),
        unset: UNSET.to_vec(),
        input: None,
    })
}

/// Returns when a client need not be waited for any longer.
async fn over(question: &Question, simulation: &Simulation, limit: Duration) -> End {
    let seen = async {
        loop {
            sleep(LOOK).await;
            if let Some(end) = exam::is_over(question, &simulation.requests()) {
                return end;
            }
        }
    };
    tokio::select! { end = seen => end, () = sleep(limit) => End::OutOfTime }
}

/// Puts the questions one after the other to whoever calls, until somebody stops it: what did not come by then
/// did not show.
async fn served(args: &Simulate, times: Times, output: &Output) -> Result<Vec<Sitting>, UserError> {
    offline::stays_here(args)?;
    let simulation = begin(&Options { bind: args.listen, ..Options::default() })?;
    offline::places(args, &simulation, output)?;
    let end = times.all.map(|all| Instant::now() + all);
    let mut done = Vec::new();
    for (place, id) in SITTINGS.iter().enumerate() {
        let question = question(id);
        let number = place + 1;
        output.note(&format!(
            "question {number} of {}: {}; make one call",
            SITTINGS.len(),
            question.what
        ));
        let sitting = tokio::select! {
            sitting = waited(question, &simulation, times, end) => sitting,
            _ = stop::asked() => None,
        };
        match sitting {
            Some(sitting) => done.push(sitting),
            None => break,
        }
        // A client that goes on would answer the next question as well.
        if done.last().is_some_and(|sitting| sitting.ended != End::Done) {
            output.note("the client does not end its call, so that the exam ends here");
            break;
        }
    }
    match done.is_empty() {
        true => Err(nobody_came(None)),
        false => Ok(done),
    }
}

/// One question; none where the time for the exam is over before anybody came.
async fn waited(
    question: &'static Question,
    simulation: &Simulation,
    times: Times,
    end: Option<Instant>,
) -> Option<Sitting> {
    simulation.examine(question);
    let from = simulation.requests().len();
    let quiet = Duration::from_millis(exam::held_open_ms(question, 0)) + times.pause;
    let (mut count, mut changed, mut began) = (0, Instant::now(), None);
    loop {
        sleep(LOOK).await;
        let seen = simulation.requests().split_off(from);
        if seen.len() != count && asked(&seen) {
            (count, changed) = (seen.len(), Instant::now());
            began.get_or_insert(changed);
        }
        let ended = match (began, exam::is_over(question, &seen)) {
            (Some(_), Some(End::TooMany)) => End::TooMany,
            (Some(_), _) if changed.elapsed() > quiet => End::Done,
            (Some(began), _) if began.elapsed() > times.limit + quiet => End::OutOfTime,
            _ if end.is_some_and(|end| Instant::now() > end) => match began {
                Some(_) => End::OutOfTime,
                None => return None,
            },
            _ => continue,
        };
        return Some(Sitting { question, seen, ended });
    }
}
