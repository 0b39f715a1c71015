//! Many settings at once: a row per future of each, and the means of each.

use crate::bounds::{bounds, memory, room, room_for, too_many};
use crate::ensemble::{Outcomes, stopped};
use crate::model::spread;
use crate::table::{Cells, Column, Table};
use crate::{Code, Error, Model, Order, Point};
use detente_model::record::digest::of_text;
use detente_model::record::outcome::{Escalation, Headline, Settlement};
use detente_model::record::recorder::outcome_of_course;
use detente_model::sim::course::Course;
use detente_model::sim::rules::{Finder, FreeNumbers, Point as Inside, Rules};
use detente_model::symbols::levers::LeverChange;
use detente_study::futures::accumulate::{Accumulator, Summary};
use detente_study::futures::ensemble::{Beginning, Progress, run_all};
use detente_study::futures::rows;
use detente_study::tables::dictionary::{AGREEMENTS, Meaning, RUNS};
use serde_json::json;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// One setting: what its futures have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Seed.
    pub seed: u64,
    /// Where free numbers stand.
    pub point: Point,
    /// Orders in every future.
    pub orders: Vec<Order>,
    /// Numbers of its futures.
    pub futures: Range<u64>,
}

/// Settings to run, all in one go: threads are shared between them.
#[derive(Clone)]
pub struct Design {
    model: Model,
    settings: Vec<Setting>,
    days: u32,
    jobs: usize,
    columns: Option<Vec<String>>,
    with_sums: bool,
    with_rows: bool,
    /// Position of its first setting in the design that it is a part of.
    first: u64,
    progress: Arc<Progress>,
}

/// What the futures of a design were.
pub struct Rows {
    /// A row per future, in order of settings and futures. Its columns are those of `runs.csv`, then `seed`, and `setting`: what the
    /// future was of, so that a row alone is enough to have it again ([`Model::again`]). With [`Design::columns`], `future` and those.
    pub futures: Table,
    /// A row per agreement that was signed in them: the columns of `agreements.csv`, then `row`, the position of its future.
    pub agreements: Table,
    /// A row per setting: the means of its whole numbers, and the shares of its words.
    pub means: Table,
    /// The sums of all futures, where there is one setting.
    pub outcomes: Option<Outcomes>,
    /// What all of it is, in 16 hexadecimal digits: the same however the design was split, over threads or in stretches, and whichever
    /// columns were kept. Empty without rows.
    pub digest: String,
}

/// A setting made ready.
struct Ready {
    rules: Arc<Rules>,
    seed: u64,
    numbers: Numbers,
    log: Vec<LeverChange>,
    futures: Range<u64>,
    /// Position of its first future among those of all settings.
    begins: u64,
}

enum Numbers {
    Default,
    Drawn,
    Given(Inside),
}

/// A column in the making, filled by many threads at once: every row has one place and is written once.
enum Place {
    Whole(Vec<AtomicI64>),
    Word { words: Vec<String>, at: Vec<AtomicU32> },
}

/// What a thread has of its own.
#[derive(Default)]
struct Part {
    sums: Option<Accumulator>,
    /// Agreements: the position of the future, and the line.
    agreements: Vec<(u64, String)>,
    lines: [String; 2],
    /// Settings and the sums of the marks of their futures, in the order in which they came up.
    marks: Vec<(usize, u64)>,
    /// A word or number that had no place: a fault of the program.
    strange: Option<String>,
}

impl Part {
    fn mark(&mut self, setting: usize, mark: u64) {
        match self.marks.last_mut() {
            Some((last, sum)) if *last == setting => *sum = sum.wrapping_add(mark),
            _ => self.marks.push((setting, mark)),
        }
    }
}

/// What a future gave, in a number: sums of them do not depend on the order in which futures were run.
fn mark([row, agreements]: [&str; 2]) -> u64 {
    let digits = of_text(&format!("{row}{agreements}"));
    // Sixteen hexadecimal digits are a number.
    u64::from_str_radix(&digits, 16).unwrap_or_default()
}

