//! A nowcast in a folder: what it is of, how it went, and the particles from which futures start.
//!
//! ```text
//! NOW/manifest.json     what it is of; written first
//! NOW/filter.block      the filter as far as it has come, from which it goes on after an interruption; removed last
//! NOW/particles.block   at most 1,000 particles of equal weight, drawn from all by their weights
//! NOW/weights.csv       every particle's weight, and how often it was drawn
//! NOW/effective.csv     effective sample by date
//! NOW/bands.csv         filtered quantiles of every state by date
//! NOW/numbers.csv       quantiles of every free number, before and after
//! NOW/nowcast.json      the result; stands only when everything is there
//! ```

use crate::filter::{Filtered, from_grid, quantiles, systematic, to_grid};
use crate::nowcast::{Nowcast, Particle};
use crate::observed::Observed;
use detente_model::chance::quantile::normal;
use detente_model::record::digest::of_reader;
use detente_model::scenario::{read_whole, reload};
use detente_model::sim::columns::Columns;
use detente_model::sim::moved::{fits, taken_over};
use detente_model::sim::rules::{FreeNumbers, Point, Rules};
use detente_model::sim::world::Snapshot;
use detente_study::futures::ensemble::{Beginning, Origin, of};
use detente_study::tables::folder::{json, replace};
use detente_study::tables::provenance::Provenance;
use detente_study::tables::run::StartPart;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most particles that a folder keeps.
pub const KEPT: usize = 1_000;

/// No file of a nowcast is larger.
const LARGEST: u64 = 1 << 30;

const MANIFEST: &str = "manifest.json";
const RESULT: &str = "nowcast.json";
const PARTICLES: &str = "particles.block";
const FILTER: &str = "filter.block";

/// What a nowcast is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Scenario, seed, levers, versions.
    #[serde(flatten)]
    pub of: Provenance,
    /// Last day of observations.
    pub until: Date,
    /// Particles.
    pub particles: usize,
    /// Where the observations were read.
    pub observed: String,
    /// Digest of those known on that day.
    pub observed_digest: String,
}

impl Manifest {
    /// Of what is about to be filtered.
    #[must_use]
    pub fn of(of: Provenance, until: Date, particles: usize, observed: &Observed) -> Self {
        let known = observed.as_of(until);
        Self { of, until, particles, observed: known.name.clone(), observed_digest: known.digest().to_owned() }
    }
}

/// The effective sample after a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effective {
    /// Last day of the step.
    pub date: Date,
    /// 1 / Σ w², of the number of particles.
    pub size: f64,
}

/// What a nowcast gives, as `nowcast --json` prints it and `nowcast.json` holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What it is of.
    #[serde(flatten)]
    pub of: Manifest,
    /// ln of the density of everything observed.
    pub log_evidence: f64,
    /// Its Monte Carlo standard error.
    pub log_evidence_se: f64,
    /// Effective sample by date.
    pub effective: Vec<Effective>,
    /// Resamplings.
    pub resampled: u32,
    /// Documented events, on average over the particles, to which the model gave no chance.
    pub ruled_out: f64,
    /// Series compared, with the number of their periods.
    pub compared: BTreeMap<String, usize>,
    /// Digest of every particle and its weight.
    pub digest: String,
}

impl Report {
    /// Of a filter that has come to its end.
    #[must_use]
    pub fn of(of: Manifest, nowcast: &Nowcast, filter: &Filtered<Particle>) -> Self {
        let effective = filter.effective.iter().enumerate();
        Self {
            of,
            log_evidence: filter.log_evidence,
            log_evidence_se: filter.log_evidence_se(),
            effective: effective.map(|(step, &size)| Effective { date: nowcast.date(step), size }).collect(),
            resampled: filter.resampled,
            ruled_out: filter.states.iter().zip(filter.weights()).map(|(p, w)| w * f64::from(p.ruled_out)).sum(),
            compared: nowcast.compared().map(|(id, periods)| (id.to_owned(), periods)).collect(),
            digest: digest(filter),
        }
    }
}

