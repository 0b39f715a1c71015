//! When something begins: month by month, the share of the futures in which it has not begun so far. A share within a horizon
//! tends to one the longer the horizon is; a hazard does not, so both stand side by side.

use super::accumulate::{Accumulator, FirstDays, Share, share};
use crate::tables::table::{Cells, Table};
use std::collections::BTreeMap;

/// Days of a month here.
pub const MONTH: i32 = 30;

/// How much the two assumptions that carry most of it make of the chance of a regional war: rows of the table in docs/model.md ("How
/// likely a regional war is"), what they change, and the share of futures within a year, per cent. They are measured, and held by the
/// test of that table.
pub const CARRIED: [(&str, &str, f64); 4] = [
    ("nothing", "as it stands", 33.9),
    ("no preventive strikes by either side", "without preventive strikes", 11.8),
    ("θ_W (`theta_war`) at 5 blows, not 8", "with a threshold of war of 5 blows and not 8", 59.9),
    ("the same at 15, the end of its range", "with one of 15", 24.8),
];

/// The same in words.
#[must_use]
pub fn carried() -> String {
    let [(_, as_it_stands, p), changed @ ..] = CARRIED;
    let changed: Vec<String> = changed.iter().map(|(_, words, p)| format!("{words} {p:.0} %")).collect();
    format!(
        "Assumed numbers carry it: in a year of November 2024 at default numbers it is {p:.0} % {as_it_stands}, {}. No record fixes \
         them; more in docs/model.md, \"How likely a regional war is\".",
        changed.join(", ")
    )
}

/// One month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hazard {
    /// First day.
    pub from: i32,
    /// The day after the last one: of the last month maybe fewer than [`MONTH`] later.
    pub to: i32,
    /// Futures in which it had not begun before.
    pub at_risk: u64,
    /// Of these, futures in which it began.
    pub began: u64,
    /// Their share, with its 90 % interval.
    pub share: Share,
}

/// Months of `days` days: `began` has futures by the day on which something began, `ended` by the day from which on it could
/// no more; of `runs` in all.
#[must_use]
pub fn hazards(began: &BTreeMap<i32, u64>, ended: &BTreeMap<i32, u64>, runs: u64, days: i32) -> Vec<Hazard> {
    let month = |from: i32| {
        let to = (from + MONTH).min(days);
        let at_risk = runs - ended.range(..from).map(|(_, n)| n).sum::<u64>();
        let began = began.range(from..to).map(|(_, n)| n).sum();
        Hazard { from, to, at_risk, began, share: share(began, at_risk) }
    };
    (0..days.max(0)).step_by(MONTH as usize).map(month).collect()
}

/// Of each of [`FirstDays::NAMES`]. A regional war comes by one road or the other: for either road all futures without a
/// regional war are at risk, so that the hazards of both add up to that of the war.
#[must_use]
pub fn all(sums: &Accumulator) -> Vec<(&'static str, Vec<Hazard>)> {
    let [war, ..] = &sums.first;
    let of = |(name, first): (&&'static str, &BTreeMap<i32, u64>)| {
        let ended = if name.starts_with("regional_") { war } else { first };
        (*name, hazards(first, ended, sums.runs, sums.days as i32))
    };
    FirstDays::NAMES.iter().zip(&sums.first).map(of).collect()
}

/// The same as a table, one row per month of each.
#[must_use]
pub fn table(of: &[(&'static str, Vec<Hazard>)]) -> Table {
    let rows: Vec<(&str, &Hazard)> = of.iter().flat_map(|(name, list)| list.iter().map(move |h| (*name, h))).collect();
    let whole = |of: fn(&Hazard) -> i64| Cells::Whole(rows.iter().map(|(_, h)| Some(of(h))).collect());
    let real = |of: fn(&Hazard) -> f64| Cells::Real(rows.iter().map(|(_, h)| of(h)).collect());
    let columns = [
        ("what", Cells::Text(rows.iter().map(|(name, _)| Some((*name).to_owned())).collect())),
        ("from_day", whole(|h| h.from.into())),
        ("to_day", whole(|h| i64::from(h.to) - 1)),
        ("at_risk", whole(|h| h.at_risk.try_into().unwrap_or(i64::MAX))),
        ("began", whole(|h| h.began.try_into().unwrap_or(i64::MAX))),
        ("hazard", real(|h| h.share.p)),
        ("low_90", real(|h| h.share.low)),
        ("high_90", real(|h| h.share.high)),
    ];
    Table(columns.map(|(name, cells)| (name.to_owned(), cells)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hazards_of_all_months_give_the_share_within_the_horizon() {
        let first: BTreeMap<i32, u64> = [(0, 3), (29, 2), (30, 5), (64, 10)].into();
        let months = hazards(&first, &first, 100, 65);
        let seen: Vec<(i32, i32, u64, u64)> = months.iter().map(|h| (h.from, h.to, h.at_risk, h.began)).collect();
        assert_eq!(seen, [(0, 30, 100, 5), (30, 60, 95, 5), (60, 65, 90, 10)]);
        let free: f64 = months.iter().map(|h| 1.0 - h.share.p).product();
        assert!((free - 0.8).abs() < 1e-12, "{free}");
    }

    #[test]
    fn two_roads_to_one_war_add_up_to_its_hazard() {
        let mut sums = Accumulator { runs: 50, days: 60, ..Accumulator::default() };
        sums.first[0] = [(3, 4), (40, 6)].into();
        sums.first[1] = [(3, 4), (40, 1)].into();
        sums.first[2] = [(40, 5)].into();
        let all = all(&sums);
        for month in 0..2 {
            let [war, one, other] = [0, 1, 2].map(|i| all[i].1[month]);
            assert_eq!((one.at_risk, other.at_risk), (war.at_risk, war.at_risk));
            assert!((one.share.p + other.share.p - war.share.p).abs() < 1e-12);
        }
        assert_eq!(all[0].1[1].at_risk, 46);
    }
}
