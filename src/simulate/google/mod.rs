//! Google's side of a login: the token endpoint, the security token service, the lender of service accounts, the
//! metadata server, and who is let in to the cloud platform's routes.
//!
//! It truly verifies what it is shown: signatures, audiences, scopes and times, by its own clock. It decides no
//! fault of the API itself; those are rules.

mod file;
mod keys;
mod metadata;
mod token;
mod vertex;

use std::time::{SystemTime, UNIX_EPOCH};

use super::call::Call;
use super::clock::Clock;
use super::reply::Reply;
use super::scenario::Scenario;
pub(super) use file::write as write_login;
use keys::Keys;
pub(super) use metadata::serve as serve_metadata;
pub(super) use vertex::not_served;

/// The project in which everything is in order.
pub(super) const PROJECT: &str = "simulated-project";
/// The service account whose key the login's file may hold.
const ROBOT: &str = "caller@simulated-project.iam.gserviceaccount.com";
/// The service account that may be lent.
const TARGET: &str = "lent@simulated-project.iam.gserviceaccount.com";
/// The service account of the machine.
const MACHINE: &str = "machine@simulated-project.iam.gserviceaccount.com";
/// The host that vouches for an external account.
const ISSUER: &str = "https://login.example";
/// The audience that the pool expects of that host's statements.
const POOL: &str = "//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/simulated/providers/simulated";

/// The tokens that are given out. Nobody ever owned one.
const TOKENS: [&str; 5] = [OF_ROBOT, OF_USER, OF_EXTERNAL, OF_TARGET, OF_MACHINE];
const OF_ROBOT: &str = "ya29.c.FAKE-simulated-access-token-of-the-service-account-0001";
const OF_USER: &str = "ya29.a0FAKE-simulated-access-token-of-the-person-0002";
const OF_EXTERNAL: &str = "ya29.d.FAKE-simulated-access-token-of-the-workload-0003";
const OF_TARGET: &str = "ya29.c.FAKE-simulated-access-token-of-the-lent-account-0004";
/// For a statement that only asks to be lent an account; no model takes it.
const FOR_LENDING: &str = "ya29.c.FAKE-simulated-access-token-for-lending-alone-0006";
const OF_MACHINE: &str = "ya29.c.FAKE-simulated-access-token-of-the-machine-0005";

/// The cloud platform's part of a scenario.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cloud {
    pub(super) login: Login,
    pub(super) file: FileFault,
    pub(super) grant: GrantFault,
    /// `GOOGLE_CLOUD_PROJECT`, where it is set.
    pub(super) project: Option<&'static str>,
    /// `GOOGLE_CLOUD_LOCATION`, where it is set.
    pub(super) location: Option<&'static str>,
    /// Whether the file of a person's login names the project whose quota counts.
    pub(super) quota_project: Option<&'static str>,
}

/// What the machine logs in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Login {
    /// Nothing at all.
    Nothing,
    /// A key of the API, without a project.
    Key,
    ServiceAccount,
    User,
    /// A person who goes on as a service account.
    Impersonated,
    /// A service account that goes on as another one.
    Delegated,
    /// A workload whose proof lies in a file.
    ExternalFile,
    /// A workload whose proof is asked for, and which goes on as a service account.
    ExternalUrl,
    Metadata,
}

/// What is wrong with the login's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileFault {
    None,
    /// The variable names a file that is not there.
    Missing,
    Empty,
    Truncated,
    WebPage,
    ClientSecret,
    ApiKey,
    NoEmail,
    Template,
    /// The line breaks of its key were escaped twice.
    KeyEscaped,
    KeyTruncated,
    /// Everybody can read it.
    Readable,
    /// It belongs to another universe.
    Universe,
    /// Its proof would come from a program.
    Executable,
    /// Its secrets would go to somebody else.
    ForeignHost,
    /// It names an address of the token endpoint that was given up.
    OldTokenUri,
}

/// What is wrong where tokens are given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GrantFault {
    None,
    /// The login was withdrawn, or not used for too long.
    Revoked,
    /// A person has to log in again.
    Reauthentication,
    /// The key was deleted.
    KeyDeleted,
    /// The account is no more.
    AccountGone,
    /// The program that was logged in to is no more.
    ClientDeleted,
    /// The proof is for somebody else.
    ProofAudience,
    /// The proof has run out.
    ProofExpired,
    /// The account may not be lent to this caller.
    LendingDenied,
    /// The machine has no service account.
    NoAccount,
    /// The token endpoint is down.
    Down,
    /// Somebody else answers in the token endpoint's place.
    Odd,
}

impl Cloud {
    /// A login of that kind, in order, for the project in which everything is in order.
    pub(super) const fn of(login: Login) -> Self {
        Self {
            login,
            file: FileFault::None,
            grant: GrantFault::None,
            project: Some(PROJECT),
            location: None,
            quota_project: Some(PROJECT),
        }
    }

    pub(super) const fn file(self, file: FileFault) -> Self {
        Self { file, ..self }
    }

    pub(super) const fn grant(self, grant: GrantFault) -> Self {
        Self { grant, ..self }
    }

    pub(super) const fn project(self, project: Option<&'static str>) -> Self {
        Self { project, ..self }
    }

    pub(super) const fn location(self, location: &'static str) -> Self {
        Self { location: Some(location), ..self }
    }

    pub(super) const fn quota_project(self, project: Option<&'static str>) -> Self {
        Self { quota_project: project, ..self }
    }
}

/// The running part of it.
#[derive(Debug)]
pub(super) struct Google {
    cloud: Cloud,
    keys: Keys,
    ahead_s: i64,
    clock: Clock,
}

impl Google {
    /// With a key that is made now and forgotten at the end.
    pub(super) fn start(scenario: &Scenario, clock: Clock) -> Result<Option<Self>, String> {
        let Some(cloud) = scenario.cloud else { return Ok(None) };
        Ok(Some(Self { cloud, keys: Keys::make()?, ahead_s: scenario.date_ahead_s, clock }))
    }

    /// Whether the machine has a metadata server.
    pub(super) fn has_metadata(&self) -> bool {
        self.cloud.login == Login::Metadata
    }

    /// The answer of whoever gives out tokens, or the refusal of whoever was not let in; none where the API
    /// itself is to answer.
    pub(super) fn answer(&self, call: &Call, scenario: &Scenario) -> Option<Reply> {
        token::answer(self, call).or_else(|| vertex::refusal(self, call, scenario))
    }

    /// Seconds since 1970, by the clock of this side. What was skipped has passed here, too.
    fn now_s(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = now + self.clock.skipped_time();
        i64::try_from(now.as_secs()).unwrap_or(i64::MAX).saturating_add(self.ahead_s)
    }
}
