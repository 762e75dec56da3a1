"""A tool is granted by its gate alone."""

from guardian.core.gates import Gate, granted


def test_a_tool_is_granted_by_its_gate_only():
    gates = (
        Gate("calculator"),
        Gate("search", roles=("staff",)),
        Gate("clock", enabled=False),
    )
    tools = ("calculator", "clock", "search", "unheard_of")

    assert granted(tools, gates, role="guest") == ("calculator",)
    assert granted(tools, gates, role="staff") == ("calculator", "search")
    assert granted(tools, (), role="staff") == ()
