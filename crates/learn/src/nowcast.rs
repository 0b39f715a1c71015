//! The filter on the model: particles are futures that are weighed by what was counted and conditioned on what was decided.

use crate::alive::alive;
use crate::decisions::{Decisions, NO_CHANCE};
use crate::density::normal_share;
use crate::filter::{self, Filtered, Halt, Process};
use crate::link::{Bound, Nuisance, Nuisances};
use crate::observed::{Observed, SERIES, Series, later};
use crate::windows::{Window, steps, steps_to, windows};
use detente_model::chance::Key;
use detente_model::scenario::Errors;
use detente_model::sim::course::Course;
use detente_model::sim::probe::Conditioned;
use detente_model::sim::rules::{FreeNumber, FreeNumbers, Point, Rules};
use detente_model::sim::world::Snapshot;
use detente_model::symbols::levers::LeverChange;
use detente_study::futures::ensemble::Progress;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};

/// How much of a number is kept over a week: its normal score is correlated by this with that of the week before, and under the
/// prior standard normal at all times. Half of what is learnt of it is forgotten in 13 weeks. Of .9, .95, .98 and .99 it gives,
/// with .9, the best log scores one and four weeks ahead on days to 31 August 2024.
pub const KEPT_A_WEEK: f64 = 0.95;

/// The same of a number that moves nothing that is counted: what the few particles from which all descend had of it by chance is
/// soon gone.
pub const KEPT_A_WEEK_UNMOVED: f64 = 0.8;

/// One particle: a future so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Particle {
    /// Its state; `None` before its first day.
    pub state: Option<Snapshot>,
    /// Normal scores of its numbers: those of the model in the order of [`FreeNumbers`], then those of the observations.
    pub numbers: Vec<f32>,
    /// By series, the signals of the period under way.
    open: Vec<f64>,
    /// Documented events so far to which it gave no chance.
    pub ruled_out: u32,
}

impl Particle {
    /// A state without numbers of its own, to be watched.
    pub(crate) fn of(state: Snapshot) -> Self {
        Self { state: Some(state), numbers: Vec::new(), open: Vec::new(), ruled_out: 0 }
    }
}

/// What is filtered: a scenario, and what was observed of it.
pub struct Nowcast {
    rules: Rules,
    seed: u64,
    /// The model's free numbers.
    pub free: FreeNumbers,
    /// Nuisance numbers of the observations.
    pub nuisances: Vec<Nuisance>,
    /// Series that are compared, with their periods.
    series: Vec<(Bound, Vec<Window>)>,
    decisions: Decisions,
    log: Vec<LeverChange>,
    /// Last day of every step.
    steps: Vec<i32>,
    /// By number of the model, whether it moves anything that is counted.
    alive: OnceLock<Vec<bool>>,
}

impl Nowcast {
    /// The filter of a scenario on what was known on the evening of `until`, with the user's lever changes.
    ///
    /// # Errors
    /// Documented events that name what the scenario does not have.
    pub fn new(
        rules: &Rules,
        observed: &Observed,
        until: Date,
        seed: u64,
        log: Vec<LeverChange>,
    ) -> Result<Self, Errors> {
        let observed = observed.as_of(until);
        let series: Vec<&'static Series> = observed.series().collect();
        Self::of(rules, &observed, &series, steps(rules.frame.start, until), seed, log)
    }

    /// The filter that stops on each of some days, on what was known on the first of them after it was counted: nothing that
    /// comes out later changes anything before. Every series that there can be has its numbers, whether it was counted or not.
    ///
    /// # Errors
    /// Documented events that name what the scenario does not have.
    pub fn along(rules: &Rules, observed: &Observed, stops: &[Date], seed: u64) -> Result<Self, Errors> {
        let series: Vec<&'static Series> = SERIES.iter().collect();
        let steps = steps_to(rules.frame.start, stops);
        Self::of(rules, &observed.as_it_came(stops), &series, steps, seed, Vec::new())
    }

