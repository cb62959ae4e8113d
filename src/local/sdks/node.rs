//! Node: what lies in `node_modules` beside and above the project, `package.json`, and lock files.

use std::path::Path;

use serde_json::Value;

use super::{
    Allowance, Found, How, Line, Sdk, asked, locked,
    project::{Project, name},
    table::{self, Ecosystem::Node, Package},
};

/// The lists of a `package.json` that ask for packages.
const LISTS: [&str; 4] =
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
const LOCKS: [&str; 6] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
];

pub(super) fn look(project: &Project, allowance: &Allowance, found: &mut Found) {
    for modules in &project.modules {
        installed(modules, project, allowance, found);
    }
    for file in project.manifests(&["package.json"]) {
        let Some(text) = allowance.text(&file) else { continue };
        let lines = manifest(&text).into_iter();
        found.sdks.extend(lines.map(|line| line.sdk(project, &file)));
    }
    for file in project.manifests(&LOCKS) {
        let home = file.parent().unwrap_or(&file).to_owned();
        found.locked.push((Node, home.clone()));
        // What is installed counts; a lock file may be long.
        if !project.modules.iter().any(|modules| modules.parent() == Some(&home)) {
            found.sdks.extend(of_lock(&file, project, allowance));
        }
    }
}

/// Asks for the known packages by name, so that the size of the directory does not matter.
fn installed(modules: &Path, project: &Project, allowance: &Allowance, found: &mut Found) {
    for package in table::of(Node) {
        let manifest = modules.join(package.name).join("package.json");
        if !manifest.is_file() {
            continue;
        }
        let text = allowance.text(&manifest).unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        found.sdks.push(Sdk {
            package,
            version: value["version"].as_str().map(str::to_owned),
            asked: None,
            how: How::Installed { own: true },
            place: project.shown(modules),
            home: modules.parent().unwrap_or(modules).to_owned(),
            line: None,
        });
    }
}

fn manifest(text: &str) -> Vec<Line> {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let lists = LISTS.iter().filter_map(|list| value[*list].as_object());
    let entries = lists.flatten();
    entries
        .filter_map(|(name, spec)| {
            let package = table::find(Node, name)?;
            let spec = spec.as_str().unwrap_or_default();
            let exact = spec.trim_start_matches(['=', 'v']);
            let begins = exact.starts_with(|letter: char| letter.is_ascii_digit());
            let is_exact =
                begins && exact.matches('.').count() >= 2 && !exact.contains([' ', 'x', '*']);
            // A file or a commit is one version too.
            let is_fixed = spec.contains(':') && !spec.starts_with("npm:");
            Some(Line {
                package,
                version: is_exact.then(|| exact.to_owned()),
                asked: asked(spec),
                exact: is_exact || is_fixed,
                line: line_of(text, name),
            })
        })
        .collect()
}

fn line_of(text: &str, name: &str) -> usize {
    let at = text.find(&format!("\"{name}\"")).unwrap_or(0);
    text[..at].matches('\n').count() + 1
}

fn of_lock(file: &Path, project: &Project, allowance: &Allowance) -> Vec<Sdk> {
    let Some(text) = allowance.text(file) else { return Vec::new() };
    let version = |package: &'static Package| match name(file) {
        "package-lock.json" | "npm-shrinkwrap.json" => npm(&text, package.name),
        "yarn.lock" => yarn(&text, package.name),
        _ => behind_at(&text, package.name),
    };
    let all = table::of(Node).filter_map(|package| Some((package, version(package)?)));
    all.map(|(package, version)| locked(project, file, package, version)).collect()
}

/// `"node_modules/NAME": {` with `"version": "…"` soon after.
fn npm(text: &str, name: &str) -> Option<String> {
    let needle = format!("\"node_modules/{name}\"");
    let entry = &text[text.find(&needle)? + needle.len()..];
    let entry = &entry[..entry.find('}').unwrap_or(entry.len())];
    let rest = entry.split_once("\"version\"")?.1;
    super::quoted(rest).first().map(|version| (*version).to_owned())
}

/// `"NAME@^2.0.0":` with `version "…"` or `version: …` on the next line.
fn yarn(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines();
    let heads = [format!("{name}@"), format!("\"{name}@")];
    lines.find(|line| heads.iter().any(|head| line.starts_with(head.as_str())))?;
    let line = lines.next()?.trim().strip_prefix("version")?;
    Some(line.trim_matches([' ', ':', '"']).to_owned())
}

/// `NAME@2.29.1`, as the others write it.
fn behind_at(text: &str, name: &str) -> Option<String> {
    let needle = format!("{name}@");
    text.match_indices(&needle).find_map(|(at, _)| {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        let rest = &text[at + needle.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !".-+".contains(c))?;
        let is_version = rest.starts_with(|letter: char| letter.is_ascii_digit());
        let is_alone = matches!(before, ' ' | '\'' | '"' | '/' | '\n' | '\t');
        (is_version && is_alone).then(|| rest[..end].to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_tells_exact_versions_from_open_ones() {
        let text = r#"{
          "dependencies": {
            "@google/genai": "2.29.1",
            "@google/generative-ai": "^0.24.0",
            "openai": "latest",
            "left-pad": "1.0.0"
          },
          "devDependencies": {"@anthropic-ai/sdk": "file:../sdk"}
        }"#;
        let mut read: Vec<_> = manifest(text)
            .into_iter()
            .map(|line| (line.package.name, line.version, line.exact, line.line))
            .collect();
        read.sort_unstable();
        assert_eq!(
            read,
            [
                ("@anthropic-ai/sdk", None, true, 8),
                ("@google/genai", Some("2.29.1".to_owned()), true, 3),
                ("@google/generative-ai", None, false, 4),
                ("openai", None, false, 5),
            ]
        );
        assert!(manifest("{").is_empty());
    }

    #[test]
    fn three_kinds_of_locks_are_read() {
        let lock =
            "\"node_modules/@google/genai\": {\n  \"version\": \"2.29.1\",\n \"resolved\": \"\"}";
        assert_eq!(npm(lock, "@google/genai").as_deref(), Some("2.29.1"));
        assert_eq!(npm(lock, "openai"), None);
        for text in [
            "\"@google/genai@^2.0.0\":\n  version \"2.29.1\"\n",
            "\"@google/genai@npm:^2.0.0\":\n  version: 2.29.1\n",
        ] {
            assert_eq!(yarn(text, "@google/genai").as_deref(), Some("2.29.1"), "{text}");
        }
        let text = "packages:\n\n  '@google/genai@2.29.1':\n    resolution: {}\n";
        assert_eq!(behind_at(text, "@google/genai").as_deref(), Some("2.29.1"));
        assert_eq!(behind_at("  not-openai@1.0.0:\n", "openai"), None);
    }
}