/// The course that a thread works with, and of which rules it is.
type Mine = Option<(*const Rules, Course)>;

struct Worker(Mine);

impl Worker {
    fn course(&mut self, ready: &Ready) -> &mut Course {
        let of = Arc::as_ptr(&ready.rules);
        if self.0.as_ref().is_some_and(|(known, _)| *known != of) {
            self.0 = None;
        }
        let fate = detente_model::sim::world::Fate { seed: ready.seed, future: 0, prior: false };
        &mut self.0.get_or_insert_with(|| (of, Course::new(&ready.rules, fate, Vec::new()))).1
    }
}

impl Design {
    pub(crate) fn new(model: &Model, settings: Vec<Setting>) -> Self {
        let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let with_sums = settings.len() == 1;
        let (days, model) = (model.days(), model.clone());
        let progress = Arc::default();
        Self { model, settings, days, jobs, columns: None, with_sums, with_rows: true, first: 0, progress }
    }

    /// Days of each future.
    #[must_use]
    pub fn days(self, days: u32) -> Self {
        Self { days, ..self }
    }

    /// Threads; no number shows in a result.
    #[must_use]
    pub fn jobs(self, jobs: usize) -> Self {
        Self { jobs, ..self }
    }

    /// Keeps these columns of the futures and no others: less memory where there are many.
    #[must_use]
    pub fn columns(self, columns: Option<Vec<String>>) -> Self {
        Self { columns, ..self }
    }

    /// Keeps sums alone and no rows: memory is then the same for any number of futures.
    #[must_use]
    pub fn sums_only(self) -> Self {
        Self { with_rows: false, ..self }
    }

    /// Says that its settings are those from this position on of a larger design: `row` of the means counts from there.
    #[must_use]
    pub fn first(self, first: u64) -> Self {
        Self { first, ..self }
    }

    pub(crate) fn watched_by(self, progress: Arc<Progress>) -> Self {
        Self { progress, ..self }
    }

