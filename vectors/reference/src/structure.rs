//! A declared structure: how to open it, and what is open.

use crate::answer::{bytes, Bytes, Reply};
use crate::many::Walk;
use crate::memory::{Base, Mem};
use crate::{map, map_v1, others};
use ic_stable_structures::memory_manager::{MemoryId, MemoryManager};
use std::any::Any;

pub trait Structure {
    fn run(&mut self, operation: &str, words: &[&str]) -> Reply;

    /// An operation on this structure and another; sets have some.
    fn run_with(&self, operation: &str, _other: &dyn Structure) -> Reply {
        Err(format!("not a set, and only sets have {operation}"))
    }

    /// The crate's set, for the operations of two; nothing else has any.
    fn as_set(&self) -> Option<&dyn Any> {
        None
    }

    /// Where the walk of a map is, for the map that is opened after a reload.
    fn take_walk(&mut self) -> Option<Walk> {
        None
    }

    fn resume_walk(&mut self, _: Walk) {}
}

/// Where a declaration finds its memories.
pub struct Place<'a> {
    pub base: &'a Base,
    pub manager: Option<&'a MemoryManager<Base>>,
}

impl Place<'_> {
    fn memory(&self, word: &str) -> Result<Mem, String> {
        match (word, self.manager) {
            ("base", None) => Ok(Mem::Base(self.base.clone())),
            ("base", Some(_)) => Err("memory=base would overwrite the open manager".into()),
            (_, None) => Err(format!("memory {word} needs a manager line")),
            (id, Some(manager)) => {
                let id = id.parse().map_err(|error| format!("memory {id}: {error}"))?;
                Ok(Mem::Virtual(manager.get(MemoryId::new(id))))
            }
        }
    }

    /// Programs read and overwrite the memory under their manager with streams.
    pub fn stream_memory(&self, word: &str) -> Result<Mem, String> {
        match word {
            "base" => Ok(Mem::Base(self.base.clone())),
            _ => self.memory(word),
        }
    }
}

pub enum Kind {
    Map { key: String, value: String },
    MapV1 { key: String, value: String },
    Set { key: String },
    Vec { value: String },
    Heap { value: String },
    Cell { value: String, default: Bytes },
    Log { value: String, data: String },
    Raw,
}

pub struct Declaration {
    kind: Kind,
    memory: String,
}

impl Declaration {
    /// Reads what follows `structure NAME`.
    pub fn parse(kind: &str, words: &[&str]) -> Result<Self, String> {
        let mut options = Options::parse(words)?;
        let memory = options.take("memory")?;
        let kind = parse_kind(kind, &mut options)?;
        options.finish()?;
        Ok(Self { kind, memory })
    }

    pub fn open(&self, place: &Place) -> Result<Box<dyn Structure>, String> {
        let memory = place.memory(&self.memory)?;
        match &self.kind {
            Kind::Map { key, value } => map::open(key, value, memory),
            Kind::MapV1 { key, value } => map_v1::open(key, value, memory),
            Kind::Set { key } => others::open_set(key, memory),
            Kind::Vec { value } => others::open_vec(value, memory),
            Kind::Heap { value } => others::open_heap(value, memory),
            Kind::Cell { value, default } => others::open_cell(value, memory, default),
            Kind::Log { value, data } => self.open_log(value, memory, place.memory(data)?),
            Kind::Raw => Ok(Box::new(others::Raw(memory))),
        }
    }

    fn open_log(&self, value: &str, index: Mem, data: Mem) -> Result<Box<dyn Structure>, String> {
        match (&index, &data) {
            (Mem::Virtual(_), Mem::Virtual(_)) => others::open_log(value, index, data),
            _ => Err("log needs two memories of a manager".into()),
        }
    }

    pub fn is_v1(&self) -> bool {
        matches!(self.kind, Kind::MapV1 { .. })
    }

    /// From here on the current crate opens the map.
    pub fn migrate(&mut self) {
        if let Kind::MapV1 { key, value } = &mut self.kind {
            let (key, value) = (std::mem::take(key), std::mem::take(value));
            self.kind = Kind::Map { key, value };
        }
    }
}

fn parse_kind(kind: &str, options: &mut Options) -> Result<Kind, String> {
    Ok(match kind {
        "btreemap" => Kind::Map { key: options.take("key")?, value: options.take("value")? },
        "btreemap_v1" => Kind::MapV1 { key: options.take("key")?, value: options.take("value")? },
        "btreeset" => Kind::Set { key: options.take("key")? },
        "vec" => Kind::Vec { value: options.take("value")? },
        "minheap" => Kind::Heap { value: options.take("value")? },
        "cell" => {
            Kind::Cell { value: options.take("value")?, default: bytes(&options.take("default")?)? }
        }
        "log" => Kind::Log { value: options.take("value")?, data: options.take("data")? },
        "raw" => Kind::Raw,
        _ => return Err(format!("unknown kind {kind}")),
    })
}

/// The `NAME=VALUE` words of a line, in any order.
pub struct Options(Vec<(String, String)>);

impl Options {
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let pairs = words.iter().map(|word| match word.split_once('=') {
            Some((name, value)) => Ok((name.to_string(), value.to_string())),
            None => Err(format!("expected NAME=VALUE, found {word}")),
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    pub fn take(&mut self, name: &str) -> Result<String, String> {
        self.take_optional(name).ok_or_else(|| format!("{name}= is missing"))
    }

    pub fn take_optional(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|pair| pair.0 == name)?;
        Some(self.0.remove(index).1)
    }

    /// Refuses what nobody took: a misspelled option must not pass unseen.
    pub fn finish(self) -> Result<(), String> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(format!("unknown option {name}=")),
        }
    }
}
