"""The kinds of documents this app prints. Each is confidential that holds what is encrypted at rest."""

from candidates.kinds import lists, objections, qualification, refusals, reviews

__all__ = ["lists", "objections", "qualification", "refusals", "reviews"]