    /// Futures finished so far, by this design and its clones.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.progress.done.load(Ordering::Relaxed)
    }

    /// Has whatever this design and its clones are running end early.
    pub fn stop(&self) {
        self.progress.stop.store(true, Ordering::Relaxed);
    }

    /// Futures of all settings.
    #[must_use]
    pub fn futures(&self) -> u64 {
        self.settings.iter().map(|of| of.futures.end.saturating_sub(of.futures.start)).sum()
    }

    /// Runs them.
    ///
    /// # Errors
    /// [`Code::Point`], [`Code::Order`], [`Code::Bound`], each with the number of the setting where there are several;
    /// [`Code::Bound`] for several settings without rows, and for more rows than there is memory for; [`Code::Name`] for a column
    /// that there is not; [`Code::Stopped`] after [`Design::stop`].
    pub fn run(&self) -> Result<Rows, Error> {
        if !self.with_rows && self.settings.len() > 1 {
            let words = "several settings have no sums in common, so without rows nothing would be left of them; keep rows, of few columns \
                         where there are many, or run the settings one by one";
            return Err(Error::new(Code::Bound, [words.to_owned()]));
        }
        let ready = self.ready()?;
        let rules = self.model.rules();
        let total = total(&ready);
        let places = if self.with_rows { self.places(rules, total)? } else { Vec::new() };
        let new = || Part { sums: self.with_sums.then(|| Accumulator::new(rules, self.days)), ..Part::default() };
        let progress = &*self.progress;
        let task = |worker: &mut Worker, part: &mut Part, row: u64| {
            if progress.stop.load(Ordering::Relaxed) {
                return;
            }
            let (setting, summary) = self.play(&ready, worker, row);
            if let Some(sums) = &mut part.sums {
                sums.add(&summary);
            }
            if !self.with_rows {
                return;
            }
            part.lines.iter_mut().for_each(String::clear);
            rows::lines(rules, &summary, &mut part.lines);
            part.mark(setting, mark([&part.lines[0], &part.lines[1]]));
            for (place, cell) in places.iter().zip(part.lines[0].trim_end().split(',')) {
                if place.as_ref().is_some_and(|(_, place)| !place.put(row as usize, cell)) {
                    part.strange = Some(cell.to_owned());
                }
            }
            part.agreements.extend(part.lines[1].lines().map(|line| (row, line.to_owned())));
        };
        let parts = run_all(0..total, self.jobs, progress, || Worker(None), new, task).ok_or_else(stopped)?;
        self.rows(&ready, places, parts, total)
    }

    /// Runs the future at a position among those of all settings, and gives the position of its setting with it.
    fn play(&self, ready: &[Ready], worker: &mut Worker, row: u64) -> (usize, Summary) {
        let setting = ready.partition_point(|ready| ready.begins <= row) - 1;
        let of = &ready[setting];
        let future = of.futures.start + (row - of.begins);
        let course = worker.course(of);
        match (self.model.beginning(future), &of.numbers) {
            (Some(Beginning { state, point }), _) => course.restore_at(state, of.seed, future, point, of.log.clone()),
            (None, Numbers::Default) => course.begin_at(of.seed, future, &Inside::Default, of.log.clone()),
            (None, Numbers::Drawn) => {
                course.begin_at(of.seed, future, &Inside::Drawn { seed: of.seed, future }, of.log.clone());
            }
            (None, Numbers::Given(point)) => course.begin_at(of.seed, future, point, of.log.clone()),
        }
        course.run(self.days);
        let killed = course.columns().territories.iter().map(|territory| territory.killed);
        (setting, Summary::of(future, outcome_of_course(course), course.tally(), killed))
    }

    /// Runs the futures at these positions among those of all settings, and gives what they were as text: a stretch of the design, from
    /// which, with those before and after it, [`Assembly`] makes what [`Design::run`] gives. The same positions are the same text,
    /// whoever ran them.
    ///
    /// # Errors
    /// As [`Design::run`]; [`Code::Bound`] for positions that there are not.
    pub fn stretch(&self, positions: Range<u64>) -> Result<String, Error> {
        self.stretches([positions], |_, text| Ok::<_, Error>(text))?.pop().ok_or_else(stopped)
    }

    /// The same of several stretches one after another, each handed over as soon as it is whole.
    ///
    /// # Errors
    /// As [`Design::stretch`], and what `keep` gives.
    pub fn stretches<T, E: From<Error>>(
        &self,
        stretches: impl IntoIterator<Item = Range<u64>>,
        mut keep: impl FnMut(Range<u64>, String) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let ready = self.ready()?;
        let (rules, progress) = (self.model.rules(), &*self.progress);
        let total = total(&ready);
        let task = |worker: &mut Worker, list: &mut Vec<(u64, String)>, row: u64| {
            if progress.stop.load(Ordering::Relaxed) {
                return;
            }
            let (_, summary) = self.play(&ready, worker, row);
            let mut lines: [String; 2] = Default::default();
            rows::lines(rules, &summary, &mut lines);
            let [mut text, agreements] = lines;
            for line in agreements.lines() {
                text.extend([SIGNED, line, "\n"]);
            }
            list.push((row, text));
        };
        let mut kept = Vec::new();
        for positions in stretches {
            if positions.is_empty() || positions.end > total {
                let words =
                    format!("there are no futures {} to {} in a design of {total}", positions.start, positions.end);
                return Err(Error::new(Code::Bound, [words]).into());
            }
            let parts = run_all(positions.clone(), self.jobs, progress, || Worker(None), Vec::new, task);
            let mut list: Vec<(u64, String)> = parts.ok_or_else(stopped)?.into_iter().flatten().collect();
            list.sort_unstable_by_key(|(row, _)| *row);
            kept.push(keep(positions, list.into_iter().map(|(_, text)| text).collect())?);
        }
        Ok(kept)
    }

    /// Where stretches of this design are put together.
    ///
    /// # Errors
    /// As [`Design::run`].
    pub fn assembly(&self) -> Result<Assembly<'_>, Error> {
        let ready = self.ready()?;
        let total = total(&ready);
        let places = self.places(self.model.rules(), total)?;
        Ok(Assembly { design: self, ready, places, part: Part::default(), next: 0, total })
    }

    fn ready(&self) -> Result<Vec<Ready>, Error> {
        // Once and not for every setting.
        bounds(0, &(0..1), self.days)?;
        let free = FreeNumbers::of(self.model.rules());
        let free = free.finder();
        let mut learnt: Option<Arc<Rules>> = None;
        let (mut list, mut begins) = (Vec::with_capacity(self.settings.len()), 0);
        for (i, setting) in self.settings.iter().enumerate() {
            self.goes_on()?;
            let one = || -> Result<Ready, Error> {
                bounds(setting.seed, &setting.futures, self.days)?;
                self.model.takes(&setting.point)?;
                let mut rules = Arc::clone(self.model.rules());
                let numbers = match &setting.point {
                    Point::Default => Numbers::Default,
                    Point::Drawn => Numbers::Drawn,
                    Point::Posterior => {
                        rules = match &learnt {
                            Some(rules) => Arc::clone(rules),
                            None => self.model.placed(&Point::Posterior)?,
                        };
                        Numbers::Drawn
                    }
                    Point::Given(values) => {
                        let point = free.given(values);
                        let point = point.map_err(|w| Error::new(Code::Point, w.iter().map(ToString::to_string)))?;
                        Numbers::Given(point)
                    }
                };
                let log = self.model.log_within(&setting.orders, self.days)?;
                Ok(Ready { rules, seed: setting.seed, numbers, log, futures: setting.futures.clone(), begins })
            };
            let several = self.settings.len() > 1;
            let one = one().map_err(|why| if several { why.before(&format!("setting {i}: ")) } else { why })?;
            if setting.point == Point::Posterior {
                learnt = Some(Arc::clone(&one.rules));
            }
            begins += one.futures.end - one.futures.start;
            list.push(one);
        }
        if begins == 0 {
            return Err(Error::new(Code::Bound, ["there is no future to run; ask for one at least".to_owned()]));
        }
        Ok(list)
    }

    /// Whether nobody has stopped it.
    fn goes_on(&self) -> Result<(), Error> {
        if self.progress.stop.load(Ordering::Relaxed) { Err(stopped()) } else { Ok(()) }
    }

    /// Whether a column of the futures is kept.
    fn keeps(&self, name: &str) -> bool {
        name == "future" || self.columns.as_ref().is_none_or(|wanted| wanted.iter().any(|wanted| wanted == name))
    }

    fn places(&self, rules: &Rules, total: u64) -> Result<Vec<Option<(String, Place)>>, Error> {
        let names = rows::columns(rules);
        if let Some(wanted) = &self.columns {
            let unknown = wanted.iter().filter(|name| !names.contains(name) && !ADDED.contains(&name.as_str()));
            let unknown: Vec<String> = unknown
                .map(|name| {
                    let near = detente_model::scenario::nearest(name, names.iter().map(String::as_str));
                    let way = near.map_or_else(
                        || "docs/tables/columns.md lists them".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    format!("there is no column `{name}`; {way}")
                })
                .collect();
            if !unknown.is_empty() {
                return Err(Error::new(Code::Name, unknown));
            }
        }
        let names: Vec<String> = names.into_iter().filter(|name| self.keeps(name)).collect();
        let bytes = 8 * (names.len() as u64 + 1);
        if memory().is_some_and(|there| total.saturating_mul(bytes) > there) {
            return Err(too_many(total));
        }
        let place = |name: String| {
            let words = match name.as_str() {
                "escalation" => Escalation::ALL.map(Escalation::name).to_vec(),
                "settlement" => Settlement::ALL.map(Settlement::name).to_vec(),
                "headline" => Headline::ALL.map(Headline::name).to_vec(),
                _ => return Ok((name, Place::Whole(room(total, || AtomicI64::new(0))?))),
            };
            let words = words.into_iter().map(str::to_owned).collect();
            Ok((name, Place::Word { words, at: room(total, || AtomicU32::new(0))? }))
        };
        let mut kept = names.into_iter().map(place).collect::<Result<Vec<_>, Error>>()?.into_iter().peekable();
        let all = rows::columns(rules).into_iter();
        Ok(all.map(|name| kept.next_if(|(kept, _)| *kept == name)).collect())
    }

    fn rows(
        &self,
        ready: &[Ready],
        places: Vec<Option<(String, Place)>>,
        parts: Vec<Part>,
        total: u64,
    ) -> Result<Rows, Error> {
        let rules = self.model.rules();
        if let Some(cell) = parts.iter().find_map(|part| part.strange.clone()) {
            return Err(Error::new(Code::Name, [format!("a row holds `{cell}`, which has no place in it")]));
        }
        self.goes_on()?;
        let outcomes = |sums: Option<Accumulator>| {
            let (sums, one) = sums.zip(self.settings.first())?;
            Some(Outcomes::of(&self.model, one, self.days, sums))
        };
        let mut columns: Vec<Column> = places.into_iter().flatten().map(|(name, place)| place.column(name)).collect();
        let means = self.means(ready, &columns);
        if !self.with_rows {
            let outcomes = outcomes(joined(parts));
            let [futures, agreements, means] = [(); 3].map(|()| Table::default());
            return Ok(Rows { futures, agreements, means, outcomes, digest: String::new() });
        }
        if self.keeps(ADDED[0]) {
            let mut seeds = room_for(total)?;
            seeds.extend(ready.iter().flat_map(|setting| setting.futures.clone().map(|_| setting.seed as i64)));
            columns.push(Column::new(ADDED[0], "1", "Seed of the future.", Cells::Whole(seeds)));
        }
        let free = FreeNumbers::of(rules);
        let free = free.finder();
        let mut words = Vec::with_capacity(self.settings.len());
        for setting in &self.settings {
            self.goes_on()?;
            words.push(self.model.written_with(&free, setting, self.days));
        }
        let digest = digest(ready, &words, &parts);
        if self.keeps(ADDED[1]) {
            let mut at = room_for(total)?;
            for (i, setting) in ready.iter().enumerate() {
                at.extend(setting.futures.clone().map(|_| i as u32));
            }
            columns.push(Column::new(
                ADDED[1],
                "",
                "What the future is of, in JSON: scenario, days, numbers and levers. With it and `future` a row alone is enough to have its history.",
                Cells::Word { words, at },
            ));
        }
        self.goes_on()?;
        let mut parts = parts;
        let mut agreements: Vec<(u64, String)> =
            parts.iter_mut().flat_map(|p| std::mem::take(&mut p.agreements)).collect();
        let sums = joined(parts);
        // Stable: within a future they stand in the order in which they were signed.
        agreements.sort_by_key(|(row, _)| *row);
        self.goes_on()?;
        let of = self.metadata();
        let lines: String = agreements.iter().flat_map(|(_, line)| [line, "\n"]).collect();
        let table = rows::table(rules, 1, &lines)
            .ok_or_else(|| Error::new(Code::Name, ["a row of the agreements is none".to_owned()]))?;
        let mut agreements_table = Table::of(table, &AGREEMENTS, of.clone());
        let rows_of = agreements.iter().map(|(row, _)| *row as i64).collect();
        agreements_table.columns.push(Column::new(
            "row",
            "1",
            "Position of its future in the table of futures, from 0.",
            Cells::Whole(rows_of),
        ));
        Ok(Rows {
            futures: Table::made(columns, of.clone()),
            agreements: agreements_table,
            means: Table::made(means, of),
            outcomes: outcomes(sums),
            digest,
        })
    }

    fn metadata(&self) -> Vec<(String, String)> {
        let [one] = &*self.settings else {
            // What they have in common.
            let mut of = self.model.about(0, &Point::Default, &[], self.days, None);
            of.retain(|(key, _)| !["detente.seed", "detente.params", "detente.lever_log"].contains(&key.as_str()));
            of.push(("detente.settings".to_owned(), self.settings.len().to_string()));
            return of;
        };
        let log = self.model.log_within(&one.orders, self.days).unwrap_or_default();
        self.model.about(one.seed, &one.point, &log, self.days, None)
    }

    /// Means of whole numbers and shares of words, setting by setting.
    fn means(&self, ready: &[Ready], columns: &[Column]) -> Vec<Column> {
        let whole = |of: &dyn Fn(&Ready) -> i64| Cells::Whole(ready.iter().map(of).collect());
        let futures = whole(&|of| (of.futures.end - of.futures.start) as i64);
        let mut means = vec![
            Column::new("row", "1", "Position of the setting in the design, from 0.", {
                Cells::Whole((0..ready.len() as u64).map(|row| (self.first + row).cast_signed()).collect())
            }),
            Column::new("futures", "futures", "Futures run of it.", futures),
        ];
        let span = |of: &Ready| of.begins as usize..(of.begins + of.futures.end - of.futures.start) as usize;
        for column in columns.iter().filter(|column| column.name != "future") {
            match &column.cells {
                Cells::Whole(list) => {
                    let mean = |of: &Ready| {
                        let rows = &list[span(of)];
                        let sum: i128 = rows.iter().map(|&value| i128::from(value)).sum();
                        sum as f64 / rows.len() as f64
                    };
                    let says = format!("Mean over futures: {}", column.says);
                    means.push(Column {
                        says,
                        cells: Cells::Real(ready.iter().map(mean).collect()),
                        ..column.clone_head()
                    });
                }
                Cells::Word { words, at } => {
                    for (i, word) in words.iter().enumerate() {
                        let share = |of: &Ready| {
                            let rows = &at[span(of)];
                            rows.iter().filter(|&&at| at as usize == i).count() as f64 / rows.len() as f64
                        };
                        means.push(Column::new(
                            format!("{}.{word}", column.name),
                            "share",
                            "Share of futures.",
                            Cells::Real(ready.iter().map(share).collect()),
                        ));
                    }
                }
                _ => {}
            }
        }
        means
    }
}

