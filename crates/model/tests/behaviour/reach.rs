//! Reach: a lever leaves alone what no chain of causes joins to it, bit for bit, and everything until one begins.
//!
//! The list is made by hand, from the coupling numbers of the scenario and the equations of the model document; it does
//! not look at the program. What it does not name is held to be within reach, and must in fact be reached.

use crate::common::*;
use detente_model::scenario::raw::Part;
use detente_model::sim::columns::Columns;
use detente_model::sim::event::Event;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Simulation;
use detente_model::symbols::levers::Lever;
use std::collections::BTreeSet;

/// Quantities of a fire stream, a ledger, a front, an actor, a threat.
const STREAM: &[&str] = &["events", "deaths", "lethal", "mean", "excitation"];
const LEDGER: &[&str] = &["ledger", "ledger_other_count", "owed", "owed_since", "last_answer", "direct_fire"];
const FRONT: &[&str] = &["level", "war_level", "days_high", "last_blow", "front_last_fire", "last_step"];
const STANDING: &[&str] = &["resolve", "opinion"];
const ARSENAL: &[&str] = &["munitions", "launchers", "interceptors", "air_defence", "shield", "decapitation"];
const THREAT: &[&str] = &["threat", "recent_harm"];
const TABLE: &[&str] = &["status", "since", "last_spoiler", "last_collapse"];
const TERRITORY: &[&str] = &["displaced", "killed"];

/// Actors who neither fire nor are fired on, in the default scenario without the wider region.
const BYSTANDERS: &[&str] = &["ARE", "BHR", "CHE", "CHN", "EGY", "FRA", "GBR", "JOR", "KWT", "OMN", "QAT", "RUS"];

/// What a lever on the Lebanese truce cannot reach in the default scenario without the wider region: (quantities, entities).
///
/// UNIFIL bears on violations (ISR>HZB, HZB>ISR) and on collapse of the truce in Lebanon. The truce quiets ISR>SYR and
/// IRI>ISR, holds up that of Gaza, and with it holds back blows; Gaza's quiets nearly all other streams; blows move the
/// ledgers of Iran and Israel, and Houthi fire (quieted by Gaza's) that of Israel against the Houthis. Answers move the
/// resolve of Israel and Iran, and that moves the fronts these are parties of.
///
/// * KSA and HOU: their front is dormant, their streams have no offspring, solidarity or directive, and their ledgers
///   count only what they do to each other, which is nothing.
/// * IRN and USA: nothing writes these ledgers. A US strike on Iraqi groups counts for those groups alone (`shares`).
/// * IRI and ISR: Iraqi launches at Israel write no ledger, blows fall on others.
/// * The table of mutual restraint stays shut while the Muscat channel is suspended; channels follow their levers.
fn out_of_reach_of_the_lebanese_truce() -> Vec<(&'static [&'static str], &'static [&'static str])> {
    vec![
        (STREAM, &["HOU>KSA", "KSA>HOU"]),
        (LEDGER, &["HOU|KSA", "KSA|HOU", "IRN|USA", "USA|IRN", "IRI|ISR", "ISR|IRI"]),
        (&["war"], &["HOU-KSA", "IRN-USA", "IRI-ISR"]),
        (FRONT, &["KSA-HOU"]),
        (THREAT, &["HOU/KSA", "KSA/HOU", "IRN/USA", "USA/IRN", "IRI/ISR"]),
        (STANDING, &["KSA", "YEM"]),
        (STANDING, BYSTANDERS),
        (ARSENAL, BYSTANDERS),
        // Supply is no limit to these, and nobody strikes their leaders or air defence.
        (ARSENAL, &["USA", "KSA", "HOU", "IRI", "WBG", "PIJ", "PAL", "LBN", "SYR", "IRQ", "YEM", "SHIPS"]),
        (&["munitions", "launchers", "air_defence", "shield", "decapitation"], &["ISR"]),
        (&["interceptors", "shield", "decapitation"], &["IRN"]),
        (&["launchers", "interceptors", "air_defence", "shield"], &["HZB"]),
        (&["munitions", "launchers", "interceptors", "air_defence", "shield"], &["HAM"]),
        // Nobody's dead are counted as these groups' own, and nobody strikes them.
        (&["opinion"], &["WBG", "PIJ"]),
        // No ledger, so no reputation to lose.
        (&["resolve"], &["HAM", "HZB", "WBG", "PIJ", "PAL", "LBN", "SYR", "IRQ", "SHIPS"]),
        (TABLE, &["EXC"]),
        (&["suspended_since"], &["oman", "qatar", "swiss", "berri_hochstein", "cairo"]),
        (TERRITORY, &["KSA"]),
        (&["displaced"], &["ISR", "WBK", "SYR", "IRQ", "US-FORCES", "YEM", "SEA", "IRN"]),
    ]
}

