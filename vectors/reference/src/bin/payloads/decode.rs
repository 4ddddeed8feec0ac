//! Decodes a payload into a Rust type.

use crate::types::*;
use crate::{candid_payloads, cbor, files, json, msgpack, tagged};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::Value;

pub struct Decoded {
    pub value: Value,
    /// Whether bytes follow the value.
    pub followed: bool,
}

/// Prints the value of the file as one line of JSON.
pub fn run(format: &str, layout: &str, name: &str, path: &str) -> Result<(), String> {
    let file = files::read(path)?;
    println!("{}", decode(format, layout, name, &file)?);
    Ok(())
}

pub fn decode(format: &str, layout: &str, name: &str, file: &[u8]) -> Result<Value, String> {
    match layout {
        "raw" => Ok(decode_payload(format, name, file)?.value),
        "length-prefixed" => {
            let decoded = decode_payload(format, name, prefixed(file)?)?;
            match decoded.followed {
                true => Err("the length is above that of the value".into()),
                false => Ok(decoded.value),
            }
        }
        _ => Err(format!("unknown layout {layout}")),
    }
}

fn prefixed(file: &[u8]) -> Result<&[u8], String> {
    let (length, rest) = file.split_first_chunk().ok_or("no length")?;
    let length = u32::from_le_bytes(*length) as usize;
    rest.get(..length).ok_or_else(|| format!("{} bytes, not {length}", rest.len()))
}

fn decode_payload(format: &str, name: &str, payload: &[u8]) -> Result<Decoded, String> {
    let format = match format {
        "candid" => return candid_payloads::decode(name, payload),
        "cbor" => Format::Cbor,
        "serde-cbor" => Format::SerdeCbor,
        "msgpack" => Format::MessagePack,
        "json" => Format::Json,
        _ => return Err(format!("unknown format {format}")),
    };
    match name {
        "any" => untyped(format, payload),
        _ => find(name)?(format, payload),
    }
}

/// What a decoder sees that knows no types.
pub fn untyped(format: Format, mut payload: &[u8]) -> Result<Decoded, String> {
    let value = match format {
        Format::Cbor | Format::SerdeCbor => cbor::untyped(&mut payload),
        Format::MessagePack => msgpack::untyped(&mut payload),
        Format::Json => json::untyped(&mut payload),
    }?;
    Ok(Decoded { value, followed: !payload.is_empty() })
}

#[derive(Clone, Copy)]
pub enum Format {
    Cbor,
    SerdeCbor,
    MessagePack,
    Json,
}

type Decode = fn(Format, &[u8]) -> Result<Decoded, String>;

macro_rules! table {
    ($($name:literal $type:ty),+ $(,)?) => {
        const TYPES: &[(&str, Decode)] = &[$(($name, typed::<$type>)),+];
    };
}

table! {
    "state" State,
    "modes" Vec<Mode>,
    "integers" Integers,
    "wide" Wide,
    "floats" Floats,
    "texts" Texts,
    "maps" Maps,
    "keys" Keys,
    "options" Options,
    "enums" Enums,
    "empties" Empties,
    "tuples" Tuples,
    "point" Point,
    "flattened" Flattened,
    "lengths" Lengths,
    "extensions" Extensions,
}

fn find(name: &str) -> Result<Decode, String> {
    let row = TYPES.iter().find(|row| row.0 == name);
    row.map(|row| row.1).ok_or_else(|| format!("unknown type {name}"))
}

fn typed<T: Serialize + DeserializeOwned>(
    format: Format,
    payload: &[u8],
) -> Result<Decoded, String> {
    let mut rest = payload;
    let value: T = match format {
        Format::Cbor => ciborium::from_reader(&mut rest).map_err(|error| error.to_string())?,
        Format::SerdeCbor => from_serde_cbor(&mut rest)?,
        Format::MessagePack => {
            rmp_serde::from_read(&mut rest).map_err(|error| error.to_string())?
        }
        Format::Json => from_json(&mut rest)?,
    };
    Ok(Decoded { value: tagged::tagged(&value)?, followed: !rest.is_empty() })
}

fn from_serde_cbor<T: DeserializeOwned>(payload: &mut &[u8]) -> Result<T, String> {
    let mut decoder = serde_cbor::Deserializer::from_slice(payload);
    let value = T::deserialize(&mut decoder).map_err(|error| error.to_string())?;
    *payload = &payload[decoder.byte_offset()..];
    Ok(value)
}

fn from_json<T: DeserializeOwned>(payload: &mut &[u8]) -> Result<T, String> {
    let mut values = serde_json::Deserializer::from_slice(payload).into_iter();
    let value = values.next().ok_or("no value")?.map_err(|error| error.to_string())?;
    *payload = &payload[values.byte_offset()..];
    Ok(value)
}
