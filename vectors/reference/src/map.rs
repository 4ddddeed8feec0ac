//! BTreeMap of the current crate, behind a trait that knows bytes only.

use crate::answer::{bytes, range, reversed, unknown, Answer, Bytes, Pair, Range, Reply};
use crate::many::{self, Walk};
use crate::memory::Mem;
use crate::structure::Structure;
use crate::types::{decode, encode, rust_type};
use ic_stable_structures::{BTreeMap, Storable};
use std::ops::Bound;

pub trait MapOps {
    fn insert(&mut self, key: &[u8], value: &[u8]) -> Option<Bytes>;
    fn remove(&mut self, key: &[u8]) -> Option<Bytes>;
    fn pop_first(&mut self) -> Option<Pair>;
    fn pop_last(&mut self) -> Option<Pair>;
    fn clear(&mut self);
    fn get(&self, key: &[u8]) -> Option<Bytes>;
    fn contains(&self, key: &[u8]) -> bool;
    fn len(&self) -> u64;
    fn first(&self) -> Option<Pair>;
    fn last(&self) -> Option<Pair>;
    fn entries(&self, rev: bool) -> Vec<Pair>;
    fn range(&self, range: Range, rev: bool) -> Vec<Pair>;
    fn keys_range(&self, range: Range, rev: bool) -> Vec<Bytes>;
    fn values_range(&self, range: Range, rev: bool) -> Vec<Bytes>;
}

pub struct MapStructure {
    map: Box<dyn MapOps>,
    walk: Option<Walk>,
}

impl MapStructure {
    pub fn new(map: Box<dyn MapOps>) -> Self {
        Self { map, walk: None }
    }
}

impl Structure for MapStructure {
    fn run(&mut self, operation: &str, words: &[&str]) -> Reply {
        let map = &mut self.map;
        if let Some(reply) = many::run(map.as_mut(), &mut self.walk, operation, words) {
            return reply;
        }
        Ok(match (operation, words) {
            ("insert", [key, value]) => Answer::Value(map.insert(&bytes(key)?, &bytes(value)?)),
            ("remove", [key]) => Answer::Value(map.remove(&bytes(key)?)),
            ("pop_first", []) => Answer::Entry(map.pop_first()),
            ("pop_last", []) => Answer::Entry(map.pop_last()),
            ("clear", []) => {
                map.clear();
                Answer::Done
            }
            _ => return read(map.as_ref(), operation, words),
        })
    }

    fn take_walk(&mut self) -> Option<Walk> {
        self.walk.take()
    }

    fn resume_walk(&mut self, mut walk: Walk) {
        walk.resume();
        self.walk = Some(walk);
    }
}

fn read(map: &dyn MapOps, operation: &str, words: &[&str]) -> Reply {
    Ok(match (operation, words) {
        ("get", [key]) => Answer::Value(map.get(&bytes(key)?)),
        ("contains", [key]) => Answer::Truth(map.contains(&bytes(key)?)),
        ("len", []) => Answer::Number(map.len().into()),
        ("first", []) => Answer::Entry(map.first()),
        ("last", []) => Answer::Entry(map.last()),
        ("entries", rest) => Answer::Entries(map.entries(reversed(rest)?)),
        ("range", [low, high, rest @ ..]) => {
            Answer::Entries(map.range(range(low, high)?, reversed(rest)?))
        }
        ("keys_range", [low, high, rest @ ..]) => {
            Answer::Keys(map.keys_range(range(low, high)?, reversed(rest)?))
        }
        ("values_range", [low, high, rest @ ..]) => {
            Answer::Values(map.values_range(range(low, high)?, reversed(rest)?))
        }
        _ => return unknown("btreemap", operation, words),
    })
}

/// `decode` is an argument because the two crates have a `Storable` each.
pub fn decode_range<K>((low, high): Range, decode: fn(&[u8]) -> K) -> (Bound<K>, Bound<K>) {
    (low.map(|bytes| decode(&bytes)), high.map(|bytes| decode(&bytes)))
}

fn encode_pair<K: Storable, V: Storable>((key, value): (K, V)) -> Pair {
    (encode(&key), encode(&value))
}

// `rev` walks the crate's own backward iterator; reversing a forward walk would not test it.
fn collect<T>(items: impl DoubleEndedIterator<Item = T>, rev: bool) -> Vec<T> {
    if rev {
        items.rev().collect()
    } else {
        items.collect()
    }
}

