"""`python -m ui.course FOLDER` writes the course there; `make course` into course/."""

import argparse
from pathlib import Path

from ui.course.course import write_course


def main() -> None:
    """Reads the command, writes the folder, and says where to begin."""
    parser = argparse.ArgumentParser(prog="python -m ui.course", description=__doc__)
    parser.add_argument(
        "folder", type=Path, help="made if it is not there; what has the same name is replaced"
    )
    folder = parser.parse_args().folder
    size = write_course(folder)
    print(f"{folder / 'index.html'}: the whole course, {size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
