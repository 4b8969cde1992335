"""What every reader of letters shares: alphabet, encoding, typos, words."""
