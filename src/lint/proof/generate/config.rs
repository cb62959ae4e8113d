//! The settings of an answer: each in its range, and only where the model takes it.

use super::{
    super::{
        models::{Age, Makes, Thinking},
        tree::{Json, fields, list, number, text, texts},
    },
    Draft,
    body::Purpose,
};

impl Draft {
    pub(super) fn generation_config(&mut self, purpose: Purpose) -> Json {
        let mut config = fields([]);
        self.sampling(&mut config);
        self.length(&mut config);
        self.several(&mut config);
        if !self.is_v1 {
            self.thinking(&mut config);
            self.media_settings(purpose, &mut config);
            self.form(purpose, &mut config);
        }
        if let Some(entries) = config.entries_mut() {
            self.chance.shuffle(entries);
        }
        config
    }

    fn sampling(&mut self, config: &mut Json) {
        // Where it is ignored some still send it.
        let often = if self.samples() { 30 } else { 3 };
        if self.has("temperature", often) {
            config.set("temperature", self.decimal(0.0, 2.0));
        }
        if self.has("topP", often / 2) {
            config.set("topP", self.decimal(0.01, 1.0));
        }
        if self.has("topK", often / 2) {
            config.set("topK", self.whole(1, 40));
        }
        if self.has("seed", 15) {
            config.set("seed", self.whole(-2_147_483_648, 2_147_483_647));
        }
    }

    fn length(&mut self, config: &mut Json) {
        if self.has("maxOutputTokens", 35) {
            config.set("maxOutputTokens", self.whole(1, self.model.most_output - 1));
        }
        if self.has("stopSequences", 12) {
            let count = 1 + self.chance.below(5);
            let stops =
                self.chance.some(&["END", "\n\n", "###", "</answer>", "停止", "User:"], count);
            config.set("stopSequences", texts(stops));
        }
    }

    /// What only models before the third generation take.
    fn several(&mut self, config: &mut Json) {
        if !self.model.is_second() {
            return;
        }
        if self.has("candidateCount", 12) {
            config.set("candidateCount", self.whole(1, 8));
        }
        if self.has("penalties", 10) {
            config.set("presencePenalty", self.decimal(-2.0, 1.99));
            config.set("frequencyPenalty", self.decimal(-2.0, 1.99));
        }
        if self.has("logprobs", 10) {
            config.set("responseLogprobs", Json::Bool(true));
            config.set("logprobs", self.whole(0, 20));
        }
        if self.has("enableEnhancedCivicAnswers", 5) {
            config.set("enableEnhancedCivicAnswers", Json::Bool(true));
        }
    }

    fn thinking(&mut self, config: &mut Json) {
        if !self.chance.in_hundred(40) {
            return;
        }
        let thinking = match self.model.thinking {
            Thinking::Unset => return,
            Thinking::Levels(levels) => self.level(levels),
            Thinking::Budget { least, most, off } => self.budget(least, most, off),
        };
        config.set("thinkingConfig", thinking);
    }

    fn level(&mut self, levels: &[&str]) -> Json {
        let mut thinking = fields([]);
        let keeps_budgets = self.model.age == Age::Third && self.model.makes == Makes::Text;
        if keeps_budgets && self.has("budget on a model of levels", 8) {
            thinking.set("thinkingBudget", self.whole(1024, 8192));
        } else {
            self.note("thinking level");
            let level = *self.chance.pick(levels);
            let is_lower = self.has("enum in lower case", 30);
            thinking.set(
                "thinkingLevel",
                text(if is_lower { level.to_lowercase() } else { level.into() }),
            );
        }
        self.thoughts(&mut thinking);
        thinking
    }

    fn budget(&mut self, least: i64, most: i64, off: bool) -> Json {
        self.note("thinking budget");
        if off && self.has("thinking switched off", 20) {
            return fields([("thinkingBudget", number(0))]);
        }
        let mut thinking = fields([]);
        if self.has("dynamic thinking", 20) {
            thinking.set("thinkingBudget", number(-1));
        } else {
            thinking.set("thinkingBudget", self.whole(least.max(1), most));
        }
        self.thoughts(&mut thinking);
        thinking
    }

