"""Behind every answer with figures: a question, its sums (cached by data version), its sections."""
