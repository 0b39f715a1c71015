//! Pairs of futures in a folder, so that an effect, or what claims change, can be interrupted at any moment and go on later, or
//! get more pairs.
//!
//! Pairs are run in blocks of at most [`Sums::SLICE`]. A finished block is one file: the sums of its pairs under a digest. Files appear
//! whole or not at all, and a damaged one counts as missing. Sums are whole numbers, so the end result does not depend on how
//! often the run was interrupted or where its blocks were cut.
//!
//! ```text
//! DIR/manifest.json     what the pairs are of; changed only to grow
//! DIR/blocks/A-B.block  finished pairs A to B-1; in the end one block of all
//! DIR/effect.csv        of an effect: one row per measure; datapackage.json says what is in its columns
//! DIR/effect.json       the result (claims.json of claims); stands only when everything is there
//! ```

use super::blocks::{Stop, cannot, locked, sweep};
use super::claims::ClaimEffects;
use super::effect::{self, Effect};
use crate::tables::dictionary::Package;
use crate::tables::folder::{json, on_one_line, replace_apart as replace, vacant};
use crate::tables::provenance::Provenance;
use detente_model::record::digest::of_text;
use detente_model::scenario::read_whole;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::marker::PhantomData;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// No manifest is larger.
const LARGEST_MANIFEST: u64 = 16 << 20;
/// No block is larger.
const LARGEST_BLOCK: u64 = 256 << 20;

/// What pairs of futures are run for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// What a change of levers changes.
    #[default]
    Effect,
    /// What each of the essay's claims changes.
    Claims,
}

impl What {
    /// For serde, which hands in a reference.
    const fn is_effect(&self) -> bool {
        matches!(self, Self::Effect)
    }

    /// For people.
    const fn words(self) -> &'static str {
        if self.is_effect() { "an effect" } else { "claims" }
    }

    const fn another(self) -> &'static str {
        if self.is_effect() { "another effect" } else { "other claims" }
    }

    /// Names of the files that stand beside the result.
    const fn beside(self) -> &'static [&'static str] {
        if self.is_effect() { &["effect.csv", Package::NAME] } else { &[] }
    }

    /// Name of the result's file.
    #[must_use]
    pub const fn result(self) -> &'static str {
        if self.is_effect() { "effect.json" } else { "claims.json" }
    }
}

/// Sums over pairs of futures: whole numbers, so that neither the order of adding nor the cut into blocks shows.
pub trait Sums: Serialize + DeserializeOwned {
    /// What they are of.
    const WHAT: What;
    /// Most pairs in a block.
    const SLICE: u64;
    /// Pairs in them.
    fn runs(&self) -> u64;
    /// Adds those of other pairs.
    fn add(&mut self, other: &Self);
}

impl Sums for Effect {
    const WHAT: What = What::Effect;
    const SLICE: u64 = effect::SLICE;

    fn runs(&self) -> u64 {
        self.runs
    }

    fn add(&mut self, other: &Self) {
        self.merge(other);
    }
}

impl Sums for ClaimEffects {
    const WHAT: What = What::Claims;
    const SLICE: u64 = super::claims::BLOCK;

    fn runs(&self) -> u64 {
        self.runs()
    }

    fn add(&mut self, other: &Self) {
        self.merge(other);
    }
}

/// What pairs of futures are of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What they are of: the lever log is the change.
    #[serde(flatten)]
    pub of: Provenance,
    /// What they are run for; where nothing stands, for an effect.
    #[serde(default, skip_serializing_if = "What::is_effect")]
    pub what: What,
    /// Pairs of futures.
    pub pairs: u64,
}

impl Manifest {
    /// The manifest of a folder.
    ///
    /// # Errors
    /// If there is none, or it is of something else.
    pub fn read(folder: &Path) -> Result<Self, Stop> {
        let path = folder.join(MANIFEST);
        let bytes = read_whole(&path, LARGEST_MANIFEST).map_err(|cause| cannot("read", &path, cause))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            let why = on_one_line(&error);
            Stop::Refused(format!("{} is no manifest of an effect or of claims: {why}", path.display()))
        })
    }
}

