"""Check what an sdist and a wheel hold, and that PyPI's page of them can be read."""

import re
import subprocess
import sys
import tarfile
import zipfile

tracked = subprocess.run(
    ["git", "ls-files"], capture_output=True, text=True, check=True
).stdout.split()
package = {name for name in tracked if name.startswith("sklime/")}
assert "sklime/py.typed" in package

wheel, sdist = sys.argv[1:]
with zipfile.ZipFile(wheel) as packed:
    inside = {name for name in packed.namelist() if ".dist-info/" not in name}
    (metadata,) = (name for name in packed.namelist() if name.endswith("/METADATA"))
    page = packed.read(metadata).decode().partition("\n\n")[2]
assert inside == package, inside ^ package
links = re.findall(r"\]\(([^)]+)\)", page)
relative = [link for link in links if not link.startswith("https://")]
assert links
assert not relative, f"these lead nowhere from PyPI: {relative}"

with tarfile.open(sdist) as packed_source:
    names = {name.partition("/")[2] for name in packed_source.getnames()}
wanted = {name for name in tracked if name.startswith(("tests/", "docs/", "examples/"))}
wanted |= package | {"README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff"}
assert wanted <= names, wanted - names
print(f"wheel: the {len(inside)} files of the package; sdist: {len(names)} files")
