//! The web page of Détente: `cargo web build` makes it, `cargo web serve` shows it, `cargo web test` proves it.

mod browser;
mod hand;
mod pack;
mod policy;
mod serve;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
The web page of Détente.

  cargo web build             makes web/dist, which any web server can host
  cargo web serve [--port N]  shows it on this machine [default port: 8080]
  cargo web test              drives it in headless Chromium; pictures go to target/web
  cargo web test --hand       plays with it as a hand does, in Chromium and Firefox (needs node)
  cargo web test --hand short the same, with less of it in Firefox

More in docs/web.md.
";

/// The folders of a checkout.
struct Places {
    /// Its root.
    root: PathBuf,
}

impl Places {
    fn here() -> Self {
        // Cargo says where this package is; the place of the build is second best.
        let package =
            std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        Self { root: package.parent().map_or_else(|| ".".into(), PathBuf::from) }
    }

    /// The page.
    fn dist(&self) -> PathBuf {
        self.root.join("web/dist")
    }

    /// Pictures of the test.
    fn pictures(&self) -> PathBuf {
        self.root.join("target/web")
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let places = Places::here();
    let done = match words[..] {
        ["build"] => pack::build(&places),
        ["serve"] => serve::serve(&places, 8080),
        ["serve", "--port", port] => match port.parse() {
            Ok(port) => serve::serve(&places, port),
            Err(_) => Err(format!("`{port}` is not a port; give a number from 1 to 65535.")),
        },
        ["test"] => test::test(&places),
        ["test", "--hand"] => hand::test(&places, "both"),
        ["test", "--hand", "short"] => hand::test(&places, "short"),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("`{}` is not understood.\n\n{HELP}", words.join(" "))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
