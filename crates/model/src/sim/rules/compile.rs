//! From a validated scenario to rules: every id resolved to a position.

use super::estimates::estimates_of;
use super::{
    ActorRules, Bonds, CalendarRules, ChannelRules, CorridorRules, CouncilRules, DraftRules, EconomyRules,
    FactionsRules, Frame, FrontRules, HostRules, Id, IncorporationRules, InitiativeRules, IntegrationRules,
    InterceptorRules, LedgerRules, Lists, MissionRules, PairRules, PartyRules, PathRules, ProfileRules, ProgrammeRules,
    RoadmapRules, Roles, Rules, SiteRules, StageParty, StockRules, StreamRules, TableRules, TerritoryRules,
    ThreatRules,
};
use crate::chance::hash_id;
use crate::chance::quantile::{DeathLaw, NegativeBinomial};
use crate::scenario::raw::{self, ActorKind, CalendarKind, ForcedKind, Process, Quantity, SiteKind};
use crate::sim::talks::texts::PERMANENT;
use crate::symbols::levers::{Kind, Lever};
use crate::symbols::parameters::Parameters;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Positions of ids of one kind.
struct Positions<'a>(Vec<&'a str>);

impl<'a> Positions<'a> {
    fn of<T>(map: &'a BTreeMap<String, T>) -> Self {
        Self(map.keys().map(String::as_str).collect())
    }
    /// A validated scenario has no dangling id, so absence means "not referred to".
    fn find(&self, id: &str) -> Option<usize> {
        self.0.binary_search(&id).ok()
    }
    fn at(&self, id: &str) -> usize {
        self.find(id).unwrap_or(0)
    }
    fn opt(&self, id: Option<&String>) -> Option<usize> {
        id.and_then(|id| self.find(id))
    }
}

fn lever(id: Option<&String>) -> Option<Lever> {
    id.and_then(|id| Lever::from_id(id))
}

fn value(q: Option<&Quantity>) -> f64 {
    q.map_or(0.0, Quantity::value)
}

