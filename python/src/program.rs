//! The command line, for the script that `pip` puts on the path.

use pyo3::prelude::*;
use std::ffi::OsString;
use std::io::Write as _;

/// Runs `detente` on a command line, whose first word is the program's own name, and gives its exit status. Once in a process.
#[pyfunction]
pub fn program(py: Python<'_>, line: Vec<OsString>) -> u8 {
    py.detach(|| {
        let status = detente::cli::program(line);
        // A program in Rust does this at its end. If it cannot be written, there is nobody left to tell.
        let _ = std::io::stdout().flush();
        status
    })
}
