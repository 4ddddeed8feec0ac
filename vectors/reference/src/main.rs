//! Runs scripts of operations on the published Rust crate. See README.md.

mod answer;
mod files;
mod many;
mod map;
mod map_v1;
mod memory;
mod others;
mod own;
mod own_json;
mod run;
mod script;
mod serve;
mod stream;
mod streams;
mod structure;
mod types;

use std::process::ExitCode;

const USAGE: &str = "usage: reference run SCRIPT [--from IMAGE] [--limit PAGES] [--out IMAGE] \
[--answers]\n       reference serve";

fn main() -> ExitCode {
    // Panics of the crate are answers; the hook would print them a second time.
    std::panic::set_hook(Box::new(|_| {}));
    let mut words = std::env::args().skip(1);
    let result = match words.next().as_deref() {
        Some("run") => run::Arguments::parse(words).and_then(run::run),
        Some("serve") => serve::serve().map(|()| true),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}
