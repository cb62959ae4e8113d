//! Where tokens are given out: for a signed statement, a login, a proof, or somebody else's token. Worded as the real
//! ones word it.

use http::HeaderMap;
use serde_json::{Value, json};

use super::file::{CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN};
use super::keys::is_statement;
use super::{
    FOR_LENDING, Google, GrantFault, ISSUER, OF_EXTERNAL, OF_ROBOT, OF_TARGET, OF_USER, POOL,
    ROBOT, TARGET, TOKENS,
};
use crate::simulate::call::{Call, pairs};
use crate::simulate::reply::Reply;

/// What a statement must be for.
const AUDIENCE: &str = "https://oauth2.googleapis.com/token";
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
/// What is enough to be lent an account, and for nothing else.
const LENDING: &str = "https://www.googleapis.com/auth/iam";
/// Clocks may differ by so much.
const LEEWAY_S: i64 = 300;
/// As long as a statement may last.
const LONGEST_S: i64 = 3600;
const LIFETIME_S: u64 = 3599;

/// The answer, where the path is one of those.
pub(super) fn answer(google: &Google, call: &Call) -> Option<Reply> {
    let is_lender = call.path.ends_with(":generateAccessToken");
    match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/token" | "/o/oauth2/token") => Some(google.token(&form(call))),
        ("POST", "/v1/token") => Some(google.exchange(&form(call))),
        ("POST", path) if is_lender => Some(google.lend(call, path)),
        ("GET", "/proof") => Some(google.proof_asked_for(call.headers())),
        _ => None,
    }
}

/// A form's fields, or the members of a JSON body: both are taken.
fn form(call: &Call) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(&call.body);
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(members)) => members
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect(),
        _ => pairs(&text),
    }
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

fn granted(token: &str) -> Reply {
    Reply::json(
        200,
        &json!({
            "access_token": token, "expires_in": LIFETIME_S, "token_type": "Bearer", "scope": SCOPE,
        }),
    )
}

fn refused(status: u16, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": description}))
}

