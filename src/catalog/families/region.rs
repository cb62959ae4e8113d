//! Known fixes for where a call comes from, and for the front end that looks at it first.
//!
//! A rule about places is to be kept: no step here helps anybody round it.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Not, Says, SaysOne, Status},
        Split, likely, maybe, owner, sure, you,
    },
    facts::{Blame, Layer, Party, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &USER_LOCATION_UNSUPPORTED,
    &BILLING_COUNTRY_RESTRICTED,
    &IMAGE_GENERATION_REGION,
    &EDGE_403_HTML,
];

const USER_LOCATION_UNSUPPORTED: KnownFix = KnownFix {
    id: "user-location-unsupported",
    title: "Google does not offer the API where this call comes from",
    layer: Layer::Region,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("User location is not supported")]),
        sure(&[Says("free tier is not available in your country")]),
        likely(&[
            SaysOne(&["not available in your country", "not available in your region"]),
            Says("Gemini API"),
            Not(&Says("free tier is not available")),
        ]),
    ],
    why: "What counts is the address that Google sees, not where you sit: that of the last proxy, \
          gateway or cloud function, and it may differ between IPv4 and IPv6. So the failure comes \
          and goes where a platform moves its jobs about. Key and request are not the cause.",
    fix: &[
        you("See whether only one address family is refused: -4 and then -6")
            .run("gemini-doctor check-key -4"),
        you("Compare the country of that outgoing address, not your own, with the official list: \
             https://ai.google.dev/gemini-api/docs/available-regions"),
        owner(
            "Where your users and your organisation are in a supported region, run the job there too; \
               elsewhere the API is not to be used, whatever the address",
        ),
        owner("Link billing to the project if the answer speaks of billing or the free tier"),
        owner("Ask for the cloud platform's API under a contract of its own otherwise"),
    ],
    confirm: "gemini-doctor check-key lists the models from the machine that failed.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
        "[GoogleGenerativeAI Error]: Error fetching from \
         https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent: \
         [400 Bad Request] User location is not supported for the API use.",
        r#"[{"error":{"code":400,"message":"User location is not supported for the API use without a billing account linked.","status":"FAILED_PRECONDITION"}}]"#,
    ],
    live: &[],
    not: &[
        // About pictures only; text still works from there.
        r#"{"error":{"code":400,"message":"Image generation is not available in your country.","status":"FAILED_PRECONDITION"}}"#,
        r#"{"error":{"code":403,"message":"The provided API key has an IP address restriction. The originating IP address of the call (203.0.113.7) violates this restriction.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "user-location-unsupported",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/available-regions"],
    as_of: "2026-11-20",
};

const BILLING_COUNTRY_RESTRICTED: KnownFix = KnownFix {
    id: "billing-country-restricted",
    title: "Google does not offer the API in the billing account's country",
    layer: Layer::Region,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("restricted from your billing country")]),
        likely(&[Says("billing country"), SaysOne(&["denied", "not supported", "restricted"])]),
    ],
    why: "What counts here is the country that the billing account of the key's project is registered \
          in, not the place that the call comes from. The key was read and the project was found, so \
          neither of them nor the network is at fault.",
    fix: &[
        owner(
            "See which country is meant: the cloud console shows it with the account linked to the project",
        ),
        owner(
            "Compare that country with the official list: https://ai.google.dev/gemini-api/docs/available-regions",
        ),
        owner(
            "Link an account that is truly yours and registered in a supported country, if there is one",
        ),
        owner("Ask Google's support if the account's country is recorded wrongly"),
    ],
    confirm: "gemini-doctor check-key lists the models.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Access to generativelanguage.googleapis.com is restricted from your billing country and was denied for project example-prod.","status":"PERMISSION_DENIED"}}"#,
        "google.genai.errors.ClientError: 403 PERMISSION_DENIED. Access to generativelanguage.googleapis.com is restricted from your billing country and was denied.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
        r#"{"error":{"code":403,"message":"This API method requires billing to be enabled.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "billing-country-restricted",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/available-regions"],
    as_of: "2026-11-20",
};

/// The API's own words for pictures that it does not make.
const NO_PICTURES: Sign =
    SaysOne(&["Image generation is not", "Image output is not", "Image generation isn't"]);

const IMAGE_GENERATION_REGION: KnownFix = KnownFix {
    id: "image-generation-region",
    title: "Google does not offer pictures as answers where this call comes from",
    layer: Layer::Region,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[NO_PICTURES, SaysOne(&["in your country", "in your region", "in your location"])]),
        likely(&[
            SaysOne(&["image generation", "image output"]),
            SaysOne(&["country", "your region", "your location"]),
            Not(&NO_PICTURES),
        ]),
        // Where pictures are not offered, some of their models are not found at all.
        maybe(&[
            Says("is not found for API version"),
            SaysOne(&["-image-generation", "-image-preview", "-preview-image"]),
        ]),
    ],
    why: "Models that answer with pictures are offered in fewer places than those for text. What \
          counts is the address that Google sees. Calls that want only text meet this too when a \
          name such as an experimental alias has come to lead to a build for pictures.",
    fix: &[
        you("Ask for text from a model that is made for text, by its own name")
            .run("gemini-doctor list-models"),
        owner(
            "Make pictures in a job that stands in a place where they are offered and where you may run it",
        ),
        owner("Ask for the cloud platform's API under a contract of its own otherwise"),
    ],
    confirm: "gemini-doctor check-key --model NAME passes with the text model.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Image generation is not available in your country.","status":"FAILED_PRECONDITION"}}"#,
        "google.api_core.exceptions.FailedPrecondition: 400 Image generation is not available in your country.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
        r#"{"error":{"code":400,"message":"Unable to process input image. Please retry.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "image-generation-region",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/available-regions"],
    as_of: "2026-11-20",
};

const EDGE_403_HTML: KnownFix = KnownFix {
    id: "edge-403-html",
    title: "Google's front end refused the request before the API saw it",
    layer: Layer::Edge,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("Error 403 (Forbidden)!!1")]),
        sure(&[Says("Your client does not have permission to get URL")]),
        likely(&[SaysOne(&["network may be sending automated queries"])]),
        likely(&[By(Party::Edge), Status(403)]),
    ],
    why: "The answer is a web page and not the API's JSON, so no key and no permission was looked \
          at yet. A malformed path, odd characters in a key that stands in the URL, or a network \
          that Google distrusts lead to it; few cases are known.",
    fix: &[
        you("Send the key in the header x-goog-api-key and keep it out of the URL"),
        you("Ask the plain base URL with the same key")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
        you("Repeat it from another network that you may use, and compare"),
        owner("Ask the network's owner whether its outgoing address is shared or was abused"),
    ],
    confirm: "gemini-doctor check-key is answered in JSON, whatever it then says.",
    seen_as: &[
        "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error 403 \
         (Forbidden)!!1</title>\n  <p><b>403.</b> <ins>That’s an error.</ins>\n  <p>Your client \
         does not have permission to get URL <code>/v1beta/models</code> from this server.",
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON\n\
         body: <title>Error 403 (Forbidden)!!1</title>",
    ],
    live: &[&[By(Party::Edge), Status(403)]],
    not: &[
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
        "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><p>The requested URL \
         <code>/models</code> was not found on this server.",
    ],
    splits: &[Split {
        id: "user-location-unsupported",
        by: "the same call with the key in its header: a rule about places answers in JSON",
    }],
    reproduce: "edge-403-html",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};
