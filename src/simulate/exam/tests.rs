//! Grades of clients that are written out request by request.

use super::super::log::Seen;
use super::{
    End, Grade, LINES, PAUSE_MS, QUESTIONS, SITTINGS, Sitting, TOO_MANY, find, grade, is_over,
};

/// A request of the exam as the log has it, whose answer began at that moment.
fn request(at_ms: u64, model: &str, status: u16) -> Seen {
    Seen {
        at_ms,
        connection: 1,
        peer: String::new(),
        local: String::new(),
        http: "HTTP/1.1",
        method: "POST".into(),
        host: String::new(),
        path: String::new(),
        status: Some(status),
        key: None,
        key_in: "header",
        fault: (status != 200).then(|| "answer".into()),
        body_bytes: 2,
        body: Some("00000000".into()),
        model: Some(model.into()),
        generating: true,
        service_ms: Some(150.0),
    }
}

/// A sitting in which the first model was asked again after these waits, and then perhaps another.
fn sat(id: &str, waits: &[u64], then: Option<&str>) -> Sitting {
    let question = find(id).expect("a question");
    let mut at = 1000;
    let mut seen = vec![request(at, "first", question.status)];
    for wait in waits {
        at += wait + PAUSE_MS;
        seen.push(request(at, "first", question.status));
    }
    seen.extend(then.map(|model| request(at + 20, model, 200)));
    Sitting { question, seen, ended: End::Done }
}

