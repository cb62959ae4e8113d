//! The committed files that come from the code, and the blocks of the README.

use gemini_doctor::cli::generate;

use crate::harness::{check_file, doctor, root, settle};

#[test]
fn completions_man_pages_and_env_example_are_what_the_code_makes() {
    for (path, content) in generate::files() {
        check_file(&path, &content);
    }
}

#[test]
fn no_generated_file_is_left_over() {
    let made: Vec<String> = generate::files().into_iter().map(|(path, _)| path).collect();
    for folder in ["completions", "man"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a committed folder") {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            assert!(
                made.contains(&format!("{folder}/{name}")),
                "{folder}/{name} comes from nowhere"
            );
        }
    }
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let picture = settle_times(&settle(&doctor("doctor --simulate alias-404").stdout));
    let mut blocks = generate::readme_blocks();
    blocks.push(("picture", format!("```text\n{picture}```")));
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let rewritten = blocks.iter().fold(readme.replace("\r\n", "\n"), |text, (name, block)| {
        replace_block(&text, name, block)
    });
    check_file("README.md", &rewritten);
}

/// The column of milliseconds differs from run to run; its width does not.
fn settle_times(text: &str) -> String {
    let row = regex::Regex::new(r"(?m)^(  \d+ .*?(?:ok|FAIL|warn) +?)( *\d+)(  )");
    let row = row.expect("a good pattern");
    let same_width = |found: &regex::Captures<'_>| {
        format!("{}{:>width$}{}", &found[1], 1, &found[3], width = found[2].len())
    };
    row.replace_all(text, same_width).into_owned()
}

/// The text with another block between the markers of a name.
fn replace_block(text: &str, name: &str, block: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("no block {name}"));
    let (_, after) =
        rest.split_once(&end).unwrap_or_else(|| panic!("the block {name} does not end"));
    format!("{before}{start}{block}\n{end}{after}")
}
