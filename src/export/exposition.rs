//! What the two text formats share: numbers and escapes. Where a number stands for a bound it is written in one way
//! in both, so that a collector has the same series whichever format it asks for.

use super::series::Series;

/// A value: a count without a fraction, and what is no finite number as both formats spell it.
pub(super) fn number(value: f64) -> String {
    /// Every whole number below this one has a place of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.is_finite() && value.fract() == 0.0 && value.abs() < EXACT {
        return format!("{}", value as i64);
    }
    finite_or_named(value)
}

/// The bound of a bucket, always with a fraction or an exponent: `1.0`, `+Inf`.
pub(super) fn bound(value: f64) -> String {
    finite_or_named(value)
}

/// As few digits as say which number it is.
fn finite_or_named(value: f64) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => format!("{value:?}"),
    }
}

/// A text within quotes, where these three have a meaning.
pub(super) fn quoted(text: &str) -> String {
    line(text).replace('"', "\\\"")
}

/// A text up to the end of its line.
pub(super) fn line(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}

/// The labels of a series with one more, in braces; nothing where there are none.
pub(super) fn labels(series: &Series, more: Option<(&str, &str)>) -> String {
    let own = series.labels.iter().map(|(name, value)| (*name, value.as_str()));
    let all: Vec<String> =
        own.chain(more).map(|(name, value)| format!("{name}=\"{}\"", quoted(value))).collect();
    match all.is_empty() {
        true => String::new(),
        false => format!("{{{}}}", all.join(",")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_exact_and_named_where_they_are_not_finite() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (17.0, "17"),
            (-3.0, "-3"),
            (0.68, "0.68"),
            (1e-9, "1e-9"),
            (1_780_092_003.12, "1780092003.12"),
            (1e15, "1000000000000000"),
            (1e21, "1e21"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(number(value), text);
            assert!(!value.is_finite() || text.parse() == Ok(value), "{text}");
        }
    }

    #[test]
    fn a_bound_is_written_as_a_fraction() {
        for (value, text) in
            [(1.0, "1.0"), (0.0025, "0.0025"), (120.0, "120.0"), (f64::INFINITY, "+Inf")]
        {
            assert_eq!(bound(value), text);
        }
    }

    #[test]
    fn what_has_a_meaning_is_escaped_and_nothing_else() {
        assert_eq!(quoted("a\\b\"c\nd{e},f=g#h"), "a\\\\b\\\"c\\nd{e},f=g#h");
        assert_eq!(quoted("\\n"), "\\\\n", "a backslash before an n is no line break");
        assert_eq!(line("a\\b\"c\nd"), "a\\\\b\"c\\nd");
        assert_eq!(quoted("ü\t✓"), "ü\t✓");
    }

    #[test]
    fn labels_keep_their_order_and_need_no_braces_where_there_are_none() {
        let two = Series::number(&[("b", "1"), ("a", "\"")], 0.0);
        assert_eq!(labels(&two, None), "{b=\"1\",a=\"\\\"\"}");
        assert_eq!(labels(&two, Some(("le", "+Inf"))), "{b=\"1\",a=\"\\\"\",le=\"+Inf\"}");
        let none = Series::number(&[], 0.0);
        assert_eq!(labels(&none, None), "");
        assert_eq!(labels(&none, Some(("le", "1.0"))), "{le=\"1.0\"}");
    }
}
