//! Application default credentials: which file, in the order of Google's own libraries, and the defaults of
//! project, location and quota project. Reads one file and judges nothing in it; opens no socket.

mod misplaced;

use std::path::{Path, PathBuf};

use super::{Given, Origin, Sourced, World, decode};
use crate::{
    error::UserError,
    facts::{LocalFact, location},
    secret::ApiKey,
};

/// A file of credentials has 2.5 KiB; nothing near this is one.
const LIMIT: u64 = 64 * 1024;
/// The variable that names the file.
pub const FILE_VARIABLE: &str = "GOOGLE_APPLICATION_CREDENTIALS";
/// The file's name where gcloud keeps it.
const WELL_KNOWN: &str = "application_default_credentials.json";
/// Where the metadata server is, unless a variable names another place.
const METADATA_HOST: &str = "metadata.google.internal";

/// What this machine holds for the cloud platform.
#[derive(Clone, Debug)]
pub struct Adc {
    /// The text of the file that counts. It holds secrets.
    pub text: Option<ApiKey>,
    /// What stood where a path belongs, word for word. It may be a secret as a whole.
    pub misplaced: Option<ApiKey>,
    /// Where it was found.
    pub origin: Option<Origin>,
    /// The file itself.
    pub path: Option<PathBuf>,
    /// Whether a file was named, so that nothing stands in for it.
    pub is_named: bool,
    /// The places that were looked at, with what was there.
    pub places: Vec<String>,
    /// What was noticed on the way.
    pub notes: Vec<(LocalFact, String)>,
    /// The project, where an option or a variable names one.
    pub project: Option<Sourced<String>>,
    /// The location.
    pub location: Sourced<String>,
    /// The project whose quota counts, where a variable names one.
    pub quota_project: Option<Sourced<String>>,
    /// `host` or `host:port` of the metadata server.
    pub metadata_host: String,
}

impl Adc {
    /// Looks in the order in which Google's libraries do. A file that cannot be read is a note.
    pub fn find(given: &Given, world: &World) -> Result<Self, UserError> {
        let mut adc = Self {
            text: None,
            misplaced: None,
            origin: None,
            path: None,
            is_named: false,
            places: Vec::new(),
            notes: Vec::new(),
            project: named(given.project.as_ref(), "--project", "GOOGLE_CLOUD_PROJECT", world)?,
            location: named(given.location.as_ref(), "--location", "GOOGLE_CLOUD_LOCATION", world)?
                .unwrap_or_else(|| Sourced::new(location::GLOBAL.to_owned(), Origin::Default)),
            quota_project: variable("GOOGLE_CLOUD_QUOTA_PROJECT", world),
            metadata_host: world.variable("GCE_METADATA_HOST").unwrap_or(METADATA_HOST).to_owned(),
        };
        adc.look(given, world);
        Ok(adc)
    }

    /// What was said about a file that was named, or lies where gcloud keeps it; nothing otherwise.
    pub fn has_something(&self) -> bool {
        self.text.is_some() || self.is_named || !self.notes.is_empty()
    }

    /// Whether there is the text of a login, and nothing was noticed that keeps it from being read.
    pub fn has_login(&self) -> bool {
        let is_harmless = |fact: &LocalFact| *fact == LocalFact::CredentialsReadable;
        self.text.is_some() && self.notes.iter().all(|(fact, _)| is_harmless(fact))
    }

    fn look(&mut self, given: &Given, world: &World) {
        if let Some(path) = &given.credentials {
            self.is_named = true;
            let origin = Origin::Flag("--credentials");
            return self.take_named(&path.to_string_lossy(), "--credentials", origin, world);
        }
        match world.variable_as_set(FILE_VARIABLE) {
            Some("") => self.places.push(format!("{FILE_VARIABLE} (empty)")),
            None => self.places.push(format!("{FILE_VARIABLE} (not set)")),
            Some(value) => {
                self.is_named = true;
                let origin = Origin::Variable(FILE_VARIABLE.to_owned());
                return self.take_named(value, FILE_VARIABLE, origin, world);
            }
        }
        match well_known(world) {
            Some(path) if path.exists() => self.take(&path, Origin::File(path.clone())),
            Some(path) => self.places.push(format!("{} (no such file)", path.display())),
            None => self.places.push("gcloud's folder (no HOME)".to_owned()),
        }
    }

