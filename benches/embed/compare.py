#!/usr/bin/env python3
"""Builds the programs, runs them in turns, and prints medians and ratios to mlua with Lua 5.4.

usage: compare.py [-n RUNS] [OPERATION ..]

Nanoseconds per operation, the loop around it included. `must` and `aim` are ratios; an operation above its `must` ends the script with
status 1. mlua builds its Lua and LuaJIT from C, so a C compiler is needed.
"""
import pathlib, shutil, statistics, subprocess, sys

HERE = pathlib.Path(__file__).resolve().parent
BIN = HERE / "target" / "bin"
PROGRAMS = {"luna": ["-p", "embed-luna"],
            "mlua 5.4": ["-p", "embed-mlua", "--features", "lua54"],
            "mlua jit": ["-p", "embed-mlua", "--features", "luajit"]}
BOUNDS = {"lua -> rust fn(i64, i64)": (0.40, 0.25), "lua -> rust fn(&str)": (0.25, 0.16),
          "lua -> rust fn(String) -> String": (0.80, 0.60), "rust -> lua fn(i64, i64)": (0.60, 0.45),
          "userdata &mut self method": (0.25, 0.15), "userdata field get + set": (0.20, 0.12),
          "userdata create + drop": (0.60, 0.40), "table set": (0.60, 0.40), "table get": (0.60, 0.40),
          "to_value, 100 items": (0.40, 0.25), "from_value, 100 items": (0.25, 0.15),
          "resume and yield": (0.50, 0.30), "lua -> rust -> lua": (0.55, 0.35),
          "new + eval + drop": (0.60, 0.35)}


def build():
    BIN.mkdir(parents=True, exist_ok=True)
    for name, options in PROGRAMS.items():
        subprocess.run(["cargo", "build", "--release", "--quiet", *options], cwd=HERE, check=True)
        shutil.copy(HERE / "target" / "release" / options[1], BIN / name.replace(" ", "-"))


def run(name):
    out = subprocess.run([BIN / name.replace(" ", "-")], capture_output=True, text=True, check=True).stdout
    return {key: float(ns) for key, ns in (line.split("\t") for line in out.splitlines())}


def main():
    arguments = sys.argv[1:]
    runs = 7
    if "-n" in arguments:
        at = arguments.index("-n")
        runs = int(arguments[at + 1])
        del arguments[at:at + 2]
    build()
    rounds = [{name: run(name) for name in PROGRAMS} for _ in range(runs)]
    missed = False
    print(f"{'ns per operation':34}{'luna':>10}{'mlua 5.4':>10}{'mlua jit':>10}{'ratio':>8}{'must':>7}{'aim':>7}")
    for operation in rounds[0]["luna"]:
        if arguments and not any(word in operation for word in arguments):
            continue
        ns = {name: statistics.median(r[name][operation] for r in rounds) for name in PROGRAMS}
        ratio = ns["luna"] / ns["mlua 5.4"]
        must, aim = BOUNDS.get(operation, (None, None))
        verdict = "" if must is None else "MISSED" if ratio > must else "must" if ratio > aim else "aim"
        missed |= verdict == "MISSED"
        print(f"{operation:34}" + "".join(f"{ns[name]:10.1f}" for name in PROGRAMS) + f"{ratio:8.2f}"
              + (f"{must:7.2f}{aim:7.2f}  {verdict}" if must else ""))
    sys.exit(missed)


if __name__ == "__main__":
    main()
