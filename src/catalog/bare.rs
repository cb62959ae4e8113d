//! What a refusal may mean that carries a status of the API and nothing else: `403 Forbidden for url …`.
//! The first one of a list is no likelier than the rest; it is where to begin.

use super::Split;
use crate::facts::{Clue, Party, clue, endpoint::HostKind};

/// The candidates for a status, in the order in which they are to be worked off, each with what would
/// tell it. Nothing, where clues tell more than a status or are not about this API.
pub fn candidates(clues: &[Clue]) -> &'static [Split] {
    let status = clues.iter().find_map(|clue| match clue {
        Clue::Status(status) => Some(*status),
        _ => None,
    });
    let list = status.and_then(|status| BARE.iter().find(|(known, ..)| *known == status));
    match list {
        Some((_, phrase, splits)) if is_googles(clues) && says_no_more(clues, phrase) => splits,
        _ => &[],
    }
}

fn is_googles(clues: &[Clue]) -> bool {
    let is_elsewhere = |clue: &Clue| {
        matches!(clue, Clue::By(party) if *party != Party::Api) || matches!(clue, Clue::Fault(_))
    };
    let named =
        [Clue::By(Party::Api), Clue::Host(HostKind::Developer), Clue::Host(HostKind::Cloud)];
    named.iter().any(|mark| clues.contains(mark)) && !clues.iter().any(is_elsewhere)
}

/// Whether a message has no words but the status's own: alone where the API wrote it, in the sentence of a
/// client where a client did.
fn says_no_more(clues: &[Clue], phrase: &str) -> bool {
    const LONGEST: usize = 600;
    let told = |clue: &Clue| matches!(clue, Clue::Reason(_) | Clue::QuotaId(_));
    let message = clue::message(clues).unwrap_or_default().to_ascii_lowercase();
    let bare = message.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let by_client =
        || message.len() < LONGEST && (message.contains(phrase) || message.contains("status code"));
    let is_short = bare.is_empty() || bare == phrase;
    let by_api = clues.contains(&Clue::By(Party::Api));
    !clues.iter().any(told) && (is_short || (!by_api && by_client()))
}

const fn one(id: &'static str, by: &'static str) -> Split {
    Split { id, by }
}

/// A status, its phrase in lower case, and the candidates.
const BARE: &[(u16, &str, &[Split])] = &[
    (
        400,
        "bad request",
        &[
            one(
                "api-key-invalid",
                "gemini-doctor check-key --no-generate: whether Google takes the key",
            ),
            one(
                "invalid-argument-generic",
                "the body of the answer, which names the field: print response.text",
            ),
            one(
                "user-location-unsupported",
                "gemini-doctor check-key from the same machine, which names a refused place",
            ),
        ],
    ),
    (
        401,
        "unauthorized",
        &[
            one(
                "standard-key-rejected-2026",
                "the start of the key: AIza is a kind that Google no longer takes",
            ),
            one(
                "bearer-instead-of-api-key",
                "gemini-doctor check-key: a key that passes there was sent in the wrong header",
            ),
            one("invalid-oauth-token", "whether a login's token was sent, which starts ya29."),
        ],
    ),
    (
        403,
        "forbidden",
        &[
            one(
                "project-denied-access",
                "gemini-doctor check-key --no-generate shows the answer's own words; the project's mail tells of a denial",
            ),
            one(
                "billing-disabled",
                "the billing page of the key's project: an active account, or none",
            ),
            one(
                "service-disabled",
                "gemini-doctor check-key --no-generate: an API that is not enabled is named in the answer",
            ),
            one(
                "project-permission-denied",
                "gcloud projects get-iam-policy, as the project's owner: the roles of the account",
            ),
            one(
                "api-key-service-blocked",
                "the key's page in the console: the APIs, pages and addresses it is restricted to",
            ),
            one(
                "gateway-refused",
                "gemini-doctor doctor --no-generate: whether anybody between answers in Google's place",
            ),
        ],
    ),
    (
        404,
        "not found",
        &[
            one(
                "model-name-wrong",
                "gemini-doctor list-models NAME: whether there is a model of this name",
            ),
            one(
                "model-retired",
                "gemini-doctor list-models NAME: names that are gone have a successor there",
            ),
            one(
                "model-wrong-api-version-or-method",
                "the path of the URL: /v1beta/models/NAME:generateContent",
            ),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn every_candidate_is_a_known_fix() {
        for split in BARE.iter().flat_map(|(_, _, splits)| *splits) {
            assert!(catalog::find(split.id).is_some(), "{}", split.id);
        }
    }

    #[test]
    fn only_a_status_of_the_api_by_itself_is_bare() {
        let said = |message: &str, more: &[Clue]| {
            let own = [Clue::Status(403), Clue::Message(message.to_owned())];
            candidates(&[own.as_slice(), more].concat()).len()
        };
        let api = Clue::By(Party::Api);
        assert_eq!(said("Forbidden", std::slice::from_ref(&api)), 6);
        assert_eq!(
            said("403 Client Error: Forbidden for url: x", &[Clue::Host(HostKind::Developer)]),
            6
        );
        assert_eq!(said("The frob is forbidden.", std::slice::from_ref(&api)), 0);
        assert_eq!(said("Forbidden", &[]), 0);
        assert_eq!(said("Forbidden", &[Clue::Host(HostKind::Other)]), 0);
        assert_eq!(said("Forbidden", &[api, Clue::Reason("X".to_owned())]), 0);
    }
}
