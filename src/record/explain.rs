//! Why an event happened: the equation that decided it with its values, the chance and the draw, and the earlier events,
//! levers and states that made those values, each with the chance had it been absent.
//!
//! Nothing of this is kept while a run goes. An explanation replays the run up to the evening before, replays the day with
//! an attentive probe, and then replays that day once more for every cause, with the cause taken out of the state.

use super::digits::Measure;
use super::event::{Event, EventKind, IraqStep, NuclearStep, PathStep, RoadmapStep};
use super::probe::{Attentive, Decision, Source, Subject};
use super::recorder::{EventId, day_events};
use super::say::sentence;
use crate::scenario::raw::CalendarKind;
use crate::sim::force::harm::felt;
use crate::sim::luck::Luck;
use crate::sim::rules::Rules;
use crate::sim::state::{NEVER, Status};
use crate::sim::talks::council::assembly_share;
use crate::sim::world::{Columns, Fate, Simulation, Snapshot};
use crate::symbols::levers::{Lever, LeverChange};
use serde::Serialize;
use std::borrow::Cow;

/// Causes named per event.
const CAUSES: usize = 4;
/// Earlier events named per ledger.
const EVENTS_PER_LEDGER: usize = 3;
/// How far back a chain goes.
const DEPTH: usize = 4;

/// One term of the deciding equation, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TermSaid {
    /// Name of the quantity.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Unit.
    pub unit: String,
    /// Value that stands for its absence.
    pub neutral: f64,
    /// The chance (or mean) with that value.
    pub without: f64,
}

/// A cause of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// What it was, in a sentence.
    pub sentence: String,
    /// The earlier event, if it was one.
    pub event: Option<EventId>,
    /// What it contributed, in words.
    pub contribution: String,
    /// The chance on the same day with this cause taken away, found by replaying the day; `None` where the cause lies on
    /// the same day or has no state of its own.
    pub chance_without: Option<f64>,
    /// Why nothing of the kind would even have been decided without it; `None` where it would have been.
    pub undecided: Option<String>,
}

impl Cause {
    fn new(rules: &Rules, event: Option<EventId>, what: &Event, contribution: impl Into<String>) -> Self {
        Self {
            sentence: sentence(rules, what),
            event,
            contribution: contribution.into(),
            chance_without: None,
            undecided: None,
        }
    }

    fn replayed(self, without: Option<Without>) -> Self {
        match without {
            Some(Without { chance, undecided }) => Self { chance_without: Some(chance), undecided, ..self },
            None => self,
        }
    }
}

/// What came of the day without a cause.
struct Without {
    chance: f64,
    undecided: Option<String>,
}

/// Why an event happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The event.
    pub event: EventId,
    /// Its date.
    pub date: String,
    /// What happened.
    pub sentence: String,
    /// What decided it, in a sentence.
    pub decided: String,
    /// Chance on that day (for fire: the mean count), if a draw decided.
    pub chance: Option<f64>,
    /// The draw, if one decided.
    pub draw: Option<f64>,
    /// Terms of the equation, most telling first.
    pub terms: Vec<TermSaid>,
    /// Causes, most telling first.
    pub causes: Vec<Cause>,
    /// Where no cause is named: what there is to say of that.
    pub uncaused: Option<String>,
    /// What the number that decided counts.
    #[serde(skip)]
    pub measure: Measure,
    /// Why the causes that are events happened, newest first.
    pub chain: Vec<Explanation>,
}

/// Days between the evenings that are kept while a run is replayed for an explanation.
const STRIDE: i32 = 8;

/// What is known of a run already, so that it need not be replayed from its first day.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Its events, in order, those of the day to be explained at least.
    pub events: &'a [(EventId, Event)],
    /// A state of it before a day runs, or a few days earlier.
    pub mark_before: &'a dyn Fn(i32) -> &'a Snapshot,
}

/// Everything known of a run up to an event.
struct History<'a> {
    rules: &'a Rules,
    fate: Fate,
    log: &'a [LeverChange],
    luck: Luck,
    /// Rules of this future: parameters as drawn.
    own: Rules,
    events: Cow<'a, [(EventId, Event)]>,
    /// Where a day's replay may start: what is known, or evenings kept on the way.
    known: Option<Known<'a>>,
    marks: Vec<Snapshot>,
}

/// One day seen closely.
struct Day {
    morning: Snapshot,
    decisions: Vec<Decision>,
}

