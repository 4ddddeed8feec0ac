//! A case on the crate: maps in the memories of a manager, and the phases that are timed.

use crate::case::Case;
use crate::streams::{shuffled, Key, Value};
use ic_principal::Principal;
use ic_stable_structures::memory_manager::{MemoryId, MemoryManager, VirtualMemory};
use ic_stable_structures::storable::Blob;
use ic_stable_structures::{BTreeMap, Memory, Storable, VectorMemory};
use sha2::{Digest, Sha256};
use std::time::Instant;

pub struct Done {
    pub nanoseconds: u128,
    pub operations: u32,
    pub checksum: u64,
}

pub trait Session {
    /// Empty maps in the same, already touched, memory.
    fn reset(&mut self);
    /// Runs a phase; `None` for one that the case does not have.
    fn run(&mut self, phase: &str) -> Option<Done>;
    /// `sha256 HEX pages N`
    fn image(&self) -> String;
}

pub fn open(case: Case) -> Result<Box<dyn Session>, String> {
    match (case.keys.as_str(), case.values.as_str()) {
        ("u64", "u64") => Ok(Box::new(Maps::<u64, u64>::new(case))),
        ("principal", "blob128") => Ok(Box::new(Maps::<Principal, Blob<128>>::new(case))),
        ("text", "blob500") => Ok(Box::new(Maps::<String, Vec<u8>>::new(case))),
        (keys, values) => Err(format!("no maps of {keys} to {values}")),
    }
}

type Map<K, V> = BTreeMap<K, V, VirtualMemory<VectorMemory>>;

struct Maps<K: Storable + Ord + Clone, V: Storable> {
    case: Case,
    memory: VectorMemory,
    maps: Vec<Map<K, V>>,
    keys: Vec<K>,
    absent: Vec<K>,
    /// Keys in the order in which they are looked up and removed.
    queries: Vec<K>,
    ranges: Vec<(K, K)>,
}

/// Entries of a range.
const RANGE: usize = 100;
const MOST_RANGES: usize = 10_000;
const MOST_QUERIES: u32 = 1_000_000;

impl<K: Storable + Ord + Clone + Key, V: Storable + Value> Maps<K, V> {
    fn new(case: Case) -> Self {
        let count = case.entries;
        let keys: Vec<K> = (0..count).map(K::random).collect();
        let queries = shuffled(count, 1).iter().map(|&i| keys[i as usize].clone()).collect();
        let misses = count.min(MOST_QUERIES);
        let mut session = Self {
            absent: (count..count + misses).map(K::random).collect(),
            ranges: ranges(&keys),
            memory: VectorMemory::default(),
            maps: vec![],
            keys,
            queries,
            case,
        };
        session.reset();
        session
    }

    fn map_of(&mut self, index: usize) -> &mut Map<K, V> {
        let count = self.maps.len();
        &mut self.maps[index % count]
    }

    fn insert(&mut self) -> u64 {
        for index in 0..self.keys.len() {
            let key = self.keys[index].clone();
            self.map_of(index).insert(key, V::of(index as u32));
        }
        self.maps.iter().map(Map::len).sum()
    }

    fn insert_ascending(&mut self) -> Option<u64> {
        K::ascending(0)?;
        for index in 0..self.case.entries {
            self.maps[0].insert(K::ascending(index)?, V::of(index));
        }
        Some(self.maps[0].len())
    }

    fn get(&self) -> u64 {
        let queries = self.queries.iter().take(MOST_QUERIES as usize);
        queries.map(|key| self.find(key).map_or(0, |value| value.number())).sum()
    }

    /// With two maps the first has the even entries; a key does not tell which it is in.
    fn find(&self, key: &K) -> Option<V> {
        self.maps.iter().find_map(|map| map.get(key))
    }

    fn get_absent(&self) -> u64 {
        self.absent.iter().filter(|key| self.find(key).is_none()).count() as u64
    }

    fn iterate(&self) -> u64 {
        let entries = self.maps.iter().flat_map(Map::iter);
        entries.map(|entry| entry.into_pair()).map(|(_, value)| value.number()).sum()
    }

    fn range(&self) -> u64 {
        let mut sum = 0;
        for (start, end) in &self.ranges {
            for entry in self.maps[0].range(start.clone()..end.clone()) {
                sum += entry.into_pair().1.number();
            }
        }
        sum
    }

    fn remove(&mut self) -> u64 {
        let mut removed = 0;
        for key in &self.queries {
            removed += u64::from(self.maps.iter_mut().any(|map| map.remove(key).is_some()));
        }
        removed
    }
}

/// Ranges of 100 entries, from one key to another.
fn ranges<K: Ord + Clone>(keys: &[K]) -> Vec<(K, K)> {
    let mut sorted = keys.to_vec();
    sorted.sort();
    let count = (keys.len() / RANGE).min(MOST_RANGES);
    let last = keys.len() - RANGE - 1;
    let starts = shuffled(last as u32, 2);
    starts[..count.min(starts.len())]
        .iter()
        .map(|&start| (sorted[start as usize].clone(), sorted[start as usize + RANGE].clone()))
        .collect()
}

impl<K: Storable + Ord + Clone + Key, V: Storable + Value> Session for Maps<K, V> {
    fn reset(&mut self) {
        self.maps.clear();
        self.memory.borrow_mut().fill(0);
        let manager = MemoryManager::init_with_bucket_size(
            self.memory.clone(),
            self.case.bucket_size_in_pages,
        );
        let maps = 0..self.case.maps as u8;
        self.maps = maps.map(|id| BTreeMap::init(manager.get(MemoryId::new(id)))).collect();
    }

    fn run(&mut self, phase: &str) -> Option<Done> {
        let start = Instant::now();
        let checksum = match phase {
            "insert" | "insert-many" => self.insert(),
            "insert-ascending" => self.insert_ascending()?,
            "get" | "get-many" => self.get(),
            "get-absent" => self.get_absent(),
            "iterate" => self.iterate(),
            "range" => self.range(),
            "remove" => self.remove(),
            _ => return None,
        };
        let nanoseconds = start.elapsed().as_nanos();
        let operations = match phase {
            "get" | "get-many" => self.case.entries.min(MOST_QUERIES),
            "get-absent" => self.absent.len() as u32,
            "range" => (self.ranges.len() * RANGE) as u32,
            _ => self.case.entries,
        };
        Some(Done { nanoseconds, operations, checksum })
    }

    fn image(&self) -> String {
        let hash = Sha256::digest(self.memory.borrow().as_slice());
        format!("sha256 {} pages {}", hex::encode(hash), Memory::size(&self.memory))
    }
}
