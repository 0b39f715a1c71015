//! Which events stand behind a value, how much of it each still makes, and how each is taken away.
//!
//! What is found here may be a cause. Whether it is one is decided by taking it away ([`super::explain`]): an event that
//! changes nothing is not named, whatever it was.

use super::accounts;
use super::parts::{Account, Origin, Part};
use super::recorder::EventId;
use super::replay::{Day, Past};
use super::say::sentence;
use super::without::{Removal, Stamp};
use crate::scenario::raw::{CalendarKind, Process};
use crate::sim::event::{Event, EventKind, IraqStep, LevelMover, NuclearStep, PathStep, RoadmapStep};
use crate::sim::force::harm::{felt, strike_fronts};
use crate::sim::force::ladder::HIGH;
use crate::sim::probe::{Source, Subject};
use crate::sim::rules::{DraftRules, Rules};
use crate::sim::state::{NEVER, Strike};
use crate::sim::talks::texts::lone_veto;
use crate::symbols::levers::{Lever, LeverChange};

/// Parts of one account that are looked at, largest first.
const PARTS: usize = 4;
/// Earlier events of one kind that are looked at, newest first.
const BACK: usize = 4;

/// Something that may have been a cause.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The event, if it was one.
    pub event: Option<EventId>,
    /// What it was.
    pub sentence: String,
    /// What it contributed, in words.
    pub contribution: String,
    /// How it is taken away.
    pub removal: Removal,
}

/// Who moved a lever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mover {
    /// A user, in the log of the run.
    User,
    /// The scenario, on its date.
    Scenario,
    /// The parties of a deal, by what they signed at this table.
    Deal(u16),
    /// The administration in office.
    Administration,
}

/// The decision behind an event; `None` for what follows from a state or a date.
#[must_use]
pub fn subject(rules: &Rules, event: &Event) -> Option<Subject> {
    Some(match event {
        Event::Struck(s) => match event.kind() {
            EventKind::Preventive if rules.initiatives[usize::from(s.initiative)].actor != usize::from(s.actor) => {
                Subject::Joining(s.initiative)
            }
            EventKind::BaseSalvo => Subject::BaseStrike(s.initiative),
            EventKind::Blow => Subject::Blow(s.initiative),
            EventKind::Preventive => Subject::Preventive(s.initiative),
            _ => Subject::Answer(s.ledger),
        },
        Event::AnswerSettled { ledger } => Subject::Settlement(*ledger),
        Event::Signed { table, .. } => Subject::Signing(*table),
        Event::Collapsed { table, .. } => Subject::Collapse(*table),
        Event::Spoiler { table, actor } => Subject::Spoiler(*table, *actor),
        Event::LevelMoved { front, from, to, by: LevelMover::Decision } => {
            if to > from {
                Subject::StepUp(*front)
            } else {
                Subject::StepDown(*front)
            }
        }
        Event::War { pair, began: false, .. } => Subject::WarEnd(*pair),
        Event::CorridorLost { corridor } => Subject::CorridorLoss(*corridor),
        Event::Roadmap { roadmap, step: RoadmapStep::Suspended | RoadmapStep::Resumed } => {
            Subject::RoadmapSuspension(*roadmap)
        }
        Event::Roadmap { roadmap, step: RoadmapStep::Talks | RoadmapStep::Constitution } => {
            Subject::RoadmapStage(*roadmap)
        }
        Event::Nuclear { programme, step } => match step {
            NuclearStep::PaceUp | NuclearStep::PaceDown => Subject::Pace(*programme),
            NuclearStep::Censured => Subject::Censure(*programme),
            NuclearStep::Decided => Subject::Weaponising(*programme),
            NuclearStep::Detected => Subject::Detection(*programme),
            NuclearStep::Device => return None,
        },
        Event::CouncilVote { council, .. } => Subject::UsVote(*council),
        Event::Path { path, step } => match step {
            PathStep::Elected | PathStep::NotElected => Subject::Elections(*path),
            PathStep::Withdrawn => Subject::PathStage(*path, 1),
            PathStep::Unified => Subject::PathStage(*path, 2),
            PathStep::Rebuilt => Subject::PathStage(*path, 3),
            PathStep::Votes { .. } => Subject::Votes(*path),
            PathStep::Undone => return None,
        },
        _ => return None,
    })
}

/// The lever whose date decides a step in Iraq.
fn dated_by(step: IraqStep) -> Lever {
    match step {
        IraqStep::MissionEnded => Lever::UnamiExtension,
        _ => Lever::CoalitionExitDate,
    }
}

/// The yes share of a vote.
fn yes_share(yes: u8, against: u8, abstaining: u8) -> f64 {
    f64::from(yes) / f64::from((u32::from(yes) + u32::from(against) + u32::from(abstaining)).max(1))
}

/// The kind of draft of which an event is the adoption by a council.
fn adopted<'r>(rules: &'r Rules, event: &Event, c: u16) -> Option<&'r DraftRules> {
    match event {
        Event::CouncilVote { council, draft, adopted: true, .. } if *council == c => {
            Some(&rules.councils[usize::from(c)].drafts[usize::from(*draft)])
        }
        _ => None,
    }
}