    fn of(
        rules: &Rules,
        observed: &Observed,
        all: &[&'static Series],
        steps: Vec<i32>,
        seed: u64,
        mut log: Vec<LeverChange>,
    ) -> Result<Self, Errors> {
        let start = rules.frame.start;
        let decisions = Decisions::new(observed, rules)?;
        let (mut nuisances, mut series) = (Vec::new(), Vec::new());
        for of in all.iter().copied() {
            let Some(bound) = Bound::new(of, rules, &mut nuisances) else { continue };
            let list = windows(observed.of(of.id), start, &steps, bound.is_stock());
            let told = |w: &Window| !bound.pauses(later(start, w.from), later(start, w.to));
            let list: Vec<Window> = list.into_iter().filter(told).collect();
            series.push((bound, list));
        }
        log.extend(decisions.levers.iter().copied());
        Ok(Self {
            free: FreeNumbers::of(rules),
            rules: rules.clone(),
            seed,
            nuisances,
            series,
            decisions,
            log,
            steps,
            alive: OnceLock::new(),
        })
    }

    /// By number of the model, whether it moves anything that is counted.
    #[must_use]
    pub fn alive(&self) -> &[bool] {
        self.alive.get_or_init(|| alive(&self.rules, &self.free))
    }

    /// The same, with what was found before of which numbers are alive: it is the scenario's.
    pub(crate) fn screened(mut self, alive: &[bool]) -> Self {
        self.alive = OnceLock::from(alive.to_vec());
        self
    }

    /// Number of its steps.
    #[must_use]
    pub fn steps_in_all(&self) -> usize {
        self.steps.len()
    }

    /// Rows of the series, resolved in the scenario.
    pub(crate) fn bounds(&self) -> impl Iterator<Item = &Bound> {
        self.series.iter().map(|(bound, _)| bound)
    }

    /// Lever moves that were known on the evening of a day.
    pub(crate) fn moves_to(&self, day: i32) -> Vec<LeverChange> {
        self.log.iter().filter(|change| change.day <= day).cloned().collect()
    }

    /// Normal scores of a particle's numbers before anything was observed.
    pub(crate) fn prior(&self, particle: u64) -> Vec<f32> {
        let draws = Key::new(self.seed, particle).of("number").timeless();
        let count = self.free.0.len() + self.nuisances.len();
        (0..count).map(|k| filter::on_grid(draws.normal(k as u32))).collect()
    }

    /// The rules of the scenario.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Root of the draws that are the filter's own and no future's.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::new(self.seed, u64::MAX).of("filter")
    }

    /// Ids of a particle's numbers, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let model = self.free.0.iter().map(|number| number.id.as_str());
        model.chain(self.nuisances.iter().map(|number| number.id.as_str()))
    }

    /// Values of a particle's numbers, in the same order: those of the model, those of the observations.
    #[must_use]
    pub fn values(&self, numbers: &[f32]) -> (Vec<f64>, Vec<f64>) {
        let (model, nuisances) = numbers.split_at(self.free.0.len());
        let of = |(number, z): (&FreeNumber, &f32)| number.at(normal_share(f64::from(*z)));
        let model = self.free.0.iter().zip(model).map(of).collect();
        (model, self.nuisances.iter().zip(nuisances).map(|(number, z)| number.at(f64::from(*z))).collect())
    }

    /// The point at which the model's numbers of a particle stand.
    #[must_use]
    pub fn point(&self, numbers: &[f32]) -> Point {
        Point::Given(Arc::new(self.free.all(self.values(numbers).0)))
    }

    /// Series compared, with the number of their periods.
    pub fn compared(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        self.series.iter().map(|(bound, windows)| (bound.link.series, windows.len()))
    }

    /// The date of the last day of a step.
    #[must_use]
    pub fn date(&self, step: usize) -> Date {
        later(self.rules.frame.start, self.steps[step])
    }

    /// Days in all.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.steps.last().map_or(0, |last| *last as u32 + 1)
    }

    /// Names and units of what is watched, in order.
    #[must_use]
    pub fn watched(&self) -> Vec<(String, &'static str)> {
        let rules = &self.rules;
        let of = |what: &str, id: &str, unit| (format!("{what}.{id}"), unit);
        let mut names = Vec::new();
        names.extend(rules.fronts.iter().map(|x| of("level", &x.id.text, "level")));
        names.extend(rules.streams.iter().map(|x| of("mean", &x.id.text, "events/day")));
        names.extend(rules.ledgers.iter().map(|x| of("blows", &x.id.text, "blows")));
        names.extend(rules.actors.iter().filter(|x| x.stock.is_some()).map(|x| of("munitions", &x.id.text, "rounds")));
        names.extend(rules.actors.iter().map(|x| of("resolve", &x.id.text, "share")));
        names.extend(rules.tables.iter().map(|x| of("in_force", &x.id.text, "0 or 1")));
        names.extend(rules.territories.iter().map(|x| of("displaced", &x.id.text, "persons")));
        names.extend(rules.territories.iter().map(|x| of("killed", &x.id.text, "deaths")));
        names.extend(rules.programmes.iter().map(|x| of("enriched", &x.id.text, "kg")));
        names
    }

    /// Runs all steps that are left; `kept` is shown the filter after every step and may end it there.
    ///
    /// # Errors
    /// If stopped, or at a step of which nothing observed is possible under any particle.
    pub fn run(
        &self,
        mut filter: Filtered<Particle>,
        jobs: usize,
        progress: &Progress,
        mut kept: impl FnMut(&Filtered<Particle>) -> bool,
    ) -> Result<Filtered<Particle>, (Halt, usize)> {
        while filter.step < self.steps.len() {
            let step = filter.step;
            filter::advance(self, self.key(), &mut filter, jobs, progress).map_err(|halt| (halt, step))?;
            if !kept(&filter) {
                break;
            }
        }
        Ok(filter)
    }

    /// Particles at the start; `None` if stopped.
    #[must_use]
    pub fn begin(&self, particles: usize, jobs: usize, progress: &Progress) -> Option<Filtered<Particle>> {
        filter::begin(self, particles, jobs, progress)
    }
}

