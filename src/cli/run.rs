//! `detente run`: one history, summarised.

use super::args::Run as Args;
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, short, styled, thousands};
use super::prepared::{Prepared, short_name};
use super::row;
use super::setting;
use crate::futures::accumulate::{FirstDays, Summary};
use crate::learn::now::Start;
use crate::record::fates::Fates;
use crate::record::outcome::{Escalation, Outcome, Settlement};
use crate::record::recorder::{EventId, Run, record};
use crate::record::say;
use crate::record::summary::{Killed, killed};
use crate::sim::event::Event;
use crate::sim::rules::Rules;
use crate::sim::state::StrikeKind;
use crate::sim::world::Fate;
use crate::symbols::levers::Lever;
use crate::tables::folder::vacant;
use crate::tables::provenance::Provenance;
use crate::tables::provenance::stated;
use crate::tables::run::{Written, write_run};
use crate::tables::table::Format;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Key events shown at most.
const SHOWN: usize = 24;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if let Some(row) = &args.like {
        let (prepared, like) = row::named(args, row)?;
        return run_of(&prepared, &like).map(|_| ());
    }
    run_of(&Prepared::new(&args.what, &args.set.set)?.with(args.params)?.starting(&args.from)?, args).map(|_| ())
}

/// Runs and shows one history, and gives it.
pub(super) fn run_of(prepared: &Prepared, args: &Args) -> Result<Run, Failure> {
    let fates = args.fates(prepared)?;
    let run = recorded(prepared, fates, args.out.as_deref().map(|folder| (folder, args.format.into())))?;
    if args.json {
        output::json(&Json::of(prepared, args, fates, &run))?;
    } else {
        output::text(&summary(prepared, args, fates, &run))?;
    }
    Ok(run)
}

/// Runs a future with every event, and keeps it in a new folder if one is given, with its tables in this format.
pub(super) fn recorded(prepared: &Prepared, fates: Fates<'_>, out: Option<(&Path, Format)>) -> Result<Run, Failure> {
    if let Some((folder, _)) = out {
        // Better refused now than after the work.
        vacant(folder)?;
    }
    let Prepared { loaded, days, log, .. } = prepared;
    // The numbers of a beginning are the run's own.
    let own = prepared.from.as_ref().map(|start| start.own(&prepared.rules, fates.first.future));
    let rules = own.as_ref().unwrap_or(&prepared.rules);
    let Some(run) = record(rules, fates, log, *days, |_| true) else {
        return Err(Failure::Interrupted("interrupted".to_owned()));
    };
    if let Some((folder, format)) = out {
        let from = prepared.from.as_ref().map(Start::part);
        write_run(folder, format, loaded, rules, Written { fates, log, from: from.as_ref() }, &run)?;
    }
    Ok(run)
}

impl Args {
    /// Which future of which draws.
    pub(super) fn fate(&self) -> Fate {
        Fate { seed: self.what.seed, future: self.future, prior: self.params.draws() }
    }

    /// The same with the day from which on it holds.
    pub(super) fn fates<'a>(&self, prepared: &'a Prepared) -> Result<Fates<'a>, Failure> {
        let start = prepared.from.as_ref().map(|start| &start.of(self.future).state);
        let Some(text) = &self.from_day else { return Ok(Fates::from(self.fate()).starting(start)) };
        let day = setting::day(text, prepared.rules.frame.start, prepared.days)
            .map_err(|why| Failure::refused(format!("--from-day {text}: {why}")))?;
        Ok(Fates::from_day(day, self.fate()))
    }
}

#[derive(Serialize)]
struct Json<'a> {
    #[serde(flatten)]
    of: Provenance,
    future: u64,
    digest: &'a str,
    outcome: Outcome,
    first_days: FirstDays,
    streams: BTreeMap<&'a str, Stream>,
    killed: Vec<Killed>,
    salvos: Vec<Salvo<'a>>,
    agreements: Vec<Agreement<'a>>,
    levers: BTreeMap<&'static str, serde_json::Value>,
}

#[derive(Serialize)]
struct Stream {
    events: u64,
    deaths: u64,
}

#[derive(Serialize)]
struct Salvo<'a> {
    day: i32,
    from: &'a str,
    to: &'a str,
    rounds: u32,
    arrivals: u32,
    hits: u32,
}

