//! From what was typed to the files that are meant. Opens no file.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use ignore::{DirEntry, WalkBuilder};

use super::{File, Found, Place, Trouble, Wanted, glob, said};

/// Every text that was named. A directory stands for what is in it, a pattern for what it fits.
pub fn find(wanted: &Wanted<'_>) -> Found {
    let mut found = Found::default();
    for path in wanted.paths {
        named(path, wanted, &mut found);
    }
    if wanted.paths.len() > 1 {
        each_once(&mut found);
    }
    found
}

fn named(path: &Path, wanted: &Wanted<'_>, found: &mut Found) {
    if path.as_os_str() == "-" {
        found.files.push(File {
            name: "standard input".to_owned(),
            place: Place::Standard,
            named: true,
            bytes: None,
        });
        return;
    }
    match fs::metadata(path) {
        Ok(seen) if seen.is_dir() => directory(path, wanted, found),
        Ok(seen) => found.files.push(file(path, true, seen.is_file().then_some(seen.len()))),
        Err(_) if glob::is_pattern(path) && fs::symlink_metadata(path).is_err() => {
            pattern(path, wanted, found);
        }
        Err(error) => found.troubles.push(trouble(path, leads_nowhere(path, &error))),
    }
}

/// A link that is there and leads nowhere is another matter than a name that was mistyped.
fn leads_nowhere(path: &Path, error: &std::io::Error) -> String {
    let is_link = fs::symlink_metadata(path).is_ok_and(|seen| seen.is_symlink());
    match (is_link, error.kind()) {
        (true, std::io::ErrorKind::NotFound) => "it is a link that leads nowhere".to_owned(),
        _ => said(error),
    }
}

fn directory(path: &Path, wanted: &Wanted<'_>, found: &mut Found) {
    walk(path, wanted, found, |_| true);
}

fn pattern(path: &Path, wanted: &Wanted<'_>, found: &mut Found) {
    let matcher = match glob::Pattern::new(path) {
        Ok(matcher) => matcher,
        Err(why) => return found.troubles.push(trouble(path, why)),
    };
    let before = found.files.len();
    walk(&matcher.base(), wanted, found, |path| matcher.fits(path));
    if found.files.len() == before {
        let ignored =
            if wanted.ignore { ", unless one that is hidden or ignored does" } else { "" };
        found.troubles.push(trouble(path, format!("no file fits this pattern{ignored}")));
    }
}

/// Links within a directory are not followed, so that no walk goes round in circles.
fn walk(base: &Path, wanted: &Wanted<'_>, found: &mut Found, fits: impl Fn(&Path) -> bool) {
    let mut walker = WalkBuilder::new(base);
    walker.standard_filters(wanted.ignore).hidden(!wanted.hidden).follow_links(false);
    // A list counts without a repository, too; one above the directory where both belong to the same one.
    walker.require_git(false).parents(wanted.ignore && is_in_repository(base));
    walker.sort_by_file_name(std::cmp::Ord::cmp);
    if wanted.ignore {
        walker.filter_entry(|entry| entry.file_name() != ".git");
        lists_of_here(base, &mut walker);
    }
    for entry in walker.build() {
        match entry {
            Ok(entry) if is_file(&entry) && fits(entry.path()) => {
                let bytes = entry.metadata().ok().map(|seen| seen.len());
                found.files.push(file(entry.path(), false, bytes));
            }
            Ok(_) => {}
            Err(error) => found.troubles.push(of_walk(base, &error)),
        }
    }
}

/// Where there is no repository, the lists of the current directory count for what is below it.
fn lists_of_here(base: &Path, walker: &mut WalkBuilder) {
    let is_below = base.is_relative() && !base.starts_with("..");
    if !is_below || is_in_repository(base) {
        return;
    }
    for name in [".gitignore", ".ignore"].map(Path::new).into_iter().filter(|name| name.is_file()) {
        // What cannot be read of a list leaves files in, which is seen in the result.
        let _ = walker.add_ignore(name);
    }
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

fn is_in_repository(base: &Path) -> bool {
    let full = fs::canonicalize(base).unwrap_or_else(|_| base.to_owned());
    full.ancestors().any(|above| above.join(".git").exists())
}

fn of_walk(base: &Path, error: &ignore::Error) -> Trouble {
    let why = error.io_error().map_or_else(|| error.to_string(), said);
    trouble(place_of(error).unwrap_or(base), why)
}

fn place_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place_of(err)
        }
        _ => None,
    }
}

