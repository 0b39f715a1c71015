//! Never losing a session: keeps it for the next start a moment after each change, and offers what an earlier start left.

use super::platform;
use crate::session::Sitting;
use crate::session::file::Saved;

/// Seconds that nothing must have changed for, before it is kept.
const CALM: f64 = 1.0;
/// Seconds after which it is kept although it still changes.
const PATIENCE: f64 = 15.0;

/// What is kept, and what is offered.
#[derive(Default)]
pub struct Keeper {
    /// The tail of a link to a session that waits, until it is opened or waved away.
    pub offered: Option<String>,
    /// Whether what is offered is of this start: the session that another one took the place of.
    pub is_aside: bool,
    /// Why it cannot be kept, said once.
    pub trouble: Option<String>,
    kept: u64,
    seen: u64,
    changed: f64,
    waiting: Option<f64>,
}

impl Keeper {
    /// A keeper that offers what an earlier start left.
    #[must_use]
    pub fn at_start() -> Self {
        Self { offered: platform::take_autosave(), ..Self::default() }
    }

    /// Keeps the sitting if its time has come. Returns the seconds until it should be asked again.
    pub fn pass(&mut self, sitting: &Sitting, now: f64) -> Option<f64> {
        let revision = sitting.revision();
        if revision == self.kept {
            (self.seen, self.waiting) = (revision, None);
            return None;
        }
        if revision != self.seen {
            (self.seen, self.changed) = (revision, now);
        }
        let since = *self.waiting.get_or_insert(now);
        let due = (self.changed + CALM).min(since + PATIENCE);
        if now < due {
            return Some(due - now);
        }
        self.keep(sitting);
        None
    }

    /// Keeps the sitting now, if it has changed since the last time. One in which nothing was done is not worth the place of
    /// what is kept.
    pub fn keep(&mut self, sitting: &Sitting) {
        if sitting.revision() == self.kept || sitting.is_untouched() {
            return;
        }
        (self.kept, self.waiting) = (sitting.revision(), None);
        if let Err(why) = platform::autosave(&Saved::of(sitting).to_link()) {
            self.trouble = Some(why);
        }
    }

    /// Another sitting takes the place of this one, which is offered from now on if anything was done in it.
    pub fn set_aside(&mut self, sitting: &Sitting) {
        if !sitting.is_untouched() {
            (self.offered, self.is_aside) = (Some(Saved::of(sitting).to_link()), true);
        }
        // Whatever was kept is not the one that comes.
        self.kept = u64::MAX;
    }

    /// The sitting that is offered. It is offered no more.
    ///
    /// # Errors
    /// One sentence, if nothing is offered, or it cannot be opened.
    pub fn restore(&mut self) -> Result<Sitting, String> {
        let tail = self.offered.take().ok_or("No earlier session is waiting.")?;
        let sitting = Saved::from_link(&tail)?.open()?;
        self.forget();
        Ok(sitting)
    }

    /// Throws away what is offered.
    pub fn decline(&mut self) {
        if self.offered.take().is_some() {
            self.forget();
        }
    }

    /// What is kept for the next start is thrown away, where that is what was offered.
    fn forget(&mut self) {
        if !std::mem::take(&mut self.is_aside) {
            platform::forget_autosave();
        }
    }
}
