//! The scenario reader: what it accepts, what it refuses, and in which words.

use detente_model::scenario::{
    Errors, builtin, builtin_names, json_schema, lever_log, levers_at_start, load, load_text, spectral_radius,
};
use detente_model::symbols::levers::{LEVERS, Lever};
use std::fs;
use std::path::{Path, PathBuf};

const FIXTURE: &str = "tests/fixtures/two-fronts.toml";

fn fixture() -> String {
    fs::read_to_string(FIXTURE).expect("the fixture is there")
}

fn overlay(body: &str) -> String {
    format!("format = 1\nextends = \"november-2024\"\n{body}")
}

fn refused(toml: &str) -> Errors {
    load_text("x.toml", toml).expect_err("this should be refused")
}

#[test]
fn a_valid_file_loads() {
    let loaded = load(FIXTURE).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.name, "two-fronts");
    assert_eq!(loaded.hash.len(), 16);
    assert_eq!(load_text("any name", &fixture()).unwrap(), loaded);
}

#[test]
fn built_in_scenarios_load() {
    assert_eq!(builtin_names()[..2], ["november-2024", "october-2023"]);
    for name in builtin_names() {
        let loaded = load(name).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(loaded.name, *name);
        assert_eq!(loaded.scenario.extends, None);
        assert!(builtin(name).is_some());
    }
    assert!(builtin("nonsense").is_none());
}

