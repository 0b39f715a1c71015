//! `--from NOW`: futures that start from the particles of a nowcast.

use super::args::FromNow;
use super::failure::Failure;
use crate::learn::now::{Start, start};
use crate::sim::rules::Rules;
use crate::tables::run::StartPart;

/// Where futures start; `None` without `--from`.
pub(super) fn from(from: &FromNow, rules: &Rules) -> Result<Option<Start>, Failure> {
    from.from.as_deref().map(|nowcast| start(nowcast, rules)).transpose().map_err(Failure::refused)
}

/// Where the run of a folder started; `None` at day 0 of its scenario.
pub(super) fn kept(
    folder: &std::path::Path,
    from: Option<&StartPart>,
    rules: &Rules,
) -> Result<Option<Start>, Failure> {
    let Some(StartPart { nowcast, digest }) = from else { return Ok(None) };
    let folder = folder.display();
    let start = start(nowcast, rules)
        .map_err(|why| Failure::refused(format!("the run in {folder} starts from the nowcast {nowcast}: {why}")))?;
    if start.digest != *digest {
        return Err(Failure::refused(format!(
            "the run in {folder} starts from the nowcast {nowcast} as it was then (digest {digest}); now it is another ({}); run it again with `detente run --from`",
            start.digest
        )));
    }
    Ok(Some(start))
}
