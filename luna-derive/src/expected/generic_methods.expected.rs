impl<T: Copy> Vec2<T> {
    fn plus(&self, other: &Vec2<T>, more: Option<T>) -> T {
        todo()
    }
}
#[automatically_derived]
impl Vec2<f64> {
    #[doc(hidden)]
    #[allow(dead_code, reason = "its name is all it is for")]
    const A_SECOND_BLOCK_NEEDS_A_NAME_IN_PARENTHESES: () = ();
}
#[automatically_derived]
impl ::luna::__private::MethodBlock for Vec2<f64> {
    const NEW: bool = false;
    fn register<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        methods
            .add_typed(
                "plus",
                |this: &Self, a0: &Vec2<f64>, a1: Option<f64>| Self::plus(this, a0, a1),
            );
    }
}
#[automatically_derived]
impl Vec2<i32> {
    #[doc(hidden)]
    #[allow(dead_code, reason = "its name is all it is for")]
    const A_SECOND_BLOCK_NEEDS_A_NAME_IN_PARENTHESES: () = ();
}
#[automatically_derived]
impl ::luna::__private::MethodBlock for Vec2<i32> {
    const NEW: bool = false;
    fn register<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        methods
            .add_typed(
                "plus",
                |this: &Self, a0: &Vec2<i32>, a1: Option<i32>| Self::plus(this, a0, a1),
            );
    }
}
