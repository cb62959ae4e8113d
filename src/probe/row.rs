//! Builds the rows that probes record. The table of checks is the contract of their ids.

use crate::facts::{
    Check, Layer, Status,
    check::{Evidence, Observation},
};

/// One kind of check: permanent id, stage, title, layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) id: &'static str,
    pub(super) stage: u8,
    pub(super) title: &'static str,
    pub(super) layer: Layer,
}

/// Every check of the key's stages, in order.
pub(super) const KEY_QUESTIONS: &[Question] = &[
    KEY_SOURCE,
    KEY_SHAPE,
    NET_DNS,
    NET_TCP,
    NET_PROXY,
    NET_TLS,
    NET_ANSWER,
    API_LIST,
    API_ROUTE,
    API_MODEL,
    API_GENERATE,
    API_STREAM,
    API_TOOL,
    API_STRUCTURED,
];

/// Every check of a full look, in order.
pub(super) const DOCTOR_QUESTIONS: &[Question] = &[
    KEY_SOURCE,
    KEY_SHAPE,
    NET_DNS,
    NET_TCP,
    NET_PROXY,
    NET_TLS,
    NET_PROTOCOL,
    NET_ANSWER,
    API_LIST,
    API_ROUTE,
    API_MODEL,
    REQUEST_LINT,
    REQUEST_TOKENS,
    API_ALIAS,
    STREAM_FIRST,
    STREAM_PACE,
    STREAM_END,
    STREAM_WHOLE,
    API_TOOL,
    API_STRUCTURED,
    STRUCTURED_SCHEMA,
    STRUCTURED_ANSWERS,
];

pub(super) const KEY_SOURCE: Question = question("key.source", 1, "source", Layer::Local);
pub(super) const KEY_SHAPE: Question = question("key.shape", 2, "shape", Layer::Local);
/// Those of a login for the cloud platform, which come in the place of the key's own.
pub(super) const CLOUD_QUESTIONS: &[Question] = &[
    ADC_SOURCE,
    ADC_SHAPE,
    CLOUD_PROJECT,
    CLOUD_LOCATION,
    ADC_TOKEN,
    NET_DNS,
    NET_TCP,
    NET_TLS,
    NET_ANSWER,
    API_LIST,
    API_ROUTE,
    CLOUD_AUTH,
    CLOUD_SERVICE,
    CLOUD_PERMISSION,
    CLOUD_QUOTA,
    API_MODEL,
    API_GENERATE,
    API_STREAM,
    API_TOOL,
    API_STRUCTURED,
];

pub(super) const LOCAL_CREDENTIALS: Question =
    question("local.credentials", 1, "credentials", Layer::Local);
pub(super) const ADC_SOURCE: Question = question("adc.source", 1, "source", Layer::Local);
pub(super) const ADC_SHAPE: Question = question("adc.shape", 2, "shape", Layer::Local);
pub(super) const ADC_KEY: Question = question("adc.key", 2, "private key", Layer::Local);
pub(super) const CLOUD_PROJECT: Question =
    question("cloud.project", 2, "project", Layer::Permission);
pub(super) const CLOUD_LOCATION: Question =
    question("cloud.location", 2, "location", Layer::Region);
pub(super) const ADC_CLOCK: Question = question("adc.clock", 3, "clock", Layer::Local);
pub(super) const ADC_TOKEN: Question = question("adc.token", 3, "token", Layer::Auth);
pub(super) const ADC_EXCHANGE: Question = question("adc.exchange", 5, "why refused", Layer::Auth);
pub(super) const CLOUD_AUTH: Question = question("cloud.auth", 6, "let in", Layer::Auth);
pub(super) const CLOUD_SERVICE: Question =
    question("cloud.service", 6, "API is on", Layer::Permission);
pub(super) const CLOUD_PERMISSION: Question =
    question("cloud.permission", 6, "role", Layer::Permission);
