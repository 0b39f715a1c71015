//! Compares the candidate mixers on hard inputs: `cargo run --release --example mixer_quality`.
//!
//! Inputs are raw counters under every rotation, complement and bit reversal ("RRC", after Pelle Evensen): far more
//! regular than any key of the model, so that differences between good mixers become visible at all. A random function
//! would give, in the avalanche, a mean z² of 1.19 (not 1: of the twelve bits that count, each flip is seen from both
//! sides) and a largest |z| of 6 to 7; in the pairs, 1 and 3 to 4.5. The candidates that are no bijection of one word
//! (squares64, philox) get the same counters as index under a fixed key. Takes four minutes.

#[path = "../benches/mixers/mod.rs"]
mod mixers;

use mixers::{CANDIDATES, Candidate};

/// Counters per rotation in the avalanche test.
const AVALANCHE_COUNTERS: u64 = 1 << 12;
/// Words per transform in the pair and collision tests.
const WORDS: u64 = 1 << 22;

fn apply(candidate: &Candidate, x: u64) -> u64 {
    candidate.bijection.map_or_else(|| (candidate.word)(0x9D8E_60F2_07B1_43A5, x), |f| f(x))
}

/// Rotation by `transform / 4`; complemented, reversed, both, or neither by `transform % 4`.
fn transformed(counter: u64, transform: u32) -> u64 {
    let x = if transform & 1 == 0 { counter } else { !counter };
    let x = if transform & 2 == 0 { x } else { x.reverse_bits() };
    x.rotate_right(transform / 4)
}

/// Mean z² and largest |z| over all (transform, input bit, output bit): flips against one half.
fn avalanche(candidate: &Candidate) -> (f64, f64) {
    let (mut sum, mut largest, mut cells) = (0.0, 0.0_f64, 0.0);
    let scale = (AVALANCHE_COUNTERS as f64 / 4.0).sqrt();
    for transform in 0..256 {
        let mut flips = vec![[0_u32; 64]; 64];
        for counter in 0..AVALANCHE_COUNTERS {
            let x = transformed(counter, transform);
            let base = apply(candidate, x);
            for (input, row) in flips.iter_mut().enumerate() {
                let change = base ^ apply(candidate, x ^ (1 << input));
                for (output, count) in row.iter_mut().enumerate() {
                    *count += (change >> output) as u32 & 1;
                }
            }
        }
        for count in flips.iter().flatten() {
            let z = (f64::from(*count) - AVALANCHE_COUNTERS as f64 / 2.0) / scale;
            sum += z * z;
            largest = largest.max(z.abs());
            cells += 1.0;
        }
    }
    (sum / cells, largest)
}

/// z of the chi-square over 65,536 cells of (byte of this word, the same byte of the next word), worst over the eight
/// bytes and 256 transforms, with the mean z² beside it.
fn neighbour_pairs(candidate: &Candidate) -> (f64, f64) {
    let (mut sum, mut largest) = (0.0, 0.0_f64);
    for transform in 0..256 {
        let mut counts = vec![[0_u32; 1 << 16]; 8];
        let mut last = apply(candidate, transformed(0, transform));
        for counter in 1..=WORDS {
            let word = apply(candidate, transformed(counter, transform));
            for (byte, table) in counts.iter_mut().enumerate() {
                let pair = (last >> (8 * byte) & 0xFF) << 8 | (word >> (8 * byte) & 0xFF);
                table[pair as usize] += 1;
            }
            last = word;
        }
        let expected = WORDS as f64 / 65_536.0;
        for table in &counts {
            let chi: f64 =
                table.iter().map(|&n| (f64::from(n) - expected) * (f64::from(n) - expected) / expected).sum();
            let z = (chi - 65_535.0) / (2.0_f64 * 65_535.0).sqrt();
            sum += z * z;
            largest = largest.max(z.abs());
        }
    }
    (sum / (256.0 * 8.0), largest)
}

fn main() {
    println!("| mixer | avalanche mean z² | avalanche max z | pairs mean z² | pairs max z |");
    println!("|---|---|---|---|---|");
    let only = std::env::args().nth(1);
    for candidate in CANDIDATES.iter().filter(|c| only.as_deref().is_none_or(|name| name == c.name)) {
        let (avalanche_mean, avalanche_max) = avalanche(candidate);
        let (pair_mean, pair_max) = neighbour_pairs(candidate);
        println!("| {} | {avalanche_mean:.3} | {avalanche_max:.1} | {pair_mean:.2} | {pair_max:.1} |", candidate.name);
    }
}
