//! Estimates by the ids under which they are listed: `"table.eta[LEB]" = 0.1` under `[parameters]`.
//!
//! Scalar parameters stand under `[parameters]` in a file; an estimate stands where it belongs, `[tables.LEB] eta`. So that
//! whoever reads the list of parameters can set any row of it, ids of estimates are understood under `[parameters]` too:
//! they are moved to their place in the merged tree before that is checked. What is set so is fixed, as a scalar parameter
//! is: the range becomes the value, and futures do not draw it.

use super::error::{Report, nearest, quoted, suggest};
use super::tree::{At, Entry, Node, Path, Table, Value};
use crate::symbols::families::FAMILIES;

/// Where the estimates of a family stand: the keys of a path, with `#` for an id of the instance.
fn keys(family: &str) -> Option<&'static [&'static str]> {
    Some(match family {
        "stream.mu" => &["streams", "#", "mu"],
        "stream.size" => &["streams", "#", "size"],
        "stream.memory" => &["streams", "#", "memory"],
        "stream.growth" => &["streams", "#", "growth"],
        "stream.solidarity_gaz" | "stream.solidarity_leb" => &["streams", "#", "solidarity", "#"],
        "stream.offspring" => &["streams", "#", "offspring", "#"],
        "stream.truce_residual" => &["streams", "#", "truce_residual"],
        "stream.truce_coupling" => &["streams", "#", "truce_coupling"],
        "stream.deaths_per_event" => &["streams", "#", "deaths_per_event"],
        "stream.deaths_per_event_high" => &["streams", "#", "deaths_per_event_high"],
        "ledger.theta" => &["ledgers", "#", "theta"],
        "ledger.half_life" => &["ledgers", "#", "half_life_days"],
        "ledger.h_max" => &["ledgers", "#", "h_max"],
        "ledger.a0" => &["ledgers", "#", "a0"],
        "ledger.a1" => &["ledgers", "#", "a1"],
        "ledger.a2" => &["ledgers", "#", "a2"],
        "ledger.a3" => &["ledgers", "#", "a3"],
        "ledger.a4" => &["ledgers", "#", "a4"],
        "ledger.bias" => &["ledgers", "#", "bias"],
        "ledger.kappa" => &["ledgers", "#", "kappa"],
        "ledger.magnitude_spread" => &["ledgers", "#", "magnitude_spread"],
        "ledger.min_lag" => &["ledgers", "#", "min_lag_days"],
        "ledger.closure" => &["ledgers", "#", "closure"],
        "ledger.war_answer" => &["ledgers", "#", "war_answer"],
        "ledger.rounds_per_blow" => &["ledgers", "#", "rounds_per_blow"],
        "ledger.share" => &["ledgers", "#", "shares", "#"],
        "initiative.blow_rate" => &["initiatives", "#", "blow_rate"],
        "initiative.preventive_rate" => &["initiatives", "#", "preventive_rate"],
        "initiative.victim_weight" => &["initiatives", "#", "victims", "#"],
        "table.eta" => &["tables", "#", "eta"],
        "table.h0" => &["tables", "#", "h0"],
        "table.shape" => &["tables", "#", "shape"],
        "table.benefit" => &["tables", "#", "parties", "#", "benefit"],
        "table.war_cost" => &["tables", "#", "parties", "#", "war_cost"],
        "table.audience_cost" => &["tables", "#", "parties", "#", "audience_cost"],
        "table.commitment_cost" => &["tables", "#", "parties", "#", "commitment_cost"],
        "table.channel_weight" => &["tables", "#", "channels", "#"],
        "roadmap.benefit" => &["roadmaps", "#", "parties", "#", "benefit"],
        "roadmap.war_cost" => &["roadmaps", "#", "parties", "#", "war_cost"],
        "roadmap.audience_cost" => &["roadmaps", "#", "parties", "#", "audience_cost"],
        "roadmap.commitment_cost" => &["roadmaps", "#", "parties", "#", "commitment_cost"],
        "stock.rounds" => &["actors", "#", "stock", "rounds"],
        "stock.production" => &["actors", "#", "stock", "production_per_day"],
        "stock.rounds_per_event" => &["actors", "#", "stock", "rounds_per_event"],
        "stock.launchers" => &["actors", "#", "stock", "launchers"],
        "interceptors.rounds" => &["actors", "#", "interceptors", "rounds"],
        "interceptors.resupply" => &["actors", "#", "interceptors", "resupply_per_day"],
        "actor.air_defence" => &["actors", "#", "air_defence"],
        "actor.shield" => &["actors", "#", "shield"],
        "actor.patron_control" => &["actors", "#", "patron_control"],
        "actor.patron_funding" => &["actors", "#", "patron_funding"],
        "host.personnel" => &["hosts", "#", "personnel"],
        "host.permission" => &["hosts", "#", "permission"],
        "host.immunity" => &["hosts", "#", "immunity"],
        "host.fear_response" => &["hosts", "#", "fear_response"],
        "host.fear_lag" => &["hosts", "#", "fear_lag_days"],
        "profile.sanctions" => &["profiles", "#", "sanctions"],
        "profile.consent" => &["profiles", "#", "consent"],
        "profile.council_term" => &["profiles", "#", "council_term"],
        "profile.arms" => &["profiles", "#", "arms"],
        "profile.talks" => &["profiles", "#", "talks"],
        "economy.oil" => &["economies", "#", "oil"],
        "economy.sanctions" => &["economies", "#", "sanctions"],
        "programme.stock" => &["programmes", "#", "stock"],
        "programme.access" => &["programmes", "#", "access"],
        "programme.latent" => &["programmes", "#", "latent"],
        "factions.reformists" => &["factions", "#", "reformists"],
        "factions.patience" => &["factions", "#", "patience"],
        "integration.share" => &["integrations", "#", "share"],
        "integration.capacity" => &["integrations", "#", "capacity"],
        "council.isolation" => &["councils", "#", "isolation"],
        "draft.frequency" => &["councils", "#", "drafts", "#", "frequency"],
        "path.legitimacy" => &["paths", "#", "legitimacy"],
        "territory.exposed" => &["territories", "#", "exposed"],
        "territory.exposed_low" => &["territories", "#", "exposed_low"],
        "territory.homes_lost" => &["territories", "#", "homes_lost"],
        "territory.displaced" => &["territories", "#", "displaced"],
        "territory.return_rate" => &["territories", "#", "return_rate"],
        _ => return None,
    })
}

