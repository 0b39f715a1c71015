//! The journal on disk: SQLite with a write-ahead log, every commit synced before anybody hears of it.

use crate::entry::{Entry, nameless};
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior, params};
use std::fs;
use std::path::{Path, PathBuf};

/// File in the folder of a room.
const FILE: &str = "room.sqlite";
/// Version of this layout.
const LAYOUT: &str = "2";

/// The journal.
pub struct Store {
    connection: Connection,
    folder: PathBuf,
}

fn sentence(folder: &Path, error: &rusqlite::Error) -> String {
    let folder = folder.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("the room in {folder} is open already; close the other server, or give another folder with --data")
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            format!("{folder}/{FILE} is no room of this program, or is damaged; give another folder with --data")
        }
        Some(ErrorCode::DiskFull) => {
            format!("there is no room left on the disk of {folder}; make some, and start again")
        }
        _ => format!("the room in {folder} cannot be kept: {error}; give a folder that can be written with --data"),
    }
}

impl Store {
    /// Opens the journal of a folder, which is made where it is not there. Nobody else opens it until it is closed.
    ///
    /// # Errors
    /// One sentence with a way out.
    pub fn open(folder: &Path) -> Result<Self, String> {
        // A folder of before belongs to whoever made it: it stays as open or shut as it is.
        let there = folder.is_dir();
        fs::create_dir_all(folder).map_err(|error| {
            format!("the folder {} cannot be made: {error}; give another with --data", folder.display())
        })?;
        if !there {
            private(folder);
        }
        let open = || -> rusqlite::Result<Connection> {
            let file = folder.join(FILE);
            // Made and shut before anything is in it; the log beside it takes its mode from it.
            drop(fs::OpenOptions::new().append(true).create(true).open(&file));
            private(&file);
            let connection = Connection::open(&file)?;
            // One writer, and no file beside the two that a crash could leave at odds.
            connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            // Every commit is on the disk before it returns; without this a write-ahead log loses the last ones to a power cut.
            connection.pragma_update(None, "synchronous", "FULL")?;
            // What is removed is written over, and not merely let go of.
            connection.pragma_update(None, "secure_delete", "ON")?;
            connection.execute_batch(
                "BEGIN IMMEDIATE;
                 CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                 CREATE TABLE IF NOT EXISTS journal (number INTEGER PRIMARY KEY, entry TEXT NOT NULL);
                 COMMIT;",
            )?;
            // A server that was killed left its log; what was removed since may stand in it.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            private(&folder.join(format!("{FILE}-wal")));
            Ok(connection)
        };
        let connection = open().map_err(|error| sentence(folder, &error))?;
        let store = Self { connection, folder: folder.to_owned() };
        match store.meta("layout")? {
            None => store.set_meta(&[("layout", LAYOUT)])?,
            Some(layout) if layout == LAYOUT => {}
            Some(other) => {
                return Err(format!(
                    "the room in {} has layout {other}, and this program reads {LAYOUT}; open it with the version that made it",
                    folder.display()
                ));
            }
        }
        Ok(store)
    }

    /// A fact about the room.
    ///
    /// # Errors
    /// One sentence.
    pub fn meta(&self, key: &str) -> Result<Option<String>, String> {
        self.connection
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(|error| format!("the room cannot be read: {error}"))
    }

    /// Keeps facts about the room, all or none.
    ///
    /// # Errors
    /// One sentence.
    pub fn set_meta(&self, facts: &[(&str, &str)]) -> Result<(), String> {
        let set = || -> rusqlite::Result<()> {
            let transaction = self.connection.unchecked_transaction()?;
            for (key, value) in facts {
                transaction.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", [key, value])?;
            }
            transaction.commit()
        };
        set().map_err(|error| format!("the room cannot be kept: {error}; is there space on the disk?"))
    }

    /// Every entry with its number, in order.
    ///
    /// # Errors
    /// One sentence, if one cannot be read.
    pub fn entries(&self) -> Result<Vec<(i64, Entry)>, String> {
        let read = || -> rusqlite::Result<Vec<(i64, String)>> {
            let mut query = self.connection.prepare("SELECT number, entry FROM journal ORDER BY number")?;
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        let rows = read().map_err(|error| format!("the room cannot be read: {error}"))?;
        rows.into_iter()
            .map(|(number, text)| match serde_json::from_str(&text) {
                Ok(entry) => Ok((number, entry)),
                Err(_) => Err(format!(
                    "entry {number} of the room is none that this program knows; open it with the version that made it"
                )),
            })
            .collect()
    }

    /// Deletes all that is kept: written over first, for what is let go of can be found again, then the files, and the folder where
    /// nothing else is in it.
    ///
    /// # Errors
    /// One sentence; what is left is said in it.
    pub fn delete(self) -> Result<(), String> {
        let Self { connection, folder } = self;
        let empty = "DELETE FROM journal; DELETE FROM meta;";
        let emptied = connection
            .execute_batch(empty)
            .and_then(|()| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
        emptied.map_err(|error| format!("the room in {} cannot be deleted: {error}", folder.display()))?;
        drop(connection);
        for ending in ["", "-wal", "-shm"] {
            let file = folder.join(format!("{FILE}{ending}"));
            match fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(format!(
                        "{} is empty and cannot be removed: {error}; remove it by hand",
                        file.display()
                    ));
                }
                _ => {}
            }
        }
        // What else somebody has put there stays, and its folder with it.
        let _ = fs::remove_dir(&folder);
        Ok(())
    }