#[derive(Serialize)]
struct Agreement<'a> {
    kind: &'a str,
    signed: i32,
    collapsed: Option<i32>,
}

impl<'a> Json<'a> {
    fn of(prepared: &'a Prepared, args: &Args, fates: Fates, run: &'a Run) -> Self {
        let fate = args.fate();
        let rules = &prepared.rules;
        let tally = &run.end.tally;
        let totals = tally.events.iter().zip(&tally.deaths);
        let stated = |&lever: &Lever| (lever.id(), stated(lever, run.end.levers[lever], rules.frame.start));
        Self {
            of: prepared.provenance(args.what.seed, args.params.name()).from_day(fates.then.map(|(day, _)| day)),
            future: args.future,
            digest: &run.digest.whole,
            outcome: run.outcome,
            first_days: Summary::of(args.future, run.outcome, tally, []).first,
            killed: killed(&prepared.own(fate), fate, &run.end),
            streams: rules
                .streams
                .iter()
                .zip(totals)
                .map(|(stream, (&events, &deaths))| (stream.id.text.as_str(), Stream { events, deaths }))
                .collect(),
            salvos: run.events.iter().filter_map(|(id, event)| Salvo::of(rules, *id, event)).collect(),
            agreements: tally
                .spells
                .iter()
                .map(|spell| Agreement {
                    kind: &rules.tables[usize::from(spell.table)].id.text,
                    signed: spell.signed,
                    collapsed: spell.ended,
                })
                .collect(),
            levers: Lever::ALL.iter().map(stated).collect(),
        }
    }
}

impl<'a> Salvo<'a> {
    fn of(rules: &'a Rules, id: EventId, event: &Event) -> Option<Self> {
        match event {
            Event::Struck(s) if s.kind == StrikeKind::Salvo => Some(Self {
                day: id.day,
                from: &rules.actors[usize::from(s.actor)].id.text,
                to: &rules.actors[usize::from(s.opponent)].id.text,
                rounds: s.rounds.iter().sum(),
                arrivals: s.arrivals,
                hits: s.hits,
            }),
            _ => None,
        }
    }
}

fn summary(prepared: &Prepared, args: &Args, fates: Fates, run: &Run) -> String {
    let rules = &prepared.rules;
    let mut text = format!("{} · seed {}", styled(HEAD, prepared.title()), args.what.seed);
    if args.future > 0 {
        let _ = write!(text, " · future {}", args.future);
    }
    if let Some((day, _)) = fates.then {
        let _ = write!(text, " from {} (day {day}) on", output::date(rules.date(day)));
    }
    text.push_str(&if args.params.draws() || prepared.from.is_some() {
        format!(" · {}\n", prepared.numbers(args.params))
    } else {
        "\n".to_owned()
    });
    let mut section = |title: &str, body: &str| {
        let _ = write!(text, "\n{}\n{body}", styled(HEAD, title));
    };
    section("Outcome", &outcome(run.outcome));
    section("Fire, by stream", &streams(rules, run));
    let killed = dead(&prepared.own(args.fate()), args.fate(), run);
    section("Killed, by territory: the model's count, and what either side would publish", &killed);
    section("Agreements", &agreements(rules, run));
    section("Strikes between states", &strikes(rules, run));
    section("Key events", &key_events(rules, run));
    match &args.out {
        Some(folder) => {
            let folder = folder.display();
            let _ =
                writeln!(text, "\nWritten to {folder}: `detente explain {folder} EVENT` says why an event happened.");
        }
        None => text.push_str("\nAdd --out DIR to keep every event and daily series, and to explain events.\n"),
    }
    let _ = writeln!(text, "{}\n{CAVEAT}", styled(FAINT, format!("Digest {}", run.digest.whole)));
    text
}

fn outcome(outcome: Outcome) -> String {
    let mut headline = outcome.headline.words().to_owned();
    if let Some(first) = headline.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let mut grid = Grid::new(&["", "nothing settled", "piecemeal truce", "collective deal"]);
    for (escalation, words) in
        Escalation::ALL.into_iter().zip(["no direct exchange", "contained exchange", "regional war"])
    {
        let mark = |settlement: Settlement| {
            let here = (escalation, settlement) == (outcome.escalation, outcome.settlement);
            (if here { "      X" } else { "      ·" }).to_owned()
        };
        grid.row(std::iter::once(words.to_owned()).chain(Settlement::ALL.into_iter().map(mark)));
    }
    format!("  {headline}\n\n{}", grid.text())
}

