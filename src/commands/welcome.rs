//! What the bare program says: which key and model it would use, and what to type for what.

use crate::settings::Settings;

/// The lines of the greeting. Nothing was sent to learn them.
pub fn lines(settings: &Settings) -> Vec<String> {
    let key = match (&settings.key.origin, &settings.key.key) {
        (Some(origin), Some(key)) => format!("{origin} {}", key.fingerprint()),
        (Some(origin), None) => format!("{origin} (not run to say this)"),
        (None, _) => {
            "none found; set GEMINI_API_KEY, or see it work: --simulate alias-404".to_owned()
        }
    };
    let model = match &settings.model {
        Some(model) => format!("{} ({})", model.value, model.origin),
        None => format!("{} (the newest stable flash)", settings.model_table.default_model()),
    };
    vec![
        format!("key    {key}"),
        format!("model  {model}"),
        String::new(),
        "gemini-doctor doctor                      what is broken, and the fix".to_owned(),
        "gemini-doctor check-key                   is it the key?".to_owned(),
        "gemini-doctor explain                     what does this error mean?".to_owned(),
        "gemini-doctor doctor --simulate alias-404 see it work: no key, no network".to_owned(),
    ]
}
