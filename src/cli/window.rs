//! `detente window`, and `detente` alone: the map.

use super::Failure;
use super::args::{DEFAULT_SCENARIO, Window as Args};
use crate::app::studio::Studio;
use crate::app::window::{Opening, open};
use crate::scenario;
use crate::session::Sitting;
use crate::session::file::{EXTENSION, Saved};
use crate::session::link;
use std::path::Path;

pub(super) fn window(args: &Args) -> Result<(), Failure> {
    let what = args.what.as_deref().unwrap_or(DEFAULT_SCENARIO);
    let is_session = Path::new(what).extension().is_some_and(|e| e == EXTENSION);
    let sitting = if is_session {
        let text = std::fs::read_to_string(what).map_err(|error| {
            Failure::refused(format!("cannot read the session {what}: {error}; give the path of a saved session"))
        })?;
        Saved::from_text(&text).and_then(|saved| saved.open()).map_err(Failure::refused)?
    } else if link::is_link(what) && !Path::new(what).exists() {
        Saved::from_link(what).and_then(|saved| saved.open()).map_err(Failure::refused)?
    } else {
        Sitting::new(scenario::load(what)?, args.seed)
    };
    let size = args.size.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    let Some(size) = size.filter(|&(w, h): &(u32, u32)| (320..=8192).contains(&w) && (240..=8192).contains(&h)) else {
        return Err(Failure::refused(format!(
            "--size takes WIDTHxHEIGHT in pixels, like 1280x720, not `{}`",
            args.size
        )));
    };
    if !(0.8..=2.0).contains(&args.text) {
        return Err(Failure::refused(format!("--text takes 0.8 to 2, not {}", args.text)));
    }
    let tour = match &args.tour {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::refused(format!("cannot read the tour {}: {error}", path.display())))?;
            Some(text)
        }
        None => None,
    };
    let mut studio = Studio::new(sitting);
    (studio.dark, studio.text) = (args.dark, args.text);
    open(studio, Opening { size, tour, fresh: args.what.is_none() }).map_err(Failure::refused)
}