    fn thoughts(&mut self, thinking: &mut Json) {
        if self.has("includeThoughts", 30) {
            thinking.set("includeThoughts", Json::Bool(self.chance.in_hundred(80)));
        }
    }

    fn media_settings(&mut self, purpose: Purpose, config: &mut Json) {
        match purpose {
            Purpose::Images => self.images(config),
            Purpose::Speech => self.speech(config),
            _ => {
                if self.has("responseModalities", 4) {
                    config.set("responseModalities", texts(["TEXT"]));
                }
                if self.has("mediaResolution", 8) {
                    let level = *self.chance.pick(&["LOW", "MEDIUM", "HIGH"]);
                    config.set("mediaResolution", text(format!("MEDIA_RESOLUTION_{level}")));
                }
            }
        }
    }

    fn images(&mut self, config: &mut Json) {
        self.note("image output");
        config.set("responseModalities", texts(["TEXT", "IMAGE"]));
        if self.has("image config", 60) {
            let ratios = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];
            let mut image = fields([("aspectRatio", text(*self.chance.pick(&ratios)))]);
            if self.chance.in_hundred(50) {
                image.set("imageSize", text(*self.chance.pick(&["1K", "2K", "4K"])));
            }
            config.set("imageConfig", image);
        }
    }

    fn speech(&mut self, config: &mut Json) {
        self.note("speech output");
        config.set("responseModalities", texts(["AUDIO"]));
        let mut speech = if self.has("several speakers", 40) {
            let speakers = ["Joe", "Jane"]
                .map(|name| fields([("speaker", text(name)), ("voiceConfig", self.voice())]));
            let all = fields([("speakerVoiceConfigs", list(speakers))]);
            fields([("multiSpeakerVoiceConfig", all)])
        } else {
            fields([("voiceConfig", self.voice())])
        };
        if self.chance.in_hundred(30) {
            speech.set("languageCode", text(*self.chance.pick(&["en-US", "de-DE", "ja-JP"])));
        }
        config.set("speechConfig", speech);
    }

    fn voice(&mut self) -> Json {
        let name = *self.chance.pick(&["Kore", "Puck", "Zephyr", "Charon"]);
        fields([("prebuiltVoiceConfig", fields([("voiceName", text(name))]))])
    }

    /// The form of the answer. Tools beside it are for models that combine both.
    fn form(&mut self, purpose: Purpose, config: &mut Json) {
        let beside_tools = matches!(purpose, Purpose::Functions | Purpose::BuiltIn);
        if purpose != Purpose::Form {
            if beside_tools && self.model.combines() && self.has("form beside tools", 10) {
                self.object_form(config);
            } else if !matches!(purpose, Purpose::Images | Purpose::Speech)
                && self.has("text/plain", 4)
            {
                config.set("responseMimeType", text("text/plain"));
            }
            return;
        }
        if self.has("text/x.enum", 15) {
            config.set("responseMimeType", text("text/x.enum"));
            let choices = texts(["yes", "no", "unsure"]);
            config.set(
                "responseSchema",
                fields([("type", self.type_word("STRING")), ("enum", choices)]),
            );
        } else {
            self.object_form(config);
        }
    }

    fn object_form(&mut self, config: &mut Json) {
        config.set("responseMimeType", text("application/json"));
        if self.has("responseJsonSchema", 35) {
            config.set("responseJsonSchema", self.json_schema());
        } else if self.has("responseSchema", 80) {
            let schema = if self.has("list at the top of a form", 20) {
                let item = self.object_schema(1);
                fields([("type", self.type_word("ARRAY")), ("items", item)])
            } else {
                self.object_schema(2)
            };
            config.set("responseSchema", schema);
        }
    }
}
