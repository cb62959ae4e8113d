//! The texts of `help`: the grouped list of commands, and the topics.

use crate::{error::UserError, exit::Exit, settings::variables, simulate};

use super::definition;

/// Commands by what they are for, instead of one long list.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "What failed?",
        &["explain", "doctor", "check-key", "list-models", "probe-alias", "tls-check", "fixes"],
    ),
    ("My request", &["lint", "bisect", "count-tokens"]),
    ("Measure and compare", &["bench-transport", "compare", "merge"]),
    ("CI and on call", &["gate", "watch", "read-log", "ready", "simulate"]),
    ("More", &["completions", "help"]),
];

/// The template of the help, with the groups written out.
pub(super) fn groups(command: &clap::Command) -> String {
    let line = |name: &&str| {
        let about = command.find_subcommand(name).and_then(clap::Command::get_about);
        format!("  {name:<16}{}\n", about.map(ToString::to_string).unwrap_or_default())
    };
    let group = |(title, names): &(&str, &[&str])| {
        format!("{title}\n{}\n", names.iter().map(line).collect::<String>())
    };
    let groups: String = GROUPS.iter().map(group).collect();
    format!(
        "{{about}}\n\n{{usage-heading}} {{usage}}\n\n{groups}Options:\n{{options}}{{after-help}}\n"
    )
}

pub(super) const AFTER_HELP: &str = "
See it work, with no key and no network:
  gemini-doctor doctor --simulate alias-404

Not affiliated with Google.";

/// The text of a topic, or the help of a command.
pub fn text(topic: Option<&str>) -> Result<String, UserError> {
    match topic {
        None => Ok(help_of(&mut definition())),
        Some("exit-codes") => Ok(exit_codes()),
        Some("variables") => Ok(variables_table()),
        Some("scenarios") => Ok(scenarios()),
        Some(name) => {
            let mut cli = definition();
            cli.build();
            let command = cli.find_subcommand_mut(name).ok_or_else(|| unknown(name))?;
            Ok(help_of(command))
        }
    }
}

fn help_of(command: &mut clap::Command) -> String {
    command.render_help().to_string()
}

fn unknown(name: &str) -> UserError {
    let hint = "topics: exit-codes, variables, scenarios; commands: gemini-doctor help";
    UserError::usage(format!("there is no help on {name:?}"), hint)
}

/// The table of exit codes.
pub fn exit_codes() -> String {
    let row = |exit: Exit| {
        format!(
            "{:>4}  {:<9} {}\n{:16} CI: {}\n",
            exit.code(),
            exit.word(),
            exit.meaning(),
            "",
            exit.ci()
        )
    };
    let rows: String = Exit::ALL.into_iter().map(row).collect();
    format!("Exit codes\n\n{rows}\n--fail-on CLASS,...|warn|never says which classes fail.\n")
}

/// The format of scenario files, which is one itself.
fn scenarios() -> String {
    format!(
        "# A scenario file says how a simulated Gemini answers, and what machine it is seen from.\n\
         # Everything but the id may be left out, and is as in a healthy world then. To use one:\n\
         #   gemini-doctor simulate FILE.toml           for a client of your own\n\
         #   gemini-doctor doctor --simulate FILE.toml  for this program\n\
         # The built-in ones: gemini-doctor simulate --list. This has every kind of entry:\n\n{}",
        simulate::EXAMPLE
    )
}

fn variables_table() -> String {
    let row =
        |variable: &variables::Variable| format!("{}\n    {}\n", variable.name, variable.what);
    variables::VARIABLES.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_one_group() {
        let command = definition();
        let mut named: Vec<&str> =
            GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let mut all: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        named.sort_unstable();
        all.sort_unstable();
        assert_eq!(named, all);
    }

    #[test]
    fn the_topic_of_scenarios_is_a_scenario_file() {
        let text = text(Some("scenarios")).expect("a topic");
        assert!(simulate::parse_file(&text).is_ok(), "{text}");
    }

    #[test]
    fn exit_codes_are_all_listed() {
        let text = exit_codes();
        for exit in Exit::ALL {
            assert!(text.contains(&format!("{:>4}  {}", exit.code(), exit.word())), "{text}");
        }
    }
}
