//! Sessions kept in memory.

use super::store::{Record, Store};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Sessions kept in memory: for tours and tests, which leave nothing behind. Several windows can share it.
#[derive(Default)]
pub struct Memory {
    shelf: Arc<Mutex<Shelf>>,
    window: u64,
}

#[derive(Default)]
struct Shelf {
    records: BTreeMap<String, Record>,
    claims: BTreeMap<String, u64>,
    windows: u64,
    off: bool,
}

impl Memory {
    /// The same sessions, seen by another window.
    #[must_use]
    pub fn another_window(&self) -> Self {
        let window = self.shelf.lock().map_or(1, |mut shelf| {
            shelf.windows += 1;
            shelf.windows
        });
        Self { shelf: Arc::clone(&self.shelf), window }
    }

    /// Lets nothing be written any more, as a browser does whose storage is off.
    pub fn turn_off(&self) {
        if let Ok(mut shelf) = self.shelf.lock() {
            shelf.off = true;
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // However a window ends, its claims end with it.
        self.claim(None);
    }
}

impl Store for Memory {
    fn list(&mut self) -> Vec<Record> {
        let Ok(shelf) = self.shelf.lock() else { return Vec::new() };
        let elsewhere = |id: &str| shelf.claims.get(id).is_some_and(|window| *window != self.window);
        shelf.records.values().map(|r| Record { elsewhere: elsewhere(&r.id), ..r.clone() }).collect()
    }

    fn write(&mut self, record: &Record) -> Result<(), String> {
        match self.shelf.lock() {
            Ok(mut shelf) if !shelf.off => {
                shelf.records.insert(record.id.clone(), record.clone());
                Ok(())
            }
            _ => Err("The session cannot be kept for the next start; save it as a file.".to_owned()),
        }
    }

    fn wave(&mut self, id: &str) -> Result<(), String> {
        if let Ok(mut shelf) = self.shelf.lock()
            && shelf.claims.get(id).is_none_or(|window| *window == self.window)
            && let Some(record) = shelf.records.get_mut(id)
        {
            record.waved = true;
        }
        Ok(())
    }

    fn remove(&mut self, id: &str) {
        if let Ok(mut shelf) = self.shelf.lock()
            && shelf.claims.get(id).is_none_or(|window| *window == self.window)
        {
            shelf.records.remove(id);
        }
    }

    fn claim(&mut self, id: Option<&str>) -> bool {
        let Ok(mut shelf) = self.shelf.lock() else { return false };
        shelf.claims.retain(|_, window| *window != self.window);
        match id {
            Some(id) if shelf.claims.contains_key(id) => false,
            Some(id) => {
                shelf.claims.insert(id.to_owned(), self.window);
                true
            }
            None => true,
        }
    }
}
