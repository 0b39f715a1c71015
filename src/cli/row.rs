//! `detente run --like ROW.json`: a row of a batch in Python as the run that it is of.

use super::args::{DEFAULT_SCENARIO, FromNow, Params, Run as Args, Set, What};
use super::failure::Failure;
use super::origin;
use super::prepared::load;
use crate::scenario::read_whole;
use crate::sim::rules::{FreeNumbers, Rules};
use crate::tables::run::StartPart;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// No row is larger.
const LARGEST: u64 = 16 << 20;

/// What of a row says which future it is.
#[derive(Deserialize)]
struct Row {
    future: u64,
    setting: String,
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

/// The same command with what the row says.
pub(super) fn named(args: &Args, file: &Path) -> Result<Args, Failure> {
    let shown = file.display();
    let wrong = |why: String| Failure::refused(format!("{shown} is no row of a batch: {why}"));
    let bytes = read_whole(file, LARGEST).map_err(|why| Failure::refused(format!("cannot read {shown}: {why}")))?;
    let row: Row = serde_json::from_slice(&bytes).map_err(|why| wrong(why.to_string()))?;
    let said: Setting = serde_json::from_str(&row.setting).map_err(|why| wrong(format!("its setting: {why}")))?;
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
    Ok(Args {
        what: What { scenario, seed: said.seed, days: Some(said.days), param },
        future: row.future,
        like: None,
        from_day: None,
        from: FromNow { from: said.from.map(|start| start.nowcast) },
        params,
        set: Set { set },
        out: args.out.clone(),
        format: args.format,
        json: args.json,
    })
}
