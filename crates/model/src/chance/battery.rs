//! A small statistical battery over every axis of the key; the large one is in `docs/randomness.md`.
//!
//! All inputs are fixed, so a test here passes always or never; the bounds are at five standard deviations or more of
//! what a random function would show.

use super::{DayKey, Key, hash_id};

/// A place in the tree of draws, each part a number.
#[derive(Clone, Copy)]
struct Place {
    seed: u64,
    future: u64,
    process: u64,
    entity: u64,
    day: i32,
    k: u32,
}

impl Place {
    fn day_key(self) -> DayKey {
        Key::new(self.seed, self.future).of_hash(self.process).of_hash(self.entity).day(self.day)
    }

    fn word(self) -> u64 {
        self.day_key().word(self.k)
    }

    /// Somewhere ordinary: small numbers, real ids.
    fn ordinary(i: u32) -> Self {
        Self {
            seed: u64::from(i % 7),
            future: u64::from(i / 7 % 1000),
            process: hash_id("fire"),
            entity: hash_id(&actors(i % 60)),
            day: (i / 60 % 365) as i32,
            k: i % 3,
        }
    }
}

fn actors(i: u32) -> String {
    format!("ACT{i:05}>ACT{:05}", i + 1)
}

type Step = fn(Place, u32) -> Place;

/// Every axis: the place moved by `i` along it.
const AXES: [(&str, Step); 6] = [
    ("seed", |p, i| Place { seed: p.seed + u64::from(i), ..p }),
    ("future", |p, i| Place { future: p.future + u64::from(i), ..p }),
    ("process", |p, i| Place { process: hash_id(&format!("process-{i}")), ..p }),
    ("entity", |p, i| Place { entity: hash_id(&actors(i)), ..p }),
    ("day", |p, i| Place { day: p.day + i as i32, ..p }),
    ("k", |p, i| Place { k: p.k + i, ..p }),
];

#[test]
fn every_input_bit_flips_every_output_bit_half_of_the_time() {
    const SAMPLES: u32 = 1 << 14;
    type Flip = fn(Place, u32) -> Place;
    let parts: [(&str, u32, Flip); 6] = [
        ("seed", 64, |p, bit| Place { seed: p.seed ^ 1 << bit, ..p }),
        ("future", 64, |p, bit| Place { future: p.future ^ 1 << bit, ..p }),
        ("process", 64, |p, bit| Place { process: p.process ^ 1 << bit, ..p }),
        ("entity", 64, |p, bit| Place { entity: p.entity ^ 1 << bit, ..p }),
        ("day", 32, |p, bit| Place { day: p.day ^ 1 << bit, ..p }),
        ("k", 32, |p, bit| Place { k: p.k ^ 1 << bit, ..p }),
    ];
    for (part, bits, flip) in parts {
        for bit in 0..bits {
            let mut flips = [0_u32; 64];
            for i in 0..SAMPLES {
                // A stride through the ordinary places, so that no place meets its own flip.
                let place = Place::ordinary(i * 61);
                let change = place.word() ^ flip(place, bit).word();
                for (output, count) in flips.iter_mut().enumerate() {
                    *count += (change >> output & 1) as u32;
                }
            }
            for (output, count) in flips.into_iter().enumerate() {
                let share = f64::from(count) / f64::from(SAMPLES);
                assert!((0.48..=0.52).contains(&share), "{part} bit {bit}, output bit {output}: {share}");
            }
        }
    }
}

/// Distance of a chi-square from its expectation over equal cells, in standard deviations.
fn chi_square(counts: &[u32], draws: u32) -> f64 {
    let expected = f64::from(draws) / counts.len() as f64;
    let degrees = counts.len() as f64 - 1.0;
    let chi: f64 = counts.iter().map(|&n| (f64::from(n) - expected) * (f64::from(n) - expected) / expected).sum();
    (chi - degrees) / libm::sqrt(2.0 * degrees)
}

