//! The format for people at a terminal: the verdict first, then rows, evidence, fixes, what was spent.

use crate::facts::Status;

use super::{
    Report, Style,
    document::Sheet,
    drawing,
    grid::{GAP, Grid, INDENT},
    lines::{self, Lines, Piece, Row, Verbatim},
    text,
};

/// Labels stand in a column of this width.
const LABEL: usize = 11;

pub(super) fn render(report: &Report, style: &Style) -> String {
    let words = Lines::new(report, style.unicode);
    let page = Page { status: report.verdict.status, words, style };
    let mut out = page.lines().join("\n");
    out.push('\n');
    out
}

struct Page<'a> {
    status: Status,
    words: Lines<'a>,
    style: &'a Style,
}

impl Page<'_> {
    fn lines(&self) -> Vec<String> {
        let simulated = self.words.simulated().map(|text| text::wrap(&text, self.style.columns()));
        let mut lines: Vec<String> = simulated.into_iter().flatten().collect();
        lines.extend(self.headline());
        lines.extend(self.checks());
        lines.extend(self.words.sheets().iter().flat_map(|sheet| self.sheet(sheet)));
        lines.extend(self.drawing());
        lines.extend(self.pieces());
        lines.extend(self.last());
        lines
    }

    fn headline(&self) -> Vec<String> {
        let word = self.words.word();
        if word.is_empty() {
            return self.hung("", &[self.words.sentence()]);
        }
        let mut lines = self.hung(&format!("{word}  "), &self.said());
        lines[0] = lines[0].replacen(&word, &self.style.paint(&word, self.status), 1);
        lines
    }

    /// The sentences of the headline. The exit code stands behind the first where both fit.
    fn said(&self) -> Vec<String> {
        let (sentence, exit) = (self.words.sentence(), self.words.exit_meaning());
        let room = self.style.columns().saturating_sub(text::width(&self.words.word()) + 2);
        let together = format!("{sentence} {exit}");
        let said = match text::width(&together) <= room {
            true => vec![together],
            false => vec![sentence, exit],
        };
        said.into_iter().chain(self.words.likely()).collect()
    }

    fn checks(&self) -> Vec<String> {
        let rows = self.words.rows();
        if rows.is_empty() {
            return Vec::new();
        }
        let cells: Vec<Vec<String>> = rows.iter().map(Row::cells).collect();
        let columns = Row::columns();
        let grid = Grid { columns: &columns, rows: &cells, width: self.style.columns() };
        let mut blocks = grid.blocks();
        let results_from = grid.is_table().then(|| INDENT + grid.width_of(0) + GAP);
        for (row, block) in rows.iter().zip(blocks.iter_mut().skip(1)) {
            self.paint(row, results_from, block);
        }
        blocks.concat()
    }

    /// Colours the result where the layout has put it: in a table from this column on.
    fn paint(&self, row: &Row, results_from: Option<usize>, block: &mut [String]) {
        let word = lines::result(row.status);
        let painted = self.style.paint(word, row.status);
        let (place, from) = match results_from {
            Some(column) => (Some(0), column - text::width(&row.stage) + row.stage.len()),
            None => {
                let named = format!("{:INDENT$}result: {word}", "");
                (block.iter().position(|line| *line == named), named.len() - word.len())
            }
        };
        if let Some(line) = place.and_then(|place| block.get_mut(place)) {
            line.replace_range(from..from + word.len(), &painted);
        }
    }

    fn sheet(&self, sheet: &Sheet) -> Vec<String> {
        let width = self.style.columns();
        let title = (!sheet.title.is_empty()).then(|| text::wrap(&sheet.title, width));
        let grid = Grid { columns: &sheet.columns, rows: &sheet.rows, width };
        let notes = sheet.notes.iter().map(|note| format!("{:INDENT$}{note}", ""));
        title.into_iter().flatten().chain(grid.blocks().concat()).chain(notes).collect()
    }

    /// The distributions, where there is room for them. The words for that are those of the sheets.
    fn drawing(&self) -> Vec<String> {
        drawing::lines(&self.words.spreads(), self.style.columns(), self.style.unicode)
    }

    fn pieces(&self) -> Vec<String> {
        self.words.pieces().iter().flat_map(|piece| self.piece(piece)).collect()
    }

    fn piece(&self, piece: &Piece) -> Vec<String> {
        let mut lines = self.labelled(&piece.label, &piece.text);
        for line in piece.verbatim.iter().flat_map(Verbatim::lines) {
            lines.push(format!("{:LABEL$}{line}", ""));
        }
        lines
    }

    /// The way on, and what the run cost: on lines of their own, so that the command can be copied.
    fn last(&self) -> Vec<String> {
        let next = self.words.next().map(|next| format!("{:LABEL$}{next}", "next"));
        let spent = self.words.spent().map_or_else(Vec::new, |spent| self.cost(&spent));
        next.into_iter().chain(spent).collect()
    }

    fn cost(&self, spent: &str) -> Vec<String> {
        let (label, rest) = spent.split_once(' ').unwrap_or((spent, ""));
        self.labelled(label, rest)
    }

    fn labelled(&self, label: &str, text: &str) -> Vec<String> {
        self.hung(&format!("{label:LABEL$}"), &[text.to_owned()])
    }

    /// Sentences, each on lines of its own, with a head before the first and blanks below it.
    fn hung(&self, head: &str, sentences: &[String]) -> Vec<String> {
        let hang = text::width(head);
        let room = self.style.columns().saturating_sub(hang);
        let wrapped = sentences.iter().flat_map(|sentence| text::wrap(sentence, room));
        let mut lines: Vec<String> =
            wrapped.map(|line| format!("{:hang$}{line}", "").trim_end().to_owned()).collect();
        if let Some(first) = lines.first_mut() {
            *first = format!("{head}{}", first.trim_start()).trim_end().to_owned();
        }
        lines
    }
}
