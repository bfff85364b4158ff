"""Encryption at rest for ID numbers, findings and whatever else is nobody's business.

``EncryptedText`` and ``EncryptedJSON`` keep their value as a Fernet token; the
first key of ``FIELD_KEYS`` encrypts, every key decrypts, so that keys can be
rotated (rotation.py). ``keyed_hash`` gives an equal hash for equal values, so that the same
person is found twice without decrypting anybody.
"""

import hashlib
import hmac
import json
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


@cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty: nothing can be encrypted.")
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Return the token that stands for ``text`` at rest."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text behind a token.

    Raises ImproperlyConfigured when no key of FIELD_KEYS opens it.
    """
    try:
        return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ImproperlyConfigured("No key of FIELD_KEYS opens a stored value.") from error


def renewed(token: bytes) -> bytes | None:
    """Return a token for the same content by the first key, None if it is one already.

    Raises ImproperlyConfigured when no key of FIELD_KEYS opens it.
    """
    first = _cipher(tuple(settings.FIELD_KEYS[:1]))
    try:
        first.decrypt(token)
    except InvalidToken:
        return encrypt_bytes(decrypt_bytes(token))
    return None


def encrypt_bytes(content: bytes) -> bytes:
    """Return the token that stands for the content of a file at rest."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(content)


def decrypt_bytes(token: bytes) -> bytes:
    """Return the content behind the token of a file.

    Raises ImproperlyConfigured when no key of FIELD_KEYS opens it.
    """
    try:
        return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token)
    except InvalidToken as error:
        raise ImproperlyConfigured("No key of FIELD_KEYS opens a stored file.") from error


def keyed_hash(value: str) -> str:
    """Return 64 hex digits that are equal for equal values and tell nothing without the key."""
    return hmac.new(settings.INDEX_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


class Encrypted:
    """What every field has that keeps a token: by this ``manage.py rotate_keys`` finds them all."""


class EncryptedText(Encrypted, models.TextField[str, str]):
    """A text that is a token in the database and plain in Python."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return decrypt(value) if value else value


class EncryptedJSON(Encrypted, models.Field[Any, Any]):
    """A JSON value that is a token in the database and plain in Python."""

    def get_internal_type(self) -> str:
        return "TextField"

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        return encrypt(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True))

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return json.loads(decrypt(value)) if value else None

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), cls=DjangoJSONEncoder, ensure_ascii=False)
