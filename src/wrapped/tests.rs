//! Small shell scripts are run, with buffers or files where our own streams would be. On systems
//! without a shell there is less to test.

use std::{
    ffi::OsString,
    io::{self, Write},
};

use tokio::sync::mpsc::unbounded_channel;

use super::*;

/// Runs a command that nobody signals.
fn run_with<S: Write + Send + 'static>(command: &[&str], outlets: Outlets<S>) -> Ran {
    let command: Vec<OsString> = command.iter().map(OsString::from).collect();
    run_into(&command, outlets, || unbounded_channel().1).unwrap()
}

/// How a command ends, and what it said.
fn run_quietly(command: &[&str]) -> Ran {
    run_with(command, Outlets::Two { out: io::sink(), err: io::sink() })
}

#[test]
fn no_command_is_a_wrong_use() {
    let error = run(&[]).unwrap_err();
    assert_eq!(error.exit.code(), 2);
    assert!(error.hint.contains("explain -- "), "{error}");
}

#[test]
fn a_command_that_does_not_exist_ends_like_in_a_shell() {
    let ran = run_quietly(&["no-such-command-anywhere", "--key"]);
    let text = "could not run no-such-command-anywhere: there is no such command";
    assert_eq!(ran, Ran::never(Ended::NotFound(text.to_owned())));
    assert_eq!(ran.ended.exit_code(), 127);
}

#[test]
fn exit_codes_are_those_of_the_command() {
    let code = |ended: Ended| ended.exit_code();
    assert_eq!((code(Ended::Code(0)), code(Ended::Code(3))), (0, 3));
    assert_eq!((code(Ended::Signal(15)), code(Ended::Signal(9))), (143, 137));
    assert_eq!((code(Ended::Code(-1)), code(Ended::Code(256))), (255, 255));
}

#[test]
fn what_was_said_is_not_shown_by_debug() {
    let said = b"AQ.FAKE-key-of-an-example".to_vec();
    let ran = Ran { said, dropped: 7, ended: Ended::Code(1) };
    assert_eq!(format!("{ran:?}"), "Ran { 25 bytes, 7 dropped, Code(1) }");
}

#[cfg(unix)]
mod with_a_shell {
    use std::{
        fs::{self, File, OpenOptions, Permissions},
        os::unix::fs::PermissionsExt,
        path::Path,
        process::{Child, Command, Stdio},
        sync::{Arc, Mutex},
        thread::{self, sleep},
        time::{Duration, Instant},
    };

    use rustix::process::{Pid, kill_process};
    use tempfile::tempdir;

    use super::*;

    /// An outlet that several may hold.
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Shared {
        fn bytes(&self) -> Vec<u8> {
            self.0.lock().unwrap().clone()
        }
    }

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Runs a script, and returns what reached its stdout and its stderr too.
    fn sh(script: &str) -> (Ran, Vec<u8>, Vec<u8>) {
        let (out, err) = (Shared::default(), Shared::default());
        let outlets = Outlets::Two { out: out.clone(), err: err.clone() };
        let ran = run_with(&["sh", "-c", script], outlets);
        (ran, out.bytes(), err.bytes())
    }

    fn has_come(path: &Path) -> bool {
        let began = Instant::now();
        while !path.exists() {
            if began.elapsed() > Duration::from_secs(20) {
                return false;
            }
            sleep(Duration::from_millis(10));
        }
        true
    }

    #[test]
    fn both_streams_arrive_where_they_belong() {
        let (ran, out, err) = sh("printf 'out\\0\\377'; printf 'err' >&2; exit 3");
        assert_eq!((out.as_slice(), err.as_slice()), (b"out\0\xff".as_slice(), b"err".as_slice()));
        assert_eq!((ran.ended, ran.said.len(), ran.dropped), (Ended::Code(3), 8, 0));
    }

    #[test]
    fn a_silent_success_is_one() {
        let (ran, out, err) = sh(":");
        assert_eq!((ran.ended, ran.said.len() + out.len() + err.len()), (Ended::Code(0), 0));
    }

