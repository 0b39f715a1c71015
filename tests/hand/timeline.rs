//! The playhead goes to the day under the pointer, and stays there.

use super::desk::{Control, Desk, Screen};

/// Months as the timeline writes them, and the days on which they begin in the scenario of November 2024.
const MONTHS: [(&str, f64); 9] = [
    ("Dec", 23.0),
    ("Jan 2025", 54.0),
    ("Feb", 85.0),
    ("Mar", 113.0),
    ("Apr", 144.0),
    ("May", 174.0),
    ("Jun", 205.0),
    ("Jul", 235.0),
    ("Oct", 327.0),
];

pub fn surface(screen: &Screen) -> Control {
    screen.find_role("Slider", "Day").expect("the timeline is there").clone()
}

/// Where days lie on the timeline, read from the months written on it: a day of the first pixel, and days to a pixel.
pub struct Scale {
    zero: f64,
    per_day: f64,
}

impl Scale {
    pub fn read(screen: &Screen) -> Self {
        let whole = surface(screen).rect;
        let near = |y: f64| y > whole[1] - 2.0 && y < whole[1] + 26.0 * screen.scale;
        let mut marks: Vec<(f64, f64)> = Vec::new();
        for (month, day) in MONTHS {
            let named =
                screen.texts.iter().filter(|t| t.text.trim() == month && near(t.at().1) && t.rect[0] > whole[0]);
            marks.extend(named.min_by(|a, b| a.rect[0].total_cmp(&b.rect[0])).map(|t| (day, t.rect[0])));
        }
        let (Some(first), Some(last)) = (marks.first(), marks.last()) else { panic!("no months on the timeline") };
        assert!(last.0 > first.0, "only one month on the timeline: {marks:?}");
        let per_day = (last.1 - first.1) / (last.0 - first.0);
        Self { zero: first.1 - first.0 * per_day, per_day }
    }

    pub fn x(&self, day: f64) -> f64 {
        self.zero + day * self.per_day
    }

    pub fn day(&self, x: f64) -> f64 {
        (x - self.zero) / self.per_day
    }
}

/// Presses at a share of the timeline's width, holds, moves a little, and lets go.
fn drag_to(desk: &mut Desk, share: f64) -> (f64, f64) {
    let screen = desk.settle();
    let (whole, scale) = (surface(&screen), Scale::read(&screen));
    let (x, y) = (whole.along(share).0, whole.rect[1] + 12.0 * screen.scale);
    desk.point((x - 30.0, y));
    desk.rest(0.2);
    desk.press();
    desk.rest(0.3);
    desk.point((x, y));
    // Whoever looks where the days go holds the button meanwhile.
    desk.rest(1.2);
    let held = desk.see().number("day");
    desk.release();
    let after = desk.settle().number("day");
    let wanted = scale.day(x.round());
    println!("at {share}: the day under the pointer is {wanted:.1}, held it showed {held}, after it {after}");
    assert!((held - after).abs() < 1.5, "the playhead ran on: {held} while held, {after} after");
    (wanted, after)
}

fn goes_to_the_day_under_the_pointer(test: &str, width: u32, height: u32) {
    let mut desk = Desk::new(test, width, height);
    desk.open(&["--seed", "7", "--size", &format!("{width}x{height}")]);
    let mut wrong = Vec::new();
    for share in [0.3, 0.82, 0.5, 0.95, 0.1] {
        let (wanted, got) = drag_to(&mut desk, share);
        if (wanted - got).abs() > 2.0 {
            wrong.push(format!(
                "pressed and let go at {share} of the timeline, on day {wanted:.0}: the playhead is on day {got}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dragging_goes_to_the_day_under_the_pointer_at_1280() {
    goes_to_the_day_under_the_pointer("timeline-1280", 1280, 720);
}

#[test]
fn dragging_goes_to_the_day_under_the_pointer_at_1920() {
    goes_to_the_day_under_the_pointer("timeline-1920", 1920, 1080);
}

/// A press alone, at the far end: one day, and not ever further while the button is down.
#[test]
fn a_press_near_the_end_goes_to_one_day() {
    let mut desk = Desk::new("timeline-press", 1440, 900);
    let screen = desk.open(&["--seed", "7"]);
    let (whole, scale) = (surface(&screen), Scale::read(&screen));
    let x = whole.along(0.95).0;
    let wanted = scale.day(x.round());
    desk.point((x, whole.rect[1] + 12.0));
    desk.rest(0.3);
    desk.press();
    desk.rest(2.0);
    desk.release();
    let day = desk.settle().number("day");
    assert!((day - wanted).abs() <= 2.0, "pressed on day {wanted:.0}, the playhead is on day {day}");
}
