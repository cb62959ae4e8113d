//! What a conversation is made of: turns and their parts.

use super::{Holds, Message, field, flag, int, number, object, text, word, words};

pub static CONTENT: Message =
    Message { name: "Content", fields: &[text("role").v1(), object("parts", &PART).list().v1()] };

pub static PART: Message = Message {
    name: "Part",
    fields: &[
        text("text").v1().one_of(),
        object("inlineData", &BLOB).v1().one_of(),
        object("fileData", &FILE).one_of(),
        object("functionCall", &CALL).one_of(),
        object("functionResponse", &RESPONSE).one_of(),
        object("executableCode", &CODE).one_of(),
        object("codeExecutionResult", &RESULT).one_of(),
        field("toolCall", Holds::Struct).developer().one_of(),
        field("toolResponse", Holds::Struct).developer().one_of(),
        flag("thought"),
        field("thoughtSignature", Holds::Bytes),
        object("videoMetadata", &VIDEO).v1(),
        object("mediaResolution", &RESOLUTION),
        field("partMetadata", Holds::Struct).developer(),
        field("audioTranscription", Holds::Struct),
    ],
};

static BLOB: Message = Message {
    name: "Blob",
    fields: &[text("mimeType").v1(), field("data", Holds::Bytes).v1(), text("displayName").cloud()],
};

static FILE: Message = Message {
    name: "FileData",
    fields: &[text("mimeType"), text("fileUri"), text("displayName").cloud()],
};

static CALL: Message = Message {
    name: "FunctionCall",
    fields: &[
        text("id"),
        text("name"),
        field("args", Holds::Struct),
        field("partialArgs", Holds::Anything).list().cloud(),
        flag("willContinue").cloud(),
    ],
};

static RESPONSE: Message = Message {
    name: "FunctionResponse",
    fields: &[
        text("id"),
        text("name"),
        field("response", Holds::Struct),
        object("parts", &RESPONSE_PART).list(),
        flag("willContinue"),
        word("scheduling", &words::SCHEDULING),
    ],
};

static RESPONSE_PART: Message = Message {
    name: "FunctionResponsePart",
    fields: &[object("inlineData", &BLOB).one_of(), object("fileData", &FILE).cloud().one_of()],
};

static CODE: Message = Message {
    name: "ExecutableCode",
    fields: &[text("id"), word("language", &words::LANGUAGE), text("code")],
};

static RESULT: Message = Message {
    name: "CodeExecutionResult",
    fields: &[text("id"), word("outcome", &words::OUTCOME), text("output")],
};

static VIDEO: Message = Message {
    name: "VideoMetadata",
    fields: &[text("startOffset").v1(), text("endOffset").v1(), number("fps").v1()],
};

static RESOLUTION: Message = Message {
    name: "PartMediaResolution",
    fields: &[word("level", &words::PART_RESOLUTION), int("numTokens")],
};
