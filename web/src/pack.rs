//! Makes the page: compiles, binds, packs, checks the size.

use super::{Places, policy};
use flate2::{Compression, Crc, GzBuilder};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
/// Most that a visitor may have to download, bytes.
const MOST: u64 = 12_000_000;

pub fn build(places: &Places) -> Result<(), String> {
    same_bindgen(places)?;
    has_target()?;
    let started = Instant::now();
    let wasm = compile(places)?;
    let compiled = started.elapsed();

    let dist = places.dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(|cause| format!("{} cannot be emptied ({cause}).", dist.display()))?;
    }
    fs::create_dir_all(&dist).map_err(|cause| format!("{} cannot be made ({cause}).", dist.display()))?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&wasm)
        .out_name("detente")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(&dist))
        .map_err(|why| format!("wasm-bindgen failed: {why:#}"))?;
    shrink(&dist.join("detente_bg.wasm"));

    let code = read(&dist.join("detente_bg.wasm"))?;
    let script = read(&dist.join("detente.js"))?;
    let packed = [pack(&dist.join("detente_bg.wasm"), &code)?, pack(&dist.join("detente.js"), &script)?];
    let text = |name: &str| {
        let template = places.root.join("web").join(name);
        fs::read_to_string(&template).map_err(|cause| format!("{} cannot be read ({cause}).", template.display()))
    };
    let (page, hands) = (text("index.html")?, text("hands.js")?);
    let mut version = Crc::new();
    for part in [&code[..], &script[..], hands.as_bytes()] {
        version.update(part);
    }
    let version = format!("{:08x}", version.sum());
    write(&dist.join("hands.js"), hands.replace("{{version}}", &version).as_bytes())?;
    let page = page
        .replace("{{version}}", &version)
        .replace("{{packed}}", &packed[0].to_string())
        .replace("{{raw}}", &code.len().to_string());
    let page = policy::written_in(&page);
    write(&dist.join("index.html"), page.as_bytes())?;
    let download = packed.iter().sum::<u64>() + pack(&dist.join("index.html"), page.as_bytes())?;

    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "web/dist: {:.1} MB to download ({:.1} MB unpacked); compiled in {:.0} s, packed in {:.0} s.",
        mb(download),
        mb((code.len() + script.len() + page.len()) as u64),
        compiled.as_secs_f64(),
        (started.elapsed() - compiled).as_secs_f64()
    );
    if download > MOST {
        return Err(format!(
            "The page takes {:.1} MB to download, more than the {:.1} MB it may; see what grew, or put wasm-opt on the PATH.",
            mb(download),
            mb(MOST)
        ));
    }
    Ok(())
}

/// The version of a package in a lock file.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let at = lock.find(&format!("name = \"{package}\"\n"))?;
    lock[at..].lines().nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// The glue and the code it binds must be of one version.
fn same_bindgen(places: &Places) -> Result<(), String> {
    let lock = places.root.join("Cargo.lock");
    let text = fs::read_to_string(&lock).map_err(|cause| format!("{} cannot be read ({cause}).", lock.display()))?;
    let wanted =
        locked(&text, "wasm-bindgen").ok_or("Cargo.lock names no wasm-bindgen; run `cargo update -p wasm-bindgen`.")?;
    let here = locked(include_str!("../Cargo.lock"), "wasm-bindgen-cli-support").unwrap_or("none");
    if wanted == here {
        return Ok(());
    }
    Err(format!(
        "The program is locked to wasm-bindgen {wanted}, and this tool to {here}; write \
         `wasm-bindgen-cli-support = \"={wanted}\"` in web/Cargo.toml."
    ))
}

/// Whether the compiler can make code for pages.
fn has_target() -> Result<(), String> {
    // Cargo is told to compile the standard library, too.
    if std::env::var_os("CARGO_UNSTABLE_BUILD_STD").is_some() {
        return Ok(());
    }
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(&rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    let asked = asked.map_err(|cause| format!("{} cannot be run ({cause}).", rustc.display()))?;
    let folder = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
    if asked.status.success() && folder.is_dir() {
        return Ok(());
    }
    Err(format!("This Rust has no standard library for pages; add it with `rustup target add {TARGET}`."))
}

/// Compiles the program for pages; the path of what came out.
fn compile(places: &Places) -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| places.root.join("target"), PathBuf::from);
    let status = Command::new(cargo)
        .current_dir(&places.root)
        .args([
            "build",
            "--locked",
            "--profile",
            "web",
            "--target",
            TARGET,
            "--package",
            "detente",
            "--bin",
            "detente",
            "--target-dir",
        ])
        .arg(&target)
        // These speak of the tool's own build.
        .env_remove("CARGO_MANIFEST_DIR")
        .status()
        .map_err(|cause| format!("cargo cannot be run ({cause})."))?;
    if !status.success() {
        return Err("The program does not compile for pages; see above.".to_owned());
    }
    Ok(target.join(TARGET).join("web").join("detente.wasm"))
}

/// Lets wasm-opt make it smaller, where there is one.
fn shrink(wasm: &Path) {
    let small = wasm.with_extension("small");
    let status = Command::new("wasm-opt")
        .args([
            "-Os",
            "--strip-debug",
            "--enable-bulk-memory",
            "--enable-nontrapping-float-to-int",
            "--enable-sign-ext",
        ])
        .args(["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue", "-o"])
        .args([&small, wasm])
        .status();
    let done = status.is_ok_and(|status| status.success()) && fs::rename(&small, wasm).is_ok();
    println!("{}", if done { "wasm-opt made it smaller." } else { "No wasm-opt here: the page is a little larger." });
}

/// Writes the packed copy beside a file; its length.
fn pack(path: &Path, bytes: &[u8]) -> Result<u64, String> {
    let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let packed = packer.write_all(bytes).and_then(|()| packer.finish());
    let packed = packed.map_err(|cause| format!("{} cannot be packed ({cause}).", path.display()))?;
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    write(Path::new(&name), &packed)?;
    Ok(packed.len() as u64)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|cause| format!("{} cannot be read ({cause}).", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|cause| format!("{} cannot be written ({cause}).", path.display()))
}
