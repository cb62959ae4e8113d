//! The retry policies that a program can copy: one text a language, made for a class of error.
//!
//! Pure: text in, text out. It must not decide which class an error has; that is the catalogue's.

use std::{fmt, str::FromStr};

use crate::facts::RetryClass;

/// A language that a policy is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Python 3.8 or newer, its standard library only.
    Python,
    /// TypeScript whose types can be stripped, without packages.
    Typescript,
    /// Rust, its standard library only.
    Rust,
}

/// The program text of the policy for a retry class, complete: copy it into a file and use it.
pub fn text(language: Language, class: RetryClass) -> String {
    let policy = Policy::of(class);
    let about = policy.about.iter().map(|line| language.remark(line));
    language
        .template()
        .replace("{{class}}", class.word())
        .replace("{{about}}", &about.collect::<Vec<_>>().join("\n"))
        .replace("{{retries}}", &policy.retries.to_string())
        .replace("{{total}}", &policy.total_seconds.to_string())
        .replace("{{busy}}", language.truth(policy.next_model_when_busy))
        .replace("{{advice}}", policy.advice)
}

impl Language {
    /// Every language, in the order in which help names them.
    pub const ALL: [Self; 3] = [Self::Python, Self::Typescript, Self::Rust];

    /// The word that is typed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Typescript => "typescript",
            Self::Rust => "rust",
        }
    }

    const fn template(self) -> &'static str {
        match self {
            Self::Python => include_str!("policy.py"),
            Self::Typescript => include_str!("policy.ts"),
            Self::Rust => include_str!("policy.rs.txt"),
        }
    }

    /// A line of the words that a file opens with.
    fn remark(self, line: &str) -> String {
        match self {
            Self::Python => line.to_owned(),
            Self::Typescript => format!("// {line}"),
            Self::Rust => format!("//! {line}"),
        }
    }

    const fn truth(self, is: bool) -> &'static str {
        match (self, is) {
            (Self::Python, true) => "True",
            (Self::Python, false) => "False",
            (Self::Typescript | Self::Rust, true) => "true",
            (Self::Typescript | Self::Rust, false) => "false",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|language| language.word() == word);
        known.ok_or_else(|| format!("{word:?} is none of python, typescript, rust"))
    }
}

/// What differs from class to class; the programs are the same otherwise.
struct Policy {
    /// Why this class is treated as it is; the program opens with it.
    about: [&'static str; 2],
    /// Tries of one model after the first; 0 sends nothing twice.
    retries: u32,
    /// The bound of everything together: a minute, or two where the pause is the server's choice.
    total_seconds: u32,
    /// Whether the next model is asked where this one only is busy, and not gone.
    next_model_when_busy: bool,
    /// What a person does after it; no quotes and no backslashes, for it becomes a literal.
    advice: &'static str,
}

impl Policy {
    const fn of(class: RetryClass) -> &'static Self {
        match class {
            RetryClass::Never => &NEVER,
            RetryClass::Once => &ONCE,
            RetryClass::After => &AFTER,
            RetryClass::Backoff => &BACKOFF,
            RetryClass::Failover => &FAILOVER,
            RetryClass::FixFirst => &FIX_FIRST,
        }
    }
}

const NEVER: Policy = Policy {
    about: [
        "The same request fails every time, so nothing is sent twice: the error is raised at once.",
        "With three retries this is the policy for errors that pass.",
    ],
    retries: 0,
    total_seconds: 60,
    next_model_when_busy: false,
    advice: "Change the request; gemini-doctor explain says what is wrong with it",
};

const ONCE: Policy = Policy {
    about: [
        "The connection failed or the answer did not come: one more try, at once, on a new connection.",
        "More would charge for more: what timed out here may have been generated there.",
    ],
    retries: 1,
    total_seconds: 60,
    next_model_when_busy: false,
    advice: "Look at the way there with gemini-doctor doctor, or make the request smaller",
};

const AFTER: Policy = Policy {
    about: [
        "The server says when to come back. It is never asked sooner,",
        "and not at all where that is later than the total allows.",
    ],
    retries: 3,
    total_seconds: 120,
    next_model_when_busy: false,
    advice: "Send less per minute: a queue, fewer calls at a time, shorter prompts",
};

const BACKOFF: Policy = Policy {
    about: [
        "The fault is the server's and mostly passes: three more tries after growing pauses,",
        "spread by chance, so that many clients do not come back together.",
    ],
    retries: 3,
    total_seconds: 60,
    next_model_when_busy: false,
    advice: "If only this request fails, make it smaller; if all do, see the status page",
};

const FAILOVER: Policy = Policy {
    about: [
        "This model is out of order or busy, and another may not be: three more tries here,",
        "then the next of the list; at once where the build behind the name is gone.",
    ],
    retries: 3,
    total_seconds: 60,
    next_model_when_busy: true,
    advice: "List one more model that works now: gemini-doctor list-models shows them",
};

const FIX_FIRST: Policy = Policy {
    about: [
        "Nothing helps until somebody changes the key, the project, the quota or this machine,",
        "so the error is raised at once. After the fix, three retries make it the policy for the rest.",
    ],
    retries: 0,
    total_seconds: 60,
    next_model_when_busy: false,
    advice: "Do the first fix that gemini-doctor explain names, then call again",
};

#[cfg(test)]
mod tests {
    use super::*;

    const CLASSES: [RetryClass; 6] = [
        RetryClass::Never,
        RetryClass::Once,
        RetryClass::After,
        RetryClass::Backoff,
        RetryClass::Failover,
        RetryClass::FixFirst,
    ];

    #[test]
    fn every_text_is_filled_in_and_fits_a_page() {
        for language in Language::ALL {
            for class in CLASSES {
                let text = text(language, class);
                assert!(!text.contains("{{"), "{language} {} has a gap", class.word());
                assert!(text.contains(&format!("`{}`", class.word())), "{language}: its class");
                let widest = text.lines().map(|line| line.chars().count()).max();
                assert!(widest <= Some(100), "{language} {}: {widest:?} columns", class.word());
            }
        }
    }

    #[test]
    fn an_advice_is_a_literal_in_every_language() {
        for class in CLASSES {
            assert!(!Policy::of(class).advice.contains(['"', '\\', '\n', '$', '{']));
        }
    }

    #[test]
    fn words_lead_back_to_languages() {
        for language in Language::ALL {
            assert_eq!(language.word().parse(), Ok(language));
        }
        assert!("cobol".parse::<Language>().is_err());
    }
}
