//! `detente causes`: what drives an outcome, over all futures.

use super::args::Causes as Args;
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, styled, thousands, with_interval};
use super::prepared::Prepared;
use super::progress::watched;
use super::run::recorded;
use super::threads::jobs;
use crate::futures::accumulate::{Share, share};
use crate::futures::causes::{Came, Drivers, Pair, Road, Row, Sign, drivers};
use crate::record::fates::Fates;
use crate::sim::world::Fate;
use crate::tables::folder::vacant;
use crate::tables::provenance::Provenance;
use crate::tables::table::Format;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Rows of pairs that the text shows.
const PAIRS: usize = 6;

pub(super) fn causes(args: &Args) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what, &args.set.set)?.with(args.many.params)?.starting(&args.from)?;
    let refuse = |why| Failure::refused(format!("--outcome {}: {why}", args.outcome));
    let came = Came::read(&args.outcome, &prepared.rules).map_err(refuse)?;
    if let Some(folder) = &args.example {
        vacant(folder)?;
    }
    let plan = prepared.plan(&args.what, &args.many, prepared.log.clone());
    // How often they run again turns out on the way, and is added to the total then.
    let found =
        watched(args.runs, |progress| drivers(&prepared.rules, &plan, came, args.runs, jobs(&args.many), progress))?;
    let Some(found) = found else {
        return Err(Failure::Interrupted(
            "interrupted; what drives an outcome is known when all futures are, so nothing is printed".to_owned(),
        ));
    };
    // Kept before anything is said of it.
    let kept = keep_example(args, &prepared, &found)?;
    if args.many.json {
        output::json(&Report::of(args, &prepared, &found))?;
    } else {
        output::text(&text(args, &prepared, came, &found))?;
    }
    if kept {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "--example: none of these futures comes to {}, so there is none to keep; more of them (--runs) may",
        came.words(&prepared.rules)
    )))
}

/// Runs the example with every event, and keeps it as `detente run --out` does. Returns whether there is nothing more to keep.
fn keep_example(args: &Args, prepared: &Prepared, found: &Drivers) -> Result<bool, Failure> {
    let Some(folder) = &args.example else { return Ok(true) };
    let Some(future) = found.example else { return Ok(false) };
    let fate = Fate { seed: args.what.seed, future, prior: args.many.params.draws() };
    let start = prepared.from.as_ref().map(|start| &start.of(future).state);
    recorded(prepared, Fates::from(fate).starting(start), Some((folder, Format::Csv))).map(|_| true)
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    of: Provenance,
    outcome: &'a str,
    futures: u64,
    with_outcome: u64,
    /// Futures without it to which events were added.
    added_to: u64,
    causes: &'a [Row],
    jointly: &'a [Pair],
    /// Share of the futures with the outcome that need at least one kind by itself; null where there are none.
    needed_one: Option<Share>,
    /// Share of them that need none by itself, but one of two.
    one_of_two: Option<Share>,
    road: Option<&'a Road>,
    sign: Option<&'a Sign>,
    example: Option<Example>,
}

#[derive(Serialize)]
struct Example {
    future: u64,
    /// What runs it.
    command: String,
    /// Where it is kept, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<PathBuf>,
}

impl<'a> Report<'a> {
    fn of(args: &'a Args, prepared: &Prepared, found: &'a Drivers) -> Self {
        Self {
            of: prepared.provenance(args.what.seed, args.many.params.name()),
            outcome: &args.outcome,
            futures: found.futures,
            with_outcome: found.with_outcome,
            added_to: found.added_to,
            causes: &found.causes,
            jointly: &found.jointly,
            needed_one: found.needed_one,
            one_of_two: found.one_of_two,
            road: found.road.as_ref(),
            sign: found.sign.as_ref(),
            example: found.example.map(|future| Example {
                future,
                command: command(args, future),
                folder: args.example.clone(),
            }),
        }
    }
}

