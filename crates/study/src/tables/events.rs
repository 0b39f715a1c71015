//! Tables of a run: one row per event, one row per day.

use super::provenance::stated;
use super::table::{Cells, Table};
use detente_model::record::recorder::{EventId, Run};
use detente_model::record::say;
use detente_model::record::series::Column;
use detente_model::sim::event::{Event, EventKind};
use detente_model::sim::rules::Rules;
use serde::Serialize;
use std::borrow::Borrow;

/// The events of a run: who, where, the numbers and the sentence.
#[must_use]
pub fn events_table(rules: &Rules, events: &[(EventId, Event)]) -> Table {
    let cast: Vec<Cast<'_>> = events.iter().map(|(_, event)| Cast::of(rules, event)).collect();
    let text = |of: for<'b> fn(&Cast<'b>) -> Option<&'b str>| {
        Cells::Text(cast.iter().map(|cast| Some(of(cast).unwrap_or(NONE).to_owned())).collect())
    };
    let mut table = Table::default();
    let mut add = |name: &str, cells: Cells| table.0.push((name.to_owned(), cells));
    add("event", Cells::Text(events.iter().map(|(id, _)| Some(id.to_string())).collect()));
    add("day", Cells::Whole(events.iter().map(|(id, _)| Some(id.day.into())).collect()));
    add("place", Cells::Whole(events.iter().map(|(id, _)| Some(id.place.into())).collect()));
    add("date", Cells::Date(events.iter().map(|(id, _)| rules.date(id.day)).collect()));
    add("kind", Cells::Text(events.iter().map(|(_, event)| Some(event.kind().name().to_owned())).collect()));
    add("actor", text(|cast| cast.actor));
    add("opponent", text(|cast| cast.opponent));
    add("victim", text(|cast| cast.victim));
    add("front", text(|cast| cast.front));
    add("agreement", text(|cast| cast.agreement));
    // Nothing is ever missing: counts are 0 in events that have none, words are `none`. A column that is empty for its first
    // hundred rows is taken for text by some readers, and one that is empty in a whole run for numbers by others.
    let count = |of: fn(&Cast<'_>) -> i64| Cells::Whole(cast.iter().map(|cast| Some(of(cast))).collect());
    add("level_from", count(|cast| cast.levels.0.unwrap_or(NO_LEVEL)));
    add("level_to", count(|cast| cast.levels.1.unwrap_or(NO_LEVEL)));
    add("events", count(|cast| cast.events));
    add("rounds", count(|cast| cast.fire[0]));
    add("arrivals", count(|cast| cast.fire[1]));
    add("intercepted", count(|cast| cast.fire[2]));
    add("hits", count(|cast| cast.fire[3]));
    add("deaths", count(|cast| cast.deaths));
    add("votes_for", count(|cast| cast.votes[0]));
    add("votes_against", count(|cast| cast.votes[1]));
    add("votes_abstaining", count(|cast| cast.votes[2]));
    let steps: Vec<Step> = events.iter().map(|(_, event)| step_of(rules, event)).collect();
    let words = |of: fn(&Step) -> &Option<String>| {
        Cells::Text(steps.iter().map(|step| Some(of(step).clone().unwrap_or_else(|| NONE.to_owned()))).collect())
    };
    add("step", words(|step| &step.step));
    add("value", words(|step| &step.value));
    add("amount", Cells::Real(steps.iter().map(|step| step.amount).collect()));
    let sentences = events.iter().map(|(_, event)| Some(say::sentence(rules, event)));
    add("sentence", Cells::Text(sentences.collect()));
    table
}

/// Who and what an event names, as columns.
#[derive(Default)]
struct Cast<'a> {
    actor: Option<&'a str>,
    opponent: Option<&'a str>,
    victim: Option<&'a str>,
    front: Option<&'a str>,
    agreement: Option<&'a str>,
    levels: (Option<i64>, Option<i64>),
    events: i64,
    /// Rounds, arrivals, intercepted, hits.
    fire: [i64; 4],
    deaths: i64,
    /// In favour, against, abstaining.
    votes: [i64; 3],
}

