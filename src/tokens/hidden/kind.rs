//! The kinds of hidden characters: a closed set, each with the word that switches it.

/// What a character is that hides, or that passes for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Takes no room: zero-width spaces, joiners where nothing is joined.
    ZeroWidth,
    /// Turns the direction of text: marks, embeddings, overrides, isolates.
    BidiControl,
    /// A byte order mark at the beginning.
    Bom,
    /// Says where a word may be hyphenated.
    SoftHyphen,
    /// A no-break space, or a space of an odd width.
    Nbsp,
    /// A letter of the invisible alphabet that hides messages.
    Tag,
    /// A curly quotation mark or apostrophe.
    TypographicQuote,
    /// An ASCII character in the width of an ideograph, or a space as wide.
    FullWidth,
    /// A control character other than tab, line feed and carriage return.
    Control,
    /// A letter of another alphabet in a word of Latin letters.
    Confusable,
    /// Picks a form of the character before it, where there is none to pick.
    VariationSelector,
    /// Multiplies, applies or separates without a sign.
    InvisibleOperator,
    /// Stands for a letter that is missing, and shows nothing.
    Filler,
    /// Ends a line or paragraph, though few programs know it.
    LineSeparator,
    /// Stands where something could not be decoded; what was lost cannot be brought back.
    Replacement,
}

impl Kind {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 15] = [
        Self::ZeroWidth,
        Self::BidiControl,
        Self::Bom,
        Self::SoftHyphen,
        Self::Nbsp,
        Self::Tag,
        Self::TypographicQuote,
        Self::FullWidth,
        Self::Control,
        Self::Confusable,
        Self::VariationSelector,
        Self::InvisibleOperator,
        Self::Filler,
        Self::LineSeparator,
        Self::Replacement,
    ];

    /// The word that is typed and printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::ZeroWidth => "zero-width",
            Self::BidiControl => "bidi-control",
            Self::Bom => "bom",
            Self::SoftHyphen => "soft-hyphen",
            Self::Nbsp => "nbsp",
            Self::Tag => "tag",
            Self::TypographicQuote => "typographic-quote",
            Self::FullWidth => "full-width",
            Self::Control => "control",
            Self::Confusable => "confusable",
            Self::VariationSelector => "variation-selector",
            Self::InvisibleOperator => "invisible-operator",
            Self::Filler => "filler",
            Self::LineSeparator => "line-separator",
            Self::Replacement => "replacement",
        }
    }

    /// The kind with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether a clean-up may touch it without being asked for it by name: letters are the author's, and what
    /// could not be decoded is gone either way.
    pub fn cleaned_by_default(self) -> bool {
        !matches!(self, Self::Confusable | Self::Replacement)
    }
}
