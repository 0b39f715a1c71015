//! `detente batch --design FILE`: many settings from a table, a row each, all in one go.

use super::args::{Batch, Params};
use super::failure::Failure;
use super::output::{self, CAVEAT, Grid, HEAD, short, styled, thousands};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::jobs;
use crate::record::outcome::Headline;
use crate::scenario::nearest;
use crate::sim::rules::{Finder, FreeNumbers};
use crate::sim::world::MOST_SEED;
use crate::symbols::levers::{LEVERS, Lever};
use crate::tables::folder::{Folder, json, vacant};
use crate::tables::provenance::Provenance;
use crate::tables::read::{Cell, read};
use crate::tables::table::Format;
use detente_engine::{Cells, Code, MOST_FUTURE, Model, Order, Point, Rows, Setting, Table};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Mistakes that are said; of more only how many there are.
const SAID: usize = 50;

/// Settings that the summary lists.
const SHOWN: usize = 40;

/// Runs the settings of a table, and shows or keeps what they gave.
pub(super) fn design(args: &Batch, file: &Path) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what, &args.set.set)?;
    if let Some(out) = &args.out {
        vacant(out)?;
    }
    // As the scenario stands here, with what --param lays over it.
    let content = serde_json::to_string(&prepared.loaded.scenario);
    let content = content.map_err(|why| Failure::refused(format!("the scenario cannot be written: {why}")))?;
    let model = Model::reload(&content).map_err(refused)?;
    let settings = settings(&prepared, args, file)?;
    let (count, given) = (settings.len(), settings.iter().any(|setting| matches!(setting.point, Point::Given(_))));
    let design = model.design(settings).days(prepared.days).jobs(jobs(&args.many));
    let made = watched(design.futures(), |progress| {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let teller = scope.spawn(|| {
                while !over.load(Ordering::Acquire) {
                    progress.done.store(design.done(), Ordering::Relaxed);
                    if progress.stop.load(Ordering::Relaxed) {
                        design.stop();
                    }
                    std::thread::park_timeout(Duration::from_millis(50));
                }
            });
            let made = design.run();
            over.store(true, Ordering::Release);
            teller.thread().unpark();
            made
        })
    })?;
    let rows = made.map_err(refused)?;
    let params = if given { "given" } else { args.many.params.name() };
    let report = Report {
        settings: count,
        runs: design.futures(),
        of: prepared.provenance(args.what.seed, params),
        means: by_row(&rows.means),
        columns: rows.means.fields(),
    };
    if let Some(out) = &args.out {
        write(out, &rows, Format::from(args.format), &report)?;
    }
    if args.many.json {
        return output::json(&report);
    }
    output::text(&summary(&prepared, args, &report))
}

fn refused(error: detente_engine::Error) -> Failure {
    match error.code {
        Code::Stopped => Failure::Interrupted("interrupted: nothing of the design is kept".to_owned()),
        _ => Failure::Refused(error.sentences),
    }
}

/// What a column of a design says.
enum Says {
    Lever(Lever),
    /// A free number, or a family of them.
    Number(String),
    Seed,
    Futures,
}

/// Reads the settings, or everything that is wrong with them.
fn settings(prepared: &Prepared, args: &Batch, file: &Path) -> Result<Vec<Setting>, Failure> {
    let free = FreeNumbers::of(&prepared.rules);
    let mut reader = Reader {
        file,
        free: free.finder(),
        args,
        start: prepared.rules.frame.start,
        shared: shared(prepared),
        columns: None,
        settings: Vec::new(),
        wrong: Vec::new(),
        more: 0,
    };
    read(file, |cells| match reader.columns.take() {
        None => {
            let columns = reader.header(cells);
            reader.columns = Some(columns);
        }
        Some(columns) => {
            reader.row(&columns, &cells);
            reader.columns = Some(columns);
        }
    })
    .map_err(Failure::refused)?;
    let Reader { settings, mut wrong, more, .. } = reader;
    if more > 0 {
        wrong.push(format!("{}: {more} more mistakes", file.display()));
    }
    if wrong.is_empty() && settings.is_empty() {
        wrong.push(format!(
            "{}: there is no row below the names of the columns; write one for every setting",
            file.display()
        ));
    }
    if wrong.is_empty() { Ok(settings) } else { Err(Failure::Refused(wrong)) }
}

