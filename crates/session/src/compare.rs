//! What differs between two branches up to a day: figures, levers, the first day on which anything parts, and the first
//! decisions that come out differently, with the chance in each branch and the draw that both share.
//!
//! Everything is compared exactly, bit for bit. A branch with no change shows zero everywhere.

use super::sitting::Sitting;
use detente_model::record::digits::Measure;
use detente_model::record::explain::{decision_in, subject};
use detente_model::record::recorder::EventId;
use detente_model::record::say::sentence;
use detente_model::record::summary::{Killed, killed};
use detente_model::sim::event::{Event, EventKind, PathStep};
use detente_model::sim::probe::Subject;
use detente_model::sim::rules::Rules;
use detente_model::sim::state::{Status, StrikeKind};
use detente_model::symbols::levers::Lever;

/// How far a figure is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// Whole numbers.
    Whole,
    /// One decimal.
    Tenths,
    /// Two decimals.
    Hundredths,
}

impl Digits {
    /// A figure in words, with a true minus sign and thousands set apart.
    #[must_use]
    pub fn say(self, value: f64) -> String {
        let size = match self {
            Self::Whole => format!("{:.0}", value.abs()),
            Self::Tenths => format!("{:.1}", value.abs()),
            Self::Hundredths => format!("{:.2}", value.abs()),
        };
        let nothing = size.chars().all(|c| c == '0' || c == '.');
        let (whole, rest) = size.split_once('.').map_or((size.as_str(), None), |(whole, rest)| (whole, Some(rest)));
        let mut text = if value < 0.0 && !nothing { "\u{2212}".to_owned() } else { String::new() };
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if let Some(rest) = rest {
            text.push('.');
            text.push_str(rest);
        }
        text
    }

    /// A difference in words: with its sign, and "0" where it is exactly zero.
    #[must_use]
    pub fn say_difference(self, value: f64) -> String {
        if value.abs() > 0.0 {
            let text = self.say(value);
            if value > 0.0 { format!("+{text}") } else { text }
        } else {
            "0".to_owned()
        }
    }
}

/// One figure of two branches.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Unit.
    pub unit: &'static str,
    /// How it is printed.
    pub digits: Digits,
    /// Its value in A on the evening before the day.
    pub a: f64,
    /// Its value in B.
    pub b: f64,
    /// The first day whose evening shows another value in B than in A.
    pub first: Option<i32>,
}

impl Row {
    /// B − A.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.b - self.a
    }
}

/// A lever that stands differently.
#[derive(Clone, Debug, PartialEq)]
pub struct LeverRow {
    /// Lever.
    pub lever: Lever,
    /// Its value in A.
    pub a: f64,
    /// Its value in B.
    pub b: f64,
}

/// A decision that came out differently, or an event in one branch alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Parting {
    /// Day.
    pub day: i32,
    /// The event, in the branch that has it: A or B.
    pub events: [Option<EventId>; 2],
    /// What happened there.
    pub sentence: String,
    /// The chance that day in A and in B (of a vote: of the one that came there); `None` where nothing of the kind was decided.
    pub chances: [Option<f64>; 2],
    /// The draw in A and in B: the same number where both decided.
    pub draws: [Option<f64>; 2],
    /// All of it in plain English.
    pub text: String,
}

/// Two branches held against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Positions of A and B.
    pub pair: [usize; 2],
    /// Days compared: every day before this one.
    pub until: i32,
    /// The first day on which any series or event differs.
    pub first: Option<i32>,
    /// Levers in force that differ.
    pub levers: Vec<LeverRow>,
    /// Figures.
    pub rows: Vec<Row>,
}

/// How a figure is read from a branch, evening by evening.
enum Reading {
    /// The sum of some series that evening.
    Level(Vec<usize>),
    /// The sum of some series on all days so far.
    Total(Vec<usize>),
    /// How many of some series have this value.
    Count(Vec<usize>, f64),
    /// A count over events so far.
    Events(fn(&Event) -> u32),
}

fn rounds_fired(event: &Event) -> u32 {
    match event {
        Event::Struck(s) if matches!(s.kind, StrikeKind::Salvo | StrikeKind::BaseSalvo) => s.rounds.iter().sum(),
        _ => 0,
    }
}

