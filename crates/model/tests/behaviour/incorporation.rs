//! Incorporation: off it is nothing, on it does what it says in Yemen, Iraq and Palestine (docs/model.md, "Incorporation").

use crate::common::*;
use detente_model::sim::event::{Event, EventKind, PathStep};
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Simulation;
use detente_model::symbols::levers::Lever;

/// Every number of the mechanism at the value at which it does nothing.
const NULL: &str = "incorporation_process = 0\nincorporation_legitimacy = 0\nincorporation_exit = 0\nincorporation_struck = 0\n\
     incorporation_breach = 0\nincorporation_fire = 0\nincorporation_control = 0\nincorporation_spoiler = 0\n\
     incorporation_trust = 0\nspoiler_funding = 0\nroadmap_consent = 0\nunami_support = 0\nactivity_fire = 0\n\
     activity_return = 0\nballot_benefit = 0\n";
/// The strong end of what it does; what sets it back stays off.
const STRONG: &str = "incorporation_process = 0.05\nincorporation_legitimacy = 0.05\nincorporation_exit = 0.02\n\
     incorporation_fire = 1\nincorporation_control = 1\nincorporation_spoiler = 1\nincorporation_trust = 1\n\
     spoiler_funding = 1\nunami_support = 1\nactivity_fire = 1.5\nactivity_return = 1\nballot_benefit = 0.3\n";
/// Levers on which it hangs.
const LEVERS: &str = "[levers]\nsaudi.sign_roadmap = 2024-12-01\nus.roadmap_acquiescence = 0.9\nus.coalition_exit_date = 2025-06-01\n\
     palestine.election_date = 2025-03-01\npalestine.unified_administration = 1\npalestine.reconstruction_funds = 1\n\
     palestine.trade = 1\niran.directive.hou = 0.5\niran.axis_funding = 0.5\n[tables.GAZ]\neta = 0.5\n";
/// The roadmap signed at once, let through, and hard to bring down.
const ROAD: &str =
    "[levers]\nsaudi.sign_roadmap = 2024-11-10\nus.roadmap_acquiescence = 1\n[tables.YEM]\nh0 = 0.0005\n";

fn on(parameters: &str, rest: &str) -> Rules {
    with_only(Lever::StatesIncorporation, &format!("[parameters]\n{parameters}{rest}"))
}

/// Events of a run by ids, day by day.
fn events(rules: &Rules, future: u64, days: u32) -> Vec<String> {
    let mut sim = world(rules);
    sim.begin(fate(future), Vec::new());
    let mut all = Vec::new();
    for day in 0..days {
        sim.step();
        all.extend(sim.events().iter().map(|event| format!("{day} {}", by_ids(rules, event))));
        all.extend(rules.streams.iter().enumerate().map(|(i, s)| format!("{} {}", s.id.text, sim.tally().events[i])));
    }
    all
}

/// With its numbers at null the run is that without the mechanism, whatever levers it hangs on; and it can fail: with one
/// number away from null it is another.
#[test]
fn off_it_is_as_if_it_were_left_out() {
    let left_out = rules(&format!("without = [\"incorporation\"]\n{LEVERS}"));
    let null = on(NULL, LEVERS);
    let plain = rules(LEVERS);
    for future in 0..3 {
        let expected = events(&left_out, future, 500);
        assert!(events(&null, future, 500) == expected, "future {future} at null");
        assert!(events(&plain, future, 500) == expected, "future {future} at the defaults");
    }
    let fire = on("incorporation_process = 0.05\nincorporation_fire = 1\n", LEVERS);
    assert!(events(&fire, 0, 500) != events(&null, 0, 500));
}

