//! Which SDKs are installed here, where the cause of an error is one of them. Only adds what was seen.

use std::path::PathBuf;

use crate::{
    diagnose::{Finding, finding::Proof},
    local::{
        machine::Machine,
        sdks::{self, Limits, Sdk},
    },
    settings::World,
};

/// Causes that depend on an SDK's version.
const OF_SDKS: [&str; 3] =
    ["sdk-model-list-outdated", "sdk-package-missing-or-mixed", "client-schema-drift"];
/// More of them say no more.
const MOST: usize = 4;

/// Names the SDKs of this directory beside such a cause. The text may come from elsewhere, so that they
/// decide nothing.
pub(super) fn tell(findings: &mut [Finding], world: &World) {
    let mut of_sdks = findings.iter_mut().filter(|finding| OF_SDKS.contains(&finding.id.as_str()));
    let Some(finding) = of_sdks.next() else { return };
    let machine = Machine {
        variables: world.variables.clone(),
        directory: world.directory.clone(),
        root: (!world.simulated).then(|| PathBuf::from("/")),
    };
    let found = sdks::look(&machine, Limits::SHORT);
    let own = found.sdks.iter().filter(|sdk| sdk.is_own() && sdk.package.is_for_gemini());
    let words = |sdk: &Sdk| format!("{} in {}", sdk.words(), sdk.place_words());
    let named: Vec<String> = own.take(MOST).map(words).collect();
    if !named.is_empty() {
        let text = format!("in this directory: {}", named.join("; "));
        finding.evidence.push(Proof { attempt: None, text, decisive: false });
    }
}
