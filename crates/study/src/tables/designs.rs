//! A design in a folder, so that it can be killed at any moment and go on later, be run in parts, and be joined from them.
//!
//! Settings stand in rows, and every row has its futures; a stretch of futures, counted through all rows of the folder, is run in one go
//! and kept as a block of text under a digest. What a stretch gives does not depend on who ran it or where stretches were cut, so neither
//! does what is made from all of them: a design that was interrupted, and parts of one that were run elsewhere and merged, end in the
//! bytes of the whole at once. What stands in the text is the business of whoever runs it.
//!
//! ```text
//! DIR/manifest.json     what the design is of; written first, never changed
//! DIR/design.csv        all of its settings, as they were handed in, of a part, too
//! DIR/blocks/A-B.block  finished stretches: futures A to B-1 of those in this folder; removed last
//! DIR/rows.block        all of them, from which parts are joined
//! DIR/runs.csv, DIR/agreements.csv, DIR/means.csv   the tables (or .parquet)
//! DIR/datapackage.json  what is in their columns
//! DIR/digests.json      digests of the files beside it
//! DIR/design.json       the result; stands only when everything is there
//! ```

use super::dictionary::Package;
use super::folder::{Folder, Trouble, is_partial, json, on_one_line, replace_apart as replace, vacant};
use super::provenance::Provenance;
use super::table::Format;
use detente_model::record::digest::{Digesting, of_reader, of_text};
use detente_model::scenario::read_whole;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// No manifest, result or list of digests is larger.
const LARGEST: u64 = 1 << 30;
/// No block is larger.
const LARGEST_BLOCK: u64 = 8 << 30;

/// What a folder of a design is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What all settings have in common, with the scenario whole.
    #[serde(flatten)]
    pub of: Provenance,
    /// The settings.
    pub design: Rows,
    /// Format of the tables: `csv` or `parquet`.
    pub tables: String,
}

/// Which settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Digest of `design.csv`.
    pub digest: String,
    /// Settings in it.
    pub settings: u64,
    /// Futures of a setting that does not say how many, where that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<u64>,
    /// The first setting of this folder, from 0.
    pub first: u64,
    /// Settings of this folder.
    pub rows: u64,
    /// Futures of these settings.
    pub futures: u64,
}

impl Rows {
    /// Positions of its settings in the design.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        self.first..self.first.saturating_add(self.rows)
    }
}

/// Settings in words: `settings 0 to 11`.
fn said(rows: &Range<u64>) -> String {
    match rows.end.saturating_sub(rows.start) {
        1 => format!("setting {}", rows.start),
        _ => format!("settings {} to {}", rows.start, rows.end.saturating_sub(1)),
    }
}

impl Manifest {
    /// Whether a folder holds a design: its manifest names the settings.
    #[must_use]
    pub fn is_of_a_design(folder: &Path) -> bool {
        let bytes = read_whole(&folder.join(Store::MANIFEST), LARGEST).ok();
        let value = bytes.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
        value.is_some_and(|value| value.get("design").is_some())
    }

    /// The manifest of a folder.
    ///
    /// # Errors
    /// If there is none, or it is not of a design.
    pub fn read(folder: &Path) -> Result<Self, Stop> {
        let path = folder.join(Store::MANIFEST);
        let bytes = read_whole(&path, LARGEST).map_err(Trouble::at("read", &path))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Stop::Refused(format!("{} is no manifest of a design: {}", path.display(), on_one_line(&error)))
        })
    }

    /// In what this differs from the manifest of another folder, in words, but for which settings are in it; empty if in nothing.
    #[must_use]
    pub fn differences(&self, there: &Self) -> Vec<String> {
        let mut differences = self.of.differences(&there.of);
        let each = |of: &Self| of.design.each.map_or_else(|| "as the table says".to_owned(), |each| each.to_string());
        let rows = [
            ("settings", there.design.settings.to_string(), self.design.settings.to_string()),
            ("design", there.design.digest.clone(), self.design.digest.clone()),
            ("futures of a setting", each(there), each(self)),
            ("format", there.tables.clone(), self.tables.clone()),
        ];
        let differing = rows.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        let plain = |text: String| text.escape_debug().to_string();
        differences.extend(differing.map(|(name, a, b)| format!("{name} {} there, {} now", plain(a), plain(b))));
        differences
    }

    /// Format of the tables.
    #[must_use]
    pub fn format(&self) -> Format {
        if self.tables == Format::Parquet.extension() { Format::Parquet } else { Format::Csv }
    }

    /// File of a table.
    #[must_use]
    pub fn table(&self, name: &str) -> String {
        format!("{name}.{}", self.tables)
    }

    /// Files of a finished design beside its manifest.
    fn files(&self) -> Vec<String> {
        let tables = TABLES.map(|name| self.table(name));
        let others = [Store::DESIGN, Store::ROWS, Package::NAME, Store::DIGESTS, Store::RESULT];
        tables.into_iter().chain(others.map(str::to_owned)).collect()
    }
}

