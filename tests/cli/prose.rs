//! Numbers in running text that come from a run: each with the words in which it stands, the command that gives it, and what that
//! prints. Whoever changes the model learns here which sentences to look at again.

use super::done;

const TEACHING: &str = include_str!("../../docs/teaching.md");
const SCENARIOS: &str = include_str!("../../docs/scenarios.md");

/// Whether a text has these words, however its lines are broken.
fn says(text: &str, words: &str) -> bool {
    let joined: Vec<&str> = text.split_whitespace().collect();
    joined.join(" ").contains(words)
}

/// The line of an output that begins with these words, with single spaces.
fn row(output: &str, begin: &str) -> String {
    let lines = output.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut lines = lines.filter(|line| line.starts_with(begin));
    lines.next().unwrap_or_else(|| panic!("no row {begin} in\n{output}"))
}

#[test]
fn the_seminar_s_event_is_explained_with_the_numbers_that_stand_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("year");
    done(&format!("run --seed 80 --out {}", out.display()));
    let explained = done(&format!("explain {} d104e2", out.display()));
    for (words, printed) in [
        ("fires 167 missiles at Israel", "Iran answers Israel with 167 ballistic missiles"),
        ("The chance that day was 0.82 %, the draw 0.41 %", "The chance that day was 0.82 %; the draw was 0.41 %"),
        ("With the partner shield intact the chance would have been 3.6 %", "were it 1.00, intact: 3.6 %"),
        (
            "wrote 2.56 blows into Iran's ledger; 2.33 were left",
            "wrote 2.56 blows into the ledger, of which 2.33 were left",
        ),
        ("Without it the chance is 0.06 %", "Without it the chance is 0.06 %"),
        ("stood at 2.60 blows, of which 1.74 were left", "stood at 2.60 blows, of which 1.74 were left"),
    ] {
        assert!(says(TEACHING, words), "docs/teaching.md no longer says: {words}");
        assert!(says(&explained, printed), "docs/teaching.md says “{words}”; a run prints\n{explained}");
    }
    let explained = done(&format!("explain {} d30e2", out.display()));
    assert!(says(TEACHING, "A truce collapses after 8 days (event d30e2, Gaza; chance that day 1.3 %, drawn 0.40 %)"));
    assert!(says(&explained, "Truce in Gaza collapses after 8 days") && says(&explained, "1.3 %; the draw was 0.40 %"));
}

#[test]
fn the_seminar_s_experiments_show_what_it_says_of_them() {
    const MANY: &str = "--seed 80 --days 180 --params prior";
    let troops = done(&format!("effect --set unifil.troops=15000 --runs 256 {MANY}"));
    let deal = done(&format!("effect --set deal.architecture=collective --set deal.linkage=0.7 --runs 256 {MANY}"));
    let roadmap = done(&format!("effect --set saudi.sign_roadmap=2024-12-08 --runs 256 {MANY}"));
    let defaults = done("effect --set unifil.troops=15000 --runs 256 --seed 80 --days 180");
    for (words, output, begin, printed) in [
        (
            "1.9 in a hundred more last 90 days (+0.2 to +3.8)",
            &troops,
            "Truce in Lebanon, 90 days",
            "+1.9 +0.2 to +3.8",
        ),
        ("−61 (−65 to −55)", &deal, "piecemeal truce", "-60.6 -65.5 to -55.4"),
        ("+31 (+26 to +36)", &deal, "unsettled war", "+31.2 +26.4 to +36.2"),
        ("Hezbollah's fire on Israel +24.1 events a day (+22.2 to +25.9)", &deal, "HZB>ISR", "+24.1 +22.2 to +25.9"),
        ("regional war comes in 19 % of futures and not in 28 %", &defaults, "regional war", "18.8 % 18.8 %"),
        ("regional war comes in 19 % of futures and not in 28 %", &troops, "regional war", "27.7 % 27.7 %"),
        ("piecemeal truces in 75 % and not in 61 %", &defaults, "piecemeal truce", "74.6 %"),
        ("piecemeal truces in 75 % and not in 61 %", &troops, "piecemeal truce", "60.6 %"),
    ] {
        assert!(says(TEACHING, words), "docs/teaching.md no longer says: {words}");
        let row = row(output, begin);
        assert!(row.contains(printed), "docs/teaching.md says “{words}”; a run prints: {row}");
    }
    // Signed, and in force at the end: the row that stands twice.
    assert!(says(TEACHING, "roadmap in force at the end +66.0 points (+60.9 to +70.7)"));
    assert!(says(&roadmap, "+66.0 +60.9 to +70.7"), "{roadmap}");
    assert!(says(TEACHING, "collective deal in force at the end +7.4 points (+4.9 to +10.5)"));
    assert!(says(&deal, "+7.4 +4.9 to +10.5"), "{deal}");
    let many = done("effect --set unifil.troops=15000 --runs 4096 --seed 80 --days 180");
    assert!(says(TEACHING, "choose 4,096: +1.2 points (+0.9 to +1.5)"));
    assert!(row(&many, "piecemeal truce").contains("+1.2 +0.9 to +1.5"), "{many}");
}

#[test]
fn what_is_easy_to_misread_is_as_it_is_said() {
    let regional = |rest: &str| row(&done(&format!("batch {rest}")), "regional war");
    for (words, command, printed) in [
        (
            "12 % of 600 futures at `iran.response_scale` 1.5",
            "deterrence-breaks-down --runs 600 --set iran.response_scale=1.5",
            "12.5 %",
        ),
        (
            "16 % at 1, 28 % at .4, 54 % at 0",
            "deterrence-breaks-down --runs 600 --set iran.response_scale=0.4",
            "28.0 %",
        ),
        ("16 % at 1, 28 % at .4, 54 % at 0", "deterrence-breaks-down --runs 600 --set iran.response_scale=0", "53.5 %"),
        (
            "it is 11 % at 1 and 20 % at 0",
            "deterrence-breaks-down --runs 600 --param beta_rho=0 --set iran.response_scale=0",
            "19.5 %",
        ),
        ("(35 % of 1,000 futures at the defaults)", "november-2024 --runs 1000", "34.8 %"),
        (
            "20 % with `exchange.restraint` at 0, and 12 %",
            "restraint-returned --runs 1000 --set exchange.restraint=0",
            "20.4 %",
        ),
        ("20 % with `exchange.restraint` at 0, and 12 % with it at 1", "restraint-returned --runs 1000", "12.1 %"),
        ("(30 and 16 % with parameters drawn)", "restraint-returned --runs 1000 --params prior", "15.9 %"),
    ] {
        assert!(says(SCENARIOS, words), "docs/scenarios.md no longer says: {words}");
        let row = regional(command);
        assert!(row.contains(printed), "docs/scenarios.md says “{words}”; `batch {command}` prints: {row}");
    }
}
