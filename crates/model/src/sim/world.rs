//! A world that is looked at: spawn, step, snapshot, restore.
//!
//! One [`Simulation`] is one Bevy `World` with its schedule: the morning decides, strikes fly and become entities, the evening counts. The text of the day stands in [`super::day`]; ensembles run it without a world
//! ([`super::course`]).

use super::calendar::LeverLog;
use super::columns::{Columns, Tables, Views, read};
use super::day::{self, Memo};
use super::given::Given;
use super::luck::Luck;
use super::roster::{All, AllMut};
use super::rules::{Point, Rules};
use super::start;
use super::state::{
    Agreement, Arsenal, Clock, Economy, Fire, Front, Institution, Ix, Label, Launches, Ledger, Mission, NEVER,
    Standing, Strike,
};
use super::tally::Tally;
use crate::sim::event::{Event, Journal};
use crate::sim::probe::{Probe, Silent};
use crate::symbols::levers::{LeverChange, LeverSet};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{IntoScheduleConfigs, LogLevel, Schedule, ScheduleBuildSettings, SingleThreadedExecutor};
use serde::{Deserialize, Serialize};

/// The whole world on the evening before [`Clock::day`]: restored into any simulation of the same scenario, it goes on
/// bit for bit as the one it was taken from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Day about to run.
    pub clock: Clock,
    /// Levers in force.
    pub levers: LeverSet,
    /// State of every entity.
    pub columns: Columns,
    /// Strikes of the last day with strikes.
    pub strikes: Vec<Strike>,
    /// Totals so far.
    pub tally: Tally,
}

/// The part of a world's state from which an explanation makes its accounts: what each strike left in a ledger, who lost
/// what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accounted {
    /// Ledgers.
    pub ledgers: Vec<Ledger>,
    /// Arsenals.
    pub arsenals: Vec<Arsenal>,
    /// Standings.
    pub standings: Vec<Standing>,
    /// Economies.
    pub economies: Vec<Economy>,
    /// Missions.
    pub missions: Vec<Mission>,
    /// Fronts.
    pub fronts: Vec<Front>,
    /// Fire.
    pub fires: Vec<Fire>,
}

/// The largest seed that is taken from people: beyond 2⁵³ − 1 the programs that read JSON and tables round whole numbers, and
/// would name another history.
pub const MOST_SEED: u64 = (1 << 53) - 1;

/// Which random numbers and parameter values a future uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Seed of the run or ensemble.
    pub seed: u64,
    /// Number of the future under that seed.
    pub future: u64,
    /// Whether parameters are drawn from their ranges for this future.
    pub prior: bool,
}

impl Fate {
    /// Where its numbers stand: at the scenario's own, or drawn by the keys of its luck.
    #[must_use]
    pub fn point(&self) -> Point {
        if self.prior { Point::Drawn { seed: self.seed, future: self.future } } else { Point::Default }
    }
}

/// The day's working memory in a world.
#[derive(Resource, Default)]
struct Working(Memo);

/// The systems of a day, in order.
#[must_use]
pub fn schedule<P: Probe>() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    // No system defers anything: strikes are spawned on the spot.
    schedule.set_apply_final_deferred(false);
    schedule.set_build_settings(total_order());
    schedule.add_systems((decide::<P>, fly, show, count::<P>).chain());
    schedule
}

/// Two systems that meet in some data and have no order are an error.
fn total_order() -> ScheduleBuildSettings {
    ScheduleBuildSettings { ambiguity_detection: LogLevel::Error, ..Default::default() }
}

fn decide<P: Probe>(
    mut given: ResMut<Given>,
    mut log: ResMut<LeverLog>,
    mut launches: ResMut<Launches>,
    mut journal: ResMut<Journal>,
    mut probe: ResMut<P>,
    mut tables: Tables<'_, '_>,
) {
    let (mut views, decided) = (tables.views(), &mut launches.bypass_change_detection().decided);
    let given = given.bypass_change_detection();
    day::decide(given, &mut log, &mut views.slices(), decided, &mut journal.0, &mut *probe);
}

fn fly(given: Res<Given>, mut launches: ResMut<Launches>, mut arsenals: AllMut<'_, '_, Arsenal>) {
    let decided = &mut launches.bypass_change_detection().decided;
    if !decided.is_empty() {
        day::fly(&given, &mut arsenals.view(), decided);
    }
}

