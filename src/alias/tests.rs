//! Verdicts, causes and advice on generated outcomes: no sockets, many seeds.

use super::{
    causes::{self, Factor},
    course::{CAP, Course, Next, Why},
    figures::{self, Method, Rate, Sibling},
    forced::{self, Shown, Way},
    retry,
    sample::{End, Sample},
    verdict::{self, Conclusion, Known, Verdict},
};
use crate::{facts::Client, stats::RateTest};

fn usual() -> RateTest {
    RateTest::new(0.01, 0.10, 0.05, 0.05).expect("the usual rates")
}

fn course() -> Course {
    Course {
        test: usual(),
        cap: CAP,
        samples: None,
        for_ms: None,
        verdict_only: false,
        waits_for_quota: false,
    }
}

/// A call over connection `number`, as a real run spreads them: eleven side by side.
fn call(at: usize, end: End) -> Sample {
    let generation = at / 33;
    let number = u32::try_from(generation * 11 + at % 11).expect("few connections");
    Sample {
        attempt: format!("a{at:02}"),
        at_ms: at as f64 * 1000.0,
        end,
        said: if end == End::Answered { "200".to_owned() } else { "404 NOT_FOUND".to_owned() },
        named: (end == End::Missing).then(|| "gemini-v4p1s-rev24".to_owned()),
        version: None,
        rerouted: false,
        cut: false,
        remote: Some("192.0.2.1:443".to_owned()),
        connection: Some(number),
        http: Some("HTTP/2".to_owned()),
        client: Client::Plain,
        took_ms: Some(10.0 + at as f64),
        response_id: None,
    }
}

fn calls(count: usize, mut fails: impl FnMut(usize) -> bool) -> Vec<Sample> {
    let end = |failed| if failed { End::Missing } else { End::Answered };
    (0..count).map(|at| call(at, end(fails(at)))).collect()
}

fn by_strip(strip: &str) -> Vec<Sample> {
    let all = [End::Missing, End::Answered].into_iter().chain(End::OTHERS);
    let all: Vec<End> = all.collect();
    let end = |letter| all.iter().find(|end| end.letter() == letter).copied().expect("a letter");
    strip.chars().enumerate().map(|(at, letter)| call(at, end(letter))).collect()
}

fn judged(samples: &[Sample]) -> Conclusion {
    verdict::conclude(samples, &Known::default(), &usual(), 1)
}

fn leading(samples: &[Sample], seed: u64) -> Option<Factor> {
    let conclusion = verdict::conclude(samples, &Known::default(), &usual(), seed);
    let causes = causes::causes(samples, &conclusion, seed);
    causes::leading(&causes, samples, seed).map(|cause| cause.factor)
}

#[test]
fn a_perfect_name_is_cleared_after_exactly_31_calls() {
    let at = |calls| verdict::standing(&vec![false; calls], &usual());
    assert_eq!(at(30), None);
    let standing = at(31).expect("it stands");
    assert_eq!((standing.verdict, standing.calls), (Verdict::Healthy, 31));
    let gate = RateTest::new(0.01, 0.10, 0.001, 0.05).expect("a gate");
    assert_eq!(verdict::standing(&[false; 40], &gate).map(|it| it.calls), Some(32));
}

#[test]
fn flaky_needs_an_answer_and_an_outage_twelve_failures() {
    for (strip, verdict) in [
        ("xx", None),
        ("xx.", Some((Verdict::Flaky, 3, 2))),
        (".x.x", Some((Verdict::Flaky, 4, 4))),
        ("xxxxxxxxxxx", None),
        ("xxxxxxxxxxxx", Some((Verdict::Down, 12, 2))),
        ("x....................x", None),
    ] {
        let outcomes: Vec<bool> = strip.chars().map(|letter| letter == 'x').collect();
        let stands = verdict::standing(&outcomes, &usual());
        let stands = stands.map(|it| (it.verdict, it.calls, it.rate_calls));
        assert_eq!(stands, verdict, "{strip}");
    }
}

