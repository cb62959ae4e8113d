//! The models that bodies are made for, and what each takes, as the model pages tell it. Retired ones are left out.

/// Which rules a model follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Open models: neither a system instruction nor tools.
    Gemma,
    /// 2.5: a budget of thinking, several answers.
    Second,
    /// 3.0 to 3.5: levels, signatures; sampling still counts.
    Third,
    /// From 3.6 on: sampling is ignored, the last turn is the user's.
    Late,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Thinking {
    Levels(&'static [&'static str]),
    /// The range of the budget, and whether 0 switches thinking off.
    Budget {
        least: i64,
        most: i64,
        off: bool,
    },
    /// The settings are refused, or nothing is known of them.
    Unset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Makes {
    Text,
    Images,
    Speech,
    Vectors,
}

#[derive(Debug)]
pub struct Model {
    pub name: &'static str,
    pub age: Age,
    pub thinking: Thinking,
    pub makes: Makes,
    pub most_output: i64,
}

const ALL_LEVELS: Thinking = Thinking::Levels(&["MINIMAL", "LOW", "MEDIUM", "HIGH"]);
const NO_MINIMAL: Thinking = Thinking::Levels(&["LOW", "MEDIUM", "HIGH"]);

const fn text(name: &'static str, age: Age, thinking: Thinking) -> Model {
    Model { name, age, thinking, makes: Makes::Text, most_output: 65_536 }
}

const fn budget(least: i64, most: i64, off: bool) -> Thinking {
    Thinking::Budget { least, most, off }
}

pub const MODELS: &[Model] = &[
    text("gemini-4-argon", Age::Late, NO_MINIMAL),
    text("gemini-3.8-flash", Age::Late, NO_MINIMAL),
    text("gemini-3.7-flash", Age::Late, NO_MINIMAL),
    text("gemini-3.6-flash", Age::Late, ALL_LEVELS),
    text("gemini-3.5-flash", Age::Third, ALL_LEVELS),
    text("gemini-3.5-flash-lite", Age::Third, ALL_LEVELS),
    text("gemini-3.1-flash-lite", Age::Third, ALL_LEVELS),
    text("gemini-3.1-pro-preview", Age::Third, NO_MINIMAL),
    text("gemini-3.1-pro-preview-customtools", Age::Third, NO_MINIMAL),
    text("gemini-3-flash-preview", Age::Third, ALL_LEVELS),
    text("gemini-2.5-pro", Age::Second, budget(128, 32_768, false)),
    text("gemini-2.5-flash", Age::Second, budget(0, 24_576, true)),
    text("gemini-2.5-flash-lite", Age::Second, budget(512, 24_576, true)),
    // Where an alias leads may change, so that only what all its targets take is sent.
    text("gemini-flash-latest", Age::Late, Thinking::Levels(&["LOW", "MEDIUM", "HIGH"])),
    text("gemini-pro-latest", Age::Late, Thinking::Levels(&["LOW", "HIGH"])),
    Model { most_output: 8192, ..text("gemma-4-31b-it", Age::Gemma, Thinking::Unset) },
    Model { most_output: 8192, ..text("gemma-4-26b-a4b-it", Age::Gemma, Thinking::Unset) },
    image("gemini-3-pro-image", Thinking::Unset),
    image("gemini-3.1-flash-image", Thinking::Levels(&["MINIMAL", "HIGH"])),
    Model {
        makes: Makes::Speech,
        most_output: 8192,
        ..text("gemini-2.5-flash-preview-tts", Age::Second, Thinking::Unset)
    },
    Model { makes: Makes::Vectors, ..text("gemini-embedding-001", Age::Second, Thinking::Unset) },
];

const fn image(name: &'static str, thinking: Thinking) -> Model {
    Model { makes: Makes::Images, most_output: 32_768, ..text(name, Age::Third, thinking) }
}

impl Model {
    /// Whether what it called in this turn has to come back with its signature.
    pub fn signs(&self) -> bool {
        matches!(self.age, Age::Third | Age::Late) && self.makes == Makes::Text
    }

    /// Whether it takes a system instruction and tools at all.
    pub fn is_plain(&self) -> bool {
        self.age == Age::Gemma || self.makes != Makes::Text
    }

    /// Whether it takes forms and tools at once, and tools of several kinds.
    pub fn combines(&self) -> bool {
        matches!(self.age, Age::Third | Age::Late)
    }

    /// Whether several answers and penalties are still taken.
    pub fn is_second(&self) -> bool {
        self.age == Age::Second && self.makes == Makes::Text
    }

    pub fn is_alias(&self) -> bool {
        self.name.ends_with("-latest")
    }
}
