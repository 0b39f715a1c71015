//! What decided an event, in words.

use super::behind::{Asked, Mover};
use super::digits::Measure;
use super::explained::{Explanation, percent};
use super::replay::{Day, Past};
use super::without::Removal;
use crate::scenario::raw::LadderRule;
use crate::sim::event::{Event, EventKind, LevelMover};
use crate::sim::probe::{Decision, Source, Subject};
use crate::sim::rules::Rules;
use crate::sim::strategy::answer::scale_veto;
use crate::sim::strategy::fear;
use crate::sim::talks::{council, texts};
use crate::symbols::levers::Lever;

/// Whether a decision came out as its draw says: a vote and elections come either way, everything else below its chance.
pub(super) fn by_draw(decision: &Decision) -> bool {
    matches!(decision.subject, Subject::UsVote(_) | Subject::Elections(_)) || decision.draw < decision.chance
}

/// A programme that was hidden from the start: no decision of that day.
pub(super) fn latent(decision: &Decision) -> Option<String> {
    (matches!(decision.subject, Subject::Weaponising(_)) && decision.draw >= decision.chance)
        .then(|| "A hidden programme was drawn to exist from the start; that day's own chance had no part.".to_owned())
}

/// What was drawn, with which chance.
pub(super) fn drawn(rules: &Rules, decision: &Decision) -> String {
    let [chance, draw] = Measure::Chance.apart([decision.chance, decision.draw]);
    match decision.subject {
        Subject::UsVote(_) => {
            format!("The chance of that US vote was {}; the other members vote as recorded.", percent(decision.chance))
        }
        Subject::Elections(_) => {
            let held = if decision.draw < decision.chance { "they were held" } else { "they were not" };
            format!("The chance that they are held on that date was {chance}; the draw was {draw}, so {held}.")
        }
        Subject::Votes(_) => {
            format!(
                "The chance that this list would come first, as things stood, was {chance}; the draw was {draw}, so it did."
            )
        }
        _ => {
            let happened = format!("The chance that day was {chance}; the draw was {draw}, so it happened.");
            match owed(rules, decision) {
                Some(owed) => format!("{happened} {owed}"),
                None => happened,
            }
        }
    }
}

/// How a part of a deal with all came to fall where the deal gave way in part; nothing where it was no such fall.
pub(super) fn frayed(rules: &Rules, decision: &Decision, event: &Event) -> Option<String> {
    let (Subject::Collapse(all), Event::Collapsed { table, .. }) = (decision.subject, event) else { return None };
    (all != *table).then(|| {
        format!(
            "That was the chance of {} as a whole. It gave way in part, as it does with a chance of {}: this is the part in which \
             it was broken most.",
            rules.tables[usize::from(all)].name,
            percent(rules.p.deal_fray)
        )
    })
}

/// What pressed on the scale of an answer beside the lever of the veto; nothing where nothing did, or where no veto bears.
pub(super) fn scaled(rules: &Rules, day: &Day, today: i32, event: &Event) -> Option<String> {
    let Event::Struck(s) = event else { return None };
    let answers = matches!(event.kind(), EventKind::Salvo | EventKind::AirStrike);
    rules.ledgers.get(usize::from(s.ledger)).filter(|l| answers && l.scale_veto)?;
    let (c, levers, p) = (&day.morning.columns, &day.levers, &rules.p);
    let lobbying = fear::lobbying(rules, &c.hosts, &c.channels, today);
    if lobbying <= 0.0 {
        return None;
    }
    let factor = scale_veto(levers, lobbying, p.scale_veto_effect);
    let of_hosts = p.scale_fear * fear::mean(rules, &c.hosts);
    Some(format!(
        "Its size was multiplied by {factor:.2}: the US veto on its scale stood at {:.2}, hosts' fear of war added {of_hosts:.2}, \
         halted talks {:.2}.",
        levers[Lever::ScaleVeto],
        lobbying - of_hosts
    ))
}

/// A day of a front's fire.
pub(super) fn fire(rules: &Rules, stream: usize, decision: &Decision) -> String {
    format!(
        "Most of it comes from {}: {:.1} events expected that day; the draw put the count at the {} quantile.",
        rules.streams[stream].id.text,
        decision.chance,
        percent(decision.draw)
    )
}

/// When an answer is owed, and how the chance follows from what is owed; nothing in war mode, where a fixed chance holds.
fn owed(rules: &Rules, decision: &Decision) -> Option<String> {
    let Subject::Answer(l) = decision.subject else { return None };
    if decision.terms.iter().any(|term| matches!(term.source, Source::War(_))) {
        return None;
    }
    let harm = decision.terms.iter().find(|term| matches!(term.source, Source::Ledger(_)))?;
    let theta = rules.ledgers[usize::from(l)].theta;
    Some(format!(
        "An answer is owed once unanswered harm passes {theta:.2} blows, until it has faded below {:.2}; the more there is, \
         the likelier the answer, most steeply around {theta:.2}. It stood at {:.2}.",
        rules.p.vow_lapse * theta,
        harm.value
    ))
}

