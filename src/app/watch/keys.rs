//! The key in use, read anew from its source now and then: keys are exchanged while a watch goes on.

use crate::{commands::plans, probe::key, secret::ApiKey, settings::Settings};

use super::Around;

/// Looks between two readings, where nothing asks for one sooner.
const EACH: u64 = 30;

/// The key in use.
pub(super) struct Keys {
    pub(super) key: ApiKey,
    /// What is known of every call with it.
    pub(super) context: Vec<crate::facts::Clue>,
    looks: u64,
    is_due: bool,
    pub(super) changes: u64,
    /// Whether it was said that the source gives none any more.
    missing_told: bool,
}

impl Keys {
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            // Where there is no key that can be sent, no look begins.
            key: plans::sendable(settings).unwrap_or_else(|| ApiKey::new("")),
            context: key::context_of(plans::shape(settings).as_ref()),
            looks: 0,
            is_due: false,
            changes: 0,
            missing_told: false,
        }
    }

    /// A refusal that may be the key's fault has it read before the next look.
    pub(super) const fn doubt(&mut self) {
        self.is_due = true;
    }

    /// Reads it anew where that is due. Gives back what is worth telling.
    pub(super) fn refresh(&mut self, around: &Around<'_>) -> Option<String> {
        self.looks += 1;
        // Standard input is read once, and has nothing more to say.
        if around.given.key_stdin || !(self.is_due || self.looks.is_multiple_of(EACH)) {
            return None;
        }
        self.is_due = false;
        let read = Settings::resolve(around.given, around.world).ok();
        let found = read.as_ref().and_then(|settings| Some((settings, plans::sendable(settings)?)));
        let Some((settings, found)) = found else { return self.is_missing() };
        self.missing_told = false;
        if found.fingerprint() == self.key.fingerprint() {
            return None;
        }
        settings.key.key.iter().chain([&found]).for_each(|key| around.output.hide(key));
        let (old, new) = (self.key.fingerprint(), found.fingerprint());
        self.key = found;
        self.context = key::context_of(plans::shape(settings).as_ref());
        self.changes += 1;
        let origin = settings.key.origin.as_ref().map(|origin| format!(" of {origin}"));
        Some(format!("the key{} changed from {old} to {new}", origin.unwrap_or_default()))
    }

    fn is_missing(&mut self) -> Option<String> {
        let news = (!self.missing_told).then(|| {
            "the source of the key gives none any more; the one in use is kept".to_owned()
        });
        self.missing_told = true;
        news
    }
}
