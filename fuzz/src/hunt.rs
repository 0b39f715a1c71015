//! The search for an input that breaks a promise.

use crate::mutate::mutate;
use crate::readers::Reader;
use fastrand::Rng;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// Longest that one input may take.
pub const LONGEST: Duration = Duration::from_secs(20);
/// Most tries to make a finding smaller.
const TRIES: u32 = 1_500;

/// An input that broke a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The input, as small as it could be made.
    pub input: Vec<u8>,
    /// What was broken.
    pub why: String,
}

/// What a reader's answer to an input breaks; `None` if it keeps its promises.
#[must_use]
pub fn broken(reader: &Reader, input: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let answer = catch_unwind(AssertUnwindSafe(|| (reader.holds)(input)));
    let took = begun.elapsed();
    match answer {
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
            Some(format!("it panicked: {}", said.unwrap_or_default()))
        }
        Ok(Err(why)) => Some(why),
        Ok(Ok(())) if took > LONGEST => Some(format!("it took {:.0} seconds", took.as_secs_f64())),
        Ok(Ok(())) => None,
    }
}

/// Gives a reader its corpus as it is, then changed inputs, until `enough` of them (told how many there were) or a finding.
/// Returns how many inputs there were.
///
/// # Errors
/// The first finding.
pub fn hunt(reader: &Reader, seed: u64, mut enough: impl FnMut(u64) -> bool) -> Result<u64, Finding> {
    let corpus = reader.corpus();
    for input in &corpus {
        if let Some(why) = broken(reader, input) {
            return Err(smaller(reader, input.clone(), why));
        }
    }
    let mut tried = corpus.len() as u64;
    let mut rng = Rng::with_seed(seed);
    while !enough(tried) {
        let Some(from) = rng.choice(&corpus) else { break };
        let input = mutate(from, reader.form, &corpus, reader.words, &mut rng);
        if let Some(why) = broken(reader, &input) {
            return Err(smaller(reader, input, why));
        }
        tried += 1;
    }
    Ok(tried)
}

/// The finding with less in it: pieces are left out as long as something is still broken.
fn smaller(reader: &Reader, input: Vec<u8>, why: String) -> Finding {
    let mut least = Finding { input, why };
    let mut piece = least.input.len() / 2;
    let mut tries = 0;
    let begun = Instant::now();
    while piece > 0 {
        let mut at = 0;
        while at < least.input.len() && tries < TRIES && begun.elapsed() < LONGEST {
            let end = (at + piece).min(least.input.len());
            let less = [&least.input[..at], &least.input[end..]].concat();
            tries += 1;
            match broken(reader, &less) {
                Some(why) => least = Finding { input: less, why },
                None => at = end,
            }
        }
        piece /= 2;
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutate::Form;

    fn toy(holds: fn(&[u8]) -> Result<(), String>) -> Reader {
        Reader {
            name: "toy",
            form: Form::Text,
            folders: &[],
            words: &["boom"],
            made: || vec![b"a b c d".to_vec()],
            holds,
        }
    }

    #[test]
    fn a_reader_that_breaks_is_found_and_the_finding_made_small() {
        let panics = toy(|input| {
            assert!(!String::from_utf8_lossy(input).contains("boom"), "there it is");
            Ok(())
        });
        let finding = hunt(&panics, 1, |tried| tried > 5_000).unwrap_err();
        assert_eq!(finding, Finding { input: b"boom".to_vec(), why: "it panicked: there it is".to_owned() });
        let lies = toy(|input| if input.len() > 7 { Err("too long".to_owned()) } else { Ok(()) });
        assert_eq!(hunt(&lies, 1, |tried| tried > 5_000).unwrap_err().input.len(), 8);
        assert_eq!(hunt(&toy(|_| Ok(())), 1, |tried| tried >= 50), Ok(50));
    }
}
