//! Twin experiments: a future of the model is counted as the record would have been, and the filter must find its hidden states
//! again.

use crate::filter::{Process, advance, begin};
use crate::link::{Bound, Nuisances};
use crate::nowcast::{Nowcast, Particle};
use crate::observed::{Documented, Kind, Observation, Observed, SERIES, later};
use detente_model::chance::Key;
use detente_model::sim::course::Course;
use detente_model::sim::event::Event;
use detente_model::sim::rules::Rules;
use detente_model::sim::state::StrikeKind;
use detente_model::sim::world::Fate;
use detente_study::futures::ensemble::Progress;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Series counted in a twin, by the week.
const COUNTED: [&str; 6] =
    ["gaza.killed", "lebanon.killed", "alerts.lebanon", "alerts.gaza", "ships.attacked", "iri.attacks_us"];

/// Ledgers of whose answers the record is complete.
const ANSWERS: [&str; 4] = ["IRN|ISR", "ISR|IRN", "IRN|USA", "USA|IRN"];

/// A future counted as the record would be.
struct Twin {
    /// The record of it.
    observed: Observed,
    /// What is watched of it, at the end of every week.
    truth: Vec<Vec<f64>>,
}

/// How twins are made and filtered.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// Last day.
    pub until: Date,
    /// Particles of the filter.
    pub particles: usize,
    /// Whether the twin's numbers drift from week to week as the filter has it, or stand still. Only where they drift does a filter
    /// without error hold the truth as often as it says.
    pub drifts: bool,
    /// Whether the filter sees what was counted and decided. Without, nothing is weighed, and what it misses is the drift's.
    pub seen: bool,
    /// Threads.
    pub jobs: usize,
}

/// How often 90 % bands held the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held {
    /// Bands.
    pub of: u32,
    /// Those in which, ends included, the truth lay.
    pub within: u32,
    /// By rank, those in the middle 90 % of whose particles the truth lay; where particles say the same as the truth, the share of their
    /// ranks. This is .9 a band on average where all is right, of whole numbers, too.
    pub rank: f64,
}

impl Held {
    fn add(&mut self, other: Self) {
        self.of += other.of;
        self.within += other.within;
        self.rank += other.rank;
    }
}

/// What came of one twin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// By kind of state.
    pub kinds: BTreeMap<String, Held>,
    /// By week.
    pub weeks: Vec<Held>,
    /// By week, the effective size of the filter.
    pub effective: Vec<f64>,
    /// By week, from how many particles of the start all descend: 1 / Σ w², w the weight of all that descend from the same one.
    pub roots: Vec<f64>,
}

impl Outcome {
    /// Over all kinds and weeks.
    #[must_use]
    pub fn held(&self) -> Held {
        let mut all = Held::default();
        self.kinds.values().for_each(|held| all.add(*held));
        all
    }

    /// Adds the bands of another twin, week by week and kind by kind; sizes stay.
    pub fn add(&mut self, other: &Self) {
        for (kind, held) in &other.kinds {
            self.kinds.entry(kind.clone()).or_default().add(*held);
        }
        self.weeks.resize(self.weeks.len().max(other.weeks.len()), Held::default());
        self.weeks.iter_mut().zip(&other.weeks).for_each(|(held, other)| held.add(*other));
    }
}

