"""The counterpart of a start: a bare FastAPI + SQLModel app with one table and one page.

python -m scripts.bench.bare_start PORT WORLD.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlmodel import Field, Session, SQLModel, create_engine, select


class Journey(SQLModel, table=True):
    tenant_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    title: str


PAGE = Environment(autoescape=True).from_string("<!doctype html><h1>{% for j in found %}{{ j.title }}{% endfor %}</h1>")


def build(database: str) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    engine = create_engine(f"sqlite:///{database}")
    SQLModel.metadata.create_all(engine)  # as every such app does at its start; ours looks whether it must migrate

    @app.get("/")
    def front() -> HTMLResponse:
        with Session(engine) as tx:
            return HTMLResponse(PAGE.render(found=tx.exec(select(Journey).limit(10)).all()))

    return app


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[2]).read_text())
    uvicorn.run(
        build(told["database"]), port=int(sys.argv[1]), access_log=False, log_level="warning", server_header=False
    )
