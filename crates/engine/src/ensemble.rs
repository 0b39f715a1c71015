//! Many futures, and the paired effect of orders.

use crate::bounds::bounds;
use crate::table::{Cells, Column, Table};
use crate::{Code, Design, Error, Model, Order, Point, Rows, Setting};
use detente_model::record::digest::of_text;
use detente_model::record::outcome::{Escalation, Headline, Settlement};
use detente_model::sim::rules::Rules;
use detente_study::futures::accumulate::{Accumulator, FirstDays, Share, share};
use detente_study::futures::effect::{self, Paired};
use detente_study::futures::ensemble::{Plan, Progress, ensemble};
use detente_study::futures::survival::Survival;
use serde::{Deserialize, Serialize};
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
    model: Model,
    /// What they are of, as [`Model::written`] has it.
    of: String,
    /// Their numbers: ranges in order, with gaps between them.
    futures: Vec<Range<u64>>,
    sums: Accumulator,
}

/// A part of a batch as text.
#[derive(Serialize, Deserialize)]
struct Part {
    model: String,
    setting: String,
    futures: Vec<(u64, u64)>,
    sums: Accumulator,
}

/// Parts of one batch that are joined one after another.
pub struct Joining {
    model: Model,
    whole: Option<Outcomes>,
}

/// What orders changed, pair by pair on the same random numbers.
#[derive(Clone)]
pub struct Effect {
    rules: Arc<Rules>,
    sums: effect::Effect,
    about: Vec<(String, String)>,
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
    /// [`Code::Point`], [`Code::Order`], [`Code::Bound`]; [`Code::Stopped`] after [`Ensemble::stop`].
    pub fn run(&self) -> Result<Outcomes, Error> {
        bounds(self.seed, &self.futures, self.days)?;
        let rules = self.model.placed(&self.point)?;
        let plan = self.plan(&self.orders)?;
        let sums = ensemble(&rules, &plan, self.futures.clone(), self.jobs, &self.progress);
        sums.map(|sums| Outcomes::of(&self.model, &self.setting(), self.days, sums)).ok_or_else(stopped)
    }

    /// Runs them twice, without and with further orders, and pairs them: same future, same random numbers.
    ///
    /// # Errors
    /// As [`Ensemble::run`].
    pub fn effect(&self, orders: &[Order]) -> Result<Effect, Error> {
        bounds(self.seed, &self.futures, self.days)?;
        let rules = self.model.placed(&self.point)?;
        let with: Vec<Order> = self.orders.iter().chain(orders).cloned().collect();
        let (baseline, changed) = (self.plan(&self.orders)?, self.plan(&with)?);
        let mut about = self.model.about(self.seed, &self.point, &baseline.log, self.days, None);
        let moved: Vec<(&str, &str, u32)> =
            orders.iter().map(|order| (order.lever.as_str(), order.value.as_str(), order.day)).collect();
        // Serialising plain data into memory cannot fail.
        about.push(("detente.with".to_owned(), serde_json::to_string(&moved).unwrap_or_default()));
        about.push(numbers_of(std::slice::from_ref(&self.futures)));
        let sums = effect::pairs(&rules, &baseline, &changed, self.futures.clone(), self.jobs, &self.progress);
        sums.map(|sums| Effect { rules, sums, about }).ok_or_else(stopped)
    }

    /// Runs them with a row for each.
    ///
    /// # Errors
    /// As [`Design::run`].
    pub fn rows(&self, columns: Option<Vec<String>>) -> Result<Rows, Error> {
        let design = Design::new(&self.model, vec![self.setting()]).days(self.days).jobs(self.jobs).columns(columns);
        design.watched_by(Arc::clone(&self.progress)).run()
    }

    fn setting(&self) -> Setting {
        Setting {
            seed: self.seed,
            point: self.point.clone(),
            orders: self.orders.clone(),
            futures: self.futures.clone(),
        }
    }

    fn plan(&self, orders: &[Order]) -> Result<Plan, Error> {
        let prior = self.point.draws();
        let (log, from) = (self.model.log_within(orders, self.days)?, self.model.origin());
        Ok(Plan { seed: self.seed, days: self.days, prior, log, from })
    }
}

impl Outcomes {
    pub(crate) fn of(model: &Model, setting: &Setting, days: u32, sums: Accumulator) -> Self {
        let of = model.written(setting, days);
        Self { model: model.clone(), of, futures: vec![setting.futures.clone()], sums }
    }

    fn rules(&self) -> &Rules {
        self.model.rules()
    }

    /// What they are of, for the metadata of a table.
    fn about(&self) -> Vec<(String, String)> {
        let first = self.futures.first().map_or(0, |futures| futures.start);
        // It was written here, or read as such.
        let Ok((setting, days)) = self.model.again(&self.of, first) else { return Vec::new() };
        let log = self.model.log_within(&setting.orders, days).unwrap_or_default();
        let mut about = self.model.about(setting.seed, &setting.point, &log, days, None);
        about.push(numbers_of(&self.futures));
        about
    }

    /// What the futures were, in 16 hexadecimal digits: the digest that `detente batch` prints for the same futures.
    #[must_use]
    pub fn digest(&self) -> String {
        of_text(&self.sums())
    }

    /// The sums as text: whole numbers only.
    #[must_use]
    pub fn sums(&self) -> String {
        // Serialising plain data into memory cannot fail.
        serde_json::to_string(&self.sums).unwrap_or_default()
    }

