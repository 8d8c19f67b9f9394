//! What a file is, by how it begins. Endings are wrong too often.

/// How much of a file [`of`] wants to see.
pub const START: usize = 512;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Zip.
    Zip,
    /// Something compressed by gzip, which may be a tar archive.
    Gzip,
    /// A tar archive.
    Tar,
    /// An archive that is not unpacked, as in "a RAR archive".
    Other(&'static str),
    /// Nothing at all.
    Empty,
    /// Anything else. A tar archive of old has nothing to know it by.
    Unknown,
}

/// How other archives begin.
const OTHERS: [(&[u8], &str); 7] = [
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"BZh", "compressed by bzip2"),
    (b"\xfd7zXZ\0", "compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd"),
    (b"\x5d\0\0", "compressed by lzma"),
    (b"\x1f\x9d", "compressed by compress"),
];

/// The format of a file that begins with `start`.
pub fn of(start: &[u8]) -> Format {
    if start.is_empty() {
        return Format::Empty;
    }
    let zips: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
    if zips.iter().any(|zip| start.starts_with(zip)) {
        return Format::Zip;
    }
    if start.starts_with(b"\x1f\x8b") {
        return Format::Gzip;
    }
    if start.get(257..262) == Some(b"ustar") {
        return Format::Tar;
    }
    let other = OTHERS.iter().find(|(magic, _)| start.starts_with(magic));
    other.map_or(Format::Unknown, |(_, what)| Format::Other(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_beginning() {
        assert_eq!(of(b""), Format::Empty);
        assert_eq!(of(b"PK\x03\x04rest"), Format::Zip);
        assert_eq!(of(b"\x1f\x8b\x08"), Format::Gzip);
        assert_eq!(of(b"Rar!\x1a\x07"), Format::Other("a RAR archive"));
        assert_eq!(of(b"<html>"), Format::Unknown);
        let mut tar = [0; START];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(of(&tar), Format::Tar);
        assert_eq!(of(&[0; START]), Format::Unknown);
    }
}