/// What of a stream's fire is left in the half year after the twelve phases, against the same roadmap without incorporation.
#[test]
fn twelve_phases_and_full_incorporation_end_most_of_the_fire_at_israel() {
    let without = on("road_halt = 0.3\n", ROAD);
    let with = on("road_halt = 0.3\nincorporation_process = 0.05\nincorporation_fire = 1\n", ROAD);
    let stream = with.stream("HOU>ISR").unwrap();
    let after = |rules: &Rules| -> Vec<f64> {
        ensemble(
            60,
            || world(rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(365);
                let before = sim.tally().events[stream];
                sim.run(175);
                (sim.tally().events[stream] - before) as f64
            },
        )
    };
    let (base, less) = (after(&without), after(&with));
    let [base_sum, less_sum] = [&base, &less].map(|v| v.iter().sum::<f64>());
    println!("{base_sum} to {less_sum}");
    assert!(base_sum > 500.0 && less_sum < 0.4 * base_sum, "{base_sum} to {less_sum}");
    Ordering::of(base.into_iter().zip(less)).assert_falls("incorporation on HOU>ISR", 0.7, 0.95);
}

/// The roadmap alone, at the strong end of what it halts and without incorporation, ends most of the Houthis' launches at Israel in the
/// half year after its twelve phases, which take to day 365 or so: six in ten at least where it stands carried out all that time, with
/// and without what it halts. Over all histories it is a little less: where the roadmap collapses, or attacks at sea suspend it, all
/// launches go on.
#[test]
fn a_roadmap_carried_out_halts_most_launches_at_the_strong_end_of_what_it_halts() {
    let of = |halt: f64| rules(&format!("[parameters]\nroad_halt = {halt:?}\n{ROAD}"));
    let (without, with) = (of(0.0), of(0.9));
    let stream = with.stream("HOU>ISR").unwrap();
    let after = |rules: &Rules| -> Vec<(f64, bool)> {
        ensemble(
            120,
            || world(rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(365);
                let before = sim.tally().events[stream];
                let mut stands = true;
                for _ in 0..175 {
                    let road = sim.snapshot().columns.roadmaps[0];
                    stands &= road.stage >= 1 && !road.suspended && road.phases >= 12.0;
                    sim.step();
                }
                ((sim.tally().events[stream] - before) as f64, stands)
            },
        )
    };
    let pairs: Vec<_> = after(&without).into_iter().zip(after(&with)).collect();
    let halted = |carried_out: bool| {
        let counted = pairs.iter().filter(|((_, a), (_, b))| !carried_out || (*a && *b));
        let (n, base, less) = counted.fold((0, 0.0, 0.0), |(n, x, y), ((a, _), (b, _))| (n + 1, x + a, y + b));
        println!("of {n} histories: {base} launches to {less}, {:+.1} %", 100.0 * (less / base - 1.0));
        (n, base, less)
    };
    let (n, base, less) = halted(true);
    assert!(n >= 20 && base > 200.0 && less <= 0.4 * base, "where it stands: {base} to {less} in {n}");
    let (_, base, less) = halted(false);
    assert!(base > 1000.0 && less < 0.45 * base, "{base} to {less}");
}

/// More of any of its drives brings more of a group under authority, and more of what sets it back less.
#[test]
fn every_drive_moves_the_share_its_way() {
    let end = |extra: &str, group: &str, days: u32| -> f64 {
        let rules = on(extra, LEVERS);
        let at = rules.incorporations.iter().position(|n| n.id.text == group).unwrap();
        let shares = ensemble(
            24,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(days);
                sim.snapshot().columns.incorporations[at].share
            },
        );
        shares.iter().sum::<f64>() / shares.len() as f64
    };
    let process = "incorporation_process = 0.03\n";
    for (group, days) in [("HOU", 400), ("HAM", 400), ("PIJ", 400), ("WBG", 400)] {
        let [none, some, more] =
            ["", "incorporation_process = 0.02\n", "incorporation_process = 0.05\n"].map(|x| end(x, group, days));
        assert!(none.abs() < 1e-15 && some > 0.01 && more > some, "{group}: {none} {some} {more}");
        let base = end(process, group, days);
        let exit = end(&format!("{process}incorporation_exit = 0.02\n"), group, days);
        assert!(exit > base, "{group} with the exit: {base} to {exit}");
    }
    for group in ["HOU", "HAM"] {
        let base = end(process, group, 400);
        let seat = end(&format!("{process}incorporation_legitimacy = 0.05\nroadmap_talks = 0.03\n"), group, 400);
        assert!(seat > base, "{group} with legitimacy: {base} to {seat}");
    }
    // Strikes by outsiders on the Houthis, and by the partners of Iraq and of the Authority on the groups there, are many.
    for (group, less) in [
        ("HOU", "incorporation_struck = 0.05\n"),
        ("HAM", "incorporation_breach = 0.1\n"),
        ("WBG", "incorporation_breach = 0.1\n"),
        ("IRI", "incorporation_breach = 0.1\n"),
    ] {
        let [base, set_back] = ["", less].map(|less| end(&format!("{process}{less}"), group, 400));
        assert!(set_back < base, "{group} with {less}: {base} to {set_back}");
    }
}

