//! The command line: long because each option has its sentence, and one list of them is what one looks for.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A complete copy of your conversations, on your own computer.
#[derive(Debug, Parser)]
#[command(
    name = "threadkeep",
    version,
    after_help = "Examples:\n  \
        threadkeep demo                                   fill an empty data folder with a sample archive\n  \
        threadkeep connect https://sync.example.org --token TOKEN\n  \
        threadkeep sync                                   bring everything that is new\n  \
        threadkeep sync --follow                          and everything that comes, until Ctrl-C\n  \
        threadkeep chats --filter unread\n  \
        threadkeep read \"Studio North\" --limit 20\n  \
        threadkeep history \"Studio North\" --full        ask the phone for everything that is older\n  \
        threadkeep select --without \"Studio North\" --dry-run   what keeping less would free\n  \
        threadkeep search from:anna \"the garden\" after:2023\n  \
        threadkeep export --format jsonl --to archive.jsonl\n\n\
        Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part, 130 cancelled."
)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The data folder, instead of the operating system's place for it
    #[arg(long, global = true, value_name = "DIR", env = threadkeep_home::HOME_VARIABLE)]
    pub home: Option<PathBuf>,
    /// Answer with one JSON document on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// No progress and no remarks, only the answer
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more on standard error; twice for everything
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Test a server's address and token, and add the accounts that they open
    Connect(Connect),
    /// List the accounts that are kept here
    Accounts,
    /// Bring one account, or all, up to date
    Sync(Sync),
    /// Look for damage, and compare with the server
    Check(Check),
    /// Count what is here, and how much room it takes
    Stats,
    /// List chats: pinned first, then by last message
    Chats(Chats),
    /// List people by name
    Contacts(Contacts),
    /// Read a chat
    Read(Read),
    /// Ask for the older messages of a chat, and follow them in
    History(History),
    /// Find messages: words, "phrases", OR, -not, from: in: account: before: after: on: has: is: type:
    Search(Search),
    /// Choose what is kept on this computer: which chats, how far back, with files or not
    Select(Select),
    /// See to the files of messages: list them, bring them here, save them
    #[command(subcommand)]
    Media(Media),
    /// See to the search index
    #[command(subcommand)]
    Index(Index),
    /// Bring in what you have already: exported chats and backups, as files, folders or zips
    Import(Import),
    /// See what was brought in, and take an import back
    #[command(subcommand)]
    Imports(Imports),
    /// Write a chat or everything into files that outlive this program: pages, tables, text, JSON lines
    Export(Export),
    /// Fill an empty data folder with a sample archive: an invented life of six years
    Demo(Progress),
    /// Print the completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Subcommand)]
