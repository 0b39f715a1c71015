//! A machine: files, threads, a clock.

use super::{Arrival, LINK_MARK, Opened, Shared, deliver};
use crate::record::write::{Folder, replace};
use crate::session::file::EXTENSION;
use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

pub(super) fn now_seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

pub(super) fn threads() -> usize {
    // One stays with the frame loop, where there is more than one.
    std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).max(1))
}

pub(super) fn save_file(name: &str, bytes: &[u8]) -> Result<String, String> {
    if name.trim().is_empty() {
        return Err("The file needs a name; type one, such as lesson.detente.".to_owned());
    }
    let path = Path::new(name);
    replace(path, false, |out| out.write_all(bytes)).map_err(|trouble| trouble.to_string())?;
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Ok(format!("Saved in {}.", whole.display()))
}

pub(super) fn save_folder(name: &str, first: (&str, &[u8]), rest: &[(String, Vec<u8>)]) -> Result<String, String> {
    let path = Path::new(name);
    let write = || {
        let folder = Folder::new(path)?;
        folder.file(first.0, |out| out.write_all(first.1))?;
        for (name, bytes) in rest {
            folder.file(name, |out| out.write_all(bytes))?;
        }
        folder.finish()
    };
    write().map_err(|trouble| trouble.to_string())?;
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    Ok(format!("The report is in {}: open {}.", whole.display(), first.0))
}

pub(super) fn open_file(path: &str) {
    let name = path.to_owned();
    deliver(match std::fs::read(path) {
        Ok(bytes) => Ok(Arrival::File(Opened { name, bytes })),
        Err(cause) => Err(format!("{path} cannot be opened ({cause}); check the name, or type the whole path.")),
    });
}

pub(super) fn share_link(tail: &str) -> Shared {
    Shared {
        link: format!("{LINK_MARK}{tail}"),
        said: "Put this behind the address of the web page, wherever yours is hosted.".to_owned(),
    }
}

pub(super) fn opened_link() -> Option<String> {
    None
}

/// The most windows at once that keep their sessions apart.
const PLACES: usize = 16;

/// The number of this window's own place among those that keep sessions: the first with something left behind by a window
/// that is gone, else the first that is free. A lock, which ends with the program however it ends, says whose it is.
fn number() -> usize {
    static OWN: OnceLock<(usize, Option<File>)> = OnceLock::new();
    let take = || {
        let folder = folder()?;
        std::fs::create_dir_all(&folder).ok()?;
        let mut free = Vec::new();
        for number in 0..PLACES {
            let lock = File::create(folder.join(format!("window-{number}.lock"))).ok()?;
            match lock.try_lock() {
                Ok(()) => free.push((number, Some(lock))),
                Err(TryLockError::WouldBlock) => {}
                // Where nothing can be locked, all windows share the first place.
                Err(TryLockError::Error(_)) => return None,
            }
        }
        let left = |number: usize| ["autosave", "before"].iter().any(|slot| named(&folder, slot, number).exists());
        let best = free.iter().position(|(number, _)| left(*number)).unwrap_or(0);
        // The others are let go of.
        free.into_iter().nth(best)
    };
    OWN.get_or_init(|| take().unwrap_or((0, None))).0
}

fn folder() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join("detente"))
}

fn named(folder: &Path, slot: &str, number: usize) -> PathBuf {
    folder.join(format!("{slot}-{number}.{EXTENSION}-link"))
}

fn place(slot: &str) -> Option<PathBuf> {
    Some(named(&folder()?, slot, number()))
}

pub(super) fn keep(slot: &str, text: &str) -> Result<(), String> {
    let no = |why: &str| format!("The session cannot be kept for the next start ({why}); save it as a file.");
    let path = place(slot).ok_or_else(|| no("this account has no folder for data"))?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|cause| no(&cause.to_string()))?;
    }
    replace(&path, false, |out| out.write_all(text.as_bytes())).map_err(|trouble| no(&trouble.to_string()))
}

pub(super) fn kept(slot: &str) -> Option<String> {
    std::fs::read_to_string(place(slot)?).ok()
}

pub(super) fn forget(slot: &str) {
    if let Some(path) = place(slot) {
        // Not there is as good as removed.
        let _ = std::fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_keeps_another_handle_out_until_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window-0.lock");
        let mine = File::create(&path).unwrap();
        mine.try_lock().unwrap();
        let other = File::create(&path).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(mine);
        other.try_lock().unwrap();
    }
}
