//! What the packages and the code show together, as facts with their words. What follows from a fact is
//! said elsewhere.

use std::path::Path;

use super::{
    Environment, Found, How, Mark, Marked, Sdk, is_below,
    table::{self, Ecosystem, Standing},
};
use crate::facts::LocalFact;

/// The facts of what was found. `model` is the one that is known to be in use, where one is.
pub fn facts(found: &Found, model: Option<&str>) -> Vec<(LocalFact, String)> {
    let mut facts = without_package(found);
    facts.extend(retired(found));
    facts.extend(too_old(found, model));
    facts.extend(http2(found));
    facts.extend(shadowed(found));
    facts.extend(stale(found));
    facts.extend(unpinned(found));
    facts
}

/// Retired SDKs that the project uses. One that only lies in everybody's packages harms nobody.
fn retired(found: &Found) -> Vec<(LocalFact, String)> {
    let mut facts: Vec<(LocalFact, String)> = Vec::new();
    for sdk in found.sdks.iter().filter(|sdk| sdk.is_own()) {
        if let Standing::Retired(fact) = sdk.package.standing {
            let how = match sdk.how {
                How::Installed { .. } => "is installed in",
                How::Locked => "is locked in",
                How::Declared { .. } => "is asked for in",
            };
            facts.push((fact, format!("{} {how} {}", sdk.words(), sdk.place_words())));
        }
    }
    let marks = [
        (Mark::OldPython, LocalFact::RetiredPythonSdk, "google.generativeai"),
        (Mark::VertexModule, LocalFact::RetiredVertexModule, "vertexai.generative_models"),
        (Mark::OldJs, LocalFact::RetiredJsSdk, table::OLD_JS_SDK),
        (Mark::OldGo, LocalFact::RetiredGoSdk, table::OLD_GO_SDK),
    ];
    for (mark, fact, name) in marks {
        let places = places(&found.code, &mark);
        if !places.is_empty() {
            facts.push((fact, format!("{places} imports {name}")));
        }
    }
    facts
}

/// Where a mark was seen, in words; empty where it was not.
fn places(code: &[Marked], mark: &Mark) -> String {
    let places = code.iter().filter(|marked| marked.mark == *mark);
    places.map(|marked| marked.place.as_str()).collect::<Vec<_>>().join(", ")
}

/// Versions below what a model that is in use needs.
fn too_old(found: &Found, model: Option<&str>) -> Vec<(LocalFact, String)> {
    let named = found.code.iter().filter_map(|marked| match &marked.mark {
        Mark::Model(name) => Some((name.as_str(), format!("{} asks {name}", marked.place))),
        _ => None,
    });
    let given = model.map(|name| (name, format!("the model in use is {name}")));
    let mut models: Vec<(&str, String)> = given.into_iter().chain(named).collect();
    models.sort_unstable();
    models.dedup_by(|one, other| one.0 == other.0);
    let mut facts = Vec::new();
    for sdk in found.sdks.iter().filter(|sdk| decides(sdk, found)) {
        for (model, words) in &models {
            facts.extend(below(sdk, model, words).map(|detail| (LocalFact::SdkTooOld, detail)));
        }
    }
    facts
}

/// Whether a version is the one that runs: what is installed in the project decides before what is locked,
/// and that before what is asked for; everybody's packages count where the project says nothing.
fn decides(sdk: &Sdk, found: &Found) -> bool {
    let weight = |sdk: &Sdk| match sdk.how {
        How::Installed { own: true } => 3,
        How::Locked => 2,
        How::Declared { .. } => 1,
        How::Installed { own: false } => 0,
    };
    let rivals = found
        .sdks
        .iter()
        .filter(|other| other.package == sdk.package && (other.home == sdk.home || !sdk.is_own()));
    rivals.map(weight).max() == Some(weight(sdk))
}

fn below(sdk: &Sdk, model: &str, words: &str) -> Option<String> {
    let need = table::need_of(model, sdk.package)?;
    let version = sdk.version.as_ref()?;
    let place = sdk.place_words();
    (is_below(version, need.least)?).then(|| {
        format!(
            "{words}, which needs {} {} or later; {place} has {version}",
            need.package, need.least
        )
    })
}

