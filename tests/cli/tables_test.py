"""sample, field and measure: tables that round-trip, runs that repeat."""

import json
import math
import subprocess
import unittest

import program

# A small network: measures ask it millions of times, which sanitizers make slow.
QUICK = ["--steps", "50", "--threads", "1", "--device", "cpu", "--set", "model.width=32", "--quiet"]
MIXTURE = {
    "version": 1, "field": "exact", "path": {"schedule": "linear"},
    "data": {"mixture": [{"mean": [1.5, -0.5], "std": 0.4, "weight": 1}]},
    "sampler": {"method": "heun", "steps": 32},
}


class Sample(program.Case):
    def test_samples_of_the_default_scene(self):
        self.run_well("sample", "--count", "300", "--out", "s.csv", *QUICK)
        header, table = program.rows((self.folder / "s.csv").read_text())
        self.assertEqual(header[:2], ["x", "y"])
        self.assertEqual(len(table), 300)
        self.assertTrue(all(math.isfinite(v) for row in table for v in row))
        self.assertGreater(len({tuple(row) for row in table}), 290)

    def test_standard_output_holds_the_table_alone(self):
        words = ["sample", "--count", "20", "--steps", "20", "--threads", "1", "--device", "cpu"]
        done = self.run_well(*words, "--out", "-")
        header, table = program.rows(done.stdout)
        self.assertEqual(len(table), 20)
        self.assertIn("training", done.stderr)
        quiet = self.run_well(*words, "--out", "-", "--quiet")
        self.assertEqual(quiet.stderr, "")
        self.assertEqual(quiet.stdout, done.stdout)

    def test_same_seed_same_samples(self):
        words = ["sample", "--count", "50", "--out", "-", *QUICK]
        first = self.run_well(*words, "--seed", "7").stdout
        self.assertEqual(first, self.run_well(*words, "--seed", "7").stdout)
        self.assertNotEqual(first, self.run_well(*words, "--seed", "8").stdout)

    def test_trajectories(self):
        scene = self.write("scene.json", json.dumps(MIXTURE))
        words = ["sample", scene, "--count", "5", "--out", "-", "--quiet"]
        header, table = program.rows(self.run_well(*words, "--trajectories").stdout)
        self.assertEqual(header, ["id", "step", "t", "x", "y"])
        self.assertEqual(len(table), 5 * 33)
        for path in range(5):
            own = [row for row in table if row[0] == path]
            self.assertEqual([row[1] for row in own], list(range(33)))
            self.assertEqual(own[0][2], 1)
            self.assertAlmostEqual(own[-1][2], 0.001, places=6)
        # The samples are the ends of the same paths, in the same order.
        _, samples = program.rows(self.run_well(*words).stdout)
        ends = [row[3:] for row in table if row[1] == 32]
        self.assertEqual([row[:2] for row in samples], ends)

    def test_starts_do_not_depend_on_the_method(self):
        scene = self.write("scene.json", json.dumps(MIXTURE))
        words = ["sample", scene, "--count", "8", "--trajectories", "--out", "-", "--quiet"]

        def starts(*more):
            return [row[3:] for row in program.rows(self.run_well(*words, *more).stdout)[1]
                    if row[1] == 0]
        first = starts()
        self.assertEqual(first, starts("--set", "sampler.method=euler", "--set", "sampler.steps=3"))

    def test_exact_field_of_a_gaussian_samples_that_gaussian(self):
        scene = self.write("scene.json", json.dumps(MIXTURE))
        _, table = program.rows(
            self.run_well("sample", scene, "--count", "4000", "--out", "-", "--quiet").stdout)
        for column, mean in [(0, 1.5), (1, -0.5)]:
            values = [row[column] for row in table]
            found = sum(values) / len(values)
            spread = math.sqrt(sum((v - found) ** 2 for v in values) / len(values))
            # Five standard errors of 4,000 draws: .4 / sqrt(4000) = .006, and that over sqrt 2.
            self.assertAlmostEqual(found, mean, delta=0.032)
            self.assertAlmostEqual(spread, 0.4, delta=0.023)

    def test_a_reader_that_has_enough_ends_it_quietly(self):
        scene = self.write("scene.json", json.dumps(MIXTURE))
        words = f"'{program.path()}' sample '{scene}' --count 20000 --out - --set sampler.steps=1"
        done = subprocess.run(["bash", "-c", f"{words} | head -2; echo ${{PIPESTATUS[0]}}"],
                              capture_output=True, text=True)
        header, first, code = done.stdout.splitlines()
        self.assertEqual(header, "x,y")
        self.assertEqual(len(first.split(",")), 2)
        self.assertEqual(code, "141")  # of SIGPIPE, as that of any other program
        self.assertNotIn("driftglass:", done.stderr)

    def test_a_pane_as_the_scene_shows_it(self):
        two = {**MIXTURE, "path": {"schedule": "vp-cosine"}, "views": [
            {}, {"sampler": {"method": "euler-maruyama", "steps": 5, "noise": 1},
                 "path": {"schedule": "ve"}}]}
        scene = self.write("scene.json", json.dumps(two))
        words = ["sample", scene, "--count", "3", "--trajectories", "--out", "-", "--quiet"]
        own = self.run_well(*words).stdout
        self.assertEqual(self.run_well(*words, "--view", "A").stdout, own)
        _, table = program.rows(self.run_well(*words, "--view", "B").stdout)
        self.assertEqual(len(table), 3 * 6)
        # The pane's own path: on ve noise has a width of 10 at t = 1.
        single = self.write("b.json", json.dumps(
            {**two, "path": two["views"][1]["path"], "sampler": two["views"][1]["sampler"]}))
        words[1] = single
        self.assertEqual(program.rows(self.run_well(*words).stdout)[1][0], table[0])
        self.assertGreater(max(abs(v) for row in table if row[1] == 0 for v in row[3:]), 3)
        self.refuse("sample", scene, "--out", "-", "--view", "C",
                    says=["--view: the scene has 2 panes, A to B, and no C"])

    def test_rounds_and_earlier_steps_are_those_of_the_weights(self):
        views = [{}, {"round": 0}, {"round": 0, "weights_step": 10}]
        scene = self.write("scene.json", json.dumps({
            "data": {"preset": "two-moons"}, "views": views,
            "training": {"batch": 64}, "reflow": {"rounds": 1, "pairs": 100, "steps": 10},
            "model": {"width": 32}, "sampler": {"steps": 4}}))
        self.run_well("render", scene, "--out", "out", "--formats", "csv", "--steps", "40",
                      "--threads", "1", "--device", "cpu", "--count", "5")
        kept = self.folder / "out" / "scene.json"
        points = self.write("points.csv", "x,y\n0,0\n1,0.5\n")
        words = ["field", kept, "--points", points, "--time", "0.5", "--out", "-", "--quiet"]
        tables = [self.run_well(*words, *more).stdout
                  for more in [[], ["--view", "1"], ["--view", "2"], ["--view", "3"]]]
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(len(set(tables)), 3)
        # A round of reflow has a velocity only: the other columns are empty.
        scores = [table.splitlines()[1].split(",")[4] for table in tables]
        self.assertEqual(scores[1], "")
        self.assertNotEqual(scores[2], "")
        steps = [json.loads(self.run_well("measure", kept, "--quiet", "--view", pane).stdout)
                 for pane in "ABC"]
        self.assertEqual([report["view"] for report in steps], ["a", "b", "c"])
        self.assertEqual([len(report["metrics"]["rounds"]) for report in steps], [2, 0, 0])
        self.assertEqual([report["steps"] for report in steps], [10, 40, 10])
        # What the weights do not hold is refused, before anything is trained too.
        self.refuse(*words, "--view", "C", "--set", "views[2].weights_step=3", says=["step 3"])
        self.refuse(*words, "--view", "B", "--set", "views[1].round=3", says=["views[1]: round 3"])
        self.refuse("measure", scene, "--steps", "40", "--view", "C", "--set",
                    "views[2].weights_step=50", says=["weights_step 50", "40"])

    def test_forward_sde_has_the_moments_of_the_path(self):
        scene = self.write("scene.json", json.dumps({**MIXTURE, "path": {"schedule": "vp-cosine"}}))
        words = ["sample", scene, "--forward", "--count", "4000", "--out", "-", "--quiet",
                 "--set", "sampler.steps=4"]
        _, table = program.rows(self.run_well(*words, "--trajectories").stdout)
        self.assertEqual([row[2] for row in table[:6]], [0, 0.001, 0.25075, 0.5005, 0.75025, 1])
        for step in range(6):
            rows = [row for row in table if row[1] == step]
            alpha, sigma = (f(rows[0][2] * math.pi / 2) for f in (math.cos, math.sin))
            for column, mean in [(3, 1.5), (4, -0.5)]:
                values = [row[column] for row in rows]
                found = sum(values) / 4000
                spread = math.sqrt(sum((v - found) ** 2 for v in values) / 4000)
                wanted = math.hypot(0.4 * alpha, sigma)
                # Five standard errors of 4,000 draws.
                self.assertAlmostEqual(found, alpha * mean, delta=0.08 * wanted)
                self.assertAlmostEqual(spread, wanted, delta=0.056 * wanted)
        _, ends = program.rows(self.run_well(*words).stdout)
        self.assertEqual(ends, [row[3:] for row in table if row[1] == 5])

    def test_draws_given_a_point_have_the_law_of_bayes(self):
        scene = self.write("scene.json", json.dumps(MIXTURE))
        given = self.write("given.csv", "0.9,0.3\n-0.4,0\n")
        words = ["sample", scene, "--given", given, "--time", "0.4", "--count", "4000",
                 "--out", "-", "--quiet"]
        header, table = program.rows(self.run_well(*words).stdout)
        self.assertEqual(header, ["id", "data_x", "data_y", "noise_x", "noise_y"])
        alpha, sigma, variance = 0.6, 0.4, 0.4 ** 2
        total = alpha ** 2 * variance + sigma ** 2
        for point, x in enumerate([(0.9, 0.3), (-0.4, 0)]):
            rows = [row for row in table if row[0] == point]
            self.assertEqual(len(rows), 4000)
            for axis, mean in enumerate([1.5, -0.5]):
                values = [row[1 + axis] for row in rows]
                found = sum(values) / 4000
                spread = math.sqrt(sum((v - found) ** 2 for v in values) / 4000)
                wanted = sigma * math.sqrt(variance / total)
                self.assertAlmostEqual(
                    found, mean + alpha * variance / total * (x[axis] - alpha * mean),
                    delta=0.08 * wanted)
                self.assertAlmostEqual(spread, wanted, delta=0.056 * wanted)
            # All of them meet in the point, up to float32.
            for row in rows[:50]:
                for axis in range(2):
                    self.assertAlmostEqual(alpha * row[1 + axis] + sigma * row[3 + axis], x[axis],
                                           delta=2e-6)
        header, paths = program.rows(self.run_well(*words[:-4], "3", *words[-3:],
                                                   "--trajectories").stdout)
        self.assertEqual(header, ["id", "step", "t", "x", "y"])
        self.assertEqual(len(paths), 2 * 3 * 34)
        self.assertEqual(paths[0][2], 1)
        through = [row for row in paths if row[2] == 0.4]
        self.assertEqual([row[0] for row in through], list(range(6)))
        for row in through:
            self.assertAlmostEqual(row[3], 0.9 if row[0] < 3 else -0.4, delta=2e-6)

    def test_what_goes_from_data_to_noise_refuses(self):
        given = self.write("given.csv", "0,0\n")
        for words, says in [
                (["--forward", "--given", given, "--time", "0.2"], "take one"),
                (["--time", "0.2"], "--given"), (["--given", given], "--time T"),
                (["--forward", "--set", "source.kind=uniform"], "source.kind"),
                (["--given", given, "--time", "0.5", "--set", "coupling.kind=minibatch-ot"],
                 "independent"),
                (["--forward", "--set", "coupling.kind=minibatch-ot"], "coupling.kind"),
                (["--given", given, "--time", "0"], "above 0"),
                (["--given", given, "--time", "0.5", "--count", "10000000", "--trajectories"],
                 "--count"),
                (["--given", given, "--time", "0.5", "--count", "10000000", "--set",
                  "data.preset=two-points", "--given", "nowhere.csv"], "nowhere.csv")]:
            self.refuse("sample", "--out", "x.csv", *words, says=[says])

    def test_own_points_as_data(self):
        for name, text in [("a.csv", "x,y\n0.5,0.25\n-1,2\n"), ("b.csv", "0.5;0.25\n-1;2\n"),
                           ("c.csv", "0.5\t0.25\n-1\t2\n"), ("d.csv", "0.5 0.25\n-1 2\n")]:
            self.write(name, text)
        tables = [self.run_well("sample", "--set", f"data.csv={name}", "--count", "10", "--out", "-",
                                *QUICK).stdout
                  for name in ["a.csv", "b.csv", "c.csv", "d.csv"]]
        self.assertEqual(len(set(tables)), 1)