/// How a line of a stretch begins that is an agreement of the future above it.
const SIGNED: &str = "+";

/// Futures of all settings.
fn total(ready: &[Ready]) -> u64 {
    ready.last().map_or(0, |last| last.begins + (last.futures.end - last.futures.start))
}

/// What a design gave, in 16 hexadecimal digits: every setting with the numbers of its futures and the sum of their marks, in order.
fn digest(ready: &[Ready], words: &[String], parts: &[Part]) -> String {
    let mut marks = vec![0_u64; ready.len()];
    for (setting, mark) in parts.iter().flat_map(|part| &part.marks) {
        marks[*setting] = marks[*setting].wrapping_add(*mark);
    }
    let lines = ready.iter().zip(words.iter().map(|words| canonical(words))).zip(marks);
    let lines =
        lines.map(|((of, words), mark)| format!("{words} {}..{} {mark:016x}\n", of.futures.start, of.futures.end));
    of_text(&lines.collect::<String>())
}

/// A setting in one order of its keys and of its levers, whichever they were written in.
fn canonical(words: &str) -> String {
    // What was written here is read here.
    let read: std::collections::BTreeMap<String, serde_json::Value> = serde_json::from_str(words).unwrap_or_default();
    let sorted = read.into_iter().map(|(key, value)| {
        let mut parts: Vec<String> = match value {
            serde_json::Value::Array(list) => list.iter().map(ToString::to_string).collect(),
            serde_json::Value::Object(map) => map.iter().map(|(key, value)| format!("{key}={value}")).collect(),
            other => vec![other.to_string()],
        };
        parts.sort_unstable();
        format!("{key}:{}", parts.join(","))
    });
    sorted.collect::<Vec<_>>().join(" ")
}

