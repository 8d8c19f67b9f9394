use super::*;

#[test]
fn what_is_not_known_is_told_with_its_place() {
    let (at, message) = parse("[[hint]]\non = 'wrong_shpae'\ntext = 'x'\n").expect_err("no kind");
    assert_eq!(at, Some(14));
    assert!(
        message.contains("`wrong_shpae`") && message.contains("`wrong_shape`"),
        "{message}"
    );
    assert!(parse("[[hint]]\nerror = ' '\ntext = 'x'\n").is_err());
    assert!(parse("[[hint]]\ntext = 'x'\ngroups = 'y'\n").is_err());
}

#[test]
fn readme_lists_the_same_kinds() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme
        .split_once("is one of `passed`")
        .expect("README lists the verdicts");
    let (list, _) = rest.split_once('.').expect("the sentence ends");
    let mut listed: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    listed.retain(|kind| *kind != "earlier_step");
    let kinds: Vec<&str> = troubles().map(VerdictKind::as_str).collect();
    assert_eq!(listed, kinds);
}
