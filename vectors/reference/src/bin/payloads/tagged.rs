//! Values as JSON, with tags for what JSON lacks.

use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};
use serde::{Serialize, Serializer};
use serde_json::{json, Map, Value};
use std::fmt;

const MAX_SAFE_INTEGER: u128 = (1 << 53) - 1;

pub fn integer(value: i128) -> Value {
    if value.unsigned_abs() <= MAX_SAFE_INTEGER {
        return json!(value as i64);
    }
    bigint(&value.to_string())
}

pub fn bigint(decimal: &str) -> Value {
    json!({ "$bigint": decimal })
}

pub fn unsigned(value: u128) -> Value {
    match i128::try_from(value) {
        Ok(value) => integer(value),
        Err(_) => bigint(&value.to_string()),
    }
}

pub fn float(value: f64) -> Value {
    match value {
        _ if value.is_nan() => json!({ "$float": "NaN" }),
        f64::INFINITY => json!({ "$float": "inf" }),
        f64::NEG_INFINITY => json!({ "$float": "-inf" }),
        _ if value == 0.0 && value.is_sign_negative() => json!({ "$float": "-0" }),
        _ => json!(value),
    }
}

pub fn bytes(value: &[u8]) -> Value {
    json!({ "$bytes": hex::encode(value) })
}

/// An object when every key is text, as an empty map is too; else `$map`.
pub fn map(entries: Vec<(Value, Value)>) -> Value {
    if entries.iter().all(|(key, _)| key.is_string()) {
        let text = |key: Value| key.as_str().unwrap_or_default().to_string();
        return entries.into_iter().map(|(key, value)| (text(key), value)).collect();
    }
    json!({ "$map": entries })
}

pub fn tagged<T: Serialize + ?Sized>(value: &T) -> Result<Value, String> {
    value.serialize(Tagged).map_err(|error| error.0)
}

#[derive(Debug)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl serde::ser::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct Tagged;

/// The parts of a list, and the variant it belongs to.
struct List(Option<&'static str>, Vec<Value>);

/// The fields of a struct, and the variant they belong to.
struct Fields(Option<&'static str>, Map<String, Value>);

#[derive(Default)]
struct Entries {
    key: Option<Value>,
    entries: Vec<(Value, Value)>,
}

fn of_variant(variant: Option<&str>, value: Value) -> Value {
    match variant {
        Some(name) => json!({ name: value }),
        None => value,
    }
}

macro_rules! integers {
    ($make:ident as $wide:ty: $($method:ident $number:ty),+) => {$(
        fn $method(self, value: $number) -> Result<Value, Refused> {
            Ok($make(value as $wide))
        }
    )+};
}

impl Serializer for Tagged {
    type Ok = Value;
    type Error = Refused;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Entries;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    integers!(integer as i128: serialize_i8 i8, serialize_i16 i16, serialize_i32 i32,
        serialize_i64 i64, serialize_i128 i128);
    integers!(unsigned as u128: serialize_u8 u8, serialize_u16 u16, serialize_u32 u32,
        serialize_u64 u64, serialize_u128 u128);

    fn serialize_bool(self, value: bool) -> Result<Value, Refused> {
        Ok(json!(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Value, Refused> {
        Ok(float(value.into()))
    }

    fn serialize_f64(self, value: f64) -> Result<Value, Refused> {
        Ok(float(value))
    }

    fn serialize_char(self, value: char) -> Result<Value, Refused> {
        Ok(json!(value))
    }

    fn serialize_str(self, value: &str) -> Result<Value, Refused> {
        Ok(json!(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Value, Refused> {
        Ok(bytes(value))
    }

    fn serialize_none(self) -> Result<Value, Refused> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Refused> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Refused> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, Refused> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, Refused> {
        Ok(json!(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Value, Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Refused> {
        Ok(of_variant(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<List, Refused> {
        Ok(List(None, Vec::new()))
    }

    fn serialize_tuple(self, _length: usize) -> Result<List, Refused> {
        Ok(List(None, Vec::new()))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<List, Refused> {
        Ok(List(None, Vec::new()))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<List, Refused> {
        Ok(List(Some(variant), Vec::new()))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Entries, Refused> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Fields, Refused> {
        Ok(Fields(None, Map::new()))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Fields, Refused> {
        Ok(Fields(Some(variant), Map::new()))
    }
}

macro_rules! lists {
    ($($trait:ident $method:ident),+) => {$(
        impl $trait for List {
            type Ok = Value;
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
                self.1.push(value.serialize(Tagged)?);
                Ok(())
            }

            fn end(self) -> Result<Value, Refused> {
                Ok(of_variant(self.0, Value::Array(self.1)))
            }
        }
    )+};
}

lists!(SerializeSeq serialize_element, SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

macro_rules! fields {
    ($($trait:ident),+) => {$(
        impl $trait for Fields {
            type Ok = Value;
            type Error = Refused;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Refused> {
                self.1.insert(name.into(), value.serialize(Tagged)?);
                Ok(())
            }

            fn end(self) -> Result<Value, Refused> {
                Ok(of_variant(self.0, Value::Object(self.1)))
            }
        }
    )+};
}

fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Entries {
    type Ok = Value;
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Refused> {
        self.key = Some(key.serialize(Tagged)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        let key = self.key.take().ok_or_else(|| Refused("a value without a key".into()))?;
        self.entries.push((key, value.serialize(Tagged)?));
        Ok(())
    }

    fn end(self) -> Result<Value, Refused> {
        Ok(map(self.entries))
    }
}
