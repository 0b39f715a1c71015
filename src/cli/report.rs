//! `detente report`: a session as one page to hand on, with the data behind it.

use super::args::{Ranges, Report as Args};
use super::failure::Failure;
use super::output::{self, CAVEAT};
use super::progress::watched;
use super::replay::read;
use super::threads::threads;
use crate::session::chart::{Ask, Fans, Track};
use crate::session::file::{EXTENSION, Saved};
use crate::session::report::{Extras, bundle, page};
use crate::tables::folder::{Folder, Trouble, vacant};
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

pub(super) fn report(args: &Args) -> Result<(), Failure> {
    // Better refused now than after the work.
    vacant(&args.out)?;
    let saved = read(&args.session)?;
    let sitting = saved.open().map_err(Failure::refused)?;
    let tracks = Track::all(&sitting.rules);
    let track = match &args.track {
        None => 0,
        Some(asked) => tracks.iter().position(|t| t.id(&sitting.rules) == *asked).ok_or_else(|| {
            let known: Vec<String> = tracks.iter().map(|t| t.id(&sitting.rules)).collect();
            Failure::refused(format!("there is no track `{asked}`; it is one of {}", known.join(", ")))
        })?,
    };
    let ask = Ask { futures: args.futures, days: args.days, prior: args.params == Ranges::Prior };
    let started = Instant::now();
    let fans = watched(2 * args.futures, |progress| {
        let mut fans = Fans::start(&sitting, ask, &[], threads(args.jobs));
        while fans.is_running() && !progress.stop.load(Ordering::Relaxed) {
            if !fans.poll(|| false) {
                std::thread::sleep(Duration::from_millis(2));
            }
            progress.done.store(fans.come(0) + fans.come(1), Ordering::Relaxed);
        }
        fans
    })?;
    if fans.is_running() {
        return Err(Failure::Interrupted("interrupted: no report was written".to_owned()));
    }
    let seconds = Some(started.elapsed().as_secs_f64());
    let html = page(&sitting, &Extras { fans: Some(&fans), track, seconds, ..Extras::default() });
    let tables = bundle(&sitting, Some(&fans), None)
        .map_err(|cause| Trouble { what: "cannot make the tables of the report".to_owned(), cause })?;
    let session = Saved::of(&sitting).to_text();

    let folder = Folder::new(&args.out)?;
    folder.file("report.html", |out| out.write_all(html.as_bytes()))?;
    folder.file(&format!("session.{EXTENSION}"), |out| out.write_all(session.as_bytes()))?;
    for (name, bytes) in &tables {
        folder.file(name, |out| out.write_all(bytes))?;
    }
    folder.finish()?;

    let mut text = format!("Written to {}:\n", args.out.display());
    let _ = writeln!(text, "  report.html, which needs nothing beside it\n  session.{EXTENSION}, to open or replay");
    let _ = writeln!(text, "  {} tables, each as CSV and as Parquet", tables.len() / 2);
    for remark in saved.remarks() {
        let _ = writeln!(text, "{remark}");
    }
    let _ = writeln!(text, "{CAVEAT}");
    output::text(&text)
}
