"""A block of eight lanes as one number of the compiler: `Block`, with its arithmetic, exp and log.

The kernels walk along the nights, and every operation of theirs serves the eight lanes of a block at once. Left to
itself the compiler does not see this (it cannot tell that a dozen arrays never overlap); so the block is made known to
it as a type of its own. It becomes whatever vector registers the machine has. exp and log are written out as
polynomials, for a call to the mathematics library would take the block apart; a test holds them to NumPy's.
"""

# llvmlite and the inside of Numba carry no types.
# mypy: disable-error-code="no-untyped-call, import-untyped"

import math
import operator
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

WIDTH = 8
"""Lanes of a block."""

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

DOUBLES = ir.VectorType(ir.DoubleType(), WIDTH)
INTEGERS = ir.VectorType(ir.IntType(64), WIDTH)
PLACES = ir.VectorType(ir.IntType(32), WIDTH)


def compiled(function: Kernel) -> Kernel:
    """Compile a kernel and keep it on the disk; products may be fused with sums, and nothing else is rearranged."""
    return cast("Kernel", numba.njit(cache=True, fastmath={"contract", "nsz"}, error_model="numpy")(function))


def inlined(function: Kernel) -> Kernel:
    """Compile a part of a kernel, to be written out wherever it is called."""
    make = numba.njit(fastmath={"contract", "nsz"}, error_model="numpy", forceinline=True)
    return cast("Kernel", make(function))


def primitive(function: Callable[..., Any]) -> Any:
    """Make known an operation of a block that is written in the compiler's own instructions."""
    return intrinsic(function)


class BlockType(types.Type):
    """The type of a block."""

    def __init__(self) -> None:
        super().__init__("Block")


Block = BlockType()


@register_model(BlockType)
class BlockModel(models.PrimitiveModel):
    """A block is a vector of doubles."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, DOUBLES)


# Arithmetic


def spread(builder: Any, number: Any) -> Any:
    """Return a block with the same number in every lane."""
    none = ir.Constant(DOUBLES, ir.Undefined)
    first = builder.insert_element(none, number, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, none, ir.Constant(PLACES, [0] * WIDTH))


def teach(symbol: Any, instruction: str) -> None:
    """Let an operator work on two blocks, or on a block and a number."""
    pairs = [(Block, Block), (Block, types.float64), (types.float64, Block)]

    class Known(ConcreteTemplate):
        cases = [signature(Block, *pair) for pair in pairs]  # noqa: RUF012

    infer_global(symbol)(Known)

    def lower(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        both = [one if kind is Block else spread(builder, one) for one, kind in zip(given, sig.args, strict=True)]
        return getattr(builder, instruction)(*both)

    for pair in pairs:
        lower_builtin(symbol, *pair)(lower)


for each, name in ((operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"), (operator.truediv, "fdiv")):
    teach(each, name)


@primitive
def filled(typing: Any, number: Any) -> Any:
    """Return a block with the same number in every lane."""
    return Block(types.float64), lambda context, builder, sig, given: spread(builder, given[0])


@primitive
def load(typing: Any, array: Any, row: Any, column: Any) -> Any:
    """Return eight neighbours of a row, from a column on, as a block."""

    def lower(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        return builder.load(place(context, builder, sig, given), align=8)

    return Block(array, types.intp, types.intp), lower


@primitive
def store(typing: Any, array: Any, row: Any, column: Any, block: Any) -> Any:
    """Put a block into eight neighbours of a row, from a column on."""

    def lower(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        builder.store(given[3], place(context, builder, sig, given), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, Block), lower


def place(context: Any, builder: Any, sig: Any, given: Any) -> Any:
    """Return the address of an array's element, as that of a block."""
    array = context.make_array(sig.args[0])(context, builder, given[0])
    width = cgutils.unpack_tuple(builder, array.shape)[1]
    index = builder.add(builder.mul(given[1], width), given[2])
    return builder.bitcast(builder.gep(array.data, [index]), DOUBLES.as_pointer())


@primitive
def larger(typing: Any, block: Any, number: Any) -> Any:
    """Return the larger of each lane and a number."""
    return Block(Block, types.float64), lambda context, builder, sig, given: chosen(builder, ">", given)


@primitive
def smaller(typing: Any, block: Any, number: Any) -> Any:
    """Return the smaller of each lane and a number."""
    return Block(Block, types.float64), lambda context, builder, sig, given: chosen(builder, "<", given)


