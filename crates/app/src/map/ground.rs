//! Sea, land and lines as one mesh, built when the view changes and copied in every other frame.

use super::atlas::{Kind, atlas, bounds, meet};
use super::project::{Lens, Plane};
use crate::look::Look;
use bevy_egui::egui::epaint::{TessellationOptions, Tessellator, Vertex, WHITE_UV};
use bevy_egui::egui::{Color32, Mesh, Painter, Pos2, Shape, Stroke};
use std::sync::Arc;

/// What the mesh was built for.
#[derive(Clone, Copy, PartialEq)]
struct For {
    lens: Lens,
    dark: bool,
    pixels: f32,
}

/// The ground of one pane.
#[derive(Default)]
pub(super) struct Ground {
    built: Option<(For, Arc<Mesh>)>,
}

impl Ground {
    /// Paints it.
    pub fn paint(&mut self, painter: &Painter, lens: Lens, look: &Look) {
        let wanted = For { lens, dark: look.dark, pixels: painter.ctx().pixels_per_point() };
        if self.built.as_ref().is_none_or(|(built, _)| *built != wanted) {
            self.built = Some((wanted, Arc::new(mesh(&lens, look, wanted.pixels))));
        }
        painter.rect_filled(lens.rect, 0.0, look.sea);
        if let Some((_, mesh)) = &self.built {
            painter.add(Shape::mesh(Arc::clone(mesh)));
        }
    }
}

/// The mesh of what a lens shows.
fn mesh(lens: &Lens, look: &Look, pixels: f32) -> Mesh {
    let level = atlas().level(lens.view.scale);
    let window = lens.window();
    let mut out = Mesh::default();
    let vertex = |p: &Plane, color: Color32| Vertex { pos: lens.at(*p), uv: WHITE_UV, color };
    for land in level.land.iter().filter(|land| meet(&land.bounds, &window)) {
        let base = out.vertices.len() as u32;
        let color = if land.party { look.party_land } else { look.land };
        out.vertices.extend(land.points.iter().map(|p| vertex(p, color)));
        for t in land.triangles.chunks_exact(3) {
            if meet(&bounds(&[t[0], t[1], t[2]].map(|i| land.points[i as usize])), &window) {
                out.indices.extend(t.iter().map(|i| base + i));
            }
        }
    }
    let mut pen = Pen { tessellator: Tessellator::new(pixels, TessellationOptions::default(), [1, 1], vec![]), out };
    let shown = |points: &[Plane]| meet(&bounds(points), &window);
    for name in ["galilee", "dead_sea"] {
        let line = atlas().line(name);
        if lens.view.scale > 60.0 && shown(line) {
            let points: Vec<Pos2> = line.iter().map(|p| lens.at(*p)).collect();
            pen.fill(&points, look.sea);
            pen.add(Shape::closed_line(points, Stroke::new(0.8, look.coast)));
        }
    }
    let faint = lens.view.scale > 20.0;
    for kind in [Kind::Faint, Kind::Province, Kind::Border, Kind::Coast, Kind::Outline, Kind::Blue, Kind::Disputed] {
        for arc in level.arcs.iter().filter(|arc| arc.kind == kind && meet(&arc.bounds, &window)) {
            // Lines far off the window are cut, so that a close view does not dash a whole border.
            for piece in pieces(&arc.points, &window) {
                let points: Vec<Pos2> = piece.iter().map(|p| lens.at(*p)).collect();
                match kind {
                    Kind::Coast => pen.line(points, 1.0, look.coast),
                    Kind::Border => pen.line(points, 1.0, look.border),
                    Kind::Province if faint => pen.line(points, 0.8, look.province),
                    Kind::Faint if faint => pen.line(points, 0.6, look.province.gamma_multiply(0.6)),
                    Kind::Outline => pen.dashed(&points, 1.0, look.ink3, 4.0, 3.0),
                    Kind::Blue => pen.line(points, 1.0, look.border),
                    Kind::Disputed => pen.dashed(&points, 1.0, look.ink3, 3.0, 2.5),
                    _ => {}
                }
            }
        }
    }
    let mut river = look.coast;
    if lens.view.scale > 120.0 {
        if look.dark {
            river = crate::look::mix(look.coast, look.united_states, 0.25);
        }
        let litani = atlas().line("litani");
        if shown(litani) {
            pen.line(litani.iter().map(|p| lens.at(*p)).collect(), 1.2, river);
        }
        let golan = atlas().line("golan_west");
        if shown(golan) {
            let points: Vec<Pos2> = golan.iter().map(|p| lens.at(*p)).collect();
            pen.dashed(&points, 1.0, look.ink3, 3.0, 2.5);
        }
        for name in ["shebaa", "kfarchouba", "ghajar"] {
            let mut points: Vec<Pos2> = atlas().line(name).iter().map(|p| lens.at(*p)).collect();
            points.extend(points.first().copied());
            pen.dashed(&points, 1.0, look.ink3, 3.0, 2.5);
        }
    }
    pen.out
}

/// Stretches of a line that come near a window.
fn pieces(points: &[Plane], window: &[f64; 4]) -> Vec<Vec<Plane>> {
    let margin = (window[2] - window[0]) * 0.1;
    let wide = [window[0] - margin, window[1] - margin, window[2] + margin, window[3] + margin];
    let mut all: Vec<Vec<Plane>> = Vec::new();
    let mut open = false;
    for pair in points.windows(2) {
        if meet(&bounds(pair), &wide) {
            match all.last_mut() {
                Some(piece) if open => piece.push(pair[1]),
                _ => all.push(pair.to_vec()),
            }
            open = true;
        } else {
            open = false;
        }
    }
    all
}

/// Lines with soft edges, into a mesh.
struct Pen {
    tessellator: Tessellator,
    out: Mesh,
}

impl Pen {
    fn add(&mut self, shape: Shape) {
        self.tessellator.tessellate_shape(shape, &mut self.out);
    }

    fn line(&mut self, points: Vec<Pos2>, width: f32, color: Color32) {
        self.add(Shape::line(points, Stroke::new(width, color)));
    }

    fn dashed(&mut self, points: &[Pos2], width: f32, color: Color32, dash: f32, gap: f32) {
        for shape in Shape::dashed_line(points, Stroke::new(width, color), dash, gap) {
            self.add(shape);
        }
    }

    fn fill(&mut self, points: &[Pos2], color: Color32) {
        let base = self.out.vertices.len() as u32;
        let mut triangles: Vec<u32> = Vec::new();
        earcut::Earcut::new().earcut(points.iter().map(|p| [p.x, p.y]), &[], &mut triangles);
        self.out.vertices.extend(points.iter().map(|p| Vertex { pos: *p, uv: WHITE_UV, color }));
        self.out.indices.extend(triangles.iter().map(|i| base + i));
    }
}
