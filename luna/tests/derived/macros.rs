//! Derives on types that a macro of the user writes.

use luna::{FromLua, IntoLua, Lua, LuaUserdata, lua_methods};
use serde::{Deserialize, Serialize};

macro_rules! classes {
    ($table:ident, $data:ident, $field:ident: $type:ty) => {
        #[derive(LuaUserdata, Clone)]
        #[lua(from_table, into_table, new, strict)]
        struct $table {
            pub $field: $type,
            pub own: i64,
        }

        #[derive(LuaUserdata, Clone, Serialize, Deserialize)]
        #[lua(serde)]
        struct $data {
            pub $field: $type,
            pub own: i64,
        }

        #[lua_methods]
        impl $table {
            fn both(&self, add: i64) -> i64 {
                self.$field + self.own + add
            }
        }
    };
}
classes!(FromTable, FromData, val: i64);

macro_rules! values {
    ($value:ident, $wrapper:ident, $tagged:ident, $variant:ident) => {
        #[derive(FromLua, IntoLua, Debug, PartialEq)]
        struct $value {
            name: String,
            #[lua(default)]
            size: i64,
        }

        #[derive(FromLua, IntoLua, Debug, PartialEq)]
        struct $wrapper(i64);

        #[derive(FromLua, IntoLua, Debug, PartialEq)]
        #[lua(tag = "kind")]
        enum $tagged {
            $variant { by: i64 },
            Pair(i64, $wrapper),
        }
    };
}
values!(Value, Wrapper, Tagged, Named);

#[test]
fn what_a_macro_writes_is_derived() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<FromTable>("FromTable")?;
    let take = lua.create_function(|a: FromTable, b: FromData| a.both(b.val) + b.own)?;
    lua.globals().set("take", take)?;
    assert_eq!(lua.load("take({val = 1, own = 2}, {val = 3, own = 4})").eval::<i64>()?, 10);
    assert_eq!(lua.load("FromTable.new(1, 2):both(3)").eval::<i64>()?, 6);
    assert_eq!(lua.convert::<Value>(Value { name: "a".into(), size: 2 })?.size, 2);
    assert_eq!(lua.load("{name = 'b'}").eval::<Value>()?, Value { name: "b".into(), size: 0 });
    assert_eq!(lua.convert::<Wrapper>(Wrapper(3))?, Wrapper(3));
    for tagged in [Tagged::Named { by: 1 }, Tagged::Pair(2, Wrapper(3))] {
        let text = format!("{tagged:?}");
        assert_eq!(format!("{:?}", lua.convert::<Tagged>(tagged)?), text);
    }
    Ok(())
}
