//! Google's side of a login is strict: what is not signed, not for it, not in time or not its own is refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::super::Simulation;
use super::{Answer, exchange, read_answer, start};

async fn ask(simulation: &Simulation, host: &str, line: &str, head: &str, body: &str) -> Answer {
    let host = format!("{host}.googleapis.com");
    read_answer(&exchange(simulation, &host, line, head, body).await.unwrap())
}

/// The claims of the workload's own proof, and the three parts of it.
fn proof(simulation: &Simulation) -> (Value, Vec<String>) {
    let text = std::fs::read_to_string(simulation.client().directory.join("proof.jwt")).unwrap();
    let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
    let claims = URL_SAFE_NO_PAD.decode(&parts[1]).unwrap();
    (serde_json::from_slice(&claims).unwrap(), parts)
}

async fn swap(simulation: &Simulation, proof: &str) -> Answer {
    let (claims, _) = self::proof(simulation);
    let body = json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": claims["aud"], "subject_token": proof,
    });
    ask(simulation, "sts", "POST /v1/token", "", &body.to_string()).await
}

#[tokio::test]
async fn a_proof_holds_only_as_it_was_signed() {
    let simulation = start("vertex.external-file");
    let (mut claims, parts) = proof(&simulation);
    assert_eq!(swap(&simulation, &parts.join(".")).await.status, 200);
    claims["sub"] = json!("somebody-else");
    let forged = URL_SAFE_NO_PAD.encode(claims.to_string());
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    for bad in [
        format!("{}.{forged}.{}", parts[0], parts[2]),
        format!("{unsigned}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts.join("."), parts[2]),
        "eyJ.FAKE".to_owned(),
        String::new(),
    ] {
        let answer = swap(&simulation, &bad).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(answer.body.contains("invalid_grant"), "{}", answer.body);
    }
}

#[tokio::test]
async fn only_what_was_given_out_opens_the_platform() {
    let simulation = start("vertex.user");
    let path = "POST /v1/projects/simulated-project/locations/global/publishers/google/models/gemini-3.5-flash:countTokens";
    let body = json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}).to_string();
    for (head, status, word) in [
        ("", 401, "CREDENTIALS_MISSING"),
        ("x-goog-api-key: AQ.FAKE\r\n", 401, "API keys are not supported"),
        ("authorization: Bearer ya29.FAKE-of-nobody\r\n", 401, "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
        (
            "authorization: Bearer ya29.a0FAKE-simulated-access-token-of-the-person-0002\r\n",
            403,
            "requires a quota project",
        ),
        (
            "authorization: Bearer ya29.a0FAKE-simulated-access-token-of-the-person-0002\r\n\
             x-goog-user-project: simulated-project\r\n",
            200,
            "totalTokens",
        ),
    ] {
        let answer = ask(&simulation, "aiplatform", path, head, &body).await;
        assert_eq!(answer.status, status, "{head}{}", answer.body);
        assert!(answer.body.contains(word), "{}", answer.body);
    }
}

#[tokio::test]
async fn the_platform_is_strict_about_bodies_and_places() {
    let simulation = start("vertex.metadata");
    let token = "authorization: Bearer \
                 ya29.c.FAKE-simulated-access-token-of-the-machine-0005\r\n";
    let turn = json!({"role": "user", "parts": [{"text": "hi"}]});
    let without_role = json!({"contents": [{"parts": [{"text": "hi"}]}]});
    let wrapped = json!({"generateContentRequest": {"contents": [turn]}});
    let good = json!({"contents": [turn], "systemInstruction": {"parts": [{"text": "be brief"}]}});
    let place = |project: &str, location: &str, model: &str| {
        format!("POST /v1/projects/{project}/locations/{location}/publishers/google/models/{model}")
    };
    let own = "simulated-project";
    for (line, body, status) in [
        (place(own, "global", "gemini-3.5-flash:countTokens"), &good, 200),
        (place(own, "us-central1", "gemini-2.5-flash:countTokens"), &good, 200),
        (place(own, "us-central1", "gemini-3.5-flash:countTokens"), &good, 404),
        (place("other-project", "global", "gemini-3.5-flash:countTokens"), &good, 403),
        (place(own, "global", "gemini-9:countTokens"), &good, 404),
        (place(own, "global", "gemini-3.5-flash:countTokens"), &without_role, 400),
        (place(own, "global", "gemini-3.5-flash:countTokens"), &wrapped, 400),
        (place(own, "global", "gemini-3.5-flash:generateContent"), &without_role, 400),
    ] {
        let answer = ask(&simulation, "aiplatform", &line, token, &body.to_string()).await;
        assert_eq!(answer.status, status, "{line} {body}\n{}", answer.body);
    }
    let line = "GET /v1beta1/publishers/google/models?pageSize=100";
    let list = ask(&simulation, "aiplatform", line, token, "").await;
    assert!(list.body.contains("publishers/google/models/gemini-3.5-flash"), "{}", list.body);
    assert!(!list.body.contains("inputTokenLimit"), "{}", list.body);
}

#[tokio::test]
async fn a_world_without_a_login_has_no_token_endpoint() {
    let simulation = start("healthy");
    let answer = ask(&simulation, "oauth2", "POST /token", "", "grant_type=refresh_token").await;
    assert_eq!(answer.status, 404);
}
