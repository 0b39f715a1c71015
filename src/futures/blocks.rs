//! A batch in a folder, so that it can be killed at any moment and go on later.
//!
//! Futures are run in blocks of [`BLOCK`]. A finished block is one file: its [`Accumulator`] and one row of text per
//! future, under a digest. Files appear whole or not at all, a damaged one counts as missing, and a block's bytes do not
//! depend on who ran it; so the end result, made from the blocks in order, does not depend on how often the batch was
//! interrupted.
//!
//! ```text
//! DIR/manifest.json   what the batch is; written first, never changed
//! DIR/blocks/N.block  finished blocks; removed last
//! DIR/runs.csv        one row per future (or runs.parquet)
//! DIR/agreements.csv  one row per agreement signed in them (or agreements.parquet)
//! DIR/datapackage.json  what is in the columns of both
//! DIR/batch.json      the result; stands only when everything is there
//! ```

use super::accumulate::Accumulator;
use super::ensemble::{Plan, Progress, Worker};
use super::rows;
use crate::record::dictionary::{AGREEMENTS, Package, RUNS, fields_of};
use crate::record::digest::of_text;
use crate::record::provenance::Provenance;
use crate::record::write::{
    Format, LeverLine, ScenarioPart, Sheet, Trouble, Versions, is_partial, json, metadata, replace,
};
use crate::scenario::raw;
use crate::sim::rules::Rules;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Futures in a block.
pub const BLOCK: u64 = 256;

/// Blocks in a group of rows of a Parquet file: 16,384 futures.
const GROUP: u64 = 64;

/// Futures handed to a worker at a time; divides [`BLOCK`].
const BITE: u64 = 16;

/// What a batch is. A folder may only be resumed by the same batch under the same program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Versions of scenario format and model.
    pub versions: Versions,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of its content.
    pub scenario_hash: String,
    /// Its content, so that the folder alone is enough to run the batch again.
    pub scenario_content: raw::Scenario,
    /// The first day, day 0.
    pub start: Date,
    /// Futures.
    pub runs: u64,
    /// Days of each.
    pub days: u32,
    /// Seed.
    pub seed: u64,
    /// `default` or `prior`.
    pub params: String,
    /// The user's lever changes.
    pub lever_log: Vec<LeverLine>,
    /// Futures in a block.
    pub block: u64,
    /// Format of the tables: `csv` or `parquet`.
    pub tables: String,
}

impl Manifest {
    /// Whether a folder holds a batch: its manifest names the size of blocks.
    #[must_use]
    pub fn is_of_a_batch(folder: &Path) -> bool {
        let value = Self::bytes(folder).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
        value.is_some_and(|value| value.get("block").is_some())
    }

    /// The manifest of a folder.
    ///
    /// # Errors
    /// One sentence.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join(Store::MANIFEST);
        let bytes = Self::bytes(folder).map_err(|cause| cannot("read", &path, cause).to_string())?;
        serde_json::from_slice(&bytes).map_err(|error| format!("{} is no manifest of a batch: {error}", path.display()))
    }

    /// At most so many bytes as a manifest can have.
    fn bytes(folder: &Path) -> io::Result<Vec<u8>> {
        const MOST: u64 = 1 << 24;
        let path = folder.join(Store::MANIFEST);
        if !fs::metadata(&path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no file"));
        }
        let mut bytes = Vec::new();
        File::open(&path)?.take(MOST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// What the batch is of.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        Provenance {
            versions: self.versions.clone(),
            scenario: ScenarioPart {
                name: self.scenario.clone(),
                hash: self.scenario_hash.clone(),
                content: self.scenario_content.clone(),
            },
            start: self.start,
            days: self.days,
            seed: self.seed,
            params: self.params.clone(),
            lever_log: self.lever_log.clone(),
        }
    }

    /// Format of the tables.
    #[must_use]
    pub fn format(&self) -> Format {
        if self.tables == Format::Parquet.extension() { Format::Parquet } else { Format::Csv }
    }

    /// In what this differs from the manifest of a folder, in words; empty if in nothing.
    #[must_use]
    pub fn differences(&self, there: &Self) -> Vec<String> {
        let levers = |manifest: &Self| {
            let said = manifest.lever_log.iter().map(|line| format!("{}={}@{}", line.lever, line.value, line.day));
            let said: Vec<String> = said.collect();
            if said.is_empty() { "none".to_owned() } else { said.join(" ") }
        };
        let rows = [
            ("program version", there.versions.model.clone(), self.versions.model.clone()),
            ("scenario format", there.versions.format.to_string(), self.versions.format.to_string()),
            ("scenario", there.scenario.clone(), self.scenario.clone()),
            ("scenario content", there.scenario_hash.clone(), self.scenario_hash.clone()),
            ("runs", there.runs.to_string(), self.runs.to_string()),
            ("days", there.days.to_string(), self.days.to_string()),
            ("seed", there.seed.to_string(), self.seed.to_string()),
            ("params", there.params.clone(), self.params.clone()),
            ("lever changes", levers(there), levers(self)),
            ("block size", there.block.to_string(), self.block.to_string()),
            ("format", there.tables.clone(), self.tables.clone()),
        ];
        let differing = rows.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        differing.map(|(name, theirs, ours)| format!("{name} {theirs} there, {ours} now")).collect()
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
    /// Rows of its futures, in order, each with its newline.
    rows: String,
}

