//! `detente class`: a room for many hands.

use super::args::{Class as Args, DEFAULT_SCENARIO};
use super::failure::Failure;
use super::output::{self, CAVEAT, HEAD, styled};
use super::replay;
use crate::class::limits::Limits;
use crate::class::tls::Files;
use crate::class::world::Authors;
use crate::class::{Opened, Options, pages, seats, secret, serve};
use crate::scenario::{self, read_whole};
use crate::session::Sitting;
use crate::session::file::{EXTENSION, MOST_BYTES};
use crate::sim::world::Fate;
use std::path::Path;

pub(super) fn class(args: Args) -> Result<(), Failure> {
    let Args { what, seats: file, lan, port, names, proxy, tls_certificate, tls_key, data, json } = args;
    let tls = tls_certificate.zip(tls_key).map(|(certificate, key)| Files { certificate, key });
    let seats = file.map(|file| own_seats(&file)).transpose()?;
    // Looked at before a folder is made: a name with a slip in it leaves nothing behind.
    let session = what.as_deref().filter(|what| is_session(what));
    let start: Box<dyn FnOnce(u64) -> Result<Sitting, String>>;
    let (scenario, digest);
    let mut authors = Authors::default();
    if let Some(path) = session {
        let saved = replay::read(Path::new(path))?;
        // The window writes what it knows, and that is not whose an order was: of its files there are none.
        let text = read_whole(Path::new(path), MOST_BYTES as u64).unwrap_or_default();
        authors = Authors::of_session(&String::from_utf8_lossy(&text)).map_err(Failure::refused)?;
        (scenario, digest) = (Some(saved.scenario.name.clone()), secret::digest(&saved.to_text()));
        start = Box::new(move |_| saved.open());
    } else {
        let loaded = scenario::load(what.as_deref().unwrap_or(DEFAULT_SCENARIO))?;
        (scenario, digest) = (what.is_some().then(|| loaded.name.clone()), loaded.hash.clone());
        start = Box::new(move |seed| Ok(Sitting::of(loaded, Fate { seed, future: 0, prior: false })));
    }
    let tell = Box::new(output::complain);
    let options = Options {
        start,
        authors,
        scenario,
        digest,
        seats,
        lan,
        port,
        names,
        proxy,
        tls,
        limits: Limits::default(),
        data: data.clone(),
        tell,
    };
    serve(options, |opened| {
        let said = if json { line(opened) } else { output::text(&words(opened, lan, &data)) };
        // Where nobody reads what the room is called, it is open all the same.
        drop(said);
    })
    .map_err(Failure::Refused)
}

/// One line, so that a program that reads line by line has all of it.
fn line(opened: &Opened) -> Result<(), Failure> {
    let text = serde_json::to_string(opened).unwrap_or_default();
    output::plain(format!("{text}\n").as_bytes())
}

fn is_session(what: &str) -> bool {
    Path::new(what).extension().is_some_and(|ending| ending.eq_ignore_ascii_case(EXTENSION))
}

/// Seats from a file, or those that ship under a name.
fn own_seats(file: &Path) -> Result<String, Failure> {
    if file.as_os_str() == seats::SIX_NAME {
        return Ok(seats::SIX.to_owned());
    }
    let no = |why: String| {
        Failure::refused(format!(
            "cannot read the seats {}: {why}; --seats takes a TOML file of them, or `{}` for those of a small class",
            file.display(),
            seats::SIX_NAME
        ))
    };
    let bytes = read_whole(file, seats::MOST_BYTES as u64).map_err(|error| no(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| no("it is no text".to_owned()))
}

fn words(opened: &Opened, lan: bool, data: &Path) -> String {
    let Opened { address, code, facilitator_key, resumed, turn, alone } = opened;
    let head = if *resumed { format!("The room goes on, turn {turn}") } else { "The room is open".to_owned() };
    let reach = if *alone {
        "No network was found on which others reach this machine: the address above is for its own browsers alone. Join a network or \
         open a hotspot and start again, or say with --name by which address or name the others reach it."
    } else if lan && address.starts_with("https:") {
        "Every machine of this network reaches it; what goes over the network is sealed with the room's certificate."
    } else if lan {
        "Every machine of this network reaches it, and what goes over the network can be read there: use a network you trust."
    } else {
        "Only browsers of this machine reach it; --lan lets others in."
    };
    format!(
        "{}\n\n  people go to   {address}\n  code           {code}\n  facilitator    {address}/host\n  key            {facilitator_key}\n  \
         wall           {address}/wall\n  network test   {address}/check\n\n{}\n{reach}\nIt is kept in {}. Ctrl-C stops it; the same \
         command goes on with it.\n\n{CAVEAT}\n",
        styled(HEAD, head),
        pages::picture(address),
        data.display(),
    )
}