/// What is asked of a source: of which event, on which day, for which decision, with which value.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a, 'p> {
    pub past: &'a Past<'p>,
    pub day: &'a Day,
    pub id: EventId,
    pub subject: Option<Subject>,
    pub value: f64,
}

impl Asked<'_, '_> {
    fn candidate(&self, id: EventId, what: &Event, contribution: impl Into<String>, removal: Removal) -> Candidate {
        let sentence = sentence(self.rules(), what);
        Candidate { event: Some(id), sentence, contribution: contribution.into(), removal }
    }

    /// Rules as that day had them.
    fn rules(&self) -> &Rules {
        self.past.rules(self.id.day)
    }

    /// The newest event before this one that is such.
    fn last(&self, is: impl Fn(&Event) -> bool) -> Option<(EventId, Event)> {
        self.past.before(self.id).find(|(_, event)| is(event)).copied()
    }

    /// The evening before.
    fn eve(&self) -> i32 {
        self.id.day - 1
    }

    fn one(&self, is: impl Fn(&Event) -> bool, contribution: impl Into<String>, removal: Removal) -> Vec<Candidate> {
        let found = self.last(is);
        found.map(|(id, event)| self.candidate(id, &event, contribution, removal)).into_iter().collect()
    }

    /// Events of which a rule keeps the day of the last: newest first, each with the day of the one before it.
    fn stamped(&self, is: impl Fn(&Event) -> bool, of: Stamp, start: i32, contribution: &str) -> Vec<Candidate> {
        let found: Vec<_> = self.past.before(self.id).filter(|(_, e)| is(e)).take(BACK + 1).copied().collect();
        let each = found.iter().enumerate().take(BACK).map(|(i, (id, event))| {
            let before = found.get(i + 1).map_or(start, |(earlier, _)| earlier.day);
            let removal = match (of, event) {
                _ if id.day < self.id.day => Removal::Stamp { of, day: id.day, before },
                (_, Event::Struck(s)) => Removal::Strike(*s),
                (Stamp::Spoiler(_), _) => Removal::SpoilersToday,
                _ => Removal::Stamp { of, day: id.day, before },
            };
            self.candidate(*id, event, contribution, removal)
        });
        each.collect()
    }

