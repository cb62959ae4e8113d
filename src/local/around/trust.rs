//! The variables that name certificates, and those that switch their check off. Looks whether a file can
//! be opened and begins like one; which chain it trusts is what `tls-check` finds out.

use std::{fs::File, io::Read, path::Path};

use super::Told;
use crate::{
    facts::LocalFact,
    local::{
        bundles::table::{Kind, VARIABLES},
        machine::Machine,
    },
};

/// What a certificate stands behind in PEM.
const BEGINS: &[u8] = b"-----BEGIN ";
/// As much of a file as is looked at: bundles begin with comments.
const HEAD: u64 = 64 * 1024;

/// A variable that switches the check of certificates off, and the value that does.
const OFF: [(&str, &str, &str); 3] = [
    ("NODE_TLS_REJECT_UNAUTHORIZED", "0", "every Node program here connects to anybody"),
    ("PYTHONHTTPSVERIFY", "0", "old Pythons here connect to anybody"),
    ("GIT_SSL_NO_VERIFY", "1", "git here connects to anybody"),
];

pub(super) fn look(machine: &Machine) -> Told {
    let set = VARIABLES.iter().filter(|variable| variable.for_sdks);
    let set = set.filter_map(|variable| Some((variable, machine.variable(variable.name)?)));
    let mut names = Vec::new();
    let mut facts = Vec::new();
    for (variable, value) in set {
        let trouble = match variable.kind {
            Kind::File => trouble(&machine.path(value), false),
            Kind::FileOrDirectory => trouble(&machine.path(value), true),
            Kind::Directories => no_directory(machine, value),
            Kind::JavaOptions => continue,
        };
        names.push(variable.name);
        let detail =
            |what| format!("{} names {value}, {what}: {}", variable.name, variable.when_broken);
        facts.extend(trouble.map(|what| (LocalFact::CaVariableBroken, detail(what))));
    }
    let off = OFF.iter().filter(|(name, value, _)| machine.variable(name) == Some(*value));
    facts.extend(off.map(|(name, value, effect)| {
        (LocalFact::VerificationOff, format!("{name}={value} is set: {effect}"))
    }));
    let detail = match names.is_empty() {
        true => String::new(),
        false => format!("certificates are named by {}", names.join(", ")),
    };
    (detail, facts)
}

/// Why a file cannot be used, in a clause.
fn trouble(path: &Path, may_be_directory: bool) -> Option<&'static str> {
    let Ok(data) = path.metadata() else { return Some("which is not there") };
    if data.is_dir() {
        return (!may_be_directory).then_some("which is a directory");
    }
    if !data.is_file() {
        return None;
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    match read {
        Err(_) => Some("which cannot be read"),
        Ok(0) => Some("which is empty"),
        // One in DER begins with the mark of a sequence, and some programs take it.
        Ok(_) if head.first() == Some(&0x30) => None,
        Ok(length) if (length as u64) < HEAD && memchr::memmem::find(&head, BEGINS).is_none() => {
            Some("which holds no certificate in PEM")
        }
        Ok(_) => None,
    }
}

fn no_directory(machine: &Machine, list: &str) -> Option<&'static str> {
    let mut paths = std::env::split_paths(list).map(|path| machine.path(path));
    (!paths.any(|path| path.is_dir())).then_some("which is no directory that is there")
}