    /// Half of all broken variables hold the file's contents, or a key, where its path belongs. No part of
    /// such a value is shown.
    fn take_named(&mut self, value: &str, name: &str, origin: Origin, world: &World) {
        let path = world.path(Path::new(value));
        // What is there is a path, whatever it looks like.
        let misplaced = misplaced::read(value).filter(|_| !path.exists());
        let Some(misplaced) = misplaced else { return self.take(&path, origin) };
        let what = misplaced.what;
        let note = format!("{name} holds {what}, where the path of a file belongs");
        self.text = misplaced.text.map(ApiKey::new);
        self.misplaced = Some(ApiKey::new(value));
        self.places.push(format!("{name} ({what})"));
        self.notes.push((LocalFact::CredentialsUnusable, note));
        self.origin = Some(origin);
    }

    fn take(&mut self, path: &Path, origin: Origin) {
        let place = format!("{origin} {}", shown(path));
        match decode::read_text(path, LIMIT) {
            Ok(decoded) => {
                self.text = Some(ApiKey::new(decoded.text));
                self.notes.extend(readable_by_others(path));
                self.places.push(format!("{place} (used)"));
            }
            Err(why) => {
                let fact = match why.as_str() {
                    // A file that is there and is no text is not one that is missing.
                    why if why.starts_with("it is not text") => LocalFact::CredentialsCorrupt,
                    _ => LocalFact::CredentialsUnusable,
                };
                self.notes.push((fact, format!("{place}: {why}")));
                self.places.push(format!("{place} ({why})"));
            }
        }
        self.origin = Some(origin);
        self.path = Some(path.to_owned());
    }
}

/// A path as it may be shown: what is far longer than any that people write may be something else.
fn shown(path: &Path) -> String {
    const LONGEST: usize = 300;
    let text = path.display().to_string();
    match text.chars().count() {
        long if long > LONGEST => format!("(a path of {long} characters)"),
        _ => text,
    }
}

/// An option, or else the variable.
fn named(
    flag: Option<&String>,
    option: &'static str,
    name: &str,
    world: &World,
) -> Result<Option<Sourced<String>>, UserError> {
    let flag = flag.map(|value| Sourced::new(value.trim().to_owned(), Origin::Flag(option)));
    if flag.as_ref().is_some_and(|flag| flag.value.is_empty()) {
        let what = format!("could not use {option}: it is empty");
        return Err(UserError::usage(what, "give a value, or leave the option out"));
    }
    Ok(flag.or_else(|| variable(name, world)))
}

fn variable(name: &str, world: &World) -> Option<Sourced<String>> {
    let value = world.variable(name)?.trim().to_owned();
    Some(Sourced::new(value, Origin::Variable(name.to_owned())))
}

