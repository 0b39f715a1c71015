//! Sections of the wider region, and documented events.

use super::Validator;
use crate::scenario::error::quoted;
use crate::scenario::raw::{Forced, ForcedKind, SiteKind};
use crate::scenario::tree::Path;
use crate::symbols::families as family;
use crate::symbols::levers::{Kind, Lever};

/// Largest number of hosts a scenario may hold: an event of warnings has one bit for each.
const MANY_HOSTS: usize = 64;

/// The option of `us.administration` that each profile describes.
fn courses() -> &'static [&'static str] {
    match Lever::Administration.row().kind {
        Kind::Choice(options) => options,
        _ => &[],
    }
}

impl Validator<'_> {
    pub(super) fn region(&mut self) {
        self.at_most_one("roadmaps", self.scenario.roadmaps.keys().nth(1));
        self.at_most_one("integrations", self.scenario.integrations.keys().nth(1));
        self.at_most_one("councils", self.scenario.councils.keys().nth(1));
        self.at_most_one("paths", self.scenario.paths.keys().nth(1));
        self.profiles();
        self.hosts();
        self.iran();
        self.processes();
        self.councils();
        let forced = Path::of("forced");
        let scenario = self.scenario;
        let dates: Vec<_> = scenario.forced.iter().map(|event| event.date).collect();
        self.in_order(&forced, &dates);
        for (i, event) in scenario.forced.iter().enumerate() {
            self.forced(&forced.index(i), event);
        }
        self.possible(&forced);
    }

    /// Some processes act once in a scenario.
    fn at_most_one(&mut self, section: &str, second: Option<&String>) {
        if let Some(second) = second {
            let path = Path::of(section).key(second);
            self.complain_of_key(&path, format!("[{section}] holds more than one"), "leave all but one out");
        }
    }

    fn profiles(&mut self) {
        let scenario = self.scenario;
        for (id, profile) in &scenario.profiles {
            let path = Path::of("profiles").key(id);
            if !courses().contains(&id.as_str()) {
                let help = format!("the courses are {}", courses().join(", "));
                self.complain_of_key(&path, format!("there is no course {}", quoted(id)), help);
            }
            self.quantity(&path.key("sanctions"), &profile.sanctions, &family::PROFILE_SANCTIONS);
            self.quantity(&path.key("consent"), &profile.consent, &family::PROFILE_CONSENT);
            self.quantity(&path.key("council_term"), &profile.council_term, &family::PROFILE_COUNCIL);
            self.quantity(&path.key("arms"), &profile.arms, &family::PROFILE_ARMS);
            self.quantity(&path.key("talks"), &profile.talks, &family::PROFILE_TALKS);
        }
        if !scenario.profiles.is_empty() && !self.spoiled.at(&Path::of("profiles")) {
            let missing: Vec<&str> = courses().iter().copied().filter(|c| !self.knows("profiles", c)).collect();
            for course in missing {
                let message = format!("the course {} has no profile", quoted(course));
                self.complain_of_key(&Path::of("profiles"), message, format!("add [profiles.{course}]"));
            }
        }
    }

    fn hosts(&mut self) {
        let scenario = self.scenario;
        if scenario.hosts.len() > MANY_HOSTS && !self.spoiled.at(&Path::of("hosts")) {
            let message = format!(
                "there are {} hosts of bases, of which at most {MANY_HOSTS} can be told apart",
                scenario.hosts.len()
            );
            self.complain_of_key(&Path::of("hosts"), message, "merge hosts, or leave some out");
        }
        for (id, host) in &scenario.hosts {
            let path = Path::of("hosts").key(id);
            self.refer_key(&path, "actors", "actor", id);
            self.refer(&path.key("guest"), "actors", "actor", &host.guest);
            self.refer(&path.key("foe"), "actors", "actor", &host.foe);
            let bases = path.key("bases");
            self.refer_all(&bases, "sites", "site", &host.bases);
            if host.bases.is_empty() && !self.spoiled.within(&bases) {
                self.complain(&bases, "no base is named", "name at least one site of kind `us_base`");
            }
            for (i, base) in host.bases.iter().enumerate() {
                if scenario.sites.get(base).is_some_and(|site| site.kind != SiteKind::UsBase) {
                    let message = format!("{} is not of kind `us_base`", quoted(base));
                    self.complain(&bases.index(i), message, "name a base with US forces");
                }
            }
            self.quantity(&path.key("personnel"), &host.personnel, &family::HOST_PERSONNEL);
            self.quantity(&path.key("permission"), &host.permission, &family::HOST_PERMISSION);
            self.quantity_if_any(&path.key("immunity"), host.immunity.as_ref(), &family::HOST_IMMUNITY);
            self.quantity_if_any(&path.key("fear_response"), host.fear_response.as_ref(), &family::HOST_FEAR);
            self.quantity_if_any(&path.key("fear_lag_days"), host.fear_lag_days.as_ref(), &family::HOST_LAG);
        }
    }

    fn iran(&mut self) {
        let scenario = self.scenario;
        for (id, economy) in &scenario.economies {
            let path = Path::of("economies").key(id);
            self.refer_key(&path, "actors", "actor", id);
            self.quantity(&path.key("oil"), &economy.oil, &family::ECONOMY_OIL);
            self.quantity(&path.key("sanctions"), &economy.sanctions, &family::ECONOMY_SANCTIONS);
            if let Some(front) = &economy.risk_front {
                self.refer(&path.key("risk_front"), "fronts", "front", front);
            }
            if let Some(table) = &economy.relief_table {
                self.refer(&path.key("relief_table"), "tables", "table", table);
            }
        }
        for (id, factions) in &scenario.factions {
            let path = Path::of("factions").key(id);
            self.refer_key(&path, "actors", "actor", id);
            self.quantity(&path.key("reformists"), &factions.reformists, &family::FACTIONS_REFORMISTS);
            self.quantity(&path.key("patience"), &factions.patience, &family::FACTIONS_PATIENCE);
        }
        for (id, programme) in &scenario.programmes {
            let path = Path::of("programmes").key(id);
            self.refer_key(&path, "actors", "actor", id);
            self.quantity(&path.key("stock"), &programme.stock, &family::PROGRAMME_STOCK);
            self.quantity(&path.key("access"), &programme.access, &family::PROGRAMME_ACCESS);
            self.quantity_if_any(&path.key("latent"), programme.latent.as_ref(), &family::PROGRAMME_LATENT);
            self.refer_all(&path.key("sites"), "sites", "site", &programme.sites);
            self.refer_all(&path.key("watched_by"), "actors", "actor", &programme.watched_by);
            if let Some(table) = &programme.table {
                self.refer(&path.key("table"), "tables", "table", table);
            }
        }
        for (id, corridor) in &scenario.corridors {
            let path = Path::of("corridors").key(id);
            self.refer_all(&path.key("supplies"), "actors", "actor", &corridor.supplies);
            self.refer_all(&path.key("sites"), "sites", "site", &corridor.sites);
        }
    }

    fn processes(&mut self) {
        let scenario = self.scenario;
        for (id, roadmap) in &scenario.roadmaps {
            let path = Path::of("roadmaps").key(id);
            self.refer_key(&path, "tables", "table", id);
            self.refer_all(&path.key("halts"), "streams", "stream", &roadmap.halts);
            self.refer_all(&path.key("shields_from"), "streams", "stream", &roadmap.shields_from);
            if let Some(stream) = &roadmap.disturbed_by {
                self.refer(&path.key("disturbed_by"), "streams", "stream", stream);
            }
            for (id, party) in &roadmap.parties {
                let path = path.key("parties").key(id);
                self.quantity(&path.key("benefit"), &party.benefit, &family::ROADMAP_BENEFIT);
                self.quantity(&path.key("war_cost"), &party.war_cost, &family::ROADMAP_WAR_COST);
                self.quantity(&path.key("audience_cost"), &party.audience_cost, &family::ROADMAP_AUDIENCE_COST);
                self.quantity(&path.key("commitment_cost"), &party.commitment_cost, &family::ROADMAP_COMMITMENT_COST);
            }
        }
        for (id, incorporation) in &scenario.incorporations {
            let path = Path::of("incorporations").key(id);
            self.refer_key(&path, "actors", "actor", id);
            self.refer(&path.key("state"), "actors", "actor", &incorporation.state);
            if let Some(partner) = &incorporation.partner {
                self.refer(&path.key("partner"), "actors", "actor", partner);
            }
            self.refer_all(&path.key("outsiders"), "actors", "actor", &incorporation.outsiders);
        }
        for (id, integration) in &scenario.integrations {
            let path = Path::of("integrations").key(id);
            self.refer_key(&path, "actors", "actor", id);
            self.refer(&path.key("group"), "actors", "actor", &integration.group);
            self.quantity(&path.key("share"), &integration.share, &family::INTEGRATION_SHARE);
            self.quantity(&path.key("capacity"), &integration.capacity, &family::INTEGRATION_CAPACITY);
            self.refer_all(&path.key("leaving"), "streams", "stream", &integration.leaving);
            self.refer_all(&path.key("freelance"), "streams", "stream", &integration.freelance);
            self.refer_all(&path.key("attributed"), "streams", "stream", &integration.attributed);
        }
        for (id, gaza) in &scenario.paths {
            let path = Path::of("paths").key(id);
            self.refer_key(&path, "tables", "table", id);
            self.quantity(&path.key("legitimacy"), &gaza.legitimacy, &family::PATH_LEGITIMACY);
            self.refer_all(&path.key("relieves"), "streams", "stream", &gaza.relieves);
            for (key, actor) in [("authority", &gaza.authority), ("group", &gaza.group)] {
                if let Some(actor) = actor {
                    self.refer(&path.key(key), "actors", "actor", actor);
                }
            }
        }
    }

    fn councils(&mut self) {
        let scenario = self.scenario;
        for (id, council) in &scenario.councils {
            let path = Path::of("councils").key(id);
            self.refer_key(&path, "institutions", "institution", id);
            self.refer(&path.key("territory"), "territories", "territory", &council.territory);
            self.quantity(&path.key("isolation"), &council.isolation, &family::COUNCIL_ISOLATION);
            let named = council.assembly_against.len() + council.assembly_abstaining.len();
            if named > 64 || council.assembly_for as usize + named > 193 {
                let message = format!("{named} states named and {} in favour are too many", council.assembly_for);
                self.complain(&path, message, "name at most 64 states; the Assembly has 193 members");
            }
            if council.assembly_for == 0 && !self.spoiled.at(&path.key("assembly_for")) {
                let help = "say how many states voted for the Assembly's last text, and name those that did not";
                self.complain(&path.key("assembly_for"), "nobody votes in the Assembly", help);
            }
            let drafts = path.key("drafts");
            if council.drafts.is_empty() && !self.spoiled.within(&drafts) {
                self.complain(&drafts, "no kind of draft is named", "name at least one");
            }
            for (kind, draft) in &council.drafts {
                let path = drafts.key(kind);
                self.quantity(&path.key("frequency"), &draft.frequency, &family::DRAFT_FREQUENCY);
                let others = draft.against.len() + draft.abstaining.len();
                if others > 14 {
                    let message = format!("{others} other members vote, and the Council has fourteen");
                    self.complain(&path, message, "name each member once, under `against` or `abstaining`");
                }
            }
        }
    }

    /// Whether documented events can have happened one after the other. Until the last of them a table signs and collapses
    /// on these days only, so what is in force is known.
    fn possible(&mut self, list: &Path) {
        let scenario = self.scenario;
        if self.spoiled.within(list) {
            return;
        }
        let mut order: Vec<(usize, &Forced)> = scenario.forced.iter().enumerate().collect();
        order.sort_by_key(|(_, event)| event.date);
        for (n, (i, event)) in order.iter().enumerate() {
            let path = list.index(*i);
            let of_same = |other: &&Forced| {
                let about_table = |kind| matches!(kind, ForcedKind::Signed | ForcedKind::Collapsed);
                let same_kind = other.kind == event.kind || about_table(other.kind) && about_table(event.kind);
                other.id == event.id && same_kind
            };
            let before = order.iter().take(n).rev().map(|(_, other)| *other).find(of_same);
            let said = quoted(&event.id);
            match (event.kind, before) {
                (kind, Some(other)) if (other.kind, other.date) == (kind, event.date) => {
                    self.complain(
                        &path,
                        format!("this event of {said} stands twice on {}", event.date),
                        "keep one of the two",
                    );
                }
                (ForcedKind::CorridorLost, Some(other)) => {
                    let message = format!("{said} was lost already, on {}", other.date);
                    self.complain(&path.key("date"), message, "keep one of the two");
                }
                (ForcedKind::Signed | ForcedKind::Collapsed, Some(other)) if other.date == event.date => {
                    let message = format!("{said} is signed and collapses on one day, {}", event.date);
                    self.complain(&path.key("date"), message, "write another date for one of the two");
                }
                (ForcedKind::Signed, Some(Forced { kind: ForcedKind::Signed, date, .. })) => {
                    let message = format!("{said} is in force already, since {date}");
                    self.complain(&path.key("date"), message, "say in between when it collapsed, or leave this out");
                }
                (ForcedKind::Collapsed, None | Some(Forced { kind: ForcedKind::Collapsed, .. })) => {
                    let message = format!("{said} cannot collapse on {}: nothing is signed that day", event.date);
                    self.complain(&path.key("date"), message, "say before it when it was signed, or leave this out");
                }
                _ => {}
            }
        }
    }

    fn forced(&mut self, path: &Path, event: &Forced) {
        let (section, noun) = match event.kind {
            ForcedKind::Signed | ForcedKind::Collapsed => ("tables", "table"),
            ForcedKind::Blow | ForcedKind::Preventive => ("initiatives", "initiative"),
            ForcedKind::CorridorLost => ("corridors", "corridor"),
        };
        if !self.spoiled.at(&path.key("kind")) {
            self.refer(&path.key("id"), section, noun, &event.id);
        }
        if event.blows.is_some_and(|blows| !(0.0..=30.0).contains(&blows)) {
            self.complain(&path.key("blows"), "no strike is that large", "write between 0 and 30 blows");
        }
        self.within_run(&path.key("date"), event.date, "what came before belongs in the state of the start");
    }
}
