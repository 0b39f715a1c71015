//! Files of a machine: where names point to, what is there already, and writing without half a file.

use super::super::answer::{There, too_large};
use super::super::arrival::{Arrival, Opened, deliver};
use detente_model::record::digest::of_text;
use detente_session::file::{EXTENSION, MOST_BYTES, Saved};
use detente_study::tables::folder::{Folder, replace};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Where names without a folder are at home: the working folder, as a terminal has one. A program that was started from an
/// icon has none of its own; then it is the folder of the user's documents.
fn base() -> &'static Path {
    static BASE: OnceLock<PathBuf> = OnceLock::new();
    BASE.get_or_init(|| {
        let documents = dirs::document_dir().filter(|folder| folder.is_dir()).or_else(dirs::home_dir);
        base_of(std::env::current_dir().ok(), documents)
    })
}

fn base_of(working: Option<PathBuf>, documents: Option<PathBuf>) -> PathBuf {
    let own = working.clone().filter(|folder| folder.parent().is_some() && may_write(folder));
    own.or(documents).or(working).unwrap_or_default()
}

/// Whether a file can be made in a folder. Nothing but trying says so on every system.
fn may_write(folder: &Path) -> bool {
    let trial = folder.join(format!(".detente-{}.partial", std::process::id()));
    let made = File::options().write(true).create_new(true).open(&trial).is_ok();
    if made {
        let _ = std::fs::remove_file(trial);
    }
    made
}

/// The whole path of a name that was typed.
pub(super) fn whole(name: &str) -> PathBuf {
    base().join(expanded(name.trim(), dirs::home_dir().as_deref()))
}

/// A name with the home folder in the place of a `~` at its beginning, as a shell reads it.
fn expanded(name: &str, home: Option<&Path>) -> PathBuf {
    match (name.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) if rest.starts_with(['/', '\\']) => home.join(rest.trim_start_matches(['/', '\\'])),
        _ => PathBuf::from(name),
    }
}

/// A path with the ending of session files, which it may have already.
fn with_ending(path: &Path) -> PathBuf {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(EXTENSION)) {
        return path.to_owned();
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(EXTENSION);
    path.with_file_name(name)
}

pub(in super::super) fn is_there(name: &str) -> bool {
    whole(name).symlink_metadata().is_ok()
}

pub(in super::super) fn session_place(name: &str) -> Result<(String, There), String> {
    let path = whole(name);
    if name.trim().is_empty() || path.file_name().is_none() || path.is_dir() {
        return Err("The file needs a name; type one, such as lesson.detente.".to_owned());
    }
    let path = with_ending(&path);
    let there = what_is(&path);
    Ok((path.to_string_lossy().into_owned(), there))
}

fn what_is(path: &Path) -> There {
    let Ok(found) = std::fs::metadata(path) else { return There::Nothing };
    if !found.is_file() || found.len() > MOST_BYTES as u64 {
        return There::Other;
    }
    match std::fs::read_to_string(path) {
        Ok(text) if Saved::from_text(&text).is_ok() => There::Session(of_text(&text)),
        _ => There::Other,
    }
}

pub(in super::super) fn save_file(name: &str, bytes: &[u8]) -> Result<String, String> {
    let path = whole(name);
    replace(&path, false, |out| out.write_all(bytes)).map_err(|trouble| format!("{trouble}; choose another place."))?;
    Ok(format!("Saved in {}.", path.display()))
}

pub(in super::super) fn save_folder(name: &str, files: &[(String, Vec<u8>)]) -> Result<String, String> {
    let path = whole(name);
    let write = || {
        let folder = Folder::new(&path)?;
        for (name, bytes) in files {
            folder.file(name, |out| out.write_all(bytes))?;
        }
        folder.finish()
    };
    write().map_err(|trouble| trouble.to_string())?;
    let first = files.first().map_or("", |(name, _)| name.as_str());
    Ok(format!("The report is in {}: open {first}.", path.display()))
}

pub(in super::super) fn open_file(name: &str) {
    deliver(read(&whole(name)).map(Arrival::File));
}

/// Reads a file, or the session file of that name without its ending.
fn read(path: &Path) -> Result<Opened, String> {
    let ended = with_ending(path);
    let path = if !path.exists() && ended.exists() { ended.as_path() } else { path };
    let name = path.to_string_lossy().into_owned();
    let no =
        |cause: std::io::Error| format!("{name} cannot be opened ({cause}); check the name, or give the whole path.");
    let found = std::fs::metadata(path).map_err(no)?;
    if found.is_dir() {
        return Err(format!("{name} is a folder; choose a file in it."));
    }
    if found.len() > MOST_BYTES as u64 {
        return Err(too_large(&name, found.len()));
    }
    let bytes = std::fs::read(path).map_err(no)?;
    Ok(Opened { name, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::scenario::load;
    use detente_session::Sitting;

    #[test]
    fn names_point_where_a_shell_would_look() {
        let home = Path::new("/home/noor");
        assert_eq!(expanded("~/x.detente", Some(home)), Path::new("/home/noor/x.detente"));
        assert_eq!(expanded("~", Some(home)), home);
        for same in ["~x", "a/~", "x.detente", "/tmp/x"] {
            assert_eq!(expanded(same, Some(home)), Path::new(same));
        }
    }

    #[test]
    fn every_session_file_has_the_ending_and_none_has_it_twice() {
        for (name, path) in [
            ("lesson", "lesson.detente"),
            ("a/lesson.detente", "a/lesson.detente"),
            ("lesson.Detente", "lesson.Detente"),
            ("notes.txt", "notes.txt.detente"),
            ("group.b", "group.b.detente"),
        ] {
            assert_eq!(with_ending(Path::new(name)), Path::new(path));
        }
    }

    #[test]
    fn a_program_without_a_working_folder_is_at_home_in_the_documents() {
        let folder = tempfile::tempdir().unwrap();
        let documents = PathBuf::from("/home/noor/Documents");
        let base = |working: &Path| base_of(Some(working.to_owned()), Some(documents.clone()));
        assert_eq!(base(folder.path()), folder.path());
        assert_eq!(base(Path::new("/")), documents);
        assert_eq!(base(&folder.path().join("gone")), documents);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "trying leaves nothing behind");
    }

    #[test]
    fn what_is_at_a_place_is_known_before_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let text = Saved::of(&Sitting::new(load("november-2024").unwrap(), 1)).to_text();
        std::fs::write(at("mine.detente"), &text).unwrap();
        std::fs::write(at("notes.detente"), "do not lose this").unwrap();
        assert_eq!(session_place(&at("new")).unwrap(), (at("new.detente"), There::Nothing));
        assert_eq!(session_place(&at("mine")).unwrap().1, There::Session(of_text(&text)));
        assert_eq!(session_place(&at("notes")).unwrap().1, There::Other);
        assert!(session_place("  ").is_err() && session_place(&at("")).is_err());
    }

    #[test]
    fn a_file_is_found_without_its_ending_and_a_large_one_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("lesson.detente"), "x").unwrap();
        assert!(read(&folder.path().join("lesson")).unwrap().name.ends_with("lesson.detente"));
        let film = folder.path().join("film.mp4");
        File::create(&film).unwrap().set_len(3 << 30).unwrap();
        assert!(read(&film).unwrap_err().contains("has 3.2 GB"));
        assert!(read(folder.path()).unwrap_err().contains("is a folder"));
        assert!(read(&folder.path().join("none")).unwrap_err().contains("check the name"));
    }
}
