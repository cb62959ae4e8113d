//! Numbers of tokens as people type them: `750000`, `750_000`, `750k`, `1.5M`. Reads text; knows no meaning.

use crate::probe::tokens::DeliveryPlan;

/// Any number of tokens. The error is a fragment.
pub fn amount(text: &str) -> Result<u64, String> {
    let plain: String = text.chars().filter(|letter| !matches!(letter, '_' | ',')).collect();
    let (digits, factor) = match plain.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&plain[..at], 1e3),
        Some((at, 'm' | 'M')) => (&plain[..at], 1e6),
        _ => (plain.as_str(), 1.0),
    };
    let is_number = digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    let number = digits.parse::<f64>().ok().filter(|_| is_number).map(|number| number * factor);
    match number.filter(|number| number.fract() == 0.0 && *number <= 1e15) {
        Some(number) => Ok(number as u64),
        None => Err("it is no number of tokens, such as 750000, 750k or 1M".to_owned()),
    }
}

/// One token or more.
pub fn positive(text: &str) -> Result<u64, String> {
    amount(text)?.checked_sub(1).map(|less| less + 1).ok_or_else(|| "0 allows nothing".to_owned())
}

/// A part of a hundred.
pub(super) fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches([' ', '%']).parse::<f64>().ok();
    number
        .filter(|number| (0.0..=100.0).contains(number))
        .ok_or_else(|| "it is no percentage between 0 and 100".to_owned())
}

/// The tokens of a prompt that is made up.
pub(super) fn made_up(text: &str) -> Result<u64, String> {
    let most = DeliveryPlan::MOST_TOKENS;
    let tokens = positive(text)?;
    if tokens > most { Err(format!("more than {most} are not made up")) } else { Ok(tokens) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_and_separators() {
        for (text, number) in [
            ("0", 0),
            ("750000", 750_000),
            ("750_000", 750_000),
            ("750k", 750_000),
            ("1.5M", 1_500_000),
        ] {
            assert_eq!(amount(text), Ok(number));
        }
        for text in ["", "k", "-1", "1.5", "1e3", "ten", "inf", "9999999999999999"] {
            assert!(amount(text).is_err(), "{text}");
        }
        assert!(positive("0").is_err());
        assert_eq!(positive("1"), Ok(1));
    }

    #[test]
    fn percentages_may_have_their_sign() {
        assert_eq!((percent("10"), percent("2.5 %")), (Ok(10.0), Ok(2.5)));
        assert!(["", "-1", "101", "NaN", "ten"].into_iter().all(|text| percent(text).is_err()));
    }

    #[test]
    fn what_is_made_up_has_an_end() {
        assert_eq!((made_up("220k"), made_up("10M")), (Ok(220_000), Ok(10_000_000)));
        assert!(made_up("10000001").is_err() && made_up("0").is_err());
    }
}
