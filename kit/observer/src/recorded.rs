//! Numbers of Rust's own as they are recorded.

use observation::{DType, TensorValue, Value};

/// A number as an element of what is recorded.
pub trait Element: Copy {
    /// Its type in the record.
    const DTYPE: DType;

    /// Appends its bytes, the lowest first.
    fn append_to(self, bytes: &mut Vec<u8>);
}

macro_rules! elements {
    ($($number:ty => $dtype:ident),+) => {
        $(impl Element for $number {
            const DTYPE: DType = DType::$dtype;

            fn append_to(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
        })+
    };
}

elements!(f64 => F64, f32 => F32, i64 => I64, i32 => I32);

impl Element for bool {
    const DTYPE: DType = DType::Bool;

    fn append_to(self, bytes: &mut Vec<u8>) {
        bytes.push(self.into());
    }
}

/// Numbers that can be recorded: one, or a sequence of them.
pub trait Recorded {
    /// What the record holds of them.
    fn value(self) -> Value;
}

impl<E: Element> Recorded for E {
    fn value(self) -> Value {
        array(&[], &[self])
    }
}

impl<E: Element> Recorded for &[E] {
    fn value(self) -> Value {
        array(&[self.len()], self)
    }
}

impl<E: Element> Recorded for &Vec<E> {
    fn value(self) -> Value {
        self.as_slice().value()
    }
}

impl<E: Element> Recorded for Vec<E> {
    fn value(self) -> Value {
        self.as_slice().value()
    }
}

/// An array with these axes.
pub fn array<E: Element>(shape: &[usize], elements: &[E]) -> Value {
    let mut bytes = Vec::with_capacity(size_of_val(elements));
    for element in elements {
        element.append_to(&mut bytes);
    }
    match TensorValue::new(shape.to_vec(), E::DTYPE, bytes) {
        Some(tensor) => Value::Tensor(tensor),
        None => Value::Text(format!(
            "{} elements, which do not fit the shape {shape:?}",
            elements.len()
        )),
    }
}
