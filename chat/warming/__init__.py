"""Asking beforehand what people are going to ask, so that the first of them need not wait."""