/// What `--set` moves, in every setting.
fn shared(prepared: &Prepared) -> Vec<Order> {
    let start = prepared.rules.frame.start;
    let order = |change: &crate::symbols::levers::LeverChange| {
        let value = crate::tables::provenance::stated(change.lever, change.value.raw(), start);
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Order::new(change.lever.id(), value, change.day.unsigned_abs())
    };
    prepared.log.iter().map(order).collect()
}

struct Reader<'a> {
    file: &'a Path,
    free: Finder<'a>,
    args: &'a Batch,
    start: Date,
    shared: Vec<Order>,
    /// Once the first row is read; `None` for one that says nothing that is known.
    columns: Option<Vec<Option<Says>>>,
    settings: Vec<Setting>,
    wrong: Vec<String>,
    more: usize,
}

impl Reader<'_> {
    fn wrong(&mut self, cell: &Cell, why: &str) {
        if self.wrong.len() < SAID {
            self.wrong.push(format!("{}{}: {why}", self.file.display(), cell.place));
        } else {
            self.more += 1;
        }
    }

    /// The names of the columns.
    fn header(&mut self, cells: Vec<Cell>) -> Vec<Option<Says>> {
        let mut seen = BTreeSet::new();
        let mut columns = Vec::with_capacity(cells.len());
        for cell in cells {
            let name = cell.text.as_str();
            if !seen.insert(name.to_owned()) {
                self.wrong(&cell, &format!("the column {name} stands here a second time; keep one"));
            }
            let says = self.column(name).map_err(|why| self.wrong(&cell, &why)).ok();
            columns.push(says);
        }
        if self.args.runs.is_none() && !seen.contains("futures") {
            let why = "the table says of no row how many futures to run; give --runs N, or a column `futures`";
            self.wrong.push(format!("{}: {why}", self.file.display()));
        }
        columns
    }

    fn column(&self, name: &str) -> Result<Says, String> {
        match name {
            "seed" => return Ok(Says::Seed),
            "futures" => return Ok(Says::Futures),
            "" => return Err("a column has no name; write the id of a lever or parameter above it".to_owned()),
            _ => {}
        }
        if let Some(lever) = Lever::from_id(name) {
            if self.shared.iter().any(|order| order.day == 0 && order.lever == name) {
                return Err(format!("{name} is set by --set on day 0, too; keep one"));
            }
            return Ok(Says::Lever(lever));
        }
        if self.free.knows(name) {
            if self.args.many.params != Params::Default {
                let params = self.args.many.params.name();
                return Err(format!(
                    "the table gives {name}, so the other numbers cannot be drawn; leave out --params {params}"
                ));
            }
            return Ok(Says::Number(name.to_owned()));
        }
        let known = LEVERS.iter().map(|row| row.id).chain(self.free.ids()).chain(["seed", "futures"]);
        let way = nearest(name, known).map_or_else(
            || "`detente levers` and `detente parameters` list them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Err(format!("`{name}` is no lever and no free number of this scenario, nor `seed` or `futures`; {way}"))
    }

    fn row(&mut self, columns: &[Option<Says>], cells: &[Cell]) {
        if let Some(first) = cells.first().filter(|_| cells.len() != columns.len()) {
            let why = format!("the row has {} cells and the table {} columns", cells.len(), columns.len());
            return self.wrong(first, &why);
        }
        let mut seed = self.args.what.seed;
        let mut futures = self.args.runs.unwrap_or(1);
        let mut orders = self.shared.clone();
        let mut given: Vec<(String, f64)> = Vec::new();
        for (says, cell) in columns.iter().zip(cells) {
            // What is wrong with a column is said once, at its name.
            let Some(says) = says else { continue };
            if cell.text.is_empty() {
                self.wrong(cell, "the cell is empty; give a value in every row, or leave the column out");
                continue;
            }
            let done = match says {
                Says::Seed => whole("seed", &cell.text, 0, MOST_SEED).map(|value| seed = value),
                Says::Futures => whole("futures", &cell.text, 1, MOST_FUTURE).map(|value| futures = value),
                Says::Lever(lever) => lever
                    .parse(&cell.text, self.start)
                    .map(|_| orders.push(Order::new(lever.id(), cell.text.clone(), 0))),
                Says::Number(id) => number(&self.free, id, &cell.text).map(|value| given.push((id.clone(), value))),
            };
            if let Err(why) = done {
                self.wrong(cell, &why);
            }
        }
        let point = match (given.is_empty(), self.args.many.params) {
            (false, _) => Point::Given(given),
            (true, Params::Default) => Point::Default,
            (true, Params::Prior) => Point::Drawn,
            (true, Params::Posterior) => Point::Posterior,
        };
        self.settings.push(Setting { seed, point, orders, futures: 0..futures });
    }
}

