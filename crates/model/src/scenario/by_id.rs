//! Estimates by the ids under which they are listed: `"table.eta[LEB]" = 0.1` under `[parameters]`.
//!
//! Scalar parameters stand under `[parameters]` in a file; an estimate stands where it belongs, `[tables.LEB] eta`. So that
//! whoever reads the list of parameters can set any row of it, ids of estimates are understood under `[parameters]` too:
//! they are moved to their place in the merged tree before that is checked. What is set so is fixed, as a scalar parameter
//! is: the range becomes the value, and futures do not draw it.

use super::error::{Report, nearest, quoted};
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
    let ids: Vec<String> = parameters.keys().filter(|id| id.contains('[') || is_meant(id)).cloned().collect();
    let entries: Vec<(String, Entry)> = ids.into_iter().filter_map(|id| parameters.remove_entry(&id)).collect();
    for (id, entry) in entries {
        if let Err((at, problem, help)) = lower_one(root, &id, &entry) {
            report.push(at, &Path::of("parameters").key(&id), problem, Some(help));
        }
    }
}

fn lower_one(root: &mut Table, id: &str, entry: &Entry) -> Result<(), (At, String, String)> {
    let at = entry.node.at;
    if id.contains('[') && !matches!(entry.node.value, Value::Integer(_) | Value::Float(_)) {
        let found = entry.node.value.noun();
        let help = "write a number; a range and a source can stand where the estimate itself stands";
        return Err((at, format!("expected a number, found {found}"), help.to_owned()));
    }
    let written = written_out(id, &entry.node);
    let unknown = |help: String| (entry.key_at, format!("there is no parameter {}", quoted(&written)), help);
    let Some(keys) = place(id) else {
        return Err(unknown(way_out(root, &written)));
    };
    let others = way_out(root, id);
    let Some((last, way)) = keys.split_last() else { return Ok(()) };
    let mut table = root;
    for key in way {
        // An id that is not known is a slip, and no new entry; groups of keys may be left out.
        let known: Vec<String> = table.keys().cloned().collect();
        let Some(Entry { node: Node { value: Value::Table(next), .. }, .. }) = table.get_mut(*key) else {
            let near = nearest(key, known.iter().map(String::as_str));
            let help = near.map(|near| format!("did you mean `{}`?", id.replacen(key, near, 1)));
            return Err(unknown(help.unwrap_or(others)));
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
        return Err(unknown(others));
    }
    let node = Node { at, value: Value::Table(fixed) };
    table.insert((*last).to_owned(), Entry { key_at: entry.key_at, node });
    Ok(())
}

/// Whether a key is written as somebody writes who does not know the form of the ids of estimates: `table.eta.LEB`, or
/// `table.eta` alone. Without quotes it is a table of tables under the first word.
fn is_meant(key: &str) -> bool {
    let word = key.split(['.', ' ']).next().unwrap_or(key);
    FAMILIES.iter().any(|family| family.id.split('.').next() == Some(word))
}

/// What was written: keys of nested tables joined by points, down to the first that is a number.
fn written_out(id: &str, node: &Node) -> String {
    let (mut id, mut node) = (id.to_owned(), node);
    while let Value::Table(table) = &node.value
        && let Some((key, entry)) = table.iter().next()
    {
        id = format!("{id}.{key}");
        node = &entry.node;
    }
    id
}

/// What stands between the ids of an instance of a family with two.
fn between(family: &str) -> &'static str {
    match family {
        "stream.offspring" => " from ",
        "stream.solidarity_gaz" | "stream.solidarity_leb" => " with ",
        "ledger.share" => " for ",
        "initiative.victim_weight" => " on ",
        _ => "/",
    }
}

/// The instances of a family that a scenario has: those that say something of it, or else those that could.
fn instances(root: &Table, family: &str) -> Vec<String> {
    let Some((last, way)) = keys(family).and_then(|keys| keys.split_last()) else { return Vec::new() };
    let mut tables: Vec<(Vec<&str>, &Table)> = vec![(Vec::new(), root)];
    for key in way {
        let mut inner = Vec::new();
        for (ids, table) in tables {
            for (name, entry) in table.iter().filter(|(name, _)| *key == "#" || name.as_str() == *key) {
                if let Value::Table(next) = &entry.node.value {
                    let ids = if *key == "#" { [ids.as_slice(), &[name.as_str()]].concat() } else { ids.clone() };
                    inner.push((ids, next));
                }
            }
        }
        tables = inner;
    }
    let joined = |ids: &[&str]| ids.join(between(family));
    if *last == "#" {
        let fits = |id: &str| match family {
            "stream.solidarity_leb" => id == "LEB",
            "stream.solidarity_gaz" => id != "LEB",
            _ => true,
        };
        let all = tables.iter().flat_map(|(ids, table)| {
            let names = table.keys().map(String::as_str).filter(|id| fits(id));
            names.map(|name| joined(&[ids.as_slice(), &[name]].concat())).collect::<Vec<_>>()
        });
        return all.collect();
    }
    let said: Vec<String> =
        tables.iter().filter(|(_, table)| table.contains_key(*last)).map(|(ids, _)| joined(ids)).collect();
    if said.is_empty() { tables.iter().map(|(ids, _)| joined(ids)).collect() } else { said }
}

