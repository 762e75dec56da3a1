"""Gates that decide which tools a caller may use, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """Which roles may use a tool."""

    tool: str
    roles: tuple[str, ...] = ("guest", "member", "staff", "program")
    enabled: bool = True


def granted(tools: Sequence[str], gates: Sequence[Gate], *, role: str) -> tuple[str, ...]:
    """Choose the tools that `role` may use.

    A tool without a gate is granted to nobody: what nobody has thought of stays shut. Where two
    gates name the same tool, both must be open.
    """
    shut = {gate.tool for gate in gates if not gate.enabled or role not in gate.roles}
    gated = {gate.tool for gate in gates}
    return tuple(tool for tool in tools if tool in gated and tool not in shut)
