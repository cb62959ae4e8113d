//! Safety settings and caches.

use serde_json::{Value, json};

use super::{FLASH, Way, with};

const WAY: Way = Way::to(FLASH);

fn set(categories: &[&str]) -> Value {
    let one = |name: &&str| json!({"category": name, "threshold": "OFF"});
    with("safetySettings", &categories.iter().map(one).collect())
}

#[test]
fn categories_are_geminis_and_come_once() {
    let [first, second] = ["HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_HATE_SPEECH"];
    let path = "* GenerateContentRequest.safety_settings[1]: ";
    for old in ["HARM_CATEGORY_TOXICITY", "HARM_CATEGORY_DANGEROUS", "HARM_CATEGORY_UNSPECIFIED"] {
        let sentence = format!(
            "{path}element predicate failed: $.category in (HarmCategory.HARM_CATEGORY_HARASSMENT, "
        );
        WAY.refuses(&set(&[first, old]), &sentence);
    }
    WAY.refuses(&set(&[first, "harm_category_harassment"]), &format!("{path}each category"));
    WAY.refuses(&set(&["HARM_CATEGORY_SPAM"]), "Invalid value at 'safety_settings[0].category'");
    let threshold = json!([{"category": first, "threshold": "BLOCK_ALL"}]);
    WAY.refuses(
        &with("safetySettings", &threshold),
        "Invalid value at 'safety_settings[0].threshold' \
         (type.googleapis.com/google.ai.generativelanguage.v1beta.SafetySetting.HarmBlockThreshold)",
    );
    WAY.takes(&set(&[first, second, "HARM_CATEGORY_CIVIC_INTEGRITY"]));
    let cloud = Way { version: "vertex", ..WAY };
    cloud.takes(&set(&[first, "HARM_CATEGORY_JAILBREAK"]));
}

#[test]
fn a_cache_has_its_own_instruction_and_tools() {
    let cached = |member: &str, value: Value| {
        let mut body = with("cachedContent", &json!("cachedContents/x"));
        body[member] = value;
        body
    };
    let sentence = "CachedContent can not be used with GenerateContent request setting";
    for (member, value) in [
        ("systemInstruction", json!({"parts": [{"text": "Be kind."}]})),
        ("tools", json!([{"googleSearch": {}}])),
        ("tool_config", json!({"functionCallingConfig": {"mode": "NONE"}})),
    ] {
        WAY.refuses(&cached(member, value.clone()), sentence);
        WAY.takes(&with(member, &value));
    }
    WAY.takes(&cached("generationConfig", json!({"temperature": 1})));
}