/// Each later stage of the roadmap adds to what a group has to gain, and is seen in its fire.
#[test]
fn inclusive_talks_and_a_constitution_each_move_the_houthis_fire() {
    let rules = on("incorporation_legitimacy = 0.05\nincorporation_fire = 1\n", ROAD);
    let stream = rules.stream("HOU>ISR").unwrap();
    let houthis = rules.incorporations.iter().position(|n| n.id.text == "HOU").unwrap();
    let mut sim = world(&rules);
    let mut sums = [0.0; 3];
    for future in 0..20 {
        sim.begin(fate(future), Vec::new());
        sim.run(60);
        let mut at = sim.snapshot();
        if at.columns.roadmaps[0].stage == 0 {
            continue;
        }
        at.columns.incorporations[houthis].share = 0.1;
        at.columns.roadmaps[0].phases = 12.0;
        for (stage, sum) in [1, 2, 3].into_iter().zip(&mut sums) {
            at.columns.roadmaps[0].stage = stage;
            // No stage comes of itself meanwhile.
            let mut still = rules.clone();
            (still.p.roadmap_talks, still.p.roadmap_constitution) = (0.0, 0.0);
            sim.restore(&at, fate(future), Vec::new());
            sim.take_rules(still);
            for _ in 0..60 {
                sim.step();
                *sum += sim.snapshot().columns.fires[stream].mean;
            }
            sim.take_rules(rules.clone());
        }
    }
    println!("{sums:?}");
    assert!(sums[1] < 0.9 * sums[0] && sums[2] < 0.9 * sums[1], "{sums:?}");
}

/// Where the later stages wait for the parties, they come later or never; a guarantee and an open channel bring them.
#[test]
fn later_stages_wait_for_consent() {
    let stages = |parameters: &str, more: &str| -> f64 {
        let rules = on(parameters, &format!("{ROAD}{more}"));
        let ends = ensemble(
            60,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(720);
                f64::from(sim.snapshot().columns.roadmaps[0].stage)
            },
        );
        ends.iter().sum::<f64>() / ends.len() as f64
    };
    let free = stages("roadmap_consent = 0\n", "");
    let [half, full] = ["roadmap_consent = 0.5\n", "roadmap_consent = 1\n"].map(|p| stages(p, ""));
    assert!(free > half && half > full, "{free} {half} {full}");
    let eased = stages("roadmap_consent = 1\n", "[levers.deal]\nguarantee = 0.9\n");
    assert!(eased > full + 0.1, "{full} to {eased} with a guarantee");
}

/// Two years of a mission extended against one that ends: seen in what is integrated and in launches at Israel.
#[test]
fn an_extended_mission_is_seen_in_two_years() {
    let with = |months: u32, support: f64| {
        on(
            &format!("unami_support = {support:?}\nincorporation_fire = 1\n"),
            &format!("[levers]\nunami.extension_months = {months}\n"),
        )
    };
    let of = |rules: &Rules| -> Vec<(f64, f64)> {
        let stream = rules.stream("IRI>ISR").unwrap();
        ensemble(
            40,
            || world(rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(720);
                (sim.snapshot().columns.integrations[0].share, sim.tally().events[stream] as f64)
            },
        )
    };
    let (ends, extended) = (of(&with(0, 1.0)), of(&with(24, 1.0)));
    assert!(ends.iter().zip(&extended).all(|(a, b)| b.0 > a.0 + 0.05), "{:?} {:?}", ends[0], extended[0]);
    let [few, many] = [&extended, &ends].map(|v| v.iter().map(|x| x.1).sum::<f64>() / v.len() as f64);
    println!("launches: {many} where it ends, {few} where it is extended");
    assert!(few < many - 2.0, "{many} to {few}");
    // Without that support only the capacity goes, as ever.
    let old = (of(&with(0, 0.0)), of(&with(24, 0.0)));
    assert!(old.0.iter().zip(&old.1).all(|(a, b)| b.0 > a.0 && b.0 < a.0 + 0.02));
}

