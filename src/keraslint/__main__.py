"""``python -m keraslint``."""
# No import comes before the folder is gone, not even that of __future__: a project may have files of such names.

from keraslint.import_path import leave_out_working_folder

leave_out_working_folder()

from keraslint.cli import main  # noqa: E402

if __name__ == "__main__":
    raise SystemExit(main())
