//! Reading and writing files; the ending `.gz` means gzip.

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use flate2::Compression;
use std::fs::File;
use std::io::{self, Read, Write};

pub fn read(path: &str) -> Result<Vec<u8>, String> {
    read_any(path).map_err(|error| format!("{path}: {error}"))
}

fn read_any(path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    if path.ends_with(".gz") {
        MultiGzDecoder::new(io::BufReader::new(file)).read_to_end(&mut bytes)?;
    } else {
        io::BufReader::new(file).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

pub fn write(path: &str, bytes: &[u8]) -> Result<(), String> {
    write_any(path, bytes).map_err(|error| format!("{path}: {error}"))
}

fn write_any(path: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    if path.ends_with(".gz") {
        let mut encoder = GzEncoder::new(file, Compression::default());
        encoder.write_all(bytes)?;
        encoder.finish()?;
        return Ok(());
    }
    file.write_all(bytes)
}
