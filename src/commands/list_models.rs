//! `list-models`: every page of this key's list; one name looked up; a route file held against it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use regex::Regex;
use serde_json::{Value, json};

use crate::{
    error::UserError,
    facts::{Api, models::ModelTable},
    gemini::wire::Model,
    probe::{
        Plan, Product, Then,
        key::Depth,
        models::Filter,
        plan::Wanted,
        routes::{Route, RouteJudged},
    },
    report::document::Sheet,
    settings::{Given, Settings, World, read_text},
};

use super::{model_sheet, plans, route_file};

/// Far beyond any real map of tasks.
const MOST_OF_ROUTES: u64 = 4 * 1024 * 1024;

/// What `list-models` takes.
#[derive(Args)]
pub struct ListModels {
    /// look this name up instead of listing all
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// only models with this method; with NAME: the method it must have
    #[arg(long, value_name = "METHOD")]
    pub method: Option<String>,
    /// only models that think
    #[arg(long)]
    pub thinking: bool,
    /// only models that take at least this many tokens
    #[arg(long, value_name = "TOKENS")]
    pub min_input: Option<u64>,
    /// only names that match this regular expression
    #[arg(long = "match", value_name = "REGEX")]
    pub matching: Option<String>,
    /// order of the list
    #[arg(long, value_enum, default_value = "name")]
    pub sort: Sort,
    /// prove with free calls that what is listed can be used
    #[arg(long)]
    pub verify: bool,
    /// check this JSON map of tasks to models
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    pub routes: Option<PathBuf>,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// by name
    Name,
    /// most input tokens first
    Input,
    /// most output tokens first
    Output,
    /// newest first, by the dated table
    Released,
}

impl ListModels {
    /// The plan for these arguments. A relative path is looked for in each world's directory.
    pub fn plan(&self, settings: &Settings, worlds: &[&World]) -> Result<Plan, UserError> {
        if settings.endpoint.value.api == Api::Express {
            let verify = if self.verify { ", and so nothing to verify" } else { "" };
            let what = format!(
                "could not list models: with a key alone the cloud platform has no list{verify}"
            );
            let hint = match (self.verify, &self.name) {
                (true, Some(name)) => {
                    format!(
                        "ask for it: gemini-doctor check-key --api express --no-generate --model {name}"
                    )
                }
                (true, None) => {
                    "name a model, which is asked without a list: gemini-doctor check-key \
                                 --api express --no-generate --model NAME"
                        .to_owned()
                }
                _ => "use --api vertex with a login, or leave --api out for the Developer API"
                    .to_owned(),
            };
            return Err(UserError::usage(what, hint));
        }
        let wanted = Wanted {
            filter: self.filter()?,
            name: self.name.as_deref().map(plans::bare_name).transpose()?,
            method: self.method.clone(),
            routes: self.read_routes(worlds)?,
            verify: self.verify,
        };
        let key = plans::key_plan(settings, Depth::Free);
        Ok(Plan { key, then: Then::Models(wanted) })
    }

    /// The command's own results.
    pub fn results(&self, product: &Product, table: &ModelTable) -> (Value, Vec<Sheet>) {
        let shown = self.shown(product, table);
        let data = json!({
            "complete": product.listing.complete,
            "models": shown.iter().map(|model| model_sheet::json(model, table)).collect::<Vec<_>>(),
            "did_you_mean": product.near,
            "verified": product.verified.iter().map(|one| json!({
                "model": one.name, "get": one.get, "count_tokens": one.count, "usable": one.usable,
            })).collect::<Vec<_>>(),
            "routes": product.routes.iter().map(route_json).collect::<Vec<_>>(),
        });
        (data, self.sheets(product, &shown, table))
    }

    fn sheets(&self, product: &Product, shown: &[&Model], table: &ModelTable) -> Vec<Sheet> {
        let mut sheets = Vec::new();
        if !product.routes.is_empty() {
            sheets.push(model_sheet::routes(&product.routes));
        } else if !shown.is_empty() {
            sheets.push(model_sheet::models(shown, table, product.listing.models.len()));
        }
        if !product.verified.is_empty() {
            sheets.push(model_sheet::verified(&product.verified));
        }
        sheets
    }

    fn shown<'a>(&self, product: &'a Product, table: &ModelTable) -> Vec<&'a Model> {
        let filter = self.filter().unwrap_or_default();
        let mut shown: Vec<&Model> = product
            .listing
            .models
            .iter()
            .filter(|model| match self.name.as_deref() {
                Some(name) => model.id() == name.strip_prefix("models/").unwrap_or(name),
                None => filter.wants(model),
            })
            .collect();
        shown.sort_by(|left, right| self.sort.order(left, right, table));
        shown
    }

    fn filter(&self) -> Result<Filter, UserError> {
        Ok(Filter {
            method: self.method.clone(),
            thinking: self.thinking,
            min_input: self.min_input,
            pattern: self.pattern()?,
        })
    }

    fn pattern(&self) -> Result<Option<Regex>, UserError> {
        let Some(pattern) = &self.matching else { return Ok(None) };
        Regex::new(pattern).map(Some).map_err(|error| {
            let what = format!("--match {pattern:?} is no regular expression: {error}");
            UserError::usage(what, "for a part of a name, write just that part: --match flash")
        })
    }

    fn read_routes(&self, worlds: &[&World]) -> Result<Vec<Route>, UserError> {
        let Some(path) = &self.routes else { return Ok(Vec::new()) };
        let places = worlds.iter().map(|world| world.path(path));
        let place = places.clone().find(|place| place.exists()).or_else(|| places.clone().next());
        let decoded = read_text(&place.unwrap_or_default(), MOST_OF_ROUTES).map_err(|why| {
            let what = format!("could not read the routes of {}: {why}", path.display());
            UserError::usage(what, "give the path of a JSON file")
        })?;
        route_file::read(path, &decoded.text)
    }
}

impl Sort {
    fn order(self, left: &Model, right: &Model, table: &ModelTable) -> std::cmp::Ordering {
        let released =
            |model: &Model| table.find(model.id()).and_then(|entry| entry.released.clone());
        let by_kind = match self {
            Self::Name => std::cmp::Ordering::Equal,
            Self::Input => right.input_token_limit.cmp(&left.input_token_limit),
            Self::Output => right.output_token_limit.cmp(&left.output_token_limit),
            Self::Released => released(right).cmp(&released(left)),
        };
        by_kind.then_with(|| left.name.cmp(&right.name))
    }
}

fn route_json(one: &RouteJudged) -> Value {
    json!({
        "task": one.task,
        "model": one.model,
        "fallback": one.is_fallback,
        "result": one.word,
        "note": one.note,
    })
}
