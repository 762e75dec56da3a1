"""A sentence-transformers model in this process, in a thread of its own.

Source: https://sbert.net/docs/package_reference/sentence_transformer/SentenceTransformer.html
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fibcache.core.encoder import Spent

from .patient import PatientEncoder, Trouble


class SentenceEncoder(PatientEncoder):
    """The model named `model`: a folder, or a name that the package can fetch.

    It is loaded by `load`, or else with the first text, and one thread runs it: a model uses all
    cores anyway.
    """

    def __init__(self, model: str, *, within_s: float, clock: Callable[[], float]) -> None:
        super().__init__(f"sentence-transformers:{model}", within_s=within_s, clock=clock)
        self._name = model
        self._model: Any = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="alice-encoder")

    def load(self) -> None:
        """Load the model and make a first vector: no turn would wait that long."""
        with suppress(Trouble):  # the first turn meets it too, and then it is told
            self._thread.submit(self._encode, ["Hej"]).result()

    async def _raw(self, texts: list[str], spent: Spent) -> NDArray[np.floating]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._encode, texts)

    def _encode(self, texts: list[str]) -> NDArray[np.floating]:
        try:
            if self._model is None:
                from sentence_transformers import SentenceTransformer

                self._model = SentenceTransformer(self._name)
            made = self._model.encode(
                texts, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
            )
        except Exception as error:  # whatever the package and what it stands on raise
            raise Trouble(f"{type(error).__name__}: {error}") from error
        return np.asarray(made, np.float64)

    async def aclose(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