impl<'a> History<'a> {
    fn new(rules: &'a Rules, fate: Fate, log: &'a [LeverChange], until: i32) -> Self {
        let mut simulation: Simulation = Simulation::new(rules, fate, log.to_vec());
        let own = simulation.rules().clone();
        let (mut events, mut marks) = (Vec::new(), Vec::new());
        let mut state = Columns::default();
        for day in 0..=until {
            if day % STRIDE == 0 {
                marks.push(simulation.snapshot());
            }
            simulation.step();
            simulation.read_columns(&mut state);
            for (place, event) in (1_u32..).zip(day_events(&own, simulation.events(), &state)) {
                events.push((EventId { day, place }, event));
            }
        }
        let luck = Luck::new(&own, fate.seed, fate.future);
        Self { rules, fate, log, luck, own, events: Cow::Owned(events), known: None, marks }
    }

    /// The same of a run that is known.
    fn known(rules: &'a Rules, fate: Fate, log: &'a [LeverChange], known: Known<'a>) -> Self {
        let simulation: Simulation = Simulation::new(rules, fate, log.to_vec());
        let own = simulation.rules().clone();
        let luck = Luck::new(&own, fate.seed, fate.future);
        Self { rules, fate, log, luck, own, events: Cow::Borrowed(known.events), known: Some(known), marks: Vec::new() }
    }

    /// A state before the day runs, or a few days earlier.
    fn mark_before(&self, day: i32) -> Option<&Snapshot> {
        match self.known {
            Some(known) => Some((known.mark_before)(day)),
            None => self.marks.get((day.max(0) / STRIDE) as usize).or(self.marks.last()),
        }
        .filter(|mark| mark.clock.day <= day)
    }

    /// The day with its morning and its decisions.
    fn day(&self, day: i32) -> Day {
        let mut simulation: Simulation<Attentive> = Simulation::new(self.rules, self.fate, self.log.to_vec());
        if let Some(mark) = self.mark_before(day) {
            simulation.restore(mark, self.fate, self.log.to_vec());
        }
        let from = simulation.day();
        simulation.run((day - from).max(0) as u32);
        let morning = simulation.snapshot();
        simulation.probe_mut().0.clear();
        simulation.step();
        let decisions = std::mem::take(&mut simulation.probe_mut().0);
        Day { morning, decisions }
    }

    /// Replays a day from an edited morning and finds the same decision.
    fn replay(&self, morning: &Snapshot, subject: Subject, without: Source) -> Without {
        // A lever taken away is not moved again on the very day either.
        let kept = |change: &&LeverChange| without != Source::Lever(change.lever);
        let log: Vec<LeverChange> = self.log.iter().filter(kept).copied().collect();
        match decision_in(self.rules, self.fate, &log, morning, subject) {
            Some(decision) => Without { chance: decision.chance, undecided: None },
            None => Without { chance: 0.0, undecided: Some(not_open(subject, without).to_owned()) },
        }
    }

    fn last(&self, before: EventId, is: impl Fn(&Event) -> bool) -> Option<(EventId, &Event)> {
        self.events.iter().rev().find(|(id, event)| *id < before && is(event)).map(|(id, event)| (*id, event))
    }
}

/// Why a decision is not taken where a cause is gone.
fn not_open(subject: Subject, without: Source) -> &'static str {
    match (subject, without) {
        (Subject::Answer(_), Source::Ledger(_) | Source::War(_)) => "no answer would have been owed",
        (_, Source::Agreement(_)) => "no agreement would have been in force",
        (Subject::Detection(_), _) => "there would have been nothing to detect",
        _ => "the question would not have come up",
    }
}

/// The events and the decisions of the day after `morning`.
#[must_use]
pub fn day_in(rules: &Rules, fate: Fate, log: &[LeverChange], morning: &Snapshot) -> (Vec<Event>, Vec<Decision>) {
    let mut simulation: Simulation<Attentive> = Simulation::new(rules, fate, log.to_vec());
    simulation.restore(morning, fate, log.to_vec());
    simulation.probe_mut().0.clear();
    simulation.step();
    let mut state = Columns::default();
    simulation.read_columns(&mut state);
    let own = simulation.rules().clone();
    let events = day_events(&own, simulation.events(), &state);
    let decisions = std::mem::take(&mut simulation.probe_mut().0);
    (events, decisions)
}

/// The chance of a decision on the day after `morning`; 0 if nothing of the kind is decided that day.
#[must_use]
pub fn chance_in(rules: &Rules, fate: Fate, log: &[LeverChange], morning: &Snapshot, subject: Subject) -> f64 {
    // A decision that is not even taken (nothing owed, nobody at war) has no chance to come out.
    decision_in(rules, fate, log, morning, subject).map_or(0.0, |d| d.chance)
}

