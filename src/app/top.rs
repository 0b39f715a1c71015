//! The top bar: scenario, day, play, speed, seed, how it stands, and the way out.

use super::act::{Act, Dialog};
use super::draw::{
    Icon, body, bold, capital, clipped, figure, focus_ring, headline_mark, icon, icon_button, quiet, segments, strong,
    worded_button,
};
use super::look::Look;
use crate::scenario::{builtin, builtin_names};
use crate::session::Sitting;
use crate::session::file::marked;
use bevy_egui::egui::{self, CursorIcon, Popup, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

/// Speeds, days a second; the last is as fast as it goes.
pub const SPEEDS: [f32; 5] = [1.0, 3.0, 7.0, 30.0, f32::INFINITY];

/// What is typed in the bar.
#[derive(Default)]
pub struct TopView {
    seed: String,
}

/// A scenario's id in words: `november-2024` as "November 2024".
#[must_use]
pub fn scenario_words(id: &str) -> String {
    capital(&id.replace('-', " "))
}

/// The bar.
pub fn top_ui(
    ui: &mut Ui,
    sitting: &Sitting,
    view: &mut TopView,
    playing: bool,
    speed: f32,
    dark: bool,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let width = ui.available_width();
    let (roomy, tight) = (width > 1240.0, width < 940.0);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(10.0);
        scenarios(ui, sitting, width, look, acts);
        divider(ui, look);
        let day = ui.painter().layout_no_wrap(format!("Day {}", sitting.today()), figure(), look.ink);
        // As wide as three figures, so that nothing jumps while days pass.
        let wide = ui.painter().layout_no_wrap("Day 000".to_owned(), figure(), look.ink).size();
        let (rect, _) = ui.allocate_exact_size(vec2(wide.x.max(day.size().x), 28.0), Sense::hover());
        ui.painter().galley(pos2(rect.left(), rect.center().y - wide.y / 2.0), day, look.ink);
        if width > 700.0 {
            let date = sitting.rules.date(sitting.today());
            let format = if tight { "%-d %b %Y" } else { "%a %-d %b %Y" };
            let text = date.strftime(format).to_string();
            let galley = ui.painter().layout_no_wrap(text, body(), look.ink2);
            let wide = ui
                .painter()
                .layout_no_wrap(if tight { "00 May 0000" } else { "Wed 00 May 0000" }.to_owned(), body(), look.ink2)
                .size()
                .x;
            let (rect, _) = ui.allocate_exact_size(vec2(wide.max(galley.size().x), 28.0), Sense::hover());
            ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, look.ink2);
            divider(ui, look);
        }
        ui.spacing_mut().item_spacing.x = 2.0;
        if width > 560.0 && icon_button(ui, Icon::Back, "To the first day (Home)", look).clicked() {
            acts.push(Act::GoTo(0));
        }
        play(ui, playing, look, acts);
        if icon_button(ui, Icon::Forward, "One day on (→)", look).clicked() {
            acts.push(Act::Step(1));
        }
        ui.spacing_mut().item_spacing.x = 8.0;
        if width > 620.0 {
            speeds(ui, speed, look, acts);
            if !tight {
                ui.label(quiet("days/s", look));
            }
        }
        if width > 1050.0 {
            seed(ui, sitting, view, look, acts);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            ui.add_space(6.0);
            if icon_button(ui, Icon::Question, "Help and keys (?)", look).clicked() {
                acts.push(Act::Dialog(Some(Dialog::Help)));
            }
            if width > 760.0 && icon_button(ui, Icon::Half, if dark { "Light" } else { "Dark" }, look).clicked() {
                acts.push(Act::Theme);
            }
            // Never without: whoever made the letters large must find the way back.
            text_size(ui, dark, look, acts);
            if roomy && icon_button(ui, Icon::Page, "Write the report", look).clicked() {
                acts.push(Act::Report(super::dialogs::report_name(sitting)));
            }
            if icon_button(ui, Icon::Share, "Save, open, share, report (Ctrl+S)", look).clicked() {
                acts.push(Act::Dialog(Some(Dialog::Share)));
            }
            ui.spacing_mut().item_spacing.x = 8.0;
            if roomy {
                if worded_button(ui, Icon::Branch, "Fork here", look)
                    .on_hover_text("Start a branch at the playhead (B)")
                    .clicked()
                {
                    acts.push(Act::Fork);
                }
            } else if width > 700.0 && icon_button(ui, Icon::Branch, "Fork here (B)", look).clicked() {
                acts.push(Act::Fork);
            }
            if width > 860.0 {
                headline(ui, sitting, look);
            }
        });
    });
}

