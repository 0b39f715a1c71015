//! Kept sessions as files: one for each, and a lock beside the one that a window goes on with.

use super::home::folder;
use crate::keep::memory::Memory;
use crate::keep::store::{Record, Store};
use detente_study::tables::folder::replace;
use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub(in super::super) fn store() -> Box<dyn Store> {
    match folder() {
        Some(folder) => {
            let mut files = Files::in_folder(folder.join("sessions"));
            files.take_over(&folder);
            Box::new(files)
        }
        None => Box::new(Nowhere(Memory::default())),
    }
}

/// Sessions in a folder.
struct Files {
    folder: PathBuf,
    /// The lock of the one that this window goes on with. It ends with the program, however that ends.
    held: Option<(String, File)>,
}

impl Files {
    fn in_folder(folder: PathBuf) -> Self {
        Self { folder, held: None }
    }

    fn record(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    fn lock(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.lock"))
    }

    /// Whether another window goes on with it.
    fn is_elsewhere(&self, id: &str) -> bool {
        if self.held.as_ref().is_some_and(|(own, _)| own == id) {
            return false;
        }
        let lock = File::open(self.lock(id));
        lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Takes what earlier versions kept: tails of links, one or two for each window.
    fn take_over(&mut self, from: &Path) {
        let Ok(entries) = fs::read_dir(from) else { return };
        let mut old: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        old.retain(|path| path.extension().is_some_and(|ending| ending == "detente-link"));
        old.sort();
        for path in old {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let number = stem.rsplit('-').next().unwrap_or_default().to_owned();
            let lock = File::open(from.join(format!("window-{number}.lock")));
            if lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock))) {
                // A window of that version still writes it.
                continue;
            }
            let Ok(tail) = fs::read_to_string(&path) else { continue };
            let changed = fs::metadata(&path).and_then(|found| found.modified()).ok();
            let changed = changed.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
            let changed = changed.map_or(0, |since| since.as_millis() as u64);
            let id = format!("{changed:012x}-{stem}");
            // What cannot be read stays where it is.
            if Record::of_tail(&tail, &id, changed).is_ok_and(|record| self.write(&record).is_ok()) {
                let _ = fs::remove_file(&path);
            }
        }
    }
}

impl Store for Files {
    fn list(&mut self) -> Vec<Record> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let read = |path: PathBuf| {
            let id = path.file_name()?.to_str()?.strip_suffix(".json")?.to_owned();
            let record: Record = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
            Some(Record { elsewhere: self.is_elsewhere(&id), id, ..record })
        };
        entries.flatten().filter_map(|entry| read(entry.path())).collect()
    }

    fn write(&mut self, record: &Record) -> Result<(), String> {
        let no = |why: &str| format!("The session cannot be kept for the next start ({why}); save it as a file.");
        fs::create_dir_all(&self.folder).map_err(|cause| no(&cause.to_string()))?;
        let text = serde_json::to_vec_pretty(record).map_err(|cause| no(&cause.to_string()))?;
        replace(&self.record(&record.id), false, |out| out.write_all(&text)).map_err(|trouble| no(&trouble.to_string()))
    }

    fn wave(&mut self, id: &str) -> Result<(), String> {
        let read = || serde_json::from_slice::<Record>(&fs::read(self.record(id)).ok()?).ok();
        match read().filter(|_| !self.is_elsewhere(id)) {
            Some(record) => self.write(&Record { waved: true, ..record }),
            None => Ok(()),
        }
    }

    fn remove(&mut self, id: &str) {
        if self.is_elsewhere(id) {
            return;
        }
        // Not there is as good as removed.
        let _ = fs::remove_file(self.record(id));
        let _ = fs::remove_file(self.lock(id));
    }

    fn claim(&mut self, id: Option<&str>) -> bool {
        if let Some((old, lock)) = self.held.take() {
            drop(lock);
            let _ = fs::remove_file(self.lock(&old));
        }
        let Some(id) = id else { return true };
        if fs::create_dir_all(&self.folder).is_err() {
            return true;
        }
        let Ok(lock) = File::create(self.lock(id)) else { return true };
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => false,
            // Where nothing can be locked, ids alone keep windows apart.
            Ok(()) | Err(TryLockError::Error(_)) => {
                self.held = Some((id.to_owned(), lock));
                true
            }
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.claim(None);
    }
}

/// An account without a folder for data.
struct Nowhere(Memory);

impl Store for Nowhere {
    fn list(&mut self) -> Vec<Record> {
        self.0.list()
    }

    fn write(&mut self, _: &Record) -> Result<(), String> {
        Err("The session cannot be kept for the next start (this account has no folder for data); save it as a file."
            .to_owned())
    }

