//! The names of the formats. What each looks like is in the file of its name.

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
    /// One page with pictures, to attach to a ticket.
    Html,
    /// One timed call a line.
    Csv,
    /// A log of histograms, to join with those of other machines.
    Hdr,
    /// Places of findings in files, for what shows them beside the code.
    Sarif,
    /// Numbers as a textfile collector reads them.
    Prometheus,
    /// The same as OpenMetrics has them.
    OpenMetrics,
}

/// What a command's report holds, which decides the formats that it can fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Sentences and tables.
    Tables,
    /// Checks and findings, too.
    Checks,
    /// Places in files beside checks and findings.
    Places,
    /// Timed calls beside checks and findings.
    Samples,
    /// Tables, and latencies that were counted by value elsewhere.
    Histograms,
}

/// Where a format is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Standard output: `--format`.
    Output,
    /// A file: `--report`.
    File,
}

impl Format {
    /// Every format, in the order of help.
    pub const ALL: [Self; 13] = [
        Self::Table,
        Self::Plain,
        Self::Json,
        Self::Ndjson,
        Self::Junit,
        Self::Markdown,
        Self::Github,
        Self::Html,
        Self::Csv,
        Self::Hdr,
        Self::Sarif,
        Self::Prometheus,
        Self::OpenMetrics,
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
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Hdr => "hdr",
            Self::Sarif => "sarif",
            Self::Prometheus => "prometheus",
            Self::OpenMetrics => "openmetrics",
        }
    }

    /// Whether it makes sense at this place. Workflow commands work in a job's log only; a page and a
    /// log of histograms are for other programs to open.
    pub const fn goes_to(self, place: Place) -> bool {
        match (self, place) {
            (Self::Github, Place::File) | (Self::Html | Self::Hdr, Place::Output) => false,
            (_, Place::Output | Place::File) => true,
        }
    }

    /// Whether a report that holds this fills it.
    pub const fn is_for(self, holds: Holds) -> bool {
        match self {
            Self::Table | Self::Plain | Self::Json | Self::Ndjson | Self::Markdown | Self::Html => {
                true
            }
            Self::Junit | Self::Github | Self::Prometheus | Self::OpenMetrics => {
                matches!(holds, Holds::Checks | Holds::Places | Holds::Samples)
            }
            Self::Sarif => matches!(holds, Holds::Places),
            Self::Csv | Self::Hdr => matches!(holds, Holds::Samples | Holds::Histograms),
        }
    }

    /// Whether it has a place for why the program could not do its job.
    pub const fn tells_errors(self) -> bool {
        !matches!(self, Self::Table | Self::Csv | Self::Hdr) && !self.is_numbers()
    }

    /// Whether it is numbers alone, for a collector: those of a run that could not do its job count, too.
    pub const fn is_numbers(self) -> bool {
        matches!(self, Self::Prometheus | Self::OpenMetrics)
    }

    /// Whether what it tells of a run that sent nothing would take the place of something measured.
    pub const fn is_measured(self) -> bool {
        matches!(self, Self::Csv | Self::Hdr) || self.is_numbers()
    }

    /// The words of the formats that such a report can have at this place, for help and errors.
    pub fn words(holds: Holds, place: Place) -> String {
        let fitting = Self::ALL.into_iter().filter(|one| one.is_for(holds) && one.goes_to(place));
        fitting.map(Self::word).collect::<Vec<_>>().join(", ")
    }

    /// What `--format` names. The error is a fragment that says what is wrong, and what can be named.
    pub fn parse(text: &str, holds: Holds) -> Result<Self, String> {
        Self::fitting(text, holds, Place::Output)
    }

    /// `FORMAT=PATH`, as `--report` takes it.
    pub fn parse_file(text: &str, holds: Holds) -> Result<(Self, String), String> {
        let (word, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or_else(|| format!("'{text}' is not FORMAT=PATH"))?;
        Ok((Self::fitting(word, holds, Place::File)?, path.to_owned()))
    }

    fn fitting(text: &str, holds: Holds, place: Place) -> Result<Self, String> {
        let word = text.trim();
        let format = Self::ALL.into_iter().find(|one| one.word().eq_ignore_ascii_case(word));
        let why = match format {
            Some(format) if !format.is_for(holds) => lacking(format),
            Some(format) if format.goes_to(place) => return Ok(format),
            Some(_) if place == Place::Output => {
                format!("'{word}' is for files: --report {word}=PATH; the others are")
            }
            _ if place == Place::File => format!("'{word}' is not a format for files; they are"),
            _ => format!("'{word}' is not a format; they are"),
        };
        Err(format!("{why} {}", Self::words(holds, place)))
    }
}