fn base_struck(event: &Event) -> u32 {
    u32::from(event.kind() == EventKind::BaseSalvo)
}

fn blow(event: &Event) -> u32 {
    u32::from(event.kind() == EventKind::Blow)
}

/// The figures of a scenario, with their readings.
fn figures(sitting: &Sitting) -> Vec<(String, &'static str, Digits, Reading)> {
    let rules = &sitting.rules;
    let column = |name: String| sitting.stage().column(&name);
    let mut list = Vec::new();
    let displaced = rules.territories.iter().filter_map(|t| column(format!("displaced.{}", t.id.text))).collect();
    list.push(("Displaced".to_owned(), "persons", Digits::Whole, Reading::Level(displaced)));
    for front in rules.fronts.iter().filter(|front| !front.streams.is_empty()) {
        let streams = front.streams.iter().filter_map(|&s| column(format!("events.{}", rules.streams[s].id.text)));
        list.push((format!("Events: {}", front.name), "events", Digits::Whole, Reading::Total(streams.collect())));
    }
    let status = rules.tables.iter().filter_map(|t| column(format!("status.{}", t.id.text))).collect();
    let in_force = f64::from(Status::InForce as u8);
    list.push(("Agreements in force".to_owned(), "agreements", Digits::Whole, Reading::Count(status, in_force)));
    if !rules.initiatives.is_empty() {
        list.push(("Strikes on leadership".to_owned(), "strikes", Digits::Whole, Reading::Events(blow)));
    }
    if !rules.ledgers.is_empty() {
        list.push(("Missiles and drones fired".to_owned(), "rounds", Digits::Whole, Reading::Events(rounds_fired)));
        let war = rules.pairs.iter().filter_map(|pair| column(format!("war.{}", pair.id.text))).collect();
        list.push(("Days of daily exchanges".to_owned(), "days", Digits::Whole, Reading::Total(war)));
    }
    if !rules.hosts.is_empty() {
        list.push(("US bases struck".to_owned(), "times", Digits::Whole, Reading::Events(base_struck)));
    }
    for economy in &rules.economies {
        let name = format!("Oil exports, {}", rules.actors[economy.actor].name);
        let oil = column(format!("oil.{}", economy.id.text)).into_iter().collect();
        list.push((name, "mb/d", Digits::Hundredths, Reading::Level(oil)));
    }
    for programme in &rules.programmes {
        let name = format!("Breakout time, {}", rules.actors[programme.actor].name);
        let days = column(format!("breakout.{}", programme.id.text)).into_iter().collect();
        list.push((name, "days", Digits::Tenths, Reading::Level(days)));
    }
    for path in &rules.paths {
        let aid = column(format!("aid.{}", path.id.text)).into_iter().collect();
        list.push(("Aid into Gaza".to_owned(), "trucks/day", Digits::Whole, Reading::Level(aid)));
    }
    list
}

impl Comparison {
    /// Compares two branches over the days before `until`, as far as both were played.
    #[must_use]
    pub fn of(sitting: &mut Sitting, pair: [usize; 2], until: i32) -> Self {
        let played = pair.map(|branch| sitting.branches()[branch].history.days());
        let until = until.clamp(0, played[0].min(played[1]));
        let evenings = pair.map(|branch| sitting.state(branch, until));
        let ends = [0, 1].map(|side| sitting.stage().row(&sitting.rules, &evenings[side]));

        let mut rows = killed_rows(sitting, pair, until, &evenings);
        for (name, unit, digits, reading) in figures(sitting) {
            let series = pair.map(|branch| read(sitting, branch, until, &reading));
            let end = |side: usize| match &reading {
                // Day 0 has no evening before it, and yet a state.
                Reading::Level(columns) => columns.iter().map(|&c| ends[side][c]).sum(),
                Reading::Count(columns, value) => count(&ends[side], columns, *value),
                Reading::Total(_) | Reading::Events(_) => series[side].last().copied().unwrap_or(0.0),
            };
            let (a, b) = (end(0), end(1));
            rows.push(Row { name, unit, digits, a, b, first: first_difference(&series) });
        }

        let differs = |&lever: &Lever| evenings[0].levers[lever].to_bits() != evenings[1].levers[lever].to_bits();
        let levers = Lever::ALL.iter().copied().filter(differs);
        let levers = levers
            .map(|lever| LeverRow { lever, a: evenings[0].levers[lever], b: evenings[1].levers[lever] })
            .collect();
        Self { pair, until, first: first_parting(sitting, pair, until), levers, rows }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.first.is_none()
    }
}