/// What stands between the two ids of an instance.
const BETWEEN: [&str; 5] = [" from ", " with ", " for ", " on ", "/"];

/// The keys under which an estimate stands in a file, from its id `family[instance]`.
fn place(id: &str) -> Option<Vec<&str>> {
    let (family, instance) = id.strip_suffix(']')?.split_once('[')?;
    let keys = keys(family)?;
    let mut ids = match keys.iter().filter(|key| **key == "#").count() {
        1 => vec![instance],
        _ => {
            let (one, other) = BETWEEN.iter().find_map(|mark| instance.split_once(mark))?;
            vec![one, other]
        }
    }
    .into_iter();
    keys.iter().map(|&key| if key == "#" { ids.next() } else { Some(key) }).collect()
}

/// Where a parameter stands in a scenario file, as a dotted key of TOML: `tables.LEB.eta` for `table.eta[LEB]`,
/// `parameters.theta_war` for a scalar. `None` if the id is not of that form.
#[must_use]
pub fn toml_path(id: &str) -> Option<String> {
    let path = match place(id) {
        Some(keys) => keys.into_iter().fold(Path::default(), |path, key| path.key(key)),
        None if id.contains('[') => return None,
        None => Path::of("parameters").key(id),
    };
    Some(path.to_string())
}

/// Moves what `[parameters]` says of estimates to where they stand.
pub(super) fn lower(tree: &mut Node, report: &mut Report) {
    let Value::Table(root) = &mut tree.value else { return };
    let Some(Entry { node: Node { value: Value::Table(parameters), .. }, .. }) = root.get_mut("parameters") else {
        return;
    };
    let ids: Vec<String> = parameters.keys().filter(|id| id.contains('[')).cloned().collect();
    let entries: Vec<(String, Entry)> = ids.into_iter().filter_map(|id| parameters.remove_entry(&id)).collect();
    for (id, entry) in entries {
        if let Err((at, problem, help)) = lower_one(root, &id, &entry) {
            report.push(at, &Path::of("parameters").key(&id), problem, Some(help));
        }
    }
}

