//! Predict before reveal, of a sitting: what of its futures is covered, what a guess is about, and how guesses came out.

use super::chart::{Ask, Fans, Subject};
use super::guesses::{About, Came, Cover, Guess, Guesses, Way, What, brier, brier_of_hands, digest, distance};
use super::sitting::Sitting;
use detente_model::record::outcome::Headline;
use detente_model::sim::rules::Rules;
use detente_study::tables::provenance::LeverLine;
use std::ops::Deref;

/// What is told in a place that shows nothing because it is covered.
pub const COVERED: &str = "Predict first: the futures of this policy are covered until a guess about them is revealed.";

/// How much is covered of the futures of the branch shown, as its levers stand.
#[must_use]
pub fn cover(sitting: &Sitting) -> Cover {
    sitting.guesses().cover(&Subject::policy(sitting).logs)
}

/// How much is covered of a set of futures that is shown for what stands: as much as of either, for a set of before may still
/// be on the screen.
#[must_use]
pub fn cover_of(sitting: &Sitting, subject: &Subject, fans: Option<&Fans>) -> Cover {
    let guesses = sitting.guesses();
    let of = |subject: &Subject| guesses.cover(&subject.logs);
    fans.map_or(Cover::Open, |fans| of(&fans.subject)).max(of(subject))
}

/// What may be seen of a set of futures: all of it, or what is without the policy.
pub enum Seen<'a> {
    /// All of it.
    All(&'a Fans),
    /// The baseline alone.
    Baseline(Box<Fans>),
}

impl Deref for Seen<'_> {
    type Target = Fans;

    fn deref(&self) -> &Fans {
        match self {
            Self::All(fans) => fans,
            Self::Baseline(fans) => fans,
        }
    }
}

/// What may be seen of a set of futures.
#[must_use]
pub fn seen(fans: &Fans, cover: Cover) -> Option<Seen<'_>> {
    match cover {
        Cover::Open => Some(Seen::All(fans)),
        Cover::Policy => Some(Seen::Baseline(Box::new(fans.without_policy()))),
        Cover::All => None,
    }
}

/// A set of futures where nothing of it is covered: for what is handed on whole, or not at all.
#[must_use]
pub fn uncovered<'a>(sitting: &Sitting, fans: Option<&'a Fans>) -> Option<&'a Fans> {
    fans.filter(|fans| sitting.guesses().cover(&fans.subject.logs) == Cover::Open)
}

/// The digest of the policy that stands.
#[must_use]
pub fn policy(sitting: &Sitting) -> String {
    digest(&sitting.branch().changes)
}

/// What a guess that is made now is about.
///
/// # Errors
/// One sentence, where there is nothing to guess about.
pub fn about(sitting: &Sitting, ask: Ask) -> Result<About, String> {
    let [before, with] = &Subject::policy(sitting).logs;
    if !sitting.guesses().on {
        return Err("Predict first is switched off; switch it on (`predict on`), then guess.".to_owned());
    }
    if before == with {
        return Err("No lever is moved on this branch, so there is nothing to guess yet; move one first.".to_owned());
    }
    if cover(sitting) == Cover::All {
        return Err(
            "This branch goes on from levers that nobody has guessed about; show the branch that it left and guess there."
                .to_owned(),
        );
    }
    let fate = sitting.fate();
    Ok(About {
        baseline: digest(before),
        policy: digest(with),
        levers: sitting.branch().policy().map(|change| LeverLine::of(change, &sitting.rules)).collect(),
        seed: fate.seed,
        future: fate.future,
        day: sitting.today(),
        days: ask.days,
        drawn: ask.prior,
    })
}

/// Takes a guess about the policy that stands.
///
/// # Errors
/// One sentence, where there is nothing to guess about, or it is no answer.
pub fn guess(sitting: &mut Sitting, ask: Ask, name: &str, what: What) -> Result<(), String> {
    let about = about(sitting, ask)?;
    sitting.guess(|guesses| guesses.add(name, about, what))
}

/// Reveals the policy that stands.
///
/// # Errors
/// One sentence, where no guess about it is in.
pub fn reveal(sitting: &mut Sitting, ask: Ask) -> Result<(), String> {
    match cover(sitting) {
        Cover::Open => Err("Nothing is covered: move a lever while Predict first is on.".to_owned()),
        Cover::Policy => {
            let policy = policy(sitting);
            sitting.guess(|guesses| guesses.reveal(&policy))
        }
        Cover::All => about(sitting, ask).map(drop),
    }
}

/// The headline outcome of this name.
#[must_use]
pub fn headline(name: &str) -> Option<Headline> {
    Headline::ALL.into_iter().find(|headline| headline.name() == name)
}