/// The verdicts of many runs at one true rate, each stopped by the rules of a course, with the mean of
/// the calls until the test of the rate and until the verdict.
fn runs(rate: f64, runs: u64) -> (Vec<Verdict>, f64, f64) {
    let mut random = fastrand::Rng::with_seed(11);
    let (mut rate_calls, mut verdict_calls) = (0, 0);
    let verdicts = (0..runs).map(|_| {
        let outcomes: Vec<bool> = (0..CAP).map(|_| random.f64() < rate).collect();
        let Some(stood) = verdict::standing(&outcomes, &usual()) else {
            return Verdict::Inconclusive;
        };
        rate_calls += stood.rate_calls;
        verdict_calls += stood.calls;
        stood.verdict
    });
    let verdicts: Vec<Verdict> = verdicts.collect();
    (verdicts, rate_calls as f64 / runs as f64, verdict_calls as f64 / runs as f64)
}

#[test]
fn error_rates_hold_over_ten_thousand_runs() {
    let share = |verdicts: &[Verdict], wanted| {
        verdicts.iter().filter(|verdict| **verdict == wanted).count() as f64 / verdicts.len() as f64
    };
    let (healthy, ..) = runs(0.01, 10_000);
    assert!(share(&healthy, Verdict::Healthy) >= 0.95);
    assert!(share(&healthy, Verdict::Inconclusive) <= 0.01);
    let (broken, ..) = runs(0.10, 10_000);
    assert!(share(&broken, Verdict::Healthy) <= 0.06);
    assert!(share(&broken, Verdict::Inconclusive) <= 0.01);
    let (flaky, rate_calls, verdict_calls) = runs(0.68, 10_000);
    assert!(share(&flaky, Verdict::Down) <= 0.02);
    assert!(rate_calls <= 3.2, "{rate_calls}");
    assert!(verdict_calls <= 4.8, "{verdict_calls}");
    let (_, rate_calls, verdict_calls) = runs(2.0 / 3.0, 10_000);
    assert!(rate_calls <= 3.2 && verdict_calls <= 4.8, "{rate_calls} {verdict_calls}");
}

#[test]
fn other_failures_never_enter_the_rate() {
    let samples = by_strip("x.qsrgne.x");
    let rate = Rate::of_samples(&samples, Method::Wilson);
    assert_eq!((rate.failures, rate.calls), (2, 4));
    assert_eq!(judged(&samples).verdict, Verdict::Flaky);
    assert_eq!(judged(&by_strip("ssssssssssss")).verdict, Verdict::Inconclusive);
    assert_eq!(judged(&by_strip("nnnnnnnnnnnn")).verdict, Verdict::Inconclusive);
}

#[test]
fn a_course_ends_where_more_calls_tell_nothing_more() {
    let course = course();
    let ends = |strip: &str| course.next(&by_strip(strip), 0.0);
    assert_eq!(ends(""), Next::Ask);
    assert_eq!(ends("..q"), Next::Stop(Why::Quota));
    assert_eq!(ends("..r"), Next::Ask);
    assert_eq!(ends("..rr"), Next::Stop(Why::Refused));
    assert_eq!(ends("..nnnn"), Next::Ask);
    assert_eq!(ends("..nnnnn"), Next::Stop(Why::Strange));
    assert_eq!(ends("xx."), Next::Ask, "the rate is still wanted");
    assert_eq!(ends(&"x.".repeat(13)), Next::Stop(Why::Done));
    assert_eq!(ends(&".".repeat(31)), Next::Stop(Why::Done));
    let over = format!("{}{}", "x".repeat(15), ".".repeat(10));
    assert_eq!(ends(&over), Next::Ask, "it may have recovered");
    assert_eq!(ends(&format!("{over}{}", ".".repeat(21))), Next::Stop(Why::Done));
    let hurried = Course { verdict_only: true, ..course.clone() };
    assert_eq!(hurried.next(&by_strip("xx."), 0.0), Next::Stop(Why::Done));
    let fixed = Course { samples: Some(4), ..course.clone() };
    assert_eq!(fixed.next(&by_strip("xx."), 0.0), Next::Ask);
    assert_eq!(fixed.next(&by_strip("xx.."), 0.0), Next::Stop(Why::Done));
    let timed = Course { for_ms: Some(5000.0), ..course };
    assert_eq!(timed.next(&by_strip(&".".repeat(40)), 4999.0), Next::Ask);
    assert_eq!(timed.next(&by_strip("."), 5000.0), Next::Stop(Why::Done));
}

