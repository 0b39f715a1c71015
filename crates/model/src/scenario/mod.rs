//! Scenarios: from a file to a validated description of a world.
//!
//! A scenario is read in three steps, all of which note every mistake they find before anything is refused: `read` turns
//! the file and those it `extends` into one tree that knows where each value was written, `check` holds that tree against
//! the schema made from the types in [`raw`], and `validate` asks whether what is said makes sense as a whole.

mod bounded;
mod builtin;
mod by_id;
mod check;
mod error;
mod levers;
pub mod raw;
mod read;
mod schema;
mod spectral;
pub mod text;
mod tree;
mod validate;

pub use bounded::{read_at_most, read_whole};
pub use builtin::{builtin, builtin_names};
pub use by_id::toml_path;
pub use error::nearest;
pub use error::{Error, Errors};
pub use levers::{lever_log, levers_at_start, sets};
pub use schema::json_schema;
pub use spectral::spectral_radius;

use error::Report;
use read::Origin;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::Path;
use tree::{At, Value};

/// A scenario that is fit to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The scenario with every overlay merged, so without `extends`; calendar and lever changes are in order of date.
    pub scenario: raw::Scenario,
    /// Its name: what the file says, or else the name it was asked for by.
    pub name: String,
    /// First 16 hexadecimal digits of the SHA-256 of the merged scenario as canonical JSON: the same for the same content,
    /// however it was spread over files.
    pub hash: String,
}

/// Loads a scenario by the name of a built-in one, or else from a file.
///
/// # Errors
/// Everything that is wrong with the scenario and those it extends.
pub fn load(name_or_path: &str) -> Result<Loaded, Errors> {
    load_with(name_or_path, &[])
}

/// Name of the command line's parameters in messages.
pub const PARAM: &str = "--param";

/// The same with parameters laid over it, each by its id and in the order of the lines that mistakes in [`PARAM`] name.
///
/// # Errors
/// Everything that is wrong with the scenario and those it extends, and with the parameters.
pub fn load_with(name_or_path: &str, parameters: &[(String, f64)]) -> Result<Loaded, Errors> {
    let over = laid_over(parameters);
    if let Some(stream) = Origin::stream(name_or_path) {
        return finish(stream, "stdin", over);
    }
    match Origin::find(name_or_path, Some(Path::new(""))) {
        Ok(origin) => {
            let name = Path::new(name_or_path).file_stem().map_or(name_or_path.into(), |stem| stem.to_string_lossy());
            finish(origin, &name, over)
        }
        Err((message, help)) => {
            let error = Error { file: name_or_path.to_owned(), line: 0, column: 0, key: String::new(), message, help };
            Err(Errors(vec![error]))
        }
    }
}

/// Loads a scenario from a file, whatever it is called.
///
/// # Errors
/// Everything that is wrong with the scenario and those it extends.
pub fn load_file(path: &Path) -> Result<Loaded, Errors> {
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    finish(Origin::File(path.to_owned()), &name, None)
}

/// Parameters as an overlay, if there are any.
fn laid_over(parameters: &[(String, f64)]) -> Option<String> {
    (!parameters.is_empty()).then(|| {
        parameters.iter().fold("format = 1\n[parameters]\n".to_owned(), |mut toml, (id, value)| {
            // TOML's strings escape what Rust's do.
            let _ = writeln!(toml, "{id:?} = {value:?}");
            toml
        })
    })
}

/// Loads a scenario from text, which may extend built-in scenarios but no files; `name` stands for the file in messages.
///
/// # Errors
/// Everything that is wrong with the scenario and those it extends.
pub fn load_text(name: &str, toml: &str) -> Result<Loaded, Errors> {
    finish(Origin::Text { name: name.to_owned(), text: toml.to_owned() }, name, None)
}

/// Takes a scenario as it was loaded once and kept, validating it anew.
///
/// # Errors
/// Everything that is wrong with it, under the name `kept scenario`.
pub fn reload(scenario: &raw::Scenario) -> Result<Loaded, Errors> {
    reload_with(scenario, &[])
}

