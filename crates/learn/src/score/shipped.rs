//! The back-test that every program has: `assets/observed/scores.json`, and what it says in words.
//!
//! The file holds what `detente score` finds with the plan that stands in it. A test of the command line runs that and fails where the
//! two differ; `UPDATE_GOLDEN=1` writes the file anew.

use super::backtest::Plan;
use super::baselines::Rule;
use super::forecast::{QUESTION_DAYS, Question, UNOBSERVED};
use super::registered::{Standing, registered};
use super::summary::{Asked, Cell, Summary, ahead, words};
use crate::observed::{SERIES, Series};
use detente_study::tables::provenance::MODEL;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const SCORES: &str = include_str!("../../../../assets/observed/scores.json");

/// The rule that the literature asks a forecast to beat.
pub const TO_BEAT: Rule = Rule::NbRecent;

/// A back-test as it ships.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shipped {
    /// Scenario from whose start the filter ran.
    pub scenario: String,
    /// What was scored.
    pub plan: Plan,
    /// What it came to.
    #[serde(flatten)]
    pub summary: Summary,
    /// Series that have no forecast, and why.
    pub not_scored: BTreeMap<String, String>,
}

/// Scores of one series at one horizon.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The series.
    pub series: &'static Series,
    /// Weeks ahead.
    pub weeks: u32,
    /// Its scores.
    pub cell: &'a Cell,
}

/// The back-test of this program.
///
/// # Errors
/// If the file of this package does not hold one.
pub fn shipped() -> Result<&'static Shipped, String> {
    static READ: OnceLock<Result<Shipped, String>> = OnceLock::new();
    let read =
        || serde_json::from_str(SCORES).map_err(|error| format!("assets/observed/scores.json cannot be read: {error}"));
    READ.get_or_init(read).as_ref().map_err(Clone::clone)
}

impl Shipped {
    /// The text of the file.
    ///
    /// # Errors
    /// If a number of it is none.
    pub fn file(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| error.to_string())
    }

    /// Scores of every series that has some, in the order of reports, by weeks ahead.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.plan.horizons.iter().flat_map(move |&weeks| self.ahead(weeks))
    }

    /// Those of one horizon.
    pub fn ahead(&self, weeks: u32) -> impl Iterator<Item = Row<'_>> {
        SERIES.iter().filter_map(move |series| {
            let cell = self.summary.series.get(series.id)?.get(&weeks.to_string())?;
            Some(Row { series, weeks, cell })
        })
    }

    /// The scores of a series at the horizon next to so many days; of two as near, the shorter one.
    #[must_use]
    pub fn nearest(&self, series: &str, days: u32) -> Option<Row<'_>> {
        let of = self.rows().filter(|row| row.series.id == series);
        of.min_by_key(|row| ((7 * row.weeks).abs_diff(days), row.weeks))
    }

    /// What it is a back-test of, in a few words.
    #[must_use]
    pub fn of(&self) -> String {
        let last = self.plan.origins().last().copied().unwrap_or(self.plan.to);
        format!("the model started from the record, to {}", last.strftime("%-d %B %Y"))
    }

    /// On how many series no simple rule did better, horizon by horizon; then how often the difference from the rule to beat is
    /// clear.
    #[must_use]
    pub fn verdict(&self) -> String {
        let (mut stand, mut all) = (0, 0);
        let mut parts: Vec<String> = Vec::new();
        for &weeks in &self.plan.horizons {
            let of = self.ahead(weeks).count();
            let best = self.ahead(weeks).filter(|row| row.cell.better_rules().is_empty()).count();
            (stand, all) = (stand + best, all + of);
            parts.push(format!("{best} of {of} series {}", ahead(weeks)));
        }
        let others = if stand < all { "; on the others some simple rule does" } else { "" };
        let skills = || self.rows().filter_map(|row| row.cell.skill.get(TO_BEAT.name()));
        let clear = skills().filter(|skill| skill.low.is_some_and(|low| low > 0.0)).count();
        let worse = skills().filter(|skill| skill.high.is_some_and(|high| high < 0.0)).count();
        let free = |row: &Row<'_>| row.cell.skill.get(UNOBSERVED).is_some_and(|skill| skill.value < 0.0);
        let free = self.rows().filter(free).count();
        format!(
            "On {} no simple rule does better{others}. Against {}, the rule to beat, it is clearly better in {clear} of {all} cases and \
             clearly worse in {worse}: there the 90 % interval leaves zero out. The same model without observations does better in {free}.",
            parts.join(", on "),
            TO_BEAT.words()
        )
    }

    /// A question with its answers in words: "An agreement signed within 90 days: …". `None` where it was not asked.
    #[must_use]
    pub fn question(&self, question: Question) -> Option<String> {
        let Asked { n, happened, chance, brier, baselines, .. } = self.summary.questions.get(question.name())?;
        let rules: Vec<String> = baselines.iter().map(|(name, [other, _])| beside(name, *brier, *other)).collect();
        Some(format!(
            "{} within {QUESTION_DAYS} days: asked {n} times, came {happened} times, mean chance given {:.0} %. Brier score {brier:.2}: {}.",
            question.words(),
            100.0 * chance,
            rules.join(", ")
        ))
    }

    /// Why a series has no forecast.
    #[must_use]
    pub fn why_not(&self, series: &str) -> Option<&str> {
        self.not_scored.get(series).map(String::as_str)
    }

    /// How this back-test stands to what is registered.
    ///
    /// # Errors
    /// If what is registered cannot be read.
    pub fn standing(&self) -> Result<Standing, String> {
        Ok(registered()?.against(MODEL, &self.scenario, &self.plan))
    }
}