/// Makes today's strikes entities, until the next day that has strikes.
fn show(world: &mut World, shown: &mut QueryState<Entity, With<Strike>>) {
    let decided = std::mem::take(&mut world.resource_mut::<Launches>().decided);
    if decided.is_empty() {
        return;
    }
    let old: Vec<Entity> = shown.iter(world).collect();
    for entity in old {
        world.despawn(entity);
    }
    for (k, strike) in (0_u16..).zip(&decided) {
        world.spawn((Ix(k), *strike));
    }
    let flown = world.resource::<Given>().clock.day;
    *world.resource_mut::<Launches>() = Launches { shown: decided.len(), flown, decided: Vec::new() };
}

fn count<P: Probe>(
    mut given: ResMut<Given>,
    mut memo: ResMut<Working>,
    launches: Res<Launches>,
    mut journal: ResMut<Journal>,
    mut tally: ResMut<Tally>,
    mut probe: ResMut<P>,
    (mut tables, strikes): (Tables<'_, '_>, All<'_, '_, Strike>),
) {
    let (mut views, strikes) = (tables.views(), strikes.view());
    let given = given.bypass_change_detection();
    // Strikes stay entities until the next day that has some: only today's are felt.
    let flown: &[_] = if launches.flown == given.clock.day { &strikes } else { &[] };
    day::count(given, &mut memo.0, &mut views.slices(), flown, &mut journal.0, &mut tally, &mut *probe);
}

/// A running world.
pub struct Simulation<P: Probe = Silent> {
    /// The ECS world. Read it freely; write it through lever changes only.
    pub world: World,
    schedule: Schedule,
    views: Views,
    strikes: QueryState<(&'static Ix, &'static Strike)>,
    strike_entities: QueryState<Entity, With<Strike>>,
    fresh: Columns,
    fate: Fate,
    marker: std::marker::PhantomData<P>,
}

impl<P: Probe> Simulation<P> {
    /// Builds a world for these rules, at day 0 of a future.
    #[must_use]
    pub fn new(rules: &Rules, fate: Fate, log: Vec<LeverChange>) -> Self {
        let mut world = World::new();
        world.insert_resource(Given {
            rules: rules.clone(),
            luck: Luck::new(rules, fate.seed, fate.future),
            clock: start::clock(rules),
            levers: rules.frame.levers.clone(),
        });
        world.insert_resource(LeverLog::default());
        world.insert_resource(Journal::default());
        world.insert_resource(Launches::default());
        world.insert_resource(Tally::new(rules));
        world.insert_resource(Working::default());
        world.insert_resource(P::default());
        let fresh = Columns::start(rules);
        spawn(&mut world, rules, &fresh);
        let schedule = schedule::<P>();
        let views = Views::new(&mut world);
        let strikes = world.query();
        let strike_entities = world.query_filtered();
        let mut simulation =
            Self { world, schedule, views, strikes, strike_entities, fresh, fate, marker: std::marker::PhantomData };
        simulation.begin(fate, log);
        simulation
    }

    /// Goes to day 0 of another future of the same scenario. `log` holds the user's lever changes; the scenario's own are
    /// added.
    pub fn begin(&mut self, fate: Fate, log: Vec<LeverChange>) {
        self.take_fate(fate);
        let fresh = &mut self.fresh;
        self.world.resource_scope(|world, mut given: Mut<Given>| {
            let Given { rules, clock, levers, .. } = &mut *given;
            fresh.restart(rules);
            levers.clone_from(&rules.frame.levers);
            rules.put_in_force(levers);
            *clock = start::clock(rules);
            *world.resource_mut::<LeverLog>() = LeverLog::new(&rules.frame, log, 0);
            world.resource_mut::<Journal>().0.clear();
            world.resource_mut::<Tally>().clear(rules);
        });
        self.views.write(&mut self.world, &self.fresh);
        self.show(&[]);
    }

    /// Takes the state of a snapshot, with the random numbers and parameters of `fate` from there on.
    ///
    /// A snapshot's stocks, ledgers and levels are taken as they are; only what is drawn or read from parameters after it
    /// differs between futures. That is how futures fan out from today.
    pub fn restore(&mut self, snapshot: &Snapshot, fate: Fate, log: Vec<LeverChange>) {
        self.take_fate(fate);
        let log = LeverLog::new(&self.rules().frame, log, snapshot.clock.day);
        let mut given = self.world.resource_mut::<Given>();
        given.clock = snapshot.clock;
        given.levers.clone_from(&snapshot.levers);
        given.rules.put_in_force(&snapshot.levers);
        *self.world.resource_mut::<LeverLog>() = log;
        self.world.resource_mut::<Journal>().0.clear();
        *self.world.resource_mut::<Tally>() = snapshot.tally.clone();
        self.views.write(&mut self.world, &snapshot.columns);
        self.show(&snapshot.strikes);
    }

