//! Vectors, and many requests in one.

use super::{
    CONTENT, GENERATE, Holds, Message, field, flag, int, int64, object, text, word, words,
};

pub static EMBED: Message = Message {
    name: "EmbedContentRequest",
    fields: &[
        text("model").v1(),
        object("content", &CONTENT).v1(),
        word("taskType", &words::TASK).v1(),
        text("title").v1(),
        int("outputDimensionality").v1(),
        flag("autoTruncate").cloud(),
        object("embedContentConfig", &EMBED_CONFIG),
    ],
};

static EMBED_CONFIG: Message = Message {
    name: "EmbedContentConfig",
    fields: &[
        word("taskType", &words::TASK),
        text("title"),
        int("outputDimensionality"),
        flag("autoTruncate"),
        flag("documentOcr"),
        flag("audioTrackExtraction"),
    ],
};

pub static EMBED_BATCH: Message = Message {
    name: "BatchEmbedContentsRequest",
    fields: &[text("model").v1(), object("requests", &EMBED).list().v1()],
};

/// The body of `:batchGenerateContent`.
pub static BATCH: Message = Message {
    name: "BatchGenerateContentRequest",
    fields: &[text("model"), object("batch", &GENERATE_BATCH)],
};

static GENERATE_BATCH: Message = Message {
    name: "GenerateContentBatch",
    fields: &[
        text("model"),
        text("name"),
        text("displayName"),
        object("inputConfig", &INPUT),
        int64("priority"),
        field("webhookConfig", Holds::Struct),
    ],
};

static INPUT: Message = Message {
    name: "InputConfig",
    fields: &[text("fileName").one_of(), object("requests", &INLINED_REQUESTS).one_of()],
};

static INLINED_REQUESTS: Message =
    Message { name: "InlinedRequests", fields: &[object("requests", &INLINED_REQUEST).list()] };

static INLINED_REQUEST: Message = Message {
    name: "InlinedRequest",
    fields: &[object("request", &GENERATE), field("metadata", Holds::Struct)],
};

/// One line of a file of requests for vectors.
pub static EMBED_LINE: Message =
    Message { name: "line of a batch file", fields: &[text("key"), object("request", &EMBED)] };

/// One line of a file of requests.
pub static BATCH_LINE: Message =
    Message { name: "line of a batch file", fields: &[text("key"), object("request", &GENERATE)] };
