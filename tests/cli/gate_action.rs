//! The GitHub Action: its file has the shape that runners want, as far as lines tell it, and nothing that comes from
//! outside reaches a shell as text.

use std::collections::BTreeSet;

use regex::Regex;

use crate::harness::root;

fn action() -> String {
    std::fs::read_to_string(root().join("deploy/github-action/action.yml")).expect("an action")
}

/// The names one level below a key at the left edge.
fn below(text: &str, key: &str) -> BTreeSet<String> {
    let name = Regex::new(r"^  ([a-z0-9-]+):").expect("a good pattern");
    text.lines()
        .skip_while(|line| *line != format!("{key}:"))
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .filter_map(|line| name.captures(line).map(|found| found[1].to_owned()))
        .collect()
}

/// The steps, each with its lines.
fn steps(text: &str) -> Vec<String> {
    let (_, steps) = text.split_once("\n  steps:\n").expect("steps");
    steps.split("\n    - ").map(|step| step.trim_start_matches("    - ").to_owned()).collect()
}

#[test]
fn the_file_has_the_shape_of_a_composite_action() {
    let text = action();
    assert!(!text.contains('\t') && text.lines().all(|line| line == line.trim_end()));
    let key = Regex::new(r"^[a-z]+:").expect("a good pattern");
    let top: Vec<&str> = text.lines().filter(|line| key.is_match(line)).collect();
    let names: Vec<&str> = top.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names, ["name", "description", "inputs", "outputs", "runs"]);
    assert!(text.contains("\nruns:\n  using: composite\n  steps:\n"));
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let indent = line.len() - line.trim_start().len();
        assert!(indent.is_multiple_of(2), "{line}");
    }
    let inputs = below(&text, "inputs");
    assert!(inputs.len() >= 6 && inputs.contains("version"), "{inputs:?}");
    let described = text.matches("    description: ").count();
    assert_eq!(described, inputs.len() + below(&text, "outputs").len());
}

#[test]
fn every_name_that_is_used_is_there() {
    let text = action();
    let (inputs, steps) = (below(&text, "inputs"), steps(&text));
    let ids: BTreeSet<&str> = steps
        .iter()
        .flat_map(|step| step.lines())
        .filter_map(|line| line.trim().strip_prefix("id: "))
        .collect();
    let used = Regex::new(r"(inputs|steps)\.([a-z0-9-]+)").expect("a good pattern");
    for found in used.captures_iter(&text) {
        match &found[1] {
            "inputs" => assert!(inputs.contains(&found[2]), "{}", &found[0]),
            _ => assert!(ids.contains(&found[2]), "{}", &found[0]),
        }
    }
    for input in &inputs {
        assert!(text.contains(&format!("inputs.{input}")), "{input} is never used");
    }
}

#[test]
fn steps_run_files_of_the_action_or_pinned_actions_of_others() {
    let text = action();
    let steps = steps(&text);
    assert_eq!(steps.len(), 3);
    let pinned = Regex::new(r"^[a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9.]+$").expect("a good pattern");
    for step in &steps {
        let run = step.lines().find_map(|line| line.trim().strip_prefix("run: "));
        let uses = step.lines().find_map(|line| line.trim().strip_prefix("uses: "));
        match (run, uses) {
            (Some(run), None) => {
                assert!(step.contains("shell: bash") && !run.contains("${{"), "{step}");
                let file = run.trim_matches(['\'', '"']).strip_prefix("$GITHUB_ACTION_PATH/");
                let path = root().join("deploy/github-action").join(file.expect("a file"));
                assert!(path.is_file(), "{}", path.display());
            }
            (None, Some(uses)) => {
                assert!(pinned.is_match(uses), "{uses}");
            }
            other => panic!("{other:?} {step}"),
        }
    }
    // Reports of a gate that was not met are what they are kept for.
    let kept = steps.iter().find(|step| step.contains("upload-artifact")).expect("a step");
    assert!(kept.contains("if: always() &&"), "{kept}");
}

#[test]
fn nothing_prints_a_mask() {
    for name in ["action.yml", "install.sh", "gate.sh"] {
        let path = root().join("deploy/github-action").join(name);
        let text = std::fs::read_to_string(path).expect("a file of the action");
        assert!(!text.contains("add-mask"), "{name}");
    }
}