impl Rules {
    /// Compiles a validated scenario.
    #[must_use]
    pub fn new(loaded: &crate::scenario::Loaded) -> Self {
        let raw = &loaded.scenario;
        let start = raw.start.unwrap_or_default();
        let (actors, sites) = (Positions::of(&raw.actors), Positions::of(&raw.sites));
        let (fronts, streams) = (Positions::of(&raw.fronts), Positions::of(&raw.streams));
        let (ledgers, tables) = (Positions::of(&raw.ledgers), Positions::of(&raw.tables));
        let (channels, missions) = (Positions::of(&raw.channels), Positions::of(&raw.missions));
        let territories = Positions::of(&raw.territories);

        let home_of = |id: &'_ str, a: &'_ raw::Actor| -> &str {
            let owner = a.site.as_ref().and_then(|site| raw.sites.get(site)).map(|site| site.owner.as_str());
            match owner.and_then(|owner| raw.actors.get_key_value(owner)) {
                Some((owner, _)) if a.kind == ActorKind::Group => owner,
                _ => raw.actors.get_key_value(id).map_or("", |(own, _)| own),
            }
        };
        let stream_rules: Vec<StreamRules> = raw
            .streams
            .iter()
            .map(|(id, s)| {
                let (attacker, target) = id.split_once('>').unwrap_or((id, id));
                StreamRules {
                    id: Id::of(id),
                    unit: s.unit.clone(),
                    attacker: actors.at(attacker),
                    target: actors.at(target),
                    front: fronts.at(&s.front),
                    territory: territories.opt(s.territory.as_ref()),
                    mu: s.mu.value(),
                    size: s.size.value(),
                    law: NegativeBinomial::new(s.size.value()),
                    memory: s.memory.value(),
                    growth: s.growth.value(),
                    level_factor: [1.0; 7],
                    offspring: s.offspring.iter().map(|(id, q)| (streams.at(id), q.value())).collect(),
                    solidarity: s.solidarity.iter().map(|(id, q)| (tables.at(id), q.value())).collect(),
                    directive: lever(s.directive.as_ref()),
                    directive_is_absolute: s.directive_is_absolute,
                    settlements: s.settlements,
                    deaths: [
                        s.deaths_per_event.value(),
                        s.deaths_per_event_high.as_ref().unwrap_or(&s.deaths_per_event).value(),
                    ],
                    incidents: 1,
                    restraint: lever(s.restraint.as_ref()),
                    truce_residual: value(s.truce_residual.as_ref()),
                    truce_coupling: value(s.truce_coupling.as_ref()),
                    ledger: ledgers.find(&format!("{target}|{attacker}")),
                    harm_per_event: s.ledger_harm_per_event.unwrap_or(0.0),
                    harm_per_lethal_event: s.ledger_harm_per_lethal_event.unwrap_or(0.0),
                    bonds: bonds_of(raw, id),
                    silenced_by: raw.tables.iter().position(|(_, t)| !t.collective && t.silences.contains(id)),
                    start_excitation: 0.0,
                }
            })
            .collect();

        let mut pair_ids: Vec<String> = Vec::new();
        let pair_of = |id: &str| {
            let (a, b) = id.split_once('|').unwrap_or((id, id));
            if a < b { format!("{a}-{b}") } else { format!("{b}-{a}") }
        };
        for id in raw.ledgers.keys() {
            let pair = pair_of(id);
            if !pair_ids.contains(&pair) {
                pair_ids.push(pair);
            }
        }
        pair_ids.sort();
        let restrainers = |a: &str, b: &str| -> Vec<usize> {
            raw.tables
                .iter()
                .enumerate()
                .filter(|(_, (_, t))| t.restrains_exchange && t.parties.contains_key(a) && t.parties.contains_key(b))
                .map(|(i, _)| i)
                .collect()
        };
        let ledger_rules: Vec<LedgerRules> = raw
            .ledgers
            .iter()
            .map(|(id, l)| {
                let (holder, against) = id.split_once('|').unwrap_or((id, id));
                LedgerRules {
                    id: Id::of(id),
                    holder: actors.at(holder),
                    against: actors.at(against),
                    reverse: ledgers.find(&format!("{against}|{holder}")),
                    pair: pair_ids.iter().position(|p| *p == pair_of(id)).unwrap_or(0),
                    front: fronts.opt(l.front.as_ref()),
                    blows: l.blows,
                    theta: l.theta.value(),
                    half_life: l.half_life_days.value(),
                    daily_retention: 1.0,
                    h_max: l.h_max.value(),
                    a: [l.a0.value(), l.a1.value(), l.a2.value(), l.a3.value(), l.a4.value()],
                    bias: l.bias.value(),
                    kappa: l.kappa.value(),
                    spread: l.magnitude_spread.value(),
                    min_lag: l.min_lag_days.value(),
                    closure: l.closure.value(),
                    war_answer: l.war_answer.value(),
                    means: l.means,
                    rounds_per_blow: value(l.rounds_per_blow.as_ref()),
                    telegraph: l.telegraph,
                    caution: l.caution,
                    proportionality: lever(l.proportionality.as_ref()),
                    response_scale: lever(l.response_scale.as_ref()),
                    scale_veto: l.scale_veto,
                    restraint: lever(l.restraint.as_ref()),
                    target_set: lever(l.target_set.as_ref()),
                    shares: l.shares.iter().map(|(actor, q)| (actors.at(actor), q.value())).collect(),
                    restrained_by: restrainers(holder, against),
                }
            })
            .collect();
        let pairs = pair_ids
            .iter()
            .enumerate()
            .map(|(i, id)| {
                let members: Vec<usize> = (0..ledger_rules.len()).filter(|&l| ledger_rules[l].pair == i).collect();
                PairRules {
                    id: Id::of(id),
                    front: members.iter().find_map(|&l| ledger_rules[l].front),
                    ledgers: members,
                }
            })
            .collect();

        let mut threats: Vec<ThreatRules> = Vec::new();
        let mut relate = |holder: usize, from: usize| {
            if !threats.iter().any(|t| t.holder == holder && t.from == from) {
                threats.push(ThreatRules { holder, from, streams: Vec::new(), balance: 0.5, posture: 0.5 });
            }
        };
        for l in &ledger_rules {
            relate(l.holder, l.against);
        }
        for s in &stream_rules {
            relate(s.target, s.attacker);
        }
        threats.sort_by_key(|t| (t.holder, t.from));
        for t in &mut threats {
            t.streams = (0..stream_rules.len())
                .filter(|&s| stream_rules[s].target == t.holder && stream_rules[s].attacker == t.from)
                .collect();
        }
        let threat_between =
            |holder: usize, from: usize| threats.iter().position(|t| t.holder == holder && t.from == from);

        let calendar: Vec<CalendarRules> = raw
            .calendar
            .iter()
            .map(|e| CalendarRules { day: (e.date - start).get_days(), kind: e.kind, text: e.text.clone() })
            .collect();

        let table_rules: Vec<TableRules> = raw
            .tables
            .iter()
            .map(|(id, t)| {
                let party_positions: Vec<usize> = t.parties.keys().map(|a| actors.at(a)).collect();
                let front = fronts.opt(t.front.as_ref());
                TableRules {
                    id: Id::of(id),
                    name: t.name.clone(),
                    front,
                    stalemate_level: t.stalemate_level.min(6) as u8,
                    cost_stream: t.silences.first().and_then(|s| streams.find(s)),
                    eta: t.eta.value(),
                    opens: t.opens,
                    parties: t
                        .parties
                        .iter()
                        .map(|(actor, party)| {
                            let me = actors.at(actor);
                            PartyRules {
                                actor: me,
                                hash: hash_id(&format!("{id}/{actor}")),
                                benefit: party.benefit.value(),
                                war_cost: party.war_cost.value(),
                                audience_cost: party.audience_cost.value(),
                                commitment_cost: party.commitment_cost.value(),
                                sequencing: party.sequencing,
                                disputed: party.disputed,
                                nuclear: party.nuclear,
                                regional_role: party.regional_role,
                                arms: party.arms,
                                exit: party.exit,
                                acquiesces: party.acquiesces,
                                pledges: pledges_of(raw, t, actor),
                                signatory: actors.opt(party.signatory.as_ref()),
                                left_out_option: if t.collective { left_out_option(actor) } else { 0 },
                                stakes: if t.collective { stakes_of(raw, id, actor) } else { Vec::new() },
                                threats: party_positions
                                    .iter()
                                    .filter_map(|&other| threat_between(me, other))
                                    .collect(),
                            }
                        })
                        .collect(),
                    channels: t.channels.iter().map(|(c, w)| (channels.at(c), w.value())).collect(),
                    silences: t.silences.iter().filter_map(|s| streams.find(s)).collect(),
                    restrains_exchange: t.restrains_exchange,
                    quiets: front.filter(|_| !t.restrains_exchange && !t.front_goes_on),
                    collective: t.collective,
                    direct_talks: t.direct_talks,
                    roadmap: raw.roadmaps.contains_key(id),
                    forced: {
                        let signed = documented(ForcedKind::Signed, id, start, raw).map(|(day, _)| (day, true));
                        let ended = documented(ForcedKind::Collapsed, id, start, raw).map(|(day, _)| (day, false));
                        let mut days: Vec<(i32, bool)> = signed.chain(ended).collect();
                        days.sort_unstable();
                        days
                    },
                    disturbed_by: raw.roadmaps.get(id).and_then(|roadmap| streams.opt(roadmap.disturbed_by.as_ref())),
                    path: raw.paths.keys().position(|path| path == id),
                    needs_group_talks: t.needs_group_talks,
                    h0: t.h0.value(),
                    shape: t.shape.value(),
                    mission: missions.opt(t.mission.as_ref()),
                    links: t.links.iter().filter_map(|l| tables.find(l)).collect(),
                    spoilers: t
                        .spoilers
                        .iter()
                        .map(|actor| (actors.at(actor), hash_id(&format!("{id}/{actor}"))))
                        .collect(),
                    deadlines: raw
                        .calendar
                        .iter()
                        .filter(|e| e.kind == CalendarKind::Deadline && e.tables.contains(id))
                        .map(|e| (e.date - start).get_days())
                        .collect(),
                    collapse_bound: 0.0,
                }
            })
            .collect();

        let initiatives = raw
            .initiatives
            .iter()
            .map(|(id, i)| {
                let (actor, opponent) = id.split_once('>').unwrap_or((id, id));
                InitiativeRules {
                    id: Id::of(id),
                    actor: actors.at(actor),
                    opponent: actors.at(opponent),
                    blow_rate: i.blow_rate.value(),
                    blow_lever: lever(i.blow_lever.as_ref()),
                    preventive_rate: value(i.preventive_rate.as_ref()),
                    victims: i.victims.iter().map(|(a, q)| (actors.at(a), q.value())).collect(),
                    held_back_by: i.held_back_by.iter().filter_map(|t| tables.find(t)).collect(),
                    needs_consent: i.needs_consent,
                    blow_bound: 0.0,
                    preventive_bound: 0.0,
                    forced: {
                        let blows = documented(ForcedKind::Blow, id, start, raw).map(|(day, size)| (day, false, size));
                        let strikes = documented(ForcedKind::Preventive, id, start, raw);
                        let mut days: Vec<_> = blows.chain(strikes.map(|(day, size)| (day, true, size))).collect();
                        days.sort_by_key(|&(day, preventive, _)| (day, preventive));
                        days
                    },
                    programme: raw.programmes.iter().position(|(owner, n)| {
                        owner == opponent && n.watched_by.iter().any(|watcher| watcher == actor)
                    }),
                    joined_by: i
                        .joined_by
                        .as_ref()
                        .map(|friend| (actors.at(friend), ledgers.find(&format!("{friend}|{opponent}")))),
                    their_ledger: ledgers.find(&format!("{opponent}|{actor}")),
                    own_ledger: ledgers.find(&format!("{actor}|{opponent}")),
                    threat: threat_between(actors.at(actor), actors.at(opponent)),
                    restrained_by: restrainers(actor, opponent),
                }
            })
            .collect();

        let site_rules: Vec<SiteRules> = raw
            .sites
            .iter()
            .map(|(id, s)| SiteRules { id: Id::of(id), name: s.name.clone(), kind: s.kind, weight: weight_of(s) })
            .collect();

        let frame = Frame {
            name: loaded.name.clone(),
            hash: loaded.hash.clone(),
            start,
            days: raw.days,
            estimates: estimates_of(raw),
            levers: crate::scenario::levers_at_start(raw),
            parameters: {
                let mut p = Parameters::default();
                for (id, value) in &raw.parameters {
                    p.set(id, *value);
                }
                p
            },
            fixed: raw.parameters.keys().cloned().collect(),
            learnt: None,
            sites: site_rules,
            institutions: raw.institutions.iter().map(|(id, i)| (id.clone(), i.name.clone(), i.role.clone())).collect(),
            calendar,
            lever_log: crate::scenario::lever_log(raw),
            administration: raw
                .calendar
                .iter()
                .find(|entry| entry.kind == CalendarKind::UsAdministration)
                .map(|entry| (entry.date - start).get_days()),
            holds_sanctions: crate::scenario::sets(raw, Lever::SanctionsPressure),
        };
        let position_of_pair = |a: usize, b: usize| -> Option<(usize, usize)> {
            // The pair of a and b, and b's side in it.
            let of_b =
                (0..ledger_rules.len()).find(|&l| ledger_rules[l].holder == b && ledger_rules[l].against == a)?;
            let pair = ledger_rules[of_b].pair;
            let side = (0..ledger_rules.len()).filter(|&l| ledger_rules[l].pair == pair).position(|l| l == of_b)?;
            Some((pair, side))
        };
        let held_by = |actor: usize| -> Vec<usize> {
            (0..ledger_rules.len()).filter(|&l| ledger_rules[l].holder == actor).collect()
        };
        let felt_by =
            |actor: usize| -> Vec<usize> { (0..threats.len()).filter(|&t| threats[t].holder == actor).collect() };
        let day_of = |date: jiff::civil::Date| (date - start).get_days();
        let hosts: Vec<HostRules> = raw
            .hosts
            .iter()
            .map(|(id, h)| {
                let (guest, foe) = (actors.at(&h.guest), actors.at(&h.foe));
                HostRules {
                    id: Id::of(id),
                    actor: actors.at(id),
                    guest,
                    foe,
                    bases: h.bases.iter().filter_map(|site| sites.find(site)).collect(),
                    personnel: h.personnel.value(),
                    permission: h.permission.value(),
                    immunity: value(h.immunity.as_ref()),
                    fear_response: value(h.fear_response.as_ref()),
                    fear_lag: value(h.fear_lag_days.as_ref()),
                    front: held_by(foe).into_iter().find_map(|l| ledger_rules[l].front),
                    integration: raw.integrations.keys().position(|state| state == id),
                    weight: 0.0,
                    foe_ledgers: held_by(foe),
                    ledger: ledgers.find(&format!("{}|{}", h.foe, h.guest)),
                    pair: position_of_pair(foe, guest),
                }
            })
            .collect();
        let economy_of = |actor: &str| raw.economies.keys().position(|owner| owner == actor);
        let factions_of = |actor: &str| raw.factions.keys().position(|owner| owner == actor);
        let economies: Vec<EconomyRules> = raw
            .economies
            .iter()
            .map(|(id, e)| EconomyRules {
                id: Id::of(id),
                actor: actors.at(id),
                oil: e.oil.value(),
                sanctions: e.sanctions.value(),
                risk_front: fronts.opt(e.risk_front.as_ref()),
                relief_table: tables.opt(e.relief_table.as_ref()),
            })
            .collect();
        let corridors: Vec<CorridorRules> = raw
            .corridors
            .iter()
            .map(|(id, c)| CorridorRules {
                id: Id::of(id),
                name: c.name.clone(),
                lost_on: documented(ForcedKind::CorridorLost, id, start, raw).next().map(|(day, _)| day),
            })
            .collect();
        let factions: Vec<FactionsRules> = raw
            .factions
            .iter()
            .map(|(id, f)| FactionsRules {
                id: Id::of(id),
                actor: actors.at(id),
                reformists: f.reformists.value(),
                patience: f.patience.value(),
                economy: economy_of(id),
                relief_table: raw.economies.get(id).and_then(|e| tables.opt(e.relief_table.as_ref())),
                struck_by: held_by(actors.at(id))
                    .into_iter()
                    .filter_map(|l| position_of_pair(actors.at(id), ledger_rules[l].against))
                    .collect(),
            })
            .collect();
        let programmes: Vec<ProgrammeRules> = raw
            .programmes
            .iter()
            .map(|(id, n)| ProgrammeRules {
                id: Id::of(id),
                actor: actors.at(id),
                stock: n.stock.value(),
                access: n.access.value(),
                latent: value(n.latent.as_ref()),
                table: tables.opt(n.table.as_ref()),
                watchers: n
                    .watched_by
                    .iter()
                    .filter_map(|watcher| threat_between(actors.at(watcher), actors.at(id)))
                    .collect(),
                sites: n.sites.iter().filter_map(|site| sites.find(site)).collect(),
                threats: felt_by(actors.at(id)),
                ledgers: held_by(actors.at(id)),
                factions: factions_of(id),
                economy: economy_of(id),
            })
            .collect();
        let roadmaps: Vec<RoadmapRules> = raw
            .roadmaps
            .iter()
            .filter_map(|(id, r)| {
                Some(RoadmapRules {
                    id: Id::of(id),
                    name: r.name.clone(),
                    table: tables.find(id)?,
                    disturbed_by: streams.opt(r.disturbed_by.as_ref()),
                    parties: r.parties.values().map(stage_party).collect(),
                })
            })
            .collect();
        let integrations: Vec<IntegrationRules> = raw
            .integrations
            .iter()
            .map(|(id, n)| IntegrationRules {
                id: Id::of(id),
                actor: actors.at(id),
                group: actors.at(&n.group),
                share: n.share.value(),
                capacity: n.capacity.value(),
                announced_exit: n.announced_exit.map(day_of),
                mission_ends: n.mission_ends.map(day_of),
            })
            .collect();
        let table_of = |territory: &String| {
            let front = &raw.territories.get(territory)?.front;
            raw.tables.values().position(|t| t.front.as_ref() == Some(front))
        };
        let councils: Vec<CouncilRules> = raw
            .councils
            .iter()
            .map(|(id, c)| CouncilRules {
                id: Id::of(id),
                isolation: c.isolation.value(),
                territory: territories.at(&c.territory),
                table: table_of(&c.territory),
                subject: table_of(&c.territory).and_then(|table| {
                    let parties = raw.tables.values().nth(table).into_iter().flat_map(|t| t.parties.keys());
                    let recorded = |id: &&String| {
                        raw.actors.get(*id).is_some_and(|actor| c.assembly_against.contains(&actor.name))
                    };
                    parties.into_iter().find(recorded).map(|id| actors.at(id))
                }),
                deaths_before: c.deaths_before,
                assembly_for: c.assembly_for,
                assembly_named: c.assembly_against.iter().chain(&c.assembly_abstaining).cloned().collect(),
                assembly_against: c.assembly_against.len(),
                assembly_fixed: {
                    let states = c.assembly_against.iter().chain(&c.assembly_abstaining).enumerate();
                    let acts = |name: &str| raw.actors.values().any(|actor| actor.name == name);
                    states.filter(|(_, name)| acts(name)).fold(0, |mask, (i, _)| mask | 1 << i)
                },
                drafts: c.drafts.iter().map(|(id, draft)| draft_rules(id, draft)).collect(),
            })
            .collect();
        let paths: Vec<PathRules> = raw
            .paths
            .iter()
            .filter_map(|(id, path)| {
                let front = raw.tables.get(id).and_then(|t| t.front.as_ref());
                Some(PathRules {
                    id: Id::of(id),
                    table: tables.find(id)?,
                    legitimacy: path.legitimacy.value(),
                    authority: actors.opt(path.authority.as_ref()),
                    group: actors.opt(path.group.as_ref()),
                    territory: raw.territories.values().position(|t| Some(&t.front) == front),
                })
            })
            .collect();
        let incorporations: Vec<IncorporationRules> = raw
            .incorporations
            .iter()
            .map(|(id, n)| {
                let group = actors.at(id);
                let toward = |other: &String| threat_between(group, actors.at(other));
                let integrated = integrations.iter().find(|n| n.group == group);
                IncorporationRules {
                    id: Id::of(id),
                    group,
                    state: actors.at(&n.state),
                    process: n.process,
                    share: integrated.filter(|_| n.process == Process::Integration).map_or(0.0, |n| n.share),
                    partner: n.partner.as_ref().and_then(toward),
                    outsiders: n.outsiders.iter().filter_map(toward).collect(),
                    stands: raw.paths.values().any(|path| path.group.as_deref() == Some(id.as_str())),
                }
            })
            .collect();
        let profiles: Vec<ProfileRules> = raw
            .profiles
            .iter()
            .map(|(id, profile)| ProfileRules {
                id: Id::of(id),
                sanctions: profile.sanctions.value(),
                consent: profile.consent.value(),
                council_term: profile.council_term.value(),
                arms: profile.arms.value(),
                talks: profile.talks.value(),
                breaks_course: profile.breaks_course,
            })
            .collect();

        let mut rules = Self {
            p: frame.parameters.clone(),
            full: frame.parameters.clone(),
            death_law: DeathLaw::new(2.5, 1),
            decapitation_retention: 1.0,
            leaving: Vec::new(),
            lists: Arc::default(),
            step_up_bound: 1.0,
            step_down_bound: 1.0,
            funding_rate: 0.0,
            adopted_retention: 1.0,
            veto_retention: 1.0,
            alarm_factor: 1.0,
            weapon_bound: 1.0,
            actors: raw
                .actors
                .iter()
                .map(|(id, a)| ActorRules {
                    id: Id::of(id),
                    name: a.name.clone(),
                    kind: a.kind,
                    capability: a.capability,
                    posture: a.posture.unwrap_or(0.5),
                    reformist_weight: a.reformist_weight.unwrap_or(0.5),
                    // The start is the scenario's, whatever the number to which reputation returns is set to or drawn as.
                    resolve: a.resolve.unwrap_or(Parameters::DEFAULT.rho_reference),
                    air_defence: a.air_defence.as_ref().map(Quantity::value),
                    shield: a.shield.as_ref().map(Quantity::value),
                    shield_partner: actors.opt(a.shield_partner.as_ref()),
                    patron: a.patron.as_ref().and_then(|patron| economy_of(patron)),
                    patron_funding: value(a.patron_funding.as_ref()),
                    corridor: raw.corridors.values().position(|corridor| corridor.supplies.contains(id)),
                    factions: factions_of(id),
                    patron_control: value(a.patron_control.as_ref()),
                    incorporation: raw.incorporations.keys().position(|group| group == id),
                    directive: lever(a.directive.as_ref()),
                    decapitation: a.decapitation.unwrap_or(0.0),
                    stock: a.stock.as_ref().map(|s| StockRules {
                        rounds: s.rounds.value(),
                        production: s.production_per_day.value(),
                        per_event: value(s.rounds_per_event.as_ref()),
                        launchers: value(s.launchers.as_ref()),
                        full_rate_rounds: 0.0,
                    }),
                    interceptors: a.interceptors.as_ref().map(|i| InterceptorRules {
                        rounds: i.rounds.value(),
                        resupply: i.resupply_per_day.value(),
                        lever: lever(i.resupply_lever.as_ref()),
                    }),
                    home: actors.at(home_of(id, a)),
                    ledgers: (0..ledger_rules.len()).filter(|&l| ledger_rules[l].holder == actors.at(id)).collect(),
                    leaned_on: ledger_rules.iter().any(|l| l.scale_veto && l.holder == actors.at(id)),
                    streams: (0..stream_rules.len()).filter(|&s| stream_rules[s].attacker == actors.at(id)).collect(),
                    territories: raw
                        .territories
                        .values()
                        .enumerate()
                        .filter(|(_, t)| t.actor == *id)
                        .map(|(i, _)| i)
                        .collect(),
                    threats: (0..threats.len()).filter(|&t| threats[t].holder == actors.at(id)).collect(),
                    seat: a
                        .site
                        .as_ref()
                        .and_then(|site| raw.sites.get_key_value(site))
                        .filter(|(_, s)| s.kind == SiteKind::City && s.owner == home_of(id, a))
                        .map(|(site, _)| sites.at(site)),
                    sites: {
                        let mut by_kind: BTreeMap<SiteKind, Vec<usize>> = BTreeMap::new();
                        let owner = home_of(id, a);
                        for (site, s) in raw.sites.iter().filter(|(_, s)| s.owner == owner) {
                            by_kind.entry(s.kind).or_default().push(sites.at(site));
                        }
                        by_kind
                    },
                })
                .collect(),
            fronts: raw
                .fronts
                .iter()
                .enumerate()
                .map(|(i, (id, f))| FrontRules {
                    id: Id::of(id),
                    name: f.name.clone(),
                    parties: f.parties.iter().map(|a| actors.at(a)).collect(),
                    level: f.level.min(6) as u8,
                    reference_level: f.reference_level.min(6) as u8,
                    edges: [0.0; 7],
                    ladder: f.ladder,
                    days_high: f.days_high,
                    table: tables.opt(f.table.as_ref()),
                    streams: (0..stream_rules.len()).filter(|&s| stream_rules[s].front == i).collect(),
                    ledgers: (0..ledger_rules.len()).filter(|&l| ledger_rules[l].front == Some(i)).collect(),
                })
                .collect(),
            ledgers: ledger_rules,
            pairs,
            initiatives,
            tables: table_rules,
            channels: raw
                .channels
                .iter()
                .map(|(id, c)| ChannelRules {
                    id: Id::of(id),
                    name: c.name.clone(),
                    lever: Lever::from_id(&c.lever).unwrap_or(Lever::ChannelOman),
                    restrains_iran: c.restrains_iran,
                    suspended_by: lever(c.suspended_by.as_ref()),
                    suspended_since: c.suspended_since_day,
                })
                .collect(),
            missions: raw
                .missions
                .iter()
                .map(|(id, m)| MissionRules {
                    id: Id::of(id),
                    name: m.name.clone(),
                    movement: m.freedom_of_movement,
                    national_troops: m.national_troops,
                    withdrawn: m.withdrawn,
                    table: raw.tables.iter().position(|(_, t)| t.mission.as_ref() == Some(id)),
                })
                .collect(),
            territories: raw
                .territories
                .iter()
                .enumerate()
                .map(|(i, (id, t))| TerritoryRules {
                    id: Id::of(id),
                    name: t.name.clone(),
                    front: fronts.at(&t.front),
                    table: None,
                    path: None,
                    actor: actors.at(&t.actor),
                    exposed: t.exposed.value(),
                    exposed_low: value(t.exposed_low.as_ref()),
                    homes_lost: value(t.homes_lost.as_ref()),
                    displaced: t.displaced.value(),
                    return_rate: t.return_rate.value(),
                    fast_return: t.fast_return,
                    first_of_actor: raw.territories.values().position(|other| other.actor == t.actor) == Some(i),
                    streams: (0..stream_rules.len()).filter(|&s| stream_rules[s].territory == Some(i)).collect(),
                })
                .collect(),
            threats,
            profiles,
            hosts,
            economies,
            corridors,
            factions,
            programmes,
            roadmaps,
            integrations,
            councils,
            paths,
            incorporations,
            collective: raw.tables.values().position(|t| t.collective),
            roles: Roles {
                direct: actors.find("IRN").zip(actors.find("ISR")),
                with_us: actors.find("IRN").zip(actors.find("USA")),
                us_pair: pair_ids.iter().position(|id| id == "IRN-USA"),
                direct_front: fronts.find("IRN-ISR"),
            },
            streams: stream_rules,
            frame: Arc::new(frame),
        };
        for territory in &mut rules.territories {
            territory.table = rules.fronts[territory.front].table;
            territory.path = territory.table.and_then(|table| rules.tables[table].path);
        }
        rules.lists = Arc::new(Lists::new(&rules));
        rules.derive();
        rules
    }
}

