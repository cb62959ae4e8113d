//! What can differ: a permanent id, a name for people, and what such a difference may explain.

/// One thing that two sides may differ in. The ids are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Whether there was a connection at all.
    Reach,
    /// The proxy on the way.
    Proxy,
    /// The address families that answer.
    Families,
    /// The addresses that one name leads to.
    Addresses,
    /// The version of TLS.
    TlsVersion,
    /// The cipher suite.
    Cipher,
    /// The group of the key exchange.
    Group,
    /// The version of HTTP.
    Http,
    /// The authorities of the chain, by name and fingerprint.
    Authority,
    /// The issuer of the certificate, by name alone.
    Issuer,
    /// The store that vouches for the chain.
    Trust,
    /// Who answers.
    Party,
    /// Headers that show who stands on the way.
    Headers,
    /// Whether the key is accepted.
    Key,
    /// Models that only the first side lists.
    Missing,
    /// Models that only the second side lists.
    Added,
    /// What the list says of a model.
    Listed,
    /// What is said of the model in use.
    Entry,
    /// The tokens of one text.
    Tokens,
    /// The model that answered.
    Served,
    /// The answer to a name that does not exist.
    WrongName,
    /// The answer to a field that does not exist.
    WrongField,
    /// The share of free calls that fail.
    Failed,
    /// How free calls fail.
    Statuses,
    /// The time of a free call.
    Latency,
    /// The share of answers that fail.
    AnswersFailed,
    /// How answers fail.
    AnswersStatuses,
    /// The time of an answer.
    AnswersLatency,
    /// The tokens of an answer.
    OutputTokens,
}

