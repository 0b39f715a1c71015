//! One file for many: what a page gives where a machine writes a folder.

use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// These files as a zip archive: the same bytes for the same files, whenever it is made.
///
/// # Errors
/// One sentence, if they are too large for an archive.
pub fn zipped(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, String> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut write = || {
        for (name, bytes) in files {
            archive.start_file(name.as_str(), options)?;
            archive.write_all(bytes)?;
        }
        Ok::<(), zip::result::ZipError>(())
    };
    let no = |cause: zip::result::ZipError| format!("The report cannot be put into one file ({cause}).");
    write().map_err(no)?;
    Ok(archive.finish().map_err(no)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn an_archive_has_every_file_whole_and_the_same_bytes_each_time() {
        let files: Vec<(String, Vec<u8>)> = ["report.html", "events.csv", "events.parquet"]
            .iter()
            .enumerate()
            .map(|(i, name)| ((*name).to_owned(), vec![i as u8; 100_000 * i]))
            .collect();
        let bytes = zipped(&files).unwrap();
        assert_eq!(bytes, zipped(&files).unwrap());
        assert!(bytes.len() < 10_000, "it is packed");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len(), 3);
        for (name, content) in &files {
            let mut read = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, *content);
        }
    }
}
