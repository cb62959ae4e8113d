//! Headers that show who stood on the way of an answer. Those that name somebody are told with their value;
//! of those that differ from answer to answer only the name.

use http::HeaderMap;

/// Told with their value.
const NAMED: &[&str] = &["server", "via", "x-powered-by", "x-served-by", "x-aspnet-version"];
/// Told by their name, since their values change.
const PRESENT: &[&str] = &[
    "alt-svc",
    "apigw-requestid",
    "cf-ray",
    "retry-after",
    "x-amz-cf-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-azure-ref",
    "x-cache",
    "x-correlation-id",
    "x-envoy-upstream-service-time",
    "x-goog-ext-353267353-bin",
    "x-request-id",
    "x-varnish",
];
/// Whole families of headers of gateways, told as the family.
const FAMILIES: &[&str] =
    &["x-kong-", "x-litellm-", "x-portkey-", "x-ratelimit-", "helicone-", "cf-aig-"];
/// The longest value that is told.
const LONGEST: usize = 60;

/// What an answer's headers show, in a fixed order.
pub(super) fn marks(headers: &HeaderMap) -> Vec<String> {
    let named = NAMED.iter().filter_map(|name| {
        let value = headers.get(*name)?.to_str().ok()?;
        let end = value.floor_char_boundary(LONGEST);
        Some(format!("{name}: {}", &value[..end]))
    });
    let present = PRESENT.iter().filter(|name| headers.contains_key(**name));
    let of_family = |family: &&&str| headers.keys().any(|name| name.as_str().starts_with(**family));
    let families = FAMILIES.iter().filter(of_family).map(|family| format!("{family}*"));
    let timing = headers.get("server-timing").and_then(|value| value.to_str().ok());
    let google = timing.filter(|value| value.contains("gfet4t7"));
    named
        .chain(google.map(|_| "server-timing: gfet4t7".to_owned()))
        .chain(present.map(|name| (*name).to_owned()))
        .chain(families)
        .collect()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn names_are_told_with_values_and_numbers_without() {
        let headers: HeaderMap = [
            ("server", "nginx"),
            ("cf-ray", "8f00-FRA"),
            ("x-litellm-call-id", "1"),
            ("x-litellm-version", "2"),
            ("server-timing", "gfet4t7; dur=12"),
            ("content-type", "application/json"),
        ]
        .into_iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
        let expected = ["server: nginx", "server-timing: gfet4t7", "cf-ray", "x-litellm-*"];
        assert_eq!(marks(&headers), expected);
    }
}
