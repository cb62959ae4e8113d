//! What a call's log can say, and the names that logs have for it. Reads no values.

use std::collections::HashMap;

use crate::error::UserError;

/// One thing that a log says of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// When it began.
    At,
    /// What all attempts of one request share.
    RequestId,
    /// Whose model it is.
    Provider,
    /// The model.
    Model,
    /// The HTTP status.
    Status,
    /// Why it failed.
    Failure,
    /// How long it took.
    Latency,
    /// How often it had been sent before.
    RetryCount,
    /// Tokens sent.
    InputTokens,
    /// Tokens received.
    OutputTokens,
    /// What it was for.
    Task,
    /// On whose account it goes.
    Tag,
    /// Whose it is.
    Team,
    /// Which machine or process sent it.
    Instance,
    /// Batch or online.
    Mode,
    /// The project whose quota it takes.
    Project,
    /// The quota that refused it.
    Quota,
}

/// A field with what its name in a log says of its values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Meaning {
    /// The field.
    pub field: Field,
    /// Of two names of a field in one line, the lower one counts.
    pub rank: u8,
    /// Units a second, where the name says so.
    pub per_second: Option<f64>,
}

/// Names by field, the one of the seeds first. Names are compared without case, `_`, `-`, `@` and blanks.
const ALIASES: [(Field, &str, &[&str]); 17] = [
    (
        Field::At,
        "at",
        &[
            "timestamp",
            "time",
            "ts",
            "datetime",
            "startedat",
            "starttime",
            "requesttime",
            "createdat",
            "eventtime",
            "loggedat",
            "date",
            "timestampms",
            "timems",
            "tsms",
            "epochms",
            "unixms",
            "startms",
            "timestamps",
            "epoch",
            "unixtime",
            "timestampus",
            "timestampns",
        ],
    ),
    (
        Field::RequestId,
        "request_id",
        &["reqid", "callid", "correlationid", "traceid", "requestuuid", "idempotencykey", "id"],
    ),
    (Field::Provider, "provider", &["vendor", "modelprovider", "gen_ai.system"]),
    (
        Field::Model,
        "model_used",
        &["model", "modelname", "modelid", "requestmodel", "request.model", "gen_ai.request.model"],
    ),
    (
        Field::Status,
        "status_code",
        &[
            "status",
            "httpstatus",
            "httpstatuscode",
            "httpcode",
            "responsecode",
            "responsestatus",
            "response.status",
            "http.status",
            "http.statuscode",
            "http.response.statuscode",
            "code",
            "error.code",
            "error.status",
        ],
    ),
    (
        Field::Failure,
        "failure",
        &[
            "errorcode",
            "errortype",
            "error.type",
            "errorreason",
            "reason",
            "error",
            "exception",
            "cause",
            "error.reason",
            "error.status",
            "errormessage",
            "error.message",
            "message",
        ],
    ),
    (
        Field::Latency,
        "latency_ms",
        &[
            "durationms",
            "elapsedms",
            "responsetimems",
            "tookms",
            "totalms",
            "latency",
            "duration",
            "elapsed",
            "responsetime",
            "latencys",
            "latencysec",
            "latencyseconds",
            "durations",
            "durationsec",
            "durationseconds",
            "elapseds",
            "elapsedseconds",
            "latencyus",
            "durationus",
            "latencyns",
            "durationns",
        ],
    ),
    (
        Field::RetryCount,
        "retry_count",
        &["retries", "retry", "retryattempt", "retrynumber", "numretries"],
    ),
    (
        Field::InputTokens,
        "input_tokens",
        &[
            "prompttokens",
            "prompttokencount",
            "inputtokencount",
            "tokensin",
            "usage.inputtokens",
            "usage.prompttokens",
            "usagemetadata.prompttokencount",
            "response.usagemetadata.prompttokencount",
            "gen_ai.usage.input_tokens",
            "tokens.input",
            "tokens.prompt",
        ],
    ),
    (
        Field::OutputTokens,
        "output_tokens",
        &[
            "completiontokens",
            "candidatestokencount",
            "outputtokencount",
            "tokensout",
            "usage.outputtokens",
            "usage.completiontokens",
            "usagemetadata.candidatestokencount",
            "response.usagemetadata.candidatestokencount",
            "gen_ai.usage.output_tokens",
            "tokens.output",
            "tokens.completion",
        ],
    ),
    (
        Field::Task,
        "task_type",
        &["task", "tasktype", "usecase", "feature", "operation", "workload", "job"],
    ),
    (
        Field::Tag,
        "business_tag",
        &["tag", "campaign", "campaignid", "product", "costcenter", "customer"],
    ),
    (
        Field::Team,
        "team_id",
        &["team", "teamname", "tenant", "tenantid", "department", "businessunit", "owner"],
    ),
    (
        Field::Instance,
        "instance",
        &[
            "instanceid",
            "pod",
            "podname",
            "hostname",
            "worker",
            "workerid",
            "container",
            "containerid",
            "node",
            "server",
            "machine",
            "replica",
            "kubernetes.podname",
            "origin",
        ],
    ),
    (
        Field::Mode,
        "mode",
        &[
            "isbatch",
            "batch",
            "traffic",
            "traffictype",
            "jobtype",
            "requesttype",
            "calltype",
            "channel",
            "priority",
        ],
    ),
    (Field::Project, "project", &["projectid", "gcpproject", "cloudproject", "quotaproject"]),
    (
        Field::Quota,
        "quota_id",
        &["quota", "quotametric", "quotalimit", "limitname", "error.quotaid"],
    ),
];

