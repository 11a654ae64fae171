//! Whole writes: folders made, links kept, left-overs swept, free names found.

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_is_made_with_its_folders_and_replaced() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a/b/kept.toml");
    write(&path, b"one").unwrap();
    write(&path, b"two").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(names(path.parent().unwrap()), ["kept.toml"]);
}

#[test]
fn a_new_file_takes_nobodys_place() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("kept.toml");
    create(&path, b"one").unwrap();
    let error = create(&path, b"two").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!(names(home.path()), ["kept.toml"]);
}

#[test]
fn a_link_stays_a_link() {
    let home = tempfile::tempdir().unwrap();
    let (real, link) = (home.path().join("real"), home.path().join("link"));
    fs::write(&real, b"one").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    write(&link, b"two").unwrap();
    assert_eq!(fs::read(&real).unwrap(), b"two");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[test]
fn what_a_killed_writer_left_is_swept_and_a_living_one_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("kept.toml");
    fs::write(home.path().join(".kept.toml.1-1.tmp"), b"half").unwrap();
    let alive = File::create(home.path().join(".kept.toml.1-2.tmp")).unwrap();
    alive.lock().unwrap();
    fs::write(home.path().join(".other.toml.1-1.tmp"), b"not ours").unwrap();
    write(&path, b"one").unwrap();
    assert_eq!(
        names(home.path()),
        [".kept.toml.1-2.tmp", ".other.toml.1-1.tmp", "kept.toml"]
    );
}

#[test]
fn what_cannot_be_written_leaves_the_old_file_and_nothing_beside_it() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("kept.toml");
    // A folder cannot be replaced by a file.
    fs::create_dir(&path).unwrap();
    assert!(write(&path, b"one").is_err());
    assert_eq!(names(home.path()), ["kept.toml"]);
    let below = home.path().join("kept.toml/file");
    fs::write(&below, b"").unwrap();
    assert!(write(&below.join("deeper"), b"one").is_err());
}

#[test]
fn no_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for name in ["a.py", "a-2.py", "a-3.py"] {
        assert_eq!(free(folder, "a", "py"), name);
        assert_eq!(create_free(folder, "a", "py", name).unwrap(), name);
    }
    for name in ["a.py", "a-2.py", "a-3.py"] {
        assert_eq!(std::fs::read_to_string(folder.join(name)).unwrap(), name);
    }
    assert_eq!(free(folder, "a", "rs"), "a.rs");
    assert!(create_free(&folder.join("a.py"), "b", "py", "").is_err());
}
