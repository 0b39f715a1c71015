//! `detente window`, and `detente` alone: the map.

use super::args::{DEFAULT_SCENARIO, Params, Ranges, Run, Window as Args};
use super::failure::Failure;
use super::row;
use crate::app::act::{Act, Walk};
use crate::app::platform;
use crate::app::settings::Asked;
use crate::app::studio::Studio;
use crate::app::window::{Opening, open};
use crate::learn::now::shipped_start;
use crate::scenario::{self, read_whole};
use crate::session::Sitting;
use crate::session::file::{EXTENSION, MOST_BYTES, Saved};
use crate::session::lessons::Lesson;
use crate::session::link;
use crate::sim::rules::Rules;
use crate::sim::world::Fate;
use std::path::{Path, PathBuf};

pub(super) fn window(args: &Args) -> Result<(), Failure> {
    let what = args.what.as_deref().unwrap_or(DEFAULT_SCENARIO);
    let session = session_file(what).filter(|_| args.like.is_none()).map(|path| read(&path)).transpose()?;
    let lesson = args.lesson.as_deref().map(|name| Lesson::of(name).and_then(Lesson::saved)).transpose();
    let sitting = match (lesson.map_err(Failure::refused)?, &session) {
        (None, _) if let Some(row) = &args.like => of_row(what, row)?,
        (Some(lesson), _) => lesson.open().map_err(Failure::refused)?,
        (None, Some((_, text))) => Saved::from_text(text).and_then(|saved| saved.open()).map_err(Failure::refused)?,
        (None, None) if link::is_link(what) && !Path::new(what).exists() => {
            Saved::from_link(what).and_then(|saved| saved.open()).map_err(Failure::refused)?
        }
        (None, None) => {
            let fate = Fate { seed: args.seed, future: args.future, prior: args.params == Ranges::Prior };
            let loaded = scenario::load(what)?;
            let start = args.from.as_deref().map(|name| shipped_start(name, &Rules::new(&loaded)));
            Sitting::starting(loaded, fate, start.transpose().map_err(Failure::refused)?)
        }
    };
    let size = args.size.as_deref().map(size).transpose()?;
    if let Some(text) = args.text.filter(|text| !(0.8..=2.0).contains(text)) {
        return Err(Failure::refused(format!("--text takes 0.8 to 2, not {text}")));
    }
    let tour = match &args.tour {
        Some(path) => {
            let no = |why: String| Failure::refused(format!("cannot read the tour {}: {why}", path.display()));
            let bytes = read_whole(path, MOST_BYTES as u64).map_err(|error| no(error.to_string()))?;
            Some(String::from_utf8(bytes).map_err(|_| no("it is no text".to_owned()))?)
        }
        None => None,
    };
    let mut studio = Studio::new(sitting);
    if tour.is_none() {
        // A script neither reads what a person chose nor waits for a dialog.
        studio.start_settings(Asked { dark: args.dark.then_some(true), text: args.text });
        studio.chooser = platform::chooser();
    } else {
        (studio.dark, studio.text) = (args.dark, args.text.unwrap_or(1.0));
    }
    if args.lesson.is_some() {
        studio.act(Act::Walk(Walk::To(0)));
    }
    let fresh = args.what.is_none() && args.lesson.is_none() && args.like.is_none();
    open(studio, Opening { size, tour, fresh, session, watch: args.watch.clone() }).map_err(Failure::refused)
}

/// The history of a row, played to its end, with its levers moved on their days.
fn of_row(scenario: &str, row: &Path) -> Result<Sitting, Failure> {
    let (prepared, like) = row::named(&Run::of(scenario.to_owned()), row)?;
    if like.params == Params::Posterior {
        let way = "`detente run --like` opens it";
        return Err(Failure::refused(format!(
            "{} has its numbers from the posterior, which a session cannot hold; {way}",
            row.display()
        )));
    }
    let start = like.from.from.as_deref().map(|name| shipped_start(name, &prepared.rules));
    let mut sitting = Sitting::starting(prepared.loaded, like.fate(), start.transpose().map_err(Failure::refused)?);
    let mut log = prepared.log;
    log.sort_by_key(|change| change.day);
    for change in log {
        sitting.go_to(change.day);
        sitting.set_lever(change.lever, change.value.into()).map_err(Failure::refused)?;
        sitting.end_step();
    }
    sitting.go_to(prepared.days as i32);
    Ok(sitting)
}

/// A size of a window, as it is typed.
fn size(typed: &str) -> Result<(u32, u32), Failure> {
    let size = typed.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    size.filter(|&(w, h): &(u32, u32)| (320..=8192).contains(&w) && (240..=8192).contains(&h))
        .ok_or_else(|| Failure::refused(format!("--size takes WIDTHxHEIGHT in pixels, like 1280x720, not `{typed}`")))
}

/// The session file that is meant: one with the ending, or one whose ending was left out, if nothing else has that name.
fn session_file(what: &str) -> Option<PathBuf> {
    let path = Path::new(what);
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(EXTENSION)) {
        return Some(path.to_owned());
    }
    let ended = PathBuf::from(format!("{what}.{EXTENSION}"));
    (scenario::builtin(what).is_none() && !path.exists() && ended.is_file()).then_some(ended)
}

/// The whole path and the text of a session file.
fn read(path: &Path) -> Result<(String, String), Failure> {
    let no = |why: String| {
        Failure::refused(format!("cannot read the session {}: {why}; give the path of a saved session", path.display()))
    };
    let bytes = read_whole(path, MOST_BYTES as u64).map_err(|error| no(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| no("it is no text".to_owned()))?;
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Ok((whole.to_string_lossy().into_owned(), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_with_and_without_its_ending() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("lesson.detente"), "{}").unwrap();
        let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        for name in ["lesson", "lesson.detente"] {
            assert_eq!(session_file(&at(name)), Some(folder.path().join("lesson.detente")));
        }
        std::fs::write(at("lesson"), "name = \"x\"").unwrap();
        assert_eq!(session_file(&at("lesson")), None, "a file of exactly that name is meant");
        assert_eq!((session_file("november-2024"), session_file("none")), (None, None));
    }

    /// A row opens as the history that `detente run --like` prints of it: its draws, its levers on their days, its last day.
    #[test]
    fn a_row_is_opened_as_the_history_that_it_is_of() {
        let hash = scenario::load("november-2024").unwrap().hash;
        let setting = serde_json::json!({
            "scenario": "november-2024", "hash": hash, "days": 90, "seed": 7, "params": "prior", "given": {},
            "levers": [["unifil.troops", "15000", 0], ["israel.blow_rate", "0", 40]], "from": null,
        });
        let row = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(row.path(), serde_json::json!({ "future": 5, "setting": setting.to_string() }).to_string())
            .unwrap();
        let sitting = of_row(DEFAULT_SCENARIO, row.path()).unwrap();
        let (prepared, like) = row::named(&Run::of(DEFAULT_SCENARIO.to_owned()), row.path()).unwrap();
        let run = super::super::run::recorded(&prepared, like.fates(&prepared).unwrap(), None).unwrap();
        assert_eq!((sitting.today(), sitting.branch().changes.len()), (90, 2));
        assert_eq!(Saved::of(&sitting).branches[0].digest, run.digest.whole);
        // What cannot be read is said in words.
        std::fs::write(row.path(), "[]").unwrap();
        assert!(of_row(DEFAULT_SCENARIO, row.path()).is_err());
    }
}
