//! The number that a future gives for a fact.
//!
//! All are whole thousandths of the fact's unit, so that sorting and comparing them is exact.

use super::facts::{Count, Fact, Measure, Unusable};
use super::history::History;
use super::judge::THOUSANDTHS;
use detente_model::sim::event::Vote;
use detente_model::sim::rules::Rules;
use detente_model::sim::state::StrikeKind;
use jiff::civil::Date;
use std::ops::Range;

/// A measure with its ids resolved to positions and its dates to days.
#[derive(Clone, Debug)]
pub struct Bound {
    window: Range<usize>,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Sum { stream: usize, count: Count },
    RateAtLevel { stream: usize, front: usize, level: u8, least_days: usize },
    RateRatio { stream: usize, split: usize },
    Answers { ledger: usize },
    Blows { initiative: usize },
    WarDays { pair: usize },
    AnswerLag { ledger: usize, nth: usize, follow: i32 },
    ReplyLag { to: usize, by: usize, nth: usize, follow: i32 },
    StrikesAfterReply { to: usize, by: usize, days: i32, follow: i32 },
    Missiles { ledger: usize, nth: usize },
    DaysAtLevel { front: usize, level: u8 },
    FirstStepAbove { front: usize, level: u8, follow: usize },
    UsVotes { council: usize, vote: Vote },
    Enriched { programme: usize, rise: bool },
    Signings { table: usize },
    TruceDays { table: usize },
    PauseShare { stream: usize, table: usize },
    Violations { stream: usize, table: usize, days: usize },
    Dispersion { stream: usize, count: Count },
    Autocorrelation { stream: usize, count: Count },
}

const WEEK: usize = 7;

impl Bound {
    /// Resolves a fact's measure against the rules of its start.
    ///
    /// # Errors
    /// If the start has no entity of an id named, or the window begins before it.
    pub fn new(fact: &Fact, rules: &Rules) -> Result<Self, Unusable> {
        let missing = |id: &str| Unusable(format!("The fact {} names {id}, which its start does not have.", fact.key));
        let stream = |id: &str| rules.stream(id).ok_or_else(|| missing(id));
        let front = |id: &str| rules.front(id).ok_or_else(|| missing(id));
        let ledger = |id: &str| rules.ledger(id).ok_or_else(|| missing(id));
        let table = |id: &str| rules.table(id).ok_or_else(|| missing(id));
        let start = rules.frame.start;
        let day = |date: Date| -> Result<usize, Unusable> {
            let days = start.until(date).map_or(-1, |span| span.get_days());
            usize::try_from(days)
                .map_err(|_| Unusable(format!("The fact {} looks at {date}, before its start.", fact.key)))
        };
        let [from, to] = fact.simulated.unwrap_or(fact.window);
        let window = day(from)?..day(to)? + 1;
        let what = match &fact.measure {
            Measure::Events { stream: s } => What::Sum { stream: stream(s)?, count: Count::Events },
            Measure::Deaths { stream: s } => What::Sum { stream: stream(s)?, count: Count::Deaths },
            Measure::RateAtLevel { stream: s, front: f, level, least_days } => What::RateAtLevel {
                stream: stream(s)?,
                front: front(f)?,
                level: *level,
                least_days: *least_days as usize,
            },
            Measure::RateRatio { stream: s, split } => What::RateRatio { stream: stream(s)?, split: day(*split)? },
            Measure::Answers { ledger: l } => What::Answers { ledger: ledger(l)? },
            Measure::Blows { initiative } => What::Blows {
                initiative: rules
                    .initiatives
                    .iter()
                    .position(|i| i.id.text == *initiative)
                    .ok_or_else(|| missing(initiative))?,
            },
            Measure::WarDays { pair } => What::WarDays {
                pair: rules.pairs.iter().position(|p| p.id.text == *pair).ok_or_else(|| missing(pair))?,
            },
            Measure::AnswerLag { ledger: l, nth, follow } => {
                What::AnswerLag { ledger: ledger(l)?, nth: *nth, follow: *follow as i32 }
            }
            Measure::ReplyLag { to, by, nth, follow } => {
                What::ReplyLag { to: ledger(to)?, by: ledger(by)?, nth: *nth, follow: *follow as i32 }
            }
            Measure::StrikesAfterReply { to, by, days, follow } => {
                What::StrikesAfterReply { to: ledger(to)?, by: ledger(by)?, days: *days as i32, follow: *follow as i32 }
            }
            Measure::Missiles { ledger: l, nth } => What::Missiles { ledger: ledger(l)?, nth: *nth },
            Measure::DaysAtLevel { front: f, level } => What::DaysAtLevel { front: front(f)?, level: *level },
            Measure::FirstStepAbove { front: f, level, follow } => {
                What::FirstStepAbove { front: front(f)?, level: *level, follow: *follow as usize }
            }
            Measure::UsVotes { council, vote } => What::UsVotes {
                council: rules.councils.iter().position(|c| c.id.text == *council).ok_or_else(|| missing(council))?,
                vote: *vote,
            },
            Measure::Enriched { programme } | Measure::EnrichedRise { programme } => What::Enriched {
                programme: rules
                    .programmes
                    .iter()
                    .position(|n| n.id.text == *programme)
                    .ok_or_else(|| missing(programme))?,
                rise: matches!(fact.measure, Measure::EnrichedRise { .. }),
            },
            Measure::Signings { table: t } => What::Signings { table: table(t)? },
            Measure::TruceDays { table: t } => What::TruceDays { table: table(t)? },
            Measure::PauseShare { stream: s, table: t } => What::PauseShare { stream: stream(s)?, table: table(t)? },
            Measure::Violations { stream: s, table: t, days } => {
                What::Violations { stream: stream(s)?, table: table(t)?, days: *days as usize }
            }
            Measure::WeeklyDispersion { stream: s, count } => What::Dispersion { stream: stream(s)?, count: *count },
            Measure::WeeklyAutocorrelation { stream: s, count } => {
                What::Autocorrelation { stream: stream(s)?, count: *count }
            }
        };
        Ok(Self { window, what })
    }

