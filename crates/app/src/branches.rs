//! The list of all branches: found by name, shown, compared, named and deleted.

use super::act::Act;
use super::draw::{focus_ring, named, narrow, quiet, strong};
use super::look::Look;
use bevy_egui::egui::text::{CCursor, CCursorRange};
use bevy_egui::egui::{self, Align2, CursorIcon, Key, Rect, RichText, Sense, Ui, text_edit::TextEditState, vec2};
use detente_session::Sitting;
use detente_session::sitting::Branch;

/// The list while it is open.
#[derive(Default)]
pub struct BranchList {
    search: String,
    renaming: Option<(u32, String)>,
}

/// What became of a name that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Still being typed.
    Typing,
    /// This is it.
    Done(String),
    /// It stays as it was.
    Never,
}

/// A field for a new name: it takes the keyboard with the old name selected whole, so that typing replaces it.
pub fn name_field(ui: &mut Ui, text: &mut String, width: f32) -> Naming {
    let edit = named(ui, egui::TextEdit::singleline(text).desired_width(width), "Name of the branch");
    if edit.lost_focus() {
        let name = text.trim();
        let kept = name.is_empty() || ui.input(|i| i.key_pressed(Key::Escape));
        return if kept { Naming::Never } else { Naming::Done(name.to_owned()) };
    }
    if !edit.has_focus() {
        // Together: a field that was asked to take the keyboard has it from the next frame on, as if it had had it before.
        let mut state = TextEditState::load(ui.ctx(), edit.id).unwrap_or_default();
        let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
        state.cursor.set_char_range(Some(all));
        state.store(ui.ctx(), edit.id);
        edit.request_focus();
    }
    Naming::Typing
}

/// Where a branch comes from and what it holds.
fn story(b: &Branch) -> String {
    let from = b.fork.map_or_else(|| "the first".to_owned(), |(_, day)| format!("from day {day}"));
    let moves = match b.policy().count() {
        0 => "no lever moved".to_owned(),
        1 => "1 lever move".to_owned(),
        n => format!("{n} lever moves"),
    };
    format!("{from} · {} days · {moves}", b.history.days())
}

/// The button that opens the list, and the list.
pub fn branch_button(
    ui: &mut Ui,
    sitting: &Sitting,
    list: &mut Option<BranchList>,
    rect: Rect,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let n = sitting.branches().len();
    let text = if n == 1 { "Branches".to_owned() } else { format!("Branches ({n})") };
    let response = ui.interact(rect, ui.id().with("branches"), Sense::click());
    let name = format!("All branches, {n}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &name));
    if response.hovered() || list.is_some() {
        ui.painter().rect_filled(rect, 4.0, look.raised);
    }
    let at = rect.right_center() - vec2(4.0, 0.0);
    ui.painter().text(at, Align2::RIGHT_CENTER, text, narrow(), look.ink2);
    focus_ring(ui, &response, look);
    let response = response.on_hover_text("Find, show, compare, name or delete branches");
    if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
        *list = if list.is_some() { None } else { Some(BranchList::default()) };
        return;
    }
    let Some(open) = list else { return };
    let renaming = open.renaming.is_some();
    let area = egui::Area::new(ui.id().with("all branches")).order(egui::Order::Foreground).pivot(Align2::LEFT_BOTTOM);
    let area = area.fixed_pos(rect.left_top() - vec2(0.0, 4.0)).constrain_to(ui.ctx().content_rect());
    let shown = area.show(ui.ctx(), |ui| {
        egui::Frame::popup(ui.style()).show(ui, |ui| rows(ui, sitting, open, look, acts));
    });
    let over = shown.response.rect;
    let beside = |p: egui::Pos2| !over.contains(p) && !rect.contains(p);
    let away = ui.input(|i| {
        i.key_pressed(Key::Escape) && !renaming
            || i.pointer.any_pressed() && i.pointer.interact_pos().is_some_and(beside)
    });
    if away {
        *list = None;
    }
}

fn rows(ui: &mut Ui, sitting: &Sitting, open: &mut BranchList, look: &Look, acts: &mut Vec<Act>) {
    ui.set_width(460.0);
    if sitting.branches().len() > 6 {
        let hint = format!("Search {} branches", sitting.branches().len());
        let edit =
            egui::TextEdit::singleline(&mut open.search).hint_text(quiet(hint, look)).desired_width(f32::INFINITY);
        named(ui, edit, "Search branches");
    }
    let sought = open.search.trim().to_lowercase();
    egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for (i, b) in sitting.branches().iter().enumerate() {
            if b.name.to_lowercase().contains(&sought) {
                row(ui, sitting, i, open, look, acts);
            }
        }
    });
}

fn row(ui: &mut Ui, sitting: &Sitting, i: usize, open: &mut BranchList, look: &Look, acts: &mut Vec<Act>) {
    let (b, current) = (&sitting.branches()[i], sitting.current());
    ui.separator();
    if let Some((_, text)) = open.renaming.as_mut().filter(|(id, _)| *id == b.id) {
        match name_field(ui, text, 420.0) {
            Naming::Typing => {}
            Naming::Done(name) => {
                acts.push(Act::Rename(i, name));
                open.renaming = None;
            }
            Naming::Never => open.renaming = None,
        }
    } else {
        let name = if i == current { strong(&b.name).color(look.you) } else { strong(&b.name) };
        let show = ui.add(egui::Button::new(name).frame(false).truncate());
        show.widget_info(|| {
            egui::WidgetInfo::selected(egui::WidgetType::RadioButton, true, i == current, format!("Show {}", b.name))
        });
        if show.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            acts.push(Act::Show(i));
        }
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new(story(b)).font(narrow()).color(look.ink2));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let word = |ui: &mut Ui, text: &str, name: String| {
                let link = ui.add(egui::Button::new(quiet(text, look)).frame(false));
                link.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &name));
                link.on_hover_cursor(CursorIcon::PointingHand).clicked()
            };
            if b.fork.is_some() && word(ui, "delete", format!("Delete {}", b.name)) {
                acts.push(Act::Prune(i));
            }
            if word(ui, "name", format!("Name {}", b.name)) {
                open.renaming = Some((b.id, b.name.clone()));
            }
            if i != current && word(ui, "compare with the one shown", format!("Compare {} with the one shown", b.name))
            {
                acts.push(Act::Pair([i, current]));
                acts.push(Act::Tab(super::act::Tab::Compare));
            }
        });
    });
}