/// What to write instead of an id that is none.
fn way_out(root: &Table, id: &str) -> String {
    /// Instances that are listed whole.
    const FEW: usize = 25;
    let (family, instance) = match id.split_once('[') {
        Some((family, instance)) => (family, instance.trim_end_matches(']')),
        None => {
            let mut known: Vec<&str> = FAMILIES.iter().map(|family| family.id).collect();
            known.sort_by_key(|family| std::cmp::Reverse(family.len()));
            let begins = |family: &&str| {
                id.strip_prefix(*family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ', '_']))
            };
            let family = known.into_iter().find(begins).unwrap_or(id);
            (family, id[family.len()..].trim_start_matches(['.', ' ', '_']))
        }
    };
    if !FAMILIES.iter().any(|known| known.id == family) {
        if let Some(near) = nearest(family, FAMILIES.iter().map(|family| family.id)) {
            return format!("did you mean `{near}[…]`?");
        }
        let word = family.split('.').next().unwrap_or(family);
        let alike = FAMILIES.iter().filter(|known| known.id.split('.').next() == Some(word));
        let alike: Vec<String> = alike.map(|known| format!("{}[…]", known.id)).collect();
        return match alike.as_slice() {
            [] => "`detente parameters` lists them all".to_owned(),
            alike => format!("of {word} there are {}; `detente parameters` lists them all", alike.join(", ")),
        };
    }
    let all = instances(root, family);
    let names = || all.iter().map(String::as_str);
    if let Some(same) = names().find(|known| *known == instance) {
        return format!("write it as \"{family}[{same}]\"");
    }
    if let Some(near) = nearest(instance, names()) {
        return format!("did you mean \"{family}[{near}]\"?");
    }
    match all.as_slice() {
        [] => format!("this scenario has no {family}[…]; `detente parameters` lists what it has"),
        [first, ..] if all.len() > FEW => {
            format!(
                "of {family}[…] there are {}, like {family}[{first}]; `detente parameters` lists them all",
                all.len()
            )
        }
        all => format!("of {family}[…] there are {}", all.join(", ")),
    }
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

    /// Every family's instances are found where the list of parameters has them, so that what a message offers exists.
    #[test]
    fn the_instances_offered_are_those_that_are_listed() {
        let rules = Rules::new(&loaded("november-2024"));
        let text = crate::scenario::builtin("november-2024").unwrap();
        let origin = super::super::read::Origin::Text { name: "x".to_owned(), text: text.to_owned() };
        let super::super::read::Merged { tree, .. } = super::super::read::read(origin, None, &mut Report::default());
        let Value::Table(root) = &tree.value else { panic!("a table") };
        let mut families = 0;
        for family in FAMILIES {
            let listed: Vec<&str> = rules
                .frame
                .estimates
                .iter()
                .filter_map(|e| e.id.strip_prefix(family.id)?.strip_prefix('[')?.strip_suffix(']'))
                .collect();
            let offered = instances(root, family.id);
            assert!(
                offered.iter().all(|id| listed.contains(&id.as_str())) || listed.is_empty(),
                "{}: {offered:?}",
                family.id
            );
            families += usize::from(!offered.is_empty());
        }
        assert!(families > 60, "{families}");
    }

    #[test]
    fn an_id_that_is_none_is_met_with_those_that_are() {
        let said = |line: &str| {
            let toml = format!("format = 1\nextends = \"november-2024\"\n[parameters]\n{line}\n");
            load_text("x.toml", &toml).map(|_| String::new()).unwrap_or_else(|errors| errors.to_string())
        };
        for (line, words) in [
            ("\"table.eta[LEB]\" = 0.1", ""),
            ("\"table.eta.LEB\" = 0.1", "write it as \"table.eta[LEB]\""),
            ("table.eta.LEB = 0.1", "write it as \"table.eta[LEB]\""),
            ("\"table.eta\" = 0.1", "of table.eta[…] there are ALL, "),
            ("\"table.eta[LEBANON]\" = 0.1", "of table.eta[…] there are ALL, "),
            ("\"table.etta[LEB]\" = 0.1", "did you mean `table.eta[…]`?"),
            ("\"table.speed[LEB]\" = 0.1", "of table there are table.eta[…]"),
            ("\"table.benefit[LEB]\" = 0.1", "of table.benefit[…] there are "),
            ("\"table.benefit[LEB/ISS]\" = 0.1", "did you mean `table.benefit[LEB/ISR]`?"),
            ("\"stream.offspring[ISR>HZB]\" = 0.1", "stream.offspring["),
            ("\"ledger.theta[IRN-ISR]\" = 0.1", "did you mean `ledger.theta[IRN|ISR]`?"),
        ] {
            let said = said(line);
            assert!(if words.is_empty() { said.is_empty() } else { said.contains(words) }, "{line}: {said}");
            assert!(said.lines().count() <= 1, "{line}: {said}");
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