const MANIFEST: &str = "manifest.json";
const BLOCKS: &str = "blocks";

/// A folder of pairs, held by this process alone while it lives.
#[derive(Debug)]
pub struct Store<S> {
    folder: PathBuf,
    manifest: Manifest,
    _lock: File,
    _sums: PhantomData<S>,
}

impl<S: Sums> Store<S> {
    /// Takes a folder: a new or empty one, or with `resume` one in which the same was begun, with as many pairs or fewer.
    ///
    /// # Errors
    /// If the folder holds anything else, is in use by another process, or cannot be written.
    pub fn open(folder: &Path, of: Provenance, pairs: u64, resume: bool) -> Result<Self, Stop> {
        let manifest = Manifest { of, what: S::WHAT, pairs };
        let path = folder.join(MANIFEST);
        let begun = fs::symlink_metadata(&path).is_ok();
        if begun && !resume {
            return Err(Stop::Refused(format!(
                "{} holds something already; add --resume to go on with {}, or give a new folder",
                folder.display(),
                S::WHAT.words()
            )));
        }
        if !begun {
            vacant(folder)?;
            fs::create_dir_all(folder).map_err(|cause| cannot("write to", folder, cause))?;
            replace(&path, true, |out| json(out, &manifest))?;
        }
        let there = match Manifest::read(folder) {
            Err(Stop::Refused(sentence)) => return Err(Stop::Refused(format!("cannot resume: {sentence}"))),
            there => there?,
        };
        let another = |why: &str| {
            let (folder, another) = (folder.display(), S::WHAT.another());
            Stop::Refused(format!(
                "cannot resume: {folder} holds {another} ({why}); repeat its command, or give a new folder"
            ))
        };
        if there.what != S::WHAT {
            let (folder, there, asked) = (folder.display(), there.what.words(), S::WHAT.words());
            return Err(Stop::Refused(format!(
                "cannot resume: {folder} holds {there} and not {asked}; give a new folder"
            )));
        }
        let differences = manifest.of.differences(&there.of);
        if !differences.is_empty() {
            return Err(another(&differences.join("; ")));
        }
        if manifest.pairs < there.pairs {
            return Err(another(&format!(
                "{} pairs there, {} now, and {} can get more pairs but not fewer",
                there.pairs,
                manifest.pairs,
                S::WHAT.words()
            )));
        }
        let (mut lock, alone) = locked(&path, folder)?;
        let blocks = folder.join(BLOCKS);
        fs::create_dir_all(&blocks).map_err(|cause| cannot("write to", &blocks, cause))?;
        if alone {
            sweep(folder)?;
            sweep(&blocks)?;
        }
        if manifest.pairs > there.pairs {
            // The result first: without it nothing says that all is there.
            remove(&folder.join(S::WHAT.result()))?;
            for name in S::WHAT.beside() {
                remove(&folder.join(name))?;
            }
            replace(&path, true, |out| json(out, &manifest))?;
            lock = locked(&path, folder)?.0;
        }
        Ok(Self { folder: folder.to_owned(), manifest, _lock: lock, _sums: PhantomData })
    }

    fn path(&self, pairs: &Range<u64>) -> PathBuf {
        self.folder.join(BLOCKS).join(format!("{}-{}.block", pairs.start, pairs.end))
    }

    /// A finished block; `None` if it is missing or damaged.
    fn block(&self, pairs: &Range<u64>) -> Option<S> {
        let bytes = read_whole(&self.path(pairs), LARGEST_BLOCK).ok()?;
        let (digest, body) = std::str::from_utf8(&bytes).ok()?.split_once('\n')?;
        let sums: S = (digest == of_text(body)).then(|| serde_json::from_str(body).ok())??;
        (sums.runs() == pairs.end - pairs.start).then_some(sums)
    }

    fn keep(&self, pairs: &Range<u64>, sums: &S) -> Result<(), Stop> {
        // Serialising plain data into memory cannot fail.
        let body = serde_json::to_string(sums).unwrap_or_default();
        let text = format!("{}\n{body}", of_text(&body));
        Ok(replace(&self.path(pairs), false, |out| out.write_all(text.as_bytes()))?)
    }

    /// Names of the blocks that are there, as ranges.
    fn named(&self) -> Vec<Range<u64>> {
        let entries = fs::read_dir(self.folder.join(BLOCKS)).into_iter().flatten().flatten();
        let ranges = entries.filter_map(|entry| {
            let name = entry.file_name();
            let (start, end) = name.to_str()?.strip_suffix(".block")?.split_once('-')?;
            Some(start.parse().ok()?..end.parse().ok()?)
        });
        let mut named: Vec<Range<u64>> = ranges.collect();
        named.sort_by_key(|pairs| (pairs.start, std::cmp::Reverse(pairs.end)));
        named
    }

    /// The sums of what is there, added to empty ones, and the pairs that are still to be run.
    #[must_use]
    pub fn there(&self, mut sums: S) -> (S, Vec<Range<u64>>) {
        let (mut pending, mut next) = (Vec::new(), 0);
        let mut up_to = |end: u64, next: &mut u64| {
            while *next < end {
                let to = ((*next / S::SLICE + 1) * S::SLICE).min(end);
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
                sums.add(&block);
                next = pairs.end;
            }
        }
        up_to(self.manifest.pairs, &mut next);
        (sums, pending)
    }

    /// Runs pairs and keeps each block as soon as it is whole. Gives the sums of what is there and all that was run: fewer than
    /// asked for if `block` gives none, being told to stop.
    ///
    /// # Errors
    /// Whatever stood in the way of writing; finished blocks are kept.
    pub fn run(
        &self,
        (mut sums, pending): (S, Vec<Range<u64>>),
        mut block: impl FnMut(Range<u64>) -> Option<S>,
    ) -> Result<S, Stop> {
        for range in pending {
            let Some(block) = block(range.clone()) else { break };
            self.keep(&range, &block)?;
            sums.add(&block);
        }
        Ok(sums)
    }

    /// Writes the result of all pairs with the files beside it, by name, and makes one block of them.
    ///
    /// # Errors
    /// Whatever stood in the way of writing; finished blocks are kept.
    pub fn finish(&self, sums: &S, result: &impl Serialize, beside: &[(&str, Vec<u8>)]) -> Result<(), Stop> {
        let whole = 0..self.manifest.pairs;
        self.keep(&whole, sums)?;
        for (name, bytes) in beside {
            replace(&self.folder.join(name), true, |out| out.write_all(bytes))?;
        }
        replace(&self.folder.join(S::WHAT.result()), true, |out| json(out, result))?;
        for pairs in self.named().into_iter().filter(|pairs| *pairs != whole) {
            remove(&self.path(&pairs))?;
        }
        Ok(())
    }
}

/// Those of the files beside a folder's result, given by name, that are not what they should be, with how.
#[must_use]
pub fn changed(folder: &Path, beside: &[(&'static str, Vec<u8>)]) -> Vec<(&'static str, &'static str)> {
    let how = |(name, bytes): &(&'static str, Vec<u8>)| match read_whole(&folder.join(name), LARGEST_BLOCK) {
        Ok(there) if there == *bytes => None,
        Ok(_) => Some((*name, "was changed")),
        Err(_) => Some((*name, "is missing")),
    };
    beside.iter().filter_map(how).collect()
}

/// The bytes of a folder's result, if it stands.
#[must_use]
pub fn result(folder: &Path, what: What) -> Option<Vec<u8>> {
    read_whole(&folder.join(what.result()), LARGEST_BLOCK).ok()
}

fn remove(path: &Path) -> Result<(), Stop> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cannot("remove", path, cause).into()),
        _ => Ok(()),
    }
}
