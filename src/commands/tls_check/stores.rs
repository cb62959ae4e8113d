//! The stores of roots that a chain is put to: Mozilla's, this machine's, and those of its runtimes.

use crate::{
    certs::Certificate,
    facts::trust::{ChainTrust, StoreVerdict, Voucher},
    local::bundles::{self, Bundle, Origin, Reader, State, readers},
    probe::tls::{HostSeen, NamedStore, Roots, StoreSays},
    settings::Settings,
};

use super::Around;

/// Every store that has a say, those that decide first.
pub(super) fn stores(around: &Around, settings: &Settings) -> Vec<NamedStore> {
    let mut stores = match &around.simulated {
        Some([public, own]) => vec![
            NamedStore::new("mozilla", "the simulated public roots", Roots::pem(public)),
            NamedStore::new("system", "the simulated machine's store", Roots::pem(own)),
        ],
        None => vec![NamedStore::new("mozilla", "Mozilla's roots", Roots::mozilla())],
    };
    stores.extend(system(around));
    let trust = &settings.network.trust;
    if let Some(instead) = &trust.instead {
        let texts: Vec<&str> = instead.iter().map(|text| text.value.as_str()).collect();
        let roots = Roots::pem(&texts.join("\n"));
        stores.push(NamedStore::new("ssl_cert", "SSL_CERT_FILE, SSL_CERT_DIR", roots));
    }
    if !trust.added.is_empty() {
        let texts: Vec<&str> = trust.added.iter().map(|text| text.value.as_str()).collect();
        stores.push(NamedStore::new("ca_file", "--ca-file", Roots::pem(&texts.join("\n"))));
    }
    stores.extend(runtimes(around));
    stores
}

fn system(around: &Around) -> Option<NamedStore> {
    let bundle = around.bundles.iter().find(|bundle| bundle.origin == Origin::System)?;
    let roots = match &bundle.state {
        State::Platform => Roots::platform(),
        State::Read(contents) => Roots::certificates(contents.certificates.clone()),
        State::Broken(_) => Roots::none(),
    };
    let store = NamedStore::new("system", "this machine's store", roots);
    Some(store.from_place(place(bundle)).in_trouble(bundle.trouble()))
}

/// What the user's runtimes would go by, each by its own rules.
fn runtimes(around: &Around) -> Vec<NamedStore> {
    let found = &around.bundles;
    let readers = readers(found, around.machine());
    let named = readers.iter().map(|readership| {
        let of_it = || readership.bundles.iter().filter_map(|place| found.get(*place));
        let certificates: Vec<Vec<u8>> = readership.certificates(found).cloned().collect();
        let roots = match (readership.platform, readership.mozilla) {
            (true, _) => Roots::platform(),
            (false, true) => Roots::mozilla_and(certificates),
            (false, false) => Roots::certificates(certificates),
        };
        let reader = readership.reader;
        let own = readership.mozilla.then(|| "the list that it brings along".to_owned());
        let from = own.into_iter().chain(of_it().filter_map(place));
        let all_broken = !readership.mozilla && of_it().all(|bundle| bundle.trouble().is_some());
        let trouble = of_it().find_map(trouble).filter(|_| all_broken);
        let store = NamedStore::new(reader.word(), reader.words(), roots);
        from.fold(store, |store, place| store.from_place(Some(place)))
            .of_runtime(reader.variable())
            .in_trouble(trouble)
    });
    named.collect()
}

/// What is to be said of a runtime that stops at no intermediate, where its store trusts the chain by one and
/// leads no further.
pub(super) fn by_an_intermediate(
    seen: &HostSeen,
    says: &StoreSays,
    around: &Around,
) -> Option<String> {
    let readers = readers(&around.bundles, around.machine());
    let readership = readers.iter().find(|one| one.reader.word() == says.store.word)?;
    let who = whole_chains(readership.reader).filter(|_| says.store.runtime)?;
    let ChainTrust::Trusted(Some(voucher)) = &says.verdict.as_ref()?.trust else { return None };
    if voucher.self_issued {
        return None;
    }
    let known: Vec<Certificate> = readership
        .certificates(&around.bundles)
        .filter_map(|der| Certificate::read(der).ok())
        .collect();
    (!leads_further(seen, &known, voucher))
        .then(|| format!(", by an intermediate: {who} would not"))
}

/// Who wants a chain to end at a root, where that is not asked for otherwise.
const fn whole_chains(reader: Reader) -> Option<&'static str> {
    match reader {
        Reader::OpenSsl => Some("OpenSSL, and Python before 3.13,"),
        Reader::Httpx | Reader::Requests => Some("Python before 3.13"),
        Reader::Node => Some("Node"),
        Reader::Java | Reader::Go | Reader::Curl => None,
    }
}

/// Whether a store holds who signed that intermediate, or a root that vouches as well.
fn leads_further(seen: &HostSeen, known: &[Certificate], voucher: &Voucher) -> bool {
    let middle = known.iter().find(|one| voucher.sha256.as_ref() == Some(&one.fingerprint));
    let above =
        middle.is_none_or(|middle| known.iter().any(|one| one.subject.raw == middle.issuer.raw));
    let roots = known.iter().filter(|one| one.is_self_issued()).map(|root| root.der.clone());
    let roots: Vec<Vec<u8>> = roots.collect();
    let by_root = seen.by_bundle(std::iter::once(Some(&roots[..])));
    above || by_root.iter().flatten().any(StoreVerdict::trusts)
}

/// In a table few words do for what was not opened.
fn trouble(bundle: &Bundle) -> Option<String> {
    if bundle.is_locked() {
        return Some(format!("not judged: its key store {}", bundles::LOCKED));
    }
    bundle.trouble()
}

fn place(bundle: &Bundle) -> Option<String> {
    bundle.path.as_ref().map(|path| path.display().to_string())
}
