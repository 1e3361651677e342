"""run_clang_tidy.py CLANG_TIDY BUILD_DIR SOURCE_DIR: clang-tidy over our own units, one job a core."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

clang_tidy, build_dir, source_dir = sys.argv[1:4]
rooms = [pathlib.Path(source_dir).resolve() / name for name in ("core", "app", "tests")]
try:
    database = json.loads((pathlib.Path(build_dir) / "compile_commands.json").read_text())
except OSError as error:
    sys.exit(f"run_clang_tidy: {error}: configure a preset first.")
units = sorted({
    entry["file"] for entry in database
    if any(room in pathlib.Path(entry["file"]).resolve().parents for room in rooms)
    and "cmake_pch" not in entry["file"]
})


def run(unit):
    command = [clang_tidy, "-p", build_dir, "--quiet", "--extra-arg=-Wno-unknown-warning-option",
               "--extra-arg=-Wno-ignored-gch", "--extra-arg=-Wno-unused-command-line-argument", unit]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    noise = ("warnings generated", "Suppressed ", "Use -header-filter")
    errors = [line for line in done.stderr.splitlines() if line and not any(word in line for word in noise)]
    return unit, done.returncode, done.stdout + ("\n".join(errors) + "\n" if done.returncode and errors else "")


bad = 0
with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
    for unit, code, text in pool.map(run, units):
        print(os.path.relpath(unit, source_dir), "" if code == 0 and not text else ":", flush=True)
        if text:
            print(text, flush=True)
        bad += code != 0
print(f"{len(units)} units, {bad} with complaints")
sys.exit(1 if bad else 0)
