//! What a module calls, and what that calls in its turn, as far as it is compiled in one crate.
//!
//! An executable says all that is called in it: by the step, by its check and by the steps below.
//! The object file that rustc makes of the crate says who calls what: each place in the code that
//! names something is a relocation. So the step's own functions are where a walk begins, and it
//! follows whatever they name: generic code that is compiled for them, closures, the methods in a
//! trait object's table, functions in a constant. It ends at what lies in other crates, and at what
//! is guarded: whatever that calls in its turn is its own affair.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::Path;

use memchr::memmem::Finder;
use object::{
    Object, ObjectSection, ObjectSymbol, Relocation, RelocationTarget, SectionIndex, SectionKind,
    SymbolIndex, SymbolKind,
};
use serde::{Deserialize, Serialize};

use super::symbols::{demangled, parse};
use crate::course::guard::{self, Guarded};
use crate::error::{Error, Result};

/// What a step and its check call of the guarded.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Calls {
    /// What the step's own functions reach.
    pub own: BTreeSet<String>,
    /// What the check reaches, through the step as well. A function of the step's that is always
    /// inlined is a part of the check.
    pub with_check: BTreeSet<String>,
}

/// A step and its check, as paths of modules like `observe::s03_norm`.
pub(super) struct Caller {
    pub step: String,
    pub check: String,
}

/// A piece of code or data: its section, and where it begins.
type Place = (SectionIndex, u64);

/// What the code at a place names.
enum Named {
    Here(Place),
    Elsewhere(SymbolIndex),
}

/// The pieces of an object file and what each of them names.
struct Pieces<'a> {
    file: object::File<'a>,
    /// Where the pieces of each section begin, in order.
    starts: HashMap<SectionIndex, Vec<u64>>,
    names: HashMap<Place, Vec<SymbolIndex>>,
    uses: HashMap<Place, Vec<Named>>,
}

/// What each of `callers` reaches in `object` of the guarded.
///
/// # Errors
///
/// If the file cannot be read.
pub(super) fn of(object: &Path, callers: &[Caller], guarded: &Guarded) -> Result<Vec<Calls>> {
    let bytes = fs::read(object).map_err(Error::io("read", object))?;
    let pieces = Pieces::new(parse(object, &bytes)?);
    // To demangle all of them would take longer than all the rest.
    let words = Words::of(guarded, callers);
    let symbols: Vec<(SymbolIndex, String)> = (pieces.file.symbols())
        .filter_map(|symbol| {
            let name = symbol.name().ok().filter(|name| words.stand_in(name))?;
            Some((symbol.index(), demangled(name)))
        })
        .collect();
    let wanted: HashMap<SymbolIndex, &str> = (symbols.iter())
        .filter(|(_, name)| guarded.holds(name))
        .map(|(index, name)| (*index, name.as_str()))
        .collect();
    let calls = |module: &String| {
        let is_own = |name: &str| guard::paths(name).any(|path| guard::is_below(path, module));
        let own: HashSet<SymbolIndex> = (symbols.iter())
            .filter(|(_, name)| is_own(name))
            .map(|(index, _)| *index)
            .collect();
        let is_end = |index: &SymbolIndex| {
            let of = wanted.get(index).and_then(|name| guard::paths(name).next());
            of.is_some_and(|path| guarded.holds(path)) && !own.contains(index)
        };
        let reached = pieces.reached(&own, is_end);
        let names = reached.iter().filter_map(|index| wanted.get(index));
        names.map(ToString::to_string).collect()
    };
    let of_both = |caller: &Caller| Calls {
        own: calls(&caller.step),
        with_check: calls(&caller.check),
    };
    Ok(callers.iter().map(of_both).collect())
}

/// The names that paths are made of, to be looked for in symbols as they are.
struct Words<'a>(Vec<Vec<Finder<'a>>>);

impl<'a> Words<'a> {
    /// Those of what is guarded, and of the modules that call.
    fn of(guarded: &'a Guarded, callers: &'a [Caller]) -> Self {
        let modules = callers
            .iter()
            .flat_map(|caller| [&caller.step, &caller.check]);
        let paths = guarded.paths().iter().chain(modules);
        Self(
            paths
                .map(|path| path.split("::").map(Finder::new).collect())
                .collect(),
        )
    }

    /// Whether all names of a path stand in a mangled name, as they do if the path itself is in it.
    fn stand_in(&self, mangled: &str) -> bool {
        let stands = |word: &Finder<'_>| word.find(mangled.as_bytes()).is_some();
        self.0.iter().any(|path| path.iter().all(stands))
    }
}

impl<'a> Pieces<'a> {
    fn new(file: object::File<'a>) -> Self {
        let mut names: HashMap<Place, Vec<SymbolIndex>> = HashMap::new();
        let mut starts: HashMap<SectionIndex, Vec<u64>> = HashMap::new();
        for symbol in file.symbols() {
            if let Some(section) = symbol.section_index() {
                let place = (section, symbol.address());
                names.entry(place).or_default().push(symbol.index());
                starts.entry(section).or_default().push(symbol.address());
            }
        }
        for starts in starts.values_mut() {
            starts.sort_unstable();
            starts.dedup();
        }
        let mut pieces = Self {
            file,
            starts,
            names,
            uses: HashMap::new(),
        };
        pieces.uses = pieces.all_uses();
        pieces
    }

