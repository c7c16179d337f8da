"""The pages that `tfgraphs report` and `compare` write, opened in headless Chromium: report_check.py CHROMIUM PROGRAM..., the program that
mvn -B verify builds. Light and dark, narrow and wide: nothing stands out of the page, every picture is there, texts can be told from
their ground, and nothing is fetched. With --keep FOLDER pictures of the page are left there, to be looked at.
"""

import argparse
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

WIDTHS = {"narrow": 390, "wide": 1280}
SCHEMES = {"light": 1, "dark": 0}

# What WCAG 2 asks for texts.
LEAST_CONTRAST = 4.5

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')

# Tells what the browser made of the page, in a comment that --dump-dom prints with the rest.
MEASURE = """
<script>
addEventListener("load", () => {
  const light = colour => {
    const part = colour.match(/[\\d.]+/g).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const contrasts = [...document.querySelectorAll("h1, h2, p, a, dt, dd, td, th, pre, figcaption")].map(element => {
    const [dark, bright] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  });
  const images = [...document.images];
  document.documentElement.append(document.createComment("measured " + JSON.stringify({
    width: innerWidth,
    scroll: document.documentElement.scrollWidth,
    ground: getComputedStyle(document.body).backgroundColor,
    contrast: Math.min(...contrasts),
    images: images.length,
    blank: images.filter(image => !image.naturalWidth).map(image => image.alt),
    unsaid: images.filter(image => !image.alt).length,
    fetched: performance.getEntriesByType("resource").map(entry => entry.name).filter(name => !name.startsWith("data:")),
  })));
});
</script>
"""


class Differs(Exception):
    pass


def chromium(program, page, width, scheme, *options):
    command = [
        program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-extensions",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--window-size={width},2400", f"--blink-settings=preferredColorScheme={scheme}",
        "--virtual-time-budget=5000", *options, page.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def measured(program, page, width, scheme):
    dom = chromium(program, page, width, scheme, "--dump-dom")
    found = re.search(r"<!--measured (.*?)-->", dom, re.S)
    if not found:
        raise Differs(f"{page.name}: the browser told nothing of the page: {dom[:200]}")
    return json.loads(html.unescape(found.group(1)))


def look(program, page, keep):
    text = page.read_text(encoding="utf-8")
    if not POLICY.search(text):
        raise Differs(f"{page.name}: expected a policy that forbids to fetch anything, found none")
    outside = re.findall(r"""(?:src|href)=["']?(?!data:|#)[^"'>\s]+|<script""", text)
    if outside:
        raise Differs(f"{page.name}: expected nothing from elsewhere, found {outside[:3]}")
    copy = page.with_name("measured-" + page.name)
    copy.write_text(POLICY.sub("", text).replace("</body>", MEASURE + "</body>"), encoding="utf-8")
    grounds = set()
    for size, width in WIDTHS.items():
        for name, scheme in SCHEMES.items():
            seen = measured(program, copy, width, scheme)
            grounds.add(seen["ground"])
            where = f"{page.name}, {size} and {name}"
            if seen["scroll"] > seen["width"]:
                raise Differs(f"{where}: {seen['scroll']} pixels wide in a window of {seen['width']}")
            if not seen["images"] or seen["blank"] or seen["unsaid"]:
                raise Differs(f"{where}: {seen['images']} pictures, not drawn {seen['blank']}, without words {seen['unsaid']}")
            if seen["contrast"] < LEAST_CONTRAST:
                raise Differs(f"{where}: a contrast of {seen['contrast']:.2f}, less than {LEAST_CONTRAST}")
            if seen["fetched"]:
                raise Differs(f"{where}: fetched {seen['fetched']}")
            if keep:
                chromium(program, page, width, scheme, f"--screenshot={keep}/{page.stem}-{size}-{name}.png")
    if len(grounds) != len(SCHEMES):
        raise Differs(f"{page.name}: expected a ground for light and one for dark, found {grounds}")


def run(program, *arguments):
    done = subprocess.run([*program, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise Differs(f"{' '.join(map(str, arguments))}: exit code {done.returncode}: {done.stderr.strip()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", help="a folder for pictures of the pages")
    parser.add_argument("chromium")
    parser.add_argument("program", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    if given.keep:
        pathlib.Path(given.keep).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        runs = [folder / f"run-{seed}" for seed in (1, 2)]
        for seed, place in enumerate(runs, 1):
            run(given.program, "train", "--epochs", 2, "--limit", 200, "--seed", seed, "--quiet", "--output", place)
        run(given.program, "report", runs[0], "--output", folder / "report.html")
        run(given.program, "compare", *runs, "--output", folder / "compared", "--quiet")
        (folder / "compared" / "report.html").rename(folder / "compared.html")
        for page in ("report.html", "compared.html"):
            look(given.chromium, folder / page, given.keep)
    print("conformance: the pages of reports are whole in Chromium, light and dark, narrow and wide")


if __name__ == "__main__":
    try:
        main()
    except (Differs, subprocess.SubprocessError) as problem:
        sys.exit(f"conformance: {problem}")
