//! A fit in a folder, so that it can be interrupted at any moment and go on later.
//!
//! ```text
//! DIR/manifest.json      what is fitted; written first
//! DIR/futures/N.json     some futures, from number N on, under a digest; whole or not at all, and a damaged one counts as missing
//! DIR/fit.json           the result; stands only when everything is there
//! ```

use super::{Block, Fit, Plan};
use detente_model::record::digest::of_text;
use detente_model::scenario::read_whole;
use detente_study::tables::folder::{is_partial, json, replace, vacant};
use detente_study::tables::provenance::Provenance;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// No file of a fit is larger.
const LARGEST: u64 = 64 << 20;

/// What is fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Scenario, seed, versions.
    #[serde(flatten)]
    pub of: Provenance,
    /// Last day, futures, seed.
    pub plan: Plan,
    /// Where the observations were read.
    pub observed: String,
    /// Digest of them.
    pub observed_digest: String,
}

impl Manifest {
    /// In what this differs from what was there before, in words; empty if in nothing. The folder's name says nothing.
    fn differences(&self, there: &Self) -> Vec<String> {
        let (a, b) = (&there.plan, &self.plan);
        let rows = [
            ("last day", a.until.to_string(), b.until.to_string()),
            ("futures", a.futures.to_string(), b.futures.to_string()),
            ("observations", there.observed_digest.clone(), self.observed_digest.clone()),
        ];
        let differing = rows.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        let mut all = self.of.differences(&there.of);
        all.extend(differing.map(|(name, theirs, ours)| format!("{name} {theirs} there, {ours} now")));
        all
    }
}

/// A folder of a fit, held by this process alone while it lives.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    _lock: File,
}

impl Store {
    /// Name of the result's file.
    pub const RESULT: &'static str = "fit.json";
    const MANIFEST: &'static str = "manifest.json";
    const FUTURES: &'static str = "futures";

    /// Takes a folder: a new or empty one, or with `resume` one in which the same fit was begun.
    ///
    /// # Errors
    /// If the folder holds anything else, is in use by another process, or cannot be written; in a sentence.
    pub fn open(folder: &Path, manifest: &Manifest, resume: bool) -> Result<Self, String> {
        let path = folder.join(Self::MANIFEST);
        let named = folder.display();
        let cannot =
            |action: &str, path: &Path, cause: io::Error| format!("cannot {action} {}: {cause}", path.display());
        let begun = fs::symlink_metadata(&path).is_ok();
        if begun && !resume {
            return Err(format!(
                "{named} holds something already; add --resume to go on with a fit, or give a new folder"
            ));
        }
        if !begun {
            vacant(folder).map_err(|trouble| trouble.to_string())?;
            fs::create_dir_all(folder).map_err(|cause| cannot("write to", folder, cause))?;
            replace(&path, true, |out| json(out, manifest)).map_err(|trouble| trouble.to_string())?;
        }
        let bytes = read_whole(&path, LARGEST).map_err(|cause| cannot("read", &path, cause))?;
        let there: Manifest = serde_json::from_slice(&bytes)
            .map_err(|error| format!("cannot resume: {} is no manifest of a fit: {error}", path.display()))?;
        let differences = manifest.differences(&there);
        if !differences.is_empty() {
            return Err(format!(
                "cannot resume: {named} holds another fit ({}); repeat its command, or give a new folder",
                differences.join("; ")
            ));
        }
        let lock = File::open(&path).map_err(|cause| cannot("read", &path, cause))?;
        if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
            return Err(format!("another process is running the fit in {named}"));
        }
        let futures = folder.join(Self::FUTURES);
        fs::create_dir_all(&futures).map_err(|cause| cannot("write to", &futures, cause))?;
        for entry in fs::read_dir(&futures).map_err(|cause| cannot("read", &futures, cause))?.flatten() {
            if is_partial(&entry.file_name().to_string_lossy()) {
                fs::remove_file(entry.path()).map_err(|cause| cannot("remove", &entry.path(), cause))?;
            }
        }
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    fn path(&self, first: u64) -> PathBuf {
        self.folder.join(Self::FUTURES).join(format!("{first}.json"))
    }

    /// The blocks of a plan that are there already.
    #[must_use]
    pub fn there(&self, plan: &Plan) -> Vec<Block> {
        let read = |first| {
            let text = String::from_utf8(read_whole(&self.path(first), LARGEST).ok()?).ok()?;
            let (digest, body) = text.split_once('\n')?;
            let block: Block = serde_json::from_str(body).ok()?;
            (digest == of_text(body) && block.first == first).then_some(block)
        };
        Fit::firsts(plan).filter_map(read).collect()
    }

    /// Keeps a block.
    ///
    /// # Errors
    /// If it cannot be written; in a sentence.
    pub fn keep(&self, block: &Block) -> Result<(), String> {
        let body = serde_json::to_string(block).map_err(|error| error.to_string())?;
        let digest = of_text(&body);
        let write = |out: &mut io::BufWriter<File>| write!(out, "{digest}\n{body}");
        replace(&self.path(block.first), true, write).map_err(|trouble| trouble.to_string())
    }

    /// Writes the result.
    ///
    /// # Errors
    /// If it cannot be written; in a sentence.
    pub fn finish(&self, result: &impl Serialize) -> Result<(), String> {
        replace(&self.folder.join(Self::RESULT), true, |out| json(out, result)).map_err(|trouble| trouble.to_string())
    }
}
