//! A body's tokens, line by line: each part, and what the service adds, apart.
//!
//! It never calls a number exact that a recorded answer does not stand behind.

use super::{
    Asked, Body, Certainty, Content, Kind, Line, Piece, Place, Shape, Tally, What,
    media::{Family, price},
    overhead::{OverheadRule, overhead_of},
};

impl Body {
    /// Counts with a vocabulary, one string at a time.
    pub fn count(&self, asked: Asked<'_>, tokens: impl FnMut(&str) -> u64) -> Tally {
        let rule = overhead_of(asked.api, asked.model);
        let mut sum = Sum { body: self, asked, rule, tokens, lines: Vec::new(), local: 0 };
        sum.contents();
        sum.pieces(&self.tools, Place::Setup);
        sum.pieces(&self.schemas, Place::Setup);
        sum.system();
        let doubts = self.doubts(asked, rule, &sum.lines);
        let turns = (self.contents.len() + usize::from(self.system.is_some())) as u64;
        Tally { sdk: self.sdk_counts().then_some(sum.local), lines: sum.lines, doubts, turns }
    }

    /// Every text that is counted, with the place of the part that it belongs to.
    pub fn strings(&self) -> impl Iterator<Item = (&str, &str)> {
        let turns = self.contents.iter().chain(&self.system).flat_map(|turn| &turn.pieces);
        let pieces = turns.chain(&self.tools).chain(&self.schemas);
        pieces.flat_map(|piece| {
            let strings: &[String] = match &piece.what {
                What::Strings(strings) => strings,
                What::Medium(_) | What::Nothing => &[],
            };
            strings.iter().map(|string| (piece.path.as_str(), string.as_str()))
        })
    }

    /// Google's SDK counts its own form, and no media; of thoughts and code that was run it is not known.
    fn sdk_counts(&self) -> bool {
        let mut pieces = self.contents.iter().chain(&self.system).flat_map(|turn| &turn.pieces);
        let counts = |piece: &Piece| match piece.kind {
            Kind::Media => false,
            Kind::Text => piece.certainty == Certainty::Exact,
            _ => true,
        };
        self.shape != Shape::Chat && pieces.all(counts)
    }

    fn doubts(&self, asked: Asked<'_>, rule: &OverheadRule, lines: &[Line]) -> Vec<String> {
        let has = |kinds: &[Kind]| lines.iter().any(|line| kinds.contains(&line.kind));
        let mut doubts: Vec<String> = asked.doubt.map(str::to_owned).into_iter().collect();
        if !rule.covers(self.contents.len()) {
            doubts.push(format!("what is added for turns: {}", rule.evidence));
        }
        if has(&[Kind::Tool, Kind::FunctionCall, Kind::FunctionResponse]) {
            doubts.push(rule.tools.to_owned());
        }
        if self.shape == Shape::Chat {
            doubts.push("no count of the OpenAI-compatible endpoint was recorded".to_owned());
        }
        doubts
    }

    /// The turn that is new: the last that is not the model's.
    fn message(&self) -> Option<usize> {
        self.contents.iter().rposition(|content| !content.from_model)
    }
}

const CONTROLS: &str = "it has texts like <start_of_turn>, and no count of such was recorded";

/// Whether a text has something that vocabularies keep one piece for, which a service may take apart.
fn looks_like_control(text: &str) -> bool {
    [
        "<bos>",
        "<eos>",
        "<pad>",
        "<unk>",
        "<mask>",
        "<start_of_",
        "<end_of_",
        "<unused",
        "[multimodal]",
    ]
    .iter()
    .any(|control| text.contains(control))
}

fn text(piece: &Piece, strings: &[String]) -> (Certainty, Option<String>) {
    let controls = strings.iter().any(|string| looks_like_control(string));
    let certainty = if controls { Certainty::Estimate } else { Certainty::Exact };
    let note = piece.note.clone().or_else(|| controls.then(|| CONTROLS.to_owned()));
    (piece.certainty.max(certainty), note)
}

/// A sum under way.
struct Sum<'a, F> {
    body: &'a Body,
    asked: Asked<'a>,
    rule: &'a OverheadRule,
    tokens: F,
    lines: Vec<Line>,
    /// What the SDK counts: the texts alone.
    local: u64,
}

