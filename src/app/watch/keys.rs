//! The key or the login in use, read anew from its source now and then: they are exchanged while a watch goes on.

use crate::{
    commands::plans,
    facts::Clue,
    probe::{
        cloud::CloudPlan,
        key::{self, Depth, KeyPlan},
    },
    secret::ApiKey,
    settings::Settings,
};

use super::Around;
use crate::app::network;

/// Looks between two readings, where nothing asks for one sooner.
const EACH: u64 = 30;

/// The key in use, or the login in its place.
pub(super) struct Keys {
    pub(super) key: ApiKey,
    pub(super) login: Option<Box<CloudPlan>>,
    /// The file of the login, by its fingerprint.
    login_text: Option<String>,
    /// What is known of every call with it.
    pub(super) context: Vec<Clue>,
    looks: u64,
    is_due: bool,
    pub(super) changes: u64,
    /// Whether it was said that the source gives none any more.
    missing_told: bool,
}

impl Keys {
    pub(super) fn of(settings: &Settings, plan: &KeyPlan) -> Self {
        let key = plans::sendable(settings).filter(|_| plan.cloud.is_none());
        Self {
            // Where there is no key that can be sent, no look begins.
            key: key.unwrap_or_else(|| ApiKey::new("")),
            login: plan.cloud.clone(),
            login_text: text_of(settings),
            context: match &plan.cloud {
                Some(login) => login.named(),
                None => key::context_of(plans::shape(settings).as_ref()),
            },
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
        if self.login.is_some() {
            return self.refresh_login(read.as_ref()?, around);
        }
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

    /// Files beside the login's own, such as a workload's proof, are exchanged without a word.
    fn refresh_login(&mut self, settings: &Settings, around: &Around<'_>) -> Option<String> {
        let mut plan = plans::key_plan(settings, Depth::Free);
        network::lead_login(&mut plan, settings).ok()?;
        let login = plan.cloud.filter(|login| login.credentials().is_some());
        let Some(login) = login else { return self.is_missing() };
        self.missing_told = false;
        plans::secrets_of_login(settings).iter().for_each(|secret| around.output.hide(secret));
        self.context = login.named();
        let origin = login.origin.as_ref().map(|origin| format!(" of {origin}"));
        self.login = Some(login);
        let old = std::mem::replace(&mut self.login_text, text_of(settings));
        if old == self.login_text {
            return None;
        }
        self.changes += 1;
        Some(format!("the login{} changed", origin.unwrap_or_default()))
    }

    fn is_missing(&mut self) -> Option<String> {
        let news = (!self.missing_told).then(|| {
            let what = if self.login.is_some() { "login" } else { "key" };
            format!("the source of the {what} gives none any more; the one in use is kept")
        });
        self.missing_told = true;
        news
    }
}

fn text_of(settings: &Settings) -> Option<String> {
    settings.adc.text.as_ref().map(ApiKey::fingerprint)
}