    /// Days that a future must run for this measure.
    #[must_use]
    pub fn days_needed(&self) -> usize {
        self.window.end
            + match self.what {
                What::AnswerLag { follow, .. }
                | What::ReplyLag { follow, .. }
                | What::StrikesAfterReply { follow, .. } => follow as usize,
                What::FirstStepAbove { follow, .. } => follow,
                What::PauseShare { .. } => WEEK,
                What::Violations { days, .. } => days,
                _ => 0,
            }
    }

    /// What this future gives, in thousandths; `None` where it does not meet the fact's condition.
    #[must_use]
    pub fn of(&self, h: &History) -> Option<i64> {
        let w = self.window.clone();
        let in_window = |day: i32| usize::try_from(day).is_ok_and(|day| w.contains(&day));
        match self.what {
            What::Sum { stream, count } => whole(sum(&series(h, stream, count)[w])),
            What::RateAtLevel { stream, front, level, least_days } => {
                let at = h.levels[front][w.clone()].iter().zip(&h.events[stream][w]).filter(|(l, _)| **l == level);
                let (days, events) = at.fold((0, 0), |(days, events), (_, n)| (days + 1, events + u64::from(*n)));
                (days >= least_days).then(|| thousandths(events as f64 / days as f64))
            }
            What::RateRatio { stream, split } => {
                let rate = |days: Range<usize>| sum(&h.events[stream][days.clone()]) as f64 / days.len() as f64;
                let (before, after) = (rate(w.start..split), rate(split..w.end));
                (before > 0.0).then(|| thousandths(after / before))
            }
            What::Answers { ledger } => whole(answers(h, ledger).filter(|b| in_window(b.day)).count() as u64),
            What::Blows { initiative } => {
                let of = h
                    .strikes
                    .iter()
                    .filter(|b| b.strike.kind == StrikeKind::Blow && usize::from(b.strike.initiative) == initiative);
                whole(of.filter(|b| in_window(b.day)).count() as u64)
            }
            What::WarDays { pair } => whole(h.war[pair][w].iter().filter(|&&war| war).count() as u64),
            What::AnswerLag { ledger, nth, follow } => {
                let owed = h.debts.iter().filter(|d| d.ledger == ledger && d.owed).nth(nth - 1)?;
                let lapse = h.debts.iter().find(|d| d.ledger == ledger && !d.owed && d.day > owed.day);
                let until = lapse.map_or(i32::MAX, |d| d.day);
                let answer = answers(h, ledger).map(|b| b.day).find(|&day| day > owed.day && day < until);
                in_window(owed.day).then(|| lag(owed.day, answer, follow))
            }
            What::ReplyLag { to, by, nth, follow } => {
                let salvo = answers(h, to).filter(|b| !b.at_war).nth(nth - 1)?;
                let reply = answers(h, by).map(|b| b.day).find(|&day| day > salvo.day);
                in_window(salvo.day).then(|| lag(salvo.day, reply, follow))
            }
            What::StrikesAfterReply { to, by, days, follow } => {
                let salvo = answers(h, to).find(|b| !b.at_war).filter(|b| in_window(b.day))?;
                let reply = answers(h, by).map(|b| b.day).find(|&day| day > salvo.day)?;
                if reply - salvo.day > follow - days {
                    return None;
                }
                let later = answers(h, to).chain(answers(h, by)).filter(|b| (1..=days).contains(&(b.day - reply)));
                whole(later.count() as u64)
            }
            What::Missiles { ledger, nth } => {
                let salvo = answers(h, ledger).filter(|b| !b.at_war).nth(nth - 1)?;
                if in_window(salvo.day) { whole(u64::from(salvo.strike.rounds[0])) } else { None }
            }
            What::DaysAtLevel { front, level } => {
                whole(h.levels[front][w].iter().filter(|&&l| l == level).count() as u64)
            }
            What::FirstStepAbove { front, level, follow } => {
                let days = &h.levels[front][..w.end + follow];
                whole(days.iter().position(|&l| l > level).unwrap_or(days.len()) as u64)
            }
            What::UsVotes { council, vote } => {
                let cast = h.votes.iter().filter(|(day, c, v)| *c == council && *v == vote && in_window(*day));
                whole(cast.count() as u64)
            }
            What::Enriched { programme, rise } => {
                let stock = &h.enriched[programme][w];
                let (first, last) = (stock.first()?, stock.last()?);
                Some(thousandths(if rise { last - first } else { *last }))
            }
            What::Signings { table } => {
                whole(h.signings.iter().filter(|(day, t)| *t == table && in_window(*day)).count() as u64)
            }
            What::TruceDays { table } => whole(h.in_force[table][w].iter().filter(|&&on| on).count() as u64),
            What::PauseShare { stream, table } => {
                let before = 2 * WEEK;
                let lasting = |day: usize| day >= before && h.in_force[table][day..day + WEEK].iter().all(|&on| on);
                let day = signed(h, table, w).find(|&day| lasting(day))?;
                let (fortnight, week) =
                    (sum(&h.events[stream][day - before..day]), sum(&h.events[stream][day..day + WEEK]));
                (fortnight > 0).then(|| thousandths(2.0 * week as f64 / fortnight as f64))
            }
            What::Violations { stream, table, days } => {
                let lasting = |day: usize| h.in_force[table][day..day + days].iter().all(|&on| on);
                let day = signed(h, table, w).find(|&day| lasting(day))?;
                Some(thousandths(sum(&h.events[stream][day..day + days]) as f64 / days as f64))
            }
            What::Dispersion { stream, count } => dispersion(&weekly(&series(h, stream, count)[w])).map(thousandths),
            What::Autocorrelation { stream, count } => {
                autocorrelation(&weekly(&series(h, stream, count)[w])).map(thousandths)
            }
        }
    }
}

