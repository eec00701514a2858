"""Files into a folder and a zip: the same files give the same bytes, and no name leaves the folder."""

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

_STAMP = (1980, 1, 1, 0, 0, 0)  # the first day a zip can tell: when a file was written says nothing of what is in it


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """All files under one folder, sorted by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{folder}/{_checked(name)}", _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, files[name])
    return out.getvalue()


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write the folder and its zip beside it; returns the path of the zip. Files of an earlier making that no longer belong
    to it are removed (its zip remembers them); anything else in the folder, which a person added, stays."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder.with_name(f"{folder.name}.zip")
    for name in _known(archive):
        if name not in files:
            (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        _replace(folder / _checked(name), content)
    _replace(archive, zipped(files, folder.name))
    return archive


def _known(archive: Path) -> list[str]:
    try:
        with zipfile.ZipFile(archive) as before:
            names = [Path(name).name for name in before.namelist()]
    except (OSError, zipfile.BadZipFile):
        return []
    return [name for name in names if name and not name.startswith(".")]


def _checked(name: str) -> str:
    """A plain file name. Raises ValueError otherwise: names are made by the program, so this is a bug."""
    if not name or name in (".", "..") or name.startswith(".") or set(name) & set('/\\:*?"<>|') or not name.isprintable():
        raise ValueError(name)
    return name


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