/// The same where blows are not tied to truces, the truces not to each other, and opinion not to the dead: the truce of
/// Lebanon then reaches its own two streams, and the two that its solidarity and their offspring name, and nothing else.
fn out_of_reach_where_ties_are_cut() -> Vec<(&'static [&'static str], &'static [&'static str])> {
    let mut list = out_of_reach_of_the_lebanese_truce();
    list.extend::<[(&'static [&'static str], &'static [&'static str]); 10]>([
        (
            STREAM,
            &["ISR>HAM", "HAM>ISR", "ISR>WBG", "WBG>ISR", "IRI>USA", "USA>IRI", "HOU>ISR", "HOU>SHIPS", "USA>HOU"],
        ),
        (LEDGER, &["IRN|ISR", "ISR|IRN", "IRI|USA", "USA|IRI", "HOU|ISR", "ISR|HOU"]),
        (&["war"], &["IRN-ISR", "IRI-USA", "HOU-ISR"]),
        (FRONT, &["GAZ", "WBK", "YEM-RED", "IRN-ISR"]),
        // Their levels fall with the two streams that the truce reaches.
        (&["last_blow", "front_last_fire"], &["SYR", "IRQ"]),
        (
            THREAT,
            &[
                "IRN/ISR",
                "ISR/IRN",
                "HAM/ISR",
                "ISR/HAM",
                "WBG/ISR",
                "ISR/WBG",
                "HOU/ISR",
                "ISR/HOU",
                "HOU/USA",
                "SHIPS/HOU",
                "IRI/USA",
                "USA/IRI",
            ],
        ),
        (STANDING, &["ISR", "IRN", "HZB", "HAM", "USA", "IRI", "HOU", "PAL", "IRQ", "LBN", "SYR", "SHIPS"]),
        (ARSENAL, &["IRN", "ISR", "HAM"]),
        (TABLE, &["GAZ"]),
        (TERRITORY, &["GAZA", "WBK", "IRQ", "US-FORCES", "YEM", "SEA", "IRN"]),
    ]);
    list
}

/// Names of series that a lever cannot reach in the default scenario without the wider region, by hand.
pub fn unreachable_by_hand(lever: Lever) -> BTreeSet<String> {
    match lever {
        Lever::UnifilTroops | Lever::UnifilMandate | Lever::MonitoringMechanism => {
            names(&out_of_reach_of_the_lebanese_truce())
        }
        _ => BTreeSet::new(),
    }
}

fn names(list: &[(&[&str], &[&str])]) -> BTreeSet<String> {
    let of = |(quantities, entities): &(&[&str], &[&str])| {
        let entities = entities.to_vec();
        quantities
            .iter()
            .flat_map(move |q| entities.clone().into_iter().map(move |e| format!("{q}.{e}")))
            .collect::<Vec<_>>()
    };
    list.iter().flat_map(of).collect()
}

/// Names of the series that ever differ between two values of a lever, over an ensemble; asserts that nothing at all
/// differs before the agreement of `table` is first signed.
fn reached(rules: &Rules, lever: Lever, values: [f64; 2], table: &str, futures: u64) -> BTreeSet<String> {
    let table = rules.table(table).unwrap() as u16;
    let all = series_names(rules);
    let differing = ensemble(
        futures,
        || values.map(|_| world(rules)),
        |sims: &mut [Simulation; 2], future| {
            for (sim, value) in sims.iter_mut().zip(values) {
                sim.begin(fate(future), vec![change(0, lever, value)]);
            }
            let (mut columns, mut bits) = (Columns::default(), [Vec::new(), Vec::new()]);
            let mut differs = vec![false; all.len()];
            let mut signed = false;
            for day in 0..YEAR {
                for (sim, bits) in sims.iter_mut().zip(&mut bits) {
                    sim.step();
                    sim.read_columns(&mut columns);
                    series_values(rules, &columns, bits);
                    signed |= sim.events().iter().any(|e| matches!(e, Event::Signed { table: t, .. } if *t == table));
                }
                let mut any = false;
                for (flag, (a, b)) in differs.iter_mut().zip(bits[0].iter().zip(&bits[1])) {
                    *flag |= a != b;
                    any |= a != b;
                }
                assert!(signed || !any, "future {future}, day {day}: a difference before the first signing");
                let moved = |e: &&Event| !matches!(e, Event::LeverMoved(_));
                let events = sims.each_ref().map(|sim| sim.events().iter().filter(moved).copied().collect::<Vec<_>>());
                assert!(
                    signed || events[0] == events[1],
                    "future {future}, day {day}: events before the first signing"
                );
            }
            differs
        },
    );
    let ever = |i: usize| differing.iter().any(|flags| flags[i]);
    all.iter().enumerate().filter(|(i, _)| ever(*i)).map(|(_, name)| name.clone()).collect()
}