/// Stretches of a design that are put together, in order.
pub struct Assembly<'a> {
    design: &'a Design,
    ready: Vec<Ready>,
    places: Vec<Option<(String, Place)>>,
    part: Part,
    /// Position of the future that comes next.
    next: u64,
    total: u64,
}

impl Assembly<'_> {
    /// Adds the stretch that follows.
    ///
    /// # Errors
    /// [`Code::Row`] if it is none, or not the one that follows.
    pub fn add(&mut self, stretch: &str) -> Result<(), Error> {
        let mut lines = stretch.lines().peekable();
        let mut agreements = String::new();
        while let Some(line) = lines.next() {
            let row = self.next;
            let setting = self.ready.partition_point(|ready| ready.begins <= row).saturating_sub(1);
            let future = self.ready.get(setting).filter(|_| row < self.total);
            let future = future.map(|of| of.futures.start + (row - of.begins));
            if future.is_none() || line.split(',').next().and_then(|number| number.parse().ok()) != future {
                return Err(no_stretch());
            }
            let cells = line.split(',');
            if cells.clone().count() != self.places.len() {
                return Err(no_stretch());
            }
            for (place, cell) in self.places.iter().zip(cells) {
                if place.as_ref().is_some_and(|(_, place)| !place.put(row as usize, cell)) {
                    return Err(no_stretch());
                }
            }
            agreements.clear();
            while let Some(signed) = lines.next_if(|line| line.starts_with(SIGNED)) {
                let signed = &signed[SIGNED.len()..];
                agreements.extend([signed, "\n"]);
                self.part.agreements.push((row, signed.to_owned()));
            }
            self.part.mark(setting, mark([&format!("{line}\n"), &agreements]));
            self.next += 1;
        }
        Ok(())
    }

    /// What the design gave; sums there are none.
    ///
    /// # Errors
    /// [`Code::Row`] if stretches are missing at the end.
    pub fn rows(self) -> Result<Rows, Error> {
        if self.next != self.total {
            let words =
                format!("only {} of the {} futures of the design are there; run the others", self.next, self.total);
            return Err(Error::new(Code::Row, [words]));
        }
        self.design.rows(&self.ready, self.places, vec![self.part], self.total)
    }
}