fn streams(rules: &Rules, run: &Run) -> String {
    let days = run.rows.len().max(1) as f64;
    let mut grid = Grid::new(&["stream", "who on whom", ">events", ">a day", ">killed"]);
    let name = |actor: usize| short_name(rules, actor);
    for (i, stream) in rules.streams.iter().enumerate() {
        let events = run.end.tally.events[i];
        grid.row([
            stream.id.text.clone(),
            format!("{} on {}", name(stream.attacker), name(stream.target)),
            thousands(events),
            short(events as f64 / days),
            thousands(run.end.tally.deaths[i]),
        ]);
    }
    grid.text()
}

fn dead(rules: &Rules, fate: Fate, run: &Run) -> String {
    let mut grid = Grid::new(&["", ">model", ">those who live there", ">those who fire"]);
    for (killed, territory) in killed(rules, fate, &run.end).iter().zip(&rules.territories) {
        let numbers = [killed.count, killed.by_the_harmed, killed.by_the_other].map(|n| thousands(n.into()));
        grid.row(std::iter::once(territory.name.clone()).chain(numbers));
    }
    grid.text()
}

fn agreements(rules: &Rules, run: &Run) -> String {
    let spells = &run.end.tally.spells;
    if spells.is_empty() {
        return "  None was signed.\n".to_owned();
    }
    let mut grid = Grid::new(&["", "signed", "end", ">days"]);
    for spell in spells {
        let end = spell
            .ended
            .map_or_else(|| "in force".to_owned(), |day| format!("collapsed {}", output::date(rules.date(day))));
        grid.row([
            rules.tables[usize::from(spell.table)].name.clone(),
            output::date(rules.date(spell.signed)),
            end,
            (spell.ended.unwrap_or(run.end.clock.day) - spell.signed).to_string(),
        ]);
    }
    grid.text()
}

fn strikes(rules: &Rules, run: &Run) -> String {
    let mut grid = Grid::new(&["date", "from", "on", "", ">rounds", ">arrivals", ">hits", ">killed"]);
    let mut left_out = 0_usize;
    for (id, event) in &run.events {
        let Event::Struck(s) = event else { continue };
        let kind = match s.kind {
            StrikeKind::Blow => continue,
            StrikeKind::Salvo => "salvo",
            StrikeKind::AirStrike => "air strike",
            StrikeKind::Preventive => "preventive strike",
            StrikeKind::BaseSalvo => "salvo at a base",
        };
        if grid.len() >= SHOWN {
            left_out += 1;
            continue;
        }
        let salvo = matches!(s.kind, StrikeKind::Salvo | StrikeKind::BaseSalvo);
        let number = |value: u32| if salvo { thousands(value.into()) } else { "–".to_owned() };
        grid.row([
            rules.date(id.day).to_string(),
            short_name(rules, s.actor.into()).to_owned(),
            short_name(rules, s.opponent.into()).to_owned(),
            kind.to_owned(),
            number(s.rounds.iter().sum()),
            number(s.arrivals),
            number(s.hits),
            thousands(s.deaths.into()),
        ]);
    }
    if grid.is_empty() {
        return "  None.\n".to_owned();
    }
    let more = if left_out > 0 { format!("  … and {left_out} more\n") } else { String::new() };
    grid.text() + &more
}

fn key_events(rules: &Rules, run: &Run) -> String {
    let mut strategic: Vec<(u8, &(EventId, Event))> =
        run.events.iter().filter_map(|entry| Some((entry.1.kind().weight()?, entry))).collect();
    let more = strategic.len().saturating_sub(SHOWN);
    strategic.sort_by_key(|(weight, (id, _))| (*weight, *id));
    strategic.truncate(SHOWN);
    strategic.sort_by_key(|(_, (id, _))| *id);
    if strategic.is_empty() {
        return "  None.\n".to_owned();
    }
    let mut grid = Grid::new(&["event", "date", ""]);
    for (_, (id, event)) in strategic {
        grid.row([id.to_string(), rules.date(id.day).to_string(), say::sentence(rules, event)]);
    }
    let more = if more > 0 { format!("  … and {more} lesser ones, besides daily fire\n") } else { String::new() };
    grid.text() + &more
}
