//! A batch in a folder, so that it can be killed at any moment and go on later, grow, and be joined with others.
//!
//! Futures are run in blocks of at most [`BLOCK`]. A finished block is one file: its [`Accumulator`] and the rows
//! of its futures as text, table by table, under a digest. Files appear whole or not at all, a damaged one counts as missing, and a block's
//! bytes do not depend on who ran it; so the end result, made from the blocks in order, does not depend on how often the
//! batch was interrupted. Statistics are whole-number sums, so neither does it depend on where the blocks were cut: a batch
//! that grew, and slices of one that were run elsewhere and merged, end in the bytes of the whole at once.
//!
//! ```text
//! DIR/manifest.json     what the batch is; written first, changed only to grow
//! DIR/blocks/A-B.block  finished blocks: futures A to B-1; removed last
//! DIR/runs.csv          one row per future (or runs.parquet)
//! DIR/agreements.csv    one row per agreement signed in them (or agreements.parquet)
//! DIR/hazards.csv       month by month, in how many futures something begins (or hazards.parquet)
//! DIR/datapackage.json  what is in the columns of them
//! DIR/draws.csv         with parameters drawn: one row per future, one column per number drawn (or draws.parquet)
//! DIR/runs.block, DIR/agreements.block   beside Parquet: the rows as text, from which a larger batch goes on
//! DIR/sums.block        the statistics as sums, from which a larger batch goes on; digests of the files beside it
//! DIR/batch.json        the result; stands only when everything is there
//! ```

use super::accumulate::Accumulator;
use super::ensemble::{Plan, Progress, Worker};
use super::hazard;
use super::rows::{self, TABLES};
use crate::tables::dictionary::{AGREEMENTS, Field, HAZARDS, Package, RUNS, fields_of};
use crate::tables::folder::{Folder, Trouble, is_partial, json, on_one_line, replace_apart as replace};
use crate::tables::provenance::Provenance;
use crate::tables::run::metadata;
use crate::tables::table::{Cells, Format, Sheet, Table};
use detente_model::chance::Key;
use detente_model::record::digest::{Digesting, of_reader, of_text};
use detente_model::scenario::read_whole;
use detente_model::sim::rules::{Draws, Rules};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Futures in a block.
pub const BLOCK: u64 = 256;

/// Futures in a group of rows of a Parquet file, as large as readers like them.
const GROUP: u64 = 64 * BLOCK;

/// The same where a row holds every number that a future drew: some tens of megabytes.
const DRAWN: u64 = 16 * BLOCK;

/// Futures handed to a worker at a time; divides [`BLOCK`].
const BITE: u64 = 16;

/// No manifest is larger.
const LARGEST_MANIFEST: u64 = 16 << 20;
/// No file of sums is larger.
const LARGEST_SUMS: u64 = 256 << 20;
/// No block is larger.
const LARGEST_BLOCK: u64 = 8 << 30;

/// What a batch is. A folder may only be resumed by the same batch, or by more futures of it, under the same program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What the batch is of, with the scenario whole: the folder alone is enough to run it again.
    #[serde(flatten)]
    pub of: Provenance,
    /// Number of the first future.
    pub first: u64,
    /// Futures.
    pub runs: u64,
    /// Most futures in a block.
    pub block: u64,
    /// Format of the tables: `csv` or `parquet`.
    pub tables: String,
}

impl Manifest {
    /// In what this differs from the manifest of a folder, in words, but for the futures; empty if in nothing.
    #[must_use]
    pub fn differences(&self, there: &Self) -> Vec<String> {
        let mut differences = self.of.differences(&there.of);
        let rows = [
            ("block size", there.block.to_string(), self.block.to_string()),
            ("format", there.tables.clone(), self.tables.clone()),
        ];
        let differing = rows.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        differences.extend(differing.map(|(name, theirs, ours)| format!("{name} {theirs} there, {ours} now")));
        differences
    }

    /// Numbers of its futures.
    #[must_use]
    pub fn futures(&self) -> Range<u64> {
        self.first..self.first.saturating_add(self.runs)
    }

    /// Whether its parameters are drawn for every future.
    #[must_use]
    pub fn draws(&self) -> bool {
        matches!(self.of.params.as_str(), "prior" | "posterior")
    }

    /// Format of the tables.
    #[must_use]
    pub fn format(&self) -> Format {
        if self.tables == Format::Parquet.extension() { Format::Parquet } else { Format::Csv }
    }

    /// Whether a folder holds a batch: its manifest names the size of blocks.
    #[must_use]
    pub fn is_of_a_batch(folder: &Path) -> bool {
        let bytes = read_whole(&folder.join(Store::MANIFEST), LARGEST_MANIFEST).ok();
        let value = bytes.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
        value.is_some_and(|value| value.get("block").is_some())
    }