    fn wave(&mut self, id: &str) -> Result<(), String> {
        self.0.wave(id)
    }

    fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }

    fn claim(&mut self, id: Option<&str>) -> bool {
        self.0.claim(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::scenario::load;
    use detente_session::Sitting;
    use detente_session::file::Saved;

    fn record(seed: u64, id: &str) -> Record {
        let mut sitting = Sitting::new(load("november-2024").unwrap(), seed);
        sitting.step(1);
        Record::of(&sitting, id, seed, None)
    }

    #[test]
    fn records_come_back_and_go_with_what_lay_beside_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Files::in_folder(folder.path().join("sessions"));
        assert!(files.list().is_empty());
        assert!(files.claim(Some("a")));
        let kept = record(1, "a");
        files.write(&kept).unwrap();
        assert_eq!(files.list(), [kept]);
        files.remove("a");
        assert!(files.list().is_empty());
        drop(files);
        assert_eq!(fs::read_dir(folder.path().join("sessions")).unwrap().count(), 0);
    }

    #[test]
    fn a_lock_ends_with_its_window_and_is_nobody_elses_before() {
        let folder = tempfile::tempdir().unwrap();
        let [mut a, mut b] = [(); 2].map(|()| Files::in_folder(folder.path().to_owned()));
        assert!(a.claim(Some("x")));
        a.write(&record(1, "x")).unwrap();
        assert!(!a.list()[0].elsewhere && b.list()[0].elsewhere);
        assert!(!b.claim(Some("x")) && b.claim(Some("y")));
        drop(a);
        assert!(!b.list()[0].elsewhere && b.claim(Some("x")));
    }

    #[test]
    fn many_windows_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for window in 0..6_u64 {
                let folder = folder.path().to_owned();
                scope.spawn(move || {
                    let mut files = Files::in_folder(folder);
                    let kept = record(window, &format!("w{window}"));
                    assert!(files.claim(Some(&kept.id)));
                    for changed in 0..20 {
                        files.write(&Record { changed, ..kept.clone() }).unwrap();
                        assert!(files.list().iter().all(|record| record.tail.len() > 20), "half a file was read");
                    }
                });
            }
        });
        let kept = Files::in_folder(folder.path().to_owned()).list();
        assert!(kept.len() == 6 && kept.iter().all(|record| record.changed == 19 && !record.elsewhere), "{kept:?}");
    }

    #[test]
    fn what_earlier_versions_kept_is_taken_over_once() {
        let folder = tempfile::tempdir().unwrap();
        let tail = Saved::of(&Sitting::new(load("november-2024").unwrap(), 5)).to_link();
        for name in ["autosave-0", "before-0", "autosave-1"] {
            fs::write(folder.path().join(format!("{name}.detente-link")), &tail).unwrap();
        }
        fs::write(folder.path().join("before-1.detente-link"), "nonsense").unwrap();
        let lock = File::create(folder.path().join("window-1.lock")).unwrap();
        lock.try_lock().unwrap();
        let mut files = Files::in_folder(folder.path().join("sessions"));
        files.take_over(folder.path());
        assert_eq!(files.list().len(), 2, "that of a window which is open is its own");
        drop(lock);
        files.take_over(folder.path());
        files.take_over(folder.path());
        let kept = files.list();
        assert!(kept.len() == 3 && kept.iter().all(|record| record.seed == 5 && record.tail == tail), "{kept:?}");
        assert!(folder.path().join("before-1.detente-link").exists(), "what cannot be read stays");
    }

    #[test]
    fn waving_away_writes_over_nothing_that_another_window_has_written_since() {
        let folder = tempfile::tempdir().unwrap();
        let [mut a, mut b] = [(); 2].map(|()| Files::in_folder(folder.path().to_owned()));
        a.write(&record(1, "x")).unwrap();
        assert!(b.claim(Some("x")));
        b.write(&record(2, "x")).unwrap();
        a.wave("x").unwrap();
        a.remove("x");
        assert_eq!((b.list()[0].seed, b.list()[0].waved), (2, false));
        drop(b);
        a.wave("x").unwrap();
        a.wave("gone").unwrap();
        assert_eq!((a.list()[0].seed, a.list()[0].waved), (2, true));
    }

    #[test]
    fn a_file_that_is_no_record_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x.json"), "{}").unwrap();
        let mut files = Files::in_folder(folder.path().to_owned());
        files.write(&record(1, "a")).unwrap();
        assert_eq!(files.list().len(), 1);
        assert!(folder.path().join("x.json").exists());
    }
}
