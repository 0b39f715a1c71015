//! Start, calendar and levers.

use super::Validator;
use crate::scenario::error::{nearest, quoted};
use crate::scenario::levers::{Written, flatten};
use crate::scenario::raw::{CalendarKind, LeverEntry};
use crate::scenario::tree::Path;
use crate::symbols::levers::Lever;
use jiff::civil::Date;

/// Lever changes lie within this many days of the start.
const LONGEST_RUN_DAYS: i32 = 3650;
/// Years in which a scenario may start; around them every day of a run has a date.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

impl Validator<'_> {
    pub(super) fn time(&mut self) {
        let scenario = self.scenario;
        if let Some(start) = scenario.start.filter(|start| !YEARS.contains(&start.year())) {
            let message = format!("{start} lies outside the years of this simulation");
            let help = format!("write a date from {} to {}", YEARS.start(), YEARS.end());
            self.complain(&Path::of("start"), message, help);
        }
        let calendar = Path::of("calendar");
        let dates: Vec<Date> = scenario.calendar.iter().map(|entry| entry.date).collect();
        self.in_order(&calendar, &dates);
        for (i, entry) in scenario.calendar.iter().enumerate() {
            let tables = calendar.index(i).key("tables");
            self.refer_all(&tables, "tables", "table", &entry.tables);
            let placed = !self.spoiled.at(&calendar.index(i).key("kind")) && !self.spoiled.within(&tables);
            if entry.kind == CalendarKind::Deadline && entry.tables.is_empty() && placed {
                self.complain(&tables, "a deadline presses tables, and none is named", "add `tables = [\"…\"]`");
            }
        }

        for (id, written) in flatten(&scenario.levers) {
            let path = id.split('.').fold(Path::of("levers"), |path, step| path.key(step));
            self.lever_value(&path, &path, &id, written);
        }
        let changes = Path::of("lever_changes");
        let dates: Vec<Date> = scenario.lever_changes.iter().map(|entry| entry.date).collect();
        self.in_order(&changes, &dates);
        for (i, entry) in scenario.lever_changes.iter().enumerate() {
            let path = changes.index(i);
            self.lever_value(&path.key("lever"), &path.key("value"), &entry.lever, Written::from(&entry.value));
            self.within_run(&path.key("date"), entry.date, "set the lever under [levers] if it holds from the start");
            // Over another file's entry of the same day, an overlay's wins; in one file it would be a slip.
            let file = |i: usize| self.tree.locate(&changes.index(i)).1.file;
            let earlier = scenario.lever_changes.iter().take(i).enumerate();
            let twice = |(j, other): (usize, &LeverEntry)| {
                (&other.lever, other.date) == (&entry.lever, entry.date) && file(j) == file(i)
            };
            if earlier.into_iter().any(twice) && !self.spoiled.within(&path) {
                let message = format!("{} is moved twice on {}", entry.lever, entry.date);
                self.complain(&path.key("lever"), message, "keep one of the two");
            }
        }
    }

    /// Checks that the entries which one file appends to a list come in the order of their dates.
    pub(super) fn in_order(&mut self, list: &Path, dates: &[Date]) {
        for (i, pair) in dates.windows(2).enumerate() {
            let (before, after) = (list.index(i).key("date"), list.index(i + 1).key("date"));
            let file = |path: &Path| self.tree.locate(path).1.file;
            let readable = !self.spoiled.at(&before) && !self.spoiled.at(&after);
            if let [first, second] = pair
                && second < first
                && file(&before) == file(&after)
                && readable
            {
                let message = format!("dates out of order: {second} stands after {first}");
                self.complain(&after, message, "sort the entries by date");
            }
        }
    }

    pub(super) fn within_run(&mut self, path: &Path, date: Date, if_before: &str) {
        let Some(start) = self.scenario.start else { return };
        let day = (date - start).get_days();
        if day < 0 {
            self.complain(path, format!("{date} lies before the start, {start}"), if_before);
        } else if day > LONGEST_RUN_DAYS {
            let message = format!("{date} lies more than {LONGEST_RUN_DAYS} days after the start, {start}");
            self.complain(path, message, "write an earlier date");
        } else if i64::from(day) >= i64::from(self.scenario.days) && self.is_of_these_days(path) {
            let last = start.saturating_add(jiff::Span::new().days(i64::from(self.scenario.days) - 1));
            let message = format!("{date} lies after the last day of the run, {last}");
            self.complain(path, message, "write an earlier date, or a larger `days`");
        }
    }

    /// Whether whoever wrote this knew how long the run is: an overlay may well make a run shorter than what it overlays.
    fn is_of_these_days(&self, path: &Path) -> bool {
        let days = Path::of("days");
        !self.spoiled.at(&days) && self.tree.locate(path).1.file <= self.tree.locate(&days).1.file
    }

    fn lever_value(&mut self, named: &Path, value: &Path, id: &str, written: Written<'_>) {
        let Some(lever) = Lever::from_id(id) else {
            let group = format!("{id}.");
            let all = || Lever::ALL.iter().map(|lever| lever.id());
            let inside: Vec<&str> = all().filter(|other| other.starts_with(&group)).collect();
            let help = match nearest(id, all()) {
                _ if !inside.is_empty() => format!("the levers of that group are {}", inside.join(", ")),
                Some(near) => format!("did you mean `{near}`?"),
                None => "`detente levers` lists them".to_owned(),
            };
            let message = format!("there is no lever {}", quoted(id));
            return if named == value {
                self.complain_of_key(named, message, help);
            } else {
                self.complain(named, message, help);
            };
        };
        // Only date levers depend on the start; without one any day will do to look at the rest.
        let start = self.scenario.start.unwrap_or(jiff::civil::date(2024, 11, 8));
        if let Err(problem) = written.read(lever, start) {
            self.complain(value, problem, "");
        }
    }
}
