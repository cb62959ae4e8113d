//! The cache that a request uses: its name, and what must not be said again beside it.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    request::{Request, Service},
    rule::{Rule, bad, good},
};

use super::parts::is_cut;

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[&REPEATS_CACHE, &CACHE_NAME];

const CACHING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/caching";
const FLASH: &str = "gemini-3.8-flash";

const REPEATS_CACHE: Rule = Rule {
    id: "cache-with-fields-of-its-own",
    title: "A request with a cache has a field that belongs into the cache",
    severity: Error,
    fix: Some("cache-conflicts-with-request-fields"),
    answer: "CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.",
    why: "A cache holds system instruction, tools and their settings together with the content. A request that names it must not bring its own, even if they are the same.",
    docs: &[CACHING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "cachedContent": "cachedContents/abc", "systemInstruction": {"parts": [{"text": "b"}]}}"#,
            "systemInstruction",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "cached_content": "cachedContents/abc", "tool_config": {"function_calling_config": {"mode": "AUTO"}}}"#,
            "tool_config",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "cachedContent": "cachedContents/abc", "systemInstruction": null, "generationConfig": {"temperature": 1}}"#,
    )],
};
const CACHE_NAME: Rule = Rule {
    id: "cache-name",
    title: "A cache is named in another way than it is called",
    severity: Warning,
    fix: Some("file-or-cache-not-found"),
    answer: "CachedContent not found",
    why: "The name of a cache begins with cachedContents/, and on the cloud platform with the project and location before that.",
    docs: &[CACHING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "cachedContent": "abc123"}"#,
            "cachedContent",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "cached_content": "projects/p/locations/global/cachedContents/abc"}"#,
            "cached_content",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "cachedContent": "cachedContents/abc123"}"#,
    )],
};
/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    if let Some(cache) = request.field("cachedContent") {
        if cache.kind() == Form::Text {
            cache_name(request, cache, found);
        }
        repeats_cache(request, found);
    }
}

fn repeats_cache(request: &Request<'_>, found: &mut Findings<'_>) {
    for name in ["systemInstruction", "tools", "toolConfig"] {
        let Some(value) = request.field(name) else { continue };
        let is_empty_list = value.kind() == Form::List && value.items().next().is_none();
        if !is_empty_list {
            found.at_name(&REPEATS_CACHE, value, || {
                said(format!("{name} stands beside cachedContent, and belongs into the cache"))
                    .with(Correction::advice(format!(
                        "Give {name} when the cache is made, and leave it out here"
                    )))
            });
        }
    }
}

fn cache_name(request: &Request<'_>, cache: Value<'_>, found: &mut Findings<'_>) {
    let name = cache.text().unwrap_or_default();
    let is_of_cloud = name.starts_with("projects/") && name.contains("/cachedContents/");
    let is_fine = match request.service {
        Service::Developer => is_after(&name, "cachedContents/"),
        // A shorter form is completed by SDKs only.
        Service::Cloud => is_of_cloud,
    };
    if is_fine || is_cut(cache) {
        return;
    }
    found.at(&CACHE_NAME, cache, || {
        let is_id = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        match request.service {
            Service::Developer if is_id => {
                let full = edit::quoted(&format!("cachedContents/{name}"));
                said("the name of the cache does not begin with cachedContents/").with(
                    Correction::mechanical(
                        format!("Write {full}"),
                        vec![edit::replace(cache, full)],
                    ),
                )
            }
            Service::Developer if is_of_cloud => {
                said("this is the name of a cache on the cloud platform").with(Correction::advice(
                    "Make a cache with the Developer API: the two do not know each other's",
                ))
            }
            Service::Developer => said(format!("{name:?} is no name of a cache"))
                .with(Correction::advice("Write the name that the cache got: cachedContents/…")),
            Service::Cloud => said(format!("{name:?} is no full name of a cache"))
                .with(Correction::advice("Write projects/…/locations/…/cachedContents/…")),
        }
    });
}

fn is_after(name: &str, start: &str) -> bool {
    name.strip_prefix(start).is_some_and(|id| !id.is_empty() && !id.contains('/'))
}
