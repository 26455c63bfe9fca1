"""`gmm-lab`: GMM Lab from wherever it is installed, in whatever folder it is called.

It imports nothing of the app: that is for Streamlit to do, from the folder of app.py.
"""

import sys
from pathlib import Path

from streamlit.web.cli import main_run

APP = Path(__file__).resolve().parents[1] / "app.py"


def main() -> None:
    """Starts the app and opens it in a browser; takes the options of `streamlit run`."""
    main_run([str(APP), *sys.argv[1:]], prog_name="gmm-lab")


if __name__ == "__main__":
    main()