/// Names of the tables.
pub const TABLES: [&str; 3] = ["runs", "agreements", "means"];

/// Why a folder cannot be used, or a design did not end.
#[derive(Debug)]
pub enum Stop {
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

/// What a design gave, as its folder takes it: the tables in the order of [`TABLES`], what is in their columns, and the result.
pub struct Given<'a> {
    /// Writes each table.
    pub tables: [&'a dyn Fn(&mut Out<'_>) -> io::Result<()>; TABLES.len()],
    /// The dictionary, as its file holds it.
    pub package: String,
    /// The result, as its file holds it.
    pub result: String,
}

/// Where a file is written, and digested on the way.
pub type Out<'a> = Digesting<&'a mut io::BufWriter<File>>;

/// A design's folder, held by this process alone while it lives.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    manifest: Manifest,
    /// Holds the lock.
    _lock: File,
}

impl Store {
    /// Name of the manifest's file.
    pub const MANIFEST: &'static str = "manifest.json";
    /// Name of the settings' file.
    pub const DESIGN: &'static str = "design.csv";
    /// Name of the result's file.
    pub const RESULT: &'static str = "design.json";
    const ROWS: &'static str = "rows.block";
    const DIGESTS: &'static str = "digests.json";
    const BLOCKS: &'static str = "blocks";

    /// Takes a folder for a design: a new or empty one, or with `resume` one in which the same was begun. `settings` is the text of its
    /// settings.
    ///
    /// # Errors
    /// If the folder holds anything else, is in use by another process, or cannot be written.
    pub fn open(folder: &Path, manifest: Manifest, settings: &str, resume: bool) -> Result<Self, Stop> {
        let path = folder.join(Self::MANIFEST);
        let begun = fs::symlink_metadata(&path).is_ok();
        if begun && !resume {
            return Err(Stop::Refused(format!(
                "{} holds results already; add --resume to go on with a design, or give the name of a new folder",
                folder.display()
            )));
        }
        if !begun {
            // Killed before its manifest was written, a design leaves an empty folder, or its settings alone.
            let settings_alone = folder.join(Self::DESIGN);
            if settings_alone.is_file() && fs::read(&settings_alone).is_ok_and(|there| there == settings.as_bytes()) {
                fs::remove_file(&settings_alone).map_err(Trouble::at("remove", &settings_alone))?;
            }
            vacant(folder)?;
            fs::create_dir_all(folder).map_err(Trouble::at("write to", folder))?;
            replace(&settings_alone, true, |out| out.write_all(settings.as_bytes()))?;
            replace(&path, true, |out| json(out, &manifest))?;
        }
        let there = match Manifest::read(folder) {
            Err(Stop::Refused(sentence)) => return Err(Stop::Refused(format!("cannot resume: {sentence}"))),
            there => there?,
        };
        let mut differences = manifest.differences(&there);
        if differences.is_empty() && manifest.design != there.design {
            let [theirs, ours] = [&there, &manifest].map(|of| said(&of.design.range()));
            differences.push(format!("{theirs} there, {ours} now"));
        }
        if !differences.is_empty() {
            return Err(Stop::Refused(format!(
                "cannot resume: {} holds another design ({}); repeat its command, or give a new folder",
                folder.display(),
                differences.join("; ")
            )));
        }
        let (lock, alone) = locked(&path, folder)?;
        let store = Self { folder: folder.to_owned(), manifest, _lock: lock };
        let blocks = store.folder.join(Self::BLOCKS);
        // Where the file system knows no locks, what looks left behind may be another's at work.
        if alone {
            sweep(&store.folder)?;
            sweep(&blocks)?;
        }
        if !store.is_finished() {
            fs::create_dir_all(&blocks).map_err(Trouble::at("write to", &blocks))?;
        }
        Ok(store)
    }

