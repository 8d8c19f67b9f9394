//! What a module calls, and what that calls in its turn, as far as it is compiled in one crate.
//!
//! An executable says all that is called in it: by the step, by its check and by the steps below.
//! The object files that rustc makes of the crate say who calls what: each place in the code that
//! names something is a relocation. So the step's own functions are where a walk begins, and it
//! follows whatever they name: generic code that is compiled for them, closures, the methods in a
//! trait object's table, functions in a constant. It ends at what lies in other crates, and at what
//! is guarded: whatever that calls in its turn is its own affair.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::PathBuf;

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

/// A piece of code or data: its file, its section, and where it begins.
type Place = (usize, SectionIndex, u64);

/// A symbol of a file.
type Name = (usize, SymbolIndex);

/// What the code at a place names.
enum Named {
    /// A piece of the same file.
    Here(Place),
    /// What another file has, of these or of another crate's.
    Elsewhere(Name),
}

/// The pieces of a crate's object files and what each of them names.
struct Pieces<'a> {
    files: Vec<object::File<'a>>,
    /// Where the pieces of each section begin, in order.
    starts: HashMap<(usize, SectionIndex), Vec<u64>>,
    names: HashMap<Place, Vec<Name>>,
    /// Where the symbols are that one file has for all.
    shared: HashMap<&'a [u8], Place>,
    uses: HashMap<Place, Vec<Named>>,
}

