//! The map drawn without a window.

use super::*;
use crate::app::look::{DARK, fonts};
use crate::session::Sitting;
use bevy_egui::egui::{Context, RawInput, pos2, vec2};
use std::time::Instant;

fn sitting(day: i32) -> Sitting {
    let mut sitting = Sitting::new(crate::scenario::load("november-2024").unwrap(), 7);
    sitting.go_to(day);
    sitting
}

/// Draws `frames` frames, `step` seconds apart, and returns the mean cost of one in milliseconds.
fn draw(sitting: &Sitting, view: &mut MapView, size: [f32; 2], frames: u32, start: f64, step: f64) -> f64 {
    let ctx = Context::default();
    ctx.set_fonts(fonts());
    DARK.apply(&ctx, false);
    let row = sitting.stage().row(&sitting.rules, sitting.now());
    let mut spent = 0.0;
    for k in 0..=frames {
        let time = start + f64::from(k) * step;
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(size[0], size[1]));
        let input = RawInput { screen_rect: Some(screen), time: Some(time), ..RawInput::default() };
        let mut drawn = ctx.run_ui(input, |ui| {
            let scene = Scene {
                rules: &sitting.rules,
                scenario: &sitting.loaded.scenario,
                history: &sitting.branch().history,
                stage: sitting.stage(),
                now: sitting.now(),
                today: sitting.today(),
                row: &row,
                unchanged: &row,
                speed: 0.0,
                time,
                reduced_motion: false,
                chain: &[],
            };
            let before = Instant::now();
            map_ui(ui, view, &scene, &DARK);
            // The first frame builds the ground and the fonts.
            if k > 0 {
                spent += before.elapsed().as_secs_f64() * 1000.0;
            }
        });
        // Nobody uploads textures here.
        drawn.textures_delta.clear();
    }
    spent / f64::from(frames.max(1))
}

#[test]
fn where_nothing_is_on_its_way_nothing_moves() {
    let mut sitting = sitting(96);
    let mut view = MapView::default();
    draw(&sitting, &mut view, [732.0, 656.0], 3, 0.0, 0.02);
    assert!(!view.moving);
    sitting.go_to(97);
    draw(&sitting, &mut view, [732.0, 656.0], 1, 1.0, 0.02);
    assert!(view.moving, "a day that was played flies");
    draw(&sitting, &mut view, [732.0, 656.0], 3, 5.0, 0.02);
    assert!(!view.moving, "and lands");
}

#[test]
fn a_frame_is_cheap_at_every_size() {
    let sitting = sitting(200);
    for size in [[732.0, 656.0], [572.0, 476.0], [1400.0, 900.0], [220.0, 160.0]] {
        let cost = draw(&sitting, &mut MapView::default(), size, 20, 0.0, 0.016);
        println!("{size:?}: {cost:.2} ms a frame");
        assert!(cost < 60.0, "{size:?}: {cost} ms");
    }
}

#[test]
fn bands_keep_to_their_own_side() {
    let sitting = sitting(30);
    let row = sitting.stage().row(&sitting.rules, sitting.now());
    let scene = Scene {
        rules: &sitting.rules,
        scenario: &sitting.loaded.scenario,
        history: &sitting.branch().history,
        stage: sitting.stage(),
        now: sitting.now(),
        today: sitting.today(),
        row: &row,
        unchanged: &row,
        speed: 0.0,
        time: 0.0,
        reduced_motion: true,
        chain: &[],
    };
    let facts = Facts::of(&scene);
    for k in 0..=10_u8 {
        let share = f32::from(k) / 10.0;
        let widths = [fronts::width(share), fronts::width(1.0 - share)];
        let [left, right] = fronts::offsets(widths);
        assert!(left - widths[0] / 2.0 > 0.0 && right + widths[1] / 2.0 < 0.0);
    }
    for (index, rule) in sitting.rules.fronts.iter().enumerate() {
        let front = fronts::front(&facts, index).unwrap();
        let line: Vec<egui::Pos2> = front.path.iter().map(|p| pos2(p[0] as f32, p[1] as f32)).collect();
        for (side, left) in [(0, true), (1, false)] {
            let home = front.sides[side].iter().find_map(|&a| facts.homes[a].filter(|_| rule.id.text != "IRQ"));
            if let Some(home) = home
                && (rule.id.text != "YEM-RED" || left)
                // Israel's marker lies beyond the southern end of the Golan line: no side can be told from there.
                && (rule.id.text != "SYR" || !left)
            {
                let home = pos2(home[0] as f32, home[1] as f32);
                assert_eq!(ink::is_left(&line, home), left, "{} side {side}", rule.id.text);
            }
        }
    }
}
