//! Points: at which of their values the numbers of a future stand, apart from its luck.
//!
//! A future is a pure function of (scenario, seed, number, **point**, lever log). Luck is keyed by seed and number; a point says
//! where the free numbers stand, whatever the luck. The free numbers of a scenario, their order and their ranges are one
//! table: [`FreeNumbers`].

use super::estimates::{draw_between, is_free};
use super::learnt::{Known, Learnt};
use super::{Estimate, Rules};
use crate::chance::Key;
use crate::symbols::parameters::{NOT_DRAWN, ROWS};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Where the numbers of a future stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Point {
    /// At the scenario's own values.
    #[default]
    Default,
    /// Every free number drawn from its range, keyed by (seed, number): what `--params prior` gives to that future. In rules
    /// that carry what the record says ([`Rules::learn`]), numbers that this names are drawn from that: `--params posterior`.
    Drawn {
        /// Seed.
        seed: u64,
        /// Number.
        future: u64,
    },
    /// Some at given values, the others at the scenario's own.
    Given(Arc<Values>),
}

/// Values for some of a scenario's free numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// Position in the table of parameters, value; in order.
    scalars: Vec<(usize, f64)>,
    /// Position in [`Frame::estimates`], value; in order.
    estimates: Vec<(usize, f64)>,
}

/// A number that is not fixed: a scalar parameter, or an estimate of one stream, ledger, table …
#[derive(Clone, Debug, PartialEq)]
pub struct FreeNumber {
    /// Id, as `detente parameters` lists it: `theta_war`, `table.eta[LEB]`.
    pub id: String,
    /// The scenario's value.
    pub default: f64,
    /// Least value.
    pub low: f64,
    /// Largest value, above the least.
    pub high: f64,
    /// Whether equal ratios are as likely, and not equal differences.
    pub log: bool,
    /// Where it is kept.
    slot: Slot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Scalar(usize),
    Estimate(usize),
}

impl FreeNumber {
    /// The value at position `u` of its range, 0 to 1: its quantile under the prior.
    #[must_use]
    pub fn at(&self, u: f64) -> f64 {
        draw_between(u, self.low, self.high, self.log)
    }
}

/// The free numbers of a scenario: those whose range is more than a point and that the scenario has not fixed. Scalar
/// parameters first, in the order of their table, then estimates in the order of [`estimates`](super::Frame::estimates).
#[derive(Clone, Debug, PartialEq)]
pub struct FreeNumbers(pub Vec<FreeNumber>);

impl FreeNumbers {
    /// Those of these rules.
    #[must_use]
    pub fn of(rules: &Rules) -> Self {
        let frame = &rules.frame;
        let rows = ROWS.iter().enumerate().filter(|(_, row)| row.low < row.high && is_free(row, frame));
        let scalars = rows.map(|(i, row)| FreeNumber {
            id: row.id.to_owned(),
            default: frame.parameters.get(row.id).unwrap_or(row.default),
            low: row.low,
            high: row.high,
            log: row.log() && row.low > 0.0,
            slot: Slot::Scalar(i),
        });
        let spread = frame.estimates.iter().enumerate().filter(|(_, e): &(usize, &Estimate)| e.low < e.high);
        let estimates = spread.map(|(i, e)| FreeNumber {
            id: e.id.clone(),
            default: e.value,
            low: e.low,
            high: e.high,
            log: e.log && e.low > 0.0,
            slot: Slot::Estimate(i),
        });
        Self(scalars.chain(estimates).collect())
    }

