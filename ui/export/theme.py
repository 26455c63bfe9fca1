"""The lab's colours for pages that Streamlit does not draw, by the names that the stage knows them by."""

# What Streamlit's theme says of the lab's colours, as .streamlit/config.toml has it; a test compares them.
LIGHT = {
    "primary-color": "#00659F",
    "background-color": "#FFFFFF",
    "secondary-background-color": "#F4F6F9",
    "text-color": "#0D141C",
}
DARK = {
    "primary-color": "#56B4E9",
    "background-color": "#10151C",
    "secondary-background-color": "#1A222C",
    "text-color": "#E6ECF2",
}


def theme_style() -> str:
    """The style sheet that says them, light or dark as the person likes it."""

    def variables(theme: dict[str, str]) -> str:
        return " ".join(f"--st-{name}: {colour};" for name, colour in theme.items())

    light, dark = variables({**LIGHT, "font": "system-ui, sans-serif"}), variables(DARK)
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )
