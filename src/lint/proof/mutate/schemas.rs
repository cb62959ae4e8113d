//! Schemas with keywords that the API's own subset does not have, and with types that are none.

use super::{
    super::{
        case::Case,
        chance::Chance,
        tree::{Entry, Json, Path, data, fields, list, number, text, texts},
        write::Place,
    },
    Mutation, doubtful,
    places::{missing, name, names, value, values},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("additionalProperties", |case, chance| {
        keyword(case, chance, "additionalProperties", Json::Bool(false))
    }),
    refused("$schema", |case, chance| {
        keyword(case, chance, "$schema", text("https://json-schema.org/draft/2020-12/schema"))
    }),
    refused("$ref", |case, chance| keyword(case, chance, "$ref", text("#/$defs/a"))),
    refused("$defs", |case, chance| keyword(case, chance, "$defs", data([]))),
    refused("const", |case, chance| keyword(case, chance, "const", text("a"))),
    refused("oneOf", |case, chance| keyword(case, chance, "oneOf", list([]))),
    refused("allOf", |case, chance| keyword(case, chance, "allOf", list([]))),
    refused("not", |case, chance| keyword(case, chance, "not", data([]))),
    refused("if", |case, chance| keyword(case, chance, "if", data([]))),
    refused("exclusiveMinimum", |case, chance| {
        keyword(case, chance, "exclusiveMinimum", number(0))
    }),
    refused("patternProperties", |case, chance| {
        keyword(case, chance, "patternProperties", data([]))
    }),
    refused("uniqueItems", |case, chance| keyword(case, chance, "uniqueItems", Json::Bool(true))),
    refused("a list of types", |case, chance| {
        let schema = typed(case, chance)?;
        values([case.set(&schema, "type", texts(["string", "null"]))?])
    }),
    refused("a type that is none", |case, chance| {
        let schema = typed(case, chance)?;
        let word = *chance.pick(&["str", "int", "float", "any", "dict", "date"]);
        values([case.set(&schema, "type", text(word))?])
    }),
    refused("an empty type", |case, chance| {
        let schema = typed(case, chance)?;
        values([case.set(&schema, "type", text(""))?])
    }),
    refused("parameters that are no object", |case, chance| {
        let found = schemas(case).into_iter();
        let path =
            chance.take(found.filter(|path| path.last_name() == Some("parameters")).collect())?;
        *case.value_mut(&path)? = fields([("type", text("STRING"))]);
        values([path.to("type"), path])
    }),
    refused("a required property that is not there", |case, chance| {
        let schema = object(case, chance)?;
        let required = case.set(&schema, "required", texts(["no_such_property"]))?;
        values([required.at(0), required])
    }),
    refused("a list without its items", |case, chance| {
        let found = schemas(case).into_iter();
        let found = found.filter(|path| case.value(path).is_some_and(|schema| schema.has("items")));
        let path = chance.take(found.collect())?;
        case.value_mut(&path)?.remove("items")?;
        let mut places = missing(&path.to("items"));
        places.push(value(path.to("type")));
        Some(places)
    }),
    refused("numbers in an enumeration", |case, chance| {
        let choices = enumeration(case, chance)?;
        *case.value_mut(&choices)? = list([number(1), number(2)]);
        values([choices.at(0), choices.at(1), choices])
    }),
    doubtful("an empty enumeration", |case, chance| {
        let choices = enumeration(case, chance)?;
        *case.value_mut(&choices)? = list([]);
        values([choices])
    }),
    refused("an empty word in an enumeration", |case, chance| {
        let choices = enumeration(case, chance)?;
        *case.value_mut(&choices)? = texts([""]);
        values([choices.at(0), choices])
    }),
    doubtful("an object without properties", |case, chance| {
        let schema = object(case, chance)?;
        for word in ["required", "propertyOrdering", "minProperties", "maxProperties"] {
            case.value_mut(&schema)?.remove(word);
        }
        let properties = case.set(&schema, "properties", data([]))?;
        Some(vec![
            value(properties.clone()),
            name(properties),
            value(schema.clone()),
            value(schema.to("type")),
        ])
    }),
    refused("properties of a text", |case, chance| {
        let text_schema = enumeration(case, chance)?.parent();
        let inner = fields([("a", fields([("type", text("STRING"))]))]);
        let properties = case.set(&text_schema, "properties", inner)?;
        Some(vec![name(properties.clone()), value(properties)])
    }),
    refused("items of a text", |case, chance| {
        let text_schema = enumeration(case, chance)?.parent();
        let items = case.set(&text_schema, "items", fields([("type", text("STRING"))]))?;
        Some(vec![name(items.clone()), value(items)])
    }),
    refused("properties as a list", |case, chance| {
        let schema = object(case, chance)?;
        values([case.set(&schema, "properties", list([texts(["city"])]))?])
    }),
    refused("required as a yes", |case, chance| {
        let schema = typed(case, chance)?;
        values([case.set(&schema, "required", Json::Bool(true))?])
    }),
];

/// Every schema of the subset in a body, down to the smallest.
fn schemas(case: &Case) -> Vec<Path> {
    let tops = case.paths(|path, value| {
        let is_one = match path.last_name() {
            Some("parameters" | "responseSchema") => true,
            Some("response") => path.passes("functionDeclarations"),
            _ => false,
        };
        is_one && !value.entries().is_empty()
    });
    let mut found = Vec::new();
    // Properties may bear the same names, and what a call is given is no schema.
    for top in tops.into_iter().filter(|path| path.is_field(&case.documents)) {
        below(case, top, &mut found);
    }
    found.retain(|path| case.requests().iter().any(|request| path.is_below(request)));
    found
}

fn below(case: &Case, path: Path, found: &mut Vec<Path>) {
    let Some(schema) = case.value(&path) else { return };
    for property in schema.get("properties").map_or(&[][..], Json::entries) {
        below(case, path.to("properties").key(&property.name), found);
    }
    if schema.has("items") {
        below(case, path.to("items"), found);
    }
    for at in 0..schema.get("anyOf").map_or(0, |choices| choices.items().len()) {
        below(case, path.to("anyOf").at(at), found);
    }
    found.push(path);
}

fn keyword(case: &mut Case, chance: &mut Chance, word: &str, said: Json) -> Option<Vec<Place>> {
    let schema = chance.take(schemas(case))?;
    case.value_mut(&schema)?.push(Entry::data(word, said));
    names([schema.key(word)])
}

fn with(case: &Case, chance: &mut Chance, is_meant: impl Fn(&Json) -> bool) -> Option<Path> {
    let found = schemas(case).into_iter().filter(|path| case.value(path).is_some_and(&is_meant));
    chance.take(found.collect())
}

fn typed(case: &Case, chance: &mut Chance) -> Option<Path> {
    with(case, chance, |schema| schema.has("type"))
}

fn object(case: &Case, chance: &mut Chance) -> Option<Path> {
    with(case, chance, |schema| schema.has("properties"))
}

fn enumeration(case: &Case, chance: &mut Chance) -> Option<Path> {
    Some(with(case, chance, |schema| schema.has("enum"))?.to("enum"))
}
