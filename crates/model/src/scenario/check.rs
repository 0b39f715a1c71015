//! Structure: the merged tree against the schema made from the types in [`raw`](super::raw).
//!
//! What fits becomes JSON, from which serde makes the typed scenario; what does not is reported and left out (or, where
//! something must stand, replaced by a placeholder), and its path is remembered, so that the checks of meaning can go on
//! without reporting the consequences of a mistake as further mistakes.

use super::PARAM;
use super::error::{Report, nearest, number as decimal, quoted, suggest};
use super::schema::NEEDED;
use super::tree::{Node, Path, Table, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// So many mistakes, or entries of a section, get no suggestions any more.
const MANY: usize = 1000;

/// What of the tree could be made sense of.
#[derive(Debug)]
pub(super) struct Checked {
    /// The scenario as JSON, fit for its types.
    pub json: Json,
    /// Paths whose values are not those of the file.
    pub spoiled: Spoiled,
}

/// Paths at which something has already been reported.
#[derive(Debug, Default)]
pub(super) struct Spoiled(BTreeSet<Path>);

impl Spoiled {
    /// Whether the value at this path, or one that contains it, is not that of the file.
    pub(super) fn at(&self, path: &Path) -> bool {
        path.and_above().any(|above| self.0.contains(&above))
    }

    /// Whether the value at this path contains one that is not that of the file.
    pub(super) fn within(&self, path: &Path) -> bool {
        // What lies below a path follows it in order.
        self.0.range(path..).next().is_some_and(|spoiled| path.covers(spoiled)) || self.at(path)
    }

    pub(super) fn add(&mut self, path: Path) {
        self.0.insert(path);
    }
}

/// Checks the structure of a tree. `whole` is false if files of the chain are missing or broken, so that nothing can be
/// said to be missing.
pub(super) fn check(tree: &Node, schema: &Json, whole: bool, report: &mut Report) -> Checked {
    let alone = report.files.iter().filter(|file| *file != PARAM).count() == 1;
    let mut checker = Checker { root: schema, whole, alone, report, spoiled: Spoiled::default() };
    let json = checker.node(tree, schema, &Path::default()).unwrap_or_else(|| json!({}));
    Checked { json, spoiled: checker.spoiled }
}

struct Checker<'a> {
    root: &'a Json,
    whole: bool,
    /// Whether it extends nothing.
    alone: bool,
    report: &'a mut Report,
    spoiled: Spoiled,
}

impl<'a> Checker<'a> {
    /// The value as JSON, or nothing after saying why not.
    fn node(&mut self, node: &Node, schema: &'a Json, path: &Path) -> Option<Json> {
        let variants = self.variants(schema);
        let fits = |variant: &&&Json| type_of(variant).is_some_and(|kind| accepts(kind, &node.value));
        let Some(variant) = variants.iter().find(fits) else {
            let mut expected: Vec<&str> = variants.iter().filter_map(|variant| noun(variant)).collect();
            expected.dedup();
            let last = expected.pop().unwrap_or("nothing");
            let others = expected.join(", ");
            let expected = if others.is_empty() { last.to_owned() } else { format!("{others} or {last}") };
            self.report_type(node, path, &expected);
            return self.spoil(path);
        };
        match &node.value {
            Value::Table(table) => Some(self.table(node, table, variant, path)),
            Value::Array(items) => {
                let inner = &variant["items"];
                let items = items.iter().enumerate().map(|(i, item)| {
                    let path = path.index(i);
                    self.node(item, inner, &path).unwrap_or_else(|| self.placeholder(inner))
                });
                Some(Json::Array(items.collect()))
            }
            Value::Text(text) | Value::Date(text) => self.text(node, text, schema, variant, path),
            Value::Integer(number) => self.number(node, *number as f64, json!(number), variant, path),
            Value::Float(number) => self.number(node, *number, json!(number), variant, path),
            Value::Bool(yes) => Some(json!(yes)),
            Value::Time(_) => self.spoil(path),
        }
    }

