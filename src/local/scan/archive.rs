//! The members of archives in ZIP's form: apps, packages, plain archives. Reads the directory at the
//! archive's end, and unpacks one member after the other into memory; writes nothing.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use super::{Limits, inflate};

/// How names of archives in this form end.
const ENDINGS: [&str; 12] = [
    ".zip", ".apk", ".ipa", ".jar", ".aab", ".aar", ".war", ".whl", ".xapk", ".apks", ".egg",
    ".ear",
];
/// Archives in other forms, which are not looked into.
const OTHERS: [&str; 7] = [".tar", ".tgz", ".gz", ".xz", ".7z", ".rar", ".bz2"];
/// Where the end record can begin at the earliest: it may have a comment behind.
const TAIL: u64 = 22 + 65_535;
/// The longest directory that is read.
const DIRECTORY: u64 = 64 * 1024 * 1024;
/// No honest member becomes so many times its packed size; the best that the method can do is 1032.
const RATIO: u64 = 400;
/// A member this small harms nobody, whatever its ratio.
const SMALL: u64 = 1024 * 1024;
/// Pictures, sounds and fonts hold no keys.
const PICTURES: [&str; 12] = [
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp3", ".mp4", ".ogg", ".ttf", ".otf", ".woff",
    ".woff2",
];

/// Whether a name is that of an archive that can be looked into.
pub(super) fn is_archive(name: &str) -> bool {
    ends(name, &ENDINGS)
}

/// Whether a name is that of an archive in another form.
pub(super) fn is_other_archive(name: &str) -> bool {
    ends(name, &OTHERS)
}

/// Whether a name is that of a picture or a sound.
pub(super) fn is_picture(name: &str) -> bool {
    ends(name, &PICTURES)
}

fn ends(name: &str, endings: &[&str]) -> bool {
    let lower = name.to_ascii_lowercase();
    endings.iter().any(|ending| lower.ends_with(ending))
}

/// What a member's reader is given: its name and its bytes.
type Take<'a> = dyn FnMut(&str, &[u8]) + 'a;

/// Goes through an archive in a file. Gives what was left out, each a fragment.
pub(super) fn of_file(path: &Path, limits: &Limits, take: &mut Take<'_>) -> Vec<String> {
    match File::open(path) {
        Ok(mut file) => members(&mut file, limits, true, take),
        Err(error) => vec![format!("it cannot be read: {error}")],
    }
}

fn members<S: Read + Seek>(
    source: &mut S,
    limits: &Limits,
    goes_in: bool,
    take: &mut Take<'_>,
) -> Vec<String> {
    let entries = match directory(source) {
        Ok(directory) => entries(&directory),
        Err(why) => return vec![why.to_owned()],
    };
    let mut left_out = Vec::new();
    if entries.len() > limits.members {
        left_out.push(format!("all but {} of its {} members", limits.members, entries.len()));
    }
    let mut spent = 0;
    let wanted = |entry: &Entry| !entry.name.ends_with('/') && !is_picture(&entry.name);
    for entry in entries.into_iter().take(limits.members).filter(wanted) {
        let rest = Limits { inflated: limits.inflated.saturating_sub(spent), ..*limits };
        match entry.bytes(source, rest.file.min(rest.inflated)) {
            Ok(bytes) => {
                spent += bytes.len() as u64;
                left_out.extend(member(&entry.name, &bytes, (&rest, goes_in), take));
            }
            Err(why) => left_out.push(format!("{}, which {why}", entry.name)),
        }
    }
    left_out
}

/// Hands a member on, or goes into it where it is an archive itself. Gives what was left out.
fn member(
    name: &str,
    bytes: &[u8],
    (limits, goes_in): (&Limits, bool),
    take: &mut Take<'_>,
) -> Vec<String> {
    if goes_in && is_archive(name) {
        let mut inner = |inside: &str, bytes: &[u8]| take(&format!("{name}!{inside}"), bytes);
        let said = members(&mut std::io::Cursor::new(bytes), limits, false, &mut inner);
        return said.into_iter().map(|what| format!("{name}: {what}")).collect();
    }
    if is_archive(name) || is_other_archive(name) {
        return vec![format!("{name}, an archive inside of it")];
    }
    take(name, bytes);
    Vec::new()
}

