//! What a seed decides: picks, numbers, words and bytes. It must not know what they are for.

/// A sequence of choices that is the same for the same seed.
pub struct Chance(fastrand::Rng);

/// Words of several languages and scripts, and what has to be escaped.
const WORDS: &[&str] = &[
    "the",
    "train",
    "harbour",
    "is",
    "late",
    "three",
    "invoices",
    "for",
    "Köln",
    "naïve",
    "café",
    "東京",
    "の",
    "天気",
    "Привет",
    "мир",
    "\"quoted\"",
    "back\\slash",
    "🙂",
    "a\ttab",
    "line\nbreak",
    "42",
    "C++",
    "<b>",
    "{brace}",
    "it's",
    "50%",
    "https://example.com/a?b=c",
    "and",
    "so",
    "on",
    "weather",
    "report",
    "please",
    "summarise",
    "in",
    "two",
    "sentences",
    "with",
    "numbers",
];

/// Names for somebody's own keys.
const KEYS: &[&str] = &[
    "city",
    "country",
    "date",
    "unit",
    "amount",
    "currency",
    "query",
    "limit",
    "tags",
    "address",
    "street",
    "zip_code",
    "orderId",
    "lines",
    "price",
    "verified",
    "notes",
    "start",
    "end",
    "owner",
    "x",
    "straße",
    "type",
    "items",
    "title",
    "format",
    "properties",
    "required",
    "default",
];

impl Chance {
    pub fn of(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    pub fn in_hundred(&mut self, times: u32) -> bool {
        self.0.u32(0..100) < times
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0.usize(0..end)
    }

    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.i64(least..=most)
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.0.usize(0..from.len())]
    }

    /// One of them, taken out of the list; `None` where there is none.
    pub fn take<T>(&mut self, mut from: Vec<T>) -> Option<T> {
        (!from.is_empty()).then(|| from.swap_remove(self.0.usize(0..from.len())))
    }

    /// So many different ones of a list, in an order of their own.
    pub fn some<T: Clone>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut all = from.to_vec();
        self.0.shuffle(&mut all);
        all.truncate(count);
        all
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        self.0.shuffle(items);
    }

    /// A number with at most two digits behind the point.
    pub fn decimal(&mut self, least: f64, most: f64) -> String {
        let steps = ((most - least) * 100.0).round() as i64;
        let said = format!("{}", least + self.between(0, steps) as f64 / 100.0);
        let short = said.find('.').map_or(said.len(), |point| said.len().min(point + 3));
        said[..short].to_owned()
    }

    pub fn sentence(&mut self) -> String {
        let count = 1 + self.below(14);
        let words: Vec<_> = (0..count).map(|_| *self.pick(WORDS)).collect();
        words.join(" ")
    }

    pub fn keys(&mut self, count: usize) -> Vec<&'static str> {
        self.some(KEYS, count)
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.0.u8(..)).collect()
    }

    pub fn id(&mut self) -> String {
        const SIGNS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        (0..10).map(|_| char::from(*self.pick(SIGNS))).collect()
    }
}

/// The standard alphabet with its padding.
pub fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(*group.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let sign = char::from(SIGNS[bits >> (18 - 6 * at) & 63]);
            text.push(if at <= group.len() { sign } else { '=' });
        }
    }
    text
}
