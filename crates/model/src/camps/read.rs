//! The file of a camp: what it says of itself, and the numbers under `[parameters]`, each with the comment that says where it comes
//! from or why it is held.

use super::Setting;
use crate::scenario::Error;
use crate::scenario::text::first_unseen;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Most numbers of a camp.
pub const MOST_SETTINGS: usize = 64;
/// Longest reason of a number, characters.
pub const LONGEST_REASON: usize = 600;

/// All that a camp's file may say.
const KEYS: [&str; 6] = ["format", "extends", "name", "title", "description", "parameters"];

/// What a camp's file says itself, whatever it extends.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Empty where it says none.
    pub name: String,
    pub title: String,
    pub description: String,
    pub sets: Vec<Setting>,
}

/// Whether a text sets parameters and nothing else, as a camp does, and says in words what it holds: it may be meant as one. An
/// overlay without a word of itself is none.
#[must_use]
pub fn is_camp_shaped(text: &str) -> bool {
    let (document, mistakes) = DeTable::parse_recoverable(text);
    let root = document.get_ref();
    let sets = |table: &DeTable<'_>| table.get("parameters").is_some_and(|p| matches!(p.get_ref(), DeValue::Table(_)));
    let says = ["title", "description"].iter().any(|key| root.contains_key(*key));
    mistakes.is_empty() && says && sets(root) && root.iter().all(|(key, _)| KEYS.contains(&key.get_ref().as_ref()))
}

/// What a text says as a camp, and what is wrong with it as one. What is no TOML, or no parameter, is wrong with it as a scenario
/// already, and not said here.
pub(super) fn read(file: &str, text: &str) -> (Own, Vec<Error>) {
    let (document, mistakes) = DeTable::parse_recoverable(text);
    let (mut own, mut wrong) = (Own::default(), Vec::new());
    if !mistakes.is_empty() {
        return (own, wrong);
    }
    let lines = Lines { file, text };
    let root = document.get_ref();
    for (key, _) in root.iter().filter(|(key, _)| !KEYS.contains(&key.get_ref().as_ref())) {
        let help = "leave it out: set numbers under [parameters], by the ids that `detente parameters` lists";
        let what = "a camp sets parameters and nothing else";
        wrong.push(lines.error(Some(key.span().start), key.get_ref(), what, help));
    }
    if let Some(DeValue::String(name)) = root.get("name").map(Spanned::get_ref) {
        own.name = name.to_string();
    }
    if !root.contains_key("extends") {
        let what = "is missing: a camp is laid over a scenario";
        let help = "name a built-in one, such as `extends = \"november-2024\"`, or a file";
        wrong.push(lines.error(None, "extends", what, help));
    }
    let mut words = |key: &str, what: &str, help: &str| match root.get(key).map(Spanned::get_ref) {
        Some(DeValue::String(text)) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => {
            wrong.push(lines.error(None, key, what, help));
            String::new()
        }
    };
    own.title = words("title", "is missing: a camp says in a line what it holds", "write `title = \"…\"`");
    own.description = words(
        "description",
        "is missing: a camp says what it holds as its own side would put it",
        "write `description = \"…\"`, a sentence or more",
    );
    let parameters = match root.get("parameters").map(Spanned::get_ref) {
        Some(DeValue::Table(table)) if !table.is_empty() => table,
        _ => {
            let help = "write [parameters], and under it at least one number with a comment above it";
            wrong.push(lines.error(None, "parameters", "is missing: a camp holds a number to be another", help));
            return (own, wrong);
        }
    };
    // As they stand in the file, whatever order a table keeps.
    let mut entries: Vec<_> = parameters.iter().collect();
    entries.sort_by_key(|(id, _)| id.span().start);
    if let Some((id, _)) = entries.get(MOST_SETTINGS) {
        let what = format!("there are {} numbers, and a camp has at most {MOST_SETTINGS}", entries.len());
        wrong.push(lines.error(Some(id.span().start), "parameters", &what, "keep those that it turns on"));
    }
    for (id, value) in entries.into_iter().take(MOST_SETTINGS) {
        let Some(number) = number(value.get_ref()) else { continue };
        let source = lines.reason(id.span().start, value.span().end);
        let (key, length) = (format!("parameters.{}", id.get_ref()), source.chars().count());
        let trouble = if length == 0 {
            Some((
                "has no source and no reason".to_owned(),
                "write a comment above it: where it comes from, or why you hold it",
            ))
        } else if length > LONGEST_REASON {
            let what = format!("its reason is {length} characters long");
            Some((what, "say it in 600 or fewer"))
        } else {
            let unseen = first_unseen(&source)
                .map(|c| format!("its reason holds a character that cannot be seen (U+{:04X})", c as u32));
            unseen.map(|what| (what, "leave it out"))
        };
        if let Some((what, help)) = trouble {
            wrong.push(lines.error(Some(id.span().start), &key, &what, help));
        }
        own.sets.push(Setting { id: id.get_ref().to_string(), value: number, source });
    }
    (own, wrong)
}