/// The future of this seed, to the date of an experiment, counted. `free` is a filter that has seen nothing, of the same days.
fn twin(free: &Nowcast, seed: u64, experiment: &Experiment) -> Twin {
    let rules = free.rules();
    let mut nuisances = Vec::new();
    let series = SERIES.iter().filter(|series| COUNTED.contains(&series.id));
    let bound: Vec<Bound> = series.filter_map(|series| Bound::new(series, rules, &mut nuisances)).collect();
    // Those of the model, then those of the observations.
    let model = free.free.0.len();
    let draws = Key::new(seed, 0).of("twin").timeless();
    let mut numbers: Vec<f32> =
        (0..model + nuisances.len()).map(|k| crate::filter::on_grid(draws.normal(k as u32))).collect();
    let known = |numbers: &[f32]| -> Vec<Nuisances> {
        let values: Vec<f64> =
            nuisances.iter().zip(&numbers[model..]).map(|(number, z)| number.at(f64::from(*z))).collect();
        bound.iter().map(|bound| bound.nuisances(&values)).collect()
    };
    // Luck of its own: no particle may have the truth's.
    let luck = u64::MAX / 2;
    let mut course: Course = Course::new(rules, Fate { seed, future: 0, prior: false }, Vec::new());
    course.begin_at(seed, luck, &free.point(&numbers[..model]), Vec::new());
    let mut rows: BTreeMap<&'static str, Vec<Observation>> = BTreeMap::new();
    let mut events = complete(rules);
    let (mut open, mut truth) = (vec![0.0; bound.len()], Vec::new());
    for step in 0..free.steps_in_all() {
        let (first, last) = (later(rules.frame.start, course.day()), free.date(step));
        if experiment.drifts && step > 0 {
            let draws = Key::new(seed, 0).of("twin's drift").day(step as i32);
            for (k, number) in numbers.iter_mut().enumerate() {
                let kept = free.kept(step, k);
                let moves = libm::sqrt(1.0 - kept * kept);
                *number = crate::filter::on_grid(kept * f64::from(*number) + moves * draws.normal(k as u32));
            }
            course.restore_at(&course.snapshot(), seed, luck, &free.point(&numbers[..model]), Vec::new());
        }
        let known = known(&numbers);
        let days = crate::observed::days_between(first, last) + 1;
        for day in 0..days {
            course.step();
            let date = later(first, day);
            events.extend(course.events().iter().filter_map(|event| documented(event, rules, date)));
            for ((bound, n), open) in bound.iter().zip(&known).zip(&mut open) {
                *open += bound.signal(&course, n);
            }
        }
        for (((bound, n), open), k) in bound.iter().zip(&known).zip(&mut open).zip(0..) {
            let u = Key::new(seed, 0).of("twin's week").day(step as i32).uniform(k);
            let value = bound.counted(u, *open, days, n);
            let row = Observation { from: first, to: last, value, vintage: None, source: "twin".to_owned() };
            rows.entry(bound.link.series).or_default().push(row);
            *open = 0.0;
        }
        let mut row = Vec::new();
        free.watch(&Particle::of(course.snapshot()), &mut row);
        truth.push(row);
    }
    Twin { observed: Observed::made("twin".to_owned(), rows, Some(events)), truth }
}

fn complete(rules: &Rules) -> Vec<Documented> {
    let kinds = [Kind::Signed, Kind::Collapsed, Kind::Blow, Kind::Preventive, Kind::CorridorLost];
    let answers = ANSWERS.iter().filter(|id| rules.ledgers.iter().any(|l| l.id.text == **id));
    let ids = kinds.iter().map(|kind| kind.name().to_owned()).chain(answers.map(|id| format!("answer:{id}")));
    ids.map(|id| row(rules.frame.start, Kind::Complete, id)).collect()
}

fn row(date: Date, kind: Kind, id: String) -> Documented {
    Documented { date, kind, id, source: "twin".to_owned(), line: 0 }
}

fn documented(event: &Event, rules: &Rules, date: Date) -> Option<Documented> {
    let table = |table: u16| rules.tables[usize::from(table)].id.text.clone();
    Some(match event {
        Event::Signed { table: t, .. } => row(date, Kind::Signed, table(*t)),
        Event::Collapsed { table: t, .. } => row(date, Kind::Collapsed, table(*t)),
        Event::CorridorLost { corridor } => {
            row(date, Kind::CorridorLost, rules.corridors[usize::from(*corridor)].id.text.clone())
        }
        Event::Struck(s) => {
            let initiative = rules.initiatives.get(usize::from(s.initiative)).map(|rule| rule.id.text.clone());
            let ledger = rules.ledgers.get(usize::from(s.ledger)).map(|rule| rule.id.text.clone());
            match s.kind {
                StrikeKind::Blow => {
                    let victim = &rules.actors[usize::from(s.victim)].id.text;
                    row(date, Kind::Blow, format!("{} on {victim}", initiative?))
                }
                StrikeKind::Preventive => row(date, Kind::Preventive, initiative?),
                StrikeKind::Salvo | StrikeKind::AirStrike => {
                    row(date, Kind::Answer, ledger.filter(|id| ANSWERS.contains(&id.as_str()))?)
                }
                StrikeKind::BaseSalvo => return None,
            }
        }
        _ => return None,
    })
}

/// A filter's particle that knows from which of the first it descends.
#[derive(Clone)]
struct Descendant {
    root: u64,
    at: Particle,
}

/// The filter of a [`Nowcast`], of particles that know from which they descend.
struct Descent<'a>(&'a Nowcast);

impl Process for Descent<'_> {
    type State = Descendant;
    type Worker = <Nowcast as Process>::Worker;
    fn worker(&self) -> Self::Worker {
        self.0.worker()
    }
    fn start(&self, worker: &mut Self::Worker, particle: u64) -> Descendant {
        Descendant { root: particle, at: self.0.start(worker, particle) }
    }
    fn step(&self, worker: &mut Self::Worker, step: usize, particle: u64, state: &mut Descendant) -> f64 {
        self.0.step(worker, step, particle, &mut state.at)
    }
    fn steps(&self) -> usize {
        self.0.steps()
    }
    fn numbers<'a>(&self, state: &'a mut Descendant) -> &'a mut [f32] {
        self.0.numbers(&mut state.at)
    }
    fn kept(&self, step: usize, number: usize) -> f64 {
        self.0.kept(step, number)
    }
    fn watch(&self, state: &Descendant, into: &mut Vec<f64>) {
        self.0.watch(&state.at, into);
    }
}

