//! The rules tried on small sources that were made up: each must fail where it should.

use std::collections::{BTreeMap, BTreeSet};

use crate::crates;
use crate::imports::{self, Crate};
use crate::rules;
use crate::source::Source;

fn faults(rule: fn(&Source) -> Vec<String>, name: &str, text: &str) -> usize {
    rule(&Source::new(name, text)).len()
}

/// A crate of these files.
fn of(files: &[(&str, &str)]) -> Crate {
    let sources: Vec<Source> = files
        .iter()
        .map(|(name, text)| Source::new(&format!("a/{name}"), text))
        .collect();
    Crate::new(&sources.iter().collect::<Vec<_>>())
}

fn file_rings(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    imports::circles(&of(files).edges())
}

const FACE: (&str, &str) = ("lib.rs", "pub mod one;\npub mod two;\npub mod room;\n");

#[test]
fn a_ring_of_names_is_noticed() {
    let edge = |from: &str, to: &str| (from.to_owned(), BTreeSet::from([to.to_owned()]));
    let ring = BTreeMap::from([
        edge("a", "b"),
        edge("b", "c"),
        edge("c", "a"),
        edge("d", "a"),
    ]);
    assert_eq!(imports::circles(&ring), [["a", "b", "c"]]);
    let line = BTreeMap::from([edge("a", "b"), edge("b", "c")]);
    assert!(imports::circles(&line).is_empty());
}

#[test]
fn two_files_that_import_each_other_are_noticed_however_it_is_written() {
    let two = ("two.rs", "use crate::one::One;\npub struct Two(One);");
    for one in [
        "use crate::two::Two;\npub struct One;",
        "use crate::{two::{Two}};\npub struct One;",
        "use super::two::Two as Other;\npub struct One;",
        "use crate::two;\npub struct One;\nfn f() -> two::Two { two::f() }",
        "pub struct One;\nfn f() { crate::two::f(); }",
        "pub struct One;\nfn f() { super::two::f(); }",
        "use crate::two::*;\npub struct One;",
        "pub struct One;\nmod inner { fn f() { super::super::two::f() } }",
    ] {
        let found = file_rings(&[FACE, ("one.rs", one), two]);
        assert_eq!(found, [["one.rs", "two.rs"]], "{one}");
    }
    for one in [
        "pub struct One; // crate::two::Two",
        "pub struct One;\nconst A: &str = \"crate::two::f()\";",
        "pub struct One;\nmod inner { fn f() { super::two::f() } }",
        "use other::two::Two;\npub struct One;",
    ] {
        assert!(
            file_rings(&[FACE, ("one.rs", one), two]).is_empty(),
            "{one}"
        );
    }
}

#[test]
fn a_face_that_only_hands_on_is_looked_through() {
    let face = (
        "room/mod.rs",
        "//! A room.\nmod deep;\nmod other;\npub use deep::Deep;\npub use other::*;\n",
    );
    let deep = ("room/deep.rs", "use super::other::Other;\npub struct Deep;");
    let other = ("room/other.rs", "pub struct Other;");
    let through = ("one.rs", "use crate::room::{Deep, Other};\npub struct One;");
    let files = [FACE, face, deep, other, through];
    let edges = of(&files).edges();
    let to: Vec<&str> = edges["one.rs"].iter().map(String::as_str).collect();
    assert_eq!(to, ["room/deep.rs", "room/other.rs"]);
    assert!(file_rings(&files).is_empty());
    assert_eq!(of(&files).through_faces().len(), 2);
    assert!(of(&files).full_faces().is_empty());
    // Back from the room to whom imports it, around the face.
    let other = ("room/other.rs", "use crate::one::One;\npub struct Other;");
    let files = [FACE, face, deep, other, through];
    assert_eq!(
        file_rings(&files),
        [["one.rs", "room/deep.rs", "room/other.rs"]]
    );
    assert_eq!(imports::circles(&of(&files).rooms()), [["one.rs", "room"]]);
    let named = (
        "one.rs",
        "use crate::room::deep::Deep;\nfn f(deep: Deep) { Deep::new() }",
    );
    assert!(of(&[FACE, face, deep, named]).through_faces().is_empty());
}

