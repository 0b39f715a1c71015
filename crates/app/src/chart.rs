//! Fan charts and paired differences, drawn as LOOK asks: no frame, four hairlines, labels at the ends of lines.

use super::draw::{band, dashed, narrow, short, signed};
use super::look::{Look, faint};
use bevy_egui::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use detente_study::futures::effect::Difference;
use jiff::civil::Date;

/// One fan: from which sample day on, its bands.
pub struct Fan<'a> {
    /// Day and bands (.05, .25, .5, .75, .95) of every sample.
    pub bands: &'a [(f64, [f64; 5])],
    /// Colour.
    pub color: Color32,
    /// Whether its median is dashed (the baseline).
    pub dashed: bool,
    /// What stands at its end.
    pub label: &'a str,
}

/// A line of the past.
pub struct Past<'a> {
    /// First day.
    pub from: f64,
    /// Values by day.
    pub values: &'a [f64],
    /// Colour.
    pub color: Color32,
    /// Whether it is dashed.
    pub dashed: bool,
}

/// Where days and values lie.
#[derive(Clone, Copy)]
pub struct Axes {
    /// The plotted area.
    pub rect: Rect,
    days: (f64, f64),
    values: (f64, f64),
}

impl Axes {
    /// Axes over an area.
    #[must_use]
    pub fn new(rect: Rect, days: (f64, f64), values: (f64, f64)) -> Self {
        Self { rect, days, values }
    }

    /// The place of a day.
    #[must_use]
    pub fn x(&self, day: f64) -> f32 {
        let t = (day - self.days.0) / (self.days.1 - self.days.0).max(1e-9);
        self.rect.left() + self.rect.width() * t as f32
    }

    /// The place of a value.
    #[must_use]
    pub fn y(&self, value: f64) -> f32 {
        let t = (value - self.values.0) / (self.values.1 - self.values.0).max(1e-12);
        self.rect.bottom() - self.rect.height() * t as f32
    }

    /// The value at a height.
    #[must_use]
    pub fn value(&self, y: f32) -> f64 {
        let t = f64::from((self.rect.bottom() - y) / self.rect.height().max(1e-6));
        self.values.0 + t * (self.values.1 - self.values.0)
    }

    fn at(&self, day: f64, value: f64) -> Pos2 {
        pos2(self.x(day), self.y(value))
    }
}

/// A round step that divides a range into about so many parts.
#[must_use]
pub fn step(range: f64, parts: f64) -> f64 {
    let raw = (range / parts).max(1e-12);
    let mut power = 1.0;
    while power * 10.0 <= raw {
        power *= 10.0;
    }
    while power > raw {
        power /= 10.0;
    }
    let lead = raw / power;
    power
        * if lead <= 1.0 {
            1.0
        } else if lead <= 2.0 {
            2.0
        } else if lead <= 5.0 {
            5.0
        } else {
            10.0
        }
}

/// The value of a tick, with as many decimals as tell it from the next one, `every` away; with its sign, where it is a
/// difference.
#[must_use]
pub fn tick(value: f64, every: f64, is_difference: bool) -> String {
    if value.abs() < every * 1e-6 {
        return "0".to_owned();
    }
    // From hundredths on, three figures say it.
    let decimals = (3..=9_usize).find(|&n| every * libm::pow(10.0, n as f64) >= 0.999).unwrap_or(9);
    match (every < 0.009_99, is_difference) {
        (false, false) => short(value),
        (false, true) => signed(value),
        (true, false) => format!("{value:.decimals$}").replace('-', "−"),
        (true, true) => format!("{value:+.decimals$}").replace('-', "−"),
    }
}

/// Width that words left of a chart need, for ticks that are so written, with the distance from them to the lines.
#[must_use]
pub fn tick_room(painter: &Painter, ticks: &[String]) -> f32 {
    let width = |text: &String| painter.layout_no_wrap(text.clone(), narrow(), Color32::WHITE).size().x;
    ticks.iter().map(width).fold(0.0, f32::max) + 7.0
}

/// The values at which a chart has hairlines, and how far they are apart.
fn ticks(values: (f64, f64)) -> (Vec<f64>, f64) {
    let every = step(values.1 - values.0, 4.0);
    let first = (values.0 / every).ceil();
    let all = (0..64).map(|n| (first + f64::from(n)) * every).take_while(|value| *value <= values.1 + every * 1e-6);
    (all.collect(), every)
}

/// What stands at the hairlines of a chart.
#[must_use]
pub fn ticks_in_words(values: (f64, f64)) -> Vec<String> {
    let (all, every) = ticks(values);
    all.into_iter().map(|value| tick(value, every, false)).collect()
}