const MANDATORY: [Field; 12] = [
    Field::At,
    Field::RequestId,
    Field::Provider,
    Field::Model,
    Field::Status,
    Field::Latency,
    Field::RetryCount,
    Field::InputTokens,
    Field::OutputTokens,
    Field::Task,
    Field::Tag,
    Field::Team,
];

impl Field {
    /// Those that a log must have to answer what people ask of it.
    pub const MANDATORY: [Self; 12] = MANDATORY;

    /// How many there are.
    pub(super) const COUNT: usize = ALIASES.len();

    /// Every field.
    pub fn all() -> impl Iterator<Item = Self> {
        ALIASES.iter().map(|(field, ..)| *field)
    }

    /// Its own name, which our logs use.
    pub fn name(self) -> &'static str {
        ALIASES[self as usize].1
    }

    /// The other names it is known by.
    pub fn aliases(self) -> &'static [&'static str] {
        ALIASES[self as usize].2
    }

    /// The field of a name as people type it.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        let wanted = plain(text);
        let known = |(_, name, others): &&(Self, &str, &[&str])| {
            plain(name) == wanted || others.iter().any(|other| plain(other) == wanted)
        };
        ALIASES.iter().find(known).map(|(field, ..)| *field).ok_or_else(|| {
            let names = Self::all().map(Self::name).collect::<Vec<_>>().join(", ");
            UserError::usage(
                format!("could not use the field {text:?}: no field of a call has that name"),
                format!("the fields are {names}"),
            )
        })
    }
}

/// The name under which a cause is logged that was recognised: it says more than what was seen.
const RECOGNISED: &str = "cause";

/// What the names in a log mean.
#[derive(Clone, Debug)]
pub struct Names(HashMap<String, Meaning>);

impl Names {
    /// The usual names, and these: a field and its name in the log.
    pub fn new(mapped: &[(Field, String)]) -> Self {
        let mut names = HashMap::new();
        for (field, own, others) in &ALIASES {
            for (place, name) in (2..).zip([own].into_iter().chain(*others)) {
                let rank = if *name == RECOGNISED { 1 } else { place };
                let meaning = Meaning { field: *field, rank, per_second: unit(*field, name) };
                names.entry(plain(name)).or_insert(meaning);
            }
        }
        for (field, name) in mapped {
            let meaning = Meaning { field: *field, rank: 0, per_second: unit(*field, name) };
            names.insert(plain(name), meaning);
        }
        Self(names)
    }

    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        self.0.get(&plain(name)).copied()
    }
}

/// A name without what differs between ways of writing it.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric() || *letter == '.');
    letters.flat_map(char::to_lowercase).collect()
}

/// Units a second, by the end of a name.
fn unit(field: Field, name: &str) -> Option<f64> {
    if !matches!(field, Field::At | Field::Latency) {
        return None;
    }
    let name = name.to_lowercase();
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    match () {
        () if ends(&["ms", "millis", "milliseconds"]) => Some(1e3),
        () if ends(&["micros", "microseconds"]) => Some(1e6),
        () if ends(&["nanos", "nanoseconds"]) => Some(1e9),
        // Before `ns`, which a plain plural ends in.
        () if ends(&["_s", "sec", "secs", "seconds", "latencys", "durations", "elapseds"]) => {
            Some(1.0)
        }
        () if ends(&["timestamps"]) => Some(1.0),
        () if ends(&["us"]) => Some(1e6),
        () if ends(&["ns"]) => Some(1e9),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_fields() {
        for (place, field) in Field::all().enumerate() {
            assert_eq!(field as usize, place, "{}", field.name());
        }
    }

    #[test]
    fn both_seeds_and_common_clients_are_understood() {
        let names = Names::new(&[]);
        for (name, field) in [
            ("provider", Field::Provider),
            ("model", Field::Model),
            ("status", Field::Status),
            ("latencyMs", Field::Latency),
            ("inputTokens", Field::InputTokens),
            ("outputTokens", Field::OutputTokens),
            ("businessTag", Field::Tag),
            ("request_id", Field::RequestId),
            ("task_type", Field::Task),
            ("model_used", Field::Model),
            ("latency_ms", Field::Latency),
            ("status_code", Field::Status),
            ("retry_count", Field::RetryCount),
            ("team_id", Field::Team),
            ("@timestamp", Field::At),
            ("usageMetadata.promptTokenCount", Field::InputTokens),
            ("error.code", Field::Status),
        ] {
            assert_eq!(names.meaning(name).map(|found| found.field), Some(field), "{name}");
        }
        assert!(names.meaning("model_version").is_none() && names.meaning("host").is_none());
    }

    #[test]
    fn names_tell_their_unit() {
        let names = Names::new(&[]);
        let unit = |name| names.meaning(name).and_then(|found| found.per_second);
        assert_eq!(unit("latency_ms"), Some(1e3));
        assert_eq!(unit("duration_seconds"), Some(1.0));
        assert_eq!(unit("latency_s"), Some(1.0));
        assert_eq!(unit("latency"), None);
        assert_eq!((unit("duration_ns"), unit("latency_us")), (Some(1e9), Some(1e6)));
        assert_eq!((unit("status"), unit("input_tokens")), (None, None));
    }

    #[test]
    fn a_name_of_the_callers_own_comes_first() {
        let names = Names::new(&[(Field::Team, "Gruppe".to_owned())]);
        let found = names.meaning("gruppe").unwrap();
        assert_eq!((found.field, found.rank), (Field::Team, 0));
        assert!(names.meaning("team").unwrap().rank > 0);
        assert_eq!(Field::parse("teamId"), Ok(Field::Team));
        assert!(Field::parse("colour").unwrap_err().hint.contains("team_id"));
    }
}
