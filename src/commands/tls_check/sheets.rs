//! The tables of a check: who trusts the chain, the chain itself, what the server speaks. Must not lay out.

use crate::{
    certs::{Certificate, Name, words::date},
    local::runtimes::RuntimeFact,
    probe::tls::{HostSeen, Looked, alpn, facts::Supported},
    report::document::{Column, Sheet},
};

use super::{Around, data::chain_notes, runtimes, stores};

/// All tables. Who trusts it comes first: that is what people ask.
pub(super) fn sheets(looked: &Looked, around: &Around, facts: &[RuntimeFact]) -> Vec<Sheet> {
    let several = looked.hosts.len() > 1;
    let mut sheets = Vec::new();
    if several {
        sheets.push(overview(looked));
    }
    for seen in &looked.hosts {
        let title = |text: &str| match several {
            true => format!("{}: {text}", seen.host.label()),
            false => text.to_owned(),
        };
        sheets.extend(trust(seen, around, title("who trusts it")));
        if !several {
            sheets.extend(chain(seen, title("the chain as it was sent")));
            sheets.extend(speaks(seen, title("what the server speaks")));
        }
    }
    sheets.extend(runtimes::sheet(facts));
    sheets
}

fn overview(looked: &Looked) -> Sheet {
    let row = |seen: &HostSeen| {
        let tls = seen.main.facts.tls.as_ref();
        let left = seen.days_left().map_or_else(|| "-".to_owned(), |days| days.to_string());
        let said = match (seen.told.first(), seen.trusted_by()) {
            (Some(told), _) => told.detail.clone(),
            (None, Some(by)) => format!("trusted by {by}"),
            (None, None) => "-".to_owned(),
        };
        vec![
            seen.host.label(),
            tls.map_or_else(|| "-".to_owned(), |tls| tls.version.clone()),
            left,
            said,
        ]
    };
    Sheet {
        title: "hosts".to_owned(),
        columns: vec![
            Column::text("host"),
            Column::text("speaks"),
            Column::number("days left"),
            Column::text("shown"),
        ],
        rows: looked.hosts.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn trust(seen: &HostSeen, around: &Around, title: String) -> Option<Sheet> {
    let row = |says: &crate::probe::tls::StoreSays| {
        let root = says.root().map(|root| common(&root).to_owned());
        let but = stores::by_an_intermediate(seen, says, around).unwrap_or_default();
        let words = format!("{}{but}", says.words());
        vec![says.store.words.clone(), words, root.unwrap_or_else(|| "-".to_owned())]
    };
    let judged = seen.stores.iter().any(|says| says.verdict.is_some());
    judged.then(|| Sheet {
        title,
        columns: ["store", "says", "by its root"].map(Column::text).to_vec(),
        rows: seen.stores.iter().map(row).collect(),
        notes: Vec::new(),
    })
}

/// The common name out of a whole one.
fn common(name: &str) -> &str {
    name.rsplit_once("CN=").map_or(name, |(_, common)| common)
}

fn chain(seen: &HostSeen, title: String) -> Option<Sheet> {
    let row = |(place, one): (usize, &Certificate)| {
        let more = match one.names.len() {
            0 | 1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        let first = one.names.first().map(|first| format!("{first}{more}"));
        let whom = first.unwrap_or_else(|| called(&one.subject));
        let until = date(one.not_after);
        let until = until.split('T').next().unwrap_or(&until).to_owned();
        vec![(place + 1).to_string(), whom, called(&one.issuer), until, one.key.to_string()]
    };
    let rows: Vec<Vec<String>> = seen.chain.readable().enumerate().map(row).collect();
    (!rows.is_empty()).then(|| Sheet {
        title,
        columns: vec![
            Column::number("no."),
            Column::text("is for"),
            Column::text("says it is signed by"),
            Column::text("until"),
            Column::text("key"),
        ],
        rows,
        notes: chain_notes(seen),
    })
}

/// The common name by itself: the organisation stands in JSON.
fn called(name: &Name) -> String {
    name.common.clone().unwrap_or_else(|| name.short())
}

fn speaks(seen: &HostSeen, title: String) -> Option<Sheet> {
    seen.support.as_ref()?;
    let supported = Supported::of(seen);
    let list = |words: &[String]| {
        if words.is_empty() { "none shown".to_owned() } else { words.join(", ") }
    };
    let alpn: Vec<String> = alpn(seen).into_iter().map(str::to_owned).collect();
    let mut rows = vec![
        vec!["versions".to_owned(), list(&supported.versions)],
        vec!["groups".to_owned(), list(&supported.groups)],
        vec!["ALPN".to_owned(), list(&alpn)],
    ];
    if let Some(staple) = crate::probe::tls::staple_words(seen) {
        rows.push(vec!["OCSP staple".to_owned(), staple]);
    }
    if let Some(resumes) = seen.resumes() {
        let words = if resumes { "a session is resumed" } else { "each handshake is a full one" };
        rows.push(vec!["resumption".to_owned(), words.to_owned()]);
    }
    Some(Sheet {
        title,
        columns: vec![Column::text("what"), Column::text("shown")],
        rows,
        notes: Vec::new(),
    })
}
