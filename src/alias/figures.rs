//! The figures of a run: rates with their intervals, controls, latency, the strip of outcomes.

use crate::stats::{clean_bound, clopper_pearson, fisher_greater, holm, quantile, wilson};

use super::{
    sample::{self, End, Sample},
    sticky,
};

/// The confidence of every interval that is printed.
pub const CONFIDENCE: f64 = 0.95;

/// A failure rate with what it may really be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Calls that failed.
    pub failures: usize,
    /// Calls that speak of the name.
    pub calls: usize,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How the ends were found.
    pub method: Method,
    /// Observations that are independent of each other, those that failed and all: calls, or
    /// connections where these keep to builds.
    pub units: (usize, usize),
}

/// How an interval is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Wilson's, for a number of calls that was fixed before.
    Wilson,
    /// The exact one, which also holds for a run that stopped when it had seen enough.
    ClopperPearson,
    /// The exact one over connections, where the calls of one connection end alike.
    ByConnection,
}

impl Method {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::ClopperPearson => "clopper_pearson",
            Self::ByConnection => "clopper_pearson_by_connection",
        }
    }
}

impl Rate {
    /// The rate of a series.
    pub fn of(failures: usize, calls: usize, method: Method) -> Self {
        let (hits, of) = (failures as u64, calls as u64);
        let (low, high) = match method {
            _ if calls == 0 => (0.0, 1.0),
            Method::Wilson => wilson(hits, of, CONFIDENCE),
            Method::ClopperPearson | Method::ByConnection => clopper_pearson(hits, of, CONFIDENCE),
        };
        Self { failures, calls, low, high, method, units: (failures, calls) }
    }

    /// The rate of samples.
    pub fn of_samples(samples: &[Sample], method: Method) -> Self {
        let failures = sample::count(samples, End::Missing);
        Self::of(failures, failures + sample::count(samples, End::Answered), method)
    }

    /// The same where the calls of one connection are one observation.
    pub fn by_connection(self, own: &[&Sample]) -> Self {
        let connections = sticky::connections(own);
        let bad = connections.iter().filter(|it| it.is_bad()).count();
        let of = Self::of(bad, connections.len(), Method::ByConnection);
        Self { failures: self.failures, calls: self.calls, ..of }
    }

    /// The share of failures, where there was a call.
    pub fn value(&self) -> Option<f64> {
        (self.calls > 0).then(|| self.failures as f64 / self.calls as f64)
    }

    /// The largest rate that a clean series leaves possible, one-sided.
    pub fn clean_bound(&self) -> f64 {
        clean_bound(self.calls as u64, CONFIDENCE)
    }

    /// `48-83 %`, or `below 22 %` where nothing failed.
    pub fn words(&self) -> String {
        match self.failures {
            _ if self.calls == 0 => "-".to_owned(),
            0 => format!("below {} %", percent(self.clean_bound())),
            _ => format!("{:.0}-{:.0} %", self.low * 100.0, self.high * 100.0),
        }
    }
}

/// A share in percent, with a decimal where it is small.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent < 10.0 => format!("{percent:.1}"),
        // Never rounded up to a certainty.
        _ if percent > 99.0 && percent < 100.0 => {
            format!("{:.3}", (percent * 1000.0).floor() / 1000.0)
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned()
        }
        _ => format!("{percent:.0}"),
    }
}

/// One control: another name that was asked beside the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Sibling {
    /// Its name.
    pub name: String,
    /// Its calls.
    pub samples: Vec<Sample>,
}

impl Sibling {
    /// Its failure rate. So many calls were planned, whatever came of them.
    pub fn rate(&self) -> Rate {
        Rate::of_samples(&self.samples, Method::Wilson)
    }

    /// Whether it answered every call that reached it.
    pub fn is_healthy(&self) -> bool {
        let rate = self.rate();
        rate.calls > 0 && rate.failures == 0
    }

    /// Its calls that say nothing of it.
    pub fn others(&self) -> usize {
        self.samples.iter().filter(|sample| !sample.end.is_own()).count()
    }

    /// Whether every single call was answered.
    pub fn is_spotless(&self) -> bool {
        self.is_healthy() && self.samples.iter().all(|sample| sample.end == End::Answered)
    }
}

/// The name held against its controls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// Fisher's test against each control, corrected for their number.
    pub each: Vec<(String, f64)>,
    /// Fisher's test against all healthy controls together: failures, calls, p.
    pub pooled: Option<(usize, usize, f64)>,
}

/// Tests whether a name fails more often than its controls.
pub fn compare(own: &Rate, siblings: &[Sibling]) -> Compared {
    let against = |failures: usize, calls: usize| {
        let (bad, all) = own.units;
        fisher_greater(bad as u64, all as u64, failures as u64, calls as u64)
    };
    let asked: Vec<&Sibling> = siblings.iter().filter(|one| one.rate().calls > 0).collect();
    if own.calls == 0 || asked.is_empty() {
        return Compared::default();
    }
    let each = asked.iter().map(|one| against(one.rate().failures, one.rate().calls));
    let adjusted = holm(&each.collect::<Vec<_>>());
    let healthy: Vec<Rate> =
        asked.iter().filter(|one| one.is_healthy()).map(|one| one.rate()).collect();
    let calls = healthy.iter().map(|rate| rate.calls).sum();
    Compared {
        each: asked.iter().map(|one| one.name.clone()).zip(adjusted).collect(),
        pooled: (!healthy.is_empty()).then(|| (0, calls, against(0, calls))),
    }
}

/// The latency of answered calls, in milliseconds; hidden where there are too few.
pub fn latency(samples: &[Sample], share: f64) -> Option<f64> {
    let answered = samples.iter().filter(|sample| sample.end == End::Answered);
    let took: Vec<f64> = answered.filter_map(|sample| sample.took_ms).collect();
    quantile(&took, share)
}

/// One letter a call, in order of time.
pub fn strip(samples: &[Sample]) -> String {
    samples.iter().map(|sample| sample.end.letter()).collect()
}

/// What the letters of a strip stand for, only those that are in it.
pub fn legend(samples: &[Sample]) -> String {
    let all = [End::Missing, End::Answered].into_iter().chain(End::OTHERS);
    let used = all.filter(|end| sample::count(samples, *end) > 0);
    used.map(|end| format!("{} {}", end.letter(), end.meaning())).collect::<Vec<_>>().join(", ")
}
