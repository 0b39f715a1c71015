//! Secrets: the code of a room, tokens, the facilitator's key. Drawn by the system, kept as digests where they can be.

use detente_model::sim::world::MOST_SEED;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Letters of a code: none that is taken for another on a projector or in a voice.
pub const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

fn drawn<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| format!("this machine gives no random numbers for secrets: {error}"))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The code of a room: five letters, said aloud and written on a board.
///
/// # Errors
/// One sentence, if the system draws nothing.
pub fn code() -> Result<String, String> {
    let mut code = String::new();
    while code.len() < 5 {
        for byte in drawn::<16>()? {
            // Bytes beyond the last whole round of letters would favour the first ones.
            let whole = 256 / LETTERS.len() * LETTERS.len();
            if usize::from(byte) < whole && code.len() < 5 {
                code.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
            }
        }
    }
    Ok(code)
}

/// A code as it was typed: without spaces, and in capitals.
#[must_use]
pub fn typed(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(16).flat_map(char::to_uppercase).collect()
}

/// A token or key of 128 bits.
///
/// # Errors
/// One sentence, if the system draws nothing.
pub fn token() -> Result<String, String> {
    Ok(hex(&drawn::<16>()?))
}

/// A seed for the luck of a room: too many for anybody to find it by running them all until the news fits.
///
/// # Errors
/// One sentence, if the system draws nothing.
pub fn seed() -> Result<u64, String> {
    Ok(u64::from_le_bytes(drawn::<8>()?) & MOST_SEED)
}

/// What is kept and looked up of a secret: looking up a digest tells nobody how much of a guess was right.
#[must_use]
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_five_letters_that_nobody_mistakes_and_tokens_128_bits() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..500 {
            let code = code().unwrap();
            assert!(code.len() == 5 && code.bytes().all(|b| LETTERS.contains(&b)) && !code.contains(['I', 'O', 'S']));
            let token = token().unwrap();
            assert!(token.len() == 32 && seen.insert(token));
        }
        assert_eq!(typed(" ab-c de\n"), "ABCDE");
        assert_ne!(digest("a"), digest("b"));
    }
}