/// A Brier score beside that of a rule; lower is better.
fn beside(name: &str, mine: f64, other: f64) -> String {
    let rule = if name == UNOBSERVED { words(name) } else { "how often it came before" };
    let how = if mine < other { "better than" } else { "no better than" };
    format!("{how} {rule} ({other:.2})")
}

impl Row<'_> {
    /// Everything that the back-test says of it: the sentence against the rule to beat, then where another simple rule is better.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (n, cell) = (self.cell.n, self.cell);
        let against = cell.sentence(self.weeks, TO_BEAT.name());
        let mut text = against.unwrap_or_else(|| {
            let held = cell.held(cell.coverage90);
            let than = TO_BEAT.words();
            format!("{}: {than} were always right, {n} forecasts; the 90 % band held {held}", ahead(self.weeks))
        });
        let better: Vec<(Rule, i64)> = cell.better_rules().into_iter().filter(|(rule, _)| *rule != TO_BEAT).collect();
        if let Some((rule, by)) = better.first() {
            text.push_str(&match by {
                0 => format!("; a shade worse than {}", rule.words()),
                _ => format!("; {by} % worse than {}", rule.words()),
            });
            if better.len() > 1 {
                text.push_str(&format!(" and worse than {} more", better.len() - 1));
            }
        }
        text
    }

    /// The same in few words, longest first.
    #[must_use]
    pub fn short(&self) -> Vec<String> {
        let skill = self.cell.against(TO_BEAT.name()).unwrap_or_else(|| "–".to_owned());
        let rules = self.cell.better_rules().iter().filter(|(rule, _)| *rule != TO_BEAT).count();
        let better = match rules {
            0 => String::new(),
            1 => "; 1 rule better".to_owned(),
            n => format!("; {n} rules better"),
        };
        let (than, weeks) = (TO_BEAT.words(), self.weeks);
        vec![
            format!("Back-test, {}: {skill} % against {than}{better}", ahead(weeks)),
            format!("Back-test, {weeks} weeks: {skill} % on {than}{better}"),
            format!("{weeks} weeks: {skill} % on {than}{better}"),
            format!("Back-test: {skill} %{better}"),
            "Back-test".to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_can_be_read_and_is_written_as_it_stands() {
        let of = shipped().unwrap();
        assert_eq!(of.file().unwrap(), SCORES, "UPDATE_GOLDEN=1 cargo test --test cli back_test");
        assert!(of.rows().count() > 0 && !of.plan.origins().is_empty());
        let scored: usize = of.summary.series.values().map(BTreeMap::len).sum();
        assert_eq!(of.rows().count(), scored, "a series that no report knows");
        assert!(of.plan.to <= jiff::civil::date(2024, 11, 7));
    }

    #[test]
    fn the_horizon_is_the_one_next_to_the_days() {
        let of = shipped().unwrap();
        let id = of.summary.series.keys().next().unwrap();
        let at = |days| of.nearest(id, days).unwrap().weeks;
        assert_eq!([at(5), at(7), at(17), at(18), at(30), at(59), at(60), at(540)], [1, 1, 1, 4, 4, 4, 13, 13]);
        assert!(of.nearest("no.series", 30).is_none());
    }

    #[test]
    fn the_verdict_counts_and_says_worse_as_plainly_as_better() {
        let mut of = shipped().unwrap().clone();
        let rule = |value: f64| super::super::skill::Skill { value, low: Some(value - 0.1), high: Some(value + 0.1) };
        let set = |of: &mut Shipped, value: f64| {
            for cell in of.summary.series.values_mut().flat_map(BTreeMap::values_mut) {
                for rule_of in Rule::ALL {
                    cell.skill.insert(rule_of.name().to_owned(), rule(value));
                }
            }
        };
        let (n, all) = (of.ahead(1).count(), of.rows().count());
        set(&mut of, 0.2);
        let better = of.verdict();
        assert!(better.starts_with(&format!("On {n} of {n} series 1 week ahead")), "{better}");
        assert!(!better.contains("on the others"), "{better}");
        assert!(
            better.contains(&format!("clearly better in {all} of {all} cases and clearly worse in 0:")),
            "{better}"
        );
        let row = of.rows().next().unwrap();
        assert!(row.sentence().contains("20 % better than the last 8 weeks") && !row.sentence().contains("worse"));
        assert!(!row.short()[0].contains("better"), "{:?}", row.short());
        set(&mut of, -0.2);
        let worse = of.verdict();
        assert!(worse.starts_with(&format!("On 0 of {n} series 1 week ahead, on 0 of ")), "{worse}");
        assert!(worse.contains("; on the others some simple rule does."), "{worse}");
        assert!(worse.contains(&format!("clearly better in 0 of {all} cases and clearly worse in {all}:")), "{worse}");
        let row = of.rows().next().unwrap();
        assert!(row.sentence().contains("20 % worse than the last 8 weeks"), "{}", row.sentence());
        assert!(row.sentence().ends_with("; 20 % worse than last week's value and worse than 3 more"));
        assert!(row.short()[0].ends_with("; 4 rules better"), "{:?}", row.short());
        // One series on which it stands.
        let id = of.ahead(1).next().unwrap().series.id;
        let cell = of.summary.series.get_mut(id).unwrap().get_mut("1").unwrap();
        cell.skill.values_mut().for_each(|skill| *skill = rule(0.0));
        let some = of.verdict();
        let words = format!("On 1 of {n} series 1 week ahead, on 0 of ");
        assert!(some.starts_with(&words), "{some}");
    }

    #[test]
    fn a_question_says_how_often_it_came_and_what_simple_rules_gave() {
        let of = shipped().unwrap();
        for question in Question::ALL {
            let asked = of.summary.questions.get(question.name());
            let Some(asked) = asked else { continue };
            let words = of.question(question).unwrap();
            assert!(words.contains(&format!("asked {} times, came {} times", asked.n, asked.happened)), "{words}");
            assert_eq!(words.matches("better than").count(), asked.baselines.len(), "{words}");
        }
        assert!(of.standing().is_ok());
    }
}
