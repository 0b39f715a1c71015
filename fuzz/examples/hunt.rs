//! `cargo dev fuzz`: gives readers changed inputs for as long as it is told, and keeps what breaks a promise.

use detente_fuzz::hunt::{Finding, hunt};
use detente_fuzz::readers::{READERS, Reader, root};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const USAGE: &str =
    "cargo dev fuzz [READER…] [--seconds N] [--seed N]: N seconds for each reader (10 unless said otherwise)";

struct Wanted {
    readers: Vec<&'static Reader>,
    seconds: u64,
    seed: u64,
}

fn wanted(args: impl Iterator<Item = String>) -> Result<Wanted, String> {
    // The clock chooses the seed, which is said, and finds the same again.
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut wanted = Wanted { readers: Vec::new(), seconds: 10, seed };
    let mut args = args;
    while let Some(arg) = args.next() {
        let mut number = || {
            let value = args.next().unwrap_or_default();
            value.parse().map_err(|_| format!("{arg} takes a whole number, not `{value}`.\n{USAGE}"))
        };
        match arg.as_str() {
            "--seconds" => wanted.seconds = number()?,
            "--seed" => wanted.seed = number()?,
            name => wanted.readers.push(Reader::of(name).ok_or_else(|| {
                let names: Vec<&str> = READERS.iter().map(|reader| reader.name).collect();
                format!("There is no reader `{name}`; there are: {}.\n{USAGE}", names.join(", "))
            })?),
        }
    }
    if wanted.readers.is_empty() {
        wanted.readers = READERS.iter().collect();
    }
    Ok(wanted)
}

/// Keeps a finding where it can be looked at, and says so.
fn told(reader: &Reader, seed: u64, Finding { input, why }: &Finding) -> String {
    let folder = root().join("fuzz/found");
    let path = folder.join(format!("{}-{seed}", reader.name));
    let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, input));
    let place = match kept {
        Ok(()) => {
            format!("kept in fuzz/found/{}-{seed}; once mended, its place is fuzz/corpus/{}", reader.name, reader.name)
        }
        Err(error) => format!("not kept: {error}"),
    };
    format!("{why}\n{}\n({place})", input.escape_ascii())
}

fn main() -> ExitCode {
    let Wanted { readers, seconds, seed } = match wanted(std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    // A panic is a finding, and said as one.
    std::panic::set_hook(Box::new(|_| {}));
    let mut failed = false;
    for reader in readers {
        let begun = Instant::now();
        match hunt(reader, seed, |_| begun.elapsed() >= Duration::from_secs(seconds)) {
            Ok(tried) => println!("{:10} seed {seed}: {tried} inputs, nothing found", reader.name),
            Err(finding) => {
                println!("{:10} seed {seed}: {}", reader.name, told(reader, seed, &finding));
                failed = true;
            }
        }
    }
    ExitCode::from(u8::from(failed))
}
