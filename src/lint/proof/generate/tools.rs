//! Tools, functions, and how they may be called. Only those stand together that the model takes together.

use super::{
    super::{
        models::Age,
        tree::{Entry, Json, data, fields, list, number, text, texts},
    },
    Draft,
};

/// The functions that a request declares: names, and the arguments of each.
pub(super) struct Functions(pub Vec<(String, Option<Json>)>);

impl Functions {
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }
}

const VERBS: &[&str] = &["get", "find", "book", "cancel", "send", "_list", "Update"];
const NOUNS: &[&str] =
    &["weather", "order", "Flight", "user_2", "mcp.files", "a:b", "e-mail", "rate"];

impl Draft {
    /// Declares functions, and gives what is known of them.
    pub(super) fn declared(&mut self, request: &mut Json) -> Functions {
        self.note("function declarations");
        let functions = self.functions();
        let mut tools = vec![fields([("functionDeclarations", list(functions.1))])];
        let mut config = self.tool_config(&functions.0);
        if self.model.combines() && !self.model.is_alias() && self.has("tools of two kinds", 10) {
            self.note("includeServerSideToolInvocations");
            tools.push(fields([("googleSearch", fields([]))]));
            config.set("includeServerSideToolInvocations", Json::Bool(true));
        } else if tools[0].get("functionDeclarations").is_some_and(|all| all.items().len() > 1)
            && self.has("declarations in two tools", 10)
        {
            split(&mut tools);
        }
        request.set("tools", list(tools));
        if !config.entries().is_empty() {
            request.set("toolConfig", config);
        }
        functions.0
    }

    fn functions(&mut self) -> (Functions, Vec<Json>) {
        let count = 1 + self.chance.below(4);
        let mut names = Vec::new();
        for noun in self.chance.some(NOUNS, count) {
            let verb = *self.chance.pick(VERBS);
            names.push(format!("{verb}_{noun}"));
        }
        let mut known = Vec::new();
        let mut declarations = Vec::new();
        for name in names {
            let (declaration, arguments) = self.function(&name);
            declarations.push(declaration);
            known.push((name, arguments));
        }
        (Functions(known), declarations)
    }

    fn function(&mut self, name: &str) -> (Json, Option<Json>) {
        let description = self.chance.sentence();
        let mut function = fields([("name", text(name)), ("description", text(description))]);
        let arguments = match self.chance.below(10) {
            0 => None,
            1..=3 => Some(("parametersJsonSchema", self.json_schema())),
            _ => Some(("parameters", self.object_schema(2))),
        };
        if let Some((field, schema)) = &arguments {
            self.note(field);
            function.set(field, schema.clone());
        }
        if self.has("response of a function", 6) {
            function.set("response", self.object_schema(1));
        } else if self.has("responseJsonSchema of a function", 4) {
            function.set("responseJsonSchema", self.json_schema());
        }
        (function, arguments.map(|(_, schema)| schema))
    }

    fn tool_config(&mut self, functions: &Functions) -> Json {
        let mut config = fields([]);
        if !self.chance.in_hundred(35) {
            return config;
        }
        let mode = *self.chance.pick(&["AUTO", "ANY", "NONE", "VALIDATED"]);
        self.note("function calling mode");
        let mut calling = fields([("mode", text(mode))]);
        if matches!(mode, "ANY" | "VALIDATED") && self.has("allowedFunctionNames", 50) {
            let name = self.chance.pick(&functions.0).0.clone();
            calling.set("allowedFunctionNames", texts([name.as_str()]));
        }
        config.set("functionCallingConfig", calling);
        config
    }

