//! Détente in Python: the native half of the package `detente`. It stands on the engine's outside face and adds three things: Arrow
//! tables, waiting without the interpreter's lock, and errors as exceptions.

mod native;
mod table;
mod wait;

use pyo3::prelude::*;

/// The native half of `detente`.
#[pymodule]
mod _detente {
    #[pymodule_export]
    use crate::native::{Batch, Effect, Joined, Model, Run, builtin};
    #[pymodule_export]
    use crate::table::Table;

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("VERSION", detente_engine::VERSION)
    }
}
