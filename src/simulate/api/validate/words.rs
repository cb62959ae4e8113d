//! The sets of words that fields of a request take.
//!
//! Constants only.

use super::kinds::Words;

const fn words(name: &'static str, all: &'static [&'static str]) -> Words {
    Words { name, all, cloud: &[] }
}

pub(super) static TYPE: Words = words(
    "Type",
    &["TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"],
);

/// The first six after the nameless one are of an older family of models.
pub(super) static CATEGORY: Words = Words {
    name: "HarmCategory",
    all: &[
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
    cloud: &[
        "HARM_CATEGORY_JAILBREAK",
        "HARM_CATEGORY_IMAGE_HATE",
        "HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT",
        "HARM_CATEGORY_IMAGE_HARASSMENT",
        "HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT",
    ],
};

pub(super) static THRESHOLD: Words = words(
    "SafetySetting.HarmBlockThreshold",
    &[
        "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
        "BLOCK_LOW_AND_ABOVE",
        "BLOCK_MEDIUM_AND_ABOVE",
        "BLOCK_ONLY_HIGH",
        "BLOCK_NONE",
        "OFF",
    ],
);

pub(super) static MODE: Words =
    words("FunctionCallingConfig.Mode", &["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"]);

pub(super) static MODALITY: Words =
    words("GenerationConfig.Modality", &["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO"]);

pub(super) static RESOLUTION: Words = words(
    "GenerationConfig.MediaResolution",
    &[
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
    ],
);

/// The highest is for single parts alone.
pub(super) static PART_RESOLUTION: Words = words(
    "Part.MediaResolution.Level",
    &[
        "MEDIA_RESOLUTION_UNSPECIFIED",
        "MEDIA_RESOLUTION_LOW",
        "MEDIA_RESOLUTION_MEDIUM",
        "MEDIA_RESOLUTION_HIGH",
        "MEDIA_RESOLUTION_ULTRA_HIGH",
    ],
);

pub(super) static LEVEL: Words = words(
    "ThinkingConfig.ThinkingLevel",
    &["THINKING_LEVEL_UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "MINIMAL"],
);

pub(super) static LANGUAGE: Words =
    words("ExecutableCode.Language", &["LANGUAGE_UNSPECIFIED", "PYTHON"]);

pub(super) static OUTCOME: Words = words(
    "CodeExecutionResult.Outcome",
    &["OUTCOME_UNSPECIFIED", "OUTCOME_OK", "OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED"],
);

pub(super) static BEHAVIOR: Words =
    words("FunctionDeclaration.Behavior", &["UNSPECIFIED", "BLOCKING", "NON_BLOCKING"]);

pub(super) static SCHEDULING: Words = words(
    "FunctionResponse.Scheduling",
    &["SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"],
);

pub(super) static DYNAMIC: Words =
    words("DynamicRetrievalConfig.Mode", &["MODE_UNSPECIFIED", "MODE_DYNAMIC"]);

pub(super) static TIER: Words =
    words("ServiceTier", &["unspecified", "standard", "flex", "priority"]);

pub(super) static TASK: Words = words(
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
