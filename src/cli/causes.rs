//! `detente causes`: what drives an outcome, over all futures.

use super::args::Causes as Args;
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, percent, styled, thousands, with_interval};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::jobs;
use crate::futures::accumulate::{FirstDays, Share, share};
use crate::futures::causes::{Before, Came, Drivers, Pair, Road, Row, Sign, TELLS, drivers};
use crate::record::outcome::Headline;
use crate::scenario::nearest;
use crate::sim::rules::Rules;
use crate::tables::provenance::Provenance;
use serde::Serialize;
use std::fmt::Write as _;

/// Kinds of event that the sentence names.
const SHOWN: usize = 3;

/// Rows of pairs that the text shows.
const PAIRS: usize = 6;

pub(super) fn causes(args: &Args) -> Result<(), Failure> {
    let prepared = Prepared::new(&args.what, &args.set.set)?.with(args.many.params)?.starting(&args.from)?;
    let asked = Asked::read(&args.outcome, &prepared.rules).map_err(Failure::refused)?;
    let plan = prepared.plan(&args.what, &args.many, prepared.log.clone());
    // How often they run again turns out on the way, and is added to the total then.
    let found = watched(args.runs, |progress| {
        drivers(&prepared.rules, &plan, asked.came, args.runs, jobs(&args.many), progress)
    })?;
    let Some(found) = found else {
        return Err(Failure::Interrupted(
            "interrupted; what drives an outcome is known when all futures are, so nothing is printed".to_owned(),
        ));
    };
    if args.many.json {
        return output::json(&Report::of(args, &prepared, &found));
    }
    output::text(&text(args, &prepared, &asked, &found))
}

/// What is asked about, and how it is spoken of.
struct Asked {
    came: Came,
    /// "a regional war".
    words: String,
}