/// A word as a shell takes it.
fn shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/=@:,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The command that runs a future alone.
fn command(args: &Args, future: u64) -> String {
    let mut line = format!("detente run {} --seed {} --future {future}", shell(&args.what.scenario), args.what.seed);
    if let Some(days) = args.what.days {
        let _ = write!(line, " --days {days}");
    }
    if args.many.params.draws() {
        let _ = write!(line, " --params {}", args.many.params.name());
    }
    for param in &args.what.param {
        let _ = write!(line, " --param {}", shell(param));
    }
    for set in &args.set.set {
        let _ = write!(line, " --set {}", shell(set));
    }
    if let Some(from) = &args.from.from {
        let _ = write!(line, " --from {}", shell(from));
    }
    line
}

fn text(args: &Args, prepared: &Prepared, came: Came, found: &Drivers) -> String {
    let words = &came.words(&prepared.rules);
    let mut text = styled(HEAD, prepared.title());
    let _ = writeln!(
        text,
        "\n{} futures · seed {} · {}\n",
        thousands(found.futures),
        args.what.seed,
        prepared.numbers(args.many.params)
    );
    let _ = writeln!(text, "{}", styled(HEAD, format!("What drives {words}, in all of them")));
    let share = share(found.with_outcome, found.futures);
    let say = |sentence: &str, text: &mut String| {
        let _ = writeln!(text, "{}", output::wrapped(sentence, 98));
    };
    let count = format!(
        "{} of {} futures come to it: {} % with its 90 % interval.",
        thousands(found.with_outcome),
        thousands(found.futures),
        with_interval(share.p, share.low, share.high)
    );
    say(&count, &mut text);
    if found.with_outcome == 0 {
        say("None does, so nothing is known of what it needs: more futures (--runs) may tell.", &mut text);
        let _ = writeln!(text, "\n{CAVEAT}");
        return text;
    }
    say(&found.sentence(words), &mut text);
    text.push('\n');

    let mut grid = Grid::new(&[
        "kind of event",
        ">needed %",
        ">enough %",
        ">before %",
        ">without it %",
        ">times as often",
        ">days before",
    ]);
    let interval = |share: Share| with_interval(share.p, share.low, share.high);
    for row in &found.causes {
        grid.row([
            row.cause.words().to_owned(),
            interval(row.necessary),
            row.sufficient.map_or_else(|| "–".to_owned(), interval),
            format!("{:.1}", 100.0 * row.before.with),
            row.before.without.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", 100.0 * share)),
            row.before.lift_words(),
            row.days_before.map_or_else(|| "–".to_owned(), |days| days.to_string()),
        ]);
    }
    let _ = writeln!(text, "{}", grid.text());
    if !found.jointly.is_empty() {
        let mut grid = Grid::new(&["two kinds", ">each needed %", ">one of the two %"]);
        for pair in found.jointly.iter().take(PAIRS) {
            let [a, b] = pair.causes;
            grid.row([format!("{} and {}", a.words(), b.words()), interval(pair.both), interval(pair.either)]);
        }
        let _ = writeln!(text, "{}", grid.text());
    }
    for sentence in found.road_words(words).into_iter().chain([found.sign_words()]) {
        say(&sentence, &mut text);
    }
    if let Some(future) = found.example {
        let _ = writeln!(text, "  One such future: {}", command(args, future));
        if let Some(folder) = &args.example {
            let folder = folder.display();
            let _ =
                writeln!(text, "  Written to {folder}: `detente explain {folder} EVENT` says why an event happened.");
        }
    }
    let how = found.how(prepared.from.as_ref().map(|start| start.beginnings.len()));
    let _ = writeln!(text, "{}\n\n{CAVEAT}", styled(FAINT, output::wrapped(&how, 98)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_read_it() {
        assert_eq!(shell("unifil.troops=15000@2025-01-20"), "unifil.troops=15000@2025-01-20");
        assert_eq!(shell("table.eta[LEB]=0.1"), "'table.eta[LEB]=0.1'");
        assert_eq!(shell("it's"), "'it'\\''s'");
    }
}
