#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Builds the Debian and RPM packages from a clean tree, lints them, and lives with the Debian package
in a clean Debian: installed, run against the lab, upgraded, purged.

usage: packages.py WORK_DIRECTORY LAB_DIRECTORY

The packages and the clean Debian stay in WORK_DIRECTORY; the latter is used again, and so is the lab
that was built in LAB_DIRECTORY. Exit status 77: it needs root.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
sys.path.insert(0, str(HERE))

from packaged import contents, root  # noqa: E402
from packaged.step import Steps, demand, run  # noqa: E402

DEB = contents.DEB_NAME
PACKAGING = REPOSITORY / "packaging"
BUILD_WITHIN = 2400  # seconds
# RPM's families: option of build-rpm, name, plugins, documentation.
FAMILIES = ((), "nagios-plugins-dnssec", "usr/lib64/nagios/plugins",
            "usr/share/doc/nagios-plugins-dnssec"), \
    (("--suse",), DEB, "usr/lib/nagios/plugins", f"usr/share/doc/packages/{DEB}")
# Zone of the lab: plugin, exit status, words.
LOOKS = [(f"check_dnssec_{check}", "plain.test", 0, "OK - plain.test")
         for check in contents.CHECKS[:-1]] + [
    ("check_dnssec_sigs", "rrsig-expiring-mx.test", 1, "WARNING"),
    ("check_dnssec_sigs", "rrsig-expired-mx.test", 2, "[rrsig-expired]"),
    ("check_dnssec_chain", "ds-no-matching-dnskey.test", 2, "EMERGENCY")]


def build_environment(work):
    """With the compiler's cache, where there is one, in this checkout or another; debhelper gives the
    build a home of its own."""
    environment = dict(os.environ)
    if os.path.isdir("/usr/lib/ccache"):
        environment["PATH"] = "/usr/lib/ccache:" + environment["PATH"]
        environment["CCACHE_BASEDIR"] = str(work)
        environment.setdefault("CCACHE_DIR", os.path.expanduser("~/.cache/ccache"))
    return environment