    /// The manifest of a folder.
    ///
    /// # Errors
    /// If there is none, or it is not of a batch.
    pub fn read(folder: &Path) -> Result<Self, Stop> {
        let path = folder.join(Store::MANIFEST);
        let bytes = read_whole(&path, LARGEST_MANIFEST).map_err(|cause| cannot("read", &path, cause))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Stop::Refused(format!("{} is no manifest of a batch: {}", path.display(), on_one_line(&error)))
        })
    }

    /// File of a table.
    fn table(&self, table: usize) -> String {
        format!("{}.{}", TABLES[table], self.tables)
    }

    /// File of a table's rows as text under a header: the table itself, or what stands beside it because nothing is read
    /// back from Parquet.
    fn rows(&self, table: usize) -> String {
        match self.format() {
            Format::Csv => self.table(table),
            Format::Parquet => format!("{}.block", TABLES[table]),
        }
    }

    /// File of the hazards.
    fn hazards(&self) -> String {
        format!("hazards.{}", self.tables)
    }

    /// Files of a finished batch beside its manifest, but for its draws.
    fn files(&self) -> Vec<String> {
        let mut files: Vec<String> =
            (0..TABLES.len()).flat_map(|table| [self.table(table), self.rows(table)]).collect();
        files.dedup();
        files.push(self.hazards());
        files.extend([Store::RESULT, Store::SUMS, Package::NAME].map(str::to_owned));
        files
    }

    /// Whether all of them stand in a folder.
    fn all_in(&self, folder: &Path) -> bool {
        self.files().iter().all(|name| folder.join(name).is_file())
    }
}

/// Futures in words: `futures 0 to 511`.
fn said(futures: &Range<u64>) -> String {
    match futures.end.saturating_sub(futures.start) {
        1 => format!("future {}", futures.start),
        _ => format!("futures {} to {}", futures.start, futures.end.saturating_sub(1)),
    }
}

/// Why a folder cannot be used, or a batch did not end.
#[derive(Debug)]
pub enum Stop {
    /// Told to stop; what is finished is kept.
    Asked,
    /// The folder belongs to something else, or somebody is at work in it.
    Refused(String),
    /// Something could not be read or written.
    Trouble(Trouble),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// A finished block.
#[derive(Clone, Debug, PartialEq)]
struct Block {
    accumulator: Accumulator,
    /// Rows of its futures, by table, in order, each with its newline.
    rows: [String; TABLES.len()],
}

impl Block {
    fn new(rules: &Rules, days: u32) -> Self {
        Self { accumulator: Accumulator::new(rules, days), rows: Default::default() }
    }

    fn text(&self) -> String {
        // Serialising plain data into memory cannot fail.
        let numbers = serde_json::to_string(&self.accumulator).unwrap_or_default();
        let mut body = format!("{numbers}\n");
        for rows in &self.rows {
            let _ = write!(body, "{}\n{rows}", rows.len());
        }
        format!("{}\n{body}", of_text(&body))
    }

    /// `None` if it is damaged.
    fn read(text: &str) -> Option<Self> {
        let (digest, body) = text.split_once('\n')?;
        let (numbers, mut rest) = body.split_once('\n')?;
        if digest != of_text(body) {
            return None;
        }
        let mut rows: [String; TABLES.len()] = Default::default();
        for rows in &mut rows {
            let (length, table) = rest.split_once('\n')?;
            let length = length.parse().ok()?;
            *rows = table.get(..length)?.to_owned();
            rest = table.get(length..)?;
        }
        Some(Self { accumulator: serde_json::from_str(numbers).ok()?, rows })
    }
}

/// The sums of a finished batch, and digests of what stands beside them.
#[derive(Debug, Serialize, Deserialize)]
struct Sums {
    sums: Accumulator,
    digests: BTreeMap<String, String>,
}

impl Sums {
    fn text(&self) -> String {
        // Serialising plain data into memory cannot fail.
        let body = serde_json::to_string(self).unwrap_or_default();
        format!("{}\n{body}\n", of_text(&body))
    }

    /// Those of a finished folder, held against the files beside them.
    fn read(folder: &Path, manifest: &Manifest) -> Result<Self, Stop> {
        let path = folder.join(Store::SUMS);
        let bytes = read_whole(&path, LARGEST_SUMS).map_err(|cause| cannot("read", &path, cause))?;
        let whole = String::from_utf8(bytes).ok().and_then(|text| {
            let (digest, body) = text.trim_end().split_once('\n')?;
            (digest == of_text(body)).then(|| serde_json::from_str::<Self>(body).ok())?
        });
        let changed = |name: &str| {
            Stop::Refused(format!(
                "{} was changed or damaged after the batch had ended, so its numbers cannot be relied on; remove {} and go \
                 on with --resume, which runs its futures again",
                folder.join(name).display(),
                folder.join(Store::RESULT).display(),
            ))
        };
        let fits = |sums: &Self| (sums.sums.runs, sums.sums.days) == (manifest.runs, manifest.of.days);
        let whole = whole.filter(fits).ok_or_else(|| changed(Store::SUMS))?;
        for (name, digest) in &whole.digests {
            let path = folder.join(name);
            let about = fs::metadata(&path).map_err(|cause| cannot("read", &path, cause))?;
            if !about.is_file() {
                return Err(changed(name));
            }
            let there = File::open(&path).and_then(of_reader).map_err(|cause| cannot("read", &path, cause))?;
            if there != *digest {
                return Err(changed(name));
            }
        }
        Ok(whole)
    }
}

/// A batch's folder, held by this process alone while it lives.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    manifest: Manifest,
    /// Holds the lock.
    _lock: File,
}

