"""Where a practice stands between consulting its patients and co-designing with them.

    import partnercheck as pc

    rubric = pc.load_rubric("partnership-journey")
    scores = pc.score(pc.read_answers(frame, rubric), rubric)

`frame` is the caller's own: Polars, pandas, PyArrow, DuckDB or PySpark; results are of the same kind.
Importing this package imports nothing else: each name below is looked up when it is first used.
"""

import sys
from types import ModuleType

TYPE_CHECKING = False  # what typing.TYPE_CHECKING is to a type checker, without importing typing
if TYPE_CHECKING:
    from partnercheck.answers import BLANK, DK, NA, SPLIT, UNREAD, problems, read_answers
    from partnercheck.errors import RubricError
    from partnercheck.rubric.loader import load_rubric
    from partnercheck.scoring.score import score

__version__ = "0.1.0"

__all__ = [
    "BLANK",
    "DK",
    "NA",
    "SPLIT",
    "UNREAD",
    "RubricError",
    "__version__",
    "load_rubric",
    "problems",
    "read_answers",
    "score",
]

_HOMES = {
    "BLANK": "partnercheck.answers",
    "DK": "partnercheck.answers",
    "NA": "partnercheck.answers",
    "SPLIT": "partnercheck.answers",
    "UNREAD": "partnercheck.answers",
    "RubricError": "partnercheck.errors",
    "load_rubric": "partnercheck.rubric.loader",
    "problems": "partnercheck.answers",
    "read_answers": "partnercheck.answers",
    "score": "partnercheck.scoring.score",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """This package, whose name `problems` is the public function although a module has that name too.

    Python sets a submodule as an attribute of its package when it is first imported, so `pc.problems` would be the
    function or the catalogue of messages, depending on what had been imported before. A property of the package's
    class comes before its attributes: the name is always the function. `from partnercheck.problems import …` is not
    touched, as Python finds the module by its full name. (Making the module callable would work too, but then
    `help(pc.problems)`, its signature and its type would be those of a module.)
    """

    @property
    def problems(self) -> object:
        return __getattr__("problems")

    @problems.setter
    def problems(self, value: object) -> None:
        if isinstance(value, ModuleType):
            return  # the import system, setting the submodule
        raise AttributeError("partnercheck.problems is the function of the public API and cannot be replaced")


sys.modules[__name__].__class__ = _Package
