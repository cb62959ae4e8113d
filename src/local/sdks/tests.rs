//! Whole projects, made in a directory of their own: what is found of each, and that good ones are quiet.

use super::*;
use crate::{facts::LocalFact, local::scratch::Scratch};

const SITE: &str = ".venv/lib/python3.12/site-packages";

/// A project, made of its files; a name that ends in `/` is an empty directory.
fn project(files: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::new();
    for (name, text) in files {
        match name.strip_suffix('/') {
            Some(directory) => std::fs::create_dir_all(scratch.path().join(directory)).unwrap(),
            None => drop(scratch.file(name, text)),
        }
    }
    scratch
}

fn told(scratch: &Scratch, model: Option<&str>) -> Vec<(LocalFact, String)> {
    facts(&look(&scratch.machine(&[]), Limits::SHORT), model)
}

fn kinds(files: &[(&str, &str)]) -> Vec<LocalFact> {
    let mut kinds: Vec<LocalFact> =
        told(&project(files), None).into_iter().map(|(fact, _)| fact).collect();
    kinds.dedup();
    kinds
}

/// An environment with these packages, each with its module.
fn environment(packages: &[(&str, &str, &str)]) -> Vec<(String, String)> {
    let mut files = vec![(".venv/pyvenv.cfg".to_owned(), String::new())];
    for (name, version, module) in packages {
        files.push((format!("{SITE}/{name}-{version}.dist-info/METADATA"), String::new()));
        files.push((format!("{SITE}/{module}/__init__.py"), String::new()));
    }
    files
}

fn with<'a>(files: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    files.chain(more.iter().copied()).collect()
}

#[test]
fn an_empty_directory_is_quiet() {
    let found = look(&Scratch::new().machine(&[]), Limits::SHORT);
    assert!(found.sdks.is_empty() && found.left_out.is_empty());
    assert!(facts(&found, Some("gemini-4-argon")).is_empty());
}