/// Digest of every particle and its weight.
#[must_use]
pub fn digest(filter: &Filtered<Particle>) -> String {
    let mut bytes = Vec::new();
    // Plain data into memory: there is nothing to fail.
    let _ = ciborium::into_writer(&(&filter.states, &filter.log_weights), &mut bytes);
    of_reader(bytes.as_slice()).unwrap_or_default()
}

/// A particle as the folder keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    state: Snapshot,
    /// Normal scores of the model's numbers, in steps of the grid.
    numbers: Vec<i16>,
}

/// Particles of equal weight, and the ids of their numbers.
#[derive(Serialize, Deserialize)]
struct Particles {
    ids: Vec<String>,
    kept: Vec<Kept>,
}

/// The folder of a nowcast.
#[derive(Debug)]
pub struct Now {
    folder: PathBuf,
    manifest: Manifest,
}

impl Now {
    /// Takes a folder for a nowcast: a new or empty one, or with `resume` one in which the same was begun.
    ///
    /// # Errors
    /// If the folder holds anything else, or cannot be written; in a sentence.
    pub fn open(folder: &Path, manifest: Manifest, resume: bool) -> Result<Self, String> {
        let path = folder.join(MANIFEST);
        if path.exists() {
            if !resume {
                return Err(format!(
                    "{} holds a nowcast or run already; add --resume to go on with it, or give a new folder",
                    folder.display()
                ));
            }
            let there = read_manifest(folder)?;
            if there != manifest {
                let mut differences = manifest.of.differences(&there.of);
                let rows = [
                    ("last day", there.until.to_string(), manifest.until.to_string()),
                    ("particles", there.particles.to_string(), manifest.particles.to_string()),
                    ("observations", there.observed_digest.clone(), manifest.observed_digest.clone()),
                ];
                let differing = rows.into_iter().filter(|(_, theirs, ours)| theirs != ours);
                differences.extend(differing.map(|(name, theirs, ours)| format!("{name} {theirs} there, {ours} now")));
                if !differences.is_empty() {
                    return Err(format!(
                        "cannot resume: {} holds another nowcast ({}); repeat its command, or give a new folder",
                        folder.display(),
                        differences.join("; ")
                    ));
                }
            }
        } else {
            detente_study::tables::folder::vacant(folder).map_err(|trouble| trouble.to_string())?;
            fs::create_dir_all(folder).map_err(|cause| format!("cannot write to {}: {cause}", folder.display()))?;
            replace(&path, true, |out| json(out, &manifest)).map_err(|trouble| trouble.to_string())?;
        }
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// The result, where it stands already.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn result(&self) -> Result<Option<Report>, String> {
        if self.folder.join(RESULT).exists() { read_result(&self.folder).map(Some) } else { Ok(None) }
    }

    /// The filter as far as it had come; `None` if it is to begin. What is damaged counts as missing.
    #[must_use]
    pub fn begun(&self) -> Option<Filtered<Particle>> {
        let path = self.folder.join(FILTER);
        let begun: Filtered<Particle> = unpack(&read_whole(&path, LARGEST).ok()?)?;
        (begun.wanted == self.manifest.particles).then_some(begun)
    }

    /// Keeps the filter as far as it has come.
    ///
    /// # Errors
    /// If it cannot be written; in a sentence.
    pub fn keep(&self, filter: &Filtered<Particle>) -> Result<(), String> {
        let bytes = pack(filter, 1);
        let path = self.folder.join(FILTER);
        replace(&path, true, |out| out.write_all(&bytes)).map_err(|trouble| trouble.to_string())
    }

