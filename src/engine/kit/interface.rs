//! What rustc and the linker read of the kit.
//!
//! The shared library has some 98,000 symbols, and the linker would read them all for the two
//! hundred at most that a step needs: a fifth of a verdict's time. So on Linux both read a stand-in. It
//! has the library's name and, for rustc, its description of the crates inside, but no symbols:
//! the linker leaves them all for the loader, which finds them in the library itself.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use object::{Object, ObjectSection, ReadCache};

use crate::engine::kit::toolchain::{self, Toolchain};
use crate::error::{Error, Result};
use crate::files;

/// What rustc is told about the kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The shared library, or what stands in for it.
    pub library: PathBuf,
    /// Where the crates inside it are described.
    pub dependencies: PathBuf,
    /// The crates inside it that a step may name, each with what describes it.
    pub offered: Vec<(String, PathBuf)>,
    /// Whether it stands in for the library.
    pub stands_in: bool,
}

/// What cargo built.
pub struct Built {
    /// The shared library.
    pub library: PathBuf,
    /// The files of all crates inside it, and of the procedural macros that they use.
    pub crates: Vec<PathBuf>,
    /// The crates that the kit itself depends on, each with the file that describes it.
    pub direct: Vec<(String, PathBuf)>,
    /// Folders of shared libraries that it is linked with.
    pub libraries: Vec<PathBuf>,
}

impl Interface {
    /// The library itself.
    fn direct(built: &Built) -> Self {
        Self {
            library: built.library.clone(),
            dependencies: built.library.parent().unwrap_or(Path::new("")).join("deps"),
            offered: built.direct.clone(),
            stands_in: false,
        }
    }

    /// Makes the stand-in, in the folder `folder`, which is made anew. It is used only if a
    /// program linked with it runs; the library itself otherwise.
    ///
    /// # Errors
    ///
    /// If files cannot be written.
    pub fn make(
        built: &Built,
        toolchain: &Toolchain,
        linking: &[String],
        folder: &Path,
    ) -> Result<Self> {
        let direct = Self::direct(built);
        if !cfg!(target_os = "linux") {
            return Ok(direct);
        }
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(Error::io("remove", folder))?;
        }
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        for file in &built.crates {
            files::link(file, &folder.join(file.file_name().unwrap_or_default()))?;
        }
        let library = folder.join(built.library.file_name().unwrap_or_default());
        if library.to_str().is_none() {
            return Ok(direct);
        }
        let stand_in = Self {
            library,
            dependencies: folder.to_owned(),
            offered: offered_in(folder, &built.direct),
            stands_in: true,
        };
        let scratch =
            tempfile::tempdir_in(folder).map_err(Error::io("create a folder in", folder))?;
        let works = stand_in.write(&built.library, (toolchain, linking), scratch.path())?
            && stand_in.carries(built, (toolchain, linking), scratch.path())?;
        Ok(if works { stand_in } else { direct })
    }

    /// Further options for an executable.
    #[must_use]
    pub fn options(&self) -> Vec<String> {
        if !self.stands_in {
            return Vec::new();
        }
        vec![
            "-Clink-arg=-Wl,--unresolved-symbols=ignore-all".into(),
            // It provides nothing, but is needed all the same.
            "-Clink-arg=-Wl,--no-as-needed".into(),
            format!("-Clink-arg={}", self.library.display()),
        ]
    }

    /// Writes the stand-in for `original`; tells whether that worked.
    fn write(
        &self,
        original: &Path,
        tools: (&Toolchain, &[String]),
        scratch: &Path,
    ) -> Result<bool> {
        let Some(description) = description(original)? else {
            return Ok(false);
        };
        let file = scratch.join("description");
        fs::write(&file, description).map_err(Error::io("write", &file))?;
        let name = original.file_name().unwrap_or_default().to_string_lossy();
        let mut rustc = rustc(tools, scratch, STAND_IN)?;
        rustc
            .arg("--crate-type=cdylib")
            .arg(format!("-Clink-arg=-Wl,-soname,{name}"))
            .arg("-o")
            .arg(&self.library);
        Ok(succeeds(&mut rustc))
    }

    /// Whether a program linked with it gets what the library that was `built` has.
    fn carries(
        &self,
        built: &Built,
        tools: (&Toolchain, &[String]),
        scratch: &Path,
    ) -> Result<bool> {
        let probe = scratch.join("probe");
        let mut rustc = rustc(tools, scratch, PROBE)?;
        rustc
            .args(self.arguments())
            .args(self.options())
            .arg("-o")
            .arg(&probe);
        let mut run = Command::new(&probe);
        run.env(
            toolchain::library_path_variable(),
            tools.0.library_path(&built.library, &built.libraries)?,
        );
        Ok(succeeds(&mut rustc) && succeeds(&mut run))
    }

    /// rustc's options that make the kit known, and the crates that a step may name.
    #[must_use]
    pub fn arguments(&self) -> Vec<OsString> {
        let mut options = vec![toolchain::option("--extern=kit=", &self.library)];
        for (name, file) in &self.offered {
            options.push(toolchain::option(&format!("--extern={name}="), file));
        }
        options.push(toolchain::option("-Ldependency=", &self.dependencies));
        options
    }
}

