//! Operations on many entries of a map, which the crate does not have: what it makes of them one by one.

use crate::answer::{bytes, number, range, reversed, Answer, Bytes, Pair, Range, Reply};
use crate::map::MapOps;
use std::ops::Bound;

/// The answer; `None` when the operation is none of these.
pub fn run(
    map: &mut dyn MapOps,
    walk: &mut Option<Walk>,
    operation: &str,
    words: &[&str],
) -> Option<Reply> {
    Some(match (operation, words) {
        ("get_many", keys) => get(map, keys),
        ("insert_many", entries) if entries.len() % 2 == 0 => insert(map, entries),
        ("delete_range", [low, high, limit]) => delete(map, low, high, limit),
        ("walk", [low, high, rest @ ..]) => Walk::open(low, high, rest).map(|opened| {
            *walk = Some(opened);
            Answer::Done
        }),
        ("walk_resume", []) => {
            walk.iter_mut().for_each(Walk::resume);
            Ok(Answer::Done)
        }
        ("walk_next", [count]) => next(map, walk, count),
        _ => return None,
    })
}

fn get(map: &dyn MapOps, keys: &[&str]) -> Reply {
    let values = keys.iter().map(|key| Ok(map.get(&bytes(key)?)));
    Ok(Answer::Optionals(values.collect::<Result<_, String>>()?))
}

fn insert(map: &mut dyn MapOps, entries: &[&str]) -> Reply {
    let mut new = 0;
    for entry in entries.chunks_exact(2) {
        new += i128::from(map.insert(&bytes(entry[0])?, &bytes(entry[1])?).is_none());
    }
    Ok(Answer::Number(new))
}

fn delete(map: &mut dyn MapOps, low: &str, high: &str, limit: &str) -> Reply {
    let mut keys = map.keys_range(range(low, high)?, false);
    if limit != "*" {
        keys.truncate(number(limit)? as usize);
    }
    keys.iter().for_each(|key| drop(map.remove(key)));
    Ok(Answer::Number(keys.len() as i128))
}

fn next(map: &dyn MapOps, walk: &mut Option<Walk>, count: &str) -> Reply {
    let walk = walk.as_mut().ok_or("no walk was begun")?;
    Ok(Answer::Entries(walk.next(map, number(count)? as usize)))
}

/// Where a walk is that goes on after changes, and after a reload.
pub struct Walk {
    range: Range,
    rev: bool,
    ended: bool,
}

impl Walk {
    fn open(low: &str, high: &str, rest: &[&str]) -> Result<Self, String> {
        Ok(Self { range: range(low, high)?, rev: reversed(rest)?, ended: false })
    }

    /// A walk that is begun anew where it was finds what was inserted behind its end.
    pub fn resume(&mut self) {
        self.ended = false;
    }

    fn next(&mut self, map: &dyn MapOps, count: usize) -> Vec<Pair> {
        if self.ended {
            return Vec::new();
        }
        let mut entries = map.range(self.range.clone(), self.rev);
        self.ended = entries.len() < count;
        entries.truncate(count);
        if let Some((key, _)) = entries.last() {
            self.go_behind(key.clone());
        }
        entries
    }

    fn go_behind(&mut self, key: Bytes) {
        let (low, high) = &mut self.range;
        *if self.rev { high } else { low } = Bound::Excluded(key);
    }
}
