//! `bench-transport`: does the protocol matter here, and how much of the wait is it? Its arguments, the
//! plan that they become, and what a finished run is told with. Must neither ask nor print.

mod data;
mod earlier;
mod http2;
mod idle;
mod judged;
mod limit;
mod mode;
mod rate;
mod sheets;
mod why_timeout;
mod words;

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use crate::{
    bench::{Arm, Side},
    error::UserError,
    facts::{Api, Endpoint, HostKind, Protocol, Sample, Warmth},
    gemini::openai,
    probe::{
        Plan, Then,
        bench::{BenchPlan, Benched, Earlier, Mode, Other, Workload},
        key::Depth,
    },
    report::document::{Remark, Sheet},
    settings::{Given, HttpVersion, ProxySetting, Settings, World, read_text},
};

use super::{own_text::OwnText, plans};

use earlier::Ours;

pub use judged::Judged;

/// The largest file that is read: many times what a request may be, since a document of many samples is
/// larger than one.
const MOST_OF_FILE: u64 = 256 * 1024 * 1024;

/// Rounds where every call is free.
const ROUNDS: u32 = 60;
/// Rounds where calls cost money.
const PAID_ROUNDS: u32 = 12;
/// More rounds than anybody waits for.
const MOST_ROUNDS: u32 = 1_000_000;
/// More calls in rounds than one run can keep.
const MOST_SAMPLES: u64 = 1_000_000;
/// More calls at a time than this are a load test of somebody else's service.
const MOST_AT_ONCE: usize = 64;
/// More words than a model writes in one answer.
const MOST_WORDS: u32 = 20_000;

const EXAMPLES: &str = "\
What is compared: every way is gone once in each round, in an order that is
shuffled anew; one of them twice, and what those two differ by is noise. Warm
calls go over a connection that has carried one before, cold ones open their
own. Failed calls have rows and findings of their own and are in no latency.

  gemini-doctor bench-transport
  gemini-doctor bench-transport --arms h1,h2,grpc --workload words:500 --yes
  gemini-doctor bench-transport --versus base-url=https://gateway.example
  gemini-doctor bench-transport --require h2
  gemini-doctor bench-transport --rate 12 --duration 60s --yes
  gemini-doctor bench-transport --idle-sweep";

/// What `bench-transport` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct BenchTransport {
    /// the ways to compare: h1, h2, grpc, h3, each alone or with -cold, -warm or -resumed
    /// [default: h1,h2]
    #[arg(long, value_name = "LIST", help_heading = "Ways")]
    pub arms: Option<String>,
    /// compare two of something: families, direct, address=IP, base-url=URL (which gets the key too)
    /// or model=NAME
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["rate", "find_limit", "idle_sweep"], help_heading = "Ways")]
    pub versus: Option<String>,
    /// fail unless this protocol is what a server picks that is offered all
    #[arg(long, value_name = "PROTOCOL", conflicts_with = "instead", help_heading = "Ways")]
    pub require: Option<Required>,
    /// go no way twice, so that nothing shows how large noise is
    #[arg(long, conflicts_with = "instead", help_heading = "Ways")]
    pub no_again: bool,
    /// what each call asks: ping, tokens (both free), words:N or stream:N [default: ping]
    #[arg(long, value_name = "WHAT", conflicts_with = "request", help_heading = "Calls")]
    pub workload: Option<String>,
    /// ask what is in this file: the JSON body of a generateContent call
    #[arg(long, value_name = "FILE", help_heading = "Calls")]
    pub request: Option<PathBuf>,
    /// have the answer to --request come as a stream
    #[arg(long, requires = "request", help_heading = "Calls")]
    pub stream: bool,
    /// rounds at most [default: 60, or 12 where calls cost money]
    #[arg(long, value_name = "N", conflicts_with = "instead", help_heading = "Calls")]
    pub rounds: Option<u32>,
    /// time for the rounds at most, or for calls at a rate, such as 30s or 2m [default: 60s]
    #[arg(long, value_name = "TIME", conflicts_with = "idle_sweep", help_heading = "Calls")]
    pub duration: Option<String>,
    /// calls at the same time over each way
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        conflicts_with = "instead",
        help_heading = "Calls"
    )]
    pub concurrency: usize,
    /// fail if a way is slower than in this earlier run, a JSON document of this command
    #[arg(long, value_name = "FILE", conflicts_with = "instead", help_heading = "Verdict")]
    pub baseline: Option<PathBuf>,
    /// make N calls a second, each when it is due, and tell whether that is held; needs --yes
    #[arg(long, value_name = "N", group = "instead", help_heading = "Instead of rounds")]
    pub rate: Option<f64>,
    /// find the rate and the capacity of the limit that a gateway sets; needs --yes
    #[arg(long, group = "instead", help_heading = "Instead of rounds")]
    pub find_limit: bool,
    /// find after how many idle seconds connections are closed [default: 1,2,4,6,10]
    #[arg(
        long,
        value_name = "LIST",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = mode::IDLE_TIMES,
        group = "instead",
        help_heading = "Instead of rounds"
    )]
    pub idle_sweep: Option<String>,
    /// tell whether calls time out by their size, by the network or by the load of the model
    #[arg(
        long,
        group = "instead",
        conflicts_with_all = ["workload", "request", "stream"],
        help_heading = "Instead of rounds"
    )]
    pub why_timeout: bool,
    /// where the request may go
    #[command(flatten)]
    pub own_text: OwnText,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

