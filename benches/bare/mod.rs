//! The same day over plain columns, without an ECS: how far the engine is from what the machine can do.
//!
//! The day's functions are those that the systems call, over slices known to the compiler; no queries, no resources, no
//! schedule, no probe. `tests/bare_loop.rs` and the bench itself check that it leaves the same bits as the engine: a loop
//! of less scope, or of another order, would be no measure.

use detente::chance::quantile::negative_binomial;
use detente::record::event::Journal;
use detente::record::probe::Silent;
use detente::sim::calendar::{self, LeverLog};
use detente::sim::force::{fire, harm, ladder, salvo, supply, threat};
use detente::sim::home::{economy, factions, nuclear};
use detente::sim::luck::Luck;
use detente::sim::rules::Rules;
use detente::sim::state::{Agreement, Clock, Strike, start};
use detente::sim::strategy::answer::step;
use detente::sim::strategy::{answer, bases, initiative, restraint};
use detente::sim::talks::{
    council, forum, incorporation, integration, negotiation, path, peacekeeping, roadmap, truce,
};
use detente::sim::tally::Tally;
use detente::sim::world::{Columns, Fate};
use detente::symbols::levers::LeverSet;

/// A world in vectors.
pub struct Bare {
    /// The rules of this future.
    pub rules: Rules,
    /// State of every entity.
    pub columns: Columns,
    /// Events of the last day.
    pub journal: Journal,
    /// Totals.
    pub tally: Tally,
    /// Day about to run.
    pub clock: Clock,
    luck: Luck,
    levers: LeverSet,
    log: LeverLog,
    decided: Vec<Strike>,
    memo: fire::Morning,
    morning: Vec<Agreement>,
    prior: bool,
    /// Time of each phase, nanoseconds, where it is asked for.
    pub spent: Option<Vec<(&'static str, u128)>>,
}

impl Bare {
    /// A world at day 0 of a future.
    pub fn new(rules: &Rules, fate: Fate) -> Self {
        let mut bare = Self {
            rules: rules.clone(),
            columns: Columns::start(rules),
            journal: Journal::default(),
            tally: Tally::new(rules),
            clock: start::clock(rules),
            luck: Luck::new(rules, fate.seed, fate.future),
            levers: rules.frame.levers.clone(),
            log: LeverLog::default(),
            decided: Vec::new(),
            memo: fire::Morning::default(),
            morning: Vec::new(),
            prior: false,
            spent: None,
        };
        bare.begin(fate);
        bare
    }

    /// Goes to day 0 of another future.
    pub fn begin(&mut self, fate: Fate) {
        if fate.prior {
            self.rules.redraw(detente::chance::Key::new(fate.seed, fate.future));
        } else if self.prior {
            self.rules.reset();
        }
        self.prior = fate.prior;
        self.luck.reseed(&self.rules, fate.seed, fate.future);
        self.columns.restart(&self.rules);
        self.levers.clone_from(&self.rules.frame.levers);
        self.clock = start::clock(&self.rules);
        self.log = LeverLog::new(&self.rules.frame, Vec::new(), 0);
        self.journal.0.clear();
        self.tally.clear(&self.rules);
    }

    /// Runs one day.
    pub fn day(&mut self) {
        // One phase after the other; with the clock read between them only where somebody asked for it.
        macro_rules! phases {
            ($( $name:literal => $call:expr; )*) => {
                if self.spent.is_some() {
                    $( {
                        let begun = std::time::Instant::now();
                        $call;
                        let took = begun.elapsed().as_nanos();
                        let spent = self.spent.get_or_insert_with(Vec::new);
                        match spent.iter_mut().find(|(name, _)| *name == $name) {
                            Some((_, total)) => *total += took,
                            None => spent.push(($name, took)),
                        }
                    } )*
                } else {
                    $( $call; )*
                }
            };
        }
        phases! {
            "calendar" => self.turn_the_calendar();
            "economy" => self.trade();
            "supply" => self.supply();
            "threat" => threat::perceive(&self.rules, &self.columns.programmes, &mut self.columns.threats);
            "factions" => self.weigh_factions();
            "peacekeeping" => self.deploy();
            "negotiation" => self.negotiate();
            "council" => self.vote();
            "roadmap" => self.follow_roadmaps();
            "integration" => self.integrate();
            "path" => self.walk();
            "incorporation" => self.incorporate();
            "initiative" => self.take_initiative();
            "answer" => self.answer();
            "bases" => self.expose_bases();
            "salvo" => self.resolve_strikes();
            "fire" => self.exchange_fire();
            "harm: deaths" => self.count_the_dead();
            "harm: felt" => self.feel_harm();
            "ladder" => self.climb();
            "truce" => self.test_agreements();
            "nuclear" => self.run_programmes();
            "tally" => self.observe();
        }
    }

