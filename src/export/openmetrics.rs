//! OpenMetrics 1.0: units, when counting began, and an end that shows whether the text is whole. Sends nothing.

use super::{
    exposition::{labels, number, quoted},
    prometheus,
    series::{Family, Series, Value},
};

/// What a server calls this format.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The families that have series, one after the other, and the end.
pub fn render(families: &[Family]) -> String {
    let told = families.iter().filter(|family| !family.series.is_empty()).map(family);
    told.chain(["# EOF\n".to_owned()]).collect()
}

/// What describes a family bears its name without an ending; samples of counters have theirs.
fn family(family: &Family) -> String {
    let name = family.name;
    let mut text = format!("# TYPE {name} {}\n", family.kind.word());
    if let Some(unit) = family.unit {
        text.push_str(&format!("# UNIT {name} {unit}\n"));
    }
    text.push_str(&format!("# HELP {name} {}\n", quoted(family.help)));
    text.extend(family.series.iter().map(|one| series(family, one)));
    text
}

fn series(family: &Family, series: &Series) -> String {
    let since = family
        .counted_since_s
        .map(|at_s| format!("{}_created{} {}\n", family.name, labels(series, None), number(at_s)));
    let samples = match &series.value {
        Value::Number(value) => {
            format!("{}{} {}\n", family.sample_name(), labels(series, None), number(*value))
        }
        Value::Buckets(buckets) => prometheus::histogram(family.name, series, buckets),
    };
    samples + &since.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::prometheus::tests::families;

    #[test]
    fn every_kind_and_every_escape_is_as_the_standard_has_it() {
        let expected = r#"# TYPE up gauge
# HELP up A \"quoted\" \\ text\nof two lines.
up{path="C:\\a\n\"b\""} 1
# TYPE used_tokens counter
# UNIT used_tokens tokens
# HELP used_tokens Tokens.
used_tokens_total 12
used_tokens_created 1780092003.12
# TYPE took_seconds histogram
# UNIT took_seconds seconds
# HELP took_seconds Time.
took_seconds_bucket{phase="dns",le="0.5"} 1
took_seconds_bucket{phase="dns",le="1.0"} 2
took_seconds_bucket{phase="dns",le="+Inf"} 3
took_seconds_sum{phase="dns"} 4
took_seconds_count{phase="dns"} 3
took_seconds_created{phase="dns"} 1780092003.12
# TYPE odd gauge
# HELP odd Odd numbers.
odd{is="no number"} NaN
odd{is="endless"} +Inf
# EOF
"#;
        assert_eq!(render(&families()), expected);
    }

    #[test]
    fn nothing_is_an_end() {
        assert_eq!(render(&[]), "# EOF\n");
    }

    #[test]
    fn a_unit_is_the_end_of_its_name() {
        for family in families() {
            let ending = family.unit.map(|unit| format!("_{unit}"));
            assert!(ending.is_none_or(|ending| family.name.ends_with(&ending)), "{}", family.name);
        }
    }
}
