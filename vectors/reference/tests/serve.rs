//! The protocol of README.md, on the program as it is run.

use std::io::Write;
use std::process::{Command, Stdio};

fn serve(lines: &str) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_reference"))
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().lines().map(String::from).collect()
}

#[test]
fn answers_each_line_that_is_not_skipped() {
    let answers = serve("# comment\n\nnew\nmanager bucket=1\nnobody len\nreload\n");
    assert_eq!(answers, ["ok", "ok", "error unknown name nobody", "ok"]);
}

#[test]
fn orders_principals_by_length_first() {
    let answers = serve("compare principal ff 0000\ncompare principal 02 01\n");
    assert_eq!(answers, ["number -1", "number 1"]);
}

#[test]
fn survives_a_refused_growth() {
    let answers = serve(
        "new limit=1\nmanager bucket=1\nstructure m btreemap memory=0 key=u64 value=u64\nsha256\n",
    );
    assert_eq!(answers[..2], ["ok", "ok"]);
    assert!(answers[2].starts_with("panic "), "{}", answers[2]);
    assert!(answers[3].ends_with(" pages 1"), "{}", answers[3]);
}

#[test]
fn keeps_a_version_1_map_until_it_is_migrated() {
    let answers = serve(
        "new\nstructure m btreemap_v1 memory=base key=u32 value=u8\nm insert 00000001 05\nreload\n\
         m migrate\nm migrate\nm range >=00000001 * rev\n",
    );
    let last = ["none", "ok", "ok", "error m is not at version 1", "entries 1 00000001 05"];
    assert_eq!(answers[2..], last);
}

#[test]
fn combines_sets_of_one_type() {
    let answers = serve(
        "new\nmanager bucket=1\nstructure a btreeset memory=0 key=u8\nstructure b btreeset memory=1 key=u8\n\
         structure c btreeset memory=2 key=u16\nstructure r raw memory=3\n\
         a insert 01\na insert 02\nb insert 02\nb insert 03\n\
         a union b\na intersection b\na symmetric_difference b\na is_subset b\na is_superset b\n\
         a is_disjoint b\na union a\na union c\na union r\nr union a\na union d\n",
    );
    let last = [
        "keys 3 01 02 03",
        "keys 1 02",
        "keys 2 01 03",
        "false",
        "false",
        "false",
        "keys 2 01 02",
        "error the other structure is no set of the same type",
        "error the other structure is no set of the same type",
        "error not a set, and only sets have union",
        "error unknown name d",
    ];
    assert_eq!(answers[10..], last);
}

#[test]
fn decodes_and_encodes_again() {
    let answers = serve(
        "recode user 0100000003616e6e\nrecode option_string 6101\nrecode user 03\nrecode nobody 00\n",
    );
    assert_eq!(answers[..2], ["some 0200000003616e6e00", "some 6101"]);
    assert!(answers[2].starts_with("panic "), "{}", answers[2]);
    assert_eq!(answers[3], "error unknown type nobody");
}

#[test]
fn walks_on_through_changes_and_a_reload() {
    let answers = serve(
        "new\nmanager bucket=1\nstructure m btreemap memory=0 key=u8 value=u8\n\
         m insert_many 01 0a 02 0b 03 0c\nm walk * * rev\nm walk_next 1\nm remove 02\nreload\n\
         m walk_next 2\nm insert 00 0d\nm walk_next 1\nm walk_resume\nm walk_next 1\n\
         m get_many 00 02\nm delete_range >=01 * 1\nm len\n",
    );
    assert_eq!(
        answers[3..],
        [
            "number 3",
            "ok",
            "entries 1 03 0c",
            "some 0b",
            "ok",
            "entries 1 01 0a",
            "none",
            "entries 0",
            "ok",
            "entries 1 00 0d",
            "optionals 2 0d none",
            "number 1",
            "number 2",
        ]
    );
}
