//! `list-models`: every page of this key's list; names looked up; a route file and a lock held against it.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use regex::Regex;
use serde_json::{Value, json};

use crate::{
    diagnose::judge,
    error::UserError,
    facts::{Api, models::ModelTable},
    gemini::wire::Model,
    probe::{
        Plan, Product, Then,
        key::Depth,
        lock::{Lock, LockJudged},
        models::Filter,
        plan::Wanted,
        routes::{Route, RouteJudged},
    },
    report::document::{Remark, Sheet},
    settings::{Given, Settings, World, read_text},
};

use super::{lock_file, model_sheet, plans, route_file};

/// Far beyond any real map of tasks.
const MOST_OF_ROUTES: u64 = 4 * 1024 * 1024;

/// So many names stand in a sentence.
const NAMED: usize = 3;

/// Far beyond a lock of every model there is.
const MOST_OF_LOCK: u64 = 4 * 1024 * 1024;

/// What `list-models` takes.
#[derive(Args)]
pub struct ListModels {
    /// look these names up instead of listing all
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
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
    #[arg(long, value_name = "FILE", conflicts_with = "names")]
    pub routes: Option<PathBuf>,
    /// write down version, limits, methods and stage of the models in use: NAMEs, those of --routes, those that are
    /// filtered for, or the default
    #[arg(long, value_name = "FILE")]
    pub lock: Option<PathBuf>,
    /// hold the list against such a file: exit 1 if a model changed, is gone, or is in use and not in the file; more
    /// methods and higher limits are only noted. With --lock, that file is written anew for the same models
    #[arg(long, value_name = "FILE")]
    pub check_lock: Option<PathBuf>,
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
            let hint = match (self.verify, self.names.first()) {
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
            names: self
                .names
                .iter()
                .map(|name| plans::bare_name(name))
                .collect::<Result<_, _>>()?,
            method: self.method.clone(),
            routes: self.read_routes(worlds)?,
            verify: self.verify,
            check: self.read_lock(settings, worlds)?,
            lock: self.lock.is_some(),
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
            "lock": model_sheet::lock_json(&product.held),
        });
        (data, self.sheets(product, &shown, table))
    }

    fn sheets(&self, product: &Product, shown: &[&Model], table: &ModelTable) -> Vec<Sheet> {
        let mut sheets = Vec::new();
        let asks_of_lock = self.check_lock.is_some() && self.names.is_empty();
        if !product.routes.is_empty() {
            sheets.push(model_sheet::routes(&product.routes));
        } else if asks_of_lock {
            // The list is what it is held against, and not what was asked for.
        } else if !shown.is_empty() {
            sheets.push(model_sheet::models(shown, table, product.listing.models.len()));
        }
        sheets.extend(model_sheet::changes(&product.held.judged));
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
            .filter(|model| match self.names.as_slice() {
                [] => filter.wants(model),
                names => names
                    .iter()
                    .any(|name| plans::bare_name(name).is_ok_and(|name| name == model.id())),
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

    /// The lock to write, once the list was read.
    pub fn lock_to_write(
        &self,
        product: &Product,
        settings: &Settings,
    ) -> Option<(PathBuf, String, Remark)> {
        let path = self.lock.clone()?;
        let (locked_at, models) = product.held.record.as_ref()?;
        let head = lock_file::Head {
            locked_at,
            endpoint: &settings.endpoint.value,
            simulated: settings.simulate.as_deref(),
        };
        let text = lock_file::write(&head, models);
        let count = match models.len() {
            1 => "1 model".to_owned(),
            count => format!("{count} models"),
        };
        let text_of_remark = format!("{count} in {}; keep it with the code", path.display());
        let check = format!("gemini-doctor list-models --check-lock {}", path.display());
        let command = Some(check).filter(|_| judge::is_plain(&path.display().to_string()));
        Some((path, text, Remark { label: "locked", text: text_of_remark, command }))
    }

    /// Of when and of where the lock is that the list was held against.
    pub fn locked_then(&self, product: &Product, settings: &Settings) -> Option<Remark> {
        let lock = product.held.lock.as_ref()?;
        let own = settings.endpoint.value.base_url();
        let elsewhere =
            if lock.base_url == own { "" } else { ", which is another place than this run's" };
        let simulated = match (&lock.simulated, &settings.simulate) {
            (Some(name), None) => {
                format!("; it is of the simulated scenario {name}, and of nothing real")
            }
            _ => String::new(),
        };
        let day = lock.locked_at.split('T').next().unwrap_or_default();
        let text =
            format!("{} is of {day}, from {}{elsewhere}{simulated}", lock.file, lock.base_url);
        Some(Remark { label: "lock", text, command: None })
    }

    /// The word and the sentence of a list that was held against a lock.
    pub fn as_locked(&self, product: &Product) -> Option<(&'static str, String)> {
        let (is_as_locked, sentence) = self.held(product)?;
        let word = match is_as_locked {
            true if product.held.judged.iter().any(|one| one.is_retiring) => "WARN",
            true => "PASS",
            false => "FAIL",
        };
        Some((word, sentence))
    }

    /// Whether such a list is as the lock has it, and the sentence that says so.
    fn held(&self, product: &Product) -> Option<(bool, String)> {
        let file = self.check_lock.as_ref()?.display();
        let judged = &product.held.judged;
        let other: Vec<&str> = judged
            .iter()
            .filter(|one| one.word != "as locked")
            .map(|one| one.model.as_str())
            .collect();
        let told = match (judged.as_slice(), other.as_slice()) {
            ([], _) => return None,
            ([only], []) => (true, format!("{} is as {file} has it{}.", only.model, ends(judged))),
            (all, []) => {
                let (count, ends) = (all.len(), ends(judged));
                (true, format!("all {count} models are as {file} has them{ends}."))
            }
            (_, [only]) => (false, format!("{only} is not as {file} has it.")),
            (all, some) => {
                let names = some.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
                let more = match some.len().saturating_sub(NAMED) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                let (some, all) = (some.len(), all.len());
                (
                    false,
                    format!("{some} of {all} models are not as {file} has them: {names}{more}."),
                )
            }
        };
        Some(told)
    }

    fn read_lock(&self, settings: &Settings, worlds: &[&World]) -> Result<Option<Lock>, UserError> {
        let Some(path) = &self.check_lock else { return Ok(None) };
        let place = place_of(path, worlds);
        let decoded = read_text(&place, MOST_OF_LOCK).map_err(|why| {
            let what = format!("could not read the lock {}: {why}", path.display());
            UserError::usage(what, "write one with --lock FILE")
        })?;
        let lock = lock_file::read(path, &decoded.text)?;
        let api = settings.endpoint.value.api.word();
        if lock.api == api {
            return Ok(Some(lock));
        }
        let what = format!(
            "could not use the lock {}: it is of --api {}, and this run is of --api {api}",
            path.display(),
            lock.api
        );
        Err(UserError::usage(
            what,
            "the lists of two APIs tell different things: lock each by itself",
        ))
    }

    fn read_routes(&self, worlds: &[&World]) -> Result<Vec<Route>, UserError> {
        let Some(path) = &self.routes else { return Ok(Vec::new()) };
        let decoded = read_text(&place_of(path, worlds), MOST_OF_ROUTES).map_err(|why| {
            let what = format!("could not read the routes of {}: {why}", path.display());
            UserError::usage(what, "give the path of a JSON file")
        })?;
        route_file::read(path, &decoded.text)
    }
}

/// Of how many models that are as they were locked the end is announced.
fn ends(judged: &[LockJudged]) -> String {
    let names: Vec<&str> =
        judged.iter().filter(|one| one.is_retiring).map(|one| one.model.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        [_] if judged.len() == 1 => ", and its end is announced".to_owned(),
        [only] => format!(", and the end of {only} is announced"),
        some => format!(", and the end of {} is announced", some.len()),
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

/// Where a file of that name lies: in the first of the worlds that has it.
fn place_of(path: &Path, worlds: &[&World]) -> PathBuf {
    let places = worlds.iter().map(|world| world.path(path));
    let there = places.clone().find(|place| place.exists());
    there.or_else(|| places.clone().next()).unwrap_or_default()
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
