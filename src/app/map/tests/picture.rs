//! The map as a picture, drawn without a card or a display and held against pictures that are kept in `tests/pictures`.
//!
//! A picture is a quarter of the size, so that what a rounding moves by a hair does not show; what is left out does. After a
//! change that is meant: `RENEW_PICTURES=1 cargo test --lib map::tests::picture`, and look at what changed.

use super::*;
use crate::app::look::{LIGHT, Look};
use bevy_egui::egui::epaint::{ImageData, Mesh, Primitive};
use bevy_egui::egui::{Color32, Shape, TextureId, TexturesDelta};
use std::path::PathBuf;

/// Pixels of the map for one of a picture, each way.
const COARSE: usize = 4;
/// Difference of a channel from which a pixel counts as another one, of 255.
const APART: u8 = 24;
/// Most of the pixels that may be others.
const OTHERS: f64 = 0.0015;
/// Most by which channels may differ on average, of 255.
const MEAN: f64 = 0.5;

/// A picture: width, height, three bytes a pixel.
#[derive(Clone, Debug, PartialEq)]
struct Picture {
    size: [usize; 2],
    bytes: Vec<u8>,
}

impl Picture {
    /// Share of pixels that differ, and mean difference of channels.
    fn against(&self, other: &Self) -> (f64, f64) {
        assert_eq!(self.size, other.size);
        let apart = |a: &[u8], b: &[u8]| a.iter().zip(b).any(|(x, y)| x.abs_diff(*y) > APART);
        let others = self.bytes.chunks_exact(3).zip(other.bytes.chunks_exact(3)).filter(|(a, b)| apart(a, b)).count();
        let sum: f64 = self.bytes.iter().zip(&other.bytes).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        (others as f64 / (self.size[0] * self.size[1]) as f64, sum / self.bytes.len() as f64)
    }

    fn is_like(&self, other: &Self) -> bool {
        let (others, mean) = self.against(other);
        others <= OTHERS && mean <= MEAN
    }

    fn write(&self, path: &PathBuf) {
        let file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
        let mut encoder = png::Encoder::new(file, self.size[0] as u32, self.size[1] as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().unwrap().write_image_data(&self.bytes).unwrap();
    }

    fn read(path: &PathBuf) -> Self {
        let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        Self { size: [info.width as usize, info.height as usize], bytes }
    }
}

/// A sheet of pixels on which triangles are drawn one over the other, as a card does: textures between four texels, colours
/// with alpha already in them.
#[derive(Default)]
struct Canvas {
    textures: Vec<(TextureId, [usize; 2], Vec<Color32>)>,
    size: [usize; 2],
    pixels: Vec<[f32; 4]>,
}

impl Canvas {
    fn take(&mut self, mut delta: TexturesDelta) {
        let set: Vec<_> = std::mem::take(&mut delta.set).into_iter().collect();
        for (id, changes) in set {
            for change in changes {
                let ImageData::Color(image) = change.image;
                let Some([left, top]) = change.pos else {
                    self.textures.retain(|known| known.0 != id);
                    self.textures.push((id, image.size, image.pixels.clone()));
                    continue;
                };
                let (_, size, texels) = self.textures.iter_mut().find(|known| known.0 == id).unwrap();
                for (y, row) in image.pixels.chunks_exact(image.size[0]).enumerate() {
                    let at = (top + y) * size[0] + left;
                    texels[at..at + row.len()].copy_from_slice(row);
                }
            }
        }
    }

