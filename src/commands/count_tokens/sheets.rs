//! The tables of a count: inputs, the largest first, and what a request is made of. Must not lay out.

use super::{
    Basis, Input, Line, Place,
    input::Total,
    words::{grouped, percent},
};
use crate::report::document::{Column, Sheet};

/// Inputs that are shown where nobody asks for all.
const SHOWN: usize = 10;

/// All tables.
pub(super) fn sheets(inputs: &[Input], total: &Total, basis: &Basis, all: bool) -> Vec<Sheet> {
    let several = (inputs.len() > 1).then(|| of_inputs(inputs, total, basis, all));
    let bodies = inputs.iter().filter_map(|input| of_request(input, all));
    several.into_iter().chain(bodies).collect()
}

fn of_inputs(inputs: &[Input], total: &Total, basis: &Basis, all: bool) -> Sheet {
    let mut sorted: Vec<&Input> = inputs.iter().collect();
    sorted.sort_by(|left, right| {
        let by_size = right.seen.counted.tokens.cmp(&left.seen.counted.tokens);
        by_size.then_with(|| left.name.cmp(&right.name))
    });
    let shown = if all { sorted.len() } else { sorted.len().min(SHOWN) };
    let share = |tokens: u64| percent(tokens as f64 / total.tokens.max(1) as f64);
    let row = |input: &&Input| {
        let seen = &input.seen;
        // Where the vocabulary is another one, every row is an estimate, and the headline says so.
        let sign = if basis.is_exact() && !seen.is_exact(basis) { "about " } else { "" };
        let tokens = seen.counted.tokens;
        let bytes = grouped(seen.read.bytes);
        vec![input.name.clone(), format!("{sign}{}", grouped(tokens)), share(tokens), bytes]
    };
    let mut rows: Vec<Vec<String>> = sorted[..shown].iter().map(row).collect();
    if shown < sorted.len() {
        let rest = &sorted[shown..];
        let tokens = rest.iter().map(|input| input.seen.counted.tokens).sum();
        let bytes = rest.iter().map(|input| input.seen.read.bytes).sum();
        let name = format!("{} more (--list)", grouped(rest.len() as u64));
        rows.push(vec![name, grouped(tokens), share(tokens), grouped(bytes)]);
    }
    rows.push(vec![
        "total".to_owned(),
        grouped(total.tokens),
        share(total.tokens),
        grouped(total.bytes),
    ]);
    let numbers = ["tokens", "share", "bytes"].map(Column::number);
    Sheet {
        title: String::new(),
        columns: [Column::text("input")].into_iter().chain(numbers).collect(),
        rows,
        notes: Vec::new(),
    }
}

/// What a request is made of: a row a place, and its parts beneath.
fn of_request(input: &Input, all: bool) -> Option<Sheet> {
    let tally = &input.seen.request.as_ref()?.tally;
    let places = [
        (Place::Message, "the new message"),
        (Place::History, "the conversation before it"),
        (Place::System, "system instruction"),
        (Place::Setup, "tools, schemas, cache"),
    ];
    let mut rows = Vec::new();
    for (place, name) in places {
        let lines: Vec<&Line> = tally.lines.iter().filter(|line| line.place == place).collect();
        let Some(sure) = lines.iter().map(|line| line.certainty).max() else { continue };
        rows.push(vec![name.to_owned(), grouped(tally.of(place)), sure.word().to_owned()]);
        let shown = if all { lines.len() } else { lines.len().min(SHOWN) };
        rows.extend(lines[..shown].iter().map(|line| of_line(line)));
        if shown < lines.len() {
            let rest = lines[shown..].iter().map(|line| line.tokens).sum();
            let name = format!("- {} more (--list)", grouped((lines.len() - shown) as u64));
            rows.push(vec![name, grouped(rest), String::new()]);
        }
    }
    let columns = vec![Column::text("part"), Column::number("tokens"), Column::text("count")];
    Some(Sheet {
        title: format!("what {} is made of", input.name),
        columns,
        rows,
        notes: Vec::new(),
    })
}

fn of_line(line: &Line) -> Vec<String> {
    let name = if line.path.is_empty() || line.label.contains(&line.path) {
        format!("- {}", line.label)
    } else {
        format!("- {}: {}", line.path, line.label)
    };
    vec![name, grouped(line.tokens), line.certainty.word().to_owned()]
}
