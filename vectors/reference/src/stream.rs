//! Readers and writers of ic-stable-structures and ic-cdk, behind one trait.

use crate::answer::{buffer, bytes, number, unknown, Answer, Reply};
use crate::memory::{Base, Mem};
use ic_cdk::stable::{
    BufferedStableReader, BufferedStableWriter, StableIO, StableMemory, StableMemoryError,
    StableReader, StableWriter,
};
use ic_stable_structures::reader::{BufferedReader, Reader};
use ic_stable_structures::writer::{BufferedWriter, Writer};
use ic_stable_structures::Memory;
use std::fmt::Debug;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ptr::NonNull;

/// `None` is a method that the Rust type does not have.
pub trait Stream {
    fn kind(&self) -> &'static str;

    fn as_write(&mut self) -> Option<&mut dyn Write> {
        None
    }

    fn as_read(&mut self) -> Option<&mut dyn Read> {
        None
    }

    fn as_seek(&mut self) -> Option<&mut dyn Seek> {
        None
    }

    fn offset(&self) -> Option<u64> {
        None
    }

    fn grow(&mut self, _pages: u64) -> Option<Reply> {
        None
    }

    fn inherent_write(&mut self, _data: &[u8]) -> Option<Reply> {
        None
    }

    fn inherent_read(&mut self, _buffer: &mut [u8]) -> Option<Result<usize, String>> {
        None
    }
}

pub fn run(stream: &mut dyn Stream, operation: &str, words: &[&str]) -> Reply {
    let answer = match (operation, words) {
        ("write", [data]) => stream.as_write().map(|stream| write(stream, data)),
        ("write_all", [data]) => stream.as_write().map(|stream| write_all(stream, data)),
        ("flush", []) => stream.as_write().map(|stream| done(stream.flush())),
        ("read", [length]) => stream.as_read().map(|stream| read(stream, length)),
        ("read_exact", [length]) => stream.as_read().map(|stream| read_exact(stream, length)),
        ("seek", [from, by]) => stream.as_seek().map(|stream| seek(stream, from, by)),
        _ => run_inherent(stream, operation, words)?,
    };
    answer.unwrap_or_else(|| unknown(stream.kind(), operation, words))
}

fn run_inherent(
    stream: &mut dyn Stream,
    operation: &str,
    words: &[&str],
) -> Result<Option<Reply>, String> {
    Ok(match (operation, words) {
        ("offset", []) => stream.offset().map(|offset| Ok(Answer::Number(offset.into()))),
        ("grow", [pages]) => stream.grow(number(pages)?),
        ("inherent_write", [data]) => stream.inherent_write(&bytes(data)?),
        ("inherent_read", [length]) => inherent_read(stream, buffer(length)?),
        _ => None,
    })
}

fn write(stream: &mut dyn Write, data: &str) -> Reply {
    let length = stream.write(&bytes(data)?).map_err(io_message)?;
    Ok(Answer::Number(length as i128))
}

fn write_all(stream: &mut dyn Write, data: &str) -> Reply {
    done(stream.write_all(&bytes(data)?))
}

fn read(stream: &mut dyn Read, length: &str) -> Reply {
    let mut data = buffer(length)?;
    let length = stream.read(&mut data).map_err(io_message)?;
    Ok(first_bytes(data, length))
}

fn read_exact(stream: &mut dyn Read, length: &str) -> Reply {
    let mut data = buffer(length)?;
    stream.read_exact(&mut data).map_err(io_message)?;
    Ok(Answer::Value(Some(data)))
}

fn inherent_read(stream: &mut dyn Stream, mut data: Vec<u8>) -> Option<Reply> {
    let length = stream.inherent_read(&mut data)?;
    Some(length.map(|length| first_bytes(data, length)))
}

fn seek(stream: &mut dyn Seek, from: &str, by: &str) -> Reply {
    let distance = || by.parse().map_err(|error| format!("{by}: {error}"));
    let position = match from {
        "start" => SeekFrom::Start(number(by)?),
        "end" => SeekFrom::End(distance()?),
        "current" => SeekFrom::Current(distance()?),
        _ => return Err(format!("expected start, end or current, found {from}")),
    };
    let offset = stream.seek(position).map_err(io_message)?;
    Ok(Answer::Number(offset.into()))
}

