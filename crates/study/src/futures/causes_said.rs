//! What drives an outcome, in words: what can be asked about and how it is written, the sentence that answers, what a lift is
//! said to be. The command line and the window say the same.

use super::accumulate::FirstDays;
use super::causes::{Before, Came, Drivers, Row, TELLS};
use detente_model::record::outcome::Headline;
use detente_model::scenario::nearest;
use detente_model::sim::rules::Rules;
use std::fmt::Write as _;

impl Came {
    /// Everything that can be asked about in a scenario.
    #[must_use]
    pub fn all(rules: &Rules) -> Vec<Self> {
        let tables = 0..rules.tables.len();
        let headlines = Headline::ALL.into_iter().map(Self::Headline);
        let others = tables.clone().map(Self::InForce).chain(tables.map(Self::Collapsed));
        headlines.chain([Self::DirectFire]).chain(others).collect()
    }

    /// How it is written: `regional_war`, `direct_fire`, `truce:LEB`, `collapse:LEB`.
    #[must_use]
    pub fn id(self, rules: &Rules) -> String {
        let table = |table: usize| &rules.tables[table].id.text;
        match self {
            Self::Headline(headline) => headline.name().to_owned(),
            Self::DirectFire => "direct_fire".to_owned(),
            Self::InForce(of) => format!("truce:{}", table(of)),
            Self::Collapsed(of) => format!("collapse:{}", table(of)),
        }
    }

    /// Reads what [`Came::id`] writes.
    ///
    /// # Errors
    /// One sentence that says what there is, to follow what was asked for.
    pub fn read(text: &str, rules: &Rules) -> Result<Self, String> {
        let table = |id: &str| {
            rules.table(id).ok_or_else(|| {
                let known: Vec<&str> = rules.tables.iter().map(|table| table.id.text.as_str()).collect();
                match nearest(id, known.iter().copied()) {
                    Some(near) => format!("this scenario has no table `{id}`; did you mean `{near}`?"),
                    None => format!("this scenario has no table `{id}`; there are {}", known.join(", ")),
                }
            })
        };
        match text.split_once(':') {
            Some(("truce", id)) => table(id).map(Self::InForce),
            Some(("collapse", id)) => table(id).map(Self::Collapsed),
            None if text == "direct_fire" => Ok(Self::DirectFire),
            _ => match Headline::ALL.into_iter().find(|headline| headline.name() == text) {
                Some(headline) => Ok(Self::Headline(headline)),
                None => {
                    let classes = Headline::ALL.map(Headline::name).join(", ");
                    Err(format!("take one of {classes}, direct_fire, truce:TABLE or collapse:TABLE"))
                }
            },
        }
    }

    /// In words, with its article: "a regional war".
    #[must_use]
    pub fn words(self, rules: &Rules) -> String {
        match self {
            Self::Headline(headline) => {
                let article = if headline == Headline::Unsettled { "an" } else { "a" };
                format!("{article} {}", headline.words())
            }
            Self::DirectFire => FirstDays::WORDS[FirstDays::DIRECT_FIRE].to_owned(),
            Self::InForce(table) => format!("{} in force at the end", rules.tables[table].name),
            Self::Collapsed(table) => format!("a collapse of {}", rules.tables[table].name),
        }
    }
}

/// Kinds of event that the sentence names.
const SHOWN: usize = 3;