fn lower_one(root: &mut Table, id: &str, entry: &Entry) -> Result<(), (At, String, String)> {
    let at = entry.node.at;
    if !matches!(entry.node.value, Value::Integer(_) | Value::Float(_)) {
        let found = entry.node.value.noun();
        let help = "write a number; a range and a source can stand where the estimate itself stands";
        return Err((at, format!("expected a number, found {found}"), help.to_owned()));
    }
    let unknown = |help: String| (entry.key_at, format!("there is no parameter {}", quoted(id)), help);
    let Some(keys) = place(id) else {
        let family = id.split_once('[').map_or(id, |(family, _)| family);
        return Err(unknown(match nearest(family, FAMILIES.iter().map(|family| family.id)) {
            Some(near) if near != family => format!("did you mean `{near}[…]`?"),
            _ => "`detente parameters` lists them all".to_owned(),
        }));
    };
    let Some((last, way)) = keys.split_last() else { return Ok(()) };
    let mut table = root;
    for (depth, key) in way.iter().enumerate() {
        // An id that is not known is a slip, and no new entry; groups of keys may be left out.
        let known: Vec<String> = table.keys().cloned().collect();
        let Some(Entry { node: Node { value: Value::Table(next), .. }, .. }) = table.get_mut(*key) else {
            let names = known.iter().map(String::as_str);
            let help = match nearest(key, names.clone()) {
                Some(near) => Some(format!("did you mean `{}`?", id.replacen(key, near, 1))),
                None if depth == 1 => suggest(key, names, way.first().copied().unwrap_or_default()),
                None => None,
            };
            return Err(unknown(help.unwrap_or_else(|| "`detente parameters` lists them all".to_owned())));
        };
        table = next;
    }
    let mut fixed = Table::new();
    for key in ["value", "low", "high"] {
        fixed.insert(key.to_owned(), Entry { key_at: entry.key_at, node: entry.node.clone() });
    }
    if let Some(there) = table.get(*last) {
        let written = match &there.node.value {
            Value::Table(quantity) => quantity.get("value").map_or(there.node.at, |value| value.node.at),
            _ => there.node.at,
        };
        if written.file < at.file {
            // An overlay over the one that says this has set it in its place.
            return Ok(());
        }
        if written.file == at.file {
            let place = toml_path(id).unwrap_or_default();
            let help = "keep one of the two".to_owned();
            return Err((
                entry.key_at,
                format!("is written twice: here, and as {place} on line {}", written.line),
                help,
            ));
        }
        if let Value::Table(quantity) = &there.node.value {
            for key in ["tag", "source"] {
                if let Some(kept) = quantity.get(key) {
                    fixed.insert(key.to_owned(), kept.clone());
                }
            }
        }
    } else if is_instance(id) {
        return Err(unknown("`detente parameters` lists them all".to_owned()));
    }
    let node = Node { at, value: Value::Table(fixed) };
    table.insert((*last).to_owned(), Entry { key_at: entry.key_at, node });
    Ok(())
}

/// Whether an estimate stands under an id, and not under the name of a field.
fn is_instance(id: &str) -> bool {
    let family = id.split_once('[').map_or("", |(family, _)| family);
    keys(family).and_then(|keys| keys.last()).is_some_and(|key| *key == "#")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Loaded, load, load_text};
    use crate::sim::rules::Rules;

    fn loaded(name: &str) -> Loaded {
        load(name).unwrap_or_else(|errors| panic!("{errors}"))
    }

    #[test]
    fn every_family_has_a_place() {
        for family in FAMILIES {
            assert!(keys(family.id).is_some(), "{} stands nowhere", family.id);
        }
    }

    /// Whatever is listed can be set by the id that is listed, and is fixed then.
    #[test]
    fn every_estimate_can_be_set_by_its_id() {
        let base = Rules::new(&loaded("november-2024"));
        let content = serde_json::to_value(&loaded("november-2024").scenario).unwrap();
        for e in &base.frame.estimates {
            let keys = place(&e.id).unwrap_or_else(|| panic!("{}", e.id));
            let there = keys.iter().try_fold(&content, |value, key| value.get(key));
            if let Some(there) = there {
                let value = there.as_f64().or_else(|| there["value"].as_f64());
                assert_eq!(value, Some(e.value), "{}", e.id);
            }
        }
        // All of them at once, each at its own value: the same scenario, with nothing left to draw.
        let mut toml = "format = 1\nextends = \"november-2024\"\n[parameters]\n".to_owned();
        for e in &base.frame.estimates {
            toml.push_str(&format!("\"{}\" = {:?}\n", e.id, e.value));
        }
        let fixed = Rules::new(&load_text("all.toml", &toml).unwrap_or_else(|errors| panic!("{errors}")));
        assert_eq!(fixed.frame.estimates.len(), base.frame.estimates.len());
        for (e, f) in base.frame.estimates.iter().zip(&fixed.frame.estimates) {
            assert_eq!((&e.id, e.value), (&f.id, f.value));
            assert_eq!((f.low, f.high), (f.value, f.value), "{}", f.id);
        }
    }

    #[test]
    fn the_last_overlay_wins_wherever_it_says_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| std::fs::write(path(name), text).unwrap();
        write("a.toml", "format = 1\nextends = \"november-2024\"\n[tables.LEB]\neta = 0.3\n");
        write("b.toml", "format = 1\nextends = \"a.toml\"\n[parameters]\n\"table.eta[LEB]\" = 0.2\n");
        write("c.toml", "format = 1\nextends = \"b.toml\"\n[tables.LEB]\neta = 0.1\n");
        let eta = |name: &str| loaded(path(name).to_str().unwrap()).scenario.tables["LEB"].eta.value();
        assert_eq!([eta("a.toml"), eta("b.toml"), eta("c.toml")], [0.3, 0.2, 0.1]);
        assert_eq!(
            toml_path("stream.offspring[ISR>HZB from HZB>ISR]").unwrap(),
            "streams.\"ISR>HZB\".offspring.\"HZB>ISR\""
        );
        assert_eq!(toml_path("theta_war").unwrap(), "parameters.theta_war");
    }
}
