//! The folder of a run: tables, and a manifest from which alone it can be run again.

use super::dictionary::{EVENTS, Field, Meaning, Package, fields_of};
use super::events::{events_table, series_table};
use super::folder::{Folder, Trouble, differs, json, on_one_line};
use super::provenance::{FILES, LeverLine, Provenance, ScenarioPart, Versions};
use super::table::{Format, Table};
use detente_model::chance::Key;
use detente_model::record::digest::Digest;
use detente_model::record::fates::Fates;
use detente_model::record::outcome::Outcome;
use detente_model::record::recorder::Run;
use detente_model::scenario::{Loaded, read_whole};
use detente_model::sim::rules::{Draws, Rules};
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::LeverChange;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// Most days of a run.
pub const MOST_DAYS: u32 = 3650;
/// No manifest is larger.
const LARGEST_MANIFEST: u64 = 16 << 20;

fn default_params() -> String {
    "default".to_owned()
}

/// The name of what a future's numbers are.
fn drawn_params(rules: &Rules, fate: Fate) -> String {
    match (fate.prior, &rules.frame.learnt) {
        (false, _) => default_params(),
        (true, None) => "prior".to_owned(),
        (true, Some(_)) => "posterior".to_owned(),
    }
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
    /// The day from which on it is that future, where it is not from the first; before it the history is that of future 0 at the
    /// scenario's parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<i32>,
    /// `default`, or `prior` where the future drew its parameters.
    #[serde(default = "default_params")]
    pub params: String,
    /// The numbers that it drew, by id of the parameter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drawn: BTreeMap<String, f64>,
    /// The nowcast from which it starts, where it does; it is that of its beginning `future`, modulo their number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<StartPart>,
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

/// Which nowcast a run starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartPart {
    /// What `--from` was given: the date of one that ships, or where a folder lay.
    pub nowcast: String,
    /// Digest of it.
    pub digest: String,
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
            from_day: self.from_day,
            from: self.from.as_ref().map(|from| from.digest.clone()),
        }
    }

    /// Whose random numbers and parameters the run has.
    ///
    /// # Errors
    /// One sentence, where a manifest was changed by hand.
    pub fn fates(&self) -> Result<Fates<'static>, String> {
        let prior = match self.params.as_str() {
            // The numbers are then those of the beginning.
            "nowcast" if self.from.is_some() => false,
            "default" => false,
            "prior" | "posterior" => true,
            name => {
                return Err(format!("the manifest was changed: params are default, prior or posterior, not {name}"));
            }
        };
        let days = 0..self.days as i32;
        if let Some(day) = self.from_day.filter(|day| !days.contains(day)) {
            return Err(format!(
                "the manifest was changed: from_day is a day of the run, 0 to {}, not {day}",
                days.end - 1
            ));
        }
        let fate = Fate { seed: self.seed, future: self.future, prior };
        Ok(self.from_day.map_or_else(|| fate.into(), |day| Fates::from_day(day, fate)))
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
        let sentence =
            |error: serde_json::Error| format!("{} is no manifest of a run: {}", path.display(), on_one_line(&error));
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

/// What a recorded run was made of, beside its scenario.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// Whose random numbers and parameters.
    pub fates: Fates<'a>,
    /// The user's lever changes.
    pub log: &'a [LeverChange],
    /// The nowcast from which it starts, where it does.
    pub from: Option<&'a StartPart>,
}

/// The files of a recorded run, each as it is written.
struct Files {
    tables: Vec<(String, Table, Vec<(String, String)>)>,
    format: Format,
    package: Package,
    manifest: Manifest,
}

impl Files {
    fn of(
        format: Format,
        loaded: &Loaded,
        rules: &Rules,
        Written { fates, log, from }: Written<'_>,
        run: &Run,
    ) -> Self {
        let (fate, from_day) = (fates.last(), fates.then.map(|(day, _)| day));
        let manifest = Manifest {
            files: FILES,
            versions: Versions::here(),
            seed: fate.seed,
            future: fate.future,
            from_day,
            params: if from.is_some() { "nowcast".to_owned() } else { drawn_params(rules, fate) },
            drawn: if fate.prior { drawn(rules, fate) } else { BTreeMap::new() },
            from: from.cloned(),
            days: run.rows.len() as u32,
            start: Some(rules.frame.start),
            lever_log: log.iter().map(|change| LeverLine::of(change, rules)).collect(),
            outcome: run.outcome,
            digest: run.digest.clone(),
            scenario: ScenarioPart::of(loaded),
        };
        let provenance =
            Provenance::of(loaded, rules, manifest.days, fate.seed, &manifest.params, log).of_future(fate.future);
        let from = from.map(|from| from.digest.clone());
        let provenance = Provenance { from, ..provenance.from_day(from_day) };
        let mut package = Package::new(&provenance);
        let mut tables = Vec::new();
        for (name, table, fields) in [
            ("events", events_table(rules, &run.events), &EVENTS as &dyn Meaning),
            ("series", series_table(rules, run), &run.columns),
        ] {
            let fields = fields_of(&table, fields);
            let metadata = metadata(&provenance, &fields);
            let file = format!("{name}.{}", format.extension());
            package.add(name, file.clone(), format, fields);
            tables.push((file, table, metadata));
        }
        Self { tables, format, package, manifest }
    }

    /// Names, the manifest last.
    fn names(&self) -> Vec<&str> {
        self.tables.iter().map(|(name, ..)| name.as_str()).chain([Package::NAME, Manifest::NAME]).collect()
    }

    fn write<W: Write + Send>(&self, name: &str, out: W) -> io::Result<()> {
        match self.tables.iter().find(|(file, ..)| file == name) {
            Some((_, table, metadata)) => table.write_with(self.format, out, metadata),
            None if name == Package::NAME => json(out, &self.package),
            None => json(out, &self.manifest),
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
    of: Written<'_>,
    run: &Run,
) -> Result<(), Trouble> {
    let folder = Folder::new(path)?;
    let files = Files::of(format, loaded, rules, of, run);
    for name in files.names() {
        folder.file(name, |out| files.write(name, out))?;
    }
    folder.finish()
}

/// The files of a run's folder that are not, byte by byte, what the run gives: each with what is wrong with it. Of a folder that
/// another version wrote only tables of text are compared, as every other file names its version.
#[must_use]
pub fn changed_files(
    path: &Path,
    (format, there): (Format, &Versions),
    loaded: &Loaded,
    rules: &Rules,
    of: Written<'_>,
    run: &Run,
) -> Vec<(String, String)> {
    let files = Files::of(format, loaded, rules, of, run);
    let same_version = *there == Versions::here();
    let compared = files.names().into_iter().filter(|name| same_version || name.ends_with(".csv"));
    compared
        .filter_map(|name| Some((name.to_owned(), differs(&path.join(name), |out| files.write(name, out))?)))
        .collect()
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
