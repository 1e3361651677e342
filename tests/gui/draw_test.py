"""Starts the real program on a virtual screen, draws with a mouse, and finds the drawing in the autosave.

usage: draw_test.py PROGRAM. Exit status 77: this machine cannot run it, and the last line says why.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PATIENCE = 90  # seconds, on a busy machine with software rendering


def skip(reason):
    print(f"SKIPPED: {reason}", flush=True)
    sys.exit(77)


def seen_within(seconds, look):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    return None


def wait_for(what, look):
    return seen_within(PATIENCE, look) or sys.exit(f"FAILED: no {what} within {PATIENCE} s")


class Screen:
    """An X server without a screen; it names its own display."""

    def __enter__(self):
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            skip("Xvfb does not start here")
        self.name = f":{number}"
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()


def spans(stroke):
    xs = [p[0] for p in stroke["path"]]
    ys = [p[1] for p in stroke["path"]]
    return max(xs) - min(xs), max(ys) - min(ys)


def drawing_in(folder, fits):
    """The first autosaved stroke whose width and height fit."""
    for file in folder.glob("**/autosave*.json"):
        try:
            strokes = json.loads(file.read_text())["data"].get("strokes", [])
        except (json.JSONDecodeError, KeyError):
            continue
        for stroke in strokes:
            if len(stroke["path"]) > 4 and fits(*spans(stroke)):
                return stroke
    return None


def level(width, height):
    return width > 1 and height < 0.1


def upright(width, height):
    return height > 1 and width < 0.1


def slanting(width, height):
    return height > 1 and width > 1


def main():
    program = sys.argv[1]
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed (Debian: apt-get install xvfb xdotool)")

    with tempfile.TemporaryDirectory() as folder, Screen() as screen:
        state = pathlib.Path(folder)
        environment = dict(os.environ, DISPLAY=screen.name, DRIFTGLASS_STATE_DIR=folder)
        environment.pop("WAYLAND_DISPLAY", None)

        def xdotool(*words):
            done = subprocess.run(["xdotool", *map(str, words)], env=environment, text=True,
                                  capture_output=True, check=False)
            return done.stdout.split() if done.returncode == 0 else []

        def start(*words):
            return subprocess.Popen([program, *map(str, words)], env=environment)

        def draw(way):
            window = wait_for("window", lambda: xdotool("search", "--onlyvisible", "--name", "Driftglass"))[0]
            time.sleep(3)
            xdotool("windowfocus", window)
            place = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", window))
            left, top = int(place["X"]), int(place["Y"])
            width, height = int(place["WIDTH"]), int(place["HEIGHT"])
            # Pane A of the two: left of the middle, in the upper half.
            x, y = left + int(width * 0.25), top + int(height * 0.2)
            length = int(height * 0.28)
            xdotool("mousemove", x, y)
            time.sleep(0.5)
            xdotool("mousedown", 1)
            for step in range(31):
                xdotool("mousemove", x + way[0] * length * step // 30, y + way[1] * length * step // 30)
                time.sleep(0.06)
            xdotool("mouseup", 1)

        def draw_until_kept(what, way, kept):
            # Until the lab has said its first word, the window takes no strokes.
            def drawn():
                draw(way)
                return seen_within(20, kept)

            return wait_for(what, drawn)

        running = start()
        try:
            stroke = draw_until_kept("drawing in the autosave", (1, 0), lambda: drawing_in(state, level))
            print(f"autosaved a stroke of {len(stroke['path'])} places", flush=True)

            # A program that is killed comes back with its drawing: what is drawn next joins it.
            running.send_signal(signal.SIGKILL)
            running.wait()
            running = start()
            draw_until_kept("second drawing in the autosave", (0, 1), lambda: drawing_in(state, upright))
            if drawing_in(state, level) is None:
                sys.exit("FAILED: the drawing was lost with the killed program")

            # One that is asked to end keeps what was drawn last.
            draw((1, 1))
            running.send_signal(signal.SIGTERM)
            if running.wait(timeout=PATIENCE) != 130:
                sys.exit(f"FAILED: ended with {running.returncode} when it was asked to end")
            if drawing_in(state, slanting) is None:
                sys.exit("FAILED: what was drawn last was lost when it was asked to end")

            # What cannot be read is set aside, not written over; nor does a scene whose data are gone
            # stand in the way of a start.
            left = state / "autosave.json"
            for number, words in enumerate(["{ broken", '{ "data": { "csv": "gone.csv" } }']):
                left.write_text(words)
                running = start()
                aside = state / f"autosave-kept-{number + 1}.json"
                wait_for("autosave set aside", aside.exists)
                if aside.read_text() != words:
                    sys.exit("FAILED: what was set aside is not what was left behind")
                wait_for("window all the same", lambda: xdotool("search", "--onlyvisible", "--name", "untitled"))
                running.kill()
                running.wait()

            # So does one that was started with a scene, when it is started with that scene again.
            mine = state / "mine.json"
            mine.write_text('{ "data": { "preset": "two-moons" } }')
            before = sorted(state.glob("autosave-kept*"))
            left.unlink(missing_ok=True)
            running = start(mine)
            draw_until_kept("drawing on a scene in the autosave", (0, 1), left.exists)
            running.kill()
            running.wait()
            running = start(mine)
            wait_for("window with a name", lambda: xdotool("search", "--onlyvisible", "--name", "mine"))
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=PATIENCE)
            if sorted(state.glob("autosave-kept*")) != before or not left.exists():
                sys.exit("FAILED: a drawing on a scene of one's own did not come back")
            left.unlink()

            # A scene that was asked for and cannot be opened is bad input.
            lost = state / "lost.json"
            lost.write_text('{ "data": { "csv": "gone.csv" } }')
            running = subprocess.Popen([program, str(lost)], env=environment, stderr=subprocess.PIPE, text=True)
            said = running.communicate(timeout=PATIENCE)[1]
            if running.returncode != 2 or "gone.csv" not in said or said.count("\n") != 1:
                sys.exit(f"FAILED: a scene without its data ended with {running.returncode}: {said}")
        finally:
            if running.poll() is None:
                running.kill()
            running.wait()
    print("ok")


if __name__ == "__main__":
    main()
