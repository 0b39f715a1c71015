//! What lies where: the layouts of wide, narrow and small screens, and the maps.

use super::room::{Page, Studio};
use crate::act::{Act, Tab};
use crate::compare::compare_ui;
use crate::dialogs::{Share, dialog_ui, note_ui};
use crate::draw;
use crate::futures::{BRIEFLY, Status, futures_ui};
use crate::inspect::inspect_ui;
use crate::levers::{levers_ui, rail};
use crate::look::{Look, condensed_semibold, semibold};
use crate::map::{Pick, Scene, map_ui};
use crate::shelf::kept_ui;
use crate::start::cards;
use crate::steps::strip;
use crate::timeline::timeline_ui;
use crate::top::{Bar, HEIGHT, top_ui};
use crate::why::why_ui;
use crate::work_ui::work_ui;
use bevy_egui::egui::{
    self, Align2, CentralPanel, CursorIcon, FontId, Frame, Margin, Panel, Rect, Sense, Stroke, Ui, Vec2, pos2, vec2,
};
use detente_model::record::recorder::outcome_of;
use detente_session::chart::Subject;
use detente_session::cover::{cover_of, seen};
use detente_session::desk::View;

/// Height of the map of a small screen from which it has that line.
const ROOM_TO_SAY: f32 = 500.0;
/// Height of the bar of pages: for fingers.
const PAGES: f32 = 44.0;

/// Whether there is room for one thing at a time only: on a phone, and in large letters on a small screen.
fn is_narrow(size: Vec2) -> bool {
    size.x < 700.0 || size.y < 500.0 && size.x < 1_000.0
}

/// Height of the timeline on a screen of this height: on a low one, fronts that are quiet give their place to the map.
fn timeline_height(screen: f32) -> f32 {
    match screen {
        low if low < 500.0 => 74.0,
        some => (136.0 + (some - 640.0) * 72.0 / 260.0).clamp(136.0, 208.0),
    }
}

impl Studio {
    /// Shows everything.
    pub fn ui(&mut self, ui: &mut Ui) {
        let look = self.look();
        if self.shown_theme != Some((self.dark, self.reduced_motion)) {
            look.apply(ui.ctx(), self.reduced_motion);
            self.shown_theme = Some((self.dark, self.reduced_motion));
            let style = ui.ctx().style_of(if self.dark { egui::Theme::Dark } else { egui::Theme::Light });
            ui.set_style(style);
        }
        if let Some(text) = self.copy.take() {
            ui.ctx().copy_text(text);
        }
        let mut acts = Vec::new();
        self.keys(ui, &mut acts);
        let size = ui.max_rect().size();
        let plain = Frame::NONE.fill(look.panel);
        let narrow = is_narrow(size);
        let bar = Bar {
            playing: self.playing,
            speed: self.speed,
            dark: self.dark,
            text: self.text,
            still: self.reduced_motion,
            full_screen: self.full_screen,
            drawn: self.corner.as_deref(),
            narrow,
        };
        Panel::top("top").exact_size(HEIGHT).frame(plain).show(ui, |ui| {
            top_ui(ui, &self.sitting, &mut self.top, &bar, look, &mut acts);
        });
        strip(ui, &self.sitting, &self.steps, narrow, look, &mut acts);
        if narrow {
            self.narrow_ui(ui, look, &mut acts);
        } else {
            self.wide_ui(ui, size, look, &mut acts);
        }
        if let Some(work) = self.work_shown() {
            let area = if self.map_area.is_positive() { self.map_area } else { ui.max_rect() };
            work_ui(ui, area, work, look, &mut acts);
        }
        if let Some(dialog) = self.dialog {
            let name = self.session_name();
            let share = Share {
                sitting: &self.sitting,
                keeper: &self.keeper,
                desk: &self.desk,
                chooser: self.chooser,
                name: &name,
                question: self.files.question.as_deref(),
                note: self.note.as_ref(),
            };
            if dialog_ui(ui, dialog, &share, &mut self.dialogs, look, &mut acts) {
                self.note = None;
            }
        }
        for act in acts {
            self.act(act);
        }
    }

