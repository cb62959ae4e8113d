//! Unix: signals that were sent to us go to the command, except those of the keyboard, which the
//! terminal sends to the whole foreground group. Ctrl-Z needs no help either: it stops both, and the
//! shell continues both.

use std::{fs::File, time::Duration};

use rustix::{
    process::{
        Pid, WaitId, WaitIdOptions, getpgrp, getpid, kill_process, kill_process_group, waitid,
    },
    termios::tcgetpgrp,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::sleep,
};

pub(in crate::wrapped) use rustix::process::Signal;

/// What is listened for. `CHILD` tells that the command may have stopped itself.
const HEARD: [Signal; 9] = [
    Signal::INT,
    Signal::TERM,
    Signal::HUP,
    Signal::QUIT,
    Signal::USR1,
    Signal::USR2,
    Signal::WINCH,
    Signal::CONT,
    Signal::CHILD,
];

/// How long a stop must last. When a shell continues a whole group, one process runs before another.
const STOPPED_FOR: Duration = Duration::from_millis(50);

/// Listens from now on. The first news is that the command should be looked at, since it may have
/// stopped before.
pub(in crate::wrapped) fn listen() -> UnboundedReceiver<Signal> {
    let (send, heard) = unbounded_channel();
    HEARD.into_iter().for_each(|which| listen_for(which, send.clone()));
    send.send(Signal::CHILD).expect("the receiver is here");
    heard
}

/// A signal that cannot be listened for does what it always does.
fn listen_for(which: Signal, send: UnboundedSender<Signal>) {
    if let Ok(mut signals) = signal(SignalKind::from_raw(which.as_raw())) {
        tokio::spawn(
            async move { while signals.recv().await.is_some() && send.send(which).is_ok() {} },
        );
    }
}

/// Hands a signal on to the command, unless it has it already.
pub(in crate::wrapped) fn hand_on(which: Signal, child: u32) {
    let Some(child) = i32::try_from(child).ok().and_then(Pid::from_raw) else { return };
    match which {
        Signal::CHILD => drop(tokio::spawn(stop_with(child))),
        Signal::INT | Signal::QUIT | Signal::WINCH if is_in_the_foreground() => {}
        // A command that has just ended needs no signal.
        which => {
            let _ = kill_process(child, which);
        }
    }
}

/// A command that is to be ended with all that it starts leads a process group of its own.
pub(in crate::wrapped) fn lead_a_group(command: &mut tokio::process::Command) {
    command.process_group(0);
}

/// Ends a command that leads a group, and all that it started.
pub(in crate::wrapped) fn end_group(leader: u32) {
    let leader = i32::try_from(leader).ok().and_then(Pid::from_raw);
    // One that has just ended needs no signal.
    let _ = leader.map(|leader| kill_process_group(leader, Signal::KILL));
}

/// Whether a signal ends a process that says nothing about it.
pub(in crate::wrapped) fn ends_by_default(which: Signal) -> bool {
    matches!(which, Signal::INT | Signal::TERM | Signal::HUP | Signal::QUIT)
}

/// Whether the keyboard's signals reach our process group, and so the command in it.
fn is_in_the_foreground() -> bool {
    let Ok(terminal) = File::open("/dev/tty") else { return false };
    tcgetpgrp(terminal).is_ok_and(|foreground| foreground == getpgrp())
}

/// A command that stops itself, as full-screen programs do on Ctrl-Z, would leave the shell waiting
/// for us. So we stop too, and the shell has its prompt. Where no shell could continue us, the system
/// ignores this signal.
async fn stop_with(child: Pid) {
    if !is_stopped(child) {
        return;
    }
    sleep(STOPPED_FOR).await;
    if is_stopped(child) {
        let _ = kill_process(getpid(), Signal::TSTP);
    }
}

/// Looks without taking the news away from whoever waits for the command's end.
fn is_stopped(child: Pid) -> bool {
    let look = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    matches!(waitid(WaitId::Pid(child), look), Ok(Some(status)) if status.stopped())
}
