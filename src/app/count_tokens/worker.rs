//! Counts one file after the other, with one memory for all of them. Shows nothing.

use std::ops::ControlFlow;

use crate::{
    commands::count_tokens::{
        Basis, Body, Choice, Compared, CountTokens, Granted, Lossy, Openai, Request, Seen,
        hidden::{Sighted, Sights, odd_words},
    },
    local::inputs::{self, File, Read, Unread},
    tokens::{
        Counted, Counter, Stream, Vocabulary,
        body::{self, Api, Asked, odd_names},
        hidden::{self, Finder, Kind},
    },
};

/// The largest body that is read: more than the service takes.
const MOST_OF_A_BODY: u64 = 256 << 20;

/// The largest text that is held, where it is needed as a whole.
const MOST_OF_A_TEXT: usize = 256 << 20;

/// Counts on one thread.
pub(super) struct Worker<'a> {
    args: &'a CountTokens,
    choice: &'a Choice,
    kinds: &'a [Kind],
    counter: Counter,
}

impl<'a> Worker<'a> {
    pub(super) fn new(
        args: &'a CountTokens,
        choice: &'a Choice,
        kinds: &'a [Kind],
        vocabulary: &Vocabulary,
    ) -> Self {
        Self { args, choice, kinds, counter: Counter::new(vocabulary) }
    }

    /// Counts a text; how many bytes of it were read is told as it goes.
    pub(super) fn text(
        &mut self,
        file: &File,
        progress: impl Fn(u64) -> ControlFlow<()>,
    ) -> Result<Seen, Unread> {
        let mut stream = Stream::new(&mut self.counter);
        let mut beside = Beside::new(self.args);
        let read = inputs::read(&file.place, |block| {
            stream.push(block);
            beside.push(block);
            progress(block.len() as u64)
        })?;
        let counted = stream.finish();
        Ok(self.seen(counted, read, beside))
    }

    /// Counts a request's body, part by part.
    pub(super) fn request(&mut self, file: &File) -> Result<Seen, Unread> {
        let (bytes, read) = inputs::read_whole(&file.place, MOST_OF_A_BODY)?;
        let text = String::from_utf8(bytes).map_err(|error| no_text(&error))?;
        let text = text.trim_start_matches('\u{FEFF}');
        let body = Body::read(text).map_err(|trouble| self.unread(text, &trouble))?;
        let tokenizer = self.counter.vocabulary().name().to_owned();
        let basis = Basis::of(self.args, self.choice, body.model.as_deref(), &tokenizer);
        let asked = Asked { model: &basis.model, api: Api::Developer, doubt: basis.doubt() };
        let mut counted = Counted::default();
        let tally = body.count(asked, |text| {
            let one = self.string(text);
            counted = sum(&counted, &one);
            one.tokens
        });
        counted.tokens = tally.total();
        let compared = self.args.compare.then(|| compared(&body));
        let hidden = self.args.hidden_chars.is_wanted().then(|| self.sights(text, &body));
        let text = wants_text(self.args).then(|| text.to_owned());
        let granted = Granted { output: body.max_output, thinking: body.thinking_budget };
        let Body { model, cached_content, notes, more_notes, .. } = body;
        let request = Some(Request { model, tally, granted, cached_content, notes, more_notes });
        Ok(Seen { counted, read, request, compared, hidden, text })
    }

    /// A name that only looks right is a good reason for a body to be none.
    fn unread(&self, text: &str, trouble: &body::Trouble) -> Unread {
        let is_wanted = self.args.hidden_chars.is_wanted();
        let odd = if is_wanted { odd_names(text) } else { Vec::new() };
        let odd: String = odd.iter().take(4).map(|odd| format!("; {}", odd_words(odd))).collect();
        Unread::Failed(format!("{trouble}{odd}"))
    }