    /// Adds entries under these numbers, all or none, and returns when they are on the disk. A nickname that one of them removes
    /// goes with it from the entry with which its person came in, and from the file.
    ///
    /// # Errors
    /// One sentence; then none is kept.
    pub fn append(&mut self, entries: &[(i64, Entry)]) -> Result<(), String> {
        let write = |connection: &mut Connection| -> rusqlite::Result<()> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut insert = transaction.prepare_cached("INSERT INTO journal (number, entry) VALUES (?1, ?2)")?;
                for (number, entry) in entries {
                    // Plain data: it can be written.
                    insert.execute(params![number, serde_json::to_string(entry).unwrap_or_default()])?;
                    if let Entry::Forgotten { player } = entry {
                        transaction.execute(
                            "UPDATE journal SET entry = json_set(entry, '$.name', ?1) WHERE number =
                             (SELECT number FROM journal WHERE json_extract(entry, '$.did') = 'joined' ORDER BY number LIMIT 1 OFFSET ?2)",
                            params![nameless(*player), *player as i64],
                        )?;
                    }
                }
            }
            transaction.commit()?;
            if entries.iter().any(|(_, entry)| matches!(entry, Entry::Forgotten { .. })) {
                // The log still holds the page as it was: it goes into the file and is cut off.
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            }
            Ok(())
        };
        write(&mut self.connection)
            .map_err(|error| format!("the room cannot be kept: {error}; is there space on the disk?"))
    }
}

#[cfg(test)]
impl Store {
    /// As if the disk were full: the file grows no more.
    pub(crate) fn fill(&self) {
        let pages: i64 = self.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        self.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    }
}

/// Lets nobody else on the machine read it: the facilitator's key is in there.
#[cfg(unix)]
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    // Where a file system has no such thing, nothing is lost but that.
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn private(_path: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_there_again_in_order_and_a_second_server_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let entries: Vec<(i64, Entry)> = (1..20).map(|n| (n, Entry::Turned { turn: n as u32, days: 7 })).collect();
        store.append(&entries[..5]).unwrap();
        store.append(&entries[5..]).unwrap();
        assert!(store.append(&entries[..1]).is_err(), "a number is given once");
        store.set_meta(&[("code", "ABCDE")]).unwrap();
        assert!(Store::open(folder.path()).err().unwrap().contains("is open already"));
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.entries().unwrap(), entries);
        assert_eq!(store.meta("code").unwrap().as_deref(), Some("ABCDE"));
    }

    #[test]
    fn a_nickname_that_is_removed_stands_in_none_of_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let joined = |name: &str| Entry::Joined { token: format!("token of {}", name.len()), name: name.to_owned() };
        let found = |name: &str| {
            let files = fs::read_dir(folder.path()).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
            files.filter(|bytes| bytes.windows(name.len()).any(|part| part == name.as_bytes())).count()
        };
        // Enough before and after that the name has been moved about in the file.
        let words = |n: i64| Entry::Said {
            from: "IRN".into(),
            to: "ISR".into(),
            text: format!("{n} ").repeat(200),
            player: None,
        };
        store.append(&[(1, joined("Zephyrine")), (2, joined("Bartholomew"))]).unwrap();
        for n in 3..200 {
            store.append(&[(n, words(n))]).unwrap();
        }
        store.append(&[(200, joined("Third"))]).unwrap();
        assert!(found("Bartholomew") > 0);
        store.append(&[(201, Entry::Forgotten { player: 1 })]).unwrap();
        assert_eq!((found("Bartholomew"), found("Zephyrine"), found("Third")), (0, 1, 1));
        let entries = store.entries().unwrap();
        assert_eq!(entries[1].1, Entry::Joined { token: "token of 11".to_owned(), name: nameless(1) });
        // In the commit with which they came in.
        store.append(&[(202, joined("Ephemera")), (203, Entry::Forgotten { player: 3 })]).unwrap();
        assert_eq!((found("Ephemera"), store.entries().unwrap().len()), (0, 203));
    }

    #[test]
    fn a_room_that_is_deleted_leaves_nothing_of_its_own_and_what_is_not_its_own() {
        for other in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let room = folder.path().join("room");
            let mut store = Store::open(&room).unwrap();
            store.set_meta(&[("key", "a secret")]).unwrap();
            store.append(&[(1, Entry::Joined { token: "t".to_owned(), name: "Zephyrine".to_owned() })]).unwrap();
            if other {
                fs::write(room.join("notes.txt"), "mine").unwrap();
            }
            // A second name for the file shows what the disk held when it was let go of.
            fs::hard_link(room.join(FILE), folder.path().join("held")).unwrap();
            store.delete().unwrap();
            let held = fs::read(folder.path().join("held")).unwrap();
            for word in ["Zephyrine", "a secret"] {
                assert!(!held.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
            }
            let left: Vec<_> =
                fs::read_dir(&room).into_iter().flatten().map(|file| file.unwrap().file_name()).collect();
            assert_eq!((room.exists(), left.len()), (other, usize::from(other)), "{left:?}");
        }
    }

    #[test]
    fn what_is_no_room_is_said_to_be_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "not a database at all, and long enough to be looked at as one".repeat(40))
            .unwrap();
        assert!(Store::open(folder.path()).err().unwrap().contains("is no room"));
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Store::open(&file).err().unwrap().contains("cannot be made"));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let room = folder.path().join("room");
        let _store = Store::open(&room).unwrap();
        assert_eq!(fs::metadata(&room).unwrap().permissions().mode() & 0o777, 0o700);
        for file in [FILE, "room.sqlite-wal"] {
            assert_eq!(fs::metadata(room.join(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
        }
        // A folder that was there keeps its mode, and what is put into it is shut all the same.
        let shared = folder.path().join("shared");
        fs::create_dir(&shared).unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o755)).unwrap();
        let _store = Store::open(&shared).unwrap();
        assert_eq!(fs::metadata(&shared).unwrap().permissions().mode() & 0o777, 0o755);
        assert_eq!(fs::metadata(shared.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