#[test]
fn the_list_by_hand_names_series_that_exist() {
    let all: BTreeSet<String> = series_names(&narrow("")).into_iter().collect();
    for list in [out_of_reach_of_the_lebanese_truce(), out_of_reach_where_ties_are_cut()] {
        for name in names(&list) {
            assert!(all.contains(&name), "{name}");
        }
    }
}

fn assert_out_of_reach(what: &str, reached: &BTreeSet<String>, unreachable: &BTreeSet<String>) {
    let broken: Vec<&String> = reached.intersection(unreachable).collect();
    assert!(broken.is_empty(), "{what} reached what no chain of causes joins to it: {broken:?}");
    assert!(reached.len() > 20, "{what} hardly reached anything: {reached:?}");
}

/// What the list leaves out is within reach, so it must differ at some time. Some quantities of entities within reach hardly
/// ever move (a site that is not hit, a war that does not come): fire, deaths and ledgers are asked for, not every number.
fn assert_list_is_complete(what: &str, reached: &BTreeSet<String>, unreachable: &BTreeSet<String>, all: &[String]) {
    let telling = ["events.", "deaths.", "mean.", "excitation.", "ledger.", "status.", "killed."];
    let idle: Vec<&String> = all
        .iter()
        .filter(|name| telling.iter().any(|quantity| name.starts_with(quantity)))
        .filter(|name| !reached.contains(*name) && !unreachable.contains(*name))
        .collect();
    assert!(idle.is_empty(), "{what} never reached {idle:?}: within reach by the list");
}

#[test]
fn levers_on_the_lebanese_truce_leave_alone_what_they_cannot_reach() {
    let rules = narrow("");
    for (lever, values) in [
        (Lever::UnifilTroops, [0.0, 15000.0]),
        (Lever::UnifilMandate, [0.2, 2.0]),
        (Lever::MonitoringMechanism, [0.0, 1.0]),
    ] {
        let reached = reached(&rules, lever, values, "LEB", 100);
        assert_out_of_reach(lever.id(), &reached, &unreachable_by_hand(lever));
    }
}

/// The same chains of causes with every link at its strongest, so that a year in a few hundred futures shows them all.
#[test]
fn what_the_list_leaves_out_is_reached() {
    let rules = narrow(
        "[parameters]\nbeta_unifil = 1.9\nbeta_link = 1\nbeta_linked_collapse = 1.5\n[tables]\nLEB = { h0 = 0.02, eta = 0.2 }\n\
         GAZ = { eta = 0.5 }\n[levers]\niran.directive.iri = 0\n[streams.\"USA>IRI\"]\nmu = 0.1\n[streams.\"HOU>SHIPS\"]\n\
         deaths_per_event = 0.5\n[streams.\"HOU>ISR\"]\nledger_harm_per_event = 0.3\n",
    );
    let lever = Lever::UnifilTroops;
    let reached = reached(&rules, lever, [0.0, 15000.0], "LEB", 300);
    let unreachable = unreachable_by_hand(lever);
    assert_out_of_reach(lever.id(), &reached, &unreachable);
    assert_list_is_complete(lever.id(), &reached, &unreachable, &series_names(&rules));
}

