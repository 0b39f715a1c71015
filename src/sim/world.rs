//! A world that runs: spawn, step, snapshot, restore.
//!
//! One [`Simulation`] is one Bevy `World` with its schedule. Ensembles keep one per worker and restore into it; nothing is
//! built anew between futures.

use super::calendar::LeverLog;
use super::given::Given;
use super::luck::Luck;
use super::rules::Rules;
use super::state::{
    Agreement, Arsenal, Channel, Clock, Corridor, Council, Economy, Factions, Fire, Front, Host, Incorporation,
    Institution, Integration, Ix, Label, Launches, Ledger, Mission, NEVER, Pair, Path, Programme, Roadmap, SiteState,
    Standing, Strike, Territory, Threat, start,
};
use super::tally::Tally;
use crate::record::event::{Event, Journal};
use crate::record::probe::{Probe, Silent};
use crate::symbols::levers::{LeverChange, LeverSet};
use bevy::ecs::component::Mutable;
use bevy::ecs::prelude::*;
use serde::Serialize;

macro_rules! columns {
    ($( $(#[$meta:meta])* $name:ident : $component:ty = $start:path; )*) => {
        /// The state of every entity, by component, in order of ids. Written for digests and comparisons, never read back: stores
        /// without a limit are infinite, which JSON does not know.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct Columns { $(
            #[doc = concat!("`", stringify!($component), "` of every entity that has one.")]
            $(#[$meta])*
            pub $name: Vec<$component>,
        )* }

        impl Columns {
            /// The state of day 0.
            #[must_use]
            pub fn start(rules: &Rules) -> Self {
                Self { $( $name: $start(rules).collect(), )* }
            }

            /// Takes the state of day 0, keeping the memory.
            pub fn restart(&mut self, rules: &Rules) {
                $( self.$name.clear(); self.$name.extend($start(rules)); )*
            }
        }

        /// Prepared queries, one per column.
        struct Views { $( $name: QueryState<(&'static Ix, &'static mut $component)>, )* }

        impl Views {
            fn new(world: &mut World) -> Self {
                Self { $( $name: world.query(), )* }
            }
            fn read(&mut self, world: &mut World, into: &mut Columns) {
                $( read(&mut self.$name, world, &mut into.$name); )*
            }
            fn write(&mut self, world: &mut World, from: &Columns) {
                $( write(&mut self.$name, world, &from.$name); )*
            }
        }
    };
}

columns! {
    standings: Standing = start::standings;
    arsenals: Arsenal = start::arsenals;
    threats: Threat = start::threats;
    ledgers: Ledger = start::ledgers;
    pairs: Pair = start::pairs;
    fronts: Front = start::fronts;
    fires: Fire = start::fire;
    agreements: Agreement = start::agreements;
    channels: Channel = start::channels;
    missions: Mission = start::missions;
    territories: Territory = start::territories;
    sites: SiteState = start::sites;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hosts: Host = start::hosts;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    economies: Economy = start::economies;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    corridors: Corridor = start::corridors;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    factions: Factions = start::factions;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    programmes: Programme = start::programmes;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roadmaps: Roadmap = start::roadmaps;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    integrations: Integration = start::integrations;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    councils: Council = start::councils;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    paths: Path = start::paths;
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    incorporations: Incorporation = start::incorporations;
}

fn read<C: Component<Mutability = Mutable> + Copy>(
    view: &mut QueryState<(&'static Ix, &'static mut C)>,
    world: &mut World,
    into: &mut Vec<C>,
) {
    into.clear();
    let mut in_order = true;
    for (ix, value) in view.query(world).iter() {
        in_order &= usize::from(ix.0) == into.len();
        into.push(*value);
    }
    if !in_order {
        let mut pairs: Vec<(u16, C)> = view.query(world).iter().map(|(ix, value)| (ix.0, *value)).collect();
        pairs.sort_by_key(|(ix, _)| *ix);
        into.clear();
        into.extend(pairs.into_iter().map(|(_, value)| value));
    }
}

fn write<C: Component<Mutability = Mutable> + Copy>(
    view: &mut QueryState<(&'static Ix, &'static mut C)>,
    world: &mut World,
    from: &[C],
) {
    for (ix, mut value) in view.query_mut(world).iter_mut() {
        *value = from[usize::from(ix.0)];
    }
}

/// The whole world on the evening before [`Clock::day`]: restored into any simulation of the same scenario, it goes on
/// bit for bit as the one it was taken from.
#[derive(Clone, Debug, PartialEq)]
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

/// The part of a world's state that charts of many futures follow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Charted {
    /// Territories.
    pub territories: Vec<Territory>,
    /// Economies.
    pub economies: Vec<Economy>,
    /// Nuclear programmes.
    pub programmes: Vec<Programme>,
    /// Agreements.
    pub agreements: Vec<Agreement>,
    /// Factions.
    pub factions: Vec<Factions>,
    /// Roadmaps.
    pub roadmaps: Vec<Roadmap>,
    /// Integration of armed groups.
    pub integrations: Vec<Integration>,
    /// Councils.
    pub councils: Vec<Council>,
    /// Paths.
    pub paths: Vec<Path>,
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
        world.insert_resource(crate::sim::force::fire::Morning::default());
        world.insert_resource(crate::sim::talks::truce::Standings::default());
        world.insert_resource(P::default());
        let fresh = Columns::start(rules);
        spawn(&mut world, rules, &fresh);
        let schedule = super::day::<P>();
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

    /// Copies the state of every territory, economy and nuclear programme: what charts of many futures follow, without
    /// the cost of reading everything.
    pub fn read_charted(&mut self, into: &mut Charted) {
        read(&mut self.views.territories, &mut self.world, &mut into.territories);
        read(&mut self.views.economies, &mut self.world, &mut into.economies);
        read(&mut self.views.programmes, &mut self.world, &mut into.programmes);
        read(&mut self.views.agreements, &mut self.world, &mut into.agreements);
        read(&mut self.views.factions, &mut self.world, &mut into.factions);
        read(&mut self.views.roadmaps, &mut self.world, &mut into.roadmaps);
        read(&mut self.views.integrations, &mut self.world, &mut into.integrations);
        read(&mut self.views.councils, &mut self.world, &mut into.councils);
        read(&mut self.views.paths, &mut self.world, &mut into.paths);
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
