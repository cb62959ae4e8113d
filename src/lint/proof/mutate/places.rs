//! Where faults are put: the parts of a body by what they are.

use super::super::{
    case::{Case, Kind},
    chance::Chance,
    tree::{Json, Path, fields},
    write::{Place, Token},
};

pub(super) fn value(path: Path) -> Place {
    Place { path, token: Token::Value }
}

pub(super) fn name(path: Path) -> Place {
    Place { path, token: Token::Name }
}

/// A member that is no longer there, and the object that lacks it.
pub(super) fn missing(path: &Path) -> Vec<Place> {
    vec![Place { path: path.clone(), token: Token::Missing }, value(path.parent())]
}

/// These places and no others, by their values.
pub(super) fn values<const N: usize>(paths: [Path; N]) -> Option<Vec<Place>> {
    Some(paths.into_iter().map(value).collect())
}

pub(super) fn names<const N: usize>(paths: [Path; N]) -> Option<Vec<Place>> {
    Some(paths.into_iter().map(name).collect())
}

/// A request for content, whichever way it is wrapped.
pub(super) fn any(case: &Case, chance: &mut Chance) -> Option<Path> {
    chance.take(case.requests())
}

/// One that may hold more than contents.
pub(super) fn whole(case: &Case, chance: &mut Chance) -> Option<Path> {
    any(case, chance).filter(|path| case.kind != Kind::CountTokens || !path.steps.is_empty())
}

/// One that may hold whatever v1beta knows.
pub(super) fn full(case: &Case, chance: &mut Chance) -> Option<Path> {
    whole(case, chance).filter(|_| case.version == "v1beta")
}

/// One that is answered, and not only counted.
pub(super) fn answered(case: &Case, chance: &mut Chance) -> Option<Path> {
    full(case, chance).filter(|_| case.kind != Kind::CountTokens)
}

/// The settings of a request, which get their object where there is none.
pub(super) fn config(case: &mut Case, request: &Path) -> Option<Path> {
    let path = request.to("generationConfig");
    if !matches!(case.value(&path), Some(Json::Object(_))) {
        case.set(request, "generationConfig", fields([]))?;
    }
    Some(path)
}

/// Gives a setting, and says where its value stands.
pub(super) fn in_config(
    case: &mut Case,
    chance: &mut Chance,
    name: &str,
    said: Json,
) -> Option<Vec<Place>> {
    let request = whole(case, chance)?;
    let config = config(case, &request)?;
    values([case.set(&config, name, said)?])
}

/// The same of a field that only v1beta knows.
pub(super) fn in_full_config(
    case: &mut Case,
    chance: &mut Chance,
    name: &str,
    said: Json,
) -> Option<Vec<Place>> {
    let request = full(case, chance)?;
    let config = config(case, &request)?;
    values([case.set(&config, name, said)?])
}

/// The list of turns of a request, where it is a list.
pub(super) fn turns(case: &Case, request: &Path) -> Option<Path> {
    let path = request.to("contents");
    case.value(&path).is_some_and(|turns| !turns.items().is_empty()).then_some(path)
}

/// One turn of any request.
pub(super) fn turn(case: &Case, chance: &mut Chance) -> Option<Path> {
    let request = any(case, chance)?;
    let turns = turns(case, &request)?;
    let count = case.value(&turns)?.items().len();
    Some(turns.at(chance.below(count)))
}

/// A part that holds this.
pub(super) fn part_with(case: &Case, chance: &mut Chance, field: &str) -> Option<Path> {
    chance.take(case.paths(|path, part| {
        let is_part = matches!(path.steps.len(), 2..) && path.parent().last_name() == Some("parts");
        is_part && path.passes("contents") && part.has(field)
    }))
}

/// Wherever a message of the API has this field.
pub(super) fn field(case: &Case, chance: &mut Chance, name: &str) -> Option<Path> {
    let found = case.paths(|path, _| path.last_name() == Some(name));
    chance.take(found.into_iter().filter(|path| path.is_field(&case.documents)).collect())
}

/// Whether a rule about this model in particular can be known: not where its name is an alias, nor where no page tells of it.
pub(super) fn is_known(case: &Case) -> bool {
    use super::super::models::{Age, Makes};
    !case.model.is_alias()
        && case.model.age != Age::Gemma
        && matches!(case.model.makes, Makes::Text)
}
