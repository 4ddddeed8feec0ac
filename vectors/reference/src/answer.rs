//! Answers, and the words of a line that become arguments.

use std::fmt;
use std::ops::Bound;

pub type Bytes = Vec<u8>;
pub type Pair = (Bytes, Bytes);
pub type Range = (Bound<Bytes>, Bound<Bytes>);
pub type Reply = Result<Answer, String>;

pub enum Answer {
    Done,
    Value(Option<Bytes>),
    Entry(Option<Pair>),
    Number(i128),
    Truth(bool),
    Entries(Vec<Pair>),
    Keys(Vec<Bytes>),
    Values(Vec<Bytes>),
    Optionals(Vec<Option<Bytes>>),
    Line(String),
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self.0 {
            [] => out.write_str("-"),
            bytes => out.write_str(&hex::encode(bytes)),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Answer::Done => out.write_str("ok"),
            Answer::Value(None) | Answer::Entry(None) => out.write_str("none"),
            Answer::Value(Some(bytes)) => write!(out, "some {}", Hex(bytes)),
            Answer::Entry(Some((key, value))) => write!(out, "entry {} {}", Hex(key), Hex(value)),
            Answer::Number(number) => write!(out, "number {number}"),
            Answer::Truth(truth) => write!(out, "{truth}"),
            Answer::Entries(pairs) => write_entries(out, pairs),
            Answer::Keys(keys) => write_list(out, "keys", keys),
            Answer::Values(values) => write_list(out, "values", values),
            Answer::Optionals(values) => write_optionals(out, values),
            Answer::Line(line) => out.write_str(line),
        }
    }
}

fn write_entries(out: &mut fmt::Formatter, pairs: &[Pair]) -> fmt::Result {
    write!(out, "entries {}", pairs.len())?;
    pairs.iter().try_for_each(|(key, value)| write!(out, " {} {}", Hex(key), Hex(value)))
}

fn write_optionals(out: &mut fmt::Formatter, values: &[Option<Bytes>]) -> fmt::Result {
    write!(out, "optionals {}", values.len())?;
    values.iter().try_for_each(|value| match value {
        None => out.write_str(" none"),
        Some(bytes) => write!(out, " {}", Hex(bytes)),
    })
}

fn write_list(out: &mut fmt::Formatter, word: &str, items: &[Bytes]) -> fmt::Result {
    write!(out, "{word} {}", items.len())?;
    items.iter().try_for_each(|item| write!(out, " {}", Hex(item)))
}

pub fn bytes(word: &str) -> Result<Bytes, String> {
    match word {
        "-" => Ok(Vec::new()),
        "" => Err("an empty word; no bytes are written -".into()),
        _ => hex::decode(word).map_err(|error| format!("{word}: {error}")),
    }
}

pub fn number(word: &str) -> Result<u64, String> {
    word.parse().map_err(|error| format!("{word}: {error}"))
}

/// A buffer of the length that the word says.
pub fn buffer(word: &str) -> Result<Bytes, String> {
    match number(word)? {
        // An absurd length must not be allocated before the memory refuses it.
        length if length > u64::from(u32::MAX) => {
            Err(format!("{length} bytes are too many for one read"))
        }
        length => Ok(vec![0; length as usize]),
    }
}

pub fn range(low: &str, high: &str) -> Result<Range, String> {
    Ok((bound(low, '>')?, bound(high, '<')?))
}

fn bound(word: &str, sign: char) -> Result<Bound<Bytes>, String> {
    if word == "*" {
        return Ok(Bound::Unbounded);
    }
    let rest = word
        .strip_prefix(sign)
        .ok_or_else(|| format!("{word}: expected *, {sign}=HEX or {sign}HEX"))?;
    match rest.strip_prefix('=') {
        Some(rest) => bytes(rest).map(Bound::Included),
        None => bytes(rest).map(Bound::Excluded),
    }
}

/// The last, optional word of a range.
pub fn reversed(words: &[&str]) -> Result<bool, String> {
    match words {
        [] => Ok(false),
        ["rev"] => Ok(true),
        _ => Err(format!("expected rev or nothing, found {}", words.join(" "))),
    }
}

pub fn unknown(kind: &str, operation: &str, words: &[&str]) -> Reply {
    Err(format!("{kind} has no operation {operation} with {} arguments", words.len()))
}
