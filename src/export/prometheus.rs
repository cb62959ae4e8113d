//! The text format 0.0.4 of Prometheus, which scrapes, the Pushgateway and the textfile collector of the node exporter
//! read. Sends nothing.

use super::{
    exposition::{bound, labels, line, number},
    series::{Buckets, Family, Series, Value},
};

/// What a server calls this format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The families that have series, one after the other.
pub fn render(families: &[Family]) -> String {
    families.iter().filter(|family| !family.series.is_empty()).map(family).collect()
}

fn family(family: &Family) -> String {
    let name = family.sample_name();
    let mut text = format!("# HELP {name} {}\n", line(family.help));
    text.push_str(&format!("# TYPE {name} {}\n", family.kind.word()));
    text.extend(family.series.iter().map(|one| series(&name, one)));
    text
}

fn series(name: &str, series: &Series) -> String {
    match &series.value {
        Value::Number(value) => format!("{name}{} {}\n", labels(series, None), number(*value)),
        Value::Buckets(buckets) => histogram(name, series, buckets),
    }
}

/// The samples of one histogram, in the order that both formats want.
pub(super) fn histogram(name: &str, series: &Series, buckets: &Buckets) -> String {
    let mut text = String::new();
    for (most, count) in buckets.cumulative() {
        let labels = labels(series, Some(("le", &bound(most))));
        text.push_str(&format!("{name}_bucket{labels} {count}\n"));
    }
    let labels = labels(series, None);
    text.push_str(&format!("{name}_sum{labels} {}\n", number(buckets.sum)));
    text.push_str(&format!("{name}_count{labels} {}\n", buckets.count()));
    text
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::export::series::Kind;

    /// One family of each kind, and one without series.
    pub(in crate::export) fn families() -> Vec<Family> {
        let gauge = |name, unit, help| Family::gauge(name, unit, help);
        let mut took = Buckets::new(&[0.5, 1.0]);
        [0.25, 0.75, 3.0].into_iter().for_each(|value| took.add(value));
        vec![
            gauge("up", None, "A \"quoted\" \\ text\nof two lines.")
                .with([Series::number(&[("path", "C:\\a\n\"b\"")], 1.0)]),
            Family {
                kind: Kind::Counter,
                counted_since_s: Some(1_780_092_003.12),
                ..gauge("used_tokens", Some("tokens"), "Tokens.")
            }
            .with([Series::number(&[], 12.0)]),
            Family {
                kind: Kind::Histogram,
                counted_since_s: Some(1_780_092_003.12),
                ..gauge("took_seconds", Some("seconds"), "Time.")
            }
            .with([Series::buckets(&[("phase", "dns")], &took)]),
            gauge("nothing", None, "Nothing was measured."),
            gauge("odd", None, "Odd numbers.").with([
                Series::number(&[("is", "no number")], f64::NAN),
                Series::number(&[("is", "endless")], f64::INFINITY),
            ]),
        ]
    }

    #[test]
    fn every_kind_and_every_escape_is_as_the_format_has_it() {
        let expected = r#"# HELP up A "quoted" \\ text\nof two lines.
# TYPE up gauge
up{path="C:\\a\n\"b\""} 1
# HELP used_tokens_total Tokens.
# TYPE used_tokens_total counter
used_tokens_total 12
# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{phase="dns",le="0.5"} 1
took_seconds_bucket{phase="dns",le="1.0"} 2
took_seconds_bucket{phase="dns",le="+Inf"} 3
took_seconds_sum{phase="dns"} 4
took_seconds_count{phase="dns"} 3
# HELP odd Odd numbers.
# TYPE odd gauge
odd{is="no number"} NaN
odd{is="endless"} +Inf
"#;
        assert_eq!(render(&families()), expected);
    }

    #[test]
    fn nothing_is_an_empty_text() {
        assert_eq!(render(&[]), "");
    }
}
