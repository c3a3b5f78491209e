//! Golden expansions and error messages. `LUNA_BLESS=1` rewrites the goldens.

use std::path::Path;

use proc_macro2::TokenStream;
use syn::{DeriveInput, ItemImpl, parse_quote};

use crate::ctxt::Ctxt;
use crate::expand::{convert, methods, userdata};

/// Compares an expansion with its golden.
fn golden(name: &str, tokens: TokenStream) {
    let file: syn::File = syn::parse2(tokens).expect("an expansion is Rust");
    let got = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/expected").join(name);
    if std::env::var_os("LUNA_BLESS").is_some() {
        std::fs::write(&path, &got).expect("a golden is writable");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(got, expected, "{name} differs; LUNA_BLESS=1 cargo test -p luna-derive rewrites it");
}

/// The messages in an expansion that failed.
fn errors(tokens: &TokenStream) -> Vec<String> {
    let text = tokens.to_string();
    text.split("compile_error ! {")
        .skip(1)
        .filter_map(|rest| rest.split('"').nth(1).map(str::to_owned))
        .collect()
}

#[test]
fn userdata_expands() {
    let input: DeriveInput = parse_quote! {
        #[lua(name = "Unit", strict, clone, methods(combat))]
        struct Unit {
            pub hp: f64,
            #[lua(readonly)]
            pub name: String,
            #[lua(get, set)]
            secret: u8,
            hidden: u8,
        }
    };
    golden("userdata.expected.rs", userdata::derive(input));
}

#[test]
fn parts_expand() {
    let input: DeriveInput = parse_quote! {
        #[lua(extends = Entity, frozen)]
        struct Unit {
            #[lua(base)]
            entity: Entity,
            #[lua(flatten)]
            stats: Stats,
            #[lua(by_ref)]
            pub pos: Vec2,
            memo: Option<Traced<Table>>,
        }
    };
    golden("parts.expected.rs", userdata::derive(input));
}

#[test]
fn ways_of_making_expand() {
    let input: DeriveInput = parse_quote! {
        #[lua(new, callable, from_table, into_table, strict)]
        struct Unit {
            #[lua(validate = positive)]
            pub hp: f64,
            #[lua(get, default)]
            name: String,
            hidden: u8,
        }
    };
    golden("making.expected.rs", userdata::derive(input));
    let input: DeriveInput = parse_quote! {
        #[lua(variants, serde, callable)]
        enum Shape { Empty, Circle(f64), #[lua(name = "box")] Rect { width: f64, height: f64 } }
    };
    golden("variants.expected.rs", userdata::derive(input));
}

#[test]
fn generic_types_expand() {
    let input: DeriveInput = parse_quote! {
        #[lua(concrete(Vec2<f64> = "Vec2", Vec2<i32>), impls(Add(T)))]
        struct Vec2<T> {
            pub x: T,
        }
    };
    golden("generic.expected.rs", userdata::derive(input));
    let block: ItemImpl = parse_quote! {
        impl<T: Copy> Vec2<T> {
            fn plus(&self, other: &Vec2<T>, more: Option<T>) -> T { todo() }
        }
    };
    let args = quote::quote!(concrete(Vec2<f64>, Vec2<i32>));
    golden("generic_methods.expected.rs", methods::attribute(args, block));
}

#[test]
fn types_with_a_lifetime_expand() {
    let input: DeriveInput = parse_quote! {
        #[lua(strict, impls(Display, PartialEq), methods(more))]
        struct View<'w> {
            world: &'w mut World,
            pub name: &'w str,
            pub near: Option<&'w Place>,
            #[lua(validate = positive)]
            pub ticks: u32,
            #[lua(deprecated)]
            pub old: u8,
        }
    };
    golden("lent.expected.rs", userdata::derive(input));
    let block: ItemImpl = parse_quote! {
        impl<'w> View<'w> {
            const MAX: i64 = 5;
            fn count(&self) -> usize { todo() }
            fn name(&self, lua: &Lua) -> &'w str { todo() }
            fn meet(&mut self, other: &mut View<'_>, last: Option<&View>, by: &str) -> Result<(), String> { todo() }
            #[lua(named, deprecated)]
            fn place(&self, near: Option<&mut maps::Map<'_>>, x: f64) { todo() }
            fn made(view: &View<'_>) -> String { todo() }
        }
    };
    golden("lent_methods.expected.rs", methods::attribute(TokenStream::new(), block));
}

#[test]
fn modules_expand() {
    let module: syn::ItemMod = parse_quote! {
        mod shapes {
            pub const SIDES: i64 = 4;
            #[lua(defaults(scale = 1.0))]
            pub fn area(side: f64, scale: f64) -> f64 { todo() }
            fn hidden<T>(t: T) {}
            #[lua_module]
            pub mod round {}
        }
    };
    let args = quote::quote!(classes(Vec2), rename_all = "camelCase");
    golden("module.expected.rs", crate::expand::module::attribute(args, module));
}

#[test]
fn implemented_traits_expand() {
    let input: DeriveInput = parse_quote! {
        #[lua(impls(Display, PartialEq, PartialOrd(f64), Add(Self, f64 + Self), Neg, Index(usize), IndexMut(&str)))]
        struct Meters(f64);
    };
    golden("impls.expected.rs", userdata::derive(input));
}

#[test]
fn methods_expand() {
    let block: ItemImpl = parse_quote! {
        impl Unit {
            const MAX: i64 = 5;
            #[lua(ctor)]
            fn create(name: &str) -> Result<Self, Error> { todo() }
            fn hit(&mut self, by: f64, lua: &Lua, other: Option<&Unit>) -> f64 { todo() }
            fn name<'a>(&'a self, other: &'a str) -> &'a str { todo() }
            fn finish(self) -> String { todo() }
            #[lua(getter)]
            fn alive(&self) -> bool { todo() }
            #[lua(setter)]
            fn set_alive(&mut self, alive: bool) { todo() }
            #[lua(meta = "__lt")]
            fn less(&self, other: &Unit) -> bool { todo() }
            #[lua(skip)]
            fn skipped<T>(&self, t: T) {}
        }
    };
    golden("methods.expected.rs", methods::attribute(TokenStream::new(), block));
}

#[test]
fn ways_of_calling_expand() {
    let block: ItemImpl = parse_quote! {
        impl Squad {
            async fn later(&self, lua: WeakLua, by: f64) -> Result<Self, Error> {
                todo()
            }
            #[lua(defaults(count = 2, name = "orc"))]
            fn spawn(&mut self, count: u8, name: String, tag: &str) -> String { todo() }
            #[lua(variadic, defaults(tag = "x"))]
            fn join(tag: &str, parts: &[String]) -> String { todo() }
            #[lua(nil_err)]
            fn load(path: &str) -> Result<Self, Error> { todo() }
            #[lua(named, defaults(hp = 1.0), deprecated = "write 'spawn'")]
            fn place(&self, at: &str, near: Option<&Squad>, other: &mut Squad, hp: f64) { todo() }
        }
    };
    golden("calls.expected.rs", methods::attribute(TokenStream::new(), block));
}

#[test]
fn conversions_expand() {
    let input: DeriveInput = parse_quote! {
        #[lua(rename_all = "camelCase")]
        struct Config<T> {
            host_name: String,
            #[lua(default)]
            port: u16,
            #[lua(skip)]
            cache: u8,
            payload: T,
        }
    };
    golden("from_struct.expected.rs", convert::derive_from(input.clone()));
    golden("into_struct.expected.rs", convert::derive_into(input));
    let input: DeriveInput = parse_quote! {
        enum Mode { Fast, #[lua(name = "slow")] VerySlow }
    };
    golden("from_enum.expected.rs", convert::derive_from(input.clone()));
    golden("into_enum.expected.rs", convert::derive_into(input));
    let input: DeriveInput = parse_quote! {
        #[lua(repr = "int")]
        enum Level { Low = 1, High = 10 }
    };
    golden("from_numbers.expected.rs", convert::derive_from(input.clone()));
    golden("into_numbers.expected.rs", convert::derive_into(input));
    let input: DeriveInput = parse_quote! {
        #[lua(tag = "type")]
        enum Event { Quit, Key(char, bool), Move { x: f64, #[lua(skip)] seen: u8 } }
    };
    golden("from_tagged.expected.rs", convert::derive_from(input.clone()));
    golden("into_tagged.expected.rs", convert::derive_into(input));
}

#[test]
fn all_errors_come_at_once() {
    let input: DeriveInput = parse_quote! {
        #[lua(frozen, frozn, rename_all = "shouting")]
        struct Unit {
            #[lua(set)]
            hp: f64,
            #[lua(skip, get)]
            name: String,
            pub a: u8,
            #[lua(name = "a")]
            pub b: u8,
        }
    };
    let found = errors(&userdata::derive(input));
    assert_eq!(found.len(), 5, "{found:#?}");
    let block: ItemImpl = parse_quote! {
        impl Unit {
            async fn later(&mut self) {}
            fn any(&self, f: impl Fn()) {}
            fn keep(&self, lua: Lua) {}
            #[lua(meta = Plus)]
            fn plus(&self) {}
            #[lua(getter)]
            fn wrong(&mut self) -> u8 { 0 }
            #[lua(ctor)]
            fn made() -> u8 { 0 }
            fn twice(&self) {}
            #[lua(name = "twice")]
            fn again(&self) {}
        }
    };
    let found = errors(&methods::attribute(TokenStream::new(), block));
    assert_eq!(found.len(), 7, "{found:#?}");
    let input: DeriveInput = parse_quote! {
        #[lua(frozen, new, callable, clone, from_table, into_table, serde, extends = Base, impls(Display, Add, PartialEq(f64)))]
        struct View<'a, 'b, T> {
            #[lua(base)]
            base: Base,
            #[lua(by_ref)]
            pub part: Part,
            #[lua(default, trace)]
            pub other: u8,
            pub world: &'a mut World,
            #[lua(set, validate = check)]
            name: &'a str,
        }
    };
    let found = errors(&userdata::derive(input));
    assert_eq!(found.len(), 21, "{found:#?}");
    let block: ItemImpl = parse_quote! {
        impl<'a> View<'a> {
            fn finish(self) {}
            fn hold(&'a self) {}
            fn keep(&mut self, name: &'a str) {}
            fn own(&self, other: &Self) {}
            fn new(name: &str) -> Self { todo() }
            fn made(name: &str) -> Result<View<'static>, Error> { todo() }
        }
    };
    let found = errors(&methods::attribute(TokenStream::new(), block));
    assert_eq!(found.len(), 6, "{found:#?}");
    let input: DeriveInput = parse_quote!(
        enum E {
            A(u8),
            B { x: u8 },
        }
    );
    assert_eq!(errors(&convert::derive_from(input)).len(), 2);
}

#[test]
#[should_panic(expected = "errors were collected and not reported")]
fn unread_errors_panic() {
    drop(Ctxt::new());
}
