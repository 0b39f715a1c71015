//! What charts of many futures follow, and how it is read off a future.

use super::sitting::Sitting;
use detente_model::scenario::raw::ActorKind;
use detente_model::sim::course::Course;
use detente_model::sim::rules::{Id, Rules};
use detente_model::sim::state::Status;
use detente_study::futures::ensemble::{Origin, Plan};
use serde::{Deserialize, Serialize};

/// A quantity that fans show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Track {
    /// Events of fire a day on one front.
    Fire(usize),
    /// Killed a day, all territories.
    Killed,
    /// Displaced persons, all territories.
    Displaced,
    /// Whether a regional war has begun by then.
    RegionalWar,
    /// Agreements in force.
    Agreements,
    /// Whether the agreement of one table is in force.
    InForce(usize),
    /// Attacks on merchant shipping a day.
    Ships,
    /// Phases of the first roadmap that are done.
    Roadmap,
    /// Share of the first country's armed groups that its army has taken in.
    Integration,
    /// Aid on the first path, trucks a day.
    Aid,
    /// Stages of the first path that are done.
    Path,
    /// Yes share of the assembly's last text.
    Isolation,
    /// Reformists' weight in the first pair of factions.
    Reformists,
    /// Breakout time of the first programme, days.
    Breakout,
    /// Oil exports of the first economy, mb/d.
    Oil,
    /// Fear of war of the hosts of bases, in the mean.
    Fear,
    /// Standing of the first programme's security forum.
    Forum,
    /// Cost of vetoes cast alone that is left, of the modelled member of the first council.
    VetoCost,
    /// Share of armed groups under the political authority of their states, in the mean.
    Incorporated,
    /// Economic activity along the first path.
    Activity,
}

impl Track {
    /// Every track that a scenario has.
    #[must_use]
    pub fn all(rules: &Rules) -> Vec<Self> {
        let mut list: Vec<Self> =
            (0..rules.fronts.len()).filter(|&f| !rules.fronts[f].streams.is_empty()).map(Self::Fire).collect();
        list.extend([Self::Killed, Self::Displaced, Self::RegionalWar, Self::Agreements]);
        list.extend((0..rules.tables.len()).map(Self::InForce));
        let there = [
            (Self::Ships, ships(rules).next().is_none()),
            (Self::Roadmap, rules.roadmaps.is_empty()),
            (Self::Integration, rules.integrations.is_empty()),
            (Self::Aid, rules.paths.is_empty()),
            (Self::Path, rules.paths.is_empty()),
            (Self::Isolation, rules.councils.is_empty()),
            (Self::Reformists, rules.factions.is_empty()),
            (Self::Breakout, rules.programmes.is_empty()),
            (Self::Oil, rules.economies.is_empty()),
            (Self::Fear, rules.hosts.is_empty()),
            (Self::Forum, rules.programmes.is_empty()),
            (Self::VetoCost, rules.councils.is_empty()),
            (Self::Incorporated, rules.incorporations.is_empty()),
            (Self::Activity, rules.paths.is_empty()),
        ];
        list.extend(there.into_iter().filter(|(_, none)| !none).map(|(track, _)| track));
        list
    }

    /// Its id in files and on the command line, like `fire:ISR-LEB` or `killed`.
    #[must_use]
    pub fn id(self, rules: &Rules) -> String {
        let plain = match self {
            Self::Fire(front) => return format!("fire:{}", rules.fronts[front].id.text),
            Self::InForce(table) => return format!("in_force:{}", rules.tables[table].id.text),
            Self::Killed => "killed",
            Self::Displaced => "displaced",
            Self::RegionalWar => "regional_war",
            Self::Agreements => "agreements",
            Self::Ships => "ships",
            Self::Roadmap => "phases",
            Self::Integration => "integrated",
            Self::Aid => "aid",
            Self::Path => "stages",
            Self::Isolation => "isolation",
            Self::Reformists => "reformists",
            Self::Breakout => "breakout",
            Self::Oil => "oil",
            Self::Fear => "fear",
            Self::Forum => "forum",
            Self::VetoCost => "veto_cost",
            Self::Incorporated => "incorporated",
            Self::Activity => "activity",
        };
        plain.to_owned()
    }

