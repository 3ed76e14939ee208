"""What can go wrong on the bus.

TidemarkError
├── Transient
│   └── BusUnavailable   not connected, blocked or not confirmed in time: try again
│       └── Full         a queue takes no more for now; other queues may
└── Terminal
    ├── Refused          RabbitMQ does not take such a message at all (too large)
    ├── Undecodable      the body is not what its queue carries
    └── Unroutable       no queue is bound for the routing key: the topology was not declared
"""

from libs.errors import Terminal, Transient


class BusUnavailable(Transient):
    """RabbitMQ did not take the message, or did not say so in time."""


class Full(BusUnavailable):
    """A queue is at its limit and refused: its consumer has to catch up first."""


class Unroutable(Terminal):
    """A mandatory message came back: nobody would get it."""


class Undecodable(Terminal):
    """A body that no handler can be given; the text names each wrong field."""


class Refused(Terminal):
    """The broker closed the channel over this message; the same one would do so again."""
