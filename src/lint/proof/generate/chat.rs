//! Chat completions, as the compatible routes take them. Their fields have one spelling.

use super::{
    super::{
        models::{Age, Thinking},
        tree::{Json, data, fields, list, number, text, texts},
    },
    Draft,
    tools::Functions,
};

impl Draft {
    pub(super) fn chat(&mut self) -> Json {
        self.note("chat completion");
        let mut body = fields([("model", text(self.model.name))]);
        let functions = self.chat_tools(&mut body);
        body.set("messages", self.messages(&functions));
        self.chat_settings(&mut body);
        self.effort(&mut body);
        self.chat_form(&functions, &mut body);
        body
    }

    fn chat_tools(&mut self, body: &mut Json) -> Functions {
        if self.model.is_plain() || !self.has("chat tools", 40) {
            return Functions::none();
        }
        let mut known = Vec::new();
        let mut tools = Vec::new();
        for name in self.chance.some(&["get_weather", "find_order", "send-mail"], 2) {
            let schema = self.json_schema();
            let function = fields([
                ("name", text(name)),
                ("description", text(self.chance.sentence())),
                ("parameters", schema.clone()),
            ]);
            tools.push(fields([("type", text("function")), ("function", function)]));
            known.push((name.to_owned(), Some(schema)));
        }
        body.set("tools", list(tools));
        if self.has("tool_choice", 40) {
            body.set("tool_choice", text(*self.chance.pick(&["auto", "none", "required"])));
        }
        Functions(known)
    }

    fn messages(&mut self, functions: &Functions) -> Json {
        let mut messages = Vec::new();
        if !self.model.is_plain() && self.has("system message", 50) {
            messages.push(message("system", self.chance.sentence()));
        }
        for _ in 0..self.chance.below(3) {
            messages.push(message("user", self.chance.sentence()));
            messages.push(message("assistant", self.chance.sentence()));
        }
        messages.push(self.user_message());
        if !functions.0.is_empty() && self.has("chat calls", 50) {
            self.chat_calls(functions, &mut messages);
        }
        list(messages)
    }

    fn user_message(&mut self) -> Json {
        if !self.reads_media() || !self.has("chat picture", 20) {
            return message("user", self.chance.sentence());
        }
        let picture = self.picture();
        let part = |name| picture.get(name).and_then(Json::as_text).unwrap_or_default();
        let url = format!("data:{};base64,{}", part("mimeType"), part("data"));
        let picture =
            fields([("type", text("image_url")), ("image_url", fields([("url", text(url))]))]);
        let words = fields([("type", text("text")), ("text", text(self.chance.sentence()))]);
        fields([("role", text("user")), ("content", list([words, picture]))])
    }

    fn chat_calls(&mut self, functions: &Functions, messages: &mut Vec<Json>) {
        let count = 1 + self.chance.below(2);
        let mut calls = Vec::new();
        let mut answers = Vec::new();
        for at in 0..count {
            let (name, schema) = self.chance.pick(&functions.0).clone();
            let arguments = schema.map_or(data([]), |schema| self.fitting(&schema));
            let id = format!("call_{}", self.chance.id());
            let mut call = fields([
                ("id", text(&id)),
                ("type", text("function")),
                (
                    "function",
                    fields([("name", text(name)), ("arguments", text(compact(&arguments)))]),
                ),
            ]);
            if at == 0 && self.model.signs() {
                let google = fields([("thought_signature", self.signature())]);
                call.set("extra_content", fields([("google", google)]));
            }
            calls.push(call);
            let mut answer = message("tool", self.chance.sentence());
            answer.set("tool_call_id", text(id));
            answers.push(answer);
        }
        messages.push(fields([("role", text("assistant")), ("tool_calls", list(calls))]));
        messages.extend(answers);
    }

    fn chat_settings(&mut self, body: &mut Json) {
        if self.samples() && self.has("chat temperature", 30) {
            body.set("temperature", number(self.chance.decimal(0.0, 2.0)));
            body.set("top_p", number(self.chance.decimal(0.01, 1.0)));
        }
        if self.has("max_tokens", 30) {
            let name = *self.chance.pick(&["max_tokens", "max_completion_tokens"]);
            body.set(name, number(self.chance.between(1, self.model.most_output - 1)));
        }
        if self.has("stop", 15) {
            body.set("stop", texts(["END", "###"]));
        }
        if self.model.is_second() && self.has("n", 40) {
            body.set("n", number(self.chance.between(1, 4)));
        }
        if self.has("stream", 30) {
            body.set("stream", Json::Bool(true));
            body.set("stream_options", fields([("include_usage", Json::Bool(true))]));
        }
    }

    /// How hard to think, by one of the two ways to say it.
    fn effort(&mut self, body: &mut Json) {
        if self.model.thinking == Thinking::Unset || !self.chance.in_hundred(50) {
            return;
        }
        if self.has("reasoning_effort", 60) {
            let mut words = vec!["low", "medium", "high"];
            if matches!(self.model.thinking, Thinking::Budget { off: true, .. }) {
                words.push("none");
            }
            body.set("reasoning_effort", text(*self.chance.pick(&words)));
            return;
        }
        self.note("extra_body");
        let thinking = match self.model.age {
            Age::Second => fields([("thinking_budget", number(1024))]),
            _ => fields([("thinking_level", text("low"))]),
        };
        let google = fields([("thinking_config", thinking)]);
        body.set("extra_body", fields([("google", google)]));
    }

    fn chat_form(&mut self, functions: &Functions, body: &mut Json) {
        if self.model.is_plain() || !functions.0.is_empty() || !self.has("response_format", 20) {
            return;
        }
        let form = if self.chance.in_hundred(30) {
            fields([("type", text("json_object"))])
        } else {
            let schema = fields([("name", text("answer")), ("schema", self.json_schema())]);
            fields([("type", text("json_schema")), ("json_schema", schema)])
        };
        body.set("response_format", form);
    }
}

fn message(role: &str, said: String) -> Json {
    fields([("role", text(role)), ("content", text(said))])
}

/// JSON within a text.
fn compact(value: &Json) -> String {
    let layout = super::spell::COMPACT;
    super::super::write::write(std::slice::from_ref(value), layout, &[]).0
}
