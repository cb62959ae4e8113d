//! What a run found, as one document; and the formats, which read it and compute nothing.

mod axis;
mod csv;
pub mod document;
mod drawing;
pub mod event;
pub mod fail_on;
mod families;
pub mod format;
mod github;
mod grid;
pub mod hdr;
mod html;
mod json;
mod junit;
mod lines;
mod markdown;
mod ndjson;
mod openmetrics;
mod plain;
mod prometheus;
pub mod recorded;
mod sarif;
pub mod schema;
pub mod spread;
pub mod style;
mod table;
mod text;
pub mod verdict;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod samples;
#[cfg(test)]
pub(crate) mod snapshots;

pub use document::Report;
pub use event::{Event, events_of, fold, render_event};
pub use fail_on::FailOn;
pub use format::{Format, Holds};
pub use github::step_summary;
pub use schema::schema;
pub use style::Style;

/// The whole report in one format, ending in a line break.
pub fn render(report: &Report, format: Format, style: &Style) -> String {
    match format {
        Format::Table => table::render(report, style),
        Format::Plain => plain::render(report, style),
        Format::Json => json::render(report),
        Format::Ndjson => ndjson::render(report),
        Format::Junit => junit::render(report),
        Format::Markdown => markdown::render(report),
        Format::Github => github::render(report),
        Format::Html => html::render(report),
        Format::Csv => csv::render(report),
        Format::Hdr => hdr::render(report),
        Format::Sarif => sarif::render(report),
        Format::Prometheus => prometheus::render(report),
        Format::OpenMetrics => openmetrics::render(report),
    }
}