    #[test]
    fn a_signal_that_kills_is_told() {
        assert_eq!(sh("kill -TERM $$").0.ended, Ended::Signal(15));
        assert_eq!(sh("kill -KILL $$").0.ended.exit_code(), 137);
    }

    #[test]
    fn what_cannot_be_executed_is_told_apart_from_what_is_not_there() {
        let folder = tempdir().unwrap();
        let file = folder.path().join("plain.txt");
        fs::write(&file, "no program").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        for path in [&file, folder.path()] {
            let ran = run_quietly(&[path.to_str().unwrap()]);
            assert_eq!(ran.ended.exit_code(), 126, "{:?}", ran.ended);
            assert!(matches!(ran.ended, Ended::NotExecutable(why) if why.contains("ermission")));
        }
    }

    #[test]
    fn megabytes_of_noise_arrive_unchanged_and_the_copy_stays_small() {
        let folder = tempdir().unwrap();
        let noise = folder.path().join("noise");
        let path = noise.display();
        let (ran, out, err) =
            sh(&format!("head -c 9000001 /dev/urandom >{path}; cat {path}; cat {path} >&2"));
        let noise = fs::read(&noise).unwrap();
        assert!(noise.len() == 9_000_001 && out == noise && err == noise, "bytes were changed");
        assert_eq!(ran.said.len() as u64 + ran.dropped, 18_000_003);
        assert!(ran.said.starts_with(&noise[..1 << 20]) && ran.dropped > 9_000_000);
        assert!(ran.said.ends_with(&noise[noise.len() - (1 << 20)..]));
    }

    #[test]
    fn a_last_burst_is_not_lost_to_a_slow_reader() {
        /// A reader of ours who takes his time.
        struct Slow(Shared);
        impl Write for Slow {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                sleep(Duration::from_millis(400));
                self.0.write(&bytes[..bytes.len().min(20_000)])
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let out = Shared::default();
        let outlets = Outlets::One(Slow(out.clone()));
        let ran = run_with(&["sh", "-c", "head -c 60000 /dev/zero; (sleep 30) & exit 4"], outlets);
        assert_eq!((ran.ended, out.bytes().len()), (Ended::Code(4), 60_000));
    }

    #[test]
    fn one_place_for_both_streams_keeps_their_order() {
        let out = Shared::default();
        let script = "i=0; while [ $i -lt 300 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done";
        let ran = run_with(&["sh", "-c", script], Outlets::One(out.clone()));
        let expected: String = (0..300).map(|i| format!("o{i}\ne{i}\n")).collect();
        assert_eq!(String::from_utf8(out.bytes()).unwrap(), expected);
        assert_eq!(ran.said, expected.as_bytes());
    }

    #[test]
    fn a_grandchild_with_the_pipe_open_is_not_waited_for() {
        for grandchild in ["sleep 30", "while :; do echo late; sleep 0.05; done", "yes late"] {
            let began = Instant::now();
            let (ran, out, _) = sh(&format!("echo said; ({grandchild}) & exit 5"));
            assert!(began.elapsed() < Duration::from_secs(15), "{grandchild}");
            assert_eq!(ran.ended, Ended::Code(5), "{grandchild}");
            assert!(out.windows(5).any(|words| words == b"said\n"), "{grandchild}");
        }
    }

    #[test]
    fn a_reader_who_has_gone_is_learnt_by_the_command() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let out = File::from(std::os::fd::OwnedFd::from(writer));
        let err = OpenOptions::new().write(true).open("/dev/null").unwrap();
        let ran = run_with(&["yes"], Outlets::Two { out, err });
        assert_eq!(ran.ended, Ended::Signal(rustix::process::Signal::PIPE.as_raw()));
        assert!(ran.said.starts_with(b"y\ny\n"), "what was said before is kept");
    }