    /// Everything that may stand behind a source.
    pub fn behind(&self, source: Source) -> Vec<Candidate> {
        let (past, rules) = (self.past, self.rules());
        let (morning, start) = (&self.day.morning.columns, &past.start);
        let value = self.value;
        match source {
            Source::Ledger(l) => self.harm(usize::from(l)),
            Source::Agreement(t) => self.agreement(t),
            Source::Forgone(l) => self.one(
                |e| matches!(e, Event::AnswerSettled { ledger } if *ledger == l),
                "It is remembered.",
                Removal::Forgone(l),
            ),
            Source::Collapse(t) => {
                let is = |e: &Event| matches!(e, Event::Collapsed { table, .. } if *table == t);
                let first = start.agreements[usize::from(t)].last_collapse;
                self.stamped(is, Stamp::Collapse(t), first, "It is fresh.")
            }
            Source::Spoiler(t) => {
                let is = |e: &Event| matches!(e, Event::Spoiler { table, .. } if *table == t);
                let first = start.agreements[usize::from(t)].last_spoiler;
                self.stamped(is, Stamp::Spoiler(t), first, "It is fresh.")
            }
            Source::Trigger(f) => {
                let front = usize::from(f);
                let is = |e: &Event| matches!(e, Event::Struck(s) if marks(past, s).0.contains(&front));
                self.stamped(is, Stamp::Blow(f), start.fronts[front].last_blow, "It is fresh.")
            }
            Source::Joined(h) => {
                let Some((pair, side)) = rules.hosts[usize::from(h)].pair else { return Vec::new() };
                let is = |e: &Event| matches!(e, Event::Struck(s) if marks(past, s).1.contains(&(pair, side)));
                let first = start.pairs[pair].last_fire[side];
                self.stamped(is, Stamp::Fire(pair as u16, side), first, "The host's guest took part.")
            }
            Source::Censure(n) => {
                let is = |e: &Event| matches!(e, Event::Nuclear { programme, step: NuclearStep::Censured } if *programme == n);
                let first = start.programmes[usize::from(n)].censured_on;
                self.stamped(is, Stamp::Censured(n), first, "It is fresh.")
            }
            Source::Warning(_) => self.warnings("Hosts' fears reach Israel through the United States."),
            Source::War(p) => self.one(
                |e| matches!(e, Event::War { pair, began: true, .. } if *pair == p),
                "It goes on.",
                Removal::War(p),
            ),
            Source::Level(f) if matches!(self.subject, Some(Subject::StepDown(_))) => {
                let rises = |e: &Event| match e {
                    Event::LevelMoved { front, from, to, .. } => *front == f && *from < HIGH && *to >= HIGH,
                    Event::Collapsed { table, level, .. } => {
                        rules.tables[usize::from(*table)].quiets == Some(usize::from(f)) && *level >= HIGH
                    }
                    _ => false,
                };
                let days = morning.fronts[usize::from(f)].days_high;
                let contribution = format!("The front has stood at level {HIGH} or more for {days} days.");
                self.one(rises, contribution, Removal::HighDays(f))
            }
            Source::Level(f) => self.level(f),
            Source::AirDefence(actor) => {
                let account = accounts::air_defence(past, usize::from(actor), self.eve());
                self.parts(&account, |part| {
                    let contribution = format!(
                        "It cost {:.0} % of air defence, of which {:.0} % were not recovered; it stood at {:.0} % of intact.",
                        part.wrote * 100.0,
                        part.left() * 100.0,
                        value * 100.0
                    );
                    (contribution, Removal::AirDefence { actor, amount: part.left() })
                })
            }
            Source::Shield(actor) => {
                let Some(partner) = rules.actors[usize::from(actor)].shield_partner else { return Vec::new() };
                let account = accounts::leadership(past, partner, self.eve());
                self.parts(&account, |part| {
                    let contribution = format!("It weakened the partner; the shield stands at {value:.2}.");
                    (contribution, Removal::Leadership { actor: partner as u16, amount: part.left() })
                })
            }
            Source::Resolve(actor) => self.reputation(actor),
            Source::Lever(lever) => self.lever(lever),
            Source::Channel(c) => self.channel(c, format!("The channel counts {value:.1}.")),
            Source::Mediation(t) => self.mediated(t),
            Source::Mission(m) => self.deployment(m),
            Source::Host(h) => self.one(
                |e| matches!(e, Event::HostsWarned { hosts, .. } if hosts >> h & 1 == 1),
                format!("Warnings lower basing permission, which stands at {value:.2}."),
                Removal::Permission(h),
            ),
            Source::Decided(n) => {
                let is = |e: &Event| matches!(e, Event::Nuclear { programme, step: NuclearStep::Decided } if *programme == n);
                self.one(is, "The work has run its course.", Removal::Decided(n))
            }
            Source::Detected(n) => {
                let is = |e: &Event| matches!(e, Event::Nuclear { programme, step: NuclearStep::Detected } if *programme == n);
                self.one(is, "It is known.", Removal::Detected(n))
            }
            Source::Assembly(c) => {
                let mut shares = past.before(self.id).filter_map(|(_, e)| match e {
                    Event::AssemblyVote { council, yes, against, abstaining, .. } if *council == c => {
                        Some(yes_share(*yes, *against, *abstaining))
                    }
                    _ => None,
                });
                let before = shares.nth(1).unwrap_or(start.councils[usize::from(c)].isolation);
                self.one(
                    |e| matches!(e, Event::AssemblyVote { council, .. } if *council == c),
                    format!("The yes share stood at {value:.2}, after {before:.2}."),
                    Removal::Assembly { council: c, before },
                )
            }
            Source::Vetoes(c) => self.vetoes(c),
            Source::Forum(n) => self.one(
                |e| matches!(e, Event::LeverMoved(change) if change.lever == Lever::ZoneTalks),
                format!("The talks since have given the forum a standing of {value:.2}."),
                Removal::Forum(n),
            ),
            Source::CeaseFireText(c) => {
                let is = |e: &Event| adopted(rules, e, c).is_some_and(|draft| draft.cease_fire);
                let first = start.councils[usize::from(c)].cease_fire_on;
                self.stamped(is, Stamp::CeaseFireText(c), first, "It is fresh.")
            }
            Source::Admission(c) => {
                let is = |e: &Event| adopted(rules, e, c).is_some_and(|draft| draft.statehood);
                let first = start.councils[usize::from(c)].membership_on;
                self.stamped(is, Stamp::Admission(c), first, "It stands.")
            }
            Source::Roadmap(r) => self.one(
                |e| matches!(e, Event::Roadmap { roadmap, step: RoadmapStep::Begun } if *roadmap == r),
                format!("What is implemented since makes a factor of {value:.2}."),
                Removal::Roadmap(r),
            ),
            Source::Iraq(n) => {
                let is = |e: &Event, s: IraqStep| matches!(e, Event::Iraq { integration, step } if *integration == n && *step == s);
                let factor = format!("It makes a factor of {value:.2}.");
                let state = morning.integrations.get(usize::from(n));
                let mut found = Vec::new();
                if state.is_some_and(|n| n.extended) {
                    found.extend(self.one(|e| is(e, IraqStep::Stays), factor.clone(), Removal::Stays(n)));
                }
                if state.is_some_and(|n| n.exit > 0.0) {
                    found.extend(self.one(|e| is(e, IraqStep::DrawDown), factor, Removal::DrawDown(n)));
                }
                found
            }
            Source::Path(i) => {
                let path = morning.paths[usize::from(i)];
                let steps = [
                    (path.withdrawn_on, PathStep::Withdrawn),
                    (path.unified_on, PathStep::Unified),
                    (path.elected_on, PathStep::Elected),
                    (path.rebuilt_on, PathStep::Rebuilt),
                ];
                let votes = matches!(self.subject, Some(Subject::Votes(_)));
                let what = if votes { "It speaks for who governs." } else { "It steadies the truce." };
                let done = steps.into_iter().filter(|(day, _)| *day != NEVER).flat_map(|(_, done)| {
                    let is = move |e: &Event| matches!(e, Event::Path { path, step } if *path == i && *step == done);
                    self.one(is, what, Removal::Stage { path: i, step: done })
                });
                done.collect()
            }
            Source::Incorporation(g) => self.incorporated(g),
            Source::Activity(i) => self.active(i),
            Source::Votes(i) => self.one(
                |e| matches!(e, Event::Path { path, step: PathStep::Votes { .. } } if *path == i),
                "The votes decide who governs, and what a truce is worth to the group that stood.",
                Removal::Votes(i),
            ),
            Source::Unrest(f) => self.one(
                |e| matches!(e, Event::Unrest { factions, repressed: true } if *factions == f),
                "An audience at home was watching.",
                Removal::Unrest(f),
            ),
            Source::Corridor(c) => self.one(
                |e| matches!(e, Event::CorridorLost { corridor } if *corridor == c),
                "Resupply runs at a part of what it was.",
                Removal::Corridor(c),
            ),
            Source::Excitation(_) | Source::Threat(_) | Source::Opinion(_) | Source::Territory(_) | Source::Given => {
                Vec::new()
            }
        }
    }

