//! The logins of sides that have one: a token for each before it is asked anything, and why one is refused. Records
//! what is found as the side's own.

use crate::facts::{
    Status,
    check::{Check, Observation},
};

use super::{
    super::{Runner, cloud, cloud::CloudPlan, row::ADC_TOKEN},
    Compared, SideSeen,
    ask::Asking,
    look,
};

/// Gets a token for each side with a login. `Err` is a budget or a time that is used up.
pub(super) async fn log_in(
    sides: &mut [Asking<'_>],
    compared: &mut Compared,
) -> Result<(), String> {
    for side in sides {
        let Some(login) = side.live.key_plan.cloud.as_deref() else { continue };
        let seen = &mut compared.sides[side.index];
        obtain(login, &mut side.runner, seen).await?;
    }
    Ok(())
}

async fn obtain(
    login: &CloudPlan,
    runner: &mut Runner<'_>,
    seen: &mut SideSeen,
) -> Result<(), String> {
    let of_run = runner.journal.clone();
    runner.journal = of_run.aside(Vec::new());
    let end = cloud::obtain(login, runner).await;
    let rows = std::mem::replace(&mut runner.journal, of_run).observations();
    let token = |status: Status| {
        move |row: &&Observation| {
            let Check { id, status: found, .. } = &row.check;
            id == ADC_TOKEN.id && *found == status
        }
    };
    // A machine that is content with no login says so for the whole run.
    rows.iter()
        .find(token(Status::Skip))
        .cloned()
        .into_iter()
        .for_each(|row| runner.journal.observe(row));
    let is_cut = rows.iter().any(|row| row.check.status == Status::Inconclusive);
    look::keep_trouble(seen, rows);
    seen.is_lost = end.is_err();
    if is_cut { end } else { Ok(()) }
}

/// Has the token endpoint tell why the API refuses the statement of a service account, as it does not say itself.
pub(super) async fn explain_refusals(sides: &mut [Asking<'_>], compared: &mut Compared) {
    for side in sides {
        let Some(login) = side.live.key_plan.cloud.as_deref() else { continue };
        let seen = &mut compared.sides[side.index];
        let known = seen.pieces.len();
        let of_run = side.runner.journal.clone();
        side.runner.journal = of_run.aside(seen.pieces.clone());
        cloud::why_refused(login, &mut side.runner).await;
        let mut rows = std::mem::replace(&mut side.runner.journal, of_run).observations();
        look::keep_trouble(seen, rows.split_off(known));
    }
}
