//! The rule of the window: when a frame is due, and how much time passes in it for what moves on the screen. Told apart from
//! drawing, so that a test can live through it as a hand does, rests and all.
//!
//! A frame comes when something moves, when a person does something, or when a time that was asked for has come; between
//! them nothing is drawn. Two clocks follow from that. What moves on the screen (days that play, ribbons, panels that come)
//! moves on by the time since the frame before, as long as that frame asked for this one; a rest is not time in which
//! anything should have moved. What waits for a person (futures that wait for a lever to rest, notes, what is kept) goes by
//! the clock on the wall.

/// The longest that one frame moves things on, seconds: after a hitch they go on where they were.
const LONGEST: f64 = 0.25;

/// When the next frame is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wake {
    /// At once: something moves.
    Now,
    /// Within so many seconds, if nothing happens before.
    Within(f64),
}

/// What is known from frame to frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// The time on the wall of the frame before.
    last: Option<f64>,
    /// Whether that frame asked for another at once.
    moved: bool,
}

/// The time of one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Seconds since the frame before; 0 for the first.
    pub since: f64,
    /// Seconds by which what moves on the screen moves on.
    pub moves: f64,
    /// Whether the frame before asked for this one.
    pub followed: bool,
}

impl Pace {
    /// Begins a frame at this time on the wall, seconds. `driven` says whether a script draws frame after frame.
    pub fn begin(&mut self, now: f64, driven: bool) -> Frame {
        let since = self.last.map_or(0.0, |last| (now - last).max(0.0));
        self.last = Some(now);
        let moves = if self.moved || driven { since.min(LONGEST) } else { 0.0 };
        Frame { since, moves, followed: self.moved }
    }

    /// Whether the last frame asked for another at once: something moves.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.moved
    }

    /// Ends it: whether another frame is due at once. `told` says that something came from outside.
    pub fn end(&mut self, wake: Wake, told: bool) -> bool {
        self.moved = told || wake == Wake::Now;
        self.moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_moves_nothing_and_is_no_hitch() {
        let mut pace = Pace::default();
        assert_eq!(pace.begin(10.0, false), Frame { since: 0.0, moves: 0.0, followed: false });
        assert!(!pace.end(Wake::Within(60.0), false));
        // Five seconds of rest, then a frame because the pointer moved.
        assert_eq!(pace.begin(15.0, false).moves.to_bits(), 0.0_f64.to_bits());
        assert!(pace.end(Wake::Now, false));
        let frame = pace.begin(15.016, false);
        assert!((frame.moves - 0.016).abs() < 1e-9 && frame.followed);
        assert!(pace.end(Wake::Now, false));
        // A hitch: things go on a quarter of a second further, not four.
        assert!((pace.begin(19.0, false).moves - LONGEST).abs() < 1e-9);
        // A clock that was put back does not move anything back.
        assert!(pace.end(Wake::Now, false));
        assert!(pace.begin(3.0, false).moves.abs() < 1e-9);
    }
}
