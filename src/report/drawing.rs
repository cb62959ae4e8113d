//! Distributions drawn in characters: one line an arm over a common axis. Draws what it is given, and
//! only where there is room; the numbers themselves stand in tables.

use super::{
    axis::{self, Axis},
    grid::{GAP, INDENT},
    spread::Spread,
    style::NARROW,
    text,
};

/// A strip of fewer columns than this shows nothing.
const LEAST: usize = 30;

/// Fewer calls than this are drawn one by one, without marks.
const FEW: u64 = 20;

/// A column for each label of the axis and the free space behind it.
const LABEL: usize = 9;

/// From few to many calls.
const ASCII: [char; 7] = ['.', ':', '-', '=', '+', '*', '#'];
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The lines of the drawing; none where it does not fit, or where nothing was answered.
pub(super) fn lines(spreads: &[Spread], columns: usize, unicode: bool) -> Vec<String> {
    let names = spreads.iter().map(|spread| text::width(&spread.name)).max().unwrap_or(0);
    let strip = columns.saturating_sub(INDENT + names + GAP);
    match Axis::over(spreads) {
        Some(axis) if columns >= NARROW && strip >= LEAST => {
            Drawing { axis, names, strip, unicode }.lines(spreads)
        }
        _ => Vec::new(),
    }
}

struct Drawing {
    axis: Axis,
    /// The width of the widest name.
    names: usize,
    /// The columns of the axis.
    strip: usize,
    unicode: bool,
}

impl Drawing {
    fn lines(&self, spreads: &[Spread]) -> Vec<String> {
        let mut lines = vec![self.legend(spreads)];
        lines.extend(spreads.iter().map(|spread| self.named(&spread.name, &self.strip(spread))));
        let (rule, labels) = self.rule();
        lines.push(self.named("", &rule));
        lines.push(self.named("", &labels));
        lines
    }

    fn legend(&self, spreads: &[Spread]) -> String {
        let any = |few: bool| spreads.iter().any(|one| one.answered > 0 && is_few(one) == few);
        let many = match self.unicode {
            true => "the higher the more calls, | p50, ] p95",
            false => "from . to # ever more calls, | p50, ] p95",
        };
        let said = match (any(false), any(true)) {
            (true, false) => many.to_owned(),
            (true, true) => format!("{many}; o one call"),
            (false, _) => "o one call, 2 to 9 so many".to_owned(),
        };
        format!("ms, {}; {said}", self.axis.word())
    }

    fn named(&self, name: &str, strip: &str) -> String {
        let blanks = self.names - text::width(name) + GAP;
        format!("{:INDENT$}{name}{:blanks$}{strip}", "", "").trim_end().to_owned()
    }

    fn strip(&self, spread: &Spread) -> String {
        let cells = self.cells(spread);
        if spread.answered == 0 {
            return "(no call was answered)".to_owned();
        }
        if is_few(spread) {
            return cells.into_iter().map(one_by_one).collect();
        }
        let most = cells.iter().copied().max().unwrap_or(1).max(1);
        let mut strip: Vec<char> = cells.into_iter().map(|cell| self.dense(cell, most)).collect();
        self.mark(&mut strip, spread);
        strip.into_iter().collect()
    }

    /// How many calls end in each column.
    fn cells(&self, spread: &Spread) -> Vec<u64> {
        let mut cells = vec![0_u64; self.strip];
        for (value, count) in &spread.values {
            let cell = &mut cells[self.column(*value)];
            *cell = cell.saturating_add(*count);
        }
        cells
    }

    fn column(&self, value: f64) -> usize {
        (self.axis.place(value) * (self.strip - 1) as f64).round() as usize
    }

    fn dense(&self, count: u64, most: u64) -> char {
        let glyphs: &[char] = if self.unicode { &BLOCKS } else { &ASCII };
        match count {
            0 => ' ',
            _ => {
                let share = count as f64 / most as f64;
                glyphs[((share * glyphs.len() as f64).ceil() as usize).clamp(1, glyphs.len()) - 1]
            }
        }
    }

    /// The marks of the quantiles. Where both fall into one column the second stands beside it.
    fn mark(&self, strip: &mut [char], spread: &Spread) {
        let place = |q| spread.quantile(q).map(|value| self.column(value));
        let Some(middle) = place(0.5) else { return };
        strip[middle] = '|';
        if let Some(high) = place(0.95) {
            let beside = high.max(middle + 1);
            if let Some(cell) = strip.get_mut(beside) {
                *cell = ']';
            }
        }
    }

