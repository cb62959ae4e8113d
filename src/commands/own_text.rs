//! One rule for all commands that send a text of the caller's own: it goes to a host that is not Google's only where
//! that host is named. The fixed little questions of this program may go anywhere.

use clap::Args;

use crate::{error::UserError, facts::Endpoint, settings::Settings};

/// Where the caller's own text may go.
#[derive(Args, Clone, Debug, Default)]
pub struct OwnText {
    /// let your own text (a request, a prompt, a schema) go to this host, where it is not Google's (repeatable)
    #[arg(long, value_name = "HOST", help_heading = "Target")]
    pub allow_host: Vec<String>,
}

impl OwnText {
    /// Refuses to send a text to a host that nobody named for it.
    pub fn may_go_to(&self, endpoint: &Endpoint, settings: &Settings) -> Result<(), UserError> {
        let is_named = self.allow_host.iter().any(|named| is_meant(named, endpoint));
        // In a simulated world names lead to the simulator, and no further.
        let stays = settings.simulate.is_some() && endpoint.host.ends_with(".example");
        if endpoint.is_googles() || is_named || stays {
            return Ok(());
        }
        Err(UserError::usage(
            format!("could not send your text to {}: that host is not Google's", endpoint.host),
            format!("nothing was sent; if that is meant: --allow-host {}", endpoint.host),
        ))
    }

    /// The options as they were typed, for a command that asks again.
    pub fn options(&self) -> String {
        self.allow_host.iter().map(|host| format!(" --allow-host {host}")).collect()
    }
}

fn is_meant(named: &str, endpoint: &Endpoint) -> bool {
    let named = named.trim().to_ascii_lowercase();
    named.trim_matches(['[', ']']) == endpoint.host || named == endpoint.authority()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_with_or_without_its_port_and_brackets() {
        let endpoint = Endpoint::parse("https://[::1]:8443", "v1beta").expect("a good URL");
        for named in ["::1", "[::1]", "[::1]:8443", " ::1 "] {
            assert!(is_meant(named, &endpoint), "{named}");
        }
        let other = Endpoint::parse("https://gw.example", "v1beta").expect("a good URL");
        for named in ["example", "gw.example.evil", "x.gw.example", "gw.example:8443", ""] {
            assert!(!is_meant(named, &other), "{named}");
        }
    }
}
