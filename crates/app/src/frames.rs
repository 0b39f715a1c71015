//! How fast frames come, and what the program itself does for one.

use serde::Serialize;

/// How fast frames come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Frames {
    /// Frames drawn since the start.
    pub drawn: u64,
    /// Frames a second, while something moves.
    pub per_second: f64,
    /// The longest of the last frames between two that followed at once, seconds.
    pub longest: f64,
    /// What the program itself does for a frame, seconds: days that pass, futures that arrive, and all shapes. The last
    /// twenty or so frames weigh most.
    pub work: f64,
    /// The longest work of the last frames, seconds.
    pub longest_work: f64,
}

impl Frames {
    /// Notes the program's own work for a frame, seconds.
    pub fn note_work(&mut self, work: f64) {
        let rate = if self.work > 0.0 { 0.05 } else { 1.0 };
        self.work += rate * (work - self.work);
        self.longest_work = work.max(self.longest_work * 0.99);
    }

    /// Notes a frame that took so long; `moved` says whether it followed the one before at once.
    pub fn note(&mut self, moved: bool, took: f64) {
        self.drawn += 1;
        if moved && took > 0.0 {
            // The last twenty or so frames weigh most.
            let rate = if self.per_second > 0.0 { 0.05 } else { 1.0 };
            self.per_second = 1.0 / ((1.0 - rate) / self.per_second.max(1.0e-9) + rate * took);
            self.longest = took.max(self.longest * 0.99);
        }
    }
}
