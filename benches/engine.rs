//! Speed of the engine: `cargo bench --bench engine`, or with a filter such as `-- day`.
//!
//! "One day" is timed over whole years, so that a reading of "day" counts every kind of day in its share: in the world that a
//! person looks at and in the plain vectors of an ensemble, which are the same bit for bit
//! (`crates/model/tests/course.rs`).

use bevy_ecs::resource::Resource;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use detente::futures::ensemble::{Plan, Progress, ensemble};
use detente::record::explain::explain;
use detente::scenario;
use detente::session::Sitting;
use detente::session::chart::{Ask, Fans};
use detente::sim::course::Course;
use detente::sim::probe::{Decision, Probe, Silent};
use detente::sim::rules::Rules;
use detente::sim::world::{Fate, Simulation};
use detente::symbols::levers::Lever;
use std::hint::black_box;
use std::time::{Duration, Instant};

const DAYS: u32 = 365;

/// Default levels, and every front at level 5.
fn scenarios() -> [(&'static str, Rules); 2] {
    let default = scenario::load("november-2024").expect("a built-in scenario is fit to run");
    let high = scenario::load_text("level5.toml", include_str!("../crates/model/tests/fixtures/level5.toml"))
        .expect("the overlay is fit to run");
    [("default levels", Rules::new(&default)), ("every front at 5", Rules::new(&high))]
}

fn fate(future: u64, prior: bool) -> Fate {
    Fate { seed: 1, future, prior }
}

fn engine(rules: &Rules) -> Simulation<Silent> {
    Simulation::new(rules, fate(0, false), Vec::new())
}

/// A year of days, in a world and as a bare course; a new future each time, so that no branch is learnt by heart.
fn day(c: &mut Criterion) {
    let mut group = c.benchmark_group("day");
    group.throughput(Throughput::Elements(u64::from(DAYS)));
    for (name, rules) in scenarios() {
        let (mut simulation, mut future) = (engine(&rules), 0);
        group.bench_function(format!("world/{name}"), |b| {
            b.iter(|| {
                future += 1;
                simulation.begin(fate(future, false), Vec::new());
                simulation.run(DAYS);
            });
        });
        let (mut course, mut future) = (Course::<Silent>::new(&rules, fate(0, false), Vec::new()), 0);
        group.bench_function(format!("course/{name}"), |b| {
            b.iter(|| {
                future += 1;
                course.begin(fate(future, false), Vec::new());
                course.run(DAYS);
            });
        });
    }
    group.finish();
}

/// What it costs to keep a world, to fork one, and to begin another future.
fn world(c: &mut Criterion) {
    let mut group = c.benchmark_group("world");
    let [(_, rules), _] = scenarios();
    let mut simulation = engine(&rules);
    group.bench_function("build", |b| b.iter_batched(|| (), |()| engine(&rules), BatchSize::SmallInput));
    simulation.run(100);
    group.bench_function("snapshot", |b| b.iter(|| black_box(simulation.snapshot())));
    let kept = simulation.snapshot();
    let mut future = 0;
    group.bench_function("restore into a fork", |b| {
        b.iter(|| {
            future += 1;
            simulation.restore(black_box(&kept), fate(future, false), Vec::new());
        });
    });
    for (name, prior) in [("begin, default parameters", false), ("begin, parameters drawn", true)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                future += 1;
                simulation.begin(fate(future, prior), Vec::new());
            });
        });
    }
    group.finish();
}

/// A future of a year with its statistics, on one thread and on two.
fn future(c: &mut Criterion) {
    const FUTURES: u64 = 64;
    let mut group = c.benchmark_group("futures");
    group.sample_size(20).throughput(Throughput::Elements(FUTURES * u64::from(DAYS)));
    for (name, rules) in scenarios() {
        for (parameters, prior) in [("default", false), ("drawn", true)] {
            for jobs in [1, 2] {
                let plan = Plan { seed: 1, days: DAYS, prior, log: Vec::new(), from: None };
                let mut start = 0;
                group.bench_function(format!("{jobs} thread(s)/{name}/{parameters} parameters"), |b| {
                    b.iter(|| {
                        start += FUTURES;
                        ensemble(&rules, &plan, start..start + FUTURES, jobs, &Progress::default())
                    });
                });
            }
        }
    }
    group.finish();
}