    /// What may stand behind an event that follows from a state and not from a draw.
    pub fn behind_state(&self, event: &Event) -> Vec<Candidate> {
        let rules = self.rules();
        let sources: Vec<Source> = match event {
            Event::AnswerOwed { ledger } => vec![Source::Ledger(*ledger)],
            Event::War { pair, began: true, .. } => {
                rules.pairs[usize::from(*pair)].ledgers.iter().map(|&l| Source::Ledger(l as u16)).collect()
            }
            Event::HostsWarned { foe, .. } => {
                let ledgers = rules.actors[usize::from(*foe)].ledgers.iter();
                ledgers.map(|&l| Source::Ledger(l as u16)).chain([Source::Lever(Lever::BaseSorties)]).collect()
            }
            Event::Roadmap { roadmap, .. } => {
                vec![Source::Agreement(rules.roadmaps[usize::from(*roadmap)].table as u16)]
            }
            Event::Signed { .. } => vec![Source::Lever(Lever::SignRoadmap)],
            Event::Iraq { step, .. } => vec![Source::Lever(dated_by(*step))],
            Event::Nuclear { programme, step: NuclearStep::Device } => vec![Source::Decided(*programme)],
            Event::AssemblyVote { .. } => {
                vec![Source::Lever(Lever::IranUnCostDrive), Source::Lever(Lever::SuspensionDrive)]
            }
            Event::Collapsed { table, .. } if rules.tables[usize::from(*table)].collective => {
                let agreements = &self.day.morning.columns.agreements;
                let fallen = (0..rules.tables.len()).filter(|&part| rules.fallen(part, agreements));
                return fallen.flat_map(|part| self.collapse(part)).collect();
            }
            Event::Path { path, step: PathStep::Undone } => {
                return self.collapse(rules.paths[usize::from(*path)].table);
            }
            Event::Unrest { .. } => vec![Source::Lever(Lever::SanctionsPressure)],
            Event::LeverMoved(change) => return self.mover(change),
            Event::LevelMoved { front, by: LevelMover::Agreement, .. } => return self.restrained(usize::from(*front)),
            Event::LevelMoved { front, from, to, .. } if to > from => return self.fired(usize::from(*front)),
            _ => Vec::new(),
        };
        sources.into_iter().flat_map(|source| self.behind(source)).collect()
    }

    /// Who moved a lever on a day.
    pub fn moved_by(&self, change: &LeverChange) -> Mover {
        let frame = &self.rules().frame;
        if self.past.log.contains(change) {
            return Mover::User;
        }
        if frame.lever_log.contains(change) {
            return Mover::Scenario;
        }
        // What was signed that day stands from then on; an administration sets its course before anybody signs.
        let mut today = self.past.on(self.id.day).iter().filter(|(id, _)| *id < self.id).rev();
        let collective = self.rules().collective;
        let signed = |e: &Event| match e {
            Event::Signed { table, .. } if collective == Some(usize::from(*table)) => Some(*table),
            _ => None,
        };
        today.find_map(|(_, event)| signed(event)).map_or(Mover::Administration, Mover::Deal)
    }

    /// The signing of which the move of a lever was an item, or what set the course of the administration that moved it.
    fn mover(&self, change: &LeverChange) -> Vec<Candidate> {
        match self.moved_by(change) {
            Mover::User | Mover::Scenario => Vec::new(),
            Mover::Deal(deal) => self.one(
                |e| matches!(e, Event::Signed { table, .. } if *table == deal),
                "The parties came to a package of their own, and what it holds stands from that day on.",
                Removal::Agreement(deal),
            ),
            Mover::Administration => self.behind(Source::Lever(Lever::Administration)),
        }
    }

