//! Writes the payloads that Rust programs leave in stable memory, and decodes those of others.
//! See ../payloads/README.md.

mod candid_payloads;
mod cbor;
mod decode;
#[path = "../../files.rs"]
mod files;
mod fixture;
mod json;
mod msgpack;
mod tagged;
mod types;

use std::process::ExitCode;

const USAGE: &str = "usage: payloads write FOLDER\n       payloads decode FORMAT LAYOUT TYPE FILE";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["write", folder] => fixture::write_all(folder),
        ["decode", format, layout, name, path] => decode::run(format, layout, name, path),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
