//! What collectors get of a watch, without a watch: counts a few made-up calls and hands them on, for checks against other
//! programs:
//!
//! `collectors text|openmetrics` prints them, `collectors listen ADDR:PORT` serves them until it is stopped, and
//! `collectors otlp URL` sends them, and the calls.

use std::{
    env,
    error::Error,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use gemini_doctor::{
    app::otlp::Collector,
    export::{
        AddressFamily, Dialled, Outcome, Probed, Rate, Registry, Setup, Standing, TextFormat,
        otlp::Teller,
    },
    facts::{Endpoint, Fault, Method, Phases, Stage},
    net::{
        How,
        tls::{self, Alpn, trust::Trust},
    },
    watch::listen,
};

const MODEL: &str = "gemini-3.5-flash";
const STARTED_S: f64 = 1_780_092_000.25;
const OPTION: &str = "ADDR:PORT";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let registry = counted();
    match words.as_slice() {
        ["text"] => shown(TextFormat::Prometheus, &registry)?,
        ["openmetrics"] => shown(TextFormat::OpenMetrics, &registry)?,
        ["listen", text] => {
            let listener = listen::open(OPTION, listen::address(OPTION, text, false)?).await?;
            match listen::serve(listener, Arc::new(Mutex::new(registry))).await {}
        }
        ["otlp", url] => send(url, &registry).await?,
        _ => return Err("usage: collectors text|openmetrics|listen ADDR:PORT|otlp URL".into()),
    }
    Ok(())
}

fn shown(format: TextFormat, registry: &Registry) -> io::Result<()> {
    io::stdout().write_all(format.render(&registry.families()).as_bytes())
}

async fn send(url: &str, registry: &Registry) -> Result<(), Box<dyn Error>> {
    let setup = tls::Setup::new(&Trust::default(), Alpn::H1).map_err(|unusable| unusable.why)?;
    let collector = Collector::new(&Endpoint::parse(url, "")?, &How::new(setup))?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let teller = Teller { version, instance: "example".to_owned(), simulated: None };
    let mut families = registry.families();
    families.extend(registry.gen_ai());
    collector.tell(&teller, &families, STARTED_S + 60.0).await?;
    collector.tell_calls(&teller, &calls(), &mut fastrand::Rng::with_seed(7)).await?;
    Ok(())
}

fn counted() -> Registry {
    let mut registry = Registry::new(Setup {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        models: vec![MODEL.to_owned(), "odd \"name\" \\ here".to_owned()],
        verdicts: &["HEALTHY", "FLAKY", "DOWN"],
        started_s: STARTED_S,
    });
    calls().iter().for_each(|call| registry.record(call));
    let failure_rate = Some(Rate { value: 2.0 / 3.0, low: 0.094, high: 0.992 });
    for verdict in ["HEALTHY", "FLAKY"] {
        let since_s = Some(STARTED_S + 20.0);
        registry.stands(MODEL, Standing { verdict, since_s, failure_rate });
    }
    registry.certificate_ends("example.test", STARTED_S + 30.0 * 86_400.0);
    registry.alerted(true);
    registry
}

/// One that is answered, one that is refused, and one that is lost on its way.
fn calls() -> Vec<Probed> {
    let phases = Phases {
        dns_ms: Some(2.0),
        tcp_ms: Some(31.0),
        tls_ms: Some(41.0),
        first_byte_ms: Some(610.0),
        total_ms: Some(640.0),
        ..Phases::default()
    };
    let dialled = |family, connect_ms| Dialled { family, connect_ms };
    let answered = Probed {
        at_s: STARTED_S + 10.0,
        method: Method::Generate,
        model: MODEL.to_owned(),
        host: "example.test".to_owned(),
        port: 443,
        api: "gemini",
        outcome: Outcome::Answered,
        status: Some(200),
        failure: None,
        took_ms: Some(714.0),
        phases,
        dialled: vec![dialled(AddressFamily::V6, None), dialled(AddressFamily::V4, Some(31.0))],
        input_tokens: Some(2),
        output_tokens: Some(9),
        served_by: Some(MODEL.to_owned()),
        response_id: Some("example-answer".to_owned()),
    };
    let refused = Probed {
        at_s: STARTED_S + 20.0,
        outcome: Outcome::Missing,
        status: Some(404),
        dialled: vec![],
        input_tokens: None,
        output_tokens: None,
        served_by: None,
        response_id: None,
        ..answered.clone()
    };
    let lost = Probed {
        at_s: STARTED_S + 30.0,
        outcome: Outcome::Lost,
        status: None,
        failure: Some((Stage::Head, Fault::TimedOut)),
        took_ms: Some(60_000.0),
        ..refused.clone()
    };
    vec![answered, refused, lost]
}