    fn turn_the_calendar(&mut self) {
        let Self { rules, clock, levers, log, journal, columns, .. } = self;
        calendar::turn(rules, levers, clock, log, &mut columns.channels, &mut journal.0);
    }

    fn trade(&mut self) {
        let Self { rules, levers, luck, clock, journal, columns: c, .. } = self;
        economy::turn_over(rules, levers, &c.fronts, &c.agreements, &mut c.economies);
        economy::watch_corridors(rules, luck, clock.day, &mut c.corridors, &mut journal.0, &mut Silent);
    }

    fn supply(&mut self) {
        let Self { rules, levers, clock, columns: c, .. } = self;
        let (corridors, councils, arsenals) = (&c.corridors, &c.councils, &mut c.arsenals);
        supply::restock(rules, levers, clock.day, &c.threats, &c.pairs, &c.economies, corridors, councils, arsenals);
    }

    fn weigh_factions(&mut self) {
        let Self { rules, levers, clock, journal, columns: c, .. } = self;
        let (agreements, economies, ledgers, pairs) = (&c.agreements, &c.economies, &c.ledgers, &c.pairs);
        let (factions, journal) = (&mut c.factions, &mut journal.0);
        factions::balance(rules, levers, clock.day, agreements, economies, ledgers, pairs, factions, journal);
    }

    fn deploy(&mut self) {
        let Self { rules, levers, clock, luck, journal, columns: c, .. } = self;
        negotiation::redraw(rules, levers, luck, clock.day, &c.agreements, &mut c.fronts, &mut journal.0);
        peacekeeping::move_in(rules, levers, clock.day, &c.agreements, &c.fronts, &mut c.missions);
    }

    fn negotiate(&mut self) {
        let Self { rules, levers, clock, luck, journal, columns: c, .. } = self;
        let scene = negotiation::Scene {
            rules,
            levers,
            today: clock.day,
            channels: &c.channels,
            standings: &c.standings,
            threats: &c.threats,
            fires: &c.fires,
            ledgers: &c.ledgers,
            fronts: &c.fronts,
            councils: &c.councils,
            programmes: &c.programmes,
            paths: &c.paths,
            incorporations: &c.incorporations,
        };
        let mut signed = Vec::new();
        negotiation::hold_talks(&scene, luck, &mut c.agreements, &mut signed, &mut Silent);
        for signing in signed {
            let (fires, fronts) = (&c.fires, &mut c.fronts);
            negotiation::sign(
                signing.table,
                rules,
                levers,
                &mut c.agreements,
                fires,
                fronts,
                clock.day,
                &mut journal.0,
            );
        }
    }

    fn vote(&mut self) {
        let Self { rules, levers, luck, clock, journal, columns: c, .. } = self;
        let (councils, standings, journal) = (&mut c.councils, &mut c.standings, &mut journal.0);
        council::sit(rules, levers, luck, clock.day, &c.territories, councils, standings, journal, &mut Silent);
    }

