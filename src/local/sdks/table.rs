//! The packages that are looked for, and the versions that models need: dated constants, and nothing else.

use crate::facts::LocalFact;

/// The day on which these tables were last held against what the makers publish.
pub const AS_OF: &str = "2026-11-30";

/// Where a package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ecosystem {
    /// PyPI.
    Python,
    /// npm.
    Node,
    /// Go modules.
    Go,
    /// crates.io.
    Rust,
    /// Maven.
    Jvm,
    /// NuGet.
    DotNet,
}

impl Ecosystem {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
            Self::Go => "go",
            Self::Rust => "rust",
            Self::Jvm => "jvm",
            Self::DotNet => "dotnet",
        }
    }
}

/// What a package is to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// An SDK of Google's that is kept up.
    Current,
    /// One that is not any more, with the fact that says so.
    Retired(LocalFact),
    /// A framework for agents of Google's.
    Agent,
    /// Somebody else's client that can call Gemini.
    Wrapper,
    /// The SDK of another provider.
    OtherProvider(&'static str),
    /// What clients are built on.
    Transport,
}

/// One package.
#[derive(Debug, PartialEq, Eq)]
pub struct Package {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// Its name there; those of PyPI in the form in which they are compared.
    pub name: &'static str,
    /// What it is to this program.
    pub standing: Standing,
}

impl Package {
    /// Whether it is an SDK or client for Gemini.
    pub const fn is_for_gemini(&self) -> bool {
        !matches!(self.standing, Standing::OtherProvider(_) | Standing::Transport)
    }

    /// Whether Google makes it.
    pub const fn is_googles(&self) -> bool {
        matches!(self.standing, Standing::Current | Standing::Retired(_) | Standing::Agent)
    }
}

use Ecosystem::{DotNet, Go, Jvm, Node, Python, Rust};
use Standing::{Agent, Current, OtherProvider, Retired, Transport, Wrapper};

/// The current SDK of Python.
pub const PYTHON_SDK: &str = "google-genai";
/// The one before it.
pub const OLD_PYTHON_SDK: &str = "google-generativeai";
/// The current SDK of JavaScript.
pub const JS_SDK: &str = "@google/genai";
/// The one before it.
pub const OLD_JS_SDK: &str = "@google/generative-ai";
/// The current SDK of Go.
pub const GO_SDK: &str = "google.golang.org/genai";
/// The one before it.
pub const OLD_GO_SDK: &str = "github.com/google/generative-ai-go";

/// Every package that is looked for.
pub const PACKAGES: &[Package] = &[
    row(Python, PYTHON_SDK, Current),
    row(Python, OLD_PYTHON_SDK, Retired(LocalFact::RetiredPythonSdk)),
    row(Python, "google-cloud-aiplatform", Current),
    row(Python, "google-antigravity", Agent),
    row(Python, "langchain-google-genai", Wrapper),
    row(Python, "litellm", Wrapper),
    row(Python, "openai", OtherProvider("OpenAI")),
    row(Python, "anthropic", OtherProvider("Anthropic")),
    row(Python, "mistralai", OtherProvider("Mistral")),
    row(Python, "httpx", Transport),
    row(Python, "h2", Transport),
    row(Node, JS_SDK, Current),
    row(Node, OLD_JS_SDK, Retired(LocalFact::RetiredJsSdk)),
    row(Node, "@google/antigravity", Agent),
    row(Node, "@ai-sdk/google", Wrapper),
    row(Node, "@langchain/google-genai", Wrapper),
    row(Node, "openai", OtherProvider("OpenAI")),
    row(Node, "@anthropic-ai/sdk", OtherProvider("Anthropic")),
    row(Node, "@mistralai/mistralai", OtherProvider("Mistral")),
    row(Go, GO_SDK, Current),
    row(Go, OLD_GO_SDK, Retired(LocalFact::RetiredGoSdk)),
    row(Go, "github.com/openai/openai-go", OtherProvider("OpenAI")),
    row(Go, "github.com/sashabaranov/go-openai", OtherProvider("OpenAI")),
    row(Go, "github.com/anthropics/anthropic-sdk-go", OtherProvider("Anthropic")),
    row(Rust, "google-cloud-aiplatform-v1", Current),
    row(Rust, "gemini-rust", Wrapper),
    row(Rust, "google-generative-ai-rs", Wrapper),
    row(Rust, "genai", Wrapper),
    row(Rust, "async-openai", OtherProvider("OpenAI")),
    row(Jvm, "com.google.genai:google-genai", Current),
    row(Jvm, "com.google.cloud:google-cloud-vertexai", Current),
    row(Jvm, "dev.langchain4j:langchain4j-google-ai-gemini", Wrapper),
    row(Jvm, "com.openai:openai-java", OtherProvider("OpenAI")),
    row(Jvm, "com.anthropic:anthropic-java", OtherProvider("Anthropic")),
    row(DotNet, "Google.GenAI", Current),
    row(DotNet, "Mscc.GenerativeAI", Wrapper),
    row(DotNet, "OpenAI", OtherProvider("OpenAI")),
    row(DotNet, "Anthropic", OtherProvider("Anthropic")),
];

