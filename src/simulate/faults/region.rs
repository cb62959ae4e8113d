//! Where the caller is, and what Google's edge thinks of that.

use super::super::fault::{Act, HTML, Route, Rule, When};
use super::super::scenario::{Needs, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    USER_LOCATION_UNSUPPORTED,
    USER_LOCATION_UNSUPPORTED_V6,
    IMAGE_GENERATION_REGION,
    BILLING_COUNTRY_RESTRICTED,
    EDGE_403_HTML,
];

const USER_LOCATION_UNSUPPORTED: Scenario = Scenario::new(
    "user-location-unsupported",
    "region",
    4,
    "The API is not offered where the caller is: 400 FAILED_PRECONDITION.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(400, include_str!("../bodies/location-unsupported.json")),
)]);

const USER_LOCATION_UNSUPPORTED_V6: Scenario = Scenario::new(
    "user-location-unsupported.v6",
    "region",
    4,
    "The caller's IPv6 address counts as an unsupported region; over IPv4 all is well.",
)
.fix("user-location-unsupported")
.needs(Needs::Ipv6)
.rules(&[Rule {
    when: When::Ipv6,
    ..Rule::always(
        Route::Any,
        Act::google(400, include_str!("../bodies/location-unsupported.json")),
    )
}]);

const IMAGE_GENERATION_REGION: Scenario = Scenario::new(
    "image-generation-region",
    "region",
    4,
    "The name leads to a build for pictures, which are not offered where the caller is: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/image-generation-region.json")),
)]);

const EDGE_403_HTML: Scenario = Scenario::new(
    "edge-403-html",
    "edge",
    3,
    "Google's edge refuses the caller with a page before the API sees the call: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(403, HTML, include_str!("../bodies/google-403.html")),
)]);

const BILLING_COUNTRY_RESTRICTED: Scenario = Scenario::new(
    "billing-country-restricted",
    "region",
    4,
    "The API is not offered in the billing account's country: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/billing-country-restricted.json")),
)]);
