//! Settings and the studio: what was chosen is put into it, and what holds in it is read.

use super::room::Studio;
use crate::platform::Wish;
use crate::settings::{Asked, Place, Settings, Settler};
use detente_session::chart::Ask;

impl Settler {
    /// Puts a studio into the state that was chosen, or that the system and the command line wish for.
    pub fn start(studio: &mut Studio, place: Place, wish: Wish, asked: Asked) -> Self {
        let chosen = (place.read)().map(|text| Settings::of_text(&text)).unwrap_or_default();
        studio.dark = asked.dark.or(chosen.dark).or(wish.dark).unwrap_or(studio.dark);
        studio.text = asked.text.or(chosen.text).unwrap_or(studio.text);
        studio.reduced_motion = chosen.reduced_motion.or(wish.reduced_motion).unwrap_or(studio.reduced_motion);
        let ask = &mut studio.desk.ask;
        let Ask { futures, days, prior } = *ask;
        ask.futures = chosen.futures.unwrap_or(futures);
        ask.days = chosen.days.unwrap_or(days);
        ask.prior = chosen.prior.unwrap_or(prior);
        let known = shown(studio);
        Self::knowing(known, place)
    }
}

/// What holds in a studio.
pub(crate) fn shown(studio: &Studio) -> Settings {
    let Ask { futures, days, prior } = studio.desk.ask;
    Settings {
        dark: Some(studio.dark),
        text: Some(studio.text),
        reduced_motion: Some(studio.reduced_motion),
        futures: Some(futures),
        days: Some(days),
        prior: Some(prior),
    }
}
