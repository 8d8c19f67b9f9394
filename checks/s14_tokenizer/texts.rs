//! What step 14 is given: texts, and words of ids.

pub const SMALL: &str = "low low low lower lowest newer newer wider";

/// A word that becomes one token after 27 merges, and a run.
pub const LONG: &str = "antidisestablishmentarianism aaaaa";

/// Texts to encode and ids to decode by the characters `c`, `a`, `é`, `b` and `B`.
pub const CODED: &[(&str, &str, &[usize])] = &[
    ("in another order", "abécabB", &[0, 2, 1, 3, 3, 4]),
    ("two that are unknown", "abzcy", &[1, 6, 900]),
    ("capitals", "aBC", &[1, usize::MAX, 7]),
    ("a large id", "ab", &[1 << 8, 2]),
    ("a larger id", "ab", &[0, 1 << 32]),
];

/// Texts to cut.
pub const CUT: &[(&str, &str)] = &[
    ("words", "the cat sat on the mat"),
    ("words and marks", "Hello, well-known world! (No: wait...)"),
    ("contractions", "don't we're I've she'd he'll I'm it's"),
    (
        "contractions in capitals",
        "DON'T WE'RE IT'S I'M I'D I'VE I'LL",
    ),
    (
        "other apostrophes",
        "it\u{2019}s rock 'n' roll 'tis o'clock ''s '' ",
    ),
    (
        "contractions in strange places",
        "'sun I'to we'refer 's's't'd'm 1's!'s?n't\n'll\u{a0}'ve didn't'r'v'l'lx'vE'lL",
    ),
    ("numbers", "in 1234567 or90 3.14 x2y"),
    ("spaces in a row", "a  b   c    d"),
    ("spaces at both ends", "  a b   "),
    ("spaces before a mark and a number", "a   !  12   's"),
    ("nothing but spaces", "    "),
    ("a single space", " "),
    ("ends of lines", "a\nb\n\nc\n \n  d!\r\n\te.\r\nf\n\n"),
    ("tabs", "\ta\t\tb \tc\t d"),
    (
        "spaces of other scripts",
        "a\u{a0}b \u{3000}c\u{2003}\u{2003}d",
    ),
    (
        "letters of other scripts",
        "naïve Straße Ωμέγα привет 日本語 שלום हिन्दी",
    ),
    ("letters and what is put on them", "e\u{301}a n\u{303}"),
    ("other numbers", "½ ² x² ٣٤ Ⅷ"),
    ("emoji", "hi 👍🏽👍 a🙂b 👩\u{200d}🚀"),
    ("control characters", "a\0b\u{1}\u{7f} c"),
    ("a program", "fn f(x: &u8) -> bool { x_1 != 0x1F }"),
    ("an empty text", ""),
];

/// Characters of every kind; each is cut beside others.
pub const BESIDE: &[(&str, &str)] = &[
    ("a letter", "éſЖǅʰª日あ한שثक𝒜"),
    ("a number", "²½٣Ⅷ〇①𝟘"),
    (
        "no letter and no number",
        "_€\u{301}\u{93f}\u{20dd}Ⓐ\u{2019}🙂\u{1f3fd}\u{fe0f}\u{e000}\0\u{1c}\u{180e}\u{200b}\u{200d}\u{feff}",
    ),
    (
        "white space",
        "\t\n\u{b}\u{c}\r\u{85}\u{a0}\u{1680}\u{2003}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}",
    ),
];

/// Words; then the two ids of the pair and the new one.
pub const MERGED: &[(&str, &str, &str)] = &[
    ("once", "cabc", "abd"),
    ("everywhere", "abcabab", "abd"),
    ("at both ends only", "abbacab", "abd"),
    ("the other way round", "bacba", "abd"),
    ("two alike", "caac", "aad"),
    ("three alike", "aaa", "aad"),
    ("four alike", "baaaa", "aad"),
    ("five alike", "aaaaab", "aad"),
    ("one in between", "acb", "abd"),
    ("nowhere", "cbcad", "abd"),
    ("a single id", "a", "abd"),
    ("no id", "", "abd"),
    ("what is new is there before", "dabd", "abd"),
    ("what is new is the first of the two", "abbb", "aba"),
    ("what is new is the second of the two", "aaab", "abb"),
    ("what is new is both of the two", "aaaa", "aaa"),
    ("another pair", "abcbc", "bcd"),
    (
        "in a long word",
        "abcabababccabbaabcabcabababccabbaabcabcabababccabbaabcabcabababccabbaabc",
        "abd",
    ),
    ("once again", "cabc", "abd"),
];

