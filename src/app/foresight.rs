//! Keeps the fans of a sitting up to date: starts them anew when a lever, branch or seed changes, lets them run on while
//! days pass, and renews them from the new day once they are done.

use super::platform::{now_seconds, threads};
use crate::session::Sitting;
use crate::session::chart::{Ask, Fans};

/// Time a frame gives to futures where there are no threads, seconds; most of their time lies between frames.
const SLICE: f64 = 0.004;

/// Futures from today, and how they get on.
#[derive(Default)]
pub struct Foresight {
    /// What is asked.
    pub ask: Ask,
    /// The fans, as far as they have come.
    pub fans: Option<Fans>,
    /// How many of this set had to be run; the rest was kept from the set before.
    pub fresh: u64,
    /// How long it took, or has taken so far, seconds.
    pub took: f64,
    /// The longest that one frame gave to it, seconds.
    pub longest: f64,
    started: f64,
}

impl Foresight {
    /// Nothing yet, and what to ask.
    #[must_use]
    pub fn asking(ask: Ask) -> Self {
        Self { ask, ..Self::default() }
    }

    /// Takes the futures that have come. Returns whether more are under way.
    pub fn pass(&mut self, sitting: &Sitting) -> bool {
        let begun = now_seconds();
        let current = self.fans.as_ref().is_some_and(|fans| {
            let asked = fans.ask == self.ask && fans.same_policy(sitting);
            asked && (fans.is_running() || fans.from == sitting.today())
        });
        if !current {
            let fans = Fans::start(sitting, self.ask, self.fans.take(), threads());
            let arms = if fans.is_null() { 1 } else { 2 };
            self.fresh = arms * self.ask.futures - (0..arms as usize).map(|arm| fans.come(arm)).sum::<u64>();
            (self.started, self.took, self.longest) = (begun, 0.0, 0.0);
            self.fans = Some(fans);
        }
        let Some(fans) = &mut self.fans else { return false };
        if !fans.is_running() {
            return false;
        }
        let until = begun + SLICE;
        fans.poll(|| now_seconds() < until);
        let now = now_seconds();
        self.took = now - self.started;
        self.longest = self.longest.max(now - begun);
        fans.is_running()
    }
}
