//! Actors, sites, fronts, missions and territories.

use super::{Role, Validator};
use crate::scenario::error::{number, quoted};
use crate::scenario::raw::{Actor, ActorKind};
use crate::scenario::tree::Path;
use crate::symbols::families as family;

/// West, east, south and north edge of the map, degrees.
const MAP: [f64; 4] = [30.0, 66.0, 10.0, 42.0];
/// The id of merchant shipping.
const SHIPS: &str = "SHIPS";
/// Owners of sites that are no actors.
const OTHER_OWNERS: [&str; 3] = ["UN", "DISPUTED", "INTERNATIONAL"];

impl Validator<'_> {
    pub(super) fn world(&mut self) {
        let scenario = self.scenario;
        for (id, actor) in &scenario.actors {
            self.actor(&Path::of("actors").key(id), id, actor);
        }
        for (id, site) in &scenario.sites {
            let path = Path::of("sites").key(id);
            self.coordinate(&path.key("lon"), site.lon, MAP[0], MAP[1]);
            self.coordinate(&path.key("lat"), site.lat, MAP[2], MAP[3]);
            if !OTHER_OWNERS.contains(&site.owner.as_str()) {
                self.refer(&path.key("owner"), "actors", "actor", &site.owner);
            }
        }
        for (id, front) in &scenario.fronts {
            let path = Path::of("fronts").key(id);
            self.refer_all(&path.key("parties"), "actors", "actor", &front.parties);
            self.at_least_two(&path.key("parties"), front.parties.len());
            let Some(table) = &front.table else { continue };
            let table_path = path.key("table");
            self.refer(&table_path, "tables", "table", table);
            let other = scenario.tables.get(table).and_then(|table| table.front.as_ref());
            if let Some(other) = other.filter(|other| *other != id) {
                let message = format!("the table {} would quiet another front, {}", quoted(table), quoted(other));
                self.complain(&table_path, message, "name a table of this front, or mend the table's `front`");
            }
        }
        for (id, mission) in &scenario.missions {
            let path = Path::of("missions").key(id);
            self.refer_all(&path.key("sites"), "sites", "site", &mission.sites);
            self.refer(&path.key("front"), "fronts", "front", &mission.front);
        }
        for (id, territory) in &scenario.territories {
            let path = Path::of("territories").key(id);
            self.refer(&path.key("front"), "fronts", "front", &territory.front);
            self.refer(&path.key("actor"), "actors", "actor", &territory.actor);
            self.quantity(&path.key("exposed"), &territory.exposed, &family::TERRITORY_EXPOSED);
            for (key, quantity, family) in [
                ("exposed_low", &territory.exposed_low, &family::TERRITORY_EXPOSED_LOW),
                ("homes_lost", &territory.homes_lost, &family::TERRITORY_HOMES),
            ] {
                if let Some(quantity) = quantity {
                    self.quantity(&path.key(key), quantity, family);
                }
            }
            self.quantity(&path.key("displaced"), &territory.displaced, &family::TERRITORY_DISPLACED);
            self.quantity(&path.key("return_rate"), &territory.return_rate, &family::TERRITORY_RETURN);
        }
    }

    pub(super) fn at_least_two(&mut self, path: &Path, count: usize) {
        if count < 2 && !self.spoiled.within(path) {
            let named = if count == 0 { "no party is named" } else { "only one party is named" };
            self.complain(path, named, "name at least two");
        }
    }

    fn actor(&mut self, path: &Path, id: &str, actor: &Actor) {
        let shipping = actor.kind == ActorKind::Shipping;
        if id != SHIPS && !(id.len() == 3 && id.bytes().all(|byte| byte.is_ascii_uppercase())) {
            let message = format!("{} is no id of an actor", quoted(id));
            self.complain_of_key(path, message, format!("use three capital letters, or {SHIPS} for merchant shipping"));
        } else if shipping != (id == SHIPS) && !self.spoiled.at(&path.key("kind")) {
            let help = format!("give the id {SHIPS} to merchant shipping, and to nothing else");
            self.complain(&path.key("kind"), format!("the id {SHIPS} and the kind `shipping` belong together"), help);
        }
        if let Some(site) = &actor.site {
            self.refer(&path.key("site"), "sites", "site", site);
        }
        self.lever(&path.key("directive"), actor.directive.as_ref(), Role::Number);
        self.quantity_if_any(&path.key("air_defence"), actor.air_defence.as_ref(), &family::ACTOR_AIR_DEFENCE);
        self.quantity_if_any(&path.key("shield"), actor.shield.as_ref(), &family::ACTOR_SHIELD);
        self.quantity_if_any(&path.key("patron_control"), actor.patron_control.as_ref(), &family::ACTOR_CONTROL);
        if let Some(stock) = &actor.stock {
            let path = path.key("stock");
            self.quantity(&path.key("rounds"), &stock.rounds, &family::STOCK_ROUNDS);
            self.quantity(&path.key("production_per_day"), &stock.production_per_day, &family::STOCK_PRODUCTION);
            self.quantity_if_any(&path.key("rounds_per_event"), stock.rounds_per_event.as_ref(), &family::STOCK_USE);
            self.quantity_if_any(&path.key("launchers"), stock.launchers.as_ref(), &family::LAUNCHERS);
        }
        self.quantity_if_any(&path.key("patron_funding"), actor.patron_funding.as_ref(), &family::ACTOR_FUNDING);
        for (key, other) in [("shield_partner", &actor.shield_partner), ("patron", &actor.patron)] {
            if let Some(other) = other {
                self.refer(&path.key(key), "actors", "actor", other);
                if other == id {
                    let message = format!("{id} is named as its own {}", key.replace('_', " "));
                    self.complain(&path.key(key), message, "name another actor, or leave this out");
                }
            }
        }
        self.patrons(&path.key("patron"), id, actor);
        if let Some(interceptors) = &actor.interceptors {
            let path = path.key("interceptors");
            self.quantity(&path.key("rounds"), &interceptors.rounds, &family::INTERCEPTORS);
            let resupply = &interceptors.resupply_per_day;
            self.quantity(&path.key("resupply_per_day"), resupply, &family::INTERCEPTORS_RESUPPLY);
            self.lever(&path.key("resupply_lever"), interceptors.resupply_lever.as_ref(), Role::Number);
        }
    }

    /// Refuses a chain of patrons that comes back to where it began; it is said once, of the first of them.
    fn patrons(&mut self, path: &Path, id: &str, actor: &Actor) {
        let mut chain = vec![id];
        let mut next = actor.patron.as_deref();
        while let Some(patron) = next {
            if patron == id {
                if chain.len() > 1 && chain.iter().all(|other| id <= *other) {
                    let message = format!("patrons go in a circle: {} → {id}", chain.join(" → "));
                    self.complain(path, message, "let one of them have no patron");
                }
                return;
            }
            if chain.contains(&patron) {
                return;
            }
            chain.push(patron);
            next = self.scenario.actors.get(patron).and_then(|actor| actor.patron.as_deref());
        }
    }

    fn coordinate(&mut self, path: &Path, degrees: f64, low: f64, high: f64) {
        if !(low..=high).contains(&degrees) {
            let message = format!("{} lies off the map, which spans {low} to {high}", number(degrees));
            self.complain(path, message, "mend the coordinate (`lon` is degrees east, `lat` degrees north)");
        }
    }
}
