"""`partnercheck` and `python -m partnercheck`."""

import sys

from partnercheck import __version__


def main() -> int:
    """Run the command line and return its exit code.

    `--version` is answered before anything is imported: scripts ask for it often, and it should cost nothing.
    """
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        try:
            print(f"partnercheck {__version__}", flush=True)
        except OSError:
            pass  # a full disk or a closed pipe: the boundary below knows what to do
        else:
            return 0

    from partnercheck import boundary

    def work() -> int:
        from partnercheck import cli

        return cli.run(sys.argv[1:])

    return boundary.run(work)


if __name__ == "__main__":
    sys.exit(main())