/// Whole per cent, as a sentence says it.
fn about(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

impl Before {
    /// The lift with its interval; where there is no upper end, from where on it lies.
    #[must_use]
    pub fn lift_words(&self) -> String {
        match (self.lift, self.low, self.high) {
            (Some(lift), Some(low), Some(high)) => format!("{lift:.2} ({low:.2}–{high:.2})"),
            // It never came before: no ratio but nought, and nothing that could be more of it.
            (Some(lift), _, None) if lift <= 0.0 => "0".to_owned(),
            (Some(lift), Some(low), None) => format!("{lift:.2} ({low:.2}–)"),
            (None, Some(low), _) => format!("over {low:.2}"),
            (lift, ..) => lift.map_or_else(|| "–".to_owned(), |lift| format!("{lift:.2}")),
        }
    }
}

impl Drivers {
    /// The sentence that answers the question; `words` are those of what was asked about.
    #[must_use]
    pub fn sentence(&self, words: &str) -> String {
        let needed: Vec<&Row> = self.causes.iter().filter(|row| row.necessary.p >= 0.005).collect();
        let Some((first, rest)) = needed.split_first() else {
            return format!("No kind of event was needed by itself for {words}.{}", self.alternatives());
        };
        let mut text = format!(
            "In {} of the futures with {words} there would have been none without {}",
            about(first.necessary.p),
            first.cause.words()
        );
        for row in rest.iter().take(SHOWN - 1) {
            let _ = write!(text, ", in {} without {}", about(row.necessary.p), row.cause.words());
        }
        if let [second, ..] = rest {
            let pair = self.jointly.iter().find(|pair| {
                pair.causes.contains(&first.cause) && pair.causes.contains(&second.cause) && pair.both.p > 0.0
            });
            let both = pair.map_or(0.0, |pair| pair.both.p);
            let _ = write!(text, "; {} needed both of the first two", about(both));
        }
        text.push('.');
        // Of the shares that stand in the sentence.
        let sum: f64 = needed.iter().take(SHOWN).map(|row| row.necessary.p).sum();
        if sum > 1.0 {
            text.push_str(
                " The shares add up to more than 100 %, for a future that needs two kinds at once counts for each.",
            );
        }
        text.push_str(&self.alternatives());
        text
    }

    /// What is known of the futures that needed no kind by itself: where either of two would have done, and where not even that.
    fn alternatives(&self) -> String {
        let none = self.needed_one.map_or(0.0, |one| 1.0 - one.p);
        if none < 0.005 {
            return String::new();
        }
        let two = self.one_of_two.map_or(0.0, |two| two.p);
        let (rest, none) = (none - two, about(none));
        if two < 0.005 {
            format!(" {none} needed none by itself, nor one of any two of these kinds.")
        } else if rest < 0.005 {
            format!(" {none} needed none by itself: two kinds were alternatives there, of which one would have done.")
        } else {
            format!(
                " {none} needed none by itself: in {} two kinds were alternatives, of which one would have done; in the rest \
                 no one or two of these kinds were needed.",
                about(two)
            )
        }
    }

    /// The typical road as a sentence, where there is one.
    #[must_use]
    pub fn road_words(&self, words: &str) -> Option<String> {
        let road = self.road.as_ref()?;
        let steps: Vec<&str> = road.causes.iter().map(|cause| cause.words()).collect();
        let share = 100.0 * road.share.p;
        Some(format!("The typical road, of {share:.1} % of the futures with {words}: {}.", steps.join(", then ")))
    }

    /// The earliest sign as a sentence, or that there is none.
    #[must_use]
    pub fn sign_words(&self) -> String {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        match &self.sign {
            Some(sign) => format!(
                "The earliest sign: {}, {} days before, at the median (came before in {}, and in {} without).",
                sign.cause.words(),
                sign.days_before,
                percent(sign.with),
                percent(sign.without)
            ),
            None => format!("No kind is a sign: none came before for certain {TELLS} times as often as without it."),
        }
    }

    /// What the numbers mean; `beginnings` are those of the nowcast that the futures start from, where they do.
    #[must_use]
    pub fn how(&self, beginnings: Option<usize>) -> String {
        let from = beginnings.map_or_else(String::new, |n| {
            format!(
                " Futures start from {n} beginnings, one after another, as if each future had its own: the intervals are of luck \
                 alone, and not of how well so few beginnings tell the state of the world."
            )
        });
        format!(
            "Needed: the outcome is gone when every event of the kind is taken away in that very future, on the same luck. \
             Enough: futures without the outcome come to it when they are given the events of the kind that a future with it \
             had ({} of them). Before: share in which one came before the first day; without it, before days of the same \
             distribution. Intervals are 90 % intervals.{from} What goes with an outcome need not have made it.",
            self.added_to
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::accumulate::share;
    use detente_model::sim::altered::Cause;

    fn found(needed: &[(Cause, u64)], one: u64, two: u64) -> Drivers {
        let before = Before { with: 0.0, without: Some(0.0), lift: None, low: None, high: None };
        let row = |&(cause, count): &(Cause, u64)| Row {
            cause,
            id: cause.name(),
            before,
            necessary: share(count, 100),
            sufficient: None,
            days_before: None,
        };
        Drivers {
            futures: 200,
            with_outcome: 100,
            added_to: 100,
            causes: needed.iter().map(row).collect(),
            jointly: Vec::new(),
            needed_one: Some(share(one, 100)),
            one_of_two: Some(share(two, 100)),
            road: None,
            sign: None,
            example: None,
            example_day: None,
        }
    }

    #[test]
    fn the_sentence_says_only_what_was_counted() {
        use Cause::{Answer, Blow, Joining, Preventive};
        let ends = |found: &Drivers, end: &str| {
            let said = found.sentence("a war");
            assert!(said.ends_with(end), "{said}");
        };
        // Three of 40, 30 and 20 % stand in the sentence, and add up to less than 100 whatever is left out.
        let four = [(Answer, 40), (Preventive, 30), (Blow, 20), (Joining, 20)];
        ends(&found(&four, 100, 0), "0 % needed both of the first two.");
        ends(&found(&[(Answer, 60), (Preventive, 50)], 100, 0), "counts for each.");
        ends(
            &found(&four, 88, 9),
            "12 % needed none by itself: in 9 % two kinds were alternatives, of which one would have done; in the rest no one or \
             two of these kinds were needed.",
        );
        let all = "12 % needed none by itself: two kinds were alternatives there, of which one would have done.";
        ends(&found(&four, 88, 12), all);
        ends(&found(&four, 88, 0), "12 % needed none by itself, nor one of any two of these kinds.");
        let said = found(&[], 0, 70).sentence("a war");
        let begins = "No kind of event was needed by itself for a war. 100 % needed none by itself: in 70 %";
        assert!(said.starts_with(begins), "{said}");
    }

    #[test]
    fn a_lift_without_an_upper_end_says_where_it_begins() {
        let before = Before { with: 0.5, without: Some(0.0), lift: None, low: Some(4.0), high: None };
        assert_eq!(before.lift_words(), "over 4.00");
        let before = Before { lift: Some(2.0), low: Some(1.5), high: Some(2.5), ..before };
        assert_eq!(before.lift_words(), "2.00 (1.50–2.50)");
        assert_eq!(Before { high: None, ..before }.lift_words(), "2.00 (1.50–)");
        assert_eq!(Before { lift: Some(0.0), low: Some(0.0), high: None, ..before }.lift_words(), "0");
        assert_eq!(Before { lift: None, low: None, high: None, ..before }.lift_words(), "–");
    }

    #[test]
    fn what_can_be_asked_about_is_read_as_it_is_written() {
        let loaded = detente_model::scenario::load("november-2024").unwrap_or_else(|errors| panic!("{errors}"));
        let rules = Rules::new(&loaded);
        let all = Came::all(&rules);
        assert!(all.len() > 10);
        for came in all {
            assert_eq!(Came::read(&came.id(&rules), &rules), Ok(came));
        }
    }
}
