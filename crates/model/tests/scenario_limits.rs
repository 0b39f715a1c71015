//! Limits of the reader of scenarios. What it answers to everything else is tried in `fuzz`.

use detente_model::scenario::{load_text, spectral_radius};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn radius_is_a_number_between_the_bounds_of_its_rows(entries in prop::collection::vec(-1.0..3.0_f64, 0..50)) {
        let n = (0..8).rev().find(|n| n * n <= entries.len()).unwrap_or(0);
        let radius = spectral_radius(&entries, n);
        let sums = || entries[..n * n].chunks(n.max(1)).map(|row| row.iter().map(|entry| entry.max(0.0)).sum::<f64>());
        let (least, most) = (sums().fold(f64::INFINITY, f64::min), sums().fold(0.0, f64::max));
        prop_assert!(n == 0 || radius >= least - 1e-9, "{} < {}", radius, least);
        prop_assert!(radius <= most + 1e-9, "{} > {}", radius, most);
    }
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = |open: &str, close: &str, n: usize| format!("format = 1\nx = {}1{}", open.repeat(n), close.repeat(n));
    let dotted = vec!["a"; 70].join(".");
    for text in [
        deep("[", "]", 70),
        deep("[", "]", 100_000),
        deep("{ a = ", " }", 70),
        deep("{ a = ", " }", 100_000),
        deep(&format!("{{ {dotted} = "), " }", 70),
        format!("format = 1\n[{}]\n", vec!["a"; 100_000].join(".")),
        format!("format = 1\n[{dotted}]\n{dotted} = 1\n"),
        format!("format = 1\n[levers]\n\"{}\" = 1\n", vec!["a"; 100_000].join(".")),
        format!("format = 1\n[levers]\n\"{}\" = 1\n", ".".repeat(100_000)),
    ] {
        assert!(load_text("deep.toml", &text).is_err());
    }
}
