//! The files, and the list that describes them.

use crate::decode::{self, Format};
use crate::{candid_payloads, cbor, files, json, msgpack};
use serde_json::{json, Value};
use std::path::Path;

const PAGE_SIZE: usize = 65_536;

/// A longer value has a file of its own.
const MAX_VALUE_IN_LIST: usize = 16_384;

#[derive(Clone)]
pub struct Fixture {
    name: String,
    format: &'static str,
    library: &'static str,
    kind: String,
    description: String,
    candid: Option<String>,
}

impl Fixture {
    pub fn new(
        name: &str,
        format: &'static str,
        library: &'static str,
        kind: &str,
        description: &str,
    ) -> Self {
        let (name, kind, description) = (name.into(), kind.into(), description.into());
        Self { name, format, library, kind, description, candid: None }
    }

    pub fn with_candid(mut self, candid: &str) -> Self {
        self.candid = Some(candid.into());
        self
    }

    fn value(&self, payload: &[u8]) -> Result<Value, String> {
        let decoded = match self.format {
            "candid" => candid_payloads::decode(&self.kind, payload),
            "cbor" => decode::untyped(Format::Cbor, payload),
            "msgpack" => decode::untyped(Format::MessagePack, payload),
            _ => decode::untyped(Format::Json, payload),
        };
        decoded.map(|decoded| decoded.value).map_err(|error| format!("{}: {error}", self.name))
    }
}

/// One image of a memory.
pub struct File {
    fixture: Fixture,
    layout: &'static str,
    image: Vec<u8>,
    payload_length: usize,
    value: Value,
}

#[derive(Default)]
pub struct Fixtures(Vec<File>);

impl Fixtures {
    /// The payload alone, and after its length.
    pub fn both(&mut self, fixture: Fixture, payload: Vec<u8>) -> Result<(), String> {
        self.stale(fixture, payload, &[])
    }

    /// The same over what an earlier, longer payload left.
    pub fn stale(&mut self, fixture: Fixture, payload: Vec<u8>, old: &[u8]) -> Result<(), String> {
        let value = fixture.value(&payload)?;
        for (layout, prefix) in [("raw", false), ("length-prefixed", true)] {
            let image = over(laid_out(&payload, prefix), laid_out(old, prefix));
            let (fixture, value) = (fixture.clone(), value.clone());
            let payload_length = payload.len();
            self.0.push(File { fixture, layout, image, payload_length, value });
        }
        Ok(())
    }
}

fn laid_out(payload: &[u8], prefix: bool) -> Vec<u8> {
    match prefix {
        true => [&(payload.len() as u32).to_le_bytes(), payload].concat(),
        false => payload.to_vec(),
    }
}

fn over(mut image: Vec<u8>, mut old: Vec<u8>) -> Vec<u8> {
    if old.len() > image.len() {
        image.extend(old.drain(image.len()..));
    }
    image.resize(image.len().next_multiple_of(PAGE_SIZE), 0);
    image
}

pub fn all() -> Result<Vec<File>, String> {
    let mut fixtures = Fixtures::default();
    cbor::add(&mut fixtures)?;
    msgpack::add(&mut fixtures)?;
    candid_payloads::add(&mut fixtures)?;
    json::add(&mut fixtures)?;
    Ok(fixtures.0)
}

pub fn write_all(folder: &str) -> Result<(), String> {
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let files = all()?;
    let entries: Vec<String> =
        files.iter().map(|file| write(folder, file)).collect::<Result<_, _>>()?;
    let list = format!("[\n{}\n]\n", entries.join(",\n"));
    write_file(folder, "payloads.json", list.as_bytes())
}

/// Returns the line of the list.
fn write(folder: &Path, file: &File) -> Result<String, String> {
    let name = format!("{}.{}.bin.gz", file.fixture.name, file.layout);
    write_file(folder, &name, &file.image)?;
    let mut entry = json!({
        "name": file.fixture.name,
        "file": name,
        "format": file.fixture.format,
        "layout": file.layout,
        "library": file.fixture.library,
        "type": file.fixture.kind,
        "description": file.fixture.description,
        "payload_length": file.payload_length,
    });
    if let Some(candid) = &file.fixture.candid {
        entry["candid"] = json!(candid);
    }
    add_value(folder, file, &mut entry)?;
    Ok(entry.to_string())
}

fn add_value(folder: &Path, file: &File, entry: &mut Value) -> Result<(), String> {
    let text = file.value.to_string();
    if text.len() <= MAX_VALUE_IN_LIST {
        entry["value"] = file.value.clone();
        return Ok(());
    }
    let name = format!("{}.json.gz", file.fixture.name);
    write_file(folder, &name, text.as_bytes())?;
    entry["value_file"] = json!(name);
    Ok(())
}

fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), String> {
    let path = folder.join(name);
    files::write(path.to_str().ok_or("a folder name that is not UTF-8")?, bytes)
}
