"""render: every file that it promises, each readable; and what an interruption leaves."""

import json
import shutil
import signal
import struct
import subprocess
import xml.etree.ElementTree as xml

import program

WHERE = ["--threads", "1", "--device", "cpu"]
SIZE = ["--size", "640x360"]
# A small network: measures ask it millions of times, which sanitizers make slow.
SMALL = ["--set", "model.width=32", "--set", "sampler.steps=4"]
QUICK = ["--steps", "50", *WHERE, *SIZE, *SMALL]
TIMES = ["1.00", "0.75", "0.50", "0.25", "0.10", "0.00"]


def png_size(file):
    head = file.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n", file
    return struct.unpack(">II", head[16:24])


class Numbers(program.Case):
    """What needs no OpenGL."""

    def test_figures_tables_and_report(self):
        out = self.folder / "new" / "out"
        done = self.run_well("render", "--out", out, "--formats", "svg,csv,npy", *QUICK)
        for name in ["report.json", "scene.json", "weights.pt"]:
            self.assertTrue((out / name).is_file(), name)
            self.assertIn(name, done.stderr)
        report = json.loads((out / "report.json").read_text())
        self.assertEqual(report["steps"], 50)
        self.assertGreater(report["metrics"]["w2"], 0)
        ode, sde = report["views"]
        self.assertEqual([ode["pane"], ode["nfe"], ode["paths"]], ["a", 8, 900])
        self.assertEqual([sde["pane"], sde["nfe"], sde["paths"]], ["b", 64, 900])
        self.assertEqual(ode["network_evaluations"], 8)
        self.assertGreater(ode["w2"], 0)
        self.assertGreater(ode["straightness"], 0)
        self.assertNotIn("straightness", sde)
        self.assertGreater(sde["w2_to_a"], 0)
        for pane in "ab":
            root = xml.parse(out / f"trajectories-{pane}.svg").getroot()
            self.assertTrue(root.get("viewBox").startswith("0 0 720"))
            ids = {element.get("id") for element in root.iter()}
            self.assertLessEqual({"data", "samples", "paths", "starts", "ends"}, ids)
            self.assertNotIn("nan", (out / f"trajectories-{pane}.svg").read_text())
            header, table = program.rows((out / f"trajectories-{pane}.csv").read_text())
            self.assertEqual(header, ["id", "step", "t", "x", "y"])
            _, samples = program.rows((out / f"samples-{pane}.csv").read_text())
            last = max(row[1] for row in table)
            self.assertEqual([row[3:] for row in table if row[1] == last],
                             [row[:2] for row in samples])
            numpy = (out / f"samples-{pane}.npy").read_bytes()
            self.assertEqual(numpy[:8], b"\x93NUMPY\x01\x00")
            self.assertIn(f"({len(samples)},2".encode(), numpy[:128].replace(b" ", b""))
            start = 10 + struct.unpack("<H", numpy[8:10])[0]
            values = struct.unpack(f"<{2 * len(samples)}f", numpy[start:])
            self.assertAlmostEqual(values[0], samples[0][0], places=6)
        # The panes start from the same noise.
        starts = [[row[3:] for row in
                   program.rows((out / f"trajectories-{pane}.csv").read_text())[1] if row[1] == 0]
                  for pane in "ab"]
        self.assertEqual(starts[0], starts[1])
        self.assertFalse([p for p in out.iterdir() if "part" in p.name or "tmp" in p.name])

        # The scene it leaves opens with its weights: nothing is trained again.
        words = ["--count", "30", "--out", "-", "--threads", "1", "--device", "cpu", "--quiet"]
        again = self.run_well("sample", out / "scene.json", *words).stdout
        trained = self.run_well("sample", "--steps", "50", *SMALL, *words).stdout
        self.assertEqual(again, trained)

    def test_one_dimension_has_its_points_in_every_file(self):
        scene = self.write("line.json", json.dumps({
            "dimension": 1, "field": "exact", "data": {"mixture": [{"mean": [3], "std": 0.2}]},
            "sampler": {"method": "heun", "steps": 8}, "views": [{}]}))
        self.run_well("render", scene, "--out", "line", "--formats", "svg,csv", "--count", 40,
                      *WHERE, *SIZE)
        header, table = program.rows((self.folder / "line" / "trajectories-a.csv").read_text())
        self.assertEqual(header, ["id", "step", "t", "x"])
        _, samples = program.rows((self.folder / "line" / "samples-a.csv").read_text())
        self.assertEqual(len(samples), 40)
        self.assertTrue(all(1 < row[0] < 5 for row in samples))
        done = self.run_well("sample", scene, "--count", len(samples), "--out", "-", *WHERE)
        self.assertEqual(program.rows(done.stdout)[1], samples)

    def test_views_that_need_what_is_still_to_be_learnt(self):
        views = [{"guidance": {"kind": kind, "label": 1, "scale": 2}}
                 for kind in ["classifier", "autoguidance", "cfg"]] + [{"weights_step": 8}]
        self.run_well("render", "--out", "views", "--formats", "csv", *QUICK,
                      "--set", "views=" + json.dumps(views))
        for pane in "abc":
            self.assertTrue((self.folder / "views" / f"samples-{pane}.csv").is_file(), pane)

    def test_a_reflow_opens_as_every_round_and_step_that_it_was(self):
        views = [{}, {"round": 0}, {"round": 0, "weights_step": 8},
                 {"round": 0, "guidance": {"kind": "autoguidance", "label": 1, "scale": 2}}]
        self.run_well("render", "--out", "first", "--formats", "csv", *QUICK,
                      "--set", "reflow.rounds=1", "--set", "reflow.pairs=1000",
                      "--set", "reflow.steps=40", "--set", "views=" + json.dumps(views))
        first = json.loads((self.folder / "first" / "report.json").read_text())
        self.assertEqual(first["steps"], 40)
        self.assertEqual(len(first["metrics"]["rounds"]), 2)
        self.assertFalse([view for view in first["views"] if "note" in view])
        scene, where = self.folder / "first" / "scene.json", ["--threads", "1", "--device", "cpu"]
        again = json.loads(self.run_well("measure", scene, *where, "--quiet").stdout)
        self.assertEqual(again["steps"], 40)
        self.assertEqual(again["metrics"], first["metrics"])
        self.run_well("render", scene, "--out", "second", "--formats", "csv", *where)
        second = json.loads((self.folder / "second" / "report.json").read_text())
        self.assertEqual(second["views"], first["views"])
        self.assertEqual(second["metrics"], first["metrics"])
        for pane in "abcd":
            self.assertEqual(*((self.folder / out / f"samples-{pane}.csv").read_text()
                               for out in ["first", "second"]))

        # The last round is no model of a score; the one before reflow is.
        sde = ["--set", "sampler.method=euler-maruyama", "--set", "sampler.noise=1"]
        words = ["sample", scene, "--count", "20", "--out", "samples.csv", *where, "--quiet"]
        self.refuse(*words, *sde, says=["sampler.method", "needs the score"])
        self.run_well(*words, *sde, "--set", "reflow.rounds=0")
        # What is not in the file is not made up.
        for view, says in [({"round": 2}, "reflow.rounds is 1"),
                           ({"round": 0, "weights_step": 40}, "file of weights")]:
            self.refuse("render", scene, "--out", "no", *where, "--set",
                        "views=" + json.dumps([view]), says=["views[0]", says])
        self.refuse(*words, "--set", "source.kind=uniform", says=["weights: ", "source.kind"])
        self.refuse(*words, "--set", "weights=gone.pt", says=["weights: ", "gone.pt"])

    def test_views_of_weights_that_will_not_be_there(self):
        for view, says in [({"weights_step": 51}, "after the training's last, 50"),
                           ({"round": 1}, "reflow.rounds is 0")]:
            self.refuse("render", "--out", "no", *QUICK, "--set", "views=" + json.dumps([{}, view]),
                        says=["views[1]", says])
        self.assertFalse((self.folder / "no").exists())

    def test_interrupted_training_keeps_what_was_learnt(self):
        out = self.folder / "out"
        with program.started("render", "--out", out, "--formats", "csv", "--steps", "100000000",
                             "--threads", "1", "--device", "cpu", folder=self.folder) as process:
            program.wait_for(process, "training")
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=600)
            self.assertEqual(process.returncode, 130, stderr)
            self.assertIn("interrupted", stderr)
        self.assertEqual(self.names(), ["scene.json", "weights.pt"])
        self.run_well("sample", out / "scene.json", "--count", "5", "--out", "-", "--quiet")

    def test_an_interrupted_run_leaves_an_earlier_one_as_it_was(self):
        out = self.folder / "out"
        self.run_well("render", "--out", out, "--formats", "csv", *QUICK)
        before = {file: file.read_bytes() for file in out.iterdir()}
        with program.started("render", "--out", out, "--formats", "csv", "--steps", "100000000",
                             "--threads", "1", "--device", "cpu", folder=self.folder) as process:
            program.wait_for(process, "training")
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=600)
            self.assertEqual(process.returncode, 130, stderr)
            self.assertIn("unfinished", stderr)
        self.assertEqual({f: f.read_bytes() for f in out.iterdir() if f.is_file()}, before)
        scene = out / "unfinished" / "scene.json"
        self.run_well("sample", scene, "--count", "5", "--out", "-", "--quiet")
        # What is whole takes its place, and names its files from there.
        (self.folder / "own.csv").write_text("x,y\n" + "".join(f"{i},{i % 3}\n" for i in range(9)))
        self.run_well("render", "--out", out, "--formats", "csv", *QUICK, "--set",
                      "data.csv=own.csv")
        self.assertNotEqual((out / "report.json").read_bytes(), before[out / "report.json"])
        self.assertEqual([file.name for file in out.iterdir() if file.is_dir()], ["unfinished"])
        self.run_well("sample", out / "scene.json", "--count", "5", "--out", "-", "--quiet")

    def test_an_interrupted_measurement_is_no_fault(self):
        with program.started("measure", "--out", "report.json", "--steps", "50", *WHERE, "--set",
                             "sampler.steps=10000", folder=self.folder) as process:
            program.wait_for(process, "training: 50 in")  # and so to the first of the paths
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=600)
            self.assertEqual(process.returncode, 130, stderr)
        self.assertEqual(self.names(), [])

    def test_interrupted_sampling_writes_nothing_half(self):
        kept = self.write("kept.csv", "precious\n")
        with program.started("sample", "--out", kept, "--steps", "100000000", "--threads", "1",
                             folder=self.folder) as process:
            program.wait_for(process, "training")
            process.send_signal(signal.SIGTERM)
            _, stderr = process.communicate(timeout=600)
            self.assertEqual(process.returncode, 130, stderr)
        self.assertEqual(kept.read_text(), "precious\n")
        self.assertEqual(self.names(), ["kept.csv"])