    /// Everything at once.
    fn wide_ui(&mut self, ui: &mut Ui, size: Vec2, look: &'static Look, acts: &mut Vec<Act>) {
        let roomy = size.x >= 1100.0;
        let plain = Frame::NONE.fill(look.panel);
        let right = if roomy { 424.0 } else { (size.x * 0.35).clamp(300.0, 424.0) };
        Panel::right("right")
            .exact_size(right)
            .frame(plain)
            .resizable(false)
            .show(ui, |ui| self.right_ui(ui, look, acts));
        Panel::bottom("timeline")
            .exact_size(timeline_height(size.y))
            .frame(plain)
            .resizable(false)
            .show(ui, |ui| self.timeline_ui(ui, look, acts));
        let comparing = self.comparing().is_some();
        let mut open = self.levers_open.unwrap_or(roomy && !comparing);
        let mut turned = None;
        let panel = |id: &'static str, width: f32| Panel::left(id).exact_size(width).frame(plain).resizable(false);
        Panel::show_switched(ui, &mut open, panel("rail", 46.0), panel("levers", 284.0), |ui, open| {
            if !open {
                turned = rail(ui, &self.sitting, look).then_some(true);
            } else if levers_ui(ui, &self.sitting, &mut self.levers, true, look, acts) {
                turned = Some(false);
            }
        });
        if turned.is_some() {
            self.levers_open = turned;
        }
        CentralPanel::no_frame().show(ui, |ui| self.maps_ui(ui, look, acts));
    }

