//! What the map asks of a scene: places, colours, sums of fire.

use super::project::{Plane, mercator};
use super::scene::Scene;
use crate::look::Look;
use bevy_egui::egui::Color32;
use detente_model::record::recorder::EventId;
use detente_model::scenario::raw::{LadderRule, Side, Site};
use detente_model::sim::event::Event;
use detente_model::sim::state::Strike;

/// Days over which fire is counted.
pub(super) const FIRE_DAYS: i32 = 30;

/// A scene with its places looked up.
pub(super) struct Facts<'a> {
    /// The scene.
    pub scene: &'a Scene<'a>,
    /// Sites in order of ids, as in the rules.
    pub sites: Vec<(&'a str, &'a Site, Plane)>,
    /// Where an actor's marker stands.
    pub homes: Vec<Option<Plane>>,
    /// Events of each stream in the last 30 days, as far as they were played.
    pub fire: Vec<f64>,
    /// The same with the days before the start at the scenario's own rates: a war that is under way on day 0 is drawn as one.
    pub pace: Vec<f64>,
}

impl<'a> Facts<'a> {
    /// Looks a scene up.
    pub fn of(scene: &'a Scene<'a>) -> Self {
        let place = |site: &Site| mercator(site.lon, site.lat);
        let sites: Vec<_> = scene.scenario.sites.iter().map(|(id, s)| (id.as_str(), s, place(s))).collect();
        let homes = scene.rules.actors.iter().map(|actor| {
            let site = scene.scenario.actors.get(&actor.id.text)?.site.as_ref()?;
            // A marker on Jerusalem would look like a capital's: it stands south-west of it.
            if site == "jerusalem" {
                return Some(mercator(34.87, 31.2));
            }
            scene.scenario.sites.get(site).map(place)
        });
        let homes = homes.collect();
        let rows = &scene.history.rows;
        let to = (scene.today.max(0) as usize).min(rows.len());
        let from = to.saturating_sub(FIRE_DAYS as usize);
        let fire = scene.rules.streams.iter().map(|stream| {
            let column = scene.stage.column(&format!("events.{}", stream.id.text));
            column.map_or(0.0, |c| rows[from..to].iter().map(|row| row[c]).sum())
        });
        let fire: Vec<f64> = fire.collect();
        let before = f64::from(FIRE_DAYS) - (to - from) as f64;
        let rate = |stream: usize| scene.rules.streams[stream].start_excitation;
        let pace = fire.iter().enumerate().map(|(i, events)| events + before * rate(i)).collect();
        Self { scene, sites, homes, fire, pace }
    }

    /// Over what [`Facts::fire`] was counted, in words.
    pub fn counted(&self) -> String {
        match self.scene.today {
            1 => "on the first day".to_owned(),
            days => format!("in {} days", days.clamp(0, FIRE_DAYS)),
        }
    }

    /// A series this evening.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.scene.row.get(self.scene.stage.column(name)?).copied()
    }

    /// The same without the user's policy.
    pub fn unchanged(&self, name: &str) -> Option<f64> {
        self.scene.unchanged.get(self.scene.stage.column(name)?).copied()
    }

    /// A series on the evening before.
    pub fn before(&self, name: &str) -> Option<f64> {
        let day = self.scene.today - 2;
        let row = self.scene.history.rows.get(usize::try_from(day).ok()?)?;
        row.get(self.scene.stage.column(name)?).copied()
    }

    /// A site by id.
    pub fn site(&self, id: &str) -> Option<Plane> {
        self.sites.binary_search_by(|(other, _, _)| (*other).cmp(id)).ok().map(|i| self.sites[i].2)
    }

    /// An actor by id.
    pub fn actor(&self, id: &str) -> Option<usize> {
        self.scene.rules.actor(id)
    }

    /// Colour of an actor.
    pub fn color(&self, actor: usize, look: &Look) -> Color32 {
        let id = self.scene.rules.actors.get(actor).map_or("", |a| a.id.text.as_str());
        match self.scene.scenario.actors.get(id).map_or(Side::Other, |a| a.side) {
            Side::Israel => look.israel,
            Side::UnitedStates => look.united_states,
            Side::Iran => look.iran,
            Side::Aligned => look.aligned,
            Side::Un => look.un,
            Side::Other => look.other,
        }
    }

    /// Strategic strikes of the last `days` days, oldest first.
    pub fn strikes(&self, days: i32) -> impl Iterator<Item = (EventId, &'a Strike)> {
        let history = self.scene.history;
        let from = history.events.partition_point(|(id, _)| id.day < self.scene.today - days);
        let to = history.events.partition_point(|(id, _)| id.day < self.scene.today);
        history.events[from.min(to)..to].iter().filter_map(|(id, event)| match event {
            Event::Struck(strike) => Some((*id, strike)),
            _ => None,
        })
    }

    /// Fire of actors on a front in the last 30 days, those before the start at the scenario's rates: events, and for a front of direct exchange the strikes that fell
    /// on it, a score of missiles counting as one event more.
    pub fn fire_of(&self, front: usize, actors: &[usize]) -> f64 {
        let rules = self.scene.rules;
        let rule = &rules.fronts[front];
        let routine: f64 =
            rule.streams.iter().filter(|&&s| actors.contains(&rules.streams[s].attacker)).map(|&s| self.pace[s]).sum();
        if rule.ladder != LadderRule::Exchange {
            return routine;
        }
        // Where it fell: a blow at an ally is one on the ally's front.
        let strategic = self.strikes(FIRE_DAYS).filter(|(_, s)| Event::Struck(**s).about(rules).front == Some(front));
        let own = strategic.filter(|(_, s)| actors.contains(&usize::from(s.actor)));
        routine + own.map(|(_, s)| 1.0 + f64::from(s.rounds.iter().sum::<u32>()) / 20.0).sum::<f64>()
    }
}

/// A name without what stands in brackets or after a comma.
pub(super) fn short(name: &str) -> &str {
    name.split([',', '(']).next().unwrap_or(name).trim()
}

/// A share in per cent, with a space before the sign.
pub(super) fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 0.95 { format!("{value:.1} %") } else { format!("{value:.0} %") }
}

/// A count with commas, and a true minus.
pub(super) fn count(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if value <= -0.5 { format!("−{out}") } else { out }
}