/// What each side publishes, summed over territories: the lower and the higher of the two counts (6.8).
fn killed_rows(
    sitting: &Sitting,
    pair: [usize; 2],
    until: i32,
    evenings: &[detente_model::sim::world::Snapshot; 2],
) -> Vec<Row> {
    let rules = &sitting.rules;
    let columns = rules.territories.iter().filter_map(|t| sitting.stage().column(&format!("killed.{}", t.id.text)));
    let columns: Vec<usize> = columns.collect();
    // Counts published follow from the model's count in each territory: they differ from the day on which that does.
    let first = (0..until).find(|&day| {
        let [a, b] = pair.map(|branch| &sitting.branches()[branch].history.rows[day as usize]);
        columns.iter().any(|&c| a[c].to_bits() != b[c].to_bits())
    });
    let counts = [0, 1].map(|side| killed(rules, sitting.fate(), &evenings[side]));
    let sum = |side: usize, of: fn(&Killed) -> u32| counts[side].iter().map(|k| f64::from(of(k))).sum();
    let row = |name: &str, of: fn(&Killed) -> u32| Row {
        name: name.to_owned(),
        unit: "persons",
        digits: Digits::Whole,
        a: sum(0, of),
        b: sum(1, of),
        first,
    };
    vec![
        row("Killed, the model's count", |k| k.count),
        row("Killed, lower count published", |k| k.by_the_harmed.min(k.by_the_other)),
        row("Killed, higher count published", |k| k.by_the_harmed.max(k.by_the_other)),
    ]
}

fn count(row: &[f64], columns: &[usize], value: f64) -> f64 {
    columns.iter().filter(|&&c| row[c].to_bits() == value.to_bits()).count() as f64
}

/// A figure on every evening before `until`.
fn read(sitting: &Sitting, branch: usize, until: i32, reading: &Reading) -> Vec<f64> {
    let history = &sitting.branches()[branch].history;
    let rows = &history.rows[..until as usize];
    let sum = |row: &Vec<f64>, columns: &[usize]| columns.iter().map(|&c| row[c]).sum::<f64>();
    match reading {
        Reading::Level(columns) => rows.iter().map(|row| sum(row, columns)).collect(),
        Reading::Count(columns, value) => rows.iter().map(|row| count(row, columns, *value)).collect(),
        Reading::Total(columns) => {
            let mut total = 0.0;
            let mut add = |row: &Vec<f64>| {
                total += sum(row, columns);
                total
            };
            rows.iter().map(|row| add(row)).collect()
        }
        Reading::Events(of) => {
            let mut series = vec![0.0; until as usize];
            for (id, event) in history.before(until) {
                series[id.day as usize] += f64::from(of(event));
            }
            for day in 1..series.len() {
                series[day] += series[day - 1];
            }
            series
        }
    }
}

fn first_difference(series: &[Vec<f64>; 2]) -> Option<i32> {
    series[0].iter().zip(&series[1]).position(|(a, b)| a.to_bits() != b.to_bits()).map(|day| day as i32)
}

/// The first day on which any series or event differs, of the days before `until`, which both branches have played.
#[must_use]
pub fn first_parting(sitting: &Sitting, pair: [usize; 2], until: i32) -> Option<i32> {
    let [a, b] = pair.map(|branch| &sitting.branches()[branch].history);
    (0..until).find(|&day| {
        let (x, y) = (&a.rows[day as usize], &b.rows[day as usize]);
        a.on(day) != b.on(day) || x.iter().zip(y.iter()).any(|(x, y)| x.to_bits() != y.to_bits())
    })
}

