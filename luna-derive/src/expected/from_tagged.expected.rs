#[automatically_derived]
impl ::luna::__private::FromLua for Event {
    fn from_lua_value(
        value: ::luna::__private::RawValue,
        vm: &mut ::luna::__private::Vm,
    ) -> ::core::result::Result<Self, ::luna::__private::ConvError> {
        let table = ::luna::__private::Fields::of(value, vm)?;
        ::core::result::Result::Ok(
            match table.tag("type", &["Quit", "Key", "Move"], vm)? {
                0usize => Self::Quit {},
                1usize => {
                    Self::Key {
                        0: table.at::<char>(1i64, vm)?,
                        1: table.at::<bool>(2i64, vm)?,
                    }
                }
                2usize => {
                    Self::Move {
                        x: table.get::<f64>("x", vm)?,
                        seen: ::core::default::Default::default(),
                    }
                }
                _ => ::core::unreachable!(),
            },
        )
    }
}
