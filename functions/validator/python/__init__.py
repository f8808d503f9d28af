"""Reads a program without running it: its syntax errors, and warnings for what beginners trip over."""