impl Asked {
    /// Reads `--outcome`.
    fn read(text: &str, rules: &Rules) -> Result<Self, String> {
        let table = |id: &str| {
            rules.table(id).ok_or_else(|| {
                let known: Vec<&str> = rules.tables.iter().map(|table| table.id.text.as_str()).collect();
                match nearest(id, known.iter().copied()) {
                    Some(near) => {
                        format!("--outcome {text}: this scenario has no table `{id}`; did you mean `{near}`?")
                    }
                    None => {
                        format!("--outcome {text}: this scenario has no table `{id}`; there are {}", known.join(", "))
                    }
                }
            })
        };
        let (came, words) = match text.split_once(':') {
            Some(("truce", id)) => {
                let table = table(id)?;
                (Came::InForce(table), format!("{} in force at the end", rules.tables[table].name))
            }
            Some(("collapse", id)) => {
                let table = table(id)?;
                (Came::Collapsed(table), format!("a collapse of {}", rules.tables[table].name))
            }
            None if text == "direct_fire" => (Came::DirectFire, FirstDays::WORDS[FirstDays::DIRECT_FIRE].to_owned()),
            _ => match Headline::ALL.iter().find(|headline| headline.name() == text) {
                Some(headline) => {
                    let article = if *headline == Headline::Unsettled { "an" } else { "a" };
                    (Came::Headline(*headline), format!("{article} {}", headline.words()))
                }
                None => {
                    let classes = Headline::ALL.map(Headline::name).join(", ");
                    return Err(format!(
                        "--outcome {text}: take one of {classes}, direct_fire, truce:TABLE or collapse:TABLE"
                    ));
                }
            },
        };
        Ok(Self { came, words })
    }
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
            example: found.example.map(|future| Example { future, command: command(args, future) }),
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

/// Whole per cent, as a sentence says it.
fn about(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// The sentence that answers the question.
fn sentence(words: &str, found: &Drivers) -> String {
    let needed: Vec<&Row> = found.causes.iter().filter(|row| row.necessary.p >= 0.005).collect();
    let Some((first, rest)) = needed.split_first() else {
        return format!("No kind of event was needed by itself for {words}.{}", alternatives(found));
    };
    let mut text = format!(
        "In {} of the futures with {words} there would have been none without {}",
        about(first.necessary.p),
        first.cause.words()
    );
    for row in rest.iter().take(SHOWN - 1) {
        let _ = write!(text, ", in {} without {}", about(row.necessary.p), row.cause.words());
    }
    if let [second, ..] = rest {
        let pair = found.jointly.iter().find(|pair| {
            pair.causes.contains(&first.cause) && pair.causes.contains(&second.cause) && pair.both.p > 0.0
        });
        let both = pair.map_or(0.0, |pair| pair.both.p);
        let _ = write!(text, "; {} needed both of the first two", about(both));
    }
    text.push('.');
    // Of the shares that stand in the sentence.
    let sum: f64 = needed.iter().take(SHOWN).map(|row| row.necessary.p).sum();
    if sum > 1.0 {
        text.push_str(
            " The shares add up to more than 100 %, for a future that needs two kinds at once counts for each.",
        );
    }
    text.push_str(&alternatives(found));
    text
}

/// What is known of the futures that needed no kind by itself: where either of two would have done, and where not even that.
fn alternatives(found: &Drivers) -> String {
    let none = found.needed_one.map_or(0.0, |one| 1.0 - one.p);
    if none < 0.005 {
        return String::new();
    }
    let two = found.one_of_two.map_or(0.0, |two| two.p);
    let (rest, none) = (none - two, about(none));
    if two < 0.005 {
        format!(" {none} needed none by itself, nor one of any two of these kinds.")
    } else if rest < 0.005 {
        format!(" {none} needed none by itself: two kinds were alternatives there, of which one would have done.")
    } else {
        format!(
            " {none} needed none by itself: in {} two kinds were alternatives, of which one would have done; in the rest no \
             one or two of these kinds were needed.",
            about(two)
        )
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"))
}

/// The lift with its interval; where there is no upper end, from where on it lies.
fn lift(before: &Before) -> String {
    match (before.lift, before.low, before.high) {
        (Some(lift), Some(low), Some(high)) => format!("{lift:.2} ({low:.2}–{high:.2})"),
        // It never came before: no ratio but nought, and nothing that could be more of it.
        (Some(lift), _, None) if lift <= 0.0 => "0".to_owned(),
        (Some(lift), Some(low), None) => format!("{lift:.2} ({low:.2}–)"),
        (None, Some(low), _) => format!("over {low:.2}"),
        (lift, ..) => number(lift),
    }
}

fn text(args: &Args, prepared: &Prepared, asked: &Asked, found: &Drivers) -> String {
    let words = &asked.words;
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
    say(&sentence(words, found), &mut text);
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
            lift(&row.before),
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
    if let Some(road) = &found.road {
        let steps: Vec<&str> = road.causes.iter().map(|cause| cause.words()).collect();
        let typical = format!(
            "The typical road, of {} of the futures with {words}: {}.",
            percent(road.share.p),
            steps.join(", then ")
        );
        say(&typical, &mut text);
    }
    let sign = match &found.sign {
        Some(sign) => format!(
            "The earliest sign: {}, {} days before, at the median (came before in {}, and in {} without).",
            sign.cause.words(),
            sign.days_before,
            percent(sign.with),
            percent(sign.without)
        ),
        None => format!("No kind is a sign: none came before for certain {TELLS} times as often as without it."),
    };
    say(&sign, &mut text);
    if let Some(future) = found.example {
        let _ = writeln!(text, "  One such future: {}", command(args, future));
    }
    let from = prepared.from.as_ref().map_or_else(String::new, |start| {
        format!(
            " Futures start from {} beginnings, one after another, as if each future had its own: the intervals are of luck alone, \
             and not of how well so few beginnings tell the state of the world.",
            thousands(start.beginnings.len() as u64)
        )
    });
    let how = format!(
        "Needed: the outcome is gone when every event of the kind is taken away in that very future, on the same luck. Enough: \
         futures without the outcome come to it when they are given the events of the kind that a future with it had ({} of \
         them). Before: share in which one came before the first day; without it, before days of the same distribution. \
         Intervals are 90 % intervals.{from} What goes with an outcome need not have made it.",
        thousands(found.added_to)
    );
    let _ = writeln!(text, "{}\n\n{CAVEAT}", styled(FAINT, output::wrapped(&how, 98)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::altered::Cause;

    fn found(needed: &[(Cause, u64)], one: u64, two: u64) -> Drivers {
        let before = Before { with: 0.0, without: Some(0.0), lift: None, low: None, high: None };
        let row = |&(cause, count): &(Cause, u64)| Row {
            cause,
            id: cause.name(),
            before,
            necessary: share(count, 100),
            sufficient: None,
            days_before: None,
        };
        Drivers {
            futures: 200,
            with_outcome: 100,
            added_to: 100,
            causes: needed.iter().map(row).collect(),
            jointly: Vec::new(),
            needed_one: Some(share(one, 100)),
            one_of_two: Some(share(two, 100)),
            road: None,
            sign: None,
            example: None,
        }
    }

    #[test]
    fn the_sentence_says_only_what_was_counted() {
        use Cause::{Answer, Blow, Joining, Preventive};
        let ends = |found: &Drivers, end: &str| {
            let said = sentence("a war", found);
            assert!(said.ends_with(end), "{said}");
        };
        // Three of 40, 30 and 20 % stand in the sentence, and add up to less than 100 whatever is left out.
        let four = [(Answer, 40), (Preventive, 30), (Blow, 20), (Joining, 20)];
        ends(&found(&four, 100, 0), "0 % needed both of the first two.");
        ends(&found(&[(Answer, 60), (Preventive, 50)], 100, 0), "counts for each.");
        ends(
            &found(&four, 88, 9),
            "12 % needed none by itself: in 9 % two kinds were alternatives, of which one would have done; in the rest no one or \
             two of these kinds were needed.",
        );
        let all = "12 % needed none by itself: two kinds were alternatives there, of which one would have done.";
        ends(&found(&four, 88, 12), all);
        ends(&found(&four, 88, 0), "12 % needed none by itself, nor one of any two of these kinds.");
        let said = sentence("a war", &found(&[], 0, 70));
        let begins = "No kind of event was needed by itself for a war. 100 % needed none by itself: in 70 %";
        assert!(said.starts_with(begins), "{said}");
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_would_read_it() {
        assert_eq!(shell("unifil.troops=15000@2025-01-20"), "unifil.troops=15000@2025-01-20");
        assert_eq!(shell("table.eta[LEB]=0.1"), "'table.eta[LEB]=0.1'");
        assert_eq!(shell("it's"), "'it'\\''s'");
    }

    #[test]
    fn a_lift_without_an_upper_end_says_where_it_begins() {
        let before = Before { with: 0.5, without: Some(0.0), lift: None, low: Some(4.0), high: None };
        assert_eq!(lift(&before), "over 4.00");
        let before = Before { lift: Some(2.0), low: Some(1.5), high: Some(2.5), ..before };
        assert_eq!(lift(&before), "2.00 (1.50–2.50)");
        assert_eq!(lift(&Before { high: None, ..before }), "2.00 (1.50–)");
        assert_eq!(lift(&Before { lift: Some(0.0), low: Some(0.0), high: None, ..before }), "0");
        assert_eq!(lift(&Before { lift: None, low: None, high: None, ..before }), "–");
    }
}