impl Store {
    /// Name of the result's file.
    pub const RESULT: &'static str = "batch.json";
    /// Name of the manifest's file.
    pub const MANIFEST: &'static str = "manifest.json";
    const SUMS: &'static str = "sums.block";
    const BLOCKS: &'static str = "blocks";

    /// Takes a folder for a batch: a new or empty one, or with `resume` one in which the same batch was begun, of as many
    /// futures or of fewer.
    ///
    /// # Errors
    /// If the folder holds anything else, is in use by another process, or cannot be written.
    pub fn open(folder: &Path, manifest: Manifest, resume: bool) -> Result<Self, Stop> {
        let path = folder.join(Self::MANIFEST);
        let begun = fs::symlink_metadata(&path).is_ok();
        if begun && !resume {
            return Err(Stop::Refused(format!(
                "{} holds a batch or run already; add --resume to go on with a batch, or give a new folder",
                folder.display()
            )));
        }
        if !begun {
            // Killed before its manifest was written, a batch leaves an empty folder or none: it begins anew.
            crate::tables::folder::vacant(folder)?;
            fs::create_dir_all(folder).map_err(|cause| cannot("write to", folder, cause))?;
            replace(&path, true, |out| json(out, &manifest))?;
        }
        let there = match Manifest::read(folder) {
            Err(Stop::Refused(sentence)) => return Err(Stop::Refused(format!("cannot resume: {sentence}"))),
            there => there?,
        };
        let differences = manifest.differences(&there);
        let (ours, theirs) = (manifest.futures(), there.futures());
        let another = |why: &str| {
            let folder = folder.display();
            Stop::Refused(format!(
                "cannot resume: {folder} holds another batch ({why}); repeat its command, or give a new folder"
            ))
        };
        if !differences.is_empty() {
            return Err(another(&differences.join("; ")));
        }
        if ours.start != theirs.start {
            return Err(another(&format!("{} there, {} now", said(&theirs), said(&ours))));
        }
        if ours.end < theirs.end {
            let words = format!("{} there, {} now, and a batch can grow but not shrink", said(&theirs), said(&ours));
            return Err(another(&words));
        }
        let (lock, alone) = locked(&path, folder)?;
        let mut store = Self { folder: folder.to_owned(), manifest: there, _lock: lock };
        let blocks = store.folder.join(Self::BLOCKS);
        // Where the file system knows no locks, what looks left behind may be another's at work.
        if alone {
            sweep(&store.folder)?;
            sweep(&blocks)?;
        }
        if ours != theirs {
            store.grow(manifest)?;
        }
        if !store.is_finished() {
            fs::create_dir_all(&blocks).map_err(|cause| cannot("write to", &blocks, cause))?;
        }
        Ok(store)
    }

