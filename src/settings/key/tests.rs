//! The order of the places, and what is said about each.

use std::path::{Path, PathBuf};

use super::*;
use crate::settings::Settings;

/// A directory as a world of its own, without variables.
struct Scene {
    directory: tempfile::TempDir,
    world: World,
    given: Given,
}

impl Scene {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let world = World::bare(directory.path().to_owned());
        Self { directory, world, given: Given::default() }
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.world.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.directory.path().join(name), text).expect("written");
        self
    }

    fn config(mut self, text: &str) -> Self {
        self.world.config_file = Some(self.directory.path().join("config.toml"));
        self.file("config.toml", text)
    }

    fn given(mut self, change: impl FnOnce(&mut Given)) -> Self {
        change(&mut self.given);
        self
    }

    fn choose(&self) -> Result<KeyChoice, UserError> {
        Settings::resolve(&self.given, &self.world).map(|settings| settings.key)
    }

    fn found(&self) -> KeyChoice {
        self.choose().expect("no contradiction")
    }
}

impl KeyChoice {
    fn text(&self) -> Option<&str> {
        self.key.as_ref().map(ApiKey::expose)
    }

    fn place_of_key(&self) -> String {
        self.origin.as_ref().map(Origin::to_string).unwrap_or_default()
    }

    fn facts(&self) -> Vec<LocalFact> {
        self.notes.iter().map(|(fact, _)| *fact).collect()
    }