fn divider(ui: &mut Ui, look: &Look) {
    let (rect, _) = ui.allocate_exact_size(vec2(9.0, 28.0), Sense::hover());
    ui.painter().vline(rect.center().x, rect.y_range(), Stroke::new(1.0, look.hairline));
}

fn scenarios(ui: &mut Ui, sitting: &Sitting, width: f32, look: &Look, acts: &mut Vec<Act>) {
    let name = marked(&sitting.loaded, &scenario_words(&sitting.loaded.name));
    let room = if width > 1240.0 {
        190.0
    } else if width > 700.0 {
        120.0
    } else {
        84.0
    };
    let galley = clipped(ui, &name, bold(), look.ink, room);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 22.0, 28.0), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::ComboBox, true, format!("Scenario {name}")));
    ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, look.ink);
    icon(ui.painter(), Icon::Down, pos2(rect.right() - 8.0, rect.center().y), look.ink2);
    focus_ring(ui, &response, look);
    let response = response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(&sitting.loaded.scenario.title);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(420.0);
        ui.label(quiet("Start from a scenario", look));
        ScrollArea::vertical().max_height(460.0).show(ui, |ui| {
            for id in builtin_names() {
                let title = builtin(id).and_then(title_of).unwrap_or_default();
                let here = sitting.loaded.name == *id;
                let (rect, response) =
                    ui.allocate_exact_size(vec2(ui.available_width().max(400.0), 44.0), Sense::click());
                if response.hovered() || here {
                    ui.painter().rect_filled(rect, 4.0, look.raised);
                }
                ui.painter().text(
                    rect.min + vec2(8.0, 4.0),
                    egui::Align2::LEFT_TOP,
                    scenario_words(id),
                    bold(),
                    look.ink,
                );
                let title = clipped(ui, &title, super::draw::narrow(), look.ink2, rect.width() - 16.0);
                ui.painter().galley(rect.min + vec2(8.0, 22.0), title, look.ink2);
                response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, scenario_words(id)));
                if response.clicked() {
                    acts.push(Act::Scenario((*id).to_owned()));
                    ui.close();
                }
            }
        });
    });
}

/// The title of a scenario's text, without loading it whole.
fn title_of(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("title"))?;
    Some(line.split_once('"')?.1.trim_end().trim_end_matches('"').to_owned())
}

fn play(ui: &mut Ui, playing: bool, look: &Look, acts: &mut Vec<Act>) {
    let (rect, response) = ui.allocate_exact_size(vec2(36.0, 28.0), Sense::click());
    let name = if playing { "Pause" } else { "Play" };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, name));
    ui.painter().rect_filled(rect, 5.0, look.ink);
    icon(ui.painter(), if playing { Icon::Pause } else { Icon::Play }, rect.center(), look.on_ink());
    focus_ring(ui, &response, look);
    if response.on_hover_text(format!("{name} (Space)")).on_hover_cursor(CursorIcon::PointingHand).clicked() {
        acts.push(Act::PlayPause);
    }
}

