//! The rows of a login that need no network: its file, its shape, its key, the project and the location.

use crate::{
    facts::{
        Clue, LocalFact, Status,
        check::{Evidence, Observation},
        location,
    },
    gemini::credentials::KeyLook,
};

use super::{
    super::row::{
        ADC_KEY, ADC_SHAPE, ADC_SOURCE, CLOUD_LOCATION, CLOUD_PROJECT, LOCAL_CREDENTIALS, Question,
        Row,
    },
    CloudPlan,
};

/// Projects that only templates have.
const TEMPLATES: [&str; 8] = [
    "project-id",
    "my-project-id",
    "my-gcp-project",
    "my-google-project",
    "gcp-project",
    "gcp-project-id",
    "google-cloud-project",
    "project-name",
];

/// The rows, and the reason to stop if there is one.
pub fn local_rows(plan: &CloudPlan) -> (Vec<Observation>, Result<(), String>) {
    let mut rows = vec![source_row(plan)];
    let mut stop = rows[0].check.status == Status::Fail;
    if !stop && plan.shape.is_some() {
        let more: Vec<Observation> =
            [shape_row(plan), key_row(plan)].into_iter().flatten().collect();
        stop = more.iter().any(|row| row.check.status == Status::Fail);
        rows.extend(more);
    }
    // Project and location are told in any case: each is mended by itself.
    let places = [project_row(plan), location_row(plan)];
    let misplaced = places.iter().flatten().any(|row| row.check.status == Status::Fail);
    rows.extend(places.into_iter().flatten());
    let because = match (stop, misplaced) {
        (true, _) => "no token can be had from these credentials",
        (false, true) => "without project and location there is no path to ask",
        (false, false) => return (rows, Ok(())),
    };
    (rows, Err(because.to_owned()))
}

/// The same in one row, for a look at a machine that asks with a key; none where there is nothing to look at.
pub fn offline_row(plan: &CloudPlan) -> Option<Observation> {
    if plan.origin.is_none() && !plan.is_named {
        return None;
    }
    let flaws = plan.shape.iter().flat_map(|shape| shape.flaws.clone());
    let facts: Vec<(LocalFact, String)> = flaws.chain(plan.notes.clone()).collect();
    let words = plan.shape.as_ref().map(|shape| shape.words.clone()).unwrap_or_default();
    let told: Vec<&str> = facts.iter().map(|(_, text)| text.as_str()).collect();
    let detail = match &plan.origin {
        _ if !told.is_empty() => told.join("; "),
        Some(origin) => format!("{origin}: {words}"),
        None => words,
    };
    // Who asks with a key is not stopped by it.
    let status = if facts.is_empty() { Status::Pass } else { Status::Warn };
    Some(with_facts(LOCAL_CREDENTIALS.row(status, detail), &facts).done())
}

/// Whether a login works in spite of it.
fn is_remark(fact: LocalFact) -> bool {
    matches!(fact, LocalFact::CredentialsReadable | LocalFact::CredentialsNotFollowed)
}

fn source_row(plan: &CloudPlan) -> Observation {
    let broken = plan.notes.iter().find(|(fact, _)| !is_remark(*fact));
    let (status, detail) = match (&plan.origin, broken) {
        (_, Some((_, why))) => (Status::Fail, why.clone()),
        (None, None) => {
            let looked = plan.places.join(", ");
            let host = &plan.metadata_host;
            (Status::Pass, format!("no file ({looked}); {host} is asked, the metadata server"))
        }
        (Some(origin), None) => match plan.notes.first() {
            Some((_, note)) => (Status::Warn, format!("{origin}; {note}")),
            None => (Status::Pass, origin.clone()),
        },
    };
    with_facts(ADC_SOURCE.row(status, detail), &plan.notes).done()
}

fn shape_row(plan: &CloudPlan) -> Option<Observation> {
    let shape = plan.shape.as_ref()?;
    let own: Vec<(LocalFact, String)> = shape
        .flaws
        .iter()
        .filter(|(fact, _)| *fact != LocalFact::PrivateKeyDamaged)
        .cloned()
        .collect();
    let here = shape.to_this_machine.iter().map(|name| format!("{name} leads to this machine"));
    let here: Vec<String> = here.collect();
    let detail = match own.as_slice() {
        [] => {
            let more = shape.proof.iter().chain(&here);
            more.fold(shape.words.clone(), |words, one| format!("{words}; {one}"))
        }
        flaws => flaws.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>().join("; "),
    };
    let status = match () {
        () if !own.is_empty() => Status::Fail,
        () if !here.is_empty() => Status::Warn,
        () => Status::Pass,
    };
    Some(with_facts(ADC_SHAPE.row(status, detail), &own).done())
}

fn key_row(plan: &CloudPlan) -> Option<Observation> {
    match plan.shape.as_ref()?.key.as_ref()? {
        KeyLook::Signs(bits) => {
            Some(ADC_KEY.row(Status::Pass, format!("RSA, {bits} bits; it can sign")).done())
        }
        KeyLook::Damaged(why) => {
            let facts = [(LocalFact::PrivateKeyDamaged, format!("the private key: {why}"))];
            Some(with_facts(ADC_KEY.row(Status::Fail, facts[0].1.clone()), &facts).done())
        }
    }
}