/// All levers of the Palestinian track together, at the strong end, against none of them: a truce in Gaza is in force after two years
/// in ten futures of a hundred more where nothing sets incorporation back (harm by outsiders and by the state's partner at 0), and in
/// some more where both do so as much as their ranges allow.
#[test]
fn the_palestinian_track_together_makes_truces_last() {
    let track = |full: bool, set_back: &str| {
        let levers = if full {
            "palestine.unified_administration = 1\npalestine.reconstruction_funds = 1\npalestine.trade = 1\n\
             palestine.election_date = 2025-06-01\nisrael.settlements = \"withdrawal\"\n"
        } else {
            "palestine.unified_administration = 0\npalestine.reconstruction_funds = 0\n"
        };
        on(STRONG, &format!("{set_back}[levers]\n{levers}"))
    };
    let table = track(false, "").table("GAZ").unwrap();
    let holds = |rules: &Rules| -> Vec<f64> {
        ensemble(
            600,
            || world(rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(720);
                f64::from(u8::from(sim.agreements()[table].in_force()))
            },
        )
    };
    let mean = |v: Vec<f64>| v.iter().sum::<f64>() / v.len() as f64;
    for (set_back, least) in [("", 0.1), ("incorporation_struck = 0.05\nincorporation_breach = 0.1\n", 0.04)] {
        let (before, after) = (mean(holds(&track(false, set_back))), mean(holds(&track(true, set_back))));
        println!("truce in Gaza in force after 720 days: {before:.3} to {after:.3}");
        assert!(after > before + least, "{before} to {after}");
    }
}

/// Votes are counted where something reads them, once for each elections held, and add up.
#[test]
fn votes_are_counted_where_they_tell() {
    let year = |rules: &Rules| -> (usize, usize) {
        let counts = ensemble(
            30,
            || world(rules),
            |sim: &mut Simulation, future| {
                sim.begin(fate(future), Vec::new());
                let (mut held, mut counted) = (0, 0);
                for _ in 0..YEAR {
                    sim.step();
                    for event in sim.events().iter().filter(|e| e.kind() == EventKind::Path) {
                        match event {
                            Event::Path { step: PathStep::Elected, .. } => held += 1,
                            Event::Path { step: PathStep::Votes { authority, group }, .. } => {
                                assert!(authority + group <= 100 && *authority > 0 && *group > 0);
                                counted += 1;
                            }
                            _ => {}
                        }
                    }
                }
                (held, counted)
            },
        );
        counts.iter().fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    };
    let (held, counted) = year(&on(STRONG, LEVERS));
    assert!(held > 10 && counted == held, "{held} {counted}");
    let (held, counted) = year(&on(NULL, LEVERS));
    assert!(held > 10 && counted == 0, "{held} {counted}");
}

/// Trade raises economic activity, which lowers the fire of the groups there and brings the displaced home sooner.
#[test]
fn trade_lowers_fire_and_brings_people_home() {
    let with = |trade: f64, parameters: &str| {
        on(
            parameters,
            &format!(
                "[levers]\npalestine.trade = {trade:?}\npalestine.reconstruction_funds = 1\n[tables.GAZ]\neta = 0.9\nh0 = {{ value = 0.001, low = 0.001 }}\n"
            ),
        )
    };
    let of = |rules: &Rules| -> [f64; 3] {
        let stream = rules.stream("WBG>ISR").unwrap();
        let gaza = rules.territories.iter().position(|t| t.id.text == "GAZA").unwrap();
        let ends = ensemble(
            40,
            || world(rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(YEAR);
                let c = sim.snapshot().columns;
                [c.paths[0].activity, sim.tally().events[stream] as f64, c.territories[gaza].displaced]
            },
        );
        [0, 1, 2].map(|k| ends.iter().map(|e| e[k]).sum::<f64>() / ends.len() as f64)
    };
    let effects = "activity_fire = 1.5\nactivity_return = 1\n";
    let (shut, open) = (of(&with(0.0, effects)), of(&with(1.0, effects)));
    println!("{shut:?} {open:?}");
    assert!(open[0] > shut[0] + 0.3 && open[1] < 0.9 * shut[1] && open[2] < shut[2], "{shut:?} {open:?}");
    let (shut, open) = (of(&with(0.0, "")), of(&with(1.0, "")));
    assert!(open[0] > shut[0] + 0.3 && (open[1] - shut[1]).abs() < 1e-12 && (open[2] - shut[2]).abs() < 1e-9);
}

