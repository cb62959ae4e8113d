//! A long text of plain words with needles in it: sentences with a number that nobody can guess.
//!
//! The same seed gives the same text. Each word is a common one, which is one token to every tokenizer that this
//! program knows, so that the number of words and full stops is nearly that of tokens.

/// Where the needles stand, in percent of the text.
pub const DEPTHS_PERCENT: [f64; 7] = [2.0, 10.0, 25.0, 50.0, 75.0, 90.0, 98.0];

/// What the model is asked for; it stands before the text and after it, so that either end may get lost.
pub const QUESTION: &str = "This text tests how much of a long prompt arrives. Somewhere in it stand up to seven \
    sentences, each with the passcode of a checkpoint, which is a number of six digits. Reply with all passcodes \
    that you find, one on a line, each as the number of its checkpoint, an equals sign and the passcode. Do not \
    guess, and write nothing else.";

const WORDS: &[&str] = &[
    "water", "house", "river", "garden", "stone", "morning", "window", "paper", "music", "letter",
    "bridge", "market", "summer", "winter", "forest", "island", "village", "teacher", "story",
    "picture", "kitchen", "table", "light", "night", "street", "train", "field", "horse", "bread",
    "glass", "green", "quiet", "small", "early", "often", "under", "after", "before", "between",
    "along", "never", "always", "people", "other", "again", "every",
];

/// Words in a sentence, its full stop not counted.
const SENTENCE: u64 = 11;

/// Reserved at once at most; a longer text grows as it is made.
const MOST_ROOM: usize = 64 << 20;

/// The needles of a text, and the text itself where it is made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Haystack {
    seed: u64,
    codes: Vec<String>,
}

impl Haystack {
    /// The needles of this seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = fastrand::Rng::with_seed(seed);
        let mut codes: Vec<String> = Vec::new();
        while codes.len() < DEPTHS_PERCENT.len() {
            let code = dice.u32(100_000..1_000_000).to_string();
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        Self { seed, codes }
    }

    /// The tokens that the needles and the question add to a text at most: one a byte.
    pub fn most_added(&self) -> u64 {
        let needles: usize = self.needles().iter().map(|(_, needle)| needle.len() + 1).sum();
        (needles + 2 * (QUESTION.len() + 2)) as u64
    }

    /// A text of about so many tokens, without any needle.
    pub fn filler(&self, tokens: u64) -> String {
        let mut dice = fastrand::Rng::with_seed(!self.seed);
        let mut text = String::with_capacity(room(tokens));
        for at in 0..tokens {
            match at % (SENTENCE + 1) {
                SENTENCE => text.push('.'),
                _ if at == 0 => text.push_str(WORDS[dice.usize(..WORDS.len())]),
                _ => {
                    text.push(' ');
                    text.push_str(WORDS[dice.usize(..WORDS.len())]);
                }
            }
        }
        text
    }

    /// The sentences to hide, each with the share of the text that stands before it.
    pub fn needles(&self) -> Vec<(f64, String)> {
        let numbered = DEPTHS_PERCENT.iter().zip(&self.codes).zip(1..);
        numbered
            .map(|((depth, code), number)| {
                (depth / 100.0, format!("The passcode of checkpoint {number} is {code}."))
            })
            .collect()
    }

    /// Which needles an answer gives back, from the front to the end.
    pub fn found_in(&self, answer: &str) -> Vec<super::Needle> {
        let plain: String = answer.chars().filter(|letter| !matches!(letter, ',' | '_')).collect();
        let needle = |(depth_percent, code): (f64, &String)| super::Needle {
            depth_percent,
            came_back: plain.contains(code.as_str()),
        };
        DEPTHS_PERCENT.into_iter().zip(&self.codes).map(needle).collect()
    }
}

/// Room for so many words.
fn room(tokens: u64) -> usize {
    usize::try_from(tokens.saturating_mul(6)).unwrap_or(MOST_ROOM).min(MOST_ROOM)
}
