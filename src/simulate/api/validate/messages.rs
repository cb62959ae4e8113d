//! The messages of a native request, field by field.
//!
//! Constants only. Of messages whose fields are not published, or that nobody sends by hand, any
//! JSON is taken.

use super::kinds::{Field, Kind, Message, by_name, many, one};
use super::words;

pub(super) static GENERATE: Message = Message {
    name: "GenerateContentRequest",
    fields: &[
        one("model", Kind::Text),
        many("contents", Kind::Message(&CONTENT)),
        one("systemInstruction", Kind::Message(&CONTENT)).later(),
        many("tools", Kind::Message(&TOOL)).later(),
        one("toolConfig", Kind::Message(&TOOL_CONFIG)).later(),
        many("safetySettings", Kind::Message(&SAFETY)),
        one("generationConfig", Kind::Message(&CONFIG)),
        one("cachedContent", Kind::Text).later(),
        one("serviceTier", Kind::Word(&words::TIER)).later(),
        one("store", Kind::Flag).developer(),
        by_name("labels", Kind::Text).cloud(),
        one("modelArmorConfig", Kind::Any).cloud(),
    ],
};

pub(super) static COUNT: Message = Message {
    name: "CountTokensRequest",
    fields: &[
        one("model", Kind::Text),
        many("contents", Kind::Message(&CONTENT)),
        one("generateContentRequest", Kind::Message(&GENERATE)),
    ],
};

/// The cloud platform wraps nothing.
pub(super) static COUNT_ON_CLOUD: Message = Message {
    name: "CountTokensRequest",
    fields: &[
        one("model", Kind::Text),
        many("contents", Kind::Message(&CONTENT)),
        many("instances", Kind::Any),
        one("systemInstruction", Kind::Message(&CONTENT)),
        many("tools", Kind::Message(&TOOL)),
        one("generationConfig", Kind::Message(&CONFIG)),
    ],
};

pub(super) static EMBED: Message = Message {
    name: "EmbedContentRequest",
    fields: &[
        one("model", Kind::Text),
        one("content", Kind::Message(&CONTENT)),
        one("taskType", Kind::Word(&words::TASK)),
        one("title", Kind::Text),
        one("outputDimensionality", Kind::Int32),
    ],
};

pub(super) static BATCH: Message = Message {
    name: "BatchEmbedContentsRequest",
    fields: &[one("model", Kind::Text), many("requests", Kind::Message(&EMBED))],
};

static CONTENT: Message = Message {
    name: "Content",
    fields: &[one("role", Kind::Text), many("parts", Kind::Message(&PART))],
};

/// The group of the fields of a part of which it must have exactly one.
pub(super) const DATA: &str = "data";

static PART: Message = Message {
    name: "Part",
    fields: &[
        one("text", Kind::Text).of(DATA),
        one("inlineData", Kind::Message(&BLOB)).of(DATA),
        one("fileData", Kind::Message(&FILE)).of(DATA).later(),
        one("functionCall", Kind::Message(&CALL)).of(DATA).later(),
        one("functionResponse", Kind::Message(&RESPONSE)).of(DATA).later(),
        one("executableCode", Kind::Message(&CODE)).of(DATA).later(),
        one("codeExecutionResult", Kind::Message(&CODE_RESULT)).of(DATA).later(),
        one("toolCall", Kind::Any).of(DATA).developer(),
        one("toolResponse", Kind::Any).of(DATA).developer(),
        one("thought", Kind::Flag).later(),
        one("thoughtSignature", Kind::Bytes).later(),
        one("videoMetadata", Kind::Message(&VIDEO)),
        one("mediaResolution", Kind::Message(&PART_RESOLUTION)).later(),
        one("partMetadata", Kind::Struct).developer(),
        one("audioTranscription", Kind::Any).later(),
    ],
};

/// The names of a part's data, of which it must have exactly one.
pub(super) fn data_of_parts() -> impl Iterator<Item = &'static Field> {
    PART.fields.iter().filter(|field| field.group == Some(DATA))
}

static BLOB: Message = Message {
    name: "Blob",
    fields: &[
        one("mimeType", Kind::Text),
        one("data", Kind::Bytes),
        one("displayName", Kind::Text).cloud(),
    ],
};

static FILE: Message = Message {
    name: "FileData",
    fields: &[
        one("mimeType", Kind::Text),
        one("fileUri", Kind::Text),
        one("displayName", Kind::Text).cloud(),
    ],
};

static CALL: Message = Message {
    name: "FunctionCall",
    fields: &[one("id", Kind::Text), one("name", Kind::Text), one("args", Kind::Struct)],
};

