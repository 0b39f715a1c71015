//! Why an event happened: the equation that decided it with its values, the chance and the draw, and the earlier events,
//! levers and states that made those values, each with the chance had it been absent.
//!
//! One rule decides what is named: **a cause is named only if taking it away, as it stood that day, changes the chance** by
//! more than rounding. Where several would each have done, so that taking one away changes nothing, they are taken away
//! together and named together. Of an event that no draw decided, a cause is what it would not have come about without.
//!
//! Nothing of this is kept while a run goes. An explanation runs the past without a listener (`replay`), finds what
//! may stand behind each value (`behind`), and steps that one day again from a morning without it
//! (`without`).

use super::behind::{Asked, Candidate};
use super::decided;
use super::digits::{Measure, alike};
use super::explained::which_of;
use super::fates::Fates;
use super::numbers;
use super::recorder::EventId;
use super::replay::{Day, Past};
use super::say::sentence;
use super::without::Removal;
use crate::sim::event::Event;
use crate::sim::probe::{Decision, Source, Subject};
use crate::sim::rules::Rules;
use crate::symbols::levers::LeverChange;

pub use super::behind::subject;
pub use super::counter::ledger_parts;
pub use super::explained::{Cause, Explanation, TermSaid, percent};
pub use super::replay::{Known, chance_in, day_in, decision_in};

/// Causes named per event.
const CAUSES: usize = 4;
/// How far back a chain goes.
const DEPTH: usize = 4;

/// Explains an event of a run.
///
/// # Errors
/// If the run has no such event.
pub fn explain<'a>(
    rules: &Rules,
    fates: impl Into<Fates<'a>>,
    log: &[LeverChange],
    event: EventId,
) -> Result<Explanation, String> {
    if event.day < 0 || event.day > 100_000 {
        return Err(format!("there is no day {}", event.day));
    }
    explained(&Past::new(rules, fates.into(), log, event.day), event)
}

/// Explains an event of a run that is known: the same, without replaying everything before it.
///
/// # Errors
/// If the run has no such event.
pub fn explain_known<'a>(
    rules: &'a Rules,
    fates: impl Into<Fates<'a>>,
    log: &'a [LeverChange],
    event: EventId,
    known: Known<'a>,
) -> Result<Explanation, String> {
    explained(&Past::known(rules, fates.into(), log, known, event.day), event)
}

fn explained(past: &Past<'_>, event: EventId) -> Result<Explanation, String> {
    let of_day = past.on(event.day);
    match of_day.iter().find(|(id, _)| *id == event) {
        Some((_, found)) => Ok(tell(past, event, found, DEPTH)),
        None => Err(match of_day.len() {
            0 => format!("nothing happened on day {}; the event log lists days with events", event.day),
            n => format!(
                "day {} has {n} events, {} to {}; there is no {event}",
                event.day,
                EventId { place: 1, ..event },
                EventId { place: n as u32, ..event }
            ),
        }),
    }
}

