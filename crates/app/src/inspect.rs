//! Inspect: one actor, front, site or mission closely: its series now and over the last months, and its last events.

use super::act::Act;
use super::draw::{bold, capital, figure, line, narrow, quiet, short, strong};
use super::look::{Look, faint};
use super::map::{Pick, belongs};
use bevy_egui::egui::{self, Align2, CursorIcon, Rect, RichText, ScrollArea, Sense, Shape, Stroke, Ui, pos2, vec2};
use detente_model::record::about::About;
use detente_model::record::recorder::EventId;
use detente_model::record::say::sentence;
use detente_model::scenario::raw::SiteKind;
use detente_model::sim::event::Event;
use detente_model::sim::rules::Rules;
use detente_model::sim::talks::texts::PERMANENT;
use detente_session::Sitting;

/// Days of the past that a small line shows.
const DAYS: usize = 120;

/// Whether a quantity of the daily series has a name in words.
#[must_use]
pub fn has_line(quantity: &str) -> bool {
    named(quantity).is_some()
}

/// A quantity's name with a capital.
fn words(quantity: &str) -> String {
    capital(plain(quantity))
}

/// A quantity's name in words; the series' own name where there are none.
fn plain(quantity: &str) -> &str {
    named(quantity).unwrap_or(quantity)
}

fn named(quantity: &str) -> Option<&'static str> {
    Some(match quantity {
        "events" => "events of fire",
        "deaths" => "killed by it",
        "mean" => "expected events",
        "excitation" => "excitation by recent fire",
        "level" => "escalation level",
        "ledger" => "unanswered harm, own count",
        "ledger_other_count" => "the other side's count of it",
        "owed" => "an answer is owed",
        "war" => "open war",
        "forgone" => "what it let go lately",
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
        "status" => "where the talks stand",
        "age" => "days in force",
        "collapse_chance" => "daily chance of collapse",
        "shaken" => "linked agreements shaken lately",
        "deal_parts" => "parts of the deal in force",
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
        "legitimacy" => "legitimacy of the government",
        "enriched" => "60 % uranium",
        "breakout" => "breakout time",
        "access" => "inspectors' access",
        "pace" => "pace of enrichment",
        "weaponising" => "decided to weaponise (hidden)",
        "zone" => "zone talks",
        "phases" => "phases of the roadmap",
        "roadmap_stage" => "stage of the roadmap",
        "suspended" => "suspended",
        "integrated" => "groups integrated",
        "coalition_exit" => "coalition's exit",
        "isolation" => "yes share in the Assembly",
        "fear" => "fear of war",
        "host_harm" => "harm held against the foe",
        "forum" => "security forum",
        "veto_cost" => "cost of US vetoes cast alone",
        "aid" => "aid",
        "trade" => "trade through the crossings",
        "activity" => "economic activity",
        "governs" => "who governs",
        "standing" => "legitimacy of the authority",
        "seat" => "legitimacy inside the state",
        "incorporated" => "under the state's authority",
        "stages" => "stages of the path",
        _ => return None,
    })
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
            // A council has no place of its own on the map: its figures stand with the member whose vote is modelled.
            if actor.name == PERMANENT[0] {
                ids.extend(rules.councils.iter().map(|c| (c.id.text.clone(), "Council: ".to_owned())));
            }
            ids.extend(rules.hosts.iter().filter(|h| h.actor == a).map(|h| (h.id.text.clone(), "Host: ".to_owned())));
            ids.extend(actor.streams.iter().map(|&s| stream(s)));
            // A territory may bear its actor's id.
            let mut known = std::collections::BTreeSet::new();
            ids.retain(|(id, _)| known.insert(id.clone()));
            let kind =
                if actor.kind == detente_model::scenario::raw::ActorKind::Group { "armed group" } else { "state" };
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
            let scenario = &sitting.loaded.scenario;
            let whose = scenario.sites.get(&site.id.text).and_then(|raw| belongs(scenario, raw));
            let kind = format!("{:?}", site.kind);
            let kind = match kind.as_str() {
                "UsBase" => "base with US forces".to_owned(),
                "LaunchArea" => "launch area".to_owned(),
                "Unifil" => "UN position".to_owned(),
                other => other.to_lowercase(),
            };
            // The figures of its own: those of the state that hosts it, where it is a base; not those of who runs it.
            let host = rules.hosts.iter().find(|host| host.bases.contains(&s));
            let ids = host.map(|h| (h.id.text.clone(), format!("{}: ", rules.actors[h.actor].name)));
            let kind = match (host, whose) {
                (Some(host), _) => format!("{kind} · host: {}", rules.actors[host.actor].name),
                (None, Some((what, whose))) => format!("{kind} · {}: {whose}", what.to_lowercase()),
                (None, None) => kind,
            };
            (site.name.clone(), kind, ids.into_iter().collect())
        }
        Pick::Mission(m) => {
            let mission = &rules.missions[m];
            let mut ids = vec![itself(&mission.id.text)];
            ids.extend(mission.table.map(|t| (rules.tables[t].id.text.clone(), "Table: ".to_owned())));
            // The model has one strength for all of it; whoever clicked a sector is told so.
            (mission.name.clone(), "mission · the mission's strength, not this sector's".to_owned(), ids)
        }
        Pick::Event(_) => (String::new(), String::new(), Vec::new()),
    }
}