fn speeds(ui: &mut Ui, speed: f32, look: &Look, acts: &mut Vec<Act>) {
    let (whole, _) = ui.allocate_exact_size(vec2(5.0 * 31.0, 28.0), Sense::hover());
    ui.painter().rect(whole, 5.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    for (i, &s) in SPEEDS.iter().enumerate() {
        let rect = Rect::from_min_size(whole.min + vec2(31.0 * i as f32, 0.0), vec2(31.0, 28.0));
        let response = ui.interact(rect, ui.id().with(("speed", i)), Sense::click());
        let on = (s - speed).abs() < 0.01 || (s.is_infinite() && speed.is_infinite());
        let name = if s.is_infinite() {
            "As fast as it goes".to_owned()
        } else {
            format!("{s:.0} {} a second", if i == 0 { "day" } else { "days" })
        };
        response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::RadioButton, true, on, &name));
        if on {
            ui.painter().rect_filled(rect, if i == 0 || i == 4 { 5.0 } else { 0.0 }, look.ink);
        } else if response.hovered() {
            ui.painter().rect_filled(rect.shrink(1.0), 3.0, look.raised);
        }
        let color = if on { look.on_ink() } else { look.ink };
        if s.is_infinite() {
            icon(ui.painter(), Icon::Fast, rect.center(), color);
        } else {
            let font = if on { bold() } else { body() };
            ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, format!("{s:.0}"), font, color);
        }
        focus_ring(ui, &response, look);
        if response.on_hover_text(name).on_hover_cursor(CursorIcon::PointingHand).clicked() {
            acts.push(Act::Speed(s));
        }
    }
}

fn seed(ui: &mut Ui, sitting: &Sitting, view: &mut TopView, look: &Look, acts: &mut Vec<Act>) {
    ui.spacing_mut().item_spacing.x = 4.0;
    ui.label(quiet("Seed", look));
    let text = strong(sitting.seed().to_string());
    let response = ui
        .add(egui::Button::new(text).frame(false))
        .on_hover_text("Which random numbers; the same seed gives the same history");
    Popup::menu(&response).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.label(quiet("Another seed: history is played again", look));
        ui.horizontal(|ui| {
            let field = egui::TextEdit::singleline(&mut view.seed).desired_width(110.0).hint_text("a whole number");
            let edit = super::draw::named(ui, field, "Seed");
            let parsed = view.seed.trim().parse::<u64>();
            let enter = edit.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            if (ui.add_enabled(parsed.is_ok(), egui::Button::new("Take it")).clicked() || enter)
                && let Ok(seed) = parsed
            {
                acts.push(Act::Reseed(seed));
                ui.close();
            }
        });
    });
    if icon_button(ui, Icon::Dice, "Roll another seed", look).clicked() {
        // The next seed, not a random one: rolling again and again is itself reproducible.
        acts.push(Act::Reseed(sitting.seed() % 1_000_000 + 1));
    }
}

fn headline(ui: &mut Ui, sitting: &Sitting, look: &Look) {
    let headline = sitting.outcome().headline;
    let words = capital(headline.words());
    let galley = ui.painter().layout_no_wrap(words.clone(), bold(), look.ink);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 36.0, 28.0), Sense::hover());
    ui.painter().rect(rect, 5.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    headline_mark(ui.painter(), pos2(rect.left() + 15.0, rect.center().y), headline, look);
    ui.painter().galley(pos2(rect.left() + 27.0, rect.center().y - galley.size().y / 2.0), galley, look.ink);
    response.on_hover_text(format!("Were today the end, this history would be classed as: {}", headline.words()));
}

fn text_size(ui: &mut Ui, dark: bool, look: &Look, acts: &mut Vec<Act>) {
    let response = icon_button(ui, Icon::Letters, "Text size, motion", look);
    Popup::menu(&response).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.label(quiet("Text size", look));
        let sizes = [0.8_f32, 1.0, 1.2, 1.5, 2.0];
        let names = ["80 %", "100 %", "120 %", "150 %", "200 %"];
        let now = ui.ctx().data(|d| d.get_temp::<f32>(egui::Id::new("text size"))).unwrap_or(1.0);
        let chosen = sizes.iter().position(|s| (s - now).abs() < 0.01);
        if let Some(i) = segments(ui, &names, chosen, look) {
            acts.push(Act::Text(sizes[i]));
        }
        let mut still = ui.ctx().data(|d| d.get_temp::<bool>(egui::Id::new("reduced motion"))).unwrap_or(false);
        if ui.checkbox(&mut still, "Reduced motion: nothing travels").changed() {
            acts.push(Act::ReducedMotion(still));
        }
        if ui.button(if dark { "Light ground" } else { "Dark ground" }).clicked() {
            acts.push(Act::Theme);
        }
    });
}
