//! What 1701 is about: peacekeepers, the national army, and what Israel holds, in the south of Lebanon.

use super::atlas::atlas;
use super::facts::Facts;
use super::hits::{Region, Target};
use super::ink;
use super::scene::Pick;
use super::sheet::{Pane, Sheet};
use crate::look::faint;
use bevy_egui::egui::{Mesh, Shape, Stroke};
use detente_model::symbols::levers::Lever;

/// The level from which there is a campaign on the ground.
const GROUND: u8 = 5;

/// The mission south of the Litani, and its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct South {
    /// Mission, by position.
    pub mission: usize,
    /// Troops of the mission.
    pub troops: f64,
    /// What they can do, against 15,000 who move freely: 0 to 1.
    pub strength: f64,
    /// Soldiers of the national army.
    pub army: f64,
    /// Share of the withdrawal that is not done, once there was a campaign on the ground.
    pub held: f64,
    /// The same three, without the user's policy.
    pub unchanged: [f64; 3],
}

/// Reads the mission on the Blue Line, if the scenario has one.
pub(super) fn south(facts: &Facts<'_>) -> Option<South> {
    let mission = facts.scene.rules.missions.iter().position(|m| m.id.text == "UNIFIL")?;
    let strength = facts.value("peacekeepers.UNIFIL")?;
    let (army, gone) = (facts.value("national_troops.UNIFIL")?, facts.value("withdrawal.UNIFIL")?);
    let was = |name: &str, now: f64| facts.unchanged(name).unwrap_or(now);
    let troops = facts.scene.now.levers[Lever::UnifilTroops];
    let troops_before = facts.scene.unchanged_now.map_or(troops, |state| state.levers[Lever::UnifilTroops]);
    // What is left of a withdrawal is ground held only where there was a campaign on the ground before it.
    let entered = f64::from(u8::from(entered(facts, mission)));
    let held = |gone: f64| (1.0 - gone) * entered;
    let unchanged = [troops_before, was("national_troops.UNIFIL", army), held(was("withdrawal.UNIFIL", gone))];
    Some(South { mission, troops, strength, army, held: held(gone), unchanged })
}

/// Whether the mission's front has been at the level of a campaign on the ground, at the start or on a day since.
fn entered(facts: &Facts<'_>, mission: usize) -> bool {
    let rules = facts.scene.rules;
    let Some(front) = rules.missions[mission].table.and_then(|table| rules.tables[table].front) else { return true };
    let front = &rules.fronts[front];
    let rows = &facts.scene.history.rows;
    let past = &rows[..(facts.scene.today.max(0) as usize).min(rows.len())];
    let column = facts.scene.stage.column(&format!("level.{}", front.id.text));
    front.level >= GROUND || column.is_some_and(|c| past.iter().any(|row| row[c] >= f64::from(GROUND)))
}

/// Gap of the hatching at a strength from 0 to 1; none where nobody is.
pub(super) fn gap(strength: f64) -> Option<f32> {
    (strength > 0.004).then(|| 14.0 - 9.0 * ((strength - 0.1) / 0.9).clamp(0.0, 1.0) as f32)
}

/// Draws the area of the mission and what Israel holds.
pub(super) fn draw(sheet: &mut Sheet<'_>, dim: f32) {
    let Some(south) = south(sheet.facts) else { return };
    if sheet.pane != Pane::South && sheet.zoom() < 8.0 {
        return;
    }
    for name in ["unifil_w", "unifil_e"] {
        let area = sheet.line(atlas().line(name));
        fill(sheet, name, faint(sheet.look.un, 0.06 * dim));
        if let Some(gap) = gap(south.strength) {
            ink::hatch(&sheet.painter, &area, gap, false, Stroke::new(1.1, faint(sheet.look.un, 0.65 * dim)));
        }
        let middle = area.iter().fold(bevy_egui::egui::Vec2::ZERO, |sum, p| sum + p.to_vec2()) / area.len() as f32;
        sheet.hit(Region::Disc(middle.to_pos2(), 14.0), Target::Pick(Pick::Mission(south.mission)));
    }
    if south.held > 0.0 {
        let strip = sheet.line(atlas().line("held_strip"));
        fill(sheet, "held_strip", faint(sheet.look.israel, 0.2 * south.held as f32 * dim));
        let gap = 5.0 + 9.0 * (1.0 - south.held as f32);
        ink::hatch(&sheet.painter, &strip, gap, true, Stroke::new(1.2, faint(sheet.look.israel, 0.9 * dim)));
    }
    // The Blue Line itself, over the ribbon's ground.
    let line = sheet.line(atlas().line("blue_line"));
    ink::dashed(&sheet.painter, &line, Stroke::new(1.4, faint(sheet.look.un, dim)), 6.0, 3.0);
}

fn fill(sheet: &Sheet<'_>, name: &str, color: bevy_egui::egui::Color32) {
    let points = sheet.line(atlas().line(name));
    let mut mesh = Mesh::default();
    for p in points {
        mesh.colored_vertex(p, color);
    }
    mesh.indices = atlas().area(name).to_vec();
    sheet.painter.add(Shape::mesh(mesh));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hatching_thins_with_strength_and_ends_with_it() {
        assert_eq!(gap(0.0), None);
        assert_eq!(gap(0.1), Some(14.0));
        assert_eq!(gap(1.0), Some(5.0));
        assert!(gap(0.3) > gap(0.6));
    }
}