fn done(result: io::Result<()>) -> Reply {
    result.map(|()| Answer::Done).map_err(io_message)
}

fn first_bytes(mut data: Vec<u8>, length: usize) -> Answer {
    data.truncate(length);
    Answer::Value(Some(data))
}

fn io_message(error: io::Error) -> String {
    format!("{:?} {error}", error.kind())
}

fn message(error: impl Debug) -> String {
    format!("{error:?}")
}

/// A stream and the memory that it borrows.
struct Borrowing<S> {
    // INVARIANT: declared before the lender, so it drops, and flushes, first.
    stream: S,
    _lender: Lender,
}

struct Lender(NonNull<Mem>);

impl Drop for Lender {
    fn drop(&mut self) {
        // SAFETY: the pointer comes from the Box of `lend`, and the borrower is gone.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

fn lend<S>(memory: Mem, open: impl FnOnce(&'static mut Mem) -> S) -> Borrowing<S> {
    let lender = Lender(NonNull::from(Box::leak(Box::new(memory))));
    // SAFETY: the only reference there is; the stream that gets it drops before the lender.
    let stream = open(unsafe { &mut *lender.0.as_ptr() });
    Borrowing { stream, _lender: lender }
}

impl Stream for Borrowing<Writer<'static, Mem>> {
    fn kind(&self) -> &'static str {
        "writer"
    }

    fn as_write(&mut self) -> Option<&mut dyn Write> {
        Some(&mut self.stream)
    }

    fn inherent_write(&mut self, data: &[u8]) -> Option<Reply> {
        Some(self.stream.write(data).map(|()| Answer::Done).map_err(message))
    }
}

impl Stream for Borrowing<BufferedWriter<'static, Mem>> {
    fn kind(&self) -> &'static str {
        "buffered_writer"
    }

    fn as_write(&mut self) -> Option<&mut dyn Write> {
        Some(&mut self.stream)
    }
}

impl Stream for Borrowing<Reader<'static, Mem>> {
    fn kind(&self) -> &'static str {
        "reader"
    }

    fn as_read(&mut self) -> Option<&mut dyn Read> {
        Some(&mut self.stream)
    }

    fn inherent_read(&mut self, buffer: &mut [u8]) -> Option<Result<usize, String>> {
        Some(self.stream.read(buffer).map_err(message))
    }
}

impl Stream for Borrowing<BufferedReader<'static, Mem>> {
    fn kind(&self) -> &'static str {
        "buffered_reader"
    }

    fn as_read(&mut self) -> Option<&mut dyn Read> {
        Some(&mut self.stream)
    }
}

impl StableMemory for Base {
    fn stable_size(&self) -> u64 {
        Memory::size(self)
    }

    fn stable_grow(&self, new_pages: u64) -> Result<u64, StableMemoryError> {
        match Memory::grow(self, new_pages) {
            -1 => Err(StableMemoryError::OutOfMemory),
            previous => Ok(previous as u64),
        }
    }

    fn stable_write(&self, offset: u64, buf: &[u8]) {
        Memory::write(self, offset, buf);
    }

    fn stable_read(&self, offset: u64, buf: &mut [u8]) {
        Memory::read(self, offset, buf);
    }
}

fn written(result: Result<usize, StableMemoryError>) -> Reply {
    result.map(|length| Answer::Number(length as i128)).map_err(message)
}

impl Stream for StableIO<Base> {
    fn kind(&self) -> &'static str {
        "stable_io"
    }

    fn as_write(&mut self) -> Option<&mut dyn Write> {
        Some(self)
    }

    fn as_read(&mut self) -> Option<&mut dyn Read> {
        Some(self)
    }

    fn as_seek(&mut self) -> Option<&mut dyn Seek> {
        Some(self)
    }

    fn offset(&self) -> Option<u64> {
        Some(self.offset())
    }

    fn grow(&mut self, pages: u64) -> Option<Reply> {
        Some(self.grow(pages).map(|()| Answer::Done).map_err(message))
    }

    fn inherent_write(&mut self, data: &[u8]) -> Option<Reply> {
        Some(written(self.write(data)))
    }

    fn inherent_read(&mut self, buffer: &mut [u8]) -> Option<Result<usize, String>> {
        Some(self.read(buffer).map_err(message))
    }
}

