//! The futures beside the sitting: when they start anew, what is shown until they come, and how long they took.

use crate::app::platform::now_seconds;
use crate::futures::rank::Metric;
use crate::session::Sitting;
use crate::session::chart::{Ask, Fans};
use crate::session::needle::Needle;

/// Days after which a fan is renewed while days pass.
const RENEW_DAYS: i32 = 7;
/// Futures of each end of a lever in the ranking.
const RANKED: u64 = 128;
/// Futures after which a first band is worth showing.
const FIRST_BAND: usize = 16;

/// Futures that run or have run, and the ranking of levers.
#[derive(Default)]
pub struct Ahead {
    /// What is asked of them.
    pub ask: Ask,
    /// Threads for them; 0 to run them between frames.
    pub threads: usize,
    /// How many of the last set had to be run; the rest was kept.
    pub fresh: u64,
    /// Seconds of the last finished set.
    pub took: Option<f64>,
    /// Seconds to the first band of the last set.
    pub first_band: Option<f64>,
    /// The longest that one frame gave to them, seconds.
    pub longest: f64,
    fans: Option<Fans>,
    stale: Option<Fans>,
    /// The branches whose futures they are, where two are compared.
    pair: Option<[usize; 2]>,
    started: f64,
    needle: Option<Needle>,
}

impl Ahead {
    /// None yet, to be run on so many threads.
    pub(super) fn on(threads: usize) -> Self {
        Self { threads, ..Self::default() }
    }

    /// The last set, however little of it has come.
    #[must_use]
    pub fn fans(&self) -> Option<&Fans> {
        self.fans.as_ref()
    }

    /// The last set, once there is enough of it to be shown.
    #[must_use]
    pub fn fresh_fans(&self) -> Option<&Fans> {
        self.fans.as_ref().filter(|fans| is_shown(fans))
    }

    /// What stays, faint, until a first band of the next set has come.
    #[must_use]
    pub fn stale_fans(&self) -> Option<&Fans> {
        self.stale.as_ref()
    }

    /// The branches whose futures are shown, where two are compared.
    #[must_use]
    pub fn pair(&self) -> Option<[usize; 2]> {
        self.pair
    }

    /// How many of the set under way have come, and how many were asked for.
    #[must_use]
    pub fn arriving(&self) -> Option<(usize, u64)> {
        self.fans.as_ref().filter(|fans| fans.is_running()).map(|fans| (fans.pairs(), fans.ask.futures))
    }

    /// The ranking of levers, if it is open.
    #[must_use]
    pub fn needle(&self) -> Option<&Needle> {
        self.needle.as_ref()
    }

    /// Whether anything is still coming.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.fans.as_ref().is_some_and(Fans::is_running) || self.needle.as_ref().is_some_and(Needle::is_running)
    }

    /// Whether the futures shown are not those that should be: other levers, another branch, pair or seed, or a day that
    /// has moved on far enough. `compared` are the branches side by side, if there are any.
    pub(super) fn is_due(&self, sitting: &Sitting, compared: Option<[usize; 2]>, playing: bool) -> bool {
        let Some(fans) = &self.fans else { return true };
        if fans.ask != self.ask || self.pair != compared || compared.is_none() && !fans.same_policy(sitting) {
            return true;
        }
        // A passing day cancels nothing: the set runs to its end, then the next one starts from where the days are.
        let away = (sitting.today() - fans.from).abs();
        away > 0 && !fans.is_running() && (!playing || away >= RENEW_DAYS)
    }

    /// Starts the set that is due; what was shown stays, faint, until its first band.
    pub(super) fn start(&mut self, sitting: &mut Sitting, compared: Option<[usize; 2]>) {
        let before = self.fans.take();
        self.pair = compared;
        let fans = match compared {
            Some(pair) => Fans::compare(sitting, pair, self.ask, None, self.threads),
            None => Fans::start(sitting, self.ask, before.as_ref().map(Fans::finished), self.threads),
        };
        if let Some(before) = before.filter(|fans| fans.pairs() >= FIRST_BAND) {
            self.stale = Some(before);
        }
        if let Some(stale) = &mut self.stale {
            stale.cancel();
        }
        let arms = if fans.is_null() { 1 } else { 2 };
        self.fresh = arms * self.ask.futures - (0..arms as usize).map(|arm| fans.come(arm)).sum::<u64>();
        self.longest = 0.0;
        (self.started, self.first_band) = (now_seconds(), None);
        if !fans.is_running() {
            (self.took, self.first_band) = (Some(0.0), Some(0.0));
        }
        self.fans = Some(fans);
    }

    /// Takes what has come. `go_on` says whether there is time left in this frame for futures that run between frames.
    pub(super) fn poll(&mut self, mut go_on: impl FnMut() -> bool) {
        if let Some(fans) = &mut self.fans {
            let running = fans.is_running();
            let begun = now_seconds();
            fans.poll(&mut go_on);
            self.longest = self.longest.max(now_seconds() - begun);
            // The clock of frames counts a slow one as a short one; this is the user's time.
            let elapsed = now_seconds() - self.started;
            if is_shown(fans) {
                self.stale = None;
                if running {
                    self.first_band.get_or_insert(elapsed);
                }
            }
            if running && !fans.is_running() {
                self.took = Some(elapsed);
            }
        }
        if let Some(needle) = &mut self.needle {
            needle.poll(&mut go_on);
        }
    }

    /// Ranks levers by an outcome, from a sitting's playhead.
    pub(super) fn rank(&mut self, sitting: &Sitting, metric: Metric) {
        let Ask { days, prior, .. } = self.ask;
        self.needle = Some(Needle::start(sitting, metric, days, prior, RANKED, self.threads));
    }

    /// Closes the ranking.
    pub(super) fn end_rank(&mut self) {
        self.needle = None;
    }

    /// Stops everything; what has come is kept.
    pub(super) fn cancel(&mut self) {
        if let Some(fans) = &mut self.fans {
            fans.cancel();
        }
        if let Some(needle) = &mut self.needle {
            needle.cancel();
        }
    }

    /// Forgets everything: another sitting is there.
    pub(super) fn clear(&mut self) {
        (self.fans, self.stale, self.needle, self.pair) = (None, None, None, None);
    }
}

fn is_shown(fans: &Fans) -> bool {
    fans.pairs() >= FIRST_BAND || !fans.is_running()
}