/// A whole number, as a table may have it: `3`, or `3.0`.
fn whole(name: &str, text: &str, low: u64, high: u64) -> Result<u64, String> {
    let digits =
        text.split_once('.').filter(|(_, rest)| rest.chars().all(|c| c == '0')).map_or(text, |(whole, _)| whole);
    match digits.parse::<u64>() {
        Ok(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(format!("{name} = {text}: write a whole number from {low} to {high}")),
    }
}

fn number(free: &Finder<'_>, id: &str, text: &str) -> Result<f64, String> {
    let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
    let value = value.ok_or_else(|| format!("{id} takes a finite number like 0.5, not `{text}`"))?;
    let wrong = free.spread(&[(id.to_owned(), value)]).err().into_iter().flatten().next();
    wrong.map_or(Ok(value), |wrong| Err(wrong.to_string()))
}

/// What a design gave.
#[derive(Serialize)]
struct Report {
    settings: usize,
    /// Futures of all settings.
    runs: u64,
    #[serde(flatten)]
    of: Provenance,
    /// A row per setting: position in the table, futures, means of whole numbers, shares of words.
    means: Vec<Map<String, Value>>,
    /// What these columns are.
    columns: Value,
}

fn by_row(table: &Table) -> Vec<Map<String, Value>> {
    let cell = |cells: &Cells, row: usize| match cells {
        Cells::Whole(list) => Value::from(list[row]),
        Cells::Real(list) => Value::from(list[row]),
        Cells::Date(list) => Value::from(list[row]),
        Cells::Text(list) => Value::from(list[row].as_str()),
        Cells::Word { words, at } => Value::from(words[at[row] as usize].as_str()),
    };
    let row = |row| table.columns.iter().map(|column| (column.name.clone(), cell(&column.cells, row))).collect();
    (0..table.rows() as usize).map(row).collect()
}

/// The tables and the result in a new folder.
fn write(out: &Path, rows: &Rows, format: Format, report: &Report) -> Result<(), Failure> {
    let folder = Folder::new(out)?;
    for (name, table) in [("runs", &rows.futures), ("agreements", &rows.agreements), ("means", &rows.means)] {
        let file = format!("{name}.{}", format.extension());
        folder.file(&file, |out| table.write(format == Format::Parquet, out))?;
    }
    folder.file("design.json", |out| json(out, report))?;
    Ok(folder.finish()?)
}

fn summary(prepared: &Prepared, args: &Batch, report: &Report) -> String {
    let mut text = styled(HEAD, prepared.title());
    let _ = writeln!(
        text,
        "\n{} of {}\n",
        output::counted(report.runs, "future"),
        output::counted(report.settings as u64, "setting")
    );
    let named = Headline::ALL.map(|headline| format!(">{}", headline.words()));
    let heads: Vec<&str> =
        [">row", ">futures"].into_iter().chain(named.iter().map(String::as_str)).chain([">killed"]).collect();
    let mut grid = Grid::new(&heads);
    for row in report.means.iter().take(SHOWN) {
        let number = |name: &str| row.get(name).and_then(Value::as_f64).unwrap_or_default();
        let shares = Headline::ALL.map(|headline| output::percent(number(&format!("headline.{}", headline.name()))));
        let killed = row.iter().filter(|(name, _)| name.starts_with("killed.")).filter_map(|(_, value)| value.as_f64());
        let counts = ["row", "futures"].map(|name| thousands(number(name) as u64));
        grid.row(counts.into_iter().chain(shares).chain([short(killed.sum())]));
    }
    text.push_str(&grid.text());
    let left = report.settings.saturating_sub(SHOWN);
    if left > 0 {
        let _ = writeln!(text, "and {left} more; --json and --out have all of them");
    }
    if let Some(folder) = &args.out {
        let format = Format::from(args.format).extension();
        let _ = writeln!(
            text,
            "\nWritten to {}: runs.{format} with a row per future, agreements.{format} with one per agreement, means.{format} with one \
             per setting, and design.json.",
            folder.display()
        );
    }
    let _ = writeln!(text, "{CAVEAT}");
    text
}