impl Stream for StableWriter<Base> {
    fn kind(&self) -> &'static str {
        "stable_writer"
    }

    fn as_write(&mut self) -> Option<&mut dyn Write> {
        Some(self)
    }

    fn as_seek(&mut self) -> Option<&mut dyn Seek> {
        Some(self)
    }

    fn offset(&self) -> Option<u64> {
        Some(self.offset())
    }

    fn grow(&mut self, pages: u64) -> Option<Reply> {
        Some(self.grow(pages).map(|()| Answer::Done).map_err(message))
    }

    fn inherent_write(&mut self, data: &[u8]) -> Option<Reply> {
        Some(written(self.write(data)))
    }
}

impl Stream for StableReader<Base> {
    fn kind(&self) -> &'static str {
        "stable_reader"
    }

    fn as_read(&mut self) -> Option<&mut dyn Read> {
        Some(self)
    }

    fn as_seek(&mut self) -> Option<&mut dyn Seek> {
        Some(self)
    }

    fn offset(&self) -> Option<u64> {
        Some(self.offset())
    }

    fn inherent_read(&mut self, buffer: &mut [u8]) -> Option<Result<usize, String>> {
        Some(self.read(buffer).map_err(message))
    }
}

impl Stream for BufferedStableWriter<Base> {
    fn kind(&self) -> &'static str {
        "buffered_stable_writer"
    }

    fn as_write(&mut self) -> Option<&mut dyn Write> {
        Some(self)
    }

    fn as_seek(&mut self) -> Option<&mut dyn Seek> {
        Some(self)
    }

    fn offset(&self) -> Option<u64> {
        Some(self.offset())
    }
}

impl Stream for BufferedStableReader<Base> {
    fn kind(&self) -> &'static str {
        "buffered_stable_reader"
    }

    fn as_read(&mut self) -> Option<&mut dyn Read> {
        Some(self)
    }

    fn as_seek(&mut self) -> Option<&mut dyn Seek> {
        Some(self)
    }

    fn offset(&self) -> Option<u64> {
        Some(self.offset())
    }
}

type Opened = Box<dyn Stream>;

pub fn open_writer(memory: Mem, offset: u64) -> Opened {
    Box::new(lend(memory, |memory| Writer::new(memory, offset)))
}

pub fn open_reader(memory: Mem, offset: u64) -> Opened {
    Box::new(lend(memory, |memory| Reader::new(memory, offset)))
}

pub fn open_buffered_writer(memory: Mem, offset: u64, capacity: usize) -> Opened {
    Box::new(lend(memory, |memory| BufferedWriter::new(capacity, Writer::new(memory, offset))))
}

pub fn open_buffered_reader(memory: Mem, offset: u64, capacity: usize) -> Opened {
    Box::new(lend(memory, |memory| BufferedReader::new(capacity, Reader::new(memory, offset))))
}

pub fn open_stable_io(memory: Base, offset: u64) -> Opened {
    Box::new(StableIO::with_memory(memory, offset))
}

pub fn open_stable_writer(memory: Base, offset: u64) -> Opened {
    Box::new(StableWriter::with_memory(memory, offset))
}

pub fn open_stable_reader(memory: Base, offset: u64) -> Opened {
    Box::new(StableReader::with_memory(memory, offset))
}

pub fn open_buffered_stable_writer(memory: Base, offset: u64, capacity: usize) -> Opened {
    let writer = StableWriter::with_memory(memory, offset);
    Box::new(BufferedStableWriter::with_writer(capacity, writer))
}

pub fn open_buffered_stable_reader(memory: Base, offset: u64, capacity: usize) -> Opened {
    let reader = StableReader::with_memory(memory, offset);
    Box::new(BufferedStableReader::with_reader(capacity, reader))
}
