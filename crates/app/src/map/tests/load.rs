//! The worst day: hundreds of strikes in flight at once.

use super::*;
use detente_model::sim::event::Event;

use detente_model::sim::state::{Strike, StrikeKind, TargetClass};

/// Strikes added to a day.
const STRIKES: u32 = 500;
/// Strikes added to a day: a few fall where they come from, and do not fly.
const ADDED: u32 = 540;

/// A day on which everybody strikes everybody: one in ten a salvo of dozens.
fn strikes(stand: &Stand, day: i32) -> Vec<(EventId, Event)> {
    let rules = &stand.sitting.rules;
    let scene = stand.scene(0.0);
    let facts = Facts::of(&scene);
    let homes: Vec<usize> = (0..rules.actors.len()).filter(|&a| facts.homes[a].is_some()).collect();
    let before = stand.sitting.branch().history.on(day).len() as u32;
    (0..ADDED)
        .map(|k| {
            let actor = homes[k as usize % homes.len()];
            let victim = homes[(k as usize * 7 + 3) % homes.len()];
            let site = flights::scatter(u64::from(k)) % facts.sites.len() as u64;
            let rounds = match k % 10 {
                0 => [40, 0, 0],
                1..=3 => [0, 6, 0],
                4..=5 => [3, 0, 0],
                6..=7 => [0, 0, 2],
                _ => [0, 0, 0],
            };
            let strike = Strike {
                kind: if k % 10 > 7 { StrikeKind::AirStrike } else { StrikeKind::Salvo },
                actor: actor as u16,
                opponent: victim as u16,
                victim: victim as u16,
                ledger: u16::MAX,
                initiative: u16::MAX,
                magnitude: 1.0,
                class: TargetClass::Military,
                site: site as u16,
                telegraphed: false,
                rounds,
                arrivals: rounds.iter().sum(),
                intercepted: k % 3,
                hits: k % 2,
                deaths: 0,
            };
            (EventId { day, place: before + 1 + k }, Event::Struck(strike))
        })
        .collect()
}

#[test]
fn five_hundred_strikes_in_flight() {
    let mut stand = Stand::new(7, 200);
    let today = 200;
    let mut history = stand.sitting.branch().history.clone();
    let at = history.events.partition_point(|(id, _)| id.day < today);
    history.events.splice(at..at, strikes(&stand, today - 1));
    stand.history = Some(history);

    let mut view = MapView::default();
    let size = [732.0, 656.0];
    stand.today = Some(today - 1);
    stand.frame(&mut view, size, 0.0);
    stand.today = Some(today);
    stand.frame(&mut view, size, 1.0);
    assert!(view.moving);
    let scene = stand.scene(1.3);
    let flying = flights::of_days(&Facts::of(&scene), today - 1, 1).len();
    assert!(flying >= STRIKES as usize, "{flying}");

    for (what, start) in [("in flight", 1.05), ("as they land", 1.72)] {
        let (layout, all, triangles) = cost(&stand, &mut view, size, start);
        println!(
            "{flying} flights {what}: {layout:.2} ms of layout and shapes, {all:.2} ms with tessellation, {triangles} triangles"
        );
        assert!(all < 30.0, "{what}: {all} ms");
    }
}

/// The quickest of twenty frames, in milliseconds: what the machine does beside is not the map's. The map's own part, that
/// with tessellation, and how many triangles it is.
fn cost(stand: &Stand, view: &mut MapView, size: [f32; 2], start: f64) -> (f64, f64, usize) {
    let (mut layout, mut all, mut triangles) = (f64::MAX, f64::MAX, 0);
    for k in 0..20 {
        let before = Instant::now();
        let (drawn, spent) = stand.frame(view, size, start + 0.018 * f64::from(k));
        let meshes = stand.ctx.tessellate(drawn.shapes, drawn.pixels_per_point);
        all = all.min(before.elapsed().as_secs_f64() * 1000.0);
        layout = layout.min(spent.as_secs_f64() * 1000.0);
        triangles = triangles.max(meshes.iter().map(|m| count(&m.primitive)).sum());
    }
    (layout, all, triangles)
}

fn count(primitive: &egui::epaint::Primitive) -> usize {
    if let egui::epaint::Primitive::Mesh(mesh) = primitive { mesh.indices.len() / 3 } else { 0 }
}
