//! The report as plain text.

use super::judge::number;
use super::{Line, Report};
use std::fmt::Write as _;

/// Lines of at most `width` characters where words allow.
pub(super) fn render(report: &Report, width: usize) -> String {
    let mut out = String::new();
    let starts: Vec<&str> = report.starts.iter().map(|start| start.scenario.name.as_str()).collect();
    let params = if report.params == "prior" { "parameters drawn from their ranges" } else { "default parameters" };
    let levers: String = report.levers.iter().map(|(id, value)| format!(", {id} = {value}")).collect();
    let head = format!(
        "What was observed against {} futures from each start ({}), {params}{levers}, seed {}. \"Model\" is the middle 90 % of the \
         futures; the rank is the share of futures below the observed value.",
        report.runs,
        starts.join(", "),
        report.seed
    );
    wrap(&mut out, &head, 0, width);
    for line in &report.facts {
        out.push('\n');
        fact(&mut out, line, width);
    }
    out.push('\n');
    for missing in &report.not_covered {
        wrap(&mut out, &format!("{:4} not covered: {}: {}", missing.id, missing.what, missing.why), 5, width);
    }
    out.push('\n');
    for score in &report.score {
        let words = format!(
            "{}: {} of {} observed values inside, {} of these in intervals narrow enough to have failed",
            score.label.words(),
            score.inside,
            score.values,
            score.inside_and_telling
        );
        wrap(&mut out, &words, 0, width);
    }
    if !report.refits.is_empty() {
        out.push_str("\nRefitted on the training window:\n");
    }
    for refit in &report.refits {
        let words = format!(
            "  {} {}: {} to {}, for {}: {}, now {}",
            refit.scenario,
            refit.path.join("."),
            refit.old,
            refit.new,
            refit.fact,
            refit.before,
            refit.after
        );
        wrap(&mut out, &words, 4, width);
    }
    out
}

fn fact(out: &mut String, line: &Line, width: usize) {
    let [from, to] = line.window;
    wrap(out, &format!("{:4} {}, {from} to {to} [{}]", line.id, line.what, line.label.words()), 5, width);
    let mut model = match line.model {
        Some(band) => format!(
            "     model {} to {}, median {} {}, width {}",
            number(band.low),
            number(band.high),
            number(band.median),
            line.unit,
            number(band.width())
        ),
        None => format!("     model: no interval, {}", line.unit),
    };
    if let Some(condition) = &line.condition {
        let _ = write!(model, "; {} futures: {condition}", line.futures);
    }
    wrap(out, &model, 7, width);
    for seen in &line.observed {
        let rank = seen.rank.map(|rank| format!(", rank {rank:.2}")).unwrap_or_default();
        let words = format!(
            "     observed {}{rank}: {} [{}; {}]",
            number(seen.value),
            seen.verdict,
            seen.mark.words(),
            seen.source
        );
        wrap(out, &words, 7, width);
    }
    if let Some(note) = &line.note {
        wrap(out, &format!("     note: {note}"), 7, width);
    }
}

/// Adds text broken at spaces, continued lines indented.
fn wrap(out: &mut String, text: &str, indent: usize, width: usize) {
    let lead = text.len() - text.trim_start().len();
    let mut column = lead;
    out.push_str(&text[..lead]);
    let mut fresh = true;
    for word in text.trim_start().split(' ') {
        let length = word.chars().count();
        if !fresh && column + 1 + length > width {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            (column, fresh) = (indent, true);
        }
        if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
        fresh = false;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_at_spaces_and_keep_every_word() {
        let mut out = String::new();
        wrap(&mut out, "  one two three four five", 4, 12);
        assert_eq!(out, "  one two\n    three\n    four\n    five\n");
    }
}
