//! The names of the formats. What each looks like is in the file of its name.

use std::str::FromStr;

/// A way to write a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people at a terminal.
    Table,
    /// For screen readers and grep: one `name: value` a line.
    Plain,
    /// The document.
    Json,
    /// One event a line.
    Ndjson,
    /// For the test tab of a CI system.
    Junit,
    /// For issues, summaries and chats.
    Markdown,
    /// Workflow commands, which become annotations.
    Github,
}

impl Format {
    /// Every format, in the order of help.
    pub const ALL: [Self; 7] = [
        Self::Table,
        Self::Plain,
        Self::Json,
        Self::Ndjson,
        Self::Junit,
        Self::Markdown,
        Self::Github,
    ];

    /// The word to type.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Plain => "plain",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Github => "github",
        }
    }

    /// Whether `--report FORMAT=PATH` makes sense. Workflow commands work in a job's log only.
    pub const fn is_file(self) -> bool {
        !matches!(self, Self::Github)
    }

    /// The words of all formats, or of those for files, for help and errors.
    pub fn words(files_only: bool) -> String {
        let fitting = Self::ALL.into_iter().filter(|format| !files_only || format.is_file());
        fitting.map(Self::word).collect::<Vec<_>>().join(", ")
    }

    /// `FORMAT=PATH`, as `--report` takes it.
    pub fn parse_file(text: &str) -> Result<(Self, String), String> {
        let (word, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or_else(|| format!("'{text}' is not FORMAT=PATH"))?;
        let files =
            || format!("'{word}' is not a format for files; they are {}", Self::words(true));
        let format =
            word.parse::<Self>().ok().filter(|format| format.is_file()).ok_or_else(files)?;
        Ok((format, path.to_owned()))
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let word = text.trim();
        Self::ALL
            .into_iter()
            .find(|format| format.word().eq_ignore_ascii_case(word))
            .ok_or_else(|| format!("'{word}' is not a format; they are {}", Self::words(false)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back_whatever_its_case() {
        for format in Format::ALL {
            assert_eq!(format.word().parse(), Ok(format));
            assert_eq!(format.word().to_uppercase().parse(), Ok(format));
        }
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let error = "yaml".parse::<Format>().unwrap_err();
        assert!(error.contains("'yaml'") && error.contains("table, plain, json"), "{error}");
    }

    #[test]
    fn a_report_file_names_its_format_and_its_path() {
        assert_eq!(Format::parse_file("junit=a=b.xml"), Ok((Format::Junit, "a=b.xml".to_owned())));
        assert!(Format::parse_file("junit").unwrap_err().contains("FORMAT=PATH"));
        assert!(Format::parse_file("json=").unwrap_err().contains("FORMAT=PATH"));
        let error = Format::parse_file("github=x").unwrap_err();
        assert!(error.ends_with("table, plain, json, ndjson, junit, markdown"), "{error}");
    }
}
