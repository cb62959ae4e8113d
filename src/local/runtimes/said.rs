//! Reads what the scripts print: lines `key=value`, first about the runtime, then for each way of
//! connecting. Other lines are passed over.

use std::collections::BTreeMap;

use super::{Runtime, one_line};

/// More lines than any of the scripts prints.
const MOST_LINES: usize = 200;

/// What was said about one way of connecting.
pub(super) type Way = BTreeMap<String, String>;

/// What a script said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    common: Way,
    ways: BTreeMap<String, Way>,
}

impl Said {
    pub(super) fn read(text: &str) -> Self {
        let mut said = Self::default();
        let mut current = None;
        for (key, value) in text.lines().take(MOST_LINES).filter_map(|line| line.split_once('=')) {
            let value = one_line(value);
            if key == "way" {
                said.ways.insert(value.clone(), Way::new());
                current = Some(value);
                continue;
            }
            let way = current.as_ref().and_then(|way| said.ways.get_mut(way));
            way.unwrap_or(&mut said.common).insert(key.to_owned(), value);
        }
        said
    }

    /// What was said about the runtime.
    pub(super) fn common(&self, key: &str) -> Option<&String> {
        self.common.get(key)
    }

    /// What was said about a way of connecting; `None` where it was never come to.
    pub(super) fn way(&self, runtime: Runtime) -> Option<&Way> {
        self.ways.get(match runtime {
            Runtime::OpenSsl => "openssl",
            Runtime::PythonSsl => "ssl",
            Runtime::PythonHttpx => "httpx",
            Runtime::PythonRequests => "requests",
            Runtime::Node => "node",
            Runtime::Java => "java",
            Runtime::Go => "go",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_first_way_is_about_the_runtime() {
        let said =
            Said::read("version=3.1\nnoise\nway=ssl\nbundle=a=b\nway=httpx\nconnected=yes\n");
        assert_eq!(said.common("version").map(String::as_str), Some("3.1"));
        let ssl = said.way(Runtime::PythonSsl).expect("said");
        assert_eq!(ssl.get("bundle").map(String::as_str), Some("a=b"));
        assert_eq!(ssl.get("connected"), None);
        assert!(said.way(Runtime::PythonHttpx).expect("said").contains_key("connected"));
        assert_eq!(said.way(Runtime::Node), None);
        assert_eq!(Said::read(""), Said::default());
    }
}
