//! Chance: every random number of the model is a pure function of *(seed, future, process, entity, day, k)*.
//!
//! There is no generator that is consumed, so no draw can shift another: a lever changes only what its mechanism
//! reaches, and two futures with the same seed differ by policy alone (common random numbers). Ids enter as hashes of
//! their text, never as positions, so adding an actor to a scenario leaves every other actor's luck as it was.
//!
//! * [`Key`] narrows from seed to process to entity; [`Key::day`] gives the day's draws.
//! * [`quantile`] turns one uniform into a count or a size by inverting its distribution: monotone in its mean.

pub mod counts;
pub mod quantile;

#[cfg(test)]
mod battery;

/// The finaliser that scatters a 64-bit word ("rrmxmx", Pelle Evensen 2018): a bijection of two multiplications.
///
/// Chosen by measurement among eight candidates: the cheapest without a flaw on any of the regular inputs tried, 0.2 ns
/// a draw dearer than the cheapest of all (`docs/randomness.md`). Only wrapping 64-bit integer arithmetic, so the same
/// on every platform, 32-bit wasm included.
#[inline(always)]
#[must_use]
pub const fn mix(word: u64) -> u64 {
    let mut x = word;
    x ^= x.rotate_right(49) ^ x.rotate_right(24);
    x = x.wrapping_mul(0x9FB2_1C65_1E98_DF25);
    x ^= x >> 28;
    x = x.wrapping_mul(0x9FB2_1C65_1E98_DF25);
    x ^ (x >> 28)
}

/// Odd multipliers that keep the axes of a key apart before mixing (fractional parts of square roots of primes).
const SEED_STEP: u64 = 0x6A09_E667_F3BC_C909;
const FUTURE_STEP: u64 = 0xBB67_AE85_84CA_A73B;
const DAY_STEP: u64 = 0x9E37_79B9_7F4A_7C15;
const K_STEP: u64 = 0xD1B5_4A32_D192_ED03;

/// Hash of an id's text (FNV-1a, then mixed). Used once per id; never on a hot path.
#[must_use]
pub const fn hash_id(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        hash ^= bytes[i] as u64;
        hash = hash.wrapping_mul(0x0000_0100_0000_01B3);
        i += 1;
    }
    mix(hash)
}

/// A place in the tree of draws: seed → future → process → entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// The root of all draws of one future under one seed.
    #[must_use]
    pub const fn new(seed: u64, future: u64) -> Self {
        let root = mix(seed.wrapping_mul(SEED_STEP) ^ 0x5EED);
        Self(mix(root ^ future.wrapping_mul(FUTURE_STEP)))
    }

    /// Narrows to a named process or entity. Order matters: process first, then entity.
    #[must_use]
    pub const fn of(self, id: &str) -> Self {
        self.of_hash(hash_id(id))
    }

    /// [`Key::of`] for an id hashed before by [`hash_id`].
    #[inline(always)]
    #[must_use]
    pub const fn of_hash(self, hash: u64) -> Self {
        Self(mix(self.0 ^ hash))
    }

    /// The draws of one day; `day` counts from the scenario's epoch and may be negative.
    #[inline(always)]
    #[must_use]
    pub const fn day(self, day: i32) -> DayKey {
        // Sign-extended, so that the days of one key are steps on one line and no two can meet.
        DayKey(mix(self.0.wrapping_add((day as i64 as u64).wrapping_mul(DAY_STEP))))
    }

    /// The draws that do not belong to a day (parameters of a future, reporting bias): those of the one day that no
    /// calendar has.
    #[must_use]
    pub const fn timeless(self) -> DayKey {
        self.day(i32::MIN)
    }
}

/// The uniform of a word's upper 52 bits: `(bits + ½) · 2⁻⁵²`, written without a conversion: the bits are the fraction of a number
/// in \[1, 2), and what is taken from it leaves no rounding.
#[inline(always)]
pub(crate) const fn place(bits: u64) -> f64 {
    f64::from_bits(0x3FF0_0000_0000_0000 | bits) - (1.0 - 0.5 / 4_503_599_627_370_496.0)
}

