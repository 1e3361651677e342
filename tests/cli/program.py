"""Runs the program under test: its path is the first argument, or in DRIFTGLASS."""

import contextlib
import csv
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77


def path():
    found = os.environ.get("DRIFTGLASS")
    return str(pathlib.Path(found).resolve()) if found else None


def run(*words, folder=None, stdin=None, environment=None, timeout=1500):
    """The finished process: .returncode, .stdout, .stderr (text)."""
    return subprocess.run(
        [path(), *map(str, words)], cwd=folder, input=stdin, capture_output=True, text=True,
        timeout=timeout, env={**os.environ, **(environment or {})})


def rows(text):
    """A CSV table: its header and its rows as floats (an empty cell is None)."""
    table = list(csv.reader(io.StringIO(text)))
    return table[0], [[float(cell) if cell else None for cell in row] for row in table[1:]]


class Case(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def write(self, name, text):
        file = self.folder / name
        file.write_text(text)
        return file

    def run_well(self, *words, **options):
        done = run(*words, folder=self.folder, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def refuse(self, *words, says=(), code=2, **options):
        """The program ends with `code` and one line on standard error that holds all of `says`."""
        done = run(*words, folder=self.folder, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertTrue(done.stderr.startswith("driftglass: "), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual(done.stdout, "")
        for part in says:
            self.assertIn(part, done.stderr)
        return done

    def names(self):
        return sorted(p.name for p in self.folder.rglob("*") if p.is_file())


@contextlib.contextmanager
def started(*words, folder, environment=None):
    process = subprocess.Popen(
        [path(), *map(str, words)], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={**os.environ, **(environment or {})})
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(process, word):
    """Reads standard error until a line holds `word`."""
    for line in process.stderr:
        if word in line:
            return
    raise AssertionError(f"the program ended without saying {word!r}")


def has_opengl():
    return "OpenGL      none" not in run("info").stdout


def main():
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        os.environ["DRIFTGLASS"] = sys.argv.pop(1)
    if path() is None or not os.access(path(), os.X_OK):
        sys.exit("name the program: the first argument, or DRIFTGLASS")
    outcome = unittest.main(module="__main__", exit=False, verbosity=2).result
    for case, reason in outcome.skipped:
        print(f"SKIPPED: {case}: {reason}")
    if not outcome.wasSuccessful() or outcome.testsRun == 0:
        sys.exit(1)
    sys.exit(SKIPPED if outcome.skipped else 0)
