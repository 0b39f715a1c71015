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
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    for key in ["digest", "settings", "futures"] {
        assert!(!manifest["design"][key].is_null(), "{key}: {manifest}");
    }
    assert!(
        manifest["scenario"]["hash"].is_string() && manifest["seed"] == 1 && manifest["versions"]["model"].is_string()
    );
    let package: Value = serde_json::from_slice(&fs::read(out.join("datapackage.json")).unwrap()).unwrap();
    let listed: Vec<&str> =
        package["resources"].as_array().unwrap().iter().map(|r| r["path"].as_str().unwrap()).collect();
    assert_eq!(listed, ["runs.csv", "agreements.csv", "means.csv"]);
    for (resource, file) in package["resources"].as_array().unwrap().iter().zip(&listed) {
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let named: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(rows(&out.join(file)).0, named);
    }
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
    assert!(refused_of("seed\n8\n", "--runs 2 --part 1/3").contains("take 1 parts at most"));
    assert!(refused("batch --runs 2 --design nowhere.csv").contains("cannot read nowhere.csv"));
    assert!(refused("batch --design d.csv --futures 0..3").contains("cannot be used with"));
}

/// A design of seven settings, of which some have more futures than others.
const SEVEN: &str =
    "theta_war,unifil.troops,futures\n6,10000,3\n7,10000,1\n8,12000,5\n9,12000,2\n10,12000,4\n7.5,9000,2\n6.5,8000,3\n";

/// Any split by rows, in any order, ends in the bytes of one process, in both formats, and `again` makes them anew.
#[test]
fn parts_of_a_design_merge_to_the_bytes_of_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("seven.csv"), SEVEN).unwrap();
    for (format, parts) in [("csv", 1), ("csv", 3), ("parquet", 7)] {
        let line =
            format!("batch --design {} --days 60 --seed 4 --format {format} --set unifil.mandate=2@9", at("seven.csv"));
        let whole = at(&format!("whole-{format}-{parts}"));
        done(&format!("{line} --out {whole}"));
        let name = |part| at(&format!("part-{format}-{parts}-{part}"));
        for part in (0..parts).rev() {
            done(&format!("{line} --part {part}/{parts} --jobs 1 --out {}", name(part)));
        }
        let folders: Vec<String> = (0..parts).map(name).collect();
        let merged = at(&format!("merged-{format}-{parts}"));
        done(&format!("merge {} --parts {parts} --out {merged}", folders.join(" ")));
        assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)), "{format} {parts}");
        let again = at(&format!("again-{format}-{parts}"));
        done(&format!("again {merged} --out {again}"));
        assert_eq!(files(Path::new(&again)), files(Path::new(&whole)));
        if parts == 7 {
            // A part by itself can be had again, too, and what is missing is named.
            done(&format!("again {}", name(3)));
            let message = refused(&format!("merge {} {} --parts 7 --out {}", name(0), name(5), at("none")));
            assert!(message.contains("--array=1-4,6"), "{message}");
            let message = refused(&format!("merge {} {} --out {}", name(0), name(2), at("none")));
            assert!(message.contains("no folder holds setting 1 of 7"), "{message}");
            let message = refused(&format!("merge {} {} --out {}", name(0), name(0), at("none")));
            assert!(message.contains("both hold setting 0"), "{message}");
            let message = refused(&format!("merge {} {} --runs 7 --parts 7 --out {}", name(0), name(1), at("none")));
            assert!(message.contains("--parts alone"), "{message}");
        }
        if parts == 3 {
            let message =
                refused(&format!("{} --part 0/3 --out {} --resume", line.replace("--seed 4", "--seed 5"), name(0)));
            assert!(message.contains("seed 4 there, 5 now"), "{message}");
            let message = refused(&format!("{line} --part 1/3 --out {} --resume", name(0)));
            assert!(message.contains("settings 0 to 1 there, settings 2 to 3 now"), "{message}");
            // What was changed since is not merged, and not taken for what the design gives.
            let means = Path::new(&name(1)).join("means.csv");
            let text = fs::read_to_string(&means).unwrap();
            fs::write(&means, text.replacen('0', "1", 1)).unwrap();
            let message = refused(&format!("merge {} --parts 3 --out {}", folders.join(" "), at("none")));
            assert!(message.contains("--array=1\n") && message.contains("was changed or damaged"), "{message}");
            assert!(
                refused(&format!("merge {} --out {}", folders.join(" "), at("none"))).contains("means.csv was changed")
            );
        }
    }
    // The digest is what came of it, whichever file it was read from and however it was split.
    let digest = |name: &str| -> String {
        let text = fs::read(Path::new(&at(name)).join("design.json")).unwrap();
        serde_json::from_slice::<Value>(&text).unwrap()["digest"].as_str().unwrap().to_owned()
    };
    assert_eq!(digest("whole-csv-3"), digest("merged-parquet-7"));
    assert_ne!(digest("whole-csv-3"), digest("part-csv-3-0"));
}