/// One day's draws of one process and entity, indexed by `k`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayKey(u64);

impl DayKey {
    /// The `k`-th word.
    #[inline(always)]
    #[must_use]
    pub const fn word(self, k: u32) -> u64 {
        mix(self.0.wrapping_add((k as u64).wrapping_mul(K_STEP)))
    }

    /// The `k`-th uniform in the open interval (0, 1): 52 bits and a half step, never 0 and never 1.
    #[inline(always)]
    #[must_use]
    pub const fn uniform(self, k: u32) -> f64 {
        place(self.word(k) >> 12)
    }

    /// The `k`-th standard normal, by inverse CDF of one uniform.
    #[must_use]
    pub fn normal(self, k: u32) -> f64 {
        quantile::normal(self.uniform(k))
    }
}

/// A fingerprint of draws and quantiles over a few thousand inputs: [`FINGERPRINT`] on every platform.
///
/// A build for another target (a browser) calls this once and knows whether its arithmetic gives the same histories.
#[must_use]
pub fn fingerprint() -> u64 {
    let deaths = quantile::DeathLaw::new(2.5, 500);
    let mut sum = 0;
    for size in [0.05, 0.3, 1.0, 6.0, 50.0] {
        let counts = quantile::NegativeBinomial::new(size);
        for (i, mean) in (0_i32..).zip([1e-9, 0.05, 0.5, 3.0, 30.0, 150.0, 700.0]) {
            let key = Key::new(2417, i as u64).of("fire").of("ISR>HZB");
            for day in -20..80 {
                let draws = key.day(day);
                let n = counts.quantile(draws.uniform(0), mean);
                let killed = deaths.sum_deaths(draws, n.min(200), deaths.lethal_share(mean));
                let intercepted = quantile::binomial(draws.uniform(1), n, 0.84);
                for part in [u64::from(n), u64::from(killed), u64::from(intercepted), draws.normal(2).to_bits()] {
                    sum = mix(sum ^ part);
                }
            }
        }
    }
    sum
}

/// What [`fingerprint`] must give.
pub const FINGERPRINT: u64 = 3_673_133_238_035_279_422;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_build_draws_the_same_numbers_as_every_other() {
        assert_eq!(fingerprint(), FINGERPRINT);
    }

    #[test]
    fn draws_depend_on_every_part_of_the_key() {
        let base = Key::new(1, 0).of("fire").of("ISR>HZB").day(3).word(0);
        for other in [
            Key::new(2, 0).of("fire").of("ISR>HZB").day(3).word(0),
            Key::new(1, 1).of("fire").of("ISR>HZB").day(3).word(0),
            Key::new(1, 0).of("answer").of("ISR>HZB").day(3).word(0),
            Key::new(1, 0).of("fire").of("HZB>ISR").day(3).word(0),
            Key::new(1, 0).of("fire").of("ISR>HZB").day(4).word(0),
            Key::new(1, 0).of("fire").of("ISR>HZB").day(3).word(1),
        ] {
            assert_ne!(base, other);
        }
    }

    /// The first words are part of the format: a change here changes every published run.
    #[test]
    fn words_are_frozen() {
        let day = Key::new(2417, 0).of("fire").of("ISR>HZB").day(96);
        assert_eq!([day.word(0), day.word(1)], FROZEN);
    }
    const FROZEN: [u64; 2] = [11_031_796_413_748_717_120, 2_750_755_132_787_419_770];

    #[test]
    fn a_uniform_is_the_middle_of_its_cell() {
        let all = (1_u64 << 52) - 1;
        for bits in (0..20_000).map(|i| mix(i) >> 12).chain([0, 1, 2, all >> 1, (all >> 1) + 1, all - 1, all]) {
            assert_eq!(
                place(bits).to_bits(),
                ((bits as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)).to_bits(),
                "{bits}"
            );
        }
    }

    #[test]
    fn uniforms_stay_strictly_inside_the_unit_interval() {
        assert!(DayKey(0).uniform(0) > 0.0);
        let largest = ((u64::MAX >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0);
        assert!(largest < 1.0);
    }
}
