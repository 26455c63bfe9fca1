"""From where somebody comes, as far as a bound for all who are there should reach."""

from ipaddress import IPv6Address, IPv6Network, ip_address

OWN_BITS = 64
"""Of an IPv6 address, those at its end that whoever has one may choose freely."""


def network_of(host: str | None) -> str:
    """The address; of IPv6, the network that a household or a school is given whole. Empty for whoever comes
    from no address that is known, which is one place as well."""
    try:
        address = ip_address((host or "").partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, 128 - OWN_BITS), strict=False))
