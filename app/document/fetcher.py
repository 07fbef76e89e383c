"""What a document may open while it becomes a PDF: the files named here, from memory, and nothing else."""

from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

STATIC = Path(__file__).parents[1] / "static"
FILES = {
    "asset:css/paper.css": "text/css",
    "asset:fonts/SourceSans3-Regular.woff2": "font/woff2",
    "asset:fonts/SourceSans3-Semibold.woff2": "font/woff2",
    "asset:fonts/SourceSans3-It.woff2": "font/woff2",
}

Assets = dict[str, tuple[str, bytes]]


class Refused(ValueError):
    """This address is not one of ours."""


def own_assets() -> Assets:
    """Our own files by address: (kind, bytes)."""
    return {url: (kind, (STATIC / url.removeprefix("asset:")).read_bytes()) for url, kind in FILES.items()}


class ClosedFetcher(URLFetcher):
    """Hands out what is in `assets`. Opens no path and no socket; what it refused is kept in `refused`."""

    def __init__(self, assets: Assets):
        super().__init__(timeout=1, allowed_protocols=("asset",), allow_redirects=False)
        self.assets = assets
        self.refused: list[str] = []

    def fetch(self, url, headers=None):
        if found := self.assets.get(url):
            kind, body = found
            return URLFetcherResponse(url, body, {"Content-Type": kind})
        self.refused.append(url[:80])
        raise Refused(url[:80])
