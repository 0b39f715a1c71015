//! `detente batch --design FILE`: many settings from a table, a row each, all in one go.

use super::args::{Batch, Draws, FromNow, Many, Params, Set, TableFormat, What};
use super::failure::Failure;
use super::output::{self, CAVEAT, Grid, HEAD, short, styled, thousands};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::jobs;
use crate::record::digest::of_text;
use crate::record::outcome::Headline;
use crate::scenario::nearest;
use crate::sim::rules::{Finder, FreeNumbers};
use crate::sim::world::MOST_SEED;
use crate::symbols::levers::{LEVERS, Lever};
use crate::tables::designs::{self, Given, Manifest, Store};
use crate::tables::dictionary::Package;
use crate::tables::folder::{Trouble, json};
use crate::tables::provenance::Provenance;
use crate::tables::read::{Cell, read};
use crate::tables::table::Format;
use detente_engine::{Assembly, Cells, Code, Design, MOST_FUTURE, Model, Order, Point, Rows, Setting, Table};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
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
    let table = Settings::read(&prepared, args, file)?;
    let all = table.settings.len() as u64;
    let rows = match args.part {
        None => 0..all,
        Some(part) => part.of(all),
    };
    if let Some(part) = args.part.filter(|_| rows.is_empty()) {
        return Err(Failure::refused(format!(
            "--part {}/{}: no row of the design is left for this part; take {all} parts at most",
            part.number, part.of
        )));
    }
    design_of(&prepared, args, table, rows).map(|_| ())
}

/// Runs these rows of a design, and gives the digest of what they gave.
pub(super) fn design_of(
    prepared: &Prepared,
    args: &Batch,
    table: Settings,
    rows: Range<u64>,
) -> Result<String, Failure> {
    let made = Made::new(prepared, args, table, rows)?;
    let report = match &args.out {
        Some(out) => kept(&made, args, out)?,
        None => {
            let rows = beside(&made.design, |_| made.design.run())?.map_err(refused)?;
            made.report(&rows)
        }
    };
    if args.many.json {
        output::json(&report)?;
    } else {
        output::text(&summary(prepared, args, &report))?;
    }
    Ok(report.digest)
}

/// A design, or a part of one, that is ready to run.
pub(super) struct Made {
    design: Design,
    of: Provenance,
    rows: designs::Rows,
    /// The whole table, as its folder keeps it.
    text: String,
}

impl Made {
    pub(super) fn new(prepared: &Prepared, args: &Batch, table: Settings, rows: Range<u64>) -> Result<Self, Failure> {
        let model = model(prepared)?;
        let digest = table.digest();
        let Settings { settings, text } = table;
        let given = settings.iter().any(|setting| matches!(setting.point, Point::Given(_)));
        let params = if given { "given" } else { args.many.params.name() };
        let (all, first, count) = (settings.len() as u64, rows.start, rows.end.saturating_sub(rows.start));
        let here: Vec<Setting> = settings.into_iter().skip(first as usize).take(count as usize).collect();
        let design = model.design(here).first(first).days(prepared.days).jobs(jobs(&args.many));
        let rows =
            designs::Rows { digest, settings: all, each: args.runs, first, rows: count, futures: design.futures() };
        Ok(Self { design, of: prepared.provenance(args.what.seed, params), rows, text })
    }

    fn manifest(&self, format: TableFormat) -> Manifest {
        let tables = Format::from(format).extension().to_owned();
        Manifest { of: self.of.clone(), design: self.rows.clone(), tables }
    }

