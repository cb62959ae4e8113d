//! A finding: one cause, with all that a person or a program needs to act on it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::{Blame, Class, Confidence, Layer, RetryClass, Severity, Who};

/// One cause that the evidence supports.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// The id of the known fix.
    pub id: String,
    /// Where the page of known fixes has it.
    pub entry: String,
    /// The cause in one short sentence.
    pub title: String,
    /// The broken layer.
    pub layer: Layer,
    /// Whose move it is.
    pub blame: Blame,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the evidence makes it.
    pub confidence: Confidence,
    /// Whether a retry helps.
    pub retry: Retry,
    /// Why it happens.
    pub why: String,
    /// What it rests on.
    pub evidence: Vec<Proof>,
    /// What else was considered and is excluded.
    pub ruled_out: Vec<RuledOut>,
    /// What to do, best first.
    pub fixes: Vec<FixStep>,
    /// What the evidence cannot tell apart from it.
    pub splits: Vec<Unsplit>,
    /// Consequences of it, which need no fix of their own.
    pub consequences: Vec<Consequence>,
    /// The id of the better candidate for the same evidence, where this is a rival of it and no cause of
    /// its own.
    pub alternative_to: Option<String>,
    /// How to see that the fix worked.
    pub confirm: String,
    /// What it means to CI.
    #[serde(skip)]
    pub class: Class,
}

/// Whether and when to try again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Retry {
    /// The class of the retry.
    pub class: RetryClass,
    /// The pause the server asked for, where it did.
    pub after_ms: Option<u64>,
    /// Whether that pause is of no use: the cause outlasts it.
    pub server_is_wrong: bool,
}

impl Retry {
    /// A class beside what the server asks for. `lasts` where the cause outlasts any pause of seconds;
    /// nothing, where nobody can tell.
    pub fn of(class: RetryClass, after_ms: Option<u64>, lasts: Option<bool>) -> Self {
        let no_pause =
            matches!(class, RetryClass::Never | RetryClass::FixFirst | RetryClass::Failover);
        Self {
            class,
            after_ms,
            server_is_wrong: lasts.is_some_and(|lasts| lasts || no_pause) && after_ms.is_some(),
        }
    }
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Proof {
    /// The attempt it comes from.
    pub attempt: Option<String>,
    /// What was seen.
    pub text: String,
    /// Whether the diagnosis would fall, or be less sure, without it.
    pub decisive: bool,
}

/// Something that is not the cause.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RuledOut {
    /// The id of a known fix, or the word of a whole layer.
    pub id: String,
    /// The evidence against it.
    pub because: String,
    /// The attempts that show it.
    pub attempts: Vec<String>,
}

/// One step of the fix.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FixStep {
    /// 1 is best.
    pub rank: u32,
    /// Who does it.
    pub who: Who,
    /// What to do.
    pub action: String,
    /// What to type.
    pub command: Option<String>,
    /// Where it is documented.
    pub doc: Option<String>,
}

/// Another cause that gives the same evidence.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Unsplit {
    /// Its id.
    pub id: String,
    /// It in one short sentence.
    pub title: String,
    /// What would tell the two apart.
    pub by: String,
}

/// A finding that follows from another one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Consequence {
    /// Its id.
    pub id: String,
    /// It in one short sentence.
    pub title: String,
}
