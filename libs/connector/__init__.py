"""What every connector shares: whose run it is, how rows become batches, what is written down when."""
