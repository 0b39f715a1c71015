//! Speed of draws and quantiles: `cargo bench --bench chance`.
//!
//! One iteration of each mixer benchmark is 1,000 draws, so a reading of 1 µs is 1 ns per draw.

mod mixers;

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

/// The same conversion as `DayKey::uniform`.
#[inline(always)]
fn uniform(word: u64) -> f64 {
    ((word >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

/// Draws per iteration.
const DRAWS: u64 = 1000;

/// `k` runs under one key; every day a fresh key; and a fresh key that depends on the last draw (latency).
macro_rules! bench_candidate {
    ($group:expr, $name:literal, $word:expr) => {
        $group.bench_function(concat!($name, "/k"), |b| {
            b.iter(|| {
                let key = black_box(0x1234_5678_9ABC_DEF0);
                (0..DRAWS).map(|k| uniform($word(key, k))).sum::<f64>()
            });
        });
        $group.bench_function(concat!($name, "/day"), |b| {
            b.iter(|| {
                let key = black_box(0x1234_5678_9ABC_DEF0);
                (0..DRAWS).map(|day| uniform($word($word(key, day), 0))).sum::<f64>()
            });
        });
        $group.bench_function(concat!($name, "/chained"), |b| {
            b.iter(|| (0..DRAWS).fold(black_box(0x1234_5678_9ABC_DEF0), |key, k| $word($word(key, k), 0)));
        });
    };
}

fn mixer_speed(c: &mut Criterion) {
    use mixers::*;
    let weyl = |key: u64, k: u64| key.wrapping_add(k.wrapping_mul(0xD1B5_4A32_D192_ED03));
    let mut group = c.benchmark_group("mixer");
    bench_candidate!(group, "moremur", |key, k| moremur(weyl(key, k)));
    bench_candidate!(group, "mix13", |key, k| mix13(weyl(key, k)));
    bench_candidate!(group, "rrmxmx", |key, k| rrmxmx(weyl(key, k)));
    bench_candidate!(group, "nasam", |key, k| nasam(weyl(key, k)));
    bench_candidate!(group, "mx3", |key, k| mx3(weyl(key, k)));
    bench_candidate!(group, "moremur-twice", |key, k| moremur_twice(weyl(key, k)));
    bench_candidate!(group, "squares64", squares64);
    bench_candidate!(group, "philox4x32-10", philox4x32);
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .without_plots()
        .warm_up_time(std::time::Duration::from_millis(200))
        .measurement_time(std::time::Duration::from_millis(600))
        .sample_size(20);
    targets = mixer_speed
}
criterion_main!(benches);
