//! Twin experiments: a future of the model is counted as the record would have been, and the filter must find its hidden states
//! again.

use crate::link::{Bound, Nuisances};
use crate::nowcast::{Nowcast, Particle};
use crate::observed::{Documented, Kind, Observation, Observed, SERIES, later};
use crate::windows::end_of_week;
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

/// How often 90 % bands held the truth, by kind of state: held, and of how many bands.
pub type Coverage = BTreeMap<String, (u32, u32)>;

/// A future counted as the record would be.
pub struct Twin {
    /// The record of it.
    pub observed: Observed,
    /// What is watched of it, at the end of every week.
    pub truth: Vec<Vec<f64>>,
}

/// The future of this seed, to a date, counted.
#[must_use]
pub fn twin(rules: &Rules, seed: u64, until: Date) -> Twin {
    let none = Observed::made("none".to_owned(), BTreeMap::new(), Some(Vec::new()));
    // Only for what is watched and how numbers become points.
    let blank = Nowcast::new(rules, &none, until, seed, Vec::new()).unwrap_or_else(|errors| panic!("{errors}"));
    let draws = Key::new(seed, 0).of("twin").timeless();
    let numbers: Vec<f32> = (0..blank.free.0.len()).map(|k| crate::filter::on_grid(draws.normal(k as u32))).collect();
    let mut nuisances = Vec::new();
    let series = SERIES.iter().filter(|series| COUNTED.contains(&series.id));
    let bound: Vec<Bound> = series.filter_map(|series| Bound::new(series, rules, &mut nuisances)).collect();
    let draws = Key::new(seed, 0).of("twin's counts").timeless();
    let values: Vec<f64> = nuisances.iter().enumerate().map(|(k, number)| number.at(draws.normal(k as u32))).collect();
    let known: Vec<Nuisances> = bound.iter().map(|bound| bound.nuisances(&values)).collect();

    let fate = Fate { seed, future: 0, prior: false };
    let mut course: Course = Course::new(rules, fate, Vec::new());
    // Luck of its own: no particle may have the truth's.
    course.begin_at(seed, u64::MAX / 2, &blank.point(&numbers), Vec::new());
    let mut rows: BTreeMap<&'static str, Vec<Observation>> = BTreeMap::new();
    let mut events = complete(rules);
    let (mut open, mut first, mut truth) = (vec![0.0; bound.len()], rules.frame.start, Vec::new());
    for day in 0..blank.days() as i32 {
        let date = later(rules.frame.start, day);
        course.step();
        events.extend(course.events().iter().filter_map(|event| documented(event, rules, date)));
        for ((bound, n), open) in bound.iter().zip(&known).zip(&mut open) {
            *open += bound.signal(&course, n);
        }
        if date != end_of_week(date) && date != until {
            continue;
        }
        for (((bound, n), open), k) in bound.iter().zip(&known).zip(&mut open).zip(0..) {
            let days = crate::observed::days_between(first, date) + 1;
            let u = Key::new(seed, 0).of("twin's week").day(day).uniform(k);
            let value = bound.counted(u, *open, days, n);
            let row = Observation { from: first, to: date, value, vintage: None, source: "twin".to_owned() };
            rows.entry(bound.link.series).or_default().push(row);
            *open = 0.0;
        }
        let mut row = Vec::new();
        let state = Particle::of(course.snapshot());
        crate::filter::Process::watch(&blank, &state, &mut row);
        truth.push(row);
        first = later(date, 1);
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

/// Filters a twin and counts how often the 90 % band of a hidden state held it, at the end of every week. States of which all
/// particles say the same are not counted. `None` if the filter came to an end before the days did.
#[must_use]
pub fn coverage(rules: &Rules, seed: u64, until: Date, particles: usize, jobs: usize) -> Option<Coverage> {
    let Twin { observed, truth } = twin(rules, seed, until);
    let nowcast = Nowcast::new(rules, &observed, until, seed, Vec::new()).ok()?;
    let progress = Progress::default();
    let filter = nowcast.begin(particles, jobs, &progress)?;
    let filter = nowcast.run(filter, jobs, &progress, |_| true).ok()?;
    let mut coverage = Coverage::new();
    let names = nowcast.watched();
    for (bands, truth) in filter.bands.iter().zip(&truth) {
        for (((name, _), [low, .., high]), truth) in names.iter().zip(bands).zip(truth) {
            if low < high {
                let kind = name.split_once('.').map_or(name.as_str(), |(kind, _)| kind);
                let (held, of) = coverage.entry(kind.to_owned()).or_default();
                *held += u32::from((low..=high).contains(&truth));
                *of += 1;
            }
        }
    }
    Some(coverage)
}

/// Adds the counts of one to another.
pub fn add(into: &mut Coverage, other: Coverage) {
    for (kind, (held, of)) in other {
        let both = into.entry(kind).or_default();
        *both = (both.0 + held, both.1 + of);
    }
}
