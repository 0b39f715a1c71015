//! The ground as data: shared arcs and the countries made of them, in three degrees of detail, triangulated once.

use super::project::{Plane, mercator};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a line of the ground is; the order of `assets/map/build.py`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Coast.
    Coast,
    /// State border.
    Border,
    /// Natural Earth's line between Israel and Syria: disputed.
    Disputed,
    /// The Blue Line.
    Blue,
    /// Outlines of the West Bank and Gaza.
    Outline,
    /// Edge of the data, not drawn.
    Frame,
    /// Province of a country in which the map shows provinces.
    Province,
    /// Other inner lines.
    Faint,
}

const KINDS: [Kind; 8] =
    [Kind::Coast, Kind::Border, Kind::Disputed, Kind::Blue, Kind::Outline, Kind::Frame, Kind::Province, Kind::Faint];

/// Countries drawn one step lighter: where the fronts are.
const PARTY_LAND: [&str; 8] = ["ISR", "GAZ", "WBK", "LBN", "SYR", "IRQ", "IRN", "YEM"];
/// Lines that are edges of areas.
const AREAS: [&str; 3] = ["unifil_w", "unifil_e", "held_strip"];
/// Degrees by which each degree of detail may miss the line.
const TOLERANCE: [f64; 3] = [0.018, 0.004, 0.0];

/// A box on the plane: left, top, right, bottom.
pub(super) type Bounds = [f64; 4];

/// A line.
pub(super) struct Arc {
    /// What it is.
    pub kind: Kind,
    /// Its points.
    pub points: Vec<Plane>,
    /// Its box.
    pub bounds: Bounds,
}

/// A patch of land, triangulated.
pub(super) struct Land {
    /// Country, by id.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests ask for countries by id"))]
    pub country: &'static str,
    /// Whether it is lighter.
    pub party: bool,
    /// Corners.
    pub points: Vec<Plane>,
    /// Triangles.
    pub triangles: Vec<u32>,
    /// Its box.
    pub bounds: Bounds,
}

/// One degree of detail.
pub(super) struct Level {
    /// Lines.
    pub arcs: Vec<Arc>,
    /// Land.
    pub land: Vec<Land>,
}

/// Everything about the ground.
pub(super) struct Atlas {
    /// From coarse to exact.
    pub levels: [Level; 3],
    lines: BTreeMap<&'static str, Vec<Plane>>,
    areas: BTreeMap<&'static str, Vec<u32>>,
}

impl Atlas {
    /// A line by its name in `lines.tsv`; nothing for an unknown one.
    pub fn line(&self, name: &str) -> &[Plane] {
        self.lines.get(name).map_or(&[], Vec::as_slice)
    }

    /// Triangles of a line that is the edge of an area; none for others.
    pub fn area(&self, name: &str) -> &[u32] {
        self.areas.get(name).map_or(&[], Vec::as_slice)
    }

    /// Detail fit for so many pixels a degree.
    pub fn level(&self, scale: f64) -> &Level {
        &self.levels[if scale < 34.0 {
            0
        } else if scale < 150.0 {
            1
        } else {
            2
        }]
    }
}

/// The atlas carried in the program.
pub(super) fn atlas() -> &'static Atlas {
    static ATLAS: OnceLock<Atlas> = OnceLock::new();
    ATLAS.get_or_init(|| {
        read(include_bytes!("../../../../assets/map/ground.bin"), include_str!("../../../../assets/map/lines.tsv"))
    })
}

/// Reads the numbers of `ground.bin`. The file is part of the program, so a fault in it is one of the program.
struct Reader {
    bytes: &'static [u8],
    at: usize,
}

impl Reader {
    fn number(&mut self) -> usize {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.bytes[self.at];
            self.at += 1;
            value |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return value;
            }
            shift += 7;
        }
    }

    fn signed(&mut self) -> i32 {
        let n = self.number();
        if n & 1 == 0 { (n >> 1) as i32 } else { -((n >> 1) as i32) - 1 }
    }

    fn text(&mut self) -> &'static str {
        let length = self.number();
        let text = &self.bytes[self.at..self.at + length];
        self.at += length;
        std::str::from_utf8(text).unwrap_or_default()
    }
}