/// Whether a set of futures is what a guess is about.
#[must_use]
pub fn is_about(guess: &Guess, fans: &Fans) -> bool {
    let (about, of) = (&guess.about, &fans.subject);
    (about.day, about.days, about.drawn, about.seed) == (fans.from, fans.ask.days, fans.ask.prior, of.seed)
        && about.baseline == digest(&of.logs[0])
        && about.policy == digest(&of.logs[1])
}

/// How a guess came out in a set of futures that is about it.
#[must_use]
pub fn came(guess: &Guess, fans: &Fans, rules: &Rules) -> Option<Came> {
    if !is_about(guess, fans) || fans.pairs() == 0 {
        return None;
    }
    let pairs = fans.pairs() as u64;
    match &guess.what {
        What::Chance { outcome, percent } => {
            let (_, share, ..) = fans.headline(headline(outcome)?);
            let (value, score) = (100.0 * share.p, brier(percent / 100.0, share.p));
            Some(Came { value, score, least: brier(share.p, share.p), pairs })
        }
        What::Size { track, change } => {
            let (at, scale) = scale(fans, track, rules)?;
            let value = fans.differences(at).last()?.difference;
            Some(Came { value, score: distance(*change, value, scale), least: 0.0, pairs })
        }
        What::Hands { outcome, counts } => {
            let (.., d, _) = fans.headline(headline(outcome)?);
            let way = Way::of(d.low, d.high);
            let value = way as i32 - Way::Same as i32;
            Some(Came { value: f64::from(value), score: brier_of_hands(*counts, way), least: 0.0, pairs })
        }
    }
}

/// The place of a track among those of a set, and the unit of a guessed size: the width of the baseline's 90 % band on the last
/// day; of a share of futures 100 points. It is known before the guess, so that no guess can gain by it.
fn scale(fans: &Fans, track: &str, rules: &Rules) -> Option<(usize, f64)> {
    let at = fans.tracks.iter().position(|of| of.id(rules) == track)?;
    let scale = if fans.tracks[at].is_share() {
        100.0
    } else {
        let [low, .., high] = *fans.bands(0, at).last()?;
        high - low
    };
    Some((at, scale))
}

