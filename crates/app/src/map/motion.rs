//! What moves: days whose strikes fly, and values on their way to new ones. A function of the scene's time and day.

use super::scene::Scene;

/// Seconds that a strike flies at least.
const FLIGHT: f64 = 0.7;
/// Seconds of a flash after arrival.
pub(super) const FLASH: f64 = 0.4;
/// Seconds in which a width eases to a new value.
const EASE: f64 = 0.3;
/// Above this many days a second nothing travels: streams are bundled with a count.
pub(super) const BUNDLED: f32 = 7.0;
/// Days that may fly at a time.
const MOST: usize = 8;

/// A day whose strikes fly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flying {
    /// The day.
    pub day: i32,
    /// When they took off.
    since: f64,
    /// How long they fly.
    length: f64,
}

impl Flying {
    /// A day whose strikes landed long ago.
    pub fn landed(day: i32) -> Self {
        Self { day, since: f64::NEG_INFINITY, length: 1.0 }
    }

    /// How far along they are: 0 at launch, 1 at arrival and after it.
    pub fn progress(&self, time: f64) -> f32 {
        ((time - self.since) / self.length).clamp(0.0, 1.0) as f32
    }

    /// Seconds since arrival, 0 before it.
    pub fn after(&self, time: f64) -> f64 {
        (time - self.since - self.length).max(0.0)
    }
}

/// What moves.
#[derive(Clone, Debug, Default)]
pub(super) struct Motion {
    seen: Option<i32>,
    flying: Vec<Flying>,
    eased: Vec<[Ease; 2]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Ease {
    from: f32,
    to: f32,
    since: f64,
}

impl Ease {
    fn at(&self, time: f64) -> f32 {
        let t = 1.0 - ((time - self.since) / EASE).clamp(0.0, 1.0) as f32;
        self.to + (self.from - self.to) * t * t * t
    }
}

impl Motion {
    /// Takes note of the scene's day. Strikes of days that were played take off; a jump shows where things stand.
    pub fn follow(&mut self, scene: &Scene<'_>) {
        let last = self.seen.replace(scene.today);
        let still = scene.reduced_motion || scene.speed > BUNDLED;
        let played = last.map_or(0, |last| scene.today - last);
        self.flying.retain(|f| f.day < scene.today && f.after(scene.time) < FLASH && f.since <= scene.time);
        if still || !(0..=14).contains(&played) {
            self.flying.clear();
        } else {
            let length = if scene.speed > 0.0 { FLIGHT.max(1.0 / f64::from(scene.speed)) } else { FLIGHT };
            let new = (scene.today - played..scene.today).map(|day| Flying { day, since: scene.time, length });
            self.flying.extend(new);
            let surplus = self.flying.len().saturating_sub(MOST);
            self.flying.drain(..surplus);
        }
    }

    /// Days in flight; the last day stands as it landed when nothing flies.
    pub fn flights(&self, scene: &Scene<'_>) -> Vec<Flying> {
        let landed = Flying::landed(scene.today - 1);
        if self.flying.iter().any(|f| f.day == landed.day) {
            return self.flying.clone();
        }
        let mut all = self.flying.clone();
        all.push(landed);
        all
    }

    /// Widths on their way to `wanted`.
    pub fn ease(&mut self, wanted: &[[f32; 2]], scene: &Scene<'_>) -> Vec<[f32; 2]> {
        let time = scene.time;
        let first = self.eased.len() != wanted.len();
        if first {
            self.eased = vec![[Ease::default(); 2]; wanted.len()];
        }
        for (eased, wanted) in self.eased.iter_mut().zip(wanted) {
            for (ease, &to) in eased.iter_mut().zip(wanted) {
                if first || scene.reduced_motion {
                    *ease = Ease { from: to, to, since: f64::NEG_INFINITY };
                } else if (ease.to - to).abs() > 1e-6 {
                    *ease = Ease { from: ease.at(time), to, since: time };
                }
            }
        }
        self.eased.iter().map(|pair| [pair[0].at(time), pair[1].at(time)]).collect()
    }

    /// Whether anything is on its way.
    pub fn moves(&self, time: f64) -> bool {
        self.flying.iter().any(|f| f.after(time) < FLASH)
            || self.eased.iter().flatten().any(|e| (e.from - e.to).abs() > 1e-6 && time - e.since < EASE)
    }
}