/// Id, name, what it may explain.
type Row = (Topic, &'static str, &'static str, &'static str);

/// Every topic, in the order in which a call meets it.
const ALL: &[Row] = &[
    (
        Topic::Reach,
        "net.reach",
        "connection",
        "nothing works from one of the sides; what stops it is the finding",
    ),
    (
        Topic::Proxy,
        "net.proxy",
        "proxy",
        "what a proxy refuses, delays or inspects happens to one side only",
    ),
    (
        Topic::Families,
        "net.families",
        "address family",
        "a broken family costs its time-out first; allow lists and regions can depend on the address",
    ),
    (
        Topic::Addresses,
        "net.addresses",
        "addresses of the name",
        "the name leads elsewhere: split DNS, a hosts file, a private end point",
    ),
    (
        Topic::TlsVersion,
        "tls.version",
        "TLS version",
        "somebody else ends TLS, or an older library is at work; TLS 1.2 takes a round trip more",
    ),
    (
        Topic::Cipher,
        "tls.cipher",
        "cipher suite",
        "somebody else ends TLS, or another configuration of it",
    ),
    (
        Topic::Group,
        "tls.group",
        "key exchange",
        "somebody else ends TLS; large post-quantum shares fail at some middleboxes",
    ),
    (
        Topic::Http,
        "http.version",
        "HTTP version",
        "over HTTP/1.1 each call at a time needs its own connection; a proxy often takes HTTP/2 away",
    ),
    (
        Topic::Authority,
        "tls.ca",
        "certificate authority",
        "somebody else ends TLS and can read prompts and keys; clients with their own roots fail at one side",
    ),
    (
        Topic::Issuer,
        "tls.issuer",
        "certificate's issuer",
        "somebody else ends TLS and can read prompts and keys; clients with their own roots fail at one side",
    ),
    (
        Topic::Trust,
        "tls.trust",
        "who trusts the chain",
        "programs that bring their own roots trust only one of both",
    ),
    (
        Topic::Party,
        "answer.party",
        "who answers",
        "one side's answers are not the API's own, and may mean something else",
    ),
    (
        Topic::Headers,
        "answer.headers",
        "headers",
        "they show who stands on the way; a missing one shows what was taken out",
    ),
    (
        Topic::Key,
        "key.accepted",
        "key",
        "the key, its restrictions, or the address that it comes from",
    ),
    (
        Topic::Missing,
        "models.missing",
        "models only at the first",
        "calls for these models fail at the second side: another key, region, version or a gateway's list",
    ),
    (
        Topic::Added,
        "models.added",
        "models only at the second",
        "calls for these models fail at the first side: another key, region, version or a gateway's list",
    ),
    (
        Topic::Listed,
        "models.listed",
        "entry of a model",
        "limits or methods that code relies on hold at one side only",
    ),
    (
        Topic::Entry,
        "model.entry",
        "the model in use",
        "limits or methods that code relies on hold at one side only",
    ),
    (
        Topic::Tokens,
        "model.tokens",
        "tokens of one text",
        "another tokenizer, or something is added to the prompt: costs and limits differ",
    ),
    (
        Topic::Served,
        "model.served",
        "model that answered",
        "another build serves: answers, times and failures can differ with it",
    ),
    (
        Topic::WrongName,
        "error.name",
        "error for an unknown model",
        "clients that act on status, reason or details behave differently",
    ),
    (
        Topic::WrongField,
        "error.field",
        "error for an unknown field",
        "clients that act on status, reason or details behave differently",
    ),
    (
        Topic::Failed,
        "calls.failed",
        "failed calls",
        "one side fails more often than chance explains",
    ),
    (
        Topic::Statuses,
        "calls.statuses",
        "how calls fail",
        "the same failures reach callers as different ones, or the causes differ",
    ),
    (
        Topic::Latency,
        "latency.calls",
        "time of a call",
        "the way, the host or what stands in between; a model has no part in a free call",
    ),
    (
        Topic::AnswersFailed,
        "answers.failed",
        "failed answers",
        "one side fails more often than chance explains",
    ),
    (
        Topic::AnswersStatuses,
        "answers.statuses",
        "how answers fail",
        "the same failures reach callers as different ones, or the causes differ",
    ),
    (
        Topic::AnswersLatency,
        "latency.answers",
        "time of an answer",
        "the model, its load, or how long its answers are",
    ),
    (
        Topic::OutputTokens,
        "output.tokens",
        "tokens of an answer",
        "another model or other settings; costs and times follow",
    ),
];

impl Topic {
    /// Every topic, in the order in which a call meets it.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|row| row.0)
    }

    /// The permanent id.
    pub fn id(self) -> &'static str {
        self.row().1
    }

    /// Its name for people.
    pub fn what(self) -> &'static str {
        self.row().2
    }

    /// What a difference in it may explain.
    pub fn explains(self) -> &'static str {
        self.row().3
    }

    /// The topic of an id.
    pub fn of(id: &str) -> Option<Self> {
        ALL.iter().find(|row| row.1 == id).map(|row| row.0)
    }

    /// What this one follows from: where that differs, this is no difference of its own.
    pub(super) const fn follows(self) -> &'static [Self] {
        match self {
            Self::Families | Self::Addresses => &[Self::Proxy],
            Self::Cipher | Self::Group => &[Self::TlsVersion],
            Self::Issuer | Self::Trust => &[Self::Authority, Self::Issuer],
            _ => &[],
        }
    }

    fn row(self) -> &'static Row {
        ALL.iter().find(|row| row.0 == self).expect("each topic has a row")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_topic_has_one_row_and_one_id() {
        let ids: BTreeSet<&str> = Topic::all().map(Topic::id).collect();
        assert_eq!(ids.len(), ALL.len());
        let mut order: Vec<Topic> = Topic::all().collect();
        order.sort();
        assert!(order.iter().copied().eq(Topic::all()), "the rows stand in the enum's order");
        for topic in Topic::all() {
            assert_eq!(Topic::of(topic.id()), Some(topic));
            assert!(!topic.id().is_empty() && !topic.explains().is_empty());
        }
    }
}
