//! Looks at TLS servers: what they speak, which chain they show, who trusts it, and what stands between.
//!
//! No credential is at hand here: connections go on past a chain that nobody trusts, and only ask for `/`.

mod cause;
pub mod facts;
mod host;
mod rows;

use std::{net::SocketAddr, sync::Arc};

use tokio::task::JoinSet;

use crate::{
    facts::Status,
    net::{
        Target,
        proxy::{ProxyChoice, Scheme},
        tls::{
            scan::{self, Picked},
            stores::Store,
        },
    },
};

pub use cause::{Sign, Told};
pub use facts::{Roots, shown_word, staple, staple_words};
pub use host::{HostSeen, StoreSays};

use super::Runner;

/// Connections to one host beside those of the scan: one as this program makes them and one more where that
/// fails once, one that asks for the server's clock, one that resumes its session, one directly past a proxy
/// or with the other name, and one to port 80.
const BESIDE_THE_SCAN: usize = 6;
/// The first one goes to both address families, and so does a look at which of them answers.
const OTHER_FAMILY: usize = 3;
/// Hosts that are looked at side by side.
const AT_ONCE: usize = 4;

/// What to look at.
#[derive(Clone, Debug)]
pub struct TlsPlan {
    /// The hosts, each by itself.
    pub hosts: Vec<Host>,
    /// The stores of roots that each chain is put to, beside those that decide.
    pub stores: Vec<NamedStore>,
    /// A chain that ends within so many days fails the run.
    pub expires_within_days: Option<u32>,
    /// No right clock shows less, in seconds since 1970: that is when this program was made.
    pub made_unix: u64,
}

/// One server.
#[derive(Clone, Debug)]
pub struct Host {
    /// The name or address that the certificate must be for.
    pub name: String,
    /// The port.
    pub port: u16,
    /// The name that is sent, where it is another one.
    pub sni: Option<String>,
    /// The only address that is dialled, whatever the name resolves to.
    pub address: Option<SocketAddr>,
    /// Through which proxy.
    pub proxy: ProxyChoice,
}

/// Roots that somebody trusts.
#[derive(Clone, Debug)]
pub struct NamedStore {
    /// A word for JSON: `mozilla`, `system`, `node`.
    pub word: String,
    /// Words for a table.
    pub words: String,
    /// Whether a runtime of the user's would use it.
    pub runtime: bool,
    /// The variable that leads that runtime to another bundle.
    pub variable: Option<&'static str>,
    /// Where the roots come from.
    pub from: Vec<String>,
    /// Why they cannot be used, if they cannot.
    pub trouble: Option<String>,
    /// The roots.
    pub store: Arc<Store>,
}

/// What times are held against, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// This machine's clock.
    pub now: u64,
    /// When this program was made.
    pub made: u64,
}

/// What a run showed.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The hosts in the order of the plan; while the run goes on, those that are done.
    pub hosts: Vec<HostSeen>,
}

impl TlsPlan {
    /// The most connections that are opened to one host.
    pub fn connections_a_host() -> usize {
        scan::CONNECTIONS + BESIDE_THE_SCAN + OTHER_FAMILY
    }
}

impl Host {
    /// A host that is reached directly.
    pub fn new(name: &str, port: u16, sni: Option<String>, address: Option<SocketAddr>) -> Self {
        Self { name: name.to_owned(), port, sni, address, proxy: ProxyChoice::None }
    }

    /// Host and port of its proxy, or why another program cannot be led through that.
    pub fn plain_proxy(&self) -> Option<Result<(String, u16), String>> {
        let proxy = self.proxy.url()?;
        let is_plain = proxy.scheme == Scheme::Http && !proxy.has_login();
        Some(if is_plain {
            Ok((proxy.host.clone(), proxy.port))
        } else {
            Err("the proxy wants a login, or is no plain HTTP proxy".to_owned())
        })
    }

    /// `name:port`, with brackets round an IPv6 address.
    pub fn authority(&self) -> String {
        Target { host: self.name.clone(), port: self.port, secure: true }.address()
    }

    /// How reports call it: without the port that is meant anyway.
    pub fn label(&self) -> String {
        if self.port == 443 { self.name.clone() } else { self.authority() }
    }
}

/// Looks at every host of the plan.
pub async fn run(plan: &TlsPlan, runner: &Runner<'_>, looked: &mut Looked) {
    let mut waiting = plan.hosts.iter().cloned().enumerate();
    let mut looking = JoinSet::new();
    let how = runner.how();
    let mut begin = |looking: &mut JoinSet<(usize, HostSeen)>| {
        if let Some((place, host)) = waiting.next() {
            let (how, stores) = (how.clone(), plan.stores.clone());
            let now = runner.clock.started_unix_ms() / 1000 + runner.clock.elapsed().as_secs();
            let times = Times { now, made: plan.made_unix };
            looking.spawn(async move { (place, host::look(host, how, &stores, times).await) });
        }
    };
    (0..AT_ONCE).for_each(|_| begin(&mut looking));
    let mut done: Vec<(usize, HostSeen)> = Vec::new();
    while let Some(ended) = looking.join_next().await {
        done.push(ended.expect("no look panics, and none is aborted"));
        begin(&mut looking);
        done.sort_by_key(|(place, _)| *place);
        tell_in_order(plan, runner, looked, &mut done);
    }
}

/// Tells the hosts in the order of the plan, as far as those before them are done.
fn tell_in_order(
    plan: &TlsPlan,
    runner: &Runner<'_>,
    looked: &mut Looked,
    done: &mut Vec<(usize, HostSeen)>,
) {
    while done.first().is_some_and(|(place, _)| *place == looked.hosts.len()) {
        let (_, seen) = done.remove(0);
        let several = plan.hosts.len() > 1;
        for row in rows::rows(&seen, plan.expires_within_days, several) {
            runner.journal.observe(row);
        }
        looked.hosts.push(seen);
    }
}

/// Records that hosts were not looked at, where a run was stopped.
pub fn close(plan: &TlsPlan, runner: &Runner<'_>, looked: &Looked) {
    for host in plan.hosts.iter().skip(looked.hosts.len()) {
        let detail = format!("{}: not finished, the run was stopped", host.label());
        runner.journal.observe(rows::TLS_TRUST.row(Status::Skip, detail).done());
    }
}

/// The protocols that the server is known to pick: in the clear, or in the handshakes that were finished.
pub fn alpn(seen: &HostSeen) -> Vec<&'static str> {
    let connections = [Some(&seen.main), seen.asked.as_ref()].into_iter().flatten();
    let picked: Vec<&str> =
        connections.filter_map(|one| one.facts.tls.as_ref()?.alpn.as_deref()).collect();
    let offered = seen.support.iter().flat_map(|support| &support.alpn);
    offered
        .filter(|(word, told)| picked.contains(word) || told.is(|picked| *picked == Picked::Yes))
        .map(|(word, _)| *word)
        .collect()
}
