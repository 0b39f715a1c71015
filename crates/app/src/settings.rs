//! Settings that stay: theme, text size, motion, and what is asked of futures.
//!
//! Only what a person chose is written. Where nothing was chosen the system's wish holds, for dark windows and for less
//! motion, and what the command line asks for holds above all, for this start.

use super::platform;
use serde::{Deserialize, Serialize};

/// Seconds that nothing must have changed for, before it is written.
const CALM: f64 = 0.5;

/// What a person chose, once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Whether the ground is dark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dark: Option<bool>,
    /// Text size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<f32>,
    /// Whether nothing travels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reduced_motion: Option<bool>,
    /// How many futures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub futures: Option<u64>,
    /// How many days ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Whether parameters are drawn from their ranges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior: Option<bool>,
}

/// What the command line asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// A dark ground.
    pub dark: Option<bool>,
    /// A text size.
    pub text: Option<f32>,
}

impl Settings {
    /// Reads what was written; nothing, where it cannot be understood.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let read: Self = serde_json::from_str(text).unwrap_or_default();
        let within = |size: f32| size.is_finite().then(|| size.clamp(0.8, 2.0));
        Self {
            text: read.text.and_then(within),
            futures: read.futures.map(|n| n.clamp(1, 4_096)),
            days: read.days.map(|n| n.clamp(30, 540)),
            ..read
        }
    }

    /// Takes over what differs between two moments: that was chosen in between.
    fn learn(&mut self, before: &Self, now: &Self) {
        fn take<T: Clone + PartialEq>(place: &mut Option<T>, before: &Option<T>, now: &Option<T>) {
            if before != now {
                place.clone_from(now);
            }
        }
        take(&mut self.dark, &before.dark, &now.dark);
        take(&mut self.text, &before.text, &now.text);
        take(&mut self.reduced_motion, &before.reduced_motion, &now.reduced_motion);
        take(&mut self.futures, &before.futures, &now.futures);
        take(&mut self.days, &before.days, &now.days);
        take(&mut self.prior, &before.prior, &now.prior);
    }
}

/// Where settings stay between starts.
#[derive(Clone, Copy)]
pub struct Place {
    /// Reads them.
    pub read: fn() -> Option<String>,
    /// Writes them.
    pub write: fn(&str) -> Result<(), String>,
}

impl Place {
    /// The user's own.
    pub const OWN: Self = Self { read: platform::read_settings, write: platform::write_settings };
}

/// Writes what is chosen, a moment after it was.
pub struct Settler {
    place: Place,
    /// What was last known to hold.
    known: Settings,
    /// What holds now, and since when.
    seen: Settings,
    since: f64,
}

impl Settler {
    /// One that knows what holds.
    pub(crate) fn knowing(known: Settings, place: Place) -> Self {
        Self { place, seen: known.clone(), known, since: 0.0 }
    }

    /// Writes what was chosen, if its time has come. Returns the seconds until it should be asked again.
    pub fn pass(&mut self, now_shown: Settings, now: f64) -> Option<f64> {
        if now_shown != self.seen {
            (self.seen, self.since) = (now_shown, now);
        }
        if self.seen == self.known {
            return None;
        }
        let due = self.since + CALM;
        if now < due {
            return Some(due - now);
        }
        // Another window may have chosen something else meanwhile: only what was chosen here is written over it.
        let mut chosen = (self.place.read)().map(|text| Settings::of_text(&text)).unwrap_or_default();
        chosen.learn(&self.known, &self.seen);
        self.known = self.seen.clone();
        let text = serde_json::to_string_pretty(&chosen).unwrap_or_default() + "\n";
        // A theme that is not kept is no reason to speak up: whoever cannot keep it is told so of the session.
        let _ = (self.place.write)(&text);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::Act;
    use crate::platform::Wish;
    use crate::studio::Studio;
    use crate::studio::settle::shown;
    use detente_model::scenario::load;
    use detente_session::Sitting;
    use detente_session::chart::Ask;
    use std::sync::Mutex;

    fn studio() -> Studio {
        Studio::new(Sitting::new(load("november-2024").unwrap(), 1))
    }

    static WRITTEN: Mutex<Option<String>> = Mutex::new(None);
    const MEMORY: Place = Place {
        read: || WRITTEN.lock().unwrap().clone(),
        write: |text| {
            *WRITTEN.lock().unwrap() = Some(text.to_owned());
            Ok(())
        },
    };
    const NONE: Place = Place { read: || None, write: |_| Err(String::new()) };

    #[test]
    fn what_was_chosen_holds_at_the_next_start_and_nothing_else_is_written() {
        let (wish, asked) = (Wish { dark: Some(true), reduced_motion: None }, Asked::default());
        let mut first = studio();
        let mut settler = Settler::start(&mut first, MEMORY, wish, asked);
        assert!(first.dark, "the system wishes it");
        assert_eq!(settler.pass(shown(&first), 10.0), None);
        first.act(Act::Text(1.5));
        first.act(Act::Ask(Ask { futures: 4_096, ..first.desk.ask }));
        assert_eq!(settler.pass(shown(&first), 10.0), Some(CALM));
        assert_eq!(settler.pass(shown(&first), 11.0), None);
        let text = WRITTEN.lock().unwrap().clone().unwrap();
        assert!(text.contains("4096") && !text.contains("dark"), "{text}");
        // The next day the system is light again; and the command line is stronger than what was chosen.
        let mut next = studio();
        Settler::start(&mut next, MEMORY, Wish::default(), asked);
        assert_eq!((next.dark, next.text, next.desk.ask.futures), (false, 1.5, 4_096));
        let mut given = studio();
        Settler::start(&mut given, MEMORY, Wish::default(), Asked { dark: Some(true), text: Some(1.2) });
        assert_eq!((given.dark, given.text), (true, 1.2));
        // Another window chooses something else: both stay.
        let mut other = studio();
        let mut settler = Settler::start(&mut other, MEMORY, Wish::default(), asked);
        other.act(Act::Theme);
        settler.pass(shown(&other), 1.0);
        settler.pass(shown(&other), 2.0);
        let both = Settings::of_text(&WRITTEN.lock().unwrap().clone().unwrap());
        assert_eq!((both.dark, both.text), (Some(true), Some(1.5)));
    }

    #[test]
    fn a_place_that_can_neither_read_nor_write_is_borne() {
        let mut s = studio();
        let mut settler = Settler::start(&mut s, NONE, Wish::default(), Asked::default());
        s.act(Act::Theme);
        assert!(settler.pass(shown(&s), 1.0).is_some());
        assert_eq!(settler.pass(shown(&s), 2.0), None);
        assert_eq!(settler.pass(shown(&s), 3.0), None, "it is not tried again and again");
    }

    #[test]
    fn what_cannot_be_meant_is_put_right() {
        assert_eq!(Settings::of_text("nonsense"), Settings::default());
        let odd = Settings::of_text(r#"{"text": 900, "futures": 0, "days": 9999, "dark": true, "unknown": 1}"#);
        assert_eq!((odd.text, odd.futures, odd.days, odd.dark), (Some(2.0), Some(1), Some(540), Some(true)));
    }
}