#[test]
fn an_import_back_up_in_a_room_is_noticed() {
    let room = |header: &str| {
        let face = format!("//! A room. {header}\nmod deep;\nmod other;\n");
        let deep = "pub struct Deep;";
        let other = "use crate::room::deep::Deep;\npub struct Other;";
        let files = [
            FACE,
            ("room/mod.rs", face.as_str()),
            ("room/deep.rs", deep),
            ("room/other.rs", other),
        ];
        of(&files).orders().len()
    };
    for (header, count) in [
        ("In order: deep · other.", 0),
        ("*Order:* `deep` · `other`. And more.", 0),
        ("In order: other, deep.", 1),
        ("In order: deep.", 1),
        ("In order: deep · third · other.", 1),
        ("It has no order", 1),
    ] {
        assert_eq!(room(header), count, "{header}");
    }
}

#[test]
fn a_face_that_defines_is_noticed() {
    for (text, count) in [
        (
            "//! A.\npub mod deep;\npub use deep::{Deep, f};\n#[cfg(test)]\nmod tests;\n",
            0,
        ),
        ("pub mod deep;\npub struct A { b: u8 }\n", 1),
        ("pub mod deep;\npub const A: u8 = 1;\n", 1),
        ("pub mod deep;\nimpl Deep { fn f() {} }\n", 1),
    ] {
        let files = [("room/mod.rs", text), ("room/deep.rs", "pub struct Deep;")];
        assert_eq!(of(&files).full_faces().len(), count, "{text}");
    }
    // A file with others below it is a face, whatever its name.
    let files = [
        ("room.rs", "mod deep;\nfn f() {}"),
        ("room/deep.rs", "fn g() {}"),
    ];
    assert_eq!(of(&files).full_faces().len(), 1);
}

#[test]
fn a_table_in_a_face_is_marked_and_holds_rows_only() {
    let statics = "pub static ROWS: [&'static Row; 1] = [&deep::ROW];\n";
    let call = "deep::rows! { deep, other }\n";
    for (mark, rows, count) in [
        ("// table\n", [statics, call], 0),
        ("", [statics, ""], 1),
        ("", [call, ""], 1),
        ("// table\n", [statics, "fn f() {}\n"], 1),
        ("// table\n", [statics, "pub struct A;\n"], 1),
        ("// table\n", [statics, "const A: u8 = 1;\n"], 1),
        ("// table\n", [call, "impl Deep { fn f() {} }\n"], 1),
        ("// table\n", [call, "macro_rules! rows { () => {} }\n"], 1),
    ] {
        let text = format!(
            "//! A.\n{mark}#![doc = file!()]\nmod deep;\n{}",
            rows.concat()
        );
        let files = [
            ("room/mod.rs", &*text),
            ("room/deep.rs", "pub struct Deep;"),
        ];
        assert_eq!(of(&files).full_faces().len(), count, "{text}");
    }
    // What is imported from the table is imported from its files.
    let files = [
        FACE,
        ("one.rs", "pub static A: u8 = crate::room::ROWS;"),
        (
            "room/mod.rs",
            "// table\nmod deep;\npub static ROWS: u8 = deep::ROW;",
        ),
        ("room/deep.rs", "pub static ROW: u8 = crate::one::A;"),
    ];
    let ring = ["one.rs", "room/deep.rs", "room/mod.rs"];
    assert_eq!(file_rings(&files), [ring]);
}

#[test]
fn an_arrow_back_between_crates_is_noticed() {
    let manifest = "[package]\nname = \"x\"\n\n[dependencies]\nloopscope-tui.workspace = true\n\
                    # serde = \"1\"\ntoml = \"1\"\n\n[dev-dependencies]\nclap = \"4\"\n";
    let dependencies = crates::dependencies(manifest);
    assert_eq!(dependencies, ["loopscope-tui", "toml"]);
    assert_eq!(crates::arrows("loopscope-timeline", &dependencies).len(), 1);
    assert_eq!(crates::arrows("loopscope", &dependencies).len(), 0);
    assert_eq!(crates::arrows("loopscope-new", &dependencies).len(), 1);
    assert!(crates::is_tested_inside(manifest));
    let without = format!("{manifest}\n# A.\n[lib]\ntest = false\n\n[lints]\n");
    assert!(!crates::is_tested_inside(&without));
    let tree = "loopscope-trace v0.1.0\nserde v1.0.0\nserde v1.0.0 (*)\nitoa v1.0.0\n";
    assert_eq!(crates::heavy("loopscope-trace", 2, tree).len(), 0);
    assert_eq!(crates::heavy("loopscope-trace", 1, tree).len(), 1);
}

