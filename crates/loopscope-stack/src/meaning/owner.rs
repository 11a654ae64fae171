//! Whose a source file is, by its path: the user's own, a library's, the standard library's.

use std::path::Path;

/// Whose a source file is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The user's own.
    User,
    /// That of a package that was fetched: `axum`.
    Package(String),
    /// The standard library's.
    Std,
    /// It has no path.
    Unknown,
}

/// Whose the file of this path is. A package that was copied into the user's own tree is known by the file that
/// `cargo vendor` leaves beside it.
///
/// ```
/// use loopscope_stack::meaning::owner::{Owner, owner};
/// let path = "/w/.cargo/registry/src/index-1949cf8c/axum-core-0.5.2/src/lib.rs";
/// assert_eq!(owner(path), Owner::Package("axum-core".to_owned()));
/// assert_eq!(owner("/rustc/59807616e/library/std/src/thread/mod.rs"), Owner::Std);
/// assert_eq!(owner("/w/app/src/main.rs"), Owner::User);
/// ```
pub fn owner(path: &str) -> Owner {
    if path.is_empty() {
        return Owner::Unknown;
    }
    if is_standard(path) || path.starts_with("library/") {
        return Owner::Std;
    }
    let root = root(path).or_else(|| vendored(path));
    match root {
        Some(root) => Owner::Package(package(root).to_owned()),
        None if is_of_c(path) => Owner::Std,
        None => Owner::User,
    }
}

/// The crate of a library that a file belongs to, by its path alone: `axum` of `…/registry/src/…/axum-0.8.9/src/serve.rs`,
/// `std` of `/rustc/…/library/std/src/thread/mod.rs`; `None` where it is no library's.
pub fn crate_of(path: &str) -> Option<&str> {
    let standard = || {
        let (_, below) = path.split_once("/library/").filter(|_| is_standard(path))?;
        below.split('/').next()
    };
    standard().or_else(|| root(path).map(package))
}

fn is_standard(path: &str) -> bool {
    path.starts_with("/rustc/") || path.contains("/rustlib/src/rust/")
}

/// The folder of the package that was fetched and that the file belongs to.
pub fn root(path: &str) -> Option<&str> {
    // A registry has a folder of its own below `src`, a checkout one for the revision.
    ["/registry/src/", "/git/checkouts/"]
        .iter()
        .find_map(|base| {
            let start = path.find(base)? + base.len();
            let name = path.get(start..)?.find('/')? + start + 1;
            let end = path.get(name..)?.find('/')? + name;
            path.get(..end)
        })
}

/// The folder of a vendored package that the file belongs to.
fn vendored(path: &str) -> Option<&str> {
    let folders = Path::new(path).ancestors().skip(1).take(8);
    let found = folders.filter(|folder| folder.parent().is_some());
    let root = found
        .into_iter()
        .find(|folder| folder.join(".cargo-checksum.json").is_file())?;
    root.to_str()
}

/// `axum-core` of `…/axum-core-0.5.2`; of a checkout `…/name-0123456789abcdef/rev` the name.
fn package(root: &str) -> &str {
    let mut parts = root.rsplit('/');
    let last = parts.next().unwrap_or(root);
    if root.contains("/git/checkouts/") {
        let folder = parts.next().unwrap_or(last);
        return folder.rsplit_once('-').map_or(folder, |(name, _)| name);
    }
    // A name may have parts that begin with a figure, and a version a hyphen of its own: `md-5-1.0.0-rc.1`.
    let is_version = |at: &usize| {
        let part = last[at + 1..].split('-').next().unwrap_or("");
        part.starts_with(|letter: char| letter.is_ascii_digit()) && part.contains('.')
    };
    let mut hyphens = last.match_indices('-').map(|(at, _)| at);
    &last[..hyphens.find(is_version).unwrap_or(last.len())]
}

/// What the system's C library was built of.
fn is_of_c(path: &str) -> bool {
    [".c", ".S", ".h"].iter().any(|end| path.ends_with(end))
        && (path.contains("glibc")
            || path.contains("musl")
            || path.contains("/sysdeps/")
            || path.starts_with("./"))
}