class WithPictures(program.Case):
    def setUp(self):
        super().setUp()
        if not program.has_opengl():
            self.skipTest("no OpenGL 3.3 here")

    def test_pictures_and_videos(self):
        formats = "png,mp4,gif" if shutil.which("ffmpeg") else "png"
        self.run_well("render", "--out", "out", "--formats", formats, *QUICK)
        out = self.folder / "out"
        pictures = {p.name for p in out.glob("*.png")}
        self.assertEqual(pictures, {f"panes-t{t}.png" for t in TIMES} | {"strip.png", "studio.png"})
        for t in TIMES:
            self.assertEqual(png_size(out / f"panes-t{t}.png"), (640, 360))
        self.assertEqual(png_size(out / "studio.png"), (640, 360))
        self.assertEqual(png_size(out / "strip.png")[0], 640)
        # Another time, another picture.
        self.assertEqual(len({(out / f"panes-t{t}.png").read_bytes() for t in TIMES}), len(TIMES))
        if shutil.which("ffmpeg") is None:
            self.skipTest("the pictures are fine, but there is no ffmpeg here for the videos")
        self.assertEqual((out / "flow.mp4").read_bytes()[4:8], b"ftyp")
        self.assertEqual((out / "flow.gif").read_bytes()[:6], b"GIF89a")
        if shutil.which("ffprobe"):
            shown = subprocess.run(
                ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width,height,pix_fmt",
                 "-of", "csv=p=0", out / "flow.mp4"], capture_output=True, text=True, check=True)
            self.assertEqual(shown.stdout.strip(), "h264,640,360,yuv420p")

    def test_without_ffmpeg_it_goes_on_and_says_so(self):
        done = program.run("render", "--out", "out", "--formats", "mp4,csv", *QUICK,
                           folder=self.folder, environment={"PATH": "/nonexistent"})
        if (self.folder / "out" / "flow.mp4").exists():
            self.skipTest("this build brings an ffmpeg of its own")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("ffmpeg was not found", done.stderr)
        report = json.loads((self.folder / "out" / "report.json").read_text())
        self.assertIn("ffmpeg", report["notes"][0])

    def test_no_display_renders_the_demo_into_out(self):
        # All of it takes long: that it begins, and where, is enough here.
        with program.started("--steps", "100000000", "--threads", "1", folder=self.folder,
                             environment={"DISPLAY": "", "WAYLAND_DISPLAY": ""}) as process:
            program.wait_for(process, "no display")
            program.wait_for(process, "training")
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=600)
            self.assertEqual(process.returncode, 130)
        self.assertEqual(self.names(), ["scene.json", "weights.pt"])
        self.assertTrue((self.folder / "out" / "scene.json").is_file())


class WithoutOpenGl(program.Case):
    def test_a_picture_without_opengl_is_code_3(self):
        # No driver is found in an empty folder, so that EGL has none to offer.
        environment = {"__EGL_VENDOR_LIBRARY_DIRS": "/nonexistent", "DISPLAY": "",
                       "WAYLAND_DISPLAY": "", "LIBGL_DRIVERS_PATH": "/nonexistent"}
        if "OpenGL      none" not in program.run("info", environment=environment).stdout:
            self.skipTest("OpenGL cannot be hidden from the program here")
        self.refuse("render", "--out", "out", "--formats", "png", *QUICK, code=3,
                    says=["OpenGL 3.3"], environment=environment)
        self.assertEqual(self.names(), [])


if __name__ == "__main__":
    program.main()
