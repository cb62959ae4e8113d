//! Bodies that ask for vectors.

use super::{
    super::tree::{Json, fields, list, text},
    Draft,
};

const TASKS: &[&str] = &[
    "RETRIEVAL_QUERY",
    "RETRIEVAL_DOCUMENT",
    "SEMANTIC_SIMILARITY",
    "CLASSIFICATION",
    "CLUSTERING",
    "QUESTION_ANSWERING",
    "FACT_VERIFICATION",
    "CODE_RETRIEVAL_QUERY",
];

impl Draft {
    /// One of a batch has to name the model.
    pub(super) fn embed(&mut self, names_model: bool) -> Json {
        let mut request = fields([]);
        if names_model || self.has("model in the body", 50) {
            request.set("model", text(self.resource()));
        }
        request.set("content", fields([("parts", list([self.text_part_alone()]))]));
        if self.has("taskType", 50) {
            let task = *self.chance.pick(TASKS);
            request.set("taskType", text(task));
            if task == "RETRIEVAL_DOCUMENT" && self.has("title of a document", 60) {
                request.set("title", text(self.chance.sentence()));
            }
        }
        if self.has("outputDimensionality", 30) {
            request.set("outputDimensionality", self.whole(128, 3072));
        }
        request
    }

    fn text_part_alone(&mut self) -> Json {
        fields([("text", text(self.chance.sentence()))])
    }

    pub(super) fn embed_batch(&mut self) -> Json {
        // The most that one batch may hold, by chance.
        let count = if self.has("full batch", 5) { 100 } else { 1 + self.chance.below(6) };
        let requests: Vec<_> = (0..count).map(|_| self.embed(true)).collect();
        fields([("requests", list(requests))])
    }
}
