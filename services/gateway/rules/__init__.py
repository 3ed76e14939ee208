"""Pure decisions of the gateway: ranges, maturity, the shape of answers. No I/O, no framework."""
