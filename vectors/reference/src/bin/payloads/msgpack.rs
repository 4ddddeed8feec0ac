//! MessagePack by rmp-serde.

use crate::fixture::{Fixture, Fixtures};
use crate::tagged::{bytes, float, integer, map};
use crate::types::*;
use rmpv::Value as Pack;
use serde::Serialize;
use serde_json::{json, Value};

const RMP_SERDE: &str = "rmp-serde 1.3.1";

fn array<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    rmp_serde::to_vec(value).map_err(|error| error.to_string())
}

pub fn named<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    rmp_serde::to_vec_named(value).map_err(|error| error.to_string())
}

/// What a decoder sees that knows no types.
pub fn untyped(payload: &mut &[u8]) -> Result<Value, String> {
    let value = rmpv::decode::read_value(payload).map_err(|error| error.to_string())?;
    tagged(&value)
}

fn tagged(value: &Pack) -> Result<Value, String> {
    Ok(match value {
        Pack::Nil => Value::Null,
        Pack::Boolean(truth) => json!(truth),
        Pack::Integer(number) => match number.as_i64() {
            Some(number) => integer(number.into()),
            None => integer(number.as_u64().unwrap_or_default().into()),
        },
        Pack::F32(number) => float((*number).into()),
        Pack::F64(number) => float(*number),
        Pack::String(text) => json!(text.as_str().ok_or("text that is not UTF-8")?),
        Pack::Binary(content) => bytes(content),
        Pack::Array(items) => items.iter().map(tagged).collect::<Result<_, _>>()?,
        Pack::Map(entries) => map(entries.iter().map(pair).collect::<Result<_, _>>()?),
        Pack::Ext(kind, content) => json!({ "$ext": [kind, hex::encode(content)] }),
    })
}

fn pair((key, value): &(Pack, Pack)) -> Result<(Value, Value), String> {
    Ok((tagged(key)?, tagged(value)?))
}

pub fn add(fixtures: &mut Fixtures) -> Result<(), String> {
    add_values(fixtures)?;
    add_kind(fixtures, "enums", "enums, one of them internally tagged", &Enums::new())?;
    add_kind(fixtures, "options", "Option, unit and unit struct", &Options::new())?;
    add_kind(fixtures, "tuples", "tuples and tuple structs", &Tuples::new())?;
    add_kind(fixtures, "flattened", "serde flatten: always a map", &Flattened::new())?;
    add_kind(fixtures, "extensions", "extension types, timestamps too", &Extensions::new())?;
    add_stale(fixtures)
}

fn add_values(fixtures: &mut Fixtures) -> Result<(), String> {
    add_kind(fixtures, "state", "the state, with every kind of field", &State::new())?;
    add_kind(fixtures, "integers", "integers at every change of length", &Integers::new())?;
    add_kind(fixtures, "wide", "128 bits: always 16 bytes, big-endian", &Wide::new())?;
    add_kind(fixtures, "floats", "floats as single or double, as declared", &Floats::new())?;
    add_kind(fixtures, "texts", "text, bytes, and bytes as an array", &Texts::new())?;
    add_kind(fixtures, "maps", "maps, nested and with number keys", &Maps::new())?;
    add_kind(fixtures, "keys", "maps with keys that are no text and no number", &Keys::new())?;
    add_kind(fixtures, "empties", "empty collections", &Empties::new())
}

fn add_kind<T: Serialize>(
    fixtures: &mut Fixtures,
    kind: &str,
    description: &str,
    value: &T,
) -> Result<(), String> {
    let mut add = |form: &str, how: &str, payload: Vec<u8>| {
        let name = format!("msgpack-{form}-{kind}");
        let text = format!("{description}; {how}");
        fixtures.both(Fixture::new(&name, "msgpack", RMP_SERDE, kind, &text), payload)
    };
    add("array", "to_vec: structs are arrays", array(value)?)?;
    add("named", "to_vec_named: structs are maps", named(value)?)
}

fn add_stale(fixtures: &mut Fixtures) -> Result<(), String> {
    let large = named(&State::large())?;
    let small = named(&State::small())?;
    let text = "a short state written over a large one; to_vec_named";
    let fixture = Fixture::new("msgpack-stale", "msgpack", RMP_SERDE, "state", text);
    fixtures.stale(fixture, small, &large)?;
    let text = "texts, bytes, arrays and maps at every change of length; to_vec_named";
    let fixture = Fixture::new("msgpack-lengths", "msgpack", RMP_SERDE, "lengths", text);
    fixtures.both(fixture, named(&Lengths::new())?)
}
