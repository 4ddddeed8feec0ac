//! The type names of scripts, and what can be done with one value of each.

use ic_principal::Principal;
use ic_stable_structures::storable::{Blob, BoundedVecN};
use ic_stable_structures::Storable;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

/// The Rust type behind a name of the script language.
macro_rules! rust_type {
    (unit) => { () };
    (blob) => { Vec<u8> };
    (string) => { String };
    (principal) => { ic_principal::Principal };
    (bytes32) => { [u8; 32] };
    (blob4) => { ic_stable_structures::storable::Blob<4> };
    (blob64) => { ic_stable_structures::storable::Blob<64> };
    (tuple_u64_u64) => { (u64, u64) };
    (tuple_blob64_u16) => { (ic_stable_structures::storable::Blob<64>, u16) };
    (tuple_principal_u64) => { (ic_principal::Principal, u64) };
    (tuple_u8_blob4) => { (u8, ic_stable_structures::storable::Blob<4>) };
    (boundedvec8) => { ic_stable_structures::storable::BoundedVecN<8> };
    (option_u64) => { Option<u64> };
    (option_string) => { Option<String> };
    (option_principal) => { Option<ic_principal::Principal> };
    (reverse_u64) => { std::cmp::Reverse<u64> };
    (reverse_string) => { std::cmp::Reverse<String> };
    (tuple_u64_u64_u64) => { (u64, u64, u64) };
    (tuple_u8_bool_string) => { (u8, bool, String) };
    (tuple_string_u64_blob) => { (String, u64, Vec<u8>) };
    (tuple_bytes32_blob4_principal) => {
        ([u8; 32], ic_stable_structures::storable::Blob<4>, ic_principal::Principal)
    };
    (i8) => { crate::own::I8 };
    (i16) => { crate::own::I16 };
    (i32) => { crate::own::I32 };
    (i64) => { crate::own::I64 };
    (i128) => { crate::own::I128 };
    (point) => { crate::own::Point };
    (account) => { crate::own::Account };
    (eventkey) => { crate::own::EventKey };
    (user) => { crate::own::User };
    (candiduser) => { crate::own::CandidUser };
    (cboruser) => { crate::own::CborUser };
    (packeduser) => { crate::own::PackedUser };
    ($primitive:ident) => { $primitive };
}
pub(crate) use rust_type;

pub fn decode<T: Storable>(bytes: &[u8]) -> T {
    T::from_bytes(Cow::Borrowed(bytes))
}

pub fn encode<T: Storable>(value: &T) -> Vec<u8> {
    value.to_bytes().into_owned()
}

type Encode = fn(&Value) -> Result<Vec<u8>, String>;
type Recode = fn(&[u8]) -> Vec<u8>;
type Compare = fn(&[u8], &[u8]) -> Ordering;

fn encode_json<T: Storable + FromJson>(value: &Value) -> Result<Vec<u8>, String> {
    T::from_json(value).map(|value| encode(&value))
}

fn recode<T: Storable>(bytes: &[u8]) -> Vec<u8> {
    encode(&decode::<T>(bytes))
}

fn compare<T: Storable + Ord>(a: &[u8], b: &[u8]) -> Ordering {
    decode::<T>(a).cmp(&decode::<T>(b))
}

macro_rules! value_types {
    (ordered: $($ordered:ident)+; unordered: $($unordered:ident)+;) => {
        const TYPES: &[(&str, Encode, Recode, Option<Compare>)] = &[
            $((
                stringify!($ordered),
                encode_json::<rust_type!($ordered)>,
                recode::<rust_type!($ordered)>,
                Some(compare::<rust_type!($ordered)>),
            ),)+
            $((
                stringify!($unordered),
                encode_json::<rust_type!($unordered)>,
                recode::<rust_type!($unordered)>,
                None,
            ),)+
        ];
    };
}

value_types! {
    ordered: u8 u16 u32 u64 u128 bool unit blob string principal bytes32 blob4 blob64
        tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4
        boundedvec8 option_u64 option_string option_principal reverse_u64 reverse_string
        tuple_u64_u64_u64 tuple_u8_bool_string tuple_string_u64_blob tuple_bytes32_blob4_principal
        i8 i16 i32 i64 i128 point account eventkey;
    unordered: f32 f64 user candiduser cboruser packeduser;
}

