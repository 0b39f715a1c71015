//! What the tests share: scenarios from overlays, ensembles on two threads, series and events by ids, paired orderings.

use detente_model::scenario::raw::Part;
use detente_model::scenario::{Loaded, load_text};
use detente_model::sim::columns::Columns;
use detente_model::sim::event::Event;
use detente_model::sim::probe::{Probe, Silent};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::Strike;
use detente_model::sim::talks::texts;
use detente_model::sim::tally::{Spell, Tally};
use detente_model::sim::world::{Fate, Simulation, Snapshot};
use detente_model::symbols::levers::{Kind, Lever, LeverChange};
use detente_model::symbols::strengths::SCALED;
use noisy_float::prelude::r64;
use rand::prelude::*;

/// Days of a year of the model.
pub const YEAR: u32 = 365;

/// The default scenario with an overlay.
pub fn loaded(overlay: &str) -> Loaded {
    let toml = format!("format = 1\nextends = \"november-2024\"\n{overlay}");
    load_text("test", &toml).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Every part of the wider region, for `without`.
pub fn all_parts() -> String {
    let parts: Vec<String> = Part::ALL.iter().map(|part| serde_json::to_string(part).unwrap()).collect();
    format!("without = [{}]\n", parts.join(", "))
}

/// Rules of the default scenario with every part of the wider region left out: the world of before, with seven fronts, their
/// ledgers and three tables.
pub fn narrow(overlay: &str) -> Rules {
    rules(&format!("{}{overlay}", all_parts()))
}

/// Rules of the default scenario with an overlay.
pub fn rules(overlay: &str) -> Rules {
    Rules::new(&loaded(overlay))
}

/// The same with a lever that switches a mechanism on at the top, and of what it scales only what the overlay names: the rest does
/// nothing.
pub fn with_only(lever: Lever, overlay: &str) -> Rules {
    let mut rules = rules(overlay);
    let frame = std::sync::Arc::make_mut(&mut rules.frame);
    frame.levers.set(lever, 1.0);
    let (_, scaled) = SCALED.iter().find(|(scales, _)| *scales == lever).unwrap();
    for (id, null) in scaled.iter().filter(|(id, _)| !overlay.contains(&format!("{id} ="))) {
        frame.parameters.set(id, *null);
        frame.fixed.push((*id).to_owned());
    }
    frame.fixed.sort();
    rules.reset();
    rules
}

/// A future at default parameters.
pub fn fate(future: u64) -> Fate {
    Fate { seed: 2417, future, prior: false }
}

/// A future with parameters drawn from their ranges.
pub fn prior_fate(future: u64) -> Fate {
    Fate { prior: true, ..fate(future) }
}

/// A lever change.
pub fn change(day: i32, lever: Lever, value: f64) -> LeverChange {
    LeverChange { day, lever, value: r64(lever.admit(value).unwrap()) }
}

/// The choices of a test; the model has its own draws.
pub struct Choices(SmallRng);

impl Choices {
    pub fn new(seed: u64) -> Self {
        Self(SmallRng::seed_from_u64(seed))
    }
    /// Uniform between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.0.random::<f64>() * (high - low)
    }
    /// One of `0..n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }
    /// A value that a lever admits.
    pub fn lever_value(&mut self, lever: Lever) -> f64 {
        let row = lever.row();
        match row.kind {
            // The ends are where mechanisms break.
            Kind::Number => match self.below(4) {
                0 => row.low,
                1 => row.high,
                _ => self.between(row.low, row.high),
            },
            Kind::Choice(options) => self.below(options.len()) as f64,
            Kind::Date => self.between(0.0, 365.0).floor(),
        }
    }
    /// A log of random changes of levers within a year.
    pub fn lever_log(&mut self, length: usize) -> Vec<LeverChange> {
        (0..length)
            .map(|_| {
                let lever = Lever::ALL[self.below(Lever::ALL.len())];
                change(self.below(365) as i32, lever, self.lever_value(lever))
            })
            .collect()
    }
}

/// Runs `work` for futures `0..futures` on two threads, each with a state of its own, and gives the results in order.
pub fn ensemble<S, T: Send>(
    futures: u64,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, u64) -> T + Sync,
) -> Vec<T> {
    let half = |first: u64| {
        let mut state = start();
        (first..futures).step_by(2).map(|future| work(&mut state, future)).collect::<Vec<T>>()
    };
    let (even, odd) = std::thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let even = half(0);
        (even, other.join().unwrap())
    });
    let mut odd = odd.into_iter();
    even.into_iter().flat_map(|one| std::iter::once(one).chain(odd.next())).collect()
}

