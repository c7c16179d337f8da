"""What this project makes of a case: one Java process answers them all."""

import json
import os
import pathlib
import subprocess
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
MODULE = REPOSITORY / "tf-graphs/target"
MAIN = "dev.tfgraphs.graphs.ConformanceJudge"


def class_path():
    file = MODULE / "test-classpath.txt"
    if not file.is_file():
        raise SystemExit(f"judge: expected {file.relative_to(REPOSITORY)}, found none: run mvn -B verify first")
    return os.pathsep.join([str(MODULE / "test-classes"), str(MODULE / "classes"), file.read_text().strip()])


class Java:
    """Judges cases; `fault` plants an error in what it reads, to see that the judge finds it."""

    def __init__(self, fault=None):
        home = os.environ.get("JAVA_HOME")
        java = os.path.join(home, "bin", "java") if home else "java"
        options = ["-Xmx1g", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"]
        environment = {k: v for k, v in os.environ.items() if k != "TF_ENABLE_ONEDNN_OPTS"}  # which is Keras's alone
        self.log = tempfile.TemporaryFile()
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [java, *options, "-cp", class_path(), MAIN, *([fault] if fault else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, encoding="utf-8", env=environment)
        self.asked = 0

    def ask(self, case):
        """Hands a case over; `answer` waits for what comes of it, in the same order."""
        file = pathlib.Path(self.folder.name) / f"{self.asked}.json"
        file.write_text(json.dumps(case), encoding="utf-8")
        self.asked += 1
        self.process.stdin.write(f"{file}\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise SystemExit("judge: Java ended:\n" + self.log.read().decode(errors="replace")[-4000:])
        return json.loads(line)

    def judge(self, case):
        self.ask(case)
        return self.answer()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()
        self.log.close()
