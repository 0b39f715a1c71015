//! An effect as a table: one row per measure.

use super::effect::{Difference, Effect, Paired};
use super::rows::direction;
use super::survival::AGES;
use crate::tables::dictionary::{EFFECT, Package, fields_of};
use crate::tables::folder::json;
use crate::tables::provenance::Provenance;
use crate::tables::table::{Cells, Format, Table};
use detente_model::record::outcome::Headline;
use detente_model::sim::rules::Rules;

/// Name of the table, and of its file before the ending.
const NAME: &str = "effect";

/// A row: what is measured, in which unit, in the mean of either arm.
struct Row {
    measure: String,
    unit: &'static str,
    baseline: f64,
    changed: f64,
    difference: Difference,
    differ: u64,
}

impl Row {
    /// Of shares.
    fn share(measure: String, paired: &Paired) -> Self {
        Self::of(measure, "share", paired, paired.difference_of_shares(), 1.0)
    }

    /// Of counts, each as so many a unit.
    fn count(measure: String, unit: &'static str, paired: &Paired, units: f64) -> Self {
        Self::of(measure, unit, paired, paired.difference(), units)
    }

    fn of(measure: String, unit: &'static str, paired: &Paired, d: Difference, units: f64) -> Self {
        Self {
            measure,
            unit,
            baseline: paired.baseline_mean() / units,
            changed: paired.changed_mean() / units,
            difference: Difference { difference: d.difference / units, low: d.low / units, high: d.high / units },
            differ: paired.differ,
        }
    }
}

/// Every measure, in the order in which `detente effect` shows them.
fn rows(rules: &Rules, effect: &Effect, days: u32) -> Vec<Row> {
    let days = f64::from(days.max(1));
    let named = |what: &str, id: &str| format!("{what}.{id}");
    let mut rows = Vec::new();
    for (headline, paired) in Headline::ALL.iter().zip(&effect.headlines) {
        rows.push(Row::share(named("outcome", headline.name()), paired));
    }
    for (t, table) in rules.tables.iter().enumerate() {
        let id = &table.id.text;
        rows.push(Row::share(named("ever_signed", id), &effect.signed[t]));
        rows.push(Row::count(named("days_to_signing", id), "days", &effect.first_signed[t], 1.0));
        rows.push(Row::share(named("in_force", id), &effect.in_force[t]));
        for age in AGES {
            let spells = &effect.spells[t];
            if let Some((baseline, changed, difference)) = spells.survival(age) {
                rows.push(Row {
                    measure: named(&format!("lasting_{age}"), id),
                    unit: "share",
                    baseline: baseline.p,
                    changed: changed.p,
                    difference,
                    differ: spells.differ,
                });
            }
        }
    }
    for (stream, (events, deaths)) in rules.streams.iter().zip(effect.events.iter().zip(&effect.deaths)) {
        let id = &stream.id.text;
        rows.push(Row::count(named("events", id), "events/day", events, days));
        rows.push(Row::count(named("deaths", id), "persons", deaths, 1.0));
    }
    for (territory, paired) in rules.territories.iter().zip(&effect.killed) {
        rows.push(Row::count(named("killed", &territory.id.text), "persons", paired, 1.0));
    }
    rows.push(Row::count("killed_in_all".to_owned(), "persons", &effect.killed_in_all, 1.0));
    rows.push(Row::count("blows".to_owned(), "blows", &effect.blows, 1.0));
    for (l, ledger) in rules.ledgers.iter().enumerate() {
        let id = direction(&ledger.id.text);
        rows.push(Row::count(named("strikes", &id), "strikes", &effect.answers[l], 1.0));
        rows.push(Row::count(named("settled", &id), "answers", &effect.settled[l], 1.0));
    }
    rows.push(Row::count("parts_fallen".to_owned(), "parts", &effect.parts_fallen, 1.0));
    rows
}

/// The table of an effect over so many days.
#[must_use]
pub fn table(rules: &Rules, effect: &Effect, days: u32) -> Table {
    let rows = rows(rules, effect, days);
    let text = |of: fn(&Row) -> &str| Cells::Text(rows.iter().map(|row| Some(of(row).to_owned())).collect());
    let real = |of: fn(&Row) -> f64| Cells::Real(rows.iter().map(of).collect());
    let whole = |of: &dyn Fn(&Row) -> u64| {
        Cells::Whole(rows.iter().map(|row| Some(i64::try_from(of(row)).unwrap_or(i64::MAX))).collect())
    };
    let columns = [
        ("measure", text(|row| &row.measure)),
        ("unit", text(|row| row.unit)),
        ("baseline", real(|row| row.baseline)),
        ("changed", real(|row| row.changed)),
        ("difference", real(|row| row.difference.difference)),
        ("low_90", real(|row| row.difference.low)),
        ("high_90", real(|row| row.difference.high)),
        ("pairs", whole(&|_| effect.runs)),
        ("pairs_that_differ", whole(&|row| row.differ)),
    ];
    Table(columns.map(|(name, cells)| (name.to_owned(), cells)).into())
}

/// The files of the table: itself, and what is in its columns.
#[must_use]
pub fn files(rules: &Rules, effect: &Effect, of: &Provenance) -> [(&'static str, Vec<u8>); 2] {
    let table = table(rules, effect, of.days);
    let mut package = Package::new(of);
    package.add(NAME, format!("{NAME}.csv"), Format::Csv, fields_of(&table, &EFFECT));
    let (mut rows, mut about) = (Vec::new(), Vec::new());
    // Writing plain data into memory cannot fail.
    let _ = table.write(Format::Csv, &mut rows);
    let _ = json(&mut about, &package);
    [("effect.csv", rows), (Package::NAME, about)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::effect::effect;
    use crate::futures::ensemble::{Plan, Progress};
    use detente_model::symbols::levers::{Lever, LeverChange};
    use noisy_float::prelude::R64;

    /// Every measure once, each row as the sums give it; what a mechanism that is off counts is nothing, without a pair that differs.
    #[test]
    fn a_table_of_an_effect_has_a_row_for_every_measure() {
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let log = vec![LeverChange { day: 10, lever: Lever::IsraelBlowRate, value: R64::new(0.0) }];
        let plan = Plan { seed: 3, days: 120, prior: false, log: Vec::new(), from: None };
        let changed = Plan { log, ..plan.clone() };
        let of = effect(&rules, &plan, &changed, 12, 2, &Progress::default());
        let rows = rows(&rules, &of, 120);
        let mut names: Vec<&str> = rows.iter().map(|row| row.measure.as_str()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "a measure stands twice");
        let find =
            |measure: &str| rows.iter().find(|row| row.measure == measure).unwrap_or_else(|| panic!("{measure}"));
        let blows = find("blows");
        assert!(blows.changed < blows.baseline && blows.differ > 0, "fewer blows where their rate is 0");
        assert!((blows.difference.difference - (blows.changed - blows.baseline)).abs() < 1e-9);
        assert!(blows.difference.low < blows.difference.difference);
        for row in rows.iter().filter(|row| row.measure.starts_with("settled.") || row.measure == "parts_fallen") {
            assert_eq!((row.differ, row.baseline.abs() + row.changed.abs() > 0.0), (0, false), "{}", row.measure);
        }
        let days = find("days_to_signing.LEB");
        assert!(days.baseline > 0.0 && days.baseline <= 120.0, "{}", days.baseline);
        let table = table(&rules, &of, 120);
        let fields = fields_of(&table, &EFFECT);
        assert!(fields.iter().all(|field| !field.description.is_empty()), "{fields:?}");
    }
}
