//! `detente again`: what a folder holds, run again from the folder alone.

use super::args::{Again, Batch, Cli, Command, Many};
use super::failure::Failure;
use super::origin;
use super::prepared::Prepared;
use super::{batch, claims, design, effect, run};
use crate::futures::blocks::{self, Store};
use crate::futures::pairs;
use crate::record::digest::of_reader;
use crate::tables::designs;
use crate::tables::provenance::Provenance;
use crate::tables::provenance::Versions;
use crate::tables::run::{Manifest, Written, changed_files};
use crate::tables::table::Format;
use clap::Parser as _;
use std::path::Path;

pub(super) fn again(args: &Again) -> Result<(), Failure> {
    if blocks::Manifest::is_of_a_batch(&args.folder) {
        let manifest = blocks::Manifest::read(&args.folder)?;
        let of = &manifest.of;
        let prepared = Prepared::kept(&args.folder, of)?;
        let futures = manifest.futures();
        let mut rest = vec![
            "--futures".to_owned(),
            format!("{}..{}", futures.start, futures.end),
            "--params".to_owned(),
            of.params.clone(),
        ];
        if args.out.is_some() {
            let draws = Store::draws(&args.folder).map_or("none", |format| format.extension());
            rest.extend(["--draws".to_owned(), draws.to_owned()]);
        }
        let Command::Batch(line) = command(args, "batch", of, rest, &manifest.tables)? else {
            return Err(Failure::refused("this is no batch"));
        };
        let digest = batch::batch_of(&prepared, &line)?;
        // A batch that was stopped before its end has no result to compare with.
        match Store::digest(&args.folder)? {
            Some(before) if before != digest => Err(another(&args.folder, of, &digest, &before)),
            // The sums beside them hold a digest of every table.
            _ => Ok(Store::intact(&args.folder, &manifest)?),
        }
    } else if designs::Manifest::is_of_a_design(&args.folder) {
        of_a_design(args)
    } else if let Ok(manifest) = pairs::Manifest::read(&args.folder) {
        let of = &manifest.of;
        let prepared = Prepared::kept(&args.folder, of)?;
        let mut rest = ["--runs".to_owned(), manifest.pairs.to_string()].to_vec();
        if manifest.what == pairs::What::Claims {
            let Command::Claims(line) = command(args, "claims", of, rest, "")? else {
                return Err(Failure::refused("these are no claims"));
            };
            return same(args, of, manifest.what, &claims::claims_of(&prepared, &line)?);
        }
        rest.extend(["--params".to_owned(), of.params.clone()]);
        for line in &of.lever_log {
            let value = line.value.as_str().map_or_else(|| line.value.to_string(), str::to_owned);
            rest.extend(["--set".to_owned(), format!("{}={value}@{}", line.lever, line.day)]);
        }
        let Command::Effect(line) = command(args, "effect", of, rest, "")? else {
            return Err(Failure::refused("this is no effect"));
        };
        let kept = effect::effect_of(&prepared, &line)?;
        same(args, of, manifest.what, &kept.result)?;
        // An effect that was stopped before its end has no table either.
        if pairs::result(&args.folder, manifest.what).is_none() {
            return Ok(());
        }
        match pairs::changed(&args.folder, &kept.beside).as_slice() {
            [] => Ok(()),
            changed => {
                Err(Failure::Refused(changed.iter().map(|(name, how)| not_of_the_run(args, name, how)).collect()))
            }
        }
    } else {
        let manifest = Manifest::read(&args.folder).map_err(Failure::refused)?;
        let of = manifest.provenance();
        let mut prepared = Prepared::kept(&args.folder, &Provenance { from: None, ..of.clone() })?;
        prepared.from = origin::kept(&args.folder, manifest.from.as_ref(), &prepared.rules)?;
        let parquet = args.folder.join("series.parquet").is_file();
        let (format, tables) = if parquet { ("parquet", Format::Parquet) } else { ("csv", Format::Csv) };
        let fates = manifest.fates().map_err(Failure::refused)?;
        let mut rest: Vec<String> = ["--future", &manifest.future.to_string()].map(str::to_owned).into();
        rest.extend(match &manifest.from {
            Some(from) => ["--from".to_owned(), from.nowcast.clone()],
            None => ["--params".to_owned(), of.params.clone()],
        });
        if let Some(day) = of.from_day {
            rest.extend(["--from-day".to_owned(), day.to_string()]);
        }
        let Command::Run(line) = command(args, "run", &of, rest, format)? else {
            return Err(Failure::refused("this is no run"));
        };
        let (run, before) = (run::run_of(&prepared, &line)?, manifest.digest.whole);
        if run.digest.whole != before {
            return Err(another(&args.folder, &of, &run.digest.whole, &before));
        }
        let written = (tables, &of.versions);
        let Prepared { loaded, log, .. } = &prepared;
        let rules = prepared.from.as_ref().map(|start| start.own(&prepared.rules, manifest.future));
        let rules = rules.as_ref().unwrap_or(&prepared.rules);
        let of = Written { fates, log, from: manifest.from.as_ref() };
        match changed_files(&args.folder, written, loaded, rules, of, &run).as_slice() {
            [] => Ok(()),
            changed => {
                Err(Failure::Refused(changed.iter().map(|(name, how)| not_of_the_run(args, name, how)).collect()))
            }
        }
    }
}

