//! A class as there might be one, made up: the real steps, texts and mistakes, and students from
//! those who solve everything to those who hand in nothing.

use std::collections::BTreeMap;
use std::fs;

use tutor::classroom::gradebook::alike::{Group, Way};
use tutor::classroom::gradebook::html::{Material, page};
use tutor::classroom::record::{
    Deadline, Decision, Diagnosis, EarlierSteps, GradedStep, Grades, GroupOutcome, Header, Intake,
    Points, Record, Sandbox, StepGrade, Student, Timing, VERSION,
};

use super::dice::Dice;
use crate::support::root;

/// What nobody should be called, or write.
const HOSTILE: [&str; 6] = [
    "<script>window.pwned = 1</script>",
    "\"><img src=x onerror=\"window.pwned = 1\">",
    "'); window.pwned = 1; ('",
    "</pre></style></title><svg onload=\"window.pwned = 1\">",
    "\u{202e}dlrow\u{202c} \u{200f}olleh\u{0} \u{1b}[31mred",
    "&lt;script&gt;window.pwned = 1&lt;/script&gt;<!--",
];

const NAMES: [&str; 16] = [
    "Ada Lovelace",
    "Bjørn Ångström",
    "Chidi Anagonye",
    "Dorothea Wieruszowski-Hohenstein",
    "Emmy Noether",
    "Fatima al-Fihri",
    "Grace Hopper",
    "Hedy Lamarr",
    "Ida Rhodes",
    "李小龙",
    "נועה כהן",
    "Katherine Johnson",
    "Lê Quang Liêm",
    "Mary Kenneth Keller",
    "नर्मदा",
    "Oyelaran",
];

/// Mistakes of each step, as in `checks/STEP/mistakes.toml`.
const MISTAKES: [(&str, &str); 4] = [
    (
        "no-scaling",
        "does not scale the scores by the width of a head",
    ),
    (
        "unbiased-variance",
        "divides by n - 1 where the variance of a layer norm divides by n",
    ),
    (
        "mask-after-softmax",
        "adds the mask to the weights, behind the softmax",
    ),
    (
        "added-not-multiplied",
        "adds the factors instead of multiplying by them",
    ),
];

const TEXT: &str = "  the attention weights:
  `weights [batch, head, row, column]`: 48 of 96 elements are wrong

    shape            [2, 2, 4, 6]
    first            [0, 0, 0, 1]   got 0.241382     expected 0
    largest error    [0, 1, 2, 3]   got 0.719704     expected 0.124107
    off by           0.595597
    where            above the diagonal

    row down, column across
    got                         expected
      0.414  0.243* 0.197*      1.000   0.000   0.000
      0.389  0.156  0.284*      0.235   0.765   0.000
";

pub struct Class {
    pub grades: Grades,
    alike: Vec<Group>,
    sources: BTreeMap<String, String>,
    solutions: BTreeMap<String, String>,
}

impl Class {
    /// A class of so many.
    pub fn of(students: u64) -> Self {
        let course: toml::Table = read("course.toml").parse().expect("the course can be read");
        let parts = course["part"].as_array().expect("it has parts");
        let rows = (parts.iter()).flat_map(|part| part["step"].as_array().expect("it has steps"));
        let text = |row: &toml::Value, key: &str| row[key].as_str().expect("a text").to_owned();
        let mut class = Self {
            grades: Grades {
                header: header(course["title"].as_str().expect("a title")),
                records: Vec::new(),
            },
            alike: Vec::new(),
            sources: BTreeMap::new(),
            solutions: BTreeMap::new(),
        };
        for (place, row) in rows.enumerate() {
            let (id, name) = (text(row, "id"), text(row, "file"));
            let solution = read(&format!("solutions/{name}.rs"));
            class.sources.insert(
                format!("{id}-skeleton"),
                read(&format!("checks/{name}/skeleton.rs")),
            );
            class.solutions.insert(id.clone(), solution);
            class.grades.header.steps.push(GradedStep {
                title: text(row, "title"),
                points: u32::try_from(row["points"].as_integer().expect("points")).expect("few"),
                seed: 1_234_567_890_123 + place as u64,
                groups: [
                    "the parameters",
                    "splitting into heads",
                    "merging the heads",
                    "the attention weights",
                    "what a change reaches",
                ]
                .map(String::from)
                .to_vec(),
                hidden: Vec::new(),
                weights: Vec::new(),
                id,
                name,
            });
        }
        for number in 0..students {
            class.add_student(number);
        }
        if students > 8 {
            class.add_decisions();
            class.add_groups();
        }
        class
    }

