//! Words that every part of a report needs.

use detente_study::futures::effect::Difference;

/// Text as HTML shows it.
pub(super) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Whether an interval leaves zero out.
#[must_use]
pub fn is_detectable(d: &Difference) -> bool {
    d.low > 0.0 || d.high < 0.0
}

pub(super) fn long_date(date: jiff::civil::Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}
