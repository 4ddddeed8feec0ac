//! The script language: one line, one answer.

use crate::answer::{number, Answer, Reply};
use crate::many::Walk;
use crate::memory::Base;
use crate::others::SET_ALGEBRA;
use crate::streams::Streams;
use crate::structure::{Declaration, Options, Place, Structure};
use ic_stable_structures::memory_manager::MemoryManager;
use ic_stable_structures::Memory;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// First words with a meaning of their own, in scripts or in `serve`.
const RESERVED: &[&str] = &[
    "manager",
    "structure",
    "reload",
    "stream",
    "grow_base",
    "new",
    "from",
    "image",
    "sha256",
    "encode",
    "compare",
    "types",
];

struct Declared {
    name: String,
    declaration: Declaration,
    /// None after a reload that panicked before this structure's turn.
    open: Option<Box<dyn Structure>>,
    /// Outlives a reload.
    walk: Option<Walk>,
}

/// A base memory and everything opened on it.
pub struct Machine {
    pub base: Base,
    manager: Option<MemoryManager<Base>>,
    structures: Vec<Declared>,
    streams: Streams,
}

impl Machine {
    pub fn new(base: Base) -> Self {
        Self { base, manager: None, structures: Vec::new(), streams: Streams::default() }
    }

    pub fn run(&mut self, line: &str) -> Reply {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["manager", ref options @ ..] => self.open_manager(options),
            ["structure", name, kind, ref options @ ..] => self.declare(name, kind, options),
            ["reload"] => self.reload(),
            ["stream", name, kind, ref options @ ..] => self.open_stream(name, kind, options),
            ["grow_base", pages] => Ok(Answer::Number(self.base.grow(number(pages)?).into())),
            [name, operation, ref words @ ..] if self.streams.has(name) => {
                self.streams.run(name, operation, words)
            }
            [name, "migrate"] => self.migrate(name),
            [name, operation, other] if SET_ALGEBRA.contains(&operation) => {
                self.open(name)?.run_with(operation, self.open(other)?)
            }
            [name, operation, ref words @ ..] => self.find(name)?.operate(operation, words),
            _ => Err(format!("cannot read the line {line}")),
        }
    }

    // Handles into an old manager would write through a stale bucket table, so they go with it.
    fn open_manager(&mut self, words: &[&str]) -> Reply {
        let mut options = Options::parse(words)?;
        let bucket = options.take("bucket")?;
        options.finish()?;
        let pages = bucket.parse().map_err(|error| format!("bucket {bucket}: {error}"))?;
        self.structures.clear();
        self.streams.drop_virtual();
        self.manager = None;
        self.manager = Some(MemoryManager::init_with_bucket_size(self.base.clone(), pages));
        Ok(Answer::Done)
    }

    fn declare(&mut self, name: &str, kind: &str, words: &[&str]) -> Reply {
        self.check_new(name)?;
        let declaration = Declaration::parse(kind, words)?;
        let open = Some(declaration.open(&self.place())?);
        self.structures.push(Declared { name: name.into(), declaration, open, walk: None });
        Ok(Answer::Done)
    }

    fn open_stream(&mut self, name: &str, kind: &str, words: &[&str]) -> Reply {
        self.check_new(name)?;
        let place = Place { base: &self.base, manager: self.manager.as_ref() };
        self.streams.open(name, kind, words, &place)
    }

    fn check_new(&mut self, name: &str) -> Result<(), String> {
        if name.is_empty() || RESERVED.contains(&name) {
            return Err(format!("{name} cannot be a name"));
        }
        if self.streams.has(name) || self.find(name).is_ok() {
            return Err(format!("{name} is declared already"));
        }
        Ok(())
    }

    fn reload(&mut self) -> Reply {
        self.structures.iter_mut().for_each(Declared::close);
        let place = Place { base: &self.base, manager: self.manager.as_ref() };
        for declared in &mut self.structures {
            declared.reopen(&place)?;
        }
        Ok(Answer::Done)
    }

    fn migrate(&mut self, name: &str) -> Reply {
        let place = Place { base: &self.base, manager: self.manager.as_ref() };
        let declared = find(&mut self.structures, name)?;
        if !declared.declaration.is_v1() {
            return Err(format!("{name} is not at version 1"));
        }
        declared.declaration.migrate();
        declared.close();
        declared.reopen(&place)?;
        Ok(Answer::Done)
    }

    fn place(&self) -> Place<'_> {
        Place { base: &self.base, manager: self.manager.as_ref() }
    }

    fn find(&mut self, name: &str) -> Result<&mut Declared, String> {
        find(&mut self.structures, name)
    }

    fn open(&self, name: &str) -> Result<&dyn Structure, String> {
        let declared = self.structures.iter().find(|declared| declared.name == name);
        let declared = declared.ok_or_else(|| format!("unknown name {name}"))?;
        declared.open.as_deref().ok_or_else(|| format!("{name} is closed"))
    }
}

fn find<'a>(structures: &'a mut [Declared], name: &str) -> Result<&'a mut Declared, String> {
    structures
        .iter_mut()
        .find(|declared| declared.name == name)
        .ok_or_else(|| format!("unknown name {name}"))
}

impl Declared {
    fn operate(&mut self, operation: &str, words: &[&str]) -> Reply {
        match &mut self.open {
            Some(structure) => structure.run(operation, words),
            None => Err(format!("{} is closed", self.name)),
        }
    }

    fn close(&mut self) {
        if let Some(mut structure) = self.open.take() {
            self.walk = structure.take_walk();
        }
    }

    fn reopen(&mut self, place: &Place) -> Result<(), String> {
        let mut structure = self.declaration.open(place)?;
        if let Some(walk) = self.walk.take() {
            structure.resume_walk(walk);
        }
        self.open = Some(structure);
        Ok(())
    }
}

pub fn is_skipped(line: &str) -> bool {
    line.is_empty() || line.starts_with('#')
}

/// Turns whatever happens into one line. A panic leaves memory and handles as they were then.
pub fn answer_line(run: impl FnOnce() -> Reply) -> String {
    let line = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(answer)) => answer.to_string(),
        Ok(Err(message)) => format!("error {message}"),
        Err(payload) => format!("panic {}", panic_message(payload.as_ref())),
    };
    line.replace(['\n', '\r'], " ")
}

fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| text.to_string());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}
