//! Windows: the console gives Ctrl-C and Ctrl-Break to every process that is attached to it, the
//! command too. We only must not end before it.

use tokio::{
    signal::windows::{ctrl_break, ctrl_c},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

/// Ctrl-C or Ctrl-Break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wrapped) struct Signal;

/// Listens from now on.
pub(in crate::wrapped) fn listen() -> UnboundedReceiver<Signal> {
    let (send, heard) = unbounded_channel();
    if let (Ok(mut interrupts), Ok(mut breaks)) = (ctrl_c(), ctrl_break()) {
        tokio::spawn(async move {
            loop {
                tokio::select! { _ = interrupts.recv() => {}, _ = breaks.recv() => {} }
                if send.send(Signal).is_err() {
                    return;
                }
            }
        });
    }
    heard
}

/// The console has told the command already.
pub(in crate::wrapped) const fn hand_on(_: Signal, _child: u32) {}

/// Both do.
pub(in crate::wrapped) const fn ends_by_default(_: Signal) -> bool {
    true
}

/// There are no process groups that could be ended as one.
pub(in crate::wrapped) const fn lead_a_group(_: &mut tokio::process::Command) {}

/// The command is ended by itself.
pub(in crate::wrapped) const fn end_group(_leader: u32) {}
