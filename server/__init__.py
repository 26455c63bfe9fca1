"""GMM Lab in front of many people: what one connection may ask for, and several processes side by side."""
