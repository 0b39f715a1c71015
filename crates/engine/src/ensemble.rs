//! Many futures, and the paired effect of orders.

use crate::table::{Cells, Column, Table};
use crate::{Code, Design, Error, Model, Order, Point, Rows, Setting};
use detente_model::record::digest::of_text;
use detente_model::record::outcome::{Escalation, Headline, Settlement};
use detente_model::sim::rules::Rules;
use detente_study::futures::accumulate::{Accumulator, FirstDays, Share, share};
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

    /// Runs them with a row for each.
    ///
    /// # Errors
    /// As [`Design::run`].
    pub fn rows(&self, columns: Option<Vec<String>>) -> Result<Rows, Error> {
        let setting = Setting {
            seed: self.seed,
            point: self.point.clone(),
            orders: self.orders.clone(),
            futures: self.futures.clone(),
        };
        let design = Design::new(&self.model, vec![setting]).days(self.days).jobs(self.jobs).columns(columns);
        design.watched_by(Arc::clone(&self.progress)).run()
    }

    fn plan(&self, orders: &[Order]) -> Result<Plan, Error> {
        let prior = self.point.draws();
        Ok(Plan { seed: self.seed, days: self.days, prior, log: self.model.log_within(orders, self.days)?, from: None })
    }
}

impl Outcomes {
    pub(crate) fn of(rules: Arc<Rules>, sums: Accumulator) -> Self {
        Self { rules, sums }
    }

    /// What the futures were, in 16 hexadecimal digits: the digest that `detente batch` prints for the same futures.
    #[must_use]
    pub fn digest(&self) -> String {
        of_text(&self.sums())
    }

    /// The sums as text: whole numbers only, so that parts can be run anywhere and joined in any order.
    #[must_use]
    pub fn sums(&self) -> String {
        // Serialising plain data into memory cannot fail.
        serde_json::to_string(&self.sums).unwrap_or_default()
    }

    /// Joins parts of one ensemble that were run separately, from their [`Outcomes::sums`].
    ///
    /// # Errors
    /// [`Code::Row`] if there is none, or one is no such text or of other days or another scenario.
    pub fn joined<'a>(model: &Model, parts: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let wrong = |why: &str| Error::new(Code::Row, [format!("the parts cannot be joined: {why}")]);
        let mut whole: Option<Accumulator> = None;
        for part in parts {
            let part: Accumulator = serde_json::from_str(part).map_err(|_| wrong("one holds no sums"))?;
            let empty = Accumulator::new(model.rules(), part.days);
            let shape = |of: &Accumulator| {
                let lengths = [of.events.len(), of.deaths.len(), of.killed.len(), of.salvos.len()];
                (lengths, of.air_strikes.len(), of.agreements.len())
            };
            if shape(&empty) != shape(&part) {
                return Err(wrong("one is of another scenario"));
            }
            match &mut whole {
                None => whole = Some(part),
                Some(whole) if whole.days != part.days => return Err(wrong("they have different days")),
                Some(whole) => whole.merge(&part),
            }
        }
        let sums = whole.ok_or_else(|| wrong("there is none"))?;
        Ok(Self { rules: Arc::clone(model.rules()), sums })
    }

    /// Everything of interest, a row each: what, of what, value and an interval, and what the interval is.
    #[must_use]
    pub fn summary(&self) -> Table {
        let sums = &self.sums;
        let mut rows = Figures::default();
        let part = |count: u64| share(count, sums.runs);
        for headline in Headline::ALL {
            rows.share("headline", headline.name(), part(sums.headline(headline)));
        }
        for escalation in Escalation::ALL {
            rows.share("escalation", escalation.name(), part(sums.escalation(escalation)));
        }
        for settlement in Settlement::ALL {
            rows.share("settlement", settlement.name(), part(sums.settlement(settlement)));
        }
        for (name, first) in FirstDays::NAMES.iter().zip(&sums.first) {
            for within in WITHIN.into_iter().filter(|&within| within <= sums.days as i32) {
                let count = first.range(..within).map(|(_, n)| n).sum();
                rows.share(&format!("within_{within}_days"), name, part(count));
            }
            rows.share("ever", name, part(first.values().sum()));
        }
        for (table, of) in self.rules.tables.iter().zip(&sums.agreements) {
            let id = table.id.text.as_str();
            rows.share("signed_within_30_days", id, part(of.signed_within(30)));
            rows.share("signed_within_60_days", id, part(of.signed_within(60)));
            rows.share("ever_signed", id, part(of.ever_signed()));
            rows.share("in_force_at_end", id, part(of.in_force_at_end));
            for age in AGES {
                let lasting = of.spells.survival(age);
                let (value, low, high) = lasting.map_or((f64::NAN, f64::NAN, f64::NAN), |s| (s.p, s.low, s.high));
                rows.add(&format!("lasting_{age}_days"), id, [value, low, high], AGREEMENTS);
            }
        }
        let territories = self.rules.territories.iter().map(|t| t.id.text.as_str()).zip(&sums.killed);
        for (id, of) in territories.chain([("all", &sums.killed_in_all)]) {
            let [low, high] = [0.05, 0.95].map(|q| of.histogram.quantile(q) as f64);
            rows.add("killed", id, [of.mean(), low, high], SPREAD);
        }
        rows.table()
    }

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