static RESPONSE: Message = Message {
    name: "FunctionResponse",
    fields: &[
        one("id", Kind::Text),
        one("name", Kind::Text),
        one("response", Kind::Struct),
        many("parts", Kind::Message(&RESPONSE_PART)),
        one("willContinue", Kind::Flag),
        one("scheduling", Kind::Word(&words::SCHEDULING)),
    ],
};

static RESPONSE_PART: Message = Message {
    name: "FunctionResponsePart",
    fields: &[
        one("inlineData", Kind::Message(&BLOB)).of(DATA),
        one("fileData", Kind::Message(&FILE)).of(DATA),
    ],
};

static CODE: Message = Message {
    name: "ExecutableCode",
    fields: &[
        one("id", Kind::Text),
        one("language", Kind::Word(&words::LANGUAGE)),
        one("code", Kind::Text),
    ],
};

static CODE_RESULT: Message = Message {
    name: "CodeExecutionResult",
    fields: &[
        one("id", Kind::Text),
        one("outcome", Kind::Word(&words::OUTCOME)),
        one("output", Kind::Text),
    ],
};

static VIDEO: Message = Message {
    name: "VideoMetadata",
    fields: &[
        one("startOffset", Kind::Text),
        one("endOffset", Kind::Text),
        one("fps", Kind::Double),
    ],
};

static PART_RESOLUTION: Message = Message {
    name: "Part.MediaResolution",
    fields: &[one("level", Kind::Word(&words::PART_RESOLUTION)), one("numTokens", Kind::Int32)],
};

static TOOL: Message = Message {
    name: "Tool",
    fields: &[
        many("functionDeclarations", Kind::Message(&DECLARATION)),
        one("googleSearch", Kind::Message(&SEARCH)),
        one("googleSearchRetrieval", Kind::Message(&RETRIEVAL)),
        one("googleMaps", Kind::Message(&MAPS)),
        one("codeExecution", Kind::Message(&CODE_EXECUTION)),
        one("urlContext", Kind::Message(&URL_CONTEXT)),
        one("computerUse", Kind::Any),
        many("mcpServers", Kind::Any),
        one("fileSearch", Kind::Any).developer(),
        one("retrieval", Kind::Any).cloud(),
        one("enterpriseWebSearch", Kind::Any).cloud(),
        one("parallelAiSearch", Kind::Any).cloud(),
        one("exaAiSearch", Kind::Any).cloud(),
    ],
};

static SEARCH: Message = Message {
    name: "Tool.GoogleSearch",
    fields: &[
        one("searchTypes", Kind::Any),
        one("timeRangeFilter", Kind::Any),
        many("excludeDomains", Kind::Text).cloud(),
        one("blockingConfidence", Kind::Any).cloud(),
    ],
};

static RETRIEVAL: Message = Message {
    name: "GoogleSearchRetrieval",
    fields: &[one("dynamicRetrievalConfig", Kind::Message(&DYNAMIC))],
};

static DYNAMIC: Message = Message {
    name: "DynamicRetrievalConfig",
    fields: &[one("mode", Kind::Word(&words::DYNAMIC)), one("dynamicThreshold", Kind::Float)],
};

static MAPS: Message = Message {
    name: "GoogleMaps",
    fields: &[one("enableWidget", Kind::Flag), one("authConfig", Kind::Any)],
};

static CODE_EXECUTION: Message = Message { name: "CodeExecution", fields: &[] };

static URL_CONTEXT: Message = Message { name: "UrlContext", fields: &[] };

static DECLARATION: Message = Message {
    name: "FunctionDeclaration",
    fields: &[
        one("name", Kind::Text),
        one("description", Kind::Text),
        one("behavior", Kind::Word(&words::BEHAVIOR)),
        one("parameters", Kind::Message(&SCHEMA)),
        one("parametersJsonSchema", Kind::Any),
        one("response", Kind::Message(&SCHEMA)),
        one("responseJsonSchema", Kind::Any),
    ],
};

static TOOL_CONFIG: Message = Message {
    name: "ToolConfig",
    fields: &[
        one("functionCallingConfig", Kind::Message(&CALLING)),
        one("retrievalConfig", Kind::Message(&RETRIEVAL_CONFIG)),
        one("includeServerSideToolInvocations", Kind::Flag).developer(),
    ],
};

static CALLING: Message = Message {
    name: "FunctionCallingConfig",
    fields: &[
        one("mode", Kind::Word(&words::MODE)),
        many("allowedFunctionNames", Kind::Text),
        one("streamFunctionCallArguments", Kind::Flag).cloud(),
    ],
};

static RETRIEVAL_CONFIG: Message = Message {
    name: "RetrievalConfig",
    fields: &[one("latLng", Kind::Message(&LAT_LNG)), one("languageCode", Kind::Text)],
};

static LAT_LNG: Message = Message {
    name: "LatLng",
    fields: &[one("latitude", Kind::Double), one("longitude", Kind::Double)],
};