    /// Writes everything, the result last.
    ///
    /// # Errors
    /// If something cannot be written; in a sentence.
    pub fn finish(&self, nowcast: &Nowcast, filter: &Filtered<Particle>) -> Result<Report, String> {
        let result = Report::of(self.manifest.clone(), nowcast, filter);
        let weights: Vec<f64> = filter.weights().collect();
        let (drawn, particles) = particles(nowcast, filter, KEPT);
        let particles = pack(&particles, 9);
        let write = |name: &str, bytes: &[u8]| {
            replace(&self.folder.join(name), true, |out| out.write_all(bytes)).map_err(|trouble| trouble.to_string())
        };
        write(PARTICLES, &particles)?;
        let mut text = String::from("particle,weight,drawn\n");
        for (i, weight) in weights.iter().enumerate() {
            let times = drawn.iter().filter(|&&at| at == i).count();
            let _ = writeln!(text, "{i},{weight},{times}");
        }
        write("weights.csv", text.as_bytes())?;
        text = String::from("date,effective\n");
        for Effective { date, size } in &result.effective {
            let _ = writeln!(text, "{date},{size}");
        }
        write("effective.csv", text.as_bytes())?;
        write("bands.csv", bands(nowcast, filter).as_bytes())?;
        write("numbers.csv", numbers(nowcast, filter, &weights).as_bytes())?;
        replace(&self.folder.join(RESULT), true, |out| json(out, &result)).map_err(|trouble| trouble.to_string())?;
        let _ = fs::remove_file(self.folder.join(FILTER));
        Ok(result)
    }
}

/// At most so many particles of equal weight, drawn from all by their weights, and which they are.
fn particles(nowcast: &Nowcast, filter: &Filtered<Particle>, most: usize) -> (Vec<usize>, Particles) {
    let weights: Vec<f64> = filter.weights().collect();
    let drawn = systematic(&weights, weights.len().min(most), nowcast.key().of("kept").timeless().uniform(0));
    let model = nowcast.free.0.len();
    let kept = drawn.iter().filter_map(|&i| {
        let particle = &filter.states[i];
        let numbers = particle.numbers[..model].iter().map(|z| to_grid(*z)).collect();
        Some(Kept { state: particle.state.clone()?, numbers })
    });
    let ids = nowcast.free.0.iter().map(|number| number.id.clone()).collect();
    let particles = Particles { ids, kept: kept.collect() };
    (drawn, particles)
}

/// Particles that a file keeps.
pub const IN_FILE: usize = 128;

/// Writes what futures need to start from a nowcast into one file: what it is of, and [`IN_FILE`] particles.
///
/// # Errors
/// If it cannot be written; in a sentence.
pub fn write_file(path: &Path, of: &Manifest, nowcast: &Nowcast, filter: &Filtered<Particle>) -> Result<(), String> {
    // Where the observations lay and which build made it is not what it is.
    let mut of = of.clone();
    of.of.versions.model = env!("CARGO_PKG_VERSION").to_owned();
    let bytes = pack(&(of, particles(nowcast, filter, IN_FILE).1), 9);
    replace(path, true, |out| out.write_all(&bytes)).map_err(|trouble| trouble.to_string())
}

fn bands(nowcast: &Nowcast, filter: &Filtered<Particle>) -> String {
    let mut text = String::from("date,state,unit,q05,q25,q50,q75,q95\n");
    let names = nowcast.watched();
    for (step, rows) in filter.bands.iter().enumerate() {
        for ((name, unit), [a, b, c, d, e]) in names.iter().zip(rows) {
            let _ = writeln!(text, "{},{name},{unit},{a},{b},{c},{d},{e}", nowcast.date(step));
        }
    }
    text
}

/// Quantiles of every free number before and after: of the model's through their ranges, of the observations' through their priors.
fn numbers(nowcast: &Nowcast, filter: &Filtered<Particle>, weights: &[f64]) -> String {
    let mut text = String::from("number,prior_q05,prior_q50,prior_q95,q05,q50,q95\n");
    let shares = [0.05, 0.5, 0.95];
    let at = |i: usize, z: f64| match nowcast.free.0.get(i) {
        Some(number) => number.at(crate::density::normal_share(z)),
        None => nowcast.nuisances[i - nowcast.free.0.len()].at(z),
    };
    for (i, id) in nowcast.ids().enumerate() {
        let mut scores: Vec<(f64, f64)> =
            filter.states.iter().zip(weights).map(|(particle, w)| (f64::from(particle.numbers[i]), *w)).collect();
        let after = quantiles(&mut scores, shares).map(|z| at(i, z));
        let [a, b, c] = shares.map(|share| at(i, normal(share)));
        let [d, e, f] = after;
        let _ = writeln!(text, "\"{id}\",{a},{b},{c},{d},{e},{f}");
    }
    text
}

