//! What a finished comparison is told with.

use serde_json::Value;

use crate::{
    facts::Class,
    probe::compare::Compared,
    report::document::{Remark, Sheet},
};

use super::{Compare, data, hops, sheets, words};

/// What a finished run is told with.
#[derive(Debug)]
pub struct Told {
    /// The `data` of the document.
    pub data: Value,
    /// The tables.
    pub sheets: Vec<Sheet>,
    /// The remarks.
    pub remarks: Vec<Remark>,
    /// What the run does not show.
    pub limits: Vec<String>,
    /// The word of the headline.
    pub word: &'static str,
    /// Its sentence.
    pub sentence: String,
    /// What fails the run, where differences are to.
    pub class: Option<Class>,
}

/// All of it.
pub fn told(args: &Compare, compared: &Compared) -> Told {
    let (word, sentence) = words::headline(compared);
    let differs = compared.pairs.iter().any(|pair| !pair.judged.differences.is_empty());
    Told {
        data: data::data(compared),
        sheets: match compared.in_a_row {
            true => vec![hops::sheet(compared)],
            false => sheets::differences(compared),
        },
        remarks: words::remarks(compared),
        limits: words::limits(compared),
        word,
        sentence,
        class: args.fail_on_difference.then(|| class(compared, differs)).flatten(),
    }
}

/// Answers that were asked for and are too few to show any difference are no proof that there is none.
fn class(compared: &Compared, differs: bool) -> Option<Class> {
    match (differs, words::too_few_answers(compared)) {
        (true, _) => Some(Class::Yours),
        (false, Some(_)) => Some(Class::Unknown),
        (false, None) => None,
    }
}
