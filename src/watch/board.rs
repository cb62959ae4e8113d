//! The view of a watch as lines of text: what is watched, how it stands, its last calls, and what comes next. Lays
//! out for a width and a set of characters; who draws it is somebody else's business.

use std::time::Duration;

use crate::facts::counted;

use super::{
    seen::Watched,
    span,
    track::{Kind, Track, Verdict},
};

/// What a view is told beside what was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Around {
    /// The time, in milliseconds since 1970.
    pub now_ms: u64,
    /// How long until the next look.
    pub next: Duration,
    /// How long the watch goes on.
    pub left: Duration,
    /// How often it looks.
    pub every: Duration,
    /// Paid calls so far.
    pub paid: u64,
    /// All requests so far.
    pub requests: u64,
    /// Columns.
    pub width: usize,
    /// Whether more than ASCII can be shown.
    pub unicode: bool,
    /// Whether nothing of it is real.
    pub simulated: bool,
}

/// The most calls in a strip.
const STRIP: usize = 60;
/// Narrower than this nothing can be told.
const NARROWEST: usize = 30;

/// The lines of the view.
pub fn lines(watched: &Watched, around: &Around) -> Vec<String> {
    let width = around.width.max(NARROWEST);
    let mut lines = vec![head(watched, around)];
    for track in &watched.tracks {
        match track.kind {
            Kind::Model => lines.extend(model(track, around, width)),
            Kind::Connection | Kind::List if track.has_failed() => {
                lines.push(headline(track, around));
            }
            Kind::Connection | Kind::List => {}
        }
    }
    lines.extend(families(watched));
    lines.extend(watched.notes.last().map(|note| {
        format!("noted {} UTC: {}", span::moment(note.at_ms, around.now_ms), note.text)
    }));
    lines.push(foot(watched, around));
    lines.into_iter().map(|line| cut(&line, width)).collect()
}

fn head(watched: &Watched, around: &Around) -> String {
    let passed = span::between(watched.started_ms, around.now_ms);
    let simulated = if around.simulated { "SIMULATED  " } else { "" };
    format!(
        "{simulated}watching for {}, every {}, {} to go",
        span::words(whole_seconds(passed)),
        span::words(around.every),
        span::words(whole_seconds(around.left))
    )
}

/// How one thing stands, in one line.
pub fn headline(track: &Track, around: &Around) -> String {
    let Some(now) = track.now() else { return format!("{}  no call yet", track.name) };
    let since = span::moment(now.from_ms, around.now_ms);
    let word = match track.verdict() {
        Verdict::Unclear => "UNCLEAR",
        Verdict::Healthy => "HEALTHY",
        Verdict::Failing => "FAILING",
    };
    let cause = now.cause.as_ref().map(|cause| format!(": {}", cause.id)).unwrap_or_default();
    let calls = counted(now.calls, "call");
    let failed = match (now.failed, now.calls) {
        (0, _) => calls,
        (failed, 1) => format!("{failed} of {calls} fails"),
        (failed, _) => format!("{failed} of {calls} fail"),
    };
    format!("{}  {word} since {since} UTC, {failed}{cause}", track.name)
}

fn model(track: &Track, around: &Around, width: usize) -> Vec<String> {
    let mut lines = vec![headline(track, around)];
    if track.counts().0 == 0 {
        return lines;
    }
    let room = STRIP.min(width.saturating_sub(2));
    lines.push(format!("  {}", strip(&track.strip(room), around.unicode)));
    let (calls, failed) = track.counts();
    let rate = track.rate().map(|rate| percents(failed, rate)).unwrap_or_default();
    let time = |q: f64, name: &str| {
        let ms = track.total_ms(q);
        ms.map(|ms| format!("  {name} {}", span::latency(ms))).unwrap_or_default()
    };
    let first = track.first_ms(0.5);
    let first = first.map(|ms| format!("  first text {}", span::latency(ms))).unwrap_or_default();
    lines.push(format!(
        "  failed {failed} of {calls}, {rate}{}{}{first}",
        time(0.5, "p50"),
        time(0.95, "p95")
    ));
    lines
}

/// `21 % (12-33 %)`, or for none that failed `below 4.9 %`.
pub fn percents(failed: u64, (rate, low, high): (f64, f64, f64)) -> String {
    let percent = |share: f64| {
        let value = share * 100.0;
        if value > 0.0 && value < 9.95 { format!("{value:.1}") } else { format!("{value:.0}") }
    };
    match failed {
        0 => format!("below {} %", percent(high)),
        _ => format!("{} % ({}-{} %)", percent(rate), percent(low), percent(high)),
    }
}

/// A letter a call: its latency beside the others', or `x` for one that failed.
pub fn strip(calls: &[Option<f64>], unicode: bool) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = calls.iter().flatten().copied().fold(0.0, f64::max);
    let bar = |ms: f64| {
        let share = if most > 0.0 { ms / most } else { 0.0 };
        BARS[((share * 7.0).round() as usize).min(7)]
    };
    let letter = |call: &Option<f64>| match call {
        None => 'x',
        Some(ms) if unicode => bar(*ms),
        Some(_) => '.',
    };
    calls.iter().map(letter).collect()
}

