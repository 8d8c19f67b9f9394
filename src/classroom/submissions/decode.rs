//! Texts in other encodings than UTF-8: editors on Windows still write them. Pure.

use crate::course::source::{Unreadable, source_text};

/// What stands for 0x80 to 0x9f in Windows-1252, as WHATWG has it. In Latin-1 these are control
/// characters, which no source has: whatever is Latin-1 is this, too.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The source that `bytes` are, and the encoding they were in, if that is not UTF-8.
///
/// # Errors
///
/// If they are the text of no step in any encoding that can be told.
pub fn text(bytes: Vec<u8>) -> Result<(String, Option<&'static str>), Unreadable> {
    let utf16 = |decode: fn(&[u8]) -> Option<String>, rest: &[u8], name| {
        let text = decode(rest).map(|text| (text, Some(name)));
        text.ok_or(Unreadable::NotUtf8 { line: 1 })
    };
    let (text, encoding) = match &bytes[..] {
        [0xff, 0xfe, rest @ ..] => utf16(little_endian, rest, "UTF-16 (little-endian)")?,
        [0xfe, 0xff, rest @ ..] => utf16(big_endian, rest, "UTF-16 (big-endian)")?,
        // Without a mark: no source in UTF-8 has zeros between its first characters.
        [1..=127, 0, 1..=127, 0, ..] if little_endian(&bytes).is_some() => {
            utf16(little_endian, &bytes, "UTF-16 (little-endian)")?
        }
        [0, 1..=127, 0, 1..=127, ..] if big_endian(&bytes).is_some() => {
            utf16(big_endian, &bytes, "UTF-16 (big-endian)")?
        }
        _ => match (windows_1252(&bytes), source_text(bytes)) {
            (Some(text), Err(Unreadable::NotUtf8 { .. })) => (text, Some("Windows-1252 (Latin-1)")),
            (_, result) => return result.map(|text| (text, None)),
        },
    };
    // What is no source in UTF-8 is none in another encoding.
    source_text(text.into_bytes()).map(|text| (text, encoding))
}

fn little_endian(bytes: &[u8]) -> Option<String> {
    utf_16(bytes, u16::from_le_bytes)
}

fn big_endian(bytes: &[u8]) -> Option<String> {
    utf_16(bytes, u16::from_be_bytes)
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
    let text = String::from_utf16(&units).ok()?;
    (rest.is_empty() && is_text(&text)).then_some(text)
}

/// Every byte is some character in it. What has characters that no source has is something else,
/// as an archive or a picture.
fn windows_1252(bytes: &[u8]) -> Option<String> {
    let character = |&byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    let text: String = bytes.iter().map(character).collect();
    is_text(&text).then_some(text)
}

fn is_text(text: &str) -> bool {
    let is_odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    !text.contains(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "fn a() {} // Müller’s 5 € – 李 𝄞\r\n";

    fn utf_16(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter()
            .chain(text.encode_utf16().flat_map(bytes))
            .collect()
    }

    #[test]
    fn what_windows_writes_is_read() {
        let little = utf_16(TEXT, [0xff, 0xfe], u16::to_le_bytes);
        assert_eq!(
            text(little),
            Ok((TEXT.into(), Some("UTF-16 (little-endian)")))
        );
        let big = utf_16(TEXT, [0xfe, 0xff], u16::to_be_bytes);
        assert_eq!(text(big), Ok((TEXT.into(), Some("UTF-16 (big-endian)"))));
        for (bytes, name) in [
            (
                u16::to_le_bytes as fn(u16) -> [u8; 2],
                "UTF-16 (little-endian)",
            ),
            (u16::to_be_bytes, "UTF-16 (big-endian)"),
        ] {
            let unmarked: Vec<u8> = TEXT.encode_utf16().flat_map(bytes).collect();
            assert_eq!(text(unmarked), Ok((TEXT.into(), Some(name))));
        }
        let latin = text(b"// M\xfcller\x92s 5 \x80 \x96\n".to_vec());
        let expected = "// Müller’s 5 € –\n";
        assert_eq!(latin, Ok((expected.into(), Some("Windows-1252 (Latin-1)"))));
        assert_eq!(text(TEXT.into()), Ok((TEXT.into(), None)));
        let marked = format!("\u{feff}{TEXT}");
        assert_eq!(text(marked.clone().into()), Ok((marked, None)));
    }

    #[test]
    fn what_is_no_text_is_told() {
        let is_none =
            |bytes: &[u8]| matches!(text(bytes.to_vec()), Err(Unreadable::NotUtf8 { .. }));
        assert!(is_none(b"PK\x03\x04\xff\xfe\0\0"));
        assert!(is_none(b"\x89PNG\r\n\x1a\n\0"));
        assert!(is_none(b"a\x81"));
        // What has zeros here and there is no UTF-16.
        assert_eq!(text(b"a\0\0\0".to_vec()), Ok(("a\0\0\0".into(), None)));
        // Half a character, and one half of a pair.
        assert!(is_none(b"\xff\xfea\0b"));
        assert!(is_none(b"\xff\xfe\x00\xd8a\0"));
        assert_eq!(text(b"\xff\xfe \0\n\0".to_vec()), Err(Unreadable::Empty));
        assert_eq!(text(Vec::new()), Err(Unreadable::Empty));
    }
}
