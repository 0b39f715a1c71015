//! States between the two: what they fear, what leave they give, how their fear and halted talks press on the scale of Israeli
//! answers, US leverage at the tables, a security forum, strikes on sites of their own; with the weights at the strong end of
//! their ranges. That nothing of it is felt without them: `council.rs`.

use crate::common::*;
use detente_model::sim::event::{Event, EventKind};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::StrikeKind;
use detente_model::symbols::levers::{Lever, LeverChange};

/// The rules of this file: the mechanism on, with what the overlay names of it.
fn rules(overlay: &str) -> Rules {
    with_only(Lever::FearOfWar, overlay)
}

/// Iran owes a large answer and answers soon, so that Israel comes to answer in turn.
const DEBT: &str = "[ledgers.\"IRN|ISR\"]\nblows = 6\n";

/// Mean size of Israel's answers to Iran in each future, and how many; none where it gave none.
fn sizes(overlay: &str, log: &[LeverChange], futures: u64) -> Vec<Option<f64>> {
    let rules = rules(overlay);
    let ledger = rules.ledger("ISR|IRN").unwrap() as u16;
    ensemble(
        futures,
        || world(&rules),
        |sim, future| {
            sim.begin(fate(future), log.to_vec());
            let (mut sum, mut count) = (0.0, 0.0);
            for _ in 0..200 {
                sim.step();
                for event in sim.events() {
                    if let Event::Struck(s) = event
                        && s.ledger == ledger
                        && s.kind == StrikeKind::AirStrike
                    {
                        (sum, count) = (sum + s.magnitude, count + 1.0);
                    }
                }
            }
            (count > 0.0).then_some(sum / count)
        },
    )
}

/// Mean difference of the pairs in which both have a value, with 1.645 standard errors.
fn difference(before: &[Option<f64>], after: &[Option<f64>]) -> (f64, f64) {
    let pairs: Vec<f64> = before.iter().zip(after).filter_map(|(a, b)| Some((*b)? - (*a)?)).collect();
    let n = pairs.len() as f64;
    let mean = pairs.iter().sum::<f64>() / n;
    let spread = pairs.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0);
    (mean, 1.645 * (spread / n).sqrt())
}

/// H6 and H9 move the size of Israel's answers, given that it answers: hosts' fear, and talks that are halted.
#[test]
fn hosts_fear_and_halted_talks_lower_the_size_of_israels_answers() {
    let with = |parameters: &str| sizes(&format!("{DEBT}[parameters]\n{parameters}"), &[], 400);
    let plain = with("");
    for (claim, parameters) in [("H6", "scale_fear = 1\n"), ("H9", "scale_suspension = 1\n")] {
        let (mean, width) = difference(&plain, &with(parameters));
        println!("{claim}: {mean:+.3} ± {width:.3}");
        assert!(mean + width < 0.0, "{claim}: {mean} ± {width}");
    }
    // What is done lowers it where the claim holds: warnings, by sorties from the hosts' bases; a halt of the talks.
    let strong = format!("{DEBT}[parameters]\nscale_fear = 1\nfear_threat = 3\n");
    let sorties = |share: f64| sizes(&strong, &[change(0, Lever::BaseSorties, share)], 400);
    let (mean, width) = difference(&sorties(0.0), &sorties(1.0));
    println!("sorties, and so warnings: {mean:+.3} ± {width:.3}");
    assert!(mean + width < 0.0, "{mean} ± {width}");
}

