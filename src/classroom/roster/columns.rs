//! What the columns of a roster mean. Pure.

use std::collections::HashMap;

use csv::StringRecord;

use super::Flaw;

/// A column's meaning, and the headers that it may have: letters and digits alone, in lower case.
const COLUMNS: [(Column, &[&str]); 10] = [
    (
        Column::Id,
        &[
            "id",
            "studentid",
            "userid",
            "username",
            "idnumber",
            "login",
            "loginid",
            "sisuserid",
        ],
    ),
    // Canvas' own list has the name in it, and Moodle's often nothing but the address.
    (Column::Student, &["student"]),
    (Column::Email, &["email", "emailaddress", "mail"]),
    (
        Column::Name,
        &["name", "fullname", "studentname", "displayname"],
    ),
    (Column::First, &["firstname", "givenname", "forename"]),
    (Column::Last, &["lastname", "surname", "familyname"]),
    (Column::Group, &["group", "groups", "section", "class"]),
    (Column::ExtraTime, &["extratime", "extension"]),
    (Column::Excused, &["excused", "excuse", "excusedsteps"]),
    (
        Column::Submitted,
        &["submitted", "submittedat", "submissiontime"],
    ),
];

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Who it is.
    Id,
    /// Who it is, or what the student is called.
    Student,
    /// Who it is, where nothing else says so.
    Email,
    /// What the student is called.
    Name,
    /// The first name.
    First,
    /// The last name.
    Last,
    /// The group.
    Group,
    /// How much more time there is.
    ExtraTime,
    /// The steps that do not count.
    Excused,
    /// When it was handed in.
    Submitted,
}

/// Whether a row is one of those that Canvas has above the students: what assignments are worth.
pub fn is_of_nobody(columns: &HashMap<Column, usize>, row: &StringRecord) -> bool {
    columns.iter().all(|(column, &at)| {
        let cell = row.get(at).unwrap_or_default().trim();
        let is_said = *column == Column::Name && cell.eq_ignore_ascii_case("points possible");
        cell.is_empty() || is_said
    })
}

/// Where each known column is. Of those that may say who it is, the first counts that is not empty.
pub fn columns(
    headers: &StringRecord,
    rows: &[StringRecord],
) -> Result<HashMap<Column, usize>, Flaw> {
    let mut columns = HashMap::new();
    for (at, header) in headers.iter().enumerate() {
        let plain: String = (header.chars())
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let known = COLUMNS
            .iter()
            .find(|(_, names)| names.contains(&&plain[..]));
        if let Some((column, _)) = known {
            // A platform's own columns may mean the same; the first is the one to go by.
            let first = columns.entry(*column).or_insert(at);
            if plain == "id" {
                *first = at;
            }
        }
    }
    let is_used = |at: usize| {
        rows.iter()
            .any(|row| row.get(at).is_some_and(|cell| !cell.trim().is_empty()))
    };
    let ids = [Column::Id, Column::Student, Column::Email].map(|column| columns.get(&column));
    let ids = || ids.iter().flatten().copied().copied();
    let id = ids().find(|&at| is_used(at)).or_else(|| ids().next());
    let Some(id) = id else {
        let headers: Vec<String> = headers.iter().map(|header| format!("`{header}`")).collect();
        let headers = headers.join(", ");
        return Err((1, format!("no column is called `id`, only {headers}")));
    };
    columns.insert(Column::Id, id);
    if let Some(at) = columns.remove(&Column::Student).filter(|&at| at != id) {
        columns.entry(Column::Name).or_insert(at);
    }
    columns.remove(&Column::Email);
    Ok(columns)
}