#[test]
fn the_verdict_is_about_the_present() {
    let mut random = fastrand::Rng::with_seed(3);
    let mut noisy =
        |at: usize, from: usize, to: usize| (from..to).contains(&at) && random.f64() < 0.68;
    let onset = calls(120, |at| noisy(at, 40, 120));
    let conclusion = judged(&onset);
    assert_eq!((conclusion.verdict, conclusion.segments.len()), (Verdict::Flaky, 2));
    let start = &conclusion.segments[1];
    assert!((start.earliest..=start.latest).contains(&40), "{start:?}");
    let recovery = calls(120, |at| noisy(at, 0, 60));
    let conclusion = judged(&recovery);
    assert_eq!(conclusion.verdict, Verdict::Healthy, "{}", conclusion.because);
    assert!(conclusion.because.contains("earlier ones did"));
    let begun = calls(51, |at| at >= 40);
    assert_eq!(
        judged(&begun).verdict,
        Verdict::Flaky,
        "it answered before, and it just began to fail"
    );
    let over = calls(25, |at| at < 15);
    assert_eq!(judged(&over).segments.len(), 2, "one change, not bursts");
    assert_eq!(judged(&over).verdict, Verdict::Inconclusive, "ten clean calls are no recovery yet");
    let late = calls(120, |at| at >= 60);
    assert_eq!(judged(&late).verdict, Verdict::Down);
    let short = calls(80, |at| at < 60 && at % 3 != 0);
    assert_eq!(judged(&short).verdict, Verdict::Inconclusive, "20 clean calls are too few");
    let episodes = calls(160, |at| (at / 40) % 2 == 0 && at % 3 != 0);
    assert_eq!(judged(&episodes).verdict, Verdict::Flaky, "it comes and goes");
}

#[test]
fn a_long_run_must_bear_what_an_early_one_said() {
    let late = calls(60, |at| at > 40 && at % 9 == 0);
    assert_eq!(judged(&late).verdict, Verdict::Inconclusive);
    let lucky = calls(38, |at| at < 2);
    assert_ne!(judged(&lucky).verdict, Verdict::Healthy, "two of 38 are not healthy");
    assert_eq!(judged(&by_strip(&format!("{}.", "x".repeat(13)))).verdict, Verdict::Flaky);
}

#[test]
fn a_wrong_name_is_no_missing_build() {
    let unknown = Known { listed: Some(false), get: Some(404), ..Known::default() };
    let told =
        |known: &Known, samples: &[Sample]| verdict::conclude(samples, known, &usual(), 1).verdict;
    assert_eq!(told(&unknown, &[]), Verdict::WrongName);
    assert_eq!(told(&unknown, &by_strip("xxxxxxxxxxxx")), Verdict::WrongName);
    assert_eq!(told(&unknown, &by_strip("xx.")), Verdict::Flaky, "an answer shows that it exists");
    assert_eq!(told(&Known::default(), &by_strip("xxxxxxxxxxxx")), Verdict::Down);
    let mut plain = calls(1000, |_| true);
    plain.iter_mut().for_each(|sample| sample.named = None);
    assert_eq!(told(&Known::default(), &plain), Verdict::Inconclusive, "nobody has asked the list");
    assert_eq!(told(&unknown, &plain), Verdict::WrongName);
    let listed = Known { listed: Some(true), get: Some(200), ..Known::default() };
    assert_eq!(told(&listed, &plain), Verdict::Down);
}

#[test]
fn another_model_in_its_place_is_told() {
    let mut samples = by_strip(&".".repeat(31));
    samples.iter_mut().skip(20).for_each(|sample| sample.rerouted = true);
    assert_eq!(judged(&samples).verdict, Verdict::Rerouted);
    samples[0].end = End::Missing;
    samples[3].end = End::Missing;
    assert_eq!(judged(&samples).verdict, Verdict::Flaky, "failures weigh more");
}

/// How often a factor is named over some seeds of a world.
fn named(seeds: u64, world: impl Fn(u64) -> Vec<Sample>, wanted: Option<Factor>) -> u64 {
    (1..=seeds).filter(|seed| leading(&world(*seed), *seed) == wanted).count() as u64
}

#[test]
fn independent_failures_go_with_nothing() {
    let world = |seed| {
        let mut random = fastrand::Rng::with_seed(seed);
        calls(25, |_| random.f64() < 0.68)
    };
    assert!(named(40, world, None) >= 36);
}