/// The protocol that must be negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Required {
    /// HTTP/2, wherever the server may choose
    H2,
    /// HTTP/3: its way must be there
    H3,
    /// gRPC: its way must be there
    Grpc,
}

impl Required {
    const fn protocol(self) -> Protocol {
        match self {
            Self::H2 => Protocol::H2,
            Self::H3 => Protocol::H3,
            Self::Grpc => Protocol::Grpc,
        }
    }
}

impl BenchTransport {
    /// The plan for these arguments. A file is looked for where it was typed, in each of these places.
    pub fn plan(&self, settings: &Settings, worlds: &[&World]) -> Result<Plan, UserError> {
        self.refuse_http_option()?;
        let model = self.model(settings)?;
        let request = self.request.as_deref().map(|path| read_file("request", path, worlds));
        let request = request.transpose()?;
        let workload = self.workload(request.as_deref())?;
        self.refuse_openai(&workload, settings)?;
        let other = self.versus.as_deref().map(|text| other(text, settings, &model)).transpose()?;
        self.refuse_hosts(&workload, other.as_ref(), settings)?;
        let mode = self.mode(settings, &model, other.as_ref())?;
        self.refuse_idle_models(other.as_ref(), &mode, &workload)?;
        let usual = if workload.method().is_paid() { PAID_ROUNDS } else { ROUNDS };
        let concurrency = at_once(self.concurrency)?;
        let base_url = settings.endpoint.value.base_url();
        let ours = Ours { workload: &workload, concurrency, base_url, model: &model };
        let earlier = self.earlier(worlds, &ours)?;
        let bench = BenchPlan {
            arms: self.arms_for(&mode, settings, other.as_ref())?,
            again: !self.no_again,
            // The other model of a run that explains time-outs is in no comparison.
            other: other.filter(|_| mode == Mode::Rounds),
            rounds: rounds(self.rounds.unwrap_or(usual))?,
            most_ms: self.most_ms(&mode)?,
            concurrency,
            earlier,
            require: self.require.map(Required::protocol),
            seed: settings.seed,
            mode,
            workload,
            model: model.clone(),
        };
        not_too_many(&bench)?;
        let mut key = plans::key_plan(settings, Depth::Free);
        key.model = Some(model);
        Ok(Plan { key, then: Then::Bench(Box::new(bench)) })
    }

