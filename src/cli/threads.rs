//! How many threads a command uses.

use super::args::Many;
use std::num::NonZeroUsize;

/// The number of threads for many futures.
pub(super) fn jobs(many: &Many) -> usize {
    threads(many.jobs)
}

/// The number of threads asked for, or one per core. More than a machine can keep busy would only take its memory, so
/// there is an end to what can be asked for; results do not depend on it.
pub(super) fn threads(jobs: Option<NonZeroUsize>) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    jobs.map_or(cores, NonZeroUsize::get).min(MOST_THREADS.max(cores))
}

/// Most threads on a machine with fewer cores than this.
const MOST_THREADS: usize = 256;
