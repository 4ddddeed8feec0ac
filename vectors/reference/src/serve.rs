//! `reference serve`: lines in, answers out, for as long as the client likes.

use crate::answer::{bytes, number, Answer, Reply};
use crate::memory::Base;
use crate::script::{answer_line, is_skipped, Machine};
use crate::structure::Options;
use crate::{files, map, map_v1, types};
use std::io::{self, BufRead, BufReader, Write};
use std::sync::mpsc::{channel, Receiver};
use std::thread;

const INPUT_BUFFER: usize = 1 << 20;
const ANSWER_CHUNK: usize = 1 << 16;

pub fn serve() -> Result<(), String> {
    // A client may write everything before it reads anything. The queue of answers has no
    // bound, so that reading input never waits for a client that does not read yet.
    let (sender, receiver) = channel();
    let writer = thread::spawn(move || write_chunks(receiver));
    let mut machine = Machine::new(Base::new(Vec::new(), None)?);
    let mut input = BufReader::with_capacity(INPUT_BUFFER, io::stdin().lock());
    let mut line = Vec::new();
    let mut answers = Vec::new();
    while read_line(&mut input, &mut line)? {
        if let Some(answer) = answer(&mut machine, &line) {
            answers.extend_from_slice(answer.as_bytes());
            answers.push(b'\n');
        }
        let waiting = !input.buffer().contains(&b'\n');
        if (waiting || answers.len() >= ANSWER_CHUNK) && !answers.is_empty() {
            let chunk = std::mem::take(&mut answers);
            sender.send(chunk).map_err(|_| "nobody reads the answers".to_string())?;
        }
    }
    drop(sender);
    writer.join().unwrap_or(Ok(())).map_err(|error| error.to_string())
}

fn write_chunks(chunks: Receiver<Vec<u8>>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for chunk in chunks {
        out.write_all(&chunk)?;
        out.flush()?;
    }
    Ok(())
}

/// Returns false at the end of the input. The line end is not part of the line.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, String> {
    line.clear();
    let length = input.read_until(b'\n', line).map_err(|error| error.to_string())?;
    for end in [b'\n', b'\r'] {
        if line.last() == Some(&end) {
            line.pop();
        }
    }
    Ok(length > 0)
}

fn answer(machine: &mut Machine, line: &[u8]) -> Option<String> {
    match std::str::from_utf8(line) {
        Err(_) => Some("error the line is not UTF-8".into()),
        Ok(line) if is_skipped(line) => None,
        Ok(line) => Some(answer_line(|| control(machine, line))),
    }
}

fn control(machine: &mut Machine, line: &str) -> Reply {
    let words: Vec<&str> = line.split(' ').collect();
    match words[..] {
        ["new", ref options @ ..] => restart(machine, Vec::new(), options),
        ["from", path, ref options @ ..] => restart(machine, files::read(path)?, options),
        ["image", path] => write_image(machine, path),
        ["sha256"] => Ok(Answer::Line(machine.base.summary())),
        ["encode", name, _, ..] => encode(name, line),
        ["recode", name, value] => {
            types::recode_named(name, &bytes(value)?).map(|bytes| Answer::Value(Some(bytes)))
        }
        ["compare", name, a, b] => compare(name, a, b),
        ["types"] => Ok(Answer::Line(type_list())),
        _ => machine.run(line),
    }
}

fn restart(machine: &mut Machine, image: Vec<u8>, words: &[&str]) -> Reply {
    let mut options = Options::parse(words)?;
    let limit = options.take_optional("limit").map(|word| number(&word)).transpose()?;
    options.finish()?;
    *machine = Machine::new(Base::new(image, limit)?);
    Ok(Answer::Done)
}

fn write_image(machine: &Machine, path: &str) -> Reply {
    machine.base.with_bytes(|bytes| files::write(path, bytes))?;
    Ok(Answer::Line(machine.base.summary()))
}

// JSON may hold spaces, so it is the rest of the line.
fn encode(name: &str, line: &str) -> Reply {
    let json = line.splitn(3, ' ').nth(2).unwrap_or_default();
    types::encode_named(name, json).map(|bytes| Answer::Value(Some(bytes)))
}

fn compare(name: &str, a: &str, b: &str) -> Reply {
    let order = types::compare_named(name, &bytes(a)?, &bytes(b)?)?;
    Ok(Answer::Number(order as i128))
}

fn type_list() -> String {
    let current = map::pairs().map(|(key, value)| format!(" {key}:{value}"));
    let old = map_v1::pairs().map(|(key, value)| format!(" v1/{key}:{value}"));
    format!("types{}", current.chain(old).collect::<String>())
}