/// Left-out groups attack less as they come under authority, and as their means run out; with neither number neither tells.
#[test]
fn spoilers_are_fewer_where_they_are_incorporated_or_unpaid() {
    let attacks = |parameters: &str, levers: &str| -> usize {
        let rules = on(
            &format!("spoiler_rate = 0.1\n{parameters}"),
            &format!(
                "[levers]\npalestine.unified_administration = 1\n{levers}[tables.GAZ]\neta = 0.9\n\
                 h0 = {{ value = 0.001, low = 0.001 }}\n"
            ),
        );
        let counts = ensemble(
            30,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                let mut count = 0;
                for _ in 0..YEAR {
                    sim.step();
                    count += sim.events().iter().filter(|e| e.kind() == EventKind::Spoiler).count();
                }
                count
            },
        );
        counts.iter().sum()
    };
    let process = "incorporation_process = 0.05\n";
    let base = attacks(process, "");
    let joined = attacks(&format!("{process}incorporation_spoiler = 1\n"), "");
    assert!(base > 300 && 2 * joined < base, "{base} to {joined}");
    let unpaid = "iran.axis_funding = 0\n";
    let (paid, less) = (attacks("spoiler_funding = 1\n", ""), attacks("spoiler_funding = 1\n", unpaid));
    assert!(3 * less < 2 * paid, "{paid} to {less} without funding");
    // Funding is felt by nothing else that bears on this table's spoilers.
    let (all, same) = (attacks("", ""), attacks("", unpaid));
    assert!(all.abs_diff(same) * 20 < all, "{all} and {same}");
}

/// Legitimacy, on which so much hangs, stands in the series: the seat of a group grows with the stages of its process, the standing of
/// the authority with what settlers leave and with an admission, and that of a government falls as its economy is pressed.
#[test]
fn legitimacy_stands_in_the_series() {
    let series = |overlay: &str, days: u32| {
        let rules = rules(overlay);
        let run = detente_model::record::recorder::record(&rules, fate(0), &[], days, |_| true).unwrap();
        move |name: &str| {
            let at = run.columns.iter().position(|column| column.name == name).unwrap_or_else(|| panic!("{name}"));
            run.rows.iter().map(|row| row[at]).collect::<Vec<f64>>()
        }
    };
    let road = series(ROAD, 720);
    let (seat, phases) = (road("seat.HOU"), road("phases.YEM"));
    assert!(
        seat[0].abs() < 1e-12 && seat.windows(2).all(|days| days[0] <= days[1]),
        "it only grows while the roadmap holds"
    );
    let done = phases.iter().position(|&phases| phases >= 12.0).expect("the roadmap is carried out");
    assert!(*seat.last().unwrap() > 0.0 || done > 600, "talks have begun");
    let with = |settlements: &str| {
        series(&format!("[levers]\nisrael.settlements = \"{settlements}\"\n"), 5)("standing.GAZ")[4]
    };
    assert!((with("growth") - 0.3).abs() < 1e-12 && (with("withdrawal") - 0.45).abs() < 1e-12);
    let at_home = |pressure: f64| {
        let overlay = format!("[levers]\nus.sanctions_pressure = {pressure}\n");
        series(&overlay, 300)("legitimacy.IRN").iter().sum::<f64>()
    };
    assert!(at_home(0.2) > at_home(1.0));
}