/// What is asked of a day without a cause.
#[derive(Clone, Copy)]
enum Question<'a> {
    /// The chance of a decision.
    Drawn(&'a Decision),
    /// Whether an event comes about.
    Came(&'a Event),
}

fn tell(past: &Past<'_>, id: EventId, event: &Event, depth: usize) -> Explanation {
    let rules = past.rules(id.day);
    let mut said = Explanation {
        event: id,
        date: rules.date(id.day).to_string(),
        sentence: sentence(rules, event),
        decided: String::new(),
        chance: None,
        draw: None,
        numbers: Vec::new(),
        terms: Vec::new(),
        causes: Vec::new(),
        uncaused: None,
        measure: Measure::Chance,
        chain: Vec::new(),
    };
    if rules.documented(event, id.day) {
        said.decided = "It is documented, and fed into this run; the model did not decide it.".to_owned();
        return said;
    }
    let day = past.day(id.day);
    if let Event::FireDay { front, .. } = event {
        let Some((stream, decision)) = busiest(rules, &day, usize::from(*front)) else { return said };
        said.measure = Measure::Count;
        said.decided = decided::fire(rules, stream, decision);
        said.numbers = numbers::behind(rules, event, Some(decision));
        drawn(past, &day, id, event, decision, &mut said);
    } else {
        let decision = deciding(rules, &day, event);
        if let Some(latent) = decision.and_then(decided::latent) {
            said.decided = latent;
            return said;
        }
        match decision.filter(|d| decided::by_draw(d)) {
            Some(decision) => {
                said.decided = decided::drawn(rules, decision);
                let scaled = decided::scaled(rules, &day, id.day, event);
                for more in scaled.into_iter().chain(decided::frayed(rules, decision, event)) {
                    said.decided = format!("{} {more}", said.decided);
                }
                said.numbers = numbers::behind(rules, event, Some(decision));
                drawn(past, &day, id, event, decision, &mut said);
            }
            None => {
                said.numbers = numbers::behind(rules, event, None);
                let asked = Asked { past, day: &day, id, subject: None, value: 0.0 };
                said.decided = decided::followed(&asked, event);
                said.causes = named(past, &day, Question::Came(event), asked.behind_state(event));
            }
        }
    }
    said.causes.truncate(CAUSES);
    said.uncaused = decided::uncaused(event, &said).map(str::to_owned);
    if depth > 0 {
        let mut earlier: Vec<EventId> = said.causes.iter().filter_map(|cause| cause.event).collect();
        earlier.sort_unstable();
        earlier.dedup();
        for id in earlier.into_iter().rev() {
            if let Some((_, event)) = past.on(id.day).iter().find(|(other, _)| *other == id) {
                // Only the most telling cause is followed further down: a chain, not a tree.
                let next = if said.causes.first().and_then(|c| c.event) == Some(id) { depth - 1 } else { 0 };
                if next > 0 {
                    said.chain.push(tell(past, id, event, next));
                }
            }
        }
    }
    said
}

/// The decision behind an event, among those of its day. A part that falls from a deal with all falls by the decision on the whole
/// deal, unless an agreement of its own has just collapsed.
fn deciding<'d>(rules: &Rules, day: &'d Day, event: &Event) -> Option<&'d Decision> {
    let find = |s: Subject| day.decisions.iter().find(|d| d.subject == s);
    let own = subject(rules, event).and_then(find);
    let Event::Collapsed { table, .. } = event else { return own };
    let part = usize::from(*table);
    let left_out = rules.left_out(&day.levers);
    let all = rules.collective_in_force(&day.morning.columns.agreements);
    let all = all.filter(|&all| all != part && rules.p.deal_fray > 0.0 && rules.settles(part, left_out));
    let by_draw = |d: &&Decision| decided::by_draw(d);
    own.filter(by_draw).or_else(|| find(Subject::Collapse(all? as u16)).filter(by_draw)).or(own)
}

/// The busiest stream of a front's fire.
fn busiest<'d>(rules: &Rules, day: &'d Day, front: usize) -> Option<(usize, &'d Decision)> {
    let streams = &rules.fronts[front].streams;
    let of_front = day.decisions.iter().filter_map(|d| match d.subject {
        Subject::Stream(s) if streams.contains(&usize::from(s)) => Some((usize::from(s), d)),
        _ => None,
    });
    of_front.max_by(|(_, a), (_, b)| a.chance.total_cmp(&b.chance))
}

/// Terms and causes of what a draw decided.
fn drawn(past: &Past<'_>, day: &Day, id: EventId, event: &Event, decision: &Decision, said: &mut Explanation) {
    (said.chance, said.draw) = (Some(decision.chance), Some(decision.draw));
    let weigh = |without: f64| weight(said.measure, decision.chance, without);
    let mut terms: Vec<_> = decision.terms.iter().collect();
    terms.sort_by(|a, b| weigh(b.without).total_cmp(&weigh(a.without)));
    // Terms of one name are of one kind, of which any may have done: two truces, two linked collapses.
    let mut kinds: Vec<(&str, Vec<Candidate>)> = Vec::new();
    let mut seen: Vec<Source> = Vec::new();
    for term in &terms {
        said.terms.push(TermSaid {
            name: term.name.to_string(),
            which: which_of(past.rules(id.day), &terms, term),
            value: term.value,
            unit: term.unit.to_owned(),
            neutral: term.neutral,
            without: term.without,
        });
        if seen.contains(&term.source) {
            continue;
        }
        seen.push(term.source);
        let asked = Asked { past, day, id, subject: Some(decision.subject), value: term.value };
        let found = asked.behind(term.source);
        match kinds.iter_mut().find(|(name, _)| *name == term.name) {
            Some((_, candidates)) => candidates.extend(found),
            None => kinds.push((&term.name, found)),
        }
    }
    let asked = Asked { past, day, id, subject: Some(decision.subject), value: 0.0 };
    kinds.push(("", asked.beside(event)));
    let mut causes: Vec<Cause> = Vec::new();
    for (_, candidates) in kinds {
        causes.extend(named(past, day, Question::Drawn(decision), candidates));
    }
    let telling = |c: &Cause| c.chance_without.map_or(0.0, weigh);
    causes.sort_by(|a, b| telling(b).total_cmp(&telling(a)));
    // An event that bears in two ways is named once, for the more telling one.
    for cause in causes {
        if cause.event.is_none() || said.causes.iter().all(|other| other.event != cause.event) {
            said.causes.push(cause);
        }
    }
}