/// Strategic strikes on a site so far, and who was killed by them.
fn struck(sitting: &Sitting, site: usize) -> (usize, u64) {
    let on = |event: &Event| match event {
        Event::Struck(strike) if usize::from(strike.site) == site => Some(u64::from(strike.deaths)),
        _ => None,
    };
    let deaths: Vec<u64> = sitting.past().iter().filter_map(|(_, event)| on(event)).collect();
    (deaths.len(), deaths.iter().sum())
}

/// Kinds of sites in the order of the menu.
const KINDS: [(&str, &[SiteKind]); 6] = [
    ("Towns and crossings", &[SiteKind::City, SiteKind::Crossing, SiteKind::Disputed, SiteKind::Area]),
    ("Bases with US forces", &[SiteKind::UsBase]),
    ("Bases and launch areas", &[SiteKind::Base, SiteKind::LaunchArea, SiteKind::Corridor]),
    ("Nuclear sites", &[SiteKind::Nuclear]),
    ("Energy, ports, straits", &[SiteKind::Energy, SiteKind::Port, SiteKind::Strait]),
    ("UN positions and channels", &[SiteKind::Unifil, SiteKind::Channel]),
];

/// The whole panel.
pub fn inspect_ui(ui: &mut Ui, sitting: &Sitting, pick: Option<Pick>, look: &Look, acts: &mut Vec<Act>) {
    super::futures::caveat_of_history(ui, sitting, look);
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
            line(ui, ("Damage since the start", narrow(), look.ink), (&words, bold(), look.ink));
            let (strikes, killed) = struck(sitting, s);
            line(ui, ("Strategic strikes on it so far", narrow(), look.ink), (&strikes.to_string(), bold(), look.ink));
            if strikes > 0 {
                line(ui, ("Killed by them", narrow(), look.ink), (&killed.to_string(), bold(), look.ink));
            }
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
            // Those on a front first, then the others; by name.
            let fights = |a: usize| rules.fronts.iter().any(|f| f.parties.contains(&a));
            let mut actors: Vec<usize> = (0..rules.actors.len()).collect();
            actors.sort_by_key(|&a| (!fights(a), &rules.actors[a].name));
            for i in actors {
                item(ui, &rules.actors[i].name, Pick::Actor(i));
            }
            ui.label(quiet("Fronts", look));
            for (i, f) in rules.fronts.iter().enumerate() {
                item(ui, &f.name, Pick::Front(i));
            }
            ui.label(quiet("Missions", look));
            for (i, m) in rules.missions.iter().enumerate() {
                item(ui, &m.name, Pick::Mission(i));
            }
            for (title, kinds) in KINDS {
                let mut sites: Vec<usize> = (0..rules.frame.sites.len()).collect();
                sites.retain(|&i| kinds.contains(&rules.frame.sites[i].kind));
                sites.sort_by_key(|&i| &rules.frame.sites[i].name);
                ui.label(quiet(title, look));
                for i in sites {
                    item(ui, &rules.frame.sites[i].name, Pick::Site(i));
                }
            }
        });
}

/// A value with its unit as people write it: shares and chances in per cent.
fn said(value: f64, unit: &str) -> (String, String) {
    let percent = |value: f64| match value * 100.0 {
        p if p.abs() > 0.0 && p.abs() < 0.995 => format!("{p:.2}").replace('-', "−"),
        p if p.abs() < 9.95 && (p - p.round()).abs() > 0.05 => format!("{p:.1}").replace('-', "−"),
        p => format!("{p:.0}").replace('-', "−"),
    };
    match unit {
        "yes" => (if value > 0.5 { "yes" } else { "no" }.to_owned(), String::new()),
        "share" => (percent(value), "%".to_owned()),
        "1/day" => (percent(value), "% a day".to_owned()),
        "1/30 days" => (percent(value), "% in 30 days".to_owned()),
        "1" => (short(value), String::new()),
        "level" => (format!("{value:.0}"), "of 6".to_owned()),
        "intensity" | "strength" => (short(value), "of 1".to_owned()),
        "times start" => (short(value), "times the start's".to_owned()),
        "trucks/day" => (short(value), "trucks a day".to_owned()),
        "events/day" => (short(value), "events a day".to_owned()),
        _ if unit.starts_with("0 ") => {
            let option = unit.split(", ").find_map(|part| part.strip_prefix(&format!("{value:.0} ")));
            (option.unwrap_or("?").to_owned(), String::new())
        }
        _ if value.is_infinite() => ("no limit".to_owned(), String::new()),
        _ => (short(value), unit.to_owned()),
    }
}

