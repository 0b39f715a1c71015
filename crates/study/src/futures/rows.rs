//! The tables of a batch: one row per future, and one per agreement signed in it.
//!
//! A block keeps them as lines of text, so that its bytes do not depend on who ran it; in CSV the same lines stand under a
//! header. Every line begins with the number of its future. Everything in them is a whole number or a name without
//! commas, and nothing is ever missing: where something did not come about within a future, the days until it are the days
//! run and a column beside says 0, as estimates of survival want it. So no column changes its type with what it holds.

use super::accumulate::{FirstDays, Summary};
use crate::tables::table::{Cells, Table};
use detente_model::scenario::raw::Means;
use detente_model::sim::rules::Rules;
use std::fmt::Write as _;

/// Names of the tables, in the order in which blocks hold them.
pub const TABLES: [&str; 2] = ["runs", "agreements"];

/// Columns that hold names; all others hold whole numbers.
const NAMES: [&str; 5] = ["escalation", "settlement", "headline", "table", "cause"];

/// Ledgers that can show salvos, with the direction as `FROM>TO`.
pub fn salvo_ledgers(rules: &Rules) -> impl Iterator<Item = (usize, String)> + '_ {
    let salvos = rules.ledgers.iter().enumerate().filter(|(_, ledger)| ledger.means == Means::Salvo);
    salvos.map(move |(i, ledger)| (i, direction(&ledger.id.text)))
}

/// A ledger as `FROM>TO`.
#[must_use]
pub fn direction(ledger: &str) -> String {
    ledger.replace('|', ">")
}

/// Columns of the futures, in order.
#[must_use]
pub fn columns(rules: &Rules) -> Vec<String> {
    let mut list: Vec<String> =
        ["future", "escalation", "settlement", "headline", "blows", "war_days"].map(str::to_owned).into();
    for name in FirstDays::NAMES {
        list.extend([format!("has.{name}"), format!("days_to.{name}")]);
    }
    list.extend(rules.territories.iter().map(|territory| format!("killed.{}", territory.id.text)));
    for stream in &rules.streams {
        list.extend(["events", "deaths"].map(|what| format!("{what}.{}", stream.id.text)));
    }
    for (_, direction) in salvo_ledgers(rules) {
        list.extend(["salvos", "rounds", "hits"].map(|what| format!("{what}.{direction}")));
    }
    list.extend(rules.ledgers.iter().map(|ledger| format!("air_strikes.{}", direction(&ledger.id.text))));
    list.extend(rules.ledgers.iter().map(|ledger| format!("settled.{}", direction(&ledger.id.text))));
    list.push("parts_fallen".to_owned());
    for table in &rules.tables {
        list.extend(["ever_signed", "days_to_signing", "in_force"].map(|what| format!("{what}.{}", table.id.text)));
    }
    list
}

/// Columns of the agreements, in order.
#[must_use]
pub fn agreement_columns() -> Vec<String> {
    ["future", "table", "signed", "ended", "lasted", "collapsed", "cause"].map(str::to_owned).into()
}

/// Header of a table in CSV.
#[must_use]
pub fn header(rules: &Rules, table: usize) -> String {
    let names = if table == 0 { columns(rules) } else { agreement_columns() };
    names.join(",")
}

