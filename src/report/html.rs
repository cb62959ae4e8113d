//! One page that stands alone: to attach to a ticket and to open anywhere. The verdict first, then remarks,
//! pictures, tables, causes with their fixes, and what the run was. It loads nothing and runs nothing,
//! and its policy forbids both; every picture says beneath it in words what it shows.

mod markup;
mod parts;
mod phases;
mod picture;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use self::markup::{element, escape};
use super::{Report, lines::Lines, spread};
use crate::facts::Status;

/// How the page looks, in light and in dark.
const STYLE: &str = include_str!("html/style.css");

pub(super) fn render(report: &Report) -> String {
    let words = Lines::new(report, true);
    let sections = [
        heading(report, &words),
        parts::remarks(&words),
        picture::distributions(&words.spreads()),
        phases::bars(&words, &spread::arms(report).collect::<Vec<_>>()),
        parts::sheets(&words),
        parts::checks(&words),
        parts::findings(report, &words),
        parts::calls(report, &words),
        parts::error(&words),
        parts::limits(&words),
        parts::next(&words),
        parts::about(report, &words),
    ];
    let body = sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n{}\n<body>\n<main>\n{}\n</main>\n</body>\n</html>\n",
        head(report, &words),
        body.join("\n")
    )
}

fn head(report: &Report, words: &Lines<'_>) -> String {
    let style = STYLE.replace("\r\n", "\n");
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'"
    );
    let simulated = report.run.simulated.as_ref().map_or("", |_| "SIMULATED ");
    let said = format!("{simulated}{} {}", words.word(), words.sentence());
    let title = format!("{} - gemini-doctor {}", said.trim(), words.clean(&report.run.command));
    [
        "<head>".to_owned(),
        "<meta charset=\"utf-8\"/>".to_owned(),
        // It holds for what follows it.
        format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\"/>",
            policy.replace('\'', "&#39;")
        ),
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>".to_owned(),
        "<meta name=\"color-scheme\" content=\"light dark\"/>".to_owned(),
        "<meta name=\"referrer\" content=\"no-referrer\"/>".to_owned(),
        element("title", "", &escape(&title)),
        // Without one a browser asks the page's host for a picture.
        "<link rel=\"icon\" href=\"data:,\"/>".to_owned(),
        format!("<style>{style}</style>"),
        "</head>".to_owned(),
    ]
    .join("\n")
}

fn heading(report: &Report, words: &Lines<'_>) -> String {
    let simulated = words.simulated().map(|text| element("p", "simulated", &escape(&text)));
    let word = Some(words.word()).filter(|word| !word.is_empty());
    let word = word.map(|word| element("p", "word", &escape(&word)));
    let sentence = element("h1", "", &escape(&words.sentence()));
    let sure = words.likely().map_or_else(String::new, |likely| format!(" {likely}"));
    let exit = element("p", "exit", &escape(&format!("{}{sure}", words.exit_meaning())));
    let all: String = simulated.into_iter().chain(word).chain([sentence, exit]).collect();
    element("header", status(report.verdict.status), &all)
}

/// The class of a status. The word stands there, too.
const fn status(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Warn => "warn",
        Status::Fail => "fail",
        Status::Skip => "skip",
        Status::Inconclusive => "unclear",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{redact::Redactor, report::samples};

    #[test]
    fn nothing_is_loaded_and_nothing_runs() {
        for (name, report) in samples::all() {
            let page = render(&report).to_lowercase();
            for word in [
                "<script",
                "<img",
                "<iframe",
                "<object",
                "<embed",
                "javascript:",
                "@import",
                "url(",
            ] {
                assert!(
                    !page.contains(word) || name == "hostile" && word == "url(",
                    "{name}: {word}"
                );
            }
            let tags = page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap());
            for tag in tags {
                assert!(!tag.contains(" src=") && !tag.contains(" style=\""), "{name}: {tag}");
                let handler = tag.split(' ').skip(1).any(|word| word.starts_with("on"));
                assert!(!handler || tag.contains("content=\""), "{name}: {tag}");
                let is_own =
                    !tag.contains("href=") || tag.starts_with("a ") || tag.contains("data:,");
                assert!(is_own, "{name}: {tag}");
            }
        }
    }

    #[test]
    fn the_policy_names_the_style_that_is_there() {
        let page = render(&samples::passing());
        let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, style.as_bytes()));
        assert!(page.contains(&format!("style-src &#39;sha256-{hash}&#39;")), "{page}");
    }

    #[test]
    fn the_redactor_takes_a_key_out_and_leaves_the_page_whole() {
        let key = "AQ.FAKEexample_of-a-key-0123456789";
        for (name, mut report) in samples::all() {
            let page = render(&report);
            assert_eq!(Redactor::new(&[]).scrub(&page), page, "{name}");
            report.verdict.sentence = format!("<b>?key={key}&x</b> GEMINI_API_KEY=\"{key}\" {key}");
            report.limits.push(format!("x-goog-api-key: {key}"));
            let spoilt = render(&report);
            let scrubbed = Redactor::new(&[]).scrub(&spoilt).into_owned();
            assert!(!scrubbed.contains(key), "{name}");
            assert_eq!(tags(&scrubbed), tags(&spoilt), "{name}");
        }
    }

    fn tags(page: &str) -> Vec<&str> {
        page.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0).collect()
    }

    #[test]
    fn every_picture_has_a_title_and_words() {
        let page = render(&samples::benchmark());
        assert_eq!(page.matches("<svg role=\"img\"").count(), 2);
        assert_eq!(page.matches("<desc ").count(), 2);
        for word in ["h1-cold", "22 calls answered, 2 failed; p50", "waiting", "linear scale"] {
            assert!(page.contains(word), "{word}");
        }
        assert!(!render(&samples::passing()).contains("<svg"));
    }
}
