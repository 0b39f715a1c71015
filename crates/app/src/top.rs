//! The top bar: scenario, day, play, speed, seed, how it stands, and the way out. Where it is narrow, what has no room in it is
//! in one menu, which always has everything.

use super::act::{Act, Dialog};
use super::commands::with_key;
use super::draw::{
    Icon, body, bold, capital, check, clipped, figure, focus_ring, headline_mark, icon, icon_button, icon_button_of,
    quiet, segments, strong, worded_button,
};
use super::look::Look;
use bevy_egui::egui::{
    self, CursorIcon, Key, Popup, PopupCloseBehavior, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2,
    vec2,
};
use detente_model::record::outcome::Headline;
use detente_model::scenario::{builtin, builtin_names};
use detente_model::sim::world::MOST_SEED;
use detente_session::Sitting;
use detente_session::file::marked;
use detente_session::sitting::LAST_DAY;
use detente_session::start;
use jiff::civil::Date;

/// Speeds, days a second; the last is as fast as it goes.
pub const SPEEDS: [f32; 5] = [1.0, 3.0, 7.0, 30.0, f32::INFINITY];

/// What the program is, in one line.
pub const PURPOSE: &str = "A what-if simulation of conflict and negotiation in the Middle East";

/// Height of the bar.
pub const HEIGHT: f32 = 48.0;

/// What is typed in the bar.
#[derive(Default)]
pub struct TopView {
    seed: String,
    day: String,
    /// Why what was typed is not a day.
    no_day: Option<String>,
}

/// What the bar shows, besides the sitting.
#[derive(Clone, Copy)]
pub struct Bar<'a> {
    /// Whether days pass.
    pub playing: bool,
    /// Days a second.
    pub speed: f32,
    /// Whether the ground is dark.
    pub dark: bool,
    /// Text size.
    pub text: f32,
    /// Whether nothing travels.
    pub still: bool,
    /// Whether the window fills the display.
    pub full_screen: bool,
    /// How the picture is drawn, where that is worth a word.
    pub drawn: Option<&'a str>,
    /// Whether it is a screen for fingers.
    pub narrow: bool,
}

/// A scenario's id in words: `november-2024` as "November 2024".
#[must_use]
pub fn scenario_words(id: &str) -> String {
    const CAPITALS: [&str; 6] = ["un", "unifil", "unami", "us", "laf", "unrwa"];
    let word = |word: &str| if CAPITALS.contains(&word) { word.to_uppercase() } else { word.to_owned() };
    capital(&id.split('-').map(word).collect::<Vec<_>>().join(" "))
}

/// What the bar may have besides what it always has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Name,
    Share,
    Back,
    Fork,
    Help,
    Date,
    Speeds,
    Seed,
    Text,
    Headline,
    Theme,
    Report,
    Weekday,
    Unit,
    LongName,
    ForkWord,
}

impl Piece {
    /// In the order in which they are let in. What a class is told to press comes first.
    const ALL: [Self; 16] = [
        Self::Name,
        Self::Share,
        Self::Help,
        Self::Fork,
        Self::Back,
        Self::Date,
        Self::Seed,
        Self::Speeds,
        Self::Text,
        Self::Headline,
        Self::Theme,
        Self::Report,
        Self::Weekday,
        Self::ForkWord,
        Self::Unit,
        Self::LongName,
    ];
}

/// The pieces that there is room for: never one while one before it is left out, so that a wider bar has all that a narrower
/// one has.
fn fitting(room: f32, width: impl Fn(Piece) -> f32) -> Vec<Piece> {
    let mut left = room;
    let fits = |piece: &Piece| {
        left -= width(*piece);
        left >= 0.0
    };
    Piece::ALL.into_iter().take_while(fits).collect()
}