/// Words, each with how often it is there.
pub const COUNTED: &[(&str, &[(&str, usize)])] = &[
    ("one word", &[("bcabc", 1)]),
    ("over words", &[("ab", 1), ("cda", 1), ("acd", 1)]),
    ("a word that is there often", &[("abab", 1), ("cd", 5)]),
    ("a word in two places", &[("cd", 2), ("ab", 3), ("cd", 2)]),
    ("no pair across words", &[("ab", 1), ("ac", 1), ("adb", 2)]),
    ("three alike count twice", &[("ccc", 1), ("ad", 1)]),
    ("a tie by the first id", &[("ba", 2), ("ab", 2)]),
    ("the same tie in another order", &[("ab", 2), ("ba", 2)]),
    ("a tie by the second id", &[("bd", 1), ("bc", 1)]),
    ("a tie of many", &[("dbcdacbdbadc", 1)]),
    (
        "almost a tie",
        &[("ab", 16_777_216), ("cd", 16_777_217), ("bd", 16_777_215)],
    ),
    ("small ids that are rare", &[("aabbb", 2)]),
    ("large ids that are rare", &[("ddccc", 2)]),
    ("a long word", &[("ab", 9), ("bdbdbdbdbdbdbdbdbdbdbd", 1)]),
    ("single ids", &[("a", 5), ("b", 7)]),
    ("a word without ids", &[("", 9), ("da", 1)]),
    ("no word", &[]),
    ("one word again", &[("bcabc", 1)]),
];

/// Texts to learn from, and sizes of a vocabulary.
pub const LEARNED: &[(&str, &str, usize)] = &[
    ("a small text", SMALL, 265),
    ("runs", "aaa aaaa aaaaa aaaaaaa", 261),
    ("ties", "zy yx xw zy yx xw wv", 261),
    ("bytes that are no ASCII", "éé ñé 日日本 日本 🙂🙂🙂", 268),
    (
        "capitals, digits and marks",
        "The THE The 2025 2024 --> -- -->",
        270,
    ),
    ("ends of lines", "\n\n\nab\n\n\n\tab\n\t\tab\n\n\n", 262),
    ("spaces at both ends", "    ab ab    ", 262),
    ("five and four", "ab ab ab ab zy zy zy zy zy", 260),
    (
        "frequent across words only",
        "a! b! a! b! a! b! xyz xyz",
        259,
    ),
    (
        "ends",
        "ab<|endoftext|>ab<|endoftext|>ba ba <|endoftext|>ca<|endoftext|>ca<|endoftext|><|endoftext|>",
        300,
    ),
    ("what resembles an end", "<|end|> <|end <|EndOfText|>", 266),
];

/// Names of texts that are drawn, their letters, their length, and sizes of a vocabulary.
pub const LEARNED_OF_DRAWN: &[(&str, &str, usize, usize)] = &[
    ("few letters", "ab", 40, 264),
    ("more letters", "abcdefgh", 60, 265),
    ("many words", "abcdeéABCDE01?\n", 200, 280),
];

/// Texts to learn all from that there is, or not so much.
pub const UP_TO: &[(&str, &str, usize)] = &[
    ("all that there are", "aaaa bb aaaa", 400),
    ("a long word", LONG, 400),
    ("an empty text", "", 300),
    ("no two bytes in a piece", "1a!", 300),
];

/// Texts to encode with what the small text teaches.
pub const ENCODED: &[(&str, &str)] = &[
    ("a word", "low"),
    ("a word with a space", " low"),
    ("an unknown word", "slower than owls"),
    ("the text itself", SMALL),
    ("one behind the other", "lowlowlowlowlowlow werer"),
    ("capitals", "LOW Low"),
    ("no ASCII", "höher 🙂 日"),
    (
        "every kind of space",
        " low  low\n\nlow\t low\r\n\u{a0}low ",
    ),
    (
        "strange characters",
        "\u{feff}low\0\u{7f}\u{80}\u{ad}ÿ\u{10ffff}",
    ),
    ("an empty text", ""),
];

/// Texts to encode with what the long word and the run teach.
pub const ENCODED_LONG: &[(&str, &str)] = &[
    ("a long word", LONG),
    ("parts of a long word", "dis establish antinomian"),
    (
        "a long run",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ),
];

/// Ids to decode, where 256 and 257 are the first two and three bytes of an emoji, 258 is the end
/// of text, and there are no more.
pub const DECODED: &[(&str, &[usize])] = &[
    ("the beginning of an emoji", &[257]),
    ("beginnings, a letter between", &[256, 64, 257]),
    ("what is never a beginning", &[247, 224, 224]),
    ("the end of text in an emoji", &[257, 258, 224]),
    ("the end of text alone", &[258]),
    ("a mark at the beginning", &[171, 119, 123, 64, 198]),
    ("no id", &[]),
    ("an id too large", &[1, 259, 2]),
    ("two of them", &[0, 1 << 32, 1000]),
    ("the largest id", &[usize::MAX]),
];

/// Texts with an end of text in them, or nearly.
pub const ENDS: &[&str] = &[
    "<|endoftext|>",
    "ab<|endoftext|>end of text",
    "a <|endoftext|> b",
    "<|endoftext|><|endoftext|>a<|endoftext|><|endoftext|><|endoftext|>",
    "<|endoftext <|endoftext| <|EndOfText|>",
    "<|endof<|endoftext|>text|>",
];
