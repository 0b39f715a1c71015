//! Links as they arrive: whole addresses, tails, and what mail and chat make of them.

use detente_model::scenario::text::is_unseen;

/// What begins the part of an address that holds a session.
const MARKS: [&str; 3] = ["#s=", "?s=", "&s="];
/// A link longer than this is cut by some mail and chat, characters.
const MAIL: usize = 2_000;
/// A link longer than this fits no QR code, characters.
const QR: usize = 2_900;
/// A link longer than this is better sent as a file, characters.
const FILE: usize = 8_000;

/// Whether words look like a link to a session, or its tail with the mark before it.
#[must_use]
pub fn is_link(text: &str) -> bool {
    let text = percent_decoded(text.trim().trim_start_matches('<'));
    text.starts_with("s=") || MARKS.iter().any(|mark| text.contains(mark))
}

/// The tail in a link: of a whole address, of `#s=…` or `s=…`, of the tail alone; also where it was folded, wrapped in
/// brackets or quotes, or percent-encoded on its way. `None` for an address without a session.
#[must_use]
pub fn tail(text: &str) -> Option<String> {
    // A break right behind the mark is a plain one. Mail folds a line with "=" at its end, or just breaks it; readers quote with ">" and wrap links in "<…>".
    let mut unfolded = text.replace("\r\n", "\n");
    for mark in MARKS {
        unfolded = unfolded.replace(&format!("{mark}\n"), mark);
    }
    let unfolded = unfolded.replace("=\n", "");
    let kept = |c: &char| !c.is_whitespace() && !is_unseen(*c) && !is_wrapping(*c);
    // Encoded twice, where a link was passed on inside another.
    let plain = percent_decoded(&percent_decoded(&unfolded.chars().filter(kept).collect::<String>()));
    let found = MARKS.iter().filter_map(|mark| Some(plain.rfind(mark)? + mark.len())).max();
    let tail = match found {
        Some(from) => &plain[from..],
        None if plain.contains("://") || plain.contains('#') => return None,
        None => plain.strip_prefix("s=").unwrap_or(&plain),
    };
    let tail: String = tail.chars().map_while(letter).collect();
    (!tail.is_empty()).then_some(tail)
}

/// What stands around links in prose.
fn is_wrapping(c: char) -> bool {
    matches!(c, '<' | '>' | '"' | '\'' | '`' | '\u{2018}'..='\u{201F}' | '«' | '»')
}

/// A letter of a tail; the other alphabet of base64 is read as well.
fn letter(c: char) -> Option<char> {
    match c {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_' => Some(c),
        '+' => Some('-'),
        '/' => Some('_'),
        _ => None,
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match rest {
            [b'%', a, b, ..] => hex(*a).zip(hex(*b)).map(|(a, b)| 16 * a + b),
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &rest[3..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// What to say of a link of so many characters, where it may not arrive whole.
#[must_use]
pub fn advice(length: usize) -> Option<&'static str> {
    match length {
        _ if length > FILE => Some("It is too long for mail and chat; save the session as a file and send that."),
        _ if length > QR => {
            Some("It is too long for a QR code, and mail and chat may cut it; a saved session file is safer.")
        }
        _ if length > MAIL => Some("Mail and chat may cut a link this long; a saved session file is safer."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_is_found_however_it_was_passed_on() {
        let t = "7VZdb9s2FH3fr-BTt_zQ";
        for link in [
            "7VZdb9s2FH3fr-BTt_zQ",
            "  7VZdb9s2FH3fr-BTt_zQ\n",
            "s=7VZdb9s2FH3fr-BTt_zQ",
            "#s=7VZdb9s2FH3fr-BTt_zQ",
            "https://example.org/detente/#s=7VZdb9s2FH3fr-BTt_zQ",
            "https://example.org/detente/?x=1#s=7VZdb9s2FH3fr-BTt_zQ&utm=mail",
            "https://example.org/?s=7VZdb9s2FH3fr-BTt_zQ",
            "<https://example.org/#s=7VZdb9s2FH3fr-BTt_zQ>.",
            "“https://example.org/#s=7VZdb9s2FH3fr-BTt_zQ”",
            "https://example.org/#s=7VZdb9s2\r\nFH3fr-BT\r\n  t_zQ",
            "> https://example.org/#s=7VZdb9s2\n> FH3fr-BTt_zQ",
            "https://example.org/#s=7VZdb9s2=\nFH3fr-BTt_zQ",
            "https://example.org/#s=7VZdb9s=\n2FH3fr-BTt_zQ",
            "https://example.org/#s=\r\n7VZdb9s2FH3fr-BTt_zQ",
            "https://example.org/%23s%3D7VZdb9s2FH3fr-BTt_zQ",
            "https%3A%2F%2Fexample.org%2F%2523s%253D7VZdb9s2FH3fr%2DBTt%5FzQ",
            "See https://example.org/#s=7VZdb9s2\u{200B}FH3fr-BTt_zQ, and tell me.",
            "#s=7VZdb9s2FH3fr+BTt/zQ==",
        ] {
            assert_eq!(tail(link).as_deref(), Some(t), "{link}");
        }
        for none in ["", " ", "https://example.org/detente/", "https://example.org/#top", "#s=", "<>"] {
            assert_eq!(tail(none), None, "{none}");
        }
    }

    #[test]
    fn a_link_is_told_from_a_file() {
        for link in ["s=abc", "#s=abc", "https://x.org/#s=abc", "<https://x.org/#s=abc>", "https://x.org/%23s%3Dabc"] {
            assert!(is_link(link), "{link}");
        }
        for other in ["november-2024", "class.detente", "folder/lesson.detente", "my scenario.toml", "maps=1.toml"] {
            assert!(!is_link(other), "{other}");
        }
    }

    #[test]
    fn long_links_are_warned_of() {
        assert_eq!(advice(1_900), None);
        assert!(advice(2_001).unwrap().contains("Mail and chat"));
        assert!(advice(2_901).unwrap().contains("QR"));
        assert!(advice(8_001).unwrap().contains("send that"));
    }
}
