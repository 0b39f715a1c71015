//! What the files of a sitting are called, if nobody says another name.

use detente_session::Sitting;
use detente_session::names::file_stem;

/// The name of a sitting's files, without an ending. A scenario's name is somebody else's text: nothing but letters, digits
/// and hyphens of it gets into a path.
pub(crate) fn stem(sitting: &Sitting) -> String {
    format!("{}-seed-{}", file_stem(&sitting.loaded.name), sitting.seed())
}

/// What a report is called, if nobody says another name.
#[must_use]
pub fn report_name(sitting: &Sitting) -> String {
    format!("{}-report", stem(sitting))
}
