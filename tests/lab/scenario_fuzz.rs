//! Whatever a file holds, it is a scenario or a list of mistakes; never a panic.

use std::path::Path;

use loopscope::VOCABULARY;
use loopscope::scenario::{self, Choices, FileName};
use proptest::prelude::*;

fn read(bytes: &[u8]) {
    let file = FileName::from_path(Path::new("fuzz.toml"));
    match scenario::load_bytes(bytes, &file, &Choices::default(), &VOCABULARY) {
        Ok(scenario) => assert!(!scenario.functions.is_empty()),
        Err(problems) => {
            assert!(!problems.list.is_empty());
            let text = problems.render(true);
            assert!(!text.is_empty());
            let plain = problems.render(false);
            assert!(!plain.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}

/// Pieces that a scenario is made of, in any order.
const PIECES: &[&str] = &[
    "[[function]]\n",
    "name = \"f\"\n",
    "route = \"/f\"\n",
    "async = false\n",
    "body = [",
    "]",
    "{",
    "}",
    "{ print = \"x\" },",
    "{ sleep = \"1s\" },",
    "{ repeat = 3, do = [",
    "\"",
    "'''",
    "\n",
    "=",
    "{ spawn = \"f\", as = \"t\" },",
    "{ await = \"t\" },",
    "{ call = \"f\" },",
    "[[client]]\n",
    "requests = [{ route = \"/f\", times = \"{k}\" }]\n",
    "[[knob]]\n",
    "default = 1\n",
    "min = 0\n",
    "max = 9\n",
    "name = \"k\"\n",
    "[expect]\n",
    "output = [\"x\"]\n",
    "[[start]]\nrun = \"f\"\n",
    "[[variable]]\nname = \"v\"\ninitial = 0\n",
    "[[channel]]\nname = \"c\"\n",
    "[[lock]]\nname = \"l\"\n",
    "[[loop]]\nname = \"o\"\n",
    "params = [\"x\", \"y\"]\n",
    "depends = [\"f(1)\"]\n",
    "{ print = \"{x + v - 1 == 'a'}\" },",
    "{ call = \"f(1, {x}, 'a')\", into = \"z\" },",
    "{ if = \"{x > v}\", then = [",
    "{ lock = \"l\", do = [",
    "{ select = [{ do = [",
    "{ timeout = \"{x}s\", do = [",
    "{ recv = \"c\", into = \"x\" },",
    "{ write = \"v\", value = \"{x}{v}\" },",
    "{ spawn_blocking = [",
    "{ process = [",
    "{ repeat = \"forever\", do = [",
    "{ create = \"f\", as = \"t\" },",
    "{ abort = \"t\" },",
    "{ gather = [\"f\", \"f(1)\"], into = [\"a\", \"b\"] },",
    "{ chunk = \"{\" },",
    "as = \"t\"",
    "variables = { v = 1 }\n",
    "title = \"t\"\n",
    "日本",
    "\u{1b}[2J",
    "\r",
    "\u{202e}",
    "# comment\n",
    "[[note]]\n",
    "when = \"first output\"\n",
    "say = \"s\"\n",
    "[[predict]]\n",
    "options = [",
    "\\",
    "9e99",
    "0x",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes);
    }

    #[test]
    fn any_pieces(picked in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        read(picked.concat().as_bytes());
    }

    #[test]
    fn a_good_file_with_something_else_in_it(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0..40_usize,
        piece in prop::sample::select(PIECES),
    ) {
        let all = loopscope::library::all();
        let mut bytes = which.get(&all).source.clone().into_bytes();
        let at = at.index(bytes.len());
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, piece.bytes());
        read(&bytes);
    }

    #[test]
    fn any_expression(text in "[a-c0-9{}' +=<>!(),.\\-]{0,40}") {
        let source = format!(
            "title = \"t\"\n[[function]]\nname = \"f\"\nparams = [\"a\", \"b\"]\nbody = [{{ print = \"{text}\" }}, \
             {{ sleep = \"{text}\" }}, {{ if = \"{text}\", then = [] }}, {{ call = \"{text}\" }}]\n\
             [[start]]\nrun = \"f(1, 2)\"\n"
        );
        read(source.as_bytes());
    }
}
