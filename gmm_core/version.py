"""The version of GMM Lab and of gmm_core, which are one thing: packages, models and reports read it here."""

__version__ = "0.2.0"