    /// The state on the evening of the last day run.
    #[must_use]
    pub fn snapshot(&mut self) -> Snapshot {
        let mut columns = Columns::default();
        self.views.read(&mut self.world, &mut columns);
        let mut strikes: Vec<(u16, Strike)> =
            self.strikes.query(&self.world).iter().map(|(ix, strike)| (ix.0, *strike)).collect();
        strikes.sort_by_key(|(ix, _)| *ix);
        Snapshot {
            clock: self.given().clock,
            levers: self.given().levers.clone(),
            columns,
            strikes: strikes.into_iter().map(|(_, strike)| strike).collect(),
            tally: self.world.resource::<Tally>().clone(),
        }
    }

    /// Copies the state of every entity into `columns`, reusing its memory.
    pub fn read_columns(&mut self, columns: &mut Columns) {
        self.views.read(&mut self.world, columns);
    }

    /// Every agreement, in order of ids.
    #[must_use]
    pub fn agreements(&mut self) -> Vec<Agreement> {
        let mut list = Vec::new();
        read(&mut self.views.agreements, &mut self.world, &mut list);
        list
    }

    /// The part of the state from which an explanation makes its accounts, without the cost of reading everything.
    #[must_use]
    pub fn accounted(&mut self) -> Accounted {
        let mut into = Accounted::default();
        read(&mut self.views.ledgers, &mut self.world, &mut into.ledgers);
        read(&mut self.views.arsenals, &mut self.world, &mut into.arsenals);
        read(&mut self.views.standings, &mut self.world, &mut into.standings);
        read(&mut self.views.economies, &mut self.world, &mut into.economies);
        read(&mut self.views.missions, &mut self.world, &mut into.missions);
        read(&mut self.views.fronts, &mut self.world, &mut into.fronts);
        read(&mut self.views.fires, &mut self.world, &mut into.fires);
        into
    }

    /// Runs one day.
    #[inline]
    pub fn step(&mut self) {
        self.schedule.run(&mut self.world);
    }

    /// Runs `days` days.
    pub fn run(&mut self, days: u32) {
        for _ in 0..days {
            self.step();
        }
    }

    /// The day about to run.
    #[must_use]
    pub fn day(&self) -> i32 {
        self.given().clock.day
    }

    /// The rules of this future.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.given().rules
    }

    /// What the next day starts from.
    #[must_use]
    pub fn given(&self) -> &Given {
        self.world.resource::<Given>()
    }

    /// The events of the last day run.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.world.resource::<Journal>().0
    }

    /// The totals so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        self.world.resource::<Tally>()
    }

    /// The probe.
    pub fn probe_mut(&mut self) -> Mut<'_, P> {
        self.world.resource_mut::<P>()
    }

    /// Adds a lever change to the log; it takes effect on its day, or on the next day run if that is past.
    pub fn change_lever(&mut self, change: LeverChange) {
        let today = self.day();
        self.world.resource_scope(|world, mut log: Mut<LeverLog>| {
            log.user.push(LeverChange { day: change.day.max(today), ..change });
            let user = std::mem::take(&mut log.user);
            *log = LeverLog::new(&world.resource::<Given>().rules.frame, user, today);
        });
    }

    /// Puts other rules in force, for a day as it would go under them; the next [`Self::begin`] or [`Self::restore`] of a
    /// future with parameters of its own draws these anew.
    pub fn take_rules(&mut self, rules: Rules) {
        let Given { rules: own, levers, .. } = &mut *self.world.resource_mut::<Given>();
        *own = rules;
        own.put_in_force(levers);
    }

    fn take_fate(&mut self, fate: Fate) {
        let Given { rules, luck, .. } = &mut *self.world.resource_mut::<Given>();
        if fate.prior {
            rules.redraw(crate::chance::Key::new(fate.seed, fate.future));
        } else if self.fate.prior {
            rules.reset();
        }
        luck.reseed(rules, fate.seed, fate.future);
        self.fate = fate;
    }

    /// Makes exactly these strikes the entities of the last day with strikes.
    fn show(&mut self, strikes: &[Strike]) {
        let shown = self.world.resource::<Launches>().shown;
        if shown == 0 && strikes.is_empty() {
            return;
        }
        let old: Vec<Entity> = self.strike_entities.iter(&self.world).collect();
        for entity in old {
            self.world.despawn(entity);
        }
        for (k, strike) in (0_u16..).zip(strikes) {
            self.world.spawn((Ix(k), *strike));
        }
        *self.world.resource_mut::<Launches>() = Launches { decided: Vec::new(), shown: strikes.len(), flown: NEVER };
    }
}