/// Days and sizes of the documented events of a kind.
fn documented<'a>(
    kind: ForcedKind,
    id: &'a str,
    start: jiff::civil::Date,
    raw: &'a raw::Scenario,
) -> impl Iterator<Item = (i32, Option<f64>)> + 'a {
    let of_kind = move |event: &&raw::Forced| event.kind == kind && event.id == id;
    raw.forced.iter().filter(of_kind).map(move |event| ((event.date - start).get_days(), event.blows))
}

/// How the processes of the wider region bear on a stream.
fn bonds_of(raw: &raw::Scenario, id: &str) -> Bonds {
    let named = |list: &[String]| list.iter().any(|stream| stream == id);
    Bonds {
        halted: raw.roadmaps.values().any(|r| named(&r.halts)),
        outside: raw.roadmaps.values().any(|r| named(&r.shields_from)),
        leaving: raw.integrations.values().any(|n| named(&n.leaving)),
        freelance: raw.integrations.values().any(|n| named(&n.freelance)),
        attributed: raw.integrations.values().any(|n| named(&n.attributed)),
        relieved: raw.paths.values().any(|path| named(&path.relieves)),
    }
}

/// Residents of a city whose population no source here gives: a border town.
const TOWN: u32 = 20_000;

/// A site's weight among those that a strike may choose.
fn weight_of(site: &raw::Site) -> f64 {
    match site.kind {
        _ if site.aimed_at == Some(false) => 0.0,
        SiteKind::City => f64::from(site.population.unwrap_or(TOWN)),
        _ => 1.0,
    }
}

