//! How much anybody may ask for in how short a time. Buckets that fill up again; time is handed in.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// A bucket: so many at once, and so many a second.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// At once.
    pub burst: f64,
    /// A second.
    pub each_second: f64,
}

/// People who come in, from one address. A class behind one address, or on one laptop, comes in at once.
pub const JOINS: Rate = Rate { burst: 80.0, each_second: 2.0 };
/// Wrong codes from one address: with one in four seconds, half of all codes take half a year. Wrong tokens, of which there are
/// 2 to the 128th, are rationed as what comes without one.
pub const GUESSES: Rate = Rate { burst: 20.0, each_second: 0.25 };
/// Requests of one token.
pub const REQUESTS: Rate = Rate { burst: 300.0, each_second: 60.0 };
/// Requests without a token from one address: pages, the picture of the address, the wall.
pub const PAGES: Rate = Rate { burst: 1_500.0, each_second: 150.0 };

/// Most addresses or tokens that are remembered.
const MOST_KEPT: usize = 4_096;

/// Buckets by key.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    kept: BTreeMap<K, (f64, f64)>,
    /// When full buckets were last looked for: a flood of strangers makes nobody look through all of them each time.
    swept: f64,
}

impl<K: Ord + Clone> Buckets<K> {
    /// Full buckets.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self { rate, kept: BTreeMap::new(), swept: f64::NEG_INFINITY }
    }

    fn level(&self, key: &K, now: f64) -> f64 {
        let Rate { burst, each_second } = self.rate;
        self.kept.get(key).map_or(burst, |(level, at)| (level + (now - at).max(0.0) * each_second).min(burst))
    }

    /// Whether there is one left.
    #[must_use]
    pub fn has(&self, key: &K, now: f64) -> bool {
        self.level(key, now) >= 1.0
    }

    /// Gives back what was taken and turned out not to count.
    pub fn give_back(&mut self, key: &K, now: f64) {
        let level = (self.level(key, now) + 1.0).min(self.rate.burst);
        if let Some(kept) = self.kept.get_mut(key) {
            *kept = (level, now);
        }
    }

    /// Takes one, if there is one.
    pub fn take(&mut self, key: &K, now: f64) -> bool {
        let level = self.level(key, now);
        if level < 1.0 {
            return false;
        }
        if self.kept.len() >= MOST_KEPT && now - self.swept >= 1.0 {
            self.swept = now;
            // Buckets that are full again say nothing.
            let full: Vec<K> = self.kept.keys().filter(|k| self.level(k, now) >= self.rate.burst).cloned().collect();
            for key in full {
                self.kept.remove(&key);
            }
        }
        if self.kept.len() >= MOST_KEPT && !self.kept.contains_key(key) {
            return false;
        }
        self.kept.insert(key.clone(), (level - 1.0, now));
        true
    }
}

/// All buckets of a server.
#[derive(Debug)]
pub struct Limits {
    /// Who comes in.
    pub joins: Buckets<IpAddr>,
    /// Who guesses.
    pub guesses: Buckets<IpAddr>,
    /// Who asks with a token.
    pub requests: Buckets<usize>,
    /// Who asks without.
    pub pages: Buckets<IpAddr>,
}

impl Limits {
    /// The limits of a room, and for tests that must be heard so many times as much.
    #[must_use]
    pub fn times(factor: f64) -> Self {
        let rate = |Rate { burst, each_second }| Rate { burst: burst * factor, each_second: each_second * factor };
        Self {
            joins: Buckets::new(rate(JOINS)),
            guesses: Buckets::new(rate(GUESSES)),
            requests: Buckets::new(rate(REQUESTS)),
            pages: Buckets::new(rate(PAGES)),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::times(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_and_is_each_ones_own() {
        let mut buckets = Buckets::new(Rate { burst: 3.0, each_second: 0.5 });
        assert_eq!((0..5).filter(|_| buckets.take(&1, 0.0)).count(), 3);
        assert!(buckets.take(&2, 0.0) && !buckets.has(&1, 1.9) && buckets.has(&1, 2.0));
        assert_eq!((0..9).filter(|_| buckets.take(&1, 1_000.0)).count(), 3, "never more than at once");
        // What is given back is there again, and nobody has more than a full bucket of it.
        buckets.give_back(&1, 1_000.0);
        assert!(buckets.take(&1, 1_000.0) && !buckets.take(&1, 1_000.0));
        buckets.give_back(&9, 0.0);
        assert_eq!((0..9).filter(|_| buckets.take(&9, 0.0)).count(), 3);
    }

    #[test]
    fn strangers_without_end_take_no_memory_without_end() {
        let mut buckets = Buckets::new(JOINS);
        let taken = (0..100_000).filter(|key| buckets.take(key, 0.0)).count();
        assert!(taken == MOST_KEPT && buckets.kept.len() <= MOST_KEPT);
        assert!(buckets.take(&100_001, 10_000.0), "later there is room again");
    }
}