#[test]
fn words_are_uniform_and_unrelated_to_their_neighbours_along_every_axis() {
    const DRAWS: u32 = 1 << 18;
    for (axis, step) in AXES {
        let start = Place::ordinary(1234);
        let words: Vec<u64> = (0..=DRAWS).map(|i| step(start, i).word()).collect();
        for byte in 0..8 {
            let mut counts = vec![0; 256];
            let mut pairs = vec![0; 1 << 12];
            for pair in words.windows(2) {
                let [low, high] = [pair[0], pair[1]].map(|word| (word >> (8 * byte) & 0xFF) as usize);
                counts[low] += 1;
                pairs[(low >> 2) << 6 | high >> 2] += 1;
            }
            assert!(chi_square(&counts, DRAWS).abs() < 5.0, "{axis}, byte {byte}");
            assert!(chi_square(&pairs, DRAWS).abs() < 5.0, "{axis}, byte {byte} beside the next word's");
        }
        for lag in [1, 2, 7, 60, 365] {
            let r = correlation(words.iter().zip(&words[lag..]).map(|(a, b)| (centred(*a), centred(*b))));
            assert!(r.abs() < 5.0, "{axis}, lag {lag}: {r}");
        }
    }
}

/// A word as a number of mean 0 and variance 1.
fn centred(word: u64) -> f64 {
    (word as f64 / 18_446_744_073_709_551_616.0 - 0.5) * libm::sqrt(12.0)
}

/// Correlation in units of its standard deviation under independence.
fn correlation(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for (a, b) in pairs {
        sum += a * b;
        n += 1.0;
    }
    sum / libm::sqrt(n)
}

/// Two entities, two days, two futures … run beside each other along another axis, as the model runs them.
#[test]
fn neighbours_on_one_axis_are_unrelated_along_every_other() {
    const DRAWS: u32 = 1 << 15;
    for (across, aside) in AXES {
        for (along, step) in AXES {
            if across == along {
                continue;
            }
            let start = Place::ordinary(777);
            let mut counts = vec![0; 1 << 12];
            let pairs: Vec<(u64, u64)> = (0..DRAWS)
                .map(|i| {
                    let place = step(start, i);
                    (aside(place, 1).word(), aside(place, 2).word())
                })
                .collect();
            for (a, b) in &pairs {
                counts[(a >> 58 << 6 | b >> 58) as usize] += 1;
            }
            assert!(chi_square(&counts, DRAWS).abs() < 5.0, "{across} along {along}");
            let r = correlation(pairs.iter().map(|(a, b)| (centred(*a), centred(*b))));
            assert!(r.abs() < 5.0, "{across} along {along}: {r}");
            let r = correlation(pairs.iter().map(|(a, b)| (centred(a.reverse_bits()), centred(b.reverse_bits()))));
            assert!(r.abs() < 5.0, "low bits, {across} along {along}: {r}");
        }
    }
}

/// Pairs with equal upper halves, against the birthday rule: 2^19 words in 2^32 cells give 32 ± 6.
#[test]
fn collisions_are_as_frequent_as_by_chance_along_every_axis() {
    const DRAWS: u32 = 1 << 19;
    for (axis, step) in AXES {
        for half in [0, 32] {
            let start = Place::ordinary(31);
            let mut words: Vec<u32> = (0..DRAWS).map(|i| (step(start, i).word() >> half) as u32).collect();
            words.sort_unstable();
            let equal = words.windows(2).filter(|pair| pair[0] == pair[1]).count();
            assert!((6..=64).contains(&equal), "{axis}, upper half {}: {equal} equal pairs", half == 32);
        }
    }
}

/// Marsaglia's birthday spacings: 4,096 birthdays in a year of 2^32 days leave 4 equal spacings on average; 100 years give 400 ± 20.
#[test]
fn birthday_spacings_are_as_frequent_as_by_chance_along_every_axis() {
    const BIRTHDAYS: u32 = 1 << 12;
    const YEARS: u32 = 100;
    for (axis, step) in AXES {
        for half in [0, 32] {
            let mut equal = 0;
            for year in 0..YEARS {
                let mut days: Vec<u32> = (0..BIRTHDAYS)
                    .map(|i| (step(Place::ordinary(5), year * BIRTHDAYS + i).word() >> half) as u32)
                    .collect();
                days.sort_unstable();
                let mut spacings: Vec<u32> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
                spacings.sort_unstable();
                equal += spacings.windows(2).filter(|pair| pair[0] == pair[1]).count();
            }
            assert!((300..=500).contains(&equal), "{axis}, upper half {}: {equal}", half == 32);
        }
    }
}

/// A year of 60 streams in 50 futures: no two days share a key, none meets the timeless one.
#[test]
fn no_two_days_share_their_draws() {
    let mut keys: Vec<u64> = (0..50)
        .flat_map(|future| {
            (0..60).flat_map(move |entity| {
                let key = Key::new(1, future).of("fire").of(&actors(entity));
                (-30..365).map(move |day| key.day(day).0).chain([key.timeless().0])
            })
        })
        .collect();
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), all);
}