/// One world and nobody listening.
pub fn world(rules: &Rules) -> Simulation<Silent> {
    Simulation::new(rules, fate(0), Vec::new())
}

/// Bit for bit: `==` alone takes −0 for 0.
#[track_caller]
pub fn assert_same(a: &Snapshot, b: &Snapshot, what: &str) {
    assert!(a == b, "{what}: {}", first_difference(a, b));
    assert_eq!(format!("{a:?}"), format!("{b:?}"), "{what}");
}

fn first_difference(a: &Snapshot, b: &Snapshot) -> String {
    let (a, b) = (format!("{a:#?}"), format!("{b:#?}"));
    let lines = a.lines().zip(b.lines()).enumerate().find(|(_, (a, b))| a != b);
    lines.map_or_else(|| "lengths differ".to_owned(), |(n, (a, b))| format!("line {n}: {a} against {b}"))
}

/// Runs two worlds side by side and asserts that they are the same every evening.
#[track_caller]
pub fn assert_same_course<P: Probe, Q: Probe>(a: &mut Simulation<P>, b: &mut Simulation<Q>, days: u32, what: &str) {
    for _ in 0..days {
        a.step();
        b.step();
        assert_eq!(a.events(), b.events(), "{what}: events of day {}", a.day() - 1);
    }
    assert_same(&a.snapshot(), &b.snapshot(), what);
}

