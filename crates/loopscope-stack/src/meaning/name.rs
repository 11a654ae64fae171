//! What a function is called: as people write it, and whose crate it is of.

/// The name of a function without types and without what the compiler adds: `handler` of
/// `<app::routes::Api>::handler::<T>::{closure#0}`.
///
/// ```
/// use loopscope_stack::meaning::name::short;
/// assert_eq!(short("<app::Api>::handler::<u8>::{closure#0}"), "handler");
/// assert_eq!(short("app::main::{{closure}}"), "main");
/// ```
pub fn short(function: &str) -> String {
    let plain = without_types(function);
    let parts = plain
        .split("::")
        .filter(|part| !part.is_empty() && !part.starts_with('{') && !part.starts_with("impl#"));
    parts.last().unwrap_or("?").to_owned()
}

/// The crate that a function is of: `app` of `<app::Api as tower::Service>::call`.
///
/// ```
/// assert_eq!(loopscope_stack::meaning::name::krate("<app::Api as tower::Service>::call"), "app");
/// ```
pub fn krate(function: &str) -> &str {
    let start = function.trim_start_matches(['<', '&', '*', '(', '[']);
    let start = start.strip_prefix("mut ").unwrap_or(start);
    let end = start.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    &start[..end.unwrap_or(start.len())]
}

/// The path of a function for comparing: the type that a method is of stays, types that it is generic over do not.
pub(crate) fn without_types(function: &str) -> String {
    let mut out = String::with_capacity(function.len());
    let mut depth = 0_u32;
    // `<app::Api>::call` and `<app::Api as Trait>::call` begin with the type itself.
    let own = function.starts_with('<');
    let mut in_own = own;
    let mut behind_as = false;
    for (at, letter) in function.char_indices() {
        match letter {
            '<' if at == 0 => {}
            '<' => depth += 1,
            '>' if function[..at].ends_with('-') => {}
            '>' if depth > 0 => depth -= 1,
            '>' => (in_own, behind_as) = (false, false),
            _ if depth > 0 => {}
            ' ' if in_own && function[at..].starts_with(" as ") => behind_as = true,
            _ if behind_as => {}
            _ => out.push(letter),
        }
    }
    out.replace("::::", "::")
}