    /// Makes what is there the beginning of a larger batch. At every moment of this the folder is a batch that can be
    /// resumed: first the result becomes a block, then it goes, then the manifest changes.
    fn grow(&mut self, manifest: Manifest) -> Result<(), Stop> {
        if self.is_finished() {
            let Sums { sums, .. } = Sums::read(&self.folder, &self.manifest)?;
            let blocks = self.folder.join(Self::BLOCKS);
            fs::create_dir_all(&blocks).map_err(|cause| cannot("write to", &blocks, cause))?;
            let mut rows: [String; TABLES.len()] = Default::default();
            for (table, rows) in rows.iter_mut().enumerate() {
                let path = self.folder.join(self.manifest.rows(table));
                let text = fs::read_to_string(&path).map_err(|cause| cannot("read", &path, cause))?;
                text.split_once('\n').map_or("", |(_, rows)| rows).clone_into(rows);
            }
            let block = Block { accumulator: sums, rows };
            replace(&self.path(&self.manifest.futures()), true, |out| out.write_all(block.text().as_bytes()))?;
        }
        // The result first: without it the batch has not ended.
        let files = std::iter::once(Self::RESULT.to_owned()).chain(self.manifest.files());
        for name in files.chain(DRAWS.map(str::to_owned)) {
            let path = self.folder.join(name);
            match fs::remove_file(&path) {
                Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                    return Err(cannot("remove", &path, cause).into());
                }
                _ => {}
            }
        }
        let path = self.folder.join(Self::MANIFEST);
        replace(&path, true, |out| json(out, &manifest))?;
        // The lock is on the file that was replaced, so it is taken again before that one is let go.
        self._lock = locked(&path, &self.folder)?.0;
        self.manifest = manifest;
        Ok(())
    }

    /// Digest of the result in a folder; `None` if the batch has none so far.
    ///
    /// # Errors
    /// If there is one and it cannot be read.
    pub fn digest(folder: &Path) -> Result<Option<String>, Stop> {
        let path = folder.join(Self::RESULT);
        if fs::symlink_metadata(&path).is_err() {
            return Ok(None);
        }
        let bytes = read_whole(&path, LARGEST_SUMS).map_err(|cause| cannot("read", &path, cause))?;
        let value: Option<serde_json::Value> = serde_json::from_slice(&bytes).ok();
        match value.as_ref().and_then(|value| value.get("digest")?.as_str()) {
            Some(digest) => Ok(Some(digest.to_owned())),
            None => Err(Stop::Refused(format!(
                "{} is damaged, so there is nothing to compare with; take the folder from a copy, or remove the file and go on \
                 with --resume",
                path.display()
            ))),
        }
    }

    /// How a folder keeps the numbers that were drawn, if it does.
    #[must_use]
    pub fn draws(folder: &Path) -> Option<Format> {
        [Format::Csv, Format::Parquet].into_iter().find(|&format| folder.join(draws_name(format)).is_file())
    }

    /// Whether the batch has ended: its result stands, and so does what it was made from.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.manifest.all_in(&self.folder)
    }

    /// The text of the result, once it stands; what an interruption left of the blocks is cleared away.
    ///
    /// # Errors
    /// If it cannot be read, or was changed since.
    pub fn result(&self, rules: &Rules, draws: Option<Format>) -> Result<String, Stop> {
        let mut sums = Sums::read(&self.folder, &self.manifest)?;
        if let Some(format) = draws.filter(|_| self.manifest.draws()) {
            let path = self.folder.join(draws_name(format));
            if !path.is_file() {
                replace(&path, true, |out| write_draws(rules, &self.manifest, format, out))?;
                // The dictionary lists the table now, and the sums hold the digest of the dictionary.
                let package = text_of(&package(rules, &self.manifest, Some(format)));
                sums.digests.insert(Package::NAME.to_owned(), of_text(&package));
                replace(&self.folder.join(Package::NAME), true, |out| out.write_all(package.as_bytes()))?;
                replace(&self.folder.join(Self::SUMS), true, |out| out.write_all(sums.text().as_bytes()))?;
            }
        }
        let path = self.folder.join(Self::RESULT);
        let bytes = read_whole(&path, LARGEST_SUMS).map_err(|cause| cannot("read", &path, cause))?;
        self.clear()?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn path(&self, futures: &Range<u64>) -> PathBuf {
        self.folder.join(Self::BLOCKS).join(format!("{}-{}.block", futures.start, futures.end))
    }

    /// A finished block; `None` if it is missing or damaged.
    fn block(&self, futures: &Range<u64>) -> Option<Block> {
        let bytes = read_whole(&self.path(futures), LARGEST_BLOCK).ok()?;
        let read = Block::read(std::str::from_utf8(&bytes).ok()?)?;
        let fits =
            read.accumulator.runs == futures.end - futures.start && read.accumulator.days == self.manifest.of.days;
        fits.then_some(read)
    }

    /// Futures whose blocks are there and whole, in order.
    fn there(&self) -> Vec<Range<u64>> {
        let entries = fs::read_dir(self.folder.join(Self::BLOCKS)).into_iter().flatten().flatten();
        let mut named: Vec<Range<u64>> = entries
            .filter_map(|entry| {
                let name = entry.file_name();
                let (start, end) = name.to_str()?.strip_suffix(".block")?.split_once('-')?;
                Some(start.parse().ok()?..end.parse().ok()?)
            })
            .collect();
        named.sort_by_key(|futures| (futures.start, std::cmp::Reverse(futures.end)));
        let mut next = self.manifest.first;
        let within = self.manifest.futures();
        named.retain(|futures| {
            let fits = futures.start >= next && futures.start < futures.end && futures.end <= within.end;
            let whole = fits && self.block(futures).is_some();
            if whole {
                next = futures.end;
            }
            whole
        });
        named
    }

    /// Futures that are still to be run, in order, cut into blocks.
    #[must_use]
    pub fn pending(&self) -> Vec<Range<u64>> {
        let whole = self.manifest.futures();
        let (mut pending, mut next) = (Vec::new(), whole.start);
        for there in self.there().into_iter().chain(std::iter::once(whole.end..whole.end)) {
            while next < there.start {
                let end = (next / BLOCK + 1).saturating_mul(BLOCK).min(there.start);
                pending.push(next..end);
                next = end;
            }
            next = there.end;
        }
        pending
    }

    /// Futures in these blocks.
    #[must_use]
    pub fn count(blocks: &[Range<u64>]) -> u64 {
        blocks.iter().map(|futures| futures.end - futures.start).sum()
    }

    /// Runs these blocks and keeps each as soon as it is whole.
    ///
    /// # Errors
    /// [`Stop::Asked`] if `progress` says stop, and whatever stood in the way of writing; finished blocks are kept.
    pub fn run(
        &self,
        rules: &Rules,
        plan: &Plan,
        blocks: &[Range<u64>],
        jobs: usize,
        progress: &Progress,
    ) -> Result<(), Stop> {
        let bites: Vec<(usize, Range<u64>)> = blocks
            .iter()
            .enumerate()
            .flat_map(|(block, futures)| {
                let (starts, end) = (futures.clone().step_by(BITE as usize), futures.end);
                starts.map(move |start| (block, start..(start + BITE).min(end)))
            })
            .collect();
        let next = AtomicU64::new(0);
        let failed = AtomicBool::new(false);
        let unfinished: Mutex<BTreeMap<usize, Unfinished>> = Mutex::default();
        let work = || -> Result<(), Stop> {
            let mut worker: Option<Worker> = None;
            while let Some((block, futures)) = bites.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                let worker = worker.get_or_insert_with(|| Worker::new(rules, plan));
                let mut part = Block::new(rules, plan.days);
                for future in futures.clone() {
                    if progress.stop.load(Ordering::Relaxed) {
                        return Err(Stop::Asked);
                    }
                    if failed.load(Ordering::Relaxed) {
                        return Ok(());
                    }
                    let summary = worker.run(future);
                    part.accumulator.add(&summary);
                    rows::lines(rules, &summary, &mut part.rows);
                    progress.done.fetch_add(1, Ordering::Relaxed);
                }
                let Some(range) = blocks.get(*block) else { return Ok(()) };
                let whole = {
                    let mut unfinished = unfinished.lock().unwrap_or_else(PoisonError::into_inner);
                    let parts = unfinished.entry(*block).or_default();
                    parts.insert(futures.start, part);
                    let all = parts.len() as u64 == (range.end - range.start).div_ceil(BITE);
                    if all { unfinished.remove(block) } else { None }
                };
                if let Some(parts) = whole
                    && let Err(trouble) = self.keep(range, rules, parts)
                {
                    failed.store(true, Ordering::Relaxed);
                    return Err(trouble.into());
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..jobs.clamp(1, bites.len().max(1))).map(|_| scope.spawn(work)).collect();
            // A panic in a worker is a bug: let it through as it is.
            let results: Vec<Result<(), Stop>> = workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect();
            results.into_iter().collect()
        })
    }

    fn keep(&self, futures: &Range<u64>, rules: &Rules, parts: Unfinished) -> Result<(), Trouble> {
        let mut whole = Block::new(rules, self.manifest.of.days);
        for part in parts.values() {
            whole.accumulator.merge(&part.accumulator);
            for (into, rows) in whole.rows.iter_mut().zip(&part.rows) {
                into.push_str(rows);
            }
        }
        // Not flushed to the disk: what a power cut damages is run again.
        replace(&self.path(futures), false, |out| out.write_all(whole.text().as_bytes()))
    }

    /// Makes the result from the finished blocks, in order: tables first, then what `result` makes of the statistics, and
    /// removes the blocks last.
    ///
    /// # Errors
    /// If a block is not there, or something cannot be written.
    pub fn finish<R: Serialize>(
        &self,
        rules: &Rules,
        draws: Option<Format>,
        result: impl FnOnce(&Accumulator) -> R,
    ) -> Result<R, Stop> {
        let mut whole = Accumulator::new(rules, self.manifest.of.days);
        let there = self.there();
        let missing = |number: u64| {
            let words = format!("the block of future {number} was removed or damaged meanwhile; resume the batch");
            io::Error::new(io::ErrorKind::InvalidData, words)
        };
        let mut next = self.manifest.first;
        for futures in &there {
            if futures.start != next {
                break;
            }
            next = futures.end;
        }
        if next != self.manifest.futures().end {
            return Err(cannot("read", &self.folder.join(Self::BLOCKS), missing(next)).into());
        }
        let mut digests = BTreeMap::new();
        for table in 0..TABLES.len() {
            let name = self.manifest.rows(table);
            let mut digest = String::new();
            replace(&self.folder.join(&name), true, |out| {
                let mut out = Digesting::new(out);
                writeln!(out, "{}", rows::header(rules, table))?;
                for futures in &there {
                    let block = self.block(futures).ok_or_else(|| missing(futures.start))?;
                    if table == 0 {
                        whole.merge(&block.accumulator);
                    }
                    out.write_all(block.rows.get(table).map_or(&[], |rows| rows.as_bytes()))?;
                }
                digest = out.digest();
                Ok(())
            })?;
            if self.manifest.format() == Format::Parquet {
                let (rows, name) = (self.folder.join(&name), self.manifest.table(table));
                let mut digest = String::new();
                replace(&self.folder.join(&name), true, |out| {
                    digest = write_parquet(rules, &self.manifest, table, &[rows], out)?;
                    Ok(())
                })?;
                digests.insert(name, digest);
            }
            digests.insert(name, digest);
        }
        let draws = draws.filter(|_| self.manifest.draws());
        let package = text_of(&package(rules, &self.manifest, draws));
        digests.insert(Package::NAME.to_owned(), of_text(&package));
        replace(&self.folder.join(Package::NAME), true, |out| out.write_all(package.as_bytes()))?;
        if let Some(format) = draws {
            replace(&self.folder.join(draws_name(format)), true, |out| {
                write_draws(rules, &self.manifest, format, out)
            })?;
        }
        let name = self.manifest.hazards();
        let mut digest = String::new();
        replace(&self.folder.join(&name), true, |out| {
            digest = write_hazards(&self.manifest, &whole, out)?;
            Ok(())
        })?;
        digests.insert(name, digest);
        let result = result(&whole);
        let text = text_of(&result);
        digests.insert(Self::RESULT.to_owned(), of_text(&text));
        let sums = Sums { sums: whole, digests };
        replace(&self.folder.join(Self::SUMS), true, |out| out.write_all(sums.text().as_bytes()))?;
        replace(&self.folder.join(Self::RESULT), true, |out| out.write_all(text.as_bytes()))?;
        self.clear()?;
        Ok(result)
    }

    /// Whether the tables of a folder are as they were written; one that has not ended has none yet.
    ///
    /// # Errors
    /// The first that was changed or damaged since.
    pub fn intact(folder: &Path, manifest: &Manifest) -> Result<(), Stop> {
        if manifest.all_in(folder) { Sums::read(folder, manifest).map(|_| ()) } else { Ok(()) }
    }

    fn clear(&self) -> Result<(), Trouble> {
        let blocks = self.folder.join(Self::BLOCKS);
        match fs::remove_dir_all(&blocks) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cannot("remove", &blocks, cause)),
            _ => Ok(()),
        }
    }
}

