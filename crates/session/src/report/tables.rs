//! The data behind a report, as tables.

use crate::chart::{Arms, Fans};
use crate::cover::uncovered;
use crate::replay::Progress;
use crate::sitting::{Branch, Sitting};
use detente_model::record::outcome::{Escalation, Headline, Settlement};
use detente_model::record::recorder::EventId;
use detente_model::record::series::{Column, columns};
use detente_model::sim::event::Event;
use detente_model::sim::rules::Rules;
use detente_study::futures::accumulate::{FirstDays, Share, share};
use detente_study::futures::effect::Difference;
use detente_study::futures::hazard;
use detente_study::tables::dictionary::{EVENTS, FUTURES, HAZARDS, Package, fields_of};
use detente_study::tables::events::{events_table, series_of};
use detente_study::tables::provenance::Provenance;
use detente_study::tables::run::metadata;
use detente_study::tables::table::{Cells, Format, Table};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

/// Events and days of a branch, shared with it.
struct Line {
    stem: String,
    of: Provenance,
    events: Vec<(EventId, Event)>,
    rows: Vec<Arc<Vec<f64>>>,
}

/// A table to be written.
enum Piece {
    Events(usize),
    Series(usize),
    Made(String, Table),
}

/// The tables of a report, written one after the other. It holds what it needs of the sitting, which may go on meanwhile.
pub struct Bundle {
    rules: Rules,
    columns: Vec<Column>,
    lines: Vec<Line>,
    pieces: VecDeque<(Piece, Format)>,
    files: Vec<(String, Vec<u8>)>,
    of: u64,
    /// What the futures are of.
    futures_of: Provenance,
    /// What stands in the columns of all that is written.
    package: Package,
}

impl Bundle {
    /// Events and daily series of every branch, the futures of the policy, and those of two branches that are compared (names
    /// that begin with `compared-`), as CSV and as Parquet; nothing is written yet. Of futures that are covered there are none.
    #[must_use]
    pub fn new(sitting: &Sitting, fans: Option<&Fans>, compared: Option<&Fans>) -> Self {
        let [fans, compared] = [fans, compared].map(|fans| uncovered(sitting, fans));
        let line = |(i, branch): (usize, &Branch)| Line {
            stem: if i == sitting.current() { String::new() } else { format!("branch-{}-", branch.id) },
            of: Provenance::of(
                &sitting.loaded,
                &sitting.rules,
                branch.history.rows.len() as u32,
                sitting.seed(),
                if sitting.fate().prior { "prior" } else { "default" },
                &branch.changes,
            )
            .of_future(sitting.fate().future),
            events: branch.history.events.clone(),
            rows: branch.history.rows.clone(),
        };
        let lines: Vec<Line> = sitting.branches().iter().enumerate().map(line).collect();
        let formats = [Format::Csv, Format::Parquet];
        let mut all: VecDeque<(Piece, Format)> = VecDeque::new();
        for i in 0..lines.len() {
            all.extend(formats.map(|format| (Piece::Events(i), format)));
            all.extend(formats.map(|format| (Piece::Series(i), format)));
        }
        for (prefix, fans) in [("", fans), ("compared-", compared)] {
            let Some(fans) = fans.filter(|fans| fans.pairs() > 0) else { continue };
            for (name, table) in [
                ("futures", bands_table(sitting, fans)),
                ("differences", differences_table(sitting, fans)),
                ("outcomes", outcomes_table(fans)),
                ("hazards", hazards_table(fans)),
            ] {
                all.extend(formats.map(|format| (Piece::Made(format!("{prefix}{name}"), table.clone()), format)));
            }
        }
        let rules = sitting.rules.clone();
        let ask = fans.or(compared).map(|fans| fans.ask);
        let futures_of = Provenance::of(
            &sitting.loaded,
            &rules,
            ask.map_or(0, |ask| sitting.today() as u32 + ask.days),
            sitting.seed(),
            if ask.is_some_and(|ask| ask.prior) { "prior" } else { "default" },
            &sitting.branch().changes,
        );
        Self {
            columns: columns(&rules),
            package: Package::new(&lines[sitting.current()].of),
            rules,
            lines,
            of: all.len() as u64,
            pieces: all,
            files: Vec::new(),
            futures_of,
        }
    }

