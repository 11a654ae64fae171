//! Our own scenarios, embedded; in learning order. Scenarios of others become rows beside them.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rust_embed::Embed;

use crate::vocabulary::VOCABULARY;
use loopscope_lab::scenario::{Choices, FileName, Scenario, closest as closest_word, load};
use loopscope_protocol::search::Searched;
use loopscope_timeline::FINDINGS;
use loopscope_trace::Story;

/// The folders, and their titles.
const FOLDERS: &[(&str, &str)] = &[
    ("1-the-loop", "the loop"),
    ("2-the-pool", "the pool"),
    ("3-cpu-and-processes", "cpu, processes"),
    ("4-state-and-patterns", "state, patterns"),
    ("5-tokio", "tokio's own"),
    ("6-queues-and-failures", "queues, errors"),
];

#[derive(Embed)]
#[folder = "scenarios/"]
struct Files;

/// A scenario that can be picked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its name, number, folder, path.
    pub file: FileName,
    /// One line.
    pub title: String,
    /// The question.
    pub asks: String,
    /// The id of the scenario that it goes with.
    pub contrast: Option<String>,
    /// The TOML text.
    pub source: String,
    /// What it is; `None` for a file that cannot be read.
    pub story: Option<Arc<Story>>,
    /// Number, id, title, question, listings and expected output.
    pub search: Searched,
}

/// The title of the folder in which a person's own scenarios stand, after ours.
pub const YOURS: &str = "yours";

/// The titles of our folders, in learning order.
pub fn folders() -> impl Iterator<Item = &'static str> {
    FOLDERS.iter().map(|(_, title)| *title)
}

/// All of ours; read once.
pub fn all() -> Vec<Entry> {
    entries().to_vec()
}

/// One of ours by id, or by number: `2` finds `02`.
pub fn find(id: &str) -> Option<Entry> {
    let number = id.parse::<u32>().ok();
    let hit = |entry: &&Entry| {
        entry.file.id == id || (number.is_some() && entry.file.number.parse().ok() == number)
    };
    entries().iter().find(hit).cloned()
}

/// The id that looks most like `id`, for "did you mean": one of ours, or of `others`.
pub fn closest<'a>(id: &str, others: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let ids = entries().iter().map(|entry| entry.file.id.as_str());
    closest_word(id, ids.chain(others)).map(str::to_owned)
}

/// A row for a person's own scenario. One with mistakes has its file's name for a title and says
/// so: who saved it looks for it here.
pub fn own(file: FileName, source: String) -> Entry {
    match load(&source, &file, &Choices::default(), &VOCABULARY) {
        Ok(scenario) => row(file, source, &scenario),
        Err(problems) => {
            let name = Path::new(&file.path).file_name().unwrap_or_default();
            let mistakes = match problems.list.len() {
                1 => "1 mistake".to_owned(),
                count => format!("{count} mistakes"),
            };
            Entry {
                title: format!("{}: {mistakes}", name.to_string_lossy()),
                asks: format!("This file has {mistakes}: Enter shows them, e edits it."),
                search: format!("{} {mistakes}", file.id).into(),
                ..row(file, source, &Scenario::default())
            }
        }
    }
}

fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let mut paths: Vec<_> = Files::iter().collect();
        paths.retain(|path| path.ends_with(".toml"));
        paths.sort();
        paths.iter().filter_map(|path| entry(path)).collect()
    })
}

fn entry(path: &str) -> Option<Entry> {
    let bytes = Files::get(path)?.data;
    let source = String::from_utf8_lossy(&bytes).into_owned();
    let mut file = FileName::from_path(&Path::new("scenarios").join(path));
    let folder = path.split('/').next().unwrap_or_default();
    let title = FOLDERS.iter().find(|(name, _)| *name == folder);
    title
        .map_or("", |(_, title)| title)
        .clone_into(&mut file.folder);
    // A test holds that each of ours loads; a broken one is still listed while it is written.
    let scenario = load(&source, &file, &Choices::default(), &VOCABULARY).unwrap_or_default();
    Some(row(file, source, &scenario))
}

fn row(file: FileName, source: String, scenario: &Scenario) -> Entry {
    let story = &scenario.story;
    Entry {
        title: story.title.clone(),
        asks: story.asks.clone(),
        contrast: story.contrast.clone(),
        story: (!story.steps.is_empty()).then(|| Arc::new(story.clone())),
        search: searched(&file, scenario),
        file,
        source,
    }
}

/// Everything that a search may hit. What the run shows and what to change is found too, although the menu does not say
/// it.
fn searched(file: &FileName, scenario: &Scenario) -> Searched {
    let story = &scenario.story;
    let expect = &story.expect;
    let symptoms = expect.insights.iter().map(|insight| {
        let known = FINDINGS.iter().find(|kind| kind.id == insight.as_str());
        format!("{insight} {}", known.map_or("", |kind| kind.symptoms))
    });
    let symptoms = symptoms.collect::<Vec<_>>().join("\n");
    let remedy = story.remedy.as_deref().unwrap_or_default();
    let outputs = expect.output.iter().chain(&expect.output_any_order);
    let outputs = outputs.map(|output| output.join(" "));
    Searched::new([
        format!("{} {}\n{}", file.number, file.id, story.title),
        format!("{}\n{}\n{symptoms}", story.asks, file.folder),
        format!("{}\n{remedy}", story.shows),
        code(story),
        outputs.collect::<Vec<_>>().join("\n"),
    ])
}

/// Both listings, and each step as its line says it.
fn code(story: &Story) -> String {
    let mut text = String::new();
    for line in story.listings.iter().flat_map(|listing| &listing.lines) {
        text.extend(line.iter().map(|token| token.text.as_str()));
        text.push('\n');
    }
    for step in &story.steps {
        text.push_str(&format!("{}\n{}\n", step.python, step.rust));
    }
    text
}
