//! A drive that forgets what was not synced, or that fails: a library between the server and its files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hallpass_testkit::Rng;

/// What a drive writes as a whole, in bytes.
const SECTOR: usize = 512;

/// The library and what it takes.
pub(crate) struct Disk {
    library: PathBuf,
    data: PathBuf,
    log: PathBuf,
    control: PathBuf,
}

/// What fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Nothing of a write is done.
    Write = 1,
    /// Half of a write is done.
    HalfWrite = 2,
    /// A sync.
    Sync = 3,
    /// A write is acknowledged and not done: no program can notice that.
    Lie = 4,
}

impl Disk {
    /// Compiles the library; none where there is no compiler for C, or another kind of machine.
    pub(crate) fn under(folder: &Path) -> Option<Disk> {
        let library = folder.join("disk.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/disk/preload.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source);
        let compiled = compiler.args(["-ldl", "-lpthread"]).status();
        if !cfg!(target_os = "linux") || !compiled.is_ok_and(|status| status.success()) {
            eprintln!("skipped: this machine has no compiler for C");
            return None;
        }
        let control = folder.join("disk.control");
        fs::write(&control, [0_u8; 24]).unwrap();
        let (data, log) = (folder.join("hallpass-data"), folder.join("disk.log"));
        Some(Disk { library, data, log, control })
    }

    /// The command that runs the server behind the library, which keeps no record.
    pub(crate) fn wrapper(&self) -> Vec<String> {
        let set = |name: &str, path: &Path| format!("{name}={}", path.display());
        vec![
            "env".to_owned(),
            set("LD_PRELOAD", &self.library),
            set("DISK_FOLDER", &self.data),
            set("DISK_CONTROL", &self.control),
        ]
    }

    /// The same, with a record of what the server does with its files.
    pub(crate) fn recording_wrapper(&self) -> Vec<String> {
        let mut wrapper = self.wrapper();
        wrapper.push(format!("DISK_LOG={}", self.log.display()));
        wrapper
    }

    /// Lets a call fail, counted from 1.
    pub(crate) fn fail(&self, call: i64, fault: Fault) {
        let mut numbers = fs::read(&self.control).unwrap();
        numbers[..8].copy_from_slice(&call.to_ne_bytes());
        numbers[8..16].copy_from_slice(&(fault as i64).to_ne_bytes());
        // Without truncation: the server has it in its memory.
        let mut file = fs::File::options().write(true).open(&self.control).unwrap();
        std::io::Write::write_all(&mut file, &numbers[..16]).unwrap();
    }

    /// How many calls have failed.
    pub(crate) fn failed(&self) -> i64 {
        let numbers = fs::read(&self.control).unwrap();
        i64::from_ne_bytes(numbers[16..24].try_into().unwrap())
    }

    /// How far the record is.
    pub(crate) fn position(&self) -> u64 {
        fs::metadata(&self.log).map_or(0, |log| log.len())
    }

    /// The record, whole entries only.
    pub(crate) fn record(&self) -> Vec<Entry> {
        let log = fs::read(&self.log).unwrap();
        let (mut entries, mut at) = (Vec::new(), 0);
        while let Some(head) = log.get(at..at + 32) {
            let number = |n: usize| {
                let bytes = head[8 * n..8 * n + 8].try_into().unwrap();
                usize::try_from(i64::from_ne_bytes(bytes)).unwrap()
            };
            let [kind, name, offset, length] = [0, 1, 2, 3].map(number);
            let data = at + 32 + name;
            let has_data = kind == 1;
            let end = if has_data { data + length } else { data };
            let Some(name) = log.get(at + 32..data) else { break };
            let Some(bytes) = log.get(data..end) else { break };
            let change = match kind {
                1 => Change::Write { offset, data: bytes.to_vec() },
                2 => Change::Sync,
                3 => Change::Truncate(offset),
                _ => Change::Unlink,
            };
            let file = String::from_utf8(name.to_vec()).unwrap();
            entries.push(Entry { file, change, end: end as u64 });
            at = end;
        }
        entries
    }
}

/// Something that the server did with a file.
pub(crate) struct Entry {
    file: String,
    change: Change,
    /// Where the next entry begins in the record.
    pub(crate) end: u64,
}

enum Change {
    Write { offset: usize, data: Vec<u8> },
    Sync,
    Truncate(usize),
    Unlink,
}

/// Whether a drive does what it is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Obedience {
    /// What was synced stays.
    Full,
    /// It says that it has synced and has not.
    IgnoresSyncs,
}

/// The drive at a moment.
#[derive(Default)]
pub(crate) struct Drive {
    files: BTreeMap<String, File>,
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    pending: Vec<Change>,
}

impl Drive {
    /// Does what an entry says.
    pub(crate) fn apply(&mut self, entry: Entry, obedience: Obedience) {
        let file = self.files.entry(entry.file.clone()).or_default();
        match entry.change {
            Change::Sync if obedience == Obedience::Full => file.sync(),
            Change::Sync => {}
            Change::Unlink => drop(self.files.remove(&entry.file)),
            change @ (Change::Write { .. } | Change::Truncate(_)) => file.pending.push(change),
        }
    }

    /// Syncs everything.
    pub(crate) fn sync(&mut self) {
        self.files.values_mut().for_each(File::sync);
    }

    /// Writes what is left after a power cut: what was synced, and of everything else any sectors.
    pub(crate) fn cut(&self, rng: &mut Rng, folder: &Path) {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).unwrap();
        let percent = rng.pick(&[0, 10, 50, 90, 100]);
        for (name, file) in &self.files {
            let mut bytes = file.synced.clone();
            for change in &file.pending {
                change.arrive(&mut bytes, || rng.percent(percent));
            }
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
}

impl File {
    fn sync(&mut self) {
        for change in self.pending.drain(..) {
            change.arrive(&mut self.synced, || true);
        }
    }
}

impl Change {
    /// Changes some bytes, by sectors, as far as they arrive.
    fn arrive(&self, bytes: &mut Vec<u8>, mut arrives: impl FnMut() -> bool) {
        match self {
            Change::Sync | Change::Unlink => {}
            Change::Truncate(length) => {
                if arrives() {
                    bytes.resize(*length, 0);
                }
            }
            Change::Write { offset, data } => {
                let (mut at, mut rest) = (*offset, data.as_slice());
                while !rest.is_empty() {
                    let (part, more) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
                    if arrives() {
                        if bytes.len() < at + part.len() {
                            bytes.resize(at + part.len(), 0);
                        }
                        bytes[at..at + part.len()].copy_from_slice(part);
                    }
                    (at, rest) = (at + part.len(), more);
                }
            }
        }
    }
}
