//! What flew on a day: from the strategic strikes of the history, and from the routine fire of its streams. A pure
//! function of the history: the same day always shows the same arcs.

use super::facts::{Facts, count};
use super::project::{Plane, mercator};
use crate::look::Look;
use bevy_egui::egui::Color32;
use detente_model::record::recorder::EventId;
use detente_model::scenario::raw::SiteKind;
use detente_model::sim::event::Event;
use detente_model::sim::state::{Strike, StrikeKind};

/// How something is drawn on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Rocket.
    Rocket,
    /// Drone.
    Drone,
    /// Cruise missile.
    Cruise,
    /// Ballistic missile.
    Ballistic,
    /// Aircraft.
    Aircraft,
    /// A raid on the ground: no arc.
    Raid,
}

/// Something that flew.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Flight {
    /// How it is drawn.
    pub class: Class,
    /// Who fired.
    pub actor: usize,
    /// Where it started; several places for a salvo.
    pub from: Vec<Plane>,
    /// Where it was aimed.
    pub to: Plane,
    /// How many; above [`MANY`] they are one band with a count.
    pub count: u32,
    /// The one count that is written beside it, with its unit; nothing where few flew, or where it is written elsewhere.
    pub said: Option<String>,
    /// Share that was intercepted.
    pub intercepted: f32,
    /// Whether anything hit.
    pub hit: bool,
    /// The event, for a strategic strike.
    pub event: Option<EventId>,
    /// When in the day it starts, 0 to .3.
    pub delay: f32,
}

/// More than this fly as one band.
pub(super) const MANY: u32 = 8;
/// Arcs of one stream's day at most.
const STRANDS: u32 = 4;

/// How the routine fire of a stream is drawn: class, launch sites, targets. A pair of numbers is a place at sea.
const ROUTES: [(&str, Class, &[&str], &[&str]); 15] = [
    ("ISR>HZB", Class::Aircraft, &["ramat_david"], &["nabatieh", "tyre", "bint_jbeil", "khiam", "dahiyeh", "baalbek"]),
    ("HZB>ISR", Class::Rocket, &["litani", "bint_jbeil", "khiam"], &["kiryat_shmona", "nahariya", "safed", "haifa"]),
    (
        "ISR>HAM",
        Class::Aircraft,
        &["tel_nof", "nevatim"],
        &["gaza_city", "jabalia", "deir_balah", "khan_younis", "rafah"],
    ),
    ("HAM>ISR", Class::Rocket, &["khan_younis", "deir_balah", "gaza_city"], &["sderot", "ashkelon"]),
    ("ISR>WBG", Class::Raid, &["jenin"], &["jenin", "tulkarm", "nablus"]),
    ("WBG>ISR", Class::Raid, &["jenin"], &["jenin", "tulkarm", "nablus", "hebron"]),
    ("ISR>SYR", Class::Aircraft, &["ramat_david"], &["damascus", "homs", "masyaf", "qusayr"]),
    ("IRI>ISR", Class::Drone, &["jurf", "anbar"], &["eilat", "haifa"]),
    ("IRI>USA", Class::Drone, &["jurf", "anbar"], &["ain_asad", "tower22", "shaddadi", "erbil"]),
    ("USA>IRI", Class::Aircraft, &["ain_asad"], &["jurf", "al_qaim"]),
    ("HOU>ISR", Class::Ballistic, &["saada", "sanaa_base"], &["eilat", "tel_aviv"]),
    ("HOU>SHIPS", Class::Cruise, &["hodeidah", "ras_isa"], &["42.35 13.75", "42.0 14.5", "43.9 12.25", "41.3 15.7"]),
    ("USA>HOU", Class::Aircraft, &["39.9 17.6"], &["hodeidah", "sanaa_base", "saada", "ras_isa"]),
    ("HOU>KSA", Class::Drone, &["saada"], &["jizan", "khamis_mushait"]),
    ("KSA>HOU", Class::Aircraft, &["khamis_mushait"], &["saada"]),
];

/// Everything that flew on a day. `many_days` adds up the days before it, for high speed.
pub(super) fn of_days(facts: &Facts<'_>, day: i32, many_days: i32) -> Vec<Flight> {
    let mut all = Vec::new();
    for d in (day - many_days + 1).max(0)..=day {
        for (id, event) in facts.scene.history.on(d) {
            if let Event::Struck(strike) = event {
                struck(facts, *id, strike, &mut all);
            }
        }
    }
    for (index, stream) in facts.scene.rules.streams.iter().enumerate() {
        let (Some(events), Some(deaths)) = (
            sum(facts, &format!("events.{}", stream.id.text), day, many_days),
            sum(facts, &format!("deaths.{}", stream.id.text), day, many_days),
        ) else {
            continue;
        };
        if events > 0 {
            routine(facts, index, day, [events, deaths], many_days > 1, &mut all);
        }
    }
    all
}

fn sum(facts: &Facts<'_>, name: &str, day: i32, days: i32) -> Option<u32> {
    let column = facts.scene.stage.column(name)?;
    let rows = &facts.scene.history.rows;
    let to = usize::try_from(day + 1).unwrap_or(0).min(rows.len());
    let from = to.saturating_sub(days as usize);
    Some(rows[from..to].iter().map(|row| row[column]).sum::<f64>() as u32)
}

fn place(facts: &Facts<'_>, name: &str) -> Option<Plane> {
    let at_sea = name.split_once(' ').and_then(|(lon, lat)| Some(mercator(lon.parse().ok()?, lat.parse().ok()?)));
    at_sea.or_else(|| facts.site(name))
}