#[test]
fn what_failures_go_with_is_found() {
    let per = |level: fn(&Sample) -> usize| {
        move |seed: u64| {
            let mut samples = calls(25, |_| false);
            samples.iter_mut().enumerate().for_each(|(at, sample)| {
                let number = at % 11;
                sample.remote = Some(format!("192.0.2.{}:443", number % 2));
                sample.http = Some(if number % 3 == 2 { "HTTP/1.1" } else { "HTTP/2" }.to_owned());
                let mixed = fastrand::Rng::with_seed(seed * 31 + at as u64).bool();
                sample.client = if mixed { Client::Python } else { Client::Plain };
            });
            for sample in &mut samples {
                sample.end = if level(sample) == 0 { End::Missing } else { End::Answered };
            }
            samples
        }
    };
    let address = |sample: &Sample| {
        usize::from(!sample.remote.as_deref().is_some_and(|it| it.contains(".0:")))
    };
    let http = |sample: &Sample| usize::from(sample.http.as_deref() == Some("HTTP/1.1"));
    let client = |sample: &Sample| usize::from(sample.client == Client::Plain);
    assert!(named(20, per(address), Some(Factor::Address)) >= 19);
    assert!(named(20, per(http), Some(Factor::Http)) >= 19);
    assert!(named(20, per(client), Some(Factor::Client)) >= 19);
    let sticky = |seed: u64| {
        let bad: Vec<bool> =
            (0..11).map(|line| fastrand::Rng::with_seed(seed * 17 + line).f64() < 0.5).collect();
        calls(33, |at| bad[at % 11])
    };
    assert!(named(20, sticky, Some(Factor::Connection)) >= 18);
    assert_eq!(named(5, |_| calls(25, |at| at % 3 != 1), Some(Factor::Turn(3))), 5);
}

#[test]
fn a_change_over_time_is_not_read_as_connections() {
    let world = |seed: u64| {
        let mut random = fastrand::Rng::with_seed(seed);
        calls(120, |at| at >= 40 && random.f64() < 0.68)
    };
    assert!(named(10, world, Some(Factor::Time)) >= 9);
}

#[test]
fn a_forced_test_confirms_refutes_or_says_neither() {
    let way = |level: &str, bad| Way { level: level.to_owned(), fresh: true, bad };
    let sides = |bad_fails: usize, good_fails: usize| {
        let side = |bad: bool, fails: usize| {
            (0..forced::EACH).map(move |at| {
                let end = if at < fails { End::Missing } else { End::Answered };
                (way("x", bad), call(at, end))
            })
        };
        side(true, bad_fails).chain(side(false, good_fails)).collect::<Vec<_>>()
    };
    let result = |samples| forced::judge(Factor::Address, samples, &[]).result;
    assert_eq!(result(sides(5, 0)), Shown::Consistent);
    assert_eq!(result(sides(3, 3)), Shown::Refuted);
    assert_eq!(result(sides(3, 1)), Shown::Unclear);
    let alike = |strip: &str| {
        let samples = by_strip(strip).into_iter().enumerate();
        let of = samples.map(|(at, sample)| {
            let number = u32::try_from(at / 2).expect("few");
            let sample = Sample { connection: Some(number), ..sample };
            (way(&number.to_string(), false), sample)
        });
        forced::judge(Factor::Connection, of.collect(), &[]).result
    };
    assert_eq!(alike("xx..xx..xxxx"), Shown::Consistent);
    assert_eq!(alike("xx..xx.xxxxx"), Shown::Refuted);
    assert_eq!(alike("xxxxxxxxxxxx"), Shown::Unclear);
}

#[test]
fn controls_are_pooled_only_where_they_are_healthy() {
    let own = Rate::of(17, 25, Method::Wilson);
    assert_eq!(own.words(), "48-83 %");
    let sibling =
        |name: &str, strip: &str| Sibling { name: name.to_owned(), samples: by_strip(strip) };
    let clean = ".".repeat(12);
    let three: Vec<Sibling> = ["a", "b", "c"].map(|name| sibling(name, &clean)).to_vec();
    let compared = figures::compare(&own, &three);
    let (failures, calls, p) = compared.pooled.expect("healthy controls");
    assert_eq!((failures, calls, causes::p_words(p).as_str()), (0, 36, "2.0e-9"));
    assert!(compared.each.iter().all(|(_, p)| causes::p_words(*p) == "2.0e-4"));
    let mixed = [sibling("a", &clean), sibling("b", "x.x.x.x.x.x.")];
    assert_eq!(figures::compare(&own, &mixed).pooled.map(|(_, calls, _)| calls), Some(12));
    let broken = [sibling("b", "x.x.x.x.x.x.")];
    assert_eq!(figures::compare(&own, &broken).pooled, None);
}

