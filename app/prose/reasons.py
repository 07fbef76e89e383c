"""Why a connection of a shared text ends; the browser makes a sentence of it. It tries again after the first three."""

AGAIN, TOO_FAST, RESTART = 1013, 4429, 1012
REFUSED, SIGNED_OUT, NOT_ALLOWED, GONE, TOO_LARGE, CLOSED, OLD = 4400, 4401, 4403, 4404, 4413, 4423, 4426
