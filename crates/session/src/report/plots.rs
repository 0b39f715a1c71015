//! The charts of a report, as SVG.

use super::words::{against_zero, esc, in_steps, is_detectable, long_date};
use crate::chart::{Arms, Fans, Track, top};
use crate::compare::Digits;
use crate::sitting::Sitting;
use std::fmt::Write as _;

/// Days of the past shown before a fan.
const PAST: i32 = 120;

/// A frame in which values are drawn.
struct Plot {
    from: f64,
    to: f64,
    low: f64,
    high: f64,
    height: f64,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 92.0;
const RIGHT: f64 = 108.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 26.0;

impl Plot {
    fn x(&self, day: f64) -> f64 {
        LEFT + (day - self.from) / (self.to - self.from).max(1.0) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        let part = (value - self.low) / (self.high - self.low).max(1e-12);
        TOP + (1.0 - part) * (self.height - TOP - BOTTOM)
    }

    fn line(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        points.fold(String::new(), |mut text, (day, value)| {
            let _ = write!(text, "{:.1},{:.1} ", self.x(day), self.y(value));
            text
        })
    }

    /// Hairlines with their values, and the first of each month.
    fn frame(&self, sitting: &Sitting) -> String {
        let mut svg = String::new();
        let step = nice((self.high - self.low) / 4.0);
        let mut at = (self.low / step).ceil() * step;
        while at <= self.high + step * 1e-6 {
            let y = self.y(at);
            let _ = write!(
                svg,
                "<line class=hair x1={LEFT} x2={} y1={y:.1} y2={y:.1} /><text class=axis x={} y={:.1} text-anchor=end>{}</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                y + 5.0,
                in_steps(at, step)
            );
            at += step;
        }
        let months = ((self.to - self.from) / 30.0 / 7.0).ceil().max(1.0) as i32;
        let mut seen = 0;
        for day in (self.from as i32)..=(self.to as i32) {
            let date = sitting.rules.date(day);
            if date.day() == 1 {
                if seen % months == 0 {
                    let text = date.strftime("%b %Y").to_string();
                    let _ = write!(
                        svg,
                        "<text class=axis x={:.1} y={} text-anchor=middle>{text}</text>",
                        self.x(f64::from(day)),
                        self.height - 6.0
                    );
                }
                seen += 1;
            }
        }
        svg
    }

    fn open(&self, label: &str) -> String {
        format!("<svg viewBox=\"0 0 {WIDTH} {}\" role=img aria-label=\"{}\">", self.height, esc(label))
    }
}

/// A round number not below this.
fn nice(step: f64) -> f64 {
    if step <= 0.0 || !step.is_finite() {
        return 1.0;
    }
    let power = libm::pow(10.0, libm::floor(libm::log10(step)));
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|&r| r * power >= step * (1.0 - 1e-9)).unwrap_or(10.0);
    round * power
}

