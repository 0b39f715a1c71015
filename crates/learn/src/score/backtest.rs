//! The back-test: at every origin the filter comes to it, members run ahead, and what came is held against them and against
//! the simple rules.
//!
//! The filter goes along the origins once. At each it has seen what was known on its evening: a value that came out later is
//! not caught up on, one that was revised later stays as it was seen. What lies behind an origin cannot reach it.

use super::baselines::{Fitted, Luck, Rule};
use super::forecast::{Asked, QUESTION_DAYS, Question, UNOBSERVED, ahead, unobserved};
use super::rules::{Ensemble, brier, chance, covers, crps_fair, ignorance, interval_score, log_binary, pit};
use super::weeks::{Target, came, first_day, origins, past, target};
use crate::filter::{self, Filtered, Halt};
use crate::link::Bound;
use crate::nowcast::{Nowcast, Particle};
use crate::observed::{Kind, Measure, Observed, Series, days_between, later, series};
use detente_model::scenario::Errors;
use detente_model::sim::rules::Rules;
use detente_study::futures::ensemble::{Progress, run_all};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The first origin: the last day that its forecasts know.
    pub from: Date,
    /// No origin lies behind this day.
    pub to: Date,
    /// Days from one origin to the next.
    pub every: u32,
    /// Weeks ahead, ascending.
    pub horizons: Vec<u32>,
    /// Members of each forecast, at least 2.
    pub members: u64,
    /// Particles of the filter, at least 2.
    pub particles: usize,
    /// Ids of the series, in the order of all.
    pub series: Vec<String>,
    /// Seed of all draws.
    pub seed: u64,
}

impl Plan {
    /// Every origin.
    #[must_use]
    pub fn origins(&self) -> Vec<Date> {
        origins(self.from, self.to, self.every)
    }
}

/// How a forecast of one week did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// Series.
    pub series: String,
    /// Weeks ahead.
    pub horizon: u32,
    /// First day of the week.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What was counted in it.
    pub came: f64,
    /// Median of the members, and the ends of their central 90 %.
    pub band: [f64; 3],
    /// Fair CRPS.
    pub crps: f64,
    /// Log score on bins, bits.
    pub ignorance: f64,
    /// Interval scores of the central 50 and 90 %.
    pub interval: [f64; 2],
    /// Whether these hold what came.
    pub held: [bool; 2],
    /// PIT, from and to.
    pub pit: [f64; 2],
    /// Fair CRPS of every baseline.
    pub baselines: BTreeMap<String, f64>,
}

/// How a question was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// Which.
    pub question: Question,
    /// The chance given to it.
    pub chance: f64,
    /// Whether it happened.
    pub happened: bool,
    /// Brier score.
    pub brier: f64,
    /// Log score, bits.
    pub log: f64,
    /// Chances that baselines give.
    pub baselines: BTreeMap<String, f64>,
}

/// Everything of one origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The last day known.
    pub origin: Date,
    /// Effective sample of the filter there.
    pub effective: f64,
    /// Forecasts of weeks, by series and horizon.
    pub weeks: Vec<Scored>,
    /// Questions.
    pub questions: Vec<Answered>,
}

/// Why a back-test did not come to its end.
#[derive(Debug)]
pub enum Ended {
    /// Told to stop.
    Stopped,
    /// Something stands in the way, in a sentence.
    Refused(String),
}

/// Why a series is not scored, in words; `None` if it is.
#[must_use]
pub fn unscored(of: &Series, nowcast: &Nowcast, observed: &Observed) -> Option<&'static str> {
    if observed.of(of.id).is_empty() {
        Some("nothing was counted")
    } else if of.measure == Measure::Stock {
        Some("a stock, and no count of a week")
    } else if !nowcast.bounds().any(|bound| bound.link.series == of.id) {
        Some("the scenario has nothing that it could be compared with")
    } else {
        None
    }
}

/// A forecast that can be scored: enough was counted before, and what came was counted too.
struct Due {
    asked: Asked,
    came: f64,
    /// Fair CRPS of each rule.
    rules: BTreeMap<String, f64>,
}

