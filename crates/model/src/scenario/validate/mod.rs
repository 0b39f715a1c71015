//! Meaning: whether what a merged scenario says makes sense as a whole.
//!
//! Every check goes through [`Validator::complain`], which keeps silent about values that the structure check has already
//! refused, so that one mistake is reported once.

mod fire;
mod region;
mod talks;
mod time;
mod words;
mod world;

use super::check::Spoiled;
use super::error::{Report, number, quoted, suggest};
use super::raw::{Quantity, Scenario};
use super::tree::{At, Node, Path};
use crate::symbols::families::Family;
use crate::symbols::levers::{Kind, Lever};

/// Checks the meaning of a scenario whose structure has been checked.
pub(super) fn validate(scenario: &Scenario, tree: &Node, spoiled: &Spoiled, report: &mut Report) {
    let mut validator = Validator { scenario, tree, spoiled, report };
    validator.words();
    validator.time();
    validator.world();
    validator.fire();
    validator.talks();
    validator.region();
}

struct Validator<'a> {
    scenario: &'a Scenario,
    tree: &'a Node,
    spoiled: &'a Spoiled,
    report: &'a mut Report,
}

/// What values a lever must take to serve in a place that names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Number,
    Switch,
    Choice,
}

impl<'a> Validator<'a> {
    /// Notes a mistake in the value at a path.
    fn complain(&mut self, path: &Path, message: impl Into<String>, help: impl Into<String>) {
        let at = self.tree.locate(path).1;
        self.complain_at(at, path, message, help);
    }

    /// Notes a mistake in the key of a path.
    fn complain_of_key(&mut self, path: &Path, message: impl Into<String>, help: impl Into<String>) {
        let at = self.tree.locate(path).0;
        self.complain_at(at, path, message, help);
    }

    fn complain_at(&mut self, at: At, path: &Path, message: impl Into<String>, help: impl Into<String>) {
        if !self.spoiled.at(path) {
            let help = help.into();
            self.report.push(at, path, message, (!help.is_empty()).then_some(help));
        }
    }

