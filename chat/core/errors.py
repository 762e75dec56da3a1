"""What can go wrong in a turn, and how each case is told.

    AliceError
    ├── Refusal                 the caller may not, or not now
    │   ├── NotAllowed          403  not_allowed
    │   ├── NotSignedIn         401  not_signed_in
    │   ├── BadKey              401  bad_key
    │   ├── OverLimit
    │   │   ├── TooFast         429  too_fast
    │   │   ├── TooManyTokens   429  too_many_tokens
    │   │   └── TooManyAtOnce   429  too_many_at_once
    │   ├── AgainstRules        403  against_rules
    │   ├── NeedsConfirmation   409  needs_confirmation
    │   ├── OnlyRemembered      403  only_remembered
    │   ├── SameKeyOtherBody    422  idempotency_key_reused
    │   └── TurnInFlight        409  turn_in_flight
    ├── BadRequest              400  bad_request
    │   ├── EmptyMessage        400  empty_message
    │   ├── BadJson             400  bad_json
    │   ├── WrongType           415  wrong_type
    │   ├── TooLong             413  too_long
    │   ├── BodyTooLarge        413  body_too_large
    │   ├── NoSuchConversation  404  no_such_conversation
    │   └── NoSuchModel         404  no_such_model
    └── Trouble                 Alice could not
        ├── ModelSilent         504  model_silent
        ├── ModelFailed         502  model_failed
        ├── BrokenOff           503  broken_off
        ├── Overloaded          503  overloaded
        ├── LockedDown          503  locked_down
        ├── EncoderSilent       503  encoder_silent
        ├── CacheAway           503  cache_away
        │   └── SomeLeft        503  cache_away
        └── Unexpected          500  unexpected

An error has a stable `code` for machines, a sentence for people in Swedish and English, and an
HTTP `status`. Adapters translate it; steps never build responses.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class AliceError(Exception):
    """Anything Alice can explain. `detail` replaces the standing sentence when it can say more."""

    code: ClassVar[str] = "unexpected"
    status: ClassVar[int] = 500
    sv: ClassVar[str] = "Något gick fel hos mig. Försök igen."
    en: ClassVar[str] = "Something went wrong on my side. Please try again."
    wait_s: ClassVar[float | None] = None  # before another try, where nobody knows better

    def __init__(
        self,
        *,
        detail: str = "",
        retry_after_s: float | None = None,
        why: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.retry_after_s = self.wait_s if retry_after_s is None else retry_after_s
        self.why = why or {}  # what decided it, without a word of what was written

    def again(self) -> "AliceError":
        """Make the same error anew, for somebody else whom it also strikes."""
        return type(self)(detail=self.detail, retry_after_s=self.retry_after_s, why=self.why)

    def message(self, language: str) -> str:
        """Say what happened in `language` ("sv" or "en")."""
        return self.detail or (self.en if language == "en" else self.sv)


def error_named(code: str) -> type[AliceError]:
    """Find the kind of error that has a code; `AliceError` itself where there is none."""
    kinds = [AliceError]
    for kind in kinds:
        if kind.code == code:
            return kind
        kinds += kind.__subclasses__()
    return AliceError


class Refusal(AliceError):
    """The caller may not, or not now."""

    code, status = "refused", 403
    sv, en = "Det får jag inte göra.", "I am not allowed to do that."


class NotAllowed(Refusal):
    """The caller is known but lacks the right."""

    code, status = "not_allowed", 403
    sv, en = "Du saknar behörighet till det här.", "You do not have access to this."


class NotSignedIn(Refusal):
    """Guests may not chat here."""

    code, status = "not_signed_in", 401
    sv, en = "Logga in eller ange en API-nyckel.", "Sign in or send an API key."


class BadKey(Refusal):
    """The API key is unknown, expired or revoked."""

    code, status = "bad_key", 401
    sv = "API-nyckeln gäller inte. Den kan ha gått ut eller återkallats."
    en = "The API key is not valid. It may have expired or been revoked."


class OverLimit(Refusal):
    """A limit is reached. `whose` is the holder's kind, if it is one that the caller shares."""

    code, status = "over_limit", 429
    shared: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """What is said where the limit is shared, in Swedish and English, by the holder's kind."""

    def __init__(
        self, *, detail: str = "", retry_after_s: float | None = None, whose: str = ""
    ) -> None:
        super().__init__(detail=detail, retry_after_s=retry_after_s)
        self.whose = whose

    def again(self) -> "OverLimit":
        return type(self)(detail=self.detail, retry_after_s=self.retry_after_s, whose=self.whose)

    def message(self, language: str) -> str:
        if not self.detail and (told := self.shared.get(self.whose)):
            return told[language == "en"]
        return super().message(language)