/// The levers by which the other parties of a table pledge restraint in fire and answers at an actor, each once.
fn pledges_of(raw: &raw::Scenario, table: &raw::Table, actor: &str) -> Vec<Lever> {
    // A ledger `HOLDER|AGAINST` answers at AGAINST, as a stream `ATTACKER>TARGET` fires at TARGET.
    let toward = |id: &str, sign: char| {
        let (from, to) = id.split_once(sign).unwrap_or((id, id));
        to == actor && from != actor && table.parties.contains_key(from)
    };
    let streams = raw.streams.iter().filter(|(id, _)| toward(id, '>')).map(|(_, s)| s.restraint.as_ref());
    let ledgers = raw.ledgers.iter().filter(|(id, _)| toward(id, '|')).map(|(_, l)| l.restraint.as_ref());
    let mut levers: Vec<Lever> = Vec::new();
    for lever in streams.chain(ledgers).filter_map(lever) {
        if !levers.contains(&lever) {
            levers.push(lever);
        }
    }
    levers
}

/// The option of `deal.left_out` that leaves an actor out; 0 if none does.
fn left_out_option(actor: &str) -> u8 {
    match Lever::DealLeftOut.row().kind {
        Kind::Choice(options) => options.iter().position(|option| *option == actor).unwrap_or(0) as u8,
        _ => 0,
    }
}

