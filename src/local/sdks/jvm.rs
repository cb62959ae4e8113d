//! Java and Kotlin: `pom.xml`, Gradle's files and its catalogue of versions.

use super::{
    Allowance, Found, Line, asked,
    project::{Project, name},
    quoted,
    table::{self, Ecosystem::Jvm, Package},
};

pub(super) fn look(project: &Project, allowance: &Allowance, found: &mut Found) {
    let names = ["pom.xml", "build.gradle", "build.gradle.kts", "libs.versions.toml"];
    let mut files = project.manifests(&names);
    let outer = project.above.iter().map(|directory| directory.join("gradle/libs.versions.toml"));
    files.extend(outer.filter(|path| path.is_file()));
    files.sort_unstable();
    files.dedup();
    for file in files {
        let Some(text) = allowance.text(&file) else { continue };
        let lines = match name(&file) {
            "pom.xml" => pom(&text),
            "libs.versions.toml" => catalogue(&text),
            _ => gradle(&text),
        };
        found.sdks.extend(lines.into_iter().map(|line| line.sdk(project, &file)));
    }
}

fn pom(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("<dependency>") {
        let block = &text[at..];
        let block = &block[..block.find("</dependency>").unwrap_or(block.len())];
        let tag = |name: &str| between(block, name);
        let (Some(group), Some(artifact)) = (tag("groupId"), tag("artifactId")) else { continue };
        let Some(package) = table::find(Jvm, &format!("{group}:{artifact}")) else { continue };
        let named = tag("version");
        let property = named.and_then(|text| text.strip_prefix("${")?.strip_suffix('}'));
        let version = property.map_or(named, |name| between(text, name));
        let line = text[..at].matches('\n').count() + 1;
        found.push(fixed(package, version, line, named.is_none()));
    }
    found
}

fn between<'t>(text: &'t str, tag: &str) -> Option<&'t str> {
    let rest = text.split_once(&format!("<{tag}>"))?.1;
    Some(rest.split_once('<')?.0.trim())
}

/// One version, or a range, or what a list of versions elsewhere decides.
fn fixed(package: &'static Package, version: Option<&str>, line: usize, elsewhere: bool) -> Line {
    let is_open = |text: &&str| {
        matches!(*text, "LATEST" | "RELEASE")
            || text.contains(['+', '[', '(', ','])
            || text.starts_with("latest")
    };
    let version = version.filter(|text| !text.is_empty() && !text.starts_with('$'));
    let exact = version.is_some_and(|text| !is_open(&text)) || elsewhere;
    let asked = version.and_then(asked);
    let version = version.filter(|text| !is_open(text)).map(str::to_owned);
    Line { package, version, asked, exact, line }
}

/// `"group:artifact:version"`.
fn gradle(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().starts_with("//") {
            continue;
        }
        found.extend(quoted(line).into_iter().filter_map(|text| {
            let mut parts = text.splitn(3, ':');
            let name = format!("{}:{}", parts.next()?, parts.next()?);
            let package = table::find(Jvm, &name)?;
            let version = parts.next();
            Some(fixed(package, version, at + 1, version.is_none_or(|text| text.starts_with('$'))))
        }));
    }
    found
}

/// `genai = { module = "group:artifact", version.ref = "genai" }`.
fn catalogue(text: &str) -> Vec<Line> {
    let versions = |wanted: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once('='));
        let found = lines.find(|(key, _)| key.trim() == wanted);
        found.and_then(|(_, value)| quoted(value).first().copied())
    };
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let quotes = quoted(line);
        let Some(first) = quotes.iter().find(|text| text.contains(':')) else { continue };
        let mut parts = first.splitn(3, ':');
        let name = format!("{}:{}", parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let Some(package) = table::find(Jvm, &name) else { continue };
        let last = quotes.last().copied().filter(|text| text != first);
        let version = match last {
            Some(name) if line.contains("version.ref") => versions(name),
            Some(version) => Some(version),
            None => parts.next(),
        };
        found.push(fixed(package, version, at + 1, version.is_none()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "com.google.genai:google-genai";

    fn told(lines: Vec<Line>) -> Vec<(&'static str, Option<String>, bool, usize)> {
        let lines = lines.into_iter();
        lines.map(|line| (line.package.name, line.version, line.exact, line.line)).collect()
    }

    #[test]
    fn a_pom_is_read_with_its_properties() {
        let pom_of = |version: &str| {
            format!(
                "<project>\n<properties><genai.version>1.77.0</genai.version></properties>\n<dependency>\
                 <groupId>com.google.genai</groupId><artifactId>google-genai</artifactId>{version}</dependency>"
            )
        };
        let exact = Some("1.77.0".to_owned());
        for (text, version, is_exact) in [
            ("<version>1.77.0</version>", exact.clone(), true),
            ("<version>${genai.version}</version>", exact, true),
            ("<version>LATEST</version>", None, false),
            ("<version>[1.0,2.0)</version>", None, false),
            ("", None, true),
        ] {
            assert_eq!(told(pom(&pom_of(text))), [(NAME, version, is_exact, 3)], "{text}");
        }
    }

    #[test]
    fn gradle_is_read_in_both_places() {
        let text = "dependencies {\n  // implementation(\"com.openai:openai-java:1\")\n  \
                    implementation(\"com.google.genai:google-genai:1.77.0\")\n}\n";
        assert_eq!(told(gradle(text)), [(NAME, Some("1.77.0".to_owned()), true, 3)]);
        let open = "implementation 'com.google.genai:google-genai:1.+'";
        assert_eq!(told(gradle(open)), [(NAME, None, false, 1)]);
        let text = "[versions]\ngenai = \"1.70.0\"\n[libraries]\n\
                    google = { module = \"com.google.genai:google-genai\", version.ref = \"genai\" }\n";
        assert_eq!(told(catalogue(text)), [(NAME, Some("1.70.0".to_owned()), true, 4)]);
    }
}
