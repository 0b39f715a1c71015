//! `detente batch --design`.

use super::{done, files, json, refused};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn rows(file: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (header, rows)
}

/// Each setting of a design is the batch that its row says.
#[test]
fn a_row_of_a_design_is_the_batch_that_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let design = at("design.csv");
    fs::write(
        &design,
        "theta_war,deal.architecture,seed,futures,\"table.h0\",table.h0[LEB]\n6,piecemeal,1,4,0.005,0.005\n\n9.0,collective,2,3,0.005,0.02\n",
    )
    .unwrap();
    let line = format!("batch --design {} --days 90 --set unifil.troops=15000@20", design.display());
    let out = at("out");
    done(&format!("{line} --out {}", out.display()));
    let (header, found) = rows(&out.join("runs.csv"));
    assert_eq!(header[header.len() - 2..], ["seed", "setting"]);
    assert_eq!(found.len(), 7);
    let own = header.len() - 2;
    for (seed, runs, first, rest) in [
        (1, 4, 0, "--param theta_war=6 --set deal.architecture=piecemeal --param table.h0[LEB]=0.005"),
        (2, 3, 4, "--param theta_war=9 --set deal.architecture=collective --param table.h0[LEB]=0.02"),
    ] {
        let others = ["ALL", "EXC", "GAZ", "IRQ", "NUC", "RED", "YEM"].map(|t| format!("--param table.h0[{t}]=0.005"));
        let alone = at(&format!("alone{seed}"));
        done(&format!(
            "batch --runs {runs} --seed {seed} --days 90 --set unifil.troops=15000@20 {rest} {} --out {}",
            others.join(" "),
            alone.display()
        ));
        let (there, wanted) = rows(&alone.join("runs.csv"));
        assert_eq!(there[..], header[..own]);
        for (one, other) in found[first..].iter().zip(&wanted) {
            assert_eq!(one[..own], other[..]);
        }
        // The row alone is enough to have its history.
        let last = &found[first + runs - 1];
        let row = serde_json::json!({ "future": runs - 1, "setting": last[header.len() - 1] });
        let file = at("row.json");
        fs::write(&file, row.to_string()).unwrap();
        let run = json(&format!("run --like {} --json", file.display()));
        let headline = header.iter().position(|name| name == "headline").unwrap();
        assert_eq!(run["outcome"]["headline"], last[headline].as_str());
    }
    let said = json(&format!("{line} --json"));
    assert_eq!((said["settings"].as_u64(), said["runs"].as_u64()), (Some(2), Some(7)));
    let killed = header.iter().position(|name| name == "killed.GAZA").unwrap();
    let mean = found[4..].iter().map(|row| row[killed].parse::<f64>().unwrap()).sum::<f64>() / 3.0;
    assert_eq!(said["means"][1]["killed.GAZA"].as_f64(), Some(mean));
    assert_eq!(said["columns"].as_array().unwrap().len(), said["means"][0].as_object().unwrap().len());
    let kept: Value = serde_json::from_slice(&fs::read(out.join("design.json")).unwrap()).unwrap();
    assert_eq!(kept, said);
    // Threads do not show, and a folder that holds something is not written to.
    let again = at("again");
    done(&format!("{line} --jobs 1 --out {}", again.display()));
    assert_eq!(files(&again), files(&out));
    assert!(refused(&format!("{line} --out {}", out.display())).contains("give the name of a new folder"));
    let text = done(&line);
    assert!(text.contains("7 futures of 2 settings"), "{text}");
}

/// A design comes as Parquet, too: as the program writes it, and so as a design of means read back.
#[test]
fn a_design_in_parquet_is_the_same_design() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    // A table of the program with two columns whose names say something: numbers that were drawn.
    done(&format!("batch --runs 3 --days 5 --params prior --draws parquet --out {}", at("drawn")));
    done(&format!("batch --runs 3 --days 5 --params prior --draws csv --out {}", at("text")));
    let message = refused(&format!("batch --runs 1 --days 20 --design {}", at("drawn/draws.parquet")));
    assert!(message.contains("draws.parquet, names of columns: `future` is no lever"), "{message}");
    // Without that column it is a design.
    let csv = fs::read_to_string(at("text/draws.csv")).unwrap();
    let csv: Vec<&str> = csv.lines().map(|line| line.split_once(',').unwrap().1).collect();
    fs::write(at("design.csv"), csv.join("\n")).unwrap();
    let said = json(&format!("batch --runs 2 --days 20 --design {} --json", at("design.csv")));
    assert_eq!(said["settings"].as_u64(), Some(3));
    assert_eq!(said["params"], "given");
}

#[test]
fn everything_wrong_with_a_design_is_said_at_once_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("design.csv");
    let refused_of = |text: &str, rest: &str| {
        fs::write(&file, text).unwrap();
        refused(&format!("batch --design {} --days 20 {rest}", file.display()))
    };
    let shown = file.display().to_string();
    let message = refused_of(
        "theta_war,unifil.trops,deal.architecture,seed\n1e9,1,both,1\n8,2,piecemeal,1.5\n,3,piecemeal,2\n8,4\nx,5,piecemeal,2\n",
        "--runs 2",
    );
    for (place, what) in [
        ("1:11", "did you mean `unifil.troops`?"),
        ("2:1", "theta_war = 1000000000 is outside its range"),
        ("2:7", "deal.architecture"),
        ("3:15", "seed = 1.5: write a whole number"),
        ("4:1", "the cell is empty"),
        ("5:1", "the row has 2 cells and the table 4 columns"),
        ("6:1", "theta_war takes a finite number"),
    ] {
        let line = message.lines().find(|line| line.contains(&format!("{shown}:{place}: ")));
        assert!(line.is_some_and(|line| line.contains(what)), "{place}: {message}");
    }
    for (text, rest, what) in [
        ("theta_war\n8\n", "", "give --runs N, or a column `futures`"),
        ("theta_war\n", "--runs 2", "there is no row below"),
        ("", "--runs 2", "there is no row below"),
        ("theta_war,theta_war\n8,8\n", "--runs 2", ":1:11: the column theta_war stands here a second time"),
        ("theta_war\n8\n", "--runs 2 --params prior", "so the other numbers cannot be drawn"),
        ("unifil.troops\n8\n", "--runs 2 --set unifil.troops=5", "is set by --set on day 0, too"),
        ("seed\n\"8\n", "--runs 2", ":2:1: a quote is opened and not closed"),
        ("seed,futures\n8,0\n", "", ":2:3: futures = 0: write a whole number from 1"),
    ] {
        let message = refused_of(text, rest);
        assert!(message.contains(what), "{message}");
    }
    assert!(refused("batch --runs 2 --design nowhere.csv").contains("cannot read nowhere.csv"));
    assert!(refused("batch --design d.csv --futures 0..3").contains("cannot be used with"));
}