/// Those of the candidates that are causes, each with what would have been without it.
fn named(past: &Past<'_>, day: &Day, question: Question<'_>, candidates: Vec<Candidate>) -> Vec<Cause> {
    let alone = |c: &Candidate| {
        let without = without(past, day, question, &c.removal)?;
        Some(cause(c, without, Vec::new()))
    };
    let causes: Vec<Cause> = candidates.iter().filter_map(alone).collect();
    if !causes.is_empty() || candidates.len() < 2 {
        return causes;
    }
    let all = |some: &[&Candidate]| {
        let removal = Removal::All(some.iter().map(|c| c.removal.clone()).collect());
        without(past, day, question, &removal)
    };
    let mut jointly: Vec<&Candidate> = candidates.iter().collect();
    if all(&jointly).is_none() {
        return Vec::new();
    }
    // The fewest that do: what can be left out is left out, the least first.
    for i in (0..jointly.len()).rev() {
        let mut fewer = jointly.clone();
        fewer.remove(i);
        if fewer.len() > 1 && all(&fewer).is_some() {
            jointly = fewer;
        }
    }
    let Some(absent) = all(&jointly) else { return Vec::new() };
    let name = |c: &Candidate| c.event.map_or_else(|| c.sentence.clone(), |id| format!("[{id}]"));
    let each = jointly.iter().enumerate().map(|(i, c)| {
        let others = jointly.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| name(other));
        cause(c, absent.clone(), others.collect())
    });
    each.collect()
}

fn cause(candidate: &Candidate, without: Without, together: Vec<String>) -> Cause {
    Cause {
        sentence: candidate.sentence.clone(),
        event: candidate.event,
        contribution: candidate.contribution.clone(),
        chance_without: without.chance,
        undecided: without.undecided,
        averts: without.averts,
        together,
    }
}

/// What would have come of a day without a cause.
#[derive(Clone)]
struct Without {
    chance: Option<f64>,
    undecided: Option<String>,
    averts: bool,
}

/// What would have come of a day without a cause; `None` where that is just what came.
fn without(past: &Past<'_>, day: &Day, question: Question<'_>, removal: &Removal) -> Option<Without> {
    let (events, decisions) = past.without(day, removal)?;
    match question {
        Question::Drawn(decision) => {
            let (chance, undecided) = match decisions.iter().find(|d| d.subject == decision.subject) {
                Some(d) => (d.chance, None),
                None => (0.0, Some(decided::not_open(decision.subject, removal).to_owned())),
            };
            let changes = !alike(chance, decision.chance);
            changes.then_some(Without { chance: Some(chance), undecided, averts: false })
        }
        Question::Came(event) => {
            let averts = !events.iter().any(|other| is_same(event, other));
            averts.then_some(Without { chance: None, undecided: None, averts })
        }
    }
}

/// Whether an event is the same consequence of a state as another, whatever its numbers.
fn is_same(a: &Event, b: &Event) -> bool {
    match (a, b) {
        (Event::HostsWarned { foe: a, .. }, Event::HostsWarned { foe: b, .. }) => a == b,
        (Event::LevelMoved { front: a, to: x, .. }, Event::LevelMoved { front: b, to: y, .. }) => (a, x) == (b, y),
        _ => a == b,
    }
}

/// How much a change tells: in a chance, the change of its log odds; in a mean, the change itself.
fn weight(measure: Measure, with: f64, without: f64) -> f64 {
    if measure == Measure::Count {
        return (with - without).abs();
    }
    let clip = |p: f64| p.clamp(1e-12, 1.0 - 1e-12);
    let odds = |p: f64| libm::log(clip(p) / (1.0 - clip(p)));
    (odds(with) - odds(without)).abs()
}