    /// Its name.
    #[must_use]
    pub fn name(self, rules: &Rules) -> String {
        let of = |name: &str, actor: Option<usize>| match actor {
            Some(actor) => format!("{name}, {}", rules.actors[actor].name),
            None => name.to_owned(),
        };
        match self {
            Self::Fire(front) => format!("Fire: {}", rules.fronts[front].name),
            Self::Killed => "Killed, all fronts".to_owned(),
            Self::Displaced => "Displaced".to_owned(),
            Self::RegionalWar => "Regional war begun by then".to_owned(),
            Self::Agreements => "Agreements in force".to_owned(),
            Self::InForce(table) => format!("In force: {}", rules.tables[table].name),
            Self::Ships => "Attacks on merchant shipping".to_owned(),
            Self::Roadmap => match rules.roadmaps.first() {
                Some(r) => format!("Phases done: {}", r.name),
                None => "Roadmap".to_owned(),
            },
            Self::Integration => of("Armed groups taken into the army", rules.integrations.first().map(|n| n.actor)),
            Self::Aid => match rules.paths.first() {
                Some(path) => format!("Aid: {}", rules.tables[path.table].name),
                None => "Aid".to_owned(),
            },
            Self::Path => match rules.paths.first() {
                Some(path) => format!("After the truce: {}", rules.tables[path.table].name),
                None => "After the truce".to_owned(),
            },
            Self::Isolation => "General Assembly: in favour of the last text".to_owned(),
            Self::Reformists => of("Reformists' weight", rules.factions.first().map(|f| f.actor)),
            Self::Breakout => of("Breakout time", rules.programmes.first().map(|n| n.actor)),
            Self::Oil => of("Oil exports", rules.economies.first().map(|e| e.actor)),
            Self::Fear => "Fear of war, hosts of bases".to_owned(),
            Self::Forum => "Standing of a security forum".to_owned(),
            Self::VetoCost => "Cost of vetoes cast alone".to_owned(),
            Self::Incorporated => "Armed groups under political authority".to_owned(),
            Self::Activity => match rules.paths.first() {
                Some(path) => format!("Economic activity: {}", rules.tables[path.table].name),
                None => "Economic activity".to_owned(),
            },
        }
    }