/// Where else a party of the collective table sits: (table, party there, weight to be derived).
fn stakes_of(raw: &raw::Scenario, collective: &str, actor: &str) -> Vec<(usize, usize, f64)> {
    raw.tables
        .iter()
        .enumerate()
        .filter(|(_, (id, _))| *id != collective)
        .filter_map(|(i, (_, t))| t.parties.keys().position(|party| party == actor).map(|k| (i, k, 0.0)))
        .collect()
}

fn stage_party(party: &raw::StageParty) -> StageParty {
    StageParty {
        consent: format!("consent of {}", party.name),
        benefit: party.benefit.value(),
        war_cost: party.war_cost.value(),
        audience_cost: party.audience_cost.value(),
        commitment_cost: party.commitment_cost.value(),
    }
}

fn draft_rules(id: &str, draft: &raw::Draft) -> DraftRules {
    let place = |member: &String| PERMANENT.iter().skip(1).position(|name| name == member).map(|i| i + 1);
    let vetoing = draft.against.iter().filter_map(place).fold(0, |mask, i| mask | 1 << i);
    DraftRules {
        id: Id::of(id),
        name: draft.name.clone(),
        frequency: draft.frequency.value(),
        us_draft: draft.us_draft,
        hostages: draft.hostages,
        aid: draft.aid,
        unconditional: draft.unconditional,
        statehood: draft.statehood,
        cease_fire: draft.cease_fire,
        against: draft.against.clone(),
        abstaining: draft.abstaining.clone(),
        vetoed_by_others: vetoing != 0,
        vetoing,
    }
}
