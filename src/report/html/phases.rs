//! Where the time of a call goes: for each arm the medians of its phases in a row, over one axis from
//! nothing on, and the same in a table. Medians of parts do not add up to the median of the whole,
//! and the page says so. Where no calls were made to be timed, each call of the run has its own row.

use super::{
    markup::{cell, element, escape, percent, section, table},
    picture::{gridlines, label_at, short, svg},
};
use crate::{
    facts::{Attempt, Phases, Sample},
    report::{
        axis::Axis,
        lines::Lines,
        spread::{Spread, ms},
    },
};

/// The height of an arm, and of the axis, in pixels.
const ROW: usize = 62;
const AXIS: usize = 28;

/// The picture on the narrowest page, a letter, and what is free beside a name, in pixels.
const NARROWEST: f64 = 340.0;
const LETTER: f64 = 7.5;
const FREE: f64 = 8.0;

/// A part of a call, in the order of time.
struct Phase {
    name: &'static str,
    /// What it takes of a call, in milliseconds; nothing where it did not take place.
    of: fn(&Phases) -> f64,
}

const PHASES: [Phase; 7] = [
    Phase { name: "dns", of: |phases| phases.dns_ms.unwrap_or(0.0) },
    Phase { name: "tcp", of: |phases| phases.tcp_ms.unwrap_or(0.0) },
    Phase { name: "proxy", of: |phases| phases.proxy_ms.unwrap_or(0.0) },
    Phase { name: "tls", of: |phases| phases.tls_ms.unwrap_or(0.0) },
    Phase { name: "written", of: |phases| phases.request_written_ms.unwrap_or(0.0) },
    Phase { name: "waiting", of: waiting },
    Phase { name: "body", of: body },
];

/// So many calls are drawn; the table beside the picture has more.
const DRAWN: usize = 12;

/// The medians of an arm, or the times of one call; one a phase.
struct Bar {
    name: String,
    parts: [f64; PHASES.len()],
}

/// The part of the page; empty where no arm has enough calls for medians.
pub(super) fn bars(words: &Lines<'_>, arms: &[(&str, Vec<&Sample>)]) -> String {
    let bars: Vec<Bar> =
        arms.iter().filter_map(|(name, calls)| bar(words.clean(name), calls)).collect();
    let title = "Where the time of a call goes, by arm";
    let caption = "The medians of the phases of answered calls in the order of time: dns, tcp, proxy, tls, written, \
                   waiting, body; linear scale. A median of parts is not a part of the median, so that their sum is \
                   near the median of whole calls and not the same.";
    section("Where the time goes", &figure(&bars, "arm", title, caption))
}

/// The same of the calls of a run, one by one; empty where none came as far as an answer.
pub(super) fn calls(words: &Lines<'_>, attempts: &[Attempt]) -> String {
    let timed = |one: &&Attempt| one.phases.total_ms.is_some();
    let bars: Vec<Bar> =
        attempts.iter().filter(timed).take(DRAWN).map(|one| bar_of_call(words, one)).collect();
    let left_out = attempts.iter().filter(timed).count() - bars.len();
    let rest = match left_out {
        0 => String::new(),
        more => format!(" {more} more are not drawn."),
    };
    let caption = format!(
        "The phases of each call in the order of time: dns, tcp, proxy, tls, written, waiting, body; linear \
         scale. Calls over a connection that was open already have no dns, tcp and tls.{rest}"
    );
    figure(&bars, "call", "Where the time of each call went", &caption)
}

