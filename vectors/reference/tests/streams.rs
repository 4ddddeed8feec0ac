//! Streams, through the program as it is run.

use std::io::Write;
use std::process::{Command, Stdio};

/// Sends each line and checks its answer; a wanted answer may leave out the message.
fn check(lines: &[(&str, &str)]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_reference"))
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), lines.len());
    for ((line, wanted), answer) in lines.iter().zip(answers) {
        let fits = answer == *wanted || answer.starts_with(&format!("{wanted} "));
        assert!(fits, "{line}: {answer}, not {wanted}");
    }
}

#[test]
fn a_writer_writes_all_or_nothing() {
    check(&[
        ("new limit=1", "ok"),
        ("stream w writer memory=base offset=65534", "ok"),
        ("w write 0102", "number 2"),
        ("w write 03", "error OutOfMemory"),
        ("w inherent_write 03", "error GrowFailed"),
        ("w write_all -", "ok"),
        ("w seek start 0", "error writer has no operation seek"),
        ("stream r reader memory=base offset=65534", "ok"),
        ("r read 3", "some 0102"),
        ("r read 1", "some -"),
        ("r inherent_read 1", "error OutOfBounds"),
    ]);
}

#[test]
fn a_buffered_writer_keeps_bytes_until_they_must_go() {
    check(&[
        ("new", "ok"),
        ("stream w buffered_stable_writer memory=base capacity=4", "ok"),
        ("w write 010203", "number 3"),
        ("w offset", "number 0"),
        ("w write 04", "number 1"),
        ("w offset", "number 0"),
        ("w write 05", "number 1"),
        ("w offset", "number 4"),
        ("w seek current 0", "number 5"),
        ("w write 0607", "number 2"),
        ("w drop", "ok"),
        ("w offset", "error unknown name w"),
        ("stream r reader memory=base", "ok"),
        ("r read 8", "some 0102030405060700"),
    ]);
}

#[test]
fn a_dropped_writer_swallows_the_failure() {
    check(&[
        ("new limit=0", "ok"),
        ("stream w buffered_writer memory=base capacity=4", "ok"),
        ("w write 01", "number 1"),
        ("w flush", "error OutOfMemory"),
        ("w drop", "ok"),
        ("stream w writer memory=base", "ok"),
    ]);
}

#[test]
fn a_stable_reader_sees_the_size_it_began_with() {
    check(&[
        ("new", "ok"),
        ("grow_base 1", "number 0"),
        ("stream r stable_reader memory=base offset=65535", "ok"),
        ("grow_base 1", "number 1"),
        ("r read 2", "some 00"),
        ("r read 2", "some -"),
        ("r inherent_read 2", "error OutOfBounds"),
        ("r seek end -1", "number 65535"),
        ("r seek current -65536", "number 18446744073709551615"),
    ]);
}

#[test]
fn a_stable_writer_grows_by_too_much_when_its_size_is_old() {
    check(&[
        ("new", "ok"),
        ("stream w stable_writer memory=base", "ok"),
        ("grow_base 1", "number 0"),
        ("w write 01", "number 1"),
        ("grow_base 0", "number 2"),
        ("w seek end 0", "number 131072"),
    ]);
}

#[test]
fn a_buffered_reader_reads_ahead() {
    check(&[
        ("new", "ok"),
        ("stream w writer memory=base", "ok"),
        ("w write 0102030405060708", "number 8"),
        ("stream r buffered_stable_reader memory=base capacity=4", "ok"),
        ("r read 0", "some -"),
        ("r offset", "number 4"),
        ("r read 3", "some 010203"),
        ("r read 3", "some 04"),
        ("r read 5", "some 0506070800"),
        ("r seek start 65534", "number 65534"),
        ("r read_exact 3", "error UnexpectedEof"),
        ("r offset", "number 65536"),
    ]);
}

#[test]
fn streams_outlive_a_reload_but_not_their_manager() {
    check(&[
        ("new", "ok"),
        ("manager bucket=1", "ok"),
        ("stream v writer memory=0", "ok"),
        ("stream b reader memory=base", "ok"),
        ("v write 2a", "number 1"),
        ("reload", "ok"),
        ("v write 2b", "number 1"),
        ("manager bucket=1", "ok"),
        ("v write 2c", "error unknown name v"),
        ("b read 3", "some 4d4752"),
        ("stream s stable_writer memory=0", "error no stream"),
        ("new", "ok"),
        ("b read 3", "error unknown name b"),
    ]);
}

#[test]
fn a_panic_in_a_drop_is_an_answer() {
    check(&[
        ("new limit=1", "ok"),
        ("manager bucket=1", "ok"),
        ("stream a buffered_writer memory=0 capacity=4", "ok"),
        ("a write 01", "number 1"),
        ("a drop", "panic"),
        ("stream a buffered_writer memory=0 capacity=4", "ok"),
        ("a write 01", "number 1"),
        ("stream b buffered_writer memory=1 capacity=4", "ok"),
        ("b write 01", "number 1"),
        ("new", "ok"),
    ]);
}
