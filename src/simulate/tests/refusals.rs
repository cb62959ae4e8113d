//! What the honest server refuses, in which words, and what the ready-made faults say.

use serde_json::json;

use super::super::AUTH_KEY;
use super::{HOST, ask, ask_with, exchange, read_answer, start};

const FLASH: &str = "POST /v1beta/models/gemini-3.5-flash:generateContent";

#[tokio::test]
async fn keys_are_judged_as_the_real_service_judges_them() {
    let simulation = start("healthy");
    let line = "GET /v1beta/models";
    let none = ask_with(&simulation, line, "", "").await;
    assert_eq!(none.status, 403);
    assert!(none.message().starts_with("Method doesn't allow unregistered callers"));
    let unknown = ask_with(&simulation, line, "x-goog-api-key: AIzaNobody\r\n", "").await;
    assert_eq!(unknown.status, 400);
    assert_eq!(unknown.json()["error"]["details"][0]["reason"], "API_KEY_INVALID");
    let bearer = format!("authorization: Bearer {AUTH_KEY}\r\n");
    let refused = ask_with(&simulation, line, &bearer, "").await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["error"]["details"][0]["reason"], "ACCESS_TOKEN_TYPE_UNSUPPORTED");
    let both = format!("{bearer}x-goog-api-key: {AUTH_KEY}\r\n");
    let twice = ask_with(&simulation, line, &both, "").await;
    assert_eq!(twice.status, 400);
    assert!(twice.message().starts_with("Multiple authentication credentials"));
    let other = format!("GET /v1beta/models?key={AUTH_KEY}");
    let two = ask_with(&simulation, &other, "x-goog-api-key: AQ.another\r\n", "").await;
    assert_eq!(two.message(), twice.message());
}

#[tokio::test]
async fn unknown_models_and_methods_get_the_real_sentence() {
    let simulation = start("healthy");
    let sentence = |id: &str, version: &str, method: &str| {
        format!(
            "models/{id} is not found for API version {version}, or is not supported for {method}. \
             Call ListModels to see the list of available models and their supported methods."
        )
    };
    let retired = "POST /v1/models/gemini-2.0-flash:generateContent";
    let answer = ask(&simulation, retired, "{}").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.message(), sentence("gemini-2.0-flash", "v1", "generateContent"));
    let wrong = "POST /v1beta/models/gemini-embedding-001:countTokens";
    let answer = ask(&simulation, wrong, "{}").await;
    assert_eq!(answer.message(), sentence("gemini-embedding-001", "v1beta", "countTokens"));
    assert_eq!(ask(&simulation, "GET /v1beta/models/nobody", "").await.status, 404);
}

#[tokio::test]
async fn other_paths_and_hosts_get_a_page() {
    let simulation = start("healthy");
    for line in ["GET /", "GET /v1beta/v1beta/models", "GET /vibeta/models", "PUT /v1beta/models"] {
        let answer = ask(&simulation, line, "").await;
        assert_eq!(answer.status, 404, "{line}");
        assert!(answer.body.contains("was not found on this server"), "{line}");
        assert!(!answer.head.contains("scaffolding"), "{line}");
    }
    let key = format!("x-goog-api-key: {AUTH_KEY}\r\n");
    let vertex = exchange(&simulation, "aiplatform.googleapis.com", "GET /v1beta/models", &key, "");
    assert_eq!(read_answer(&vertex.await.unwrap()).status, 404);
}

#[tokio::test]
async fn bodies_are_judged_strictly() {
    let simulation = start("healthy");
    let turn = json!([{"parts": [{"text": "hi"}]}]);
    let with = |member: &str, value: serde_json::Value| {
        let mut body = json!({"contents": turn});
        body[member] = value;
        body.to_string()
    };
    let config = |value: serde_json::Value| with("generationConfig", value);
    let cases = [
        ("{\"contents\": [".to_owned(), "Invalid JSON payload received. Unexpected end"),
        ("{}".to_owned(), "* GenerateContentRequest.contents: contents is not specified"),
        (json!({"contents": []}).to_string(), "* GenerateContentRequest.contents: contents"),
        (
            json!({"contents": [{"role": "user"}]}).to_string(),
            "* GenerateContentRequest.contents[0].parts: contents.parts must not be empty",
        ),
        (
            json!({"contents": [{"parts": [{}]}]}).to_string(),
            "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data'",
        ),
        (
            with("stream", true.into()),
            "Invalid JSON payload received. Unknown name \"stream\": Cannot find field.",
        ),
        (
            config(json!({"maxTokens": 5})),
            "Invalid JSON payload received. Unknown name \"maxTokens\" at 'generation_config': \
             Cannot find field.",
        ),
        (
            with(
                "tools",
                json!([{"functionDeclarations": [{"name": "f", "parameters":
                    {"type": "OBJECT", "properties": {"a": {"type": "STRING", "const": "x"}}}}]}]),
            ),
            "Invalid JSON payload received. Unknown name \"const\" at \
             'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find \
             field.",
        ),
        (config(json!({"candidateCount": 2})), "Multiple candidates is not enabled"),
        (
            config(json!({"thinkingConfig": {"thinkingBudget": 0, "thinkingLevel": "low"}})),
            "thinking_budget and thinking_level are not supported together.",
        ),
        (config(json!({"maxOutputTokens": 65_537})), "Unable to submit request because"),
        (config(json!({"responseMimeType": "image/png"})), "* GenerateContentRequest.generation"),
        (
            json!({"contents": [{"role": "assistant", "parts": [{"text": "hi"}]}]}).to_string(),
            "Please use a valid role: user, model.",
        ),
    ];
    for (body, expected) in cases {
        let answer = ask(&simulation, FLASH, &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.message().starts_with(expected), "{body}: {}", answer.message());
    }
}