static SAFETY: Message = Message {
    name: "SafetySetting",
    fields: &[
        one("category", Kind::Word(&words::CATEGORY)),
        one("threshold", Kind::Word(&words::THRESHOLD)),
        one("method", Kind::Any).cloud(),
    ],
};

static CONFIG: Message = Message {
    name: "GenerationConfig",
    fields: &[
        one("candidateCount", Kind::Int32),
        many("stopSequences", Kind::Text),
        one("maxOutputTokens", Kind::Int32),
        one("temperature", Kind::Float),
        one("topP", Kind::Float),
        one("topK", Kind::Int32),
        one("seed", Kind::Int32),
        one("responseMimeType", Kind::Text).later(),
        one("responseSchema", Kind::Message(&SCHEMA)).later(),
        one("responseJsonSchema", Kind::Any),
        one("presencePenalty", Kind::Float),
        one("frequencyPenalty", Kind::Float),
        one("responseLogprobs", Kind::Flag),
        one("logprobs", Kind::Int32),
        one("enableEnhancedCivicAnswers", Kind::Flag),
        many("responseModalities", Kind::Word(&words::MODALITY)).later(),
        one("speechConfig", Kind::Message(&SPEECH)).later(),
        one("thinkingConfig", Kind::Message(&THINKING)).later(),
        one("mediaResolution", Kind::Word(&words::RESOLUTION)).later(),
        one("imageConfig", Kind::Message(&IMAGE)).later(),
        one("audioTranscriptionConfig", Kind::Any).later(),
        one("responseFormat", Kind::Any).later(),
        one("translationConfig", Kind::Any).later(),
        one("enableAffectiveDialog", Kind::Flag).later(),
        one("routingConfig", Kind::Any).cloud(),
        one("modelConfig", Kind::Any).cloud(),
        one("audioTimestamp", Kind::Flag).cloud(),
    ],
};

static THINKING: Message = Message {
    name: "ThinkingConfig",
    fields: &[
        one("includeThoughts", Kind::Flag),
        one("thinkingBudget", Kind::Int32),
        one("thinkingLevel", Kind::Word(&words::LEVEL)),
    ],
};

static IMAGE: Message = Message {
    name: "ImageConfig",
    fields: &[
        one("aspectRatio", Kind::Text),
        one("imageSize", Kind::Text),
        one("personGeneration", Kind::Any).cloud(),
        one("imageOutputOptions", Kind::Any).cloud(),
    ],
};

static SPEECH: Message = Message {
    name: "SpeechConfig",
    fields: &[
        one("voiceConfig", Kind::Message(&VOICE)),
        one("multiSpeakerVoiceConfig", Kind::Message(&SPEAKERS)),
        one("languageCode", Kind::Text),
    ],
};

static VOICE: Message = Message {
    name: "VoiceConfig",
    fields: &[
        one("prebuiltVoiceConfig", Kind::Message(&PREBUILT)),
        one("replicatedVoiceConfig", Kind::Any).cloud(),
    ],
};

static PREBUILT: Message =
    Message { name: "PrebuiltVoiceConfig", fields: &[one("voiceName", Kind::Text)] };

static SPEAKERS: Message = Message {
    name: "MultiSpeakerVoiceConfig",
    fields: &[many("speakerVoiceConfigs", Kind::Message(&SPEAKER))],
};

static SPEAKER: Message = Message {
    name: "SpeakerVoiceConfig",
    fields: &[one("speaker", Kind::Text), one("voiceConfig", Kind::Message(&VOICE))],
};

/// The part of OpenAPI's schema that the service knows; the rest of JSON Schema is refused.
static SCHEMA: Message = Message {
    name: "Schema",
    fields: &[
        one("type", Kind::Word(&words::TYPE)),
        one("format", Kind::Text),
        one("title", Kind::Text),
        one("description", Kind::Text),
        one("nullable", Kind::Flag),
        many("enum", Kind::Text),
        one("items", Kind::Message(&SCHEMA)),
        one("maxItems", Kind::Int64),
        one("minItems", Kind::Int64),
        by_name("properties", Kind::Message(&SCHEMA)),
        many("required", Kind::Text),
        one("minProperties", Kind::Int64),
        one("maxProperties", Kind::Int64),
        one("minimum", Kind::Double),
        one("maximum", Kind::Double),
        one("minLength", Kind::Int64),
        one("maxLength", Kind::Int64),
        one("pattern", Kind::Text),
        one("example", Kind::Any),
        many("anyOf", Kind::Message(&SCHEMA)),
        many("propertyOrdering", Kind::Text),
        one("default", Kind::Any),
        one("additionalProperties", Kind::Any).cloud(),
        one("ref", Kind::Text).cloud(),
        by_name("defs", Kind::Message(&SCHEMA)).cloud(),
    ],
};
