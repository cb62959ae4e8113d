//! What was sent again: how often, and how often for nothing, after an error that no retry mends. Ids of failed calls
//! are remembered up to a bound, the latest ones.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{
    call::{Call, End},
    fields::Field,
    figures::Retries as Figures,
};

/// Failures whose ids are remembered.
const MOST: usize = 1 << 17;
/// What stays as it is until somebody changes something.
const PERMANENT: [u16; 4] = [400, 401, 403, 404];
/// No program sends a request more often than is counted apart.
const MOST_COUNTED: u32 = 64;

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Retries {
    /// Whether the last failure of a request was a permanent one.
    failed: HashMap<u64, bool>,
    order: VecDeque<u64>,
    has_forgotten: bool,
    with_id: u64,
    with_count: u64,
    permanent: u64,
    /// Calls that were retries, by either sign.
    seen: u64,
    /// By the id.
    seen_by_id: u64,
    wasted_by_id: u64,
    worked: u64,
    /// Permanent failures by how often the call had been sent before.
    by_count: BTreeMap<u32, u64>,
}

impl Retries {
    /// Takes a call in, and says whether it was a retry.
    pub(super) fn add(&mut self, call: &Call) -> bool {
        let end = call.end();
        let is_permanent = matches!(end, End::Refused(status) if PERMANENT.contains(&status));
        self.permanent += u64::from(is_permanent);
        self.with_count += u64::from(call.retry_count.is_some());
        if let Some(count) = call.retry_count.filter(|_| is_permanent) {
            *self.by_count.entry(count.min(MOST_COUNTED)).or_default() += 1;
        }
        let again = call.request.and_then(|id| self.again(id, end, is_permanent));
        let is_retry = again.is_some() || call.retry_count.is_some_and(|count| count > 0);
        self.seen += u64::from(is_retry);
        is_retry
    }

    /// Whether a request with this id failed before, and if so for good.
    fn again(&mut self, id: u64, end: End, is_permanent: bool) -> Option<bool> {
        self.with_id += 1;
        let before = self.failed.get(&id).copied();
        if let Some(was_permanent) = before {
            self.seen_by_id += 1;
            let worked = end == End::Answered;
            self.wasted_by_id += u64::from(was_permanent && !worked);
            self.worked += u64::from(was_permanent && worked);
        }
        if matches!(end, End::Refused(_) | End::Failed) {
            self.remember(id, is_permanent, before.is_some());
        }
        before
    }

    fn remember(&mut self, id: u64, is_permanent: bool, is_known: bool) {
        self.failed.insert(id, is_permanent);
        if is_known {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > MOST {
            self.has_forgotten = true;
            self.order.pop_front().map(|oldest| self.failed.remove(&oldest));
        }
    }

    /// Whether anything could tell a retry.
    pub(super) const fn can_tell(&self) -> bool {
        self.seen_by_id > 0 || self.with_count > 0
    }

    /// The fields that would have told more.
    pub(super) fn missing(&self) -> Vec<String> {
        let id = (self.with_id == 0).then_some(Field::RequestId);
        let count = (self.with_count == 0).then_some(Field::RetryCount);
        id.into_iter().chain(count).map(|field| field.name().to_owned()).collect()
    }

    pub(super) fn figures(&self) -> Figures {
        let (wasted, basis) = match () {
            () if self.seen_by_id > 0 => (Some(self.wasted_by_id), Some("request_id")),
            () if self.with_count > 0 => (Some(self.wasted_by_count()), Some("retry_count")),
            () => (None, None),
        };
        Figures {
            seen: self.can_tell().then_some(self.seen),
            permanent_errors: self.permanent,
            wasted,
            worked: (self.seen_by_id > 0).then_some(self.worked),
            basis: basis.map(str::to_owned),
            missing: self.missing(),
            ids_are_unique: self.with_id > 0 && self.seen_by_id == 0,
            has_forgotten: self.has_forgotten,
        }
    }

    /// A line an attempt has a first attempt for every second one, and a line a request has not.
    fn wasted_by_count(&self) -> u64 {
        let count = |times: u32| self.by_count.get(&times).copied().unwrap_or(0);
        let is_line_an_attempt =
            self.by_count.keys().all(|times| *times == 0 || count(times - 1) >= count(*times));
        let retries = self.by_count.iter().filter(|(times, _)| **times > 0);
        retries
            .map(|(times, calls)| calls * if is_line_an_attempt { 1 } else { u64::from(*times) })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{fields::Names, line::Reader};

    fn retries(lines: &[String]) -> Figures {
        let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
        let mut retries = Retries::default();
        for line in lines {
            reader.read(line.as_bytes(), &mut call).unwrap();
            retries.add(&call);
        }
        retries.figures()
    }

    fn line(status: u16, id: &str, count: &str) -> String {
        format!(r#"{{"status_code":{status},"request_id":{id},"retry_count":{count}}}"#)
    }

    #[test]
    fn attempts_that_share_an_id_are_counted_by_it() {
        let mut lines = Vec::new();
        for request in 0..12 {
            let id = format!("\"r{request}\"");
            // One first attempt, three more: three are wasted.
            lines.extend((0..4).map(|_| line(400, &id, "null")));
        }
        lines.extend([line(403, "\"a\"", "null"), line(429, "\"a\"", "null")]);
        lines.extend([line(404, "\"b\"", "null"), line(200, "\"b\"", "null")]);
        lines.extend([line(503, "\"c\"", "null"), line(200, "\"c\"", "null")]);
        let found = retries(&lines);
        assert_eq!((found.wasted, found.worked, found.seen), (Some(37), Some(1), Some(39)));
        assert_eq!((found.permanent_errors, found.basis.as_deref()), (50, Some("request_id")));
    }

    #[test]
    fn without_shared_ids_the_count_tells() {
        let attempts: Vec<String> =
            (0..30).map(|n| line(401, &n.to_string(), &(n % 3).to_string())).collect();
        let found = retries(&attempts);
        assert_eq!((found.wasted, found.basis.as_deref()), (Some(20), Some("retry_count")));
        assert!(found.ids_are_unique);
        let requests: Vec<String> = (0..9).map(|n| line(400, &n.to_string(), "3")).collect();
        assert_eq!(retries(&requests).wasted, Some(27), "a line a request");
    }

    #[test]
    fn without_either_it_cannot_be_told() {
        let found = retries(&[line(400, "null", "null"), line(400, "null", "null")]);
        assert_eq!((found.wasted, found.seen), (None, None));
        assert_eq!(found.missing, ["request_id", "retry_count"]);
    }
}
