// The keys of the stage; fields and lists keep their own.

const ACTS = {
  ArrowRight: (stage) => stage.goTo(stage.index + 1),
  ArrowLeft: (stage) => stage.goTo(stage.index - 1),
  " ": (stage) => stage.player.toggle(),
  Home: (stage) => stage.goTo(0),
  End: (stage) => stage.goTo(Infinity),
  1: (stage) => stage.setSpeed(1),
  2: (stage) => stage.setSpeed(2),
  3: (stage) => stage.setSpeed(3),
  4: (stage) => stage.setSpeed(4),
  f: (stage) => stage.fullScreen(),
  0: (stage) => stage.fit(),
  "+": (stage) => stage.zoom(0.8),
  "-": (stage) => stage.zoom(1.25),
  Escape: (stage) => stage.ask(null),
};

/** Does what the key says, and keeps it from Streamlit's own shortcuts. */
export function press(event, stage) {
  if (!stage.run || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const { tagName, type } = event.target;
  if (tagName === "SELECT" || (tagName === "INPUT" && type === "number")) return;
  if (tagName === "BUTTON" && (event.key === " " || event.key === "Enter")) return;
  const act = ACTS[event.key];
  if (!act) return;
  act(stage);
  event.preventDefault();
  event.stopPropagation();
}