    fn all_uses(&self) -> HashMap<Place, Vec<Named>> {
        let mut uses: HashMap<Place, Vec<Named>> = HashMap::new();
        for section in self.file.sections() {
            // Nothing runs that only a debugger reads.
            if matches!(section.kind(), SectionKind::Debug | SectionKind::Other) {
                continue;
            }
            for (offset, relocation) in section.relocations() {
                let place = self.piece(section.index(), section.address() + offset);
                if let Some(named) = self.named(&relocation) {
                    uses.entry(place).or_default().push(named);
                }
            }
        }
        uses
    }

    /// The piece that an address lies in.
    fn piece(&self, section: SectionIndex, address: u64) -> Place {
        let starts = self.starts.get(&section).map_or(&[][..], Vec::as_slice);
        let before = starts.partition_point(|start| *start <= address);
        (section, before.checked_sub(1).map_or(0, |at| starts[at]))
    }

    fn named(&self, relocation: &Relocation) -> Option<Named> {
        let addend = u64::try_from(relocation.addend()).unwrap_or(0);
        match relocation.target() {
            RelocationTarget::Symbol(index) => {
                let symbol = self.file.symbol_by_index(index).ok()?;
                Some(match symbol.section_index() {
                    None => Named::Elsewhere(index),
                    Some(section) if symbol.kind() == SymbolKind::Section => {
                        Named::Here(self.piece(section, symbol.address() + addend))
                    }
                    Some(section) => Named::Here(self.piece(section, symbol.address())),
                })
            }
            RelocationTarget::Section(section) => Some(Named::Here(self.piece(section, addend))),
            _ => None,
        }
    }

    /// Whatever is reached from the definitions among `own`, these with it, without a step beyond
    /// an end.
    fn reached(
        &self,
        own: &HashSet<SymbolIndex>,
        is_end: impl Fn(&SymbolIndex) -> bool,
    ) -> HashSet<SymbolIndex> {
        let mut reached = HashSet::new();
        let mut seen = HashSet::new();
        let mut next: Vec<Place> = (own.iter())
            .filter_map(|index| self.file.symbol_by_index(*index).ok())
            .filter_map(|symbol| Some((symbol.section_index()?, symbol.address())))
            .collect();
        while let Some(place) = next.pop() {
            if !seen.insert(place) {
                continue;
            }
            let names = self.names.get(&place).map_or(&[][..], Vec::as_slice);
            reached.extend(names);
            if names.iter().any(&is_end) {
                continue;
            }
            for named in self.uses.get(&place).into_iter().flatten() {
                match named {
                    Named::Here(place) => next.push(*place),
                    Named::Elsewhere(index) => {
                        reached.insert(*index);
                    }
                }
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const PROGRAM: &str = r"
mod nets {
    pub fn called() { std::hint::black_box(1); }
    pub fn in_a_table() { called_by_itself(); }
    pub fn called_by_itself() { std::hint::black_box(2); }
    pub fn behind_an_object() { std::hint::black_box(3); }
    pub fn given_on() { std::hint::black_box(4); }
    pub fn in_a_constant() { std::hint::black_box(5); }
    pub fn always_inlined() { std::hint::black_box(6); }
    pub fn by_the_check() { std::hint::black_box(7); }
    pub fn by_nobody() { std::hint::black_box(8); }
}
mod s01_a {
    use crate::nets;
    static TABLE: [fn(); 1] = [nets::in_a_table];
    const KEPT: fn() = nets::in_a_constant;
    trait Does { fn work(&self); }
    struct Theirs;
    impl Does for Theirs { fn work(&self) { nets::behind_an_object() } }
    pub fn step() {
        nets::called();
        std::hint::black_box(&TABLE)[0]();
        let object: Box<dyn Does> = Box::new(Theirs);
        object.work();
        Some(()).into_iter().for_each(|()| crate::apply(nets::given_on));
        std::hint::black_box(KEPT)();
    }
    #[inline(always)]
    pub fn inlined() { nets::always_inlined() }
    #[allow(dead_code)]
    fn unused() { nets::by_nobody() }
}
mod check {
    pub fn observe() {
        crate::s01_a::step();
        crate::s01_a::inlined();
        crate::nets::by_the_check();
    }
}
fn apply(f: impl Fn()) { f() }
fn main() { check::observe() }
";

    #[test]
    fn however_it_is_called_it_is_reached() {
        let folder = tempfile::tempdir().expect("a folder");
        let (source, object) = (folder.path().join("a.rs"), folder.path().join("a.o"));
        fs::write(&source, PROGRAM).expect("it can be written");
        let rustc = Command::new("rustc")
            .args(["--edition=2024", "--crate-name=observe", "--emit=obj"])
            .args(["-Ccodegen-units=1", "-o"])
            .args([&object, &source])
            .status();
        assert!(rustc.expect("rustc runs").success());
        let caller = Caller {
            step: "observe::s01_a".into(),
            check: "observe::check".into(),
        };
        let guarded = Guarded::new(vec!["observe::nets".into()]);
        let found = of(&object, &[caller], &guarded).expect("it can be read");
        let [calls] = &found[..] else {
            panic!("{found:?}");
        };
        let names = |calls: &BTreeSet<String>| -> Vec<String> {
            let short = |name: &String| Some(name.strip_prefix("observe::nets::")?.to_owned());
            calls.iter().filter_map(short).collect()
        };
        // What something guarded calls in its turn is its own affair.
        let own = [
            "behind_an_object",
            "called",
            "given_on",
            "in_a_constant",
            "in_a_table",
        ];
        assert_eq!(names(&calls.own), own);
        let mut with_check: Vec<&str> = ["always_inlined", "by_the_check"].into();
        with_check.extend(own);
        with_check.sort_unstable();
        assert_eq!(names(&calls.with_check), with_check);
    }
}