/// The bar.
pub fn top_ui(ui: &mut Ui, sitting: &Sitting, view: &mut TopView, bar: &Bar<'_>, look: &Look, acts: &mut Vec<Act>) {
    let side = if bar.narrow { 40.0 } else { 28.0 };
    let wide = |ui: &Ui, text: &str, font| ui.painter().layout_no_wrap(text.to_owned(), font, look.ink).size().x;
    let name = marked(&sitting.loaded, &scenario_words(&sitting.loaded.name));
    let name_wide = wide(ui, &name, bold());
    let date_wide = wide(ui, "00 May 0000", body());
    let headline_wide = Headline::ALL.iter().map(|h| wide(ui, &capital(h.words()), bold())).fold(0.0, f32::max) + 36.0;
    let seed_wide = wide(ui, "Seed 000000", body()).max(wide(ui, &capital(&sitting.fate_words()), body()));
    let width = |piece: Piece| match piece {
        Piece::Name => (name_wide - 84.0).clamp(0.0, 46.0),
        Piece::LongName => (name_wide - 130.0).clamp(0.0, 130.0),
        Piece::Share | Piece::Help | Piece::Fork | Piece::Text | Piece::Theme | Piece::Report | Piece::Back => {
            side + 4.0
        }
        Piece::Date => date_wide + 21.0,
        Piece::Weekday => wide(ui, "Wed ", body()) + 2.0,
        Piece::Speeds => 5.0 * 31.0 + 10.0,
        Piece::Unit => wide(ui, "days/s", body()) + 10.0,
        Piece::Seed => seed_wide + side + 24.0,
        Piece::Headline => headline_wide + 10.0,
        Piece::ForkWord => wide(ui, "Fork here", body()) + 14.0,
    };
    // As wide as three figures, so that nothing jumps while days pass.
    let day_wide = wide(ui, "Day 000", figure()).max(wide(ui, &format!("Day {}", sitting.today()), figure()));
    let always = 10.0 + 84.0_f32.min(name_wide) + 22.0 + 21.0 + day_wide + 14.0 + side.max(36.0) + 2.0 * side + 20.0;
    let shown = fitting(ui.available_width() - always, width);
    let has = |piece: Piece| shown.contains(&piece);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(10.0);
        let room = if has(Piece::LongName) {
            260.0
        } else if has(Piece::Name) {
            130.0
        } else {
            84.0
        };
        scenarios(ui, sitting, &name, room, side, look, acts);
        divider(ui, look);
        day(ui, sitting, view, day_wide, side, look, acts);
        if has(Piece::Date) {
            date(ui, sitting, if has(Piece::Weekday) { WEEKDAY } else { DATE }, look);
            divider(ui, look);
        }
        ui.spacing_mut().item_spacing.x = 2.0;
        if has(Piece::Back) && icon_button_of(ui, side, Icon::Back, &with_key("To the first day", "go"), look).clicked()
        {
            acts.push(Act::GoTo(0));
        }
        play(ui, bar.playing, side, look, acts);
        if icon_button_of(ui, side, Icon::Forward, "One day on (→)", look).clicked() {
            acts.push(Act::Step(1));
        }
        ui.spacing_mut().item_spacing.x = 8.0;
        if has(Piece::Speeds) {
            speeds(ui, bar.speed, look, acts);
            if has(Piece::Unit) {
                ui.label(quiet("days/s", look));
            }
        }
        if has(Piece::Seed) {
            seed(ui, sitting, view, side, look, acts);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            ui.add_space(6.0);
            // Never without: everything is in it.
            more(ui, sitting, view, bar, side, look, acts);
            if has(Piece::Help)
                && icon_button_of(ui, side, Icon::Question, &with_key("Help and keys", "help-window"), look).clicked()
            {
                acts.push(Act::Dialog(Some(Dialog::Help)));
            }
            let ground = if bar.dark { "Light" } else { "Dark" };
            if has(Piece::Theme) && icon_button_of(ui, side, Icon::Half, ground, look).clicked() {
                acts.push(Act::Theme);
            }
            if has(Piece::Text) {
                let response = icon_button_of(ui, side, Icon::Letters, "Text size, motion", look);
                menu(&response, ui, |ui| text_size(ui, bar, look, acts));
            }
            if has(Piece::Report) && icon_button_of(ui, side, Icon::Page, "Write the report", look).clicked() {
                acts.push(Act::Report(super::file_names::report_name(sitting)));
            }
            let share = with_key("Save, open, share, report", "share-window");
            if has(Piece::Share) && icon_button_of(ui, side, Icon::Share, &share, look).clicked() {
                acts.push(Act::Dialog(Some(Dialog::Share)));
            }
            ui.spacing_mut().item_spacing.x = 8.0;
            if has(Piece::ForkWord) {
                if worded_button(ui, Icon::Branch, "Fork here", look)
                    .on_hover_text(with_key("Start a branch at the playhead", "fork"))
                    .clicked()
                {
                    acts.push(Act::Fork);
                }
            } else if has(Piece::Fork)
                && icon_button_of(ui, side, Icon::Branch, &with_key("Fork here", "fork"), look).clicked()
            {
                acts.push(Act::Fork);
            }
            if has(Piece::Headline) {
                headline(ui, sitting, look);
            }
        });
    });
}

