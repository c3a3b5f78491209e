#[automatically_derived]
impl<T: ::luna::__private::IntoLua> ::luna::__private::IntoLua for Config<T> {
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
    fn into_value(self, vm: &mut ::luna::__private::Vm) -> ::luna::__private::RawValue {
        ::luna::__private::expect(self, vm)
    }
    fn try_into_value(
        self,
        vm: &mut ::luna::__private::Vm,
    ) -> ::core::result::Result<
        ::luna::__private::RawValue,
        ::luna::__private::LuaError,
    > {
        let table = ::luna::__private::Fields::new(vm);
        table.set::<String>("hostName", self.host_name, vm)?;
        table.set::<u16>("port", self.port, vm)?;
        table.set::<T>("payload", self.payload, vm)?;
        table.value(vm)
    }
}
