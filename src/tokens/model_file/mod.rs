//! Reads the files that tokenizers come in. What a file asks for and this room cannot do exactly is an error, never a
//! guess.

mod protobuf;
mod sentencepiece;
mod tokenizer_json;

use super::Pieces;

pub use sentencepiece::sentencepiece;
pub use tokenizer_json::tokenizer_json;

/// The pieces in a file of either kind.
pub fn read(bytes: &[u8]) -> Result<Pieces, String> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'{') => tokenizer_json(bytes),
        Some(_) => sentencepiece(bytes),
        None => Err("it is empty".to_owned()),
    }
}

/// The character of a piece that is a single one.
fn single(piece: &str) -> Option<char> {
    let mut letters = piece.chars();
    letters.next().filter(|_| letters.next().is_none())
}