class Field(program.Case):
    def evaluate(self, time, *more):
        scene = self.write("scene.json", json.dumps(MIXTURE))
        points = self.write("points.csv", "x,y\n0,0\n1.5,-0.5\n-2,3\n")
        done = self.run_well("field", scene, "--points", points, "--time", time, "--out", "-",
                             "--quiet", *more)
        return program.rows(done.stdout)

    def test_exact_gaussian_against_its_closed_form(self):
        t = 0.4
        header, table = self.evaluate(t)
        self.assertEqual(header, "x,y,vx,vy,score_x,score_y,data_x,data_y,noise_x,noise_y,"
                                 "divergence,log_density".split(","))
        alpha, sigma, std, mean = 1 - t, t, 0.4, (1.5, -0.5)
        variance = alpha ** 2 * std ** 2 + sigma ** 2
        for row in table:
            cells = dict(zip(header, row))
            square = 0
            for axis, m in zip("xy", mean):
                offset = cells[axis] - alpha * m
                square += offset ** 2
                score = -offset / variance
                noise = -sigma * score
                data = (cells[axis] - sigma * noise) / alpha
                velocity = -data + noise
                # Single precision, and %.9g in the table: 1e-5 leaves a factor of ten.
                self.assertAlmostEqual(cells["score_" + axis], score, delta=2e-5)
                self.assertAlmostEqual(cells["noise_" + axis], noise, delta=2e-5)
                self.assertAlmostEqual(cells["data_" + axis], data, delta=2e-5)
                self.assertAlmostEqual(cells["v" + axis], velocity, delta=2e-5)
            density = -square / (2 * variance) - math.log(2 * math.pi * variance)
            self.assertAlmostEqual(cells["log_density"], density, delta=5e-5)

    def test_learned_field_has_no_density(self):
        header, table = self.evaluate(0.5, "--set", "field=learned", *QUICK[:-1])
        self.assertNotIn("log_density", header)
        self.assertEqual(len(table), 3)
        self.assertTrue(all(v is not None and math.isfinite(v) for row in table for v in row))

    def test_log_density_along_the_ode(self):
        # Guided with w = 1, the exact field is that of the label, whose density is known.
        std, weight = 0.5, 0.3
        scene = {"version": 1, "field": "exact", "path": {"schedule": "vp-cosine"}, "data": {
            "mixture": [{"mean": [-1.5, 0], "std": 0.7, "weight": 1 - weight, "label": 0},
                        {"mean": [1.5, 0.5], "std": std, "weight": weight, "label": 1}]},
            "guidance": {"kind": "cfg", "scale": 1, "label": 1}}
        self.write("scene.json", json.dumps(scene))
        self.write("points.csv", "x,y\n1,0.4\n0.2,-0.3\n1.5,0.5\n")
        words = ["field", "scene.json", "--points", "points.csv", "--out", "-", "--quiet"]
        for time in [0, 0.3, 0.8, 1]:
            header, table = program.rows(
                self.run_well(*words, "--log-density", "--time", time).stdout)
            alpha, sigma = math.cos(time * math.pi / 2), math.sin(time * math.pi / 2)
            variance = (alpha * std) ** 2 + sigma ** 2
            for row in table:
                square = (row[0] - alpha * 1.5) ** 2 + (row[1] - alpha * 0.5) ** 2
                known = -square / (2 * variance) - math.log(2 * math.pi * variance)
                # t is held at log-SNR 15 on this path (1.1e-3); dopri5's 1e-5 is far below.
                self.assertAlmostEqual(row[header.index("log_density")], known, delta=2e-3)
        self.assertNotIn("log_density", self.run_well(*words, "--time", "0.3").stdout)
        # A learned flow has a density as well: near the data's law after a little training.
        header, table = program.rows(self.run_well(
            *words, "--log-density", "--time", "0.3", "--set", "field=learned", "--steps", "300",
            "--threads", "1", "--device", "cpu").stdout)
        alpha, sigma = math.cos(0.3 * math.pi / 2), math.sin(0.3 * math.pi / 2)
        variance = (alpha * std) ** 2 + sigma ** 2
        for row in table:
            square = (row[0] - alpha * 1.5) ** 2 + (row[1] - alpha * 0.5) ** 2
            known = -square / (2 * variance) - math.log(2 * math.pi * variance)
            self.assertAlmostEqual(row[header.index("log_density")], known, delta=0.5)
        for key, value in [("source.kind", "uniform"), ("coupling.kind", "diffusion")]:
            self.refuse(*words, "--log-density", "--time", "0.3", "--set", "field=learned", "--set",
                        "guidance.kind=none", "--set", f"{key}={value}", says=[key])

    def test_bad_points(self):
        self.write("bad.csv", "x,y\n1,2\n3,abc\n")
        self.refuse("field", "--points", "bad.csv", "--time", "0.5", "--out", "-", "--quiet",
                    says=["bad.csv, line 3: expected 2 or 3 numbers, found 'abc'"])
        self.refuse("field", "--points", "none.csv", "--time", "0.5", "--out", "-", "--quiet",
                    says=["none.csv"])


