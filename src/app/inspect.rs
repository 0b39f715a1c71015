//! Inspect: one actor, front, site or mission closely: its series now and over the last months, and its last events.

use super::act::Act;
use super::draw::{bold, capital, clipped, figure, line, narrow, quiet, short, strong};
use super::look::{Look, faint};
use super::map::Pick;
use crate::record::event::Event;
use crate::record::recorder::EventId;
use crate::record::say::sentence;
use crate::session::Sitting;
use bevy_egui::egui::{self, Align2, CursorIcon, Rect, RichText, ScrollArea, Sense, Shape, Stroke, Ui, pos2, vec2};

/// Days of the past that a small line shows.
const DAYS: usize = 120;

/// A quantity's name with a capital.
fn words(quantity: &str) -> String {
    capital(plain(quantity))
}

/// A quantity's name in words; the series' own name where there are none.
fn plain(quantity: &str) -> &str {
    match quantity {
        "events" => "events of fire",
        "deaths" => "killed by it",
        "mean" => "expected events",
        "excitation" => "excitation by recent fire",
        "level" => "escalation level",
        "ledger" => "unanswered harm, own count",
        "ledger_other_count" => "the other side's count of it",
        "owed" => "an answer is owed",
        "war" => "daily exchanges",
        "exchange_gain" => "exchange gain G",
        "resolve" => "reputation for resolve",
        "opinion" => "support at home for going on",
        "munitions" => "rounds in store",
        "launchers" => "launchers",
        "interceptors" => "interceptors",
        "air_defence" => "air defence",
        "shield" => "partner shield",
        "decapitation" => "leadership lost",
        "threat" => "threat perceived",
        "status" => "table",
        "age" => "days in force",
        "collapse_chance" => "daily chance of collapse",
        "channel" => "channel",
        "peacekeepers" => "peacekeepers' strength",
        "national_troops" => "national troops",
        "withdrawal" => "withdrawal done",
        "displaced" => "displaced",
        "killed" => "killed since the start",
        "permission" => "permission to use bases",
        "threatened" => "warned",
        "exposure" => "chance of a base being struck in 30 days",
        "sanctions" => "sanctions pressure",
        "oil" => "oil exports",
        "revenue" => "revenue",
        "stress" => "economic stress",
        "funding" => "funding of aligned groups",
        "corridor_open" => "corridor open",
        "reformists" => "reformists' weight",
        "patience" => "the leader's patience",
        "unrest" => "unrest",
        "enriched" => "60 % uranium",
        "breakout" => "breakout time",
        "access" => "inspectors' access",
        "pace" => "pace of enrichment",
        "weaponising" => "decided to weaponise (hidden)",
        "zone" => "zone talks",
        "phases" => "phases of the roadmap",
        "suspended" => "suspended",
        "integrated" => "groups integrated",
        "coalition_exit" => "coalition's exit",
        "isolation" => "yes share in the Assembly",
        "aid" => "aid",
        "stages" => "stages of the path",
        other => other,
    }
}

/// An id under which series stand, and what their names are preceded by; nothing for the thing itself.
type Under = (String, String);

