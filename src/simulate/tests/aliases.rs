//! Which build an alias picks: by chance, by place, by time; and that nobody else's calls matter.

use super::super::call::Call;
use super::super::fault::{Act, Alias, Build, Manner, Phase, Pick, Route, Rule};
use super::super::find;
use super::super::judge::Judge;
use super::judge::{V4, call_on, generate, judge};

const MODEL: &str = "gemini-3.5-flash";
const TWO_THIRDS: &[Build] = &[Build::missing("gone").weight(2), Build::works("there")];

fn judge_of(alias: Alias, seed: u64) -> Judge {
    judge(find("healthy").unwrap().aliases(vec![alias].leak()), seed)
}

fn name(judge: &Judge, call: &Call) -> &'static str {
    judge.build(call).unwrap().name
}

/// The builds of so many calls, each third one on a new connection.
fn names(judge: &Judge, calls: u64) -> Vec<&'static str> {
    (0..calls).map(|nth| name(judge, &generate(nth / 3))).collect()
}

fn runs<T: PartialEq>(items: &[T]) -> usize {
    1 + items.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

#[test]
fn a_burst_is_long_and_its_share_is_the_weights() {
    let names_of = |pick, seed| names(&judge_of(Alias::new(MODEL, pick, TWO_THIRDS), seed), 6_000);
    let bursts = names_of(Pick::Burst(20), 3);
    let gone = bursts.iter().filter(|name| **name == "gone").count();
    assert!((3_600..=4_400).contains(&gone), "{gone}");
    // A stretch ends after 20 calls on average, and four of nine ends change the build.
    assert!((100..=170).contains(&runs(&bursts)), "{}", runs(&bursts));
    assert!(runs(&names_of(Pick::Call, 3)) > 2_000);
    assert_eq!(bursts, names_of(Pick::Burst(20), 3));
    assert_ne!(bursts, names_of(Pick::Burst(20), 4));
    assert_eq!(names_of(Pick::Burst(1), 3).len(), 6_000);
}

#[test]
fn a_connections_luck_goes_by_its_turn_and_not_by_its_number() {
    let alias = Alias::new(MODEL, Pick::Connection, TWO_THIRDS);
    let luck = |numbers: [u64; 6]| {
        let judge = judge_of(alias, 41);
        numbers.map(|number| name(&judge, &generate(number)))
    };
    let lucky = luck([1, 2, 1, 3, 2, 4]);
    assert_eq!(lucky, luck([10, 11, 10, 30, 11, 7]));
    assert_eq!((lucky[0], lucky[1]), (lucky[2], lucky[4]));
}

#[test]
fn calls_to_other_models_do_not_move_the_dice_of_an_alias() {
    for pick in [Pick::Call, Pick::Connection, Pick::Burst(5), Pick::Turns] {
        let both = vec![
            Alias::new(MODEL, pick, TWO_THIRDS),
            Alias::new("gemini-2.5-flash", pick, TWO_THIRDS),
        ];
        let judge = judge(find("healthy").unwrap().aliases(both.leak()), 9);
        let line = "POST /v1beta/models/gemini-2.5-flash:generateContent";
        let mixed: Vec<&str> = (0..90)
            .map(|nth| {
                (0..nth % 4).for_each(|_| {
                    judge.build(&call_on(100 + nth, V4, line, "{}"));
                });
                name(&judge, &generate(nth / 3))
            })
            .collect();
        assert_eq!(mixed, names(&judge_of(Alias::new(MODEL, pick, TWO_THIRDS), 9), 90), "{pick:?}");
    }
}

#[test]
fn an_address_has_its_own_build() {
    let judge = judge_of(Alias::new(MODEL, Pick::Address, TWO_THIRDS), 1);
    let at = |listener| {
        let mut call = generate(1);
        call.link.listener = listener;
        name(&judge, &call)
    };
    assert_eq!([0, 1, 0, 1, 2].map(at), ["gone", "there", "gone", "there", "gone"]);
}

#[test]
fn builds_change_from_phase_to_phase() {
    const A: &[Build] = &[Build::works("a")];
    const B: &[Build] = &[Build::works("b"), Build::works("c")];
    let alias = Alias::new(MODEL, Pick::Turns, A)
        .phases(&[Phase { from_ms: 2_000, builds: B }, Phase { from_ms: 5_000, builds: A }]);
    let names = [0, 1_999, 2_000, 4_999, 5_000, u64::MAX].map(|ms| alias.builds_at(ms)[0].name);
    assert_eq!(names, ["a", "a", "b", "b", "a", "a"]);
    assert_eq!(Alias::new(MODEL, Pick::Turns, B).builds_at(9)[0].name, "b");
}

#[test]
fn a_build_may_act_like_a_rule_and_a_rule_goes_first() {
    let build = Build::works("b").manner(Manner::Acts(Act::Hang));
    let alone = judge(*find("healthy").unwrap(), 1);
    assert!(matches!(alone.act(&generate(1), Some(&build)), Some(Act::Hang)));
    assert!(alone.act(&generate(1), Some(&Build::works("b"))).is_none());
    assert!(alone.act(&generate(1), Some(&Build::missing("b"))).is_none());
    let rule = vec![Rule::always(Route::Any, Act::Disconnect)];
    let ruled = judge(find("healthy").unwrap().rules(rule.leak()), 1);
    assert!(matches!(ruled.act(&generate(1), Some(&build)), Some(Act::Disconnect)));
}
