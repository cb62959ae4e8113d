//! A SentencePiece model: of the kinds there are, BPE with byte fallback and a text that is left as it is.

use crate::tokens::{Merges, Pieces};

use super::{
    protobuf::{Message, Value},
    single,
};

/// Byte pieces of a model that can write any byte.
const BYTES: usize = 256;

/// The pieces of a `.model` file.
pub fn sentencepiece(bytes: &[u8]) -> Result<Pieces, String> {
    let model =
        Model::read(bytes).map_err(|error| format!("it is no SentencePiece model: {error}"))?;
    if model.pieces.is_empty() {
        return Err("it is no SentencePiece model: it has no pieces".to_owned());
    }
    if !model.has_trainer {
        return Err("it says nothing of how it was trained: is it cut off?".to_owned());
    }
    model.changes_no_text()?;
    model.sorted()
}

/// What is read of a model.
struct Model {
    pieces: Vec<Piece>,
    has_trainer: bool,
    kind: u64,
    charsmap: usize,
    dummy_prefix: bool,
    extra_spaces_removed: bool,
    spaces_escaped: bool,
    spaces_behind: bool,
}

struct Piece {
    text: String,
    score: f32,
    kind: u64,
}

const NORMAL: u64 = 1;
const UNKNOWN: u64 = 2;
const CONTROL: u64 = 3;
const USER_DEFINED: u64 = 4;
const UNUSED: u64 = 5;
const BYTE: u64 = 6;

impl Model {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut model = Self {
            pieces: Vec::new(),
            has_trainer: false,
            kind: 1,
            charsmap: 0,
            dummy_prefix: true,
            extra_spaces_removed: true,
            spaces_escaped: true,
            spaces_behind: false,
        };
        let mut message = Message::new(bytes);
        while let Some(field) = message.field() {
            match field? {
                (1, Value::Bytes(piece)) => model.pieces.push(Piece::read(piece)?),
                (2, Value::Bytes(trainer)) => model.read_trainer(trainer)?,
                (3, Value::Bytes(normalizer)) => model.read_normalizer(normalizer)?,
                _ => {}
            }
        }
        Ok(model)
    }

    fn read_trainer(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.has_trainer = true;
        let mut message = Message::new(bytes);
        while let Some(field) = message.field() {
            match field? {
                (3, Value::Number(kind)) => self.kind = kind,
                (24, Value::Number(behind)) => self.spaces_behind = behind != 0,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_normalizer(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut message = Message::new(bytes);
        while let Some(field) = message.field() {
            match field? {
                (2, Value::Bytes(map)) => self.charsmap = map.len(),
                (3, Value::Number(prefix)) => self.dummy_prefix = prefix != 0,
                (4, Value::Number(removed)) => self.extra_spaces_removed = removed != 0,
                (5, Value::Number(escaped)) => self.spaces_escaped = escaped != 0,
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses what would have to be done to a text before it is cut.
    fn changes_no_text(&self) -> Result<(), String> {
        let kind = match self.kind {
            1 => Some("unigram"),
            2 => None,
            3 => Some("word"),
            4 => Some("char"),
            _ => Some("unknown"),
        };
        if let Some(kind) = kind {
            return Err(format!(
                "it is of the kind {kind}, and only BPE can be counted exactly here"
            ));
        }
        let changes = [
            (self.charsmap > 0, "maps characters (precompiled_charsmap)"),
            (self.dummy_prefix, "puts a space in front (add_dummy_prefix)"),
            (self.extra_spaces_removed, "drops spaces (remove_extra_whitespaces)"),
            (!self.spaces_escaped, "keeps spaces as they are (escape_whitespaces is off)"),
            (self.spaces_behind, "puts spaces behind words (treat_whitespace_as_suffix)"),
        ];
        match changes.iter().find(|(does, _)| *does) {
            Some((_, what)) => Err(format!("it {what}, which is not supported")),
            None => Ok(()),
        }
    }

    fn sorted(self) -> Result<Pieces, String> {
        if self.of_kind(BYTE).count() != BYTES {
            return Err("it has no byte fallback, which is not supported".to_owned());
        }
        if self.of_kind(UNUSED).next().is_some() {
            return Err("it has unused pieces, which are not supported".to_owned());
        }
        let mut normal: Vec<&Piece> = self.of_kind(NORMAL).collect();
        normal.sort_by(|a, b| b.score.total_cmp(&a.score));
        let tied = |pair: &[&Piece]| pair.iter().all(|piece| piece.text.chars().count() > 1);
        if normal.windows(2).any(|pair| pair[0].score == pair[1].score && tied(pair)) {
            return Err("two of its pieces have one score, which is not supported".to_owned());
        }
        let texts = |kinds: &[u64]| {
            let of_kind = self.pieces.iter().filter(|piece| kinds.contains(&piece.kind));
            of_kind.map(|piece| piece.text.clone()).collect()
        };
        let letters = normal.iter().filter_map(|piece| single(&piece.text)).collect();
        let longer = normal.iter().filter(|piece| single(&piece.text).is_none());
        Ok(Pieces {
            letters,
            merges: Merges::Into(longer.map(|piece| piece.text.clone()).collect()),
            literal: texts(&[USER_DEFINED]),
            control: texts(&[CONTROL, UNKNOWN]),
        })
    }

    fn of_kind(&self, kind: u64) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(move |piece| piece.kind == kind)
    }
}

impl Piece {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut piece = Self { text: String::new(), score: 0.0, kind: NORMAL };
        let mut message = Message::new(bytes);
        while let Some(field) = message.field() {
            match field? {
                (1, Value::Bytes(text)) => {
                    let text =
                        str::from_utf8(text).map_err(|_| "a piece is no UTF-8".to_owned())?;
                    piece.text = text.to_owned();
                }
                (2, Value::Float(score)) => piece.score = score,
                (3, Value::Number(kind)) => piece.kind = kind,
                _ => {}
            }
        }
        Ok(piece)
    }
}