    /// What stretches gave, put together.
    pub(super) fn assembly(&self) -> Result<Assembly<'_>, Failure> {
        self.design.assembly().map_err(refused)
    }

    fn report(&self, rows: &Rows) -> Report {
        Report {
            first: self.rows.first,
            settings: self.rows.rows,
            settings_in_all: self.rows.settings,
            runs: self.rows.futures,
            of: self.of.clone(),
            design: self.rows.digest.clone(),
            digest: rows.digest.clone(),
            means: by_row(&rows.means),
            columns: rows.means.fields(),
        }
    }

    /// Hands over what a folder of it holds.
    pub(super) fn written(
        &self,
        manifest: &Manifest,
        rows: &Rows,
        write: impl FnOnce(&Given<'_>) -> Result<(), designs::Stop>,
    ) -> Result<Report, Failure> {
        let parquet = manifest.format() == Format::Parquet;
        let [futures, agreements, means] = [&rows.futures, &rows.agreements, &rows.means]
            .map(|table| move |out: &mut designs::Out<'_>| table.write(parquet, out));
        let mut package = Package::new(&self.of);
        for (name, table) in designs::TABLES.into_iter().zip([&rows.futures, &rows.agreements, &rows.means]) {
            package.add_as(name, manifest.table(name), manifest.format(), table.fields());
        }
        let report = self.report(rows);
        write(&Given {
            tables: [&futures, &agreements, &means],
            package: text_of(&package),
            result: text_of(&report),
        })?;
        Ok(report)
    }
}

/// The scenario as it stands here, with what --param lays over it.
fn model(prepared: &Prepared) -> Result<Model, Failure> {
    let content = serde_json::to_string(&prepared.loaded.scenario);
    let content = content.map_err(|why| Failure::refused(format!("the scenario cannot be written: {why}")))?;
    Model::reload(&content).map_err(refused)
}

/// The command that gives a whole design at once.
pub(super) fn as_one(whole: &Manifest, json: bool) -> Batch {
    Batch {
        what: What {
            scenario: whole.of.scenario.name.clone(),
            seed: whole.of.seed,
            days: Some(whole.of.days),
            param: Vec::new(),
        },
        set: Set { set: Vec::new() },
        runs: whole.design.each,
        futures: None,
        design: None,
        part: None,
        from: FromNow::default(),
        many: Many { params: Params::of(&whole.of.params), jobs: None, json },
        out: None,
        format: match whole.format() {
            Format::Csv => TableFormat::Csv,
            Format::Parquet => TableFormat::Parquet,
        },
        resume: false,
        draws: Draws::None,
        timing: false,
        list: None,
    }
}

/// As a file holds it.
fn text_of(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    // Serialising plain data into memory cannot fail.
    let _ = json(&mut bytes, value);
    String::from_utf8(bytes).unwrap_or_default()
}

/// Futures of a stretch, for each thread: well under a second of work, so that little is lost to an interruption.
const STRETCH: u64 = 256;

/// In a folder: stretch by stretch, so that it can go on after an interruption.
fn kept(made: &Made, args: &Batch, folder: &Path) -> Result<Report, Failure> {
    let manifest = made.manifest(args.format);
    let store = Store::open(folder, manifest.clone(), &made.text, args.resume)?;
    if store.is_finished() {
        let text = store.result()?;
        return serde_json::from_str(&text).map_err(|error| {
            let file = folder.join(Store::RESULT);
            Failure::refused(format!("{} is damaged: {error}; remove it and resume", file.display()))
        });
    }
    let most = STRETCH.saturating_mul(jobs(&args.many) as u64);
    let pending = store.pending(most);
    let left: u64 = pending.iter().map(|futures| futures.end - futures.start).sum();
    let done = beside_of(&made.design, left, |design| {
        design.stretches(pending, |futures, text| store.keep(&futures, &text).map_err(Halt::Trouble))
    })?;
    if let Err(halt) = done {
        let left: u64 = store.pending(most).iter().map(|futures| futures.end - futures.start).sum();
        let kept = format!(
            "{} of {} futures are kept in {}; go on with the same command and --resume",
            thousands(made.rows.futures - left),
            thousands(made.rows.futures),
            folder.display()
        );
        return Err(match halt {
            Halt::Engine(error) if error.code == Code::Stopped => Failure::Interrupted(format!("interrupted: {kept}")),
            Halt::Engine(error) => refused(error),
            Halt::Trouble(trouble) => Failure::refused(format!("{trouble}; {kept}")),
        });
    }
    let mut assembly = made.assembly()?;
    store.together(|text| assembly.add(text).map_err(refused))?;
    let rows = assembly.rows().map_err(refused)?;
    made.written(&manifest, &rows, |given| store.finish(given))
}

/// Why stretches did not all come.
enum Halt {
    Engine(detente_engine::Error),
    Trouble(Trouble),
}

impl From<detente_engine::Error> for Halt {
    fn from(error: detente_engine::Error) -> Self {
        Self::Engine(error)
    }
}

/// Does the work of a design beside what tells how far it is, and has it end early where somebody says stop.
fn beside<T>(design: &Design, work: impl FnOnce(&Design) -> T) -> Result<T, Failure> {
    beside_of(design, design.futures(), work)
}

fn beside_of<T>(design: &Design, futures: u64, work: impl FnOnce(&Design) -> T) -> Result<T, Failure> {
    watched(futures, |progress| {
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
            let made = work(design);
            over.store(true, Ordering::Release);
            teller.thread().unpark();
            made
        })
    })
}