/// What an event is about, leaving its numbers aside: the same decision in two branches has the same mark.
fn mark(event: &Event) -> (EventKind, [u16; 3]) {
    let about = match *event {
        Event::LeverMoved(change) => [change.lever as u16, 0, 0],
        Event::Calendar { entry } => [entry, 0, 0],
        Event::ChannelTurned { channel, suspended } => [channel, u16::from(suspended), 0],
        Event::Signed { table, .. } | Event::Collapsed { table, .. } => [table, 0, 0],
        Event::Spoiler { table, actor } => [table, actor, 0],
        Event::Struck(s) => [s.actor, s.opponent, s.initiative],
        Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } | Event::AnswerSettled { ledger } => {
            [ledger, 0, 0]
        }
        Event::War { pair, .. } => [pair, 0, 0],
        Event::LevelMoved { front, .. } => [front, 0, 0],
        Event::HostsWarned { foe, .. } => [foe, 0, 0],
        Event::CorridorLost { corridor } => [corridor, 0, 0],
        Event::Roadmap { roadmap, .. } => [roadmap, 0, 0],
        Event::Iraq { integration, .. } => [integration, 0, 0],
        Event::Nuclear { programme, step } => [programme, step as u16, 0],
        Event::CouncilVote { council, draft, us, .. } => [council, draft, us as u16],
        Event::AssemblyVote { council, credentials, .. } => [council, u16::from(credentials), 0],
        Event::Path { path, step } => [path, stage(step), 0],
        Event::Unrest { factions, repressed } => [factions, u16::from(repressed), 0],
        Event::FireDay { front, .. } => [front, 0, 0],
    };
    (event.kind(), about)
}

/// The number of a step, whatever comes with it.
fn stage(step: PathStep) -> u16 {
    match step {
        PathStep::Withdrawn => 0,
        PathStep::Unified => 1,
        PathStep::Elected => 2,
        PathStep::NotElected => 3,
        PathStep::Votes { .. } => 4,
        PathStep::Rebuilt => 5,
        PathStep::Undone => 6,
    }
}

/// Whether an event is told among partings: not lever moves (they are the question), daily fire and what merely follows.
fn is_told(event: &Event) -> bool {
    !matches!(
        event.kind(),
        EventKind::Lever
            | EventKind::Fire
            | EventKind::Calendar
            | EventKind::AnswerOwed
            | EventKind::AnswerLapsed
            | EventKind::AnswerSettled
            | EventKind::HostsWarned
    )
}

/// Where two branches part: the earliest decisions and events that one has and the other has not, at most `most`, over
/// the days before `until`. Each replays one day of both branches, so whoever draws should keep the answer.
#[must_use]
pub fn partings(sitting: &mut Sitting, pair: [usize; 2], until: i32, most: usize) -> Vec<Parting> {
    let played = pair.map(|branch| sitting.branches()[branch].history.days());
    let until = until.clamp(0, played[0].min(played[1]));
    let mut found: Vec<(usize, EventId, Event)> = Vec::new();
    for day in first_parting(sitting, pair, until).unwrap_or(until)..until {
        if found.len() >= most {
            break;
        }
        let days = pair.map(|branch| sitting.branches()[branch].history.on(day));
        for side in [0, 1] {
            for (id, event) in days[side].iter().filter(|(_, event)| is_told(event)) {
                if days[1 - side].iter().all(|(_, other)| mark(other) != mark(event)) {
                    found.push((side, *id, *event));
                }
            }
        }
    }
    found.truncate(most);
    found.into_iter().map(|(side, id, event)| parting(sitting, pair, side, id, &event)).collect()
}

fn parting(sitting: &mut Sitting, pair: [usize; 2], side: usize, id: EventId, event: &Event) -> Parting {
    let mornings = pair.map(|branch| sitting.state(branch, id.day));
    let rules = &sitting.rules;
    let documented = rules.documented(event, id.day);
    let decisions = [0, 1].map(|at: usize| {
        let subject = subject(rules, event).filter(|_| !documented)?;
        let log = &sitting.branches()[pair[at]].changes;
        decision_in(rules, sitting.fate(), log, &mornings[at], subject)
    });
    let chances = [0, 1].map(|at: usize| decisions[at].as_ref().map(|d| d.chance));
    let draws = [0, 1].map(|at: usize| decisions[at].as_ref().map(|d| d.draw));
    let mut events = [None; 2];
    events[side] = Some(id);
    let said = sentence(rules, event);
    let text = in_words(rules, event, side, (chances, draws), documented);
    Parting { day: id.day, events, sentence: said, chances, draws, text }
}

