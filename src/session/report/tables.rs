//! The data behind a report, as tables.

use crate::futures::effect::Difference;
use crate::record::outcome::{Escalation, Headline, Settlement};
use crate::record::write::{Cells, Format, Table, events_table, series_of};
use crate::session::chart::{Arms, Fans};
use crate::session::sitting::Sitting;
use std::io;

/// The data behind a report: events and daily series of every branch, the futures of the policy, and those of two branches
/// that are compared (names that begin with `compared-`), as CSV and as Parquet.
///
/// # Errors
/// Those of the table writers.
pub fn bundle(sitting: &Sitting, fans: Option<&Fans>, compared: Option<&Fans>) -> io::Result<Vec<(String, Vec<u8>)>> {
    let rules = &sitting.rules;
    let mut tables: Vec<(String, Table)> = Vec::new();
    for (i, branch) in sitting.branches().iter().enumerate() {
        let prefix = if i == sitting.current() { String::new() } else { format!("branch-{}-", branch.id) };
        tables.push((format!("{prefix}events"), events_table(rules, &branch.history.events)));
        tables.push((format!("{prefix}series"), series_of(rules, sitting.stage().columns(), &branch.history.rows)));
    }
    for (prefix, fans) in [("", fans), ("compared-", compared)] {
        let Some(fans) = fans.filter(|fans| fans.pairs() > 0) else { continue };
        tables.push((format!("{prefix}futures"), bands_table(sitting, fans)));
        tables.push((format!("{prefix}differences"), differences_table(sitting, fans)));
        tables.push((format!("{prefix}outcomes"), outcomes_table(fans)));
    }
    let mut files = Vec::new();
    for (name, table) in &tables {
        for format in [Format::Csv, Format::Parquet] {
            let mut bytes = Vec::new();
            table.write(format, &mut bytes)?;
            files.push((format!("{name}.{}", format.extension()), bytes));
        }
    }
    Ok(files)
}

/// What the arms are called in a column.
fn arms(fans: &Fans) -> [String; 2] {
    match fans.subject.arms {
        Arms::Policy(_) => ["baseline", "policy"].map(str::to_owned),
        Arms::Branches(pair) => pair.map(|id| format!("branch-{id}")),
    }
}

fn text(list: impl Iterator<Item = String>) -> Cells {
    Cells::Text(list.map(Some).collect())
}

/// Quantiles of every track, arm by arm.
fn bands_table(sitting: &Sitting, fans: &Fans) -> Table {
    let names = arms(fans);
    let mut lines: Vec<(usize, usize, usize, [f64; 5])> = Vec::new();
    for track in 0..fans.tracks.len() {
        for arm in 0..2 {
            lines.extend(fans.bands(arm, track).into_iter().enumerate().map(|(sample, q)| (track, arm, sample, q)));
        }
    }
    let rules = &sitting.rules;
    let mut table = Table(vec![
        ("track".to_owned(), text(lines.iter().map(|l| fans.tracks[l.0].name(rules)))),
        ("unit".to_owned(), text(lines.iter().map(|l| fans.tracks[l.0].unit().to_owned()))),
        ("arm".to_owned(), text(lines.iter().map(|l| names[l.1].clone()))),
        ("days_run".to_owned(), Cells::Whole(lines.iter().map(|l| Some(fans.day(l.2).into())).collect())),
        ("evening".to_owned(), Cells::Date(lines.iter().map(|l| rules.date(fans.day(l.2) - 1)).collect())),
    ]);
    for (i, name) in ["q05", "q25", "q50", "q75", "q95"].iter().enumerate() {
        table.0.push(((*name).to_owned(), Cells::Real(lines.iter().map(|l| l.3[i]).collect())));
    }
    table.0.push(("futures".to_owned(), Cells::Whole(lines.iter().map(|l| Some(fans.come(l.1) as i64)).collect())));
    table
}

/// Mean paired differences of every track.
fn differences_table(sitting: &Sitting, fans: &Fans) -> Table {
    let mut lines: Vec<(usize, usize, Difference)> = Vec::new();
    for track in 0..fans.tracks.len() {
        lines.extend(fans.differences(track).into_iter().enumerate().map(|(sample, d)| (track, sample, d)));
    }
    let rules = &sitting.rules;
    let real = |of: fn(&Difference) -> f64| Cells::Real(lines.iter().map(|l| of(&l.2)).collect());
    Table(vec![
        ("track".to_owned(), text(lines.iter().map(|l| fans.tracks[l.0].name(rules)))),
        ("unit".to_owned(), text(lines.iter().map(|l| fans.tracks[l.0].unit().to_owned()))),
        ("days_run".to_owned(), Cells::Whole(lines.iter().map(|l| Some(fans.day(l.1).into())).collect())),
        ("evening".to_owned(), Cells::Date(lines.iter().map(|l| rules.date(fans.day(l.1) - 1)).collect())),
        ("difference".to_owned(), real(|d| d.difference)),
        ("low_90".to_owned(), real(|d| d.low)),
        ("high_90".to_owned(), real(|d| d.high)),
        ("pairs".to_owned(), Cells::Whole(lines.iter().map(|_| Some(fans.pairs() as i64)).collect())),
    ])
}

/// Futures by escalation × settlement, arm by arm.
fn outcomes_table(fans: &Fans) -> Table {
    let names = arms(fans);
    let mut lines: Vec<(usize, Escalation, Settlement, u64)> = Vec::new();
    for arm in 0..2 {
        let table = fans.table(arm);
        for e in Escalation::ALL {
            lines.extend(Settlement::ALL.map(|s| (arm, e, s, table[e as usize][s as usize])));
        }
    }
    Table(vec![
        ("arm".to_owned(), text(lines.iter().map(|l| names[l.0].clone()))),
        ("escalation".to_owned(), text(lines.iter().map(|l| l.1.name().to_owned()))),
        ("settlement".to_owned(), text(lines.iter().map(|l| l.2.name().to_owned()))),
        ("headline".to_owned(), text(lines.iter().map(|l| Headline::of(l.1, l.2).name().to_owned()))),
        ("futures".to_owned(), Cells::Whole(lines.iter().map(|l| Some(l.3 as i64)).collect())),
    ])
}
