//! Never losing a session: every sitting has an id, and the last twenty are kept under theirs, a moment after each change.
//!
//! A [`Record`] is written again and again while its sitting goes on, and deleted only by hand, or when twenty others are
//! younger. Whatever takes the place of a sitting (a file, a link, another scenario) goes on under an id of its own. Where
//! records lie is the business of a [`Store`]: files, a browser's database, or memory.

pub(crate) mod memory;
pub(crate) mod store;

pub use self::memory::Memory;
pub use self::store::{Record, Store};

use super::platform;
use detente_session::Sitting;
use detente_session::file::Saved;

/// Seconds that nothing must have changed for, before it is kept.
const CALM: f64 = 1.0;
/// Seconds after which it is kept although it still changes.
const PATIENCE: f64 = 5.0;
/// Sessions that are kept.
pub const MOST: usize = 20;

/// What is kept, and what is offered.
pub struct Keeper {
    /// Why it cannot be kept, said once.
    pub trouble: Option<String>,
    file: Option<String>,
    store: Box<dyn Store>,
    clock: fn() -> u64,
    /// The id of the sitting.
    id: String,
    claimed: bool,
    /// Id and file of the sitting that is about to come, if it was kept before.
    next: Option<(String, Option<String>)>,
    /// Whether what earlier starts left is offered.
    offers: bool,
    /// The session of this start that another took the place of.
    aside: Option<String>,
    /// All that are kept, youngest first.
    records: Vec<Record>,
    /// Those that are in no store, and end with the program.
    loose: Vec<Record>,
    told: bool,
    kept: u64,
    seen: u64,
    changed: f64,
    waiting: Option<f64>,
}

impl Default for Keeper {
    fn default() -> Self {
        Self::on(Box::new(Memory::default()), true)
    }
}

impl Keeper {
    /// A keeper that offers what an earlier start left.
    #[must_use]
    pub fn at_start() -> Self {
        Self::on(platform::store(), true)
    }

    /// A keeper that lists what earlier starts left, and offers only what is put aside in this one: the user asked for
    /// something else.
    #[must_use]
    pub fn without_offer() -> Self {
        Self::on(platform::store(), false)
    }

    /// A keeper with its sessions in a store.
    #[must_use]
    pub fn on(store: Box<dyn Store>, offers: bool) -> Self {
        let mut keeper = Self {
            trouble: None,
            file: None,
            store,
            clock: platform::wall_clock,
            id: platform::new_id(),
            claimed: false,
            next: None,
            offers,
            aside: None,
            records: Vec::new(),
            loose: Vec::new(),
            told: false,
            kept: 0,
            seen: 0,
            changed: 0.0,
            waiting: None,
        };
        keeper.refresh();
        keeper
    }

    /// Begins with a sitting as it was opened: only what changes from here on is worth keeping.
    pub fn begin(&mut self, sitting: &Sitting) {
        (self.kept, self.seen, self.waiting) = (sitting.revision(), sitting.revision(), None);
    }

    /// The sitting has a file from now on. What is kept of it says so.
    pub fn belongs_to(&mut self, file: String) {
        if self.claimed && self.file.as_ref() != Some(&file) {
            self.kept = u64::MAX;
        }
        self.file = Some(file);
    }

    /// Keeps the sitting if its time has come. Returns the seconds until it should be asked again.
    pub fn pass(&mut self, sitting: &Sitting, now: f64) -> Option<f64> {
        let revision = sitting.revision();
        if revision == self.kept {
            (self.seen, self.waiting) = (revision, None);
            return None;
        }
        if revision != self.seen {
            (self.seen, self.changed) = (revision, now);
            if !sitting.is_untouched() {
                let (id, file, clock) = (&self.id, &self.file, self.clock);
                self.store.note_last(&|| Record::of(sitting, id, clock(), file.clone()));
            }
        }
        let since = *self.waiting.get_or_insert(now);
        let due = (self.changed + CALM).min(since + PATIENCE);
        if now < due {
            return Some(due - now);
        }
        self.keep(sitting);
        None
    }

    /// Keeps the sitting now, if it has changed since the last time and anything was done in it.
    pub fn keep(&mut self, sitting: &Sitting) {
        if sitting.revision() == self.kept || sitting.is_untouched() {
            return;
        }
        (self.kept, self.waiting) = (sitting.revision(), None);
        if !self.claimed {
            self.claimed = self.store.claim(Some(&self.id));
            self.refresh();
        }
        let record = Record::of(sitting, &self.id, (self.clock)(), self.file.clone());
        self.loose.retain(|known| known.id != record.id);
        if let Err(why) = self.store.write(&record) {
            self.complain(why);
            self.loose.push(record.clone());
        }
        self.records.retain(|known| known.id != record.id);
        self.records.push(record);
        self.put_in_order();
        self.forget_the_oldest();
    }

