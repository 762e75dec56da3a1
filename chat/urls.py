"""The doors that people come through."""

from channels.security.websocket import WebsocketDenier
from django.contrib.auth import views as auth
from django.urls import include, path, re_path, reverse_lazy

from chat import account_page, views
from chat.budget_page import budget
from chat.consumers import ChatConsumer

urlpatterns = [
    path("", views.page, name="page"),
    path("c/<uuid:conversation_id>/", views.page, name="conversation"),
    path("budget/", budget, name="my-budget"),
    path("konto/", account_page.account, name="account"),
    path("konto/nycklar/<str:prefix>/byt/", account_page.rotate_key, name="rotate-key"),
    path("konto/nycklar/<str:prefix>/aterkalla/", account_page.revoke_key, name="revoke-key"),
    path("samtal/", views.side_list, name="side-list"),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path(
        "losenord/",
        auth.PasswordChangeView.as_view(success_url=reverse_lazy("password-changed")),
        name="password",
    ),
    path(
        "losenord/klart/",
        auth.PasswordChangeDoneView.as_view(),
        name="password-changed",
    ),
    path("", include("django.conf.urls.i18n")),  # setlang/
]

websocket_urlpatterns = [
    path("ws/chat/", ChatConsumer.as_asgi()),
    re_path("", WebsocketDenier.as_asgi()),  # else every stray knock is an error in the log
]
