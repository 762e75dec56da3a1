"""What people put around a question, as patterns over folded lower-case text."""

LEAD = (
    r"(?:(?:hej|hejsan|alice|ok|okej|snalla|please|hi|hello)[ ,!]+)*"
    r"(?:(?:kan|vet|skulle) du (?:snalla )?(?:saga )?(?:mig )?"
    r"|(?:can|could) you (?:please )?(?:tell me )?|do you know |sag mig |tell me )?"
)
TAIL = r"(?:,? (?:tack|alice|please|egentligen|nu))?[ ?!.]*"
