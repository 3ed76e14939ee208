"""The process behind deploy.local.object_store: `python -m deploy.local.s3_server FOLDER HOST PORT`.

The folder is only there to be seen in the process list: whoever stops the process knows it by it.
"""

import sys

from moto.server import main

if __name__ == "__main__":
    _, _folder, host, port = sys.argv
    main(["-H", host, "-p", port])
