"""GMM Lab: page set-up and navigation; nothing else."""

import streamlit as st

st.set_page_config(page_title="GMM Lab", layout="wide")

st.navigation([st.Page("pages/lab.py", title="Lab", icon=":material/science:", default=True)]).run()
