//! JSON by serde_json.

use crate::fixture::{Fixture, Fixtures};
use crate::tagged::bigint;
use crate::types::*;
use serde::de::IgnoredAny;
use serde::Serialize;
use serde_json::Value;

const MAX_SAFE_INTEGER: u128 = (1 << 53) - 1;

const SERDE_JSON: &str = "serde_json 1.0.154";

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    serde_json::to_vec(value).map_err(|error| error.to_string())
}

/// The value as written, with tags for the numbers that JSON readers round.
pub fn untyped(payload: &mut &[u8]) -> Result<Value, String> {
    let bytes = *payload;
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    values.next().ok_or("no value")?.map_err(|error| error.to_string())?;
    let (first, rest) = bytes.split_at(values.byte_offset());
    *payload = rest;
    let text = std::str::from_utf8(first).map_err(|error| error.to_string())?;
    serde_json::from_str(&with_tags(text)).map_err(|error| error.to_string())
}

fn with_tags(text: &str) -> String {
    let mut tagged = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' => rest.find([',', ']', '}']).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tagged.push_str(&tag(token));
        rest = after;
    }
    tagged
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

fn tag(token: &str) -> String {
    let digits = token.trim_end().trim_start_matches('-');
    match digits.parse::<u128>() {
        Ok(number) if number > MAX_SAFE_INTEGER => bigint(token.trim_end()).to_string(),
        _ if token == "-0.0" => r#"{"$float":"-0"}"#.into(),
        _ => token.into(),
    }
}

pub fn add(fixtures: &mut Fixtures) -> Result<(), String> {
    let mut add = |kind: &str, description: &str, payload: Vec<u8>| {
        let name = format!("json-{kind}");
        let fixture = Fixture::new(&name, "json", SERDE_JSON, kind, description);
        fixtures.both(fixture, payload)
    };
    add("state", "the state: bytes are an array, number keys are text", encode(&State::new())?)?;
    add("integers", "integers up to 64 bits, not rounded", encode(&Integers::new())?)?;
    add("wide", "integers of 128 bits", encode(&Wide::new())?)?;
    add("floats", "finite floats", encode(&Floats::finite())?)?;
    add("texts", "text with escapes, bytes as an array", encode(&Texts::new())?)?;
    add("maps", "maps: number keys are text", encode(&Maps::new())?)?;
    add("options", "Option, unit and unit struct: all null", encode(&Options::new())?)?;
    add("enums", "enums, one of them internally tagged", encode(&Enums::new())?)?;
    add("empties", "empty collections", encode(&Empties::new())?)?;
    add("tuples", "tuples and tuple structs", encode(&Tuples::new())?)?;
    // Rust cannot read the nulls back into floats.
    let text = "NaN and the infinities became null";
    let fixture = Fixture::new("json-not-finite", "json", SERDE_JSON, "any", text);
    fixtures.both(fixture, encode(&Floats::new())?)
}
