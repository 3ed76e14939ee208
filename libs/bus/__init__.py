"""RabbitMQ, with every question of delivery settled once.

A service makes one ``Bus``, registers a handler per queue and publishes through it. Publishing and
consuming have a connection each, every queue has its own channel, acks are explicit.
"""

from libs.bus.bus import Bus, QueueState
from libs.bus.errors import BusUnavailable, Full, Refused, Undecodable, Unroutable
from libs.bus.queues import Queues
from libs.bus.settle import Delivery

__all__ = [
    "Bus",
    "BusUnavailable",
    "Delivery",
    "Full",
    "QueueState",
    "Queues",
    "Refused",
    "Undecodable",
    "Unroutable",
]