class TooFast(OverLimit):
    """The turns of a minute are used up. `retry_after_s` says how long to wait."""

    code = "too_fast"
    sv, en = "Vänta en liten stund.", "Please wait a moment."
    shared = {
        "owner": (
            "Dina API-nycklar frågar för ofta tillsammans. Vänta en liten stund.",
            "Your API keys ask too often between them. Please wait a moment.",
        ),
        "tenant": (
            "Det kommer för många frågor från din organisation. Vänta en liten stund.",
            "Too many questions are coming from your organisation. Please wait a moment.",
        ),
        "address": (
            "Det kommer för många frågor från din adress. Vänta en liten stund.",
            "Too many questions are coming from your address. Please wait a moment.",
        ),
    }


class TooManyTokens(OverLimit):
    """The model tokens of a minute or a day are used up."""

    code = "too_many_tokens"
    sv = "Språkmodellen har fått göra så mycket för dig som den får på en minut. Vänta lite."
    en = "The language model has done as much for you as it may in a minute. Please wait a little."
    shared = {
        "owner": (
            "Dina API-nycklar har tillsammans använt sina token för den här minuten. Vänta lite.",
            "Your API keys have used their tokens for this minute. Please wait a little.",
        ),
        "tenant": (
            "Din organisation har använt sina token för den här minuten. Vänta lite.",
            "Your organisation has used its tokens for this minute. Please wait a little.",
        ),
        "address": (
            "Din adress har använt sina token för den här minuten. Vänta lite.",
            "Your address has used its tokens for this minute. Please wait a little.",
        ),
    }


class NoTokensToday(TooManyTokens):
    """Those of the whole day are."""

    sv = "Du har använt dagens token. Vid midnatt får du nya; det jag minns svarar jag på ändå."
    en = (
        "You have used today's tokens. You get new ones at midnight; what I remember I still "
        "answer."
    )
    shared = {
        "owner": (
            "Dina API-nycklar har använt dagens token. Vid midnatt kommer nya.",
            "Your API keys have used today's tokens. New ones come at midnight.",
        ),
        "tenant": (
            "Din organisation har använt dagens token. Vid midnatt kommer nya.",
            "Your organisation has used today's tokens. New ones come at midnight.",
        ),
        "address": (
            "Din adress har använt dagens token. Vid midnatt kommer nya.",
            "Your address has used today's tokens. New ones come at midnight.",
        ),
    }


class TooManyAtOnce(OverLimit):
    """As many answers are under way as there may be."""

    code = "too_many_at_once"
    sv = "Vänta tills något av svaren är klart."
    en = "Please wait until one of the answers is done."
    shared = {
        "owner": (
            "Dina API-nycklar har så många svar på gång som de får. Vänta tills något är klart.",
            "Your API keys have as many answers under way as they may. Please wait for one.",
        ),
        "tenant": (
            "Din organisation har så många svar på gång som den får. Vänta tills något är klart.",
            "Your organisation has as many answers under way as it may. Please wait for one.",
        ),
        "address": (
            "Din adress har så många svar på gång som den får. Vänta tills något är klart.",
            "Your address has as many answers under way as it may. Please wait for one.",
        ),
    }


class AgainstRules(Refusal):
    """A Guardian rule refuses the message; `detail` is the rule's own sentence."""

    code, status = "against_rules", 403
    sv, en = "Det där kan jag inte hjälpa till med.", "I can't help with that."


class NeedsConfirmation(Refusal):
    """A Guardian rule asks the caller to confirm; once more with `confirmed` it goes through."""

    code, status = "needs_confirmation", 409
    sv, en = "Vill du verkligen skicka det här?", "Do you really want to send this?"