/// The same with parameters laid over it, as [`load_with`] does.
///
/// # Errors
/// Everything that is wrong with it, under the name `kept scenario`, and with the parameters.
pub fn reload_with(scenario: &raw::Scenario, parameters: &[(String, f64)]) -> Result<Loaded, Errors> {
    let name = "kept scenario";
    match toml::to_string(scenario) {
        // A scenario without a name stays one: its hash is that of all that it says.
        Ok(text) => finish(Origin::Text { name: name.to_owned(), text }, &scenario.name, laid_over(parameters)),
        Err(error) => {
            let message = format!("cannot be written as a scenario file: {error}");
            let error = Error { file: name.to_owned(), line: 0, column: 0, key: String::new(), message, help: None };
            Err(Errors(vec![error]))
        }
    }
}

/// What a scenario says to no effect, in sentences with a way out: institutions of its own that no council is of. (Those of the
/// built-in scenarios that no council is of are spoken of in their events.)
#[must_use]
pub fn idle(loaded: &Loaded) -> Vec<String> {
    let known = |id: &str| {
        let mut built_in = builtin_names().iter().filter_map(|name| load(name).ok());
        built_in.any(|start| start.scenario.institutions.contains_key(id))
    };
    let scenario = &loaded.scenario;
    let ids = scenario.institutions.keys().filter(|id| !scenario.councils.contains_key(*id));
    let idle = ids.filter(|id| !known(id));
    idle.map(|id| {
        let others = scenario.institutions.keys().filter(|other| *other != id).map(String::as_str);
        let help = nearest(id, others).map_or_else(
            || format!("give it a council, [councils.{id}], or leave it out"),
            |near| format!("did you mean `{near}`?"),
        );
        format!("institutions.{id}: nothing refers to it, so it changes nothing; {help}")
    })
    .collect()
}

fn finish(origin: Origin, asked_for: &str, over: Option<String>) -> Result<Loaded, Errors> {
    let mut report = Report::default();
    // Places of the file asked for: what is laid over it counts as a file of its own.
    let asked = usize::from(over.is_some());
    let read::Merged { mut tree, whole, doubtful } = read::read(origin, over, &mut report);
    by_id::lower(&mut tree, &mut report);
    let mut structure = Report::of(std::mem::take(&mut report.files));
    let checked = check::check(&tree, schema::checked(), whole, &mut structure);
    structure.forget(&doubtful);
    report.merge(structure);

    let mut scenario: raw::Scenario = match serde_json::from_value(checked.json) {
        Ok(scenario) => scenario,
        Err(error) => {
            report.push(At::default(), &tree::Path::default(), format!("cannot be understood: {error}"), None);
            return Err(report.into_errors());
        }
    };
    if whole {
        validate::validate(&scenario, &tree, &checked.spoiled, &mut report);
    }
    if !report.is_empty() {
        return Err(report.into_errors());
    }

    let own_name = tree.table().and_then(|table| table.get("name")).filter(|entry| entry.node.at.file == asked);
    scenario.name = match own_name.map(|entry| &entry.node.value) {
        Some(Value::Text(name)) if !name.is_empty() => name.clone(),
        _ => asked_for.to_owned(),
    };
    scenario.extends = None;
    raw::leave_out(&mut scenario);
    scenario.forced.sort_by_key(|event| event.date);
    scenario.calendar.sort_by_key(|entry| entry.date);
    scenario.lever_changes.sort_by_key(|entry| entry.date);
    Ok(Loaded { name: scenario.name.clone(), hash: hash(&scenario), scenario })
}

/// Keys are sorted and numbers are written in the shortest form that reads back the same, so equal scenarios give equal
/// bytes.
fn hash(scenario: &raw::Scenario) -> String {
    let canonical = serde_json::to_string(scenario).unwrap_or_default();
    Sha256::digest(canonical).iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
