//! Fire streams and what they set off, ledgers, and initiatives.

use super::{Role, Validator};
use crate::scenario::error::number;
use crate::scenario::raw::{ActorKind, Initiative, Ledger, Means, Stream};
use crate::scenario::spectral::spectral_radius;
use crate::scenario::tree::Path;
use crate::symbols::families as family;

/// The spectral radius of the branching matrix must stay below this.
const LARGEST_RADIUS: f64 = 0.95;
/// More streams than this are not a scenario of this program.
const MOST_STREAMS: usize = 256;

impl Validator<'_> {
    pub(super) fn fire(&mut self) {
        let scenario = self.scenario;
        for (id, stream) in &scenario.streams {
            self.stream(&Path::of("streams").key(id), id, stream);
        }
        for (id, ledger) in &scenario.ledgers {
            self.ledger(&Path::of("ledgers").key(id), id, ledger);
        }
        for (id, initiative) in &scenario.initiatives {
            self.initiative(&Path::of("initiatives").key(id), id, initiative);
        }
        self.branching();
    }

    fn stream(&mut self, path: &Path, id: &str, stream: &Stream) {
        let scenario = self.scenario;
        let pair = self.pair(path, id, '>');
        self.refer(&path.key("front"), "fronts", "front", &stream.front);
        if let Some(pair) = pair {
            if scenario.actors.get(pair.0).is_some_and(|attacker| attacker.kind == ActorKind::Shipping) {
                self.complain_of_key(
                    path,
                    format!("{} is shipping and attacks no one", pair.0),
                    "exchange the two actors",
                );
            }
            self.pair_on_front(&path.key("front"), &stream.front, pair);
        }
        if let Some(territory) = &stream.territory {
            self.refer(&path.key("territory"), "territories", "territory", territory);
        }
        self.lever(&path.key("directive"), stream.directive.as_ref(), Role::Number);
        self.lever(&path.key("restraint"), stream.restraint.as_ref(), Role::Number);
        self.quantity(&path.key("mu"), &stream.mu, &family::STREAM_MU);
        self.quantity(&path.key("size"), &stream.size, &family::STREAM_SIZE);
        self.quantity(&path.key("memory"), &stream.memory, &family::STREAM_MEMORY);
        self.quantity(&path.key("growth"), &stream.growth, &family::STREAM_GROWTH);
        self.quantity(&path.key("deaths_per_event"), &stream.deaths_per_event, &family::STREAM_DEATHS);
        let high = stream.deaths_per_event_high.as_ref();
        self.quantity_if_any(&path.key("deaths_per_event_high"), high, &family::STREAM_DEATHS_HIGH);
        let residual = stream.truce_residual.as_ref();
        self.quantity_if_any(&path.key("truce_residual"), residual, &family::STREAM_TRUCE_RESIDUAL);
        let coupling = stream.truce_coupling.as_ref();
        self.quantity_if_any(&path.key("truce_coupling"), coupling, &family::STREAM_TRUCE_COUPLING);
        for (source, offspring) in &stream.offspring {
            let path = path.key("offspring").key(source);
            self.refer_key(&path, "streams", "stream", source);
            self.quantity(&path, offspring, &family::STREAM_OFFSPRING);
        }
        for (table, share) in &stream.solidarity {
            let path = path.key("solidarity").key(table);
            self.refer_key(&path, "tables", "table", table);
            let family = if table == "LEB" { &family::STREAM_SOLIDARITY_LEB } else { &family::STREAM_SOLIDARITY_GAZ };
            self.quantity(&path, share, family);
        }
    }

    fn ledger(&mut self, path: &Path, id: &str, ledger: &Ledger) {
        let pair = self.pair(path, id, '|');
        if let Some(front) = &ledger.front {
            self.refer(&path.key("front"), "fronts", "front", front);
            if let Some(pair) = pair {
                self.pair_on_front(&path.key("front"), front, pair);
            }
        }
        for (key, quantity, family) in [
            ("theta", &ledger.theta, &family::LEDGER_THETA),
            ("half_life_days", &ledger.half_life_days, &family::LEDGER_HALF_LIFE),
            ("h_max", &ledger.h_max, &family::LEDGER_H_MAX),
            ("a0", &ledger.a0, &family::LEDGER_A0),
            ("a1", &ledger.a1, &family::LEDGER_A1),
            ("a2", &ledger.a2, &family::LEDGER_A2),
            ("a3", &ledger.a3, &family::LEDGER_A3),
            ("a4", &ledger.a4, &family::LEDGER_A4),
            ("bias", &ledger.bias, &family::LEDGER_BIAS),
            ("kappa", &ledger.kappa, &family::LEDGER_KAPPA),
            ("magnitude_spread", &ledger.magnitude_spread, &family::LEDGER_MAGNITUDE_SPREAD),
            ("min_lag_days", &ledger.min_lag_days, &family::LEDGER_MIN_LAG),
            ("closure", &ledger.closure, &family::LEDGER_CLOSURE),
            ("war_answer", &ledger.war_answer, &family::LEDGER_WAR_ANSWER),
        ] {
            self.quantity(&path.key(key), quantity, family);
        }
        let rounds = path.key("rounds_per_blow");
        self.quantity_if_any(&rounds, ledger.rounds_per_blow.as_ref(), &family::LEDGER_ROUNDS);
        if ledger.means == Means::Salvo && ledger.rounds_per_blow.is_none() && !self.spoiled.at(&path.key("means")) {
            let message = "is missing: an answer by salvo has a number of missiles per blow";
            // Where the means is written is where this began, be it in an overlay.
            let at = self.tree.locate(&path.key("means")).1;
            self.complain_at(at, &rounds, message, "add `rounds_per_blow = …`, or `means = \"air_strike\"`");
        }
        self.lever(&path.key("proportionality"), ledger.proportionality.as_ref(), Role::Number);
        self.lever(&path.key("response_scale"), ledger.response_scale.as_ref(), Role::Number);
        self.lever(&path.key("restraint"), ledger.restraint.as_ref(), Role::Number);
        self.lever(&path.key("target_set"), ledger.target_set.as_ref(), Role::Choice);
        for (actor, share) in &ledger.shares {
            let path = path.key("shares").key(actor);
            self.refer_key(&path, "actors", "actor", actor);
            self.quantity(&path, share, &family::LEDGER_SHARE);
        }
    }

    fn initiative(&mut self, path: &Path, id: &str, initiative: &Initiative) {
        self.pair(path, id, '>');
        self.quantity(&path.key("blow_rate"), &initiative.blow_rate, &family::INITIATIVE_BLOW);
        self.lever(&path.key("blow_lever"), initiative.blow_lever.as_ref(), Role::Number);
        let preventive = initiative.preventive_rate.as_ref();
        self.quantity_if_any(&path.key("preventive_rate"), preventive, &family::INITIATIVE_PREVENTIVE);
        let victims = path.key("victims");
        for (actor, weight) in &initiative.victims {
            self.refer_key(&victims.key(actor), "actors", "actor", actor);
            self.quantity(&victims.key(actor), weight, &family::INITIATIVE_VICTIM);
        }
        let weight: f64 = initiative.victims.values().map(|weight| weight.value()).sum();
        if initiative.blow_rate.value() > 0.0 && weight <= 0.0 && !self.spoiled.within(&victims) {
            let help = "give at least one actor a weight above 0, or set `blow_rate = 0`";
            self.complain(&victims, "no actor can be the victim of a blow, though blows have a rate", help);
        }
        self.refer_all(&path.key("held_back_by"), "tables", "table", &initiative.held_back_by);
    }

    /// Refuses fire that feeds itself without end.
    fn branching(&mut self) {
        let scenario = self.scenario;
        let streams = Path::of("streams");
        let n = scenario.streams.len();
        if n > MOST_STREAMS {
            let help = format!("use at most {MOST_STREAMS}");
            return self.complain(&streams, format!("{n} streams are more than this program can hold"), help);
        }
        let spoiled = |id: &String| self.spoiled.within(&streams.key(id).key("offspring"));
        if self.tree.section("streams").is_none_or(|table| table.keys().any(spoiled)) {
            return;
        }
        let mut matrix = vec![0.0; n * n];
        let mut largest: Option<(Path, f64)> = None;
        for (row, (id, stream)) in scenario.streams.iter().enumerate() {
            for (source, offspring) in &stream.offspring {
                let Some(column) = scenario.streams.keys().position(|id| id == source) else { continue };
                let value = offspring.value();
                if let Some(cell) = matrix.get_mut(row * n + column) {
                    *cell = value;
                }
                // The way out begins with what the outermost overlay wrote, and there with the largest number.
                let path = streams.key(id).key("offspring").key(source);
                let file = |path: &Path| self.tree.locate(path).1.file;
                let first = match &largest {
                    None => true,
                    Some((other, _)) if file(&path) != file(other) => file(&path) < file(other),
                    Some((_, most)) => value > *most,
                };
                if first {
                    largest = Some((path, value));
                }
            }
        }
        let radius = spectral_radius(&matrix, n);
        if radius >= LARGEST_RADIUS
            && let Some((path, value)) = largest
        {
            let message = format!(
                "each event sets off {radius:.3} others in the next generation (spectral radius of the branching matrix), so \
                 fire would feed itself without end; the radius must stay below {LARGEST_RADIUS}"
            );
            self.complain(&path, message, format!("lower offspring, for example this {}", number(value)));
        }
    }
}
