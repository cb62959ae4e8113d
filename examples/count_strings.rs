//! Counts many texts in one process, for comparisons with other tokenizers: reads texts from standard input, each behind
//! its length in bytes as a little-endian `u32`, and prints the tokens of each:
//!
//! `count_strings [TOKENIZER] < TEXTS`

use std::{
    env,
    error::Error,
    fs,
    io::{self, BufWriter, Read, Write},
};

use gemini_doctor::tokens::{Counter, Vocabulary, model_file};

fn main() -> Result<(), Box<dyn Error>> {
    let vocabulary = match env::args().nth(1) {
        Some(file) => Vocabulary::of(&file, &model_file::read(&fs::read(&file)?)?)?,
        None => Vocabulary::gemma3(),
    };
    let mut counter = Counter::new(&vocabulary);
    let (mut input, mut out) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    let mut length = [0; 4];
    while input.read_exact(&mut length).is_ok() {
        let mut text = vec![0; u32::from_le_bytes(length) as usize];
        input.read_exact(&mut text)?;
        writeln!(out, "{}", counter.count(str::from_utf8(&text)?))?;
    }
    Ok(out.flush()?)
}
