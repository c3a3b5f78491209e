#[automatically_derived]
impl ::luna::__private::LuaUserdata for Unit {
    const FROZEN: bool = true;
    const STRICT: bool = false;
    const TRACES: bool = true || <Entity as ::luna::__private::LuaUserdata>::TRACES
        || <Stats as ::luna::__private::LuaUserdata>::TRACES
        || <Vec2 as ::luna::__private::LuaUserdata>::TRACES;
    fn type_name() -> &'static str {
        "Unit"
    }
    fn add_methods<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        methods.extend::<Entity>();
        methods.extend::<Stats>();
        methods
            .add_child::<
                Vec2,
                _,
                _,
            >("pos", |this: &Self| &this.pos, |this: &mut Self| &mut this.pos);
        (&::luna::__private::Block::<Self>::OF).register(methods);
    }
    fn describe_class(info: &mut ::luna::__private::ClassInfo) {
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use ::luna::__private::{HasBlock as _, NoBlock as _};
        info.docs = "";
        info.add_base(
            <Entity as ::luna::__private::LuaUserdata>::type_name(),
            ::core::any::type_name::<Entity>(),
            |info| <Entity as ::luna::__private::LuaUserdata>::describe_class(info),
        );
        info.add_base(
            <Stats as ::luna::__private::LuaUserdata>::type_name(),
            ::core::any::type_name::<Stats>(),
            |info| <Stats as ::luna::__private::LuaUserdata>::describe_class(info),
        );
        info.fields
            .extend_from_slice(
                &[
                    ::luna::__private::FieldInfo {
                        name: "pos",
                        docs: "",
                        ty: "Vec2",
                        readable: true,
                        writable: false,
                        deprecated: ::core::option::Option::None,
                    },
                ],
            );
        info.constants.extend_from_slice(&[]);
        info.functions.extend_from_slice(&[]);
        info.operators.extend_from_slice(&[]);
        (&::luna::__private::Block::<Self>::OF).describe(info);
    }
    fn trace(&self, marker: &mut ::luna::__private::UserdataMarker<'_>) {
        <Option<Traced<Table>> as ::luna::__private::Trace>::trace(&self.memo, marker);
        <Entity as ::luna::__private::LuaUserdata>::trace(&self.entity, marker);
        <Stats as ::luna::__private::LuaUserdata>::trace(&self.stats, marker);
        <Vec2 as ::luna::__private::LuaUserdata>::trace(&self.pos, marker);
    }
    fn has_part(of: ::core::any::TypeId) -> bool {
        ::luna::__private::has_part::<Entity>(of)
            || ::luna::__private::has_part::<Stats>(of)
    }
    fn part(
        &self,
        of: ::core::any::TypeId,
    ) -> ::core::option::Option<&dyn ::core::any::Any> {
        if ::luna::__private::has_part::<Entity>(of) {
            return ::luna::__private::part::<Entity>(&self.entity, of);
        }
        if ::luna::__private::has_part::<Stats>(of) {
            return ::luna::__private::part::<Stats>(&self.stats, of);
        }
        ::core::option::Option::None
    }
    fn part_mut(
        &mut self,
        of: ::core::any::TypeId,
    ) -> ::core::option::Option<&mut dyn ::core::any::Any> {
        if ::luna::__private::has_part::<Entity>(of) {
            return ::luna::__private::part_mut::<Entity>(&mut self.entity, of);
        }
        if ::luna::__private::has_part::<Stats>(of) {
            return ::luna::__private::part_mut::<Stats>(&mut self.stats, of);
        }
        ::core::option::Option::None
    }
}
#[automatically_derived]
impl ::luna::__private::IntoLua for Unit {
    fn into_value(self, vm: &mut ::luna::__private::Vm) -> ::luna::__private::RawValue {
        vm.create_userdata(self)
    }
}
