//! Tools and what is told about their use.

use super::{Holds, Message, SCHEMA, field, flag, int, number, object, text, word, words};

pub static TOOL: Message = Message {
    name: "Tool",
    fields: &[
        object("functionDeclarations", &DECLARATION).list(),
        object("googleSearch", &SEARCH),
        object("googleSearchRetrieval", &RETRIEVAL),
        field("codeExecution", Holds::Struct),
        object("urlContext", &NOTHING),
        object("googleMaps", &MAPS),
        object("computerUse", &COMPUTER),
        object("fileSearch", &FILE_SEARCH).developer(),
        field("mcpServers", Holds::Anything).list().developer(),
        field("retrieval", Holds::Struct).cloud(),
        field("enterpriseWebSearch", Holds::Struct).cloud(),
        field("parallelAiSearch", Holds::Struct).cloud(),
        field("exaAiSearch", Holds::Struct).cloud(),
    ],
};

pub static DECLARATION: Message = Message {
    name: "FunctionDeclaration",
    fields: &[
        text("name"),
        text("description"),
        object("parameters", &SCHEMA),
        field("parametersJsonSchema", Holds::Anything),
        object("response", &SCHEMA),
        field("responseJsonSchema", Holds::Anything),
        word("behavior", &words::BEHAVIOR),
    ],
};

static NOTHING: Message = Message { name: "UrlContext", fields: &[] };

static SEARCH: Message = Message {
    name: "GoogleSearch",
    fields: &[
        object("timeRangeFilter", &INTERVAL),
        field("searchTypes", Holds::Struct),
        text("excludeDomains").list().cloud(),
        text("blockingConfidence").cloud(),
    ],
};

static INTERVAL: Message =
    Message { name: "Interval", fields: &[text("startTime"), text("endTime")] };

static RETRIEVAL: Message = Message {
    name: "GoogleSearchRetrieval",
    fields: &[object("dynamicRetrievalConfig", &DYNAMIC)],
};

static DYNAMIC: Message = Message {
    name: "DynamicRetrievalConfig",
    fields: &[word("mode", &words::DYNAMIC_MODE), number("dynamicThreshold")],
};

static MAPS: Message = Message {
    name: "GoogleMaps",
    fields: &[flag("enableWidget"), field("authConfig", Holds::Struct)],
};

static COMPUTER: Message = Message {
    name: "ComputerUse",
    fields: &[
        word("environment", &words::ENVIRONMENT),
        text("excludedPredefinedFunctions").list(),
        text("disabledSafetyPolicies").list(),
        flag("enablePromptInjectionDetection"),
    ],
};

static FILE_SEARCH: Message = Message {
    name: "FileSearch",
    fields: &[
        text("fileSearchStoreNames").list(),
        text("metadataFilter"),
        int("topK"),
        field("retrievalConfig", Holds::Struct),
        field("retrievalResources", Holds::Anything).list(),
    ],
};

pub static CONFIG: Message = Message {
    name: "ToolConfig",
    fields: &[
        object("functionCallingConfig", &CALLING),
        object("retrievalConfig", &PLACE),
        flag("includeServerSideToolInvocations").developer(),
    ],
};

static CALLING: Message = Message {
    name: "FunctionCallingConfig",
    fields: &[
        word("mode", &words::CALLING_MODE),
        text("allowedFunctionNames").list(),
        flag("streamFunctionCallArguments").cloud(),
    ],
};

static PLACE: Message = Message {
    name: "RetrievalConfig",
    fields: &[object("latLng", &LAT_LNG), text("languageCode")],
};

static LAT_LNG: Message =
    Message { name: "LatLng", fields: &[number("latitude"), number("longitude")] };
