//! What the harness says to a program, line by line.

use std::{io::stdin, thread};

use tokio::sync::mpsc;

/// The lines of the standard input, until it ends. A thread reads them: a blocked read would keep the
/// runtime from ending.
pub fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    thread::spawn(move || {
        for line in stdin().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
