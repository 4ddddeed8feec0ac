//! `reference run`: a whole script, then the hash of the image.

use crate::answer::number;
use crate::files;
use crate::memory::Base;
use crate::script::{answer_line, is_skipped, Machine};
use std::io::{self, BufWriter, Read, Write};

#[derive(Default)]
pub struct Arguments {
    script: Option<String>,
    from: Option<String>,
    limit: Option<u64>,
    out: Option<String>,
    answers: bool,
}

impl Arguments {
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            let mut next = || words.next().ok_or_else(|| format!("{word} needs an argument"));
            match word.as_str() {
                "--from" => arguments.from = Some(next()?),
                "--limit" => arguments.limit = Some(number(&next()?)?),
                "--out" => arguments.out = Some(next()?),
                "--answers" => arguments.answers = true,
                _ if word.starts_with("--") => return Err(format!("unknown option {word}")),
                _ if arguments.script.is_some() => return Err(format!("one script, not {word}")),
                _ => arguments.script = Some(word),
            }
        }
        Ok(arguments)
    }
}

/// Returns whether every line was answered without `error` or `panic`.
pub fn run(arguments: Arguments) -> Result<bool, String> {
    let script = read_script(arguments.script.as_deref().ok_or("a script is missing")?)?;
    let image = arguments.from.as_deref().map_or(Ok(Vec::new()), files::read)?;
    let mut machine = Machine::new(Base::new(image, arguments.limit)?);
    let sound = run_lines(&mut machine, &script, arguments.answers)?;
    if let Some(path) = &arguments.out {
        machine.base.with_bytes(|bytes| files::write(path, bytes))?;
    }
    println!("{}", machine.base.summary());
    Ok(sound)
}

fn read_script(path: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    if path == "-" {
        io::stdin().read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    } else {
        bytes = files::read(path)?;
    }
    String::from_utf8(bytes).map_err(|error| format!("{path}: {error}"))
}

fn run_lines(machine: &mut Machine, script: &str, answers: bool) -> Result<bool, String> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut sound = true;
    for (index, line) in script.lines().enumerate().filter(|(_, line)| !is_skipped(line)) {
        let answer = answer_line(|| machine.run(line));
        if answer.starts_with("error ") || answer.starts_with("panic ") {
            sound = false;
            eprintln!("line {}: {answer}", index + 1);
        }
        if answers {
            writeln!(out, "{answer}").map_err(|error| error.to_string())?;
        }
    }
    out.flush().map_err(|error| error.to_string())?;
    Ok(sound)
}