#[tokio::test]
async fn both_spellings_of_a_name_are_known() {
    let simulation = start("healthy");
    let body = json!({
        "contents": {"parts": {"text": "hi"}},
        "system_instruction": {"parts": [{"text": "be kind"}]},
        "generation_config": {"thinking_config": {"thinking_level": "low"}},
    });
    assert_eq!(ask(&simulation, FLASH, &body.to_string()).await.status, 200);
}

#[tokio::test]
async fn the_small_version_knows_fewer_names() {
    let simulation = start("healthy");
    let line = "POST /v1/models/gemini-3.5-flash:generateContent";
    let plain = json!({"contents": [{"parts": [{"text": "hi"}]}]});
    assert_eq!(ask(&simulation, line, &plain.to_string()).await.status, 200);
    let mut more = plain.clone();
    more["systemInstruction"] = json!({"parts": [{"text": "be kind"}]});
    let answer = ask(&simulation, line, &more.to_string()).await;
    assert!(answer.message().contains("Unknown name \"systemInstruction\""));
}

#[tokio::test]
async fn thinking_is_judged_by_the_model() {
    let simulation = start("healthy");
    let cases = [
        ("gemini-2.5-flash", json!({"thinkingLevel": "low"}), "Thinking level is not supported"),
        ("gemini-2.5-pro", json!({"thinkingBudget": 0}), "Budget 0 is invalid."),
        ("gemini-2.5-pro", json!({"thinkingBudget": 64}), "The thinking budget (64) is invalid."),
        ("gemini-3.8-flash", json!({"thinkingLevel": "MINIMAL"}), "Thinking level MINIMAL"),
        ("gemini-4-argon", json!({"thinkingLevel": "minimal"}), "Thinking level MINIMAL"),
        ("gemini-3.5-flash", json!({"thinkingLevel": "extreme"}), "Invalid value at"),
        ("gemma-4-31b-it", json!({"thinkingLevel": "low"}), "Thinking is not enabled"),
    ];
    for (model, thinking, expected) in cases {
        let line = format!("POST /v1beta/models/{model}:generateContent");
        let body = json!({
            "contents": [{"parts": [{"text": "hi"}]}],
            "generationConfig": {"thinkingConfig": thinking},
        });
        let answer = ask(&simulation, &line, &body.to_string()).await;
        assert!(answer.message().starts_with(expected), "{model}: {}", answer.message());
    }
}

#[tokio::test]
async fn the_bookkeeping_of_calls_is_judged() {
    let simulation = start("healthy");
    let user = json!({"role": "user", "parts": [{"text": "Call it."}]});
    let call = |signature: &str| {
        let mut part = json!({"functionCall": {"name": "ping", "args": {}}});
        if !signature.is_empty() {
            part["thoughtSignature"] = signature.into();
        }
        json!({"role": "model", "parts": [part]})
    };
    let response = json!({"role": "user", "parts": [{"functionResponse": {
        "name": "ping", "response": {}}}]});
    let cases = [
        (json!([user, call("c2ln"), response]), ""),
        (json!([user, call("skip_thought_signature_validator"), response]), ""),
        (json!([user, call(""), response]), "Function call is missing a thought_signature"),
        (
            json!([user, call("no base64!"), response]),
            "Invalid value at 'contents[1].parts[0].thought_signature' (TYPE_BYTES), Base64",
        ),
        (json!([user, call("c2ln"), user]), "Please ensure that the number of function response"),
        (json!([call("c2ln"), response]), "Please ensure that function call turn comes"),
    ];
    for (contents, expected) in cases {
        let body = json!({"contents": contents}).to_string();
        let answer = ask(&simulation, FLASH, &body).await;
        if expected.is_empty() {
            assert_eq!(answer.status, 200, "{body}");
        } else {
            assert!(answer.message().starts_with(expected), "{body}: {}", answer.message());
        }
    }
}

