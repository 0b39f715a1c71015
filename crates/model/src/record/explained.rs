//! An explanation in words: the one place from which the command line, the window and the report take them.

use super::digits::{Measure, alike};
use super::recorder::EventId;
use crate::sim::probe::{Source, Term};
use crate::sim::rules::Rules;
use crate::symbols::Evidence;
use serde::Serialize;
use std::fmt;

/// Terms whose usual value is said better than by its number.
const USUAL: [(&str, &str); 11] = [
    ("unanswered harm", "the threshold"),
    ("air defence", "intact"),
    ("partner shield", "intact"),
    ("reformist weight", "in balance"),
    ("reformists' weight", "in balance"),
    ("readiness to answer", "the usual"),
    ("leadership-strike rate", "the default"),
    ("level of the front", "the baseline"),
    ("resolve as seen", "whole"),
    ("isolation in the Assembly", "that of the recorded votes"),
    ("US consent", "undecided"),
];

/// One term of the deciding equation, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TermSaid {
    /// Name of the quantity.
    pub name: String,
    /// Which one of that name, where the equation has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub which: Option<String>,
    /// Its value.
    pub value: f64,
    /// Unit.
    pub unit: String,
    /// Value that stands for its absence.
    pub neutral: f64,
    /// The chance (or mean) with that value.
    pub without: f64,
}

/// A number of the model that an explanation rests on: a threshold, or what a chance starts from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NumberSaid {
    /// Its id, as the list of parameters has it.
    pub id: String,
    /// Its value in this future.
    pub value: f64,
    /// Unit.
    pub unit: String,
    /// Evidence for it, as the list of parameters has it.
    pub tag: Evidence,
    /// The same in words.
    pub evidence: &'static str,
}

impl NumberSaid {
    pub(super) fn new(id: &str, value: f64, unit: &str, tag: Evidence) -> Self {
        Self { id: id.to_owned(), value, unit: unit.to_owned(), tag, evidence: tag.words() }
    }

    /// "theta_war 8.00 blows (H, assumption with hindsight)".
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {} ({:?}, {})", self.id, with_unit(self.value, &self.unit), self.tag, self.evidence)
    }
}

/// A cause of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// What it was, in a sentence.
    pub sentence: String,
    /// The earlier event, if it was one.
    pub event: Option<EventId>,
    /// What it contributed, in words.
    pub contribution: String,
    /// The chance (or mean) on the same day with this cause taken away, found by replaying the day; `None` where no draw
    /// decided the event.
    pub chance_without: Option<f64>,
    /// Why nothing of the kind would even have been decided without it; `None` where it would have been.
    pub undecided: Option<String>,
    /// Whether an event that no draw decided would not have come about that day without it.
    pub averts: bool,
    /// Other causes that each would have done in its place: what is said of its absence is said of the absence of all.
    pub together: Vec<String>,
}

/// Why an event happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The event.
    pub event: EventId,
    /// Its date.
    pub date: String,
    /// What happened.
    pub sentence: String,
    /// What decided it, in a sentence.
    pub decided: String,
    /// Chance on that day (for fire: the mean count), if a draw decided.
    pub chance: Option<f64>,
    /// The draw, if one decided.
    pub draw: Option<f64>,
    /// Thresholds that are named, and what the chance starts from, each with its evidence.
    pub numbers: Vec<NumberSaid>,
    /// Terms of the equation, most telling first.
    pub terms: Vec<TermSaid>,
    /// Causes, most telling first.
    pub causes: Vec<Cause>,
    /// Where no cause is named: what there is to say of that.
    pub uncaused: Option<String>,
    /// What the number that decided counts.
    #[serde(skip)]
    pub measure: Measure,
    /// Why the causes that are events happened, newest first.
    pub chain: Vec<Explanation>,
}

/// A chance in words, with as many digits as it needs.
#[must_use]
pub fn percent(p: f64) -> String {
    Measure::Chance.say(p)
}