/// Every number of the state, with a name `quantity.entity`, in a fixed order.
fn visit(rules: &Rules, c: &Columns, mut see: impl FnMut(&'static str, &str, u64)) {
    let days = |day: i32| day as u32 as u64;
    for (e, v) in rules.streams.iter().zip(&c.fires) {
        let id = &e.id.text;
        see("events", id, v.events.into());
        see("deaths", id, v.deaths.into());
        see("lethal", id, v.lethal.into());
        see("mean", id, v.mean.to_bits());
        see("excitation", id, v.excitation.to_bits());
    }
    for (e, v) in rules.fronts.iter().zip(&c.fronts) {
        let id = &e.id.text;
        see("level", id, v.level.into());
        see("war_level", id, v.war_level.into());
        see("days_high", id, v.days_high.into());
        see("last_blow", id, days(v.last_blow));
        see("front_last_fire", id, days(v.last_fire));
        see("last_step", id, days(v.last_step));
    }
    for (e, v) in rules.ledgers.iter().zip(&c.ledgers) {
        let id = &e.id.text;
        see("ledger", id, v.blows.to_bits());
        see("ledger_other_count", id, v.other_count.to_bits());
        see("owed", id, v.owed.into());
        see("owed_since", id, days(v.owed_since));
        see("last_answer", id, days(v.last_answer));
        see("forgone", id, v.forgone.to_bits());
    }
    for (e, v) in rules.pairs.iter().zip(&c.pairs) {
        see("war", &e.id.text, v.war.into());
        for (&ledger, day) in e.ledgers.iter().zip(v.last_fire) {
            see("direct_fire", &rules.ledgers[ledger].id.text, days(day));
        }
    }
    for (e, (standing, arsenal)) in rules.actors.iter().zip(c.standings.iter().zip(&c.arsenals)) {
        let id = &e.id.text;
        see("resolve", id, standing.resolve.to_bits());
        see("opinion", id, standing.opinion.to_bits());
        see("munitions", id, arsenal.munitions.to_bits());
        see("launchers", id, arsenal.launchers.to_bits());
        see("interceptors", id, arsenal.interceptors.to_bits());
        see("air_defence", id, arsenal.air_defence.to_bits());
        see("shield", id, arsenal.shield.to_bits());
        see("decapitation", id, arsenal.decapitation.to_bits());
    }
    for (e, v) in rules.threats.iter().zip(&c.threats) {
        let id = format!("{}/{}", rules.actors[e.holder].id.text, rules.actors[e.from].id.text);
        see("threat", &id, v.level.to_bits());
        see("recent_harm", &id, v.recent_harm.to_bits());
    }
    for (e, v) in rules.tables.iter().zip(&c.agreements) {
        let id = &e.id.text;
        see("status", id, v.status as u64);
        see("since", id, days(v.since));
        see("last_spoiler", id, days(v.last_spoiler));
        see("last_collapse", id, days(v.last_collapse));
    }
    for (e, v) in rules.channels.iter().zip(&c.channels) {
        see("suspended_since", &e.id.text, days(v.suspended_since));
    }
    for (e, v) in rules.missions.iter().zip(&c.missions) {
        see("movement", &e.id.text, v.movement.to_bits());
        see("national_troops", &e.id.text, v.national_troops.to_bits());
        see("withdrawn", &e.id.text, v.withdrawn.to_bits());
    }
    for (e, v) in rules.territories.iter().zip(&c.territories) {
        see("displaced", &e.id.text, v.displaced.to_bits());
        see("killed", &e.id.text, v.killed.into());
    }
    for (e, v) in rules.frame.sites.iter().zip(&c.sites) {
        see("damage", &e.id.text, v.damage.to_bits());
        see("damage_noted", &e.id.text, days(v.noted));
    }
    visit_region(rules, c, see);
}

/// The same for the wider region.
fn visit_region(rules: &Rules, c: &Columns, mut see: impl FnMut(&'static str, &str, u64)) {
    let days = |day: i32| day as u32 as u64;
    for (e, v) in rules.hosts.iter().zip(&c.hosts) {
        let id = &e.id.text;
        see("permission", id, v.permission.to_bits());
        see("warned_on", id, days(v.warned_on));
        see("struck_on", id, days(v.struck_on));
        see("fear", id, v.fear.to_bits());
        see("host_harm", id, v.harm.to_bits());
    }
    for (e, v) in rules.economies.iter().zip(&c.economies) {
        let id = &e.id.text;
        see("sanctions", id, v.sanctions.to_bits());
        see("oil", id, v.oil.to_bits());
        see("revenue", id, v.revenue.to_bits());
        see("funding", id, v.funding.to_bits());
        see("funding_felt", id, v.funding_felt.to_bits());
    }
    for (e, v) in rules.corridors.iter().zip(&c.corridors) {
        see("corridor_lost_on", &e.id.text, days(v.lost_on));
    }
    for (e, v) in rules.factions.iter().zip(&c.factions) {
        let id = &e.id.text;
        see("reformists", id, v.reformists.to_bits());
        see("patience", id, v.patience.to_bits());
        see("unrest", id, v.unrest.to_bits());
        see("repression", id, v.repression.into());
    }
    for (e, v) in rules.programmes.iter().zip(&c.programmes) {
        let id = &e.id.text;
        see("stock", id, v.stock.to_bits());
        see("pace", id, v.pace.into());
        see("access", id, v.access.to_bits());
        see("breakout_days", id, v.breakout_days.to_bits());
        see("decided_on", id, days(v.decided_on));
        see("device_on", id, days(v.device_on));
        see("detected_on", id, days(v.detected_on));
        see("censured_on", id, days(v.censured_on));
        see("zone", id, v.zone.to_bits());
        see("forum", id, v.forum.to_bits());
    }
    for (e, v) in rules.roadmaps.iter().zip(&c.roadmaps) {
        let id = &e.id.text;
        see("phases", id, v.phases.to_bits());
        see("stage", id, v.stage.into());
        see("suspended", id, v.suspended.into());
    }
    for (e, v) in rules.integrations.iter().zip(&c.integrations) {
        let id = &e.id.text;
        see("integrated", id, v.share.to_bits());
        see("exit", id, v.exit.to_bits());
        see("extended", id, v.extended.into());
        see("mission_ended", id, v.mission_ended.into());
    }
    for (e, v) in rules.councils.iter().zip(&c.councils) {
        let id = &e.id.text;
        see("isolation", id, v.isolation.to_bits());
        see("credentials_rejected", id, v.credentials_rejected.into());
        see("adopted_aid", id, v.aid.to_bits());
        for (member, cost) in texts::PERMANENT.iter().zip(v.veto_cost) {
            see("veto_cost", &format!("{id}/{member}"), cost.to_bits());
        }
        see("cease_fire_on", id, days(v.cease_fire_on));
        see("membership_on", id, days(v.membership_on));
    }
    for (e, v) in rules.paths.iter().zip(&c.paths) {
        let id = &e.id.text;
        see("aid", id, v.aid.to_bits());
        see("withdrawn_on", id, days(v.withdrawn_on));
        see("unified_on", id, days(v.unified_on));
        see("elected_on", id, days(v.elected_on));
        see("rebuilt_on", id, days(v.rebuilt_on));
        see("tried_on", id, days(v.tried_on));
        see("activity", id, v.activity.to_bits());
        see("votes_authority", id, v.votes[0].to_bits());
        see("votes_group", id, v.votes[1].to_bits());
    }
    for (e, v) in rules.incorporations.iter().zip(&c.incorporations) {
        see("incorporated", &e.id.text, v.share.to_bits());
    }
}

/// Names of all series of a scenario, `quantity.entity`.
pub fn series_names(rules: &Rules) -> Vec<String> {
    let mut names = Vec::new();
    visit(rules, &Columns::start(rules), |quantity, entity, _| names.push(format!("{quantity}.{entity}")));
    names
}

/// The bits of every series this evening, in the order of [`series_names`].
pub fn series_values(rules: &Rules, columns: &Columns, into: &mut Vec<u64>) {
    into.clear();
    visit(rules, columns, |_, _, bits| into.push(bits));
}

/// A day's event with ids in place of positions, so that events of different scenarios can be held against each other.
pub fn by_ids(rules: &Rules, event: &Event) -> String {
    let actor = |i: u16| &rules.actors[usize::from(i)].id.text;
    let table = |i: u16| &rules.tables[usize::from(i)].id.text;
    let front = |i: u16| &rules.fronts[usize::from(i)].id.text;
    let ledger = |i: u16| rules.ledgers.get(usize::from(i)).map_or("none", |l| &l.id.text);
    match *event {
        Event::LeverMoved(change) => format!("lever {change:?}"),
        Event::Calendar { entry } => format!("calendar {}", rules.frame.calendar[usize::from(entry)].text),
        Event::ChannelTurned { channel, suspended } => {
            format!("channel {} {suspended}", rules.channels[usize::from(channel)].id.text)
        }
        Event::Signed { table: t, .. } => format!("signed {}", table(t)),
        Event::Collapsed { table: t, level, age } => format!("collapsed {} to {level} after {age}", table(t)),
        Event::Spoiler { table: t, actor: a } => format!("spoiler {} at {}", actor(a), table(t)),
        Event::Struck(s) => {
            let site = rules.frame.sites.get(usize::from(s.site)).map_or("none", |site| &site.id.text);
            let initiative = rules.initiatives.get(usize::from(s.initiative)).map_or("none", |i| &i.id.text);
            let rest = Strike { actor: 0, opponent: 0, victim: 0, ledger: 0, initiative: 0, site: 0, ..s };
            format!(
                "struck {} on {} hits {} by {} {initiative} at {site}: {rest:?}",
                actor(s.actor),
                actor(s.opponent),
                actor(s.victim),
                ledger(s.ledger)
            )
        }
        Event::AnswerOwed { ledger: l } => format!("owed {}", ledger(l)),
        Event::AnswerLapsed { ledger: l } => format!("lapsed {}", ledger(l)),
        Event::AnswerSettled { ledger: l } => format!("settled {}", ledger(l)),
        Event::War { pair, began, settled } => {
            format!("war {} {began} {settled}", rules.pairs[usize::from(pair)].id.text)
        }
        Event::LevelMoved { front: f, from, to, .. } => format!("level {} {from} to {to}", front(f)),
        Event::HostsWarned { foe, hosts } => format!("warned by {} {hosts:b}", actor(foe)),
        Event::CorridorLost { corridor } => format!("lost {}", rules.corridors[usize::from(corridor)].id.text),
        Event::Roadmap { roadmap, step } => {
            format!("roadmap {} {step:?}", rules.roadmaps[usize::from(roadmap)].id.text)
        }
        Event::Iraq { integration, step } => {
            format!("iraq {} {step:?}", rules.integrations[usize::from(integration)].id.text)
        }
        Event::Nuclear { programme, step } => {
            format!("nuclear {} {step:?}", rules.programmes[usize::from(programme)].id.text)
        }
        Event::CouncilVote { council, draft, us, yes, against, abstaining, adopted } => {
            let council = &rules.councils[usize::from(council)];
            let draft = &council.drafts[usize::from(draft)].id.text;
            format!("vote {} {draft} {us:?} {yes} {against} {abstaining} {adopted}", council.id.text)
        }
        Event::AssemblyVote { council, yes, against, abstaining, named_against, named_abstaining, credentials } => {
            let council = &rules.councils[usize::from(council)].id.text;
            format!("assembly {council} {yes} {against} {abstaining} {named_against} {named_abstaining} {credentials}")
        }
        Event::Path { path, step } => format!("path {} {step:?}", rules.paths[usize::from(path)].id.text),
        Event::Unrest { factions, repressed } => {
            format!("unrest {} {repressed}", rules.factions[usize::from(factions)].id.text)
        }
        Event::FireDay { front: f, events, deaths } => format!("fire {} {events} {deaths}", front(f)),
    }
}

/// Whether an agreement was in force while the fire of `day` was exchanged: a signing quiets the fire of its own day, a
/// collapse comes after it.
pub fn in_force(spells: &[Spell], table: usize, day: i32) -> bool {
    let during =
        |s: &&Spell| usize::from(s.table) == table && s.signed <= day && s.ended.is_none_or(|ended| day <= ended);
    spells.iter().any(|s| during(&s))
}

/// Days on which an agreement was in force in the evening, of `days`.
pub fn days_in_force(spells: &[Spell], table: usize, days: u32) -> f64 {
    let days = days as i32;
    let length = |s: &Spell| s.ended.unwrap_or(days).min(days) - s.signed;
    f64::from(spells.iter().filter(|s| usize::from(s.table) == table).map(length).sum::<i32>())
}

/// A run as tests of pairs look at it.
pub struct Course {
    /// Events by day and by the streams watched.
    pub events: Vec<Vec<u32>>,
    /// The end.
    pub tally: Tally,
}

/// Runs a future and keeps the daily events of some streams.
pub fn course(sim: &mut Simulation, fate: Fate, log: &[LeverChange], days: u32, watched: &[usize]) -> Course {
    sim.begin(fate, log.to_vec());
    let mut columns = Columns::default();
    let events = (0..days)
        .map(|_| {
            sim.step();
            if watched.is_empty() {
                return Vec::new();
            }
            sim.read_columns(&mut columns);
            watched.iter().map(|&s| columns.fires[s].events).collect()
        })
        .collect();
    Course { events, tally: sim.tally().clone() }
}

/// Pairs of runs with the same luck: `before` and `after` differ in rules or levers.
pub fn paired<T: Send>(
    futures: u64,
    days: u32,
    before: (&Rules, &[LeverChange]),
    after: (&Rules, &[LeverChange]),
    watched: &[usize],
    measure: impl Fn(&Course, &Course) -> T + Sync,
) -> Vec<T> {
    ensemble(
        futures,
        || (world(before.0), world(after.0)),
        |(a, b), future| {
            let a = course(a, fate(future), before.1, days, watched);
            let b = course(b, fate(future), after.1, days, watched);
            measure(&a, &b)
        },
    )
}

/// How pairs stand to each other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ordering {
    /// Pairs in which the second is smaller.
    pub falls: u32,
    /// Pairs in which it is larger.
    pub rises: u32,
    /// Pairs without a difference.
    pub same: u32,
    /// Sum over all pairs of the first.
    pub first: f64,
    /// Sum over all pairs of the second.
    pub second: f64,
}

impl Ordering {
    /// Of pairs (before, after).
    pub fn of(pairs: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut ordering = Self::default();
        for (before, after) in pairs {
            ordering.first += before;
            ordering.second += after;
            if after < before {
                ordering.falls += 1;
            } else if after > before {
                ordering.rises += 1;
            } else {
                ordering.same += 1;
            }
        }
        ordering
    }

    /// Pairs compared.
    pub fn pairs(&self) -> u32 {
        self.falls + self.rises + self.same
    }

    /// Share of pairs that differ.
    pub fn differing(&self) -> f64 {
        f64::from(self.falls + self.rises) / f64::from(self.pairs().max(1))
    }

    /// Asserts that the second falls in at least `bar` of the pairs that differ, that at least `least` of all pairs
    /// differ, and that the mean falls.
    #[track_caller]
    pub fn assert_falls(&self, what: &str, least: f64, bar: f64) {
        self.assert(what, self.falls, self.second < self.first, least, bar);
    }

    /// The same for a rise.
    #[track_caller]
    pub fn assert_rises(&self, what: &str, least: f64, bar: f64) {
        self.assert(what, self.rises, self.second > self.first, least, bar);
    }

    #[track_caller]
    fn assert(&self, what: &str, ordered: u32, mean: bool, least: f64, bar: f64) {
        let share = f64::from(ordered) / f64::from((self.falls + self.rises).max(1));
        println!("{what}: {:.3} of {:.3} that differ; {self:?}", share, self.differing());
        assert!(self.differing() >= least, "{what}: only {:.3} of the pairs differ: {self:?}", self.differing());
        assert!(share >= bar, "{what}: ordered in {share:.3} of the pairs that differ: {self:?}");
        assert!(mean, "{what}: the mean goes the other way: {self:?}");
    }
}
