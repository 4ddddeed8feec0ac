//! The published crate as a subject of the benchmark in `benchmarks/compare`: reads lines, answers each.
//! The protocol, the cases and the streams of keys are described in that folder's README.

mod case;
mod session;
mod streams;

use case::Case;
use session::{open, Session};
use std::io::{stdin, stdout, BufRead, Write};

fn main() {
    let mut session: Option<Box<dyn Session>> = None;
    for line in stdin().lock().lines() {
        let Ok(line) = line else { break };
        let answer =
            answer(&line, &mut session).unwrap_or_else(|message| format!("error {message}"));
        println!("{answer}");
        let _ = stdout().flush();
    }
}

fn answer(line: &str, session: &mut Option<Box<dyn Session>>) -> Result<String, String> {
    let words: Vec<&str> = line.split(' ').collect();
    if let ["prepare", rest @ ..] = words.as_slice() {
        *session = Some(open(Case::parse(rest)?)?);
        return Ok("ok".into());
    }
    let session = session.as_mut().ok_or("no case is prepared")?;
    match words.as_slice() {
        ["reset"] => {
            session.reset();
            Ok("ok".into())
        }
        ["run", phase] => Ok(match session.run(phase) {
            Some(done) => {
                format!("done {} {} {}", done.nanoseconds, done.operations, done.checksum)
            }
            None => "unsupported".into(),
        }),
        ["image"] => Ok(session.image()),
        ["bytes"] | ["count", _] => Ok("unsupported".into()),
        _ => Err(format!("cannot read {line}")),
    }
}