impl<F: FnMut(&str) -> u64> Sum<'_, F> {
    fn contents(&mut self) {
        let contents = &self.body.contents;
        let message = self.body.message();
        for (index, content) in contents.iter().enumerate() {
            let place = if message == Some(index) { Place::Message } else { Place::History };
            self.pieces(&content.pieces, place);
        }
        let before = contents.len() - usize::from(message.is_some());
        if let Some(first) = contents.first().filter(|_| before > 0) {
            self.roles(first, before, Place::History);
        }
        if let Some(new) = message.map(|index| &contents[index]) {
            self.roles(new, 1, Place::Message);
        }
    }

    fn roles(&mut self, first: &Content, turns: usize, place: Place) {
        let label = match turns {
            1 => "role of a turn".to_owned(),
            _ => format!("roles of {turns} turns"),
        };
        let path = first.path.clone();
        let tokens = self.rule.role_tokens.saturating_mul(turns as u64);
        let (certainty, note) = self.added(self.rule.covers(self.body.contents.len()));
        let (kind, by_rule) = (Kind::Role, certainty);
        self.lines.push(Line { label, path, tokens, kind, place, certainty, by_rule, note });
    }

    fn system(&mut self) {
        let Some(system) = &self.body.system else { return };
        self.pieces(&system.pieces, Place::System);
        let covers = self.rule.covers(self.body.contents.len());
        let (certainty, note) = self.added(covers && self.rule.seen.system);
        self.lines.push(Line {
            label: "role of the system instruction".to_owned(),
            path: system.path.clone(),
            tokens: self.rule.system_tokens,
            kind: Kind::SystemRole,
            place: Place::System,
            certainty,
            by_rule: certainty,
            note,
        });
    }

    /// What can be said of tokens that the service adds.
    fn added(&self, was_seen: bool) -> (Certainty, Option<String>) {
        let is_exact = was_seen && self.body.shape != Shape::Chat;
        let certainty = if is_exact { Certainty::Exact } else { Certainty::Estimate };
        (certainty, Some(format!("{}, as of {}", self.rule.evidence, self.rule.as_of)))
    }

    fn pieces(&mut self, pieces: &[Piece], place: Place) {
        for piece in pieces {
            let (tokens, by_rule, note) = match &piece.what {
                What::Strings(strings) => self.strings(piece, strings),
                What::Medium(medium) => {
                    let family = Family::of(self.asked.model);
                    let priced = price(medium, family, self.body.resolution);
                    (priced.tokens, priced.certainty, Some(priced.note))
                }
                What::Nothing => (0, piece.certainty, piece.note.clone()),
            };
            let (label, path, kind) = (piece.label.clone(), piece.path.clone(), piece.kind);
            let certainty = by_rule.max(self.of_vocabulary(piece));
            self.lines.push(Line { label, path, tokens, kind, place, certainty, by_rule, note });
        }
    }

    /// What the vocabulary makes of a text's number; what is told of a schema is not counted with it.
    fn of_vocabulary(&self, piece: &Piece) -> Certainty {
        let is_text = matches!(piece.what, What::Strings(_)) && piece.kind != Kind::Schema;
        if is_text && self.asked.doubt.is_some() { Certainty::Estimate } else { Certainty::Exact }
    }

    fn strings(&mut self, piece: &Piece, strings: &[String]) -> (u64, Certainty, Option<String>) {
        let tokens = strings.iter().map(|string| (self.tokens)(string)).sum();
        self.local += tokens;
        match piece.kind {
            Kind::Schema => self.schema(piece, tokens),
            Kind::Tool => (tokens, Certainty::LowerBound, Some(self.rule.tools.to_owned())),
            _ => {
                let (certainty, note) = text(piece, strings);
                (tokens, certainty, note)
            }
        }
    }

    /// The service leaves the schema of the answer out, though the SDK counts it.
    fn schema(&self, piece: &Piece, tokens: u64) -> (u64, Certainty, Option<String>) {
        let seen = self.rule.seen.schema;
        let certainty =
            piece.certainty.max(if seen { Certainty::Exact } else { Certainty::Estimate });
        let note = if seen {
            format!("this API did not count it in recorded requests; Google's SDK counts {tokens}")
        } else {
            format!(
                "gemini-2.5-flash did not count it in recorded requests; Google's SDK counts {tokens}"
            )
        };
        (0, certainty, Some(note))
    }
}