    /// Besides, some who would like to run something in the teacher's browser.
    pub fn with_hostile_students(mut self) -> Self {
        self.grades.header.sandbox = Sandbox::Off;
        for (number, evil) in HOSTILE.iter().enumerate() {
            let mut record = self.grades.records[number].clone();
            let student = &mut record.student;
            (*evil).clone_into(&mut student.id);
            student.entry = format!("{evil}.zip");
            student.notes = vec![format!("There is a second file {evil}"), evil.repeat(100)];
            for grade in &mut student.steps {
                grade.verdict = "wrong_values".into();
                grade.score = grade.score.share(4, 5);
                grade.file = Some(format!("{evil}.rs"));
                grade.source = Some(format!("evil-{number}"));
                grade.text = format!("✗ {evil}\n\n  {evil}\n{}\n", evil.repeat(50));
                grade.notes = vec![(*evil).to_owned()];
                grade.forbidden = vec![(*evil).to_owned()];
                grade.diagnosis = vec![Diagnosis {
                    id: (*evil).to_owned(),
                    what: (*evil).to_owned(),
                    nudge: (*evil).to_owned(),
                }];
            }
            self.sources.insert(
                format!("evil-{number}"),
                format!("// {evil}\n{evil}\n").repeat(4),
            );
            let other = "Somebody in another part of the class";
            self.alike
                .push(group(vec![(*evil).into(), other.into()], &[(evil, "s03")]));
            self.grades.records.push(record);
        }
        self
    }

    /// The same students, all of whom solved everything.
    pub fn of_those_who_pass_everything(mut self) -> Self {
        for record in &mut self.grades.records {
            for (place, step) in self.grades.header.steps.iter().enumerate() {
                record.student.steps[place] = grade(step, "passed", "");
            }
        }
        self
    }

    pub fn page(&self) -> String {
        page(&Material {
            grades: &self.grades,
            alike: &self.alike,
            source: &|name| self.sources.get(name).cloned(),
            solution: &|step| self.solutions.get(step).cloned(),
        })
    }

    fn add_student(&mut self, number: u64) {
        let mut dice = Dice(number * 977 + 5);
        let name = NAMES[(number % 16) as usize];
        let skill = 3 + dice.below(14);
        let mut steps = Vec::new();
        for (place, step) in self.grades.header.steps.iter().enumerate() {
            let verdict = verdict(&mut dice, skill, place as u64);
            let source = format!("{:024x}", number * 100 + place as u64);
            let mut grade = grade(step, verdict, &source);
            match verdict {
                "missing" => {}
                "not_started" => grade.source = Some(format!("{}-skeleton", step.id)),
                _ => {
                    let text = worsened(&self.solutions[&step.id], &mut dice);
                    self.sources.insert(source, text);
                }
            }
            if verdict == "wrong_values" && dice.below(3) > 0 {
                let drawn = usize::try_from(dice.below(3)).expect("it is below 3");
                let (id, what) = MISTAKES[(place + drawn) % 4];
                grade.diagnosis.push(Diagnosis {
                    id: id.into(),
                    what: what.into(),
                    nudge: "What would a factor of 1 change?".into(),
                });
            }
            steps.push(grade);
        }
        let notes = match dice.below(6) {
            0 => vec![
                "`steps/s03_layer_norm.rs` is there twice; the one nearer to the top was graded"
                    .into(),
            ],
            _ => Vec::new(),
        };
        let id = format!("{name} {:03}", number + 1);
        self.grades.records.push(Record {
            student: Student {
                entry: format!("{id}_assignsubmission_file.zip"),
                id,
                intake: Intake::default(),
                notes,
                comment: None,
                steps,
            },
            timing: Timing::default(),
        });
    }

