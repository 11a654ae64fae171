//! A question whose answer is an order: how its lines stand at first.

use loopscope::VOCABULARY;
use loopscope::scenario::{self, Choices, FileName, Problems};

/// The first order of a question about these lines.
fn of(lines: &str) -> Result<String, Problems> {
    let lines: Vec<String> = lines.split(' ').map(str::to_owned).collect();
    let prints: Vec<String> = lines
        .iter()
        .map(|line| format!("{{ print = {line:?} }}"))
        .collect();
    let source = format!(
        "title = \"t\"\nasks = \"a\"\nshows = \"s\"\n\
         [[function]]\nname = \"main\"\nbody = [{}]\n\
         [[start]]\nrun = \"main\"\n\
         [[predict]]\nask = \"In which order?\"\nhow = \"order\"\n\
         [expect]\noutput = {lines:?}\n",
        prints.join(", ")
    );
    let scenario = scenario::load(
        &source,
        &FileName::default(),
        &Choices::default(),
        &VOCABULARY,
    )?;
    Ok(scenario.story.questions[0].lines.join(" "))
}

#[test]
fn the_first_order_gives_nothing_away() {
    for (right, first) in [
        ("slow mid quick", "mid quick slow"),
        ("t1 t2 t3 t4 t5", "t2 t4 t1 t3 t5"),
        ("a b", "b a"),
        ("a a b", "b a a"),
    ] {
        let found = of(right).unwrap_or_else(|problems| panic!("{right}: {problems}"));
        assert_eq!(found, first, "{right}");
    }
    assert!(of("a a").is_err(), "there is no other order");
}