/// A menu that stays open while things in it are pressed, and can be scrolled where the screen is low.
fn menu(response: &Response, ui: &Ui, contents: impl FnOnce(&mut Ui)) {
    let high = ui.ctx().content_rect().height() - HEIGHT - 24.0;
    Popup::menu(response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        // Without a least height, a menu would be no higher than egui thinks fit for any.
        let high = high.max(80.0);
        ScrollArea::vertical().max_height(high).min_scrolled_height(high).show(ui, contents);
    });
}

/// Everything that the bar can have, in one menu.
fn more(
    ui: &mut Ui,
    sitting: &Sitting,
    view: &mut TopView,
    bar: &Bar<'_>,
    side: f32,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let response = icon_button_of(ui, side, Icon::More, "More", look);
    menu(&response, ui, |ui| {
        ui.spacing_mut().interact_size.y = side;
        ui.spacing_mut().item_spacing.y = 6.0;
        let now = capital(sitting.outcome().headline.words());
        let date = sitting.rules.date(sitting.today()).strftime(WEEKDAY);
        ui.label(strong(format!("Day {}, {date}", sitting.today())));
        ui.label(quiet(format!("Were today the end: {now}"), look));
        ui.separator();
        ui.label(quiet(format!("{}: which random numbers", capital(&sitting.fate_words())), look));
        another_seed(ui, sitting, view, false, look, acts);
        ui.label(quiet("Days a second", look));
        speeds(ui, bar.speed, look, acts);
        ui.separator();
        let wishes = [
            ("To the first day", Act::GoTo(0)),
            ("Fork here", Act::Fork),
            ("Save, open, share", Act::Dialog(Some(Dialog::Share))),
            (super::steps::TITLE, Act::Dialog(Some(Dialog::Steps))),
            ("Write the report", Act::Report(super::file_names::report_name(sitting))),
            ("Help and keys", Act::Dialog(Some(Dialog::Help))),
            (super::scores::TITLE, Act::Dialog(Some(Dialog::Scores))),
        ];
        for (words, act) in wishes {
            if ui.button(words).clicked() {
                acts.push(act);
                ui.close();
            }
        }
        ui.separator();
        ui.label(quiet(super::steps::LESSONS_OF, look));
        if super::steps::lessons(ui, acts) {
            ui.close();
        }
        ui.separator();
        text_size(ui, bar, look, acts);
        if cfg!(not(target_arch = "wasm32")) {
            let words = if bar.full_screen { "Back into a window" } else { "The whole screen" };
            if ui.button(with_key(words, "screen")).clicked() {
                acts.push(Act::FullScreen);
                ui.close();
            }
        }
        if let Some(drawn) = bar.drawn.filter(|words| !words.is_empty()) {
            ui.label(quiet(drawn, look));
        }
    });
}

const DATE: &str = "%-d %b %Y";
const WEEKDAY: &str = "%a %-d %b %Y";

fn date(ui: &mut Ui, sitting: &Sitting, format: &str, look: &Look) {
    let text = sitting.rules.date(sitting.today()).strftime(format).to_string();
    let widest = if format == WEEKDAY { "Wed 00 May 0000" } else { "00 May 0000" };
    let wide = ui.painter().layout_no_wrap(widest.to_owned(), body(), look.ink2).size().x;
    let galley = ui.painter().layout_no_wrap(text.clone(), body(), look.ink2);
    let (rect, response) = ui.allocate_exact_size(vec2(wide.max(galley.size().x), 28.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, &text));
    ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, look.ink2);
}