pub(super) fn fan(sitting: &Sitting, fans: &Fans, track: usize, what: Track) -> String {
    let arms = [fans.bands(0, track), fans.bands(1, track)];
    // The past of the branch that the second arm goes on from.
    let (branch, names) = match fans.subject.arms {
        Arms::Policy(id) => (id, ["baseline", "your policy"]),
        Arms::Branches([_, id]) => (id, ["A", "B"]),
    };
    let past = what.past(sitting, sitting.position(branch).unwrap_or(sitting.current()), fans.from);
    let shown = (fans.from - PAST).max(0);
    let old: Vec<(f64, f64)> = (shown..past.len() as i32).map(|day| (f64::from(day + 1), past[day as usize])).collect();
    let highest = old.iter().map(|p| p.1).fold(0.0, f64::max);
    let high = top(highest, arms.iter().flatten().map(|q| q[4]).fold(0.0, f64::max));
    let high = if high > 0.0 { high * 1.05 } else { 1.0 };
    let plot =
        Plot { from: f64::from(shown), to: f64::from(fans.from + fans.ask.days as i32), low: 0.0, high, height: 300.0 };
    let mut svg = plot.open(&format!("{}: past and futures", what.name(&sitting.rules)));
    svg.push_str(&plot.frame(sitting));
    let today = plot.x(f64::from(fans.from));
    let _ = write!(svg, "<line class=today x1={today:.1} x2={today:.1} y1={TOP} y2={:.1} />", plot.height - BOTTOM);
    let list: &[(usize, &str)] = if fans.is_null() { &[(1, "you")] } else { &[(0, "base"), (1, "you")] };
    let mut labels: Vec<(f64, &str, &str)> = Vec::new();
    for &(arm, class) in list {
        let bands = &arms[arm];
        let day = |i: usize| f64::from(fans.day(i));
        for (low, high, width) in [(0, 4, "wide"), (1, 3, "narrow")] {
            let up = bands.iter().enumerate().map(|(i, q)| (day(i), q[high]));
            let down = bands.iter().enumerate().rev().map(|(i, q)| (day(i), q[low]));
            let _ = write!(svg, "<polygon class=\"{class} {width}\" points=\"{}\" />", plot.line(up.chain(down)));
        }
        let median = plot.line(bands.iter().enumerate().map(|(i, q)| (day(i), q[2])));
        let _ = write!(svg, "<polyline class=\"{class} median\" points=\"{median}\" />");
        if let Some(last) = bands.last() {
            labels.push((plot.y(last[2]), class, names[usize::from(class == "you")]));
        }
    }
    // A past that was far above the futures is cut off, and said.
    let (wide, tall) = (WIDTH - LEFT - RIGHT, plot.height - TOP - BOTTOM);
    let _ = write!(
        svg,
        "<clipPath id=plot{track}><rect x={LEFT} y={TOP} width={wide} height={tall} /></clipPath><polyline class=past \
         clip-path=\"url(#plot{track})\" points=\"{}\" />",
        plot.line(old.into_iter())
    );
    if highest > high {
        let words = format!("past up to {}", Digits::Whole.say(highest));
        let _ = write!(svg, "<text class=axis x={:.1} y={} text-anchor=end>{words}</text>", today - 6.0, TOP + 12.0);
    }
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut least = TOP + 8.0;
    for (y, class, text) in labels {
        let y = (y + 5.0).max(least);
        least = y + 17.0;
        let _ = write!(svg, "<text class=\"label {class}\" x={} y={y:.1}>{text}</text>", WIDTH - RIGHT + 8.0);
    }
    svg + "</svg>"
}

/// The paired difference: grey until its interval leaves zero.
pub(super) fn paired(sitting: &Sitting, fans: &Fans, track: usize) -> String {
    let list = fans.differences(track);
    let shown = (fans.from - PAST).max(0);
    let reach = list.iter().flat_map(|d| [d.low.abs(), d.high.abs()]).fold(0.0, f64::max);
    let reach = if reach > 0.0 { reach * 1.05 } else { 1.0 };
    let to = f64::from(fans.from + fans.ask.days as i32);
    let plot = Plot { from: f64::from(shown), to, low: -reach, high: reach, height: 190.0 };
    let mut svg = plot.open("Mean paired difference with its 90 % interval");
    svg.push_str(&plot.frame(sitting));
    let day = |i: usize| f64::from(fans.day(i));
    for i in 1..list.len() {
        let class = if is_detectable(&list[i - 1]) && is_detectable(&list[i]) { "you" } else { "base" };
        let (a, b) = (&list[i - 1], &list[i]);
        let corners = [(day(i - 1), a.high), (day(i), b.high), (day(i), b.low), (day(i - 1), a.low)];
        let _ = write!(svg, "<polygon class=\"{class} narrow\" points=\"{}\" />", plot.line(corners.into_iter()));
        let middle = [(day(i - 1), a.difference), (day(i), b.difference)];
        let _ = write!(svg, "<polyline class=\"{class} thin\" points=\"{}\" />", plot.line(middle.into_iter()));
    }
    let zero = plot.y(0.0);
    let _ = write!(svg, "<line class=today x1={LEFT} x2={} y1={zero:.1} y2={zero:.1} />", WIDTH - RIGHT);
    let _ = write!(svg, "<text class=label x={} y={:.1}>difference</text>", WIDTH - RIGHT + 8.0, zero + 5.0);
    svg + "</svg>"
}

/// When the paired difference first leaves zero, in words.
pub(super) fn parts(sitting: &Sitting, fans: &Fans, track: usize) -> String {
    let list = fans.differences(track);
    match list.iter().position(is_detectable) {
        Some(i) => {
            let (day, d) = (fans.day(i), &list[i]);
            let [difference, low, high] = against_zero([d.difference, d.low, d.high]);
            format!(
                "The 90 % interval of the mean paired difference first leaves zero on {} (day {day}): {difference} ({low} to {high}). \
                 With many days compared, one interval in ten would leave zero by luck alone.",
                long_date(sitting.rules.date(day - 1)),
            )
        }
        None => "No detectable difference on any day.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_at_round_numbers() {
        assert_eq!(nice(0.3), 0.5);
        assert_eq!(nice(17.0), 20.0);
    }
}
