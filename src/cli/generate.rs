//! The files that are made from the code: completions, man pages, `.env.example`, blocks of the README.
//!
//! They are committed; a test compares them and can rewrite them.

use clap_complete::Shell;

use crate::{
    commands::{fixes_page, ready},
    settings::variables,
};

use super::{definition, topics};

/// Every generated file: its path from the root, and its content.
pub fn files() -> Vec<(String, String)> {
    let mut files = completions();
    files.extend(man_pages());
    files.push((".env.example".to_owned(), variables::env_example()));
    files.push(("docs/known-fixes.md".to_owned(), fixes_page::page()));
    files.push(("docs/ready.md".to_owned(), ready::page::page()));
    files
}

/// The completion script of one shell.
pub fn completion(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition(), "gemini-doctor", &mut script);
    let script = String::from_utf8(script).expect("completion scripts are text");
    // Some generators leave blanks at the ends of lines.
    script.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The blocks of the README that come from the code, by the name in their markers.
pub fn readme_blocks() -> Vec<(&'static str, String)> {
    vec![("exit-codes", format!("```text\n{}```", topics::exit_codes()))]
}

fn completions() -> Vec<(String, String)> {
    [
        (Shell::Bash, "gemini-doctor.bash"),
        (Shell::Zsh, "_gemini-doctor"),
        (Shell::Fish, "gemini-doctor.fish"),
        (Shell::PowerShell, "_gemini-doctor.ps1"),
        (Shell::Elvish, "gemini-doctor.elv"),
    ]
    .into_iter()
    .map(|(shell, name)| (format!("completions/{name}"), completion(shell)))
    .collect()
}

fn man_pages() -> Vec<(String, String)> {
    let mut cli = definition();
    cli.build();
    let mut pages = vec![("man/gemini-doctor.1".to_owned(), man_page(&cli, "gemini-doctor"))];
    for command in cli.get_subcommands() {
        let name = format!("gemini-doctor-{}", command.get_name());
        pages.push((format!("man/{name}.1"), man_page(command, &name)));
    }
    pages
}

fn man_page(command: &clap::Command, name: &str) -> String {
    // clap wants a name that lives as long as the program; there is one a subcommand.
    let command = command.clone().display_name(name.to_owned()).version(env!("CARGO_PKG_VERSION"));
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).expect("a vector takes all");
    String::from_utf8(page).expect("man pages are text")
}
