//! Which of the text formats a collector gets, by what it says that it takes.

use super::{openmetrics, prometheus, series::Family};

/// A format of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFormat {
    /// 0.0.4 of Prometheus, which everything reads.
    Prometheus,
    /// OpenMetrics 1.0.
    OpenMetrics,
}

impl TextFormat {
    /// The best one for an `Accept` header. Only who names OpenMetrics gets it, and only where nothing that is plain text
    /// is preferred to it.
    pub fn accepted(accept: &str) -> Self {
        let ranges: Vec<Range<'_>> = accept.split(',').map(Range::read).collect();
        let best = |fits: fn(&Range<'_>) -> bool| {
            let fitting = ranges.iter().filter(|range| fits(range));
            fitting.map(|range| range.quality).fold(0.0, f64::max)
        };
        let open = best(|range| {
            range.name == "application/openmetrics-text"
                && range.version.is_none_or(|version| version.starts_with("1."))
        });
        match open > 0.0 && open >= best(|range| range.name == "text/plain") {
            true => Self::OpenMetrics,
            false => Self::Prometheus,
        }
    }

    /// What a server calls it.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => prometheus::CONTENT_TYPE,
            Self::OpenMetrics => openmetrics::CONTENT_TYPE,
        }
    }

    /// The families in it.
    pub fn render(self, families: &[Family]) -> String {
        match self {
            Self::Prometheus => prometheus::render(families),
            Self::OpenMetrics => openmetrics::render(families),
        }
    }
}

/// One media range of the header.
struct Range<'h> {
    name: &'h str,
    version: Option<&'h str>,
    quality: f64,
}

impl<'h> Range<'h> {
    fn read(text: &'h str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let mut range =
            Self { name: parts.next().unwrap_or_default(), version: None, quality: 1.0 };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim() {
                "version" => range.version = Some(value.trim().trim_matches('"')),
                "q" => range.quality = value.trim().parse().unwrap_or(0.0),
                _ => {}
            }
        }
        range
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_names_open_metrics_first_gets_it() {
        for accept in [
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
            "application/openmetrics-text; version=\"1.0.0\" ; q=1",
            "application/openmetrics-text",
        ] {
            assert_eq!(TextFormat::accepted(accept), TextFormat::OpenMetrics, "{accept}");
        }
    }

    #[test]
    fn everybody_else_gets_what_everything_reads() {
        for accept in [
            "",
            "*/*",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/openmetrics-text;version=0.0.1,text/plain;q=0.5",
            "application/openmetrics-text;q=0,*/*",
            "application/openmetrics-text;q=nonsense",
            "text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        ] {
            assert_eq!(TextFormat::accepted(accept), TextFormat::Prometheus, "{accept}");
        }
    }
}