    fn texel(&self, id: TextureId, u: f32, v: f32) -> [f32; 4] {
        let (_, size, texels) = self.textures.iter().find(|known| known.0 == id).unwrap();
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

    fn triangle(&mut self, mesh: &Mesh, corners: [u32; 3], clip: Rect) {
        let [a, b, c] = corners.map(|i| mesh.vertices[i as usize]);
        let edge = |p: egui::Pos2, q: egui::Pos2, x: f32, y: f32| (q.x - p.x) * (y - p.y) - (q.y - p.y) * (x - p.x);
        let area = edge(a.pos, b.pos, c.pos.x, c.pos.y);
        if area == 0.0 {
            return;
        }
        let part = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(clip);
        let from = |v: f32, most: usize| ((v - 0.5).ceil().max(0.0) as usize).min(most);
        let (x0, x1) = (from(part.min.x, self.size[0]), from(part.max.x, self.size[0]));
        let (y0, y1) = (from(part.min.y, self.size[1]), from(part.max.y, self.size[1]));
        // A pixel on an edge belongs to one of the two triangles there.
        let owns = |p: egui::Pos2, q: egui::Pos2| {
            let d = (q - p) * area.signum();
            d.y < 0.0 || (d.y == 0.0 && d.x > 0.0)
        };
        let sides = [(b.pos, c.pos), (c.pos, a.pos), (a.pos, b.pos)];
        let closed = sides.map(|(p, q)| owns(p, q));
        for y in y0..y1 {
            for x in x0..x1 {
                let weights = sides.map(|(p, q)| edge(p, q, x as f32 + 0.5, y as f32 + 0.5) / area);
                if !weights.iter().zip(closed).all(|(w, closed)| *w > 0.0 || (*w == 0.0 && closed)) {
                    continue;
                }
                let mixed = |of: [f32; 3]| of.iter().zip(weights).map(|(v, w)| v * w).sum::<f32>();
                let (u, v) = (mixed([a.uv.x, b.uv.x, c.uv.x]), mixed([a.uv.y, b.uv.y, c.uv.y]));
                let texel = self.texel(mesh.texture_id, u, v);
                let colors = [a.color, b.color, c.color].map(|c| c.to_array().map(|v| f32::from(v) / 255.0));
                let source: [f32; 4] = [0, 1, 2, 3].map(|k| mixed(colors.map(|c| c[k])) * texel[k]);
                let under = &mut self.pixels[y * self.size[0] + x];
                under.iter_mut().zip(source).for_each(|(d, s)| *d = s + *d * (1.0 - source[3]));
            }
        }
    }

    fn paint(&mut self, size: [usize; 2], primitives: &[egui::ClippedPrimitive]) -> Picture {
        (self.size, self.pixels) = (size, vec![[0.0, 0.0, 0.0, 1.0]; size[0] * size[1]]);
        for primitive in primitives {
            if let Primitive::Mesh(mesh) = &primitive.primitive {
                for t in mesh.indices.chunks_exact(3) {
                    self.triangle(mesh, [t[0], t[1], t[2]], primitive.clip_rect);
                }
            }
        }
        let coarse = size.map(|n| n / COARSE);
        let mut bytes = Vec::with_capacity(coarse[0] * coarse[1] * 3);
        for y in 0..coarse[1] {
            for x in 0..coarse[0] {
                let block = (0..COARSE * COARSE)
                    .map(|k| self.pixels[(y * COARSE + k / COARSE) * size[0] + x * COARSE + k % COARSE]);
                let sum = block.fold([0.0; 4], |sum, p| [0, 1, 2, 3].map(|k| sum[k] + p[k]));
                bytes.extend(sum[..3].iter().map(|v| (v * 255.0 / (COARSE * COARSE) as f32).round() as u8));
            }
        }
        Picture { size: coarse, bytes }
    }
}

/// What is drawn: name, seed, day, size, look.
const DRAWN: [(&str, u64, i32, [f32; 2], Look); 2] =
    [("map-dark", 7, 96, [732.0, 656.0], DARK), ("map-light", 2417, 300, [572.0, 476.0], LIGHT)];

/// Draws the map with something left out.
fn draw(k: usize, change: impl Fn(&mut MapView), keep: impl Fn(&Shape) -> bool) -> Picture {
    let (_, seed, day, size, look) = DRAWN[k];
    let mut stand = Stand::new(seed, day);
    stand.look = look;
    look.apply(&stand.ctx, false);
    let mut view = MapView::default();
    change(&mut view);
    let mut canvas = Canvas::default();
    let mut shapes = Vec::new();
    for frame in 0..3 {
        let (mut drawn, _) = stand.whole_frame(&mut view, size, f64::from(frame));
        canvas.take(std::mem::take(&mut drawn.textures_delta));
        shapes = drawn.shapes;
    }
    shapes.retain(|clipped| keep(&clipped.shape));
    let primitives = stand.ctx.tessellate(shapes, 1.0);
    canvas.paint(size.map(|v| v as usize), &primitives)
}

fn kept(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(format!("{name}.png"))
}

#[test]
fn the_map_looks_as_it_did() {
    for (k, (name, ..)) in DRAWN.iter().enumerate() {
        let picture = draw(k, |_| (), |_| true);
        if std::env::var_os("RENEW_PICTURES").is_some() {
            picture.write(&kept(name));
            continue;
        }
        let (others, mean) = picture.against(&Picture::read(&kept(name)));
        if others > OTHERS || mean > MEAN {
            let now = std::env::temp_dir().join(format!("{name}-now.png"));
            picture.write(&now);
            panic!(
                "{name}: {:.2} % of pixels are others, {mean:.2} of 255 on average; {} shows what is drawn now",
                others * 100.0,
                now.display()
            );
        }
    }
}

#[test]
fn a_picture_without_a_part_is_another() {
    let whole = draw(0, |_| (), |_| true);
    assert!(draw(0, |_| (), |_| true).is_like(&whole), "the same twice");
    let other = |name: &str, picture: Picture| {
        let (others, mean) = picture.against(&whole);
        println!("without {name}: {:.2} % of pixels are others, {mean:.2} of 255 on average", others * 100.0);
        assert!(!picture.is_like(&whole), "without {name}: {others}, {mean}");
    };
    for (layer, name) in layers::Layer::ALL {
        // On this day nobody leaves or returns in numbers worth an arrow.
        if layer != layers::Layer::People {
            other(name, draw(0, |view| *view.layers.switch(layer) = false, |_| true));
        }
    }
    other("land", draw(0, |_| (), |shape| !matches!(shape, Shape::Mesh(_))));
    other("words", draw(0, |_| (), |shape| !matches!(shape, Shape::Text(_))));
    other("insets", draw(0, |view| view.insets_hidden = true, |_| true));
}