@primitive
def largest_of(typing: Any, block: Any, other: Any) -> Any:
    """Return the larger of two blocks, lane by lane."""

    def lower(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", *given), *given)

    return Block(Block, Block), lower


def chosen(builder: Any, relation: str, given: Any) -> Any:
    """Return a lane where its relation to a number holds, the number elsewhere."""
    number = spread(builder, given[1])
    return builder.select(builder.fcmp_ordered(relation, given[0], number), given[0], number)


@primitive
def square_root(typing: Any, block: Any) -> Any:
    """Return the square root of each lane."""

    def lower(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        shape, name = ir.FunctionType(DOUBLES, [DOUBLES]), f"llvm.sqrt.v{WIDTH}f64"
        root = cgutils.get_or_insert_function(builder.module, shape, name)
        return builder.call(root, given)

    return Block(Block), lower


# exp and log

LOG2_E = 1 / math.log(2)
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""log 2 in two parts: the first has so few digits that a whole number times it is exact."""
ROUNDING = 1.5 * 2.0**52
"""Added to a number and taken off again, it rounds; in between, the lowest bits hold the whole number."""
LARGEST_WHOLE = 2.0**52
EXP_TERMS = tuple(1 / math.factorial(k) for k in range(12, 1, -1))
LOG_TERMS = tuple(2 / (2 * k + 1) for k in range(10, 0, -1))


def whole(number: int) -> Any:
    """Return a block of the same whole number."""
    return ir.Constant(INTEGERS, [number] * WIDTH)


@primitive
def power_of_two(typing: Any, rounded: Any) -> Any:
    """Return 2^n, where n + `ROUNDING` is given and n lies between -1022 and 1023."""

    def lower(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        bits = builder.add(builder.bitcast(given[0], INTEGERS), whole(1023))
        return builder.bitcast(builder.shl(bits, whole(52)), DOUBLES)

    return Block(Block), lower


@primitive
def exponent(typing: Any, block: Any) -> Any:
    """Return k, where the positive number 2^k f has f between 0.71 and 1.42; k is raised by 2^52 + 1023."""

    def lower(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        bits = builder.add(builder.bitcast(given[0], INTEGERS), whole(0x95F6200000000))
        bits = builder.or_(builder.lshr(bits, whole(52)), whole(0x4330000000000000))
        return builder.bitcast(bits, DOUBLES)

    return Block(Block), lower


@primitive
def fraction(typing: Any, block: Any) -> Any:
    """Return f, where the positive number 2^k f has f between 0.71 and 1.42."""

    def lower(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        bits = builder.bitcast(given[0], INTEGERS)
        above = builder.and_(builder.add(bits, whole(0x95F6200000000)), whole(-(1 << 52)))
        return builder.bitcast(builder.add(builder.sub(bits, above), whole(1023 << 52)), DOUBLES)

    return Block(Block), lower


@inlined
def exponential(x: Any) -> Any:
    """Return exp(x) for x between -708 and 708."""
    rounded = x * LOG2_E + ROUNDING
    n = rounded - ROUNDING
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    total = r * EXP_TERMS[0] + EXP_TERMS[1]
    for term in EXP_TERMS[2:]:
        total = total * r + term
    return (1.0 + (r + r * r * total)) * power_of_two(rounded)


@inlined
def logarithm(x: Any) -> Any:
    """Return log(x) for x > 0."""
    return logarithm_and(x, filled(0.0))


@inlined
def logarithm_and(x: Any, rest: Any) -> Any:
    """Return log(x) + rest, adding the small parts first."""
    f = fraction(x) - 1.0
    n = exponent(x) - (LARGEST_WHOLE + 1023.0)
    r = f / (2.0 + f)
    square = r * r
    total = square * LOG_TERMS[0] + LOG_TERMS[1]
    for term in LOG_TERMS[2:]:
        total = total * square + term
    return n * LN2_HIGH + (2.0 * r + (r * square * total + (rest + n * LN2_LOW)))


@inlined
def logarithm_of_one_and(x: Any, one: Any, inverse: Any) -> Any:
    """Return log(1 + x) for x >= 0, exact also where x is tiny; given with it are 1 + x and its inverse."""
    return logarithm_and(one, (x - (one - 1.0)) * inverse)
