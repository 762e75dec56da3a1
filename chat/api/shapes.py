"""The shapes of requests and answers, as the API description tells them.

Some fields bear names that REST framework's type stubs keep for attributes of its own (`source`,
`data`); it sets declared fields aside before that could matter.
"""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=_(
        "Samma nyckel och samma fråga ger samma svar igen, utan att frågan ställs två gånger."
    ),
)

EVENTS = _(
    "När stream är true eller Accept är text/event-stream: händelserna started, token, "
    "tool_called, tool_returned, noted, done och failed, var och en med JSON i data."
)

CHUNKS = _("När stream är true: chat.completion.chunk i data, och till sist [DONE].")


class HeldRule(s.Serializer):
    rule = s.CharField(help_text=_("Regelns namn"))
    action = s.CharField(help_text="refuse, allow, mask, flag, confirm, cache_only")
    conditions = s.ListField(
        child=s.CharField(),
        help_text=_("Villkoren som var uppfyllda"),
    )
    reason = s.CharField(allow_blank=True)


class Refused(s.Serializer):
    rules = HeldRule(many=True)


class Error(s.Serializer):
    code = s.CharField(help_text=_("Står sig mellan versioner."))
    message = s.CharField(help_text=_("En mening för människor, på svenska eller engelska."))
    turn_id = s.CharField()
    why = Refused(required=False, help_text=_("Vid against_rules och dess likar"))


class Failure(s.Serializer):
    error = Error()


class OpenAIError(s.Serializer):
    message = s.CharField()
    type = s.CharField()
    param = s.CharField(allow_null=True)
    code = s.CharField()


class OpenAIFailure(s.Serializer):
    error = OpenAIError()


STATUSES = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503, 504)
"""What a question may be refused with."""

FAILURES = dict.fromkeys(STATUSES, Failure)
OPENAI_FAILURES = dict.fromkeys(STATUSES, OpenAIFailure)
RESOURCE_FAILURES = dict.fromkeys((400, 401, 403, 404, 413, 415), Failure)


class Question(s.Serializer):
    message = s.CharField()
    conversation_id = s.CharField(
        required=False,
        allow_null=True,
        help_text=_("Samtalets id, eller new för ett nytt. Utelämnas den så sparas inget."),
    )
    stream = s.BooleanField(required=False, default=False)
    language = s.ChoiceField(choices=("sv", "en"), required=False, allow_null=True)
    timezone = s.CharField(required=False, default="Europe/Stockholm")
    confirmed = s.BooleanField(
        required=False,
        default=False,
        help_text=_("Sant när en fråga som avvisats med needs_confirmation ska skickas ändå."),
    )


class Usage(s.Serializer):
    prompt_tokens = s.IntegerField()
    completion_tokens = s.IntegerField()


class Note(s.Serializer):
    code = s.CharField()
    text = s.CharField()


class ToolUse(s.Serializer):
    name = s.CharField()
    arguments = s.DictField()
    text = s.CharField(allow_null=True)
    ok = s.BooleanField(allow_null=True)


class Compared(s.Serializer):
    guard = s.CharField()
    agrees = s.BooleanField()
    reason = s.CharField(allow_blank=True)


class Why(s.Serializer):
    entry = s.CharField(required=False, help_text=_("Det sparade svarets nyckel"))
    question = s.CharField(required=False, help_text=_("Frågan som det svarade på, maskerad"))
    tier = s.CharField(required=False, help_text="L1..L10")
    hits = s.IntegerField(required=False)
    age_s = s.FloatField(required=False)
    freshness = s.CharField(required=False, help_text="minutes, hours, days, stable")
    asked = s.CharField(required=False, help_text=_("Den egna frågans namn, vid en liknande"))
    score = s.FloatField(required=False, help_text=_("0 till 1, vid en liknande fråga"))
    verdicts = Compared(many=True, required=False)
    rules = HeldRule(many=True, required=False)
    withheld = s.ListField(
        child=s.CharField(),
        required=False,
        help_text=_("Vad som togs bort ur svaret: link, image, secret, instructions"),
    )


class Answer(s.Serializer):
    turn_id = s.CharField()
    conversation_id = s.CharField(allow_null=True)
    reply = s.CharField(allow_blank=True)
    route = s.CharField(help_text="micro, tool, planner")
    source = s.CharField(help_text="replay, L1..L10, spiral, micro, tool, planner")  # type: ignore[assignment]
    tier = s.CharField(allow_blank=True, help_text="L1..L10")
    joined = s.BooleanField(help_text=_("Delat med någon som frågade samma sak samtidigt"))
    why = Why(help_text=_("Varför: det sparade svaret, och reglerna som gällde; annars tomt"))
    finish = s.CharField(help_text="stop, length")
    model = s.CharField(allow_blank=True)
    saved = s.BooleanField(allow_null=True, help_text=_("null när inget skulle sparas"))
    usage = Usage()
    elapsed_ms = s.FloatField()
    steps_ms = s.DictField(child=s.FloatField())
    notes = Note(many=True)
    tools = ToolUse(many=True)


class CompletionMessage(s.Serializer):
    role = s.ChoiceField(choices=("system", "developer", "user", "assistant", "tool", "function"))
    content = s.JSONField(allow_null=True, help_text=_("Text, eller en lista av textdelar."))


