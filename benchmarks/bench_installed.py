"""How large the base installation is: packages and bytes; bars: 60 and 350 MB (10^6 bytes).

Builds the wheel, installs it with the locked packages into an empty environment, compiles every
module, and adds up the files: no pip and no other build tool is in it. The ten largest packages are
kept with their sizes.

Usage: ``./dev bench installed``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

from benchmarks.longer import ROOT, keep

BAR_PACKAGES, BAR_MB = 60, 350


def runner() -> Any:
    """Return ``./dev`` as a module: it knows uv, the locks and the registries."""
    spec = spec_from_loader("dev", SourceFileLoader("dev", str(ROOT / "dev")))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["dev"] = module
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Measure; return 1 when a bar does not hold."""
    dev = runner()
    env = dev.registry_environment()
    uv = str(dev.uv())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        python = folder / "env" / "bin" / "python"
        build = [uv, "build", "--wheel", "--python", sys.executable, "--no-build-isolation"]
        calls = [
            [*build, "--quiet", "--out-dir", place, str(ROOT)],
            [uv, "venv", "--quiet", "--python", sys.executable, str(folder / "env")],
        ]
        for call in calls:
            subprocess.run(call, env=env, check=True)
        (wheel,) = folder.glob("*.whl")
        install = [uv, "pip", "install", "--quiet", "--python", str(python), "--no-deps"]
        install += ["--system-certs", "--link-mode", "copy"]
        locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(dev.LOCKS / "base.txt")]
        subprocess.run([*install, *locked], env=env, check=True)
        subprocess.run([*install, str(wheel)], env=env, check=True)
        (packages,) = (folder / "env").glob("lib/python*/site-packages")
        compiling = [str(python), "-m", "compileall", "-q", "-j", "2", str(packages)]
        subprocess.run(compiling, env=env, check=False)
        sizes: Counter[str] = Counter()
        for path in packages.rglob("*"):
            if path.is_file():
                sizes[path.relative_to(packages).parts[0]] += path.stat().st_size
        count = len(list(packages.glob("*.dist-info")))
    total = round(sum(sizes.values()) / 1e6, 1)
    figures = {
        "packages": count,
        "packages_bar": BAR_PACKAGES,
        "mb": total,
        "mb_bar": BAR_MB,
        "largest_mb": {name: round(size / 1e6, 1) for name, size in sizes.most_common(12)},
        "holds": count <= BAR_PACKAGES and total <= BAR_MB,
    }
    keep("installed", figures)
    return 0 if figures["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