/// A row of a folder is opened by its number, and one of its table by itself.
#[test]
fn a_row_of_a_folder_is_a_history() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("seven.csv"), SEVEN).unwrap();
    done(&format!("batch --design {} --days 60 --out {}", at("seven.csv"), at("design")));
    done(&format!(
        "batch --futures 5..9 --days 60 --params prior --seed 3 --set unifil.troops=9000@5 --out {}",
        at("batch")
    ));
    let row = |name: &str, number: usize| {
        let (header, rows) = rows(&Path::new(&at(name)).join("runs.csv"));
        let cells = header.into_iter().zip(rows[number].clone()).map(|(name, cell)| (name, Value::from(cell)));
        cells.collect::<serde_json::Map<String, Value>>()
    };
    let killed =
        |run: &Value| -> u64 { run["killed"].as_array().unwrap().iter().map(|k| k["count"].as_u64().unwrap()).sum() };
    let total = |row: &serde_json::Map<String, Value>| -> u64 {
        let cells = row.iter().filter(|(name, _)| name.starts_with("killed."));
        cells.map(|(_, cell)| cell.as_str().unwrap().parse::<u64>().unwrap()).sum()
    };
    // Row 4 of the design is the first future of its third setting.
    let of_design = row("design", 4);
    let run = json(&format!("run --like {}#4 --json", at("design")));
    assert_eq!((run["outcome"]["headline"].clone(), killed(&run)), (of_design["headline"].clone(), total(&of_design)));
    // Numbers are texts, as they come from CSV; the setting is in the row.
    fs::write(at("row.json"), Value::from(of_design).to_string()).unwrap();
    assert_eq!(json(&format!("run --like {} --json", at("row.json"))), run);
    // A batch's own rows say only which future they are: the folder says the rest.
    let of_batch = row("batch", 2);
    let run = json(&format!("run --like {}#7 --json", at("batch")));
    assert_eq!((run["future"].as_u64(), killed(&run)), (Some(7), total(&of_batch)));
    assert_eq!(
        run["digest"],
        json("run --future 7 --seed 3 --days 60 --params prior --set unifil.troops=9000@5 --json")["digest"]
    );
    fs::write(at("batch/row.json"), Value::from(of_batch.clone()).to_string()).unwrap();
    assert_eq!(json(&format!("run --like {} --json", at("batch/row.json"))), run);
    // Kept, it is a run like another.
    done(&format!("run --like {}#7 --out {}", at("batch"), at("kept")));
    done(&format!("again {}", at("kept")));
    fs::write(at("alone.json"), Value::from(of_batch).to_string()).unwrap();
    for (like, what) in [
        ("alone.json", "--like DIR#7"),
        ("batch#9", "holds the futures 5 to 8"),
        ("design#20", "there is no row 20"),
        ("design", "name one of its futures with DIR#K"),
        ("nowhere#1", "cannot read"),
    ] {
        let message = refused(&format!("run --like {}", at(like)));
        assert!(message.contains(what), "{message}");
    }
    fs::write(at("bad.json"), r#"{"future": "x", "setting": "{}"}"#).unwrap();
    assert!(refused(&format!("run --like {}", at("bad.json"))).contains("write the number of a future"));
}

/// `columns` lists what stands in the tables, and every column of them is in it.
#[test]
fn columns_are_listed_as_the_tables_have_them() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("batch");
    done(&format!("batch --runs 5 --days 90 --out {}", out.display()));
    let all = json("columns --json");
    let listed = |table: &str, quantity: &str| -> Option<&Value> {
        all.as_array().unwrap().iter().find(|row| row["table"] == table && row["quantity"] == quantity)
    };
    let package: Value = serde_json::from_slice(&fs::read(out.join("datapackage.json")).unwrap()).unwrap();
    for resource in package["resources"].as_array().unwrap() {
        for field in resource["schema"]["fields"].as_array().unwrap() {
            let (table, name) = (resource["name"].as_str().unwrap(), field["name"].as_str().unwrap());
            let found = listed(table, name).or_else(|| listed(table, name.split('.').next().unwrap()));
            let found = found.unwrap_or_else(|| panic!("{table}: {name}"));
            assert_eq!(found["description"], field["description"], "{table}: {name}");
            assert_eq!(found["unit"].as_str().unwrap(), field["unit"].as_str().unwrap_or_default(), "{table}: {name}");
        }
    }
    assert_eq!(listed("series", "mean").unwrap()["unit"], "events/day");
    let text = done("columns agreements");
    assert!(text.starts_with("agreements: one row per agreement signed in a batch\n"), "{text}");
    assert!(!text.contains("runs:") && text.contains("lasted"), "{text}");
    assert!(refused("columns future").contains("agreements"));
}
