//! Files that appear whole under their names or not at all.
//!
//! A file is written beside its final name, flushed to the disk and renamed; a new folder likewise. Into a folder that is
//! there already, and empty, the files come at once when all of them are written. What a full disk or a killed process
//! leaves behind has a name that starts with a dot and ends in `.partial`.

use serde::Serialize;
use std::cell::RefCell;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

/// Something that could not be written or read, and why.
#[derive(Debug)]
pub struct Trouble {
    /// What was being done, `cannot …`.
    pub what: String,
    /// What stood in the way.
    pub cause: io::Error,
}

impl Trouble {
    pub(super) fn at(action: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let what = format!("cannot {action} {}", path.display());
        move |cause| Self { what, cause }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.cause.kind() {
            io::ErrorKind::StorageFull => "the disk is full",
            io::ErrorKind::QuotaExceeded => "the disk quota is used up",
            io::ErrorKind::FileTooLarge => "the file would pass the largest size allowed here",
            io::ErrorKind::PermissionDenied => "permission is denied",
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
            io::ErrorKind::NotADirectory => "part of that path is a file, not a folder",
            io::ErrorKind::NotFound => "there is no such file or folder",
            _ => return write!(f, "{}: {}", self.what, self.cause),
        };
        write!(f, "{}: {words}", self.what)
    }
}

impl std::error::Error for Trouble {}

/// Where something is written until it is whole: beside its final name.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.partial"))
}

/// What a parser says, on one line: it repeats words of the file as they stand there.
pub(crate) fn on_one_line(error: &serde_json::Error) -> String {
    error.to_string().replace(['\n', '\r'], " ")
}

/// Whether a name is one that an interrupted write left behind.
#[must_use]
pub fn is_partial(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".partial")
}

/// Makes a rename durable. Folders cannot be opened for this everywhere; where they cannot, the rename itself must do.
fn settle(folder: Option<&Path>) {
    if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty())
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}

fn fill(path: &Path, durable: bool, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if durable { file.sync_all() } else { Ok(()) }
}

/// Writes a file so that its final name never stands for half of it. With `durable` it also survives a power cut.
///
/// # Errors
/// Whatever stood in the way; nothing stays behind then.
pub fn replace(
    path: &Path,
    durable: bool,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Trouble> {
    by_way_of(&beside(path), path, durable, write)
}

/// The same where processes on several machines may be at work in the folder, which a lock does not keep apart on every file system:
/// what is half-written bears the names of machine and process.
///
/// # Errors
/// As [`replace`].
pub fn replace_apart(
    path: &Path,
    durable: bool,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Trouble> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let owner = format!("{name}.{}-{}", machine(), std::process::id());
    by_way_of(&beside(&path.with_file_name(owner)), path, durable, write)
}

/// Name of this machine among those that share a file system; `here` where it has none to be read.
fn machine() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("COMPUTERNAME").ok());
    let plain: String = name.unwrap_or_default().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if plain.is_empty() { "here".to_owned() } else { plain.chars().take(64).collect() }
}

fn by_way_of(
    partial: &Path,
    path: &Path,
    durable: bool,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Trouble> {
    let done = fill(partial, durable, write).and_then(|()| fs::rename(partial, path));
    if done.is_err() {
        let _ = fs::remove_file(partial);
    } else if durable {
        settle(path.parent());
    }
    done.map_err(Trouble::at("write", path))
}

/// Whether a file can be written under this name, tried by beginning one beside it: so that long work is refused before it and not
/// after.
///
/// # Errors
/// Whatever would stand in the way.
pub fn writable(path: &Path) -> Result<(), Trouble> {
    let partial = beside(path);
    let tried = if path.is_dir() {
        Err(io::Error::from(io::ErrorKind::IsADirectory))
    } else {
        File::create(&partial).and_then(|_| fs::remove_file(&partial))
    };
    tried.map_err(Trouble::at("write", path))
}

/// In what a file differs from what is written now, in words; `None` where every byte is the same.
#[must_use]
pub fn differs(path: &Path, write: impl FnOnce(&mut Against) -> io::Result<()>) -> Option<String> {
    match fs::metadata(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Some("is missing".to_owned()),
        Ok(there) if !there.is_file() => return Some("is no file".to_owned()),
        _ => {}
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) => return Some(format!("cannot be read: {cause}")),
    };
    let mut against = Against { there: BufReader::new(file), line: 1, changed: false };
    if let Err(cause) = write(&mut against) {
        return Some(format!("cannot be compared: {cause}"));
    }
    let more = !against.changed && against.there.fill_buf().is_ok_and(|rest| !rest.is_empty());
    let is_text = path.extension().is_none_or(|extension| extension != "parquet");
    (against.changed || more).then(|| match is_text {
        true => format!("differs, from line {} on", against.line),
        false => "differs".to_owned(),
    })
}