    fn follow_roadmaps(&mut self) {
        let Self { rules, levers, luck, clock, journal, columns: c, .. } = self;
        let (roadmaps, journal) = (&mut c.roadmaps, &mut journal.0);
        let (agreements, channels, fires) = (&c.agreements, &c.channels, &c.fires);
        roadmap::follow(rules, levers, luck, clock.day, agreements, channels, fires, roadmaps, journal, &mut Silent);
    }

    fn integrate(&mut self) {
        let Self { rules, levers, clock, journal, columns: c, .. } = self;
        integration::integrate(rules, levers, clock.day, &c.threats, &mut c.integrations, &mut journal.0);
    }

    fn incorporate(&mut self) {
        let Self { rules, levers, columns: c, .. } = self;
        let (agreements, threats, groups) = (&c.agreements, &c.threats, &mut c.incorporations);
        let (roadmaps, integrations, paths) = (&c.roadmaps, &c.integrations, &c.paths);
        incorporation::incorporate(rules, levers, agreements, roadmaps, integrations, paths, threats, groups);
    }

    fn walk(&mut self) {
        let Self { rules, levers, luck, clock, journal, columns: c, .. } = self;
        let (agreements, fires, fronts, councils) = (&c.agreements, &c.fires, &c.fronts, &c.councils);
        let (territories, paths, journal) = (&c.territories, &mut c.paths, &mut journal.0);
        path::walk(
            rules,
            levers,
            luck,
            clock.day,
            agreements,
            fires,
            fronts,
            councils,
            territories,
            paths,
            journal,
            &mut Silent,
        );
    }

    fn take_initiative(&mut self) {
        let Self { rules, levers, clock, luck, decided, columns: c, .. } = self;
        let scene = initiative::Scene {
            rules,
            levers,
            luck,
            clock: *clock,
            agreements: &c.agreements,
            channels: &c.channels,
            hosts: &c.hosts,
            arsenals: &c.arsenals,
            standings: &c.standings,
            threats: &c.threats,
            programmes: &c.programmes,
            ledgers: &c.ledgers,
        };
        initiative::initiate(&scene, decided, &mut Silent);
    }

    fn answer(&mut self) {
        let Self { rules, levers, clock, luck, journal, decided, columns: c, .. } = self;
        let today = clock.day;
        if !answer::keep_accounts(
            rules,
            luck,
            today,
            &c.agreements,
            &mut c.ledgers,
            &mut c.pairs,
            &mut journal.0,
            &mut Silent,
        ) {
            return;
        }
        let scene = answer::Scene {
            rules,
            levers,
            luck,
            today,
            agreements: &c.agreements,
            channels: &c.channels,
            hosts: &c.hosts,
            fronts: &c.fronts,
            arsenals: &c.arsenals,
            factions: &c.factions,
        };
        let (ledgers, pairs, standings) = (&mut c.ledgers, &mut c.pairs, &mut c.standings);
        restraint::settle_debts(&scene, pairs, ledgers, standings, &mut journal.0, &mut Silent);
        answer::settle(&scene, ledgers, pairs, standings, decided, &mut journal.0, &mut Silent);
    }

    fn expose_bases(&mut self) {
        let Self { rules, levers, luck, clock, journal, decided, columns: c, .. } = self;
        restraint::fade(rules, decided, &mut c.ledgers);
        let (hosts, journal) = (&mut c.hosts, &mut journal.0);
        let (ledgers, pairs, fronts, integrations) = (&c.ledgers, &c.pairs, &c.fronts, &c.integrations);
        let (today, probe) = (clock.day, &mut Silent);
        bases::watch_hosts(
            rules,
            levers,
            luck,
            today,
            ledgers,
            pairs,
            fronts,
            integrations,
            hosts,
            decided,
            journal,
            probe,
        );
    }

    fn resolve_strikes(&mut self) {
        let Self { rules, clock, luck, decided, columns: c, .. } = self;
        let p = &rules.p;
        for s in decided {
            let day = salvo::key_of(s, rules, luck).day(clock.day);
            if s.is_salvo() {
                let victim = usize::from(s.victim);
                let defended = rules.actors[victim].interceptors.is_some();
                salvo::fly(s, p, defended.then_some(&mut c.arsenals[victim].interceptors), day);
                let store = &mut c.arsenals[usize::from(s.actor)].munitions;
                *store = (*store - answer::missile_equivalents(s.rounds, p)).max(0.0);
            }
            s.deaths = negative_binomial(day.uniform(step::DEATHS), salvo::mean_deaths(s, p), salvo::DEATHS_SIZE);
        }
    }

