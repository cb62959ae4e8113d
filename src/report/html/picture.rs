//! The distribution of each arm over one axis: how many calls ended in each stretch of time, with the
//! median and the 95th percentile written where they lie. Lengths across are shares of the page's
//! width, so that letters keep their size on every screen.

use super::markup::{cell, element, escape, percent, section, table};
use crate::report::{
    axis::{self, Axis},
    spread::{Spread, ms},
};

/// The bars of each arm.
const BINS: usize = 48;
/// Fewer calls than this are drawn one by one.
const FEW: u64 = 20;
/// The height of an arm, of its bars, and of the axis, in pixels.
const ROW: usize = 108;
const BARS: f64 = 42.0;
const AXIS: usize = 28;
/// So many values have room beside the axis of the narrowest page.
const TICKS: usize = 6;

/// The part of the page; empty where there is nothing to draw.
pub(super) fn distributions(spreads: &[Spread]) -> String {
    let Some(axis) = Axis::over(spreads) else { return String::new() };
    let height = spreads.len() * ROW + AXIS;
    let grid = gridlines(&axis, height);
    let rows: String = (0..).zip(spreads).map(|(row, one)| arm(&axis, one, row * ROW)).collect();
    let told = spreads.iter().map(|one| format!("{}: {}.", one.name, one.sentence()));
    let words = told.collect::<Vec<_>>().join(" ");
    let title = "How long the calls of each arm took";
    let picture = svg("times", title, &words, height, &format!("{grid}{rows}"));
    let caption = format!(
        "Each bar counts the calls that ended in that stretch of time, as a share of the tallest of its \
         arm; {}. The solid line is the median (p50), the broken one p95. Fewer than {FEW} calls are \
         dots, one a call. Calls that failed have no time and are not in the picture.",
        axis.word()
    );
    let caption = element("figcaption", "", &escape(&caption));
    let figure = format!("<figure>\n{picture}\n{caption}\n</figure>\n{}", numbers(spreads));
    section("How long calls took", &figure)
}

/// A picture with its words for those who do not see it.
pub(super) fn svg(id: &str, title: &str, words: &str, height: usize, inner: &str) -> String {
    format!(
        "<svg role=\"img\" aria-labelledby=\"{id}-title {id}-words\" width=\"100%\" height=\"{height}\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-words\">{}</desc>{inner}\n</svg>",
        escape(title),
        escape(words)
    )
}

/// Lines across all arms at round values, which stand below them.
pub(super) fn gridlines(axis: &Axis, height: usize) -> String {
    let foot = height - AXIS;
    let line = |(number, tick): (usize, &f64)| {
        let place = axis.place(*tick);
        let unit = if number == 0 { " ms" } else { "" };
        let label = format!("{}{unit}", axis::label(*tick));
        let x = percent(place);
        format!(
            "\n<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{foot}\"/>{}",
            label_at("tick", place, foot + 18, within(place), &label)
        )
    };
    axis.ticks(TICKS).iter().enumerate().map(line).collect()
}

/// Text at a place, with its beginning, middle or end there.
pub(super) fn label_at(class: &str, place: f64, y: usize, anchor: &str, text: &str) -> String {
    let x = percent(place);
    format!(
        "\n<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
        escape(text)
    )
}

/// The anchor that keeps a short text within the picture.
fn within(place: f64) -> &'static str {
    match place {
        ..0.06 => "start",
        0.94.. => "end",
        _ => "middle",
    }
}

fn arm(axis: &Axis, spread: &Spread, top: usize) -> String {
    let failed = match spread.failed {
        0 => String::new(),
        some => format!(", {some} failed"),
    };
    let name = label_at("name", 0.0, top + 18, "start", &short(&spread.name));
    let count =
        label_at("count", 1.0, top + 18, "end", &format!("{} answered{failed}", spread.answered));
    let foot = top + ROW - 8;
    let calls =
        if spread.answered < FEW { dots(axis, spread, foot) } else { bars(axis, spread, foot) };
    let rule =
        format!("\n<line class=\"rule\" x1=\"0%\" x2=\"100%\" y1=\"{foot}\" y2=\"{foot}\"/>");
    let marks = [("p50", 0.5, top + 36), ("p95", 0.95, top + 52)];
    let marks = marks.map(|(name, q, y)| mark(axis, spread, (name, q), (y, foot))).concat();
    format!("{calls}{rule}{marks}{name}{count}")
}