    /// The command line that asks the same again, without what all live commands take.
    pub fn again(&self) -> String {
        let path = |path: &PathBuf| path.display().to_string();
        let sweep = self.idle_sweep.as_ref().map(|list| format!("--idle-sweep={list}"));
        let options = [
            ("--arms", self.arms.clone()),
            ("--versus", self.versus.clone()),
            ("--workload", self.workload.clone()),
            ("--request", self.request.as_ref().map(path)),
            ("--rate", self.rate.map(|rate| rate.to_string())),
            ("--rounds", self.rounds.map(|rounds| rounds.to_string())),
            ("--duration", self.duration.clone()),
            ("--baseline", self.baseline.as_ref().map(path)),
        ];
        let flags = [
            ("--stream", self.stream),
            ("--find-limit", self.find_limit),
            ("--why-timeout", self.why_timeout),
            ("--yes", self.given.yes),
        ];
        let options =
            options.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        let flags =
            flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name.to_owned());
        let words = ["gemini-doctor bench-transport".to_owned()].into_iter();
        let words: Vec<String> = words.chain(options).chain(sweep).chain(flags).collect();
        format!("{}{}", words.join(" "), self.own_text.options())
    }

    fn earlier(&self, worlds: &[&World], ours: &Ours<'_>) -> Result<Option<Earlier>, UserError> {
        let Some(path) = &self.baseline else { return Ok(None) };
        let text = read_file("baseline", path, worlds)?;
        earlier::read(&path.display().to_string(), &text, ours).map(Some)
    }

    /// A ping shows nothing of a model but its entry.
    fn refuse_idle_models(
        &self,
        other: Option<&Other>,
        mode: &Mode,
        workload: &Workload,
    ) -> Result<(), UserError> {
        let is_idle = matches!(other, Some(Other::Model(_))) && *workload == Workload::Ping;
        match is_idle && *mode == Mode::Rounds {
            true => Err(UserError::usage(
                "could not compare models with --workload ping, which no model has a part in",
                "add --workload tokens (free), or stream:50 or words:50, and --arms h2-warm",
            )),
            false => Ok(()),
        }
    }

    /// A request of the caller's own goes to each side only where it may.
    fn refuse_hosts(
        &self,
        workload: &Workload,
        other: Option<&Other>,
        settings: &Settings,
    ) -> Result<(), UserError> {
        if !matches!(workload, Workload::Own { .. }) {
            return Ok(());
        }
        self.own_text.may_go_to(&settings.endpoint.value, settings)?;
        match other {
            Some(Other::BaseUrl(endpoint)) => self.own_text.may_go_to(endpoint, settings),
            _ => Ok(()),
        }
    }

    /// What OpenAI's API has no call or no way for.
    fn refuse_openai(&self, workload: &Workload, settings: &Settings) -> Result<(), UserError> {
        if settings.endpoint.value.api != Api::OpenAi {
            return Ok(());
        }
        let of_another_form = match workload {
            Workload::Own { body, .. } => !openai::body::is_chat(body),
            _ => false,
        };
        let grpc = self.arms.as_deref().is_some_and(|arms| arms.contains("grpc"));
        let what = match workload {
            _ if self.why_timeout => {
                "--why-timeout with --api openai: it counts tokens, which that API cannot"
            }
            _ if grpc || self.require == Some(Required::Grpc) => {
                "gRPC with --api openai: it carries Google's own API alone"
            }
            Workload::Tokens => "--workload tokens with --api openai: it has no countTokens",
            _ if of_another_form => "this --request with --api openai: it has no \"messages\"",
            _ => return Ok(()),
        };
        Err(UserError::usage(
            format!("could not use {what}"),
            "for example --workload words:50 --arms h1,h2, or leave out --api openai",
        ))
    }

    fn refuse_http_option(&self) -> Result<(), UserError> {
        match self.given.http {
            None | Some(HttpVersion::Auto) => Ok(()),
            Some(_) => Err(UserError::usage(
                "could not use --http here: the ways say which version each speaks",
                "for example --arms h1, or --arms h2",
            )),
        }
    }

    fn model(&self, settings: &Settings) -> Result<String, UserError> {
        let set = settings.model.as_ref().map(|model| model.value.clone());
        let name = set.unwrap_or_else(|| settings.model_table.default_model().to_owned());
        plans::name_for(&name, &settings.endpoint.value.api)
    }

    fn arms(&self, settings: &Settings, other: Option<&Other>) -> Result<Vec<Arm>, UserError> {
        let usual = if settings.endpoint.value.secure { "h1,h2" } else { "h1" };
        let text = self.arms.as_deref().unwrap_or(usual);
        let arms = Arm::parse_list(text).map_err(|why| {
            UserError::usage(
                format!("could not use --arms {text}: {why}"),
                "for example --arms h1,h2-warm",
            )
        })?;
        let arms = self.with_required(arms);
        let others = arms.iter().filter(|_| other.is_some()).map(|arm| arm.to(Side::Other));
        Ok(arms.iter().copied().chain(others).collect())
    }

    /// What is required has a way. Whether HTTP/2 is picked shows without one.
    fn with_required(&self, mut arms: Vec<Arm>) -> Vec<Arm> {
        let wanted = self.require.map(Required::protocol).filter(|it| *it != Protocol::H2);
        if let Some(wanted) = wanted.filter(|it| arms.iter().all(|arm| arm.protocol != *it)) {
            arms.push(Arm::new(wanted, Warmth::Warm));
        }
        arms
    }

    fn workload(&self, request: Option<&str>) -> Result<Workload, UserError> {
        if let Some(text) = request {
            return own_request(text, self.stream);
        }
        let text = self.workload.as_deref().unwrap_or("ping");
        let words = |count: &str| count.parse().ok().filter(|n| (1..=MOST_WORDS).contains(n));
        let read = match text.split_once(':') {
            None if text == "ping" => Some(Workload::Ping),
            None if text == "tokens" => Some(Workload::Tokens),
            Some(("words", count)) => words(count).map(Workload::Words),
            Some(("stream", count)) => words(count).map(Workload::Stream),
            _ => None,
        };
        read.ok_or_else(|| {
            UserError::usage(
                format!("could not use --workload {text}: it is no workload"),
                format!(
                    "they are ping, tokens, words:N and stream:N, with N from 1 to {MOST_WORDS}"
                ),
            )
        })
    }
}

