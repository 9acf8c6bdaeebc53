"""Membership: rules, each a typed callable over everybody at once, and programmes composed of them."""