    /// What set a group's way under political authority going: the newest step of its process.
    fn incorporated(&self, g: u16) -> Vec<Candidate> {
        let rule = &self.rules().incorporations[usize::from(g)];
        let share = self.day.morning.columns.incorporations[usize::from(g)].share;
        let contribution = format!(
            "{:.0} % of the group stood under the authority of the state, {:.0} % at the start.",
            share * 100.0,
            rule.share * 100.0
        );
        let table = |section: Option<usize>, e: &Event| matches!(e, Event::Signed { table, .. } if section == Some(usize::from(*table)));
        let (roadmap, path) =
            (self.rules().roadmaps.first().map(|r| r.table), self.rules().paths.first().map(|path| path.table));
        let is = |e: &Event| match (rule.process, e) {
            (Process::Roadmap, Event::Roadmap { step: RoadmapStep::Talks | RoadmapStep::Constitution, .. })
            | (Process::Integration, Event::Iraq { step: IraqStep::DrawDown, .. })
            | (
                Process::Path,
                Event::Path { step: PathStep::Withdrawn | PathStep::Unified | PathStep::Votes { .. }, .. },
            ) => true,
            (Process::Roadmap, e) => table(roadmap, e),
            (Process::Path, e) => table(path, e),
            (Process::Integration, Event::LeverMoved(change)) => {
                matches!(change.lever, Lever::MilitiaIntegration | Lever::UnamiExtension)
            }
            (Process::Integration, _) => false,
        };
        self.one(is, contribution, Removal::Incorporated(g))
    }

    /// What brought economic activity above that of the start: the newest truce, or move of the lever on trade.
    fn active(&self, path: u16) -> Vec<Candidate> {
        let table = self.rules().paths[usize::from(path)].table;
        let activity = self.day.morning.columns.paths[usize::from(path)].activity;
        let is = |e: &Event| match e {
            Event::Signed { table: t, .. } => usize::from(*t) == table,
            Event::LeverMoved(change) => change.lever == Lever::PalestineTrade,
            _ => false,
        };
        let contribution = format!("Economic activity stands at {activity:.2} of that of aid under a truce.");
        self.one(is, contribution, Removal::Activity(path))
    }

    /// What an agreement's hold on a front may rest on: the agreements in force that bear on it, and who is in the deal.
    fn restrained(&self, front: usize) -> Vec<Candidate> {
        let rules = self.rules();
        let bears = |t: usize| {
            let table = &rules.tables[t];
            table.front == Some(front)
                || table.quiets == Some(front)
                || table.collective
                || rules.fronts[front].ledgers.iter().any(|&l| rules.ledgers[l].restrained_by.contains(&t))
        };
        let agreements = (0..rules.tables.len()).filter(|&t| bears(t)).map(|t| Source::Agreement(t as u16));
        let sources: Vec<Source> = agreements.chain([Source::Lever(Lever::DealLeftOut)]).collect();
        sources.into_iter().flat_map(|source| self.behind(source)).collect()
    }

    /// What a level that follows fire may follow: the day's strikes, the war that is on, earlier fire of either side.
    fn fired(&self, front: usize) -> Vec<Candidate> {
        let (past, rules) = (self.past, self.rules());
        let pairs: Vec<usize> = rules.fronts[front].ledgers.iter().map(|&l| rules.ledgers[l].pair).collect();
        let parties = &rules.fronts[front].parties;
        let here = |s: &Strike| parties.contains(&usize::from(s.actor)) && parties.contains(&usize::from(s.opponent));
        let strikes = self.past.on(self.id.day).iter().filter(|(id, _)| *id < self.id);
        let mut found: Vec<Candidate> = strikes
            .filter_map(|(id, event)| match event {
                Event::Struck(s) if here(s) => {
                    Some(self.candidate(*id, event, "It fell that day.", Removal::Strike(*s)))
                }
                _ => None,
            })
            .collect();
        if let Some(&pair) = pairs.first() {
            found.extend(self.behind(Source::War(pair as u16)));
            for side in 0..2 {
                let is = |e: &Event| matches!(e, Event::Struck(s) if marks(past, s).1.contains(&(pair, side)));
                let first = past.start.pairs[pair].last_fire[side];
                let fired = self.stamped(is, Stamp::Fire(pair as u16, side), first, "It is fresh.");
                found.extend(fired.into_iter().filter(|c| c.event.is_some_and(|id| id.day < self.id.day)));
            }
        }
        found
    }

    /// The strike of the same day beside which one came: whom an ally joined, or what answer went on beside missiles at a
    /// base. Of a count of votes, the elections.
    pub fn beside(&self, event: &Event) -> Vec<Candidate> {
        let rules = self.rules();
        if let Event::Path { path, step: PathStep::Votes { .. } } = event {
            let held = |e: &Event| matches!(e, Event::Path { path: p, step: PathStep::Elected } if p == path);
            return self.one(held, "They were cast that day.", Removal::Held);
        }
        let Event::Struck(s) = event else { return Vec::new() };
        let joins = event.kind() == EventKind::Preventive
            && rules.initiatives[usize::from(s.initiative)].actor != usize::from(s.actor);
        let contribution = match event.kind() {
            EventKind::Preventive if joins => "It was there to be joined.",
            EventKind::BaseSalvo => "It went beside that answer.",
            _ => return Vec::new(),
        };
        let is = |e: &Event| match e {
            Event::Struck(other) if joins => e.kind() == EventKind::Preventive && other.initiative == s.initiative,
            Event::Struck(other) => {
                other.actor == s.actor && matches!(e.kind(), EventKind::Salvo | EventKind::AirStrike)
            }
            _ => false,
        };
        let earlier = self.past.on(self.id.day).iter().filter(|(id, e)| *id < self.id && is(e));
        let each = earlier.filter_map(|(id, event)| match event {
            Event::Struck(s) => Some(self.candidate(*id, event, contribution, Removal::Strike(*s))),
            _ => None,
        });
        each.collect()
    }

