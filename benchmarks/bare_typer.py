"""A program of one command with nothing but Typer: what `partnercheck --help` is measured against."""

import typer

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.callback()
def options(plain: bool = False) -> None:
    """A bare program."""


@app.command()
def hello(name: str = "you") -> None:
    """Say hello."""
    print(f"Hello {name}")


if __name__ == "__main__":
    app()