pub(super) fn refused(error: detente_engine::Error) -> Failure {
    match error.code {
        Code::Stopped => {
            let words = "interrupted: nothing of the design is kept (with --out DIR it can be resumed)";
            Failure::Interrupted(words.to_owned())
        }
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

/// The settings of a table, and the table itself as text: a line for the names of its columns and one for each row, without blanks
/// around cells, whatever kind of file it came from.
pub(super) struct Settings {
    settings: Vec<Setting>,
    text: String,
}

impl Settings {
    /// Digest of the table.
    pub(super) fn digest(&self) -> String {
        of_text(&self.text)
    }

    /// What stands in the column `setting` of a row of the futures, and the number of its future; `None` where there is no such row.
    pub(super) fn written(
        &self,
        prepared: &Prepared,
        here: &designs::Rows,
        row: u64,
    ) -> Result<Option<(String, u64)>, Failure> {
        let mut begins = 0;
        for setting in self.settings.iter().skip(here.first as usize).take(here.rows as usize) {
            let end = begins + (setting.futures.end - setting.futures.start);
            if row < end {
                let written = model(prepared)?.written(setting, prepared.days);
                return Ok(Some((written, setting.futures.start + (row - begins))));
            }
            begins = end;
        }
        Ok(None)
    }

    /// Reads the settings, or everything that is wrong with them.
    pub(super) fn read(prepared: &Prepared, args: &Batch, file: &Path) -> Result<Self, Failure> {
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
        let mut text = String::new();
        read(file, |cells| {
            let line: Vec<Cow<'_, str>> = cells.iter().map(|cell| quoted(&cell.text)).collect();
            text.push_str(&line.join(","));
            text.push('\n');
            match reader.columns.take() {
                None => {
                    let columns = reader.header(cells);
                    reader.columns = Some(columns);
                }
                Some(columns) => {
                    reader.row(&columns, &cells);
                    reader.columns = Some(columns);
                }
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
        if wrong.is_empty() { Ok(Self { settings, text }) } else { Err(Failure::Refused(wrong)) }
    }
}

/// A cell as CSV writes it.
fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
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

/// What a design gave, or a part of one.
#[derive(Serialize, Deserialize)]
pub(super) struct Report {
    /// Position of the first setting in the design.
    first: u64,
    settings: u64,
    settings_in_all: u64,
    /// Futures of all settings.
    runs: u64,
    #[serde(flatten)]
    of: Provenance,
    /// Digest of the table of settings.
    design: String,
    /// Of what came of them.
    digest: String,
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

pub(super) fn summary(prepared: &Prepared, args: &Batch, report: &Report) -> String {
    let mut text = styled(HEAD, prepared.title());
    let _ = writeln!(
        text,
        "\n{} of {}{}\n",
        output::counted(report.runs, "future"),
        output::counted(report.settings, "setting"),
        part(report)
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
    let left = report.settings.saturating_sub(SHOWN as u64);
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

/// Which settings of the design they are, where they are not all.
fn part(report: &Report) -> String {
    if report.settings == report.settings_in_all {
        return String::new();
    }
    format!(" ({} to {} of {})", report.first, report.first + report.settings - 1, thousands(report.settings_in_all))
}
