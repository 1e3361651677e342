"""What is understood, what is refused, and how: nothing here trains."""

import json
import os
import pathlib
import subprocess
import unittest

import program


class Help(program.Case):
    def test_program_help_names_every_command_and_key(self):
        text = self.run_well("--help").stdout
        for word in ["render", "sample", "field", "measure", "info", "--device", "--set",
                     "sampler.method", "training.steps", "path.schedule", "Exit codes"]:
            self.assertIn(word, text)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 100, line)

    def test_each_command_explains_itself(self):
        for command, option in [("render", "--formats"), ("sample", "--trajectories"),
                                ("field", "--points"), ("measure", "--out"), ("info", "--quiet")]:
            text = self.run_well(command, "--help").stdout
            self.assertIn("driftglass " + command, text)
            self.assertIn(option, text)
            self.assertEqual(text, self.run_well("help", command).stdout)
        self.assertNotIn("--points", self.run_well("sample", "--help").stdout)

    def test_a_full_standard_output_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full here")
        for words in [["--help"], ["--version"], ["measure", "--help"]]:
            with open("/dev/full", "w") as full:
                done = subprocess.run([program.path(), *words], stdout=full, text=True,
                                      stderr=subprocess.PIPE, timeout=600)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("standard output", done.stderr)

    def test_version(self):
        self.assertRegex(self.run_well("--version").stdout, r"^driftglass \d+\.\d+\.\d+\n$")

    def test_info_names_versions_devices_and_opengl(self):
        text = self.run_well("info").stdout
        for word in ["driftglass ", "devices", "cpu", "OpenGL", "ffmpeg", "Torch"]:
            self.assertIn(word, text)