/// Twins of one scenario and one experiment.
pub struct Twins<'a> {
    experiment: &'a Experiment,
    /// A filter that sees nothing.
    free: Nowcast,
}

impl<'a> Twins<'a> {
    /// Of a scenario.
    #[must_use]
    pub fn new(rules: &Rules, experiment: &'a Experiment) -> Self {
        let none = Observed::made("none".to_owned(), BTreeMap::new(), Some(Vec::new()));
        let free = Nowcast::new(rules, &none, experiment.until, 0, Vec::new());
        Self { experiment, free: free.unwrap_or_else(|errors| panic!("{errors}")) }
    }

    /// Filters the twin of a seed and counts how often the 90 % band of a hidden state held it, at the end of every week. States of
    /// whose bands both ends are the same are not counted. `None` if the filter came to an end before the days did.
    #[must_use]
    pub fn outcome(&self, seed: u64) -> Option<Outcome> {
        let Experiment { until, particles, seen, jobs, .. } = *self.experiment;
        let Twin { observed, truth } = twin(&self.free, seed, self.experiment);
        let none = Observed::made("none".to_owned(), BTreeMap::new(), Some(Vec::new()));
        let observed = if seen { observed } else { none };
        let nowcast = Nowcast::new(self.free.rules(), &observed, until, seed, Vec::new()).ok()?;
        let nowcast = nowcast.screened(self.free.alive());
        let progress = Progress::default();
        let descent = Descent(&nowcast);
        let mut filter = begin(&descent, particles, jobs, &progress)?;
        let names = nowcast.watched();
        let mut outcome = Outcome::default();
        for truth in &truth {
            advance(&descent, nowcast.key(), &mut filter, jobs, &progress).ok()?;
            let weights: Vec<f64> = filter.weights().collect();
            let mut roots = BTreeMap::<u64, f64>::new();
            filter.states.iter().zip(&weights).for_each(|(state, w)| *roots.entry(state.root).or_default() += w);
            outcome.roots.push(1.0 / roots.values().map(|w| w * w).sum::<f64>());
            let mut rows: Vec<Vec<f64>> = Vec::with_capacity(filter.states.len());
            for state in &filter.states {
                let mut row = Vec::new();
                descent.watch(state, &mut row);
                rows.push(row);
            }
            let mut week = Held::default();
            let bands = filter.bands.last()?;
            for (i, ((name, _), [low, .., high])) in names.iter().zip(bands).enumerate() {
                if low < high {
                    let values = rows.iter().zip(&weights).map(|(row, w)| (row[i], *w));
                    let within = u32::from((low..=high).contains(&&truth[i]));
                    let held = Held { of: 1, within, rank: rank_held(values, truth[i]) };
                    let kind = name.split_once('.').map_or(name.as_str(), |(kind, _)| kind);
                    outcome.kinds.entry(kind.to_owned()).or_default().add(held);
                    week.add(held);
                }
            }
            outcome.weeks.push(week);
        }
        outcome.effective = filter.effective;
        Some(outcome)
    }
}

/// Of the ranks that the truth may have among weighted values, the share in the middle 90 %.
fn rank_held(values: impl Iterator<Item = (f64, f64)>, truth: f64) -> f64 {
    let (mut below, mut same) = (0.0, 0.0);
    for (value, w) in values {
        if value < truth {
            below += w;
        } else if value <= truth {
            same += w;
        }
    }
    let (from, to): (f64, f64) = (below, below + same);
    if same > 0.0 {
        (to.min(0.95) - from.max(0.05)).max(0.0) / same
    } else {
        f64::from(u8::from((0.05..=0.95).contains(&from)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_hold_nine_in_ten_of_whole_numbers_too() {
        // A state of 0 in .7 of all cases, 1 in .27, 2 in .03.
        let values = [(0.0, 0.7), (1.0, 0.27), (2.0, 0.03)];
        let mean: f64 = values.iter().map(|(x, w)| w * rank_held(values.into_iter(), *x)).sum();
        assert!((mean - 0.9).abs() < 1e-12, "{mean}");
        let hundred = |truth: f64| rank_held((0..100).map(|x| (f64::from(x), 0.01)), truth);
        assert!((hundred(50.5) - 1.0).abs() < 1e-12 && hundred(1.5).abs() < 1e-12 && hundred(97.5).abs() < 1e-12);
    }
}
