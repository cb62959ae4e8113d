//! Rows and columns as lines that fit a width: a table where there is room, `name: value` where not.

use comfy_table::{Cell, CellAlignment, Table, presets};

use super::{document::Column, style::NARROW, text};

/// Blanks in front of every line.
pub(super) const INDENT: usize = 2;

/// Blanks between columns.
pub(super) const GAP: usize = 2;

/// The last column is not squeezed below this; rather, rows become `name: value` lines.
const LEAST: usize = 20;

/// Heads, cells, and the width to fit them into.
pub(super) struct Grid<'a> {
    pub columns: &'a [Column],
    pub rows: &'a [Vec<String>],
    pub width: usize,
}

impl Grid<'_> {
    /// The lines of the head, then those of each row.
    pub(super) fn blocks(&self) -> Vec<Vec<String>> {
        match (self.columns, self.is_table()) {
            ([], _) => Vec::new(),
            (_, true) => self.table(),
            (_, false) => self.stacked(),
        }
    }

    /// Whether there is room for columns side by side.
    pub(super) fn is_table(&self) -> bool {
        let last = self.columns.len().saturating_sub(1);
        self.width >= NARROW && self.room() >= LEAST.min(self.width_of(last))
    }

    /// The width of a column: that of its widest cell, its head among them.
    pub(super) fn width_of(&self, place: usize) -> usize {
        let head = self.columns.get(place).map_or(0, |column| text::width(&column.head));
        let cells = self.rows.iter().filter_map(|row| row.get(place)).map(|cell| text::width(cell));
        cells.chain([head]).max().unwrap_or(0)
    }

    /// What is left for the last column.
    fn room(&self) -> usize {
        let before = 0..self.columns.len().saturating_sub(1);
        let taken: usize = before.map(|place| self.width_of(place) + GAP).sum();
        self.width.saturating_sub(INDENT + taken)
    }

    /// The last column is wrapped here and not by the table, which would cut long words.
    fn table(&self) -> Vec<Vec<String>> {
        // Every cell is measured for this, so that it is asked for once and not for each row.
        let room = self.room();
        let heads: Vec<String> = self.columns.iter().map(|column| column.head.clone()).collect();
        let rows: Vec<Vec<String>> =
            std::iter::once(&heads).chain(self.rows).map(|row| wrapped(row, room)).collect();
        let laid_out = self.laid_out(&rows);
        let mut lines = laid_out.lines().map(|line| indented(line.trim_end()));
        rows.iter().map(|row| lines.by_ref().take(height(row)).collect()).collect()
    }

    fn laid_out(&self, rows: &[Vec<String>]) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).add_rows(rows.iter().map(|row| self.cells(row)));
        let last = self.columns.len().saturating_sub(1);
        for (place, column) in table.column_iter_mut().enumerate() {
            let gap = if place == last { 0 } else { GAP };
            column.set_padding((0, u16::try_from(gap).expect("a gap is small")));
        }
        table.to_string()
    }

    fn cells(&self, row: &[String]) -> Vec<Cell> {
        let align = |number| if number { CellAlignment::Right } else { CellAlignment::Left };
        row.iter()
            .zip(self.columns)
            .map(|(text, column)| Cell::new(text).set_alignment(align(column.number)))
            .collect()
    }

    /// One line a cell, one block a row, with a blank line in front of every row but the first.
    fn stacked(&self) -> Vec<Vec<String>> {
        let rows = self.rows.iter().enumerate().map(|(place, row)| {
            let blank = (place > 0).then(String::new);
            blank.into_iter().chain(self.named(row)).collect()
        });
        std::iter::once(Vec::new()).chain(rows).collect()
    }

    fn named(&self, row: &[String]) -> impl Iterator<Item = String> {
        let room = self.width.saturating_sub(2 * INDENT);
        self.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty()).flat_map(
            move |(column, cell)| {
                let lines = text::wrap(&format!("{}: {cell}", column.head), room);
                let hang = |place| if place == 0 { "" } else { "  " };
                let hung = lines.into_iter().enumerate();
                hung.map(move |(place, line)| indented(&format!("{}{line}", hang(place))))
            },
        )
    }
}

fn wrapped(row: &[String], room: usize) -> Vec<String> {
    let mut row = row.to_vec();
    if let Some(last) = row.last_mut() {
        *last = text::wrap(last, room).join("\n");
    }
    row
}

fn height(row: &[String]) -> usize {
    row.last().map_or(1, |last| last.split('\n').count())
}

fn indented(line: &str) -> String {
    match line.is_empty() {
        true => String::new(),
        false => format!("{:INDENT$}{line}", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(width: usize, columns: &[Column], rows: &[&[&str]]) -> Vec<String> {
        let owned = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(owned).collect();
        Grid { columns, rows: &rows, width }.blocks().concat()
    }

    #[test]
    fn numbers_stand_to_the_right_and_the_last_column_wraps() {
        let columns = [Column::text("model"), Column::number("ms"), Column::text("says")];
        let rows: &[&[&str]] =
            &[&["a", "7", "one two three four five six seven eight"], &["bb", "123", ""]];
        let mut lines = grid(72, &columns, rows);
        assert_eq!(
            lines,
            [
                "  model   ms  says",
                "  a        7  one two three four five six seven eight",
                "  bb     123"
            ]
        );
        let long = "word ".repeat(15);
        lines = grid(72, &columns, &[&["a", "7", &long]]);
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[2].starts_with("             word"), "{lines:?}");
        assert!(lines.iter().all(|line| text::width(line) <= 72), "{lines:?}");
    }

    #[test]
    fn below_72_columns_a_row_becomes_lines() {
        let columns = [Column::text("model"), Column::number("ms")];
        let lines = grid(71, &columns, &[&["a", "7"], &["b", "8"]]);
        assert_eq!(lines, ["  model: a", "  ms: 7", "", "  model: b", "  ms: 8"]);
    }

    #[test]
    fn a_table_whose_first_columns_fill_the_width_is_stacked() {
        let columns = [Column::text("name"), Column::text("says")];
        let name = "n".repeat(72);
        let lines = grid(80, &columns, &[&[&name, "a text of more than twenty columns"]]);
        let expected =
            ["  name:", &format!("    {name}"), "  says: a text of more than twenty columns"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        let columns = [Column::text("a"), Column::text("b")];
        let lines = grid(80, &columns, &[&["\u{6f22}", "x"], &["yy", "z"]]);
        assert_eq!(lines, ["  a   b", "  \u{6f22}  x", "  yy  z"]);
    }

    #[test]
    fn many_rows_take_time_in_proportion() {
        let columns = [Column::text("model"), Column::number("in"), Column::text("says")];
        let row = |number: usize| {
            vec![format!("models/example-{number}"), number.to_string(), "a few words".to_owned()]
        };
        let rows: Vec<Vec<String>> = (0..5_000).map(row).collect();
        let start = std::time::Instant::now();
        let blocks = Grid { columns: &columns, rows: &rows, width: 80 }.blocks();
        let took = start.elapsed();
        assert_eq!(blocks.len(), 5_001);
        assert!(took < std::time::Duration::from_secs(8), "{took:?}");
    }

    #[test]
    fn no_columns_give_no_lines() {
        assert!(grid(80, &[], &[]).is_empty());
    }
}