fn find(name: &str) -> Result<(Encode, Recode, Option<Compare>), String> {
    TYPES
        .iter()
        .find(|row| row.0 == name)
        .map(|row| (row.1, row.2, row.3))
        .ok_or_else(|| format!("unknown type {name}"))
}

pub fn encode_named(name: &str, json: &str) -> Result<Vec<u8>, String> {
    let (encode, ..) = find(name)?;
    let value = serde_json::from_str(json).map_err(|error| format!("not JSON: {error}"))?;
    encode(&value)
}

pub fn recode_named(name: &str, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let (_, recode, _) = find(name)?;
    Ok(recode(bytes))
}

pub fn compare_named(name: &str, a: &[u8], b: &[u8]) -> Result<Ordering, String> {
    let (.., compare) = find(name)?;
    let compare = compare.ok_or_else(|| format!("{name} has no order"))?;
    Ok(compare(a, b))
}

pub trait FromJson: Sized {
    fn from_json(value: &Value) -> Result<Self, String>;
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("expected a JSON string, found {value}"))
}

fn hex_bytes(value: &Value) -> Result<Vec<u8>, String> {
    hex::decode(text(value)?).map_err(|error| format!("not hex: {error}"))
}

macro_rules! from_decimal_string {
    ($($number:ty)+) => {$(
        impl FromJson for $number {
            fn from_json(value: &Value) -> Result<Self, String> {
                let text = text(value)?;
                text.parse().map_err(|error| format!("{text}: {error}"))
            }
        }
    )+};
}

// INVARIANT: Rust parses "NaN", "inf", "-inf" and "-0" as the README writes them.
from_decimal_string!(u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64);

impl FromJson for bool {
    fn from_json(value: &Value) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| format!("expected true or false, found {value}"))
    }
}

impl FromJson for () {
    fn from_json(value: &Value) -> Result<Self, String> {
        value.as_null().ok_or_else(|| format!("expected null, found {value}"))
    }
}

impl FromJson for String {
    fn from_json(value: &Value) -> Result<Self, String> {
        text(value).map(String::from)
    }
}

impl FromJson for Vec<u8> {
    fn from_json(value: &Value) -> Result<Self, String> {
        hex_bytes(value)
    }
}

impl FromJson for [u8; 32] {
    fn from_json(value: &Value) -> Result<Self, String> {
        let bytes = hex_bytes(value)?;
        <[u8; 32]>::try_from(&bytes[..]).map_err(|_| format!("{} bytes, not 32", bytes.len()))
    }
}

impl<const N: usize> FromJson for Blob<N> {
    fn from_json(value: &Value) -> Result<Self, String> {
        let bytes = hex_bytes(value)?;
        Blob::try_from(&bytes[..]).map_err(|_| format!("{} bytes, above {N}", bytes.len()))
    }
}

impl FromJson for Principal {
    fn from_json(value: &Value) -> Result<Self, String> {
        let bytes = hex_bytes(value)?;
        if bytes.len() > Principal::MAX_LENGTH_IN_BYTES {
            return Err(format!("{} bytes, above 29", bytes.len()));
        }
        Ok(Principal::from_slice(&bytes))
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(value: &Value) -> Result<Self, String> {
        match value.as_array().map(Vec::as_slice) {
            Some([a, b]) => Ok((A::from_json(a)?, B::from_json(b)?)),
            _ => Err(format!("expected an array of two, found {value}")),
        }
    }
}

impl<A: FromJson, B: FromJson, C: FromJson> FromJson for (A, B, C) {
    fn from_json(value: &Value) -> Result<Self, String> {
        match value.as_array().map(Vec::as_slice) {
            Some([a, b, c]) => Ok((A::from_json(a)?, B::from_json(b)?, C::from_json(c)?)),
            _ => Err(format!("expected an array of three, found {value}")),
        }
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Result<Self, String> {
        (!value.is_null()).then(|| T::from_json(value)).transpose()
    }
}

impl<T: FromJson> FromJson for Reverse<T> {
    fn from_json(value: &Value) -> Result<Self, String> {
        T::from_json(value).map(Reverse)
    }
}

// Its `from` would pad the bytes; stored ones are of any length.
impl<const N: usize> FromJson for BoundedVecN<N> {
    fn from_json(value: &Value) -> Result<Self, String> {
        hex_bytes(value).map(|bytes| Self::from_bytes(Cow::Owned(bytes)))
    }
}
