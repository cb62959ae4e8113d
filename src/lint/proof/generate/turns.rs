//! Histories: turns that alternate, calls with their answers, and the signatures that models ask back.

use super::{
    super::{
        models::{Age, Makes},
        tree::{Json, data, fields, list, text},
    },
    Draft,
    body::Purpose,
    tools::Functions,
};

impl Draft {
    pub(super) fn contents(
        &mut self,
        purpose: Purpose,
        functions: &Functions,
        request: &Json,
    ) -> Json {
        let mut turns = Vec::new();
        let rounds = if self.chance.in_hundred(55) { 0 } else { 1 + self.chance.below(3) };
        for _ in 0..rounds {
            self.round(purpose, functions, request, &mut turns);
        }
        turns.push(self.user_turn(purpose));
        if !functions.0.is_empty() && self.has("calls of the current turn", 55) {
            self.calls(functions, true, &mut turns);
        }
        if turns.len() == 1 {
            self.note("one turn");
            return self.short_forms(turns);
        }
        self.note("many turns");
        list(turns)
    }

    /// A single question may leave out its role, and the lists round it.
    fn short_forms(&mut self, mut turns: Vec<Json>) -> Json {
        if self.has("turn without a role", 25) {
            turns[0].remove("role");
        }
        let is_one_part = turns[0].get("parts").is_some_and(|parts| parts.items().len() == 1);
        if is_one_part && self.has("part without a list", 2) {
            let part = turns[0].get("parts").map(|parts| parts.items()[0].clone());
            turns[0].set("parts", part.unwrap_or(Json::Null));
        }
        if self.has("contents without a list", 2) {
            return turns.remove(0);
        }
        list(turns)
    }

    fn round(
        &mut self,
        purpose: Purpose,
        functions: &Functions,
        request: &Json,
        turns: &mut Vec<Json>,
    ) {
        turns.push(self.user_turn(purpose));
        if functions.0.is_empty() && !self.is_v1 && self.has("turn of the same role", 4) {
            turns.push(fields([("role", text("user")), ("parts", list([self.text_part()]))]));
        }
        if !functions.0.is_empty() && self.has("calls of earlier turns", 50) {
            self.calls(functions, false, turns);
        }
        turns.push(self.model_turn(request));
    }

    fn user_turn(&mut self, purpose: Purpose) -> Json {
        let mut parts = vec![self.text_part()];
        if purpose != Purpose::Speech && self.reads_media() && self.chance.in_hundred(25) {
            let count = 1 + self.chance.below(3);
            parts.extend((0..count).map(|_| self.media_part()));
        }
        self.chance.shuffle(&mut parts);
        turn("user", parts)
    }

    fn model_turn(&mut self, request: &Json) -> Json {
        let mut parts = Vec::new();
        if self.is_v1 {
            return turn("model", vec![self.text_part()]);
        }
        if !self.model.is_plain() && self.has("thought", 10) {
            parts.push(fields([
                ("text", text(self.chance.sentence())),
                ("thought", Json::Bool(true)),
            ]));
        }
        if runs_code(request) && self.has("code and its result", 60) {
            parts.extend(self.code());
        }
        if calls_at_the_provider(request) && self.has("toolCall", 60) {
            parts.extend(self.search_by_the_provider());
        }
        if self.model.makes == Makes::Images {
            let mut part = fields([("inlineData", self.picture())]);
            part.set("thoughtSignature", self.signature());
            parts.push(part);
        }
        let mut said = self.text_part();
        if self.model.signs() && self.has("signature of a text", 30) {
            said.set("thoughtSignature", self.signature());
        }
        parts.push(said);
        turn("model", parts)
    }

    fn code(&mut self) -> [Json; 2] {
        let code = fields([("language", text("PYTHON")), ("code", text("print(6 * 7)\n"))]);
        let result = fields([("outcome", text("OUTCOME_OK")), ("output", text("42\n"))]);
        [fields([("executableCode", code)]), fields([("codeExecutionResult", result)])]
    }

    /// What the provider's own tool was asked, and what it said.
    fn search_by_the_provider(&mut self) -> [Json; 2] {
        let id = text(self.chance.id());
        let kind = || ("toolType", text("GOOGLE_SEARCH_WEB"));
        let args = data([("queries", list([text(self.chance.sentence())]))]);
        let call = fields([kind(), ("args", args), ("id", id.clone())]);
        let said = data([("search_suggestions", text(self.chance.sentence()))]);
        let answer = fields([kind(), ("response", said), ("id", id)]);
        let signature = self.signature();
        [
            fields([("toolCall", call), ("thoughtSignature", signature)]),
            fields([("toolResponse", answer)]),
        ]
    }

    /// Steps of a model that calls and is answered; in the current turn each needs its signature.
    fn calls(&mut self, functions: &Functions, is_current: bool, turns: &mut Vec<Json>) {
        let steps = 1 + self.chance.below(2);
        for _ in 0..steps {
            let count = if self.has("parallel calls", 30) { 2 + self.chance.below(2) } else { 1 };
            // Those of a step all have ids, or none has.
            let with_ids = self.chance.in_hundred(60);
            let mut asked = Vec::new();
            let mut answered = Vec::new();
            for at in 0..count {
                let (call, name, id) = self.call(functions, with_ids);
                asked.push(self.call_part(call, at == 0, is_current));
                answered.push(fields([("functionResponse", self.response(&name, id.as_deref()))]));
            }
            turns.push(turn("model", self.said_before(asked)));
            let is_old = self.model.age == Age::Second && self.has("role of functions", 5);
            turns.push(turn(if is_old { "function" } else { "user" }, answered));
        }
    }

    fn call_part(&mut self, call: Json, is_first: bool, is_current: bool) -> Json {
        let mut part = fields([("functionCall", call)]);
        let has_to = self.model.signs() && is_first && is_current;
        let is_kept = self.model.age != Age::Gemma && is_first && self.chance.in_hundred(50);
        if has_to || is_kept {
            self.note("signature of a call");
            part.set("thoughtSignature", self.signature());
        }
        part
    }

    /// Models may say something before they call.
    fn said_before(&mut self, mut parts: Vec<Json>) -> Vec<Json> {
        if self.has("words before a call", 15) {
            parts.insert(0, self.text_part());
        }
        parts
    }
}

fn turn(role: &str, parts: Vec<Json>) -> Json {
    fields([("role", text(role)), ("parts", list(parts))])
}

fn runs_code(request: &Json) -> bool {
    let tools = request.get("tools").map_or(&[][..], Json::items);
    tools.iter().any(|tool| tool.has("codeExecution"))
}

fn calls_at_the_provider(request: &Json) -> bool {
    let config = request.get("toolConfig");
    config.is_some_and(|config| config.has("includeServerSideToolInvocations"))
}
