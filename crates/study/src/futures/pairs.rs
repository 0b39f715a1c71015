//! Pairs of futures in a folder, so that an effect can be interrupted at any moment and go on later, or get more pairs.
//!
//! Pairs are run in blocks of at most [`SLICE`]. A finished block is one file: the sums of its pairs under a digest. Files appear
//! whole or not at all, and a damaged one counts as missing. Sums are whole numbers, so the end result does not depend on how
//! often the run was interrupted or where its blocks were cut.
//!
//! ```text
//! DIR/manifest.json     what the pairs are of; changed only to grow
//! DIR/blocks/A-B.block  finished pairs A to B-1; in the end one block of all
//! DIR/effect.json       the result; stands only when everything is there
//! ```

use super::blocks::{Stop, cannot, locked, sweep};
use super::effect::{Effect, SLICE, pairs};
use super::ensemble::{Plan, Progress};
use crate::tables::folder::{json, on_one_line, replace, vacant};
use crate::tables::provenance::Provenance;
use detente_model::record::digest::of_text;
use detente_model::scenario::read_whole;
use detente_model::sim::rules::Rules;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// No manifest is larger.
const LARGEST_MANIFEST: u64 = 16 << 20;
/// No block is larger.
const LARGEST_BLOCK: u64 = 256 << 20;

/// What pairs of futures are of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What they are of: the lever log is the change.
    #[serde(flatten)]
    pub of: Provenance,
    /// Pairs of futures.
    pub pairs: u64,
}

impl Manifest {
    /// Whether a folder holds pairs.
    #[must_use]
    pub fn is_of_pairs(folder: &Path) -> bool {
        Self::read(folder).is_ok()
    }

    /// The manifest of a folder.
    ///
    /// # Errors
    /// If there is none, or it is not of an effect.
    pub fn read(folder: &Path) -> Result<Self, Stop> {
        let path = folder.join(Store::MANIFEST);
        let bytes = read_whole(&path, LARGEST_MANIFEST).map_err(|cause| cannot("read", &path, cause))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Stop::Refused(format!("{} is no manifest of an effect: {}", path.display(), on_one_line(&error)))
        })
    }
}

/// A folder of pairs, held by this process alone while it lives.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    manifest: Manifest,
    _lock: File,
}

impl Store {
    /// Name of the result's file.
    pub const RESULT: &'static str = "effect.json";
    const MANIFEST: &'static str = "manifest.json";
    const BLOCKS: &'static str = "blocks";

    /// Takes a folder: a new or empty one, or with `resume` one in which the same effect was begun, with as many pairs or
    /// fewer.
    ///
    /// # Errors
    /// If the folder holds anything else, is in use by another process, or cannot be written.
    pub fn open(folder: &Path, manifest: Manifest, resume: bool) -> Result<Self, Stop> {
        let path = folder.join(Self::MANIFEST);
        let begun = fs::symlink_metadata(&path).is_ok();
        if begun && !resume {
            return Err(Stop::Refused(format!(
                "{} holds something already; add --resume to go on with an effect, or give a new folder",
                folder.display()
            )));
        }
        if !begun {
            if resume {
                sweep(folder)?;
            }
            vacant(folder)?;
            fs::create_dir_all(folder).map_err(|cause| cannot("write to", folder, cause))?;
            replace(&path, true, |out| json(out, &manifest))?;
        }
        let there = match Manifest::read(folder) {
            Err(Stop::Refused(sentence)) => return Err(Stop::Refused(format!("cannot resume: {sentence}"))),
            there => there?,
        };
        let another = |why: &str| {
            let folder = folder.display();
            Stop::Refused(format!(
                "cannot resume: {folder} holds another effect ({why}); repeat its command, or give a new folder"
            ))
        };
        let differences = manifest.of.differences(&there.of);
        if !differences.is_empty() {
            return Err(another(&differences.join("; ")));
        }
        if manifest.pairs < there.pairs {
            return Err(another(&format!(
                "{} pairs there, {} now, and an effect can get more pairs but not fewer",
                there.pairs, manifest.pairs
            )));
        }
        let mut lock = locked(&path, folder)?;
        let blocks = folder.join(Self::BLOCKS);
        fs::create_dir_all(&blocks).map_err(|cause| cannot("write to", &blocks, cause))?;
        sweep(folder)?;
        sweep(&blocks)?;
        if manifest.pairs > there.pairs {
            // The result first: without it nothing says that all is there.
            remove(&folder.join(Self::RESULT))?;
            replace(&path, true, |out| json(out, &manifest))?;
            lock = locked(&path, folder)?;
        }
        Ok(Self { folder: folder.to_owned(), manifest, _lock: lock })
    }

