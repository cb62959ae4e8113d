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
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let mut blocks: Vec<(&str, String)> = generate::readme_blocks();
    let picture = doctor("doctor --simulate alias-404 --seed 1");
    blocks.push(("picture", format!("```text\n{}```", settle(&picture.stdout))));
    let mut rewritten = readme.replace("\r\n", "\n");
    for (name, content) in blocks {
        rewritten = replace_block(&rewritten, name, &content);
    }
    check_file("README.md", &rewritten);
}

fn replace_block(text: &str, name: &str, content: &str) -> String {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("\n<!-- end of {name} -->"));
    let from =
        text.find(&start).unwrap_or_else(|| panic!("the README has no block {name}")) + start.len();
    let to =
        from + text[from..].find(&end).unwrap_or_else(|| panic!("the block {name} does not end"));
    format!("{}{content}{}", &text[..from], &text[to..])
}