fn bars(axis: &Axis, spread: &Spread, foot: usize) -> String {
    let mut bins = [0_u64; BINS];
    for (value, count) in &spread.values {
        let bin = ((axis.place(*value) * BINS as f64) as usize).min(BINS - 1);
        bins[bin] = bins[bin].saturating_add(*count);
    }
    let most = bins.iter().copied().max().unwrap_or(1).max(1) as f64;
    let width = percent(0.92 / BINS as f64);
    let drawn = (0_u32..).zip(bins).filter(|(_, count)| *count > 0).map(|(bin, count)| {
        // What is there is seen, however little it is beside the most.
        let height = (count as f64 / most * BARS).max(1.5);
        let (x, y) = (percent(f64::from(bin) / BINS as f64), foot as f64 - height);
        format!("<rect x=\"{x}\" y=\"{y:.1}\" width=\"{width}\" height=\"{height:.1}\"/>")
    });
    format!("\n<g class=\"bars\">{}</g>", drawn.collect::<String>())
}

fn dots(axis: &Axis, spread: &Spread, foot: usize) -> String {
    let dot = |(value, count): &(f64, u64)| {
        let x = percent(axis.place(*value));
        let pile = (0..(*count).min(FEW)).map(move |nth| {
            let y = foot as f64 - 5.0 - nth as f64 * 2.0;
            format!("<circle cx=\"{x}\" cy=\"{y:.1}\" r=\"4\"/>")
        });
        pile.collect::<String>()
    };
    format!("\n<g class=\"dots\">{}</g>", spread.values.iter().map(dot).collect::<String>())
}

/// A name that has room beside what stands at the right end.
pub(super) fn short(name: &str) -> String {
    const LETTERS: usize = 24;
    match name.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// A quantile's line and its words beside it, on the side that has more room.
fn mark(axis: &Axis, spread: &Spread, (name, q): (&str, f64), (y, foot): (usize, usize)) -> String {
    let Some(value) = spread.quantile(q) else { return String::new() };
    let place = axis.place(value);
    let (x, from) = (percent(place), y - 11);
    let (anchor, blank) =
        if place < 0.6 { ("start", ("\u{a0}", "")) } else { ("end", ("", "\u{a0}")) };
    let text = format!("{}{name} {} ms{}", blank.0, ms(value), blank.1);
    format!(
        "\n<line class=\"{name}\" x1=\"{x}\" x2=\"{x}\" y1=\"{from}\" y2=\"{foot}\"/>{}",
        label_at("mark", place, y, anchor, &text)
    )
}

/// The same in words and numbers.
fn numbers(spreads: &[Spread]) -> String {
    const HEADS: [&str; 8] =
        ["arm", "answered", "failed", "p50 ms", "p95 ms", "p99 ms", "middle half ms", "all ms"];
    let heads: String = HEADS.iter().map(|head| cell("th", *head != "arm", head)).collect();
    let rows: Vec<String> = spreads.iter().map(row).collect();
    table("How long calls took, in numbers", &heads, &rows)
}

fn row(spread: &Spread) -> String {
    let known = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), ms);
    let range = |ends: Option<(f64, f64)>| match ends {
        Some((low, high)) => format!("{} to {}", ms(low), ms(high)),
        None => "-".to_owned(),
    };
    let numbers = [
        spread.answered.to_string(),
        spread.failed.to_string(),
        known(spread.quantile(0.5)),
        known(spread.quantile(0.95)),
        known(spread.quantile(0.99)),
        range(spread.quantile(0.25).zip(spread.quantile(0.75))),
        range(spread.ends()),
    ];
    let cells: String = numbers.iter().map(|number| cell("td", true, number)).collect();
    format!("{}{cells}", cell("td", false, &escape(&spread.name)))
}
