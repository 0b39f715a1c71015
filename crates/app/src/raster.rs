//! A sheet of pixels on which what egui draws is drawn without a graphics card: for the picture in a report, which is the same
//! in a window and a page and at any scale of the display, and for tests.

use bevy_egui::egui::epaint::{ImageData, Mesh, Primitive, Vertex};
use bevy_egui::egui::{ClippedPrimitive, Color32, Pos2, Rect, TextureId, TexturesDelta};
use std::io;
use std::sync::{Arc, Mutex};

/// A sheet of pixels on which triangles are drawn one over the other, as a card does: textures between four texels, colours
/// with alpha already in them.
#[derive(Default)]
pub struct Canvas {
    textures: Vec<(TextureId, [usize; 2], Vec<Color32>)>,
    size: [usize; 2],
    /// Red, green, blue and alpha, 0 to 1, row by row.
    pub pixels: Vec<[f32; 4]>,
}

impl Canvas {
    /// Takes what has changed of the textures.
    pub fn take(&mut self, mut delta: TexturesDelta) {
        // One texture after the other, in the order of their names.
        let mut set: Vec<_> = std::mem::take(&mut delta.set).into_iter().collect();
        set.sort_by_key(|(id, _)| *id);
        for (id, changes) in set {
            for change in changes {
                let ImageData::Color(image) = change.image;
                let Some([left, top]) = change.pos else {
                    self.textures.retain(|known| known.0 != id);
                    self.textures.push((id, image.size, image.pixels.clone()));
                    continue;
                };
                let Some((_, size, texels)) = self.textures.iter_mut().find(|known| known.0 == id) else { continue };
                for (y, row) in image.pixels.chunks_exact(image.size[0]).enumerate() {
                    let at = (top + y) * size[0] + left;
                    texels[at..at + row.len()].copy_from_slice(row);
                }
            }
        }
    }

    /// Draws on a new sheet of this size, from black. Shapes are measured in pixels.
    pub fn paint(&mut self, size: [usize; 2], primitives: &[ClippedPrimitive], pixels_per_point: f32) {
        self.begin(size);
        let mut place = Place::default();
        while self.paint_on(primitives, pixels_per_point, &mut place) {}
    }

    /// A new sheet of this size, black.
    pub fn begin(&mut self, size: [usize; 2]) {
        (self.size, self.pixels) = (size, vec![[0.0, 0.0, 0.0, 1.0]; size[0] * size[1]]);
    }

    /// Draws on from a place, a handful of triangles, and moves the place behind them. Returns whether there were any.
    pub fn paint_on(&mut self, primitives: &[ClippedPrimitive], pixels_per_point: f32, place: &mut Place) -> bool {
        let Some(primitive) = primitives.get(place.primitive) else { return false };
        let from = place.index;
        let all = match &primitive.primitive {
            Primitive::Mesh(mesh) => {
                let to = (from + 3 * TRIANGLES).min(mesh.indices.len());
                let clip = primitive.clip_rect * pixels_per_point;
                self.mesh(mesh, &mesh.indices[from..to], clip, pixels_per_point);
                place.index = to;
                to == mesh.indices.len()
            }
            Primitive::Callback(_) => true,
        };
        if all {
            *place = Place { primitive: place.primitive + 1, index: 0 };
        }
        true
    }

    fn mesh(&mut self, mesh: &Mesh, indices: &[u32], clip: Rect, pixels_per_point: f32) {
        let Some(texture) = self.textures.iter().position(|known| known.0 == mesh.texture_id) else { return };
        for t in indices.chunks_exact(3) {
            let corners = [t[0], t[1], t[2]].map(|i| {
                let vertex = mesh.vertices[i as usize];
                Vertex { pos: (vertex.pos.to_vec2() * pixels_per_point).to_pos2(), ..vertex }
            });
            self.triangle(texture, corners, clip);
        }
    }

    fn texel(&self, texture: usize, u: f32, v: f32) -> [f32; 4] {
        let (_, size, texels) = &self.textures[texture];
        let (x, y) = (u * size[0] as f32 - 0.5, v * size[1] as f32 - 0.5);
        let (fx, fy) = (x - x.floor(), y - y.floor());
        let at = |dx: f32, dy: f32| {
            let clamp = |v: f32, most: usize| (v.max(0.0) as usize).min(most - 1);
            let texel = texels[clamp(y.floor() + dy, size[1]) * size[0] + clamp(x.floor() + dx, size[0])];
            texel.to_array().map(f32::from)
        };
        let mut sum = [0.0; 4];
        for (dx, dy, weight) in [
            (0.0, 0.0, (1.0 - fx) * (1.0 - fy)),
            (1.0, 0.0, fx * (1.0 - fy)),
            (0.0, 1.0, (1.0 - fx) * fy),
            (1.0, 1.0, fx * fy),
        ] {
            sum.iter_mut().zip(at(dx, dy)).for_each(|(s, c)| *s += c * weight / 255.0);
        }
        sum
    }

