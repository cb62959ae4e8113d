//! `--fail-on`: which classes end the run with their code. Reads the option's text; judges nothing.

use std::str::FromStr;

use crate::facts::Class;

/// The classes that fail a run. Wrong usage, our own faults and signals always do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailOn {
    classes: Vec<Class>,
    warnings: bool,
}

impl FailOn {
    /// The classes that can be chosen, with their words.
    pub const CLASSES: [(&'static str, Class); 5] = [
        ("yours", Class::Yours),
        ("theirs", Class::Theirs),
        ("path", Class::Path),
        ("unknown", Class::Unknown),
        ("quota", Class::Quota),
    ];

    /// Nothing that is found fails the run.
    pub const fn never() -> Self {
        Self { classes: Vec::new(), warnings: false }
    }

    /// Every class, and warnings too.
    pub fn warn() -> Self {
        Self { warnings: true, ..Self::default() }
    }

    /// Whether this class fails the run.
    pub fn class(&self, class: Class) -> bool {
        class == Class::Usage || self.classes.contains(&class)
    }

    /// Whether a warning fails the run.
    pub const fn warnings(&self) -> bool {
        self.warnings
    }
}

impl Default for FailOn {
    fn default() -> Self {
        Self { classes: Self::CLASSES.map(|(_, class)| class).to_vec(), warnings: false }
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            word if word.eq_ignore_ascii_case("warn") => Ok(Self::warn()),
            word if word.eq_ignore_ascii_case("never") => Ok(Self::never()),
            words => words.split(',').try_fold(Self::never(), Self::with),
        }
    }
}

impl FailOn {
    fn with(mut self, word: &str) -> Result<Self, String> {
        let word = word.trim();
        if word.eq_ignore_ascii_case("warn") {
            self.warnings = true;
            return Ok(self);
        }
        // The word is given back as it was typed: in another case the redactor would miss a key.
        let (_, class) = Self::CLASSES
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word))
            .ok_or_else(|| {
                let names = Self::CLASSES.map(|(name, _)| name).join(", ");
                format!(
                    "'{word}' is no class to fail on; they are {names}, or one of warn and never"
                )
            })?;
        self.classes.push(class);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_chosen_by_their_words() {
        let chosen: FailOn = "theirs, QUOTA".parse().unwrap();
        assert!(chosen.class(Class::Theirs) && chosen.class(Class::Quota));
        assert!(!chosen.class(Class::Yours) && !chosen.warnings());
        assert!(chosen.class(Class::Usage), "wrong usage always fails");
    }

    #[test]
    fn warn_adds_warnings_to_what_fails() {
        let all: FailOn = "warn".parse().unwrap();
        assert!(all.warnings() && all.class(Class::Path));
        let two: FailOn = "yours,warn".parse().unwrap();
        assert!(two.warnings() && two.class(Class::Yours) && !two.class(Class::Path));
    }

    #[test]
    fn an_unknown_class_is_answered_with_the_known_ones() {
        for wrong in ["", "mine", "yours,never", "usage"] {
            let error = wrong.parse::<FailOn>().unwrap_err();
            assert!(error.contains("yours, theirs, path, unknown, quota"), "{error}");
        }
    }
}
