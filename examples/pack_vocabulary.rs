//! Packs a SentencePiece model into the tables that are embedded in the program:
//!
//! `cargo run --release --example pack_vocabulary -- MODEL OUT`

use std::{env, error::Error, fs};

use gemini_doctor::tokens;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [model, out] = arguments.as_slice() else {
        return Err("usage: pack_vocabulary MODEL OUT".into());
    };
    let pieces = tokens::model_file::sentencepiece(&fs::read(model)?)?;
    Ok(fs::write(out, tokens::pack(&pieces)?)?)
}