fn routine(facts: &Facts<'_>, index: usize, day: i32, [events, deaths]: [u32; 2], bundle: bool, all: &mut Vec<Flight>) {
    let stream = &facts.scene.rules.streams[index];
    let known = ROUTES.iter().find(|(id, ..)| *id == stream.id.text);
    let (class, from, to) = match known {
        Some((_, class, from, to)) => {
            let places = |names: &[&str]| names.iter().filter_map(|n| place(facts, n)).collect::<Vec<_>>();
            (*class, places(from), places(to))
        }
        None => (
            Class::Rocket,
            facts.homes[stream.attacker].into_iter().collect(),
            facts.homes[stream.target].into_iter().collect(),
        ),
    };
    if from.is_empty() || to.is_empty() {
        return;
    }
    let strands = if bundle { 1 } else { events.min(STRANDS) };
    for k in 0..strands {
        let dice = scatter(stream.id.hash ^ ((day as u64) << 20) ^ u64::from(k));
        all.push(Flight {
            class,
            actor: stream.attacker,
            from: vec![from[(dice % from.len() as u64) as usize]],
            to: to[(dice >> 16) as usize % to.len()],
            count: if bundle { events } else { 1 },
            said: (bundle && events > MANY).then(|| format!("{} {}", count(f64::from(events)), stream.unit)),
            intercepted: 0.0,
            hit: deaths > k || dice >> 40 & 1 == 0,
            event: None,
            delay: (dice >> 24 & 255) as f32 / 255.0 * 0.3,
        });
    }
}

fn struck(facts: &Facts<'_>, id: EventId, strike: &Strike, all: &mut Vec<Flight>) {
    let rules = facts.scene.rules;
    let actor = usize::from(strike.actor);
    let site = facts.sites.get(usize::from(strike.site)).map(|(_, _, place)| *place);
    let Some(to) = site.or_else(|| facts.homes.get(usize::from(strike.victim)).copied().flatten()) else { return };
    let own = |kind: SiteKind| rules.actors[actor].sites.get(&kind).map_or(&[][..], Vec::as_slice);
    let home = || facts.homes[actor].into_iter().collect::<Vec<_>>();
    // Missiles open a strike as they answer one: from where they are launched.
    let by_missile = matches!(strike.kind, StrikeKind::Salvo | StrikeKind::BaseSalvo) || strike.is_salvo();
    let mut from: Vec<Plane> = if rules.actors[actor].id.text == "USA" {
        // US aircraft are shown from the sea: whether a host's bases serve is a question of its own.
        vec![if to[0] < 45.0 { mercator(39.9, 17.6) } else { mercator(60.5, 22.6) }]
    } else {
        let kinds = if by_missile { SiteKind::LaunchArea } else { SiteKind::Base };
        own(kinds).iter().filter_map(|&s| facts.sites.get(s)).map(|(_, _, place)| *place).collect()
    };
    if from.is_empty() {
        from = home();
    }
    from.retain(|p| libm::hypot(p[0] - to[0], p[1] - to[1]) > 0.05);
    if from.is_empty() {
        return;
    }
    let dice = scatter(u64::from(id.place) << 32 ^ id.day as u64);
    let classes = [Class::Ballistic, Class::Drone, Class::Cruise];
    let fired: u32 = strike.rounds.iter().sum();
    let share = if fired > 0 { strike.intercepted as f32 / fired as f32 } else { 0.0 };
    // A salvo of several classes is one salvo, and is counted once.
    let mut said = rounds_said(strike.rounds);
    let mut fly = |class: Class, count: u32, from: Vec<Plane>| {
        let hit = strike.hits > 0 || fired == 0;
        let said = said.take();
        all.push(Flight { class, actor, from, to, count, said, intercepted: share, hit, event: Some(id), delay: 0.0 });
    };
    if fired == 0 {
        let one = from[dice as usize % from.len()];
        fly(Class::Aircraft, 1, vec![one]);
    }
    for (class, count) in classes.into_iter().zip(strike.rounds) {
        if count > MANY {
            fly(class, count, from.clone());
        } else if count > 0 {
            fly(class, count, from[..from.len().min(count as usize)].to_vec());
        }
    }
}

/// The rounds of a salvo with their unit, if there are many.
fn rounds_said(rounds: [u32; 3]) -> Option<String> {
    let fired: u32 = rounds.iter().sum();
    let classes = [("ballistic", " missiles"), ("drones", ""), ("cruise", " missiles")];
    let there = || rounds.iter().zip(classes).filter(|(n, _)| **n > 0);
    (fired > MANY).then(|| {
        let parts: Vec<String> = there().map(|(n, (class, _))| format!("{} {class}", count(f64::from(*n)))).collect();
        match parts.as_slice() {
            [one] => format!("{one}{}", there().map(|(_, (_, missiles))| missiles).collect::<String>()),
            several => format!("{} rounds: {}", count(f64::from(fired)), several.join(", ")),
        }
    })
}

/// A number that looks like chance and is none.
pub(super) fn scatter(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Colour of who fired.
pub(super) fn color(facts: &Facts<'_>, flight: &Flight, look: &Look) -> Color32 {
    facts.color(flight.actor, look)
}

#[cfg(test)]
mod tests {
    use super::rounds_said;

    #[test]
    fn a_salvo_is_counted_once_with_its_unit() {
        assert_eq!(rounds_said([3, 2, 1]), None);
        assert_eq!(rounds_said([52, 0, 0]).unwrap(), "52 ballistic missiles");
        assert_eq!(rounds_said([0, 20, 0]).unwrap(), "20 drones");
        assert_eq!(rounds_said([180, 20, 8]).unwrap(), "208 rounds: 180 ballistic, 20 drones, 8 cruise");
    }
}