/// A file that is named twice, or by two names, is one.
fn each_once(found: &mut Found) {
    let mut seen: HashSet<Option<PathBuf>> = HashSet::new();
    let before = found.files.len();
    found.files.retain(|file| match &file.place {
        Place::Standard => seen.insert(None),
        Place::Path(path) => {
            seen.insert(Some(fs::canonicalize(path).unwrap_or_else(|_| path.clone())))
        }
    });
    found.repeated = (before - found.files.len()) as u64;
}

fn file(path: &Path, named: bool, bytes: Option<u64>) -> File {
    let place = Place::Path(path.to_owned());
    File { name: shown(path), place, named, bytes }
}

fn trouble(path: &Path, why: String) -> Trouble {
    Trouble { name: shown(path), why }
}

/// Without the dot that stands for here.
fn shown(path: &Path) -> String {
    let bare = path.strip_prefix(".").ok().filter(|bare| !bare.as_os_str().is_empty());
    bare.unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(base: &Path, paths: &[&str], ignore: bool, hidden: bool) -> (Vec<String>, Found) {
        let paths: Vec<PathBuf> = paths.iter().map(|path| base.join(path)).collect();
        let found = find(&Wanted { paths: &paths, ignore, hidden });
        let inside = |file: &File| {
            let Place::Path(path) = &file.place else { return "-".to_owned() };
            path.strip_prefix(base).expect("inside").display().to_string().replace('\\', "/")
        };
        (found.files.iter().map(inside).collect(), found)
    }

    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.txt", "b/c.txt", "b/d.md", ".hidden", "out/x.txt", "b/z.log"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        fs::write(folder.path().join(".gitignore"), "out/\n").unwrap();
        fs::write(folder.path().join(".ignore"), "*.log\n").unwrap();
        folder
    }

    #[test]
    fn a_directory_stands_for_what_is_neither_hidden_nor_ignored() {
        let folder = tree();
        let seen = |ignore, hidden| names(folder.path(), &[""], ignore, hidden).0;
        assert_eq!(seen(true, false), ["a.txt", "b/c.txt", "b/d.md"]);
        assert_eq!(seen(false, false), ["a.txt", "b/c.txt", "b/d.md", "b/z.log", "out/x.txt"]);
        let hidden = seen(true, true);
        assert!(
            hidden.contains(&".hidden".to_owned()) && !hidden.contains(&"out/x.txt".to_owned())
        );
    }

    #[test]
    fn what_is_named_is_read_even_if_it_is_ignored_and_once_only() {
        let folder = tree();
        let (seen, found) =
            names(folder.path(), &["out/x.txt", ".hidden", "b", "b/c.txt"], true, false);
        assert_eq!(seen, ["out/x.txt", ".hidden", "b/c.txt", "b/d.md", "b/z.log"]);
        assert_eq!((found.repeated, found.files[0].named, found.files[2].named), (1, true, false));
    }

    #[test]
    fn a_pattern_stands_for_what_it_fits() {
        let folder = tree();
        let seen = |pattern| names(folder.path(), &[pattern], true, false);
        assert_eq!(seen("**/*.txt").0, ["a.txt", "b/c.txt"]);
        assert_eq!(seen("*.txt").0, ["a.txt"], "a star does not cross a slash");
        assert_eq!(seen("b/[cd].*").0, ["b/c.txt", "b/d.md"]);
        assert_eq!(seen("{a,b/c}.txt").0, ["a.txt", "b/c.txt"]);
        let (none, found) = seen("*.rs");
        assert!(none.is_empty() && found.troubles[0].why.starts_with("no file fits"), "{found:?}");
        let (_, found) = seen("[a");
        assert!(found.troubles[0].why.contains("no pattern"), "{found:?}");
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere_and_round_in_circles_without_harm() {
        use std::os::unix::fs::symlink;
        let folder = tree();
        symlink("nowhere", folder.path().join("dangling")).unwrap();
        symlink("..", folder.path().join("b/loop")).unwrap();
        let (seen, found) = names(folder.path(), &[""], true, false);
        assert_eq!((seen.len(), found.troubles.len()), (3, 0), "{found:?}");
        let (_, found) = names(folder.path(), &["dangling", "missing"], true, false);
        assert_eq!(found.troubles[0].why, "it is a link that leads nowhere");
        assert_eq!(found.troubles[1].why, "there is no such file");
    }

    #[test]
    fn a_list_above_counts_in_a_repository_only() {
        let folder = tree();
        fs::create_dir(folder.path().join("out/deep")).unwrap();
        fs::write(folder.path().join("out/deep/y.txt"), "text").unwrap();
        fs::write(folder.path().join(".gitignore"), "y.txt\n").unwrap();
        assert_eq!(names(folder.path(), &["out/deep"], true, false).0, ["out/deep/y.txt"]);
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert!(names(folder.path(), &["out/deep"], true, false).0.is_empty());
    }
}