/// A picture and its numbers; nothing where there is no time to show.
fn figure(bars: &[Bar], what: &str, title: &str, caption: &str) -> String {
    let most = bars.iter().map(Bar::sum).fold(0.0, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let axis = Axis::up_to(most);
    let height = bars.len() * ROW + AXIS;
    let grid = gridlines(&axis, height);
    let rows: String = (0..).zip(bars).map(|(row, bar)| drawn(&axis, bar, row * ROW)).collect();
    let told: Vec<String> = bars.iter().map(Bar::sentence).collect();
    let picture = svg("phases", title, &told.join(" "), height, &format!("{grid}{rows}"));
    let caption = element("figcaption", "", &escape(&format!("{caption} {}", told.join(" "))));
    format!("<figure>\n{picture}\n{caption}\n</figure>\n{}", numbers(bars, what))
}

fn bar_of_call(words: &Lines<'_>, attempt: &Attempt) -> Bar {
    let method = attempt.method.map_or("connection", |method| method.name());
    let mut parts = [0.0; PHASES.len()];
    for (part, phase) in parts.iter_mut().zip(&PHASES) {
        *part = (phase.of)(&attempt.phases);
    }
    Bar { name: words.clean(&format!("{} {method}", attempt.id)), parts }
}

/// From the last byte of the request to the first one of the answer.
fn waiting(phases: &Phases) -> f64 {
    let written = phases.request_written_ms.unwrap_or(0.0);
    phases.first_byte_ms.map_or(0.0, |first| (first - written).max(0.0))
}

fn body(phases: &Phases) -> f64 {
    let both = phases.total_ms.zip(phases.first_byte_ms);
    both.map_or(0.0, |(total, first)| (total - first).max(0.0))
}

fn bar(name: String, calls: &[&Sample]) -> Option<Bar> {
    let answered: Vec<&&Sample> = calls.iter().filter(|call| call.is_answered()).collect();
    let mut parts = [0.0; PHASES.len()];
    for (part, phase) in parts.iter_mut().zip(&PHASES) {
        *part = median(answered.iter().map(|call| (phase.of)(&call.phases.all())))?;
    }
    Some(Bar { name, parts })
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<(f64, u64)> = values.map(|value| (value, 1)).collect();
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let answered = values.len() as u64;
    Spread { name: String::new(), values, answered, failed: 0 }.quantile(0.5)
}

impl Bar {
    fn sum(&self) -> f64 {
        self.parts.iter().sum()
    }

    fn sentence(&self) -> String {
        let phases = PHASES.iter().zip(self.parts);
        let longest = phases.max_by(|one, other| one.1.total_cmp(&other.1));
        let (phase, longest) = longest.expect("there are phases");
        let of_all = longest / self.sum() * 100.0;
        format!(
            "{}: the longest part is {}, {} ms or {of_all:.0} %.",
            self.name,
            phase.name,
            ms(longest)
        )
    }
}

fn drawn(axis: &Axis, bar: &Bar, top: usize) -> String {
    let name = label_at("name", 0.0, top + 18, "start", &short(&bar.name));
    let sum = label_at("count", 1.0, top + 18, "end", &format!("{} ms in all", ms(bar.sum())));
    let mut from = 0.0;
    let parts: String = PHASES
        .iter()
        .zip(bar.parts)
        .map(|(phase, part)| {
            let (x, width) = (axis.place(from), axis.place(from + part) - axis.place(from));
            from += part;
            segment(phase.name, part, (x, width), top)
        })
        .collect();
    format!("{parts}{name}{sum}")
}

fn segment(name: &str, part: f64, (x, width): (f64, f64), top: usize) -> String {
    if part <= 0.0 {
        return String::new();
    }
    let label = match has_room(name, width) {
        true => label_at(&format!("on-{name}"), x + width / 2.0, top + 45, "middle", name),
        false => String::new(),
    };
    format!(
        "\n<rect class=\"part {name}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"28\"><title>{name} {} ms</title></rect>{label}",
        percent(x),
        top + 26,
        percent(width),
        ms(part),
    )
}

/// Whether a share of the width has room for a name on every page.
fn has_room(name: &str, width: f64) -> bool {
    width * NARROWEST >= name.len() as f64 * LETTER + FREE
}

/// The same in numbers; phases that none has are left out.
fn numbers(bars: &[Bar], what: &str) -> String {
    let seen: Vec<usize> =
        (0..PHASES.len()).filter(|at| bars.iter().any(|bar| bar.parts[*at] > 0.0)).collect();
    let phases = seen.iter().map(|at| {
        let name = PHASES[*at].name;
        let swatch = format!(
            "<svg class=\"swatch\" width=\"10\" height=\"10\" aria-hidden=\"true\"><rect class=\"{name}\" width=\"10\" height=\"10\"/></svg>"
        );
        cell("th", true, &format!("{swatch} {name} ms"))
    });
    let heads: String = [cell("th", false, what)]
        .into_iter()
        .chain(phases)
        .chain([cell("th", true, "in all ms")])
        .collect();
    let row = |bar: &Bar| {
        let parts = seen.iter().map(|at| bar.parts[*at]).chain([bar.sum()]);
        let parts: String = parts.map(|part| cell("td", true, &shown(part))).collect();
        format!("{}{parts}", cell("td", false, &escape(&bar.name)))
    };
    table("Where the time goes, in numbers", &heads, &bars.iter().map(row).collect::<Vec<_>>())
}

fn shown(part: f64) -> String {
    if part > 0.0 { ms(part) } else { "-".to_owned() }
}