    /// Tools that run at the provider's.
    pub(super) fn built_in(&mut self, request: &mut Json) {
        let tools = match self.chance.below(9) {
            0 | 1 => vec![self.search()],
            2 => vec![self.noted("urlContext", fields([]))],
            3 => vec![self.search(), self.noted("urlContext", fields([]))],
            4 | 5 => vec![self.noted("codeExecution", fields([]))],
            6 => vec![self.maps(request)],
            7 if self.model.age == Age::Third => vec![self.computer()],
            _ => vec![self.file_search()],
        };
        request.set("tools", list(tools));
    }

    fn noted(&mut self, name: &'static str, settings: Json) -> Json {
        self.note(name);
        fields([(name, settings)])
    }

    fn search(&mut self) -> Json {
        let mut search = fields([]);
        if self.has("searchTypes", 25) {
            search.set("searchTypes", fields([("webSearch", fields([]))]));
        }
        if self.has("timeRangeFilter", 25) {
            let range = [
                ("startTime", text("2026-01-01T00:00:00Z")),
                ("endTime", text("2026-02-01T12:30:00Z")),
            ];
            search.set("timeRangeFilter", fields(range));
        }
        self.noted("googleSearch", search)
    }

    fn maps(&mut self, request: &mut Json) -> Json {
        let mut maps = fields([]);
        if self.has("enableWidget", 40) {
            maps.set("enableWidget", Json::Bool(true));
        }
        if self.has("retrievalConfig", 60) {
            let place = fields([("latitude", number("50.94")), ("longitude", number("-6.96"))]);
            let retrieval = fields([("latLng", place), ("languageCode", text("de"))]);
            request.set("toolConfig", fields([("retrievalConfig", retrieval)]));
        }
        self.noted("googleMaps", maps)
    }

    fn file_search(&mut self) -> Json {
        let stores = texts(["fileSearchStores/manuals-1a2b"]);
        let mut search = fields([("fileSearchStoreNames", stores)]);
        if self.chance.in_hundred(50) {
            search.set("topK", self.whole(1, 20));
            search.set("metadataFilter", text("author = \"Ann\""));
        }
        self.noted("fileSearch", search)
    }

    fn computer(&mut self) -> Json {
        let mut computer = fields([("environment", text("ENVIRONMENT_BROWSER"))]);
        if self.chance.in_hundred(50) {
            computer.set("excludedPredefinedFunctions", texts(["drag_and_drop"]));
        }
        self.noted("computerUse", computer)
    }

    /// A call, and the id that its answer has to name.
    pub(super) fn call(
        &mut self,
        functions: &Functions,
        with_id: bool,
    ) -> (Json, String, Option<String>) {
        let (name, schema) = self.chance.pick(&functions.0).clone();
        let mut call = fields([("name", text(&name))]);
        if let Some(schema) = schema {
            call.set("args", self.fitting(&schema));
        } else if self.has("call without arguments", 60) {
            call.set("args", data([]));
        }
        let id = with_id.then(|| format!("call_{}", self.chance.id()));
        if let Some(id) = &id {
            self.note("id of a call");
            call.set("id", text(id));
        }
        (call, name, id)
    }

    pub(super) fn response(&mut self, name: &str, id: Option<&str>) -> Json {
        let mut said = data([("result", text(self.chance.sentence()))]);
        for key in self.chance.keys(2) {
            said.push(Entry::data(key, number(self.chance.between(0, 99))));
        }
        let mut response = fields([("name", text(name)), ("response", said)]);
        if let Some(id) = id {
            response.set("id", text(id));
        }
        if self.model.combines() && self.has("media in a response", 4) {
            response.set("parts", list([fields([("inlineData", self.picture())])]));
        }
        if self.has("scheduling", 2) {
            response.set("scheduling", text("WHEN_IDLE"));
        }
        response
    }
}

/// The last function in a tool of its own.
fn split(tools: &mut Vec<Json>) {
    let declared = tools[0].get_mut("functionDeclarations").and_then(Json::items_mut);
    if let Some(last) = declared.and_then(Vec::pop) {
        tools.push(fields([("functionDeclarations", list([last]))]));
    }
}
