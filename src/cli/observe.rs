//! `detente observe`: what a folder of observations holds, or everything that is wrong with it.

use super::args::Observe as Args;
use super::failure::Failure;
use super::output::{self, Grid, HEAD, counted, short, styled, thousands};
use crate::learn::about::{About, Cited, Contents, contents, length};
use crate::learn::observed::Observed;
use crate::tables::provenance::Versions;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// What a folder holds, and the versions that read it.
#[derive(Serialize)]
struct Json<'a> {
    versions: Versions,
    #[serde(flatten)]
    contents: &'a Contents,
}

pub(super) fn observe(args: &Args) -> Result<(), Failure> {
    let contents = contents(&observed(args.folder.as_deref())?);
    if args.json {
        return output::json(&Json { versions: Versions::here(), contents: &contents });
    }
    output::text(&text(&contents))
}

/// The observations of a folder, or those that ship.
pub(super) fn observed(folder: Option<&Path>) -> Result<Observed, Failure> {
    match folder {
        Some(folder) => Ok(Observed::read(folder)?),
        None => Ok(Observed::embedded()),
    }
}

fn text(contents: &Contents) -> String {
    let mut text = format!("{}\n\n", styled(HEAD, format!("Observations · {}", output::shown(&contents.folder))));
    let mut grid = Grid::new(&["series", "unit", "from", "to", ">periods", ">longest", ">days missing", ">total"]);
    for about in &contents.series {
        let missing: i32 = about.gaps.iter().map(|gap| length(*gap)).sum();
        grid.row([
            about.series.to_owned(),
            about.unit.to_owned(),
            about.from.to_string(),
            about.to.to_string(),
            thousands(about.periods as u64),
            about.longest.to_string(),
            missing.to_string(),
            short(about.total),
        ]);
    }
    text.push_str(&grid.text());
    let _ = writeln!(text, "\n{}", styled(HEAD, "What each can be compared with"));
    for about in &contents.series {
        let _ = writeln!(text, "  {}: {}; {}", about.series, about.what, about.compared_with);
        if !about.bookkeeping.is_empty() {
            let _ = writeln!(text, "    {}", about.bookkeeping);
        }
        for (from, to) in about.pauses {
            let _ = writeln!(text, "    not compared from {} to {}", output::date(*from), output::date(*to));
        }
        for gap in about.gaps.iter().take(GAPS) {
            let _ = writeln!(text, "    missing from {} to {}", output::date(gap[0]), output::date(gap[1]));
        }
        if about.gaps.len() > GAPS {
            let _ = writeln!(text, "    … and {} more gaps", about.gaps.len() - GAPS);
        }
    }
    let _ = writeln!(text, "\n{}", styled(HEAD, "Sources and licences"));
    let cited: BTreeSet<String> = contents.series.iter().flat_map(cited).collect();
    for line in cited {
        let _ = writeln!(text, "  {}", output::shown(&line));
    }
    let _ = write!(text, "\n{}", styled(HEAD, "Documented events"));
    let _ = writeln!(text, "\n  {}", counted(contents.events.len() as u64, "row"));
    if !contents.without.is_empty() {
        let _ = writeln!(text, "\nNo values of: {}", contents.without.join(", "));
    }
    text
}

/// Gaps shown of a series.
const GAPS: usize = 5;

fn cited(about: &About) -> Vec<String> {
    let line = |cited: &Cited| {
        let title =
            cited.title.as_deref().filter(|title| !title.is_empty()).map_or(String::new(), |t| format!(": {t}"));
        let licence = cited.licence.as_deref().filter(|terms| !terms.is_empty()).unwrap_or("licence not stated");
        format!("{}{title} ({licence})", cited.source)
    };
    about.sources.iter().map(line).collect()
}
