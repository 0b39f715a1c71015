//! The same day over plain columns, without an ECS: how far the engine is from what the machine can do.
//!
//! Same rule functions, same order, same draws, and the same early exits, over slices known to the compiler; no queries,
//! no resources, no schedule, no probe. `tests/bare_loop.rs` and the bench itself check that it leaves the same bits as
//! the engine: a loop of less scope would be no measure.

use detente::chance::quantile::{negative_binomial, normal};
use detente::record::event::{Event, Journal};
use detente::record::probe::Silent;
use detente::scenario::raw::{CalendarKind, LadderRule, Means};
use detente::sim::answer::{self, step};
use detente::sim::calendar::LeverLog;
use detente::sim::caution::{caution, exchange_factor, mediation};
use detente::sim::ladder::{self, HIGH};
use detente::sim::luck::Luck;
use detente::sim::peacekeeping::{Presence, deployed, presence, violation_factor};
use detente::sim::rules::Rules;
use detente::sim::state::{Agreement, Clock, Front, Ledger, NEVER, SiteState, Status, Strike, StrikeKind, start};
use detente::sim::tally::Tally;
use detente::sim::target::{choose_class, choose_site};
use detente::sim::world::{Columns, Fate};
use detente::sim::{fire, harm, initiative, negotiation, salvo, supply, threat, truce};
use detente::symbols::levers::{Lever, LeverSet};

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
    heat: Vec<f64>,
    kept: Vec<f64>,
    morning: Vec<Agreement>,
    prior: bool,
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
            heat: Vec::new(),
            kept: Vec::new(),
            morning: Vec::new(),
            prior: false,
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
        self.turn_the_calendar();
        self.supply();
        self.perceive_threat();
        self.deploy();
        self.negotiate();
        self.take_initiative();
        self.answer();
        self.resolve_strikes();
        self.exchange_fire();
        self.count_the_dead();
        self.feel_harm();
        self.climb();
        self.test_agreements();
        let c = &self.columns;
        self.tally.take(&self.rules, self.clock.day, &self.journal.0, &c.fires, &c.fronts, &c.pairs);
        self.clock.day += 1;
    }

    fn turn_the_calendar(&mut self) {
        let Self { rules, clock, levers, log, journal, columns, .. } = self;
        let today = clock.day;
        journal.0.clear();
        while let Some(&change) = log.changes.get(log.next).filter(|change| change.day <= today) {
            log.next += 1;
            if levers[change.lever].to_bits() != change.value.raw().to_bits() {
                levers.set(change.lever, change.value.raw());
                journal.0.push(Event::LeverMoved(change));
            }
        }
        for (entry, event) in rules.frame.calendar.iter().enumerate().filter(|(_, event)| event.day == today) {
            if event.kind == CalendarKind::UsAdministration {
                clock.consent = rules.p.consent_after;
            }
            journal.0.push(Event::Calendar { entry: entry as u16 });
        }
        for (i, channel) in columns.channels.iter_mut().enumerate() {
            let Some(switch) = rules.channels[i].suspended_by else { continue };
            let (now, before) = (levers.on(switch), channel.suspended_since != NEVER);
            if now != before {
                channel.suspended_since = if now { today } else { NEVER };
                journal.0.push(Event::ChannelTurned { channel: i as u16, suspended: now });
            }
        }
    }

    fn supply(&mut self) {
        let Self { rules, levers, columns: Columns { threats, pairs, arsenals, .. }, .. } = self;
        let p = &rules.p;
        for (actor, arsenal) in rules.actors.iter().zip(arsenals) {
            if arsenal.decapitation > 0.0 {
                arsenal.decapitation *= rules.decapitation_retention;
            }
            if let Some(stock) = &actor.stock {
                let felt: f64 = actor.threats.iter().map(|&t| threats[t].level).sum();
                let mean_threat = if actor.threats.is_empty() { 0.5 } else { felt / actor.threats.len() as f64 };
                arsenal.munitions += supply::production(stock.production, mean_threat, p.richardson_reaction);
                let war = actor.ledgers.iter().any(|&l| pairs[rules.ledgers[l].pair].war);
                let (survival, rebuilt) = (p.launcher_war_survival, p.launcher_rebuild);
                arsenal.launchers = supply::launchers(arsenal.launchers, stock.launchers, war, survival, rebuilt);
            }
            if let Some(interceptors) = &actor.interceptors {
                arsenal.interceptors += interceptors.resupply * interceptors.lever.map_or(1.0, |lever| levers[lever]);
            }
            if actor.air_defence.is_some() && arsenal.air_defence < p.air_defence_ceiling {
                arsenal.air_defence = (arsenal.air_defence + p.air_defence_recovery).min(p.air_defence_ceiling);
            }
        }
    }

    fn perceive_threat(&mut self) {
        let Self { rules, columns, .. } = self;
        let p = &rules.p;
        let weights = [p.threat_capability, p.threat_violence, p.threat_posture];
        for (relation, t) in rules.threats.iter().zip(&mut columns.threats) {
            let (me, other) = (&rules.actors[relation.holder], &rules.actors[relation.from]);
            let seen =
                threat::signs(weights, me.capability, other.capability, t.recent_harm, p.v0_blows, other.posture);
            t.level = (t.level + p.delta_theta * (seen - t.level)).min(1.0);
            t.recent_harm *= 1.0 - 1.0 / p.threat_memory;
        }
    }

    fn deploy(&mut self) {
        let Self { rules, levers, clock, columns: Columns { agreements, missions, .. }, .. } = self;
        let p = &rules.p;
        for (rule, mission) in rules.missions.iter().zip(missions) {
            let truce = rule.table.map(|t| agreements[t]).filter(Agreement::in_force);
            let free = if truce.is_some() { p.movement_truce } else { p.movement_war };
            mission.movement += p.movement_rate * (free - mission.movement);
            if let Some(truce) = truce {
                let age = f64::from(clock.day - truce.since);
                mission.withdrawn = mission.withdrawn.max((age / levers[Lever::IsraelWithdrawalDays]).min(1.0));
                let target = levers[Lever::LafTroopsSouth];
                mission.national_troops = deployed(mission.national_troops, target, p.laf_days, p.laf_vanguard);
            }
        }
    }

    fn negotiate(&mut self) {
        let Self { rules, levers, clock, luck, journal, columns, .. } = self;
        let Columns { channels, standings, threats, fronts, agreements, .. } = columns;
        let p = &rules.p;
        let today = clock.day;
        for (position, (t, agreement)) in rules.tables.iter().zip(agreements.iter_mut()).enumerate() {
            match agreement.status {
                Status::InForce => continue,
                Status::Closed if negotiation::can_meet(t, levers) => {
                    (agreement.status, agreement.since) = (Status::Talks, today);
                }
                Status::Talks if !negotiation::can_meet(t, levers) => {
                    (agreement.status, agreement.since) = (Status::Closed, today);
                }
                Status::Collapsed if f64::from(today - agreement.since) >= p.reopen_days => {
                    (agreement.status, agreement.since) = (Status::Talks, today);
                }
                _ => {}
            }
            if agreement.status != Status::Talks {
                continue;
            }
            let brokered = mediation(rules, levers, channels, position);
            let group_talks = if t.needs_group_talks { 0.7 + levers[Lever::GroupTalks] } else { 1.0 };
            let deadline = negotiation::deadline_factor(t, today, p);
            let draw = luck.sign[position].day(today).uniform(0);
            if draw >= negotiation::signing_hazard(t.eta, brokered, 1.0, deadline, group_talks) {
                continue;
            }
            let intensity = t.front.map_or(1.0, |front| {
                let level = usize::from(fronts[front].level);
                let reference = usize::from(t.stalemate_level);
                let factor = t.cost_stream.map_or(&negotiation::EXCHANGE_GROWTH, |s| &rules.streams[s].level_factor);
                factor[level] / factor[reference]
            });
            let shock = p.table_shock * normal(luck.table_shock[position].day(today).uniform(0));
            let mut acceptances = 1.0;
            for party in &t.parties {
                let inputs = negotiation::inputs(party, levers, intensity, brokered, shock, standings, threats, p);
                acceptances *= negotiation::acceptance(&inputs, p);
            }
            let hazard = negotiation::signing_hazard(t.eta, brokered, acceptances, deadline, group_talks);
            if draw < -libm::expm1(-hazard) {
                (agreement.status, agreement.since) = (Status::InForce, today);
                journal.0.push(Event::Signed { table: position as u16 });
                if let Some(front) = t.front.filter(|_| !t.restrains_exchange) {
                    fronts[front].war_level = fronts[front].level;
                    fronts[front].level = 0;
                }
            }
        }
    }

    fn take_initiative(&mut self) {
        let Self { rules, levers, clock, luck, decided, columns, .. } = self;
        let Columns { agreements, channels, arsenals, standings, threats, .. } = columns;
        let p = &rules.p;
        let today = clock.day;
        for (position, rule) in rules.initiatives.iter().enumerate() {
            let day = luck.blow[position].day(today);
            let (draw, preventive_draw) = (day.uniform(0), luck.preventive[position].day(today).uniform(0));
            let lever = rule.blow_lever.map_or(1.0, |lever| levers[lever]);
            let ruled_out = draw >= rule.blow_bound * lever && preventive_draw >= rule.preventive_bound;
            if arsenals[rule.actor].munitions < 1.0 || ruled_out {
                continue;
            }
            let shielded = rules.actors[rule.opponent].shield.is_some();
            let veto = if rule.needs_consent { answer::scale_veto(levers, p.scale_veto_effect) } else { 0.0 };
            let inputs = initiative::Inputs {
                blow_rate: rule.blow_rate * lever,
                preventive_rate: rule.preventive_rate,
                opponent_resolve: standings[rule.opponent].resolve,
                caution: rule.own_ledger.map_or(p.caution_reference, |l| {
                    caution(rules.ledgers[l].caution, rules, levers, channels, agreements, today)
                }),
                opponent_shield: if shielded { arsenals[rule.opponent].shield } else { p.shield_reference },
                truces_hold: !rule.held_back_by.is_empty()
                    && rule.held_back_by.iter().all(|&t| agreements[t].in_force()),
                restraint: exchange_factor(&rule.restrained_by, agreements, p.exchange_restraint),
                opponent_air_defence: arsenals[rule.opponent].air_defence,
                consent: if rule.needs_consent { clock.consent * veto } else { 0.5 },
                threat: rule.threat.map_or(0.5, |t| threats[t].level),
            };
            let strike =
                |kind, victim, size| initiative::strike(rule, position, kind, victim, size, rules, luck, today);
            if draw < initiative::chance_of(initiative::blow_hazard(&inputs, p)) {
                let magnitude = initiative::severity(inputs.opponent_resolve, normal(day.uniform(1)), p);
                decided.push(strike(StrikeKind::Blow, initiative::choose_victim(day.uniform(2), rule), magnitude));
            }
            if rule.preventive_rate > 0.0 {
                let chance = initiative::chance_of(initiative::preventive_hazard(&inputs, p));
                if preventive_draw < chance {
                    decided.push(strike(StrikeKind::Preventive, rule.opponent, p.preventive_severity));
                }
            }
        }
    }

    fn answer(&mut self) {
        let Self { rules, levers, clock, luck, journal, decided, columns, .. } = self;
        let Columns { agreements, channels, fronts, arsenals, standings, pairs, ledgers, .. } = columns;
        let p = &rules.p;
        let today = clock.day;
        let mut busy = false;
        for (i, ledger) in ledgers.iter_mut().enumerate() {
            let l = &rules.ledgers[i];
            if ledger.blows > 0.0 {
                ledger.blows *= l.daily_retention;
                ledger.other_count *= l.daily_retention;
            }
            if ledger.owed && ledger.blows < p.vow_lapse * l.theta {
                ledger.owed = false;
                journal.0.push(Event::AnswerLapsed { ledger: i as u16 });
            }
            busy |= ledger.owed || ledger.blows > p.theta_war;
        }
        for (i, pair) in pairs.iter_mut().enumerate() {
            let members = &rules.pairs[i].ledgers;
            if pair.war {
                busy = true;
                if luck.war_end[i].day(today).uniform(0) < -libm::expm1(-p.war_end) {
                    pair.war = false;
                    journal.0.push(Event::War { pair: i as u16, began: false });
                    for &l in members {
                        let reset = p.war_reset * rules.ledgers[l].theta;
                        ledgers[l] = Ledger { blows: reset, other_count: reset, owed: false, ..ledgers[l] };
                    }
                }
            } else if busy && members.iter().any(|&l| ledgers[l].blows > p.theta_war) {
                pair.war = true;
                journal.0.push(Event::War { pair: i as u16, began: true });
            }
        }
        if !busy {
            return;
        }
        for (me, ledger) in ledgers.iter_mut().enumerate() {
            let l = &rules.ledgers[me];
            let war = pairs[l.pair].war;
            let waited = f64::from(today - ledger.owed_since) >= l.min_lag;
            if !(war || ledger.owed && waited) {
                continue;
            }
            let holder = &rules.actors[l.holder];
            let arsenal = arsenals[l.holder];
            if arsenal.munitions < 1.0 {
                continue;
            }
            let chance = answer::chance(&answer::Inputs {
                blows: ledger.blows,
                theta: l.theta,
                h_max: l.h_max,
                a: l.a,
                air_defence: arsenal.air_defence,
                shield: arsenal.shield,
                caution: caution(l.caution, rules, levers, channels, agreements, today),
                reformist: holder.reformist_weight,
                readiness: l.response_scale.map_or(1.0, |lever| levers[lever]),
                restraint: exchange_factor(&l.restrained_by, agreements, p.exchange_restraint),
                war: war.then_some(l.war_answer),
            });
            if luck.answer[me].day(today).uniform(0) >= chance {
                continue;
            }
            let z = normal(luck.answer_size[me].day(today).uniform(0));
            let kappa = answer::proportionality(l, levers, p.scale_veto_effect);
            let mut m = answer::magnitude(kappa, ledger.blows, l.spread, z);
            if m <= 0.0 {
                continue;
            }
            let day = luck.strike[me].day(today);
            let force = holder.stock.as_ref().is_some_and(|s| s.launchers > 0.0);
            let mut rounds = 0;
            if l.means == Means::Salvo {
                let launchers = if force { p.salvo_launcher_share * arsenal.launchers } else { f64::INFINITY };
                let wanted = l.rounds_per_blow * m;
                let fired = wanted.min(p.salvo_stock_share * arsenal.munitions).min(launchers);
                if fired < 1.0 {
                    continue;
                }
                rounds = fired as u32;
                m = f64::from(rounds) / l.rounds_per_blow;
            }
            let restraint = l.restraint.map_or(0.0, |lever| levers[lever]);
            let doctrine = answer::doctrine(l, rules, levers, fronts);
            let class = choose_class(day.uniform(step::CLASS), &rules.actors[l.against], restraint, doctrine, p);
            let site = choose_site(day.uniform(step::SITE), rules, l.against, class);
            let mixed = l.means == Means::Salvo && force && day.uniform(step::MIXED) < p.mixed_salvo;
            let slow = if mixed { [p.mixed_uav as u32, p.mixed_cruise as u32] } else { [0; 2] };
            decided.push(Strike {
                kind: if l.means == Means::Salvo { StrikeKind::Salvo } else { StrikeKind::AirStrike },
                actor: l.holder as u16,
                opponent: l.against as u16,
                victim: l.against as u16,
                ledger: me as u16,
                initiative: u16::MAX,
                magnitude: m,
                class,
                site: site.map_or(u16::MAX, |s| s as u16),
                telegraphed: day.uniform(step::TELEGRAPH) < l.telegraph,
                rounds: [rounds, slow[0], slow[1]],
                arrivals: 0,
                intercepted: 0,
                hits: 0,
                deaths: 0,
            });
            ledger.blows = answer::credited(ledger.blows, m, l.bias, p.credit_share, p.credit_fixed, l.closure);
            ledger.other_count =
                answer::credited(ledger.other_count, m, -l.bias, p.credit_share, p.credit_fixed, l.closure);
            ledger.owed = ledger.blows >= l.theta;
            ledger.owed_since = today;
            standings[l.holder].resolve = (standings[l.holder].resolve + p.rho_gain).min(1.0);
        }
    }

    fn resolve_strikes(&mut self) {
        let Self { rules, clock, luck, decided, columns: Columns { arsenals, .. }, .. } = self;
        let p = &rules.p;
        for s in decided {
            let key = match s.ledger {
                u16::MAX => luck.initiative_strike[usize::from(s.initiative)],
                ledger => luck.strike[usize::from(ledger)],
            };
            let day = key.day(clock.day);
            if s.kind == StrikeKind::Salvo {
                let victim = usize::from(s.victim);
                let defended = rules.actors[victim].interceptors.is_some();
                salvo::fly(s, p, defended.then_some(&mut arsenals[victim].interceptors), day);
                let store = &mut arsenals[usize::from(s.actor)].munitions;
                *store = (*store - f64::from(s.rounds[0])).max(0.0);
            }
            s.deaths = negative_binomial(day.uniform(step::DEATHS), salvo::mean_deaths(s, p), salvo::DEATHS_SIZE);
        }
    }

    fn exchange_fire(&mut self) {
        let Self { rules, levers, clock, luck, heat, kept, columns, .. } = self;
        let Columns { fronts, agreements, missions, arsenals, fires, .. } = columns;
        let p = &rules.p;
        heat.clear();
        heat.extend(fires.iter().map(|fire| fire.excitation));
        kept.clear();
        kept.extend(rules.tables.iter().zip(agreements.iter()).map(|(table, agreement)| {
            if agreement.in_force() && !table.silences.is_empty() {
                let at = table.mission.map_or(Presence::NONE, |m| presence(&missions[m], levers, p));
                violation_factor(&at, p)
            } else {
                1.0
            }
        }));
        let west_bank = fire::settlement_factor(levers, p);
        for (i, (s, f)) in rules.streams.iter().zip(fires.iter_mut()).enumerate() {
            let front = fronts[s.front];
            let truce = s.silenced_by.filter(|&table| agreements[table].in_force());
            let arsenal = arsenals[s.attacker];
            let capability = if arsenal.munitions == f64::INFINITY && arsenal.decapitation <= 0.0 {
                1.0
            } else if arsenal.munitions < 1.0 {
                0.0
            } else {
                let full = rules.actors[s.attacker].stock.as_ref().map_or(0.0, |stock| stock.full_rate_rounds);
                supply::firing_capability(arsenal.munitions, full, arsenal.decapitation, p.decapitation_effect)
            };
            let (directive, halt) = rules.directive_factors(i, levers);
            let level = if truce.is_some() { front.war_level } else { front.level };
            let inputs = fire::Inputs {
                mu: s.mu,
                level_factor: s.level_factor[usize::from(level)],
                solidarity: fire::solidarity(s, agreements, p.solidarity_floor),
                directive,
                halt,
                capability,
                policy: if s.settlements { west_bank } else { 1.0 },
                truce: truce.map_or(1.0, |table| s.truce_residual * kept[table]),
                coupling: if truce.is_some() { s.truce_coupling } else { 1.0 },
                excitation: s.offspring.iter().map(|&(source, weight)| weight * heat[source]).sum(),
            };
            f.mean = fire::mean(&inputs, p.fire_floor);
            f.events = s.law.quantile(luck.fire[i].day(clock.day).uniform(0), f.mean);
            f.excitation = fire::excitation(heat[i], s.memory, f.events);
        }
        for (actor, arsenal) in rules.actors.iter().zip(arsenals) {
            let Some(stock) = actor.stock.as_ref().filter(|stock| stock.per_event > 0.0) else { continue };
            let used: u32 = actor.streams.iter().map(|&s| fires[s].events).sum();
            arsenal.munitions = (arsenal.munitions - stock.per_event * f64::from(used)).max(0.0);
        }
    }

    fn count_the_dead(&mut self) {
        let Self { rules, levers, clock, luck, columns: Columns { fronts, fires, .. }, .. } = self;
        let p = &rules.p;
        for (i, (s, f)) in rules.streams.iter().zip(fires).enumerate() {
            (f.deaths, f.lethal) = (0, 0);
            if f.events == 0 {
                continue;
            }
            let pledge = s.restraint.map_or(1.0, |lever| {
                harm::restraint_on_deaths(levers[lever], lever.row().default, p.restraint_lethality)
            });
            let per_event = s.deaths[usize::from(fronts[s.front].level >= HIGH)] * pledge;
            let share = rules.death_law.lethal_share(per_event / f64::from(s.incidents));
            let toll = rules.death_law.toll(luck.fire_deaths[i].day(clock.day), f.events * s.incidents, share);
            f.deaths = toll.deaths;
            if s.harm_per_lethal_event > 0.0 {
                f.lethal = toll.lethal;
            }
        }
    }

    fn feel_harm(&mut self) {
        let Self { rules, clock, luck, journal, decided, columns, .. } = self;
        let Columns {
            standings, arsenals, threats, ledgers, pairs, fronts, fires, agreements, territories, sites, ..
        } = columns;
        let p = &rules.p;
        let today = clock.day;
        for s in decided.iter() {
            journal.0.push(Event::Struck(*s));
            for (i, ledger) in ledgers.iter_mut().enumerate() {
                let (own, other) = harm::felt(i, s, rules, luck, today);
                ledger.blows += own;
                ledger.other_count += other;
            }
            harm::strike_threats(s, rules, threats);
            harm::strike_arsenal(s, rules, &mut arsenals[usize::from(s.victim)]);
            harm::strike_fronts(s, rules, today, pairs, fronts);
            if let Some(site) = sites.get_mut(usize::from(s.site)) {
                let added = match s.kind {
                    StrikeKind::Salvo => p.damage_per_hit * f64::from(s.hits),
                    _ => p.damage_per_blow * s.magnitude,
                };
                let damage = (harm::damage_on(*site, today, p.repair_half_life) + added).min(1.0);
                *site = SiteState { damage, noted: today };
            }
        }
        for (s, f) in rules.streams.iter().zip(fires.iter()) {
            if let Some(ledger) = s.ledger {
                let added = s.harm_per_event * f64::from(f.events) + s.harm_per_lethal_event * f64::from(f.lethal);
                ledgers[ledger].blows += added;
                ledgers[ledger].other_count += added;
            }
        }
        for (i, (rule, ledger)) in rules.ledgers.iter().zip(ledgers.iter_mut()).enumerate() {
            if !ledger.owed && ledger.blows >= rule.theta {
                ledger.owed = true;
                ledger.owed_since = today;
                journal.0.push(Event::AnswerOwed { ledger: i as u16 });
            }
        }
        for (relation, t) in rules.threats.iter().zip(threats) {
            let killed: u32 = relation.streams.iter().map(|&s| fires[s].deaths).sum();
            if killed > 0 {
                t.recent_harm += p.harm_killed * libm::log1p(f64::from(killed));
            }
        }
        for (rule, territory) in rules.territories.iter().zip(territories.iter_mut()) {
            let events: u32 = rule.streams.iter().map(|&s| fires[s].events).sum();
            let mut killed: u32 = rule.streams.iter().map(|&s| fires[s].deaths).sum();
            if rule.first_of_actor {
                let struck = decided.iter().filter(|s| rules.actors[usize::from(s.victim)].home == rule.actor);
                killed += struck.map(|s| s.deaths).sum::<u32>();
            }
            territory.killed_today = killed;
            territory.killed += killed;
            if rule.exposed > 0.0 {
                let truce = rules.fronts[rule.front].table.map(|t| agreements[t]).filter(Agreement::in_force);
                let returning = truce.map_or(0.0, |truce| {
                    let fresh = f64::from(today - truce.since) < p.return_fast_days;
                    if rule.fast_return && fresh { p.return_fast } else { rule.return_rate }
                });
                let high = fronts[rule.front].level >= HIGH;
                territory.displaced =
                    harm::displaced(territory.displaced, rule.exposed, f64::from(events), high, returning, p);
            }
        }
        for (me, (actor, standing)) in rules.actors.iter().zip(standings).enumerate() {
            let attacked = decided.iter().any(|s| usize::from(s.victim) == me);
            if attacked || !actor.territories.is_empty() || standing.opinion.abs() > 0.0 {
                let killed: u32 = actor.territories.iter().map(|&t| territories[t].killed_today).sum();
                standing.opinion = harm::opinion(standing.opinion, killed, attacked, p);
            }
            if !actor.ledgers.is_empty() {
                let owed = actor.ledgers.iter().filter(|&&l| ledgers[l].owed);
                let ratio = owed.map(|&l| ledgers[l].blows / rules.ledgers[l].theta).fold(0.0, f64::max);
                standing.resolve = harm::resolve(standing.resolve, ratio, p);
            }
        }
        decided.clear();
    }

    fn climb(&mut self) {
        let Self { rules, levers, clock, luck, journal, columns, .. } = self;
        let Columns { agreements, channels, arsenals, standings, ledgers, pairs, fronts, .. } = columns;
        let p = &rules.p;
        let today = clock.day;
        for (position, (rule, front)) in rules.fronts.iter().zip(fronts).enumerate() {
            if rule.table.is_some_and(|t| agreements[t].in_force() && !rules.tables[t].restrains_exchange) {
                front.days_high = 0;
                continue;
            }
            let before = front.level;
            if rule.ladder == LadderRule::Exchange {
                if let Some(&l) = rule.ledgers.first() {
                    front.level = ladder::exchange_level(front, &pairs[rules.ledgers[l].pair], today, p);
                }
            } else {
                if before == 0 && !rule.ledgers.iter().any(|&l| ledgers[l].owed) {
                    continue;
                }
                let ledger = rule.ledgers.iter().map(|&l| ledgers[l].blows).fold(0.0, f64::max);
                let day = luck.step[position].day(today);
                let draws = [day.uniform(0), day.uniform(1)];
                let up_bound = rules.step_up_bound * (1.0 + ledger) * (1.0 + ledger);
                if draws[0] >= up_bound && draws[1] >= rules.step_down_bound {
                    front.days_high = if before >= HIGH { front.days_high + 1 } else { 0 };
                    continue;
                }
                let of = |&l: &usize| caution(rules.ledgers[l].caution, rules, levers, channels, agreements, today);
                let cautions: f64 = rule.ledgers.iter().map(of).sum();
                let resolve: f64 = rule.parties.iter().map(|&a| standings[a].resolve).sum();
                let low =
                    |&a: &usize| rules.actors[a].stock.as_ref().is_some_and(|s| arsenals[a].munitions < 0.2 * s.rounds);
                let inputs = ladder::Inputs {
                    ledger,
                    trigger: f64::from(today - front.last_blow) < p.trigger_days,
                    resolve: resolve / rule.parties.len().max(1) as f64,
                    caution: if rule.ledgers.is_empty() { 0.0 } else { cautions / rule.ledgers.len() as f64 },
                    exhaustion: (f64::from(front.days_high) / p.exhaustion_days).min(1.0),
                    mediation: rule.table.map_or(0.0, |t| mediation(rules, levers, channels, t)),
                    low_stock: rule.parties.iter().any(low),
                };
                front.level = ladder::step(position as u16, &inputs, before, p, draws, &mut Silent);
            }
            front.days_high = if front.level >= HIGH { front.days_high + 1 } else { 0 };
            if front.level != before {
                front.last_step = today;
                journal.0.push(Event::LevelMoved { front: position as u16, from: before, to: front.level });
            }
            front.war_level = front.level;
        }
    }

    fn test_agreements(&mut self) {
        let Self { rules, levers, clock, luck, journal, morning, columns, .. } = self;
        let Columns { fires, arsenals, missions, fronts, agreements, .. } = columns;
        let p = &rules.p;
        let today = clock.day;
        if !agreements.iter().any(Agreement::in_force) {
            return;
        }
        morning.clear();
        morning.extend_from_slice(agreements);
        for (position, (t, agreement)) in rules.tables.iter().zip(agreements).enumerate() {
            if !agreement.in_force() {
                continue;
            }
            let table = position as u16;
            for &(actor, hash) in &t.spoilers {
                if arsenals[actor].munitions < 1.0 {
                    continue;
                }
                let group = &rules.actors[actor];
                let held_back = group.directive.map_or(1.0, |lever| 1.0 - group.patron_control * levers[lever]);
                let chance = truce::spoiler_chance(p.spoiler_rate, p.spoiler_inducement, held_back);
                if luck.spoiler[position].day(today).uniform(hash as u32) < chance {
                    agreement.last_spoiler = today;
                    journal.0.push(Event::Spoiler { table, actor: actor as u16 });
                }
            }
            let day = luck.collapse[position].day(today);
            let draw = day.uniform(0);
            if draw >= t.collapse_bound * (1.0 + truce::violations(t, fires) / p.violations_scale) {
                continue;
            }
            let inputs = truce::inputs(rules, levers, position, agreement, morning, fires, missions, today);
            if draw >= truce::collapse_chance(&inputs, p) {
                continue;
            }
            let age = today - agreement.since;
            agreement.status = Status::Collapsed;
            agreement.since = today;
            agreement.last_collapse = today;
            let level = if day.uniform(1) < p.collapse_to_war { 5 } else { 2 };
            journal.0.push(Event::Collapsed { table, age, level });
            if let Some(front) = t.front.filter(|_| !t.restrains_exchange) {
                fronts[front] = Front { level, war_level: level, last_step: today, ..fronts[front] };
            }
            if let Some(mission) = t.mission {
                missions[mission].withdrawn = 0.0;
            }
        }
    }
}