/// One member, as the directory has it.
struct Entry {
    name: String,
    method: u16,
    encrypted: bool,
    packed: u64,
    unpacked: u64,
    at: u64,
}

impl Entry {
    fn bytes<S: Read + Seek>(&self, source: &mut S, most: u64) -> Result<Vec<u8>, &'static str> {
        const WIDE: u64 = 0xFFFF_FFFF;
        if self.encrypted {
            return Err("is locked with a password");
        }
        if [self.packed, self.unpacked, self.at].contains(&WIDE) {
            return Err("is too long");
        }
        if self.unpacked > most || self.packed > most {
            return Err("is too long, or comes after too much");
        }
        if self.unpacked > SMALL && self.unpacked / self.packed.max(1) > RATIO {
            return Err("would become far larger than it is, as a bomb does");
        }
        let packed = self.packed(source).ok_or("is not where the directory says")?;
        // The directory may lie about the size.
        let most = most.min(self.unpacked.max(SMALL));
        inflate::unpack(self.method, &packed, most)
    }

    fn packed<S: Read + Seek>(&self, source: &mut S) -> Option<Vec<u8>> {
        let mut head = [0; 30];
        source.seek(SeekFrom::Start(self.at)).ok()?;
        source.read_exact(&mut head).ok()?;
        if !head.starts_with(b"PK\x03\x04") {
            return None;
        }
        let skip = u64::from(two(&head, 26)) + u64::from(two(&head, 28));
        source.seek(SeekFrom::Current(skip.cast_signed())).ok()?;
        let mut packed = Vec::new();
        source.by_ref().take(self.packed).read_to_end(&mut packed).ok()?;
        (packed.len() as u64 == self.packed).then_some(packed)
    }
}

/// The bytes of the directory, which the end record leads to.
fn directory<S: Read + Seek>(source: &mut S) -> Result<Vec<u8>, &'static str> {
    const NOT_ONE: &str = "it has no directory, as an archive that is cut or none at all";
    let length = source.seek(SeekFrom::End(0)).map_err(|_| NOT_ONE)?;
    let start = length.saturating_sub(TAIL);
    source.seek(SeekFrom::Start(start)).map_err(|_| NOT_ONE)?;
    let mut tail = Vec::new();
    source.by_ref().take(TAIL).read_to_end(&mut tail).map_err(|_| NOT_ONE)?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06").ok_or(NOT_ONE)?;
    let end = tail.get(end..end + 22).ok_or(NOT_ONE)?;
    let (size, at) = (u64::from(four(end, 12)), u64::from(four(end, 16)));
    if size > DIRECTORY || at + size > length {
        return Err("its directory is too long, or not where it says");
    }
    source.seek(SeekFrom::Start(at)).map_err(|_| NOT_ONE)?;
    let mut directory = Vec::new();
    source.by_ref().take(size).read_to_end(&mut directory).map_err(|_| NOT_ONE)?;
    Ok(directory)
}

fn entries(directory: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut rest = directory;
    while let Some(head) = rest.get(..46).filter(|head| head.starts_with(b"PK\x01\x02")) {
        let lengths = [28, 30, 32].map(|at| usize::from(two(head, at)));
        let Some(name) = rest.get(46..46 + lengths[0]) else { break };
        entries.push(Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            method: two(head, 10),
            encrypted: two(head, 8) & 1 == 1,
            packed: four(head, 20).into(),
            unpacked: four(head, 24).into(),
            at: four(head, 42).into(),
        });
        rest = rest.get(46 + lengths.iter().sum::<usize>()..).unwrap_or_default();
    }
    entries
}

fn two(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn four(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
