//! Long work: a bar on standard error if a terminal shows it, a plain line now and then if none does, and a tidy end when
//! somebody says stop.

use super::failure::Failure;
use super::output::{self, thousands};
use crate::futures::ensemble::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::{Duration, Instant};

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);
/// Off a terminal the first line comes after this long, the others after twice as long each, and at last regularly.
const FIRST_LINE: Duration = Duration::from_secs(30);
const LAST_GAP: Duration = Duration::from_secs(600);

/// Interruptions by the keyboard.
const SIGINT: i32 = 2;

/// Whether neither bar nor lines are wanted.
static QUIET: AtomicBool = AtomicBool::new(false);
/// The signal that said stop.
static SIGNAL: AtomicI32 = AtomicI32::new(SIGINT);

/// No bar and no lines from here on.
pub(super) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether progress may be shown on this terminal.
pub(super) fn shows_bar() -> bool {
    !QUIET.load(Ordering::Relaxed) && io::stderr().is_terminal()
}

/// The exit status of an interrupted process, as shells count it: 128 and the number of the signal.
pub(super) fn interrupted() -> u8 {
    u8::try_from(SIGNAL.load(Ordering::SeqCst)).map_or(u8::MAX, |signal| signal.saturating_add(128))
}

/// Calls `heard` on another thread each time somebody says stop: Ctrl-C, SIGTERM, or SIGHUP unless that is ignored (as
/// `nohup` does).
fn listen(mut heard: impl FnMut() + Send + 'static) -> Result<(), Failure> {
    let cannot = |error: &dyn std::fmt::Display| Failure::refused(format!("cannot listen for interruptions: {error}"));
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGTERM};
        let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !is_ignored(signal));
        let mut signals = signal_hook::iterator::Signals::new(wanted).map_err(|error| cannot(&error))?;
        std::thread::spawn(move || {
            for signal in &mut signals {
                SIGNAL.store(signal, Ordering::SeqCst);
                heard();
            }
        });
        Ok(())
    }
    #[cfg(not(unix))]
    ctrlc::set_handler(heard).map_err(|error| cannot(&error))
}

/// Whether this process was started with a signal ignored, where the system says so.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}

/// For work that cannot be stopped half-way and keeps nothing before its end: says so, and leaves at once.
///
/// # Errors
/// If signals cannot be listened to.
pub(super) fn leaving_at_once(sentence: &'static str) -> Result<(), Failure> {
    listen(move || {
        output::note(sentence);
        std::process::exit(interrupted().into());
    })
}

/// Does `work`, which counts its finished futures out of `total` in [`Progress`] and stops when that says so: at the
/// first Ctrl-C (or SIGTERM or SIGHUP), while a second ends the process at once.
///
/// # Errors
/// If signals cannot be listened to.
pub(super) fn watched<T>(total: u64, work: impl FnOnce(&Progress) -> T) -> Result<T, Failure> {
    let progress = Arc::new(Progress::default());
    let listener = Arc::clone(&progress);
    listen(move || {
        if listener.stop.swap(true, Ordering::SeqCst) {
            std::process::exit(interrupted().into());
        }
    })?;

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
    let done = || progress.done.load(Ordering::Relaxed) + progress.spared.load(Ordering::Relaxed);
    let total = || total + progress.more.load(Ordering::Relaxed);
    if QUIET.load(Ordering::Relaxed) {
        return;
    }
    if !io::stderr().is_terminal() {
        return tell(total, done, finished);
    }
    std::thread::park_timeout(PATIENCE);
    if finished.load(Ordering::Acquire) {
        return;
    }
    let bar = ProgressBar::with_draw_target(Some(total()), ProgressDrawTarget::stderr());
    let template = "{wide_bar} {human_pos} of {human_len} futures, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    while !finished.load(Ordering::Acquire) {
        bar.set_length(total());
        bar.set_position(done());
        std::thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}

/// Lines for a log.
fn tell(total: impl Fn() -> u64, done: impl Fn() -> u64, finished: &AtomicBool) {
    let started = Instant::now();
    let (mut due, mut gap) = (FIRST_LINE, FIRST_LINE);
    while !finished.load(Ordering::Acquire) {
        std::thread::park_timeout(due.saturating_sub(started.elapsed()));
        let elapsed = started.elapsed();
        if elapsed >= due && !finished.load(Ordering::Acquire) {
            output::note(&line(done(), total(), elapsed));
            gap = (2 * gap).min(LAST_GAP);
            due = elapsed + gap;
        }
    }
}

/// How far it is.
fn line(done: u64, total: u64, elapsed: Duration) -> String {
    let mut text = format!("{} of {} futures after {}", thousands(done), thousands(total), spell(elapsed.as_secs()));
    if done > 0 && done < total {
        let left = elapsed.as_secs_f64() * (total - done) as f64 / done as f64;
        text.push_str(&format!(", about {} left", spell(left as u64)));
    }
    text
}

/// A time as people say it.
fn spell(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_log_says_how_far_it_is() {
        let said = |done, seconds| line(done, 200_000, Duration::from_secs(seconds));
        assert_eq!(said(0, 30), "0 of 200,000 futures after 30 s");
        assert_eq!(said(12_400, 30), "12,400 of 200,000 futures after 30 s, about 8 min left");
        assert_eq!(said(100_000, 9000), "100,000 of 200,000 futures after 2 h 30 min, about 2 h 30 min left");
    }
}
