//! Numbers as people read them.

/// `1,048,576`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 file`, `1,204 files`.
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A share as people read it: `1.2 %`.
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        0.0 => "0 %".to_owned(),
        small if small < 0.1 => "less than 0.1 %".to_owned(),
        some if some < 99.95 => format!("{some:.1} %"),
        much => format!("{} %", grouped(much.round() as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([0, 999, 1000, 1_048_576].map(grouped), ["0", "999", "1,000", "1,048,576"]);
        assert_eq!([counted(1, "file"), counted(1204, "file")], ["1 file", "1,204 files"]);
        let shares = [0.0, 0.000_01, 0.0123, 0.9999, 1.2, 31.0].map(percent);
        assert_eq!(shares, ["0 %", "less than 0.1 %", "1.2 %", "100 %", "120 %", "3,100 %"]);
    }
}