    fn table(&mut self, node: &Node, table: &Table, schema: &'a Json, path: &Path) -> Json {
        let mut json = Map::new();
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        let missing = |key: &&str| !table.contains_key(*key);
        for (key, entry) in table {
            let path = path.key(key);
            let Some(inner) = schema["properties"].get(key).or(others) else {
                let noun = if path == Path::of("parameters").key(key) { "parameter" } else { "key" };
                let list = if noun == "key" {
                    "`detente schema` says what there is"
                } else {
                    "`detente parameters` lists them all"
                };
                // Whoever has so many has other worries than what each was meant for.
                if self.report.len() > MANY {
                    let message = format!("there is no {noun} {} here", quoted(key));
                    self.report.push(entry.key_at, &path, message, Some(list.to_owned()));
                    continue;
                }
                // A slip in a key is one mistake, not two: what it was meant for is not also missing.
                let absent = properties.keys().map(String::as_str).filter(missing);
                if let Some(meant) = nearest(key, absent) {
                    self.spoiled.add(path.parent().key(meant));
                }
                let help = suggest(key, properties.keys().map(String::as_str), &format!("{noun}s here"));
                let help = help.or_else(|| Some(list.to_owned()));
                self.report.push(entry.key_at, &path, format!("there is no {noun} {} here", quoted(key)), help);
                continue;
            };
            if self.is_slip(table, key, inner, &path) {
                continue;
            }
            if let Some(value) = self.node(&entry.node, inner, &path) {
                json.insert(key.clone(), value);
            } else if required(schema, key) {
                json.insert(key.clone(), self.placeholder(inner));
            }
        }
        for (key, inner) in properties {
            let must = required(schema, key);
            if table.contains_key(key) || !must && inner[NEEDED] != true {
                continue;
            }
            let path = path.key(key);
            if self.whole && !self.spoiled.at(&path) {
                let what = inner["description"].as_str().unwrap_or_default().trim_end_matches('.');
                let what = if what.is_empty() { String::new() } else { format!(" ({what})") };
                // A whole scenario is long: who writes a few lines more likely meant to lay them over another.
                let instead = if path.parent() == Path::default() && self.alone {
                    ", or extend a scenario that has it: `extends = \"november-2024\"`"
                } else {
                    ""
                };
                self.report.push(
                    node.at,
                    &path,
                    format!("is missing{what}"),
                    Some(format!("add `{key} = …`{instead}")),
                );
                self.spoiled.add(path);
            }
            if must {
                json.insert(key.clone(), self.placeholder(inner));
            }
        }
        Json::Object(json)
    }

    /// Whether an entry under an id is meant for another one: an overlay names it, nothing below does, and it lacks what a
    /// new one needs. One mistake then, and not one for everything that is missing.
    fn is_slip(&mut self, table: &Table, key: &str, schema: &'a Json, path: &Path) -> bool {
        let Some(entry) = table.get(key).filter(|_| table.len() < MANY) else { return false };
        let schema = self.variants(schema).first().copied().unwrap_or(&Json::Null);
        let (Some(properties), Some(written)) = (schema["properties"].as_object(), entry.node.table()) else {
            return false;
        };
        let below = |other: &&String| table.get(*other).is_some_and(|other| other.key_at.file > entry.key_at.file);
        let known: Vec<&str> = table.keys().filter(below).map(String::as_str).collect();
        let needed = properties.iter().filter(|(name, inner)| required(schema, name) || inner[NEEDED] == true);
        let lacks: Vec<&str> =
            needed.map(|(name, _)| name.as_str()).filter(|name| !written.contains_key(*name)).collect();
        if known.is_empty() || lacks.is_empty() || !self.whole || properties.contains_key(key) {
            return false;
        }
        let prefix =
            known.iter().find(|known| known.len() > 2 && key.to_lowercase().starts_with(&known.to_lowercase()));
        let Some(near) = nearest(key, known.iter().copied()).or(prefix.copied()) else { return false };
        let help = format!("did you mean `{near}`? (a new one needs {} too)", lacks.join(", "));
        let message = format!("there is no {} in what this extends", quoted(key));
        self.report.push(entry.key_at, path, message, Some(help));
        self.spoiled.add(path.clone());
        true
    }

    fn text(&mut self, node: &Node, text: &str, schema: &'a Json, variant: &Json, path: &Path) -> Option<Json> {
        if variant["format"] == "date" {
            return match text.parse::<jiff::civil::Date>() {
                Ok(date) => Some(json!(date.to_string())),
                Err(_) => {
                    self.report_value(
                        node,
                        path,
                        format!("{} is not a date", quoted(text)),
                        "write it like 2024-11-08",
                    );
                    self.spoil(path)
                }
            };
        }
        let options = self.options(schema);
        if options.is_empty() || options.contains(&text) {
            return Some(json!(text));
        }
        let message = format!("{} is not one of {}", quoted(text), options.join(", "));
        let help = match nearest(text, options.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write one of these".to_owned(),
        };
        self.report_value(node, path, message, &help);
        self.spoil(path)
    }