#[test]
fn with_its_ties_cut_the_lebanese_truce_reaches_four_streams() {
    let rules = narrow(
        "[parameters]\nopinion_casualties = 0\nopinion_rally = 0\n[initiatives]\n\"ISR>IRN\" = { held_back_by = [] }\n\
         \"IRN>ISR\" = { held_back_by = [] }\n\"HZB>ISR\" = { held_back_by = [], blow_rate = 0 }\n\
         [tables]\nLEB = { links = [] }\nGAZ = { links = [] }\n\
         [fronts.IRQ]\nreference_level = 1\n[streams]\n\"IRI>USA\" = { growth = 1 }\n\"USA>IRI\" = { growth = 1 }\n",
    );
    // The level of the front in Iraq, to which fire at Israel adds, bears on no fire at US forces here.
    let reached = reached(&rules, Lever::UnifilTroops, [0.0, 15000.0], "LEB", 150);
    let unreachable = names(&out_of_reach_where_ties_are_cut());
    assert_out_of_reach("UNIFIL, ties cut", &reached, &unreachable);
    assert_list_is_complete("UNIFIL, ties cut", &reached, &unreachable, &series_names(&rules));
    let streams: Vec<&str> = reached.iter().filter_map(|name| name.strip_prefix("events.")).collect();
    assert_eq!(streams, ["HZB>ISR", "IRI>ISR", "ISR>HZB", "ISR>SYR"]);
}

/// A lever on Gaza's table, and one on Iran's answers: the dormant border stays out of reach of both.
#[test]
fn the_dormant_border_is_out_of_reach_of_everyone_elses_levers() {
    let rules = narrow("");
    let border: BTreeSet<String> = names(&[
        (STREAM, &["HOU>KSA", "KSA>HOU"]),
        (LEDGER, &["HOU|KSA", "KSA|HOU"]),
        (FRONT, &["KSA-HOU"]),
        (STANDING, &["KSA"]),
        (TERRITORY, &["KSA"]),
    ]);
    let runs = ensemble(
        30,
        || [world(&rules), world(&rules)],
        |sims, future| {
            let mut choices = Choices::new(future);
            let mut log = choices.lever_log(20);
            // The restraint of the Houthis bears on deaths across that border.
            log.retain(|change| change.lever != Lever::RestraintHou);
            sims[0].begin(fate(future), Vec::new());
            sims[1].begin(fate(future), log);
            let names = series_names(&rules);
            let (mut columns, mut bits) = (Columns::default(), [Vec::new(), Vec::new()]);
            let mut other = 0;
            for day in 0..YEAR {
                for (sim, bits) in sims.iter_mut().zip(&mut bits) {
                    sim.step();
                    sim.read_columns(&mut columns);
                    series_values(&rules, &columns, bits);
                }
                for (name, (a, b)) in names.iter().zip(bits[0].iter().zip(&bits[1])) {
                    assert!(a == b || !border.contains(name), "{name} on day {day} of future {future}");
                    other += u32::from(a != b);
                }
            }
            other
        },
    );
    // Now and then twenty levers move little else either.
    let moved = runs.iter().filter(|&&other| other > 1000).count();
    assert!(10 * moved >= 9 * runs.len(), "{runs:?}");
}

/// The default scenario with these parts of the wider region and no others.
fn only(parts: &[&str], overlay: &str) -> Rules {
    let name = |part: &Part| serde_json::to_string(part).unwrap();
    let left_out: Vec<String> =
        Part::ALL.iter().map(name).filter(|n| !parts.iter().any(|p| *n == format!("\"{p}\""))).collect();
    assert_eq!(left_out.len(), Part::ALL.len() - parts.len(), "a part by a name that is none");
    rules(&format!("without = [{}]\n{overlay}", left_out.join(", ")))
}

/// Names of the series that ever differ between two values of a lever, over an ensemble.
fn differing(rules: &Rules, lever: Lever, values: [f64; 2], futures: u64, days: u32) -> BTreeSet<String> {
    let all = series_names(rules);
    let flags = ensemble(
        futures,
        || values.map(|_| world(rules)),
        |sims: &mut [Simulation; 2], future| {
            for (sim, value) in sims.iter_mut().zip(values) {
                sim.begin(fate(future), vec![change(0, lever, value)]);
            }
            let (mut columns, mut bits) = (Columns::default(), [Vec::new(), Vec::new()]);
            let mut differs = vec![false; all.len()];
            for _ in 0..days {
                for (sim, bits) in sims.iter_mut().zip(&mut bits) {
                    sim.step();
                    sim.read_columns(&mut columns);
                    series_values(rules, &columns, bits);
                }
                for (flag, (a, b)) in differs.iter_mut().zip(bits[0].iter().zip(&bits[1])) {
                    *flag |= a != b;
                }
            }
            differs
        },
    );
    let ever = |i: usize| flags.iter().any(|one| one[i]);
    all.iter().enumerate().filter(|(i, _)| ever(*i)).map(|(_, name)| name.clone()).collect()
}

