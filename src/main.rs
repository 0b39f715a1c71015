//! The `detente` program: see [`detente::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    detente::cli::main()
}
