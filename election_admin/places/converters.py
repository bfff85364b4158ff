"""Parts of an address that name a place."""


class VillageCodeConverter:
    """The code of a village: twelve digits. Anything else is no address, and no database sees it."""

    regex = "[0-9]{12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
