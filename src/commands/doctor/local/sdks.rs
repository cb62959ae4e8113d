//! The row of the SDKs, with their table and their place in the document.

use serde_json::{Value, json};

use super::{SDKS, Seen, listed, row};
use crate::{
    local::{
        machine::Machine,
        sdks::{
            self, Found, How, Limits, Sdk,
            table::{AS_OF, Standing},
        },
    },
    report::document::{Column, Sheet},
    settings::Settings,
};

pub(super) fn look(machine: &Machine, settings: &Settings, quick: bool, seen: &mut Seen) {
    let found = sdks::look(machine, if quick { Limits::QUICK } else { Limits::SHORT });
    let model = settings.model.as_ref().map(|model| model.value.as_str());
    let facts = sdks::facts(&found, model);
    // The facts name the packages that they are about; the rest is in the table.
    let detail = if facts.is_empty() { detail(&found) } else { String::new() };
    seen.rows.push(row(SDKS, &detail, facts));
    seen.data.insert("sdks".to_owned(), found.sdks.iter().map(json).collect());
    seen.sheets.extend(sheet(&found));
    let more = if quick { "; without --quick more is read" } else { "" };
    let left_out = found.left_out.iter();
    seen.limits.extend(left_out.map(|what| format!("not looked at for SDKs: {what}{more}")));
}

/// Each package once, where it decides: installed before locked before asked for.
fn detail(found: &Found) -> String {
    let gemini: Vec<&Sdk> =
        best(found).into_iter().filter(|sdk| sdk.package.is_for_gemini()).collect();
    let others = best(found).into_iter().filter_map(|sdk| match sdk.package.standing {
        Standing::OtherProvider(name) => Some(name),
        _ => None,
    });
    let mut others: Vec<&str> = others.collect();
    others.sort_unstable();
    others.dedup();
    let beside = match others.is_empty() {
        true => String::new(),
        false => format!("; beside SDKs of {}", others.join(" and ")),
    };
    let words = |sdk: &&Sdk| format!("{} {} {}", sdk.words(), how(&sdk.how), sdk.place_words());
    match gemini.is_empty() {
        true => format!("no SDK for Gemini is installed or asked for here{beside}"),
        false => format!("{}{beside}", listed(&gemini.iter().map(words).collect::<Vec<_>>())),
    }
}

fn best(found: &Found) -> Vec<&Sdk> {
    let weight = |sdk: &Sdk| match sdk.how {
        How::Installed { own: true } => 0,
        How::Locked => 1,
        How::Declared { .. } => 2,
        How::Installed { own: false } => 3,
    };
    let mut all: Vec<&Sdk> = found.sdks.iter().collect();
    all.sort_by_key(|sdk| (sdk.package.ecosystem, sdk.package.name, weight(sdk)));
    all.dedup_by_key(|sdk| sdk.package.name);
    all
}

const fn how(how: &How) -> &'static str {
    match how {
        How::Installed { .. } => "in",
        How::Locked => "locked in",
        How::Declared { .. } => "asked for in",
    }
}

fn json(sdk: &Sdk) -> Value {
    let (how, exact) = match sdk.how {
        How::Installed { own: true } => ("installed", true),
        How::Installed { own: false } => ("installed_for_all", true),
        How::Locked => ("locked", true),
        How::Declared { exact } => ("declared", exact),
    };
    let standing = match sdk.package.standing {
        Standing::Current => "current",
        Standing::Retired(_) => "retired",
        Standing::Agent => "agent",
        Standing::Wrapper => "wrapper",
        Standing::OtherProvider(_) => "other_provider",
        Standing::Transport => "transport",
    };
    json!({
        "ecosystem": sdk.package.ecosystem.word(),
        "package": sdk.package.name,
        "standing": standing,
        "version": sdk.version,
        "asked": sdk.asked,
        "how": how,
        "exact": exact,
        "place": sdk.place,
        "line": sdk.line,
    })
}

fn sheet(found: &Found) -> Option<Sheet> {
    const MOST: usize = 40;
    let row = |sdk: &Sdk| {
        let version = sdk.version.as_ref().or(sdk.asked.as_ref());
        let version = version.map_or("open", String::as_str).to_owned();
        let how = match sdk.how {
            How::Installed { own: true } => "installed",
            How::Installed { own: false } => "for everybody",
            How::Locked => "locked",
            How::Declared { .. } => "asked for",
        };
        vec![sdk.package.name.to_owned(), version, how.to_owned(), sdk.place_words()]
    };
    let rows: Vec<Vec<String>> = found.sdks.iter().take(MOST).map(row).collect();
    (!rows.is_empty()).then(|| Sheet {
        title: format!("SDKs (known as of {AS_OF})"),
        columns: ["package", "version", "how", "where"].map(Column::text).to_vec(),
        rows,
        notes: Vec::new(),
    })
}