    fn number(&mut self, node: &Node, value: f64, json: Json, schema: &Json, path: &Path) -> Option<Json> {
        if !value.is_finite() {
            self.report_value(node, path, format!("{value} is not a finite number"), "write a finite number");
            return self.spoil(path);
        }
        let (lowest, highest) = match schema["format"].as_str() {
            Some("uint32") => (0.0, f64::from(u32::MAX)),
            Some("int32") => (f64::from(i32::MIN), f64::from(i32::MAX)),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        let low = schema["minimum"].as_f64().unwrap_or(lowest).max(lowest);
        let high = schema["maximum"].as_f64().unwrap_or(highest).min(highest);
        if value < low {
            let message = format!("{} is below the smallest admissible {}", decimal(value), decimal(low));
            self.report_value(node, path, message, "write a larger number");
            return self.spoil(path);
        }
        if value > high {
            let message = format!("{} is above the largest admissible {}", decimal(value), decimal(high));
            self.report_value(node, path, message, "write a smaller number");
            return self.spoil(path);
        }
        Some(json)
    }

    fn report_type(&mut self, node: &Node, path: &Path, expected: &str) {
        let found = match &node.value {
            Value::Text(text) => format!("text {}", quoted(text)),
            Value::Integer(number) => format!("the number {number}"),
            Value::Float(number) => format!("the number {}", decimal(*number)),
            Value::Bool(yes) => format!("`{yes}`"),
            Value::Date(time) | Value::Time(time) => format!("{} `{time}`", node.value.noun()),
            Value::Array(_) | Value::Table(_) => node.value.noun().to_owned(),
        };
        let help = match &node.value {
            Value::Text(text) if expected.contains("number") && text.parse::<f64>().is_ok() => {
                format!("write {text} without quotes")
            }
            Value::Bool(yes) if expected.contains("text") => {
                format!("write \"{}\", in quotes, if it is a switch", if *yes { "on" } else { "off" })
            }
            Value::Text(text) if expected == "a list" => format!("write [\"{}\"]", text.escape_debug()),
            _ => format!("write {expected}"),
        };
        self.report_value(node, path, format!("expected {expected}, found {found}"), &help);
    }

    fn report_value(&mut self, node: &Node, path: &Path, message: String, help: &str) {
        self.report.push(node.at, path, message, Some(help.to_owned()));
    }

    fn spoil(&mut self, path: &Path) -> Option<Json> {
        self.spoiled.add(path.clone());
        None
    }

    /// The alternatives of a schema, references followed, `null` left out: TOML has none, a key is simply not written.
    fn variants(&self, schema: &'a Json) -> Vec<&'a Json> {
        let schema = self.follow(schema);
        match schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
            Some(list) => list.iter().map(|inner| self.follow(inner)).flat_map(|inner| self.variants(inner)).collect(),
            None if schema["type"] == "null" => Vec::new(),
            None => vec![schema],
        }
    }

    /// The words that a schema admits; none if it admits any text.
    fn options(&self, schema: &'a Json) -> Vec<&'a str> {
        let words = self.variants(schema).into_iter().flat_map(|variant| match variant["enum"].as_array() {
            Some(words) => words.iter().filter_map(Json::as_str).collect(),
            None => variant["const"].as_str().into_iter().collect::<Vec<_>>(),
        });
        words.collect()
    }

    fn follow(&self, schema: &'a Json) -> &'a Json {
        match schema["$ref"].as_str().and_then(|name| name.strip_prefix('#')).and_then(|name| self.root.pointer(name)) {
            Some(target) => target,
            None => schema,
        }
    }

    /// Something of the right type, for a place that must not be empty.
    fn placeholder(&self, schema: &'a Json) -> Json {
        let variants = self.variants(schema);
        let Some(variant) = variants.first() else { return Json::Null };
        if let Some(word) = self.options(schema).first() {
            return json!(word);
        }
        match type_of(variant) {
            Some("string") if variant["format"] == "date" => json!("2000-01-01"),
            Some("string") => json!(""),
            Some("number" | "integer") => variant.get("minimum").cloned().unwrap_or(json!(0)),
            Some("boolean") => json!(false),
            Some("array") => json!([]),
            Some("object") => {
                let required = variant["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
                let entry = |key: &str| (key.to_owned(), self.placeholder(&variant["properties"][key]));
                Json::Object(required.map(entry).collect())
            }
            _ => Json::Null,
        }
    }
}

fn required(schema: &Json, key: &str) -> bool {
    schema["required"].as_array().is_some_and(|required| required.iter().any(|name| name == key))
}

/// The type of a schema without alternatives, `null` left out.
fn type_of(schema: &Json) -> Option<&str> {
    match &schema["type"] {
        Json::String(kind) => Some(kind),
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).find(|kind| *kind != "null"),
        _ => None,
    }
}

fn accepts(kind: &str, value: &Value) -> bool {
    match value {
        Value::Text(_) | Value::Date(_) => kind == "string",
        Value::Integer(_) => kind == "number" || kind == "integer",
        Value::Float(_) => kind == "number",
        Value::Bool(_) => kind == "boolean",
        Value::Array(_) => kind == "array",
        Value::Table(_) => kind == "object",
        Value::Time(_) => false,
    }
}

fn noun(schema: &Json) -> Option<&'static str> {
    Some(match type_of(schema)? {
        "string" if schema["format"] == "date" => "a date",
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a table",
        _ => return None,
    })
}