    fn exchange_fire(&mut self) {
        let Self { rules, levers, clock, luck, memo, columns: c, .. } = self;
        let scene = fire::Scene {
            rules,
            levers,
            luck,
            today: clock.day,
            fronts: &c.fronts,
            agreements: &c.agreements,
            missions: &c.missions,
            economies: &c.economies,
            roadmaps: &c.roadmaps,
            integrations: &c.integrations,
            incorporations: &c.incorporations,
            paths: &c.paths,
        };
        fire::fire_day(&scene, &mut c.arsenals, &mut c.fires, memo, &mut Silent);
    }

    fn count_the_dead(&mut self) {
        let Self { rules, levers, clock, luck, columns: c, .. } = self;
        let fires = &mut c.fires;
        harm::toll(rules, levers, luck, clock.day, &c.fronts, &c.integrations, &c.paths, fires);
    }

    fn feel_harm(&mut self) {
        let Self { rules, levers, clock, luck, journal, decided, columns: c, .. } = self;
        bases::hold_against(rules, decided, &mut c.hosts);
        harm::feel(
            rules,
            levers,
            luck,
            clock.day,
            decided,
            &c.fires,
            &c.agreements,
            &c.paths,
            &mut c.fronts,
            &mut c.ledgers,
            &mut c.threats,
            (&mut c.arsenals, &mut c.pairs, &mut c.sites),
            &mut c.territories,
            &mut c.standings,
            &mut journal.0,
        );
        forum::meet(rules, levers, &c.hosts, decided, &mut c.programmes, &mut c.threats);
        decided.clear();
    }

    fn climb(&mut self) {
        let Self { rules, levers, clock, luck, journal, columns: c, .. } = self;
        let scene = ladder::Scene {
            rules,
            levers,
            luck,
            today: clock.day,
            agreements: &c.agreements,
            channels: &c.channels,
            hosts: &c.hosts,
            arsenals: &c.arsenals,
            standings: &c.standings,
            ledgers: &c.ledgers,
            pairs: &c.pairs,
            fires: &c.fires,
        };
        ladder::move_levels(&scene, &mut c.fronts, &mut journal.0, &mut Silent);
    }

    fn test_agreements(&mut self) {
        let Self { rules, levers, clock, luck, journal, morning, columns: c, .. } = self;
        let (today, fires, arsenals, paths) = (clock.day, &c.fires, &c.arsenals, &c.paths);
        let (economies, incorporations) = (&c.economies, &c.incorporations);
        let scene = truce::Scene { rules, levers, luck, today, fires, arsenals, paths, economies, incorporations };
        let (missions, fronts, agreements) = (&mut c.missions, &mut c.fronts, &mut c.agreements);
        truce::test(&scene, morning, missions, fronts, agreements, &mut journal.0, &mut Silent);
    }

    fn run_programmes(&mut self) {
        let Self { rules, levers, clock, luck, journal, columns: c, .. } = self;
        let world = nuclear::World {
            agreements: &c.agreements,
            economies: &c.economies,
            factions: &c.factions,
            threats: &c.threats,
            arsenals: &c.arsenals,
            ledgers: &c.ledgers,
            sites: &c.sites,
        };
        let programmes = &mut c.programmes;
        nuclear::enrich(rules, levers, luck, clock.day, world, programmes, &mut journal.0, &mut Silent);
    }

    fn observe(&mut self) {
        let Self { rules, clock, journal, tally, columns: c, .. } = self;
        tally.take(rules, clock.day, &journal.0, &c.fires, &c.fronts, &c.pairs);
        clock.day += 1;
    }
}
