"""The statements of libs.reading: each reads what the transaction may see, and writes nothing."""
