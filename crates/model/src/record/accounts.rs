//! What is left of what was once added to a quantity that fades: harm in a ledger, lost air defence, lost leadership.
//!
//! Such a quantity is one number, and nothing in it says which part is whose. Whatever makes it smaller (time, answers, the
//! end of a war, repair) therefore takes from all that stands in it in proportion, and the parts sum to the quantity's own
//! value on every evening.

use super::recorder::EventId;
use super::replay::Past;
use crate::sim::event::{Event, EventKind};
use crate::sim::force::harm::{felt, routine, strike_arsenal};
use crate::sim::state::{Arsenal, Strike};

/// Below this a part is rounding, and is dropped.
const DUST: f64 = 1e-12;

/// Where a part of a quantity came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// There before the first day.
    Start,
    /// An event.
    Event(EventId),
    /// A stream's routine fire, day by day.
    Fire(usize),
    /// What no event wrote.
    Other,
}

/// One part of a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it came from.
    pub origin: Origin,
    /// How much it added when it came.
    pub wrote: f64,
    /// First evening on which it stood there (−1: before the first day).
    pub from: i32,
    /// What was left of it on that evening and on every evening since.
    pub trail: Vec<f64>,
}

impl Part {
    /// What is left of it on the last evening.
    #[must_use]
    pub fn left(&self) -> f64 {
        self.trail.last().copied().unwrap_or(0.0)
    }

    /// What was left of it on an evening.
    #[must_use]
    pub fn on(&self, evening: i32) -> f64 {
        usize::try_from(evening - self.from).ok().and_then(|i| self.trail.get(i)).copied().unwrap_or(0.0)
    }
}

/// A quantity in its parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// Parts of which something is left.
    pub parts: Vec<Part>,
}

impl Account {
    /// The quantity as it stood before the first day.
    #[must_use]
    pub fn open(value: f64) -> Self {
        let mut account = Self::default();
        account.add(-1, Origin::Start, value);
        account
    }

    /// Goes on by a day, on which `added` came and in the evening of which the quantity stood at `value`. What neither came
    /// that day nor stood there before is put down to `raised`.
    pub fn close(&mut self, evening: i32, added: &[(Origin, f64)], value: f64, raised: Origin) {
        let new: f64 = added.iter().map(|(_, amount)| amount).sum();
        let old: f64 = self.parts.iter().map(Part::left).sum();
        let rest = (value - new).max(0.0);
        let excess = rest - old;
        let scale = if excess > 1e-9 || old <= 0.0 { 1.0 } else { rest / old };
        for part in &mut self.parts {
            part.trail.push(part.left() * scale);
        }
        let fits = if new > value && new > 0.0 { value.max(0.0) / new } else { 1.0 };
        for &(origin, amount) in added {
            self.add(evening, origin, amount * fits);
        }
        if excess > 1e-9 {
            self.add(evening, raised, excess);
        }
        self.parts.retain(|part| part.left() > DUST);
    }

    fn add(&mut self, evening: i32, origin: Origin, amount: f64) {
        if amount <= 0.0 {
            return;
        }
        match self.parts.iter_mut().find(|part| part.origin == origin) {
            Some(part) => {
                part.wrote += amount;
                if let Some(last) = part.trail.last_mut() {
                    *last += amount;
                }
            }
            None => self.parts.push(Part { origin, wrote: amount, from: evening, trail: vec![amount] }),
        }
    }
}

/// A ledger of unanswered harm in its parts, on an evening.
#[must_use]
pub(super) fn ledger(past: &Past<'_>, ledger: usize, evening: i32) -> Account {
    let pair = past.own.ledgers[ledger].pair;
    let mut account = Account::open(past.page(-1).ledgers[ledger].blows);
    for day in 0..=evening {
        let page = past.page(day);
        let (mut added, mut raised) = (Vec::new(), Origin::Other);
        for (id, event) in past.on(day) {
            match event {
                Event::Struck(s) => added.push((Origin::Event(*id), felt(ledger, s, &past.own, &past.luck, day).0)),
                Event::War { pair: p, settled: true, .. } if usize::from(*p) == pair => raised = Origin::Event(*id),
                _ => {}
            }
        }
        for (i, (stream, fire)) in past.own.streams.iter().zip(&page.fires).enumerate() {
            if stream.ledger == Some(ledger) {
                added.push((Origin::Fire(i), routine(stream, fire)));
            }
        }
        added.retain(|(_, amount)| *amount > 0.0);
        account.close(day, &added, page.ledgers[ledger].blows, raised);
    }
    account
}

/// Whether an answer would be owed on an evening, had parts of a ledger never been written: a debt begins at the threshold,
/// ends with an answer that brings the ledger below it, and lapses where little is left.
#[must_use]
pub(super) fn owed_without(past: &Past<'_>, ledger: usize, parts: &[&Part], evening: i32) -> bool {
    let l = &past.own.ledgers[ledger];
    let lapse = past.own.p.vow_lapse * l.theta;
    let mut owed = true;
    for day in -1..=evening {
        let now = past.page(day).ledgers[ledger];
        let rest = now.blows - parts.iter().map(|part| part.on(day)).sum::<f64>();
        let answers = |e: &Event| {
            matches!(e, Event::Struck(s) if usize::from(s.ledger) == ledger
                && matches!(e.kind(), EventKind::Salvo | EventKind::AirStrike))
        };
        let kept = owed && rest >= lapse && !past.on(day).iter().any(|(_, e)| answers(e));
        owed = now.owed && (rest >= l.theta || kept);
    }
    owed
}