    /// The parts of an account that are events, largest first.
    fn parts(&self, account: &Account, of: impl Fn(&Part) -> (String, Removal)) -> Vec<Candidate> {
        let mut parts: Vec<&Part> = account.parts.iter().collect();
        parts.sort_by(|a, b| b.left().total_cmp(&a.left()));
        let events = parts.into_iter().filter_map(|part| {
            let Origin::Event(id) = part.origin else { return None };
            let (_, event) = self.past.on(id.day).iter().find(|(other, _)| *other == id)?;
            let (contribution, removal) = of(part);
            Some(self.candidate(id, event, contribution, removal))
        });
        events.take(PARTS).collect()
    }

    /// What stands in a ledger: strikes, routine fire, harm from before the start, each less what answers struck off.
    fn harm(&self, ledger: usize) -> Vec<Candidate> {
        let rules = self.rules();
        let l = &rules.ledgers[ledger];
        let account = accounts::ledger(self.past, ledger, self.eve());
        let mut parts: Vec<&Part> = account.parts.iter().collect();
        parts.sort_by(|a, b| b.left().total_cmp(&a.left()));
        let mut found: Vec<Candidate> = Vec::new();
        for part in parts.into_iter().take(PARTS) {
            let (wrote, left) = (part.wrote, part.left());
            let (event, what) = match part.origin {
                Origin::Event(id) => {
                    let Some((_, event)) = self.past.on(id.day).iter().find(|(other, _)| *other == id) else {
                        continue;
                    };
                    (Some(id), sentence(rules, event))
                }
                Origin::Start => (None, format!("Harm from before {} was unanswered.", rules.frame.start)),
                Origin::Fire(s) => {
                    let stream = &rules.streams[s];
                    let front = &rules.fronts[stream.front].name;
                    let by = &rules.actors[stream.attacker].name;
                    (None, format!("Routine fire by {by} went on ({front})."))
                }
                Origin::Other => continue,
            };
            let contribution = match part.origin {
                Origin::Start => format!("It stood at {wrote:.2} blows, of which {left:.2} were left."),
                _ if matches!(event.and_then(|id| self.event(id)), Some(Event::War { .. })) => {
                    format!("It left {wrote:.2} blows in the ledger, of which {left:.2} were left.")
                }
                _ => format!("It wrote {wrote:.2} blows into the ledger, of which {left:.2} were left."),
            };
            let removal = Removal::Harm { ledger: ledger as u16, part: part.clone() };
            found.push(Candidate { event, sentence: what, contribution, removal });
        }
        // Strikes of the very day count where what they wrote is asked for in the evening.
        for (id, event) in self.past.on(self.id.day).iter().filter(|(id, _)| *id < self.id) {
            let Event::Struck(s) = event else { continue };
            let own = felt(ledger, s, rules, self.past.luck(id.day), id.day).0;
            if own > 0.0 && self.subject.is_none() {
                let contribution =
                    format!("It wrote {own:.2} blows into the ledger; an answer is owed from {:.2}.", l.theta);
                found.push(self.candidate(*id, event, contribution, Removal::Strike(*s)));
            }
        }
        found
    }

    fn event(&self, id: EventId) -> Option<Event> {
        self.past.on(id.day).iter().find(|(other, _)| *other == id).map(|(_, event)| *event)
    }

    /// The agreement that holds at a table: its own, or the collective one.
    fn agreement(&self, table: u16) -> Vec<Candidate> {
        let agreements = &self.day.morning.columns.agreements;
        let today = |t: usize| {
            self.past
                .on(self.id.day)
                .iter()
                .any(|(id, e)| *id < self.id && matches!(e, Event::Signed { table, .. } if usize::from(*table) == t))
        };
        let holds = |t: &usize| agreements[*t].in_force() || today(*t);
        let rules = self.rules();
        let left_out = rules.left_out(&self.day.levers);
        // A deal that frays does not hold what has fallen from it.
        let held = rules.settles(usize::from(table), left_out) && !rules.fallen(usize::from(table), agreements);
        let collective = rules.collective.filter(|_| held);
        let Some(holding) = [Some(usize::from(table)), collective].into_iter().flatten().find(holds) else {
            return Vec::new();
        };
        self.one(
            |e| matches!(e, Event::Signed { table, .. } if usize::from(*table) == holding),
            "It is in force.",
            Removal::Agreement(holding as u16),
        )
    }

