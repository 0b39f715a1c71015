//! Forecasts of weekly values: from the particles of a filter, or from the start of the scenario without observations.

use super::baselines::Luck;
use super::weeks::Target;
use crate::filter::{Filtered, systematic};
use crate::link::{Bound, Nuisances};
use crate::nowcast::{Nowcast, Particle};
use crate::observed::days_between;
use detente_model::sim::course::Course;
use detente_model::sim::event::Event;
use detente_model::sim::state::StrikeKind;
use detente_model::sim::world::{Fate, Snapshot};
use detente_study::futures::ensemble::{Progress, run_all};
use serde::{Deserialize, Serialize};

/// Days that a question asks about.
pub const QUESTION_DAYS: i32 = 90;

/// A question with the answer yes or no: does it happen in the next [`QUESTION_DAYS`] days?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// A state answers by striking another directly.
    DirectStrike,
    /// An agreement is signed.
    Signed,
    /// An agreement collapses.
    Collapse,
}

impl Question {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::DirectStrike, Self::Signed, Self::Collapse];

    /// Name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DirectStrike => "direct_strike",
            Self::Signed => "signed",
            Self::Collapse => "collapse",
        }
    }

    /// It in words, as in "does … come?".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::DirectStrike => "a direct strike of one state on another",
            Self::Signed => "an agreement signed",
            Self::Collapse => "an agreement collapsed",
        }
    }

    /// Whether an event of the model is what it asks about.
    #[must_use]
    pub fn is(self, event: &Event) -> bool {
        match (self, event) {
            (Self::DirectStrike, Event::Struck(strike)) => {
                matches!(strike.kind, StrikeKind::Salvo | StrikeKind::AirStrike)
            }
            (Self::Signed, Event::Signed { .. }) | (Self::Collapse, Event::Collapsed { .. }) => true,
            _ => false,
        }
    }
}

/// One week of one series that is asked for at one origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// Position of the series among those of the nowcast.
    pub series: usize,
    /// Weeks ahead.
    pub horizon: u32,
    /// The week.
    pub target: Target,
    /// The last day known, in days since 1 January 1970.
    pub origin: i32,
}

/// Members of one forecast: by what is asked, the value of each; by question, how many show it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members {
    /// In the order of what is asked, then of members.
    pub values: Vec<Vec<f64>>,
    /// In the order of [`Question::ALL`].
    pub yes: [u64; 3],
}

/// The days on which a question of an origin looks: after it, so many.
fn question_days(origin: i32) -> std::ops::RangeInclusive<i32> {
    origin + 1..=origin + QUESTION_DAYS
}

/// Where a member starts.
struct Start<'a> {
    state: Option<&'a Snapshot>,
    numbers: &'a [f32],
    /// Number of the future that its luck is that of.
    future: u64,
    /// Last day, counted from the start of the scenario, whose lever moves are known; −1 for none.
    known: i32,
}

/// A maker of members: what is asked, by day, and the memory of one future.
struct Maker<'a> {
    nowcast: &'a Nowcast,
    bounds: Vec<&'a Bound>,
    seed: u64,
    /// Name in the keys of draws.
    name: &'static str,
    asked: &'a [Asked],
    /// First and last day of each week asked for, from the start of the scenario.
    days: Vec<(i32, i32)>,
    /// Origins of questions, from the start of the scenario.
    questions: Vec<i32>,
}

impl<'a> Maker<'a> {
    fn new(nowcast: &'a Nowcast, seed: u64, name: &'static str, asked: &'a [Asked], questions: &[i32]) -> Self {
        let start = nowcast.rules().frame.start;
        let days = asked.iter().map(|a| (days_between(start, a.target.from), days_between(start, a.target.to)));
        Self {
            nowcast,
            bounds: nowcast.bounds().collect(),
            seed,
            name,
            asked,
            days: days.collect(),
            questions: questions.to_vec(),
        }
    }

    fn course(&self) -> Course {
        Course::new(self.nowcast.rules(), Fate { seed: self.seed, future: 0, prior: false }, Vec::new())
    }

