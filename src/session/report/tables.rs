//! The data behind a report, as tables.

use crate::futures::effect::Difference;
use crate::record::outcome::{Escalation, Headline, Settlement};
use crate::record::write::{Cells, Format, Table, events_table, series_of};
use crate::session::chart::Fans;
use crate::session::sitting::Sitting;
use std::io;

/// The data behind a report: events and daily series of every branch, and the futures, as CSV and as Parquet.
///
/// # Errors
/// Those of the table writers.
pub fn bundle(sitting: &Sitting, fans: Option<&Fans>) -> io::Result<Vec<(String, Vec<u8>)>> {
    let rules = &sitting.rules;
    let mut tables: Vec<(String, Table)> = Vec::new();
    for (i, branch) in sitting.branches().iter().enumerate() {
        let prefix = if i == sitting.current() { String::new() } else { format!("branch-{}-", branch.id) };
        tables.push((format!("{prefix}events"), events_table(rules, &branch.history.events)));
        tables.push((format!("{prefix}series"), series_of(rules, sitting.stage().columns(), &branch.history.rows)));
    }
    if let Some(fans) = fans.filter(|fans| fans.pairs() > 0) {
        tables.push(("futures".to_owned(), bands_table(sitting, fans)));
        tables.push(("differences".to_owned(), differences_table(sitting, fans)));
        tables.push(("outcomes".to_owned(), outcomes_table(fans)));
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

const ARMS: [&str; 2] = ["baseline", "policy"];

fn text(list: impl Iterator<Item = String>) -> Cells {
    Cells::Text(list.map(Some).collect())
}

/// Quantiles of every track, arm by arm.
fn bands_table(sitting: &Sitting, fans: &Fans) -> Table {
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
        ("arm".to_owned(), text(lines.iter().map(|l| ARMS[l.1].to_owned()))),
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
    let mut lines: Vec<(usize, Escalation, Settlement, u64)> = Vec::new();
    for arm in 0..2 {
        let table = fans.table(arm);
        for e in Escalation::ALL {
            lines.extend(Settlement::ALL.map(|s| (arm, e, s, table[e as usize][s as usize])));
        }
    }
    Table(vec![
        ("arm".to_owned(), text(lines.iter().map(|l| ARMS[l.0].to_owned()))),
        ("escalation".to_owned(), text(lines.iter().map(|l| l.1.name().to_owned()))),
        ("settlement".to_owned(), text(lines.iter().map(|l| l.2.name().to_owned()))),
        ("headline".to_owned(), text(lines.iter().map(|l| Headline::of(l.1, l.2).name().to_owned()))),
        ("futures".to_owned(), Cells::Whole(lines.iter().map(|l| Some(l.3 as i64)).collect())),
    ])
}