/// Scores what is revealed, where this set of futures is about it and all of it has come. Returns whether anything was.
pub fn settle(sitting: &mut Sitting, fans: &Fans) -> bool {
    let wants =
        |guesses: &Guesses| guesses.list().iter().any(|g| g.came.is_none() && !guesses.waits(g) && is_about(g, fans));
    if fans.is_running() || !wants(sitting.guesses()) {
        return false;
    }
    let rules = sitting.rules.clone();
    sitting.guess(|guesses| guesses.score(|guess| came(guess, fans, &rules)));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Saved;
    use crate::report::{Extras, bundle, page};
    use detente_model::symbols::levers::Lever;

    const ASK: Ask = Ask { futures: 32, days: 60, prior: false };

    fn sitting() -> Sitting {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 3);
        s.guess(|guesses| guesses.on = true);
        s
    }

    fn run(s: &Sitting) -> Fans {
        let mut fans = Fans::start(s, ASK, &[], 0);
        while fans.is_running() {
            fans.poll(|| true);
        }
        fans
    }

    fn war(percent: f64) -> What {
        What::Chance { outcome: "regional_war".to_owned(), percent }
    }

    #[test]
    fn what_may_be_seen_of_a_covered_policy_is_the_baseline_to_the_bit() {
        let mut s = sitting();
        let before = run(&s);
        assert_eq!(cover(&s), Cover::Open);
        s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        let fans = run(&s);
        let all = seen(&fans, cover(&s)).unwrap();
        assert!(!fans.is_null() && all.is_null());
        assert_ne!(fans.table(0), fans.table(1), "there is something to hide");
        for track in 0..fans.tracks.len() {
            for arm in [0, 1] {
                assert_eq!(all.bands(arm, track), before.bands(arm, track));
            }
            assert_eq!(all.mean_at_end(1, track), before.mean_at_end(0, track));
        }
        assert_eq!((all.table(1), all.hazards(1)), (before.table(0), before.hazards(0)));
        assert!(all.serial != fans.serial && all.subject.logs[1].is_empty());
        // Taken back, the set of before is still there for a moment: it stays covered.
        s.undo();
        let subject = Subject::policy(&s);
        assert_eq!((cover(&s), cover_of(&s, &subject, Some(&fans))), (Cover::Open, Cover::Policy));
    }

    #[test]
    fn guesses_are_scored_by_the_futures_that_they_are_about_and_by_no_others() {
        let mut s = sitting();
        assert!(guess(&mut s, ASK, "", war(20.0)).is_err_and(|why| why.contains("move one first")));
        assert!(reveal(&mut s, ASK).is_err());
        s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        assert!(reveal(&mut s, ASK).is_err_and(|why| why.contains("guess first")));
        guess(&mut s, ASK, "Ana", war(20.0)).unwrap();
        guess(&mut s, ASK, "", What::Size { track: "killed".to_owned(), change: -1.0 }).unwrap();
        guess(&mut s, ASK, "", What::Hands { outcome: "regional_war".to_owned(), counts: [6, 3, 1] }).unwrap();
        let fans = run(&s);
        assert!(!settle(&mut s, &fans), "not before it is revealed");
        reveal(&mut s, ASK).unwrap();
        assert_eq!(cover(&s), Cover::Open);
        s.go_to(5);
        let later = run(&s);
        assert!(!settle(&mut s, &later), "these run from another day");
        assert!(settle(&mut s, &fans) && !settle(&mut s, &fans));
        let scored = |i: usize| s.guesses().list()[i].came.unwrap();
        let (_, share, d, _) = fans.headline(Headline::RegionalWar);
        assert!((scored(0).value - 100.0 * share.p).abs() < 1e-9);
        assert!((scored(0).score - brier(0.2, share.p)).abs() < 1e-12 && scored(0).least <= scored(0).score);
        let (at, scale) = scale(&fans, "killed", &s.rules).unwrap();
        let change = fans.differences(at).last().unwrap().difference;
        assert!((scored(1).score - (change + 1.0).abs() / scale).abs() < 1e-9 && scale > 0.0);
        let mean = |arm: usize| fans.mean_at_end(arm, at).unwrap();
        assert!((mean(1) - mean(0) - change).abs() < 1e-6, "the mark on the chart lies where the change is");
        assert_eq!(scored(2).value as i32, Way::of(d.low, d.high) as i32 - 1);
        assert_eq!(s.guesses().board().len(), 3);
        // Kept in a file with all of it; a link hands the question on.
        let saved = Saved::of(&s);
        let again = Saved::from_text(&saved.to_text()).unwrap().open().unwrap();
        assert_eq!((again.guesses(), cover(&again)), (s.guesses(), Cover::Open));
        let link = Saved::from_link(&saved.to_link()).unwrap().open().unwrap();
        assert!(link.guesses().on && link.guesses().list().is_empty());
        assert_eq!(cover(&link), Cover::Policy);
        // Undo takes back the move and no guess.
        s.undo();
        assert_eq!(s.guesses().list().len(), 3);
    }

    #[test]
    fn a_session_that_was_saved_covered_opens_covered_and_files_of_before_have_no_guesses() {
        let mut s = sitting();
        s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        guess(&mut s, ASK, "Ana", war(20.0)).unwrap();
        let text = Saved::of(&s).to_text();
        assert_eq!(cover(&Saved::from_text(&text).unwrap().open().unwrap()), Cover::Policy);
        s.guess(|guesses| *guesses = Guesses::default());
        assert!(!Saved::of(&s).to_text().contains("guesses"));
        let odd = text.replace("\"percent\": 20.0", "\"percent\": 2000.0");
        assert!(Saved::from_text(&odd).unwrap().open().err().unwrap().contains("no answer"));
    }

    #[test]
    fn a_report_of_a_covered_policy_has_none_of_its_numbers() {
        let mut s = sitting();
        s.go_to(10);
        s.fork("Less").unwrap();
        s.set_lever(Lever::IsraelBlowRate, 0.0).unwrap();
        let fans = run(&s);
        let mut pair = Fans::compare(&mut s, [0, 1], ASK, &[], 0);
        while pair.is_running() {
            pair.poll(|| true);
        }
        guess(&mut s, ASK, "<Ana>", war(20.0)).unwrap();
        let extras = Extras { fans: Some(&fans), compared: Some(&pair), ..Extras::default() };
        let files = |s: &Sitting| -> Vec<String> {
            bundle(s, Some(&fans), Some(&pair)).unwrap().into_iter().map(|(name, _)| name).collect()
        };
        let covered = page(&s, &extras);
        assert!(covered.contains(COVERED) && !covered.contains("paired difference"), "{covered}");
        assert!(!covered.contains("<svg") && !covered.contains("Two branches compared"));
        assert!(covered.contains("&lt;Ana&gt;") && covered.contains("not revealed"));
        let without = page(&s, &Extras::default());
        assert_eq!(covered, without, "with or without the futures it is the same page");
        assert!(!files(&s).iter().any(|name| name.contains("futures") || name.contains("outcomes")));
        reveal(&mut s, ASK).unwrap();
        settle(&mut s, &fans);
        let open = page(&s, &extras);
        assert!(!open.contains(COVERED) && open.contains("<svg") && open.contains("Brier"));
        assert!(files(&s).iter().any(|name| name.starts_with("compared-outcomes")));
    }
}