/// A decision of the day after `morning`, if it is taken that day.
#[must_use]
pub fn decision_in(
    rules: &Rules,
    fate: Fate,
    log: &[LeverChange],
    morning: &Snapshot,
    subject: Subject,
) -> Option<Decision> {
    let mut simulation: Simulation<Attentive> = Simulation::new(rules, fate, log.to_vec());
    simulation.restore(morning, fate, log.to_vec());
    simulation.probe_mut().0.clear();
    simulation.step();
    simulation.probe_mut().0.iter().find(|d| d.subject == subject).cloned()
}

/// Takes a cause out of a morning's state. `amount` is its share of a ledger. `false` where the source has no state of
/// its own to take out.
#[must_use]
pub fn take_away(morning: &mut Snapshot, rules: &Rules, source: Source, amount: f64) -> bool {
    let c = &mut morning.columns;
    match source {
        Source::Ledger(l) => {
            let ledger = &mut c.ledgers[usize::from(l)];
            ledger.blows = (ledger.blows - amount).max(0.0);
        }
        Source::Agreement(t) => {
            let agreement = &mut c.agreements[usize::from(t)];
            if agreement.status != Status::InForce {
                return false;
            }
            // Collapsed today: out of force, and not about to meet again.
            agreement.status = Status::Collapsed;
            agreement.since = morning.clock.day;
            let t = &rules.tables[usize::from(t)];
            if t.roadmap {
                // The date that its lever set is spent, or it would be signed again on the spot.
                agreement.last_collapse = agreement.last_collapse.max(morning.levers[Lever::SignRoadmap] as i32);
            }
            if let Some(front) = t.quiets {
                c.fronts[front].level = c.fronts[front].war_level;
            }
            if t.collective {
                c.fronts.iter_mut().for_each(|front| front.level = front.war_level);
            }
        }
        Source::Collapse(t) => c.agreements[usize::from(t)].last_collapse = NEVER,
        Source::Spoiler(t) => c.agreements[usize::from(t)].last_spoiler = NEVER,
        Source::Trigger(f) => c.fronts[usize::from(f)].last_blow = NEVER,
        Source::War(pair) => c.pairs[usize::from(pair)].war = false,
        Source::Lever(lever) => {
            morning.levers.set(lever, lever.row().default);
            if lever == Lever::SanctionsPressure {
                // Pressure follows its lever over months: without the change it would not have left its start.
                let start = rules.economies.iter().map(|economy| economy.sanctions);
                c.economies.iter_mut().zip(start).for_each(|(economy, start)| economy.sanctions = start);
            }
        }
        Source::Resolve(a) => c.standings[usize::from(a)].resolve = rules.p.rho_reference,
        Source::Threat(t) => c.threats[usize::from(t)].level = 0.5,
        Source::Warning(_) => c.hosts.iter_mut().for_each(|host| host.warned_on = NEVER),
        Source::Host(h) => c.hosts[usize::from(h)].permission = 0.0,
        Source::Joined(h) => match rules.hosts[usize::from(h)].pair {
            Some((pair, side)) => c.pairs[pair].last_fire[side] = NEVER,
            None => return false,
        },
        Source::Censure(n) => c.programmes[usize::from(n)].censured_on = NEVER,
        Source::Detected(n) => c.programmes[usize::from(n)].detected_on = NEVER,
        Source::Corridor(i) => c.corridors[usize::from(i)].lost_on = NEVER,
        Source::Path(i) => {
            let path = &mut c.paths[usize::from(i)];
            (path.withdrawn_on, path.unified_on, path.elected_on, path.rebuilt_on) = (NEVER, NEVER, NEVER, NEVER);
        }
        Source::Unrest(f) => c.factions[usize::from(f)].repression = false,
        Source::Roadmap(r) => c.roadmaps[usize::from(r)].phases = 0.0,
        Source::Assembly(i) => c.councils[usize::from(i)].isolation = rules.p.vote_isolation_reference,
        _ => return false,
    }
    true
}

/// Explains an event of a run.
///
/// # Errors
/// If the run has no such event.
pub fn explain(rules: &Rules, fate: Fate, log: &[LeverChange], event: EventId) -> Result<Explanation, String> {
    if event.day < 0 || event.day > 100_000 {
        return Err(format!("there is no day {}", event.day));
    }
    explained(&History::new(rules, fate, log, event.day), event)
}

/// Explains an event of a run that is known: the same, without replaying everything before it.
///
/// # Errors
/// If the run has no such event.
pub fn explain_known<'a>(
    rules: &'a Rules,
    fate: Fate,
    log: &'a [LeverChange],
    event: EventId,
    known: Known<'a>,
) -> Result<Explanation, String> {
    explained(&History::known(rules, fate, log, known), event)
}