    /// One member: the value of every week asked for, and by origin of questions whether each happens.
    fn member(&self, course: &mut Course, member: u64, start: &Start<'_>) -> (Vec<f64>, Vec<[bool; 3]>) {
        let nuisances = self.nowcast.values(start.numbers).1;
        let point = self.nowcast.point(start.numbers);
        let log = self.nowcast.moves_to(start.known);
        match start.state {
            None => course.begin_at(self.seed, start.future, &point, log),
            Some(state) => course.restore_at(state, self.seed, start.future, &point, log),
        }
        let nuisances: Vec<Nuisances> = self.bounds.iter().map(|bound| bound.nuisances(&nuisances)).collect();
        let mut sums = vec![0.0; self.asked.len()];
        let mut yes = vec![[false; 3]; self.questions.len()];
        let last_week = self.days.iter().map(|(_, to)| *to).max().unwrap_or(-1);
        let last = self.questions.iter().map(|origin| origin + QUESTION_DAYS).fold(last_week, i32::max);
        let mut today = vec![None; self.bounds.len()];
        while course.day() <= last {
            let day = course.day();
            course.step();
            today.fill(None);
            for ((asked, (from, to)), sum) in self.asked.iter().zip(&self.days).zip(&mut sums) {
                if (*from..=*to).contains(&day) {
                    let i = asked.series;
                    *sum += *today[i].get_or_insert_with(|| self.bounds[i].signal(course, &nuisances[i]));
                }
            }
            for (origin, yes) in self.questions.iter().zip(&mut yes) {
                if question_days(*origin).contains(&day) {
                    for (question, yes) in Question::ALL.iter().zip(yes) {
                        *yes |= course.events().iter().any(|event| question.is(event));
                    }
                }
            }
        }
        let values = self.asked.iter().zip(sums).map(|(asked, sum)| {
            let bound = self.bounds[asked.series];
            let luck =
                Luck { seed: self.seed, series: bound.link.series, origin: asked.origin, horizon: asked.horizon };
            bound.counted(luck.draws(self.name, member).uniform(0), sum, 7, &nuisances[asked.series])
        });
        (values.collect(), yes)
    }
}

/// Members in order, from what threads made in any.
fn in_order<T>(parts: Vec<Vec<(u64, T)>>) -> Vec<T> {
    let mut all: Vec<(u64, T)> = parts.into_iter().flatten().collect();
    all.sort_by_key(|(member, _)| *member);
    all.into_iter().map(|(_, made)| made).collect()
}

/// Futures of forecasts are not those of the filter: their numbers begin here, each origin's apart from the next.
const AHEAD: u64 = 1 << 40;

/// `members` futures from the particles of a filter on the evening of day `origin` (from the start of the scenario), drawn by
/// their weights. `None` if stopped.
#[must_use]
pub fn ahead(
    nowcast: &Nowcast,
    filter: &Filtered<Particle>,
    origin: i32,
    asked: &[Asked],
    (seed, members): (u64, u64),
    jobs: usize,
    progress: &Progress,
) -> Option<Members> {
    let maker = Maker::new(nowcast, seed, "model", asked, &[origin]);
    let weights: Vec<f64> = filter.weights().collect();
    let comb = nowcast.key().of("forecast").day(origin).uniform(0);
    let drawn = systematic(&weights, members as usize, comb);
    let base = AHEAD + (origin.unsigned_abs() as u64) * (1 << 24);
    let parts = run_all(
        0..members,
        jobs,
        progress,
        || maker.course(),
        Vec::new,
        |course, made, member| {
            let particle = &filter.states[drawn[member as usize]];
            let start = Start {
                state: particle.state.as_ref(),
                numbers: &particle.numbers,
                future: base + member,
                known: origin,
            };
            made.push((member, maker.member(course, member, &start)));
        },
    )?;
    let all = in_order(parts);
    let mut yes = [0; 3];
    for (_, happened) in &all {
        for (count, happened) in yes.iter_mut().zip(happened.first().copied().unwrap_or_default()) {
            *count += u64::from(happened);
        }
    }
    let values = (0..asked.len()).map(|i| all.iter().map(|(values, _)| values[i]).collect()).collect();
    Some(Members { values, yes })
}

/// `members` futures of the scenario from its start, which know nothing of what was observed: all weeks that any origin asks
/// for, and by origin (days from the start) how many show what each question asks about. `None` if stopped.
#[must_use]
pub fn unobserved(
    nowcast: &Nowcast,
    asked: &[Asked],
    origins: &[i32],
    (seed, members): (u64, u64),
    jobs: usize,
    progress: &Progress,
) -> Option<(Vec<Vec<f64>>, Vec<[u64; 3]>)> {
    let maker = Maker::new(nowcast, seed, UNOBSERVED, asked, origins);
    let parts = run_all(
        0..members,
        jobs,
        progress,
        || maker.course(),
        Vec::new,
        |course, made, member| {
            let numbers = nowcast.prior(member);
            let start = Start { state: None, numbers: &numbers, future: member, known: -1 };
            made.push((member, maker.member(course, member, &start)));
        },
    )?;
    let all = in_order(parts);
    let mut yes = vec![[0; 3]; origins.len()];
    for (_, happened) in &all {
        for (counts, happened) in yes.iter_mut().zip(happened) {
            for (count, happened) in counts.iter_mut().zip(happened) {
                *count += u64::from(*happened);
            }
        }
    }
    let values = (0..asked.len()).map(|i| all.iter().map(|(values, _)| values[i]).collect()).collect();
    Some((values, yes))
}

/// Name of the model without observations among the baselines.
pub const UNOBSERVED: &str = "unobserved";