/// Families of which one loses connections, or both where they are dialled.
fn families(watched: &Watched) -> Option<String> {
    let dialled: Vec<_> = watched.families.iter().filter(|family| family.tried > 0).collect();
    let is_news = dialled.len() > 1 || dialled.iter().any(|family| family.connected < family.tried);
    let one = |family: &&super::family::FamilySeen| {
        let time = family.quantile_ms(0.5).map(|ms| format!(" {}", span::latency(ms)));
        let (name, connected, tried) = (family.name, family.connected, family.tried);
        format!("{name} {connected}/{tried}{}", time.unwrap_or_default())
    };
    is_news.then(|| format!("connected {}", dialled.iter().map(one).collect::<Vec<_>>().join("  ")))
}

fn foot(watched: &Watched, around: &Around) -> String {
    let next = span::words(whole_seconds(around.next));
    let missed =
        if watched.missed > 0 { format!(", {} missed", watched.missed) } else { String::new() };
    format!(
        "next look in {next}  {}{missed}, {}, {} of them paid",
        counted(watched.looks, "look"),
        counted(around.requests, "request"),
        around.paid
    )
}

fn whole_seconds(span: Duration) -> Duration {
    Duration::from_secs(span.as_secs_f64().round() as u64)
}

/// No line may wrap: what is drawn in place is counted in lines.
fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let kept: String = line.chars().take(width.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::Class,
        watch::track::{Cause, Seen},
    };

    const START: u64 = 1_780_092_003_120;

    fn watched(calls: &str) -> Watched {
        let mut watched = Watched::new(&["gemini-3.5-flash".to_owned()], false, 3, START);
        let id = "alias-backend-missing".to_owned();
        let cause = Cause { id, title: "A build is gone".to_owned(), class: Class::Theirs };
        for (nth, letter) in calls.chars().enumerate() {
            let passed = letter == '.';
            let ms = 600.0 + 10.0 * nth as f64;
            watched.tracks[1].push(&Seen {
                at_ms: START + nth as u64 * 60_000,
                cause: (!passed).then(|| cause.clone()),
                total_ms: passed.then_some(ms),
                first_ms: passed.then_some(ms / 2.0),
            });
            watched.looks += 1;
        }
        watched
    }

    fn around(width: usize, unicode: bool) -> Around {
        Around {
            now_ms: START + 1_920_000,
            next: Duration::from_secs(24),
            left: Duration::from_secs(1680),
            every: Duration::from_secs(60),
            paid: 32,
            requests: 36,
            width,
            unicode,
            simulated: false,
        }
    }

    const CALLS: &str = "....................xx.xxx.xxxxx";

    #[test]
    fn a_view_of_eighty_columns() {
        let text = lines(&watched(CALLS), &around(80, false)).join("\n");
        assert_eq!(
            text,
            "\
watching for 32 min, every 60 s, 28 min to go
gemini-3.5-flash  FAILING since 22:20 UTC, 10 of 12 calls fail: alias-backend...
  ....................xx.xxx.xxxxx
  failed 10 of 32, 31 % (18-49 %)  p50 705 ms  p95 818 ms  first text 352 ms
next look in 24 s  32 looks, 36 requests, 32 of them paid"
        );
    }

    #[test]
    fn a_view_of_fifty_columns() {
        let text = lines(&watched(CALLS), &around(50, false)).join("\n");
        assert_eq!(
            text,
            "\
watching for 32 min, every 60 s, 28 min to go
gemini-3.5-flash  FAILING since 22:20 UTC, 10 o...
  ....................xx.xxx.xxxxx
  failed 10 of 32, 31 % (18-49 %)  p50 705 ms...
next look in 24 s  32 looks, 36 requests, 32 of..."
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let mut watched = watched(&CALLS.repeat(20));
        watched
            .note(START, "this machine slept for 1 h 30 min, or its clock was set ahead by that");
        watched.families[0].dialled(Some(3.0));
        watched.families[1].dialled(None);
        for width in [0, 30, 50, 80, 200] {
            for line in lines(&watched, &around(width, true)) {
                assert!(line.chars().count() <= width.max(NARROWEST), "{width}: {line}");
            }
        }
        let text = lines(&watched, &around(200, true)).join("\n");
        assert!(text.contains("connected IPv4 1/1  IPv6 0/1"), "{text}");
    }

    #[test]
    fn a_strip_shows_latencies_where_it_can() {
        let calls = [Some(100.0), None, Some(800.0), Some(400.0)];
        assert_eq!(
            (strip(&calls, true), strip(&calls, false)),
            ("▂x█▅".to_owned(), ".x..".to_owned())
        );
        assert_eq!(strip(&[Some(0.0)], true), "▁");
    }

    #[test]
    fn rates_have_their_interval_and_a_clean_one_its_bound() {
        assert_eq!(percents(13, (0.21, 0.123, 0.33)), "21 % (12-33 %)");
        assert_eq!(percents(0, (0.0, 0.0, 0.0487)), "below 4.9 %");
    }

    #[test]
    fn before_the_first_call_nothing_is_claimed() {
        let watched = Watched::new(&["m".to_owned()], true, 3, START);
        let text = lines(&watched, &around(80, false)).join("\n");
        assert!(text.contains("\nm  no call yet\n"), "{text}");
    }
}
