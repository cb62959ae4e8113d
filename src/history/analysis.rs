//! One pass over the calls of a log, and then the figures. Takes calls in the order of their files and needs them in
//! the order of time only by and large; keeps nothing that grows with the log.

use std::collections::BTreeMap;

use super::{
    call::{Call, End},
    failures::Failures,
    fields::Field,
    figures::{self, BadLine, Coverage, Figures, File, Rate, at},
    latency::Latencies,
    periods::Series,
    quota::{Limits, Quotas},
    retries::Retries,
    usage::Usage,
};
use crate::{facts::prices::Price, stats};

/// What is asked beside what is always told.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The known quotas.
    pub limits: Limits,
    /// Prices by model.
    pub prices: BTreeMap<String, Price>,
    /// What if no answer were longer.
    pub output_tokens_max: Option<u64>,
    /// The fields that every call must have.
    pub required: Vec<Field>,
}

/// A log in the making.
#[derive(Debug)]
pub struct Analysis {
    asked: Asked,
    counts: Counts,
    fields: [Present; Field::COUNT],
    series: Series,
    failures: Failures,
    retries: Retries,
    quotas: Quotas,
    latencies: Latencies,
    usage: Usage,
}

#[derive(Debug, Default)]
struct Counts {
    calls: u64,
    answered: u64,
    failed: u64,
    untold: u64,
    undated: u64,
    first_ms: Option<i64>,
    last_ms: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Present {
    wanted: u64,
    present: u64,
}

impl Analysis {
    /// Nothing was read yet.
    pub fn new(asked: Asked) -> Self {
        let usage = Usage::new(asked.prices.clone(), asked.output_tokens_max);
        Self {
            asked,
            usage,
            counts: Counts::default(),
            fields: Default::default(),
            series: Series::default(),
            failures: Failures::default(),
            retries: Retries::default(),
            quotas: Quotas::default(),
            latencies: Latencies::default(),
        }
    }

    /// Takes a call in.
    pub fn add(&mut self, call: &Call) {
        let end = call.end();
        self.counts.add(call, end);
        for (present, field) in self.fields.iter_mut().zip(Field::all()) {
            present.wanted += u64::from(is_wanted(field, end, call));
            present.present += u64::from(is_wanted(field, end, call) && call.has(field));
        }
        if let Some(at_ms) = call.at_ms {
            self.series.add(at_ms, end);
        }
        self.failures.add(call);
        let is_retry = self.retries.add(call);
        self.quotas.add(call, is_retry);
        self.latencies.add(call);
        self.usage.add(call);
    }

    /// How many calls were taken in.
    pub const fn calls(&self) -> u64 {
        self.counts.calls
    }

    /// What the log shows, with what is to be known of the figures in sentences.
    pub fn figures(mut self, files: Vec<File>, bad_lines: Vec<BadLine>) -> (Figures, Vec<String>) {
        let (periods, troubles) = self.series.figures(1);
        let quota = self.quotas.figures(self.asked.limits, &self.retries);
        let limits = self.limits();
        let (fields, missing_required) = self.coverage();
        let counts = &self.counts;
        let figures = Figures {
            files,
            calls: counts.calls,
            answered: counts.answered,
            failed: counts.failed,
            untold: counts.untold,
            undated: counts.undated,
            failure_rate: counts.rate(),
            first_at: counts.first_ms.map(at),
            last_at: counts.last_ms.map(at),
            fields,
            missing_required,
            periods,
            troubles,
            failures: self.failures.figures(counts.calls),
            retries: self.retries.figures(),
            quota,
            latency: self.latencies.figures(),
            usage: self.used(),
            bad_lines,
        };
        (figures, limits)
    }

    fn used(&self) -> figures::Usage {
        figures::Usage {
            measure: self.usage.measure().word().to_owned(),
            currency: None,
            prices_as_of: None,
            total: self.usage.total(),
            by_model: self.usage.shares(Field::Model),
            by_team: self.usage.shares(Field::Team),
            by_task: self.usage.shares(Field::Task),
            by_tag: self.usage.shares(Field::Tag),
            what_if: self.usage.what_if(),
        }
    }

    /// The fields that people should log or ask for, and those that were asked for and lack somewhere.
    fn coverage(&self) -> (Vec<Coverage>, Vec<String>) {
        let required = |field: Field| self.asked.required.contains(&field);
        let told =
            Field::all().filter(|field| Field::MANDATORY.contains(field) || required(*field));
        let fields: Vec<Coverage> = told
            .map(|field| Coverage {
                field: field.name().to_owned(),
                wanted: self.fields[field as usize].wanted,
                present: self.fields[field as usize].present,
                required: required(field),
            })
            .collect();
        let lacking = fields.iter().filter(|one| one.required && one.present < one.wanted);
        let missing = lacking.map(|one| one.field.clone()).collect();
        (fields, missing)
    }

    /// What a bound has left out.
    fn limits(&self) -> Vec<String> {
        let names = self.usage.overflowed().map(|field| {
            format!("{} has more names than are kept; the lesser ones are summed up", field.name())
        });
        let others = [
            (self.failures.overflowed, "there are more causes of failures than are kept apart"),
            (self.latencies.has_others(), "there are more models than have latencies of their own"),
            (
                self.quotas.overflowed(),
                "there are more models and projects than quotas are kept apart for",
            ),
        ];
        let others =
            others.into_iter().filter(|(is_so, _)| *is_so).map(|(_, what)| what.to_owned());
        names.chain(others).collect()
    }
}

impl Counts {
    fn add(&mut self, call: &Call, end: End) {
        self.calls += 1;
        match end {
            End::Answered => self.answered += 1,
            End::Refused(_) | End::Failed => self.failed += 1,
            End::Untold => self.untold += 1,
        }
        match call.at_ms {
            None => self.undated += 1,
            Some(at_ms) => {
                self.first_ms = Some(self.first_ms.map_or(at_ms, |first| first.min(at_ms)));
                self.last_ms = self.last_ms.max(Some(at_ms));
            }
        }
    }

    fn rate(&self) -> Option<Rate> {
        let known = self.answered + self.failed;
        let (low, high) = stats::wilson(self.failed, known, 0.95);
        (known > 0).then(|| Rate {
            value: self.failed as f64 / known as f64,
            low,
            high,
            method: "wilson".to_owned(),
        })
    }
}

/// Whether a call should have a field: what was refused has no tokens, and what failed on the way no status.
fn is_wanted(field: Field, end: End, call: &Call) -> bool {
    match field {
        Field::InputTokens | Field::OutputTokens => matches!(end, End::Answered | End::Untold),
        Field::Failure | Field::Quota => matches!(end, End::Refused(_) | End::Failed),
        Field::Status => call.status.is_some() || end != End::Failed,
        _ => true,
    }
}