/// One entity per actor, threat, ledger, pair, front, stream, table, channel, mission, territory, site and institution.
fn spawn(world: &mut World, rules: &Rules, c: &Columns) {
    let ix = |i: usize| Ix(i as u16);
    let label = |text: &str| Label(text.to_owned());
    for (i, a) in rules.actors.iter().enumerate() {
        world.spawn((ix(i), label(&a.id.text), c.standings[i], c.arsenals[i]));
    }
    for (i, t) in rules.threats.iter().enumerate() {
        let text = format!("{}/{}", rules.actors[t.holder].id.text, rules.actors[t.from].id.text);
        world.spawn((ix(i), Label(text), c.threats[i]));
    }
    for (i, l) in rules.ledgers.iter().enumerate() {
        world.spawn((ix(i), label(&l.id.text), c.ledgers[i]));
    }
    for (i, pair) in rules.pairs.iter().enumerate() {
        world.spawn((ix(i), label(&pair.id.text), c.pairs[i]));
    }
    for (i, f) in rules.fronts.iter().enumerate() {
        world.spawn((ix(i), label(&f.id.text), c.fronts[i]));
    }
    for (i, s) in rules.streams.iter().enumerate() {
        world.spawn((ix(i), label(&s.id.text), c.fires[i]));
    }
    for (i, t) in rules.tables.iter().enumerate() {
        world.spawn((ix(i), label(&t.id.text), c.agreements[i]));
    }
    for (i, ch) in rules.channels.iter().enumerate() {
        world.spawn((ix(i), label(&ch.id.text), c.channels[i]));
    }
    for (i, m) in rules.missions.iter().enumerate() {
        world.spawn((ix(i), label(&m.id.text), c.missions[i]));
    }
    for (i, t) in rules.territories.iter().enumerate() {
        world.spawn((ix(i), label(&t.id.text), c.territories[i]));
    }
    for (i, s) in rules.frame.sites.iter().enumerate() {
        world.spawn((ix(i), label(&s.id.text), c.sites[i]));
    }
    // Entities of one kind share a component nobody else has, so that each kind is one table.
    for (i, h) in rules.hosts.iter().enumerate() {
        world.spawn((ix(i), label(&h.id.text), c.hosts[i]));
    }
    for (i, e) in rules.economies.iter().enumerate() {
        world.spawn((ix(i), label(&e.id.text), c.economies[i]));
    }
    for (i, corridor) in rules.corridors.iter().enumerate() {
        world.spawn((ix(i), label(&corridor.id.text), c.corridors[i]));
    }
    for (i, f) in rules.factions.iter().enumerate() {
        world.spawn((ix(i), label(&f.id.text), c.factions[i]));
    }
    for (i, n) in rules.programmes.iter().enumerate() {
        world.spawn((ix(i), label(&n.id.text), c.programmes[i]));
    }
    for (i, r) in rules.roadmaps.iter().enumerate() {
        world.spawn((ix(i), label(&r.id.text), c.roadmaps[i]));
    }
    for (i, n) in rules.integrations.iter().enumerate() {
        world.spawn((ix(i), label(&n.id.text), c.integrations[i]));
    }
    for (i, council) in rules.councils.iter().enumerate() {
        world.spawn((ix(i), label(&council.id.text), c.councils[i]));
    }
    for (i, path) in rules.paths.iter().enumerate() {
        world.spawn((ix(i), label(&path.id.text), c.paths[i]));
    }
    for (i, n) in rules.incorporations.iter().enumerate() {
        world.spawn((ix(i), label(&n.id.text), c.incorporations[i]));
    }
    for (i, (id, _, _)) in rules.frame.institutions.iter().enumerate() {
        world.spawn((ix(i), label(id), Institution));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Resource, Default)]
    struct Shared(u32);

    fn add(mut shared: ResMut<Shared>) {
        shared.0 += 1;
    }

    fn double(mut shared: ResMut<Shared>) {
        shared.0 *= 2;
    }

    /// The settings of the day refuse what has no order, so the day, which is built under them, has a total one.
    #[test]
    fn two_systems_that_meet_without_an_order_are_refused() {
        let build = |ordered: bool| {
            let mut world = World::new();
            world.init_resource::<Shared>();
            let mut schedule = Schedule::default();
            schedule.set_build_settings(total_order());
            if ordered {
                schedule.add_systems((add, double).chain())
            } else {
                schedule.add_systems((add, double))
            };
            schedule.initialize(&mut world).map(|_| ())
        };
        assert!(build(true).is_ok());
        assert!(build(false).is_err());
    }
}