class StreamOptions(s.Serializer):
    include_usage = s.BooleanField(required=False, allow_null=True)


class Completion(s.Serializer):
    messages = CompletionMessage(many=True)
    model = s.CharField(required=False, default="alice")
    stream = s.BooleanField(required=False, allow_null=True)
    stream_options = StreamOptions(required=False, allow_null=True)
    stop = s.JSONField(required=False, allow_null=True, help_text=_("Text, eller högst fyra."))
    max_tokens = s.IntegerField(required=False, allow_null=True, min_value=1)
    max_completion_tokens = s.IntegerField(required=False, allow_null=True, min_value=1)
    temperature = s.FloatField(required=False, allow_null=True, min_value=0, max_value=2)
    n = s.IntegerField(required=False, allow_null=True, min_value=1, max_value=1)
    user = s.CharField(required=False, help_text=_("Tas emot men sparas inte."))
    tools = s.ListField(
        required=False,
        help_text=_("Tas emot, men Alice använder sina egna verktyg och anropar inte dina."),
    )
    tool_choice = s.ChoiceField(choices=("auto", "none"), required=False, allow_null=True)


class CompletionReply(s.Serializer):
    role = s.CharField()
    content = s.CharField(allow_blank=True)
    refusal = s.CharField(allow_null=True)


class Choice(s.Serializer):
    index = s.IntegerField()
    message = CompletionReply()
    logprobs = s.JSONField(allow_null=True)
    finish_reason = s.CharField(help_text="stop, length")


class CompletionUsage(Usage):
    total_tokens = s.IntegerField()


class AliceAdds(s.Serializer):
    turn_id = s.CharField()
    route = s.CharField()
    source = s.CharField()  # type: ignore[assignment]
    tier = s.CharField(allow_blank=True)


class CompletionAnswer(s.Serializer):
    id = s.CharField()
    object = s.CharField()
    created = s.IntegerField()
    model = s.CharField()
    choices = Choice(many=True)
    usage = CompletionUsage()
    alice = AliceAdds(help_text=_("Sådant som OpenAI saknar ord för."))


class Embeddings(s.Serializer):
    input = s.JSONField(help_text=_("Text, eller en lista av texter."))
    model = s.CharField(required=False, default="alice")
    encoding_format = s.ChoiceField(choices=("float", "base64"), required=False, allow_null=True)
    dimensions = s.IntegerField(required=False, allow_null=True, min_value=512, max_value=512)
    user = s.CharField(required=False, help_text=_("Tas emot men sparas inte."))


class Embedding(s.Serializer):
    object = s.CharField()
    index = s.IntegerField()
    embedding = s.JSONField(help_text=_("512 tal, eller de som float32 i base64."))


class EmbeddingsUsage(s.Serializer):
    prompt_tokens = s.IntegerField()
    total_tokens = s.IntegerField()


class EmbeddingsAnswer(s.Serializer):
    object = s.CharField()
    data = Embedding(many=True)  # type: ignore[assignment]
    model = s.CharField()
    usage = EmbeddingsUsage()


class Model(s.Serializer):
    id = s.CharField()
    object = s.CharField()
    created = s.IntegerField()
    owned_by = s.CharField()


class Models(s.Serializer):
    object = s.CharField()
    data = Model(many=True)  # type: ignore[assignment]


class Conversation(s.Serializer):
    id = s.UUIDField()
    title = s.CharField(allow_blank=True)
    created = s.DateTimeField()
    updated = s.DateTimeField()


class ConversationPage(s.Serializer):
    results = Conversation(many=True)
    page = s.IntegerField()
    more = s.BooleanField(help_text=_("Det finns en sida till."))


class Title(s.Serializer):
    title = s.CharField(max_length=100)


class NewTitle(s.Serializer):
    title = s.CharField(max_length=100, required=False, allow_blank=True)


class Thumb(s.Serializer):
    thumb = s.ChoiceField(choices=("up", "down"))
    comment = s.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NewFeedback(Thumb):
    turn_id = s.UUIDField()


class GivenFeedback(Thumb):
    turn_id = s.UUIDField()


class TurnShape(s.Serializer):
    id = s.UUIDField()
    question = s.CharField()
    reply = s.CharField(allow_blank=True)
    state = s.ChoiceField(choices=("open", "complete", "stopped", "failed"))
    error_code = s.CharField(allow_blank=True)
    route = s.CharField(allow_blank=True)
    source = s.CharField(allow_blank=True)  # type: ignore[assignment]
    tier = s.CharField(allow_blank=True)
    model = s.CharField(allow_blank=True)
    finish = s.CharField(allow_blank=True)
    notes = s.ListField(child=s.DictField())
    steps_ms = s.DictField(child=s.FloatField())
    elapsed_ms = s.FloatField(allow_null=True)
    prompt_tokens = s.IntegerField()
    completion_tokens = s.IntegerField()
    channel = s.CharField(allow_blank=True)
    asked_at = s.DateTimeField()
    answered_at = s.DateTimeField(allow_null=True)
    feedback = Thumb(allow_null=True, default=None)


class WholeConversation(Conversation):
    turns = TurnShape(many=True)