    /// Its unit.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Fire(_) => "events a day",
            Self::Killed => "persons a day",
            Self::Displaced => "persons",
            Self::RegionalWar | Self::InForce(_) => "% of futures",
            Self::Agreements => "agreements",
            Self::Ships => "attacks a day",
            Self::Roadmap => "phases of 12",
            Self::Integration | Self::Reformists | Self::Fear | Self::Forum | Self::Incorporated => "%",
            Self::Aid => "trucks a day",
            Self::Path => "stages of 4",
            Self::Isolation => "% of the votes",
            Self::Breakout => "days",
            Self::Oil => "mb/d",
            Self::VetoCost => "yes shares",
            Self::Activity => "times aid under a truce",
        }
    }

    /// Whether a future is either so or not, so that only the share of futures says something: 0 or 100 in each.
    #[must_use]
    pub fn is_share(self) -> bool {
        matches!(self, Self::RegionalWar | Self::InForce(_))
    }

    /// Its past, day by day, from the series of a history.
    #[must_use]
    pub fn past(self, sitting: &Sitting, branch: usize, until: i32) -> Vec<f64> {
        let rules = &sitting.rules;
        let history = &sitting.branches()[branch].history;
        let rows = &history.rows[..history.rows.len().min(until.max(0) as usize)];
        let column = |name: String| sitting.stage().column(&name);
        let first = |quantity: &str, id: Option<&Id>| {
            id.and_then(|id| column(format!("{quantity}.{}", id.text))).into_iter().collect::<Vec<_>>()
        };
        let statuses = |table: usize| first("status", Some(&rules.tables[table].id));
        let columns: Vec<usize> = match self {
            Self::Fire(f) => {
                let streams = rules.fronts[f].streams.iter();
                streams.filter_map(|&s| column(format!("events.{}", rules.streams[s].id.text))).collect()
            }
            Self::Ships => {
                ships(rules).filter_map(|s| column(format!("events.{}", rules.streams[s].id.text))).collect()
            }
            Self::Killed => rules.territories.iter().filter_map(|t| column(format!("killed.{}", t.id.text))).collect(),
            Self::Displaced => {
                rules.territories.iter().filter_map(|t| column(format!("displaced.{}", t.id.text))).collect()
            }
            Self::RegionalWar => {
                let since = history.end().tally.regional_since.unwrap_or(i32::MAX);
                return (0..rows.len() as i32).map(|day| if day >= since { 100.0 } else { 0.0 }).collect();
            }
            Self::Agreements => (0..rules.tables.len()).flat_map(statuses).collect(),
            Self::InForce(table) => statuses(table),
            Self::Roadmap => first("phases", rules.roadmaps.first().map(|r| &r.id)),
            Self::Integration => first("integrated", rules.integrations.first().map(|n| &n.id)),
            Self::Aid => first("aid", rules.paths.first().map(|p| &p.id)),
            Self::Path => first("stages", rules.paths.first().map(|p| &p.id)),
            Self::Isolation => first("isolation", rules.councils.first().map(|c| &c.id)),
            Self::Reformists => first("reformists", rules.factions.first().map(|f| &f.id)),
            Self::Breakout => first("breakout", rules.programmes.first().map(|n| &n.id)),
            Self::Oil => first("oil", rules.economies.first().map(|e| &e.id)),
            Self::Fear => rules.hosts.iter().filter_map(|h| column(format!("fear.{}", h.id.text))).collect(),
            Self::Forum => first("forum", rules.programmes.first().map(|n| &n.id)),
            Self::VetoCost => first("veto_cost", rules.councils.first().map(|c| &c.id)),
            Self::Incorporated => {
                rules.incorporations.iter().filter_map(|n| column(format!("incorporated.{}", n.id.text))).collect()
            }
            Self::Activity => first("activity", rules.paths.first().map(|p| &p.id)),
        };
        let of = if matches!(self, Self::Fear | Self::Incorporated) { columns.len().max(1) as f64 } else { 1.0 };
        let in_force = f64::from(Status::InForce as u8);
        let value = |value: f64| match self {
            Self::Agreements => f64::from(u8::from(value.to_bits() == in_force.to_bits())),
            Self::InForce(_) => 100.0 * f64::from(u8::from(value.to_bits() == in_force.to_bits())),
            Self::Integration | Self::Isolation | Self::Reformists | Self::Forum => 100.0 * value,
            Self::Fear | Self::Incorporated => 100.0 * value / of,
            _ => value,
        };
        let sum = |row: &[f64]| columns.iter().map(|&c| value(row[c])).sum::<f64>();
        let mut values: Vec<f64> = rows.iter().map(|row| sum(row)).collect();
        if self == Self::Killed {
            // The series count from the start.
            for day in (1..values.len()).rev() {
                values[day] -= values[day - 1];
            }
        }
        values
    }
}

/// Streams of fire at merchant shipping.
pub(super) fn ships(rules: &Rules) -> impl Iterator<Item = usize> + '_ {
    (0..rules.streams.len()).filter(|&s| rules.actors[rules.streams[s].target].kind == ActorKind::Shipping)
}

/// The mean of some numbers; 0 of none.
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len().max(1) as f64;
    values.sum::<f64>() / n
}

/// Reads samples from a world, day counts as rates since the sample before.
#[derive(Default)]
pub(super) struct Sampler {
    events: Vec<u64>,
    killed: u64,
    fresh: bool,
}

impl Sampler {
    pub(super) fn begin(&mut self, plan: &Plan) {
        self.fresh = true;
        if let Some(Origin::One(from) | Origin::Numbers(from, _)) = &plan.from {
            self.fresh = false;
            self.events.clone_from(&from.tally.events);
            self.killed = from.columns.territories.iter().map(|t| u64::from(t.killed)).sum();
        }
    }