def same_version():
    """One version in CMake, Debian's changelog and the spec; it is returned as Debian's."""
    cmake = re.search(r"project\(check_dnssec VERSION (\S+)",
                      (REPOSITORY / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
    deb = re.match(r"check-dnssec \((\S+)\)",
                   (PACKAGING / "debian/changelog").read_text(encoding="utf-8"))[1]
    spec = (PACKAGING / "rpm/check_dnssec.spec").read_text(encoding="utf-8")
    rpm = re.search(r"(?m)^Version: +(\S+)$", spec)[1]
    logged = re.search(r"(?m)^%changelog\n\* .* - (\S+)$", spec)[1]
    demand(deb.rsplit("-", 1)[0] == cmake == rpm == logged.rsplit("-", 1)[0],
           f"versions differ: CMake {cmake}, Debian {deb}, spec {rpm} and {logged}")
    return deb


def the_deb(out, version):
    packages = list(out.glob(f"{DEB}_{version}_*.deb"))
    demand(len(packages) == 1, f"build-deb leaves {sorted(os.listdir(out))}")
    return packages[0]


def build_deb(work, version):
    """The .changes file of the build with source, and the .deb; a build without tests before it must
    have made the same .deb (where the compiler's cache makes that quick)."""
    out = work / "deb"
    shutil.rmtree(out, ignore_errors=True)
    environment = build_environment(work)
    before = None
    if "CCACHE_DIR" in environment:
        run(PACKAGING / "build-deb", out, within=BUILD_WITHIN,
            env={**environment, "DEB_BUILD_OPTIONS": "nocheck"})
        before = the_deb(out, version).read_bytes()
    said = run(PACKAGING / "build-deb", "--source", out, within=BUILD_WITHIN, env=environment)
    passed = re.search(r"100% tests passed, 0 tests failed out of (\d+)", said)
    demand(passed, f"the build ran no unit tests: {said[-2000:]}")
    package = the_deb(out, version)
    demand(before in (None, package.read_bytes()), "two builds make different packages")
    print(f"   {package.name}, {package.stat().st_size >> 10} KiB; {passed[1]} unit test programs passed"
          + ("; built twice, the same" if before else ""))
    return next(out.glob("*.changes")), package


def lint_deb(changes):
    said = run("lintian", "--allow-root", "-EvIL", "+pedantic", "--show-overrides", changes,
               allowed=(0, 2))
    told = [line for line in said.splitlines() if re.match(r"[EWIPXCM]: ", line)]
    demand(not told, "lintian says:\n" + "\n".join(told))
    known = sorted({line.split(": ", 2)[2].split(" ")[0] for line in said.splitlines()
                    if line.startswith("O: ")})
    print(f"   lintian -EvIL +pedantic: clean; overridden and explained: {', '.join(known) or 'none'}")


LOOK = """set -euo pipefail
look() {{
  local status=0
  {in_root} {clean} env MP_STATE_PATH=/{memory} "/usr/lib/nagios/plugins/$1" -z "$2" \\
    --root-hints=/tmp/lab/hints --trust-anchor=/tmp/lab/anchor.key || status=$?
  echo "exit status $status"
}}
mkdir {clean}/tmp/lab
cp "$LAB_HINTS" {clean}/tmp/lab/hints
cp "$LAB_ANCHOR" {clean}/tmp/lab/anchor.key
"""


def look_from(clean, lab):
    """The plugins installed in a clean Debian, in the network of the lab, whose files they get."""
    script = LOOK.format(in_root=HERE / "in-root", clean=clean.path, memory=root.MEMORY)
    script += "".join(f"look {plugin} {zone}\n" for plugin, zone, *_ in LOOKS)
    said = run(REPOSITORY / "tests/lab/lab", "run", "--dir", lab, "--", "bash", "-c", script)
    answers = re.findall(r"(?m)^(DNSSEC .*)\n(?:.*\n)*?exit status (\d+)$", said)
    demand(len(answers) == len(LOOKS), f"not every plugin has answered: {said[-3000:]}")
    for (plugin, zone, status, words), (line, found) in zip(LOOKS, answers):
        demand(int(found) == status and words in line,
               f"{plugin} -z {zone}: {found}, {line}; {status} and {words!r} wanted")
    remembered = list((clean.path / root.MEMORY / "0").rglob("*plain.test*"))
    demand(len(remembered) >= 4, f"remembered is only {remembered}")
    shutil.rmtree(clean.path / "tmp/lab")
    print(f"   {len(LOOKS)} looks at zones of the lab from the clean Debian, all as expected; the last:"
          f"\n   {answers[-1][0][:90]}")


def live_in_clean_debian(tar, package, version, work, scratch, lab):
    old = root.older(package, scratch)
    clean = root.Root(tar, work / "clean")
    try:
        root.live(clean, old, package, version, lambda: look_from(clean, lab))
    finally:
        clean.remove()


def autopkgtest(tar, package, work, scratch):
    """The package's own tests, in a clean Debian."""
    source = scratch / "source"
    shutil.copytree(PACKAGING / "debian", source / "debian")
    testbed = root.Root(tar, work / "testbed")
    try:
        testbed.run("apt-get", "update")
        # A chroot of autopkgtest's lacks /proc; what is mounted here goes with the namespace.
        said = run("unshare", "--mount", "sh", "-ec", 'mount -t proc proc "$0/proc"; exec "$@"',
                   testbed.path, "autopkgtest", "--no-built-binaries", package, f"{source}/", "--",
                   "chroot", testbed.path, within=1500, allowed=(0, 2, 4))
    finally:
        testbed.remove()
    results = re.findall(r"(?m)^(\w+) +(PASS|FAIL|SKIP|FLAKY)\b", said[said.rfind(" summary"):])
    demand(len(results) == 2 and all(result == "PASS" for _, result in results), said[-6000:])
    print("   autopkgtest: " + ", ".join(" ".join(row) for row in results))


def build_rpm(work, options, name):
    out = work / "rpm"
    for path in out.glob(f"{name}*"):
        path.unlink()
    run(PACKAGING / "build-rpm", *options, "--without-check", out, within=BUILD_WITHIN,
        env=build_environment(work))
    packages = sorted(out.glob(f"{name}-*.rpm"))
    demand(len(packages) == 2, f"build-rpm leaves {sorted(os.listdir(out))}")
    said = run("rpmlint", "--config", PACKAGING / "rpm/rpmlint.toml", out / f"{name}.spec", *packages,
               allowed=(0, 64))
    counts = re.search(r"(\d+) errors, (\d+) warnings", said)
    demand(counts and counts[0] == "0 errors, 0 warnings", f"rpmlint says:\n{said}")
    print(f"   {', '.join(path.name for path in packages)}; rpmlint: {counts[0]}")
    return next(path for path in packages if not path.name.endswith(".src.rpm"))


def compare(unpacked, package, name, plugins, documents, scratch):
    directory = scratch / f"rpm-{name}"
    contents.unpack_rpm(package, directory)
    contents.compare(unpacked, directory, name, plugins, documents)


def everything(work, lab, scratch):
    steps = Steps()
    version = steps.take("one version everywhere", same_version)
    built = steps.take("build-deb", build_deb, work, version)
    unpacked = scratch / "deb"
    if built:
        changes, package = built
        steps.take("lintian", lint_deb, changes)
        contents.unpack_deb(package, unpacked)
        steps.take("hardening", contents.harden, unpacked)
        tar = steps.take("a clean Debian", root.make_tar, work / "clean-debian.tar")
        if tar:
            steps.take("installed, upgraded, purged", live_in_clean_debian, tar, package, version,
                       work, scratch, lab)
            steps.take("autopkgtest", autopkgtest, tar, package, work, scratch)
    for options, name, plugins, documents in FAMILIES:
        package = steps.take(f"build-rpm and rpmlint: {name}", build_rpm, work, options, name)
        if package and built:
            steps.take(f"compare {name}", compare, unpacked, package, name, plugins, documents,
                       scratch)
    return steps.wrong


def main(arguments):
    if len(arguments) != 2 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 2
    if os.geteuid() != 0:
        print("skipped: a clean Debian to install into needs root")
        return 77
    work, lab = (Path(argument).resolve() for argument in arguments)
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="check_dnssec-packages-") as directory:
        wrong = everything(work, lab, Path(directory))
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
