//! Every estimate of a scenario, its range, and its draw for a future.

use super::{Estimate, Frame, Rules};
use crate::chance::{Key, hash_id};
use crate::scenario::raw::{self, Quantity};
use crate::symbols::families::{self as family, Family, Spread};
use crate::symbols::parameters::{NOT_DRAWN, Row};
use std::sync::Arc;

impl Rules {
    /// Every estimate's slot, in the order of [`Frame::estimates`].
    pub(super) fn estimates(&mut self) -> impl Iterator<Item = &mut f64> {
        let streams = self.streams.iter_mut().flat_map(|s| {
            let [low, high] = &mut s.deaths;
            [
                &mut s.mu,
                &mut s.size,
                &mut s.memory,
                &mut s.growth,
                low,
                high,
                &mut s.truce_residual,
                &mut s.truce_coupling,
            ]
            .into_iter()
            .chain(s.offspring.iter_mut().map(|(_, v)| v))
            .chain(s.solidarity.iter_mut().map(|(_, v)| v))
        });
        let ledgers = self.ledgers.iter_mut().flat_map(|l| {
            let [a0, a1, a2, a3, a4] = &mut l.a;
            [
                &mut l.theta,
                &mut l.half_life,
                &mut l.h_max,
                a0,
                a1,
                a2,
                a3,
                a4,
                &mut l.bias,
                &mut l.kappa,
                &mut l.spread,
                &mut l.min_lag,
                &mut l.closure,
                &mut l.war_answer,
                &mut l.rounds_per_blow,
            ]
            .into_iter()
            .chain(l.shares.iter_mut().map(|(_, share)| share))
        });
        let initiatives = self.initiatives.iter_mut().flat_map(|i| {
            [&mut i.blow_rate, &mut i.preventive_rate].into_iter().chain(i.victims.iter_mut().map(|(_, w)| w))
        });
        let tables = self.tables.iter_mut().flat_map(|t| {
            [&mut t.eta, &mut t.h0, &mut t.shape]
                .into_iter()
                .chain(
                    t.parties
                        .iter_mut()
                        .flat_map(|p| [&mut p.benefit, &mut p.war_cost, &mut p.audience_cost, &mut p.commitment_cost]),
                )
                .chain(t.channels.iter_mut().map(|(_, w)| w))
        });
        let actors = self.actors.iter_mut().flat_map(|a| {
            let stock =
                a.stock.iter_mut().flat_map(|s| [&mut s.rounds, &mut s.production, &mut s.per_event, &mut s.launchers]);
            let interceptors = a.interceptors.iter_mut().flat_map(|i| [&mut i.rounds, &mut i.resupply]);
            a.air_defence
                .iter_mut()
                .chain(a.shield.iter_mut())
                .chain([&mut a.patron_control, &mut a.patron_funding])
                .chain(stock)
                .chain(interceptors)
        });
        let territories = self.territories.iter_mut().flat_map(|t| {
            [&mut t.exposed, &mut t.exposed_low, &mut t.homes_lost, &mut t.displaced, &mut t.return_rate]
        });
        let region = self
            .profiles
            .iter_mut()
            .flat_map(|c| [&mut c.sanctions, &mut c.consent, &mut c.council_term, &mut c.arms, &mut c.talks])
            .chain(self.hosts.iter_mut().flat_map(|h| {
                [&mut h.personnel, &mut h.permission, &mut h.immunity, &mut h.fear_response, &mut h.fear_lag]
            }))
            .chain(self.economies.iter_mut().flat_map(|e| [&mut e.oil, &mut e.sanctions]))
            .chain(self.factions.iter_mut().flat_map(|f| [&mut f.reformists, &mut f.patience]))
            .chain(self.programmes.iter_mut().flat_map(|n| [&mut n.stock, &mut n.access, &mut n.latent]))
            .chain(
                self.roadmaps
                    .iter_mut()
                    .flat_map(|r| &mut r.parties)
                    .flat_map(|p| [&mut p.benefit, &mut p.war_cost, &mut p.audience_cost, &mut p.commitment_cost]),
            )
            .chain(self.integrations.iter_mut().flat_map(|n| [&mut n.share, &mut n.capacity]))
            .chain(self.councils.iter_mut().flat_map(|c| {
                std::iter::once(&mut c.isolation).chain(c.drafts.iter_mut().map(|draft| &mut draft.frequency))
            }))
            .chain(self.paths.iter_mut().map(|path| &mut path.legitimacy));
        streams.chain(ledgers).chain(initiatives).chain(tables).chain(actors).chain(territories).chain(region)
    }