    #[test]
    fn the_other_stream_goes_on_when_one_reader_has_gone() {
        /// Nobody reads here.
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let script = "trap '' PIPE; echo a; sleep 0.3; echo b 2>/dev/null; echo $? >&2; exit 6";
        let ran = run_with(&["sh", "-c", script], Outlets::Two { out: Gone, err: Gone });
        assert_eq!((ran.said.as_slice(), ran.ended), (b"a\n1\n".as_slice(), Ended::Code(6)));
    }

    #[test]
    fn a_signal_is_handed_on_and_the_command_may_take_its_time() {
        let folder = tempdir().unwrap();
        let ready = folder.path().join("ready");
        let script = "trap 'sleep 0.2; echo told; exit 7' USR1; : >\"$0\"; \
                      while :; do sleep 0.02; done";
        let (send, heard) = unbounded_channel();
        let path = ready.clone();
        let teller = thread::spawn(move || {
            assert!(has_come(&path));
            send.send(Signal::USR1).unwrap();
            send
        });
        let command = ["sh", "-c", script, ready.to_str().unwrap()].map(OsString::from);
        let outlets = Outlets::Two { out: io::sink(), err: io::sink() };
        let ran = run_into(&command, outlets, || heard).unwrap();
        teller.join().unwrap();
        assert_eq!((ran.said.as_slice(), ran.ended), (b"told\n".as_slice(), Ended::Code(7)));
    }