    /// Ids of a section of the file, those with broken contents included: they are not unknown.
    fn ids(&self, section: &str) -> Vec<&'a str> {
        self.tree.section(section).into_iter().flat_map(|table| table.keys()).map(String::as_str).collect()
    }

    /// Whether a section holds an id, or cannot be asked.
    fn knows(&self, section: &str, id: &str) -> bool {
        self.spoiled.at(&Path::of(section)) || self.tree.section(section).is_some_and(|table| table.contains_key(id))
    }

    /// Checks that an id named at a path exists in a section; `noun` is what the section holds one of.
    fn refer(&mut self, path: &Path, section: &str, noun: &str, id: &str) {
        let at = self.tree.locate(path).1;
        self.refer_at(at, path, section, noun, id);
    }

    /// The same for an id that is a key itself.
    fn refer_key(&mut self, path: &Path, section: &str, noun: &str, id: &str) {
        let at = self.tree.locate(path).0;
        self.refer_at(at, path, section, noun, id);
    }

    fn refer_at(&mut self, at: At, path: &Path, section: &str, noun: &str, id: &str) {
        if !self.knows(section, id) {
            let help = suggest(id, self.ids(section), section);
            let help = help.unwrap_or_else(|| format!("define it under [{section}]"));
            self.complain_at(at, path, format!("there is no {noun} {}", quoted(id)), help);
        }
    }

    /// Checks a list of ids, each of which must exist and be named once.
    fn refer_all(&mut self, path: &Path, section: &str, noun: &str, ids: &[String]) {
        for (i, id) in ids.iter().enumerate() {
            self.refer(&path.index(i), section, noun, id);
            if ids.iter().take(i).any(|other| other == id) {
                self.complain(&path.index(i), format!("{} is named twice", quoted(id)), "name it once");
            }
        }
    }

    /// Checks the two actors of an id such as `ISR>HZB`, and returns them if they are known and not the same.
    fn pair<'i>(&mut self, path: &Path, id: &'i str, mark: char) -> Option<(&'i str, &'i str)> {
        let form = format!("write it as two actors, `ISR{mark}HZB`");
        let Some((first, second)) = id.split_once(mark).filter(|(_, second)| !second.contains(mark)) else {
            self.complain_of_key(path, format!("{} is no pair of actors", quoted(id)), form);
            return None;
        };
        self.refer_key(path, "actors", "actor", first);
        self.refer_key(path, "actors", "actor", second);
        if first == second {
            self.complain_of_key(path, format!("{first} stands on both sides"), form);
        }
        (self.knows("actors", first) && self.knows("actors", second) && first != second).then_some((first, second))
    }

    /// Checks that both actors of a pair are parties of the front they are said to belong to.
    fn pair_on_front(&mut self, path: &Path, front: &str, pair: (&str, &str)) {
        let scenario = self.scenario;
        let parties = Path::of("fronts").key(front).key("parties");
        let Some(front_entry) = scenario.fronts.get(front) else { return };
        if front_entry.parties.len() < 2 || self.spoiled.within(&parties) {
            return;
        }
        for actor in [pair.0, pair.1] {
            if !front_entry.parties.iter().any(|party| party == actor) {
                let help = format!("its parties are {}", front_entry.parties.join(", "));
                self.complain(path, format!("{actor} is no party of the front {}", quoted(front)), help);
            }
        }
    }

    /// Checks a lever named at a path: that it exists, acts, and takes the values that this place needs.
    fn lever(&mut self, path: &Path, id: Option<&String>, role: Role) {
        let Some(id) = id else { return };
        let serves = |lever: Lever| match lever.row().kind {
            Kind::Number => role == Role::Number,
            Kind::Choice(options) => role == Role::Choice || role == Role::Switch && options == ["off", "on"],
            Kind::Date => false,
        };
        let fitting = || Lever::ALL.iter().filter(|lever| serves(**lever)).map(|lever| lever.id());
        match Lever::from_id(id) {
            None => {
                let near = super::error::nearest(id, fitting());
                let help =
                    near.map_or("`detente levers` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
                self.complain(path, format!("there is no lever {}", quoted(id)), help);
            }
            Some(lever) => {
                if !serves(lever) {
                    let wanted = match role {
                        Role::Number => "a number",
                        Role::Switch => "`on` or `off`",
                        Role::Choice => "one of a list of options",
                    };
                    self.complain(
                        path,
                        format!("{id} does not take {wanted}, which is needed here"),
                        "name another lever",
                    );
                }
            }
        }
    }

    /// Checks an estimate against the admissible range of its family, and its own range against its value.
    fn quantity(&mut self, path: &Path, quantity: &Quantity, family: &Family) {
        if !self.tree.holds(path) || self.spoiled.within(path) {
            return;
        }
        match quantity {
            Quantity::Number(value) => {
                self.in_family(path, *value, family);
            }
            Quantity::Sourced(sourced) => {
                let (value, low, high) = (path.key("value"), path.key("low"), path.key("high"));
                let mut fits = self.in_family(&value, sourced.value, family);
                for (path, end) in [(&low, sourced.low), (&high, sourced.high)] {
                    // What `[parameters]` fixes stands once in the file, and is refused once.
                    let apart = end.filter(|_| self.tree.locate(path).1 != self.tree.locate(&value).1);
                    fits &= apart.is_none_or(|end| self.in_family(path, end, family));
                }
                if !fits {
                    return;
                }
                if let (Some(a), Some(b)) = (sourced.low, sourced.high)
                    && a > b
                {
                    let message = format!("the range runs from {} down to {}", number(a), number(b));
                    return self.complain_of_both(&low, &high, &message, "exchange `low` and `high`");
                }
                if let Some(end) = sourced.low.filter(|end| sourced.value < *end) {
                    let message =
                        format!("{} is below its own range, which starts at {}", number(sourced.value), number(end));
                    self.complain_of_both(&value, &low, &message, "write a larger value, or a lower `low` with it");
                }
                if let Some(end) = sourced.high.filter(|end| sourced.value > *end) {
                    let message =
                        format!("{} is above its own range, which ends at {}", number(sourced.value), number(end));
                    self.complain_of_both(&value, &high, &message, "write a smaller value, or a higher `high` with it");
                }
            }
        }
    }

    /// The same for an estimate that may be left out.
    fn quantity_if_any(&mut self, path: &Path, quantity: Option<&Quantity>, family: &Family) {
        if let Some(quantity) = quantity {
            self.quantity(path, quantity, family);
        }
    }

    fn in_family(&mut self, path: &Path, value: f64, family: &Family) -> bool {
        let unit = if family.unit == "1" { String::new() } else { format!(" {}", family.unit) };
        let (side, end, help) = if value < family.low {
            ("below the smallest", family.low, "write a larger number")
        } else if value > family.high {
            ("above the largest", family.high, "write a smaller number")
        } else {
            return true;
        };
        self.complain(path, format!("{} is {side} admissible {}{unit}", number(value), number(end)), help);
        false
    }

    /// Notes that two values do not go together, at the one that was written last.
    fn complain_of_both(&mut self, one: &Path, other: &Path, message: &str, help: &str) {
        let (at, other_at) = (self.tree.locate(one).1, self.tree.locate(other).1);
        let path = if at.later(other_at) == at { one } else { other };
        self.complain(path, message, help);
    }
}
