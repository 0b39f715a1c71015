//! The folder of a run: tables, and a manifest from which alone it can be run again.

use super::dictionary::{EVENTS, Field, Meaning, Package, fields_of};
use super::events::{events_table, series_table};
use super::folder::{Folder, Trouble, json};
use super::provenance::{FILES, LeverLine, Provenance, ScenarioPart, Versions};
use super::table::Format;
use detente_model::chance::Key;
use detente_model::record::digest::Digest;
use detente_model::record::outcome::Outcome;
use detente_model::record::recorder::Run;
use detente_model::scenario::{Loaded, read_whole};
use detente_model::sim::rules::{Draws, Rules};
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::LeverChange;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Most days of a run.
pub const MOST_DAYS: u32 = 3650;
/// No manifest is larger.
const LARGEST_MANIFEST: u64 = 16 << 20;

fn default_params() -> String {
    "default".to_owned()
}

/// What a recorded run is, in `manifest.json`: enough to repeat it to the last bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this layout.
    pub files: u32,
    /// Versions of scenario format and model.
    pub versions: Versions,
    /// Seed.
    pub seed: u64,
    /// Number of the future: 0 for a run that is asked for by its seed alone.
    #[serde(default)]
    pub future: u64,
    /// `default`, or `prior` where the future drew its parameters.
    #[serde(default = "default_params")]
    pub params: String,
    /// The numbers that it drew, by id of the parameter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drawn: BTreeMap<String, f64>,
    /// Days run.
    pub days: u32,
    /// The first day, day 0; it stands in the scenario, too.
    #[serde(default)]
    pub start: Option<Date>,
    /// The user's lever changes.
    pub lever_log: Vec<LeverLine>,
    /// How it ended.
    pub outcome: Outcome,
    /// Digest of everything.
    pub digest: Digest,
    /// The scenario.
    pub scenario: ScenarioPart,
}

impl Manifest {
    /// Name of its file.
    pub const NAME: &'static str = "manifest.json";

    /// What the run is of.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        Provenance {
            versions: self.versions.clone(),
            scenario: self.scenario.clone(),
            start: self.start.unwrap_or_default(),
            days: self.days,
            seed: self.seed,
            params: self.params.clone(),
            lever_log: self.lever_log.clone(),
            future: Some(self.future),
            from: None,
        }
    }

    /// Reads the manifest of a run folder.
    ///
    /// # Errors
    /// One sentence.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join(Self::NAME);
        let bytes = read_whole(&path, LARGEST_MANIFEST).map_err(|cause| {
            format!("{}; RUN_DIR is the folder that `detente run --out` wrote", Trouble::at("read", &path)(cause))
        })?;
        let sentence = |error: serde_json::Error| format!("{} is no manifest of a run: {error}", path.display());
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(sentence)?;
        match value.get("files").and_then(serde_json::Value::as_u64) {
            Some(files) if files == u64::from(FILES) => {
                let manifest: Self = serde_json::from_value(value).map_err(sentence)?;
                if !(1..=MOST_DAYS).contains(&manifest.days) {
                    return Err(format!(
                        "{} was changed: a run has 1 to {MOST_DAYS} days, not {}",
                        path.display(),
                        manifest.days
                    ));
                }
                Ok(manifest)
            }
            Some(files) => Err(format!("{} has layout {files}; this program reads {FILES}", path.display())),
            None if value.get("block").is_some() => Err(format!(
                "{} holds a batch, and not one run whose events are kept; `detente run --future K --out RUN_DIR` with the \
                 batch's scenario, seed and levers keeps the future K of it, to be explained",
                folder.display()
            )),
            None => Err(format!("{} is no manifest of a run", path.display())),
        }
    }
}

/// Writes a recorded run into a new folder: `manifest.json`, `datapackage.json`, `events.*`, `series.*`.
///
/// # Errors
/// Whatever stood in the way; then there is no such folder.
pub fn write_run(
    path: &Path,
    format: Format,
    loaded: &Loaded,
    rules: &Rules,
    (fate, log): (Fate, &[LeverChange]),
    run: &Run,
) -> Result<(), Trouble> {
    let folder = Folder::new(path)?;
    let manifest = Manifest {
        files: FILES,
        versions: Versions::here(),
        seed: fate.seed,
        future: fate.future,
        params: if fate.prior { "prior".to_owned() } else { default_params() },
        drawn: if fate.prior { drawn(rules, fate) } else { BTreeMap::new() },
        days: run.rows.len() as u32,
        start: Some(rules.frame.start),
        lever_log: log.iter().map(|change| LeverLine::of(change, rules)).collect(),
        outcome: run.outcome,
        digest: run.digest.clone(),
        scenario: ScenarioPart::of(loaded),
    };
    let provenance =
        Provenance::of(loaded, rules, manifest.days, fate.seed, &manifest.params, log).of_future(fate.future);
    let mut package = Package::new(&provenance);
    for (name, table, fields) in [
        ("events", events_table(rules, &run.events), &EVENTS as &dyn Meaning),
        ("series", series_table(rules, run), &run.columns),
    ] {
        let fields = fields_of(&table, fields);
        let metadata = metadata(&provenance, &fields);
        let file = format!("{name}.{}", format.extension());
        folder.file(&file, |out| table.write_with(format, out, &metadata))?;
        package.add(name, file, format, fields);
    }
    folder.file(Package::NAME, |out| json(out, &package))?;
    folder.file(Manifest::NAME, |out| json(out, &manifest))?;
    folder.finish()
}

/// The numbers that a future draws, by id.
fn drawn(rules: &Rules, fate: Fate) -> BTreeMap<String, f64> {
    let mut draws = Draws::of(rules);
    draws.ids().into_iter().zip(draws.values(Key::new(fate.seed, fate.future))).collect()
}

/// The metadata of a Parquet file: what it is of, and what its columns are.
#[must_use]
pub fn metadata(provenance: &Provenance, fields: &[Field]) -> Vec<(String, String)> {
    let mut pairs = provenance.metadata();
    // Serialising plain data into memory cannot fail.
    pairs.push(("detente.columns".to_owned(), serde_json::to_string(fields).unwrap_or_default()));
    pairs
}
