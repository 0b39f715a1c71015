//! Every lever acts, each in the direction its row states: pairs of futures with the same luck that differ in one lever.
//!
//! A lever is tried where it can be seen: most in the default scenario, some in an overlay that signs the truce it works on,
//! opens the talks it bears on, or makes frequent what is rare. `least` is the smallest mean difference that counts; it is
//! set at about half of what was found when the row was written, so that a lever that has come loose fails and luck does not.
//! `wrong` is the largest share of all pairs that may be ordered the other way: from MODEL 9.4 where it promises an
//! order, else from what was found, doubled. `None` where the model promises no order within a pair: a lever there changes
//! when things happen, and so what luck they meet.

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

#[allow(dead_code, reason = "shared with the behaviour tests, which use the rest")]
#[path = "behaviour/common.rs"]
mod common;

use common::{ensemble, fate, rules, world};
use detente_model::record::series::{Column, Evening, columns};
use detente_model::sim::columns::Columns;
use detente_model::sim::event::{Event, EventKind, Vote};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::{StrikeKind, TargetClass};
use detente_model::sim::world::Simulation;
use detente_model::symbols::levers::{Lever, LeverChange};
use noisy_float::prelude::R64;

/// What is read off a run.
#[derive(Clone, Copy, Debug)]
enum Measure {
    /// Events of a stream.
    Events(&'static str),
    /// Deaths by a stream.
    Deaths(&'static str),
    /// Days on which a table's agreement was in force.
    InForce(&'static str),
    /// A daily series at the end.
    End(&'static str),
    /// Its mean over the run.
    Mean(&'static str),
    /// Events of a kind.
    Kind(EventKind),
    /// Answers of a ledger.
    Answers(&'static str),
    /// Size of the answers of a ledger, blows each (0 without one).
    Size(&'static str),
    /// Missiles, drones and cruise missiles per salvo of a ledger (0 without one).
    Rounds(&'static str),
    /// Strikes by an actor at energy, nuclear or population sites.
    Beyond(&'static str),
    /// US votes against a draft.
    Vetoes,
}
use Measure::{Answers, Beyond, Deaths, End, Events, InForce, Kind, Mean, Rounds, Size, Vetoes};

/// One row of the table.
struct Row {
    lever: Lever,
    overlay: &'static str,
    from: &'static str,
    to: &'static str,
    measure: Measure,
    /// Mean difference from `from` to `to` that must at least be found; its sign is the direction.
    least: f64,
    /// Share of all pairs that may be ordered the other way.
    wrong: Option<f64>,
    pairs: u64,
    days: u32,
}

/// The default scenario.
const PLAIN: &str = "";
/// A truce in Lebanon within days.
const STEADY: &str = "[tables.LEB]\neta = 0.9\n";
/// The same with short-lived truces.
const TRUCE: &str = "[tables.LEB]\neta = 0.9\nh0 = 0.02\n";
/// Truces in Lebanon and Gaza within days, and short-lived ones.
const TRUCES: &str = "[tables.LEB]\neta = 0.9\nh0 = 0.02\n[tables.GAZ]\neta = 0.9\nh0 = 0.016\n";
/// The same with groups that are no party, and often attack.
const SPOILED: &str =
    "[tables.LEB]\neta = 0.9\nspoilers = [\"PIJ\"]\n[tables.GAZ]\neta = 0.9\n[parameters]\nspoiler_rate = 0.1\n";
/// A truce in Gaza that lasts.
const GAZA: &str = "[tables.GAZ]\neta = 0.9\nh0 = 0.004\n";
/// Iran owes an answer, and neither that nor a preventive strike soon makes a war, in which all answer daily.
const OWED: &str = "[parameters]\ntheta_war = 15\n[initiatives.\"ISR>IRN\"]\npreventive_rate = 0.0001\n\
     [ledgers.\"IRN|ISR\"]\nblows = 5\n";
/// One deal with all on good terms.
const PARTS: &str = "[levers]\niran.suspend_muscat = \"off\"\ndeal.architecture = \"collective\"\ndeal.guarantee = 0.9\n\
     us.group_talks = 0.8\nchannel.oman = 1\nchannel.qatar = 1\nchannel.swiss = 1\nchannel.cairo = 1\n\
     channel.berri_hochstein = 1\n";
/// Iran drives votes, and the United States is strict.
const DRIVEN: &str = "[levers]\niran.un_cost_drive = 1\nus.unsc_posture = -0.5\n[parameters]\nun_cost = 1.5\n";
/// The roadmap signed, let through, and soon carried out.
const JOINING: &str =
    "[levers]\nsaudi.sign_roadmap = 2024-11-15\nus.roadmap_acquiescence = 1\n[tables.YEM]\nh0 = 0.0005\n";
/// Israel holds back from leadership strikes, so that the blows of others are seen.
const MORATORIUM: &str = "[levers]\nisrael.blow_rate = 0\n";
/// Iran owes a large answer.
const DEBT: &str = "[ledgers.\"IRN|ISR\"]\nblows = 6\n";
/// Iran owes a large answer, and no war is near: readiness acts short of war.
const PEACE: &str = "[parameters]\ntheta_war = 15\n[initiatives.\"ISR>IRN\"]\nblow_rate = 0.005\npreventive_rate = 0.0001\n\
     [ledgers.\"IRN|ISR\"]\nblows = 6\n";
/// Iran owes a large answer, and Israel's strikes are not held to military sites.
const DEBT_WIDE: &str = "[ledgers.\"IRN|ISR\"]\nblows = 6\n[levers]\nisrael.target_set = \"military+energy+nuclear\"\n";
/// Preventive strikes are frequent, the United States joins them, and warnings to hosts do not hold Israel back (H6 off).
const JOINED: &str = "[parameters]\nus_join = 0.8\nbeta_host = 0\n[initiatives.\"ISR>IRN\"]\n\
     preventive_rate = { value = 0.01, high = 0.02 }\n";
/// Attacks on US forces are not held back.
const LOOSE: &str = "[levers]\niran.directive.iri = 0\n";
/// The same, and the coalition leaves.
const LEAVING: &str = "[levers]\niran.directive.iri = 0\nus.coalition_exit_date = 2025-03-01\n";
/// The Muscat channel is open.
const OPEN: &str = "[levers]\niran.suspend_muscat = \"off\"\n";
/// The same, and the United States wants a nuclear agreement more than Iran does.
const IRAN_DECIDES: &str = "[levers]\niran.suspend_muscat = \"off\"\n[tables.NUC]\nparties.USA.benefit = 0.5\n";
/// An outside guarantee in full, so that reliance on promises weighs on nobody.
const GUARANTEED: &str = "[levers]\ndeal.guarantee = 1\n";
/// A nuclear agreement within days, which lasts.
const NUCLEAR: &str = "[levers]\niran.suspend_muscat = \"off\"\ndeal.guarantee = 1\nus.sanctions_relief = 0.8\n[tables.NUC]\neta = 0.9\nh0 = 0.0005\n";
/// US leverage is as strong as may be, under an administration that uses it.
const LEANED_ON: &str = "[parameters]\nleverage_effect = 0.6\n[levers]\nus.administration = \"continuity\"\n";
/// One table for all, with mediation and good terms.
const ONE_DEAL: &str = "[levers]\niran.suspend_muscat = \"off\"\ndeal.architecture = \"hybrid\"\ndeal.guarantee = 0.9\nus.regional_role = 0.5\n\
     us.group_talks = 0.8\nchannel.oman = 1\nchannel.qatar = 1\nchannel.swiss = 1\nchannel.cairo = 1\nchannel.berri_hochstein = 1\n";
/// The same, with the architecture left to the row.
const GOOD_TERMS: &str = "[levers]\niran.suspend_muscat = \"off\"\ndeal.guarantee = 0.9\nus.regional_role = 0.5\n\
     us.group_talks = 0.8\nchannel.oman = 1\nchannel.qatar = 1\nchannel.swiss = 1\nchannel.cairo = 1\nchannel.berri_hochstein = 1\n";
/// Rare deaths made frequent, so that a lever on them is seen in a hundred futures.
const DEADLY: &str = "[levers]\niran.directive.iri = 0\n[streams.\"HOU>SHIPS\"]\ndeaths_per_event = 1\n[streams.\"IRI>USA\"]\ndeaths_per_event = 1\n";

#[rustfmt::skip]
const TABLE: &[Row] = {
    use Lever::*;
    const fn row(lever: Lever, overlay: &'static str, from: &'static str, to: &'static str, measure: Measure, least: f64, wrong: Option<f64>, pairs: u64, days: u32) -> Row {
        Row { lever, overlay, from, to, measure, least, wrong, pairs, days }
    }
    &[
        row(Administration, PLAIN, "continuity", "max_pressure", End("oil.IRN"), -0.38, Some(0.0), 6, 365),
        row(SanctionsPressure, PLAIN, "0.2", "1", End("oil.IRN"), -0.79, Some(0.0), 6, 365),
        row(DeterrentPresence, OWED, "0", "1", Answers("IRN|ISR"), -0.045, Some(0.1), 300, 60),
        row(BaseSorties, JOINED, "0.1", "1", Kind(EventKind::BaseSalvo), 1.2, Some(0.24), 100, 365),
        row(HostAssurances, PLAIN, "0", "1", Mean("permission.QAT"), 0.14, Some(0.0), 20, 365),
        row(ArmsResupply, PLAIN, "0", "3", End("interceptors.ISR"), 390.0, Some(0.05), 30, 365),
        row(ExchangeRestraint, OWED, "0", "1", Kind(EventKind::AnswerSettled), 0.2, Some(0.0), 60, 120),
        row(DealInterdependence, PARTS, "0", "1", InForce("ALL"), 12.0, Some(0.05), 150, 365),
        row(CouncilConsequences, DRIVEN, "0", "1", Vetoes, -0.23, Some(0.05), 150, 365),
        row(FearOfWar, DEBT, "0", "1", Size("ISR|IRN"), -0.18, Some(0.1), 200, 200),
        row(StatesIncorporation, JOINING, "0", "1", Events("HOU>ISR"), -33.0, Some(0.05), 60, 720),
        row(ScaleVeto, DEBT, "0", "1", Size("ISR|IRN"), -0.58, Some(0.1), 100, 200),
        row(Leverage, LEANED_ON, "0", "1", InForce("GAZ"), 18.0, Some(0.1), 100, 365),
        row(GroupTalks, PLAIN, "0", "1", InForce("LEB"), 12.0, Some(0.1), 100, 200),
        row(RegionalRole, IRAN_DECIDES, "0", "1", InForce("NUC"), 12.0, Some(0.1), 100, 365),
        row(SanctionsRelief, OPEN, "0", "1", InForce("NUC"), 39.0, Some(0.1), 100, 365),
        row(RoadmapAcquiescence, PLAIN, "0", "1", InForce("YEM"), 25.0, Some(0.1), 100, 365),
        row(CoalitionExitDate, LOOSE, "off", "2025-03-01", Events("IRI>USA"), -52.0, Some(0.05), 30, 365),
        row(RebrandShare, LEAVING, "0", "1", Events("IRI>USA"), 63.0, Some(0.05), 30, 365),
        row(UnscPosture, PLAIN, "-1", "1.5", Vetoes, -0.5, Some(0.05), 60, 365),
        row(IsraelWithdrawalShare, STEADY, "0", "1", Events("ISR>HZB"), -200.0, Some(0.1), 100, 200),
        row(IsraelWithdrawalDays, STEADY, "720", "1", Events("ISR>HZB"), -220.0, Some(0.1), 100, 200),
        row(IsraelDisputedAreas, STEADY, "none", "all", Events("ISR>HZB"), -27.0, None, 150, 200),
        row(IsraelTargetSet, DEBT, "military", "military+energy+nuclear", Beyond("ISR"), 0.29, Some(0.05), 100, 200),
        row(IranTargetSet, DEBT, "military", "any", Beyond("IRN"), 0.29, Some(0.05), 100, 200),
        row(IsraelBlowRate, PLAIN, "0", "3", Kind(EventKind::Blow), 5.8, Some(0.0), 30, 365),
        row(IranBlowRate, MORATORIUM, "0", "3", Kind(EventKind::Blow), 0.8, Some(0.0), 60, 365),
        row(IsraelProportionality, DEBT, "0.2", "2", Size("ISR|IRN"), 2.4, Some(0.1), 100, 200),
        row(IsraelResponseScale, PEACE, "0", "1.5", Answers("ISR|IRN"), 0.65, Some(0.05), 200, 200),
        row(IsraelSettlements, PLAIN, "growth", "withdrawal", Events("WBG>ISR"), -68.0, Some(0.0), 20, 365),
        row(IranDirectiveHzb, PLAIN, "0", "1", Events("HZB>ISR"), -110.0, Some(0.05), 40, 200),
        row(IranDirectiveIri, PLAIN, "0", "1", Events("IRI>USA"), -80.0, Some(0.0), 20, 200),
        row(IranDirectiveHou, PLAIN, "0", "1", Events("HOU>ISR"), -7.8, Some(0.05), 60, 365),
        row(IranDirectivePij, SPOILED, "0", "1", Kind(EventKind::Spoiler), -11.0, Some(0.05), 60, 200),
        row(IranDirectiveHam, PLAIN, "0", "1", Events("HAM>ISR"), -72.0, Some(0.05), 20, 200),
        row(IranDirectiveWbg, PLAIN, "0", "1", Events("WBG>ISR"), -26.0, Some(0.0), 20, 200),
        row(IranProportionality, DEBT, "0.3", "2", Rounds("IRN|ISR"), 54.0, Some(0.1), 100, 120),
        row(IranResponseScale, PEACE, "0", "1.5", Answers("IRN|ISR"), 0.69, Some(0.05), 200, 200),
        row(IranReformists, PLAIN, "0.1", "0.9", End("reformists.IRN"), 0.7, Some(0.0), 6, 365),
        row(IranEnrichmentCap, NUCLEAR, "none", "3.67", End("breakout.IRN"), 49.0, Some(0.0), 40, 365),
        row(IranSuspendMuscat, PLAIN, "on", "off", InForce("EXC"), 28.0, Some(0.05), 60, 365),
        row(IranAxisFunding, PLAIN, "0", "1", Events("HOU>SHIPS"), 4.1, Some(0.05), 60, 365),
        row(IranUnCostDrive, PLAIN, "0", "1", End("isolation.UNSC"), 0.05, None, 100, 365),
        row(RestraintIrn, DEBT, "0", "1", Beyond("IRN"), -0.18, Some(0.05), 100, 120),
        row(RestraintIsrIrn, DEBT_WIDE, "0", "1", Beyond("ISR"), -0.08, Some(0.05), 300, 200),
        row(RestraintIsrLeb, PLAIN, "0", "1", Deaths("ISR>HZB"), -630.0, Some(0.1), 40, 90),
        row(RestraintIsrGaz, PLAIN, "0", "1", Deaths("ISR>HAM"), -1700.0, Some(0.05), 30, 120),
        row(RestraintHzb, PLAIN, "0", "1", Deaths("HZB>ISR"), -28.0, Some(0.1), 60, 120),
        row(RestraintHou, DEADLY, "0", "1", Deaths("HOU>SHIPS"), -18.0, Some(0.1), 60, 200),
        row(RestraintIri, DEADLY, "0", "1", Deaths("IRI>USA"), -69.0, Some(0.1), 60, 120),
        row(RestraintHam, PLAIN, "0", "1", Deaths("HAM>ISR"), -50.0, Some(0.05), 60, 120),
        row(UnifilTroops, STEADY, "0", "15000", Events("ISR>HZB"), -160.0, Some(0.1), 80, 200),
        row(UnifilMandate, STEADY, "0", "2", Events("ISR>HZB"), -190.0, Some(0.1), 80, 200),
        row(LafTroopsSouth, STEADY, "0", "15000", Events("ISR>HZB"), -140.0, Some(0.1), 80, 200),
        row(MonitoringMechanism, TRUCE, "off", "on", InForce("LEB"), 4.2, Some(0.1), 150, 200),
        row(SignRoadmap, PLAIN, "off", "2024-12-01", InForce("YEM"), 140.0, Some(0.1), 60, 365),
        row(UnamiExtension, PLAIN, "0", "24", End("integrated.IRQ"), 0.0015, Some(0.0), 4, 540),
        row(MilitiaIntegration, PLAIN, "0", "1", End("integrated.IRQ"), 0.17, Some(0.0), 4, 365),
        row(ChannelOman, OPEN, "0", "1", InForce("EXC"), 22.0, Some(0.1), 100, 365),
        row(ChannelQatar, PLAIN, "0", "1", InForce("GAZ"), 20.0, Some(0.1), 150, 365),
        row(ChannelSwiss, OPEN, "0", "1", InForce("EXC"), 23.0, Some(0.1), 100, 365),
        row(ChannelBerriHochstein, PLAIN, "0", "1", InForce("LEB"), 9.5, Some(0.1), 100, 200),
        row(ChannelCairo, PLAIN, "0", "1", InForce("GAZ"), 17.0, Some(0.1), 150, 365),
        row(ZoneTalks, PLAIN, "0", "1", End("threat.ISR/IRN"), -0.025, Some(0.05), 40, 365),
        row(SuspensionDrive, PLAIN, "off", "debate", End("isolation.UNSC"), 0.01, None, 100, 365),
        row(AidAccess, PLAIN, "0", "600", Deaths("ISR>HAM"), -710.0, Some(0.1), 60, 365),
        row(ElectionDate, PLAIN, "off", "2025-06-01", End("stages.GAZ"), 0.24, Some(0.05), 100, 365),
        row(UnifiedAdministration, GAZA, "0", "1", End("stages.GAZ"), 0.11, Some(0.05), 100, 365),
        row(ReconstructionFunds, GAZA, "0", "1", End("stages.GAZ"), 0.2, Some(0.05), 100, 365),
        row(PalestineTrade, GAZA, "0", "1", End("activity.GAZ"), 0.25, Some(0.0), 60, 365),
        row(DealArchitecture, GOOD_TERMS, "piecemeal", "hybrid", InForce("ALL"), 32.0, Some(0.0), 60, 365),
        row(DealLeftOut, ONE_DEAL, "nobody", "KSA", InForce("ALL"), 14.0, Some(0.1), 250, 365),
        row(DealLinkage, TRUCES, "0", "1", InForce("LEB"), 6.1, Some(0.1), 150, 200),
        row(DealSequencing, GUARANTEED, "terms-first", "cease-fire-first", InForce("GAZ"), 4.4, Some(0.1), 250, 365),
        row(DealGuarantee, PLAIN, "0", "1", InForce("LEB"), 14.0, Some(0.1), 100, 200),
    ]
};

/// What one run shows of a measure.
struct Reading<'a> {
    row: &'a Row,
    columns: Vec<Column>,
    state: Columns,
}

impl<'a> Reading<'a> {
    fn new(row: &'a Row, rules: &Rules) -> Self {
        let columns = match row.measure {
            End(name) | Mean(name) => columns(rules).into_iter().filter(|column| column.name == name).collect(),
            _ => Vec::new(),
        };
        assert!(!matches!(row.measure, End(_) | Mean(_)) || columns.len() == 1, "{:?}", row.measure);
        Self { row, columns, state: Columns::default() }
    }

    fn series(&mut self, sim: &mut Simulation) -> f64 {
        sim.read_columns(&mut self.state);
        let given = sim.given();
        let evening = Evening { rules: &given.rules, columns: &self.state, levers: &given.levers, clock: given.clock };
        self.columns[0].value(&evening)
    }

    fn of(&mut self, sim: &mut Simulation, future: u64, change: LeverChange) -> f64 {
        let days = self.row.days;
        sim.begin(fate(future), vec![change]);
        let (mut sum, mut count) = (0.0, 0.0);
        for _ in 0..days {
            sim.step();
            if let Mean(_) = self.row.measure {
                sum += self.series(sim) / f64::from(days);
                continue;
            }
            let rules = sim.rules();
            for event in sim.events() {
                let strike = |ledger: &str| match event {
                    Event::Struck(s)
                        if rules.ledgers.get(usize::from(s.ledger)).is_some_and(|l| l.id.text == ledger) =>
                    {
                        Some(s).filter(|s| matches!(s.kind, StrikeKind::Salvo | StrikeKind::AirStrike))
                    }
                    _ => None,
                };
                match (self.row.measure, event) {
                    (Kind(kind), event) if event.kind() == kind => sum += 1.0,
                    (Answers(ledger), _) if strike(ledger).is_some() => sum += 1.0,
                    (Size(ledger), _) => {
                        if let Some(s) = strike(ledger) {
                            (sum, count) = (sum + s.magnitude, count + 1.0);
                        }
                    }
                    (Rounds(ledger), _) => {
                        if let Some(s) = strike(ledger) {
                            (sum, count) = (sum + f64::from(s.rounds.iter().sum::<u32>()), count + 1.0);
                        }
                    }
                    (Beyond(id), Event::Struck(s)) if rules.actors[usize::from(s.actor)].id.text == id => {
                        let wide = [TargetClass::Energy, TargetClass::Nuclear, TargetClass::Population];
                        sum += f64::from(u8::from(wide.contains(&s.class)));
                    }
                    (Vetoes, Event::CouncilVote { us: Vote::Against, .. }) => sum += 1.0,
                    _ => {}
                }
            }
        }
        match self.row.measure {
            Events(id) => sim.tally().events[sim.rules().stream(id).unwrap()] as f64,
            Deaths(id) => sim.tally().deaths[sim.rules().stream(id).unwrap()] as f64,
            InForce(id) => common::days_in_force(&sim.tally().spells, sim.rules().table(id).unwrap(), days),
            End(_) => self.series(sim),
            Size(_) | Rounds(_) if count > 0.0 => sum / count,
            _ => sum,
        }
    }
}

fn change(lever: Lever, text: &str, rules: &Rules) -> LeverChange {
    LeverChange { day: 0, lever, value: R64::new(lever.parse(text, rules.frame.start).unwrap()) }
}

#[test]
fn every_lever_has_a_row() {
    for lever in Lever::ALL {
        assert!(TABLE.iter().any(|row| row.lever == *lever), "{} has no row", lever.id());
    }
}

#[test]
fn every_lever_moves_what_its_row_says() {
    let mut failures = Vec::new();
    for row in TABLE {
        let rules = rules(row.overlay);
        let [from, to] = [row.from, row.to].map(|text| change(row.lever, text, &rules));
        let pairs = ensemble(
            row.pairs,
            || (world(&rules), Reading::new(row, &rules)),
            |(sim, reading), future| (reading.of(sim, future, from), reading.of(sim, future, to)),
        );
        let n = pairs.len() as f64;
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
        let (first, second) = (mean(&|p| p.0), mean(&|p| p.1));
        let effect = second - first;
        let error = (mean(&|p| (p.1 - p.0 - effect) * (p.1 - p.0 - effect)) / n).sqrt();
        let sign = row.least.signum();
        let wrong = mean(&|p| f64::from(u8::from((p.1 - p.0) * sign < 0.0)));
        let same = mean(&|p| f64::from(u8::from(p.1.to_bits() == p.0.to_bits())));
        let line = format!(
            "{:34} {:>11} → {:<24} {:28} {first:10.3} → {second:10.3}: {effect:+.3} ± {error:.3} (least {:+}); wrong way \
             {wrong:.2}, same {same:.2}",
            row.lever.id(),
            row.from,
            row.to,
            format!("{:?}", row.measure),
            row.least
        );
        println!("{line}");
        let far = effect * sign >= row.least.abs();
        let seen = effect * sign > 3.0 * error;
        let ordered = row.wrong.is_none_or(|most| wrong <= most);
        if !(far && seen && ordered) {
            failures.push(format!(
                "{line}{}{}{}",
                if far { "" } else { " TOO LITTLE" },
                if seen { "" } else { " NOISE" },
                if ordered { "" } else { " DISORDER" }
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What is said to do nothing in a year of the default scenario does nothing there but tell of itself, and all else does something.
#[test]
fn levers_that_act_only_elsewhere_are_named_and_no_others() {
    let rules = rules(PLAIN);
    let log = |lever: Lever, value: f64| vec![LeverChange { day: 0, lever, value: R64::new(value) }];
    let run = |sim: &mut Simulation, future: u64, log: Vec<LeverChange>| {
        sim.begin(fate(future), log);
        let (mut events, mut end) = (Vec::new(), Columns::default());
        for _ in 0..365 {
            sim.step();
            events.extend(sim.events().iter().filter(|e| e.kind() != EventKind::Lever).copied());
        }
        sim.read_columns(&mut end);
        (events, end)
    };
    let levers: Vec<Lever> = Lever::ALL.to_vec();
    let moved = ensemble(
        levers.len() as u64,
        || world(&rules),
        |sim, place| {
            let lever = levers[place as usize];
            let row = lever.row();
            let ends: Vec<f64> = match row.kind {
                detente_model::symbols::levers::Kind::Date => vec![20.0],
                detente_model::symbols::levers::Kind::Choice(options) => (0..options.len()).map(|i| i as f64).collect(),
                detente_model::symbols::levers::Kind::Number => vec![row.low, row.high],
            };
            // In eight histories: what bears on rare things is not seen in one.
            (0..8).any(|future| {
                let still = run(sim, future, Vec::new());
                ends.iter().any(|&end| run(sim, future, log(lever, end)) != still)
            })
        },
    );
    let mut wrong = Vec::new();
    for (lever, moved) in levers.iter().zip(moved) {
        match (moved, lever.acts_only()) {
            (true, Some(_)) => wrong.push(format!("{} acts", lever.id())),
            (false, None) => wrong.push(format!("{} does nothing", lever.id())),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The text of a channel's lever, and of talks with groups, names every table on which it bears.
#[test]
fn texts_of_levers_at_tables_name_every_table() {
    const WORDS: [(&str, &str); 8] = [
        ("LEB", "Lebanon"),
        ("GAZ", "Gaza"),
        ("EXC", "restraint"),
        ("RED", "Red Sea"),
        ("YEM", "Yemen"),
        ("IRQ", "Iraq"),
        ("NUC", "nuclear"),
        ("ALL", "collective"),
    ];
    let rules = rules("");
    let held = |lever: Lever, bears: &dyn Fn(&detente_model::sim::rules::TableRules) -> bool| {
        let text = lever.row().touches;
        for (id, word) in WORDS {
            let table = &rules.tables[rules.table(id).unwrap()];
            assert_eq!(text.contains(word), bears(table), "{}: `{text}` and the table {id}", lever.id());
        }
    };
    for (c, channel) in rules.channels.iter().enumerate() {
        held(channel.lever, &|table| table.channels.iter().any(|&(at, _)| at == c));
    }
    held(Lever::GroupTalks, &|table| table.needs_group_talks);
}
