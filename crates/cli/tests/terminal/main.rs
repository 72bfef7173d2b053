//! The program as a script meets it: real processes, their output, their exit codes.

mod answers;
mod checks;
mod first_design;
mod follow;
mod history;
mod import;
mod media;
mod place;
mod refusals;
mod search;
mod select;
mod wrong_servers;
