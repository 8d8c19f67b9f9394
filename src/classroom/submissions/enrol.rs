//! Submissions and the roster: whose each is, who is missing, who is not known.

use std::collections::BTreeMap;

use super::{Entries, Entry, notes, safe_names};
use crate::classroom::record::{Submitted, TimeFrom};
use crate::classroom::roster::{Listed, Roster};

impl Entries {
    /// The same, each under the id that the roster has. Who is in the roster and handed in nothing
    /// is among them, and whoever handed in twice is there once.
    #[must_use]
    pub fn enrolled(self, roster: &Roster) -> Self {
        let mut listed: BTreeMap<u64, Entry> = BTreeMap::new();
        let mut unknown = Vec::new();
        for mut entry in self.entries {
            let Some(student) = roster.find(&entry.id, entry.student.as_deref()) else {
                entry.notes.push(notes::unknown().into());
                entry.on_roster = Some(false);
                unknown.push(entry);
                continue;
            };
            match listed.get_mut(&student.line) {
                Some(first) => first.absorb(entry),
                None => {
                    listed.insert(student.line, entry);
                }
            }
        }
        let mut entries = Vec::new();
        for student in &roster.students {
            let found = listed.remove(&student.line);
            let mut entry = found.unwrap_or_else(|| Entry::nothing(&student.id));
            if !entry.is_handed_in() {
                entry.notes.push(notes::nothing_handed_in().into());
            }
            entry.is_of(student);
            entries.push(entry);
        }
        entries.append(&mut unknown);
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        Self { entries, ..self }
    }

    /// The same, each under the id that the roster has, if it has one; nobody is missing.
    #[must_use]
    pub fn known_from(mut self, roster: &Roster) -> Self {
        for entry in &mut self.entries {
            match roster.find(&entry.id, entry.student.as_deref()) {
                Some(student) => entry.is_of(student),
                None => {
                    entry.notes.push(notes::unknown().into());
                    entry.on_roster = Some(false);
                }
            }
        }
        self
    }
}

impl Entry {
    /// Takes what the roster says of the student whose submission it is.
    fn is_of(&mut self, student: &Listed) {
        self.on_roster = Some(true);
        let written = |text: &String| safe_names::written_bytes(text.as_bytes());
        self.id = safe_names::written_bytes(student.id.as_bytes());
        self.student = student.name.as_ref().map(written).or(self.student.take());
        self.group = student.group.as_ref().map(written);
        self.extra_time = student.extra_time;
        self.excused.clone_from(&student.excused);
        if let Some(at) = student.submitted {
            let from = TimeFrom::Roster;
            self.handed_in = Some(Submitted { at, from });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Class;
    use super::*;

    const ROSTER: &str = "id,name,group,extra_time,excused,submitted\n\
                          a17,Ana Cruz,A,2 days,s07,2026-11-30 10:00\n\
                          b3,Bo Li,B,,,\n\
                          c1,Cy Dee,B,,,\n";

    #[test]
    fn everybody_is_there_once_under_the_rosters_id() {
        let class = Class::of("Ana Cruz_7_assignsubmission_file_/s07.rs", "first");
        class.write("cruzana_55_67_s08.rs", "eight");
        class.write("b3/s07.rs", "bo");
        class.write("eve.zip", "PK");
        let roster = Roster::parse(ROSTER).expect("a roster");
        let found = class.entries().enrolled(&roster).entries;
        let ids: Vec<&str> = found.iter().map(|entry| &entry.id[..]).collect();
        assert_eq!(ids, ["a17", "b3", "c1", "eve"]);
        let [ana, bo, cy, eve] = &found[..] else {
            panic!("{found:?}");
        };
        assert!(ana.notes[0].contains("belong to one student"), "{ana:?}");
        let files = ana.read(&["s07_attention", "s08_residual"]).files;
        assert!(files.iter().all(|file| file.path.is_some()), "{files:?}");
        assert_eq!(
            (ana.extra_time, &ana.excused[..]),
            (172_800, &["s07".to_owned()][..])
        );
        assert!(
            ana.handed_in
                .is_some_and(|time| time.from == TimeFrom::Roster)
        );
        assert_eq!(bo.student.as_deref(), Some("Bo Li"));
        assert_eq!(bo.group.as_deref(), Some("B"));
        assert!(bo.is_handed_in() && !cy.is_handed_in());
        assert!(cy.notes[0].contains("nothing was handed in"));
        assert!(cy.read(&["s07_attention"]).files[0].path.is_none());
        assert_eq!((cy.on_roster, eve.on_roster), (Some(true), Some(false)));
        assert!(eve.notes[0].contains("not on the roster"));
    }
}