fn entities<'a>(reached: &'a BTreeSet<String>, quantity: &str) -> Vec<&'a str> {
    reached.iter().filter_map(|name| name.strip_prefix(quantity)?.strip_prefix('.')).collect()
}

/// Integration of the Iraqi groups bears on what these fire, at US forces and at Israel, and on deaths in Iraq by US
/// strikes; US strikes are the offspring of the first, and deaths of US forces are answered. With the reputation of the
/// United States without weight on other fronts, and no tables or sanctions to carry it further, it stays in Iraq.
#[test]
fn integration_in_iraq_stays_in_iraq() {
    let overlay = "[parameters]\nbeta_ladder_reputation = 0\n[levers]\niran.directive.iri = 0\n";
    let rules = only(&["iraq"], overlay);
    let reached = differing(&rules, Lever::MilitiaIntegration, [0.0, 1.0], 40, YEAR);
    assert_eq!(entities(&reached, "events"), ["IRI>ISR", "IRI>USA", "USA>IRI"], "{reached:?}");
    assert_eq!(entities(&reached, "integrated"), ["IRQ"]);
    assert_eq!(entities(&reached, "deaths"), ["IRI>ISR", "IRI>USA", "USA>IRI"]);
    let levels = entities(&reached, "level");
    assert!(levels.is_empty() || levels == ["IRQ"], "{levels:?}");
    let ledgers = entities(&reached, "ledger");
    assert!(!ledgers.is_empty() && ledgers.iter().all(|l| ["IRI|USA", "USA|IRI"].contains(l)), "{ledgers:?}");
    let killed = entities(&reached, "killed");
    assert!(killed.iter().all(|t| ["IRQ", "ISR", "US-FORCES"].contains(t)), "{killed:?}");
    for quantity in ["status", "displaced", "munitions", "air_defence", "interceptors", "suspended_since", "movement"] {
        assert_eq!(entities(&reached, quantity), [""; 0], "{quantity}");
    }
}

/// The debate on Israel's membership raises a share of votes. Without a Gaza path nothing reads what the Council adopts, so
/// it ends there; with one, adopted texts bring aid, and aid lowers deaths in Gaza, but nobody's fire.
#[test]
fn a_debate_at_the_un_reaches_votes_then_aid_then_deaths() {
    let parameters = "[parameters]\nassembly_rate = 0.03\ndraft_rate = 0.03\nun_cost = 1.5\nassembly_debate = 0.05\nopinion_casualties = 0\n";
    let alone = only(&["council"], parameters);
    let reached = differing(&alone, Lever::SuspensionDrive, [0.0, 2.0], 150, YEAR);
    let expected = [
        "adopted_aid.UNSC",
        "cease_fire_on.UNSC",
        "credentials_rejected.UNSC",
        "isolation.UNSC",
        "veto_cost.UNSC/United States",
    ];
    assert_eq!(reached.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let path = only(&["council", "gaza_path"], parameters);
    let reached = differing(&path, Lever::SuspensionDrive, [0.0, 2.0], 150, YEAR);
    assert!(reached.contains("aid.GAZ") && reached.contains("killed.GAZA"), "{reached:?}");
    assert_eq!(entities(&reached, "deaths"), ["ISR>HAM"], "{reached:?}");
    for quantity in ["events", "mean", "level", "ledger", "status", "displaced", "resolve"] {
        assert_eq!(entities(&reached, quantity), [""; 0], "{quantity}");
    }
}

/// Sorties bring warnings, and warnings cost permission. Where the United States never joins a strike and threats to hosts
/// have no weight on Israel (claim H6 off), it ends there.
#[test]
fn sorties_reach_only_hosts_where_nobody_minds_their_fears() {
    let rules = only(&["bases"], "[parameters]\nus_join = 0\nbeta_host = 0\n");
    let reached = differing(&rules, Lever::BaseSorties, [0.0, 1.0], 30, YEAR);
    assert!(reached.contains("permission.QAT") && reached.contains("warned_on.KWT"), "{reached:?}");
    let host = |name: &&String| name.starts_with("permission.") || name.starts_with("warned_on.");
    assert!(reached.iter().all(|name| host(&name)), "{reached:?}");
}
