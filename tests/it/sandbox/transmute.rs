// What rustc issue 84366 makes possible without a word of `unsafe`: any value as one of another type.

pub trait Returns {
    type Value;
}

impl<R, F: Fn() -> R> Returns for F {
    type Value = R;
}

fn kept<F: Returns + 'static>(_: &F, value: F::Value) -> Box<dyn std::any::Any> {
    Box::new(value)
}

fn forever<'a, T: 'static>(place: &'a mut T) -> &'static mut T {
    let of_this_lifetime = || -> &'a mut T { loop {} };
    match kept(&of_this_lifetime, place).downcast::<&'static mut T>() {
        Ok(place) => *place,
        Err(_) => panic!("rustc has mended it"),
    }
}

enum Either<A, B> {
    One(Option<Box<A>>),
    Other(Option<Box<B>>),
}

#[inline(never)]
pub fn transmute<A: 'static, B: 'static>(value: A) -> B {
    let mut either = Either::<A, B>::Other(None);
    let place = match &mut either {
        Either::Other(place) => forever(place),
        Either::One(_) => unreachable!(),
    };
    either = Either::One(Some(Box::new(value)));
    std::hint::black_box(&either);
    *place.take().expect("there is one by now")
}