#[tokio::test]
async fn a_count_needs_the_same_model_inside() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-3.5-flash:countTokens";
    let contents = json!([{"parts": [{"text": "hi"}]}]);
    let bodies = [
        json!({"generateContentRequest": {"contents": contents}}),
        json!({"generateContentRequest": {"model": "models/gemini-2.5-pro", "contents": contents}}),
        json!({"contents": contents, "tools": []}),
        json!({}),
    ];
    for body in bodies {
        assert_eq!(ask(&simulation, line, &body.to_string()).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn ready_made_errors_have_their_blanks_filled_in() {
    let simulation = start("consumer-suspended");
    let answer = ask(&simulation, "GET /v1beta/models", "").await;
    let expected = format!("Permission denied: Consumer 'api_key:{AUTH_KEY}' has been suspended.");
    assert_eq!(answer.message(), expected);
    let simulation = start("model-closed-to-new-users");
    let count = "POST /v1beta/models/gemini-2.5-pro:countTokens";
    let answer = ask(&simulation, count, "{}").await;
    assert!(answer.message().starts_with("This model models/gemini-2.5-pro is no longer"));
    assert_eq!(ask(&simulation, "GET /v1beta/models/gemini-2.5-pro", "").await.status, 200);
}

#[tokio::test]
async fn a_missing_build_is_named_and_the_siblings_are_fine() {
    let simulation = start("alias-404");
    let body = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";
    let mut failed = 0;
    for _ in 0..25 {
        let answer = ask(&simulation, FLASH, body).await;
        if answer.status == 404 {
            let expected = "Model not found: models/gemini-v4p1s-rev24-ajax-sentinel";
            assert_eq!(answer.message(), expected);
            failed += 1;
        }
    }
    assert_eq!(failed, 17);
    let sibling = "POST /v1beta/models/gemini-2.5-flash:generateContent";
    assert_eq!(ask(&simulation, sibling, body).await.status, 200);
    let count = "POST /v1beta/models/gemini-3.5-flash:countTokens";
    assert_eq!(ask(&simulation, count, body).await.status, 200);
    let faults: Vec<String> =
        simulation.requests().into_iter().filter_map(|seen| seen.fault).collect();
    assert_eq!(faults.len(), 17);
    assert_eq!(faults[0], "missing build gemini-v4p1s-rev24-ajax-sentinel");
}

#[tokio::test]
async fn a_list_may_never_end_or_break_off() {
    let simulation = start("list-incomplete");
    let first = ask(&simulation, "GET /v1beta/models", "").await.json();
    let token = first["nextPageToken"].as_str().unwrap();
    assert_eq!(first["models"].as_array().unwrap().len(), 6);
    let line = format!("GET /v1beta/models?pageToken={token}");
    let second = ask(&simulation, &line, "").await.json();
    assert_eq!(second["nextPageToken"].as_str(), Some(token));
    let simulation = start("list-incomplete.cut");
    assert_eq!(ask(&simulation, "GET /v1beta/models?pageSize=1000", "").await.status, 200);
    assert_eq!(ask(&simulation, &line, "").await.status, 500);
}

#[tokio::test]
async fn bent_answers_are_bent_where_they_should_be() {
    let simulation = start("alias-rerouted");
    let line = "POST /v1beta/models/gemini-2.5-flash:generateContent";
    let body = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";
    let answer = ask(&simulation, line, body).await.json();
    assert_eq!(answer["modelVersion"], "gemini-3.5-flash-lite");
    assert_eq!(answer["modelStatus"]["modelStage"], "LEGACY");
    let simulation = start("structured-answer-not-json");
    let asked = json!({"contents": [{"parts": [{"text": "hi"}]}],
        "generationConfig": {"responseMimeType": "application/json"}});
    let answer = ask(&simulation, FLASH, &asked.to_string()).await.json();
    let text = answer["candidates"][0]["content"]["parts"][0]["text"].as_str().unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(text).is_err());
    let plain = ask(&simulation, FLASH, body).await.body;
    assert!(plain.contains("simulated Gemini"));
}

#[tokio::test]
async fn streams_break_as_declared() {
    let line = "POST /v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse";
    let body = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";
    let simulation = start("stream-truncated");
    let cut = ask(&simulation, line, body).await;
    assert_eq!(cut.status, 200);
    assert_eq!(cut.body.matches("data: ").count(), 2);
    assert!(!cut.body.contains("finishReason"));
    let simulation = start("midstream-error-swallowed");
    let broken = ask(&simulation, line, body).await;
    assert_eq!(broken.body.matches("data: ").count(), 1);
    assert!(broken.body.contains("\"code\": 503"));
}

#[tokio::test]
async fn a_blocked_answer_fits_into_a_stream_as_well() {
    let simulation = start("blocked-safety");
    let line = "POST /v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse";
    let answer = ask(&simulation, line, "{}").await;
    assert!(answer.body.starts_with("data: {"));
    assert!(answer.body.contains("SAFETY"));
    assert!(answer.body.contains("\"modelVersion\":\"gemini-3.5-flash\""));
}

#[tokio::test]
async fn foreign_answers_bear_no_google_headers() {
    for (id, status, text) in [
        ("gateway-route-missing", 400, "No route for that URI"),
        ("answer-not-json", 200, "Welcome to Hotel Wi-Fi, please sign in"),
        ("edge-403-html", 403, "403."),
    ] {
        let simulation = start(id);
        let answer = ask(&simulation, "GET /v1beta/models", "").await;
        assert_eq!(answer.status, status, "{id}");
        assert!(answer.body.contains(text), "{id}");
        assert!(!answer.head.contains("server-timing"), "{id}");
    }
}

#[tokio::test]
async fn a_redirect_names_a_host_that_would_be_noticed() {
    let simulation = start("answer-redirected");
    let answer = ask(&simulation, "GET /v1beta/models", "").await;
    assert_eq!(answer.status, 302);
    assert!(answer.head.contains("location: https://login.example/"));
    let names: Vec<&str> = simulation.client().dns.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"login.example") && names.contains(&HOST));
}