/// Which of the quantities of one name a term is, where its equation has several: the agreement, the stream of fire.
pub(super) fn which_of(rules: &Rules, terms: &[&Term], term: &Term) -> Option<String> {
    if terms.iter().all(|other| other.name != term.name || other.source == term.source) {
        return None;
    }
    let actor = |a: usize| rules.actors[a].name.as_str();
    Some(match term.source {
        Source::Agreement(t) | Source::Collapse(t) | Source::Spoiler(t) => rules.tables[usize::from(t)].name.clone(),
        Source::Excitation(s) => {
            let stream = &rules.streams[usize::from(s)];
            format!("{} at {}", actor(stream.attacker), actor(stream.target))
        }
        Source::Level(f) | Source::Trigger(f) => rules.fronts[usize::from(f)].name.clone(),
        Source::Channel(c) => rules.channels[usize::from(c)].name.clone(),
        Source::AirDefence(a) | Source::Shield(a) | Source::Resolve(a) | Source::Opinion(a) => {
            actor(usize::from(a)).to_owned()
        }
        _ => return None,
    })
}

impl TermSaid {
    /// What tells it from others of its name, to stand after that: `, Truce in Gaza`.
    #[must_use]
    pub fn apart(&self) -> String {
        self.which.as_ref().map_or(String::new(), |which| format!(", {which}"))
    }

    /// Its value with its unit; nothing for what is there or not.
    #[must_use]
    pub fn value_said(&self) -> Option<String> {
        (self.unit != "yes").then(|| with_unit(self.value, &self.unit))
    }

    /// Whether it stands where it is as good as absent.
    #[must_use]
    pub fn is_neutral(&self) -> bool {
        (self.value - self.neutral).abs() < 1e-12
    }

    /// What is put in its place: nothing, or its usual value.
    fn absence(&self) -> String {
        if self.unit == "yes" || self.neutral.abs() < 1e-12 {
            return "without it".to_owned();
        }
        let usual = USUAL.iter().find(|(name, _)| *name == self.name).map(|(_, usual)| format!(", {usual}"));
        format!("were it {}{}", figure(self.neutral), usual.unwrap_or_default())
    }
}

impl Explanation {
    /// Terms that do not stand at their neutral value, most telling first.
    pub fn telling(&self) -> impl Iterator<Item = &TermSaid> {
        self.terms.iter().filter(|term| !term.is_neutral())
    }

    /// Names of the terms that stand at their neutral value and so had no part, in one sentence.
    #[must_use]
    pub fn idle(&self) -> Option<String> {
        // A threshold is no influence of its own; what is measured by it names it.
        let idle = self.terms.iter().filter(|term| term.is_neutral() && term.name != "threshold");
        let mut names: Vec<&str> = idle.map(|term| term.name.as_str()).collect();
        names.dedup();
        (!names.is_empty()).then(|| format!("At its neutral value, so without effect: {}.", names.join(", ")))
    }

    /// The numbers of the model it rests on, each with its evidence, in one line; nothing where there are none.
    #[must_use]
    pub fn rests_on(&self) -> Option<String> {
        let words: Vec<String> = self.numbers.iter().map(NumberSaid::words).collect();
        (!words.is_empty()).then(|| format!("Rests on {}.", words.join("; ")))
    }

    /// What the number that decided would have been with a term at its neutral value.
    #[must_use]
    pub fn without_term(&self, term: &TermSaid) -> String {
        let Some(with) = self.chance else { return String::new() };
        if alike(with, term.without) {
            return "makes no difference that day".to_owned();
        }
        format!("{}: {}", term.absence(), self.instead(with, term.without))
    }

    /// What taking a cause away would have done; `None` where that was not tried.
    #[must_use]
    pub fn without_cause(&self, cause: &Cause) -> Option<String> {
        let it = if cause.together.is_empty() {
            "Without it".to_owned()
        } else {
            format!("Alone it changes nothing; without it and {} together", list(&cause.together))
        };
        if let Some(why) = &cause.undecided {
            return Some(format!("{it} nothing would have been decided that day: {why}."));
        }
        if cause.averts {
            return Some(format!("{it} this would not have come about that day."));
        }
        let (without, with) = (cause.chance_without?, self.chance?);
        Some(if alike(with, without) {
            "It makes no difference that day.".to_owned()
        } else if self.measure == Measure::Count {
            format!("{it}: {} expected.", self.instead(with, without))
        } else {
            format!("{it} the chance is {}.", self.instead(with, without))
        })
    }

