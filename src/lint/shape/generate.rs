//! What is asked for: the outermost object of a request, and how the answer is to be made.

use super::{
    CONTENT, Holds, Message, SCHEMA, TOOL, field, flag, int, number, object, text, tools, word,
    words,
};

pub static GENERATE: Message = Message {
    name: "GenerateContentRequest",
    fields: &[
        text("model").v1(),
        object("contents", &CONTENT).list().v1(),
        object("systemInstruction", &CONTENT),
        object("tools", &TOOL).list(),
        object("toolConfig", &tools::CONFIG),
        object("safetySettings", &SAFETY).list().v1(),
        object("generationConfig", &GENERATION_CONFIG).v1(),
        text("cachedContent"),
        word("serviceTier", &words::SERVICE_TIER),
        flag("store").developer(),
        field("labels", Holds::Struct).cloud(),
        field("modelArmorConfig", Holds::Struct).cloud(),
    ],
};

pub static COUNT: Message = Message {
    name: "CountTokensRequest",
    fields: &[
        text("model").v1(),
        object("contents", &CONTENT).list().v1(),
        object("generateContentRequest", &GENERATE).v1().developer(),
        object("systemInstruction", &CONTENT).cloud(),
        object("tools", &TOOL).list().cloud(),
        object("generationConfig", &GENERATION_CONFIG).cloud(),
        field("instances", Holds::Anything).list().cloud(),
    ],
};

static SAFETY: Message = Message {
    name: "SafetySetting",
    fields: &[
        word("category", &words::CATEGORY).v1(),
        word("threshold", &words::THRESHOLD).v1(),
        word("method", &words::METHOD).cloud(),
    ],
};

pub static GENERATION_CONFIG: Message = Message {
    name: "GenerationConfig",
    fields: &[
        number("temperature").v1(),
        number("topP").v1(),
        // 40.0 is whole as well; the cloud platform takes any number.
        int("topK").v1(),
        int("candidateCount").v1(),
        int("maxOutputTokens").v1(),
        text("stopSequences").list().v1(),
        flag("responseLogprobs").v1(),
        int("logprobs").v1(),
        number("presencePenalty").v1(),
        number("frequencyPenalty").v1(),
        int("seed").v1(),
        text("responseMimeType"),
        object("responseSchema", &SCHEMA),
        field("responseJsonSchema", Holds::Anything).v1(),
        field("responseFormat", Holds::Anything),
        word("responseModalities", &words::MODALITY).list(),
        word("mediaResolution", &words::RESOLUTION),
        object("speechConfig", &SPEECH),
        object("thinkingConfig", &THINKING),
        object("imageConfig", &IMAGE),
        field("audioTranscriptionConfig", Holds::Struct),
        field("translationConfig", Holds::Struct),
        flag("enableAffectiveDialog"),
        flag("enableEnhancedCivicAnswers").v1().developer(),
        flag("audioTimestamp").cloud(),
        field("routingConfig", Holds::Struct).cloud(),
        field("modelConfig", Holds::Struct).cloud(),
    ],
};

static THINKING: Message = Message {
    name: "ThinkingConfig",
    fields: &[
        flag("includeThoughts"),
        int("thinkingBudget"),
        word("thinkingLevel", &words::THINKING_LEVEL),
    ],
};

static IMAGE: Message = Message {
    name: "ImageConfig",
    fields: &[
        text("aspectRatio"),
        text("imageSize"),
        text("personGeneration").cloud(),
        text("outputMimeType").cloud(),
        int("outputCompressionQuality").cloud(),
        field("imageOutputOptions", Holds::Struct).cloud(),
    ],
};

static SPEECH: Message = Message {
    name: "SpeechConfig",
    fields: &[
        object("voiceConfig", &VOICE),
        object("multiSpeakerVoiceConfig", &SPEAKERS),
        text("languageCode"),
    ],
};

static VOICE: Message = Message {
    name: "VoiceConfig",
    fields: &[
        object("prebuiltVoiceConfig", &PREBUILT),
        field("replicatedVoiceConfig", Holds::Struct),
    ],
};

static PREBUILT: Message = Message { name: "PrebuiltVoiceConfig", fields: &[text("voiceName")] };

static SPEAKERS: Message = Message {
    name: "MultiSpeakerVoiceConfig",
    fields: &[object("speakerVoiceConfigs", &SPEAKER).list()],
};

static SPEAKER: Message = Message {
    name: "SpeakerVoiceConfig",
    fields: &[text("speaker"), object("voiceConfig", &VOICE)],
};
