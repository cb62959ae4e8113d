//! As many responses as calls: which belongs to which, by names and ids.

use crate::lint::{
    document::Value,
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::Request,
    rule::Rule,
};

use super::{
    is_cut,
    known::{DIFFERS, DIFFERS_OLDER, ID_REPEATED},
    name_of,
};

/// Nobody has more calls in a turn; beyond it only those in the same order are matched.
const MOST_CALLS: usize = 256;

/// Looks at the calls of a turn and the responses of the next one.
pub(super) fn look(
    request: &Request<'_>,
    calls: &[Value<'_>],
    responses: &[Value<'_>],
    found: &mut Findings<'_>,
) {
    let is_strict = request.is_since(3, 8);
    let fits = |call: Value<'_>, response: Value<'_>| {
        name_of(call) == name_of(response) && is_same_id(call, response, is_strict)
    };
    let in_order = calls.iter().zip(responses).all(|(call, response)| fits(*call, *response));
    if in_order || calls.len() > MOST_CALLS {
        return;
    }
    let mut open: Vec<Value<'_>> = calls.to_vec();
    let mut left = Vec::new();
    for response in responses {
        match open.iter().position(|call| fits(*call, *response)) {
            Some(at) => {
                open.remove(at);
            }
            None => left.push(*response),
        }
    }
    let of =
        |is_refused: bool| -> &'static Rule { if is_refused { &DIFFERS } else { &DIFFERS_OLDER } };
    let is_since_3 = request.is_since(3, 0);
    for response in left {
        // What has no name was told.
        if open.is_empty() || name_of(response).is_empty() {
            continue;
        }
        let name = name_of(response);
        match open.iter().position(|call| name_of(*call) == name) {
            Some(at) => {
                let call = open.remove(at);
                let is_only = calls.iter().filter(|call| name_of(**call) == name).count() == 1;
                let have_ids = field(call, "id").is_some() && field(response, "id").is_some();
                let rule = of(is_strict || (is_since_3 && have_ids));
                other_id(rule, call, response, is_only, found);
            }
            None => other_name(of(is_since_3), &open, response, found),
        }
    }
}

/// Whether a response has the id of a call; one that the call does not have says nothing to older models.
fn is_same_id(call: Value<'_>, response: Value<'_>, is_strict: bool) -> bool {
    match (field(call, "id"), field(response, "id")) {
        (None, None) => true,
        (None, Some(_)) => !is_strict,
        (Some(_), None) => false,
        (Some(own), Some(other)) => own.text() == other.text(),
    }
}

fn other_id(
    rule: &'static Rule,
    call: Value<'_>,
    response: Value<'_>,
    is_only: bool,
    found: &mut Findings<'_>,
) {
    let (wanted, own) = (field(call, "id"), field(response, "id"));
    let is_named = response.members().any(|member| member.is_called("id"));
    let told = || {
        let Some(wanted) = wanted else {
            return said("the response has an id, and the call that it answers has none")
                .with(Correction::advice("Send the call with the id that the model gave it"));
        };
        let raw = wanted.raw();
        let edit = match own {
            Some(own) => Some(edit::replace(own, raw)),
            None => (!is_named).then(|| edit::insert(response, "id", raw)),
        };
        let words = match own {
            Some(own) => {
                format!("the call that it answers has the id {raw}, and not {}", own.raw())
            }
            None => format!("the call that it answers has the id {raw}, and the response has none"),
        };
        said(words).with(match edit.filter(|_| is_only) {
            Some(edit) => Correction::mechanical("Give it the id of the call", vec![edit]),
            None => Correction::advice("Give each response the id of the call that it answers"),
        })
    };
    match own {
        Some(own) => found.at(rule, own, told),
        None => found.at_name(rule, response, told),
    }
}

fn other_name(
    rule: &'static Rule,
    open: &[Value<'_>],
    response: Value<'_>,
    found: &mut Findings<'_>,
) {
    let place = field(response, "name").unwrap_or(response);
    found.at(rule, place, || {
        let id = field(response, "id").and_then(Value::text);
        let of_id = open
            .iter()
            .find(|call| id.is_some() && field(**call, "id").and_then(Value::text) == id);
        let wanted: Vec<_> = match of_id {
            Some(call) => vec![name_of(*call)],
            None => open.iter().take(5).map(|call| name_of(*call)).collect(),
        };
        let wanted = wanted.join(", ");
        said(format!("the response is of {:?}, and called was {wanted}", name_of(response))).with(
            Correction::advice(format!("Write the name of the call that it answers: {wanted}")),
        )
    });
}

/// Ids that two calls of a turn have.
pub(super) fn repeated_ids(calls: &[Value<'_>], found: &mut Findings<'_>) {
    let ids: Vec<_> = calls.iter().take(MOST_CALLS).filter_map(|call| field(*call, "id")).collect();
    for (index, id) in ids.iter().enumerate() {
        let is_there = id.quoted().is_some_and(|own| !own.is_empty()) && !is_cut(*id);
        if is_there && ids[..index].iter().any(|other| other.quoted() == id.quoted()) {
            found.at(&ID_REPEATED, *id, || {
                said(format!("another call of this turn has the id {} as well", id.raw()))
            });
        }
    }
}
