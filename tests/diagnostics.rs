//! Every mistake of a file is said at once, with its place and its cure.
//!
//! `SNAPSHOTS=overwrite cargo test --test diagnostics` writes the expected texts anew.

use std::path::{Path, PathBuf};

use loopscope::scenario::{self, Choices, FileName, Problems};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_scenarios")
}

fn problems(bytes: &[u8], path: &str, choices: &Choices) -> Problems {
    let file = FileName::from_path(Path::new(path));
    scenario::load_bytes(bytes, &file, choices).expect_err("the file has mistakes")
}

#[test]
fn bad_files_are_told_in_full() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 10);
    for path in files {
        let bytes = std::fs::read(&path).expect("the file can be read");
        let name = path.file_name().expect("a name").to_string_lossy();
        let found = problems(&bytes, &name, &Choices::default());
        assert!(found.list.is_sorted_by_key(|found| found.span.start));
        let text = found.render(false);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name}");
        let expected = snapbox::Data::read_from(&path.with_extension("txt"), None).raw();
        snapbox::Assert::new()
            .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
            .eq(text, expected);
    }
}