    /// One thing at a time, with a bar to choose by.
    fn narrow_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let plain = Frame::NONE.fill(look.panel);
        Panel::bottom("pages").exact_size(PAGES).frame(plain).show(ui, |ui| {
            let rect = ui.available_rect_before_wrap();
            let changed = self.sitting.branch().policy().count();
            let levers = if changed > 0 { format!("Levers ({changed})") } else { "Levers".to_owned() };
            let names = ["Map", &levers, "Futures", "Why", "Inspect", "Compare"];
            let width = rect.width() / names.len() as f32;
            for (i, name) in names.iter().enumerate() {
                let cell = Rect::from_min_size(rect.min + vec2(width * i as f32, 0.0), vec2(width, rect.height()));
                let on = match self.wide_page {
                    Page::Map => i == 0,
                    Page::Levers => i == 1,
                    Page::Right => i >= 2 && self.tab as usize == i - 2,
                };
                let response = ui.interact(cell, ui.id().with(("page", i)), Sense::click());
                response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, on, *name));
                // Narrow letters in either weight: on the narrowest screen the longest name has no room for wide ones.
                let font = if on { FontId::new(draw::BODY, condensed_semibold()) } else { draw::narrow() };
                let galley = draw::clipped(ui, name, font, look.ink, width - 4.0);
                ui.painter().galley(cell.center() - galley.size() / 2.0, galley, look.ink);
                if on {
                    ui.painter().hline(cell.x_range().shrink(6.0), cell.top() + 1.0, Stroke::new(2.0, look.ink));
                }
                draw::focus_ring(ui, &response, look);
                if response.clicked() {
                    match i {
                        0 => self.wide_page = Page::Map,
                        1 => self.wide_page = Page::Levers,
                        n => acts.push(Act::Tab(Tab::ALL[n - 2])),
                    }
                }
            }
        });
        // What is read has the height first, where there is little of it.
        let room = if self.wide_page == Page::Map { 330.0 } else { 600.0 };
        if ui.available_height() > room {
            Panel::bottom("timeline").exact_size(62.0).frame(plain).show(ui, |ui| self.timeline_ui(ui, look, acts));
        }
        // The map has figures as well; the panels say it whole.
        if self.wide_page == Page::Map && ui.available_height() > ROOM_TO_SAY {
            Panel::bottom("what-if").exact_size(20.0).frame(plain).show_separator_line(false).show(ui, |ui| {
                ui.centered_and_justified(|ui| ui.label(draw::quiet(BRIEFLY, look).font(draw::narrow())));
            });
        }
        CentralPanel::no_frame().show(ui, |ui| match self.wide_page {
            Page::Map => self.maps_ui(ui, look, acts),
            Page::Levers => {
                ui.painter().rect_filled(ui.max_rect(), 0.0, look.panel);
                levers_ui(ui, &self.sitting, &mut self.levers, false, look, acts);
            }
            Page::Right => {
                ui.painter().rect_filled(ui.max_rect(), 0.0, look.panel);
                self.panel_ui(ui, look, acts);
            }
        });
    }

    fn right_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let rect = ui.available_rect_before_wrap();
        ui.painter().vline(rect.left() + 0.5, rect.y_range(), Stroke::new(1.0, look.hairline));
        let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 42.0), Sense::hover());
        let mut x = bar.left() + 18.0;
        let gap = if bar.width() > 380.0 { 26.0 } else { 14.0 };
        for tab in Tab::ALL {
            let on = tab == self.tab;
            let font = FontId::new(15.0, if on { semibold() } else { egui::FontFamily::Proportional });
            let galley = ui.painter().layout_no_wrap(tab.name().to_owned(), font, look.ink);
            let cell = Rect::from_min_size(pos2(x - 8.0, bar.top()), vec2(galley.size().x + 16.0, bar.height()));
            let response = ui.interact(cell, ui.id().with(("tab", tab as usize)), Sense::click());
            response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, on, tab.name()));
            ui.painter().galley(pos2(x, bar.center().y - galley.size().y / 2.0), galley.clone(), look.ink);
            if on {
                ui.painter().hline(cell.x_range(), bar.bottom() - 1.0, Stroke::new(2.0, look.ink));
            }
            draw::focus_ring(ui, &response, look);
            if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
                acts.push(Act::Tab(tab));
            }
            x += galley.size().x + gap;
        }
        ui.painter().hline(bar.x_range(), bar.bottom(), Stroke::new(1.0, look.hairline));
        ui.set_opacity(self.panel_come());
        self.panel_ui(ui, look, acts);
    }

    fn panel_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let margin = Margin { left: 16, right: 14, top: 8, bottom: 4 };
        Frame::NONE.inner_margin(margin).show(ui, |ui| match self.tab {
            Tab::Futures => {
                let subject = Subject::policy(&self.sitting);
                let mut view = self.desk.view(&subject);
                let cover = cover_of(&self.sitting, &subject, view.fans);
                let shown = view.fans.and_then(|fans| seen(fans, cover));
                view.fans = shown.as_deref();
                let status = Status {
                    view,
                    ask: self.desk.ask,
                    needle: self.desk.needle(),
                    needle_stands: self.desk.needle_stands(&self.sitting),
                };
                futures_ui(ui, &self.sitting, &mut self.futures, &status, look, acts);
            }
            Tab::Why => why_ui(ui, &mut self.sitting, &mut self.why, look, acts),
            Tab::Inspect => inspect_ui(ui, &self.sitting, self.pick, look, acts),
            Tab::Compare => {
                let pair = self.pair();
                let subject = pair.map(|pair| Subject::branches(&self.sitting, pair));
                let futures = subject.map_or_else(View::default, |subject| self.desk.view(&subject));
                let track = self.futures.track;
                compare_ui(ui, &mut self.sitting, &mut self.compare, pair, &futures, track, look, acts);
            }
        });
    }

    fn timeline_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let rect = ui.available_rect_before_wrap();
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, look.hairline));
        let other = self.comparing().map(|[a, b]| if a == self.sitting.current() { b } else { a });
        timeline_ui(ui, &self.sitting, &mut self.timeline, other, self.corner.as_deref(), look, acts);
    }

    /// One map, or two in step.
    fn maps_ui(&mut self, ui: &mut Ui, look: &'static Look, acts: &mut Vec<Act>) {
        let area = ui.available_rect_before_wrap();
        self.map_area = area;
        match self.comparing().filter(|_| area.width() > 420.0) {
            None => self.map_in(ui, area, None, look, acts),
            Some(pair) => {
                for branch in pair {
                    self.sitting.bring(branch);
                }
                let (left, right) = area.split_left_right_at_fraction(0.5);
                for (i, (half, branch)) in [left, right].into_iter().zip(pair).enumerate() {
                    let (head, rest) = half.split_top_bottom_at_y(half.top() + 36.0);
                    self.map_in(ui, rest, Some((i, branch)), look, acts);
                    self.branch_head(ui, head, i, branch, look);
                }
                ui.painter().vline(area.center().x, area.y_range(), Stroke::new(1.0, look.hairline));
            }
        }
        // Whoever has moved a lever needs no suggestion and wants to see the map, and the key stands where they would.
        let unmoved = self.sitting.today() == 0 && self.sitting.branch().changes.is_empty();
        if self.welcome && !self.map.key_open && unmoved && self.sitting.steps().is_empty() {
            cards(ui, area, look, acts);
        }
        // It waits for as long as the key is open, which would stand under it.
        if !self.map.key_open {
            kept_ui(ui, area, &self.keeper, look, acts);
        }
        // In front of a window over the rest, that window shows it.
        if let Some(note) = self.note.as_ref().filter(|_| self.dialog.is_none())
            && note_ui(ui, area, note, look)
        {
            self.note = None;
        }
    }

    fn branch_head(&mut self, ui: &mut Ui, head: Rect, i: usize, branch: usize, look: &'static Look) {
        let painter = ui.painter();
        painter.rect_filled(head, 0.0, look.panel);
        painter.hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, look.hairline));
        let square = Rect::from_center_size(pos2(head.left() + 22.0, head.center().y), vec2(20.0, 20.0));
        painter.rect_filled(square, 4.0, if i == 0 { look.ink2 } else { look.you });
        let letter = ["A", "B"][i.min(1)];
        painter.text(square.center(), Align2::CENTER_CENTER, letter, draw::bold(), look.on_ink());
        let Some(evening) = &self.evenings.shown[i.min(1)] else { return };
        let headline = outcome_of(&self.sitting.rules, &evening.now).headline;
        let words = draw::capital(headline.words());
        let right = painter.layout_no_wrap(words, draw::body(), look.ink);
        let at = pos2(head.right() - 12.0 - right.size().x, head.center().y - right.size().y / 2.0);
        let name = &self.sitting.branches()[branch].name;
        let galley = draw::clipped(ui, name, draw::bold(), look.ink, at.x - square.right() - 36.0);
        let painter = ui.painter();
        painter.galley(pos2(square.right() + 8.0, head.center().y - galley.size().y / 2.0), galley, look.ink);
        draw::headline_mark(painter, pos2(at.x - 13.0, head.center().y), headline, look);
        painter.galley(at, right, look.ink);
    }

    fn map_in(
        &mut self,
        ui: &mut Ui,
        area: Rect,
        which: Option<(usize, usize)>,
        look: &'static Look,
        acts: &mut Vec<Act>,
    ) {
        let (place, branch) = which.unwrap_or((0, self.sitting.current()));
        self.evenings.look(&mut self.sitting, place, branch);
        self.evenings.look_unchanged(&mut self.sitting);
        let Some(evening) = &self.evenings.shown[place] else { return };
        let unchanged = self.evenings.unchanged.as_ref().filter(|_| which.is_none());
        let sitting = &self.sitting;
        let chain = if self.tab == Tab::Why { self.why.chain() } else { Vec::new() };
        let scene = Scene {
            rules: evening.rules(sitting),
            scenario: &sitting.loaded.scenario,
            history: &sitting.branches()[branch].history,
            stage: sitting.stage(),
            now: &evening.now,
            today: sitting.today(),
            row: &evening.row,
            unchanged: &unchanged.unwrap_or(evening).row,
            unchanged_now: unchanged.map(|evening| &evening.now),
            speed: if self.playing { self.speed } else { 0.0 },
            time: self.clock,
            reduced_motion: self.reduced_motion,
            chain: &chain,
        };
        let view = if matches!(which, Some((1, _))) { &mut self.other_map } else { &mut self.map };
        // Beside each other, or on an upright phone, maps have no room for insets at their side.
        view.insets_below = which.is_some() || area.width() < 480.0 && area.height() > area.width();
        let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(area).id_salt(("map", which)));
        inner.set_clip_rect(area.intersect(ui.clip_rect()));
        match map_ui(&mut inner, view, &scene, look) {
            Some(Pick::Event(event)) => acts.push(Act::Explain(event)),
            Some(pick) => acts.push(Act::Inspect(pick)),
            None => {}
        }
        // Two maps look where either is moved to.
        match which {
            Some((0, _)) => self.other_map.follow(&self.map),
            Some(_) => self.map.follow(&self.other_map),
            None => {}
        }
    }
}