    /// Each text is looked at by itself, since none goes on in the next.
    fn sights(&mut self, text: &str, body: &Body) -> Sights {
        let mut sights = Sights { texts: Vec::new(), names: odd_names(text) };
        for (path, text) in body.strings() {
            let found = hidden::find(text);
            if !found.tallies.is_empty() {
                let cost = Some(hidden::cost(text, self.kinds, &mut self.counter));
                sights.texts.push(Sighted { path: Some(path.to_owned()), found, cost });
            }
        }
        sights
    }

    fn seen(&mut self, counted: Counted, read: Read, beside: Beside) -> Seen {
        let (compared, found, text) = beside.finish();
        let hidden = found.map(|found| {
            let cost = text.as_ref().map(|text| hidden::cost(text, self.kinds, &mut self.counter));
            Sights { texts: vec![Sighted { path: None, found, cost }], names: Vec::new() }
        });
        // Of several texts none is needed later, and together they may be too much to hold.
        let text = text.filter(|_| wants_text(self.args));
        Seen { counted, read, request: None, compared, hidden, text }
    }

    fn string(&mut self, text: &str) -> Counted {
        let mut stream = Stream::new(&mut self.counter);
        stream.push(text.as_bytes());
        stream.finish()
    }
}

/// Whether the text itself is needed after it was counted.
pub(super) fn wants_text(args: &CountTokens) -> bool {
    args.plan.plan || args.hidden_chars.normalize.is_some() || args.delivery.is_live()
}

fn compared(body: &Body) -> Compared {
    let one = |(_, text): (&str, &str)| {
        let mut openai = Openai::default();
        openai.push(text);
        openai.finish()
    };
    body.strings().map(one).fold(Compared::default(), Compared::and)
}

fn no_text(error: &std::string::FromUtf8Error) -> Unread {
    let at = error.utf8_error().valid_up_to();
    Unread::Failed(format!("it is no JSON: byte {at} is not UTF-8"))
}

fn sum(left: &Counted, right: &Counted) -> Counted {
    Counted {
        tokens: left.tokens + right.tokens,
        bytes: left.bytes + right.bytes,
        line_feeds: left.line_feeds + right.line_feeds,
        invalid_utf8: left.invalid_utf8 + right.invalid_utf8,
        first_invalid: None,
        control_lookalikes: left.control_lookalikes + right.control_lookalikes,
        conversation_marks: left.conversation_marks + right.conversation_marks,
        forced_cuts: left.forced_cuts + right.forced_cuts,
    }
}

/// What else is done with the same text, where it was asked for.
struct Beside {
    lossy: Lossy,
    openai: Option<Openai>,
    finder: Option<Finder>,
    /// The text, as long as it is not too long to be held.
    kept: Option<String>,
}

impl Beside {
    fn new(args: &CountTokens) -> Self {
        let hidden = args.hidden_chars.is_wanted();
        Self {
            lossy: Lossy::default(),
            openai: args.compare.then(Openai::default),
            finder: hidden.then(Finder::new),
            kept: (hidden || wants_text(args)).then(String::new),
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        let Self { lossy, openai, finder, kept } = self;
        if openai.is_some() || finder.is_some() || kept.is_some() {
            lossy.push(bytes, |text| each(text, openai, finder, kept));
        }
    }

    fn finish(self) -> (Option<Compared>, Option<hidden::Found>, Option<String>) {
        let Self { lossy, mut openai, mut finder, mut kept } = self;
        lossy.finish(|text| each(text, &mut openai, &mut finder, &mut kept));
        (openai.map(Openai::finish), finder.map(Finder::finish), kept)
    }
}

fn each(
    text: &str,
    openai: &mut Option<Openai>,
    finder: &mut Option<Finder>,
    kept: &mut Option<String>,
) {
    if let Some(openai) = openai {
        openai.push(text);
    }
    if let Some(finder) = finder {
        finder.push(text);
    }
    if kept.as_ref().is_some_and(|kept| kept.len() + text.len() > MOST_OF_A_TEXT) {
        *kept = None;
    }
    if let Some(kept) = kept {
        kept.push_str(text);
    }
}