    /// The axis with a mark for each label, and the labels, which begin below their marks where they can.
    fn rule(&self) -> (String, String) {
        let (line, mark) = if self.unicode { ('─', '┬') } else { ('-', '+') };
        let mut rule = vec![line; self.strip];
        let mut labels = String::new();
        for tick in self.axis.ticks(self.strip / LABEL) {
            let (column, label) = (self.column(tick), axis::label(tick));
            rule[column] = mark;
            // The last one ends where the axis does.
            let start = column.min(self.strip - label.len().min(self.strip));
            if labels.is_empty() || start > labels.len() {
                labels.push_str(&" ".repeat(start - labels.len()));
                labels.push_str(&label);
            }
        }
        (rule.into_iter().collect(), labels)
    }
}

const fn is_few(spread: &Spread) -> bool {
    spread.answered < FEW
}

fn one_by_one(count: u64) -> char {
    match count {
        0 => ' ',
        1 => 'o',
        2..=9 => char::from_digit(count as u32, 10).expect("a digit"),
        _ => '+',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(name: &str, values: &[(f64, u64)]) -> Spread {
        let answered = values.iter().map(|(_, count)| count).sum();
        Spread { name: name.to_owned(), values: values.to_vec(), answered, failed: 0 }
    }

    fn hump() -> Spread {
        let values: Vec<(f64, u64)> = [1, 4, 9, 14, 9, 4, 1]
            .iter()
            .enumerate()
            .map(|(i, n)| (100.0 + i as f64, *n))
            .collect();
        spread("h2-warm", &values)
    }

    #[test]
    fn a_hump_is_densest_at_its_middle_mark() {
        let lines = lines(&[hump()], 80, false);
        assert_eq!(lines.len(), 4, "{lines:#?}");
        let strip = &lines[1];
        assert!(strip.starts_with("  h2-warm  ") && strip.len() <= 80, "{strip}");
        let (middle, high) = (strip.find('|').unwrap(), strip.find(']').unwrap());
        let places = ['.', '-', '+'].map(|glyph| strip.find(glyph).unwrap_or(usize::MAX));
        assert!(middle < high && places[0] < middle, "{strip}");
        assert!(lines[0].contains("linear scale") && lines[3].contains("100"), "{lines:#?}");
    }

    #[test]
    fn few_calls_are_drawn_one_by_one() {
        let few = spread("h1-cold", &[(10.0, 1), (30.0, 1), (31.0, 2)]);
        let lines = lines(&[few, spread("h1-warm", &[])], 80, false);
        assert!(lines[1].contains('o') && lines[1].contains('2'), "{lines:#?}");
        assert!(!lines[1].contains('|') && lines[2].ends_with("(no call was answered)"));
        assert!(lines[0].ends_with("o one call, 2 to 9 so many"), "{lines:#?}");
    }

    #[test]
    fn the_same_value_stands_below_itself_in_every_line() {
        let lines = lines(&[hump(), spread("h1-warm", &[(100.0, 1), (106.0, 2)])], 100, false);
        let column = |line: usize, text: &str| lines[line].find(text).unwrap();
        assert_eq!(column(1, "."), column(2, "o"), "{lines:#?}");
        assert_eq!(column(2, "o"), column(4, "100"), "{lines:#?}");
    }

    #[test]
    fn no_room_or_nothing_to_draw_is_no_drawing() {
        assert!(lines(&[hump()], 71, false).is_empty());
        assert!(lines(&[spread(&"n".repeat(60), &[(1.0, 1)])], 80, false).is_empty());
        assert!(
            lines(&[spread("x", &[])], 80, false).is_empty() && lines(&[], 80, false).is_empty()
        );
    }

    #[test]
    fn unicode_adds_height_and_changes_no_place() {
        let [plain, blocks] = [false, true].map(|unicode| lines(&[hump()], 80, unicode)[1].clone());
        assert!(plain.is_ascii() && blocks.contains(&BLOCKS[..4]));
        assert_eq!(plain.find('|'), blocks.chars().position(|glyph| glyph == '|'));
    }
}