/// The day, which is also the way to another one.
fn day(ui: &mut Ui, sitting: &Sitting, view: &mut TopView, wide: f32, side: f32, look: &Look, acts: &mut Vec<Act>) {
    let words = format!("Day {}", sitting.today());
    let galley = ui.painter().layout_no_wrap(words.clone(), figure(), look.ink);
    let (rect, response) = ui.allocate_exact_size(vec2(wide + 8.0, side), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &words));
    if response.hovered() {
        ui.painter().rect_filled(rect, 5.0, look.raised);
    }
    ui.painter().galley(pos2(rect.left() + 4.0, rect.center().y - galley.size().y / 2.0), galley, look.ink);
    focus_ring(ui, &response, look);
    let response = response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Go to a day");
    if response.clicked() {
        (view.day, view.no_day) = (String::new(), None);
    }
    let opened = response.clicked();
    Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_max_width(240.0);
        ui.label(quiet("Go to a day", look));
        ui.horizontal(|ui| {
            let field = egui::TextEdit::singleline(&mut view.day).desired_width(130.0).hint_text("240 or 2025-06-21");
            let edit = super::draw::named(ui, field, "Day to go to");
            if opened {
                edit.request_focus();
            }
            let enter = edit.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            if ui.button("Go").clicked() || enter {
                match day_meant(&view.day, sitting.rules.frame.start) {
                    Ok(day) => {
                        acts.push(Act::GoTo(day));
                        ui.close();
                    }
                    Err(why) => {
                        view.no_day = Some(why);
                        edit.request_focus();
                    }
                }
            }
        });
        if let Some(why) = &view.no_day {
            ui.add(egui::Label::new(why).wrap());
        }
    });
}

/// The day that is meant by its number or its date.
///
/// # Errors
/// One sentence that says what a day is.
fn day_meant(text: &str, start: Date) -> Result<i32, String> {
    let text = text.trim();
    let number = text.strip_prefix("day ").or(text.strip_prefix("Day ")).unwrap_or(text).trim();
    let dated = || {
        let read = |format| Date::strptime(format, text).ok();
        ["%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%a %d %b %Y", "%d.%m.%Y"].into_iter().find_map(read)
    };
    let day = match number.parse::<i32>() {
        Ok(day) => day,
        Err(_) => match dated() {
            Some(date) => (date - start).get_days(),
            None => {
                return Err(format!("“{text}” is no day: write a number like 240, or a date like 2025-06-21."));
            }
        },
    };
    if (0..=LAST_DAY).contains(&day) {
        return Ok(day);
    }
    let last = start.saturating_add(jiff::Span::new().days(LAST_DAY));
    let [first, last] = [start, last].map(|date| date.strftime(DATE).to_string());
    Err(format!("Days go from 0 to {}, which is from {first} to {last}.", super::draw::count(f64::from(LAST_DAY))))
}

fn divider(ui: &mut Ui, look: &Look) {
    let (rect, _) = ui.allocate_exact_size(vec2(9.0, 28.0), Sense::hover());
    ui.painter().vline(rect.center().x, rect.y_range(), Stroke::new(1.0, look.hairline));
}

fn scenarios(ui: &mut Ui, sitting: &Sitting, name: &str, room: f32, side: f32, look: &Look, acts: &mut Vec<Act>) {
    let galley = clipped(ui, name, bold(), look.ink, room);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 22.0, side), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::ComboBox, true, format!("Scenario {name}")));
    ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, look.ink);
    icon(ui.painter(), Icon::Down, pos2(rect.right() - 8.0, rect.center().y), look.ink2);
    focus_ring(ui, &response, look);
    let response = response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(&sitting.loaded.scenario.title);
    let screen = ui.ctx().content_rect();
    Popup::menu(&response).show(|ui| {
        let wide = (screen.width() - 40.0).min(520.0);
        ui.set_min_width(wide);
        ui.set_max_width(wide);
        ui.label(strong("Détente"));
        starts(ui, sitting, look, acts);
        ui.add(egui::Label::new(quiet(format!("{PURPOSE}."), look)).wrap());
        ui.label(quiet("Start from a scenario:", look));
        // A bar that is always there says that there are more than are seen.
        ui.spacing_mut().scroll =
            egui::style::ScrollStyle { foreground_color: true, ..egui::style::ScrollStyle::solid() };
        let high = (screen.height() - HEIGHT - 110.0).clamp(100.0, 560.0);
        let list = ScrollArea::vertical().max_height(high).min_scrolled_height(high);
        list.scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysVisible).show(ui, |ui| {
            for id in builtin_names() {
                let title = builtin(id).and_then(title_of).unwrap_or_default();
                let here = sitting.loaded.name == *id;
                let room = ui.available_width();
                let title = ui.painter().layout(title, super::draw::narrow(), look.ink2, room - 16.0);
                let (rect, response) = ui.allocate_exact_size(vec2(room, 27.0 + title.size().y), Sense::click());
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
                ui.painter().galley(rect.min + vec2(8.0, 22.0), title, look.ink2);
                focus_ring(ui, &response, look);
                response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, scenario_words(id)));
                if response.gained_focus() {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    acts.push(Act::Scenario((*id).to_owned()));
                    ui.close();
                }
            }
        });
    });
}