    /// Whether the design has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.manifest.files().iter().all(|name| self.folder.join(name).is_file())
    }

    /// The text of the result, once it stands.
    ///
    /// # Errors
    /// If it cannot be read, or a file was changed since.
    pub fn result(&self) -> Result<String, Stop> {
        intact(&self.folder, &self.manifest)?;
        let path = self.folder.join(Self::RESULT);
        let bytes = read_whole(&path, LARGEST).map_err(Trouble::at("read", &path))?;
        self.clear()?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn path(&self, futures: &Range<u64>) -> PathBuf {
        self.folder.join(Self::BLOCKS).join(format!("{}-{}.block", futures.start, futures.end))
    }

    /// A finished stretch; `None` if it is missing or damaged.
    fn block(&self, futures: &Range<u64>) -> Option<String> {
        let bytes = read_whole(&self.path(futures), LARGEST_BLOCK).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (digest, body) = text.split_once('\n')?;
        (digest == of_text(body)).then(|| body.to_owned())
    }

    /// Futures whose stretches are there and whole, in order.
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
        let mut next = 0;
        named.retain(|futures| {
            let fits =
                futures.start >= next && futures.start < futures.end && futures.end <= self.manifest.design.futures;
            let whole = fits && self.block(futures).is_some();
            if whole {
                next = futures.end;
            }
            whole
        });
        named
    }

    /// Futures that are still to be run, in order, cut into stretches of at most `most`.
    #[must_use]
    pub fn pending(&self, most: u64) -> Vec<Range<u64>> {
        let end = self.manifest.design.futures;
        let (mut pending, mut next) = (Vec::new(), 0);
        for there in self.there().into_iter().chain(std::iter::once(end..end)) {
            while next < there.start {
                let stop = next.saturating_add(most.max(1)).min(there.start);
                pending.push(next..stop);
                next = stop;
            }
            next = there.end;
        }
        pending
    }

    /// Keeps a stretch.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn keep(&self, futures: &Range<u64>, text: &str) -> Result<(), Trouble> {
        // Not flushed to the disk: what a power cut damages is run again.
        replace(&self.path(futures), false, |out| {
            writeln!(out, "{}", of_text(text))?;
            out.write_all(text.as_bytes())
        })
    }

    /// Puts the stretches together, in order, hands each to `each`, and keeps the whole.
    ///
    /// # Errors
    /// If one is not there, or what `each` gives.
    pub fn together<E: From<Stop>>(&self, mut each: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let missing = |number: u64| {
            let words = format!("the stretch of future {number} was removed or damaged meanwhile; resume the design");
            let cause = io::Error::new(io::ErrorKind::InvalidData, words);
            Stop::Trouble(Trouble::at("read", &self.folder.join(Self::BLOCKS))(cause))
        };
        let (there, mut next) = (self.there(), 0);
        let mut failed = None;
        replace(&self.folder.join(Self::ROWS), true, |out| {
            for futures in &there {
                let text = self.block(futures).filter(|_| futures.start == next);
                let done = text.ok_or_else(|| E::from(missing(next))).and_then(|text| {
                    each(&text)?;
                    Ok(text)
                });
                match done {
                    Ok(text) => out.write_all(text.as_bytes())?,
                    Err(why) => {
                        failed = Some(why);
                        return Ok(());
                    }
                }
                next = futures.end;
            }
            Ok(())
        })
        .map_err(|trouble| E::from(trouble.into()))?;
        match failed {
            Some(why) => Err(why),
            None if next != self.manifest.design.futures => Err(missing(next).into()),
            None => Ok(()),
        }
    }

    /// Writes tables and result, after [`Store::together`], and removes the blocks last.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn finish(&self, given: &Given<'_>) -> Result<(), Stop> {
        let path = |name: &str| self.folder.join(name);
        let mut digests = BTreeMap::new();
        for name in [Self::DESIGN, Self::ROWS] {
            let path = path(name);
            let digest = File::open(&path).and_then(of_reader).map_err(Trouble::at("read", &path))?;
            digests.insert(name.to_owned(), digest);
        }
        written(&self.manifest, given, digests, |name, write| replace(&path(name), true, |out| write(out)))?;
        Ok(self.clear()?)
    }

    fn clear(&self) -> Result<(), Trouble> {
        let blocks = self.folder.join(Self::BLOCKS);
        match fs::remove_dir_all(&blocks) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Trouble::at("remove", &blocks)(cause)),
            _ => Ok(()),
        }
    }

    /// Digest of the result in a folder; `None` if the design has not ended.
    ///
    /// # Errors
    /// If there is one and it cannot be read.
    pub fn digest(folder: &Path) -> Result<Option<String>, Stop> {
        let path = folder.join(Self::RESULT);
        if fs::symlink_metadata(&path).is_err() {
            return Ok(None);
        }
        let bytes = read_whole(&path, LARGEST).map_err(Trouble::at("read", &path))?;
        let value: Option<serde_json::Value> = serde_json::from_slice(&bytes).ok();
        match value.as_ref().and_then(|value| value.get("digest")?.as_str()) {
            Some(digest) => Ok(Some(digest.to_owned())),
            None => Err(Stop::Refused(format!(
                "{} is damaged, so there is nothing to compare with; take the folder from a copy, or remove the file and go on with \
                 --resume",
                path.display()
            ))),
        }
    }
}

