//! Elements and escapes. Knows nothing of reports.

/// An element with a class, where it has one, around markup.
pub(super) fn element(name: &str, class: &str, inner: &str) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<{name}{class}>{inner}</{name}>")
}

/// A part of the page under a heading of its own.
pub(super) fn section(title: &str, inner: &str) -> String {
    match inner.is_empty() {
        true => String::new(),
        false => format!("<section>\n<h2>{}</h2>\n{inner}\n</section>", escape(title)),
    }
}

/// A table that scrolls by itself where it is wider than the page.
pub(super) fn table(name: &str, heads: &str, rows: &[String]) -> String {
    let rows: String = rows.iter().map(|row| format!("\n<tr>{row}</tr>")).collect();
    format!(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n\
         <table>\n<thead><tr>{heads}</tr></thead>\n<tbody>{rows}\n</tbody>\n</table>\n</div>",
        escape(name)
    )
}

/// A head or a cell, of a number or of words.
pub(super) fn cell(name: &str, is_number: bool, inner: &str) -> String {
    element(name, if is_number { "n" } else { "" }, inner)
}

/// Text for an element or an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            _ if character.is_control() => {}
            _ => out.push(character),
        }
    }
    out
}

/// A share as a length of a picture.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escape("a<b>&\"'\u{0}\u{1b}"), "a&lt;b&gt;&amp;&quot;&#39;");
    }
}