/// What each of `callers` reaches in `objects` of the guarded: the files of one crate.
///
/// # Errors
///
/// If a file cannot be read.
pub(super) fn of(objects: &[PathBuf], callers: &[Caller], guarded: &Guarded) -> Result<Vec<Calls>> {
    let read = |object: &PathBuf| fs::read(object).map_err(Error::io("read", object));
    let bytes: Vec<Vec<u8>> = objects.iter().map(read).collect::<Result<_>>()?;
    let files = objects.iter().zip(&bytes);
    let files = files.map(|(object, bytes)| parse(object, bytes));
    let pieces = Pieces::new(files.collect::<Result<_>>()?);
    // To demangle all of them would take longer than all the rest.
    let words = Words::of(guarded, callers);
    let symbols: Vec<(Name, String)> = (pieces.symbols())
        .filter_map(|(name, symbol)| {
            let text = symbol.name().ok().filter(|text| words.stand_in(text))?;
            Some((name, demangled(text)))
        })
        .collect();
    let wanted: HashMap<Name, &str> = (symbols.iter())
        .filter(|(_, text)| guarded.holds(text))
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let calls = |module: &String| {
        let is_own = |text: &str| guard::paths(text).any(|path| guard::is_below(path, module));
        let own: HashSet<Name> = (symbols.iter())
            .filter(|(_, text)| is_own(text))
            .map(|(name, _)| *name)
            .collect();
        let is_end = |name: &Name| {
            let of = wanted.get(name).and_then(|text| guard::paths(text).next());
            of.is_some_and(|path| guarded.holds(path)) && !own.contains(name)
        };
        let reached = pieces.reached(&own, is_end);
        let texts = reached.iter().filter_map(|name| wanted.get(name));
        texts.map(ToString::to_string).collect()
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
    fn new(files: Vec<object::File<'a>>) -> Self {
        let mut pieces = Self {
            files,
            starts: HashMap::new(),
            names: HashMap::new(),
            shared: HashMap::new(),
            uses: HashMap::new(),
        };
        for (file, object) in pieces.files.iter().enumerate() {
            for symbol in object.symbols() {
                let Some(section) = symbol.section_index() else {
                    continue;
                };
                let place = (file, section, symbol.address());
                let names = pieces.names.entry(place).or_default();
                names.push((file, symbol.index()));
                let starts = pieces.starts.entry((file, section)).or_default();
                starts.push(symbol.address());
                if symbol.is_global()
                    && let Ok(name) = symbol.name_bytes()
                {
                    pieces.shared.insert(name, place);
                }
            }
        }
        for starts in pieces.starts.values_mut() {
            starts.sort_unstable();
            starts.dedup();
        }
        pieces.uses = pieces.all_uses();
        pieces
    }

    fn symbols(&self) -> impl Iterator<Item = (Name, object::Symbol<'a, '_>)> {
        self.files.iter().enumerate().flat_map(|(file, object)| {
            let symbols = object.symbols();
            symbols.map(move |symbol| ((file, symbol.index()), symbol))
        })
    }

    fn all_uses(&self) -> HashMap<Place, Vec<Named>> {
        let mut uses: HashMap<Place, Vec<Named>> = HashMap::new();
        for (file, object) in self.files.iter().enumerate() {
            for section in object.sections() {
                // Nothing runs that only a debugger reads.
                if matches!(section.kind(), SectionKind::Debug | SectionKind::Other) {
                    continue;
                }
                for (offset, relocation) in section.relocations() {
                    let place = self.piece(file, section.index(), section.address() + offset);
                    if let Some(named) = self.named(file, &relocation) {
                        uses.entry(place).or_default().push(named);
                    }
                }
            }
        }
        uses
    }

    /// The piece that an address lies in.
    fn piece(&self, file: usize, section: SectionIndex, address: u64) -> Place {
        let starts = self.starts.get(&(file, section));
        let starts = starts.map_or(&[][..], Vec::as_slice);
        let before = starts.partition_point(|start| *start <= address);
        let start = before.checked_sub(1).map_or(0, |at| starts[at]);
        (file, section, start)
    }

    fn named(&self, file: usize, relocation: &Relocation) -> Option<Named> {
        let addend = u64::try_from(relocation.addend()).unwrap_or(0);
        match relocation.target() {
            RelocationTarget::Symbol(index) => {
                let symbol = self.files[file].symbol_by_index(index).ok()?;
                Some(match symbol.section_index() {
                    None => Named::Elsewhere((file, index)),
                    Some(section) if symbol.kind() == SymbolKind::Section => {
                        Named::Here(self.piece(file, section, symbol.address() + addend))
                    }
                    Some(section) => Named::Here(self.piece(file, section, symbol.address())),
                })
            }
            RelocationTarget::Section(section) => {
                Some(Named::Here(self.piece(file, section, addend)))
            }
            _ => None,
        }
    }

    /// Where a symbol is, if one of the files has it.
    fn place(&self, name: Name) -> Option<Place> {
        let (file, index) = name;
        let symbol = self.files[file].symbol_by_index(index).ok()?;
        match symbol.section_index() {
            Some(section) => Some((file, section, symbol.address())),
            None => self.shared.get(symbol.name_bytes().ok()?).copied(),
        }
    }

    /// Whatever is reached from the definitions among `own`, these with it, without a step beyond
    /// an end.
    fn reached(&self, own: &HashSet<Name>, is_end: impl Fn(&Name) -> bool) -> HashSet<Name> {
        let mut reached = HashSet::new();
        let mut seen = HashSet::new();
        let mut next: Vec<Place> = own.iter().filter_map(|name| self.place(*name)).collect();
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
                    Named::Elsewhere(name) => match self.place(*name) {
                        Some(place) => next.push(place),
                        None => {
                            reached.insert(*name);
                        }
                    },
                }
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
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
        for units in [1, 16] {
            let objects = compiled(folder.path(), units);
            assert_eq!(objects.len() > 1, units > 1, "{objects:?}");
            is_reached(&objects);
        }
    }

    /// The object files of the program, made of so many units of code at most.
    fn compiled(folder: &Path, units: usize) -> Vec<PathBuf> {
        let (source, folder) = (folder.join("a.rs"), folder.join(units.to_string()));
        fs::create_dir(&folder).expect("it is new");
        fs::write(&source, PROGRAM).expect("it can be written");
        let rustc = Command::new("rustc")
            .args(["--edition=2024", "--crate-name=observe", "-Csave-temps"])
            .args([&format!("-Ccodegen-units={units}"), "-o"])
            .args([&folder.join("a"), &source])
            .status();
        assert!(rustc.expect("rustc runs").success());
        let made = fs::read_dir(&folder).expect("it is there");
        let made = made.map(|entry| entry.expect("it can be read").path());
        // Besides, there is one with nothing but the names of the allocator's functions.
        let is_object = |path: &PathBuf| {
            let name = path.to_string_lossy();
            name.contains("-cgu.") && name.ends_with(".o")
        };
        made.filter(is_object).collect()
    }

    fn is_reached(objects: &[PathBuf]) {
        let caller = Caller {
            step: "observe::s01_a".into(),
            check: "observe::check".into(),
        };
        let guarded = Guarded::new(vec!["observe::nets".into()]);
        let found = of(objects, &[caller], &guarded).expect("it can be read");
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
