//! Tools that do not go together, functions that cannot be named so, and calling that names none of them.

use super::{
    super::{
        case::Case,
        chance::Chance,
        tree::{Json, Path, fields, list, text, texts},
        write::Place,
    },
    Mutation, doubtful,
    places::{full, is_known, missing, name, value, values},
    refused,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    refused("a function with a blank in its name", |case, chance| {
        named(case, chance, "get weather")
    }),
    refused("a function with a sign in its name", |case, chance| {
        named(case, chance, "get/weather")
    }),
    refused("a function that begins with a digit", |case, chance| named(case, chance, "1st_tool")),
    refused("a function with an empty name", |case, chance| named(case, chance, "")),
    refused("a function with a name that is far too long", |case, chance| {
        named(case, chance, &"a".repeat(129))
    }),
    doubtful("a function with a name that is too long", |case, chance| {
        named(case, chance, &"a".repeat(65))
    }),
    refused("a function without a name", |case, chance| {
        let function = function(case, chance)?;
        case.value_mut(&function)?.remove("name")?;
        Some(missing(&function.to("name")))
    }),
    refused("a function twice", |case, chance| {
        let function = function(case, chance)?;
        let again = case.value(&function)?.clone();
        let all = function.parent();
        let items = case.value_mut(&all)?.items_mut()?;
        items.push(again);
        let second = all.at(items.len() - 1);
        values([second.to("name"), second, function.to("name"), function])
    }),
    refused("parameters in both forms", |case, chance| {
        let function = function(case, chance)?;
        let schema = fields([("type", text("object"))]);
        let other = if case.value(&function)?.has("parameters") {
            "parametersJsonSchema"
        } else {
            "parameters"
        };
        let given =
            ["parameters", "parametersJsonSchema"].into_iter().find(|word| *word != other)?;
        case.value(&function.to(given))?;
        let second = case.set(&function, other, schema)?;
        let first = function.to(given);
        Some(vec![
            value(second.clone()),
            name(second),
            value(first.clone()),
            name(first),
            value(function),
        ])
    }),
    refused("allowed functions in the mode AUTO", |case, chance| {
        let function = function(case, chance)?;
        let known = case.value(&function.to("name"))?.as_text()?.to_owned();
        calling(case, &function, "AUTO", &known)
    }),
    refused("an allowed function that is not declared", |case, chance| {
        let function = function(case, chance)?;
        calling(case, &function, "ANY", "no_such_function")
    }),
    refused("the search tool of older models", |case, chance| {
        let request = full(case, chance).filter(|_| is_known(case))?;
        (!case.model.is_plain() && case.value(&request.to("cachedContent")).is_none())
            .then_some(())?;
        let tool = fields([("googleSearchRetrieval", fields([]))]);
        let tools = case.set(&request, "tools", list([tool]))?;
        case.value_mut(&request)?.remove("toolConfig");
        let field = tools.at(0).to("googleSearchRetrieval");
        Some(vec![value(field.clone()), name(field), value(tools.at(0))])
    }),
    refused("functions beside search where one excludes the other", |case, chance| {
        let request = full(case, chance).filter(|_| case.model.is_second())?;
        mixed(case, &request)
    }),
    refused("functions beside search without the setting for it", |case, chance| {
        let request = full(case, chance).filter(|_| is_known(case) && case.model.combines())?;
        let setting = request.to("toolConfig.includeServerSideToolInvocations");
        case.value(&setting).is_none().then_some(())?;
        mixed(case, &request)
    }),
    refused("a tool without its list", |case, chance| {
        let function = function(case, chance)?;
        let tool = function.parent().parent();
        values([case.set(&tool, "functionDeclarations", text("get_weather"))?])
    }),
    refused("functions as OpenAI writes them", |case, chance| {
        let function = function(case, chance)?;
        let tool = function.parent().parent();
        let inner = case.value(&function)?.clone();
        let wrapped = fields([("type", text("function")), ("function", inner)]);
        *case.value_mut(&tool)? = wrapped;
        Some(vec![name(tool.to("type")), name(tool.to("function"))])
    }),
    refused("parameters under the name of their kind", |case, chance| {
        let function = function(case, chance)?;
        let schema = fields([("type", text("object"))]);
        Some(vec![name(case.set(&function, "inputSchema", schema)?)])
    }),
];

/// One function that a request declares.
fn function(case: &Case, chance: &mut Chance) -> Option<Path> {
    let request = full(case, chance)?;
    let found = case.paths(|path, value| {
        let is_one = path.parent().last_name() == Some("functionDeclarations") && value.has("name");
        is_one && path.is_below(&request)
    });
    chance.take(found)
}

fn named(case: &mut Case, chance: &mut Chance, word: &str) -> Option<Vec<Place>> {
    let function = function(case, chance)?;
    values([case.set(&function, "name", text(word))?, function])
}

/// The request that a function belongs to.
fn request_of(case: &Case, function: &Path) -> Option<Path> {
    case.requests().into_iter().find(|request| function.is_below(request))
}

fn calling(case: &mut Case, function: &Path, mode: &str, allowed: &str) -> Option<Vec<Place>> {
    let request = request_of(case, function)?;
    let calling = fields([("mode", text(mode)), ("allowedFunctionNames", texts([allowed]))]);
    case.set(&request, "toolConfig", fields([("functionCallingConfig", calling)]))?;
    let calling = request.to("toolConfig.functionCallingConfig");
    let names = calling.to("allowedFunctionNames");
    Some(vec![value(names.at(0)), value(names.clone()), name(names), value(calling.to("mode"))])
}

fn mixed(case: &mut Case, request: &Path) -> Option<Vec<Place>> {
    let tools = request.to("tools");
    let has_functions = |tool: &Json| tool.has("functionDeclarations");
    case.value(&tools)?.items().iter().all(has_functions).then_some(())?;
    let items = case.value_mut(&tools)?.items_mut()?;
    items.push(fields([("googleSearch", fields([]))]));
    let last = tools.at(items.len() - 1);
    let search = last.to("googleSearch");
    Some(vec![value(search.clone()), name(search), value(last), value(tools.clone()), name(tools)])
}