/// Where gcloud keeps the login. Its own variable wins, which some libraries do not look at.
fn well_known(world: &World) -> Option<PathBuf> {
    let folder = match world.variable("CLOUDSDK_CONFIG") {
        Some(folder) => world.path(Path::new(folder)),
        None if cfg!(windows) => Path::new(world.variable("APPDATA")?).join("gcloud"),
        None => Path::new(world.variable("HOME")?).join(".config").join("gcloud"),
    };
    Some(folder.join(WELL_KNOWN))
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> Option<(LocalFact, String)> {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.metadata().ok()?.permissions().mode() & 0o777;
    (mode & 0o044 != 0).then(|| {
        let text = format!("{} can be read by other users (mode {mode:o})", path.display());
        (LocalFact::CredentialsReadable, text)
    })
}

#[cfg(not(unix))]
fn readable_by_others(_path: &Path) -> Option<(LocalFact, String)> {
    None
}

#[cfg(test)]
mod tests {
    use base64::Engine;

    use super::*;

    fn with(variables: &[(&str, &str)], files: &[(&str, &str)]) -> (World, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a directory");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        let mut world = World::bare(folder.path().to_owned());
        let home = folder.path().display().to_string();
        world.variables.insert("HOME".to_owned(), home.clone());
        world.variables.insert("APPDATA".to_owned(), format!("{home}/.config"));
        for (name, value) in variables {
            world.variables.insert((*name).to_owned(), (*value).to_owned());
        }
        (world, folder)
    }

    fn found(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Adc {
        let (world, _folder) = with(variables, files);
        Adc::find(&Given::default(), &world).expect("found or not")
    }

    const LOGIN: &str = ".config/gcloud/application_default_credentials.json";

    fn text(adc: &Adc) -> Option<&str> {
        adc.text.as_ref().map(ApiKey::expose)
    }

    #[test]
    fn the_variable_wins_over_gclouds_file() {
        let files = [("a.json", "{1}"), (LOGIN, "{2}")];
        assert_eq!(text(&found(&[(FILE_VARIABLE, "a.json")], &files)), Some("{1}"));
        assert_eq!(text(&found(&[(FILE_VARIABLE, "")], &files)), Some("{2}"));
        assert_eq!(text(&found(&[], &files)), Some("{2}"));
        let other = [("elsewhere/application_default_credentials.json", "{3}")];
        assert_eq!(text(&found(&[("CLOUDSDK_CONFIG", "elsewhere")], &other)), Some("{3}"));
    }

    #[test]
    fn a_named_file_that_is_missing_has_no_stand_in() {
        let adc = found(&[(FILE_VARIABLE, "gone.json")], &[(LOGIN, "{2}")]);
        assert_eq!((text(&adc), adc.is_named), (None, true));
        assert_eq!(adc.notes[0].0, LocalFact::CredentialsUnusable);
        assert!(adc.notes[0].1.contains("gone.json"), "{}", adc.notes[0].1);
    }

    #[test]
    fn what_stands_where_a_path_belongs_is_named_and_not_shown() {
        let packed =
            base64::engine::general_purpose::STANDARD.encode("{\n  \"private_key\": \"FAKE\"\n}\n");
        let long = format!("{}FAKE.json", "folder/".repeat(60));
        for value in ["{\"private_key\": \"FAKE\"}", "AQ.FAKE-key-for-a-test-0001", &packed, &long]
        {
            let adc = found(&[(FILE_VARIABLE, value)], &[]);
            let shown = format!("{:?} {:?}", adc.notes, adc.places);
            assert!(!shown.contains(&packed[..24]), "{shown}");
            assert_eq!(adc.notes[0].0, LocalFact::CredentialsUnusable);
            assert!(!adc.notes.iter().any(|(_, text)| text.contains("FAKE")), "{value}");
            assert!(!adc.places.iter().any(|text| text.contains("FAKE")), "{value}");
        }
    }

    #[test]
    fn a_machine_without_any_is_quiet() {
        let adc = found(&[], &[]);
        assert!(!adc.has_something() && adc.notes.is_empty());
        assert_eq!(adc.places.len(), 2);
        assert_eq!(adc.location.value, "global");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_told() {
        use std::os::unix::fs::PermissionsExt;
        for (mode, told) in [(0o600, false), (0o640, true), (0o644, true)] {
            let (world, folder) = with(&[(FILE_VARIABLE, "a.json")], &[("a.json", "{}")]);
            let path = folder.path().join("a.json");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
            let adc = Adc::find(&Given::default(), &world).expect("found");
            let facts: Vec<LocalFact> = adc.notes.iter().map(|(fact, _)| *fact).collect();
            assert_eq!(facts.contains(&LocalFact::CredentialsReadable), told, "{mode:o}");
        }
    }
}