/// Title of a thing, what it is, and under which ids its series stand.
fn about(sitting: &Sitting, pick: Pick) -> (String, String, Vec<Under>) {
    let rules = &sitting.rules;
    let itself = |id: &str| (id.to_owned(), String::new());
    let ledger = |l: usize| {
        let ledger = &rules.ledgers[l];
        let [holder, against] = [ledger.holder, ledger.against].map(|a| &rules.actors[a].name);
        (ledger.id.text.clone(), format!("{holder} on {against}: "))
    };
    let stream = |s: usize| {
        let stream = &rules.streams[s];
        (stream.id.text.clone(), format!("{}: ", stream.id.text.replace('>', " on ")))
    };
    let territory = |t: usize| (rules.territories[t].id.text.clone(), format!("{}: ", rules.territories[t].name));
    match pick {
        Pick::Actor(a) => {
            let actor = &rules.actors[a];
            let mut ids = vec![itself(&actor.id.text)];
            ids.extend(actor.ledgers.iter().map(|&l| ledger(l)));
            ids.extend(actor.territories.iter().map(|&t| territory(t)));
            ids.extend(actor.threats.iter().map(|&t| {
                let t = &rules.threats[t];
                let [holder, from] = [t.holder, t.from].map(|a| &rules.actors[a]);
                (format!("{}/{}", holder.id.text, from.id.text), format!("{}: ", from.name))
            }));
            ids.extend(rules.hosts.iter().filter(|h| h.actor == a).map(|h| (h.id.text.clone(), "Host: ".to_owned())));
            ids.extend(actor.streams.iter().map(|&s| stream(s)));
            // A territory may bear its actor's id.
            let mut known = std::collections::BTreeSet::new();
            ids.retain(|(id, _)| known.insert(id.clone()));
            let kind = if actor.kind == crate::scenario::raw::ActorKind::Group { "armed group" } else { "state" };
            (actor.name.clone(), kind.to_owned(), ids)
        }
        Pick::Front(f) => {
            let front = &rules.fronts[f];
            let mut ids = vec![itself(&front.id.text)];
            ids.extend(front.table.map(|t| (rules.tables[t].id.text.clone(), "Table: ".to_owned())));
            ids.extend(front.streams.iter().map(|&s| stream(s)));
            ids.extend(front.ledgers.iter().map(|&l| ledger(l)));
            ids.extend((0..rules.territories.len()).filter(|&t| rules.territories[t].front == f).map(territory));
            let mut known = std::collections::BTreeSet::new();
            ids.retain(|(id, _)| known.insert(id.clone()));
            (front.name.clone(), "front".to_owned(), ids)
        }
        Pick::Site(s) => {
            let site = &rules.frame.sites[s];
            let raw = sitting.loaded.scenario.sites.get(&site.id.text);
            let owner = raw.map(|r| r.owner.clone()).unwrap_or_default();
            let name = rules.actor(&owner).map_or(owner.clone(), |a| rules.actors[a].name.clone());
            let kind = format!("{:?}", site.kind);
            let kind = match kind.as_str() {
                "UsBase" => "base with US forces".to_owned(),
                "LaunchArea" => "launch area".to_owned(),
                "Unifil" => "UN position".to_owned(),
                other => other.to_lowercase(),
            };
            (site.name.clone(), format!("{kind} · {name}"), vec![itself(&owner)])
        }
        Pick::Mission(m) => {
            let mission = &rules.missions[m];
            let mut ids = vec![itself(&mission.id.text)];
            ids.extend(mission.table.map(|t| (rules.tables[t].id.text.clone(), "Table: ".to_owned())));
            (mission.name.clone(), "mission".to_owned(), ids)
        }
        Pick::Event(_) => (String::new(), String::new(), Vec::new()),
    }
}

/// The whole panel.
pub fn inspect_ui(ui: &mut Ui, sitting: &Sitting, pick: Option<Pick>, look: &Look, acts: &mut Vec<Act>) {
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("inspect").show(ui, |ui| {
        choose(ui, sitting, pick, look, acts);
        let Some(pick) = pick else {
            ui.add_space(10.0);
            ui.label(strong("Click anything on the map."));
            ui.add(
                egui::Label::new(quiet(
                    "Actors, fronts, bases, peacekeepers: their numbers stand here, with their last months and events.",
                    look,
                ))
                .wrap(),
            );
            return;
        };
        let (title, kind, ids) = about(sitting, pick);
        ui.add_space(4.0);
        ui.add(egui::Label::new(RichText::new(title).font(figure())).wrap());
        ui.label(quiet(kind, look));
        if let Pick::Site(s) = pick {
            let state = sitting.now().columns.sites.get(s);
            let damage = state.map_or(0.0, |state| {
                let age = f64::from(sitting.today() - state.noted).max(0.0);
                state.damage * libm::exp2(-age / 182.5)
            });
            let words = if damage < 0.005 { "none".to_owned() } else { format!("{:.0} %", damage * 100.0) };
            line(ui, ("Damage", narrow(), look.ink), (&words, bold(), look.ink));
        }
        ui.add_space(4.0);
        let row = sitting.stage().row(&sitting.rules, sitting.now());
        for (id, before) in &ids {
            for (c, column) in sitting.stage().columns().iter().enumerate() {
                let Some((quantity, of)) = column.name.split_once('.') else { continue };
                if of == id {
                    let name = if before.is_empty() { words(quantity) } else { format!("{before}{}", plain(quantity)) };
                    series(ui, sitting, &name, column.unit, c, row[c], look);
                }
            }
        }
        events(ui, sitting, pick, look, acts);
    });
}

/// A menu of everything that can be inspected, for the keyboard.
fn choose(ui: &mut Ui, sitting: &Sitting, pick: Option<Pick>, look: &Look, acts: &mut Vec<Act>) {
    let rules = &sitting.rules;
    let text = pick.map_or_else(|| "Choose what to look at".to_owned(), |pick| about(sitting, pick).0);
    egui::ComboBox::from_id_salt("inspect what")
        .width(ui.available_width() - 8.0)
        .truncate()
        .selected_text(text)
        .show_ui(ui, |ui| {
            let mut item = |ui: &mut Ui, name: &str, it: Pick| {
                if ui.selectable_label(pick == Some(it), name).clicked() {
                    acts.push(Act::Inspect(it));
                }
            };
            ui.label(quiet("Actors", look));
            for (i, a) in rules.actors.iter().enumerate() {
                item(ui, &a.name, Pick::Actor(i));
            }
            ui.label(quiet("Fronts", look));
            for (i, f) in rules.fronts.iter().enumerate() {
                item(ui, &f.name, Pick::Front(i));
            }
            ui.label(quiet("Missions", look));
            for (i, m) in rules.missions.iter().enumerate() {
                item(ui, &m.name, Pick::Mission(i));
            }
            ui.label(quiet("Sites", look));
            for (i, s) in rules.frame.sites.iter().enumerate() {
                item(ui, &s.name, Pick::Site(i));
            }
        });
}

