//! What a project's code asks of SDKs, by the lines that import them. Reads lines and no meaning: what is
//! built from parts is not seen.

use std::path::{Path, PathBuf};

use memchr::memmem;

use super::{
    Allowance, Found,
    project::{Project, name},
    quoted,
    table::{GO_SDK, JS_SDK, OLD_GO_SDK, OLD_JS_SDK},
};

/// Something that a line of code shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Imports the retired Python SDK.
    OldPython,
    /// Imports the current Python SDK.
    NewPython,
    /// Imports the removed module of the Vertex SDK.
    VertexModule,
    /// Imports the retired JavaScript SDK.
    OldJs,
    /// Imports the current JavaScript SDK.
    NewJs,
    /// Imports the retired Go SDK.
    OldGo,
    /// Imports the current Go SDK.
    NewGo,
    /// Asks httpx for HTTP/2.
    Http2,
    /// Asks a model by this name.
    Model(String),
}

/// A mark with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// What was seen.
    pub mark: Mark,
    /// `file:line`, from the working directory on.
    pub place: String,
    /// The file.
    pub file: PathBuf,
}

/// What is in every file that can hold a mark.
const CUES: [&str; 4] = ["genai", "generat", "http2", "gemini-"];
/// Places of one mark; more of them say no more.
const MOST_OF_ONE: usize = 3;
/// Longer lines are made by programs.
const LONGEST_LINE: usize = 2000;

pub(super) fn look(project: &Project, allowance: &Allowance, found: &mut Found) {
    for file in &project.files {
        let Some(language) = Language::of(file) else { continue };
        let Some(bytes) = allowance.bytes(file) else { continue };
        if !CUES.iter().any(|cue| memmem::find(&bytes, cue.as_bytes()).is_some()) {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        for (mark, line) in marks(&text, language) {
            if found.code.iter().filter(|known| known.mark == mark).count() < MOST_OF_ONE {
                let place = format!("{}:{line}", project.shown(file));
                found.code.push(Marked { mark, place, file: file.clone() });
            }
        }
    }
}

/// How a file's imports are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Python,
    Js,
    Go,
    /// Only the names of models are looked for.
    Other,
}

impl Language {
    fn of(path: &Path) -> Option<Self> {
        let (_, ending) = name(path).rsplit_once('.')?;
        match ending {
            "py" | "pyi" | "ipynb" => Some(Self::Python),
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "vue" | "svelte" => {
                Some(Self::Js)
            }
            "go" => Some(Self::Go),
            "java" | "kt" | "kts" | "rs" | "cs" | "rb" | "php" => Some(Self::Other),
            _ => None,
        }
    }
}

fn marks(text: &str, language: Language) -> Vec<(Mark, usize)> {
    let lines = text.lines().enumerate().filter(|(_, line)| line.len() <= LONGEST_LINE);
    let mut found = Vec::new();
    for (at, line) in lines {
        let line = match language {
            // A cell of a notebook has its lines in quotes.
            Language::Python => line.trim().trim_start_matches('"'),
            Language::Js | Language::Go | Language::Other => line.trim(),
        };
        if is_remark(line, language) {
            continue;
        }
        let mark = match language {
            Language::Python if asks_httpx(text, at, line) => Some(Mark::Http2),
            Language::Python => python(line),
            Language::Js => js(line),
            Language::Go => go(line),
            Language::Other => None,
        };
        found.extend(mark.map(|mark| (mark, at + 1)));
        found.extend(model(line).map(|model| (Mark::Model(model), at + 1)));
    }
    found
}

fn is_remark(line: &str, language: Language) -> bool {
    match language {
        Language::Python => line.starts_with('#'),
        Language::Js | Language::Go | Language::Other => {
            ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark))
        }
    }
}

