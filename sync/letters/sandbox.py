"""The small language of texts: what a template may reach, and the code of each way it can fail.

Texts are written by staff and rendered beside secrets. Here they can only walk the views of `views.SHOWN`, use a short
list of filters, and call nothing. That bounds what a text can *reach*, not what it costs: see `child.py` for that.
"""

import operator
import re
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sync.letters.views import SHOWN, VARIABLES

MAX_SOURCE = 20_000  # characters of a template
MAX_TEXT = 30_000  # characters of a rendered text; a cell of Excel holds 32,767
MAX_SUBJECT = 200

FILTERS = (
    "capitalize", "count", "d", "default", "first", "join", "last", "length", "lower", "map", "replace", "title", "trim", "upper",
)  # fmt: skip

_FORBIDDEN = (
    nodes.Call, nodes.Macro, nodes.CallBlock, nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block,
)  # fmt: skip
_LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"})
_REACHED: dict[type, frozenset[str]] = {**SHOWN, LoopContext: _LOOP}
_NOTHING: frozenset[str] = frozenset()


class TextFailure(Exception):
    """A text cannot be used. `code` is one of `sync.ledger.problems`; `params` fill its sentence."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class _Environment(ImmutableSandboxedEnvironment):
    # Not even computed on constants: Jinja would fold 'a' * 10**9 while it compiles.
    intercepted_binops = frozenset({"*", "**", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _REACHED.get(type(obj), _NOTHING):
            return getattr(obj, attribute)
        raise _unknown(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=argument)

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def call_binop(self, context: Context, operator_: str, left: Any, right: Any) -> Any:
        if operator_ == "%" and isinstance(left, int):
            return operator.mod(left, right)
        if (
            operator_ == "*"
            and isinstance(left, int | float)
            and isinstance(right, int | float)
            and abs(left) < 1e12 > abs(right)
        ):
            return left * right
        raise SecurityError(f"the operator {operator_} is for small numbers")


def _unknown(obj: Any, name: str) -> Exception:
    if type(obj) in _REACHED:
        return TextFailure("template_unknown_name", name=name[:60])
    return SecurityError(f"{name} of {type(obj).__name__}")


@cache
def environment() -> _Environment:
    """One for the life of the process; autoescape is off because texts are plain text (`mail_html` escapes)."""
    env = _Environment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, cache_size=0, optimized=False
    )
    env.globals.clear()
    env.filters = {name: env.filters[name] for name in FILTERS}
    return env


def compile_text(source: str) -> Template:
    """Raises TextFailure. Only in the child for a person's text: compiling folds constants, which may be huge."""
    if len(source) > MAX_SOURCE:
        raise TextFailure("template_too_long", limit=str(MAX_SOURCE))
    env = environment()
    try:
        tree = env.parse(source)
        _check_names(tree)
        return env.from_string(tree)
    except Exception as error:
        raise failure_of(error, source) from error


def _check_names(tree: nodes.Template) -> None:
    for forbidden in tree.find_all(_FORBIDDEN):
        raise TextFailure("template_not_allowed", line=str(forbidden.lineno))
    names = list(tree.find_all(nodes.Name))
    known = {*VARIABLES, "loop"} | {name.name for name in names if name.ctx != "load"}
    for name in names:
        if name.name not in known:
            raise TextFailure("template_unknown_name", name=name.name[:60])
    for used in tree.find_all(nodes.Filter):
        if used.name not in FILTERS:
            raise TextFailure("template_unknown_filter", name=used.name[:60])


def failure_of(error: BaseException, source: str = "") -> TextFailure:
    """The failure a person is told about, whatever the library raised."""
    match error:
        case TextFailure():
            return error
        case SecurityError():
            return TextFailure("template_not_allowed", line=_line_of(error))
        case TemplateSyntaxError():
            lines = source.splitlines()
            excerpt = lines[error.lineno - 1].strip()[:80] if 0 < error.lineno <= len(lines) else ""
            return TextFailure("template_syntax", line=str(error.lineno), excerpt=excerpt)
        case UndefinedError():
            named = re.search(r"'(\w{1,60})' is undefined", str(error))
            return TextFailure("template_unknown_name", name=named.group(1)) if named else TextFailure("template_failed")
        case MemoryError():
            return TextFailure("template_too_heavy")
        case RecursionError() | SyntaxError():  # nested beyond what Python compiles
            return TextFailure("template_too_nested")
        case TemplateError() | Exception():
            return TextFailure("template_failed")
        case _:
            raise error


def _line_of(error: BaseException) -> str:
    """The line of the template, which Jinja writes into the traceback; "?" when it does not."""
    trace, line = error.__traceback__, "?"
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = str(trace.tb_lineno)
        trace = trace.tb_next
    return line


_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")


def render(template: Template, values: dict[str, Any], limit: int = MAX_TEXT) -> str:
    """The text, tidied. Raises TextFailure, also when it is longer than `limit`."""
    pieces: list[str] = []
    length = 0
    try:
        for piece in template.generate(values):
            length += len(piece)
            if length > limit:
                raise TextFailure("template_result_too_long", limit=str(limit))
            pieces.append(piece)
    except Exception as error:
        raise failure_of(error) from error
    return tidy("".join(pieces))


def tidy(text: str) -> str:
    """Without the gaps that absent facts leave."""
    if " \n" in text or "\t\n" in text:
        text = _BLANKS.sub("", text)
    if "\n\n\n" in text:
        text = _GAPS.sub("\n\n", text)
    return text.strip()
