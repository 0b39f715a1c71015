//! The folder of this program among those of the user.

use std::path::PathBuf;

/// Where this program keeps what is the user's.
pub(super) fn folder() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join("detente"))
}
