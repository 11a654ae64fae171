//! Every scenario of ours loads, and is listed in at most 32 columns.

use loopscope::scenario::{self, Choices};

#[test]
fn ours_load() {
    for entry in scenario::library::all() {
        let scenario = scenario::load(&entry.source, &entry.file, &Choices::default())
            .unwrap_or_else(|problems| panic!("{problems}"));
        for listing in &scenario.story.listings {
            for (at, line) in listing.lines.iter().enumerate() {
                let text: String = line.iter().map(|token| token.text.as_str()).collect();
                println!("{:>3} {text}", at + 1);
            }
        }
        println!("{:?}", scenario.story.limit);
    }
}
