//! A sheet of pixels on which what egui draws is drawn without a graphics card: for the picture in a report, which is the same
//! in a window and a page and at any scale of the display, and for tests.

use bevy_egui::egui::epaint::{ImageData, Mesh, Primitive, Vertex};
use bevy_egui::egui::{ClippedPrimitive, Color32, Pos2, Rect, TextureId, TexturesDelta};

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
        (self.size, self.pixels) = (size, vec![[0.0, 0.0, 0.0, 1.0]; size[0] * size[1]]);
        for primitive in primitives {
            if let Primitive::Mesh(mesh) = &primitive.primitive {
                let clip = primitive.clip_rect * pixels_per_point;
                self.mesh(mesh, clip, pixels_per_point);
            }
        }
    }

    fn mesh(&mut self, mesh: &Mesh, clip: Rect, pixels_per_point: f32) {
        let Some(texture) = self.textures.iter().position(|known| known.0 == mesh.texture_id) else { return };
        for t in mesh.indices.chunks_exact(3) {
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

    /// The sheet as a PNG file, three bytes a pixel.
    ///
    /// # Errors
    /// If it has no size.
    pub fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let byte = |v: &f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
        let bytes: Vec<u8> = self.pixels.iter().flat_map(|pixel| pixel[..3].iter().map(byte)).collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.size[0] as u32, self.size[1] as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(&bytes)?;
        Ok(file)
    }
}