    /// The file that the sitting was opened from or saved to.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Says why it cannot be kept; once, since the user can do nothing about it twice.
    pub fn complain(&mut self, why: String) {
        if !std::mem::replace(&mut self.told, true) {
            self.trouble = Some(why);
        }
    }

    /// Another sitting is about to take the place of this one, which is kept, and offered if anything was done in it.
    pub fn set_aside(&mut self, sitting: &Sitting) {
        self.keep(sitting);
        let worth = !sitting.is_untouched();
        if worth && !self.records.iter().any(|known| known.id == self.id) {
            // As it was opened: its file or link has it. It can be gone back to as long as this program runs.
            self.loose.push(Record::of(sitting, &self.id, (self.clock)(), self.file.clone()));
        }
        self.aside = worth.then(|| self.id.clone());
        self.store.claim(None);
        let (id, file) = self.next.take().unwrap_or_else(|| (platform::new_id(), None));
        (self.claimed, self.file) = (false, file);
        self.id = id;
        if self.records.iter().chain(&self.loose).any(|known| known.id == self.id) {
            self.claimed = self.store.claim(Some(&self.id));
            if !self.claimed {
                // Another window was quicker; here it goes on as a copy.
                self.id = platform::new_id();
            }
        }
        self.refresh();
    }

    /// Reads the list anew.
    pub fn refresh(&mut self) {
        self.records = self.store.list();
        for loose in &self.loose {
            self.records.retain(|known| known.id != loose.id);
            self.records.push(loose.clone());
        }
        self.put_in_order();
    }

    fn put_in_order(&mut self) {
        self.records.sort_by(|a, b| b.changed.cmp(&a.changed).then_with(|| b.id.cmp(&a.id)));
    }

    fn forget_the_oldest(&mut self) {
        let own = self.id.clone();
        let old: Vec<String> = self.records.iter().skip(MOST).map(|record| record.id.clone()).collect();
        for id in old.iter().filter(|id| **id != own) {
            if self.records.iter().any(|record| record.id == *id && !record.elsewhere) {
                self.forget(id);
            }
        }
    }

    /// The sessions that are kept beside this one, youngest first.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.id != self.id)
    }

    /// The session that is offered: the one that was put aside, or the youngest that an earlier start left and that was not
    /// waved away.
    #[must_use]
    pub fn offer(&self) -> Option<&Record> {
        let aside = self.records().find(|record| self.aside.as_ref() == Some(&record.id));
        let earlier = || self.records().find(|record| self.offers && !record.waved && !record.elsewhere);
        aside.or_else(earlier)
    }

    /// Whether what is offered is of this start: the session that another one took the place of.
    #[must_use]
    pub fn is_aside(&self) -> bool {
        self.aside.is_some() && self.offer().map(|record| &record.id) == self.aside.as_ref()
    }

    /// What is kept under an id.
    ///
    /// # Errors
    /// One sentence, if it is not there or cannot be read.
    pub fn saved(&mut self, id: &str) -> Result<Saved, String> {
        self.refresh();
        let found = self.records.iter().find(|record| record.id == id);
        let record = found.ok_or("That session is kept no more; the list shows which are.")?;
        Saved::from_link(&record.tail)
    }

    /// What is kept under an id has been opened, and takes the place of the present sitting next. It goes on under that id; where
    /// another window has it open, under one of its own.
    pub fn goes_on(&mut self, id: &str) {
        let record = self.records.iter().find(|record| record.id == id && !record.elsewhere);
        self.next = record.map(|record| (record.id.clone(), record.file.clone()));
        self.offers = false;
    }

    /// Offers no more what is offered. It stays in the list.
    pub fn decline(&mut self) {
        let Some(id) = self.offer().map(|record| record.id.clone()) else { return };
        // One offer a start: the others are in the list, and the next start may offer them.
        self.offers &= self.is_aside();
        self.aside = None;
        for record in self.loose.iter_mut().chain(&mut self.records).filter(|record| record.id == id) {
            record.waved = true;
        }
        if let Err(why) = self.store.wave(&id) {
            self.complain(why);
        }
    }

    /// Deletes a session that is kept; one that another window goes on with stays.
    pub fn forget(&mut self, id: &str) {
        self.loose.retain(|record| record.id != id);
        self.store.remove(id);
        self.refresh();
    }
}

#[cfg(test)]
mod tests;
