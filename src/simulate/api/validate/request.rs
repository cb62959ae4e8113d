//! A request to generate as the checks look at it, and what a check is.
//!
//! Reads only; every name and type in it was judged before.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{field, list};
use super::super::models::Model;
use super::kinds::Place;

/// What is asked of a model, to generate or to count.
pub(super) struct Request<'a> {
    pub(super) body: &'a Value,
    pub(super) model: &'a Model,
    pub(super) place: Place,
    /// What the paths of its fields begin with.
    pub(super) message: &'static str,
    /// The states that its schemas may have together.
    pub(super) states: u64,
}

impl<'a> Request<'a> {
    /// Its turns.
    pub(super) fn turns(&self) -> Vec<&'a Value> {
        list(self.body, "contents")
    }

    /// Its settings; a null where it has none.
    pub(super) fn config(&self) -> &'a Value {
        field(self.body, "generationConfig").unwrap_or(&Value::Null)
    }

    /// Its tools, each with its path.
    pub(super) fn tools(&self) -> Vec<(String, &'a Value)> {
        let tools = list(self.body, "tools").into_iter().enumerate();
        tools.map(|(at, tool)| (format!("tools[{at}]"), tool)).collect()
    }

    /// The functions that it declares, each with its path.
    pub(super) fn functions(&self) -> Vec<(String, &'a Value)> {
        let of_tool = |(path, tool): (String, &'a Value)| {
            let all = list(tool, "functionDeclarations").into_iter().enumerate();
            let named = move |(at, one)| (format!("{path}.function_declarations[{at}]"), one);
            all.map(named).collect::<Vec<_>>()
        };
        self.tools().into_iter().flat_map(of_tool).collect()
    }

    /// Every part of every turn, with its path.
    pub(super) fn parts(&self) -> Vec<(String, &'a Value)> {
        let of_turn = |(at, turn): (usize, &'a Value)| {
            let parts = list(turn, "parts").into_iter().enumerate();
            parts.map(move |(nth, part)| (format!("contents[{at}].parts[{nth}]"), part))
        };
        self.turns().into_iter().enumerate().flat_map(of_turn).collect()
    }

    /// Whether the model is of Gemini's generation 3 or a later one.
    pub(super) fn is_3_or_later(&self) -> bool {
        self.model.generation() >= (3, 0)
    }

    /// Whether the model is one that no longer looks at sampling and takes no turn of its own last.
    pub(super) fn is_3_6_or_later(&self) -> bool {
        self.model.generation() >= (3, 6)
    }
}

/// What a check finds: lines of a field's path and its fault.
pub(super) type Lines = Vec<(String, String)>;

/// Who looks.
#[derive(Clone, Copy)]
pub(super) enum Look {
    /// Tells of every field that is wrong; all such checks are answered together.
    Fields(fn(&Request<'_>, &mut Lines)),
    /// Ends the request with a sentence of its own.
    Sentence(fn(&Request<'_>) -> Result<(), ApiError>),
}