/// The result as its file holds it.
fn text_of(result: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    // Serialising plain data into memory cannot fail.
    let _ = json(&mut bytes, result);
    String::from_utf8(bytes).unwrap_or_default()
}

/// A finished batch that is to be joined with others.
#[derive(Debug)]
pub struct Slice {
    folder: PathBuf,
    /// What it is.
    pub manifest: Manifest,
    sums: Accumulator,
    /// Whether it keeps its draws, and how.
    draws: Option<Format>,
}

impl Slice {
    /// Reads a finished batch.
    ///
    /// # Errors
    /// If the folder holds none, or it was changed since.
    pub fn open(folder: &Path) -> Result<Self, Stop> {
        let manifest = Manifest::read(folder)?;
        if !manifest.all_in(folder) {
            return Err(Stop::Refused(format!(
                "the batch in {} has not ended; repeat its command with --resume, then merge",
                folder.display()
            )));
        }
        let Sums { sums, .. } = Sums::read(folder, &manifest)?;
        let draws = Store::draws(folder);
        Ok(Self { folder: folder.to_owned(), manifest, sums, draws })
    }

    /// Puts slices in order, and says what the whole of them is.
    ///
    /// # Errors
    /// If they are not parts of one batch, leave futures out, or hold some twice.
    pub fn join(slices: &mut [Self]) -> Result<Manifest, Stop> {
        slices.sort_by_key(|slice| slice.manifest.first);
        let Some(first) = slices.first() else { return Err(Stop::Refused("there is nothing to merge".to_owned())) };
        let mut whole = first.manifest.clone();
        for pair in slices.windows(2) {
            let [before, after] = pair else { continue };
            let differences = after.manifest.differences(&before.manifest);
            let (one, other) = (before.folder.display(), after.folder.display());
            if !differences.is_empty() {
                let words = differences
                    .join("; ")
                    .replace(" there", &format!(" in {one}"))
                    .replace(" now", &format!(" in {other}"));
                return Err(Stop::Refused(format!(
                    "cannot merge: {one} and {other} are parts of different batches ({words})"
                )));
            }
            let (end, start) = (whole.futures().end, after.manifest.first);
            if start > end {
                let gap = said(&(end..start));
                return Err(Stop::Refused(format!(
                    "cannot merge: {gap} are missing between {one} and {other}; run them with --futures {end}..{start}, or merge what goes together"
                )));
            }
            if start < end {
                let both = said(&(start..end.min(after.manifest.futures().end)));
                return Err(Stop::Refused(format!(
                    "cannot merge: {one} and {other} both hold {both}; leave one of them out"
                )));
            }
            whole.runs += after.manifest.runs;
        }
        Ok(whole)
    }

