//! Asks several sides the same, paired and interleaved, so that what differs is theirs and not the hour's.
//! It records what each showed; what differs is worked out in its own room.

mod ask;
mod errors;
mod facts;
mod login;
mod look;
mod plan;
mod rounds;
mod rows;

pub use plan::{ComparePlan, Compared, LiveSide, Pair, SavedSide, SidePlan, SideSeen, Source};

use super::{Runner, runner::Vault};
use ask::Asking;

/// Each side is looked at so often: what changes from one look to the other is no difference.
const LOOKS: u32 = 2;

/// Asks all that is asked.
pub async fn run(plan: &ComparePlan, runner: &mut Runner<'_>, compared: &mut Compared) {
    if rows::keys(plan, runner).is_err() {
        return;
    }
    let cold = ask::cold(plan);
    let vaults: Vec<Vault> = plan.sides.iter().map(|_| Vault::default()).collect();
    let mut sides = ask::begin(plan, runner, &vaults);
    let looked = look_at_all(plan, &cold, &mut sides, compared).await;
    rows::sides(runner, compared);
    let asked = match looked {
        Ok(()) => rounds::run(plan, &cold, &mut sides, compared).await,
        Err(because) => Err(because),
    };
    compared.cut = asked.err();
    rows::end(plan, runner, compared);
}

/// Records what there is of a run that was stopped.
pub fn close(plan: &ComparePlan, runner: &Runner<'_>, compared: &mut Compared) {
    rows::sides(runner, compared);
    rows::end(plan, runner, compared);
}

/// Two looks at each, the second in the other order.
async fn look_at_all<'a>(
    plan: &ComparePlan,
    cold: &'a [crate::net::How],
    sides: &mut [Asking<'a>],
    compared: &mut Compared,
) -> Result<(), String> {
    login::log_in(sides, compared).await?;
    for look in 0..LOOKS {
        if look > 0 {
            sides.reverse();
            sides.iter_mut().for_each(|side| side.start_cold(cold));
        }
        for side in sides.iter_mut() {
            look::reach_and_list(side, compared).await?;
        }
        ask::choose_models(plan, sides, compared);
        for side in sides.iter_mut() {
            look::ask_about_the_model(side, compared).await?;
        }
        look::settle(plan, compared);
    }
    login::explain_refusals(sides, compared).await;
    sides.sort_by_key(|side| side.index);
    Ok(())
}