/// Packed bytes under a digest.
fn pack(value: &impl Serialize, level: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Plain data into memory: there is nothing to fail.
    let _ = ciborium::into_writer(value, &mut bytes);
    let packed = miniz_oxide::deflate::compress_to_vec(&bytes, level);
    let digest = of_reader(packed.as_slice()).unwrap_or_default();
    let mut whole = format!("{digest}\n{}\n", bytes.len()).into_bytes();
    whole.extend(packed);
    whole
}

/// `None` if they are damaged.
fn unpack<T: DeserializeOwned>(whole: &[u8]) -> Option<T> {
    let line = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'\n');
    let first = line(whole)?;
    let second = first + 1 + line(&whole[first + 1..])?;
    let digest = std::str::from_utf8(&whole[..first]).ok()?;
    let size: usize = std::str::from_utf8(&whole[first + 1..second]).ok()?.parse().ok()?;
    let packed = &whole[second + 1..];
    if of_reader(packed).ok()? != digest || size as u64 > LARGEST {
        return None;
    }
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, size).ok()?;
    ciborium::from_reader(bytes.as_slice()).ok()
}

fn read_manifest(folder: &Path) -> Result<Manifest, String> {
    let path = folder.join(MANIFEST);
    let bytes = read_whole(&path, LARGEST).map_err(|cause| format!("cannot read {}: {cause}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{} is no manifest of a nowcast: {error}", path.display()))
}

fn read_result(folder: &Path) -> Result<Report, String> {
    let path = folder.join(RESULT);
    let bytes = read_whole(&path, LARGEST).map_err(|cause| {
        format!("{} holds no finished nowcast: cannot read {}: {cause}", folder.display(), path.display())
    })?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{} is damaged: {error}", path.display()))
}

/// Where futures start that start from a nowcast: the state of each on day 0, and its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// What it was asked for by: the date of one that ships, or a path.
    pub nowcast: String,
    /// Last day of observations.
    pub until: Date,
    /// Digest of the nowcast.
    pub digest: String,
    /// Future K starts from the one at K modulo their number. Never empty.
    pub beginnings: Arc<[Beginning]>,
}

impl Start {
    /// The beginning of a future.
    #[must_use]
    pub fn of(&self, future: u64) -> &Beginning {
        of(&self.beginnings, future)
    }

    /// The rules of a future, whose own numbers are those of its beginning.
    #[must_use]
    pub fn own(&self, rules: &Rules, future: u64) -> Rules {
        let mut own = rules.clone();
        own.settle(&self.of(future).point);
        own
    }

    /// Day 0 of many futures.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::Many(self.beginnings.clone())
    }

    /// What a run's folder keeps of it.
    #[must_use]
    pub fn part(&self) -> StartPart {
        StartPart { nowcast: self.nowcast.clone(), digest: self.digest.clone() }
    }
}

/// The nowcasts that ship, by the last day of their observations; each as `detente nowcast --write` leaves it.
const SHIPPED: [(&str, &[u8]); 1] = [("2024-11-07", include_bytes!("../../../assets/observed/2024-11-07.now"))];

/// Dates of the nowcasts that ship.
pub fn shipped() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// Dates of the nowcasts that ship, each with the digest in its first line.
pub fn shipped_digests() -> impl Iterator<Item = (&'static str, &'static str)> {
    let first = |bytes: &'static [u8]| bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    SHIPPED.iter().map(move |(name, bytes)| (*name, std::str::from_utf8(first(bytes)).unwrap_or_default()))
}