    /// Position of the number with this id.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.0.iter().position(|number| number.id == id)
    }

    /// A point with a value for every number, in order.
    #[must_use]
    pub fn all(&self, values: impl IntoIterator<Item = f64>) -> Values {
        let mut all = Values::default();
        for (number, value) in self.0.iter().zip(values) {
            all.push(number.slot, value);
        }
        all
    }

    /// A point with values by id. The id of a family, like `table.eta`, gives its value to all of the family that are free; what is
    /// given to one of them by its own id counts for that one, wherever it stands in the list.
    ///
    /// # Errors
    /// Every id that is unknown or fixed by the scenario, and every value outside its range.
    pub fn given(&self, values: &[(String, f64)]) -> Result<Point, Vec<Misplaced>> {
        self.finder().given(values)
    }

    /// The same numbers, found by their ids at once: for whoever places many points.
    #[must_use]
    pub fn finder(&self) -> Finder<'_> {
        let (mut ids, mut families) = (BTreeMap::new(), BTreeMap::<&str, Vec<usize>>::new());
        for (at, number) in self.0.iter().enumerate() {
            ids.insert(number.id.as_str(), at);
            if let Some((family, _)) = number.id.split_once('[') {
                families.entry(family).or_default().push(at);
            }
        }
        Finder { numbers: self, ids, families }
    }

    /// Their values in these rules, in order.
    #[must_use]
    pub fn values(&self, rules: &mut Rules) -> Vec<f64> {
        let estimates: Vec<f64> = rules.estimates().map(|slot| *slot).collect();
        let of = |number: &FreeNumber| match number.slot {
            Slot::Scalar(_) => rules.full.get(&number.id).unwrap_or(number.default),
            Slot::Estimate(i) => estimates[i],
        };
        self.0.iter().map(of).collect()
    }
}

/// Free numbers with where each id stands among them.
#[derive(Clone, Debug)]
pub struct Finder<'a> {
    numbers: &'a FreeNumbers,
    ids: BTreeMap<&'a str, usize>,
    families: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Finder<'a> {
    /// Whether this is the id of a number, or of a family of them.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.ids.contains_key(id) || self.families.contains_key(id)
    }

    /// Ids of numbers, then of families.
    pub fn ids(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.ids.keys().chain(self.families.keys()).copied()
    }

    /// As [`FreeNumbers::given`].
    ///
    /// # Errors
    /// As there.
    pub fn given(&self, values: &[(String, f64)]) -> Result<Point, Vec<Misplaced>> {
        let mut given = Values::default();
        for (number, value) in self.spread(values)? {
            given.push(number.slot, value);
        }
        Ok(Point::Given(Arc::new(given)))
    }

    /// Values by id as every number that they move has them, in the order of the numbers: families as their members.
    ///
    /// # Errors
    /// As [`FreeNumbers::given`].
    pub fn spread(&self, values: &[(String, f64)]) -> Result<Vec<(&'a FreeNumber, f64)>, Vec<Misplaced>> {
        let (mut own, mut shared, mut wrong) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for (id, value) in values {
            let at = self.ids.get(id.as_str());
            let family = self.families.get(id.as_str());
            if at.is_none() && family.is_none() {
                wrong.push(Misplaced::NotFree { id: id.clone() });
            }
            let into = if at.is_some() { &mut own } else { &mut shared };
            for &at in at.into_iter().chain(family.into_iter().flatten()) {
                let FreeNumber { id, low, high, .. } = &self.numbers.0[at];
                if (*low..=*high).contains(value) {
                    into.insert(at, *value);
                } else {
                    wrong.push(Misplaced::Outside { id: id.clone(), value: *value, low: *low, high: *high });
                }
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        shared.extend(own);
        Ok(shared.into_iter().map(|(at, value)| (&self.numbers.0[at], value)).collect())
    }
}

/// Why a value has no place in a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Misplaced {
    /// The scenario does not know the number, or fixes it.
    NotFree {
        /// Its id.
        id: String,
    },
    /// The value lies outside the number's range.
    Outside {
        /// Its id.
        id: String,
        /// The value.
        value: f64,
        /// Least value.
        low: f64,
        /// Largest value.
        high: f64,
    },
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFree { id } => write!(f, "{id} is no free number of this scenario: it is unknown or fixed"),
            Self::Outside { id, value, low, high } => write!(f, "{id} = {value} is outside its range, {low} to {high}"),
        }
    }
}

