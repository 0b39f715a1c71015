//! A day as it would have gone without a cause.

use super::accounts::{self, owed_without};
use super::parts::{Account, Part};
use super::replay::{Day, Past};
use super::without::{Edited, Removal};
use crate::sim::event::Event;
use crate::sim::probe::Decision;
use crate::sim::rules::Rules;
use crate::sim::world::Fate;
use crate::symbols::levers::LeverChange;

impl Past<'_> {
    /// The same day without a cause; `None` where the cause cannot be taken away.
    pub fn without(&self, day: &Day, removal: &Removal) -> Option<(Vec<Event>, Vec<Decision>)> {
        let (morning, levers) = (day.morning.clone(), day.levers.clone());
        let mut edited = Edited { morning, levers, log: self.log.to_vec(), rules: None };
        if !removal.apply(&mut edited, self.rules(day.morning.clock.day)) {
            return None;
        }
        // Without a strike the vow that it made may never have been made.
        let harm = removal.harm();
        for (i, ledger) in edited.morning.columns.ledgers.iter_mut().enumerate().filter(|(_, ledger)| ledger.owed) {
            let parts: Vec<&Part> = harm.iter().filter(|(l, _)| usize::from(*l) == i).map(|(_, part)| *part).collect();
            ledger.owed = parts.is_empty() || owed_without(self, i, &parts, day.morning.clock.day - 1);
        }
        Some(self.run(edited))
    }
}

/// The parts of a run's ledger on an evening: what each strike that was answered in part, or not at all, still counts.
#[must_use]
pub fn ledger_parts(rules: &Rules, fate: Fate, log: &[LeverChange], ledger: usize, evening: i32) -> Account {
    accounts::ledger(&Past::new(rules, fate.into(), log, evening), ledger, evening)
}