/// Where futures of a scenario start from a nowcast: one that ships, by its date; a folder that `detente nowcast --out` wrote; or a
/// file that `--write` wrote. The scenario must begin on the day after the last one observed, and have the same entities.
///
/// # Errors
/// If there is no such nowcast, it is damaged, was made by another version, or does not fit; in a sentence.
pub fn start(nowcast: &str, rules: &Rules) -> Result<Start, String> {
    let path = Path::new(nowcast);
    if let Some((name, bytes)) = SHIPPED.iter().find(|(name, _)| *name == nowcast && !path.exists()) {
        return of_file(name, bytes, None, rules);
    }
    if path.is_file() {
        let bytes = read_whole(path, LARGEST).map_err(|cause| format!("cannot read {nowcast}: {cause}"))?;
        return of_file(nowcast, &bytes, Some(env!("CARGO_PKG_VERSION")), rules);
    }
    if !path.exists() {
        let dates: Vec<&str> = shipped().collect();
        return Err(format!(
            "there is no {nowcast}; give a folder or file that `detente nowcast` wrote, or the date of one that ships: {}",
            dates.join(", ")
        ));
    }
    of_folder(path, rules)
}

/// The nowcast that ships under a date, as the start of futures of a scenario.
///
/// # Errors
/// If none ships under that date, or it does not fit; in a sentence.
pub fn shipped_start(name: &str, rules: &Rules) -> Result<Start, String> {
    let Some((name, bytes)) = SHIPPED.iter().find(|(known, _)| *known == name) else {
        let dates: Vec<&str> = shipped().collect();
        return Err(format!("no nowcast to “{name}” ships with this program; there is {}", dates.join(", ")));
    };
    of_file(name, bytes, None, rules)
}

/// The nowcasts that ship from which futures of these rules can start.
pub fn fitting(rules: &Rules) -> impl Iterator<Item = &'static str> + '_ {
    shipped().filter(|name| {
        let until: Option<Date> = name.parse().ok();
        until.is_some_and(|until| crate::observed::later(until, 1) == rules.frame.start)
            && shipped_start(name, rules).is_ok()
    })
}

/// `version` is that of the program, which one that ships need not be asked for.
fn of_file(named: &str, bytes: &[u8], version: Option<&str>, rules: &Rules) -> Result<Start, String> {
    let damaged =
        || format!("{named} is no file of a nowcast, or damaged; make it again with `detente nowcast --write`");
    let digest = bytes.split(|byte| *byte == b'\n').next().and_then(|line| std::str::from_utf8(line).ok());
    let digest = digest.ok_or_else(damaged)?.to_owned();
    let (of, particles): (Manifest, Particles) = unpack(bytes).ok_or_else(damaged)?;
    // A file keeps the version without the digest of its build: see [`write_file`].
    let made = of.of.versions.model.split('+').next().unwrap_or_default();
    if let Some(here) = version.filter(|here| *here != made) {
        return Err(format!(
            "{named} was made by version {made} and this is {here}; make it again with `detente nowcast --write`"
        ));
    }
    let beginnings = beginnings(named, &of, particles, rules)?.ok_or_else(damaged)?;
    Ok(Start { nowcast: named.to_owned(), until: of.until, digest, beginnings })
}

fn of_folder(folder: &Path, rules: &Rules) -> Result<Start, String> {
    let result = read_result(folder)?;
    let named = folder.display().to_string();
    let here = detente_study::tables::provenance::Versions::here();
    if result.of.of.versions != here {
        return Err(format!(
            "{named} was made by version {} and this is {}; make it again with `detente nowcast`",
            result.of.of.versions.model, here.model
        ));
    }
    let path = folder.join(PARTICLES);
    let bytes = read_whole(&path, LARGEST).map_err(|cause| format!("cannot read {}: {cause}", path.display()))?;
    let damaged = || format!("{} is damaged; make the nowcast again", path.display());
    let particles: Particles = unpack(&bytes).ok_or_else(damaged)?;
    let beginnings = beginnings(&named, &result.of, particles, rules)?.ok_or_else(damaged)?;
    Ok(Start { nowcast: named, until: result.of.until, digest: result.digest, beginnings })
}