class Refusals(program.Case):
    def test_unknown_option(self):
        self.refuse("sample", "--trajectorys", says=["--trajectorys", "did you mean --trajectories?"])
        self.refuse("sample", "--zzzzzzzz", says=["--zzzzzzzz", "driftglass sample --help"])

    def test_option_of_another_command(self):
        self.refuse("sample", "--formats", "png", says=["--formats is an option of render"])

    def test_unknown_command(self):
        self.refuse("rendr", says=["rendr", "did you mean render?"],
                    environment={"DISPLAY": "", "WAYLAND_DISPLAY": ""})

    def test_missing_scene(self):
        self.refuse("measure", "nowhere.json", says=["nowhere.json", "no such scene"])

    def test_every_view_is_checked_before_work(self):
        scene = self.write("uniform.json", json.dumps({
            "source": {"kind": "uniform"}, "views": [{}, {"path": {"schedule": "vp-cosine"}}]}))
        self.refuse("render", scene, "--out", "out", "--formats", "csv", says=["Gaussian"])
        self.assertFalse((self.folder / "out").exists())

    def test_values_may_be_set_in_any_order(self):
        ends = ["--set", "path.s_min=10", "--set", "path.s_max=20"]  # s_max is 10 by default
        for words in [ends, ends[2:] + ends[:2]]:
            self.run_well("sample", "--count", "5", "--out", "x.csv", "--set", "field=exact",
                          "--set", "path.schedule=ve", *words)
        self.refuse("sample", "--out", "x.csv", "--set", "path.schedule=ve", *ends[:2],
                    says=["s_max"])
        # The value that is wrong is named, not the one that waits for it.
        self.refuse("sample", "--out", "x.csv", "--set", "path.schedule=custom", "--set",
                    'path.knots=[[1,0],["a",1]]', says=["path.knots[1]", "[alpha, sigma]"])

    def test_guidance_needs_hidden_and_shown_labels(self):
        words = ["sample", "--out", "x.csv", "--set", "guidance.kind=cfg", "--set",
                 "guidance.scale=3", "--set", "guidance.label=1"]
        for dropout in ["0", "1"]:
            self.refuse(*words, "--set", f"training.label_dropout={dropout}",
                        says=["training.label_dropout"])

    def test_samples_that_are_not_finite_are_an_error(self):
        # With w = -1 the narrow label repels: each step doubles the distance.
        scene = self.write("repels.json", json.dumps({
            "field": "exact", "guidance": {"kind": "cfg", "scale": -1, "label": 1},
            "data": {"mixture": [{"mean": [0, 0], "std": 1, "label": 0},
                                 {"mean": [0, 0], "std": 0.05, "label": 1}]},
            "sampler": {"method": "langevin", "steps": 400, "time": 0.05, "step_size": 2}}))
        done = program.run("sample", scene, "--count", "20", "--out", "x.csv", folder=self.folder)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("20 of 20 samples are not finite", done.stderr)
        self.assertFalse((self.folder / "x.csv").exists())

    def test_noise_is_refused_where_log_snr_rises(self):
        scene = self.write("rises.json", json.dumps({
            "field": "exact", "data": {"preset": "two-moons"}, "path": {
                "schedule": "custom", "knots": [[1, 0.1], [0.5, 0.8], [0.9, 0.1], [0.1, 1]]}}))
        for words in [["euler-maruyama", "--set", "sampler.noise=1"], ["ddpm"], ["churn"]]:
            self.refuse("sample", scene, "--out", "x.csv", "--set", "sampler.method=" + words[0],
                        *words[1:], says=["path.knots"])
        done = self.run_well("sample", scene, "--count", "5", "--out", "x.csv")
        self.assertIn("note: path:", done.stderr)

    def test_no_such_scene(self):
        self.refuse("measure", "guidance:3", says=["guidance:3", "no such scene file", "lessons"])

    def test_one_word_too_many(self):
        scene = self.write("a.json", "{}")
        self.refuse("measure", scene, "b.json", says=["b.json", "one word too many"])

    def test_missing_values_and_arguments(self):
        self.refuse("sample", says=["--out FILE.csv"])
        self.refuse("render", says=["--out DIR"])
        self.refuse("field", "--out", "f.csv", says=["--points"])
        self.refuse("field", "--points", "p.csv", "--out", "f.csv", says=["--time"])
        self.refuse("sample", "--out", says=["--out", "missing"])

    def test_bad_values(self):
        # One of each kind; tests/app/command_line_test.cpp tries the rest.
        out = ["--out", "x.csv"]
        self.refuse("sample", "--count", "many", *out, says=["--count", "whole number", "'many'"])
        self.refuse("sample", "--seconds", "nan", *out, says=["--seconds", "'nan'"])
        self.refuse("sample", "--device", "tpu", *out, says=["--device", "auto, cpu, cuda or mps"])
        self.refuse("sample", "--quiet=yes", *out, says=["--quiet takes no value"])
        self.refuse("field", "--points", "p.csv", "--time", "2", *out, says=["--time", "0 (data)"])
        self.refuse("render", "--size", "641x480", "--out", "o", says=["--size", "even"])
        self.refuse("render", "--formats", "pdf", "--out", "o", says=["pdf", "svg"])
        self.assertEqual(self.names(), [])

    def test_bad_scene_values(self):
        for assignment, *parts in [
                ("sampler.method=heune", "sampler.method", "heun"),
                ("sampler.steps=0", "sampler.steps", "1"),
                ("sampler.stepz=3", "sampler.stepz"),
                ("path.beta_min=-1", "path.beta_min"),
                ("sampler.t_min=0.9999999999999999", "sampler.t_min", "lower it"),
                ("nonsense", "KEY=VALUE")]:
            self.refuse("measure", "--set", assignment, says=parts)

    def test_ill_posed_requests_are_refused_before_work(self):
        # Training for ten minutes: only a refusal before it can come within the time allowed.
        long_work = ["--seconds", "600", "--quiet"]
        annulus = ["--set", "source.kind=annulus"]
        cfg = ["--set", "guidance.kind=cfg"]
        rounds = ["--set", "reflow.rounds=1"]
        for words, *parts in [
                (["--set", "sampler.method=ddim", *annulus], "sampler.method", "score"),
                (["--set", "sampler.last=denoise", *annulus], "sampler.last"),
                (["--set", "sampler.noise=1"], "sampler.noise"),
                (["--set", "sampler.t_min=1"], "sampler.t_min"),
                (["--set", "model.prediction=noise", *annulus], "model.prediction"),
                (["--set", "sampler.method=ddim", *rounds], "sampler.method"),
                ([*rounds, *cfg], "rounds of reflow"),
                (["--set", "data.points=[[0,0],[1,1]]", *cfg], "label 0"),
                (["--set", "guidance.label=7", *cfg], "guidance.label", "label 7", "one of 0, 1"),
                (["--set", "data.points=[[0,0,0],[1,1,0]]", *cfg], "second class"),
                (["--set", "guidance.kind=classifier", *annulus], "guidance.kind: a classifier"),
                (["--set", "field=exact", *annulus], "annulus"),
                (["--set", "field=exact", "--set", "guidance.kind=autoguidance"], "guidance.kind: autoguidance"),
                (["--set", "path.schedule=custom", "--set", "path.knots=[]"], "path.knots")]:
            for command in [["measure"], ["sample", "--out", "x.csv"]]:
                self.refuse(*command, *words, *long_work, says=parts)
        self.assertEqual(self.names(), [])

    def test_bad_scene_files(self):
        broken = self.write("broken.json", '{\n  "seed": 1,\n  "data" }\n')
        self.refuse("measure", broken, says=["broken.json", "line 3"])
        unknown = self.write("unknown.json", json.dumps({"version": 1, "sampler": {"metod": "heun"}}))
        self.refuse("measure", unknown, says=["unknown.json", "sampler.metod"])
        newer = self.write("newer.json", json.dumps({"version": 99}))
        self.refuse("measure", newer, says=["newer.json", "version"])
        self.refuse("measure", self.folder, says=[str(self.folder)])
        table = self.write("own.csv", "x,y\n1,2\n")
        self.refuse("measure", table, says=["own.csv", "a scene is JSON", "--set data.csv="])
        empty = self.write("empty.json", " \n")
        self.refuse("measure", empty, says=["empty.json", "is empty", "{}"])
        large = self.write("large.json", '{\n"data": {"count": 1e999}}')
        self.refuse("measure", large, says=["large.json, line 2", "1e999"])
        for deep in ['{"seed":' + "[" * 200_000, '{"data":{"points":' + "[" * 200_000 + "]" * 200_000]:
            self.refuse("measure", self.write("deep.json", deep), says=["deep.json", "too deep"])
        self.refuse("sample", "/dev/zero", "--out", "-", says=["/dev/zero", "256 MiB"])
        self.refuse("sample", "", "--out", "-", says=["empty"])
        self.refuse("render", "flow:3", "--out", "out", says=["flow:3", "lessons"])

    def test_nothing_that_is_read_is_overwritten(self):
        csv = self.write("own.csv", "x,y\n1,2\n3,4\n")
        scene = self.write("scene.json", json.dumps({"data": {"csv": "own.csv"}}))
        samples = self.write("samples-a.csv", csv.read_text())
        other = self.write("other.json", json.dumps({"data": {"csv": "samples-a.csv"}}))
        kept = {file: file.read_text() for file in [csv, scene, samples, other]}
        short = ["--steps", "5", "--quiet"]
        (self.folder / "link.csv").symlink_to(csv)
        for words in [["sample", scene, "--out", "own.csv"], ["sample", scene, "--out", "link.csv"],
                      ["sample", scene, "--out", "scene.json"],
                      ["measure", scene, "--out", "scene.json"],
                      ["field", "--points", "own.csv", "--time", "0.5", "--out", "./own.csv"],
                      ["render", scene, "--out", "."], ["render", other, "--out", self.folder]]:
            self.refuse(*words, *short, says=["--out"])
        self.assertEqual({file: file.read_text() for file in kept}, kept)

    def test_an_ending_that_says_something_else(self):
        self.refuse("sample", "--out", "samples.png", says=["samples.png", ".csv"])
        self.refuse("measure", "--out", "report.csv", says=["report.csv", ".json"])

    def test_a_link_stays_a_link(self):
        (self.folder / "link.csv").symlink_to("target.csv")
        self.run_well("sample", "--set", "field=exact", "--count", 3, "--out", "link.csv", "--quiet")
        self.assertTrue((self.folder / "link.csv").is_symlink())
        self.assertEqual(len((self.folder / "target.csv").read_text().splitlines()), 4)

    def test_whole_paths_that_no_memory_holds(self):
        self.refuse("sample", "--out", "x.csv", "--trajectories", "--count", "10000000",
                    says=["--count", "whole paths"])

    def test_bad_data_files(self):
        self.write("data.csv", "x,y\n1,2\n3,abc\n")
        scene = self.write("scene.json", json.dumps({"version": 1, "data": {"csv": "data.csv"}}))
        self.refuse("sample", scene, "--out", "x.csv", "--quiet",
                    says=["data.csv, line 3", "expected", "'abc'"])
        gone = self.write("gone.json", json.dumps({"version": 1, "data": {"csv": "gone.csv"}}))
        self.refuse("sample", gone, "--out", "x.csv", "--quiet",
                    says=["data.csv: ", "gone.csv: does not exist", "check the name"])
        empty = self.write("empty.json", json.dumps({"version": 1, "data": {"points": []}}))
        self.refuse("sample", empty, "--out", "x.csv", "--quiet",
                    says=["data.points: there are no points to learn", "preset"])
        self.assertNotIn("x.csv", self.names())

    def test_places_that_cannot_be_written_are_refused_before_work(self):
        # Training for ten minutes: only a refusal before it can come within the time allowed.
        long_work = ["--seconds", "600"]
        (self.folder / "folder").mkdir()
        os.mkfifo(self.folder / "pipe")
        kept = self.write("kept", "precious")
        for out in ["folder", "pipe", "/dev/full", "gone/inside.csv"]:
            done = program.run("sample", "--out", out, *long_work, folder=self.folder, timeout=600)
            self.assertEqual(done.returncode, 2, out)
            self.assertIn(out, done.stderr)
        for out in ["kept", "-", "kept/inside"]:
            done = program.run("render", "--out", out, *long_work, folder=self.folder, timeout=600)
            self.assertEqual(done.returncode, 2, out)
            self.assertIn(out, done.stderr)
        self.assertEqual(kept.read_text(), "precious")
        for inside in ["report.json", "weights.pt", "samples-b.csv"]:
            (self.folder / "taken" / inside).mkdir(parents=True)
            self.refuse("render", "--out", "taken", *long_work, "--formats", "csv",
                        says=["--out", inside, "is a folder"])
            (self.folder / "taken" / inside).rmdir()

    def test_read_only_folder(self):
        folder = self.folder / "locked"
        folder.mkdir(mode=0o555)
        if os.geteuid() == 0:  # root may write everywhere else
            folder = pathlib.Path("/proc")
            if not folder.is_dir():
                self.skipTest("root may write everywhere here")
        self.refuse("sample", "--out", folder / "x.csv", says=["cannot be written"])


if __name__ == "__main__":
    program.main()
