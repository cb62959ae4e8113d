//! `compare`: from what was typed to sides with their own keys and ways; and its findings, judged side by side.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    commands::{
        compare::{self, Compare, SideSettings, Typed, Wanted},
        plans,
    },
    diagnose::{Finding, Shell, judge},
    error::UserError,
    probe::{
        Plan, Then,
        compare::{ComparePlan, Compared, LiveSide, SidePlan, Source},
        key::{Depth, KeyPlan},
    },
    report::verdict,
    secret::ApiKey,
    settings::{Given, KeyChoice, Settings, World},
    simulate::Simulation,
};

use super::{carry::Carried, network, output::secrets_of};

/// A side with all that is known of it.
struct Side {
    plan: SidePlan,
    given: Given,
    settings: Option<Settings>,
}

/// A comparison before anything is sent.
pub(super) struct Comparing {
    sides: Vec<Side>,
    rounds: u32,
}

impl Comparing {
    /// The sides of these arguments. The surroundings are the simulated ones in a simulation.
    pub(super) fn of(
        args: &Compare,
        given: &Given,
        [world, machine]: [&World; 2],
        simulation: Option<&Simulation>,
    ) -> Result<Self, UserError> {
        let mut common: Option<KeyChoice> = None;
        let mut sides = Vec::new();
        let typed = args.typed()?;
        let has_login = typed.iter().any(|one| one.wanted.has_login(given));
        for typed in typed {
            let Some(mut own) = typed.wanted.settings(given, machine)? else {
                sides.push(saved(&typed, given, [machine, world])?);
                continue;
            };
            if has_login && !typed.wanted.has_login(given) {
                own.leave_login(&typed.wanted);
            }
            let settings = own.resolve(world, common.as_ref())?;
            if !own.has_own_key && common.is_none() {
                common = Some(settings.key.clone());
            }
            sides.push(live(&typed, own, settings, simulation)?);
        }
        Ok(Self { sides, rounds: args.rounds()? })
    }

    /// The settings of the first side that is asked.
    pub(super) fn leading(&self) -> Option<&Settings> {
        self.sides.iter().find_map(|side| side.settings.as_ref())
    }

    /// What no output may show.
    pub(super) fn secrets(&self) -> Vec<ApiKey> {
        let settings = || self.sides.iter().filter_map(|side| side.settings.as_ref());
        settings()
            .flat_map(|one| [secrets_of(one), plans::secrets_of_login(one)].concat())
            .collect()
    }

    /// The plan for it.
    pub(super) fn plan(&self, args: &Compare, settings: &Settings) -> Plan {
        let compare = ComparePlan {
            sides: self.sides.iter().map(|side| side.plan.clone()).collect(),
            in_a_row: args.is_in_a_row(),
            rounds: self.rounds,
            generate: args.generate,
            most_ms: args.most_ms(),
            seed: settings.seed,
            table: settings.model_table.clone(),
        };
        // Each side has a login of its own, if any.
        let key = KeyPlan { cloud: None, ..plans::key_plan(settings, Depth::Free) };
        Plan { key, then: Then::Compare(Box::new(compare)) }
    }

    /// The findings of each side by itself: what one side shows rules nothing out at another.
    pub(super) fn findings(&self, compared: &Compared, shell: Shell) -> Vec<Finding> {
        let mut all: Vec<(Finding, Vec<usize>)> = Vec::new();
        for (index, side) in compared.sides.iter().enumerate() {
            let mut found = judge(&side.rows, shell);
            if let Some(settings) = &self.sides[index].settings {
                let given = &self.sides[index].given;
                Carried::of(given, &settings.endpoint.value, settings.output.shell)
                    .rewrite(&mut found);
            }
            for finding in found {
                match all.iter_mut().find(|(known, _)| known.id == finding.id) {
                    Some((_, sides)) => sides.push(index),
                    None => all.push((finding, vec![index])),
                }
            }
        }
        let live = compared.sides.iter().filter(|side| side.saved.is_none()).count();
        rank(&mut all);
        all.into_iter().map(|(finding, sides)| named(finding, &sides, live, compared)).collect()
    }
}

/// What breaks calls comes before what will, and what decides the exit code before what does not, so that the
/// headline and the code are about the same finding; a rival stays with the cause that it is a rival of.
fn rank(all: &mut [(Finding, Vec<usize>)]) {
    let weight = |finding: &Finding| verdict::precedence(verdict::exit_of(finding.class));
    let weights: BTreeMap<String, u8> =
        all.iter().map(|(finding, _)| (finding.id.to_string(), weight(finding))).collect();
    all.sort_by_key(|(finding, _)| {
        let cause = finding.alternative_to.as_ref().map(ToString::to_string);
        let known = cause.and_then(|cause| weights.get(&cause).copied());
        (finding.severity, Reverse(known.unwrap_or_else(|| weight(finding))))
    });
}

/// A finding that says at which side it is, unless it is at all of them.
fn named(finding: Finding, sides: &[usize], live: usize, compared: &Compared) -> Finding {
    if sides.len() == live && live > 1 {
        return finding;
    }
    let labels: Vec<&str> =
        sides.iter().map(|index| compared.sides[*index].label.as_str()).collect();
    Finding { title: format!("side {}: {}", labels.join(" and "), finding.title), ..finding }
}

fn saved(typed: &Typed, given: &Given, worlds: [&World; 2]) -> Result<Side, UserError> {
    let Wanted::Saved { path, side } = &typed.wanted else {
        return Err(UserError::internal("a side with settings was taken for a saved one"));
    };
    let saved = compare::saved_side(path, side.as_deref(), &worlds)?;
    let plan = SidePlan {
        label: typed.label.clone(),
        described: typed.wanted.described(),
        source: Source::Saved(Box::new(saved)),
    };
    Ok(Side { plan, given: given.clone(), settings: None })
}

fn live(
    typed: &Typed,
    own: SideSettings,
    settings: Settings,
    simulation: Option<&Simulation>,
) -> Result<Side, UserError> {
    let mut key_plan = plans::key_plan(&settings, Depth::Free);
    network::lead_login(&mut key_plan, &settings)?;
    // A token takes the place of a key, and nothing else is sent with it.
    let key = plans::sendable(&settings).filter(|_| key_plan.cloud.is_none());
    let api = &settings.endpoint.value.api;
    let named = settings.model.as_ref().map(|model| plans::name_for(&model.value, api));
    let model = named.transpose()?;
    let live = LiveSide {
        endpoint: settings.endpoint.value.clone(),
        key: key.unwrap_or_else(|| ApiKey::new("")),
        how: network::how(&settings, simulation)?,
        limits: network::limits(&settings, simulation),
        context: compare::context(&settings, key_plan.cloud.as_deref()),
        key_plan,
        model,
    };
    let plan = SidePlan {
        label: typed.label.clone(),
        described: typed.wanted.described(),
        source: Source::Live(Box::new(live)),
    };
    Ok(Side { plan, given: own.given, settings: Some(settings) })
}
