//! The client's side of a scenario: what the tool must find in place of the machine it runs on.
//!
//! Writes into its own scratch directory only, and removes it when dropped. It never reads the
//! machine's variables, files or settings.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::google::{Google, write_login};
use super::identity::{Identities, NAMES};
use super::scenario::{Content, File, Git, Local, Proxy, Scenario, Way};

/// What the tool must see instead of the machine.
#[derive(Debug)]
pub struct ClientSide {
    /// Where the API is said to be; none for the API's own address.
    pub base_url: Option<String>,
    /// The environment: these variables and no others.
    pub variables: Vec<(String, String)>,
    /// The scratch directory in which the scenario takes place.
    pub directory: PathBuf,
    /// The configuration file, where there is one.
    pub config_file: Option<PathBuf>,
    /// The key file, where there is one.
    pub key_file: Option<PathBuf>,
    /// The command that is said to print the key.
    pub key_command: Option<String>,
    /// What the resolver says, by host name.
    pub dns: Vec<(String, DnsAnswer)>,
    /// The proxy that is configured.
    pub proxy: Option<String>,
    /// Stands for the roots that Mozilla trusts.
    pub public_roots_pem: String,
    /// Stands for the operating system's store.
    pub system_roots_pem: String,
}

impl Drop for ClientSide {
    fn drop(&mut self) {
        // Nobody is left to be told; what remains is for the system's own cleaning.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// What a resolver says about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DnsAnswer {
    /// These addresses, in this order, each with the port to dial.
    Addresses(Vec<SocketAddr>),
    /// There is no such name.
    NotFound,
    /// A temporary failure.
    TryAgain,
    /// A failure for good.
    Failed,
    /// No answer, however long one waits.
    Never,
}

/// Where the client is led to.
pub(super) struct Ways {
    /// The addresses the simulator listens on, in the order in which DNS gives them.
    pub(super) addresses: Vec<SocketAddr>,
    /// Where the proxy is, if there is one to be reached.
    pub(super) proxy: Option<SocketAddr>,
    /// Where the metadata server is, if the machine has one.
    pub(super) metadata: Option<SocketAddr>,
}

/// Sets the client's side up.
pub(super) fn prepare(
    scenario: &Scenario,
    ways: &Ways,
    identities: &Identities,
    google: Option<&Google>,
) -> Result<ClientSide, String> {
    let local = &scenario.local;
    let directory = scratch_directory()?;
    let in_scratch = |name: &str| directory.join(name);
    let mut client = ClientSide {
        base_url: local.base_url.map(str::to_owned),
        variables: local.variables.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        config_file: local.config_file.map(in_scratch),
        key_file: local.key_file.map(in_scratch),
        key_command: local.key_command.map(str::to_owned),
        dns: dns(scenario.way, ways),
        proxy: proxy_url(scenario.proxy, ways.proxy),
        public_roots_pem: identities.public_root_pem.clone(),
        system_roots_pem: system_roots(scenario, identities),
        directory,
    };
    furnish(&client.directory, local)?;
    if let Some(google) = google {
        client.variables.extend(write_login(google, &client.directory)?);
    }
    Ok(client)
}

/// Whether `git` can be run here.
pub(super) fn git_is_here() -> bool {
    let version = Command::new("git").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

fn scratch_directory() -> Result<PathBuf, String> {
    // Two programs that start at the same moment draw the same number; their ids differ.
    let (process, number) = (std::process::id(), fastrand::u64(..));
    let name = format!("gemini-doctor-simulation-{process:x}-{number:016x}");
    let directory = std::env::temp_dir().join(name);
    let created =
        fs::DirBuilder::new().create(&directory).and_then(|()| protect(&directory, 0o700));
    created.map_err(|error| format!("cannot create {}: {error}", directory.display()))?;
    if cfg!(windows) {
        return Ok(directory);
    }
    // Some systems keep their temporary directory behind a link, which git would resolve.
    fs::canonicalize(&directory).map_err(|error| format!("cannot find the scratch: {error}"))
}

/// Only a machine in the cloud knows this name.
const METADATA: &str = "metadata.google.internal";

fn dns(way: Way, ways: &Ways) -> Vec<(String, DnsAnswer)> {
    let answer = match way {
        Way::NotFound => DnsAnswer::NotFound,
        Way::TryAgain => DnsAnswer::TryAgain,
        Way::Failed => DnsAnswer::Failed,
        Way::Never => DnsAnswer::Never,
        Way::Open | Way::Refused | Way::Full | Way::Ipv6Refused => {
            DnsAnswer::Addresses(ways.addresses.clone())
        }
    };
    let metadata = ways.metadata.map(|address| DnsAnswer::Addresses(vec![address]));
    let named = NAMES.iter().map(|name| ((*name).to_owned(), answer.clone()));
    named.chain(metadata.map(|answer| (METADATA.to_owned(), answer))).collect()
}

fn proxy_url(proxy: Proxy, address: Option<SocketAddr>) -> Option<String> {
    match proxy {
        Proxy::Url(url) => Some(url.to_owned()),
        _ => address.map(|address| format!("http://{address}")),
    }
}

fn system_roots(scenario: &Scenario, identities: &Identities) -> String {
    let company = identities.company_root_pem.as_deref().unwrap_or_default();
    match scenario.identity {
        super::scenario::Identity::InspectionTrusted => {
            format!("{}{company}", identities.public_root_pem)
        }
        _ => identities.public_root_pem.clone(),
    }
}

fn furnish(directory: &Path, local: &Local) -> Result<(), String> {
    for file in local.files {
        place(directory, file).map_err(|error| format!("cannot write {}: {error}", file.name))?;
    }
    match local.git {
        Git::None => Ok(()),
        Git::Untracked => repository(directory),
        Git::Tracked => {
            repository(directory).and_then(|()| git(directory, &["add", "-f", "--", "."]))
        }
    }
}

/// Writes a file with a mode.
pub(super) fn put(path: &Path, bytes: &[u8], mode: u32) -> Result<(), String> {
    let written = fs::write(path, bytes).and_then(|()| protect(path, mode));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn place(directory: &Path, file: &File) -> std::io::Result<()> {
    let path = directory.join(file.name);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let bytes = match file.content {
        Content::Directory => return fs::create_dir(path),
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::ServiceAccount => service_account().into_bytes(),
    };
    fs::write(&path, bytes)?;
    protect(&path, file.mode)
}

/// As long as such a file is, with a key that is none: characters by chance, and the word among them.
fn service_account() -> String {
    let chance = |length: usize| (0..length).map(|_| fastrand::alphanumeric()).collect::<String>();
    let key = format!("{}FAKE{}", chance(800), chance(800));
    let title = "PRIVATE KEY";
    format!(
        "{{\n  \"type\": \"service_account\",\n  \"project_id\": \"example-project\",\n  \
         \"private_key\": \"-----BEGIN {title}-----\\n{key}\\n-----END {title}-----\\n\"\n}}\n"
    )
}

#[cfg(unix)]
fn protect(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn protect(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}

fn repository(directory: &Path) -> Result<(), String> {
    git(directory, &["init", "--quiet", "--template="])?;
    // The user's own list of ignored files must not decide what this repository ignores.
    git(directory, &["config", "core.excludesFile", "no-such-file"])
}

fn git(directory: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("git");
    command.current_dir(directory).args(["-c", "core.autocrlf=false"]).args(arguments);
    command.env("GIT_CONFIG_NOSYSTEM", "1").stdin(Stdio::null());
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command.output().map_err(|error| format!("cannot run git: {error}"))?;
    let words = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(format!("git failed: {}", words())) }
}
