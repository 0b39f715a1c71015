//! Reading files that somebody names: never more than is asked for, and nothing that is no file.
//!
//! A device gives bytes without end, a named pipe may never give any, and files of the system say that they are empty and
//! are not. So what is read is a file, or a stream that the shell handed over, and never to more than one byte past the
//! limit.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Everything in a file, if that is a file, and of at most so many bytes.
///
/// # Errors
/// Those of the system; that it is a folder or something else that is no file; that it is larger.
pub fn read_whole(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // Looked at before it is opened: opening a named pipe would wait for whoever writes into it.
    let about = fs::metadata(path)?;
    if about.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a folder"));
    }
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file, but a device or a pipe"));
    }
    read_at_most(File::open(path)?, most)
}

/// Everything that a reader gives, if that is at most so many bytes.
///
/// # Errors
/// Those of the reader; that there is more.
pub fn read_at_most(reader: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let size = if most >= 1 << 20 { format!("{} MiB", most >> 20) } else { format!("{most} bytes") };
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("it is larger than {size}")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, [7; 100]).unwrap();
        assert_eq!(read_whole(&path, 100).unwrap().len(), 100);
        assert_eq!(read_whole(&path, 99).unwrap_err().to_string(), "it is larger than 99 bytes");
        assert_eq!(read_whole(folder.path(), 99).unwrap_err().to_string(), "it is a folder");
        // Without end, and so never read to it.
        assert!(read_at_most(io::repeat(0), 1 << 20).unwrap_err().to_string().contains("larger than 1 MiB"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn devices_are_no_files_and_files_of_the_system_have_an_end() {
        assert!(read_whole(Path::new("/dev/zero"), 99).unwrap_err().to_string().contains("not a file"));
        assert!(read_whole(Path::new("/proc/self/status"), 9).unwrap_err().to_string().contains("larger than 9 bytes"));
    }
}