class Measure(program.Case):
    def test_report_and_the_same_again_to_the_last_digit(self):
        def measured(*more):
            words = ["--seed", "3", "--set", "sampler.steps=4"]
            report = json.loads(self.run_well("measure", *QUICK, *words, *more).stdout)
            for clock in ["seconds", "steps_per_second"]:
                self.assertGreater(report.pop(clock), 0)
            return report
        report = measured()
        self.assertEqual(report["steps"], 50)
        self.assertEqual(report["device"], "cpu")
        metrics = report["metrics"]
        for key in ["w2", "w2_floor", "sliced_w2", "energy_distance"]:
            self.assertGreater(metrics[key], 0, key)
        self.assertEqual(metrics["nfe"], 8)
        self.assertEqual(metrics["network_evaluations"], 8)
        guided = measured("--set", "guidance.kind=cfg", "--set", "guidance.scale=2")["metrics"]
        self.assertEqual([guided["nfe"], guided["network_evaluations"]], [8, 16])
        self.assertGreater(metrics["w2"], metrics["w2_floor"] * 0.8)
        for key in ["mmd_floor", "memorised", "nll_hutchinson", "solver_error", "velocity_error"]:
            self.assertIn(key, metrics)
        self.assertEqual(report, measured())
        self.assertEqual(report, measured("--threads", "3"))

    def test_a_table_to_read_beside_the_file(self):
        scene = self.write("scene.json", json.dumps(MIXTURE))
        words = ["measure", scene, "--threads", "1", "--device", "cpu"]
        done = self.run_well(*words, "--out", "report.json")
        report = json.loads((self.folder / "report.json").read_text())
        table = {words[0]: words[1:] for words in map(str.split, done.stdout.splitlines()) if words}
        self.assertAlmostEqual(float(table["w2"][0]), report["metrics"]["w2"], places=4)
        self.assertAlmostEqual(float(table["w2"][1]), report["metrics"]["w2_floor"], places=4)
        self.assertIn("rk4", table)
        # One Gaussian: the likelihood is its entropy, within four of the standard errors, each
        # sqrt(D / 2 / 512) or nearly.
        error = report["metrics"]["nll_standard_error"]
        self.assertAlmostEqual(error, 0.044, delta=0.01)
        self.assertAlmostEqual(report["metrics"]["nll"], report["metrics"]["nll_floor"],
                               delta=4 * error)
        self.assertEqual(table["nll"][1:3], ["+-", f"{error:.2f}"])
        self.assertNotIn("note", report)
        # The path, and each prediction's floor where x0 ~ N(m, s^2 I): its variance given x_t is
        # the same everywhere.
        path = {row["t"]: row for row in report["metrics"]["path"]}
        self.assertEqual(len(path), 11)
        self.assertNotIn("f", path[1])  # -infinity
        for t in [0.1, 0.5, 0.9]:
            alpha, sigma, square = 1 - t, t, 0.4 ** 2
            variance = alpha ** 2 * square + sigma ** 2
            floor = {"velocity": 1 + square - (sigma - alpha * square) ** 2 / variance,
                     "noise": 1 - sigma ** 2 / variance,
                     "data": square - alpha ** 2 * square ** 2 / variance}
            floor["score"] = floor["noise"] / sigma ** 2
            for name, value in floor.items():
                self.assertAlmostEqual(path[t]["floor"][name] / (2 * value), 1, delta=1e-3)
            known = {"alpha": alpha, "sigma": sigma, "alpha_prime": -1, "sigma_prime": 1,
                     "log_snr": 2 * math.log(alpha / sigma), "f": -1 / alpha,
                     "g_squared": 2 * sigma + 2 * sigma ** 2 / alpha}
            for name, value in known.items():
                self.assertAlmostEqual(path[t][name], value, places=9)
        quiet = self.run_well(*words, "--quiet")
        self.assertEqual(quiet.stderr, "")
        again = json.loads(quiet.stdout)
        self.assertEqual(again["metrics"], report["metrics"])
        # What is said of a path on standard error leaves a trace where that is quiet.
        words += ["--set", "path.schedule=ve-sqrt", "--set", "sampler.t_min=0.01"]
        note = json.loads(self.run_well(*words, "--quiet").stdout)["note"]
        self.assertTrue(note.startswith("path: terminal SNR is not zero"), note)
        self.assertIn("sampler.t_min = 0.01", note)
        self.assertIn(f"note: {note}\n", self.run_well(*words).stderr)


if __name__ == "__main__":
    program.main()