/// What strikes cost an actor of something that an [`Arsenal`] holds, in its parts: `loss` reads what is lost.
fn losses(past: &Past<'_>, actor: usize, evening: i32, intact: Arsenal, loss: &dyn Fn(&Arsenal) -> f64) -> Account {
    let cost = |s: &Strike| {
        let mut struck = intact;
        strike_arsenal(s, &past.own, &mut struck);
        (loss(&struck) - loss(&intact)).max(0.0)
    };
    let mut account = Account::open(loss(&past.page(-1).arsenals[actor]));
    for day in 0..=evening {
        let strikes = past.on(day).iter().filter_map(|(id, event)| match event {
            Event::Struck(s) if usize::from(s.victim) == actor => Some((Origin::Event(*id), cost(s))),
            _ => None,
        });
        let added: Vec<(Origin, f64)> = strikes.filter(|(_, amount)| *amount > 0.0).collect();
        account.close(day, &added, loss(&past.page(day).arsenals[actor]), Origin::Other);
    }
    account
}

/// An actor's air defence that is lost and not yet recovered.
#[must_use]
pub(super) fn air_defence(past: &Past<'_>, actor: usize, evening: i32) -> Account {
    let ceiling = past.own.p.air_defence_ceiling;
    let intact = Arsenal { air_defence: ceiling, ..past.page(-1).arsenals[actor] };
    losses(past, actor, evening, intact, &|a| (ceiling - a.air_defence).max(0.0))
}

/// An actor's leadership that is lost and not yet replaced.
#[must_use]
pub(super) fn leadership(past: &Past<'_>, actor: usize, evening: i32) -> Account {
    let intact = Arsenal { decapitation: 0.0, ..past.page(-1).arsenals[actor] };
    losses(past, actor, evening, intact, &|a| a.decapitation)
}

/// How much an actor's reputation today is the higher (or, below 0, the lower) for each of its answers and each debt that
/// it left open.
///
/// Reputation loses by each evening on which an answer is owed, gains by each answer, and returns to rest by a fixed share a
/// day; each gain and loss fades at that share.
#[must_use]
pub(super) fn reputation(past: &Past<'_>, actor: usize, evening: i32) -> Vec<(EventId, f64)> {
    let p = &past.own.p;
    let ledgers = &past.own.actors[actor].ledgers;
    let mut parts: Vec<(EventId, f64)> = Vec::new();
    let mut debt: Option<EventId> = None;
    for day in 0..=evening {
        let mut gained = 0.0;
        parts.iter_mut().for_each(|(_, amount)| *amount *= 1.0 - p.rho_reversion);
        for (id, event) in past.on(day) {
            match event {
                Event::Struck(s)
                    if usize::from(s.actor) == actor
                        && matches!(event.kind(), EventKind::Salvo | EventKind::AirStrike) =>
                {
                    gained += p.rho_gain;
                    parts.push((*id, p.rho_gain * (1.0 - p.rho_reversion)));
                }
                Event::AnswerOwed { ledger } if ledgers.contains(&usize::from(*ledger)) => debt = Some(*id),
                _ => {}
            }
        }
        let before = (past.page(day - 1).standings[actor].resolve + gained).min(1.0);
        let lost = before + p.rho_reversion * (p.rho_reference - before) - past.page(day).standings[actor].resolve;
        if let Some(debt) = debt.filter(|_| lost > DUST) {
            match parts.iter_mut().find(|(id, _)| *id == debt) {
                Some((_, amount)) => *amount -= lost,
                None => parts.push((debt, -lost)),
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRIKE: Origin = Origin::Event(EventId { day: 3, place: 1 });

    fn left(account: &Account, origin: Origin) -> f64 {
        account.parts.iter().find(|part| part.origin == origin).map_or(0.0, Part::left)
    }

    #[test]
    fn what_is_struck_off_is_struck_off_in_proportion_and_the_parts_sum_to_the_whole() {
        let mut account = Account::open(3.0);
        account.close(0, &[(STRIKE, 1.0)], 3.7, Origin::Other);
        assert!((left(&account, Origin::Start) - 2.7).abs() < 1e-12 && (left(&account, STRIKE) - 1.0).abs() < 1e-12);
        // An answer leaves a third of everything.
        account.close(1, &[], 1.2333333333333334, Origin::Other);
        assert!((left(&account, Origin::Start) - 0.9).abs() < 1e-9, "{account:?}");
        assert!((left(&account, STRIKE) - 1.0 / 3.0).abs() < 1e-9);
        account.close(2, &[], 0.0, Origin::Other);
        assert!(account.parts.is_empty(), "an empty ledger holds nothing of anybody");
    }

    #[test]
    fn what_nothing_wrote_is_put_down_to_what_raised_it() {
        let mut account = Account::open(0.0);
        account.close(0, &[], 2.0, STRIKE);
        assert!((left(&account, STRIKE) - 2.0).abs() < 1e-12);
        // Answered on the day on which it came.
        let mut account = Account::open(1.0);
        account.close(0, &[(STRIKE, 2.0)], 1.5, Origin::Other);
        assert!((left(&account, STRIKE) - 1.5).abs() < 1e-12 && left(&account, Origin::Start) < DUST);
    }

    #[test]
    fn routine_fire_is_one_part_however_long_it_goes_on() {
        let mut account = Account::open(0.0);
        let (mut value, added) = (0.0, [(Origin::Fire(2), 0.1)]);
        for day in 0..40 {
            value = value * 0.9 + 0.1;
            account.close(day, &added, value, Origin::Other);
        }
        assert_eq!(account.parts.len(), 1);
        assert!((account.parts[0].left() - value).abs() < 1e-12 && (account.parts[0].wrote - 4.0).abs() < 1e-12);
        assert!((account.parts[0].on(0) - 0.1).abs() < 1e-12 && account.parts[0].on(-1).abs() < 1e-12);
    }
}
