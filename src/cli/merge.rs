//! `detente merge`: parts of a batch that ran separately, joined into the whole.

use super::args::{Batch, Draws, FromNow, Many, Merge as Args, Params, Part, Set, TableFormat, What};
use super::batch::{Report, summary};
use super::design;
use super::failure::Failure;
use super::output;
use super::prepared::Prepared;
use crate::futures::blocks::{Slice, Store};
use crate::scenario::reload;
use crate::sim::rules::Rules;
use crate::tables::designs;
use crate::tables::folder::vacant;
use crate::tables::provenance::{Provenance, Versions};
use crate::tables::table::Format;

pub(super) fn merge(args: &Args) -> Result<(), Failure> {
    vacant(&args.out)?;
    if args.folders.iter().any(|folder| designs::Manifest::is_of_a_design(folder)) {
        return of_a_design(args);
    }
    let mut slices = match (args.runs, args.parts) {
        (Some(runs), Some(parts)) => {
            let found = args.folders.iter().map(|folder| Slice::open(folder).map_err(Failure::from));
            all_of(found, parts, |number, slices| {
                let wanted = Part { number, of: parts }.of(runs);
                wanted.is_empty() || slices.iter().any(|slice| slice.manifest.futures() == wanted)
            })?
        }
        (None, Some(_)) => {
            return Err(Failure::refused("--parts needs --runs, how many futures there are to be in all parts"));
        }
        _ => args.folders.iter().map(|folder| Slice::open(folder)).collect::<Result<Vec<_>, _>>()?,
    };
    let whole = Slice::join(&mut slices)?;
    if let Some(runs) = args.runs.filter(|&runs| whole.futures() != (0..runs)) {
        let futures = whole.futures();
        return Err(Failure::refused(format!(
            "cannot merge: the folders hold futures {} to {}, and the parts of --runs {runs} are futures 0 to {}; leave out what is \
             of another batch",
            futures.start,
            futures.end.saturating_sub(1),
            runs.saturating_sub(1)
        )));
    }
    let prepared = prepared(&whole.of)?;
    let report = Slice::merge(&slices, &whole, &args.out, &prepared.rules, |sums| {
        Report::of(&prepared.rules, whole.of.clone(), (whole.first, whole.runs), sums)
    })?;
    if args.json {
        return output::json(&report);
    }
    let many = Many { params: Params::of(&whole.of.params), jobs: None, json: false };
    let draws = match Store::draws(&args.out) {
        Some(Format::Csv) => Draws::Csv,
        Some(Format::Parquet) => Draws::Parquet,
        None => Draws::None,
    };
    let format = match whole.format() {
        Format::Csv => TableFormat::Csv,
        Format::Parquet => TableFormat::Parquet,
    };
    let as_one = Batch {
        what: What {
            scenario: whole.of.scenario.name.clone(),
            seed: whole.of.seed,
            days: Some(whole.of.days),
            param: Vec::new(),
        },
        set: Set { set: Vec::new() },
        runs: None,
        futures: Some(whole.futures()),
        design: None,
        part: None,
        from: FromNow::default(),
        many,
        out: Some(args.out.clone()),
        format,
        resume: false,
        draws,
        timing: false,
        list: None,
    };
    output::text(&summary(&prepared, &as_one, &report))
}

/// Joins parts of a design.
fn of_a_design(args: &Args) -> Result<(), Failure> {
    if args.runs.is_some() {
        return Err(Failure::refused(
            "--runs is of a batch of one setting; of a design, --parts alone says which parts are missing",
        ));
    }
    let found = args.folders.iter().map(|folder| designs::Slice::open(folder).map_err(Failure::from));
    let mut slices = match args.parts {
        None => found.collect::<Result<Vec<_>, _>>()?,
        Some(parts) => all_of(found, parts, |number, slices: &[designs::Slice]| {
            // Where nothing is finished yet nobody knows how many settings there are to be.
            slices.first().is_some_and(|first| {
                let wanted = Part { number, of: parts }.of(first.manifest.design.settings);
                wanted.is_empty() || slices.iter().any(|slice| slice.manifest.design.range() == wanted)
            })
        })?,
    };
    let whole = designs::Slice::join(&mut slices)?;
    let prepared = prepared(&whole.of)?;
    let as_one = design::as_one(&whole, args.json);
    let Some(first) = slices.first() else { return Err(Failure::refused("there is nothing to merge")) };
    let table = design::Settings::read(&prepared, &as_one, &first.settings())?;
    let made = design::Made::new(&prepared, &as_one, table, whole.design.range())?;
    let mut assembly = made.assembly()?;
    for slice in &slices {
        slice.lines(|text| assembly.add(text).map_err(design::refused))?;
    }
    let rows = assembly.rows().map_err(design::refused)?;
    let report = made.written(&whole, &rows, |given| designs::Slice::merge(&slices, &whole, &args.out, given))?;
    if args.json {
        return output::json(&report);
    }
    output::text(&design::summary(&prepared, &Batch { out: Some(args.out.clone()), ..as_one }, &report))
}

/// The parts that were found, if they are all that there are to be.
fn all_of<T>(
    found: impl Iterator<Item = Result<T, Failure>>,
    parts: u64,
    is_there: impl Fn(u64, &[T]) -> bool,
) -> Result<Vec<T>, Failure> {
    let (mut slices, mut unfit) = (Vec::new(), Vec::new());
    for slice in found {
        match slice {
            Ok(slice) => slices.push(slice),
            // It is missing, then; why is said if it is.
            Err(Failure::Refused(sentences)) => unfit.extend(sentences),
            Err(_) => {}
        }
    }
    let missing: Vec<u64> = (0..parts).filter(|&number| !is_there(number, &slices)).collect();
    if missing.is_empty() {
        return Ok(slices);
    }
    let (is, them) = if missing.len() == 1 { ("part is", "it") } else { ("parts are", "them") };
    let mut sentences = vec![format!(
        "cannot merge: {} of {parts} {is} missing or not finished; run {them} with --array={}",
        missing.len(),
        ranges(&missing)
    )];
    sentences.extend(unfit);
    Err(Failure::Refused(sentences))
}

/// Numbers as Slurm writes them: `3,7-9`.
fn ranges(numbers: &[u64]) -> String {
    let mut said: Vec<(u64, u64)> = Vec::new();
    for &number in numbers {
        match said.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => said.push((number, number)),
        }
    }
    let said = said.iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        _ => format!("{first}-{last}"),
    });
    said.collect::<Vec<_>>().join(",")
}

/// The scenario of the parts, as the manifest holds it.
fn prepared(of: &Provenance) -> Result<Prepared, Failure> {
    if of.from.is_some() {
        return Err(Failure::refused(
            "cannot merge: the parts start from a nowcast; run the whole with --futures and --from",
        ));
    }
    let here = Versions::here();
    if of.versions != here {
        return Err(Failure::refused(format!(
            "cannot merge: the parts were run by version {}, and this is version {}; merge them with the program that ran them",
            of.versions.model, here.model
        )));
    }
    let loaded = reload(&of.scenario.content)?;
    if loaded.hash != of.scenario.hash {
        return Err(Failure::refused("cannot merge: the scenario in a manifest was changed after the batch had run"));
    }
    let rules = Rules::new(&loaded);
    let log = of.lever_log.iter().map(|line| line.read(rules.frame.start));
    let log =
        log.collect::<Result<_, _>>().map_err(|why| Failure::refused(format!("a manifest was changed: {why}")))?;
    Prepared { loaded, rules, days: of.days, log, from: None }.with(Params::of(&of.params))
}
