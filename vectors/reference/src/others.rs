//! Every kind that is not a map.

use crate::answer::{buffer, bytes, number, range, reversed, unknown, Answer, Reply};
use crate::map::decode_range;
use crate::memory::Mem;
use crate::structure::Structure;
use crate::types::{decode, encode, rust_type};
use ic_stable_structures::writer::Writer;
use ic_stable_structures::{BTreeSet, Cell, Log, Memory, MinHeap, Storable, Vec as StableVec};
use std::any::Any;

fn encode_all<T: Storable>(items: impl Iterator<Item = T>) -> Vec<Vec<u8>> {
    items.map(|item| encode(&item)).collect()
}

fn value<T: Storable>(item: Option<T>) -> Answer {
    Answer::Value(item.map(|item| encode(&item)))
}

impl<K: Storable + Ord + Clone + 'static> Structure for BTreeSet<K, Mem> {
    fn run(&mut self, operation: &str, words: &[&str]) -> Reply {
        Ok(match (operation, words) {
            ("insert", [key]) => Answer::Truth(self.insert(decode(&bytes(key)?))),
            ("remove", [key]) => Answer::Truth(self.remove(&decode(&bytes(key)?))),
            ("pop_first", []) => value(self.pop_first()),
            ("pop_last", []) => value(self.pop_last()),
            ("clear", []) => {
                self.clear();
                Answer::Done
            }
            ("contains", [key]) => Answer::Truth(self.contains(&decode(&bytes(key)?))),
            ("len", []) => Answer::Number(self.len().into()),
            ("first", []) => value(self.first()),
            ("last", []) => value(self.last()),
            ("keys", []) => Answer::Keys(encode_all(self.iter())),
            ("range", [low, high, rest @ ..]) => set_range(self, low, high, reversed(rest)?)?,
            _ => return unknown("btreeset", operation, words),
        })
    }

    fn run_with(&self, operation: &str, other: &dyn Structure) -> Reply {
        let other = other.as_set().and_then(|set| set.downcast_ref::<Self>());
        let other = other.ok_or("the other structure is no set of the same type")?;
        Ok(match operation {
            "union" => Answer::Keys(encode_all(self.union(other))),
            "intersection" => Answer::Keys(encode_all(self.intersection(other))),
            "symmetric_difference" => Answer::Keys(encode_all(self.symmetric_difference(other))),
            "is_subset" => Answer::Truth(self.is_subset(other)),
            "is_superset" => Answer::Truth(self.is_superset(other)),
            _ => Answer::Truth(self.is_disjoint(other)),
        })
    }

    fn as_set(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

/// The operations of a set that name another one.
pub const SET_ALGEBRA: &[&str] =
    &["union", "intersection", "symmetric_difference", "is_subset", "is_superset", "is_disjoint"];

// The crate's set iterator cannot walk backward, unlike the map's.
fn set_range<K>(set: &BTreeSet<K, Mem>, low: &str, high: &str, rev: bool) -> Reply
where
    K: Storable + Ord + Clone,
{
    let mut keys = encode_all(set.range(decode_range::<K>(range(low, high)?, decode)));
    if rev {
        keys.reverse();
    }
    Ok(Answer::Keys(keys))
}

impl<T: Storable> Structure for StableVec<T, Mem> {
    fn run(&mut self, operation: &str, words: &[&str]) -> Reply {
        Ok(match (operation, words) {
            ("push", [item]) => {
                self.push(&decode(&bytes(item)?));
                Answer::Done
            }
            ("set", [index, item]) => {
                self.set(number(index)?, &decode(&bytes(item)?));
                Answer::Done
            }
            ("pop", []) => value(self.pop()),
            ("get", [index]) => value(self.get(number(index)?)),
            ("len", []) => Answer::Number(self.len().into()),
            ("values", []) => Answer::Values(encode_all(self.iter())),
            _ => return unknown("vec", operation, words),
        })
    }
}

impl<T: Storable + PartialOrd> Structure for MinHeap<T, Mem> {
    fn run(&mut self, operation: &str, words: &[&str]) -> Reply {
        Ok(match (operation, words) {
            ("push", [item]) => {
                self.push(&decode(&bytes(item)?));
                Answer::Done
            }
            ("pop", []) => value(self.pop()),
            ("peek", []) => value(self.peek()),
            ("len", []) => Answer::Number(self.len().into()),
            ("values", []) => Answer::Values(encode_all(self.iter())),
            _ => return unknown("minheap", operation, words),
        })
    }
}

impl<T: Storable> Structure for Cell<T, Mem> {
    fn run(&mut self, operation: &str, words: &[&str]) -> Reply {
        Ok(match (operation, words) {
            ("set", [item]) => value(Some(self.set(decode(&bytes(item)?)))),
            ("get", []) => Answer::Value(Some(encode(self.get()))),
            _ => return unknown("cell", operation, words),
        })
    }
}

/// Empty only while `clear` runs, which needs both memories back.
struct LogStructure<T: Storable>(Option<Log<T, Mem, Mem>>);

impl<T: Storable> LogStructure<T> {
    fn clear(&mut self) {
        self.0 = self.0.take().map(|log| {
            let (index, data) = log.into_memories();
            Log::new(index, data)
        });
    }
}

impl<T: Storable> Structure for LogStructure<T> {
    fn run(&mut self, operation: &str, words: &[&str]) -> Reply {
        if (operation, words.len()) == ("clear", 0) {
            self.clear();
            return Ok(Answer::Done);
        }
        let log = self.0.as_ref().expect("the log was lost in a failed clear");
        Ok(match (operation, words) {
            ("append", [item]) => append(log, &bytes(item)?)?,
            ("get", [index]) => value(log.get(number(index)?)),
            ("len", []) => Answer::Number(log.len().into()),
            ("values", []) => Answer::Values(encode_all(log.iter())),
            _ => return unknown("log", operation, words),
        })
    }
}

fn append<T: Storable>(log: &Log<T, Mem, Mem>, item: &[u8]) -> Reply {
    let index = log.append(&decode(item)).map_err(|error| format!("{error:?}"))?;
    Ok(Answer::Number(index.into()))
}

/// A memory without a structure.
pub struct Raw(pub Mem);

impl Structure for Raw {
    fn run(&mut self, operation: &str, words: &[&str]) -> Reply {
        Ok(match (operation, words) {
            ("grow", [pages]) => Answer::Number(self.0.grow(number(pages)?).into()),
            ("size", []) => Answer::Number(self.0.size().into()),
            ("read", [offset, length]) => raw_read(&self.0, number(offset)?, buffer(length)?)?,
            ("write", [offset, data]) => {
                self.0.write(number(offset)?, &bytes(data)?);
                Answer::Done
            }
            ("writer", [offset, data]) => raw_writer(&mut self.0, number(offset)?, &bytes(data)?)?,
            _ => return unknown("raw", operation, words),
        })
    }
}

fn raw_read(memory: &Mem, offset: u64, mut data: Vec<u8>) -> Reply {
    memory.read(offset, &mut data);
    Ok(Answer::Value(Some(data)))
}

fn raw_writer(memory: &mut Mem, offset: u64, data: &[u8]) -> Reply {
    Writer::new(memory, offset).write(data).map_err(|error| error.to_string())?;
    Ok(Answer::Done)
}

type Opened = Box<dyn Structure>;
type Open = fn(Mem) -> Opened;
type OpenCell = fn(Mem, &[u8]) -> Opened;
type OpenLog = fn(Mem, Mem) -> Opened;

fn set_of<K: Storable + Ord + Clone + 'static>(memory: Mem) -> Opened {
    Box::new(BTreeSet::<K, Mem>::init(memory))
}

