//! Speed of draws and quantiles: `cargo bench --bench chance`.
//!
//! One iteration is 1,000 draws (but for the making of a table), so a reading of 1 µs is 1 ns per draw.

#[expect(dead_code, reason = "the list of candidates is for the examples")]
mod mixers;

use criterion::{Criterion, criterion_group, criterion_main};
use detente::chance::Key;
use detente::chance::quantile::{DeathLaw, NegativeBinomial, binomial, negative_binomial, normal};
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

/// Uniforms for the quantile benchmarks, drawn before the clock starts.
fn uniforms() -> Vec<f64> {
    let day = Key::new(1, 0).of("bench").day(0);
    (0..DRAWS as u32).map(|k| day.uniform(k)).collect()
}

fn quantile_speed(c: &mut Criterion) {
    let uniforms = uniforms();
    let mut group = c.benchmark_group("counts");
    for mean in [0.05, 0.5, 3.0, 30.0, 75.0, 150.0] {
        // Every draw has a mean of its own, as in the model, within a fifth of the stated one.
        let varied = Key::new(1, 0).of("bench means").day(0);
        let means: Vec<f64> = (0..DRAWS as u32).map(|k| mean * (0.8 + 0.4 * varied.uniform(k))).collect();
        let draws = || uniforms.iter().zip(&means);
        for size in [0.3, 1.0, 3.0, 8.0] {
            let table = NegativeBinomial::new(size);
            group.bench_function(format!("table/mean {mean} size {size}"), |b| {
                b.iter(|| draws().map(|(&u, &mean)| table.quantile(u, mean)).sum::<u32>());
            });
            group.bench_function(format!("plain/mean {mean} size {size}"), |b| {
                b.iter(|| draws().map(|(&u, &mean)| negative_binomial(u, mean, size)).sum::<u32>());
            });
        }
    }
    group.finish();
    c.bench_function("table of one size", |b| b.iter(|| NegativeBinomial::new(black_box(1.2))));
    c.bench_function("zero class by libm", |b| {
        b.iter(|| uniforms.iter().map(|&u| libm::exp(-3.0 * libm::log1p(u * 4.0))).sum::<f64>());
    });

    let mut group = c.benchmark_group("chances");
    for (trials, p) in [(20, 0.3), (200, 0.07), (200, 0.84)] {
        group.bench_function(format!("binomial/{trials} of {p}"), |b| {
            b.iter(|| uniforms.iter().map(|&u| binomial(u, trials, black_box(p))).sum::<u32>());
        });
    }
    group.bench_function("normal", |b| b.iter(|| uniforms.iter().map(|&u| normal(u)).sum::<f64>()));
    group.finish();

    let law = DeathLaw::new(2.5, 500);
    let mut group = c.benchmark_group("deaths");
    for mean in [0.05, 0.6, 1.5] {
        let share = law.lethal_share(mean);
        group.bench_function(format!("sum/mean {mean}"), |b| {
            let day = Key::new(1, 0).of("bench").day(0);
            b.iter(|| law.sum_deaths(black_box(day), DRAWS as u32, black_box(share)));
        });
        group.bench_function(format!("one by one/mean {mean}"), |b| {
            let day = Key::new(1, 0).of("bench").day(0);
            b.iter(|| (0..DRAWS as u32).map(|k| law.deaths(day.uniform(k), black_box(share))).sum::<u32>());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .without_plots()
        .warm_up_time(std::time::Duration::from_millis(200))
        .measurement_time(std::time::Duration::from_millis(600))
        .sample_size(20);
    targets = mixer_speed, quantile_speed
}
criterion_main!(benches);