/// First days of months between two days, with what to write.
#[must_use]
pub fn months(start: Date, from: f64, to: f64, room: f32) -> Vec<(f64, String)> {
    let day = |n: f64| start.saturating_add(jiff::Span::new().days(n as i64));
    let (first, last) = (day(from), day(to));
    let count =
        (i32::from(last.year()) - i32::from(first.year())) * 12 + i32::from(last.month()) - i32::from(first.month());
    let every = [1, 2, 3, 6, 12].into_iter().find(|n| count / n <= (room / 58.0) as i32).unwrap_or(12);
    let mut list = Vec::new();
    let mut month = first.first_of_month();
    while month <= last {
        let n = f64::from((month - start).get_days());
        let index = i32::from(month.year()) * 12 + i32::from(month.month()) - 1;
        if n >= from && index % every == 0 {
            let text = if month.month() == 1 { month.strftime("%b %Y") } else { month.strftime("%b") };
            list.push((n, text.to_string()));
        }
        month = month.saturating_add(jiff::Span::new().months(1));
    }
    list
}

/// Draws hairlines with their values; returns the axes. `plot` is the area of the lines, labels stand left and below it.
pub fn frame(painter: &Painter, plot: Rect, days: (f64, f64), values: (f64, f64), start: Date, look: &Look) -> Axes {
    let axes = Axes::new(plot, days, values);
    let (all, every) = ticks(values);
    for value in all {
        let y = axes.y(value);
        let zero = value.abs() < every * 1e-6;
        let line = Stroke::new(1.0, if zero { look.strong } else { look.hairline });
        painter.hline(plot.x_range(), y, line);
        let text = tick(value, every, false);
        painter.text(pos2(plot.left() - 7.0, y), Align2::RIGHT_CENTER, text, narrow(), look.ink2);
    }
    let mut free = f32::MIN;
    for (day, text) in months(start, days.0, days.1, plot.width()) {
        let x = axes.x(day);
        let galley = painter.layout_no_wrap(text, narrow(), look.ink2);
        let left = (x - galley.size().x / 2.0).max(plot.left() - 4.0);
        if left > free && left + galley.size().x < plot.right() + 22.0 {
            free = left + galley.size().x + 10.0;
            painter.vline(x, plot.bottom()..=plot.bottom() + 4.0, Stroke::new(1.0, look.strong));
            painter.galley(pos2(left, plot.bottom() + 5.0), galley, look.ink2);
        }
    }
    axes
}

/// Draws the fans, the past and today.
pub fn fans(painter: &Painter, axes: &Axes, today: f64, past: &[Past<'_>], fans: &[Fan<'_>], alpha: f32, look: &Look) {
    let clip =
        painter.with_clip_rect(Rect::from_min_max(axes.rect.min - vec2(0.0, 6.0), axes.rect.max + vec2(2.0, 1.0)));
    let line =
        |fan: &Fan<'_>, q: usize| -> Vec<Pos2> { fan.bands.iter().map(|(day, b)| axes.at(*day, b[q])).collect() };
    for fan in fans {
        let [low, lower, upper, high] = [0, 1, 3, 4].map(|q| line(fan, q));
        let (wide, close) = if look.dark { (0.13, 0.2) } else { (0.26, 0.38) };
        // The baseline lies behind and is paler.
        let weight = alpha
            * if fan.dashed {
                0.8
            } else if look.dark {
                1.1
            } else {
                1.6
            };
        band(&clip, &low, &high, faint(fan.color, wide * weight));
        band(&clip, &lower, &upper, faint(fan.color, close * weight));
    }
    // Over all bands: what lies behind another band is in sight by its edges.
    for fan in fans {
        let color = faint(fan.color, alpha);
        let middle = line(fan, 2);
        if fan.dashed {
            if fans.len() > 1 {
                for q in [0, 4] {
                    dashed(&clip, &line(fan, q), Stroke::new(1.0, faint(fan.color, 0.8 * alpha)), 3.0, 3.0);
                }
            }
            dashed(&clip, &middle, Stroke::new(2.0, color), 6.0, 4.0);
        } else {
            clip.add(Shape::line(middle, Stroke::new(2.6, color)));
        }
    }
    for past in past {
        let points: Vec<Pos2> =
            past.values.iter().zip(0..).map(|(v, i)| axes.at(past.from + f64::from(i), *v)).collect();
        if past.dashed {
            dashed(&clip, &points, Stroke::new(1.5, past.color), 4.0, 3.0);
        } else {
            clip.add(Shape::line(points, Stroke::new(1.5, past.color)));
        }
    }
    let x = axes.x(today);
    painter.vline(x, axes.rect.top() - 4.0..=axes.rect.bottom(), Stroke::new(1.0, look.ink2));
}

