//! Function calls, their responses and their signatures.

use serde_json::{Value, json};

use super::{FLASH, NEW, OLD, Way, model, turns, user};

const WAY: Way = Way::to(FLASH);

fn asked() -> Value {
    user(&json!([{"text": "Call it."}]))
}

fn call(name: &str, id: &str) -> Value {
    json!({"functionCall": {"name": name, "id": id, "args": {}}, "thoughtSignature": "c2ln"})
}

fn response(name: &str, id: &str) -> Value {
    json!({"functionResponse": {"name": name, "id": id, "response": {}}})
}

#[test]
fn calls_follow_the_user_and_responses_follow_calls() {
    let (one, answer) = (model(&json!([call("f", "")])), user(&json!([response("f", "")])));
    let said = model(&json!([{"text": "Hm."}]));
    let after = "Please ensure that function call turn comes immediately after a user turn or after a \
                 function response turn.";
    WAY.refuses(&turns(&[one.clone(), answer.clone()]), after);
    WAY.refuses(&turns(&[asked(), said.clone(), one.clone(), answer.clone()]), after);
    let behind = "Please ensure that function response turn comes immediately after a function call \
                  turn.";
    WAY.refuses(&turns(std::slice::from_ref(&answer)), behind);
    WAY.refuses(&turns(&[asked(), said, answer.clone()]), behind);
    WAY.takes(&turns(&[asked(), one.clone(), answer.clone()]));
    WAY.takes(&turns(&[asked(), one.clone(), answer.clone(), one, answer]));
}

#[test]
fn every_call_has_one_response() {
    let sentence = "Please ensure that the number of function response parts is equal to the number \
                    of function call parts of the function call turn.";
    let two = model(&json!([call("f", ""), call("g", "")]));
    let one = user(&json!([response("f", "")]));
    WAY.refuses(&turns(&[asked(), two.clone(), one]), sentence);
    WAY.refuses(&turns(&[asked(), two.clone(), asked()]), sentence);
    WAY.refuses(&turns(&[asked(), two.clone()]), sentence);
    let three = user(&json!([response("f", ""), response("g", ""), response("g", "")]));
    WAY.refuses(&turns(&[asked(), two.clone(), three]), sentence);
    let both = user(&json!([response("f", ""), response("g", "")]));
    WAY.takes(&turns(&[asked(), two, both]));
}

#[test]
fn responses_bear_the_names_and_ids_of_their_calls() {
    let ask = |answers: &Value| {
        let calls = model(&json!([call("f", "1"), call("g", "2")]));
        turns(&[asked(), calls, user(answers)])
    };
    let wrong = [
        json!([response("f", "1"), response("h", "2")]),
        json!([response("f", "2"), response("g", "1")]),
        json!([response("f", ""), response("f", "")]),
    ];
    for answers in wrong {
        WAY.refuses_barely(&ask(&answers));
        Way::to(OLD).takes(&ask(&answers));
    }
    WAY.takes(&ask(&json!([response("g", "2"), response("f", "1")])));
    WAY.takes(&ask(&json!([response("f", ""), response("g", "")])));
}

#[test]
fn calls_and_responses_have_names() {
    let nameless = json!({"functionResponse": {"response": {}}});
    let body = turns(&[asked(), model(&json!([call("f", "")])), user(&json!([nameless]))]);
    WAY.refuses(
        &body,
        "* GenerateContentRequest.contents[2].parts[0].function_response.name: Name cannot be empty.",
    );
    let body = turns(&[asked(), model(&json!([call("", "")])), user(&json!([response("f", "")]))]);
    WAY.refuses(&body, "* GenerateContentRequest.contents[1].parts[0].function_call.name: Name");
}

#[test]
fn the_first_call_of_each_step_of_the_current_turn_is_signed() {
    let plain = |name: &str| json!({"functionCall": {"name": name, "args": {}}});
    let answer = || user(&json!([response("f", "")]));
    let unsigned = model(&json!([plain("f")]));
    let body = turns(&[asked(), unsigned.clone(), answer()]);
    let sentence = "Function call is missing a thought_signature in functionCall parts.";
    WAY.refuses(&body, sentence);
    let refused = WAY.refusal(&body).unwrap();
    assert!(refused.message().contains("`default_api:f` , position 2."), "{}", refused.message());
    Way::to(NEW).refuses(&body, sentence);
    Way::to(OLD).takes(&body);
    let signed = model(&json!([call("f", "")]));
    WAY.refuses(&turns(&[asked(), signed, answer(), unsigned.clone(), answer()]), sentence);
    // What came before the user's last word is not looked at, nor are parallel calls after the first.
    WAY.takes(&turns(&[asked(), unsigned, answer(), asked()]));
    let parallel = model(&json!([call("f", ""), plain("g")]));
    let both = user(&json!([response("f", ""), response("g", "")]));
    WAY.takes(&turns(&[asked(), parallel, both]));
    let mut skipped = call("f", "");
    skipped["thoughtSignature"] = "skip_thought_signature_validator".into();
    WAY.takes(&turns(&[asked(), model(&json!([skipped])), answer()]));
}

#[test]
fn a_signature_is_base64() {
    let mut altered = call("f", "");
    altered["thoughtSignature"] = "FAKEsignature...".into();
    let body = turns(&[asked(), model(&json!([altered])), user(&json!([response("f", "")]))]);
    WAY.refuses(
        &body,
        "Invalid value at 'contents[1].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding \
         failed for \"FAKEsignature...\"",
    );
}