impl std::error::Error for Misplaced {}

impl Values {
    fn push(&mut self, slot: Slot, value: f64) {
        match slot {
            Slot::Scalar(i) => self.scalars.push((i, value)),
            Slot::Estimate(i) => self.estimates.push((i, value)),
        }
    }
}

impl Rules {
    /// The same rules, whose draws follow what the record says about some numbers. Ids that the scenario lacks or fixes are
    /// passed over, and so are those whose range is another here: what was learnt is of the prior that it was learnt with.
    #[must_use]
    pub fn learn(mut self, known: &[Known]) -> Self {
        let mut learnt = Learnt::default();
        for number in &FreeNumbers::of(&self).0 {
            let same =
                |known: &&Known| known.id == number.id && near(known.low, number.low) && near(known.high, number.high);
            let Some(known) = known.iter().find(same) else { continue };
            match number.slot {
                Slot::Scalar(i) => drop(learnt.scalars.insert(ROWS[i].id.to_owned(), known.score)),
                Slot::Estimate(i) => drop(learnt.estimates.insert(i, known.score)),
            }
        }
        Arc::make_mut(&mut self.frame).learnt = Some(learnt);
        self
    }

    /// Puts every number where the point has it.
    pub fn place(&mut self, point: &Point) {
        match point {
            Point::Default => self.reset(),
            Point::Drawn { seed, future } => self.redraw(Key::new(*seed, *future)),
            Point::Given(values) => self.put(values),
        }
    }

    /// Makes the values of a point the scenario's own: what is reset goes back to them.
    pub fn settle(&mut self, point: &Point) {
        self.place(point);
        let (parameters, values): (_, Vec<f64>) = (self.p.clone(), self.estimates().map(|slot| *slot).collect());
        let frame = Arc::make_mut(&mut self.frame);
        frame.parameters = parameters;
        for (estimate, value) in frame.estimates.iter_mut().zip(values) {
            estimate.value = value;
        }
        self.reset();
    }

    /// Puts some numbers at given values and all others back to the scenario's own.
    fn put(&mut self, values: &Values) {
        let frame = Arc::clone(&self.frame);
        let mut given = values.estimates.iter().peekable();
        for (i, (slot, e)) in self.estimates().zip(&frame.estimates).enumerate() {
            *slot = given.next_if(|(at, _)| *at == i).map_or(e.value, |(_, value)| *value);
        }
        self.p = frame.parameters.clone();
        let (mut given, mut i) = (values.scalars.iter().peekable(), 0);
        self.p.map(|_, value| {
            let value = given.next_if(|(at, _)| *at == i).map_or(value, |(_, value)| *value);
            i += 1;
            value
        });
        self.derive();
    }
}

/// Whether two ends of a range are the same, one of them read from a table.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// The numbers that futures draw under `--params prior`, future by future.
#[derive(Debug)]
pub struct Draws {
    rules: Rules,
    numbers: FreeNumbers,
}

impl Draws {
    /// Those of these rules.
    #[must_use]
    pub fn of(rules: &Rules) -> Self {
        let mut numbers = FreeNumbers::of(rules);
        numbers.0.retain(|number| !NOT_DRAWN.contains(&number.id.as_str()));
        Self { rules: rules.clone(), numbers }
    }

