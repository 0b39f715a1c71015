//! The accounts of a past: what each strike and each day of fire left in a ledger, in an arsenal, in a reputation.

use super::parts::{Account, DUST, Origin, Part};
use super::recorder::EventId;
use super::replay::Past;
use crate::sim::event::{Event, EventKind};
use crate::sim::force::harm::{felt, routine, strike_arsenal};
use crate::sim::state::{Arsenal, Strike};

/// A ledger of unanswered harm in its parts, on an evening.
#[must_use]
pub(super) fn ledger(past: &Past<'_>, ledger: usize, evening: i32) -> Account {
    let pair = past.rules(evening).ledgers[ledger].pair;
    let mut account = Account::open(past.page(-1).ledgers[ledger].blows);
    for day in 0..=evening {
        let (page, rules) = (past.page(day), past.rules(day));
        let (mut added, mut raised) = (Vec::new(), Origin::Other);
        for (id, event) in past.on(day) {
            match event {
                Event::Struck(s) => added.push((Origin::Event(*id), felt(ledger, s, rules, past.luck(day), day).0)),
                Event::War { pair: p, settled: true, .. } if usize::from(*p) == pair => raised = Origin::Event(*id),
                _ => {}
            }
        }
        for (i, (stream, fire)) in rules.streams.iter().zip(&page.fires).enumerate() {
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
    let mut owed = true;
    for day in -1..=evening {
        let rules = past.rules(day);
        let l = &rules.ledgers[ledger];
        let lapse = rules.p.vow_lapse * l.theta;
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
    let cost = |s: &Strike, day: i32| {
        let mut struck = intact;
        strike_arsenal(s, past.rules(day), &mut struck);
        (loss(&struck) - loss(&intact)).max(0.0)
    };
    let mut account = Account::open(loss(&past.page(-1).arsenals[actor]));
    for day in 0..=evening {
        let strikes = past.on(day).iter().filter_map(|(id, event)| match event {
            Event::Struck(s) if usize::from(s.victim) == actor => Some((Origin::Event(*id), cost(s, day))),
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
    let ceiling = past.rules(evening).p.air_defence_ceiling;
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
    let ledgers = &past.rules(evening).actors[actor].ledgers;
    let mut parts: Vec<(EventId, f64)> = Vec::new();
    let mut debt: Option<EventId> = None;
    for day in 0..=evening {
        let p = &past.rules(day).p;
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