/// "Truce in Lebanon. Chance of collapse 0.52 % in A, 0.31 % in B; drawn 0.38 %. It ends in A and holds in B."
fn in_words(
    rules: &Rules,
    event: &Event,
    side: usize,
    (chances, draws): ([Option<f64>; 2], [Option<f64>; 2]),
    documented: bool,
) -> String {
    let (here, there) = if side == 0 { ("A", "B") } else { ("B", "A") };
    let table = |t: u16| rules.tables[usize::from(t)].name.as_str();
    let (title, noun, comes) = match event {
        Event::Collapsed { table: t, .. } => {
            let comes = if chances[1 - side].is_some() {
                format!("It ends in {here} and holds in {there}.")
            } else {
                format!("It ends in {here}.")
            };
            (format!("{}.", table(*t)), "collapse", comes)
        }
        Event::Signed { table: t, .. } => {
            (format!("{}.", table(*t)), "a signing", format!("It is signed in {here} and not in {there}."))
        }
        other => {
            let noun = match subject(rules, other) {
                Some(Subject::UsVote(_)) => "that US vote",
                Some(Subject::StepUp(_)) => "a step up",
                Some(Subject::StepDown(_)) => "a step down",
                Some(Subject::Answer(_)) => "an answer",
                Some(Subject::Settlement(_)) => "a settlement",
                Some(Subject::Spoiler(..)) => "an attack",
                Some(Subject::Blow(_) | Subject::Preventive(_) | Subject::BaseStrike(_)) => "a strike",
                _ => "it",
            };
            (sentence(rules, other), noun, format!("It happens in {here} and not in {there}."))
        }
    };
    if documented {
        return format!("{title} It is documented, and fed into the run. {comes}");
    }
    // A chance and a draw that lie close together need more digits to tell why one side of them fell.
    let known = |p: Option<f64>| p.unwrap_or(1.0);
    let [a, b, x, y] = Measure::Chance.apart([chances[0], chances[1], draws[0], draws[1]].map(known));
    let (chance, draw) = if side == 0 { (&a, &x) } else { (&b, &y) };
    let is_vote = matches!(subject(rules, event), Some(Subject::UsVote(_)));
    let decided = match (chances[side], chances[1 - side]) {
        // The chance there is that of the vote that came there.
        (Some(_), Some(_)) if is_vote => {
            format!("Chance of {noun} {chance} in {here}; on the draw of {draw} another came in {there}.")
        }
        (Some(_), Some(_)) => {
            let drawn = match draws {
                [Some(p), Some(q)] if p.to_bits() == q.to_bits() => format!("drawn {x}"),
                _ => format!("drawn {x} in A and {y} in B"),
            };
            format!("Chance of {noun} {a} in A, {b} in B; {drawn}.")
        }
        (Some(_), None) => {
            let drawn = draws[side].map_or(String::new(), |_| format!("; drawn {draw}"));
            format!("Chance of {noun} {chance} in {here}{drawn}; in {there} nothing of the kind was open that day.")
        }
        _ => "It follows from the state that day; no draw was made.".to_owned(),
    };
    format!("{title} {decided} {comes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(seed: u64) -> Sitting {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), seed);
        s.go_to(40);
        s.fork("B").unwrap();
        s
    }

    #[test]
    fn a_branch_without_a_change_shows_exactly_zero_everywhere() {
        let mut s = two(7);
        for until in [0, 1, 40, 41, 200] {
            s.go_to(until.max(1));
            s.bring(0);
            let c = Comparison::of(&mut s, [0, 1], until);
            assert_eq!((c.first, c.levers.len(), c.is_null()), (None, 0, true));
            assert!(c.rows.len() > 15, "{}", c.rows.len());
            for row in &c.rows {
                assert_eq!((row.difference().to_bits(), row.first), (0.0_f64.to_bits(), None), "{}", row.name);
                assert_eq!(row.digits.say_difference(row.difference()), "0");
            }
            assert!(partings(&mut s, [0, 1], until, 4).is_empty());
        }
    }

    #[test]
    fn figures_are_those_of_the_state_and_first_days_are_the_first() {
        let mut s = two(3);
        s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
        s.set_lever(Lever::DealArchitecture, 2.0).unwrap();
        s.go_to(240);
        s.bring(0);
        let c = Comparison::of(&mut s, [0, 1], 240);
        assert_eq!(c.first, Some(40), "the levers move on day 40");
        let moved: Vec<Lever> = c.levers.iter().map(|row| row.lever).collect();
        assert_eq!(moved, [Lever::UnifilTroops, Lever::DealArchitecture]);
        for side in [0, 1] {
            let end = s.state(side, 240);
            let of = |row: &Row| if side == 0 { row.a } else { row.b };
            let figure = |name: &str| of(c.rows.iter().find(|row| row.name.starts_with(name)).unwrap());
            assert_eq!(figure("Killed, the") as u32, end.columns.territories.iter().map(|t| t.killed).sum::<u32>());
            assert!(figure("Killed, lower") <= figure("Killed, higher"));
            let events: f64 = c.rows.iter().filter(|row| row.name.starts_with("Events")).map(of).sum();
            assert_eq!(events as u64, end.tally.events.iter().sum::<u64>());
            assert_eq!(figure("Strikes on leadership") as u32, end.tally.blows);
            let rounds: u32 = end.tally.exchanges.iter().map(|x| x.rounds).sum();
            assert_eq!(figure("Missiles and drones fired") as u32, rounds);
            let in_force = end.columns.agreements.iter().filter(|a| a.in_force()).count();
            assert_eq!(figure("Agreements in force") as usize, in_force);
        }
        for row in &c.rows {
            let Some(first) = row.first else {
                assert!(row.difference().abs() <= 0.0, "{}", row.name);
                continue;
            };
            assert!(first >= 40, "{}", row.name);
            let same = Comparison::of(&mut s, [0, 1], first);
            assert!(same.rows.iter().any(|r| r.name == row.name && r.first.is_none()), "{}", row.name);
        }
    }

    #[test]
    fn partings_name_the_chance_in_both_branches_and_the_shared_draw() {
        let (mut told, mut shared) = (0, 0);
        for seed in 1..7 {
            let mut s = two(seed);
            s.set_lever(Lever::IsraelBlowRate, 2.0).unwrap();
            s.set_lever(Lever::IranResponseScale, 0.6).unwrap();
            s.set_lever(Lever::DealGuarantee, 1.0).unwrap();
            s.go_to(300);
            s.bring(0);
            let list = partings(&mut s, [0, 1], 300, 4);
            assert!(list.len() <= 4 && list.windows(2).all(|pair| pair[0].day <= pair[1].day));
            for p in &list {
                told += 1;
                assert_eq!(p.events.iter().flatten().count(), 1, "in one branch alone: {}", p.text);
                let side = usize::from(p.events[1].is_some());
                assert!(p.text.contains(["in A", "in B"][side]), "{}", p.text);
                if let ([Some(x), Some(y)], [Some(a), Some(b)]) = (p.draws, p.chances) {
                    assert_eq!(x.to_bits(), y.to_bits(), "one draw for both: {}", p.text);
                    // A vote's draw picks among three, and the other side's chance is of another vote: it is not printed.
                    let is_vote = p.text.contains("US vote");
                    assert!(!is_vote || p.text.matches(" %").count() == 2, "{}", p.text);
                    // What a draw decides, it decides by lying below the chance.
                    let votes = is_vote || p.text.contains("elections");
                    assert!(votes || (x < [a, b][side] && y >= [a, b][1 - side]), "{}", p.text);
                    shared += 1;
                }
            }
        }
        assert!(told > 8 && shared > 3, "{told} {shared}");
    }

    #[test]
    fn figures_are_set_for_people() {
        assert_eq!(Digits::Whole.say(-12_345.4), "\u{2212}12,345");
        assert_eq!(Digits::Hundredths.say(1.256), "1.26");
        assert_eq!(Digits::Tenths.say(-0.01), "0.0");
        assert_eq!(Digits::Whole.say_difference(3.0), "+3");
        assert_eq!(Digits::Whole.say_difference(-1_000.0), "\u{2212}1,000");
        assert_eq!(Digits::Tenths.say_difference(0.0), "0");
    }
}
