//! What a simulated model answers where a prompt asks for passcodes that stand somewhere in it.
//!
//! It reads the prompt as it arrived: where the question was dropped it is not answered, and a passcode that was
//! dropped is not known.

use super::super::reading::Reading;

/// What a prompt must say for this to be an answer to it.
const ASKED: &str = "Reply with all passcodes";
/// What stands before the number of a checkpoint.
const NEEDLE: &str = "The passcode of checkpoint ";
/// The middle of a prompt, in hundredths.
const MIDDLE: std::ops::Range<usize> = 30..70;

/// A line for each passcode that it recalls, where it is asked for them.
pub(super) fn answer(text: &str, reading: Reading) -> Option<String> {
    if !text.contains(ASKED) {
        return None;
    }
    let lines: Vec<String> = text
        .match_indices(NEEDLE)
        .filter(|(at, _)| {
            !(reading == Reading::Forgetful && MIDDLE.contains(&(at * 100 / text.len())))
        })
        .filter_map(|(at, found)| passcode(&text[at + found.len()..]))
        .filter(|(_, code)| !(reading == Reading::Distracted && is_forgotten(code)))
        .map(|(number, code)| format!("{number}={code}"))
        .collect();
    Some(if lines.is_empty() { "There are none.".to_owned() } else { lines.join("\n") })
}

/// `4 is 123456.`
fn passcode(rest: &str) -> Option<(&str, &str)> {
    let (number, rest) = rest.split_once(" is ")?;
    let code = &rest[..rest.find(|letter: char| !letter.is_ascii_digit())?];
    (number.len() <= 2 && !code.is_empty()).then_some((number, code))
}

/// One in four, always the same.
fn is_forgotten(code: &str) -> bool {
    code.bytes().fold(0_u8, |sum, digit| sum.wrapping_mul(31).wrapping_add(digit)) & 3 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_answered_as_far_as_it_is_there() {
        let text = "Reply with all passcodes. The passcode of checkpoint 3 is 123456. More. \
                    The passcode of checkpoint 7 is 654321. The passcode of checkpoint 8 is 11";
        assert_eq!(answer(text, Reading::Whole).unwrap(), "3=123456\n7=654321");
        assert_eq!(
            answer(text, Reading::Forgetful).unwrap(),
            "3=123456\n7=654321".split_once('\n').unwrap().0
        );
        assert_eq!(answer("Reply with all passcodes.", Reading::Whole).unwrap(), "There are none.");
        assert_eq!(answer("The passcode of checkpoint 3 is 123456.", Reading::Whole), None);
    }
}