fn thousandths(value: f64) -> i64 {
    (value * THOUSANDTHS).round() as i64
}

fn whole(count: u64) -> Option<i64> {
    Some(count as i64 * THOUSANDTHS as i64)
}

fn lag(from: i32, to: Option<i32>, follow: i32) -> i64 {
    let days = to.map_or(follow + 1, |to| (to - from).min(follow + 1));
    i64::from(days) * THOUSANDTHS as i64
}

fn sum(days: &[u32]) -> u64 {
    days.iter().map(|&n| u64::from(n)).sum()
}

fn series(h: &History, stream: usize, count: Count) -> &[u32] {
    match count {
        Count::Events => &h.events[stream],
        Count::Deaths => &h.deaths[stream],
    }
}

/// Strikes in answer from one ledger, in order: salvos at a base go beside an answer, and are none of their own.
fn answers(h: &History, ledger: usize) -> impl Iterator<Item = &super::history::Blow> {
    h.strikes.iter().filter(move |b| usize::from(b.strike.ledger) == ledger && b.strike.kind != StrikeKind::BaseSalvo)
}

/// Days of signings at a table in a window.
fn signed(h: &History, table: usize, window: Range<usize>) -> impl Iterator<Item = usize> {
    h.signings
        .iter()
        .filter(move |(_, t)| *t == table)
        .filter_map(|(day, _)| usize::try_from(*day).ok())
        .filter(move |day| window.contains(day))
}

