//! A side that is being asked: its own connections, in the record that all share.

use crate::{
    facts::{Api, Clue, models::newest_stable_flash},
    gemini::{Call, wire::Model},
    net::How,
};

use super::{
    super::{
        Runner, Tried,
        runner::{Beside, Vault},
    },
    ComparePlan, Compared, LiveSide,
};

/// Connections of different sides have numbers that are this far apart.
const NUMBERS_APART: u32 = 1_000;

/// A side that is being asked.
pub(super) struct Asking<'a> {
    /// Its place among the sides.
    pub(super) index: usize,
    pub(super) live: &'a LiveSide,
    pub(super) runner: Runner<'a>,
    /// The model that it is asked about, once that is known.
    pub(super) model: Option<String>,
    /// Where its list lies, if that is not at the native place.
    pub(super) list_at: Option<&'static str>,
    /// Where it keeps the token that it gets, if it has a login.
    vault: &'a Vault,
}

/// The ways of all sides without any session of an earlier connection, in the order of the live sides.
pub(super) fn cold(plan: &ComparePlan) -> Vec<How> {
    let cold = |live: &LiveSide| How { tls: live.how.tls.cold(), ..live.how.clone() };
    let mut ways: Vec<How> = Vec::new();
    for (index, live) in plan.live() {
        // A saved side has a place among them too, so that a place means one side.
        ways.resize(index, live.how.clone());
        ways.push(cold(live));
    }
    ways
}

/// All that are asked, before anything was.
pub(super) fn begin<'a>(
    plan: &'a ComparePlan,
    runner: &Runner<'a>,
    vaults: &'a [Vault],
) -> Vec<Asking<'a>> {
    plan.live()
        .map(|(index, live)| {
            let (model, vault) = (live.model.clone(), &vaults[index]);
            let mut context = live.endpoint.clues();
            context.extend(live.context.iter().cloned());
            let number_after = u32::try_from(index).unwrap_or(0) * NUMBERS_APART;
            let runner = beside(runner, (live, vault), &live.how, (context, number_after));
            Asking { index, live, runner, model, list_at: None, vault }
        })
        .collect()
}

fn beside<'a>(
    runner: &Runner<'a>,
    (live, vault): (&'a LiveSide, &'a Vault),
    how: &'a How,
    (context, number_after): (Vec<Clue>, u32),
) -> Runner<'a> {
    let (endpoint, key) = vault.or_else(&live.endpoint, &live.key);
    let limits = live.limits.clone();
    let mut runner = runner.beside(Beside { endpoint, key, how, limits, context, number_after });
    runner.keep_in(vault);
    runner
}

impl<'a> Asking<'a> {
    /// Goes on over new connections that know of no earlier one.
    pub(super) fn start_cold(&mut self, ways: &'a [How]) {
        // What a login taught of every call stays known.
        let known = (self.runner.context().to_vec(), self.runner.connections());
        let how = &ways[self.index];
        self.runner = beside(&self.runner, (self.live, self.vault), how, known);
    }

    /// The list, where it is found.
    pub(super) fn list(&self) -> Call {
        self.list_at.map_or_else(|| Call::list(None), Call::list_at)
    }

    /// Sends a call. `Err` is the reason that it could not be sent.
    pub(super) async fn call(&mut self, call: &Call) -> Result<Tried, String> {
        let tried = self.runner.call(call).await;
        if tried.is_cut_short() { Err(tried.summary().to_owned()) } else { Ok(tried) }
    }
}

/// Has every side asked about a model: the one that was named, or the newest stable flash that all of
/// them list.
pub(super) fn choose_models(plan: &ComparePlan, sides: &mut [Asking<'_>], compared: &mut Compared) {
    let picked = common(compared).unwrap_or_else(|| plan.table.default_model().to_owned());
    for side in sides {
        let seen = &mut compared.sides[side.index];
        let is_native = side.live.endpoint.api != Api::OpenAi;
        let own = || if is_native { picked.clone() } else { own_name(&seen.listed, &picked) };
        let model = side.model.get_or_insert_with(own);
        seen.model = Some(model.clone());
    }
}

fn common(compared: &Compared) -> Option<String> {
    let lists: Vec<&Vec<Model>> =
        compared.sides.iter().map(|side| &side.listed).filter(|list| !list.is_empty()).collect();
    let (first, rest) = lists.split_first()?;
    let everywhere = |model: &&Model| {
        rest.iter().all(|list| list.iter().any(|other| bare(other) == bare(model)))
    };
    let usable = |model: &&Model| {
        model.supported_generation_methods.is_empty() || model.supports("generateContent")
    };
    newest_stable_flash(first.iter().filter(everywhere).filter(usable).map(bare)).map(str::to_owned)
}

/// A name without the providers that gateways put in front of it.
fn bare(model: &Model) -> &str {
    model.id().rsplit('/').next().unwrap_or_default()
}

/// The name that a gateway has for a model: as it is, or behind its provider's.
fn own_name(listed: &[Model], picked: &str) -> String {
    let is_plain = listed.is_empty() || listed.iter().any(|model| model.id() == picked);
    let own = listed.iter().find(|model| !is_plain && bare(model) == picked);
    own.map_or(picked, Model::id).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_asked_by_its_own_name_of_a_model() {
        let listed = |names: &[&str]| -> Vec<Model> {
            let model = |name: &&str| Model { name: (*name).to_owned(), ..Model::default() };
            names.iter().map(model).collect()
        };
        for (names, own) in [
            (&["models/gemini/gemini-3.5-flash"] as &[&str], "gemini/gemini-3.5-flash"),
            (&["vertex_ai/gemini-3.5-flash", "models/gemini-3.5-flash"], "gemini-3.5-flash"),
            (&["openai/gpt-5"], "gemini-3.5-flash"),
            (&[], "gemini-3.5-flash"),
        ] {
            assert_eq!(own_name(&listed(names), "gemini-3.5-flash"), own, "{names:?}");
        }
    }
}