    /// Their ids, as `detente parameters` lists them.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.numbers.0.iter().map(|number| number.id.clone()).collect()
    }

    /// Their units and meanings, in the order of the ids.
    #[must_use]
    pub fn meanings(&self) -> Vec<(&'static str, &'static str)> {
        let of = |number: &FreeNumber| match number.slot {
            Slot::Scalar(i) => (ROWS[i].unit, ROWS[i].meaning),
            Slot::Estimate(i) => {
                let family = self.rules.frame.estimates[i].family;
                (family.unit, family.meaning)
            }
        };
        self.numbers.0.iter().map(of).collect()
    }

    /// Their values in the future with this key, in the order of the ids.
    pub fn values(&mut self, key: Key) -> Vec<f64> {
        self.rules.redraw(key);
        self.numbers.values(&mut self.rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{load, load_text};

    fn rules() -> Rules {
        Rules::new(&load("october-2023").unwrap_or_else(|errors| panic!("{errors}")))
    }

    #[test]
    fn what_is_free_and_what_is_given_are_the_same_rules_bit_for_bit() {
        let mut rules = rules();
        let numbers = FreeNumbers::of(&rules);
        rules.place(&Point::Drawn { seed: 3, future: 8 });
        let (drawn, values) = (format!("{rules:?}"), numbers.values(&mut rules));
        for (number, value) in numbers.0.iter().zip(&values) {
            assert!(number.low <= *value && *value <= number.high, "{}", number.id);
        }
        rules.place(&Point::Default);
        assert_ne!(format!("{rules:?}"), drawn);
        rules.place(&Point::Given(Arc::new(numbers.all(values))));
        assert_eq!(format!("{rules:?}"), drawn);
        rules.place(&Point::Given(Arc::default()));
        let nothing = format!("{rules:?}");
        rules.place(&Point::Default);
        assert_eq!(format!("{rules:?}"), nothing);
    }

    /// One number means one thing, however it is given: laid over the scenario before it is compiled, as `--param` and a row that is opened
    /// as a history do it, or put at a point of compiled rules, as draws and designs do it.
    #[test]
    fn a_number_laid_over_the_scenario_is_the_number_of_a_point() {
        let mut rules = rules();
        let numbers = FreeNumbers::of(&rules);
        let mut compared = 0;
        for future in 0..16 {
            rules.place(&Point::Drawn { seed: 5, future });
            let values = numbers.values(&mut rules);
            let given: Vec<(String, f64)> = numbers.0.iter().map(|n| n.id.clone()).zip(values).collect();
            // Together they may let fire feed itself, which a scenario must not.
            let Ok(loaded) = crate::scenario::load_with("october-2023", &given) else { continue };
            let mut laid = Rules::new(&loaded);
            laid.frame = Arc::clone(&rules.frame);
            let [drawn, laid] = [&rules, &laid].map(|rules| format!("{rules:#?}"));
            let other = drawn.lines().zip(laid.lines()).find(|(a, b)| a != b);
            assert_eq!(other, None, "future {future}");
            compared += 1;
        }
        assert!(compared >= 4, "only {compared} of 16 points could be laid over the scenario");
    }

    #[test]
    fn a_subset_moves_what_it_names_a_family_all_of_its_own_and_nothing_else() {
        let mut rules = rules();
        let numbers = FreeNumbers::of(&rules);
        let before = numbers.values(&mut rules);
        let given = |list: &[(&str, f64)]| {
            numbers.given(&list.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect::<Vec<_>>())
        };
        rules.place(&given(&[("theta_war", 9.0), ("ledger.kappa[IRN|ISR]", 0.5), ("table.h0[GAZ]", 0.02)]).unwrap());
        let after = numbers.values(&mut rules);
        let moved: Vec<&str> = (0..before.len())
            .filter(|&i| before[i].to_bits() != after[i].to_bits())
            .map(|i| numbers.0[i].id.as_str())
            .collect();
        assert_eq!(moved, ["theta_war", "ledger.kappa[IRN|ISR]", "table.h0[GAZ]"]);
        rules.place(&given(&[("stream.size", 1.0)]).unwrap_or(Point::Default));
        // What is said of one member counts for it before and after what is said of its family.
        let mut tables: Vec<(&str, f64)> = vec![("table.h0", 0.01), ("table.h0[GAZ]", 0.02)];
        let first = given(&tables).unwrap();
        tables.reverse();
        assert_eq!(given(&tables).unwrap(), first);
        let names: Vec<(String, f64)> = tables.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect();
        let spread = numbers.finder().spread(&names).unwrap();
        assert!(spread.len() > 1);
        for (number, value) in &spread {
            let wanted = if number.id == "table.h0[GAZ]" { 0.02_f64 } else { 0.01 };
            assert_eq!(value.to_bits(), wanted.to_bits(), "{}", number.id);
        }
        let spelt: Vec<(&str, f64)> = spread.iter().map(|(number, value)| (number.id.as_str(), *value)).collect();
        assert_eq!(given(&spelt).unwrap(), first);
        let wrong = given(&[("nothing", 1.0), ("theta_war", -1.0)]).unwrap_err();
        let said: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        assert!(said[0].starts_with("nothing is no free number") && said[1].contains("outside its range"), "{said:?}");
    }

    /// What is learnt moves what it names by its score, on the luck of the same future, and no other number by a bit.
    #[test]
    fn what_the_record_says_moves_the_numbers_it_names_and_no_other() {
        use super::super::learnt::Score;
        let plain = rules();
        let numbers = FreeNumbers::of(&plain);
        let at = |id: &str| &numbers.0[numbers.position(id).unwrap()];
        let known = |id: &str, mean: f64, sd: f64| Known {
            id: id.to_owned(),
            score: Score { mean, sd },
            low: at(id).low,
            high: at(id).high,
        };
        let other = Known { low: -1.0, ..known("ledger.kappa[IRN|ISR]", 2.0, 0.1) };
        let unknown = Known { id: "nothing".to_owned(), ..other.clone() };
        let mut learnt = plain.clone().learn(&[
            known("theta_war", 1.0, 0.5),
            known("table.h0[GAZ]", -1.0, 0.2),
            other,
            unknown,
            known("beta_unifil", 0.0, 1.0),
        ]);
        assert_eq!(learnt.frame.learnt.as_ref().map(Learnt::len), Some(3));
        let mut plain = plain;
        for future in 0..20 {
            let point = Point::Drawn { seed: 4, future };
            plain.place(&point);
            learnt.place(&point);
            let (before, after) = (numbers.values(&mut plain), numbers.values(&mut learnt));
            for (i, number) in numbers.0.iter().enumerate() {
                assert!(number.low <= after[i] && after[i] <= number.high, "{}", number.id);
                match number.id.as_str() {
                    "theta_war" | "table.h0[GAZ]" => assert_ne!(before[i].to_bits(), after[i].to_bits()),
                    "beta_unifil" => assert!((before[i] - after[i]).abs() < 1e-9),
                    id => assert_eq!(before[i].to_bits(), after[i].to_bits(), "{id}"),
                }
            }
            // A tenth of the range's scores around a mean far down: all of its draws lie in the lower half.
            let h0 = numbers.position("table.h0[GAZ]").unwrap();
            assert!(after[h0] < at("table.h0[GAZ]").at(0.5));
        }
        let fixed = "format = 1\nextends = \"october-2023\"\nname = \"fixed\"\n[parameters]\ntheta_war = 8\n";
        let fixed = Rules::new(&load_text("fixed", fixed).unwrap_or_else(|errors| panic!("{errors}")));
        let mut fixed = fixed.learn(&[known("theta_war", 1.0, 0.5)]);
        fixed.place(&Point::Drawn { seed: 4, future: 1 });
        assert!((fixed.full.get("theta_war").unwrap() - 8.0).abs() < 1e-12);
    }

    #[test]
    fn a_number_that_a_scenario_fixes_is_not_free() {
        let fixed = "format = 1\nextends = \"november-2024\"\nname = \"fixed\"\n[parameters]\ntheta_war = 8\n";
        let fixed = Rules::new(&load_text("fixed", fixed).unwrap_or_else(|errors| panic!("{errors}")));
        let numbers = FreeNumbers::of(&fixed);
        assert_eq!(numbers.position("theta_war"), None);
        assert!(numbers.given(&[("theta_war".to_owned(), 9.0)]).is_err());
    }
}