fn explained(history: &History<'_>, event: EventId) -> Result<Explanation, String> {
    let found = history.events.iter().find(|(id, _)| *id == event).map(|(_, e)| *e);
    match found {
        Some(found) => Ok(tell(history, event, &found, DEPTH)),
        None => {
            let places = history.events.iter().filter(|(id, _)| id.day == event.day).count();
            Err(match places {
                0 => format!("nothing happened on day {}; the event log lists days with events", event.day),
                n => format!(
                    "day {} has {n} events, {} to {}; there is no {event}",
                    event.day,
                    EventId { place: 1, ..event },
                    EventId { place: n as u32, ..event }
                ),
            })
        }
    }
}

/// The decision behind an event; `None` for what follows from a state or a date.
#[must_use]
pub fn subject(rules: &Rules, event: &Event) -> Option<Subject> {
    Some(match event {
        Event::Struck(s) => match event.kind() {
            EventKind::Preventive if rules.initiatives[usize::from(s.initiative)].actor != usize::from(s.actor) => {
                Subject::Joining(s.initiative)
            }
            EventKind::BaseSalvo => Subject::BaseStrike(s.initiative),
            EventKind::Blow => Subject::Blow(s.initiative),
            EventKind::Preventive => Subject::Preventive(s.initiative),
            _ => Subject::Answer(s.ledger),
        },
        Event::Signed { table } => Subject::Signing(*table),
        Event::Collapsed { table, .. } => Subject::Collapse(*table),
        Event::Spoiler { table, actor } => Subject::Spoiler(*table, *actor),
        Event::LevelMoved { front, from, to } => {
            if rules.fronts[usize::from(*front)].ladder == crate::scenario::raw::LadderRule::Exchange {
                return None;
            }
            if to > from { Subject::StepUp(*front) } else { Subject::StepDown(*front) }
        }
        Event::War { pair, began: false } => Subject::WarEnd(*pair),
        Event::CorridorLost { corridor } => Subject::CorridorLoss(*corridor),
        Event::Roadmap { roadmap, step: RoadmapStep::Suspended | RoadmapStep::Resumed } => {
            Subject::RoadmapSuspension(*roadmap)
        }
        Event::Roadmap { roadmap, step: RoadmapStep::Talks | RoadmapStep::Constitution } => {
            Subject::RoadmapStage(*roadmap)
        }
        Event::Nuclear { programme, step } => match step {
            NuclearStep::PaceUp | NuclearStep::PaceDown => Subject::Pace(*programme),
            NuclearStep::Censured => Subject::Censure(*programme),
            NuclearStep::Decided => Subject::Weaponising(*programme),
            NuclearStep::Detected => Subject::Detection(*programme),
            NuclearStep::Device => return None,
        },
        Event::CouncilVote { council, .. } => Subject::UsVote(*council),
        Event::Path { path, step } => match step {
            PathStep::Elected | PathStep::NotElected => Subject::Elections(*path),
            PathStep::Withdrawn => Subject::PathStage(*path, 1),
            PathStep::Unified => Subject::PathStage(*path, 2),
            PathStep::Rebuilt => Subject::PathStage(*path, 3),
            PathStep::Undone => return None,
        },
        _ => return None,
    })
}

/// Sources of events that follow from a state and not from a draw.
fn sources(rules: &Rules, event: &Event) -> Vec<Source> {
    match event {
        Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } => vec![Source::Ledger(*ledger)],
        Event::War { pair, began: true } => {
            rules.pairs[usize::from(*pair)].ledgers.iter().map(|&l| Source::Ledger(l as u16)).collect()
        }
        Event::HostsWarned { foe, .. } => {
            let ledgers = rules.actors[usize::from(*foe)].ledgers.iter();
            ledgers.map(|&l| Source::Ledger(l as u16)).chain([Source::Lever(Lever::BaseSorties)]).collect()
        }
        Event::Roadmap { roadmap, .. } => {
            vec![Source::Agreement(rules.roadmaps[usize::from(*roadmap)].table as u16)]
        }
        Event::Signed { .. } => vec![Source::Lever(Lever::SignRoadmap)],
        Event::Iraq { step, .. } => vec![Source::Lever(match step {
            IraqStep::MissionEnded => Lever::UnamiExtension,
            _ => Lever::CoalitionExitDate,
        })],
        Event::Nuclear { programme, step: NuclearStep::Device } => vec![Source::Decided(*programme)],
        Event::AssemblyVote { .. } => {
            vec![Source::Lever(Lever::IranUnCostDrive), Source::Lever(Lever::SuspensionDrive)]
        }
        Event::Path { path, step: PathStep::Undone } => {
            vec![Source::Collapse(rules.paths[usize::from(*path)].table as u16)]
        }
        Event::Unrest { .. } => vec![Source::Lever(Lever::SanctionsPressure)],
        Event::LevelMoved { front, .. } => {
            let ledgers = rules.fronts[usize::from(*front)].ledgers.iter();
            ledgers.map(|&l| Source::War(rules.ledgers[l].pair as u16)).take(1).chain([Source::Level(*front)]).collect()
        }
        _ => Vec::new(),
    }
}

