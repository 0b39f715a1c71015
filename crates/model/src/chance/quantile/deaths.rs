//! Deaths per event: a share of events without any, and a power law for the others.

use crate::chance::DayKey;

/// Deaths per lethal event: a discrete power law `P(K = k) ∝ k^(−exponent)` for `1 ≤ k ≤ limit`, as a table.
///
/// [`DeathLaw::deaths`] mixes it with a share of events without deaths, chosen so that the mean comes out right.
#[derive(Clone, Debug, PartialEq)]
pub struct DeathLaw {
    /// `cumulative[k − 1] = P(K ≤ k)`.
    cumulative: Vec<f64>,
    /// For each 1/256 of the unit interval the first `k − 1` that can be the answer.
    guide: Vec<u16>,
    /// Mean deaths of a lethal event.
    pub mean: f64,
}

/// What several events come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Toll {
    /// Deaths of all of them.
    pub deaths: u32,
    /// Events with deaths.
    pub lethal: u32,
}

const GUIDE: usize = 256;
/// Events whose draws are sifted at once: where there are many, and where there are few. Powers of two.
const BATCH: usize = 64;
const FEW: usize = 8;

impl DeathLaw {
    /// Tabulates the law. `exponent` > 1; `limit` between 1 and 65,535 (others count as the nearer end).
    #[must_use]
    pub fn new(exponent: f64, limit: u32) -> Self {
        let limit = limit.clamp(1, u32::from(u16::MAX));
        let weights: Vec<f64> = (1..=limit).map(|k| libm::exp(-exponent * libm::log(f64::from(k)))).collect();
        let total: f64 = weights.iter().sum();
        let mean = weights.iter().zip(1_u32..).map(|(w, k)| w * f64::from(k)).sum::<f64>() / total;
        let mut running = 0.0;
        let mut cumulative: Vec<f64> = weights
            .iter()
            .map(|w| {
                running += w / total;
                running
            })
            .collect();
        if let Some(last) = cumulative.last_mut() {
            *last = 1.0;
        }
        let guide = (0..GUIDE)
            .map(|cell| {
                let low = cell as f64 / GUIDE as f64;
                cumulative.partition_point(|&c| c <= low) as u16
            })
            .collect();
        Self { cumulative, guide, mean }
    }

    /// Share of events with at least one death that gives `mean_deaths` per event (capped at all of them).
    #[must_use]
    pub fn lethal_share(&self, mean_deaths: f64) -> f64 {
        (mean_deaths / self.mean).clamp(0.0, 1.0)
    }

    /// Deaths of one event from one uniform; `lethal_share` from [`DeathLaw::lethal_share`]. Monotone in both.
    #[inline]
    #[must_use]
    pub fn deaths(&self, u: f64, lethal_share: f64) -> u32 {
        if lethal_share <= 0.0 {
            return 0;
        }
        let place = place_among_lethal(u, 1.0 / lethal_share);
        if place < 0.0 { 0 } else { self.lethal(place) }
    }

    /// Deaths of `events` events together, event `k` by the day's `k`-th uniform: the sum of [`DeathLaw::deaths`].
    ///
    /// Monotone in `events` and in `lethal_share`: more events only add deaths to those of the events before them.
    /// Cost, draws included: about 1.8 ns per event and 2.5 ns more per lethal one.
    #[must_use]
    pub fn sum_deaths(&self, day: DayKey, events: u32, lethal_share: f64) -> u32 {
        self.toll(day, events, lethal_share).deaths
    }

    /// [`DeathLaw::sum_deaths`], and how many of the events had deaths.
    #[must_use]
    pub fn toll(&self, day: DayKey, events: u32, lethal_share: f64) -> Toll {
        if lethal_share <= 0.0 {
            return Toll { deaths: 0, lethal: 0 };
        }
        // Most days of most streams have a handful of events: a small table for them.
        if events <= FEW as u32 {
            self.sift::<FEW>(day, events, 1.0 / lethal_share)
        } else {
            self.sift::<BATCH>(day, events, 1.0 / lethal_share)
        }
    }

