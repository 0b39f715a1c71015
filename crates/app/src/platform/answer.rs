//! What a machine and a page answer in the same words: how files are chosen, what stands where one is to be saved, links,
//! ids, and what the system wishes.

/// How a user says which file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chooser {
    /// In a dialog of the system.
    System,
    /// By a name that is typed: where no dialog of the system answers, in scripts and in tests.
    Typed,
    /// In the browser's dialog and its downloads.
    Browser,
}

impl Chooser {
    /// The one that needs nobody: names are typed in a window, and downloads have theirs in a page.
    pub const PLAIN: Self = if cfg!(target_arch = "wasm32") { Self::Browser } else { Self::Typed };
}

/// What stands where a session is to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum There {
    /// Nothing.
    Nothing,
    /// A session, with the digest of its text.
    Session(String),
    /// Something else.
    Other,
}

/// What of the system's own settings matters here; `None` where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Dark windows.
    pub dark: Option<bool>,
    /// Less motion.
    pub reduced_motion: Option<bool>,
}

/// What begins the part of an address that holds a session.
pub const LINK_MARK: &str = "#s=";

/// A link that has been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The address; on a machine only its end, since nobody knows where the page is hosted.
    pub link: String,
    /// What was done with it, for the user.
    pub said: String,
}

/// An id that nothing else has, of a moment and of what was drawn at random.
pub(super) fn id_of(clock: u64, random: u64) -> String {
    format!("{clock:012x}{:08x}", random as u32)
}

/// The sentence about a file that is too large to be read.
pub(super) fn too_large(name: &str, bytes: u64) -> String {
    let size = match bytes {
        0..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{:.1} GB", bytes as f64 / 1.0e9),
    };
    format!("{name} has {size}, too much for a session or a scenario; choose another file.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_named_with_its_size() {
        assert!(too_large("film.mp4", 3_200_000_000).starts_with("film.mp4 has 3.2 GB"));
        assert!(too_large("film.mp4", 40_000_000).contains("40 MB"));
    }
}