/// A back-test ready to run.
pub struct Backtest<'a> {
    plan: &'a Plan,
    observed: &'a Observed,
    nowcast: Nowcast,
    origins: Vec<Date>,
}

impl<'a> Backtest<'a> {
    /// Of a scenario on what was observed.
    ///
    /// # Errors
    /// Documented events that name what the scenario does not have.
    pub fn new(rules: &Rules, observed: &'a Observed, plan: &'a Plan) -> Result<Self, Errors> {
        let origins = plan.origins();
        let nowcast = Nowcast::along(rules, observed, &origins, plan.seed)?;
        Ok(Self { plan, observed, nowcast, origins })
    }

    /// The filter that it uses.
    #[must_use]
    pub fn nowcast(&self) -> &Nowcast {
        &self.nowcast
    }

    fn day(&self, date: Date) -> i32 {
        days_between(self.nowcast.rules().frame.start, date)
    }

    /// How much there is to do, in futures: what [`Progress`] counts up to.
    #[must_use]
    pub fn work(&self) -> u64 {
        let filter = filter::work(self.plan.particles, self.nowcast.steps_in_all());
        let units = (self.origins.len() * BITE) as u64;
        filter + self.plan.members * (self.origins.len() as u64 + 1) + units
    }

    /// The forecasts of one series at one origin that can be scored, with the scores of the simple rules.
    fn due(&self, position: usize, bound: &Bound, origin: Date, known: &Observed) -> Vec<Due> {
        let id = bound.link.series;
        let first = first_day(known.of(id), origin);
        let wanted: Vec<(Asked, f64)> = self
            .plan
            .horizons
            .iter()
            .filter_map(|&horizon| {
                let target = target(first, horizon);
                let came = came(self.observed, bound, target)?;
                Some((Asked { series: position, horizon, target, origin: epoch_day(origin) }, came))
            })
            .collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let Some(fitted) = Fitted::new(&past(known, bound, first)) else { return Vec::new() };
        let score = |asked: &Asked, came: f64, rule: Rule| {
            let luck = Luck { seed: self.plan.seed, series: id, origin: asked.origin, horizon: asked.horizon };
            let members = Ensemble::new(fitted.members(rule, &luck, self.plan.members));
            (rule.name().to_owned(), members.map_or(f64::NAN, |members| crps_fair(&members, came)))
        };
        wanted
            .into_iter()
            .map(|(asked, came)| {
                let rules = Rule::ALL.iter().map(|&rule| score(&asked, came, rule)).collect();
                Due { asked, came, rules }
            })
            .collect()
    }

    /// By origin, the forecasts that can be scored; nothing for those in `done`. `None` if stopped.
    fn all_due(&self, done: &[bool], jobs: usize, progress: &Progress) -> Option<Vec<Vec<Due>>> {
        let series: Vec<(usize, &Bound)> = self
            .nowcast
            .bounds()
            .enumerate()
            .filter(|(_, bound)| self.plan.series.iter().any(|id| id == bound.link.series))
            .collect();
        let known: Vec<Option<Observed>> =
            self.origins.iter().zip(done).map(|(origin, done)| (!done).then(|| self.observed.as_of(*origin))).collect();
        // Sixteen numbers are one bite of a thread: as many as there can be series.
        let units = (self.origins.len() * BITE) as u64;
        let parts = run_all(
            0..units,
            jobs,
            progress,
            || (),
            Vec::new,
            |(), made, unit| {
                let (at, i) = (unit as usize / BITE, unit as usize % BITE);
                if let (Some(known), Some((position, bound))) = (&known[at], series.get(i)) {
                    made.push((unit, self.due(*position, bound, self.origins[at], known)));
                }
            },
        )?;
        let mut all: Vec<Vec<Due>> = self.origins.iter().map(|_| Vec::new()).collect();
        let mut parts: Vec<(u64, Vec<Due>)> = parts.into_iter().flatten().collect();
        parts.sort_by_key(|(unit, _)| *unit);
        for (unit, due) in parts {
            all[unit as usize / BITE].extend(due);
        }
        Some(all)
    }

