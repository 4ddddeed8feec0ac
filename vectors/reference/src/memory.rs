//! The base memory, and the memory a structure is opened on.

use ic_stable_structures::memory_manager::VirtualMemory;
use ic_stable_structures::Memory;
use ic_stable_structures_v1::Memory as MemoryV1;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::rc::Rc;

pub const PAGE_SIZE: usize = 65_536;

/// Stands in when no limit is given: a mistaken growth must fail, not exhaust the machine.
pub const DEFAULT_LIMIT_IN_PAGES: u64 = 65_536;

/// The whole stable memory. Clones share the bytes.
#[derive(Clone)]
pub struct Base {
    bytes: Rc<RefCell<Vec<u8>>>,
    limit_in_pages: u64,
}

impl Base {
    pub fn new(bytes: Vec<u8>, limit_in_pages: Option<u64>) -> Result<Self, String> {
        if !bytes.len().is_multiple_of(PAGE_SIZE) {
            return Err(format!("{} bytes are not whole pages", bytes.len()));
        }
        Ok(Self {
            bytes: Rc::new(RefCell::new(bytes)),
            limit_in_pages: limit_in_pages.unwrap_or(DEFAULT_LIMIT_IN_PAGES),
        })
    }

    pub fn with_bytes<R>(&self, use_bytes: impl FnOnce(&[u8]) -> R) -> R {
        use_bytes(&self.bytes.borrow())
    }

    /// `sha256 HEX pages N`
    pub fn summary(&self) -> String {
        let hash = self.with_bytes(|bytes| hex::encode(Sha256::digest(bytes)));
        format!("sha256 {hash} pages {}", Memory::size(self))
    }
}

fn range(offset: u64, length: usize, size: usize) -> std::ops::Range<usize> {
    let end = offset.checked_add(length as u64);
    match end {
        Some(end) if end <= size as u64 => offset as usize..end as usize,
        _ => panic!("out of bounds: offset {offset}, length {length}, memory size {size}"),
    }
}

impl Memory for Base {
    fn size(&self) -> u64 {
        (self.bytes.borrow().len() / PAGE_SIZE) as u64
    }

    fn grow(&self, pages: u64) -> i64 {
        let old = Memory::size(self);
        if pages == 0 {
            return old as i64;
        }
        let new = match old.checked_add(pages) {
            Some(new) if new <= self.limit_in_pages => new as usize * PAGE_SIZE,
            _ => return -1,
        };
        self.bytes.borrow_mut().resize(new, 0);
        old as i64
    }

    fn read(&self, offset: u64, dst: &mut [u8]) {
        let bytes = self.bytes.borrow();
        dst.copy_from_slice(&bytes[range(offset, dst.len(), bytes.len())]);
    }

    fn write(&self, offset: u64, src: &[u8]) {
        let mut bytes = self.bytes.borrow_mut();
        let range = range(offset, src.len(), bytes.len());
        bytes[range].copy_from_slice(src);
    }
}

/// What structures are generic over, so that each type pair is compiled once.
#[derive(Clone)]
pub enum Mem {
    Base(Base),
    Virtual(VirtualMemory<Base>),
}

macro_rules! forward {
    ($self:ident.$method:ident($($argument:ident),*)) => {
        match $self {
            Mem::Base(memory) => Memory::$method(memory, $($argument),*),
            Mem::Virtual(memory) => Memory::$method(memory, $($argument),*),
        }
    };
}

impl Memory for Mem {
    fn size(&self) -> u64 {
        forward!(self.size())
    }

    fn grow(&self, pages: u64) -> i64 {
        forward!(self.grow(pages))
    }

    fn read(&self, offset: u64, dst: &mut [u8]) {
        forward!(self.read(offset, dst))
    }

    fn write(&self, offset: u64, src: &[u8]) {
        forward!(self.write(offset, src))
    }
}

// The old crate's map runs over the new crate's manager: one owner of the bucket table.
impl MemoryV1 for Mem {
    fn size(&self) -> u64 {
        Memory::size(self)
    }

    fn grow(&self, pages: u64) -> i64 {
        Memory::grow(self, pages)
    }

    fn read(&self, offset: u64, dst: &mut [u8]) {
        Memory::read(self, offset, dst)
    }

    fn write(&self, offset: u64, src: &[u8]) {
        Memory::write(self, offset, src)
    }
}