    #[test]
    fn a_signal_ends_the_wait_for_a_grandchild_and_a_blocked_reader() {
        /// A reader who takes nothing for long.
        struct Stuck;
        impl Write for Stuck {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                sleep(Duration::from_secs(8));
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (send, heard) = unbounded_channel();
        let began = Instant::now();
        let teller = thread::spawn(move || {
            sleep(Duration::from_secs(1));
            send.send(Signal::TERM).unwrap();
            send
        });
        let command = ["sh", "-c", "echo said; exit 8"].map(OsString::from);
        let ran = run_into(&command, Outlets::One(Stuck), || heard).unwrap();
        assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
        assert_eq!((ran.said.as_slice(), ran.ended), (b"said\n".as_slice(), Ended::Code(8)));
        teller.join().unwrap();
    }

    #[test]
    fn the_signal_that_ended_the_command_does_not_cut_its_last_words() {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (send, mut heard) = unbounded_channel();
            let told = told_to_end(&mut heard);
            tokio::pin!(told);
            send.send(Signal::TERM).unwrap();
            let soon = Duration::from_millis(900);
            assert!(tokio::time::timeout(soon, &mut told).await.is_err(), "the first is no wish");
            send.send(Signal::WINCH).unwrap();
            assert!(tokio::time::timeout(soon, &mut told).await.is_err(), "nor is another window");
            send.send(Signal::TERM).unwrap();
            tokio::time::timeout(soon, told).await.unwrap();
        });
    }

    /// The process that other tests start: a wrapper whose streams and signals are real. Run by
    /// itself, where the files it needs are missing, it has nothing to do.
    #[test]
    #[ignore = "started by another test, as a process of its own"]
    fn a_wrapper() {
        let Ok(script) = fs::read_to_string("wrapped.sh") else { return };
        let ran = run(&["sh", "-c", &script].map(OsString::from)).unwrap();
        fs::write("ended", format!("{:?} {}", ran.ended, String::from_utf8_lossy(&ran.said)))
            .unwrap();
    }

    /// The command that runs the wrapper.
    fn wrapper() -> Vec<String> {
        let binary = std::env::current_exe().unwrap().display().to_string();
        let test = "wrapped::tests::with_a_shell::a_wrapper";
        [&binary, "--exact", test, "--ignored", "--nocapture"].map(str::to_owned).to_vec()
    }

    /// Runs the wrapper in a folder by a command, does something with it once its script is ready, and
    /// tells how the script ended and what passed through the wrapper.
    fn wrap_by(
        command: &[String],
        script: &str,
        then: impl FnOnce(&mut Child),
    ) -> (String, String) {
        let folder = tempdir().unwrap();
        fs::write(folder.path().join("wrapped.sh"), script).unwrap();
        let mut wrapper = Command::new(&command[0])
            .args(&command[1..])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        assert!(has_come(&folder.path().join("ready")), "the script has begun");
        then(&mut wrapper);
        let output = wrapper.wait_with_output().unwrap();
        assert!(output.status.success(), "{:?}", output.status);
        let ended = fs::read_to_string(folder.path().join("ended")).unwrap();
        (ended, String::from_utf8(output.stdout).unwrap())
    }

    fn send(process: &Child, signal: Signal) {
        let id = Pid::from_raw(i32::try_from(process.id()).unwrap()).unwrap();
        kill_process(id, signal).unwrap();
    }

    #[test]
    fn real_signals_reach_the_command_and_not_only_us() {
        // By the time that the script is ready, the wrapper has listened for long.
        let script = "trap 'echo first' USR1; trap 'echo user; exit 9' USR2; \
                      sleep 0.5; : >ready; while :; do sleep 0.02; done";
        let (ended, out) = wrap_by(&wrapper(), script, |wrapper| {
            send(wrapper, Signal::USR1);
            sleep(Duration::from_millis(300));
            send(wrapper, Signal::USR2);
        });
        assert_eq!(ended, "Code(9) first\nuser\n");
        assert!(out.contains("first\nuser\n"), "{out}");
    }

    #[test]
    fn a_command_that_a_real_signal_ends_is_told_so() {
        let script = "sleep 0.5; : >ready; exec sleep 30";
        let (ended, _) = wrap_by(&wrapper(), script, |wrapper| send(wrapper, Signal::TERM));
        assert_eq!(ended, "Signal(15) ");
    }

    #[test]
    fn what_was_ignored_before_stays_ignored_for_the_command() {
        let mut command =
            ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"].map(str::to_owned).to_vec();
        command.extend(wrapper());
        let script = "sleep 0.5; : >ready; sleep 1; exit 3";
        let (ended, _) = wrap_by(&command, script, |wrapper| send(wrapper, Signal::HUP));
        assert_eq!(ended, "Code(3) ");
    }

    /// `script` of util-linux gives the wrapper a terminal; what is typed comes from its stdin.
    #[test]
    fn an_interrupt_from_the_keyboard_arrives_once() {
        let words = wrapper().iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        // A shell that stays in between would take the interrupt for itself, as dash does.
        let line = format!("exec {words}");
        let script = ["script", "--quiet", "--return", "--command", &line, "/dev/null"];
        let terminal = [&["env", "SHELL=/bin/sh"], script.as_slice()].concat();
        if !Command::new(script[0]).arg("--version").output().is_ok_and(|it| it.status.success()) {
            skipped("there is no `script` of util-linux here");
            return;
        }
        if is_ignored("INT") {
            skipped("interrupts are ignored here, as in a background job");
            return;
        }
        let script = "n=0; trap 'n=$((n+1))' INT; sleep 0.5; : >ready; \
                      i=0; while [ $i -lt 20 ]; do sleep 0.1; i=$((i+1)); done; echo $n; exit 4";
        let terminal: Vec<String> = terminal.into_iter().map(str::to_owned).collect();
        let (ended, _) = wrap_by(&terminal, script, |terminal| {
            let keyboard = terminal.stdin.as_mut().unwrap();
            keyboard.write_all(b"\x03").unwrap();
        });
        assert_eq!(ended, "Code(4) 1\n");
    }

    /// A shell cannot trap what was ignored when it began.
    fn is_ignored(signal: &str) -> bool {
        let script = format!("trap 'exit 7' {signal}; kill -{signal} $$; exit 0");
        Command::new("sh").args(["-c", &script]).status().unwrap().code() != Some(7)
    }

    #[expect(clippy::disallowed_macros, reason = "a test that is skipped says so")]
    fn skipped(why: &str) {
        eprintln!("skipped: {why}");
    }
}
