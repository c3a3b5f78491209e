#!/usr/bin/env python3
"""Writes the same 60 types of 8 fields and 8 methods for luna and for mlua, and compares how long the two crates take to build.

usage: compile.py [-n RUNS]

What they depend on is built before. The two take turns; medians of seconds, with and without optimisation. More time than mlua's derive takes
ends the script with status 1.
"""
import pathlib, shutil, statistics, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parent
WHERE = HERE / "target" / "compile"
TYPES = 60
FIELDS = ["id: i64", "name: String", "x: f64", "y: f64", "hp: u32", "alive: bool", "label: Option<String>", "tags: Vec<String>"]
METHODS = """
    {c}fn new(id: i64, name: String) -> Self {{
        Self {{ id, name, x: 0.0, y: 0.0, hp: 1, alive: true, label: None, tags: Vec::new() }}
    }}
    {c}fn double(&self) -> i64 {{
        self.id * {i}
    }}
    {c}fn shift(&mut self, x: f64, y: f64) {{
        self.x += x;
        self.y += y;
    }}
    {c}fn greet(&self, other: String) -> String {{
        format!("{{}} greets {{other}}", self.name)
    }}
    {c}fn hit(&mut self, by: u32) -> bool {{
        self.hp = self.hp.saturating_sub(by);
        self.hp > 0
    }}
    {c}fn tag(&mut self, tag: Option<String>) -> usize {{
        self.tags.extend(tag);
        self.tags.len()
    }}
    fn parse(&self, text: String) -> {r}<i64> {{
        Ok(self.id + text.len() as i64)
    }}
    {c}fn all(&self) -> Vec<String> {{
        self.tags.clone()
    }}
"""
KINDS = {
    "luna": dict(head="use luna::{LuaUserdata, lua_methods};\n", derive="LuaUserdata", block="lua_methods", c="", r="luna::Result",
                 dependency=f'luna = {{ path = "{HERE.parent.parent / "luna"}", default-features = false }}',
                 main="let lua = luna::Lua::new();", make="lua.set_class::<T{i}>(\"T{i}\").unwrap();"),
    "mlua": dict(head="use mlua::UserData;\n", derive="UserData", block="mlua::userdata_impl", c="#[lua(infallible)]\n    ", r="mlua::Result",
                 dependency='mlua = { version = "=0.12.2", features = ["lua54", "vendored", "macros"] }',
                 main="let lua = mlua::Lua::new();", make="lua.globals().set(\"T{i}\", lua.create_proxy::<T{i}>().unwrap()).unwrap();"),
}


def write(name, kind):
    crate = WHERE / name
    (crate / "src").mkdir(parents=True, exist_ok=True)
    (crate / "Cargo.toml").write_text(
        f'[package]\nname = "compile-{name}"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n{kind["dependency"]}\n\n[workspace]\n')
    if not (crate / "Cargo.lock").exists():
        shutil.copy(HERE / "Cargo.lock", crate / "Cargo.lock")
    text = kind["head"]
    for i in range(TYPES):
        fields = "".join(f"    pub {field},\n" for field in FIELDS)
        methods = METHODS.format(i=i, c=kind["c"], r=kind["r"])
        text += f'\n#[derive({kind["derive"]})]\nstruct T{i} {{\n{fields}}}\n\n#[{kind["block"]}]\nimpl T{i} {{{methods}}}\n'
    text += "\nfn main() {\n    " + kind["main"] + "\n"
    text += "".join("    " + kind["make"].format(i=i) + "\n" for i in range(TYPES)) + "}\n"
    (crate / "src" / "main.rs").write_text(text)
    return crate


def build(crate, options):
    """Builds the crate alone, once more."""
    (crate / "src" / "main.rs").touch()
    start = time.perf_counter()
    subprocess.run(["cargo", "build", "--quiet", *options], cwd=crate, check=True)
    return time.perf_counter() - start


def main():
    runs = int(sys.argv[2]) if sys.argv[1:2] == ["-n"] else 3
    crates = {name: write(name, kind) for name, kind in KINDS.items()}
    slower = False
    print(f"{'seconds for 60 types':28}{'luna':>9}{'mlua':>9}{'ratio':>8}")
    for label, options in [("cargo build", []), ("cargo build --release", ["--release"])]:
        options = options + ["--config", "profile.dev.incremental=false"]
        for crate in crates.values():
            build(crate, options)
        rounds = [{name: build(crate, options) for name, crate in crates.items()} for _ in range(runs)]
        luna, mlua = (statistics.median(r[name] for r in rounds) for name in KINDS)
        slower |= luna > mlua
        print(f"{label:28}{luna:9.2f}{mlua:9.2f}{luna / mlua:8.2f}")
    sys.exit(slower)


main()
