//! The presenter's socket: ours alone, and found.

use std::os::unix::fs::symlink;

use super::*;

#[test]
fn a_socket_is_ours_alone() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("loopscope");
    let (_listener, socket) = listen(std::slice::from_ref(&folder)).unwrap();
    let mode = |path: &Path| fs::symlink_metadata(path).unwrap().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&socket)), (0o700, 0o600));
    let found = presenters(&[folder]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].pid, std::process::id());
    found[0].connect().unwrap();
}

#[test]
fn a_folder_that_was_open_to_others_is_closed_before_it_is_used() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("loopscope");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    assert!(presenters(std::slice::from_ref(&folder)).is_empty());
    listen(std::slice::from_ref(&folder)).unwrap();
    assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
}

#[test]
fn a_link_is_no_folder_of_ours_and_the_next_one_is_taken() {
    let above = tempfile::tempdir().unwrap();
    let (link, other) = (above.path().join("link"), above.path().join("other"));
    symlink(above.path(), &link).unwrap();
    let (_listener, socket) = listen(&[link.clone(), other.clone()]).unwrap();
    assert_eq!(socket.parent(), Some(other.as_path()));
    assert!(listen(&[link]).is_err());
}

#[test]
fn a_path_that_is_too_long_for_a_socket_is_left_for_the_next() {
    let above = tempfile::tempdir().unwrap();
    let long = above.path().join("l".repeat(120));
    let short = above.path().join("s");
    let (_listener, socket) = listen(&[long, short.clone()]).unwrap();
    assert_eq!(socket.parent(), Some(short.as_path()));
}

#[test]
fn what_the_dead_have_left_is_removed_and_strange_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    // No process has so high a number.
    let stale = folder.path().join("999999999.sock");
    drop(UnixListener::bind(&stale).unwrap());
    let strange = folder.path().join("12.txt");
    fs::write(&strange, "").unwrap();
    let file = folder.path().join(format!("{}.sock", std::process::id()));
    fs::write(&file, "no socket").unwrap();
    assert_eq!(presenters(&[folder.path().to_owned()]), Vec::new());
    assert!(!stale.exists() && strange.exists() && file.exists());
}