    /// Writes the whole into a new folder: the bytes that one process would have left there.
    ///
    /// # Errors
    /// Whatever stood in the way; then there is no such folder.
    pub fn merge<R: Serialize>(
        slices: &[Self],
        whole: &Manifest,
        out: &Path,
        rules: &Rules,
        result: impl FnOnce(&Accumulator) -> R,
    ) -> Result<R, Stop> {
        let mut sums = Accumulator::new(rules, whole.of.days);
        for slice in slices {
            sums.merge(&slice.sums);
        }
        let folder = Folder::new(out)?;
        folder.file(Store::MANIFEST, |out| json(out, whole))?;
        let mut digests = BTreeMap::new();
        for table in 0..TABLES.len() {
            let name = whole.rows(table);
            let rows: Vec<PathBuf> = slices.iter().map(|slice| slice.folder.join(&name)).collect();
            let mut digest = String::new();
            folder.file(&name, |out| {
                let mut out = Digesting::new(out);
                writeln!(out, "{}", rows::header(rules, table))?;
                for rows in &rows {
                    let mut rows = BufReader::new(File::open(rows)?);
                    rows.skip_until(b'\n')?;
                    io::copy(&mut rows, &mut out)?;
                }
                digest = out.digest();
                Ok(())
            })?;
            if whole.format() == Format::Parquet {
                let name = whole.table(table);
                let mut digest = String::new();
                folder.file(&name, |out| {
                    digest = write_parquet(rules, whole, table, &rows, out)?;
                    Ok(())
                })?;
                digests.insert(name, digest);
            }
            digests.insert(name, digest);
        }
        // Draws follow from the seed: they are made anew where every slice has kept its own.
        let kept: Option<Vec<Format>> = slices.iter().map(|slice| slice.draws).collect();
        let draws = kept.and_then(|formats| formats.first().copied());
        let package = text_of(&package(rules, whole, draws));
        digests.insert(Package::NAME.to_owned(), of_text(&package));
        folder.file(Package::NAME, |out| out.write_all(package.as_bytes()))?;
        if let Some(format) = draws {
            folder.file(draws_name(format), |out| write_draws(rules, whole, format, out))?;
        }
        let name = whole.hazards();
        let mut digest = String::new();
        folder.file(&name, |out| {
            digest = write_hazards(whole, &sums, out)?;
            Ok(())
        })?;
        digests.insert(name, digest);
        let result = result(&sums);
        let text = text_of(&result);
        digests.insert(Store::RESULT.to_owned(), of_text(&text));
        folder.file(Store::SUMS, |out| out.write_all(Sums { sums, digests }.text().as_bytes()))?;
        folder.file(Store::RESULT, |out| out.write_all(text.as_bytes()))?;
        folder.finish()?;
        Ok(result)
    }
}

