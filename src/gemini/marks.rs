//! The headers that show who stood on the way of an answer, in one table: whose each is, and how much of it is told.
//! Judges nothing.

use http::HeaderMap;

/// How much of a header is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Its value, which names somebody.
    Value,
    /// Its name alone, since its value differs from answer to answer; of a family the family.
    Name,
    /// Nothing: another row of it is, or it says nothing but whose it is.
    Not,
}

/// One header: its name, a part of its value, whose it is, and how much is told. A name that ends in a dash stands
/// for all that begin with it.
type Header = (&'static str, &'static str, Option<&'static str>, Told);

/// The more special ones first, since the first that fits says whose an answer is.
const HEADERS: &[Header] = &[
    ("x-litellm-", "", Some("LiteLLM"), Told::Name),
    ("cf-aig-", "", Some("Cloudflare AI Gateway"), Told::Name),
    ("x-portkey-", "", Some("Portkey"), Told::Name),
    ("helicone-", "", Some("Helicone"), Told::Name),
    ("x-new-api-version", "", Some("new-api"), Told::Not),
    ("x-oneapi-request-id", "", Some("one-api or a relative of it"), Told::Not),
    ("x-kong-", "", Some("Kong"), Told::Name),
    ("server", "kong", Some("Kong"), Told::Value),
    ("via", "kong", Some("Kong"), Told::Value),
    ("server", "apisix", Some("Apache APISIX"), Told::Not),
    ("x-amz-apigw-id", "", Some("Amazon API Gateway"), Told::Not),
    ("apim-request-id", "", Some("Azure API Management"), Told::Not),
    ("x-envoy-", "", Some("Envoy"), Told::Not),
    ("server", "envoy", Some("Envoy"), Told::Not),
    ("server", "openresty", Some("OpenResty"), Told::Not),
    ("server", "nginx", Some("nginx"), Told::Not),
    ("cf-ray", "", Some("Cloudflare"), Told::Name),
    ("server", "cloudflare", Some("Cloudflare"), Told::Not),
    ("x-azure-ref", "", Some("Azure Front Door"), Told::Name),
    ("server", "awselb", Some("an Amazon load balancer"), Told::Not),
    ("server", "caddy", Some("Caddy"), Told::Not),
    ("server", "uvicorn", Some("a Python server (uvicorn)"), Told::Not),
    ("server", "gunicorn", Some("a Python server (gunicorn)"), Told::Not),
    ("via", "", Some("a proxy that signs with Via"), Told::Not),
    ("x-request-id", "", Some("a server that numbers its requests"), Told::Name),
    ("x-powered-by", "", None, Told::Value),
    ("x-served-by", "", None, Told::Value),
    ("x-aspnet-version", "", None, Told::Value),
    ("alt-svc", "", None, Told::Name),
    ("apigw-requestid", "", None, Told::Name),
    ("retry-after", "", None, Told::Name),
    ("x-amz-cf-id", "", None, Told::Name),
    ("x-amzn-requestid", "", None, Told::Name),
    ("x-amzn-trace-id", "", None, Told::Name),
    ("x-cache", "", None, Told::Name),
    ("x-correlation-id", "", None, Told::Name),
    ("x-envoy-upstream-service-time", "", None, Told::Name),
    ("x-goog-ext-353267353-bin", "", None, Told::Name),
    ("x-ratelimit-", "", None, Told::Name),
    ("x-varnish", "", None, Told::Name),
];
/// The longest value that is told.
const LONGEST: usize = 60;

/// Whose an answer is by its headers.
pub(super) fn product(headers: &HeaderMap) -> Option<&'static str> {
    let known = |(name, part, whose, _): &&Header| {
        whose.is_some()
            && if is_family(name) { has(headers, name) } else { holds(headers, name, part) }
    };
    HEADERS.iter().find(known).and_then(|(_, _, whose, _)| *whose)
}

/// Whether a header holds a text, whatever its case.
pub(super) fn holds(headers: &HeaderMap, name: &str, part: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .any(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase().contains(part))
}

/// What an answer's headers show, in a fixed order: those with values, then names, then families.
pub(super) fn marks(headers: &HeaderMap) -> Vec<String> {
    let named = told(Told::Value).filter_map(|name| {
        let value = headers.get(name)?.to_str().ok()?;
        let end = value.floor_char_boundary(LONGEST);
        Some(format!("{name}: {}", &value[..end]))
    });
    let (families, names): (Vec<&str>, Vec<&str>) =
        told(Told::Name).filter(|name| has(headers, name)).partition(|name| is_family(name));
    let timing = headers.get("server-timing").and_then(|value| value.to_str().ok());
    let google = timing.filter(|value| value.contains("gfet4t7"));
    named
        .chain(google.map(|_| "server-timing: gfet4t7".to_owned()))
        .chain(names.into_iter().map(str::to_owned))
        .chain(families.into_iter().map(|family| format!("{family}*")))
        .collect()
}

fn told(how: Told) -> impl Iterator<Item = &'static str> {
    HEADERS.iter().filter(move |(.., told)| *told == how).map(|(name, ..)| *name)
}

fn is_family(name: &str) -> bool {
    name.ends_with('-')
}

/// Whether a header is there, or one of a family.
fn has(headers: &HeaderMap, name: &str) -> bool {
    match is_family(name) {
        true => headers.keys().any(|header| header.as_str().starts_with(name)),
        false => headers.contains_key(name),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use http::{HeaderName, HeaderValue};

    use super::*;

    fn of(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(header).collect()
    }

    #[test]
    fn names_are_told_with_values_and_numbers_without() {
        let headers = of(&[
            ("server", "nginx"),
            ("cf-ray", "8f00-FRA"),
            ("x-litellm-call-id", "1"),
            ("x-litellm-version", "2"),
            ("server-timing", "gfet4t7; dur=12"),
            ("content-type", "application/json"),
        ]);
        let expected = ["server: nginx", "server-timing: gfet4t7", "cf-ray", "x-litellm-*"];
        assert_eq!(marks(&headers), expected);
        assert_eq!(product(&headers), Some("LiteLLM"));
    }

    #[test]
    fn the_more_special_header_says_whose_it_is() {
        for (pairs, whose) in [
            (&[("server", "nginx"), ("x-envoy-decorator", "x")][..], Some("Envoy")),
            (&[("via", "1.1 kong/3.4")], Some("Kong")),
            (&[("via", "1.1 proxy"), ("server", "Caddy")], Some("Caddy")),
            (&[("x-powered-by", "Express")], None),
        ] {
            assert_eq!(product(&of(pairs)), whose, "{pairs:?}");
        }
    }

    #[test]
    fn nothing_is_told_twice() {
        let all: Vec<&str> = told(Told::Value).chain(told(Told::Name)).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
