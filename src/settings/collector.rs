//! Where numbers are to be sent by OTLP. Opens nothing.

use super::{Origin, Sourced, World};
use crate::{error::UserError, facts::Endpoint};

/// The option.
pub const OPTION: &str = "--otlp-endpoint";
/// The variable that all programs with OpenTelemetry read.
pub const VARIABLE: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// The collector's base URL: of the option, else of the variable. Paths of the signals come after it.
pub fn collector(
    flag: Option<&str>,
    world: &World,
) -> Result<Option<Sourced<Endpoint>>, UserError> {
    let flag = flag.map(|url| (url, Origin::Flag(OPTION)));
    let variable = world.variable(VARIABLE).map(|url| (url, Origin::Variable(VARIABLE.to_owned())));
    let Some((url, origin)) = flag.or(variable) else { return Ok(None) };
    match Endpoint::parse(url, "") {
        Ok(endpoint) => Ok(Some(Sourced::new(endpoint, origin))),
        Err(why) => Err(UserError::usage(
            format!("could not use the collector of {origin}: {why}"),
            format!("for example {OPTION} http://localhost:4318"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(variable: Option<&str>) -> World {
        let mut world = World::bare(".".into());
        world.variables.extend(variable.map(|url| (VARIABLE.to_owned(), url.to_owned())));
        world
    }

    #[test]
    fn the_option_wins_over_the_variable() {
        let of = |flag, variable| collector(flag, &world(variable)).expect("a URL");
        assert_eq!(of(None, None), None);
        assert_eq!(of(None, Some("")), None);
        let found = of(None, Some("http://localhost:4318")).expect("a collector");
        assert_eq!(found.value.base_url(), "http://localhost:4318");
        let found = of(Some("https://otel.example/in/"), Some("http://localhost:4318"));
        let found = found.expect("a collector");
        assert_eq!(found.origin, Origin::Flag(OPTION));
        assert_eq!(found.value.base_url(), "https://otel.example/in");
    }

    #[test]
    fn what_is_no_url_is_told_with_its_place() {
        for (url, why) in [
            ("localhost:4318", "scheme"),
            ("http://me:secret@localhost", "user name or password"),
            ("http://localhost/?key=1", "query"),
        ] {
            let error = collector(None, &world(Some(url))).expect_err(url);
            assert!(error.what.contains(VARIABLE) && error.what.contains(why), "{error}");
            assert!(!error.what.contains("secret"), "{error}");
        }
    }
}
