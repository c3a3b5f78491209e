#[automatically_derived]
impl<T: ::luna::__private::FromLua> ::luna::__private::FromLua for Config<T> {
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