fn vec_of<T: Storable + 'static>(memory: Mem) -> Opened {
    Box::new(StableVec::<T, Mem>::init(memory))
}

fn heap_of<T: Storable + PartialOrd + 'static>(memory: Mem) -> Opened {
    Box::new(MinHeap::<T, Mem>::init(memory))
}

fn cell_of<T: Storable + 'static>(memory: Mem, default: &[u8]) -> Opened {
    Box::new(Cell::<T, Mem>::init(memory, decode(default)))
}

fn log_of<T: Storable + 'static>(index: Mem, data: Mem) -> Opened {
    Box::new(LogStructure(Some(Log::<T, Mem, Mem>::init(index, data))))
}

macro_rules! table {
    ($table:ident: $open:ty = $new:ident; $($name:ident)+) => {
        const $table: &[(&str, $open)] = &[$((stringify!($name), $new::<rust_type!($name)>),)+];
    };
}

table! { SETS: Open = set_of;
    u8 u16 u32 u64 u128 bool unit blob string principal bytes32 blob4 blob64
    tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4
    boundedvec8 option_u64 option_string option_principal reverse_u64 reverse_string
    tuple_u64_u64_u64 tuple_u8_bool_string tuple_string_u64_blob tuple_bytes32_blob4_principal
    i8 i16 i32 i64 i128 point account eventkey
}