#[test]
fn a_healthy_project_is_quiet_in_every_language() {
    let site = environment(&[
        ("google_genai", "2.30.1", "google/genai"),
        ("httpx", "0.28.1", "httpx"),
        ("h2", "4.2.0", "h2"),
        ("openai", "2.8.0", "openai"),
    ]);
    let files = with(
        &site,
        &[
            ("requirements.txt", "google-genai==2.30.1\nhttpx[http2]==0.28.1\nopenai==2.8.0\n"),
            (
                "app.py",
                "from google import genai\nimport httpx\nhttpx.Client(http2=True)\nmodel='gemini-4-argon'\n",
            ),
            ("web/package.json", r#"{"dependencies": {"@google/genai": "^2.29.0"}}"#),
            ("web/package-lock.json", "{}"),
            ("web/node_modules/@google/genai/package.json", r#"{"version": "2.29.1"}"#),
            (
                "web/src/a.ts",
                "import { GoogleGenAI } from \"@google/genai\";\nconst model = 'gemini-4-argon';\n",
            ),
            ("go.mod", "module x\nrequire google.golang.org/genai v1.74.0\n"),
            ("main.go", "package main\nimport \"google.golang.org/genai\"\n"),
            ("Cargo.toml", "[dependencies]\ngenai = \"0.4\"\n"),
            ("Cargo.lock", "[[package]]\nname = \"genai\"\nversion = \"0.4.1\"\n"),
            (
                "pom.xml",
                "<dependency><groupId>com.google.genai</groupId><artifactId>google-genai</artifactId><version>1.77.0</version></dependency>",
            ),
            ("x.csproj", "<PackageReference Include=\"Google.GenAI\" Version=\"1.26.0\" />\n"),
        ],
    );
    let scratch = project(&files);
    assert_eq!(told(&scratch, Some("gemini-4-argon")), []);
    let found = look(&scratch.machine(&[]), Limits::SHORT);
    let kinds: std::collections::BTreeSet<_> =
        found.sdks.iter().map(|sdk| sdk.package.ecosystem).collect();
    assert_eq!(kinds.len(), 6, "{:?}", found.sdks);
}

#[test]
fn retired_sdks_are_found_wherever_they_are() {
    let site = environment(&[("google_generativeai", "0.8.5", "google/generativeai")]);
    for (files, fact) in [
        (with(&site, &[]), LocalFact::RetiredPythonSdk),
        (vec![("requirements-dev.txt", "google-generativeai==0.8.5")], LocalFact::RetiredPythonSdk),
        (
            vec![("poetry.lock", "name = \"google-generativeai\"\nversion = \"0.8.5\"\n")],
            LocalFact::RetiredPythonSdk,
        ),
        (vec![("src/a.py", "import google.generativeai as genai\n")], LocalFact::RetiredPythonSdk),
        (
            vec![("a.py", "from vertexai.generative_models import X\n")],
            LocalFact::RetiredVertexModule,
        ),
        (
            vec![("package.json", r#"{"dependencies": {"@google/generative-ai": "0.24.1"}}"#)],
            LocalFact::RetiredJsSdk,
        ),
        (
            vec![("node_modules/@google/generative-ai/package.json", r#"{"version": "0.24.1"}"#)],
            LocalFact::RetiredJsSdk,
        ),
        (vec![("src/a.mjs", "import x from '@google/generative-ai'")], LocalFact::RetiredJsSdk),
        (
            vec![("go.mod", "require github.com/google/generative-ai-go v0.20.1")],
            LocalFact::RetiredGoSdk,
        ),
        (
            vec![("a.go", "import \"github.com/google/generative-ai-go/genai\"")],
            LocalFact::RetiredGoSdk,
        ),
    ] {
        assert_eq!(kinds(&files), [fact], "{files:?}");
    }
}

#[test]
fn what_only_resembles_a_retired_sdk_is_none() {
    for files in [
        vec![("requirements.txt", "google-generativeai-tools==1\n# google-generativeai==0.8\n")],
        vec![("README.md", "import google.generativeai as genai")],
        vec![("node_modules/x/a.js", "require('@google/generative-ai')")],
        vec![("go.mod", "require github.com/google/generative-ai-go v0.20.1 // indirect")],
        vec![("a.py", "from vertexai import agent_engines")],
    ] {
        assert_eq!(kinds(&files), [], "{files:?}");
    }
}

#[test]
fn a_version_is_too_old_only_for_a_model_that_is_in_use() {
    let old = [("requirements.txt", "google-genai==1.50.0")];
    assert_eq!(told(&project(&old), None), []);
    assert_eq!(told(&project(&old), Some("gemini-2.5-flash")), []);
    let found = told(&project(&old), Some("gemini-3.5-flash"));
    assert_eq!(found[0].0, LocalFact::SdkTooOld);
    assert!(
        found[0].1.contains("1.51.0 or later; requirements.txt:1 has 1.50.0"),
        "{}",
        found[0].1
    );
    let code = [old[0], ("a.py", "x(model=\"gemini-4-argon\")")];
    let found = told(&project(&code), None);
    assert!(found[0].1.starts_with("a.py:1 asks gemini-4-argon"), "{found:?}");
}

#[test]
fn what_is_installed_decides_over_what_is_asked_for() {
    let files = [
        ("package.json", r#"{"dependencies": {"@google/genai": "2.0.0"}}"#),
        ("node_modules/@google/genai/package.json", r#"{"version": "2.29.1"}"#),
    ];
    assert_eq!(told(&project(&files), Some("gemini-4-argon")), []);
    let files = [files[0], ("node_modules/@google/genai/package.json", r#"{"version": "2.1.0"}"#)];
    assert_eq!(told(&project(&files), Some("gemini-4-argon")).len(), 1);
}

#[test]
fn an_import_without_its_package_is_found_both_ways() {
    let new = environment(&[("google_genai", "2.30.1", "google/genai")]);
    let found = kinds(&with(&new, &[("a.py", "import google.generativeai as genai\n")]));
    assert_eq!(found, [LocalFact::ImportWithoutSdk, LocalFact::RetiredPythonSdk]);
    let old = environment(&[("google_generativeai", "0.8.5", "google/generativeai")]);
    let found = kinds(&with(&old, &[("a.py", "from google import genai\n")]));
    assert_eq!(found, [LocalFact::ImportWithoutSdk, LocalFact::RetiredPythonSdk]);
    let node = ("node_modules/@google/generative-ai/package.json", "{}");
    let found = kinds(&[node, ("a.js", "import x from '@google/genai'")]);
    assert_eq!(found, [LocalFact::ImportWithoutSdk, LocalFact::RetiredJsSdk]);
    let both = environment(&[
        ("google_generativeai", "0.8.5", "google/generativeai"),
        ("google_genai", "2.30.1", "google/genai"),
    ]);
    let found = kinds(&with(&both, &[("a.py", "from google import genai\n")]));
    assert_eq!(found, [LocalFact::RetiredPythonSdk], "both are there");
}

#[test]
fn http2_needs_its_package_in_the_environment_of_the_code() {
    let code = ("a.py", "httpx.AsyncClient(http2=True)\n");
    let without = environment(&[("httpx", "0.28.1", "httpx")]);
    assert_eq!(kinds(&with(&without, &[code])), [LocalFact::Http2Missing]);
    let whole = environment(&[("httpx", "0.28.1", "httpx"), ("h2", "4.2.0", "h2")]);
    assert_eq!(kinds(&with(&whole, &[code])), []);
    assert_eq!(kinds(&with(&without, &[("a.py", "httpx.AsyncClient()\n")])), []);
    assert_eq!(kinds(&[code]), [], "nothing is known of what is installed");
}

#[test]
fn what_an_sdk_left_behind_is_found() {
    let two = environment(&[
        ("google_genai", "2.30.1", "google/genai"),
        ("google_genai", "1.9.0", "google/genai"),
    ]);
    assert_eq!(kinds(&with(&two, &[])), [LocalFact::StaleSdk]);
    let record = format!("{SITE}/google_genai-2.30.1.dist-info/METADATA");
    let config = (".venv/pyvenv.cfg", "");
    assert_eq!(kinds(&[config, (&record, "")]), [LocalFact::StaleSdk]);
    let editable = format!("{SITE}/google_genai-2.30.1.dist-info/direct_url.json");
    assert_eq!(kinds(&[config, (&record, ""), (&editable, "{}")]), []);
    let ghost = format!("{SITE}/google/genai/__pycache__/");
    assert_eq!(kinds(&[config, (&ghost, "")]), [LocalFact::StaleSdk]);
}

#[test]
fn a_file_that_takes_the_place_of_the_sdk_is_found() {
    let import = ("app.py", "from google import genai\n");
    assert_eq!(kinds(&[("google.py", ""), import]), [LocalFact::SdkShadowed]);
    assert_eq!(kinds(&[("google.py", "")]), [], "nobody imports it");
    assert_eq!(kinds(&[("tests/google.py", ""), import]), []);
}

#[test]
fn an_open_version_is_told_where_no_lock_holds_it() {
    for (files, open) in [
        (vec![("requirements.txt", "google-genai>=2")], true),
        (vec![("requirements.txt", "google-genai>=2"), ("uv.lock", "")], true),
        (vec![("pyproject.toml", "dependencies = [\"google-genai>=2\"]")], true),
        (vec![("pyproject.toml", "dependencies = [\"google-genai>=2\"]"), ("uv.lock", "")], false),
        (
            vec![
                ("package.json", r#"{"dependencies": {"@google/genai": "^2.0.0"}}"#),
                ("yarn.lock", ""),
            ],
            false,
        ),
        (vec![("requirements.txt", "openai\nhttpx\n")], false),
    ] {
        let expected: Vec<LocalFact> = open.then_some(LocalFact::SdkUnpinned).into_iter().collect();
        assert_eq!(kinds(&files), expected, "{files:?}");
    }
}

#[test]
fn an_open_version_is_told_for_its_ecosystem_with_what_is_written() {
    for (file, text, fact, asked) in [
        ("requirements.txt", "google-genai>=2", LocalFact::SdkUnpinned, ">=2"),
        (
            "package.json",
            r#"{"dependencies": {"@google/genai": "^0.1.3"}}"#,
            LocalFact::SdkUnpinnedNode,
            "^0.1.3",
        ),
        (
            "Cargo.toml",
            "[dependencies]\ngemini-rust = { version = \"1.2\" }",
            LocalFact::SdkUnpinnedRust,
            "1.2",
        ),
        (
            "build.gradle",
            "implementation 'com.google.genai:google-genai:1.+'",
            LocalFact::SdkUnpinnedJvm,
            "1.+",
        ),
        (
            "app.csproj",
            r#"<PackageReference Include="Google.GenAI" Version="1.*" />"#,
            LocalFact::SdkUnpinnedDotNet,
            "1.*",
        ),
    ] {
        let scratch = project(&[(file, text)]);
        let told = told(&scratch, None);
        assert_eq!(told.iter().map(|(fact, _)| *fact).collect::<Vec<_>>(), [fact], "{file}");
        assert!(told[0].1.ends_with(&format!(" open ({asked})")), "{}", told[0].1);
        let found = look(&scratch.machine(&[]), Limits::SHORT);
        assert_eq!(found.sdks[0].asked.as_deref(), Some(asked), "{file}");
    }
}

#[test]
fn antigravity_is_named_with_its_version_and_makes_no_fact() {
    let site = environment(&[("google_antigravity", "0.1.7", "google/antigravity")]);
    let files = with(
        &site,
        &[("node_modules/@google/antigravity/package.json", r#"{"version": "0.2.0"}"#)],
    );
    let scratch = project(&files);
    let found = look(&scratch.machine(&[]), Limits::SHORT);
    let words: Vec<String> = found.sdks.iter().map(Sdk::words).collect();
    assert_eq!(words, ["google-antigravity 0.1.7", "@google/antigravity 0.2.0"]);
    assert_eq!(facts(&found, None), []);
}

#[test]
fn a_project_is_more_than_the_directory_one_stands_in() {
    let scratch = project(&[
        (".git/HEAD", ""),
        ("package.json", r#"{"dependencies": {"@google/generative-ai": "1.0.0"}}"#),
        ("node_modules/@google/generative-ai/package.json", "{}"),
        ("apps/web/src/a.ts", "import x from '@google/generative-ai'"),
    ]);
    let mut machine = scratch.machine(&[]);
    machine.directory = scratch.path().join("apps/web");
    assert_eq!(facts(&look(&machine, Limits::SHORT), None).len(), 3);
    let outside = project(&[
        ("package.json", r#"{"dependencies": {"@google/generative-ai": "1.0.0"}}"#),
        ("a/x", ""),
    ]);
    let mut machine = outside.machine(&[]);
    machine.directory = outside.path().join("a");
    assert_eq!(facts(&look(&machine, Limits::SHORT), None), [], "no repository joins them");
}

#[test]
fn a_home_directory_is_not_looked_through() {
    let scratch =
        project(&[("old/a.py", "import google.generativeai\n"), ("requirements.txt", "")]);
    let home = scratch.path().display().to_string();
    let found = look(&scratch.machine(&[("HOME", &home)]), Limits::SHORT);
    assert!(found.code.is_empty());
    assert_eq!(found.left_out, ["the directories below a home or root directory"]);
}

#[test]
fn an_active_environment_elsewhere_counts_as_the_projects() {
    let site = environment(&[("google_generativeai", "0.8.5", "google/generativeai")]);
    let elsewhere = project(&with(&site, &[]));
    let prefix = elsewhere.path().join(".venv").display().to_string();
    let scratch = project(&[("a.py", "x = 1\n")]);
    let found = look(&scratch.machine(&[("VIRTUAL_ENV", &prefix)]), Limits::SHORT);
    assert_eq!(facts(&found, None)[0].0, LocalFact::RetiredPythonSdk);
    let found = look(&scratch.machine(&[("VIRTUAL_ENV", "/no/such/place")]), Limits::SHORT);
    assert!(facts(&found, None).is_empty());
}

#[test]
fn odd_files_end_in_nothing() {
    for name in [
        "package.json",
        "poetry.lock",
        "Pipfile.lock",
        "pom.xml",
        "go.mod",
        "pyproject.toml",
        "requirements.txt",
        "Cargo.toml",
        "a.py",
        "a.js",
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "build.gradle",
        "libs.versions.toml",
        "x.csproj",
    ] {
        for text in [
            "",
            "\u{0}\u{1}",
            "{",
            "[[[[",
            "\"",
            "<dependency>",
            "é\"'",
            "google-genai[",
            "@google/genai@",
            "name = \nversion",
            "model=\"gemini-",
        ] {
            let scratch = project(&[(name, text)]);
            let _ = told(&scratch, Some("gemini-4-argon"));
        }
    }
}

/// Bounded by counts, so that a slow machine shows the same.
#[test]
fn a_large_node_modules_costs_nothing() {
    let scratch = project(&[("package.json", r#"{"dependencies": {"@google/genai": "2.29.1"}}"#)]);
    for at in 0..400 {
        scratch.file(&format!("node_modules/p{at}/index.js"), "require('@google/generative-ai')");
    }
    let found = look(&scratch.machine(&[]), Limits { entries: 20, files: 3, ..Limits::SHORT });
    assert!(found.left_out.is_empty(), "{:?}", found.left_out);
}