/// What a format would need that the command does not have.
fn lacking(format: Format) -> String {
    let needs = match format {
        Format::Csv | Format::Hdr => "timed calls",
        Format::Sarif => "places in files, such as doctor --scan finds",
        _ => "checks",
    };
    format!("'{}' needs {needs}, and this command has none; it can write", format.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_HOLD: [Holds; 5] =
        [Holds::Tables, Holds::Checks, Holds::Places, Holds::Samples, Holds::Histograms];

    #[test]
    fn every_word_is_read_back_whatever_its_case() {
        for format in Format::ALL {
            for word in [format.word().to_owned(), format.word().to_uppercase()] {
                let holds = if format == Format::Sarif { Holds::Places } else { Holds::Samples };
                let read = match format.goes_to(Place::Output) {
                    true => Format::parse(&word, holds),
                    false => {
                        Format::parse_file(&format!("{word}=x"), holds).map(|(format, _)| format)
                    }
                };
                assert_eq!(read, Ok(format));
            }
        }
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let error = Format::parse("yaml", Holds::Checks).unwrap_err();
        assert!(error.contains("'yaml'") && error.contains("table, plain, json"), "{error}");
    }

    #[test]
    fn a_report_file_names_its_format_and_its_path() {
        let file = |text| Format::parse_file(text, Holds::Checks);
        assert_eq!(file("junit=a=b.xml"), Ok((Format::Junit, "a=b.xml".to_owned())));
        assert!(file("junit").unwrap_err().contains("FORMAT=PATH"));
        assert!(file("json=").unwrap_err().contains("FORMAT=PATH"));
        let error = file("github=x").unwrap_err();
        assert!(
            error.ends_with(
                "table, plain, json, ndjson, junit, markdown, html, prometheus, openmetrics"
            ),
            "{error}"
        );
    }

    #[test]
    fn what_a_command_cannot_fill_is_refused_with_what_it_can() {
        let error = Format::parse("csv", Holds::Checks).unwrap_err();
        assert!(error.starts_with("'csv' needs timed calls"), "{error}");
        assert!(error.ends_with("junit, markdown, github, prometheus, openmetrics"), "{error}");
        let error = Format::parse_file("hdr=x", Holds::Tables).unwrap_err();
        assert!(
            error.contains("needs timed calls") && error.ends_with("markdown, html"),
            "{error}"
        );
        let error = Format::parse("junit", Holds::Histograms).unwrap_err();
        assert!(error.contains("needs checks") && error.ends_with("markdown, csv"), "{error}");
        let error = Format::parse("sarif", Holds::Checks).unwrap_err();
        assert!(
            error.contains("needs places") && error.ends_with("github, prometheus, openmetrics"),
            "{error}"
        );
        let error = Format::parse("hdr", Holds::Samples).unwrap_err();
        assert!(error.contains("--report hdr=PATH"), "{error}");
    }

    #[test]
    fn every_format_has_a_command_and_a_place() {
        for format in Format::ALL {
            assert!(ALL_HOLD.into_iter().any(|holds| format.is_for(holds)), "{format:?}");
            assert!(format.goes_to(Place::Output) || format.goes_to(Place::File), "{format:?}");
        }
        for holds in ALL_HOLD {
            assert!(Format::Table.is_for(holds) && Format::Json.is_for(holds));
        }
    }
}