    /// The sums with what they are of, as JSON on one line (`model`, `setting`, `futures` as pairs of first and end, `sums`), so that
    /// parts can be run anywhere and joined in any order.
    #[must_use]
    pub fn part(&self) -> String {
        let futures = self.futures.iter().map(|futures| (futures.start, futures.end)).collect();
        let (model, setting, sums) = (crate::VERSION.to_owned(), self.of.clone(), self.sums.clone());
        // Serialising plain data into memory cannot fail.
        serde_json::to_string(&Part { model, setting, futures, sums }).unwrap_or_default()
    }

    /// Joins parts of one ensemble that were run separately, from their [`Outcomes::part`].
    ///
    /// # Errors
    /// As [`Joining::add`] and [`Joining::whole`].
    pub fn joined<'a>(model: &Model, parts: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let mut joining = Joining::new(model);
        for part in parts {
            joining.add(part)?;
        }
        joining.whole()
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
        for (table, of) in self.rules().tables.iter().zip(&sums.agreements) {
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
        let territories = self.rules().territories.iter().map(|t| t.id.text.as_str()).zip(&sums.killed);
        for (id, of) in territories.chain([("all", &sums.killed_in_all)]) {
            let [low, high] = [0.05, 0.95].map(|q| of.histogram.quantile(q) as f64);
            rows.add("killed", id, [of.mean(), low, high], SPREAD);
        }
        rows.table(self.about())
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
        Ok(self.sums.killed[position(self.rules(), territory)?].mean())
    }
}

impl Joining {
    /// Nothing yet.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        Self { model: model.clone(), whole: None }
    }

    /// Adds a part, from its [`Outcomes::part`].
    ///
    /// # Errors
    /// [`Code::Row`] if it is no such text, of another scenario, version or setting than the others, or holds futures that they hold.
    /// What was added before stays.
    pub fn add(&mut self, part: &str) -> Result<(), Error> {
        let wrong = |why: String| Error::new(Code::Row, [format!("the parts cannot be joined: {why}")]);
        let Part { model, setting, futures, sums } = serde_json::from_str(part)
            .map_err(|_| wrong("one holds no sums; take what `sums` of a batch gives".to_owned()))?;
        if model != crate::VERSION {
            let here = crate::VERSION;
            return Err(wrong(format!("one was run by version {model}, and this is {here}; run it again here")));
        }
        let (_, days) = self.model.again(&setting, 0)?;
        let empty = Accumulator::new(self.model.rules(), days);
        let shape = |of: &Accumulator| {
            let lengths = [of.events.len(), of.deaths.len(), of.killed.len(), of.salvos.len()];
            (of.days, lengths, of.air_strikes.len(), of.agreements.len())
        };
        let futures: Vec<Range<u64>> = futures.into_iter().map(|(start, end)| start..end).collect();
        let counted = futures.iter().try_fold(0_u64, |sum, of| sum.checked_add(of.end.checked_sub(of.start)?));
        if shape(&empty) != shape(&sums) || counted != Some(sums.runs) || sums.runs == 0 {
            return Err(wrong("one was changed after it had been run; run it again".to_owned()));
        }
        let Some(whole) = &mut self.whole else {
            let futures = together(Vec::new(), futures).map_err(|both| wrong(twice(&both)))?;
            self.whole = Some(Outcomes { model: self.model.clone(), of: setting, futures, sums });
            return Ok(());
        };
        if whole.of != setting {
            let why = format!("they differ in seed, days, numbers or levers: {} and {setting}", whole.of);
            return Err(wrong(why));
        }
        whole.futures = together(whole.futures.clone(), futures).map_err(|both| wrong(twice(&both)))?;
        whole.sums.merge(&sums);
        Ok(())
    }

    /// All that was added.
    ///
    /// # Errors
    /// [`Code::Row`] if there is nothing.
    pub fn whole(&self) -> Result<Outcomes, Error> {
        let none = || Error::new(Code::Row, ["there are no parts to join; give one at least".to_owned()]);
        self.whole.clone().ok_or_else(none)
    }
}

fn twice(both: &Range<u64>) -> String {
    format!("two of them hold futures {} to {}; leave one of them out", both.start, both.end.saturating_sub(1))
}

/// Ranges of both, in order and put together where they touch; `Err` with what stands in two of them.
fn together(mut ranges: Vec<Range<u64>>, more: Vec<Range<u64>>) -> Result<Vec<Range<u64>>, Range<u64>> {
    ranges.extend(more.into_iter().filter(|range| !range.is_empty()));
    ranges.sort_by_key(|range| range.start);
    let mut whole: Vec<Range<u64>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match whole.last_mut() {
            Some(last) if range.start < last.end => return Err(range.start..range.end.min(last.end)),
            Some(last) if range.start == last.end => last.end = range.end,
            _ => whole.push(range),
        }
    }
    Ok(whole)
}

/// Numbers of futures, for the metadata of a table.
fn numbers_of(futures: &[Range<u64>]) -> (String, String) {
    let said: Vec<String> = futures.iter().map(|range| format!("{}..{}", range.start, range.end)).collect();
    ("detente.futures".to_owned(), said.join(" "))
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

    fn table(self, about: Vec<(String, String)>) -> Table {
        let [value, low, high] = self.values.map(Cells::Real);
        let columns = vec![
            Column::new("what", "", "Quantity.", Cells::Text(self.what)),
            Column::new("of", "", "Outcome, table of negotiations or territory that it is of.", Cells::Text(self.of)),
            Column::new("value", "as said in `is`", "Value.", value),
            Column::new("low", "as said in `is`", "Low end.", low),
            Column::new("high", "as said in `is`", "High end.", high),
            Column::new("is", "", "What value and ends are.", Cells::Text(self.words)),
        ];
        Table::made(columns, about)
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
        rows.table(self.about.clone())
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
