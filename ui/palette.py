"""The one place for colour: one colour per component, everywhere."""

# Okabe & Ito (2008) as far as it goes on light and dark grounds, then hues between them of other
# lightness; a test holds the distances as the colour-blind see them.
COMPONENTS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e0a100",
    "#56b4e9",
    "#8f2d56",
    "#7a8b1f",
    "#6a51c9",
    "#7a5200",
    "#2bc4b6",
    "#7d7f8c",
)