/// Takes bytes and holds them against those of a file.
#[derive(Debug)]
pub struct Against {
    there: BufReader<File>,
    /// The line that is being compared.
    line: u64,
    changed: bool,
}

impl Write for Against {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.changed {
            let mut there = Vec::with_capacity(bytes.len());
            self.there.by_ref().take(bytes.len() as u64).read_to_end(&mut there)?;
            let same = bytes.iter().zip(&there).take_while(|(a, b)| a == b).count();
            self.line += bytes[..same].iter().filter(|byte| **byte == b'\n').count() as u64;
            self.changed = same < bytes.len();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A folder that appears under its final name when it is whole; or, where an empty folder of that name is there already,
/// its files appear in it when all of them are written. That folder itself stays: it may be a mount point, the folder that
/// a shell stands in, or one with rights of its own.
#[derive(Debug)]
pub struct Folder {
    /// Its final name.
    path: PathBuf,
    partial: PathBuf,
    /// Held while this process writes, so that others can tell its draft from one that was left behind.
    _lock: Option<File>,
    /// Whether it was there before.
    stays: bool,
    /// Names of its files, in the order in which they were written.
    files: RefCell<Vec<String>>,
    whole: bool,
}

impl Folder {
    /// A folder to be filled. `path` must not exist, or be an empty folder.
    ///
    /// # Errors
    /// If something is there already, or nothing can be written there.
    pub fn new(path: &Path) -> Result<Self, Trouble> {
        vacant(path)?;
        let absolute = std::path::absolute(path).map_err(Trouble::at("write to", path))?;
        let stays = path.is_dir();
        // Two processes that write to the same place must not share a draft.
        let name = absolute.file_name().map_or_else(|| "files".into(), |name| name.to_string_lossy().into_owned());
        let draft = format!("{name}.{}", std::process::id());
        let partial = beside(&if stays { absolute.join(draft) } else { absolute.with_file_name(draft) });
        let parent = partial.parent().unwrap_or(Path::new("/"));
        let create = || {
            fs::create_dir_all(parent)?;
            clear_drafts(parent, &name);
            if partial.exists() {
                fs::remove_dir_all(&partial)?;
            }
            fs::create_dir(&partial)
        };
        create().map_err(Trouble::at("write to", path))?;
        let lock = File::open(&partial).ok().filter(|folder| folder.try_lock().is_ok());
        Ok(Self { path: absolute, partial, _lock: lock, stays, files: RefCell::default(), whole: false })
    }

    /// Writes one file of it.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn file(&self, name: &str, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Trouble> {
        fill(&self.partial.join(name), true, write).map_err(Trouble::at("write", &self.path.join(name)))?;
        self.files.borrow_mut().push(name.to_owned());
        Ok(())
    }

    /// Gives it its final name.
    ///
    /// # Errors
    /// Whatever stood in the way.
    pub fn finish(mut self) -> Result<(), Trouble> {
        settle(Some(&self.partial));
        if self.stays {
            return self.move_in();
        }
        // An empty folder may have come there meanwhile; it is the only thing that this removes.
        let _ = fs::remove_dir(&self.path);
        fs::rename(&self.partial, &self.path).map_err(Trouble::at("write", &self.path))?;
        self.whole = true;
        settle(self.path.parent());
        Ok(())
    }

