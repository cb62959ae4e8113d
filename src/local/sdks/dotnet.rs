//! .NET: references in project files and in the file of central versions.

use super::{
    Allowance, Found, Line, asked,
    project::Project,
    quoted,
    table::{self, Ecosystem::DotNet},
};

pub(super) fn look(project: &Project, allowance: &Allowance, found: &mut Found) {
    let is_project = |name: &str| {
        [".csproj", ".fsproj", ".vbproj"].iter().any(|end| name.ends_with(end))
            || name == "Directory.Packages.props"
    };
    for file in project.named(is_project) {
        let Some(text) = allowance.text(&file) else { continue };
        let lines = references(&text).into_iter();
        found.sdks.extend(lines.map(|line| line.sdk(project, &file)));
    }
}

/// `<PackageReference Include="Google.GenAI" Version="1.26.0" />`; without a version another file has it.
fn references(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let element = ["<PackageReference", "<PackageVersion"];
        if !element.iter().any(|element| line.contains(element)) {
            continue;
        }
        let Some(name) = attribute(line, "Include") else { continue };
        let Some(package) = table::find(DotNet, name) else { continue };
        let version = attribute(line, "Version");
        let exact = version.filter(|text| !text.contains(['*', ',', '[', '(']));
        found.push(Line {
            package,
            version: exact.map(str::to_owned),
            asked: version.and_then(asked),
            exact: exact.is_some() || version.is_none(),
            line: at + 1,
        });
    }
    found
}

fn attribute<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let rest = line.split_once(&format!("{name}="))?.1;
    quoted(rest).first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        let text = "<ItemGroup>\n<PackageReference Include=\"Google.GenAI\" Version=\"1.26.0\" />\n\
                    <PackageReference Include=\"OpenAI\" Version=\"2.*\" />\n\
                    <PackageReference Include=\"Other\" Version=\"1\" />\n</ItemGroup>";
        let read: Vec<_> = references(text)
            .into_iter()
            .map(|line| (line.package.name, line.version, line.exact, line.line))
            .collect();
        let exact = Some("1.26.0".to_owned());
        assert_eq!(read, [("Google.GenAI", exact, true, 2), ("OpenAI", None, false, 3)]);
    }
}
