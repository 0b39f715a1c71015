//! Digests: what a run is, in a few hexadecimal digits, the same on every platform and for any number of threads.
//!
//! Three sections (events, series, state) tell where two runs differ; the whole is the digest of the sections.

use super::series::Column;
use crate::sim::event::Event;
use crate::sim::world::Snapshot;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read, Write};

/// A digest in sections, each the first 16 hexadecimal digits of a SHA-256.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Of the sections below.
    pub whole: String,
    /// Events, in order.
    pub events: String,
    /// Daily series, bit for bit.
    pub series: String,
    /// State at the end.
    pub state: String,
}

/// Builds a [`Digest`] as a run goes.
#[derive(Clone, Default)]
pub struct Digester {
    events: Sha256,
    series: Sha256,
}

impl Digester {
    /// Takes one event.
    pub fn event(&mut self, day: i32, event: &Event) {
        self.events.update(day.to_le_bytes());
        // Serialising plain data into memory cannot fail.
        self.events.update(serde_json::to_vec(event).unwrap_or_default());
    }

    /// Takes one day's row of series, a value for each of these columns.
    pub fn row(&mut self, columns: &[Column], values: &[f64]) {
        for (_, value) in columns.iter().zip(values).filter(|(column, _)| column.is_digested()) {
            self.series.update(value.to_bits().to_le_bytes());
        }
    }

    /// Closes with the state at the end.
    #[must_use]
    pub fn finish(self, end: &Snapshot) -> Digest {
        let state = hex(Sha256::new()
            .chain_update(serde_json::to_vec(&end.columns).unwrap_or_default())
            .chain_update(serde_json::to_vec(&end.clock).unwrap_or_default())
            .chain_update(serde_json::to_vec(&end.tally).unwrap_or_default())
            .finalize());
        let (events, series) = (hex(self.events.finalize()), hex(self.series.finalize()));
        let whole = of_text(&format!("{events}{series}{state}"));
        Digest { whole, events, series, state }
    }
}

/// Digest of a text.
#[must_use]
pub fn of_text(text: &str) -> String {
    hex(Sha256::digest(text.as_bytes()))
}

/// Digest of everything that a reader gives.
///
/// # Errors
/// Those of the reader.
pub fn of_reader(mut reader: impl Read) -> io::Result<String> {
    let (mut sha, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(hex(sha.finalize())),
            n => sha.update(buffer.get(..n).unwrap_or_default()),
        }
    }
}

/// A writer that digests what passes through it.
pub struct Digesting<W> {
    out: W,
    sha: Sha256,
}

impl<W: Write> Digesting<W> {
    /// A writer into another.
    pub fn new(out: W) -> Self {
        Self { out, sha: Sha256::new() }
    }

    /// The digest of what was written so far.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(self.sha.clone().finalize())
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.sha.update(bytes.get(..n).unwrap_or_default());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
