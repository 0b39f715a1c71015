//! A quantity that fades, in the parts that were once added to it: harm in a ledger, lost air defence, lost leadership.
//!
//! Such a quantity is one number, and nothing in it says which part is whose. Whatever makes it smaller (time, answers, the
//! end of a war, repair) therefore takes from all that stands in it in proportion, and the parts sum to the quantity's own
//! value on every evening.

use super::recorder::EventId;

/// Below this a part is rounding, and is dropped.
pub(super) const DUST: f64 = 1e-12;

/// Where a part of a quantity came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// There before the first day.
    Start,
    /// An event.
    Event(EventId),
    /// A stream's routine fire, day by day.
    Fire(usize),
    /// What no event wrote.
    Other,
}

/// One part of a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it came from.
    pub origin: Origin,
    /// How much it added when it came.
    pub wrote: f64,
    /// First evening on which it stood there (−1: before the first day).
    pub from: i32,
    /// What was left of it on that evening and on every evening since.
    pub trail: Vec<f64>,
}

impl Part {
    /// What is left of it on the last evening.
    #[must_use]
    pub fn left(&self) -> f64 {
        self.trail.last().copied().unwrap_or(0.0)
    }

    /// What was left of it on an evening.
    #[must_use]
    pub fn on(&self, evening: i32) -> f64 {
        usize::try_from(evening - self.from).ok().and_then(|i| self.trail.get(i)).copied().unwrap_or(0.0)
    }
}

/// A quantity in its parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// Parts of which something is left.
    pub parts: Vec<Part>,
}

impl Account {
    /// The quantity as it stood before the first day.
    #[must_use]
    pub fn open(value: f64) -> Self {
        let mut account = Self::default();
        account.add(-1, Origin::Start, value);
        account
    }

    /// Goes on by a day, on which `added` came and in the evening of which the quantity stood at `value`. What neither came
    /// that day nor stood there before is put down to `raised`.
    pub fn close(&mut self, evening: i32, added: &[(Origin, f64)], value: f64, raised: Origin) {
        let new: f64 = added.iter().map(|(_, amount)| amount).sum();
        let old: f64 = self.parts.iter().map(Part::left).sum();
        let rest = (value - new).max(0.0);
        let excess = rest - old;
        let scale = if excess > 1e-9 || old <= 0.0 { 1.0 } else { rest / old };
        for part in &mut self.parts {
            part.trail.push(part.left() * scale);
        }
        let fits = if new > value && new > 0.0 { value.max(0.0) / new } else { 1.0 };
        for &(origin, amount) in added {
            self.add(evening, origin, amount * fits);
        }
        if excess > 1e-9 {
            self.add(evening, raised, excess);
        }
        self.parts.retain(|part| part.left() > DUST);
    }

    fn add(&mut self, evening: i32, origin: Origin, amount: f64) {
        if amount <= 0.0 {
            return;
        }
        match self.parts.iter_mut().find(|part| part.origin == origin) {
            Some(part) => {
                part.wrote += amount;
                if let Some(last) = part.trail.last_mut() {
                    *last += amount;
                }
            }
            None => self.parts.push(Part { origin, wrote: amount, from: evening, trail: vec![amount] }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRIKE: Origin = Origin::Event(EventId { day: 3, place: 1 });

    fn left(account: &Account, origin: Origin) -> f64 {
        account.parts.iter().find(|part| part.origin == origin).map_or(0.0, Part::left)
    }

    #[test]
    fn what_is_struck_off_is_struck_off_in_proportion_and_the_parts_sum_to_the_whole() {
        let mut account = Account::open(3.0);
        account.close(0, &[(STRIKE, 1.0)], 3.7, Origin::Other);
        assert!((left(&account, Origin::Start) - 2.7).abs() < 1e-12 && (left(&account, STRIKE) - 1.0).abs() < 1e-12);
        // An answer leaves a third of everything.
        account.close(1, &[], 1.2333333333333334, Origin::Other);
        assert!((left(&account, Origin::Start) - 0.9).abs() < 1e-9, "{account:?}");
        assert!((left(&account, STRIKE) - 1.0 / 3.0).abs() < 1e-9);
        account.close(2, &[], 0.0, Origin::Other);
        assert!(account.parts.is_empty(), "an empty ledger holds nothing of anybody");
    }

    #[test]
    fn what_nothing_wrote_is_put_down_to_what_raised_it() {
        let mut account = Account::open(0.0);
        account.close(0, &[], 2.0, STRIKE);
        assert!((left(&account, STRIKE) - 2.0).abs() < 1e-12);
        // Answered on the day on which it came.
        let mut account = Account::open(1.0);
        account.close(0, &[(STRIKE, 2.0)], 1.5, Origin::Other);
        assert!((left(&account, STRIKE) - 1.5).abs() < 1e-12 && left(&account, Origin::Start) < DUST);
    }

    #[test]
    fn routine_fire_is_one_part_however_long_it_goes_on() {
        let mut account = Account::open(0.0);
        let (mut value, added) = (0.0, [(Origin::Fire(2), 0.1)]);
        for day in 0..40 {
            value = value * 0.9 + 0.1;
            account.close(day, &added, value, Origin::Other);
        }
        assert_eq!(account.parts.len(), 1);
        assert!((account.parts[0].left() - value).abs() < 1e-12 && (account.parts[0].wrote - 4.0).abs() < 1e-12);
        assert!((account.parts[0].on(0) - 0.1).abs() < 1e-12 && account.parts[0].on(-1).abs() < 1e-12);
    }
}
