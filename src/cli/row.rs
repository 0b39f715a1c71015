//! `detente run --like ROW`: a row of a batch as the run that it is of. A row that says all of it stands alone; one that does not is looked
//! up in the folder of its batch.

use super::args::{DEFAULT_SCENARIO, FromNow, Params, Run as Args, Set, What};
use super::failure::Failure;
use super::prepared::{Prepared, load};
use super::{design, origin};
use crate::futures::blocks;
use crate::scenario::read_whole;
use crate::sim::rules::{FreeNumbers, Rules};
use crate::tables::designs;
use crate::tables::run::StartPart;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// No row is larger.
const LARGEST: u64 = 16 << 20;

/// What of a row says which future it is.
#[derive(Deserialize)]
struct Row {
    #[serde(deserialize_with = "whole")]
    future: u64,
    setting: Option<String>,
}

/// A whole number, also as tables of text have it (`"12"`) or those that know only one kind of number (`12.0`).
fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    let number = match &value {
        serde_json::Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64().or_else(|| {
            let whole = other.as_f64().filter(|number| (0.0..9e15).contains(number) && number.fract() == 0.0);
            whole.map(|number| number as u64)
        }),
    };
    number.ok_or_else(|| serde::de::Error::custom(format!("future is {value}; write the number of a future, like 12")))
}

/// What a future is of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    scenario: String,
    hash: String,
    days: u32,
    seed: u64,
    params: String,
    given: BTreeMap<String, f64>,
    levers: Vec<(String, String, u32)>,
    from: Option<StartPart>,
}

/// The future of a row, and the same command with what the row says.
pub(super) fn named(args: &Args, row: &Path) -> Result<(Prepared, Args), Failure> {
    if let Some((folder, number)) = in_a_folder(row) {
        return of_folder(args, &folder, number);
    }
    let shown = row.display();
    let wrong = |why: String| Failure::refused(format!("{shown} is no row of a batch: {why}"));
    let bytes = read_whole(row, LARGEST).map_err(|why| {
        let folder = if row.is_dir() { "; name one of its futures with DIR#K" } else { "" };
        Failure::refused(format!("cannot read {shown}: {why}{folder}"))
    })?;
    let found: Row = serde_json::from_slice(&bytes).map_err(|why| wrong(why.to_string()))?;
    let Some(setting) = found.setting else {
        // Beside the tables of its batch, whose manifest says the rest.
        let folder = row.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !blocks::Manifest::is_of_a_batch(folder) {
            let way = "it has no `setting`, and no batch lies beside it; name it by the folder of its batch and its number, \
                       --like DIR#";
            return Err(wrong(format!("{way}{}", found.future)));
        }
        return of_folder(args, folder, found.future);
    };
    of_setting(args, row, &setting, found.future)
}

/// `DIR#K`, where no file has that name.
fn in_a_folder(row: &Path) -> Option<(PathBuf, u64)> {
    let (folder, number) = row.to_str()?.rsplit_once('#')?;
    let number = number.parse().ok()?;
    (!row.exists() && Path::new(folder).is_dir()).then(|| (PathBuf::from(folder), number))
}

/// Future K of the batch in a folder, or row K of the futures of a design.
fn of_folder(args: &Args, folder: &Path, number: u64) -> Result<(Prepared, Args), Failure> {
    let shown = folder.display();
    if designs::Manifest::is_of_a_design(folder) {
        let manifest = designs::Manifest::read(folder)?;
        let prepared = Prepared::kept(folder, &manifest.of)?;
        let line = design::as_one(&manifest, false);
        let table = design::Settings::read(&prepared, &line, &folder.join(designs::Store::DESIGN))?;
        let Some((setting, future)) = table.written(&prepared, &manifest.design, number)? else {
            return Err(Failure::refused(format!(
                "{shown} holds {} futures, numbered as rows from 0; there is no row {number}",
                manifest.design.futures
            )));
        };
        return of_setting(args, folder, &setting, future);
    }
    let manifest = blocks::Manifest::read(folder)?;
    let futures = manifest.futures();
    if !futures.contains(&number) {
        return Err(Failure::refused(format!(
            "{shown} holds the futures {} to {}; there is no future {number} in it",
            futures.start,
            futures.end.saturating_sub(1)
        )));
    }
    let of = &manifest.of;
    let prepared = Prepared::kept(folder, of)?;
    let scenario = of.scenario.name.clone();
    let like = Args {
        what: What { scenario: scenario.clone(), seed: of.seed, days: Some(of.days), param: Vec::new() },
        future: number,
        params: Params::of(&of.params),
        out: args.out.clone(),
        format: args.format,
        json: args.json,
        ..Args::of(scenario)
    };
    Ok((prepared, like))
}

/// A future of a setting that says all of it.
fn of_setting(args: &Args, file: &Path, setting: &str, future: u64) -> Result<(Prepared, Args), Failure> {
    let shown = file.display();
    let wrong = |why: String| Failure::refused(format!("{shown} is no row of a batch: {why}"));
    let said: Setting = serde_json::from_str(setting).map_err(|why| wrong(format!("its setting: {why}")))?;
    // The one that is named beside the row, or else the one that the row names.
    let named = args.what.scenario != DEFAULT_SCENARIO;
    let scenario = if named { args.what.scenario.clone() } else { said.scenario.clone() };
    let loaded = load(&scenario, &[])?;
    if loaded.hash != said.hash {
        return Err(Failure::refused(format!(
            "{shown} is of the scenario {} ({}), and {scenario} is {}; name the file of that scenario, as it was",
            said.scenario, said.hash, loaded.hash
        )));
    }
    let params = match said.params.as_str() {
        "default" | "given" => Params::Default,
        "prior" => Params::Prior,
        "posterior" => Params::Posterior,
        other => return Err(wrong(format!("params are {other}"))),
    };
    let set = said.levers.iter().map(|(lever, value, day)| format!("{lever}={value}@{day}")).collect();
    // A family, as a row of an earlier version may have it, is laid over the scenario member by member.
    let rules = Rules::new(&loaded);
    origin::kept(file, said.from.as_ref(), &rules)?;
    let numbers = FreeNumbers::of(&rules);
    let given: Vec<(String, f64)> = said.given.into_iter().collect();
    let given = numbers.finder().spread(&given).map_err(|mistakes| {
        let mistakes = mistakes.iter().map(|mistake| format!("{shown} is no row of a batch: {mistake}"));
        Failure::Refused(mistakes.collect())
    })?;
    let param = given.iter().map(|(number, value)| format!("{}={value}", number.id)).collect();
    let like = Args {
        what: What { scenario: scenario.clone(), seed: said.seed, days: Some(said.days), param },
        future,
        from: FromNow { from: said.from.map(|start| start.nowcast) },
        params,
        set: Set { set },
        out: args.out.clone(),
        format: args.format,
        json: args.json,
        ..Args::of(scenario)
    };
    let prepared = Prepared::new(&like.what, &like.set.set)?.with(like.params)?.starting(&like.from)?;
    Ok((prepared, like))
}