/// None where only the metadata server can tell.
fn project_row(plan: &CloudPlan) -> Option<Observation> {
    let asks_machine = plan.origin.is_none() && !plan.is_named;
    let Some(project) = &plan.project else {
        let possible = plan.quota_project.as_ref().filter(|quota| is_project(&quota.value));
        let hint = possible.map(|quota| {
            format!("; the quota project {} may be the one: --project {}", quota.value, quota.value)
        });
        let text = format!("no project is named anywhere{}", hint.unwrap_or_default());
        return (!asks_machine).then(|| told(CLOUD_PROJECT, LocalFact::NoProject, text, plan));
    };
    let (value, by) = (&project.value, &project.by);
    if !is_project(value) || has_marks(value) {
        let text = match is_shown(value) {
            true if has_marks(value) => {
                format!("{value} ({by}) is no project's id, but the text of a template")
            }
            true => format!(
                "{value} ({by}) is no project's id, and may be mistyped: 6 to 30 small letters, figures and hyphens"
            ),
            false => format!("what {by} names is no project's id"),
        };
        return Some(told(CLOUD_PROJECT, LocalFact::PlaceholderProject, text, plan));
    }
    let odd = is_template(value).then(|| "; templates have this name".to_owned());
    let quota = plan.quota_project.as_ref().filter(|quota| !is_project(&quota.value));
    let quota = quota.map(|quota| {
        format!("; the quota project that {} names is no project's id, and is not sent", quota.by)
    });
    let status = if odd.is_some() || quota.is_some() { Status::Warn } else { Status::Pass };
    let own = plan.shape.as_ref().and_then(|shape| shape.project.as_ref());
    let own = own.filter(|own| *own != value && is_project(own));
    let own = own.map(|own| format!("; the credentials' own is {own}"));
    let more = [odd, quota, own].into_iter().flatten().collect::<String>();
    Some(CLOUD_PROJECT.row(status, format!("{value} ({by}){more}")).done())
}

fn location_row(plan: &CloudPlan) -> Option<Observation> {
    let (value, by) = (&plan.location.value, &plan.location.by);
    if !location::is_location(value) {
        let shown = if is_shown(value) { value.as_str() } else { "its text" };
        let text = format!("{by}: {shown} is no location; write global, us, eu or us-central1");
        return Some(told(CLOUD_LOCATION, LocalFact::LocationMalformed, text, plan));
    }
    let model = plan.model.as_deref();
    let elsewhere = model.filter(|model| location::serves(value, model) == Some(false));
    let Some(model) = elsewhere else {
        return Some(CLOUD_LOCATION.row(Status::Pass, format!("{value} ({by})")).done());
    };
    // The table is a hint: the API itself decides, and its answer comes with a cause.
    let text = format!(
        "{value} ({by}); by the table of {} {model} is served in global, us and eu only",
        location::AS_OF
    );
    Some(CLOUD_LOCATION.row(Status::Warn, text).done())
}

fn told(question: Question, fact: LocalFact, text: String, plan: &CloudPlan) -> Observation {
    let mut clues = vec![Clue::Local(fact)];
    clues.extend(plan.named());
    let evidence = Evidence { attempt: None, text: text.clone(), clues };
    question.row(Status::Fail, text).with(evidence).done()
}

fn with_facts(row: Row, facts: &[(LocalFact, String)]) -> Row {
    let evidence = facts.iter().map(|(fact, text)| Evidence {
        attempt: None,
        text: text.clone(),
        clues: vec![Clue::Local(*fact)],
    });
    evidence.fold(row, Row::with)
}

/// The rules of ids, with the older ones that have a domain, and numbers.
pub(super) fn is_project(text: &str) -> bool {
    let id = text.rsplit_once(':').map_or(text, |(_, id)| id);
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = (6..=30).contains(&id.len())
        && id.starts_with(|letter: char| letter.is_ascii_lowercase())
        && !id.ends_with('-')
        && id.bytes().all(plain);
    is_number || is_id
}

/// Ids that somebody may have, and that stand in documentation.
fn is_template(text: &str) -> bool {
    TEMPLATES.contains(&text)
}

/// How texts of documentation mark what is to be filled in.
fn has_marks(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let whole = ["project_id", "my_project", "my_project_id", "gcp_project_id"];
    ["your-", "your_", "<", "{", "$"].iter().any(|mark| lower.starts_with(mark))
        || whole.contains(&lower.as_str())
}

fn is_shown(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_texts_of_templates() {
        for good in
            ["example-prod", "p-1234", "123456789", "example.com:api-project", "my-project-7"]
        {
            assert!(is_project(good) && !is_template(good), "{good}");
        }
        for bad in
            ["PROJECT_ID", "<project>", "{project}", "${PROJECT}", "my_project", "p", "", "x-"]
        {
            assert!(!is_project(bad), "{bad}");
        }
        for template in ["project-id", "my-project-id"] {
            assert!(is_template(template) && is_project(template), "{template}");
        }
        for template in ["your-project-id", "PROJECT_ID", "<project>", "${PROJECT}", "{project}"] {
            assert!(has_marks(template), "{template}");
        }
        for typo in ["Acme-Prod", "acme_prod", "projects/acme"] {
            assert!(!is_project(typo) && !has_marks(typo) && !is_template(typo), "{typo}");
        }
    }
}