    fn triangle(&mut self, texture: usize, [a, b, c]: [Vertex; 3], clip: Rect) {
        let edge = |p: Pos2, q: Pos2, x: f32, y: f32| (q.x - p.x) * (y - p.y) - (q.y - p.y) * (x - p.x);
        let area = edge(a.pos, b.pos, c.pos.x, c.pos.y);
        if area == 0.0 {
            return;
        }
        let part = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(clip);
        let from = |v: f32, most: usize| ((v - 0.5).ceil().max(0.0) as usize).min(most);
        let (x0, x1) = (from(part.min.x, self.size[0]), from(part.max.x, self.size[0]));
        let (y0, y1) = (from(part.min.y, self.size[1]), from(part.max.y, self.size[1]));
        // A pixel on an edge belongs to one of the two triangles there.
        let owns = |p: Pos2, q: Pos2| {
            let d = (q - p) * area.signum();
            d.y < 0.0 || (d.y == 0.0 && d.x > 0.0)
        };
        let sides = [(b.pos, c.pos), (c.pos, a.pos), (a.pos, b.pos)];
        let closed = sides.map(|(p, q)| owns(p, q));
        // Plain colour is most of a map: its one texel is read once.
        let plain = (a.uv == b.uv && b.uv == c.uv).then(|| self.texel(texture, a.uv.x, a.uv.y));
        let colors = [a.color, b.color, c.color].map(|c| c.to_array().map(|v| f32::from(v) / 255.0));
        for y in y0..y1 {
            for x in x0..x1 {
                let weights = sides.map(|(p, q)| edge(p, q, x as f32 + 0.5, y as f32 + 0.5) / area);
                if !weights.iter().zip(closed).all(|(w, closed)| *w > 0.0 || (*w == 0.0 && closed)) {
                    continue;
                }
                let mixed = |of: [f32; 3]| of.iter().zip(weights).map(|(v, w)| v * w).sum::<f32>();
                let texel = plain.unwrap_or_else(|| {
                    self.texel(texture, mixed([a.uv.x, b.uv.x, c.uv.x]), mixed([a.uv.y, b.uv.y, c.uv.y]))
                });
                let source: [f32; 4] = [0, 1, 2, 3].map(|k| mixed(colors.map(|c| c[k])) * texel[k]);
                let under = &mut self.pixels[y * self.size[0] + x];
                under.iter_mut().zip(source).for_each(|(d, s)| *d = s + *d * (1.0 - source[3]));
            }
        }
    }
}

/// Triangles that are drawn at once.
const TRIANGLES: usize = 512;

/// How far a list of shapes is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    primitive: usize,
    index: usize,
}

impl Place {
    /// The part of a list that lies before it, 0 to 1.
    #[must_use]
    pub fn share(&self, primitives: &[ClippedPrimitive]) -> f64 {
        let indices = |primitive: &ClippedPrimitive| match &primitive.primitive {
            Primitive::Mesh(mesh) => mesh.indices.len(),
            Primitive::Callback(_) => 0,
        };
        let all: usize = primitives.iter().map(indices).sum();
        let before: usize = primitives.iter().take(self.primitive).map(indices).sum();
        if all == 0 { 0.0 } else { (before + self.index) as f64 / all as f64 }
    }
}

/// A file in memory that grows while something else writes it.
#[derive(Clone, Default)]
struct Grown(Arc<Mutex<Vec<u8>>>);

impl io::Write for Grown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut file = self.0.lock().map_err(|_| io::Error::other("its writer ended early"))?;
        file.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A sheet that is written as a PNG file, three bytes a pixel, some rows at a time.
pub enum Encoding {
    /// Under way.
    Open(Box<Open>),
    /// The file.
    Done(Vec<u8>),
}

/// A file under way, with the next row to write.
pub struct Open {
    writer: png::StreamWriter<'static, Grown>,
    file: Grown,
    row: usize,
}

impl Encoding {
    /// Begins with a sheet.
    ///
    /// # Errors
    /// If it has no size.
    pub fn begin(canvas: &Canvas) -> Result<Self, png::EncodingError> {
        let file = Grown::default();
        let mut encoder = png::Encoder::new(file.clone(), canvas.size[0] as u32, canvas.size[1] as u32);
        encoder.set_color(png::ColorType::Rgb);
        let writer = encoder.write_header()?.into_stream_writer()?;
        Ok(Self::Open(Box::new(Open { writer, file, row: 0 })))
    }

    /// The part that is written, 0 to 1.
    #[must_use]
    pub fn share(&self, canvas: &Canvas) -> f64 {
        match self {
            Self::Open(open) => open.row as f64 / canvas.size[1].max(1) as f64,
            Self::Done(_) => 1.0,
        }
    }

    /// Writes so many rows more.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn rows(self, canvas: &Canvas, rows: usize) -> Result<Self, png::EncodingError> {
        let Self::Open(mut open) = self else { return Ok(self) };
        let [wide, high] = canvas.size;
        let to = (open.row + rows).min(high);
        let byte = |v: &f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
        let pixels = &canvas.pixels[open.row * wide..to * wide];
        let bytes: Vec<u8> = pixels.iter().flat_map(|pixel| pixel[..3].iter().map(byte)).collect();
        io::Write::write_all(&mut open.writer, &bytes)?;
        open.row = to;
        if to < high {
            return Ok(Self::Open(open));
        }
        let Open { writer, file, .. } = *open;
        writer.finish()?;
        let mut file = file.0.lock().map_err(|_| io::Error::other("its writer ended early"))?;
        Ok(Self::Done(std::mem::take(&mut *file)))
    }
}