    /// Sifts the lethal events from all, `N` at a time.
    fn sift<const N: usize>(&self, day: DayKey, events: u32, per_share: f64) -> Toll {
        let mut toll = Toll { deaths: 0, lethal: 0 };
        let mut lethal = [0.0; N];
        let mut start = 0;
        while start < events {
            let end = events.min(start + N as u32);
            let mut found = 0;
            for k in start..end {
                let place = place_among_lethal(day.uniform(k), per_share);
                // Written always and kept only if lethal: a branch that nobody can foresee would cost more.
                lethal[found & (N - 1)] = place;
                found += usize::from(place >= 0.0);
            }
            toll.deaths += lethal[..found].iter().map(|&place| self.lethal(place)).sum::<u32>();
            toll.lethal += found as u32;
            start = end;
        }
        toll
    }

    /// Deaths of a lethal event: at least 1. `u` in \[0, 1).
    #[inline]
    #[must_use]
    pub fn lethal(&self, u: f64) -> u32 {
        // Adding a number this large rounds and leaves the cell in the lowest bits: the cell of `u`, or at its lower edge the one
        // before, from which the search only starts earlier.
        const ROUNDER: f64 = 6_755_399_441_055_744.0;
        let cell = ((u * GUIDE as f64 - 0.5) + ROUNDER).to_bits() & (GUIDE as u64 - 1);
        let mut i = usize::from(self.guide[cell as usize]);
        while i + 1 < self.cumulative.len() && u >= self.cumulative[i] {
            i += 1;
        }
        i as u32 + 1
    }
}

/// The uniform's place among lethal events, in \[0, 1), or negative if the event has no deaths.
///
/// In this order each rounding keeps the order of its operands, so the result grows with both, exactly.
#[inline(always)]
fn place_among_lethal(u: f64, per_share: f64) -> f64 {
    1.0 - (1.0 - u) * per_share
}

#[cfg(test)]
mod tests {
    use super::super::grid;
    use super::*;
    use crate::chance::Key;

    #[test]
    fn deaths_are_heavy_tailed_with_the_stated_mean() {
        let law = DeathLaw::new(2.5, 500);
        assert!((law.mean - 1.88).abs() < 0.02, "{}", law.mean);
        let share = law.lethal_share(0.6);
        let key = Key::new(3, 0).of("deaths");
        let n = 2_000_000;
        let (mut sum, mut large) = (0.0, 0);
        for k in 0..n {
            let d = law.deaths(key.day(0).uniform(k), share);
            sum += f64::from(d);
            large += u32::from(d >= 100);
        }
        assert!((sum / f64::from(n) - 0.6).abs() < 0.02);
        assert!(large > 50, "a lognormal or Poisson tail would give none: {large}");
    }

    #[test]
    fn deaths_agree_with_a_plain_search() {
        let law = DeathLaw::new(2.5, 500);
        for u in grid(2000) {
            let plain = law.cumulative.iter().position(|&c| u < c).unwrap() as u32 + 1;
            assert_eq!(law.lethal(u), plain);
        }
    }

    #[test]
    fn a_sum_is_the_deaths_of_each_event_and_grows_with_events_and_share() {
        let law = DeathLaw::new(2.2, 500);
        for day in 0..200 {
            let draws = Key::new(5, 0).of("deaths").day(day);
            let mut last = vec![0; 200];
            for share in [0.0, 1e-300, 0.001, 0.03, 0.3, 0.31, 0.999, 1.0] {
                let (mut plain, mut lethal) = (0, 0);
                for events in 0..200 {
                    let sum = law.sum_deaths(draws, events, share);
                    assert_eq!(sum, plain, "events {events} share {share}");
                    assert_eq!(law.toll(draws, events, share).lethal, lethal);
                    assert!(sum >= last[events as usize]);
                    last[events as usize] = sum;
                    let deaths = law.deaths(draws.uniform(events), share);
                    plain += deaths;
                    lethal += u32::from(deaths > 0);
                }
            }
        }
    }

    #[test]
    fn the_ends_are_safe() {
        for law in [DeathLaw::new(2.5, 0), DeathLaw::new(2.8, 500), DeathLaw::new(1.5, u32::MAX)] {
            let almost_one = 1.0 - f64::EPSILON / 2.0;
            assert_eq!(law.deaths(1e-16, 1.0), 1);
            assert_eq!(law.deaths(almost_one, 0.0), 0);
            assert!((1..=65_535).contains(&law.deaths(almost_one, 1.0)));
            assert!(law.lethal(almost_one) as usize <= law.cumulative.len());
            assert_eq!(law.lethal(0.0), 1);
        }
    }
}
