//! Many futures, and the paired effect of orders.

use crate::{Code, Error, Model, Order, Point};
use detente_model::record::outcome::Headline;
use detente_model::sim::rules::Rules;
use detente_study::futures::accumulate::{Accumulator, share};
use detente_study::futures::effect::{self, Paired};
use detente_study::futures::ensemble::{Plan, Progress, ensemble};
use detente_study::futures::survival::Survival;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Many futures of a model. Each method gives it back changed.
#[derive(Clone)]
pub struct Ensemble {
    model: Model,
    seed: u64,
    futures: Range<u64>,
    days: u32,
    jobs: usize,
    point: Point,
    orders: Vec<Order>,
    progress: Arc<Progress>,
}

/// A number with its 90 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Value.
    pub value: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
}

/// How many futures ended in what.
#[derive(Clone)]
pub struct Outcomes {
    rules: Arc<Rules>,
    sums: Accumulator,
}

/// What orders changed, pair by pair on the same random numbers.
#[derive(Clone)]
pub struct Effect {
    rules: Arc<Rules>,
    sums: effect::Effect,
}

impl Ensemble {
    pub(crate) fn new(model: &Model) -> Self {
        let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            seed: 1,
            futures: 0..1_000,
            days: model.days(),
            jobs,
            point: Point::Default,
            orders: Vec::new(),
            progress: Arc::default(),
            model: model.clone(),
        }
    }

    /// With this seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The futures with these numbers.
    #[must_use]
    pub fn futures(self, futures: Range<u64>) -> Self {
        Self { futures, ..self }
    }

    /// Days of each.
    #[must_use]
    pub fn days(self, days: u32) -> Self {
        Self { days, ..self }
    }

    /// Threads; no number shows in a result.
    #[must_use]
    pub fn jobs(self, jobs: usize) -> Self {
        Self { jobs, ..self }
    }

    /// With free numbers there.
    #[must_use]
    pub fn point(self, point: Point) -> Self {
        Self { point, ..self }
    }

    /// With these orders in every future.
    #[must_use]
    pub fn orders(self, orders: impl Into<Vec<Order>>) -> Self {
        Self { orders: orders.into(), ..self }
    }

    /// Futures finished so far, by this ensemble and its clones.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.progress.done.load(Ordering::Relaxed)
    }

    /// Has whatever this ensemble and its clones are running end early.
    pub fn stop(&self) {
        self.progress.stop.store(true, Ordering::Relaxed);
    }

    /// Runs them.
    ///
    /// # Errors
    /// [`Code::Point`], [`Code::Order`]; [`Code::Stopped`] after [`Ensemble::stop`].
    pub fn run(&self) -> Result<Outcomes, Error> {
        let rules = self.model.placed(&self.point)?;
        let plan = self.plan(&self.orders)?;
        let sums = ensemble(&rules, &plan, self.futures.clone(), self.jobs, &self.progress);
        sums.map(|sums| Outcomes { rules, sums }).ok_or_else(stopped)
    }

    /// Runs them twice, without and with further orders, and pairs them: same future, same random numbers.
    ///
    /// # Errors
    /// As [`Ensemble::run`].
    pub fn effect(&self, orders: &[Order]) -> Result<Effect, Error> {
        let rules = self.model.placed(&self.point)?;
        let with: Vec<Order> = self.orders.iter().chain(orders).cloned().collect();
        let (baseline, changed) = (self.plan(&self.orders)?, self.plan(&with)?);
        let sums = effect::pairs(&rules, &baseline, &changed, self.futures.clone(), self.jobs, &self.progress);
        sums.map(|sums| Effect { rules, sums }).ok_or_else(stopped)
    }

    fn plan(&self, orders: &[Order]) -> Result<Plan, Error> {
        let prior = self.point.draws();
        Ok(Plan { seed: self.seed, days: self.days, prior, log: self.model.log(orders)?, from: None })
    }
}

