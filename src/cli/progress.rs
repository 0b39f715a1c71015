//! Long work: a bar on standard error if a terminal shows it, and a tidy end on Ctrl-C.

use super::Failure;
use crate::futures::ensemble::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);

/// Does `work`, which counts its finished futures out of `total` in [`Progress`] and stops when that says so: at the
/// first Ctrl-C (or SIGTERM), while a second ends the process at once.
///
/// # Errors
/// If signals cannot be listened to.
pub(super) fn watched<T>(total: u64, work: impl FnOnce(&Progress) -> T) -> Result<T, Failure> {
    let progress = Arc::new(Progress::default());
    let listener = Arc::clone(&progress);
    let handler = move || {
        if listener.stop.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failure::refused(format!("cannot listen for interruptions: {error}")))?;

    let finished = AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        let bar = scope.spawn(|| show(total, &progress, &finished));
        let done = work(&progress);
        finished.store(true, Ordering::Release);
        bar.thread().unpark();
        done
    });
    Ok(done)
}

fn show(total: u64, progress: &Progress, finished: &AtomicBool) {
    if !io::stderr().is_terminal() {
        return;
    }
    std::thread::park_timeout(PATIENCE);
    if finished.load(Ordering::Acquire) {
        return;
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let template = "{wide_bar} {human_pos} of {human_len} futures, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    while !finished.load(Ordering::Acquire) {
        bar.set_position(progress.done.load(Ordering::Relaxed) + progress.spared.load(Ordering::Relaxed));
        std::thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}