/// How a client behaves.
struct Manner {
    after_400: &'static [u64],
    waits: [&'static [u64]; 3],
    announced: &'static [u64],
    then: Option<&'static str>,
}

const GOOD: Manner = Manner {
    after_400: &[],
    waits: [&[700, 1900, 3100], &[1100, 1500, 4400], &[900, 2300, 3600]],
    announced: &[4010, 4100],
    then: Some("second"),
};

fn exam(manner: &Manner) -> Vec<Sitting> {
    let mut turns = [0_usize; 2];
    let sitting = |id: &&str| match *id {
        "bad-request" => sat(id, manner.after_400, None),
        "unauthenticated" | "forbidden" | "not-found" => sat(id, &[], None),
        "retry-info" | "retry-after" => sat(id, manner.announced, None),
        "rate-limited" | "overloaded" => {
            let turn = &mut turns[usize::from(*id == "overloaded")];
            *turn += 1;
            sat(id, manner.waits[*turn - 1], manner.then)
        }
        _ => sat(id, manner.waits[0], manner.then),
    };
    SITTINGS.iter().map(sitting).collect()
}

/// The lines that are not passed, with their grades.
fn odd(sittings: &[Sitting]) -> Vec<(&'static str, Grade)> {
    let marks = grade(sittings);
    let odd = marks.iter().filter(|mark| mark.grade != Grade::Pass);
    odd.map(|mark| (mark.line.id, mark.grade)).collect()
}

#[test]
fn a_good_client_passes_every_line() {
    assert_eq!(odd(&exam(&GOOD)), []);
}

/// Of a client that repeats and gets no answer in the end, which is surviving nothing.
const NO_ANSWER: [(&str, Grade); 4] = [
    ("status.429", Grade::Warn),
    ("status.500", Grade::Warn),
    ("status.503", Grade::Warn),
    ("status.504", Grade::Warn),
];

#[test]
fn each_fault_has_its_line_and_no_other() {
    let still = [&[1000, 2000, 4000][..], &[1010, 2005, 4030], &[1003, 2020, 4001]];
    let flat = [&[700, 900, 800][..], &[1100, 700, 900], &[900, 1050, 600]];
    let at_once = [&[3, 2, 2][..], &[2, 3, 4], &[2, 2, 2]];
    for (manner, expected) in [
        (Manner { after_400: &[500, 1000], ..GOOD }, &[("status.400", Grade::Fail)][..]),
        (Manner { waits: still, ..GOOD }, &[("retry.jitter", Grade::Fail)]),
        (Manner { waits: flat, ..GOOD }, &[("retry.backoff", Grade::Fail)]),
        (
            Manner { announced: &[1000], ..GOOD },
            &[("retry.retry-info", Grade::Fail), ("retry.retry-after", Grade::Fail)],
        ),
        (
            Manner { then: None, ..GOOD },
            &[
                NO_ANSWER[0],
                NO_ANSWER[1],
                NO_ANSWER[2],
                NO_ANSWER[3],
                ("fallback.model", Grade::Fail),
            ],
        ),
        (
            Manner { waits: at_once, ..GOOD },
            &[
                ("retry.pause", Grade::Fail),
                ("retry.backoff", Grade::Unseen),
                ("retry.jitter", Grade::Unseen),
            ],
        ),
    ] {
        assert_eq!(odd(&exam(&manner)), expected);
    }
}

#[test]
fn a_client_that_never_repeats_shows_nothing_of_its_waits() {
    let silent: &[u64] = &[];
    let manner = Manner { waits: [silent; 3], announced: &[], then: None, ..GOOD };
    assert_eq!(
        odd(&exam(&manner)),
        [
            ("status.429", Grade::Warn),
            ("status.500", Grade::Warn),
            ("status.503", Grade::Warn),
            ("status.504", Grade::Warn),
            ("retry.pause", Grade::Unseen),
            ("retry.backoff", Grade::Unseen),
            ("retry.jitter", Grade::Unseen),
            ("retry.retry-info", Grade::Unseen),
            ("retry.retry-after", Grade::Unseen),
            ("retry.parallel", Grade::Unseen),
            ("fallback.model", Grade::Fail),
        ]
    );
}

#[test]
fn a_client_that_never_ends_fails_the_cap_and_shows_no_fallback() {
    let mut sittings = exam(&Manner { then: None, ..GOOD });
    for (place, sitting) in sittings.iter_mut().enumerate() {
        let moved = |nth: usize| (20_000 * nth + place * nth * 1300 % 7000) as u64;
        if matches!(sitting.question.id, "rate-limited" | "overloaded" | "internal" | "timed-out") {
            let from = sitting.seen.len();
            let later = (from..TOO_MANY).map(|nth| request(moved(nth), "first", 503));
            sitting.seen.extend(later);
            sitting.ended = is_over(sitting.question, &sitting.seen).expect("too many");
        }
    }
    assert!(sittings.iter().any(|sitting| sitting.ended == End::TooMany));
    assert_eq!(odd(&sittings), [("retry.cap", Grade::Fail), ("fallback.model", Grade::Unseen)]);
}

#[test]
fn a_client_that_is_still_at_it_is_not_said_to_have_no_cap() {
    let mut sittings = exam(&GOOD);
    sittings[4].ended = End::OutOfTime;
    assert_eq!(odd(&sittings), [("retry.cap", Grade::Unseen)]);
}

#[test]
fn repeats_side_by_side_are_a_storm_and_a_first_wave_is_none() {
    let storm = |from: usize| {
        let mut sittings = exam(&GOOD);
        let at = sittings[4].seen[from].at_ms;
        sittings[4].seen.insert(from + 1, request(at + 3, "first", 429));
        let marks = grade(&sittings);
        marks.iter().find(|mark| mark.line.id == "retry.parallel").map(|mark| mark.grade)
    };
    assert_eq!(storm(1), Some(Grade::Fail));
    assert_eq!(storm(0), Some(Grade::Unseen));
}

#[test]
fn a_wait_that_is_long_anyway_shows_no_obedience() {
    let long = [&[4200, 8000][..], &[5000, 9000], &[6100, 9900]];
    let manner = Manner { waits: long, announced: &[4700], ..GOOD };
    let unseen = Grade::Unseen;
    assert_eq!(odd(&exam(&manner)), [("retry.retry-info", unseen), ("retry.retry-after", unseen)]);
}

#[test]
fn a_pause_is_over_when_the_client_came_back_twice() {
    let sitting = sat("retry-info", &[4000, 4000], None);
    assert_eq!(is_over(sitting.question, &sitting.seen), Some(End::Enough));
    assert_eq!(is_over(sitting.question, &sitting.seen[..2]), None);
}

#[test]
fn nobody_who_came_has_no_grade() {
    assert!(grade(&[]).iter().all(|mark| mark.grade == Grade::Unseen));
}

#[test]
fn ids_are_unique_and_every_question_is_put() {
    let mut ids: Vec<&str> = LINES.iter().map(|line| line.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), LINES.len());
    assert!(QUESTIONS.iter().all(|question| SITTINGS.contains(&question.id)));
    assert!(SITTINGS.iter().all(|id| find(id).is_some()));
}