impl Process for Nowcast {
    type State = Particle;
    type Worker = Course<Conditioned>;

    fn worker(&self) -> Self::Worker {
        let fate = detente_model::sim::world::Fate { seed: self.seed, future: 0, prior: false };
        Course::new(&self.rules, fate, Vec::new())
    }

    fn start(&self, _: &mut Self::Worker, particle: u64) -> Particle {
        Particle { state: None, numbers: self.prior(particle), open: vec![0.0; self.series.len()], ruled_out: 0 }
    }

    fn step(&self, course: &mut Self::Worker, step: usize, particle: u64, at: &mut Particle) -> f64 {
        let (model, nuisances) = self.values(&at.numbers);
        let point = Point::Given(Arc::new(self.free.all(model)));
        match &at.state {
            None => course.begin_at(self.seed, particle, &point, self.log.clone()),
            Some(state) => course.restore_at(state, self.seed, particle, &point, self.log.clone()),
        }
        let nuisances: Vec<Nuisances> = self.series.iter().map(|(bound, _)| bound.nuisances(&nuisances)).collect();
        course.probe.log_weight = 0.0;
        let mut gain = 0.0;
        while course.day() <= self.steps[step] {
            let day = course.day();
            self.decisions.today(day, &mut course.probe);
            course.step();
            let missing = self.decisions.missing(day, course.events());
            at.ruled_out += missing as u32;
            gain += missing as f64 * libm::log(NO_CHANCE);
            for (((bound, windows), n), open) in self.series.iter().zip(&nuisances).zip(&mut at.open) {
                let Some(window) = windows.get(windows.partition_point(|w| w.to < day)).filter(|w| w.from <= day)
                else {
                    continue;
                };
                *open += bound.signal(course, n);
                if window.to == day {
                    gain += bound.log_density(window.value, *open, window.to - window.from + 1, n);
                    *open = 0.0;
                }
            }
        }
        gain += course.probe.log_weight;
        at.state = Some(course.snapshot());
        gain
    }

    fn steps(&self) -> usize {
        self.steps.len()
    }

    fn numbers<'a>(&self, state: &'a mut Particle) -> &'a mut [f32] {
        &mut state.numbers
    }

    fn kept(&self, step: usize, number: usize) -> f64 {
        let before = if step == 0 { -1 } else { self.steps[step - 1] };
        // Those of the observations come after those of the model, and all of them move what is counted.
        let is_alive = self.alive().get(number).copied().unwrap_or(true);
        let kept = if is_alive { KEPT_A_WEEK } else { KEPT_A_WEEK_UNMOVED };
        libm::pow(kept, f64::from(self.steps[step] - before) / 7.0)
    }

    fn watch(&self, at: &Particle, into: &mut Vec<f64>) {
        let Some(state) = &at.state else { return };
        let (rules, c) = (&self.rules, &state.columns);
        into.extend(c.fronts.iter().map(|x| f64::from(x.level)));
        into.extend(c.fires.iter().map(|x| x.mean));
        into.extend(c.ledgers.iter().map(|x| x.blows));
        let stocks = rules.actors.iter().zip(&c.arsenals).filter(|(actor, _)| actor.stock.is_some());
        into.extend(stocks.map(|(_, x)| x.munitions));
        into.extend(c.standings.iter().map(|x| x.resolve));
        into.extend(c.agreements.iter().map(|x| f64::from(u8::from(x.in_force()))));
        into.extend(c.territories.iter().map(|x| x.displaced));
        into.extend(c.territories.iter().map(|x| f64::from(x.killed)));
        into.extend(c.programmes.iter().map(|x| x.stock));
    }
}
