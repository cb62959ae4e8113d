//! Does the failure rate differ between groups, such as addresses or regions? A p-value and no cause:
//! what goes together need not follow from each other.

use super::exact::fisher_two_sided;

/// Enough to tell a p-value of 0.001 from one of 0.002; a smaller one than 1 in 20,001 is not said.
const PERMUTATIONS: u32 = 20_000;
/// Sums in another order may differ by this much and still be equal.
const ROUNDING: f64 = 1e-9;

/// The calls that have one thing in common, and how many of them hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// The calls that count, such as failures; some or all of them.
    pub hits: u64,
    /// All calls of the group.
    pub calls: u64,
}

impl Group {
    fn hits(&self) -> u64 {
        self.hits
    }

    fn misses(&self) -> u64 {
        self.calls - self.hits
    }
}

/// The p-value of the same rate in all groups: Fisher's for two, else that of a chi-square under
/// 20,000 seeded permutations. 1 where there is nothing to tell apart. Made for some hundred calls:
/// the time grows with the rarer of hits and misses.
pub fn association(groups: &[Group], seed: u64) -> f64 {
    let groups = filled(groups);
    match groups[..] {
        [a, b] => fisher_two_sided(a.hits, a.calls, b.hits, b.calls),
        _ => permuted(&[groups], seed, PERMUTATIONS),
    }
}

/// The p-value of the same rate in all groups of each stratum: does the finer factor explain anything
/// beyond the coarser one? Hits move between the groups of their own stratum only.
pub fn within(strata: &[Vec<Group>], seed: u64) -> f64 {
    permuted(strata, seed, PERMUTATIONS)
}

fn filled(groups: &[Group]) -> Vec<Group> {
    groups.iter().filter(|group| group.calls > 0).copied().collect()
}

fn permuted(strata: &[Vec<Group>], seed: u64, permutations: u32) -> f64 {
    let mut strata: Vec<Stratum> = strata.iter().filter_map(|groups| Stratum::of(groups)).collect();
    if strata.is_empty() {
        return 1.0;
    }
    let mut random = fastrand::Rng::with_seed(seed);
    let limit = strata.iter().map(|stratum| stratum.observed).sum::<f64>() - ROUNDING;
    let mut shuffled =
        || strata.iter_mut().map(|stratum| stratum.shuffled(&mut random)).sum::<f64>();
    let extreme = (0..permutations).filter(|_| shuffled() >= limit).count();
    (extreme + 1) as f64 / f64::from(permutations + 1)
}

/// Groups whose hits may be exchanged. With the margins fixed, Pearson's chi-square is the sum of
/// `hits² / calls` but for a factor and a summand, and the rarer of hits and misses gives the same.
struct Stratum {
    calls: Vec<f64>,
    owners: Vec<usize>,
    rarer: usize,
    factor: f64,
    observed: f64,
    counts: Vec<f64>,
}

impl Stratum {
    /// None where all groups are bound to have the same rate.
    fn of(groups: &[Group]) -> Option<Self> {
        let groups = filled(groups);
        let hits: u64 = groups.iter().map(|group| group.hits).sum();
        let misses: u64 = groups.iter().map(Group::misses).sum();
        if groups.len() < 2 || hits == 0 || misses == 0 {
            return None;
        }
        let all = (hits + misses) as f64;
        let factor = all / hits as f64 * all / misses as f64;
        let rare = if hits <= misses { Group::hits } else { Group::misses };
        Some(Self::with(&groups, factor, rare))
    }

    fn with(groups: &[Group], factor: f64, rare: fn(&Group) -> u64) -> Self {
        let square = |group: &Group| (rare(group) as f64).powi(2) / group.calls as f64;
        let owned = |(index, group): (usize, &Group)| (0..group.calls).map(move |_| index);
        Self {
            calls: groups.iter().map(|group| group.calls as f64).collect(),
            owners: groups.iter().enumerate().flat_map(owned).collect(),
            rarer: groups.iter().map(rare).sum::<u64>() as usize,
            factor,
            observed: factor * groups.iter().map(square).sum::<f64>(),
            counts: vec![0.0; groups.len()],
        }
    }

