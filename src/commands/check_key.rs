//! `check-key`: staged validation of a key; it stops at the first broken layer and names it.

use clap::Args;
use serde_json::{Value, json};

use crate::{
    error::UserError,
    facts::{Api, looks_like_key},
    gemini::key_shape,
    probe::{
        Plan, Product, Then,
        key::{Acceptor, Depth},
        matrix::{self, RouteTried},
    },
    report::document::{Column, Sheet},
    settings::{Given, KeySource, ProxySetting, Settings, World, read_source},
};

use super::{health::HealthUrl, plans};

/// What `check-key` takes.
#[derive(Args)]
pub struct CheckKey {
    /// also test a streamed answer, a tool round trip and a structured answer (paid)
    #[arg(long, conflicts_with = "no_generate")]
    pub deep: bool,
    /// stop before anything that costs
    #[arg(long)]
    pub no_generate: bool,
    /// show that this new key works for every model in use: env:NAME, file:PATH, stdin, command:CMD or profile:NAME
    #[arg(long, value_name = "SOURCE", conflicts_with_all = ["expect_dead", "transport_matrix"])]
    pub successor: Option<String>,
    /// a model in use that the successor must work for (repeatable)
    #[arg(long, value_name = "NAME", requires = "successor")]
    pub in_use: Vec<String>,
    /// pass only if the key is refused as a key
    #[arg(long, conflicts_with = "transport_matrix")]
    pub expect_dead: bool,
    /// try the key by every route, query and Bearer among them; rotate it afterwards (needs --yes)
    #[arg(long)]
    pub transport_matrix: bool,
    /// an end point of the caller's own
    #[command(flatten)]
    pub health: HealthUrl,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

impl CheckKey {
    /// The plan for these arguments.
    pub fn plan(&self, settings: &Settings, world: &World) -> Result<Plan, UserError> {
        let depth = match (self.no_generate || self.transport_matrix, self.deep) {
            (true, _) => Depth::Free,
            (false, true) => Depth::Deep,
            (false, false) => Depth::Generate,
        };
        let mut key = plans::key_plan(settings, depth);
        key.health = self.health.plan()?;
        Ok(Plan { key, then: self.then(settings, world)? })
    }

    /// What is about keys has no meaning for a login.
    fn refuse_for_a_login(&self, settings: &Settings) -> Result<(), UserError> {
        let about_keys = [
            ("--successor", self.successor.is_some()),
            ("--expect-dead", self.expect_dead),
            ("--transport-matrix", self.transport_matrix),
        ];
        let is_login = matches!(settings.endpoint.value.api, Api::Vertex { .. });
        match about_keys.iter().find(|(_, is_given)| *is_given && is_login) {
            None => Ok(()),
            Some((option, _)) => Err(UserError::usage(
                format!("could not use {option} with --api vertex: it is about keys"),
                format!("leave out {option}, or --api vertex"),
            )),
        }
    }

    fn then(&self, settings: &Settings, world: &World) -> Result<Then, UserError> {
        self.refuse_for_a_login(settings)?;
        if self.expect_dead {
            Ok(Then::ExpectDead)
        } else if self.transport_matrix {
            self.matrix(settings)
        } else if let Some(source) = &self.successor {
            self.successor(source, world)
        } else {
            Ok(Then::Nothing)
        }
    }

    /// Odd places for a key need a spoken yes, a direct way and the provider's own host.
    fn matrix(&self, settings: &Settings) -> Result<Then, UserError> {
        if !settings.budget.yes && !settings.budget.dry_run {
            return Err(UserError::usage(
                "--transport-matrix sends the key in a URL and as a Bearer token, where logs can keep it",
                "add --yes if that is wanted, and rotate the key afterwards",
            ));
        }
        if settings.endpoint.value.api == Api::OpenAi {
            return Err(UserError::usage(
                "could not use --transport-matrix with --api openai: it tries the routes of both by itself",
                "leave out --api openai",
            ));
        }
        if !matrix::may_run(&settings.endpoint.value, uses_proxy(settings)) {
            return Err(UserError::usage(
                "--transport-matrix runs only against Google's own hosts over TLS or this machine, and never through a proxy",
                "leave out --base-url and add --no-proxy",
            ));
        }
        Ok(Then::TransportMatrix)
    }

    fn successor(&self, source: &str, world: &World) -> Result<Then, UserError> {
        if self.in_use.iter().any(|model| looks_like_key(model)) {
            return Err(UserError::key_as_name("--in-use"));
        }
        let source = KeySource::parse(source)
            .map_err(|error| UserError { what: format!("--successor: {}", error.what), ..error })?;
        if world.simulated && reads_machine(&source) {
            return Err(UserError::usage(
                "could not use this --successor with --simulate: nothing of this machine is read",
                "name a variable of the scenario, env:NAME, or leave out --simulate",
            ));
        }
        let (key, _) = read_source(&source, world)?;
        let shape = key_shape::shape(key.expose());
        let Some(key) = shape.sendable.clone() else {
            return Err(UserError::usage(
                format!("the new key cannot be put into a header: {}", shape.notes.join("; ")),
                "copy it again as plain text",
            ));
        };
        Ok(Then::Successor { key, shape, models: self.in_use.clone() })
    }
}

/// Variables and profiles are the scenario's own; the rest would be this machine's.
fn reads_machine(source: &KeySource) -> bool {
    match source {
        KeySource::File(_) | KeySource::Stdin | KeySource::Command(_) => true,
        KeySource::Variable(_) | KeySource::Profile(_) => false,
    }
}

/// Whether a proxy was named, or variables may name one.
fn uses_proxy(settings: &Settings) -> bool {
    match &settings.network.proxy {
        ProxySetting::Off => false,
        ProxySetting::Url(_) => true,
        ProxySetting::FromVariables(variables) => {
            variables.keys().any(|name| !name.eq_ignore_ascii_case("no_proxy"))
        }
    }
}

/// The command's own results.
pub fn results(product: &Product) -> (Value, Vec<Sheet>) {
    let matrix: Vec<Value> = product.matrix.iter().map(route_json).collect();
    let sheets =
        if product.matrix.is_empty() { Vec::new() } else { vec![matrix_sheet(&product.matrix)] };
    let data = json!({
        "listed_models": product.learnt.listed.len(),
        "model_was_picked": product.learnt.model_was_picked,
        "key_accepted_by": product.learnt.accepted_by.map(Acceptor::word),
        "transport_matrix": matrix,
    });
    (data, sheets)
}

fn route_json(one: &RouteTried) -> Value {
    json!({"route": one.route, "status": one.status, "answer": one.answer, "meaning": one.meaning})
}

fn matrix_sheet(matrix: &[RouteTried]) -> Sheet {
    let row = |one: &RouteTried| {
        let status = one.status.map_or("-".to_owned(), |status| status.to_string());
        vec![one.route.to_owned(), status, one.meaning.to_owned()]
    };
    Sheet {
        title: "the key by every route".to_owned(),
        columns: vec![Column::text("route"), Column::number("status"), Column::text("meaning")],
        rows: matrix.iter().map(row).collect(),
        notes: vec!["rotate this key: it was in a URL and in a Bearer header".to_owned()],
    }
}