    /// "although" for what held it back, "because" for the rest.
    #[must_use]
    pub fn link(&self, cause: &Cause) -> &'static str {
        let held_back = cause.chance_without.zip(self.chance).is_some_and(|(without, with)| without > with);
        if held_back { "although" } else { "because" }
    }

    /// A number in the place of the one that decided; both, where they would read the same with their usual digits.
    fn instead(&self, with: f64, without: f64) -> String {
        let [a, b] = self.measure.apart([with, without]);
        if a == self.measure.say(with) { b } else { format!("{b}, not {a}") }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let pad = "  ".repeat(depth);
        writeln!(f, "{pad}{} · {} · event {}", self.date, self.sentence, self.event)?;
        if !self.decided.is_empty() {
            writeln!(f, "{pad}  {}", self.decided)?;
        }
        if let Some(numbers) = self.rests_on() {
            writeln!(f, "{pad}  {numbers}")?;
        }
        for term in self.telling() {
            let value = term.value_said().map_or(String::new(), |value| format!(": {value}"));
            writeln!(f, "{pad}  - {}{}{value} ({})", term.name, term.apart(), self.without_term(term))?;
        }
        if let Some(idle) = self.idle() {
            writeln!(f, "{pad}  {idle}")?;
        }
        for cause in &self.causes {
            let place = cause.event.map_or(String::new(), |id| format!(" [{id}]"));
            write!(f, "{pad}  {}{place}: {} {}", self.link(cause), cause.sentence, cause.contribution)?;
            match self.without_cause(cause) {
                Some(without) => writeln!(f, " {without}")?,
                None => writeln!(f)?,
            }
        }
        if let Some(uncaused) = &self.uncaused {
            writeln!(f, "{pad}  {uncaused}")?;
        }
        for link in &self.chain {
            writeln!(f)?;
            link.write(f, depth + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

/// Words in a row: "[d3e1]", "[d3e1] and [d4e2]", "[d3e1], [d4e2] and [d5e1]".
fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A value of a term with its unit, in words where the unit is of the equation and not of the world.
fn with_unit(value: f64, unit: &str) -> String {
    let unit = match unit {
        "1" | "" => return figure(value),
        "1/day" => "a day",
        "logit" | "term" => "log odds",
        other => other,
    };
    format!("{} {unit}", figure(value))
}

/// A value of a term: two decimals, more for small numbers, none for large ones.
fn figure(value: f64) -> String {
    let size = value.abs();
    let text = if size >= 1000.0 {
        format!("{size:.0}")
    } else if size >= 0.095 || size <= 0.0 {
        format!("{size:.2}")
    } else {
        let decimals = (1.0 - libm::floor(libm::log10(size))).clamp(2.0, 9.0) as usize;
        format!("{size:.decimals$}")
    };
    if value < 0.0 { format!("−{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(name: &str, value: f64, unit: &str, neutral: f64, without: f64) -> TermSaid {
        TermSaid { name: name.to_owned(), which: None, value, unit: unit.to_owned(), neutral, without }
    }

    fn said(chance: f64) -> Explanation {
        Explanation {
            event: EventId { day: 3, place: 1 },
            date: String::new(),
            sentence: String::new(),
            decided: String::new(),
            chance: Some(chance),
            draw: Some(0.0),
            numbers: Vec::new(),
            terms: Vec::new(),
            causes: Vec::new(),
            uncaused: None,
            measure: Measure::Chance,
            chain: Vec::new(),
        }
    }

    fn cause(chance_without: Option<f64>, undecided: Option<&str>) -> Cause {
        Cause {
            sentence: String::new(),
            event: None,
            contribution: String::new(),
            chance_without,
            undecided: undecided.map(str::to_owned),
            averts: false,
            together: Vec::new(),
        }
    }

    /// "Unanswered harm 2.3, without it 0.3 %" read as if less harm made the answer likelier.
    #[test]
    fn a_term_names_what_is_put_in_its_place() {
        let said = said(0.002);
        let words = |t: TermSaid| said.without_term(&t);
        assert_eq!(words(term("unanswered harm", 2.3, "blows", 2.5, 0.0026)), "were it 2.50, the threshold: 0.26 %");
        assert_eq!(words(term("partner shield", 0.4, "share", 1.0, 0.0096)), "were it 1.00, intact: 0.96 %");
        assert_eq!(words(term("caution", 0.5, "logit", 0.0, 0.004)), "without it: 0.40 %");
        assert_eq!(words(term("war mode", 1.0, "yes", 0.0, 0.0)), "without it: 0 %");
        assert_eq!(words(term("caution", 0.5, "logit", 0.0, 0.002_03)), "without it: 0.203 %, not 0.200 %");
        assert_eq!(words(term("zone talks", 0.5, "share", 0.0, 0.002)), "makes no difference that day");
    }

    #[test]
    fn a_cause_says_what_came_without_it() {
        let said = said(0.002_96);
        let words = |chance, undecided| said.without_cause(&cause(chance, undecided));
        assert_eq!(words(None, None), None);
        assert_eq!(words(Some(0.002_61), None).unwrap(), "Without it the chance is 0.26 %.");
        assert_eq!(words(Some(0.0), None).unwrap(), "Without it the chance is 0 %.");
        assert_eq!(words(Some(0.002_96), None).unwrap(), "It makes no difference that day.");
        assert_eq!(
            words(Some(0.0), Some("no answer would have been owed")).unwrap(),
            "Without it nothing would have been decided that day: no answer would have been owed."
        );
    }

    #[test]
    fn causes_that_act_together_are_said_together_and_what_no_draw_decided_would_not_have_come() {
        let said = said(0.002_96);
        let mut both = cause(Some(0.002_61), None);
        both.together = vec!["[3.1]".to_owned()];
        let words = said.without_cause(&both).unwrap();
        assert_eq!(words, "Alone it changes nothing; without it and [3.1] together the chance is 0.26 %.");
        assert_eq!(list(&["[3.1]", "[4.2]", "[5.1]"].map(str::to_owned)), "[3.1], [4.2] and [5.1]");
        let state = Explanation { chance: None, draw: None, ..said };
        let needed = Cause { averts: true, ..cause(None, None) };
        assert_eq!(state.without_cause(&needed).unwrap(), "Without it this would not have come about that day.");
        assert_eq!(state.link(&needed), "because");
    }

    #[test]
    fn numbers_say_what_they_rest_on() {
        let theta = NumberSaid::new("ledger.theta[IRN|ISR]", 2.5, "blows", Evidence::A);
        let war = NumberSaid::new("theta_war", 8.0, "blows", Evidence::H);
        let said = Explanation { numbers: vec![theta, war], ..said(0.1) };
        assert_eq!(
            said.rests_on().unwrap(),
            "Rests on ledger.theta[IRN|ISR] 2.50 blows (A, assumption); theta_war 8.00 blows (H, assumption with hindsight)."
        );
        assert_eq!(Explanation { numbers: Vec::new(), ..said }.rests_on(), None);
    }

    #[test]
    fn values_read_as_they_are_meant() {
        let value = |value, unit: &str| term("", value, unit, 0.0, 0.0).value_said();
        assert_eq!(value(1.0, "yes"), None);
        assert_eq!(value(0.015, "1/day").unwrap(), "0.015 a day");
        assert_eq!(value(0.0004, "1/day").unwrap(), "0.00040 a day");
        assert_eq!(value(-0.5, "logit").unwrap(), "−0.50 log odds");
        assert_eq!(value(23_000.0, "persons").unwrap(), "23000 persons");
        assert_eq!(value(2.3, "blows").unwrap(), "2.30 blows");
    }
}
