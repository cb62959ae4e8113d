//! How each line stands, by evidence or by somebody's word, and how that reads: counts side by side, and never
//! one number.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    answers::{Answer, Word},
    measured::{Evidence, Shows, shows},
    table::{LINES, Line},
};
use crate::facts::{Check, Layer, Status};

/// How a line stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub line: &'static Line,
    /// How.
    pub state: State,
    /// Why, in a few words.
    pub detail: String,
    /// What somebody said of it.
    pub answer: Option<Answer>,
}

/// How a line can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Shown by evidence.
    Shown,
    /// Shown, with something to say.
    Remark,
    /// Somebody says so.
    Said,
    /// Somebody said so long ago.
    Stale,
    /// Somebody says that it does not apply.
    Na,
    /// It does not hold.
    Fails,
    /// Nobody knows.
    Open,
}

impl State {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Shown => "evidence",
            Self::Remark => "evidence_with_remark",
            Self::Said => "word",
            Self::Stale => "stale_word",
            Self::Na => "not_applicable",
            Self::Fails => "fails",
            Self::Open => "open",
        }
    }

    const fn status(self) -> Status {
        match self {
            Self::Shown | Self::Said => Status::Pass,
            Self::Remark | Self::Stale => Status::Warn,
            Self::Na => Status::Skip,
            Self::Fails => Status::Fail,
            Self::Open => Status::Inconclusive,
        }
    }
}

/// How each line stands on a day.
pub fn standings(
    evidence: &Evidence,
    answers: &BTreeMap<&'static str, Answer>,
    today: &str,
) -> Vec<Standing> {
    LINES
        .iter()
        .map(|line| {
            let answer = answers.get(line.id).cloned();
            let shown = shows(line, evidence, today);
            let (state, detail) = stands(line, shown, answer.as_ref(), today);
            Standing { line, state, detail, answer }
        })
        .collect()
}

/// What was measured counts more than what was said.
fn stands(
    line: &Line,
    shown: Option<Shows>,
    answer: Option<&Answer>,
    today: &str,
) -> (State, String) {
    let unclear = match shown {
        Some(Shows::Holds(why)) => return (State::Shown, why),
        Some(Shows::Remark(why)) => return (State::Remark, why),
        Some(Shows::Fails(why)) => return (State::Fails, contradicted(why, answer)),
        Some(Shows::Unclear(why)) => Some(why),
        None => None,
    };
    match (answer, unclear) {
        (Some(answer), _) => said(answer, today),
        (None, Some(why)) => (State::Open, why),
        (None, None) => (State::Open, open(line)),
    }
}

fn contradicted(why: String, answer: Option<&Answer>) -> String {
    match answer.filter(|answer| answer.word != Word::No) {
        Some(answer) => format!("{why}; said otherwise by {}", answer.source()),
        None => why,
    }
}

fn said(answer: &Answer, today: &str) -> (State, String) {
    let source = answer.source();
    match answer.word {
        Word::Yes if answer.is_stale(today) => {
            (State::Stale, format!("said by {source}, more than a year ago"))
        }
        Word::Yes => (State::Said, format!("said by {source}")),
        Word::Na if answer.is_stale(today) => {
            (State::Stale, format!("does not apply, said by {source}, more than a year ago"))
        }
        Word::Na => (State::Na, format!("does not apply, said by {source}")),
        Word::No => (State::Fails, format!("does not hold, said by {source}")),
    }
}

fn open(line: &Line) -> String {
    match line.measure {
        // The page and the file for the answers have the rest.
        Some(measure) => {
            let how = measure.how();
            format!("open: {}", how.split_once(", ").map_or(how, |(option, _)| option))
        }
        None => "open: to be said in --answers".to_owned(),
    }
}

/// How many lines stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// All.
    pub lines: usize,
    /// Shown by evidence.
    pub evidence: usize,
    /// Said by somebody.
    pub word: usize,
    /// Said by somebody more than a year ago; these are among the former.
    pub stale: usize,
    /// Not applicable.
    pub na: usize,
    /// Failing.
    pub fails: usize,
    /// Open.
    pub open: usize,
}

/// Counts.
pub fn score(standings: &[Standing]) -> Score {
    let mut score = Score { lines: standings.len(), ..Score::default() };
    for standing in standings {
        match standing.state {
            State::Shown | State::Remark => score.evidence += 1,
            State::Said => score.word += 1,
            State::Stale => {
                score.word += 1;
                score.stale += 1;
            }
            State::Na => score.na += 1,
            State::Fails => score.fails += 1,
            State::Open => score.open += 1,
        }
    }
    score
}