/// Code that imports one generation, where only the other one is installed.
fn without_package(found: &Found) -> Vec<(LocalFact, String)> {
    let (old, new) = (table::OLD_PYTHON_SDK, table::PYTHON_SDK);
    let python = [(Mark::OldPython, old, new), (Mark::NewPython, new, old)];
    let python = python.iter().filter_map(|(mark, wanted, other)| {
        let marked = found.code.iter().find(|marked| marked.mark == *mark)?;
        let environment = environment_of(&marked.file, found)?;
        let only = !environment.has(wanted) && environment.has(other);
        only.then(|| lacking(marked, wanted, &environment.place, other))
    });
    let (old, new) = (table::OLD_JS_SDK, table::JS_SDK);
    let node = [(Mark::OldJs, old, new), (Mark::NewJs, new, old)];
    let node = node.iter().filter_map(|(mark, wanted, other)| {
        let marked = found.code.iter().find(|marked| marked.mark == *mark)?;
        let there = installed_for(marked, other, found)?;
        let lacks = installed_for(marked, wanted, found).is_none();
        lacks.then(|| lacking(marked, wanted, &there.place, other))
    });
    python.chain(node).map(|detail| (LocalFact::ImportWithoutSdk, detail)).collect()
}

fn lacking(marked: &Marked, wanted: &str, place: &str, other: &str) -> String {
    format!("{} imports {wanted}, and {place} has only {other}", marked.place)
}

/// A package in the directories that Node would look into for a file.
fn installed_for<'f>(marked: &Marked, name: &str, found: &'f Found) -> Option<&'f Sdk> {
    let mut all = found.sdks.iter().filter(|sdk| matches!(sdk.how, How::Installed { .. }));
    all.find(|sdk| sdk.package.name == name && marked.file.starts_with(&sdk.home))
}

/// The environment that code runs in: the nearest one beside or above it, or the one that is active.
fn environment_of<'f>(file: &Path, found: &'f Found) -> Option<&'f Environment> {
    let own = || found.environments.iter().filter(|environment| environment.own);
    let near = own().filter(|environment| file.starts_with(&environment.home));
    near.max_by_key(|environment| environment.home.components().count()).or_else(|| own().next())
}

fn http2(found: &Found) -> Option<(LocalFact, String)> {
    let marked = found.code.iter().find(|marked| marked.mark == Mark::Http2)?;
    let environment = environment_of(&marked.file, found)?;
    let (code, place) = (&marked.place, &environment.place);
    (environment.has("httpx") && !environment.has("h2")).then(|| {
        let detail = format!("{code} asks httpx for HTTP/2, and {place} has httpx without h2");
        (LocalFact::Http2Missing, detail)
    })
}

/// A file of the project's own named as Google's package, where code imports that.
fn shadowed(found: &Found) -> Option<(LocalFact, String)> {
    let imports = |mark: &Mark| matches!(mark, Mark::OldPython | Mark::NewPython);
    let marked = found.code.iter().find(|marked| imports(&marked.mark))?;
    let file = found.shadows.first()?;
    let detail =
        format!("{file} takes the place of Google's package, which {} imports", marked.place);
    Some((LocalFact::SdkShadowed, detail))
}

fn stale(found: &Found) -> Vec<(LocalFact, String)> {
    let own = found.environments.iter().filter(|environment| environment.own);
    let all = own.flat_map(|environment| &environment.stale);
    all.map(|detail| (LocalFact::StaleSdk, detail.clone())).collect()
}

/// Lines that leave the version of a Gemini SDK open, where no lock file beside or above them holds it.
fn unpinned(found: &Found) -> Vec<(LocalFact, String)> {
    let is_locked = |sdk: &Sdk| {
        let locks = found.locked.iter().filter(|(kind, _)| *kind == sdk.package.ecosystem);
        locks.into_iter().any(|(_, home)| sdk.home.starts_with(home))
            && !(sdk.package.ecosystem == Ecosystem::Python && sdk.place.ends_with(".txt"))
    };
    let open = found.sdks.iter().filter(|sdk| {
        let is_open = sdk.how == How::Declared { exact: false };
        is_open && sdk.package.is_for_gemini() && !is_locked(sdk)
    });
    open.map(|sdk| {
        let asked = sdk.asked.as_ref().map(|asked| format!(" ({asked})")).unwrap_or_default();
        let detail =
            format!("{} leaves the version of {} open{asked}", sdk.place_words(), sdk.package.name);
        (fact_of_open(sdk.package.ecosystem), detail)
    })
    .collect()
}

/// Each ecosystem pins in its own way. A line of Go's names one version always.
const fn fact_of_open(ecosystem: Ecosystem) -> LocalFact {
    match ecosystem {
        Ecosystem::Python | Ecosystem::Go => LocalFact::SdkUnpinned,
        Ecosystem::Node => LocalFact::SdkUnpinnedNode,
        Ecosystem::Rust => LocalFact::SdkUnpinnedRust,
        Ecosystem::Jvm => LocalFact::SdkUnpinnedJvm,
        Ecosystem::DotNet => LocalFact::SdkUnpinnedDotNet,
    }
}