/// Leave to fly differs between hosts once fear moves it: by exposure, by how each answers, by how fast.
#[test]
fn fear_moves_permission_apart() {
    let spread = |parameters: &str| {
        let rules =
            rules(&format!("{DEBT}[parameters]\n{parameters}[levers]\nus.base_sorties = 0.6\nhosts.assurances = 1\n"));
        let mut sim = world(&rules);
        sim.begin(fate(0), Vec::new());
        sim.run(120);
        let hosts = sim.snapshot().columns.hosts;
        let of = |id: &str| hosts[rules.hosts.iter().position(|h| h.id.text == id).unwrap()];
        let all: Vec<f64> = hosts.iter().map(|h| h.permission).collect();
        let gap = all.iter().copied().fold(f64::MIN, f64::max) - all.iter().copied().fold(f64::MAX, f64::min);
        for host in &hosts {
            assert!((0.0..=1.0).contains(&host.permission) && (0.0..=1.0).contains(&host.fear));
        }
        (gap, of("KWT"), of("JOR"))
    };
    let (none, kwt, jor) = spread("");
    assert!(none < 1e-9 && kwt == jor, "all are one without it: {none}");
    let (some, kwt, jor) = spread("fear_permission = 1\n");
    assert!(some > 0.08 && kwt.permission < jor.permission, "{some}: {kwt:?}, {jor:?}");
    println!(
        "spread {some:.3}; Kuwait {:.3} at fear {:.3}, Jordan {:.3} at {:.3}",
        kwt.permission, kwt.fear, jor.permission, jor.fear
    );
}

/// After a full exit nobody is warned for, or struck at, bases in Iraq; where part is re-branded they stay a target.
#[test]
fn after_a_full_exit_no_base_in_iraq_is_struck() {
    let seen = |rebrand: f64| -> (usize, usize) {
        let rules = rules(&format!(
            "[parameters]\nus_join = 0.8\nlambda_base = 8\nbeta_host = 0\n[initiatives.\"ISR>IRN\"]\npreventive_rate = {{ value = 0.02, high = 0.02 }}\n\
             [levers]\nus.base_sorties = 1\nhosts.assurances = 1\nus.coalition_exit_date = 2024-11-08\nus.rebrand_share = {rebrand:?}\n"
        ));
        let iraq = rules.hosts.iter().position(|h| h.id.text == "IRQ").unwrap();
        let years = ensemble(
            120,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                let (mut here, mut anywhere) = (0, 0);
                for _ in 0..YEAR {
                    sim.step();
                    for event in sim.events() {
                        match event {
                            Event::Struck(s) if event.kind() == EventKind::BaseSalvo => {
                                anywhere += 1;
                                here += usize::from(usize::from(s.initiative) == iraq);
                            }
                            Event::HostsWarned { hosts, .. } => assert!(rebrand > 0.0 || hosts >> iraq & 1 == 0),
                            _ => {}
                        }
                    }
                }
                (here, anywhere)
            },
        );
        years.iter().fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    };
    let (none, elsewhere) = seen(0.0);
    assert!(none == 0 && elsewhere > 30, "{none} in Iraq, {elsewhere} in all");
    let (rebranded, _) = seen(1.0);
    assert!(rebranded > 0, "{rebranded}");
}

/// Leverage brings signings forward at Israel's tables, less under a course of pressure.
#[test]
fn us_leverage_brings_signings_forward_where_israel_sits() {
    let signed = |course: &str, leverage: f64, table: &str| {
        let rules =
            rules(&format!("[parameters]\nleverage_effect = 0.6\n[levers]\nus.administration = \"{course}\"\n"));
        let table = rules.table(table).unwrap();
        let log = [change(0, Lever::Leverage, leverage)];
        ensemble(
            150,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), log.to_vec());
                sim.run(YEAR);
                let first = sim.tally().spells.iter().find(|s| usize::from(s.table) == table);
                first.map_or(f64::from(YEAR), |s| f64::from(s.signed))
            },
        )
    };
    let pairs = |course, table| Ordering::of(signed(course, 0.0, table).into_iter().zip(signed(course, 1.0, table)));
    let gaza = pairs("continuity", "GAZ");
    gaza.assert_falls("day of the truce in Gaza", 0.3, 0.95);
    pairs("continuity", "LEB").assert_falls("day of the truce in Lebanon", 0.1, 0.95);
    let pressed = pairs("max_pressure", "GAZ");
    assert!(gaza.first - gaza.second > pressed.first - pressed.second, "{gaza:?} and {pressed:?}");
}

