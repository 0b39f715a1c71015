//! Waiting for work beside the interpreter: its lock is free, its signals are heard, progress is told.

use detente_engine::{Code, Error};
use pyo3::prelude::*;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a signal may go unheard.
const LISTEN: Duration = Duration::from_millis(40);

/// Runs `work` on a thread of its own. In between signals are answered and `progress` is called with what is done and what is to
/// be; where either raises, `stop` is called and the exception goes on once the work has ended.
pub fn watched<T: Send>(
    py: Python<'_>,
    total: u64,
    progress: Option<&Bound<'_, PyAny>>,
    done: impl Fn() -> u64,
    stop: impl Fn(),
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> PyResult<T> {
    let (end, ended) = std::sync::mpsc::sync_channel::<()>(1);
    let ended = Mutex::new(ended);
    // Whether the work goes on after as long as a signal may wait.
    let at_work = || {
        let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(ended.recv_timeout(LISTEN), Err(RecvTimeoutError::Timeout))
    };
    std::thread::scope(|scope| {
        let worker = scope.spawn(move || {
            let result = work();
            // Whoever waits hears this, or the end that is let go in a panic.
            let _ = end.send(());
            result
        });
        let mut raised = None;
        let mut told = None;
        while py.detach(at_work) {
            if raised.is_some() {
                continue;
            }
            let mut tell = || -> PyResult<()> {
                py.check_signals()?;
                let now = done().min(total);
                if let Some(progress) = progress.filter(|_| told != Some(now)) {
                    progress.call1((now, total))?;
                }
                told = Some(now);
                Ok(())
            };
            if let Err(exception) = tell() {
                stop();
                raised = Some(exception);
            }
        }
        // A panic in the work is a fault of the program: it goes on as it is.
        let result = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        if let Some(exception) = raised {
            return Err(exception);
        }
        let result = result.map_err(|error| exception(py, &error))?;
        if let Some(progress) = progress.filter(|_| told != Some(total)) {
            progress.call1((total, total))?;
        }
        Ok(result)
    })
}

/// An error as `detente.Error`, with its code, its sentences and the places of what is wrong.
pub fn exception(py: Python<'_>, error: &Error) -> PyErr {
    let made = || -> PyResult<Bound<'_, PyAny>> {
        let class = py.import("detente._errors")?.getattr("Error")?;
        let places = error.places.iter().map(|p| (p.file.clone(), p.line, p.column, p.key.clone()));
        let places: Vec<(String, u64, u64, String)> = places.collect();
        class.call1((error.code.word(), error.sentences.clone(), places))
    };
    match made() {
        Ok(exception) => PyErr::from_value(exception),
        Err(other) => other,
    }
}

/// A mistake that is found here.
pub fn refuse(py: Python<'_>, code: Code, sentence: String) -> PyErr {
    exception(py, &Error { code, sentences: vec![sentence], places: Vec::new() })
}
