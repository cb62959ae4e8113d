//! What makes a text no JSON: each kind in words. It must not look at a text.

use super::Span;

/// Something in a text that no JSON has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// There is no value.
    Empty,
    /// The text ends within a value.
    CutOff,
    /// A comma before the end of an object or a list.
    TrailingComma,
    /// No comma between two values.
    MissingComma,
    /// No colon after a name.
    MissingColon,
    /// A comment.
    Comment,
    /// `NaN` or an infinity.
    NotFinite,
    /// `True`, `False` or `None`.
    PythonWord,
    /// A text or a name in single quotes.
    SingleQuotes,
    /// A name without quotes.
    BareName,
    /// A line feed or another control character within a text.
    ControlCharacter,
    /// A backslash with what may not follow it.
    BadEscape,
    /// Half of a pair of surrogates.
    LoneSurrogate,
    /// A number in another form.
    BadNumber,
    /// A name for the second time in one object.
    DuplicateKey,
    /// More levels than parsers take.
    TooDeep,
    /// An end of another kind than the beginning.
    WrongEnd,
    /// Something that is no value.
    Unexpected,
    /// Something after the value.
    AfterTheEnd,
    /// A mark of the byte order, which belongs to a file and not to JSON.
    ByteOrderMark,
}