/// Sums of whole weeks from the first day on; days left over are dropped.
fn weekly(days: &[u32]) -> Vec<f64> {
    days.chunks_exact(WEEK).map(|week| sum(week) as f64).collect()
}

/// Variance over mean; `None` without a mean above zero.
#[must_use]
pub fn dispersion(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
    (mean > 0.0).then(|| variance / mean)
}

/// Correlation of each value with the next; `None` without variance.
#[must_use]
pub fn autocorrelation(values: &[f64]) -> Option<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    let shared: f64 = values.windows(2).map(|v| (v[0] - mean) * (v[1] - mean)).sum();
    (variance > 0.0).then(|| shared / variance)
}

#[cfg(test)]
mod tests {
    use super::super::history::{Blow, Debt};
    use super::*;
    use detente_model::sim::state::{Strike, TargetClass};

    fn answer(day: i32, ledger: u16, at_war: bool) -> Blow {
        let strike = Strike {
            kind: StrikeKind::Salvo,
            actor: 0,
            opponent: 1,
            victim: 1,
            ledger,
            initiative: u16::MAX,
            magnitude: 1.0,
            class: TargetClass::Military,
            site: 0,
            telegraphed: false,
            rounds: [100 + day as u32, 0, 0],
            arrivals: 0,
            intercepted: 0,
            hits: 0,
            deaths: 0,
        };
        Blow { day, strike, at_war }
    }

    fn history() -> History {
        let mut level = vec![2; 40];
        level.extend([3; 10]);
        let mut force = vec![false; 20];
        force.extend([true; 10]);
        force.extend([false; 20]);
        History {
            events: vec![(0..50).map(|day| if (20..27).contains(&day) { 1 } else { 2 }).collect()],
            deaths: vec![vec![1; 50]],
            levels: vec![level],
            war: vec![vec![false; 50]],
            in_force: vec![force],
            signings: vec![(20, 0)],
            strikes: vec![answer(5, 0, false), answer(9, 1, false), answer(30, 0, true), answer(31, 0, false)],
            debts: vec![
                Debt { day: 2, ledger: 0, owed: true },
                Debt { day: 12, ledger: 0, owed: true },
                Debt { day: 20, ledger: 0, owed: false },
            ],
            ..History::default()
        }
    }

    fn of(what: What) -> Option<i64> {
        Bound { window: 0..50, what }.of(&history())
    }