class OnlyRemembered(Refusal):
    """A Guardian rule keeps the message from the model, and no answer to it is stored."""

    code, status = "only_remembered", 403
    sv = "Det svarar jag bara på när svaret redan finns, och det gör det inte."
    en = "I answer this only when the answer is already stored, and it is not."


class SameKeyOtherBody(Refusal):
    """An Idempotency-Key came back with another request."""

    code, status = "idempotency_key_reused", 422
    sv = "Nyckeln Idempotency-Key har redan använts till en annan fråga."
    en = "This Idempotency-Key was already used for another request."


class TurnInFlight(Refusal):
    """The same request is being answered elsewhere right now."""

    code, status = "turn_in_flight", 409
    sv, en = "Samma fråga besvaras redan.", "The same request is already being answered."


class BadRequest(AliceError):
    """The request can't be understood."""

    code, status = "bad_request", 400
    sv, en = "Jag förstår inte anropet.", "I can't make sense of the request."


class EmptyMessage(BadRequest):
    """There is nothing to answer."""

    code = "empty_message"
    sv, en = "Skriv något först.", "Please write something first."


class BadJson(BadRequest):
    """The body is not JSON in UTF-8."""

    code = "bad_json"
    sv, en = "Innehållet är inte giltig JSON i UTF-8.", "The body is not valid JSON in UTF-8."


class WrongType(BadRequest):
    """The body has another content type than the door takes."""

    code, status = "wrong_type", 415
    sv, en = "Skicka innehållet som application/json.", "Send the body as application/json."


class TooLong(BadRequest):
    """The message is longer than the operator allows."""

    code, status = "too_long", 413
    sv, en = "Meddelandet är för långt.", "The message is too long."


class BodyTooLarge(BadRequest):
    """The request body is larger than the server takes."""

    code, status = "body_too_large", 413
    sv, en = "Anropet är för stort.", "The request is too large."


class NoSuchConversation(BadRequest):
    """The conversation does not exist, or is somebody else's."""

    code, status = "no_such_conversation", 404
    sv, en = "Samtalet finns inte.", "There is no such conversation."


class NoSuchModel(BadRequest):
    """No back-end offers that model."""

    code, status = "no_such_model", 404
    sv, en = "Modellen finns inte här.", "There is no such model here."


class Trouble(AliceError):
    """Alice could not, though the request was fine."""

    code, status = "trouble", 500


class ModelSilent(Trouble):
    """The model said nothing for too long."""

    code, status = "model_silent", 504
    sv, en = "Språkmodellen svarar inte just nu.", "The language model is not responding."


class ModelFailed(Trouble):
    """The model server answered with an error or broke off."""

    code, status = "model_failed", 502
    sv = "Språkmodellen avbröt svaret."
    en = "The language model broke off."


class BrokenOff(Trouble):
    """The first to ask left before the answer that was shared with it was whole."""

    code, status = "broken_off", 503
    sv = "Svaret avbröts innan det var klart. Försök igen."
    en = "The answer was cut short. Please try again."


class Overloaded(Trouble):
    """There is more to do than Alice manages."""

    code, status = "overloaded", 503
    sv, en = "Det är mycket just nu. Försök igen strax.", "Alice is busy. Try again shortly."
    wait_s = 8.0


class LockedDown(Trouble):
    """Alice is so strained that she answers nobody but staff for a while."""

    code, status = "locked_down", 503
    sv = "Jag har för mycket att göra och tar inte emot frågor just nu. Försök igen om en stund."
    en = "I have too much to do and take no questions just now. Try again in a while."


class EncoderSilent(Trouble):
    """The encoder makes no vectors just now."""

    code, status = "encoder_silent", 503
    sv, en = "Kodaren svarar inte just nu.", "The encoder is not responding."


class CacheAway(Trouble):
    """The cache that processes share is out of reach, or was for a while."""

    code, status = "cache_away", 503
    sv = "Den delade cachen går inte att nå just nu. Försök igen om en stund."
    en = "The shared cache is out of reach just now. Try again in a while."


class SomeLeft(CacheAway):
    """So it was while somebody made it forget."""

    sv = "Den delade cachen går inte att nå, så alla svar är inte glömda. Försök igen om en stund."
    en = "The shared cache is out of reach, so not all answers are forgotten. Try again in a while."


class Unexpected(Trouble):
    """A bug. The log has it under the turn's id."""

    code, status = "unexpected", 500
