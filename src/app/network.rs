//! From settings, or a scenario's client side, to the way connections are made.

use crate::{
    error::UserError,
    gemini::credentials::Credentials,
    net::{
        How, Target,
        dial::Families,
        dns::{Answer, Beyond, Family, Override, Resolver},
        proxy::{ProxyChoice, ProxyUrl},
        tls::{
            Alpn, Setup,
            trust::{Roots, SystemRoots, Trust},
        },
    },
    probe::{key::KeyPlan, tls::Host},
    settings::{HttpVersion, Settings, network as setting},
    simulate::{ClientSide, DnsAnswer, Simulation},
    transport::{Ahead, Limits},
};

/// How connections are made.
pub(super) fn how(settings: &Settings, simulation: Option<&Simulation>) -> Result<How, UserError> {
    let client = simulation.map(Simulation::client);
    let alpn = match settings.network.http {
        HttpVersion::Http1 => Alpn::H1,
        HttpVersion::Http2 => Alpn::H2,
        HttpVersion::Auto => Alpn::Either,
    };
    let tls = Setup::new(&trust(settings, client), alpn).map_err(|unusable| {
        UserError::usage(
            format!("could not use the certificates given: {}", unusable.why),
            "give a PEM file with at least one certificate",
        )
    })?;
    Ok(How {
        resolver: resolver(settings, client),
        families: Families::Report,
        pin: None,
        proxy: proxy(settings)?,
        tls,
        connect_timeout: settings.network.connect_timeout.value,
    })
}

/// The limits of one exchange.
pub(super) fn limits(settings: &Settings, simulation: Option<&Simulation>) -> Limits {
    let time = simulation.map(Simulation::time);
    Limits {
        request_timeout: settings.network.timeout.value,
        ahead: time.map_or_else(Ahead::default, Ahead::by),
        ..Limits::default()
    }
}

fn resolver(settings: &Settings, client: Option<&ClientSide>) -> Resolver {
    let named = settings.network.resolve.iter().map(|one| Override {
        host: one.host.clone(),
        port: Some(one.port),
        answer: Answer::Addresses(vec![one.address]),
    });
    let simulated = client.into_iter().flat_map(|client| &client.dns).map(|(host, answer)| {
        Override { host: host.clone(), port: None, answer: simulated_answer(answer) }
    });
    Resolver {
        overrides: named.chain(simulated).collect(),
        beyond: if client.is_some() { Beyond::Nothing } else { Beyond::System },
        family: match settings.network.family {
            setting::Family::Both => Family::Any,
            setting::Family::V4 => Family::V4,
            setting::Family::V6 => Family::V6,
        },
        timeout: settings.network.connect_timeout.value,
    }
}

fn simulated_answer(answer: &DnsAnswer) -> Answer {
    match answer {
        DnsAnswer::Addresses(addresses) => Answer::Addresses(addresses.clone()),
        DnsAnswer::NotFound => Answer::NotFound,
        DnsAnswer::TryAgain => Answer::TryAgain,
        DnsAnswer::Failed => Answer::Failed,
        DnsAnswer::Never => Answer::Never,
    }
}

/// Chooses the proxy of each host by itself: some may be left out of it.
pub(super) fn lead(hosts: &mut [Host], settings: &Settings) -> Result<(), UserError> {
    for host in hosts {
        let target = Target { host: host.name.clone(), port: host.port, secure: true };
        host.proxy = proxy_to(&target, settings)?;
    }
    Ok(())
}

/// The same for the hosts that a token may come from.
pub(super) fn lead_login(plan: &mut KeyPlan, settings: &Settings) -> Result<(), UserError> {
    let Some(login) = &mut plan.cloud else { return Ok(()) };
    let urls = login.credentials().map(Credentials::urls).unwrap_or_default();
    let targets: Vec<Target> = urls
        .into_iter()
        .map(|url| &url.endpoint)
        .map(|at| Target { host: at.host.clone(), port: at.port, secure: at.secure })
        .collect();
    for target in targets {
        login.proxies.push((target.host.clone(), proxy_to(&target, settings)?));
    }
    Ok(())
}

