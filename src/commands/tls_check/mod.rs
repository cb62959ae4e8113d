//! `tls-check`: why this machine cannot, or should not, trust a connection. Its arguments, the plan that
//! they become, and what a finished run is told with. Must neither ask nor print.

mod data;
mod hosts;
mod runtimes;
mod saving;
mod sheets;
mod stores;
mod words;

use std::{
    cell::RefCell,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::Args;
use serde_json::Value;

use crate::{
    catalog,
    error::UserError,
    facts::check::Observation,
    local::{
        bundles::{self, Bundle},
        machine::Machine,
        runtimes::RuntimeFact,
    },
    probe::{
        Plan, Then,
        key::Depth,
        tls::{Looked, TlsPlan},
    },
    report::document::{Remark, Sheet},
    settings::{Given, Settings, Shell, World},
};

use super::plans;

pub use hosts::refuse_address_behind_proxy;
pub use runtimes::target;

const EXAMPLES: &str = "\
Nothing secret is sent: no key is read into a request, and connections that go on
past a chain which nobody trusts can carry none.

Examples:
  gemini-doctor tls-check
  gemini-doctor tls-check gateway.corp.example:8443 --ca-file corp-root.pem
  gemini-doctor tls-check --all-hosts --expires-within 14
  gemini-doctor tls-check --local
  gemini-doctor tls-check --simulate tls-missing-intermediate";

/// What `tls-check` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct TlsCheck {
    /// servers: a name or address, with a port or not, or a URL [default: the API's host]
    #[arg(value_name = "HOST[:PORT]")]
    pub hosts: Vec<String>,
    /// every host of the API: Developer API, Vertex AI (global, us, eu), tokens
    #[arg(long, conflicts_with = "hosts")]
    pub all_hosts: bool,
    /// the port of hosts that name none
    #[arg(long, value_name = "N", default_value_t = 443)]
    pub port: u16,
    /// send this name in the handshake; the certificate must be for HOST all the same
    #[arg(long, value_name = "NAME")]
    pub sni: Option<String>,
    /// dial this address, whatever the name leads to
    #[arg(long, value_name = "IP[:PORT]")]
    pub address: Option<String>,
    /// fail (exit 1) if a certificate of the chain is valid for less
    #[arg(long, value_name = "DAYS")]
    pub expires_within: Option<u32>,
    /// also let the OpenSSL, Python, Node, Java and Go of this machine connect
    #[arg(long)]
    pub local: bool,
    /// write this machine's roots if they trust the chain, for SSL_CERT_FILE and NODE_EXTRA_CA_CERTS
    #[arg(long, value_name = "FILE")]
    pub save_bundle: Option<PathBuf>,
    /// write the chain as it was sent, as PEM
    #[arg(long, value_name = "FILE")]
    pub save_chain: Option<PathBuf>,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

/// What the machine holds that has a say in a check.
pub struct Around {
    machine: Machine,
    bundles: Vec<Bundle>,
    runtimes: RefCell<Vec<RuntimeFact>>,
    /// The public roots of a simulated world, and those of its machine.
    simulated: Option<[String; 2]>,
}

/// What a finished run is told with.
pub struct Told {
    /// The command's own data.
    pub data: Value,
    /// Its tables.
    pub sheets: Vec<Sheet>,
    /// What is worth a line.
    pub remarks: Vec<Remark>,
    /// What this does not show.
    pub limits: Vec<String>,
    /// The word of the headline, where nothing is wrong.
    pub word: &'static str,
    /// Its sentence.
    pub sentence: String,
    /// Files to write.
    pub files: Vec<(PathBuf, String)>,
}

impl Around {
    /// Looks at the bundles of a machine.
    pub fn of(world: &World) -> Self {
        let around = Self::none(world);
        Self { bundles: bundles::look(&around.machine), ..around }
    }

    /// Looks at nothing.
    pub fn none(world: &World) -> Self {
        let machine = Machine {
            variables: world.variables.clone(),
            directory: world.directory.clone(),
            root: (!world.simulated).then(|| PathBuf::from("/")),
        };
        Self { machine, bundles: Vec::new(), runtimes: RefCell::default(), simulated: None }
    }

    /// A simulated world has roots of its own.
    #[must_use]
    pub fn simulated(self, public: &str, system: &str) -> Self {
        Self { simulated: Some([public, system].map(str::to_owned)), ..self }
    }

    /// Keeps what the runtimes of this machine showed.
    pub fn remember(&self, facts: Vec<RuntimeFact>) {
        self.runtimes.replace(facts);
    }

    /// The machine itself.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }
}

impl TlsCheck {
    /// The plan for these arguments.
    pub fn plan(&self, settings: &Settings, around: &Around) -> Result<Plan, UserError> {
        self.refuse_too_much(settings)?;
        let hosts = hosts::hosts(self, settings)?;
        let key = plans::key_plan(settings, Depth::Free);
        let then = TlsPlan {
            hosts,
            stores: stores::stores(around, settings),
            expires_within_days: self.expires_within,
            made_unix: made(),
        };
        Ok(Plan { key, then: Then::Tls(Box::new(then)) })
    }

    /// The command to check again with.
    pub fn again(&self) -> String {
        let hosts = self.hosts.iter().map(|host| format!(" {host}")).collect::<String>();
        let address = self.address.as_ref().map(|address| format!(" --address {address}"));
        let sni = self.sni.as_ref().map(|name| format!(" --sni {name}"));
        let all = if self.all_hosts { " --all-hosts" } else { "" };
        let port = if self.port == 443 { String::new() } else { format!(" --port {}", self.port) };
        let within = self.expires_within.map(|days| format!(" --expires-within {days}"));
        let local = self.local.then(|| " --local".to_owned());
        let options: String = [address, sni, within, local].into_iter().flatten().collect();
        format!("gemini-doctor tls-check{hosts}{all}{port}{options}")
    }

    fn refuse_too_much(&self, settings: &Settings) -> Result<(), UserError> {
        let one = self.hosts.len() <= 1 && !self.all_hosts;
        let single = [
            ("--address", self.address.is_some()),
            ("--sni", self.sni.is_some()),
            ("--save-chain", self.save_chain.is_some()),
            ("--save-bundle", self.save_bundle.is_some()),
        ];
        if let Some((option, _)) = single.iter().find(|(_, given)| *given && !one) {
            let what = format!("could not use {option} with several hosts");
            return Err(UserError::usage(what, "name one host"));
        }
        if self.local && settings.simulate.is_some() {
            return Err(UserError::usage(
                "could not use --local with --simulate: the programs of this machine know no simulated world",
                "leave out --local, or leave out --simulate",
            ));
        }
        Ok(())
    }

    /// `--address`, with the port of the host where it names none.
    fn pinned(&self, port: u16) -> Result<Option<SocketAddr>, UserError> {
        let Some(text) = &self.address else { return Ok(None) };
        let bare = text.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        let address = bare.map(|ip| SocketAddr::new(ip, port)).or_else(|| text.parse().ok());
        address.map(Some).ok_or_else(|| {
            UserError::usage(
                format!("could not use --address {text:?}: it is no IP address"),
                "for example --address 192.0.2.1 or --address [2001:db8::1]:8443",
            )
        })
    }
}

/// The day of the catalogue, which no right clock is behind.
fn made() -> u64 {
    let days = crate::facts::time::days(catalog::as_of()).unwrap_or(0);
    u64::try_from(days).unwrap_or(0) * 86_400
}

/// The host that cannot be trusted, or how many of several.
pub fn about(looked: &Looked) -> Option<String> {
    let mut bad = looked.hosts.iter().filter(|seen| !seen.is_trusted());
    let first = bad.next()?.host.label();
    match (1 + bad.count(), looked.hosts.len()) {
        (_, 1) => Some(first),
        (bad, all) => Some(format!("{bad} of {all} hosts fail, the first is {first}")),
    }
}

/// All that is told of a finished run.
pub fn told(args: &TlsCheck, looked: &Looked, around: &Around, shell: Shell) -> Told {
    let runtimes = &around.runtimes.borrow()[..];
    let (word, sentence) = words::headline(looked);
    let mut told = Told {
        data: data::data(looked, around, runtimes),
        sheets: sheets::sheets(looked, around, runtimes),
        remarks: words::remarks(looked, around, runtimes, shell),
        limits: words::limits(looked, around, runtimes),
        word,
        sentence,
        files: Vec::new(),
    };
    // A host that is trusted is not all that was asked for.
    if let Some(row) = saving::rows(args, looked, around).first().filter(|_| word == "TRUSTED") {
        told.word = "NOT SAVED";
        told.sentence = format!("{} But {}.", told.sentence, row.check.detail);
    }
    for (path, text, remark) in saving::files(args, looked, around) {
        told.files.push((path, text));
        told.remarks.extend(remark);
    }
    told
}

/// The rows that come after those of the hosts: a runtime each, as far as they were asked, and a file
/// each that was asked for and is not written.
pub fn rows_after(
    args: &TlsCheck,
    facts: &[RuntimeFact],
    looked: &Looked,
    around: &Around,
) -> Vec<Observation> {
    let mut rows = runtimes::rows(facts, looked);
    rows.extend(saving::rows(args, looked, around));
    rows
}