fn read(bytes: &'static [u8], lines: &'static str) -> Atlas {
    let mut from = Reader { bytes, at: 0 };
    let mut arcs: Vec<(Kind, Vec<[f64; 2]>)> = Vec::new();
    for _ in 0..from.number() {
        let kind = KINDS[from.number()];
        let mut at = [0, 0];
        let points = (0..from.number())
            .map(|_| {
                at = [at[0] + from.signed(), at[1] + from.signed()];
                at.map(|v| f64::from(v) / 1000.0)
            })
            .collect();
        arcs.push((kind, points));
    }
    let mut countries: Vec<(&'static str, Vec<Vec<usize>>)> = Vec::new();
    for _ in 0..from.number() {
        let id = from.text();
        for _ in 0..from.number() {
            let rings = (0..from.number()).map(|_| (0..from.number()).map(|_| from.number()).collect()).collect();
            countries.push((id, rings));
        }
    }
    let lines = lines.lines().filter_map(|row| row.split_once('\t')).map(|(name, numbers)| {
        let values: Vec<f64> = numbers.split(' ').filter_map(|n| n.parse().ok()).collect();
        (name, values.chunks_exact(2).map(|p| mercator(p[0], p[1])).collect())
    });
    let lines: BTreeMap<_, Vec<Plane>> = lines.collect();
    let areas = AREAS.into_iter().filter_map(|name| Some((name, triangles(lines.get(name)?)))).collect();
    let levels = TOLERANCE.map(|tolerance| level(&arcs, &countries, tolerance));
    Atlas { levels, lines, areas }
}

fn triangles(edge: &[Plane]) -> Vec<u32> {
    let mut triangles = Vec::new();
    earcut::Earcut::new().earcut(edge.iter().copied(), &[], &mut triangles);
    triangles
}

fn level(arcs: &[(Kind, Vec<[f64; 2]>)], countries: &[(&'static str, Vec<Vec<usize>>)], tolerance: f64) -> Level {
    let arcs: Vec<Arc> = arcs
        .iter()
        .map(|(kind, points)| {
            let points: Vec<Plane> = simplified(points, tolerance).iter().map(|p| mercator(p[0], p[1])).collect();
            Arc { kind: *kind, bounds: bounds(&points), points }
        })
        .collect();
    let mut earcut = earcut::Earcut::new();
    let mut land = Vec::new();
    for (country, rings) in countries {
        let (mut points, mut holes) = (Vec::new(), Vec::new());
        for ring in rings {
            let start = points.len();
            for &reference in ring {
                let arc = &arcs[reference / 2].points;
                let ends = arc.len() - 1;
                if reference % 2 == 0 {
                    points.extend_from_slice(&arc[..ends]);
                } else {
                    points.extend(arc[1..].iter().rev());
                }
            }
            if points.len() < start + 3 {
                points.truncate(start);
            } else if start > 0 {
                holes.push(start as u32);
            }
        }
        if points.len() < 3 {
            continue;
        }
        let mut triangles: Vec<u32> = Vec::new();
        earcut.earcut(points.iter().copied(), &holes, &mut triangles);
        land.push(Land { country, party: PARTY_LAND.contains(country), bounds: bounds(&points), points, triangles });
    }
    Level { arcs, land }
}

/// The box around points.
pub(super) fn bounds(points: &[Plane]) -> Bounds {
    points.iter().fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |b, p| {
        [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])]
    })
}

/// Whether two boxes meet.
pub(super) fn meet(a: &Bounds, b: &Bounds) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

/// Douglas and Peucker's simplification; a closed line keeps the point farthest from its start.
fn simplified(points: &[[f64; 2]], tolerance: f64) -> Vec<[f64; 2]> {
    if tolerance <= 0.0 || points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    let last = points.len() - 1;
    (keep[0], keep[last]) = (true, true);
    let mut spans = vec![(0, last)];
    while let Some((from, to)) = spans.pop() {
        let (a, b) = (points[from], points[to]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let span = libm::hypot(dx, dy);
        let away = |p: [f64; 2]| {
            let (x, y) = (p[0] - a[0], p[1] - a[1]);
            if span > 0.0 { (dx * y - dy * x).abs() / span } else { libm::hypot(x, y) }
        };
        let worst = (from + 1..to).map(|i| (i, away(points[i]))).max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, distance)) = worst
            && distance > tolerance
        {
            keep[i] = true;
            spans.extend([(from, i), (i, to)]);
        }
    }
    points.iter().zip(keep).filter(|(_, kept)| *kept).map(|(p, _)| *p).collect()
}

#[cfg(test)]
mod tests {
    use super::super::project::geographic;
    use super::*;

    /// Area of a country, thousand km².
    fn area(level: &Level, id: &str) -> f64 {
        let mut sum = 0.0;
        for land in level.land.iter().filter(|l| l.country == id) {
            for t in land.triangles.chunks_exact(3) {
                let [a, b, c] = [t[0], t[1], t[2]].map(|i| land.points[i as usize]);
                let flat = ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs() / 2.0;
                let (_, lat) = geographic([0.0, (a[1] + b[1] + c[1]) / 3.0]);
                let cos = libm::cos(lat.to_radians());
                sum += flat * cos * cos * 111.32 * 111.32;
            }
        }
        sum / 1000.0
    }

    #[test]
    fn countries_have_about_their_size() {
        // Whole on the map; thousand km², from general knowledge. Israel's outline holds the Golan.
        let known = [
            ("LBN", 10.4),
            ("ISR", 22.0),
            ("SYR", 185.0),
            ("IRQ", 438.0),
            ("IRN", 1648.0),
            ("YEM", 455.0),
            ("QAT", 11.5),
        ];
        for level in &atlas().levels {
            for (id, size) in known {
                let found = area(level, id);
                assert!((found / size - 1.0).abs() < 0.08, "{id}: {found} against {size}");
            }
        }
    }

    #[test]
    fn coarse_ground_is_small_and_disputed_lines_are_there() {
        let atlas = atlas();
        let points = |level: &Level| level.arcs.iter().map(|a| a.points.len()).sum::<usize>();
        assert!(points(&atlas.levels[0]) < 8_000, "{}", points(&atlas.levels[0]));
        for level in &atlas.levels {
            for kind in [Kind::Disputed, Kind::Blue, Kind::Outline] {
                assert!(level.arcs.iter().any(|a| a.kind == kind), "{kind:?}");
            }
        }
        for name in ["golan_west", "shebaa", "kfarchouba", "ghajar", "litani", "unifil_w", "unifil_e", "shipping"] {
            assert!(atlas.line(name).len() > 3, "{name}");
        }
    }
}