#[test]
fn retries_are_worth_what_calls_allow() {
    let advice = |samples: &[Sample]| {
        let conclusion = judged(samples);
        let causes = causes::causes(samples, &conclusion, 1);
        let cause = causes::leading(&causes, samples, 1);
        retry::advise(samples, &conclusion, cause, None, retry::TARGET)
    };
    let independent = advice(&by_strip("xx.x..xxxxx.x.x.x.xxx.xxx")).expect("it fails");
    let text = "independent (tested): 3 retries reach 78.6 %, 12 tries 99 %; by the interval";
    assert!(independent.text.starts_with(text), "{}", independent.text);
    assert_eq!(independent.independent, Some(true));
    assert!(independent.policy.starts_with("another model"), "{}", independent.policy);
    let turns = advice(&calls(25, |at| at % 3 != 1)).expect("it fails");
    assert_eq!((turns.independent, turns.tries_for_target), (Some(false), None));
    assert!(turns.text.contains("take turns"), "{}", turns.text);
    assert_eq!(advice(&by_strip("....")), None);
    let few = advice(&by_strip("x.x.x")).expect("it fails");
    assert_eq!(few.independent, None);
    let seldom = advice(&calls(100, |at| [3, 29, 44, 75, 91].contains(&at))).expect("it fails");
    assert!(seldom.policy.contains("on a fresh connection"), "{}", seldom.policy);
}

#[test]
fn latency_is_hidden_where_there_are_too_few_answers() {
    assert_eq!(figures::latency(&by_strip("x..x"), 0.5), None);
    let samples = by_strip(".....");
    assert_eq!(figures::latency(&samples, 0.5), Some(12.0));
    assert_eq!(figures::latency(&samples, 0.95), None);
    let mut slow = by_strip(&".".repeat(24));
    slow.push(Sample { took_ms: Some(9e9), ..call(24, End::Missing) });
    assert!(figures::latency(&slow, 0.95).is_some_and(|ms| ms < 100.0), "failures are left out");
}

#[test]
fn a_handful_of_good_connections_is_no_recovery() {
    let mut wrong = 0;
    for seed in 1..=100 {
        let mut random = fastrand::Rng::with_seed(seed);
        let bad: Vec<bool> = (0..40).map(|_| random.f64() < 1.0 / 6.0).collect();
        let samples = calls(100, |at| bad[at / 33 * 11 + at % 11]);
        let conclusion = verdict::conclude(&samples, &Known::default(), &usual(), seed);
        wrong += u32::from(conclusion.has_changed());
        let failed = samples.iter().any(|sample| sample.end == End::Missing);
        assert!(!failed || conclusion.verdict != Verdict::Healthy || !conclusion.has_changed());
    }
    assert!(wrong <= 2, "{wrong} changes in worlds without one");
}

#[test]
fn an_interval_over_connections_covers_what_one_over_calls_does_not() {
    let covers = |rate: &Rate| (rate.low..=rate.high).contains(&(2.0 / 3.0));
    let (mut by_call, mut by_connection) = (0, 0);
    let runs = 400;
    for seed in 1..=runs {
        let mut random = fastrand::Rng::with_seed(seed);
        let bad: Vec<bool> = (0..11).map(|_| random.f64() < 2.0 / 3.0).collect();
        let samples = calls(25, |at| bad[at % 11]);
        let own: Vec<&Sample> = samples.iter().collect();
        let rate = Rate::of_samples(&samples, Method::Wilson);
        by_call += u64::from(covers(&rate));
        by_connection += u64::from(covers(&rate.by_connection(&own)));
    }
    assert!(by_call * 100 < runs * 85, "{by_call} of {runs}");
    assert!(by_connection * 100 >= runs * 94, "{by_connection} of {runs}");
}
