//! `--from NOW`: futures that start from the particles of a nowcast.

use super::args::FromNow;
use super::failure::Failure;
use crate::futures::ensemble::Origin;
use crate::learn::now::origin;
use crate::sim::rules::Rules;

/// Where futures start, and the digest of the nowcast that says so; `None` without `--from`.
pub(super) fn from(from: &FromNow, rules: &Rules) -> Result<Option<(Origin, String)>, Failure> {
    let Some(folder) = &from.from else { return Ok(None) };
    let (origin, report) = origin(folder, rules).map_err(Failure::refused)?;
    Ok(Some((origin, report.digest)))
}
