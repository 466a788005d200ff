"""The entry point of the process, for the installed command and for `python -m cognito_lint`.

It imports nothing before it is ready for Ctrl-C, which may come while the command is being imported.
"""

import gc
import sys

# Nearly all that this process makes lives until the report: looking through it for garbage again and again took a
# quarter of the time of a large scan.
_MANY = 200_000


def run() -> None:
    """Run the command. Ends the process with its exit code: 130 after Ctrl-C, as a shell reports it."""
    gc.set_threshold(_MANY)
    try:
        from cognito_lint import cli

        code = cli.run()
    except KeyboardInterrupt:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second one ends the process at once
        code = 130
    gc.freeze()  # at its end the system takes everything back: Python need not look through it three more times
    sys.exit(code)


if __name__ == "__main__":
    run()
