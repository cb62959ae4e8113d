//! What the service adds to the texts themselves, as it was seen in recorded answers.
//!
//! Dated data. A rule is exact for what it was seen with, and an estimate for all else.

/// Which of the two APIs is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Api {
    /// The Gemini API, with a key.
    Developer,
    /// Vertex AI.
    Vertex,
}

/// What is added for some models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverheadRule {
    /// Where.
    pub api: Api,
    /// For which models.
    pub models: Models,
    /// Tokens for each content.
    pub role_tokens: u64,
    /// Tokens for a system instruction, besides its text.
    pub system_tokens: u64,
    /// With what the rule was seen to hold.
    pub seen: Seen,
    /// What the rule rests on.
    pub evidence: &'static str,
    /// What is known of tools, which are always a lower bound.
    pub tools: &'static str,
    /// The day of the latest evidence.
    pub as_of: &'static str,
}

/// The models of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Models {
    /// The very model that was recorded.
    Exactly(&'static str),
    /// Others that are expected to be alike.
    Like(&'static str),
}

/// What recorded requests had, apart from texts in one turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// At least several of this very model.
    pub enough: bool,
    /// More than one content.
    pub several_contents: bool,
    /// A system instruction.
    pub system: bool,
    /// A schema for the answer, which was not counted.
    pub schema: bool,
}

/// The rule for a model: its own, or that of the names it is like.
pub fn overhead_of(api: Api, model: &str) -> &'static OverheadRule {
    let name = model.rsplit('/').next().unwrap_or(model);
    RULES
        .iter()
        .find(|rule| rule.api == api && rule.models.cover(name))
        .expect("the last rule of each API covers every name")
}

impl OverheadRule {
    /// Whether it was seen to hold for a request with so many contents, texts only.
    pub(super) fn covers(&self, contents: usize) -> bool {
        self.seen.enough && (contents <= 1 || self.seen.several_contents)
    }
}

impl Models {
    fn cover(self, name: &str) -> bool {
        match self {
            Self::Exactly(model) => name == model,
            Self::Like(beginning) => name.starts_with(beginning),
        }
    }
}

const RECORDED: &str = "2025-10-24";

const DEVELOPER_TOOLS: &str = "this API added 43 to 59 more tokens for one small function on gemini-2.5-flash, and up to 389 in a loop of calls";

const VERTEX_TOOLS: &str = "this API counted 2 or 3 more for the types in a function's parameters, and 2 to 6 for turns with calls";

const NOTHING: Seen = Seen { enough: false, several_contents: false, system: false, schema: false };

const fn developer(models: Models, each: u64, seen: Seen, evidence: &'static str) -> OverheadRule {
    OverheadRule {
        api: Api::Developer,
        models,
        role_tokens: each,
        system_tokens: each,
        seen,
        evidence,
        tools: DEVELOPER_TOOLS,
        as_of: RECORDED,
    }
}

const fn vertex(models: Models, seen: Seen, evidence: &'static str) -> OverheadRule {
    OverheadRule {
        api: Api::Vertex,
        models,
        role_tokens: 0,
        system_tokens: 0,
        seen,
        evidence,
        tools: VERTEX_TOOLS,
        as_of: RECORDED,
    }
}

/// The first that fits is taken.
const RULES: &[OverheadRule] = &[
    OverheadRule {
        as_of: "2025-08-16",
        ..developer(
            Models::Exactly("gemini-2.0-flash"),
            0,
            Seen { enough: true, several_contents: true, ..NOTHING },
            "13 recorded requests of one to eight contents: nothing is added",
        )
    },
    developer(
        Models::Exactly("gemini-2.5-flash"),
        1,
        Seen { enough: true, system: true, schema: true, ..NOTHING },
        "8 recorded requests of one content: one token for it and one for a system instruction",
    ),
    developer(
        Models::Exactly("gemini-2.0-flash-preview-image-generation"),
        1,
        NOTHING,
        "one recorded request: one token was added",
    ),
    developer(
        Models::Exactly("gemini-2.0-flash-thinking-exp"),
        1,
        NOTHING,
        "one recorded request: one token was added",
    ),
    developer(
        Models::Like("gemini-2.0-"),
        0,
        NOTHING,
        "as with gemini-2.0-flash, which adds nothing; this name was not recorded",
    ),
    developer(
        Models::Like("gemini-2.5-"),
        1,
        NOTHING,
        "as with gemini-2.5-flash, which adds one token a content; this name was not recorded",
    ),
    OverheadRule {
        as_of: "2026-07-31",
        ..developer(
            Models::Exactly("gemini-3.6-flash"),
            1,
            NOTHING,
            "two sentences counted in July 2026: one token was added to each",
        )
    },
    developer(
        Models::Like(""),
        1,
        NOTHING,
        "as with gemini-2.5-flash and gemini-3.6-flash, which add one token a content; this name was not recorded",
    ),
    OverheadRule {
        as_of: "2025-08-16",
        ..vertex(
            Models::Exactly("gemini-2.0-flash"),
            Seen { enough: true, several_contents: true, ..NOTHING },
            "13 recorded requests of one to eight contents: nothing is added",
        )
    },
    vertex(
        Models::Exactly("gemini-2.5-flash"),
        Seen { enough: true, system: true, schema: true, ..NOTHING },
        "11 recorded requests of one content: nothing is added, nor for a system instruction",
    ),
    vertex(
        Models::Like(""),
        NOTHING,
        "as with the models that were recorded there, which add nothing; this name was recorded at most once",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_has_its_own_rule_before_that_of_its_kind() {
        let rule = |api, model| overhead_of(api, model);
        assert_eq!(rule(Api::Developer, "models/gemini-2.5-flash").role_tokens, 1);
        assert!(rule(Api::Developer, "gemini-2.5-flash").covers(1));
        assert!(!rule(Api::Developer, "gemini-2.5-flash").covers(2));
        assert!(!rule(Api::Developer, "gemini-2.5-flash-lite").covers(1));
        assert!(rule(Api::Developer, "gemini-2.0-flash").covers(8));
        assert_eq!(rule(Api::Developer, "gemini-2.0-flash-lite").role_tokens, 0);
        assert_eq!(rule(Api::Developer, "gemini-2.0-flash-thinking-exp").role_tokens, 1);
        assert_eq!(rule(Api::Developer, "gemini-9-x").role_tokens, 1);
        assert_eq!(rule(Api::Vertex, "gemini-9-x").role_tokens, 0);
    }

    #[test]
    fn every_rule_can_be_reached() {
        for (index, rule) in RULES.iter().enumerate() {
            let (Models::Exactly(name) | Models::Like(name)) = rule.models;
            let probe = if name.is_empty() { "other".to_owned() } else { name.to_owned() };
            assert_eq!(overhead_of(rule.api, &probe), rule, "{index}");
        }
    }
}