pub(super) const CLOUD_QUOTA: Question = question("cloud.quota", 6, "quota", Layer::Quota);
pub(super) const NET_DNS: Question = question("net.dns", 3, "dns", Layer::Dns);
pub(super) const NET_TCP: Question = question("net.tcp", 3, "tcp", Layer::Tcp);
pub(super) const NET_PROXY: Question = question("net.proxy", 3, "proxy", Layer::Proxy);
pub(super) const NET_TLS: Question = question("net.tls", 3, "tls", Layer::Tls);
pub(super) const NET_ANSWER: Question = question("net.answer", 4, "who answers", Layer::Gateway);
pub(super) const NET_ENDPOINT: Question = question("net.endpoint", 4, "whose host", Layer::Gateway);
pub(super) const HEALTH_URL: Question = question("health.url", 3, "health", Layer::Gateway);
pub(super) const API_LIST: Question = question("api.list", 5, "models.list", Layer::Auth);
pub(super) const API_ROUTE: Question = question("api.route", 6, "route", Layer::Model);
pub(super) const API_MODEL: Question = question("api.model", 7, "model", Layer::Model);
pub(super) const API_GENERATE: Question = question("api.generate", 8, "answer", Layer::Request);
pub(super) const API_STREAM: Question = question("api.stream", 9, "stream", Layer::Stream);
pub(super) const API_TOOL: Question = question("api.tool", 9, "tool", Layer::Request);
pub(super) const API_STRUCTURED: Question =
    question("api.structured", 9, "structure", Layer::Request);
pub(super) const NET_PROTOCOL: Question = question("net.protocol", 3, "protocol", Layer::Tls);
pub(super) const REQUEST_LINT: Question = question("request.lint", 8, "body", Layer::Request);
pub(super) const REQUEST_TOKENS: Question =
    question("request.tokens", 8, "request", Layer::Request);
pub(super) const STREAM_FIRST: Question = question("stream.first", 11, "first text", Layer::Stream);
pub(super) const STREAM_PACE: Question = question("stream.pace", 11, "pace", Layer::Stream);
pub(super) const STREAM_END: Question = question("stream.end", 11, "end", Layer::Stream);
pub(super) const STREAM_WHOLE: Question = question("stream.whole", 11, "whole", Layer::Stream);
pub(super) const STRUCTURED_SCHEMA: Question =
    question("structured.schema", 2, "schema", Layer::Request);
pub(super) const STRUCTURED_ANSWERS: Question =
    question("structured.answers", 12, "answers", Layer::Backend);
pub(super) const API_DEAD: Question = question("api.dead", 5, "refused", Layer::Auth);
pub(super) const API_ALIAS: Question = question("api.alias", 10, "alias", Layer::Backend);
pub(super) const ALIAS_VERDICT: Question = question("alias.verdict", 8, "verdict", Layer::Backend);
pub(super) const ALIAS_OTHERS: Question =
    question("alias.others", 11, "other failures", Layer::Backend);
pub(super) const ALIAS_SIBLINGS: Question =
    question("alias.siblings", 12, "siblings", Layer::Backend);
pub(super) const ALIAS_CAUSE: Question = question("alias.cause", 13, "cause", Layer::Backend);
pub(super) const BENCH_CALL: Question = question("bench.call", 5, "first call", Layer::Backend);
pub(super) const BENCH_PROTOCOL: Question = question("bench.protocol", 6, "protocol", Layer::Tls);
pub(super) const BENCH_WAYS: Question = question("bench.ways", 7, "ways", Layer::Tls);
pub(super) const BENCH_ROUNDS: Question = question("bench.rounds", 8, "rounds", Layer::Backend);
pub(super) const BENCH_COMPARED: Question =
    question("bench.compared", 9, "compared", Layer::Backend);
pub(super) const BENCH_BASELINE: Question =
    question("bench.baseline", 10, "baseline", Layer::Backend);
pub(super) const BENCH_CONNECTIONS: Question =
    question("bench.connections", 10, "connections", Layer::Gateway);
pub(super) const BENCH_TIMEOUTS: Question =
    question("bench.timeouts", 12, "time-outs", Layer::Backend);
pub(super) const BENCH_FAILURES: Question =
    question("bench.failures", 11, "failures", Layer::Backend);
pub(super) const BENCH_RATE: Question = question("bench.rate", 8, "rate", Layer::Backend);
pub(super) const BENCH_LIMIT: Question = question("bench.limit", 8, "limit", Layer::Gateway);
pub(super) const BENCH_IDLE: Question = question("bench.idle", 8, "idle", Layer::Gateway);
pub(super) const BENCH_CAUSE: Question = question("bench.cause", 8, "cause", Layer::Backend);
pub(super) const COMPARE_SIDE: Question = question("compare.side", 5, "side", Layer::Backend);
pub(super) const COMPARE_ROUNDS: Question = question("compare.rounds", 8, "rounds", Layer::Backend);
pub(super) const COMPARE_DIFFERENCES: Question =
    question("compare.differences", 9, "differences", Layer::Backend);
