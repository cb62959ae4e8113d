//! Operations and their tokens by the semantic conventions for generative AI: names, units, bounds and attributes are
//! those of the conventions, and none of ours.

use std::collections::BTreeMap;

use crate::{
    export::{
        probed::{Outcome, Probed},
        series::{Buckets, Family, Series},
    },
    facts::Method,
};

/// The bounds that the conventions advise for durations, in seconds.
const DURATIONS: &[f64] =
    &[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/// The bounds that they advise for tokens.
const TOKENS: &[f64] = &[
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];

/// What was counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Operations {
    durations: BTreeMap<(Operation, Option<String>), Buckets>,
    tokens: BTreeMap<(Operation, &'static str), Buckets>,
}

/// What an operation is told apart by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Operation {
    name: &'static str,
    provider: &'static str,
    model: String,
    host: String,
    port: u16,
}

impl Operations {
    /// Counts one call, where it asks a model for something.
    pub(super) fn record(&mut self, probed: &Probed) {
        let Some(name) = operation(probed.method) else { return };
        let provider = provider(probed.api);
        let (model, host, port) = (probed.model.clone(), probed.host.clone(), probed.port);
        let operation = Operation { name, provider, model, host, port };
        for (kind, count) in [("input", probed.input_tokens), ("output", probed.output_tokens)] {
            if let Some(count) = count {
                let tokens = self.tokens.entry((operation.clone(), kind));
                tokens.or_insert_with(|| Buckets::new(TOKENS)).add(count as f64);
            }
        }
        if let Some(ms) = probed.took_ms {
            let durations = self.durations.entry((operation, error_type(probed)));
            durations.or_insert_with(|| Buckets::new(DURATIONS)).add(ms / 1000.0);
        }
    }

    /// The families; names have dots, which the text formats do not take.
    pub(super) fn families(&self, since_s: f64) -> Vec<Family> {
        let durations = self.durations.iter().map(|((operation, error), buckets)| {
            operation.series(error.as_deref().map(|error| ("error.type", error)), buckets)
        });
        let tokens = self.tokens.iter().map(|((operation, kind), buckets)| {
            operation.series(Some(("gen_ai.token.type", kind)), buckets)
        });
        let family = |name, unit, help| Family::histogram(name, unit, since_s, help);
        vec![
            family("gen_ai.client.operation.duration", "s", "GenAI operation duration.")
                .with(durations),
            family(
                "gen_ai.client.token.usage",
                "{token}",
                "Number of input and output tokens used.",
            )
            .with(tokens),
        ]
    }
}

impl Operation {
    fn series(&self, more: Option<(&'static str, &str)>, buckets: &Buckets) -> Series {
        let port = self.port.to_string();
        let own = [
            ("gen_ai.operation.name", self.name),
            ("gen_ai.provider.name", self.provider),
            ("gen_ai.request.model", self.model.as_str()),
            ("server.address", self.host.as_str()),
            ("server.port", port.as_str()),
        ];
        let labels: Vec<_> = own.into_iter().chain(more).collect();
        Series::buckets(&labels, buckets)
    }
}

/// The conventions' name of what a method does; methods that ask no model for anything have none.
pub(in crate::export) const fn operation(method: Method) -> Option<&'static str> {
    match method {
        Method::Generate | Method::Stream => Some("generate_content"),
        Method::List | Method::Get | Method::Count | Method::OpenAiList | Method::Token => None,
    }
}

/// The conventions' name of who is asked, by the API that is spoken.
pub(in crate::export) fn provider(api: &str) -> &'static str {
    match api {
        "vertex" | "express" => "gcp.vertex_ai",
        _ => "gcp.gemini",
    }
}

/// What ended a call badly: the fault on the wire, the status, or the word of the outcome.
pub(in crate::export) fn error_type(probed: &Probed) -> Option<String> {
    match (probed.outcome, probed.failure, probed.status) {
        (Outcome::Answered, ..) => None,
        (_, Some((_, fault)), _) => Some(super::word(fault)),
        (_, None, Some(status @ 300..=599)) => Some(status.to_string()),
        (outcome, None, _) => Some(outcome.word().to_owned()),
    }
}
