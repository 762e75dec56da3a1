"""Working terms out exactly: simpleeval applies the operators, on decimals, within limits."""

import ast
import math
import operator
from collections.abc import Callable, Sequence
from decimal import (
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)

from .arithmetic import Term
from .base import ToolTrouble

_ARITHMETIC = Context(
    prec=60, Emax=4000, Emin=-4000, traps=[DivisionByZero, InvalidOperation, Overflow]
)
_LARGEST_EXPONENT = 4000
_LARGEST_FACTORIAL = 1000


def worked_out(terms: Sequence[Term]) -> Decimal:
    """Work out well-formed terms, to 60 digits.

    Raises:
        ToolTrouble: a division by zero, too large a number, or no definite value.
    """
    from simpleeval import SimpleEval  # late: only a calculation needs it

    functions = {"sqrt": Decimal.sqrt, "cbrt": _cube_root}
    try:
        with localcontext(_ARITHMETIC):
            source, names = _source(terms)
            value = SimpleEval(operators=_OPERATORS, functions=functions, names=names).eval(source)
            return Decimal(value) + 0  # never "−0"
    except DivisionByZero:
        raise ToolTrouble(
            sv="Det går inte att dela med noll.", en="Dividing by zero is not possible."
        ) from None
    except Overflow:
        raise ToolTrouble(
            sv="Det talet blir för stort för mig.", en="That number gets too large for me."
        ) from None
    except DecimalException:
        raise ToolTrouble(
            sv="Det har inget bestämt värde bland de vanliga talen.",
            en="That has no definite value among the ordinary numbers.",
        ) from None


def _source(terms: Sequence[Term]) -> tuple[str, dict[str, Decimal]]:
    """Write the terms for simpleeval. Numbers are names, so that they stay exact decimals."""
    names = {"hundredth": Decimal("0.01")}
    source: list[str] = []
    starts = [0]  # where each open parenthesis begins
    for at, term in enumerate(terms):
        match term.sign:
            case "":
                multiplied = at + 1 < len(terms) and terms[at + 1].sign == "!"
                names[f"n{at}"] = _factorial(term.value) if multiplied else term.value
                source.append(f"n{at}")
                _take_roots(source)
            case "!":
                continue
            case "(":
                starts.append(len(source))
                source.append("(")
            case ")":
                start = starts.pop()
                source[start:] = ["".join([*source[start:], ")"])]
                _take_roots(source)
            case "%" if _changes(terms, at):  # "400 + 25 %" adds 25 % of 400
                left, sign, share = source[starts[-1] + _opened(source, starts) : -2], *source[-2:]
                del source[starts[-1] + _opened(source, starts) :]
                source.append(f"(({''.join(left)})*(1{sign}{share}*hundredth))")
            case "%":
                source[-1] = f"({source[-1]}*hundredth)"
            case sign:
                source.append({"of": "*", "^": "**"}.get(sign, sign))
    return "".join(source), names


def _take_roots(source: list[str]) -> None:
    """Apply the roots that stand before the last operand."""
    while len(source) > 1 and source[-2] in ("sqrt", "cbrt"):
        source[-2:] = [f"{source[-2]}({source[-1]})"]


def _opened(source: Sequence[str], starts: Sequence[int]) -> int:
    """Count the parenthesis that the current group begins with."""
    return 1 if len(starts) > 1 and source[starts[-1]] == "(" else 0


def _changes(terms: Sequence[Term], at: int) -> bool:
    """Tell whether the per cent at `at` raises or lowers what stands to its left."""
    after = terms[at + 1].sign if at + 1 < len(terms) else ")"
    if at < 3 or terms[at - 1].sign != "" or after not in (")", "+", "-"):
        return False
    if terms[at - 2].sign not in ("+", "-"):
        return False
    left = terms[at - 3].sign
    return left in ("", ")") or (left == "%" and _changes(terms, at - 3))  # 3 % + 4 % is 7 %


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if abs(exponent) > _LARGEST_EXPONENT:
        raise Overflow
    return Decimal(1) if exponent == 0 != base else base**exponent


def _factorial(value: Decimal) -> Decimal:
    if value > _LARGEST_FACTORIAL:
        raise Overflow
    return Decimal(math.factorial(int(value)))


def _cube_root(value: Decimal) -> Decimal:
    root = (abs(value) ** (Decimal(1) / 3)).copy_sign(value) if value else value
    nearest = root.to_integral_value()
    return nearest if nearest**3 == value else root


_OPERATORS: dict[type[ast.AST], Callable[..., Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: _power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