    /// Gives every estimate and scalar parameter a value drawn from its range, keyed by (seed, parameter, future), or from what
    /// these rules carry of the record ([`Frame::learnt`]).
    pub fn redraw(&mut self, key: Key) {
        let frame = Arc::clone(&self.frame);
        let key = key.of("parameter");
        let learnt = frame.learnt.as_ref();
        for (i, (slot, e)) in self.estimates().zip(&frame.estimates).enumerate() {
            let u = key.of_hash(e.hash).timeless().uniform(0);
            *slot = draw_between(learnt.map_or(u, |learnt| learnt.estimate(i, u)), e.low, e.high, e.log);
        }
        self.p = frame.parameters.clone();
        self.p.map(|row, scenario_value| {
            // A scenario that sets a parameter fixes it, at its default as anywhere: its author chose a value, not a range.
            if is_free(row, &frame) && !NOT_DRAWN.contains(&row.id) {
                let u = key.of(row.id).timeless().uniform(0);
                draw_between(learnt.map_or(u, |learnt| learnt.scalar(row.id, u)), row.low, row.high, row.log())
            } else {
                scenario_value
            }
        });
        self.derive();
    }

    /// Back to the scenario's own values.
    pub fn reset(&mut self) {
        let frame = Arc::clone(&self.frame);
        for (slot, e) in self.estimates().zip(&frame.estimates) {
            *slot = e.value;
        }
        self.p = frame.parameters.clone();
        self.derive();
    }
}

/// Whether a scalar parameter is free: those that the scenario does not set.
pub(super) fn is_free(row: &Row, frame: &Frame) -> bool {
    frame.fixed.binary_search_by(|id| id.as_str().cmp(row.id)).is_err()
}

/// A value between `low` and `high` at position `u` of its range.
pub(super) fn draw_between(u: f64, low: f64, high: f64, log: bool) -> f64 {
    if log && low > 0.0 { low * libm::exp(u * libm::log(high / low)) } else { low + u * (high - low) }
}