/// What a finished run is told with.
#[derive(Debug)]
pub struct Told {
    /// The `data` of the document.
    pub data: serde_json::Value,
    /// The tables.
    pub sheets: Vec<Sheet>,
    /// The remarks.
    pub remarks: Vec<Remark>,
    /// What the run does not show.
    pub limits: Vec<String>,
    /// The word of the headline.
    pub word: &'static str,
    /// Its sentence.
    pub sentence: String,
    /// Whether it stands whatever else was found.
    pub decided: bool,
}

/// Tells what a run brought, and whether somebody stopped it.
pub fn told(benched: &Benched, samples: &[Sample], settings: &Settings, stopped: bool) -> Told {
    let judged = Judged::of(benched, samples);
    let in_detail = settings.output.verbose > 0;
    match mode::told(&judged, in_detail) {
        Some(ours) if benched.leads_nowhere() => {
            let ours = mode::Ours { word: "UNCLEAR", sentence: words::nowhere(&judged), ..ours };
            ours.told(&judged, stopped)
        }
        Some(ours) => ours.told(&judged, stopped),
        None => {
            let (word, sentence) = match benched.leads_nowhere() {
                true => ("UNCLEAR", words::nowhere(&judged)),
                false => words::headline(&judged),
            };
            Told {
                data: data::data(&judged, (word, &sentence), stopped),
                sheets: sheets::sheets(&judged, in_detail),
                remarks: words::remarks(&judged),
                limits: words::limits(&judged),
                word,
                sentence,
                decided: false,
            }
        }
    }
}

fn read_file(what: &str, path: &Path, worlds: &[&World]) -> Result<String, UserError> {
    let places: Vec<PathBuf> = worlds.iter().map(|world| world.path(path)).collect();
    let place = places.iter().find(|place| place.exists()).or(places.first());
    let place = place.cloned().unwrap_or_else(|| path.to_owned());
    read_text(&place, MOST_OF_FILE).map(|decoded| decoded.text).map_err(|why| {
        UserError::usage(
            format!("could not read the {what} {}: {why}", path.display()),
            "give the path of a JSON file",
        )
    })
}

fn own_request(text: &str, stream: bool) -> Result<Workload, UserError> {
    let hint = "the file holds the body of a generateContent call: {\"contents\": [...]}";
    let body: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        UserError::usage(format!("could not read --request as JSON: {error}"), hint)
    })?;
    match body.get("contents").is_some_and(serde_json::Value::is_array) {
        true => Ok(Workload::Own { body: Box::new(body), stream }),
        false => Err(UserError::usage("could not use --request: it has no \"contents\"", hint)),
    }
}

