//! What stands round a connection: clocks, sign-in pages, and how long certificates last.

use super::super::fault::{Act, Canned, HTML, Route, Rule};
use super::super::scenario::{Identity, Scenario};

pub(in super::super) const ALL: &[Scenario] =
    &[CLOCK_SKEW, CLOCK_OFF, CAPTIVE_PORTAL, CAPTIVE_PORTAL_511, TLS_CERTIFICATE_EXPIRES_SOON];

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

const CLOCK_SKEW: Scenario = Scenario::new(
    "clock-skew",
    "tls",
    4,
    "The server lives ten days later than this machine, and its certificate began in between.",
)
.command(&["tls-check"])
.identity(Identity::NotYetValid)
.date_ahead_s(10 * DAY);

const CLOCK_OFF: Scenario = Scenario::new(
    "clock-off",
    "tls",
    0,
    "The server's clock is 20 minutes ahead of this machine's, and its certificate is in order.",
)
.command(&["tls-check"])
.date_ahead_s(20 * MINUTE);

const CAPTIVE_PORTAL: Scenario = Scenario::new(
    "captive-portal",
    "tls",
    4,
    "A network's sign-in page answers, with a certificate of its own and a redirect.",
)
.command(&["tls-check"])
.identity(Identity::WrongName)
.rules(&[Rule::always(
    Route::Any,
    Act::Answer(Canned {
        status: 302,
        kind: HTML,
        google: false,
        headers: &[("location", "http://login.example/")],
        body: "",
    }),
)]);

const CAPTIVE_PORTAL_511: Scenario = Scenario::new(
    "captive-portal.status-511",
    "tls",
    4,
    "A network's sign-in page answers with the status that is meant for it.",
)
.fix("captive-portal")
.command(&["tls-check"])
.identity(Identity::WrongName)
.rules(&[Rule::always(
    Route::Any,
    Act::foreign(511, HTML, include_str!("../bodies/captive-portal.html")),
)]);

const TLS_CERTIFICATE_EXPIRES_SOON: Scenario = Scenario::new(
    "tls-certificate-expires-soon",
    "tls",
    1,
    "The certificate is in order, and valid for 83 days where 120 are asked for.",
)
.command(&["tls-check", "--expires-within", "120"]);
