//! Rust: `Cargo.toml` and `Cargo.lock`.

use super::{
    Allowance, Found, Line, asked, locked,
    project::Project,
    quoted,
    table::{self, Ecosystem::Rust},
    toml_lock,
};

pub(super) fn look(project: &Project, allowance: &Allowance, found: &mut Found) {
    for file in project.manifests(&["Cargo.toml"]) {
        let Some(text) = allowance.text(&file) else { continue };
        let lines = manifest(&text).into_iter();
        found.sdks.extend(lines.map(|line| line.sdk(project, &file)));
    }
    for file in project.manifests(&["Cargo.lock"]) {
        found.locked.push((Rust, file.parent().unwrap_or(&file).to_owned()));
        let Some(text) = allowance.text(&file) else { continue };
        let all = toml_lock(&text, Rust).into_iter();
        let all = all.map(|(package, version)| locked(project, &file, package, version));
        found.sdks.extend(all);
    }
}

/// `genai = "0.4"`, `genai = { version = "0.4" }`, and tables of their own.
fn manifest(text: &str) -> Vec<Line> {
    let mut in_dependencies = false;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(head) = line.strip_prefix('[') {
            let head = head.trim_end_matches(']');
            in_dependencies = head.ends_with("dependencies");
            let table = head.rsplit_once("dependencies.").map(|(_, name)| name.trim_matches('"'));
            let package = table.and_then(|name| table::find(Rust, name));
            found.extend(package.map(|package| Line {
                package,
                version: None,
                asked: None,
                exact: false,
                line: at + 1,
            }));
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| in_dependencies) else { continue };
        let Some(package) = table::find(Rust, key.trim()) else { continue };
        let version = quoted(value).into_iter().find_map(|text| text.strip_prefix('='));
        found.push(Line {
            package,
            version: version.map(|text| text.trim().to_owned()),
            asked: quoted(value).first().and_then(|text| asked(text)),
            exact: version.is_some(),
            line: at + 1,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_read_and_a_packages_own_name_is_not() {
        let text = "[package]\ngenai = \"x\"\n[dependencies]\ngenai = \"=0.4.1\"\n\
                    async-openai = { version = \"0.30\" }\n[dev-dependencies.gemini-rust]\nversion = \"1\"\n";
        let read: Vec<_> = manifest(text)
            .into_iter()
            .map(|line| (line.package.name, line.exact, line.line))
            .collect();
        assert_eq!(
            read,
            [("genai", true, 4), ("async-openai", false, 5), ("gemini-rust", false, 6)]
        );
    }
}
