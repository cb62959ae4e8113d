//! The login's file in the scratch directory, whole or damaged, and the variables that lead to it.

use std::path::Path;

use serde_json::{Value, json};

use super::keys::KEY_ID;
use super::{FileFault, Google, GrantFault, ISSUER, Login, POOL, ROBOT, TARGET};
use crate::simulate::client_side::put;

const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";
/// What stands for a person's login. Nobody ever owned it.
pub(super) const REFRESH_TOKEN: &str = "1//0FAKE-simulated-refresh-token-of-nobody-0006";
pub(super) const CLIENT_ID: &str = "000000000000-simulated.apps.googleusercontent.com";
pub(super) const CLIENT_SECRET: &str = "GOCSPX-FAKE-simulated-client-secret";
/// How long a proof lasts.
const PROOF_S: i64 = 600;

/// Writes what there is, and gives the variables.
pub(in crate::simulate) fn write(
    google: &Google,
    directory: &Path,
) -> Result<Vec<(String, String)>, String> {
    let cloud = &google.cloud;
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut set = |name: &str, value: String| variables.push((name.to_owned(), value));
    if let Some(project) = cloud.project {
        set("GOOGLE_CLOUD_PROJECT", project.to_owned());
    }
    if let Some(location) = cloud.location {
        set("GOOGLE_CLOUD_LOCATION", location.to_owned());
    }
    if cloud.login == Login::Key {
        set("GOOGLE_API_KEY", crate::simulate::AUTH_KEY.to_owned());
    }
    let Some(text) = google.login_text(directory)? else { return Ok(variables) };
    let path = directory.join("login.json");
    set("GOOGLE_APPLICATION_CREDENTIALS", path.display().to_string());
    if cloud.file != FileFault::Missing {
        let mode = if cloud.file == FileFault::Readable { 0o644 } else { 0o600 };
        put(&path, text.as_bytes(), mode)?;
    }
    Ok(variables)
}

impl Google {
    /// The file's text; none where the machine has no file.
    fn login_text(&self, directory: &Path) -> Result<Option<String>, String> {
        let mut value = match self.cloud.login {
            Login::Nothing | Login::Key | Login::Metadata => return Ok(None),
            Login::ServiceAccount => self.service_account(),
            Login::User => self.user(),
            Login::Impersonated => lent(&self.user()),
            Login::Delegated => lent(&self.service_account()),
            Login::ExternalFile => {
                put(&directory.join("proof.jwt"), self.proof().as_bytes(), 0o600)?;
                external(&json!({"file": directory.join("proof.jwt")}), None)
            }
            Login::ExternalUrl => {
                let source = json!({
                    "url": format!("{ISSUER}/proof"), "headers": {"Metadata": "True"},
                    "format": {"type": "json", "subject_token_field_name": "id_token"},
                });
                external(&source, Some(lender()))
            }
        };
        self.bend(&mut value);
        let text = serde_json::to_string_pretty(&value).expect("a JSON value is printable") + "\n";
        Ok(Some(match self.cloud.file {
            FileFault::Empty => String::new(),
            FileFault::Truncated => text[..text.len() / 2].to_owned(),
            FileFault::WebPage => "<!DOCTYPE html><title>Sign in</title>\n".to_owned(),
            FileFault::ApiKey => format!("{}\n", crate::simulate::AUTH_KEY),
            _ => text,
        }))
    }

    fn bend(&self, value: &mut Value) {
        let key = value["private_key"].as_str().unwrap_or_default().to_owned();
        match self.cloud.file {
            FileFault::ClientSecret => {
                *value = json!({"installed": {
                    "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "token_uri": TOKEN_URI,
                }});
            }
            FileFault::NoEmail => {
                value.as_object_mut().expect("an object").remove("client_email");
            }
            FileFault::Template => value["client_email"] = json!("YOUR_SERVICE_ACCOUNT_EMAIL"),
            FileFault::KeyEscaped => value["private_key"] = json!(key.replace('\n', "\\n")),
            FileFault::KeyTruncated => value["private_key"] = json!(key[..key.len() / 2]),
            FileFault::Universe => value["universe_domain"] = json!("example-universe.example"),
            FileFault::ForeignHost => value["token_uri"] = json!("https://login.example/token"),
            FileFault::OldTokenUri => {
                value["token_uri"] = json!("https://oauth2.googleapis.com/o/oauth2/token");
            }
            FileFault::Executable => {
                value["credential_source"] = json!({"executable": {"command": "/opt/proof"}});
            }
            FileFault::None
            | FileFault::Missing
            | FileFault::Empty
            | FileFault::Truncated
            | FileFault::WebPage
            | FileFault::ApiKey
            | FileFault::Readable => {}
        }
    }

    fn service_account(&self) -> Value {
        json!({
            "type": "service_account",
            "project_id": super::PROJECT,
            "private_key_id": KEY_ID,
            "private_key": self.keys.pem(),
            "client_email": ROBOT,
            "client_id": "000000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": TOKEN_URI,
            "universe_domain": "googleapis.com",
        })
    }

    fn user(&self) -> Value {
        let mut value = json!({
            "type": "authorized_user",
            "account": "person@example.com",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": REFRESH_TOKEN,
            "universe_domain": "googleapis.com",
        });
        if let Some(project) = self.cloud.quota_project {
            value["quota_project_id"] = json!(project);
        }
        value
    }

    /// What the other side's host says of the workload.
    pub(super) fn proof(&self) -> String {
        let now = self.now_s();
        let issued = match self.cloud.grant {
            GrantFault::ProofExpired => now - 100 * PROOF_S,
            _ => now,
        };
        let audience = match self.cloud.grant {
            GrantFault::ProofAudience => "https://other-pool.example",
            _ => POOL,
        };
        self.keys.sign(&json!({
            "iss": ISSUER, "aud": audience, "sub": "workload", "iat": issued,
            "exp": issued + PROOF_S,
        }))
    }
}

fn lender() -> String {
    let host = "https://iamcredentials.googleapis.com";
    format!("{host}/v1/projects/-/serviceAccounts/{TARGET}:generateAccessToken")
}

fn lent(source: &Value) -> Value {
    json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": lender(),
        "source_credentials": source,
        "delegates": [],
    })
}

fn external(source: &Value, impersonation: Option<String>) -> Value {
    let mut value = json!({
        "type": "external_account",
        "audience": POOL,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "universe_domain": "googleapis.com",
        "credential_source": source,
    });
    if let Some(url) = impersonation {
        value["service_account_impersonation_url"] = json!(url);
    }
    value
}