    /// Moves the files to where the folder stays; the last one written, which tells of the others, comes last.
    fn move_in(mut self) -> Result<(), Trouble> {
        // Someone else may have been quicker.
        vacant(&self.path)?;
        let files = self.files.take();
        for (i, name) in files.iter().enumerate() {
            let place = self.path.join(name);
            if let Err(cause) = fs::rename(self.partial.join(name), &place) {
                for moved in files.iter().take(i) {
                    let _ = fs::remove_file(self.path.join(moved));
                }
                return Err(Trouble::at("write", &place)(cause));
            }
        }
        let _ = fs::remove_dir(&self.partial);
        self.whole = true;
        settle(Some(&self.path));
        Ok(())
    }
}

/// Removes drafts of this name that killed processes have left behind. A folder can be locked where drafts matter; where it
/// cannot, they stay.
fn clear_drafts(parent: &Path, name: &str) {
    let owner = |draft: &str| {
        let number = draft.strip_prefix(&format!(".{name}."))?.strip_suffix(".partial")?;
        number.parse::<u32>().ok()
    };
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let Some(owner) = owner(&entry.file_name().to_string_lossy()) else { continue };
        // A process that has just made its draft may be about to lock it.
        let alive = Path::new("/proc").join(owner.to_string()).exists();
        let path = entry.path();
        if !alive && path.is_dir() && File::open(&path).is_ok_and(|folder| folder.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.whole {
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

/// Whether it is what a file system puts at its own top, so that a fresh mount point is as good as empty.
fn is_of_the_system(entry: &fs::DirEntry) -> bool {
    entry.file_name() == "lost+found"
}

/// Refuses a place where something is already.
///
/// # Errors
/// If `path` is a file or a folder with anything in it, or cannot be looked at.
pub fn vacant(path: &Path) -> Result<(), Trouble> {
    let taken = |words: &str| Trouble {
        what: format!("cannot write to {}", path.display()),
        cause: io::Error::new(io::ErrorKind::AlreadyExists, format!("{words}; give the name of a new folder")),
    };
    // What another write has under way, or left behind, takes no name from this one.
    let counts = |entry: &fs::DirEntry| !is_partial(&entry.file_name().to_string_lossy()) && !is_of_the_system(entry);
    match fs::read_dir(path) {
        Ok(entries) => match entries.filter_map(Result::ok).find(counts) {
            None => Ok(()),
            Some(_) => Err(taken("there are files in that folder already")),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) if path.is_file() => Err(taken("there is a file of that name already")),
        Err(error) => Err(Trouble::at("write to", path)(error)),
    }
}

/// Writes indented JSON with a newline at the end.
///
/// # Errors
/// Those of the writer.
pub fn json<W: Write>(mut out: W, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_into(path: &Path) -> Result<(), Trouble> {
        let folder = Folder::new(path)?;
        folder.file("a.txt", |out| out.write_all(b"a"))?;
        folder.file("b.txt", |out| out.write_all(b"b"))?;
        folder.finish()
    }

    fn names(path: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(path).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn an_empty_folder_is_filled_and_not_put_another_in_its_place() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("here");
        fs::create_dir(&path).unwrap();
        // What an interrupted write left is no reason to refuse.
        fs::create_dir(path.join(".here.1.partial")).unwrap();
        #[cfg(unix)]
        let before = {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
            let about = fs::metadata(&path).unwrap();
            (about.ino(), about.mode())
        };
        write_into(&path).unwrap();
        assert_eq!(names(&path), [".here.1.partial", "a.txt", "b.txt"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let about = fs::metadata(&path).unwrap();
            assert_eq!((about.ino(), about.mode()), before, "the same folder, with its rights");
        }
        assert!(write_into(&path).unwrap_err().to_string().contains("files in that folder already"));
        assert_eq!(names(top.path()), ["here"], "nothing beside it");
    }

    #[test]
    fn a_file_is_compared_byte_by_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let against = |text: &'static str| {
            // In pieces, as tables are written.
            differs(&path, |out| text.as_bytes().chunks(3).try_for_each(|piece| out.write_all(piece)))
        };
        assert_eq!(against("x"), Some("is missing".to_owned()));
        fs::write(&path, "day,value\n1,2\n2,3\n").unwrap();
        assert_eq!(against("day,value\n1,2\n2,3\n"), None);
        for (other, line) in
            [("day,value\n1,9\n2,3\n", 2), ("day,value\n1,2\n2,3\n3,4\n", 4), ("day,value\n1,2\n", 3), ("", 1)]
        {
            assert_eq!(against(other), Some(format!("differs, from line {line} on")), "{other}");
        }
        assert_eq!(differs(folder.path(), |_| Ok(())), Some("is no file".to_owned()));
    }

    #[test]
    fn a_new_folder_appears_whole_and_one_given_up_not_at_all() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("deep/new");
        drop(Folder::new(&path).unwrap());
        assert!(!path.exists());
        write_into(&path).unwrap();
        assert_eq!(names(&path), ["a.txt", "b.txt"]);
        let empty = top.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let folder = Folder::new(&empty).unwrap();
        folder.file("a.txt", |out| out.write_all(b"a")).unwrap();
        drop(folder);
        assert_eq!(names(&empty), Vec::<String>::new());
    }
}
