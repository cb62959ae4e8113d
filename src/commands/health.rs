//! `--health-url`: an end point of the caller's own, asked beside everything else.

use clap::Args;

use crate::{error::UserError, facts::Endpoint, probe::health::HealthPlan};

/// The end point.
#[derive(Args, Clone, Debug, Default)]
pub struct HealthUrl {
    /// also GET this end point of your own, such as `https://gw.example/healthz`: no key, no redirect
    #[arg(long, value_name = "URL", help_heading = "Target")]
    pub health_url: Option<String>,
}

impl HealthUrl {
    /// It, taken apart. Which proxy leads there is a matter of the settings.
    pub fn plan(&self) -> Result<Option<HealthPlan>, UserError> {
        let Some(url) = &self.health_url else { return Ok(None) };
        Endpoint::parse(url.trim(), "").map(|url| Some(HealthPlan::straight(url))).map_err(|why| {
            UserError::usage(
                format!("could not use --health-url: {why}"),
                "write it as https://gw.example/healthz",
            )
        })
    }
}
