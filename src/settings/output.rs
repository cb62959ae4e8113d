//! How the result is to be shown: what was asked for and what the environment says about the terminal.
//! Names of formats stay words here; the rooms that write them read them.

use std::path::PathBuf;

use super::{
    Given, World,
    given::{ColorChoice, Shell},
};

/// How the result is to be shown.
#[derive(Clone, Debug)]
pub struct Output {
    /// The format of standard output, as given.
    pub format: Option<String>,
    /// `FORMAT=PATH`, as given.
    pub reports: Vec<String>,
    /// Which results fail the run, as given.
    pub fail_on: Option<String>,
    /// When to use colour: the option, then `NO_COLOR`, then `CLICOLOR_FORCE`, then a dumb terminal.
    pub color: ColorChoice,
    /// No progress.
    pub quiet: bool,
    /// How much detail.
    pub verbose: u8,
    /// The shell to print commands for.
    pub shell: Shell,
    /// The width that was set, if one was.
    pub columns: Option<u16>,
    /// Whether the terminal is known to show UTF-8.
    pub utf8: bool,
    /// Whether this is a step of a GitHub workflow.
    pub github_actions: bool,
    /// The file a GitHub workflow shows as its summary.
    pub github_step_summary: Option<PathBuf>,
}

impl Output {
    /// Works it out.
    pub fn resolve(given: &Given, world: &World) -> Self {
        Self {
            format: given.format.clone(),
            reports: given.report.clone(),
            fail_on: given.fail_on.clone(),
            color: color(given, world),
            quiet: given.quiet,
            verbose: given.verbose,
            shell: shell(given, world),
            columns: columns(world),
            utf8: shows_utf8(world),
            github_actions: world.variable("GITHUB_ACTIONS") == Some("true"),
            github_step_summary: world.variable("GITHUB_STEP_SUMMARY").map(PathBuf::from),
        }
    }
}

fn color(given: &Given, world: &World) -> ColorChoice {
    let forced = world.variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    match given.color {
        Some(choice) => choice,
        None if world.variable("NO_COLOR").is_some() => ColorChoice::Never,
        None if forced => ColorChoice::Always,
        None if world.variable("TERM") == Some("dumb") => ColorChoice::Never,
        None => ColorChoice::Auto,
    }
}

/// PowerShell sets its module path everywhere; on Windows it is there in every shell, so a Unix
/// shell shows by its own variable first.
fn shell(given: &Given, world: &World) -> Shell {
    let is_set = |name| world.variable(name).is_some();
    let unix_on_windows = cfg!(windows) && is_set("SHELL");
    let powershell = !unix_on_windows && (is_set("PSModulePath") || cfg!(windows));
    given.shell.unwrap_or(if powershell { Shell::Powershell } else { Shell::Sh })
}

/// Widths nobody has are taken for accidents.
fn columns(world: &World) -> Option<u16> {
    let columns: u16 = world.variable("COLUMNS")?.trim().parse().ok()?;
    (20..=1000).contains(&columns).then_some(columns)
}

/// The first of the locale's variables that is set decides.
fn shows_utf8(world: &World) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| world.variable(name));
    let named = locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    named || world.variable("WT_SESSION").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Output {
        Output::resolve(&Given::default(), &world(variables))
    }

    fn world(variables: &[(&str, &str)]) -> World {
        let mut world = World::bare(PathBuf::from("/nowhere"));
        for (name, value) in variables {
            world.variables.insert((*name).to_owned(), (*value).to_owned());
        }
        world
    }

    #[test]
    fn colour_is_decided_in_order() {
        let both = [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")];
        assert_eq!(with(&both).color, ColorChoice::Never);
        assert_eq!(with(&both[1..]).color, ColorChoice::Always);
        assert_eq!(with(&[("CLICOLOR_FORCE", "0")]).color, ColorChoice::Auto);
        assert_eq!(with(&[("NO_COLOR", "")]).color, ColorChoice::Auto);
        assert_eq!(with(&[("TERM", "dumb")]).color, ColorChoice::Never);
        let given = Given { color: Some(ColorChoice::Always), ..Given::default() };
        assert_eq!(Output::resolve(&given, &world(&both)).color, ColorChoice::Always);
    }

    #[test]
    fn the_first_locale_variable_decides() {
        assert!(with(&[("LANG", "en_US.UTF-8")]).utf8);
        assert!(!with(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]).utf8);
        assert!(with(&[("LC_CTYPE", "de_DE.utf8"), ("LANG", "C")]).utf8);
        assert!(!with(&[]).utf8);
    }

    #[test]
    fn widths_are_plausible_or_ignored() {
        let columns = |value| with(&[("COLUMNS", value)]).columns;
        assert_eq!((columns("100"), columns("3"), columns("x")), (Some(100), None, None));
    }

    #[test]
    fn the_shell_is_guessed_unless_named() {
        assert_eq!(with(&[("PSModulePath", "x")]).shell, Shell::Powershell);
        let usual = if cfg!(windows) { Shell::Powershell } else { Shell::Sh };
        assert_eq!(with(&[]).shell, usual);
        let given = Given { shell: Some(Shell::Sh), ..Given::default() };
        assert_eq!(Output::resolve(&given, &world(&[("PSModulePath", "x")])).shell, Shell::Sh);
    }

    #[test]
    fn a_workflow_is_recognised() {
        assert!(with(&[("GITHUB_ACTIONS", "true")]).github_actions);
        assert!(!with(&[("GITHUB_ACTIONS", "")]).github_actions);
    }
}