/// Writes what a design gave, file by file, the result last.
fn written(
    manifest: &Manifest,
    given: &Given<'_>,
    mut digests: BTreeMap<String, String>,
    file: impl Fn(&str, &mut dyn FnMut(&mut io::BufWriter<File>) -> io::Result<()>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut digested = |name: &str, write: &dyn Fn(&mut Out<'_>) -> io::Result<()>| -> Result<(), Trouble> {
        let mut digest = String::new();
        file(name, &mut |out| {
            let mut out = Digesting::new(out);
            write(&mut out)?;
            out.flush()?;
            digest = out.digest();
            Ok(())
        })?;
        digests.insert(name.to_owned(), digest);
        Ok(())
    };
    for (name, write) in TABLES.into_iter().zip(given.tables) {
        digested(&manifest.table(name), write)?;
    }
    for (name, text) in [(Package::NAME, &given.package), (Store::RESULT, &given.result)] {
        digests.insert(name.to_owned(), of_text(text));
    }
    file(Package::NAME, &mut |out| out.write_all(given.package.as_bytes()))?;
    file(Store::DIGESTS, &mut |out| json(out, &digests))?;
    file(Store::RESULT, &mut |out| out.write_all(given.result.as_bytes()))
}

/// Whether the files of a finished design are as they were written; one that has not ended has none yet.
///
/// # Errors
/// The first that was changed or damaged since.
pub fn intact(folder: &Path, manifest: &Manifest) -> Result<(), Stop> {
    if !manifest.files().iter().all(|name| folder.join(name).is_file()) {
        return Ok(());
    }
    let changed = |name: &str| {
        Stop::Refused(format!(
            "{} was changed or damaged after the design had ended, so its numbers cannot be relied on; take it from a copy, or run the \
             design again into a new folder",
            folder.join(name).display()
        ))
    };
    let path = folder.join(Store::DIGESTS);
    let bytes = read_whole(&path, LARGEST).map_err(Trouble::at("read", &path))?;
    let digests: BTreeMap<String, String> = serde_json::from_slice(&bytes).map_err(|_| changed(Store::DIGESTS))?;
    for name in manifest.files().iter().filter(|name| *name != Store::DIGESTS) {
        let path = folder.join(name);
        let there = File::open(&path).and_then(of_reader).map_err(Trouble::at("read", &path))?;
        if digests.get(name) != Some(&there) {
            return Err(changed(name));
        }
    }
    Ok(())
}

/// A finished part of a design that is to be joined with others.
#[derive(Debug)]
pub struct Slice {
    folder: PathBuf,
    /// What it is of.
    pub manifest: Manifest,
}

impl Slice {
    /// Reads a finished part.
    ///
    /// # Errors
    /// If the folder holds none, or it was changed since.
    pub fn open(folder: &Path) -> Result<Self, Stop> {
        let manifest = Manifest::read(folder)?;
        if !manifest.files().iter().all(|name| folder.join(name).is_file()) {
            return Err(Stop::Refused(format!(
                "the design in {} has not ended; repeat its command with --resume, then merge",
                folder.display()
            )));
        }
        intact(folder, &manifest)?;
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// Puts parts in order, and says what the whole of them is.
    ///
    /// # Errors
    /// If they are not parts of one design, leave settings out, or hold some twice.
    pub fn join(slices: &mut [Self]) -> Result<Manifest, Stop> {
        let refused = |why: String| Stop::Refused(format!("cannot merge: {why}"));
        slices.sort_by_key(|slice| slice.manifest.design.first);
        let Some(first) = slices.first() else { return Err(refused("there is nothing to merge".to_owned())) };
        let mut whole = first.manifest.clone();
        whole.design = Rows { first: 0, rows: 0, futures: 0, ..whole.design };
        for slice in slices.iter() {
            let (one, other) = (first.folder.display(), slice.folder.display());
            let differences = slice.manifest.differences(&first.manifest);
            if !differences.is_empty() {
                let words = differences.join("; ").replace(" there", &format!(" in {one}"));
                let words = words.replace(" now", &format!(" in {other}"));
                return Err(refused(format!("{one} and {other} are parts of different designs ({words})")));
            }
            let (next, rows) = (whole.design.rows, slice.manifest.design.range());
            if rows.start > next {
                return Err(refused(lacking(&(next..rows.start), &whole)));
            }
            if rows.start < next {
                let both = said(&(rows.start..next.min(rows.end)));
                return Err(refused(format!("{other} and another folder both hold {both}; leave one of them out")));
            }
            whole.design.rows += slice.manifest.design.rows;
            whole.design.futures += slice.manifest.design.futures;
        }
        let there = whole.design.rows;
        if there < whole.design.settings {
            return Err(refused(lacking(&(there..whole.design.settings), &whole)));
        }
        Ok(whole)
    }

    /// Where all settings stand, as they were handed in.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.folder.join(Store::DESIGN)
    }

    /// Hands over what stands in it, line by line: `each` gets a line with its end.
    ///
    /// # Errors
    /// If it cannot be read, or what `each` gives.
    pub fn lines<E: From<Stop>>(&self, mut each: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let path = self.folder.join(Store::ROWS);
        let cannot = |cause| E::from(Stop::Trouble(Trouble::at("read", &path)(cause)));
        let (mut rows, mut text, mut line) =
            (BufReader::new(File::open(&path).map_err(cannot)?), String::new(), String::new());
        loop {
            line.clear();
            let read = rows.read_line(&mut line).map_err(cannot)?;
            // A future and what follows it go together.
            if read == 0 || (!line.starts_with('+') && text.len() > 1 << 20) {
                each(&text)?;
                text.clear();
            }
            if read == 0 {
                return Ok(());
            }
            text.push_str(&line);
        }
    }

    /// Writes the whole into a new folder: the bytes that one process would have left there.
    ///
    /// # Errors
    /// Whatever stood in the way; then there is no such folder.
    pub fn merge(slices: &[Self], whole: &Manifest, out: &Path, given: &Given<'_>) -> Result<(), Stop> {
        let folder = Folder::new(out)?;
        folder.file(Store::MANIFEST, |out| json(out, whole))?;
        let mut digests = BTreeMap::new();
        let first: Vec<PathBuf> = slices.iter().take(1).map(Self::settings).collect();
        let rows: Vec<PathBuf> = slices.iter().map(|slice| slice.folder.join(Store::ROWS)).collect();
        for (name, files) in [(Store::DESIGN, first), (Store::ROWS, rows)] {
            let mut digest = String::new();
            folder.file(name, |out| {
                let mut out = Digesting::new(out);
                for file in &files {
                    io::copy(&mut File::open(file)?, &mut out)?;
                }
                digest = out.digest();
                Ok(())
            })?;
            digests.insert(name.to_owned(), digest);
        }
        written(whole, given, digests, |name, write| folder.file(name, |out| write(out)))?;
        Ok(folder.finish()?)
    }
}

/// Which settings are not there.
fn lacking(rows: &Range<u64>, whole: &Manifest) -> String {
    format!("no folder holds {} of {}; run the parts that do", said(rows), whole.design.settings)
}

/// Takes a folder for this process alone, by its manifest; whether the file system knows locks.
fn locked(path: &Path, folder: &Path) -> Result<(File, bool), Stop> {
    // For writing, too: over NFS a file that is open for reading alone cannot be locked against others.
    let lock = fs::OpenOptions::new().read(true).write(true).open(path).or_else(|_| File::open(path));
    let lock = lock.map_err(Trouble::at("read", path))?;
    match lock.try_lock() {
        Ok(()) => Ok((lock, true)),
        Err(fs::TryLockError::WouldBlock) => {
            Err(Stop::Refused(format!("another process is running the design in {}", folder.display())))
        }
        Err(fs::TryLockError::Error(_)) => Ok((lock, false)),
    }
}

/// Removes what an interruption left half-written.
fn sweep(folder: &Path) -> Result<(), Trouble> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_partial(&entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path()).map_err(Trouble::at("remove", &entry.path()))?;
        }
    }
    Ok(())
}
