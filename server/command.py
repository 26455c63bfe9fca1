"""`gmm-lab`: GMM Lab from wherever it is installed, in whatever folder it is called.

It imports nothing of the app: that is for Streamlit to do, from the folder of app.py.
"""

from argparse import ArgumentParser
from importlib.metadata import version
from pathlib import Path

from streamlit.web.cli import main_run

APP = Path(__file__).resolve().parents[1] / "app.py"


def main() -> None:
    """Starts the app and opens it in a browser."""
    parser = ArgumentParser(
        prog="gmm-lab",
        usage="%(prog)s [--help] [--version] [options of `streamlit run`]",
        description="Starts GMM Lab and opens it in your browser, until Ctrl-C.",
        epilog="For example: gmm-lab --server.port 8600 --server.maxUploadSize 500",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"GMM Lab {version('gmm-lab')}")
    _, options = parser.parse_known_args()
    main_run([str(APP), *options])


if __name__ == "__main__":
    main()
