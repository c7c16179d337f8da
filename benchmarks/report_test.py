"""What the report makes of answers; `python3 -m unittest discover -s benchmarks -p '*_test.py'` runs it without any contender."""

import unittest

import report
from contenders import Point
from protocol import BFLOAT16, FLOAT32, KERAS, PYTORCH, ROWS, SCALE_BASE, TF_GRAPHS, job_of, parsed, text


def answers(*seconds, batch=8, peak=100.0):
    return [{"steps": 1, "seconds": s, "images_per_second": batch / s, "peak_rss_mb": peak} for s in seconds]


class ReportTest(unittest.TestCase):
    def test_a_job_is_read_as_it_is_written(self):
        for row in ROWS.values():
            for _, precision in row.entrants:
                self.assertEqual(job_of(row, precision), parsed(text(job_of(row, precision))))

    def test_ratios_are_medians_turn_by_turn_to_each_reference(self):
        turns = {
            (TF_GRAPHS, FLOAT32): answers(1, 2, 1, peak=50.0),
            (TF_GRAPHS, BFLOAT16): answers(0.5, 1, 0.5),
            (KERAS, FLOAT32): answers(2, 4, 2),
            (PYTORCH, BFLOAT16): answers(1, 1, 3),
        }
        first, second, *_ = report.workload_rows({"infer-50-b8": turns})
        self.assertEqual((2, 1, 0.5), tuple(first[f] for f in ("speed_to_keras", "speed_to_pytorch_bfloat16", "memory_to_keras")))
        self.assertEqual((4, 2), (second["speed_to_keras"], second["speed_to_pytorch_bfloat16"]))
        self.assertNotIn("speed_to_pytorch", first)
        self.assertLessEqual(first.keys() | {"date"}, set(report.FIELDS))

    def test_a_processor_is_its_model_and_what_it_has_for_bfloat16(self):
        intel = "processor\t: 0\nmodel name\t: Xeon 1\nflags\t\t: fpu avx512_bf16 amx_bf16\n\nprocessor\t: 1\nmodel name\t: Xeon 1\n"
        self.assertEqual("Xeon 1, AVX512_BF16, AMX_BF16", report.of_processors(intel, "x86_64"))
        self.assertEqual("aarch64, BF16", report.of_processors("processor\t: 0\nFeatures\t: fp asimd bf16\n", "aarch64"))
        self.assertEqual("riscv64", report.of_processors("processor\t: 0\n", "riscv64"))

    def test_growth_is_what_an_image_takes_over_its_arithmetic(self):
        points = [
            Point(TF_GRAPHS, "training", SCALE_BASE._replace(size=size), adds, answers(seconds, 2 * seconds))
            for size, adds, seconds in [(64, 100, 8), (128, 400, 16)]
        ]
        rows = list(report.scale_rows({"scale-size": points}))
        self.assertEqual([1, 0.5], [row["growth_to_arithmetic"] for row in rows])
        self.assertIn("takes 2 times as long at size 128 as at 64, with 4 times", next(report.of_growth(rows)))

    def test_only_who_ran_is_named(self):
        versions = {TF_GRAPHS: {"Java": "17"}, KERAS: {"Keras": "3"}}
        turns = {(TF_GRAPHS, FLOAT32): answers(1, 2), (KERAS, FLOAT32): answers(2, 4)}
        both = report.markdown("2026-01-01", versions, report.workload_rows({"infer-50-b8": turns}))
        self.assertIn("- keras: Keras 3", both)
        self.assertIn("; the contenders took turns.", both)
        del turns[KERAS, FLOAT32]
        alone = report.markdown("2026-01-01", versions, report.workload_rows({"infer-50-b8": turns}))
        self.assertIn("- tf-graphs: Java 17", alone)
        self.assertNotIn("- keras", alone)
        self.assertNotIn("turns.", alone)


if __name__ == "__main__":
    unittest.main()
