//! The closed sets of words. It must not know where they stand.

use super::Words;

const fn set(name: &'static str, words: &'static [&'static str]) -> Words {
    Words { name, words, any_case: false }
}

const fn in_any_case(name: &'static str, words: &'static [&'static str]) -> Words {
    Words { name, words, any_case: true }
}

pub static CATEGORY: Words = set(
    "HarmCategory",
    &[
        "HARM_CATEGORY_UNSPECIFIED",
        "HARM_CATEGORY_DEROGATORY",
        "HARM_CATEGORY_TOXICITY",
        "HARM_CATEGORY_VIOLENCE",
        "HARM_CATEGORY_SEXUAL",
        "HARM_CATEGORY_MEDICAL",
        "HARM_CATEGORY_DANGEROUS",
        "HARM_CATEGORY_HARASSMENT",
        "HARM_CATEGORY_HATE_SPEECH",
        "HARM_CATEGORY_SEXUALLY_EXPLICIT",
        "HARM_CATEGORY_DANGEROUS_CONTENT",
        "HARM_CATEGORY_CIVIC_INTEGRITY",
    ],
);

pub static THRESHOLD: Words = set(
    "HarmBlockThreshold",
    &[
        "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
        "BLOCK_LOW_AND_ABOVE",
        "BLOCK_MEDIUM_AND_ABOVE",
        "BLOCK_ONLY_HIGH",
        "BLOCK_NONE",
        "OFF",
    ],
);

pub static METHOD: Words =
    set("HarmBlockMethod", &["HARM_BLOCK_METHOD_UNSPECIFIED", "SEVERITY", "PROBABILITY"]);

pub static CALLING_MODE: Words =
    set("FunctionCallingConfig.Mode", &["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"]);

pub static MODALITY: Words = in_any_case(
    "Modality",
    &["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO", "VIDEO", "DOCUMENT"],
);

pub static RESOLUTION: Words = set(
    "MediaResolution",
    &[
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
    ],
);

pub static PART_RESOLUTION: Words = set(
    "PartMediaResolution.Level",
    &[
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
        "MEDIA_RESOLUTION_ULTRA_HIGH",
    ],
);

pub static THINKING_LEVEL: Words = in_any_case(
    "ThinkingLevel",
    &["THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH"],
);

pub static TYPE: Words = in_any_case(
    "Type",
    &["TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"],
);

pub static SERVICE_TIER: Words =
    in_any_case("ServiceTier", &["unspecified", "flex", "standard", "priority"]);

pub static BEHAVIOR: Words = set("Behavior", &["UNSPECIFIED", "BLOCKING", "NON_BLOCKING"]);

pub static SCHEDULING: Words =
    set("Scheduling", &["SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"]);

pub static OUTCOME: Words = set(
    "Outcome",
    &["OUTCOME_UNSPECIFIED", "OUTCOME_OK", "OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED"],
);

pub static LANGUAGE: Words = set("Language", &["LANGUAGE_UNSPECIFIED", "PYTHON"]);

pub static ENVIRONMENT: Words = set(
    "Environment",
    &[
        "ENVIRONMENT_UNSPECIFIED",
        "ENVIRONMENT_BROWSER",
        "ENVIRONMENT_MOBILE",
        "ENVIRONMENT_DESKTOP",
    ],
);

pub static TASK: Words = set(
    "TaskType",
    &[
        "TASK_TYPE_UNSPECIFIED",
        "RETRIEVAL_QUERY",
        "RETRIEVAL_DOCUMENT",
        "SEMANTIC_SIMILARITY",
        "CLASSIFICATION",
        "CLUSTERING",
        "QUESTION_ANSWERING",
        "FACT_VERIFICATION",
        "CODE_RETRIEVAL_QUERY",
    ],
);

pub static DYNAMIC_MODE: Words =
    set("DynamicRetrievalConfig.Mode", &["MODE_UNSPECIFIED", "MODE_DYNAMIC"]);
