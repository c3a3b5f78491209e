#[automatically_derived]
impl<T: ::luna::__private::FromLua> ::luna::__private::FromLua for Config<T> {
    fn describe_type() -> ::core::option::Option<::luna::__private::TypeInfo> {
        ::core::option::Option::Some(::luna::__private::TypeInfo {
            name: "Config",
            path: ::core::any::type_name::<Self>(),
            docs: "",
            shape: ::luna::__private::TypeShape::Table(
                ::std::vec![
                    ::luna::__private::FieldInfo { name : "hostName", docs : "", ty :
                    "String", readable : true, writable : true, deprecated :
                    ::core::option::Option::None, }, ::luna::__private::FieldInfo { name
                    : "port", docs : "", ty : "Option<u16>", readable : true, writable :
                    true, deprecated : ::core::option::Option::None, },
                    ::luna::__private::FieldInfo { name : "payload", docs : "", ty : "T",
                    readable : true, writable : true, deprecated :
                    ::core::option::Option::None, }
                ],
            ),
        })
    }
    fn from_lua_value(
        value: ::luna::__private::RawValue,
        vm: &mut ::luna::__private::Vm,
    ) -> ::core::result::Result<Self, ::luna::__private::ConvError> {
        let table = ::luna::__private::Fields::of(value, vm)?;
        ::core::result::Result::Ok(Self {
            host_name: table.get::<String>("hostName", vm)?,
            port: table
                .get::<::core::option::Option<u16>>("port", vm)?
                .unwrap_or_default(),
            cache: ::core::default::Default::default(),
            payload: table.get::<T>("payload", vm)?,
        })
    }
}