impl<K, V> MapOps for BTreeMap<K, V, Mem>
where
    K: Storable + Ord + Clone,
    V: Storable,
{
    fn insert(&mut self, key: &[u8], value: &[u8]) -> Option<Bytes> {
        self.insert(decode(key), decode(value)).map(|old| encode(&old))
    }

    fn remove(&mut self, key: &[u8]) -> Option<Bytes> {
        self.remove(&decode(key)).map(|old| encode(&old))
    }

    fn pop_first(&mut self) -> Option<Pair> {
        self.pop_first().map(encode_pair)
    }

    fn pop_last(&mut self) -> Option<Pair> {
        self.pop_last().map(encode_pair)
    }

    fn clear(&mut self) {
        self.clear_new();
    }

    fn get(&self, key: &[u8]) -> Option<Bytes> {
        self.get(&decode(key)).map(|value| encode(&value))
    }

    fn contains(&self, key: &[u8]) -> bool {
        self.contains_key(&decode(key))
    }

    fn len(&self) -> u64 {
        self.len()
    }

    fn first(&self) -> Option<Pair> {
        self.first_key_value().map(encode_pair)
    }

    fn last(&self) -> Option<Pair> {
        self.last_key_value().map(encode_pair)
    }

    fn entries(&self, rev: bool) -> Vec<Pair> {
        collect(self.iter().map(|entry| encode_pair(entry.into_pair())), rev)
    }

    fn range(&self, range: Range, rev: bool) -> Vec<Pair> {
        let entries = self.range(decode_range::<K>(range, decode));
        collect(entries.map(|entry| encode_pair(entry.into_pair())), rev)
    }

    fn keys_range(&self, range: Range, rev: bool) -> Vec<Bytes> {
        collect(self.keys_range(decode_range::<K>(range, decode)).map(|key| encode(&key)), rev)
    }

    fn values_range(&self, range: Range, rev: bool) -> Vec<Bytes> {
        collect(
            self.values_range(decode_range::<K>(range, decode)).map(|value| encode(&value)),
            rev,
        )
    }
}

type Open = fn(Mem) -> Box<dyn MapOps>;

fn open_as<K, V>(memory: Mem) -> Box<dyn MapOps>
where
    K: Storable + Ord + Clone + 'static,
    V: Storable + 'static,
{
    Box::new(BTreeMap::<K, V, Mem>::init(memory))
}

macro_rules! maps {
    ($($key:ident: $($value:ident)+;)+) => {
        const MAPS: &[(&str, &str, Open)] = &[$($((
            stringify!($key),
            stringify!($value),
            open_as::<rust_type!($key), rust_type!($value)>,
        ),)+)+];
    };
}

// Five keys meet every value; the others meet one fixed, one unbounded and one empty value,
// and what the golden scripts use.
maps! {
    u64: u8 u16 u32 u64 u128 f32 f64 bool unit blob string principal bytes32 blob4 blob64
        tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4;
    u32: u8 u16 u32 u64 u128 f32 f64 bool unit blob string principal bytes32 blob4 blob64
        tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4;
    string: u8 u16 u32 u64 u128 f32 f64 bool unit blob string principal bytes32 blob4 blob64
        tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4;
    principal: u8 u16 u32 u64 u128 f32 f64 bool unit blob string principal bytes32 blob4 blob64
        tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4;
    blob64: u8 u16 u32 u64 u128 f32 f64 bool unit blob string principal bytes32 blob4 blob64
        tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4;
    u8: u8 u64 blob unit;
    u16: u64 blob unit;
    u128: u64 blob unit bytes32;
    bool: u64 blob unit;
    unit: u64 blob unit;
    blob: u64 blob unit;
    bytes32: u64 blob unit u128;
    blob4: u64 blob unit;
    tuple_u64_u64: u64 blob unit;
    tuple_blob64_u16: u64 blob unit;
    tuple_principal_u64: u64 blob unit;
    tuple_u8_blob4: u64 blob unit;
    u64: option_u64 option_string option_principal reverse_string tuple_u64_u64_u64
        tuple_u8_bool_string tuple_string_u64_blob tuple_bytes32_blob4_principal i32 i128 point
        account user candiduser cboruser;
    boundedvec8: u64 unit;
    option_u64: u64 blob unit;
    option_string: u64 blob unit;
    option_principal: u64 unit;
    reverse_u64: u64 blob unit;
    reverse_string: u64 unit;
    tuple_u64_u64_u64: u64 blob unit;
    tuple_u8_bool_string: u64 unit;
    tuple_string_u64_blob: u64 blob unit;
    tuple_bytes32_blob4_principal: u64 unit;
    i64: u64 blob unit;
    point: u64 unit;
    account: u64 unit;
    eventkey: u64 blob unit;
}

pub fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    MAPS.iter().map(|row| (row.0, row.1))
}

pub fn open(key: &str, value: &str, memory: Mem) -> Result<Box<dyn Structure>, String> {
    let (_, _, open) = MAPS
        .iter()
        .find(|row| (row.0, row.1) == (key, value))
        .ok_or_else(|| format!("btreemap has no pair {key}:{value}"))?;
    Ok(Box::new(MapStructure::new(open(memory))))
}
