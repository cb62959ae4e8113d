//! Lines of several logs in the order of time: which comes next, and whence it came. Holds one line a log.

use super::json;

/// The member that holds the name of a line's log.
const ORIGIN: &str = "origin";

/// The order of the lines that stand at the head of each log.
#[derive(Debug, Default)]
pub struct Order {
    /// The time of the next line of each log; none once it is at its end.
    heads: Vec<Option<i64>>,
}

impl Order {
    /// For logs whose first lines have these times.
    pub const fn new(heads: Vec<Option<i64>>) -> Self {
        Self { heads }
    }

    /// The log whose line is next: the earliest, and among equals the first that was named.
    pub fn next(&self) -> Option<usize> {
        let heads = self.heads.iter().enumerate();
        heads.filter_map(|(log, head)| Some((head.as_ref()?, log))).min().map(|(_, log)| log)
    }

    /// The log goes on with a line of this time, or is at its end.
    pub fn advance(&mut self, log: usize, head: Option<i64>) {
        self.heads[log] = head;
    }
}

/// An object's line with the name of its log in it, unless it has one already. The line stays as it is but for that.
pub fn with_origin(line: &str, origin: &str) -> String {
    let line = line.trim_ascii();
    match line.strip_suffix('}') {
        Some(open) if !json::has_member(line, ORIGIN) => {
            let comma = if open.trim_ascii_end().ends_with('{') { "" } else { "," };
            let name = serde_json::Value::from(origin);
            format!("{open}{comma}\"{ORIGIN}\":{name}}}")
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_next_and_equals_in_their_order() {
        let mut order = Order::new(vec![Some(5), Some(3), Some(3)]);
        assert_eq!(order.next(), Some(1));
        order.advance(1, Some(9));
        assert_eq!(order.next(), Some(2));
        order.advance(2, None);
        assert_eq!(order.next(), Some(0));
        order.advance(0, None);
        order.advance(1, None);
        assert_eq!(order.next(), None);
    }

    #[test]
    fn a_line_says_whence_it_came_and_is_the_same_otherwise() {
        assert_eq!(with_origin("{\"a\": 1}\r", "x\"y"), "{\"a\": 1,\"origin\":\"x\\\"y\"}");
        assert_eq!(with_origin("{}", "a"), "{\"origin\":\"a\"}");
        let twice = with_origin("{\"origin\":\"a\"}", "b");
        assert_eq!(twice, "{\"origin\":\"a\"}");
    }

    #[test]
    fn only_a_member_of_the_line_itself_tells_whence_it_came() {
        for line in [
            r#"{"response":{"origin":"x"}"#,
            r#"{"cause":"origin""#,
            r#"{"tags":["origin",""origin""]"#,
            r#"{"a.origin":1"#,
        ] {
            let told = with_origin(&format!("{line}}}"), "a");
            assert_eq!(told, format!("{line},\"origin\":\"a\"}}"));
        }
        for line in [
            r#"{"a":{"b":[1]},"origin":null}"#,
            r#"{"origin" : {"a":1}, "b":2}"#,
            r#"{"or\u0069gin":["x"]}"#,
        ] {
            assert_eq!(with_origin(line, "a"), line);
        }
    }
}
