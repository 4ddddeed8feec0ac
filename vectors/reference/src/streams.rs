//! The open streams of a script: declared, used and dropped by name.

use crate::answer::{number, Answer, Reply};
use crate::memory::Mem;
use crate::stream::{self, Stream};
use crate::structure::{Options, Place};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// Rust allocates the buffer at once, and a refused allocation would end the process.
const MAX_CAPACITY: u64 = 1 << 28;

struct Open {
    name: String,
    on_base: bool,
    stream: Option<Box<dyn Stream>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        // A buffered writer flushes here. Two panics at once would end the process.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(self.stream.take())));
    }
}

#[derive(Default)]
pub struct Streams(Vec<Open>);

impl Streams {
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|open| open.name == name)
    }

    pub fn open(&mut self, name: &str, kind: &str, words: &[&str], place: &Place) -> Reply {
        let mut options = Options::parse(words)?;
        let memory = place.stream_memory(&options.take("memory")?)?;
        let offset = options.take_optional("offset").map_or(Ok(0), |word| number(&word))?;
        let on_base = matches!(memory, Mem::Base(_));
        let stream = open(kind, memory, offset, options)?;
        self.0.push(Open { name: name.into(), on_base, stream: Some(stream) });
        Ok(Answer::Done)
    }

    pub fn run(&mut self, name: &str, operation: &str, words: &[&str]) -> Reply {
        let index = self.0.iter().position(|open| open.name == name);
        let index = index.ok_or_else(|| format!("unknown name {name}"))?;
        if (operation, words.len()) == ("drop", 0) {
            // The name goes first: it is free again even if the drop panics.
            let stream = self.0.remove(index).stream.take();
            drop(stream);
            return Ok(Answer::Done);
        }
        let stream = self.0[index].stream.as_mut().expect("only a drop takes the stream");
        stream::run(stream.as_mut(), operation, words)
    }

    /// Oldest first, as for `new` and `from`.
    pub fn drop_virtual(&mut self) {
        self.0.retain(|open| open.on_base);
    }
}

fn open(
    kind: &str,
    memory: Mem,
    offset: u64,
    mut options: Options,
) -> Result<Box<dyn Stream>, String> {
    let capacity = match kind.starts_with("buffered_") {
        true => parse_capacity(&options.take("capacity")?)?,
        false => 0,
    };
    options.finish()?;
    Ok(match (kind, memory) {
        ("writer", memory) => stream::open_writer(memory, offset),
        ("reader", memory) => stream::open_reader(memory, offset),
        ("buffered_writer", memory) => stream::open_buffered_writer(memory, offset, capacity),
        ("buffered_reader", memory) => stream::open_buffered_reader(memory, offset, capacity),
        ("stable_io", Mem::Base(base)) => stream::open_stable_io(base, offset),
        ("stable_writer", Mem::Base(base)) => stream::open_stable_writer(base, offset),
        ("stable_reader", Mem::Base(base)) => stream::open_stable_reader(base, offset),
        ("buffered_stable_writer", Mem::Base(base)) => {
            stream::open_buffered_stable_writer(base, offset, capacity)
        }
        ("buffered_stable_reader", Mem::Base(base)) => {
            stream::open_buffered_stable_reader(base, offset, capacity)
        }
        _ => return Err(format!("no stream of kind {kind} over this memory")),
    })
}

fn parse_capacity(word: &str) -> Result<usize, String> {
    match number(word)? {
        capacity if capacity <= MAX_CAPACITY => Ok(capacity as usize),
        capacity => Err(format!("capacity {capacity} is above {MAX_CAPACITY}")),
    }
}