    pub(super) fn sample(&mut self, rules: &Rules, course: &Course, tracks: &[Track], days: u32, into: &mut Vec<f32>) {
        let events = &course.tally().events;
        if self.fresh {
            (self.events, self.killed, self.fresh) = (vec![0; events.len()], 0, false);
        }
        let c = course.columns();
        let killed: u64 = c.territories.iter().map(|t| u64::from(t.killed)).sum();
        let since = |s: usize| events[s] - self.events[s];
        let a_day = |count: u64| count as f64 / f64::from(days);
        let percent = |share: f64| 100.0 * share;
        let whether = |so: bool| if so { 100.0 } else { 0.0 };
        for track in tracks {
            let value = match *track {
                Track::Fire(front) => a_day(rules.fronts[front].streams.iter().map(|&s| since(s)).sum()),
                Track::Ships => a_day(ships(rules).map(since).sum()),
                Track::Killed => a_day(killed - self.killed),
                Track::Displaced => c.territories.iter().map(|t| t.displaced).sum(),
                Track::RegionalWar => whether(course.tally().regional_since.is_some()),
                Track::Agreements => c.agreements.iter().filter(|a| a.in_force()).count() as f64,
                Track::InForce(table) => whether(c.agreements[table].in_force()),
                Track::Roadmap => c.roadmaps.first().map_or(0.0, |r| r.phases),
                Track::Integration => percent(c.integrations.first().map_or(0.0, |n| n.share)),
                Track::Aid => c.paths.first().map_or(0.0, |p| p.aid),
                Track::Path => c.paths.first().map_or(0.0, |p| f64::from(p.stages())),
                Track::Isolation => percent(c.councils.first().map_or(0.0, |council| council.isolation)),
                Track::Reformists => percent(c.factions.first().map_or(0.0, |f| f.reformists)),
                Track::Breakout => c.programmes.first().map_or(0.0, |n| n.breakout_days),
                Track::Oil => c.economies.first().map_or(0.0, |e| e.oil),
                Track::Fear => percent(mean(c.hosts.iter().map(|h| h.fear))),
                Track::Forum => percent(c.programmes.first().map_or(0.0, |n| n.forum)),
                Track::VetoCost => c.councils.first().map_or(0.0, |council| council.veto_cost[0]),
                Track::Incorporated => percent(mean(c.incorporations.iter().map(|n| n.share))),
                Track::Activity => c.paths.first().map_or(0.0, |p| p.activity),
            };
            into.push(value as f32);
        }
        self.events.clone_from(events);
        self.killed = killed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::symbols::levers::Lever;

    /// What a lever switches on has a chart, and on every evening the chart of the past says what a sample of that evening does.
    #[test]
    fn charts_of_what_levers_switch_on_say_the_same_of_past_and_futures() {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 3);
        let on = [
            (Lever::FearOfWar, 1.0),
            (Lever::CouncilConsequences, 1.0),
            (Lever::StatesIncorporation, 1.0),
            (Lever::ZoneTalks, 1.0),
            (Lever::PalestineTrade, 1.0),
        ];
        s.set_levers(&on).unwrap();
        s.go_to(300);
        let tracks = [Track::Fear, Track::Forum, Track::VetoCost, Track::Incorporated, Track::Activity];
        assert!(tracks.iter().all(|track| Track::all(&s.rules).contains(track)));
        let past = tracks.map(|track| track.past(&s, s.current(), 300));
        let mut course: Course = Course::new(&s.rules, s.fate(), s.branch().changes.clone());
        let (mut sampler, mut moved) = (Sampler::default(), [false; 5]);
        sampler.begin(&Plan { seed: 3, days: 300, prior: false, log: Vec::new(), from: None });
        for day in 0..300 {
            course.step();
            let mut sample = Vec::new();
            sampler.sample(&s.rules, &course, &tracks, 1, &mut sample);
            for (i, (past, now)) in past.iter().zip(&sample).enumerate() {
                assert!(
                    (past[day] - f64::from(*now)).abs() < 1e-3,
                    "{:?} on day {day}: {} and {now}",
                    tracks[i],
                    past[day]
                );
                moved[i] |= (past[day] - past[0]).abs() > 1e-6;
            }
        }
        assert_eq!(moved, [true; 5], "a chart that never moves shows nothing");
    }
}
