//! GitHub-flavoured Markdown: for issues, job summaries and chats. Outside text cannot become markup.

use super::{
    Report, Style,
    document::{Column, Sheet},
    drawing,
    lines::{Lines, Piece, Row, Verbatim},
    spread::Spread,
};

pub(super) fn render(report: &Report) -> String {
    let words = Lines::new(report, true);
    let mut blocks: Vec<String> =
        words.simulated().map(|text| format!("**{}**", escape(&text))).into_iter().collect();
    blocks.push(format!("### {} {}", escape(&words.word()), escape(&words.sentence())));
    blocks.push(escape(&words.exit_meaning()));
    blocks.extend(words.likely().map(|text| format!("**{}**", escape(&text))));
    blocks.extend(checks(&words.rows()));
    blocks.extend(words.sheets().iter().flat_map(sheet));
    blocks.extend(drawn(&words.spreads()));
    blocks.extend(words.pieces().iter().map(piece));
    blocks.extend(words.next().map(|next| format!("Next:\n\n{}", fence(&[next]))));
    blocks.extend(words.spent().map(|spent| escape(&spent)));
    joined(&blocks)
}

/// A list keeps its items together; other blocks are parted by a blank line.
fn joined(blocks: &[String]) -> String {
    let mut out = String::new();
    for (place, block) in blocks.iter().enumerate() {
        let follows = place > 0 && block.starts_with("- ") && blocks[place - 1].starts_with("- ");
        out.push_str(if place == 0 || follows { "" } else { "\n" });
        out.push_str(block);
        out.push('\n');
    }
    out
}

fn checks(rows: &[Row]) -> Option<String> {
    let cells: Vec<Vec<String>> = rows.iter().map(Row::cells).collect();
    (!rows.is_empty()).then(|| table(&Row::columns(), &cells))
}

fn sheet(sheet: &Sheet) -> Vec<String> {
    let title = (!sheet.title.is_empty()).then(|| format!("**{}**", escape(&sheet.title)));
    let table = (!sheet.columns.is_empty()).then(|| table(&sheet.columns, &sheet.rows));
    let notes = (!sheet.notes.is_empty()).then(|| fence(&sheet.notes));
    title.into_iter().chain(table).chain(notes).collect()
}

/// The distributions as text, in ASCII: fonts differ in what else they set to one width.
fn drawn(spreads: &[Spread]) -> Option<String> {
    let lines = drawing::lines(spreads, Style::PLAIN.columns(), false);
    (!lines.is_empty()).then(|| fenced("text", &lines))
}

fn table(columns: &[Column], rows: &[Vec<String>]) -> String {
    let heads: Vec<String> = columns.iter().map(|column| column.head.clone()).collect();
    let rule: Vec<&str> =
        columns.iter().map(|one| if one.number { "---:" } else { "---" }).collect();
    let head = [line(&heads), format!("|{}|", rule.join("|"))];
    head.into_iter().chain(rows.iter().map(|row| line(row))).collect::<Vec<_>>().join("\n")
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| escape(cell.trim())).collect();
    format!("| {} |", cells.join(" | "))
}

fn piece(piece: &Piece) -> String {
    let first = format!("- **{}**: {}", piece.label, escape(&piece.text));
    let rest = piece.verbatim.iter().map(|verbatim| match verbatim {
        Verbatim::Command(lines) => nested(&fence(lines)),
        Verbatim::Link(link) => format!("\n  {}", linked(link)),
    });
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n")
}

fn nested(block: &str) -> String {
    block.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// A link, unless it holds what could end it early.
fn linked(link: &str) -> String {
    let is_plain = link.starts_with("https://") && !link.contains(['<', '>', ' ', '`', '\\']);
    if is_plain { format!("<{link}>") } else { escape(link) }
}

/// Lines to copy, fenced by more backticks than stand together in them.
fn fence(lines: &[String]) -> String {
    fenced("sh", lines)
}

fn fenced(language: &str, lines: &[String]) -> String {
    let longest =
        lines.iter().flat_map(|line| line.split(|letter| letter != '`')).map(str::len).max();
    let marks = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    format!("{marks}{language}\n{}\n{marks}", lines.join("\n"))
}

/// Text without a meaning in Markdown. An underscore within a word has none, and ids are full of them.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let inside =
            before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if inside => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => {
                out.extend(['\\', character]);
            }
            '@' => out.push_str("&#64;"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(character),
        }
        before = character;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_does_not_become_markup() {
        assert_eq!(
            escape("a|b `c` *d* <img> [x](y)"),
            "a\\|b \\`c\\` \\*d\\* &lt;img&gt; \\[x\\](y)"
        );
        assert_eq!(escape("API_KEY_INVALID _x_ @all"), "API_KEY_INVALID \\_x\\_ &#64;all");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let fenced = fence(&["echo ```".to_owned()]);
        assert_eq!(fenced, "````sh\necho ```\n````");
    }

    #[test]
    fn only_a_plain_address_becomes_a_link() {
        assert_eq!(linked("https://example.com/a_b"), "<https://example.com/a_b>");
        assert_eq!(linked("javascript:x"), "javascript:x");
        assert_eq!(linked("https://a> <b"), "https://a&gt; &lt;b");
    }
}