/// What an event followed from that no draw decided.
pub(super) fn followed(asked: &Asked<'_, '_>, event: &Event) -> String {
    let (past, day) = (asked.past, asked.day);
    let rules = past.rules(day.morning.clock.day);
    let said = match event {
        Event::LeverMoved(change) => match asked.moved_by(change) {
            Mover::User => "A user moved the lever.",
            Mover::Scenario => "The scenario moves the lever on that date; the model does not decide it.",
            Mover::Deal(table) => {
                let deal = &rules.tables[usize::from(table)].name;
                return format!("It is an item of what was signed that day ({deal}).");
            }
            Mover::Administration => "The course of the administration in office sets the lever.",
        },
        Event::Calendar { .. } => "The scenario's calendar says so; the model does not decide it.",
        Event::ChannelTurned { .. } => "A lever switched it.",
        Event::AssemblyVote { council, .. } => return assembly(past, day, usize::from(*council)),
        Event::Collapsed { table, .. } if rules.tables[usize::from(*table)].collective => {
            return format!(
                "Parts of the deal had fallen: of those that signed it, it held fewer than {}; no draw was made.",
                percent(rules.p.fray_least)
            );
        }
        Event::Signed { .. } => "The date that a lever set for it has come; no draw was made.",
        Event::Iraq { .. } => "It follows from a date; no draw was made.",
        Event::AnswerLapsed { ledger } => {
            let lapse = rules.p.vow_lapse * rules.ledgers[usize::from(*ledger)].theta;
            return format!("Unanswered harm has faded below {lapse:.2} blows; no draw was made.");
        }
        Event::LevelMoved { front, from, to, by } => {
            let exchange = rules.fronts[usize::from(*front)].ladder == LadderRule::Exchange;
            let quiet = rules.p.quiet_days;
            return match (by, exchange) {
                (LevelMover::Agreement, _) if to < from => {
                    "The front stands at what an agreement leaves of its fire; no draw was made.".to_owned()
                }
                (LevelMover::Agreement, _) => "The deal no longer covers the front; no draw was made.".to_owned(),
                (_, true) if to > from => {
                    "The level follows direct fire that day and open war; no draw was made.".to_owned()
                }
                (_, true) => {
                    format!("The level falls by one after {quiet:.0} days without direct fire; no draw was made.")
                }
                (_, false) if to > from => {
                    "The front's fire has come up to the next level, which its parties had reached before; no draw was \
                     made."
                        .to_owned()
                }
                (_, false) => format!(
                    "The level falls by one after {quiet:.0} days with less fire than it stands for; no draw was made."
                ),
            };
        }
        _ => "It follows from the state that day; no draw was made.",
    };
    said.to_owned()
}

/// How an Assembly text came to its votes.
fn assembly(past: &Past<'_>, day: &Day, council: usize) -> String {
    let today = day.morning.clock.day;
    let (rules, levers) = (past.rules(today), &day.levers);
    let (rule, state) = (&rules.councils[council], &day.morning.columns.councils[council]);
    let draws = past.luck(today).council[council].day(today);
    let text = council::text(rule, state, levers, draws, &rules.p);
    let drawn = format!("Texts come at random; the votes in favour were drawn around {}.", percent(text.share));
    if !text.considered || text.turned <= 0.0 {
        return drawn;
    }
    let posture = levers[Lever::UnscPosture];
    let lobbying = format!(
        "lobbying, with a US posture of {posture:.2}, turns {} of those in favour against it",
        percent(text.turned)
    );
    if text.credentials {
        format!("{drawn} It is a text on credentials: {lobbying}, and its sponsors expected it to pass all the same.")
    } else {
        let [in_favour, against] = texts::expected(text.share, text.turned, rule).map(|votes| votes.round());
        format!(
            "{drawn} Its sponsors thought of a text on credentials and did not table it: {lobbying}, and they expected \
             {in_favour:.0} in favour and {against:.0} against."
        )
    }
}

/// What there is to say of an event that names no cause, where what decided it does not say so already.
pub(super) fn uncaused(event: &Event, said: &Explanation) -> Option<&'static str> {
    if !said.causes.is_empty()
        || matches!(event, Event::LeverMoved(_) | Event::Calendar { .. } | Event::ChannelTurned { .. })
    {
        return None;
    }
    let is_drawn = said.measure == Measure::Chance && said.chance.is_some();
    Some(match said.telling().next() {
        None if is_drawn => "Nothing in the model made this more likely: it was drawn at its base rate.",
        Some(_) if is_drawn => {
            "No earlier event made this more or less likely: what moved the chance are states and levers as they stood."
        }
        _ => "No earlier event stands behind it in the model.",
    })
}

/// Why a decision is not taken where a cause is gone.
pub(super) fn not_open(subject: Subject, without: &Removal) -> &'static str {
    match (subject, without) {
        (_, Removal::All(removals)) if !removals.is_empty() => not_open(subject, &removals[0]),
        (Subject::Answer(_), Removal::Harm { .. }) => "no answer would have been owed",
        // Short of war an answer waits until it is owed, and for its fewest days.
        (Subject::Answer(_), Removal::War(_)) => "no answer would have been due that day",
        (Subject::Joining(_), Removal::Strike(_)) => "there would have been no strike to join",
        (Subject::BaseStrike(_), Removal::Strike(_)) => "no answer would have gone out that day",
        (_, Removal::Agreement(_)) => "no agreement would have been in force",
        (Subject::Votes(_), Removal::Held) => "no votes would have been cast",
        (Subject::Detection(_), _) => "there would have been nothing to detect",
        _ => "the question would not have come up",
    }
}