/// Whether something wrong with a camp as a scenario is wrong with it as a camp: not that it lacks what only a whole scenario says.
pub(super) fn concerns(error: &Error) -> bool {
    let first = error.key.split('.').next().unwrap_or_default();
    KEYS.contains(&first) || !error.message.starts_with("is missing")
}

/// A number; none where it is something else, or too large to be one.
fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(number) => number.as_str().parse().ok(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n as f64),
        _ => None,
    }
}

/// A text by its lines, to say where something stands and what is said about it.
struct Lines<'t> {
    file: &'t str,
    text: &'t str,
}

impl Lines<'_> {
    /// A mistake at an offset; without one, of the file as a whole.
    fn error(&self, at: Option<usize>, key: &str, message: &str, help: &str) -> Error {
        let (line, column) = at.map_or((0, 0), |at| {
            let before = self.text.get(..at).unwrap_or_default();
            let start = before.rfind('\n').map_or(0, |end| end + 1);
            (1 + before.matches('\n').count(), 1 + before.get(start..).unwrap_or_default().chars().count())
        });
        let (file, key) = (self.file.to_owned(), key.to_owned());
        Error { file, line, column, key, message: message.to_owned(), help: Some(help.to_owned()) }
    }

    /// The comment on what begins and ends at these offsets: the lines right above it, and what stands behind it on its line.
    fn reason(&self, begins: usize, ends: usize) -> String {
        let above = self.text.get(..begins).unwrap_or_default();
        let above = above.rsplit_once('\n').map_or("", |(lines, _)| lines);
        // An empty line parts a comment from what comes below; `lines` would leave the last one out.
        let mut said: Vec<&str> = above.split('\n').rev().map_while(|line| line.trim().strip_prefix('#')).collect();
        said.reverse();
        let behind = self.text.get(ends..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        said.extend(behind.split_once('#').map(|(_, comment)| comment));
        let said: Vec<&str> = said.into_iter().map(str::trim).filter(|line| !line.is_empty()).collect();
        said.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use crate::camps::{Camp, camps, is_camp_shaped};
    use crate::symbols::parameters::ROWS;

    const HEAD: &str =
        "format = 1\nextends = \"november-2024\"\nname = \"mine\"\ntitle = \"Mine\"\ndescription = \"So it is.\"\n";

    fn camp(parameters: &str) -> Result<Camp, String> {
        Camp::from_text("mine.toml", &format!("{HEAD}{parameters}")).map_err(|errors| errors.to_string())
    }

    #[test]
    fn every_number_keeps_what_is_said_about_it_wherever_that_stands() {
        let text = "[ parameters ]\n# Heard.\n# In a lecture.\nbeta_rho = 0.9\n\"ledger.bias[IRN|ISR]\" = 1e-1 # A guess # of mine.\n\
                    # Of the third.\n  theta_war = 9";
        let camp = camp(text).unwrap();
        let sets: Vec<(&str, f64, &str)> =
            camp.sets.iter().map(|set| (set.id.as_str(), set.value, set.source.as_str())).collect();
        let said = [
            ("beta_rho", 0.9, "Heard. In a lecture."),
            ("ledger.bias[IRN|ISR]", 0.1, "A guess # of mine."),
            ("theta_war", 9.0, "Of the third."),
        ];
        assert_eq!(sets, said);
        assert_eq!((camp.name.as_str(), camp.title.as_str(), camp.question), ("mine", "Mine", None));
        assert_eq!(camp.description, "So it is.");
        let over = camp.over("october-2023", &[]).unwrap();
        assert_eq!(over.scenario.parameters["theta_war"].to_bits(), 9.0_f64.to_bits());
    }

    #[test]
    fn what_is_wrong_is_said_at_once_with_file_line_and_key() {
        let long = "x".repeat(601);
        let text = format!(
            "[parameters]\n\n# Not about the next line.\n\nbeta_rho = 0.9\n# {long}\ntheta_war = 9\n# Hid\u{200B}den.\n\
             perception_noise = 0.3\n# Of nothing.\nbeta_roh = 1\n[actors.IRN]\nresolve = 0.5\n"
        );
        let said = camp(&text).unwrap_err();
        for says in [
            "mine.toml:10:1: parameters.beta_rho: has no source and no reason; write a comment above it",
            "mine.toml:12:1: parameters.theta_war: its reason is 601 characters long",
            "mine.toml:14:1: parameters.perception_noise: its reason holds a character that cannot be seen (U+200B)",
            "beta_roh",
            "mine.toml:17:2: actors: a camp sets parameters and nothing else",
        ] {
            assert!(said.contains(says), "{says}: {said}");
        }
        for (text, says) in [
            ("format = 1\nextends = \"november-2024\"\n", "mine.toml: parameters: is missing"),
            (
                "format = 1\nextends = \"november-2024\"\n[parameters]\n# So.\nbeta_rho = 1\n",
                "mine.toml: title: is missing",
            ),
            ("format = 1\n[parameters\n", "not valid TOML"),
            ("", "format: is missing"),
            ("", "mine.toml: extends: is missing: a camp is laid over a scenario; name a built-in one"),
        ] {
            let said = Camp::from_text("mine.toml", text).unwrap_err().to_string();
            assert!(said.contains(says), "{says}: {said}");
            assert!(
                !said.contains("start") && !said.contains("days"),
                "asked for what a camp takes from a scenario: {said}"
            );
        }
        let said = Camp::from_text("mine.toml", "title: Mine\n").unwrap_err();
        assert!(said.0.iter().all(|error| error.message.starts_with("not valid TOML")), "{said}");
        let row = |row: &crate::symbols::parameters::Row| format!("# So.\n{} = {:?}\n", row.id, row.default);
        let many: String = ROWS.iter().take(65).map(row).collect();
        assert!(
            camp(&format!("[parameters]\n{many}"))
                .unwrap_err()
                .contains("there are 65 numbers, and a camp has at most 64")
        );
    }

    #[test]
    fn a_file_is_read_whole_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        std::fs::write(path("mine.toml"), format!("{HEAD}[parameters]\n# So.\nbeta_rho = 0.9\n")).unwrap();
        assert_eq!(Camp::from_file(&path("mine.toml")).unwrap().sets.len(), 1);
        std::fs::write(path("large.toml"), vec![b'#'; 1 << 17]).unwrap();
        std::fs::write(path("bytes.toml"), [0xFF, 0xFE]).unwrap();
        for (name, says) in [
            ("none.toml", "there is no such file"),
            ("large.toml", "larger than"),
            ("bytes.toml", "no UTF-8"),
            (".", "it is a folder"),
        ] {
            let said = Camp::from_file(&path(name)).unwrap_err().to_string();
            assert!(said.contains(says) && said.contains(name), "{says}: {said}");
        }
        // What is handed over as text is bounded, too.
        let said = Camp::from_text("large.toml", &"k = 1\n".repeat(20_000)).unwrap_err().to_string();
        assert!(said.contains("larger than"), "{said}");
    }

    #[test]
    fn a_camp_is_told_from_a_scenario_by_what_it_sets() {
        assert!(is_camp_shaped("format = 1\ntitle = \"Mine\"\n[parameters]\nbeta_rho = 1\n"));
        assert!(is_camp_shaped("description = \"So it is.\"\n[parameters]\nbeta_rho = 1\n"));
        for other in [
            "format = 1\n",
            "format = 1\ntitle = \"Mine\"\ndays = 30\n[parameters]\nbeta_rho = 1\n",
            "format = 1\ntitle = \"Mine\"\n[parameters\n",
            // An overlay that says nothing of itself.
            "format = 1\nextends = \"november-2024\"\n[parameters]\nbeta_rho = 1\n",
            "",
        ] {
            assert!(!is_camp_shaped(other), "{other}");
        }
        assert!(camps().iter().all(|camp| camp.question.is_some()));
    }
}