/// Where the scenario begins: at the start that it sets, or at what was observed, for those that can.
fn starts(ui: &mut Ui, sitting: &Sitting, look: &Look, acts: &mut Vec<Act>) {
    let id = ui.id().with(("fitting", &sitting.loaded.hash));
    let fitting: Vec<String> = ui.data_mut(|data| {
        data.get_temp_mut_or_insert_with(id, || start::fitting(&sitting.base()).map(str::to_owned).collect::<Vec<_>>())
            .clone()
    });
    if fitting.is_empty() {
        return;
    }
    ui.add(egui::Label::new(quiet("This scenario begins", look)).wrap());
    let now = sitting.start().map(|start| start.nowcast.as_str());
    let mut row = |ui: &mut Ui, words: String, tip: &str, start: Option<&str>| {
        if ui.selectable_label(now == start, words).on_hover_text(tip).clicked() && now != start {
            acts.push(Act::Start(start.map(str::to_owned)));
            ui.close();
        }
    };
    row(ui, "with the start that it sets by hand".to_owned(), "One state, from sources and judgement", None);
    for name in &fitting {
        let date =
            name.parse().map_or_else(|_| name.clone(), |date: jiff::civil::Date| date.strftime(DATE).to_string());
        let tip = "128 states and sets of numbers that a filter left of thousands, by what was counted and decided up to that day";
        row(ui, format!("from what was observed to {date}"), tip, Some(name));
    }
    ui.separator();
}

/// The title of a scenario's text, without loading it whole.
fn title_of(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("title"))?;
    Some(line.split_once('"')?.1.trim_end().trim_end_matches('"').to_owned())
}

fn play(ui: &mut Ui, playing: bool, side: f32, look: &Look, acts: &mut Vec<Act>) {
    let (rect, response) = ui.allocate_exact_size(vec2(side.max(36.0), side), Sense::click());
    let name = if playing { "Pause" } else { "Play" };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, name));
    ui.painter().rect_filled(rect, 5.0, look.ink);
    icon(ui.painter(), if playing { Icon::Pause } else { Icon::Play }, rect.center(), look.on_ink());
    focus_ring(ui, &response, look);
    if response.on_hover_text(with_key(name, "toggle")).on_hover_cursor(CursorIcon::PointingHand).clicked() {
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

fn seed(ui: &mut Ui, sitting: &Sitting, view: &mut TopView, side: f32, look: &Look, acts: &mut Vec<Act>) {
    ui.spacing_mut().item_spacing.x = 4.0;
    let words = capital(&sitting.fate_words());
    let number = words.strip_prefix("Seed ").unwrap_or(&words);
    let (label, number) = (quiet("Seed", look), strong(number));
    let response = ui.add(egui::Button::new((label, number)).frame(false));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &words));
    let response = response.on_hover_text("Which random numbers; the same seed gives the same history");
    // Click, type, Enter: the field has the keyboard as soon as it is there.
    let opened = response.clicked();
    if opened {
        view.seed.clear();
    }
    menu(&response, ui, |ui| {
        ui.label(quiet("Another seed: history is played again", look));
        another_seed(ui, sitting, view, opened, look, acts);
    });
    if icon_button_of(ui, side, Icon::Dice, REROLL, look).clicked() {
        acts.push(reroll(sitting));
    }
}

const REROLL: &str = "Roll another seed";

/// The next seed, not a random one: rolling again and again is itself reproducible.
fn reroll(sitting: &Sitting) -> Act {
    Act::Reseed(sitting.seed() % 1_000_000 + 1)
}

