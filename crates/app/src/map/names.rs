//! Names of countries, waters and disputed areas.

use super::labels::{Label, Style};
use super::plates::Favoured;
use super::sheet::{LOCAL_FROM, Pane, Sheet};

/// Countries, waters and disputed areas, with the zoom from which and to which they are named.
pub(super) const NAMES: [(&str, f64, f64, Style, f64, f64); 34] = [
    ("Turkey", 34.6, 37.6, Style::Country, 0.0, 4.0),
    ("Syria", 38.6, 35.2, Style::Country, 0.0, 6.0),
    ("Iraq", 43.4, 31.6, Style::Country, 0.0, 6.0),
    ("Iran", 53.4, 31.7, Style::Country, 0.0, 6.0),
    ("Israel", 34.86, 30.95, Style::Country, 1.9, 14.0),
    ("Lebanon", 35.95, 34.05, Style::Country, 2.6, 20.0),
    ("Jordan", 36.9, 30.9, Style::Country, 0.0, 8.0),
    ("Egypt", 32.5, 26.6, Style::Country, 0.0, 8.0),
    ("Saudi Arabia", 44.9, 23.3, Style::Country, 0.0, 5.0),
    ("Yemen", 47.2, 15.9, Style::Country, 0.0, 6.0),
    ("Oman", 56.5, 20.8, Style::Country, 0.0, 6.0),
    ("United Arab Emirates", 54.2, 23.5, Style::Country, 1.9, 8.0),
    ("Qatar", 51.2, 25.5, Style::Country, 3.4, 12.0),
    ("Kuwait", 47.7, 29.5, Style::Country, 2.4, 12.0),
    ("Bahrain", 50.55, 26.08, Style::Country, 6.0, 30.0),
    ("Sudan", 33.0, 19.0, Style::Country, 0.0, 6.0),
    ("Eritrea", 38.4, 16.0, Style::Country, 1.2, 6.0),
    ("Ethiopia", 39.2, 12.6, Style::Country, 0.9, 6.0),
    ("Djibouti", 42.6, 11.7, Style::Country, 2.2, 12.0),
    ("Somalia", 47.2, 10.5, Style::Country, 0.9, 6.0),
    ("Afghanistan", 63.0, 33.5, Style::Country, 0.9, 6.0),
    ("Pakistan", 64.0, 28.0, Style::Country, 0.9, 6.0),
    ("Turkmenistan", 59.0, 39.3, Style::Country, 0.9, 6.0),
    ("Azerbaijan", 47.8, 40.4, Style::Country, 1.4, 6.0),
    ("Armenia", 44.9, 40.3, Style::Country, 1.8, 6.0),
    ("Cyprus", 33.1, 35.05, Style::Country, 2.2, 12.0),
    ("West Bank", 35.32, 31.98, Style::Quiet, 6.0, 60.0),
    ("Golan Heights (disputed)", 35.78, 33.0, Style::Quiet, 9.0, 90.0),
    ("Mediterranean", 32.16, 33.0, Style::Water, 0.0, 20.0),
    ("Red Sea", 37.6, 21.2, Style::Water, 0.0, 8.0),
    ("The Gulf", 51.5, 27.4, Style::Water, 0.0, 8.0),
    ("Gulf of Aden", 48.0, 12.2, Style::Water, 0.0, 8.0),
    ("Arabian Sea", 60.5, 19.0, Style::Water, 0.0, 8.0),
    ("Caspian Sea", 51.0, 39.4, Style::Water, 0.0, 8.0),
];

/// Countries of actors: on the map of the region their names come before the plates of the fronts, which find other room.
const ACTORS: [&str; 9] = ["Israel", "Lebanon", "Syria", "Jordan", "Iraq", "Iran", "Saudi Arabia", "Yemen", "Egypt"];
/// Where else on its land a country is named when its first place is out of sight, as on a narrow map.
const ELSEWHERE: [(&str, f64, f64); 1] = [("Iran", 48.9, 32.6)];
/// Where narrow countries have a coast from which their name can be read at sea: name, longitude, latitude. Their capitals have the sea
/// between.
const COASTS: [(&str, f64, f64); 2] = [("Israel", 34.98, 32.75), ("Lebanon", 35.97, 34.66)];

/// Importance of what comes before the plates of the fronts: names from the sea, which have one side only, then capitals (in
/// [`super::marks`]), then countries.
const FROM_THE_SEA: f32 = 170.0;
const ACTOR: f32 = 150.0;

/// Asks for the names of countries and waters.
pub(super) fn draw(sheet: &mut Sheet<'_>) {
    let zoom = sheet.zoom();
    for (name, lon, lat, style, from, to) in NAMES {
        let first = sheet.lens.place(lon, lat);
        let other = ELSEWHERE.iter().find(|(other, ..)| *other == name && !sheet.lens.shows(first, -20.0));
        let at = other.map_or(first, |(_, lon, lat)| sheet.lens.place(*lon, *lat));
        // Narrow countries are named from the sea abreast of them, tied by a line to their coast, where they are too small for
        // their own name. A name never stands on a neighbour's land: where there is no room at sea there is none.
        let coast = COASTS.iter().find(|coast| coast.0 == name).map(|(_, lon, lat)| sheet.lens.place(*lon, *lat));
        if let Some(coast) = coast.filter(|coast| zoom < from && zoom > 0.7 && sheet.lens.shows(*coast, 0.0)) {
            let mut label = Label::beside(name, style, coast, 1.0, FROM_THE_SEA);
            label.far = Some(Favoured::West);
            sheet.say(label);
            continue;
        }
        if zoom < from || zoom > to || !sheet.lens.shows(at, 0.0) {
            continue;
        }
        let priority = match style {
            Style::Quiet => 59.0,
            // It has one place only, between the names of two coasts.
            _ if sheet.pane == Pane::Region && name == "Mediterranean" => FROM_THE_SEA + 1.0,
            _ if sheet.pane == Pane::Region && ACTORS.contains(&name) => ACTOR,
            _ => 48.0,
        };
        if let Some((first, rest)) = name.split_once(" (") {
            // One label in two lines: a claim never stands without what it is about.
            sheet.name(Label::beside(format!("{first}\n({rest}"), style, at, -1.0, priority), first, LOCAL_FROM);
        } else {
            let from = if style == Style::Country { 0.0 } else { LOCAL_FROM };
            sheet.name(Label::beside(name, style, at, -1.0, priority), name, from);
        }
    }
    if sheet.pane == Pane::South {
        let blue = sheet.lens.place(35.26, 33.06);
        let mut label = Label::beside("Blue Line", Style::Bold, blue, -1.0, 66.0);
        label.color = Some(sheet.look.un);
        sheet.say(label);
        let litani = Label::beside("Litani", Style::Water, sheet.lens.place(35.33, 33.345), -1.0, 57.0);
        sheet.name(litani, "Litani", 0.0);
    }
}
