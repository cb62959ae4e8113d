//! The pages of a PDF, as far as they can be told without unpacking it.

use super::find;

pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    // Readers allow some other bytes first.
    bytes.get(..bytes.len().min(1024)).is_some_and(|head| find(head, b"%PDF-", 0).is_some())
}

/// What the largest tree of pages says, or else the pages that are written out; none where all is packed.
pub(super) fn pages(bytes: &[u8]) -> Option<u32> {
    let mut written_out = 0;
    let mut counted = None;
    let mut start = 0;
    while start < bytes.len() {
        let end =
            find(bytes, b"endobj", start).map_or(bytes.len(), |place| place + b"endobj".len());
        let object = bytes.get(start..end)?;
        let types = types(object);
        written_out += types.pages;
        if types.is_tree {
            counted = counted.max(count_in(object));
        }
        start = end;
    }
    counted.or((written_out > 0).then_some(written_out))
}

/// What the types in one object say.
#[derive(Default)]
struct Types {
    pages: u32,
    is_tree: bool,
}

fn types(object: &[u8]) -> Types {
    let mut types = Types::default();
    let mut at = 0;
    while let Some(place) = find(object, b"/Type", at) {
        at = place + b"/Type".len();
        match name_at(object, at) {
            Some(b"Pages") => types.is_tree = true,
            Some(b"Page") => types.pages += 1,
            _ => {}
        }
    }
    types
}

/// The name that follows, after white space: `/Page` without its slash.
fn name_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..)?.trim_ascii_start().strip_prefix(b"/")?;
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
    rest.get(..end)
}

/// The number behind `/Count`.
fn count_in(object: &[u8]) -> Option<u32> {
    let number = object.get(find(object, b"/Count", 0)? + b"/Count".len()..)?.trim_ascii_start();
    let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(number.get(..digits)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_of_pages_is_believed_first() {
        let pdf = b"%PDF-1.4\n1 0 obj <</Type/Outlines/Count 99>> endobj\n\
            2 0 obj <</Type /Pages /Kids [3 0 R 4 0 R] /Count 12>> endobj\n\
            5 0 obj <</Count 5 /Type/Pages>> endobj\n3 0 obj <</Type /Page>> endobj";
        assert!(is_pdf(pdf));
        assert_eq!(pages(pdf), Some(12));
    }

    #[test]
    fn pages_that_are_written_out_are_counted() {
        assert_eq!(
            pages(b"%PDF-1.4 <</Type /Page>> <</Type/Page/Parent 1 0 R>> /PageMode"),
            Some(2)
        );
    }

    #[test]
    fn a_packed_document_keeps_its_number_of_pages() {
        assert_eq!(pages(b"%PDF-1.7 1 0 obj <</Type/ObjStm/N 5>> stream ... endstream"), None);
        assert!(!is_pdf(b"no document"));
    }
}