fn python(line: &str) -> Option<Mark> {
    let (verb, rest) = line.split_once(' ')?;
    let rest = rest.trim_start();
    let (module, names) = match verb {
        "import" => (rest, ""),
        "from" => rest.split_once(" import ")?,
        _ => return None,
    };
    let has = |module: &str, wanted: &str| {
        let rest = module.trim().strip_prefix(wanted);
        let ends = |rest: &str| {
            !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
        };
        rest.is_some_and(ends)
    };
    let imports = |module_name: &str, parent: &str, child: &str| {
        has(module, module_name)
            || module.trim() == parent
                && names.split(',').any(|name| has(name.trim_start_matches('('), child))
    };
    match () {
        () if imports("google.generativeai", "google", "generativeai") => Some(Mark::OldPython),
        () if imports("google.genai", "google", "genai") => Some(Mark::NewPython),
        () if imports("vertexai.generative_models", "vertexai", "generative_models")
            || imports(
                "vertexai.preview.generative_models",
                "vertexai.preview",
                "generative_models",
            ) =>
        {
            Some(Mark::VertexModule)
        }
        () => None,
    }
}

/// Whether a line switches HTTP/2 on in a call that makes a client or a transport of httpx: servers and other
/// libraries have an argument of this name, too.
fn asks_httpx(text: &str, lines_before: usize, line: &str) -> bool {
    let argument = ["http2=True", "http2 = True"].into_iter().find(|one| line.contains(one));
    let Some(argument) = argument.filter(|_| text.contains("httpx") || text.contains("Httpx"))
    else {
        return false;
    };
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).take(lines_before);
    let start = ends.last().map_or(0, |end| end + 1);
    let at = start + text[start..].find(argument).unwrap_or_default();
    let call = open_call(&text[..at]);
    ["Client", "HTTPTransport"].iter().any(|made| call.ends_with(made))
}

/// The name of the call whose arguments go on at the end of a text.
fn open_call(before: &str) -> &str {
    /// No call has more arguments in front.
    const FAR: usize = 4000;
    let mut closed = 0_usize;
    for (at, byte) in before.bytes().enumerate().rev().take(FAR) {
        match byte {
            b')' | b']' | b'}' => closed += 1,
            b'(' | b'[' | b'{' if closed > 0 => closed -= 1,
            b'(' => {
                let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
                return before[..at].rsplit(|letter| !is_name(letter)).next().unwrap_or_default();
            }
            b'[' | b'{' => return "",
            _ => {}
        }
    }
    ""
}