    /// Writes a table at least, and more as long as `go_on` says so.
    ///
    /// # Errors
    /// Those of the table writers.
    pub fn step(&mut self, mut go_on: impl FnMut() -> bool) -> io::Result<Progress> {
        while let Some((piece, format)) = self.pieces.pop_front() {
            let (name, table, fields, of) = match piece {
                Piece::Events(i) => {
                    let line = &self.lines[i];
                    let table = events_table(&self.rules, &line.events);
                    let fields = fields_of(&table, &EVENTS);
                    (format!("{}events", line.stem), table, fields, &line.of)
                }
                Piece::Series(i) => {
                    let line = &self.lines[i];
                    let table = series_of(&self.rules, &self.columns, &line.rows);
                    let fields = fields_of(&table, &self.columns);
                    (format!("{}series", line.stem), table, fields, &line.of)
                }
                Piece::Made(name, table) => {
                    let meaning = if name.ends_with("hazards") { HAZARDS } else { FUTURES };
                    let fields = fields_of(&table, &meaning);
                    (name, table, fields, &self.futures_of)
                }
            };
            let mut bytes = Vec::new();
            table.write_with(format, &mut bytes, &metadata(of, &fields))?;
            let file = format!("{name}.{}", format.extension());
            self.package.add(&name, file.clone(), format, fields);
            self.files.push((file, bytes));
            if !go_on() {
                break;
            }
        }
        Ok(self.progress())
    }

    /// How many tables are written, and how many there will be.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress { done: self.files.len() as u64, of: self.of }
    }

    /// The files written, by name, with `datapackage.json`: what stands in their columns.
    #[must_use]
    pub fn files(mut self) -> Vec<(String, Vec<u8>)> {
        // Plain data into memory: that cannot fail.
        let package = serde_json::to_vec_pretty(&self.package).unwrap_or_default();
        self.files.push((Package::NAME.to_owned(), package));
        self.files
    }
}

/// The data behind a report, at once.
///
/// # Errors
/// Those of the table writers.
pub fn bundle(sitting: &Sitting, fans: Option<&Fans>, compared: Option<&Fans>) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut bundle = Bundle::new(sitting, fans, compared);
    bundle.step(|| true)?;
    Ok(bundle.files())
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
    let mut lines: Vec<(usize, usize, Difference, u64)> = Vec::new();
    for track in 0..fans.tracks.len() {
        let each = fans.differences(track).into_iter().zip(fans.differing(track)).enumerate();
        lines.extend(each.map(|(sample, (d, differ))| (track, sample, d, differ)));
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
        ("pairs_that_differ".to_owned(), Cells::Whole(lines.iter().map(|l| Some(l.3 as i64)).collect())),
    ])
}

/// Month by month, of the futures without a regional war so far, those in which one begins, arm by arm and by road.
fn hazards_table(fans: &Fans) -> Table {
    let names = arms(fans);
    let mut whole = hazard::table(&[]);
    whole.0.insert(0, ("arm".to_owned(), text(std::iter::empty())));
    for (arm, name) in names.iter().enumerate() {
        let months = FirstDays::NAMES.into_iter().zip(fans.hazards(arm)).collect::<Vec<_>>();
        let part = hazard::table(&months);
        let rows = months.iter().map(|(_, months)| months.len()).sum();
        let arms = ("arm".to_owned(), text(std::iter::repeat_n(name.clone(), rows)));
        for ((_, into), (_, cells)) in whole.0.iter_mut().zip(std::iter::once(arms).chain(part.0)) {
            into.append(cells);
        }
    }
    whole
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
    let real = |of: fn(&Share) -> f64| Cells::Real(lines.iter().map(|l| of(&share(l.3, fans.come(l.0)))).collect());
    Table(vec![
        ("arm".to_owned(), text(lines.iter().map(|l| names[l.0].clone()))),
        ("escalation".to_owned(), text(lines.iter().map(|l| l.1.name().to_owned()))),
        ("settlement".to_owned(), text(lines.iter().map(|l| l.2.name().to_owned()))),
        ("headline".to_owned(), text(lines.iter().map(|l| Headline::of(l.1, l.2).name().to_owned()))),
        ("futures".to_owned(), Cells::Whole(lines.iter().map(|l| Some(l.3 as i64)).collect())),
        ("share".to_owned(), real(|s| s.p)),
        ("low_90".to_owned(), real(|s| s.low)),
        ("high_90".to_owned(), real(|s| s.high)),
    ])
}
