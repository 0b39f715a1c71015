//! What drives an outcome, in words: what can be asked about and how it is written, the sentence that answers, what a lift is
//! said to be. The command line and the window say the same.

use super::causes::{Before, Came, Drivers, Row};
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
            Self::DirectFire => "direct fire between states".to_owned(),
            Self::InForce(table) => format!("{} in force at the end", rules.tables[table].name),
            Self::Collapsed(table) => format!("a collapse of {}", rules.tables[table].name),
        }
    }
}

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
            (_, Some(low), None) => format!("over {low:.2}"),
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
            return format!("No kind of event was needed by itself for {words}.");
        };
        let mut text = format!(
            "In {} of the futures with {words} there would have been none without {}",
            about(first.necessary.p),
            first.cause.words()
        );
        for row in rest.iter().take(2) {
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
        let sum: f64 = needed.iter().map(|row| row.necessary.p).sum();
        if sum > 1.0 {
            text.push_str(
                " The shares add up to more than 100 %, for a future that needs two kinds at once counts for each.",
            );
        }
        let none = 1.0 - self.needed_one.p;
        if none >= 0.005 {
            let _ = write!(
                text,
                " {} needed none of them by itself: where two roads lead to the same end, either may be taken away.",
                about(none)
            );
        }
        text
    }

    /// The typical road as a sentence, where there is one.
    #[must_use]
    pub fn road_words(&self, words: &str) -> Option<String> {
        let road = self.road.as_ref()?;
        let steps: Vec<&str> = road.causes.iter().map(|cause| cause.words()).collect();
        let share = 100.0 * road.share.p;
        Some(format!("The typical road, of {share:.1} % of the futures with {words}: {}.", steps.join(", then ")))
    }

    /// The earliest sign as a sentence, where there is one.
    #[must_use]
    pub fn sign_words(&self) -> Option<String> {
        let sign = self.sign?;
        Some(format!("The earliest sign: {}, {} days before, at the median.", sign.cause.words(), sign.days_before))
    }

    /// What the numbers mean.
    #[must_use]
    pub fn how(&self) -> String {
        format!(
            "Needed: the outcome is gone when every event of the kind is taken away in that very future, on the same luck. \
             Enough: futures without the outcome come to it when they are given the events of the kind that a future with it \
             had ({} of them). Before: share in which one came before the first day; without it, before days of the same \
             distribution. Intervals are 90 % intervals. What goes with an outcome need not have made it.",
            self.added_to
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lift_without_an_upper_end_says_where_it_begins() {
        let before = Before { with: 0.5, without: 0.0, lift: None, low: Some(4.0), high: None };
        assert_eq!(before.lift_words(), "over 4.00");
        let before = Before { lift: Some(2.0), low: Some(1.5), high: Some(2.5), ..before };
        assert_eq!(before.lift_words(), "2.00 (1.50–2.50)");
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
