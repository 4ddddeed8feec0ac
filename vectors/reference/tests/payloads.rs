//! The committed payloads, and the program that made them.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn payloads(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_payloads")).args(words).output().unwrap()
}

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../payloads")
}

fn list() -> Vec<Value> {
    let text = fs::read_to_string(committed().join("payloads.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry[name].as_str().unwrap()
}

#[test]
fn the_committed_files_are_those_that_are_written() {
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("payloads");
    let _ = fs::remove_dir_all(&fresh);
    assert!(payloads(&["write", fresh.to_str().unwrap()]).status.success());
    let mut written = 0;
    for entry in fs::read_dir(&fresh).unwrap() {
        let name = entry.unwrap().file_name();
        let differs = fs::read(fresh.join(&name)).unwrap()
            != fs::read(committed().join(&name)).unwrap_or_default();
        assert!(!differs, "{name:?} differs");
        written += 1;
    }
    let readme = 1;
    assert_eq!(fs::read_dir(committed()).unwrap().count(), written + readme);
}

#[test]
fn every_file_decodes_with_its_own_library() {
    for entry in list() {
        let path = committed().join(text(&entry, "file"));
        let format = match text(&entry, "library").starts_with("serde_cbor ") {
            true => "serde-cbor",
            false => text(&entry, "format"),
        };
        let (layout, kind) = (text(&entry, "layout"), text(&entry, "type"));
        let output = payloads(&["decode", format, layout, kind, path.to_str().unwrap()]);
        assert!(output.status.success(), "{path:?}: {output:?}");
    }
}

#[test]
fn ciborium_values_are_the_same_with_and_without_types() {
    for entry in list().iter().filter(|entry| text(entry, "library").starts_with("ciborium ")) {
        let path = committed().join(text(entry, "file"));
        let path = path.to_str().unwrap();
        let (layout, kind) = (text(entry, "layout"), text(entry, "type"));
        let typed = payloads(&["decode", "cbor", layout, kind, path]).stdout;
        let untyped = payloads(&["decode", "cbor", layout, "any", path]).stdout;
        assert!(!typed.is_empty() && typed == untyped, "{path}");
    }
}

#[test]
fn refuses_a_length_that_is_not_that_of_the_value() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, bytes) in [("short.bin", &[2, 0, 0, 0, 1][..]), ("long.bin", &[2, 0, 0, 0, 1, 2])] {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        assert!(!payloads(&["decode", "cbor", "length-prefixed", "any", path]).status.success());
    }
}

#[test]
fn names_the_versions_that_are_locked() {
    let lock = include_str!("../Cargo.lock");
    for entry in list() {
        let (name, version) = text(&entry, "library").split_once(' ').unwrap();
        let locked = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&locked), "{name} {version}");
    }
}
