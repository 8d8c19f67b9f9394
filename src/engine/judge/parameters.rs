//! Compares parameter tables.

use observation::Parameter;
use serde::Serialize;

/// A parameter that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ParameterFault {
    /// It should be there.
    Missing {
        /// Its path.
        path: String,
        /// The shape that it should have.
        expected: Vec<usize>,
        /// An extra parameter of the same shape or a similar name: perhaps this one misnamed.
        perhaps: Option<String>,
    },
    /// It should not be there.
    Extra {
        /// Its path.
        path: String,
        /// Its shape.
        got: Vec<usize>,
    },
    /// It has another shape than it should.
    Misshapen {
        /// Its path.
        path: String,
        /// The shape that it has.
        got: Vec<usize>,
        /// The shape that it should have.
        expected: Vec<usize>,
    },
}

/// What is wrong with the parameters `got`. Their order does not matter.
pub fn compare(got: &[Parameter], expected: &[Parameter]) -> Vec<ParameterFault> {
    let find = |list: &[Parameter], path: &str| list.iter().find(|p| p.path == path).cloned();
    let extra: Vec<&Parameter> = got
        .iter()
        .filter(|p| find(expected, &p.path).is_none())
        .collect();
    let mut faults: Vec<ParameterFault> = expected
        .iter()
        .filter_map(|wanted| match find(got, &wanted.path) {
            None => Some(ParameterFault::Missing {
                path: wanted.path.clone(),
                expected: wanted.shape.clone(),
                perhaps: perhaps(wanted, &extra),
            }),
            Some(found) if found.shape != wanted.shape => Some(ParameterFault::Misshapen {
                path: found.path,
                got: found.shape,
                expected: wanted.shape.clone(),
            }),
            Some(_) => None,
        })
        .collect();
    faults.extend(extra.into_iter().map(|parameter| ParameterFault::Extra {
        path: parameter.path.clone(),
        got: parameter.shape.clone(),
    }));
    faults
}

fn perhaps(wanted: &Parameter, extra: &[&Parameter]) -> Option<String> {
    let likeness = |p: &Parameter| {
        let same_shape = if p.shape == wanted.shape { 0.5 } else { 0.0 };
        strsim::normalized_damerau_levenshtein(&p.path, &wanted.path) + same_shape
    };
    extra
        .iter()
        .filter(|p| likeness(p) >= 0.6)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .map(|p| p.path.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(path: &str, shape: &[usize]) -> Parameter {
        Parameter {
            path: path.into(),
            shape: shape.to_vec(),
        }
    }

    #[test]
    fn order_does_not_matter() {
        let (a, b) = (parameter("a", &[2]), parameter("b", &[3]));
        assert!(compare(&[b.clone(), a.clone()], &[a, b]).is_empty());
    }

    #[test]
    fn a_misnamed_parameter_is_recognised() {
        let faults = compare(
            &[parameter("wqe.weight", &[8, 12])],
            &[parameter("wpe.weight", &[8, 12])],
        );
        assert_eq!(
            faults,
            [
                ParameterFault::Missing {
                    path: "wpe.weight".into(),
                    expected: vec![8, 12],
                    perhaps: Some("wqe.weight".into()),
                },
                ParameterFault::Extra {
                    path: "wqe.weight".into(),
                    got: vec![8, 12],
                },
            ]
        );
    }

    #[test]
    fn a_transposed_parameter_is_misshapen() {
        let faults = compare(&[parameter("w", &[12, 8])], &[parameter("w", &[8, 12])]);
        assert_eq!(
            faults,
            [ParameterFault::Misshapen {
                path: "w".into(),
                got: vec![12, 8],
                expected: vec![8, 12],
            }]
        );
    }
}