fn no_stretch() -> Error {
    let words = "what is to be put together is no stretch of this design, or not the one that follows; run it again";
    Error::new(Code::Row, [words.to_owned()])
}

/// The sums of all parts, where they have some.
fn joined(parts: Vec<Part>) -> Option<Accumulator> {
    parts.into_iter().filter_map(|part| part.sums).reduce(|mut whole, part| {
        whole.merge(&part);
        whole
    })
}

/// Columns of the futures beside those of `runs.csv`.
const ADDED: [&str; 2] = ["seed", "setting"];

impl Place {
    fn put(&self, row: usize, cell: &str) -> bool {
        match self {
            Self::Whole(list) => {
                let value = cell.parse();
                value.is_ok_and(|value| {
                    list[row].store(value, Ordering::Relaxed);
                    true
                })
            }
            Self::Word { words, at } => words.iter().position(|word| word == cell).is_some_and(|i| {
                at[row].store(i as u32, Ordering::Relaxed);
                true
            }),
        }
    }

    fn column(self, name: String) -> Column {
        // Threads are done; the numbers stay where they are in memory.
        let cells = match self {
            Self::Whole(list) => Cells::Whole(list.into_iter().map(AtomicI64::into_inner).collect()),
            Self::Word { words, at } => Cells::Word { words, at: at.into_iter().map(AtomicU32::into_inner).collect() },
        };
        let meaning = &RUNS;
        let (unit, says) = meaning.of(&name);
        let (unit, says) = (unit.to_owned(), says.to_owned());
        Column { name, unit, says, cells }
    }
}