/// A field for a seed, and a roll.
fn another_seed(ui: &mut Ui, sitting: &Sitting, view: &mut TopView, opened: bool, look: &Look, acts: &mut Vec<Act>) {
    ui.horizontal(|ui| {
        let field = egui::TextEdit::singleline(&mut view.seed).desired_width(110.0).hint_text("a whole number");
        let edit = super::draw::named(ui, field, "Seed");
        if opened {
            edit.request_focus();
        }
        let parsed = view.seed.trim().parse::<u64>().ok().filter(|seed| *seed <= MOST_SEED);
        let enter = edit.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if (ui.add_enabled(parsed.is_some(), egui::Button::new("Take it")).clicked() || enter)
            && let Some(seed) = parsed
        {
            acts.push(Act::Reseed(seed));
            ui.close();
        }
        if icon_button(ui, Icon::Dice, "Roll the next seed", look).clicked() {
            acts.push(reroll(sitting));
        }
    });
}

fn headline(ui: &mut Ui, sitting: &Sitting, look: &Look) {
    let headline = sitting.outcome().headline;
    let words = capital(headline.words());
    let galley = ui.painter().layout_no_wrap(words.clone(), bold(), look.ink);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 36.0, 28.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, &words));
    ui.painter().rect(rect, 5.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    headline_mark(ui.painter(), pos2(rect.left() + 15.0, rect.center().y), headline, look);
    ui.painter().galley(pos2(rect.left() + 27.0, rect.center().y - galley.size().y / 2.0), galley, look.ink);
    response.on_hover_text(format!("Were today the end, this history would be classed as: {}", headline.words()));
}

/// Text size, motion and ground.
fn text_size(ui: &mut Ui, bar: &Bar<'_>, look: &Look, acts: &mut Vec<Act>) {
    ui.label(quiet("Text size", look));
    let sizes = [0.8_f32, 1.0, 1.2, 1.5, 2.0];
    let names = ["80 %", "100 %", "120 %", "150 %", "200 %"];
    let chosen = sizes.iter().position(|s| (s - bar.text).abs() < 0.01);
    if let Some(i) = segments(ui, &names, chosen, look) {
        acts.push(Act::Text(sizes[i]));
    }
    let mut still = bar.still;
    if check(ui, &mut still, "Reduced motion: nothing travels", look).changed() {
        acts.push(Act::ReducedMotion(still));
    }
    if ui.button(if bar.dark { "Light ground" } else { "Dark ground" }).clicked() {
        acts.push(Act::Theme);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_number_or_a_date_and_anything_else_a_sentence() {
        let start = jiff::civil::date(2024, 11, 8);
        for (text, day) in
            [("0", 0), (" 240 ", 240), ("day 64", 64), ("2025-06-21", 225), ("21 Jun 2025", 225), ("21 June 2025", 225)]
        {
            assert_eq!(day_meant(text, start), Ok(day), "{text}");
        }
        for (text, words) in [
            ("soon", "“soon” is no day"),
            ("", "“” is no day"),
            ("-1", "from 0 to 1,000"),
            ("2024-11-07", "from 8 Nov 2024 to 5 Aug 2027"),
            ("1001", "from 0 to 1,000"),
            ("99999999999", "is no day"),
            ("2025-02-30", "is no day"),
        ] {
            let why = day_meant(text, start).unwrap_err();
            assert!(why.contains(words) && why.ends_with('.'), "{text}: {why}");
        }
    }

    #[test]
    fn a_wider_bar_has_all_that_a_narrower_one_has() {
        let width = |piece: Piece| 20.0 + 30.0 * (piece as u8 % 4) as f32;
        let mut before = Vec::new();
        for room in 0..1_200 {
            let now = fitting(room as f32, width);
            assert!(now.starts_with(&before), "{before:?} {now:?}");
            assert!(now.iter().map(|p| width(*p)).sum::<f32>() <= room as f32);
            before = now;
        }
        assert_eq!(before, Piece::ALL);
    }

    #[test]
    fn scenarios_have_proper_names() {
        for (id, words) in [
            ("no-unifil", "No UNIFIL"),
            ("november-2024", "November 2024"),
            ("full-1701", "Full 1701"),
            ("null", "Null"),
        ] {
            assert_eq!(scenario_words(id), words);
        }
    }
}
