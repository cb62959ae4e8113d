//! What was found in a body: the rule, the place, what stands there, and what to write in its place. It must not look for
//! anything.

use super::{
    document::{Document, Span, Value},
    rule::Rule,
};

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// The path to it, from the whole of what was read.
    pub path: String,
    /// Where it stands in the text.
    pub span: Span,
    /// What stands there and what is wrong with it, in one sentence.
    pub said: String,
    /// What to write in its place.
    pub correction: Option<Correction>,
}

/// Members that hold schemas.
const SCHEMAS: &[&str] = &[
    ".parameters",
    ".responseSchema",
    ".response_schema",
    ".responseJsonSchema",
    ".response_json_schema",
    ".json_schema",
];

impl Finding {
    /// The known fix that it leads to. A value that is refused within a schema has one of its own.
    pub fn fix(&self) -> Option<&'static str> {
        let is_in_a_schema = SCHEMAS.iter().any(|name| self.path.contains(name));
        match self.rule.fix {
            Some("field-value-refused") if is_in_a_schema => Some("tool-schema-bad-type"),
            fix => fix,
        }
    }
}

/// A change of the text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The change in words: "Rename it to `generationConfig`".
    pub words: String,
    /// What to change in the text.
    pub edits: Vec<Edit>,
    /// Whether it leaves what is meant as it is, so that a program may make it.
    pub is_mechanical: bool,
}

/// A piece of the text, and what stands there afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The piece.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Correction {
    /// A change that keeps what is meant.
    pub fn mechanical(words: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { words: words.into(), edits, is_mechanical: true }
    }

    /// A change that somebody has to want.
    pub fn advice(words: impl Into<String>) -> Self {
        Self { words: words.into(), edits: Vec::new(), is_mechanical: false }
    }
}

/// What was found so far, with bounds.
#[derive(Debug)]
pub struct Findings<'a> {
    found: Vec<Finding>,
    /// The ids of rules that are left out.
    allowed: &'a [&'a str],
    most_of_a_rule: usize,
    /// How often each rule was met beyond what is kept.
    more: Vec<(&'static str, usize)>,
}

/// Of each rule, as many as anybody reads.
pub(super) const MOST_OF_A_RULE: usize = 20;
/// The same for whoever puts them right.
const MOST_OF_ALL: usize = 2_000;

impl<'a> Findings<'a> {
    /// None yet.
    pub fn of(allowed: &'a [&'a str], wants_all: bool) -> Self {
        let most_of_a_rule = if wants_all { MOST_OF_ALL } else { MOST_OF_A_RULE };
        Self { found: Vec::new(), allowed, most_of_a_rule, more: Vec::new() }
    }

    /// Something at a value: at its name and itself.
    pub fn at(&mut self, rule: &'static Rule, value: Value<'_>, said: impl FnOnce() -> Said) {
        self.add(rule, value.document(), value.span(), said);
    }

    /// Something at the name of a value.
    pub fn at_name(&mut self, rule: &'static Rule, value: Value<'_>, said: impl FnOnce() -> Said) {
        let span = value.key_span().unwrap_or(value.span());
        self.add(rule, value.document(), span, said);
    }

    /// Something at a place of the text.
    pub fn add(
        &mut self,
        rule: &'static Rule,
        document: &Document<'_>,
        span: Span,
        said: impl FnOnce() -> Said,
    ) {
        if self.allowed.contains(&rule.id) {
            return;
        }
        let of_rule = self.found.iter().filter(|finding| finding.rule.id == rule.id).count();
        if of_rule >= self.most_of_a_rule {
            match self.more.iter_mut().find(|(id, _)| *id == rule.id) {
                Some((_, count)) => *count += 1,
                None => self.more.push((rule.id, 1)),
            }
            return;
        }
        let Said { words, correction } = said();
        let path = document.path_at(span.start);
        self.found.push(Finding { rule, path, span, said: words, correction });
    }

    /// All that was kept, in the order of the text, and how many more each rule has.
    pub fn finish(mut self) -> (Vec<Finding>, Vec<(&'static str, usize)>) {
        self.found.sort_by_key(|finding| (finding.span.start, finding.span.end));
        (self.found, self.more)
    }

    /// Whether a rule was broken within a piece of the text, so that what follows from it need not be said as well.
    pub fn has_within(&self, span: &Span, rules: &[&Rule]) -> bool {
        self.found.iter().any(|finding| {
            span.start <= finding.span.start
                && finding.span.end <= span.end
                && rules.iter().any(|rule| rule.id == finding.rule.id)
        })
    }
}

/// What is said of a finding.
#[derive(Debug)]
pub struct Said {
    words: String,
    correction: Option<Correction>,
}

/// A finding in words, with nothing to write in its place.
pub fn said(words: impl Into<String>) -> Said {
    Said { words: words.into(), correction: None }
}

impl Said {
    /// What to write in its place.
    pub fn with(self, correction: Correction) -> Self {
        Self { correction: Some(correction), ..self }
    }

    /// The same, where there is something.
    pub fn with_any(self, correction: Option<Correction>) -> Self {
        Self { correction, ..self }
    }
}
