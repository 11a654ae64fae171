//! A name that nothing has yet.

use super::*;

#[test]
fn no_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for name in ["a.py", "a-2.py", "a-3.py"] {
        assert_eq!(free(folder, "a", "py"), name);
        assert_eq!(create(folder, "a", "py", name).unwrap(), name);
    }
    for name in ["a.py", "a-2.py", "a-3.py"] {
        assert_eq!(std::fs::read_to_string(folder.join(name)).unwrap(), name);
    }
    assert_eq!(free(folder, "a", "rs"), "a.rs");
    assert!(create(&folder.join("a.py"), "b", "py", "").is_err());
}
