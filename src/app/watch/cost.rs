//! What a watch will cost, said before it begins, and the yes that it needs.

use crate::{commands::watch::price, error::UserError};

use super::Around;

/// Paid calls that run without being asked about.
const PAID_CALLS: u64 = 20;

/// Says what it costs. More paid calls than a few need a yes; in a simulated world nobody pays.
pub(super) fn afford(around: &Around<'_>) -> Result<(), UserError> {
    let budget = &around.settings.budget;
    let price = price(around.wanted, budget.max_requests);
    let paid = around.wanted.calls().0.min(budget.max_requests.unwrap_or(u64::MAX));
    if budget.yes || around.simulated.is_some() || paid <= PAID_CALLS {
        around.output.note(&format!("watching {price}"));
        return Ok(());
    }
    let cost = format!("this watch asks {price}");
    if around.output.ask(&format!("{cost}. Go on?")) {
        return Ok(());
    }
    let hint = "add --yes, or --free, or --max-requests N for fewer, or --dry-run to see what would be sent";
    Err(UserError::usage(format!("{cost}, and nobody agreed to that"), hint))
}