/// Adds up the time of each mechanism.
#[derive(Resource, Default)]
struct Stopwatch {
    running: Option<(&'static str, Instant)>,
    spent: Vec<(&'static str, u128)>,
}

impl Probe for Stopwatch {
    const ON: bool = false;
    fn decided(&mut self, _: impl FnOnce() -> Decision) {}
    fn phase(&mut self, mechanism: &'static str) {
        let now = Instant::now();
        if let Some((before, since)) = self.running.replace((mechanism, now)) {
            let took = now.duration_since(since).as_nanos();
            match self.spent.iter_mut().find(|(name, _)| *name == before) {
                Some((_, total)) => *total += took,
                None => self.spent.push((before, took)),
            }
        }
    }
}

/// Where a day's time goes, by mechanism, in a bare course: printed, not judged. Reading the clock is measured by itself and
/// taken off.
fn phases(_: &mut Criterion) {
    const FUTURES: u64 = 400;
    // Only with a filter that names it or without any: criterion does not know of this one.
    if std::env::args().skip(1).any(|arg| !arg.starts_with('-') && arg != "phases") {
        return;
    }
    let clock = {
        let begun = Instant::now();
        let reads = 1_000_000;
        (0..reads).for_each(|_| {
            black_box(Instant::now());
        });
        begun.elapsed().as_nanos() as f64 / f64::from(reads)
    };
    for (name, rules) in scenarios() {
        let mut course = Course::<Stopwatch>::new(&rules, fate(0, false), Vec::new());
        for future in 0..FUTURES {
            course.begin(fate(future, false), Vec::new());
            course.probe.running = None;
            course.run(DAYS);
        }
        let days = (FUTURES * u64::from(DAYS)) as f64;
        let of = |nanos: u128| (nanos as f64 / days - clock).max(0.0);
        let total: f64 = course.probe.spent.iter().map(|&(_, nanos)| of(nanos)).sum();
        println!("phases of a day, {name}: {total:.0} ns a day in all");
        for &(phase, nanos) in &course.probe.spent {
            println!("  {phase:<14} {:>6.0} ns {:>5.1} %", of(nanos), 100.0 * of(nanos) / total);
        }
    }
}

/// The futures beside a window, on two threads and without drawing: from the move of a lever on day 40 to a first band (16
/// pairs), and to all 256 futures of 180 days. The baseline is kept, as it is in the window.
fn fans(c: &mut Criterion) {
    let mut sitting = Sitting::new(scenario::load("november-2024").expect("a built-in scenario is fit to run"), 1);
    sitting.go_to(40);
    let complete = |mut fans: Fans| {
        while fans.is_running() {
            fans.poll(|| true);
        }
        fans
    };
    let baseline = complete(Fans::start(&sitting, Ask::default(), &[], 2));
    sitting.set_lever(Lever::UnifilTroops, 15_000.0).expect("a lever that can be moved");
    let mut group = c.benchmark_group("fans");
    group.sample_size(20);
    for (name, enough) in [("first band", 16), ("256 futures of 180 days", 256)] {
        group.bench_function(name, |b| {
            b.iter_custom(|times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    let begun = Instant::now();
                    let mut fans = Fans::start(&sitting, Ask::default(), &[&baseline], 2);
                    while fans.pairs() < enough {
                        fans.poll(|| true);
                        std::thread::sleep(Duration::from_micros(200));
                    }
                    spent += begun.elapsed();
                }
                spent
            });
        });
    }
    group.finish();
}

/// Why an event of day 897 happened: replayed from the first day, and from the nearest evening that is kept.
fn explanations(c: &mut Criterion) {
    let mut sitting = Sitting::new(scenario::load("november-2024").expect("a built-in scenario is fit to run"), 5);
    sitting.go_to(930);
    let past = sitting.past();
    let late = past.iter().rev().find(|(id, event)| id.day <= 900 && event.kind().weight().is_some());
    let late = late.expect("something happens in two years").0;
    let mut group = c.benchmark_group("explain an event of the third year");
    group.bench_function("from the first day", |b| {
        b.iter(|| explain(&sitting.rules, sitting.fate(), &sitting.branch().changes, late));
    });
    group.bench_function("from a kept evening", |b| b.iter(|| sitting.explain(late)));
    group.finish();
}

criterion_group!(benches, day, world, future, fans, phases, explanations);
criterion_main!(benches);