impl Block {
    fn text(&self) -> String {
        // Serialising plain data into memory cannot fail.
        let numbers = serde_json::to_string(&self.accumulator).unwrap_or_default();
        let body = format!("{numbers}\n{}", self.rows);
        format!("{}\n{body}", of_text(&body))
    }

    /// `None` if it is damaged.
    fn read(text: &str) -> Option<Self> {
        let (digest, body) = text.split_once('\n')?;
        let (numbers, rows) = body.split_once('\n')?;
        if digest != of_text(body) {
            return None;
        }
        Some(Self { accumulator: serde_json::from_str(numbers).ok()?, rows: rows.to_owned() })
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
    const MANIFEST: &'static str = "manifest.json";
    const ROWS: &'static str = "runs";
    const AGREEMENTS: &'static str = "agreements";
    const BLOCKS: &'static str = "blocks";

    /// Takes a folder for a batch: a new or empty one, or with `resume` one in which the same batch was begun.
    ///
    /// # Errors
    /// If the folder holds anything else, is in use by another process, or cannot be written.
    pub fn open(folder: &Path, manifest: Manifest, resume: bool) -> Result<Self, Stop> {
        let path = folder.join(Self::MANIFEST);
        match fs::read(&path) {
            Ok(bytes) if resume => {
                let there: Manifest = serde_json::from_slice(&bytes).map_err(|error| {
                    Stop::Refused(format!("cannot resume: {} is no manifest of a batch: {error}", path.display()))
                })?;
                let differences = manifest.differences(&there);
                if !differences.is_empty() {
                    return Err(Stop::Refused(format!(
                        "cannot resume: {} holds another batch ({}); repeat its command, or give a new folder",
                        folder.display(),
                        differences.join("; ")
                    )));
                }
            }
            Ok(_) => {
                return Err(Stop::Refused(format!(
                    "{} holds a batch or run already; add --resume to go on with a batch, or give a new folder",
                    folder.display()
                )));
            }
            Err(_) => {
                if resume {
                    sweep(folder)?;
                }
                // Killed before its manifest was written, a batch leaves an empty folder or none: it begins anew.
                crate::record::write::vacant(folder)?;
                fs::create_dir_all(folder).map_err(|cause| cannot("write to", folder, cause))?;
                replace(&path, true, |out| json(out, &manifest))?;
            }
        }
        let lock = File::open(&path).map_err(|cause| cannot("read", &path, cause))?;
        if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
            return Err(Stop::Refused(format!("another process is running the batch in {}", folder.display())));
        }
        let store = Self { folder: folder.to_owned(), manifest, _lock: lock };
        let blocks = store.folder.join(Self::BLOCKS);
        sweep(&store.folder)?;
        sweep(&blocks)?;
        if !store.is_finished() {
            fs::create_dir_all(&blocks).map_err(|cause| cannot("write to", &blocks, cause))?;
        }
        Ok(store)
    }