/// A table with no rows, and what is in its columns.
fn columns(rules: &Rules, table: usize) -> (Table, Vec<Field>) {
    let [runs, agreements] = rows::columns_of(rules);
    let (empty, meaning) = if table == 0 { (runs, RUNS) } else { (agreements, AGREEMENTS) };
    let fields = fields_of(&empty, &meaning);
    (empty, fields)
}

/// What is in the tables of a batch.
fn package(rules: &Rules, manifest: &Manifest, draws: Option<Format>) -> Package {
    let mut package = Package::new(&manifest.of);
    for (table, name) in TABLES.into_iter().enumerate() {
        package.add(name, manifest.table(table), manifest.format(), columns(rules, table).1);
    }
    package.add("hazards", manifest.hazards(), manifest.format(), fields_of(&hazard::table(&[]), &HAZARDS));
    if let Some(format) = draws {
        package.add("draws", draws_name(format).to_owned(), format, drawn_fields(rules));
    }
    package
}

/// What is in the table of draws: the future, and every number drawn with its own unit and meaning.
fn drawn_fields(rules: &Rules) -> Vec<Field> {
    let draws = Draws::of(rules);
    let field = |(name, (unit, description)): (String, (&'static str, &'static str))| Field {
        name,
        of_type: "number",
        unit: unit.to_owned(),
        description,
    };
    let future = Table(vec![("future".to_owned(), Cells::Whole(Vec::new()))]);
    let mut fields = fields_of(&future, &RUNS);
    fields.extend(draws.ids().into_iter().zip(draws.meanings()).map(field));
    fields
}

/// Writes a table as Parquet from files of its rows as text, and gives the digest of what it wrote. Groups of rows are cut by
/// the numbers of futures, so that they are the same however the batch came about.
fn write_parquet<W: Write + Send>(
    rules: &Rules,
    manifest: &Manifest,
    table: usize,
    files: &[PathBuf],
    out: W,
) -> io::Result<String> {
    let (empty, fields) = columns(rules, table);
    let mut out = Digesting::new(out);
    let mut sheet = Sheet::new(Format::Parquet, &mut out, &empty, &metadata(&manifest.of, &fields))?;
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a row of the batch is damaged");
    let (mut group, mut text, mut line) = (0, String::new(), String::new());
    for file in files {
        let mut rows = BufReader::new(File::open(file)?);
        rows.skip_until(b'\n')?;
        loop {
            line.clear();
            if rows.read_line(&mut line)? == 0 {
                break;
            }
            let future = line.split(',').next().and_then(|future| future.parse::<u64>().ok()).ok_or_else(damaged)?;
            let here = future.saturating_sub(manifest.first) / GROUP;
            if here != group {
                sheet.add(&rows::table(rules, table, &text).ok_or_else(damaged)?)?;
                text.clear();
                group = here;
            }
            text.push_str(&line);
        }
    }
    sheet.add(&rows::table(rules, table, &text).ok_or_else(damaged)?)?;
    sheet.close()?;
    out.flush()?;
    Ok(out.digest())
}

/// Writes the table of hazards, and gives the digest of what it wrote.
fn write_hazards<W: Write + Send>(manifest: &Manifest, sums: &Accumulator, out: W) -> io::Result<String> {
    let mut out = Digesting::new(out);
    let table = hazard::table(&hazard::all(sums));
    table.write_with(manifest.format(), &mut out, &metadata(&manifest.of, &fields_of(&table, &HAZARDS)))?;
    out.flush()?;
    Ok(out.digest())
}

/// Names of the table of draws.
const DRAWS: [&str; 2] = ["draws.csv", "draws.parquet"];

fn draws_name(format: Format) -> &'static str {
    let [csv, parquet] = DRAWS;
    match format {
        Format::Csv => csv,
        Format::Parquet => parquet,
    }
}

