//! Requests for content, and what wraps them.

use super::{
    super::{
        models::{Age, Makes},
        tree::{Entry, Json, data, fields, list, number, text},
    },
    Draft,
    tools::Functions,
};

/// What a request is for, which decides what else may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Talk,
    Functions,
    BuiltIn,
    Form,
    Cached,
    Images,
    Speech,
}

/// What contents alone have of all this.
const OF_CONTENTS: &[&str] = &["count of contents", "one turn", "many turns"];

impl Draft {
    pub(super) fn request(&mut self) -> Json {
        let purpose = self.purpose();
        let mut request = fields([]);
        let functions = match purpose {
            Purpose::Functions => self.declared(&mut request),
            Purpose::BuiltIn => {
                self.built_in(&mut request);
                Functions::none()
            }
            _ => Functions::none(),
        };
        request.set("contents", self.contents(purpose, &functions, &request));
        if !self.is_v1 {
            self.around(purpose, &mut request);
        }
        self.both_versions(purpose, &mut request);
        if let Some(entries) = request.entries_mut() {
            if self.chance.in_hundred(60) {
                entries.sort_by_key(|entry| entry.name != "contents");
            } else {
                self.chance.shuffle(entries);
            }
        }
        request
    }

    fn purpose(&mut self) -> Purpose {
        match self.model.makes {
            Makes::Images => return Purpose::Images,
            Makes::Speech => return Purpose::Speech,
            Makes::Text | Makes::Vectors => {}
        }
        if self.is_v1 || self.model.is_plain() {
            return Purpose::Talk;
        }
        match self.chance.below(10) {
            0..=3 => Purpose::Functions,
            4 | 5 => Purpose::BuiltIn,
            6 => Purpose::Form,
            7 if self.chance.in_hundred(50) => Purpose::Cached,
            _ => Purpose::Talk,
        }
    }

    /// What only v1beta knows.
    fn around(&mut self, purpose: Purpose, request: &mut Json) {
        let takes_system = !self.model.is_plain() && purpose != Purpose::Cached;
        if takes_system && self.has("system instruction", 40) {
            request.set("systemInstruction", self.system_instruction());
        }
        if purpose == Purpose::Cached {
            self.note("cached content");
            request.set("cachedContent", text(format!("cachedContents/{}", self.chance.id())));
        }
        if self.has("service tier", 6) {
            request.set("serviceTier", text(*self.chance.pick(&["flex", "standard", "priority"])));
        }
        if self.has("store", 3) {
            request.set("store", Json::Bool(false));
        }
        // As a program writes what it has not set.
        if purpose != Purpose::Cached && self.has("null for unset", 4) {
            request.set("cachedContent", Json::Null);
        }
    }

    fn both_versions(&mut self, purpose: Purpose, request: &mut Json) {
        if self.has("safety settings", 25) {
            request.set("safetySettings", self.safety_settings());
        }
        let config = self.generation_config(purpose);
        if !config.entries().is_empty() || self.has("empty generation config", 2) {
            request.set("generationConfig", config);
        }
        if self.has("model in the body", 10) {
            request.set("model", text(self.resource()));
        }
    }

    pub(super) fn resource(&self) -> String {
        format!("models/{}", self.model.name)
    }

    /// Its role is ignored, whatever it is.
    fn system_instruction(&mut self) -> Json {
        let count = 1 + self.chance.below(2);
        let parts: Vec<_> =
            (0..count).map(|_| fields([("text", text(self.chance.sentence()))])).collect();
        let mut instruction = fields([("parts", list(parts))]);
        if self.has("role of a system instruction", 30) {
            instruction.set("role", text(*self.chance.pick(&["system", "user"])));
        }
        instruction
    }

    fn safety_settings(&mut self) -> Json {
        const CATEGORIES: &[&str] = &[
            "HARM_CATEGORY_HARASSMENT",
            "HARM_CATEGORY_HATE_SPEECH",
            "HARM_CATEGORY_SEXUALLY_EXPLICIT",
            "HARM_CATEGORY_DANGEROUS_CONTENT",
            "HARM_CATEGORY_CIVIC_INTEGRITY",
        ];
        const THRESHOLDS: &[&str] = &[
            "BLOCK_LOW_AND_ABOVE",
            "BLOCK_MEDIUM_AND_ABOVE",
            "BLOCK_ONLY_HIGH",
            "BLOCK_NONE",
            "OFF",
        ];
        let count = 1 + self.chance.below(CATEGORIES.len());
        let chosen = self.chance.some(CATEGORIES, count);
        list(chosen.into_iter().map(|category| {
            let threshold = *self.chance.pick(THRESHOLDS);
            fields([("category", text(category)), ("threshold", text(threshold))])
        }))
    }

    /// Contents alone, or a whole request, which then names the model.
    pub(super) fn count(&mut self) -> Json {
        if self.has("count of contents", 40) {
            let mut contents = self.request();
            // What stood beside them is in no text.
            self.features.retain(|feature| OF_CONTENTS.contains(feature));
            return fields([(
                "contents",
                contents.remove("contents").map_or(Json::Null, |entry| entry.value),
            )]);
        }
        self.note("count of a request");
        let mut request = self.request();
        request.set("model", text(self.resource()));
        fields([("generateContentRequest", request)])
    }

    pub(super) fn batch(&mut self) -> Json {
        self.note("batch in the body");
        let count = 1 + self.chance.below(3);
        let requests: Vec<_> = (0..count).map(|at| self.batched(at)).collect();
        let mut batch = fields([
            ("displayName", text(format!("batch {}", self.chance.id()))),
            ("inputConfig", fields([("requests", fields([("requests", list(requests))]))])),
        ]);
        if self.has("priority of a batch", 20) {
            batch.set("priority", self.whole(-5, 5));
        }
        fields([("batch", batch)])
    }

    fn batched(&mut self, at: usize) -> Json {
        let mut request = fields([("request", self.request())]);
        if self.chance.in_hundred(70) {
            request.push(Entry::field("metadata", data([("key", text(format!("request-{at}")))])));
        }
        request
    }

    pub(super) fn batch_lines(&mut self) -> Vec<Json> {
        self.note("lines of a batch");
        let count = 2 + self.chance.below(3);
        (0..count)
            .map(|at| fields([("key", text(format!("request-{at}"))), ("request", self.request())]))
            .collect()
    }

    /// A whole number, in any way that the JSON form of the protocol takes it.
    pub(super) fn whole(&mut self, least: i64, most: i64) -> Json {
        let number_said = self.chance.between(least, most);
        if self.has("whole number as text", 8) {
            return text(number_said.to_string());
        }
        if self.has("whole number with a point", 2) {
            return number(format!("{number_said}.0"));
        }
        number(number_said)
    }

    pub(super) fn decimal(&mut self, least: f64, most: f64) -> Json {
        let said = self.chance.decimal(least, most);
        if self.has("decimal number as text", 3) { text(said) } else { number(said) }
    }

    /// Whether sampling is still looked at.
    pub(super) fn samples(&self) -> bool {
        self.model.age != Age::Late
    }
}
