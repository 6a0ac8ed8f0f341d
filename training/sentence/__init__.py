"""Training of the sentence encoder: one step a module, `python -m sentence.STEP` in the folder above. See README.md."""
