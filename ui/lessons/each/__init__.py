"""The lessons: one small file each."""
