//! Which fact a secret at its place is, and the words for it.

use super::{Ground, Lying, SecretKind};
use crate::facts::LocalFact;

/// The groups that are told one after the other, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// In a file that git tracks.
    Tracked,
    /// In what is built or packed to be given away.
    Shipped,
    /// In a log.
    Logged,
    /// In a file that nothing keeps out of version control.
    Loose,
    /// Where it belongs, or only a stand-in.
    Quiet,
}

/// What a secret is at its place. `None` where it belongs there, or where it is none.
pub fn fact(lying: &Lying) -> (Group, Option<LocalFact>) {
    let group = group(lying);
    let of_key = match group {
        Group::Loose if is_kept_for_bundle(lying) => LocalFact::KeyForBundle,
        Group::Quiet => return (group, None),
        Group::Tracked => LocalFact::KeyTracked,
        Group::Shipped if may_be_public(lying) => LocalFact::PublicKeyShipped,
        Group::Shipped => LocalFact::KeyShipped,
        Group::Logged => LocalFact::KeyLogged,
        Group::Loose => LocalFact::KeyLoose,
    };
    let fact = match lying.kind {
        SecretKind::StandardKey | SecretKind::AuthKey => of_key,
        SecretKind::ServiceAccount => LocalFact::ServiceAccountLoose,
        SecretKind::OauthClientSecret | SecretKind::RefreshToken | SecretKind::AccessToken => {
            LocalFact::OauthSecretLoose
        }
    };
    (group, Some(fact))
}

fn group(lying: &Lying) -> Group {
    let in_repository = lying.ignored.is_some();
    let kept_out = lying.ignored == Some(true);
    match lying.ground {
        _ if lying.fake => Group::Quiet,
        _ if is_kept_for_bundle(lying) => Group::Loose,
        Ground::Built | Ground::Archive => Group::Shipped,
        _ if lying.tracked == Some(true) => Group::Tracked,
        Ground::Log => Group::Logged,
        // The file that is there for it.
        Ground::Settings if kept_out || !in_repository => Group::Quiet,
        Ground::Tree if kept_out || lying.alone && !in_repository => Group::Quiet,
        Ground::Settings | Ground::Tree => Group::Loose,
    }
}

/// Settings that nobody else gets, and whose names lead the key into what everybody gets.
fn is_kept_for_bundle(lying: &Lying) -> bool {
    let is_kept = lying.tracked != Some(true) && lying.ignored != Some(false);
    lying.ground == Ground::Settings && is_kept && lying.kind.is_key() && lying.for_bundle
}

/// A standard key beside marks of Firebase or Maps, in a file that calls no Gemini host.
fn may_be_public(lying: &Lying) -> bool {
    lying.kind == SecretKind::StandardKey
        && lying.beside_public_marks
        && !lying.beside_calls
        && !lying.in_use
}

/// A sentence without its final stop: what it is, where, and what git knows of it.
pub fn words(lying: &Lying) -> String {
    let (what, place) = (lying.kind.phrase(), lying.place.words());
    let times = if lying.times > 1 { format!(", {} times", lying.times) } else { String::new() };
    let used = if lying.in_use { ", the key in use" } else { "" };
    let git = match (lying.tracked, lying.ignored) {
        (Some(true), _) => "; git tracks the file",
        (Some(false), Some(true)) => "; git leaves the file out",
        (Some(false), _) => "; git does not track the file yet",
        (None, Some(_)) => "; whether git tracks the file cannot be told",
        (None, None) => "",
    };
    let taken = match lying.for_bundle {
        true => "; build tools take that variable into the bundle",
        false => "",
    };
    let fake = if lying.fake { "; a stand-in, by its look" } else { "" };
    format!("{what} ({}{used}) in {place}{times}{git}{taken}{fake}", lying.fingerprint)
}