    /// Runs it. Origins in `done` (in any order) are not forecast again; every new record is given to `keep` as soon as it is
    /// there.
    ///
    /// # Errors
    /// If told to stop, or nothing that was observed is possible, or `keep` says why not to go on.
    pub fn run(
        &self,
        done: &[Record],
        jobs: usize,
        progress: &Progress,
        mut keep: impl FnMut(&Record) -> Result<(), String>,
    ) -> Result<Vec<Record>, Ended> {
        let is_done: Vec<bool> =
            self.origins.iter().map(|origin| done.iter().any(|record| record.origin == *origin)).collect();
        let mut records = done.to_vec();
        if is_done.iter().any(|done| !done) {
            let due = self.all_due(&is_done, jobs, progress).ok_or(Ended::Stopped)?;
            let asked: Vec<Asked> = due.iter().flatten().map(|due| due.asked).collect();
            let days: Vec<i32> = self.origins.iter().map(|origin| self.day(*origin)).collect();
            let draws = (self.plan.seed, self.plan.members);
            let free = unobserved(&self.nowcast, &asked, &days, draws, jobs, progress).ok_or(Ended::Stopped)?;
            let begun = self.nowcast.begin(self.plan.particles, jobs, progress).ok_or(Ended::Stopped)?;
            let mut at_origin = self.origins.iter().zip(&is_done).enumerate().peekable();
            let mut first_asked = 0;
            let mut trouble = None;
            let run = self.nowcast.run(begun, jobs, progress, |filter| {
                let here = self.nowcast.date(filter.step - 1);
                let Some((i, (origin, done))) = at_origin.next_if(|(_, (origin, _))| **origin == here) else {
                    return true;
                };
                let due = &due[i];
                let unobserved = &free.0[first_asked..first_asked + due.len()];
                first_asked += due.len();
                if *done {
                    return true;
                }
                let record = self.record(filter, *origin, due, (unobserved, &free.1[i]), jobs, progress);
                match record.map(|record| keep(&record).map(|()| records.push(record))) {
                    Some(Ok(())) => at_origin.peek().is_some(),
                    Some(Err(sentence)) => {
                        trouble = Some(Ended::Refused(sentence));
                        false
                    }
                    None => {
                        trouble = Some(Ended::Stopped);
                        false
                    }
                }
            });
            if let Some(trouble) = trouble {
                return Err(trouble);
            }
            match run {
                Err((Halt::Impossible, step)) => {
                    return Err(Ended::Refused(format!(
                        "nothing that was counted in the days to {} is possible under any of {} particles; look at the \
                         observations with `detente observe`, or take more particles",
                        self.nowcast.date(step),
                        self.plan.particles
                    )));
                }
                Err((Halt::Stopped, _)) => return Err(Ended::Stopped),
                Ok(_) => {}
            }
        }
        records.sort_by_key(|record| record.origin);
        Ok(records)
    }

    /// The record of one origin, `free` being what the model without observations says; `None` if stopped.
    fn record(
        &self,
        filter: &Filtered<Particle>,
        origin: Date,
        due: &[Due],
        (free, free_yes): (&[Vec<f64>], &[u64; 3]),
        jobs: usize,
        progress: &Progress,
    ) -> Option<Record> {
        let asked: Vec<Asked> = due.iter().map(|due| due.asked).collect();
        let draws = (self.plan.seed, self.plan.members);
        let members = ahead(&self.nowcast, filter, self.day(origin), &asked, draws, jobs, progress)?;
        let weeks = due.iter().zip(members.values).zip(free).filter_map(|((due, values), free)| {
            let free = crps_fair(&Ensemble::new(free.clone())?, due.came);
            let series = self.nowcast.bounds().nth(due.asked.series)?.link.series;
            Some(scored(due, series, &Ensemble::new(values)?, free))
        });
        let weeks = weeks.collect();
        let questions = Question::ALL
            .iter()
            .enumerate()
            .filter_map(|(i, &question)| self.answered(question, origin, members.yes[i], free_yes[i]));
        Some(Record {
            origin,
            effective: filter.effective.last().copied().unwrap_or_default(),
            weeks,
            questions: questions.collect(),
        })
    }

