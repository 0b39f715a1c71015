//! Strokes that egui does not have: lines beside lines, curves, dashes of two lengths, hatching.

use bevy_egui::egui::{Color32, Mesh, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

/// A line `by` pixels to the left of another, seen along it (on the screen, where y grows downwards).
pub(super) fn beside(points: &[Pos2], by: f32) -> Vec<Pos2> {
    let normal = |a: Pos2, b: Pos2| {
        let d = (b - a).normalized();
        vec2(d.y, -d.x)
    };
    let last = points.len().saturating_sub(1);
    points
        .iter()
        .enumerate()
        .map(|(i, p)| {
            let before = (i > 0).then(|| normal(points[i - 1], *p));
            let after = (i < last).then(|| normal(*p, points[i + 1]));
            let n = match (before, after) {
                (Some(a), Some(b)) => {
                    let sum = a + b;
                    // A mitre of at most twice the distance.
                    if sum.length() > 0.5 { sum * (2.0 / sum.length_sq()).min(2.0 / sum.length()) } else { a }
                }
                (Some(n), None) | (None, Some(n)) => n,
                (None, None) => Vec2::ZERO,
            };
            *p + n * by
        })
        .collect()
}

/// Whether a point is to the left of a line, by its nearest stretch.
#[cfg(test)]
pub(super) fn is_left(points: &[Pos2], p: Pos2) -> bool {
    let nearest = points
        .windows(2)
        .min_by(|a, b| super::hits::distance_to_line(a, p).total_cmp(&super::hits::distance_to_line(b, p)));
    nearest.is_some_and(|pair| {
        let (d, v) = (pair[1] - pair[0], p - pair[0]);
        // With y downwards, left of the direction of travel is where the cross product is negative.
        d.x * v.y - d.y * v.x < 0.0
    })
}

/// A curve from one point to another that rises by `bend` of its length.
pub(super) fn arc(from: Pos2, to: Pos2, bend: f32) -> Vec<Pos2> {
    let d = to - from;
    let mut normal = vec2(d.y, -d.x);
    if normal.y > 0.0 {
        normal = -normal;
    }
    let control = from + d * 0.5 + normal * bend;
    // As many chords as keep within an eighth of a pixel of the curve.
    let steps = (1.0 + 2.0 * (d.length() * bend.abs()).sqrt()).clamp(4.0, 40.0) as usize;
    (0..=steps)
        .map(|i| {
            let t = i as f32 / steps as f32;
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            pos2(a * from.x + b * control.x + c * to.x, a * from.y + b * control.y + c * to.y)
        })
        .collect()
}

/// The part of a line between two shares of its points, and its direction at the end.
pub(super) fn part(points: &[Pos2], from: f32, to: f32) -> Vec<Pos2> {
    let last = points.len() as f32 - 1.0;
    let at = |t: f32| {
        let x = t.clamp(0.0, 1.0) * last;
        let i = (x as usize).min(points.len().saturating_sub(2));
        points[i].lerp(points[i + 1], x - i as f32)
    };
    if points.len() < 2 || to <= from {
        return Vec::new();
    }
    let inner = points.iter().enumerate().filter(|(i, _)| (from * last..to * last).contains(&(*i as f32)));
    let mut out = vec![at(from)];
    out.extend(inner.map(|(_, p)| *p).filter(|p| p.distance(at(from)) > 0.01));
    out.push(at(to));
    out
}

/// Where a line is after a share of its points, and which way it goes there.
pub(super) fn along(points: &[Pos2], t: f32) -> (Pos2, Vec2) {
    let last = points.len().saturating_sub(1);
    if last == 0 {
        return (points.first().copied().unwrap_or_default(), vec2(1.0, 0.0));
    }
    let x = t.clamp(0.0, 1.0) * last as f32;
    let i = (x as usize).min(last - 1);
    (points[i].lerp(points[i + 1], x - i as f32), (points[i + 1] - points[i]).normalized())
}

/// A dashed line.
pub(super) fn dashed(painter: &Painter, points: &[Pos2], stroke: Stroke, dash: f32, gap: f32) {
    dashes(painter, points, stroke, &[[0.0, dash]], dash + gap);
}

/// Dashes of two lengths.
pub(super) fn dash_dotted(painter: &Painter, points: &[Pos2], stroke: Stroke, [long, short]: [f32; 2], gap: f32) {
    let second = long + gap;
    dashes(painter, points, stroke, &[[0.0, long], [second, second + short]], second + short + gap);
}

/// Dashes from and to so many pixels in every `period`; only those that are shown: close up, a line that crosses the region
/// is tens of thousands of pixels long.
fn dashes(painter: &Painter, points: &[Pos2], stroke: Stroke, pattern: &[[f32; 2]], period: f32) {
    let window = painter.clip_rect().expand(stroke.width + 1.0);
    let soft = 1.0 / painter.ctx().pixels_per_point();
    let mut mesh = Mesh::default();
    let mut before = 0.0;
    for pair in points.windows(2) {
        let (from, way) = (pair[0], pair[1] - pair[0]);
        let length = way.length();
        if let Some([a, b]) = within(window, from, way)
            && length > 0.0
        {
            let (first, last) = (before + a * length, before + b * length);
            let mut start = (first / period).floor() * period;
            while start < last {
                for dash in pattern {
                    let ends = dash.map(|d| (start + d).clamp(first, last));
                    if ends[1] > ends[0] {
                        strip(&mut mesh, ends.map(|s| from + way * ((s - before) / length)), stroke, soft);
                    }
                }
                start += period;
            }
        }
        before += length;
    }
    if !mesh.indices.is_empty() {
        painter.add(Shape::mesh(mesh));
    }
}

/// A stretch of a line with soft sides, into a mesh: a frame may have ten thousand, too many for a shape each.
fn strip(mesh: &mut Mesh, [from, to]: [Pos2; 2], stroke: Stroke, soft: f32) {
    let along = (to - from).normalized();
    let side = vec2(along.y, -along.x);
    let (half, color) = (stroke.width / 2.0, stroke.color.gamma_multiply((stroke.width / soft).min(1.0)));
    let (inner, outer) = ((half - soft / 2.0).max(0.0), half.max(soft / 2.0) + soft / 2.0);
    let first = mesh.vertices.len() as u32;
    for at in [from, to] {
        mesh.colored_vertex(at - side * outer, Color32::TRANSPARENT);
        mesh.colored_vertex(at - side * inner, color);
        mesh.colored_vertex(at + side * inner, color);
        mesh.colored_vertex(at + side * outer, Color32::TRANSPARENT);
    }
    for lane in 0..3 {
        let i = first + lane;
        mesh.add_triangle(i, i + 1, i + 4);
        mesh.add_triangle(i + 1, i + 5, i + 4);
    }
}

/// A small disc with an edge a pixel wide: two discs, which cost a fortieth of a circle with a stroke.
pub(super) fn disc(painter: &Painter, at: Pos2, r: f32, color: Color32, edge: Color32) {
    painter.circle_filled(at, r + 0.5, edge);
    painter.circle_filled(at, r - 0.5, color);
}

/// The stretch of `from + t·way` within a window, as two values of t from 0 to 1.
fn within(window: Rect, from: Pos2, way: Vec2) -> Option<[f32; 2]> {
    let (mut a, mut b) = (0.0_f32, 1.0_f32);
    for (p, d, low, high) in [(from.x, way.x, window.min.x, window.max.x), (from.y, way.y, window.min.y, window.max.y)]
    {
        if d.abs() < 1e-6 {
            if p < low || p > high {
                return None;
            }
            continue;
        }
        let (s, t) = ((low - p) / d, (high - p) / d);
        (a, b) = (a.max(s.min(t)), b.min(s.max(t)));
    }
    (a < b).then_some([a, b])
}

/// A ✕.
pub(super) fn cross(painter: &Painter, at: Pos2, r: f32, stroke: Stroke) {
    painter.line_segment([at + vec2(-r, -r), at + vec2(r, r)], stroke);
    painter.line_segment([at + vec2(-r, r), at + vec2(r, -r)], stroke);
}

/// An open or filled triangle that points along a direction.
pub(super) fn head(painter: &Painter, at: Pos2, along: Vec2, size: f32, fill: Color32, stroke: Stroke) {
    let side = vec2(along.y, -along.x);
    let points = vec![
        at + along * size,
        at - along * size * 0.7 + side * size * 0.75,
        at - along * size * 0.7 - side * size * 0.75,
    ];
    painter.add(Shape::convex_polygon(points, fill, stroke));
}

/// A chevron that points along a direction.
pub(super) fn chevron(painter: &Painter, at: Pos2, along: Vec2, size: f32, stroke: Stroke) {
    let side = vec2(along.y, -along.x);
    let back = at - along * size;
    painter.line(vec![back + side * size * 0.8, at, back - side * size * 0.8], stroke);
}

/// Regular corners around a point, the first at the top.
pub(super) fn corners(at: Pos2, r: f32, count: usize) -> Vec<Pos2> {
    let turn = std::f32::consts::TAU / count as f32;
    (0..count).map(|i| at + Vec2::angled(i as f32 * turn - std::f32::consts::FRAC_PI_2) * r).collect()
}

/// A stretch of a circle; angles in turns, 0 at the top, clockwise.
pub(super) fn ring(painter: &Painter, at: Pos2, r: f32, from: f32, to: f32, stroke: Stroke) {
    let steps = ((to - from).abs() * 48.0).ceil().max(2.0) as usize;
    let angle =
        |i: usize| (from + (to - from) * i as f32 / steps as f32) * std::f32::consts::TAU - std::f32::consts::FRAC_PI_2;
    painter.line((0..=steps).map(|i| at + Vec2::angled(angle(i)) * r).collect(), stroke);
}

/// Lines at 45° across a polygon: rising to the right, or falling where `falling`.
pub(super) fn hatch(painter: &Painter, polygon: &[Pos2], gap: f32, falling: bool, stroke: Stroke) {
    let sign = if falling { -1.0 } else { 1.0 };
    // Along the lines runs u, across them v.
    let across = |p: Pos2| (p.y + sign * p.x) * std::f32::consts::FRAC_1_SQRT_2;
    let (low, high) = polygon.iter().fold((f32::MAX, f32::MIN), |(a, b), p| (a.min(across(*p)), b.max(across(*p))));
    if polygon.len() < 3 || gap < 1.0 || (high - low) / gap > 2_000.0 {
        return;
    }
    // Anchored to the polygon, so that the lines stay put while a map is dragged.
    let mut v = low + gap / 2.0;
    while v < high {
        let mut cuts: Vec<Pos2> = Vec::new();
        for (i, a) in polygon.iter().enumerate() {
            let b = polygon[(i + 1) % polygon.len()];
            let (da, db) = (across(*a) - v, across(b) - v);
            if (da < 0.0) != (db < 0.0) {
                cuts.push(a.lerp(b, da / (da - db)));
            }
        }
        cuts.sort_by(|a, b| a.x.total_cmp(&b.x));
        for pair in cuts.chunks_exact(2) {
            painter.line_segment([pair[0], pair[1]], stroke);
        }
        v += gap;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_is_to_the_left_and_an_arc_ends_at_its_target() {
        let line = [pos2(0.0, 0.0), pos2(50.0, 10.0), pos2(90.0, -20.0)];
        assert!(beside(&line, 5.0).iter().all(|p| is_left(&line, *p)));
        assert!(beside(&line, -5.0).iter().all(|p| !is_left(&line, *p)));
        let curve = arc(pos2(10.0, 20.0), pos2(200.0, 90.0), 0.3);
        assert!(curve[0].distance(pos2(10.0, 20.0)) < 1e-3);
        assert!(curve[curve.len() - 1].distance(pos2(200.0, 90.0)) < 1e-3);
        assert!(curve.iter().all(|p| !is_left(&[pos2(200.0, 90.0), pos2(10.0, 20.0)], *p)));
    }
    #[test]
    fn only_what_is_shown_of_a_line_is_dashed() {
        let window = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 50.0));
        let [a, b] = within(window, pos2(-100.0, 10.0), vec2(400.0, 0.0)).unwrap();
        assert!((a - 0.25).abs() < 1e-6 && (b - 0.5).abs() < 1e-6);
        assert_eq!(within(window, pos2(-100.0, 60.0), vec2(400.0, 0.0)), None);
        assert_eq!(within(window, pos2(-10.0, 10.0), vec2(-40.0, 5.0)), None);
        assert_eq!(within(window, pos2(10.0, 10.0), vec2(40.0, 5.0)), Some([0.0, 1.0]));
    }
}
