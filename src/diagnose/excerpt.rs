//! The part of a text that is shown of it: round the words that count, with dots for what is left out,
//! never with half a word or half a URL where a whole one can be had.

use std::ops::Range;

/// What stands for what is left out.
const DOTS: &str = "...";

/// At most so many characters of a text, round a place in it. White space must be single blanks.
pub fn round(text: &str, at: usize, longest: usize) -> String {
    let ends = ends(text);
    if ends.len() <= longest {
        return text.to_owned();
    }
    let room = longest.saturating_sub(2 * DOTS.len() + 2);
    let place = ends.partition_point(|end| *end <= at);
    // More is said behind a word than before it, and most at the beginning.
    let from = if place <= longest / 3 { 0 } else { place - longest / 8 };
    let start = |count: usize| if count == 0 { 0 } else { ends[count - 1] };
    whole_words(text, start(from)..start((from + room).min(ends.len())), at)
}

/// The beginning of a text, at most so many characters of it.
pub fn beginning(text: &str, longest: usize) -> String {
    round(text, 0, longest)
}

/// Where each character of a text ends.
fn ends(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, letter)| at + letter.len_utf8()).collect()
}

/// The words of a range, with dots where others are left out.
fn whole_words(text: &str, range: Range<usize>, at: usize) -> String {
    let from = first_whole(text, &range, at);
    let to = end_of_whole(text, from..range.end, at.max(from));
    let before = if from > 0 { format!("{DOTS} ") } else { String::new() };
    // A blank before the dots shows that the last word is whole.
    let behind = match &text[to..] {
        "" => String::new(),
        rest if rest.starts_with(' ') => format!(" {DOTS}"),
        _ => DOTS.to_owned(),
    };
    format!("{before}{}{behind}", text[from..to].trim_end())
}

/// Where the first whole word of a range begins. The word that is cut goes, unless it is the one that
/// counts, and no URL.
fn first_whole(text: &str, range: &Range<usize>, at: usize) -> usize {
    if range.start == 0 || text[..range.start].ends_with(' ') {
        return range.start;
    }
    let next = text[range.clone()].find(' ').map_or(range.end, |blank| range.start + blank + 1);
    let word = text[..range.start].rfind(' ').map_or(0, |blank| blank + 1);
    if next <= at || text[word..next].contains("://") { next } else { range.start }
}

/// Where the last whole word of a range ends, under the same rule.
fn end_of_whole(text: &str, range: Range<usize>, at: usize) -> usize {
    if range.end == text.len() || text[range.end..].starts_with(' ') {
        return range.end;
    }
    let last = text[range.clone()].rfind(' ').map(|blank| range.start + blank);
    last.filter(|end| *end > at).unwrap_or_else(|| without_half_a_url(text, range))
}

/// The end of a range before the URL that it would cut.
fn without_half_a_url(text: &str, range: Range<usize>) -> usize {
    let last = text[range.clone()].rfind(' ').map_or(range.start, |blank| range.start + blank + 1);
    let behind = text[range.end..].find(' ').map_or(text.len(), |blank| range.end + blank);
    match text[last..behind].find("://").map(|mark| last + mark) {
        Some(mark) => {
            let before = text[last..mark].trim_end_matches(|c: char| c.is_ascii_alphabetic());
            (last + before.len()).min(range.end)
        }
        None => range.end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_count_are_shown_whole() {
        let text = format!("{}400 API key not valid. Stop.", "lorem ipsum dolor ".repeat(40));
        let shown = round(&text, text.find("400").expect("it is there"), 100);
        assert!(
            shown.starts_with("... ") && shown.ends_with("400 API key not valid. Stop."),
            "{shown}"
        );
        assert!(shown.chars().count() <= 100, "{shown}");
        let text = format!("400 API key not valid. {}", "lorem ipsum dolor ".repeat(40));
        let shown = round(text.trim_end(), 0, 60);
        assert_eq!(shown, "400 API key not valid. lorem ipsum dolor lorem ipsum ...");
        assert_eq!(round("all of it", 4, 9), "all of it");
    }

    #[test]
    fn a_url_is_whole_or_not_there() {
        for longest in 30..120 {
            let text = format!("see https://example.com/{} for more of it all", "path/".repeat(9));
            let shown = beginning(&text, longest);
            let whole = shown.contains(&format!("https://example.com/{} ", "path/".repeat(9)));
            assert!(whole || !shown.contains("://"), "{shown}");
        }
        let url = format!("https://example.com/{}", "x".repeat(300));
        assert_eq!(beginning(&format!("(at{url}"), 60), "(...");
    }

    #[test]
    fn a_cut_is_never_longer_than_asked_and_never_breaks() {
        for text in ["x".repeat(500), "é ".repeat(250), "ab ".repeat(200), "://".repeat(100)] {
            for at in (0..text.len()).step_by(7).filter(|at| text.is_char_boundary(*at)) {
                let shown = round(&text, at, 50);
                assert!(shown.chars().count() <= 50, "{shown}");
            }
        }
    }
}