    fn said(&self) -> String {
        self.notes.iter().map(|(_, detail)| detail.as_str()).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn the_first_place_with_a_key_wins() {
    let scene = Scene::new().file("k", "AQ.FAKE-config\n").config("api_key_file = 'k'");
    assert!(scene.found().place_of_key().starts_with("config:"), "{:?}", scene.found());
    let scene = scene.file(".env", "\nGEMINI_API_KEY=AQ.FAKE-dotenv\n");
    assert_eq!(scene.found().place_of_key(), ".env:2 GEMINI_API_KEY");
    let scene = scene.file(".env", "GEMINI_API_KEY=AQ.FAKE\nGOOGLE_API_KEY=AQ.FAKE\n");
    assert_eq!(scene.found().place_of_key(), ".env:2 GOOGLE_API_KEY");
    let scene = scene.variable("GEMINI_API_KEY", "AQ.FAKE-gemini");
    assert_eq!(scene.found().place_of_key(), "env:GEMINI_API_KEY");
    let scene = scene.variable("GOOGLE_API_KEY", "AQ.FAKE-google");
    assert_eq!(scene.found().place_of_key(), "env:GOOGLE_API_KEY");
    let scene = scene.config("[profile.dev]\napi_key_file = 'k'");
    let scene = scene.given(|given| given.profile = Some("dev".into()));
    assert!(scene.found().place_of_key().starts_with("profile:dev (file:"));
    let scene = scene.given(|given| given.key_command = Some("echo AQ.FAKE-command".into()));
    assert_eq!(scene.found().place_of_key(), "command");
    let scene = scene.given(|given| given.key_command = None);
    let scene = scene.given(|given| given.key_file = Some("k".into()));
    assert_eq!(scene.found().place_of_key(), "file:k");
    assert_eq!(scene.found().text(), Some("AQ.FAKE-config"));
}

#[test]
fn the_key_stays_as_it_was_found() {
    let scene = Scene::new().variable("GEMINI_API_KEY", " \"AQ.FAKE\"\n");
    assert_eq!(scene.found().text(), Some(" \"AQ.FAKE\"\n"));
}

#[test]
fn two_sources_on_the_command_line_contradict_each_other() {
    let scene = Scene::new().given(|given| {
        given.key_file = Some("k".into());
        given.key_stdin = true;
    });
    let error = scene.choose().expect_err("a contradiction");
    assert!(error.hint.contains("only one of"), "{error}");
}

#[test]
fn a_named_source_that_fails_is_not_replaced_by_another() {
    let scene = Scene::new().variable("GEMINI_API_KEY", "AQ.FAKE");
    let scene = scene.given(|given| given.key_file = Some("missing".into()));
    let choice = scene.found();
    assert_eq!((choice.text(), choice.facts()), (None, vec![LocalFact::KeyFileUnusable]));
    assert_eq!(choice.said(), "file:missing: no such file");
    let scene =
        scene.given(|given| given.key_file = None).config("[profile.p]\napi_key_variable='X'");
    let scene = scene.given(|given| given.profile = Some("p".into()));
    let choice = scene.found();
    assert_eq!((choice.text(), choice.facts()), (None, vec![LocalFact::NoKey]));
    assert_eq!(choice.said(), "profile:p (env:X): not set");
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_says_how() {
    let line = "echo 'vault is sealed' >&2; exit 3";
    let scene = Scene::new().given(|given| given.key_command = Some(line.into()));
    let choice = scene.found();
    assert_eq!(choice.facts(), [LocalFact::KeyCommandFailed]);
    let said = "command: it exited with code 3; its last line of errors: vault is sealed";
    assert_eq!(choice.said(), said);
}

#[test]
fn a_simulated_machine_names_its_sources_itself() {
    let mut scene = Scene::new().file("k", "");
    scene.world.key_file = Some(PathBuf::from("k"));
    assert_eq!(scene.found().said(), "file:k: it is empty");
    scene.world.key_file = None;
    scene.world.key_command = Some("echo AQ.FAKE".to_owned());
    assert_eq!(scene.found().text(), Some("AQ.FAKE"));
}

#[test]
fn two_different_variables_are_told_by_their_fingerprints() {
    let scene = Scene::new().variable("GOOGLE_API_KEY", "AQ.FAKE-one");
    let scene = scene.variable("GEMINI_API_KEY", "AQ.FAKE-two");
    let choice = scene.found();
    assert_eq!(choice.facts(), [LocalFact::TwoVariables]);
    let (place, other) = choice.other.as_ref().expect("the other key");
    assert_eq!((place.as_str(), other.expose()), ("env:GEMINI_API_KEY", "AQ.FAKE-two"));
    for key in [choice.key.as_ref().expect("a key"), other] {
        assert!(choice.said().contains(&key.fingerprint()), "{}", choice.said());
    }
    assert!(!format!("{choice:?}").contains("FAKE-"));
}

#[test]
fn equal_variables_are_no_fact() {
    let scene =
        Scene::new().variable("GOOGLE_API_KEY", "AQ.FAKE").variable("GEMINI_API_KEY", "AQ.FAKE");
    let choice = scene.found();
    assert_eq!((choice.facts(), choice.other.is_some()), (vec![], false));
    assert_eq!(choice.places[1].found, "the same key");
}

#[test]
fn a_dotenv_key_behind_a_variable_is_kept_but_is_no_fact() {
    let scene = Scene::new().variable("GEMINI_API_KEY", "AQ.FAKE-shell");
    let scene = scene.file(".env", "GEMINI_API_KEY=AQ.FAKE-file\n");
    let choice = scene.found();
    assert_eq!(choice.facts(), []);
    let (place, _) = choice.other.expect("the other key");
    assert_eq!(place, ".env:1 GEMINI_API_KEY");
}

#[test]
fn an_empty_variable_counts_only_without_a_key() {
    let scene =
        Scene::new().variable("GOOGLE_API_KEY", "").file(".env", "GEMINI_API_KEY=AQ.FAKE\n");
    let choice = scene.found();
    assert_eq!((choice.facts(), choice.places[0].found.as_str()), (vec![], "empty"));
    let scene = scene.file(".env", "GEMINI_API_KEY=\n");
    let choice = scene.found();
    assert_eq!(
        choice.facts(),
        [LocalFact::EmptyVariable, LocalFact::EmptyVariable, LocalFact::NoKey]
    );
    assert!(choice.said().starts_with("env:GOOGLE_API_KEY is set to nothing"), "{}", choice.said());
}

#[test]
fn without_a_key_all_places_are_listed() {
    let choice = Scene::new().found();
    assert_eq!(choice.facts(), [LocalFact::NoKey]);
    assert_eq!(
        choice.said(),
        "looked at env:GOOGLE_API_KEY (not set), env:GEMINI_API_KEY (not set), .env (no such file)"
    );
    let choice = Scene::new().file(".env", "A=\0").found();
    assert!(choice.said().contains(".env (could not be read)"), "{}", choice.said());
}

const KEY: &str = "AQ.FAKE-key-under-another-name-0001";

#[test]
fn a_key_under_a_name_that_is_not_read_is_pointed_out() {
    for name in ["API_KEY", "GEMINI_KEY", "gemini_api_key", "OPENAI_API_KEY", "GEMINI_API_KEY_PROD"]
    {
        let choice = Scene::new().variable(name, KEY).found();
        assert_eq!(choice.facts(), [LocalFact::KeyMisnamed], "{name}");
        assert!(choice.key.is_none() && choice.misnamed.as_deref() == Some(name), "{name}");
        let said = choice.said();
        assert!(said.starts_with(&format!("env:{name} holds a key (sha256:")), "{said}");
        assert!(said.ends_with("no SDK reads that name: rename it to GEMINI_API_KEY"), "{said}");
        assert_eq!(choice.unused.len(), 1, "no output may show it");
        assert!(!said.contains(KEY));
    }
    let said = Scene::new().variable("GOOGLE_GENERATIVE_AI_API_KEY", "AQ.FAKE").found().said();
    assert!(said.contains("only the AI SDK of Vercel reads that name"), "{said}");
    let choice = Scene::new().file(".env", format!("\nGOOGLE_GENAI_API_KEY={KEY}\n")).found();
    assert!(choice.said().starts_with(".env:2 GOOGLE_GENAI_API_KEY holds a key"), "{choice:?}");
}

#[test]
fn what_is_no_key_or_for_something_else_is_not_pointed_out() {
    let standard = format!("AIza{}", "FAKE-".repeat(7));
    for (name, value) in [
        ("API_KEY", "sk-proj-FAKE-FAKE-FAKE-FAKE-FAKE-FAKE-FAKE"),
        ("GEMINI_KEY", " "),
        ("FIREBASE_API_KEY", standard.as_str()),
        ("VITE_GOOGLE_MAPS_API_KEY", standard.as_str()),
        ("NOTE", "AQ.FAKE"),
    ] {
        assert_eq!(
            Scene::new().variable(name, value).found().facts(),
            [LocalFact::NoKey],
            "{name}"
        );
    }
    let scene = Scene::new().variable("GEMINI_API_KEY", "AQ.FAKE").variable("API_KEY", KEY);
    assert_eq!(scene.found().facts(), []);
    let scene = Scene::new().variable("PROD", KEY);
    let scene = scene.config("[profile.prod]\napi_key_variable = 'PROD'");
    assert_eq!(scene.found().facts(), [LocalFact::NoKey]);
}

#[test]
fn a_name_that_is_taken_into_the_bundle_is_told_with_and_without_another_key() {
    for name in ["VITE_GEMINI_API_KEY", "NEXT_PUBLIC_API_KEY", "EXPO_PUBLIC_KEY", "PUBLIC_KEY"] {
        let scene = Scene::new().file(".env", format!("{name}={KEY}\n"));
        assert_eq!(scene.found().facts(), [LocalFact::KeyMisnamed, LocalFact::KeyForBundle]);
        let scene = scene.variable("GEMINI_API_KEY", "AQ.FAKE");
        assert_eq!(scene.found().facts(), [LocalFact::KeyForBundle], "{name}");
        assert!(scene.found().said().starts_with(&format!(".env:1 {name} holds a key")));
    }
}

#[test]
fn padding_makes_no_other_key_and_blanks_make_none() {
    let scene =
        Scene::new().variable("GOOGLE_API_KEY", "AQ.FAKE\n").variable("GEMINI_API_KEY", "AQ.FAKE");
    assert_eq!(scene.found().facts(), []);
    let scene =
        Scene::new().variable("GOOGLE_API_KEY", " \n").variable("GEMINI_API_KEY", "AQ.FAKE");
    assert_eq!(scene.found().place_of_key(), "env:GEMINI_API_KEY");
}

#[cfg(unix)]
#[test]
fn looking_for_shared_keys_runs_no_command() {
    let config = "[profile.a]\napi_key_command='touch ran; echo AQ.FAKE'\n\
                  [profile.b]\napi_key_variable='B'";
    let scene = Scene::new().config(config).variable("B", "AQ.FAKE");
    assert!(scene.found().text().is_none());
    assert!(!scene.directory.path().join("ran").exists());
}

#[test]
fn profiles_with_one_key_are_named() {
    let config = "[profile.dev]\napi_key_file='k'\n[profile.prod]\napi_key_variable='PROD'\n\
                  [profile.other]\napi_key_command='exit 9'\n[profile.missing]\napi_key_file='x'";
    let scene = Scene::new().file("k", "AQ.FAKE\n").config(config).variable("PROD", "AQ.FAKE");
    let choice = scene.found();
    assert!(choice.facts().contains(&LocalFact::SharedProfileKey));
    assert!(choice.said().contains("the profiles dev and prod have one key (sha256:"));
    let scene = scene.variable("PROD", "AQ.FAKE-2");
    assert!(!scene.found().facts().contains(&LocalFact::SharedProfileKey));
}

#[test]
fn a_key_file_that_is_a_directory_or_binary_says_so() {
    for (bytes, what) in [(&b""[..], "it is empty"), (b"a\0b", "character 2 is NUL")] {
        let scene = Scene::new().file("k", bytes).given(|given| given.key_file = Some("k".into()));
        assert!(scene.found().said().contains(what));
    }
    let scene = Scene::new().given(|given| given.key_file = Some(".".into()));
    assert_eq!(scene.found().said(), "file:.: it is a directory");
}

#[test]
fn a_service_account_file_is_handed_on_as_it_is() {
    let scene = Scene::new().file("k", "{\"type\": \"service_account\"}\n");
    let scene = scene.given(|given| given.key_file = Some(Path::new("k").into()));
    assert_eq!(scene.found().text(), Some("{\"type\": \"service_account\"}"));
}