/// The numbers that every future of a batch drew, one row per future. They follow from scenario, seed and number of the
/// future, so they need not be kept while the batch runs.
fn write_draws<W: Write + Send>(rules: &Rules, manifest: &Manifest, format: Format, mut out: W) -> io::Result<()> {
    let mut draws = Draws::of(rules);
    let mut of = |future: u64| draws.values(Key::new(manifest.of.seed, future));
    match format {
        Format::Csv => {
            write!(out, "future")?;
            for id in Draws::of(rules).ids() {
                write!(out, ",{id}")?;
            }
            writeln!(out)?;
            for future in manifest.futures() {
                write!(out, "{future}")?;
                for value in of(future) {
                    // With a point, as in every table.
                    let point = if value.fract() == 0.0 { ".0" } else { "" };
                    write!(out, ",{value}{point}")?;
                }
                writeln!(out)?;
            }
            Ok(())
        }
        Format::Parquet => {
            let ids = Draws::of(rules).ids();
            let table = |futures: Range<u64>, of: &mut dyn FnMut(u64) -> Vec<f64>| {
                let mut columns: Vec<Vec<f64>> = vec![Vec::new(); ids.len()];
                for future in futures.clone() {
                    for (column, value) in columns.iter_mut().zip(of(future)) {
                        column.push(value);
                    }
                }
                let numbers = futures.map(|future| i64::try_from(future).ok()).collect();
                let mut table = Table(vec![("future".to_owned(), Cells::Whole(numbers))]);
                table.0.extend(ids.iter().cloned().zip(columns.into_iter().map(Cells::Real)));
                table
            };
            let all = manifest.futures();
            let about = metadata(&manifest.of, &drawn_fields(rules));
            let mut sheet = Sheet::new(format, out, &table(all.start..all.start, &mut of), &about)?;
            // Group by group: the numbers of all futures at once would not fit where there are many.
            let mut start = all.start;
            while start < all.end {
                let end = start.saturating_add(DRAWN).min(all.end);
                sheet.add(&table(start..end, &mut of))?;
                start = end;
            }
            sheet.close()
        }
    }
}

/// Takes the lock on a batch's manifest: the file that now stands under that name. Beside it: whether there is a lock at all, for some
/// file systems have none.
pub(super) fn locked(path: &Path, folder: &Path) -> Result<(File, bool), Stop> {
    let busy = || Stop::Refused(format!("another process is running the batch or effect in {}", folder.display()));
    // For writing, too: over NFS a file that is open for reading alone cannot be locked against others.
    let lock = match fs::OpenOptions::new().read(true).write(true).open(path) {
        Err(cause) if matches!(cause.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
            File::open(path)
        }
        lock => lock,
    };
    let lock = lock.map_err(|cause| cannot("read", path, cause))?;
    let alone = match lock.try_lock() {
        Ok(()) => true,
        Err(fs::TryLockError::WouldBlock) => return Err(busy()),
        Err(fs::TryLockError::Error(_)) => false,
    };
    // Whoever made the batch grow meanwhile has put another file in its place, and works with that.
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let (mine, there) = (lock.metadata().map(|about| about.ino()), fs::metadata(path).map(|about| about.ino()));
        if !matches!((mine, there), (Ok(a), Ok(b)) if a == b) {
            return Err(busy());
        }
    }
    Ok((lock, alone))
}

/// Finished bites of a block, by first future.
type Unfinished = BTreeMap<u64, Block>;

pub(super) fn cannot(action: &str, path: &Path, cause: io::Error) -> Trouble {
    Trouble { what: format!("cannot {action} {}", path.display()), cause }
}

/// Removes what an interrupted write left behind.
pub(super) fn sweep(folder: &Path) -> Result<(), Trouble> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(cannot("read", folder, cause)),
    };
    for entry in entries.flatten().filter(|entry| is_partial(&entry.file_name().to_string_lossy())) {
        fs::remove_file(entry.path()).map_err(|cause| cannot("remove", &entry.path(), cause))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_block_counts_as_missing() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let rules = Rules::new(&loaded);
        let block = Block {
            accumulator: Accumulator::new(&rules, 30),
            rows: ["0,none\n1,none\n".to_owned(), "1,LEB\n".to_owned()],
        };
        let text = block.text();
        assert_eq!(Block::read(&text), Some(block));
        for cut in [0, 5, 17, 40, text.len() - 1] {
            assert_eq!(Block::read(&text[..cut]), None, "cut at {cut}");
        }
        assert_eq!(Block::read(&text.replace("1,none", "1,nine")), None);
    }

    #[test]
    fn groups_of_a_parquet_file_do_not_depend_on_where_its_rows_come_from() {
        use parquet::file::reader::{FileReader, SerializedFileReader};
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let rules = Rules::new(&loaded);
        let of = Provenance::of(&loaded, &rules, 30, 1, "default", &[]);
        let manifest = Manifest { of, first: 0, runs: 2 * GROUP, block: BLOCK, tables: "parquet".to_owned() };
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, futures: &[u64]| {
            let rows = futures.iter().map(|future| format!("{future},LEB,1,2,1,1,collapse\n")).collect::<String>();
            let path = folder.path().join(name);
            fs::write(&path, format!("{}\n{rows}", rows::header(&rules, 1))).unwrap();
            path
        };
        let write = |files: &[PathBuf]| {
            let mut bytes = Vec::new();
            write_parquet(&rules, &manifest, 1, files, &mut bytes).unwrap();
            bytes
        };
        let one = write(&[file("one", &[3, 3, GROUP - 1, GROUP, GROUP + 9])]);
        let parts = [file("a", &[3, 3]), file("none", &[]), file("b", &[GROUP - 1, GROUP, GROUP + 9])];
        assert!(write(&parts) == one);
        let path = folder.path().join("one.parquet");
        fs::write(&path, one).unwrap();
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        let rows: Vec<i64> = reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
        assert_eq!(rows, [3, 2]);
    }
}