impl Outcomes {
    /// Futures.
    #[must_use]
    pub fn futures(&self) -> u64 {
        self.sums.runs
    }

    /// Share of the futures that ended in an outcome ([`Run::outcome`](crate::Run::outcome) has their names).
    ///
    /// # Errors
    /// [`Code::Name`] if there is no such outcome.
    pub fn share(&self, outcome: &str) -> Result<Estimate, Error> {
        let found = share(self.sums.headline(headline(outcome)?), self.sums.runs);
        Ok(Estimate { value: found.p, low: found.low, high: found.high })
    }

    /// Mean number killed in a territory (id), over the futures.
    ///
    /// # Errors
    /// [`Code::Name`] if there is no such territory.
    pub fn mean_killed(&self, territory: &str) -> Result<f64, Error> {
        Ok(self.sums.killed[position(&self.rules, territory)?].mean())
    }
}

impl Effect {
    /// Pairs.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.sums.runs
    }

    /// Difference in the share of an outcome, with the orders less without; within ±1.
    ///
    /// # Errors
    /// [`Code::Name`] if there is no such outcome.
    pub fn share(&self, outcome: &str) -> Result<Estimate, Error> {
        let paired = self.sums.headlines[headline(outcome)? as usize];
        Ok(Estimate::from(paired.difference_of_shares()))
    }

    /// Mean difference in the number killed in a territory (id).
    ///
    /// # Errors
    /// [`Code::Name`] if there is no such territory.
    pub fn killed(&self, territory: &str) -> Result<Estimate, Error> {
        let paired: Paired = self.sums.killed[position(&self.rules, territory)?];
        Ok(Estimate::from(paired.difference()))
    }
}

/// How many of the agreements signed at a table last so long, without and with orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lasting {
    /// Share without the orders.
    pub without: Estimate,
    /// Share with them.
    pub with: Estimate,
    /// Difference, with less without.
    pub difference: Estimate,
}

impl Effect {
    /// Share of the agreements signed at a table (id) that are in force after `days` days (Kaplan-Meier); `None` if too few were
    /// signed to say.
    ///
    /// # Errors
    /// [`Code::Name`] if there is no such table.
    pub fn lasting(&self, table: &str, days: u32) -> Result<Option<Lasting>, Error> {
        let at = self.rules.table(table).ok_or_else(|| {
            let names: Vec<&str> = self.rules.tables.iter().map(|t| t.id.text.as_str()).collect();
            Error::new(Code::Name, [format!("there is no table `{table}`; there are {}", names.join(", "))])
        })?;
        let found = self.sums.spells[at].survival(days.try_into().unwrap_or(i32::MAX));
        let share = |of: Survival| Estimate { value: of.p, low: of.low, high: of.high };
        Ok(found.map(|(without, with, difference)| Lasting {
            without: share(without),
            with: share(with),
            difference: Estimate::from(difference),
        }))
    }
}

impl From<effect::Difference> for Estimate {
    fn from(of: effect::Difference) -> Self {
        Self { value: of.difference, low: of.low, high: of.high }
    }
}

fn stopped() -> Error {
    Error::new(Code::Stopped, ["stopped before all futures had run; run it again".to_owned()])
}

fn headline(outcome: &str) -> Result<Headline, Error> {
    let found = Headline::ALL.into_iter().find(|headline| headline.name() == outcome);
    found.ok_or_else(|| {
        let names = Headline::ALL.map(Headline::name).join(", ");
        Error::new(Code::Name, [format!("there is no outcome `{outcome}`; there are {names}")])
    })
}

fn position(rules: &Rules, territory: &str) -> Result<usize, Error> {
    rules.territories.iter().position(|t| t.id.text == territory).ok_or_else(|| {
        let names: Vec<&str> = rules.territories.iter().map(|t| t.id.text.as_str()).collect();
        Error::new(Code::Name, [format!("there is no territory `{territory}`; there are {}", names.join(", "))])
    })
}
