"""Make an API key from the shell."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat.models import ApiKey, User


class Command(BaseCommand):
    """`manage.py issue_key --name intranet`"""

    help = "Skapa en API-nyckel. Den visas bara en gång."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="vad nyckeln är till för")
        parser.add_argument("--owner", help="användarnamn; annars den första administratören")
        parser.add_argument(
            "--scope", action="append", choices=["chat", "documents", "staff"], dest="scopes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        users = User.objects.filter(is_active=True)
        owner = (
            users.filter(username=options["owner"]).first()
            if options["owner"]
            else users.filter(is_superuser=True).order_by("pk").first()
        )
        if owner is None:
            raise CommandError("Det finns ingen sådan användare.")
        _, key = ApiKey.objects.create_key(
            name=options["name"], owner=owner, scopes=options["scopes"] or ["chat"]
        )
        self.stdout.write(key)
