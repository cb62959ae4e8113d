//! Texts to embed, one or many.

use serde_json::{Value, json};

use super::Way;

const MODEL: &str = "gemini-embedding-001";
const ONE: Way = Way { method: "embedContent", ..Way::to(MODEL) };
const MANY: Way = Way { method: "batchEmbedContents", ..Way::to(MODEL) };

fn request(model: &str) -> Value {
    json!({"model": format!("models/{model}"), "content": {"parts": [{"text": "hi"}]}})
}

#[test]
fn there_is_something_to_embed() {
    let sentence = "* EmbedContentRequest.content: content is not specified";
    ONE.refuses(&json!({}), sentence);
    ONE.refuses(
        &json!({"content": {"parts": []}}),
        "* EmbedContentRequest.content.parts: contents.parts must not be empty.",
    );
    ONE.refuses(
        &json!({"contents": []}),
        "Invalid JSON payload received. Unknown name \"contents\": Cannot find field.",
    );
    ONE.takes(&request(MODEL));
    let mut sized = request(MODEL);
    sized["outputDimensionality"] = json!(768);
    sized["taskType"] = json!("RETRIEVAL_QUERY");
    ONE.takes(&sized);
    sized["outputDimensionality"] = json!(0);
    ONE.refuses(&sized, "* EmbedContentRequest.output_dimensionality: ");
    sized["taskType"] = json!("SEARCH");
    ONE.refuses(&sized, "Invalid value at 'task_type'");
}

#[test]
fn a_batch_has_a_hundred_texts_for_one_model() {
    let batch = |count: usize| json!({ "requests": vec![request(MODEL); count] });
    MANY.refuses(
        &batch(101),
        "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n",
    );
    MANY.takes(&batch(100));
    MANY.refuses(&json!({}), "* BatchEmbedContentsRequest.requests: requests is not specified");
    MANY.refuses(
        &json!({"requests": [request("gemini-3.5-flash")]}),
        "* BatchEmbedContentsRequest.requests[0].model: model must be the same",
    );
    MANY.refuses(
        &json!({"requests": [{"model": format!("models/{MODEL}"), "text": "hi"}]}),
        "Invalid JSON payload received. Unknown name \"text\" at 'requests[0]': Cannot find field.",
    );
}