fn tell(history: &History<'_>, id: EventId, event: &Event, depth: usize) -> Explanation {
    let rules = &history.own;
    let mut said = Explanation {
        event: id,
        date: rules.date(id.day).to_string(),
        sentence: sentence(rules, event),
        decided: String::new(),
        chance: None,
        draw: None,
        terms: Vec::new(),
        causes: Vec::new(),
        uncaused: None,
        measure: Measure::Chance,
        chain: Vec::new(),
    };
    let day = history.day(id.day);
    if rules.documented(event, id.day) {
        said.decided = "It is documented, and fed into this run; the model did not decide it.".to_owned();
        return said;
    }
    let decision = subject(rules, event).and_then(|s| day.decisions.iter().find(|d| d.subject == s));
    if decision.is_some_and(|d| matches!(d.subject, Subject::Weaponising(_)) && d.draw >= d.chance) {
        said.decided =
            "A hidden programme was drawn to exist from the start; that day's own chance had no part.".to_owned();
        return said;
    }
    if let Event::FireDay { front, .. } = event {
        fire(history, &day, id, *front, &mut said);
    } else if let Some(decision) = decision {
        let [chance, draw] = said.measure.apart([decision.chance, decision.draw]);
        said.decided = match decision.subject {
            Subject::UsVote(_) => {
                format!(
                    "The chance of that US vote was {}; the other members vote as recorded.",
                    percent(decision.chance)
                )
            }
            Subject::Elections(_) => {
                let held = if decision.draw < decision.chance { "they were held" } else { "they were not" };
                format!("The chance that they are held on that date was {chance}; the draw was {draw}, so {held}.")
            }
            _ => {
                let happened = if decision.draw < decision.chance { "it happened" } else { "it did not happen" };
                let decided = format!("The chance that day was {chance}; the draw was {draw}, so {happened}.");
                match owed(rules, decision) {
                    Some(owed) => format!("{decided} {owed}"),
                    None => decided,
                }
            }
        };
        (said.chance, said.draw) = (Some(decision.chance), Some(decision.draw));
        let mut terms = decision.terms.clone();
        terms.sort_by(|a, b| weight(decision.chance, b.without).total_cmp(&weight(decision.chance, a.without)));
        for term in &terms {
            let found = causes(history, &day, id, Some(decision), term.source, term.value);
            said.causes.extend(found);
            said.terms.push(TermSaid {
                name: term.name.to_string(),
                value: term.value,
                unit: term.unit.to_owned(),
                neutral: term.neutral,
                without: term.without,
            });
        }
        said.causes.extend(beside(history, id, event));
        let chance = decision.chance;
        said.causes.sort_by(|a, b| {
            let telling = |c: &Cause| c.chance_without.map_or(0.0, |without| weight(chance, without));
            telling(b).total_cmp(&telling(a))
        });
    } else {
        let sources = sources(rules, event);
        said.decided = match event {
            Event::LeverMoved(_) => {
                "A user, the scenario, or the course of the administration in office moved the lever.".to_owned()
            }
            Event::Calendar { .. } => "The scenario's calendar says so; the model does not decide it.".to_owned(),
            Event::ChannelTurned { .. } => "A lever switched it.".to_owned(),
            Event::AssemblyVote { council, .. } => assembly(history, &day, usize::from(*council)),
            Event::Signed { .. } => "The date that a lever set for it has come; no draw was made.".to_owned(),
            Event::Iraq { .. } => "It follows from a date; no draw was made.".to_owned(),
            _ => "It follows from the state that day; no draw was made.".to_owned(),
        };
        for source in sources {
            said.causes.extend(causes(history, &day, id, None, source, 0.0));
        }
    }
    said.causes.dedup_by(|a, b| a.event.is_some() && a.event == b.event);
    said.causes.truncate(CAUSES);
    said.uncaused = uncaused(event, &said).map(str::to_owned);
    if depth > 0 {
        let mut earlier: Vec<EventId> = said.causes.iter().filter_map(|cause| cause.event).collect();
        earlier.sort_unstable();
        earlier.dedup();
        for id in earlier.into_iter().rev() {
            if let Some((_, event)) = history.events.iter().find(|(other, _)| *other == id) {
                // Only the most telling cause is followed further down: a chain, not a tree.
                let next = if said.causes.first().and_then(|c| c.event) == Some(id) { depth - 1 } else { 0 };
                if next > 0 {
                    said.chain.push(tell(history, id, event, next));
                }
            }
        }
    }
    said
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

/// What there is to say of an event that names no cause, where what decided it does not say so already.
fn uncaused(event: &Event, said: &Explanation) -> Option<&'static str> {
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

/// How an Assembly text came to its votes.
fn assembly(history: &History<'_>, day: &Day, council: usize) -> String {
    let (rules, levers) = (&history.own, &day.morning.levers);
    let (rule, state) = (&rules.councils[council], &day.morning.columns.councils[council]);
    let (drive, debate) = (levers[Lever::IranUnCostDrive], levers[Lever::SuspensionDrive]);
    let share = assembly_share(rule.isolation, drive, debate, state.credentials_rejected, &rules.p);
    format!("Texts come at random; the votes in favour were drawn around {}.", percent(share))
}

/// The strike of the same day beside which one came: whom an ally joined, or what answer went on beside missiles at a base.
fn beside(history: &History<'_>, id: EventId, event: &Event) -> Option<Cause> {
    let rules = &history.own;
    let Event::Struck(s) = event else { return None };
    let joins = event.kind() == EventKind::Preventive
        && rules.initiatives[usize::from(s.initiative)].actor != usize::from(s.actor);
    let contribution = match event.kind() {
        EventKind::Preventive if joins => "It was there to be joined.",
        EventKind::BaseSalvo => "It went beside that answer.",
        _ => return None,
    };
    let is = |e: &Event| match e {
        Event::Struck(other) if joins => e.kind() == EventKind::Preventive && other.initiative == s.initiative,
        Event::Struck(other) => other.actor == s.actor && matches!(e.kind(), EventKind::Salvo | EventKind::AirStrike),
        _ => false,
    };
    let (first, what) = history.last(id, is).filter(|(other, _)| other.day == id.day)?;
    Some(Cause::new(rules, Some(first), what, contribution))
}

/// Terms and causes of a front's fire: those of its busiest stream.
fn fire(history: &History<'_>, day: &Day, id: EventId, front: u16, said: &mut Explanation) {
    let rules = &history.own;
    let streams = &rules.fronts[usize::from(front)].streams;
    let busiest = day
        .decisions
        .iter()
        .filter(|d| matches!(d.subject, Subject::Stream(s) if streams.contains(&usize::from(s))))
        .max_by(|a, b| a.chance.total_cmp(&b.chance));
    let Some(decision) = busiest else { return };
    let Subject::Stream(stream) = decision.subject else { return };
    said.measure = Measure::Count;
    said.decided = format!(
        "Most of it comes from {}: {:.1} events expected that day; the draw put the count at the {} quantile.",
        rules.streams[usize::from(stream)].id.text,
        decision.chance,
        percent(decision.draw)
    );
    (said.chance, said.draw) = (Some(decision.chance), Some(decision.draw));
    let mut terms = decision.terms.clone();
    terms.sort_by(|a, b| (decision.chance - b.without).abs().total_cmp(&(decision.chance - a.without).abs()));
    for term in terms {
        said.causes.extend(causes(history, day, id, Some(decision), term.source, term.value));
        said.terms.push(TermSaid {
            name: term.name.to_string(),
            value: term.value,
            unit: term.unit.to_owned(),
            neutral: term.neutral,
            without: term.without,
        });
    }
}

/// How much a term tells: the size of the change of log odds that its absence makes.
fn weight(chance: f64, without: f64) -> f64 {
    let clip = |p: f64| p.clamp(1e-12, 1.0 - 1e-12);
    let odds = |p: f64| libm::log(clip(p) / (1.0 - clip(p)));
    (odds(chance) - odds(without)).abs()
}

/// The events and levers behind a source, with the chance in their absence.
fn causes(
    history: &History<'_>,
    day: &Day,
    id: EventId,
    decision: Option<&Decision>,
    source: Source,
    value: f64,
) -> Vec<Cause> {
    let rules = &history.own;
    let without = |amount: f64| {
        let decision = decision?;
        let mut morning = day.morning.clone();
        take_away(&mut morning, rules, source, amount).then(|| history.replay(&morning, decision.subject, source))
    };
    let one = |is: &dyn Fn(&Event) -> bool, contribution: String| -> Vec<Cause> {
        let found = history.last(id, is);
        found
            .map(|(event, what)| Cause::new(rules, Some(event), what, contribution).replayed(without(0.0)))
            .into_iter()
            .collect()
    };
    match source {
        Source::Ledger(ledger) => ledger_causes(history, id, ledger, &without),
        Source::Agreement(t) => {
            one(&|e| matches!(e, Event::Signed { table } if *table == t), "It is in force.".to_owned())
        }
        Source::Collapse(t) => {
            one(&|e| matches!(e, Event::Collapsed { table, .. } if *table == t), "It is fresh.".to_owned())
        }
        Source::Spoiler(t) => {
            one(&|e| matches!(e, Event::Spoiler { table, .. } if *table == t), "It is fresh.".to_owned())
        }
        Source::War(pair) => one(
            &|e| matches!(e, Event::War { pair: p, began: true } if *p == pair),
            "Both sides fire daily.".to_owned(),
        ),
        Source::Trigger(front) => {
            if value < 0.5 {
                return Vec::new();
            }
            let parties = &rules.fronts[usize::from(front)].parties;
            one(
                &|e| {
                    matches!(e, Event::Struck(s) if e.kind() == EventKind::Blow
                        && parties.contains(&usize::from(s.victim)) && parties.contains(&usize::from(s.actor)))
                },
                "It is fresh.".to_owned(),
            )
        }
        Source::Level(front) => one(
            &|e| match e {
                Event::LevelMoved { front: f, .. } => *f == front,
                Event::Collapsed { table, .. } => rules.tables[usize::from(*table)].front == Some(usize::from(front)),
                _ => false,
            },
            "It set the level of the front.".to_owned(),
        ),
        Source::AirDefence(actor) => one(
            &|e| {
                matches!(e, Event::Struck(s) if s.victim == actor
                    && matches!(e.kind(), EventKind::AirStrike | EventKind::Preventive))
            },
            format!("It cost air defence, now {:.0} % of intact.", value * 100.0),
        ),
        Source::Resolve(actor) => one(
            &|e| {
                matches!(e, Event::Struck(s) if s.actor == actor
                    && matches!(e.kind(), EventKind::Salvo | EventKind::AirStrike))
            },
            format!("It restored reputation, now {value:.2}."),
        ),
        Source::Lever(lever) => {
            // A lever nobody moved is part of the scenario and no cause of its own.
            let moved = one(
                &|e| matches!(e, Event::LeverMoved(change) if change.lever == lever),
                "It has stood so since.".to_owned(),
            );
            if !moved.is_empty() || lever != Lever::Administration {
                return moved;
            }
            // A course that nobody moved begins with the administration, which is in the calendar and cannot be taken away.
            let takes_office =
                |entry: u16| rules.frame.calendar[usize::from(entry)].kind == CalendarKind::UsAdministration;
            let begun = history.last(id, |e| matches!(e, Event::Calendar { entry } if takes_office(*entry)));
            let cause = begun.map(|(event, what)| Cause::new(rules, Some(event), what, "It has set the course since."));
            cause.into_iter().collect()
        }
        Source::Channel(channel) => one(
            &|e| matches!(e, Event::ChannelTurned { channel: c, .. } if *c == channel),
            format!("The channel counts {value:.1}."),
        ),
        Source::Mission(mission) => one(
            &|e| matches!(e, Event::Signed { table } if rules.tables[usize::from(*table)].mission == Some(usize::from(mission))),
            "Since then the army deploys and the withdrawal runs.".to_owned(),
        ),
        Source::Calendar => one(&|e| matches!(e, Event::Calendar { .. }), "It is in the calendar.".to_owned()),
        Source::Shield(actor) => {
            let partner = rules.actors[usize::from(actor)].shield_partner;
            one(
                &|e| matches!(e, Event::Struck(s) if e.kind() == EventKind::Blow && partner == Some(usize::from(s.victim))),
                format!("It weakened the partner; the shield stands at {value:.2}."),
            )
        }
        Source::Host(host) => {
            let warned = history.last(id, |e| matches!(e, Event::HostsWarned { hosts, .. } if hosts >> host & 1 == 1));
            // A warning only lowers what permission there is; without it the strike would be no less likely.
            let contribution = format!("Warnings lower basing permission, which stands at {value:.2}.");
            let cause = warned.map(|(event, what)| Cause::new(rules, Some(event), what, contribution));
            cause.into_iter().collect()
        }
        Source::Warning(_) => one(
            &|e| matches!(e, Event::HostsWarned { .. }),
            "Hosts' fears reach Israel through the United States.".to_owned(),
        ),
        Source::Joined(host) => {
            let rule = &rules.hosts[usize::from(host)];
            let (guest, foe) = (rule.guest, rule.foe);
            one(
                &|e| {
                    matches!(e, Event::Struck(s) if usize::from(s.actor) == guest && usize::from(s.opponent) == foe
                        && e.kind() != EventKind::Blow)
                },
                "The host's guest took part.".to_owned(),
            )
        }
        Source::Censure(n) => one(
            &|e| matches!(e, Event::Nuclear { programme, step: NuclearStep::Censured } if *programme == n),
            "It is fresh.".to_owned(),
        ),
        Source::Decided(n) => one(
            &|e| matches!(e, Event::Nuclear { programme, step: NuclearStep::Decided } if *programme == n),
            "The work has run its course.".to_owned(),
        ),
        Source::Detected(n) => one(
            &|e| matches!(e, Event::Nuclear { programme, step: NuclearStep::Detected } if *programme == n),
            "It is known.".to_owned(),
        ),
        Source::Assembly(c) => one(
            &|e| matches!(e, Event::AssemblyVote { council, .. } if *council == c),
            format!("The yes share stood at {value:.2}."),
        ),
        Source::Roadmap(r) => one(
            &|e| matches!(e, Event::Roadmap { roadmap, .. } if *roadmap == r),
            format!("It makes a factor of {value:.2}."),
        ),
        Source::Iraq(n) => one(
            &|e| matches!(e, Event::Iraq { integration, .. } if *integration == n),
            format!("It makes a factor of {value:.2}."),
        ),
        Source::Path(i) => {
            one(&|e| matches!(e, Event::Path { path, .. } if *path == i), "It steadies the truce.".to_owned())
        }
        Source::Unrest(f) => one(
            &|e| matches!(e, Event::Unrest { factions, .. } if *factions == f),
            "An audience at home was watching.".to_owned(),
        ),
        Source::Corridor(c) => one(
            &|e| matches!(e, Event::CorridorLost { corridor } if *corridor == c),
            "Resupply runs at a part of what it was.".to_owned(),
        ),
        Source::Excitation(_) | Source::Threat(_) | Source::Opinion(_) | Source::Territory(_) | Source::Given => {
            Vec::new()
        }
    }
}

/// The strikes that stand in a ledger today, largest first, and what was there before the start.
fn ledger_causes(
    history: &History<'_>,
    id: EventId,
    ledger: u16,
    without: &dyn Fn(f64) -> Option<Without>,
) -> Vec<Cause> {
    let rules = &history.own;
    let position = usize::from(ledger);
    let l = &rules.ledgers[position];
    // The state of the morning: decayed up to yesterday's phase 5, and written since.
    let faded = |since: i32| {
        let days = f64::from((id.day - 1 - since).max(0));
        libm::exp2(-days / l.half_life)
    };
    let reset = history.last(id, |e| matches!(e, Event::War { pair, began: false } if usize::from(*pair) == l.pair));
    let from = reset.map_or(EventId { day: -1, place: 0 }, |(id, _)| id);
    let mut found: Vec<Cause> = Vec::new();
    let mut amounts: Vec<f64> = Vec::new();
    for (event, what) in history.events.iter().filter(|(event, _)| *event < id) {
        let Event::Struck(s) = what else { continue };
        let (own, _) = felt(position, s, rules, &history.luck, event.day);
        if own <= 0.0 || *event <= from {
            continue;
        }
        let left = own * faded(event.day);
        amounts.push(left);
        let contribution = format!("It wrote {own:.2} blows into the ledger, of which {left:.2} were left.");
        found.push(Cause::new(rules, Some(*event), what, contribution));
    }
    if l.blows > 0.0 && reset.is_none() {
        let left = l.blows * faded(-1);
        amounts.push(left);
        found.push(Cause {
            sentence: format!("Harm from before {} was unanswered.", rules.frame.start),
            event: None,
            contribution: format!(
                "It stood at {:.2} blows, of which {left:.2} were left, less what answers struck off.",
                l.blows
            ),
            chance_without: None,
            undecided: None,
        });
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|&a, &b| amounts[b].total_cmp(&amounts[a]));
    order.into_iter().take(EVENTS_PER_LEDGER).map(|i| found[i].clone().replayed(without(amounts[i]))).collect()
}

/// A chance in words, with as many digits as it needs.
#[must_use]
pub fn percent(p: f64) -> String {
    Measure::Chance.say(p)
}