/// The lines of one future, into those of each table.
pub fn lines(rules: &Rules, summary: &Summary, [into, agreements]: &mut [String; 2]) {
    let outcome = summary.outcome;
    let _ = write!(
        into,
        "{},{},{},{},{},{}",
        summary.future,
        outcome.escalation.name(),
        outcome.settlement.name(),
        outcome.headline.name(),
        summary.blows,
        summary.war_days
    );
    let mut since = |day: Option<i32>| {
        let _ = write!(into, ",{},{}", u8::from(day.is_some()), day.map_or(i64::from(summary.days), i64::from));
    };
    summary.first.all().into_iter().for_each(&mut since);
    for killed in &summary.killed {
        let _ = write!(into, ",{killed}");
    }
    for (events, deaths) in &summary.streams {
        let _ = write!(into, ",{events},{deaths}");
    }
    for (ledger, _) in salvo_ledgers(rules) {
        let (salvos, rounds, hits) = summary.salvos[ledger];
        let _ = write!(into, ",{salvos},{rounds},{hits}");
    }
    for strikes in &summary.air_strikes {
        let _ = write!(into, ",{strikes}");
    }
    for settled in &summary.settled {
        let _ = write!(into, ",{settled}");
    }
    let _ = write!(into, ",{}", summary.parts_fallen);
    for table in 0..rules.tables.len() {
        let signed = summary.first_signed(table);
        let day = signed.map_or(i64::from(summary.days), i64::from);
        let _ = write!(into, ",{},{day},{}", u8::from(signed.is_some()), u8::from(summary.in_force_at_end(table)));
    }
    into.push('\n');
    for spell in &summary.spells {
        let (lasted, collapsed) = summary.lasted(spell);
        let _ = writeln!(
            agreements,
            "{},{},{},{},{lasted},{},{}",
            summary.future,
            rules.tables[usize::from(spell.table)].id.text,
            spell.signed,
            spell.ended.map_or(i64::from(summary.days), i64::from),
            u8::from(collapsed),
            if collapsed { "collapse" } else { "in_force" }
        );
    }
}

/// The table of these lines. `None` where a line is no line of these rules.
#[must_use]
pub fn table(rules: &Rules, table: usize, lines: &str) -> Option<Table> {
    let mut made = Columns::new(if table == 0 { columns(rules) } else { agreement_columns() });
    lines.lines().try_for_each(|line| made.add(line))?;
    Some(made.table())
}

/// The tables without rows.
#[must_use]
pub fn columns_of(rules: &Rules) -> [Table; 2] {
    [columns(rules), agreement_columns()].map(|names| Columns::new(names).table())
}

/// A table in the making.
struct Columns(Vec<(String, Cells)>);

impl Columns {
    fn new(names: Vec<String>) -> Self {
        let empty = |name: String| {
            let cells = if NAMES.contains(&name.as_str()) { Cells::Text(Vec::new()) } else { Cells::Whole(Vec::new()) };
            (name, cells)
        };
        Self(names.into_iter().map(empty).collect())
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let mut cells = line.split(',');
        for (_, column) in &mut self.0 {
            let cell = cells.next()?;
            match column {
                Cells::Whole(list) => list.push(Some(cell.parse().ok()?)),
                Cells::Text(list) => list.push(Some(cell.to_owned())),
                _ => return None,
            }
        }
        cells.next().is_none().then_some(())
    }