impl Column {
    /// Name, unit and meaning without what it holds.
    fn clone_head(&self) -> Self {
        Self { name: self.name.clone(), unit: self.unit.clone(), says: String::new(), cells: Cells::Real(Vec::new()) }
    }
}

impl Model {
    /// Many settings at once.
    #[must_use]
    pub fn design(&self, settings: impl Into<Vec<Setting>>) -> Design {
        Design::new(self, settings.into())
    }

    /// A setting as the column `setting` writes it: JSON on one line, without the numbers of its futures. Families of numbers are
    /// written as their members.
    #[must_use]
    pub fn written(&self, setting: &Setting, days: u32) -> String {
        self.written_with(&FreeNumbers::of(self.rules()).finder(), setting, days)
    }

    fn written_with(&self, free: &Finder<'_>, setting: &Setting, days: u32) -> String {
        let given: serde_json::Map<String, serde_json::Value> = match &setting.point {
            Point::Given(values) => spread(free, values).into_iter().map(|(id, value)| (id, json!(value))).collect(),
            _ => serde_json::Map::new(),
        };
        // In one way of writing, so that equal settings are equal texts.
        let value = |o: &Order| self.stated(o).unwrap_or_else(|| o.value.clone());
        let levers: Vec<_> = setting.orders.iter().map(|o| json!([o.lever, value(o), o.day])).collect();
        let mut text = json!({
            "scenario": self.name(),
            "hash": self.hash(),
            "days": days,
            "seed": setting.seed,
            "params": setting.point.name(),
            "given": given,
            "levers": levers,
        });
        if let Some((nowcast, digest)) = self.nowcast() {
            text["from"] = json!({ "nowcast": nowcast, "digest": digest });
        }
        text.to_string()
    }

