//! CBOR by ciborium, and by serde_cbor, which older canisters used.

use crate::fixture::{Fixture, Fixtures};
use crate::tagged::{bytes, float, integer, map, unsigned};
use crate::types::*;
use ciborium::Value as Cbor;
use serde::Serialize;
use serde_json::{json, Value};

const CIBORIUM: &str = "ciborium 0.2.2";
const SERDE_CBOR: &str = "serde_cbor 0.11.2";

pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    let mut payload = Vec::new();
    ciborium::into_writer(value, &mut payload).map_err(|error| error.to_string())?;
    Ok(payload)
}

fn encode_old<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    serde_cbor::to_vec(value).map_err(|error| error.to_string())
}

/// What a decoder sees that knows no types.
pub fn untyped(payload: &mut &[u8]) -> Result<Value, String> {
    let value: Cbor = ciborium::from_reader(payload).map_err(|error| error.to_string())?;
    tagged(&value)
}

const TAG_POSITIVE: u64 = 2;
const TAG_NEGATIVE: u64 = 3;
const TAG_SELF_DESCRIBED: u64 = 55_799;

fn tagged(value: &Cbor) -> Result<Value, String> {
    Ok(match value {
        Cbor::Integer(number) => integer((*number).into()),
        Cbor::Bytes(content) => bytes(content),
        Cbor::Float(number) => float(*number),
        Cbor::Text(text) => json!(text),
        Cbor::Bool(truth) => json!(truth),
        Cbor::Null => Value::Null,
        Cbor::Array(items) => items.iter().map(tagged).collect::<Result<_, _>>()?,
        Cbor::Map(entries) => map(entries.iter().map(pair).collect::<Result<_, _>>()?),
        Cbor::Tag(TAG_SELF_DESCRIBED, content) => tagged(content)?,
        Cbor::Tag(tag @ (TAG_POSITIVE | TAG_NEGATIVE), content) => big(*tag, content)?,
        other => return Err(format!("no notation for {other:?}")),
    })
}

fn pair((key, value): &(Cbor, Cbor)) -> Result<(Value, Value), String> {
    Ok((tagged(key)?, tagged(value)?))
}

fn big(tag: u64, content: &Cbor) -> Result<Value, String> {
    let digits = content.as_bytes().ok_or("a big number without bytes")?;
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let magnitude = digits[zeros..].iter().try_fold(0_u128, |number, digit| {
        number.checked_mul(256).map(|number| number + u128::from(*digit))
    });
    let magnitude = magnitude.ok_or("a number above 128 bits")?;
    match tag {
        TAG_POSITIVE => Ok(unsigned(magnitude)),
        _ => i128::try_from(magnitude)
            .map(|number| integer(-1 - number))
            .map_err(|_| "a number below the least of 128 bits".to_string()),
    }
}

pub fn add(fixtures: &mut Fixtures) -> Result<(), String> {
    add_ciborium(fixtures)?;
    add_stale(fixtures)?;
    add_serde_cbor(fixtures)?;
    add_variants(fixtures)
}

fn add_ciborium(fixtures: &mut Fixtures) -> Result<(), String> {
    let mut add = |kind: &str, description: &str, payload: Vec<u8>| {
        let fixture = Fixture::new(&format!("cbor-{kind}"), "cbor", CIBORIUM, kind, description);
        fixtures.both(fixture, payload)
    };
    add("state", "the state, with every kind of field", encode(&State::new())?)?;
    add("integers", "integers at every change of length", encode(&Integers::new())?)?;
    add(
        "wide",
        "128 bits: plain integers up to 64 bits, big numbers above",
        encode(&Wide::new())?,
    )?;
    add("floats", "floats as half, single or double, the shortest exact", encode(&Floats::new())?)?;
    add("texts", "text, bytes, and bytes as an array", encode(&Texts::new())?)?;
    add("maps", "maps, nested and with number keys", encode(&Maps::new())?)?;
    add("keys", "maps with keys that are no text and no number", encode(&Keys::new())?)?;
    add("options", "Option, unit and unit struct: all null", encode(&Options::new())?)?;
    add("enums", "enums, one of them internally tagged", encode(&Enums::new())?)?;
    add("empties", "empty collections", encode(&Empties::new())?)?;
    add("tuples", "tuples and tuple structs", encode(&Tuples::new())?)?;
    add("point", "a tuple struct at the top", encode(&Point(7, TEXT.into(), Some(false)))?)?;
    add("flattened", "serde flatten: a map of indefinite length", encode(&Flattened::new())?)
}