    /// The collapse since which a table has no agreement: its own, or that of the collective one.
    fn collapse(&self, table: usize) -> Vec<Candidate> {
        let rules = self.rules();
        let left_out = rules.left_out(&self.day.levers);
        let tables = [Some(table), rules.collective.filter(|_| rules.settles(table, left_out))];
        let is = |e: &Event| matches!(e, Event::Collapsed { table, .. } if tables.contains(&Some(usize::from(*table))));
        let Some((id, event @ Event::Collapsed { table, age, .. })) = self.last(is) else { return Vec::new() };
        let removal = Removal::Collapsed { table, since: id.day - age };
        vec![self.candidate(id, &event, "No agreement has held since.", removal)]
    }

    /// The last event that set a front's level.
    fn level(&self, front: u16) -> Vec<Candidate> {
        let (past, f) = (self.past, usize::from(front));
        for (id, event) in past.before(self.id).filter(|(id, _)| id.day < self.id.day) {
            match event {
                Event::LevelMoved { front: moved, from, .. } if *moved == front => {
                    let removal = Removal::Level { front, level: *from };
                    return vec![self.candidate(*id, event, "It set the level of the front.", removal)];
                }
                Event::Collapsed { table, age, .. } => {
                    let rules = past.rules(id.day);
                    let t = &rules.tables[usize::from(*table)];
                    let own = t.quiets == Some(f) || rules.fronts[f].table == Some(usize::from(*table));
                    let rose = past.page(id.day - 1).fronts[f].level == 0 && past.page(id.day).fronts[f].level > 0;
                    if rose && (own || t.collective) {
                        let removal = Removal::Collapsed { table: *table, since: id.day - age };
                        return vec![self.candidate(*id, event, "It set the level of the front.", removal)];
                    }
                }
                _ => {}
            }
        }
        Vec::new()
    }

    /// Vetoes that the modelled member of a council cast alone: what is left of the cost of each, largest first.
    fn vetoes(&self, council: u16) -> Vec<Candidate> {
        let (past, rules) = (self.past, self.rules());
        let c = usize::from(council);
        let mut found: Vec<(EventId, Event, f64, f64)> = Vec::new();
        for (id, event) in past.before(self.id).filter(|(id, _)| id.day < self.id.day) {
            let Event::CouncilVote { council: of, draft, us, yes, .. } = event else { continue };
            let of_day = past.rules(id.day);
            let draft = &rules.councils[c].drafts[usize::from(*draft)];
            if *of != council || lone_veto(*us, draft, *yes, &of_day.p) != Some(0) {
                continue;
            }
            let share = |(_, e): &(EventId, Event)| match e {
                Event::AssemblyVote { council: of, yes, against, abstaining, .. } if *of == council => {
                    Some(yes_share(*yes, *against, *abstaining))
                }
                _ => None,
            };
            let isolation = past.before(*id).find_map(share).unwrap_or(past.start.councils[c].isolation);
            let left = isolation * libm::pow(rules.veto_retention, f64::from(self.id.day - 1 - id.day));
            found.push((*id, *event, isolation, left));
        }
        found.sort_by(|a, b| b.3.total_cmp(&a.3));
        let each = found.into_iter().take(PARTS).map(|(id, event, isolation, left)| {
            let contribution =
                format!("It cost {isolation:.2}, the yes share of the Assembly; {left:.2} of that was left.");
            self.candidate(id, &event, contribution, Removal::VetoCost { council, member: 0, amount: left })
        });
        each.collect()
    }

    /// Answers that restored an actor's reputation, and debts left open that cost it.
    fn reputation(&self, actor: u16) -> Vec<Candidate> {
        let mut parts = accounts::reputation(self.past, usize::from(actor), self.eve());
        parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let value = self.value;
        let of = |(id, amount): (EventId, f64)| {
            let event = self.event(id)?;
            let contribution = if amount > 0.0 {
                format!("It restored reputation, now {value:.2}; {amount:.2} of that is left.")
            } else {
                format!("Not answered, it has cost {:.2} of reputation, now {value:.2}.", -amount)
            };
            Some(self.candidate(id, &event, contribution, Removal::Reputation { actor, amount }))
        };
        parts.into_iter().filter_map(of).take(PARTS).collect()
    }

    /// The last move of a lever, compared with what the lever would be without it; for the course of an administration also
    /// the day on which it took office.
    fn lever(&self, lever: Lever) -> Vec<Candidate> {
        let moved = self.last(|e| matches!(e, Event::LeverMoved(change) if change.lever == lever));
        let mut found: Vec<Candidate> = Vec::new();
        if let Some((id, event @ Event::LeverMoved(change))) = moved {
            found.push(self.candidate(id, &event, "It has stood so since.", self.unmoved(id, change)));
        }
        if lever == Lever::Administration {
            let calendar = &self.rules().frame.calendar;
            let takes_office = |entry: u16| calendar[usize::from(entry)].kind == CalendarKind::UsAdministration;
            found.extend(self.one(
                |e| matches!(e, Event::Calendar { entry } if takes_office(*entry)),
                "It has set the course since.",
                Removal::Administration,
            ));
        }
        found
    }

