//! Go: `go.mod`, whose versions are exact.

use super::{
    Allowance, Found, Line,
    project::Project,
    table::{self, Ecosystem::Go},
};

pub(super) fn look(project: &Project, allowance: &Allowance, found: &mut Found) {
    for file in project.manifests(&["go.mod"]) {
        let Some(text) = allowance.text(&file) else { continue };
        let lines = requires(&text).into_iter();
        found.sdks.extend(lines.map(|line| line.sdk(project, &file)));
    }
}

/// The modules that are asked for directly. Those of others' needs are no choice of this project.
fn requires(text: &str) -> Vec<Line> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.contains("// indirect"))
        .filter_map(|(at, line)| {
            let line = line.trim().strip_prefix("require ").unwrap_or(line.trim());
            let mut words = line.split_whitespace();
            let module = words.next()?;
            let version = words.next().filter(|word| word.starts_with('v'))?;
            let package = table::of(Go).find(|package| is(module, package.name))?;
            Some(Line {
                package,
                version: Some(version.to_owned()),
                asked: None,
                exact: true,
                line: at + 1,
            })
        })
        .collect()
}

/// A module's path, also that of a later major version.
fn is(module: &str, name: &str) -> bool {
    let rest = module.strip_prefix(name);
    let is_major = |rest: &str| {
        let number = rest.strip_prefix("/v");
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    rest.is_some_and(|rest| rest.is_empty() || is_major(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_read_alone_and_in_a_block() {
        let text = "module example.com/app\n\ngo 1.24\n\nrequire google.golang.org/genai v1.74.0\n\
                    require (\n\tgithub.com/openai/openai-go/v2 v2.1.0\n\
                    \tgithub.com/google/generative-ai-go v0.19.0 // indirect\n)\n";
        let read: Vec<_> = requires(text)
            .into_iter()
            .map(|line| (line.package.name, line.version.unwrap_or_default(), line.line))
            .collect();
        assert_eq!(
            read,
            [
                ("google.golang.org/genai", "v1.74.0".to_owned(), 5),
                ("github.com/openai/openai-go", "v2.1.0".to_owned(), 7)
            ]
        );
    }
}