/// Stands in columns of words where there is nothing to say.
const NONE: &str = "none";
/// Stands in columns of levels where no level moves; 0 is a level.
const NO_LEVEL: i64 = -1;

/// What an event did, by its name in files, and a value with it: a lever and what it was set to, the step of a roadmap or a
/// nuclear programme, whether a draft was adopted. The sentence says the same to people.
#[derive(Default)]
struct Step {
    step: Option<String>,
    /// A value in words.
    value: Option<String>,
    /// A value as a number: words and numbers never share a column.
    amount: f64,
}

fn step_of(rules: &Rules, event: &Event) -> Step {
    let plain = |step: &str| Step { step: Some(step.to_owned()), ..Step::default() };
    let named = |step: Option<String>| Step { step, ..Step::default() };
    match event {
        Event::LeverMoved(change) => {
            let step = Some(change.lever.id().to_owned());
            match stated(change.lever, change.value.raw(), rules.frame.start) {
                serde_json::Value::String(value) => Step { step, value: Some(value), amount: 0.0 },
                _ => Step { step, value: None, amount: change.value.raw() },
            }
        }
        Event::ChannelTurned { channel, suspended } => Step {
            value: rules.channels.get(usize::from(*channel)).map(|c| c.id.text.clone()),
            ..plain(if *suspended { "suspended" } else { "open" })
        },
        Event::CorridorLost { corridor } => {
            Step { value: rules.corridors.get(usize::from(*corridor)).map(|c| c.id.text.clone()), ..plain("lost") }
        }
        Event::CouncilVote { adopted, .. } => plain(if *adopted { "adopted" } else { "failed" }),
        Event::Roadmap { step, .. } => named(step_name(step)),
        Event::Iraq { step, .. } => named(step_name(step)),
        Event::Nuclear { step, .. } => named(step_name(step)),
        Event::Path { step, .. } => named(step_name(step)),
        Event::Unrest { repressed, .. } => plain(if *repressed { "repressed" } else { "calm" }),
        _ => Step::default(),
    }
}

/// A step by the name under which it is serialised, so that names stand once; with its number, where it has one.
fn step_name(step: &impl Serialize) -> Option<String> {
    match serde_json::to_value(step) {
        Ok(serde_json::Value::String(name)) => Some(name),
        Ok(serde_json::Value::Object(object)) => object.iter().next().map(|(name, number)| format!("{name} {number}")),
        _ => None,
    }
}