    /// A lever as it would be without a move: what else was to move it, else what it was at the start of the scenario.
    fn unmoved(&self, id: EventId, change: LeverChange) -> Removal {
        let (past, today, lever) = (self.past, self.id.day, change.lever);
        let frame = &self.rules().frame;
        let by_user = past.log.contains(&change);
        let log: Vec<LeverChange> = past.log.iter().filter(|c| !(by_user && **c == change)).copied().collect();
        let by_scenario = !by_user && frame.lever_log.contains(&change);
        // Moves that were laid over by this one come back; those that an administration made are events only.
        let planned = frame.log_with(&log).into_iter().filter(|c| !(by_scenario && *c == change));
        let made = past.before(self.id).filter_map(|(other, event)| match event {
            Event::LeverMoved(c) if *other != id => Some(*c),
            _ => None,
        });
        let others = planned.chain(made).filter(|c| c.lever == lever && c.day < today);
        let value = others.max_by_key(|c| c.day).map_or(frame.levers[lever], |c| c.value.raw());
        let slow = lever == Lever::SanctionsPressure;
        Removal::Lever {
            lever,
            value,
            log,
            scenario: by_scenario.then_some(change),
            steered_today: slow && !by_user && !by_scenario && id.day == today,
            sanctions: slow.then(|| (past.page(id.day - 1).economies.clone(), today - id.day)),
        }
    }

    /// The last switch of a channel.
    fn channel(&self, channel: u16, contribution: String) -> Vec<Candidate> {
        let is = |e: &Event| matches!(e, Event::ChannelTurned { channel: c, .. } if *c == channel);
        let Some((id, event)) = self.last(is) else { return Vec::new() };
        let removal = Removal::Channel { channel, since: id.day };
        vec![self.candidate(id, &event, contribution, removal)]
    }

    /// What opened the channels of a table, or set how much goes through them: each may have done, and so may all together.
    fn mediated(&self, table: u16) -> Vec<Candidate> {
        let rules = self.rules();
        let channels = rules.tables[usize::from(table)].channels.iter().map(|&(channel, _)| channel);
        let each = channels.flat_map(|channel| {
            let moved = self.lever(rules.channels[channel].lever);
            let turned =
                self.channel(channel as u16, "It is one of those through which they are brought together.".to_owned());
            turned.into_iter().chain(moved)
        });
        each.collect()
    }

    /// The signing since which a mission's army deploys.
    fn deployment(&self, mission: u16) -> Vec<Candidate> {
        let m = usize::from(mission);
        let is = |e: &Event| matches!(e, Event::Signed { table, .. } if self.rules().tables[usize::from(*table)].mission == Some(m));
        let Some((id, event)) = self.last(is) else { return Vec::new() };
        let (then, now) = (self.past.page(id.day - 1).missions[m], self.day.morning.columns.missions[m]);
        let before = crate::sim::state::Mission { national_troops: then.national_troops, ..now };
        let contribution = format!(
            "Since then the army has gone from {:.0} to {:.0}; that alone is what is taken away here.",
            then.national_troops, now.national_troops
        );
        vec![self.candidate(id, &event, contribution, Removal::Deployment { mission, before })]
    }

    /// Warnings to hosts, newest first.
    fn warnings(&self, contribution: &str) -> Vec<Candidate> {
        let past = self.past;
        let hosts = past.start.hosts.len();
        let warns = |e: &Event, host: usize| match e {
            Event::HostsWarned { hosts, .. } => hosts >> host & 1 == 1,
            // A base struck on its soil is a warning, too.
            Event::Struck(s) => e.kind() == EventKind::BaseSalvo && usize::from(s.initiative) == host,
            _ => false,
        };
        let found = past.before(self.id).filter(|(id, e)| id.day < self.id.day && (0..hosts).any(|h| warns(e, h)));
        let each = found.take(BACK).map(|(id, event)| {
            let stamps = (0..hosts).filter(|&h| warns(event, h)).map(|h| {
                let earlier = past.before(*id).find(|(other, e)| other.day < id.day && warns(e, h));
                let before = earlier.map_or(past.start.hosts[h].warned_on, |(other, _)| other.day);
                Removal::Stamp { of: Stamp::Warned(h as u16), day: id.day, before }
            });
            self.candidate(*id, event, contribution, Removal::All(stamps.collect()))
        });
        each.collect()
    }
}

/// What a strike leaves its day on: fronts on which a blow fell, and sides of pairs that fired.
pub(super) fn marks(past: &Past<'_>, s: &Strike) -> (Vec<usize>, Vec<(usize, usize)>) {
    // A day that nothing else can have left there.
    const MARK: i32 = i32::MAX;
    let (mut pairs, mut fronts) = (past.start.pairs.clone(), past.start.fronts.clone());
    strike_fronts(s, past.rules(-1), MARK, &mut pairs, &mut fronts);
    let fronts = fronts.iter().enumerate().filter(|(_, front)| front.last_blow == MARK).map(|(i, _)| i).collect();
    let sides = pairs.iter().enumerate().flat_map(|(i, pair)| {
        pair.last_fire
            .iter()
            .enumerate()
            .filter(|(_, day)| **day == MARK)
            .map(move |(side, _)| (i, side))
            .collect::<Vec<_>>()
    });
    (fronts, sides.collect())
}
