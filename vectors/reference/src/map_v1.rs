//! BTreeMap of crate 0.5.6, the last that writes layout version 1.

use crate::answer::{Bytes, Pair, Range};
use crate::map::{decode_range, MapOps, MapStructure};
use crate::memory::Mem;
use crate::structure::Structure;
use ic_stable_structures_v1::storable::Blob;
use ic_stable_structures_v1::{BTreeMap, BoundedStorable, Storable};
use std::borrow::Cow;

/// The old crate has no `Storable` for principals; canisters wrapped them like this.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Principal(ic_principal::Principal);

impl Storable for Principal {
    fn to_bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.0.as_slice())
    }

    fn from_bytes(bytes: Cow<[u8]>) -> Self {
        Self(ic_principal::Principal::from_slice(&bytes))
    }
}

impl BoundedStorable for Principal {
    const MAX_SIZE: u32 = 29;
    const IS_FIXED_SIZE: bool = false;
}

fn decode<T: Storable>(bytes: &[u8]) -> T {
    T::from_bytes(Cow::Borrowed(bytes))
}

fn encode<T: Storable>(value: &T) -> Bytes {
    value.to_bytes().into_owned()
}

fn encode_pair<K: Storable, V: Storable>((key, value): (K, V)) -> Pair {
    (encode(&key), encode(&value))
}

fn in_order<T>(mut items: Vec<T>, rev: bool) -> Vec<T> {
    if rev {
        items.reverse();
    }
    items
}

/// Empty only while `clear` runs, which takes the map by value.
struct Map<K: BoundedStorable + Ord + Clone, V: BoundedStorable>(Option<BTreeMap<K, V, Mem>>);

impl<K: BoundedStorable + Ord + Clone, V: BoundedStorable> Map<K, V> {
    fn map(&self) -> &BTreeMap<K, V, Mem> {
        self.0.as_ref().expect("the map was lost in a failed clear")
    }

    fn map_mut(&mut self) -> &mut BTreeMap<K, V, Mem> {
        self.0.as_mut().expect("the map was lost in a failed clear")
    }

    fn pop(&mut self, entry: Option<(K, V)>) -> Option<Pair> {
        let (key, value) = entry?;
        self.map_mut().remove(&key);
        Some(encode_pair((key, value)))
    }
}

impl<K: BoundedStorable + Ord + Clone, V: BoundedStorable> MapOps for Map<K, V> {
    fn insert(&mut self, key: &[u8], value: &[u8]) -> Option<Bytes> {
        self.map_mut().insert(decode(key), decode(value)).map(|old| encode(&old))
    }

    fn remove(&mut self, key: &[u8]) -> Option<Bytes> {
        self.map_mut().remove(&decode(key)).map(|old| encode(&old))
    }

    fn pop_first(&mut self) -> Option<Pair> {
        let first = self.map().first_key_value();
        self.pop(first)
    }

    fn pop_last(&mut self) -> Option<Pair> {
        let last = self.map().last_key_value();
        self.pop(last)
    }

    fn clear(&mut self) {
        self.0 = self.0.take().map(BTreeMap::clear);
    }

    fn get(&self, key: &[u8]) -> Option<Bytes> {
        self.map().get(&decode(key)).map(|value| encode(&value))
    }

    fn contains(&self, key: &[u8]) -> bool {
        self.map().contains_key(&decode(key))
    }

    fn len(&self) -> u64 {
        self.map().len()
    }

    fn first(&self) -> Option<Pair> {
        self.map().first_key_value().map(encode_pair)
    }

    fn last(&self) -> Option<Pair> {
        self.map().last_key_value().map(encode_pair)
    }

    fn entries(&self, rev: bool) -> Vec<Pair> {
        in_order(self.map().iter().map(encode_pair).collect(), rev)
    }

    fn range(&self, range: Range, rev: bool) -> Vec<Pair> {
        let range = decode_range::<K>(range, decode);
        in_order(self.map().range(range).map(encode_pair).collect(), rev)
    }

    fn keys_range(&self, range: Range, rev: bool) -> Vec<Bytes> {
        self.range(range, rev).into_iter().map(|(key, _)| key).collect()
    }

    fn values_range(&self, range: Range, rev: bool) -> Vec<Bytes> {
        self.range(range, rev).into_iter().map(|(_, value)| value).collect()
    }
}

type Open = fn(Mem) -> Box<dyn MapOps>;

fn open_as<K, V>(memory: Mem) -> Box<dyn MapOps>
where
    K: BoundedStorable + Ord + Clone + 'static,
    V: BoundedStorable + 'static,
{
    Box::new(Map(Some(BTreeMap::<K, V, Mem>::init(memory))))
}

const MAPS: &[(&str, &str, Open)] = &[
    ("u64", "u64", open_as::<u64, u64>),
    ("blob64", "u32", open_as::<Blob<64>, u32>),
    ("principal", "blob64", open_as::<Principal, Blob<64>>),
    ("blob64", "blob64", open_as::<Blob<64>, Blob<64>>),
    ("u32", "u8", open_as::<u32, u8>),
    ("bytes32", "u64", open_as::<[u8; 32], u64>),
];

pub fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    MAPS.iter().map(|row| (row.0, row.1))
}

pub fn open(key: &str, value: &str, memory: Mem) -> Result<Box<dyn Structure>, String> {
    let (_, _, open) = MAPS
        .iter()
        .find(|row| (row.0, row.1) == (key, value))
        .ok_or_else(|| format!("btreemap_v1 has no pair {key}:{value}"))?;
    Ok(Box::new(MapStructure::new(open(memory))))
}
