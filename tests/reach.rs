//! Reach: a lever leaves every series that it cannot reach bit for bit as it was. What it can reach is read off the
//! mechanisms' descriptors.

use detente::record::recorder::record;
use detente::record::series::columns;
use detente::sim::mechanisms::{Node, nodes_of_series, reach};
use detente::sim::rules::Rules;
use detente::sim::world::Fate;
use detente::symbols::levers::{Kind, Lever, LeverChange};
use noisy_float::prelude::R64;
use std::collections::BTreeSet;

fn rules(overlay: &str) -> Rules {
    let text = format!("format = 1\nextends = \"november-2024\"\n{overlay}");
    Rules::new(&detente::scenario::load_text("test.toml", &text).unwrap_or_else(|e| panic!("{e}")))
}

fn far_value(lever: Lever) -> f64 {
    let row = lever.row();
    match row.kind {
        Kind::Choice(options) => {
            if row.default > 0.5 {
                0.0
            } else {
                options.len() as f64 - 1.0
            }
        }
        _ if row.default - row.low > row.high - row.default => row.low,
        _ => row.high,
    }
}

/// Series that differ between the run with a lever at another value from day 0 and the run without, over some seeds.
fn moved(rules: &Rules, lever: Lever, seeds: u64) -> BTreeSet<String> {
    let log = [LeverChange { day: 0, lever, value: R64::new(far_value(lever)) }];
    let mut moved = BTreeSet::new();
    for seed in 0..seeds {
        let fate = Fate { seed, future: 0, prior: false };
        let base = record(rules, fate, &[], 200, |_| true).expect("nobody stops it");
        let other = record(rules, fate, &log, 200, |_| true).expect("nobody stops it");
        for (a, b) in base.rows.iter().zip(&other.rows) {
            for ((x, y), column) in a.iter().zip(b).zip(&base.columns) {
                if x.to_bits() != y.to_bits() {
                    moved.insert(column.name.clone());
                }
            }
        }
    }
    moved
}

fn unreachable(rules: &Rules, lever: Lever) -> BTreeSet<String> {
    let reached: BTreeSet<Node> = reach(rules, lever);
    columns(rules)
        .into_iter()
        .map(|column| column.name)
        .filter(|name| nodes_of_series(rules, name).iter().all(|node| !reached.contains(node)))
        .collect()
}

#[test]
fn no_lever_moves_a_series_that_its_descriptors_do_not_reach() {
    let rules = rules("");
    for &lever in Lever::ALL {
        let (moved, unreachable) = (moved(&rules, lever, 3), unreachable(&rules, lever));
        let wrong: Vec<_> = moved.intersection(&unreachable).collect();
        assert!(wrong.is_empty(), "{} moves {wrong:?}", lever.id());
    }
}

/// The hand-written counterpart: with Gaza unlinked from Lebanon and no fire elsewhere quieted or stirred by Lebanon, the
/// Lebanese truce is an island, but for blows held back by truces and what follows from those.
#[test]
fn a_lever_on_the_lebanese_truce_stays_in_lebanon_when_lebanon_is_cut_off() {
    let rules = rules(
        "[tables.LEB]\nlinks = []\n[tables.GAZ]\nlinks = []\n\
         [streams.\"IRI>ISR\"]\noffspring.\"ISR>HZB\" = 0\nsolidarity.LEB = 0\n\
         [streams.\"ISR>SYR\"]\noffspring.\"HZB>ISR\" = 0\nsolidarity.LEB = 0\n\
         [initiatives.\"ISR>IRN\"]\nheld_back_by = []\n[initiatives.\"IRN>ISR\"]\nheld_back_by = []\n\
         [initiatives.\"HZB>ISR\"]\nheld_back_by = []\n",
    );
    let moved = moved(&rules, Lever::UnifilTroops, 12);
    for far in [
        "events.HOU>KSA",
        "events.KSA>HOU",
        "events.USA>HOU",
        "events.HOU>SHIPS",
        "events.HOU>ISR",
        "events.ISR>WBG",
        "events.WBG>ISR",
        "events.ISR>SYR",
        "events.IRI>ISR",
        "events.IRI>USA",
        "events.USA>IRI",
        "deaths.ISR>WBG",
        "level.YEM-RED",
        "level.WBK",
        "level.SYR",
        "level.KSA-HOU",
        "ledger.IRN|ISR",
        "ledger.ISR|IRN",
        "ledger.USA|IRI",
        "resolve.IRN",
        "interceptors.ISR",
        "displaced.GAZA",
        "killed.WBK",
    ] {
        assert!(!moved.contains(far), "{far} moved");
    }
    for near in ["events.ISR>HZB", "events.HZB>ISR", "peacekeepers.UNIFIL", "collapse_chance.LEB", "displaced.LBN"] {
        assert!(moved.contains(near), "{near} did not move");
    }
}

/// In the default scenario two streams hear of nothing: the dormant Saudi border.
#[test]
fn something_is_out_of_reach_by_default() {
    let rules = rules("");
    let unreachable = unreachable(&rules, Lever::UnifilTroops);
    assert!(unreachable.contains("events.KSA>HOU") || unreachable.contains("us_consent"), "{unreachable:?}");
}