    fn table(self) -> Table {
        Table(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::ensemble::{Plan, Worker};
    use crate::tables::dictionary::{AGREEMENTS, RUNS, fields_of};

    /// Answers settled are those of the event log; parts that fell are the steps down of what the deal holds.
    #[test]
    fn debts_settled_and_parts_fallen_are_counted_as_the_log_and_the_series_have_them() {
        use detente_model::record::recorder::record;
        use detente_model::sim::event::Event;
        use detente_model::sim::world::Fate;
        let (mut settled, mut fallen) = (0, 0);
        // A part falls in one future of forty: these hold some.
        for (name, futures) in
            [("restraint-returned", 0..4), ("parts-need-each-other", 22..46), ("november-2024", 0..3)]
        {
            let rules = Rules::new(&detente_model::scenario::load(name).unwrap());
            let plan = Plan { seed: 4, days: 300, prior: false, log: Vec::new(), from: None };
            let mut worker = Worker::new(&rules, &plan);
            for future in futures {
                let summary = worker.run(future);
                let run = record(&rules, Fate { seed: 4, future, prior: false }, &[], 300, |_| true).unwrap();
                let mut of = vec![0; rules.ledgers.len()];
                for (_, event) in &run.events {
                    if let Event::AnswerSettled { ledger } = event {
                        of[usize::from(*ledger)] += 1;
                    }
                }
                assert_eq!(summary.settled, of, "{name}, future {future}");
                settled += of.iter().sum::<u32>();
                let parts = run.columns.iter().position(|column| column.name == "deal_parts.ALL").unwrap();
                let held = run.rows.iter().map(|row| row[parts] as i64);
                let down: i64 =
                    held.clone().zip(held.skip(1)).filter(|(a, b)| *b > 0 && b < a).map(|(a, b)| a - b).sum();
                let ends = summary.spells.iter().filter(|s| s.ended.is_some()).count() as i64;
                let counted = i64::from(summary.parts_fallen);
                // On the day on which the deal ends its series falls to nothing, whatever fell with it.
                assert!(
                    down <= counted && counted <= down + ends,
                    "{name}, future {future}: {counted}, {down} by the series"
                );
                fallen += counted;
                if name == "november-2024" {
                    assert_eq!(of.iter().sum::<u32>() + summary.parts_fallen, 0, "what is off counts nothing");
                }
            }
        }
        assert!(settled > 0 && fallen > 0, "{settled} settled, {fallen} fallen");
    }

    #[test]
    fn every_future_has_a_row_and_every_agreement_too() {
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
        let plan = Plan { seed: 1, days: 120, prior: false, log: Vec::new(), from: None };
        let mut worker = Worker::new(&rules, &plan);
        let (mut text, mut spells, mut killed) = (<[String; 2]>::default(), 0, 0);
        for future in 0..20 {
            let summary = worker.run(future);
            lines(&rules, &summary, &mut text);
            spells += summary.spells.len();
            killed += summary.killed_in_all() as i64;
            assert_eq!(summary.days, 120);
            let routine: u64 = summary.streams.iter().map(|(_, deaths)| deaths).sum();
            assert!(summary.killed_in_all() >= routine, "blows and salvos come on top of routine fire");
        }
        let [futures, agreements] = [0, 1].map(|which| table(&rules, which, &text[which]).unwrap());
        let whole = |table: &Table, wanted: &str| -> Vec<i64> {
            let columns = table.0.iter().filter(|(name, _)| name == wanted || name.starts_with(&format!("{wanted}.")));
            columns
                .flat_map(|(_, cells)| match cells {
                    Cells::Whole(list) => list.iter().map(|cell| cell.expect("nothing is missing")).collect(),
                    _ => Vec::new(),
                })
                .collect()
        };
        assert_eq!(whole(&futures, "future"), (0..20).collect::<Vec<_>>());
        assert_eq!(whole(&futures, "killed").iter().sum::<i64>(), killed);
        assert_eq!(whole(&agreements, "future").len(), spells);
        assert!(spells > 10, "{spells}");
        let ended = whole(&agreements, "ended").into_iter().zip(whole(&agreements, "signed"));
        let collapsed = whole(&agreements, "collapsed");
        for ((lasted, (ended, signed)), collapsed) in
            whole(&agreements, "lasted").into_iter().zip(ended).zip(&collapsed)
        {
            // One that is still in force was last tried on the last day, 119.
            assert_eq!(lasted, if *collapsed == 1 { ended - signed } else { 119 - signed });
            assert!(*collapsed == 1 || ended == 120);
        }
        assert!(collapsed.contains(&0) && collapsed.contains(&1));
        // Types do not depend on content, and every column is in the dictionary.
        let [none, _] = columns_of(&rules);
        for (table, list) in [(&futures, RUNS), (&agreements, AGREEMENTS)] {
            let fields = fields_of(table, &list);
            assert!(fields.iter().all(|field| !field.description.is_empty()), "{fields:?}");
        }
        assert_eq!(fields_of(&none, &RUNS), fields_of(&futures, &RUNS));
        assert_eq!(table(&rules, 0, "1,2,3\n"), None);
    }
}