const fn row(ecosystem: Ecosystem, name: &'static str, standing: Standing) -> Package {
    Package { ecosystem, name, standing }
}

/// The packages of one ecosystem.
pub fn of(ecosystem: Ecosystem) -> impl Iterator<Item = &'static Package> {
    PACKAGES.iter().filter(move |package| package.ecosystem == ecosystem)
}

/// A package by its name; names on PyPI are the same whatever their case and separators.
pub fn find(ecosystem: Ecosystem, name: &str) -> Option<&'static Package> {
    let name = if ecosystem == Python { normal(name) } else { name.to_owned() };
    let ignores_case = ecosystem == DotNet;
    of(ecosystem).find(|package| {
        package.name == name || ignores_case && package.name.eq_ignore_ascii_case(&name)
    })
}

/// A name of PyPI as such names are compared.
pub fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for letter in name.trim().chars() {
        if !matches!(letter, '-' | '_' | '.') {
            normal.push(letter.to_ascii_lowercase());
        } else if !normal.ends_with('-') {
            normal.push('-');
        }
    }
    normal
}

/// What a family of models needs of an SDK.
#[derive(Debug, PartialEq, Eq)]
pub struct Need {
    /// How the names of these models begin.
    pub models: &'static str,
    /// Where the SDK comes from.
    pub ecosystem: Ecosystem,
    /// The SDK.
    pub package: &'static str,
    /// The first version that has all of it.
    pub least: &'static str,
}

/// What models need, the narrower family first.
pub const NEEDS: &[Need] = &[
    need("gemini-4-argon", Python, PYTHON_SDK, "2.30.1"),
    need("gemini-4-argon", Node, JS_SDK, "2.29.1"),
    need("gemini-4-argon", Go, GO_SDK, "1.74.0"),
    need("gemini-4-argon", Jvm, "com.google.genai:google-genai", "1.77.0"),
    need("gemini-4-argon", DotNet, "Google.GenAI", "1.26.0"),
    need("gemini-3", Python, PYTHON_SDK, "1.51.0"),
];

const fn need(
    models: &'static str,
    ecosystem: Ecosystem,
    package: &'static str,
    least: &'static str,
) -> Need {
    Need { models, ecosystem, package, least }
}

/// What a model needs of a package, as far as anybody published it.
pub fn need_of(model: &str, package: &Package) -> Option<&'static Need> {
    NEEDS.iter().find(|need| {
        let rest = model.strip_prefix(need.models);
        need.package == package.name
            && need.ecosystem == package.ecosystem
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_pypi_are_compared_in_one_form() {
        for name in ["Google_GenAI", "google.genai", "google--genai", "google-genai"] {
            assert_eq!(find(Python, name).expect(name).name, PYTHON_SDK);
        }
        assert!(find(Node, "@google/GenAI").is_none());
        assert!(find(DotNet, "google.genai").is_some());
    }

    #[test]
    fn a_need_holds_for_the_family_and_not_for_names_that_only_begin_alike() {
        let package = find(Python, PYTHON_SDK).expect("in the table");
        let least = |model| need_of(model, package).map(|need| need.least);
        assert_eq!(least("gemini-4-argon"), Some("2.30.1"));
        assert_eq!(least("gemini-4-argon-002"), Some("2.30.1"));
        assert_eq!(least("gemini-3.5-flash"), Some("1.51.0"));
        assert_eq!(least("gemini-3-pro-preview"), Some("1.51.0"));
        assert_eq!(
            [least("gemini-30"), least("gemini-2.5-flash"), least("gemini-4-carbon")],
            [None; 3]
        );
    }

    #[test]
    fn every_need_is_of_a_package_in_the_table() {
        for need in NEEDS {
            assert!(find(need.ecosystem, need.package).is_some(), "{need:?}");
        }
    }
}