// Vec and MinHeap need bounded types.
table! { VECS: Open = vec_of;
    u8 u16 u32 u64 u128 f32 f64 bool unit principal bytes32 blob4 blob64
    tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4
    boundedvec8 option_u64 option_principal reverse_u64
    tuple_u64_u64_u64 tuple_bytes32_blob4_principal i8 i16 i32 i64 i128 point
}

table! { HEAPS: Open = heap_of;
    u8 u16 u32 u64 u128 f32 f64 bool unit principal bytes32 blob4 blob64
    tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4
    boundedvec8 option_u64 option_principal reverse_u64
    tuple_u64_u64_u64 tuple_bytes32_blob4_principal i8 i16 i32 i64 i128 point
}

table! { CELLS: OpenCell = cell_of;
    u8 u16 u32 u64 u128 f32 f64 bool unit blob string principal bytes32 blob4 blob64
    tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4
    boundedvec8 option_u64 option_string option_principal reverse_u64 reverse_string
    tuple_u64_u64_u64 tuple_u8_bool_string tuple_string_u64_blob tuple_bytes32_blob4_principal
    i8 i16 i32 i64 i128 point account eventkey user candiduser cboruser
}

table! { LOGS: OpenLog = log_of;
    u8 u16 u32 u64 u128 f32 f64 bool unit blob string principal bytes32 blob4 blob64
    tuple_u64_u64 tuple_blob64_u16 tuple_principal_u64 tuple_u8_blob4
    boundedvec8 option_u64 option_string option_principal reverse_u64 reverse_string
    tuple_u64_u64_u64 tuple_u8_bool_string tuple_string_u64_blob tuple_bytes32_blob4_principal
    i8 i16 i32 i64 i128 point account eventkey user candiduser cboruser
}

fn find<F: Copy>(table: &[(&str, F)], kind: &str, name: &str) -> Result<F, String> {
    let row = table.iter().find(|row| row.0 == name);
    row.map(|row| row.1).ok_or_else(|| format!("{kind} has no type {name}"))
}

pub fn open_set(key: &str, memory: Mem) -> Result<Opened, String> {
    find(SETS, "btreeset", key).map(|open| open(memory))
}

pub fn open_vec(value: &str, memory: Mem) -> Result<Opened, String> {
    find(VECS, "vec", value).map(|open| open(memory))
}

pub fn open_heap(value: &str, memory: Mem) -> Result<Opened, String> {
    find(HEAPS, "minheap", value).map(|open| open(memory))
}

pub fn open_cell(value: &str, memory: Mem, default: &[u8]) -> Result<Opened, String> {
    find(CELLS, "cell", value).map(|open| open(memory, default))
}

pub fn open_log(value: &str, index: Mem, data: Mem) -> Result<Opened, String> {
    find(LOGS, "log", value).map(|open| open(index, data))
}