/// The ranges of every estimate of a scenario, in the order in which [`Rules::estimates`] visits them.
pub(super) fn estimates_of(raw: &raw::Scenario) -> Vec<Estimate> {
    let mut list = Vec::new();
    let zero = Quantity::Number(0.0);
    let mut add = |family: &'static Family, instance: String, q: Option<&Quantity>| {
        let q = q.unwrap_or(&zero);
        let value = q.value();
        let (mut low, mut high) = match family.spread {
            Spread::Fixed => (value, value),
            Spread::Times(a, b) if value >= 0.0 => (value * a, value * b),
            Spread::Times(a, b) => (value * b, value * a),
            Spread::PlusMinus(d) => (value - d, value + d),
        };
        let mut tag = family.tag;
        let mut source = family.source.to_owned();
        if let Quantity::Sourced(s) = q {
            low = s.low.unwrap_or(low);
            high = s.high.unwrap_or(high);
            tag = s.tag.map_or(tag, Into::into);
            source = s.source.clone().unwrap_or(source);
        }
        // What a scenario switches off (a zero) stays off unless it states a range.
        if value == 0.0 && matches!(q, Quantity::Number(_)) {
            (low, high) = (0.0, 0.0);
        }
        let id = format!("{}[{instance}]", family.id);
        list.push(Estimate {
            hash: hash_id(&id),
            id,
            value,
            low: low.clamp(family.low, family.high),
            high: high.clamp(family.low, family.high),
            log: matches!(family.spread, Spread::Times(..)) && low > 0.0,
            tag,
            source,
            family,
        });
    };
    for (id, s) in &raw.streams {
        add(&family::STREAM_MU, id.clone(), Some(&s.mu));
        add(&family::STREAM_SIZE, id.clone(), Some(&s.size));
        add(&family::STREAM_MEMORY, id.clone(), Some(&s.memory));
        add(&family::STREAM_GROWTH, id.clone(), Some(&s.growth));
        add(&family::STREAM_DEATHS, id.clone(), Some(&s.deaths_per_event));
        add(
            &family::STREAM_DEATHS_HIGH,
            id.clone(),
            Some(s.deaths_per_event_high.as_ref().unwrap_or(&s.deaths_per_event)),
        );
        add(&family::STREAM_TRUCE_RESIDUAL, id.clone(), s.truce_residual.as_ref());
        add(&family::STREAM_TRUCE_COUPLING, id.clone(), s.truce_coupling.as_ref());
        for (source, q) in &s.offspring {
            add(&family::STREAM_OFFSPRING, format!("{id} from {source}"), Some(q));
        }
        for (table, q) in &s.solidarity {
            let family = if table == "LEB" { &family::STREAM_SOLIDARITY_LEB } else { &family::STREAM_SOLIDARITY_GAZ };
            add(family, format!("{id} with {table}"), Some(q));
        }
    }
    for (id, l) in &raw.ledgers {
        let rows: [(&'static Family, Option<&Quantity>); 15] = [
            (&family::LEDGER_THETA, Some(&l.theta)),
            (&family::LEDGER_HALF_LIFE, Some(&l.half_life_days)),
            (&family::LEDGER_H_MAX, Some(&l.h_max)),
            (&family::LEDGER_A0, Some(&l.a0)),
            (&family::LEDGER_A1, Some(&l.a1)),
            (&family::LEDGER_A2, Some(&l.a2)),
            (&family::LEDGER_A3, Some(&l.a3)),
            (&family::LEDGER_A4, Some(&l.a4)),
            (&family::LEDGER_BIAS, Some(&l.bias)),
            (&family::LEDGER_KAPPA, Some(&l.kappa)),
            (&family::LEDGER_MAGNITUDE_SPREAD, Some(&l.magnitude_spread)),
            (&family::LEDGER_MIN_LAG, Some(&l.min_lag_days)),
            (&family::LEDGER_CLOSURE, Some(&l.closure)),
            (&family::LEDGER_WAR_ANSWER, Some(&l.war_answer)),
            (&family::LEDGER_ROUNDS, l.rounds_per_blow.as_ref()),
        ];
        for (family, q) in rows {
            add(family, id.clone(), q);
        }
        for (victim, q) in &l.shares {
            add(&family::LEDGER_SHARE, format!("{id} for {victim}"), Some(q));
        }
    }
    for (id, i) in &raw.initiatives {
        add(&family::INITIATIVE_BLOW, id.clone(), Some(&i.blow_rate));
        add(&family::INITIATIVE_PREVENTIVE, id.clone(), i.preventive_rate.as_ref());
        for (victim, q) in &i.victims {
            add(&family::INITIATIVE_VICTIM, format!("{id} on {victim}"), Some(q));
        }
    }
    for (id, t) in &raw.tables {
        add(&family::TABLE_ETA, id.clone(), Some(&t.eta));
        add(&family::TABLE_H0, id.clone(), Some(&t.h0));
        add(&family::TABLE_SHAPE, id.clone(), Some(&t.shape));
        for (actor, p) in &t.parties {
            add(&family::TABLE_BENEFIT, format!("{id}/{actor}"), Some(&p.benefit));
            add(&family::TABLE_WAR_COST, format!("{id}/{actor}"), Some(&p.war_cost));
            add(&family::TABLE_AUDIENCE_COST, format!("{id}/{actor}"), Some(&p.audience_cost));
            add(&family::TABLE_COMMITMENT_COST, format!("{id}/{actor}"), Some(&p.commitment_cost));
        }
        for (channel, q) in &t.channels {
            add(&family::TABLE_CHANNEL, format!("{id}/{channel}"), Some(q));
        }
    }
    for (id, a) in &raw.actors {
        if let Some(q) = &a.air_defence {
            add(&family::ACTOR_AIR_DEFENCE, id.clone(), Some(q));
        }
        if let Some(q) = &a.shield {
            add(&family::ACTOR_SHIELD, id.clone(), Some(q));
        }
        add(&family::ACTOR_CONTROL, id.clone(), a.patron_control.as_ref());
        add(&family::ACTOR_FUNDING, id.clone(), a.patron_funding.as_ref());
        if let Some(s) = &a.stock {
            add(&family::STOCK_ROUNDS, id.clone(), Some(&s.rounds));
            add(&family::STOCK_PRODUCTION, id.clone(), Some(&s.production_per_day));
            add(&family::STOCK_USE, id.clone(), s.rounds_per_event.as_ref());
            add(&family::LAUNCHERS, id.clone(), s.launchers.as_ref());
        }
        if let Some(i) = &a.interceptors {
            add(&family::INTERCEPTORS, id.clone(), Some(&i.rounds));
            add(&family::INTERCEPTORS_RESUPPLY, id.clone(), Some(&i.resupply_per_day));
        }
    }
    for (id, t) in &raw.territories {
        add(&family::TERRITORY_EXPOSED, id.clone(), Some(&t.exposed));
        add(&family::TERRITORY_EXPOSED_LOW, id.clone(), t.exposed_low.as_ref());
        add(&family::TERRITORY_HOMES, id.clone(), t.homes_lost.as_ref());
        add(&family::TERRITORY_DISPLACED, id.clone(), Some(&t.displaced));
        add(&family::TERRITORY_RETURN, id.clone(), Some(&t.return_rate));
    }
    for (id, profile) in &raw.profiles {
        add(&family::PROFILE_SANCTIONS, id.clone(), Some(&profile.sanctions));
        add(&family::PROFILE_CONSENT, id.clone(), Some(&profile.consent));
        add(&family::PROFILE_COUNCIL, id.clone(), Some(&profile.council_term));
        add(&family::PROFILE_ARMS, id.clone(), Some(&profile.arms));
        add(&family::PROFILE_TALKS, id.clone(), Some(&profile.talks));
    }
    for (id, h) in &raw.hosts {
        add(&family::HOST_PERSONNEL, id.clone(), Some(&h.personnel));
        add(&family::HOST_PERMISSION, id.clone(), Some(&h.permission));
        add(&family::HOST_IMMUNITY, id.clone(), h.immunity.as_ref());
        add(&family::HOST_FEAR, id.clone(), h.fear_response.as_ref());
        add(&family::HOST_LAG, id.clone(), h.fear_lag_days.as_ref());
    }
    for (id, e) in &raw.economies {
        add(&family::ECONOMY_OIL, id.clone(), Some(&e.oil));
        add(&family::ECONOMY_SANCTIONS, id.clone(), Some(&e.sanctions));
    }
    for (id, f) in &raw.factions {
        add(&family::FACTIONS_REFORMISTS, id.clone(), Some(&f.reformists));
        add(&family::FACTIONS_PATIENCE, id.clone(), Some(&f.patience));
    }
    for (id, n) in &raw.programmes {
        add(&family::PROGRAMME_STOCK, id.clone(), Some(&n.stock));
        add(&family::PROGRAMME_ACCESS, id.clone(), Some(&n.access));
        add(&family::PROGRAMME_LATENT, id.clone(), n.latent.as_ref());
    }
    for (id, r) in &raw.roadmaps {
        for (party, p) in &r.parties {
            add(&family::ROADMAP_BENEFIT, format!("{id}/{party}"), Some(&p.benefit));
            add(&family::ROADMAP_WAR_COST, format!("{id}/{party}"), Some(&p.war_cost));
            add(&family::ROADMAP_AUDIENCE_COST, format!("{id}/{party}"), Some(&p.audience_cost));
            add(&family::ROADMAP_COMMITMENT_COST, format!("{id}/{party}"), Some(&p.commitment_cost));
        }
    }
    for (id, n) in &raw.integrations {
        add(&family::INTEGRATION_SHARE, id.clone(), Some(&n.share));
        add(&family::INTEGRATION_CAPACITY, id.clone(), Some(&n.capacity));
    }
    for (id, c) in &raw.councils {
        add(&family::COUNCIL_ISOLATION, id.clone(), Some(&c.isolation));
        for (draft, d) in &c.drafts {
            add(&family::DRAFT_FREQUENCY, format!("{id}/{draft}"), Some(&d.frequency));
        }
    }
    for (id, path) in &raw.paths {
        add(&family::PATH_LEGITIMACY, id.clone(), Some(&path.legitimacy));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::families::FAMILIES;
    use crate::symbols::parameters::ROWS;

    fn rules(name: &str) -> Rules {
        Rules::new(&crate::scenario::load(name).unwrap_or_else(|errors| panic!("{errors}")))
    }

    /// The list of ranges and the list of slots are walked side by side: they must be the same list.
    #[test]
    fn estimates_and_their_slots_are_in_the_same_order() {
        for name in crate::scenario::builtin_names() {
            let mut rules = rules(name);
            let frame = Arc::clone(&rules.frame);
            let slots: Vec<f64> = rules.estimates().map(|slot| *slot).collect();
            assert_eq!(slots.len(), frame.estimates.len());
            for (slot, e) in slots.iter().zip(&frame.estimates) {
                assert_eq!(slot.to_bits(), e.value.to_bits(), "{}", e.id);
                assert!(e.low <= e.value && e.value <= e.high, "{} outside its range", e.id);
            }
        }
    }

    #[test]
    fn every_family_has_an_instance_and_every_instance_its_own_draw() {
        let rules = rules("november-2024");
        let estimates = &rules.frame.estimates;
        for family in FAMILIES {
            assert!(estimates.iter().any(|e| e.family.id == family.id), "{} is a row without a use", family.id);
        }
        let mut hashes: Vec<u64> = estimates.iter().map(|e| e.hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), estimates.len());
    }

    /// A value that a scenario writes down is its author's, also where it is the table's own.
    #[test]
    fn a_parameter_that_a_scenario_fixes_at_its_default_is_not_drawn() {
        let fixed = |text: &str| {
            let overlay = format!("format = 1\nextends = \"november-2024\"\nname = \"fixed\"\n{text}");
            let mut rules =
                Rules::new(&crate::scenario::load_text("fixed", &overlay).unwrap_or_else(|e| panic!("{e}")));
            (0..20)
                .map(|future| {
                    rules.redraw(Key::new(5, future));
                    rules.p.clone()
                })
                .collect::<Vec<_>>()
        };
        let (free, set) = (fixed(""), fixed("[parameters]\ntheta_war = 8\n"));
        for (free, set) in free.iter().zip(&set) {
            assert!((set.theta_war - 8.0).abs() < 1e-12 && (free.theta_war - 8.0).abs() > 1e-9);
            // The draws of all others are as they were.
            let mut other = set.clone();
            other.theta_war = free.theta_war;
            assert_eq!(*free, other);
        }
    }

    #[test]
    fn a_redraw_stays_in_its_ranges_differs_between_futures_and_can_be_undone() {
        let mut rules = rules("november-2024");
        let frame = Arc::clone(&rules.frame);
        let before = format!("{rules:?}");
        let mut first: Option<Vec<f64>> = None;
        for future in 0..50 {
            rules.redraw(Key::new(9, future));
            // Offspring may be scaled down together to stay below the limit of the branching process.
            let drawn: Vec<f64> = rules.estimates().map(|slot| *slot).collect();
            for (value, e) in drawn.iter().zip(&frame.estimates) {
                let scaled = e.family.id == "stream.offspring";
                assert!(scaled || (e.low <= *value && *value <= e.high), "{}: {value}", e.id);
            }
            for row in ROWS {
                let value = rules.full.get(row.id).unwrap();
                assert!(row.low <= value && value <= row.high, "{}: {value}", row.id);
            }
            match &first {
                None => first = Some(drawn),
                Some(first) => assert_ne!(*first, drawn),
            }
        }
        rules.reset();
        assert_eq!(format!("{rules:?}"), before);
    }

    /// Upper bounds that spare arithmetic must be bounds: no hazard at any state may exceed them.
    #[test]
    fn bounds_of_rare_hazards_hold_at_random_states() {
        use crate::sim::force::ladder;
        use crate::sim::home::nuclear;
        use crate::sim::strategy::initiative;
        use crate::sim::talks::{peacekeeping::Presence, truce};
        let mut rules = rules("november-2024");
        let key = Key::new(4, 4).of("bounds");
        for future in 0..200 {
            rules.redraw(Key::new(12, future));
            let u = |k: u32| key.day(future as i32).uniform(k);
            let p = &rules.p;
            let step = ladder::Inputs {
                ledger: 10.0 * u(0),
                trigger: u(1) < 0.5,
                resolve: u(2),
                caution: u(3),
                exhaustion: u(4),
                mediation: u(5),
                low_stock: u(6) < 0.5,
            };
            let grown = (1.0 + step.ledger) * (1.0 + step.ledger);
            assert!(ladder::up_hazard(&step, p) <= rules.step_up_bound * grown);
            assert!(ladder::down_hazard(&step, p) <= rules.step_down_bound);
            for rule in &rules.initiatives {
                let i = initiative::Inputs {
                    blow_rate: rule.blow_rate,
                    preventive_rate: rule.preventive_rate,
                    opponent_resolve: u(7),
                    caution: 2.0 * u(8),
                    opponent_shield: u(9),
                    truces_hold: u(10) < 0.5,
                    restraint: u(11),
                    shown: 0.0,
                    returning: 0.0,
                    opponent_air_defence: u(12),
                    consent: u(13),
                    threat: u(14),
                    breakout: u(27),
                    stock_growth: nuclear::growth(
                        1000.0 * u(38),
                        rule.programme.map_or(0.0, |n| rules.programmes[n].stock),
                    ),
                    weaponising: u(28) < 0.5,
                    deal: u(29) < 0.5,
                };
                assert!(initiative::blow_hazard(&i, p) <= rule.blow_bound * (1.0 + 1e-12));
                let alarm = if i.weaponising { rules.alarm_factor } else { 1.0 };
                assert!(initiative::preventive_hazard(&i, p) <= rule.preventive_bound * alarm * (1.0 + 1e-12));
            }
            let i = nuclear::Inputs {
                threat: 0.5 + 0.5 * u(31),
                shield: u(32),
                debt: 4.0 * u(33),
                reformists: u(34),
                pressure: u(35),
                deal: u(36) < 0.5,
                patience: u(37),
            };
            assert!(nuclear::weaponisation_hazard(&i, p) <= rules.weapon_bound * (1.0 + i.debt));
            for t in &rules.tables {
                let i = truce::Inputs {
                    h0: t.h0,
                    shape: t.shape,
                    age: 3000.0 * u(15) * u(16),
                    at: Presence { peacekeepers: u(17), army: u(18), withdrawal: u(19), monitored: u(20) < 0.5 },
                    violations: 20.0 * u(21),
                    cover: u(22),
                    linkage: 3.0 * u(23),
                    spoiler: u(24) < 0.5,
                    linked_collapse: u(25) < 0.5,
                    guarantee: u(26),
                    stages: (u(30) * 5.0) as u8,
                };
                let bound = t.collapse_bound * (1.0 + i.violations / p.violations_scale);
                assert!(truce::collapse_chance(&i, p) <= bound, "{}", t.id.text);
            }
        }
    }
}