/// The same requests, each with a body of its own.
fn with_fresh_bodies(mut sittings: Vec<Sitting>) -> Vec<Sitting> {
    for sitting in &mut sittings {
        for (place, seen) in sitting.seen.iter_mut().enumerate() {
            seen.body = Some(format!("{place:08}"));
        }
    }
    sittings
}

#[test]
fn a_client_that_changes_its_body_with_each_repeat_passes_nothing_about_repeats() {
    let manner = Manner { after_400: &[100, 100], then: None, ..GOOD };
    let sittings = with_fresh_bodies(exam(&manner));
    let unseen = |id: &str| {
        let marks = grade(&sittings);
        let mark = marks.iter().find(|mark| mark.line.id == id).expect("a line");
        (mark.grade, mark.evidence.clone())
    };
    let said = |requests: usize| {
        let said = "requests with different bodies: repeats cannot be told from other calls";
        (Grade::Unseen, format!("{requests} {said}"))
    };
    assert_eq!(unseen("status.400"), said(3));
    for id in
        ["status.429", "status.503", "retry.cap", "retry.pause", "retry.backoff", "retry.parallel"]
    {
        assert_eq!(unseen(id), said(4), "{id}");
    }
    assert_eq!(unseen("retry.retry-info"), said(3));
    assert_eq!(unseen("status.401"), (Grade::Pass, "1 request, no repeat".to_owned()));
}

#[test]
fn a_client_without_an_end_is_stopped_whatever_its_bodies_and_is_not_said_to_have_repeated() {
    let question = find("overloaded").expect("a question");
    let seen: Vec<Seen> = (0..TOO_MANY)
        .map(|nth| Seen {
            body: Some(format!("{nth:08}")),
            ..request(1000 * nth as u64, "first", 503)
        })
        .collect();
    assert_eq!(is_over(question, &seen[1..]), None);
    assert_eq!(is_over(question, &seen), Some(End::TooMany));
    let marks = grade(&[Sitting { question, seen, ended: End::TooMany }]);
    let cap = marks.iter().find(|mark| mark.line.id == "retry.cap").expect("a line");
    assert_eq!(cap.grade, Grade::Unseen);
}

#[test]
fn a_model_that_is_asked_twice_is_named_once() {
    let mut sittings = exam(&GOOD);
    for sitting in &mut sittings {
        let question = sitting.question;
        for (nth, model) in ["a", "b", "a"].into_iter().enumerate() {
            let body = Some(format!("{nth:08}"));
            sitting.seen.push(Seen { body, ..request(90_000 + nth as u64, model, 503) });
        }
        if question.id == "internal" {
            sitting.seen.retain(|seen| seen.model.as_deref() != Some("second"));
            sitting.seen.drain(1..4);
        }
    }
    let marks = grade(&sittings);
    let mark = marks.iter().find(|mark| mark.line.id == "status.500").expect("a line");
    assert_eq!(mark.evidence, "1 request, then a, b");
}
