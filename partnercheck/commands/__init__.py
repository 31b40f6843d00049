"""A command a file: parse, call the library, render, return a code. No rule and no format lives here."""