impl<'a> Cast<'a> {
    fn of(rules: &'a Rules, event: &Event) -> Self {
        let actor = |i: u16| rules.actors.get(usize::from(i)).map(|a| a.id.text.as_str());
        let front = |i: usize| rules.fronts.get(i).map(|f| f.id.text.as_str());
        let table = |i: u16| rules.tables.get(usize::from(i)).map(|t| t.id.text.as_str());
        let table_front = |i: u16| rules.tables.get(usize::from(i)).and_then(|t| t.front).and_then(front);
        match *event {
            Event::LeverMoved(_)
            | Event::Calendar { .. }
            | Event::ChannelTurned { .. }
            | Event::CorridorLost { .. } => Self::default(),
            Event::CouncilVote { yes, against, abstaining, .. }
            | Event::AssemblyVote { yes, against, abstaining, .. } => {
                Self { votes: [yes, against, abstaining].map(i64::from), ..Self::default() }
            }
            Event::HostsWarned { foe, .. } => Self { actor: actor(foe), ..Self::default() },
            Event::Roadmap { roadmap, .. } => {
                let at = rules.roadmaps.get(usize::from(roadmap)).map(|r| r.table as u16);
                Self { agreement: at.and_then(table), front: at.and_then(table_front), ..Self::default() }
            }
            Event::Path { path, .. } => {
                let at = rules.paths.get(usize::from(path)).map(|path| path.table as u16);
                Self { agreement: at.and_then(table), front: at.and_then(table_front), ..Self::default() }
            }
            Event::Iraq { integration, .. } => {
                let state = rules.integrations.get(usize::from(integration)).map(|n| n.actor as u16);
                Self { actor: state.and_then(actor), ..Self::default() }
            }
            Event::Nuclear { programme, .. } => {
                let owner = rules.programmes.get(usize::from(programme)).map(|n| n.actor as u16);
                Self { actor: owner.and_then(actor), ..Self::default() }
            }
            Event::Unrest { factions, .. } => {
                let state = rules.factions.get(usize::from(factions)).map(|f| f.actor as u16);
                Self { actor: state.and_then(actor), ..Self::default() }
            }
            Event::Signed { table: t, .. } => Self { agreement: table(t), front: table_front(t), ..Self::default() },
            Event::Collapsed { table: t, level, .. } => Self {
                agreement: table(t),
                front: table_front(t),
                levels: (None, Some(level.into())),
                ..Self::default()
            },
            Event::Spoiler { table: t, actor: a } => {
                Self { actor: actor(a), agreement: table(t), front: table_front(t), ..Self::default() }
            }
            Event::Struck(s) => Self {
                actor: actor(s.actor),
                opponent: actor(s.opponent),
                victim: actor(s.victim),
                // The front on which it fell, as filters and maps have it.
                front: event.about(rules).front.and_then(front),
                fire: if matches!(event.kind(), EventKind::Salvo | EventKind::BaseSalvo) {
                    [s.rounds.iter().sum(), s.arrivals, s.intercepted, s.hits].map(i64::from)
                } else {
                    [0; 4]
                },
                deaths: s.deaths.into(),
                ..Self::default()
            },
            Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } | Event::AnswerSettled { ledger } => {
                rules.ledgers.get(usize::from(ledger)).map_or_else(Self::default, |l| Self {
                    actor: actor(l.holder as u16),
                    opponent: actor(l.against as u16),
                    front: l.front.and_then(front),
                    ..Self::default()
                })
            }
            Event::War { pair, .. } => rules.pairs.get(usize::from(pair)).map_or_else(Self::default, |pair| {
                let side = |i: usize| pair.ledgers.get(i).and_then(|l| actor(rules.ledgers[*l].holder as u16));
                Self { actor: side(0), opponent: side(1), front: pair.front.and_then(front), ..Self::default() }
            }),
            Event::LevelMoved { front: f, from, to, .. } => {
                Self { front: front(f.into()), levels: (Some(from.into()), Some(to.into())), ..Self::default() }
            }
            Event::FireDay { front: f, events, deaths } => {
                Self { front: front(f.into()), events: events.into(), deaths: deaths.into(), ..Self::default() }
            }
        }
    }
}

/// The daily series of a run.
#[must_use]
pub fn series_table(rules: &Rules, run: &Run) -> Table {
    series_of(rules, &run.columns, &run.rows)
}

/// Daily series, one row a day from day 0 on.
#[must_use]
pub fn series_of(rules: &Rules, columns: &[Column], rows: &[impl Borrow<Vec<f64>>]) -> Table {
    let days = 0..rows.len();
    let mut table = Table::default();
    table.0.push(("day".to_owned(), Cells::Whole(days.clone().map(|day| Some(day as i64)).collect())));
    table.0.push(("date".to_owned(), Cells::Date(days.map(|day| rules.date(day as i32)).collect())));
    for (i, column) in columns.iter().enumerate() {
        let values = rows.iter().map(|row| row.borrow()[i]);
        let cells = if column.is_whole() {
            Cells::Whole(values.map(|value| Some(value as i64)).collect())
        } else {
            Cells::Real(values.collect())
        };
        table.0.push((column.name.clone(), cells));
    }
    table
}
