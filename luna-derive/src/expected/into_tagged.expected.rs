#[automatically_derived]
impl ::luna::__private::IntoLua for Event {
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
        match self {
            Self::Quit {} => {
                table.set::<&str>("type", "Quit", vm)?;
            }
            Self::Key { 0: part0, 1: part1 } => {
                table.set::<&str>("type", "Key", vm)?;
                table.set_at::<char>(1i64, part0, vm)?;
                table.set_at::<bool>(2i64, part1, vm)?;
            }
            Self::Move { x: part0, seen: _ } => {
                table.set::<&str>("type", "Move", vm)?;
                table.set::<f64>("x", part0, vm)?;
            }
        }
        table.value(vm)
    }
}
