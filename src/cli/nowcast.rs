//! `detente nowcast`: the state of the world on a date, as what was counted and decided up to it leaves it.

use super::args::Nowcast as Args;
use super::failure::Failure;
use super::observe::observed;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, short, styled, thousands};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::threads;
use crate::futures::ensemble::Progress;
use crate::learn::filter::{Filtered, Halt, work};
use crate::learn::now::{Manifest, Now, Report, write_file};
use crate::learn::nowcast::{Nowcast, Particle};
use crate::learn::observed::later;
use crate::tables::folder::writable;
use std::fmt::Write as _;
use std::sync::atomic::Ordering;

/// Steps after which the filter is kept, so that little is lost by an interruption and little time by keeping it.
const KEEP_EVERY: usize = 8;

pub(super) fn nowcast(args: &Args) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what(), &args.set.set)?;
    let observed = observed(args.observed.as_deref())?;
    let start = prepared.rules.frame.start;
    let last = later(start, MOST_DAYS);
    if !(start..=last).contains(&args.until) {
        return Err(Failure::refused(format!(
            "--until {}: {} begins on {start}; name a date from then to {last}",
            args.until, prepared.loaded.name
        )));
    }
    let log = prepared.log.clone();
    let nowcast = Nowcast::new(&prepared.rules, &observed, args.until, args.seed, log)?;
    let mut of = prepared.provenance(args.seed, "prior");
    of.days = nowcast.days();
    let manifest = Manifest::of(of, args.until, args.particles as usize, &observed);
    // Better refused now than after the work.
    args.write.as_deref().map(writable).transpose()?;
    let folder = match &args.out {
        None => None,
        Some(folder) => Some(Now::open(folder, manifest.clone(), args.resume).map_err(Failure::refused)?),
    };
    let finished = folder.as_ref().map(Now::result).transpose().map_err(Failure::refused)?.flatten();
    let (report, bands) = match finished {
        Some(report) => (report, Vec::new()),
        None => {
            let filter = filtered(args, &nowcast, folder.as_ref())?;
            if let Some(file) = &args.write {
                write_file(file, &manifest, &nowcast, &filter).map_err(Failure::refused)?;
            }
            let report = match &folder {
                None => Report::of(manifest, &nowcast, &filter),
                Some(folder) => folder.finish(&nowcast, &filter).map_err(Failure::refused)?,
            };
            (report, filter.bands.last().cloned().unwrap_or_default())
        }
    };
    if args.json {
        return output::json(&report);
    }
    output::text(&text(&prepared, args, &nowcast, &report, &bands))
}

/// Days that a filter may run.
const MOST_DAYS: i32 = 3650;

/// Runs the filter, from where it was left if it was.
fn filtered(args: &Args, nowcast: &Nowcast, folder: Option<&Now>) -> Result<Filtered<Particle>, Failure> {
    let jobs = threads(args.jobs);
    let steps = crate::learn::filter::Process::steps(nowcast);
    let begun = folder.and_then(Now::begun);
    let done = begun.as_ref().map_or(0, |filter| filter.step);
    let particles = args.particles as usize;
    let total = if begun.is_none() { work(particles, steps) } else { (particles * (steps - done)) as u64 };
    let mut trouble = None;
    let filter = |progress: &Progress| {
        let start = begun.or_else(|| nowcast.begin(particles, jobs, progress)).ok_or((Halt::Stopped, 0))?;
        nowcast.run(start, jobs, progress, |filter| {
            if let Some(folder) = folder
                && filter.step.is_multiple_of(KEEP_EVERY)
                && filter.step < steps
                && let Err(sentence) = folder.keep(filter)
            {
                trouble = Some(sentence);
                return false;
            }
            !progress.stop.load(Ordering::Relaxed)
        })
    };
    let run = watched(total, filter)?;
    if let Some(sentence) = trouble {
        return Err(Failure::refused(sentence));
    }
    match run {
        Ok(filter) if filter.step == steps => Ok(filter),
        Err((Halt::Impossible, step)) => Err(Failure::refused(format!(
            "nothing that was counted in the days to {} is possible under any of {} particles; look at the observations with \
             `detente observe`, or take more particles",
            nowcast.date(step),
            thousands(args.particles)
        ))),
        Ok(_) | Err((Halt::Stopped, _)) => Err(Failure::Interrupted(match (&args.out, folder) {
            (Some(out), Some(_)) => {
                format!(
                    "interrupted: what is done is kept in {}; go on with the same command and --resume",
                    out.display()
                )
            }
            _ => "interrupted: with --out NOW a nowcast can be resumed".to_owned(),
        })),
    }
}

fn text(prepared: &Prepared, args: &Args, nowcast: &Nowcast, report: &Report, bands: &[[f64; 5]]) -> String {
    let title = format!(
        "{} · observed to {} · {} particles · seed {}",
        prepared.loaded.name,
        output::date(report.of.until),
        thousands(report.of.particles as u64),
        args.seed
    );
    let mut text = format!("{}\n", styled(HEAD, title));
    let _ = writeln!(
        text,
        "\n  ln of the evidence {:.1}, Monte Carlo error {:.1}; resampled {} times in {} steps",
        report.log_evidence,
        report.log_evidence_se,
        report.resampled,
        report.effective.len()
    );
    let least = report.effective.iter().min_by(|a, b| a.size.total_cmp(&b.size));
    if let Some(least) = least {
        let _ = writeln!(text, "  effective sample at the least {:.0}, on {}", least.size, output::date(least.date));
    }
    if report.ruled_out >= 0.05 {
        let _ = writeln!(text, "  documented events that the model ruled out, a particle: {:.1}", report.ruled_out);
    }
    let mut grid = Grid::new(&["series", ">periods compared"]);
    for (id, periods) in &report.compared {
        grid.row([id.clone(), thousands(*periods as u64)]);
    }
    let _ = write!(text, "\n{}\n{}", styled(HEAD, "Compared with"), grid.text());
    if !bands.is_empty() {
        let mut grid = Grid::new(&["state", "unit", ">5 %", ">median", ">95 %"]);
        for ((name, unit), [low, _, median, _, high]) in nowcast.watched().into_iter().zip(bands) {
            if ["level.", "mean.", "blows.", "in_force."].iter().any(|kind| name.starts_with(kind)) {
                grid.row([name, unit.to_owned(), short(*low), short(*median), short(*high)]);
            }
        }
        let until = output::date(report.of.until);
        let _ = write!(text, "\n{}\n{}", styled(HEAD, format!("On the evening of {until}")), grid.text());
    }
    let kept: Vec<_> = [&args.out, &args.write].into_iter().flatten().map(|path| path.display()).collect();
    if kept.is_empty() {
        text.push_str("\nAdd --out NOW to keep it, and to start futures from it.\n");
    } else {
        text.push('\n');
        for path in kept {
            let _ = writeln!(text, "Written to {path}: `detente batch --from {path}` starts futures from it.");
        }
    }
    let _ = writeln!(text, "{}\n{CAVEAT}", styled(FAINT, format!("Digest {}", report.digest)));
    text
}
