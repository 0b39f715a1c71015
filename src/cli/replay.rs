//! `detente replay`: every branch of a session again, without a window, held against its digest.

use super::args::Replay as Args;
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, styled};
use crate::record::fates::Fates;
use crate::record::outcome::Outcome;
use crate::record::recorder::record;
use crate::session::file::{MOST_BYTES, Saved};
use crate::session::sitting::fate_words;
use crate::sim::rules::Rules;
use crate::sim::world::Fate;
use crate::tables::provenance::{LeverLine, Versions};
use crate::tables::run::StartPart;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

pub(super) fn replay(args: &Args) -> Result<(), Failure> {
    let saved = match (&args.session, &args.link) {
        (_, Some(link)) => Saved::from_link(link).map_err(Failure::refused)?,
        (Some(path), None) => read(path)?,
        (None, None) => return Err(Failure::refused("nothing to replay: give a session file, or --link LINK")),
    };
    let (loaded, script) = saved.parts().map_err(Failure::refused)?;
    let mut rules = Rules::new(&loaded);
    let start = saved.start(&rules).map_err(Failure::refused)?;
    // What starts from what was observed has the numbers of its particle, and draws none beside them.
    let fate = Fate { prior: script.fate.prior && start.is_none(), ..script.fate };
    if let Some(start) = &start {
        rules = start.own(&rules, fate.future);
    }
    let fates = Fates::from(fate).starting(start.as_ref().map(|start| &start.of(fate.future).state));

    let mut branches = Vec::new();
    for (course, kept) in script.courses.iter().zip(&saved.branches) {
        let Some(run) = record(&rules, fates, &course.changes, course.days.max(0) as u32, |_| true) else {
            return Err(Failure::Interrupted("interrupted".to_owned()));
        };
        let digest = run.digest.whole;
        if digest != kept.digest {
            return Err(Failure::refused(saved.another_history(kept, &digest)));
        }
        branches.push(Branch {
            id: course.id,
            name: &kept.name,
            fork: kept.fork,
            days: course.days,
            levers: &kept.levers,
            digest,
            outcome: run.outcome,
        });
    }
    let session = Session {
        scenario: Scenario {
            name: &saved.scenario.name,
            hash: &saved.scenario.hash,
            changed_builtin: saved.is_changed_builtin(),
        },
        remarks: saved.remarks(),
        versions: Versions::here(),
        saved_by: &saved.versions,
        seed: saved.seed,
        future: fate.future,
        params: if fate.prior { "prior" } else { "default" },
        start: saved.start.as_ref(),
        fate: match &start {
            Some(start) => format!("{}, from what was observed to {}", fate_words(fate), start.until),
            None => fate_words(fate),
        },
        shown: saved.shown,
        today: saved.today,
        branches,
    };
    if args.json { output::json(&session) } else { output::text(&session.text(&rules)) }
}

/// Reads a session file.
pub(super) fn read(path: &Path) -> Result<Saved, Failure> {
    let refused = |error: std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
            _ => error.to_string(),
        };
        Failure::refused(format!("cannot read {}: {why}; SESSION is a file that the window saved", path.display()))
    };
    // A device gives bytes without end, and a named pipe waits for whoever writes into it.
    let about = std::fs::metadata(path).map_err(refused)?;
    if !about.is_file() && !about.is_dir() {
        return Err(refused(std::io::Error::other("it is not a file, but a device or a pipe")));
    }
    // A film taken for a session is not read to its end.
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(refused)?;
    file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(refused)?;
    Saved::from_bytes(&bytes).map_err(Failure::refused)
}

#[derive(Serialize)]
struct Session<'a> {
    scenario: Scenario<'a>,
    versions: Versions,
    saved_by: &'a Versions,
    seed: u64,
    future: u64,
    params: &'static str,
    /// The nowcast from which its history starts, where that is not day 0 of the scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<&'a StartPart>,
    #[serde(skip)]
    fate: String,
    shown: u32,
    today: i32,
    branches: Vec<Branch<'a>>,
    #[serde(skip)]
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct Scenario<'a> {
    name: &'a str,
    hash: &'a str,
    /// Whether a built-in scenario of this name has another content.
    changed_builtin: bool,
}

#[derive(Serialize)]
struct Branch<'a> {
    id: u32,
    name: &'a str,
    fork: Option<(u32, i32)>,
    days: i32,
    levers: &'a [LeverLine],
    digest: String,
    outcome: Outcome,
}

impl Session<'_> {
    fn text(&self, rules: &Rules) -> String {
        let changed = if self.scenario.changed_builtin { " (changed)" } else { "" };
        let mut text = styled(HEAD, format!("{}{changed} · {}", self.scenario.name, self.fate));
        let _ = writeln!(
            text,
            "\n\nEvery branch was replayed and is as it was saved. The playhead stands on day {}.\n",
            self.today
        );
        for remark in &self.remarks {
            let _ = writeln!(text, "{remark}\n");
        }
        let mut grid = Grid::new(&["branch", "begins", ">days", "until", ">levers moved", "as it stands", "digest"]);
        for b in &self.branches {
            let parent = b.fork.and_then(|(id, day)| Some((self.branches.iter().find(|p| p.id == id)?.name, day)));
            let begins = parent.map_or_else(|| "day 0".to_owned(), |(name, day)| format!("day {day} of {name}"));
            let since = b.fork.map_or(0, |(_, day)| day);
            let shown = if b.id == self.shown { " (shown)" } else { "" };
            grid.row([
                format!("{}{shown}", b.name),
                begins,
                b.days.to_string(),
                rules.date((b.days - 1).max(0)).to_string(),
                b.levers.iter().filter(|line| line.day >= since).count().to_string(),
                b.outcome.headline.words().to_owned(),
                b.digest.clone(),
            ]);
        }
        text.push_str(&grid.text());
        let _ = writeln!(text, "\n{}\n{CAVEAT}", styled(FAINT, format!("Scenario {}", self.scenario.hash)));
        text
    }
}