pub enum Imports {
    /// List imports, those of each account newest first
    List,
    /// Take an import back: what only it brought goes, what others know too stays
    Undo {
        /// Its number (see `threadkeep imports list`)
        id: String,
        /// The account that took it, where several have an import of that number
        #[arg(long, value_name = "ACCOUNT")]
        account: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Media {
    /// List the files of a chat, newest first
    List {
        /// The chat's name, address or id
        chat: String,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// Bring files from the server: all that are small enough, or a chat's
    Fetch {
        /// Only those of this chat, whatever their size
        #[arg(long, conflicts_with = "up_to")]
        chat: Option<String>,
        /// Only files of at most so many megabytes
        #[arg(long, value_name = "MB")]
        up_to: Option<u32>,
        #[command(flatten)]
        progress: Progress,
    },
    /// Save a file that is here under its own name
    Save {
        /// The file's id (see `threadkeep media list`)
        id: String,
        /// Into this folder
        #[arg(long, default_value = ".")]
        to: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Connect {
    /// The server's address, such as https://sync.example.org
    pub url: String,
    /// The token that the server's owner gave you; `-` reads it from standard input
    #[arg(long)]
    pub token: String,
    /// Only the account with this number on the server, which must be said where the server lists none;
    /// may be given several times
    #[arg(long, value_name = "N")]
    pub integration: Vec<i64>,
}

#[derive(Debug, Args)]
pub struct Progress {
    /// Write progress as a line of JSON each to standard error
    #[arg(long)]
    pub progress_json: bool,
}

#[derive(Debug, Args)]
pub struct Sync {
    /// Only this account (see `threadkeep accounts`)
    #[arg(long, value_name = "N")]
    pub integration: Option<i64>,
    /// Stay, and bring what comes as it comes, until Ctrl-C; that is then a good end (exit code 0)
    #[arg(long)]
    pub follow: bool,
    /// Into an empty archive, bring the newest messages of the newest chats first, whatever is set: so
    /// many chats, and so many messages of each
    #[arg(
        long,
        value_name = "CHATSxMESSAGES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "50x50"
    )]
    pub recent_first: Option<RecentFirst>,
    #[command(flatten)]
    pub progress: Progress,
}

/// How much comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecentFirst {
    pub chats: u32,
    pub messages: u32,
}

impl FromStr for RecentFirst {
    type Err = &'static str;

    /// `CHATS` or `CHATSxMESSAGES`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| {
            let number = text.parse().ok().filter(|&number: &u32| number > 0);
            number.ok_or("it is CHATS or CHATSxMESSAGES, such as 50x50")
        };
        let (chats, messages) = text.split_once('x').unwrap_or((text, "50"));
        Ok(Self {
            chats: number(chats)?,
            messages: number(messages)?,
        })
    }
}

