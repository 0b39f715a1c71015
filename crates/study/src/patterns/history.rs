//! A simulated future, day by day, as far as the measures need it.

use detente_model::sim::course::Course;
use detente_model::sim::event::{Event, Vote};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::Strike;

/// A strategic strike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blow {
    /// Day.
    pub day: i32,
    /// The strike.
    pub strike: Strike,
    /// Whether the pair that exchanges it was in war mode that day; `false` for initiatives.
    pub at_war: bool,
}

/// An answer became owed, or lapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// Day.
    pub day: i32,
    /// Ledger.
    pub ledger: usize,
    /// Became owed; else lapsed.
    pub owed: bool,
}

/// A future by days.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Events: one series of days per stream.
    pub events: Vec<Vec<u32>>,
    /// Deaths: one series of days per stream.
    pub deaths: Vec<Vec<u32>>,
    /// Level in the evening: one series of days per front.
    pub levels: Vec<Vec<u8>>,
    /// War mode: one series of days per pair.
    pub war: Vec<Vec<bool>>,
    /// Whether in force in the evening: one series of days per table.
    pub in_force: Vec<Vec<bool>>,
    /// (day, table) of every signing.
    pub signings: Vec<(i32, usize)>,
    /// Blows, air strikes, salvos, in order.
    pub strikes: Vec<Blow>,
    /// Debts, in order.
    pub debts: Vec<Debt>,
    /// (day, council, US vote) of every draft voted on.
    pub votes: Vec<(i32, usize, Vote)>,
    /// 60 % uranium in the evening, kg: one series of days per programme.
    pub enriched: Vec<Vec<f64>>,
}

impl History {
    /// An empty history for these rules.
    #[must_use]
    pub fn new(rules: &Rules) -> Self {
        Self {
            events: vec![Vec::new(); rules.streams.len()],
            deaths: vec![Vec::new(); rules.streams.len()],
            levels: vec![Vec::new(); rules.fronts.len()],
            war: vec![Vec::new(); rules.pairs.len()],
            in_force: vec![Vec::new(); rules.tables.len()],
            enriched: vec![Vec::new(); rules.programmes.len()],
            ..Self::default()
        }
    }

    /// Runs `days` days and keeps them, in place of what was there.
    pub fn record(&mut self, course: &mut Course, days: u32) {
        for series in self.events.iter_mut().chain(&mut self.deaths) {
            series.clear();
        }
        self.levels.iter_mut().for_each(Vec::clear);
        self.war.iter_mut().chain(&mut self.in_force).for_each(Vec::clear);
        self.signings.clear();
        self.strikes.clear();
        self.debts.clear();
        self.votes.clear();
        self.enriched.iter_mut().for_each(Vec::clear);
        for _ in 0..days {
            let day = course.day();
            course.step();
            let columns = course.columns();
            for (i, fire) in columns.fires.iter().enumerate() {
                self.events[i].push(fire.events);
                self.deaths[i].push(fire.deaths);
            }
            for (series, front) in self.levels.iter_mut().zip(&columns.fronts) {
                series.push(front.level);
            }
            for (series, pair) in self.war.iter_mut().zip(&columns.pairs) {
                series.push(pair.war);
            }
            for (series, programme) in self.enriched.iter_mut().zip(&columns.programmes) {
                series.push(programme.stock);
            }
            for (series, agreement) in self.in_force.iter_mut().zip(&columns.agreements) {
                series.push(agreement.in_force());
            }
            for event in course.events() {
                match *event {
                    Event::Struck(strike) => {
                        let pair = course.rules().ledgers.get(usize::from(strike.ledger)).map(|l| l.pair);
                        let at_war = pair.is_some_and(|pair| columns.pairs[pair].war);
                        self.strikes.push(Blow { day, strike, at_war });
                    }
                    Event::Signed { table, .. } => self.signings.push((day, usize::from(table))),
                    Event::CouncilVote { council, us, .. } => self.votes.push((day, usize::from(council), us)),
                    Event::AnswerOwed { ledger } => {
                        self.debts.push(Debt { day, ledger: usize::from(ledger), owed: true });
                    }
                    Event::AnswerLapsed { ledger } => {
                        self.debts.push(Debt { day, ledger: usize::from(ledger), owed: false });
                    }
                    _ => {}
                }
            }
        }
    }
}
