//! Where each number acts: in the default year, only with a lever moved, or in none of the years that were tried.
//!
//! The list is written by the test that tries it (`tests/reached.rs`), beside `docs/reached.md`; the same test fails where it no
//! longer holds.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One number a line: its id, a tab, where it acts.
const LIST: &str = include_str!("../../../../assets/reached.tsv");

/// Where a number acts, by the id under which `detente parameters` lists it: "in the default year", "only with …", or "in none of the
/// years tried". The default year is that of `november-2024`; none for a number that has no range, or that only another scenario has.
#[must_use]
pub fn reached(id: &str) -> Option<&'static str> {
    static ROWS: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    ROWS.get_or_init(|| LIST.lines().filter_map(|line| line.split_once('\t')).collect()).get(id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::parameters::ROWS;

    /// Every number with a range has a line, and no line is of a number that is not.
    #[test]
    fn every_number_with_a_range_says_where_it_acts() {
        for row in ROWS {
            assert_eq!(reached(row.id).is_some(), row.low < row.high, "{}", row.id);
        }
        let rules = crate::sim::rules::Rules::new(&crate::scenario::load("november-2024").unwrap());
        for estimate in &rules.frame.estimates {
            assert_eq!(reached(&estimate.id).is_some(), estimate.low < estimate.high, "{}", estimate.id);
        }
        let words = ["in the default year", "in none of the years tried"];
        assert!(LIST.lines().all(|line| {
            line.split_once('\t').is_some_and(|(_, said)| words.contains(&said) || said.starts_with("only with "))
        }));
        assert_eq!(reached("no such number"), None);
    }
}