impl Google {
    fn token(&self, fields: &[(String, String)]) -> Reply {
        match self.cloud.grant {
            GrantFault::Down => return Reply::json(503, &json!({})),
            GrantFault::Odd => return Reply::json(404, &json!({"message": "no such route"})),
            _ => {}
        }
        match field(fields, "grant_type") {
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
                match self.statement(field(fields, "assertion")) {
                    Ok(token) => granted(token),
                    Err(why) => refused(400, "invalid_grant", why),
                }
            }
            "refresh_token" => self.refresh(fields),
            _ => refused(400, "unsupported_grant_type", "Invalid grant_type: "),
        }
    }

    /// The token for a statement, or why it is not taken. One that asks for less gets a token for less.
    fn statement(&self, statement: &str) -> Result<&'static str, &'static str> {
        if self.cloud.grant == GrantFault::AccountGone {
            return Err("Invalid grant: account not found");
        }
        let claims = match self.keys.verified(statement) {
            Some(claims) if self.cloud.grant != GrantFault::KeyDeleted => claims,
            _ => return Err("Invalid JWT Signature."),
        };
        if claims["iss"] != ROBOT {
            return Err("Invalid grant: account not found");
        }
        if claims["aud"] != AUDIENCE {
            return Err("Invalid JWT: Failed audience check. The right audience is \
                        https://oauth2.googleapis.com/token");
        }
        if !self.is_timely(&claims) {
            return Err("Invalid JWT: Token must be a short-lived token (60 minutes) and in a \
                        reasonable timeframe. Check your iat and exp values in the JWT claim.");
        }
        let scopes = claims["scope"].as_str().unwrap_or_default();
        match scopes.split(' ').any(|scope| scope == SCOPE) {
            true => Ok(OF_ROBOT),
            false if scopes.contains(LENDING) => Ok(FOR_LENDING),
            false => Err("Invalid OAuth scope or ID token audience provided."),
        }
    }

    /// Whether a statement holds now, by this side's clock.
    pub(super) fn is_timely(&self, claims: &Value) -> bool {
        let now = self.now_s();
        let (Some(issued), Some(expires)) = (claims["iat"].as_i64(), claims["exp"].as_i64()) else {
            return false;
        };
        issued <= now + LEEWAY_S && now < expires + LEEWAY_S && expires - issued <= LONGEST_S
    }

    fn refresh(&self, fields: &[(String, String)]) -> Reply {
        match self.cloud.grant {
            GrantFault::ClientDeleted => {
                return refused(401, "deleted_client", "The OAuth client was deleted.");
            }
            GrantFault::Revoked => {
                return refused(400, "invalid_grant", "Token has been expired or revoked.");
            }
            GrantFault::Reauthentication => {
                let body = json!({
                    "error": "invalid_grant",
                    "error_description": "reauth related error (invalid_rapt)",
                    "error_uri": "https://support.google.com/a/answer/9368756",
                    "error_subtype": "invalid_rapt",
                });
                return Reply::json(400, &body);
            }
            _ => {}
        }
        let has = |name, value| field(fields, name) == value;
        if !has("client_id", CLIENT_ID) {
            return refused(401, "invalid_client", "The OAuth client was not found.");
        }
        if !has("client_secret", CLIENT_SECRET) {
            return refused(401, "invalid_client", "Unauthorized");
        }
        match has("refresh_token", REFRESH_TOKEN) {
            true => granted(OF_USER),
            false => refused(400, "invalid_grant", "Bad Request"),
        }
    }

    /// A token for the proof of an external account.
    fn exchange(&self, fields: &[(String, String)]) -> Reply {
        let grant = "urn:ietf:params:oauth:grant-type:token-exchange";
        if field(fields, "grant_type") != grant {
            return refused(400, "unsupported_grant_type", "Invalid grant_type");
        }
        if field(fields, "audience") != POOL {
            return refused(400, "invalid_request", "Invalid value for \"audience\".");
        }
        let Some(claims) = self.keys.verified(field(fields, "subject_token")) else {
            return refused(400, "invalid_grant", "Unable to verify the ID Token signature.");
        };
        let audience = claims["aud"].as_str().unwrap_or_default();
        if claims["iss"] != ISSUER || audience != POOL {
            let why = format!(
                "The audience in ID Token [{audience}] does not match the expected audience."
            );
            return refused(400, "invalid_grant", &why);
        }
        if !self.is_timely(&claims) {
            let why = format!("ID Token issued at {} is stale to sign-in.", claims["iat"]);
            return refused(400, "invalid_grant", &why);
        }
        let body = json!({
            "access_token": OF_EXTERNAL, "expires_in": LIFETIME_S, "token_type": "Bearer",
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        });
        Reply::json(200, &body)
    }

    /// A token of another account.
    fn lend(&self, call: &Call, path: &str) -> Reply {
        let bearer = call.credentials.bearer.as_deref().unwrap_or_default();
        let is_known = bearer == FOR_LENDING
            || TOKENS.contains(&bearer)
            || (is_statement(bearer) && self.is_own_statement(bearer));
        if !is_known {
            return super::vertex::unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED");
        }
        let is_target = path.contains(&format!("/serviceAccounts/{TARGET}:"));
        if self.cloud.grant == GrantFault::LendingDenied || !is_target {
            let message = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it \
                           may not exist).";
            return Reply::json(
                403,
                &json!({"error": {
                    "code": 403, "message": message, "status": "PERMISSION_DENIED",
                    "details": [{
                        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                        "reason": "IAM_PERMISSION_DENIED", "domain": "iam.googleapis.com",
                        "metadata": {"permission": "iam.serviceAccounts.getAccessToken"},
                    }],
                }}),
            );
        }
        Reply::json(200, &json!({"accessToken": OF_TARGET, "expireTime": "2030-01-01T00:00:00Z"}))
    }

    /// Whether a service account's statement stands for a token.
    pub(super) fn is_own_statement(&self, statement: &str) -> bool {
        let Some(claims) = self.keys.verified(statement) else { return false };
        let has_scope = claims["scope"].as_str().is_some_and(|scopes| scopes.contains(SCOPE));
        let for_platform = claims["aud"] == "https://aiplatform.googleapis.com/";
        let is_alive =
            !matches!(self.cloud.grant, GrantFault::KeyDeleted | GrantFault::AccountGone);
        is_alive
            && claims["iss"] == ROBOT
            && claims["sub"] == ROBOT
            && (has_scope != for_platform)
            && self.is_timely(&claims)
    }

    fn proof_asked_for(&self, headers: &HeaderMap) -> Reply {
        match headers.get("metadata").is_some_and(|value| value == "True") {
            true => Reply::json(200, &json!({"id_token": self.proof()})),
            false => Reply::json(400, &json!({"error": "Required metadata header not specified"})),
        }
    }
}