    #[test]
    fn sums_rates_and_levels() {
        assert_eq!(of(What::Sum { stream: 0, count: Count::Events }), Some(93_000));
        assert_eq!(of(What::Sum { stream: 0, count: Count::Deaths }), Some(50_000));
        assert_eq!(of(What::RateAtLevel { stream: 0, front: 0, level: 3, least_days: 10 }), Some(2_000));
        assert_eq!(of(What::RateAtLevel { stream: 0, front: 0, level: 3, least_days: 11 }), None);
        assert_eq!(of(What::DaysAtLevel { front: 0, level: 2 }), Some(40_000));
        assert_eq!(of(What::RateRatio { stream: 0, split: 40 }), Some(1_096));
        let climb = Bound { window: 0..30, what: What::FirstStepAbove { front: 0, level: 2, follow: 20 } };
        assert_eq!(climb.of(&history()), Some(40_000));
        let never = Bound { window: 0..30, what: What::FirstStepAbove { front: 0, level: 2, follow: 5 } };
        assert_eq!(never.of(&history()), Some(35_000));
    }

    /// A salvo at a base on the day of an answer, or before it, is no answer and hastens none.
    #[test]
    fn a_salvo_at_a_base_is_no_answer() {
        let mut h = history();
        for day in [3, 6] {
            let mut beside = answer(day, 0, false);
            beside.strike.kind = StrikeKind::BaseSalvo;
            h.strikes.push(beside);
        }
        h.strikes.sort_by_key(|b| b.day);
        for what in [
            What::Answers { ledger: 0 },
            What::AnswerLag { ledger: 0, nth: 1, follow: 20 },
            What::ReplyLag { to: 0, by: 1, nth: 1, follow: 20 },
            What::Missiles { ledger: 0, nth: 2 },
            What::StrikesAfterReply { to: 0, by: 1, days: 21, follow: 25 },
        ] {
            let with = Bound { window: 0..50, what: what.clone() }.of(&h);
            assert_eq!(with, of(what.clone()), "{what:?}");
        }
    }

    #[test]
    fn answers_lags_and_what_counts_as_none() {
        assert_eq!(of(What::Answers { ledger: 0 }), Some(3_000));
        assert_eq!(of(What::AnswerLag { ledger: 0, nth: 1, follow: 20 }), Some(3_000));
        assert_eq!(of(What::AnswerLag { ledger: 0, nth: 2, follow: 20 }), Some(21_000), "it lapsed before the answer");
        assert_eq!(of(What::AnswerLag { ledger: 0, nth: 3, follow: 20 }), None);
        assert_eq!(of(What::ReplyLag { to: 0, by: 1, nth: 1, follow: 20 }), Some(4_000));
        assert_eq!(of(What::ReplyLag { to: 0, by: 1, nth: 2, follow: 10 }), Some(11_000), "salvos in war do not count");
        assert_eq!(of(What::Missiles { ledger: 0, nth: 2 }), Some(131_000));
        assert_eq!(of(What::StrikesAfterReply { to: 0, by: 1, days: 21, follow: 25 }), Some(1_000));
        assert_eq!(
            of(What::StrikesAfterReply { to: 0, by: 1, days: 21, follow: 24 }),
            None,
            "answered too late to follow"
        );
    }

    #[test]
    fn truces_pauses_and_violations() {
        assert_eq!(of(What::Signings { table: 0 }), Some(1_000));
        assert_eq!(of(What::TruceDays { table: 0 }), Some(10_000));
        assert_eq!(of(What::PauseShare { stream: 0, table: 0 }), Some(500));
        assert_eq!(of(What::Violations { stream: 0, table: 0, days: 10 }), Some(1_300));
        assert_eq!(of(What::Violations { stream: 0, table: 0, days: 11 }), None, "it did not last that long");
    }

    #[test]
    fn dispersion_and_autocorrelation_on_numbers_done_by_hand() {
        assert!((dispersion(&[2.0, 4.0, 6.0]).unwrap() - 8.0 / 3.0 / 4.0).abs() < 1e-12);
        assert_eq!(dispersion(&[0.0, 0.0]), None);
        assert!((autocorrelation(&[1.0, 2.0, 3.0, 4.0]).unwrap() - 0.25).abs() < 1e-12);
        assert_eq!(autocorrelation(&[3.0, 3.0]), None);
    }
}