/// The same files, now in `folder`.
fn offered_in(folder: &Path, offered: &[(String, PathBuf)]) -> Vec<(String, PathBuf)> {
    let moved = offered.iter().map(|(name, file)| {
        let file = folder.join(file.file_name().unwrap_or_default());
        (name.clone(), file)
    });
    moved.collect()
}

/// The stand-in: nothing but the description.
const STAND_IN: &str = r#"
    const DESCRIPTION: &[u8] = include_bytes!("description");
    #[unsafe(no_mangle)]
    #[unsafe(link_section = ".rustc")]
    pub static KIT_DESCRIPTION: [u8; DESCRIPTION.len()] = *include_bytes!("description");
"#;

/// Calls a function of the kit's, and looks for its address.
const PROBE: &str = "
    fn main() {
        let _ = kit::run_chosen(&[]);
        assert!(!std::hint::black_box(kit::run as *const ()).is_null());
    }
";

/// What rustc reads of a library that is written in Rust: its section `.rustc`.
fn description(library: &Path) -> Result<Option<Vec<u8>>> {
    let file = File::open(library).map_err(Error::io("read", library))?;
    let file = ReadCache::new(file);
    let Ok(file) = object::File::parse(&file) else {
        return Ok(None);
    };
    let section = file.section_by_name(".rustc");
    Ok(section.and_then(|section| Some(section.data().ok()?.to_vec())))
}

/// A rustc that compiles `source`; with it, what it is told about linking.
fn rustc(
    (toolchain, linking): (&Toolchain, &[String]),
    scratch: &Path,
    source: &str,
) -> Result<Command> {
    let file = scratch.join("main.rs");
    fs::write(&file, source).map_err(Error::io("write", &file))?;
    let mut rustc = Command::new(&toolchain.rustc);
    rustc
        .args(["--edition=2024", "-Cprefer-dynamic"])
        .args(linking)
        .arg(&file)
        .current_dir(scratch);
    Ok(rustc)
}

/// Whether a program can be run and says that it succeeded; what else it says is of no interest.
fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// What is made of a library that is not the kit.
    fn made_of(library: PathBuf) -> (Built, Interface) {
        let folder = tempfile::tempdir().expect("a folder");
        let toolchain = Toolchain::find().expect("there is a toolchain");
        let built = Built {
            library,
            crates: Vec::new(),
            direct: Vec::new(),
            libraries: Vec::new(),
        };
        let made = Interface::make(&built, &toolchain, &[], &folder.path().join("interface"));
        (built, made.expect("it can be written"))
    }

    #[test]
    fn what_is_no_library_has_no_stand_in() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(&file, "no library").expect("it can be written");
        let (built, made) = made_of(file.path().to_owned());
        assert_eq!(made, Interface::direct(&built));
    }

    #[test]
    fn a_stand_in_that_carries_no_program_is_not_used() {
        let toolchain = Toolchain::find().expect("there is a toolchain");
        let mut libraries = fs::read_dir(&toolchain.libraries).expect("it is there");
        let standard = libraries
            .find_map(|entry| {
                let path = entry.expect("it can be read").path();
                let name = path.file_name()?.to_str()?;
                (name.starts_with("libstd-") && name.ends_with(".so")).then_some(path)
            })
            .expect("the standard library is shared");
        assert!(description(&standard).is_ok_and(|text| text.is_some()));
        let (built, made) = made_of(standard);
        assert!(!made.stands_in);
        assert_eq!(made, Interface::direct(&built));
    }
}