/// Days within which first days are counted.
const WITHIN: [i32; 4] = [30, 90, 180, 365];
/// Ages at which survival is given.
const AGES: [i32; 3] = [30, 90, 180];
/// What intervals are.
const ESTIMATE: &str = "share of futures, 90 % interval";
const AGREEMENTS: &str = "share of agreements (Kaplan-Meier), 90 % interval";
const SPREAD: &str = "mean over futures; 5 % and 95 % of futures lie below low and high";
const DIFFERENCE: &str = "paired difference, with less without; 90 % interval";

/// Figures on their way into a table.
#[derive(Default)]
struct Figures {
    what: Vec<String>,
    of: Vec<String>,
    values: [Vec<f64>; 3],
    words: Vec<String>,
}

impl Figures {
    fn share(&mut self, what: &str, of: &str, Share { p, low, high }: Share) {
        self.add(what, of, [p, low, high], ESTIMATE);
    }

    fn add(&mut self, what: &str, of: &str, values: [f64; 3], words: &str) {
        self.what.push(what.to_owned());
        self.of.push(of.to_owned());
        self.values.iter_mut().zip(values).for_each(|(list, value)| list.push(value));
        self.words.push(words.to_owned());
    }

    fn table(self) -> Table {
        let [value, low, high] = self.values.map(Cells::Real);
        let columns = vec![
            Column::new("what", "", "Quantity.", Cells::Text(self.what)),
            Column::new("of", "", "Outcome, table of negotiations or territory that it is of.", Cells::Text(self.of)),
            Column::new("value", "as said in `is`", "Value.", value),
            Column::new("low", "as said in `is`", "Low end.", low),
            Column::new("high", "as said in `is`", "High end.", high),
            Column::new("is", "", "What value and ends are.", Cells::Text(self.words)),
        ];
        Table::made(columns, Vec::new())
    }
}

impl Effect {
    /// Every difference, a row each.
    #[must_use]
    pub fn summary(&self) -> Table {
        let mut rows = Figures::default();
        let mut add = |what: &str, of: &str, d: effect::Difference| {
            rows.add(what, of, [d.difference, d.low, d.high], DIFFERENCE);
        };
        for headline in Headline::ALL {
            add("headline", headline.name(), self.sums.headlines[headline as usize].difference_of_shares());
        }
        for (table, spells) in self.rules.tables.iter().zip(&self.sums.spells) {
            for age in AGES {
                if let Some((_, _, difference)) = spells.survival(age) {
                    add(&format!("lasting_{age}_days"), &table.id.text, difference);
                }
            }
        }
        for (territory, killed) in self.rules.territories.iter().zip(&self.sums.killed) {
            let paired: Paired = *killed;
            add("killed", &territory.id.text, paired.difference());
        }
        rows.table()
    }

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

pub(crate) fn stopped() -> Error {
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