    /// What a teacher decided by hand.
    fn add_decisions(&mut self) {
        let student = &mut self.grades.records[4].student;
        student.comment = Some("Let us look at this together.\nOn Monday?".into());
        for (place, points) in [(0, Some(4)), (8, None)] {
            let grade = &mut student.steps[place];
            grade.decision = Some(Decision {
                earned: grade.score,
                excused: points.is_none(),
                points: points.map(Points::whole),
                reason: Some("what was handed in on paper".into()),
                comment: Some("Nearly there.".into()),
            });
            grade.score = points.map_or_else(Points::default, Points::whole);
        }
    }

    fn add_groups(&mut self) {
        let id = |place: usize| self.grades.records[place].student.id.clone();
        let large = 20.min(self.grades.records.len());
        self.alike = vec![
            group(
                (0..large).map(id).collect(),
                &[("the same text", "all 20 steps")],
            ),
            group(
                vec![id(1), id(7)],
                &[
                    ("the same text", "s07"),
                    ("the same but for names and order", "s09 to s12"),
                    ("85 to 92 % alike", "s03, s10"),
                ],
            ),
        ];
    }
}

fn group(students: Vec<String>, ways: &[(&str, &str)]) -> Group {
    let ways = ways.iter().map(|(how, steps)| Way {
        how: (*how).to_owned(),
        steps: (*steps).to_owned(),
        some: false,
    });
    Group {
        students,
        solution: false,
        ways: ways.collect(),
    }
}

fn header(title: &str) -> Header {
    Header {
        version: VERSION,
        course: title.to_owned(),
        course_id: "4f1c9a0be72d5583aa01c2d4".into(),
        seed: 42,
        earlier: EarlierSteps::Reference,
        timeout: 10.0,
        sandbox: Sandbox::Enforced,
        shard: None,
        deadline: Deadline::default(),
        hidden_checks: None,
        steps: Vec::new(),
    }
}

fn grade(step: &GradedStep, verdict: &str, source: &str) -> StepGrade {
    let passed = match verdict {
        "passed" => 5,
        "missing" | "not_started" | "does_not_compile" | "forbidden" | "unreadable" => 0,
        _ => 1 + source.len() % 3 + usize::from(source.ends_with(['1', '2', '5', '8'])),
    };
    let groups = (0..5).map(|place| match place {
        _ if place < passed => GroupOutcome::Passed,
        _ if place == passed => GroupOutcome::Failed,
        _ => GroupOutcome::NotReached,
    });
    let (file, source, text) = match verdict {
        "missing" => (None, None, String::new()),
        "passed" => (
            Some(format!("steps/{}.rs", step.name)),
            Some(source.to_owned()),
            format!("✓ {} {}: passed\n", step.id, step.title),
        ),
        _ => (
            Some(format!("steps/{}.rs", step.name)),
            Some(source.to_owned()),
            format!("✗ {} {}: {verdict}\n\n{TEXT}", step.id, step.title),
        ),
    };
    StepGrade {
        step: step.id.clone(),
        file,
        source,
        notes: Vec::new(),
        verdict: verdict.into(),
        line: (verdict == "panicked").then_some(31),
        score: Points::whole(step.points).share(passed, 5),
        groups: if verdict == "missing" {
            Vec::new()
        } else {
            groups.collect()
        },
        hidden: None,
        decision: None,
        diagnosis: Vec::new(),
        forbidden: if verdict == "forbidden" {
            vec!["burn::nn::LayerNorm".into()]
        } else {
            Vec::new()
        },
        text,
    }
}

/// Later steps are harder, and who is tired stops.
fn verdict(dice: &mut Dice, skill: u64, place: u64) -> &'static str {
    if dice.below(20) < skill + 3 && place < skill + 2 {
        return "passed";
    }
    if place > skill {
        return if dice.below(3) == 0 {
            "missing"
        } else {
            "not_started"
        };
    }
    match dice.below(14) {
        0 => "panicked",
        1 => "does_not_compile",
        2 => "timed_out",
        3 => "forbidden",
        4 => "wrong_shape",
        5 => "not_finite",
        6 => "out_of_memory",
        _ => "wrong_values",
    }
}

/// A text with some of its lines changed or left out.
fn worsened(solution: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    for line in solution.lines() {
        match dice.below(9) {
            0 => {}
            1 => text.push_str(&line.replace("self", "this").replace("x.", "y.")),
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("the course is there")
}