    fn path(&self, pairs: &Range<u64>) -> PathBuf {
        self.folder.join(Self::BLOCKS).join(format!("{}-{}.block", pairs.start, pairs.end))
    }

    /// A finished block; `None` if it is missing or damaged.
    fn block(&self, pairs: &Range<u64>) -> Option<Effect> {
        let bytes = read_whole(&self.path(pairs), LARGEST_BLOCK).ok()?;
        let (digest, body) = std::str::from_utf8(&bytes).ok()?.split_once('\n')?;
        let effect: Effect = (digest == of_text(body)).then(|| serde_json::from_str(body).ok())??;
        (effect.runs == pairs.end - pairs.start).then_some(effect)
    }

    fn keep(&self, pairs: &Range<u64>, effect: &Effect) -> Result<(), Stop> {
        // Serialising plain data into memory cannot fail.
        let body = serde_json::to_string(effect).unwrap_or_default();
        let text = format!("{}\n{body}", of_text(&body));
        Ok(replace(&self.path(pairs), false, |out| out.write_all(text.as_bytes()))?)
    }

    /// Names of the blocks that are there, as ranges.
    fn named(&self) -> Vec<Range<u64>> {
        let entries = fs::read_dir(self.folder.join(Self::BLOCKS)).into_iter().flatten().flatten();
        let ranges = entries.filter_map(|entry| {
            let name = entry.file_name();
            let (start, end) = name.to_str()?.strip_suffix(".block")?.split_once('-')?;
            Some(start.parse().ok()?..end.parse().ok()?)
        });
        let mut named: Vec<Range<u64>> = ranges.collect();
        named.sort_by_key(|pairs| (pairs.start, std::cmp::Reverse(pairs.end)));
        named
    }

    /// The sums of what is there, and the pairs that are still to be run.
    #[must_use]
    pub fn there(&self, rules: &Rules) -> (Effect, Vec<Range<u64>>) {
        let (mut sums, mut pending, mut next) = (Effect::new(rules), Vec::new(), 0);
        let mut up_to = |end: u64, next: &mut u64| {
            while *next < end {
                let to = ((*next / SLICE + 1) * SLICE).min(end);
                pending.push(*next..to);
                *next = to;
            }
        };
        for pairs in self.named() {
            if pairs.start < next || pairs.start >= pairs.end || pairs.end > self.manifest.pairs {
                continue;
            }
            if let Some(block) = self.block(&pairs) {
                up_to(pairs.start, &mut next);
                sums.merge(&block);
                next = pairs.end;
            }
        }
        up_to(self.manifest.pairs, &mut next);
        (sums, pending)
    }

    /// Runs pairs and keeps each block as soon as it is whole. Gives the sums of `sums` and all that was run: fewer than asked
    /// for if `progress` says stop.
    ///
    /// # Errors
    /// Whatever stood in the way of writing; finished blocks are kept.
    pub fn run(
        &self,
        rules: &Rules,
        [baseline, changed]: [&Plan; 2],
        (mut sums, pending): (Effect, Vec<Range<u64>>),
        jobs: usize,
        progress: &Progress,
    ) -> Result<Effect, Stop> {
        for range in pending {
            let Some(block) = pairs(rules, baseline, changed, range.clone(), jobs, progress) else { break };
            self.keep(&range, &block)?;
            sums.merge(&block);
        }
        Ok(sums)
    }

    /// Writes the result of all pairs, and makes one block of them.
    ///
    /// # Errors
    /// Whatever stood in the way of writing; finished blocks are kept.
    pub fn finish(&self, sums: &Effect, result: &impl Serialize) -> Result<(), Stop> {
        let whole = 0..self.manifest.pairs;
        self.keep(&whole, sums)?;
        replace(&self.folder.join(Self::RESULT), true, |out| json(out, result))?;
        for pairs in self.named().into_iter().filter(|pairs| *pairs != whole) {
            remove(&self.path(&pairs))?;
        }
        Ok(())
    }

    /// The result's bytes, if it stands.
    #[must_use]
    pub fn result(folder: &Path) -> Option<Vec<u8>> {
        read_whole(&folder.join(Self::RESULT), LARGEST_BLOCK).ok()
    }
}

fn remove(path: &Path) -> Result<(), Stop> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cannot("remove", path, cause).into()),
        _ => Ok(()),
    }
}