/// A design, or a part of one, from the settings that its folder keeps.
fn of_a_design(args: &Again) -> Result<(), Failure> {
    let manifest = designs::Manifest::read(&args.folder)?;
    let prepared = Prepared::kept(&args.folder, &manifest.of)?;
    let file = args.folder.join(designs::Store::DESIGN);
    let line = design::as_one(&manifest, args.json);
    let line = Batch { out: args.out.clone(), many: Many { jobs: args.jobs, ..line.many }, ..line };
    let table = design::Settings::read(&prepared, &line, &file)?;
    if table.digest() != manifest.design.digest {
        return Err(Failure::refused(format!("{} was changed since; take it from a copy", file.display())));
    }
    let digest = design::design_of(&prepared, &line, table, manifest.design.range())?;
    match designs::Store::digest(&args.folder)? {
        Some(before) if before != digest => Err(another(&args.folder, &manifest.of, &digest, &before)),
        _ => Ok(designs::intact(&args.folder, &manifest)?),
    }
}

/// Whether a result of pairs is the one that stands in the folder; what was stopped before its end has none to compare with.
fn same(args: &Again, of: &Provenance, what: pairs::What, now: &[u8]) -> Result<(), Failure> {
    match pairs::result(&args.folder, what) {
        Some(before) if before != now => Err(another(&args.folder, of, &of_bytes(now), &of_bytes(&before))),
        _ => Ok(()),
    }
}

/// The command that made the folder, but for its scenario and levers, which the manifest gives.
fn command(args: &Again, name: &str, of: &Provenance, rest: Vec<String>, format: &str) -> Result<Command, Failure> {
    let mut line: Vec<String> =
        ["detente", name, "--seed", &of.seed.to_string(), "--days", &of.days.to_string()].map(str::to_owned).into();
    line.extend(rest);
    if let Some(jobs) = args.jobs.filter(|_| name != "run") {
        line.extend(["--jobs".to_owned(), jobs.to_string()]);
    }
    if args.json {
        line.push("--json".to_owned());
    }
    if let Some(out) = &args.out {
        line.extend(["--out".to_owned(), out.display().to_string()]);
        if name == "run" || name == "batch" {
            line.extend(["--format".to_owned(), format.to_owned()]);
        }
    }
    let cli = Cli::try_parse_from(line).map_err(|error| {
        let manifest = args.folder.join(Manifest::NAME);
        Failure::refused(format!("{} is damaged: {}", manifest.display(), error.kind()))
    })?;
    cli.command.ok_or_else(|| Failure::refused("the manifest names no command"))
}

/// A file that is not what its run gives, though the manifest is.
fn not_of_the_run(args: &Again, name: &str, how: &str) -> String {
    let folder = args.folder.display();
    format!(
        "{folder}: {name} {how}, and is not what this run gives; take it from a copy, or write all of it anew with `detente again \
         {folder} --out NEW`"
    )
}

/// Digest of a result's bytes.
fn of_bytes(bytes: &[u8]) -> String {
    of_reader(bytes).unwrap_or_default()
}

fn another(folder: &Path, of: &Provenance, digest: &str, before: &str) -> Failure {
    let (here, there) = (Versions::here(), &of.versions);
    let why = if *there == here {
        "its manifest was changed".to_owned()
    } else {
        format!("it was made by version {}, and this is version {}", there.model, here.model)
    };
    Failure::refused(format!(
        "{} gives another result now (digest {digest}, not {before}), because {why}",
        folder.display()
    ))
}