/// The word and the sentence.
pub fn headline(score: Score) -> (&'static str, String) {
    let word = match (score.fails, score.open) {
        (0, 0) => "READY",
        (0, _) => "OPEN",
        _ => "NOT READY",
    };
    let said = if score.stale > 0 {
        format!("{} by somebody's word ({} of it older than a year)", score.word, score.stale)
    } else {
        format!("{} by somebody's word", score.word)
    };
    let na = match score.na {
        0 => String::new(),
        1 => ", 1 does not apply".to_owned(),
        many => format!(", {many} do not apply"),
    };
    let fails = match score.fails {
        0 => "none fails".to_owned(),
        1 => "1 fails".to_owned(),
        many => format!("{many} fail"),
    };
    let sentence = format!(
        "{} of {} lines shown by evidence, {said}{na}, {fails}, {} open.",
        score.evidence, score.lines, score.open
    );
    (word, sentence)
}

/// One row a line.
pub fn checks(standings: &[Standing]) -> Vec<Check> {
    let check = |(place, standing): (usize, &Standing)| Check {
        id: format!("ready.{}", standing.line.id),
        stage: u8::try_from(place + 1).unwrap_or(u8::MAX),
        title: standing.line.title.to_owned(),
        layer: Layer::Local,
        status: standing.state.status(),
        duration_ms: None,
        detail: standing.detail.clone(),
        attempts: Vec::new(),
    };
    standings.iter().enumerate().map(check).collect()
}

/// The command's data.
pub fn data(standings: &[Standing]) -> Value {
    let score = score(standings);
    let line = |standing: &Standing| {
        let answer = standing.answer.as_ref();
        json!({
            "id": standing.line.id,
            "title": standing.line.title,
            "why": standing.line.why,
            "question": standing.line.question,
            "measured_by": standing.line.measure.map(super::table::Measure::how),
            "state": standing.state.word(),
            "detail": standing.detail,
            "by": answer.map(|answer| &answer.by),
            "date": answer.map(|answer| &answer.date),
            "link": answer.and_then(|answer| answer.link.as_ref()),
        })
    };
    json!({ "ready": {
        "score": {
            "lines": score.lines,
            "evidence": score.evidence,
            "word": score.word,
            "stale_word": score.stale,
            "not_applicable": score.na,
            "fails": score.fails,
            "open": score.open,
        },
        "lines": standings.iter().map(line).collect::<Vec<_>>(),
    }})
}

#[cfg(test)]
mod tests {
    use super::{super::table::find, *};

    const TODAY: &str = "2026-11-30";

    fn answer(word: Word, date: &str) -> Answer {
        Answer { word, by: "A".to_owned(), date: date.to_owned(), link: None }
    }

    fn state(shown: Option<Shows>, answer: Option<&Answer>) -> State {
        stands(find("keys.out-of-files").expect("a line"), shown, answer, TODAY).0
    }

    #[test]
    fn evidence_counts_more_than_a_word() {
        let yes = answer(Word::Yes, "2026-11-01");
        let no = answer(Word::No, "2026-11-01");
        let fails = || Some(Shows::Fails("seen".to_owned()));
        let holds = || Some(Shows::Holds("seen".to_owned()));
        let unclear = || Some(Shows::Unclear("seen".to_owned()));
        assert_eq!(state(fails(), Some(&yes)), State::Fails);
        assert_eq!(state(holds(), Some(&no)), State::Shown);
        assert_eq!(state(unclear(), Some(&yes)), State::Said);
        assert_eq!(state(unclear(), None), State::Open);
        assert_eq!(state(None, Some(&no)), State::Fails);
        assert_eq!(state(None, Some(&answer(Word::Na, "2026-11-01"))), State::Na);
        assert_eq!(state(None, Some(&answer(Word::Yes, "2025-01-01"))), State::Stale);
        assert_eq!(state(None, None), State::Open);
        let (_, detail) = stands(&LINES[0], fails(), Some(&yes), TODAY);
        assert_eq!(detail, "seen; said otherwise by A, 2026-11-01");
    }

    #[test]
    fn the_sentence_counts_and_never_divides() {
        let score = Score { lines: 23, evidence: 12, word: 6, stale: 1, na: 0, fails: 0, open: 5 };
        let said = "12 of 23 lines shown by evidence, 6 by somebody's word (1 of it older than a year), none fails, 5 open.";
        assert_eq!(headline(score), ("OPEN", said.to_owned()));
        assert_eq!(headline(Score { fails: 1, ..score }).0, "NOT READY");
        assert_eq!(headline(Score { open: 0, ..score }).0, "READY");
    }

    #[test]
    fn with_nothing_everything_is_open() {
        let all = standings(&Evidence::default(), &BTreeMap::new(), TODAY);
        let score = score(&all);
        assert_eq!((score.open, score.lines), (LINES.len(), LINES.len()));
    }
}