/// A package's name as a whole text of a line that imports.
fn js(line: &str) -> Option<Mark> {
    let imports = ["import", "require", "from "].iter().any(|word| line.contains(word));
    let names = |package: &str| {
        let is = |text: &&str| {
            text.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        imports && quoted(line).iter().any(is)
    };
    match () {
        () if names(OLD_JS_SDK) => Some(Mark::OldJs),
        () if names(JS_SDK) => Some(Mark::NewJs),
        () => None,
    }
}

fn go(line: &str) -> Option<Mark> {
    let text = quoted(line).into_iter().next()?;
    match () {
        () if text.starts_with(OLD_GO_SDK) => Some(Mark::OldGo),
        () if text == GO_SDK => Some(Mark::NewGo),
        () => None,
    }
}

/// `model="gemini-3.5-flash"`, `model: 'gemini-…'`: a text behind a name that ends in "model".
fn model(line: &str) -> Option<String> {
    let at = line.find("gemini-")?;
    let before = line[..at].trim_end_matches("models/");
    let quote = before.chars().next_back().filter(|letter| matches!(letter, '"' | '\'' | '`'))?;
    let before = before[..before.len() - 1].trim_end();
    let name = before.strip_suffix(['=', ':', '('])?.trim_end().trim_end_matches(['"', '\\', ':']);
    let name = name.to_ascii_lowercase();
    let is_model =
        name.ends_with("model") || name.ends_with("model_name") || name.ends_with("modelname");
    let rest = &line[at..];
    let model = rest[..rest.find(quote)?].trim_end_matches('\\');
    let is_name = model.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    (is_model && is_name).then(|| model.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str, language: Language) -> Vec<Mark> {
        marks(text, language).into_iter().map(|(mark, _)| mark).collect()
    }

    #[test]
    fn imports_of_python_are_told_apart() {
        for (line, mark) in [
            ("import google.generativeai as genai", Some(Mark::OldPython)),
            ("from google import generativeai as genai", Some(Mark::OldPython)),
            ("from google.generativeai.types import X", Some(Mark::OldPython)),
            ("    from google import genai", Some(Mark::NewPython)),
            ("from google import (auth, genai)", Some(Mark::NewPython)),
            ("from google.genai import types", Some(Mark::NewPython)),
            ("from vertexai.generative_models import GenerativeModel", Some(Mark::VertexModule)),
            ("from vertexai.preview import generative_models", Some(Mark::VertexModule)),
            ("client = httpx.Client(http2=True)", Some(Mark::Http2)),
            ("# import google.generativeai", None),
            ("import google.generativeai_tools", None),
            ("from google import genai_tools", None),
            ("text = 'import google.generativeai'", None),
        ] {
            assert_eq!(seen(line, Language::Python), Vec::from_iter(mark), "{line}");
        }
        let cell = "   \"from google import genai\\n\",";
        assert_eq!(seen(cell, Language::Python), [Mark::NewPython]);
    }

    #[test]
    fn only_httpx_is_asked_for_http2() {
        for (text, is_asked) in [
            ("httpx.AsyncClient(\n    timeout=httpx.Timeout(5),\n    http2=True,\n)", true),
            ("import httpx as h\nh.AsyncHTTPTransport(retries=f(1), http2 = True)", true),
            ("from openai import DefaultHttpxClient\nDefaultHttpxClient(http2=True)", true),
            ("from hypercorn.config import Config\nConfig(http2=True)", false),
            ("import httpx\nfrom hypercorn.config import Config\nConfig(http2=True)", false),
            ("import httpx\nc = httpx.Client()\nserve(app, http2=True)", false),
            ("import httpx\nhttp2 = True", false),
            ("import niquests\nAsyncClient(http2=True)", false),
        ] {
            assert_eq!(seen(text, Language::Python).contains(&Mark::Http2), is_asked, "{text}");
        }
    }

    #[test]
    fn imports_of_javascript_and_go_are_told_apart() {
        for (line, mark) in [
            ("import { GoogleGenAI } from '@google/genai';", Some(Mark::NewJs)),
            ("const x = require(\"@google/generative-ai/server\");", Some(Mark::OldJs)),
            ("const name = '@google/generative-ai';", None),
            ("// import x from '@google/generative-ai'", None),
            ("import x from '@google/genai-tools'", None),
        ] {
            assert_eq!(seen(line, Language::Js), Vec::from_iter(mark), "{line}");
        }
        assert_eq!(
            seen("\t\"github.com/google/generative-ai-go/genai\"", Language::Go),
            [Mark::OldGo]
        );
        assert_eq!(seen("import \"google.golang.org/genai\"", Language::Go), [Mark::NewGo]);
    }

    #[test]
    fn a_model_is_one_only_behind_the_word() {
        for (line, expected) in [
            ("    model=\"gemini-4-argon\",", Some("gemini-4-argon")),
            ("model: 'gemini-3.5-flash',", Some("gemini-3.5-flash")),
            ("MODEL = \"models/gemini-2.5-pro\"", Some("gemini-2.5-pro")),
            ("\"model\": \"gemini-4-argon\"", Some("gemini-4-argon")),
            ("GenerativeModel('gemini-pro')", Some("gemini-pro")),
            ("print(\"gemini-4-argon\")", None),
            ("MODELS = [\"gemini-4-argon\"]", None),
            ("model=\"gemini-4 and more\"", None),
        ] {
            assert_eq!(model(line).as_deref(), expected, "{line}");
        }
    }
}
