//! The `detente` program: on a machine see [`detente::cli`], in a page [`detente::app::web`].

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    detente::cli::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {
    detente::app::web::main();
}