fn add_stale(fixtures: &mut Fixtures) -> Result<(), String> {
    let large = encode(&State::large())?;
    let small = encode(&State::small())?;
    let over = "a short state written over the large one";
    let fixture = |name, kind, text| Fixture::new(name, "cbor", CIBORIUM, kind, text);
    fixtures.stale(fixture("cbor-stale", "state", over), small, &large)?;
    fixtures.both(fixture("cbor-large", "state", "a state of 100 KB"), large)?;
    let lengths = "texts, bytes, arrays and maps at every change of length";
    fixtures.both(fixture("cbor-lengths", "lengths", lengths), encode(&Lengths::new())?)
}

fn add_serde_cbor(fixtures: &mut Fixtures) -> Result<(), String> {
    let mut add = |kind: &str, description: &str, payload: Vec<u8>| {
        let name = format!("serde-cbor-{kind}");
        fixtures.both(Fixture::new(&name, "cbor", SERDE_CBOR, kind, description), payload)
    };
    // serde_cbor refuses integers above 64 bits.
    let state = State { supply: u64::MAX.into(), ..State::new() };
    add("state", "the state, with a supply of 64 bits", encode_old(&state)?)?;
    add("integers", "integers at every change of length", encode_old(&Integers::new())?)?;
    add("floats", "floats as half, single or double", encode_old(&Floats::new())?)?;
    add("texts", "text, bytes, and bytes as an array", encode_old(&Texts::new())?)?;
    add("maps", "maps, nested and with number keys", encode_old(&Maps::new())?)?;
    add("keys", "maps with keys that are no text and no number", encode_old(&Keys::new())?)?;
    add("options", "Option, unit and unit struct: all null", encode_old(&Options::new())?)?;
    add("enums", "enums, one of them internally tagged", encode_old(&Enums::new())?)?;
    add("empties", "empty collections", encode_old(&Empties::new())?)?;
    add("tuples", "tuples and tuple structs", encode_old(&Tuples::new())?)?;
    add("flattened", "serde flatten: a map of indefinite length", encode_old(&Flattened::new())?)
}

fn add_variants(fixtures: &mut Fixtures) -> Result<(), String> {
    let state = State { supply: u64::MAX.into(), ..State::new() };
    let packed = serde_cbor::ser::to_vec_packed(&state).map_err(|error| error.to_string())?;
    let text = "to_vec_packed: fields and variants are numbers";
    fixtures.both(Fixture::new("serde-cbor-packed", "cbor", SERDE_CBOR, "state", text), packed)?;
    let text = "after the tag 55799 of self-described CBOR";
    let fixture = Fixture::new("serde-cbor-self-described", "cbor", SERDE_CBOR, "state", text);
    fixtures.both(fixture, self_described(&state)?)?;
    let text = "legacy_enums: a variant is an array that begins with its name";
    let fixture = Fixture::new("serde-cbor-legacy-enums", "cbor", SERDE_CBOR, "modes", text);
    fixtures.both(fixture, legacy_enums(&modes())?)
}

fn self_described<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    let mut serializer = serde_cbor::Serializer::new(Vec::new());
    serializer.self_describe().map_err(|error| error.to_string())?;
    value.serialize(&mut serializer).map_err(|error| error.to_string())?;
    Ok(serializer.into_inner())
}

fn legacy_enums<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    let mut serializer = serde_cbor::Serializer::new(Vec::new()).legacy_enums();
    value.serialize(&mut serializer).map_err(|error| error.to_string())?;
    Ok(serializer.into_inner())
}