    /// The statistic with the rarer outcome dealt out anew.
    fn shuffled(&mut self, random: &mut fastrand::Rng) -> f64 {
        self.counts.fill(0.0);
        let mut squares = 0.0;
        for dealt in 0..self.rarer {
            let other = random.usize(dealt..self.owners.len());
            self.owners.swap(dealt, other);
            let group = self.owners[dealt];
            squares += (2.0 * self.counts[group] + 1.0) / self.calls[group];
            self.counts[group] += 1.0;
        }
        self.factor * squares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEWER: u32 = 199;

    fn group(hits: u64, calls: u64) -> Group {
        Group { hits, calls }
    }

    /// Groups of calls whose failures are independent of the group.
    fn alike(groups: usize, calls: u64, rate: f64, random: &mut fastrand::Rng) -> Vec<Group> {
        let mut hits = || (0..calls).filter(|_| random.f64() < rate).count() as u64;
        (0..groups).map(|_| group(hits(), calls)).collect()
    }

    #[test]
    fn two_groups_are_compared_exactly() {
        let p = association(&[group(17, 25), group(0, 0), group(0, 36)], 1);
        assert_eq!(p, fisher_two_sided(17, 25, 0, 36));
    }

    #[test]
    fn nothing_to_tell_apart_is_no_difference() {
        assert_eq!(association(&[], 1), 1.0);
        assert_eq!(association(&[group(3, 5)], 1), 1.0);
        assert_eq!(association(&[group(0, 5), group(0, 9), group(0, 2)], 1), 1.0);
        assert_eq!(association(&[group(5, 5), group(9, 9), group(2, 2)], 1), 1.0);
        assert_eq!(within(&[vec![group(0, 5), group(0, 5)], vec![group(5, 5)]], 1), 1.0);
    }

    #[test]
    fn groups_of_one_call_cannot_differ() {
        let single: Vec<Group> = (0..30).map(|index| group(index % 3 / 2, 1)).collect();
        assert_eq!(association(&single, 1), 1.0);
    }

    /// Pearson's chi-square and its p-value over all ways to deal the hits to groups of five.
    fn counted(hits: [u64; 3]) -> f64 {
        let ways = |part: u64| [1.0, 5.0, 10.0, 10.0, 5.0, 1.0][part as usize];
        let square = |hits: [u64; 3]| hits.iter().map(|hits| hits * hits).sum::<u64>();
        let (mut all, mut extreme) = (0.0, 0.0);
        for (a, b) in (0..=5).flat_map(|a| (0..=5).map(move |b| (a, b))) {
            let Some(c) = hits.iter().sum::<u64>().checked_sub(a + b).filter(|c| *c <= 5) else {
                continue;
            };
            let weight = ways(a) * ways(b) * ways(c);
            all += weight;
            extreme += if square([a, b, c]) >= square(hits) { weight } else { 0.0 };
        }
        extreme / all
    }

    #[test]
    fn permutations_come_near_the_exact_value() {
        for hits in [[0, 5, 2], [1, 4, 2], [2, 3, 3], [5, 5, 1], [4, 4, 5]] {
            let p = association(&hits.map(|hits| group(hits, 5)), 9);
            assert!((p - counted(hits)).abs() < 0.012, "{hits:?}: {p} {}", counted(hits));
        }
    }

    #[test]
    fn a_seed_gives_the_same_answer_again() {
        let groups = [group(1, 9), group(4, 9), group(3, 9)];
        assert_eq!(association(&groups, 5), association(&groups, 5));
        assert_ne!(association(&groups, 5), association(&groups, 6));
    }

    #[test]
    fn connections_that_always_agree_with_themselves_are_found() {
        let pairs: Vec<Group> = (0..75).map(|index| group(2 * (index % 3).min(1), 2)).collect();
        assert_eq!(association(&pairs, 1), 1.0 / 20_001.0);
    }

    #[test]
    fn the_finer_factor_is_seen_beyond_the_coarser_one() {
        // The coarser factor explains all of the first, the finer one half of the second.
        let coarse = [vec![group(1, 10), group(1, 10)], vec![group(9, 10), group(9, 10)]];
        assert!(within(&coarse, 1) > 0.5);
        assert!(association(&coarse.concat(), 1) < 0.001);
        let fine = [vec![group(0, 10), group(10, 10)], vec![group(9, 10), group(9, 10)]];
        assert!(within(&fine, 1) < 0.001);
    }

    #[test]
    fn equal_rates_are_seldom_called_different() {
        let mut random = fastrand::Rng::with_seed(21);
        let mut claims = [0; 2];
        for seed in 0..2_000 {
            let strata = [alike(6, 5, 0.1, &mut random), alike(6, 5, 0.68, &mut random)];
            claims[0] += u32::from(permuted(&strata, seed, FEWER) <= 0.05);
            claims[1] += u32::from(permuted(&strata[1..], seed, FEWER) <= 0.05);
        }
        assert!(claims.iter().all(|claims| (50..=120).contains(claims)), "{claims:?}");
    }
}