/// Look for damage in the file, and compare accounts with their servers
#[derive(Debug, Args)]
#[command(after_help = "\
What differs from the server is mended unless --dry-run is given: missing and altered rows are pulled \
again, and rows that the server never had are removed. Rows that the server lost stay here.\n\n\
Exit codes: 0 all is sound (or was mended), 1 failed, 2 wrong usage, 3 something is wrong and stays, \
130 cancelled.")]
pub struct Check {
    /// Compare every index with its table, and every row's content with the server's
    #[arg(long)]
    pub full: bool,
    /// Compare with the servers, and mend what differs
    #[arg(long)]
    pub against_server: bool,
    /// Say what differs and mend nothing; what is new is still pulled
    #[arg(long, requires = "against_server")]
    pub dry_run: bool,
    /// Only this account (see `threadkeep accounts`)
    #[arg(long, value_name = "N", requires = "against_server")]
    pub integration: Option<i64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Filter {
    Unread,
    Groups,
    Archived,
}

#[derive(Debug, Args)]
pub struct Chats {
    /// Only these
    #[arg(long, value_enum)]
    pub filter: Option<Filter>,
    /// At most so many; all without it
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
}

#[derive(Debug, Args)]
pub struct Contacts {
    /// Only those of whose name this is a beginning, or of whose number a part
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    /// Only of this account (see `threadkeep accounts`)
    #[arg(long, value_name = "N")]
    pub integration: Option<i64>,
    /// At most so many; all without it
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
}

#[derive(Debug, Args)]
pub struct Read {
    /// The chat: its address, its name, or its id
    pub chat: String,
    /// Around this message (`id` or `message` of an earlier answer)
    #[arg(long, value_name = "MESSAGE", group = "place")]
    pub around: Option<String>,
    /// Before this place (`older` of an earlier answer)
    #[arg(long, value_name = "T", group = "place")]
    pub before: Option<String>,
    /// After this place (`newer` of an earlier answer)
    #[arg(long, value_name = "T", group = "place")]
    pub after: Option<String>,
    /// From this date on, such as 2024-05-31
    #[arg(long, value_name = "D", group = "place")]
    pub date: Option<String>,
    /// At most so many messages
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: u32,
}

#[derive(Debug, Args)]
pub struct History {
    /// The chat: its address, its name, or its id
    pub chat: String,
    /// At most so many messages, 1 to 10000
    #[arg(long, value_name = "N", default_value_t = 1_000,
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub max: u32,
    /// Everything back to the beginning of the chat, however much that is
    #[arg(long, conflicts_with = "max")]
    pub full: bool,
    /// Go on with a request that was interrupted or cancelled
    #[arg(long)]
    pub resume: bool,
    /// Cancel the request that runs; what has come stays
    #[arg(long, group = "instead", conflicts_with_all = ["max", "full", "resume"])]
    pub cancel: bool,
    /// Only show where the request stands
    #[arg(long, group = "instead", conflicts_with_all = ["max", "full", "resume"])]
    pub show: bool,
    #[command(flatten)]
    pub progress: Progress,
}

/// Choose what is kept on this computer: which chats, how far back, with files or not
#[derive(Debug, Args)]
#[command(after_help = "\
Without an option it shows what is kept. What is not kept any more is freed here and stays on the server; \
what is kept from now on and is not here is fetched. Chats that begin later are kept as all others are.\n\n\
Examples:\n  \
threadkeep select --only \"Studio North\" --only Anna --yes    these two and no others\n  \
threadkeep select --since 2024-01-01 --no-media --yes        of all chats, no more than that\n  \
threadkeep select --with \"Book club\" --since 2023-06-01     one more, from then on\n  \
threadkeep select --everything                               all of it again\n\n\
Exit codes: 0 done, 1 failed (also where it would free something and --yes was not said), 2 wrong usage, \
3 chosen, and not all could be fetched, 130 cancelled.")]
pub struct Select {
    /// Of this account (see `threadkeep accounts`)
    #[arg(long, value_name = "N")]
    pub integration: Option<i64>,
    /// Keep this chat and no others; may be given several times
    #[arg(long, value_name = "CHAT")]
    pub only: Vec<String>,
    /// Keep this chat too; may be given several times
    #[arg(long, value_name = "CHAT")]
    pub with: Vec<String>,
    /// Do not keep this chat; may be given several times
    #[arg(long, value_name = "CHAT")]
    pub without: Vec<String>,
    /// Keep everything: all chats, from the beginning, with files
    #[arg(long, conflicts_with_all = ["only", "with", "without", "since", "from_the_beginning", "media", "no_media"])]
    pub everything: bool,
    /// Only messages from this date on, such as 2024-05-31: of the chats that are named to be kept, or of
    /// all
    #[arg(long, value_name = "D", conflicts_with = "from_the_beginning")]
    pub since: Option<String>,
    /// However old: of the chats that are named to be kept, or of all
    #[arg(long)]
    pub from_the_beginning: bool,
    /// With what is known of their files
    #[arg(long, conflicts_with = "no_media")]
    pub media: bool,
    /// Without files and thumbnails
    #[arg(long)]
    pub no_media: bool,
    /// Free what is not kept any more without asking back
    #[arg(long)]
    pub yes: bool,
    /// Only say what it would free and whether it would fetch
    #[arg(long)]
    pub dry_run: bool,
    /// Leave the fetching to the next sync
    #[arg(long)]
    pub no_fetch: bool,
    #[command(flatten)]
    pub progress: Progress,
}