fn other(text: &str, settings: &Settings, model: &str) -> Result<Other, UserError> {
    let refuse = |why: String| {
        UserError::usage(
            format!("could not use --versus {text}: {why}"),
            "it takes families, direct, address=IP, base-url=URL or model=NAME",
        )
    };
    match text.split_once('=').unwrap_or((text, "")) {
        // What is dialled then are the proxy's addresses, and its login would go there.
        ("families", "") | ("address", _) if has_proxy(settings) => {
            Err(refuse("a proxy is set, which picks the address itself; add --no-proxy".to_owned()))
        }
        ("families", "") => Ok(Other::Families),
        ("direct", "") if has_proxy(settings) => Ok(Other::Direct),
        ("direct", "") => Err(refuse("no proxy is set, so that all ways are direct".to_owned())),
        ("address", address) => address
            .parse::<IpAddr>()
            .map(Other::Address)
            .map_err(|_| refuse(format!("{address:?} is no IP address"))),
        ("base-url", _) if has_proxy_by_host(settings) => {
            // Which hosts go through it was decided for the usual one alone.
            Err(refuse(
                "proxy variables are set; add --proxy URL or --no-proxy for both".to_owned(),
            ))
        }
        ("base-url", url) => other_endpoint(url, settings).map_err(refuse),
        ("model", name) => match plans::name_for(name, &settings.endpoint.value.api)? {
            other if other == model => Err(refuse("it is the same model".to_owned())),
            other => Ok(Other::Model(other)),
        },
        _ => Err(refuse("that is nothing to compare".to_owned())),
    }
}

/// The key goes there too, since it is named; but not where anybody on the way could read it.
fn other_endpoint(url: &str, settings: &Settings) -> Result<Other, String> {
    let usual = &settings.endpoint.value;
    let endpoint = match usual.api {
        Api::OpenAi => Endpoint::parse_openai(url, None)?,
        _ => Endpoint::parse(url, &usual.api_version)?.speaking(usual.api.clone()),
    };
    if !endpoint.secure && endpoint.host_kind() != HostKind::Loopback {
        return Err("without TLS anybody on the way could read the key".to_owned());
    }
    Ok(Other::BaseUrl(Box::new(endpoint)))
}

fn has_proxy(settings: &Settings) -> bool {
    matches!(settings.network.proxy, ProxySetting::Url(_)) || has_proxy_by_host(settings)
}

/// Whether variables name a proxy, and with it the hosts that it is for.
fn has_proxy_by_host(settings: &Settings) -> bool {
    match &settings.network.proxy {
        ProxySetting::Off | ProxySetting::Url(_) => false,
        ProxySetting::FromVariables(variables) => {
            variables.keys().any(|name| !name.eq_ignore_ascii_case("no_proxy"))
        }
    }
}

fn rounds(rounds: u32) -> Result<u32, UserError> {
    match rounds {
        1..=MOST_ROUNDS => Ok(rounds),
        _ => Err(UserError::usage(
            format!("could not use --rounds {rounds}"),
            format!("give a number from 1 to {MOST_ROUNDS}"),
        )),
    }
}

/// Every sample is kept until the end.
fn not_too_many(bench: &BenchPlan) -> Result<(), UserError> {
    let ways = bench.arms.len() + usize::from(bench.again);
    let samples = u64::from(bench.rounds) * (ways * bench.concurrency) as u64;
    match bench.mode {
        Mode::Rounds if samples > MOST_SAMPLES => Err(UserError::usage(
            format!("could not make {samples} calls: rounds times ways times --concurrency"),
            format!("give fewer --rounds, so that there are no more than {MOST_SAMPLES} calls"),
        )),
        _ => Ok(()),
    }
}

fn at_once(calls: usize) -> Result<usize, UserError> {
    match calls {
        1..=MOST_AT_ONCE => Ok(calls),
        _ => Err(UserError::usage(
            format!("could not use --concurrency {calls}"),
            format!("give a number from 1 to {MOST_AT_ONCE}"),
        )),
    }
}
