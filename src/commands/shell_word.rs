//! A word of a command line that is printed for copying, as the shell reads it back.

use crate::settings::Shell;

/// The word as it is, where no shell would read it otherwise; else in quotes.
pub fn shell_word(word: &str, shell: Shell) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) && !word.starts_with(['@', '%', '=']) {
        return word.to_owned();
    }
    in_quotes(word, shell)
}

/// The word in quotes, needed or not.
pub fn in_quotes(word: &str, shell: Shell) -> String {
    match shell {
        Shell::Sh => format!("'{}'", word.replace('\'', r"'\''")),
        Shell::Powershell => format!("'{}'", word.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_reads_back_what_was_meant() {
        for (word, sh, powershell) in [
            ("body.json", "body.json", "body.json"),
            ("my body.json", "'my body.json'", "'my body.json'"),
            ("grep -q 'a' {}", r"'grep -q '\''a'\'' {}'", "'grep -q ''a'' {}'"),
            ("$HOME", "'$HOME'", "'$HOME'"),
            ("", "''", "''"),
        ] {
            assert_eq!(shell_word(word, Shell::Sh), sh);
            assert_eq!(shell_word(word, Shell::Powershell), powershell);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_takes_it_as_one_word() {
        for word in ["a b", "it's", "x\"y`z$(w)\\", "sh -c 'grep \"a\" {}'", "*?[a]~;&|<>!"] {
            let line = format!("printf %s {}", shell_word(word, Shell::Sh));
            let ran = std::process::Command::new("sh").args(["-c", &line]).output().expect("sh");
            assert_eq!(String::from_utf8_lossy(&ran.stdout), word, "{line}");
        }
    }
}