/// Every file of `tests/broken` is refused in the words of the `.expected` file beside it. After a deliberate change of
/// words, `UPDATE_EXPECTED=1 cargo test --test scenario_reader` writes them anew, to be read in the diff.
#[test]
fn broken_scenarios_are_refused_in_words() {
    let folder = Path::new("tests/broken");
    let listed = |extension: &str| {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|e| e == extension)).collect();
        files.sort();
        files
    };
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let scenarios = listed("toml");
    assert!(scenarios.len() >= 60, "only {} broken scenarios", scenarios.len());
    let mut differing = Vec::new();
    for file in &scenarios {
        let name = file.to_str().unwrap().replace('\\', "/");
        let errors = load(&name).expect_err(&format!("{name} should be refused"));
        assert!(!errors.0.is_empty(), "{name} is refused without a word");
        let words = format!("{errors}\n");
        let expected = file.with_extension("expected");
        if update {
            fs::write(&expected, &words).unwrap();
        } else if fs::read_to_string(&expected).ok().as_deref() != Some(&words) {
            differing.push(format!("{name}, instead of what {} says:\n{words}", expected.display()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    for expected in listed("expected") {
        assert!(expected.with_extension("toml").exists(), "{} belongs to no scenario", expected.display());
    }
}

#[test]
fn every_error_has_a_place_and_a_way_out() {
    for file in fs::read_dir("tests/broken").unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let errors = load(file.to_str().unwrap()).unwrap_err();
        assert!(errors.0.is_sorted(), "{errors}");
        for error in &errors.0 {
            assert!(error.line > 0 || error.key == "format" || error.key.is_empty(), "{error}");
            assert!(error.help.is_some() || error.key.starts_with("lever"), "{error}");
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}

#[test]
fn an_unknown_scenario_is_met_with_a_suggestion() {
    let said = load("november-2042").unwrap_err().to_string();
    assert_eq!(
        said,
        "november-2042: `november-2042` is neither a built-in scenario nor a file; did you mean `november-2024`?"
    );
    let said = load("tests").unwrap_err().to_string();
    assert_eq!(said, "tests: is not a file; name a TOML file that can be read");
    assert!(load("").unwrap_err().to_string().contains("neither"));
}

#[test]
fn an_overlay_changes_what_it_names_and_nothing_else() {
    let base = load("november-2024").unwrap().scenario;
    let toml = overlay(
        "name = \"mine\"\n[ledgers.\"IRN|ISR\"]\ntheta = 3.5\n[streams.\"ISR>HZB\"]\nmu = { low = 1, high = 9 }\n\
         [[calendar]]\ndate = 2024-12-01\nkind = \"deadline\"\ntables = [\"LEB\"]\ntext = \"Earlier.\"\n\
         [[lever_changes]]\ndate = 2025-02-01\nlever = \"unifil.troops\"\nvalue = 12000\n",
    );
    let loaded = load_text("x.toml", &toml).unwrap_or_else(|errors| panic!("{errors}"));
    let changed = &loaded.scenario;
    assert_eq!(loaded.name, "mine");
    // A bare number replaces the value and keeps range, tag and source; a range keeps the bare number.
    let (before, after) = (serde_json::to_value(&base).unwrap(), serde_json::to_value(changed).unwrap());
    let theta = |scenario: &serde_json::Value| scenario["ledgers"]["IRN|ISR"]["theta"].clone();
    assert_eq!(theta(&after)["value"], 3.5);
    assert_eq!(theta(&after)["source"], theta(&before)["source"]);
    assert_eq!(after["streams"]["ISR>HZB"]["mu"], serde_json::json!({"value": 4.0, "low": 1.0, "high": 9.0}));
    // Lists are appended, and stand in order of date.
    assert_eq!(changed.calendar.len(), base.calendar.len() + 1);
    assert_eq!(changed.calendar[0].text, "Earlier.");
    assert_eq!(changed.lever_changes.len(), base.lever_changes.len() + 1);
    // Everything else is as it was.
    let mut undone = changed.clone();
    undone.name.clone_from(&base.name);
    undone.ledgers.clone_from(&base.ledgers);
    undone.streams.clone_from(&base.streams);
    undone.calendar.clone_from(&base.calendar);
    undone.lever_changes.clone_from(&base.lever_changes);
    assert_eq!(undone, base);
}

#[test]
fn overlays_of_overlays_and_files_in_other_folders() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("bases")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("bases/one.toml", &overlay("days = 100\n[fronts.LEB]\nlevel = 3\n"));
    write("bases/two.toml", "format = 1\nextends = \"one.toml\"\ndays = 200\n");
    write("three.toml", "format = 1\nextends = \"bases/two.toml\"\n");
    let loaded = load(folder.path().join("three.toml").to_str().unwrap()).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!((loaded.scenario.days, loaded.scenario.fronts["LEB"].level), (200, 3));
    assert_eq!(loaded.name, "three", "a file without a name goes by its own, not by that of its base");

    for i in 0..20 {
        write(&format!("{i}.toml"), &format!("format = 1\nextends = \"{}.toml\"\n", i + 1));
    }
    let said = load(folder.path().join("0.toml").to_str().unwrap()).unwrap_err().to_string();
    assert!(said.contains("the chain of `extends` is too long"), "{said}");

    fs::write(folder.path().join("latin.toml"), b"format = 1\ntitle = \"D\xe9tente\"\n").unwrap();
    let said = load(folder.path().join("latin.toml").to_str().unwrap()).unwrap_err().to_string();
    assert!(said.contains("is not UTF-8 text (line 2)"), "{said}");
    write("large.toml", &"#".repeat(2 << 20));
    let said = load(folder.path().join("large.toml").to_str().unwrap()).unwrap_err().to_string();
    assert!(said.contains("is larger than 1 MiB"), "{said}");
}

#[test]
fn text_extends_no_files() {
    let said = refused("format = 1\nextends = \"tests/fixtures/two-fronts.toml\"\n").to_string();
    assert!(said.contains("there is no built-in scenario"), "{said}");
}

#[test]
fn the_hash_is_of_the_content() {
    let base = load("november-2024").unwrap();
    let same = load_text("november-2024", &overlay("")).unwrap();
    assert_eq!(same.hash, base.hash, "an overlay that changes nothing");
    let other = load_text("november-2024", &overlay("days = 366\n")).unwrap();
    assert_ne!(other.hash, base.hash);
    let again = load_text("november-2024", &overlay("days = 0x16e # another way to write 366\n")).unwrap();
    assert_eq!(again.hash, other.hash);
    // What was merged can be written out and read back.
    let toml = toml::to_string(&other.scenario).unwrap();
    assert_eq!(load_text("november-2024", &toml).unwrap(), other);
}

#[test]
fn levers_hold_from_the_start_or_change_later() {
    let toml = overlay(
        "[levers]\nunifil.troops = 12000\n\"israel.disputed_areas\" = \"ghajar\"\n\
         [[lever_changes]]\ndate = \"2024-11-08\"\nlever = \"channel.qatar\"\nvalue = 0.9\n\
         [[lever_changes]]\ndate = 2024-11-18\nlever = \"unifil.troops\"\nvalue = 15000\n\
         [[lever_changes]]\ndate = 2024-11-18\nlever = \"deal.sequencing\"\nvalue = \"cease-fire-first\"\n",
    );
    let scenario = load_text("x.toml", &toml).unwrap_or_else(|errors| panic!("{errors}")).scenario;
    let levers = levers_at_start(&scenario);
    assert_eq!(levers[Lever::UnifilTroops], 12000.0);
    assert_eq!(levers[Lever::IsraelDisputedAreas], 1.0);
    assert_eq!(levers[Lever::ChannelQatar], 0.9, "a change on the first day holds from the start");
    assert_eq!(levers[Lever::ChannelSwiss], Lever::ChannelSwiss.row().default);
    let log: Vec<(i32, Lever, f64)> =
        lever_log(&scenario).iter().map(|change| (change.day, change.lever, change.value.raw())).collect();
    assert_eq!(log, [(10, Lever::UnifilTroops, 15000.0), (10, Lever::DealSequencing, 1.0)]);
    assert!(lever_log(&load("november-2024").unwrap().scenario).is_empty());
}

#[test]
fn the_schema_knows_every_lever_and_parameter() {
    let schema = json_schema();
    for row in LEVERS {
        let pointer = format!("/properties/levers/properties/{}", row.id.replace('.', "/properties/"));
        assert!(schema.pointer(&pointer).is_some(), "{}", row.id);
    }
    for row in detente_model::symbols::parameters::ROWS {
        assert_eq!(schema["properties"]["parameters"]["properties"][row.id]["minimum"], row.low);
    }
    assert_eq!(schema["$defs"]["Front"]["properties"]["level"]["maximum"], 6);
    assert_eq!(schema["$defs"]["Stream"]["properties"]["mu"]["x-needed"], true);
}

#[test]
fn the_default_branching_matrix_is_the_one_specified() {
    let scenario = load("november-2024").unwrap().scenario;
    let ids: Vec<&String> = scenario.streams.keys().collect();
    let mut matrix = vec![0.0; ids.len() * ids.len()];
    for (row, stream) in scenario.streams.values().enumerate() {
        for (source, offspring) in &stream.offspring {
            let column = ids.iter().position(|id| *id == source).unwrap();
            matrix[row * ids.len() + column] = offspring.value();
        }
    }
    let radius = spectral_radius(&matrix, ids.len());
    assert!((radius - 0.729).abs() < 5e-4, "{radius}");
}

/// Who is told apart by one bit each: sixty-four hosts, and not one more.
#[test]
fn sixty_four_hosts_of_bases_can_be_told_apart_and_no_more() {
    let start = load("november-2024").unwrap().scenario.hosts.len();
    let with = |hosts: usize| {
        let more = hosts - start;
        let mut text = overlay("");
        for n in 0..more {
            // Ids of three capital letters that no scenario has.
            let id = format!("Z{}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8));
            text += &format!(
                "[actors.{id}]\nname = \"Host {n}\"\nsite = \"doha\"\ncapability = 0.3\n\
                 [sites.base_{n}]\nname = \"Base {n}\"\nkind = \"us_base\"\nowner = \"USA\"\nlon = 50.0\nlat = 25.0\n\
                 [hosts.{id}]\nguest = \"USA\"\nfoe = \"IRN\"\nbases = [\"base_{n}\"]\npersonnel = 100\npermission = 0.5\n"
            );
        }
        text
    };
    let loaded = load_text("x.toml", &with(64)).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(loaded.scenario.hosts.len(), 64);
    let words = refused(&with(65)).to_string();
    assert!(words.contains("there are 65 hosts of bases, of which at most 64 can be told apart"), "{words}");
}
