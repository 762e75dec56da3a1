"""Units by the codes that machines read.

Source:
    G. Schadow and C. McDonald, The Unified Code for Units of Measure, 2.1.
"""

from decimal import Decimal

from ..measures import Unit

# pint's names; of "10 * kilometer" and the like, the unit that is multiplied.
_CODES = {
    "millimeter": "mm", "centimeter": "cm", "decimeter": "dm", "meter": "m", "kilometer": "km",
    "mile": "[mi_i]", "nautical_mile": "[nmi_i]", "inch": "[in_i]", "foot": "[ft_i]",
    "yard": "[yd_i]", "light_year": "[ly]",
    "milligram": "mg", "gram": "g", "hectogram": "hg", "kilogram": "kg", "tonne": "t",
    "pound": "[lb_av]", "ounce": "[oz_av]", "stone": "[stone_av]",
    "milliliter": "mL", "centiliter": "cL", "deciliter": "dL", "liter": "L",
    "tablespoon": "[tbs_us]", "teaspoon": "[tsp_us]", "cup": "[cup_us]", "gallon": "[gal_us]",
    "fluid_ounce": "[foz_us]", "meter ** 3": "m3",
    "degC": "Cel", "degF": "[degF]", "kelvin": "K",
    "kilometer / hour": "km/h", "meter / second": "m/s", "mile / hour": "[mi_i]/h",
    "knot": "[kn_i]",
    "centimeter ** 2": "cm2", "meter ** 2": "m2", "kilometer ** 2": "km2", "hectare": "har",
    "are": "ar", "acre": "[acr_us]", "foot ** 2": "[sft_i]",
    "second": "s", "minute": "min", "hour": "h", "day": "d", "week": "wk",
    "joule": "J", "kilojoule": "kJ", "megajoule": "MJ", "kilocalorie": "kcal",
    "watt_hour": "W.h", "kilowatt_hour": "kW.h", "megawatt_hour": "MW.h",
    "watt": "W", "kilowatt": "kW", "horsepower": "[HP]",
    "bit": "bit", "byte": "By", "kilobyte": "kBy", "megabyte": "MBy", "gigabyte": "GBy",
    "terabyte": "TBy", "kibibyte": "KiBy", "mebibyte": "MiBy", "gibibyte": "GiBy",
}  # fmt: skip
_LONG = {  # that people count by, though months and years are not alike
    "30.436875 * day": (1, "mo"),
    "365.2425 * day": (1, "a"),
    "3652.425 * day": (10, "a"),
    "36524.25 * day": (100, "a"),
}


def in_ucum(value: Decimal, unit: Unit) -> tuple[Decimal, str] | None:
    """Tell a measure in UCUM: 2 mil is 20 "km". None for a unit that UCUM lacks."""
    if unit.pint in _LONG:
        times, code = _LONG[unit.pint]
        return value * times, code
    factor, multiplied, name = unit.pint.partition(" * ")
    known = _CODES.get(name if multiplied else unit.pint)
    if known is None:
        return None
    return (value * Decimal(factor) if multiplied else value), known