    /// What [`Model::written`] wrote, read back: the setting with one future, and its days.
    ///
    /// # Errors
    /// [`Code::Row`] if it is none, or of another scenario.
    pub fn again(&self, setting: &str, future: u64) -> Result<(Setting, u32), Error> {
        let row = |why: &str| Error::new(Code::Row, [format!("`setting` {why}; take the row as the batch gave it")]);
        let read: serde_json::Value =
            serde_json::from_str(setting).map_err(|_| row("is no JSON that a batch wrote"))?;
        let hash = read["hash"].as_str().ok_or_else(|| row("names no scenario"))?;
        if hash != self.hash() {
            let name = read["scenario"].as_str().unwrap_or_default();
            return Err(Error::new(
                Code::Row,
                [format!(
                    "the row is of the scenario {name} ({hash}), and this model is {} ({}); load the one that the row is of",
                    self.name(),
                    self.hash()
                )],
            ));
        }
        let from = read["from"]["digest"].as_str();
        if from != self.nowcast().map(|(_, digest)| digest) {
            let way = match read["from"]["nowcast"].as_str() {
                Some(nowcast) => format!(
                    "starts from the nowcast {nowcast} as it was then, and this model does not; start the model from that"
                ),
                None => {
                    "starts as its scenario does, and this model from a nowcast; take a model without one".to_owned()
                }
            };
            return Err(Error::new(Code::Row, [format!("the row {way}")]));
        }
        let days = read["days"].as_u64().and_then(|days| u32::try_from(days).ok());
        let days = days.ok_or_else(|| row("has no days"))?;
        let point = match read["params"].as_str() {
            Some("default") => Point::Default,
            Some("prior") => Point::Drawn,
            Some("posterior") => Point::Posterior,
            Some("given") => {
                let given = read["given"].as_object().into_iter().flatten();
                let given = given.map(|(id, value)| value.as_f64().map(|value| (id.clone(), value)));
                Point::Given(given.collect::<Option<_>>().ok_or_else(|| row("gives numbers that are none"))?)
            }
            _ => return Err(row("says nothing of its numbers")),
        };
        let order = |line: &serde_json::Value| {
            let day = line[2].as_u64().and_then(|day| u32::try_from(day).ok())?;
            Some(Order::new(line[0].as_str()?, line[1].as_str()?, day))
        };
        let orders = read["levers"].as_array().into_iter().flatten().map(order).collect::<Option<_>>();
        let orders = orders.ok_or_else(|| row("has levers that are none"))?;
        let seed = read["seed"].as_u64().ok_or_else(|| row("has no seed"))?;
        Ok((Setting { seed, point, orders, futures: future..future.saturating_add(1) }, days))
    }
}