/// A forum grows while its members talk and fear, and a strike sets it back; it calms its owner and helps its tables.
#[test]
fn a_forum_grows_by_talks_and_helps_the_owners_tables() {
    let overlay = |gain: f64, loss: f64| {
        format!(
            "[parameters]\nforum_gain = {gain:?}\nforum_loss = {loss:?}\nforum_benefit = 0.2\n[levers]\niran.suspend_muscat = \"off\"\nregion.zone_talks = 1\n"
        )
    };
    let seen = |gain: f64, loss: f64| -> Vec<(f64, f64)> {
        let rules: Rules = rules(&overlay(gain, loss));
        let table = rules.table("EXC").unwrap();
        ensemble(
            100,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                let mut days = 0.0;
                for _ in 0..YEAR {
                    sim.step();
                    days += f64::from(u8::from(sim.snapshot().columns.programmes[0].forum > 0.5));
                }
                (days / f64::from(YEAR), days_in_force(&sim.tally().spells, table, YEAR))
            },
        )
    };
    let (none, weak, strong) = (seen(0.0, 0.2), seen(0.02, 0.5), seen(0.02, 0.0));
    let mean = |runs: &[(f64, f64)]| runs.iter().map(|r| r.0).sum::<f64>() / runs.len() as f64;
    println!("share of days above a half: {:.3}, {:.3}, {:.3}", mean(&none), mean(&weak), mean(&strong));
    assert!(mean(&none) == 0.0 && mean(&strong) > 0.5 && mean(&weak) < mean(&strong));
    let days = |runs: &[(f64, f64)]| runs.iter().map(|r| r.1).collect::<Vec<f64>>();
    Ordering::of(days(&none).into_iter().zip(days(&strong))).assert_rises("days of mutual restraint", 0.2, 0.7);
}

/// A host that let aircraft through may be struck on sites of its own, where its dead are counted, and holds that against the
/// foe; only with the weight.
#[test]
fn hosts_are_struck_on_their_own_sites_only_where_that_is_let_in() {
    let seen = |share: f64| {
        let rules = rules(&format!(
            "[parameters]\nhost_sites = {share:?}\nus_join = 0.8\nlambda_base = 8\nbeta_host = 0\n[initiatives.\"ISR>IRN\"]\npreventive_rate = {{ value = 0.02, high = 0.02 }}\n\
             [levers]\nus.base_sorties = 1\nhosts.assurances = 1\n"
        ));
        let years = ensemble(
            240,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                let (mut own, mut all, mut held) = (0, 0, 0.0_f64);
                for _ in 0..YEAR {
                    sim.step();
                    for event in sim.events() {
                        if let Event::Struck(s) = event
                            && s.kind == StrikeKind::BaseSalvo
                        {
                            let host = &rules.hosts[usize::from(s.initiative)];
                            let is_own = usize::from(s.victim) == host.actor;
                            let counted = !rules.actors[host.actor].territories.is_empty();
                            assert!(counted || !is_own, "{}", host.id.text);
                            (own, all) = (own + usize::from(is_own), all + usize::from(counted));
                            let said = detente_model::record::say::sentence(&rules, event);
                            assert!(!is_own || said.contains(&rules.actors[host.actor].name), "{said}");
                        }
                    }
                    held = sim.snapshot().columns.hosts.iter().map(|h| h.harm).fold(held, f64::max);
                }
                (own, all, held)
            },
        );
        years.iter().fold((0, 0, 0.0_f64), |(a, b, c), (d, e, f)| (a + d, b + e, c.max(*f)))
    };
    let (own, all, held) = seen(0.0);
    assert!(own == 0 && all > 10 && held == 0.0, "{own} of {all}");
    let (own, all, held) = seen(0.5);
    assert!(own * 5 > all && own * 5 < 4 * all && held > 0.0, "{own} of {all}");
}