#[test]
fn a_crate_far_from_home_is_noticed() {
    let wrong = [
        ("loopscope-tui/view.rs", "use crossterm::event;"),
        ("loopscope-timeline/world.rs", "use tokio::task;"),
        ("loopscope-lab/engine/mod.rs", "fn f() { ratatui::init(); }"),
        (
            "loopscope-lab/scenario/mod.rs",
            "use {clap::Parser, std::io};",
        ),
        ("loopscope-lab/scenario/mod.rs", "use tokio::task;"),
    ];
    for (name, text) in wrong {
        assert_eq!(faults(rules::homes, name, text), 1, "{name}: {text}");
    }
    let right = [
        ("loopscope-tui/terminal/mod.rs", "use crossterm::event;"),
        ("loopscope-lab/engine/mod.rs", "use tokio::task;"),
        (
            "loopscope-tui/view.rs",
            "/// tokio::task is named here only.\nuse crate::tokio_words;",
        ),
    ];
    for (name, text) in right {
        assert_eq!(faults(rules::homes, name, text), 0, "{name}: {text}");
    }
    let sources = [
        Source::new("loopscope-tui/a.rs", "use serde::Serialize; // clap"),
        Source::new("loopscope-lab/a.rs", "use clap::Parser;"),
    ];
    let names = ["serde", "clap"].map(str::to_owned);
    let found = rules::unused("loopscope-tui", &names, &sources);
    assert_eq!(found, ["loopscope-tui: nothing needs clap"]);
    for (name, count) in [("serde", 0), ("ratatui", 0), ("clap", 1), ("unheard-of", 1)] {
        let found = rules::homeless("loopscope-tui", &[name.to_owned()]);
        assert_eq!(found.len(), count, "{name}");
    }
}

#[test]
fn what_is_too_long_is_noticed() {
    let lines = |count: usize| "    let a = '{';\n".repeat(count);
    let function =
        |mark: &str, count| format!("//! A.\n\n{mark}\npub fn f() {{\n{}}}\n", lines(count));
    let long = |text: &str| faults(rules::lengths, "a/b.rs", text);
    assert_eq!(long(&function("", 60)), 0);
    assert_eq!(long(&function("", 61)), 1);
    assert_eq!(long(&function("// table", 61)), 0);
    let wide = format!("{}\nfn g() {{}}\n", function("// table\n#[inline]", 70));
    assert_eq!(long(&wide), 0);
    let file = |mark: &str| format!("//! A.\n{mark}\n{}", "\n".repeat(300));
    assert_eq!(long(&file("")), 1);
    assert_eq!(long(&file("// table")), 0);
}

#[test]
fn too_many_files_and_too_many_long_ones_are_noticed() {
    let files = |count: usize, room: usize, text: &str| -> Vec<Source> {
        let name = |file: usize| format!("a/{}/{file}.rs", file / room);
        (0..count)
            .map(|file| Source::new(&name(file), text))
            .collect()
    };
    assert_eq!(rules::measures(&files(720, 20, "//! A.\n")).len(), 0);
    assert_eq!(rules::measures(&files(721, 20, "//! A.\n")).len(), 1);
    assert_eq!(rules::measures(&files(21, 21, "//! A.\n")).len(), 1);
    assert_eq!(rules::measures(&files(3, 20, &"\n".repeat(171))).len(), 1);
    let function = format!("fn f() {{\n{}}}\n", "    g();\n".repeat(46));
    assert_eq!(rules::measures(&files(3, 20, &function)).len(), 1);
}

#[test]
fn a_missing_header_is_noticed() {
    assert_eq!(faults(rules::headers, "a/b.rs", "use a;\n"), 1);
    assert_eq!(faults(rules::headers, "a/b.rs", "//! What it is.\n"), 0);
    let whole = "#![doc = include_str!(\"../README.md\")]\n";
    assert_eq!(faults(rules::headers, "a/lib.rs", whole), 0);
    assert_eq!(faults(rules::headers, "a/b.rs", whole), 1);
}

#[test]
fn strange_words_are_noticed() {
    for text in [
        concat!("see /ho", "me/somebody"),
        concat!("from cra", "tes.io"),
        concat!("Co-auth", "ored-by: x"),
        concat!("as the work or", "der says"),
    ] {
        assert_eq!(rules::strangers("a.rs", text).len(), 1, "{text}");
    }
    assert_eq!(
        rules::strangers("a.rs", "Nothing strange, at home.").len(),
        0
    );
}