fn series(ui: &mut Ui, sitting: &Sitting, name: &str, unit: &str, column: usize, now: f64, look: &Look) {
    let (value, words) = said(now, unit);
    let figure = if words.is_empty() { value.clone() } else { format!("{value} {words}") };
    let figure = ui.painter().layout_no_wrap(figure, bold(), look.ink);
    let width = ui.available_width() - 8.0;
    // A name never ends in dots: what it is of stands at its end. It takes a second line, or a third.
    let room = (width - 92.0 - 12.0 - figure.size().x - 10.0).max(80.0);
    let label = ui.painter().layout(name.to_owned(), narrow(), look.ink, room);
    let height = 30.0_f32.max(label.size().y + 10.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, format!("{name}: {value} {words}")));
    let y = rect.center().y;
    let spark = Rect::from_center_size(pos2(rect.right() - 46.0, y), vec2(92.0, 18.0));
    let at = pos2(spark.left() - 12.0 - figure.size().x, y - figure.size().y / 2.0);
    ui.painter().galley(pos2(rect.left(), y - label.size().y / 2.0), label, look.ink);
    ui.painter().galley(at, figure, look.ink);
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
        worded(low, unit),
        worded(high, unit)
    ));
}

/// A value with its unit in one piece.
fn worded(value: f64, unit: &str) -> String {
    let (value, unit) = said(value, unit);
    format!("{value} {unit}").trim_end().to_owned()
}

/// Whether an actor is in an event, `about` being what that is about: a vote of the Council is that of the member whose vote the
/// model decides.
pub(super) fn involves(rules: &Rules, event: &Event, about: &About, actor: usize) -> bool {
    let votes = || matches!(event, Event::CouncilVote { .. }) && rules.actors[actor].name == PERMANENT[0];
    about.actors.contains(&actor) || votes()
}

fn concerns(sitting: &Sitting, event: &Event, pick: Pick) -> bool {
    if matches!(event, Event::FireDay { .. }) {
        return false;
    }
    let about = event.about(&sitting.rules);
    match pick {
        Pick::Site(s) => about.site == Some(s),
        Pick::Actor(a) => involves(&sitting.rules, event, &about, a),
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
        let text = sentence(&sitting.rules, event);
        let width = ui.available_width() - 8.0;
        let words = ui.painter().layout(text.clone(), narrow(), look.ink, width - 40.0);
        let (rect, response) = ui.allocate_exact_size(vec2(width, words.size().y + 6.0), Sense::click());
        if response.hovered() {
            ui.painter().rect_filled(rect, 3.0, look.raised);
        }
        let day = pos2(rect.left() + 30.0, rect.top() + 3.0);
        ui.painter().text(day, Align2::RIGHT_TOP, id.day.to_string(), narrow(), look.ink2);
        ui.painter().galley(rect.min + vec2(38.0, 3.0), words, look.ink);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &text));
        if response.on_hover_text("Why").on_hover_cursor(CursorIcon::PointingHand).clicked() {
            acts.push(Act::Explain(*id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_units_that_people_write() {
        assert_eq!(worded(-0.75, "share"), "−75 %");
        assert_eq!(worded(0.0, "1/day"), "0 % a day");
        assert_eq!(worded(0.0025, "1/day"), "0.25 % a day");
        assert_eq!(worded(0.034, "share"), "3.4 %");
        assert_eq!(worded(5.0, "level"), "5 of 6");
        assert_eq!(worded(2.0, "0 closed, 1 talks, 2 in force, 3 collapsed"), "in force");
        assert_eq!(worded(0.17, "1"), "0.17");
    }

    /// Votes of the Council are among the events of the member that votes, and of nobody else's.
    #[test]
    fn a_veto_is_an_event_of_the_united_states() {
        let mut sitting = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 3);
        sitting.go_to(240);
        let vote = |(_, event): &&(EventId, Event)| matches!(event, Event::CouncilVote { .. });
        let (_, vote) = sitting.past().iter().find(vote).expect("240 days see a vote");
        let of = |id: &str| concerns(&sitting, vote, Pick::Actor(sitting.rules.actor(id).unwrap()));
        assert!(of("USA") && !of("ISR") && !of("IRN"));
    }

    #[test]
    fn a_base_has_its_hosts_figures_and_every_site_is_in_the_menu_once() {
        let sitting = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 7);
        let sites = &sitting.rules.frame.sites;
        let udeid = sites.iter().position(|s| s.id.text == "udeid").unwrap();
        let (_, kind, ids) = about(&sitting, Pick::Site(udeid));
        assert!(kind.contains("host: Qatar"), "{kind}");
        assert!(ids.len() == 1 && sitting.rules.hosts.iter().any(|h| h.id.text == ids[0].0), "{ids:?}");
        let gaza = sites.iter().position(|s| s.id.text == "gaza_city").unwrap();
        assert_eq!(about(&sitting, Pick::Site(gaza)).1, "city");
        for site in sites {
            assert_eq!(KINDS.iter().filter(|(_, kinds)| kinds.contains(&site.kind)).count(), 1, "{}", site.name);
        }
    }
}
