//! Whose web page a text is. A page where JSON should be is evidence in itself.

use crate::facts::Party;

/// The party behind an HTML page; `None` for a text that is none.
pub(super) fn party(text: &str) -> Option<Party> {
    let lower = text.to_ascii_lowercase();
    let holds = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    if !holds(&["<html", "<!doctype html"]) {
        None
    } else if holds(EDGE) {
        Some(Party::Edge)
    } else if holds(GATEWAYS) {
        Some(Party::Gateway)
    } else {
        Some(Party::Page)
    }
}

const EDGE: &[&str] =
    &["!!1</title>", "that’s an error", "that's an error", "//www.google.com/images/"];

const GATEWAYS: &[&str] = &[
    "nginx",
    "openresty",
    "cloudflare",
    "cloudfront",
    "envoy",
    "haproxy",
    "varnish",
    "awselb",
    "bad gateway",
    "gateway time",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_apart_by_their_makers() {
        let robot = "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><ins>That’s an error.";
        assert_eq!(party(robot), Some(Party::Edge));
        let gateway = "<html><h1>504 Gateway Time-out</h1><center>nginx</center></html>";
        assert_eq!(party(gateway), Some(Party::Gateway));
        assert_eq!(party("<HTML>please sign in"), Some(Party::Page));
        assert_eq!(party("{\"error\":{}}"), None);
    }
}