    /// How a question was answered; `None` where the record does not tell.
    fn answered(&self, question: Question, origin: Date, yes: u64, free: u64) -> Option<Answered> {
        let days = told(self.observed, question)?;
        let last = self.observed.last_day()?;
        if days.since > origin || later(origin, QUESTION_DAYS) > last {
            return None;
        }
        let happened = days.dates.iter().any(|day| (1..=QUESTION_DAYS).contains(&days_between(origin, *day)));
        let members = self.plan.members;
        let chance = chance(yes, members);
        let before = days.dates.iter().filter(|day| **day <= origin).count() as f64;
        let watched = f64::from(days_between(days.since, origin) + 1);
        // As many a day as so far, with half an event added so that what never happened may.
        let rate = 1.0 - libm::exp(-(before + 0.5) / watched * f64::from(QUESTION_DAYS));
        let baselines = [("past_rate", rate), (UNOBSERVED, super::rules::chance(free, members))];
        Some(Answered {
            question,
            chance,
            happened,
            brier: brier(chance, happened),
            log: log_binary(chance, happened),
            baselines: baselines.map(|(name, p)| (name.to_owned(), p)).into(),
        })
    }
}

/// Units of work that a thread takes at a time.
const BITE: usize = 16;

fn epoch_day(of: Date) -> i32 {
    days_between(date(1970, 1, 1), of)
}

/// A forecast beside what came.
fn scored(due: &Due, series: &str, members: &Ensemble, free: f64) -> Scored {
    let Due { asked, came, rules } = due;
    let Target { from, to } = asked.target;
    let (low, high) = members.central(0.9);
    let (below, up_to) = pit(members, *came);
    let mut baselines = rules.clone();
    baselines.insert(UNOBSERVED.to_owned(), free);
    Scored {
        series: series.to_owned(),
        horizon: asked.horizon,
        from,
        to,
        came: *came,
        band: [members.quantile(0.5), low, high],
        crps: crps_fair(members, *came),
        ignorance: ignorance(members, *came),
        interval: [interval_score(members, 0.5, *came), interval_score(members, 0.9, *came)],
        held: [covers(members, 0.5, *came), covers(members, 0.9, *came)],
        pit: [below, up_to],
        baselines,
    }
}

/// Days of what a question asks about, and the day from which the record of them is complete.
struct Told {
    since: Date,
    dates: Vec<Date>,
}

/// `None` where the observations do not document what is asked about.
fn told(observed: &Observed, question: Question) -> Option<Told> {
    let kind = match question {
        Question::DirectStrike => Kind::Answer,
        Question::Signed => Kind::Signed,
        Question::Collapse => Kind::Collapsed,
    };
    let events = observed.events()?;
    let dates: Vec<Date> = events.iter().filter(|event| event.kind == kind).map(|event| event.date).collect();
    let complete = events.iter().filter(|event| event.kind == Kind::Complete);
    // Complete of one table or one ledger is not complete of all; where nothing is said, the first event is where it begins.
    let mut said =
        complete.clone().filter(|event| event.id == kind.name() || event.id.starts_with(&format!("{}:", kind.name())));
    let since = if complete.count() > 0 { said.next().map(|event| event.date) } else { dates.first().copied() };
    Some(Told { since: since?, dates })
}

/// The series of these ids; all that have values where none is named.
///
/// # Errors
/// One sentence for each id that no series has.
pub fn chosen(ids: &[String], observed: &Observed) -> Result<Vec<&'static Series>, Vec<String>> {
    if ids.is_empty() {
        return Ok(observed.series().collect());
    }
    let mut wrong = Vec::new();
    let mut found: Vec<&'static Series> = Vec::new();
    for id in ids {
        match series(id) {
            Some(of) if !found.contains(&of) => found.push(of),
            Some(_) => {}
            None => {
                let known = crate::observed::SERIES.iter().map(|series| series.id);
                let help = match detente_model::scenario::nearest(id, known.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the series are {}", known.collect::<Vec<_>>().join(", ")),
                };
                wrong.push(format!("--series {id}: there is no such series; {help}"));
            }
        }
    }
    found.sort_by_key(|of| crate::observed::SERIES.iter().position(|series| series.id == of.id));
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}