#[tokio::test]
async fn entries_of_a_map_are_counted_in_the_order_in_which_they_came() {
    let simulation = start("healthy");
    let body = r#"{
        "contents": [{"parts": [{"text": "hi"}]}],
        "tools": [{"function_declarations": [{"name": "f", "parameters": {
            "type": "OBJECT",
            "properties": {
                "zone": {"type": "STRING"},
                "mode": {"type": "STRING"},
                "alpha": {"type": "STRING", "additionalProperties": false}
            }
        }}]}]
    }"#;
    let answer = ask(&simulation, FLASH, body).await;
    let place = "tools[0].function_declarations[0].parameters.properties[2].value";
    assert!(answer.message().contains(place), "{}", answer.message());
    let violation = &answer.json()["error"]["details"][0]["fieldViolations"][0];
    assert_eq!(violation["field"], place);
}

#[tokio::test]
async fn unknown_names_inside_a_count_bear_their_whole_path() {
    let simulation = start("healthy");
    let line = "POST /v1beta/models/gemini-3.5-flash:countTokens";
    let body = json!({"generateContentRequest": {
        "model": "models/gemini-3.5-flash",
        "contents": [{"parts": [{"text": "hi"}]}],
        "generationConfig": {"maxTokens": 5},
    }});
    let answer = ask(&simulation, line, &body.to_string()).await;
    let place = "at 'generate_content_request.generation_config'";
    assert!(answer.message().contains(place), "{}", answer.message());
}

#[tokio::test]
async fn unknown_query_parameters_are_refused() {
    let simulation = start("healthy");
    let answer = ask(&simulation, "GET /v1beta/models?pagesize=5", "").await;
    assert_eq!(answer.status, 400);
    assert!(answer.message().contains("Unknown name \"pagesize\": Cannot bind query parameter."));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_and_remembered() {
    let simulation = start("healthy");
    let body = " ".repeat(20_971_521);
    let answer = ask(&simulation, FLASH, &body).await;
    assert_eq!(answer.status, 400);
    assert!(answer.message().starts_with("Request payload size exceeds the limit: 20971520"));
    assert_eq!(simulation.requests().pop().unwrap().status, Some(400));
}

#[tokio::test]
async fn a_quota_names_the_model_and_spares_the_list() {
    let simulation = start("quota-free-tier-zero");
    assert_eq!(ask(&simulation, "GET /v1beta/models", "").await.status, 200);
    let answer = ask(&simulation, FLASH, "{}").await;
    assert_eq!(answer.status, 429);
    assert!(answer.message().contains("limit: 0, model: gemini-3.5-flash\nPlease retry in 45."));
    let details = answer.json()["error"]["details"].clone();
    let violation = &details[1]["violations"][0];
    assert_eq!(violation["quotaDimensions"]["model"], "gemini-3.5-flash");
    assert_eq!(violation.get("quotaValue"), None);
    assert_eq!(details[2]["retryDelay"], "45s");
}