fn series(ui: &mut Ui, sitting: &Sitting, name: &str, unit: &str, column: usize, now: f64, look: &Look) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width() - 8.0, 30.0), Sense::hover());
    let y = rect.center().y;
    let yes = unit == "yes";
    let value = if yes {
        if now > 0.5 { "yes".to_owned() } else { "no".to_owned() }
    } else if unit.starts_with("0 ") {
        let option = unit.split(", ").find_map(|part| part.strip_prefix(&format!("{now:.0} ")));
        option.unwrap_or("?").to_owned()
    } else if now.is_infinite() {
        "no limit".to_owned()
    } else {
        short(now)
    };
    let unit = if yes || unit.starts_with("0 ") || unit == "1" { "" } else { unit };
    let painter = ui.painter();
    let unit = painter.layout_no_wrap(unit.to_owned(), narrow(), look.ink2);
    let value = painter.layout_no_wrap(value, bold(), look.ink);
    let spark =
        Rect::from_min_max(pos2(rect.right() - 92.0, rect.top() + 6.0), pos2(rect.right(), rect.bottom() - 6.0));
    let right = spark.left() - 12.0 - unit.size().x.min(84.0);
    let at = pos2(right - value.size().x - 5.0, y - value.size().y / 2.0);
    let room = at.x - rect.left() - 8.0;
    let label = clipped(ui, name, narrow(), look.ink, room);
    ui.painter().galley(pos2(rect.left(), y - label.size().y / 2.0), label, look.ink);
    ui.painter().galley(at, value, look.ink);
    let words = clipped(ui, unit.text(), narrow(), look.ink2, 84.0);
    ui.painter().galley(pos2(right, y - words.size().y / 2.0), words, look.ink2);
    let to = sitting.today().max(0) as usize;
    let rows = &sitting.branch().history.rows;
    let rows = &rows[to.saturating_sub(DAYS)..to.min(rows.len())];
    let finite = rows.iter().map(|r| r[column]).filter(|v| v.is_finite());
    let (low, high) = finite.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    ui.painter().hline(spark.x_range(), spark.bottom(), Stroke::new(1.0, look.hairline));
    if rows.len() > 1 && high >= low {
        let span = (high - low).max(1e-9);
        let points = rows.iter().enumerate().map(|(i, r)| {
            let t = (r[column] - low) / span;
            let t = if high - low < 1e-9 { 0.5 } else { t };
            pos2(
                spark.left() + spark.width() * i as f32 / (rows.len() - 1) as f32,
                spark.bottom() - spark.height() * t as f32,
            )
        });
        ui.painter().add(Shape::line(points.collect(), Stroke::new(1.5, look.ink2)));
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, faint(look.hairline, 0.6)));
    response.on_hover_text(format!(
        "{name}: the last {} days; lowest {}, highest {}",
        rows.len(),
        short(low),
        short(high)
    ));
}

fn concerns(sitting: &Sitting, event: &Event, pick: Pick) -> bool {
    if matches!(event, Event::FireDay { .. }) {
        return false;
    }
    let about = event.about(&sitting.rules);
    match pick {
        Pick::Site(s) => about.site == Some(s),
        Pick::Actor(a) => about.actors.contains(&a),
        Pick::Front(f) => about.front == Some(f),
        Pick::Mission(m) => about.table.is_some() && about.table == sitting.rules.missions[m].table,
        Pick::Event(_) => false,
    }
}

fn events(ui: &mut Ui, sitting: &Sitting, pick: Pick, look: &Look, acts: &mut Vec<Act>) {
    let last: Vec<&(EventId, Event)> =
        sitting.past().iter().rev().filter(|(_, event)| concerns(sitting, event, pick)).take(8).collect();
    if last.is_empty() {
        return;
    }
    ui.add_space(8.0);
    ui.label(strong("Its last events"));
    for (id, event) in last {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width() - 8.0, 24.0), Sense::click());
        if response.hovered() {
            ui.painter().rect_filled(rect, 3.0, look.raised);
        }
        let text = sentence(&sitting.rules, event);
        ui.painter().text(
            pos2(rect.left() + 30.0, rect.center().y),
            Align2::RIGHT_CENTER,
            id.day.to_string(),
            narrow(),
            look.ink2,
        );
        let words = clipped(ui, &text, narrow(), look.ink, rect.width() - 40.0);
        ui.painter().galley(pos2(rect.left() + 38.0, rect.center().y - words.size().y / 2.0), words, look.ink);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &text));
        if response.on_hover_text(&text).on_hover_cursor(CursorIcon::PointingHand).clicked() {
            acts.push(Act::Explain(*id));
        }
    }
}
