//! Characters that have no place in words shown on one line: those that move the cursor, turn the line round, or are not
//! seen at all. A name that holds them can look like another name, or turn the sentence around it.

/// Whether a character is not seen, or does something to its neighbours: control characters, marks of direction (U+202A
/// to U+202E, U+2066 to U+2069 and their kin), zero-width spaces, tags. The two joiners are judged where they stand, by
/// [`is_joiner`] and its neighbours; here they count as unseen.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00AD}'
                | '\u{034F}'
                | '\u{061C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Whether it is one of the two marks that say whether letters join (Persian and Indian scripts are misspelt without them).
#[must_use]
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Whether a letter (or the sign behind it) takes its shape from its neighbours, so that a joiner beside it can be part of
/// the spelling: in Arabic, Syriac, Indian scripts, Khmer and Mongolian.
#[must_use]
pub fn joins(c: char) -> bool {
    let joined = matches!(
        c,
        '\u{0600}'..='\u{08FF}' | '\u{0900}'..='\u{0DFF}' | '\u{1780}'..='\u{18AF}' | '\u{FB50}'..='\u{FEFC}'
    );
    joined && !is_unseen(c)
}

/// The first character of a text that has no place in it; line ends and tabs have one where a text has lines.
#[must_use]
pub fn first_unseen(text: &str) -> Option<char> {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let spelt = is_joiner(c) && before.is_some_and(joins) && rest.peek().copied().is_some_and(joins);
        if is_unseen(c) && !spelt && !matches!(c, '\n' | '\r' | '\t') {
            return Some(c);
        }
        before = Some(c);
    }
    None
}
