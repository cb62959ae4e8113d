//! Exact facts that differ. A fact counts where each side showed the same in all of its looks, so that
//! what changes by itself is no difference between both.

use std::collections::BTreeMap;

use super::{
    Listed, Seen, Topic, apart,
    judged::{Certainty, Difference},
};

/// So many names are told; the rest is a number.
const MOST_NAMES: usize = 5;

/// The topics that are held against each other as texts.
const FACTS: &[Topic] = &[
    Topic::Reach,
    Topic::Proxy,
    Topic::Families,
    Topic::Addresses,
    Topic::TlsVersion,
    Topic::Cipher,
    Topic::Group,
    Topic::Http,
    Topic::Authority,
    Topic::Issuer,
    Topic::Trust,
    Topic::Party,
    Topic::Headers,
    Topic::Key,
    Topic::Entry,
    Topic::Tokens,
    Topic::Served,
    Topic::WrongName,
    Topic::WrongField,
];

/// The facts that both sides showed steadily, and those that differ.
pub(super) struct Exact {
    pub(super) compared: Vec<Topic>,
    pub(super) differences: Vec<Difference>,
}

/// Holds the facts of two sides against each other.
pub(super) fn exact(a: &Seen, b: &Seen) -> Exact {
    let known = |topic: &Topic| a.steady(*topic).is_some() && b.steady(*topic).is_some();
    let mut compared: Vec<Topic> =
        FACTS.iter().copied().filter(known).filter(|topic| is_comparable(*topic, a, b)).collect();
    let differs = |topic: Topic| compared.contains(&topic) && a.steady(topic) != b.steady(topic);
    let is_own = |topic: &Topic| {
        differs(*topic) && !topic.follows().iter().any(|cause| cause != topic && differs(*cause))
    };
    let mut differences: Vec<Difference> =
        compared.iter().copied().filter(is_own).map(|topic| fact(topic, a, b)).collect();
    if let (Some(first), Some(second)) = (a.list(), b.list()) {
        // Names can be held against each other in whichever form they came.
        compared.push(Topic::Listed);
        let entries = apart::because(Topic::Listed, a, b).is_none();
        differences.extend(lists((first, second), entries, &differences));
    }
    differences.sort_by_key(|difference| difference.topic);
    Exact { compared, differences }
}

/// Two names lead to two addresses, and the fingerprints tell more than the issuer's name.
fn is_comparable(topic: Topic, a: &Seen, b: &Seen) -> bool {
    if apart::because(topic, a, b).is_some() {
        return false;
    }
    let both_know = |topic| a.steady(topic).is_some() && b.steady(topic).is_some();
    match topic {
        Topic::Addresses => {
            a.host == b.host && a.steady(Topic::Families) == b.steady(Topic::Families)
        }
        Topic::Issuer => !both_know(Topic::Authority),
        _ => true,
    }
}

fn fact(topic: Topic, a: &Seen, b: &Seen) -> Difference {
    let value = |seen: &Seen| seen.steady(topic).unwrap_or_default().to_owned();
    let (a, b) = match topic {
        Topic::Headers => only_in_each(&value(a), &value(b), "; "),
        Topic::Entry => only_in_each(&value(a), &value(b), ", "),
        _ => (value(a), value(b)),
    };
    Difference { topic, subject: None, a, b, certainty: Certainty::Exact }
}

/// Of two lists what only one of them has.
fn only_in_each(a: &str, b: &str, between: &str) -> (String, String) {
    let items = |text: &str| -> Vec<String> { text.split(between).map(str::to_owned).collect() };
    let (first, second) = (items(a), items(b));
    let only = |these: &[String], those: &[String]| {
        let rest: Vec<&str> =
            these.iter().filter(|item| !those.contains(item)).map(String::as_str).collect();
        let rest = rest.join(between);
        if rest.is_empty() { "none of these".to_owned() } else { rest }
    };
    (only(&first, &second), only(&second, &first))
}

/// What is missing, what is added, and, where entries can be held against each other, which of them differ.
fn lists((a, b): (&[Listed], &[Listed]), entries: bool, known: &[Difference]) -> Vec<Difference> {
    let by_name = |list: &[Listed]| -> BTreeMap<String, String> {
        list.iter().map(|model| (model.name.clone(), model.entry.clone())).collect()
    };
    let (first, second) = (by_name(a), by_name(b));
    let missing = only(Topic::Missing, &first, &second);
    let added =
        only(Topic::Added, &second, &first).map(|one| Difference { a: one.b, b: one.a, ..one });
    let entry = known.iter().any(|difference| difference.topic == Topic::Entry);
    let other = first.iter().filter(|_| entries).filter_map(|(name, entry)| {
        let there = second.get(name)?;
        let both_told = !entry.is_empty() && !there.is_empty();
        let (a, b) = only_in_each(entry, there, ", ");
        (both_told && entry != there).then(|| Difference {
            topic: Topic::Listed,
            subject: Some(name.clone()),
            a,
            b,
            certainty: Certainty::Exact,
        })
    });
    // What is said of the model in use is told once.
    let same = |one: &Difference| {
        !entry || !known.iter().any(|difference| difference.a == one.a && difference.b == one.b)
    };
    let other = in_one(other.filter(same).collect());
    missing.into_iter().chain(added).chain(other).collect()
}

/// Where very many entries differ the cause is one, and so is what is told.
fn in_one(entries: Vec<Difference>) -> Vec<Difference> {
    if entries.len() <= MOST_NAMES {
        return entries;
    }
    let names: Vec<&str> = entries.iter().filter_map(|one| one.subject.as_deref()).collect();
    let (names, count) = (names.join(", "), entries.len());
    let first = entries.into_iter().next().map(|one| Difference {
        a: format!("{} ({count} models differ; this is the first)", one.a),
        subject: Some(names),
        ..one
    });
    first.into_iter().collect()
}

/// The names that only the first list has.
fn only(
    topic: Topic,
    these: &BTreeMap<String, String>,
    those: &BTreeMap<String, String>,
) -> Option<Difference> {
    let names: Vec<&str> =
        these.keys().filter(|name| !those.contains_key(*name)).map(String::as_str).collect();
    if names.is_empty() {
        return None;
    }
    let listed = |list: &BTreeMap<String, String>| format!("{} listed", list.len());
    let more = names.len().saturating_sub(MOST_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let told = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
    Some(Difference {
        topic,
        subject: Some(names.join(", ")),
        a: format!("{told}{more} ({})", listed(these)),
        b: format!("not listed ({})", listed(those)),
        certainty: Certainty::Exact,
    })
}