/// The same for an end point of the caller's own.
pub(super) fn lead_health(plan: &mut KeyPlan, settings: &Settings) -> Result<(), UserError> {
    let Some(health) = &mut plan.health else { return Ok(()) };
    let at = &health.url;
    let target = Target { host: at.host.clone(), port: at.port, secure: at.secure };
    health.proxy = proxy_to(&target, settings)?;
    Ok(())
}

fn proxy(settings: &Settings) -> Result<ProxyChoice, UserError> {
    let endpoint = &settings.endpoint.value;
    let target =
        Target { host: endpoint.host.clone(), port: endpoint.port, secure: endpoint.secure };
    proxy_to(&target, settings)
}

pub(super) fn proxy_to(target: &Target, settings: &Settings) -> Result<ProxyChoice, UserError> {
    let hint = "write it like http://proxy.example:3128, or add --no-proxy";
    match &settings.network.proxy {
        setting::ProxySetting::Off => Ok(ProxyChoice::None),
        setting::ProxySetting::Url(url) => {
            ProxyUrl::parse(&url.value).map(ProxyChoice::Use).map_err(|why| {
                UserError::usage(format!("could not use the proxy of {}: {why}", url.origin), hint)
            })
        }
        setting::ProxySetting::FromVariables(variables) => {
            ProxyChoice::from_variables(variables, target)
                .map_err(|why| UserError::usage(why, hint))
        }
    }
}

fn trust(settings: &Settings, client: Option<&ClientSide>) -> Trust {
    let given = &settings.network.trust;
    let join = |texts: &Vec<crate::settings::Sourced<String>>| {
        texts.iter().map(|text| text.value.as_str()).collect::<Vec<_>>().join("\n")
    };
    let (public, system) = match client {
        Some(client) => (
            Roots::Pem(client.public_roots_pem.clone()),
            match client.system_roots_pem.as_str() {
                "" => SystemRoots::None,
                pem => SystemRoots::Pem(pem.to_owned()),
            },
        ),
        None => (Roots::Mozilla, SystemRoots::Platform),
    };
    Trust {
        public,
        extra: given.added.iter().map(|text| text.value.clone()).collect(),
        system,
        replace: given.instead.as_ref().map(join),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        settings::{Given, World},
        simulate::{self, Options},
    };

    #[test]
    fn a_worlds_time_is_let_go_with_the_limits_that_follow_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let world = World::bare(directory.path().to_owned());
        let settings = Settings::resolve(&Given::default(), &world).expect("resolved");
        let scenario = simulate::find("healthy").expect("a scenario");
        let options = Options::for_scenario(scenario);
        let simulation = Simulation::start(scenario, &options).expect("a simulation");
        let time = std::sync::Arc::downgrade(&simulation.time());
        let before = time.strong_count();
        let followed = limits(&settings, Some(&simulation));
        assert_eq!(time.strong_count(), before + 1);
        assert_eq!(followed, limits(&settings, Some(&simulation)));
        drop(followed);
        assert_eq!(time.strong_count(), before);
    }

    #[test]
    fn a_simulated_run_never_asks_the_system() {
        let directory = tempfile::tempdir().expect("a directory");
        let world = World::bare(directory.path().to_owned());
        let settings = Settings::resolve(&Given::default(), &world).expect("resolved");
        let scenario = simulate::find("healthy").expect("a scenario");
        let options = Options::for_scenario(scenario);
        let simulation = Simulation::start(scenario, &options).expect("a simulation");
        let simulated = resolver(&settings, Some(simulation.client()));
        assert_eq!(simulated.beyond, Beyond::Nothing);
        assert_eq!(resolver(&settings, None).beyond, Beyond::System);
    }
}