/// Draws the mean paired difference: grey until its interval leaves zero, then yours. Returns the day from which it is
/// clear of zero for good, if it is at the end.
pub fn difference(painter: &Painter, axes: &Axes, days: &[f64], values: &[Difference], look: &Look) -> Option<f64> {
    let clear = |d: &Difference| d.low > 0.0 || d.high < 0.0;
    let last_unclear = values.iter().rposition(|d| !clear(d));
    let from = last_unclear.map_or(0, |i| i + 1);
    let part = |range: std::ops::Range<usize>, color: Color32, width: f32| {
        let at = |f: fn(&Difference) -> f64| -> Vec<Pos2> {
            range.clone().map(|i| axes.at(days[i], f(&values[i]))).collect()
        };
        band(painter, &at(|d| d.low), &at(|d| d.high), faint(color, 0.28));
        painter.add(Shape::line(at(|d| d.difference), Stroke::new(width, color)));
    };
    let n = values.len();
    if from > 0 {
        part(0..from.min(n), look.baseline, 1.5);
    }
    if from < n {
        part(from.saturating_sub(1)..n, look.you, 2.4);
        return days.get(from).copied();
    }
    None
}

/// Writes words at the ends of lines, kept apart; each with the height it wants.
pub fn end_labels(painter: &Painter, x: f32, top: f32, bottom: f32, mut labels: Vec<(f32, String, FontId, Color32)>) {
    let height = 18.0;
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    for i in 1..labels.len() {
        let above = labels[i - 1].0;
        labels[i].0 = labels[i].0.max(above + height);
    }
    if let Some(last) = labels.last_mut() {
        last.0 = last.0.min(bottom);
    }
    for i in (1..labels.len()).rev() {
        let below = labels[i].0;
        labels[i - 1].0 = labels[i - 1].0.min(below - height);
    }
    for (y, text, font, color) in labels {
        painter.text(pos2(x, y.max(top)), Align2::LEFT_CENTER, text, font, color);
    }
}

/// Width that a chart's words at the right need.
#[must_use]
pub fn label_width(ui: &Ui, labels: &[&str], font: &FontId) -> f32 {
    let width = |text: &&str| ui.painter().layout_no_wrap((*text).to_owned(), font.clone(), Color32::WHITE).size().x;
    labels.iter().map(width).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for range in [0.003, 0.9, 1.0, 7.0, 40.0, 123.0, 9_999.0, 1.4e6] {
            let s = step(range, 4.0);
            assert!((2.0..=4.001).contains(&(range / s)) || range / s >= 1.6, "{range}: {s}");
            let lead = s / [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6]
                .into_iter()
                .rfind(|p| *p <= s * 1.000_001)
                .unwrap();
            assert!([1.0, 2.0, 5.0, 10.0].iter().any(|l| (lead - l).abs() < 1e-6), "{s}");
        }
    }

    /// Two hairlines are never called the same, and none but zero is called zero.
    #[test]
    fn ticks_are_told_apart_whatever_the_range() {
        for range in [1.4e6, 9_999.0, 123.0, 40.0, 7.0, 1.0, 0.9, 0.19, 0.03, 0.02, 0.011, 0.004, 0.0007, 2e-5] {
            let words = ticks_in_words((0.0, range));
            let all: std::collections::BTreeSet<&String> = words.iter().collect();
            assert_eq!(all.len(), words.len(), "{range}: {words:?}");
            let zeros = words.iter().filter(|text| !text.chars().any(|c| ('1'..='9').contains(&c))).count();
            assert_eq!(zeros, 1, "{range}: {words:?}");
        }
        assert_eq!(ticks_in_words((0.0, 0.02)), ["0", "0.005", "0.010", "0.015", "0.020"]);
        assert_eq!(ticks_in_words((0.0, 2.0)), ["0", "0.50", "1", "1.5", "2"]);
        let differences = [-0.005, 0.0, 0.005].map(|value| tick(value, 0.005, true));
        assert_eq!(differences, ["−0.005", "0", "+0.005"]);
        assert_eq!(tick(0.5, 0.5, true), "+0.50");
    }

    #[test]
    fn months_begin_on_the_first() {
        let start = jiff::civil::date(2024, 11, 8);
        let list = months(start, 0.0, 100.0, 400.0);
        assert_eq!(list[0], (23.0, "Dec".to_owned()));
        assert_eq!(list[1], (54.0, "Jan 2025".to_owned()));
    }
}