pub(super) const TLS_HANDSHAKE: Question = question("tls.handshake", 4, "handshake", Layer::Tls);
pub(super) const TLS_CHAIN: Question = question("tls.chain", 5, "chain", Layer::Tls);
pub(super) const TLS_VALID: Question = question("tls.valid", 5, "valid for", Layer::Tls);
pub(super) const TLS_TRUST: Question = question("tls.trust", 6, "trusted", Layer::Tls);
pub(super) const TLS_SUPPORT: Question = question("tls.support", 7, "supports", Layer::Tls);
pub(super) const TLS_STORES: Question = question("tls.stores", 8, "who trusts it", Layer::Tls);
pub(super) const TOKENS_COUNT: Question = question("tokens.count", 6, "count", Layer::Request);
pub(super) const TOKENS_DELIVERY: Question =
    question("tokens.delivery", 7, "delivery", Layer::Backend);
pub(super) const TOKENS_TOOLS: Question = question("tokens.tools", 8, "tools", Layer::Backend);
pub(super) const TOKENS_CEILING: Question =
    question("tokens.ceiling", 7, "ceiling", Layer::Backend);
pub(super) const BISECT_BODY: Question = question("bisect.body", 6, "whole body", Layer::Request);
pub(super) const BISECT_PARTS: Question =
    question("bisect.parts", 7, "guilty parts", Layer::Request);
pub(super) const BISECT_CONFIRMED: Question =
    question("bisect.confirmed", 8, "confirmed", Layer::Request);
pub(super) const MODELS_PAGES: Question = question("models.pages", 6, "all pages", Layer::Backend);
pub(super) const MODELS_FILTER: Question = question("models.filter", 7, "filter", Layer::Model);
pub(super) const MODELS_NAME: Question = question("models.name", 7, "name", Layer::Model);
pub(super) const MODELS_ROUTES: Question = question("models.routes", 7, "routes", Layer::Model);
pub(super) const MODELS_LOCK: Question = question("models.lock", 7, "lock", Layer::Model);
pub(super) const MODELS_VERIFY: Question = question("models.verify", 7, "verify", Layer::Model);
pub(super) const KEY_SUCCESSOR: Question = question("key.successor", 9, "successor", Layer::Auth);
pub(super) const KEY_MATRIX: Question = question("key.matrix", 9, "key routes", Layer::Auth);

/// What calls of a watch came to, one or all of them.
pub(super) const WATCH_CONNECTION: Question =
    question("watch.connection", 5, "connection", Layer::Tcp);
pub(super) const WATCH_LIST: Question = question("watch.list", 6, "list", Layer::Auth);
pub(super) const WATCH_MODEL: Question = question("watch.model", 8, "model", Layer::Backend);

const fn question(id: &'static str, stage: u8, title: &'static str, layer: Layer) -> Question {
    Question { id, stage, title, layer }
}

/// A row under construction.
pub(super) struct Row {
    observation: Observation,
}

impl Question {
    /// A row with its result.
    pub(super) fn row(self, status: Status, detail: impl Into<String>) -> Row {
        let check = Check {
            id: self.id.to_owned(),
            stage: self.stage,
            title: self.title.to_owned(),
            layer: self.layer,
            status,
            duration_ms: None,
            detail: detail.into(),
            attempts: Vec::new(),
        };
        Row { observation: Observation { check, evidence: Vec::new() } }
    }

    /// A row for a question that was not asked.
    pub(super) fn skipped(self, because: &str) -> Observation {
        self.row(Status::Skip, because).done()
    }
}

impl Row {
    /// With the time it took.
    pub(super) fn took(mut self, ms: Option<f64>) -> Self {
        self.observation.check.duration_ms = ms.map(|ms| (ms * 10.0).round() / 10.0);
        self
    }

    /// With a piece of evidence.
    pub(super) fn with(mut self, evidence: Evidence) -> Self {
        self.observation.check.attempts.extend(evidence.attempt.clone());
        self.observation.evidence.push(evidence);
        self
    }

    /// About one of several, and in the layer that its evidence is about.
    pub(super) fn about(mut self, title: &str, layer: Option<Layer>) -> Self {
        title.clone_into(&mut self.observation.check.title);
        self.observation.check.layer = layer.unwrap_or(self.observation.check.layer);
        self
    }

    /// In another layer than usual, where the evidence says so.
    pub(super) fn done(self) -> Observation {
        self.observation
    }
}
