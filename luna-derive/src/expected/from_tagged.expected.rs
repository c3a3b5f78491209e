#[automatically_derived]
impl ::luna::__private::FromLua for Event {
    fn describe_type() -> ::core::option::Option<::luna::__private::TypeInfo> {
        ::core::option::Option::Some(::luna::__private::TypeInfo {
            name: "Event",
            path: ::core::any::type_name::<Self>(),
            docs: "",
            shape: ::luna::__private::TypeShape::Tagged(
                "type",
                ::std::vec![
                    ::luna::__private::VariantInfo { name : "Quit", docs : "", fields :
                    ::std::vec![], }, ::luna::__private::VariantInfo { name : "Key", docs
                    : "", fields : ::std::vec![::luna::__private::FieldInfo { name : "",
                    docs : "", ty : "char", readable : true, writable : true, deprecated
                    : ::core::option::Option::None, }, ::luna::__private::FieldInfo {
                    name : "", docs : "", ty : "bool", readable : true, writable : true,
                    deprecated : ::core::option::Option::None, }], },
                    ::luna::__private::VariantInfo { name : "Move", docs : "", fields :
                    ::std::vec![::luna::__private::FieldInfo { name : "x", docs : "", ty
                    : "f64", readable : true, writable : true, deprecated :
                    ::core::option::Option::None, }], }
                ],
            ),
        })
    }
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
