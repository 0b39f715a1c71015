//! Guesses: what was guessed before anybody looked, how it came out, and the scores added up.

use super::named;
use super::words::esc;
use crate::compare::Digits;
use crate::cover::headline;
use crate::guesses::{Guess, Guesses, Sum, Way, What};
use crate::sitting::Sitting;
use crate::tracks::Track;
use detente_study::tables::provenance::LeverLine;
use std::fmt::Write as _;

/// The section; nothing where nobody guessed.
pub(super) fn guessed(html: &mut String, sitting: &Sitting) {
    let guesses = sitting.guesses();
    if guesses.list().is_empty() {
        return;
    }
    html.push_str(
        "<section><h2>Guesses</h2>\n<p>Made before the futures of the policy were revealed. 0 is the best score. A chance has the Brier \
         score, 0 to 1, over all futures; its least is what nobody could have gone below. A show of hands has the Brier score over its three \
         answers, 0 to 2; “about the same” came where the 90 % interval of the difference spans zero. A change of a chart has its distance \
         from the mean difference of pairs on the last day (the CRPS of a single number), in widths of the baseline's 90 % band; of a share \
         of futures in hundreds of points.</p>\n<table><tr><th>who</th><th>levers moved</th><th>from day</th><th>guess</th><th>came</th>\
         <th class=n>score</th></tr>\n",
    );
    for guess in guesses.list() {
        row(html, sitting, guesses, guess);
    }
    html.push_str("</table>\n");
    let board = guesses.board();
    if !board.is_empty() {
        html.push_str(
            "<table><caption>Scores added up, and how many guesses they are of</caption>\n<tr><th>who</th><th class=n>Brier</th>\
             <th class=n>distance</th></tr>\n",
        );
        let say = |sum: Sum| match sum.guesses {
            0 => "–".to_owned(),
            n => format!("{:.2} ({n})", sum.score),
        };
        for line in &board {
            let (who, brier, size) = (named(&line.who), say(line.brier), say(line.size));
            let _ = writeln!(html, "<tr><td>{who}</td><td class=n>{brier}</td><td class=n>{size}</td></tr>");
        }
        html.push_str("</table>\n");
    }
    html.push_str("</section>\n");
}

fn row(html: &mut String, sitting: &Sitting, guesses: &Guesses, guess: &Guess) {
    let about = &guess.about;
    let lever = |line: &LeverLine| {
        let value = match &line.value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        format!("<code>{}</code> {} <small>day {}</small>", esc(&line.lever), esc(&value), line.day)
    };
    let levers: Vec<String> = about.levers.iter().map(lever).collect();
    let (came, score) = match guess.came {
        _ if guesses.waits(guess) => ("not revealed".to_owned(), "–".to_owned()),
        None => ("not scored: its futures have not come".to_owned(), "–".to_owned()),
        Some(came) => {
            let least = if matches!(guess.what, What::Chance { .. }) {
                format!(" <small>least {:.3}</small>", came.least)
            } else {
                String::new()
            };
            let words = format!("{} <small>in {} pairs</small>", esc(&came_words(&guess.what, came.value)), came.pairs);
            (words, format!("{:.3}{least}", came.score))
        }
    };
    let drawn = if about.drawn { "parameters drawn" } else { "defaults" };
    let _ = writeln!(
        html,
        "<tr><td>{}</td><td>{}</td><td>{}, {} days <small>seed {}, {drawn}, policy <code>{}</code></small></td><td>{}</td><td>{came}</td>\
         <td class=n>{score}</td></tr>",
        named(guess.who()),
        levers.join("<br>"),
        about.day,
        about.days,
        about.seed,
        esc(&about.policy),
        esc(&answer_words(sitting, &guess.what)),
    );
}

/// What was guessed, in words.
fn answer_words(sitting: &Sitting, what: &What) -> String {
    let words = |outcome: &str| headline(outcome).map_or_else(|| outcome.to_owned(), |h| h.words().to_owned());
    match what {
        What::Chance { outcome, percent } => format!("{}: {} %", words(outcome), plain(*percent)),
        What::Size { track, change } => {
            let rules = &sitting.rules;
            let known = Track::all(rules).into_iter().find(|of| of.id(rules) == *track);
            let name = known.map_or_else(|| track.clone(), |of| of.name(rules));
            let unit = known.map_or("", |of| if of.is_share() { "points" } else { of.unit() });
            format!("{name}: {} {unit}", signed(*change)).trim_end().to_owned()
        }
        What::Hands { outcome, counts: [less, same, more] } => {
            format!("{}: {less} less likely, {same} about the same, {more} more likely", words(outcome))
        }
    }
}

/// What came, in words.
fn came_words(what: &What, value: f64) -> String {
    match what {
        What::Chance { .. } => format!("{} %", plain(value)),
        What::Size { .. } => signed(value),
        What::Hands { .. } => {
            let way = if value > 0.5 {
                Way::More
            } else if value < -0.5 {
                Way::Less
            } else {
                Way::Same
            };
            way.words().to_owned()
        }
    }
}

fn plain(value: f64) -> String {
    let digits = if (value - value.round()).abs() < 0.05 { Digits::Whole } else { Digits::Tenths };
    digits.say(value)
}

fn signed(value: f64) -> String {
    let digits = if value.abs() >= 100.0 { Digits::Whole } else { Digits::Hundredths };
    digits.say_difference(value)
}