impl Select {
    /// Whether anything is to be chosen.
    pub const fn changes(&self) -> bool {
        !(self.only.is_empty() && self.with.is_empty() && self.without.is_empty())
            || self.everything
            || self.since.is_some()
            || self.from_the_beginning
            || self.media
            || self.no_media
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Order {
    /// The newest first
    Newest,
    /// The best of the newest thousand first
    Best,
}

#[derive(Debug, Args)]
pub struct Search {
    /// What to look for; put `--` in front where it begins with a hyphen
    #[arg(required = true)]
    pub query: Vec<String>,
    /// At most so many
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: u32,
    /// In which order
    #[arg(long, value_enum, default_value = "newest")]
    pub order: Order,
    /// After this place (`next` of an earlier answer)
    #[arg(long, value_name = "PLACE")]
    pub after: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Index {
    /// Make the search index anew from the messages that are here
    Rebuild,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:\n  \
threadkeep import \"WhatsApp Chat with Anna.zip\" --dry-run           what is in it, and what of that is new\n  \
threadkeep import \"WhatsApp Chat with Anna.zip\" --chat Anna         into the chat that is here already\n  \
threadkeep import chat.txt --zone Europe/Berlin --me \"Robin Example\"\n  \
threadkeep import msgstore.db.crypt15 wa.db --key encrypted_backup.key\n\n\
The same again changes nothing. Everything is read to its end before anything is brought in, so what is cut short \
or damaged changes nothing either. docs/import.md says what can be read and how to get it from a phone.\n\n\
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in part, 130 cancelled.")]
pub struct Import {
    /// Files, folders and zips
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Read everything as this format, whatever it looks like
    #[arg(long = "as", value_name = "FORMAT")]
    pub format: Option<String>,
    /// Into this account (see `threadkeep accounts`)
    #[arg(long, value_name = "ACCOUNT")]
    pub into: Option<String>,
    /// The chat that files of one chat belong to: its address, its name, or its id
    #[arg(long, value_name = "CHAT")]
    pub chat: Option<String>,
    /// Which sender is you, by the name in the files
    #[arg(long, value_name = "NAME")]
    pub me: Option<String>,
    /// Where the phone was that wrote times without a zone, such as Europe/Berlin [default: here]
    #[arg(long, value_name = "IANA")]
    pub zone: Option<String>,
    /// What opens encrypted files: a key file, or the 64 digits of a key; `-` reads the digits from standard input
    #[arg(long, value_name = "FILE|HEX")]
    pub key: Option<String>,
    /// Only say what is in them and what of that is new
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub progress: Progress,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    /// A message a line, with a last line that says that all is there
    Jsonl,
    /// Pages for a browser: no script, light and dark, fit to be printed
    Html,
    /// A table, a message a row; no cell is a formula
    Csv,
    /// Plain text, in the shape of WhatsApp's own export
    Txt,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PageLanguage {
    /// English
    En,
    /// German
    De,
    /// Portuguese
    Pt,
    /// Arabic
    Ar,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:\n  \
threadkeep export --to archive.jsonl                              everything, a message a line\n  \
threadkeep export --format html --to ~/Documents                  a folder of pages, a page a chat\n  \
threadkeep export --format html --chat Anna --to anna.html        one chat\n  \
threadkeep export --format csv --bom --since 2024-01-01 --until 2024-12-31 --to year.csv\n\n\
All chats as html or txt, and a long chat as html, are a folder; it must not be there yet. The file or \
folder is there whole in the end, or not at all.\n\n\
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled.")]
pub struct Export {
    /// The form
    #[arg(long, value_enum, default_value = "jsonl")]
    pub format: Format,
    /// Only this chat
    #[arg(long, value_name = "C")]
    pub chat: Option<String>,
    /// Only messages from this date on, such as 2024-05-31
    #[arg(long, value_name = "D")]
    pub since: Option<String>,
    /// Only messages up to this date, that day with them
    #[arg(long, value_name = "D")]
    pub until: Option<String>,
    /// Begin a table with a byte order mark, by which spreadsheets know that it is UTF-8
    #[arg(long)]
    pub bom: bool,
    /// The language of what pages say beside the messages, instead of the computer's
    #[arg(long, value_enum, value_name = "L")]
    pub language: Option<PageLanguage>,
    /// Only name photos and files in pages, and do not put those that are here beside them
    #[arg(long)]
    pub without_files: bool,
    /// The file or folder to make, or a folder to make it in; `-` is standard output
    #[arg(long, value_name = "PATH")]
    pub to: PathBuf,
    #[command(flatten)]
    pub progress: Progress,
}