    /// Digest of the result in a folder, if it stands there.
    #[must_use]
    pub fn digest(folder: &Path) -> Option<String> {
        let text = fs::read_to_string(folder.join(Self::RESULT)).ok()?;
        let value: serde_json::Value = serde_json::from_str(&text).ok()?;
        Some(value.get("digest")?.as_str()?.to_owned())
    }

    /// Whether the batch has ended: its result stands, and so do its rows.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.folder.join(Self::RESULT).is_file() && self.table(Self::ROWS).is_file()
    }

    /// Where a table stands.
    fn table(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.{}", self.manifest.format().extension()))
    }

    /// The text of the result, once it stands; what an interruption left of the blocks is cleared away.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn result(&self) -> Result<String, Trouble> {
        let path = self.folder.join(Self::RESULT);
        let text = fs::read_to_string(&path).map_err(|cause| cannot("read", &path, cause))?;
        self.clear()?;
        Ok(text)
    }

    fn futures(&self, block: u64) -> Range<u64> {
        block * BLOCK..((block + 1) * BLOCK).min(self.manifest.runs)
    }

    fn path(&self, block: u64) -> PathBuf {
        self.folder.join(Self::BLOCKS).join(format!("{block}.block"))
    }

    /// A finished block; `None` if it is missing or damaged.
    fn block(&self, block: u64) -> Option<Block> {
        let read = Block::read(&fs::read_to_string(self.path(block)).ok()?)?;
        let futures = self.futures(block);
        let fits = read.accumulator.runs == futures.end - futures.start && read.accumulator.days == self.manifest.days;
        fits.then_some(read)
    }

    /// Blocks that are still to be run, in order.
    #[must_use]
    pub fn pending(&self) -> Vec<u64> {
        (0..self.manifest.runs.div_ceil(BLOCK)).filter(|&block| self.block(block).is_none()).collect()
    }

    /// Futures in these blocks.
    #[must_use]
    pub fn count(&self, blocks: &[u64]) -> u64 {
        blocks.iter().map(|&block| self.futures(block)).map(|futures| futures.end - futures.start).sum()
    }

    /// Runs these blocks and keeps each as soon as it is whole.
    ///
    /// # Errors
    /// [`Stop::Asked`] if `progress` says stop, and whatever stood in the way of writing; finished blocks are kept.
    pub fn run(
        &self,
        rules: &Rules,
        plan: &Plan,
        blocks: &[u64],
        jobs: usize,
        progress: &Progress,
    ) -> Result<(), Stop> {
        let bites: Vec<(u64, Range<u64>)> = blocks
            .iter()
            .flat_map(|&block| {
                let futures = self.futures(block);
                let starts = futures.clone().step_by(BITE as usize);
                starts.map(move |start| (block, start..(start + BITE).min(futures.end)))
            })
            .collect();
        let next = AtomicU64::new(0);
        let failed = AtomicBool::new(false);
        let unfinished: Mutex<BTreeMap<u64, Unfinished>> = Mutex::default();
        let work = || -> Result<(), Stop> {
            let mut worker: Option<Worker> = None;
            while let Some((block, futures)) = bites.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                let worker = worker.get_or_insert_with(|| Worker::new(rules, plan));
                let mut accumulator = Accumulator::new(rules, plan.days);
                let mut rows = String::new();
                for future in futures.clone() {
                    if progress.stop.load(Ordering::Relaxed) {
                        return Err(Stop::Asked);
                    }
                    if failed.load(Ordering::Relaxed) {
                        return Ok(());
                    }
                    let summary = worker.run(future);
                    accumulator.add(&summary);
                    rows::lines(rules, &summary, &mut rows);
                    progress.done.fetch_add(1, Ordering::Relaxed);
                }
                let whole = {
                    let mut unfinished = unfinished.lock().unwrap_or_else(PoisonError::into_inner);
                    let parts = unfinished.entry(*block).or_default();
                    parts.insert(futures.start, Block { accumulator, rows });
                    let range = self.futures(*block);
                    let all = parts.len() as u64 == (range.end - range.start).div_ceil(BITE);
                    if all { unfinished.remove(block) } else { None }
                };
                if let Some(parts) = whole
                    && let Err(trouble) = self.keep(*block, rules, parts)
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

    fn keep(&self, block: u64, rules: &Rules, parts: Unfinished) -> Result<(), Trouble> {
        let mut whole = Block { accumulator: Accumulator::new(rules, self.manifest.days), rows: String::new() };
        for part in parts.values() {
            whole.accumulator.merge(&part.accumulator);
            whole.rows.push_str(&part.rows);
        }
        // Not flushed to the disk: what a power cut damages is run again.
        replace(&self.path(block), false, |out| out.write_all(whole.text().as_bytes()))
    }

    /// Makes the result from the finished blocks, in order: tables first, then what `result` makes of the statistics, and
    /// removes the blocks last.
    ///
    /// # Errors
    /// If a block is not there, or something cannot be written.
    pub fn finish<R: Serialize>(&self, rules: &Rules, result: impl FnOnce(&Accumulator) -> R) -> Result<R, Stop> {
        let mut whole = Accumulator::new(rules, self.manifest.days);
        let gone = |number: u64| {
            let words = format!("block {number} was removed or damaged meanwhile; resume the batch");
            io::Error::new(io::ErrorKind::InvalidData, words)
        };
        let blocks = 0..self.manifest.runs.div_ceil(BLOCK);
        let (format, provenance) = (self.manifest.format(), self.manifest.provenance());
        let mut package = Package::new(&provenance);
        let empty = rows::tables(rules, "").unwrap_or_default();
        for (which, (name, meaning)) in [(Self::ROWS, RUNS), (Self::AGREEMENTS, AGREEMENTS)].into_iter().enumerate() {
            let fields = fields_of(&empty[which], &meaning);
            let metadata = metadata(&provenance, &fields);
            replace(&self.table(name), true, |out| {
                let mut sheet = Sheet::new(format, out, &empty[which], &metadata)?;
                // Groups of rows as large as readers like them.
                let (mut text, mut kept) = (String::new(), 0);
                let mut give = |text: &mut String| -> io::Result<()> {
                    let tables = rows::tables(rules, text).ok_or_else(|| gone(0))?;
                    text.clear();
                    sheet.add(&tables[which])
                };
                for number in blocks.clone() {
                    let block = self.block(number).ok_or_else(|| gone(number))?;
                    if which == 0 {
                        whole.merge(&block.accumulator);
                    }
                    text.push_str(&block.rows);
                    kept += 1;
                    if kept % GROUP == 0 {
                        give(&mut text)?;
                    }
                }
                give(&mut text)?;
                sheet.close()
            })?;
            package.add(name, format!("{name}.{}", format.extension()), format, fields);
        }
        replace(&self.folder.join(Package::NAME), true, |out| json(out, &package))?;
        let result = result(&whole);
        replace(&self.folder.join(Self::RESULT), true, |out| json(out, &result))?;
        self.clear()?;
        Ok(result)
    }

    fn clear(&self) -> Result<(), Trouble> {
        let blocks = self.folder.join(Self::BLOCKS);
        match fs::remove_dir_all(&blocks) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cannot("remove", &blocks, cause)),
            _ => Ok(()),
        }
    }
}

/// Finished bites of a block, by first future.
type Unfinished = BTreeMap<u64, Block>;

fn cannot(action: &str, path: &Path, cause: io::Error) -> Trouble {
    Trouble { what: format!("cannot {action} {}", path.display()), cause }
}

/// Removes what an interrupted write left behind.
fn sweep(folder: &Path) -> Result<(), Trouble> {
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
        let loaded = crate::scenario::load("november-2024").unwrap();
        let rules = Rules::new(&loaded);
        let block = Block { accumulator: Accumulator::new(&rules, 30), rows: "0,none\n1,none\n".to_owned() };
        let text = block.text();
        assert_eq!(Block::read(&text), Some(block));
        for cut in [0, 5, 17, 40, text.len() - 1] {
            assert_eq!(Block::read(&text[..cut]), None, "cut at {cut}");
        }
        assert_eq!(Block::read(&text.replace("1,none", "1,nine")), None);
    }
}
