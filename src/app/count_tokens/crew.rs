//! Several files side by side, one memory a thread; a few small ones need no threads. The results come in the
//! order of the files.

use std::{
    cell::Cell,
    num::NonZeroUsize,
    ops::ControlFlow,
    sync::{
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use crate::{
    commands::count_tokens::{Choice, CountTokens, Seen},
    local::inputs::{File, Unread},
    tokens::{Vocabulary, hidden::Kind},
};

use super::{Output, watch::Watch, worker::Worker};

/// Below this a thread costs more than it brings.
const WORTH_A_THREAD: u64 = 512 * 1024;
/// Progress is shown of what takes longer than a moment.
const WORTH_A_LINE: u64 = 16 * 1024 * 1024;
/// How often it moves.
const PULSE: Duration = Duration::from_millis(200);

type Result = std::result::Result<Seen, Unread>;

/// What is to be counted, and how.
struct Job<'a> {
    files: &'a [File],
    args: &'a CountTokens,
    choice: &'a Choice,
    kinds: &'a [Kind],
    vocabulary: &'a Vocabulary,
}

/// Counts all files.
pub(super) fn count(
    files: &[File],
    args: &CountTokens,
    choice: &Choice,
    (kinds, vocabulary): (&[Kind], &Vocabulary),
    (output, watch): (&Output, &Watch),
) -> Vec<Result> {
    let job = Job { files, args, choice, kinds, vocabulary };
    let shown = Shown::of(files, output);
    match threads(files, args.jobs) {
        1 => {
            let mut worker = job.worker();
            let progress = |more| {
                shown.add(more);
                watch.after(shown.done.get())
            };
            let mut results = Vec::with_capacity(files.len());
            for number in 0..files.len() {
                results.push(job.turn(&mut worker, number, progress, watch));
            }
            results
        }
        threads => side_by_side(&job, threads, &shown, watch),
    }
}

impl<'a> Job<'a> {
    fn worker(&self) -> Worker<'a> {
        Worker::new(self.args, self.choice, self.kinds, self.vocabulary)
    }

    /// One file, unless the run was stopped before its turn.
    fn turn(
        &self,
        worker: &mut Worker<'_>,
        number: usize,
        progress: impl Fn(u64) -> ControlFlow<()>,
        watch: &Watch,
    ) -> Result {
        match watch.stopped() {
            Some(_) => Err(Unread::Failed("the run was stopped before its turn".to_owned())),
            None => self.one(worker, number, progress),
        }
    }

    /// The request is the last one.
    fn one(
        &self,
        worker: &mut Worker<'_>,
        number: usize,
        progress: impl Fn(u64) -> ControlFlow<()>,
    ) -> Result {
        let is_request = self.args.request.is_some() && number + 1 == self.files.len();
        let file = &self.files[number];
        if is_request { worker.request(file) } else { worker.text(file, progress) }
    }
}

/// As many as are worth it.
fn threads(files: &[File], jobs: Option<NonZeroUsize>) -> usize {
    let known: u64 = files.iter().filter_map(|file| file.bytes).sum();
    let worth = usize::try_from(known / WORTH_A_THREAD).unwrap_or(usize::MAX);
    if worth < 2 || files.len() < 2 {
        return 1;
    }
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    jobs.map_or_else(cores, NonZeroUsize::get).min(worth).min(files.len())
}

fn side_by_side(job: &Job<'_>, threads: usize, shown: &Shown<'_>, watch: &Watch) -> Vec<Result> {
    let files = job.files.len();
    let (next, bytes) = (AtomicUsize::new(0), AtomicU64::new(0));
    let (next, bytes) = (&next, &bytes);
    let (tell, told) = mpsc::channel();
    let mut results: Vec<Option<Result>> = (0..files).map(|_| None).collect();
    thread::scope(|scope| {
        for _ in 0..threads {
            let tell = tell.clone();
            scope.spawn(move || {
                let mut worker = job.worker();
                let progress = |more| {
                    let before = bytes.fetch_add(more, Ordering::Relaxed);
                    watch.after(before + more)
                };
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= files {
                        break;
                    }
                    // Nobody listens only after a panic, which ends the run anyway.
                    let _ = tell.send((number, job.turn(&mut worker, number, progress, watch)));
                }
            });
        }
        drop(tell);
        loop {
            match told.recv_timeout(PULSE) {
                Ok((number, result)) => results[number] = Some(result),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            shown.set(bytes.load(Ordering::Relaxed));
        }
    });
    results.into_iter().map(|result| result.expect("every file has a turn")).collect()
}

/// How far the reading is.
struct Shown<'a> {
    output: &'a Output,
    /// All bytes, where every size is known.
    all: Option<u64>,
    done: Cell<u64>,
    told: Cell<u64>,
}

impl<'a> Shown<'a> {
    fn of(files: &[File], output: &'a Output) -> Self {
        let all = files.iter().map(|file| file.bytes).sum();
        Self { output, all, done: Cell::new(0), told: Cell::new(0) }
    }

    fn add(&self, more: u64) {
        self.set(self.done.get() + more);
    }

    fn set(&self, done: u64) {
        self.done.set(done);
        if done - self.told.get() < WORTH_A_LINE / 4 || done < WORTH_A_LINE {
            return;
        }
        self.told.set(done);
        let mib = |bytes: u64| bytes >> 20;
        let of = self.all.map(|all| format!(" of {} MiB", mib(all)));
        self.output.doing(&format!(
            "count-tokens: {} MiB{} counted",
            mib(done),
            of.unwrap_or_default()
        ));
    }
}