/// Particles as beginnings of futures of these rules; `None` if they are not those of the nowcast.
fn beginnings(
    named: &str,
    of: &Manifest,
    Particles { ids, kept }: Particles,
    rules: &Rules,
) -> Result<Option<Arc<[Beginning]>>, String> {
    let past =
        reload(&of.of.scenario.content).map_err(|errors| format!("{named}: its scenario does not load: {errors}"))?;
    let past = Rules::new(&past);
    fits(&past, rules).map_err(|[a, b]| {
        let name = |id: String| if id.is_empty() { "nothing".to_owned() } else { id };
        let (there, here) = (&past.frame.name, &rules.frame.name);
        format!("{named} is of another world: where {there} has {}, {here} has {}", name(a), name(b))
    })?;
    let next = crate::observed::later(of.until, 1);
    if rules.frame.start != next {
        return Err(format!(
            "{named} ends on {} and {} begins on {}; give a scenario that begins on {next}",
            of.until, rules.frame.name, rules.frame.start
        ));
    }
    let days = crate::observed::days_between(past.frame.start, next);
    let free = FreeNumbers::of(&past);
    if free.0.len() != ids.len() || kept.is_empty() || free.0.iter().zip(&ids).any(|(number, id)| number.id != *id) {
        return Ok(None);
    }
    let whole = Columns::start(&past);
    let numbers_here = FreeNumbers::of(rules);
    // Numbers that this scenario fixes stay fixed.
    let places: Vec<Option<usize>> = numbers_here.0.iter().map(|number| free.position(&number.id)).collect();
    let mut list = Vec::with_capacity(kept.len());
    for Kept { state, numbers } in kept {
        if numbers.len() != ids.len()
            || !state.columns.matches(&whole)
            || state.levers.values().len() != rules.frame.levers.values().len()
        {
            return Ok(None);
        }
        let of = |at: &Option<usize>, default: f64| {
            at.map_or(default, |i| free.0[i].at(crate::density::normal_share(f64::from(from_grid(numbers[i])))))
        };
        let values: Vec<f64> = numbers_here.0.iter().zip(&places).map(|(number, at)| of(at, number.default)).collect();
        let point = Point::Given(Arc::new(numbers_here.all(values)));
        list.push(Beginning { state: taken_over(&state, days, rules), point });
    }
    Ok(Some(list.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped_file() -> (Manifest, Particles, Rules) {
        let (of, particles): (Manifest, Particles) =
            unpack(SHIPPED[0].1).unwrap_or_else(|| panic!("what ships is damaged"));
        let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap_or_else(|e| panic!("{e}")));
        (of, particles, rules)
    }

    fn read(of: &Manifest, particles: &Particles, version: &str, rules: &Rules) -> Result<Start, String> {
        of_file("one.now", &pack(&(of, particles), 1), Some(version), rules)
    }

    #[test]
    fn a_file_of_another_version_is_refused() {
        let (of, particles, rules) = shipped_file();
        let here = of.of.versions.model.clone();
        assert!(read(&of, &particles, &here, &rules).is_ok());
        let refused = read(&of, &particles, "9.9.9", &rules).unwrap_err();
        let says = format!("one.now was made by version {here} and this is 9.9.9; make it again");
        assert!(refused.starts_with(&says), "{refused}");
    }

    /// A state with more or less of something than its world has is no state of it, whatever else holds.
    #[test]
    fn a_state_that_lacks_something_is_refused_and_not_run() {
        let (of, mut particles, rules) = shipped_file();
        let here = of.of.versions.model.clone();
        particles.kept[3].state.columns.ledgers.pop();
        assert!(read(&of, &particles, &here, &rules).unwrap_err().contains("damaged"));
    }
}
