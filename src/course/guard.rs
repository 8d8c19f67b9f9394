//! What of the kit's crates a step may call: names in symbols, held against paths of modules.

/// Crates, modules and functions that a step may call only where its row in the manifest allows it,
/// each by the path of its definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guarded(Vec<String>);

impl Guarded {
    /// All of `paths`, each with what lies below it.
    #[must_use]
    pub fn new(paths: Vec<String>) -> Self {
        Self(paths)
    }

    /// The paths themselves.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.0
    }

    /// Whether something of it stands in a symbol's name, as the thing itself, as its type or as the
    /// type that it is compiled for.
    #[must_use]
    pub fn holds(&self, symbol: &str) -> bool {
        self.is_delegated(symbol, &[])
    }

    /// The same, but for what `allowed` names.
    #[must_use]
    pub fn is_delegated(&self, symbol: &str, allowed: &[String]) -> bool {
        let is_below_one = |path: &str, all: &[String]| all.iter().any(|one| is_below(path, one));
        // A value that comes to its end does no work.
        !symbol.starts_with("core::ptr::drop_in_place<")
            && paths(symbol).any(|path| is_below_one(path, &self.0) && !is_below_one(path, allowed))
    }
}

/// Whether `path` is `module` or lies in it, by whole names.
#[must_use]
pub fn is_below(path: &str, module: &str) -> bool {
    (path.strip_prefix(module)).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Whether this can be the path of a crate, module or function, as in `nets_nn::modules::norm`.
#[must_use]
pub fn is_path(text: &str) -> bool {
    text.split("::").all(|name| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        name.starts_with(|c: char| is_part(c) && !c.is_ascii_digit()) && name.chars().all(is_part)
    })
}

/// The paths in a symbol's name, as in `<a::B as c::D>::e`: `a::B` and `c::D`.
pub fn paths(symbol: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    symbol
        .split(move |c| !is_part(c))
        .map(|path| path.strip_suffix("::").unwrap_or(path))
        .filter(|path| !path.is_empty() && !path.starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(paths: &[&str]) -> Vec<String> {
        paths.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_path_ends_where_a_name_ends() {
        let guarded = Guarded::new(list(&["nets_nn::modules"]));
        let norm = list(&["nets_nn::modules::norm"]);
        for held in [
            "nets_nn::modules::norm::layer::LayerNorm::forward",
            "<nets_nn::modules::norm::rms::RmsNorm as nets::Module>::visit",
            "nets_nn::modules::norm::<impl a::B for c::D>::e",
            "nets_nn::modules::norm::f::{{closure}}",
            "<&mut nets_nn::modules::norm::A as core::fmt::Debug>::fmt",
        ] {
            assert!(guarded.holds(held), "{held}");
            assert!(!guarded.is_delegated(held, &norm), "{held}");
        }
        for other in [
            "nets_nn::modules_of_mine::f",
            "my::nets_nn::modules::norm::f",
            "nets_nn::other::f",
            "nets_nn",
        ] {
            assert!(!guarded.holds(other), "{other}");
        }
        for delegated in [
            "nets_nn::modules::normal::f",
            "nets_nn::modules::f",
            "<nets_nn::modules::norm::A as nets_nn::modules::B>::f",
            "core::convert::Into<nets_nn::modules::rnn::Gate>::into",
        ] {
            assert!(guarded.is_delegated(delegated, &norm), "{delegated}");
        }
    }

    #[test]
    fn what_only_comes_to_its_end_is_not_called() {
        let guarded = Guarded::new(list(&["nets_nn"]));
        assert!(!guarded.holds("core::ptr::drop_in_place<nets_nn::modules::Linear>"));
        assert!(guarded.holds("nets_nn::modules::Linear::forward"));
    }

    #[test]
    fn a_path_is_names_and_nothing_else() {
        for good in ["a", "nets_nn::modules::norm", "_a::b2::LayerNorm"] {
            assert!(is_path(good), "{good}");
        }
        for bad in [
            "", "a::", "::a", "a::::b", "a:b", "nets-nn", "2a", "a b", "a::<b>",
        ] {
            assert!(!is_path(bad), "{bad}");
        }
    }
}
