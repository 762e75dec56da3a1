"""The units people use, under all their names, and conversion by pint."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

# One unit a row: pint's name, what Swedish prints for one and for many, what English prints, and
# what people write (folded, without å, ä, ö). "mil" is the Swedish one, ten kilometres; msk, tsk
# and krm are Swedish kitchen measures; hk is metric; a tunnland is 14 000 square ells. Months and
# years are as long as they are on average.
_ROWS = r"""
millimeter ; mm ; mm ; mm ; mm ; mm|millimeter|millimetre|millimeters|millimetres
centimeter ; cm ; cm ; cm ; cm ; cm|centimeter|centimetre|centimeters|centimetres
decimeter ; dm ; dm ; dm ; dm ; dm|decimeter|decimetre
meter ; m ; m ; m ; m ; m|meter|metre|meters|metres
kilometer ; km ; km ; km ; km ; km|kilometer|kilometre|kilometers|kilometres
10 * kilometer ; mil ; mil ; Swedish mile ; Swedish miles ; \
mil|svensk mil|svenska mil|swedish mile|swedish miles
mile ; engelsk mil ; engelska mil ; mile ; miles ; mile|miles|engelska mil|engelsk mil|mi
nautical_mile ; sjömil ; sjömil ; nautical mile ; nautical miles ; \
sjomil|nautisk mil|nautiska mil|distansminut|distansminuter|nautical mile|nautical miles
inch ; tum ; tum ; inch ; inches ; tum|inch|inches|in|"
foot ; fot ; fot ; foot ; feet ; fot|foot|feet|ft
yard ; yard ; yard ; yard ; yards ; yard|yards|yd
light_year ; ljusår ; ljusår ; light year ; light years ; ljusar|light year|light years
milligram ; mg ; mg ; mg ; mg ; mg|milligram|milligrams
gram ; g ; g ; g ; g ; g|gr|gram|grams
hectogram ; hg ; hg ; hg ; hg ; hg|hekto|hektogram|hectogram|hectograms
kilogram ; kg ; kg ; kg ; kg ; kg|kilo|kilon|kilogram|kilograms|kilos
tonne ; ton ; ton ; tonne ; tonnes ; ton|tonne|tonnes|metric ton|metric tons
pound ; pund ; pund ; pound ; pounds ; pund|pound|pounds|lb|lbs
ounce ; uns ; uns ; ounce ; ounces ; uns|ounce|ounces|oz
stone ; stone ; stone ; stone ; stone ; stone|stones
milliliter ; ml ; ml ; ml ; ml ; ml|milliliter|millilitre|milliliters|millilitres
centiliter ; cl ; cl ; cl ; cl ; cl|centiliter|centilitre
deciliter ; dl ; dl ; dl ; dl ; dl|deciliter|decilitre|deciliters|decilitres
liter ; liter ; liter ; litre ; litres ; l|liter|litre|liters|litres
15 * milliliter ; msk ; msk ; Swedish tablespoon ; Swedish tablespoons ; msk|matsked|matskedar
5 * milliliter ; tsk ; tsk ; Swedish teaspoon ; Swedish teaspoons ; tsk|tesked|teskedar
1 * milliliter ; krm ; krm ; Swedish pinch ; Swedish pinches ; krm|kryddmatt
tablespoon ; amerikansk matsked ; amerikanska matskedar ; US tablespoon ; US tablespoons ; \
tbsp|tablespoon|tablespoons
teaspoon ; amerikansk tesked ; amerikanska teskedar ; US teaspoon ; US teaspoons ; \
tsp|teaspoon|teaspoons
cup ; amerikansk kopp ; amerikanska koppar ; US cup ; US cups ; cup|cups
gallon ; amerikansk gallon ; amerikanska gallon ; US gallon ; US gallons ; gallon|gallons|gal
fluid_ounce ; amerikanskt fluid ounce ; amerikanska fluid ounce ; US fluid ounce ; \
US fluid ounces ; fl oz|fluid ounce|fluid ounces
meter ** 3 ; m³ ; m³ ; m³ ; m³ ; kubikmeter|m3|m³|kubik|cubic meter|cubic meters|cubic metres
degC ; °C ; °C ; °C ; °C ; °c|grader|grader celsius|celsius|c|degrees celsius|degrees c|grader c
degF ; °F ; °F ; °F ; °F ; °f|grader fahrenheit|fahrenheit|f|degrees fahrenheit|degrees f|grader f
kelvin ; K ; K ; K ; K ; k|kelvin|grader kelvin
kilometer / hour ; km/h ; km/h ; km/h ; km/h ; \
km/h|kmh|km/tim|km/t|kph|kilometer i timmen|kilometer per timme|kilometers per hour|km i timmen
meter / second ; m/s ; m/s ; m/s ; m/s ; \
m/s|meter per sekund|meter i sekunden|sekundmeter|meters per second|metres per second
mile / hour ; engelska mil i timmen ; engelska mil i timmen ; mph ; mph ; mph|miles per hour
knot ; knop ; knop ; knot ; knots ; knop|knot|knots|kn
centimeter ** 2 ; cm² ; cm² ; cm² ; cm² ; cm2|cm²|kvadratcentimeter|square centimeters
meter ** 2 ; m² ; m² ; m² ; m² ; m2|m²|kvm|kvadratmeter|kvadrat|square meters|square metres|sqm
kilometer ** 2 ; km² ; km² ; km² ; km² ; km2|km²|kvadratkilometer|square kilometers
hectare ; hektar ; hektar ; hectare ; hectares ; ha|hektar|hectare|hectares
are ; ar ; ar ; are ; ares ; are
acre ; acre ; acre ; acre ; acres ; acre|acres
4936.4 * meter ** 2 ; tunnland ; tunnland ; tunnland ; tunnland ; tunnland
foot ** 2 ; kvadratfot ; kvadratfot ; square foot ; square feet ; \
kvadratfot|square feet|square foot|sq ft|sqft
second ; sekund ; sekunder ; second ; seconds ; s|sek|sekund|sekunder|second|seconds|sec
minute ; minut ; minuter ; minute ; minutes ; min|minut|minuter|minute|minutes
15 * minute ; kvart ; kvartar ; quarter of an hour ; quarters of an hour ; kvart|kvartar
30 * minute ; halvtimme ; halvtimmar ; half-hour ; half-hours ; \
halvtimme|halvtimmar|half hour|half hours
hour ; timme ; timmar ; hour ; hours ; h|tim|timme|timmar|timma|hour|hours
day ; dygn ; dygn ; day ; days ; dag|dagar|dygn|day|days
week ; vecka ; veckor ; week ; weeks ; vecka|veckor|week|weeks
30.436875 * day ; månad ; månader ; month ; months ; manad|manader|month|months
365.2425 * day ; år ; år ; year ; years ; ar|kalenderar|year|years
3652.425 * day ; decennium ; decennier ; decade ; decades ; \
decennium|decennier|artionde|artionden|decade|decades
36524.25 * day ; sekel ; sekel ; century ; centuries ; \
sekel|sekler|arhundrade|arhundraden|century|centuries
joule ; J ; J ; J ; J ; j|joule|joules
kilojoule ; kJ ; kJ ; kJ ; kJ ; kj|kilojoule|kilojoules
megajoule ; MJ ; MJ ; MJ ; MJ ; mj|megajoule
kilocalorie ; kcal ; kcal ; kcal ; kcal ; \
kcal|kilokalorier|kilokalori|kalorier|kilocalories|calories
watt_hour ; Wh ; Wh ; Wh ; Wh ; wh|wattimmar|wattimme|watt hours
kilowatt_hour ; kWh ; kWh ; kWh ; kWh ; kwh|kilowattimmar|kilowattimme|kilowatt hours
megawatt_hour ; MWh ; MWh ; MWh ; MWh ; mwh|megawattimmar|megawattimme
watt ; W ; W ; W ; W ; w|watt|watts
kilowatt ; kW ; kW ; kW ; kW ; kw|kilowatt|kilowatts
metric_horsepower ; hk ; hk ; metric horsepower ; metric horsepower ; hk|hastkraft|hastkrafter
horsepower ; hp ; hp ; hp ; hp ; hp|horsepower
bit ; bit ; bitar ; bit ; bits ; bit|bits|bitar
byte ; byte ; byte ; byte ; bytes ; byte|bytes
kilobyte ; kB ; kB ; kB ; kB ; kb|kilobyte|kilobytes
megabyte ; MB ; MB ; MB ; MB ; mb|megabyte|megabytes
gigabyte ; GB ; GB ; GB ; GB ; gb|gigabyte|gigabytes
terabyte ; TB ; TB ; TB ; TB ; tb|terabyte|terabytes
kibibyte ; KiB ; KiB ; KiB ; KiB ; kib|kibibyte
mebibyte ; MiB ; MiB ; MiB ; MiB ; mib|mebibyte
gibibyte ; GiB ; GiB ; GiB ; GiB ; gib|gibibyte
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as pint knows it and as people read it."""

    pint: str
    sv_one: str
    sv_many: str
    en_one: str
    en_many: str

    def printed(self, value: Decimal, language: str) -> str:
        """Write the unit as it stands after `value`."""
        one = value == 1
        if language == "en":
            return self.en_one if one else self.en_many
        return self.sv_one if one else self.sv_many


def _named_units() -> dict[str, Unit]:
    units = {}
    for row in _ROWS.strip().replace("\\\n", "").splitlines():
        *fields, names = (field.strip() for field in row.split(" ; "))
        unit = Unit(*fields)
        for name in names.split("|"):
            units[name] = unit
    return units


UNITS = _named_units()


class Incompatible(ValueError):
    """The units measure different things."""


class TooCold(ValueError):
    """The temperature is below absolute zero."""


def converted(value: Decimal, start: Unit, end: Unit) -> Decimal:
    """Convert exactly, but for what 28 digits leave out.

    Raises:
        Incompatible: the units measure different things.
        TooCold: there is no such temperature.
        decimal.DecimalException: the numbers are beyond reason.
    """
    registry = _registry()
    from pint import DimensionalityError

    try:
        quantity = registry.Quantity(value, "degC") if start.pint == "degC" else _of(value, start)
        if end.pint in ("degC", "degF", "kelvin") and quantity.to("kelvin").magnitude < 0:
            raise TooCold
        size = _of(Decimal(1), end)
        if end.pint in ("degC", "degF"):
            return Decimal(quantity.to(end.pint).magnitude)
        return Decimal((quantity.to(size.units) / size).to("").magnitude)
    except DimensionalityError:
        raise Incompatible from None


def in_si(value: Decimal, unit: Unit) -> tuple[Decimal, str]:
    """Give the value in SI's base units, and those as pint's shortest signs: 3 dl is 0.0003 "m³".

    Raises:
        decimal.DecimalException: the number is beyond reason.
    """
    if unit.pint in ("degC", "degF", "kelvin"):
        return converted(value, unit, UNITS["kelvin"]), "K"
    base = _of(value, unit).to_base_units()
    return Decimal(base.magnitude), f"{base.units:~P}"


def same_kind(one: Unit, other: Unit) -> bool:
    """Tell whether the units measure the same thing."""
    return bool(_of(Decimal(1), one).dimensionality == _of(Decimal(1), other).dimensionality)


def _of(value: Decimal, unit: Unit) -> Any:
    factor, times, name = unit.pint.partition(" * ")
    if not times:
        return _registry().Quantity(value, unit.pint)
    return _registry().Quantity(value * Decimal(factor), name)


@cache
def _registry() -> Any:
    from pint import UnitRegistry  # late: half a second, and some twenty megabytes

    return UnitRegistry(non_int_type=Decimal)
